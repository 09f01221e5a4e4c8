"""The charts and table nodes of all modules, as Slicer's views show them."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from KneeCartilageSegLib.findreference.study import Evaluation
from KneeCartilageSegLib.quality.compare import PairQuality
from KneeCartilageSegLib.quality.metrics import METRICS, LabelQuality

pytest_plugins = ["slicer_testbed.plugin"]

VOLUMES = ("segmentation_volume", "truth_volume")


def quality(number, label="any", missing=()):
    """Values that differ from pair to pair and from metric to metric, volumes thousands of times as large."""
    values = {metric.key: 0.5 + 0.01 * (number % 17) + 0.1 * index for index, metric in enumerate(METRICS)}
    values.update({key: 20_000 * values[key] for key in VOLUMES}, **dict.fromkeys(missing, math.nan))
    return LabelQuality(label=label, tolerance=1.0, worst_error=None, note="", **values)


def pairs(count, **options):
    return [PairQuality(f"{number:03}_DESS_prep_fc", (quality(number, **options),)) for number in range(count)]


RESULTS = {
    "one pair": pairs(1),
    "two pairs": pairs(2),
    "equal pairs": [PairQuality(name, (quality(3),)) for name in "ab"],
    "forty pairs": pairs(40),
    "a value is missing": [*pairs(3), PairQuality("empty", (quality(7, missing=("hausdorff",)),))],
    "a pair failed": [*pairs(3), PairQuality("failed", (), "cannot be read")],
    "two labels": [PairQuality(name, (quality(1, 1), quality(9, 2))) for name in "abc"],
}


@pytest.fixture
def bed(slicer_app):
    return slicer_app


@pytest.fixture
def show(bed):
    """Shows a chart; returns the view and draws it."""
    import slicer
    from KneeCartilageSegLib.slicer_support.charts import show_chart

    def shown(chart):
        show_chart(chart)
        view = slicer.app.layoutManager().plotWidget(0).plotView()
        view.renderWindow().Render()
        return view

    return shown


def axis_range(view, name):
    import vtk

    axis = view.chart().GetAxis(getattr(vtk.vtkAxis, name))
    return np.array([axis.GetUnscaledMinimum(), axis.GetUnscaledMaximum()])


def tick_labels(view, name):
    import vtk

    axis = view.chart().GetAxis(getattr(vtk.vtkAxis, name))
    labels, positions = axis.GetTickLabels(), axis.GetTickPositions()
    return {positions.GetValue(n): labels.GetValue(n) for n in range(labels.GetNumberOfValues())}


def plotted(view):
    """The points (n x 2) of all plots that have a place."""
    found = []
    for number in range(view.chart().GetNumberOfPlots()):
        plot = view.chart().GetPlot(number)
        assert not plot.GetUseIndexForXSeries(), "Slicer would count"
        mapper, table = plot.GetData(), plot.GetInput()
        columns = [mapper.GetInputAbstractArrayToProcess(axis, table) for axis in (0, 1)]
        found += zip(*([column.GetValue(row) for row in range(column.GetNumberOfValues())] for column in columns))
    points = np.array(found)
    return points[~np.isnan(points).any(axis=1)]


def assert_off_the_frame(values, shown, part=0.03):
    low, high = shown
    assert np.all(values >= low + part * (high - low))
    assert np.all(values <= high - part * (high - low))


@pytest.mark.parametrize("results", RESULTS.values(), ids=RESULTS)
def test_quality_plots_follow_the_metric(show, results, bed):
    """In one view, as a user changes the metric: points off the frame, names of pairs and bins on the axis."""
    from SegmentationQualityLib.result_nodes import PlotChoice, update_charts

    for metric in METRICS:
        charts = update_charts("study", results, metric)
        values = [getattr(each, metric.key) for result in results for each in result.labels]
        present = [value for value in values if not math.isnan(value)]

        view = show(charts[PlotChoice.SUBJECTS])
        points = plotted(view)
        assert set(points[:, 0]) == set(present)
        assert_off_the_frame(points[:, 0], axis_range(view, "BOTTOM"))
        assert_off_the_frame(points[:, 1], axis_range(view, "LEFT"), 0.01)
        if present:
            assert np.ptp(axis_range(view, "BOTTOM")) < 1.3 * (np.ptp(present) or 0.1 * present[0])
        names = tick_labels(view, "LEFT")
        assert [names[row] for row in sorted(names, reverse=True)] == [
            result.name
            if any(not math.isnan(getattr(each, metric.key)) for each in result.labels)
            else f"{result.name}: no value"
            for result in results
        ]
        assert set(points[:, 1]) <= set(names)

        view = show(charts[PlotChoice.DISTRIBUTION])
        bars = plotted(view)
        assert bars[:, 1].sum() == len(present)
        assert_off_the_frame(bars[:, 0], axis_range(view, "BOTTOM"))
        assert axis_range(view, "LEFT")[0] == 0
        assert_off_the_frame(bars[:, 1], axis_range(view, "LEFT") * (1, 1) - (1, 0))
        edges = tick_labels(view, "BOTTOM")
        assert [float(text) for text in edges.values()] == pytest.approx(list(edges), rel=1e-3)
        assert "e" not in "".join(edges.values())
        assert all(text.isdigit() for text in tick_labels(view, "LEFT").values()), "pairs are counted"
    assert bed.complaints == []


def test_names_of_very_many_pairs_do_not_run_into_each_other(show):
    from SegmentationQualityLib.result_nodes import PlotChoice, update_charts

    chart = update_charts("study", pairs(200), METRICS[0])[PlotChoice.SUBJECTS]
    names = [name for name in tick_labels(show(chart), "LEFT").values() if name]
    assert 30 <= len(names) <= 45


def test_ticks_go_with_their_chart(bed, show):
    """Another module's chart in the same view has Slicer's own numbers."""
    import slicer
    from SegmentationQualityLib.result_nodes import PlotChoice, update_charts

    ours = update_charts("study", pairs(3), METRICS[0])[PlotChoice.SUBJECTS]
    view = show(ours)
    other = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLPlotChartNode", "Other")
    other.AddAndObservePlotSeriesNodeID(ours.GetNthPlotSeriesNodeID(0))
    view.mrmlPlotViewNode().SetPlotChartNodeID(other.GetID())
    view.renderWindow().Render()
    assert "000_DESS_prep_fc" not in tick_labels(view, "LEFT").values()
    view.mrmlPlotViewNode().SetPlotChartNodeID(ours.GetID())
    assert "000_DESS_prep_fc" in tick_labels(view, "LEFT").values()


def state_of(*studies):
    from FindReferenceLib.state import SeedStudy, StudyState

    state = StudyState()
    state.images = ("k1", "k2")
    for seed, distances in studies:
        evaluations = [Evaluation(reference, distance, {}, {}, {}) for reference, distance in distances]
        state.studies[seed] = SeedStudy(seed, evaluations)
    return state


def test_convergence_plot_follows_the_search(bed, show):
    """From seeds without an iteration on, at every step, and without complaints of VTK's."""
    from FindReferenceLib.result_nodes import update_plot

    steps = [
        state_of(("k1", []), ("k2", [])),
        state_of(("k1", [("k1", 2.0)]), ("k2", [])),
        state_of(("k1", [("k1", 2.0), ("k3", 1.5)]), ("k2", [("k2", 7.5)])),
        state_of(("k1", [(f"k{number}", 40.0 / number) for number in range(1, 13)]), ("k2", [("k2", 7.5)])),
    ]
    for state in steps:
        view = show(update_plot("study: convergence", state))
        points = plotted(view)
        expected = [(i + 1.0, e.distance) for s in state.studies.values() for i, e in enumerate(s.evaluations)]
        assert {tuple(point) for point in points} == set(expected)
        assert_off_the_frame(points[:, 0], axis_range(view, "BOTTOM"))
        assert_off_the_frame(points[:, 1], axis_range(view, "LEFT"))
        assert axis_range(view, "LEFT")[0] == 0
        ticks = tick_labels(view, "BOTTOM")
        assert all(float(text) == position == round(position) for position, text in ticks.items())
        for number in range(view.chart().GetNumberOfPlots()):
            view.chart().GetPlot(number).GetLabel().encode("latin-1")  # VTK's font has little else: no arrows
    assert bed.complaints == []


def table_nodes():
    """One of each table node of ours that people look at."""
    from FindReferenceLib.result_nodes import update_distances
    from KneeCartilageSegLib.segmentation.summary import COLUMNS
    from KneeCartilageSegLib.slicer_support.result_nodes import KneeResult, table_node, write_table
    from SegmentationQualityLib.result_nodes import _update_summary, _update_table

    row = {column.key: 12345.678901 if column.unit else "text" for column in COLUMNS}
    knees = table_node("knees")
    write_table(knees, [KneeResult("k1", None, None, {}, {}, "", row)])
    state = state_of(("k1", [("k1", 2.0)]))
    state.studies["k1"].evaluations[0] = Evaluation("k1", 2.0, {"k1": 12.345678, "k2": 0.00123456}, {}, {})
    return [
        knees,
        update_distances("distances", state),
        _update_table("quality", RESULTS["forty pairs"]),
        _update_summary("summary", RESULTS["forty pairs"]),
    ]


def test_table_nodes_can_be_read(bed):
    """In Slicer's table view: a unit once, numbers with four digits and no exponent."""
    import qt
    import slicer

    for node in table_nodes():
        view = slicer.qMRMLTableView()
        view.setMRMLTableNode(node)
        model = view.model()
        for column in range(model.columnCount()):
            heading = model.headerData(column, qt.Qt.Horizontal)
            unit = node.GetColumnUnitLabel(node.GetColumnName(column))
            assert not unit or len(re.findall(rf"[\[(]{re.escape(unit)}[\])]", heading)) == 1, heading
            assert "[1]" not in heading
            if node.GetTable().GetColumn(column).GetClassName() == "vtkDoubleArray":
                for text in (model.index(row, column).data() for row in range(model.rowCount())):
                    digits = text.replace(".", "").lstrip("-0").rstrip("0")
                    assert len(digits) <= 4, f"{heading}: {text}"
