"""Masks on different grids: the same answer in whatever order their axes are stored, exact where it can be."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib.images.grid import Grid
from KneeCartilageSegLib.quality.metrics import METRICS, compare
from KneeCartilageSegLib.quality.space import common_grid

HALF = 12.0  # mm; all images reach from -HALF to HALF, so that edges of voxels lie on the same planes


def box(spacing: tuple[float, float, float], lower: float, upper: float, direction=None) -> sitk.Image:
    """A cube from lower to upper along all axes; a voxel belongs to it if its center does."""
    size = [round(2 * HALF / s) for s in spacing]
    axes = [(np.arange(n) + 0.5) * s - HALF for n, s in zip(size, spacing)]
    inside = [(axis > lower) & (axis < upper) for axis in axes]
    image = sitk.GetImageFromArray(np.einsum("k,j,i->kji", *inside[::-1]).astype(np.uint8))
    image.SetSpacing(spacing)
    direction = direction or (1, 0, 0, 0, 1, 0, 0, 0, 1)
    image.SetDirection(direction)
    first = np.reshape(direction, (3, 3)) @ [-HALF + s / 2 for s in spacing]
    image.SetOrigin(first.tolist())
    return image


def shared_cube(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float, float]:
    """Volumes of two cubes and of what they share."""
    sides = [upper - lower for lower, upper in (first, second)]
    common = min(first[1], second[1]) - max(first[0], second[0])
    return sides[0] ** 3, sides[1] ** 3, common**3


def orders(image: sitk.Image) -> list[sitk.Image]:
    """The same voxels in the same places, stored in other orders."""
    flips = [list(flip) for flip in itertools.product((False, True), repeat=3)]
    stored = [sitk.Flip(image, flip) for flip in flips]
    return stored + [sitk.PermuteAxes(image, [2, 0, 1]), sitk.Flip(sitk.PermuteAxes(image, [1, 0, 2]), flips[5])]


@pytest.mark.parametrize("direction", [None, oblique(0.3, -0.2, 0.5)])
@pytest.mark.parametrize(
    ("fine", "coarse"),
    [
        ((0.5, 0.5, 1.0), (1.0, 1.0, 2.0)),  # even
        ((0.25, 0.5, 0.5), (1.0, 1.0, 1.0)),  # four times and twice
        ((0.5, 0.5, 0.5), (1.5, 1.5, 1.5)),  # odd
        ((1.0, 1.0, 1.0), (1.5, 1.5, 3.0)),  # 2 to 3
        ((0.5, 1.0, 2.0), (1.0, 0.5, 1.0)),  # finer along one axis, coarser along another
    ],
)
def test_whole_ratios_are_exact_whatever_the_order_of_the_axes(fine, coarse, direction):
    segmentation, truth = box(fine, -6, 0, direction), box(coarse, -6, 6, direction)
    volumes = shared_cube((-6, 0), (-6, 6))
    for mine, true in itertools.product(orders(segmentation), (truth, sitk.Flip(truth, [True, False, True]))):
        (quality,) = compare(mine, true)
        assert quality.segmentation_volume == pytest.approx(volumes[0])
        assert quality.truth_volume == pytest.approx(volumes[1])
        assert quality.dice == pytest.approx(2 * volumes[2] / (volumes[0] + volumes[1]))
        assert quality.hausdorff == pytest.approx(6 * np.sqrt(3), abs=np.linalg.norm(coarse))
        assert "which divide the voxels of both" in quality.note


def test_voxels_that_are_shifted_by_half_a_voxel_are_divided():
    truth = box((1.0, 1.0, 1.0), -6, 6)
    larger = sitk.ConstantPad(truth, (1, 1, 1), (0, 0, 0))
    larger.SetOrigin([o + 0.5 for o in larger.GetOrigin()])
    (quality,) = compare(larger, truth)
    assert quality.dice == pytest.approx(11.5**3 / 12**3)


@pytest.mark.parametrize("spacing", [(0.43, 0.71, 1.31), (0.7, 0.7, 0.7)])
@pytest.mark.parametrize("turned", [None, oblique(0.1, 0.2, -0.1), oblique(0, 0, np.pi / 4)])
def test_other_ratios_and_directions_give_one_answer_and_nearly_the_right_one(spacing, turned):
    truth = box((1.0, 0.9, 1.1), -5.5, 5.5)
    segmentation = box(spacing, -5.5, 5.5, turned)
    truths = truth, sitk.Flip(truth, [True] * 3)
    found = [compare(mine, true)[0] for mine in orders(segmentation)[::3] for true in truths]
    for quality in found[1:]:
        for metric in METRICS:
            assert getattr(quality, metric.key) == pytest.approx(getattr(found[0], metric.key), abs=1e-9)
    assert "where the nearest voxel of each counts" in found[0].note
    assert found[0].segmentation_volume == pytest.approx(11**3, rel=0.12)


def test_both_ways_round_the_grid_is_the_finer_one():
    fine, coarse = (Grid.of(box(spacing, -1, 1)) for spacing in ((0.5, 0.5, 1.0), (1.0, 1.0, 2.0)))
    for common, exact in (common_grid(fine, coarse), common_grid(coarse, fine)):
        assert exact
        assert common.coincides_with(fine)


def test_a_label_that_is_in_neither_mask_is_no_agreement():
    mask = box((1.0, 1.0, 1.0), -6, 6)
    there, absent = compare(mask, mask, [1, 7])
    assert there.dice == 1
    assert all(np.isnan(getattr(absent, m.key)) for m in METRICS if "volume_mm3" not in m.column)
    assert absent.segmentation_volume == absent.truth_volume == 0
    assert "label 7 is in neither mask" in absent.note
