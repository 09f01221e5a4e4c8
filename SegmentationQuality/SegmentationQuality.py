"""How good segmentations are: Slicer's window on the comparison with ground truth."""

from __future__ import annotations

import doctest
import inspect
import tempfile
from pathlib import Path
from typing import Any

import ctk
import qt
import slicer
import vtk
from KneeCartilageSegLib.errors import InputError, KneeError
from KneeCartilageSegLib.quality.metrics import DEFAULT_TOLERANCE_MM, METRICS
from KneeCartilageSegLib.quality.record import (
    clipboard_text,
    export_files,
    export_results,
    result_of_entry,
)
from KneeCartilageSegLib.quality.tables import summarize
from KneeCartilageSegLib.runs.events import PairEnd
from KneeCartilageSegLib.slicer_support.charts import show_chart
from KneeCartilageSegLib.slicer_support.command_run import problem_text
from KneeCartilageSegLib.slicer_support.connectors import connect_widgets, on_path_changed
from KneeCartilageSegLib.slicer_support.loading import KneeLoader
from KneeCartilageSegLib.slicer_support.process import State
from KneeCartilageSegLib.slicer_support.reload import reload_with_libraries
from KneeCartilageSegLib.slicer_support.session import session_folder
from KneeCartilageSegLib.slicer_support.tasks import run_now
from SegmentationQualityLib.check import QualityCheck
from SegmentationQualityLib.difference_view import PairView, legend, show_pair
from SegmentationQualityLib.nodes import (
    PairNodes,
    check_labels,
    check_pairs,
    export_pairs,
    pair_names,
    pair_nodes,
    pairs_by_name,
)
from SegmentationQualityLib.options import QualityOptions, quality_arguments, quality_options
from SegmentationQualityLib.pairs_table import PairTable
from SegmentationQualityLib.parameters import (
    SegmentationQualityParameterNode,
    choose_pairs,
    metric_of,
    pairs_of,
    quality_options_of,
)
from SegmentationQualityLib.result_nodes import QualityNodes, show_table
from SegmentationQualityLib.results_table import QualityRow, QualityTable, summary_text
from SegmentationQualityLib.run import Comparison, QualityRun
from SegmentationQualityLib.sample import make_quality_sample
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


class SegmentationQuality(ScriptedLoadableModule):
    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("Segmentation Quality")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Segmentation")]
        self.parent.contributors = ["KneeCartilageSeg contributors"]
        self.parent.helpText = _(
            "Compares segmentations with their ground truth, one pair or a whole list: Dice, Jaccard, volumes, surface "
            "distances, with tables, plots, and the places where they differ in slices and 3D. "
            "See <a href='https://github.com/KneeCartilageSeg/SlicerKneeCartilageSeg'>the tutorial</a>."
        )
        self.parent.acknowledgementText = _(
            "The metrics are those of pyKNEEr (Bonaretti et al., PLoS ONE 2020) and of Metrics reloaded (Maier-Hein et "
            "al., Nature Methods 2024)."
        )


class SegmentationQualityWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """The panel. What it does, :class:`SegmentationQualityLogic` does for a script."""

    def __init__(self, parent=None):
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self._parameterNode = None
        self._connectionTag = None
        self._updating = False
        self._run = None  # the present run
        self._ranFromNodes = False
        self._check = None  # the last look at the list
        self._checked = None  # what was looked at
        self._stale = False  # whether the inputs have changed since
        self._comparisons = {False: None, True: None}  # by fromNodes: the last one
        self._loader = KneeLoader(self.onLoadingFailed)

    def setup(self):
        ScriptedLoadableModuleWidget.setup(self)
        uiWidget = slicer.util.loadUI(self.resourcePath("UI/SegmentationQuality.ui"))
        self.layout.addWidget(uiWidget)
        self.ui = slicer.util.childWidgetVariables(uiWidget)
        uiWidget.setMRMLScene(slicer.mrmlScene)
        self.logic = SegmentationQualityLogic()
        self._pairs = PairTable(self.ui.pairsTable, self.onPairsChanged)
        self._results = QualityTable(self.ui.resultsTable, self.onPairChosen)
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
        self.ui.listFileEdit.filters = ctk.ctkPathLineEdit.Files
        self.ui.imagesFolderEdit.filters = ctk.ctkPathLineEdit.Dirs
        self._paths = {"listFile": self.ui.listFileEdit, "imagesFolder": self.ui.imagesFolderEdit}
        for name, edit in self._paths.items():
            on_path_changed(edit, lambda path, name=name: self._set(name, path))
        self.ui.inputTabs.connect("currentChanged(int)", lambda index: self._set("fromNodes", index == 1))
        self.ui.metricComboBox.addItems([_(metric.heading) for metric in METRICS])
        self.ui.metricComboBox.connect("activated(int)", lambda index: self._set("metric", METRICS[index].key))
        for button, method in (
            (self.ui.pairByNameButton, self.onPairByName),
            (self.ui.addPairButton, self.onAddPair),
            (self.ui.removePairsButton, self.onRemovePairs),
            (self.ui.applyButton, self.onApplyButton),
            (self.ui.cancelButton, self.onCancelButton),
            (self.ui.showPlotButton, self.onShowPlot),
            (self.ui.showTableButton, self.onShowTable),
            (self.ui.copyButton, self.onCopy),
            (self.ui.exportButton, self.onExport),
        ):
            button.connect("clicked(bool)", method)
        self.ui.problemsTextEdit.setVisible(False)
        self.ui.legendLabel.setText(legend())
        self._showRunning(False)
        self.initializeParameterNode()

    def cleanup(self):
        """Slicer quits or reloads the module: nothing of ours may outlive the panel."""
        self._checkTimer.stop()
        for process in (self._loader, self._run, self._check):
            if process is not None:
                process.close()
        self.setParameterNode(None)
        self.removeObservers()

    def onReload(self):
        reload_with_libraries(self.moduleName, super().onReload)

    def enter(self):
        self.initializeParameterNode()
        self._checked = None  # the list or its files may have changed meanwhile
        self.checkInputs()

    def exit(self):
        self.setParameterNode(None)

    def onSceneStart(self, caller, event):
        """The scene is about to change as a whole: what the selectors do meanwhile is no choice of the user's."""
        self.setParameterNode(None)

    def onSceneEnd(self, caller, event):
        if self.parent.isEntered:
            self._comparisons = {False: None, True: None}
            self.initializeParameterNode()
            self.checkInputs()

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
            for fromNodes in (False, True):
                if self._comparisons[fromNodes] is None:
                    self._restoreComparison(fromNodes)
            self.updatePanel()

    def _restoreComparison(self, fromNodes: bool) -> None:
        """Take the last comparison that the scene has kept, if there is one."""
        parameters = self.logic.getParameterNode()
        record = parameters.sceneRecord if fromNodes else parameters.listRecord
        self._comparisons[fromNodes] = Comparison.from_node(record)

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
        self.ui.metricComboBox.setCurrentIndex(METRICS.index(metric_of(parameters)))
        self._pairs.fill(pairs_of(parameters))
        self._updating = False
        if self._running:
            return
        self._showSummary()
        if self._inputs() != self._checked:
            self._stale = True
            self._checkTimer.start()
            self.ui.applyButton.setEnabled(False)

    def onPairsChanged(self, pairs: list[PairNodes]):
        choose_pairs(self._parameterNode, pairs)

    def onPairByName(self, checked=False):
        """Add the pairs that are found and not in the table; rows that nothing was chosen in are replaced."""
        kept = [pair for pair in pairs_of(self._parameterNode) if pair.segmentation.node or pair.truth.node]
        known = [pair.segmentation for pair in kept]
        found = [pair for pair in pairs_by_name() if pair.segmentation not in known]
        choose_pairs(self._parameterNode, [*kept, *found])
        if not found:
            text = _("No further pair was found: names such as knee1_fc and knee1_truth_fc belong together.")
            slicer.util.infoDisplay(text)

    def onAddPair(self, checked=False):
        choose_pairs(self._parameterNode, [*pairs_of(self._parameterNode), PairNodes()])

    def onRemovePairs(self, checked=False):
        selected = self._pairs.selected
        kept = [pair for row, pair in enumerate(pairs_of(self._parameterNode)) if selected and row not in selected]
        choose_pairs(self._parameterNode, kept)

    def _inputs(self) -> tuple:
        """Everything that a check depends on."""
        parameters = self._parameterNode
        if not parameters.fromNodes:
            return False, parameters.listFile, parameters.labels
        masks = [
            (m.node and m.node.GetID(), m.segment) for p in pairs_of(parameters) for m in (p.segmentation, p.truth)
        ]
        return True, tuple(masks), parameters.labels

    # ------------------------------------------------------------ checks

    def checkInputs(self):
        """Look at the inputs, files in the background, and show the pairs."""
        if self._parameterNode is None or self._running:
            return
        inputs, parameters = self._inputs(), self._parameterNode
        if not parameters.fromNodes and (self._checked is None or inputs[:2] != self._checked[:2]):
            if self._check is not None:
                self._check.abandon()
            self._check = QualityCheck(Path(parameters.listFile), self.showChecks) if parameters.listFile else None
        self._pairs.fill(pairs_of(parameters))
        if inputs != self._checked or self._stale:
            self._checked, self._stale = inputs, False
            self.showChecks()

    def showChecks(self):
        """Show what is known about the inputs by now, and whether and why Apply is disabled."""
        if self._parameterNode is None or self._running:
            return
        check = None if self._parameterNode.fromNodes else self._check
        problems = check.problems if check is not None else ()
        self.ui.problemsTextEdit.setVisible(bool(problems))
        self.ui.problemsTextEdit.setPlainText("\n".join(map(problem_text, problems)))
        self._fillResults()
        if check is not None:
            self._results.mark_problems(check.pairs_with_problems)
        self._showSummary()
        reason = self.whyNotApply()
        self.ui.applyButton.setEnabled(not reason)
        self._say(reason or self._readyText(), bool(reason) and not (check is not None and check.busy))

    def _fillResults(self) -> None:
        """A row for each pair of the input, with what is known about it."""
        comparison = self._comparison
        if self._parameterNode.fromNodes:
            pairs = [pair for pair in pairs_of(self._parameterNode) if pair.segmentation.node is not None]
            named = pair_names(pairs)
            rows = [QualityRow(subject) for subject in named]
            known = [s for s, pair in named.items() if comparison is not None and comparison.is_of_nodes(s, pair)]
        else:
            listed = self._check.pairs if self._check is not None else []
            subjects = self._check.subjects if self._check is not None else []
            rows = [QualityRow(subject, pair.tip) for subject, pair in zip(subjects, listed)]
            files = {subject: pair.files for subject, pair in zip(subjects, listed)}
            known = [s for s, paths in files.items() if comparison is not None and comparison.is_of_files(s, paths)]
        results = comparison.results if known else {}
        shown = [results[subject] for subject in known]
        self._results.fill(rows, comparison.labels if shown else self._labels())
        self._results.show_results(shown)

    def _labels(self) -> list[str]:
        try:
            return [str(label) for label in quality_options_of(self._parameterNode).labels] or ["any"]
        except ValueError:
            return ["any"]

    def whyNotApply(self) -> str:
        """Why the pairs cannot be compared now; empty if they can."""
        parameters = self._parameterNode
        try:
            options = quality_options_of(parameters)
            if parameters.fromNodes:
                check_pairs(pairs_of(parameters))
                check_labels(pairs_of(parameters), options.labels)
        except InputError as error:
            return "\n".join(map(problem_text, error.problems))
        except ValueError as error:
            return _("Labels: {message}.").format(message=error)
        if parameters.fromNodes:
            return ""
        if not parameters.listFile:
            return _("Choose a list of pairs.")
        if self._check is None or (self._check.busy and not self._check.problems):
            return _("Checking the list and its masks ...")
        if self._check.problems:
            return _("Correct the list first (problems: {number}).").format(number=len(self._check.problems))
        return "" if self._check.good else self._check.failure or _("The list could not be checked.")

    def _readyText(self) -> str:
        subjects = self._results.subjects
        known = self._results.compared
        if known:
            text = _("Pairs: {number}, compared: {known}. Click a pair to see it.")
            return text.format(number=len(subjects), known=known)
        return _("Pairs: {number}. Ready.").format(number=len(subjects))

    def _say(self, text: str, isProblem: bool = False) -> None:
        self.ui.reasonLabel.setText(text)
        self.ui.reasonLabel.setStyleSheet("color: #e07b00" if isProblem else "")

    # ------------------------------------------------------------ run

    @property
    def _running(self) -> bool:
        return self._run is not None and self._run.state.active

    def onApplyButton(self, checked=False):
        with slicer.util.tryWithErrorDisplay(_("The pairs could not be compared.")):
            self.ui.logTextEdit.clear()
            callbacks = {
                "on_event": self.onRunEvent,
                "on_log": self.ui.logTextEdit.appendPlainText,
                "on_end": self.onRunEnd,
            }
            parameters, options = self._parameterNode, quality_options_of(self._parameterNode)
            if parameters.fromNodes:
                self._run = self.logic.startNodes(pairs_of(parameters), options, **callbacks)
            else:
                self._run = self.logic.startList(parameters.listFile, options, **callbacks)
            self._run.metric = metric_of(parameters)
            self._ranFromNodes = parameters.fromNodes
            self._comparisons[self._ranFromNodes] = None
            self._fillResults()
            self._showSummary()
            self._say(_("Starting ..."))
            self._showRunning(True)

    def _showRunning(self, running: bool) -> None:
        self.ui.applyButton.setEnabled(False)
        self.ui.cancelButton.setEnabled(running)
        self.ui.inputsCollapsibleButton.setEnabled(not running)
        self.ui.progressBar.setVisible(running)
        self.ui.progressBar.setValue(0)

    def onCancelButton(self, checked=False):
        self.ui.cancelButton.setEnabled(False)
        self._say(_("Cancelling ..."))
        self._run.cancel()

    def onRunEvent(self, event):
        """A pair was compared."""
        if isinstance(event, PairEnd):
            self._results.show_results([result_of_entry(event.entry)])
            self.ui.progressBar.setValue(round(100 * event.done / event.total))
            if self._run.state is State.RUNNING:
                self._say(_("Compared: {done} of {total}").format(done=event.done, total=event.total))

    def onRunEnd(self, run):
        self._showRunning(False)
        self._results.end()
        if run.results:
            self._comparisons[self._ranFromNodes] = run.comparison
        else:
            self._restoreComparison(self._ranFromNodes)
        if run.nodes is not None:
            name = "sceneRecord" if self._ranFromNodes else "listRecord"
            setattr(self.logic.getParameterNode(), name, run.nodes.record)
        if self._parameterNode is None:  # another module is shown
            return
        self._checked = self._inputs()
        self.ui.applyButton.setEnabled(not self.whyNotApply())
        self._showSummary()
        compared = [result for result in run.results.values() if not result.error]
        if run.state is State.CANCELLED:
            self._say(_("Cancelled. Pairs that were compared: {number}.").format(number=len(compared)))
        elif run.state is State.FAILED:
            self._say(_("Failed: {message}").format(message=run.message), True)
        else:
            failed = len(run.results) - len(compared)
            text = _("Done. Compared: {compared}, failed: {failed}. Click a pair to see it.")
            self._say(text.format(compared=len(compared), failed=failed), bool(failed))
            self.onShowPlot()
            if compared:
                lowest = min(compared, key=lambda result: min(quality.dice for quality in result.labels))
                self.onPairChosen(lowest.name)

    # ------------------------------------------------------------ results

    @property
    def _comparison(self) -> Comparison | None:
        return self._comparisons[self.ui.inputTabs.currentIndex == 1]

    def _showSummary(self) -> None:
        """The statistics of the metric that is plotted."""
        comparison = self._comparison
        for button in (self.ui.showPlotButton, self.ui.showTableButton, self.ui.copyButton, self.ui.exportButton):
            button.setEnabled(comparison is not None)
        results = list(comparison.results.values()) if comparison is not None else []
        metric = metric_of(self._parameterNode)
        self.ui.metricComboBox.setToolTip(_(metric.description))
        self.ui.summaryLabel.setText(summary_text(summarize(results), metric))
        if comparison is not None and comparison.nodes is not None and comparison.nodes.metric is not metric:
            comparison.update_nodes(metric)

    def _nodes(self) -> QualityNodes:
        """The nodes of the comparison, which are made again if they were removed from the scene."""
        return self._comparison.update_nodes(metric_of(self._parameterNode))

    def onShowPlot(self, checked=False):
        show_chart(self._nodes().charts[self._parameterNode.plot])

    def onShowTable(self, checked=False):
        show_table(self._nodes().table)

    def onCopy(self, checked=False):
        slicer.app.clipboard().setText(clipboard_text(list(self._comparison.results.values())))
        self._say(_("Copied: paste it into a spreadsheet."))

    def onExport(self, checked=False):
        folder = qt.QFileDialog.getExistingDirectory(slicer.util.mainWindow(), _("Choose a folder for the csv files"))
        if not folder:
            return
        name = self._comparison.name
        existing = [path.name for path in export_files(Path(folder), name) if path.exists()]
        question = _("These files exist:\n{files}\n\nReplace them?").format(files="\n".join(existing))
        if existing and not slicer.util.confirmOkCancelDisplay(question):
            return
        with slicer.util.tryWithErrorDisplay(_("The results could not be written.")):
            written = self.logic.exportResults(self._comparison, folder)
            self._say(_("Written: {files}").format(files=", ".join(path.name for path in written)))

    def onPairChosen(self, subject: str, label: int = 0):
        """Bring a pair into view, if it was compared."""
        comparison = self._comparison
        if self._running or comparison is None or subject not in comparison.results:
            return
        self._results.select(subject, label)
        folder = self._parameterNode.imagesFolder if self._parameterNode is not None else ""
        self._loader.close()  # who clicks on goes by what is clicked last
        try:
            self._loader.add(comparison.load(subject, label, Path(folder) if folder else None), show_pair)
        except KneeError as error:
            self._say(str(error), True)

    def onLoadingFailed(self, error: Exception):
        self._say(str(error), True)


class SegmentationQualityLogic(ScriptedLoadableModuleLogic):
    """Compares segmentations with their ground truth, for scripts and for the panel.

    The same runs from a command line: ``python -m KneeCartilageSegLib quality LIST``, and gives the same numbers.
    Slicer stays usable meanwhile, also in the blocking calls. What is measured, and how, is in the documentation of
    :mod:`KneeCartilageSegLib.quality.metrics`.

    An example on digital knees with large voxels, first a list of pairs::

        >>> from SegmentationQuality import SegmentationQualityLogic
        >>> logic = SegmentationQualityLogic()
        >>> listFile = logic.makeSample(spacing=2.0)
        >>> run = logic.compareList(listFile, tolerance=0.7)
        >>> rows = run.rows
        >>> len(rows), list(rows[0])[:4]
        (4, ['subjects', 'dice_coeff', 'jaccard_coeff', 'volume_similarity'])
        >>> min(row["dice_coeff"] for row in rows) > 0.5
        True
        >>> run.nodes.table.GetTable().GetNumberOfRows()
        4

    Where pandas is installed, ``pandas.DataFrame(run.rows)`` makes a data frame; nothing here needs it.

    Nodes are compared likewise. Pairs are (segmentation, truth) or (segmentation, truth, image): labelmap volume nodes,
    segmentation nodes with one segment, or (segmentation node, segment ID)::

        >>> folder = listFile.parent
        >>> mask = slicer.util.loadLabelVolume(str(folder / "segmented" / "01_DESS_01_prep_fc.mha"))
        >>> truth = slicer.util.loadLabelVolume(str(folder / "segmented_groundTruth" / "01_DESS_01_prep_fc.mha"))
        >>> runOfNodes = logic.compareNodes([(mask, truth)], tolerance=0.7)
        >>> runOfNodes.rows[0]["dice_coeff"] == rows[0]["dice_coeff"]
        True

    A run that is not waited for::

        >>> run = logic.startList(listFile)
        >>> run.wait()
        >>> run.state.value, len(run.results)
        ('done', 4)
        >>> view = logic.showPair(run.comparison, "01_DESS_01_prep_fc")
        >>> [path.name for path in logic.exportResults(run.comparison, folder)][0]
        'image_list_quality_overlap.csv'
    """

    def getParameterNode(self):
        return SegmentationQualityParameterNode(super().getParameterNode())

    def compareList(self, listFile, labels=(), tolerance=DEFAULT_TOLERANCE_MM, jobs=0) -> QualityRun:
        """Compare the pairs of a list, and wait for the end.

        :param listFile: the text file, see ``python -m KneeCartilageSegLib quality --help``.
        :param labels: values to compare: ``3`` in both masks, or ``"5:1"``; none is any value but 0.
        :param tolerance: of the surface Dice, mm.
        :param jobs: pairs at once; 0 chooses.
        :return: the run, which has ended: ``rows``, ``results`` and ``nodes`` (tables and plots; None if nothing was
            compared).
        :raises InputError: with everything that is wrong with the list and its masks.
        :raises KneeError: if the run could not be done.
        """
        run = self.startList(listFile, quality_options(labels, tolerance, jobs))
        run.wait()
        return run

    def startList(self, listFile, options: QualityOptions | None = None, **callbacks) -> QualityRun:
        """As :meth:`compareList`, but return the :class:`QualityRun` at once.

        :param callbacks: ``on_event``, ``on_log`` and ``on_end``, see :class:`CommandRun`.
        """
        listFile = Path(listFile).absolute()
        run = QualityRun(listFile.stem, **callbacks)
        run.start(quality_arguments(listFile, options or QualityOptions()))
        return run

    def compareNodes(self, pairs=None, labels=(), tolerance=DEFAULT_TOLERANCE_MM, jobs=0) -> QualityRun:
        """Compare masks of the scene, and wait for the end.

        :param pairs: (segmentation, truth) or (segmentation, truth, image) each, see the example above; None finds them
            by name (see :mod:`KneeCartilageSegLib.lists.names`).
        :param labels: as for :meth:`compareList`; a segment is label 1.
        :return: as :meth:`compareList`.
        :raises InputError: with everything that is missing or contradictory.
        :raises KneeError: as :meth:`compareList`.
        """
        found = pairs_by_name() if pairs is None else [pair_nodes(*pair) for pair in pairs]
        run = self.startNodes(found, quality_options(labels, tolerance, jobs))
        run.wait()
        return run

    def startNodes(self, pairs: list[PairNodes], options: QualityOptions | None = None, **callbacks) -> QualityRun:
        """Compare masks of the scene; return the :class:`QualityRun` at once.

        :param callbacks: as for :meth:`startList`.
        :raises InputError: with everything that is missing or contradictory.
        """
        options = options or QualityOptions()
        check_pairs(pairs)
        check_labels(pairs, options.labels)
        run = QualityRun(_("Scene"), pair_names(pairs), **callbacks)
        folder = Path(tempfile.mkdtemp(prefix="quality-", dir=session_folder()))
        run.start_after(export_pairs(pairs, folder), lambda listFile: quality_arguments(listFile, options))
        return run

    def showPair(self, comparison: Comparison, subject: str, label: int = 0, imagesFolder=None) -> PairView:
        """Bring a pair into view, at the place of its worst error.

        :param label: the number of the label among those that were compared.
        :param imagesFolder: where the images of listed pairs are; None looks where they usually are.
        :return: the nodes that show it.
        """
        (view,) = run_now(comparison.load(subject, label, imagesFolder and Path(imagesFolder)))
        run_now(show_pair(view))
        return view

    def exportResults(self, comparison: Comparison, folder) -> list[Path]:
        """Write the csv files, as the command line does, with their record. Existing files are replaced."""
        return export_results(comparison.record, Path(folder), comparison.name)

    def makeSample(self, folder=None, spacing: float = 1.0) -> Path:
        """Make digital knees with imperfect segmentations; see :func:`make_quality_sample`."""
        return make_quality_sample(None if folder is None else Path(folder), spacing)


class SegmentationQualityTest(ScriptedLoadableModuleTest):
    """Runs the example of the logic."""

    def runTest(self):
        slicer.mrmlScene.Clear(0)
        self.test_exampleOfTheLogic()

    def test_exampleOfTheLogic(self):
        parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
        example = parser.get_doctest(inspect.getdoc(SegmentationQualityLogic), {"slicer": slicer}, "example", None, 0)
        said: list[str] = []
        runner.run(example, out=said.append)
        assert runner.tries > 10
        assert runner.failures == 0, "".join(said)
        self.delayDisplay("Test passed")
