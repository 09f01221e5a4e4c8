"""The change of a knee's cartilage between two visits, from the gray values of both.

Two segmentations made each by itself differ by more than the cartilage changes in years. Here the lines along the
bone's normals through the mask of one visit are laid through both images, relative to the bone, whose motion its own
edge tells (:mod:`.motion`). On one scale of gray values (:mod:`.profiles`) two things are measured on them: how far the
edge of the cartilage has moved, where it shows (:mod:`.shifts`), and where cartilage is gone by more than half a
millimeter, whether it had an edge or not (:mod:`.lesions`). The sum over all lines is the integral of the boundary's
shift (compare Freeborough and Fox, The boundary shift integral, IEEE TMI 16:623, 1997).

Lines and regions are the same at both visits, so that what the hand that drew the mask, the voxels and any smoothing do
to the measure is the same, too, and cancels. A deformable registration of both images stops short of small changes: it
holds fast to what lies round the cartilage and does not change, and found two thirds of a loss of 3 %.

If both visits have masks, the mean of what is found by either is taken (:func:`mean_change`), and the lesions of both,
as each mask tells of what is gone from it: exchanging the visits then turns the sign and nothing else.

**Error.** Parts added as squares: the jackknife's over blocks of bone of 10 mm (Efron and Stein 1981), how much the
change depends on single places; a quarter of a percent, which simulated scans err by more than that; and with masks of
both visits half of what they disagree by. It does not contain what is wrong everywhere at once, as another scanner may
be, and that where no edge shows the change may be another than around.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

import numpy as np
import SimpleITK as sitk

from ..images.grid import Grid
from .knee import KneeMeasurement
from .lesions import find_lesions
from .lines import Lines, Neighborhood, blur_of
from .meshes import Mesh
from .motion import Motion, refine
from .profiles import Profiles
from .regions import Region, in_region
from .shifts import find_shifts

_SMOOTHING_ROUNDS = 6  # the ends of the lines must be a smooth surface
_BESIDE_ROUNDS = 3  # a lesion's rim
_LARGEST_GROWTH = 2.0  # of the area from the bone to the joint, where lines fan out at the rim
_LEAST_LENGTH_MM = 0.1
_BLOCK_MM = 10.0
_FEWEST_BLOCKS = 4
_COMMON_ERROR = 0.0025  # of the thickness, in all places alike


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
    :param seen: the share of the covered bone (0 to 1) where the cartilage's edge shows, and alike in both images.
        Elsewhere the same part of the thickness is thought to be lost as around.
    :param disagreement: by how much the volume changes more by the masks of the first visit than by those of the
        second, percent of the volume; NaN with masks of one visit only.
    :param lesion_volume: the part of ``volume_change`` where cartilage is gone by more than half a millimeter.
    :param lesion_thickness: likewise of ``thickness_change``.
    """

    region: Region
    volume: float
    volume_change: float
    volume_error: float
    thickness: float
    thickness_change: float
    thickness_error: float
    seen: float
    disagreement: float
    lesion_volume: float
    lesion_thickness: float

    @property
    def volume_percent(self) -> float:
        """Change of the volume in percent of the mean of both visits."""
        return 100 * self.volume_change / self.volume if self.volume else math.nan

    @property
    def volume_percent_error(self) -> float:
        """Its standard error."""
        return 100 * self.volume_error / self.volume if self.volume else math.nan


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
    images: tuple[sitk.Image, sitk.Image], measurement: KneeMeasurement, motion: Motion, masked_first: bool = True
) -> KneeChange:
    """Measure the change between two visits.

    :param images: of the visit whose masks were measured, and of the other, on any grids.
    :param measurement: of the masks, see :func:`.knee.measure_knee`.
    :param motion: from the one image to the other, right to a millimeter at the femur's cartilage.
    :param masked_first: whether the visit with masks is the first of the two.
    :raises KneeError: if bone and cartilage do not show in both images.
    """
    sign = 1.0 if masked_first else -1.0
    lines = _Lines.of(measurement)
    own, other = Lines(images[0], lines.points), Lines(images[1], motion.points(lines.points))
    motion = refine(motion, own, other, lines.points, lines.normals, lines.areas, lines.neighborhood)
    found = _Found.of(images, lines, motion)
    regions = [found.change(part.region, part.volume, part.thickness.mean, sign) for part in measurement.regions]
    thickness = np.full(len(measurement.thickness), np.nan)
    thickness[lines.covered] = sign * found.thickness
    return KneeChange(measurement, motion, thickness, tuple(regions))


def mean_change(one: KneeChange, other: KneeChange) -> KneeChange:
    """The mean of two measurements of one change, by the masks of the one visit and of the other, and the lesions of
    both.

    The map, the motion and what was measured of the masks are those of the first.

    :param one: of :func:`measure_change`.
    :param other: likewise, from the same first visit to the same second one.
    """
    return replace(one, regions=tuple(_mean(*pair) for pair in zip(one.regions, other.regions)))


def _mean(one: RegionChange, other: RegionChange) -> RegionChange:
    volume, length = one.lesion_volume + other.lesion_volume, one.lesion_thickness + other.lesion_thickness
    volumes = [part.volume_change - part.lesion_volume for part in (one, other)]
    lengths = [part.thickness_change - part.lesion_thickness for part in (one, other)]
    mean_volume, mean_thickness = (one.volume + other.volume) / 2, (one.thickness + other.thickness) / 2
    return RegionChange(
        region=one.region,
        volume=mean_volume,
        volume_change=sum(volumes) / 2 + volume,
        volume_error=math.hypot((one.volume_error + other.volume_error) / 2, (volumes[0] - volumes[1]) / 2),
        thickness=mean_thickness,
        thickness_change=sum(lengths) / 2 + length,
        thickness_error=math.hypot((one.thickness_error + other.thickness_error) / 2, (lengths[0] - lengths[1]) / 2),
        seen=(one.seen + other.seen) / 2,
        disagreement=100 * (volumes[0] - volumes[1]) / mean_volume if mean_volume else math.nan,
        lesion_volume=volume,
        lesion_thickness=length,
    )


@dataclass(frozen=True)
class _Lines:
    """Where each line along the bone's normals begins (n x 3), its direction (n x 3), length (smooth, mm), areas of the
    bone and of the joint's surface (mm2), part, block, and neighbors.

    :param covered: which points of the bone's surface the lines begin at.
    """

    points: np.ndarray
    normals: np.ndarray
    lengths: np.ndarray
    areas: np.ndarray
    outer_areas: np.ndarray
    parts: np.ndarray
    blocks: np.ndarray
    neighborhood: Neighborhood
    covered: np.ndarray

    @classmethod
    def of(cls, measurement: KneeMeasurement) -> _Lines:
        surface = measurement.surface
        covered = surface.covered & np.isfinite(measurement.thickness)
        points, normals, areas = surface.bone.points[covered], surface.normals[covered], surface.areas[covered]
        neighborhood = Neighborhood(surface.bone, covered)
        lengths = neighborhood.smooth(measurement.thickness[covered], _SMOOTHING_ROUNDS)
        outer = areas * area_growth(surface.bone, covered, normals, lengths)
        parts = measurement.parts[covered]
        return cls(points, normals, lengths, areas, outer, parts, _blocks(points), neighborhood, covered)

    def volumes(self, changes: np.ndarray) -> np.ndarray:
        """The volume of what is between the joint's surface and where it was before, mm3; areas grow with the height.

        :param changes: of the thickness on each line, mm.
        """
        halfway = 1 + changes / (2 * np.maximum(self.lengths, _LEAST_LENGTH_MM))
        return changes * (self.areas + (self.outer_areas - self.areas) * halfway)


@dataclass(frozen=True)
class _Found:
    """What was found on the lines: changes of the thickness where edges were followed and in lesions (mm), where edges
    are seen, and what each line tells (see :class:`.shifts.Shifts`)."""

    lines: _Lines
    followed: np.ndarray
    lesions: np.ndarray
    seen: np.ndarray
    told: np.ndarray

    @classmethod
    def of(cls, images: tuple[sitk.Image, sitk.Image], lines: _Lines, motion: Motion) -> _Found:
        profiles = Profiles.of(
            images, motion, lines.points, lines.normals, lines.lengths, lines.areas, lines.neighborhood
        )
        blur = (blur_of(Grid.of(images[0])) + blur_of(Grid.of(images[1]))) / 2
        lesions = -find_lesions(profiles)
        beside = lines.neighborhood.smooth((lesions < 0).astype(float), _BESIDE_ROUNDS) > 0
        shifts = find_shifts(profiles, blur, beside)
        followed = np.where(lesions < 0, 0, shifts.relative * lines.lengths)
        return cls(lines, followed, lesions, shifts.seen, shifts.told)

    @property
    def thickness(self) -> np.ndarray:
        """Change of the thickness on each line, mm."""
        return self.followed + self.lesions

    def change(self, region: Region, volume: float, thickness: float, sign: float) -> RegionChange:
        """The change of a region with a volume (mm3) and mean thickness (mm) in the mask."""
        chosen = in_region(self.lines.parts, region)
        areas = self.lines.areas[chosen]
        if not areas.sum():
            return RegionChange(region, *[math.nan] * (len(fields(RegionChange)) - 1))
        lesion, followed = self.lesions[chosen], self.followed[chosen]
        volumes = [float(np.sum(self.lines.volumes(changes)[chosen])) for changes in (self.followed, self.lesions)]
        lengths = float(areas @ followed / areas.sum()), float(areas @ lesion / areas.sum())
        places = _jackknife(self.told[0, chosen], self.told[1, chosen], self.lines.blocks[chosen])
        error = math.hypot(places, _COMMON_ERROR)
        return RegionChange(
            region=region,
            volume=volume + sum(volumes) / 2,
            volume_change=sign * sum(volumes),
            volume_error=error * float(self.lines.outer_areas[chosen] @ self.lines.lengths[chosen]),
            thickness=thickness + sum(lengths) / 2,
            thickness_change=sign * sum(lengths),
            thickness_error=error * float(areas @ self.lines.lengths[chosen] / areas.sum()),
            seen=float(areas @ self.seen[chosen] / areas.sum()),
            disagreement=math.nan,
            lesion_volume=sign * volumes[1],
            lesion_thickness=sign * lengths[1],
        )


def area_growth(bone: Mesh, covered: np.ndarray, normals: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """How many times larger the joint's surface is than the bone's where lines along its normals end.

    As in :attr:`.surfaces.JointSurface.areas`, triangles count as large as they are seen along the normals.

    :param covered: at which points of the bone's surface lines begin (n, bool).
    :param normals: of these (m x 3, unit).
    :param lengths: of the lines (m, mm).
    """
    number = np.cumsum(covered) - 1
    triangles = number[bone.triangles[covered[bone.triangles].all(axis=1)]]
    points = bone.points[covered]
    inner, outer = (
        Mesh(ends, triangles).areas_along(normals) for ends in (points, points + lengths[:, None] * normals)
    )
    return np.where(inner > 0, np.minimum(outer / np.where(inner > 0, inner, 1), _LARGEST_GROWTH), 1)


def _blocks(points: np.ndarray) -> np.ndarray:
    """The number of the cube in which each point lies."""
    cubes = np.floor((points - points.min(axis=0)) / _BLOCK_MM).astype(int)
    return np.unique(cubes, axis=0, return_inverse=True)[1].ravel()


def _jackknife(sums: np.ndarray, totals: np.ndarray, blocks: np.ndarray) -> float:
    """The standard error of a ratio of sums, from leaving out one block after the other."""
    sums, totals = np.bincount(blocks, sums), np.bincount(blocks, totals)
    sums, totals = sums[totals > 0], totals[totals > 0]
    count = len(sums)
    if count < _FEWEST_BLOCKS:
        return math.nan
    without = (sums.sum() - sums) / (totals.sum() - totals)
    return float(np.sqrt((count - 1) / count * np.sum((without - without.mean()) ** 2)))
