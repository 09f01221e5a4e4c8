"""The section of a panel that measures the cartilage of a segmentation."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import qt
from slicer.i18n import tr as _

from ..csv_files import significant
from ..errors import KneeError
from ..measurement.regions import REGIONS, Region
from .cartilage import MeasuredNodes, measure_segmentation
from .knees_table import set_columns, table_item
from .parameters import measure_options_of
from .region_nodes import indented, region_titles, show_region
from .views import in_scene, show_knee


class MeasureSection:
    """Measures what the parameter ``measuredSegmentation`` names, in the background: it takes a few seconds.

    A click on a row of its table shows that region in slices, in 3D and in the unrolled map.

    :param ui: has the widgets of the section.
    :param start: does work in the background, under a name; see :meth:`.panel.Panel.startTask`.
    """

    def __init__(self, ui: Any, start: Callable[[str, Coroutine[Any, Any, None]], None]):
        self._ui, self._start = ui, start
        self._parameters: Any = None
        self._shown: MeasuredNodes | None = None
        ui.measureButton.connect("clicked(bool)", self._clicked)
        table = ui.regionsTable
        headings = _("Region"), _("Volume\n(mm³)"), _("Thickness\n(mm)"), _("Bone\n(mm²)"), _("Map")
        set_columns(table, headings, 0)
        table.setVisible(False)
        table.connect("cellClicked(int,int)", self._row_chosen)
        table.connect("cellActivated(int,int)", self._row_chosen)

    def show(self, parameters: Any) -> None:
        """Follow the parameters."""
        self._parameters = parameters
        self._ui.measureButton.setEnabled(parameters.measuredSegmentation is not None)
        for widget in (self._ui.mapLowSpinBox, self._ui.mapHighSpinBox):
            widget.setEnabled(parameters.measuredMap is not None)

    def _clicked(self) -> None:
        self._start("measure", self._measure(self._parameters.measuredSegmentation))

    async def _measure(self, segmentation: Any) -> None:
        self._ui.measuredTextLabel.setText(_("Measuring ..."))
        try:
            nodes = await measure_segmentation(segmentation, measure_options_of(self._parameters))
        except KneeError as error:
            self._ui.measuredTextLabel.setText(str(error))
            return
        self._shown = nodes
        self._fill(nodes)
        whole = nodes.measurement.whole
        text = _("Mean thickness {mean:.2f} mm, volume {volume:.0f} mm³. By region: table '{table}'.")
        said = text.format(mean=whole.thickness.mean, volume=whole.volume, table=nodes.table.GetName())
        orientation = nodes.measurement.orientation
        self._ui.measuredTextLabel.setText("\n".join([said, *(orientation.notes if orientation is not None else ())]))
        volume = segmentation.GetNodeReference(segmentation.GetReferenceImageGeometryReferenceRole())
        if in_scene(segmentation):
            await show_knee(volume, segmentation)
            segmentation.GetDisplayNode().SetVisibility3D(False)  # bone and cartilage pierce the one with the thickness
            self._show(REGIONS[0])

    def _fill(self, nodes: MeasuredNodes) -> None:
        table, titles = self._ui.regionsTable, region_titles()
        table.setRowCount(0)
        table.setRowCount(len(nodes.measurement.regions))
        for row, found in enumerate(nodes.measurement.regions):
            over = found.thickness
            mean = nodes.map_means.get(found.region.key)
            numbers = (found.volume, over.mean, over.covered_area, mean)
            title = titles[found.region.key]
            table.setItem(row, 0, table_item(indented(title), title))
            for column, value in enumerate(numbers, start=1):
                item = table_item("" if value is None else significant(value))
                item.setTextAlignment(qt.Qt.AlignRight | qt.Qt.AlignVCenter)
                table.setItem(row, column, item)
        table.setColumnHidden(len(numbers), not nodes.map_means)
        table.setVisible(True)

    def _row_chosen(self, row: int, _column: int) -> None:
        if self._shown is not None:
            self._show(self._shown.measurement.regions[row].region)

    def _show(self, region: Region) -> None:
        nodes = self._shown
        if nodes is None or not in_scene(nodes.regions, nodes.model, nodes.unrolled.thickness, nodes.unrolled.regions):
            return  # the scene was closed
        nodes.unrolled.show_region(None if region is REGIONS[0] else region)
        nodes.unrolled.show()
        show_region(nodes.measurement, nodes.regions, region)
