"""Images: crop, shrink and compare them without losing their place in the patient."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
import SimpleITK as sitk

from .grid import Grid, box_corners


def corners(image: sitk.Image) -> np.ndarray:
    """The centers of the eight corner voxels (8 x 3, mm, LPS)."""
    last = [n - 1 for n in image.GetSize()]
    indices = product(*((0, n) for n in last))
    return np.array([image.TransformIndexToPhysicalPoint(index) for index in indices])


def bounding_box(mask: sitk.Image) -> tuple[np.ndarray, np.ndarray]:
    """First index and size (x, y, z) of the box that holds all non-zero voxels.

    :raises ValueError: if there is none.
    """
    layers = sitk.GetArrayViewFromImage(mask)
    shadow = np.any(layers, axis=0)  # of all layers on one
    filled = [np.flatnonzero(line) for line in (shadow.any(axis=0), shadow.any(axis=1), np.any(layers, axis=(1, 2)))]
    if not filled[0].size:
        raise ValueError("the mask is empty")
    first, last = (np.array([line[end] for line in filled]) for end in (0, -1))
    return first, last - first + 1


def crop(image: sitk.Image, first: npt.ArrayLike, size: npt.ArrayLike, margin: float = 0.0) -> sitk.Image:
    """Cut out a box of voxels with a margin (mm) around it, as far as the image reaches."""
    margin_voxels = np.ceil(margin * Grid.of(image).reach).astype(int)
    lower = np.clip(np.asarray(first) - margin_voxels, 0, np.asarray(image.GetSize()) - 1)
    upper = np.clip(np.asarray(first) + np.asarray(size) + margin_voxels, lower + 1, image.GetSize())
    return sitk.RegionOfInterest(image, [int(n) for n in upper - lower], [int(n) for n in lower])


def missing_margin(
    image: sitk.Image, first: npt.ArrayLike, size: npt.ArrayLike, margin: float, spacing: npt.ArrayLike
) -> tuple[list[int], list[int]]:
    """How many voxels of a spacing :func:`crop` falls short of the margin, below and above, where the image ends."""
    grid = Grid.of(image)
    wanted = margin * grid.reach * grid.spacing  # along each axis; more than the margin if it is oblique to the others
    below = wanted - np.asarray(first) * grid.spacing
    above = wanted - (grid.size - np.asarray(first) - np.asarray(size)) * grid.spacing
    lower, upper = (np.ceil(np.maximum(missing, 0) / spacing).astype(int).tolist() for missing in (below, above))
    return lower, upper


def crop_to_points(image: sitk.Image, points: np.ndarray, margin: float) -> sitk.Image:
    """Cut out the box that holds points (n x 3, mm, LPS) with a margin (mm), as far as the image reaches."""
    indices = points_to_indices(image, points)
    first = np.floor(indices.min(axis=0)).astype(int)
    size = np.ceil(indices.max(axis=0)).astype(int) - first + 1
    return crop(image, first, size, margin)


def crop_to_image(image: sitk.Image, other: sitk.Image) -> sitk.Image:
    """Cut out the box that another image covers, as far as the image reaches."""
    return crop_to_points(image, corners(other), 0.0)


def paste(part: sitk.Image, grid: sitk.Image) -> sitk.Image:
    """A crop of an image back on the whole grid, zero elsewhere."""
    whole = sitk.Image(grid.GetSize(), part.GetPixelID())
    whole.CopyInformation(grid)
    start = grid.TransformPhysicalPointToIndex(part.GetOrigin())
    return sitk.Paste(whole, part, part.GetSize(), destinationIndex=start)


def points_to_indices(image: sitk.Image, points: np.ndarray) -> np.ndarray:
    """Continuous indices (n x 3, x y z) of points (n x 3, mm, LPS)."""
    matrix = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
    return np.linalg.solve(matrix, (np.asarray(points) - image.GetOrigin()).T).T


def points_inside(image: sitk.Image, points: np.ndarray) -> np.ndarray:
    """For each point (n x 3, mm, LPS) whether it lies inside the image."""
    indices = points_to_indices(image, points)
    return np.all((indices >= -0.5) & (indices <= np.array(image.GetSize()) - 0.5), axis=1)


def covering(image: sitk.Image, other: sitk.Image) -> sitk.Image:
    """An image enlarged with zeros, on its own grid continued, so far that it covers another one."""
    edges = box_corners(np.full(3, -0.5), np.array(other.GetSize()) - 0.5)
    points = np.array([other.TransformContinuousIndexToPhysicalPoint(edge.tolist()) for edge in edges])
    indices = points_to_indices(image, points)
    below = np.maximum(0, -np.ceil(indices.min(axis=0))).astype(int)
    above = np.maximum(0, np.floor(indices.max(axis=0)) + 1 - image.GetSize()).astype(int)
    return sitk.ConstantPad(image, below.tolist(), above.tolist(), 0)


def mask_points(mask: sitk.Image, count: int) -> np.ndarray:
    """About ``count`` points (n x 3, mm, LPS), evenly spread over the voxels of a mask in their order in memory."""
    array = sitk.GetArrayViewFromImage(mask)
    inside = np.flatnonzero(array)
    chosen = np.stack(np.unravel_index(inside[:: max(1, len(inside) // count)], array.shape)[::-1], axis=1)
    matrix = np.array(mask.GetDirection()).reshape(3, 3) * mask.GetSpacing()
    return chosen @ matrix.T + mask.GetOrigin()


def shrink_factors(image: sitk.Image, spacing: float) -> tuple[int, ...]:
    """By how much to shrink each axis (x, y, z) to come closest to a voxel size of ``spacing`` mm from below, as far as
    there are voxels."""
    return tuple(max(1, min(int(spacing / s + 0.1), n)) for s, n in zip(image.GetSpacing(), image.GetSize()))


def shrink(image: sitk.Image, spacing: float | None) -> sitk.Image:
    """Average blocks of voxels to about ``spacing`` mm; None changes nothing."""
    factors = (1, 1, 1) if spacing is None else shrink_factors(image, spacing)
    return image if factors == (1, 1, 1) else sitk.BinShrink(image, factors)


def subdivide(grid: sitk.Image, factors: Sequence[int]) -> sitk.Image:
    """An empty image whose voxels are a whole fraction of another's along each axis (x, y, z)."""
    if all(factor == 1 for factor in factors):
        return grid
    fine = sitk.Image([n * factor for n, factor in zip(grid.GetSize(), factors)], sitk.sitkUInt8)
    fine.SetSpacing([spacing / factor for spacing, factor in zip(grid.GetSpacing(), factors)])
    fine.SetDirection(grid.GetDirection())
    first = [0.5 / factor - 0.5 for factor in factors]
    fine.SetOrigin(grid.TransformContinuousIndexToPhysicalPoint(first))
    return fine


def mirror(image: sitk.Image, x: float) -> sitk.Image:
    """The image of the other side's knee: the same voxels, places reflected in the sagittal plane at ``x`` (mm, LPS).

    The frame changes its handedness, which ITK and elastix take as it is.
    """
    mirrored = sitk.Image(image)
    mirrored.SetOrigin(mirror_points(np.array(image.GetOrigin()), x).tolist())
    mirrored.SetDirection((np.diag((-1.0, 1.0, 1.0)) @ np.reshape(image.GetDirection(), (3, 3))).ravel().tolist())
    return mirrored


def mirror_points(points: np.ndarray, x: float) -> np.ndarray:
    """Points (n x 3 or 3, mm, LPS) reflected in the sagittal plane at ``x``."""
    return points * (-1.0, 1.0, 1.0) + (2.0 * x, 0.0, 0.0)


def center(image: sitk.Image) -> np.ndarray:
    """The middle of an image (3, mm, LPS)."""
    return np.array(image.TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in image.GetSize()]))
