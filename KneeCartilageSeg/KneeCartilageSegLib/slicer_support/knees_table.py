"""The panel's table of knees: what the list names, how far each is, and what has become of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import qt
from slicer.i18n import tr as _

from ..runs.steps import STEPS
from ..segmentation.outcome import Status
from ..segmentation.review import Decision
from ..segmentation.standing import Stand
from .result_nodes import KneeResult
from .words import translated

_KNEE, _STATE, _DICE, _VOLUME, _SECONDS = range(5)
ATTENTION = "#e07b00"  # readable on a light and on a dark background


class KneeTable:
    """Fills a QTableWidget with one row per knee.

    :param widget: an empty QTableWidget.
    :param on_chosen: called with the name of the knee whose row was clicked.
    """

    def __init__(self, widget: Any, on_chosen: Callable[[str], None]):
        self._widget = widget
        self._on_chosen = on_chosen
        self._knees: list[str] = []
        set_columns(widget, [_("Knee"), _("State"), _("Dice"), _("Cartilage (ml)"), _("Seconds")], _STATE)
        widget.horizontalHeaderItem(_DICE).setToolTip(_("The Dice coefficient to be expected of the cartilage."))
        widget.connect("cellClicked(int,int)", self._clicked)
        widget.connect("cellActivated(int,int)", self._clicked)

    @property
    def knees(self) -> list[str]:
        """The knees, in the order of the rows."""
        return list(self._knees)

    def fill(self, knees: Iterable[tuple[str, str]]) -> None:
        """Show other knees: name and tool tip of each."""
        rows = list(knees)
        self._knees = [knee for knee, _tip in rows]
        self._widget.setRowCount(0)
        self._widget.setRowCount(len(rows))
        for row, (knee, tip) in enumerate(rows):
            self._set(row, _KNEE, knee, tip)

    def mark_problems(self, problems: Mapping[str, str]) -> None:
        """Say in their rows what is wrong with knees."""
        for knee, text in problems.items():
            if knee in self._knees:
                self._set(self._knees.index(knee), _STATE, text, text, ATTENTION)

    def show_step(self, knee: str, step: str, fraction: float) -> None:
        """Show how far a knee is."""
        show_bar(self._widget, self._knees.index(knee), _STATE, fraction, step_title(step))

    def show_result(self, result: KneeResult) -> None:
        """Show how a knee ended; one that should be looked at stands out."""
        if result.name not in self._knees:
            return
        row = self._knees.index(result.name)
        color = ATTENTION if result.flagged else ""
        text = status_title(result)
        self._widget.removeCellWidget(row, _STATE)
        self._set(row, _STATE, text, result.remarks or text, color)
        self._set(row, _KNEE, result.name, str(result.moving), color)
        dice, volume, seconds = (result.row.get(key) for key in ("expected_dice", "volume_fc", "seconds"))
        self._set_number(row, _DICE, "" if dice is None else f"{dice:.2f}")
        self._set_number(row, _VOLUME, "" if volume is None else f"{volume / 1000:.1f}")
        self._set_number(row, _SECONDS, "" if seconds is None else f"{seconds:.0f}")

    def show_stand(self, knee: str, stand: str, detail: str) -> None:
        """Show where a knee stands that has no result; one that somebody has to do something about stands out.

        :param stand: a value of :class:`.segmentation.standing.Stand`.
        """
        if knee not in self._knees:
            return
        waits = stand in (Stand.NOT_STARTED.value, Stand.RUNNING.value)
        text = stand_title(stand)
        self._set(self._knees.index(knee), _STATE, text, detail or text, "" if waits else ATTENTION)

    def end_steps(self) -> None:
        """No knee is at work any more; those that were not started say so."""
        for row in range(len(self._knees)):
            self._widget.removeCellWidget(row, _STATE)
            item = self._widget.item(row, _STATE)
            if item is None or not item.text():
                self._set(row, _STATE, _("not started"))

    def select(self, knee: str) -> None:
        """Mark a knee as the one that is shown."""
        self._widget.selectRow(self._knees.index(knee))

    def _clicked(self, row: int, _column: int) -> None:
        self._on_chosen(self._knees[row])

    def _set(self, row: int, column: int, text: str, tip: str = "", color: str = "") -> Any:
        item = table_item(text, tip, color)
        self._widget.setItem(row, column, item)
        return item

    def _set_number(self, row: int, column: int, text: str) -> None:
        self._set(row, column, text).setTextAlignment(qt.Qt.AlignRight | qt.Qt.AlignVCenter)


def show_bar(widget: Any, row: int, column: int, fraction: float, text: str) -> None:
    """Show in a cell of a table how far something is, 0 to 1, in place of what stands there."""
    bar = widget.cellWidget(row, column)
    if bar is None:
        bar = qt.QProgressBar()
        bar.setRange(0, 100)
        widget.setItem(row, column, table_item(""))
        widget.setCellWidget(row, column, bar)
    bar.setValue(round(100 * fraction))
    bar.setFormat(text)


def set_columns(widget: Any, titles: Sequence[str], stretched: int) -> None:
    """The columns of a QTableWidget, as wide as what they hold but for one.

    :param stretched: the number of that, which takes the rest.
    """
    widget.setColumnCount(len(titles))
    widget.setHorizontalHeaderLabels(list(titles))
    widget.horizontalHeader().setSectionResizeMode(qt.QHeaderView.ResizeToContents)
    widget.horizontalHeader().setSectionResizeMode(stretched, qt.QHeaderView.Stretch)
    widget.verticalHeader().setVisible(False)
    widget.setWordWrap(False)


def table_item(text: str, tip: str = "", color: str = "") -> Any:
    """An item of a table; one with a color is bold, so that it stands out."""
    item = qt.QTableWidgetItem(text)
    item.setToolTip(tip)
    if color:
        item.setForeground(qt.QBrush(qt.QColor(color)))
        font = item.font()
        font.setBold(True)
        item.setFont(font)
    return item


def step_title(step: str) -> str:
    """The name of a step of the run, in the user's language."""
    return translated(STEPS[step].title) if step in STEPS else step


def stand_title(stand: str) -> str:
    """Where a knee stands, in the user's language.

    :param stand: a value of :class:`.segmentation.standing.Stand` or :class:`.segmentation.outcome.Status`.
    """
    titles = {
        Stand.SEGMENTED: _("segmented"),
        Stand.EDITED: _("edited"),
        Stand.NEEDS_REVIEW: _("needs review"),
        Stand.REJECTED: _("rejected"),
        Stand.KEPT: _("kept"),
        Stand.FAILED: _("failed"),
        Stand.CHANGED_INPUT: _("changed input"),
        Stand.OUTDATED: _("outdated"),
        Stand.MISSING_MASK: _("missing mask"),
        Stand.MISSING_FILE: _("missing file"),
        Stand.PROBLEM: _("problem in the list"),
        Stand.RUNNING: _("running"),
        Stand.NOT_STARTED: _("not started"),
    }
    by_value = {one.value: title for one, title in titles.items()}
    return {**by_value, Status.CANCELLED.value: _("cancelled")}.get(stand, stand)


def status_title(result: KneeResult) -> str:
    """How a knee ended, in the user's language."""
    titles = {
        Status.SEGMENTED: _("segmented"),
        Status.UNCHANGED: _("segmented"),
        Status.EDITED: _("corrected by hand"),
        Status.REJECTED: _("rejected: do not use"),
        Status.KEPT: _("your own masks were kept"),
        Status.FAILED: _("failed"),
        Status.CANCELLED: _("cancelled"),
    }
    title = titles[result.status]
    if result.needs_review:
        return _("{status}, needs review").format(status=title)
    accepted = result.status.good and result.row.get("review") == Decision.ACCEPTED.value
    return _("{status}, accepted").format(status=title) if accepted else title
