"""Two visits of a knee as files, registered by elastix and compared: what the command ``change`` does for each pair."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..elastix.engine import Engine
from ..elastix.parameters import ParameterMap
from ..errors import KneeError
from ..files import split_name
from ..images.files import read_image
from ..registration.align import RegistrationJob, align
from ..registration.limits import default_limits
from ..registration.reference import Reference
from ..registration.stages import STAGES, Modality
from ..segmentation.cases import Case
from ..tissue import Tissue
from .change import KneeChange, measure_change
from .knee import measure_knee
from .motion import Motion
from .orientation import Side

MODALITY = Modality.LONGITUDINAL
STAGE = STAGES[MODALITY][0]
"""The stage that tells roughly how the bone has moved."""


@dataclass(frozen=True)
class VisitPair:
    """The change between two visits.

    :param first: name of the first visit: of the list's ``r`` line.
    :param second: name of the second visit: of its ``m`` line.
    :param change: from the first to the second.
    """

    first: str
    second: str
    change: KneeChange


def compare_visits(
    case: Case, engine: Engine, parameters: Mapping[str, ParameterMap], side: Side | None = None
) -> VisitPair:
    """Measure the change from a case's reference, the visit with masks, to its moving image.

    :param parameters: elastix parameters by parameter file name.
    :param side: which knee it is, if that is known.
    :raises EngineError: if elastix fails.
    :raises KneeError: if the two images do not match.
    """
    reference = case.references[0]
    image, other = read_image(reference.image), read_image(case.moving)
    masks = {tissue: read_image(path) for tissue, path in reference.masks}
    measurement = measure_knee(masks[Tissue.CARTILAGE], masks[Tissue.FEMUR], side)
    limits = default_limits(MODALITY)
    with tempfile.TemporaryDirectory(prefix="knee-cartilage-seg-") as folder:
        prepared, work = (Path(folder) / name for name in ("reference", "work"))
        for place in (prepared, work):
            place.mkdir()
        job = RegistrationJob(Reference(image, masks, prepared), other, MODALITY, parameters, engine, work)
        aligned = align(job, (STAGE,), limits)
        if aligned.measurements["sharpness_aligned"] < limits.confident:
            raise KneeError("the two images do not match: check that they show the same knee")
        motion = Motion.of(aligned.alignment.chain.composite())
    change = measure_change(image, measurement, other, motion)
    return VisitPair(split_name(reference.image)[0], case.name, change)
