"""The part of a panel that tells which elastix there is, and offers to install one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import slicer.util
from slicer.i18n import tr as _

from .options import engine_arguments
from .process import BackgroundCommand, State
from .slicer_elastix import install_slicer_elastix


class EnginePanel:
    """Looks for elastix in the background.

    :param label: shows what was found.
    :param button: installs SlicerElastix; it is hidden if there is an elastix.
    :param on_changed: called whenever there is something new.
    """

    def __init__(self, label: Any, button: Any, on_changed: Callable[[], None]):
        self._label, self._button, self._on_changed = label, button, on_changed
        self._command: BackgroundCommand | None = None
        self._folder: Path | None = None
        button.setVisible(False)
        button.connect("clicked(bool)", self._install)

    @property
    def busy(self) -> bool:
        """Whether it is still looking."""
        return self._command is not None and self._command.state.active

    @property
    def asked(self) -> bool:
        """Whether it has ever looked."""
        return self._command is not None

    @property
    def missing(self) -> bool:
        """Whether there is no elastix."""
        return self._command is not None and self._command.state is State.FAILED

    def look_for(self, engine: Path | None) -> None:
        """Look for another elastix than the last time; the same is not looked for again."""
        if self._command is None or engine != self._folder:
            self.look_again(engine)

    def look_again(self, engine: Path | None) -> None:
        """Look for elastix.

        :param engine: the program or its folder; None finds one.
        """
        if self._command is not None:
            self._command.abandon()
        self._folder = engine
        self._command = BackgroundCommand(on_end=self._show)
        self._command.start(engine_arguments(engine))
        self._show()

    def close(self) -> None:
        """End the search at once; for a Slicer that quits."""
        if self._command is not None:
            self._command.close()

    def _show(self) -> None:
        assert self._command is not None
        texts = {State.DONE: "\n".join(self._command.answer), State.FAILED: "\n".join(self._command.log)}
        self._label.setText(texts.get(self._command.state, _("Looking for elastix ...")))
        self._button.setVisible(self.missing)
        self._on_changed()

    def _install(self, _checked: bool = False) -> None:
        with slicer.util.tryWithErrorDisplay(_("SlicerElastix could not be installed."), waitCursor=True):
            install_slicer_elastix()
            if slicer.util.confirmYesNoDisplay(_("SlicerElastix is there after a restart of Slicer. Restart now?")):
                slicer.util.restart()
