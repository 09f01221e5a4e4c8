"""The panel's table of the knees of a data set: seeds, femur masks, and how far each knee is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import qt
from KneeCartilageSegLib.lists.names import short_name
from KneeCartilageSegLib.slicer_support.knees_table import ATTENTION, set_columns, show_bar, step_title, table_item
from KneeCartilageSegLib.slicer_support.volumes import MaskSource
from slicer.i18n import tr as _

from .nodes import mask_choices, mask_title
from .state import EndedRegistration, StudyState

_KNEE, _MASK, _STATE = range(3)


@dataclass(frozen=True)
class StudyRow:
    """A knee.

    :param title: what the user calls it.
    :param mask: its femur mask in the scene; None for a knee of a list.
    """

    name: str
    title: str
    tip: str = ""
    mask: MaskSource | None = None


class StudyTable:
    """Fills a QTableWidget with one row per knee. A knee's check box makes it a seed.

    :param widget: an empty QTableWidget.
    :param on_chosen: called with the name of the knee whose row was clicked.
    :param on_seeds: called with the names of the seeds when the user has changed them.
    :param on_mask: called with the name of a knee and the mask that the user chose for it.
    """

    def __init__(
        self,
        widget: Any,
        on_chosen: Callable[[str], None],
        on_seeds: Callable[[list[str]], None],
        on_mask: Callable[[str, MaskSource], None],
    ):
        self._widget = widget
        self._on_chosen, self._on_seeds, self._on_mask = on_chosen, on_seeds, on_mask
        self._rows: list[StudyRow] = []
        self._choices: list[str] = []
        self._filling = self._locked = self._drawn = False
        set_columns(widget, [_("Seed / knee"), _("Femur mask"), _("State")], _STATE)
        widget.connect("cellClicked(int,int)", self._clicked)
        widget.connect("cellActivated(int,int)", self._clicked)
        widget.connect("itemChanged(QTableWidgetItem*)", self._item_changed)

    @property
    def knees(self) -> list[str]:
        """The knees, in the order of the rows."""
        return [row.name for row in self._rows]

    def fill(self, rows: Sequence[StudyRow], seeds: Iterable[str], drawn: bool) -> None:
        """Show other knees, or other seeds.

        :param drawn: the seeds are not for the user to choose.
        """
        choices = [mask_title(mask) for mask in mask_choices()] if any(row.mask for row in rows) else []
        self._filling = True
        if list(rows) != self._rows or choices != self._choices:
            self._rows, self._choices = list(rows), choices
            self._widget.setRowCount(0)
            self._widget.setRowCount(len(rows))
            for number, row in enumerate(rows):
                self._set(number, _KNEE, row.title, row.tip)
                if row.mask is not None:
                    self._widget.setCellWidget(number, _MASK, self._mask_selector(row))
            self._widget.setColumnHidden(_MASK, not choices and not any(row.mask for row in rows))
        self._filling = False
        self.show_seeds(seeds, drawn)

    def show_seeds(self, seeds: Iterable[str], drawn: bool) -> None:
        """Check the seeds."""
        checked = set(seeds)
        self._drawn = drawn
        for number, row in enumerate(self._rows):
            self._set_checkable(number)
            self._filling = True
            state = qt.Qt.Checked if row.name in checked else qt.Qt.Unchecked
            self._widget.item(number, _KNEE).setCheckState(state)
            self._filling = False

    def lock(self, locked: bool) -> None:
        """Let the user change neither seeds nor masks, for example during a run."""
        self._locked = locked
        for number in range(len(self._rows)):
            self._set_checkable(number)
            selector = self._widget.cellWidget(number, _MASK)
            if selector is not None:
                selector.setEnabled(not locked)

    def mark_problems(self, problems: Mapping[str, str]) -> None:
        """Say in their rows what is wrong with knees."""
        for number, row in enumerate(self._rows):
            text = problems.get(row.name, "")
            self._set(number, _STATE, text, text, ATTENTION)

    def show_step(self, reference: str, knee: str, step: str, fraction: float) -> None:
        """Show how far the registration of a knee to a reference is."""
        if knee not in self.knees:
            return
        text = _("to {reference}: {step}").format(reference=reference, step=step_title(step))
        filling, self._filling = self._filling, True
        show_bar(self._widget, self.knees.index(knee), _STATE, fraction, text)
        self._filling = filling

    def show_registration(self, registration: EndedRegistration) -> None:
        """Show how a registration ended; one that failed stands out."""
        if registration.name not in self.knees:
            return
        number = self.knees.index(registration.name)
        self._widget.removeCellWidget(number, _STATE)
        if registration.failed:
            text = _("failed to register to {reference}: left out")
        else:
            text = _("registered to {reference} before") if registration.known else _("registered to {reference}")
        text = text.format(reference=short_name(registration.reference))
        self._set(number, _STATE, text, registration.message or text, ATTENTION if registration.failed else "")

    def show_end(self, state: StudyState) -> None:
        """No knee is at work any more: show which one is recommended, and which ones could not be registered."""
        failed: dict[str, EndedRegistration] = {}
        for registration in state.registrations.values():
            if registration.failed:
                failed.setdefault(registration.name, registration)
        for number, row in enumerate(self._rows):
            self._widget.removeCellWidget(number, _STATE)
            if row.name in failed:
                self.show_registration(failed[row.name])
            else:
                self._set(number, _STATE, _("recommended") if row.name == state.recommended else "")

    def _mask_selector(self, row: StudyRow) -> Any:
        masks = [MaskSource(None), *mask_choices()]
        selector = qt.QComboBox()
        selector.addItems([_("choose a mask"), *self._choices])
        selector.setToolTip(_("The femur of this knee: a labelmap, or a segment"))
        selector.setCurrentIndex(masks.index(row.mask) if row.mask in masks else 0)
        selector.connect("activated(int)", lambda index: self._on_mask(row.name, masks[index]))
        return selector

    def _set_checkable(self, number: int) -> None:
        fixed = self._locked or self._drawn
        flags = qt.Qt.ItemIsEnabled | qt.Qt.ItemIsSelectable
        self._filling = True
        self._widget.item(number, _KNEE).setFlags(flags if fixed else flags | qt.Qt.ItemIsUserCheckable)
        self._filling = False

    def _clicked(self, row: int, _column: int) -> None:
        self._on_chosen(self._rows[row].name)

    def _item_changed(self, item: Any) -> None:
        if self._filling or item.column() != _KNEE:
            return
        checked = [self._widget.item(number, _KNEE).checkState() == qt.Qt.Checked for number in range(len(self._rows))]
        self._on_seeds([row.name for row, is_seed in zip(self._rows, checked) if is_seed])

    def _set(self, row: int, column: int, text: str, tip: str = "", color: str = "") -> None:
        item = table_item(text, tip, color)
        filling, self._filling = self._filling, True
        self._widget.setItem(row, column, item)
        self._filling = filling
