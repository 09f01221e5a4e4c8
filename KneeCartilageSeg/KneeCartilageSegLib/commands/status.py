"""``knee-cartilage-seg status``: where each knee of an image list stands."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import Problem
from ..registration.parameterfiles import read_parameter_files
from ..registration.side import Side
from ..registration.stages import Modality
from ..runs.events import Checking, Finish, KneeStanding, Start
from ..runs.machine import cores
from ..segmentation.cases import find_knees
from ..segmentation.standing import Stand, Standing, Wanted, remaining_seconds, standings
from ..segmentation.summary import case_end
from .arguments import positive
from .reporting import REPORTERS, PeopleReporter, Reporter

_DESCRIPTION = """\
Say where each knee of an image list stands:

  segmented             passed its checks, or accepted in the review
  edited                the masks were corrected by hand
  needs review          segmented, with a measurement outside its limits; or to be corrected, says the review
  rejected              by its measurements, or in the review: do not use it
  kept                  masks that are not those of this modality, or not this tool's: a run leaves them alone
  failed                the last run could not segment it
  changed input         the image or its reference is another one than was segmented
  outdated              made with other parameters, by another version, or for another side: a run makes it again
  missing mask          a mask is not there any more
  missing file          the image, or a file of its reference, is not there
  problem in the list   for example two masks of one name in different formats
  running               a run is at work on it, and since when
  not started           waits for a run

What decides whether a result is outdated are the options that 'segment' would be given: --parameters, --side,
--references-at-most. Nothing is written. An image is only read if its file is newer than the result, so it takes a
moment also for a large cohort.
"""

_EPILOG = """\
exit status: 0 every knee is segmented, edited or accepted, 3 likewise, but some need review, 1 something is left to do,
rejected, or wrong with the list, 2 the list cannot be read.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "status",
        help="say where each knee of an image list stands",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("list", metavar="LIST", type=Path, help="text file with the images")
    parser.add_argument("--modality", required=True, choices=[modality.value for modality in Modality])
    parser.add_argument("--out", metavar="DIR", type=Path, help="where segmented/ and registered/ are")
    parser.add_argument("--references", metavar="DIR", type=Path, help="as for segment, if the list names no reference")
    parser.add_argument("--references-at-most", metavar="N", type=positive, help="as for segment")
    parser.add_argument("--parameters", metavar="DIR", type=Path, help="as for segment: your own parameter files")
    parser.add_argument("--side", choices=[side.value for side in Side], default=Side.AUTO.value, help="as for segment")
    parser.add_argument("--json", action="store_true", help="answer with one JSON object")
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=positive,
        help="knees at once, for the remaining time (default: as many as are running, or half the cores)",
    )
    parser.add_argument("--progress", choices=REPORTERS, default="bars", help="how to report: json sends events")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Tell where each knee stands.

    :raises InputError: if the list, the review or a parameter file cannot be read.
    """
    reporter: Reporter = REPORTERS["none" if args.json and args.progress == "bars" else args.progress]()
    modality = Modality(args.modality)
    wanted = Wanted(read_parameter_files(modality, args.parameters), Side(args.side))
    knees, problems = find_knees(args.list, modality, args.out, args.references, args.references_at_most)
    reporter.send(Start(tuple(knee.name for knee in knees)))
    people = isinstance(reporter, PeopleReporter)
    found = standings(knees, lambda done, total: reporter.send(Checking(done, total)) if people else None, wanted)
    jobs = args.jobs or sum(one.stand is Stand.RUNNING for one in found) or max(1, cores() // 2)
    remaining = remaining_seconds(found, jobs)
    if args.json:
        print(json.dumps(_content(args, found, problems, jobs, remaining), indent=1))
    elif people:
        _print_table(found, jobs, remaining)
    for problem in problems:
        print(problem, file=sys.stderr)
    if not people:
        _send(reporter, found)
    return _exit_status(found, problems)


def _exit_status(found: Sequence[Standing], problems: Sequence[Problem]) -> int:
    if problems or not all(one.stand.good or one.stand is Stand.NEEDS_REVIEW for one in found):
        return 1
    return 0 if all(one.stand.good for one in found) else 3


def _send(reporter: Reporter, found: Sequence[Standing]) -> None:
    """Tell programs: where each knee stands, and how those have ended that have."""
    for one in found:
        reporter.send(KneeStanding(one.name, one.stand.value, one.detail, one.line))
        if one.outcome is not None:
            reporter.send(case_end(one.outcome))
    ended = [one.outcome for one in found if one.outcome is not None]
    waiting = tuple(outcome.case.name for outcome in ended if outcome.needs_review)
    reporter.send(Finish(tuple(outcome.status.value for outcome in ended), waiting))


def _print_table(found: Sequence[Standing], jobs: int, remaining: float | None) -> None:
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        print(f"{one.name:{width}}  {one.stand.value:13}  {one.detail}".rstrip())
    counts = Counter(one.stand for one in found)
    ended = ", ".join(f"{counts[stand]} {stand.value}" for stand in Stand if counts[stand])
    print(f"{len(found)} {'knee' if len(found) == 1 else 'knees'}: {ended}" if found else "the list names no knee")
    left = sum(one.stand.to_do for one in found)
    if left and remaining is None:
        print(f"{left} to segment; how long that takes is not known before one is finished")
    elif left and remaining is not None:
        print(f"{left} to segment: about {_duration(remaining)}, {jobs} at once")


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{max(1, round(seconds))} s"
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _content(
    args: argparse.Namespace, found: Sequence[Standing], problems: Sequence[Problem], jobs: int, remaining: float | None
) -> dict[str, Any]:
    counts = Counter(one.stand.value for one in found)
    return {
        "list": str(args.list),
        "modality": args.modality,
        "knees": [_entry(one) for one in found],
        "counts": {stand.value: counts[stand.value] for stand in Stand if counts[stand.value]},
        "to_segment": sum(one.stand.to_do for one in found),
        "jobs": jobs,
        "remaining_seconds": remaining,
        "problems": [
            {"message": one.message, "remedy": one.remedy, "file": one.file and str(one.file), "line": one.line}
            for one in problems
        ],
    }


def _entry(one: Standing) -> dict[str, Any]:
    entry = {"name": one.name, "status": one.stand.value, "detail": one.detail, "line": one.line}
    masks = {} if one.outcome is None else {tissue.value: str(path) for tissue, path in one.outcome.masks.items()}
    return {**entry, "seconds": one.seconds, "masks": masks, "run": dict(one.run)}
