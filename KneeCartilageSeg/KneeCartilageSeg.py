"""Segment femur and femoral cartilage in knee MR: Slicer's window on KneeCartilageSegLib."""

from __future__ import annotations

import doctest
import inspect
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ctk
import qt
import slicer
import vtk
from KneeCartilageSegLib.demo_data import SPACING
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.measurement.orientation import Side
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.runs.events import CaseEnd, Checking, Step
from KneeCartilageSegLib.slicer_support.cartilage import measure_segmentation
from KneeCartilageSegLib.slicer_support.check import ListCheck
from KneeCartilageSegLib.slicer_support.command_run import problem_text
from KneeCartilageSegLib.slicer_support.connectors import connect_widgets, forget_node, on_path_changed
from KneeCartilageSegLib.slicer_support.engine_panel import EnginePanel
from KneeCartilageSegLib.slicer_support.knees_table import KneeTable
from KneeCartilageSegLib.slicer_support.limits_table import LimitsTable
from KneeCartilageSegLib.slicer_support.loading import KneeLoader
from KneeCartilageSegLib.slicer_support.options import RunOptions, segment_arguments, status_arguments
from KneeCartilageSegLib.slicer_support.parameters import (
    KneeCartilageSegParameterNode,
    ModalityChoice,
    engine_question_of,
    modality_of,
    nodes_of,
    options_of,
)
from KneeCartilageSegLib.slicer_support.process import State
from KneeCartilageSegLib.slicer_support.reload import reload_with_libraries
from KneeCartilageSegLib.slicer_support.result_nodes import KneeResult
from KneeCartilageSegLib.slicer_support.run import SegmentationRun, load_knee
from KneeCartilageSegLib.slicer_support.sample import load_sample, make_sample
from KneeCartilageSegLib.slicer_support.session import session_folder
from KneeCartilageSegLib.slicer_support.slicer_elastix import slicer_elastix_folder
from KneeCartilageSegLib.slicer_support.tasks import Steps, run_now
from KneeCartilageSegLib.slicer_support.views import show_knee
from KneeCartilageSegLib.slicer_support.volumes import (
    MaskSource,
    NodeInput,
    check_nodes,
    export_nodes,
    guess_segment,
    is_segmentation,
    knee_names,
)
from KneeCartilageSegLib.tissue import Tissue
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)
from slicer.util import VTKObservationMixin

_FILE_PATHS = ("listFile", "elastixFolder")
CHECK_DELAY = 300  # ms after the last change of the inputs


class KneeCartilageSeg(ScriptedLoadableModule):
    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("Knee Cartilage Segmentation")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Segmentation")]
        self.parent.contributors = ["KneeCartilageSeg contributors"]
        self.parent.helpText = _(
            "Finds the femur and its cartilage in MR images of the knee: registers each knee to a reference knee that "
            "is segmented already, inverts the transforms, and warps the reference's masks onto the knee. "
            "See <a href='https://github.com/KneeCartilageSeg/SlicerKneeCartilageSeg'>the tutorial</a>."
        )
        self.parent.acknowledgementText = _(
            "The workflow is that of pyKNEEr (Bonaretti et al., PLoS ONE 2020). Registration is done by elastix "
            "(Klein et al., IEEE TMI 2010)."
        )
        slicer.app.connect("startupCompleted()", registerSampleData)


def registerSampleData():
    """Register the digital knees, which are made here and not downloaded."""
    import SampleData

    SampleData.SampleDataLogic.registerCustomSampleDataSource(
        category="KneeCartilageSeg",
        sampleName="KneePhantom",
        uris=[],  # nothing to download, but Slicer asks for their number
        fileNames=[],
        thumbnailFileName=os.path.join(os.path.dirname(__file__), "Resources", "Icons", "KneePhantom.png"),
        customDownloader=lambda source: KneeCartilageSegLogic().loadSample(),
    )


class KneeCartilageSegWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """The panel. What it does, :class:`KneeCartilageSegLogic` does for a script."""

    def __init__(self, parent=None):
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self._parameterNode = None
        self._connectionTag = None
        self._updating = False
        self._run = None  # the present run
        self._check = None  # the last look at the image list
        self._checked = None  # what was looked at
        self._loader = KneeLoader(self.onLoadingFailed)
        self._measuring = None  # the measurement that is under way
        self._sources = {False: None, True: None}  # by fromNodes: whose results the table shows
        self._shownMasks = {}  # by parameter: the segmentation that a segment selector shows

    def setup(self):
        ScriptedLoadableModuleWidget.setup(self)
        uiWidget = slicer.util.loadUI(self.resourcePath("UI/KneeCartilageSeg.ui"))
        self.layout.addWidget(uiWidget)
        self.ui = slicer.util.childWidgetVariables(uiWidget)
        uiWidget.setMRMLScene(slicer.mrmlScene)
        self.logic = KneeCartilageSegLogic()
        self._knees = KneeTable(self.ui.kneesTable, self.onKneeChosen)
        self._limits = LimitsTable(self.ui.limitsTable, lambda limits: self._set("limits", limits))
        self._engine = EnginePanel(self.ui.engineStatusLabel, self.ui.installElastixButton, self.showChecks)
        self._checkTimer = qt.QTimer()
        self._checkTimer.setSingleShot(True)
        self._checkTimer.setInterval(CHECK_DELAY)
        self._checkTimer.connect("timeout()", self.checkInputs)
        for event, method in (
            (slicer.mrmlScene.StartCloseEvent, self.onSceneStart),
            (slicer.mrmlScene.StartImportEvent, self.onSceneStart),
            (slicer.mrmlScene.EndCloseEvent, self.onSceneEnd),
            (slicer.mrmlScene.EndImportEvent, self.onSceneEnd),
            (slicer.mrmlScene.NodeAboutToBeRemovedEvent, self.onNodeLeaves),
        ):
            self.addObserver(slicer.mrmlScene, event, method)
        self._paths = {
            "listFile": self.ui.listFileEdit,
            "outputFolder": self.ui.outputFolderEdit,
            "workingFolder": self.ui.workingFolderEdit,
            "elastixFolder": self.ui.elastixFolderEdit,
            "parameterFolder": self.ui.parameterFolderEdit,
        }
        for name, edit in self._paths.items():
            edit.filters = ctk.ctkPathLineEdit.Files if name in _FILE_PATHS else ctk.ctkPathLineEdit.Dirs
            on_path_changed(edit, lambda path, name=name: self._set(name, path))
        self.ui.inputTabs.connect("currentChanged(int)", lambda index: self._set("fromNodes", index == 1))
        self.ui.movingSelector.connect("checkedNodesChanged()", self.onMovingChecked)
        self.ui.femurSegmentSelector.connect(
            "currentSegmentChanged(QString)", lambda segment: self.onSegmentChosen("femur", segment)
        )
        self.ui.cartilageSegmentSelector.connect(
            "currentSegmentChanged(QString)", lambda segment: self.onSegmentChosen("cartilage", segment)
        )
        self.ui.applyButton.connect("clicked(bool)", self.onApplyButton)
        self.ui.cancelButton.connect("clicked(bool)", self.onCancelButton)
        self.ui.measureButton.connect("clicked(bool)", self.onMeasureButton)
        self.ui.problemsTextEdit.setVisible(False)
        self._showRunning(False)
        self.initializeParameterNode()

    def cleanup(self):
        """Slicer quits or reloads the module: nothing of ours may outlive the panel."""
        self._checkTimer.stop()
        for process in (self._loader, self._measuring, self._run, self._check, self._engine):
            if process is not None:
                process.close()
        self.setParameterNode(None)
        self.removeObservers()

    def onReload(self):
        reload_with_libraries(self.moduleName, super().onReload)

    def enter(self):
        self.initializeParameterNode()
        self._checked = None  # the list or its files may have changed meanwhile
        self._engine.look_for(engine_question_of(self._parameterNode))
        self.updatePanel()

    def exit(self):
        self.setParameterNode(None)

    def onSceneStart(self, caller, event):
        """The scene is about to change as a whole: what the selectors do meanwhile is no choice of the user's."""
        self.setParameterNode(None)

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def onNodeLeaves(self, caller, event, node):
        if self._parameterNode is not None:
            forget_node(self._parameterNode, node)

    def onSceneEnd(self, caller, event):
        if self.parent.isEntered:
            self.initializeParameterNode()

    def initializeParameterNode(self):
        self.setParameterNode(self.logic.getParameterNode())

    def setParameterNode(self, parameterNode):
        if self._parameterNode is not None:
            self._parameterNode.disconnectGui(self._connectionTag)
            self.removeObserver(self._parameterNode.parameterNode, vtk.vtkCommand.ModifiedEvent, self.updatePanel)
        self._parameterNode = parameterNode
        if parameterNode is not None:
            self._connectionTag = connect_widgets(parameterNode, self.ui)
            for index, choice in enumerate(ModalityChoice):
                self.ui.modalityComboBox.setItemData(index, choice.description(), qt.Qt.ToolTipRole)
            self.addObserver(parameterNode.parameterNode, vtk.vtkCommand.ModifiedEvent, self.updatePanel)
            self.updatePanel()

    def _set(self, name: str, value: Any) -> None:
        if self._parameterNode is not None and not self._updating:
            setattr(self._parameterNode, name, value)

    # ------------------------------------------------------------ inputs

    def updatePanel(self, caller=None, event=None):
        """Show the parameters in the widgets that parameterNodeWrapper cannot connect, and what follows from them."""
        if self._parameterNode is None or self._updating:
            return
        self._updating = True
        parameters = self._parameterNode
        for name, edit in self._paths.items():
            if edit.currentPath != getattr(parameters, name):
                edit.currentPath = getattr(parameters, name)
        self.ui.inputTabs.setCurrentIndex(1 if parameters.fromNodes else 0)
        self.ui.modalityDescriptionLabel.setText(parameters.modality.description())
        self.ui.sideComboBox.setEnabled(modality_of(parameters) is Modality.NEW_SUBJECT)
        self._limits.show(modality_of(parameters), parameters.limits)
        self._showChecked(parameters.movingVolumes)
        self._updating = False
        self._showSegments("femur", Tissue.FEMUR)
        self._showSegments("cartilage", Tissue.CARTILAGE)
        self.ui.measureButton.setEnabled(parameters.measuredSegmentation is not None)
        if self._running:
            return
        if self._inputs() != self._checked:
            self._checkTimer.start()
            self.ui.applyButton.setEnabled(False)
        if self._engine.asked:
            self._engine.look_for(engine_question_of(parameters))

    def _showChecked(self, volumes: Iterable[Any]) -> None:
        selector = self.ui.movingSelector
        for index in range(selector.nodeCount()):
            node = selector.nodeFromIndex(index)
            selector.setCheckState(node, qt.Qt.Checked if node in volumes else qt.Qt.Unchecked)

    def _showSegments(self, name: str, tissue: Tissue) -> None:
        """Show the mask's segment. The selector chooses by itself, and often says nothing: the parameter is told."""
        selector, mask = getattr(self.ui, f"{name}SegmentSelector"), getattr(self._parameterNode, f"{name}Mask")
        segmentation = mask if mask is not None and is_segmentation(mask) else None
        isNew = segmentation is not self._shownMasks.get(name)
        self._shownMasks[name] = segmentation
        selector.setVisible(segmentation is not None)
        self._updating = True
        selector.setCurrentNode(segmentation)
        segment = getattr(self._parameterNode, f"{name}Segment")
        if segmentation is not None and segmentation.GetSegmentation().GetSegment(segment) is None:
            segment = guess_segment(segmentation, tissue)
        selector.setCurrentSegmentID(segment)
        self._updating = False
        if segmentation is None:
            return
        if segmentation.GetSegmentation().GetSegment(selector.currentSegmentID()) is not None:
            self._set(f"{name}Segment", selector.currentSegmentID())
        if isNew and self._parameterNode.cartilageMask is None:  # most likely it holds both
            self._parameterNode.cartilageMask = segmentation

    def onSegmentChosen(self, name: str, segment: str):
        """Of a segmentation that is no mask the selector chooses a segment, too: that is nobody's choice."""
        if self._parameterNode is not None:
            mask = getattr(self._parameterNode, f"{name}Mask")
            if mask is getattr(self.ui, f"{name}SegmentSelector").currentNode():
                self._set(f"{name}Segment", segment)

    def onMovingChecked(self):
        self._set("movingVolumes", list(self.ui.movingSelector.checkedNodes()))

    def _inputs(self) -> tuple:
        """Everything that a check depends on."""
        parameters = self._parameterNode
        if not parameters.fromNodes:
            return False, parameters.listFile, parameters.modality, options_of(self._parameterNode)
        masks = [(s.node and s.node.GetID(), s.segment) for s in nodes_of(self._parameterNode).masks.values()]
        volumes = [volume and volume.GetID() for volume in (*parameters.movingVolumes, parameters.referenceVolume)]
        return True, tuple(volumes), tuple(masks)

    # ------------------------------------------------------------ checks

    def checkInputs(self):
        """Look at the inputs, files in the background, and show the knees."""
        if self._parameterNode is None or self._running:
            return
        self._checked = self._inputs()
        if self._check is not None:
            self._check.abandon()
            self._check = None
        if not self._parameterNode.fromNodes and self._parameterNode.listFile:
            list_file, modality = Path(self._parameterNode.listFile), modality_of(self._parameterNode)
            self._check = ListCheck(list_file, modality, options_of(self._parameterNode), self.showChecks)
            self._sources[False] = self._check.source
        self._fillTable()
        self.showChecks()

    def _fillTable(self) -> None:
        if self._parameterNode.fromNodes:
            self._knees.fill(
                (name, node.GetName()) for name, node in knee_names(nodes_of(self._parameterNode).moving).items()
            )
        else:
            self._knees.fill(self._check.knees if self._check is not None else ())
        source = self._sources[self._parameterNode.fromNodes]
        for result in source.results.values() if source is not None else ():
            self._knees.show_result(result)

    def showChecks(self):
        """Show what is known about the inputs by now, and whether and why Apply is disabled."""
        if self._parameterNode is None or self._running:
            return
        problems = self._check.problems if self._check is not None else ()
        self.ui.problemsTextEdit.setVisible(bool(problems))
        self.ui.problemsTextEdit.setPlainText("\n".join(map(problem_text, problems)))
        if self._check is not None:
            for result in self._check.results.values():
                self._knees.show_result(result)
            self._knees.mark_problems(self._check.knees_with_problems)
        reason = self.whyNotApply()
        self.ui.applyButton.setEnabled(not reason)
        self._say(reason or self._readyText(), bool(reason) and not self._checking)

    @property
    def _checking(self) -> bool:
        return (self._check is not None and self._check.busy) or self._engine.busy

    def whyNotApply(self) -> str:
        """Why the knees cannot be segmented now; empty if they can."""
        if self._engine.missing:
            return _("No usable elastix was found: install SlicerElastix, or name an elastix program under Advanced.")
        if self._parameterNode.fromNodes:
            try:
                check_nodes(nodes_of(self._parameterNode))
            except InputError as error:
                return "\n".join(map(problem_text, error.problems))
        elif not self._parameterNode.listFile:
            return _("Choose an image list.")
        elif self._check is None or (self._check.busy and not self._check.problems):
            return _("Checking the list and its images ...")
        elif self._check.problems:
            return _("Correct the list first (problems: {number}).").format(number=len(self._check.problems))
        elif not self._check.good:
            return self._check.failure or _("The list could not be checked.")
        if self._engine.busy:
            return _("Looking for elastix ...")
        return ""

    def _readyText(self) -> str:
        source = self._sources[self._parameterNode.fromNodes]
        finished = sum(knee in source.results for knee in self._knees.knees) if source is not None else 0
        if finished and not self._parameterNode.fromNodes:
            return _("Knees: {number}, with results: {finished}. Click a knee to see it.").format(
                number=len(self._knees.knees), finished=finished
            )
        return _("Knees: {number}. Ready.").format(number=len(self._knees.knees))

    def _say(self, text: str, isProblem: bool = False) -> None:
        self.ui.reasonLabel.setText(text)
        self.ui.reasonLabel.setStyleSheet("color: #e07b00" if isProblem else "")

    # ------------------------------------------------------------ run

    @property
    def _running(self) -> bool:
        return self._run is not None and self._run.state.active

    def onApplyButton(self):
        with slicer.util.tryWithErrorDisplay(_("The knees could not be segmented.")):
            self.ui.logTextEdit.clear()
            callbacks = {
                "on_event": self.onRunEvent,
                "on_log": self.ui.logTextEdit.appendPlainText,
                "on_end": self.onRunEnd,
                "labelmaps": self._parameterNode.labelmaps,
            }
            parameters = self._parameterNode
            modality, options = modality_of(parameters), options_of(parameters)
            if parameters.fromNodes:
                nodes = nodes_of(parameters)
                self._run = self.logic.startNodes(nodes, parameters.workingFolder, options, **callbacks)
            else:
                self._run = self.logic.startList(parameters.listFile, modality, options, **callbacks)
            self._ranFromNodes = self._parameterNode.fromNodes
            self._sources[self._ranFromNodes] = self._run
            self._fractions = dict.fromkeys(self._knees.knees, 0.0)
            self._say(_("Starting ..."))
            self._showRunning(True)

    def _showRunning(self, running: bool) -> None:
        self.ui.applyButton.setEnabled(False)
        self.ui.cancelButton.setEnabled(running)
        self.ui.inputsCollapsibleButton.setEnabled(not running)
        self.ui.advancedCollapsibleButton.setEnabled(not running)
        self.ui.progressBar.setVisible(running)
        self.ui.progressBar.setValue(0)

    def onCancelButton(self):
        self.ui.cancelButton.setEnabled(False)
        self._say(_("Cancelling ..."))
        self._run.cancel()

    def onRunEvent(self, event):
        """A knee has gone on, or ended."""
        if isinstance(event, Checking):
            self._say(_("Reading the images: {done} of {total}").format(done=event.done, total=event.total))
        elif isinstance(event, Step):
            self._fractions[event.name] = event.fraction
            self._knees.show_step(event.name, event.step, event.fraction)
        elif isinstance(event, CaseEnd):
            self._fractions[event.name] = 1.0
            result = self._run.results[event.name]
            self._knees.show_result(result)
            self.ui.logTextEdit.appendPlainText(f"{result.name}: {result.status.value} {result.remarks}".rstrip())
            if self._ranFromNodes and result.masks and self._run.state is State.RUNNING:
                self._loader.add(self._run.load(result.name))
        if isinstance(event, (Step, CaseEnd)) and self._run.state is State.RUNNING:
            ended = len(self._run.results)
            self._say(_("Segmented: {ended} of {total}").format(ended=ended, total=len(self._fractions)))
            self.ui.progressBar.setValue(round(100 * sum(self._fractions.values()) / len(self._fractions)))

    def onRunEnd(self, run):
        self._showRunning(False)
        self._knees.end_steps()
        for result in run.results.values():
            self._knees.show_result(result)
        if self._parameterNode is None:  # another module is shown
            return
        self._checked = self._inputs()
        self.ui.applyButton.setEnabled(not self.whyNotApply())
        flagged = sum(result.flagged for result in run.results.values())
        good = sum(result.status.good for result in run.results.values())
        if run.state is State.CANCELLED:
            self._say(_("Cancelled. Knees that are segmented: {good}.").format(good=good))
        elif run.state is State.FAILED:
            self._say(_("Failed: {message}").format(message=run.message), True)
        else:
            text = _("Done. {good} segmented, {flagged} need review. Click a knee to see it.")
            self._say(text.format(good=good, flagged=flagged), bool(flagged))
            first = next((result.name for result in run.results.values() if result.status.good), None)
            if first is not None:
                self.onKneeChosen(first)

    def onKneeChosen(self, knee: str):
        """Bring a knee into view, if it has a segmentation."""
        source = self._sources[self.ui.inputTabs.currentIndex == 1]
        if source is None or knee not in source.results:
            return
        result = source.results[knee]
        if not result.masks:
            self._say(f"{knee}: {result.remarks}", True)
            return
        self._knees.select(knee)
        self._loader.add(source.load(knee), show_knee)

    # ------------------------------------------------------------ measurements

    def onMeasureButton(self):
        """Measure in the background: it takes a few seconds."""
        if self._measuring is not None:
            self._measuring.close()
        self.ui.measuredTextLabel.setText(_("Measuring ..."))
        work = measure_segmentation(self._parameterNode.measuredSegmentation)
        self._measuring = Steps(work, self.onMeasured, self.onMeasuringFailed)

    def onMeasured(self, measured):
        measurement, _model, table = measured
        thickness, notes = measurement.whole.thickness, measurement.orientation.notes
        text = _("Mean thickness {mean:.2f} mm, volume {volume:.0f} mm³. By region: table '{table}'.")
        said = text.format(mean=thickness.mean, volume=measurement.whole.volume, table=table.GetName())
        self.ui.measuredTextLabel.setText("\n".join([said, *notes]))

    def onMeasuringFailed(self, error: Exception):
        self.ui.measuredTextLabel.setText(str(error))

    def onLoadingFailed(self, error: Exception):
        self._say(str(error), True)


class KneeCartilageSegLogic(ScriptedLoadableModuleLogic):
    """Segments knees, for scripts and for the panel.

    The same runs from a command line: ``python -m KneeCartilageSegLib segment LIST --modality newsubject``, and gives
    the same voxels. A knee takes half a minute or more; Slicer stays usable meanwhile, also in the blocking calls.

    An example on digital knees with large voxels: another sequence of a knee that is segmented already, as nodes::

        >>> from KneeCartilageSeg import KneeCartilageSegLogic, Modality
        >>> logic = KneeCartilageSegLogic()
        >>> folder = logic.makeSample(spacing=2.0)
        >>> knee = slicer.util.loadVolume(str(folder / "preprocessed" / "01_DESS_01_prep.mha"))
        >>> femur = slicer.util.loadLabelVolume(str(folder / "segmented_groundTruth" / "01_DESS_01_prep_f.mha"))
        >>> cartilage = slicer.util.loadLabelVolume(str(folder / "segmented_groundTruth" / "01_DESS_01_prep_fc.mha"))
        >>> contrast = slicer.util.loadVolume(str(folder / "preprocessed" / "01_T2_01_prep.mha"))
        >>> (segmentation,) = logic.segmentNodes(
        ...     [contrast], knee, femur, cartilage, modality=Modality.MULTIMODAL, workingFolder=folder
        ... )
        >>> segmentation.GetName()
        '01_T2_01_prep segmentation'

    That has left an image list in the working folder. Lists are run likewise; their results are files, and what is
    finished is not done again::

        >>> listFile = folder / "KneeCartilageSeg" / "image_list_multimodal.txt"
        >>> results = logic.segmentList(listFile, Modality.MULTIMODAL)
        >>> {knee: (result.status.value, result.flagged) for knee, result in results.items()}
        {'01_T2_01_prep': ('unchanged', False)}
        >>> volume, segmentation = logic.showKnee(results["01_T2_01_prep"])

    A run that is not waited for::

        >>> run = logic.startList(folder / "image_list_newsubject.txt", Modality.NEW_SUBJECT)
        >>> run.cancel()
        >>> run.wait()
        >>> run.state.value
        'cancelled'
    """

    def getParameterNode(self):
        return KneeCartilageSegParameterNode(super().getParameterNode())

    def segmentList(self, listFile, modality: Modality, options: RunOptions | None = None) -> dict[str, KneeResult]:
        """Segment the knees of an image list, and wait for the end.

        :param listFile: the text file, see ``python -m KneeCartilageSegLib segment --help``.
        :return: the results by knee, in the order in which they ended.
        :raises InputError: with everything that is wrong with the list and its images.
        :raises KneeError: if the run could not be done, for example for lack of elastix.
        """
        run = self.startList(listFile, modality, options)
        run.wait()
        return run.results

    def startList(self, listFile, modality: Modality, options: RunOptions | None = None, **callbacks) -> Any:
        """As :meth:`segmentList`, but return the :class:`SegmentationRun` at once.

        :param callbacks: ``on_event``, ``on_log``, ``on_end`` and ``labelmaps``, see :class:`SegmentationRun`.
        """
        listFile = Path(listFile).absolute()
        run = SegmentationRun(_("{list} results").format(list=listFile.stem), **callbacks)
        run.start(segment_arguments(listFile, modality, self._complete(options)))
        return run

    def segmentNodes(
        self,
        movingVolumes,
        referenceVolume,
        femurMask,
        cartilageMask=None,
        modality: Modality = Modality.NEW_SUBJECT,
        options: RunOptions | None = None,
        workingFolder="",
    ) -> list:
        """Segment volume nodes, and wait for the end.

        :param femurMask: the reference's femur: a labelmap volume node, a segmentation node (its segment is found by
            name), or a :class:`MaskSource`.
        :param cartilageMask: the reference's femoral cartilage, likewise; None is in the same segmentation.
        :param workingFolder: see :meth:`startNodes`.
        :return: a segmentation node for each volume; None where there is none.
        :raises InputError: with everything that is missing or contradictory.
        :raises KneeError: if the run could not be done, for example for lack of elastix.
        """
        sources = {Tissue.FEMUR: femurMask, Tissue.CARTILAGE: femurMask if cartilageMask is None else cartilageMask}
        masks = {tissue: _maskSource(source, tissue) for tissue, source in sources.items()}
        nodes = NodeInput(modality, movingVolumes, referenceVolume, masks)
        run = self.startNodes(nodes, workingFolder, options)
        run.wait()
        knees = knee_names(movingVolumes)
        return [run_now(run.load(knee))[1] if run.results[knee].masks else None for knee in knees]

    def startNodes(self, nodes: NodeInput, workingFolder="", options: RunOptions | None = None, **callbacks) -> Any:
        """Segment volume nodes; return the :class:`SegmentationRun` at once.

        :param workingFolder: receives a folder ``KneeCartilageSeg`` with images, image list and results, on which the
            command line can go on; empty is a temporary folder.
        :param callbacks: as for :meth:`startList`.
        """
        parent = Path(workingFolder) if workingFolder else session_folder()
        check_nodes(nodes)
        run = SegmentationRun(_("Knee results"), knee_names(nodes.moving), **callbacks)
        export, options = export_nodes(nodes, parent.absolute() / "KneeCartilageSeg"), self._complete(options)
        run.start_after(export, lambda listFile: segment_arguments(listFile, nodes.modality, options))
        return run

    def listResults(self, listFile, modality: Modality, outputFolder: Path | None = None) -> dict[str, KneeResult]:
        """What earlier runs of an image list have left, by knee; also in a later session of Slicer."""
        run = SegmentationRun("")
        run.start(status_arguments(Path(listFile).absolute(), modality, outputFolder))
        run.wait()
        return run.results

    def loadKnee(self, result: KneeResult) -> tuple:
        """The volume and segmentation nodes of a knee of an image list."""
        return run_now(load_knee(result))

    def showKnee(self, result: KneeResult) -> tuple:
        """Bring a knee of an image list into view; return its volume and segmentation nodes."""
        volume, segmentation = self.loadKnee(result)
        run_now(show_knee(volume, segmentation))
        return volume, segmentation

    def measure(self, segmentation, side: Side | None = None) -> tuple:
        """Measure the femoral cartilage of a segmentation node, and wait for the end.

        :param side: which knee it is; None lets its anatomy tell.
        :return: the :class:`KneeMeasurement`, a model node colored by thickness, and a table node with the regions.
        :raises InputError: if it has no cartilage, or that cannot be measured.
        """
        return run_now(measure_segmentation(segmentation, side))

    def _complete(self, options: RunOptions | None) -> RunOptions:
        options = options or RunOptions()
        return options if options.engine is not None else replace(options, engine=slicer_elastix_folder())

    def makeSample(self, folder=None, spacing: float = SPACING) -> Path:
        """Make the digital knees of the demo and their image lists; see :func:`make_sample`."""
        return make_sample(None if folder is None else Path(folder), spacing)

    def loadSample(self) -> list:
        """Load digital knees: a knee to segment, the reference knee, and the reference's segmentation."""
        knee, reference, segmentation = load_sample(make_sample())
        run_now(show_knee(reference, segmentation))
        return [knee, reference, segmentation]


def _maskSource(mask: Any, tissue: Tissue) -> MaskSource:
    if mask is None or isinstance(mask, MaskSource):
        return mask or MaskSource(None)
    return MaskSource(mask, guess_segment(mask, tissue) if mask.IsA("vtkMRMLSegmentationNode") else "")


class KneeCartilageSegTest(ScriptedLoadableModuleTest):
    """Runs the example of the logic, which needs an elastix."""

    def runTest(self):
        slicer.mrmlScene.Clear(0)
        self.test_exampleOfTheLogic()

    def test_exampleOfTheLogic(self):
        parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
        example = parser.get_doctest(inspect.getdoc(KneeCartilageSegLogic), {"slicer": slicer}, "example", None, 0)
        said: list[str] = []
        runner.run(example, out=said.append)
        assert runner.tries > 10
        assert runner.failures == 0, "".join(said)
        self.delayDisplay("Test passed")
