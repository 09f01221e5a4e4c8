"""Votes of several references, weighted equally or by how well each matches the knee near a voxel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from .patches import Radius, block, box_sum, tiles

# Of the squared difference of normalized gray values: no reference outvotes all others because of a chance match.
_FLOOR = 0.01


def normalize(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Gray values with median 0 and interquartile range 1, as float32.

    :param known: the voxels that decide about median and range.
    """
    low, middle, high = np.percentile(values[known], [25, 50, 75])
    return ((values - middle) / max(high - low, 1e-6)).astype(np.float32)


def disagreement(votes: Sequence[np.ndarray]) -> np.ndarray:
    """The share of the references that a voxel's majority outvotes: 0 (all agree) to 0.5."""
    inside = majority([vote > 0 for vote in votes])
    return np.minimum(inside, 1 - inside)


def margin_of(disputed: np.ndarray, radius: Radius) -> np.ndarray:
    """True voxels grown by a box of a radius."""
    return ndimage.maximum_filter(disputed, [2 * r + 1 for r in radius])


def majority(votes: Sequence[np.ndarray]) -> np.ndarray:
    """The mean of the votes, each reference counting the same."""
    total = np.zeros(votes[0].shape, np.float32)
    for vote in votes:
        total += vote
    return total / len(votes)


def local_vote(
    target: np.ndarray,
    images: Sequence[np.ndarray],
    votes: Sequence[np.ndarray],
    where: np.ndarray,
    radius: Radius,
) -> tuple[np.ndarray, np.ndarray]:
    """The mean of the votes weighted by 1 / (d + 0.01)^2, d the mean squared difference of gray values in a patch.

    Artaechevarria, Munoz-Barrutia and Ortiz-de-Solorzano, IEEE TMI 28:1266, 2009
    (https://doi.org/10.1109/TMI.2009.2014372), with a gain of -2 on the mean squared distance.

    :param target: gray values of the knee, from :func:`normalize`.
    :param images: those of each reference, warped onto it.
    :param where: the voxels to vote on; elsewhere it is :func:`majority`.
    :return: the scores, and the mean weight of each reference over these voxels.
    """
    scores = majority(votes)
    total = np.zeros(len(images))
    size = np.prod([2 * r + 1 for r in radius])
    for box in tiles(where):
        own = block(target, box, radius)
        differences = [box_sum((own - block(image, box, radius)) ** 2, radius) / size for image in images]
        weights = np.stack(differences) + _FLOOR
        weights **= -2
        weights /= weights.sum(axis=0)
        chosen = where[box]
        weighted = weights * np.stack([vote[box] for vote in votes])
        scores[box][chosen] = weighted.sum(axis=0)[chosen]
        total += weights[:, chosen].sum(axis=1, dtype=float)
    return scores, total / max(1, int(np.count_nonzero(where)))
