"""How good segmentations are: Slicer's window on the comparison with ground truth."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import qt
import slicer
from KneeCartilageSegLib.quality.metrics import DEFAULT_TOLERANCE_MM, METRICS, LabelChoice
from KneeCartilageSegLib.quality.record import (
    clipboard_text,
    export_files,
    export_results,
    result_of_entry,
)
from KneeCartilageSegLib.quality.tables import summarize
from KneeCartilageSegLib.runs.events import Event, PairEnd
from KneeCartilageSegLib.slicer_support.charts import show_chart
from KneeCartilageSegLib.slicer_support.module import CONTRIBUTORS, ExampleTest, PathLike, tutorial
from KneeCartilageSegLib.slicer_support.panel import Panel
from KneeCartilageSegLib.slicer_support.session import session_folder
from KneeCartilageSegLib.slicer_support.tasks import run_now
from KneeCartilageSegLib.slicer_support.words import metric_heading, translated
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
from slicer.ScriptedLoadableModule import ScriptedLoadableModule, ScriptedLoadableModuleLogic


class SegmentationQuality(ScriptedLoadableModule):
    def __init__(self, parent: Any) -> None:
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("Segmentation Quality")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Segmentation")]
        self.parent.dependencies = ["KneeCartilageSeg", "FindReference"]
        self.parent.contributors = CONTRIBUTORS
        about = _(
            "Compares segmentations with their ground truth, one pair or a whole list: Dice, Jaccard, volumes, surface "
            "distances, with tables, plots, and the places where they differ in slices and 3D."
        )
        self.parent.helpText = f"{about} {tutorial()}"
        self.parent.acknowledgementText = _(
            "The metrics are those of pyKNEEr (Bonaretti et al., PLoS ONE 2020) and of Metrics reloaded (Maier-Hein et "
            "al., Nature Methods 2024)."
        )


class SegmentationQualityWidget(Panel):
    """The panel. What it does, :class:`SegmentationQualityLogic` does for a script."""

    # ------------------------------------------------------------ what it has

    def setupPanel(self) -> None:
        self.logic = SegmentationQualityLogic()
        self.pairs = PairTable(self.ui.pairsTable, lambda pairs: choose_pairs(self.parameters, pairs))
        self.results = QualityTable(self.ui.resultsTable, self.onPairChosen)
        self.ui.metricComboBox.addItems([metric_heading(metric) for metric in METRICS])
        self.ui.metricComboBox.connect("activated(int)", lambda row: self.setParameter("metric", METRICS[row].key))
        self.ui.legendLabel.setText(legend())
        self.connectButtons(
            {
                "pairByName": self.onPairByName,
                "addPair": self.onAddPair,
                "removePairs": self.onRemovePairs,
                "showPlot": self.onShowPlot,
                "showTable": self.onShowTable,
                "copy": self.onCopy,
                "export": self.onExport,
            }
        )

    def showParameters(self) -> None:
        for fromNodes in (False, True):
            if self.sources[fromNodes] is None:
                self.restoreComparison(fromNodes)
        self.ui.metricComboBox.setCurrentIndex(METRICS.index(metric_of(self.parameters)))
        self.offerNodes()

    def offerNodes(self) -> None:
        self.pairs.fill(pairs_of(self.parameters))

    def onPairByName(self) -> None:
        """Add the pairs that are found and not in the table; rows that nothing was chosen in are replaced."""
        kept = [pair for pair in pairs_of(self.parameters) if pair.segmentation.node or pair.truth.node]
        known = [pair.segmentation for pair in kept]
        found = [pair for pair in pairs_by_name() if pair.segmentation not in known]
        choose_pairs(self.parameters, [*kept, *found])
        if not found:
            text = _("No further pair was found: names such as knee1_fc and knee1_truth_fc belong together.")
            slicer.util.infoDisplay(text)

    def onAddPair(self) -> None:
        choose_pairs(self.parameters, [*pairs_of(self.parameters), PairNodes()])

    def onRemovePairs(self) -> None:
        selected = self.pairs.selected
        kept = [pair for row, pair in enumerate(pairs_of(self.parameters)) if selected and row not in selected]
        choose_pairs(self.parameters, kept)

    # ------------------------------------------------------------ checks

    def files(self) -> tuple:
        if not self.parameters.fromNodes:
            return False, self.parameters.listFile
        masks = [mask for pair in pairs_of(self.parameters) for mask in (pair.segmentation, pair.truth)]
        return True, tuple((mask.node and mask.node.GetID(), mask.segment) for mask in masks)

    def inputs(self) -> tuple:
        return (self.parameters.labels,)

    def newCheck(self) -> QualityCheck | None:
        listFile = self.parameters.listFile
        return QualityCheck(Path(listFile), self.showChecks) if listFile else None

    def showKnown(self) -> None:
        self.fillResults()
        if self.check is not None:
            self.results.mark_problems(self.check.pairs_with_problems)

    def fillResults(self) -> None:
        """A row for each pair of the input, with what is known about it."""
        comparison = self.source
        if self.parameters.fromNodes:
            pairs = [pair for pair in pairs_of(self.parameters) if pair.segmentation.node is not None]
            named = pair_names(pairs)
            rows = [QualityRow(name) for name in named]
            known = [n for n, pair in named.items() if comparison is not None and comparison.is_of_nodes(n, pair)]
        else:
            listed = self.check.pairs if self.check is not None else []
            names = self.check.names if self.check is not None else []
            rows = [QualityRow(name, pair.tip) for name, pair in zip(names, listed)]
            files = {name: pair.files for name, pair in zip(names, listed)}
            known = [n for n, paths in files.items() if comparison is not None and comparison.is_of_files(n, paths)]
        results = comparison.results if known else {}
        self.results.fill(rows, comparison.labels if known else self.labels())
        self.results.show_results([results[name] for name in known])

    def labels(self) -> list[str]:
        """The labels that are chosen."""
        try:
            return [str(label) for label in quality_options_of(self.parameters).labels] or ["any"]
        except ValueError:
            return ["any"]

    def refusal(self) -> str:
        pairs = pairs_of(self.parameters)
        try:
            labels = quality_options_of(self.parameters).labels
        except ValueError as error:
            return _("Labels: {message}.").format(message=error)
        if self.parameters.fromNodes:
            check_pairs(pairs)
            check_labels(pairs, labels)
        elif not self.parameters.listFile:
            return _("Choose a list of pairs.")
        return ""

    def readyText(self) -> str:
        number, known = len(self.results.names), self.results.compared
        if known:
            text = _("Pairs: {number}, compared: {known}. Click a pair to see it.")
            return text.format(number=number, known=known)
        return _("Pairs: {number}. Ready.").format(number=number)

    # ------------------------------------------------------------ run

    def startRun(self, **callbacks: Any) -> QualityRun:
        parameters, options = self.parameters, quality_options_of(self.parameters)
        if parameters.fromNodes:
            run = self.logic.startNodes(pairs_of(parameters), options, **callbacks)
        else:
            run = self.logic.startList(parameters.listFile, options, **callbacks)
        run.metric = metric_of(parameters)
        return run

    def onRunStart(self) -> None:
        self.sources[self.ranFromNodes] = None
        self.fillResults()
        self.showResult()

    def onRunEvent(self, event: Event) -> None:
        if isinstance(event, PairEnd):
            self.results.show_results([result_of_entry(event.entry)])
            text = _("Compared: {done} of {total}").format(done=event.done, total=event.total)
            self.showProgress(text, event.done / event.total)

    def keepResults(self, run: QualityRun) -> None:
        self.results.end()
        if run.results:
            self.sources[self.ranFromNodes] = run.comparison
        else:
            self.restoreComparison(self.ranFromNodes)
        if run.nodes is not None:
            name = "sceneRecord" if self.ranFromNodes else "listRecord"
            setattr(self.logic.getParameterNode(), name, run.nodes.record)

    def cancelledText(self, run: QualityRun) -> str:
        compared = sum(not result.error for result in run.results.values())
        return _("Cancelled. Pairs that were compared: {number}.").format(number=compared)

    def showDone(self, run: QualityRun) -> None:
        compared = [result for result in run.results.values() if not result.error]
        failed = len(run.results) - len(compared)
        text = _("Done. Compared: {compared}, failed: {failed}. Click a pair to see it.")
        self.say(text.format(compared=len(compared), failed=failed), bool(failed))
        self.onShowPlot()
        if compared:
            self.onPairChosen(min(compared, key=lambda result: min(quality.dice for quality in result.labels)).name)

    # ------------------------------------------------------------ results

    def restoreComparison(self, fromNodes: bool) -> None:
        """Take the last comparison that the scene has kept, if there is one."""
        parameters = self.logic.getParameterNode()
        self.sources[fromNodes] = Comparison.from_node(parameters.sceneRecord if fromNodes else parameters.listRecord)

    def sceneChanged(self) -> None:
        self.sources = {False: None, True: None}

    def showResult(self) -> None:
        """The statistics of the metric that is plotted."""
        comparison = self.source
        for button in (self.ui.showPlotButton, self.ui.showTableButton, self.ui.copyButton, self.ui.exportButton):
            button.setEnabled(comparison is not None)
        results = list(comparison.results.values()) if comparison is not None else []
        metric = metric_of(self.parameters)
        self.ui.metricComboBox.setToolTip(translated(metric.description))
        self.ui.summaryLabel.setText(summary_text(summarize(results), metric))
        if comparison is not None and comparison.nodes is not None and comparison.nodes.metric is not metric:
            comparison.update_nodes(metric)

    def nodes(self) -> QualityNodes:
        """The nodes of the comparison, which are made again if they were removed from the scene."""
        return self.source.update_nodes(metric_of(self.parameters))

    def onShowPlot(self) -> None:
        show_chart(self.nodes().charts[self.parameters.plot])

    def onShowTable(self) -> None:
        show_table(self.nodes().table)

    def onCopy(self) -> None:
        slicer.app.clipboard().setText(clipboard_text(list(self.source.results.values())))
        self.say(_("Copied: paste it into a spreadsheet."))

    def onExport(self) -> None:
        folder = qt.QFileDialog.getExistingDirectory(slicer.util.mainWindow(), _("Choose a folder for the csv files"))
        if not folder:
            return
        existing = [path.name for path in export_files(Path(folder), self.source.name) if path.exists()]
        question = _("These files exist:\n{files}\n\nReplace them?").format(files="\n".join(existing))
        if existing and not slicer.util.confirmOkCancelDisplay(question):
            return
        with slicer.util.tryWithErrorDisplay(_("The results could not be written.")):
            written = self.logic.exportResults(self.source, folder)
            self.say(_("Written: {files}").format(files=", ".join(path.name for path in written)))

    def onPairChosen(self, name: str, label: int = 0) -> None:
        """Bring a pair into view, if it was compared."""
        comparison = self.source
        if self.running or comparison is None or name not in comparison.results:
            return
        self.results.select(name, label)
        folder = self.parameters.imagesFolder
        self.loadInstead(load_and_show(comparison, name, label, Path(folder) if folder else None))


async def load_and_show(comparison: Comparison, name: str, label: int, images: Path | None) -> PairView:
    view = await comparison.load(name, label, images)
    await show_pair(view)
    return view


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

    def getParameterNode(self) -> SegmentationQualityParameterNode:
        return SegmentationQualityParameterNode(super().getParameterNode())  # type: ignore[call-arg]  # the decorator's

    def compareList(
        self,
        listFile: PathLike,
        labels: Iterable[LabelChoice | int | str] = (),
        tolerance: float = DEFAULT_TOLERANCE_MM,
        jobs: int = 0,
    ) -> QualityRun:
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

    def startList(self, listFile: PathLike, options: QualityOptions | None = None, **callbacks: Any) -> QualityRun:
        """As :meth:`compareList`, but return the :class:`QualityRun` at once.

        :param callbacks: ``on_event``, ``on_log`` and ``on_end``, see :class:`CommandRun`.
        """
        listFile = Path(listFile).absolute()
        run = QualityRun(listFile.stem, **callbacks)
        run.start(quality_arguments(listFile, options or QualityOptions()))
        return run

    def compareNodes(
        self,
        pairs: Sequence[tuple] | None = None,
        labels: Iterable[LabelChoice | int | str] = (),
        tolerance: float = DEFAULT_TOLERANCE_MM,
        jobs: int = 0,
    ) -> QualityRun:
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

    def startNodes(self, pairs: list[PairNodes], options: QualityOptions | None = None, **callbacks: Any) -> QualityRun:
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

    def showPair(
        self, comparison: Comparison, name: str, label: int = 0, imagesFolder: PathLike | None = None
    ) -> PairView:
        """Bring a pair into view, at the place of its worst error.

        :param label: the number of the label among those that were compared.
        :param imagesFolder: where the images of listed pairs are; None looks where they usually are.
        :return: the nodes that show it.
        """
        return run_now(load_and_show(comparison, name, label, Path(imagesFolder) if imagesFolder else None))

    def exportResults(self, comparison: Comparison, folder: PathLike) -> list[Path]:
        """Write the csv files, as the command line does, with their record. Existing files are replaced."""
        return export_results(comparison.record, Path(folder), comparison.name)

    def makeSample(self, folder: PathLike | None = None, spacing: float = 1.0) -> Path:
        """Make digital knees with imperfect segmentations; see :func:`make_quality_sample`."""
        return make_quality_sample(None if folder is None else Path(folder), spacing)


class SegmentationQualityTest(ExampleTest):
    """Runs the example of the logic."""

    logic = SegmentationQualityLogic
