"""Where medial, posterior and superior are: from the shape of the cartilage, the femur, and the images' frame."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from scipy import ndimage

from ..errors import InputError, Problem
from ..images.grid import Grid

_SMOOTHING_MM = 0.8
_FLAT = 0.02  # gradient per voxel below which a place is no surface

_COLUMN_MM = 1.0  # the notch is looked for in columns of this width
_COLUMNS = 5  # of which the median tells how far back the cartilage reaches: single ones do not decide
_LEAST_NOTCH_MM = 8.0  # depth; those of whole knees are 27 to 40 mm deep
_LEAST_EXTENT_MM = 20.0  # in each direction; a child's cartilage has more
_SURE_OFFSET = 0.02
_WHOLE = "Give the whole femoral cartilage, both condyles and the trochlea, or measure without regions"


def cylinder_axis(inside: np.ndarray, grid: Grid) -> np.ndarray:
    """The axis (3, unit, LPS) about which the cartilage lies like part of a tube: medial-lateral, of unknown sign.

    It is the direction in which the mask's surface normals point least: the eigenvector of the smallest eigenvalue of
    the structure tensor (Bigun and Granlund 1987), summed over the mask.

    :param inside: mask (z, y, x).
    """
    smoothed = ndimage.gaussian_filter(inside.astype(np.float32), _SMOOTHING_MM / grid.spacing[::-1])
    parts = np.gradient(smoothed)[::-1]
    steep = np.abs(parts[0]) + np.abs(parts[1]) + np.abs(parts[2]) > _FLAT
    normals = np.stack([part[steep] for part in parts], axis=1) @ np.linalg.inv(grid.matrix)
    return np.linalg.eigh((normals.T @ normals).astype(float))[1][:, 0]


def plane_of(axis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two unit vectors that span the plane perpendicular to an axis."""
    other = np.eye(3)[np.argmin(np.abs(axis))]
    first = np.cross(axis, other)
    first /= np.linalg.norm(first)
    return first, np.cross(axis, first)


def fit_circle(points: np.ndarray) -> tuple[np.ndarray, float]:
    """Center (2) and radius of the circle through points (n x 2) by algebraic least squares (Kasa 1976)."""
    system = np.column_stack([2 * points, np.ones(len(points))])
    solution = np.linalg.lstsq(system, np.sum(points**2, axis=1), rcond=None)[0]
    center = solution[:2]
    return center, float(np.sqrt(solution[2] + center @ center))


class Side(Enum):
    """Which knee it is."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class Orientation:
    """The knee's own directions, and its notch. Positions along a direction are ``point @ direction``, in mm.

    :param medial: unit vector (3, LPS).
    :param posterior: unit vector.
    :param superior: unit vector.
    :param side: which knee it is.
    :param notch_medial: position of the notch's middle along ``medial``.
    :param notch_posterior: position along ``posterior`` where the notch begins: its anterior end.
    :param trochlea_offset: how far the middle of the trochlea lies lateral of the notch, in parts of the cartilage's
        width. On this the side rests if it was not given; 0.04 to 0.13 in the knees it was tried on.
    :param notes: what a reader should know, in sentences.
    """

    medial: np.ndarray
    posterior: np.ndarray
    superior: np.ndarray
    side: Side
    notch_medial: float
    notch_posterior: float
    trochlea_offset: float
    notes: tuple[str, ...] = ()


def find_orientation(
    points: np.ndarray, normals: np.ndarray, areas: np.ndarray, axis: np.ndarray, side: Side | None = None
) -> Orientation:
    """Find the knee's directions from the bone's surface under its cartilage.

    - *Medial-lateral* is the axis about which the cartilage lies like part of a tube (:func:`cylinder_axis`).
    - *Superior* is an axis of the images' frame, as the regions of Wirth and Eckstein are cut in the scanner's planes:
      the one that comes nearest to where the tube is open, which is where the shaft leaves it. That is the patient's
      superior if the frame is right; where a file lost its frame, the anatomy still decides.
    - *Posterior* is where the notch parts the cartilage.
    - *Lateral* is the side of the notch on which more of the trochlea lies: its lateral facet is the larger one and
      reaches higher. With a given side, medial is where the frame has the other leg.

    A frame that mirrors the patient makes a left knee of a right one; no image shows that.

    :param points: of the bone's surface where cartilage covers it (n x 3, mm, LPS).
    :param normals: unit vectors out of the bone (n x 3).
    :param areas: of the points (n, mm2).
    :param axis: of :func:`cylinder_axis`.
    :param side: if it is known.
    :raises InputError: if it is too short in one direction or has no notch, so that this is no whole femoral cartilage.
    """
    superior = _superior(-(areas @ normals), axis)
    across = axis * (1.0 if axis[0] >= 0 else -1.0)  # towards the patient's left
    notches = [_find_notch(points @ across, points @ (sign * np.cross(superior, across))) for sign in (1.0, -1.0)]
    sign, notch = max(zip((1.0, -1.0), notches), key=lambda found: found[1].depth)
    posterior = sign * np.cross(superior, across)
    extent = float(np.ptp(points @ np.stack([across, posterior, superior], axis=1), axis=0).min())
    if extent < _LEAST_EXTENT_MM:
        raise InputError([Problem(f"the cartilage is only {extent:.0f} mm long in one direction", _WHOLE)])
    trochlea = points @ posterior < notch.begin
    if notch.depth < _LEAST_NOTCH_MM or not trochlea.any():
        raise InputError([Problem("no intercondylar notch was found in the cartilage", _WHOLE)])
    width = np.ptp(points @ across)
    to_left = float(np.average(points[trochlea] @ across - notch.middle, weights=areas[trochlea]) / width)
    seen = _seen_side(to_left, across, posterior, superior)
    medial = across * (-1.0 if to_left > 0 else 1.0)
    if side is not None:
        medial = medial if side is seen else -medial
    notes = _notes(superior, posterior, abs(to_left), side, seen)
    middle = notch.middle if medial @ across > 0 else -notch.middle
    return Orientation(medial, posterior, superior, side or seen, middle, notch.begin, abs(to_left), notes)


def _superior(opening: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """The axis of the frame, made perpendicular to the medial-lateral axis, that is nearest to where the tube opens."""
    candidates = np.concatenate([np.eye(3), -np.eye(3)])
    candidates = candidates - np.outer(candidates @ axis, axis)
    lengths = np.linalg.norm(candidates, axis=1)
    best = int(np.argmax(candidates @ opening))
    return candidates[best] / lengths[best]


def _seen_side(to_left: float, across: np.ndarray, posterior: np.ndarray, superior: np.ndarray) -> Side:
    """The side that the anatomy tells.

    :param to_left: how far the trochlea lies along ``across`` from the notch; there is lateral.
    """
    lateral = across * np.sign(to_left)
    # Of superior, posterior and right, each points where the cross product of the other two does.
    right = np.cross(posterior, superior) @ lateral < 0
    return Side.RIGHT if right else Side.LEFT


def _notes(
    superior: np.ndarray, posterior: np.ndarray, offset: float, side: Side | None, seen: Side
) -> tuple[str, ...]:
    notes = []
    if superior[2] < 0.5 or posterior[1] < 0.5:
        notes.append("the image's frame does not fit the anatomy, which was believed")
    if side is None and offset < _SURE_OFFSET:
        notes.append("the trochlea is nearly symmetric, so medial and lateral may be exchanged: give the side")
    if side is not None and side is not seen and offset >= _SURE_OFFSET:
        notes.append(f"the shape of the trochlea is that of a {seen.value} knee, or the image is mirrored")
    return tuple(notes)


@dataclass(frozen=True)
class _Notch:
    """Where the notch's middle is across the knee, where it begins from front to back, and how deep it is, in mm."""

    middle: float
    begin: float
    depth: float


def _find_notch(across: np.ndarray, back: np.ndarray) -> _Notch:
    """Find the valley in how far back the cartilage reaches, in its middle half.

    :param across: positions of the cartilage's points from side to side, mm.
    :param back: positions from front to back, mm.
    """
    first, last = np.quantile(across, [0.002, 0.998])
    # The same columns whichever way the positions run.
    half_count = int(np.ceil((last - first) / 2 / _COLUMN_MM))
    edges = (first + last) / 2 + _COLUMN_MM * np.arange(-half_count, half_count + 1)
    column = np.digitize(across, edges) - 1
    found = [back[column == i] for i in range(len(edges) - 1)]
    furthest = np.array([values.max(initial=-np.inf) for values in found])
    reach = ndimage.median_filter(furthest, _COLUMNS, mode="nearest")
    count = len(reach)
    middle = slice(count // 4, max(count // 4 + 1, count - count // 4))
    valley = middle.start + int(np.argmin(np.where(np.isfinite(reach[middle]), reach[middle], np.inf)))
    before, behind = reach[: valley + 1], reach[valley:]
    begin = float(reach[valley])
    depth = float(min(before.max(), behind.max()) - begin)
    half = begin + depth / 2
    low = valley - int(np.argmax(before[::-1] > half))
    high = valley + int(np.argmax(behind > half))
    return _Notch(float((edges[low] + edges[high + 1]) / 2), begin, depth)
