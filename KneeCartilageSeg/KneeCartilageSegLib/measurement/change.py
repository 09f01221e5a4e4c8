"""The change of a knee's cartilage between two visits, from the gray values of both.

Two segmentations made each by itself differ by more than the cartilage changes in years. Here the masks of one visit
are carried to the other, and only what becomes of them counts, in two steps.

Both images are registered to each other in both directions alike (:mod:`.midway`). A volume changes by the determinant
of the Jacobian, summed over the voxels of the mask (Davatzikos et al., A computerized approach for morphological
analysis of the corpus callosum, J Comput Assist Tomogr 20:88, 1996); the thickness changes by how far the two ends of
each line along the bone's normal move apart. That follows large changes, and stops short of small ones: it holds fast
to what lies round the cartilage and does not change. So from there the edge of the cartilage is looked for along each
line, relative to the bone, whose motion its own edge tells (:mod:`.edges`, :mod:`.motion`). Where no edge shows, the
correction of the registration is that of the lines around: left as the registration has it, a third of a small loss was
missed.

Lines, voxels and regions are the same at both visits, so that what the hand that drew the mask, the voxels and any
smoothing do to the measure is the same, too, and cancels.

If both visits have masks, the mean of both measurements is taken (:func:`mean_change`): exchanging the visits then
turns the sign and nothing else.

**Error.** Two parts, added as squares. The jackknife's over blocks of bone of 10 mm (Efron and Stein 1981): how much
the change depends on single places. And half of what both directions of the registration disagree by: they are exact
inverses of each other if the images show the same tissue. It does not contain what is wrong everywhere at once, such as
another scanner, and what the registration does not follow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

import numpy as np
import SimpleITK as sitk

from ..images.grid import Grid
from .edges import Lines, Neighborhood, blur_of, find_shift
from .knee import KneeMeasurement
from .meshes import Mesh
from .midway import Midway
from .motion import Motion, refine
from .regions import Region, in_region

_SMOOTHING_ROUNDS = 6  # lines must begin on a smooth surface
_LEAST_BLURS = 3.3  # of thickness: where it is less, the edges of bone and joint are one
_ALIKE = 0.5
_LEAST_INFORMATION = 0.1  # of the median
_BLOCK_MM = 10.0
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
        rest is taken from the registration and what is seen around.
    :param disagreement: by how much the volume changes more by one direction of the registration than by the other,
        percent of the volume.
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
    images: tuple[sitk.Image, sitk.Image],
    measurement: KneeMeasurement,
    motion: Motion,
    midway: Midway,
    masked_first: bool = True,
) -> KneeChange:
    """Measure the change between two visits.

    :param images: of the visit whose masks were measured, and of the other, on any grids.
    :param measurement: of the masks, see :func:`.knee.measure_knee`.
    :param motion: from the one image to the other, right to a millimeter at the femur's cartilage.
    :param midway: the registration of both images, see :func:`.midway.find_midway`.
    :param masked_first: whether the visit with masks is the first of the two.
    :raises KneeError: if bone and cartilage do not show in both images.
    """
    sign = 1.0 if masked_first else -1.0
    voxels, lines = _Voxels.of(measurement, midway), _Lines.of(measurement, midway)
    refined, seen, motion = _refined(images, lines, motion)
    regions = []
    for found in measurement.regions:
        growth, error, disagreement = voxels.change(found.region)
        change, refinement, line_error, share = lines.change(found.region, refined, seen)
        volume_change = growth + refinement
        regions.append(
            RegionChange(
                found.region,
                found.volume + volume_change / 2,
                sign * volume_change,
                error,
                found.thickness.mean + change / 2,
                sign * change,
                line_error,
                share,
                disagreement,
            )
        )
    thickness = np.full(len(measurement.thickness), np.nan)
    thickness[lines.covered] = sign * refined
    return KneeChange(measurement, motion, thickness, tuple(regions))


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


@dataclass(frozen=True)
class _Voxels:
    """How much each voxel of a mask grows by each direction (2 x n), and its volume (mm3), part and block."""

    growth: np.ndarray
    volume: float
    parts: np.ndarray
    blocks: np.ndarray

    @classmethod
    def of(cls, measurement: KneeMeasurement, midway: Midway) -> _Voxels:
        labels = sitk.GetArrayViewFromImage(measurement.labels)
        grid = Grid.of(measurement.labels)
        places = np.argwhere(labels)
        points = grid.points(places[:, ::-1].astype(float))
        growth = np.stack([carried.growth for carried in midway.carry(points)])
        return cls(growth, grid.voxel_volume, labels[tuple(places.T)], _blocks(points))

    def change(self, region: Region) -> tuple[float, float, float]:
        """Change of the volume and its error (mm3), and what the directions disagree by (percent)."""
        chosen = in_region(self.parts, region)
        if not chosen.any():
            return (math.nan,) * 3
        growth, blocks = self.growth[:, chosen], self.blocks[chosen]
        total = growth.shape[1] * self.volume
        forth, back = growth.mean(axis=1) - 1
        # The geometric mean: 10 % more and its inverse come to nothing.
        both = np.sqrt(growth[0] * growth[1]) - 1
        error = math.hypot(_jackknife(both, np.ones(len(both)), blocks), (forth - back) / 2)
        return float(both.mean() * total), error * total, 100 * float(forth - back)


@dataclass(frozen=True)
class _Lines:
    """By how much each line along the bone's normals grows by each direction (2 x n, mm), where it begins (n x 3),
    its direction (n x 3), length (mm), areas of the bone and of the joint's surface (mm2), part and block.

    :param covered: which points of the bone's surface the lines begin at.
    """

    changes: np.ndarray
    points: np.ndarray
    normals: np.ndarray
    lengths: np.ndarray
    mesh: Mesh
    areas: np.ndarray
    outer_areas: np.ndarray
    parts: np.ndarray
    blocks: np.ndarray
    covered: np.ndarray

    @classmethod
    def of(cls, measurement: KneeMeasurement, midway: Midway) -> _Lines:
        surface = measurement.surface
        covered = surface.covered & np.isfinite(measurement.thickness)
        points, normals = surface.bone.points[covered], surface.normals[covered]
        lengths = measurement.thickness[covered]
        ends = points + lengths[:, None] * normals
        turned = midway.half.directions(normals)
        # Along the normal only: the length of the line itself grows by whatever moves its end sideways.
        changes = [
            np.sum((end.displacement - start.displacement) * turned, axis=1)
            for start, end in zip(midway.carry(points), midway.carry(ends))
        ]
        return cls(
            np.stack(changes),
            points,
            normals,
            lengths,
            surface.bone,
            surface.bone.areas[covered],
            _outer_areas(surface.bone, covered, ends),
            measurement.parts[covered],
            _blocks(points),
            covered,
        )

    def change(self, region: Region, refined: np.ndarray, seen: np.ndarray) -> tuple[float, float, float, float]:
        """Mean change of the thickness (mm), by how much more the volume changes than by registration alone (mm3), the
        error of the thickness (mm), and the share of the area where edges are seen."""
        chosen = in_region(self.parts, region)
        areas, blocks = self.areas[chosen], self.blocks[chosen]
        if not areas.sum():
            return (math.nan,) * 4
        forth, back = self.changes[:, chosen]
        both = refined[chosen]
        disagreement = float(np.average(forth - back, weights=areas))
        error = math.hypot(_jackknife(both, areas, blocks), disagreement / 2)
        refinement = float(np.sum((both - (forth + back) / 2) * self.outer_areas[chosen]))
        return float(np.average(both, weights=areas)), refinement, error, float(np.average(seen[chosen], weights=areas))


def _refined(
    images: tuple[sitk.Image, sitk.Image], lines: _Lines, motion: Motion
) -> tuple[np.ndarray, np.ndarray, Motion]:
    """How the edge of the cartilage has moved (mm) at the end of each line, from where registration expects it; whether
    it is seen; and the refined motion of the bone."""
    points, normals, areas = lines.points, lines.normals, lines.areas
    neighborhood = Neighborhood(lines.mesh, lines.covered)
    own, others = Lines(images[0], points), Lines(images[1], motion.points(points))
    motion = refine(motion, own, others, points, normals, areas, neighborhood)
    thickness = neighborhood.smooth(lines.lengths, _SMOOTHING_ROUNDS)
    expected = neighborhood.smooth(lines.changes.mean(axis=0), _SMOOTHING_ROUNDS)
    ends = points + thickness[:, None] * normals
    blur = (blur_of(Grid.of(images[0])) + blur_of(Grid.of(images[1]))) / 2
    thick = thickness > _LEAST_BLURS * blur
    shift = find_shift(
        own.values(ends, normals),
        others.values(motion.points(ends), motion.directions(normals)),
        areas * thick,
        neighborhood,
        blur,
        expected,
    )
    informed = shift.information > _LEAST_INFORMATION * np.median(shift.information[thick])
    seen = thick & (shift.likeness > _ALIKE) & informed
    # Thin cartilage, where no edge is looked for, has less to lose than what lies around it.
    share = np.minimum(thickness / (_LEAST_BLURS * blur), 1)
    return expected + share * (shift.local - expected), seen, motion


def _outer_areas(bone: Mesh, covered: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The areas that the ends of the lines stand for; no more than twice the bone's, where lines fan out at the rim."""
    number = np.cumsum(covered) - 1
    triangles = bone.triangles[covered[bone.triangles].all(axis=1)]
    return np.minimum(Mesh(ends, number[triangles]).areas, 2 * bone.areas[covered])


def _blocks(points: np.ndarray) -> np.ndarray:
    """The number of the cube in which each point lies."""
    cubes = np.floor((points - points.min(axis=0)) / _BLOCK_MM).astype(int)
    return np.unique(cubes, axis=0, return_inverse=True)[1].ravel()


def _jackknife(values: np.ndarray, weights: np.ndarray, blocks: np.ndarray) -> float:
    """The standard error of a weighted mean, from leaving out one block after the other."""
    sums, totals = np.bincount(blocks, weights * values), np.bincount(blocks, weights)
    sums, totals = sums[totals > 0], totals[totals > 0]
    count = len(sums)
    if count < _FEWEST_BLOCKS:
        return math.nan
    without = (sums.sum() - sums) / (totals.sum() - totals)
    return float(np.sqrt((count - 1) / count * np.sum((without - without.mean()) ** 2)))
