"""The work on one case, from its files to its results: a function of plain values, for a thread or a cluster."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import SimpleITK as sitk

from ..elastix.discovery import EngineChoice
from ..elastix.engine import Engine
from ..elastix.parameters import ParameterMap
from ..images.bias import even
from ..reference_files import ReferenceFiles
from ..registration.align import Aligned, RegistrationJob, align_linear
from ..registration.limits import Flag, Limits, verdict
from ..registration.reference import Reference
from ..registration.references import read_unchanged
from ..registration.side import Side
from ..registration.stages import STAGES
from ..runs.beside import Beside
from ..runs.events import Note
from ..runs.failures import Failure, attempt
from ..runs.locks import locked_folder
from ..runs.steps import CHECKS_STEP, MASKS_STEP, READING_STEP, WRITING_STEP, WorkSteps
from ..runs.timelimit import DEFAULT_MINUTES, limited
from ..runs.workplace import Workplace
from ..tissue import Tissue
from .carrying import VOTING_SPACING, Contribution, Linked
from .cases import REGISTERED, Case
from .inputs import check_unread, input_checksums
from .links import Between, between_folder, prepared_name
from .outcome import Outcome, Status, outcome_of_record
from .pictures import PAINTER, picture_of
from .record import case_key, make_record, note_failure
from .registered import RegisteredFiles
from .results import publish, stage_results
from .resume import finished_outcome
from .segment import segment

_MOST_TRIED = 6  # further references that a knee is aligned with, if its match is not sharp


@dataclass(frozen=True)
class Settings:
    """How to run.

    :param engine: the elastix to use.
    :param parameters: elastix parameters by parameter file name.
    :param limits: what results are judged by.
    :param jobs: how many knees at once; each takes about one gigabyte of memory.
    :param threads: how many threads each of them may use.
    :param keep_registered: also write registered images and transforms.
    :param force: redo what is finished, but for what people have corrected, drawn or reviewed.
    :param side: of new subjects; knees of the other side than the reference's are segmented with its mirror image.
    :param time_limit: minutes that a knee may take; None for no limit.
    :param pictures: also draw each knee with its masks; needs matplotlib.
    :param replaced: names of knees that are done again whatever is there, also if people have made it.
    """

    engine: EngineChoice
    parameters: Mapping[str, ParameterMap]
    limits: Limits
    jobs: int = 1
    threads: int = 1
    keep_registered: bool = True
    force: bool = False
    side: Side = Side.AUTO
    time_limit: float | None = DEFAULT_MINUTES
    pictures: bool = False
    replaced: frozenset[str] = frozenset()


def segment_case(case: Case, checksums: Mapping[Path, str], settings: Settings, workplace: Workplace) -> Outcome | None:
    """Segment a case, unless it is finished; whatever goes wrong is its outcome.

    :param checksums: of those of its files that were read and checked before; the others are now.
    :return: the outcome, or None if another run is at work on it.
    """
    outcome = attempt(
        f"segmenting {case.name}",
        lambda: limited(
            workplace, settings.time_limit, lambda place: _segment_locked(case, checksums, settings, place)
        ),
        lambda: workplace.cancelled,
    )
    if isinstance(outcome, Failure):
        if not outcome.cancelled:
            note_failure(case, outcome.message)
        return failed_outcome(case, outcome)
    if settings.pictures and outcome is not None:
        _draw(outcome, workplace)
    return outcome


def _draw(outcome: Outcome, workplace: Workplace) -> None:
    picture = picture_of(outcome)
    try:
        if picture.missing:
            workplace.aside(PAINTER, picture.question())
    except OSError as error:
        workplace.send(Note(f"the picture of {picture.name} could not be drawn: {error}"))


def failed_outcome(case: Case, failure: Failure) -> Outcome:
    """The outcome of a case that has no result."""
    status = Status.CANCELLED if failure.cancelled else Status.FAILED
    return Outcome(case, status, message=failure.message)


def _segment_locked(
    case: Case, checksums: Mapping[Path, str], settings: Settings, workplace: Workplace
) -> Outcome | None:
    case.record.parent.mkdir(parents=True, exist_ok=True)
    with locked_folder(case.lock, case.working_folder, workplace) as folder:
        if folder is None:
            return None
        every = input_checksums(case, checksums)
        key = case_key(case, every, settings.parameters, settings.side)
        finished = _finished(case, key, every[case.moving], settings)
        if finished is not None:
            return finished
        check_unread(case, checksums)
        return _segment(case, key, every, settings, workplace, folder)


def _segment(
    case: Case, key: str, checksums: Mapping[Path, str], settings: Settings, workplace: Workplace, folder: Path
) -> Outcome:
    begun = time.perf_counter()
    steps = WorkSteps(workplace, STAGES[case.modality], (MASKS_STEP, CHECKS_STEP, WRITING_STEP), case.name)
    several = len(case.references) > 1
    with ExitStack() as stack:
        given = [
            stack.enter_context(workplace.reference(files, checksums, _prepared_folder(case, files, checksums)))
            for files in case.references
        ]
        steps.begin(READING_STEP)
        # A second thread makes elastix 7 % faster; beside one with a single thread, a core does everything else.
        engine = workplace.engine(settings.engine, 1)
        beside = Beside(settings.threads - 1, lambda: workplace.engine(settings.engine, 1), workplace.rest)
        stack.enter_context(beside)
        reading = beside.submit(lambda: _read_moving(case, checksums))
        references = beside.map(lambda get: get(), given)
        # A name of its own: an elastix that outlives a killed run must not write into this one.
        work = Path(tempfile.mkdtemp(dir=folder))
        moving, evened = reading.result()
        if beside.count and not several:
            # As it is: most knees are of the reference's side, or the side is asked for.
            for prepare in references[0].preparations(STAGES[case.modality], VOTING_SPACING):
                beside.submit(prepare)
        job = RegistrationJob(
            references[0], evened, case.modality, settings.parameters, engine, work, steps.begin, settings.side
        )
        order = [0]
        linked: list[Linked] = []
        if several:
            between = Between(
                case.references,
                references,
                checksums,
                settings.parameters,
                settings.engine,
                settings.limits,
                between_folder(case),
                workplace,
            )
            first, linear = _align_with_several(job, between, settings, beside)
            order = [first, *(number for number in range(len(references)) if number != first)]
            linked = list(between.links(first, order[1:], beside).values())
        else:
            linear = _align(job, settings, beside)
        if settings.pictures:
            workplace.aside(PAINTER)
        registered = RegisteredFiles(folder / REGISTERED, moving, case.extension, beside.submit)
        keep = registered.write if settings.keep_registered else lambda reference, alignment: None
        result = segment(linear, settings.limits, linked, case.at_most, beside, keep)
        steps.begin(WRITING_STEP)
        files = stage_results(case, result, registered, folder)
    touched = _finished(case, key, checksums[case.moving], settings)
    if touched is not None:  # somebody has put masks there, or edited them, since the case began
        return touched
    status = Status.REJECTED if result.failed else Status.SEGMENTED
    named = [case.references[number] for number in order]
    facts = {
        "status": status.value,
        "engine": {"name": engine.name, "version": engine.version, "threads": settings.threads},
        "seconds": {**result.seconds, "total": time.perf_counter() - begun},
        "measurements": dict(result.measurements),
        "side": _side_facts(result.reference, settings.side),
        "flags": {flag.key: _reason(flag, result.contributions, named) for flag in result.flags},
        "failed": [flag.key for flag in result.flags if flag.failed],
        "verdicts": {tissue.value: verdict(result.flags, tissue).value for tissue in Tissue},
        "references": [_story(one, named[one.number]) for one in result.contributions],
    }
    record = publish(case, files, make_record(case, key, checksums, settings.parameters, facts))
    return outcome_of_record(case, record, status)


def _align(job: RegistrationJob, settings: Settings, beside: Beside) -> Aligned:
    submit = beside.submit_registration if beside.count else None
    return align_linear(job, STAGES[job.modality], settings.limits, submit)


def _align_with_several(
    job: RegistrationJob, between: Between, settings: Settings, beside: Beside
) -> tuple[int, Aligned]:
    """The reference that a knee is registered to, by its number, and how the linear stages align them."""
    central = between.most_central(beside)
    job = replace(job, reference=between.references[central])
    linear = _align(job, settings, beside)
    if linear.sharp(settings.limits):
        return central, linear
    return _likeliest(central, linear, between.references, settings, beside)


def _likeliest(
    central: int, linear: Aligned, references: Sequence[Reference], settings: Settings, beside: Beside
) -> tuple[int, Aligned]:
    """The reference that a knee most likely lies on, by its number, if the match of the most central one is not sharp:
    images of another contrast find their place with some references and not with others."""

    def try_with(number: int, engine: Engine) -> Aligned:
        folder = linear.job.folder / f"first{number + 1}"
        folder.mkdir()
        silent = replace(linear.job, engine=engine, folder=folder, progress=lambda step: None)
        job = replace(silent, reference=references[number])
        return align_linear(job, STAGES[job.modality], settings.limits)

    others = [number for number in range(len(references)) if number != central][:_MOST_TRIED]
    found = dict(zip(others, beside.map_registrations(try_with, others)))
    number, best = max(((central, linear), *found.items()), key=lambda one: one[1].likelihood)
    return number, replace(best, job=replace(best.job, engine=linear.job.engine, progress=linear.job.progress))


def _read_moving(case: Case, checksums: Mapping[Path, str]) -> tuple[sitk.Image, sitk.Image]:
    """The image as it is, and as it is registered."""
    image = read_unchanged(case.moving, checksums)
    return image, even(image)


def _prepared_folder(case: Case, files: ReferenceFiles, checksums: Mapping[Path, str]) -> Path | None:
    """Where what is prepared of a reference is kept, if it is one of several: of a single one that is soon done."""
    if len(case.references) < 2:
        return None
    return between_folder(case) / prepared_name([checksums[path] for path in files.inputs().values()])


def _reason(flag: Flag, contributions: Sequence[Contribution], files: Sequence[ReferenceFiles]) -> str:
    """Why a result is flagged; if a reference is to blame, which one.

    :param files: of each reference.
    """
    tissue = next((tissue for tissue in Tissue if flag.key == f"outlier_{tissue.value}"), None)
    if tissue is None:
        return flag.text
    outlier = min(contributions, key=lambda one: one.agreement[tissue])
    return f"{flag.text} ('{files[outlier.number].image}')"


def _story(contribution: Contribution, files: ReferenceFiles) -> dict[str, Any]:
    """For people and for the summary: which reference was used, how well it matches, what its votes weighed, and how
    well it agrees with what came of all votes."""
    return {
        "file": str(files.image),
        "sharpness_aligned": contribution.sharpness,
        "weights": {tissue.value: weight for tissue, weight in contribution.weights.items()},
        "agreement": {tissue.value: agreement for tissue, agreement in contribution.agreement.items()},
    }


def _finished(case: Case, key: str, image: str, settings: Settings) -> Outcome | None:
    if case.name in settings.replaced:
        return None
    return finished_outcome(case, key, settings.limits, settings.keep_registered, image, settings.force)


def _side_facts(used: Reference, asked: Side) -> dict[str, str | None]:
    """Which side was asked for, how the reference was used for it, and which side that makes the knee."""
    side = used.side
    return {
        "asked": asked.value,
        "reference": "mirrored" if used.original else "as it is",
        "knee": side.value if side else None,
    }
