"""Where on the cartilage two images match, and where they do not.

The match as a whole (:mod:`.match`) says whether the knees lie on each other. It does not see that a third of the
cartilage lies in a metal void, or has a shape there that the reference does not have. So the match is also measured in
the surroundings of each point of the cartilage's surface: how well do the gray values of the reference predict those of
the moving image?
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

from ..images.gray import gray_range
from ..images.regions import bounding_box, crop, crop_to_points, mask_points, shrink
from ..images.transforms import Chain, coarse_grid, displacement_field, map_points
from .match import MATCH_SPACING

POOR = 0.7
"""The local correlation below which a place matches badly: in knees that were segmented well (Dice 0.8 and more), a
fifth of the surface does, next to menisci, fluid and osteophytes above all."""

_RADIUS = 2.5  # mm, of the surroundings of a point: cartilage with what is on either side of it
_MARGIN = 5.0  # mm
_FIELD_SPACING = 1.5  # mm; well below the control points of the B-splines
_POINTS = 4000
_BINS = 24  # of the reference's gray values
_NEAR = 4  # voxels round the mask from which gray values are predicted
# Of the deviation of all gray values near the cartilage, added to those in the surroundings of a point: where an image
# shows nothing there is no correlation, by chance or otherwise.
_FLAT = 0.15
_FEWEST = 1000  # voxels


@dataclass(frozen=True)
class LocalMatch:
    """How well the surroundings of points of the cartilage's surface match.

    :param mean: of the correlation of predicted and real gray values, -1 to 1.
    :param poor: the share of the surface where it is below :data:`POOR`, 0 to 1.
    """

    mean: float
    poor: float


NO_LOCAL_MATCH = LocalMatch(0.0, 1.0)


class LocalSampler:
    """Measures the local match of moving images with a reference.

    :param image: the reference.
    :param mask: its cartilage, on the same grid.
    """

    def __init__(self, image: sitk.Image, mask: sitk.Image):
        first, size = bounding_box(mask)
        self._points = mask_points(mask, _POINTS)
        gray = gray_range(image, self._points)
        self._grid = shrink(gray.apply(crop(image, first, size, _MARGIN)), MATCH_SPACING)
        part = sitk.Cast(crop(mask, first, size, _MARGIN) != 0, sitk.sitkFloat32)
        inside = sitk.GetArrayFromImage(shrink(part, MATCH_SPACING)) >= 0.5
        self._near = ndimage.binary_dilation(inside, iterations=_NEAR)
        self._surface = ndimage.binary_dilation(inside) & ~ndimage.binary_erosion(inside)
        spacing = np.array(self._grid.GetSpacing()[::-1])
        self._window = (2 * np.maximum(1, np.round(_RADIUS / spacing)) + 1).astype(int)

    def measure(self, moving: sitk.Image, chain: Chain) -> LocalMatch:
        """The local match where a chain puts the reference's points.

        Places outside the moving image are left out.

        :param moving: as it is; only what lies within the range of its gray values counts.
        """
        mapped = map_points(chain.composite(), self._points)
        gray = gray_range(moving, mapped)
        around = shrink(gray.apply(crop_to_points(moving, mapped, 2 * _MARGIN)), MATCH_SPACING)
        field = displacement_field(chain.composite(), coarse_grid(self._grid, _FIELD_SPACING))
        transform = sitk.DisplacementFieldTransform(field)
        warped = sitk.GetArrayFromImage(sitk.Resample(around, self._grid, transform, sitk.sitkLinear, float("nan")))
        known = np.isfinite(warped)
        if np.count_nonzero(known & self._near) < _FEWEST:
            return NO_LOCAL_MATCH
        correlation, seen = self._correlation(np.nan_to_num(warped), known)
        values = correlation[self._surface & seen]
        if not values.size:
            return NO_LOCAL_MATCH
        return LocalMatch(float(values.mean()), float((values < POOR).mean()))

    def _correlation(self, warped: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The correlation of what is predicted and what is there round each voxel, and which voxels lie inside."""
        predicted = self._predict(warped, known)
        weight = ndimage.uniform_filter(known.astype(np.float32), self._window)

        def mean(values: np.ndarray) -> np.ndarray:
            return ndimage.uniform_filter(values * known, self._window) / np.maximum(weight, 1e-3)

        means = mean(predicted), mean(warped)
        floor = _FLAT**2 * float(warped[known & self._near].var())
        variances = [np.maximum(mean(v**2) - m**2, 0) + floor for v, m in zip((predicted, warped), means)]
        covariance = mean(predicted * warped) - means[0] * means[1]
        return covariance / np.sqrt(variances[0] * variances[1]), weight > 0.5

    def _predict(self, warped: np.ndarray, known: np.ndarray) -> np.ndarray:
        """The mean gray value of the moving image for each of the reference's, as in a correlation ratio (Roche et al.,
        MICCAI 1998, https://doi.org/10.1007/BFb0056301): it does not matter which contrast the images have."""
        values = sitk.GetArrayViewFromImage(self._grid)
        used = known & self._near
        edges = np.unique(np.percentile(values[used], np.linspace(0, 100, _BINS + 1)[1:-1]))
        bins = np.digitize(values, edges)
        counts = np.bincount(bins[used], minlength=len(edges) + 1)
        sums = np.bincount(bins[used], warped[used], minlength=len(edges) + 1)
        return (sums / np.maximum(counts, 1)).astype(np.float32)[bins]
