"""Where the points of a reference's femur lie in another knee: one registration of the convergence study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from ..images.regions import mirror_points, points_inside, points_to_indices
from ..images.transforms import folding, map_points
from ..registration.align import RegistrationJob, align
from ..registration.fields import femur_points
from ..registration.limits import Limits, Use, default_limits
from ..registration.stages import STAGES, Modality
from ..runs.steps import CHECKS_STEP
from ..tissue import Tissue

FEMUR_STAGES = tuple(stage for stage in STAGES[Modality.NEW_SUBJECT] if stage.tissue is Tissue.FEMUR)


@dataclass(frozen=True)
class FemurMap:
    """A registration of a knee to a reference, as far as the femur is concerned.

    :param points: n x 3 (mm, LPS): points of the reference's femur, see :func:`.registration.fields.femur_points`.
    :param mapped: n x 3 (mm, LPS): where the registration puts them in the knee, or in its mirror image if it is a knee
        of the other side; NaN for points outside its image.
    :param measurements: those of segmentation (see :mod:`.registration.limits`) that need no inverse, and
        ``overlap_f``: the share of the points inside the knee's image that come to lie in its femur mask.
    """

    points: np.ndarray
    mapped: np.ndarray
    measurements: Mapping[str, float]


def search_limits() -> Limits:
    """The limits that the registrations of a search are judged by: those of new subjects, and that of ``overlap_f``."""
    return default_limits(Modality.NEW_SUBJECT, Use.SEARCH_LIMITS)


def map_femur(job: RegistrationJob, femur: sitk.Image, limits: Limits) -> FemurMap:
    """Register a knee to a reference by translation, rotation, size and the B-spline of the femur, as segmentation
    does, and follow the points of the reference's femur.

    :param job: its reference needs the femur mask only.
    :param femur: the femur mask of the moving image, on its grid; only the measurements depend on it.
    :param limits: their :attr:`.Limits.confident` decides how many starts are tried.
    :raises EngineError: if elastix fails.
    :raises Cancelled: if the engine was cancelled.
    """
    aligned = align(job, FEMUR_STAGES, limits)
    reference, chain = aligned.job.reference, aligned.alignment.chain
    job.progress(CHECKS_STEP)
    points = femur_points(job.reference.masks[Tissue.FEMUR])
    plane = job.reference.mirror_plane
    mirrored = reference is not job.reference
    mapped = map_points(chain.composite(), mirror_points(points, plane) if mirrored else points)
    mapped[~points_inside(job.moving, mapped)] = np.nan
    match = reference.sampler(FEMUR_STAGES[-1]).measure(job.moving, chain)
    measurements = dict(
        aligned.measurements,
        sharpness_f=match.sharpness,
        information_f=match.information,
        inside_f=match.inside,
        gray_low_f=match.gray.low,
        gray_high_f=match.gray.high,
        clipped_f=match.gray.clipped,
        folding_f=folding(chain, reference.masks[Tissue.FEMUR], job.moving),
        overlap_f=_share_inside(femur, mapped),
    )
    return FemurMap(points, mirror_points(mapped, plane) if mirrored else mapped, measurements)


def _share_inside(mask: sitk.Image, points: np.ndarray) -> float:
    """Of the points (n x 3, mm, LPS; NaN outside the image), the share in non-zero voxels; 0 if there are none."""
    kept = points[np.isfinite(points).all(axis=1)]
    if not len(kept):
        return 0.0
    last = np.array(mask.GetSize()) - 1
    i, j, k = np.clip(np.rint(points_to_indices(mask, kept)).astype(int), 0, last).T
    return float((sitk.GetArrayViewFromImage(mask)[k, j, i] != 0).mean())
