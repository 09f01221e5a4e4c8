"""How a run's events are told: to people as lines and a bar, to programs as lines of JSON."""

from __future__ import annotations

import contextlib
import shutil
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import singledispatchmethod
from typing import Protocol, TextIO

from ..errors import Problem
from ..findreference.pairs import FAILED
from ..quality.record import result_of_entry
from ..quality.tables import format_result
from ..runs.events import (
    CaseEnd,
    Checked,
    Checking,
    Event,
    Finish,
    IterationEnd,
    Note,
    PairEnd,
    Planned,
    ProblemFound,
    ReferenceStart,
    RegistrationEnd,
    SearchCancelled,
    SearchEnd,
    Start,
    Step,
    StudyEnd,
    VisitsEnd,
    write_event,
)
from ..segmentation.outcome import Status

_BAR_WIDTH = 24
_NAMED = 5  # knees, in the last line


class Reporter(Protocol):
    """Tells how a run goes."""

    def send(self, event: Event) -> None:
        """Tell an event; called from several threads."""


class ProgramReporter:
    """An event a line on standard output, as :func:`.runs.events.write_event` writes it."""

    def __init__(self, stream: TextIO | None = None):
        self._stream = stream or sys.stdout
        self._lock = threading.Lock()

    def send(self, event: Event) -> None:
        """Write an event, if anybody listens."""
        # The knees are worth registering also when nobody listens any more.
        with self._lock, contextlib.suppress(BrokenPipeError):
            print(write_event(event), file=self._stream, flush=True)


class NoReporter:
    """Tells nothing."""

    def send(self, event: Event) -> None:
        """Do nothing."""


class Bar:
    """A bar that is redrawn on a terminal; elsewhere only what is said appears."""

    def __init__(self, stream: TextIO):
        self._stream = stream
        self._terminal = stream.isatty()
        self._lock = threading.RLock()

    def draw(self, fraction: float, text: str) -> None:
        """Show how much is done, 0 to 1, and a text behind it, as far as there is room."""
        if not self._terminal:
            return
        with self._lock:
            filled = round(fraction * _BAR_WIDTH)
            line = f"[{'#' * filled}{'.' * (_BAR_WIDTH - filled)}] {text}"
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(f"\r\033[K{line[:width]}")
            self._stream.flush()

    def clear(self) -> None:
        """Take the bar away."""
        if self._terminal:
            with self._lock:
                self._stream.write("\r\033[K")

    def say(self, text: str) -> None:
        """Write lines in place of the bar."""
        with self._lock:
            self.clear()
            print(text, file=self._stream, flush=True)


class PeopleReporter:
    """One bar for all that is at work, which is redrawn on a terminal, and lines for what has ended."""

    def __init__(self, stream: TextIO | None = None):
        self._bar = Bar(stream or sys.stderr)
        self._running: dict[tuple[str, str], Step] = {}  # by reference and knee
        self._total = self._ended = 0
        self._lock = threading.Lock()

    def send(self, event: Event) -> None:
        """Tell an event."""
        with self._lock:
            self._tell(event)

    @singledispatchmethod
    def _tell(self, event: Event) -> None:
        """Most events are no news for people."""

    @_tell.register
    def _(self, event: Checking) -> None:
        self._bar.draw(event.done / event.total, f"checking input {event.done}/{event.total}")

    @_tell.register(ProblemFound)
    @_tell.register(Checked)
    @_tell.register(SearchEnd)
    def _(self, event: Event) -> None:
        self._bar.clear()

    @_tell.register
    def _(self, event: Note) -> None:
        self._bar.say(f"note: {event.message}")

    @_tell.register
    def _(self, event: Planned) -> None:
        self._bar.say(event.message)

    @_tell.register
    def _(self, event: Start) -> None:
        self._total = len(event.names)

    @_tell.register
    def _(self, event: ReferenceStart) -> None:
        # How many references follow, nobody can tell.
        self._total += event.registrations

    @_tell.register
    def _(self, event: Step) -> None:
        self._running[event.reference, event.name] = event
        self._draw()

    @_tell.register
    def _(self, event: CaseEnd) -> None:
        seconds = event.row.get("seconds")
        time = f" in {seconds:.0f} s" if seconds and event.status == Status.SEGMENTED.value else ""
        remarks = [event.message] if event.message else []
        if event.needs_review:
            remarks = [f"needs review: {text}" for text in event.flags.values() or ["is to be corrected"]]
        self._bar.say("\n".join([f"{event.name}: {event.status}{time}", *(f"  {remark}" for remark in remarks)]))
        self._count("", event.name)

    @_tell.register
    def _(self, event: RegistrationEnd) -> None:
        if event.status == FAILED:
            self._bar.say(f"{event.name} to {event.reference}: failed, left out\n  {event.message}")
        self._count(event.reference, event.name)

    @_tell.register
    def _(self, event: IterationEnd) -> None:
        self._bar.say(
            f"seed {event.seed}, iteration {event.iteration}: reference {event.reference}, {event.distance:.3f} mm "
            f"from the mean; nearest is {event.nearest}, {event.distances[event.nearest]:.3f} mm"
        )

    @_tell.register
    def _(self, event: StudyEnd) -> None:
        self._bar.say(event.sentence)

    @_tell.register
    def _(self, event: SearchCancelled) -> None:
        self._bar.say("cancelled; the same command goes on from here")

    @_tell.register
    def _(self, event: PairEnd) -> None:
        self._bar.say(f"[{event.done}/{event.total}] {format_result(result_of_entry(event.entry))}")

    @_tell.register
    def _(self, event: VisitsEnd) -> None:
        failure = [f"{event.name}: FAILED: {event.message}"] if event.message else []
        lines = [*failure, *(f"{event.name}: note: {note}" for note in event.notes)]
        if lines:
            self._bar.say("\n".join(lines))
        self._count("", event.name)

    @_tell.register
    def _(self, event: Finish) -> None:
        self._bar.clear()
        counts = {status.value: event.statuses.count(status.value) for status in Status}
        if event.statuses:
            ended = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
            good = any(Status(status).good for status in event.statuses)
            self._bar.say(f"{ended}; {_waiting(event.needs_review)}" if good else ended)

    def _count(self, reference: str, name: str) -> None:
        self._ended += 1
        self._running.pop((reference, name), None)
        self._draw()

    def _draw(self) -> None:
        running = self._running.values()
        done = self._ended + sum(step.fraction for step in running)
        text = "  ".join([f"{self._ended}/{self._total}", *map(_at_work, running)])
        self._bar.draw(done / max(1, self._total), text)


def _at_work(step: Step) -> str:
    to = f" to {step.reference}" if step.reference else ""
    return f"{step.name}{to}: {step.step}"


def _waiting(names: Sequence[str]) -> str:
    """Which knees need review."""
    if not names:
        return "none needs review"
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{len(names)} {'need' if len(names) > 1 else 'needs'} review: {', '.join(names[:_NAMED])}{more}"


REPORTERS = {"bars": PeopleReporter, "json": ProgramReporter, "none": NoReporter}


def report_problems(reporter: Reporter, problems: Iterable[Problem]) -> None:
    """Tell why the input cannot be used."""
    for problem in problems:
        reporter.send(ProblemFound.of(problem))


def checking(reporter: Reporter) -> Callable[[int, int], None]:
    """What tells how many of the input's files were read, and how many there are."""
    return lambda done, total: reporter.send(Checking(done, total))
