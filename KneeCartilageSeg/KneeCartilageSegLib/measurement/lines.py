"""Gray values on lines along the bone's normals, means over neighboring lines, and where values rise or fall."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from scipy import ndimage
from scipy.sparse import csr_matrix, diags, identity
from scipy.sparse.csgraph import connected_components

from ..images.grid import Grid
from ..images.regions import crop_to_points
from .meshes import Mesh

STEP_MM = 0.1
"""Distance of the positions on a line."""

_REACH_MM = 2.0
_MARGIN_MM = 6.0  # of the image that is kept round the lines' ends: more than a spline's support
POSITIONS = np.arange(-_REACH_MM, _REACH_MM + STEP_MM / 2, STEP_MM)
"""Positions on a line to both sides of where it begins, mm."""

# In parts of the cube root of the voxel's volume: the blur of voxels and interpolation.
_BLUR_VOXELS = 0.65


class Lines:
    """Gray values on lines through an image, by cubic splines.

    :param image: 3-D scalar.
    :param points: n x 3 (mm, LPS), near which all lines will lie.
    :param reach: how far lines go from there, mm.
    """

    def __init__(self, image: sitk.Image, points: np.ndarray, reach: float = _REACH_MM):
        part = crop_to_points(image, points, _MARGIN_MM + reach - _REACH_MM)
        self._grid = Grid.of(part)
        values = sitk.GetArrayFromImage(part).astype(np.float32)
        self._spline = ndimage.spline_filter(np.nan_to_num(values), 3, output=np.float32, mode="nearest")

    def values(self, points: np.ndarray, normals: np.ndarray, positions: np.ndarray = POSITIONS) -> np.ndarray:
        """The gray values at positions (m, mm) along normals from points (both n x 3): n x m."""
        values = np.empty((len(points), len(positions)), np.float32)
        for column, position in enumerate(positions):
            indices = self._grid.indices(points + position * normals)[:, ::-1].T
            ndimage.map_coordinates(self._spline, indices, values[:, column], order=3, mode="nearest", prefilter=False)
        return values


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

    def patches(self, chosen: np.ndarray) -> np.ndarray:
        """For each point the number of its connected patch of chosen points (n, bool), 0 for the others."""
        numbers = np.zeros(len(chosen), int)
        numbers[chosen] = 1 + connected_components(self._mean[chosen][:, chosen], directed=False)[1]
        return numbers

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


def window(lines: np.ndarray, first: float, centers: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """The values of lines at positions round their centers, linear in between: n x positions.

    :param first: position of the first of the lines' values, mm.
    :param centers: of each line (n) or all of its windows (n x 1), mm.
    """
    index = np.clip((positions + centers[:, None] - first) / STEP_MM, 0, lines.shape[1] - 1.001)
    below = index.astype(int)
    row, share = np.arange(len(lines))[:, None], (index - below).astype(lines.dtype)
    return lines[row, below] * (1 - share) + lines[row, below + 1] * share


def blur_of(grid: Grid) -> float:
    """The standard deviation (mm) of an edge in an image with such voxels."""
    return float(_BLUR_VOXELS * np.cbrt(grid.voxel_volume))
