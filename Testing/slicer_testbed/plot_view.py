"""``plotWidget.plotView()``: a vtkChartXY that follows MRML nodes as Slicer's qMRMLPlotView does.

The chart, its axes and its plots are VTK's own, so that what VTK leaves out or complains about shows here too: axes
with automatic range are scaled when a plot is added or when somebody asks for it, and not when values change; a bar
plot without an x column counts its bars; names of points are tooltips and not on an axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import vtk_to_numpy

DEFAULT_SIZE = (400, 400)
_AXES = {vtk.vtkAxis.BOTTOM: "X", vtk.vtkAxis.TOP: "X", vtk.vtkAxis.LEFT: "Y", vtk.vtkAxis.RIGHT: "Y"}
_BACKGROUND = (255, 253, 246)


class PlotView:
    """Shows the plot chart node of a plot view node."""

    def __init__(self, node: Any) -> None:
        self._node = node
        self._view = vtk.vtkContextView()
        self._chart = vtk.vtkChartXY()
        self._chart.GetBackgroundBrush().SetColor(*_BACKGROUND)
        self._view.GetScene().AddItem(self._chart)
        self._window = self._view.GetRenderWindow()
        self._window.SetOffScreenRendering(1)
        self._window.SetMultiSamples(0)
        self._window.SetSize(*DEFAULT_SIZE)
        self._plots: dict[str, Any] = {}  # by ID of the series node
        self._chart_node: Any = None
        self._chart_tag = 0
        self._updating = False
        for event in (slicer.vtkMRMLPlotViewNode.PlotChartNodeChangedEvent, vtk.vtkCommand.ModifiedEvent):
            node.AddObserver(event, lambda *_: self._follow_chart())
        self._follow_chart()

    # ------------------------------------------------------------ Slicer's interface

    def mrmlPlotViewNode(self) -> Any:
        return self._node

    def chart(self) -> Any:
        return self._chart

    def scene(self) -> Any:
        return self._view.GetScene()

    def renderWindow(self) -> Any:
        return self._window

    def fitToContent(self) -> None:
        """Scale all axes to the values, and keep the ranges in the chart node."""
        bounds = np.array([self._chart.GetPlot(n).GetUnscaledInputBounds(b := [0.0] * 4) or b for n in self._numbers()])
        if not len(bounds):
            return
        for axis_id, name in _AXES.items():
            low, high = (0, 1) if name == "X" else (2, 3)
            self._chart.GetAxis(axis_id).SetUnscaledRange(bounds[:, low].min(), bounds[:, high].max())
            self._chart.GetAxis(axis_id).AutoScale()
        self._keep_ranges()

    # ------------------------------------------------------------ following the nodes

    def _numbers(self) -> range:
        return range(self._chart.GetNumberOfPlots())

    def _keep_ranges(self) -> None:
        if self._chart_node is None:
            return
        for axis_id, name in ((vtk.vtkAxis.BOTTOM, "X"), (vtk.vtkAxis.LEFT, "Y")):
            axis = self._chart.GetAxis(axis_id)
            getattr(self._chart_node, f"Set{name}AxisRange")(axis.GetUnscaledMinimum(), axis.GetUnscaledMaximum())

    def _follow_chart(self) -> None:
        node = self._node.GetPlotChartNode()
        if node is not self._chart_node:
            if self._chart_node is not None:
                self._chart_node.RemoveObserver(self._chart_tag)
            self._chart_node = node
            if node is not None:
                self._chart_tag = node.AddObserver(vtk.vtkCommand.ModifiedEvent, lambda *_: self._update())
        self._update()

    def _update(self) -> None:
        if self._updating:
            return
        self._updating = True
        try:
            self._update_plots()
            if self._chart_node is not None:
                self._update_texts(self._chart_node)
                for axis_id, name in _AXES.items():
                    self._update_axis(self._chart.GetAxis(axis_id), name, self._chart_node)
            self.scene().SetDirty(True)
        finally:
            self._updating = False

    def _update_plots(self) -> None:
        shown: list[str] = []
        if self._chart_node is not None:
            self._chart_node.GetPlotSeriesNodeIDs(shown)
        for series_id in [known for known in self._plots if known not in shown]:
            self._remove_plot(series_id)
        for series_id in shown:
            self._update_plot(series_id, slicer.mrmlScene.GetNodeByID(series_id))

    def _remove_plot(self, series_id: str) -> None:
        plot = self._plots.pop(series_id)
        if self._chart.GetPlotCorner(plot) == 0:  # VTK does not draw a plot again that was removed from corner 0
            self._chart.SetPlotCorner(plot, 1)
        self._chart.RemovePlotInstance(plot)

    def _update_plot(self, series_id: str, series: Any) -> None:
        columns = series and _columns(series)
        known = self._plots.get(series_id)
        kind = columns and _plot_class(series)
        if known is not None and (kind is None or not isinstance(known, kind)):
            self._remove_plot(series_id)
            known = None
        if kind is None:
            return
        plot = known or kind()
        _style(plot, series)
        _fill(plot, series, *columns)
        if known is None:
            self._plots[series_id] = plot
            self._chart.AddPlot(plot)

    def _update_texts(self, node: Any) -> None:
        font = self._chart.GetTitleProperties().GetFontFamilyFromString(node.GetFontType() or "Arial")
        self._chart.SetTitle((node.GetTitle() or "") if node.GetTitleVisibility() else "")
        self._chart.SetShowLegend(bool(node.GetLegendVisibility()))
        legend = self._chart.GetLegend().GetLabelProperties()
        for text, size in (
            (self._chart.GetTitleProperties(), node.GetTitleFontSize()),
            (legend, node.GetLegendFontSize()),
            *((a.GetTitleProperties(), node.GetAxisTitleFontSize()) for a in map(self._chart.GetAxis, _AXES)),
            *((a.GetLabelProperties(), node.GetAxisLabelFontSize()) for a in map(self._chart.GetAxis, _AXES)),
        ):
            text.SetFontFamily(font)
            text.SetFontSize(size)

    def _update_axis(self, axis: Any, name: str, node: Any) -> None:
        def wanted(value: str) -> Any:
            return getattr(node, f"Get{name}Axis{value}")()

        axis.SetTitle((wanted("Title") or "") if wanted("TitleVisibility") else "")
        axis.GetTitleProperties().SetBold(False)
        axis.SetGridVisible(bool(node.GetGridVisibility()))
        axis.SetLogScale(bool(wanted("LogScale")))
        if wanted("RangeAuto"):
            axis.SetBehavior(vtk.vtkAxis.AUTO)
        else:
            axis.SetBehavior(vtk.vtkAxis.FIXED)
            axis.SetUnscaledRange(*wanted("Range"))
            axis.Update()

    # ------------------------------------------------------------ pictures

    def _pixels(self, size: tuple[int, int]) -> np.ndarray:
        """What the view shows: uint8, (height, width, 3), first row on top."""
        self._window.SetSize(*size)
        self._view.Render()
        grabber = vtk.vtkWindowToImageFilter()
        grabber.SetInput(self._window)
        grabber.ReadFrontBufferOff()
        grabber.Update()
        image = grabber.GetOutput()
        width, height, _ = image.GetDimensions()
        return vtk_to_numpy(image.GetPointData().GetScalars()).reshape(height, width, -1)[::-1, :, :3].copy()


def _columns(series: Any) -> tuple[str, str] | None:
    """The names of the columns for x and y; None if the table has not what the series needs."""
    table = series.GetTableNode() and series.GetTableNode().GetTable()
    y = table and table.GetColumnByName(series.GetYColumnName() or "")
    if not isinstance(y, vtk.vtkDataArray):
        return None
    if not series.IsXColumnRequired():
        return series.GetYColumnName(), series.GetYColumnName()
    x = table.GetColumnByName(series.GetXColumnName() or "")
    return (series.GetXColumnName(), series.GetYColumnName()) if isinstance(x, vtk.vtkDataArray) else None


def _plot_class(series: Any) -> Any:
    is_bar = series.GetPlotType() in (series.PlotTypeBar, series.PlotTypeScatterBar)
    return vtk.vtkPlotBar if is_bar else vtk.vtkPlotLine


def _style(plot: Any, series: Any) -> None:
    plot.SetWidth(series.GetLineWidth())
    plot.SetColorF(*series.GetColor())
    plot.SetOpacity(series.GetOpacity())
    plot.GetPen().SetOpacityF(series.GetOpacity())
    line_types = {
        series.LineStyleSolid: vtk.vtkPen.SOLID_LINE,
        series.LineStyleDash: vtk.vtkPen.DASH_LINE,
        series.LineStyleDot: vtk.vtkPen.DOT_LINE,
        series.LineStyleDashDot: vtk.vtkPen.DASH_DOT_LINE,
        series.LineStyleDashDotDot: vtk.vtkPen.DASH_DOT_DOT_LINE,
    }
    is_bar = series.GetPlotType() == series.PlotTypeBar
    line_type = vtk.vtkPen.SOLID_LINE if is_bar else line_types.get(series.GetLineStyle(), vtk.vtkPen.NO_PEN)
    plot.GetPen().SetLineType(line_type)
    plot.SetLabel(series.GetName() or series.GetYColumnName())
    if isinstance(plot, vtk.vtkPlotLine):
        markers = {
            series.MarkerStyleCross: vtk.vtkPlotPoints.CROSS,
            series.MarkerStylePlus: vtk.vtkPlotPoints.PLUS,
            series.MarkerStyleSquare: vtk.vtkPlotPoints.SQUARE,
            series.MarkerStyleCircle: vtk.vtkPlotPoints.CIRCLE,
            series.MarkerStyleDiamond: vtk.vtkPlotPoints.DIAMOND,
        }
        plot.SetMarkerSize(series.GetMarkerSize())
        plot.SetMarkerStyle(markers.get(series.GetMarkerStyle(), vtk.vtkPlotPoints.NONE))


def _fill(plot: Any, series: Any, x: str, y: str) -> None:
    table = series.GetTableNode().GetTable()
    labels = table.GetColumnByName(series.GetLabelColumnName() or "")
    plot.SetIndexedLabels(labels if isinstance(labels, vtk.vtkStringArray) else None)
    plot.SetUseIndexForXSeries(not series.IsXColumnRequired())
    plot.SetInputData(table, x, y)
