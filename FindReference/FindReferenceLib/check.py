"""A look at the lists of a data set in the background: its knees, what is wrong with them, what was found before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from KneeCartilageSegLib.errors import InputError, Problem
from KneeCartilageSegLib.files import split_name
from KneeCartilageSegLib.findreference.results import DEFAULT_FOLDER
from KneeCartilageSegLib.lists.imagelist import DATA_SET_SPEC, ImageList, read_image_list, write_image_list
from KneeCartilageSegLib.slicer_support.command_run import CommandRun
from KneeCartilageSegLib.slicer_support.process import State

from .options import StudyOptions, study_arguments
from .run import StudyKnees
from .state import StudyState


class StudyCheck:
    """Reads the lists at once, and looks at their files in a process of its own.

    :param lists: the image lists, at least one.
    :param on_changed: called whenever there is something new.
    """

    def __init__(self, lists: Sequence[Path], options: StudyOptions, on_changed: Callable[[], None]) -> None:
        self._on_changed = on_changed
        self._lists: list[ImageList] = []
        self._paths = tuple(lists)
        self._check = CommandRun(on_end=self._changed)
        for path in lists:
            try:
                self._lists.append(read_image_list(path, DATA_SET_SPEC))
            except InputError:  # which the command reports, too
                continue
        self.earlier = self._earlier(lists[0].stem, options)
        self._check.start([*study_arguments(lists, options), "--check"])

    def _earlier(self, stem: str, options: StudyOptions) -> StudyState | None:
        """What an earlier search among the same knees has found."""
        folder = options.output or self.folder / DEFAULT_FOLDER if self._lists else None
        if folder is None:
            return None
        try:
            found = StudyState.from_record(folder / f"{stem}_reference.json")
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if self.names == set(found.images) and found.field == options.field.value else None

    @property
    def busy(self) -> bool:
        """Whether the files are still being looked at."""
        return self._check.state.active

    @property
    def good(self) -> bool:
        """Whether the lists can be run."""
        return self._check.state is State.DONE

    @property
    def folder(self) -> Path:
        """The folder beside which the data set lies."""
        images = self._lists[0]
        return images.folders[0].path.parent if images.folders else images.path.parent

    @property
    def knees(self) -> list[tuple[str, str]]:
        """The knees: the name of each, and its line."""
        entries = self._lists[0].entries if self._lists else ()
        return [(split_name(e.name)[0], f"{e.line}: m {e.name}") for e in entries if e.letter == "m"]

    @property
    def names(self) -> set[str]:
        """The names of the knees."""
        return {name for name, _tip in self.knees}

    @property
    def seeds(self) -> list[str]:
        """The names of the seeds that the lists name."""
        return [split_name(e.name)[0] for images in self._lists for e in images.entries if e.letter == "r"]

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong with the lists and their files, as far as it is known."""
        return self._check.problems

    @property
    def knees_with_problems(self) -> dict[str, str]:
        """What is wrong with single knees."""
        if not self._lists:
            return {}
        first = self._lists[0]
        knees = {e.line: split_name(e.name)[0] for e in first.entries if e.letter == "m"}
        mine = [problem for problem in self.problems if problem.file and Path(problem.file) == first.path.absolute()]
        return {knees[problem.line]: problem.message for problem in mine if problem.line in knees}

    @property
    def failure(self) -> str:
        """Why the check itself could not be done, for example for lack of elastix."""
        return "" if self._check.problems else self._check.message

    @property
    def dataset(self) -> StudyKnees:
        """From which knees can be loaded."""
        return StudyKnees(self._paths)

    def abandon(self) -> None:
        """Nobody is interested any more."""
        self._check.abandon()

    def close(self) -> None:
        """End it at once; for a Slicer that quits."""
        self._check.close()

    def _changed(self, _run: Any) -> None:
        self._on_changed()


def seeded_lists(lists: Sequence[Path], seeds: Collection[str], folder: Path) -> list[Path]:
    """The lists of a data set, or if other seeds than theirs are wanted, a list with these.

    :param seeds: names of images.
    :param folder: receives the list, which has the name of the first one.
    :raises InputError: if the lists cannot be read.
    """
    read = [read_image_list(path, DATA_SET_SPEC) for path in lists]
    own = {split_name(e.name)[0] for images in read for e in images.entries if e.letter == "r"}
    if not seeds or set(seeds) == own:
        return list(lists)
    names = [entry.name for entry in read[0].entries if entry.letter == "m"]
    entries = [("r", name) for name in names if split_name(name)[0] in seeds] + [("m", name) for name in names]
    folder.mkdir(parents=True, exist_ok=True)
    write_image_list(folder / lists[0].name, [read[0].folders[0].path], entries)
    return [folder / lists[0].name]
