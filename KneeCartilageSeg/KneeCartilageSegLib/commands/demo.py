"""``knee-cartilage-seg demo``: the main job on digital knees, from images to pictures."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from ..demo_data import LISTS, QUALITY_LIST, SPACING, write_demo
from ..segmentation.cases import SEGMENTED
from ..segmentation.contact_sheet import SHEET_FILE
from ..segmentation.pictures import NO_MATPLOTLIB, can_draw
from . import quality, segment
from .running import PROGRAM, run_command

_BETTER_FIRST = (0, 3, 1, 2, 130)  # exit statuses: 3 is that something needs review

_DESCRIPTION = """\
Make digital knees, segment them in all three modalities, compare the result with the truth, and draw what was found.

The knees are made by the library's own phantom: nothing is downloaded, and nothing here says how the method does on
patients. The commands that are run are printed; they work the same on your own images.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "demo",
        help="segment digital knees, to see how it works",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path("demo"), help="folder for everything (default: %(default)s)"
    )
    parser.add_argument(
        "--spacing", metavar="MM", type=float, default=SPACING, help="voxel size of the knees (default: %(default)s)"
    )
    parser.add_argument("--images-only", action="store_true", help="only make the knees and their image lists")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Run the demo; a second time it goes on where it stopped, or finds all done."""
    begun = time.perf_counter()
    folder = args.out.absolute()
    print("Making digital knees ...")
    write_demo(folder, lambda name: print(f"  {name}", flush=True), args.spacing)
    if args.images_only:
        return 0
    statuses = [
        _command(segment, "segment", str(folder / name), "--modality", modality.value)
        for modality, name in LISTS.items()
    ]
    csv = [f"--{what}-csv={folder / SEGMENTED / f'quality_{what}.csv'}" for what in ("overlap", "distances", "summary")]
    statuses.append(_command(quality, "quality", str(folder / QUALITY_LIST), *csv))
    if can_draw():
        print(f"\nLook at the pictures of all knees in a browser:\n  {folder / SEGMENTED / SHEET_FILE}")
    else:
        print(f"\nNo pictures: {NO_MATPLOTLIB} (pip install matplotlib)")
    print(f"Masks, summaries and tables: {folder / SEGMENTED}\n{time.perf_counter() - begun:.0f} s")
    return max(statuses, key=_BETTER_FIRST.index)


def _command(command: ModuleType, *arguments: str) -> int:
    print(f"\n$ {PROGRAM} {shlex.join(arguments)}")
    sys.stdout.flush()
    return run_command(command, arguments)
