"""Segment one knee: align it from the best start, register it in stages, warp the reference's masks back onto it, and
measure whether the result can be trusted.

Everything here works on images in memory; :mod:`.results` writes them to files, :mod:`.run` does that for many knees.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable

import numpy as np
import SimpleITK as sitk

from .elastix.engine import Engine
from .elastix.parameters import ParameterMap
from .errors import EngineError
from .failure import Flag, Limits, MatchSampler, judge
from .images import crop_to_points, mask_points, mirror, paste, points_inside, shrink
from .masks import volume, warp
from .modality import STAGES, Modality, Stage, Tissue
from .registration import Alignment, Reference, register, start_from
from .starts import starts
from .transforms import Chain, folding, invert, map_points, measure_residual, pose

MASKS_STEP, CHECKS_STEP = "masks", "checks"

_MASK_MARGIN = 6.0  # mm around the expected mask in which the inverse is computed
_MATCH_SPACING = 0.75  # mm
_RESIDUAL_POINTS = 2000


@dataclass(frozen=True)
class Knee:
    """What is needed to segment one knee.

    :param reference: the reference knee.
    :param moving: the image to segment, 3-D scalar, on any grid.
    :param parameters: elastix parameters by parameter file name, see :mod:`.parameterfiles`.
    :param engine: elastix.
    :param folder: an existing, empty folder for working files; those of the result's stages stay there.
    :param progress: called with the name of each step as it begins: a stage, "masks", "checks".
    """

    reference: Reference
    moving: sitk.Image
    modality: Modality
    parameters: Mapping[str, ParameterMap]
    engine: Engine
    folder: Path
    progress: Callable[[str], None] = lambda step: None


@dataclass(frozen=True)
class Segmentation:
    """The result for one knee.

    :param masks: uint8 masks (0 and 1) on the moving image's own grid.
    :param alignment: the registration; the files of its stages lie in the working folder.
    :param measurements: see :mod:`.failure`.
    :param flags: the measurements that are outside their limits.
    :param seconds: by step.
    """

    masks: Mapping[Tissue, sitk.Image]
    alignment: Alignment
    measurements: Mapping[str, float]
    flags: tuple[Flag, ...]
    seconds: Mapping[str, float]

    @property
    def failed(self) -> bool:
        """Whether the result must not be used."""
        return any(flag.failed for flag in self.flags)


def segment(knee: Knee, limits: Limits) -> Segmentation:
    """Segment femur and femoral cartilage.

    :raises EngineError: if elastix fails.
    :raises Cancelled: if the engine was cancelled.
    """
    stages = STAGES[knee.modality]
    aligning = tuple(stage for stage in stages if stage.margin is None)
    aligned, measurements = _align(knee, aligning, limits)
    alignment = _register(knee, stages[len(aligning) :], aligned, knee.folder)
    begun = time.perf_counter()
    knee.progress(MASKS_STEP)
    chains = {tissue: alignment.chain_after(_last_stage(stages, tissue)) for tissue in Tissue}
    masks = {}
    for tissue, chain in chains.items():
        masks[tissue], residual = _warp_mask(knee, tissue, chain)
        measurements.update(residual)
    masks_done = time.perf_counter()
    knee.progress(CHECKS_STEP)
    for tissue, chain in chains.items():
        measurements.update(
            _measure_tissue(knee, tissue, chain, masks[tissue], stages[_last_stage(stages, tissue) - 1])
        )
    seconds = {result.stage.name: result.seconds for result in alignment.stages}
    seconds.update({MASKS_STEP: masks_done - begun, CHECKS_STEP: time.perf_counter() - masks_done})
    return Segmentation(masks, alignment, measurements, tuple(judge(measurements, limits)), seconds)


def _register(knee: Knee, stages: Sequence[Stage], start: Alignment, folder: Path) -> Alignment:
    return register(
        knee.reference,
        knee.moving,
        stages,
        knee.parameters,
        start,
        knee.engine,
        folder,
        lambda stage: knee.progress(stage.name),
    )


def _align(knee: Knee, stages: Sequence[Stage], limits: Limits) -> tuple[Alignment, dict[str, float]]:
    """The best alignment by the linear stages, from the first start that gives a sharp match or else from all."""
    sampler = _sampler(knee.reference, stages[-1])
    moving = shrink(knee.moving, _MATCH_SPACING)
    best: Alignment | None = None
    sharpest, tried = 0.0, 0
    error: EngineError | None = None
    for tried, start in enumerate(starts(knee.reference.image, moving, knee.modality, sampler), start=1):
        folder = knee.folder / f"start{tried}"
        folder.mkdir()
        try:
            alignment = _register(knee, stages, start_from(start, folder), folder)
        except EngineError as failure:
            error = failure  # images that do not overlap from here may do so from another start
            continue
        sharpness = sampler.sharpness(moving, alignment.chain)
        if best is None or sharpness > sharpest:
            best, sharpest = alignment, sharpness
        if sharpness >= limits.confident:
            break
    if best is None:
        raise error or EngineError("there is no place where the images could lie on each other")
    measurements = {"sharpness_aligned": sharpest, "starts": tried, **pose(best.chain)}
    # The scans of a multimodal session are of one side; there it is only worth asking if something is wrong.
    doubted = sharpest < limits.confident or knee.modality is not Modality.MULTIMODAL
    if doubted and sharpest > 0:
        measurements["side"] = _mirrored_sharpness(knee, moving, stages, sampler, best) / sharpest
    return best, measurements


def _mirrored_sharpness(
    knee: Knee, moving: sitk.Image, stages: Sequence[Stage], sampler: MatchSampler, best: Alignment
) -> float:
    """How sharp the match is with the mirrored moving image: sharper than the true one for a knee of the other side."""
    folder = knee.folder / "mirrored"
    folder.mkdir()
    other_side = replace(knee, moving=mirror(knee.moving), progress=lambda step: None)
    start = start_from(np.array(best.chain.transforms[0].TransformPoint((0.0, 0.0, 0.0))), folder)
    try:
        return sampler.sharpness(mirror(moving), _register(other_side, stages, start, folder).chain)
    except EngineError:
        return 0.0  # the mirrored knee does not even overlap: it is none of the other side


def _sampler(reference: Reference, stage: Stage) -> MatchSampler:
    return MatchSampler(shrink(reference.image, _MATCH_SPACING), reference.prepared(stage).points)


def _last_stage(stages: Sequence[Stage], tissue: Tissue) -> int:
    """The number (from 1) of the last stage that is guided by a tissue's mask, or else of the last of all."""
    own = [number for number, stage in enumerate(stages, start=1) if stage.tissue is tissue]
    return own[-1] if own else len(stages)


def _warp_mask(knee: Knee, tissue: Tissue, chain: Chain) -> tuple[sitk.Image, dict[str, float]]:
    """The reference's mask on the moving image's grid, and the residual of the inverse inside it."""
    mask = knee.reference.masks[tissue]
    points = mask_points(mask, _RESIDUAL_POINTS)
    mapped = map_points(chain.composite(), points)
    region = crop_to_points(knee.moving, mapped, _MASK_MARGIN)
    inverse = invert(chain, region)
    # Where the mask leaves the moving image there is nothing to map back.
    kept = points[points_inside(knee.moving, mapped)]
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
    return paste(warp(mask, inverse.transform, region), knee.moving), measurements


def _measure_tissue(knee: Knee, tissue: Tissue, chain: Chain, mask: sitk.Image, stage: Stage) -> dict[str, float]:
    sampler = _sampler(knee.reference, stage)
    reference_mask = knee.reference.masks[tissue]
    volumes = volume(mask), volume(reference_mask)
    scale = pose(chain)["scale"]
    return {
        f"sharpness_{tissue.value}": sampler.sharpness(knee.moving, chain),
        f"inside_{tissue.value}": sampler.inside(knee.moving, chain),
        f"folding_{tissue.value}": folding(chain, reference_mask),
        f"volume_{tissue.value}": volumes[0],
        f"growth_{tissue.value}": volumes[0] / volumes[1] / scale**3,
    }
