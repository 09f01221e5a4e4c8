"""The elastix that the extension SlicerElastix brings."""

from __future__ import annotations

import os
from pathlib import Path

import slicer

from ..errors import EngineError

_EXTENSION = "SlicerElastix"


def slicer_elastix_folder() -> Path | None:
    """The folder of SlicerElastix's elastix program; None if the extension is not installed."""
    try:
        import Elastix
    except ImportError:
        return None
    try:
        return Path(os.path.abspath(Elastix.ElastixLogic().getElastixBinDir()))
    except ValueError:  # the extension is there, its program is not
        return None


def install_slicer_elastix() -> None:
    """Install the extension from Slicer's extensions server; it is there after a restart of Slicer.

    :raises EngineError: if that is not possible.
    """
    manager = slicer.app.extensionsManagerModel()
    manager.interactive = False
    if not (
        manager.updateExtensionsMetadataFromServer(True, True) and manager.installExtensionFromServer(_EXTENSION, False)
    ):
        raise EngineError(f"{_EXTENSION} could not be installed: see Slicer's Extensions Manager")
