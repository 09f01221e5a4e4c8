"""The benchmark's command line.

    python Testing/benchmark FOLDER                          all knees of all modalities, once each
    python Testing/benchmark FOLDER --repeats 3              medians of three runs
    python Testing/benchmark FOLDER --knees s02 --profile    where the seconds of each of these knees go
    python Testing/benchmark FOLDER --compare ../before      another checkout (A) against this one (B): A B A B
    python Testing/benchmark FOLDER --jobs-scaling           several knees at once
    python Testing/benchmark FOLDER --event-loop             how long Slicer's event loop stands still, in the test bed
    python Testing/benchmark FOLDER --references s01 s02 s03 each knee with all of these but itself, fused
    python Testing/benchmark FOLDER --verdicts               what is said of good and bad results beside the truth
    python Testing/benchmark FOLDER --measure MASKS          thickness and volume by region of masks beside the truth
    python Testing/benchmark FOLDER --render                 make the knees that FOLDER lacks first

FOLDER holds knees with truth as ../shared/knees/make_knees.py writes them: NAME_dess_prep.mha with the masks
NAME_dess_prep_f.mha and NAME_dess_prep_fc.mha. New subjects are segmented with --reference, visits (l01_36m) with the
earliest visit of the same knee, other contrasts (s02_t2_prep.mha) with the knee's DESS. Each knee is segmented by
`knee-cartilage-seg segment` in a process of its own, start-up counted, in a temporary folder to which the images are
linked; nothing is ever written to FOLDER (but for --render).

What is measured: seconds of wall clock and of processor; seconds by step, from the provenance record, with start-up
(interpreter, imports, check of all input, probe of elastix) and "other" added so that they add up; peak resident memory
of the main process, of elastix's and, sampled every 50 ms, of all together; Dice, average surface distance (asd, mm),
95 % Hausdorff distance (hd95, mm) and volume similarity against the truth, by the library's metrics. Beside them stand
the published tool's figures, where there are some for that very knee (published.csv). results.csv (one row per knee,
repeat and checkout) and results.png go to --out.

Compare seconds within one run only, on a quiet machine: the benchmark says what other programs used meanwhile.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from KneeCartilageSegLib.registration.stages import Modality

from . import profiling, tables
from .agreement import agreement, find_pairs, measure_pairs
from .charts import write_chart
from .checkouts import ROOT, Checkout, distinct, find_checkout
from .errors import BenchmarkError
from .knees import Trial, find_fused_trials, find_trials
from .machine import load, noise, this_machine
from .published import NAME
from .rendering import MAKE_KNEES, render_missing
from .responsiveness import measure_responsiveness, responsiveness_table
from .running import Result, run_trial, warm_up
from .scaling import measure_scaling, scaling_table
from .verdicts import find_cases, measure_verdicts, verdict_table

_COMPARED_REPEATS = 3  # the median forgives one disturbed run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark.

    :return: exit status: 0, or 2 if it could not go on.
    """
    args = _parser().parse_args(arguments)
    load_before = load()
    try:
        _run(args, load_before)
    except BenchmarkError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    description = __doc__ or ""
    parser = argparse.ArgumentParser(
        prog="python Testing/benchmark", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    modalities = [modality.value for modality in Modality]
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="knees with truth")
    parser.add_argument("--modalities", nargs="+", choices=modalities, default=modalities, help="default: all")
    parser.add_argument("--knees", nargs="+", metavar="K", default=[], help="only these, for example s02 l01_36m")
    parser.add_argument("--reference", metavar="K", default="s01", help="of new subjects (default: s01)")
    parser.add_argument(
        "--references", nargs="+", metavar="K", default=[], help="fuse these, but for each knee itself (new subjects)"
    )
    parser.add_argument(
        "--references-folder", metavar="DIR", type=Path, help="where they are, for knees of any contrast in FOLDER"
    )
    parser.add_argument("--repeats", metavar="N", type=int, help="of each knee (default: 1; with --compare 3)")
    parser.add_argument("--options", metavar="O", type=shlex.split, default=[], help="for segment: '--threads 1'")
    parser.add_argument("--out", metavar="DIR", type=Path, default=ROOT / "build" / "benchmark", help="for csv and png")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--compare", metavar="DIR", type=Path, help="another checkout to time this one against")
    what.add_argument(
        "--jobs-scaling", metavar="N", type=int, nargs="?", const=2, help="up to N knees at once (default: 2)"
    )
    what.add_argument(
        "--event-loop", action="store_true", help="for how long the panels and a run that is stopped do not answer"
    )
    what.add_argument("--verdicts", action="store_true", help="some ninety knees, altered ones and wrong references")
    what.add_argument("--measure", metavar="MASKS", type=Path, help="a folder with NAME_fc masks of knees in FOLDER")
    what.add_argument("--profile", action="store_true", help="tables of where the seconds go")
    parser.add_argument(
        "--second", metavar="DIR", type=Path, help="with --verdicts: where the knees' t2 images are (default: FOLDER)"
    )
    parser.add_argument("--perf", action="store_true", help="with --profile: elastix by component, by Linux's perf")
    parser.add_argument(
        "--render", metavar="M", type=Path, nargs="?", const=MAKE_KNEES, help="make missing knees with make_knees.py"
    )
    parser.add_argument(
        "--render-options",
        metavar="O",
        type=shlex.split,
        default=["--frame", "canonical"],
        help="for make_knees.py (default: '--frame canonical', as for the published figures)",
    )
    return parser


def _run(args: argparse.Namespace, load_before: float) -> None:
    if args.render:
        render_missing(args.folder, args.render, tuple(args.render_options))
    if args.verdicts:
        _verdicts(args)
        return
    if args.measure:
        args.out.mkdir(parents=True, exist_ok=True)
        frame = measure_pairs(find_pairs(args.measure, args.folder, args.knees))
        frame.to_csv(args.out / "measurements.csv", index=False)
        print(f"\n{tables.agreement_table(agreement(frame))}\n\n{args.out / 'measurements.csv'}")
        return
    modalities = [Modality(name) for name in args.modalities]
    if args.references:
        trials = find_fused_trials(args.folder, args.references, args.references_folder or args.folder, args.knees)
    else:
        trials = find_trials(args.folder, args.reference, modalities, args.knees)
    this = find_checkout(ROOT)
    print(f"{this_machine()}\nload {load_before:.2f} before\n", flush=True)
    if args.profile:
        other_cores = _profile(this, trials, args.options, args.perf)
    elif args.event_loop:
        frame = measure_responsiveness(this, trials[0], args.repeats or 3)
        print(responsiveness_table(frame))
        other_cores = float("nan")
    elif args.jobs_scaling:
        other_cores = _scale(this, trials, args)
    else:
        checkouts = distinct([find_checkout(args.compare), this]) if args.compare else [this]
        other_cores = _measure(checkouts, trials, args)
    print(f"\nload {load():.2f} after")
    print(noise(load_before, other_cores) or "the machine was quiet")


def _verdicts(args: argparse.Namespace) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    cases = find_cases(args.folder, args.second or args.folder, args.out / "knees")
    wanted = [case for case in cases if not args.knees or case.name in args.knees]
    print(verdict_table(measure_verdicts(find_checkout(ROOT), wanted, args.out, args.options)))


def _measure(checkouts: Sequence[Checkout], trials: Sequence[Trial], args: argparse.Namespace) -> float:
    """Run and report everything; the largest number of cores that others used meanwhile."""
    args.out.mkdir(parents=True, exist_ok=True)
    for checkout in checkouts:
        warm_up(checkout, trials[0])
    # With several references, what is kept between them is made by the first knee and counted there.
    kept = args.out / "references" if args.references else None
    rows = []
    repeats = args.repeats or (_COMPARED_REPEATS if args.compare else 1)
    for trial in trials:
        for repeat in range(1, repeats + 1):
            for checkout in checkouts:  # A B A B
                result = run_trial(checkout, trial, repeat, args.options, kept)
                _tell(result)
                rows.append(result.row())
                frame = tables.to_frame(rows)
                frame.to_csv(args.out / "results.csv", index=False)  # each time: a long run may be interrupted
    _report(frame, [checkout.label for checkout in checkouts])
    write_chart(tables.medians(frame), args.out / "results.png")
    print(f"\n{args.out / 'results.csv'}\n{args.out / 'results.png'}")
    return frame["other_cores"].max()


def _tell(result: Result) -> None:
    """A line as soon as a knee is done."""
    where = f"{result.trial.modality.value} {result.trial.moving.knee}, {result.checkout}, {result.repeat}"
    scores = f"cartilage Dice {result.scores.get('cartilage_dice', float('nan')):.3f}"
    print(f"{where}: {result.status}, {result.observation.seconds:.1f} s, {scores}", file=sys.stderr, flush=True)


def _report(frame: pd.DataFrame, labels: Sequence[str]) -> None:
    results = tables.medians(frame)
    repeats = frame["repeat"].max()
    print(f"\nelastix: {', '.join(frame['engine'].unique())}; {repeats} runs a knee, medians")
    for label in labels:
        own = results.loc[label]
        print(f"\n== {label}\n\n{tables.time_table(own)}\n\n{tables.score_table(own)}")
        print(f"\nMeans of the knees, and of those that have figures of {NAME}:\n\n{tables.summary_table(own)}")
        _tell_rejected(frame[frame["checkout"] == label])
    if len(labels) == 2:
        print(f"\n== A: {labels[0]}, B: {labels[1]}; A/B above 1: B is faster\n")
        print(tables.comparison_table(results, *labels))


def _tell_rejected(frame: pd.DataFrame) -> None:
    rejected = frame[frame["status"] != "segmented"]
    for (modality, knee, status), runs in rejected.groupby([*tables.KNEE, "status"], observed=True):
        print(f"\n{modality} {knee} was {status} in {len(runs)} of its runs")


def _profile(checkout: Checkout, trials: Sequence[Trial], options: Sequence[str], perf: bool) -> float:
    warm_up(checkout, trials[0])
    other_cores = []
    for trial in trials:
        profile = profiling.profile_knee(checkout, trial, options)
        other_cores.append(profile.observation.other_cores)
        print(f"== {checkout.label}, {trial.modality.value} {trial.moving.knee}")
        parts = [
            profiling.time_by_category(profile),
            profiling.registration_table(profile),
            profiling.time_by_call(profile),
        ]
        if perf:
            parts.append(profiling.elastix_components(checkout, trial, options))
        for part in parts:
            print(f"\n{part.to_string(index=False, float_format='{:.2f}'.format, na_rep='-')}", flush=True)
    return max(other_cores)


def _scale(checkout: Checkout, trials: Sequence[Trial], args: argparse.Namespace) -> float:
    own = [trial for trial in trials if trial.modality is trials[0].modality]
    warm_up(checkout, own[0])
    rows = measure_scaling(checkout, own, args.jobs_scaling, args.repeats or 1, args.options)
    print(f"== {checkout.label}, {own[0].modality.value}, {', '.join(trial.moving.knee for trial in own)}\n")
    print(scaling_table(rows, len(own)).to_string(index=False, float_format="{:.2f}".format))
    return max(row["other_cores"] for row in rows)
