"""The digital knees of the demo as sample data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import SimpleITK as sitk
import slicer

from ..demo import IMAGE_FOLDER, LISTS, REFERENCE_FOLDER, SPACING, demo_knees
from ..errors import KneeError
from ..modality import Modality, Tissue
from .background import BackgroundCommand, State
from .nodes import add_segmentation, add_volume, read_mask
from .steps import run_now


def make_sample(folder: Path | None = None, spacing: float = SPACING) -> Path:
    """Make the digital knees with their image lists, for all modalities; what is there already is left as it is.

    :param folder: None is a temporary folder.
    :param spacing: voxel size, mm.
    :return: the folder; the lists in it are named by :data:`..demo.LISTS`.
    :raises KneeError: if the files cannot be written.
    """
    folder = folder or Path(slicer.app.temporaryPath) / f"KneePhantom-{spacing:g}mm"
    command = BackgroundCommand()
    command.start(["demo", "--images-only", f"--out={folder}", f"--spacing={spacing}"])
    command.wait()
    if command.state is not State.DONE or not (folder / LISTS[Modality.NEW_SUBJECT]).is_file():
        raise KneeError("\n".join(command.log))
    return folder


def load_sample(folder: Path) -> tuple[Any, Any, Any]:
    """Load a knee to segment, the reference knee, and the reference's segmentation.

    :param folder: from :func:`make_sample`.
    """
    knee = demo_knees()[Modality.NEW_SUBJECT][0].root
    paths = folder / IMAGE_FOLDER / f"{knee}.mha", folder / REFERENCE_FOLDER / "reference.mha"
    moving, reference = (add_volume(path, sitk.ReadImage(str(path))) for path in paths)
    masks = {tissue: folder / REFERENCE_FOLDER / f"reference_{tissue.value}.mha" for tissue in Tissue}
    parts = {tissue: read_mask(path) for tissue, path in masks.items()}
    return moving, reference, run_now(add_segmentation(reference, masks, parts))
