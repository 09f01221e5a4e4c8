"""A look at an image list in the background: its knees, what is wrong with it, what earlier runs have left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..files import split_name
from ..lists.imagelist import SEGMENTATION_SPEC, ImageList, read_image_list
from ..registration.stages import Modality
from .options import RunOptions, segment_arguments, status_arguments
from .process import State
from .result_nodes import KneeResult
from .run import SegmentationRun


class ListCheck:
    """Reads the list at once, and looks at its files in processes of their own.

    :param list_file: the image list.
    :param on_changed: called whenever there is something new.
    """

    def __init__(
        self, list_file: Path, modality: Modality, options: RunOptions, on_changed: Callable[[], None]
    ) -> None:
        self._on_changed = on_changed
        self._list: ImageList | None = None
        self._unreadable: list[Problem] = []
        self._check = SegmentationRun("", on_end=self._changed)
        self._status = SegmentationRun("", on_event=self._changed)
        try:
            self._list = read_image_list(list_file, SEGMENTATION_SPEC)
        except InputError as error:
            self._unreadable = list(error.problems)
            return
        self._check.start([*segment_arguments(list_file, modality, options), "--check"])
        self._status.start(status_arguments(list_file, modality, options))

    @property
    def busy(self) -> bool:
        """Whether the files are still being looked at."""
        return self._check.state.active

    @property
    def good(self) -> bool:
        """Whether the list can be run."""
        return self._check.state is State.DONE

    @property
    def knees(self) -> list[tuple[str, str]]:
        """The knees in the list: the name of each, and its line."""
        return [(_knee(entry.name), f"{entry.line}: m {entry.name}") for entry in self._entries()]

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong with the list and its files, as far as it is known."""
        return self._unreadable or self._check.problems or list(self._list.problems if self._list else ())

    @property
    def knees_with_problems(self) -> dict[str, str]:
        """What is wrong with single knees."""
        knees = {entry.line: _knee(entry.name) for entry in self._entries()}
        return {knees[problem.line]: problem.message for problem in self.problems if problem.line in knees}

    @property
    def failure(self) -> str:
        """Why the check itself could not be done, for example for lack of elastix."""
        return "" if self._check.problems else self._check.message

    @property
    def results(self) -> Mapping[str, KneeResult]:
        """What earlier runs have left, by knee."""
        return self._status.results

    @property
    def source(self) -> SegmentationRun:
        """From which knees can be loaded."""
        return self._status

    def abandon(self) -> None:
        """Nobody is interested any more."""
        self._check.abandon()
        self._status.abandon()

    def close(self) -> None:
        """End it at once; for a Slicer that quits."""
        self._check.close()
        self._status.close()

    def _entries(self) -> list:
        return [entry for entry in self._list.entries if entry.letter == "m"] if self._list else []

    def _changed(self, _what: Any) -> None:
        self._on_changed()


def _knee(name: str) -> str:
    return split_name(name)[0]
