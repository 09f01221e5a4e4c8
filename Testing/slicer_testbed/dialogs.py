"""Message boxes and file dialogs that the test answers.

A modal dialog would wait for ever in a test. Here a test says beforehand which dialogs will come and what the user
does; a dialog that nobody expected, or an expected one that did not come, fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .qt_standin import QtWidgets


class UnexpectedDialog(AssertionError):
    """A modal dialog was opened that the test did not expect, or not now, or not with that text."""


@dataclass(frozen=True)
class ShownDialog:
    """A dialog that was opened: ``kind`` is "message", "file" or "dialog"; ``text`` is what the user could read."""

    kind: str
    text: str


@dataclass
class Dialogs:
    """The queue of answers. ``shown`` lists the dialogs that came, in order."""

    shown: list[ShownDialog] = field(default_factory=list)
    _expected: list[tuple[str, str, Any]] = field(default_factory=list)
    _problems: list[str] = field(default_factory=list)

    def expect_message(self, text: str, button: int) -> None:
        """The next dialog is a message box whose text matches the pattern ``text``; the user presses ``button``."""
        self._expected.append(("message", text, button))

    def expect_file(self, caption: str, path: Any) -> None:
        """The next dialog is a file dialog with this caption; the user picks ``path`` ("" is Cancel)."""
        self._expected.append(("file", caption, path))

    def expect_dialog(self, title: str, act: Callable[[Any], int]) -> None:
        """The next dialog is a ``QDialog`` with this title; ``act(dialog)`` plays the user, returns Accepted or not."""
        self._expected.append(("dialog", title, act))

    def reset(self) -> None:
        """Forget everything: a new test starts."""
        self.shown.clear()
        self._expected.clear()
        self._problems.clear()

    def problems(self) -> list[str]:
        """Unexpected dialogs, and expected ones that did not come."""
        missing = [f"The expected {kind} dialog matching {text!r} did not come." for kind, text, _ in self._expected]
        return self._problems + missing

    def _answer(self, kind: str, text: str) -> Any:
        self.shown.append(ShownDialog(kind, text))
        if not self._expected:
            self._refuse(f"Unexpected {kind} dialog: {text!r}")
        expected_kind, pattern, answer = self._expected[0]
        if kind != expected_kind or not re.search(pattern, text, re.DOTALL):
            self._refuse(f"Expected a {expected_kind} dialog matching {pattern!r}, but a {kind} dialog came: {text!r}")
        self._expected.pop(0)
        return answer

    def _refuse(self, problem: str) -> None:
        self._problems.append(problem)
        raise UnexpectedDialog(problem)

    # ------------------------------------------------------------ what the Qt classes call

    def run_message_box(self, box: Any) -> int:
        text = "\n".join(t for t in (box.windowTitle, box.text, box.informativeText, box.detailedText) if t)
        button = self._answer("message", text)
        if not int(box.standardButtons) & int(button):
            self._refuse(f"The message box {text!r} has no button {button!r}.")
        return button

    def run_dialog(self, dialog: Any) -> int:
        act = self._answer("dialog", dialog.windowTitle)
        dialog.show()
        try:
            return act(dialog)
        finally:
            dialog.hide()

    def pick(self, parent: Any = None, caption: str = "", /, *_arguments: Any) -> str:
        return str(self._answer("file", caption))

    def pick_several(self, parent: Any = None, caption: str = "", /, *_arguments: Any) -> tuple[str, ...]:
        return tuple(str(path) for path in self._answer("file", caption))


def install(dialogs: Dialogs) -> None:
    """Make every modal dialog of this process ask ``dialogs``."""
    box = QtWidgets.QMessageBox
    QtWidgets.QDialog.exec_ = lambda self: dialogs.run_dialog(self)
    box.exec_ = lambda self: dialogs.run_message_box(self)
    for name, buttons in (
        ("information", box.Ok),
        ("warning", box.Ok),
        ("critical", box.Ok),
        ("question", box.Yes | box.No),
    ):
        setattr(box, name, staticmethod(_static_message(dialogs, buttons)))
    files = QtWidgets.QFileDialog
    for name in ("getOpenFileName", "getSaveFileName", "getExistingDirectory"):
        setattr(files, name, staticmethod(dialogs.pick))
    files.getOpenFileNames = staticmethod(dialogs.pick_several)
    for name in ("getText", "getInt", "getDouble", "getItem", "getMultiLineText"):
        setattr(QtWidgets.QInputDialog, name, staticmethod(_no_input_dialog))


def _static_message(dialogs: Dialogs, default_buttons: Any) -> Callable[..., int]:
    def show(parent: Any, title: str, text: str, buttons: Any = default_buttons, /, *_default: Any) -> int:
        box = QtWidgets.QMessageBox()
        box.setWindowTitle(title)
        box.setText(text)
        box.setStandardButtons(buttons)
        return dialogs.run_message_box(box)

    return show


def _no_input_dialog(*_arguments: Any) -> None:
    raise NotImplementedError("The test bed has no QInputDialog: PythonQt cannot return whether OK was pressed.")
