"""A data set of the scene: volumes with their femur masks, and how they become the files of a convergence study."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import slicer
import vtk
from KneeCartilageSegLib.errors import InputError, Problem
from KneeCartilageSegLib.findreference.dataset import FEWEST_IMAGES
from KneeCartilageSegLib.lists.imagelist import write_image_list
from KneeCartilageSegLib.lists.names import short_name
from KneeCartilageSegLib.slicer_support.surfaces import closed_surface
from KneeCartilageSegLib.slicer_support.tasks import in_thread
from KneeCartilageSegLib.slicer_support.volumes import (
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
from KneeCartilageSegLib.tissue import Tissue
from slicer.i18n import tr as _
from vtk.util.numpy_support import vtk_to_numpy

_LIST = "image_list_findReference.txt"
_MASK_WORDS = {Tissue.FEMUR: ("f", "femur", "femurmask"), Tissue.CARTILAGE: ("fc", "cartilage", "femoralcartilage")}


@dataclass(frozen=True)
class StudyInput:
    """The knees of a study.

    :param masks: the femur mask of each volume node; its node is None where none is known.
    :param seeds: the volume nodes to start from.
    """

    masks: Mapping[Any, MaskSource]
    seeds: Sequence[Any] = ()

    @property
    def knees(self) -> dict[str, Any]:
        """The volume nodes by the names that they have in the study."""
        return knee_names(self.masks, short_name)


def study_input(volumes: Sequence[Any], masks: Sequence[Any] | None = None, seeds: Sequence[Any] = ()) -> StudyInput:
    """The knees of a study, as a script names them.

    :param masks: the femur of each volume: a labelmap volume node, a segmentation node (its segment is found by name),
        or a :class:`.nodes.MaskSource`; None finds all by name.
    """
    given = [match_mask(volume, Tissue.FEMUR) for volume in volumes] if masks is None else map(_source, masks)
    return StudyInput(dict(zip(volumes, given)), tuple(seeds))


def _source(mask: Any) -> MaskSource:
    if mask is None or isinstance(mask, MaskSource):
        return mask or MaskSource(None)
    return MaskSource(mask, guess_segment(mask, Tissue.FEMUR) if is_segmentation(mask) else "")


def mask_choices() -> list[MaskSource]:
    """Every labelmap and every segment of the scene."""
    found = [MaskSource(node) for node in slicer.util.getNodesByClass("vtkMRMLLabelMapVolumeNode")]
    for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode"):
        found += [MaskSource(node, segment) for segment in node.GetSegmentation().GetSegmentIDs()]
    return found


def mask_title(source: MaskSource) -> str:
    """What a mask is called in the scene."""
    if not is_segmentation(source.node):
        return source.node.GetName()
    segment = source.node.GetSegmentation().GetSegment(source.segment)
    return source.node.GetName() if segment is None else f"{source.node.GetName()} / {segment.GetName()}"


def match_mask(volume: Any, tissue: Tissue) -> MaskSource:
    """The mask that most likely belongs to a volume: a labelmap or segmentation of its name, or a segmentation that was
    drawn on it; without a node if there is none.

    ``knee_f``, ``knee_prep_f``, ``knee femur`` are names of the femur of ``knee_prep``, and so is a segmentation
    ``knee segmentation`` with a segment Femur.
    """
    for labelmap in slicer.util.getNodesByClass("vtkMRMLLabelMapVolumeNode"):
        if _rest_of_name(volume, labelmap) in _MASK_WORDS[tissue]:
            return MaskSource(labelmap)
    segmentations = slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
    role = slicer.vtkMRMLSegmentationNode.GetReferenceImageGeometryReferenceRole()
    drawn = [node for node in segmentations if node.GetNodeReference(role) is volume]
    named = [node for node in segmentations if _rest_of_name(volume, node) is not None]
    for segmentation in (*named, *drawn):
        segment = guess_segment(segmentation, tissue)
        if segment:
            return MaskSource(segmentation, segment)
    return MaskSource(None)


def _rest_of_name(volume: Any, mask: Any) -> str | None:
    """What the name of a mask adds to that of its volume, letters only; None if it is that of another volume."""
    root, name = short_name(volume.GetName()).lower(), mask.GetName().lower()
    if not name.startswith(root) or name[len(root) : len(root) + 1].isalnum():
        return None
    return re.sub(r"[^a-z]", "", re.sub(r"^[ _-]*prep(?![a-z])", "", name[len(root) :]))


def check_study(nodes: StudyInput, pick: int | None) -> None:
    """See whether a study can be run on nodes, as far as their voxels need not be looked at.

    :param pick: draw so many seeds; None starts from those that are chosen.
    :raises InputError: with everything that is missing or contradictory.
    """
    problems = []
    count = len(nodes.masks)
    if count < FEWEST_IMAGES:
        message = _("{count} knees are chosen; a mean needs {fewest} at least")
        problems.append(Problem(message.format(count=count, fewest=FEWEST_IMAGES), _("Check more volumes")))
    if pick is None and not nodes.seeds:
        problems.append(Problem(_("no seed is chosen"), _("Check a knee to start from, or let seeds be drawn")))
    if pick is not None and pick > count >= FEWEST_IMAGES:
        message = _("{pick} seeds cannot be drawn from {count} knees").format(pick=pick, count=count)
        problems.append(Problem(message, _("Draw fewer")))
    for volume, mask in nodes.masks.items():
        problems += geometry_problems(volume) + _mask_problems(volume, mask)
    problems += _shared_masks(nodes.masks.values())
    if problems:
        raise InputError(problems)


def _mask_problems(volume: Any, mask: MaskSource) -> list[Problem]:
    if mask.node is None:
        message = _("'{name}' has no femur mask").format(name=volume.GetName())
        return [Problem(message, _("Choose it in the table: a labelmap, or a segment"))]
    if is_segmentation(mask.node) and mask.node.GetSegmentation().GetSegment(mask.segment) is None:
        message = _("'{name}' has no such segment").format(name=mask.node.GetName())
        return [Problem(message, _("Choose one of its segments in the table"))]
    return []


def _shared_masks(masks: Iterable[MaskSource]) -> list[Problem]:
    chosen = [(mask.node.GetID(), mask.segment) for mask in masks if mask.node is not None]
    titles = {(m.node.GetID(), m.segment): mask_title(m) for m in masks if m.node is not None}
    twice = sorted({key for key in chosen if chosen.count(key) > 1})
    message, remedy = _("'{mask}' is the femur mask of several knees"), _("Give each knee its own mask")
    return [Problem(message.format(mask=titles[key]), remedy) for key in twice]


async def export_study(nodes: StudyInput, folder: Path) -> Path:
    """Write knees and masks to files, as they lie in the scene, with an image list.

    :param folder: receives ``findReference/`` and the list; what an earlier call has put there is replaced.
    :return: the path of the list.
    """
    images = folder / "findReference"
    for name, volume in nodes.knees.items():
        image, mask = volume_image(volume), nodes.masks[volume]
        await in_thread(write_volume, image, study_file(folder, name))
        femur = segment_image(mask) if is_segmentation(mask.node) else volume_image(mask.node)
        if is_segmentation(mask.node):
            femur = await in_thread(on_grid, femur, image)
        await in_thread(write_volume, femur, study_file(folder, name, Tissue.FEMUR))
    seeds = [("r", f"{name}.nrrd") for name, volume in nodes.knees.items() if volume in nodes.seeds]
    list_file = folder / _LIST
    write_image_list(list_file, [f"./{images.name}"], [*seeds, *(("m", f"{name}.nrrd") for name in nodes.knees)])
    return list_file


def study_file(folder: Path, name: str, tissue: Tissue | None = None) -> Path:
    """Where :func:`export_study` writes the image of a knee, or its mask."""
    end = "" if tissue is None else f"_{tissue.value}"
    return folder / "findReference" / f"{name}{end}.nrrd"


async def show_mask(mask: MaskSource) -> Any:
    """Give a segment of the user's the surface that Slicer shows in 3D, unless it has one; return its node.

    Slicer would make it in its main thread.
    """
    segment = mask.node.GetSegmentation().GetSegment(mask.segment)
    representation = slicer.vtkSegmentationConverter.GetSegmentationClosedSurfaceRepresentationName()
    if segment.GetRepresentation(representation) is None:
        labelmap = slicer.vtkOrientedImageData()
        mask.node.GetBinaryLabelmapRepresentation(mask.segment, labelmap)
        segment.AddRepresentation(representation, await in_thread(_labelmap_surface, labelmap))
    mask.node.CreateDefaultDisplayNodes()
    return mask.node


def _labelmap_surface(labelmap: Any) -> Any:
    """The surface of a mask (vtkOrientedImageData); touches no node."""
    first, shape = np.array(labelmap.GetExtent()[::2]), labelmap.GetDimensions()[::-1]
    array = vtk_to_numpy(labelmap.GetPointData().GetScalars()).reshape(shape) != 0
    matrix = vtk.vtkMatrix4x4()
    labelmap.GetImageToWorldMatrix(matrix)
    return closed_surface(array.astype(np.uint8), first, matrix)
