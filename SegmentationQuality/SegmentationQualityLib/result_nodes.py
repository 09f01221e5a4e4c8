"""The results of a comparison as nodes: tables, plots, and the record from which all can be made again."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import slicer
from KneeCartilageSegLib.lists.names import shortened
from KneeCartilageSegLib.quality.compare import PairQuality
from KneeCartilageSegLib.quality.metrics import METRICS, Metric
from KneeCartilageSegLib.quality.plots import distribution_bins
from KneeCartilageSegLib.quality.record import is_quality_record, results_of_record
from KneeCartilageSegLib.quality.tables import all_columns, labels_of, summarize, table_rows, values_of
from KneeCartilageSegLib.slicer_support.charts import (
    Axis,
    legend_room,
    points,
    range_of,
    set_axes,
    set_series,
    style_bars,
    style_points,
    whole_numbers,
)
from KneeCartilageSegLib.slicer_support.columns import describe, four_digits, lock, measurements, numbers, texts
from KneeCartilageSegLib.slicer_support.result_nodes import named_node
from KneeCartilageSegLib.slicer_support.words import metric_heading, translated
from slicer.i18n import tr as _

_NAME = "KneeCartilageSeg.Name"  # attribute of a record node: the data set
_VOLUME_ROLE = "KneeCartilageSeg.Volume"  # and the number of the pair
_SUBJECT, _ROW, _RANGE, _MIDDLE = "subject", "row", "range", "middle"  # columns of plots' tables
_ROW_ROOM = 0.7  # rows between the first or last one and the frame
_FEW_ROWS, _LARGE_FONT, _SMALL_FONT = 16, 12, 9  # sizes in points
_MOST_NAMES, _MOST_EDGES = 45, 8  # on an axis


class PlotChoice(Enum):
    """What a plot shows, as a user chooses."""

    SUBJECTS = "subjects"
    DISTRIBUTION = "distribution"

    def label(self) -> str:
        return {PlotChoice.SUBJECTS: _("Each pair"), PlotChoice.DISTRIBUTION: _("Distribution")}[self]


@dataclass(frozen=True)
class QualityNodes:
    """The nodes of a comparison.

    :param record: text node, the provenance record with all results.
    :param table: table node, a row for each pair and label.
    :param summary: table node, a row for each metric and label.
    :param charts: plot chart nodes of one metric.
    :param metric: which one.
    """

    record: Any
    table: Any
    summary: Any
    charts: Mapping[PlotChoice, Any]
    metric: Metric


def update_quality_nodes(
    name: str, record: Mapping[str, Any], volumes: Sequence[Any] = (), metric: Metric = METRICS[0]
) -> QualityNodes:
    """Make the nodes of a comparison, or bring those of an earlier one with the same name up to date.

    :param name: of the data set.
    :param volumes: the volume node of each pair's image, or None.
    """
    results = results_of_record(record)
    node = named_node("vtkMRMLTextNode", _("{name}: record").format(name=name))
    node.SetAttribute(_NAME, name)
    node.SetText(json.dumps(record, indent=1))
    for number, volume in enumerate(volumes):
        node.SetNodeReferenceID(f"{_VOLUME_ROLE}{number}", volume and volume.GetID())
    table = _update_table(_("{name}: quality").format(name=name), results)
    summary = _update_summary(_("{name}: summary").format(name=name), results)
    return QualityNodes(node, table, summary, update_charts(name, results, metric), metric)


def read_record_node(node: Any) -> dict[str, Any] | None:
    """The record in a text node; None if it has none."""
    try:
        record = json.loads(node.GetText() or "")
    except ValueError:
        return None
    return record if is_quality_record(record) else None


def name_of_record(node: Any) -> str:
    """The data set that a record is about."""
    return node.GetAttribute(_NAME) or node.GetName()


def volume_of_record(node: Any, number: int) -> Any:
    """The volume node of a pair's image; None if it has none in the scene."""
    return node.GetNodeReference(f"{_VOLUME_ROLE}{number}")


def update_charts(name: str, results: Sequence[PairQuality], metric: Metric) -> dict[PlotChoice, Any]:
    """The plot chart nodes of a metric: the value of each pair, and their distribution."""
    return {
        PlotChoice.SUBJECTS: _update_subjects(name, results, metric),
        PlotChoice.DISTRIBUTION: _update_distribution(name, results, metric),
    }


def show_table(node: Any) -> None:
    """Show a table node beside slices and surfaces; without a window nothing happens."""
    manager = slicer.app.layoutManager()
    if manager is None:
        return
    if not (manager.tableViewCount and manager.threeDViewCount):
        manager.setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpTableView)
    slicer.app.applicationLogic().GetSelectionNode().SetActiveTableID(node.GetID())
    slicer.app.applicationLogic().PropagateTableSelection()


def _update_table(name: str, results: Sequence[PairQuality]) -> Any:
    """A row for each pair and label: numbers as numbers with four digits, missing ones as NaN, units in the
    column properties.

    The columns' names are those of the csv files and not translated; their titles are.
    """
    rows = table_rows(results)
    node = named_node("vtkMRMLTableNode", name)
    modifying = node.StartModify()
    node.RemoveAllColumns()
    by_column = {metric.column: metric for metric in METRICS}
    for column in all_columns():
        is_number = column in by_column or column == "tolerance_mm"
        values = [row[column] for row in rows]
        node.AddColumn(measurements(column, values) if is_number else texts(column, values))
    titles = {"subjects": _("Pair"), "label": _("Label"), "status": _("Status"), "note": _("Note")}
    for column, title in titles.items():
        describe(node, column, title)
    for metric in METRICS:
        describe(node, metric.column, translated(metric.title), translated(metric.description), metric.unit)
    describe(node, "tolerance_mm", _("Tolerance"), _("Of the surface Dice"), "mm")
    lock(node)
    node.EndModify(modifying)
    return node


def _update_summary(name: str, results: Sequence[PairQuality]) -> Any:
    summaries = summarize(results)
    node = named_node("vtkMRMLTableNode", name)
    modifying = node.StartModify()
    node.RemoveAllColumns()
    for column, title, attribute in (
        ("n", "n", "n"),
        ("missing", _("Missing"), "missing"),
        ("mean", _("Mean"), "mean"),
        ("std", _("Std"), "std"),
        ("median", _("Median"), "median"),
        ("min", _("Min"), "minimum"),
        ("max", _("Max"), "maximum"),
    ):
        if column == "n":
            for key, heading, values in (
                ("metric", _("Metric"), [_(s.metric.title) for s in summaries]),
                ("unit", _("Unit"), [s.metric.unit for s in summaries]),
                ("label", _("Label"), [s.label for s in summaries]),
            ):
                node.AddColumn(texts(key, values))
                describe(node, key, heading)
        node.AddColumn(measurements(column, [float(getattr(s, attribute)) for s in summaries]))
        describe(node, column, title)
    lock(node)
    node.EndModify(modifying)
    return node


def _update_subjects(name: str, results: Sequence[PairQuality], metric: Metric) -> Any:
    """A row for each pair, from top to bottom as in the table, with a point for each label."""
    title = _("{name}: each pair").format(name=name)
    by_label = {label: values_of(results, metric, label) for label in labels_of(results)}
    rows = [float(-number) for number in range(1, len(results) + 1)]
    columns = points([result.name for result in results], {_ROW: rows, **by_label}, _SUBJECT)
    chart = _chart(title, name, metric)
    series = _update_series(title, _plot_table(title, columns, metric), list(by_label), _SUBJECT)
    for number, node in enumerate(series):
        node.SetXColumnName(node.GetYColumnName())
        node.SetYColumnName(_ROW)
        style_points(node, number, connected=False)
    set_series(chart, series)
    values = [value for found in by_label.values() for value in found]
    missing = [all(math.isnan(found[number]) for found in by_label.values()) for number in range(len(results))]
    names = _row_names([result.name for result in results], missing)
    highest = _ROW_ROOM - 1.0 + len(results) * legend_room(series)
    set_axes(
        chart,
        Axis(metric_heading(metric), range_of(values)),
        Axis("", (-len(results) - _ROW_ROOM, highest), dict(zip(rows, names))),
    )
    chart.SetAxisLabelFontSize(_LARGE_FONT if len(results) <= _FEW_ROWS else _SMALL_FONT)
    return chart


def _row_names(subjects: Sequence[str], missing: Sequence[bool]) -> list[str]:
    """The names of pairs for an axis; of very many only some, so that they can be read."""
    step = math.ceil(len(subjects) / _MOST_NAMES)
    names = []
    for number, subject in enumerate(subjects):
        text = _("{name}: no value").format(name=shortened(subject, 20)) if missing[number] else shortened(subject, 28)
        names.append(text if number % step == 0 else "")
    return names


def _update_distribution(name: str, results: Sequence[PairQuality], metric: Metric) -> Any:
    """A histogram, with bars for each label."""
    title = _("{name}: distribution").format(name=name)
    histogram = _histogram(results, metric)
    bins = list(zip(histogram.edges, histogram.edges[1:]))
    ranges = [f"{four_digits(low):g} - {four_digits(high):g}" for low, high in bins]
    columns = [texts(_RANGE, ranges), numbers(_MIDDLE, [(low + high) / 2 for low, high in bins])]
    columns += [numbers(label, counts) for label, counts in histogram.counts.items()]
    chart = _chart(title, name, metric)
    series = _update_series(title, _plot_table(title, columns, metric), list(histogram.counts), _RANGE)
    for number, node in enumerate(series):
        node.SetXColumnName(_MIDDLE)
        style_bars(node, number)
    set_series(chart, series)
    highest = max(1, *(round(count) for counts in histogram.counts.values() for count in counts))
    set_axes(
        chart,
        Axis(
            metric_heading(metric),
            range_of(histogram.edges),
            {tick: f"{four_digits(tick):g}" for tick in histogram.ticks},
        ),
        Axis(_("Number of pairs"), (0.0, highest * (1.1 + legend_room(series))), whole_numbers(0, highest)),
    )
    return chart


@dataclass(frozen=True)
class _Histogram:
    """Of at least three bins, as Slicer takes the width of bars from the distance of the first two.

    :param edges: of the bins.
    :param counts: in each bin, by label.
    :param ticks: the values to name.
    """

    edges: Sequence[float]
    counts: Mapping[str, Sequence[float]]
    ticks: Sequence[float]


def _histogram(results: Sequence[PairQuality], metric: Metric) -> _Histogram:
    edges, counts = distribution_bins(results, metric)
    if len(edges) == 0:
        return _Histogram((-0.5, 0.5, 1.5, 2.5), dict.fromkeys(counts, (0.0, 0.0, 0.0)), ())
    if len(edges) == 2:  # of values that are all equal, or of two in one bin
        width = float(np.ptp(edges)) or 0.02 * abs(edges[0]) or 0.02
        middle = float(edges.mean())
        ticks = edges.tolist() if np.ptp(edges) else (middle,)
        outer = [middle + step * width for step in (-1.5, -0.5, 0.5, 1.5)]
        return _Histogram(outer, {label: (0.0, float(found[0]), 0.0) for label, found in counts.items()}, ticks)
    step = math.ceil(len(edges) / _MOST_EDGES)
    values = {label: found.astype(float).tolist() for label, found in counts.items()}
    return _Histogram(edges.tolist(), values, edges[::step].tolist())


def _plot_table(name: str, columns: Sequence[Any], metric: Metric) -> Any:
    table = named_node("vtkMRMLTableNode", name)
    modifying = table.StartModify()
    table.RemoveAllColumns()
    for column in columns:
        table.AddColumn(column)
    for column in columns:
        describe(table, column.GetName(), column.GetName(), translated(metric.title))
    lock(table)
    table.EndModify(modifying)
    return table


def _chart(title: str, name: str, metric: Metric) -> Any:
    chart = named_node("vtkMRMLPlotChartNode", title)
    chart.SetTitle(f"{name}: {translated(metric.title)}")
    chart.SetGridVisibility(True)
    return chart


def _update_series(title: str, table: Any, labels: Sequence[str], names: str) -> list[Any]:
    """A series for each label, with its values as y."""
    series = [named_node("vtkMRMLPlotSeriesNode", f"{title}: {label}") for label in labels]
    for node, label in zip(series, labels):
        node.SetName(_("all") if label == "any" else _("label {label}").format(label=label))
        node.SetAndObserveTableNodeID(table.GetID())
        node.SetYColumnName(label)
        node.SetLabelColumnName(names)
    return series
