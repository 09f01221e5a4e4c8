"""How well two images match where a registration has put them."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

from ..images.regions import points_inside, points_to_indices
from ..images.transforms import Chain, map_points

SHIFT = 8.0  # mm; beyond the thickness of cartilage and cortex, well below the size of a condyle


_BINS = 16  # with thousands of samples, more bins measure noise


class MatchSampler:
    """Measures the sharpness of the match between a reference and a moving image at points of the reference.

    :param reference: the reference image.
    :param points: n x 3 (mm, LPS), spread over the dilated mask of the reference.
    """

    def __init__(self, reference: sitk.Image, points: np.ndarray):
        self.points = points
        self._values = _sample(reference, points)

    def sharpness(self, moving: sitk.Image, chain: Chain) -> float:
        """Mutual information where the chain puts the points, relative to its mean when they are shifted.

        1 means that the match is no better than elsewhere; 0 that the points do not lie inside the moving image.
        """
        return self.measure(moving, chain)[0]

    def measure(self, moving: sitk.Image, chain: Chain) -> tuple[float, float]:
        """The :meth:`sharpness`, and the share of the points that the chain puts inside the moving image, 0 to 1."""
        mapped = map_points(chain.composite(), self.points)
        array = sitk.GetArrayViewFromImage(moving)
        steps = [step * axis for axis in np.eye(3) for step in (-SHIFT, SHIFT)]
        here = self._information(moving, array, mapped)
        mean = float(np.mean([self._information(moving, array, mapped + step) for step in steps]))
        return here / mean if mean > 0 else 0.0, float(points_inside(moving, mapped).mean())

    def match(self, moving: sitk.Image, mapped: np.ndarray) -> float:
        """Mutual information where the points lie in the moving image, less the more of them lie outside.

        :param mapped: where each of the points lies (n x 3, mm, LPS).
        """
        information = self._information(moving, sitk.GetArrayViewFromImage(moving), mapped)
        return information * float(points_inside(moving, mapped).mean())

    def _information(self, moving: sitk.Image, array: np.ndarray, points: np.ndarray) -> float:
        return mutual_information(self._values, _sample(moving, points, array))


def mutual_information(first: np.ndarray, second: np.ndarray) -> float:
    """Mutual information in nats of paired samples, from a joint histogram of 16 x 16 bins between their 1st and 99th
    percentile (Maes et al., IEEE TMI 1997, https://doi.org/10.1109/42.563664). Pairs with NaN are left out."""
    known = np.isfinite(first) & np.isfinite(second)
    if known.sum() < _BINS * _BINS:
        return 0.0
    joint = np.histogram2d(_to_unit(first[known]), _to_unit(second[known]), bins=_BINS, range=((0, 1), (0, 1)))[0]
    joint /= joint.sum()
    independent = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    filled = joint > 0
    return float((joint[filled] * np.log(joint[filled] / independent[filled])).sum())


def _to_unit(values: np.ndarray) -> np.ndarray:
    low, high = np.percentile(values, [1, 99])
    return np.clip((values - low) / max(high - low, 1e-9), 0, 1)


def _sample(image: sitk.Image, points: np.ndarray, array: np.ndarray | None = None) -> np.ndarray:
    """The image at points (n x 3, mm, LPS), linear; NaN outside."""
    array = sitk.GetArrayViewFromImage(image) if array is None else array
    indices = points_to_indices(image, points)[:, ::-1].T
    return ndimage.map_coordinates(array, indices, np.float32, order=1, mode="constant", cval=np.nan)
