"""What every panel has to get right in Slicer, whose widgets choose by themselves, or say nothing, when one does not
expect it."""

from __future__ import annotations

import importlib
import sys
import types
import typing
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

pytest_plugins = ["slicer_testbed.plugin"]

ROOT = Path(__file__).parents[2]
WIDTH = 435  # pixels; with Slicer's fonts a little more
PARAMETERS = {
    "KneeCartilageSeg": "KneeCartilageSegLib.slicer_support.parameters",
    "FindReference": "FindReferenceLib.parameters",
    "SegmentationQuality": "SegmentationQualityLib.parameters",
}


@pytest.fixture(params=list(PARAMETERS))
def panel(request, slicer_app):
    slicer_app.load_modules(ROOT / request.param / f"{request.param}.py")
    return slicer_app.show_module(request.param)


def node_types(type_) -> list[type]:
    """The node classes in a parameter's type, also those in lists and unions."""
    import slicer

    if isinstance(type_, type) and issubclass(type_, slicer.vtkMRMLNode):
        return [type_]
    return [found for part in typing.get_args(type_) for found in node_types(part)]


def unions(type_) -> list:
    parts = [found for part in typing.get_args(type_) for found in unions(part)]
    is_union = typing.get_origin(type_) is typing.Union or isinstance(type_, getattr(types, "UnionType", ()))
    return [type_, *parts] if is_union else parts


@pytest.mark.parametrize("module", list(PARAMETERS))
def test_parameters_have_types_that_slicer_takes(slicer_app, module):
    """Slicer makes an instance of a node type, needs None in a union, and 5.8 did not know ``A | B``."""
    parameters = getattr(importlib.import_module(PARAMETERS[module]), f"{module}ParameterNode")
    hints = [parameter.unalteredType for parameter in parameters.allParameters.values()]
    nodes = [node for hint in hints for node in node_types(hint)]
    assert nodes
    for node in nodes:
        assert node().GetClassName() == node.__name__
    for union in [found for hint in hints for found in unions(hint)]:
        assert typing.get_origin(union) is typing.Union
        assert type(None) in typing.get_args(union)


def test_panel_fits_beside_the_views(panel):
    """With everything opened, on every tab: the room that Slicer gives a panel by itself."""
    for button in (widget for widget in vars(panel.ui).values() if type(widget).__name__ == "ctkCollapsibleButton"):
        button.collapsed = False
    for tab in range(panel.ui.inputTabs.count):
        panel.ui.inputTabs.currentIndex = tab
        assert panel.parent.minimumSizeHint.width() <= WIDTH


WITHOUT_HELP = {"QLabel", "QWidget", "QTabWidget", "QProgressBar", "ctkCollapsibleButton", "qMRMLWidget"}


@pytest.mark.parametrize("file", [path for module in PARAMETERS for path in (ROOT / module).rglob("*.ui")], ids=str)
def test_every_field_and_button_says_what_it_is_for(file):
    widgets = [one for one in ElementTree.parse(file).iter("widget") if one.get("class") not in WITHOUT_HELP]
    tips = {one.get("name"): one.findtext("property[@name='toolTip']/string") for one in widgets}
    assert tips
    assert [name for name, tip in tips.items() if not tip or not tip.rstrip().endswith(".")] == []


@pytest.mark.parametrize("module", list(PARAMETERS))
def test_start_writes_nothing_into_the_log(slicer_app, caplog, module):
    for name in [name for name in sys.modules if name.startswith(f"{module}Lib.parameters")]:
        del sys.modules[name]
    slicer_app.load_modules(ROOT / module / f"{module}.py")
    slicer_app.show_module(module)
    assert caplog.messages == []


def test_path_field_never_leaves_an_old_path_behind(panel):
    """Whatever its text becomes: nothing, a path that does not exist, an ending that the filters do not name."""
    fields = {name: edit for name, edit in vars(panel.ui).items() if type(edit).__name__ == "ctkPathLineEdit"}
    assert fields
    for name, edit in fields.items():
        for text in ("/some/list.txt", "", "/no/such/folder", "list.lst", "list.txt", ""):
            edit.currentPath = text
            assert getattr(panel.parameters, name.removesuffix("Edit")) == text


def test_panel_that_was_left_no_longer_writes(slicer_app, panel):
    """In Slicer 5.8, too, whose connectGui does not say what to disconnect."""
    parameters = panel.parameters
    slicer_app.leave_module()
    panel.ui.jobsSpinBox.value = 7
    panel.ui.inputTabs.currentIndex = 1
    assert (parameters.jobs, parameters.fromNodes) == (0, False)


def test_panel_follows_once_however_often_it_was_entered(slicer_app, panel):
    """In Slicer 5.8 to 5.10, too, where disconnectGui leaves an observer behind."""
    for _ in range(4):
        slicer_app.leave_module()
        slicer_app.show_module(panel.moduleName)
    shown, show = [], panel.showParameters
    panel.showParameters = lambda: (shown.append(panel.parameters.jobs), show())
    panel.ui.jobsSpinBox.value = 5
    assert shown == [5]
    panel.parameters.jobs = 6
    assert panel.ui.jobsSpinBox.value == 6
    assert shown == [5, 6]


def test_text_can_be_typed_in_its_middle(slicer_app):
    """Slicer 5.8 writes the text back as it is typed, and the cursor jumps to its end."""
    slicer_app.load_modules(ROOT / "SegmentationQuality" / "SegmentationQuality.py")
    panel = slicer_app.show_module("SegmentationQuality")
    edit = panel.ui.labelsLineEdit
    edit.text = "1 3"
    edit.setCursorPosition(2)
    for typed in "2 ":
        edit.insert(typed)
    assert edit.text == panel.parameters.labels == "1 2 3"
    assert edit.cursorPosition == 4


def test_run_that_ends_before_it_is_known_leaves_no_running_panel(slicer_app, panel):
    """A program that is not there fails at once on some systems."""
    from KneeCartilageSegLib.slicer_support.command_run import CommandRun
    from KneeCartilageSegLib.slicer_support.process import State

    class Failed(CommandRun):
        state, message, results, nodes = State.FAILED, "no program", {}, None

    panel.onRunStart = panel.keepResults = lambda *_run: None
    panel.startRun = lambda **callbacks: Failed(**callbacks)
    panel.onApplyButton()
    assert panel.ui.reasonLabel.text == "Failed: no program"
    assert not panel.ui.cancelButton.enabled
    assert not panel.ui.progressBar.visible
