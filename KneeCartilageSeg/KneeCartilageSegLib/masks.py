"""Masks: dilate them in mm, and warp them without loss."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk

from .images import bounding_box, crop, paste


def dilate(mask: sitk.Image, distance: float) -> sitk.Image:
    """All voxels within ``distance`` mm of a mask, whatever the voxels' shape."""
    outside = sitk.SignedMaurerDistanceMap(
        mask != 0, insideIsPositive=False, squaredDistance=False, useImageSpacing=True
    )
    return outside <= distance


def level_set(mask: sitk.Image) -> sitk.Image:
    """A level set (mm, float32, negative inside) whose zero lies halfway between the voxels of a mask's two sides.

    A plain distance map is zero at the centres of the mask's own border voxels: cut at zero after a resampling it loses
    half a voxel all round. Here it is the distance to the nearest voxel inside less the distance to the nearest one
    outside.
    """
    to_inside = sitk.SignedMaurerDistanceMap(mask != 0, False, False, True)
    to_outside = sitk.SignedMaurerDistanceMap(mask == 0, False, False, True)
    return sitk.Cast(sitk.Maximum(to_inside, 0.0) - sitk.Maximum(to_outside, 0.0), sitk.sitkFloat32)


def volume(mask: sitk.Image) -> float:
    """Volume in mm3 of the non-zero voxels."""
    count = np.count_nonzero(sitk.GetArrayViewFromImage(mask))
    return float(count * np.prod(mask.GetSpacing()))


def warp(mask: sitk.Image, grid: sitk.Image, transform: sitk.Transform, region: sitk.Image) -> sitk.Image:
    """Warp a mask onto the grid of an image, once.

    :param mask: the mask, on its own grid.
    :param grid: the image whose grid (origin, spacing, direction) the result has.
    :param transform: maps points of ``grid`` to points of ``mask``.
    :param region: a crop of ``grid`` outside which the result is empty.
    :return: uint8, 0 and 1.
    """
    first, size = bounding_box(mask)
    levels = level_set(crop(mask, first, size, margin=5.0))
    warped = sitk.Resample(levels, region, transform, sitk.sitkLinear, 100.0, sitk.sitkFloat32)
    return paste(warped < 0, grid)
