"""Segment one knee: align it from the best start, register it in stages, warp the references' masks back onto it, fuse
them if there are several, and measure whether the result can be trusted.

Everything here works on images in memory; :mod:`.segmentation.results` writes them to files, :mod:`.segmentation.run`
does that for many knees.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import SimpleITK as sitk

from ..elastix.engine import Engine
from ..fusion.fuse import Fused
from ..images.backward import Residual, measure_residual
from ..images.masks import volume
from ..images.regions import mask_points, points_inside
from ..images.transforms import folding, map_points, pose
from ..registration.align import Aligned, Alignment, RegistrationJob, finish
from ..registration.expectation import expected_dice
from ..registration.limits import Flag, Limits, judge, rejects
from ..registration.reference import Reference
from ..registration.stages import STAGES, Stage, last_stage
from ..runs.beside import Beside, at_once
from ..runs.steps import CHECKS_STEP, MASKS_STEP, OTHER_REFERENCES
from ..tissue import Tissue
from .carrying import (
    Carried,
    Contribution,
    Linked,
    Start,
    Warped,
    agreement,
    carry,
    choose,
    disagreement_map,
    fuse_masks,
    fused_mask,
    local_match,
    region_of,
    voting_grid,
    warp,
)

_RESIDUAL_POINTS = 2000
_INSIDE_POINTS = 2000
_FEWEST_FOR_OUTLIER = 3  # references: of two, nobody can say which is wrong


@dataclass(frozen=True)
class Segmentation:
    """The result for one knee.

    :param reference: as it was used: as it is, or mirrored.
    :param masks: uint8 masks (0 and 1) on the moving image's own grid.
    :param alignment: the registration of the first reference; the files of its stages lie in the working folder.
    :param measurements: see :mod:`.registration.limits`.
    :param flags: the measurements that are outside their limits.
    :param seconds: by step.
    :param contributions: what each reference that was fused has contributed; one if there was nothing to fuse.
    :param disagreement: of several references: uint8 on the moving image's grid, the percentage that is outvoted.
    """

    reference: Reference
    masks: Mapping[Tissue, sitk.Image]
    alignment: Alignment
    measurements: Mapping[str, float]
    flags: tuple[Flag, ...]
    seconds: Mapping[str, float]
    contributions: tuple[Contribution, ...] = ()
    disagreement: sitk.Image | None = None

    @property
    def failed(self) -> bool:
        """Whether the result must not be used."""
        return rejects(self.flags)


def segment(
    linear: Aligned,
    limits: Limits,
    linked: Sequence[Linked] = (),
    at_most: int | None = None,
    beside: Beside | None = None,
    keep: Callable[[Reference, Alignment], None] = lambda reference, alignment: None,
) -> Segmentation:
    """Segment femur and femoral cartilage.

    :param linear: the knee, aligned by the linear stages with the reference, or with the first of several.
    :param linked: the other references.
    :param at_most: how many references to use; None for all.
    :param beside: further threads that help.
    :param keep: called with the first reference, and its registration as far as it has come, as it goes on.
    :raises EngineError: if elastix fails.
    :raises Cancelled: if the engine was cancelled.
    """
    beside = beside or Beside(0, lambda: linear.job.engine)
    job, stages, measurements = linear.job, STAGES[linear.job.modality], dict(linear.measurements)
    shared = last_stage(stages, Tissue.FEMUR)
    keep(job.reference, linear.alignment)
    alignment = finish(linear, stages[:shared]).alignment
    keep(job.reference, alignment)
    begun = time.perf_counter()
    starts = [Start(0, measurements["sharpness_aligned"], job, alignment)]
    if linked:
        count = len(linear.alignment.stages)
        starts = choose(job, linked, alignment, measurements["sharpness_aligned"], count, at_most or len(linked) + 1)
    maker = _Maker(job, starts, beside.count + 1)
    # Its elastix leaves a core to what is known by then.
    femur = beside.submit(lambda: maker.make(maker.femurs(), stages[shared - 1]))
    carried = _carry_all(starts, stages[shared:], maker.grids[Tissue.CARTILAGE], beside, partial(keep, job.reference))
    carried_at = time.perf_counter()
    job.progress(MASKS_STEP)
    cartilages = [one.cartilage for one in carried]
    fused, mask = maker.fuse(cartilages)
    masks_done = time.perf_counter()
    job.progress(CHECKS_STEP)
    cartilage = maker.check(cartilages, fused, mask, stages[last_stage(stages, Tissue.CARTILAGE) - 1])
    made = {Tissue.FEMUR: femur.result(), Tissue.CARTILAGE: cartilage}
    for one in made.values():
        measurements.update(one.measurements)
    measurements.update(local_match(carried))
    measurements["expected_dice"] = expected_dice(job.modality, measurements["local_fc"], len(carried))
    several = len(carried) > 1
    if several:
        measurements["references"] = len(carried)
    first = carried[0].alignment
    seconds = {result.stage.name: result.seconds for result in first.stages}
    if several:
        own = sum(result.seconds for result in first.stages[shared:])
        seconds[OTHER_REFERENCES] = carried_at - begun - own
    seconds.update({MASKS_STEP: masks_done - carried_at, CHECKS_STEP: time.perf_counter() - masks_done})
    votes = {tissue: one.fused for tissue, one in made.items()}
    return Segmentation(
        job.reference,
        {tissue: one.mask for tissue, one in made.items()},
        first,
        measurements,
        tuple(judge(measurements, limits)),
        seconds,
        tuple(_contribution(start, position, made) for position, start in enumerate(starts)),
        disagreement_map(votes, maker.grids, maker.regions, job.moving) if several else None,
    )


def _carry_all(
    starts: Sequence[Start],
    stages: Sequence[Stage],
    grid: sitk.Image,
    beside: Beside,
    done: Callable[[Alignment], None],
) -> list[Carried]:
    """
    :param done: called with the registration of the first reference.
    """
    if len(starts) == 1:
        return [carry(starts[0], starts[0].job.engine, stages, grid, beside.submit, done)]

    def carry_one(start: Start, engine: Engine) -> Carried:
        return carry(start, engine, stages, grid, at_once, done if start is starts[0] else lambda alignment: None)

    return beside.map_registrations(carry_one, starts)


@dataclass(frozen=True)
class _Made:
    """What came of the masks of a tissue: fused, on the moving image's grid, and measured.

    :param agreement: of each reference, see :func:`.carrying.agreement`.
    """

    fused: Fused
    mask: sitk.Image
    measurements: Mapping[str, float]
    agreement: tuple[float, ...]


def _contribution(start: Start, position: int, made: Mapping[Tissue, _Made]) -> Contribution:
    weights = {tissue: one.fused.weights[position] for tissue, one in made.items()}
    return Contribution(
        start.number, start.sharpness, weights, {tissue: one.agreement[position] for tissue, one in made.items()}
    )


class _Maker:
    """Makes masks of what references have to say.

    :param threads: how many may help to fuse.
    """

    def __init__(self, job: RegistrationJob, starts: Sequence[Start], threads: int):
        self._job, self._starts, self._threads = job, starts, threads
        self.regions = {tissue: region_of(starts, tissue) for tissue in Tissue}
        self.grids = {tissue: voting_grid(self.regions[tissue], tissue) for tissue in Tissue}

    def femurs(self) -> list[Warped]:
        """The femur masks of all references; they need none of the cartilage's stages."""
        grid = self.grids[Tissue.FEMUR]
        return [warp(start, start.alignment.chain, Tissue.FEMUR, grid) for start in self._starts]

    def make(self, warped: Sequence[Warped], stage: Stage) -> _Made:
        """Fuse masks, and measure the result.

        :param stage: the last of the tissue.
        """
        return self.check(warped, *self.fuse(warped), stage)

    def fuse(self, warped: Sequence[Warped]) -> tuple[Fused, sitk.Image]:
        """Fuse masks; also on the moving image's grid."""
        tissue = warped[0].tissue
        fused = fuse_masks(warped, self.grids[tissue], self._threads)
        return fused, fused_mask(fused, self.grids[tissue], self.regions[tissue], self._job.moving)

    def check(self, warped: Sequence[Warped], fused: Fused, mask: sitk.Image, stage: Stage) -> _Made:
        """Measure the result of :meth:`fuse`.

        :param stage: the last of the tissue.
        """
        measured = {
            **_measure_residuals(self._job.moving, warped),
            **_measure_tissue(self._job, warped[0], mask, stage),
        }
        tissue, agreeing = warped[0].tissue.value, agreement(warped, fused)
        if len(agreeing) > 1:
            measured[f"agreement_{tissue}"] = float(np.mean(agreeing))
        if len(agreeing) >= _FEWEST_FOR_OUTLIER:
            measured[f"outlier_{tissue}"] = min(agreeing) / max(float(np.median(agreeing)), 0.01)
        return _Made(fused, mask, measured, agreeing)


def _measure_residuals(moving: sitk.Image, warped: Sequence[Warped]) -> dict[str, float]:
    """How well the way back leads back, in the reference's mask; of several references the median, since it takes most
    of them to spoil what they say together."""
    found = [residual for one in warped if (residual := _measure_residual(moving, one)) is not None]
    if not found:
        return {}
    tissue = warped[0].tissue
    mean, percentile95, maximum = np.median([(one.mean, one.percentile95, one.maximum) for one in found], axis=0)
    return {
        f"residual_{tissue.value}_mean": float(mean),
        f"residual_{tissue.value}_p95": float(percentile95),
        f"residual_{tissue.value}_max": float(maximum),
    }


def _measure_residual(moving: sitk.Image, warped: Warped) -> Residual | None:
    points = mask_points(warped.start.job.reference.masks[warped.tissue], _RESIDUAL_POINTS)
    # Where the mask leaves the moving image there is nothing to map back.
    kept = points[points_inside(moving, map_points(warped.chain.composite(), points))]
    return measure_residual(warped.chain, warped.backward, kept) if len(kept) else None


def _measure_tissue(job: RegistrationJob, warped: Warped, mask: sitk.Image, stage: Stage) -> dict[str, float]:
    tissue, chain = warped.tissue, warped.chain
    match = job.reference.sampler(stage).measure(job.moving, chain)
    reference_mask = job.reference.masks[tissue]
    points = map_points(chain.composite(), mask_points(reference_mask, _INSIDE_POINTS))
    # Of a femur whose shaft the image does not show, only what it shows can have a volume.
    shown = max(float(points_inside(job.moving, points).mean()), 0.01)
    volumes = volume(mask), volume(reference_mask) * shown
    scale = pose(chain)["scale"]
    return {
        f"sharpness_{tissue.value}": match.sharpness,
        f"information_{tissue.value}": match.information,
        f"inside_{tissue.value}": match.inside,
        f"gray_low_{tissue.value}": match.gray.low,
        f"gray_high_{tissue.value}": match.gray.high,
        f"clipped_{tissue.value}": match.gray.clipped,
        f"folding_{tissue.value}": folding(chain, reference_mask, job.moving),
        f"volume_{tissue.value}": volumes[0],
        f"growth_{tissue.value}": volumes[0] / volumes[1] / scale**3,
    }
