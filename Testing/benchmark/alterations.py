"""Knees with truth, altered: what scanners, patients and mistakes do to images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Callable

import numpy as np
import SimpleITK as sitk
from KneeCartilageSegLib.images.regions import center, mask_points
from KneeCartilageSegLib.tissue import Tissue
from scipy import ndimage

_NOISE = 25.0  # the deviation of make_knees.py's noise is 18 to 32
_NODES_APART = 30.0  # mm, of smooth random fields


@dataclass(frozen=True)
class Knee:
    """An image and its true masks on the same grid."""

    image: sitk.Image
    masks: Mapping[Tissue, sitk.Image]

    def with_values(self, values: np.ndarray) -> Knee:
        """The same knee with other gray values (z x y x x)."""
        image = sitk.GetImageFromArray(np.clip(values, 0, 4000).astype(np.int16))
        image.CopyInformation(self.image)
        return Knee(image, self.masks)

    @property
    def values(self) -> np.ndarray:
        """The gray values (z x y x x), float32."""
        return sitk.GetArrayFromImage(self.image).astype(np.float32)


Alteration = Callable[[Knee, np.random.Generator], Knee]


def noise(factor: float) -> Alteration:
    """So many times as much Rician noise."""
    added = _NOISE * np.sqrt(factor**2 - 1)

    def alter(knee: Knee, rng: np.random.Generator) -> Knee:
        real = knee.values + added * rng.standard_normal(knee.values.shape, np.float32)
        return knee.with_values(np.hypot(real, added * rng.standard_normal(real.shape, np.float32)))

    return alter


def bias(axis: int, factor: float) -> Alteration:
    """Gray values that grow along an axis (z, y, x), by a factor from one end to the other."""

    def alter(knee: Knee, rng: np.random.Generator) -> Knee:
        values = knee.values
        ramp = np.geomspace(factor**-0.5, factor**0.5, values.shape[axis], dtype=np.float32)
        return knee.with_values(values * ramp.reshape([-1 if other == axis else 1 for other in range(3)]))

    return alter


def crop(share: float, axis: int) -> Alteration:
    """Only the middle share of the image along an axis (x, y, z)."""

    def alter(knee: Knee, rng: np.random.Generator) -> Knee:
        size = list(knee.image.GetSize())
        start = [0, 0, 0]
        start[axis] = round(size[axis] * (1 - share) / 2)
        size[axis] = round(size[axis] * share)
        cut = {tissue: sitk.RegionOfInterest(mask, size, start) for tissue, mask in knee.masks.items()}
        return Knee(sitk.RegionOfInterest(knee.image, size, start), cut)

    return alter


def thick_slices(count: int) -> Alteration:
    """So many slices averaged into one."""

    def alter(knee: Knee, rng: np.random.Generator) -> Knee:
        across = int(np.argmax(knee.image.GetSpacing()))
        factors = [count if axis == across else 1 for axis in range(3)]
        image = sitk.Cast(sitk.BinShrink(sitk.Cast(knee.image, sitk.sitkFloat32), factors), sitk.sitkInt16)
        shares = {t: sitk.BinShrink(sitk.Cast(mask, sitk.sitkFloat32), factors) for t, mask in knee.masks.items()}
        return Knee(image, {t: sitk.Cast(share >= 0.5, sitk.sitkUInt8) for t, share in shares.items()})

    return alter


def void(radius: float) -> Alteration:
    """No signal round a place in the cartilage, within a radius (mm): metal."""

    def alter(knee: Knee, rng: np.random.Generator) -> Knee:
        points = mask_points(knee.masks[Tissue.CARTILAGE], 2000)
        place = knee.image.TransformPhysicalPointToContinuousIndex(points[rng.integers(len(points))].tolist())
        values = knee.values
        spacing = knee.image.GetSpacing()
        axes = [(np.arange(n) - at) * step for n, at, step in zip(knee.image.GetSize(), place, spacing)]
        x, y, z = axes
        near = z[:, None, None] ** 2 + y[None, :, None] ** 2 + x[None, None, :] ** 2 < radius**2
        values[near] = np.abs(_NOISE * rng.standard_normal(int(near.sum()), np.float32))
        return knee.with_values(values)

    return alter


def shape(deviation: float) -> Alteration:
    """Deformed by a smooth random field whose components have a deviation (mm): a shape that no reference has."""

    def alter(knee: Knee, rng: np.random.Generator) -> Knee:
        grid = knee.image
        extent = np.array(grid.GetSize()) * grid.GetSpacing()
        mesh = np.maximum(np.round(extent / _NODES_APART), 2).astype(int).tolist()
        transform = sitk.BSplineTransformInitializer(grid, mesh)
        transform.SetParameters((deviation * 1.5 * rng.standard_normal(len(transform.GetParameters()))).tolist())
        field = sitk.TransformToDisplacementField(
            transform,
            sitk.sitkVectorFloat64,
            grid.GetSize(),
            grid.GetOrigin(),
            grid.GetSpacing(),
            grid.GetDirection(),
        )
        moved = sitk.DisplacementFieldTransform(field)
        image = sitk.Resample(knee.image, grid, moved, sitk.sitkLinear, 0.0)
        masks = {t: sitk.Resample(m, grid, moved, sitk.sitkNearestNeighbor, 0.0) for t, m in knee.masks.items()}
        return Knee(image, masks)

    return alter


def turned(degrees: float) -> Alteration:
    """Turned about the patient's x axis, with the same header: a frame that is wrong."""

    def alter(knee: Knee, rng: np.random.Generator) -> Knee:
        turn = sitk.Euler3DTransform(center(knee.image).tolist(), np.radians(degrees), 0.0, 0.0)
        image = sitk.Resample(knee.image, knee.image, turn, sitk.sitkLinear, 0.0)
        masks = {t: sitk.Resample(m, m, turn, sitk.sitkNearestNeighbor, 0.0) for t, m in knee.masks.items()}
        return Knee(image, masks)

    return alter


def blurred(deviation: float) -> Alteration:
    """Smoothed by a Gaussian of a deviation in mm: the patient has moved."""

    def alter(knee: Knee, rng: np.random.Generator) -> Knee:
        voxels = [deviation / step for step in knee.image.GetSpacing()[::-1]]
        return knee.with_values(ndimage.gaussian_filter(knee.values, voxels))

    return alter


def nothing_but_noise(knee: Knee, rng: np.random.Generator) -> Knee:
    """No knee at all."""
    return knee.with_values(np.abs(200 * rng.standard_normal(knee.values.shape, np.float32)))
