"""Run many cases: in parallel, resuming what is finished, cancellable, with progress.

One bad knee does not stop the others. A second run of the same cases skips what is finished and unchanged; two runs at
once in one folder share the work.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Callable

import SimpleITK as sitk

from .cases import REJECTED, SEGMENTED, Case
from .elastix.discovery import EngineChoice
from .elastix.engine import Engine
from .elastix.parameters import ParameterMap
from .errors import Cancelled, KneeError
from .failure import Limits, judge
from .images import last_line
from .locks import try_lock
from .modality import STAGES, Tissue
from .provenance import State, case_key, make_record, read_record, state_of
from .registration import Reference
from .results import publish, registered_record, stage_results, working_folder, working_path
from .segmentation import CHECKS_STEP, MASKS_STEP, Knee, segment

logger = logging.getLogger(__name__)

READING_STEP, WRITING_STEP = "reading", "writing"

# How the time of a knee is spread over its steps, roughly; for progress bars only.
_WEIGHTS = {"f_spline": 4.0, "fc_spline": 6.0, MASKS_STEP: 2.0, WRITING_STEP: 4.0}
_WAIT_FOR_OTHER_RUN = 0.2  # seconds


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

    :param cases: checked by :func:`.cases.read_cases` or :func:`.cases.check_cases`.
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
        self._queue = deque(range(len(self.cases)))
        self._outcomes: dict[int, Outcome] = {}
        self._running: set[int] = set()  # the cases that are locked by this run
        self._engines: list[Engine] = []
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._working = 0  # threads
        self._ended = threading.Event()
        self._ended.set()
        self._references: _References | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._references = _References(self.cases)
        count = max(1, min(self.settings.jobs, len(self.cases)))
        self._working = count
        self._ended.clear()
        for _ in range(count):
            # Daemons, so that a program that ends does not wait for a SimpleITK filter.
            threading.Thread(target=self._work_and_tell, daemon=True).start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end; False if it has not come within ``timeout`` seconds."""
        # Not by joining the threads: after a Ctrl-C in join, Python 3.9 to 3.12 take a thread that runs on for ended.
        ended = self._ended.wait(timeout)
        if ended and self._references is not None:
            self._references.close()
        return ended

    def cancel(self) -> None:
        """Stop: kills elastix, begins nothing more; a filter that is running ends within a second or two."""
        self._cancelled.set()
        with self._lock:
            for engine in self._engines:
                engine.cancel()

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

    def _work_and_tell(self) -> None:
        try:
            self._work()
        finally:
            with self._lock:
                self._working -= 1
                if not self._working:
                    self._ended.set()

    def _work(self) -> None:
        """What each thread does: take cases until there are no more."""
        with contextlib.ExitStack() as own:
            engine = _LazyEngine(self._start_engine, own)
            busy = 0  # how many cases in a row belong to other runs
            while not self._cancelled.is_set():
                with self._lock:
                    if not self._queue:
                        return
                    number = self._queue.popleft()
                outcome = self._run_locked(number, engine)
                if outcome is None:  # another run works on it; do the others first
                    busy += 1
                    with self._lock:
                        self._queue.append(number)
                        all_busy = busy >= len(self._queue)
                    if all_busy:
                        busy = 0
                        self._cancelled.wait(_WAIT_FOR_OTHER_RUN)
                    continue
                busy = 0
                self._outcomes[number] = outcome
                self._progress(Progress(number, outcome.case, outcome.status.value, 1.0, outcome))

    def _start_engine(self) -> Engine:
        engine = self.settings.engine.start(self.settings.threads)
        with self._lock:
            self._engines.append(engine)
        if self._cancelled.is_set():
            engine.cancel()
        return engine

    def _run_locked(self, number: int, engine: _LazyEngine) -> Outcome | None:
        """The outcome of a case, or None if another run is at work on it."""
        case = self.cases[number]
        try:
            case.record.parent.mkdir(parents=True, exist_ok=True)
            with try_lock(_lock_file(case)) as free:
                if not free:
                    return None
                self._running.add(number)
                try:
                    return self._run_case(number, engine)
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
            if not self._cancelled.is_set():
                logger.exception("segmenting %s failed", case.root)
            return self._failure(case, f"{type(error).__name__}: {error}")

    def _failure(self, case: Case, message: str) -> Outcome:
        if self._cancelled.is_set():
            return Outcome(case, Status.CANCELLED, message="cancelled")
        return Outcome(case, Status.FAILED, message=message)

    def _run_case(self, number: int, lazy_engine: _LazyEngine) -> Outcome:
        case = self.cases[number]
        key = case_key(case, self._checksums, self.settings.parameters)
        done = self._finished(case, key)
        if done is not None:
            return done
        begun = time.perf_counter()
        steps = _Steps(number, case, self._progress, self._cancelled)
        settings = self.settings
        folder = working_folder(case)
        assert self._references is not None
        try:
            steps.begin(READING_STEP)
            engine = lazy_engine.get()
            moving = sitk.ReadImage(str(case.moving))
            # A name of its own: an elastix that outlives a killed run must not write into this one.
            work = Path(tempfile.mkdtemp(dir=folder))
            with self._references.borrow(case) as reference:
                knee = Knee(reference, moving, case.modality, settings.parameters, engine, work, steps.begin)
                result = segment(knee, settings.limits)
                steps.begin(WRITING_STEP)
                files = stage_results(case, knee, result, settings.keep_registered, folder)
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
        if state in (State.FOREIGN, State.EDITED, State.OTHER_MODALITY):
            folder = case.mask(Tissue.CARTILAGE).parent
            # Without the record: its measurements are not those of these masks.
            message = f"'{folder}' holds {state.value}: they were kept; --force replaces them"
            return Outcome(case, Status.KEPT, message=message)
        record = read_record(case.record) or {}
        registered = read_record(registered_record(case)) or {}
        lacks_registered = self.settings.keep_registered and registered.get("key") != key
        if state is not State.FINISHED or lacks_registered:
            return None
        rejected = record["status"] == Status.REJECTED.value
        if rejected != any(flag.failed for flag in judge(record["measurements"], self.settings.limits)):
            return None  # other limits, another verdict
        if rejected:
            return Outcome(case, Status.REJECTED, record, _reason(record))
        return Outcome(case, Status.UNCHANGED, record)


class _LazyEngine:
    """A thread's engine, started for the first case that needs it."""

    def __init__(self, start: Callable[[], Engine], own: contextlib.ExitStack):
        self._start, self._own = start, own
        self._engine: Engine | None = None

    def get(self) -> Engine:
        if self._engine is None:
            self._engine = self._start()
            self._own.callback(self._engine.close)
        return self._engine


class _Steps:
    """Reports the steps of a case, and stops it at the next one after a cancel."""

    def __init__(self, number: int, case: Case, report: Callable[[Progress], None], cancelled: threading.Event):
        self._number, self._case, self._report, self._cancelled = number, case, report, cancelled
        stages = [stage.name for stage in STAGES[case.modality]]
        self._steps = [READING_STEP, *stages, MASKS_STEP, CHECKS_STEP, WRITING_STEP]

    def begin(self, step: str) -> None:
        if self._cancelled.is_set():
            raise Cancelled("cancelled")
        weights = [_WEIGHTS.get(name, 1.0) for name in self._steps]
        fraction = sum(weights[: self._steps.index(step)]) / sum(weights)
        self._report(Progress(self._number, self._case, step, fraction))


class _References:
    """Reads and prepares each reference once, and forgets it after its last case."""

    def __init__(self, cases: Sequence[Case]):
        keys = [self._key(case) for case in cases]
        self._uses = {key: keys.count(key) for key in keys}
        self._loaded: dict[tuple, Reference] = {}
        self._locks = {key: threading.Lock() for key in self._uses}
        self._folder = Path(tempfile.mkdtemp(prefix="knee-cartilage-seg-"))

    @contextlib.contextmanager
    def borrow(self, case: Case) -> Iterator[Reference]:
        """The reference of a case."""
        key = self._key(case)
        with self._locks[key]:
            if key not in self._loaded:
                self._loaded[key] = self._load(case)
        try:
            yield self._loaded[key]
        finally:
            with self._locks[key]:
                self._uses[key] -= 1
                if not self._uses[key]:
                    del self._loaded[key]

    def close(self) -> None:
        """Delete the working files."""
        shutil.rmtree(self._folder, ignore_errors=True)  # a thread may still write there after a cancel

    @staticmethod
    def _key(case: Case) -> tuple:
        return case.reference, case.reference_masks

    def _load(self, case: Case) -> Reference:
        masks = {tissue: sitk.ReadImage(str(path)) for tissue, path in case.reference_masks}
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        return Reference(sitk.ReadImage(str(case.reference)), masks, folder)


def recorded_outcome(case: Case) -> Outcome | None:
    """How an earlier run of a case ended, by what lies where its results go; None if there is no result.

    Whether the inputs or parameters have changed since is not looked at.
    """
    record = read_record(case.record)
    if record is None:
        outcome = Outcome(case, Status.KEPT, message=State.FOREIGN.value)
    else:
        status = Status(record["status"])
        outcome = Outcome(case, status, record, _reason(record) if status is Status.REJECTED else "")
    return outcome if len(outcome.masks) == len(Tissue) else None


def default_jobs_and_threads(cases: int, jobs: int | None = None, threads: int | None = None) -> tuple[int, int]:
    """How many knees at once and threads for each use this computer best; what is given is kept."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    jobs = jobs or max(1, min(cases, cores // 2))
    return jobs, threads or max(1, cores // jobs)


def _lock_file(case: Case) -> Path:
    return case.record.with_name(f".{case.root}.lock")


def _reason(record: Mapping[str, Any]) -> str:
    return "; ".join(record["flags"].values())
