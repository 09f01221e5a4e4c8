"""The part of a panel that tells which elastix there is, and offers to install one."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import slicer.util
from slicer.i18n import tr as _

from ..errors import InputError
from ..registration.parameterfiles import read_parameter_files
from ..registration.stages import STAGES
from .command_run import without_options
from .options import EngineQuestion, engine_arguments
from .process import BackgroundCommand, State
from .slicer_elastix import install_slicer_elastix


@dataclass(frozen=True)
class _Answer:
    text: str
    missing: bool


class EnginePanel:
    """Looks for elastix in the background, and remembers what was found until something changes that it depends on:
    what is asked, parameter files, and the programs and the package that could be found.

    :param label: shows what was found.
    :param button: installs SlicerElastix; it is hidden if there is an elastix.
    :param on_changed: called whenever there is something new.
    """

    def __init__(self, label: Any, button: Any, on_changed: Callable[[], None]):
        self._label, self._button, self._on_changed = label, button, on_changed
        self._command: BackgroundCommand | None = None
        self._circumstances: tuple = ()
        self._answers: dict[tuple, _Answer] = {}
        button.setVisible(False)
        button.connect("clicked(bool)", self._install)

    @property
    def busy(self) -> bool:
        """Whether it is still looking."""
        return self.asked and self._answer is None

    @property
    def asked(self) -> bool:
        """Whether it has ever been asked."""
        return bool(self._circumstances)

    @property
    def missing(self) -> bool:
        """Whether there is no elastix that can do what is wanted."""
        return self._answer is not None and self._answer.missing

    @property
    def _answer(self) -> _Answer | None:
        return self._answers.get(self._circumstances)

    def look_for(self, question: EngineQuestion) -> None:
        """Say which elastix can do what is wanted; look for one only if that is not known."""
        circumstances = (question, *_what_it_depends_on(question))
        if circumstances == self._circumstances:
            return
        self._circumstances = circumstances
        if self._command is not None:
            self._command.abandon()
        problems = _problems(question)
        if problems:
            self._answers[circumstances] = _Answer(problems, missing=False)
        if self._answer is None:
            command = self._command = BackgroundCommand(on_end=lambda: self._remember(circumstances, command))
            command.start(engine_arguments(question))
        self._show()

    def close(self) -> None:
        """End the search at once; for a Slicer that quits."""
        if self._command is not None:
            self._command.close()

    def _remember(self, circumstances: tuple, command: BackgroundCommand) -> None:
        found = command.state is State.DONE
        self._answers[circumstances] = _Answer("\n".join(command.answer if found else command.log), not found)
        self._show()

    def _show(self) -> None:
        self._label.setText(self._answer.text if self._answer is not None else _("Looking for elastix ..."))
        self._button.setVisible(self.missing)
        self._on_changed()

    def _install(self, _checked: bool = False) -> None:
        with slicer.util.tryWithErrorDisplay(_("SlicerElastix could not be installed."), waitCursor=True):
            install_slicer_elastix()
            if slicer.util.confirmYesNoDisplay(_("SlicerElastix is installed. Restart Slicer now?")):
                slicer.util.restart()


def _problems(question: EngineQuestion) -> str:
    """What is wrong with the parameter files: no elastix could tell then."""
    try:
        read_parameter_files(question.modality, question.parameters)
    except InputError as error:
        return without_options(str(error))
    return ""


def _what_it_depends_on(question: EngineQuestion) -> tuple:
    """Which programs, package and parameter files there are, and when they were written."""
    on_path = shutil.which("elastix")
    files = [Path(on_path)] if on_path else []
    if question.engine is not None:
        files += [question.engine, question.engine / "elastix", question.engine / "elastix.exe"]
    if question.parameters is not None:
        files += [question.parameters / stage.parameter_file for stage in STAGES[question.modality]]
    return importlib.util.find_spec("itk") is not None, *((str(path), _written(path)) for path in files)


def _written(path: Path) -> int | None:
    """When a file was written, in ns; None if it is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None
