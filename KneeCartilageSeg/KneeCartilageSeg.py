"""Segment femur and femoral cartilage in knee MR: Slicer's window on KneeCartilageSegLib."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import qt
import slicer
from KneeCartilageSegLib.demo_data import SPACING
from KneeCartilageSegLib.errors import KneeError
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.runs.events import CaseEnd, Checking, Event, Step
from KneeCartilageSegLib.slicer_support.cartilage import MeasuredNodes, MeasureOptions, measure_segmentation
from KneeCartilageSegLib.slicer_support.change import (
    ChangeOptions,
    ChangeRun,
    check_visits,
    export_visits,
    visits_of,
)
from KneeCartilageSegLib.slicer_support.change_section import ChangeSection
from KneeCartilageSegLib.slicer_support.check import ListCheck
from KneeCartilageSegLib.slicer_support.hint import Hint
from KneeCartilageSegLib.slicer_support.knees_table import KneeTable
from KneeCartilageSegLib.slicer_support.limits_table import LimitsTable
from KneeCartilageSegLib.slicer_support.make_reference import MakeReferenceSection, make_reference_of
from KneeCartilageSegLib.slicer_support.measure_section import MeasureSection
from KneeCartilageSegLib.slicer_support.module import CONTRIBUTORS, ExampleTest, PathLike, tutorial
from KneeCartilageSegLib.slicer_support.node_input import (
    NodeInput,
    ReferenceNodes,
    check_nodes,
    export_nodes,
    references_of,
)
from KneeCartilageSegLib.slicer_support.options import EngineQuestion, RunOptions, segment_arguments, status_arguments
from KneeCartilageSegLib.slicer_support.overlay_section import OverlaySection
from KneeCartilageSegLib.slicer_support.panel import Panel
from KneeCartilageSegLib.slicer_support.parameters import (
    KneeCartilageSegParameterNode,
    ModalityChoice,
    change_options_of,
    engine_question_of,
    modality_of,
    nodes_of,
    options_of,
)
from KneeCartilageSegLib.slicer_support.process import State
from KneeCartilageSegLib.slicer_support.references_section import ReferencesSection
from KneeCartilageSegLib.slicer_support.result_nodes import KneeResult
from KneeCartilageSegLib.slicer_support.results_folder import ResultsFolder
from KneeCartilageSegLib.slicer_support.review_section import ReviewSection
from KneeCartilageSegLib.slicer_support.run import SegmentationRun, load_knee
from KneeCartilageSegLib.slicer_support.sample import load_sample, make_sample
from KneeCartilageSegLib.slicer_support.segment_field import SegmentField
from KneeCartilageSegLib.slicer_support.session import session_folder
from KneeCartilageSegLib.slicer_support.slicer_elastix import slicer_elastix_folder
from KneeCartilageSegLib.slicer_support.tasks import run_now
from KneeCartilageSegLib.slicer_support.views import show_knee
from KneeCartilageSegLib.slicer_support.volumes import (
    MaskSource,
    guess_segment,
    knee_names,
)
from KneeCartilageSegLib.tissue import Tissue
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.ScriptedLoadableModule import ScriptedLoadableModule, ScriptedLoadableModuleLogic

Options = TypeVar("Options", RunOptions, ChangeOptions)


class KneeCartilageSeg(ScriptedLoadableModule):
    def __init__(self, parent: Any) -> None:
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("Knee Cartilage Segmentation")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Segmentation")]
        self.parent.contributors = CONTRIBUTORS
        about = _(
            "Finds the femur and its cartilage in MR images of the knee: registers each knee to a reference knee that "
            "is segmented already, inverts the transforms, and warps the reference's masks onto the knee."
        )
        self.parent.helpText = f"{about} {tutorial()}"
        self.parent.acknowledgementText = _(
            "The workflow is that of pyKNEEr (Bonaretti et al., PLoS ONE 2020). Registration is done by elastix "
            "(Klein et al., IEEE TMI 2010)."
        )
        slicer.app.connect("startupCompleted()", registerSampleData)


def registerSampleData() -> None:
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


class KneeCartilageSegWidget(Panel):
    """The panel. What it does, :class:`KneeCartilageSegLogic` does for a script."""

    # ------------------------------------------------------------ what it has

    def setupPanel(self) -> None:
        self.logic = KneeCartilageSegLogic()
        self.knees = KneeTable(self.ui.kneesTable, self.onKneeChosen)
        self.limits = LimitsTable(self.ui.limitsTable, lambda limits: self.setParameter("limits", limits))
        self.femur = self.segmentField("femurMask", "femurSegment", Tissue.FEMUR)
        self.cartilage = self.segmentField("cartilageMask", "cartilageSegment", Tissue.CARTILAGE)
        made = [self.segmentField("madeSegmentation", f"made{tissue.name.title()}", tissue) for tissue in Tissue]
        reviewWidget = slicer.util.loadUI(self.resourcePath("UI/Review.ui"))
        self.layout.addWidget(reviewWidget)
        self.review = ReviewSection(self, reviewWidget)
        references = ReferencesSection(self.ui, self.startTask)
        boxes = [self.ui.disagreementCheckBox, self.review.ui.reviewDisagreementCheckBox]
        self.overlay = OverlaySection(boxes, self.setParameter, self.startTask)
        making = MakeReferenceSection(self.ui, made, self.startTask, self.updatePanel)
        measuring = MeasureSection(self.ui, self.startTask)
        self.change = ChangeSection(self.ui, self.startChange, self.ui.logTextEdit.appendPlainText)
        self.resultsFolder = ResultsFolder(self.ui)
        hint = Hint(self.ui, self.loadSample)
        self.sections = [hint, references, self.overlay, measuring, self.change, making, self.review]
        self.fractions: dict[str, float] = {}  # how far the knees of the run are

    def segmentField(self, mask: str, segment: str, tissue: Tissue) -> SegmentField:
        selector = getattr(self.ui, f"{segment}Selector")
        return SegmentField(selector, mask, segment, tissue, lambda: self.parameters)

    def showParameters(self) -> None:
        parameters = self.parameters
        for index, choice in enumerate(ModalityChoice):
            self.ui.modalityComboBox.setItemData(index, choice.description(), qt.Qt.ToolTipRole)
        self.ui.modalityDescriptionLabel.setText(parameters.modality.description())
        self.ui.sideComboBox.setEnabled(modality_of(parameters) is Modality.NEW_SUBJECT)
        self.limits.show(modality_of(parameters), parameters.limits)
        if self.femur.show() and parameters.cartilageMask is None:
            parameters.cartilageMask = parameters.femurMask  # most likely it holds both
        self.cartilage.show()

    def loadSample(self) -> None:
        """Load the sample knees, and choose them: Apply can be pressed then."""
        with slicer.util.tryWithErrorDisplay(_("The sample knees could not be loaded."), waitCursor=True):
            knee, reference, segmentation = self.logic.loadSample()
            self.parameters.fromNodes = True
            self.parameters.movingVolumes = [knee]
            self.parameters.referenceVolume = reference
            self.parameters.femurMask = segmentation

    def engineQuestion(self) -> EngineQuestion:
        return engine_question_of(self.parameters)

    # ------------------------------------------------------------ Slicer

    def exit(self) -> None:
        self.review.keep_drafts_now()
        super().exit()

    def cleanup(self) -> None:
        self.review.close()
        self.change.close()
        super().cleanup()

    def onSceneStart(self, caller: Any, event: str) -> None:
        if event == "StartCloseEvent":
            self.review.forget_nodes()
        super().onSceneStart(caller, event)

    # ------------------------------------------------------------ checks

    def files(self) -> tuple:
        parameters = self.parameters
        if not parameters.fromNodes:
            return False, parameters.listFile, parameters.modality, options_of(parameters)
        nodes, options = nodes_of(parameters), options_of(parameters)
        masks = [(_id(mask.node), mask.segment) for knee in nodes.references for mask in knee.masks.values()]
        volumes = map(_id, (*nodes.moving, *(knee.volume for knee in nodes.references)))
        return True, tuple(volumes), tuple(masks), options.references, options.references_at_most

    def newCheck(self) -> ListCheck | None:
        if not self.parameters.listFile:
            return None
        list_file, modality = Path(self.parameters.listFile), modality_of(self.parameters)
        check = ListCheck(list_file, modality, options_of(self.parameters), self.showChecks)
        self.sources[False] = check.source
        return check

    def look(self) -> None:
        super().look()
        if self.parameters.fromNodes:
            named = knee_names(nodes_of(self.parameters).moving)
            self.knees.fill((name, node.GetName()) for name, node in named.items())
        else:
            self.knees.fill(self.check.knees if self.check is not None else ())
        self.showResults(self.source)

    def showKnown(self) -> None:
        if self.check is not None:
            self.showResults(self.check.source)
            self.knees.mark_problems(self.check.knees_with_problems)

    def showResults(self, source: SegmentationRun | None) -> None:
        if source is not None:
            for name, standing in source.standings.items():
                if name not in source.results:
                    self.knees.show_stand(name, standing.stand, standing.detail)
            for result in source.results.values():
                self.knees.show_result(result)
        self.resultsFolder.show(source.results.values() if source is not None else ())
        self.review.refresh()

    def refusal(self) -> str:
        if self.parameters.fromNodes:
            check_nodes(nodes_of(self.parameters))
        elif not self.parameters.listFile:
            return _("Choose an image list.")
        return ""

    def readyText(self) -> str:
        number = len(self.knees.knees)
        finished = sum(knee in self.source.results for knee in self.knees.knees) if self.source is not None else 0
        if finished and not self.parameters.fromNodes:
            text = _("Knees: {number}, with results: {finished}. Click a knee to see it.")
            return text.format(number=number, finished=finished)
        return _("Knees: {number}. Ready.").format(number=number)

    # ------------------------------------------------------------ run

    def startRun(self, **callbacks: Any) -> SegmentationRun:
        parameters, options = self.parameters, options_of(self.parameters)
        callbacks["labelmaps"] = parameters.labelmaps
        if parameters.fromNodes:
            return self.logic.startNodes(nodes_of(parameters), parameters.workingFolder, options, **callbacks)
        return self.logic.startList(parameters.listFile, modality_of(parameters), options, **callbacks)

    def onRunStart(self) -> None:
        self.sources[self.ranFromNodes] = self.run
        self.fractions = dict.fromkeys(self.knees.knees, 0.0)

    def onRunEvent(self, event: Event) -> None:
        if isinstance(event, Checking):
            self.say(_("Reading the images: {done} of {total}").format(done=event.done, total=event.total))
        elif isinstance(event, Step):
            self.knees.show_step(event.name, event.step, event.fraction)
            self.showProgressOf(event.name, event.fraction)
        elif isinstance(event, CaseEnd):
            self.onKneeEnd(self.run.results[event.name])
            self.showProgressOf(event.name, 1.0)

    def onKneeEnd(self, result: KneeResult) -> None:
        self.knees.show_result(result)
        self.ui.logTextEdit.appendPlainText(f"{result.name}: {result.status.value} {result.remarks}".rstrip())
        if self.ranFromNodes and result.masks and self.run.state is State.RUNNING:
            self.load(self.run.load(result.name))

    def showProgressOf(self, knee: str, fraction: float) -> None:
        self.fractions[knee] = fraction
        ended, total = len(self.run.results), len(self.fractions)
        text = _("Segmented: {ended} of {total}").format(ended=ended, total=total)
        self.showProgress(text, sum(self.fractions.values()) / total)

    def keepResults(self, run: SegmentationRun) -> None:
        self.knees.end_steps()
        self.showResults(run)

    def cancelledText(self, run: SegmentationRun) -> str:
        good = sum(result.status.good for result in run.results.values())
        return _("Cancelled. Knees that are segmented: {good}.").format(good=good)

    def showDone(self, run: SegmentationRun) -> None:
        flagged = sum(result.flagged for result in run.results.values())
        good = [result.name for result in run.results.values() if result.status.good]
        text = _("Done. {good} segmented, {flagged} need review. Click a knee to see it.")
        self.say(text.format(good=len(good), flagged=flagged), bool(flagged))
        if good:
            self.onKneeChosen(good[0])

    def startChange(self, **callbacks: Any) -> ChangeRun:
        """Start to compare the visits that the section on change names."""
        chosen, options = self.parameters, change_options_of(self.parameters)
        if chosen.visitsListFile:
            return self.logic.startChangeList(chosen.visitsListFile, options, **callbacks)
        nodes = chosen.firstVisit, chosen.firstMasks, chosen.secondVisit, chosen.secondMasks
        return self.logic.startChange(*nodes, chosen.workingFolder, options, **callbacks)

    # ------------------------------------------------------------ results

    def onKneeChosen(self, knee: str) -> None:
        """Bring a knee into view, if it has a segmentation."""
        result = self.source.results.get(knee) if self.source is not None else None
        if result is None:
            return
        if not result.masks:
            self.say(f"{knee}: {result.remarks}", True)
            return
        self.knees.select(knee)
        self.load(self.bringIntoView(self.source, result))

    async def bringIntoView(self, source: SegmentationRun, result: KneeResult) -> None:
        volume, segmentation = await source.load(result.name)
        await show_knee(volume, segmentation)
        await self.overlay.show_over(volume, result.disagreement)


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

    def getParameterNode(self) -> KneeCartilageSegParameterNode:
        return KneeCartilageSegParameterNode(super().getParameterNode())  # type: ignore[call-arg]  # the decorator's

    def segmentList(
        self, listFile: PathLike, modality: Modality, options: RunOptions | None = None
    ) -> dict[str, KneeResult]:
        """Segment the knees of an image list, and wait for the end.

        :param listFile: the text file, see ``python -m KneeCartilageSegLib segment --help``.
        :return: the results by knee, in the order in which they ended.
        :raises InputError: with everything that is wrong with the list and its images.
        :raises KneeError: if the run could not be done, for example for lack of elastix.
        """
        run = self.startList(listFile, modality, options)
        run.wait()
        return run.results

    def startList(
        self, listFile: PathLike, modality: Modality, options: RunOptions | None = None, **callbacks: Any
    ) -> SegmentationRun:
        """As :meth:`segmentList`, but return the :class:`SegmentationRun` at once.

        :param callbacks: ``on_event``, ``on_log``, ``on_end`` and ``labelmaps``, see :class:`SegmentationRun`.
        """
        listFile = Path(listFile).absolute()
        run = SegmentationRun(_("{list} results").format(list=listFile.stem), **callbacks)
        run.start(segment_arguments(listFile, modality, self._complete(options, RunOptions())))
        return run

    def segmentNodes(
        self,
        movingVolumes: Sequence[Any],
        referenceVolume: Any = None,
        femurMask: Any = None,
        cartilageMask: Any = None,
        modality: Modality = Modality.NEW_SUBJECT,
        options: RunOptions | None = None,
        workingFolder: PathLike = "",
        furtherReferences: Sequence[Any] = (),
    ) -> list:
        """Segment volume nodes, and wait for the end.

        :param referenceVolume: the reference knee; None if there are others, here or in ``options.references``.
        :param femurMask: the reference's femur: a labelmap volume node, a segmentation node (its segment is found by
            name), or a :class:`MaskSource`.
        :param cartilageMask: the reference's femoral cartilage, likewise; None is in the same segmentation.
        :param workingFolder: see :meth:`startNodes`.
        :param furtherReferences: segmentation nodes of further reference knees, each drawn on the volume of its knee.
        :return: a segmentation node for each volume; None where there is none.
        :raises InputError: with everything that is missing or contradictory.
        :raises KneeError: if the run could not be done, for example for lack of elastix.
        """
        sources = {Tissue.FEMUR: femurMask, Tissue.CARTILAGE: femurMask if cartilageMask is None else cartilageMask}
        masks = {tissue: _maskSource(source, tissue) for tissue, source in sources.items()}
        first = ReferenceNodes(referenceVolume, masks)
        further = map(ReferenceNodes.of_segmentation, furtherReferences)
        references = references_of(first, further, None if options is None else options.references)
        nodes = NodeInput(modality, movingVolumes, references)
        run = self.startNodes(nodes, workingFolder, options)
        run.wait()
        knees = knee_names(movingVolumes)
        return [run_now(run.load(knee))[1] if run.results[knee].masks else None for knee in knees]

    def startNodes(
        self, nodes: NodeInput, workingFolder: PathLike = "", options: RunOptions | None = None, **callbacks: Any
    ) -> SegmentationRun:
        """Segment volume nodes; return the :class:`SegmentationRun` at once.

        :param workingFolder: receives a folder ``KneeCartilageSeg`` with images, image list and results, on which the
            command line can go on; empty is a temporary folder.
        :param callbacks: as for :meth:`startList`.
        """
        parent = Path(workingFolder) if workingFolder else session_folder()
        check_nodes(nodes)
        run = SegmentationRun(_("Knee results"), knee_names(nodes.moving), **callbacks)
        complete = self._complete(options, RunOptions())
        export = export_nodes(nodes, parent.absolute() / "KneeCartilageSeg")
        run.start_after(export, lambda listFile: segment_arguments(listFile, nodes.modality, complete))
        return run

    def listResults(
        self,
        listFile: PathLike,
        modality: Modality,
        outputFolder: Path | None = None,
        referenceFolder: Path | None = None,
    ) -> dict[str, KneeResult]:
        """What earlier runs of an image list have left, by knee; also in a later session of Slicer."""
        run = SegmentationRun("")
        options = RunOptions(output=outputFolder, references=referenceFolder)
        run.start(status_arguments(Path(listFile).absolute(), modality, options))
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

    def measure(self, segmentation: Any, options: MeasureOptions | None = None) -> MeasuredNodes:
        """Measure the femoral cartilage of a segmentation node, and wait for the end.

        :param options: side, definition of the thickness, and a map; None lets the anatomy tell the side.
        :return: the measurement, and the nodes that show it: surface, tables, regions, unrolled map.
        :raises InputError: if it has no cartilage, or that cannot be measured.
        """
        return run_now(measure_segmentation(segmentation, options))

    def measureChange(
        self,
        firstVisit: Any,
        firstMasks: Any,
        secondVisit: Any,
        secondMasks: Any = None,
        workingFolder: PathLike = "",
        options: ChangeOptions | None = None,
    ) -> Any:
        """Measure how the cartilage has changed between two visits, and wait for the end; experimental.

        :param firstVisit: the volume node of the first visit.
        :param firstMasks: the segmentation node with its femur and cartilage.
        :param secondVisit: the volume node of the second visit.
        :param secondMasks: the segmentation node of the second visit, if there is one.
        :param workingFolder: see :meth:`startChange`.
        :return: the table node: one row per region, with errors.
        :raises InputError: with everything that is missing or contradictory.
        :raises KneeError: if it could not be measured, for example since both images do not match.
        """
        run = self.startChange(firstVisit, firstMasks, secondVisit, secondMasks, workingFolder, options)
        return _tableOf(run)

    def startChange(
        self,
        firstVisit: Any,
        firstMasks: Any,
        secondVisit: Any,
        secondMasks: Any = None,
        workingFolder: PathLike = "",
        options: ChangeOptions | None = None,
        **callbacks: Any,
    ) -> ChangeRun:
        """As :meth:`measureChange`, but return the :class:`ChangeRun` at once.

        :param workingFolder: receives a folder ``KneeCartilageSeg change`` with images, masks, image list, table and
            record; empty is a temporary folder.
        :param callbacks: ``on_event``, ``on_log`` and ``on_end``, see :class:`ChangeRun`.
        """
        visits = visits_of(firstVisit, firstMasks, secondVisit, secondMasks)
        check_visits(visits)
        parent, complete = Path(workingFolder or session_folder()).absolute(), self._complete(options, ChangeOptions())
        run = ChangeRun(secondVisit.GetName(), of_nodes=True, **callbacks)
        export = export_visits(visits, parent / "KneeCartilageSeg change")
        run.start_after(export, lambda listFile: run.arguments(listFile, complete))
        return run

    def measureChangeList(self, listFile: PathLike, options: ChangeOptions | None = None) -> Any:
        """Measure the change between the visits of an image list, and wait for the end; experimental.

        :param listFile: the text file, see ``python -m KneeCartilageSegLib change --help``.
        :return: the table node: one row per knee and region, with errors.
        :raises InputError: with everything that is wrong with the list and its images.
        :raises KneeError: if nothing could be measured.
        """
        return _tableOf(self.startChangeList(listFile, options))

    def startChangeList(self, listFile: PathLike, options: ChangeOptions | None = None, **callbacks: Any) -> ChangeRun:
        """As :meth:`measureChangeList`, but return the :class:`ChangeRun` at once.

        :param callbacks: as for :meth:`startChange`.
        """
        listFile = Path(listFile).absolute()
        run = ChangeRun(listFile.stem, **callbacks)
        run.begin(listFile, self._complete(options, ChangeOptions()))
        return run

    def makeReference(
        self,
        segmentation: Any,
        folder: PathLike,
        name: str = "",
        volume: Any = None,
        segments: Mapping[Tissue, str] | None = None,
        side: str | None = None,
    ) -> Path:
        """Make a reference, with which others are segmented, of a segmentation node; as the command ``reference`` does.

        :param folder: the reference folder.
        :param name: of the reference; that of its volume by default.
        :param volume: the volume node that was segmented; by default the one that the segmentation was drawn on.
        :param segments: the IDs of the segments; by default those that are named after femur and cartilage.
        :param side: ``left`` or ``right``, if nothing else tells.
        :return: the image; its masks and its record lie beside it.
        :raises InputError: if the segments cannot be those of a reference, or files of others are in the way.
        """
        found = ReferenceNodes.of_segmentation(segmentation)
        masks = {tissue: MaskSource(segmentation, segment) for tissue, segment in (segments or {}).items()}
        nodes = ReferenceNodes(volume or found.volume, {**found.masks, **masks}, segmentation)
        return run_now(make_reference_of(nodes, Path(folder), name, side)).image

    def _complete(self, options: Options | None, default: Options) -> Options:
        options = options or default
        return options if options.engine is not None else replace(options, engine=slicer_elastix_folder())

    def makeSample(self, folder: PathLike | None = None, spacing: float = SPACING) -> Path:
        """Make the digital knees of the demo and their image lists; see :func:`make_sample`."""
        return make_sample(None if folder is None else Path(folder), spacing)

    def loadSample(self) -> list:
        """Load digital knees: a knee to segment, the reference knee, and the reference's segmentation."""
        knee, reference, segmentation = load_sample(make_sample())
        run_now(show_knee(reference, segmentation))
        return [knee, reference, segmentation]


def _tableOf(run: ChangeRun) -> Any:
    run.wait()
    if run.table is None:
        raise KneeError("\n".join(f"{knee}: {message}" for knee, message in run.failed.items()))
    return run.table


def _id(node: Any) -> str | None:
    return None if node is None else node.GetID()


def _maskSource(mask: Any, tissue: Tissue) -> MaskSource:
    if mask is None or isinstance(mask, MaskSource):
        return mask or MaskSource(None)
    return MaskSource(mask, guess_segment(mask, tissue) if mask.IsA("vtkMRMLSegmentationNode") else "")


class KneeCartilageSegTest(ExampleTest):
    """Runs the example of the logic, which needs an elastix."""

    logic = KneeCartilageSegLogic
