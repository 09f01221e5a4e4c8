"""``knee-cartilage-seg contact-sheet``: pictures of what earlier runs of an image list have left."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..registration.stages import Modality
from ..runs.aside import Aside
from ..runs.events import Note
from ..runs.machine import cores
from ..segmentation.cases import SEGMENTED, find_knees
from ..segmentation.contact_sheet import SHEET_FILE, ContactSheet, SheetKnee, sheet_problems
from ..segmentation.outcome import Outcome
from ..segmentation.pictures import NO_MATPLOTLIB, PAINTER, PICTURES, can_draw, picture_of
from ..segmentation.standing import standings
from ..segmentation.summary import summary_rows
from .arguments import positive
from .reporting import REPORTERS, Reporter

_DESCRIPTION = """\
Draw the knees of an image list that are segmented, as far as that has not been done, and write the contact sheet: a
page with all of them, worst first, that opens in any browser. 'segment' does so by itself; this is for results that
were made without pictures, or corrected since.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "contact-sheet", help="draw what is segmented already, and show all of it on one page", description=_DESCRIPTION
    )
    parser.add_argument("list", metavar="LIST", type=Path, help="text file with the images")
    parser.add_argument("--modality", required=True, choices=[modality.value for modality in Modality])
    parser.add_argument("--out", metavar="DIR", type=Path, help="where segmented/ and registered/ are")
    parser.add_argument("--references", metavar="DIR", type=Path, help="as for segment, if the list names no reference")
    parser.add_argument("--jobs", metavar="N", type=positive, default=cores(), help="pictures at once (default: cores)")
    parser.add_argument("--progress", choices=REPORTERS, default="bars", help="how to report")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Draw what is missing, and write the sheet, without pictures if matplotlib is not installed.

    :raises InputError: if the list cannot be read, or the sheet would replace something else.
    """
    reporter: Reporter = REPORTERS[args.progress]()
    knees, listed = find_knees(args.list, Modality(args.modality), args.out, args.references)
    cases = [knee.case for knee in knees if knee.case is not None]
    if not cases:
        raise InputError([*listed, *(problem for knee in knees for problem in knee.problems)])
    path = cases[0].output / SEGMENTED / SHEET_FILE
    problems = sheet_problems(path, "name another folder (--out)")
    if problems:
        raise InputError(problems)
    found = standings(knees)
    if can_draw():
        _draw([one.outcome for one in found if one.outcome is not None], args.jobs, reporter)
    else:
        reporter.send(Note(f"{NO_MATPLOTLIB}: the contact sheet has those that were drawn before"))
    sheet = ContactSheet(path, args.list, cases[0].output / PICTURES)
    for one in found:
        row = summary_rows([one.outcome])[0] if one.outcome is not None else {"message": one.detail}
        sheet.add(SheetKnee(one.name, one.stand.value, row))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.write()
    if args.progress == "bars":
        print(f"contact sheet: {path}")
    return 0


def _draw(outcomes: Sequence[Outcome], jobs: int, reporter: Reporter) -> None:
    def failed(question: Any, error: str) -> None:
        reporter.send(Note(f"the picture of {question['title']} could not be drawn: {error}"))

    missing = [picture for picture in map(picture_of, outcomes) if picture.missing]
    if missing:
        reporter.send(Note(f"drawing {len(missing)} pictures"))
    aside = Aside(PAINTER, jobs, failed)
    try:
        for picture in missing:
            aside.submit(picture.question())
        aside.close()
    except BaseException:
        aside.cancel()
        raise
