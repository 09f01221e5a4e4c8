"""``knee-cartilage-seg change``: how cartilage has changed between two visits."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from ..elastix.discovery import EngineChoice, find_engine
from ..elastix.engine import Engine, Registration
from ..elastix.parameters import ParameterMap
from ..errors import Cancelled, InputError, KneeError, Problem
from ..files import checksum, split_name
from ..measurement.orientation import Side
from ..measurement.regions import REGIONS
from ..measurement.tables import CHANGE_COLUMNS, change_rows, format_table, without_nan, write_rows
from ..measurement.visits import (
    MODALITY,
    PARAMETER_FILES,
    RIGID,
    VisitPair,
    compare_visits,
    find_second_masks,
)
from ..outputs import record, replacing_problem, table
from ..records import origin, write_json
from ..registration.parameterfiles import read_parameter_files
from ..runs.events import Checked, Finish, Start, Step, VisitsEnd
from ..runs.machine import cores
from ..segmentation.cases import Case, read_cases
from .arguments import add_attached, add_engine, cancel_when_input_ends, output_problems, positive
from .reporting import REPORTERS, Reporter, checking, report_problems

_FORMAT = "KneeCartilageSeg change 2"
_SHOWN = (
    "first",
    "second",
    "volume_change_percent",
    "volume_error_percent",
    "thickness_change_mm",
    "thickness_error_mm",
    "seen_percent",
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
years. Here the lines along the bone's normals through the mask of one visit are laid through both images. On them the
shift of the cartilage's edge is measured, relative to the bone, where it shows; and where cartilage is gone by more
than half a millimeter, whether it had an edge or not. With masks of both visits the mean of both is taken: exchanging
the visits then turns the sign and nothing else. Regions are the same at both visits (see 'measure --help').

columns: volume_mm3 and thickness_mm are means of both visits, and percent are of these. Errors are standard errors,
from leaving out blocks of 10 mm (jackknife), a quarter of a percent, and what the masks of both visits disagree by; a
region too small for that has none. seen_percent is the part of the region where the edge of the cartilage shows alike
in both images; elsewhere as much is thought to be lost as around. disagreement_percent is by how much the change
differs by the masks of the first and of the second visit; it is empty with masks of one.

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
    parser.add_argument("--progress", choices=REPORTERS, default="bars", help="how to report progress")
    add_attached(parser)
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Measure, print and write what was asked for.

    :return: 0, or 1 if a knee failed or a file could not be written.
    :raises InputError: if the input or an output is not usable; nothing was measured or written then.
    :raises EngineError: if there is no elastix that works.
    """
    reporter: Reporter = REPORTERS[args.progress]()
    engines: list[Engine] = []
    if args.attached:
        cancel_when_input_ends(lambda: _stop(engines))
    try:
        parameters, cases, checksums = _checked_input(args, reporter)
    except InputError as error:
        report_problems(reporter, error.problems)
        raise
    choice = find_engine(args.engine, [parameters[name] for name in PARAMETER_FILES])
    # Standard output is for events alone if a program reads it.
    answer = sys.stderr if args.progress == "json" else sys.stdout
    if args.check:
        reporter.send(Checked(tuple(case.name for case in cases), choice.name))
        print(f"{len(cases)} pairs of visits can be compared with {choice.name}", file=answer)
        return 0
    pairs = _compare_all(args, cases, choice, parameters, engines, reporter)
    found = [pair for pair in pairs.values() if pair is not None]
    rows = [row for pair in found for row in change_rows(pair.first, pair.second, pair.change)]
    print(format_table([row for row in rows if row["region"] == REGIONS[0].key], _SHOWN), file=answer)
    facts = _record(choice.name, parameters, pairs, checksums)
    written = args.csv is None or _write(args.csv, rows, facts, answer)
    reporter.send(Finish())
    return 0 if written and len(found) == len(cases) else 1


def _checked_input(
    args: argparse.Namespace, reporter: Reporter
) -> tuple[dict[str, ParameterMap], list[Case], dict[Path, str]]:
    parameters = read_parameter_files(MODALITY, args.parameters)
    cases, checksums = read_cases(args.list, MODALITY, jobs=cores(), progress=checking(reporter))
    problems = _output_problems(args, cases)
    if problems:
        raise InputError(problems)
    return parameters, cases, checksums


def _compare_all(
    args: argparse.Namespace,
    cases: Sequence[Case],
    choice: EngineChoice,
    parameters: Mapping[str, ParameterMap],
    engines: list[Engine],
    reporter: Reporter,
) -> dict[Case, VisitPair | None]:
    """What was found for each case, None if nothing was.

    :param engines: receives the engine that is at work.
    """
    side = None if args.side is None else Side(args.side)
    reporter.send(Start(tuple(case.name for case in cases)))
    engine = choice.start(args.threads)
    engines.append(engine)
    try:
        return {case: _compare(case, _ToldEngine(engine, case, reporter), parameters, side, reporter) for case in cases}
    finally:
        engine.close()


def _stop(engines: Sequence[Engine]) -> None:
    for engine in engines:
        engine.cancel()


class _ToldEngine:
    """An engine that tells of each registration of a pair of visits before it begins."""

    def __init__(self, engine: Engine, case: Case, reporter: Reporter):
        self.name, self.version = engine.name, engine.version
        self._engine, self._case, self._reporter = engine, case, reporter
        self._all = 2 if find_second_masks(case) else 1  # with masks of both visits all is done twice
        self._done = 0

    def register(self, registration: Registration) -> Path:
        self._reporter.send(Step(self._case.name, RIGID.name, round(self._done / self._all, 3)))
        self._done += 1
        return self._engine.register(registration)

    def cancel(self) -> None:
        self._engine.cancel()

    def close(self) -> None:
        self._engine.close()


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


def _compare(
    case: Case, engine: Engine, parameters: Mapping[str, ParameterMap], side: Side | None, reporter: Reporter
) -> VisitPair | None:
    try:
        pair = compare_visits(case, engine, parameters, side)
    except Cancelled:
        raise
    except (KneeError, OSError) as error:
        reporter.send(VisitsEnd(case.name, message=str(error)))
        return None
    orientation = pair.change.measurement.orientation
    rows = without_nan(change_rows(pair.first, pair.second, pair.change))
    reporter.send(VisitsEnd(case.name, tuple(rows), notes=orientation.notes if orientation else ()))
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


def _write(path: Path, rows: Sequence[Mapping[str, Any]], facts: Mapping[str, Any], answer: TextIO) -> bool:
    try:
        write_rows(rows, CHANGE_COLUMNS, path)
        write_json(_record_beside(path), facts)
    except OSError as error:
        print(f"'{path}' was not written: {error}", file=sys.stderr)
        return False
    print(f"written: {path}", file=answer)
    return True
