"""The pictures of segmented knees: where they lie, and which are to be drawn."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..files import is_file
from ..tissue import Tissue
from .outcome import Outcome
from .overlay import SIGNATURE

PICTURES = "pictures"
PAINTER = "KneeCartilageSegLib.segmentation.painting"
NO_MATPLOTLIB = "pictures need matplotlib, which is not installed"

_HEAD = 1024  # bytes, in which a picture says who made it


@dataclass(frozen=True)
class Picture:
    """The picture of a segmented knee.

    :param name: of the knee.
    :param folder: where the pictures lie.
    :param image: the file of its image.
    :param masks: the files of its masks.
    """

    name: str
    folder: Path
    image: Path
    masks: Mapping[Tissue, Path]

    @property
    def file(self) -> Path:
        """The picture."""
        return picture_file(self.folder, self.name)

    @property
    def thumbnail(self) -> Path:
        """The small picture, without texts."""
        return thumbnail_file(self.folder, self.name)

    @property
    def missing(self) -> bool:
        """Whether it is to be drawn: the knee has its masks, and no picture that is newer than they are."""
        if len(self.masks) < len(Tissue) or not (
            replaceable_picture(self.file) and replaceable_picture(self.thumbnail)
        ):
            return False
        masks = max(path.stat().st_mtime_ns for path in self.masks.values())
        return not all(is_file(path) and path.stat().st_mtime_ns > masks for path in (self.file, self.thumbnail))

    def question(self) -> dict[str, Any]:
        """What :data:`PAINTER` is asked for."""
        return {
            "title": self.name,
            "image": str(self.image),
            "masks": {tissue.value: str(path) for tissue, path in self.masks.items()},
            "picture": str(self.file),
            "thumbnail": str(self.thumbnail),
        }


def picture_of(outcome: Outcome) -> Picture:
    """The picture of a case that has ended."""
    return Picture(outcome.case.name, outcome.case.output / PICTURES, outcome.case.moving, outcome.masks)


def picture_file(folder: Path, name: str) -> Path:
    """Where the picture of a knee lies."""
    return folder / f"{name}.png"


def thumbnail_file(folder: Path, name: str) -> Path:
    """Where the small picture of a knee lies."""
    return folder / f"{name}.small.jpg"


def thickness_file(folder: Path, name: str) -> Path:
    """Where ``measure --pictures`` draws the unrolled thickness map of a knee, if that is its folder."""
    return folder / f"{name}_thickness.png"


def replaceable_picture(path: Path) -> bool:
    """Whether a picture may be written: nothing is there, or one of ours."""
    if not path.exists():
        return True
    try:
        with open(path, "rb") as file:
            return SIGNATURE.encode() in file.read(_HEAD)
    except OSError:
        return False


def can_draw() -> bool:
    """Whether matplotlib is installed; does not load it."""
    try:
        return importlib.util.find_spec("matplotlib") is not None
    except ValueError:  # it is there, but was never loaded whole
        return False
