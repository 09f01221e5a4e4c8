"""Working files that last as long as Slicer runs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import slicer


def session_folder() -> Path:
    """The folder for working files for which the user named no other; it is deleted when Slicer quits."""
    folder = Path(slicer.app.temporaryPath, f"KneeCartilageSeg-{os.getpid()}")
    if not folder.is_dir():
        folder.mkdir(parents=True)

        def delete() -> None:
            shutil.rmtree(folder, ignore_errors=True)

        slicer.app.connect("aboutToQuit()", delete)
    return folder
