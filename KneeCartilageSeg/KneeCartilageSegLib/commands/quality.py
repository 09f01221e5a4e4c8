"""``knee-cartilage-seg quality``: compare segmentations with their ground truth."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from ..errors import InputError, Problem
from ..outputs import PICTURE
from ..quality.compare import PairQuality, absent_label, absent_labels, check_pairs, compare_pairs, default_jobs
from ..quality.metrics import DEFAULT_TOLERANCE_MM, METRICS, LabelChoice, label_choice
from ..quality.pairs import QualityPair, read_quality_list
from ..quality.record import (
    is_quality_record,
    record_beside,
    record_entry,
    record_head,
    write_quality_record,
)
from ..quality.tables import (
    DISTANCES,
    OVERLAP,
    SUMMARY,
    format_summary,
    summarize,
    write_distances_csv,
    write_overlap_csv,
    write_summary_csv,
)
from ..runs.events import Checked, ComparisonStart, Finish, PairEnd
from .arguments import (
    add_attached,
    cancel_when_input_ends,
    folder_problems,
    output_problems,
    positive,
)
from .reporting import NoReporter, PeopleReporter, ProgramReporter, Reporter, report_problems

_REPORTERS = {"lines": PeopleReporter, "json": ProgramReporter, "none": NoReporter}

_DESCRIPTION = """\
Compare segmentations with their ground truth: overlap, volumes and surface distances.

LIST is a text file. Its first two lines are the folder of the segmentations and the folder of the ground truth,
relative to the list; then come the pairs, the segmentation (s) before its ground truth (g):

  ./segmented
  ./segmented_groundTruth
  s subject1_prep_fc.mha
  g subject1_groundTruth_fc.mha
  s subject2_prep_fc.mha
  g subject2_groundTruth_fc.mha

Any value but 0 is taken as the structure, unless --labels says otherwise. Masks on different grids of the same space
are compared on one that divides the voxels of both (a note says so); masks in different spaces are refused.
"""

_EPILOG = """\
example:
  knee-cartilage-seg quality image_list_quality.txt --overlap-csv overlap.csv --distances-csv distances.csv \\
      --plots plots

what is measured:
{metrics}

If both masks are empty they agree (Dice 1, distances 0). If one is, Dice is 0 and its distances are missing. A label of
--labels that is in neither mask of a pair has no values there; one that is in no mask at all is an error.

Beside the csv files lies a record (overlap_record.json for overlap.csv): versions, parameters, checksums of the masks,
and all results. Existing csv files, records and plots of the same names are replaced, masks never.
exit status: 0 all pairs were compared, 1 some failed or a file could not be written, 2 the input has to be corrected,
130 cancelled.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "quality",
        help="compare segmentations with their ground truth",
        description=_DESCRIPTION,
        epilog=_EPILOG.format(metrics="\n".join(_metric_help())),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("list", metavar="LIST", type=Path, help="text file with the pairs")
    parser.add_argument("--overlap-csv", metavar="F", type=Path, help="write overlap and volumes of each pair")
    parser.add_argument("--distances-csv", metavar="F", type=Path, help="write surface distances of each pair")
    parser.add_argument(
        "--summary-csv", metavar="F", type=Path, help="write mean, std, median, min, max of all metrics"
    )
    parser.add_argument("--plots", metavar="DIR", type=Path, help="write a plot of each metric there (PNG)")
    parser.add_argument(
        "--labels",
        metavar="LABEL",
        nargs="+",
        type=_label,
        default=[],
        help="compare these values, each by itself; 5:1 compares 5 in the segmentation with 1 in the ground truth",
    )
    parser.add_argument(
        "--tolerance",
        metavar="MM",
        type=_tolerance,
        default=DEFAULT_TOLERANCE_MM,
        help="tolerance of the surface Dice in mm (default: %(default)s)",
    )
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=positive,
        default=default_jobs(),
        help="pairs to compare at a time; each needs about 0.2 GB (default here: %(default)s)",
    )
    parser.add_argument("--check", action="store_true", help="only check the list and its masks")
    parser.add_argument("--progress", choices=_REPORTERS, default="lines", help="how to report progress")
    add_attached(parser)
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Compare, print and write what was asked for.

    :return: 0, or 1 if a pair failed or a file could not be written.
    :raises InputError: if the list or an output is not usable; nothing was compared or written then.
    """
    reporter: Reporter = _REPORTERS[args.progress]()
    # Standard output is for events alone if a program reads it.
    answer = sys.stderr if args.progress == "json" else sys.stdout
    if args.attached:
        cancel_when_input_ends()
    try:
        pairs = _checked_pairs(args)
    except InputError as error:
        report_problems(reporter, error.problems)
        raise
    reporter.send(Checked(tuple(pair.name for pair in pairs)))
    if args.check:
        _check(args, pairs, reporter)
        print(f"{len(pairs)} pairs can be compared", file=answer)
        return 0
    results, record = _compare(args, pairs, reporter)
    summaries = summarize(results)
    failed = sum(bool(result.error) for result in results)
    absent = absent_labels(results)
    written = [
        _write(args.overlap_csv, lambda path: write_overlap_csv(results, path), answer),
        _write(args.distances_csv, lambda path: write_distances_csv(results, path), answer),
        _write(args.summary_csv, lambda path: write_summary_csv(summaries, path), answer),
    ]
    csv_files = [path for path, done in zip(_csv_files(args).values(), written) if path is not None and done]
    # Before the plots, which take seconds: new tables must not stay beside an old record.
    written.append(_write_record(record, csv_files))
    written.append(_write(args.plots, lambda path: _write_plots(results, path), answer))
    print(format_summary(summaries), file=answer)
    if failed:
        print(f"{failed} of {len(results)} pairs failed; see above", file=sys.stderr)
    for label in absent:
        print(f"error: {absent_label(label)}", file=sys.stderr)
    reporter.send(Finish())
    return 0 if all(written) and not failed and not absent else 1


def _checked_pairs(args: argparse.Namespace) -> Sequence[QualityPair]:
    pairs = read_quality_list(args.list)
    problems = _output_problems(args, pairs)
    if problems:
        raise InputError(problems)
    return pairs


def _check(args: argparse.Namespace, pairs: Sequence[QualityPair], reporter: Reporter) -> None:
    """Say what the comparison would say about the masks.

    :raises InputError: if a pair would fail, or a label is in none of the masks.
    """
    found = check_pairs(pairs, args.labels, args.jobs)
    lines = [None if pair is None else pair.line for pair, _ in found]
    problems = [replace(problem, file=args.list, line=line) for line, (_, problem) in zip(lines, found)]
    if problems:
        report_problems(reporter, problems)
        raise InputError(problems)


def _compare(
    args: argparse.Namespace, pairs: Sequence[QualityPair], reporter: Reporter
) -> tuple[list[PairQuality], dict[str, Any]]:
    """The results, and their record."""
    by_name = {pair.name: pair for pair in pairs}
    entries: dict[str, dict[str, Any]] = {}
    checksums: dict[Path, str] = {}

    def take_note(result: PairQuality, done: int, total: int) -> None:
        entries[result.name] = record_entry(by_name[result.name], result, checksums)
        reporter.send(PairEnd(entries[result.name], done, total))

    head = record_head(args.labels, args.tolerance)
    reporter.send(ComparisonStart(tuple(by_name), head))
    results = compare_pairs(pairs, args.labels, args.tolerance, args.jobs, progress=take_note)
    return results, {**head, "pairs": [entries[pair.name] for pair in pairs], "complete": True}


def _metric_help() -> list[str]:
    return [
        textwrap.fill(f"{metric.heading}: {metric.description}", 110, initial_indent="  ", subsequent_indent="      ")
        for metric in METRICS
    ]


def _label(text: str) -> LabelChoice:
    try:
        return label_choice(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _tolerance(text: str) -> float:
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError("the tolerance must be 0 mm or more")
    return value


def _output_problems(args: argparse.Namespace, pairs: Sequence[QualityPair]) -> list[Problem]:
    """What would keep the results from being written, or make them overwrite something else."""
    masks = {source: "a mask of the list" for pair in pairs for source in _files(pair)}
    inputs = {args.list: "the list", **masks}
    csv_files = _csv_files(args)
    kinds = (OVERLAP, DISTANCES, SUMMARY)
    problems = output_problems({key: (path, kind) for (key, path), kind in zip(csv_files.items(), kinds)}, inputs)
    if not problems:
        problems += _record_problems([path for path in csv_files.values() if path is not None], inputs)
    return problems if args.plots is None else problems + _plots_problems(args.plots)


def _csv_files(args: argparse.Namespace) -> dict[str, Path | None]:
    return {
        "--overlap-csv": args.overlap_csv,
        "--distances-csv": args.distances_csv,
        "--summary-csv": args.summary_csv,
    }


def _record_problems(csv_files: Sequence[Path], inputs: Mapping[Path, str]) -> list[Problem]:
    """Records replace earlier records, and nothing else."""
    problems = []
    taken = {path.resolve() for path in (*inputs, *csv_files)}
    for path in map(record_beside, csv_files):
        if path.resolve() in taken or (path.exists() and not _is_record(path)):
            message = f"'{path}', where the record goes, is something else"
            problems.append(Problem(message, "Choose another name for the csv file"))
    return problems


def _is_record(path: Path) -> bool:
    try:
        return is_quality_record(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False


def _files(pair: QualityPair) -> list[Path]:
    return [source for source in (pair.segmentation, pair.truth) if isinstance(source, Path)]


def _plots_problems(folder: Path) -> list[Problem]:
    problems = []
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        problems.append(Problem("--plots needs matplotlib, which is not installed", "Run 'pip install matplotlib'"))
    from ..quality.plots import plot_names

    return problems + folder_problems("--plots", folder, plot_names(), PICTURE)


def _write_plots(results: Sequence[PairQuality], folder: Path) -> None:
    from ..quality.plots import write_plots

    write_plots(results, folder)


def _write(path: Path | None, write: Callable[[Path], object], answer: TextIO) -> bool:
    """Write an output that was asked for. If that fails (full disk, file open in Excel) the others still come."""
    if path is None:
        return True
    try:
        write(path)
    except OSError as error:
        print(f"'{path}' was not written: {error}", file=sys.stderr)
        return False
    print(f"written: {path}", file=answer)
    return True


def _write_record(record: Mapping[str, Any], csv_files: Sequence[Path]) -> bool:
    try:
        write_quality_record(record, csv_files)
    except OSError as error:
        print(f"the record was not written: {error}", file=sys.stderr)
        return False
    return True
