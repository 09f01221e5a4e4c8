"""Displacement fields of knees in the frame of a reference, their mean, and how far each is from it.

A registration of knee K to the reference R gives T, which maps points x of R's femur to points of K, in mm. The
displacement field of K in R is

    u(x) = Q^-1(T(x)) - x,    Q = argmin of the sum over x of |Q(x) - T(x)|^2

where Q is the rigid transform that fits T best over the points of the femur (Procrustes; Kabsch, Acta Cryst A 1976,
https://doi.org/10.1107/S0567739476001873). However the registration has divided its work between its stages, Q holds
all of the pose: for every rigid motion P, P(T(x)) has the same field as T(x). Bringing T back by Q expresses the field
in R's own frame, so that the fields of knees which lie differently in the scanner can be averaged. Size (the similarity
stage) and shape (the B-spline stage) stay in it. With :attr:`Field.SHAPE`, Q is the similarity transform that fits best
(Umeyama, IEEE PAMI 1991, https://doi.org/10.1109/34.88573), so that size is taken out as well and what remains is what
only the B-spline can express.

The points are the voxel centers of a grid of :data:`SPACING` mm inside the femur mask; each stands for the same volume,
so that plain means over them are means over the femur. The distance of K from the mean field m is the root mean square

    d(K) = sqrt(mean over x of |u(x) - m(x)|^2)    in mm,

which does not depend on the number of points and so can be compared between references.

Where T leaves K's image, as in the shaft of a femur that one image shows further up than another, the registration has
seen nothing. Fields are compared only where all knees are seen (:func:`common_support`): fitted, averaged or measured
over different parts of the femur, they would not be comparable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
import SimpleITK as sitk

from ..images.regions import bounding_box, crop
from ..images.transforms import coarse_grid

# mm. The control points of the femur's B-spline are 8 mm apart: its field has no detail that four points between two of
# them could miss.
SPACING = 2.0


class Field(Enum):
    """What is left in a displacement field besides the shape; the value is the word of the command line."""

    SIZE_AND_SHAPE = "size-and-shape"
    SHAPE = "shape"


@dataclass(frozen=True)
class Pose:
    """A similarity transform: ``scale * rotation @ x + translation``.

    :param rotation: 3 x 3.
    :param translation: 3, mm.
    :param scale: 1 for a rigid transform.
    """

    rotation: np.ndarray
    translation: np.ndarray
    scale: float

    def apply(self, points: np.ndarray) -> np.ndarray:
        """Points (n x 3, mm)."""
        return self.scale * points @ self.rotation.T + self.translation

    def undo(self, points: np.ndarray) -> np.ndarray:
        """The points (n x 3, mm) that :meth:`apply` brings to these."""
        return (points - self.translation) @ self.rotation / self.scale


def femur_points(mask: sitk.Image, spacing: float = SPACING) -> np.ndarray:
    """The voxel centers (n x 3, mm, LPS) of a grid of about ``spacing`` mm that lie in a mask's non-zero voxels."""
    grid = coarse_grid(crop(mask, *bounding_box(mask)), spacing)
    inside = sitk.GetArrayFromImage(sitk.Resample(mask, grid, sitk.Transform(), sitk.sitkNearestNeighbor)) != 0
    matrix = np.array(grid.GetDirection()).reshape(3, 3) * grid.GetSpacing()
    return np.argwhere(inside)[:, ::-1] @ matrix.T + grid.GetOrigin()


def fit_pose(points: np.ndarray, mapped: np.ndarray, scaled: bool = False) -> Pose:
    """The rigid transform that brings points closest to others, in the least-squares sense.

    Umeyama 1991 (https://doi.org/10.1109/34.88573), equations 40 to 42; never a reflection.

    :param points: n x 3, mm, not all on a line.
    :param mapped: n x 3, mm: where each of them should come to lie.
    :param scaled: fit a similarity transform instead.
    """
    middle, mapped_middle = points.mean(axis=0), mapped.mean(axis=0)
    centered, mapped_centered = points - middle, mapped - mapped_middle
    u, singular, vt = np.linalg.svd(mapped_centered.T @ centered)
    signs = np.array([1.0, 1.0, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    rotation = (u * signs) @ vt
    scale = float((singular * signs).sum() / (centered**2).sum()) if scaled else 1.0
    return Pose(rotation, mapped_middle - scale * rotation @ middle, scale)


def displacement(points: np.ndarray, mapped: np.ndarray, field: Field = Field.SIZE_AND_SHAPE) -> np.ndarray:
    """The displacement field of a knee in the reference's frame, without its pose: n x 3, mm, LPS.

    :param points: n x 3 (mm, LPS), in the reference's femur.
    :param mapped: n x 3 (mm, LPS): where the registration puts them in the knee; NaN for points outside its image.
    """
    points, mapped = np.asarray(points, float), np.asarray(mapped, float)
    seen = _seen(mapped)
    return fit_pose(points[seen], mapped[seen], field is Field.SHAPE).undo(mapped) - points


def common_support(mapped: Mapping[str, np.ndarray], fewest: float = 0.6) -> tuple[np.ndarray, list[str]]:
    """The points that all knees show, and the knees that have to be left out for them to be enough.

    :param mapped: of each knee, where its registration puts the points (n x 3); NaN for points outside its image.
    :param fewest: of the points, the share that is enough.
    :return: a truth value for each point, and the names of the knees that show least, in the order of leaving them out.
    """
    seen = {name: _seen(points) for name, points in mapped.items()}
    left_out: list[str] = []
    while len(seen) > 1 and np.all(list(seen.values()), axis=0).mean() < fewest:
        least = min(seen, key=lambda name: seen[name].mean())
        left_out.append(least)
        del seen[least]
    return np.all(list(seen.values()), axis=0), left_out


def root_mean_square(field: np.ndarray) -> float:
    """Of the lengths of n x 3 vectors, in their unit; vectors of NaN are left out."""
    return float(np.sqrt((np.asarray(field, float)[_seen(field)] ** 2).sum(axis=1).mean()))


def mean_field(fields: Iterable[np.ndarray]) -> np.ndarray:
    """The mean of fields (each n x 3) at each point over those that are known there; NaN where none is."""
    stacked = np.stack([np.asarray(field, float) for field in fields])
    known = np.isfinite(stacked)
    return np.where(known, stacked, 0).sum(axis=0) / np.where(known.any(axis=0), known.sum(axis=0), np.nan)


def _seen(field: np.ndarray) -> np.ndarray:
    return np.isfinite(field).all(axis=1)


@dataclass(frozen=True)
class Distances:
    """How far knees are from their mean.

    :param reference: the distance of a field of zeros, which is the reference's own, mm.
    :param knees: the distance of each knee, mm.
    """

    reference: float
    knees: Mapping[str, float]


def distances(fields: Mapping[str, np.ndarray]) -> Distances:
    """The distances of fields (each n x 3, mm, at the same points) from their mean."""
    mean = mean_field(fields.values())
    return Distances(root_mean_square(mean), {name: root_mean_square(own - mean) for name, own in fields.items()})
