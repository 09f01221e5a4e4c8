"""Somebody in front of a module's panel, and what stands in for the process that the panel starts.

A process of the command line takes more than a second to start, and a panel starts several. In most tests the command
line runs in the test's own process (:class:`InProcess`), or a test plays its events (:class:`PlayedProcess`). What is
marked ``real_process`` starts processes.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable
from typing import Any

from KneeCartilageSegLib.commandline import main
from KneeCartilageSegLib.runs.events import Event, write_event
from slicer_testbed.python_packages import all_installed

_INTERRUPTED = 130


class User:
    """Chooses, clicks and reads.

    :param bed: the test bed.
    :param panel: the module's widget.
    """

    def __init__(self, bed: Any, panel: Any):
        self.bed, self.panel, self.ui = bed, panel, panel.ui
        self.ui.jobsSpinBox.value = 1
        panel.checkTimer.setInterval(20)  # a person who thinks quickly

    def choose_list(self, path: Any) -> None:
        self.ui.inputTabs.currentIndex = 0
        self.ui.listFileEdit.currentPath = str(path)

    def wait_for_apply(self) -> None:
        self.bed.wait_until(lambda: self.ui.applyButton.enabled)

    def wait_for_refusal(self, text: str) -> None:
        self.bed.wait_until(lambda: re.search(text, self.reason))
        assert not self.ui.applyButton.enabled

    def apply(self) -> None:
        self.wait_for_apply()
        self.ui.applyButton.click()
        assert self.ui.cancelButton.enabled

    def wait_for_end(self) -> None:
        self.bed.wait_until(lambda: not self.panel.running and not self.ui.cancelButton.enabled)
        self.wait_for_views()

    def wait_for_views(self) -> None:
        self.bed.wait_until(lambda: not self.panel.loading)

    @property
    def reason(self) -> str:
        return self.ui.reasonLabel.text

    @property
    def problems(self) -> list[str]:
        return self.ui.problemsTextEdit.toPlainText().splitlines() if self.ui.problemsTextEdit.visible else []


def texts_of_column(table: Any, number: int) -> list[str]:
    """What stands in a column of a QTableWidget."""
    items = [table.item(row, number) for row in range(table.rowCount)]
    return [item.text() if item else "" for item in items]


class _Process:
    """What :mod:`KneeCartilageSegLib.slicer_support.process` needs of a QProcess."""

    def __init__(self) -> None:
        import qt

        self._slots: dict[str, Callable[..., None]] = {}
        self._channels = {"Output": b"", "Error": b""}
        self._arguments: list[str] = []
        self._running = False
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.connect("timeout()", self._run)

    def setProcessEnvironment(self, _environment: Any) -> None:
        """The test's own stays."""

    def connect(self, signal: str, slot: Callable[..., None]) -> None:
        self._slots[signal.partition("(")[0]] = slot

    def start(self, _program: str, arguments: list[str]) -> None:
        self._arguments, self._running = arguments[2:], True  # without -m KneeCartilageSegLib
        self._timer.start(0)

    def write(self, _data: bytes) -> None:
        """Nobody reads it."""

    def terminate(self) -> None:
        self._end(_INTERRUPTED)

    kill = closeWriteChannel = terminate

    def waitForFinished(self, _milliseconds: int) -> bool:
        if self._running:
            self._timer.stop()
            self._run()
        return not self._running

    def readAllStandardOutput(self) -> Any:
        return self._take("Output")

    def readAllStandardError(self) -> Any:
        return self._take("Error")

    def _run(self) -> None:
        raise NotImplementedError

    def _take(self, channel: str) -> Any:
        import qt

        taken, self._channels[channel] = self._channels[channel], b""
        return qt.QByteArray(taken)

    def _end(self, status: int) -> None:
        import qt

        if self._running:
            self._running = False
            self._timer.stop()
            self._slots["finished"](status, qt.QProcess.NormalExit)


class InProcess(_Process):
    """Runs the command line at once when Qt comes to it."""

    engines: dict[tuple, tuple[bytes, bytes, int]] = {}  # what was said of elastix does not change in a session

    def _run(self) -> None:
        if self._arguments[0] == "engine":
            key = tuple(self._arguments)
            said = self.engines[key] = self.engines.get(key) or self._said()
        else:
            said = self._said()
        self._channels["Output"], self._channels["Error"], status = said
        self._end(status)

    def _said(self) -> tuple[bytes, bytes, int]:
        output, error = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        arguments = [argument for argument in self._arguments if argument != "--attached"]
        with all_installed(), contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
            status = main(arguments)
        return output.buffer.getvalue(), error.buffer.getvalue(), status  # type: ignore[attr-defined]


class PlayedProcess(_Process):
    """Says what the test says. Checks and looks for elastix end well at once."""

    runs: list[PlayedProcess] = []
    checks: list[list[str]] = []

    @property
    def arguments(self) -> list[str]:
        """Of the command line."""
        return self._arguments

    def start(self, program: str, arguments: list[str]) -> None:
        super().start(program, arguments)
        if "--check" in arguments:
            self.checks.append(self._arguments)
        elif self._arguments[0] not in ("engine", "status"):
            self.runs.append(self)
            self._timer.stop()

    def _run(self) -> None:
        self._end(0)

    def waitForFinished(self, _milliseconds: int) -> bool:
        return not self._running

    def play(self, event: Event) -> None:
        """The process tells an event."""
        self._channels["Output"] += write_event(event).encode() + b"\n"
        self._slots["readyReadStandardOutput"]()

    def end(self, status: int = 0) -> None:
        """The process ends.

        :param status: its exit status.
        """
        self._end(status)
