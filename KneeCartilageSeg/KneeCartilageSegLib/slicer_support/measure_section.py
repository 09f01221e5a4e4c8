"""The section of a panel that measures the cartilage of a segmentation."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from slicer.i18n import tr as _

from ..errors import KneeError
from .cartilage import measure_segmentation


class MeasureSection:
    """Measures what the parameter ``measuredSegmentation`` names, in the background: it takes a few seconds.

    :param ui: has ``measureButton`` and ``measuredTextLabel``.
    :param start: does work in the background, under a name; see :meth:`.panel.Panel.startTask`.
    """

    def __init__(self, ui: Any, start: Callable[[str, Coroutine[Any, Any, None]], None]):
        self._ui, self._start = ui, start
        self._segmentation: Any = None
        ui.measureButton.connect("clicked(bool)", self._clicked)

    def show(self, parameters: Any) -> None:
        """Follow the parameters."""
        self._segmentation = parameters.measuredSegmentation
        self._ui.measureButton.setEnabled(self._segmentation is not None)

    def _clicked(self) -> None:
        self._start("measure", self._measure(self._segmentation))

    async def _measure(self, segmentation: Any) -> None:
        self._ui.measuredTextLabel.setText(_("Measuring ..."))
        try:
            measurement, _model, table = await measure_segmentation(segmentation)
        except KneeError as error:
            self._ui.measuredTextLabel.setText(str(error))
            return
        text = _("Mean thickness {mean:.2f} mm, volume {volume:.0f} mm³. By region: table '{table}'.")
        volume, mean = measurement.whole.volume, measurement.whole.thickness.mean
        said = text.format(mean=mean, volume=volume, table=table.GetName())
        notes = measurement.orientation.notes if measurement.orientation is not None else ()
        self._ui.measuredTextLabel.setText("\n".join([said, *notes]))
