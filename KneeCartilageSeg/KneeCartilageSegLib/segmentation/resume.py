"""Where a run resumes: which cases are finished, and which masks are not a run's to replace.

Masks that somebody has corrected, drawn or reviewed are people's work. A run replaces them only if it was told to by
the name of the knee, and what it replaces is moved to ``replaced/``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from ..errors import Problem
from ..files import split_name
from ..images.files import EXTENSIONS
from ..registration.limits import Limits, judge, rejects
from ..tissue import Tissue
from .cases import REJECTED, SEGMENTED, Case
from .correction import corrected_outcome
from .outcome import Outcome, Status, outcome_of_record
from .record import ResultState, StoredRecord, read_record, state_by_masks, state_of
from .results import registered_record
from .review import Decision, read_decisions

_NOT_OURS = (ResultState.FOREIGN, ResultState.OTHER_MODALITY, ResultState.DAMAGED)


def light(outcome: Outcome) -> Outcome:
    """The same outcome without its record in memory, for keeping ten thousand: the record is read when it is needed."""
    # That of corrected masks may be measured, but not on the disk.
    stored = outcome.record and outcome.status is not Status.EDITED
    return replace(outcome, record=StoredRecord(outcome.case.record)) if stored else outcome


def finished_outcome(
    case: Case, key: str, limits: Limits, with_registered: bool, image_checksum: str, force: bool = False
) -> Outcome | None:
    """The outcome of a case for which there is nothing to do; None if it is to be segmented.

    :param key: from :func:`.segmentation.record.case_key`.
    :param limits: what results are judged by: with others, the verdict may be another one.
    :param with_registered: whether the registered images are wanted, too.
    :param image_checksum: of the image as it is now.
    :param force: whether to redo what no person has touched.
    :raises InputError: if there is a review that cannot be read.
    """
    decision = read_decisions(case.record.parent).get(case.name)
    state = state_of(case, key)
    if state is ResultState.EDITED:
        return _as_decided(corrected_outcome(case, image_checksum), decision)
    if state in _NOT_OURS:
        return _kept(case, state)
    record = read_record(case.record) or {}
    if decision is not None and state in (ResultState.FINISHED, ResultState.STALE):
        return _reviewed(case, state, decision)
    registered = read_record(registered_record(case)) or {}
    if force or state is not ResultState.FINISHED or (with_registered and registered.get("key") != key):
        return None
    rejected = record["status"] == Status.REJECTED.value
    if rejected != rejects(judge(record["measurements"], limits)):
        return None
    return outcome_of_record(case, record, Status.REJECTED if rejected else Status.UNCHANGED)


def recorded_outcome(case: Case) -> Outcome | None:
    """How an earlier run of a case ended, by what lies where its results go; None if there is no result.

    Whether the inputs or parameters have changed since is not looked at. Nothing is written.

    :raises InputError: if there is a review that cannot be read.
    """
    record = read_record(case.record)
    state = state_by_masks(case, record)
    decision = read_decisions(case.record.parent).get(case.name)
    if state is ResultState.EDITED:
        return _as_decided(corrected_outcome(case, write=False), decision)
    if state in _NOT_OURS:
        return _kept(case, state)
    if state is not ResultState.FINISHED or record is None:
        return None
    status = Status.REJECTED if record["status"] == Status.REJECTED.value else Status.UNCHANGED
    return _as_decided(outcome_of_record(case, record, status), decision)


def occupied_problems(cases: Sequence[Case], replaced: Collection[str]) -> list[Problem]:
    """Cases whose results belong to another modality: most likely the modality is wrong.

    :param replaced: the names of cases whose masks are to be replaced, whatever they are.
    """
    problems = []
    for case in cases:
        record = read_record(case.record)
        if case.name in replaced or record is None or record["modality"] == case.modality.value:
            continue
        if state_by_masks(case, record) is ResultState.OTHER_MODALITY:
            message = f"'{case.name}' was segmented as {record['modality']}, not as {case.modality.value}"
            remedy = (
                f"Choose that modality (--modality {record['modality']}), or another folder for the results (--out)"
            )
            problems.append(Problem(message, remedy, line=case.line))
    return problems


def chosen_names(cases: Iterable[Case], wanted: Iterable[str]) -> tuple[frozenset[str], list[Problem]]:
    """The names of the cases that the user means, and what is wrong with them.

    :param wanted: names of images, with or without extension.
    """
    names = {case.name for case in cases}
    asked = {_without_extension(text): text for text in wanted}
    if not names:  # for reasons that are named already
        return frozenset(), []
    problems = [
        Problem(f"there is no knee '{text}' in the list (--force)", "Write its name as in the list")
        for name, text in asked.items()
        if name not in names
    ]
    return frozenset(names & asked.keys()), problems


def _without_extension(text: str) -> str:
    return split_name(text)[0] if text.lower().endswith(EXTENSIONS) else text


def _kept(case: Case, state: ResultState) -> Outcome:
    # Without the record: its measurements are not those of these masks.
    holds = (case.mask(tissue, folder) for folder in (SEGMENTED, REJECTED) for tissue in Tissue)
    folder = next(path for path in holds if path.is_file()).parent
    remedy = f"to segment the knee all the same, move them away, or have them moved to replaced/ (--force {case.name})"
    return Outcome(case, Status.KEPT, message=f"'{folder}' holds {state.value}: they were kept; {remedy}")


def _as_decided(outcome: Outcome, decision: Decision | None) -> Outcome:
    """The outcome, with what people have decided about it."""
    if decision is Decision.REJECTED and outcome.status.good:
        return replace(outcome, status=Status.REJECTED, message="rejected in the review", decision=decision)
    return replace(outcome, decision=decision)


def _reviewed(case: Case, state: ResultState, decision: Decision) -> Outcome:
    """The outcome of a case that people have looked at: it stays as it is."""
    record = read_record(case.record) or {}
    status = Status.REJECTED if record["status"] == Status.REJECTED.value else Status.UNCHANGED
    outcome = _as_decided(outcome_of_record(case, record, status), decision)
    if status is Status.REJECTED and decision is Decision.ACCEPTED:
        message = f"accepted in the review: move its masks from '{REJECTED}' to '{SEGMENTED}', so that they count"
        return replace(outcome, message=message)
    if state is ResultState.STALE:
        message = "reviewed, and kept as it is, although its image, reference or parameters have changed since"
        return replace(outcome, message=outcome.message or message)
    return outcome
