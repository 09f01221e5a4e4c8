"""The library's command line as a process of Slicer's: Slicer stays usable, and the result is a script's.

The process writes an event a line to its standard output (:mod:`..runs.events`) and everything for
people to its standard error.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import deque
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import qt
import slicer

from ..runs.events import Event, Finish, read_event

LOG_LINES = 2000

_LIBRARY_FOLDER = Path(__file__).resolve().parents[2]
_GREETING = b"attached\n"  # see cancel_when_input_ends
_TERMINATE_AFTER, _KILL_AFTER = 3000, 6000  # ms after a cancel that did nothing
_NOT_ALL_GOOD, _INTERRUPTED = (1, 3), 130  # exit statuses of the command line


class State(Enum):
    """Where a command is. Cancelled is not failed."""

    IDLE = "idle"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def active(self) -> bool:
        """Whether there is a process."""
        return self in (State.RUNNING, State.CANCELLING)


class BackgroundCommand:
    """One call of ``python -m KneeCartilageSegLib``.

    :param on_event: called with each event.
    :param on_log: called with each line for people; the last :data:`LOG_LINES` are in :attr:`log`.
    :param on_end: called once, when the process has ended, however that came.
    """

    def __init__(
        self,
        on_event: Callable[[Event], None] = lambda event: None,
        on_log: Callable[[str], None] = lambda line: None,
        on_end: Callable[[], None] = lambda: None,
    ):
        self.state = State.IDLE
        self.log: deque[str] = deque(maxlen=LOG_LINES)
        self.answer: deque[str] = deque(maxlen=LOG_LINES)
        self._on_event, self._on_log, self._on_end = on_event, on_log, on_end
        self._process: Any = None
        self._pending = {"out": b"", "err": b""}
        self._finished = False
        self._attached = False

    def start(self, arguments: Sequence[str]) -> None:
        """Start the process; returns at once."""
        assert self.state is State.IDLE
        self.state = State.RUNNING
        process = new_process()
        process.setProcessEnvironment(_environment())
        process.connect("readyReadStandardOutput()", self._read_output)
        process.connect("readyReadStandardError()", self._read_error)
        process.connect("finished(int,QProcess::ExitStatus)", self._ended)
        process.connect("errorOccurred(QProcess::ProcessError)", self._failed_to_start)
        slicer.app.connect("aboutToQuit()", self.close)
        self._process = process
        self._attached = "--attached" in arguments  # it tidies up by itself when its input ends
        process.start(python_program(), ["-m", "KneeCartilageSegLib", *map(str, arguments)])
        process.write(_GREETING)

    def cancel(self) -> None:
        """Stop: the process ends by itself within a second or two, or else it is ended."""
        if self.state is not State.RUNNING:
            return
        self.state = State.CANCELLING
        if not self._attached:
            self._process.terminate()
        self._process.closeWriteChannel()
        qt.QTimer.singleShot(_TERMINATE_AFTER, self._terminate)
        qt.QTimer.singleShot(_KILL_AFTER, self._kill)

    def abandon(self) -> None:
        """Nobody is interested any more: it is cancelled, and nothing is called."""
        self._mute()
        self.cancel()

    def wait(self) -> None:
        """Wait for the end, while Slicer stays usable."""
        while self.state.active:
            slicer.app.processEvents()
            self._process.waitForFinished(20)

    def close(self) -> None:
        """End the process now, for a Slicer that quits; nothing is called any more."""
        if not self.state.active:
            return
        self.abandon()
        if not self._process.waitForFinished(_TERMINATE_AFTER):
            self._terminate()
        if self.state.active and not self._process.waitForFinished(1000):
            self._kill()
            self._process.waitForFinished(1000)

    def _mute(self) -> None:
        self._on_event, self._on_log, self._on_end = (lambda event: None), (lambda line: None), (lambda: None)

    def _terminate(self) -> None:
        if self.state.active:
            self._process.terminate()

    def _kill(self) -> None:
        if self.state.active:
            self._process.kill()

    def _read_output(self) -> None:
        for line in self._lines("out", self._process.readAllStandardOutput()):
            event = read_event(line)
            if event is None:
                self.answer.append(line)
            else:
                self._finished = self._finished or isinstance(event, Finish)
                self._on_event(event)

    def _read_error(self) -> None:
        for line in self._lines("err", self._process.readAllStandardError()):
            self._say(line)

    def _say(self, line: str) -> None:
        self.log.append(line)
        self._on_log(line)

    def _lines(self, channel: str, received: Any) -> list[str]:
        *lines, self._pending[channel] = (self._pending[channel] + bytes(received.data())).split(b"\n")
        return [line.decode("utf-8", errors="replace").rstrip("\r") for line in lines]

    def _ended(self, exit_code: int, exit_status: int) -> None:
        self._read_output()
        self._read_error()
        crashed = exit_status != qt.QProcess.NormalExit
        if not crashed and (exit_code == 0 or (exit_code in _NOT_ALL_GOOD and self._finished)):
            self._end(State.DONE)
        elif self.state is State.CANCELLING or (exit_code == _INTERRUPTED and not crashed):
            self._end(State.CANCELLED)
        else:
            self._end(State.FAILED)

    def _failed_to_start(self, error: int) -> None:
        if error == qt.QProcess.FailedToStart and self.state.active:
            self._say(f"'{python_program()}' could not be started")
            self._end(State.FAILED)

    def _end(self, state: State) -> None:
        self.state = state
        slicer.app.disconnect("aboutToQuit()", self.close)
        self._on_end()


def new_process() -> Any:
    """A process that was not started; tests put something else in its place."""
    return qt.QProcess()


def python_program() -> str:
    """Slicer's Python, which finds the packages that Slicer brings."""
    return shutil.which("PythonSlicer") or sys.executable


def _environment() -> Any:
    environment = qt.QProcessEnvironment.systemEnvironment()
    paths = [str(_LIBRARY_FOLDER), *filter(None, [environment.value("PYTHONPATH", "")])]
    environment.insert("PYTHONPATH", os.pathsep.join(paths))
    environment.insert("PYTHONIOENCODING", "utf-8")
    return environment
