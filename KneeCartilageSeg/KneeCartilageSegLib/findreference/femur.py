"""Where the points of a reference's femur lie in another knee: one registration of the convergence study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import SimpleITK as sitk

from ..images.regions import points_inside, points_to_indices
from ..images.transforms import folding, map_points
from ..registration.align import RegistrationJob, align
from ..registration.limits import Check, Limits, default_limits
from ..registration.stages import STAGES, Modality
from ..runs.steps import CHECKS_STEP
from ..tissue import Tissue
from .fields import femur_points

FEMUR_STAGES = tuple(stage for stage in STAGES[Modality.NEW_SUBJECT] if stage.tissue is Tissue.FEMUR)

# Measured on knees rendered from real anatomies: 0.95 to 0.98 in 56 pairs of 8 people, with and without a third of the
# image cut off; 0.57 with the femur mask of another person. A mirrored knee has 0.96: that is what "side" is for.
_OVERLAP = Check(
    "overlap_f",
    "femur on femur",
    "1",
    (0.9, np.inf),
    (0.75, np.inf),
    "the knees do not lie on each other, or one of the femur masks is wrong",
)

# Of the measurements of segmentation, those that map_femur makes, and its own.
_LINEAR = ("sharpness_aligned", "starts", "scale", "rotation", "side")
_MEASURED = (*_LINEAR, "sharpness_f", "inside_f", "folding_f", "overlap_f")


@dataclass(frozen=True)
class FemurMap:
    """A registration of a knee to a reference, as far as the femur is concerned.

    :param points: n x 3 (mm, LPS): points of the reference's femur, see :func:`.findreference.fields.femur_points`.
    :param mapped: n x 3 (mm, LPS): where the registration puts them in the knee; NaN for points outside its image.
    :param measurements: those of segmentation (see :mod:`.registration.limits`) that need no inverse, and
        ``overlap_f``: the share of the points inside the knee's image that come to lie in its femur mask.
    """

    points: np.ndarray
    mapped: np.ndarray
    measurements: Mapping[str, float]


def study_limits() -> Limits:
    """The limits that registrations of the study are judged by: those of new subjects, and that of ``overlap_f``."""
    limits = default_limits(Modality.NEW_SUBJECT)
    return replace(limits, checks=tuple(check for check in (*limits.checks, _OVERLAP) if check.key in _MEASURED))


STUDY_KEYS = tuple(check.key for check in study_limits().checks)


def map_femur(job: RegistrationJob, femur: sitk.Image, limits: Limits) -> FemurMap:
    """Register a knee to a reference by translation, rotation, size and the B-spline of the femur, as segmentation
    does, and follow the points of the reference's femur.

    :param job: its reference needs the femur mask only.
    :param femur: the femur mask of the moving image, on its grid; only the measurements depend on it.
    :param limits: their :attr:`.Limits.confident` decides how many starts are tried.
    :raises EngineError: if elastix fails.
    :raises Cancelled: if the engine was cancelled.
    """
    alignment, measurements = align(job, FEMUR_STAGES, limits)
    job.progress(CHECKS_STEP)
    mask = job.reference.masks[Tissue.FEMUR]
    points = femur_points(mask)
    mapped = map_points(alignment.chain.composite(), points)
    mapped[~points_inside(job.moving, mapped)] = np.nan
    sharpness, inside = job.reference.sampler(FEMUR_STAGES[-1]).measure(job.moving, alignment.chain)
    measurements.update(
        sharpness_f=sharpness,
        inside_f=inside,
        folding_f=folding(alignment.chain, mask),
        overlap_f=_share_inside(femur, mapped),
    )
    return FemurMap(points, mapped, measurements)


def _share_inside(mask: sitk.Image, points: np.ndarray) -> float:
    """Of the points (n x 3, mm, LPS; NaN outside the image), the share in non-zero voxels; 0 if there are none."""
    kept = points[np.isfinite(points).all(axis=1)]
    if not len(kept):
        return 0.0
    last = np.array(mask.GetSize()) - 1
    i, j, k = np.clip(np.rint(points_to_indices(mask, kept)).astype(int), 0, last).T
    return float((sitk.GetArrayViewFromImage(mask)[k, j, i] != 0).mean())
