"""Where a registration may start: translations from the reference to the moving image, the likeliest first.

A registration converges from some centimeters away. Two scans of a knee can be further apart: another field of view,
another bed position, a header without position.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import SimpleITK as sitk

from ..images.gray import gray_range_of_image
from ..images.regions import center, shrink
from .match import MATCH_SPACING, MatchSampler
from .stages import Modality

_SEPARATION = 8.0  # mm; closer starts end in the same place
_SEARCH_STEP = 16.0  # mm
_SEARCH_REACH = 4  # steps either way: 64 mm, half a usual field of view
_SEARCH_STARTS = 3
_SEARCH_THINNING = 5  # every fifth point of the sampler is enough to tell places apart


def starts(
    reference: sitk.Image, moving: sitk.Image, modality: Modality, sampler: MatchSampler
) -> Iterator[np.ndarray]:
    """Translations (3, mm, LPS) to start from, none close to one before.

    First the middles of the two images on each other, or, for images of one session (multimodal), their own positions
    in the scanner; then the middles of their intensities; last the best of a search over translations.

    :param sampler: of the reference, for the search.
    """
    tried: list = []
    for start in _candidates(reference, moving, modality, sampler):
        if all(np.linalg.norm(start - other) >= _SEPARATION for other in tried):
            tried.append(start)
            yield start


def _candidates(
    reference: sitk.Image, moving: sitk.Image, modality: Modality, sampler: MatchSampler
) -> Iterator[np.ndarray]:
    middles = center(moving) - center(reference)
    same_frame = np.zeros(3)
    yield from (same_frame, middles) if modality is Modality.MULTIMODAL else (middles, same_frame)
    shown = _shrunk(moving)
    yield _center_of_intensity(shown) - _center_of_intensity(_shrunk(reference))
    yield from _search(shown, MatchSampler(reference, sampler.points[::_SEARCH_THINNING]), middles)


def _shrunk(image: sitk.Image) -> sitk.Image:
    return shrink(gray_range_of_image(image).apply(image), MATCH_SPACING)


def _center_of_intensity(image: sitk.Image) -> np.ndarray:
    moments = sitk.LabelIntensityStatisticsImageFilter()
    moments.Execute(sitk.OtsuThreshold(image, 0, 1), image)
    return np.array(moments.GetCenterOfGravity(1)) if moments.HasLabel(1) else center(image)


def _search(moving: sitk.Image, sampler: MatchSampler, middles: np.ndarray) -> Iterator[np.ndarray]:
    steps = _SEARCH_STEP * np.arange(-_SEARCH_REACH, _SEARCH_REACH + 1)
    candidates = [middles + np.array(offset) for offset in product(steps, steps, steps)]
    matches = [sampler.match(moving, sampler.points + candidate) for candidate in candidates]
    yield from (candidates[i] for i in np.argsort(matches)[::-1][:_SEARCH_STARTS])
