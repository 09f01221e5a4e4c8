"""Run many cases: in parallel, resuming what is finished, cancellable, with progress.

One bad knee does not stop the others. A second run of the same cases skips what is finished and unchanged; two runs at
once in one folder share the work.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Callable

from ..elastix.discovery import EngineChoice
from ..elastix.parameters import ParameterMap
from ..errors import Cancelled, KneeError
from ..images.files import last_line
from ..registration.align import RegistrationJob
from ..registration.limits import Limits, judge
from ..registration.reference import Reference
from ..registration.references import References, read_unchanged
from ..registration.stages import STAGES
from ..runs.locks import try_lock
from ..runs.pool import LazyEngine, Pool
from ..runs.steps import (
    CHECKS_STEP,
    MASKS_STEP,
    READING_STEP,
    WRITING_STEP,
    WorkSteps,
)
from ..segmentation.record import read_record
from ..tissue import Tissue
from .cases import REJECTED, SEGMENTED, Case
from .record import ResultState, case_key, make_record, state_of
from .results import (
    publish,
    registered_record,
    stage_results,
    working_folder,
    working_path,
)
from .segment import segment

logger = logging.getLogger(__name__)


class Status(Enum):
    """How a case ended."""

    SEGMENTED = "segmented"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    KEPT = "kept"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def good(self) -> bool:
        """Whether there is a segmentation of this case's input that passed its checks."""
        return self in (Status.SEGMENTED, Status.UNCHANGED)


@dataclass(frozen=True)
class Outcome:
    """How a case ended, and its provenance record if it has one.

    :param message: why, if it did not end well.
    """

    case: Case
    status: Status
    record: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""

    @property
    def flags(self) -> Mapping[str, str]:
        """The measurements that are outside their limits, with text for the user."""
        return self.record.get("flags", {})

    @property
    def masks(self) -> dict[Tissue, Path]:
        """The masks that lie where results of this status go."""
        folder = REJECTED if self.status is Status.REJECTED else SEGMENTED
        paths = {tissue: self.case.mask(tissue, folder) for tissue in Tissue}
        return {tissue: path for tissue, path in paths.items() if path.is_file()}


@dataclass(frozen=True)
class Progress:
    """Where a case is.

    :param number: of the case, from 0.
    :param step: what begins now: "reading", a stage, "masks", "checks", "writing".
    :param fraction: of the case that is done, 0 to 1.
    :param outcome: at its end.
    """

    number: int
    case: Case
    step: str
    fraction: float
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Settings:
    """How to run.

    :param engine: the elastix to use.
    :param parameters: elastix parameters by parameter file name.
    :param limits: what results are judged by.
    :param jobs: how many knees at once; each takes about one gigabyte of memory.
    :param threads: how many threads each of them may use.
    :param keep_registered: also write registered images and transforms.
    :param force: redo what is finished, and overwrite masks that were edited or come from elsewhere.
    """

    engine: EngineChoice
    parameters: Mapping[str, ParameterMap]
    limits: Limits
    jobs: int = 1
    threads: int = 1
    keep_registered: bool = True
    force: bool = False


class Run:
    """A run over cases.

    :param cases: checked by :func:`.segmentation.cases.read_cases` or :func:`.segmentation.cases.check_cases`.
    :param checksums: its answer.
    :param progress: called from the run's threads.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        checksums: Mapping[Path, str],
        settings: Settings,
        progress: Callable[[Progress], None] = lambda progress: None,
    ):
        self.cases = tuple(cases)
        self.settings = settings
        self._checksums = checksums
        self._progress = progress
        self._outcomes: dict[int, Outcome] = {}
        self._running: set[int] = set()  # the cases that are locked by this run
        self._pool: Pool[int] = Pool(settings.engine, settings.threads, self._work)
        self._references: References | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._references = References(self._checksums, (case.references[0] for case in self.cases))
        self._pool.start(range(len(self.cases)), max(1, min(self.settings.jobs, len(self.cases))))

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end; False if it has not come within ``timeout`` seconds."""
        ended = self._pool.wait(timeout)
        if ended and self._references is not None:
            self._references.close()
        return ended

    def cancel(self) -> None:
        """Stop: kills elastix, begins nothing more; a filter that is running ends within a second or two."""
        self._pool.cancel()

    def abandon(self) -> None:
        """Clear the working files away while threads still run; only right before the process ends."""
        running = [self.cases[number] for number in tuple(self._running)]
        for case in running:
            shutil.rmtree(working_path(case), ignore_errors=True)
        if self._references is not None:
            self._references.close()
        for case in running:
            _lock_file(case).unlink(missing_ok=True)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How the cases ended, in their order; those that have not are cancelled."""
        return tuple(
            self._outcomes.get(number, Outcome(case, Status.CANCELLED, message="cancelled"))
            for number, case in enumerate(self.cases)
        )

    def _work(self, number: int, engine: LazyEngine) -> bool:
        outcome = self._run_locked(number, engine)
        if outcome is None:  # another run works on it
            return False
        self._outcomes[number] = outcome
        self._progress(Progress(number, outcome.case, outcome.status.value, 1.0, outcome))
        return True

    def _run_locked(self, number: int, engine: LazyEngine) -> Outcome | None:
        """The outcome of a case, or None if another run is at work on it."""
        case = self.cases[number]
        assert self._references is not None
        try:
            case.record.parent.mkdir(parents=True, exist_ok=True)
            with try_lock(_lock_file(case)) as free:
                if not free:
                    return None
                self._running.add(number)
                try:
                    with self._references.use(case.references[0]) as reference:
                        return self._run_case(number, engine, reference)
                finally:
                    self._running.discard(number)
        except Cancelled:
            return Outcome(case, Status.CANCELLED, message="cancelled")
        except RuntimeError as error:  # SimpleITK's
            return self._failure(case, last_line(error))
        except (KneeError, OSError, MemoryError) as error:
            return self._failure(case, str(error) or type(error).__name__)
        except Exception as error:
            # Whatever it is, the other knees are worth segmenting.
            if not self._pool.cancelled.is_set():
                logger.exception("segmenting %s failed", case.name)
            return self._failure(case, f"{type(error).__name__}: {error}")

    def _failure(self, case: Case, message: str) -> Outcome:
        if self._pool.cancelled.is_set():
            return Outcome(case, Status.CANCELLED, message="cancelled")
        return Outcome(case, Status.FAILED, message=message)

    def _run_case(self, number: int, lazy_engine: LazyEngine, reference: Callable[[], Reference]) -> Outcome:
        case = self.cases[number]
        key = case_key(case, self._checksums, self.settings.parameters)
        done = self._finished(case, key)
        if done is not None:
            return done
        begun = time.perf_counter()

        def report(step: str, fraction: float) -> None:
            self._progress(Progress(number, case, step, fraction))

        last = MASKS_STEP, CHECKS_STEP, WRITING_STEP
        steps = WorkSteps(STAGES[case.modality], last, report, self._pool.cancelled)
        settings = self.settings
        folder = working_folder(case)
        try:
            steps.begin(READING_STEP)
            engine = lazy_engine.get()
            moving = read_unchanged(case.moving, self._checksums)
            # A name of its own: an elastix that outlives a killed run must not write into this one.
            work = Path(tempfile.mkdtemp(dir=folder))
            job = RegistrationJob(reference(), moving, case.modality, settings.parameters, engine, work, steps.begin)
            result = segment(job, settings.limits)
            steps.begin(WRITING_STEP)
            files = stage_results(case, job, result, settings.keep_registered, folder)
            touched = self._finished(case, key)
            if touched is not None:  # somebody has put masks there, or edited them, since the case began
                return touched
            status = Status.REJECTED if result.failed else Status.SEGMENTED
            facts = {
                "status": status.value,
                "engine": {"name": engine.name, "version": engine.version, "threads": settings.threads},
                "seconds": {**result.seconds, "total": time.perf_counter() - begun},
                "measurements": dict(result.measurements),
                "flags": {flag.key: flag.text for flag in result.flags},
            }
            record = publish(case, files, make_record(case, key, self._checksums, settings.parameters, facts))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return Outcome(case, status, record, _reason(record) if result.failed else "")

    def _finished(self, case: Case, key: str) -> Outcome | None:
        """The outcome of a case for which there is nothing to do."""
        if self.settings.force:
            return None
        state = state_of(case, key)
        if state in (ResultState.FOREIGN, ResultState.EDITED, ResultState.OTHER_MODALITY):
            folder = case.mask(Tissue.CARTILAGE).parent
            # Without the record: its measurements are not those of these masks.
            message = f"'{folder}' holds {state.value}: they were kept; --force replaces them"
            return Outcome(case, Status.KEPT, message=message)
        record = read_record(case.record) or {}
        registered = read_record(registered_record(case)) or {}
        lacks_registered = self.settings.keep_registered and registered.get("key") != key
        if state is not ResultState.FINISHED or lacks_registered:
            return None
        rejected = record["status"] == Status.REJECTED.value
        if rejected != any(flag.failed for flag in judge(record["measurements"], self.settings.limits)):
            return None  # other limits, another verdict
        if rejected:
            return Outcome(case, Status.REJECTED, record, _reason(record))
        return Outcome(case, Status.UNCHANGED, record)


def recorded_outcome(case: Case) -> Outcome | None:
    """How an earlier run of a case ended, by what lies where its results go; None if there is no result.

    Whether the inputs or parameters have changed since is not looked at.
    """
    record = read_record(case.record)
    if record is None:
        outcome = Outcome(case, Status.KEPT, message=ResultState.FOREIGN.value)
    else:
        status = Status(record["status"])
        outcome = Outcome(case, status, record, _reason(record) if status is Status.REJECTED else "")
    return outcome if len(outcome.masks) == len(Tissue) else None


def _lock_file(case: Case) -> Path:
    return case.record.with_name(f".{case.name}.lock")


def _reason(record: Mapping[str, Any]) -> str:
    return "; ".join(record["flags"].values())
