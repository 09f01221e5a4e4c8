"""Fuse the votes of several references by one of three methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from .joint import joint_vote
from .patches import patch_radius, search_radius
from .votes import disagreement, local_vote, majority, margin_of, normalize


class Method(Enum):
    """How votes are fused; the value is the word of the command line."""

    MAJORITY = "majority"
    LOCAL = "local"
    JOINT = "joint"


@dataclass(frozen=True)
class Fused:
    """What several references say together.

    :param inside: z x y x x, true inside.
    :param disagreement: z x y x x, the share of the references that is outvoted, 0 to 0.5.
    :param weights: of each reference, the mean over the voxels where references disagree; they add up to 1.
    """

    inside: np.ndarray
    disagreement: np.ndarray
    weights: tuple[float, ...]


def fuse(
    method: Method,
    votes: Sequence[np.ndarray],
    target: np.ndarray,
    images: Sequence[np.ndarray],
    spacing: Sequence[float],
    threads: int = 1,
) -> Fused:
    """Fuse the votes of references.

    :param votes: of each reference, z x y x x: its warped mask less its threshold, -0.5 to 0.5.
    :param target: the gray values of the knee on the same grid.
    :param images: those of each reference, warped onto it; not looked at by the majority.
    :param spacing: the size of a voxel in mm along z, y, x.
    """
    outvoted = disagreement(votes)
    disputed = outvoted > 0
    equal = tuple(1 / len(votes) for _ in votes)
    if method is Method.MAJORITY or len(votes) < 2 or not disputed.any():
        return Fused(majority(votes) > 0, outvoted, equal)
    patch, search = patch_radius(spacing), search_radius(spacing)
    known = margin_of(disputed, patch)
    own = normalize(target, known)
    others = [normalize(image, known) for image in images]
    if method is Method.LOCAL:
        scores, weights = local_vote(own, others, votes, disputed, patch)
    else:
        scores, weights = joint_vote(own, others, votes, disputed, patch, search, threads)
    return Fused(scores > 0, outvoted, tuple(weights.tolist()))
