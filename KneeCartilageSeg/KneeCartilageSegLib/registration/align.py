"""Align a moving knee with its reference by the linear stages, from the best start, and doubt the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable

import numpy as np
import SimpleITK as sitk

from ..elastix.engine import Engine
from ..elastix.parameters import ParameterMap
from ..errors import ImagesRefused
from ..images.regions import mirror, shrink
from ..images.transforms import pose
from .limits import Limits, MatchSampler
from .reference import MATCH_SPACING, Alignment, Reference, register, start_from
from .stages import Modality, Stage
from .starts import starts


@dataclass(frozen=True)
class Knee:
    """What is needed to register one knee.

    :param reference: the reference knee.
    :param moving: the image to register to it, 3-D scalar, on any grid.
    :param parameters: elastix parameters by parameter file name, see :mod:`.registration.parameterfiles`.
    :param engine: elastix.
    :param folder: an existing, empty folder for working files; those of the result's stages stay there.
    :param progress: called with the name of each step as it begins: a stage, or a step of what is done with the result.
    """

    reference: Reference
    moving: sitk.Image
    modality: Modality
    parameters: Mapping[str, ParameterMap]
    engine: Engine
    folder: Path
    progress: Callable[[str], None] = lambda step: None


def align(knee: Knee, stages: Sequence[Stage], limits: Limits) -> tuple[Alignment, dict[str, float]]:
    """The best alignment by all stages, from the first start that gives a sharp match or else from all.

    The stages after the linear ones, which crop the moving image to where they expect the knee, go on from the best
    alignment by those before.

    :return: the alignment, and the measurements of its linear part, see :mod:`.registration.limits`.
    :raises EngineError: if elastix fails.
    :raises Cancelled: if the engine was cancelled.
    """
    linear = tuple(stage for stage in stages if stage.margin is None)
    aligned, measurements = _align_linear(knee, linear, limits)
    return _register(knee, stages[len(linear) :], aligned, knee.folder), measurements


def _align_linear(knee: Knee, stages: Sequence[Stage], limits: Limits) -> tuple[Alignment, dict[str, float]]:
    sampler = knee.reference.sampler(stages[-1])
    moving = shrink(knee.moving, MATCH_SPACING)
    best: Alignment | None = None
    sharpest, tried = 0.0, 0
    error: ImagesRefused | None = None
    for tried, start in enumerate(starts(knee.reference.image, moving, knee.modality, sampler), start=1):
        folder = knee.folder / f"start{tried}"
        folder.mkdir()
        try:
            alignment = _register(knee, stages, start_from(start, folder), folder)
        except ImagesRefused as failure:
            error = failure  # images that do not overlap from here may do so from another start
            continue
        sharpness = sampler.sharpness(moving, alignment.chain)
        if best is None or sharpness > sharpest:
            best, sharpest = alignment, sharpness
        if sharpness >= limits.confident:
            break
    if best is None:
        raise error or ImagesRefused("there is no place where the images could lie on each other")
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
    except ImagesRefused:
        return 0.0  # the mirrored knee does not even overlap: it is none of the other side


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
