"""A run of the command line on an image list or on nodes, with what has become of each knee."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import slicer

from ..errors import InputError, KneeError, Problem
from .background import BackgroundCommand, Event, State
from .nodes import find_segmentation, load_labelmaps, load_segmentation, load_volume
from .results import KneeResult, table_node, write_table


class SegmentationRun:
    """A run in the background: progress while it lasts, results and nodes afterwards.

    :param name: names the table of results; empty for none.
    :param volumes: for a run on nodes, the volume nodes by the name of their knee; such a run is cancelled when the
        scene closes. A run on a list goes on: its results are files.
    :param labelmaps: also load labelmap nodes.
    :param on_event: called with each event, after it was taken note of.
    :param on_log: called with each line for people.
    :param on_end: called with the run when it has ended.
    """

    def __init__(
        self,
        name: str,
        volumes: Mapping[str, Any] | None = None,
        labelmaps: bool = False,
        on_event: Callable[[Event], None] = lambda event: None,
        on_log: Callable[[str], None] = lambda line: None,
        on_end: Callable[[SegmentationRun], None] = lambda run: None,
    ):
        self.name = name
        self.results: dict[str, KneeResult] = {}
        self.problems: list[Problem] = []
        self.engine = ""
        self.table: Any = None
        self._volumes = volumes
        self._labelmaps = labelmaps
        self._on_event, self._on_end = on_event, on_end
        self._command = BackgroundCommand(self._take_note, on_log, self._ended)
        self._observation: int | None = None

    @property
    def state(self) -> State:
        return self._command.state

    @property
    def log(self) -> Sequence[str]:
        """The last lines for people."""
        return self._command.log

    @property
    def message(self) -> str:
        """Why it failed, for the user; empty if it did not."""
        if self.state is not State.FAILED:
            return ""
        return "\n".join(str(problem) for problem in self.problems) or "\n".join(list(self.log)[-5:])

    def start(self, arguments: Sequence[str]) -> None:
        """Start the command line; returns at once."""
        if self._volumes is not None:
            event = slicer.vtkMRMLScene.StartCloseEvent
            self._observation = slicer.mrmlScene.AddObserver(event, lambda *_: self.cancel())
        self._command.start(arguments)

    def cancel(self) -> None:
        """Stop it: what is finished stays."""
        self._command.cancel()

    def close(self) -> None:
        """End it at once, without a word; for a Slicer that quits."""
        self._stop_observing()
        self._command.close()

    def wait(self) -> None:
        """Wait for the end.

        :raises InputError: if the input was refused, with every problem.
        :raises KneeError: if it failed otherwise, with its last words.
        """
        self._command.wait()
        if self.problems:
            raise InputError(self.problems)
        if self.state is State.FAILED:
            raise KneeError(self.message)

    def load(self, knee: str) -> tuple[Any, Any]:
        """The volume and segmentation nodes of a knee; they are loaded unless they are in the scene already.

        :raises KneeError: if the knee has no masks, or a file cannot be read.
        """
        result = self.results[knee]
        volume = None if self._volumes is None else self._volumes[knee]
        if volume is not None and not slicer.mrmlScene.IsNodePresent(volume):
            raise KneeError(f"the volume of '{knee}' is no longer in the scene")
        return load_knee(result, volume, self._labelmaps)

    def _take_note(self, event: Event) -> None:
        if event["event"] == "end":
            result = KneeResult.from_event(event)
            self.results[result.knee] = result
        elif event["event"] == "problem":
            self.problems.append(Problem(event["message"], event["remedy"], event["file"], event["line"]))
        elif event["event"] == "checked":
            self.engine = event["engine"]
        self._on_event(event)

    def _ended(self) -> None:
        self._stop_observing()
        if self.results and self.name:
            self.table = table_node(self.name)
            write_table(self.table, self.results.values())
        self._on_end(self)

    def _stop_observing(self) -> None:
        if self._observation is not None:
            slicer.mrmlScene.RemoveObserver(self._observation)
            self._observation = None


def load_knee(result: KneeResult, volume: Any = None, labelmaps: bool = False) -> tuple[Any, Any]:
    """The volume and segmentation nodes of a knee; they are loaded unless they are in the scene already.

    :param volume: the volume node that was segmented; None loads it from its file.
    :param labelmaps: also load labelmap nodes.
    :raises KneeError: if the knee has no masks.
    """
    if not result.masks:
        raise KneeError(result.message or f"'{result.knee}' has not been segmented")
    volume = load_volume(result.moving) if volume is None else volume
    segmentation = find_segmentation(volume, result.masks)
    if segmentation is None:
        segmentation = load_segmentation(volume, result.masks)
        if labelmaps:
            load_labelmaps(volume, result.masks)
    return volume, segmentation
