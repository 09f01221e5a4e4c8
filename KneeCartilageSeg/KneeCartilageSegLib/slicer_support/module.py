"""What the three modules say about themselves, and their test."""

from __future__ import annotations

import doctest
import inspect
import os
from typing import Union

import slicer
from slicer.i18n import tr as _
from slicer.ScriptedLoadableModule import ScriptedLoadableModuleTest

from .. import REPOSITORY

PathLike = Union[str, "os.PathLike[str]"]  # as scripts name a file
TUTORIAL = "Documentation/tutorial/slicer.md"
CONTRIBUTORS = [f"KneeCartilageSeg team ({REPOSITORY})"]


def tutorial() -> str:
    """Where there is more to read; rich text."""
    return _("See <a href='{address}'>the tutorial</a>.").format(address=f"{REPOSITORY}/blob/main/{TUTORIAL}")


class ExampleTest(ScriptedLoadableModuleTest):
    """Runs the example in the documentation of a logic, its attribute ``logic``."""

    logic: type

    def runTest(self) -> None:
        slicer.mrmlScene.Clear(0)
        self.test_exampleOfTheLogic()

    def test_exampleOfTheLogic(self) -> None:
        parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
        text = inspect.getdoc(self.logic) or ""
        said: list[str] = []
        runner.run(parser.get_doctest(text, {"slicer": slicer}, "example", None, 0), out=said.append)
        assert runner.tries > 10
        assert runner.failures == 0, "".join(said)
        self.delayDisplay("Test passed")
