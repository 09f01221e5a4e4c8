"""Joint label fusion against a plain implementation of its formulas, and on cases with a known answer."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from KneeCartilageSegLib.fusion.fuse import Method, fuse
from KneeCartilageSegLib.fusion.joint import joint_vote
from KneeCartilageSegLib.fusion.votes import majority

PATCH, SEARCH = (1, 1, 2), (0, 1, 1)


def plain_joint_vote(target, images, votes, where, patch, search):
    """The formulas of the paper, voxel by voxel."""
    steps = list(itertools.product(*(range(-r, r + 1) for r in patch)))
    shifts = sorted(itertools.product(*(range(-r, r + 1) for r in search)), key=lambda s: sum(v**2 for v in s))
    shape = target.shape
    centers = [v for v in np.ndindex(*shape) if any(where[n] for n in neighbours(v, patch, shape))]

    def patch_at(array, center):
        padded = np.pad(array, 9, mode="edge")
        return padded[tuple(slice(c + 9 - r, c + 10 + r) for c, r in zip(center, patch))].ravel().astype(float)

    def scaled(values):
        return (values - values.mean()) / max(values.std(ddof=1), 0.1)

    sums, counts = np.zeros(shape), np.zeros(shape)
    for center in centers:
        own = scaled(patch_at(target, center))
        best = []
        for image in images:
            distances = [((own - scaled(patch_at(image, np.add(center, s)))) ** 2).sum() for s in shifts]
            best.append(shifts[int(np.argmin(distances))])
        differences = [own - scaled(patch_at(image, np.add(center, s))) for image, s in zip(images, best)]
        matrix = np.array([[((a @ b) / (len(steps) - 1)) ** 2 for b in differences] for a in differences])
        weights = np.maximum(np.linalg.solve(matrix + 0.03 * np.eye(len(images)), np.ones(len(images))), 0)
        weights /= weights.sum()
        for step in steps:
            place = tuple(np.add(center, step))
            if all(0 <= p < n for p, n in zip(place, shape)):
                seen = [vote[clipped(np.add(place, s), shape)] for vote, s in zip(votes, best)]
                sums[place] += np.dot(weights, seen)
                counts[place] += 1
    scores = sum(votes) / len(votes)
    scores[where] = sums[where] / counts[where]
    return scores


def clipped(index, shape):
    return tuple(int(np.clip(i, 0, n - 1)) for i, n in zip(index, shape))


def neighbours(index, radius, shape):
    ranges = (range(max(0, i - r), min(n, i + r + 1)) for i, r, n in zip(index, radius, shape))
    return itertools.product(*ranges)


@pytest.fixture
def scene():
    random = np.random.default_rng(3)
    target = random.normal(size=(5, 6, 7)).astype(np.float32)
    images = [target + random.normal(scale=s, size=target.shape).astype(np.float32) for s in (0.2, 0.7, 1.5)]
    votes = [random.uniform(-0.5, 0.5, target.shape).astype(np.float32) for _ in images]
    where = random.uniform(size=target.shape) < 0.03
    return target, images, votes, where


def test_joint_fusion_follows_its_formulas(scene):
    expected = plain_joint_vote(*scene, PATCH, SEARCH)
    scores, _ = joint_vote(*scene, PATCH, SEARCH)
    np.testing.assert_allclose(scores, expected, atol=2e-5)


def test_the_result_does_not_depend_on_tiles_or_threads(scene, monkeypatch):
    expected, expected_weights = joint_vote(*scene, PATCH, SEARCH)
    monkeypatch.setattr("KneeCartilageSegLib.fusion.patches.TILE", (3, 4, 2))
    scores, weights = joint_vote(*scene, PATCH, SEARCH, threads=2)
    np.testing.assert_allclose(scores, expected, atol=1e-5)
    np.testing.assert_allclose(weights, expected_weights, atol=1e-6)


def test_outside_the_disputed_voxels_the_majority_stands(scene):
    _, _, votes, where = scene
    scores, _ = joint_vote(*scene, PATCH, SEARCH)
    np.testing.assert_array_equal(scores[~where], majority(votes)[~where])


def test_references_that_err_together_share_one_vote():
    random = np.random.default_rng(0)
    target, error = random.normal(size=(2, 12, 12, 12)).astype(np.float32)
    own_error = random.normal(size=target.shape).astype(np.float32)
    # Three copies of one wrong reference against two that err alone.
    images = [target + error] * 3 + [target + own_error, target - 0.5 * own_error + 0.5 * np.roll(error, 5)]
    inside, outside = np.full(target.shape, 0.5, np.float32), np.full(target.shape, -0.5, np.float32)
    where = np.zeros(target.shape, bool)
    where[5:7, 5:7, 5:7] = True
    votes = [outside] * 3 + [inside] * 2
    scores, weights = joint_vote(target, images, votes, where, (1, 2, 2), (0, 0, 0))
    assert (majority(votes)[where] < 0).all()
    assert (scores[where] > 0).all()
    assert weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(weights[:3], weights[0], rtol=1e-4)
    assert weights[:3].sum() < weights[3:].sum()


def test_a_reference_that_is_shifted_by_a_voxel_is_found_and_votes_from_there():
    random = np.random.default_rng(1)
    target = random.normal(size=(6, 10, 10)).astype(np.float32)
    truth = np.where(np.arange(10) < 5, 0.5, -0.5).astype(np.float32) * np.ones((6, 10, 1), np.float32)
    where = np.zeros(target.shape, bool)
    where[2:4, 4:6, 3:7] = True
    shifted = [np.roll(array, 1, axis=2) for array in (target, truth)]
    scores, _ = joint_vote(target, [shifted[0]], [shifted[1]], where, (1, 1, 1), (0, 1, 1))
    np.testing.assert_allclose(scores[where], truth[where], atol=1e-6)


def test_flat_patches_have_no_say_about_weights():
    flat = np.zeros((6, 6, 6), np.float32)
    where = np.zeros(flat.shape, bool)
    where[3, 3, 3] = True
    votes = [flat + 0.5, flat + 0.5, flat - 0.5]
    scores, weights = joint_vote(flat, [flat, flat + 1, flat + 2], votes, where, (1, 1, 1), (0, 1, 1))
    np.testing.assert_allclose(weights, 1 / 3, rtol=1e-5)
    assert scores[3, 3, 3] == pytest.approx(1 / 6)


def test_thin_layers_keep_their_volume():
    """A wavy sheet of three voxels in noise, by five references that lie beside it: without the correction it
    loses 4 % of its volume."""
    rng = np.random.default_rng(5)
    _, y, x = np.mgrid[:10, :40, :60]

    def sheet(shift):
        return np.abs(y - 18 - 6 * np.sin(x / 12) - shift) < 1.6

    def image(mask):
        return (100 * mask + rng.normal(0, 60, mask.shape)).astype(np.float32)

    truth = sheet(0)
    masks = [sheet(shift + 0.8 * np.sin(x / 7 + number)) for number, shift in enumerate((-2.2, -1.1, 0.7, 1.4, 2.3))]
    votes = [np.where(mask, 60, -60).astype(np.int8) for mask in masks]
    images = [image(mask) for mask in masks]
    fused = fuse(Method.JOINT, votes, image(truth), images, (0.7, 0.4, 0.4))
    assert fused.inside.sum() / truth.sum() == pytest.approx(1, abs=0.03)
    assert 2 * (fused.inside & truth).sum() / (fused.inside.sum() + truth.sum()) > 0.98
