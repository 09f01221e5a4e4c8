"""The files of a segmented reference knee."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .tissue import Tissue


@dataclass(frozen=True)
class ReferenceFiles:
    """A reference image and its masks.

    :param image: the reference image.
    :param masks: masks of tissues, on its grid.
    """

    image: Path
    masks: tuple[tuple[Tissue, Path], ...]

    def inputs(self, role: str = "reference") -> dict[str, Path]:
        """The files by their role in records: ``reference``, ``reference_f`` and so on."""
        return {role: self.image, **{f"{role}_{tissue.value}": path for tissue, path in self.masks}}
