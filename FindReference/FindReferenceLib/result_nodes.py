"""A search for a reference as nodes: the convergence plot, and the table of distances.

All functions can be called again and again while a search goes on: they find the nodes that they made before, and bring
them up to date.
"""

from __future__ import annotations

from typing import Any

from KneeCartilageSegLib.findreference.study import Ending, Evaluation
from KneeCartilageSegLib.lists.names import short_name
from KneeCartilageSegLib.slicer_support.charts import (
    Axis,
    legend_room,
    points,
    set_axes,
    set_series,
    style_points,
    whole_numbers,
)
from KneeCartilageSegLib.slicer_support.columns import describe, lock, measurements, texts
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
    series = [_update_series(name, number, study) for number, study in enumerate(state.studies.values())]
    set_series(chart, series)
    chart.SetLegendVisibility(True)  # the path of a single seed is worth reading, too
    studies = [study.evaluations for study in state.studies.values()]
    longest = max(3, *map(len, studies), 0)
    highest = max((found.distance for evaluations in studies for found in evaluations), default=0.0)
    set_axes(
        chart,
        Axis(_("Iteration"), (0.5, longest + 0.5), whole_numbers(1, longest)),
        Axis(_("Distance of the reference from the mean (mm)"), (0.0, (_ROOM + legend_room(series)) * highest or 1.0)),
    )
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
    style_points(series, number, connected=True)
    return series


def _series_title(study: SeedStudy) -> str:
    """The path of a study, which the legend shows: points have their labels only under the mouse.

    Without an arrow: VTK's font for plots has none, and draws nothing in its place.
    """
    path = " > ".join(short_name(evaluation.reference) for evaluation in study.evaluations) or short_name(study.seed)
    endings = {
        Ending.CONVERGED.value: _("{path} (converged)"),
        Ending.CYCLE.value: _("{path} (cycle)"),
        Ending.STOPPED.value: _("{path} (stopped)"),
        Ending.FAILED.value: _("{path} (failed)"),
        Ending.CANCELLED.value: _("{path} (cancelled)"),
    }
    return endings.get(study.ending, _("{path} ...")).format(path=path)


def _fill_series_table(table: Any, evaluations: list[Evaluation]) -> None:
    references = [short_name(evaluation.reference) for evaluation in evaluations]
    iterations = [float(number) for number in range(1, len(evaluations) + 1)]
    values = {ITERATION: iterations, DISTANCE: [evaluation.distance for evaluation in evaluations]}
    modifying = table.StartModify()
    table.RemoveAllColumns()
    for column in points(references, values, REFERENCE):
        table.AddColumn(column)
    describe(table, ITERATION, _("Iteration"))
    describe(table, DISTANCE, _("Distance"), _("Of the reference from the mean of all knees"), "mm")
    describe(table, REFERENCE, _("Reference"))
    lock(table)
    table.EndModify(modifying)


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
        node.AddColumn(
            measurements(reference, [evaluation.distances.get(image, float("nan")) for image in state.images])
        )
    node.AddColumn(texts(REMARKS, [remarks(state, image, "; ") for image in state.images]))
    describe(node, IMAGE, _("Knee"))
    describe(node, REMARKS, _("Remarks"))
    for reference in references:
        description = _("Distance from the mean with '{reference}' as reference").format(reference=reference)
        describe(node, reference, short_name(reference), description, "mm")
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
            text = _("needs review with reference {reference}: {why}")
            said.append(text.format(reference=reference, why=evaluation.doubts[image]))
    return separator.join(said)
