"""The panel's table of the limits outside which a result is rejected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isinf
from typing import Any

import qt
from slicer.i18n import tr as _

from ..commands.arguments import interval
from ..registration.limits import default_limits
from ..registration.stages import Modality

_TITLE, _LOW, _HIGH = range(3)


class LimitsTable:
    """Shows the limits of a modality in a QTableWidget; the user's own are told from the defaults.

    The user's limits are texts ``MODALITY/KEY=LOW:HIGH``, so that a scene can keep them.

    :param widget: an empty QTableWidget.
    :param on_changed: called with the user's limits of all modalities when the user has changed one.
    """

    def __init__(self, widget: Any, on_changed: Callable[[list[str]], None]):
        self._widget = widget
        self._on_changed = on_changed
        self._modality = Modality.NEW_SUBJECT
        self._limits: list[str] = []
        self._filling = False
        widget.setColumnCount(3)
        widget.setHorizontalHeaderLabels([_("Measurement"), _("Reject below"), _("Reject above")])
        widget.horizontalHeader().setSectionResizeMode(_TITLE, qt.QHeaderView.Stretch)
        widget.verticalHeader().setVisible(False)
        widget.connect("cellChanged(int,int)", self._changed)

    def show(self, modality: Modality, limits: Iterable[str]) -> None:
        """Show the limits of a modality, with the user's own."""
        limits = list(limits)
        if (modality, limits) != (self._modality, self._limits) or not self._widget.rowCount:
            self._modality = modality
            self._fill(limits)

    def _fill(self, limits: list[str]) -> None:
        self._limits = limits
        own = own_limits(self._modality, limits)
        checks = default_limits(self._modality).checks
        self._filling = True
        self._widget.setRowCount(len(checks))
        for row, check in enumerate(checks):
            title = qt.QTableWidgetItem(check.title)
            title.setToolTip(check.meaning)
            title.setFlags(qt.Qt.ItemIsEnabled)
            self._widget.setItem(row, _TITLE, title)
            for column, bound, default in zip((_LOW, _HIGH), own.get(check.key, check.failed), check.failed):
                item = qt.QTableWidgetItem("" if isinf(bound) else f"{bound:g}")
                font = item.font()
                font.setBold(bound != default)
                item.setFont(font)
                self._widget.setItem(row, column, item)
        self._filling = False

    def _changed(self, row: int, column: int) -> None:
        if self._filling or column == _TITLE:
            return
        check = default_limits(self._modality).checks[row]
        prefix = f"{self._modality.value}/{check.key}="
        limits = [text for text in self._limits if not text.startswith(prefix)]
        text = prefix + ":".join(self._widget.item(row, column).text().strip() for column in (_LOW, _HIGH))
        bounds = _parse(text)
        if bounds is not None and bounds[1] != check.failed:
            limits.append(text)
        self._on_changed(limits)
        self._fill(limits)  # whatever was typed, the table shows what holds


def own_limits(modality: Modality, limits: Iterable[str]) -> dict[str, tuple[float, float]]:
    """The user's intervals for a modality, by measurement."""
    texts = [text for text in limits if text.startswith(f"{modality.value}/")]
    return dict(parsed for parsed in map(_parse, texts) if parsed is not None)


def _parse(text: str) -> tuple[str, tuple[float, float]] | None:
    from argparse import ArgumentTypeError

    try:
        key, (low, high) = interval(text.partition("/")[2])
    except ArgumentTypeError:
        return None
    return key, (low, high)
