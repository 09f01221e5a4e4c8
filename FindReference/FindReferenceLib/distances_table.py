"""The panel's table of distances: a row for each knee, a column for each reference that was visited."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import qt
from KneeCartilageSegLib.colors import GREEN
from KneeCartilageSegLib.lists.names import short_name
from KneeCartilageSegLib.slicer_support.knees_table import ATTENTION
from slicer.i18n import tr as _

from .result_nodes import remarks
from .state import StudyState


def result_text(state: StudyState) -> str:
    """The recommendation in bold, and below what came of each seed, and what else there is to know; rich text."""
    sentences = [*(study.sentence for study in state.studies.values() if study.sentence), *state.notes]
    recommendation = [f"<b>{escape(state.summary['sentence'])}</b>"] if state.summary else []
    return "<br>".join([*recommendation, *map(escape, sentences)])


class DistanceTable:
    """Fills a QTableWidget.

    :param widget: an empty QTableWidget.
    :param on_chosen: called with the name of the knee whose row was clicked.
    """

    def __init__(self, widget: Any, on_chosen: Callable[[str], None]):
        self._widget = widget
        self._on_chosen = on_chosen
        self._images: tuple[str, ...] = ()
        self._shown: tuple = ()
        widget.verticalHeader().setVisible(False)
        widget.connect("cellClicked(int,int)", self._clicked)
        widget.connect("cellActivated(int,int)", self._clicked)

    def show(self, state: StudyState) -> None:
        """Show what is known by now."""
        references = state.references
        if (state, tuple(references), state.recommended) == self._shown:
            return
        self._shown = (state, tuple(references), state.recommended)
        self._images = state.images
        self._widget.setRowCount(0)
        self._widget.setColumnCount(1 + len(references))
        self._widget.setRowCount(len(self._images))
        titles = [_("to {reference}").format(reference=short_name(reference)) for reference in references]
        self._widget.setHorizontalHeaderLabels([_("Distance (mm)"), *titles])
        for row, image in enumerate(self._images):
            recommended = image == state.recommended
            self._set(row, 0, short_name(image), image, GREEN if recommended else "", recommended)
            for column, evaluation in enumerate(references.values(), start=1):
                self._show_distance(row, column, state, evaluation)
        self._widget.resizeColumnsToContents()

    def _show_distance(self, row: int, column: int, state: StudyState, evaluation: Any) -> None:
        image = self._images[row]
        if image in evaluation.failed:
            self._set(row, column, _("failed"), evaluation.failed[image], ATTENTION, True)
            return
        text = f"{evaluation.distances[image]:.2f}" if image in evaluation.distances else ""
        tip, color, bold = "", "", False
        if image == evaluation.reference:
            tip = _("the reference itself")
            text = _("{distance} (ref.)").format(distance=text)
        if image == evaluation.nearest:
            bold, tip = True, _("the nearest to the mean")
        if image in evaluation.doubts:
            tip, color = evaluation.doubts[image], ATTENTION
        self._set(row, column, text, tip or remarks(state, image), color, bold)

    def select(self, knee: str) -> None:
        """Mark a knee as the one that is shown."""
        if knee in self._images:
            self._widget.selectRow(self._images.index(knee))

    def _clicked(self, row: int, _column: int) -> None:
        self._on_chosen(self._images[row])

    def _set(self, row: int, column: int, text: str, tip: str, color: str, bold: bool) -> None:
        item = qt.QTableWidgetItem(text)
        item.setToolTip(tip)
        font = item.font()
        font.setBold(bold)
        item.setFont(font)
        if color:
            item.setForeground(qt.QBrush(qt.QColor(color)))
        if column:
            item.setTextAlignment(qt.Qt.AlignRight | qt.Qt.AlignVCenter)
        self._widget.setItem(row, column, item)
