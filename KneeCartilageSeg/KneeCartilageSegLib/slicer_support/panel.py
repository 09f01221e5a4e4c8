"""What the panels of the three modules share: inputs that are checked, a run of the command line, and its results."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import ctk
import qt
import slicer
import vtk
from slicer.i18n import tr as _
from slicer.ScriptedLoadableModule import ScriptedLoadableModuleWidget
from slicer.util import VTKObservationMixin

from ..errors import InputError
from .command_run import CommandRun, problem_text
from .connectors import Connection, forget_node
from .engine_panel import EnginePanel
from .knees_table import ATTENTION
from .options import EngineQuestion
from .process import State
from .reload import reload_with_libraries
from .tasks import Task, TaskQueue

CHECK_DELAY = 300  # ms after the last change of the inputs
# Path fields that take a file; the others take a folder.
_FILES = ("listFile", "elastixFolder", "visitsListFile", "changeTableFile")


class Panel(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """Inputs, Apply, Cancel, and results.

    The inputs are a list in the first tab and nodes of the scene in the second one (parameter ``fromNodes``). A widget
    of the ``.ui`` file that names a parameter (``SlicerParameterName``) shows it and changes it, see
    :class:`.connectors.Connection`. What there is to say stands in ``reasonLabel``.

    A module's widget says what it has (:meth:`setupPanel`, :meth:`showParameters`, :meth:`files`, :meth:`inputs`,
    :meth:`newCheck`, :meth:`refusal`, :meth:`readyText`) and what it does (:meth:`startRun`, :meth:`onRunEvent`,
    :meth:`keepResults`, :meth:`cancelledText`, :meth:`showDone`).
    """

    #: How a parameter takes what its widget shows, where others have to follow: function of all parameters and value.
    setters: Mapping[str, Callable[[Any, Any], None]] = {}

    def __init__(self, parent: Any = None) -> None:
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.parameters: Any = None  # while the panel is shown
        self.run: Any = None  # the present run, or the last one
        self.check: Any = None  # the last look at a list
        self.engine: EnginePanel | None = None
        self.sections: list[Any] = []  # each has show(parameters), called whenever these have changed
        self.sources: dict[bool, Any] = {False: None, True: None}  # by fromNodes: whose results are shown
        self.ranFromNodes = False
        self._connection: Connection | None = None
        self._lookedAt: tuple | None = None  # the files that were checked
        self._shown: tuple | None = None  # the inputs whose checks are shown
        self._stale = False  # whether they have changed since, and will be looked at in a moment
        self._queue = TaskQueue(self.onFailure)
        self._tasks: dict[str, Task] = {}

    def setup(self) -> None:
        super().setup()
        uiWidget = slicer.util.loadUI(self.resourcePath(f"UI/{self.moduleName}.ui"))
        self.layout.addWidget(uiWidget)
        self.ui = slicer.util.childWidgetVariables(uiWidget)
        uiWidget.setMRMLScene(slicer.mrmlScene)
        self.checkTimer = qt.QTimer()
        self.checkTimer.setSingleShot(True)
        self.checkTimer.setInterval(CHECK_DELAY)
        self.checkTimer.connect("timeout()", self.checkInputs)
        for event, method in (
            (slicer.mrmlScene.StartCloseEvent, self.onSceneStart),
            (slicer.mrmlScene.StartImportEvent, self.onSceneStart),
            (slicer.mrmlScene.EndCloseEvent, self.onSceneEnd),
            (slicer.mrmlScene.EndImportEvent, self.onSceneEnd),
            (slicer.mrmlScene.NodeAddedEvent, self.onNodesChanged),
            (slicer.mrmlScene.NodeRemovedEvent, self.onNodesChanged),
            (slicer.mrmlScene.NodeAboutToBeRemovedEvent, self.onNodeLeaves),
        ):
            self.addObserver(slicer.mrmlScene, event, method)
        for edit in (widget for widget in vars(self.ui).values() if isinstance(widget, ctk.ctkPathLineEdit)):
            takesFile = edit.property("SlicerParameterName") in _FILES
            edit.filters = ctk.ctkPathLineEdit.Files if takesFile else ctk.ctkPathLineEdit.Dirs
        if hasattr(self.ui, "engineStatusLabel"):
            self.engine = EnginePanel(self.ui.engineStatusLabel, self.ui.installElastixButton, self.showChecks)
        self.connectButtons({"apply": self.onApplyButton, "cancel": self.onCancelButton})
        self.ui.problemsTextEdit.setVisible(False)
        self.setupPanel()
        self.showRunning(False)
        self.setParameterNode(self.logic.getParameterNode())

    def connectButtons(self, methods: Mapping[str, Callable[[], None]]) -> None:
        """Call methods when buttons are clicked.

        :param methods: by the button's name without ``Button``.
        """
        for name, method in methods.items():
            getattr(self.ui, f"{name}Button").connect("clicked(bool)", method)

    # ------------------------------------------------------------ what a module has

    def setupPanel(self) -> None:
        """Make the logic, tables and sections, and connect the buttons of this module."""
        raise NotImplementedError

    def showParameters(self) -> None:
        """Show what follows from the parameters, beside the widgets that name one."""

    def offerNodes(self) -> None:
        """Let the user choose among the nodes that the scene has by now."""

    def files(self) -> tuple:
        """All that a look at the inputs depends on; when it changes, they are looked at again."""
        raise NotImplementedError

    def inputs(self) -> tuple:
        """What else decides whether Apply can be pressed."""
        return ()

    def newCheck(self) -> Any:
        """A look at the list in the background, such as :class:`.check.ListCheck`; None if none is chosen.

        It has ``busy``, ``good``, ``problems``, ``failure``, ``abandon`` and ``close``, and calls :meth:`showChecks`.
        """
        raise NotImplementedError

    def showKnown(self) -> None:
        """Show in the tables what is known about the inputs by now."""

    def refusal(self) -> str:
        """Why a run would make no sense, as far as that is known without the check; empty if it would.

        :raises InputError: with everything that is wrong with the nodes.
        """
        raise NotImplementedError

    def readyText(self) -> str:
        """What to say while Apply can be pressed."""
        raise NotImplementedError

    def engineQuestion(self) -> EngineQuestion:
        """What an elastix is wanted for, in panels that have one."""
        raise NotImplementedError

    def sceneChanged(self) -> None:
        """The scene was closed, or another one was loaded."""

    # ------------------------------------------------------------ what a module does

    def startRun(self, **callbacks: Any) -> CommandRun:
        """Start a run with the parameters.

        :param callbacks: ``on_event``, ``on_log`` and ``on_end``, for :class:`.command_run.CommandRun`.
        """
        raise NotImplementedError

    def onRunStart(self) -> None:
        """The run is at work."""

    def onRunEvent(self, event: Any) -> None:
        """The run has gone on."""

    def keepResults(self, run: Any) -> None:
        """A run has ended, be the panel shown or not."""

    def showResult(self) -> None:
        """Show what came out by now."""

    def cancelledText(self, run: Any) -> str:
        """What to say of a run that was cancelled."""
        raise NotImplementedError

    def showDone(self, run: Any) -> None:
        """A run came to its end: say and show what came out."""
        raise NotImplementedError

    # ------------------------------------------------------------ parameters

    def setParameterNode(self, parameters: Any) -> None:
        """Show other parameters; None for none, as long as the panel is not shown or the scene changes."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self.parameters = None, parameters
        if parameters is not None:
            self._connection = Connection(parameters, self.ui, self.updatePanel, self.setters)
            self.updatePanel()

    def setParameter(self, name: str, value: Any) -> None:
        """Change a parameter, if the panel is shown."""
        if self.parameters is not None:
            setattr(self.parameters, name, value)

    def updatePanel(self) -> None:
        """Show the parameters, and what follows from them."""
        if self.parameters is None:
            return
        self.showParameters()
        for section in self.sections:
            section.show(self.parameters)
        if self.running:
            return
        self.showResult()
        if self.files() != self._lookedAt:
            self._stale = True
            self.checkTimer.start()
            self.ui.applyButton.setEnabled(False)
        elif self.inputs() != self._shown:
            self.showChecks()
        if self.engine is not None and self.engine.asked:
            self.engine.look_for(self.engineQuestion())

    # ------------------------------------------------------------ Slicer

    def enter(self) -> None:
        self._lookedAt = None  # files may have changed meanwhile
        self.setParameterNode(self.logic.getParameterNode())
        if self.engine is not None:
            self.engine.look_for(self.engineQuestion())
        self.checkInputs()

    def exit(self) -> None:
        self.setParameterNode(None)

    def cleanup(self) -> None:
        """Slicer quits or reloads the module: nothing of ours may outlive the panel."""
        self.checkTimer.stop()
        for process in (self._queue, *self._tasks.values(), self.run, self.check, self.engine):
            if process is not None:
                process.close()
        self.setParameterNode(None)
        self.removeObservers()

    def onReload(self) -> None:
        reload_with_libraries(self.moduleName, super().onReload)

    def onSceneStart(self, _caller: Any, _event: str) -> None:
        """The scene is about to change as a whole: what the selectors do meanwhile is no choice of the user's."""
        self.setParameterNode(None)

    def onSceneEnd(self, _caller: Any, _event: str) -> None:
        if self.parent.isEntered:
            self.sceneChanged()
            self.enter()

    def onNodesChanged(self, _caller: Any, _event: str) -> None:
        if self.parameters is not None and self.parameters.fromNodes and not self.running:
            self.checkTimer.start()

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def onNodeLeaves(self, _caller: Any, _event: str, node: Any) -> None:
        if self.parameters is not None:
            forget_node(self.parameters, node)

    # ------------------------------------------------------------ checks

    def checkInputs(self) -> None:
        """Look at the inputs, files in the background, and show what they are."""
        if self.parameters is None or self.running:
            return
        if self.parameters.fromNodes:
            self.offerNodes()
        if self.files() != self._lookedAt:
            self.abandonCheck()
            self.look()
            self._lookedAt = self.files()
        elif not self._stale:
            return  # what was said last still holds
        self.showChecks()

    def look(self) -> None:
        """Begin to check the inputs."""
        self.check = None if self.parameters.fromNodes else self.newCheck()

    def abandonCheck(self) -> None:
        """Nobody is interested any more in what is found in the list."""
        if self.check is not None:
            self.check.abandon()
        self.check = None

    def showChecks(self) -> None:
        """Show what is known about the inputs by now, and whether and why Apply is disabled."""
        if self.parameters is None or self.running:
            return
        self._stale, self._shown = self.files() != self._lookedAt, self.inputs()
        problems = self.check.problems if self.check is not None else ()
        self.ui.problemsTextEdit.setVisible(bool(problems))
        self.ui.problemsTextEdit.setPlainText("\n".join(map(problem_text, problems)))
        self.showKnown()
        self.showResult()
        reason = self.whyNotApply()
        self.ui.applyButton.setEnabled(not reason and not self._stale)
        self.say(reason or self.readyText(), bool(reason) and not self._checking)

    @property
    def _checking(self) -> bool:
        return (self.check is not None and self.check.busy) or (self.engine is not None and self.engine.busy)

    def whyNotApply(self) -> str:
        """Why there can be no run now; empty if there can."""
        if self.engine is not None and self.engine.missing:
            return _("No usable elastix was found: install SlicerElastix, or name an elastix program under Advanced.")
        try:
            reason = self.refusal() or ("" if self.parameters.fromNodes else self._refusalOfList())
        except InputError as error:
            reason = "\n".join(map(problem_text, error.problems))
        looking = self.engine is not None and self.engine.busy
        return reason or (_("Looking for elastix ...") if looking else "")

    def _refusalOfList(self) -> str:
        if self.check is None or (self.check.busy and not self.check.problems):
            return _("Checking the list and its images ...")
        if self.check.problems:
            return _("Correct the list first (problems: {number}).").format(number=len(self.check.problems))
        return "" if self.check.good else self.check.failure or _("The list could not be checked.")

    def say(self, text: str, isProblem: bool = False) -> None:
        """Say something to the user, below the button Apply."""
        self.ui.reasonLabel.setText(text)
        self.ui.reasonLabel.setStyleSheet(f"color: {ATTENTION}" if isProblem else "")

    # ------------------------------------------------------------ run

    @property
    def running(self) -> bool:
        """Whether there is a run at work."""
        return self.run is not None and self.run.state.active

    def onApplyButton(self) -> None:
        with slicer.util.tryWithErrorDisplay(_("The run could not be started.")):
            self.ui.logTextEdit.clear()
            self.ranFromNodes = self.parameters.fromNodes
            log = self.ui.logTextEdit.appendPlainText
            self.run = self.startRun(on_event=self.onRunEvent, on_log=log, on_end=self.onRunEnd)
            self.say(_("Starting ..."))
            self.showRunning(True)
            self.onRunStart()
            if not self.running:  # it had ended before it was known
                self.onRunEnd(self.run)

    def onCancelButton(self) -> None:
        self.ui.cancelButton.setEnabled(False)
        self.say(_("Cancelling ..."))
        self.run.cancel()

    def showRunning(self, running: bool) -> None:
        """Let the user change or cancel what can be changed or cancelled now."""
        self.ui.applyButton.setEnabled(False)
        self.ui.cancelButton.setEnabled(running)
        for name in ("inputsCollapsibleButton", "advancedCollapsibleButton"):
            if hasattr(self.ui, name):
                getattr(self.ui, name).setEnabled(not running)
        self.ui.progressBar.setVisible(running)
        self.ui.progressBar.setValue(0)

    def showProgress(self, text: str, fraction: float) -> None:
        """Say how far the run is (0 to 1), unless it is being cancelled."""
        if self.run.state is State.RUNNING:
            self.say(text)
            self.ui.progressBar.setValue(round(100 * fraction))

    def onRunEnd(self, run: Any) -> None:
        self.showRunning(False)
        self.keepResults(run)
        if self.parameters is None:  # another module is shown
            return
        self._lookedAt, self._shown = self.files(), self.inputs()
        self.ui.applyButton.setEnabled(not self.whyNotApply())
        self.showResult()
        if run.state is State.CANCELLED:
            self.say(self.cancelledText(run))
        elif run.state is State.FAILED:
            self.say(_("Failed: {message}").format(message=run.message), True)
        else:
            self.showDone(run)

    @property
    def source(self) -> Any:
        """Whose results are shown on the present tab: a run, or what an earlier one has left; None if there is none."""
        return self.sources[self.ui.inputTabs.currentIndex == 1]

    # ------------------------------------------------------------ background

    @property
    def loading(self) -> bool:
        """Whether something is being loaded, shown or computed in the background."""
        return self._queue.active or any(task.active for task in self._tasks.values())

    def load(self, work: Coroutine[Any, Any, Any]) -> None:
        """Load and show something in the background, when it is its turn."""
        self._queue.add(work)

    def loadInstead(self, work: Coroutine[Any, Any, Any]) -> None:
        """The same in place of all that waits."""
        self._queue.close()
        self._queue.add(work)

    def startTask(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Do something in the background, in place of what was started under this name before."""
        if name in self._tasks:
            self._tasks[name].close()
        self._tasks[name] = Task(work, lambda _value: None, self.onFailure)

    def onFailure(self, error: Exception) -> None:
        """Something could not be done in the background."""
        self.say(str(error), True)
