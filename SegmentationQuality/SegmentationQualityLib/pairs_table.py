"""The panel's table of pairs in the scene, which the user fills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import qt
from FindReferenceLib.nodes import mask_title
from KneeCartilageSegLib.slicer_support.volumes import MaskSource
from slicer.i18n import tr as _

from .nodes import PairNodes, masks_of_scene, volumes_of_scene

_SEGMENTATION, _TRUTH, _VOLUME = range(3)


class PairTable:
    """Fills a QTableWidget with one row per pair: its segmentation, its ground truth, its image.

    :param widget: an empty QTableWidget.
    :param on_changed: called with all pairs when the user has changed one.
    """

    def __init__(self, widget: Any, on_changed: Callable[[list[PairNodes]], None]):
        self._widget = widget
        self._on_changed = on_changed
        self._shown: tuple | None = None
        self._pairs: list[PairNodes] = []
        widget.setColumnCount(3)
        widget.setHorizontalHeaderLabels([_("Segmentation"), _("Ground truth"), _("MR image")])
        widget.horizontalHeader().setSectionResizeMode(qt.QHeaderView.Stretch)

    def fill(self, pairs: Sequence[PairNodes]) -> None:
        """Show other pairs, or what can be chosen by now."""
        masks, volumes = masks_of_scene(), volumes_of_scene()
        titles, names = [mask_title(mask) for mask in masks], [volume.GetName() for volume in volumes]
        shown = list(pairs), masks, titles, volumes, names
        if shown == self._shown:
            return
        self._shown, self._pairs = shown, list(pairs)
        nothing = MaskSource(None)
        self._widget.setRowCount(0)
        self._widget.setRowCount(len(pairs))
        for row, pair in enumerate(pairs):
            choices = [nothing, *masks], [_("choose a mask"), *titles]
            for column, role in ((_SEGMENTATION, "segmentation"), (_TRUTH, "truth")):
                self._set_selector(row, column, role, getattr(pair, role), *choices)
            self._set_selector(row, _VOLUME, "volume", pair.volume, [None, *volumes], [_("none"), *names])

    @property
    def selected(self) -> list[int]:
        """The rows that the user has selected."""
        return sorted(index.row() for index in self._widget.selectionModel().selectedRows())

    def _set_selector(self, row: int, column: int, role: str, value: Any, choices: list, titles: list[str]) -> None:
        selector = qt.QComboBox()
        selector.addItems(titles)
        selector.setMinimumContentsLength(6)
        selector.setSizeAdjustPolicy(qt.QComboBox.AdjustToMinimumContentsLengthWithIcon)
        selector.setCurrentIndex(choices.index(value) if value in choices else 0)
        selector.setToolTip(selector.currentText)
        selector.connect("activated(int)", lambda index: self._choose(row, role, choices[index]))
        self._widget.setCellWidget(row, column, selector)

    def _choose(self, row: int, role: str, value: Any) -> None:
        self._pairs[row] = replace(self._pairs[row], **{role: value})
        self._on_changed(list(self._pairs))
