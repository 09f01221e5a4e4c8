"""Everything that is measured of one knee."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from ..images.grid import Grid
from .orientation import Orientation, Side, find_orientation
from .regions import REGIONS, WHOLE, Part, Region, in_region, parts_of_surface, region_mask
from .surfaces import JointSurface, joint_surface
from .thickness import Definition, ThicknessStatistics, nearest_neighbor_thickness, statistics, thickness


@dataclass(frozen=True)
class RegionMeasurement:
    """What was measured of one region.

    :param region: which one.
    :param volume: of its voxels, mm3.
    :param thickness: over its bone surface.
    """

    region: Region
    volume: float
    thickness: ThicknessStatistics


@dataclass(frozen=True)
class KneeMeasurement:
    """What was measured of one knee.

    :param surface: the surfaces of its cartilage.
    :param thickness: at each point of the bone's surface, mm; NaN where it is bare.
    :param parts: the :class:`Part` of each of these points, 0 where nothing is measured.
    :param orientation: its directions; None if it was measured without regions.
    :param labels: the cartilage with the :class:`Part` of each voxel (uint8, on the grid of the mask).
    :param regions: the measurements; the first is the whole cartilage.
    :param definition: of the thickness.
    """

    surface: JointSurface
    thickness: np.ndarray
    parts: np.ndarray
    orientation: Orientation | None
    labels: sitk.Image
    regions: tuple[RegionMeasurement, ...]
    definition: Definition

    @property
    def whole(self) -> RegionMeasurement:
        """The measurements of the whole cartilage."""
        return self.regions[0]


def measure_knee(
    cartilage: sitk.Image,
    femur: sitk.Image | None = None,
    side: Side | None = None,
    definition: Definition = Definition.NORMAL,
    regions: bool = True,
) -> KneeMeasurement:
    """Measure the femoral cartilage of a knee.

    :param cartilage: mask, on any affine grid; any value but 0 is inside.
    :param femur: mask of the femur on the same grid. Without it the bare bone is not known, see :mod:`.surfaces`.
    :param side: if it is known; otherwise the anatomy tells it, see :func:`.orientation.find_orientation`.
    :param definition: of the thickness.
    :param regions: False measures the cartilage as a whole; it need not be a whole femoral cartilage then.
    :raises InputError: if a mask is empty, both lie on different grids or apart, or no notch is found.
    :raises KneeError: if vtk is not installed.
    """
    surface = joint_surface(cartilage, femur)
    covered = surface.covered
    if regions:
        orientation = find_orientation(
            surface.bone.points[covered], surface.normals[covered], surface.areas[covered], surface.axis, side
        )
        parts = parts_of_surface(surface, orientation)
        labels = region_mask(cartilage, surface, parts)
    else:
        orientation = None
        parts = (covered | surface.enclosed).astype(np.uint8)
        labels = sitk.Cast(cartilage != 0, sitk.sitkUInt8)
    values = _thickness(cartilage, surface, definition)
    voxel = Grid.of(cartilage).voxel_volume
    counts = np.bincount(sitk.GetArrayViewFromImage(labels).ravel(), minlength=max(Part) + 1)
    measured = [
        RegionMeasurement(
            region,
            float(counts[list(region.parts)].sum() * voxel),
            statistics(surface, values, in_region(parts, region)),
        )
        for region in (REGIONS if regions else (WHOLE,))
    ]
    return KneeMeasurement(surface, values, parts, orientation, labels, tuple(measured), definition)


def _thickness(cartilage: sitk.Image, surface: JointSurface, definition: Definition) -> np.ndarray:
    if definition is Definition.NORMAL:
        return thickness(surface)
    return nearest_neighbor_thickness(cartilage, surface)
