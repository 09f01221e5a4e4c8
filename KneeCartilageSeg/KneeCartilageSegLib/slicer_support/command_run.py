"""A run of the library's command line on files, or on nodes that are written to files first."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import slicer
from slicer.i18n import tr as _

from ..errors import InputError, KneeError, Problem
from ..runs.events import Checked, Event, ProblemFound
from .process import BackgroundCommand, State
from .tasks import Task

_OPTION = re.compile(r"\s*\(--[^)]*\)")
_LAST_WORDS = 5  # lines of a process that failed


def problem_text(problem: Problem) -> str:
    """A problem for the user of a panel, with its line in the list."""
    place = _("Line {line}: ").format(line=problem.line) if problem.line else ""
    return without_options(f"{place}{problem.message[:1].upper()}{problem.message[1:]}. {problem.remedy}.")


def without_options(text: str) -> str:
    """A message of the library without the options of its command line, which a panel does not have."""
    return _OPTION.sub("", text)


class CommandRun:
    """A run in the background, from the export of nodes to the end of the process.

    :param on_event: called with each event, after it was taken note of.
    :param on_log: called with each line for people.
    :param on_end: called with the run when it has ended.
    :param of_nodes: whether it is a run on nodes, which is cancelled when the scene closes. A run on files goes on.
    """

    def __init__(
        self,
        on_event: Callable[[Event], None] = lambda event: None,
        on_log: Callable[[str], None] = lambda line: None,
        on_end: Callable[[Any], None] = lambda run: None,
        of_nodes: bool = False,
    ):
        self.problems: list[Problem] = []
        self.engine = ""
        self._of_nodes = of_nodes
        self._on_event, self._on_end = on_event, on_end
        self._command = BackgroundCommand(self._take_note, on_log, self._ended)
        self._observation: int | None = None
        self._export: Task | None = None
        self._message = ""
        self._ended_early: State | None = None  # during the export

    @property
    def exporting(self) -> bool:
        """Whether nodes are still being written: there is no process yet."""
        return self._export is not None and self._export.active

    @property
    def state(self) -> State:
        return self._ended_early or (State.RUNNING if self.exporting else self._command.state)

    @property
    def log(self) -> Sequence[str]:
        """The last lines for people."""
        return self._command.log

    @property
    def message(self) -> str:
        """Why it failed, for the user; empty if it did not."""
        if self.state is not State.FAILED:
            return ""
        said = "\n".join(list(self.log)[-_LAST_WORDS:])
        return "\n".join(str(problem) for problem in self.problems) or self._message or said

    def start(self, arguments: Sequence[str]) -> None:
        """Start the command line; returns at once."""
        self._command.start(arguments)

    def start_after(self, export: Coroutine[Any, Any, Path], arguments: Callable[[Path], Sequence[str]]) -> None:
        """Export nodes, then start the command line; returns at once.

        :param arguments: of the command line, from the path that the export returns.
        """
        if self._of_nodes:
            event = slicer.vtkMRMLScene.StartCloseEvent
            self._observation = slicer.mrmlScene.AddObserver(event, self._scene_closes)
        self._export = Task(export, lambda path: self._command.start(arguments(path)), self._export_failed)

    def cancel(self) -> None:
        """Stop it: what is finished stays."""
        if self._export is not None and self.exporting:
            self._export.close()
            self._end_early(State.CANCELLED)
        self._command.cancel()

    def abandon(self) -> None:
        """Nobody is interested any more: it is cancelled, and nothing is called."""
        self._stop_observing()
        self._command.abandon()

    def close(self) -> None:
        """End it at once, without a word; for a Slicer that quits."""
        self._stop_observing()
        if self._export is not None:
            self._export.close()
        self._command.close()

    def wait(self) -> None:
        """Wait for the end.

        :raises InputError: if the input was refused, with every problem.
        :raises KneeError: if it failed otherwise, with its last words.
        """
        while self.exporting:
            slicer.app.processEvents()
        self._command.wait()
        if self.problems:
            raise InputError(self.problems)
        if self.state is State.FAILED:
            raise KneeError(self.message)

    def _take_note(self, event: Event) -> None:
        if isinstance(event, ProblemFound):
            file = None if event.file is None else Path(event.file)
            self.problems.append(Problem(event.message, event.remedy, file, event.line))
        elif isinstance(event, Checked):
            self.engine = event.engine
        self._on_event(event)

    def _scene_closes(self, _scene: Any, _event: str) -> None:
        self.cancel()

    def _export_failed(self, error: Exception) -> None:
        self.problems += error.problems if isinstance(error, InputError) else []
        self._message = str(error)
        self._end_early(State.FAILED)

    def _end_early(self, state: State) -> None:
        self._ended_early = state
        self._ended()

    def _ended(self) -> None:
        self._stop_observing()
        self._on_end(self)

    def _stop_observing(self) -> None:
        if self._observation is not None:
            slicer.mrmlScene.RemoveObserver(self._observation)
            self._observation = None
