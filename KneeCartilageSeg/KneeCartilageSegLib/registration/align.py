"""Align a moving knee with its reference by the linear stages, from the best start, and doubt the result."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Callable

import numpy as np
import SimpleITK as sitk

from ..elastix.engine import Engine, Registration
from ..elastix.parameters import ParameterMap, read_parameters, write_parameters
from ..elastix.transforms import NO_TRANSFORM, initial_transform, read_transform, write_affine, write_translation
from ..errors import ImagesRefused, KneeError
from ..images.files import write_working_image
from ..images.gray import gray_range
from ..images.regions import crop_to_points, shrink
from ..images.transforms import Chain, map_points, pose
from .limits import Limits
from .match import MATCH_SPACING, NO_MATCH, Match
from .reference import Reference, whole_image
from .side import UNKNOWN_SIDE, Side
from .stages import Modality, Stage
from .starts import starts

# Begins what needs an elastix in another thread, which has one of its own.
Submit = Callable[[Callable[[Engine], Any]], Future]

# Deviation of the logarithm of the size of one person's femur relative to another's: 0.09 between one and thirteen of
# the knees that the parameters were chosen on.
_SIZES = 0.1


@dataclass(frozen=True)
class RegistrationJob:
    """What is needed to register one knee to another.

    :param reference: the reference knee.
    :param moving: the image to register to it, 3-D scalar, on any grid, see :func:`.images.bias.even`.
    :param parameters: elastix parameters by parameter file name, see :mod:`.registration.parameterfiles`.
    :param engine: elastix.
    :param folder: an existing, empty folder for working files; those of the result's stages stay there.
    :param progress: called with the name of each step as it begins: a stage, or a step of what is done with the result.
    :param side: as which side the reference may be used. Only for new subjects is there a choice.
    """

    reference: Reference
    moving: sitk.Image
    modality: Modality
    parameters: Mapping[str, ParameterMap]
    engine: Engine
    folder: Path
    progress: Callable[[str], None] = lambda step: None
    side: Side = Side.AUTO


@dataclass(frozen=True)
class Aligned:
    """What came of :func:`align` or :func:`align_linear`.

    :param job: with the reference as it was used: as it is, or mirrored.
    :param measurements: of the linear part, see :mod:`.registration.limits`.
    """

    job: RegistrationJob
    alignment: Alignment
    measurements: Mapping[str, float]

    def sharp(self, limits: Limits) -> bool:
        """Whether the match is so sharp that it can be no other place."""
        return self.measurements["sharpness_aligned"] >= limits.confident

    @property
    def likelihood(self) -> float:
        """How likely it is that the knees lie on each other, to be compared with that of others that are not sharp."""
        return _likelihood(self.measurements["sharpness_aligned"], self.measurements["scale"])


def align(job: RegistrationJob, stages: Sequence[Stage], limits: Limits) -> Aligned:
    """The best alignment by all stages: by the linear ones, see :func:`align_linear`, and then by the others, which
    crop the moving image to where they expect the knee.

    :raises EngineError, Cancelled, KneeError: see :func:`align_linear`.
    """
    return finish(align_linear(job, stages, limits), stages)


def finish(linear: Aligned, stages: Sequence[Stage]) -> Aligned:
    """An alignment by the linear stages, and by those of all stages that come after them.

    :raises EngineError: if elastix fails.
    :raises Cancelled: if the engine was cancelled.
    """
    rest = stages[len(linear.alignment.stages) :]
    return replace(linear, alignment=register(linear.job, rest, linear.alignment))


def align_linear(
    job: RegistrationJob, stages: Sequence[Stage], limits: Limits, submit: Submit | None = None
) -> Aligned:
    """The best alignment by the linear ones of stages, from the first start that gives a sharp match or else from all.

    A new subject may be of the other side than the reference, which is then mirrored: whichever gives the better match.

    :param submit: the other side is tried at the same time, in another thread; the result is the same.
    :raises EngineError: if elastix fails.
    :raises Cancelled: if the engine was cancelled.
    :raises KneeError: if a left or right knee is asked for, and there is no telling which the reference is.
    """
    linear = tuple(stage for stage in stages if stage.margin is None)
    best, measurements = _best_fit(job, linear, limits, submit)
    return Aligned(replace(job, reference=best.job.reference), best.alignment, measurements)


@dataclass(frozen=True)
class _StartPoint:
    """Where the linear stages start from.

    :param translation: mm, LPS.
    :param whole: the whole images are aligned first, from there. Round the femur alone, where the stages look, images
        of other contrasts or with thick slices lead astray; skin, muscles and the other bones show the way.
    """

    translation: tuple[float, ...]
    whole: bool = False


@dataclass(frozen=True)
class _Fit:
    """An alignment by the linear stages: of which side, from which start, and how well it matches."""

    job: RegistrationJob
    start: _StartPoint
    alignment: Alignment
    match: Match

    @property
    def mirrored(self) -> bool:
        return self.job.reference.original is not None

    def sharp(self, limits: Limits) -> bool:
        return self.match.sharpness >= limits.confident

    @property
    def likelihood(self) -> float:
        return _likelihood(self.match.sharpness, pose(self.alignment.chain)["scale"])


def _likelihood(sharpness: float, scale: float) -> float:
    """A small femur finds a place in the marrow of a larger one where all gray values are alike, and matches it well:
    what asks for an unlikely size has to match better."""
    return sharpness * math.exp(-0.5 * (math.log(scale) / _SIZES) ** 2)


def _best_fit(
    job: RegistrationJob, stages: Sequence[Stage], limits: Limits, submit: Submit | None
) -> tuple[_Fit, dict[str, float]]:
    """The best fit, and its measurements."""
    fits: list[_Fit] = []
    error: ImagesRefused | None = None
    tried = 0
    rivals = _Rivals(stages, submit if job.modality is not Modality.MULTIMODAL else None)
    for tried, side, start in _candidates(job, stages[-1]):
        rivals.begin(side, start)
        try:
            fits.append(_fit(side, stages, start, f"start{tried}"))
        except ImagesRefused as failure:
            error = failure  # images that do not overlap from here may do so from another start
            continue
        if fits[-1].sharp(limits):
            break
    if not fits:
        raise error or ImagesRefused("there is no place where the images could lie on each other")
    best, rival = _best_of_both_sides(job, rivals, fits, limits)
    measurements = {
        "sharpness_aligned": best.match.sharpness,
        "information_aligned": best.match.information,
        "starts": tried,
        "mirrored": float(best.mirrored),
        **pose(best.alignment.chain),
    }
    if rival is not None and best.match.evidence > 0:
        measurements["side"] = rival.evidence / best.match.evidence
    return best, measurements


def _sides(job: RegistrationJob) -> list[RegistrationJob]:
    """The job with the reference as each side that it may be used as."""
    if job.modality is not Modality.NEW_SUBJECT or job.side is Side.SAME:
        return [job]
    if job.side is Side.AUTO:
        return [job, _other_side(job)]
    own = job.reference.side
    if own is None:
        raise KneeError(UNKNOWN_SIDE)
    return [job] if own is job.side else [_other_side(job)]


def _other_side(job: RegistrationJob) -> RegistrationJob:
    return replace(job, reference=job.reference.mirrored())


def _candidates(job: RegistrationJob, stage: Stage) -> Iterator[tuple[int, RegistrationJob, _StartPoint]]:
    """Numbered starts, each for one side of the reference after the other, and found when it is asked for."""
    waiting = [(side, _start_points(side, stage)) for side in _sides(job)]
    for number in itertools.count(1):
        for side, points in tuple(waiting):
            start = next(points, None)
            if start is None:
                waiting.remove((side, points))
            else:
                yield number, side, start
        if not waiting:
            return


def _start_points(job: RegistrationJob, stage: Stage) -> Iterator[_StartPoint]:
    """The likeliest translation as it is, then after aligning the whole images; then the other translations.

    The scans of a multimodal session need no alignment of the whole: they show one knee in one scanner.
    """
    translations = starts(job.reference.image, job.moving, job.modality, job.reference.sampler(stage))
    points = (_StartPoint(tuple(translation.tolist())) for translation in translations)
    first = next(points)
    yield first
    if job.modality is not Modality.MULTIMODAL:
        yield replace(first, whole=True)
    yield from points


def _fit(job: RegistrationJob, stages: Sequence[Stage], start: _StartPoint, name: str) -> _Fit:
    """
    :raises ImagesRefused: if the images do not overlap from there.
    """
    folder = job.folder / (f"{name}_mirrored" if job.reference.original else name)
    folder.mkdir()
    begun = start_from(np.array(start.translation), folder)
    if start.whole:
        begun = _align_whole(job, stages[0], begun, folder)
    alignment = register(replace(job, folder=folder), stages, begun)
    match = job.reference.sampler(stages[-1]).measure(job.moving, alignment.chain, MATCH_SPACING)
    return _Fit(job, start, alignment, match)


def _align_whole(job: RegistrationJob, stage: Stage, start: Alignment, folder: Path) -> Alignment:
    """The whole images aligned, by the parameters of a rigid stage, as one transform to start from.

    :param folder: that of the start.
    """
    fixed = job.reference.whole()
    work = folder / "whole"
    work.mkdir()
    moving_file = work / "moving.mha"
    write_working_image(whole_image(job.moving), moving_file)
    parameters = job.parameters[stage.parameter_file]
    transform_file = job.engine.register(
        Registration(fixed.image, moving_file, parameters, work, fixed.mask, None, start.files[-1])
    )
    matrix, offset = Chain((*start.chain.transforms, read_transform(transform_file))).affine()
    path = work / start.files[-1].name
    write_affine(path, matrix, offset)
    return Alignment(Chain((read_transform(path),)), (path,))


class _Rivals:
    """Fits of the other side, from the same starts.

    That of the first start is begun beside it: it is asked for nearly always, as the first start is mostly right.

    :param submit: for that; None begins nothing before it is asked for.
    """

    def __init__(self, stages: Sequence[Stage], submit: Submit | None):
        self._stages, self._submit = stages, submit
        self._begun: tuple[RegistrationJob, _StartPoint, Future] | None = None

    def begin(self, job: RegistrationJob, start: _StartPoint) -> None:
        """A side is tried from a start."""
        if self._submit is not None and self._begun is None:
            fit = self._submit(lambda engine: self._fit(replace(job, engine=engine), start, "beside"))
            self._begun = job, start, fit

    def of(self, fit: _Fit) -> _Fit | None:
        """The rival of a fit; None if the images do not even overlap."""
        if self._begun is not None:
            job, start, begun = self._begun
            if job is fit.job and start is fit.start:
                return begun.result()
        return self._fit(fit.job, fit.start, "rival")

    def _fit(self, job: RegistrationJob, start: _StartPoint, name: str) -> _Fit | None:
        silent = replace(_other_side(job), progress=lambda step: None)
        try:
            return _fit(silent, self._stages, start, name)
        except ImagesRefused:
            return None


def _best_of_both_sides(
    job: RegistrationJob, rivals_of: _Rivals, fits: Sequence[_Fit], limits: Limits
) -> tuple[_Fit, Match | None]:
    """The best fit of the sides that the reference may be used as, and the match of the best of the other side.

    None if that was not looked for: the scans of a multimodal session are of one side, and it is only worth asking if
    something is wrong.
    """
    # Only the last can be sharp: it ended the search.
    first = fits[-1] if fits[-1].sharp(limits) else max(fits, key=lambda fit: fit.likelihood)
    rivals = [fit for fit in fits if fit.mirrored != first.mirrored]
    doubted = job.modality is not Modality.MULTIMODAL or not first.sharp(limits)
    if doubted and all(fit.start != first.start for fit in rivals):
        rival = rivals_of.of(first)
        if rival is not None:
            rivals.append(rival)
    if not rivals:
        return first, NO_MATCH if doubted else None
    rival = max(rivals, key=lambda fit: fit.match.sharpness)
    if len(_sides(job)) > 1 and rival.match.evidence > first.match.evidence:
        first, rival = rival, first
    return first, rival.match


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
    :param stages: the stages that were run; the chain holds the transforms of the start before them: a translation, or
        the whole way by another reference.
    """

    chain: Chain
    files: tuple[Path, ...]
    stages: tuple[StageResult, ...] = ()

    def chain_after(self, count: int) -> Chain:
        """The chain after the first ``count`` stages."""
        return Chain(self.chain.transforms[: len(self.files) - len(self.stages) + count])


def start_from(translation: np.ndarray, folder: Path) -> Alignment:
    """A start: the reference moved by a translation (3, mm, LPS).

    :param folder: an existing folder for its transform parameter file.
    """
    path = folder / "TransformParameters.start.txt"
    write_translation(path, translation)
    return Alignment(Chain((sitk.TranslationTransform(3, [float(value) for value in translation]),)), (path,))


def start_from_chain(files: Sequence[Path], folder: Path) -> Alignment:
    """A start: registrations that were made before, one after the other.

    :param files: the transform parameter file of each transform, in the order in which they are applied.
    :param folder: an existing folder, for copies of which each names the one before it.
    """
    copies: list[Path] = []
    for number, path in enumerate(files):
        copy = folder / f"TransformParameters.start{number}.txt"
        before = str(copies[-1]) if copies else NO_TRANSFORM
        write_parameters(copy, {**read_parameters(path), **initial_transform(before)})
        copies.append(copy)
    return Alignment(Chain(tuple(read_transform(copy) for copy in copies)), tuple(copies))


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
    return shrink(gray_range(moving, expected).apply(region), stage.spacing)
