"""Where a segmentation and the truth differ, voxel by voxel, and where to look first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from ..images.grid import Grid
from .metrics import (
    ANY_LABEL,
    LabelChoice,
    SurfaceError,
    chosen_voxels,
    label_choice,
    worst_surface_error,
)
from .space import on_common_region


@dataclass(frozen=True)
class Difference:
    """Two masks on their common grid, in the box that holds both (see :func:`.quality.space.on_common_region`).

    :param segmentation: array (z, y, x) of bool.
    :param truth: the same.
    :param region: the grid of both; LPS, mm.
    :param worst_error: where the surfaces are farthest apart; None if they agree or one is empty.
    """

    segmentation: np.ndarray
    truth: np.ndarray
    region: Grid
    worst_error: SurfaceError | None

    @property
    def missed(self) -> np.ndarray:
        """What only the truth has."""
        return self.truth & ~self.segmentation

    @property
    def extra(self) -> np.ndarray:
        """What only the segmentation has."""
        return self.segmentation & ~self.truth

    @property
    def agreed(self) -> np.ndarray:
        """What both have."""
        return self.segmentation & self.truth

    @property
    def place(self) -> np.ndarray:
        """Where somebody should look first (3, mm, LPS).

        The worst surface error. If there is none, the voxel nearest to the middle of what differs, or of the masks if
        nothing does; the middle of the region if both are empty.
        """
        if self.worst_error is not None:
            return np.array(self.worst_error.position)
        differs = self.segmentation ^ self.truth
        indices = np.argwhere(differs if differs.any() else self.truth)[:, ::-1]
        if not len(indices):
            return self.region.points((self.region.size - 1) / 2)
        points = self.region.points(indices)
        return points[np.linalg.norm(points - points.mean(axis=0), axis=1).argmin()]


def find_difference(
    segmentation: sitk.Image, truth: sitk.Image, label: LabelChoice | int | str = ANY_LABEL
) -> Difference:
    """Compare two masks voxel by voxel, as :func:`.quality.metrics.compare` does.

    :param label: see :func:`.quality.metrics.label_choice`.
    :raises InputError: as :func:`.quality.metrics.compare`.
    """
    choice = label_choice(label)
    region, *labels, _ = on_common_region(segmentation, truth)
    masks = chosen_voxels(labels[0], choice.segmentation), chosen_voxels(labels[1], choice.truth)
    return Difference(*masks, region, worst_surface_error(*masks, region))
