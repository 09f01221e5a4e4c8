"""Packages that a test's Python has and Slicer's Python has not: inside a test of a module they cannot be imported.

Slicer brings numpy, scipy, SimpleITK, requests and pydicom; anything else its user has to install. Processes that a
module starts are not concerned.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NOT_IN_SLICER = ("matplotlib", "pandas")

_modules: dict[str, Any] = {}


@contextmanager
def as_in_slicer() -> Iterator[None]:
    """Inside, ``import`` of what Slicer has not fails, as if it were not installed."""
    _hide()
    try:
        yield
    finally:
        _show()


@contextmanager
def all_installed() -> Iterator[None]:
    """Inside, everything can be imported, as after ``slicer.util.pip_install``."""
    if sys.modules.get(NOT_IN_SLICER[0], sys) is not None:
        yield
        return
    _show()
    try:
        yield
    finally:
        _hide()


def _hide() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in NOT_IN_SLICER]:
        _modules[name] = sys.modules.pop(name)
    sys.modules.update(dict.fromkeys(NOT_IN_SLICER))  # type: ignore[arg-type]


def _show() -> None:
    for name in NOT_IN_SLICER:
        del sys.modules[name]
    sys.modules.update(_modules)
