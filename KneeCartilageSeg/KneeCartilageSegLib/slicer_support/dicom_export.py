"""What Slicer's DICOM SEG exporter (extension QuantitativeReporting) reads from our nodes beside masks and terms.

It takes the referenced files from an attribute of the volume that is the segmentation's geometry reference, and who
made the segments from their tags; without these it would say that people drew them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..segmentation.outcome import Status

_INSTANCES = "DICOM.instanceUIDs"
_TYPE, _NAME = "DICOM.SegmentAlgorithmType", "DICOM.SegmentAlgorithmName"
_PROGRAM = "KneeCartilageSeg"


def name_instances(volume: Any, uids: Iterable[str]) -> None:
    """Say of which DICOM instances a volume node was made, as Slicer's own DICOM import does."""
    volume.SetAttribute(_INSTANCES, " ".join(uids))


def name_maker(segmentation: Any, status: Status) -> None:
    """Say who made the segments of a result: this program, this program and people, or people (status "kept")."""
    segments = segmentation.GetSegmentation()
    for segment in (segments.GetNthSegment(number) for number in range(segments.GetNumberOfSegments())):
        if status is Status.KEPT:
            segment.RemoveTag(_TYPE)
            segment.RemoveTag(_NAME)
        else:
            segment.SetTag(_TYPE, "SEMIAUTOMATIC" if status is Status.EDITED else "AUTOMATIC")
            segment.SetTag(_NAME, _PROGRAM)
