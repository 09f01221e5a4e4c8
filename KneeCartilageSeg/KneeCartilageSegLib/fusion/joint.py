"""Joint label fusion: references that err in the same way share one vote.

Wang, Suh, Das, Pluta, Craige and Yushkevich, Multi-atlas segmentation with joint label fusion, IEEE TPAMI 35:611, 2013
(https://doi.org/10.1109/TPAMI.2012.143). For a patch of n voxels of the knee and the patches of the references that
match it best nearby, all with mean 0 and deviation 1, let d_ik be the difference of reference i at voxel k. The
probability that i and j err together is taken to be

    M_ij = (sum over k of d_ik d_jk / (n - 1))^2,    and 0.03 more on the diagonal,

the weights that then err least are w = M^-1 1, here with those below 0 left out, and normalized. All voxels of a patch
vote with its weights, so that each voxel gets the votes of all patches that it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..runs.executor import WorkerThreads
from .patches import Box, Radius, block, box_sum, offsets, tiles
from .votes import majority, margin_of

_RIDGE = 0.03
# Of normalized gray values: patches with less contrast than noise are not blown up to full contrast.
_FLAT = 0.1


def joint_vote(
    target: np.ndarray,
    images: Sequence[np.ndarray],
    votes: Sequence[np.ndarray],
    where: np.ndarray,
    patch: Radius,
    search: Radius,
    threads: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Joint label fusion.

    :param target: gray values of the knee, from :func:`.votes.normalize`.
    :param images: those of each reference, warped onto it.
    :param where: the voxels to vote on; elsewhere it is :func:`.votes.majority`.
    :return: the scores, and the mean weight of each reference over the patches.
    """
    centers = margin_of(where, patch)
    sums = np.zeros(target.shape, np.float32)
    counts = np.zeros(target.shape, np.float32)
    weights = np.zeros(len(images))
    fusion = _Tiles(target, images, votes, centers, patch, search)
    with WorkerThreads(threads) as pool:
        for box, tile_sums, tile_counts, tile_weights in pool.map(fusion.vote, tiles(centers)):
            _add(sums, tile_sums, box, patch)
            _add(counts, tile_counts, box, patch)
            weights += tile_weights
    scores = majority(votes)
    scores[where] = sums[where] / counts[where]
    return scores, weights / max(1, int(np.count_nonzero(centers)))


def _add(whole: np.ndarray, part: np.ndarray, box: Box, halo: Radius) -> None:
    """Add a box with its margin to the array, as far as the array reaches."""
    starts = [side.start - margin for side, margin in zip(box, halo)]
    lower = [max(0, start) for start in starts]
    upper = [min(size, start + extent) for size, start, extent in zip(whole.shape, starts, part.shape)]
    inner = tuple(slice(low - start, high - start) for low, high, start in zip(lower, upper, starts))
    whole[tuple(slice(low, high) for low, high in zip(lower, upper))] += part[inner]


class _Tiles:
    """Joint label fusion of one box after another; boxes do not depend on each other."""

    def __init__(
        self,
        target: np.ndarray,
        images: Sequence[np.ndarray],
        votes: Sequence[np.ndarray],
        centers: np.ndarray,
        patch: Radius,
        search: Radius,
    ):
        self._target, self._images, self._votes, self._centers = target, images, votes, centers
        self._patch, self._search = patch, search
        self._halo = tuple(p + s for p, s in zip(patch, search))
        self._shifts = sorted(offsets(search).tolist(), key=lambda shift: sum(step**2 for step in shift))

    def vote(self, box: Box) -> tuple[Box, np.ndarray, np.ndarray, np.ndarray]:
        """The sums of the votes in a box with its margin, their number, and the sum of each reference's weights."""
        centers = np.argwhere(self._centers[box])
        target = block(self._target, box, self._patch)
        own = _Patches(target, self._patch)
        known = own.normalized(centers)
        differences, where_found = [], []
        for image in self._images:
            around = _Patches(block(image, box, self._halo), self._patch)
            shifts = self._best_shifts(own, around, centers)
            where_found.append(shifts)
            differences.append(known - around.normalized(centers + shifts))
        weights = _weights(np.stack(differences, axis=1))
        places = own.places(centers)
        values = np.zeros(places.shape, np.float32)
        for index, (vote, shifts) in enumerate(zip(self._votes, where_found)):
            around = _Patches(block(vote, box, self._halo), self._patch)
            values += weights[:, index, None] * around.values(centers + shifts)
        size = target.size
        sums = np.bincount(places.ravel(), values.ravel(), size).astype(np.float32).reshape(target.shape)
        counts = np.bincount(places.ravel(), minlength=size).astype(np.float32).reshape(target.shape)
        return box, sums, counts, weights.sum(axis=0, dtype=float)

    def _best_shifts(self, own: _Patches, around: _Patches, centers: np.ndarray) -> np.ndarray:
        """Where in the search each center's patch (of ``own``) is matched best by ``around``: n x 3, from the lowest
        corner of the search; the nearest of those that match equally well."""
        best = np.full(len(centers), np.inf, np.float32)
        found = np.zeros(len(centers), int)
        starts = self._shifts + np.array(self._search)
        flat = np.ravel_multi_index(centers.T, own.shape)
        for number, start in enumerate(starts):
            distance = own.distance(around, start).take(flat)
            found[distance < best] = number
            np.minimum(best, distance, out=best)
        return starts[found]


class _Patches:
    """The patches of an array, one for each voxel at least a radius from its edges; voxel (0, 0, 0) is the first."""

    def __init__(self, array: np.ndarray, radius: Radius):
        self._array = array.astype(np.float32)
        self._radius = radius
        self._count = int(np.prod([2 * r + 1 for r in radius]))
        self._steps = offsets(radius) + radius
        self._statistics: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """How many patches there are along each axis."""
        return self._measure()[0].shape

    def places(self, centers: np.ndarray) -> np.ndarray:
        """The flat indices (m x n) of the voxels of the patches of m centers."""
        _, height, width = self._array.shape
        flat = np.array([height * width, width, 1])
        return (centers @ flat)[:, None] + self._steps @ flat

    def values(self, centers: np.ndarray) -> np.ndarray:
        """The patches (m x n) of m centers."""
        return self._array.ravel()[self.places(centers)]

    def normalized(self, centers: np.ndarray) -> np.ndarray:
        """The patches (m x n) of m centers, less their mean, relative to their deviation."""
        mean, scale, _ = self._measure()
        at = tuple(centers.T)
        return (self.values(centers) - mean[at][:, None]) * scale[at][:, None]

    def distance(self, other: _Patches, start: np.ndarray) -> np.ndarray:
        """Half the sum of squared differences of all normalized patches and those of another array, less what does
        not depend on the place in the other array.

        :param start: the place in the other array of the patches to compare the first patch with.
        """
        mean, scale, _ = self._measure()
        there = tuple(slice(first, first + size) for first, size in zip(start, mean.shape))
        other_mean, other_scale, other_norm = (values[there] for values in other._measure())
        voxels = tuple(slice(first, first + size) for first, size in zip(start, self._array.shape))
        alike = box_sum(self._array * other._array[voxels], self._radius)
        alike -= self._count * mean * other_mean
        alike *= scale
        alike *= other_scale
        return other_norm - alike

    def _measure(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Mean, scale (the inverse of the deviation) and half the squared sum of each normalized patch."""
        if self._statistics is None:
            mean = box_sum(self._array, self._radius) / self._count
            squares = box_sum(self._array**2, self._radius) - self._count * mean**2
            variance = np.maximum(squares, 0) / (self._count - 1)
            scale = 1 / np.maximum(np.sqrt(variance), _FLAT)
            self._statistics = mean, scale, 0.5 * (self._count - 1) * variance * scale**2
        return self._statistics


def _weights(differences: np.ndarray) -> np.ndarray:
    """The weights (m x references) for m patches, from their differences (m x references x n)."""
    count, references, size = differences.shape
    together = (differences @ differences.transpose(0, 2, 1) / (size - 1)) ** 2
    together += _RIDGE * np.eye(references, dtype=np.float32)
    weights = np.linalg.solve(together, np.ones((count, references, 1), np.float32))[..., 0]
    weights = np.maximum(weights, 0)
    return weights / weights.sum(axis=1, keepdims=True)
