"""Make a knee of a study the reference of the module KneeCartilageSeg."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import slicer.util
from KneeCartilageSegLib.findreference.dataset import Member
from KneeCartilageSegLib.findreference.results import place_reference
from KneeCartilageSegLib.slicer_support.parameters import ModalityChoice
from KneeCartilageSegLib.slicer_support.run import load_segmented
from KneeCartilageSegLib.slicer_support.tasks import in_thread
from KneeCartilageSegLib.slicer_support.volumes import MaskSource, guess_segment
from KneeCartilageSegLib.tissue import Tissue

from .run import StudyKnees, mask_files

DEFAULT_PLACE = Path("reference", "newsubject")  # beside the folder of the data set


async def use_as_reference(knees: StudyKnees, name: str, parameters: Any, folder: Path | None, force: bool) -> Any:
    """Choose a knee and its masks in the module KneeCartilageSeg.

    A knee of a list is placed and loaded first. If it has no cartilage mask, none is chosen.

    :param parameters: the module's parameter node (KneeCartilageSegParameterNode).
    :param folder: for knees of a list, receives ``reference.mha`` and its masks; None is :data:`DEFAULT_PLACE`.
    :param force: replace another reference that is there.
    :return: the volume node.
    :raises InputError: if another reference is there; nothing was written then.
    """
    if knees.nodes is not None:
        volume, femur, cartilage = knees.nodes.knees[name], knees.femur_node(name), knees.cartilage_node(name)
    else:
        member = knees.members[name]
        place = folder or member.image.parent.parent / DEFAULT_PLACE
        volume, segmentation = await _place_and_load(member, place, force)
        femur, cartilage = (MaskSource(segmentation, guess_segment(segmentation, tissue)) for tissue in Tissue)
    _choose(parameters, volume, femur, cartilage)
    return volume


async def _place_and_load(member: Member, folder: Path, force: bool) -> tuple[Any, Any]:
    await in_thread(place_reference, member, folder, force)
    image = folder / "reference.mha"
    placed = Member(image, image.with_name(f"reference_{Tissue.FEMUR.value}.mha"))
    return await load_segmented(placed.image, mask_files(placed))


def _choose(parameters: Any, volume: Any, femur: MaskSource, cartilage: MaskSource) -> None:
    with slicer.util.NodeModify(parameters.parameterNode):
        parameters.fromNodes = True
        parameters.modality = ModalityChoice.NEW_SUBJECT
        parameters.referenceVolume = volume
        parameters.femurMask, parameters.femurSegment = femur.node, femur.segment
        has_cartilage = femur.node is not cartilage.node or bool(cartilage.segment)
        parameters.cartilageMask = cartilage.node if has_cartilage else None
        parameters.cartilageSegment = cartilage.segment
