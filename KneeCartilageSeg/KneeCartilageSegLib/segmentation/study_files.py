"""What a run writes about all of its knees together: summary, contact sheet, and the list for a comparison.

The command line, the panel (which runs it) and scripts write them in the same way.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import KneeError, Problem
from ..files import longest_name
from ..runs.events import Event, Note
from ..runs.locks import clear_temporaries
from .cases import AUTOMATIC, REJECTED, SEGMENTED, Case
from .contact_sheet import SHEET_FILE, ContactSheet, sheet_problems, write_while_running
from .growing import GrowingSummary
from .links import between_folder, clear_leftovers
from .outcome import Outcome, Status
from .pictures import NO_MATPLOTLIB, PICTURES, can_draw
from .resume import recorded_outcome
from .summary import other_list_problems, write_summary
from .truths import find_truths, truth_list_problems, write_truth_list


@dataclass(frozen=True)
class StudyFiles:
    """Where the files of a run go, and what is to be written.

    :param list_file: the image list; None if the images were named one by one.
    :param cases: at least one.
    :param chosen_summary: where the summary goes, if somebody has said so.
    :param wants_pictures: whether to draw the knees; None if matplotlib is installed.
    :param truths: a folder with true masks, for which the list for a comparison is written; None for none.
    """

    list_file: Path | None
    cases: Sequence[Case]
    chosen_summary: Path | None = None
    wants_pictures: bool | None = None
    truths: Path | None = None

    @property
    def summary(self) -> Path:
        """The summary."""
        return self.chosen_summary or self._segmented / f"{self._stem}_summary.csv"

    @property
    def quality_list(self) -> Path:
        """The list for a comparison with the truth."""
        return self._segmented / f"{self._stem}_quality.txt"

    @property
    def pictures(self) -> bool:
        """Whether the knees are drawn."""
        return can_draw() if self.wants_pictures is None else self.wants_pictures

    @property
    def _segmented(self) -> Path:
        return self.cases[0].output / SEGMENTED

    @property
    def _stem(self) -> str:
        if self.list_file is not None:
            return self.list_file.stem
        return self.cases[0].name if len(self.cases) == 1 else "images"

    def problems(self) -> list[Problem]:
        """Why they cannot be written, or would replace something else."""
        problems = self._summary_problems() if self.chosen_summary is None else []
        if self.truths is not None:
            problems += truth_list_problems(self.quality_list, self.truths)
        if self.wants_pictures and not can_draw():
            problems.append(Problem(NO_MATPLOTLIB, "Run 'pip install matplotlib'"))
        if self.pictures and can_draw():
            sheet = self.summary.with_name(SHEET_FILE)
            problems += sheet_problems(sheet, "leave pictures out (--no-pictures)")
        return problems

    def _summary_problems(self) -> list[Problem]:
        problems = other_list_problems(self.summary, self.cases)
        if len(os.fsencode(self.summary.name)) > longest_name(self.summary.parent):
            message = f"the name of the list is too long: the summary would be called '{self.summary.name}'"
            problems.append(Problem(message, "Shorten it, or name the summary (--summary)", self.list_file))
        return problems

    def growing(self, send: Callable[[Event], None]) -> GrowingFiles:
        """The files, which grow with the events of a run.

        :param send: is handed these events, and notes about files that could not be written.
        """
        return GrowingFiles(self, send)


class GrowingFiles:
    """Summary and contact sheet of a run, up to date while it lasts.

    :param send: see :meth:`StudyFiles.growing`.
    """

    def __init__(self, files: StudyFiles, send: Callable[[Event], None]):
        self._files, self._told = files, send
        self._sheet: ContactSheet | None = None
        handed_on = send
        if files.pictures:
            knees_of = files.summary if files.list_file is None else files.list_file
            place = files.summary.with_name(SHEET_FILE)
            self._sheet = ContactSheet(place, knees_of, files.cases[0].output / PICTURES)
            handed_on = write_while_running(self._sheet, send)
        self.send = GrowingSummary(files.summary, files.cases).following(handed_on)
        """To be called with each event of the run."""

    def finish(self, outcomes: Sequence[Outcome]) -> dict[str, Path]:
        """Write everything at the end of the run, also of one that was cancelled.

        :return: what was written, by what it is called for people.
        :raises OSError: if the summary could not be written.
        """
        summary = self._files.summary
        summary.parent.mkdir(parents=True, exist_ok=True)  # a run that is cancelled at once has not made it
        write_summary(summary, [_as_it_is(outcome) for outcome in outcomes])
        output = self._files.cases[0].output
        places = (SEGMENTED, REJECTED, AUTOMATIC, PICTURES)
        for folder in dict.fromkeys([summary.parent, *(output / name for name in places)]):
            clear_temporaries(folder)
        for folder in {between_folder(case) for case in self._files.cases if len(case.references) > 1}:
            clear_leftovers(folder)
        written = {"summary": summary}
        if self._sheet is not None:
            self._write_sheet(self._sheet)
            written["contact sheet"] = self._sheet.path
        if self._files.truths is not None and self._write_quality_list(self._files.truths, outcomes):
            written["list for quality"] = self._files.quality_list
        return written

    def _write_sheet(self, sheet: ContactSheet) -> None:
        try:
            sheet.write()
        except OSError as error:  # the masks are worth more
            self._told(Note(f"the contact sheet could not be written: {error}"))

    def _write_quality_list(self, truths: Path, outcomes: Sequence[Outcome]) -> bool:
        try:
            found = find_truths(outcomes, truths)
            if found.pairs:
                write_truth_list(self._files.quality_list, found.pairs)
        except OSError as error:  # the masks are worth more
            self._told(Note(f"the list for 'quality' could not be written: {error}"))
            return False
        if found.missing:
            names = ", ".join(mask.name for mask in found.missing)
            self._told(Note(f"no ground truth in '{truths}' for {names}"))
        return bool(found.pairs)


def _as_it_is(outcome: Outcome) -> Outcome:
    """What the summary says: of a knee that a cancelled run did not come to, what an earlier run has left."""
    if outcome.status is not Status.CANCELLED:
        return outcome
    try:
        return recorded_outcome(outcome.case) or outcome
    except (KneeError, OSError):
        return outcome
