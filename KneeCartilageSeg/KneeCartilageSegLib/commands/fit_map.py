"""``knee-cartilage-seg fit-map``: a T2 or T1rho map from a series of echoes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..measurement.decay import LONGEST_MS
from ..measurement.echoes import Echo, find_echoes, fit_echoes, series_problems
from ..measurement.map_files import MapFiles
from .arguments import output_problems

_DESCRIPTION = """\
Fit a map of relaxation times (T2, T1rho) to a series of echoes: S(t) = A exp(-t / T) in each voxel.

ECHOES are images of one grid, one per echo, or folders with DICOM series. Their times are those of --times, in the same
order; without it, those of the DICOM files, which 'prepare' wrote beside the images that it made.
"""

_EPILOG = f"""\
The fit begins with the weighted straight line through the logarithms and goes on with least squares of the signal
(Levenberg-Marquardt). Times are between 0.5 and {LONGEST_MS:g} ms; a fit that ran away ends at one of them, and
'measure' leaves it out. Voxels whose first echo is not above --threshold are background: 0.

Written are MAP (ms), MAP's name with _quality (R2: 1 is a perfect fit) and _amplitude (A), and a record.

examples:
  knee-cartilage-seg fit-map dicom/T2_series --out knee_T2.mha
  knee-cartilage-seg prepare dicom/T2_series --out echoes
  knee-cartilage-seg fit-map echoes/*_prep.mha --out knee_T2.mha
  knee-cartilage-seg fit-map te1.mha te2.mha te3.mha --times 10 20 30 --out knee_T2.mha
exit status: 0 the map is there, 1 it could not be written, 2 the input has to be corrected, 130 cancelled.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "fit-map",
        help="fit a T2 or T1rho map to a series of echoes",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("echoes", metavar="ECHOES", type=Path, nargs="+", help="images, one per echo, or DICOM folders")
    parser.add_argument("--times", metavar="MS", type=float, nargs="+", help="echo times (or spin-lock times), ms")
    parser.add_argument("--out", metavar="MAP", type=Path, required=True, help="the map to write (.mha, .nii.gz)")
    parser.add_argument("--threshold", metavar="S", type=float, help="signal of the background in the first echo")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Fit and write the maps.

    :raises InputError: if the images, their times or an output are not usable; nothing was written then.
    """
    files = MapFiles(args.out)
    inputs = dict.fromkeys(args.echoes, "an echo")
    problems = output_problems({"--out": (args.out, files.kind)}, inputs)
    problems = problems or output_problems({key: (path, files.kind) for key, path in files.images.items()}, inputs)
    problems = problems or files.problems("--out")
    echoes = _echoes(args.echoes, args.times, problems)
    if problems:
        raise InputError(problems)
    files.write(fit_echoes(echoes, args.threshold), echoes, args.threshold)
    for path in files.images.values():
        print(f"written: {path}")
    return 0


def _echoes(paths: Sequence[Path], times: Sequence[float] | None, problems: list[Problem]) -> tuple[Echo, ...]:
    """The echoes in files and folders, with the times that the user gave, if any."""
    found: list[Echo] = []
    for path in paths:
        try:
            found += find_echoes(path)
        except InputError as error:
            problems += error.problems
    if problems:
        return ()
    if times and len(times) != len(found):
        message = f"there are {len(found)} images and {len(times)} times"
        problems.append(Problem(message, "Give one time per image (--times)"))
        return ()
    echoes = tuple(replace(echo, time=time) for echo, time in zip(found, times)) if times else tuple(found)
    problems += series_problems(echoes, "Give all echo times with --times")
    return echoes
