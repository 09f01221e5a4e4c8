"""``knee-cartilage-seg export-nnunet``: write segmented knees as a training folder of nnU-Net."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem, collecting
from ..segmentation.nnunet import TrainingKnee, check_target, find_training_knees, write_training_set

_DESCRIPTION = """\
Write finished and accepted knees as a training folder of nnU-Net (version 2): dataset.json, imagesTr, labelsTr, with
the labels 0 background, 1 femur, 2 cartilage.

RESULTS is a folder 'segmented', or the one that it lies in. A knee is in if its segmentation passed all checks, was
edited by hand, or was accepted in review.csv; it is left out, and named, if it was rejected, is still to be corrected,
or is flagged and nobody has looked at it. Take knees of one sequence.
"""

_EPILOG = """\
example:
  knee-cartilage-seg export-nnunet segmented --out nnUNet_raw/Dataset501_FemoralCartilage
  nnUNetv2_plan_and_preprocess -d 501 --verify_dataset_integrity

Masks that the network predicts are compared with others like any: quality LIST --labels 1 2; and one of them becomes a
reference with 'reference --preset nnunet'. An existing folder is never overwritten.
exit status: 0 written, 1 the disk did not take it, 2 the input has to be corrected and nothing was written, 130
cancelled.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "export-nnunet",
        help="write segmented knees as a training folder of nnU-Net",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("results", metavar="RESULTS", nargs="+", type=Path, help="folders of segmentations")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="the new folder DatasetNNN_Name")
    parser.add_argument("--channel", metavar="NAME", default="MRI", help="kind of the images (default: %(default)s)")
    parser.add_argument("--include-flagged", action="store_true", help="take flagged knees that nobody has reviewed")
    parser.add_argument("--check", action="store_true", help="only say which knees would be written")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Write the folder.

    :raises InputError: if a knee or the folder is not usable; nothing was written then.
    """
    problems: list[Problem] = []
    with collecting(problems):
        check_target(args.out)
    with collecting(problems):
        training = find_training_knees(args.results, args.include_flagged)
    if problems:
        raise InputError(problems)
    for name, reason in training.left_out.items():
        print(f"left out: {name}: {reason}", file=sys.stderr)
    if args.check:
        for knee in training.knees:
            _report(knee)
        return 0
    write_training_set(training, args.out, args.channel, _report)
    print(f"{args.out}: {len(training.knees)} knees")
    return 0


def _report(knee: TrainingKnee) -> None:
    print(f"{knee.name}: {knee.reason}", flush=True)
