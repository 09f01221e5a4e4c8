"""The section of the panel for several references: a folder of segmented knees, and further knees of the scene."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from ..registration.stages import Modality
from ..segmentation.cases import find_references
from .command_run import problem_text
from .parameters import may_have_several
from .tasks import in_thread


class ReferencesSection:
    """Shows what there is to choose, and how many segmented knees the folder holds.

    :param ui: of the panel.
    :param start: does work in the background, under a name; see :meth:`.panel.Panel.startTask`.
    """

    def __init__(self, ui: Any, start: Callable[[str, Coroutine[Any, Any, None]], None]):
        self._ui, self._start = ui, start
        self._folder: tuple[str, float] = ("", 0.0)  # with the time of its last change

    def show(self, parameters: Any) -> None:
        """Follow the parameters."""
        self._ui.referencesCollapsibleButton.setVisible(may_have_several(parameters))
        for widget in (self._ui.furtherReferencesLabel, self._ui.furtherReferencesSelector):
            widget.setVisible(parameters.fromNodes)
        folder = parameters.referenceFolder, _changed(parameters.referenceFolder)
        if folder != self._folder:
            self._folder = folder
            self._ui.referenceFolderStatusLabel.setVisible(bool(folder[0]))
            self._start("references", self._look(folder[0]))

    async def _look(self, folder: str) -> None:
        if not folder:
            return
        try:
            found, problems = await in_thread(find_references, Path(folder), Modality.NEW_SUBJECT)
            text = "\n".join(map(problem_text, problems))
        except OSError as error:
            found, text = (), str(error)
        self._ui.referenceFolderStatusLabel.setText(
            text or _("Segmented knees in this folder: {number}").format(number=len(found))
        )


def _changed(folder: str) -> float:
    try:
        return Path(folder).stat().st_mtime if folder else 0.0
    except OSError:
        return 0.0
