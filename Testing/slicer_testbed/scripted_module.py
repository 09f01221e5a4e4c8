"""Scripted modules: the base classes they derive from, ``slicer.i18n``, and how Slicer loads, shows and reloads them.

Written from Slicer's documentation of ``slicer.ScriptedLoadableModule`` (developer guide, module overview, API).
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
import types
import unittest
from pathlib import Path
from typing import Any

import slicer

from .qmrml_standin import qMRMLWidget
from .qt_standin import QtCore, QtGui, QtWidgets, standin, stored_property

# ---------------------------------------------------------------- the C++ side of a scripted module


@standin
class qSlicerScriptedLoadableModule(QtCore.QObject):
    """The ``parent`` of a module class: it takes title, categories, help text ... and nothing else."""

    title = stored_property(str, "title", "")
    name = stored_property(str, "name", "")
    path = stored_property(str, "path", "")
    helpText = stored_property(str, "helpText", "")
    acknowledgementText = stored_property(str, "acknowledgementText", "")
    categories = stored_property("QStringList", "categories", [])
    contributors = stored_property("QStringList", "contributors", [])
    dependencies = stored_property("QStringList", "dependencies", [])
    associatedNodeTypes = stored_property("QStringList", "associatedNodeTypes", [])
    hidden = stored_property(bool, "hidden", False)
    index = stored_property(int, "index", -1)
    icon = stored_property(QtGui.QIcon, "icon", QtGui.QIcon())
    widgetRepresentationCreationEnabled = stored_property(bool, "widgetRepresentationCreationEnabled", True)

    def __init__(self, name: str, path: str) -> None:
        super().__init__()
        self._representation: Any = None
        self.title = name
        self._name = name
        self._path = path
        self._instance: Any = None

    def widgetRepresentation(self) -> Any:
        """The module's panel; it is made, and ``setup()`` run, when it is first asked for."""
        if self._representation is None:
            self._representation = qSlicerScriptedLoadableModuleWidget(self)
            self._representation._create()
        return self._representation

    def createNewWidgetRepresentation(self) -> Any:
        new = qSlicerScriptedLoadableModuleWidget(self)
        new._create()
        return new


@standin
class qSlicerScriptedLoadableModuleWidget(qMRMLWidget):
    """The widget that holds a module's panel, and calls ``setup``, ``enter`` and ``exit`` of the Python class."""

    def __init__(self, module: Any) -> None:
        super().__init__()
        self._module = module
        self._self: Any = None
        self._entered = False
        self.setObjectName(f"{module._name}ModuleWidget")
        self.setLayout(QtWidgets.QVBoxLayout())
        self.setMRMLScene(slicer.mrmlScene)

    isEntered = QtCore.Property(bool, lambda self: self._entered)

    def _create(self) -> None:
        name = self._module._name
        if name not in sys.modules:
            _load_source(name, Path(self._module.path))
        self._self = getattr(sys.modules[name], f"{name}Widget")(self)
        setattr(slicer.modules, f"{name}Widget", self._self)
        self._self.setup()

    def self(self) -> Any:
        return self._self

    def reload(self) -> None:
        """``slicer.util.reloadScriptedModule`` calls this after it has cleaned up and loaded the new source.

        As in Slicer, the new panel is set up and not entered, although it is the one that is shown.
        """
        self._create()

    def _enter(self) -> None:
        self._entered = True
        self._call("enter")

    def _exit(self) -> None:
        self._entered = False
        self._call("exit")

    def _call(self, name: str) -> None:
        getattr(self._self, name, lambda: None)()


class ModuleNamespace(types.SimpleNamespace):
    """``slicer.modules``: modules by their name in lower case, and ``<Name>Widget``, ``<Name>Instance``."""


class CoreModule:
    """A module of Slicer's core: its real logic is here, its panel is not."""

    def __init__(self, name: str, logic: Any) -> None:
        self.name = self.title = name
        self._logic = logic

    def logic(self) -> Any:
        return self._logic

    def widgetRepresentation(self) -> Any:
        raise NotImplementedError(f"The test bed has no panel of the core module {self.name}.")


def load_module(path: str | os.PathLike[str]) -> Any:
    """Load ``<Name>.py`` as a scripted module, as Slicer does at its start.

    Returns:
        The module (``slicer.modules.<name>``). Its panel is made when it is first shown.
    """
    path = Path(path)
    name = path.stem
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    python_module = _load_source(name, path)
    for suffix in ("", "Widget"):
        if not hasattr(python_module, name + suffix):
            raise ImportError(f"{path} has no class {name + suffix}.")
    module = qSlicerScriptedLoadableModule(name, str(path))
    module._instance = getattr(python_module, name)(module)
    setattr(slicer.modules, name.lower(), module)
    setattr(slicer.modules, f"{name}Instance", module._instance)
    return module


def _load_source(name: str, path: Path) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


# ---------------------------------------------------------------- the Python base classes


def _resource_path(module_path: str, filename: str) -> str:
    return str(Path(module_path).parent / "Resources" / filename)


class ScriptedLoadableModule:
    """Base class of ``<Name>``: metadata of the module."""

    def __init__(self, parent: Any) -> None:
        self.parent = parent
        self.moduleName = type(self).__name__
        parent.title = ""
        parent.categories = []
        parent.dependencies = []
        parent.contributors = []
        parent.helpText = ""
        parent.acknowledgementText = ""

    def resourcePath(self, filename: str) -> str:
        return _resource_path(self.parent.path, filename)

    def getDefaultModuleDocumentationLink(self, docPage: str | None = None) -> str:
        return f'<p>For more information see the <a href="{docPage or self.moduleName}">online documentation</a>.</p>'

    def runTest(self, msec: int = 100, **kwargs: Any) -> None:
        """Run ``<Name>Test`` of this module."""
        test = getattr(sys.modules[type(self).__module__], f"{self.moduleName}Test")()
        test.messageDelay = msec
        test.runTest(**kwargs)


class ScriptedLoadableModuleWidget:
    """Base class of ``<Name>Widget``: the panel."""

    def __init__(self, parent: Any = None) -> None:
        self.moduleName = type(self).__name__.removesuffix("Widget")
        self.developerMode = slicer.util.settingsValue("Developer/DeveloperMode", False, converter=slicer.util.toBool)
        self.logic: Any = None
        self.parent = parent if parent is not None else qMRMLWidget()
        if parent is None:
            self.parent.setLayout(QtWidgets.QVBoxLayout())
            self.parent.setMRMLScene(slicer.mrmlScene)
        self.layout = self.parent.layout()
        slicer.app.moduleManager().connect("moduleAboutToBeUnloaded(QString)", self._onModuleAboutToBeUnloaded)

    def resourcePath(self, filename: str) -> str:
        return _resource_path(slicer.util.modulePath(self.moduleName), filename)

    def setup(self) -> None:
        """Called when the panel is made. In developer mode Slicer puts "Reload & Test" on top; here nothing."""

    def cleanup(self) -> None:
        """Called when the panel is destroyed: at reload and at the application's end."""

    def onReload(self) -> None:
        logging.debug("Reloading scripted module %s", self.moduleName)
        slicer.util.reloadScriptedModule(self.moduleName)

    def _onModuleAboutToBeUnloaded(self, moduleName: str) -> None:
        if moduleName == self.moduleName:
            self.cleanup()
            slicer.app.moduleManager().disconnect("moduleAboutToBeUnloaded(QString)", self._onModuleAboutToBeUnloaded)


class ScriptedLoadableModuleLogic:
    """Base class of ``<Name>Logic``: what the module does, and its parameter node."""

    def __init__(self, parent: Any = None) -> None:
        self.moduleName = type(self).__name__.removesuffix("Logic")
        self.isSingletonParameterNode = True

    def getParameterNode(self) -> Any:
        """The parameter node of this module in the scene; it is made if there is none."""
        if self.isSingletonParameterNode:
            found = slicer.mrmlScene.GetSingletonNode(self.moduleName, "vtkMRMLScriptedModuleNode")
        else:
            found = next(iter(self.getAllParameterNodes()), None)
        return found if found is not None else slicer.mrmlScene.AddNode(self.createParameterNode())

    def getAllParameterNodes(self) -> list[Any]:
        nodes = slicer.util.getNodesByClass("vtkMRMLScriptedModuleNode")
        return [node for node in nodes if node.GetAttribute("ModuleName") == self.moduleName]

    def createParameterNode(self) -> Any:
        """A new parameter node, not in the scene yet."""
        node = slicer.mrmlScene.CreateNodeByClass("vtkMRMLScriptedModuleNode")
        node.UnRegister(None)
        if self.isSingletonParameterNode:
            node.SetSingletonTag(self.moduleName)
        node.SetModuleName(self.moduleName)
        node.SetAttribute("ModuleName", self.moduleName)
        node.SetName(slicer.mrmlScene.GenerateUniqueName(self.moduleName))
        return node


class ScriptedLoadableModuleTest(unittest.TestCase):
    """Base class of ``<Name>Test``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.messageDelay = 0

    def delayDisplay(self, message: str, requestedDelay: int | None = None, msec: int | None = None) -> None:
        logging.info(message)

    def runTest(self) -> None:
        """Overridden by the module's test, which calls its ``test_...`` methods here."""


# ---------------------------------------------------------------- translation


def translate(context: str, text: str) -> str:
    """``slicer.i18n.translate``: there is no translation file here, a text is its own translation."""
    if not (isinstance(context, str) and isinstance(text, str)):
        raise TypeError("translate(context, text) takes two texts.")
    return text


def tr(text: str) -> str:
    """``slicer.i18n.tr``, usually imported as ``_``."""
    return translate("", text)


# ---------------------------------------------------------------- modules of the slicer package


def build_modules() -> dict[str, types.ModuleType]:
    """``slicer.ScriptedLoadableModule`` and ``slicer.i18n``, by module name."""
    base = types.ModuleType("slicer.ScriptedLoadableModule", "Stand-in for Slicer's module of this name.")
    for cls in (
        ScriptedLoadableModule,
        ScriptedLoadableModuleWidget,
        ScriptedLoadableModuleLogic,
        ScriptedLoadableModuleTest,
    ):
        setattr(base, cls.__name__, cls)
    i18n = types.ModuleType("slicer.i18n", "Stand-in for Slicer's module of this name.")
    i18n.tr, i18n.translate = tr, translate
    return {"slicer.ScriptedLoadableModule": base, "slicer.i18n": i18n}
