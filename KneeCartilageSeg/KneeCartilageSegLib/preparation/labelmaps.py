"""Femur and femoral cartilage out of label maps, and what must be true of them in a reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from ..errors import InputError, Problem
from ..images.grid import Grid
from ..images.masks import dilate, volume
from ..images.regions import bounding_box, crop, paste
from ..tissue import Tissue

_SPECKS = 0.01  # of a structure's volume: pieces that are smaller together are left out, more is no single structure
_CONTACT_DISTANCE = 1.0  # mm from bone at which cartilage lies on it; some segmentations leave a voxel between
# Share of the cartilage's surface that lies on the femur at least. In expert segmentations of eight knees femoral
# cartilage has 0.39 to 0.45 touching bone, tibial and patellar cartilage 0.01 at most.
_LEAST_CONTACT = 0.15
_SHOWN_LABELS = 12  # labels of a map that a message lists at most


@dataclass(frozen=True)
class Labels:
    """Which values of a label map are femur and which are femoral cartilage; none: any value but 0."""

    femur: tuple[int, ...] = ()
    cartilage: tuple[int, ...] = ()

    def of(self, tissue: Tissue) -> tuple[int, ...]:
        return self.femur if tissue is Tissue.FEMUR else self.cartilage


@dataclass(frozen=True)
class Preset:
    """The values in the label maps of a public data set."""

    labels: Labels
    description: str


PRESETS = {
    "oaizib-cm": Preset(Labels((1,), (2,)), "OAIZIB-CM, and OAI-ZIB before it"),
    "ski10": Preset(Labels((1,), (2,)), "SKI10"),
    "nnunet": Preset(Labels((1,), (2,)), "what 'export-nnunet' writes, and networks that were trained with it predict"),
    "phantom": Preset(Labels((1,), (2,)), "label maps of the digital knee"),
    "ours": Preset(Labels(), "a femur mask NAME_f of this tool; its cartilage mask NAME_fc lies beside it"),
}


@dataclass(frozen=True)
class KneeMasks:
    """The masks of a reference.

    :param masks: femur and cartilage, uint8, 0 and 1.
    :param contact: share of the cartilage's surface that lies on the femur.
    :param notes: what was left out.
    """

    masks: dict[Tissue, sitk.Image]
    contact: float
    notes: tuple[str, ...]

    @property
    def volumes(self) -> dict[Tissue, float]:
        """mm3"""
        return {tissue: volume(mask) for tissue, mask in self.masks.items()}


def select(labelmap: sitk.Image, values: Sequence[int], tissue: Tissue) -> sitk.Image:
    """The mask (uint8, 0 and 1) of values in a label map; of no values, that of all but 0.

    :raises InputError: if the map holds fractions, or none of the values.
    """
    array = sitk.GetArrayViewFromImage(labelmap)
    present = np.unique(array)
    if np.any(present != np.round(present)):
        remedy = "Threshold probabilities first; a label map holds whole numbers"
        raise InputError([Problem("the label map holds fractions", remedy)])
    if not np.isin(present, values).any() if values else not present.any():
        name = {Tissue.FEMUR: "--femur", Tissue.CARTILAGE: "--cartilage"}[tissue]
        shown = ", ".join(f"{value:g}" for value in present[:_SHOWN_LABELS])
        more = " and more" if len(present) > _SHOWN_LABELS else ""
        if not values:
            remedy = "Segment it first, or choose another one"
            raise InputError([Problem(f"the {tissue.title} has no voxel", remedy)])
        what = " or ".join(map(str, values))
        message = f"no voxel of the label map has the value {what} ({name}); it holds {shown}{more}"
        raise InputError([Problem(message, "Name the label values that it has, or choose a --preset")])
    mask = np.isin(array, values) if values else array != 0
    made = sitk.GetImageFromArray(mask.astype(np.uint8))
    made.CopyInformation(labelmap)
    return made


def absent_values(labelmap: sitk.Image, values: Sequence[int]) -> list[int]:
    """The values that no voxel of a label map has."""
    return np.setdiff1d(values, sitk.GetArrayViewFromImage(labelmap)).tolist()


def check_knee(femur: sitk.Image, cartilage: sitk.Image) -> KneeMasks:
    """The masks of a knee without specks, if they can be those of a reference.

    :param femur: uint8, 0 and 1; ``cartilage`` likewise, on the same grid.
    :raises InputError: with everything that is wrong: a femur in pieces, cartilage that does not lie on it, cartilage
        larger than bone.
    """
    bone, notes, problems = _largest_piece(femur)
    on_bone, cartilage_notes, off_bone = _pieces_on(cartilage, bone)
    notes += cartilage_notes
    problems += off_bone
    contact = _contact(on_bone, bone)
    if not off_bone and contact < _LEAST_CONTACT:
        message = f"only {contact:.1%} of the cartilage's surface lies on the femur: it is that of another bone"
        problems.append(Problem(message, "Choose what is the femoral cartilage (--cartilage)"))
    if volume(on_bone) > volume(bone):
        sizes = f"{volume(on_bone) / 1000:.0f} and {volume(bone) / 1000:.0f} cm3"
        message = f"there is more cartilage than bone ({sizes}): the two are probably swapped"
        problems = [Problem(message, "Choose femur and cartilage the other way round (--femur, --cartilage)")]
    if problems:
        raise InputError(problems)
    return KneeMasks({Tissue.FEMUR: bone, Tissue.CARTILAGE: on_bone}, contact, tuple(notes))


def check_grid(labelmap: sitk.Image, image: sitk.Image) -> None:
    """See whether a label map lies on the grid of its image.

    :raises InputError: if it does not.
    """
    mine, grid = Grid.of(labelmap), Grid.of(image)
    if mine.coincides_with(grid):
        return
    apart = ""
    if np.array_equal(mine.size, grid.size):
        apart = f", {np.linalg.norm(mine.corners - grid.corners, axis=1).max():.3g} mm apart at the corners"
    message = f"the label map is not on the grid of its image ({mine.difference(grid)}{apart})"
    raise InputError([Problem(message, "Resample it to the image's grid, or correct the header that is wrong")])


def _largest_piece(femur: sitk.Image) -> tuple[sitk.Image, list[str], list[Problem]]:
    pieces = sitk.RelabelComponent(sitk.ConnectedComponent(femur, True))
    array = sitk.GetArrayViewFromImage(pieces)
    total, largest = np.count_nonzero(array), np.count_nonzero(array == 1)
    if largest < (1 - _SPECKS) * total:
        message = f"the femur is in {int(array.max())} pieces, of which the largest is {largest / total:.0%}"
        return femur, [], [Problem(message, "Correct the segmentation, or choose what is the femur (--femur)")]
    return pieces == 1, _left_out("femur", femur, total - largest), []


def _pieces_on(cartilage: sitk.Image, femur: sitk.Image) -> tuple[sitk.Image, list[str], list[Problem]]:
    """The pieces of the cartilage that lie on the femur; several, where it is worn down to the bone."""
    pieces = sitk.ConnectedComponent(cartilage, True)
    array = sitk.GetArrayViewFromImage(pieces)
    near = sitk.GetArrayFromImage(_surroundings(femur, cartilage)) != 0
    kept = np.isin(array, np.setdiff1d(array[near], 0))
    total, count = np.count_nonzero(array), np.count_nonzero(kept)
    if count < (1 - _SPECKS) * total:
        message = f"{1 - count / total:.0%} of the cartilage does not lie on the femur"
        remedy = "Correct the segmentation, or choose what is the femoral cartilage (--cartilage)"
        return cartilage, [], [Problem(message, remedy)]
    made = sitk.GetImageFromArray(kept.astype(np.uint8))
    made.CopyInformation(cartilage)
    return made, _left_out("cartilage", cartilage, total - count), []


def _left_out(what: str, mask: sitk.Image, voxels: int) -> list[str]:
    if not voxels:
        return []
    size = voxels * volume(mask) / np.count_nonzero(sitk.GetArrayViewFromImage(mask))
    return [f"left out of the {what}: specks of {size:.3g} mm3 together"]


def _surroundings(femur: sitk.Image, cartilage: sitk.Image) -> sitk.Image:
    """What lies on the femur, on the grid of the cartilage; found only where cartilage is."""
    reach = max(_CONTACT_DISTANCE, 1.01 * min(femur.GetSpacing()))
    part = crop(femur, *bounding_box(cartilage), margin=2 * reach)
    if not sitk.GetArrayViewFromImage(part).any():
        return femur * 0
    return paste(dilate(part, reach), femur)


def _contact(cartilage: sitk.Image, femur: sitk.Image) -> float:
    surface = sitk.GetArrayFromImage(cartilage - sitk.BinaryErode(cartilage, (1, 1, 1), sitk.sitkCross)) != 0
    near = sitk.GetArrayFromImage(_surroundings(femur, cartilage)) != 0
    return int(np.count_nonzero(surface & near)) / max(1, int(np.count_nonzero(surface)))
