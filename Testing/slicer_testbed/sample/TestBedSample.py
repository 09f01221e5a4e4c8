"""A small scripted module, written as Slicer's module template is, with which the test bed is tested."""

from __future__ import annotations

import enum
import logging
from pathlib import Path
from typing import Annotated

import qt
import slicer
import vtk
from slicer import vtkMRMLScalarVolumeNode
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.parameterNodeWrapper import Choice, Default, WithinRange, parameterNodeWrapper
from slicer.ScriptedLoadableModule import *  # noqa: F403
from slicer.util import VTKObservationMixin


def registerSampleData():
    import SampleData

    SampleData.SampleDataLogic.registerCustomSampleDataSource(
        category="TestBed",
        sampleName="TestBedBox",
        uris=[],
        fileNames=[],
        customDownloader=lambda source: TestBedSampleLogic.makeBox(),
    )


class TestBedSample(ScriptedLoadableModule):  # noqa: F405
    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)  # noqa: F405
        self.parent.title = _("Test bed sample")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Testing")]
        self.parent.contributors = ["Test bed"]
        self.parent.helpText = _("Counts voxels above a threshold.")
        self.parent.acknowledgementText = _("None.")
        slicer.app.connect("startupCompleted()", registerSampleData)


class Mode(enum.Enum):
    ABOVE = "above"
    BELOW = "below"

    def label(self):
        return {Mode.ABOVE: _("Above the threshold"), Mode.BELOW: _("Below the threshold")}[self]


@parameterNodeWrapper
class TestBedSampleParameterNode:
    inputVolume: vtkMRMLScalarVolumeNode
    otherVolumes: list[vtkMRMLScalarVolumeNode]
    mode: Mode
    threshold: Annotated[float, WithinRange(-100, 200)] = 100
    repeats: Annotated[int, Default(2)]
    units: Annotated[str, Choice(["voxel", "mm3"])] = "voxel"
    outputFolder: Path
    verbose: bool = True


class TestBedSampleWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):  # noqa: F405
    def __init__(self, parent=None):
        ScriptedLoadableModuleWidget.__init__(self, parent)  # noqa: F405
        VTKObservationMixin.__init__(self)
        self.calls = []
        self._parameterNode = None
        self._connectionTag = None

    def setup(self):
        ScriptedLoadableModuleWidget.setup(self)  # noqa: F405
        self.calls.append("setup")
        uiWidget = slicer.util.loadUI(self.resourcePath("UI/TestBedSample.ui"))
        self.layout.addWidget(uiWidget)
        self.ui = slicer.util.childWidgetVariables(uiWidget)
        uiWidget.setMRMLScene(slicer.mrmlScene)
        self.logic = TestBedSampleLogic()
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.StartCloseEvent, self.onSceneStartClose)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndCloseEvent, self.onSceneEndClose)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndImportEvent, self.onSceneEndImport)
        self.ui.applyButton.connect("clicked(bool)", self.onApplyButton)
        self.ui.otherSelector.connect("checkedNodesChanged()", self.onCheckedNodesChanged)
        self.initializeParameterNode()

    def cleanup(self):
        self.calls.append("cleanup")
        self.setParameterNode(None)
        self.removeObservers()

    def enter(self):
        self.calls.append("enter")
        self.initializeParameterNode()

    def exit(self):
        self.calls.append("exit")
        self.setParameterNode(None)

    def onSceneStartClose(self, caller, event):
        self.calls.append("startClose")
        self.setParameterNode(None)

    def onSceneEndClose(self, caller, event):
        self.calls.append("endClose")
        if self.parent.isEntered:
            self.initializeParameterNode()

    def onSceneEndImport(self, caller, event):
        self.calls.append("endImport")
        if self.parent.isEntered:
            self.initializeParameterNode()

    def initializeParameterNode(self):
        self.setParameterNode(self.logic.getParameterNode())
        if self._parameterNode.inputVolume is None:
            self._parameterNode.inputVolume = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLScalarVolumeNode")

    def setParameterNode(self, parameterNode):
        if self._parameterNode is not None:
            self._parameterNode.disconnectGui(self._connectionTag)
            self.removeObserver(self._parameterNode, vtk.vtkCommand.ModifiedEvent, self.updateApplyButton)
        self._parameterNode = parameterNode
        if parameterNode is not None:
            self._connectionTag = parameterNode.connectGui(self.ui)
            self.addObserver(parameterNode, vtk.vtkCommand.ModifiedEvent, self.updateApplyButton)
            self.updateApplyButton()

    def updateApplyButton(self, caller=None, event=None):
        self.ui.applyButton.enabled = self._parameterNode.inputVolume is not None
        self.ui.applyButton.toolTip = _("Count") if self.ui.applyButton.enabled else _("Select an input volume")

    def onCheckedNodesChanged(self):
        if self._parameterNode is not None:  # the selector empties itself when the scene closes
            self._parameterNode.otherVolumes = self.ui.otherSelector.checkedNodes()

    def onApplyButton(self):
        with slicer.util.tryWithErrorDisplay(_("Counting failed."), waitCursor=True):
            parameters = self._parameterNode
            count = self.logic.count(parameters.inputVolume, parameters.threshold, parameters.mode)
            self.ui.resultLabel.text = _("{count} voxels").format(count=count)


class TestBedSampleLogic(ScriptedLoadableModuleLogic):  # noqa: F405
    def getParameterNode(self):
        return TestBedSampleParameterNode(super().getParameterNode())

    @staticmethod
    def makeBox():
        import numpy as np

        voxels = np.zeros((20, 30, 40), np.int16)
        voxels[5:15, 8:22, 10:30] = 150
        return slicer.util.addVolumeFromArray(voxels, name="Box")

    def count(self, volume, threshold, mode):
        voxels = slicer.util.arrayFromVolume(volume)
        if not voxels.any():
            raise ValueError("The volume is empty.")
        logging.info("Counting %s", volume.GetName())
        return int((voxels > threshold if mode is Mode.ABOVE else voxels <= threshold).sum())


class TestBedSampleTest(ScriptedLoadableModuleTest):  # noqa: F405
    def runTest(self):
        slicer.mrmlScene.Clear(0)
        assert TestBedSampleLogic().count(TestBedSampleLogic.makeBox(), 100, Mode.ABOVE) == 10 * 14 * 20
        self.delayDisplay("Test passed")


class Worker(qt.QObject):
    """A module's own subclass of a Qt class may have attributes of its own."""

    def __init__(self):
        super().__init__()
        self.lines = []
