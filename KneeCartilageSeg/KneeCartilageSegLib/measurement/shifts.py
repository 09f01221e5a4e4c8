"""How far the edge of the cartilage has moved between two images, along lines, and relative to the bone.

With a and b the values of both images on a line, an edge that lies d further out in b makes b - a = -d g, with g the
slope of their mean (Lucas and Kanade, An iterative image registration technique, IJCAI 1981), which least squares
solve for d. A constant, and a part in proportion to the values, as another contrast makes it, are fitted beside and do
not count. The lines of both images then follow the edge, half each, and it is solved again.

Which edge? A film of fluid as bright as cartilage, or cartilage upon cartilage, has none where the cartilage ends, and
one further out that stays where it is. To take it for that of the cartilage is to find a third too little of every
loss. So only lines count whose steepest place lies where the mask ends, and in the other image as far from there as
those of most lines around. Elsewhere cartilage is thought to lose the same part of its thickness as around.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import KneeError
from .lines import STEP_MM
from .profiles import Profiles

_WINDOW_BLURS, _BONE_WINDOW_BLURS = 3.3, 2.2
_LEAST_BLURS = 4.3  # of thickness: where it is less, the edges of bone and joint are one
_SMOOTHED_BEFORE = 3  # rounds over the neighbors, of lines
_SMOOTHED_BONE = _SMOOTHED_AROUND = 100  # of what they say
_SMOOTHED_AFTER = (300, 50, 8)  # from coarse to fine
_DOUBT = 0.3  # of the median information: where there is less, what more neighbors say counts more
# Of the median: lines with more information count no more than with this. The part that is lost differs from place to
# place by more than lines with good contrast are wrong.
_ENOUGH = 0.2
_SEARCHED_MM = 1.5  # for an edge, to both sides of the mask's surface
_OF_BONE_MM = 0.7  # where the bone's edge is left behind
_OFF_MM = 0.3  # an edge may be from the mask's surface, and from where most around have moved; films are thicker
_LARGEST_GAIN_MM = 0.45  # what is further out may be the outer edge of a film
_OUTLYING_MM, _FITS = 0.8, 5  # of Tukey's biweight
_STEEP = 0.3  # of the value of cartilage, per mm
_ALIKE = 0.95  # correlation
_ROUNDS = 3
_LARGEST_CHANGE_MM = 1.8
_FEWEST_LINES = 50

_NOT_SEEN = (
    "the edge of the cartilage does not show alike in both images: check that they are of the same sequence, and that "
    "the masks lie on the image"
)


@dataclass(frozen=True)
class Shifts:
    """How the thickness of the cartilage has changed by its edge.

    :param relative: change of the thickness in parts of it, on each line (n).
    :param seen: where the edge was measured (n, bool).
    :param told: the same of each line alone, multiplied by its weight (n), and the weight (n): 2 x n.
    """

    relative: np.ndarray
    seen: np.ndarray
    told: np.ndarray


def find_shifts(profiles: Profiles, blur: float, apart: np.ndarray) -> Shifts:
    """Measure by how much the edge of the cartilage has moved away from the bone.

    :param blur: standard deviation of the edges, mm.
    :param apart: lines to be left out (n, bool).
    :raises KneeError: if the edge does not show.
    """
    bone = _shift_of_bone(profiles, blur)
    thickness = profiles.thickness
    seen, moved = _seen(profiles, blur, ~apart)
    if seen.sum() < _FEWEST_LINES:
        raise refusal(thickness, blur)
    relative = (moved - bone) / thickness
    for _ in range(_ROUNDS):
        shift = np.clip(bone + relative * thickness, -_LARGEST_CHANGE_MM, _LARGEST_CHANGE_MM)
        moment, information = _solve(profiles, thickness, shift, _WINDOW_BLURS * blur)
        weight = seen * profiles.areas / (information + _ENOUGH * np.median(information[seen]))
        told = weight * thickness * np.stack([moment + information * (shift - bone), information * thickness])
        relative = _filled(profiles, told, seen)
    return Shifts(relative, seen, told)


def refusal(thickness: np.ndarray, blur: float) -> KneeError:
    """Why the edge does not show on enough lines.

    :param thickness: of the cartilage on each line, mm.
    :param blur: standard deviation of the edges, mm.
    """
    half, least = float(np.median(thickness)), _LEAST_BLURS * blur
    if half > least:
        return KneeError(_NOT_SEEN)
    return KneeError(
        f"the voxels are too large for this cartilage: half of it is thinner than {half:.2g} mm, and with these voxels "
        f"the edges of bone and joint are one below {least:.2g} mm. Use scans with smaller voxels"
    )


def _shift_of_bone(profiles: Profiles, blur: float) -> np.ndarray:
    """By how much the bone's own edge lies further out in the second image, as the mean of lines around: what the
    motion of the whole bone leaves."""
    nowhere = np.zeros(len(profiles.thickness))
    moment, information = _solve(profiles, nowhere, nowhere, _BONE_WINDOW_BLURS * blur)
    weight = profiles.areas / (information + np.median(information))
    near = profiles.neighborhood.smooth(weight[:, None] * np.stack([moment, information], axis=1), _SMOOTHED_BONE)
    return near[:, 0] / near[:, 1]


def _seen(profiles: Profiles, blur: float, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which of the chosen lines (n, bool) show the edge, and alike, in both images; and about how far edges have moved
    around each line, mm."""
    thickness, positions = profiles.thickness, _positions(_SEARCHED_MM)
    both = profiles.windows(np.stack([thickness] * 2, axis=1), positions, _SMOOTHED_BEFORE)
    near_bone = thickness[:, None] + positions < _OF_BONE_MM
    slopes = [np.where(near_bone, 0, np.gradient(values, STEP_MM, axis=1)) for values in both]
    at = [np.abs(slope).argmax(axis=1) for slope in slopes]
    row = np.arange(len(thickness))
    first, second = (slope[row, place] for slope, place in zip(slopes, at))
    place, other = (positions[place] for place in at)
    seen = chosen & (np.minimum(np.abs(first), np.abs(second)) > _STEEP * profiles.level()) & (first * second > 0)
    seen &= (np.abs(place) < _OFF_MM + STEP_MM / 2) & (thickness > _LEAST_BLURS * blur)
    seen &= other - place < _LARGEST_GAIN_MM
    moved = _around(profiles, other - place, seen)
    seen &= np.abs(other - place - moved) < _OFF_MM + STEP_MM / 2
    centers = np.stack([thickness - moved / 2, thickness + moved / 2], axis=1)
    windows = profiles.windows(centers, _positions(_WINDOW_BLURS * blur), _SMOOTHED_BEFORE)
    return seen & (_correlation(*windows) > _ALIKE), moved


def _around(profiles: Profiles, moved: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """What most of the lines seen around each line have in common."""
    around = np.full(len(moved), np.median(moved[seen]) if seen.any() else 0.0)
    for _ in range(_FITS):
        weight = seen * profiles.areas * np.clip(1 - ((moved - around) / _OUTLYING_MM) ** 2, 0, None) ** 2
        doubt = _DOUBT * np.median(profiles.areas)
        near = profiles.neighborhood.smooth(np.stack([weight * moved, weight], axis=1), _SMOOTHED_AROUND)
        around = (near[:, 0] + doubt * around) / (near[:, 1] + doubt)
    return around


def _correlation(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    first, second = (values - values.mean(axis=1, keepdims=True) for values in (first, second))
    size = np.sqrt(np.sum(first**2, axis=1) * np.sum(second**2, axis=1))
    return np.sum(first * second, axis=1) / np.maximum(size, np.finfo(np.float32).tiny)


def _solve(profiles: Profiles, centers: np.ndarray, shift: np.ndarray, half: float) -> tuple[np.ndarray, np.ndarray]:
    """Information times what is left of the shift (mm) of each line, and the information."""
    centers = np.stack([centers - shift / 2, centers + shift / 2], axis=1)
    first, second = profiles.windows(centers, _positions(half), _SMOOTHED_BEFORE)
    mean = (first + second) / 2
    slope, difference = np.gradient(mean, STEP_MM, axis=1), second - first
    for other in (np.ones_like(mean), mean - mean.mean(axis=1, keepdims=True)):
        slope, difference = (_without(values, other) for values in (slope, difference))
    return -np.sum(slope * difference, axis=1), np.sum(slope**2, axis=1)


def _without(values: np.ndarray, other: np.ndarray) -> np.ndarray:
    """What is left of rows of values after the least-squares fit of other rows."""
    size = np.maximum(np.sum(other**2, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return values - other * (np.sum(values * other, axis=1, keepdims=True) / size)


def _positions(half: float) -> np.ndarray:
    steps = round(half / STEP_MM)
    return np.arange(-steps, steps + 1) * STEP_MM


def _filled(profiles: Profiles, told: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """The relative change that lines near each line tell; where these know little, those of a wider neighborhood, and
    at last of all lines. Zero in their place would make every change smaller."""
    doubt = _DOUBT * np.median(told[1, seen])
    relative = np.full(told.shape[1], told[0].sum() / told[1].sum())
    for rounds in _SMOOTHED_AFTER:
        near = profiles.neighborhood.smooth(told.T, rounds)
        relative = (near[:, 0] + doubt * relative) / (near[:, 1] + doubt)
    return relative
