"""A search for a reference as nodes: the convergence plot, and the table of distances.

All functions can be called again and again while a search goes on: they find the nodes that they made before, and bring
them up to date.
"""

from __future__ import annotations

from typing import Any

import slicer
from KneeCartilageSegLib.findreference.study import Ending, Evaluation
from KneeCartilageSegLib.lists.names import short_name
from KneeCartilageSegLib.slicer_support.columns import COLORS, describe, lock, numbers, texts
from KneeCartilageSegLib.slicer_support.result_nodes import named_node
from slicer.i18n import tr as _

from .state import SeedStudy, StudyState

ITERATION, DISTANCE, REFERENCE = "iteration", "distance_mm", "reference"  # columns of a plot's tables
IMAGE, REMARKS = "image", "remarks"  # columns of the table of distances, besides one for each reference
_ROOM = 1.15  # above the highest point


def update_study_nodes(name: str, state: StudyState) -> tuple[Any, Any]:
    """The plot chart node and the table node of distances of a search.

    :param name: of the data set.
    """
    chart = update_plot(_("{name}: convergence").format(name=name), state)
    return chart, update_distances(_("{name}: distances").format(name=name), state)


def update_plot(name: str, state: StudyState) -> Any:
    """The plot chart node: how far the reference of each iteration is from the mean, a series for each seed."""
    chart = named_node("vtkMRMLPlotChartNode", name)
    chart.SetTitle(name)
    chart.SetXAxisTitle(_("Iteration"))
    chart.SetYAxisTitle(_("Distance of the reference from the mean (mm)"))
    chart.SetLegendVisibility(True)
    series = [_update_series(name, number, study) for number, study in enumerate(state.studies.values())]
    wanted = [node.GetID() for node in series]
    shown: list[str] = []
    chart.GetPlotSeriesNodeIDs(shown)
    if shown != wanted:
        chart.RemoveAllPlotSeriesNodeIDs()
        for node_id in wanted:
            chart.AddAndObservePlotSeriesNodeID(node_id)
    _set_ranges(chart, [study.evaluations for study in state.studies.values()])
    return chart


def _update_series(name: str, number: int, study: SeedStudy) -> Any:
    table = named_node("vtkMRMLTableNode", _("{name}: seed {seed}").format(name=name, seed=short_name(study.seed)))
    _fill_series_table(table, study.evaluations)
    series = named_node("vtkMRMLPlotSeriesNode", table.GetName())
    series.SetName(_series_title(study))
    series.SetAndObserveTableNodeID(table.GetID())
    series.SetXColumnName(ITERATION)
    series.SetYColumnName(DISTANCE)
    series.SetLabelColumnName(REFERENCE)
    series.SetPlotType(series.PlotTypeScatter)
    series.SetLineStyle(series.LineStyleSolid)
    series.SetLineWidth(2)
    series.SetMarkerStyle(series.MarkerStyleCircle)
    series.SetMarkerSize(10)
    series.SetColor(*(value / 255 for value in COLORS[number % len(COLORS)]))
    return series


def _series_title(study: SeedStudy) -> str:
    """The path of a study, which the legend shows: points have their labels only under the mouse."""
    path = " → ".join(short_name(evaluation.reference) for evaluation in study.evaluations) or short_name(study.seed)
    endings = {
        Ending.CONVERGED.value: _("{path} (converged)"),
        Ending.CYCLE.value: _("{path} (cycle)"),
        Ending.STOPPED.value: _("{path} (stopped)"),
        Ending.FAILED.value: _("{path} (failed)"),
        Ending.CANCELLED.value: _("{path} (cancelled)"),
    }
    return endings.get(study.ending, _("{path} ...")).format(path=path)


def _fill_series_table(table: Any, evaluations: list[Evaluation]) -> None:
    iterations = numbers(ITERATION, [float(number) for number in range(1, len(evaluations) + 1)])
    distances = numbers(DISTANCE, [evaluation.distance for evaluation in evaluations])
    references = texts(REFERENCE, [short_name(evaluation.reference) for evaluation in evaluations])
    modifying = table.StartModify()
    table.RemoveAllColumns()
    for column in (iterations, distances, references):
        table.AddColumn(column)
    describe(table, ITERATION, _("Iteration"))
    describe(table, DISTANCE, _("Distance"), _("Of the reference from the mean of all knees"), "mm")
    describe(table, REFERENCE, _("Reference"))
    lock(table)
    table.EndModify(modifying)


def _set_ranges(chart: Any, studies: list[list[Evaluation]]) -> None:
    """From the first iteration to the last one, whole numbers only, and from zero."""
    longest = max((len(evaluations) for evaluations in studies), default=0)
    highest = max((found.distance for evaluations in studies for found in evaluations), default=0.0)
    chart.SetXAxisRangeAuto(False)
    chart.SetXAxisRange(0.5, max(longest, 3) + 0.5)
    chart.SetYAxisRangeAuto(False)
    chart.SetYAxisRange(0.0, _ROOM * highest or 1.0)


def update_distances(name: str, state: StudyState) -> Any:
    """The table node of distances: a row for each knee, a column (mm) for each reference that was visited.

    A distance is that of the knee's displacement field from the mean field. It is NaN where the registration failed;
    the remarks say why.
    """
    node = named_node("vtkMRMLTableNode", name)
    references = state.references
    modifying = node.StartModify()
    node.RemoveAllColumns()
    node.AddColumn(texts(IMAGE, state.images))
    for reference, evaluation in references.items():
        node.AddColumn(numbers(reference, [evaluation.distances.get(image, float("nan")) for image in state.images]))
    node.AddColumn(texts(REMARKS, [remarks(state, image, "; ") for image in state.images]))
    describe(node, IMAGE, _("Knee"))
    describe(node, REMARKS, _("Remarks"))
    for reference in references:
        title = _("{reference} (mm)").format(reference=short_name(reference))
        description = _("Distance from the mean with '{reference}' as reference").format(reference=reference)
        describe(node, reference, title, description, "mm")
    lock(node)
    node.EndModify(modifying)
    return node


def remarks(state: StudyState, image: str, separator: str = "\n") -> str:
    """What there is to say about the registrations of a knee: why they failed, or what should be looked at."""
    said = []
    for reference, evaluation in state.references.items():
        if image in evaluation.failed:
            text = _("failed with reference {reference}: {why}")
            said.append(text.format(reference=reference, why=evaluation.failed[image]))
        elif image in evaluation.doubts:
            text = _("look at it with reference {reference}: {why}")
            said.append(text.format(reference=reference, why=evaluation.doubts[image]))
    return separator.join(said)


def show_plot(chart: Any) -> None:
    """Show the chart beside slices and surfaces; without a window nothing happens."""
    manager = slicer.app.layoutManager()
    if manager is None:
        return
    if not (manager.plotViewCount and manager.threeDViewCount):
        manager.setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutConventionalPlotView)
    selection = slicer.app.applicationLogic().GetSelectionNode()
    selection.SetActivePlotChartID(chart.GetID())
    slicer.app.applicationLogic().PropagatePlotChartSelection()
