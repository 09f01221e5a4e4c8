"""A look at a list of pairs in the background: its pairs, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from KneeCartilageSegLib.errors import InputError, Problem
from KneeCartilageSegLib.lists.imagelist import QUALITY_SPEC, ImageList, pair_entries, read_image_list
from KneeCartilageSegLib.slicer_support.process import State

from .options import QualityOptions, quality_arguments
from .run import QualityRun


@dataclass(frozen=True)
class ListedPair:
    """A pair as a list names it.

    :param name: of its segmentation.
    :param tip: its lines.
    :param files: of segmentation and truth; None if the list names no such file.
    """

    name: str
    tip: str
    files: tuple[Path | None, Path | None]


class QualityCheck:
    """Reads the list at once, and looks at its masks in a process of its own.

    :param on_changed: called when there is something new.
    """

    def __init__(self, list_file: Path, on_changed: Callable[[], None]) -> None:
        self._on_changed = on_changed
        self._list: ImageList | None = None
        self._check = QualityRun(list_file.stem, on_end=self._changed)
        with suppress(InputError):  # which the command reports, too
            self._list = read_image_list(list_file, QUALITY_SPEC)
        self._check.start([*quality_arguments(list_file, QualityOptions()), "--check"])

    @property
    def busy(self) -> bool:
        """Whether the masks are still being looked at."""
        return self._check.state.active

    @property
    def good(self) -> bool:
        """Whether the pairs can be compared."""
        return self._check.state is State.DONE

    @property
    def pairs(self) -> list[ListedPair]:
        """The pairs, those that cannot be compared included."""
        if self._list is None:
            return []
        folders = [folder.path for folder in self._list.folders]
        truths = {pair.first.line: pair.second for pair in reversed(pair_entries(self._list)[0])}
        found = []
        for entry in self._list.entries:
            if entry.letter == "s":
                truth = truths.get(entry.line)
                lines = [f"{e.line}: {e.letter} {e.name}" for e in (entry, truth) if e is not None]
                files = [folder / e.name if e is not None else None for folder, e in zip(folders, (entry, truth))]
                files += [None] * (2 - len(files))
                found.append(ListedPair(entry.name, "\n".join(lines), (files[0], files[1])))
        return found

    @property
    def names(self) -> list[str]:
        """The names that the pairs have in the results; those of the files until they are known."""
        return list(self._check.names) or [pair.name for pair in self.pairs]

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong with the list and its masks, as far as it is known."""
        return self._check.problems

    @property
    def pairs_with_problems(self) -> dict[str, str]:
        """What is wrong with single pairs, by their names in :attr:`names`."""
        entries = self._list.entries if self._list is not None else ()
        found: dict[str, str] = {}
        for problem in self.problems:
            before = [e for e in entries if e.letter == "s" and problem.line is not None and e.line <= problem.line]
            if before and any(e.line == problem.line for e in entries):
                found.setdefault(before[-1].name, problem.message)
        return found

    @property
    def failure(self) -> str:
        """Why the check itself could not be done."""
        return "" if self._check.problems else self._check.message

    def abandon(self) -> None:
        """Nobody is interested any more."""
        self._check.abandon()

    def close(self) -> None:
        """End it at once; for a Slicer that quits."""
        self._check.close()

    def _changed(self, _run: Any) -> None:
        self._on_changed()
