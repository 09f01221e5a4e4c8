"""Progress of a search for a reference: a bar for people, a line of JSON an event for programs."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TextIO

from ..errors import Problem
from ..findreference.dataset import DataSet
from ..findreference.search import FAILED, KneePair, Listener, NoListener, PairOutcome
from ..findreference.study import Evaluation, StudyResult
from .progress import Bar, EventStream


class StudyReporter(Listener, Protocol):
    """Tells how a search goes. Its methods are called from several threads."""

    def checking(self, done: int, total: int) -> None:
        """Images were read."""

    def refused(self, problems: Sequence[Problem]) -> None:
        """The input cannot be used."""

    def note(self, text: str) -> None:
        """Something that the user should know."""

    def checked(self, images: int, engine: str) -> None:
        """The input can be used, and this elastix can run it."""

    def started(self, data: DataSet, max_iterations: int) -> None:
        """The search begins."""

    def cancelled(self) -> None:
        """The search was cancelled."""

    def ended(self, summary: Mapping[str, Any]) -> None:
        """The search is over."""


class StudyBars:
    """One bar that is redrawn on a terminal; elsewhere only a line for each iteration and registration that failed."""

    def __init__(self, stream: TextIO | None = None):
        self._bar = Bar(stream or sys.stderr)
        self._fractions: dict[KneePair, float] = {}
        self._running: dict[KneePair, str] = {}
        self._total = 0
        self._lock = threading.Lock()

    def checking(self, done: int, total: int) -> None:
        self._bar.draw(done / total, f"checking input {done}/{total}")

    def refused(self, problems: Sequence[Problem]) -> None:
        self._bar.clear()

    def note(self, text: str) -> None:
        self._bar.say(f"note: {text}")

    def checked(self, images: int, engine: str) -> None:
        self._bar.clear()

    def started(self, data: DataSet, max_iterations: int) -> None:
        self._bar.clear()

    def reference(self, reference: str, registrations: int) -> None:
        with self._lock:
            self._total += registrations

    def step(self, pair: KneePair, step: str, fraction: float) -> None:
        with self._lock:
            self._fractions[pair] = fraction
            self._running[pair] = f"{pair.image} to {pair.reference}: {step}"
            self._draw()

    def pair(self, pair: KneePair, outcome: PairOutcome) -> None:
        with self._lock:
            self._fractions[pair] = 1.0
            self._running.pop(pair, None)
            if outcome.status == FAILED:
                self._bar.say(f"{pair.image} to {pair.reference}: failed, left out\n  {outcome.message}")
            self._draw()

    def iteration(self, seed: str, number: int, evaluation: Evaluation) -> None:
        self._bar.say(
            f"seed {seed}, iteration {number}: reference {evaluation.reference}, {evaluation.distance:.3f} mm from the "
            f"mean; nearest is {evaluation.nearest}, {evaluation.distances[evaluation.nearest]:.3f} mm"
        )

    def study(self, result: StudyResult) -> None:
        self._bar.say(result.sentence)

    def cancelled(self) -> None:
        self._bar.say("cancelled; the same command goes on from here")

    def ended(self, summary: Mapping[str, Any]) -> None:
        self._bar.clear()

    def _draw(self) -> None:
        # To the references that are known by now; how many follow, nobody can tell.
        ended = sum(fraction == 1.0 for fraction in self._fractions.values())
        text = f"{ended}/{self._total}  {'  '.join(self._running.values())}"
        self._bar.draw(sum(self._fractions.values()) / max(1, self._total), text)


class StudyJsonLines:
    """One event a line on standard output: checking, problem, note, checked, start, reference, step, end (of a
    registration), iteration, study and finish."""

    def __init__(self, stream: TextIO | None = None):
        self._events = EventStream(stream or sys.stdout)

    def checking(self, done: int, total: int) -> None:
        self._events.write("checking", done=done, total=total)

    def refused(self, problems: Sequence[Problem]) -> None:
        self._events.write_problems(problems)

    def note(self, text: str) -> None:
        self._events.write("note", message=text)

    def checked(self, images: int, engine: str) -> None:
        self._events.write("checked", images=images, engine=engine)

    def started(self, data: DataSet, max_iterations: int) -> None:
        seeds = [seed.name for seed in data.seeds]
        self._events.write("start", images=list(data.names), seeds=seeds, max_iterations=max_iterations)

    def reference(self, reference: str, registrations: int) -> None:
        self._events.write("reference", reference=reference, registrations=registrations)

    def step(self, pair: KneePair, step: str, fraction: float) -> None:
        self._events.write("step", **vars(pair), step=step, fraction=round(fraction, 3))

    def pair(self, pair: KneePair, outcome: PairOutcome) -> None:
        self._events.write(
            "end",
            **vars(pair),
            status=outcome.status,
            known=outcome.known,
            message=outcome.message,
            flags=dict(outcome.flags),
            seconds=round(outcome.seconds, 2),
        )

    def iteration(self, seed: str, number: int, evaluation: Evaluation) -> None:
        self._events.write(
            "iteration",
            seed=seed,
            iteration=number,
            reference=evaluation.reference,
            distance=evaluation.distance,
            nearest=evaluation.nearest,
            distances=dict(evaluation.distances),
            failed=dict(evaluation.failed),
            doubts=dict(evaluation.doubts),
        )

    def study(self, result: StudyResult) -> None:
        self._events.write(
            "study",
            seed=result.seed,
            ending=result.ending.value,
            references=list(result.references),
            cycle=list(result.cycle),
            recommended=result.recommended,
            distance=result.distance,
            message=result.sentence,
        )

    def cancelled(self) -> None:
        pass

    def ended(self, summary: Mapping[str, Any]) -> None:
        self._events.write("finish", **summary)


class StudySilence(NoListener):
    """No progress at all."""

    def checking(self, done: int, total: int) -> None:
        pass

    def refused(self, problems: Sequence[Problem]) -> None:
        pass

    def note(self, text: str) -> None:
        pass

    def checked(self, images: int, engine: str) -> None:
        pass

    def started(self, data: DataSet, max_iterations: int) -> None:
        pass

    def cancelled(self) -> None:
        pass

    def ended(self, summary: Mapping[str, Any]) -> None:
        pass


STUDY_REPORTERS = {"bars": StudyBars, "json": StudyJsonLines, "none": StudySilence}
