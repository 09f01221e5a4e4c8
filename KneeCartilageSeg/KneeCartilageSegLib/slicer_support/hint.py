"""What to do when nothing is there yet: a hint with links, for somebody who opens the panel for the first time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import qt
from slicer.i18n import tr as _

from .module import tutorial


class Hint:
    """Says how to begin, as long as nothing is chosen.

    :param ui: of the panel.
    :param load_sample: loads the sample knees and chooses them.
    """

    def __init__(self, ui: Any, load_sample: Callable[[], None]):
        self._ui = ui
        self._actions = {"sample": load_sample, "reference": self._open_reference}
        text = _(
            "First time? <a href='sample'>Load the sample knees</a> and press Apply. Your own knees need a reference, "
            "a knee that is segmented already: <a href='reference'>make one</a> of any segmentation of femur and "
            "cartilage."
        )
        ui.hintLabel.setText(f"{text} {tutorial()}")
        ui.hintLabel.connect("linkActivated(QString)", self._follow)

    def show(self, parameters: Any) -> None:
        """Follow the parameters."""
        nodes = (*parameters.movingVolumes, parameters.referenceVolume, parameters.femurMask)
        chosen = parameters.listFile or any(node is not None for node in nodes)
        self._ui.hintLabel.setVisible(not chosen)

    def _follow(self, link: str) -> None:
        if link in self._actions:
            self._actions[link]()
        else:
            qt.QDesktopServices.openUrl(qt.QUrl(link))

    def _open_reference(self) -> None:
        self._ui.makeReferenceCollapsibleButton.setProperty("collapsed", False)
