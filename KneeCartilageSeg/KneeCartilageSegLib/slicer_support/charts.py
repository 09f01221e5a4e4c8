"""Charts of plot nodes: axes that follow their values, and names on them.

Slicer's plot view scales an axis by itself when a plot is added to it and not when values change, puts the first and
the last point on the frame, and labels axes with numbers only. So a chart gets its ranges here, and ticks (names of
pairs, whole numbers, edges of bins), which are kept in the chart node and drawn on the axes of every plot view that
shows it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import slicer
import vtk

from ..colors import SERIES, rgb
from .columns import numbers, texts

_TICKS = "KneeCartilageSeg.Ticks"
_MARKER_SIZE = 10  # points
_ROOM = 0.06  # of an axis, beyond its first and its last value
_MOST_NUMBERS = 8  # on an axis
_LEGEND_LINE = 0.055  # of an axis, in a view of usual height


@dataclass(frozen=True)
class Axis:
    """An axis of a chart.

    :param title: with the unit.
    :param range: its two ends.
    :param ticks: texts by position; None leaves the numbers to Slicer.
    """

    title: str
    range: tuple[float, float]
    ticks: Mapping[float, str] | None = None


def range_of(values: Iterable[float]) -> tuple[float, float]:
    """A range in which all values (NaN is none) are off the frame."""
    present = [value for value in values if math.isfinite(value)]
    if not present:
        return 0.0, 1.0
    low, high = min(present), max(present)
    room = _ROOM * (high - low) or _ROOM * abs(high) or 1.0
    return low - room, high + room


def whole_numbers(first: int, last: int) -> dict[float, str]:
    """Ticks at whole numbers, which are not too many to be read."""
    step = max(1, math.ceil((last - first) / _MOST_NUMBERS))
    return {float(number): str(number) for number in range(first, last + 1, step)}


def points(names: Sequence[str], columns: Mapping[str, Sequence[float]], label: str) -> list[Any]:
    """The columns of a table of points, of which there are at least two.

    VTK draws no line through fewer: it complains in Slicer's log each time that it draws. A lonely point stands there
    twice, and a point without values where there is none.

    :param names: of the points.
    :param columns: their numbers by the name of the column.
    :param label: the name of the column of names.
    """
    missing = 2 - len(names)

    def filled(values: Sequence[Any], nothing: Any) -> list[Any]:
        return [*values, *[*values, nothing, nothing][:missing]] if missing > 0 else list(values)

    arrays = [numbers(column, filled(values, math.nan)) for column, values in columns.items()]
    return [*arrays, texts(label, filled(names, ""))]


def style_points(series: Any, number: int, connected: bool) -> None:
    """Draw a series as points.

    :param number: which of a chart's series it is; it chooses the color.
    :param connected: by lines, in their order.
    """
    series.SetPlotType(series.PlotTypeScatter)
    series.SetLineStyle(series.LineStyleSolid if connected else series.LineStyleNone)
    series.SetLineWidth(2)
    series.SetMarkerStyle(series.MarkerStyleCircle)
    series.SetMarkerSize(_MARKER_SIZE)
    _set_color(series, number)


def style_bars(series: Any, number: int) -> None:
    """Draw a series as bars: at the numbers of its x column, which is at least two, evenly spaced.

    A bar plot without an x column would count its bars from 0.
    """
    series.SetPlotType(series.PlotTypeScatterBar)
    series.SetLineStyle(series.LineStyleSolid)
    series.SetLineWidth(1)
    _set_color(series, number)


def _set_color(series: Any, number: int) -> None:
    series.SetColor(*rgb(SERIES[number % len(SERIES)]))


def set_series(chart: Any, series: Sequence[Any]) -> None:
    """Let a chart show these series and no others, with a legend if there are several."""
    wanted = [node.GetID() for node in series]
    shown: list[str] = []
    chart.GetPlotSeriesNodeIDs(shown)
    if shown != wanted:
        chart.RemoveAllPlotSeriesNodeIDs()
        for node_id in wanted:
            chart.AddAndObservePlotSeriesNodeID(node_id)
    chart.SetLegendVisibility(len(series) > 1)


def legend_room(series: Sequence[Any]) -> float:
    """The part of the vertical axis, beyond the values, that leaves room for the legend at the top."""
    return _LEGEND_LINE * len(series) if len(series) > 1 else 0.0


def set_axes(chart: Any, x: Axis, y: Axis) -> None:
    """Set titles, ranges and ticks of a chart."""
    modifying = chart.StartModify()
    chart.SetXAxisTitle(x.title)
    chart.SetYAxisTitle(y.title)
    chart.SetXAxisRangeAuto(False)
    chart.SetYAxisRangeAuto(False)
    chart.SetXAxisRange(*x.range)
    chart.SetYAxisRange(*y.range)
    chart.SetAttribute(_TICKS, json.dumps({"x": list((x.ticks or {}).items()), "y": list((y.ticks or {}).items())}))
    chart.EndModify(modifying)
    for view in _plot_views():
        if view.mrmlPlotViewNode().GetPlotChartNode() is chart:
            _draw_ticks(view)


def show_chart(chart: Any) -> None:
    """Show a chart beside slices and surfaces; without a window nothing happens."""
    manager = slicer.app.layoutManager()
    if manager is None:
        return
    if not (manager.plotViewCount and manager.threeDViewCount):
        manager.setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutConventionalPlotView)
    selection = slicer.app.applicationLogic().GetSelectionNode()
    selection.SetActivePlotChartID(chart.GetID())
    slicer.app.applicationLogic().PropagatePlotChartSelection()
    for view in _plot_views():
        _follow(view.mrmlPlotViewNode().GetID())
        _draw_ticks(view)


def _plot_views() -> list[Any]:
    manager = slicer.app.layoutManager()
    if manager is None:
        return []
    return [manager.plotWidget(index).plotView() for index in range(manager.plotViewCount)]


@cache
def _follow(view_node_id: str) -> None:
    """From now on the axes of a view change with the chart that is chosen for it, by whomever.

    Ticks belong to Slicer's view and not to the chart: those of ours would stay for the next one.
    """

    def redraw(_node: Any, _event: str) -> None:
        for view in _plot_views():
            _draw_ticks(view)

    node = slicer.mrmlScene.GetNodeByID(view_node_id)
    node.AddObserver(slicer.vtkMRMLPlotViewNode.PlotChartNodeChangedEvent, redraw)


def _draw_ticks(view: Any) -> None:
    chart = view.mrmlPlotViewNode().GetPlotChartNode()
    ticks = json.loads((chart and chart.GetAttribute(_TICKS)) or "{}")
    for axis_id, name in ((vtk.vtkAxis.BOTTOM, "x"), (vtk.vtkAxis.LEFT, "y")):
        _set_ticks(view.chart().GetAxis(axis_id), ticks.get(name))
    view.scene().SetDirty(True)


def _set_ticks(axis: Any, ticks: Sequence[tuple[float, str]] | None) -> None:
    if not ticks:
        axis.SetCustomTickPositions(None, None)
        return
    positions, labels = zip(*ticks)
    axis.SetCustomTickPositions(numbers("positions", positions), texts("labels", labels))
