"""What is to be segmented in the scene, and with what: checked, and written to files with an image list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from ..errors import InputError, Problem
from ..lists.imagelist import write_image_list
from ..registration.stages import Modality
from ..tissue import Tissue
from .tasks import in_thread
from .volumes import (
    MaskSource,
    geometry_problems,
    guess_segment,
    is_segmentation,
    knee_names,
    on_grid,
    segment_image,
    volume_image,
    write_volume,
)


@dataclass(frozen=True)
class ReferenceNodes:
    """A knee of the scene that is segmented already.

    :param volume: its volume node; None if that is not known.
    :param masks: its femur and its femoral cartilage.
    :param segmentation: the segmentation node by which it was chosen, if it was.
    """

    volume: Any
    masks: Mapping[Tissue, MaskSource]
    segmentation: Any = None

    @classmethod
    def of_segmentation(cls, segmentation: Any) -> ReferenceNodes:
        """The knee that a segmentation node belongs to; its segments are found by their names."""
        volume = segmentation.GetNodeReference(segmentation.GetReferenceImageGeometryReferenceRole())
        masks = {tissue: MaskSource(segmentation, guess_segment(segmentation, tissue)) for tissue in Tissue}
        return cls(volume, masks, segmentation)

    @property
    def is_chosen(self) -> bool:
        """Whether anything of it was chosen."""
        return self.volume is not None or any(source.node is not None for source in self.masks.values())


def references_of(
    first: ReferenceNodes, further: Iterable[ReferenceNodes], folder: Path | None
) -> tuple[ReferenceNodes, ...]:
    """All references of the scene. If there are others, here or in a folder, the first one need not be chosen."""
    others = tuple(further)
    return (first, *others) if first.is_chosen or not (others or folder) else others


@dataclass(frozen=True)
class NodeInput:
    """The nodes to segment.

    :param moving: volume nodes.
    :param references: the segmented knees, see :func:`references_of`; several are fused.
    """

    modality: Modality
    moving: Sequence[Any]
    references: Sequence[ReferenceNodes]


def check_nodes(nodes: NodeInput) -> None:
    """See whether nodes can be segmented, as far as their voxels need not be looked at.

    :raises InputError: with everything that is missing or contradictory.
    """
    problems = _moving_problems(nodes) + _reference_problems(nodes)
    for reference in nodes.references:
        problems += _mask_problems(reference)
    if problems:
        raise InputError(problems)


def check_reference(reference: ReferenceNodes) -> None:
    """See whether a knee can be a reference, as far as its voxels need not be looked at.

    :raises InputError: with everything that is missing or contradictory.
    """
    problems = [_missing_volume(reference)] if reference.volume is None else geometry_problems(reference.volume)
    problems += _mask_problems(reference)
    if problems:
        raise InputError(problems)


def _moving_problems(nodes: NodeInput) -> list[Problem]:
    if not nodes.moving:
        return [Problem(_("no volume to segment is chosen"), _("Check one or more volumes"))]
    return [problem for volume in nodes.moving for problem in geometry_problems(volume)]


def _reference_problems(nodes: NodeInput) -> list[Problem]:
    problems = []
    volumes: list[Any] = []
    for reference in nodes.references:
        volume = reference.volume
        if volume is None:
            problems.append(_missing_volume(reference))
            continue
        name = volume.GetName()
        if volume in nodes.moving:
            message = _("'{name}' is its own reference").format(name=name)
            problems.append(Problem(message, _("Uncheck it, or choose another reference volume")))
        if volume in volumes:
            message = _("'{name}' is a reference twice").format(name=name)
            problems.append(Problem(message, _("Uncheck one of its segmentations")))
        volumes.append(volume)
        problems += geometry_problems(volume)
    return problems


def _missing_volume(reference: ReferenceNodes) -> Problem:
    if reference.segmentation is None:
        return Problem(_("no reference volume is chosen"), _("Choose the knee that is segmented already"))
    name = reference.segmentation.GetName()
    message = _("'{name}' does not say of which volume it is the segmentation").format(name=name)
    return Problem(message, _("Choose its source volume in the Segment Editor"))


def _mask_problems(reference: ReferenceNodes) -> list[Problem]:
    problems = []
    for tissue in Tissue:
        source = reference.masks.get(tissue)
        if source is None or source.node is None:
            message = {Tissue.FEMUR: _("no femur mask is chosen"), Tissue.CARTILAGE: _("no cartilage mask is chosen")}
            problems.append(Problem(message[tissue], _("Choose the reference's mask: a labelmap, or a segment")))
        elif is_segmentation(source.node) and source.node.GetSegmentation().GetSegment(source.segment) is None:
            text = {
                Tissue.FEMUR: _("'{name}' has no segment that is known to be the femur"),
                Tissue.CARTILAGE: _("'{name}' has no segment that is known to be the femoral cartilage"),
            }
            message = text[tissue].format(name=source.node.GetName())
            problems.append(Problem(message, _("Choose one of its segments, or name one so")))
    chosen = [(source.node, source.segment) for source in reference.masks.values() if source.node is not None]
    if len(chosen) > len(set(chosen)) and not problems:
        message = _("femur and cartilage mask are the same")
        problems.append(Problem(message, _("Choose another mask for one of them")))
    return problems


async def export_nodes(nodes: NodeInput, folder: Path) -> Path:
    """Write nodes that were checked to files, as they lie in the scene, with an image list.

    :param folder: receives ``reference/``, ``preprocessed/`` and the list; what an earlier call has put there is
        replaced.
    :return: the path of the list.
    """
    reference_folder, moving_folder = folder / "reference", folder / "preprocessed"
    references = knee_names(reference.volume for reference in nodes.references)
    for name, reference in zip(references, nodes.references):
        await export_reference(reference, reference_folder, name)
    volumes = knee_names(nodes.moving)
    for name, volume in volumes.items():
        await in_thread(write_volume, volume_image(volume), moving_folder / f"{name}.nrrd")
    entries = [*(("r", f"{name}.nrrd") for name in references), *(("m", f"{name}.nrrd") for name in volumes)]
    list_file = folder / f"image_list_{nodes.modality.value}.txt"
    write_image_list(list_file, [f"./{reference_folder.name}", f"./{moving_folder.name}"], entries)
    return list_file


async def export_reference(reference: ReferenceNodes, folder: Path, name: str) -> Path:
    """Write a segmented knee to files, as it lies in the scene: ``NAME.nrrd``, ``NAME_f.nrrd`` and ``NAME_fc.nrrd``.

    :return: the path of the image.
    """
    image = volume_image(reference.volume)
    path = folder / f"{name}.nrrd"
    await in_thread(write_volume, image, path)
    for tissue, source in reference.masks.items():
        mask = segment_image(source) if is_segmentation(source.node) else volume_image(source.node)
        if is_segmentation(source.node):
            mask = await in_thread(on_grid, mask, image)
        await in_thread(write_volume, mask, folder / f"{name}_{tissue.value}.nrrd")
    return path
