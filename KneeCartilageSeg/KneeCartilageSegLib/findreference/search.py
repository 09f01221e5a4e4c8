"""Run convergence studies from several seeds: in parallel, resuming, cancellable, each registration once.

All studies share the registrations (:mod:`.findreference.cache`): a pair of knees that one study has registered is
known to the others, to later runs and to runs at the same time.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Protocol

import numpy as np

from ..elastix.discovery import EngineChoice
from ..elastix.parameters import ParameterMap
from ..errors import Cancelled, EngineError, ImagesRefused, KneeError
from ..images.files import last_line
from ..records import versions
from ..registration.align import RegistrationJob
from ..registration.limits import Limits, judge
from ..registration.reference import Reference
from ..registration.references import References, read_unchanged
from ..registration.stages import Modality
from ..runs.pool import LazyEngine, Pool
from ..runs.steps import CHECKS_STEP, READING_STEP, WorkSteps
from .cache import KeptRegistration, MapCache, pair_key
from .dataset import DataSet, Member
from .femur import FEMUR_STAGES, map_femur
from .fields import Field, common_support, displacement
from .study import (
    MAX_ITERATIONS,
    Conclusion,
    Ending,
    Evaluation,
    NoEvaluation,
    Study,
    StudyResult,
    conclude,
    evaluate,
)

logger = logging.getLogger(__name__)

REGISTERED, KNOWN, FAILED = "registered", "known", "failed"


@dataclass(frozen=True)
class KneePair:
    """A registration that a study asks for: names of the knees."""

    reference: str
    image: str


@dataclass(frozen=True)
class PairOutcome:
    """How a registration ended.

    :param status: :data:`REGISTERED`, :data:`KNOWN` (it was registered before) or :data:`FAILED`.
    :param known: whether it was registered before, also if it failed.
    :param message: why it failed.
    :param flags: the measurements that are outside their limits, with text for the user.
    :param key: of the registration in the cache; empty if it is not there.
    :param fatal: whether it failed for a reason that has nothing to do with the images, such as a full disk.
    """

    status: str
    known: bool = False
    message: str = ""
    flags: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    seconds: float = 0.0
    fatal: bool = False


@dataclass(frozen=True)
class Counts:
    """Numbers of registrations.

    :param asked: by all iterations of all studies together, a pair as often as it was asked for.
    :param distinct: how many of these are different.
    :param run: how many of the distinct ones were run now.
    :param known: how many had been run before.
    :param failed: how many of the distinct ones failed.
    :param seconds: that the distinct ones took, together, when they were run.
    """

    asked: int
    distinct: int
    run: int
    known: int
    failed: int
    seconds: float


class Listener(Protocol):
    """Is told how a search goes. Its methods are called from several threads."""

    def reference(self, reference: str, registrations: int) -> None:
        """A reference is begun, to which so many knees are to be registered."""

    def step(self, pair: KneePair, step: str, fraction: float) -> None:
        """A registration went on; the fraction (0 to 1) is done."""

    def pair(self, pair: KneePair, outcome: PairOutcome) -> None:
        """A registration ended."""

    def iteration(self, seed: str, number: int, evaluation: Evaluation) -> None:
        """A study finished an iteration; the first has number 1."""

    def study(self, result: StudyResult) -> None:
        """A study ended."""


class NoListener:
    """Does not care."""

    def reference(self, reference: str, registrations: int) -> None:
        pass

    def step(self, pair: KneePair, step: str, fraction: float) -> None:
        pass

    def pair(self, pair: KneePair, outcome: PairOutcome) -> None:
        pass

    def iteration(self, seed: str, number: int, evaluation: Evaluation) -> None:
        pass

    def study(self, result: StudyResult) -> None:
        pass


@dataclass(frozen=True)
class SearchSettings:
    """How to search.

    :param engine: the elastix to use.
    :param parameters: elastix parameters by parameter file name, those of new subjects.
    :param limits: what registrations are judged by, see :func:`.findreference.femur.study_limits`.
    :param cache: the folder of the registrations.
    :param jobs: how many registrations at once; each takes about one gigabyte of memory.
    :param threads: how many threads each of them may use.
    :param max_iterations: of each study.
    :param field: what is compared.
    """

    engine: EngineChoice
    parameters: Mapping[str, ParameterMap]
    limits: Limits
    cache: Path
    jobs: int = 1
    threads: int = 1
    max_iterations: int = MAX_ITERATIONS
    field: Field = Field.SIZE_AND_SHAPE


class Search:
    """The studies from all seeds of a data set.

    :param data: from :func:`.findreference.dataset.read_data_set`, or checked by
        :func:`.findreference.dataset.check_data_set`.
    :param checksums: its answer.
    :param listener: is called from the search's threads.
    """

    def __init__(
        self,
        data: DataSet,
        checksums: Mapping[Path, str],
        settings: SearchSettings,
        listener: Listener | None = None,
    ):
        self.data = data
        self.settings = settings
        self._checksums = checksums
        self._listener: Listener = listener or NoListener()
        self._cache = MapCache(settings.cache)
        self._knees = data.knees
        self._studies = {seed.name: Study(seed.name, data.names, settings.max_iterations) for seed in data.seeds}
        self._outcomes: dict[KneePair, PairOutcome] = {}
        self._answers: dict[str, Evaluation | NoEvaluation] = {}  # by reference
        self._waiting: dict[str, list[str]] = {}  # seeds, by the reference that they wait for
        self._missing: dict[str, set[KneePair]] = {}  # by reference
        self._asked = 0
        self._lock = threading.RLock()
        self._locked: set[str] = set()  # keys of the registrations that this search works on
        self._references: References | None = None
        self._pool: Pool[KneePair] = Pool(settings.engine, settings.threads, self._work)

    def start(self) -> None:
        """Begin in the background."""
        self._references = References(self._checksums)
        with self._lock:
            wanted = [pair for seed in self._studies for pair in self._ask(seed, seed)]
        self._pool.start(wanted, max(1, self.settings.jobs))

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
        if self._references is not None:
            self._references.close()
        for key in tuple(self._locked):
            self._cache.clear_up(key)

    @property
    def studies(self) -> tuple[StudyResult, ...]:
        """What came of the studies, in the order of the seeds; those that have not ended are cancelled."""
        with self._lock:
            return tuple(
                study.result or StudyResult(seed, Ending.CANCELLED, study.visited)
                for seed, study in self._studies.items()
            )

    @property
    def conclusion(self) -> Conclusion:
        """What the studies say together."""
        return conclude(self.studies)

    @property
    def outcomes(self) -> dict[KneePair, PairOutcome]:
        """How each registration ended."""
        with self._lock:
            return dict(self._outcomes)

    @property
    def counts(self) -> Counts:
        """How many registrations there were."""
        outcomes = self.outcomes.values()
        known = sum(outcome.known for outcome in outcomes)
        return Counts(
            self._asked,
            len(outcomes),
            len(outcomes) - known,
            known,
            sum(outcome.status == FAILED for outcome in outcomes),
            sum(outcome.seconds for outcome in outcomes),
        )

    def _ask(self, seed: str, reference: str) -> list[KneePair]:
        """A study wants a reference evaluated: the registrations that are to be run for it."""
        pairs = [KneePair(reference, name) for name in self.data.names if name != reference]
        self._asked += len(pairs)
        self._waiting.setdefault(reference, []).append(seed)
        if reference in self._missing:
            return []
        assert self._references is not None
        self._missing[reference] = set(pairs)
        self._references.expect(self._knees[reference].files, len(pairs))
        self._listener.reference(reference, len(pairs))
        return pairs

    def _work(self, pair: KneePair, engine: LazyEngine) -> bool:
        outcome = self._register_locked(pair, engine)
        if outcome is None:  # another run works on it
            return False
        if self._pool.cancelled.is_set() and outcome.fatal:
            return True  # it failed because elastix was killed
        self._listener.pair(pair, outcome)
        with self._lock:
            self._outcomes[pair] = outcome
            self._missing[pair.reference].discard(pair)
            if not self._missing[pair.reference]:
                self._answers[pair.reference] = self._evaluate(pair.reference)
                self._answer(pair.reference)
        return True

    def _answer(self, reference: str) -> None:
        """Let the studies that wait for a reference go on, until they wait for another one."""
        ready = [reference]
        while ready:
            reference = ready.pop()
            for seed in self._waiting.pop(reference, []):
                following = self._advance(seed, self._answers[reference])
                if following is not None:
                    self._pool.add(self._ask(seed, following))
                    if following in self._answers:
                        ready.append(following)

    def _advance(self, seed: str, answer: Evaluation | NoEvaluation) -> str | None:
        """Give a study its answer; the next reference that it asks for, None if it has ended."""
        study = self._studies[seed]
        following = study.next_reference(answer)
        if isinstance(answer, Evaluation):
            self._listener.iteration(seed, len(study.visited), answer)
        if study.result is not None:
            self._listener.study(study.result)
        return following

    def _evaluate(self, reference: str) -> Evaluation | NoEvaluation:
        outcomes = {pair.image: own for pair, own in self._outcomes.items() if pair.reference == reference}
        fatal = [f"registering '{name}' to '{reference}': {own.message}" for name, own in outcomes.items() if own.fatal]
        if fatal:
            return NoEvaluation(fatal[0])
        failed = {name: own.message for name, own in outcomes.items() if own.status == FAILED}
        doubts = {name: "; ".join(own.flags.values()) for name, own in outcomes.items() if own.flags}
        good = [name for name in outcomes if name not in failed]
        try:
            fields, unseen = self._fields({name: outcomes[name].key for name in good})
            failed.update(dict.fromkeys(unseen, f"its image shows too little of the femur of '{reference}'"))
            return evaluate(reference, self.data.names, fields, failed, doubts)
        except NoEvaluation as error:
            return error
        except Exception as error:  # whatever it is, the study must not seem to be cancelled
            return NoEvaluation(f"the registrations to '{reference}' cannot be read ({type(error).__name__}: {error})")

    def _fields(self, keys: Mapping[str, str]) -> tuple[dict[str, np.ndarray], list[str]]:
        """The fields of knees where all of them are seen, and the knees that show too little."""
        kept = {name: self._cache.points(key) for name, key in keys.items()}
        if not kept:
            return {}, []
        support, unseen = common_support({name: mapped for name, (_, mapped) in kept.items()})
        fields = {
            name: displacement(points[support], mapped[support], self.settings.field)
            for name, (points, mapped) in kept.items()
            if name not in unseen
        }
        return fields, unseen

    def _register_locked(self, pair: KneePair, engine: LazyEngine) -> PairOutcome | None:
        """The outcome of a registration, or None if another run is at work on it."""
        assert self._references is not None
        key = self._key(pair)
        try:
            with self._cache.working_folder(key) as folder:
                if folder is None:
                    return None
                with self._references.use(self._knees[pair.reference].files) as reference, self._noted(key):
                    known = self._cache.find(key)
                    entry = known or self._register(pair, key, engine, reference, folder)
                    return self._judged(entry, known is not None)
        except Cancelled:
            return PairOutcome(FAILED, message="cancelled", fatal=True)
        except EngineError as error:
            # Not the images' fault: a mean without this knee would be another study's.
            message = f"{error}; run the command again: what is registered is kept"
            return PairOutcome(FAILED, message=message, fatal=True)
        except RuntimeError as error:  # SimpleITK's
            return PairOutcome(FAILED, message=last_line(error), fatal=True)
        except (KneeError, OSError, MemoryError) as error:
            return PairOutcome(FAILED, message=str(error) or type(error).__name__, fatal=True)
        except Exception as error:
            if not self._pool.cancelled.is_set():
                logger.exception("registering %s to %s failed", pair.image, pair.reference)
            return PairOutcome(FAILED, message=f"{type(error).__name__}: {error}", fatal=True)

    @contextlib.contextmanager
    def _noted(self, key: str) -> Iterator[None]:
        self._locked.add(key)
        try:
            yield
        finally:
            self._locked.discard(key)

    def _key(self, pair: KneePair) -> str:
        settings = self.settings
        inputs = {role: self._checksums[path] for role, path in self._inputs(pair).items()}
        return pair_key(inputs, settings.parameters, settings.engine, settings.limits)

    def _inputs(self, pair: KneePair) -> dict[str, Path]:
        reference, moving = self._knees[pair.reference], self._knees[pair.image]
        return {
            "reference": reference.image,
            "reference_f": reference.femur,
            "moving": moving.image,
            "moving_f": moving.femur,
        }

    def _register(
        self, pair: KneePair, key: str, lazy_engine: LazyEngine, reference: Callable[[], Reference], folder: Path
    ) -> KeptRegistration:
        begun = time.perf_counter()

        def report(step: str, fraction: float) -> None:
            self._listener.step(pair, step, fraction)

        settings = self.settings
        steps = WorkSteps(FEMUR_STAGES, [CHECKS_STEP], report, self._pool.cancelled)
        steps.begin(READING_STEP)
        engine = lazy_engine.get()
        moving: Member = self._knees[pair.image]
        image, femur = (read_unchanged(path, self._checksums) for path in (moving.image, moving.femur))
        # A name of its own: an elastix that outlives a killed run must not write into this one.
        work = Path(tempfile.mkdtemp(dir=folder))
        job = RegistrationJob(reference(), image, Modality.NEW_SUBJECT, settings.parameters, engine, work, steps.begin)
        story = self._story(pair, engine.name)
        try:
            result = map_femur(job, femur, settings.limits)
        except ImagesRefused as error:
            return self._cache.keep_refusal(key, str(error), time.perf_counter() - begun, story)
        return self._cache.keep(key, result, time.perf_counter() - begun, story, work)

    def _story(self, pair: KneePair, engine: str) -> dict[str, Any]:
        files = {
            role: {"file": str(path), "sha256": self._checksums[path]} for role, path in self._inputs(pair).items()
        }
        return {
            "reference": pair.reference,
            "image": pair.image,
            "inputs": files,
            "engine": engine,
            "threads": self.settings.threads,
            "versions": versions(),
        }

    def _judged(self, entry: KeptRegistration, known: bool) -> PairOutcome:
        """The verdict on a registration. Other limits, another verdict."""
        flags = judge(entry.measurements, self.settings.limits)
        texts = {flag.key: flag.text for flag in flags}
        reason = entry.error or "; ".join(flag.text for flag in flags if flag.failed)
        status = FAILED if reason else KNOWN if known else REGISTERED
        return PairOutcome(status, known, reason, texts, entry.key, entry.seconds)
