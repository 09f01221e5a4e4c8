"""Where a run resumes: which cases are finished, and which masks are not ours to replace."""

from __future__ import annotations

from ..registration.limits import Limits, judge
from ..tissue import Tissue
from .cases import Case
from .outcome import Outcome, Status, outcome_of_record
from .record import ResultState, read_record, state_of
from .results import registered_record


def finished_outcome(case: Case, key: str, limits: Limits, with_registered: bool) -> Outcome | None:
    """The outcome of a case for which there is nothing to do; None if it is to be segmented.

    :param key: from :func:`.segmentation.record.case_key`.
    :param limits: what results are judged by: with others, the verdict may be another one.
    :param with_registered: whether the registered images are wanted, too.
    """
    state = state_of(case, key)
    if state in (ResultState.FOREIGN, ResultState.EDITED, ResultState.OTHER_MODALITY):
        folder = case.mask(Tissue.CARTILAGE).parent
        # Without the record: its measurements are not those of these masks.
        message = f"'{folder}' holds {state.value}: they were kept; segment again to replace them (--force)"
        return Outcome(case, Status.KEPT, message=message)
    record = read_record(case.record) or {}
    registered = read_record(registered_record(case)) or {}
    if state is not ResultState.FINISHED or (with_registered and registered.get("key") != key):
        return None
    rejected = record["status"] == Status.REJECTED.value
    if rejected != any(flag.failed for flag in judge(record["measurements"], limits)):
        return None
    return outcome_of_record(case, record, Status.REJECTED if rejected else Status.UNCHANGED)


def recorded_outcome(case: Case) -> Outcome | None:
    """How an earlier run of a case ended, by what lies where its results go; None if there is no result.

    Whether the inputs or parameters have changed since is not looked at.
    """
    record = read_record(case.record)
    if record is None:
        outcome = Outcome(case, Status.KEPT, message=ResultState.FOREIGN.value)
    else:
        outcome = outcome_of_record(case, record, Status(record["status"]))
    return outcome if len(outcome.masks) == len(Tissue) else None
