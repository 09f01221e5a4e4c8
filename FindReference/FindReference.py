"""Find the knee of a data set that makes the best reference: Slicer's window on the convergence study."""

from __future__ import annotations

import doctest
import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import ctk
import qt
import slicer
import vtk
from FindReferenceLib.check import StudyCheck, seeded_lists
from FindReferenceLib.distances_table import DistanceTable, result_text
from FindReferenceLib.knees_table import StudyRow, StudyTable
from FindReferenceLib.nodes import StudyInput, check_study, export_study, study_input
from FindReferenceLib.options import StudyOptions, study_arguments
from FindReferenceLib.parameters import (
    FindReferenceParameterNode,
    SeedChoice,
    choose_mask,
    choose_volumes,
    engine_question_of,
    study_of,
    study_options_of,
)
from FindReferenceLib.result_nodes import update_study_nodes
from FindReferenceLib.run import StudyKnees, StudyRun
from FindReferenceLib.use_as_reference import use_as_reference
from KneeCartilageSegLib.demo_data import SPACING
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.findreference.seeds import pick_seeds
from KneeCartilageSegLib.lists.names import short_name
from KneeCartilageSegLib.runs.events import Checking, IterationEnd, ReferenceStart, RegistrationEnd, Step, StudyEnd
from KneeCartilageSegLib.slicer_support.charts import show_chart
from KneeCartilageSegLib.slicer_support.command_run import problem_text
from KneeCartilageSegLib.slicer_support.connectors import connect_widgets, on_path_changed
from KneeCartilageSegLib.slicer_support.engine_panel import EnginePanel
from KneeCartilageSegLib.slicer_support.loading import KneeLoader
from KneeCartilageSegLib.slicer_support.process import State
from KneeCartilageSegLib.slicer_support.reload import reload_with_libraries
from KneeCartilageSegLib.slicer_support.sample import make_study_sample
from KneeCartilageSegLib.slicer_support.session import session_folder
from KneeCartilageSegLib.slicer_support.slicer_elastix import slicer_elastix_folder
from KneeCartilageSegLib.slicer_support.tasks import Steps, run_now
from KneeCartilageSegLib.slicer_support.views import show_knee
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)
from slicer.util import VTKObservationMixin

CHECK_DELAY = 300  # ms after the last change of the inputs


class FindReference(ScriptedLoadableModule):
    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("Find Reference Knee")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Segmentation")]
        self.parent.contributors = ["KneeCartilageSeg contributors"]
        self.parent.helpText = _(
            "Finds the knee of a data set that makes the best reference for the module Knee Cartilage Segmentation: "
            "the one closest to the mean of all. All knees are registered to a seed; the knee whose displacement field "
            "in the femur is closest to the mean field is the next reference, until it stays the same. "
            "See <a href='https://github.com/KneeCartilageSeg/SlicerKneeCartilageSeg'>the tutorial</a>."
        )
        self.parent.acknowledgementText = _(
            "The convergence study is that of pyKNEEr (Bonaretti et al., PLoS ONE 2020). Registration is done by "
            "elastix (Klein et al., IEEE TMI 2010)."
        )


class FindReferenceWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """The panel. What it does, :class:`FindReferenceLogic` does for a script."""

    def __init__(self, parent=None):
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self._parameterNode = None
        self._connectionTag = None
        self._updating = False
        self._run = None  # the present run
        self._check = None  # the last look at the lists
        self._checked = None  # what was looked at
        self._stale = False  # whether the inputs have changed since
        self._shownSeeds = None
        self._placing = None  # the reference
        self._loader = KneeLoader(self.onLoadingFailed)
        self._results = {False: None, True: None}  # by fromNodes: the run or earlier result that is shown

    def setup(self):
        ScriptedLoadableModuleWidget.setup(self)
        uiWidget = slicer.util.loadUI(self.resourcePath("UI/FindReference.ui"))
        self.layout.addWidget(uiWidget)
        self.ui = slicer.util.childWidgetVariables(uiWidget)
        uiWidget.setMRMLScene(slicer.mrmlScene)
        self.logic = FindReferenceLogic()
        self._knees = StudyTable(self.ui.kneesTable, self.onKneeChosen, self.onSeedsChecked, self.onMaskChosen)
        self._distances = DistanceTable(self.ui.distancesTable, self.onKneeChosen)
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
            (slicer.mrmlScene.NodeAddedEvent, self.onNodesChanged),
            (slicer.mrmlScene.NodeRemovedEvent, self.onNodesChanged),
        ):
            self.addObserver(slicer.mrmlScene, event, method)
        self._paths = {
            "outputFolder": self.ui.outputFolderEdit,
            "workingFolder": self.ui.workingFolderEdit,
            "elastixFolder": self.ui.elastixFolderEdit,
            "parameterFolder": self.ui.parameterFolderEdit,
            "cacheFolder": self.ui.cacheFolderEdit,
            "referenceFolder": self.ui.referenceFolderEdit,
        }
        for name, edit in self._paths.items():
            edit.filters = ctk.ctkPathLineEdit.Files if name == "elastixFolder" else ctk.ctkPathLineEdit.Dirs
            on_path_changed(edit, lambda path, name=name: self._set(name, path))
        self.ui.inputTabs.connect("currentChanged(int)", lambda index: self._set("fromNodes", index == 1))
        self.ui.volumesSelector.connect("checkedNodesChanged()", self.onVolumesChecked)
        for button, method in (
            (self.ui.addListsButton, self.onAddLists),
            (self.ui.removeListsButton, self.onRemoveLists),
            (self.ui.applyButton, self.onApplyButton),
            (self.ui.cancelButton, self.onCancelButton),
            (self.ui.showPlotButton, self.onShowPlotButton),
            (self.ui.useButton, self.onUseButton),
        ):
            button.connect("clicked(bool)", method)
        self.ui.problemsTextEdit.setVisible(False)
        self._showRunning(False)
        self.initializeParameterNode()

    def cleanup(self):
        """Slicer quits or reloads the module: nothing of ours may outlive the panel."""
        self._checkTimer.stop()
        for process in (self._loader, self._placing, self._run, self._check, self._engine):
            if process is not None:
                process.close()
        self.setParameterNode(None)
        self.removeObservers()

    def onReload(self):
        reload_with_libraries(self.moduleName, super().onReload)

    def enter(self):
        self.initializeParameterNode()
        self._checked = None  # the lists or their files may have changed meanwhile
        self._engine.look_for(engine_question_of(self._parameterNode))
        self.updatePanel()

    def exit(self):
        self.setParameterNode(None)

    def onSceneStart(self, caller, event):
        """The scene is about to change as a whole: what the selectors do meanwhile is no choice of the user's."""
        self.setParameterNode(None)

    def onSceneEnd(self, caller, event):
        if self.parent.isEntered:
            self.initializeParameterNode()

    def onNodesChanged(self, caller, event):
        """Masks may have come or gone."""
        if self._parameterNode is not None and self._parameterNode.fromNodes and not self._running:
            self._checkTimer.start()

    def initializeParameterNode(self):
        self.setParameterNode(self.logic.getParameterNode())

    def setParameterNode(self, parameterNode):
        if self._parameterNode is not None:
            self._parameterNode.disconnectGui(self._connectionTag)
            self.removeObserver(self._parameterNode.parameterNode, vtk.vtkCommand.ModifiedEvent, self.updatePanel)
        self._parameterNode = parameterNode
        if parameterNode is not None:
            self._connectionTag = connect_widgets(parameterNode, self.ui)
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
        self.ui.fieldDescriptionLabel.setText(parameters.field.description())
        for widget in (self.ui.pickSpinBox, self.ui.seedLabel, self.ui.seedSpinBox):
            widget.setVisible(parameters.seedChoice is SeedChoice.DRAWN)
        for widget in (self.ui.referenceFolderLabel, self.ui.referenceFolderEdit):
            widget.setVisible(not parameters.fromNodes)
        self._showLists(list(parameters.lists))
        self.ui.removeListsButton.setEnabled(len(parameters.lists) > 0)
        selector, chosen = self.ui.volumesSelector, study_of(parameters).masks
        for index in range(selector.nodeCount()):
            node = selector.nodeFromIndex(index)
            selector.setCheckState(node, qt.Qt.Checked if node in chosen else qt.Qt.Unchecked)
        self._updating = False
        if self._running:
            return
        self._showResult()
        if self._inputs() != self._checked:
            self._stale = True
            self._checkTimer.start()
            self.ui.applyButton.setEnabled(False)
        elif self._seedInputs() != self._shownSeeds:
            self.showChecks()
        if self._engine.asked:
            self._engine.look_for(engine_question_of(parameters))

    def _showLists(self, lists: list[str]) -> None:
        widget = self.ui.listsWidget
        if [widget.item(row).toolTip() for row in range(widget.count)] != lists:
            widget.clear()
            for path in lists:
                qt.QListWidgetItem(Path(path).name, widget).setToolTip(path)

    def onAddLists(self, checked=False):
        caption = _("Choose the image lists of a data set")
        paths = qt.QFileDialog.getOpenFileNames(slicer.util.mainWindow(), caption, "", "*.txt;;*")
        lists = [*self._parameterNode.lists, *map(str, paths)]
        self._chooseLists(list(dict.fromkeys(lists)))

    def onRemoveLists(self, checked=False):
        selected = [item.toolTip() for item in self.ui.listsWidget.selectedItems()]
        self._chooseLists([path for path in self._parameterNode.lists if selected and path not in selected])

    def _chooseLists(self, lists: list[str]) -> None:
        self._abandonCheck()
        with slicer.util.NodeModify(self._parameterNode.parameterNode):
            self._parameterNode.lists = lists
            self._parameterNode.listSeeds = []

    def onVolumesChecked(self):
        if self._parameterNode is not None and not self._updating:
            choose_volumes(self._parameterNode, list(self.ui.volumesSelector.checkedNodes()))

    def onSeedsChecked(self, seeds: list[str]):
        if self._parameterNode.fromNodes:
            knees = study_of(self._parameterNode).knees
            self._parameterNode.seedVolumes = [knees[seed] for seed in seeds]
        else:
            self._parameterNode.listSeeds = seeds

    def onMaskChosen(self, knee: str, mask: Any):
        choose_mask(self._parameterNode, study_of(self._parameterNode).knees[knee], mask)

    def _inputs(self) -> tuple:
        """Everything that a check depends on."""
        parameters = self._parameterNode
        if not parameters.fromNodes:
            return False, tuple(parameters.lists), self._checkOptions()
        study = study_of(parameters)
        masks = [(v.GetID(), m.node and m.node.GetID(), m.segment) for v, m in study.masks.items()]
        return True, tuple(masks)

    def _checkOptions(self) -> StudyOptions:
        """The options without those for which the files need not be looked at again."""
        parameters = self._parameterNode
        options = study_options_of(parameters)
        ownSeeds = bool(self._check is not None and self._check.seeds)
        others = options.pick is not None or (len(parameters.listSeeds) > 0 and not ownSeeds)
        pick = 1 if others else None  # then the lists need not name a seed
        return replace(options, pick=pick, seed=0, max_iterations=1, jobs=0, threads=0, cache=None)

    def _seedInputs(self) -> tuple:
        """Everything that the seeds depend on."""
        parameters = self._parameterNode
        return parameters.seedChoice, parameters.pick, tuple(self._seeds())

    # ------------------------------------------------------------ checks

    def checkInputs(self):
        """Look at the inputs, files in the background, and show the knees."""
        if self._parameterNode is None or self._running:
            return
        parameters = self._parameterNode
        if parameters.fromNodes:
            choose_volumes(parameters, list(study_of(parameters).masks))  # a mask may have come
            if self._inputs() == self._checked and not self._stale:
                self._fillTable()
                return
        elif self._inputs() != self._checked:
            self._abandonCheck()
            if parameters.lists:
                lists = list(map(Path, parameters.lists))
                self._check = StudyCheck(lists, self._checkOptions(), self.showChecks)
                run = self._results[False]
                if not (isinstance(run, StudyRun) and set(run.found.images) == self._check.names):
                    self._results[False] = self._check.earlier
        self._checked = self._inputs()
        self._stale = False
        self._showResult()
        self.showChecks()

    def _abandonCheck(self) -> None:
        if self._check is not None:
            self._check.abandon()
        self._check = None

    def showChecks(self):
        """Show what is known about the inputs by now, and whether and why Apply is disabled."""
        if self._parameterNode is None or self._running:
            return
        check = None if self._parameterNode.fromNodes else self._check
        problems = check.problems if check is not None else ()
        self.ui.problemsTextEdit.setVisible(bool(problems))
        self.ui.problemsTextEdit.setPlainText("\n".join(map(problem_text, problems)))
        self._fillTable()
        if check is not None:
            self._knees.mark_problems(check.knees_with_problems)
        self._shownSeeds = self._seedInputs()
        reason = self.whyNotApply()
        self.ui.applyButton.setEnabled(not reason)
        busy = self._engine.busy or (check is not None and check.busy)
        ready = _("Knees: {knees}, seeds: {seeds}. Ready.").format(
            knees=len(self._knees.knees), seeds=len(self._seeds())
        )
        self._say(reason or ready, bool(reason) and not busy)

    def _fillTable(self) -> None:
        if self._parameterNode.fromNodes:
            study = study_of(self._parameterNode)
            rows = [StudyRow(name, v.GetName(), v.GetName(), study.masks[v]) for name, v in study.knees.items()]
        else:
            rows = [StudyRow(name, name, tip) for name, tip in (self._check.knees if self._check is not None else ())]
        self._knees.fill(rows, self._seeds(), self._parameterNode.seedChoice is SeedChoice.DRAWN)

    def _seeds(self) -> list[str]:
        """The names of the seeds, as far as they are known."""
        parameters = self._parameterNode
        study = study_of(parameters)
        if parameters.fromNodes:
            names, chosen = list(study.knees), [name for name, v in study.knees.items() if v in study.seeds]
        else:
            names = [name for name, _tip in self._check.knees] if self._check is not None else []
            chosen = list(parameters.listSeeds) or (self._check.seeds if self._check is not None else [])
        if parameters.seedChoice is SeedChoice.DRAWN:
            return pick_seeds(names, parameters.pick, parameters.seed) if parameters.pick <= len(names) else []
        return chosen

    def whyNotApply(self) -> str:
        """Why the study cannot be run now; empty if it can."""
        parameters = self._parameterNode
        if self._engine.missing:
            return _("No usable elastix was found: install SlicerElastix, or name an elastix program under Advanced.")
        if parameters.fromNodes:
            try:
                check_study(study_of(parameters), study_options_of(parameters).pick)
            except InputError as error:
                return "\n".join(map(problem_text, error.problems))
        elif not parameters.lists:
            return _("Add an image list.")
        elif self._check is None or (self._check.busy and not self._check.problems):
            return _("Checking the lists and their images ...")
        elif self._check.problems:
            return _("Correct the lists first (problems: {number}).").format(number=len(self._check.problems))
        elif not self._check.good:
            return self._check.failure or _("The lists could not be checked.")
        elif parameters.seedChoice is SeedChoice.DRAWN and not self._seeds():
            text = _("{pick} seeds cannot be drawn from {count} knees.")
            return text.format(pick=parameters.pick, count=len(self._check.knees))
        return _("Looking for elastix ...") if self._engine.busy else ""

    def _say(self, text: str, isProblem: bool = False) -> None:
        self.ui.reasonLabel.setText(text)
        self.ui.reasonLabel.setStyleSheet("color: #e07b00" if isProblem else "")

    # ------------------------------------------------------------ run

    @property
    def _running(self) -> bool:
        return self._run is not None and self._run.state.active

    def onApplyButton(self, checked=False):
        with slicer.util.tryWithErrorDisplay(_("The study could not be run.")):
            self.ui.logTextEdit.clear()
            callbacks = {
                "on_event": self.onRunEvent,
                "on_log": self.ui.logTextEdit.appendPlainText,
                "on_end": self.onRunEnd,
            }
            parameters, options = self._parameterNode, study_options_of(self._parameterNode)
            if parameters.fromNodes:
                study = study_of(parameters)
                self._run = self.logic.startNodes(study, parameters.workingFolder, options, **callbacks)
            else:
                seeds = list(parameters.listSeeds)
                self._run = self.logic.startLists(list(parameters.lists), options, seeds, **callbacks)
            self._results[parameters.fromNodes] = self._run
            self._say(_("Starting ..."))
            self._knees.mark_problems({})
            self._showRunning(True)
            self._showResult()

    def _showRunning(self, running: bool) -> None:
        self.ui.applyButton.setEnabled(False)
        self.ui.cancelButton.setEnabled(running)
        self.ui.inputsCollapsibleButton.setEnabled(not running)
        self.ui.advancedCollapsibleButton.setEnabled(not running)
        self.ui.progressBar.setVisible(running)
        self.ui.progressBar.setValue(0)
        self._knees.lock(running)

    def onCancelButton(self, checked=False):
        self.ui.cancelButton.setEnabled(False)
        self._say(_("Cancelling ..."))
        self._run.cancel()

    def onRunEvent(self, event):
        """The study has gone on."""
        found = self._run.found
        if isinstance(event, Checking):
            self._say(_("Reading the images: {done} of {total}").format(done=event.done, total=event.total))
        elif isinstance(event, Step):
            self._knees.show_step(short_name(event.reference), event.name, event.step, event.fraction)
        elif isinstance(event, RegistrationEnd):
            self._knees.show_registration(found.registrations[event.reference, event.name])
        elif isinstance(event, (IterationEnd, StudyEnd)):
            self._showResult()
            if isinstance(event, StudyEnd):
                self.ui.logTextEdit.appendPlainText(event.sentence)
        if isinstance(event, (ReferenceStart, Step, RegistrationEnd)) and self._run.state is State.RUNNING:
            text = _("Registrations: {done} of {total} that are needed so far; known before: {known}")
            done = len(found.registrations)
            self._say(text.format(done=done, total=found.expected, known=found.known))
            self.ui.progressBar.setValue(round(100 * found.progress))

    def onRunEnd(self, run):
        self._showRunning(False)
        self._knees.show_end(run.found)
        if self._parameterNode is None:  # another module is shown
            return
        self._checked = self._inputs()
        self.ui.applyButton.setEnabled(not self.whyNotApply())
        self._showResult()
        if run.state is State.CANCELLED:
            text = _("Cancelled. Registrations that are kept: {number}; the next run goes on from there.")
            self._say(text.format(number=len(run.found.registrations)))
        elif run.state is State.FAILED:
            self._say(_("Failed: {message}").format(message=run.message), True)
        elif run.found.recommended is None:
            self._say(_("No reference was found; see the result below."), True)
        else:
            counts = run.found.summary["registrations"]
            text = _("Done. Registrations run: {run}, known before: {known}, failed: {failed}. Click a knee to see it.")
            self._say(text.format(**counts), bool(counts["failed"]))
            self.onKneeChosen(run.found.recommended)

    # ------------------------------------------------------------ result

    def _showResult(self) -> None:
        """What the study on the present inputs has found, by now or in an earlier session."""
        found = self._found
        self.ui.resultsCollapsibleButton.setVisible(found is not None and found.has_news)
        if found is None:
            return
        self.ui.resultLabel.setText(result_text(found))
        self._distances.show(found)
        self.ui.showPlotButton.setEnabled(bool(found.references))
        self.ui.useButton.setEnabled(found.recommended is not None and not self._running)

    @property
    def _source(self) -> Any:
        """The run on the present inputs, or what an earlier one has left."""
        return self._results[self.ui.inputTabs.currentIndex == 1]

    @property
    def _found(self) -> Any:
        return self._source.found if isinstance(self._source, StudyRun) else self._source

    @property
    def _dataset(self) -> StudyKnees | None:
        if isinstance(self._source, StudyRun):
            return self._source.knees
        if self.ui.inputTabs.currentIndex == 1:
            return StudyKnees(nodes=study_of(self._parameterNode))
        return self._check.dataset if self._check is not None else None

    def onShowPlotButton(self, checked=False):
        run = self._source
        if isinstance(run, StudyRun):
            run.show_plot()
        else:
            show_chart(update_study_nodes(Path(self._parameterNode.lists[0]).stem, run)[0])

    def onKneeChosen(self, knee: str):
        """Bring a knee into view."""
        if self._dataset is not None:
            self._distances.select(knee)
            self._loader.add(self._dataset.load(knee), show_knee)

    def onLoadingFailed(self, error: Exception):
        self._say(str(error), True)

    def onUseButton(self, checked=False, force=False):
        with slicer.util.tryWithErrorDisplay(_("The knee cannot be used as reference.")):
            folder = self._parameterNode.referenceFolder
            work = self.logic.useAsReferenceWork(self._dataset, self._found.recommended, folder, force)
            self._placing = Steps(work, self.onReferenceChosen, self.onReferenceRefused)
            self.ui.useButton.setEnabled(False)

    def onReferenceChosen(self, volume):
        self.ui.useButton.setEnabled(True)
        if not self._dataset.has_cartilage(self._found.recommended):
            text = _("{knee} has no cartilage mask: draw one before you segment other knees with it.")
            slicer.util.infoDisplay(text.format(knee=self._found.recommended))
        slicer.util.selectModule("KneeCartilageSeg")

    def onReferenceRefused(self, error):
        self.ui.useButton.setEnabled(True)
        if not isinstance(error, InputError):
            self._say(str(error), True)
            return
        problem = "\n".join(map(problem_text, error.problems))
        if slicer.util.confirmOkCancelDisplay(_("{problem}\n\nReplace it?").format(problem=problem)):
            self.onUseButton(force=True)


class FindReferenceLogic(ScriptedLoadableModuleLogic):
    """Finds the knee of a data set that makes the best reference, for scripts and for the panel.

    The same runs from a command line: ``python -m KneeCartilageSegLib find-reference LIST``. A registration takes half
    a minute or more, and is never run twice; Slicer stays usable meanwhile, also in the blocking calls.

    An example on three digital knees with large voxels, as an image list; only one reference is looked at::

        >>> from FindReference import FindReferenceLogic, StudyOptions
        >>> logic = FindReferenceLogic()
        >>> listFile = logic.makeSample(spacing=2.0)
        >>> options = StudyOptions(max_iterations=1)
        >>> study = logic.findReference([listFile], options, seeds=["01_DESS_01_prep"])
        >>> study.found.recommended
        '01_DESS_01_prep'
        >>> study.chart.GetNthPlotSeriesNode(0).GetName()
        '01_DESS_01 (converged)'
        >>> study.table.GetTable().GetNumberOfRows()
        3

    The recommended knee is shown, and becomes the reference of the module KneeCartilageSeg::

        >>> volume, segmentation = logic.showKnee(study, study.found.recommended)
        >>> volume.GetName()
        '01_DESS_01_prep'
        >>> logic.useAsReference(study, listFile.parent / "reference" / "study").GetName()
        'reference'

    Nodes are searched likewise, see :meth:`findReferenceAmongNodes`. A search that is not waited for::

        >>> study = logic.startLists([listFile], options)
        >>> study.cancel()
        >>> study.wait()
        >>> study.state.value
        'cancelled'
    """

    def getParameterNode(self):
        return FindReferenceParameterNode(super().getParameterNode())

    def findReference(self, lists, options: StudyOptions | None = None, seeds=()) -> StudyRun:
        """Find the reference of the data set of image lists, and wait for the end.

        :param lists: text files, see ``python -m KneeCartilageSegLib find-reference --help``.
        :param seeds: names of the knees to start from; empty are those of the lists.
        :return: the run: ``found.recommended``, ``found.studies``, and the nodes ``chart`` and ``table``.
        :raises InputError: with everything that is wrong with the lists and their images.
        :raises KneeError: if the study could not be run, for example for lack of elastix.
        """
        run = self.startLists(lists, options, seeds)
        run.wait()
        return run

    def startLists(self, lists, options: StudyOptions | None = None, seeds=(), **callbacks) -> StudyRun:
        """As :meth:`findReference`, but return the :class:`StudyRun` at once.

        :param callbacks: ``on_event``, ``on_log`` and ``on_end``, see :class:`CommandRun`.
        :raises InputError: if the lists cannot be read at all.
        """
        lists = [Path(path).absolute() for path in lists]
        run = StudyRun(lists[0].stem, StudyKnees(lists), **callbacks)
        run.start(study_arguments(seeded_lists(lists, seeds, session_folder()), self._complete(options)))
        return run

    def findReferenceAmongNodes(
        self, volumes, femurMasks=None, seeds=(), options: StudyOptions | None = None, workingFolder=""
    ) -> StudyRun:
        """Find the reference among volume nodes, and wait for the end.

        :param femurMasks: the femur of each volume: a labelmap volume node, a segmentation node (its segment is found
            by name), or a :class:`MaskSource`; None finds all by name.
        :param seeds: the volume nodes to start from; not needed if the options draw some.
        :param workingFolder: see :meth:`startNodes`.
        :return: as :meth:`findReference`.
        :raises InputError: with everything that is missing or contradictory.
        :raises KneeError: if the study could not be run, for example for lack of elastix.
        """
        run = self.startNodes(study_input(volumes, femurMasks, seeds), workingFolder, options)
        run.wait()
        return run

    def startNodes(
        self, nodes: StudyInput, workingFolder="", options: StudyOptions | None = None, **callbacks
    ) -> StudyRun:
        """Search among volume nodes; return the :class:`StudyRun` at once.

        :param workingFolder: receives a folder ``FindReference`` with images, image list and results, on which the
            command line can go on; empty is a temporary folder.
        :param callbacks: as for :meth:`startLists`.
        """
        options = self._complete(options)
        check_study(nodes, options.pick)
        folder = (Path(workingFolder) if workingFolder else session_folder()).absolute() / "FindReference"
        run = StudyRun(_("Scene"), StudyKnees(nodes=nodes, folder=folder), **callbacks)
        run.start_after(export_study(nodes, folder), lambda listFile: study_arguments([listFile], options))
        return run

    def showKnee(self, run: StudyRun, knee: str) -> tuple:
        """Bring a knee of a study into view; return its volume and segmentation nodes."""
        volume, segmentation = run_now(run.knees.load(knee))
        run_now(show_knee(volume, segmentation))
        return volume, segmentation

    def useAsReference(self, run: StudyRun, folder="", force: bool = False) -> Any:
        """Choose the recommended knee of a study as reference of the module KneeCartilageSeg; return its volume node.

        :param folder: for knees of lists, receives ``reference.mha`` and its masks; empty is ``reference/newsubject``
            beside the folder of the data set.
        :param force: replace another reference that is there.
        :raises InputError: if another reference is there.
        """
        return run_now(self.useAsReferenceWork(run.knees, run.found.recommended, folder, force))

    def useAsReferenceWork(self, knees: StudyKnees, knee: str, folder="", force: bool = False) -> Any:
        """The same in small steps, see :mod:`KneeCartilageSegLib.slicer_support.tasks`."""
        parameters = slicer.util.getModuleWidget("KneeCartilageSeg").logic.getParameterNode()
        return use_as_reference(knees, knee, parameters, Path(folder) if str(folder) else None, force)

    def _complete(self, options: StudyOptions | None) -> StudyOptions:
        options = options or StudyOptions()
        return options if options.engine is not None else replace(options, engine=slicer_elastix_folder())

    def makeSample(self, folder=None, spacing: float = SPACING) -> Path:
        """Make a data set of digital knees; return its image list. See :func:`make_study_sample`."""
        return make_study_sample(None if folder is None else Path(folder), spacing)


class FindReferenceTest(ScriptedLoadableModuleTest):
    """Runs the example of the logic, which needs an elastix."""

    def runTest(self):
        slicer.mrmlScene.Clear(0)
        self.test_exampleOfTheLogic()

    def test_exampleOfTheLogic(self):
        parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
        example = parser.get_doctest(inspect.getdoc(FindReferenceLogic), {"slicer": slicer}, "example", None, 0)
        said: list[str] = []
        runner.run(example, out=said.append)
        assert runner.tries > 10
        assert runner.failures == 0, "".join(said)
        self.delayDisplay("Test passed")
