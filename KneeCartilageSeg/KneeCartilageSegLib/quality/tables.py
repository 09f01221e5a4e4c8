"""Results of a comparison as rows, data frames, csv files and text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..csv_files import write_csv
from ..outputs import table
from .compare import PairQuality
from .metrics import (
    METRICS,
    LabelQuality,
    Metric,
)

if TYPE_CHECKING:
    import pandas


_SUMMARY_COLUMNS = ("metric", "unit", "label", "n", "missing", "mean", "std", "median", "min", "max")

OVERLAP = table("a table of overlaps", ["subjects", *[metric.column for metric in METRICS if not metric.surface][:1]])
DISTANCES = table("a table of distances", ["subjects", *[metric.column for metric in METRICS if metric.surface][:1]])
SUMMARY = table("a summary of metrics", _SUMMARY_COLUMNS[:4])


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


def table_rows(results: Iterable[PairQuality]) -> list[dict[str, Any]]:
    """The results as a table: one row for each pair and label, or for a pair that failed.

    :return: ``subjects``, the :attr:`.quality.metrics.Metric.column` of all metrics (NaN if missing), ``tolerance_mm``
        of the surface Dice, ``label``, ``status`` (``"ok"`` or ``"failed"``), ``note`` (or why it failed).
    """
    rows = []
    for result in results:
        rows += [_row(result.name, quality) for quality in result.labels]
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
    columns = _SUMMARY_COLUMNS
    rows = [
        (s.metric.column, s.metric.unit, s.label, s.n, s.missing, s.mean, s.std, s.median, s.minimum, s.maximum)
        for s in summaries
    ]
    write_csv(path, columns, [dict(zip(columns, row)) for row in rows])


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
        return f"{result.name}: FAILED: {result.error}"
    return "\n".join(_format_label(result.name, quality) for quality in result.labels)


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
    return {"subjects": result.name, **values, **rest}


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
    write_csv(path, names, rows)
