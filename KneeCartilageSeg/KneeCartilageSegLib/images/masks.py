"""Masks: dilate them in mm, measure them, and smooth their staircase away."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from scipy import ndimage
from scipy.spatial import cKDTree

from .grid import Grid

# mm; about a voxel of the images in use. Chosen on eight anatomies: more makes rims round, less keeps the staircase.
SMOOTHING = 0.35


def dilate(mask: sitk.Image, distance: float) -> sitk.Image:
    """All voxels within ``distance`` mm of a mask, whatever the voxels' shape and the angles of the axes."""
    grid = Grid.of(mask)
    if not grid.perpendicular:
        return _dilate_sheared(mask, grid, distance)
    outside = sitk.SignedMaurerDistanceMap(
        mask != 0, insideIsPositive=False, squaredDistance=False, useImageSpacing=True
    )
    return outside <= distance


def _dilate_sheared(mask: sitk.Image, grid: Grid, distance: float) -> sitk.Image:
    """The same where axes are not perpendicular, which distance maps take for granted.

    The distance is that to the center of the nearest voxel of the mask, as in :func:`dilate`.
    """
    inside = sitk.GetArrayViewFromImage(mask) != 0
    border = np.argwhere(inside & ~ndimage.binary_erosion(inside, np.ones((3, 3, 3))))[:, ::-1]
    if not len(border):
        return mask != 0
    steps = np.ceil(distance * grid.reach).astype(int)
    near = ndimage.maximum_filter(inside, (2 * steps + 1)[::-1].tolist(), mode="constant") & ~inside
    indices = np.argwhere(near)
    found = cKDTree(grid.points(border)).query(grid.points(indices[:, ::-1]), distance_upper_bound=distance * 1.0001)[0]
    dilated = inside.astype(np.uint8)
    dilated[tuple(indices[found <= distance].T)] = 1
    result = sitk.GetImageFromArray(dilated)
    result.CopyInformation(mask)
    return result


def volume(mask: sitk.Image) -> float:
    """Volume in mm3 of the non-zero voxels."""
    return np.count_nonzero(sitk.GetArrayViewFromImage(mask)) * Grid.of(mask).voxel_volume


def smooth(share: sitk.Image, sigma: float = SMOOTHING) -> tuple[sitk.Image, float]:
    """A mask with its staircase smoothed away, and the threshold at which it has the same volume as before.

    Expert masks are drawn slice by slice, so their surface is rough at the size of a voxel. Warped as it is, this
    roughness disagrees with any other expert's. A plain threshold of one half would make thin cartilage thinner.

    :param share: float32, the share of each voxel that lies inside: 0 or 1 for a mask as it was drawn.
    :param sigma: of the Gaussian, mm.
    :return: float32, and a threshold above which a voxel is inside.
    """
    smoothed = sitk.SmoothingRecursiveGaussian(share, sigma)
    count = round(float(np.sum(sitk.GetArrayViewFromImage(share), dtype=float)))
    return smoothed, _threshold_of_share(sitk.GetArrayViewFromImage(smoothed), count)


def _threshold_of_share(values: np.ndarray, count: int) -> float:
    """The threshold above which values that are interpolated linearly fill the volume of ``count`` voxels.

    Found at one random point in each voxel near the surface. At the voxels' centers alone, many thresholds give the
    same count where voxels are larger than the smoothing, and most of them move the surface.
    """
    surface = ndimage.maximum_filter(values, 3) - ndimage.minimum_filter(values, 3) > 0.01
    voxels = np.argwhere(surface).T
    points = voxels + np.random.default_rng(0).uniform(-0.5, 0.5, voxels.shape)
    sampled = ndimage.map_coordinates(values, points, order=1, mode="nearest")
    outside = sampled.size - (count - int(np.count_nonzero(values[~surface] > 0.5)))
    return float(np.partition(sampled, outside)[outside]) if 0 <= outside < sampled.size else 0.5
