"""``knee-cartilage-seg fit-map``: a T2 or T1rho map from a series of echoes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..files import atomic_path, checksum, split_name
from ..images.files import read_image, write_image
from ..measurement.decay import LONGEST_MS, fit_decay
from ..outputs import record, recorded, replacing_problem
from ..preparation.prepare import FORMAT as PREPARATION_FORMAT
from ..records import read_json, versions, write_json
from .arguments import output_problems

_FORMAT = "KneeCartilageSeg map 1"

_DESCRIPTION = """\
Fit a map of relaxation times (T2, T1rho) to a series of echoes: S(t) = A exp(-t / T) in each voxel.

ECHOES are images of one grid, one per echo. Their times are those of --times, in the same order; without it, those
that 'prepare' found in the DICOM files and wrote beside the images.
"""

_EPILOG = f"""\
The fit begins with the weighted straight line through the logarithms and goes on with least squares of the signal
(Levenberg-Marquardt). Times are between 0.5 and {LONGEST_MS:g} ms; a fit that ran away ends at one of them, and
'measure' leaves it out. Voxels whose first echo is not above --threshold are background: 0.

Written are MAP (ms), MAP's name with _quality (R2: 1 is a perfect fit) and _amplitude (A), and a record.

examples:
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
    parser.add_argument("echoes", metavar="ECHOES", type=Path, nargs="+", help="images, one per echo")
    parser.add_argument("--times", metavar="MS", type=float, nargs="+", help="echo times (or spin-lock times), ms")
    parser.add_argument("--out", metavar="MAP", type=Path, required=True, help="the map to write (.mha, .nii.gz)")
    parser.add_argument("--threshold", metavar="S", type=float, help="signal of the background in the first echo")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Fit and write the maps.

    :raises InputError: if the images, their times or an output are not usable; nothing was written then.
    """
    root, extension = split_name(args.out)
    outputs = {
        "time": args.out,
        "quality": args.out.with_name(f"{root}_quality{extension}"),
        "amplitude": args.out.with_name(f"{root}_amplitude{extension}"),
    }
    inputs = dict.fromkeys(args.echoes, "an echo")
    beside = args.out.with_name(f"{root}_record.json")
    ours = recorded("a map that this command wrote", beside, _FORMAT)
    problems = output_problems({"--out": (args.out, ours)}, inputs)
    problems = problems or output_problems({key: (path, ours) for key, path in outputs.items()}, inputs)
    problems += replacing_problem(f"the record '{beside}'", beside, record("a record of a map", _FORMAT))
    problems += [
        Problem(f"there is no file '{path}'", "Correct the name") for path in args.echoes if not path.is_file()
    ]
    times = args.times or _recorded_times(args.echoes, problems)
    if problems:
        raise InputError(problems)
    fit = fit_decay([read_image(path) for path in args.echoes], times, args.threshold)
    for key, path in outputs.items():
        with atomic_path(path) as temporary:
            write_image(getattr(fit, key), temporary)
        print(f"written: {path}")
    echoes = [{"file": str(path), "sha256": checksum(path), "ms": t} for path, t in zip(args.echoes, times)]
    written = {path.name: checksum(path) for path in outputs.values()}
    head = {"format": _FORMAT, "versions": versions(), "outputs": written}
    write_json(beside, {**head, "echoes": echoes, "threshold": args.threshold})
    return 0


def _recorded_times(echoes: Sequence[Path], problems: list[Problem]) -> list[float]:
    """The echo times beside the images, as the command 'prepare' wrote them."""
    times = []
    for path in echoes:
        time = _recorded_time(path)
        if time is None:
            problems.append(Problem(f"the echo time of '{path}' is not known", "Give all echo times with --times"))
        else:
            times.append(time)
    return times


def _recorded_time(path: Path) -> float | None:
    record = read_json(path.with_name(f"{split_name(path)[0]}_preparation.json"), PREPARATION_FORMAT)
    return record["scan"]["echo_time_ms"] if record and record.get("scan") else None
