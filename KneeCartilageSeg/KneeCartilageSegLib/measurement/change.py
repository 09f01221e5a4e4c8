"""The change of a knee's cartilage between two visits, from the gray values of both.

Two segmentations made each by itself differ by more than the cartilage changes in years. Here only one visit needs
masks: they say where bone and cartilage are, and which region is which, at both visits. The change is measured in the
images, alike in both: the bone's motion from the edge between bone and cartilage (:mod:`.motion`), and along the bone's
normals how far the cartilage's outer edge has moved (:mod:`.edges`).

Lines that begin at the masks of one visit are not those of the other. If both visits have masks, the mean of both
measurements is taken (:func:`mean_change`): exchanging the visits then turns the sign and nothing else.

**Error.** The standard error that is given is the jackknife's over blocks of bone of 10 mm (Efron and Stein 1981): how
much the change depends on single places. It contains noise, texture and changed surroundings of the cartilage. It does
not contain what is wrong everywhere at once, such as another scanner.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

import numpy as np
import SimpleITK as sitk

from ..images.grid import Grid
from .edges import Lines, Neighborhood, Shift, blur_of, find_shift
from .knee import KneeMeasurement
from .meshes import Mesh
from .motion import Motion, refine
from .regions import Region, in_region

_THICKNESS_ROUNDS = 6  # of smoothing: lines must begin on a smooth surface
_LEAST_BLURS = 3.3  # of thickness: where it is less, the edges of bone and joint are one
_BLOCK_MM = 10.0
_ALIKE = 0.5
_LEAST_INFORMATION = 0.1  # of the median
_FEWEST_BLOCKS = 4


@dataclass(frozen=True)
class RegionChange:
    """How a region has changed from the first visit to the second.

    :param region: which one.
    :param volume: mean of both visits, mm3.
    :param volume_change: mm3.
    :param volume_error: standard error of that, mm3; NaN if the region is too small to tell.
    :param thickness: mean of both visits over the covered bone, mm.
    :param thickness_change: mm.
    :param thickness_error: standard error of that, mm; NaN if the region is too small to tell.
    :param seen: the share of the covered bone (0 to 1) where the cartilage's edge shows, and alike in both images; the
        rest follows its surroundings.
    """

    region: Region
    volume: float
    volume_change: float
    volume_error: float
    thickness: float
    thickness_change: float
    thickness_error: float
    seen: float

    @property
    def volume_percent(self) -> float:
        """Change of the volume in percent of the mean of both visits."""
        return 100 * self.volume_change / self.volume if self.volume else math.nan

    @property
    def volume_percent_error(self) -> float:
        """Its standard error."""
        return 100 * self.volume_error / self.volume if self.volume else math.nan


_NUMBERS = tuple(field.name for field in fields(RegionChange) if field.name != "region")


@dataclass(frozen=True)
class KneeChange:
    """How a knee's cartilage has changed.

    :param measurement: of the visit with masks.
    :param motion: of the bone, from the visit with masks to the other.
    :param thickness: change at each point of ``measurement.surface.bone``, mm; NaN where there is no cartilage.
    :param regions: the first is the whole cartilage.
    """

    measurement: KneeMeasurement
    motion: Motion
    thickness: np.ndarray
    regions: tuple[RegionChange, ...]

    @property
    def whole(self) -> RegionChange:
        """The change of the whole cartilage."""
        return self.regions[0]


def measure_change(
    image: sitk.Image, measurement: KneeMeasurement, other: sitk.Image, motion: Motion, masked_first: bool = True
) -> KneeChange:
    """Measure the change between two visits.

    :param image: of the visit whose masks were measured.
    :param measurement: of its masks, see :func:`.knee.measure_knee`.
    :param other: the image of the other visit, on any grid.
    :param motion: from ``image`` to ``other``, right to a millimeter at the femur's cartilage.
    :param masked_first: whether the visit with masks is the first of the two.
    :raises KneeError: if bone and cartilage do not show in both images.
    """
    surface = measurement.surface
    covered = surface.covered & np.isfinite(measurement.thickness)
    points, normals, areas = surface.bone.points[covered], surface.normals[covered], surface.bone.areas[covered]
    neighborhood = Neighborhood(surface.bone, covered)
    own, others = Lines(image, points), Lines(other, motion.points(points))
    motion = refine(motion, own, others, points, normals, areas, neighborhood)
    thickness = neighborhood.smooth(measurement.thickness[covered], _THICKNESS_ROUNDS)
    ends = points + thickness[:, None] * normals
    blur = (blur_of(Grid.of(image)) + blur_of(Grid.of(other))) / 2
    thick = thickness > _LEAST_BLURS * blur
    shift = find_shift(
        own.values(ends, normals),
        others.values(motion.points(ends), motion.directions(normals)),
        areas * thick,
        neighborhood,
        blur,
    )
    sign = 1.0 if masked_first else -1.0
    local = sign * _everywhere(shift, thickness, thick, areas)
    outer_areas = _moved(surface.bone, covered, ends).areas
    blocks = _blocks(points)
    seen = (
        thick
        & (shift.likeness > _ALIKE)
        & (shift.information > _LEAST_INFORMATION * np.median(shift.information[thick]))
    )
    regions = []
    for found in measurement.regions:
        chosen = in_region(measurement.parts[covered], found.region)
        error = _jackknife(shift, chosen, blocks)
        volume_change = float(np.sum((local * outer_areas)[chosen]))
        total = float(areas[chosen].sum())
        change = float(np.sum((local * areas)[chosen]) / total) if total else math.nan
        regions.append(
            RegionChange(
                found.region,
                found.volume + sign * volume_change / 2,
                volume_change,
                error * float(outer_areas[chosen].sum()),
                found.thickness.mean + sign * change / 2,
                change,
                error,
                float(areas[chosen & seen].sum() / total) if total else math.nan,
            )
        )
    changes = np.full(len(covered), np.nan)
    changes[covered] = local
    return KneeChange(measurement, motion, changes, tuple(regions))


def mean_change(one: KneeChange, other: KneeChange) -> KneeChange:
    """The mean of two measurements of one change, by the masks of the one visit and of the other.

    Errors are means as well: both measurements are made of the same images. The map, the motion and what was measured
    of the masks are those of the first.

    :param one: of :func:`measure_change`.
    :param other: likewise, from the same first visit to the same second one.
    """
    regions = [
        RegionChange(first.region, *((getattr(first, name) + getattr(second, name)) / 2 for name in _NUMBERS))
        for first, second in zip(one.regions, other.regions)
    ]
    return replace(one, regions=tuple(regions))


def _everywhere(shift: Shift, thickness: np.ndarray, thick: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """The shift, and for cartilage too thin to see two edges the same part of its thickness as elsewhere."""
    mean = np.average(shift.local[thick], weights=areas[thick]) / np.average(thickness[thick], weights=areas[thick])
    return np.where(thick, shift.local, mean * thickness)


def _moved(mesh: Mesh, chosen: np.ndarray, points: np.ndarray) -> Mesh:
    """The chosen part of a mesh with its points moved elsewhere."""
    number = np.cumsum(chosen) - 1
    triangles = mesh.triangles[chosen[mesh.triangles].all(axis=1)]
    return Mesh(points, number[triangles])


def _blocks(points: np.ndarray) -> np.ndarray:
    """The number of the cube in which each point lies."""
    cubes = np.floor((points - points.min(axis=0)) / _BLOCK_MM).astype(int)
    return np.unique(cubes, axis=0, return_inverse=True)[1].ravel()


def _jackknife(shift: Shift, chosen: np.ndarray, blocks: np.ndarray) -> float:
    """The standard error of the mean shift of some lines, from leaving out one block after the other."""
    moments = np.bincount(blocks[chosen], shift.moment[chosen])
    information = np.bincount(blocks[chosen], shift.information[chosen])
    moments, information = moments[information != 0], information[information != 0]
    count = len(moments)
    if count < _FEWEST_BLOCKS:
        return math.nan
    without = (moments.sum() - moments) / (information.sum() - information)
    return float(np.sqrt((count - 1) / count * np.sum((without - without.mean()) ** 2)))
