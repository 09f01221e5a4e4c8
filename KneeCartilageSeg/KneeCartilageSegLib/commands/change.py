"""``knee-cartilage-seg change``: how cartilage has changed between two visits."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Callable

from ..elastix.discovery import find_engine
from ..errors import EngineError, InputError, KneeError, Problem
from ..files import checksum, split_name
from ..measurement.orientation import Side
from ..measurement.regions import REGIONS
from ..measurement.tables import CHANGE_COLUMNS, change_rows, format_table, without_nan, write_rows
from ..measurement.visits import MODALITY, PARAMETER_FILES, VisitPair, compare_visits
from ..outputs import record, replacing_problem, table
from ..records import origin, write_json
from ..registration.parameterfiles import read_parameter_files
from ..runs.machine import cores
from ..segmentation.cases import Case, read_cases
from .arguments import add_engine, output_problems, positive

_FORMAT = "KneeCartilageSeg change 2"
_SHOWN = (
    "first",
    "second",
    "volume_change_percent",
    "volume_error_percent",
    "thickness_change_mm",
    "thickness_error_mm",
    "disagreement_percent",
)

_DESCRIPTION = """\
Measure how femoral cartilage has changed between two visits: volume and thickness, by region, with the error.

LIST is the list of a longitudinal segmentation: the folder with the masks, the folder of the images, then for each knee
the visit that has masks (r) and the other visit (m). The follow-ups need not be segmented; if both have masks, what is
measured with either is averaged.

  ./segmented
  ./preprocessed/
  r subject1_baseline_prep.mha
  m subject1_followup_prep.mha
"""

_EPILOG = """\
how: the difference of two segmentations says little about a change, as each errs by more than cartilage loses in
years. Here the masks of one visit are carried to the other, and only what becomes of them counts. Both images are
brought halfway to each other and registered in both directions alike, which follows large changes; from there the
cartilage's outer edge is looked for along the bone's normals, which finds small ones. Exchanging the visits turns the
sign, exactly if both have masks. Regions are the same at both visits (see 'measure --help').

columns: volume_mm3 and thickness_mm are means of both visits, and percent are of these. Errors are standard errors,
from leaving out blocks of 10 mm (jackknife) and from what both directions disagree by; a region too small for that has
none. seen_percent is the part of the region where the edge of the cartilage shows alike in both images; elsewhere the
registration is taken. disagreement_percent is by how much more volume one direction finds than the other: more than 2
means that the surroundings of the cartilage have changed, too, and the volume is only good to some percent.

experimental: tried on simulated images. What was found of changes that are known is in the documentation
(how-to/follow-ups). A result near 0 does not show that nothing has changed. Look at both images.

examples:
  knee-cartilage-seg change image_list_longitudinal.txt --csv change.csv
  knee-cartilage-seg change image_list_longitudinal.txt --check

Beside the csv file lies a record (NAME_record.json). Images and masks are never changed.
exit status: 0 all was measured, 1 some knees failed or a file could not be written, 2 the input has to be corrected,
130 cancelled.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "change",
        help="how cartilage has changed between two visits",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("list", metavar="LIST", type=Path, help="a list of knees at two visits")
    parser.add_argument("--csv", metavar="F", type=Path, help="write one row per knee and region")
    parser.add_argument("--side", choices=[side.value for side in Side], help="all knees are of this side")
    parser.add_argument("--threads", metavar="N", type=positive, default=cores(), help="for elastix (default: all)")
    parser.add_argument("--parameters", metavar="DIR", type=Path, help="folder with your own elastix parameter files")
    add_engine(parser)
    parser.add_argument("--check", action="store_true", help="only check the list and its images")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Measure, print and write what was asked for.

    :return: 0, or 1 if a knee failed or a file could not be written.
    :raises InputError: if the input or an output is not usable; nothing was measured or written then.
    :raises EngineError: if there is no elastix that works.
    """
    parameters = read_parameter_files(MODALITY, args.parameters)
    cases, checksums = read_cases(args.list, MODALITY, jobs=cores())
    problems = _output_problems(args, cases)
    if problems:
        raise InputError(problems)
    choice = find_engine(args.engine, [parameters[name] for name in PARAMETER_FILES])
    if args.check:
        print(f"{len(cases)} pairs of visits can be compared with {choice.name}")
        return 0
    side = None if args.side is None else Side(args.side)
    engine = choice.start(args.threads)
    try:
        pairs = {case: _compare(case, lambda case: compare_visits(case, engine, parameters, side)) for case in cases}
    finally:
        engine.close()
    found = [pair for pair in pairs.values() if pair is not None]
    rows = [row for pair in found for row in change_rows(pair.first, pair.second, pair.change)]
    print(format_table([row for row in rows if row["region"] == REGIONS[0].key], _SHOWN))
    written = args.csv is None or _write(args, rows, _record(choice.name, parameters, pairs, checksums))
    return 0 if written and len(found) == len(cases) else 1


def _output_problems(args: argparse.Namespace, cases: Sequence[Case]) -> list[Problem]:
    taken = {path: "an image of the list" for case in cases for path in case.inputs.values()}
    changes = table("a table of changes", CHANGE_COLUMNS[:3])
    problems = output_problems({"--csv": (args.csv, changes)}, {args.list: "the list", **taken})
    if args.csv is not None:
        beside = _record_beside(args.csv)
        problems += replacing_problem(f"the record '{beside}'", beside, record("a record of changes", _FORMAT))
    return problems


def _record_beside(csv_file: Path) -> Path:
    return csv_file.with_name(f"{split_name(csv_file)[0]}_record.json")


def _compare(case: Case, compare: Callable[[Case], VisitPair]) -> VisitPair | None:
    try:
        pair = compare(case)
    except (KneeError, EngineError, OSError) as error:
        print(f"{case.name}: FAILED: {error}", file=sys.stderr, flush=True)
        return None
    orientation = pair.change.measurement.orientation
    for note in orientation.notes if orientation else ():
        print(f"{pair.first}: note: {note}", file=sys.stderr, flush=True)
    return pair


def _record(
    engine: str,
    parameters: Mapping[str, Any],
    pairs: Mapping[Case, VisitPair | None],
    checksums: Mapping[Path, str],
) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        **origin(),
        "engine": engine,
        "parameters": {name: dict(parameters[name]) for name in PARAMETER_FILES},
        "pairs": [
            {
                "inputs": _inputs(case, pair, checksums),
                "motion": {"matrix": pair.change.motion.matrix.tolist(), "offset": pair.change.motion.offset.tolist()},
                "rows": without_nan(change_rows(pair.first, pair.second, pair.change)),
            }
            for case, pair in pairs.items()
            if pair is not None
        ],
    }


def _inputs(case: Case, pair: VisitPair, checksums: Mapping[Path, str]) -> dict[str, dict[str, str]]:
    known = {role: (path, checksums[path]) for role, path in case.inputs.items()}
    second = {f"moving_{tissue.value}": (path, checksum(path)) for tissue, path in pair.second_masks.items()}
    return {role: {"file": str(path), "sha256": digest} for role, (path, digest) in {**known, **second}.items()}


def _write(args: argparse.Namespace, rows: Sequence[Mapping[str, Any]], facts: Mapping[str, Any]) -> bool:
    try:
        write_rows(rows, CHANGE_COLUMNS, args.csv)
        write_json(_record_beside(args.csv), facts)
    except OSError as error:
        print(f"'{args.csv}' was not written: {error}", file=sys.stderr)
        return False
    print(f"written: {args.csv}")
    return True
