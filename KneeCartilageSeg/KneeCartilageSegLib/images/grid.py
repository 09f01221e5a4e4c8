"""Grids: where the voxels of an image lie in the patient, and whether two images have theirs in the same place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from ..errors import InputError, Problem

SAME_PLACE_VOXELS = 0.1
"""Corners of two grids closer than this fraction of the smallest voxel edge are the same: float32 headers and spacings
rounded to four decimals move them by up to 0.02; an error of half a voxel, which would show in the distances, is well
above."""


_ROUNDING = 1e-4  # of direction cosines: float32 headers have five digits or more

# mm. Knee scans are 100 to 200 mm wide; with both knees, or the leg, one edge is longer.
_LONGEST_EDGES = 600.0, 300.0
_SHORTEST_EDGE, _FINEST_VOXEL = 40.0, 0.2


@dataclass(frozen=True)
class Grid:
    """Where the voxels of an image lie: size in voxels, origin and spacing in mm, direction (3 x 3, LPS)."""

    size: np.ndarray
    origin: np.ndarray
    spacing: np.ndarray
    direction: np.ndarray

    @classmethod
    def of(cls, image: sitk.Image | sitk.ImageFileReader) -> Grid:
        """The grid of an image, or of a file whose header was read.

        :raises InputError: if it is not 3-D and scalar.
        """
        if image.GetDimension() != 3:
            remedy = "Save it as one 3-D volume"
            raise InputError([Problem(f"the image has {image.GetDimension()} dimensions, not 3", remedy)])
        if not _is_scalar(image):
            remedy = "Save it with one value a voxel; in Slicer export a segmentation as a labelmap"
            raise InputError([Problem("the voxels hold colors, vectors or several segments, not one value", remedy)])
        return cls(
            np.array(image.GetSize()),
            np.array(image.GetOrigin()),
            np.array(image.GetSpacing()),
            np.array(image.GetDirection()).reshape(3, 3),
        )

    @property
    def matrix(self) -> np.ndarray:
        """3 x 3, takes an index (x, y, z) to mm from the origin."""
        return self.direction * self.spacing

    @property
    def voxel_volume(self) -> float:
        """mm3; the axes need not be perpendicular."""
        return float(abs(np.linalg.det(self.matrix)))

    @property
    def reach(self) -> np.ndarray:
        """How many voxels along each axis (3, x y z) lie between a plane of voxels and the one 1 mm behind it.

        The inverse of the spacing if the axes are perpendicular, more if they are not.
        """
        return np.linalg.norm(np.linalg.inv(self.matrix), axis=1)

    @property
    def perpendicular(self) -> bool:
        """Whether the axes are perpendicular, but for rounding."""
        return bool(np.allclose(self.direction.T @ self.direction, np.eye(3), atol=_ROUNDING))

    @property
    def corners(self) -> np.ndarray:
        """The centers of the eight corner voxels (8 x 3, mm, LPS)."""
        return self.points(box_corners(np.zeros(3), self.size - 1))

    def points(self, indices: np.ndarray) -> np.ndarray:
        """Positions (n x 3, mm, LPS) of indices (n x 3, x y z)."""
        return indices @ self.matrix.T + self.origin

    def indices(self, points: np.ndarray) -> np.ndarray:
        """Continuous indices (n x 3, x y z) of positions (n x 3, mm, LPS)."""
        return np.linalg.solve(self.matrix, (points - self.origin).T).T

    def coincides_with(self, other: Grid) -> bool:
        """Whether both have the same voxels in the same places, to :data:`SAME_PLACE_VOXELS`."""
        if not np.array_equal(self.size, other.size):
            return False
        offsets = np.linalg.norm(self.corners - other.corners, axis=1)
        return bool(offsets.max() <= SAME_PLACE_VOXELS * min(other.spacing))

    def difference(self, other: Grid) -> str:
        """What differs between two grids, for example ``size (16, 16, 16) and (16, 16, 17)``."""
        pairs = zip(self._descriptions(), other._descriptions())
        return ", ".join(f"{mine} and {theirs.split(' ', 1)[1]}" for mine, theirs in pairs if mine != theirs)

    def __str__(self) -> str:
        return ", ".join(self._descriptions())

    def _descriptions(self) -> list[str]:
        names = ("size", "spacing", "origin", "direction")
        return [f"{name} {_numbers(np.ravel(getattr(self, name)))}" for name in names]


def doubtful_size(grid: Grid) -> str:
    """Why a volume cannot be a knee's, in a sentence without an end; empty if it can.

    Voxel sizes that are in other units than mm, or were lost, make a volume thousands of times too large or too small.
    """
    extent = grid.size * grid.spacing
    edges = np.sort(extent)[::-1]
    what = f"it is {_numbers(extent)} mm large"
    if edges[0] > _LONGEST_EDGES[0] or edges[1] > _LONGEST_EDGES[1]:
        if np.all(grid.spacing == 1):
            return f"{what} with voxels of exactly 1 mm: its voxel size was probably lost"
        return f"{what}, too large for a knee: its voxel size is probably lost, or in micrometers"
    if edges[0] < _SHORTEST_EDGE and grid.spacing.min() < _FINEST_VOXEL:
        return f"{what}, too small for a knee: its voxel size is probably in meters or centimeters"
    return ""


def box_corners(lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """The corners (8 x 3) of the box between two of them."""
    return np.array(np.meshgrid(*zip(lower, upper), indexing="ij")).reshape(3, 8).T


def _is_scalar(image: sitk.Image | sitk.ImageFileReader) -> bool:
    if isinstance(image, sitk.Image):
        components, pixel_type = image.GetNumberOfComponentsPerPixel(), image.GetPixelIDValue()
    else:
        components, pixel_type = image.GetNumberOfComponents(), image.GetPixelID()
    return components == 1 and "complex" not in sitk.GetPixelIDValueAsString(pixel_type)


def _numbers(values: Iterable[float]) -> str:
    return "(" + ", ".join(f"{value:.6g}" for value in values) + ")"
