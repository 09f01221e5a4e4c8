"""Where each knee of a list stands, by what lies on the disk. Nothing is written.

An image is only read again if it may have changed since it was segmented: if its file is newer than the record.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import Enum
from pathlib import Path
from statistics import median
from typing import Any

from ..elastix.parameters import ParameterMap
from ..errors import InputError
from ..images.files import image_checksum
from ..registration.side import Side
from ..runs.executor import WorkerThreads
from ..runs.locks import holder_of
from ..tissue import Tissue
from .cases import Case, ListedKnee
from .outcome import Outcome, Status
from .record import case_key, noted_failure, read_record
from .resume import light, recorded_outcome

_AT_ONCE = 8  # knees; what takes time is the disk
_SURE = timedelta(seconds=2)  # by which clocks and files may differ


class Stand(Enum):
    """Where a knee stands."""

    SEGMENTED = "segmented"
    EDITED = "edited"
    NEEDS_REVIEW = "needs review"
    REJECTED = "rejected"
    KEPT = "kept"
    FAILED = "failed"
    CHANGED_INPUT = "changed input"
    OUTDATED = "outdated"
    MISSING_MASK = "missing mask"
    MISSING_FILE = "missing file"
    PROBLEM = "problem in the list"
    RUNNING = "running"
    NOT_STARTED = "not started"

    @property
    def good(self) -> bool:
        """Whether there is a segmentation that counts, and nobody has to look at it any more."""
        return self in (Stand.SEGMENTED, Stand.EDITED)

    @property
    def to_do(self) -> bool:
        """Whether the next run segments the knee."""
        return self in (
            Stand.FAILED,
            Stand.CHANGED_INPUT,
            Stand.OUTDATED,
            Stand.MISSING_MASK,
            Stand.RUNNING,
            Stand.NOT_STARTED,
        )


@dataclass(frozen=True)
class Standing:
    """Where a knee of a list stands.

    :param line: of the list.
    :param detail: for people: why, since when, what is missing.
    :param outcome: how an earlier run ended, if that still counts.
    :param run: of a knee that is being segmented: host, process, and since when (ISO 8601, UTC), as far as known.
    :param seconds: that the segmentation took.
    """

    name: str
    stand: Stand
    line: int | None
    detail: str = ""
    outcome: Outcome | None = None
    run: Mapping[str, Any] = field(default_factory=dict)
    seconds: float | None = None


@dataclass(frozen=True)
class Wanted:
    """How the next run segments, as far as that decides whether it makes a result again.

    :param parameters: of elastix, by file.
    :param side: that is asked for.
    """

    parameters: Mapping[str, ParameterMap]
    side: Side = Side.AUTO


def standings(
    knees: Sequence[ListedKnee],
    progress: Callable[[int, int], None] = lambda done, total: None,
    wanted: Wanted | None = None,
) -> list[Standing]:
    """Where the knees of a list stand, in its order.

    :param progress: called with the number of knees that were looked at and their total.
    :param wanted: how the next run would segment; None does not ask whether a result was made so.
    :raises InputError: if there is a review that cannot be read.
    """
    inputs = _Inputs(wanted)
    with WorkerThreads(min(_AT_ONCE, max(1, len(knees)))) as threads:
        futures = [threads.submit(_standing, knee, inputs) for knee in knees]
        found = []
        for number, future in enumerate(futures, start=1):
            found.append(future.result())
            progress(number, len(knees))
    return found


def remaining_seconds(found: Iterable[Standing], jobs: int) -> float | None:
    """How long the knees that are left take, by those that were segmented; None if none was.

    :param jobs: knees at once.
    """
    found = tuple(found)
    known = [one.seconds for one in found if one.seconds is not None]
    if not known:
        return None
    each = median(known)
    left = [max(0.0, each - _running_for(one)) for one in found if one.stand.to_do]
    return sum(left) / min(jobs, len(left)) if left else 0.0


def _running_for(one: Standing) -> float:
    since = _moment(one.run.get("since"))
    return 0.0 if since is None else (datetime.now(timezone.utc) - since).total_seconds()


def _standing(knee: ListedKnee, inputs: _Inputs) -> Standing:
    case = knee.case
    if knee.problems:
        missing = case is None
        detail = " ".join(str(problem) for problem in knee.problems)
        return Standing(knee.name, Stand.MISSING_FILE if missing else Stand.PROBLEM, knee.line, detail)
    if case is None:
        return Standing(knee.name, Stand.MISSING_FILE, knee.line, "its reference is missing")
    run = holder_of(case.lock)
    if run is not None:
        return Standing(knee.name, Stand.RUNNING, knee.line, _about(run), run=run)
    record = read_record(case.record)
    seconds = (record or {}).get("seconds", {}).get("total")
    stand, detail, outcome = _of_result(case, record, inputs)
    return Standing(knee.name, stand, knee.line, detail, outcome and light(outcome), seconds=seconds)


def _of_result(case: Case, record: Mapping[str, Any] | None, inputs: _Inputs) -> tuple[Stand, str, Outcome | None]:
    outcome = recorded_outcome(case)
    failure = noted_failure(case)
    if outcome is not None and outcome.status is Status.KEPT:
        return Stand.KEPT, outcome.message, outcome
    if outcome is None:
        return _without_result(case, record, failure)
    changed = inputs.changed(case, record) if record is not None else ""
    if outcome.status is Status.EDITED:
        image = "" if record is None else inputs.changed(case, record, ("moving",))
        return (Stand.CHANGED_INPUT, f"{image}; its masks are corrected ones", None) if image else _edited(outcome)
    if failure:
        return Stand.FAILED, f"{failure} (the earlier result is still there)", None
    if changed:
        return Stand.CHANGED_INPUT, changed, None
    outdated = inputs.outdated(case, record) if record is not None and outcome.decision is None else ""
    if outdated:
        return Stand.OUTDATED, outdated, outcome
    if outcome.status is Status.REJECTED:
        return Stand.REJECTED, outcome.message, outcome
    if outcome.needs_review:
        return Stand.NEEDS_REVIEW, "; ".join(outcome.flags.values()) or "is to be corrected", outcome
    return Stand.SEGMENTED, outcome.decision.value if outcome.decision else "", outcome


def _without_result(case: Case, record: Mapping[str, Any] | None, failure: str) -> tuple[Stand, str, None]:
    if failure:
        return Stand.FAILED, failure, None
    if record is not None:
        absent = [name for name in record["outputs"] if not (case.output / name).is_file()]
        return Stand.MISSING_MASK, ", ".join(absent) or "the masks are not those of the record", None
    if case.record.exists():
        return Stand.NOT_STARTED, "its record is damaged, and there are no masks", None
    return Stand.NOT_STARTED, "was interrupted" if case.lock.exists() else "", None


def _edited(outcome: Outcome) -> tuple[Stand, str, Outcome]:
    measured = outcome.record.get("measurements", {})
    overlaps = [
        f"{one.title} {measured[key]:.4g}" for one in Tissue if (key := f"automatic_dice_{one.value}") in measured
    ]
    return Stand.EDITED, f"Dice with the automatic masks: {', '.join(overlaps)}" if overlaps else "", outcome


def _about(run: Mapping[str, Any]) -> str:
    since = _moment(run.get("since"))
    when = f"since {since.astimezone():%Y-%m-%d %H:%M}" if since is not None else ""
    who = f"process {run['process']} on {run['host']}" if {"process", "host"} <= run.keys() else ""
    return ", ".join(text for text in (when, who) if text)


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


class _Inputs:
    """Tells whether input files have changed, each is read at most once; and whether parameters have."""

    def __init__(self, wanted: Wanted | None) -> None:
        self._wanted = wanted
        self._checksums: dict[Path, str] = {}
        self._lock = threading.Lock()

    def changed(self, case: Case, record: Mapping[str, Any], roles: Sequence[str] = ()) -> str:
        """Which input of a case is not that of its record, for people; empty if all are.

        :param roles: only these.
        """
        recorded, inputs = record["inputs"], case.inputs
        if not roles and recorded.keys() != inputs.keys():
            return "its references are others"
        begun = _begun(record)
        for role in roles or inputs:
            if role not in recorded:
                return "its record does not say what it was made from"
            path = inputs[role]
            if path.name == Path(recorded[role]["file"]).name and not _newer(path, begun):
                continue
            try:
                if self._checksum(path) != recorded[role]["sha256"]:
                    return f"'{path.name}' has changed since it was segmented"
            except (InputError, OSError) as error:
                return f"'{path}' cannot be read ({error})"
        return ""

    def outdated(self, case: Case, record: Mapping[str, Any]) -> str:
        """Why a result whose inputs have not changed would be made again, for people; empty if it would not."""
        if self._wanted is None:
            return ""
        checksums = {path: record["inputs"][role]["sha256"] for role, path in case.inputs.items()}
        parameters = self._wanted.parameters
        if case_key(case, checksums, parameters, self._wanted.side) == record["key"]:
            return ""
        recorded = record.get("parameters") or {}
        # As JSON has them: a record holds lists.
        now = {name: json.loads(json.dumps(parameters[name])) for name in recorded if name in parameters}
        changed = sorted(name for name, values in recorded.items() if now.get(name) != values)
        if changed:
            return f"made with other parameters ({', '.join(changed)})"
        return "made by another version, for another side, or with another number of references"

    def _checksum(self, path: Path) -> str:
        with self._lock:
            known = self._checksums.get(path)
        if known is None:
            known = image_checksum(path)
            with self._lock:
                self._checksums[path] = known
        return known


def _begun(record: Mapping[str, Any]) -> datetime | None:
    """When the segmentation began, that is, after its inputs were checked."""
    written = _moment(record.get("written"))
    seconds = record.get("seconds", {}).get("total", 0)
    return None if written is None else written - timedelta(seconds=seconds) - _SURE


def _newer(path: Path, moment: datetime | None) -> bool:
    """Whether a file may have been written or moved there after a moment; of a folder, there is no telling."""
    if moment is None or not path.is_file():
        return True
    status = path.stat()
    return max(status.st_mtime, status.st_ctime) >= moment.timestamp()
