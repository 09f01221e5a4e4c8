"""Atlas-based segmentation of femur and femoral cartilage in knee MR.

The library behind the 3D Slicer extension KneeCartilageSeg and the command ``knee-cartilage-seg``.
It needs numpy, scipy and SimpleITK, and elastix for registration (see :mod:`.elastix`).

Scripts need what is listed here, and nothing else::

    from KneeCartilageSegLib import segment_list

    for outcome in segment_list("image_list_newsubject.txt", "newsubject"):
        print(outcome.case.name, outcome.status.value, outcome.message)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import Cancelled, EngineError, InputError, KneeError
    from .scripting import (
        ChangeResults,
        MeasurementResults,
        QualityResults,
        ReferenceResults,
        SegmentationResults,
        change_list,
        compare_list,
        find_reference,
        measure_cartilage,
        segment_images,
        segment_list,
    )

__version__ = "0.1.0"
REPOSITORY = "https://github.com/KneeCartilageSeg/SlicerKneeCartilageSeg"

__all__ = [
    "Cancelled",
    "ChangeResults",
    "EngineError",
    "InputError",
    "KneeError",
    "MeasurementResults",
    "QualityResults",
    "ReferenceResults",
    "SegmentationResults",
    "change_list",
    "compare_list",
    "find_reference",
    "measure_cartilage",
    "segment_images",
    "segment_list",
]

_ERRORS = ("Cancelled", "EngineError", "InputError", "KneeError")


def __getattr__(name: str) -> Any:
    # Only when they are asked for: SimpleITK and scipy take a second to load.
    if name not in __all__:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(".errors" if name in _ERRORS else ".scripting", __name__), name)
