"""The panel's table of results: the pairs, how far they are, and what came out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import qt
from KneeCartilageSegLib.quality.compare import PairQuality
from KneeCartilageSegLib.quality.metrics import METRICS, LabelQuality, Metric
from KneeCartilageSegLib.quality.tables import MetricSummary
from KneeCartilageSegLib.slicer_support.knees_table import ATTENTION, set_columns, table_item
from KneeCartilageSegLib.slicer_support.words import metric_heading, translated
from slicer.i18n import tr as _

_PAIR, _LABEL, _FIRST_METRIC = range(3)
_SHOWN = ("dice", "average_distance", "hausdorff_95")  # all of them are in the table node
_METRICS = tuple(metric for key in _SHOWN for metric in METRICS if metric.key == key)
_STATE = _FIRST_METRIC + len(_METRICS)


@dataclass(frozen=True)
class QualityRow:
    """A pair.

    :param name: its name in the results.
    :param tip: what else there is to say about it.
    """

    name: str
    tip: str = ""


class QualityTable:
    """Fills a QTableWidget with a row for each pair and label.

    :param widget: an empty QTableWidget.
    :param on_chosen: called with the pair and the number of the label whose row was clicked.
    """

    def __init__(self, widget: Any, on_chosen: Callable[[str, int], None]):
        self._widget = widget
        self._on_chosen = on_chosen
        self._rows: list[tuple[str, int]] = []
        titles = {"dice": _("Dice"), "average_distance": _("ASSD"), "hausdorff_95": _("HD95")}
        headings = [f"{titles[m.key]} ({m.unit})" if m.unit else titles[m.key] for m in _METRICS]
        set_columns(widget, [_("Pair"), _("Label"), *headings, _("State")], _STATE)
        for column, metric in enumerate(_METRICS, start=_FIRST_METRIC):
            widget.horizontalHeaderItem(column).setToolTip(
                f"{metric_heading(metric)}\n{translated(metric.description)}"
            )
        widget.connect("cellClicked(int,int)", self._clicked)
        widget.connect("cellActivated(int,int)", self._clicked)

    @property
    def names(self) -> list[str]:
        """The pairs, in the order of the rows."""
        return list(dict.fromkeys(name for name, _number in self._rows))

    @property
    def compared(self) -> int:
        """How many pairs have results."""
        return len({self._rows[row][0] for row in range(len(self._rows)) if self._widget.item(row, _FIRST_METRIC)})

    def fill(self, pairs: Sequence[QualityRow], labels: Sequence[str]) -> None:
        """Show other pairs.

        :param labels: that are compared.
        """
        self._rows = [(pair.name, number) for pair in pairs for number in range(len(labels))]
        tips = {pair.name: pair.tip for pair in pairs}
        self._widget.setRowCount(0)
        self._widget.setRowCount(len(self._rows))
        self._widget.setColumnHidden(_LABEL, list(labels) == ["any"])
        for row, (name, number) in enumerate(self._rows):
            self._set(row, _PAIR, name, tips[name] or name)
            self._set(row, _LABEL, labels[number])

    def mark_problems(self, problems: Mapping[str, str]) -> None:
        """Say in their rows what is wrong with pairs."""
        for name, text in problems.items():
            for row in self._rows_of(name):
                self._set(row, _STATE, _("to be corrected"), text, ATTENTION)

    def show_results(self, results: Iterable[PairQuality]) -> None:
        """Show what came out; what failed, and what should be read, stands out."""
        for result in results:
            for row in self._rows_of(result.name):
                number = self._rows[row][1]
                if result.error:
                    self._set(row, _STATE, _("failed"), result.error, ATTENTION)
                elif number < len(result.labels):
                    self._show_quality(row, result.labels[number])

    def _show_quality(self, row: int, quality: LabelQuality) -> None:
        for column, metric in enumerate(_METRICS, start=_FIRST_METRIC):
            value = getattr(quality, metric.key)
            tip = _("missing: {note}").format(note=quality.note) if math.isnan(value) else repr(value)
            item = self._set(row, column, number_text(value, metric), tip)
            item.setTextAlignment(qt.Qt.AlignRight | qt.Qt.AlignVCenter)
        self._set(row, _STATE, _("note") if quality.note else _("ok"), quality.note, ATTENTION if quality.note else "")

    def end(self) -> None:
        """Nothing is compared any more: pairs without a result say so."""
        for row in range(len(self._rows)):
            item = self._widget.item(row, _STATE)
            if item is None or not item.text():
                self._set(row, _STATE, _("not compared"))

    def select(self, name: str, label: int = 0) -> None:
        """Mark a row as the one that is shown."""
        if (name, label) in self._rows:
            self._widget.selectRow(self._rows.index((name, label)))

    def _rows_of(self, name: str) -> list[int]:
        return [row for row, (shown, _number) in enumerate(self._rows) if shown == name]

    def _clicked(self, row: int, _column: int) -> None:
        self._on_chosen(*self._rows[row])

    def _set(self, row: int, column: int, text: str, tip: str = "", color: str = "") -> Any:
        item = table_item(text, tip, color)
        self._widget.setItem(row, column, item)
        return item


def number_text(value: float, metric: Metric) -> str:
    """A value for the screen."""
    if math.isnan(value):
        return _("missing")
    if metric.unit == "mm3":
        return f"{value:.0f}"
    return f"{value:.2f}" if metric.unit else f"{value:.3f}"


def summary_text(summaries: Iterable[MetricSummary], metric: Metric) -> str:
    """The statistics of a metric in a line for each label."""
    lines = []
    for found in summaries:
        if found.metric is metric:
            label = "" if found.label == "any" else _("label {label}: ").format(label=found.label)
            values = (found.mean, found.std, found.median, found.minimum, found.maximum)
            mean, std, median, low, high = (number_text(value, metric) for value in values)
            text = _("{label}n = {n}, mean {mean} ± {std}, median {median}, range {low} to {high}{missing}")
            missing = _(", missing: {number}").format(number=found.missing) if found.missing else ""
            text = text.format(
                label=label, n=found.n, mean=mean, std=std, median=median, low=low, high=high, missing=missing
            )
            lines.append(text if found.n else _("{label}no values").format(label=label))
    return "\n".join(lines)
