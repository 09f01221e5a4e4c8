"""How thick the cartilage is, at each place of the bone's surface.

**Definition.** The thickness at a point of the bone's surface (:mod:`.surfaces`) is the length of the straight line
from there along the bone's normal to where it first leaves the cartilage, in mm, as in Williams et al., Anatomically
corresponded regional analysis of cartilage in asymptomatic and osteoarthritic knees by statistical shape modelling of
the bone, IEEE TMI 29:1541, 2010. Both ends are found between the voxels. Means are over the bone's area, not over
points.

**Nearest neighbor.** The definition that pyKNEEr used, to compare with its numbers: from the center of each surface
voxel on the bone's side of the cartilage to that of the nearest one on the side of the joint. It is bound to voxels,
measures between their centers (which lacks a voxel), and where the surfaces are rough or the cartilage ends it finds a
shorter way.

Names of the measurements: Eckstein et al., Proposal for a nomenclature for magnetic resonance imaging based measures
of articular cartilage in osteoarthritis, Osteoarthritis and Cartilage 14:974, 2006.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
import SimpleITK as sitk
from scipy import ndimage
from scipy.spatial import cKDTree

from ..images.grid import Grid
from .surfaces import JointSurface, interpolate

_STEP_MM = 0.2
_THICKEST_MM = 12.0  # femoral cartilage has up to 6 mm


class Definition(Enum):
    """How the thickness is measured; the value is its name in options and tables."""

    NORMAL = "normal"
    NEAREST_NEIGHBOR = "nearest-neighbor"


def thickness(surface: JointSurface) -> np.ndarray:
    """The thickness in mm at each point of the bone's surface; NaN where no cartilage covers it."""
    values = np.full(len(surface.bone.points), np.nan)
    values[surface.covered] = _along_normals(
        surface, surface.bone.points[surface.covered], surface.normals[surface.covered]
    )
    return values


def _along_normals(surface: JointSurface, points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """How far it is from points along their normals to where ``surface.solid`` first falls below 1/2."""
    lengths = np.full(len(points), np.nan)
    before = interpolate(surface.solid, surface.grid, points)
    running = np.arange(len(points))
    for end in np.arange(_STEP_MM, _THICKEST_MM + _STEP_MM / 2, _STEP_MM):
        after = interpolate(surface.solid, surface.grid, points[running] + end * normals[running])
        out = after < 0.5
        share = np.clip((before[out] - 0.5) / (before[out] - after[out]), 0.0, 1.0)
        lengths[running[out]] = end - _STEP_MM * (1 - share)
        running, before = running[~out], after[~out]
        if not running.size:
            break
    return lengths


def nearest_neighbor_thickness(cartilage: sitk.Image, surface: JointSurface) -> np.ndarray:
    """pyKNEEr's definition, see above.

    :param cartilage: the mask that ``surface`` was made of.
    :return: in mm at each point of the bone's surface, that of the nearest surface voxel; NaN where no cartilage
        covers it.
    """
    grid = Grid.of(cartilage)
    inside = sitk.GetArrayViewFromImage(cartilage) != 0
    rim = grid.points(np.argwhere(inside & ~ndimage.binary_erosion(inside))[:, ::-1].astype(float))
    covered = surface.bone.points[surface.covered]
    outside = surface.grid.points(np.argwhere(_outer_shell(surface))[:, ::-1].astype(float))
    bone_side = cKDTree(covered).query(rim)[0] <= cKDTree(outside).query(rim)[0]
    lengths = cKDTree(rim[~bone_side]).query(rim[bone_side])[0]
    values = np.full(len(surface.covered), np.nan)
    values[surface.covered] = lengths[cKDTree(rim[bone_side]).query(covered)[1]]
    return values


def _outer_shell(surface: JointSurface) -> np.ndarray:
    solid = surface.solid >= 0.5
    return solid & ~ndimage.binary_erosion(solid, border_value=1)


@dataclass(frozen=True)
class ThicknessStatistics:
    """Thickness over part of the bone's surface; NaN where there is nothing to measure.

    :param mean: mean over the covered area, mm (ThCcAB.Me).
    :param std: standard deviation over the covered area, mm (ThCcAB.SD).
    :param minimum: smallest, mm (ThCcAB.Min).
    :param maximum: largest, mm (ThCcAB.Max).
    :param mean_total: mean over covered and denuded area, denuded counted as 0, mm (ThCtAB.Me).
    :param covered_area: bone surface that cartilage covers, mm2 (cAB).
    :param denuded_area: bare bone surrounded by cartilage, mm2 (dAB); NaN without a femur mask.
    """

    mean: float
    std: float
    minimum: float
    maximum: float
    mean_total: float
    covered_area: float
    denuded_area: float

    @property
    def total_area(self) -> float:
        """Covered and denuded, mm2 (tAB)."""
        return self.covered_area + self.denuded_area


def statistics(surface: JointSurface, values: np.ndarray, chosen: np.ndarray) -> ThicknessStatistics:
    """The thickness over part of the bone's surface, each point weighted by its area.

    :param values: of :func:`thickness`.
    :param chosen: which points of the bone's surface (n, bool).
    """
    areas = surface.areas
    measured = chosen & np.isfinite(values)
    covered_area = float(areas[measured].sum())
    denuded_area = float(areas[chosen & surface.enclosed].sum()) if surface.has_femur else math.nan
    if not covered_area:
        nothing = math.nan
        return ThicknessStatistics(nothing, nothing, nothing, nothing, nothing, 0.0, denuded_area)
    weights, lengths = areas[measured] / covered_area, values[measured]
    mean = float(weights @ lengths)
    return ThicknessStatistics(
        mean=mean,
        std=math.sqrt(weights @ (lengths - mean) ** 2),
        minimum=float(lengths.min()),
        maximum=float(lengths.max()),
        mean_total=mean * covered_area / (covered_area + denuded_area),
        covered_area=covered_area,
        denuded_area=denuded_area,
    )
