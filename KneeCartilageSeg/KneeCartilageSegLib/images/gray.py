"""Gray values: the range that tissue has where the knee is, and images clipped and scaled to it.

Images hold values that are no tissue: fits that ran away, hot voxels, markers such as -1 or 4095 where nothing was
measured, NaN, air that is brighter than the knee. Registration and its checks divide the range from the least to the
greatest value into bins, so that one such voxel can leave a single bin to all of the knee. They are therefore given
images in a :class:`GrayRange`; the user's image and everything that is written keep their values.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import SimpleITK as sitk

from .regions import points_to_indices

# The 3 x 3 x 3 voxels round a point. Their median is tissue as long as most of them are: scattered voxels that are none
# do not reach it, whatever their value, up to about a third of all.
_NEIGHBORS = np.array(list(product((-1, 0, 1), repeat=3)))
# Of these 27, so many are equal at the face of a region of one value: a marker or background, since tissue has noise.
_CONSTANT = 18
_FEWEST_FINITE = 9
# Percent of the medians. What is no tissue but coherent is in the tails; the mass lies between the others, since each
# kind of tissue (marrow, cartilage, muscle, fat) is a few percent and more of what is round the femur.
_TAILS, _MASS = (0.5, 99.5), (10.0, 90.0)
# The range ends within so many widths of the mass: far enough for fluid where marrow is dark.
_REACH = 2.0
# Medians cut off what is thin in large voxels, such as cartilage: voxels themselves count, too, up to so many widths of
# the medians' range beyond it. Whatever is no tissue there can only double the range.
_THIN = 0.5
_NOISE = 0.05  # of the range is added at both ends
_FEWEST_POINTS = 200
_WHOLE_IMAGE_POINTS = 30_000
_UNIT = 1000.0  # what the range is scaled to; any would do


@dataclass(frozen=True)
class GrayRange:
    """The gray values of tissue.

    :param low: in the image's own unit.
    :param high: likewise, greater than ``low``.
    :param clipped: the share of the voxels looked at that lie outside or are no numbers, 0 to 1.
    """

    low: float
    high: float
    clipped: float

    def apply(self, image: sitk.Image) -> sitk.Image:
        """The image clipped to the range and scaled to 0 to 1000, float32; NaN becomes 0."""
        values = sitk.GetArrayViewFromImage(image)
        scaled = np.empty(values.shape, np.float32)
        for own, target in zip(values, scaled):  # slice by slice: double precision takes memory
            target[:] = self._scale(own)
        result = sitk.GetImageFromArray(scaled)
        result.CopyInformation(image)
        return result

    def scaled(self, value: float) -> float:
        """What :meth:`apply` would make of a value, were it not clipped."""
        return (value - self.low) / (self.high - self.low) * _UNIT

    def _scale(self, values: np.ndarray) -> np.ndarray:
        small = np.issubdtype(values.dtype, np.integer) and values.dtype.itemsize < 4
        # In double precision no other type of gray values overflows, and small contrasts on a large offset are kept.
        scaled = values.astype(np.float32 if small else np.float64)
        if not small:
            np.nan_to_num(scaled, copy=False, nan=self.low)
        np.clip(scaled, self.low, self.high, out=scaled)
        scaled -= self.low
        scaled *= _UNIT / (self.high - self.low)
        return scaled


def gray_range(image: sitk.Image, points: np.ndarray) -> GrayRange:
    """The range of the gray values of tissue near points; of the whole image, if they hardly lie in it.

    First from the 0.5th to the 99.5th percentile of the medians of the 3 x 3 x 3 voxels round each point, without
    regions of one value, but no further from their 10th and 90th than twice the distance between these. Then from the
    0.5th to the 99.5th percentile of the voxels that lie outside by no more than half a width; and 5 % more at both
    ends.

    :param points: n x 3 (mm, LPS), some thousands, spread over where the knee is.
    """
    found = _range_of(_neighborhoods(image, points))
    return found or gray_range_of_image(image)


def gray_range_of_image(image: sitk.Image) -> GrayRange:
    """The same from points spread over the whole image, with its air."""
    size = np.array(image.GetSize())
    step = max(1, int(np.cbrt(size.prod() / _WHOLE_IMAGE_POINTS)))
    axes = [np.arange(min(step // 2, n - 1), n, step) for n in size]
    indices = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3)
    values = sitk.GetArrayViewFromImage(image)
    found = _range_of(_gather(values, indices))
    if found is not None:
        return found
    finite = values[np.isfinite(values)].astype(np.float64)
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
    high = high if high > low else low + max(1.0, abs(low))  # nothing to tell apart
    return GrayRange(float(low), float(high), 1 - finite.size / values.size)


def _neighborhoods(image: sitk.Image, points: np.ndarray) -> np.ndarray:
    """The 27 voxels round each point that lies in the image: n x 27."""
    indices = np.rint(points_to_indices(image, points)).astype(int)
    inside = np.all((indices >= 0) & (indices < image.GetSize()), axis=1)
    return _gather(sitk.GetArrayViewFromImage(image), indices[inside])


def _gather(values: np.ndarray, indices: np.ndarray) -> np.ndarray:
    last = np.array(values.shape)[::-1] - 1
    i, j, k = np.clip(indices[:, None, :] + _NEIGHBORS, 0, last).transpose(2, 0, 1)
    return values[k, j, i].astype(np.float64)


def _range_of(neighborhoods: np.ndarray) -> GrayRange | None:
    """The range of tissue in neighborhoods (n x 27), or None if there is no telling."""
    bounds = _median_bounds(neighborhoods)
    if bounds is None:
        return None
    # Where many voxels are no tissue they have moved the medians; now that most are known, they are left out.
    known = _between(neighborhoods, *_widened(bounds, _NOISE))
    bounds = _median_bounds(np.where(known, neighborhoods, np.nan)) or bounds
    tails = np.percentile(neighborhoods[_between(neighborhoods, *_widened(bounds, _THIN))], _TAILS)
    low, high = _widened((min(bounds[0], tails[0]), max(bounds[1], tails[1])), _NOISE)
    return GrayRange(float(low), float(high), float(1 - _between(neighborhoods, low, high).mean()))


def _between(values: np.ndarray, low: float, high: float) -> np.ndarray:
    return (values >= low) & (values <= high)


def _widened(bounds: tuple[float, float], share: float) -> tuple[float, float]:
    margin = share * (bounds[1] - bounds[0])
    return bounds[0] - margin, bounds[1] + margin


def _median_bounds(neighborhoods: np.ndarray) -> tuple[float, float] | None:
    medians = _medians(neighborhoods)
    if len(medians) < _FEWEST_POINTS:
        return None
    lowest, highest = np.percentile(medians, _TAILS)
    bottom, top = np.percentile(medians, _MASS)
    if top > bottom:
        reach = _REACH * (top - bottom)
        lowest, highest = max(lowest, bottom - reach), min(highest, top + reach)
    return (float(lowest), float(highest)) if highest > lowest else None


def _medians(neighborhoods: np.ndarray) -> np.ndarray:
    """The median of each neighborhood (n x 27) that has enough numbers and is no region of one value."""
    ordered = np.sort(np.where(np.isfinite(neighborhoods), neighborhoods, np.inf), axis=1)
    count = np.isfinite(ordered).sum(axis=1)
    medians = np.take_along_axis(ordered, np.maximum(count - 1, 0)[:, None] // 2, axis=1)
    varied = (ordered == medians).sum(axis=1) < _CONSTANT
    known = count >= _FEWEST_FINITE
    kept = medians[:, 0][known & varied]
    # In an image without noise all regions have one value.
    return kept if len(kept) >= _FEWEST_POINTS else medians[:, 0][known]
