"""pytest plugin of the test bed: the fixtures ``slicer_app``, ``dialogs`` and ``screenshots``.

Nothing of Slicer or Qt is imported before a test asks for a fixture; if slicer-core or PySide6 is not installed, the
tests that ask skip themselves and say so.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .application import SlicerBed
    from .dialogs import Dialogs
    from .screenshots import Screenshots

_NEEDED = {"slicer": "slicer-core", "PySide6": "PySide6-Essentials"}


@pytest.fixture(scope="session")
def _bed() -> SlicerBed:
    missing = [package for name, package in _NEEDED.items() if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"The test bed needs {' and '.join(missing)} (pip install).")
    from .application import start

    return start()


@pytest.fixture
def slicer_app(_bed: SlicerBed) -> Iterator[SlicerBed]:
    """A Slicer as after its start. At the end the test fails for unexpected dialogs and errors in slots."""
    from .python_packages import as_in_slicer

    with as_in_slicer():
        yield from _clean_application(_bed)


def _clean_application(_bed: SlicerBed) -> Iterator[SlicerBed]:
    _bed.reset()
    hook, sys.excepthook = sys.excepthook, lambda kind, error, trace: _record(_bed, hook, kind, error, trace)
    yield _bed
    _bed.unload_modules()
    problems = _bed.problems()
    sys.excepthook = hook
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def _record(bed: SlicerBed, hook: Any, kind: Any, error: BaseException, trace: Any) -> None:
    """PySide and VTK hand errors of slots, timers and observers to sys.excepthook, and go on."""
    bed.errors.append(error)
    hook(kind, error, trace)


@pytest.fixture
def dialogs(slicer_app: SlicerBed) -> Dialogs:
    """The queue of answers to message boxes and file dialogs."""
    return slicer_app.dialogs


@pytest.fixture
def screenshots(slicer_app: SlicerBed) -> Screenshots:
    """Takes pictures of panels, views and plots."""
    return slicer_app.screenshots


@pytest.fixture
def screenshot_folder(tmp_path: Path) -> Path:
    """Where a test's pictures go: the folder in $SLICER_TESTBED_SCREENSHOTS, else the test's own temporary one."""
    folder = Path(os.environ.get("SLICER_TESTBED_SCREENSHOTS", "") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
