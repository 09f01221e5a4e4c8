"""Slicer's "Reload" reads a module's file again; here its libraries are read again, too."""

from __future__ import annotations

import sys
from collections.abc import Callable

import slicer.util

_MODULES = ("KneeCartilageSeg", "FindReference", "SegmentationQuality")
_LIBRARIES = tuple(f"{module}Lib" for module in _MODULES)


def reload_with_libraries(module: str, reload: Callable[[], None]) -> None:
    """Reload a module of ours with all our libraries.

    The other modules use the libraries, too. Those that have a panel are reloaded as well: their classes would not be
    those that they meet in scene and panels any more. Those that have none yet are read when they are first shown.

    :param module: its name.
    :param reload: ``onReload`` of its base class.
    :raises Exception: what reading the new files raises, a SyntaxError for example; the old ones then stay in use.
    """
    others = [other for other in _MODULES if other != module and hasattr(slicer.modules, f"{other}Widget")]
    ours = (*_MODULES, *_LIBRARIES)
    kept = {name: found for name, found in sys.modules.items() if name.partition(".")[0] in ours}
    for name in kept:
        del sys.modules[name]
    try:
        reload()
        for other in others:
            slicer.util.reloadScriptedModule(other)
    except Exception:
        sys.modules.update(kept)
        raise
