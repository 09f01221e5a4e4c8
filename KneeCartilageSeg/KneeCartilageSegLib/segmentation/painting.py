"""The process that draws pictures of knees, see :mod:`.runs.aside`."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

from ..images.files import read_image
from ..runs.aside import answer_questions
from ..tissue import Tissue
from .overlay import write_overlay


def _draw(question: dict[str, Any]) -> None:
    masks = {Tissue(tissue): read_image(Path(path)) for tissue, path in question["masks"].items()}
    picture, thumbnail = Path(question["picture"]), Path(question["thumbnail"])
    picture.parent.mkdir(parents=True, exist_ok=True)
    # Counted by the run.
    image = read_image(Path(question["image"]), verified=True)
    write_overlay(picture, image, masks, question["title"], thumbnail)


def _load() -> None:
    # Longer than drawing takes.
    import matplotlib.figure  # noqa: F401
    import PIL.Image  # noqa: F401


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of letters that matplotlib's font lacks
    sys.exit(answer_questions(_draw, _load))
