"""``knee-cartilage-seg status``: what earlier runs of an image list have left."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..registration.stages import Modality
from ..runs.events import Finish, Start
from ..segmentation.cases import find_cases
from ..segmentation.resume import recorded_outcome
from ..segmentation.summary import case_end
from .reporting import REPORTERS, Reporter

_DESCRIPTION = """\
Say which knees of an image list are segmented already, and how well that went. No image is read, so it takes a moment
also for a large cohort.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "status", help="say which knees of an image list are segmented already", description=_DESCRIPTION
    )
    parser.add_argument("list", metavar="LIST", type=Path, help="text file with the images")
    parser.add_argument("--modality", required=True, choices=[modality.value for modality in Modality])
    parser.add_argument("--out", metavar="DIR", type=Path, help="where segmented/ and registered/ are")
    parser.add_argument("--references", metavar="DIR", type=Path, help="as for segment, if the list names no reference")
    parser.add_argument("--progress", choices=REPORTERS, default="bars", help="how to report")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Report the outcome of each knee that has a result; knees whose files are missing are left out.

    :raises InputError: if the list cannot be read.
    """
    reporter: Reporter = REPORTERS[args.progress]()
    cases, _ = find_cases(args.list, Modality(args.modality), args.out, args.references)
    reporter.send(Start(tuple(case.name for case in cases)))
    outcomes = [outcome for outcome in map(recorded_outcome, cases) if outcome is not None]
    for outcome in outcomes:
        reporter.send(case_end(outcome))
    reporter.send(Finish(tuple(outcome.status.value for outcome in outcomes)))
    return 0 if len(outcomes) == len(cases) and all(outcome.status.good for outcome in outcomes) else 1
