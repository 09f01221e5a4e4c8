"""``knee-cartilage-seg segment``: segment the knees of an image list, or images without a list."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..elastix.discovery import EngineChoice, find_engine
from ..elastix.parameters import ParameterMap
from ..errors import InputError, Problem, collecting, either
from ..images.files import EXTENSIONS
from ..lists.checks import READ_AT_ONCE
from ..registration.limits import Limits, Use, default_limits, keys_of
from ..registration.parameterfiles import read_parameter_files
from ..registration.side import Side
from ..registration.stages import Modality
from ..runs.events import Checked, Finish, Planned, Start
from ..runs.executor import WorkerThreads
from ..runs.machine import cores, plan, this_machine
from ..runs.memory import memory_per_knee
from ..segmentation.cases import Case, read_cases, side_problems
from ..segmentation.outcome import exit_status
from ..segmentation.resume import chosen_names, occupied_problems
from ..segmentation.run import Run
from ..segmentation.study_files import StudyFiles
from ..segmentation.summary import SUMMARY, describe_columns
from ..segmentation.work import Settings
from .arguments import (
    add_attached,
    add_engine,
    add_work,
    cancel_when_input_ends,
    interval,
    make_workers,
    output_problems,
    positive,
    work_problems,
)
from .reporting import REPORTERS, Reporter, checking, report_problems
from .running import PATIENCE, leave, undisturbed, wait_or_cancel

_DESCRIPTION = """\
Segment femur and femoral cartilage in the knees of an image list, or in images that are named here:

  knee-cartilage-seg segment knee.nii.gz --reference reference/newsubject -o results

LIST is a text file. Its first two lines are the reference folder and the folder of the images, relative to the list;
then come the reference (r) and the images to segment (m):

  ./reference/newsubject
  ./preprocessed/
  r reference.mha
  m 01_DESS_01_prep.mha
  m 02_DESS_01_prep.mha

modalities:
  newsubject    any knee, with the reference knee: reference.mha, reference_f.mha (femur), reference_fc.mha (cartilage)
  longitudinal  a follow-up (m), with the same knee's baseline (r), which was segmented as newsubject before
  multimodal    another sequence (m) of a knee whose high-resolution image (r) was segmented as newsubject before

Several references: write several r lines before the m lines of new subjects, or name a folder with --references. Each
is registered to the knee, and where their masks disagree, those that look like the knee there decide. The references
are registered to each other once; that is kept beside them, in between_references/.

For the last two, alternate r and m lines. The masks of the reference are taken from the reference folder or from where
the earlier run left them (segmented/): nothing has to be copied.
"""

_EPILOG = """\
results, beside the folder of the images:
  segmented/NAME_f, NAME_fc        masks of femur and femoral cartilage, on the image's own grid
  segmented/NAME_disagreement      of several references: the percentage that is outvoted, 0 to 50
  segmented/NAME_provenance.json   what they were made from, by what, and how well that went
  segmented/LIST_summary.csv       one row per image: status, volumes, quality of the match, flags; without a list it is
                                   called NAME_summary.csv, or images_summary.csv of several images
  segmented/index.html             contact sheet: pictures of all knees, worst first
  pictures/NAME.png                slices through the knee with the outlines of its masks
  registered/NAME/                 the image warped to the reference at each stage, transforms (for transformix), logs
  rejected/                        masks of knees whose registration failed: look at them, do not use them
  automatic/                       copies of the masks, to compare corrected ones with
  replaced/NAME/                   what was replaced, and when

A second run skips what is finished, and redoes what was made from other images or parameters. Masks that you have
corrected (status "edited"; they are measured again) and knees that you have reviewed stay as they are. What is replaced
is moved to replaced/NAME/, in a folder with the date.

examples:
  knee-cartilage-seg segment image_list_newsubject.txt --modality newsubject --jobs 4 --threads 2
  knee-cartilage-seg segment image_list_longitudinal.txt --modality longitudinal --no-registered
  knee-cartilage-seg segment image_list_newsubject.txt --modality newsubject --check
  knee-cartilage-seg segment image_list_newsubject.txt --modality newsubject --references atlas --references-at-most 5
  knee-cartilage-seg segment image_list_newsubject.txt --modality newsubject --write-quality-list truth

exit status: 0 all knees are segmented (or were corrected, or accepted in the review), 3 all are segmented and some need
review, 1 some are not segmented (the summary says which and why), 2 the input has to be corrected and nothing was
written, 130 cancelled. The last line says the same.

summary columns (numbers have four significant digits):
{columns}
"""


@dataclass(frozen=True)
class _Input:
    """All that is needed to begin."""

    cases: list[Case]
    checksums: dict[Path, str]
    parameters: dict[str, ParameterMap]
    limits: Limits


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "segment",
        help="segment femur and femoral cartilage in the knees of an image list",
        description=_DESCRIPTION,
        epilog=_EPILOG.format(columns="\n".join(f"  {key:20}{text}" for key, text in describe_columns())),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "source", metavar="LIST", nargs="+", type=Path, help="text file with the images; with --reference, the images"
    )
    modalities = [modality.value for modality in Modality]
    parser.add_argument("--modality", choices=modalities, help="what the images of the list are, see above")
    parser.add_argument(
        "--reference", metavar="DIR", type=Path, help="segment images without a list, with the knees of this folder"
    )
    parser.add_argument(
        "--side",
        choices=[side.value for side in Side],
        default=Side.AUTO.value,
        help="of new subjects: auto finds it out for each knee, same is the reference's; for knees of the other side "
        "the reference is mirrored (default: %(default)s)",
    )
    add_work(parser, "knees")
    parser.add_argument("--references", metavar="DIR", type=Path, help="fuse all segmented knees of this folder, too")
    parser.add_argument("--references-at-most", metavar="N", type=positive, help="fuse the N that match a knee best")
    add_engine(parser)
    parser.add_argument("--parameters", metavar="DIR", type=Path, help="folder with your own elastix parameter files")
    parser.add_argument("-o", "--out", metavar="DIR", type=Path, help="where segmented/ and registered/ go")
    parser.add_argument("--summary", metavar="F", type=Path, help="where the summary goes")
    parser.add_argument(
        "--write-quality-list",
        metavar="DIR",
        type=Path,
        help="write the list for 'quality': the masks, and those of their true masks that this folder has",
    )
    parser.add_argument("--no-registered", action="store_true", help="leave out registered/")
    pictures = parser.add_mutually_exclusive_group()
    pictures.add_argument(
        "--pictures",
        action="store_true",
        default=None,
        help="draw every knee with its masks, and a contact sheet of all; needs matplotlib, and is the default with it",
    )
    pictures.add_argument("--no-pictures", dest="pictures", action="store_false", help="draw nothing")
    parser.add_argument(
        "--force",
        metavar="NAME",
        nargs="*",
        help="redo what is finished, but for knees that were corrected or reviewed; with names of knees (at the end "
        "of the line) redo these whatever is there. What is replaced is moved to replaced/",
    )
    parser.add_argument("--check", action="store_true", help="only check the list and its images, and read all of them")
    parser.add_argument("--progress", choices=REPORTERS, default="bars", help="how to report progress")
    add_attached(parser)
    parser.add_argument(
        "--limit",
        metavar="KEY=LOW:HIGH",
        type=interval,
        action="append",
        default=[],
        help="reject results with a measurement outside; KEY is " + ", ".join(keys_of(Use.SEGMENTATION_LIMITS)),
    )
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Segment the list or the images.

    :raises InputError: if the input is not usable; nothing was written then.
    """
    if args.reference is None and args.references is not None and all(_looks_like_image(path) for path in args.source):
        # Without a list there is no difference: all knees of the folder are its references.
        args.reference, args.references = args.references, None
    problems = _source_problems(args)
    if problems:
        raise InputError(problems)
    modality = Modality(args.modality or Modality.NEW_SUBJECT)
    reporter: Reporter = REPORTERS[args.progress]()
    if args.attached:
        cancel_when_input_ends()
    with _looked_for(args, modality) as found:
        try:
            given = _checked_input(args, modality, reporter)
        except InputError as error:
            report_problems(reporter, error.problems)
            raise
        return _run(args, given, found.result(), reporter)


@contextmanager
def _looked_for(args: argparse.Namespace, modality: Modality) -> Iterator[Future[EngineChoice]]:
    """The elastix that is looked for while the block runs: it takes a second to load, the images take one to read."""
    with WorkerThreads(1) as beside:
        found = beside.submit(_find_engine, args, modality)
        try:
            yield found
        finally:
            if found.exception() is None:
                found.result().close()


def _run(args: argparse.Namespace, given: _Input, engine: EngineChoice, reporter: Reporter) -> int:
    cases = given.cases
    names = tuple(case.name for case in cases)
    if args.check:
        reporter.send(Checked(names, engine.name))
        # Standard output is for events alone if a program reads it.
        answer = sys.stderr if args.progress == "json" else sys.stdout
        print(f"{len(cases)} images are usable; registration would use {engine.name}", file=answer)
        return 0
    jobs, threads = _jobs_and_threads(args, cases, reporter)
    files = _files(args, cases)
    settings = Settings(
        engine,
        given.parameters,
        given.limits,
        jobs,
        threads,
        not args.no_registered,
        args.force == [],
        Side(args.side),
        args.time_limit,
        files.pictures,
        chosen_names(cases, args.force or ())[0],
    )
    workers = make_workers(args, [_existing(cases[0].output), *cases[0].inputs.values()])
    growing = files.growing(reporter.send)
    segmentation = Run(cases, given.checksums, settings, growing.send, workers)
    growing.send(Start(names))
    segmentation.start()
    cancelled = wait_or_cancel(segmentation)
    with undisturbed():
        ended = segmentation.wait(PATIENCE)
        outcomes = segmentation.outcomes
        try:
            written = growing.finish(outcomes)
            if args.progress == "bars":
                print("\n".join(f"{what}: {path}" for what, path in written.items()), flush=True)
            waiting = tuple(outcome.case.name for outcome in outcomes if outcome.needs_review)
            reporter.send(Finish(tuple(outcome.status.value for outcome in outcomes), waiting))
        finally:
            if not ended:
                leave(segmentation)
    if cancelled:
        return 130
    return exit_status(outcomes)


def _files(args: argparse.Namespace, cases: Sequence[Case]) -> StudyFiles:
    listed = args.source[0] if args.reference is None else None
    return StudyFiles(listed, cases, args.summary, args.pictures, args.write_quality_list)


def _jobs_and_threads(args: argparse.Namespace, cases: Sequence[Case], reporter: Reporter) -> tuple[int, int]:
    if args.scheduler is not None:
        return 1, args.threads or 1
    most = max(len(case.references) if case.at_most is None else case.at_most for case in cases)
    need = memory_per_knee((case.moving for case in cases), most)
    chosen = plan(len(cases), this_machine(), need, args.jobs, args.threads)
    if args.jobs is None:
        reporter.send(Planned(chosen.reason))
    return chosen.jobs, chosen.threads


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _looks_like_image(path: Path) -> bool:
    return path.is_dir() or path.name.lower().endswith(EXTENSIONS)


def _source_problems(args: argparse.Namespace) -> list[Problem]:
    """What is wrong with how the knees are named."""
    if args.reference is None:
        problems = [Problem("several lists", "Segment one after the other; images without a list need --reference")] * (
            len(args.source) > 1
        )
        if args.modality is None:
            message = "a list needs --modality"
            problems.append(Problem(message, f"Choose {either(tuple(one.value for one in Modality))}"))
        return problems
    problems = []
    if args.out is None:
        problems.append(Problem("images without a list need a folder for the results", "Name one with -o"))
    if args.references is not None:
        problems.append(Problem("--reference and --references name two folders", "Name one of them"))
    if args.modality not in (None, Modality.NEW_SUBJECT.value):
        problems.append(Problem(f"--reference is for new subjects, not for {args.modality}", "Write an image list"))
    return problems


def _find_engine(args: argparse.Namespace, modality: Modality) -> EngineChoice:
    maps = read_parameter_files(modality, args.parameters).values()
    return find_engine(args.engine, maps, keep=not args.check and args.scheduler is None)


def _checked_input(args: argparse.Namespace, modality: Modality, reporter: Reporter) -> _Input:
    """All that is needed to begin, or everything that is wrong with it."""
    problems = work_problems(args)
    cases: list[Case] = []
    with collecting(problems):
        limits = default_limits(modality).with_failed(dict(args.limit))
    with collecting(problems):
        parameters = read_parameter_files(modality, args.parameters)
    with collecting(problems):
        cases, checksums = read_cases(
            args.source[0] if args.reference is None else args.source,
            modality,
            args.out,
            cores(),
            checking(reporter),
            args.references or args.reference,
            args.references_at_most,
            None if args.check else READ_AT_ONCE,
        )
    problems += side_problems(cases, modality, Side(args.side))
    named, unknown = chosen_names(cases, args.force or ())
    file = args.source[0] if args.reference is None else None
    problems += [*unknown, *(replace(one, file=file) for one in occupied_problems(cases, named))]
    taken = {path: "an image of the list" for case in cases for path in case.inputs.values()}
    if args.reference is None:
        taken[args.source[0]] = "the list"
    problems += output_problems({"--summary": (args.summary, SUMMARY)}, taken)
    if cases:
        problems += _files(args, cases).problems()
    if problems:
        raise InputError(problems)
    return _Input(cases, checksums, parameters, limits)
