"""The digital knees of the demo as sample data."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import slicer

from ..demo_data import (
    IMAGE_FOLDER,
    LISTS,
    REFERENCE_FOLDER,
    SPACING,
    TRUTH_FOLDER,
    demo_knees,
)
from ..errors import KneeError
from ..images.files import read_image
from ..lists.imagelist import write_image_list
from ..lists.names import short_name
from ..registration.stages import Modality
from ..tissue import Tissue
from .process import BackgroundCommand, State
from .tasks import run_now
from .volumes import add_segmentation, add_volume, read_mask

STUDY_FOLDER, STUDY_LIST = "findReference", "image_list_findReference.txt"


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


def make_study_sample(folder: Path | None = None, spacing: float = SPACING) -> Path:
    """Make a data set of digital knees for a convergence study: three people, with their masks.

    :param folder: None is a temporary folder.
    :param spacing: voxel size, mm.
    :return: the image list.
    :raises KneeError: if the files cannot be written.
    """
    folder = make_sample(folder, spacing)
    images = folder / STUDY_FOLDER
    images.mkdir(exist_ok=True)
    roots = [knee.name for knee in demo_knees()[Modality.NEW_SUBJECT]]
    sources = {folder / REFERENCE_FOLDER / "reference": "00_DESS_01"}
    sources.update({folder / TRUTH_FOLDER / root: short_name(root) for root in roots})
    for source, name in sources.items():
        shutil.copy(_image_of(source, folder), images / f"{name}_prep.mha")
        for tissue in Tissue:
            shutil.copy(source.with_name(f"{source.name}_{tissue.value}.mha"), images / f"{name}_{tissue.value}.mha")
    names = [f"{name}_prep.mha" for name in sources.values()]
    list_file = folder / STUDY_LIST
    write_image_list(list_file, [f"./{STUDY_FOLDER}"], [("r", names[-1]), *(("m", name) for name in names)])
    return list_file


def _image_of(masks: Path, folder: Path) -> Path:
    """The image of a knee of the demo, from the root of its masks."""
    beside = masks.with_name(f"{masks.name}.mha")
    return beside if beside.is_file() else folder / IMAGE_FOLDER / beside.name


def load_sample(folder: Path) -> tuple[Any, Any, Any]:
    """Load a knee to segment, the reference knee, and the reference's segmentation.

    :param folder: from :func:`make_sample`.
    """
    knee = demo_knees()[Modality.NEW_SUBJECT][0].name
    paths = folder / IMAGE_FOLDER / f"{knee}.mha", folder / REFERENCE_FOLDER / "reference.mha"
    moving, reference = (run_now(add_volume(path, read_image(path))) for path in paths)
    masks = {tissue: folder / REFERENCE_FOLDER / f"reference_{tissue.value}.mha" for tissue in Tissue}
    parts = {tissue: read_mask(path) for tissue, path in masks.items()}
    return moving, reference, run_now(add_segmentation(reference, masks, parts))
