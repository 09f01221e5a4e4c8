"""Carry the masks of one or several references over to a knee, and fuse them.

The knee is registered to the first reference. How the others lie to that one is known (see
:mod:`.segmentation.links`), so that each of them starts from both, one after the other, and needs only the stages that
are guided by the cartilage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Callable

import numpy as np
import SimpleITK as sitk

from ..elastix.engine import Engine
from ..elastix.transforms import write_reflection
from ..fusion.fuse import Fused, Method, fuse, gray_margin
from ..fusion.votes import disagreement
from ..images.backward import Backward
from ..images.regions import crop_to_points, mask_points, paste, shrink
from ..images.transforms import Chain, map_points
from ..images.warping import mask_of, onto, warp_gray, warp_vote
from ..registration.align import Alignment, RegistrationJob, register, start_from_chain
from ..registration.local_match import LocalMatch
from ..registration.match import MATCH_SPACING
from ..registration.reference import Reference
from ..registration.stages import Stage
from ..tissue import Tissue

# Bone is large and its surface sharp: there the vote without gray values is as good, and the cheapest.
METHODS = {Tissue.FEMUR: Method.MAJORITY, Tissue.CARTILAGE: Method.JOINT}
# mm; the size of the voxels that vote, about: its surface is smooth, and a vote tells where in a voxel it lies. Thin
# cartilage needs those of the image.
VOTING_SPACING = {Tissue.FEMUR: 0.75, Tissue.CARTILAGE: None}

# mm kept round the masks' expected places: the cartilage's stage moves them, and fusion looks at what is round them.
_REGION_MARGIN = 8.0
_REGION_POINTS = 2000
_PERCENT = 100


@dataclass(frozen=True)
class Linked:
    """A further reference, and how it lies to the first one.

    :param files: transform parameter files that map its points to the first reference, in the order of use.
    :param mirrored: whether they map the points of its mirror image: the two are knees of different sides.
    """

    reference: Reference
    files: tuple[Path, ...]
    mirrored: bool = False


@dataclass(frozen=True)
class Contribution:
    """What a reference has contributed.

    :param number: of the reference, from 0; 0 is the one that the knee was registered to.
    :param sharpness: of its match after the linear stages, see :class:`.registration.match.Match`.
    :param weights: its share of the votes where references disagree, by tissue; they add up to 1.
    :param agreement: Dice coefficient of its own mask and the fused one, by tissue.
    """

    number: int
    sharpness: float
    weights: Mapping[Tissue, float]
    agreement: Mapping[Tissue, float]


@dataclass(frozen=True)
class Start:
    """A reference and where its own stages start from."""

    number: int
    sharpness: float
    job: RegistrationJob
    alignment: Alignment


@dataclass(frozen=True)
class Warped:
    """A mask of a reference, warped to a knee.

    :param chain: what it was warped by; the femur's is not bent by the cartilage's stages.
    :param backward: the way back.
    :param votes: int8, z x y x x, on the voting grid of the tissue, see :mod:`.images.warping`.
    """

    start: Start
    tissue: Tissue
    chain: Chain
    backward: Backward
    votes: np.ndarray


@dataclass(frozen=True)
class Carried:
    """A reference that was registered to a knee.

    :param alignment: by all stages.
    :param cartilage: its mask.
    :param local: how well the cartilage's surroundings match.
    """

    start: Start
    alignment: Alignment
    cartilage: Warped
    local: LocalMatch


def choose(
    job: RegistrationJob, linked: Sequence[Linked], aligned: Alignment, sharpness: float, count: int, at_most: int
) -> list[Start]:
    """The first reference, and those of the others that match best after the linear stages.

    :param aligned: of the first reference, by the stages that all share.
    :param sharpness: of its match after the linear stages.
    :param count: of the linear stages among these.
    :param at_most: references.
    """
    starts = []
    for number, other in enumerate(linked, start=1):
        folder = job.folder / f"reference{number + 1}"
        folder.mkdir()
        used, files = _as_used(other, job.reference, folder)
        start = start_from_chain([*files, *aligned.files], folder)
        linear = Chain(start.chain.transforms[: len(start.files) - len(aligned.stages) + count])
        sampler = used.sampler(aligned.stages[count - 1].stage)
        match = sampler.measure(job.moving, linear, MATCH_SPACING).sharpness
        starts.append(Start(number, match, replace(job, reference=used, folder=folder), start))
    best = sorted(starts, key=lambda start: -start.sharpness)[: at_most - 1]
    return [Start(0, sharpness, job, aligned), *sorted(best, key=lambda start: start.number)]


def _as_used(other: Linked, first: Reference, folder: Path) -> tuple[Reference, tuple[Path, ...]]:
    """A further reference as the side that the first is used as, and the way from it to that.

    If the first is used as its mirror image, the way leads by both mirrors: what was registered are the knees of the
    other side.

    :param folder: for the mirrors.
    """
    mirrored = other.mirrored != (first.original is not None)
    used = other.reference.mirrored() if mirrored else other.reference
    if first.original is None:
        return used, other.files
    mirrors = folder / "mirror.txt", folder / "mirror_of_first.txt"
    write_reflection(mirrors[0], other.reference.mirror_plane)
    write_reflection(mirrors[1], first.mirror_plane)
    return used, (mirrors[0], *other.files, mirrors[1])


def region_of(starts: Sequence[Start], tissue: Tissue) -> sitk.Image:
    """The part of the moving image in which the masks of a tissue will lie."""
    points = [
        map_points(start.alignment.chain.composite(), mask_points(start.job.reference.masks[tissue], _REGION_POINTS))
        for start in starts
    ]
    return crop_to_points(starts[0].job.moving, np.concatenate(points), _REGION_MARGIN)


def voting_grid(region: sitk.Image, tissue: Tissue) -> sitk.Image:
    """The voxels that references vote on for a tissue; its gray values are those of the region."""
    return shrink(region, VOTING_SPACING[tissue])


def carry(
    start: Start,
    engine: Engine,
    stages: Sequence[Stage],
    grid: sitk.Image,
    submit: Callable[[Callable[[], Any]], Future],
    done: Callable[[Alignment], None],
) -> Carried:
    """Run the stages of one reference, and warp its cartilage.

    :param stages: those of its own, all of them guided by the cartilage.
    :param grid: of the cartilage, from :func:`voting_grid`.
    :param submit: begins something that needs no elastix, perhaps in another thread.
    :param done: called with the registration as soon as it is there.
    """
    alignment = register(replace(start.job, engine=engine), stages, start.alignment)
    local = submit(lambda: start.job.reference.local_sampler().measure(start.job.moving, alignment.chain))
    done(alignment)
    return Carried(start, alignment, warp(start, alignment.chain, Tissue.CARTILAGE, grid), local.result())


def warp(start: Start, chain: Chain, tissue: Tissue, grid: sitk.Image) -> Warped:
    """Warp a mask of a reference.

    :param grid: from :func:`voting_grid`.
    """
    backward = Backward(chain, grid)
    soft = start.job.reference.soft_mask(tissue, VOTING_SPACING[tissue])
    return Warped(start, tissue, chain, backward, warp_vote(soft, backward, grid))


def fuse_masks(warped: Sequence[Warped], grid: sitk.Image, threads: int) -> Fused:
    """Fuse the masks of a tissue.

    :param grid: from :func:`voting_grid`.
    :param threads: how many to use.
    """
    votes = [one.votes for one in warped]
    spacing = grid.GetSpacing()[::-1]
    where = gray_margin(disagreement(votes) > 0, spacing)

    def images() -> Iterator[np.ndarray]:
        for one in warped:
            yield warp_gray(one.start.job.reference.image, one.backward, grid, where)

    return fuse(METHODS[warped[0].tissue], votes, sitk.GetArrayViewFromImage(grid), images(), spacing, threads)


def agreement(warped: Sequence[Warped], fused: Fused) -> tuple[float, ...]:
    """The Dice coefficient of each reference's own mask and the fused one."""
    own = [one.votes > 0 for one in warped]
    sizes = [np.count_nonzero(mask) + np.count_nonzero(fused.inside) for mask in own]
    shared = [2 * np.count_nonzero(mask & fused.inside) for mask in own]
    return tuple(s / max(1, n) for s, n in zip(shared, sizes))


def fused_mask(fused: Fused, grid: sitk.Image, region: sitk.Image, moving: sitk.Image) -> sitk.Image:
    """A fused mask (uint8, 0 and 1) on the moving image's grid.

    :param grid: that was voted on.
    :param region: from :func:`region_of`.
    """
    return paste(mask_of(onto(fused.scores, grid, region) > 0, region), moving)


def local_match(carried: Sequence[Carried]) -> dict[str, float]:
    """How well the surroundings of the cartilage match, in the mean of the references."""
    return {
        "local_fc": float(np.mean([one.local.mean for one in carried])),
        "mismatch_fc": float(np.mean([one.local.poor for one in carried])),
    }


def disagreement_map(
    fused: Mapping[Tissue, Fused],
    grids: Mapping[Tissue, sitk.Image],
    regions: Mapping[Tissue, sitk.Image],
    moving: sitk.Image,
) -> sitk.Image:
    """The percentage of the references that is outvoted, uint8 (0 to 50) on the moving image's grid; of the tissues the
    larger one."""
    percent = [
        paste(mask_of(_percent(result, grids[tissue], regions[tissue]), regions[tissue]), moving)
        for tissue, result in fused.items()
    ]
    return sitk.Maximum(*percent)


def _percent(fused: Fused, grid: sitk.Image, region: sitk.Image) -> np.ndarray:
    return np.rint(onto(_PERCENT * fused.disagreement.astype(np.float32), grid, region))
