"""``knee-cartilage-seg status``: what earlier runs of an image list have left."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..registration.stages import Modality
from ..segmentation.cases import find_cases
from ..segmentation.run import Progress, recorded_outcome
from .progress import REPORTERS, Reporter

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
    parser.add_argument("--progress", choices=REPORTERS, default="bars", help="how to report")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Report the outcome of each knee that has a result; knees whose files are missing are left out.

    :raises InputError: if the list cannot be read.
    """
    reporter: Reporter = REPORTERS[args.progress]()
    cases, _ = find_cases(args.list, Modality(args.modality), args.out)
    reporter.started(cases)
    recorded = [(number, recorded_outcome(case)) for number, case in enumerate(cases)]
    outcomes = [outcome for _, outcome in recorded if outcome is not None]
    for number, outcome in recorded:
        if outcome is not None:
            reporter.progress(Progress(number, outcome.case, outcome.status.value, 1.0, outcome))
    reporter.ended(outcomes)
    return 0 if len(outcomes) == len(cases) and all(outcome.status.good for outcome in outcomes) else 1
