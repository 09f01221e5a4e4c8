"""The three segmentation modalities and the registration stages that each is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ..i18n import marked as _
from ..tissue import Tissue


class Modality(Enum):
    """What the moving image is in relation to its reference; the value is the word of the command line."""

    NEW_SUBJECT = "newsubject"
    LONGITUDINAL = "longitudinal"
    MULTIMODAL = "multimodal"


@dataclass(frozen=True)
class Stage:
    """One registration by elastix, which starts from the result of the stage before it.

    :param name: names the files of the stage, for example ``TransformParameters.f_rigid.txt``.
    :param parameter_file: its elastix parameter file.
    :param tissue: the reference mask that guides it: elastix draws its samples inside the dilated mask.
    :param dilation: of that mask, mm.
    :param spacing: both images are averaged down to about this voxel size (mm) first; None keeps the native voxels.
    :param margin: the moving image is cropped to where the dilated mask is expected, and this much more (mm); None
        keeps the whole image, for stages whose start may be far off.
    :param title: its name for people.
    :param weight: how long it takes, relative to the others; for progress bars only.
    """

    name: str
    parameter_file: str
    tissue: Tissue
    dilation: float
    spacing: float | None = None
    margin: float | None = None
    # Not in the representation, by which finished results are recognized: they decide about no voxel.
    title: str = field(default="", repr=False)
    weight: float = field(default=1.0, repr=False)

    @property
    def facts(self) -> dict[str, Any]:
        """What decides about the result, for records."""
        facts = {**vars(self), "tissue": self.tissue.value}
        return {name: value for name, value in facts.items() if name not in ("title", "weight")}


_RIGID = Stage("f_rigid", "rigid.txt", Tissue.FEMUR, dilation=8, spacing=1.4, title=_("Aligning"))
_SIMILARITY = Stage("f_similarity", "similarity.txt", Tissue.FEMUR, dilation=8, spacing=1.4, title=_("Aligning (size)"))
_FEMUR_BSPLINE = Stage(
    "f_spline",
    "femur_bspline.txt",
    Tissue.FEMUR,
    dilation=5.5,
    spacing=0.75,
    margin=12,
    title=_("Registering the femur"),
    weight=4.0,
)
_CARTILAGE_BSPLINE = Stage(
    "fc_spline",
    "cartilage_bspline.txt",
    Tissue.CARTILAGE,
    dilation=4,
    margin=8,
    title=_("Registering the cartilage"),
    weight=6.0,
)
_MULTIMODAL = Stage("f_rigid", "multimodal_rigid.txt", Tissue.FEMUR, dilation=8, spacing=0.75, title=_("Aligning"))

STAGES: dict[Modality, tuple[Stage, ...]] = {
    Modality.NEW_SUBJECT: (_RIGID, _SIMILARITY, _FEMUR_BSPLINE, _CARTILAGE_BSPLINE),
    Modality.LONGITUDINAL: (_RIGID, _FEMUR_BSPLINE, _CARTILAGE_BSPLINE),
    Modality.MULTIMODAL: (_MULTIMODAL,),
}


def last_stage(stages: Sequence[Stage], tissue: Tissue) -> int:
    """The number (from 1) of the last stage that is guided by a tissue's mask, or else of the last of all."""
    own = [number for number, stage in enumerate(stages, start=1) if stage.tissue is tissue]
    return own[-1] if own else len(stages)
