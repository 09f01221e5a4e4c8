"""The test bed runs a scripted module: life cycle, parameter node, scene events, screenshots of its panel."""

from __future__ import annotations

import os
import typing
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest

pytest_plugins = ["slicer_testbed.plugin"]

standins_only = pytest.mark.skipif(bool(os.environ.get("SLICER_SOURCE")), reason="tests the stand-in of a Slicer file")

SAMPLE = Path(__file__).parents[1] / "slicer_testbed" / "sample" / "TestBedSample.py"


@pytest.fixture
def panel(slicer_app):
    """The sample module's panel, shown; the scene is empty."""
    slicer_app.load_modules(SAMPLE)
    return slicer_app.show_module("TestBedSample")


def _add_volume(name, value=150):
    import slicer.util

    voxels = np.zeros((20, 30, 40), np.int16)
    voxels[5:15, 8:22, 10:30] = value
    return slicer.util.addVolumeFromArray(voxels, name=name)


def test_panel_runs_like_in_slicer(panel):
    assert panel.calls == ["setup", "enter"]
    assert not panel.ui.applyButton.enabled
    assert panel.ui.applyButton.toolTip == "Select an input volume"
    volume = _add_volume("Knee")
    panel.ui.inputSelector.setCurrentNode(volume)
    assert panel.ui.applyButton.enabled
    panel.ui.applyButton.click()
    assert panel.ui.resultLabel.text == "2800 voxels"
    panel.ui.modeComboBox.setCurrentText("Below the threshold")
    panel.ui.applyButton.click()
    assert panel.ui.resultLabel.text == f"{24000 - 2800} voxels"


def test_parameters_follow_widgets_and_back(panel):
    import slicer

    parameters = panel._parameterNode
    panel.ui.thresholdSlider.value = 42.0
    panel.ui.folderEdit.currentPath = "/tmp"
    panel.ui.unitsComboBox.setCurrentIndex(1)
    panel.ui.verboseCheckBox.click()
    assert (parameters.threshold, parameters.outputFolder, parameters.units) == (42.0, Path("/tmp"), "mm3")
    assert not parameters.verbose
    parameters.repeats = 7
    parameters.mode = type(parameters.mode).BELOW
    assert panel.ui.repeatsSpinBox.value == 7
    assert panel.ui.modeComboBox.currentText == "Below the threshold"
    knees = [_add_volume("First"), _add_volume("Second")]
    for knee in knees:
        panel.ui.otherSelector.setCheckState(knee, 2)
    assert parameters.otherVolumes == knees
    slicer.mrmlScene.RemoveNode(knees[0])
    assert parameters.otherVolumes == [knees[1]]


def test_validators_and_unknown_names_are_refused(panel):
    parameters = panel._parameterNode
    for name, value in (
        ("threshold", 201),
        ("threshold", None),
        ("repeats", 1.5),
        ("units", "cm"),
        ("mode", "ABOVE"),
        ("outputFolder", "/tmp"),
        ("inputVolume", panel.ui.applyButton),
    ):
        with pytest.raises((ValueError, TypeError), match="must"):
            setattr(parameters, name, value)
    with pytest.raises((TypeError, NotImplementedError)):
        parameters.otherVolumes + []
    panel.ui.thresholdSlider.setProperty("SlicerParameterName", "treshold")
    with pytest.raises(ValueError, match="treshold"):
        parameters.connectGui(panel.ui)


def test_types_that_slicer_refuses_are_refused(panel):
    """An abstract node type at a selector, and None in a union without it."""
    import slicer
    from slicer.parameterNodeWrapper import parameterNodeWrapper

    masks = (slicer.vtkMRMLLabelMapVolumeNode, slicer.vtkMRMLSegmentationNode)

    def parameters(type_):
        return parameterNodeWrapper(type("Parameters", (), {"__annotations__": {"mask": type_}}))

    node, selector = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScriptedModuleNode"), slicer.qMRMLNodeComboBox()
    with pytest.raises(TypeError, match="abstract"):
        parameters(slicer.vtkMRMLDisplayableNode)(node).connectParametersToGui({"mask": selector})
    with pytest.raises(TypeError, match="Unable to write value 'None'"):
        parameters(typing.Union[masks])(slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScriptedModuleNode"))
    good = parameters(typing.Union[(*masks, None)])(node)
    good.connectParametersToGui({"mask": selector})
    assert selector.nodeTypes == [mask.__name__ for mask in masks]
    volume = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode")
    with pytest.raises(TypeError, match="Unable to write|must be of type"):
        good.mask = volume
    good.mask = slicer.mrmlScene.AddNewNodeByClass(masks[1].__name__)
    slicer.mrmlScene.RemoveNode(good.mask)
    assert good.mask is None


@standins_only
def test_standin_is_stricter_than_slicer(panel):
    """A misspelt parameter is a plain attribute in Slicer; ``A | B`` is refused by 5.8 and by us."""
    import slicer
    from slicer.parameterNodeWrapper import parameterNodeWrapper

    with pytest.raises(AttributeError, match="treshold"):
        panel._parameterNode.treshold = 1
    union = slicer.vtkMRMLLabelMapVolumeNode | slicer.vtkMRMLSegmentationNode | None
    with pytest.raises(TypeError, match=r"typing\.Union"):
        parameterNodeWrapper(type("Parameters", (), {"__annotations__": {"mask": union}}))


def test_annotations_that_slicer_does_not_use_are_logged(slicer_app, caplog):
    from slicer.parameterNodeWrapper import Decimals, SingleStep, parameterNodeWrapper

    type_ = Annotated[float, Decimals(2), SingleStep(0.1)]
    parameterNodeWrapper(type("Parameters", (), {"__annotations__": {"tolerance": type_}}))
    assert caplog.messages == ["Unused annotations: [Decimals(value=2), SingleStep(value=0.1)]"]


@pytest.mark.parametrize("package", ["pandas", "matplotlib.figure"])
def test_packages_that_slicer_has_not_are_not_there(slicer_app, package):
    from slicer_testbed.python_packages import all_installed

    with pytest.raises(ModuleNotFoundError, match=package.partition(".")[0]):
        __import__(package)
    with all_installed():
        assert __import__(package).__version__
    with pytest.raises(ModuleNotFoundError):
        __import__(package)


def test_widget_that_cannot_show_a_parameter_is_refused(panel):
    import qt

    with pytest.raises(RuntimeError, match="QRadioButton"):
        panel._parameterNode.connectParametersToGui({"verbose": qt.QRadioButton()})
    with pytest.raises(RuntimeError, match="unbounded"):
        panel._parameterNode.connectParametersToGui({"repeats": qt.QSlider()})


def test_module_has_its_own_connectors(panel):
    """Registered, or handed over: Slicer knows no connection of a dial to a bool."""
    import qt
    from slicer.parameterNodeWrapper import GuiConnector, parameterNodeGuiConnector

    class DialToBool(GuiConnector):
        def __init__(self, widget):
            super().__init__()
            self._widget = widget

        @staticmethod
        def canRepresent(widget, datatype):
            return type(widget) is qt.QDial and datatype is bool

        @staticmethod
        def create(widget, datatype):
            return DialToBool(widget)

        def _connect(self):
            self._widget.connect("valueChanged(int)", self.changed)

        def _disconnect(self):
            self._widget.disconnect("valueChanged(int)", self.changed)

        def widget(self):
            return self._widget

        def read(self):
            return self._widget.value > 0

        def write(self, value):
            self._widget.value = int(value)

    first, second = qt.QDial(), qt.QDial()
    parameters = panel._parameterNode
    with pytest.raises(RuntimeError, match="QDial"):
        parameters.connectParametersToGui({"verbose": first})
    parameters.connectParametersToGui({"verbose": DialToBool(first)})
    parameterNodeGuiConnector(DialToBool)
    tag = parameters.connectParametersToGui({"verbose": second})
    assert (first.value, second.value) == (1, 1)
    first.value = 0
    assert (parameters.verbose, second.value) == (False, 0)
    parameters.disconnectGui(tag)
    second.value = 5
    assert not parameters.verbose


def test_disconnected_panel_no_longer_writes(slicer_app, panel):
    parameters = panel._parameterNode
    if panel._connectionTag is None:
        pytest.skip("connectGui of Slicer 5.8 does not say what to disconnect")
    slicer_app.leave_module()
    panel.ui.repeatsSpinBox.value = 9
    assert parameters.repeats == 2


def test_saved_scene_brings_the_panel_back(slicer_app, panel, tmp_path):
    import slicer.util

    volume = _add_volume("Knee")
    other = _add_volume("Other")
    panel.ui.inputSelector.setCurrentNode(volume)
    panel.ui.otherSelector.check(other)
    panel.ui.thresholdSlider.value = -3.5
    panel.ui.modeComboBox.currentIndex = 1
    scene = str(tmp_path / "scene.mrb")
    assert slicer.util.saveScene(scene)
    slicer.mrmlScene.Clear(0)
    assert panel.ui.thresholdSlider.value == 100
    assert panel.ui.inputSelector.currentNode() is None
    slicer.util.loadScene(scene)
    parameters = panel._parameterNode
    assert parameters.inputVolume.GetName() == "Knee"
    assert [node.GetName() for node in parameters.otherVolumes] == ["Other"]
    assert panel.ui.inputSelector.currentNode().GetName() == "Knee"
    assert panel.ui.thresholdSlider.value == -3.5
    assert panel.ui.modeComboBox.currentText == "Below the threshold"
    assert panel.calls == ["setup", "enter", "startClose", "endClose", "endImport"]


def test_reload_makes_a_new_panel_and_cleans_the_old_one(slicer_app, panel):
    import slicer

    panel.onReload()
    new = slicer.modules.TestBedSampleWidget
    assert new is not panel
    assert panel.calls == ["setup", "enter", "cleanup"]
    assert new.calls == ["setup"], "in Slicer, too, nobody enters a panel that was reloaded"
    slicer.mrmlScene.Clear(0)
    assert panel.calls == ["setup", "enter", "cleanup"], "the old panel must not observe the scene any more"
    assert new.calls[-1] == "endClose"


def test_panel_that_forgets_its_observers_is_a_problem(slicer_app, panel):
    panel.removeObservers = lambda method=None: None
    slicer_app.unload_modules()
    (problem,) = slicer_app.problems()
    assert "TestBedSampleWidget still observes" in problem
    del panel.removeObservers
    panel.removeObservers()
    slicer_app.leaks.clear()


def test_closing_slicer_leaves_and_cleans_up(slicer_app, panel):
    import slicer

    quits = []
    slicer.app.connect("aboutToQuit()", lambda: quits.append(1))
    slicer_app.close_slicer()
    assert quits == [1]
    assert panel.calls == ["setup", "enter", "exit", "cleanup"]
    assert not hasattr(slicer.modules, "testbedsample")


def test_module_metadata_logic_and_own_test(slicer_app):
    import slicer.util

    (module,) = slicer_app.load_modules(SAMPLE)
    assert (module.title, module.categories) == ("Test bed sample", ["Testing"])
    assert slicer.util.modulePath("TestBedSample") == str(SAMPLE)
    assert slicer.util.getModuleLogic("TestBedSample") is slicer.util.getModuleWidget("TestBedSample").logic
    slicer.modules.TestBedSampleInstance.runTest()
    with pytest.raises(AttributeError, match="catgories"):
        module.catgories = ["Testing"]
    with pytest.raises(RuntimeError, match="NoSuchModule"):
        slicer.util.selectModule("NoSuchModule")


def test_sample_data_is_registered_at_start_up(slicer_app):
    import SampleData

    slicer_app.load_modules(SAMPLE)
    assert slicer_app.click_sample("TestBedBox").GetName() == "Box"
    with pytest.raises(IndexError):
        SampleData.downloadSample("TestBedBox")
    with pytest.raises(TypeError, match="len"):
        SampleData.SampleDataLogic.registerCustomSampleDataSource(sampleName="No uris", customDownloader=print)


@standins_only
def test_sample_data_of_a_file(slicer_app, tmp_path):
    import SampleData
    import slicer.util

    slicer_app.load_modules(SAMPLE)
    slicer_app.click_sample("TestBedBox")
    register = SampleData.SampleDataLogic.registerCustomSampleDataSource
    slicer.util.saveNode(slicer.util.getNode("Box"), str(tmp_path / "box.nrrd"))
    checksum = "SHA256:" + slicer.util.computeChecksum("SHA256", str(tmp_path / "box.nrrd"))
    uri = (tmp_path / "box.nrrd").as_uri()
    register(category="C", sampleName="File", uris=uri, fileNames="b.nrrd", nodeNames="B", checksums=checksum)
    register(category="C", sampleName="Bad", uris=uri, fileNames="b.nrrd", nodeNames="B", checksums="SHA256:00")
    assert slicer.util.arrayFromVolume(SampleData.downloadSample("File")).max() == 150
    with pytest.raises(RuntimeError, match="checksum"):
        SampleData.downloadSample("Bad")


def test_error_in_apply_is_shown_and_raised(slicer_app, panel, dialogs):
    import qt

    _add_volume("Empty", value=0)
    panel.ui.inputSelector.setCurrentNodeIndex(0)
    dialogs.expect_message("Counting failed.*The volume is empty", qt.QMessageBox.Ok)
    panel.ui.applyButton.click()
    assert isinstance(slicer_app.expected_error(ValueError), ValueError)
    assert "Traceback" in dialogs.shown[0].text


def test_panel_screenshot(panel, screenshots, screenshot_folder):
    _add_volume("Knee")
    picture = screenshots.panel("TestBedSample", screenshot_folder / "testbed-panel.png")
    assert picture.shape[1] == 460
    assert picture.std() > 10, "the picture is empty"
    folded = picture.shape[0]
    panel.ui.advancedCollapsibleButton.collapsed = False
    assert panel.ui.repeatsSpinBox.visible
    assert screenshots.panel("TestBedSample").shape[0] > folded + 50
