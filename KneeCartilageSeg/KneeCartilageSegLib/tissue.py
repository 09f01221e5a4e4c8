"""The segmented tissues."""

from __future__ import annotations

from enum import Enum


class Tissue(Enum):
    """A segmented tissue; the value is the suffix of its mask's file name."""

    FEMUR = "f"
    CARTILAGE = "fc"

    @property
    def title(self) -> str:
        """Its name for people."""
        return {Tissue.FEMUR: "femur", Tissue.CARTILAGE: "femoral cartilage"}[self]

    @property
    def color(self) -> str:
        """Its color in pictures, as ``#rrggbb``."""
        return {Tissue.FEMUR: "#f1d691", Tissue.CARTILAGE: "#27d3f5"}[self]
