"""The section of the panel that measures how cartilage has changed between two visits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import qt
from slicer.i18n import tr as _

from ..errors import InputError, KneeError
from ..runs.events import Checking, Event, Step
from .change import ChangeRun
from .command_run import problem_text
from .knees_table import ATTENTION, set_columns, step_title, table_item
from .node_input import ReferenceNodes
from .process import State
from .region_nodes import indented, region_titles


class ChangeSection:
    """Measures the change between the visits that the parameters name, in a process of its own.

    :param ui: of the panel.
    :param begin: starts a run with the present parameters; takes ``on_event``, ``on_log`` and ``on_end``.
    :param log: takes lines for people.
    """

    def __init__(self, ui: Any, begin: Callable[..., ChangeRun], log: Callable[[str], None]):
        self._ui, self._begin, self._log = ui, begin, log
        self._parameters: Any = None
        self._run: ChangeRun | None = None
        self._masks: Any = None  # those of the first visit that were chosen last
        ui.compareButton.connect("clicked(bool)", self._clicked)
        ui.cancelCompareButton.connect("clicked(bool)", self._cancel)
        table = ui.changeTable
        headings = _("Visits"), _("Region"), _("Volume\n(%)"), _("Thickness\n(µm)"), _("Edge seen\n(%)")
        set_columns(table, headings, 1)
        table.setVisible(False)
        self._show_running()

    @property
    def running(self) -> bool:
        """Whether there is a measurement at work."""
        return self._run is not None and self._run.state.active

    def show(self, parameters: Any) -> None:
        """Follow the parameters."""
        self._parameters = parameters
        if parameters.firstMasks is not self._masks:
            self._masks = parameters.firstMasks
            if self._masks is not None and parameters.firstVisit is None:
                parameters.firstVisit = ReferenceNodes.of_segmentation(self._masks).volume
        self._show_running()

    def close(self) -> None:
        """End it at once; for a Slicer that quits."""
        if self._run is not None:
            self._run.close()

    def _show_running(self) -> None:
        running, chosen = self.running, self._parameters
        from_list = chosen is not None and bool(chosen.visitsListFile)
        nodes = None if chosen is None else (chosen.firstVisit, chosen.firstMasks, chosen.secondVisit)
        complete = from_list or (nodes is not None and None not in nodes)
        self._ui.compareButton.setEnabled(complete and not running)
        self._ui.cancelCompareButton.setEnabled(running)
        self._ui.changeProgressBar.setVisible(running)
        for name in ("firstVisit", "firstMasks", "secondVisit", "secondMasks"):
            getattr(self._ui, f"{name}Selector").setEnabled(not from_list and not running)

    def _clicked(self) -> None:
        self._ui.changeTable.setVisible(False)
        self._ui.changeProgressBar.setValue(0)
        try:
            self._run = self._begin(on_event=self._told, on_log=self._log, on_end=self._ended)
        except InputError as error:
            self._say("\n".join(map(problem_text, error.problems)), True)
            return
        except KneeError as error:
            self._say(str(error), True)
            return
        self._say(_("Starting ..."))
        self._show_running()

    def _cancel(self) -> None:
        self._ui.cancelCompareButton.setEnabled(False)
        self._say(_("Cancelling ..."))
        if self._run is not None:
            self._run.cancel()

    def _told(self, event: Event) -> None:
        if self._run is None or self._run.state is not State.RUNNING:
            return
        if isinstance(event, Checking):
            self._say(_("Reading the images: {done} of {total}").format(done=event.done, total=event.total))
        elif isinstance(event, Step):
            self._say(f"{event.name}: {step_title(event.step)} ...")
            self._ui.changeProgressBar.setValue(round(100 * event.fraction))

    def _ended(self, run: ChangeRun) -> None:
        self._run = run
        self._show_running()
        if run.state is State.CANCELLED:
            self._say(_("Cancelled."))
        elif run.state is State.FAILED and not run.rows:
            self._say(_("Failed: {message}").format(message=_message(run)), True)
        else:
            self._show(run)

    def _show(self, run: ChangeRun) -> None:
        failed = [f"{knee}: {message}" for knee, message in run.failed.items()]
        if run.table is None:
            self._say("\n".join(failed), True)
            return
        self._fill(run.rows)
        text = _("Experimental. The errors contain nothing that is wrong everywhere at once. Written: {file}")
        self._say("\n".join([text.format(file=run.file), *run.notes, *failed]), bool(failed))

    def _fill(self, rows: Sequence[Mapping[str, Any]]) -> None:
        table, titles = self._ui.changeTable, region_titles()
        table.setRowCount(0)
        table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            visits = f"{row['first']} → {row['second']}"
            volume = _with_error(row["volume_change_percent"], row["volume_error_percent"], 1)
            thickness = _with_error(1000 * row["thickness_change_mm"], 1000 * row["thickness_error_mm"], 0)
            seen = row["seen_percent"]
            title = titles[row["region"]]
            cells = visits, indented(title), volume, thickness, f"{seen:.0f}" if seen == seen else ""
            for column, text in enumerate(cells):
                item = table_item(text, title if column == 1 else text)
                if column > 1:
                    item.setTextAlignment(qt.Qt.AlignRight | qt.Qt.AlignVCenter)
                table.setItem(number, column, item)
        table.setColumnHidden(0, len({(row["first"], row["second"]) for row in rows}) < 2)
        table.setVisible(True)

    def _say(self, text: str, is_problem: bool = False) -> None:
        self._ui.changeTextLabel.setText(text)
        self._ui.changeTextLabel.setStyleSheet(f"color: {ATTENTION}" if is_problem else "")


def _message(run: ChangeRun) -> str:
    return "\n".join(map(problem_text, run.problems)) or "\n".join(run.failed.values()) or run.message


def _with_error(value: float, error: float, decimals: int) -> str:
    """A change with its standard error; empty if it is not known."""
    if value != value:
        return ""
    said = f"{value:+.{decimals}f}"
    return said if error != error else f"{said} ± {error:.{decimals}f}"
