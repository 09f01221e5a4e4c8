"""The slices of enhanced (multi-frame) DICOM files.

SimpleITK reads their voxels, but not the place, rescaling and echo of each frame: where frames are not equally spaced
it gives voxels of 1 mm without a word. Those are read with pydicom (Slicer brings it along).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .slices import ECHO_TIME, FRAMES, IMAGE_LATERALITY, IMAGE_TYPE, TIME_POINT, Slice, as_point

# Functional groups (DICOM PS3.3, C.7.6.16 and C.8.13.5) and the attribute of each that is wanted
_EXTRA = {
    ECHO_TIME: ("MREchoSequence", "EffectiveEchoTime"),
    IMAGE_TYPE: ("MRImageFrameTypeSequence", "FrameType"),
    TIME_POINT: ("FrameContentSequence", "TemporalPositionIndex"),
    IMAGE_LATERALITY: ("FrameAnatomySequence", "FrameLaterality"),
}


def read_frames(path: Path, tags: Mapping[str, str]) -> list[Slice]:
    """The slices of a file, in the order of its frames; none if they have no place in the scanner.

    :raises ImportError: without pydicom.
    """
    import pydicom

    data = pydicom.dcmread(path, stop_before_pixels=True)
    groups = data.get("PerFrameFunctionalGroupsSequence")
    shared = data.get("SharedFunctionalGroupsSequence") or [pydicom.Dataset()]
    if groups is None or len(groups) != int(tags.get(FRAMES) or 1):
        return []
    first = _Groups(groups[0], shared[0]).rescale()
    frames = []
    for number, group in enumerate(groups):
        found = _Groups(group, shared[0])
        spacing, axes = found.get("PixelMeasuresSequence", "PixelSpacing"), found.get(*_ORIENTATION)
        position = found.get("PlanePositionSequence", "ImagePositionPatient")
        if spacing is None or axes is None or position is None:
            return []
        extra = {key: found.text(*names) for key, names in _EXTRA.items()}
        frames.append(
            Slice(
                path,
                number,
                (int(data.Columns), int(data.Rows)),
                (float(spacing[1]), float(spacing[0])),
                tuple(float(value) for value in axes),
                as_point(tuple(float(value) for value in position)),
                found.rescale(),
                first,
                {**tags, **{key: text for key, text in extra.items() if text}},
            )
        )
    return frames


_ORIENTATION = ("PlaneOrientationSequence", "ImageOrientationPatient")
_TRANSFORMATION = "PixelValueTransformationSequence"


class _Groups:
    """The functional groups of a frame, and those that all frames share."""

    def __init__(self, own: Any, shared: Any):
        self._datasets = own, shared

    def get(self, sequence: str, attribute: str) -> Any:
        for dataset in self._datasets:
            items = dataset.get(sequence)
            if items and items[0].get(attribute) is not None:
                return items[0].get(attribute)
        return None

    def text(self, sequence: str, attribute: str) -> str:
        value = self.get(sequence, attribute)
        if value is None:
            return ""
        return value if isinstance(value, str) else "\\".join(map(str, value)) if _is_list(value) else str(value)

    def rescale(self) -> tuple[float, float]:
        slope, intercept = self.get(_TRANSFORMATION, "RescaleSlope"), self.get(_TRANSFORMATION, "RescaleIntercept")
        return (1.0 if slope is None else float(slope)), (0.0 if intercept is None else float(intercept))


def _is_list(value: Any) -> bool:
    return hasattr(value, "__iter__")
