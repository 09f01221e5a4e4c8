"""Align a moving knee with its reference by the linear stages, from the best start, and doubt the result."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable

import numpy as np
import SimpleITK as sitk

from ..elastix.engine import Engine, Registration
from ..elastix.parameters import ParameterMap
from ..elastix.transforms import read_transform, write_translation
from ..errors import ImagesRefused
from ..images.files import write_working_image
from ..images.regions import (
    crop_to_points,
    mirror,
    shrink,
)
from ..images.transforms import Chain, map_points, pose
from .limits import Limits
from .match import MatchSampler
from .reference import MATCH_SPACING, Reference
from .stages import Modality, Stage
from .starts import starts


@dataclass(frozen=True)
class RegistrationJob:
    """What is needed to register one knee to another.

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


def align(job: RegistrationJob, stages: Sequence[Stage], limits: Limits) -> tuple[Alignment, dict[str, float]]:
    """The best alignment by all stages, from the first start that gives a sharp match or else from all.

    The stages after the linear ones, which crop the moving image to where they expect the knee, go on from the best
    alignment by those before.

    :return: the alignment, and the measurements of its linear part, see :mod:`.registration.limits`.
    :raises EngineError: if elastix fails.
    :raises Cancelled: if the engine was cancelled.
    """
    linear = tuple(stage for stage in stages if stage.margin is None)
    aligned, measurements = _align_linear(job, linear, limits)
    return register(job, stages[len(linear) :], aligned), measurements


def _align_linear(job: RegistrationJob, stages: Sequence[Stage], limits: Limits) -> tuple[Alignment, dict[str, float]]:
    sampler = job.reference.sampler(stages[-1])
    moving = shrink(job.moving, MATCH_SPACING)
    best: Alignment | None = None
    sharpest, tried = 0.0, 0
    error: ImagesRefused | None = None
    for tried, start in enumerate(starts(job.reference.image, moving, job.modality, sampler), start=1):
        folder = job.folder / f"start{tried}"
        folder.mkdir()
        try:
            alignment = register(replace(job, folder=folder), stages, start_from(start, folder))
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
    doubted = sharpest < limits.confident or job.modality is not Modality.MULTIMODAL
    if doubted and sharpest > 0:
        measurements["side"] = _mirrored_sharpness(job, moving, stages, sampler, best) / sharpest
    return best, measurements


def _mirrored_sharpness(
    job: RegistrationJob, moving: sitk.Image, stages: Sequence[Stage], sampler: MatchSampler, best: Alignment
) -> float:
    """How sharp the match is with the mirrored moving image: sharper than the true one for a knee of the other side."""
    folder = job.folder / "mirrored"
    folder.mkdir()
    other_side = replace(job, moving=mirror(job.moving), folder=folder, progress=lambda step: None)
    start = start_from(np.array(best.chain.transforms[0].TransformPoint((0.0, 0.0, 0.0))), folder)
    try:
        return sampler.sharpness(mirror(moving), register(other_side, stages, start).chain)
    except ImagesRefused:
        return 0.0  # the mirrored knee does not even overlap: it is none of the other side


@dataclass(frozen=True)
class StageResult:
    """A stage that was run: its transform parameter file, elastix's log and the seconds it took."""

    stage: Stage
    transform_file: Path
    log_file: Path
    seconds: float


@dataclass(frozen=True)
class Alignment:
    """A registration as far as it has come.

    :param chain: maps points of the reference to points of the moving image.
    :param files: the transform parameter file of each transform of the chain.
    :param stages: the stages that were run; the chain holds the start's translation before them.
    """

    chain: Chain
    files: tuple[Path, ...]
    stages: tuple[StageResult, ...] = ()

    def chain_after(self, count: int) -> Chain:
        """The chain after the first ``count`` stages."""
        return Chain(self.chain.transforms[: count + 1])


def start_from(translation: np.ndarray, folder: Path) -> Alignment:
    """A start: the reference moved by a translation (3, mm, LPS).

    :param folder: an existing folder for its transform parameter file.
    """
    path = folder / "TransformParameters.start.txt"
    write_translation(path, translation)
    return Alignment(Chain((sitk.TranslationTransform(3, [float(value) for value in translation]),)), (path,))


def register(job: RegistrationJob, stages: Sequence[Stage], start: Alignment) -> Alignment:
    """Run stages one after the other, each from the result of the one before.

    :param start: where to start; the stages are added to it. Each gets a folder of its name in the job's folder.
    :raises EngineError: if elastix fails.
    :raises Cancelled: if the engine was cancelled.
    """
    alignment = start
    for stage in stages:
        job.progress(stage.name)
        alignment = _run_stage(job, stage, alignment)
    return alignment


def _run_stage(job: RegistrationJob, stage: Stage, alignment: Alignment) -> Alignment:
    begun = time.perf_counter()
    fixed = job.reference.prepared(stage)
    folder = job.folder / stage.name
    folder.mkdir()
    moving_file = folder / "moving.mha"
    expected = map_points(alignment.chain.composite(), fixed.points)
    write_working_image(_working_image(job.moving, stage, expected), moving_file)
    registration = Registration(
        fixed.image, moving_file, job.parameters[stage.parameter_file], folder, fixed.mask, None, alignment.files[-1]
    )
    transform_file = job.engine.register(registration)
    moving_file.unlink()
    chain = Chain((*alignment.chain.transforms, read_transform(transform_file)))
    result = StageResult(stage, transform_file, registration.log_file, time.perf_counter() - begun)
    return Alignment(chain, (*alignment.files, transform_file), (*alignment.stages, result))


def _working_image(moving: sitk.Image, stage: Stage, expected: np.ndarray) -> sitk.Image:
    region = moving if stage.margin is None else crop_to_points(moving, expected, stage.margin)
    return shrink(sitk.Cast(region, sitk.sitkFloat32), stage.spacing)
