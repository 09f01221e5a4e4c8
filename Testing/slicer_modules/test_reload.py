"""Slicer's "Reload" reads a module's libraries again. In a process of its own: its classes are made anew."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = ("KneeCartilageSeg", "FindReference", "SegmentationQuality")

pytestmark = pytest.mark.skipif(importlib.util.find_spec("slicer") is None, reason="needs slicer-core")


@pytest.fixture
def sources(tmp_path) -> Path:
    """Modules and libraries that a developer can change."""
    for module in MODULES:
        shutil.copytree(ROOT / module, tmp_path / module, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def drive(sources, script) -> str:
    paths = [str(sources / module) for module in MODULES]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*paths, str(ROOT / "Testing")])}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"  # a change within a second would not be seen
    command = [sys.executable, "-c", _START + script, str(sources)]
    ended = subprocess.run(command, env=environment, cwd=sources, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


_START = """
import sys
from pathlib import Path
from slicer_testbed.application import start

MODULES = ("KneeCartilageSeg", "FindReference", "SegmentationQuality")
sources = Path(sys.argv[1])
bed = start()
bed.load_modules(*(sources / module / f"{module}.py" for module in MODULES))
import slicer

def panel(module):
    return getattr(slicer.modules, f"{module}Widget", None)

def append(file, line):
    with open(sources / file, "a") as stream:
        stream.write(line + "\\n")
"""


def test_libraries_are_reloaded_with_every_module(sources):
    drive(
        sources,
        """
for number, module in enumerate(MODULES):
    old = bed.show_module(module)
    append("KneeCartilageSeg/KneeCartilageSegLib/tissue.py", f"CHANGED = {number}")
    append(f"{module}/{module}Lib/__init__.py", f"CHANGED = {number}")
    old.onReload()
    assert panel(module) is not old
    assert sys.modules["KneeCartilageSegLib.tissue"].CHANGED == number
    assert sys.modules[f"{module}Lib"].CHANGED == number
    bed.wait_until(lambda: panel(module).ui.reasonLabel.text)
bed.close_slicer()
assert bed.problems() == []
""",
    )


def test_modules_still_understand_each_other(sources):
    """FindReference chooses an enumeration's value in the parameters of KneeCartilageSeg, shown or not."""
    drive(
        sources,
        """
def hand_over():
    from FindReferenceLib.use_as_reference import ModalityChoice
    parameters = slicer.util.getModuleWidget("KneeCartilageSeg").logic.getParameterNode()
    parameters.modality = ModalityChoice.LONGITUDINAL
    return parameters.modality.name

bed.show_module("FindReference").onReload()
assert hand_over() == "LONGITUDINAL"
bed.show_module("KneeCartilageSeg").onReload()
assert hand_over() == "LONGITUDINAL"
assert panel("KneeCartilageSeg").ui.modalityComboBox.currentText == "Longitudinal"
bed.close_slicer()
assert bed.problems() == []
""",
    )


def test_source_with_an_error_leaves_the_panel_as_it_was(sources):
    drive(
        sources,
        """
old = bed.show_module("SegmentationQuality")
before = sys.modules["KneeCartilageSegLib.tissue"]
append("KneeCartilageSeg/KneeCartilageSegLib/tissue.py", "this is no Python")
try:
    old.onReload()
except SyntaxError:
    pass
else:
    raise AssertionError("no error")
assert panel("SegmentationQuality") is old
assert sys.modules["KneeCartilageSegLib.tissue"] is before
old.ui.inputTabs.currentIndex = 1
bed.wait_until(lambda: "no pair" in old.ui.reasonLabel.text.lower())
bed.close_slicer()
assert bed.problems() == []
""",
    )
