"""Run convergence studies from several seeds: in parallel, resuming, cancellable, each registration once.

All studies share the registrations (:mod:`.findreference.cache`): a pair of knees that one study has registered is
known to the others, to later runs and to runs at the same time.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable

import numpy as np

from ..registration.fields import common_support, displacement
from ..runs.background import BackgroundRun, LocalWorkers, MakeWorkers
from ..runs.events import Event, IterationEnd, ReferenceStart, RegistrationEnd, StudyEnd
from ..runs.failures import Failure
from .cache import MapCache
from .dataset import DataSet
from .pairs import FAILED, KneePair, PairFiles, PairOutcome, SearchSettings, failed_outcome, register_pair
from .study import Conclusion, Ending, Evaluation, NoEvaluation, Study, StudyResult, conclude, evaluate


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


class Search(BackgroundRun[KneePair, PairOutcome]):
    """The studies from all seeds of a data set.

    :param data: from :func:`.findreference.dataset.read_data_set`, or checked by
        :func:`.findreference.dataset.check_data_set`.
    :param checksums: of all its files, as these functions return them.
    :param progress: called with each event, from the search's threads.
    :param workers: makes those who do the work, from their number and the function that is called with each event.
    """

    def __init__(
        self,
        data: DataSet,
        checksums: Mapping[Path, str],
        settings: SearchSettings,
        progress: Callable[[Event], None] = lambda event: None,
        workers: MakeWorkers = LocalWorkers,
    ):
        super().__init__(workers(max(1, settings.jobs), progress))
        self.data = data
        self.settings = settings
        self._checksums = checksums
        self._progress = progress
        self._cache = MapCache(settings.cache)
        self._knees = data.knees
        self._studies = {seed.name: Study(seed.name, data.names, settings.max_iterations) for seed in data.seeds}
        self._outcomes: dict[KneePair, PairOutcome] = {}
        self._answers: dict[str, Evaluation | NoEvaluation] = {}  # by reference
        self._waiting: dict[str, list[str]] = {}  # seeds, by the reference that they wait for
        self._missing: dict[str, set[KneePair]] = {}  # by reference
        self._asked = 0
        self._found = threading.RLock()

    def start(self) -> None:
        """Begin in the background."""
        with self._found:
            wanted = [pair for seed in self._studies for pair in self._ask(seed, seed)]
        self._begin(wanted)

    @property
    def studies(self) -> tuple[StudyResult, ...]:
        """What came of the studies, in the order of the seeds; those that have not ended are cancelled."""
        with self._found:
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
        with self._found:
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

    def _submit(self, item: KneePair) -> Future:
        files = PairFiles(self._knees[item.reference], self._knees[item.name], {})
        checksums = {path: self._checksums[path] for path in files.inputs.values()}
        return self._workers.submit(register_pair, replace(files, checksums=checksums), self.settings)

    def _end(self, item: KneePair, result: PairOutcome) -> None:
        if result.cancelled:
            return
        self._progress(_registration_end(item, result))
        with self._found:
            self._outcomes[item] = result
            self._missing[item.reference].discard(item)
            if not self._missing[item.reference]:
                self._answers[item.reference] = self._evaluate(item.reference)
                self._answer(item.reference)

    def _failure(self, item: KneePair, failure: Failure) -> PairOutcome:
        return failed_outcome(failure)

    def _ask(self, seed: str, reference: str) -> list[KneePair]:
        """A study wants a reference evaluated: the registrations that are to be run for it."""
        pairs = [KneePair(reference, name) for name in self.data.names if name != reference]
        self._asked += len(pairs)
        self._waiting.setdefault(reference, []).append(seed)
        if reference in self._missing:
            return []
        self._missing[reference] = set(pairs)
        self._progress(ReferenceStart(reference, len(pairs)))
        return pairs

    def _answer(self, reference: str) -> None:
        """Let the studies that wait for a reference go on, until they wait for another one."""
        ready = [reference]
        while ready:
            reference = ready.pop()
            for seed in self._waiting.pop(reference, []):
                following = self._advance(self._studies[seed], self._answers[reference])
                if following is not None:
                    self._add(self._ask(seed, following))
                    if following in self._answers:
                        ready.append(following)

    def _advance(self, study: Study, answer: Evaluation | NoEvaluation) -> str | None:
        """Give a study its answer; the next reference that it asks for, None if it has ended."""
        following = study.next_reference(answer)
        if isinstance(answer, Evaluation):
            self._progress(_iteration_end(study.seed, len(study.visited), answer))
        if study.result is not None:
            self._progress(_study_end(study.result))
        return following

    def _evaluate(self, reference: str) -> Evaluation | NoEvaluation:
        outcomes = {pair.name: own for pair, own in self._outcomes.items() if pair.reference == reference}
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


def _registration_end(pair: KneePair, outcome: PairOutcome) -> RegistrationEnd:
    return RegistrationEnd(
        pair.reference,
        pair.name,
        outcome.status,
        outcome.known,
        outcome.message,
        dict(outcome.flags),
        round(outcome.seconds, 2),
    )


def _iteration_end(seed: str, number: int, evaluation: Evaluation) -> IterationEnd:
    return IterationEnd(
        seed,
        number,
        evaluation.reference,
        evaluation.distance,
        evaluation.nearest,
        dict(evaluation.distances),
        dict(evaluation.failed),
        dict(evaluation.doubts),
    )


def _study_end(result: StudyResult) -> StudyEnd:
    return StudyEnd(
        result.seed,
        result.ending.value,
        result.references,
        result.cycle,
        result.recommended,
        result.distance,
        result.sentence,
    )
