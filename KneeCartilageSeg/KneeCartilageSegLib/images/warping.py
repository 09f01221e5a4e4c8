"""Warp masks and gray values back onto the moving image's grid, at the voxels where that can change something.

A **vote** says whether a voxel belongs to a mask, and how surely: the warped, smoothed mask, stretched so that its
surface is at 0, from -127 (outside) to 127 (inside). Votes of several references can be averaged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from .backward import Backward
from .files import read_image, write_working_image
from .grid import Grid
from .masks import smooth
from .regions import bounding_box, crop, shrink
from .sampling import sample
from .transforms import coarse_grid

_FULL = 255.0
_SMOOTHED, _DISTANCE, _THRESHOLD = "smoothed.mha", "distance.mha", "threshold.npy"
SURE = 127  # the vote of a voxel away from the surface

# mm from a mask's surface in which its vote is sampled: smoothing and interpolation blur the surface by 1 mm, the rough
# inverse and the distance interpolated between nodes err by less than another.
_NEAR = 2.5
_NODE_SPACING = 2.0
_MARGIN = 6.0
_DISTANCE_SPACING = 0.75
_BLOCK = 200_000  # points; bounds the memory


@dataclass(frozen=True)
class SoftMask:
    """A mask that is ready to be warped.

    :param smoothed: see :func:`.masks.smooth`, times 255 as uint8: exact enough for a mask.
    :param threshold: above it, a smoothed voxel is inside.
    :param distance: signed distance to the surface in mm, negative inside.
    :param spacing: of the mask's voxels, mm.
    """

    smoothed: sitk.Image
    threshold: float
    distance: sitk.Image
    spacing: tuple[float, ...]

    @classmethod
    def of(cls, mask: sitk.Image, spacing: float | None = None) -> SoftMask:
        """A mask, non-zero inside.

        :param spacing: average it down to about this voxel size (mm) first.
        :raises ValueError: if it is empty.
        """
        part = sitk.Cast(crop(mask, *bounding_box(mask), margin=_MARGIN) != 0, sitk.sitkFloat32)
        distance = sitk.SignedMaurerDistanceMap(
            shrink(part, _DISTANCE_SPACING) >= 0.5,
            insideIsPositive=False,
            squaredDistance=False,
            useImageSpacing=True,
        )
        smoothed, threshold = smooth(shrink(part, spacing))
        # The Gaussian is a recursive filter, which leaves the range of 0 to 1 a little.
        scaled = sitk.Clamp(smoothed * _FULL + 0.5, sitk.sitkUInt8, 0, _FULL)
        return cls(scaled, threshold * _FULL, distance, smoothed.GetSpacing())

    @classmethod
    def read(cls, folder: Path) -> SoftMask:
        """What :meth:`write` has written."""
        smoothed, distance = (read_image(folder / name, verified=True) for name in (_SMOOTHED, _DISTANCE))
        return cls(smoothed, float(np.load(folder / _THRESHOLD)), distance, smoothed.GetSpacing())

    def write(self, folder: Path) -> None:
        """Write it into an empty folder.

        :raises OSError: if it is not all there, as on a full disk.
        """
        write_working_image(self.smoothed, folder / _SMOOTHED)
        write_working_image(self.distance, folder / _DISTANCE)
        np.save(folder / _THRESHOLD, self.threshold)


def warp_vote(mask: SoftMask, backward: Backward, region: sitk.Image) -> np.ndarray:
    """The vote of a mask on the grid of a region: int8, z x y x x.

    Of a voxel that is much larger than the mask's, the vote is the share that lies inside: found by sampling it at
    several places, so that thin cartilage is not lost between thick slices.
    """
    near, inside = _near(mask, backward, region)
    votes = np.where(inside, np.int8(SURE), np.int8(-SURE))
    places = _places(region, mask.spacing)
    for block, points in _points(region, np.flatnonzero(near), places):
        values = sample(mask.smoothed, backward.map(points), 0.0)
        if len(places) == 1:
            parts = np.interp(values, (0.0, mask.threshold, _FULL), (-SURE, 0.0, SURE))
        else:
            parts = np.where(values > mask.threshold, SURE, -SURE).reshape(-1, len(places)).mean(axis=1)
        # Away from 0, so that rounding changes no side.
        votes.reshape(-1)[block] = np.where(parts > 0, np.ceil(parts), np.floor(parts)).astype(np.int8)
    return votes


def onto(scores: np.ndarray, grid: sitk.Image, region: sitk.Image) -> np.ndarray:
    """Scores (z x y x x) on a grid of larger voxels, interpolated on that of a region."""
    if grid.GetSize() == region.GetSize():
        return scores
    coarse = sitk.GetImageFromArray(scores)
    coarse.CopyInformation(grid)
    resample = sitk.ResampleImageFilter()
    resample.SetReferenceImage(region)
    resample.UseNearestNeighborExtrapolatorOn()  # half a voxel at the edge, where an image may end in bone
    return sitk.GetArrayFromImage(resample.Execute(coarse))


def mask_of(inside: np.ndarray, region: sitk.Image) -> sitk.Image:
    """A mask (uint8, 0 and 1) on the grid of a region, from what is inside (z x y x x)."""
    mask = sitk.GetImageFromArray(inside.astype(np.uint8))
    mask.CopyInformation(region)
    return mask


def warp_gray(image: sitk.Image, backward: Backward, region: sitk.Image, where: np.ndarray) -> np.ndarray:
    """Gray values of an image on the grid of a region: float32, z x y x x; 0 where they are not asked for.

    :param where: z x y x x, the voxels that are asked for.
    """
    values = np.zeros(where.shape, np.float32)
    places = _places(region, image.GetSpacing())
    for block, points in _points(region, np.flatnonzero(where), places):
        sampled = sample(image, backward.map(points), 0.0).reshape(-1, len(places))
        values.reshape(-1)[block] = sampled.mean(axis=1)
    return values


def _near(mask: SoftMask, backward: Backward, region: sitk.Image) -> tuple[np.ndarray, np.ndarray]:
    """Which voxels of a region are so near a mask's surface that they have to be sampled; which others lie inside."""
    nodes = coarse_grid(region, _NODE_SPACING)
    grid = Grid.of(nodes)
    shape = tuple(grid.size[::-1])
    points = grid.points(np.argwhere(np.ones(shape, bool))[:, ::-1])
    rough = sitk.GetImageFromArray(sample(mask.distance, backward.rough(points), _MARGIN).reshape(shape))
    rough.CopyInformation(nodes)
    distance = sitk.GetArrayFromImage(sitk.Resample(rough, region, sitk.Transform(), sitk.sitkLinear))
    return np.abs(distance) < _NEAR, distance <= -_NEAR


def _places(region: sitk.Image, spacing: tuple[float, ...]) -> np.ndarray:
    """Where in a voxel to sample (n x 3, in voxels from its center) for it to be seen at about a spacing (mm)."""
    # Odd, so that no share is exactly one half: taken for inside, those would make thin cartilage much thicker.
    factors = [max(1, round(large / max(spacing))) | 1 for large in region.GetSpacing()]
    return (np.array(list(np.ndindex(*factors))) + 0.5) / factors - 0.5


def _points(region: sitk.Image, voxels: np.ndarray, places: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Blocks of voxels (flat indices), with the points (n x 3, mm, LPS) at their places."""
    grid = Grid.of(region)
    shape = tuple(grid.size[::-1])
    count = max(1, _BLOCK // len(places))
    for first in range(0, len(voxels), count):
        block = voxels[first : first + count]
        indices = np.stack(np.unravel_index(block, shape)[::-1], axis=1)
        yield block, grid.points((indices[:, None] + places).reshape(-1, 3))
