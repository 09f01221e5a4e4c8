"""``knee-cartilage-seg prepare``: make images of DICOM series, or of other image files, that a list can name."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..preparation.prepare import Prepared, check_sources, prepare
from ..preparation.sources import Source
from .arguments import file_name

_DESCRIPTION = """\
Make images of DICOM series, or of other image files: NAME_prep.mha in the scanner's own frame.

SOURCE is a DICOM file, an image file, or a folder that holds either, at any depth. Each DICOM series becomes one image,
and each echo of a series: its slices are sorted by position, slope and intercept are applied. Gaps, duplicate slices
and mixed series are named before anything is written. NAME is that of the folder (of the file, if you name a file),
with the number of the series if there are several, and the echo.

Neither the image nor its record (NAME_prep_preparation.json) holds the patient's name or birth date; a folder that is
named after the patient does not name the result either.
"""

_EPILOG = """\
Nothing is turned, mirrored, rescaled or smoothed: segmentation needs none of it, and masks lie where the scanner put
the knee. Bias field correction is off by default, because it changes gray values; turn it on where the coil's shading
shows (one side of the knee much brighter than the other), but not for maps, whose values mean something.

A second run skips what was made from the same files. Files that this command did not write are never replaced.

examples:
  knee-cartilage-seg prepare dicom/01_DESS_01 --out preprocessed
  knee-cartilage-seg prepare dicom/* --out preprocessed
  knee-cartilage-seg prepare exam --series 5 --name 01_DESS_01 --out preprocessed

exit status: 0 all images are there, 1 some could not be written, 2 the input has to be corrected and nothing was
written, 130 cancelled.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "prepare",
        help="make images of DICOM series that a list can name",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("sources", metavar="SOURCE", nargs="+", type=Path, help="files or folders")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder for the images")
    parser.add_argument("--name", metavar="NAME", type=file_name, help="name of the result, for one image or series")
    parser.add_argument("--series", metavar="N", nargs="+", default=[], help="only the DICOM series of these numbers")
    parser.add_argument("--bias-correction", action="store_true", help="divide out the coil's sensitivity (N4)")
    parser.add_argument("--check", action="store_true", help="only say what would be made")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Prepare and print what was made.

    :raises InputError: if the input or an output is not usable; nothing was written then.
    """
    found = check_sources(args.sources, args.out, args.name, args.series)
    for note in found.notes:
        print(note)
    if args.check:
        for source in found.sources:
            print(f"{source.name}_prep.mha: from {_origin(source)}{_notes(source.notes)}")
        return 0
    results = [_report(prepare(source, args.out, found.identity, args.bias_correction)) for source in found.sources]
    return 0 if not any(result.error for result in results) else 1


def _report(result: Prepared) -> Prepared:
    if result.error:
        print(f"{result.path.name}: {result.error}", file=sys.stderr, flush=True)
        return result
    grid = result.record["grid"]
    size, spacing = (" x ".join(f"{value:.4g}" for value in grid[name]) for name in ("size", "spacing"))
    state = "unchanged" if result.unchanged else f"from {_origin(result.source)}"
    print(f"{result.path}: {size} voxels of {spacing} mm, {state}{_notes(result.source.notes)}", flush=True)
    return result


def _origin(source: Source) -> str:
    if source.volume is None:
        return source.place.name
    echo = source.volume.echo_time
    time = f", echo time {echo:g} ms" if echo else ""
    return f"{source.volume.title}, {len(source.volume.slices)} slices{time}"


def _notes(notes: Sequence[str]) -> str:
    return "".join(f"\n  {note}" for note in notes)
