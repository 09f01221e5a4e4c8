"""The buttons that open the folder of the results, and its contact sheet, outside of Slicer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import qt

from ..segmentation.cases import SEGMENTED
from ..segmentation.contact_sheet import SHEET_FILE
from .result_nodes import KneeResult


class ResultsFolder:
    """Opens what there is of the results that the table shows.

    :param ui: has ``openFolderButton`` and ``openSheetButton``.
    """

    def __init__(self, ui: Any):
        self._ui = ui
        self._folder: Path | None = None
        ui.openFolderButton.connect("clicked(bool)", lambda _checked: self._open(""))
        ui.openSheetButton.connect("clicked(bool)", lambda _checked: self._open(SHEET_FILE))
        self.show(())

    def show(self, results: Iterable[KneeResult]) -> None:
        """Follow the results of the table."""
        masks = (mask for result in results for mask in result.masks.values())
        folders = (mask.parent.parent / SEGMENTED for mask in masks)
        self._folder = next((folder for folder in folders if folder.is_dir()), None)
        self._ui.openFolderButton.setEnabled(self._folder is not None)
        self._ui.openSheetButton.setEnabled(self._folder is not None and (self._folder / SHEET_FILE).is_file())

    def _open(self, name: str) -> None:
        if self._folder is not None:
            qt.QDesktopServices.openUrl(qt.QUrl.fromLocalFile(str(self._folder / name)))
