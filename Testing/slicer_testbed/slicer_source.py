"""Slicer's own Python files in place of the stand-ins: with ``SLICER_SOURCE=folder``, any checkout of Slicer.

parameterNodeWrapper with its GUI connectors, ScriptedLoadableModule, i18n, util and SampleData then are Slicer's. A
process that starts the test bed inherits the variable, and so the files. What those files need of CTK and qMRML and
our modules do not is an empty class.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
import types
from pathlib import Path
from typing import Any

import slicer

VARIABLE = "SLICER_SOURCE"

#: In the order in which they need each other.
_FILES = {
    "slicer.util": "Base/Python/slicer/util.py",
    "slicer.i18n": "Base/Python/slicer/i18n.py",
    "slicer.ScriptedLoadableModule": "Base/Python/slicer/ScriptedLoadableModule.py",
    "slicer.parameterNodeWrapper": "Base/Python/slicer/parameterNodeWrapper/__init__.py",
    "SampleData": "Modules/Scripted/SampleData/SampleData.py",
}
_WIDGETS = re.compile(r"\b(ctk|slicer)\.(ctk\w+|q(?:MRML|Slicer)\w+)")


def checkout() -> Path | None:
    """The folder that the variable names; None without it.

    Raises:
        FileNotFoundError: if it lacks one of the files.
    """
    if not os.environ.get(VARIABLE):
        return None
    folder = Path(os.environ[VARIABLE])
    missing = [file for file in _FILES.values() if not (folder / file).is_file()]
    if missing:
        raise FileNotFoundError(f"{VARIABLE}={folder} is no checkout of Slicer: it lacks {', '.join(missing)}")
    return folder


def install(folder: Path) -> None:
    """Make Slicer's files the modules of these names; ``qt``, ``ctk`` and the qMRML widgets have to be there."""
    for name, file in _FILES.items():
        _add_missing_widgets(folder / file)
        module = _load(name, folder / file)
        if name.startswith("slicer."):
            setattr(slicer, name.partition(".")[2], module)


def _load(name: str, path: Path) -> types.ModuleType:
    folders = [str(path.parent)] if path.name == "__init__.py" else None
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=folders)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _add_missing_widgets(path: Path) -> None:
    """The GUI connectors name every widget that they know, at import or when they look for one that fits."""
    for file in path.parent.glob("*.py") if path.name == "__init__.py" else [path]:
        for package, widget in _WIDGETS.findall(file.read_text(encoding="utf-8")):
            namespace: Any = slicer if package == "slicer" else sys.modules["ctk"]
            if not hasattr(namespace, widget):
                setattr(namespace, widget, type(widget, (), {"__doc__": "Not in the test bed."}))
