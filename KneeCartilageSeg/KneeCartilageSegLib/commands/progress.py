"""Progress of a run: a bar for people, a line of JSON an event for programs."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import threading
from collections.abc import Sequence
from typing import Any, Protocol, TextIO

from ..cases import Case
from ..errors import Problem
from ..run import Outcome, Progress, Status
from ..summary import summary_rows

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


class Bars:
    """One bar that is redrawn on a terminal; elsewhere only a line for each case that ends."""

    def __init__(self, stream: TextIO | None = None):
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._fractions: dict[int, float] = {}
        self._running: dict[int, str] = {}
        self._total = 0
        self._lock = threading.Lock()

    def checking(self, done: int, total: int) -> None:
        self._draw(done / total, f"checking input {done}/{total}")

    def refused(self, problems: Sequence[Problem]) -> None:
        self._clear()

    def checked(self, images: int, engine: str) -> None:
        self._clear()

    def started(self, cases: Sequence[Case]) -> None:
        self._total = len(cases)

    def progress(self, progress: Progress) -> None:
        with self._lock:
            self._fractions[progress.number] = progress.fraction
            self._running[progress.number] = f"{progress.case.root}: {progress.step}"
            if progress.outcome is not None:
                del self._running[progress.number]
                self._line(progress.outcome)
            ended = sum(fraction == 1.0 for fraction in self._fractions.values())
            running = "  ".join(self._running.values())
            self._draw(sum(self._fractions.values()) / self._total, f"{ended}/{self._total}  {running}")

    def ended(self, outcomes: Sequence[Outcome]) -> None:
        self._clear()
        counts = {status: sum(outcome.status is status for outcome in outcomes) for status in Status}
        print(", ".join(f"{n} {status.value}" for status, n in counts.items() if n), file=self._stream)

    def _line(self, outcome: Outcome) -> None:
        self._clear()
        seconds = outcome.record.get("seconds", {}).get("total")
        time = f" in {seconds:.0f} s" if seconds and outcome.status is Status.SEGMENTED else ""
        print(f"{outcome.case.root}: {outcome.status.value}{time}", file=self._stream)
        remarks = [outcome.message] if outcome.message else [f"look at it: {text}" for text in outcome.flags.values()]
        for remark in remarks:
            print(f"  {remark}", file=self._stream)
        self._stream.flush()

    def _draw(self, fraction: float, text: str) -> None:
        if self._terminal:
            filled = round(fraction * _BAR_WIDTH)
            line = f"[{'#' * filled}{'.' * (_BAR_WIDTH - filled)}] {text}"
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(f"\r\033[K{line[:width]}")
            self._stream.flush()

    def _clear(self) -> None:
        if self._terminal:
            self._stream.write("\r\033[K")


class JsonLines:
    """One event a line on standard output: checking, problem, checked, start, step, end (of a case) and finish."""

    def __init__(self, stream: TextIO | None = None):
        self._stream = stream or sys.stdout
        self._lock = threading.Lock()

    def checking(self, done: int, total: int) -> None:
        self._write({"event": "checking", "done": done, "total": total})

    def refused(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            self._write({"event": "problem", **vars(problem), "file": problem.file and str(problem.file)})

    def checked(self, images: int, engine: str) -> None:
        self._write({"event": "checked", "images": images, "engine": engine})

    def started(self, cases: Sequence[Case]) -> None:
        self._write({"event": "start", "images": [case.root for case in cases]})

    def progress(self, progress: Progress) -> None:
        where = {"number": progress.number, "image": progress.case.root}
        if progress.outcome is None:
            self._write({"event": "step", **where, "step": progress.step, "fraction": round(progress.fraction, 3)})
        else:
            self._write({"event": "end", **where, **_describe(progress.outcome)})

    def ended(self, outcomes: Sequence[Outcome]) -> None:
        self._write({"event": "finish", "statuses": [outcome.status.value for outcome in outcomes]})

    def _write(self, event: dict[str, Any]) -> None:
        # The knees are worth segmenting also when nobody listens any more.
        with self._lock, contextlib.suppress(BrokenPipeError):
            print(json.dumps(event), file=self._stream, flush=True)


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
