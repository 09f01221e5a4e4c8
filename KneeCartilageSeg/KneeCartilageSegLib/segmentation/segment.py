"""Segment one knee: align it from the best start, register it in stages, warp the reference's masks back onto it, and
measure whether the result can be trusted.

Everything here works on images in memory; :mod:`.segmentation.results` writes them to files, :mod:`.segmentation.run`
does that for many knees.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import SimpleITK as sitk

from ..images.masks import volume, warp
from ..images.regions import crop_to_points, mask_points, paste, points_inside
from ..images.transforms import Chain, folding, invert, map_points, measure_residual, pose
from ..registration.align import Alignment, RegistrationJob, align
from ..registration.limits import Flag, Limits, judge
from ..registration.reference import Reference
from ..registration.stages import STAGES, Stage
from ..runs.steps import CHECKS_STEP, MASKS_STEP
from ..tissue import Tissue

_MASK_MARGIN = 6.0  # mm around the expected mask in which the inverse is computed
_RESIDUAL_POINTS = 2000


@dataclass(frozen=True)
class Segmentation:
    """The result for one knee.

    :param reference: as it was used: as it is, or mirrored.
    :param masks: uint8 masks (0 and 1) on the moving image's own grid.
    :param alignment: the registration; the files of its stages lie in the working folder.
    :param measurements: see :mod:`.registration.limits`.
    :param flags: the measurements that are outside their limits.
    :param seconds: by step.
    """

    reference: Reference
    masks: Mapping[Tissue, sitk.Image]
    alignment: Alignment
    measurements: Mapping[str, float]
    flags: tuple[Flag, ...]
    seconds: Mapping[str, float]

    @property
    def failed(self) -> bool:
        """Whether the result must not be used."""
        return any(flag.failed for flag in self.flags)


def segment(job: RegistrationJob, limits: Limits) -> Segmentation:
    """Segment femur and femoral cartilage.

    :raises EngineError: if elastix fails.
    :raises Cancelled: if the engine was cancelled.
    """
    stages = STAGES[job.modality]
    aligned = align(job, stages, limits)
    job, alignment, measurements = aligned.job, aligned.alignment, dict(aligned.measurements)
    begun = time.perf_counter()
    job.progress(MASKS_STEP)
    chains = {tissue: alignment.chain_after(_last_stage(stages, tissue)) for tissue in Tissue}
    masks = {}
    for tissue, chain in chains.items():
        masks[tissue], residual = _warp_mask(job, tissue, chain)
        measurements.update(residual)
    masks_done = time.perf_counter()
    job.progress(CHECKS_STEP)
    for tissue, chain in chains.items():
        measurements.update(_measure_tissue(job, tissue, chain, masks[tissue], stages[_last_stage(stages, tissue) - 1]))
    seconds = {result.stage.name: result.seconds for result in alignment.stages}
    seconds.update({MASKS_STEP: masks_done - begun, CHECKS_STEP: time.perf_counter() - masks_done})
    return Segmentation(job.reference, masks, alignment, measurements, tuple(judge(measurements, limits)), seconds)


def _last_stage(stages: Sequence[Stage], tissue: Tissue) -> int:
    """The number (from 1) of the last stage that is guided by a tissue's mask, or else of the last of all."""
    own = [number for number, stage in enumerate(stages, start=1) if stage.tissue is tissue]
    return own[-1] if own else len(stages)


def _warp_mask(job: RegistrationJob, tissue: Tissue, chain: Chain) -> tuple[sitk.Image, dict[str, float]]:
    """The reference's mask on the moving image's grid, and the residual of the inverse inside it."""
    mask = job.reference.masks[tissue]
    points = mask_points(mask, _RESIDUAL_POINTS)
    mapped = map_points(chain.composite(), points)
    region = crop_to_points(job.moving, mapped, _MASK_MARGIN)
    inverse = invert(chain, region)
    # Where the mask leaves the moving image there is nothing to map back.
    kept = points[points_inside(job.moving, mapped)]
    residual = measure_residual(chain, inverse, kept) if len(kept) else None
    measurements = (
        {}
        if residual is None
        else {
            f"residual_{tissue.value}_mean": residual.mean,
            f"residual_{tissue.value}_p95": residual.percentile95,
            f"residual_{tissue.value}_max": residual.maximum,
        }
    )
    return paste(warp(mask, inverse.transform, region), job.moving), measurements


def _measure_tissue(
    job: RegistrationJob, tissue: Tissue, chain: Chain, mask: sitk.Image, stage: Stage
) -> dict[str, float]:
    match = job.reference.sampler(stage).measure(job.moving, chain)
    reference_mask = job.reference.masks[tissue]
    volumes = volume(mask), volume(reference_mask)
    scale = pose(chain)["scale"]
    return {
        f"sharpness_{tissue.value}": match.sharpness,
        f"information_{tissue.value}": match.information,
        f"inside_{tissue.value}": match.inside,
        f"gray_low_{tissue.value}": match.gray.low,
        f"gray_high_{tissue.value}": match.gray.high,
        f"clipped_{tissue.value}": match.gray.clipped,
        f"folding_{tissue.value}": folding(chain, reference_mask),
        f"volume_{tissue.value}": volumes[0],
        f"growth_{tissue.value}": volumes[0] / volumes[1] / scale**3,
    }
