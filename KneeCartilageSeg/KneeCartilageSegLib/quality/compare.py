"""The quality of many segmentations: from an image list to results, tables and csv files.

A list names the folder of the segmentations, the folder of the ground truth, and one pair after the other::

    ./segmented
    ./segmented_groundTruth
    s subject1_prep_fc.mha
    g subject1_groundTruth_fc.mha
    s subject2_prep_fc.mha
    g subject2_groundTruth_fc.mha

In Python::

    results = compare_pairs(read_quality_list("image_list_quality.txt"))
    write_overlap_csv(results, "overlap.csv")
    frame = to_dataframe(results)

What is measured is defined in :mod:`.quality.metrics`.
"""

from __future__ import annotations

import csv
import logging
import math
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import SimpleITK as sitk

from ..errors import Cancelled, InputError, KneeError, Problem
from ..files import atomic_path, split_name
from ..images.grid import Grid
from ..images.regions import last_line, read_image, unreadable
from ..lists.imagelist import (
    Entry,
    ImageList,
    Pair,
    missing_folders,
    pair_entries,
    read_image_list,
    repeated_entries,
)
from .metrics import (
    DEFAULT_TOLERANCE_MM,
    METRICS,
    LabelChoice,
    LabelQuality,
    Metric,
    check_same_space,
    compare,
    label_choice,
)

if TYPE_CHECKING:
    import pandas

FOLDERS = ("folder of the segmentations", "folder of the ground truth")
"""The folders at the top of a list."""
_MOST_JOBS = 4
"""Pairs at a time unless asked for more: each takes about 0.2 GB at 384 x 384 x 160 voxels, and reading files
becomes no faster with more."""
_CANCEL_SECONDS = 0.1
"""How often to look whether the user wants to stop."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class QualityPair:
    """A segmentation and its ground truth.

    :param subject: name in tables and plots.
    :param segmentation: the file, or the image itself.
    :param truth: the same.
    """

    subject: str
    segmentation: Path | sitk.Image
    truth: Path | sitk.Image


@dataclass(frozen=True)
class PairQuality:
    """What came out for a pair.

    :param subject: as in the pair.
    :param labels: one for each label that was compared; empty if the pair failed.
    :param error: why it failed, with what to do about it; empty if it did not.
    """

    subject: str
    labels: tuple[LabelQuality, ...]
    error: str = ""


@dataclass(frozen=True)
class MetricSummary:
    """Statistics of one metric over the pairs that have a value for it; NaN where it takes more values than there are.

    :param metric: which one.
    :param label: of which label.
    :param n: number of values.
    :param missing: number of pairs that have none: they failed, or one of their masks is empty.
    :param mean: mean.
    :param std: sample standard deviation (divided by n - 1), as the pairs stand for a larger population.
    :param median: median.
    :param minimum: smallest.
    :param maximum: largest.
    """

    metric: Metric
    label: str
    n: int
    missing: int
    mean: float
    std: float
    median: float
    minimum: float
    maximum: float


def read_quality_list(path: str | Path) -> tuple[QualityPair, ...]:
    """Read a list of pairs and check, from the files' headers, that they can be compared.

    :param path: text file, see :mod:`.lists.imagelist` and above; each ``s`` has one ``g``, right below it. A ground
        truth may serve several segmentations.
    :return: the pairs in the order of the list. The subject is the segmentation's name, without extension if that is
        enough to tell it from the others.
    :raises InputError: with everything that is wrong: with the list, the folders, missing or unreadable files, images
        that are not 3-D masks, pairs that lie in different spaces (:func:`.quality.metrics.check_same_space`).
    """
    images = read_image_list(Path(path), FOLDERS, "sg")
    pairs, problems = pair_entries(images, "s", "g")
    problems += images.problems
    problems += missing_folders(images, FOLDERS)
    problems += repeated_entries(images, "s")
    problems += _second_truths(images, pairs)
    problems += _file_problems(images, pairs)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    subjects = [_subject(pair.first) for pair in pairs]
    return tuple(
        QualityPair(
            subject if subjects.count(subject) == 1 else pair.first.name,
            _file(images, pair.first),
            _file(images, pair.second),
        )
        for subject, pair in zip(subjects, pairs)
    )


def read_mask(path: str | Path) -> sitk.Image:
    """Read a mask.

    :raises InputError: if it does not exist, cannot be read, or ends too early.
    """
    path = Path(path)
    _read_grid(path)
    return read_image(path)


def compare_pairs(
    pairs: Sequence[QualityPair],
    labels: Iterable[LabelChoice | int | str] = (),
    tolerance: float = DEFAULT_TOLERANCE_MM,
    jobs: int | None = None,
    progress: Callable[[PairQuality, int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[PairQuality]:
    """Compare many pairs, several at a time. A pair that fails does not stop the others.

    :param labels: see :func:`.quality.metrics.compare`.
    :param tolerance: of the surface Dice, mm.
    :param jobs: pairs at a time; None: :func:`default_jobs`.
    :param progress: called with each result as it comes, how many there are now, and how many there will be; in the
        thread that called this function.
    :param cancelled: asked ten times a second, in the same thread, whether to stop.
    :return: one result for each pair, in the order of the pairs.
    :raises Cancelled: if ``cancelled`` said so. The results so far went to ``progress``.
    :raises ValueError: if a label or the tolerance makes no sense.
    """
    choices = [label_choice(label) for label in labels]
    if not tolerance >= 0:
        raise ValueError(f"the tolerance must be 0 mm or more, not {tolerance}")
    # Threads and not processes: SimpleITK and scipy's trees let other threads run, and images need not be copied.
    executor = ThreadPoolExecutor(max_workers=jobs or default_jobs())
    try:
        futures = [executor.submit(_compare_pair, pair, choices, tolerance) for pair in pairs]
        pending: set[Future[PairQuality]] = set(futures)
        while pending:
            if cancelled is not None and cancelled():
                raise Cancelled("the comparison was cancelled")
            done, pending = wait(pending, _CANCEL_SECONDS, FIRST_COMPLETED)
            for number, future in enumerate(done, start=1 + len(futures) - len(pending) - len(done)):
                if progress is not None:
                    progress(future.result(), number, len(futures))
    finally:
        executor.shutdown(cancel_futures=True)
    return [future.result() for future in futures]


def default_jobs() -> int:
    """How many pairs to compare at a time on this computer."""
    return min(_MOST_JOBS, os.cpu_count() or 1)


def table_rows(results: Iterable[PairQuality]) -> list[dict[str, Any]]:
    """The results as a table: one row for each pair and label, or for a pair that failed.

    :return: ``subjects``, the :attr:`.quality.metrics.Metric.column` of all metrics (NaN if missing), ``tolerance_mm``
        of the surface Dice, ``label``, ``status`` (``"ok"`` or ``"failed"``), ``note`` (or why it failed).
    """
    rows = []
    for result in results:
        rows += [_row(result.subject, quality) for quality in result.labels]
        if result.error:
            rows.append(_failed_row(result))
    return rows


def to_dataframe(results: Iterable[PairQuality]) -> pandas.DataFrame:
    """:func:`table_rows` as a pandas DataFrame; the units of the columns are in its ``attrs["units"]``.

    :raises ImportError: if pandas is not installed.
    """
    import pandas

    frame = pandas.DataFrame(table_rows(results), columns=all_columns())
    frame.attrs["units"] = {metric.column: metric.unit for metric in METRICS}
    return frame


def summarize(results: Sequence[PairQuality]) -> list[MetricSummary]:
    """Statistics over the pairs, for each label and metric."""
    return [
        _summary(metric, label, values_of(results, metric, label)) for label in labels_of(results) for metric in METRICS
    ]


def labels_of(results: Iterable[PairQuality]) -> list[str]:
    """The labels that were compared."""
    return list(dict.fromkeys(str(quality.label) for result in results for quality in result.labels))


def values_of(results: Iterable[PairQuality], metric: Metric, label: str) -> list[float]:
    """The values of a metric for one label, one for each pair; NaN where a pair has none."""
    by_label = [{str(quality.label): quality for quality in result.labels} for result in results]
    return [getattr(found.get(label), metric.key, math.nan) for found in by_label]


def write_overlap_csv(results: Iterable[PairQuality], path: str | Path) -> None:
    """Write overlap and volumes: ``subjects,dice_coeff,jaccard_coeff,volume_similarity``, as pyKNEEr, and more behind.

    Numbers have full precision; a missing one is an empty cell. An existing file is replaced: the values can be
    computed again, and the user named it.
    """
    _write_result_csv(results, path, [metric.column for metric in METRICS if not metric.surface])


def write_distances_csv(results: Iterable[PairQuality], path: str | Path) -> None:
    """Write surface distances (mm): ``subjects,mean_distances,stddev_distances``, as pyKNEEr, and more behind.

    As :func:`write_overlap_csv` otherwise. pyKNEEr's distances are in voxels, see :mod:`.quality.metrics`.
    """
    _write_result_csv(results, path, [*(metric.column for metric in METRICS if metric.surface), "tolerance_mm"])


def write_summary_csv(summaries: Iterable[MetricSummary], path: str | Path) -> None:
    """Write :func:`summarize`'s statistics, a row for each label and metric."""
    columns = ["metric", "unit", "label", "n", "missing", "mean", "std", "median", "min", "max"]
    rows = [
        [s.metric.column, s.metric.unit, s.label, s.n, s.missing, s.mean, s.std, s.median, s.minimum, s.maximum]
        for s in summaries
    ]
    _write_csv(columns, rows, path)


def format_summary(summaries: Sequence[MetricSummary]) -> str:
    """The summary as a text table for the screen, a block for each label."""
    width = max((len(summary.metric.heading) for summary in summaries), default=0)
    lines: list[str] = []
    for label in dict.fromkeys(summary.label for summary in summaries):
        title = "" if label == "any" else f"label {label}"
        numbers = "".join(f"{name:>10}" for name in ("mean", "std", "median", "min", "max"))
        lines += [f"{title:{width}}{'n':>5}{numbers}"]
        for s in summaries:
            if s.label == label:
                values = "".join(f"{_short(value):>10}" for value in (s.mean, s.std, s.median, s.minimum, s.maximum))
                lines.append(f"{s.metric.heading:{width}}{s.n:>5}{values}")
    return "\n".join(lines)


def format_result(result: PairQuality) -> str:
    """A result in a line or two, for the screen."""
    if result.error:
        return f"{result.subject}: FAILED: {result.error}"
    return "\n".join(_format_label(result.subject, quality) for quality in result.labels)


def _format_label(subject: str, quality: LabelQuality) -> str:
    label = "" if str(quality.label) == "any" else f", label {quality.label}"
    text = (
        f"{subject}{label}: Dice {_short(quality.dice)}, volume similarity {_short(quality.volume_similarity)}, "
        f"average surface distance {_short(quality.average_distance)} mm, "
        f"95 % Hausdorff {_short(quality.hausdorff_95)} mm"
    )
    return f"{text}\n    note: {quality.note}" if quality.note else text


def _short(value: float) -> str:
    return "missing" if math.isnan(value) else f"{value:.3f}" if abs(value) < 100 else f"{value:.0f}"


def _subject(entry: Entry) -> str:
    # With its subfolder, if it has one: knee.mha may be there for each visit.
    return Path(entry.name).with_name(split_name(entry.name)[0]).as_posix()


def _file(images: ImageList, entry: Entry) -> Path:
    return images.folders["sg".index(entry.letter)].path / entry.name


def _second_truths(images: ImageList, pairs: Sequence[Pair]) -> list[Problem]:
    return [
        images.problem(
            pair.second.line,
            f"'g {pair.second.name}' is the second ground truth of 's {pair.first.name}' (line {pair.first.line})",
            "Put the 's' line that it belongs to before it, or remove it",
        )
        for before, pair in zip(pairs, pairs[1:])
        if before.first is pair.first
    ]


def _file_problems(images: ImageList, pairs: Sequence[Pair]) -> list[Problem]:
    """What is wrong with the files, those that have no partner included."""
    if len(images.folders) < len(FOLDERS):
        return []
    problems = []
    grids: dict[int, Grid] = {}
    for entry in images.entries:
        if not images.folders["sg".index(entry.letter)].path.is_dir():
            continue
        try:
            grids[entry.line] = _read_grid(_file(images, entry))
        except InputError as error:
            problems += _at_entry(images, entry, error)
    for pair in pairs:
        if pair.first.line in grids and pair.second.line in grids:
            try:
                check_same_space(grids[pair.first.line], grids[pair.second.line])
            except InputError as error:
                names = f"'{pair.first.name}' and '{pair.second.name}'"
                problems += [
                    images.problem(pair.second.line, f"{names}: {p.message}", p.remedy) for p in error.problems
                ]
    return problems


def _at_entry(images: ImageList, entry: Entry, error: InputError) -> list[Problem]:
    return [
        images.problem(entry.line, f"'{entry.letter} {entry.name}': {problem.message}", problem.remedy)
        for problem in error.problems
    ]


def _read_grid(path: Path) -> Grid:
    if not path.is_file():
        raise InputError([Problem(f"there is no file '{path}'", "Correct the name, or remove the pair")])
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    try:
        reader.ReadImageInformation()
    except RuntimeError as error:
        raise unreadable(path, error) from error
    return Grid.of(reader)


def _compare_pair(pair: QualityPair, choices: Sequence[LabelChoice], tolerance: float) -> PairQuality:
    try:
        return PairQuality(pair.subject, compare(_image(pair.segmentation), _image(pair.truth), choices, tolerance))
    except KneeError as error:
        return PairQuality(pair.subject, (), " ".join(str(error).split()))
    except Exception as error:
        # Whatever it is, the other pairs' results are worth having.
        logger.exception("comparing %s failed", pair.subject)
        return PairQuality(pair.subject, (), f"{type(error).__name__}: {last_line(error)}")


def _image(source: Path | sitk.Image) -> sitk.Image:
    return source if isinstance(source, sitk.Image) else read_mask(source)


def all_columns() -> list[str]:
    """The columns of :func:`table_rows`, in their order."""
    return ["subjects", *(metric.column for metric in METRICS), "tolerance_mm", "label", "status", "note"]


def _row(subject: str, quality: LabelQuality) -> dict[str, Any]:
    values = {metric.column: getattr(quality, metric.key) for metric in METRICS}
    rest = {"tolerance_mm": quality.tolerance, "label": str(quality.label), "status": "ok", "note": quality.note}
    return {"subjects": subject, **values, **rest}


def _failed_row(result: PairQuality) -> dict[str, Any]:
    values = dict.fromkeys((metric.column for metric in METRICS), math.nan)
    rest = {"tolerance_mm": math.nan, "label": "", "status": "failed", "note": result.error}
    return {"subjects": result.subject, **values, **rest}


def _summary(metric: Metric, label: str, values: Sequence[float]) -> MetricSummary:
    present = np.array([value for value in values if not math.isnan(value)])
    n, missing = len(present), len(values) - len(present)
    if not n:
        return MetricSummary(metric, label, 0, missing, *([math.nan] * 5))
    std = present.std(ddof=1) if n > 1 else math.nan
    statistics = (present.mean(), std, np.median(present), present.min(), present.max())
    return MetricSummary(metric, label, n, missing, *map(float, statistics))


def _write_result_csv(results: Iterable[PairQuality], path: str | Path, columns: Sequence[str]) -> None:
    rows = table_rows(results)
    label = ["label"] if any(row["label"] not in ("", "any") for row in rows) else []
    names = ["subjects", *columns, *label, "status", "note"]
    _write_csv(names, [[row[name] for name in names] for row in rows], path)


def _write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], path: str | Path) -> None:
    with atomic_path(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([["" if value != value else value for value in row] for row in rows])
