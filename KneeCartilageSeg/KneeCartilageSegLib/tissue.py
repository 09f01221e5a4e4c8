"""The segmented tissues."""

from __future__ import annotations

from enum import Enum


class Tissue(Enum):
    """A segmented tissue; the value is the suffix of its mask's file name."""

    FEMUR = "f"
    CARTILAGE = "fc"
