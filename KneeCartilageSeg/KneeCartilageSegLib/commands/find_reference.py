"""``knee-cartilage-seg find-reference``: which knee of a data set makes the best reference."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..elastix.discovery import EngineChoice, find_engine
from ..elastix.parameters import ParameterMap
from ..errors import InputError, Problem, collecting
from ..files import checksum
from ..findreference.dataset import DataSet, Member, read_data_set
from ..findreference.femur import FEMUR_STAGES, search_limits
from ..findreference.pairs import SearchSettings
from ..findreference.plot import write_convergence_plot
from ..findreference.results import (
    DISTANCE_COLUMNS,
    FORMAT,
    default_cache,
    default_folder,
    make_search_record,
    place_reference,
    write_distances,
)
from ..findreference.search import Search
from ..findreference.study import MAX_ITERATIONS
from ..lists.checks import Place, check_files
from ..outputs import PICTURE, record, replacing_problem, table
from ..records import write_json
from ..reference_files import ReferenceFiles
from ..registration.fields import Field
from ..registration.limits import Limits, Use, keys_of
from ..registration.parameterfiles import read_parameter_files
from ..registration.side import Side
from ..registration.stages import Modality
from ..runs.events import Checked, Finish, Note, Planned, SearchCancelled, SearchEnd, SearchStart
from ..runs.executor import WorkerThreads
from ..runs.locks import clear_temporaries
from ..runs.machine import cores, plan, this_machine
from ..runs.memory import memory_per_knee
from ..tissue import Tissue
from .arguments import (
    add_attached,
    add_engine,
    add_work,
    cancel_when_input_ends,
    interval,
    make_workers,
    natural,
    positive,
    work_problems,
)
from .reporting import REPORTERS, Reporter, checking, report_problems
from .running import PATIENCE, leave, undisturbed, wait_or_cancel

_DESCRIPTION = """\
Find the knee of a data set that makes the best reference: the one whose shape is closest to the mean of all.

LIST is a text file. Its first line is the folder of the data set, relative to the list; then come the seed, which is
the reference to start from (r), and the images (m), among them the seed if it is a candidate:

  ./findReference
  r subject2_prep.mha
  m subject1_prep.mha
  m subject2_prep.mha
  m subject3_prep.mha

Each image needs a femur mask: subject1_f.mha (or subject1_prep_f.mha) for subject1_prep.mha.

All images are registered to the reference; the one whose displacement field is closest to the mean field, inside the
femur, is the next reference, until that is the same again. To see whether other seeds lead to the same reference, give
several lists, several r lines, or draw seeds with --pick. All share their registrations.
"""

_EPILOG = """\
results, in referenceStudy/ beside the folder of the data set, or where --out says:
  LIST_distances.csv     the distance of every image from the mean (mm), for every reference
  LIST_convergence.png   the distance of the reference from the mean in each iteration, a line for each seed
  LIST_reference.json    the recommendation, and what it was made from, by what
  registrations/         the registrations: a second run, or one with other seeds, does not repeat them

The distance is the root mean square difference of the displacement fields in the femur. The displacement field holds
size and shape, never the pose. Where a study runs in a cycle, the reference in it that is closest to the mean is
recommended. Images whose registration failed are left out of the mean and named.

examples:
  knee-cartilage-seg find-reference image_list_findReference.txt --pick 5 --seed 4 --jobs 4
  knee-cartilage-seg find-reference seed02.txt seed07.txt seed11.txt --copy-to reference/newsubject

exit status: 0 a reference is recommended, 1 a study ended without one or an image had to be left out, 2 the input has
to be corrected and nothing was done, 130 cancelled.
"""


@dataclass(frozen=True)
class _Input:
    """All that is needed to begin."""

    data: DataSet
    checksums: dict[Path, str]
    parameters: dict[str, ParameterMap]
    limits: Limits
    output: Path


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "find-reference",
        help="find the knee of a data set that makes the best reference",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("list", metavar="LIST", type=Path, nargs="+", help="text file with the images")
    parser.add_argument(
        "--max-iterations",
        metavar="N",
        type=positive,
        default=MAX_ITERATIONS,
        help="stop each study after so many references (default: %(default)s)",
    )
    parser.add_argument("--pick", metavar="N", type=positive, help="draw N seeds from the images, without replacement")
    parser.add_argument(
        "--seed", metavar="S", type=natural, default=0, help="random seed; the same S draws the same knees (default: 0)"
    )
    parser.add_argument(
        "--field",
        choices=[field.value for field in Field],
        default=Field.SIZE_AND_SHAPE.value,
        help="what is compared (default: %(default)s)",
    )
    parser.add_argument(
        "--side",
        choices=[Side.AUTO.value, Side.SAME.value],
        default=Side.AUTO.value,
        help="auto: compare left and right knees, those of the other side than the reference's by their mirror image; "
        "same: leave knees of the other side out (default: %(default)s)",
    )
    add_work(parser, "registrations")
    add_engine(parser)
    parser.add_argument("--parameters", metavar="DIR", type=Path, help="folder with your own elastix parameter files")
    parser.add_argument("--out", metavar="DIR", type=Path, help="where the results go")
    parser.add_argument("--cache", metavar="DIR", type=Path, help="where the registrations are kept")
    parser.add_argument("--copy-to", metavar="DIR", type=Path, help="place the reference there, for segmentation")
    parser.add_argument("--force", action="store_true", help="let --copy-to replace another reference")
    parser.add_argument("--check", action="store_true", help="only check the lists and their images")
    parser.add_argument("--progress", choices=REPORTERS, default="bars", help="how to report progress")
    add_attached(parser)
    parser.add_argument(
        "--limit",
        metavar="KEY=LOW:HIGH",
        type=interval,
        action="append",
        default=[],
        help="leave out registrations with a measurement outside; KEY is " + ", ".join(keys_of(Use.SEARCH_LIMITS)),
    )
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Search for the reference.

    :raises InputError: if the input is not usable; nothing was written then.
    """
    reporter: Reporter = REPORTERS[args.progress]()
    if args.attached:
        cancel_when_input_ends()
    # elastix takes a second to load, the images take one to read.
    with WorkerThreads(1) as beside:
        found = beside.submit(_find_engine, args)
        try:
            given = _checked_input(args, reporter)
        except InputError as error:
            report_problems(reporter, error.problems)
            raise
        engine = found.result()
    for note in given.data.notes:
        reporter.send(Note(note))
    if args.check:
        reporter.send(Checked(given.data.names, engine.name))
        # Standard output is for events alone if a program reads it.
        answer = sys.stderr if args.progress == "json" else sys.stdout
        print(f"{len(given.data.members)} images are usable; registration would use {engine.name}", file=answer)
        return 0
    settings = _settings(args, given, engine, reporter)
    existing = next(path for path in (settings.cache, *settings.cache.parents) if path.exists())
    workers = make_workers(args, [existing, given.data.members[0].image])
    search = Search(given.data, given.checksums, settings, reporter.send, workers)
    seeds = tuple(seed.name for seed in given.data.seeds)
    reporter.send(SearchStart(given.data.names, seeds, args.max_iterations))
    search.start()
    cancelled = wait_or_cancel(search)
    with undisturbed():
        for folder in (settings.cache, given.output):
            clear_temporaries(folder)
        if cancelled:
            # What is finished is in the cache; half a study is no result.
            reporter.send(SearchCancelled())
            if not search.wait(PATIENCE):
                leave(search)
            return 130
        return _finish(args, given, search, engine, reporter)


def _find_engine(args: argparse.Namespace) -> EngineChoice:
    parameters = read_parameter_files(Modality.NEW_SUBJECT, args.parameters)
    return find_engine(args.engine, [parameters[stage.parameter_file] for stage in FEMUR_STAGES])


def _checked_input(args: argparse.Namespace, reporter: Reporter) -> _Input:
    """All that is needed to begin, or everything that is wrong with it."""
    problems = work_problems(args)
    data: DataSet | None = None
    checksums: dict[Path, str] = {}
    with collecting(problems):
        limits = search_limits().with_failed(dict(args.limit))
    with collecting(problems):
        parameters = read_parameter_files(Modality.NEW_SUBJECT, args.parameters)
    with collecting(problems):
        data, checksums = read_data_set(args.list, args.pick, args.seed, cores(), checking(reporter))
    if data is not None and args.copy_to is not None:
        with_cartilage: dict[ReferenceFiles, Place] = {
            ReferenceFiles(knee.image, ((Tissue.CARTILAGE, knee.cartilage),)): (None, None)
            for knee in data.knees.values()
            if knee.cartilage is not None
        }
        more, unusable = check_files({}, with_cartilage, cores(), checking(reporter))
        checksums.update(more)
        problems += unusable
    output = args.out or (default_folder(data) if data else Path())
    folders = {"--out": output, "--cache": args.cache, "--copy-to": args.copy_to}
    problems += [problem for option, folder in folders.items() for problem in _folder_problems(option, folder)]
    problems += _result_problems(_result_files(output, args.list[0]))
    if data is not None and args.copy_to is not None and not args.force:
        problems += _other_reference(args.copy_to, set(checksums.values()))
    if problems or data is None:
        raise InputError(problems)
    return _Input(data, checksums, parameters, limits, Path(os.path.abspath(output)))


def _folder_problems(option: str, folder: Path | None) -> list[Problem]:
    if folder is None:
        return []
    existing = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not existing.is_dir():
        return [Problem(f"{option} {folder}: '{existing}' is a file", "Give the name of a folder")]
    if not os.access(existing, os.W_OK):
        return [Problem(f"{option} {folder}: '{existing}' is write-protected", "Give the name of another folder")]
    return []


def _result_files(folder: Path, list_file: Path) -> list[Path]:
    """Where the distances, the plot and the record go."""
    return [folder / f"{list_file.stem}_{name}" for name in ("distances.csv", "convergence.png", "reference.json")]


def _result_problems(paths: Sequence[Path]) -> list[Problem]:
    kinds = table("a table of distances", DISTANCE_COLUMNS[:3]), PICTURE, record("a record of a search", FORMAT)
    return [
        problem for path, kind in zip(paths, kinds) for problem in replacing_problem(f"the result '{path}'", path, kind)
    ]


def _other_reference(folder: Path, members: set[str]) -> list[Problem]:
    """Whether a reference lies in a folder that is none of the data set, and so is not to be replaced."""
    names = ["reference.mha", *(f"reference_{tissue.value}.mha" for tissue in Tissue)]
    others = [folder / name for name in names if (folder / name).is_file() and checksum(folder / name) not in members]
    remedy = "Name another folder, or replace it (--force)"
    return [Problem(f"--copy-to: '{path}' belongs to another reference", remedy) for path in others]


def _settings(args: argparse.Namespace, given: _Input, engine: EngineChoice, reporter: Reporter) -> SearchSettings:
    cache = Path(os.path.abspath(args.cache or default_cache(given.output)))
    jobs, threads = _jobs_and_threads(args, given.data, reporter)
    field = Field(args.field)
    return SearchSettings(
        engine,
        given.parameters,
        given.limits,
        cache,
        jobs,
        threads,
        args.max_iterations,
        field,
        Side(args.side),
        args.time_limit,
    )


def _jobs_and_threads(args: argparse.Namespace, data: DataSet, reporter: Reporter) -> tuple[int, int]:
    if args.scheduler is not None:
        return 1, args.threads or 1
    need = memory_per_knee(member.image for member in data.members)
    chosen = plan(len(data.members), this_machine(), need, args.jobs, args.threads)
    if args.jobs is None:
        reporter.send(Planned(chosen.reason))
    return chosen.jobs, chosen.threads


def _finish(args: argparse.Namespace, given: _Input, search: Search, engine: EngineChoice, reporter: Reporter) -> int:
    """Write and tell the results; the exit status."""
    conclusion, counts = search.conclusion, search.counts
    files = _write(args, given, search, engine)
    chosen = given.data.knees[conclusion.recommended] if conclusion.recommended else None
    reporter.send(
        SearchEnd(
            conclusion.recommended,
            conclusion.agree,
            conclusion.sentence,
            vars(counts),
            _text(chosen.image if chosen else None),
            _text(chosen.femur if chosen else None),
            _text(chosen.cartilage if chosen else None),
            {what: _text(path) for what, path in files.items()},
        )
    )
    reporter.send(Finish())
    # Standard output is for events alone if a program reads it.
    answer = sys.stderr if args.progress == "json" else sys.stdout
    print(conclusion.sentence, file=answer)
    if args.progress == "bars":
        print(
            f"{counts.distinct} registrations served {counts.asked} that the studies asked for; {counts.known} of them "
            f"had been run before, {counts.failed} failed"
        )
        print("\n".join(f"{what}: {path}" for what, path in files.items() if path is not None))
    placed = chosen is None or args.copy_to is None or _place(chosen, args, given)
    complete = all(study.recommended is not None for study in search.studies)
    return 0 if complete and placed and not counts.failed else 1


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _place(chosen: Member, args: argparse.Namespace, given: _Input) -> bool:
    """Copy the chosen knee to where segmentation looks for its reference; whether that went well."""
    folder = args.copy_to
    try:
        place_reference(chosen, folder, args.force, given.checksums)
    except (InputError, OSError) as error:
        print(f"the reference was not placed: {error}", file=sys.stderr)
        return False
    print(f"placed in '{folder}'", file=sys.stderr)
    if chosen.cartilage is None:
        print(f"'{chosen.name}' has no cartilage mask: segmentation needs reference_fc.mha too", file=sys.stderr)
    return True


def _write(args: argparse.Namespace, given: _Input, search: Search, engine: EngineChoice) -> Mapping[str, Path | None]:
    """Write the results; the plot only if there is matplotlib."""
    given.output.mkdir(parents=True, exist_ok=True)
    distances, plot, record = _result_files(given.output, args.list[0])
    write_distances(distances, search.studies)
    write_json(record, make_search_record(search, given.checksums, engine.name))
    try:
        write_convergence_plot(plot, search.studies, search.conclusion.recommended)
    except Exception as error:  # matplotlib is not there, or does not work: that must not cost hours of registration
        print(f"the convergence plot was not drawn: {error}", file=sys.stderr)
        return {"distances": distances, "plot": None, "record": record}
    return {"distances": distances, "plot": plot, "record": record}
