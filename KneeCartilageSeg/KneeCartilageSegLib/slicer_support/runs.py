"""A run of the command line on an image list or on nodes, with what has become of each knee."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import SimpleITK as sitk
import slicer

from ..errors import InputError, KneeError, Problem
from .background import BackgroundCommand, Event, State
from .nodes import add_labelmaps, add_segmentation, add_volume, find_segmentation, find_volume, read_mask
from .results import KneeResult, table_node, write_table
from .steps import Steps, Work, nothing

_LAST_WORDS = 5  # lines of a process that failed


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
        self._export: Steps | None = None
        self._message = ""
        self._ended_early: State | None = None  # during the export

    @property
    def state(self) -> State:
        exporting = self._export is not None and self._export.active
        return self._ended_early or (State.RUNNING if exporting else self._command.state)

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

    def start_after(self, export: Work, arguments: Callable[[Any], Sequence[str]]) -> None:
        """Export nodes, then start the command line; returns at once.

        :param arguments: of the command line, from the value of the export.
        """
        if self._volumes is not None:
            event = slicer.vtkMRMLScene.StartCloseEvent
            self._observation = slicer.mrmlScene.AddObserver(event, self._scene_closes)
        self._export = Steps(export, lambda value: self._command.start(arguments(value)), self._export_failed)

    def cancel(self) -> None:
        """Stop it: what is finished stays."""
        if self._export is not None and self._export.active:
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
        while self._export is not None and self._export.active:
            slicer.app.processEvents()
        self._command.wait()
        if self.problems:
            raise InputError(self.problems)
        if self.state is State.FAILED:
            raise KneeError(self.message)

    def load(self, knee: str) -> Work:
        """The volume and segmentation nodes of a knee, see :func:`load_knee`."""
        volume = None if self._volumes is None else self._volumes[knee]
        return load_knee(self.results[knee], volume, self._labelmaps)

    def _take_note(self, event: Event) -> None:
        if event["event"] == "end":
            result = KneeResult.from_event(event)
            self.results[result.knee] = result
        elif event["event"] == "problem":
            self.problems.append(Problem(event["message"], event["remedy"], event["file"], event["line"]))
        elif event["event"] == "checked":
            self.engine = event["engine"]
        self._on_event(event)

    def _scene_closes(self, _scene: Any, _event: str) -> None:
        self.name = ""  # a table would belong to knees that are gone
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
        if self.results and self.name:
            self.table = table_node(self.name)
            write_table(self.table, self.results.values())
        self._on_end(self)

    def _stop_observing(self) -> None:
        if self._observation is not None:
            slicer.mrmlScene.RemoveObserver(self._observation)
            self._observation = None


def load_knee(result: KneeResult, volume: Any = None, labelmaps: bool = False) -> Work:
    """Load the volume and segmentation nodes of a knee, unless they are in the scene already; see :mod:`.steps`.

    :param volume: the volume node that was segmented; None loads it from its file.
    :param labelmaps: also load labelmap nodes.
    :return: the two nodes.
    :raises KneeError: if the knee has no masks, or its volume node is gone.
    """
    if not result.masks:
        raise KneeError(result.message or f"'{result.knee}' has not been segmented")
    if volume is None:
        volume = find_volume(result.moving) or add_volume(
            result.moving, (yield partial(sitk.ReadImage, str(result.moving)))
        )
    segmentation = find_segmentation(volume, result.masks)
    if segmentation is None:
        parts = {}
        for tissue, path in result.masks.items():
            parts[tissue] = yield partial(read_mask, path)
        if not slicer.mrmlScene.IsNodePresent(volume):
            raise KneeError(f"the volume of '{result.knee}' is no longer in the scene")
        segmentation = add_segmentation(volume, result.masks, parts)
        if labelmaps:
            yield nothing
            add_labelmaps(volume, parts)
        yield nothing
        segmentation.CreateClosedSurfaceRepresentation()
    return volume, segmentation
