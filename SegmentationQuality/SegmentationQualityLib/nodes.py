"""Pairs of masks in the scene: what is wrong with them, how they are found by name, and how they become files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk
import slicer
from FindReferenceLib.nodes import mask_choices, mask_title
from KneeCartilageSegLib.errors import InputError, KneeError, Problem
from KneeCartilageSegLib.images.grid import Grid
from KneeCartilageSegLib.images.regions import covering
from KneeCartilageSegLib.lists.imagelist import write_image_list
from KneeCartilageSegLib.lists.names import image_by_name, pair_by_name
from KneeCartilageSegLib.quality.metrics import LabelChoice
from KneeCartilageSegLib.quality.space import check_same_space
from KneeCartilageSegLib.slicer_support.tasks import in_thread
from KneeCartilageSegLib.slicer_support.volumes import (
    MaskSource,
    geometry_problems,
    grid_of,
    is_segmentation,
    segment_image,
    unused_name,
    volume_image,
    write_volume,
)
from slicer.i18n import tr as _

from .difference_view import is_view_node

_LIST = "image_list_quality.txt"
_MOST_VOXELS = 1_000_000_000  # of two segments with the space between them


@dataclass(frozen=True)
class PairNodes:
    """A segmentation and its ground truth in the scene.

    :param volume: the volume node of the image that they show; None if there is none.
    """

    segmentation: MaskSource = MaskSource(None)
    truth: MaskSource = MaskSource(None)
    volume: Any = None


def masks_of_scene() -> list[MaskSource]:
    """Every labelmap and every segment of the scene that a user may want to compare."""
    return [mask for mask in mask_choices() if not is_view_node(mask.node)]


def volumes_of_scene() -> list[Any]:
    """Every image of the scene."""
    volumes = slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")
    return [node for node in volumes if node.GetClassName() == "vtkMRMLScalarVolumeNode" and not is_view_node(node)]


def pairs_by_name() -> list[PairNodes]:
    """The pairs of the scene that :mod:`..pairing` recognizes, each with its image if one is found."""
    masks = masks_of_scene()
    found = pair_by_name([mask_title(mask) for mask in masks])
    return [PairNodes(masks[s], masks[t], volume_of(masks[s])) for s, t in found]


def volume_of(mask: MaskSource) -> Any:
    """The image that a mask shows: the one that a segmentation was drawn on, or else by name; None if there is none."""
    if is_segmentation(mask.node):
        drawn_on = mask.node.GetNodeReference(mask.node.GetReferenceImageGeometryReferenceRole())
        if drawn_on is not None and not drawn_on.IsA("vtkMRMLLabelMapVolumeNode"):
            return drawn_on
    volumes = volumes_of_scene()
    number = image_by_name(mask_title(mask), [volume.GetName() for volume in volumes])
    return None if number is None else volumes[number]


def pair_names(pairs: Iterable[PairNodes]) -> dict[str, PairNodes]:
    """The pairs by the names that they have in the results: that of the segmentation, fit for files, and unique."""
    named: dict[str, PairNodes] = {}
    for pair in pairs:
        title = mask_title(pair.segmentation).replace(" / ", " ")
        named[unused_name(re.sub(r"[^\w.-]+", "_", title).strip("._") or "mask", named)] = pair
    return named


def check_pairs(pairs: Sequence[PairNodes]) -> None:
    """See whether pairs can be compared, as far as their voxels need not be looked at.

    :raises InputError: with everything that is missing or contradictory.
    """
    if not pairs:
        remedy = _("Press Pair by name, or add a pair and choose its masks in the table")
        raise InputError([Problem(_("there is no pair"), remedy)])
    problems = []
    for number, pair in enumerate(pairs, start=1):
        problems += [
            Problem(_("pair {number}: {message}").format(number=number, message=problem.message), problem.remedy)
            for problem in _pair_problems(pair)
        ]
    chosen = [_identity(pair.segmentation) + _identity(pair.truth) for pair in pairs]
    for number, key in enumerate(chosen, start=1):
        if key in chosen[: number - 1] and any(key):
            first = chosen.index(key) + 1
            message = _("pair {number} is the same as pair {first}").format(number=number, first=first)
            problems.append(Problem(message, _("Remove one of them")))
    if problems:
        raise InputError(problems)


def pair_nodes(segmentation: Any, truth: Any, volume: Any = None) -> PairNodes:
    """A pair as a script names it.

    :param segmentation: a labelmap volume node, a segmentation node with one segment, (segmentation node, segment ID),
        or a :class:`.nodes.MaskSource`.
    :param truth: the same.
    :param volume: the volume node of the image; None looks for it.
    :raises InputError: if a segmentation node has several segments, or none.
    """
    mask = _mask_source(segmentation)
    return PairNodes(mask, _mask_source(truth), volume if volume is not None or mask.node is None else volume_of(mask))


def _mask_source(mask: Any) -> MaskSource:
    if isinstance(mask, MaskSource):
        return mask
    if isinstance(mask, tuple):
        return MaskSource(*mask)
    if mask is None or not is_segmentation(mask):
        return MaskSource(mask)
    segments = mask.GetSegmentation().GetSegmentIDs()
    if len(segments) != 1:
        message = _("'{name}' has {number} segments").format(name=mask.GetName(), number=len(segments))
        raise InputError([Problem(message, _("Name one of them: (node, segment ID)"))])
    return MaskSource(mask, segments[0])


def check_labels(pairs: Sequence[PairNodes], labels: Sequence[LabelChoice]) -> None:
    """See whether labels make sense for pairs: a segment has no other label than 1.

    :raises InputError: if they do not; both masks would be empty, which counts as agreement.
    """
    roles = {"segmentation": _("the segmentation"), "truth": _("the ground truth")}
    problems = []
    for number, pair in enumerate(pairs, start=1):
        for role, title in roles.items():
            wrong = [str(label) for label in labels if getattr(label, role) not in (None, 1)]
            if wrong and is_segmentation(getattr(pair, role).node):
                message = _("pair {number}: {role} is a segment, which is label 1, and not {labels}")
                message = message.format(number=number, role=title, labels=", ".join(wrong))
                problems.append(Problem(message, _("Leave Labels empty, or write for example 5:1")))
    if problems:
        raise InputError(problems)


def _pair_problems(pair: PairNodes) -> list[Problem]:
    problems = []
    missing = {"segmentation": _("no segmentation is chosen"), "truth": _("no ground truth is chosen")}
    for role, message in missing.items():
        mask = getattr(pair, role)
        if mask.node is None:
            problems.append(Problem(message, _("Choose a labelmap or a segment in the table")))
        elif is_segmentation(mask.node):
            if mask.node.GetSegmentation().GetSegment(mask.segment) is None:
                message = _("'{name}' no longer has that segment").format(name=mask.node.GetName())
                problems.append(Problem(message, _("Choose one of its segments")))
        else:
            problems += geometry_problems(mask.node)
    if problems:
        return problems
    if _identity(pair.segmentation) == _identity(pair.truth):
        message = _("'{mask}' is its own ground truth").format(mask=mask_title(pair.truth))
        return [Problem(message, _("Choose another mask for one of them"))]
    return _space_problems(pair)


def _space_problems(pair: PairNodes) -> list[Problem]:
    """Segments can lie anywhere; labelmaps have to be images of the same space."""
    nodes = [pair.segmentation.node, pair.truth.node]
    if any(is_segmentation(node) or not _is_linear(node) for node in nodes):
        return []
    try:
        check_same_space(*map(grid_of, nodes))
    except InputError as error:
        return list(error.problems)
    return []


def _is_linear(volume: Any) -> bool:
    transform = volume.GetParentTransformNode()
    return transform is None or bool(transform.IsTransformToWorldLinear())


def _identity(mask: MaskSource) -> tuple[str, str]:
    return ("" if mask.node is None else mask.node.GetID(), mask.segment)


async def export_pairs(pairs: Sequence[PairNodes], folder: Path) -> Path:
    """Write pairs to files, as they lie in the scene, with an image list.

    A segment is written as 1, on its own grid, continued as far as its partner reaches.

    :param folder: receives ``segmented/``, ``segmented_groundTruth/`` and the list; what an earlier call has put there
        is replaced.
    :return: the path of the list.
    """
    folders = folder / "segmented", folder / "segmented_groundTruth"
    entries = []
    for name, pair in pair_names(pairs).items():
        images = [_image(mask) for mask in (pair.segmentation, pair.truth)]
        segments = [is_segmentation(mask.node) for mask in (pair.segmentation, pair.truth)]
        images = await in_thread(_on_shared_space, images, segments, name)
        for image, place in zip(images, folders):
            await in_thread(write_volume, image, place / f"{name}.nrrd", compress=True)
        entries += [("s", f"{name}.nrrd"), ("g", f"{name}.nrrd")]
    list_file = folder / _LIST
    write_image_list(list_file, [f"./{place.name}" for place in folders], entries)
    return list_file


def _image(mask: MaskSource) -> sitk.Image:
    return segment_image(mask) if is_segmentation(mask.node) else volume_image(mask.node)


def _on_shared_space(images: Sequence[sitk.Image], segments: Sequence[bool], name: str) -> list[sitk.Image]:
    """Segmentation and truth, those that are segments enlarged to the space of the other one."""
    segmentation, truth = images
    if segments[1]:
        truth = _enlarged(truth, segmentation, name)
    if segments[0]:
        segmentation = _enlarged(segmentation, truth, name)
    return [segmentation, truth]


def _enlarged(segment: sitk.Image, other: sitk.Image, name: str) -> sitk.Image:
    if not np.any(sitk.GetArrayViewFromImage(segment)):  # an empty segment lies nowhere
        empty = sitk.Image(other.GetSize(), sitk.sitkUInt8)
        empty.CopyInformation(other)
        return empty
    grid = Grid.of(segment)
    reach = grid.indices(Grid.of(other).corners)
    size = np.maximum(reach.max(axis=0), grid.size) - np.minimum(reach.min(axis=0), 0)
    if np.prod(size) > _MOST_VOXELS:
        raise KneeError(_("'{name}': segmentation and ground truth lie far apart").format(name=name))
    enlarged = covering(segment, other)
    if sorted(enlarged.GetSize()) == sorted(other.GetSize()) and not Grid.of(enlarged).coincides_with(Grid.of(other)):
        # Images of the same size are taken for images of the same grid, which these are not.
        enlarged = sitk.ConstantPad(enlarged, [0, 0, 0], [1, 0, 0], 0)
    return enlarged
