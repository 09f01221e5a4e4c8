"""``slicer.app`` and its main window, and :class:`SlicerBed`, through which a test drives them.

:func:`start` puts the stand-ins into ``sys.modules`` (``qt``, ``ctk``, ``SampleData`` and parts of the ``slicer``
package) and returns the one ``SlicerBed`` of the process.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if "DISPLAY" not in os.environ:
    os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")

import slicer
import slicer.util
import vtk

from . import ctk_standin, parameter_node, qmrml_standin, qt_standin, sample_data, scripted_module, slicer_source
from . import dialogs as dialogs_module
from .io_manager import CoreIOManager
from .mrml_host import MrmlHost
from .qt_standin import QtCore, QtWidgets, standin
from .screenshots import Screenshots
from .views import LayoutManager

PANEL_WIDTH = 460
# MRML writes this whenever a scene is loaded whose slices are oblique.
MRMLS_OWN_COMPLAINTS = ("invalid orientation preset name: Reformat",)


@standin
class qSlicerModuleManager(QtCore.QObject):
    """``slicer.app.moduleManager()``."""

    moduleLoaded = QtCore.Signal(str)
    moduleAboutToBeUnloaded = QtCore.Signal(str)

    def module(self, name: str) -> Any:
        found = vars(slicer.modules).get(name.lower())
        return found if hasattr(found, "name") else None

    def modulesNames(self) -> tuple[str, ...]:
        return tuple(module.name for module in vars(slicer.modules).values() if hasattr(module, "path"))

    def factoryManager(self) -> Any:
        return self

    def loadedModuleNames(self) -> tuple[str, ...]:
        return self.modulesNames()


@standin
class qSlicerModuleSelectorToolBar(QtWidgets.QToolBar):
    """``slicer.util.moduleSelector()``: leaves one module and enters another."""

    def __init__(self, panel_area: Any) -> None:
        super().__init__()
        self._panel_area = panel_area
        self._selected = ""

    selectedModule = QtCore.Property(str, lambda self: self._selected)

    def selectModule(self, name: str) -> None:
        if name == self._selected:
            return
        module = slicer.util.getModule(name)
        self._leave()
        representation = module.widgetRepresentation()
        self._panel_area.setWidget(representation)
        representation.show()
        self._selected = name
        representation._enter()

    def _leave(self) -> None:
        representation = self._panel_area.takeWidget()
        if representation is not None:
            representation.hide()
            representation.setParent(None)
            representation._exit()
        self._selected = ""


@standin
class qSlicerMainWindow(QtWidgets.QMainWindow):
    """``slicer.util.mainWindow()``: a module panel; views are looked at with screenshots."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("qSlicerMainWindow")
        area = QtWidgets.QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QtWidgets.QFrame.NoFrame)
        self.setCentralWidget(area)
        self._selector = qSlicerModuleSelectorToolBar(area)
        self.resize(PANEL_WIDTH, 900)

    def moduleSelector(self) -> Any:
        return self._selector


class ExtensionsManagerModel:
    """``slicer.app.extensionsManagerModel()``; ``requested`` and ``succeeds`` are the test's side of it."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.installed: set[str] = set()
        self.requested: list[str] = []
        self.succeeds = True
        self.interactive = True

    def isExtensionInstalled(self, name: str, /) -> bool:
        return name in self.installed

    def updateExtensionsMetadataFromServer(self, force: bool = False, waitForCompletion: bool = False, /) -> bool:
        return self.succeeds

    def installExtensionFromServer(self, name: str, restart: bool = True, update: bool = False, /) -> bool:
        self.requested.append(name)
        if self.succeeds:
            self.installed.add(name)
        return self.succeeds


@standin
class qSlicerApplication(QtWidgets.QApplication):
    """``slicer.app``."""

    startupCompleted = QtCore.Signal()

    temporaryPath = QtCore.Property(str, lambda self: self._temporary_path)
    majorVersion = QtCore.Property(int, lambda self: 5)
    minorVersion = QtCore.Property(int, lambda self: 12)
    revision = QtCore.Property(str, lambda self: "0")
    slicerHome = QtCore.Property(str, lambda self: self._temporary_path)

    def __init__(self, temporary_path: str) -> None:
        super().__init__(["Slicer"])
        self._temporary_path = temporary_path
        self.setApplicationName("Slicer")
        self.setApplicationVersion("5.12.4")
        self.setOrganizationName("SlicerTestBed")
        self.setQuitOnLastWindowClosed(False)
        self.setStyle("Fusion")
        QtCore.QSettings.setDefaultFormat(QtCore.QSettings.IniFormat)
        QtCore.QSettings.setPath(QtCore.QSettings.IniFormat, QtCore.QSettings.UserScope, temporary_path)
        self._settings = QtCore.QSettings()

    def _start(self, host: MrmlHost) -> None:
        """What needs ``slicer.app`` to exist already."""
        self._host = host
        self._module_manager = qSlicerModuleManager()
        self._io_manager = CoreIOManager(host.application_logic)
        self._extensions = ExtensionsManagerModel()
        self._layout_manager = LayoutManager(host.application_logic, host.scene)
        self._main_window = qSlicerMainWindow()

    def mrmlScene(self) -> Any:
        return self._host.scene

    def applicationLogic(self) -> Any:
        return self._host.application_logic

    def moduleManager(self) -> Any:
        return self._module_manager

    def layoutManager(self) -> Any:
        return self._layout_manager

    def coreIOManager(self) -> Any:
        return self._io_manager

    def ioManager(self) -> Any:
        return self._io_manager

    def extensionsManagerModel(self) -> Any:
        return self._extensions

    def settings(self) -> Any:
        return self._settings

    def userSettings(self) -> Any:
        return self._settings

    def revisionUserSettings(self) -> Any:
        return self._settings

    def startupEnvironment(self) -> Any:
        return QtCore.QProcessEnvironment.systemEnvironment()

    def testingEnabled(self) -> bool:
        """False: in testing mode Slicer skips its message boxes, and here the test answers them."""
        return False

    def pauseRender(self) -> None:
        """Views render only when a screenshot is taken."""

    def resumeRender(self) -> None:
        """See pauseRender."""


class SlicerBed:
    """What a test does with the application. One per process; the fixture ``slicer_app`` gives it to a test, clean."""

    def __init__(self) -> None:
        self.dialogs = dialogs_module.Dialogs()
        self.errors: list[BaseException] = []
        self.leaks: list[str] = []
        self.complaints: list[str] = []
        self._loaded: list[Any] = []
        _start_application(self.dialogs)
        self.app = slicer.app
        self.extensions: ExtensionsManagerModel = slicer.app.extensionsManagerModel()
        self.screenshots = Screenshots(self)
        self._listen_to_vtk()

    def _listen_to_vtk(self) -> None:
        @vtk.calldata_type(vtk.VTK_STRING)
        def keep(_window: Any, _event: str, text: str) -> None:
            if not any(known in text for known in MRMLS_OWN_COMPLAINTS):
                self.complaints.append(text.strip())

        for event in ("ErrorEvent", "WarningEvent"):
            vtk.vtkOutputWindow.GetInstance().AddObserver(event, keep)

    # ------------------------------------------------------------ modules

    def load_modules(self, *paths: str | os.PathLike[str]) -> list[Any]:
        """Load module files and complete the start-up, as a start of Slicer with these modules would."""
        modules = [scripted_module.load_module(path) for path in paths]
        self._loaded += modules
        for module in modules:
            slicer.app.moduleManager().moduleLoaded.emit(module.name)
        slicer.app.startupCompleted.emit()
        return modules

    def show_module(self, name: str) -> Any:
        """Select a module as the user does. Returns the Python object of its panel (``<Name>Widget``)."""
        slicer.util.mainWindow().show()
        slicer.util.selectModule(name)
        self.process_events()
        return slicer.util.getModuleWidget(name)

    def leave_module(self) -> None:
        """Select no module: the current one's ``exit()`` is called."""
        slicer.util.moduleSelector()._leave()

    def click_sample(self, name: str) -> Any:
        """Click a data set in the panel of the module SampleData. Returns what its function returns, or the nodes."""
        import SampleData

        logic = SampleData.SampleDataLogic()
        source = logic.sourceForSampleName(name)
        return source.customDownloader(source) if source.customDownloader else logic.downloadFromSource(source)

    def unload_modules(self) -> None:
        """``cleanup()`` of every panel, then the panels go."""
        self.leave_module()
        for module in self._loaded:
            slicer.app.moduleManager().moduleAboutToBeUnloaded.emit(module.name)
        for module in self._loaded:
            self._check_observers(module.name)
            if module._representation is not None:
                module._representation.deleteLater()
            for name in (module.name.lower(), f"{module.name}Widget", f"{module.name}Instance"):
                vars(slicer.modules).pop(name, None)
            sys.modules.pop(module.name, None)
        self._loaded = []
        self.process_events()

    def _check_observers(self, name: str) -> None:
        """An observer that outlives its panel crashes Slicer, or works on widgets that are gone."""
        observations = getattr(vars(slicer.modules).get(f"{name}Widget"), "Observations", ())
        if observations:
            events = sorted({f"{o[0].GetClassName()}/{o[1]}" for o in observations if hasattr(o[0], "GetClassName")})
            self.leaks.append(f"{name}Widget still observes {len(observations)} events after cleanup(): {events}")

    def close_slicer(self) -> None:
        """Close the application as far as modules see it: the window closes, ``aboutToQuit``, modules are unloaded."""
        slicer.util.mainWindow().close()
        slicer.app.lastWindowClosed.emit()
        QtCore.QMetaObject.invokeMethod(slicer.app, "aboutToQuit")
        self.unload_modules()

    # ------------------------------------------------------------ time

    def process_events(self, milliseconds: int = 0) -> None:
        """Let Qt work: what is pending, or for a time."""
        end = time.monotonic() + milliseconds / 1000
        slicer.app.sendPostedEvents()
        slicer.app.processEvents()
        slicer.app.sendPostedEvents(None, int(QtCore.QEvent.DeferredDelete))
        while time.monotonic() < end:
            slicer.app.processEvents()
            time.sleep(0.001)

    def wait_until(self, condition: Callable[[], Any], timeout: float = 120.0) -> Any:
        """Let Qt work until ``condition()`` holds. Returns its value; AssertionError after ``timeout`` seconds."""
        end = time.monotonic() + timeout
        while not (value := condition()):
            assert time.monotonic() < end, f"This did not happen within {timeout} s: {condition}"
            self.process_events(5)
        return value

    # ------------------------------------------------------------ from test to test

    def reset(self) -> None:
        """As after a start: no modules, an empty scene, empty settings, the four-up layout, no expectations."""
        self.unload_modules()
        qt_standin.disconnect_all(slicer.app)
        vars(slicer.modules).pop("sampleDataSources", None)
        slicer.app._host.clear()
        for node in slicer.util.getNodesByClass("vtkMRMLScriptedModuleNode"):
            slicer.mrmlScene.RemoveNode(node)
        slicer.app.settings().clear()
        slicer.app.layoutManager().setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView)
        slicer.util.mainWindow().hide()
        self.extensions.reset()
        self.process_events()
        self.dialogs.reset()
        self.errors.clear()
        self.leaks.clear()
        self.complaints.clear()

    def problems(self) -> list[str]:
        """Everything that makes a test fail although its own lines passed."""
        errors = [f"Uncaught {type(error).__name__} in a slot, timer or observer: {error}" for error in self.errors]
        complaints = [f"VTK or MRML wrote into Slicer's log: {text}" for text in dict.fromkeys(self.complaints)]
        return self.dialogs.problems() + errors + self.leaks + complaints

    def expected_error(self, error_type: type[BaseException]) -> BaseException:
        """The test expected an uncaught error of this type in a slot (Slicer prints it): take it from the list."""
        for error in self.errors:
            if isinstance(error, error_type):
                self.errors.remove(error)
                return error
        raise AssertionError(f"No uncaught {error_type.__name__} came; there were {self.errors}")


def _start_application(dialogs: dialogs_module.Dialogs) -> None:
    temporary_path = tempfile.mkdtemp(prefix="slicer-testbed-")
    sys.modules["qt"] = qt_standin.build_module()
    sys.modules["ctk"] = ctk_standin.build_module()
    dialogs_module.install(dialogs)
    qmrml_standin.install()
    checkout = slicer_source.checkout()
    if checkout is None:
        _install_standins()
    else:
        slicer_source.install(checkout)
    host = MrmlHost(temporary_path)
    slicer.mrmlScene = host.scene
    slicer.modules = scripted_module.ModuleNamespace(
        **{name.lower(): scripted_module.CoreModule(name, logic) for name, logic in host.logics.items()}
    )
    slicer.qSlicerScriptedLoadableModule = scripted_module.qSlicerScriptedLoadableModule
    slicer.qSlicerScriptedLoadableModuleWidget = scripted_module.qSlicerScriptedLoadableModuleWidget
    slicer.app = qSlicerApplication(temporary_path)
    slicer.app._start(host)


def _install_standins() -> None:
    sys.modules["SampleData"] = sample_data.build_module()
    modules = {**scripted_module.build_modules(), "slicer.parameterNodeWrapper": parameter_node.build_module()}
    for name, module in modules.items():
        sys.modules[name] = module
        setattr(slicer, name.partition(".")[2], module)


_bed: SlicerBed | None = None


def start() -> SlicerBed:
    """The test bed of this process; it is made by the first call and lives until the process ends."""
    global _bed
    if _bed is None:
        _bed = SlicerBed()
    return _bed
