"""Find the knee of a data set that makes the best reference: Slicer's window on the convergence study."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import qt
import slicer
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
from KneeCartilageSegLib.errors import InputError, KneeError
from KneeCartilageSegLib.findreference.seeds import pick_seeds
from KneeCartilageSegLib.lists.names import short_name
from KneeCartilageSegLib.runs.events import (
    Checking,
    Event,
    IterationEnd,
    ReferenceStart,
    RegistrationEnd,
    Step,
    StudyEnd,
)
from KneeCartilageSegLib.slicer_support.charts import show_chart
from KneeCartilageSegLib.slicer_support.command_run import problem_text
from KneeCartilageSegLib.slicer_support.module import CONTRIBUTORS, ExampleTest, PathLike, tutorial
from KneeCartilageSegLib.slicer_support.options import EngineQuestion
from KneeCartilageSegLib.slicer_support.panel import Panel
from KneeCartilageSegLib.slicer_support.sample import make_study_sample
from KneeCartilageSegLib.slicer_support.session import session_folder
from KneeCartilageSegLib.slicer_support.slicer_elastix import slicer_elastix_folder
from KneeCartilageSegLib.slicer_support.tasks import run_now
from KneeCartilageSegLib.slicer_support.views import load_and_show, show_knee
from KneeCartilageSegLib.slicer_support.volumes import MaskSource
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.ScriptedLoadableModule import ScriptedLoadableModule, ScriptedLoadableModuleLogic


class FindReference(ScriptedLoadableModule):
    def __init__(self, parent: Any) -> None:
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("Find Reference Knee")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Segmentation")]
        self.parent.dependencies = ["KneeCartilageSeg"]
        self.parent.contributors = CONTRIBUTORS
        about = _(
            "Finds the knee of a data set that makes the best reference for the module Knee Cartilage Segmentation: "
            "the one closest to the mean of all. All knees are registered to a seed; the knee whose displacement field "
            "in the femur is closest to the mean field is the next reference, until it stays the same."
        )
        self.parent.helpText = f"{about} {tutorial()}"
        self.parent.acknowledgementText = _(
            "The convergence study is that of pyKNEEr (Bonaretti et al., PLoS ONE 2020). Registration is done by "
            "elastix (Klein et al., IEEE TMI 2010)."
        )


class FindReferenceWidget(Panel):
    """The panel. What it does, :class:`FindReferenceLogic` does for a script."""

    setters = {"volumes": choose_volumes}

    # ------------------------------------------------------------ what it has

    def setupPanel(self) -> None:
        self.logic = FindReferenceLogic()
        self.knees = StudyTable(self.ui.kneesTable, self.onKneeChosen, self.onSeedsChecked, self.onMaskChosen)
        self.distances = DistanceTable(self.ui.distancesTable, self.onKneeChosen)
        self.connectButtons(
            {
                "addLists": self.onAddLists,
                "removeLists": self.onRemoveLists,
                "showPlot": self.onShowPlot,
                "use": self.onUse,
            }
        )

    def showParameters(self) -> None:
        parameters = self.parameters
        self.ui.fieldDescriptionLabel.setText(parameters.field.description())
        for widget in (self.ui.pickSpinBox, self.ui.seedLabel, self.ui.seedSpinBox):
            widget.setVisible(parameters.seedChoice is SeedChoice.DRAWN)
        for widget in (self.ui.referenceFolderLabel, self.ui.referenceFolderEdit):
            widget.setVisible(not parameters.fromNodes)
        lists, widget = list(parameters.lists), self.ui.listsWidget
        if [widget.item(row).toolTip() for row in range(widget.count)] != lists:
            widget.clear()
            for path in lists:
                qt.QListWidgetItem(Path(path).name, widget).setToolTip(path)
        self.ui.removeListsButton.setEnabled(bool(lists))

    def engineQuestion(self) -> EngineQuestion:
        return engine_question_of(self.parameters)

    def onAddLists(self) -> None:
        caption = _("Choose the image lists of a data set")
        paths = qt.QFileDialog.getOpenFileNames(slicer.util.mainWindow(), caption, "", "*.txt;;*")
        self.chooseLists(list(dict.fromkeys([*self.parameters.lists, *map(str, paths)])))

    def onRemoveLists(self) -> None:
        selected = [item.toolTip() for item in self.ui.listsWidget.selectedItems()]
        self.chooseLists([path for path in self.parameters.lists if selected and path not in selected])

    def chooseLists(self, lists: list[str]) -> None:
        self.abandonCheck()
        with slicer.util.NodeModify(self.parameters.parameterNode):
            self.parameters.lists = lists
            self.parameters.listSeeds = []

    def onSeedsChecked(self, seeds: list[str]) -> None:
        if self.parameters.fromNodes:
            knees = study_of(self.parameters).knees
            self.parameters.seedVolumes = [knees[seed] for seed in seeds]
        else:
            self.parameters.listSeeds = seeds

    def onMaskChosen(self, knee: str, mask: MaskSource) -> None:
        choose_mask(self.parameters, study_of(self.parameters).knees[knee], mask)

    # ------------------------------------------------------------ checks

    def offerNodes(self) -> None:
        choose_volumes(self.parameters, list(study_of(self.parameters).masks))  # a mask may have come
        self.fillTable()

    def files(self) -> tuple:
        if not self.parameters.fromNodes:
            return False, tuple(self.parameters.lists), self.checkOptions()
        masks = study_of(self.parameters).masks.items()
        return True, tuple((v.GetID(), mask.node and mask.node.GetID(), mask.segment) for v, mask in masks)

    def checkOptions(self) -> StudyOptions:
        """The options without those for which the files need not be looked at again."""
        options = study_options_of(self.parameters)
        ownSeeds = self.check is not None and bool(self.check.seeds)
        others = options.pick is not None or (len(self.parameters.listSeeds) > 0 and not ownSeeds)
        pick = 1 if others else None  # then the lists need not name a seed
        return replace(options, pick=pick, seed=0, max_iterations=1, jobs=0, threads=0, cache=None)

    def inputs(self) -> tuple:
        return self.parameters.seedChoice, self.parameters.pick, tuple(self.seeds())

    def newCheck(self) -> StudyCheck | None:
        if not self.parameters.lists:
            return None
        check = StudyCheck(list(map(Path, self.parameters.lists)), self.checkOptions(), self.showChecks)
        run = self.sources[False]
        if not (isinstance(run, StudyRun) and set(run.found.images) == check.names):
            self.sources[False] = check.earlier
        return check

    def showKnown(self) -> None:
        self.fillTable()
        if self.check is not None:
            self.knees.mark_problems(self.check.knees_with_problems)

    def fillTable(self) -> None:
        if self.parameters.fromNodes:
            study = study_of(self.parameters)
            rows = [StudyRow(name, v.GetName(), v.GetName(), study.masks[v]) for name, v in study.knees.items()]
        else:
            rows = [StudyRow(name, name, tip) for name, tip in (self.check.knees if self.check is not None else ())]
        self.knees.fill(rows, self.seeds(), self.parameters.seedChoice is SeedChoice.DRAWN)

    def seeds(self) -> list[str]:
        """The names of the seeds, as far as they are known."""
        parameters = self.parameters
        study = study_of(parameters)
        if parameters.fromNodes:
            names, chosen = list(study.knees), [name for name, v in study.knees.items() if v in study.seeds]
        else:
            names = [name for name, _tip in self.check.knees] if self.check is not None else []
            chosen = list(parameters.listSeeds) or (self.check.seeds if self.check is not None else [])
        if parameters.seedChoice is SeedChoice.DRAWN:
            return pick_seeds(names, parameters.pick, parameters.seed) if parameters.pick <= len(names) else []
        return chosen

    def refusal(self) -> str:
        parameters = self.parameters
        if parameters.fromNodes:
            check_study(study_of(parameters), study_options_of(parameters).pick)
        elif not parameters.lists:
            return _("Add an image list.")
        elif parameters.seedChoice is SeedChoice.DRAWN and self.check and self.check.good and not self.seeds():
            text = _("{pick} seeds cannot be drawn from {count} knees.")
            return text.format(pick=parameters.pick, count=len(self.check.knees))
        return ""

    def readyText(self) -> str:
        text = _("Knees: {knees}, seeds: {seeds}. Ready.")
        return text.format(knees=len(self.knees.knees), seeds=len(self.seeds()))

    # ------------------------------------------------------------ run

    def startRun(self, **callbacks: Any) -> StudyRun:
        parameters, options = self.parameters, study_options_of(self.parameters)
        if parameters.fromNodes:
            return self.logic.startNodes(study_of(parameters), parameters.workingFolder, options, **callbacks)
        return self.logic.startLists(list(parameters.lists), options, list(parameters.listSeeds), **callbacks)

    def onRunStart(self) -> None:
        self.sources[self.ranFromNodes] = self.run
        self.knees.mark_problems({})
        self.showResult()

    def showRunning(self, running: bool) -> None:
        super().showRunning(running)
        self.knees.lock(running)

    def onRunEvent(self, event: Event) -> None:
        found = self.run.found
        if isinstance(event, Checking):
            self.say(_("Reading the images: {done} of {total}").format(done=event.done, total=event.total))
        elif isinstance(event, Step):
            self.knees.show_step(short_name(event.reference), event.name, event.step, event.fraction)
        elif isinstance(event, RegistrationEnd):
            self.knees.show_registration(found.registrations[event.reference, event.name])
        elif isinstance(event, (IterationEnd, StudyEnd)):
            self.showResult()
            if isinstance(event, StudyEnd):
                self.ui.logTextEdit.appendPlainText(event.sentence)
        if isinstance(event, (ReferenceStart, Step, RegistrationEnd)):
            text = _("Registrations: {done} of {total} that are needed so far; known before: {known}")
            text = text.format(done=len(found.registrations), total=found.expected, known=found.known)
            self.showProgress(text, found.progress)

    def keepResults(self, run: StudyRun) -> None:
        self.knees.show_end(run.found)

    def cancelledText(self, run: StudyRun) -> str:
        text = _("Cancelled. Registrations that are kept: {number}; the next run goes on from there.")
        return text.format(number=len(run.found.registrations))

    def showDone(self, run: StudyRun) -> None:
        if run.found.recommended is None:
            self.say(_("No reference was found; see the result below."), True)
            return
        counts = run.found.summary["registrations"]
        text = _("Done. Registrations run: {run}, known before: {known}, failed: {failed}. Click a knee to see it.")
        self.say(text.format(**counts), bool(counts["failed"]))
        self.onKneeChosen(run.found.recommended)

    # ------------------------------------------------------------ results

    def showResult(self) -> None:
        found = self.found
        self.ui.resultsCollapsibleButton.setVisible(found is not None and found.has_news)
        if found is None:
            return
        self.ui.resultLabel.setText(result_text(found))
        self.distances.show(found)
        self.ui.showPlotButton.setEnabled(bool(found.references))
        self.ui.useButton.setEnabled(found.recommended is not None and not self.running)

    @property
    def found(self) -> Any:
        """What was found on the present inputs, by now or in an earlier session: a :class:`.state.StudyState`."""
        return self.source.found if isinstance(self.source, StudyRun) else self.source

    @property
    def dataset(self) -> StudyKnees | None:
        """Where the knees of the present inputs are."""
        if isinstance(self.source, StudyRun):
            return self.source.knees
        if self.parameters.fromNodes:
            return StudyKnees(nodes=study_of(self.parameters))
        return self.check.dataset if self.check is not None else None

    def onShowPlot(self) -> None:
        if isinstance(self.source, StudyRun):
            self.source.show_plot()
        else:
            show_chart(update_study_nodes(Path(self.parameters.lists[0]).stem, self.source)[0])

    def onKneeChosen(self, knee: str) -> None:
        """Bring a knee into view."""
        if self.dataset is not None:
            self.distances.select(knee)
            self.load(load_and_show(self.dataset, knee))

    def onUse(self) -> None:
        dataset = self.dataset
        assert dataset is not None
        self.startTask("use", self.use(dataset, self.found.recommended, self.parameters.referenceFolder))

    async def use(self, dataset: StudyKnees, knee: str, folder: str) -> None:
        """Make a knee the reference of the module KneeCartilageSeg, and go there."""
        self.ui.useButton.setEnabled(False)
        try:
            chosen = await self.chooseReference(dataset, knee, folder)
        finally:
            self.ui.useButton.setEnabled(True)
        if not chosen:
            return
        if not dataset.has_cartilage(knee):
            text = _("{knee} has no cartilage mask: draw one before you segment other knees with it.")
            slicer.util.infoDisplay(text.format(knee=knee))
        slicer.util.selectModule("KneeCartilageSeg")

    async def chooseReference(self, dataset: StudyKnees, knee: str, folder: str) -> bool:
        """Choose a reference, in place of another one that is there if the user wants that; return whether."""
        try:
            await self.logic.chooseReference(dataset, knee, folder)
        except InputError as error:
            problem = "\n".join(map(problem_text, error.problems))
            if not slicer.util.confirmOkCancelDisplay(_("{problem}\n\nReplace it?").format(problem=problem)):
                return False
            await self.logic.chooseReference(dataset, knee, folder, force=True)
        return True


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

    def getParameterNode(self) -> FindReferenceParameterNode:
        return FindReferenceParameterNode(super().getParameterNode())  # type: ignore[call-arg]  # the decorator's

    def findReference(
        self, lists: Sequence[PathLike], options: StudyOptions | None = None, seeds: Collection[str] = ()
    ) -> StudyRun:
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

    def startLists(
        self,
        lists: Sequence[PathLike],
        options: StudyOptions | None = None,
        seeds: Collection[str] = (),
        **callbacks: Any,
    ) -> StudyRun:
        """As :meth:`findReference`, but return the :class:`StudyRun` at once.

        :param callbacks: ``on_event``, ``on_log`` and ``on_end``, see :class:`CommandRun`.
        :raises InputError: if the lists cannot be read at all.
        """
        paths = [Path(path).absolute() for path in lists]
        run = StudyRun(paths[0].stem, StudyKnees(paths), **callbacks)
        run.start(study_arguments(seeded_lists(paths, seeds, session_folder()), self._complete(options)))
        return run

    def findReferenceAmongNodes(
        self,
        volumes: Sequence[Any],
        femurMasks: Sequence[Any] | None = None,
        seeds: Sequence[Any] = (),
        options: StudyOptions | None = None,
        workingFolder: PathLike = "",
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
        self,
        nodes: StudyInput,
        workingFolder: PathLike = "",
        options: StudyOptions | None = None,
        **callbacks: Any,
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

    def useAsReference(self, run: StudyRun, folder: PathLike = "", force: bool = False) -> Any:
        """Choose the recommended knee of a study as reference of the module KneeCartilageSeg; return its volume node.

        :param folder: for knees of lists, receives ``reference.mha`` and its masks; empty is ``reference/newsubject``
            beside the folder of the data set.
        :param force: replace another reference that is there.
        :raises InputError: if another reference is there.
        :raises KneeError: if no knee was recommended.
        """
        if run.found.recommended is None:
            raise KneeError(_("no knee was recommended"))
        return run_now(self.chooseReference(run.knees, run.found.recommended, folder, force))

    async def chooseReference(self, knees: StudyKnees, knee: str, folder: PathLike = "", force: bool = False) -> Any:
        """The same for any knee, as a coroutine, see :mod:`KneeCartilageSegLib.slicer_support.tasks`."""
        from KneeCartilageSeg import KneeCartilageSegLogic  # the module as it is loaded by now

        parameters = KneeCartilageSegLogic().getParameterNode()
        return await use_as_reference(knees, knee, parameters, Path(folder) if str(folder) else None, force)

    def _complete(self, options: StudyOptions | None) -> StudyOptions:
        options = options or StudyOptions()
        return options if options.engine is not None else replace(options, engine=slicer_elastix_folder())

    def makeSample(self, folder: PathLike | None = None, spacing: float = SPACING) -> Path:
        """Make a data set of digital knees; return its image list. See :func:`make_study_sample`."""
        return make_study_sample(None if folder is None else Path(folder), spacing)


class FindReferenceTest(ExampleTest):
    """Runs the example of the logic, which needs an elastix."""

    logic = FindReferenceLogic
