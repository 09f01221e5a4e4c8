"""Where the cartilage ends on the lines along the bone's normals, and how far that has moved between two images.

An edge is a step of gray values blurred by the scanner: with x the position on the line,
I(x) = a + b x + c P((x - e) / s) with P the normal distribution function, e its place and c its contrast, bright to
dark or dark to bright. For small e that is a + b x + c P(x / s) - c e p(x / s) / s with p the normal density, linear in
a, b, c and c e, which least squares give at once. What a place weighs follows from the contrast there, since cartilage
beside fluid that looks like it says nothing, and from how alike both lines are, since fluid may have come or gone.

Both images are treated alike: exchanging them turns the sign.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from scipy import ndimage
from scipy.sparse import csr_matrix, diags, identity
from scipy.special import ndtr

from ..images.grid import Grid
from ..images.regions import crop_to_points
from .meshes import Mesh

STEP_MM = 0.1
"""Distance of the positions on a line."""

_REACH_MM = 2.0  # of a line to both sides of where it begins
_MARGIN_MM = 6.0  # of the image that is kept round the lines: more than a spline's support
POSITIONS = np.arange(-_REACH_MM, _REACH_MM + STEP_MM / 2, STEP_MM)
"""Positions on a line, mm."""

# In parts of the cube root of the voxel's volume: the blur of voxels and interpolation.
_BLUR_VOXELS = 0.65
_WINDOW_BLURS = 2.0
_COMPARED_BLURS = 2.7
_IMPOSED_MM = 0.1
_SMOOTHED_BEFORE = 3  # rounds over the neighbors, of lines
_SMOOTHED_AFTER = (300, 50, 8)  # of what they say, from coarse to fine
# Of the median information: where there is less, what more neighbors say counts more. A thin film of fluid between two
# cartilages has two edges, and little information that is wrong, so that more finds more of a loss of 3 %; in small
# joints, less finds the motion's error again where nothing has changed.
_DOUBT = 0.3
_ROUNDS = 3
_LARGEST_STEP_MM, _LARGEST_CHANGE_MM, _LARGEST_OFFSET_MM = 0.3, 1.8, 0.6


class Lines:
    """Gray values on lines through an image, by cubic splines.

    :param image: 3-D scalar.
    :param points: n x 3 (mm, LPS), near which all lines will lie.
    """

    def __init__(self, image: sitk.Image, points: np.ndarray):
        part = crop_to_points(image, points, _MARGIN_MM)
        self._grid = Grid.of(part)
        values = sitk.GetArrayFromImage(part).astype(np.float32)
        self._spline = ndimage.spline_filter(np.nan_to_num(values), 3, output=np.float32, mode="nearest")

    def values(self, points: np.ndarray, normals: np.ndarray) -> np.ndarray:
        """The gray values at :data:`POSITIONS` along normals from points (both n x 3): n x positions."""
        places = points[:, None] + POSITIONS[:, None] * normals[:, None]
        indices = self._grid.indices(places.reshape(-1, 3))[:, ::-1].T
        values = ndimage.map_coordinates(self._spline, indices, np.float32, order=3, mode="nearest", prefilter=False)
        return values.reshape(len(points), -1)


class Neighborhood:
    """Means over neighbors on a surface.

    :param mesh: of the surface.
    :param chosen: which of its points take part (n, bool).
    """

    def __init__(self, mesh: Mesh, chosen: np.ndarray):
        near = csr_matrix(mesh.neighbors[chosen][:, chosen], dtype=np.float32)
        near.data[:] = 1
        near = near + identity(near.shape[0], dtype=np.float32)
        self._mean = csr_matrix(diags(1 / np.asarray(near.sum(axis=1)).ravel()) @ near)

    def smooth(self, values: np.ndarray, rounds: int) -> np.ndarray:
        """Values at the points (n or n x m), each replaced by the mean with its neighbors, a number of rounds."""
        for _ in range(rounds):
            values = self._mean @ values
        return values


def steepest(lines: np.ndarray, reach: float, rising: bool) -> tuple[np.ndarray, np.ndarray]:
    """Where values on lines (n x positions) rise or fall most steeply within a reach (mm) of the middle.

    :return: the place on each line (mm), and whether the steepest place lies inside the reach and not at its end.
    """
    slopes = np.gradient(lines, STEP_MM, axis=1) * (1 if rising else -1)
    middle, half = len(POSITIONS) // 2, int(reach / STEP_MM)
    found = np.argmax(slopes[:, middle - half : middle + half + 1], axis=1) + middle - half
    found = np.clip(found, 1, slopes.shape[1] - 2)
    row = np.arange(len(lines))
    before, at, behind = slopes[row, found - 1], slopes[row, found], slopes[row, found + 1]
    inside = (at >= before) & (at >= behind) & (at > 0)
    curvature = before - 2 * at + behind
    shift = np.where(inside & (curvature < 0), 0.5 * (before - behind) / np.minimum(curvature, -1e-9), 0.0)
    return POSITIONS[found] + STEP_MM * shift, inside


@dataclass(frozen=True)
class Shift:
    """How far edges lie further out in the second image than in the first.

    :param local: at each line, mm; where little is seen, by as much more than expected as around it.
    :param likeness: how alike the images are at each line, 0 (something else is there) to 1.
    :param information: what each line knows about it, in the same unit whatever the line: contrast squared times area.
    """

    local: np.ndarray
    likeness: np.ndarray
    information: np.ndarray


@dataclass(frozen=True)
class _Fit:
    """The least squares of a window of a line: its positions (mm), what gives c and c e, and the positions at which
    lines are compared."""

    positions: np.ndarray
    solution: np.ndarray
    compared: np.ndarray

    @classmethod
    def of(cls, blur: float) -> _Fit:
        x, compared = (_positions(blurs * blur) for blurs in (_WINDOW_BLURS, _COMPARED_BLURS))
        bell = np.exp(-0.5 * (x / blur) ** 2) / (blur * np.sqrt(2 * np.pi))
        return cls(x, np.linalg.pinv(np.stack([np.ones_like(x), x, ndtr(x / blur), bell], axis=1))[2:], compared)

    def edges(self, lines: np.ndarray, centers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Contrast of the edges, and contrast times place of each from the center of its window."""
        contrast, negative = self.solution @ _window(lines, centers, self.positions).T
        return contrast, -negative

    def likeness(self, lines: list[np.ndarray], centers: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """The correlation of two images' lines round their edges, 0 to 1."""
        first, second = (_window(values, center, self.compared) for values, center in zip(lines, centers))
        first, second = (values - values.mean(axis=1, keepdims=True) for values in (first, second))
        size = np.sqrt(np.sum(first**2, axis=1) * np.sum(second**2, axis=1))
        return np.clip(np.sum(first * second, axis=1) / np.maximum(size, np.finfo(float).tiny), 0, 1)


def _positions(half: float) -> np.ndarray:
    steps = round(half / STEP_MM)
    return np.arange(-steps, steps + 1) * STEP_MM


def _window(lines: np.ndarray, centers: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """The values of lines at positions round their centers, linear in between."""
    index = np.clip((positions + centers[:, None] - POSITIONS[0]) / STEP_MM, 0, len(POSITIONS) - 1.001)
    below = index.astype(int)
    row, share = np.arange(len(lines))[:, None], index - below
    return lines[row, below] * (1 - share) + lines[row, below + 1] * share


def blur_of(grid: Grid) -> float:
    """The standard deviation (mm) of an edge in an image with such voxels."""
    return float(_BLUR_VOXELS * np.cbrt(grid.voxel_volume))


def find_shift(
    first: np.ndarray,
    second: np.ndarray,
    areas: np.ndarray,
    neighborhood: Neighborhood,
    blur: float,
    expected: np.ndarray,
) -> Shift:
    """How far the edges near the middle of lines have moved, from about where they are expected.

    Windows follow the edges in both images. What a shift does is measured on the images themselves, by shifting the
    windows: nothing has to be calibrated.

    :param first: n x positions, of :meth:`Lines.values`.
    :param second: likewise, of another image in the same places.
    :param areas: what each line stands for; 0 leaves it out.
    :param blur: standard deviation of the edges, mm.
    :param expected: the shift of each line (mm) from which to start.
    """
    fit = _Fit.of(blur)
    lines = [neighborhood.smooth(values, _SMOOTHED_BEFORE) for values in (first, second)]
    shift, offset = expected, np.zeros(len(first))
    for _ in range(_ROUNDS):
        moved, placed, information = _compare(fit, lines, offset, shift, areas)
        steps = np.clip(_means(moved, placed, information, areas, neighborhood), -_LARGEST_STEP_MM, _LARGEST_STEP_MM)
        shift = np.clip(shift + steps[:, 0], -_LARGEST_CHANGE_MM, _LARGEST_CHANGE_MM)
        offset = np.clip(offset + steps[:, 1], -_LARGEST_OFFSET_MM, _LARGEST_OFFSET_MM)
    moved, placed, information = _compare(fit, lines, offset, shift, areas)
    moment = moved + information * (shift - expected)
    found = expected + _means(moment, placed, information, areas, neighborhood)[:, 0]
    return Shift(found, fit.likeness(lines, (offset - shift / 2, offset + shift / 2)), information)


def _means(
    moved: np.ndarray, placed: np.ndarray, information: np.ndarray, areas: np.ndarray, neighborhood: Neighborhood
) -> np.ndarray:
    """The shift and the offset (n x 2, mm) that lines near each line tell; where these know little, those of a wider
    neighborhood, and at last of all lines. Zero in their place would make every change smaller."""
    told = np.stack([moved, placed, information], axis=1)
    doubt = _DOUBT * np.median(information[areas > 0])
    means = told[:, :2].sum(axis=0) / information.sum() * np.ones((len(told), 1))
    for rounds in _SMOOTHED_AFTER:
        near = neighborhood.smooth(told, rounds)
        means = (near[:, :2] + doubt * means) / (np.maximum(near[:, 2:], 0) + doubt)
    return means


def _compare(
    fit: _Fit, lines: list[np.ndarray], offset: np.ndarray, shift: np.ndarray, areas: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Information times the remaining shift, and times the remaining offset of both; and the information."""
    centers = offset - shift / 2, offset + shift / 2
    (contrast, place), (other_contrast, other_place) = (fit.edges(*pair) for pair in zip(lines, centers))
    own = np.abs(other_contrast) * np.sign(contrast) * place
    other = np.abs(contrast) * np.sign(other_contrast) * other_place
    areas = areas * fit.likeness(lines, centers)
    response = np.zeros(len(areas))
    weights = np.abs(other_contrast) * np.sign(contrast), np.abs(contrast) * np.sign(other_contrast)
    for values, center, weight in zip(lines, centers, weights):
        ahead, behind = (fit.edges(values, center + sign * _IMPOSED_MM / 2)[1] for sign in (1, -1))
        response += weight * (behind - ahead) / _IMPOSED_MM / 2
    return areas * (other - own), areas * (other + own) / 2, areas * response
