"""Slicer's Segment Editor."""

from __future__ import annotations

from typing import Any

import slicer


def open_segment_editor(volume: Any, segmentation: Any) -> None:
    """Let the user draw in a segmentation, over the volume that it belongs to."""
    slicer.util.selectModule("SegmentEditor")
    editor = slicer.modules.segmenteditor.widgetRepresentation().self().editor
    editor.setSegmentationNode(segmentation)
    editor.setSourceVolumeNode(volume)
