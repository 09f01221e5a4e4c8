"""Progress of a run: a bar for people, a line of JSON an event for programs."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import threading
from collections.abc import Sequence
from typing import Any, Protocol, TextIO

from ..errors import Problem
from ..segmentation.cases import Case
from ..segmentation.run import Outcome, Progress, Status
from ..segmentation.summary import summary_rows

_BAR_WIDTH = 24


class Reporter(Protocol):
    """Tells how a run goes. Its methods are called from several threads."""

    def checking(self, done: int, total: int) -> None:
        """Input files were read."""

    def refused(self, problems: Sequence[Problem]) -> None:
        """The input cannot be used."""

    def checked(self, images: int, engine: str) -> None:
        """The input can be used, and this elastix can run it."""

    def started(self, cases: Sequence[Case]) -> None:
        """The run begins."""

    def progress(self, progress: Progress) -> None:
        """A case went on or ended."""

    def ended(self, outcomes: Sequence[Outcome]) -> None:
        """The run is over."""


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


class EventStream:
    """Events as JSON, one a line."""

    def __init__(self, stream: TextIO):
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, event: str, **content: Any) -> None:
        """Write an event, if anybody listens."""
        # The knees are worth registering also when nobody listens any more.
        with self._lock, contextlib.suppress(BrokenPipeError):
            print(json.dumps({"event": event, **content}), file=self._stream, flush=True)

    def write_problems(self, problems: Sequence[Problem]) -> None:
        """Write an event for each problem."""
        for problem in problems:
            self.write("problem", **{**vars(problem), "file": problem.file and str(problem.file)})


class Bars:
    """One bar for all cases; without a terminal only a line for each case that ends."""

    def __init__(self, stream: TextIO | None = None):
        self._bar = Bar(stream or sys.stderr)
        self._fractions: dict[int, float] = {}
        self._running: dict[int, str] = {}
        self._total = 0
        self._lock = threading.Lock()

    def checking(self, done: int, total: int) -> None:
        self._bar.draw(done / total, f"checking input {done}/{total}")

    def refused(self, problems: Sequence[Problem]) -> None:
        self._bar.clear()

    def checked(self, images: int, engine: str) -> None:
        self._bar.clear()

    def started(self, cases: Sequence[Case]) -> None:
        self._total = len(cases)

    def progress(self, progress: Progress) -> None:
        with self._lock:
            self._fractions[progress.number] = progress.fraction
            self._running[progress.number] = f"{progress.case.name}: {progress.step}"
            if progress.outcome is not None:
                del self._running[progress.number]
                self._tell(progress.outcome)
            ended = sum(fraction == 1.0 for fraction in self._fractions.values())
            running = "  ".join(self._running.values())
            self._bar.draw(sum(self._fractions.values()) / self._total, f"{ended}/{self._total}  {running}")

    def ended(self, outcomes: Sequence[Outcome]) -> None:
        counts = {status: sum(outcome.status is status for outcome in outcomes) for status in Status}
        self._bar.say(", ".join(f"{n} {status.value}" for status, n in counts.items() if n))

    def _tell(self, outcome: Outcome) -> None:
        seconds = outcome.record.get("seconds", {}).get("total")
        time = f" in {seconds:.0f} s" if seconds and outcome.status is Status.SEGMENTED else ""
        remarks = [outcome.message] if outcome.message else [f"look at it: {text}" for text in outcome.flags.values()]
        lines = [f"{outcome.case.name}: {outcome.status.value}{time}", *(f"  {remark}" for remark in remarks)]
        self._bar.say("\n".join(lines))


class JsonLines:
    """One event a line on standard output: checking, problem, checked, start, step, end (of a case) and finish."""

    def __init__(self, stream: TextIO | None = None):
        self._events = EventStream(stream or sys.stdout)

    def checking(self, done: int, total: int) -> None:
        self._events.write("checking", done=done, total=total)

    def refused(self, problems: Sequence[Problem]) -> None:
        self._events.write_problems(problems)

    def checked(self, images: int, engine: str) -> None:
        self._events.write("checked", images=images, engine=engine)

    def started(self, cases: Sequence[Case]) -> None:
        self._events.write("start", images=[case.name for case in cases])

    def progress(self, progress: Progress) -> None:
        where = {"number": progress.number, "image": progress.case.name}
        if progress.outcome is None:
            self._events.write("step", **where, step=progress.step, fraction=round(progress.fraction, 3))
        else:
            self._events.write("end", **where, **_describe(progress.outcome))

    def ended(self, outcomes: Sequence[Outcome]) -> None:
        self._events.write("finish", statuses=[outcome.status.value for outcome in outcomes])


class Silence:
    """No progress at all."""

    def checking(self, done: int, total: int) -> None:
        pass

    def refused(self, problems: Sequence[Problem]) -> None:
        pass

    def checked(self, images: int, engine: str) -> None:
        pass

    def started(self, cases: Sequence[Case]) -> None:
        pass

    def progress(self, progress: Progress) -> None:
        pass

    def ended(self, outcomes: Sequence[Outcome]) -> None:
        pass


REPORTERS = {"bars": Bars, "json": JsonLines, "none": Silence}


def _describe(outcome: Outcome) -> dict[str, Any]:
    return {
        "status": outcome.status.value,
        "message": outcome.message,
        "flags": dict(outcome.flags),
        "moving": str(outcome.case.moving),
        "masks": {tissue.value: str(path) for tissue, path in outcome.masks.items()},
        "row": summary_rows([outcome])[0],
    }
