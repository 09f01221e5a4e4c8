"""How well two images match where a registration has put them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

from ..images.gray import GrayRange, gray_range
from ..images.regions import crop_to_points, points_inside, points_to_indices, shrink
from ..images.transforms import Chain, map_points

SHIFT = 8.0  # mm; beyond the thickness of cartilage and cortex, well below the size of a condyle
MATCH_SPACING = 0.75  # mm; the reference is averaged down to this voxel size for measuring how well an image matches

# Nats, added to both parts of the sharpness. Noise lowers the mutual information of shifted images first: without this,
# the sharpness of a good match rises by up to a fifth when noise is added to the image. It is a fifth of the mutual
# information of a good match, and three times that of pure noise.
_NOTHING = 0.05

_BINS = 16  # with thousands of samples, more bins measure noise
_MARGIN = 2.0  # mm that averaging and interpolation need round the points


@dataclass(frozen=True)
class Match:
    """How well a moving image matches a reference.

    :param sharpness: mutual information, relative to its mean when the moving image is shifted by :data:`SHIFT` along
        each axis, both ways; 0.05 nats are added to both. 1 means that the match is no better than elsewhere, 0 that
        the points do not lie in the moving image.
    :param information: mutual information, nats.
    :param inside: the share of the points that lie in the moving image, 0 to 1.
    :param gray: the range of gray values that the moving image was clipped to.
    """

    sharpness: float
    information: float
    inside: float
    gray: GrayRange

    @property
    def evidence(self) -> float:
        """What tells which of two alignments of one image is right: mutual information, less the more of the points lie
        outside."""
        return self.information * self.inside


NO_MATCH = Match(0.0, 0.0, 0.0, GrayRange(0.0, 1.0, 0.0))


class MatchSampler:
    """Measures the match between a reference and a moving image at points of the reference.

    :param reference: the reference image.
    :param points: n x 3 (mm, LPS), spread over the dilated mask of the reference.
    """

    def __init__(self, reference: sitk.Image, points: np.ndarray):
        self.points = points
        self._values = _sample(_tissue(reference, points, gray_range(reference, points), MATCH_SPACING), points)

    def measure(self, moving: sitk.Image, chain: Chain, spacing: float | None = None) -> Match:
        """The match where a chain puts the points.

        :param moving: as it is; only what lies within the range of its gray values (see :mod:`..images.gray`) counts.
        :param spacing: average the moving image down to about this voxel size (mm) first.
        """
        mapped = map_points(chain.composite(), self.points)
        gray = gray_range(moving, mapped)
        inside = float(points_inside(moving, mapped).mean())
        if not inside:
            return Match(0.0, 0.0, inside, gray)
        tissue = _tissue(moving, mapped, gray, spacing)
        steps = [step * axis for axis in np.eye(3) for step in (-SHIFT, SHIFT)]
        here = self._information(tissue, mapped)
        mean = float(np.mean([self._information(tissue, mapped + step) for step in steps]))
        return Match((here + _NOTHING) / (mean + _NOTHING), here, inside, gray)

    def match(self, moving: sitk.Image, mapped: np.ndarray) -> float:
        """Mutual information where the points lie in the moving image, less the more of them lie outside.

        :param moving: clipped to the range of its gray values.
        :param mapped: where each of the points lies (n x 3, mm, LPS).
        """
        return self._information(moving, mapped) * float(points_inside(moving, mapped).mean())

    def _information(self, moving: sitk.Image, points: np.ndarray) -> float:
        return mutual_information(self._values, _sample(moving, points))


def _tissue(image: sitk.Image, points: np.ndarray, gray: GrayRange, spacing: float | None) -> sitk.Image:
    """What an image shows near points, clipped to a range of gray values."""
    return shrink(gray.apply(crop_to_points(image, points, SHIFT + _MARGIN)), spacing)


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


def _sample(image: sitk.Image, points: np.ndarray) -> np.ndarray:
    """The image at points (n x 3, mm, LPS), linear; NaN outside."""
    indices = points_to_indices(image, points)[:, ::-1].T
    return ndimage.map_coordinates(
        sitk.GetArrayViewFromImage(image), indices, np.float32, order=1, mode="constant", cval=np.nan
    )
