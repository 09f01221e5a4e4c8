"""The panel's check box for the map of where several references disagree."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from .disagreement import hide_disagreement, show_disagreement
from .views import in_scene


class OverlaySection:
    """Shows the map of the knee that is in view, if it has one and the user wants it (parameter ``showDisagreement``).

    :param boxes: check boxes; they are there for knees with a map.
    :param change: changes a parameter; see :meth:`.panel.Panel.setParameter`.
    :param start: does work in the background, under a name; see :meth:`.panel.Panel.startTask`.
    """

    def __init__(
        self,
        boxes: list[Any],
        change: Callable[[str, Any], None],
        start: Callable[[str, Coroutine[Any, Any, None]], None],
    ):
        self._boxes, self._start = boxes, start
        self._wanted = False
        self._knee: tuple[Any, Path | None] = (None, None)  # the volume in view, and its map
        for box in boxes:
            box.setVisible(False)
            box.connect("toggled(bool)", lambda checked: change("showDisagreement", checked))

    def show(self, parameters: Any) -> None:
        """Follow the parameters."""
        wanted, self._wanted = self._wanted, parameters.showDisagreement
        for box in self._boxes:
            box.setChecked(self._wanted)
        if wanted != self._wanted:
            self._start("overlay", self._follow())

    async def show_over(self, volume: Any, path: Path | None) -> None:
        """A knee came into view.

        :param path: of its map; None if it has none.
        """
        self._knee = volume, path if path is not None and path.is_file() else None
        for box in self._boxes:
            box.setVisible(self._knee[1] is not None)
        await self._follow()

    async def _follow(self) -> None:
        volume, path = self._knee
        if self._wanted and volume is not None and path is not None and in_scene(volume) and path.is_file():
            await show_disagreement(volume, path)
        else:
            hide_disagreement()
