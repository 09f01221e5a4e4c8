"""Values of a relaxation time map, or of any aligned volume, in the cartilage by region and layer.

The map is never resampled: each of its own voxels counts whose center lies in the cartilage. The layers are the half
next to the bone (deep) and the half next to the joint (superficial): a voxel belongs to the nearer surface.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
import SimpleITK as sitk
from scipy.spatial import cKDTree

from ..errors import InputError, Problem
from ..images.grid import Grid
from .knee import KneeMeasurement
from .meshes import isosurface
from .regions import Region, in_region

DEFAULT_RANGE = (1.0, 150.0)
"""ms. T2 and T1rho of cartilage are 20 to 80 ms; a fit that ran away ends at 0, at its bound, or in the thousands."""


class Layer(Enum):
    """A layer of the cartilage; the value is its name in tables."""

    ALL = "all"
    DEEP = "deep"
    SUPERFICIAL = "superficial"


@dataclass(frozen=True)
class LayerStatistics:
    """Values of a map in a region's layer; NaN where there are none.

    :param region: which region.
    :param layer: which layer.
    :param mean: of the values in the range.
    :param std: sample standard deviation (n - 1).
    :param median: of the values in the range.
    :param voxels: number of values in the range.
    :param left_out: number of voxels whose value is outside the range, or no number.
    """

    region: Region
    layer: Layer
    mean: float
    std: float
    median: float
    voxels: int
    left_out: int


def map_statistics(
    image: sitk.Image, measurement: KneeMeasurement, value_range: tuple[float, float] = DEFAULT_RANGE
) -> list[LayerStatistics]:
    """The values of a map in a measured knee's cartilage, for each region and layer.

    :param image: the map, aligned with the mask that was measured, on whatever grid.
    :param value_range: least and greatest value that counts.
    :raises InputError: if no voxel of the map lies in the cartilage.
    """
    points, parts, values = _voxels_inside(image, measurement)
    deep = _is_deep(points, measurement)
    counted = np.isfinite(values) & (values >= value_range[0]) & (values <= value_range[1])
    layers = ((Layer.ALL, np.ones(len(deep), bool)), (Layer.DEEP, deep), (Layer.SUPERFICIAL, ~deep))
    regions = [found.region for found in measurement.regions]
    return [
        _statistics(region, layer, values, in_region(parts, region) & chosen, counted)
        for region in regions
        for layer, chosen in layers
    ]


def _voxels_inside(image: sitk.Image, measurement: KneeMeasurement) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions (n x 3, mm, LPS), parts and values of the map's voxels whose centers lie in the cartilage."""
    grid, mask_grid = Grid.of(image), Grid.of(measurement.labels)
    labels = sitk.GetArrayViewFromImage(measurement.labels)
    box = mask_grid.points(np.argwhere(labels)[:, ::-1].astype(float))
    # Of the map's voxels only those that may lie inside.
    corners = grid.indices(
        np.array([box.min(axis=0), box.max(axis=0)])[np.indices((2, 2, 2)).reshape(3, 8).T, range(3)]
    )
    first = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, grid.size)
    stop = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 1, first, grid.size)
    indices = np.indices(stop - first).reshape(3, -1).T + first
    points = grid.points(indices.astype(float))
    place = np.floor(mask_grid.indices(points) + 0.5).astype(int)
    within = np.all((place >= 0) & (place < mask_grid.size), axis=1)
    parts = np.zeros(len(points), np.uint8)
    parts[within] = labels[tuple(place[within].T[::-1])]
    inside = parts > 0
    if not inside.any():
        message = "no voxel of the map lies in the cartilage"
        raise InputError([Problem(message, "Check that map and mask are of the same knee and session")])
    values = sitk.GetArrayViewFromImage(image)[tuple(indices[inside].T[::-1])].astype(float)
    return points[inside], parts[inside], values


def _is_deep(points: np.ndarray, measurement: KneeMeasurement) -> np.ndarray:
    surface = measurement.surface
    outer = isosurface(surface.solid, 0.5, surface.grid)
    to_bone = cKDTree(surface.bone.points[surface.covered]).query(points)[0]
    return to_bone <= cKDTree(outer.points).query(points)[0]


def _statistics(
    region: Region, layer: Layer, values: np.ndarray, chosen: np.ndarray, counted: np.ndarray
) -> LayerStatistics:
    inside = values[chosen & counted]
    left_out = int(np.count_nonzero(chosen & ~counted))
    if not inside.size:
        return LayerStatistics(region, layer, math.nan, math.nan, math.nan, 0, left_out)
    std = float(inside.std(ddof=1)) if inside.size > 1 else math.nan
    return LayerStatistics(region, layer, float(inside.mean()), std, float(np.median(inside)), inside.size, left_out)
