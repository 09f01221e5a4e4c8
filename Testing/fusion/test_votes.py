"""Votes of several references on arrays so small that the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from KneeCartilageSegLib.fusion.fuse import Method, fuse
from KneeCartilageSegLib.fusion.patches import block, box_sum, offsets, patch_radius, search_radius, tiles
from KneeCartilageSegLib.fusion.votes import disagreement, local_vote, majority, normalize

SPACING = (0.365, 0.365, 0.7)


def line(*values):
    return np.array(values, np.float32).reshape(1, 1, -1)


def test_gray_values_get_median_0_and_interquartile_range_1():
    values = np.array([0, 1, 2, 3, 4, 1000], np.float32)
    known = np.array([True] * 5 + [False])
    np.testing.assert_allclose(normalize(values, known)[:5], [-1, -0.5, 0, 0.5, 1])


def test_a_constant_image_is_normalized_to_0():
    assert not normalize(np.full(5, 7.0), np.ones(5, bool)).any()


def test_majority_is_the_mean_of_the_votes():
    np.testing.assert_allclose(majority([line(0.5, -0.5), line(-0.1, 0.1)]), line(0.2, -0.2))


def test_a_sure_reference_outvotes_two_that_are_near_their_surface():
    assert majority([line(0.5), line(-0.1), line(-0.1)]) > 0


def test_disagreement_is_the_share_that_is_outvoted():
    votes = [
        line(0.5, 0.5, -0.5, 0.1),
        line(0.5, -0.5, -0.5, 0.2),
        line(0.5, 0.5, -0.5, -0.1),
        line(0.5, -0.1, -0.5, 0.3),
    ]
    np.testing.assert_allclose(disagreement(votes), line(0, 0.5, 0, 0.25))


def test_local_weights_by_hand():
    target, where = line(0, 0, 0), np.array([[[False, True, False]]])
    images = [line(0.1, 0.2, 0.3), line(1, 1, 1)]
    votes = [line(0.5, 0.5, 0.5), line(-0.5, -0.5, -0.5)]
    scores, weights = local_vote(target, images, votes, where, (0, 0, 1))
    differences = (0.01 + 0.04 + 0.09) / 3, 1
    expected = np.array([(d + 0.01) ** -2 for d in differences])
    expected /= expected.sum()
    np.testing.assert_allclose(weights, expected, rtol=1e-5)
    np.testing.assert_allclose(scores, line(0, 0.5 * (expected[0] - expected[1]), 0), atol=1e-6)


@pytest.mark.parametrize("method", list(Method))
def test_references_that_agree_are_followed(method):
    votes = [np.where(np.arange(64).reshape(4, 4, 4) < 32, 0.5, -0.5)] * 3
    images = [np.random.default_rng(i).normal(size=(4, 4, 4)) for i in range(3)]
    fused = fuse(method, votes, images[0], images, SPACING)
    np.testing.assert_array_equal(fused.inside, votes[0] > 0)
    assert not fused.disagreement.any()
    assert fused.weights == pytest.approx((1 / 3, 1 / 3, 1 / 3))


@pytest.mark.parametrize("method", list(Method))
def test_one_reference_is_its_own_mask(method):
    vote = np.random.default_rng(0).uniform(-0.5, 0.5, (5, 6, 7))
    fused = fuse(method, [vote], vote, [vote], SPACING)
    np.testing.assert_array_equal(fused.inside, vote > 0)
    assert fused.weights == (1.0,)


@pytest.mark.parametrize("method", [Method.LOCAL, Method.JOINT])
def test_the_reference_that_looks_like_the_knee_wins_against_two_others(method):
    random = np.random.default_rng(5)
    knee = random.normal(size=(10, 10, 10))
    images = [10 + 3 * knee, random.normal(size=knee.shape), random.normal(size=knee.shape)]
    true, false = np.full(knee.shape, 0.5), np.full(knee.shape, -0.5)
    fused = fuse(method, [true, false, false], knee, images, SPACING)
    assert fused.inside[3:7, 3:7, 3:7].all()
    assert not fuse(Method.MAJORITY, [true, false, false], knee, images, SPACING).inside.any()
    assert fused.weights[0] > 0.5


def test_patches_span_about_the_same_mm_whatever_the_voxel():
    assert patch_radius((0.365, 0.365, 0.7)) == (1, 1, 1)
    assert search_radius((0.365, 0.365, 0.7)) == (2, 2, 1)
    assert patch_radius((3.0, 0.45, 0.45)) == (0, 1, 1)
    assert search_radius((3.0, 0.45, 0.45)) == (0, 2, 2)
    assert patch_radius((1.5, 1.5, 1.5)) == search_radius((1.5, 1.5, 1.5)) == (1, 1, 1)


def test_tiles_cover_every_voxel_once():
    wanted = np.random.default_rng(2).uniform(size=(40, 70, 33)) < 0.01
    covered = np.zeros(wanted.shape, int)
    for box in tiles(wanted):
        covered[box] += 1
    assert covered.max() == 1
    assert covered[wanted].all()


def test_sums_over_patches():
    array = np.random.default_rng(1).normal(size=(5, 6, 7))
    sums = box_sum(array, (1, 0, 2))
    assert sums.shape == (3, 6, 3)
    assert sums[0, 4, 1] == pytest.approx(array[0:3, 4, 1:6].sum())


def test_a_block_beyond_the_array_repeats_its_edge():
    array = np.arange(6.0).reshape(1, 1, 6)
    part = block(array, (slice(0, 1), slice(0, 1), slice(4, 6)), (0, 1, 1))
    np.testing.assert_array_equal(part, [[[3, 4, 5, 5]] * 3])


def test_offsets_are_in_the_order_of_memory():
    assert offsets((0, 1, 0)).tolist() == [[0, -1, 0], [0, 0, 0], [0, 1, 0]]
