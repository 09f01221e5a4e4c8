"""The results of a comparison as nodes: tables, plots, and the record from which all can be made again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import slicer
from KneeCartilageSegLib.quality.compare import PairQuality
from KneeCartilageSegLib.quality.metrics import METRICS, Metric
from KneeCartilageSegLib.quality.plots import distribution_bins
from KneeCartilageSegLib.quality.record import is_quality_record, results_of_record
from KneeCartilageSegLib.quality.tables import all_columns, labels_of, summarize, table_rows, values_of
from KneeCartilageSegLib.slicer_support.columns import COLORS, describe, lock, numbers, texts
from KneeCartilageSegLib.slicer_support.result_nodes import named_node
from slicer.i18n import tr as _

_NAME = "KneeCartilageSeg.Name"  # attribute of a record node: the data set
_VOLUME_ROLE = "KneeCartilageSeg.Volume"  # and the number of the pair
_SUBJECT, _POSITION, _RANGE = "subject", "position", "range"


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
    """A row for each pair and label: numbers as numbers, missing ones as NaN, units in the column properties.

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
        node.AddColumn(numbers(column, values) if is_number else texts(column, values))
    titles = {"subjects": _("Pair"), "label": _("Label"), "status": _("Status"), "note": _("Note")}
    for column, title in titles.items():
        describe(node, column, title)
    for metric in METRICS:
        describe(node, metric.column, _(metric.heading), _(metric.description), metric.unit)
    describe(node, "tolerance_mm", _("Tolerance (mm)"), _("Of the surface Dice"), "mm")
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
        node.AddColumn(numbers(column, [float(getattr(s, attribute)) for s in summaries]))
        describe(node, column, title)
    lock(node)
    node.EndModify(modifying)
    return node


def _update_subjects(name: str, results: Sequence[PairQuality], metric: Metric) -> Any:
    """A point for each pair, a series for each label."""
    labels = labels_of(results)
    title = _("{name}: each pair").format(name=name)
    columns = [texts(_SUBJECT, [result.name for result in results])]
    columns += [numbers(label, values_of(results, metric, label)) for label in labels]
    table = _plot_table(title, columns, metric)
    chart = _chart(title, name, metric)
    chart.SetXAxisTitle("")
    chart.SetYAxisTitle(_(metric.heading))
    series = [_series(title, table, label, number, _SUBJECT) for number, label in enumerate(labels)]
    for node in series:
        node.SetPlotType(node.PlotTypeLine)
        node.SetLineStyle(node.LineStyleNone)
        node.SetMarkerStyle(node.MarkerStyleCircle)
        node.SetMarkerSize(10)
    return _with_series(chart, series)


def _update_distribution(name: str, results: Sequence[PairQuality], metric: Metric) -> Any:
    """A histogram, with bars for each label."""
    labels = labels_of(results)
    title = _("{name}: distribution").format(name=name)
    edges, counts = distribution_bins(results, metric)
    ranges = [f"{low:.3g} - {high:.3g}" for low, high in zip(edges, edges[1:])]
    columns = [texts(_RANGE, ranges), numbers(_POSITION, ((edges[:-1] + edges[1:]) / 2).tolist())]
    columns += [numbers(label, counts[label].astype(float).tolist()) for label in labels]
    table = _plot_table(title, columns, metric)
    chart = _chart(title, name, metric)
    chart.SetXAxisTitle(_(metric.heading))
    chart.SetYAxisTitle(_("Number of pairs"))
    series = [_series(title, table, label, number, _RANGE) for number, label in enumerate(labels)]
    for node in series:
        node.SetPlotType(node.PlotTypeBar)
    chart.SetYAxisRangeAuto(False)
    highest = max((values.max() for values in counts.values() if len(values)), default=0)
    chart.SetYAxisRange(0.0, float(highest) * 1.1 or 1.0)
    return _with_series(chart, series)


def _plot_table(name: str, columns: Sequence[Any], metric: Metric) -> Any:
    table = named_node("vtkMRMLTableNode", name)
    modifying = table.StartModify()
    table.RemoveAllColumns()
    for column in columns:
        table.AddColumn(column)
    for column in columns:
        describe(table, column.GetName(), column.GetName(), _(metric.title))
    lock(table)
    table.EndModify(modifying)
    return table


def _chart(title: str, name: str, metric: Metric) -> Any:
    chart = named_node("vtkMRMLPlotChartNode", title)
    chart.SetTitle(f"{name}: {_(metric.title)}")
    chart.SetGridVisibility(True)
    return chart


def _series(title: str, table: Any, label: str, number: int, label_column: str) -> Any:
    node = named_node("vtkMRMLPlotSeriesNode", f"{title}: {label}")
    node.SetName(_("all") if label == "any" else _("label {label}").format(label=label))
    node.SetAndObserveTableNodeID(table.GetID())
    node.SetYColumnName(label)
    node.SetLabelColumnName(label_column)
    node.SetColor(*(np.array(COLORS[number % len(COLORS)]) / 255).tolist())
    return node


def _with_series(chart: Any, series: Sequence[Any]) -> Any:
    wanted = [node.GetID() for node in series]
    shown: list[str] = []
    chart.GetPlotSeriesNodeIDs(shown)
    if shown != wanted:
        chart.RemoveAllPlotSeriesNodeIDs()
        for node_id in wanted:
            chart.AddAndObservePlotSeriesNodeID(node_id)
    chart.SetLegendVisibility(len(series) > 1)
    return chart
