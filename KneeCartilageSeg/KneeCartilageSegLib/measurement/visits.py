"""Two visits of a knee as files, registered by elastix and compared: what the command ``change`` does for each pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import SimpleITK as sitk

from ..elastix.engine import Engine
from ..elastix.parameters import ParameterMap
from ..errors import KneeError
from ..files import first_file, split_name
from ..images.bias import even
from ..images.files import EXTENSIONS, read_image
from ..registration.align import RegistrationJob, align
from ..registration.limits import default_limits
from ..registration.reference import Reference
from ..registration.stages import STAGES, Modality
from ..scratch import Scratch
from ..segmentation.cases import SEGMENTED, Case
from ..tissue import Tissue
from .change import KneeChange, mean_change, measure_change
from .knee import measure_knee
from .motion import Motion
from .orientation import Side

MODALITY = Modality.LONGITUDINAL
RIGID = STAGES[MODALITY][0]
PARAMETER_FILES = (RIGID.parameter_file,)
"""Of the stage that is used: how the bone has moved."""


@dataclass(frozen=True)
class VisitPair:
    """The change between two visits.

    :param first: name of the first visit: of the list's ``r`` line.
    :param second: name of the second visit: of its ``m`` line.
    :param second_masks: the masks of the second visit, if it has any.
    :param change: from the first to the second.
    """

    first: str
    second: str
    second_masks: Mapping[Tissue, Path]
    change: KneeChange


def compare_visits(
    case: Case, engine: Engine, parameters: Mapping[str, ParameterMap], side: Side | None = None
) -> VisitPair:
    """Measure the change from a case's reference, which has masks, to its moving image.

    If the moving image has masks, too, what is measured with either visit's masks is averaged.

    :param parameters: elastix parameters by parameter file name.
    :param side: which knee it is, if that is known.
    :raises EngineError: if elastix fails.
    :raises KneeError: if the two images do not match, or masks cannot be measured.
    """
    reference = case.references[0]
    image, other = even(read_image(reference.image)), even(read_image(case.moving))
    found = find_second_masks(case)
    change = compare_images(image, _read(dict(reference.masks)), other, engine, parameters, side)
    if found:
        back = compare_images(other, _read(found), image, engine, parameters, side, masked_first=False)
        change = mean_change(change, back)
    return VisitPair(split_name(reference.image)[0], case.name, found, change)


def find_second_masks(case: Case) -> dict[Tissue, Path]:
    """Both masks of a case's moving image, or none: with those of its reference, beside it, or where ``segment`` writes
    them."""
    folders = [*(path.parent for _, path in case.references[0].masks), case.moving.parent, case.output / SEGMENTED]
    for folder in dict.fromkeys(folders):
        masks = {
            tissue: first_file(folder / f"{case.name}_{tissue.value}{extension}" for extension in EXTENSIONS)
            for tissue in Tissue
        }
        known = {tissue: path for tissue, path in masks.items() if path is not None}
        if len(known) == len(Tissue):
            return known
    return {}


def _read(masks: Mapping[Tissue, Path]) -> dict[Tissue, sitk.Image]:
    return {tissue: read_image(path) for tissue, path in masks.items()}


def compare_images(
    image: sitk.Image,
    masks: Mapping[Tissue, sitk.Image],
    other: sitk.Image,
    engine: Engine,
    parameters: Mapping[str, ParameterMap],
    side: Side | None = None,
    masked_first: bool = True,
    regions: bool = True,
) -> KneeChange:
    """The change between two images, by the masks of one of them.

    :param image: that with masks, without its bias, see :func:`..images.bias.even`.
    :param masks: of femur and cartilage, on its grid.
    :param other: likewise without its bias, on any grid.
    :param parameters: elastix parameters by parameter file name.
    :param side: which knee it is, if that is known.
    :param masked_first: whether the visit with masks is the first of the two.
    :param regions: False measures the cartilage as a whole.
    :raises EngineError: if elastix fails.
    :raises KneeError: if the two images do not match, or the masks cannot be measured.
    """
    measurement = measure_knee(masks[Tissue.CARTILAGE], masks[Tissue.FEMUR], side, regions=regions)
    limits = default_limits(MODALITY)
    with Scratch() as folder:
        prepared, aligning = (folder / name for name in ("reference", "align"))
        for place in (prepared, aligning):
            place.mkdir()
        job = RegistrationJob(Reference(image, masks, prepared), other, MODALITY, parameters, engine, aligning)
        aligned = align(job, (RIGID,), limits)
    if not aligned.sharp(limits):
        raise KneeError("the two images do not match: check that they show the same knee")
    return measure_change((image, other), measurement, Motion(*aligned.alignment.chain.affine()), masked_first)
