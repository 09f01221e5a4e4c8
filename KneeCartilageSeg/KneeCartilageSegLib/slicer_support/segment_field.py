"""A field for the segment of a mask: it is only there for masks that have segments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..tissue import Tissue
from .volumes import guess_segment, is_segmentation


class SegmentField:
    """Shows a parameter that names a segment in a segment selector, and changes it.

    The selector chooses segments by itself, and often says nothing then: the parameter is told.

    :param selector: a qMRMLSegmentSelectorWidget.
    :param mask: the name of the parameter with the segmentation, or with another node that has no segments.
    :param segment: the name of the parameter with the segment.
    :param tissue: of the segment that is chosen first.
    :param parameters: returns the parameters; None while the panel is not shown.
    """

    def __init__(self, selector: Any, mask: str, segment: str, tissue: Tissue, parameters: Callable[[], Any]):
        self._selector, self._tissue, self._parameters = selector, tissue, parameters
        self._mask, self._segment = mask, segment
        self._shown: Any = None
        self._updating = False
        selector.connect("currentSegmentChanged(QString)", self._chosen)

    def show(self) -> bool:
        """Show the mask's segment; return whether it is that of another segmentation than before."""
        parameters = self._parameters()
        mask = getattr(parameters, self._mask)
        segmentation = mask if mask is not None and is_segmentation(mask) else None
        is_new = segmentation is not self._shown
        self._shown = segmentation
        self._selector.setVisible(segmentation is not None)
        self._updating = True
        self._selector.setCurrentNode(segmentation)
        segment = getattr(parameters, self._segment)
        if segmentation is not None and not _has(segmentation, segment):
            segment = guess_segment(segmentation, self._tissue)
        self._selector.setCurrentSegmentID(segment)
        self._updating = False
        if segmentation is not None and _has(segmentation, self._selector.currentSegmentID()):
            setattr(parameters, self._segment, self._selector.currentSegmentID())
        return is_new and segmentation is not None

    def _chosen(self, segment: str) -> None:
        """Of a segmentation that is no mask the selector chooses a segment, too: that is nobody's choice."""
        parameters = self._parameters()
        if parameters is None or self._updating:
            return
        if getattr(parameters, self._mask) is self._selector.currentNode():
            setattr(parameters, self._segment, segment)


def _has(segmentation: Any, segment: str) -> bool:
    return segmentation.GetSegmentation().GetSegment(segment) is not None
