"""What tells a registration that went right from one that went wrong, and where a registration may start."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.images.masks import dilate
from KneeCartilageSegLib.images.regions import center, mask_points
from KneeCartilageSegLib.images.transforms import Chain
from KneeCartilageSegLib.phantom import KneeParameters
from KneeCartilageSegLib.registration.limits import Check, Limits, Use, default_limits, judge, keys_of, rejects
from KneeCartilageSegLib.registration.match import MatchSampler, mutual_information
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.registration.starts import starts

LEVELS = np.arange(16.0)


# ---- Mutual information of what can be computed by hand ----


def test_identical_values_have_their_entropy():
    values = np.tile(LEVELS, 100)
    assert mutual_information(values, values) == pytest.approx(np.log(16))
    halves = np.repeat([3.0, 7.0], 500)
    assert mutual_information(halves, halves) == pytest.approx(np.log(2))
    quarters = np.repeat([0.0, 1.0], [250, 750])
    entropy = -(0.25 * np.log(0.25) + 0.75 * np.log(0.75))
    assert mutual_information(quarters, 5 - quarters) == pytest.approx(entropy)


def test_independent_values_have_none():
    first, second = (axis.ravel() for axis in np.meshgrid(LEVELS, LEVELS))
    assert mutual_information(np.tile(first, 10), np.tile(second, 10)) == pytest.approx(0, abs=1e-12)
    constant = np.zeros(1600)
    assert mutual_information(constant, np.tile(LEVELS, 100)) == pytest.approx(0, abs=1e-12)


def test_any_one_to_one_change_of_contrast_keeps_it():
    values = np.tile(LEVELS, 100)
    changed = np.random.default_rng(0).permutation(LEVELS)[values.astype(int)]
    assert mutual_information(values, changed) == pytest.approx(np.log(16))
    assert mutual_information(values, -1e-3 * values + 7) == pytest.approx(np.log(16))


def test_outliers_do_not_spoil_the_bins():
    values = np.tile(LEVELS, 1000)
    values[:10] = 1e9
    assert mutual_information(values, values) == pytest.approx(np.log(16), rel=0.01)


def test_pairs_outside_an_image_are_left_out():
    values = np.tile(LEVELS, 100)
    first, second = np.append(values, [np.nan] * 500), np.append(values, [3.0] * 500)
    assert mutual_information(first, second) == pytest.approx(np.log(16))
    assert mutual_information(np.where(np.arange(1600) < 200, first[:1600], np.nan), values) == 0, "too few to tell"


# ---- Sharpness, on knees whose true pose is known ----

SHIFTED = (12.0, -7.0, 5.0)  # mm


@pytest.fixture(scope="module")
def person():
    return KneeParameters.reduced(1.5, subject=3)


@pytest.fixture(scope="module")
def sampler(person):
    knee = phantom.make_knee(person)
    return MatchSampler(knee.image, mask_points(dilate(knee.femur, 8.0), 6000))


@pytest.fixture(scope="module")
def reference(person):
    return phantom.make_knee(person).image


@pytest.fixture(scope="module")
def scan(person):
    """The same person, scanned again with another contrast and in another place."""
    return phantom.make_knee(person.changed(contrast="t2", acquisition=1, translation=SHIFTED)).image


def noisier(image, degree):
    """Noise of up to four times the range of the values."""
    values = sitk.GetArrayFromImage(image).astype(np.float32)
    return like(image, values + np.random.default_rng(0).normal(0, 300 * degree + 1e-3, values.shape))


def with_markers(image, degree):
    """A marker in more and more of the voxels, scattered."""
    values = sitk.GetArrayFromImage(image)
    return like(image, np.where(np.random.default_rng(1).random(values.shape) < 0.12 * degree, 4095, values))


def with_holes(image, degree):
    """Zero in more and more blocks of 6 mm."""
    values = sitk.GetArrayFromImage(image)
    blocks = np.random.default_rng(2).random([-(-n // 4) for n in values.shape]) < 0.12 * degree
    for axis, n in enumerate(values.shape):
        blocks = np.repeat(blocks, 4, axis=axis).take(np.arange(n), axis=axis)
    return like(image, np.where(blocks, 0, values))


def like(image, values):
    made = sitk.GetImageFromArray(values.astype(np.float32))
    made.CopyInformation(image)
    return made


def sharpness(sampler, image, chain):
    return sampler.measure(image, chain).sharpness


def moved(*offset):
    return Chain((sitk.TranslationTransform(3, [float(value) for value in offset]),))


class TestSharpness:
    def test_true_pose_is_sharp_and_wrong_ones_are_not(self, sampler, scan):
        """Measured: 3.3 for the true pose; 1.1 and 0.9 for poses 10 and 30 mm away."""
        true = sharpness(sampler, scan, moved(*SHIFTED))
        near = sharpness(sampler, scan, moved(*(np.array(SHIFTED) + (0, 0, 10))))
        far = sharpness(sampler, scan, moved(*(np.array(SHIFTED) + (0, 20, 22))))
        assert true > 3
        assert near < 1.5
        assert 0.7 < far < 1.3

    def test_inverted_contrast_changes_nothing(self, sampler, scan):
        inverted = sitk.Cast(2000 - scan, sitk.sitkFloat32)
        expected = sharpness(sampler, scan, moved(*SHIFTED))
        assert sharpness(sampler, inverted, moved(*SHIFTED)) == pytest.approx(expected, rel=0.03)

    def test_scale_of_the_values_changes_nothing(self, sampler, scan):
        scaled = sitk.Cast(scan, sitk.sitkFloat32) * 1e-3 + 5
        expected = sharpness(sampler, scan, moved(*SHIFTED))
        assert sharpness(sampler, scaled, moved(*SHIFTED)) == pytest.approx(expected, rel=0.03)

    def test_noise_is_not_sharp(self, sampler, scan):
        noise = sitk.GetImageFromArray(np.random.default_rng(0).normal(size=scan.GetSize()[::-1]).astype(np.float32))
        noise.CopyInformation(scan)
        assert sharpness(sampler, noise, moved(*SHIFTED)) == pytest.approx(1, abs=0.25)

    @pytest.mark.parametrize("worse", [noisier, with_markers, with_holes])
    def test_match_does_not_rise_when_the_image_gets_worse(self, sampler, scan, worse):
        found = [sampler.measure(worse(scan, degree), moved(*SHIFTED)) for degree in (0, 1, 2, 4, 8)]
        for better, match in zip(found, found[1:]):
            assert match.sharpness < 1.02 * better.sharpness
            assert match.information < 1.02 * better.information
        assert found[-1].information < 0.03 < 0.06 < found[0].information, "the floor of the limits lies between"
        assert found[-1].sharpness < 1.25, "and so does that of the sharpness"

    def test_points_outside_the_image(self, sampler, scan):
        outside = sampler.measure(scan, moved(1000, 0, 0))
        assert (outside.sharpness, outside.information, outside.inside) == (0, 0, 0)
        assert sampler.measure(scan, moved(*SHIFTED)).inside > 0.9

    def test_part_outside_counts_against_a_match(self, sampler, reference):
        """The match is mutual information times the share inside."""
        whole = sampler.match(reference, sampler.points)
        half = sampler.points + (0.0, 0.0, 1000.0) * (np.arange(len(sampler.points)) % 2 == 0)[:, None]
        assert sampler.match(reference, half) == pytest.approx(whole / 2, rel=0.1)


# ---- Where to start ----


class TestStarts:
    @pytest.mark.parametrize("modality", Modality)
    def test_likeliest_first_and_all_apart(self, reference, scan, sampler, modality):
        far = sitk.Image(scan)
        far.SetOrigin((np.array(scan.GetOrigin()) + (40.0, 30.0, -90.0)).tolist())
        found = list(starts(reference, far, modality, sampler))
        first = np.zeros(3) if modality is Modality.MULTIMODAL else center(far) - center(reference)
        assert found[0] == pytest.approx(first)
        distances = [np.linalg.norm(a - b) for n, a in enumerate(found) for b in found[:n]]
        assert len(found) >= 3
        assert min(distances) >= 8

    def test_search_finds_a_knee_far_from_the_middle(self, person, reference, sampler):
        """50 mm off along two axes, in a field of view of its own: one start lies within reach of a registration."""
        offset = np.array([0.0, 30.0, -40.0])
        knee = phantom.make_knee(person.changed(acquisition=2, translation=tuple(offset.tolist())))
        found = list(starts(reference, knee.image, Modality.NEW_SUBJECT, sampler))
        assert np.linalg.norm(found[0] - offset) > 40
        assert min(np.linalg.norm(start - offset) for start in found) < 16


# ---- Verdict ----

CHECKS = (
    Check("size", "size", "mm", (2.0, 4.0), (1.0, 8.0), "odd"),
    Check("match", "match", "1", (1.6, np.inf), (1.3, np.inf), "the knees do not lie on each other"),
    Check("error", "error", "mm", (0, 0.5), (0, 2), "not invertible"),
)
LIMITS = Limits(CHECKS, confident=2.0)


class TestJudge:
    @pytest.mark.parametrize(
        ("measurements", "verdicts"),
        [
            ({"size": 2.0, "match": 1.6, "error": 0.5}, []),
            ({"size": 4.0, "match": 99.0, "error": 0.0}, []),
            ({"size": 1.9}, [("size", False)]),
            ({"size": 8.1, "match": 1.5}, [("size", True), ("match", False)]),
            ({"match": 1.29, "error": 2.1}, [("match", True), ("error", True)]),
            ({"unknown": 5.0}, []),
            ({"match": float("nan")}, [("match", True)]),
        ],
    )
    def test_flags(self, measurements, verdicts):
        assert [(flag.key, flag.failed) for flag in judge(measurements, LIMITS)] == verdicts

    def test_text_has_measurement_and_limit(self):
        texts = [flag.text for flag in judge({"size": 9.0, "match": 1.456, "error": 0.7}, LIMITS)]
        assert texts == [
            "size 9 mm, expected 1 to 8 mm: odd",
            "match 1.46, expected at least 1.6: the knees do not lie on each other",
            "error 0.7 mm, expected at most 0.5 mm: not invertible",
        ]

    @pytest.mark.parametrize(
        ("place", "expected", "rejected"),
        [(1.5, 0.37, False), (1.35, 0.45, False), (1.35, 0.37, True), (1.5, 0.29, True)],
    )
    def test_little_is_expected_of_another_contrast_and_of_a_wrong_place(self, place, expected, rejected):
        measured = {"sharpness_aligned": place, "expected_dice": expected}
        assert rejects(judge(measured, default_limits(Modality.NEW_SUBJECT))) == rejected

    def test_limits_can_be_changed(self):
        changed = LIMITS.with_failed({"match": (1.5, np.inf)})
        assert [flag.failed for flag in judge({"match": 1.4}, changed)] == [True]
        assert [flag.failed for flag in judge({"match": 1.4}, LIMITS)] == [False]
        assert changed.confident == LIMITS.confident

    @pytest.mark.parametrize("modality", Modality)
    def test_default_limits_are_consistent(self, modality):
        limits = default_limits(modality)
        assert {check.key for check in limits.checks} == set(keys_of(Use.SEGMENTATION_LIMITS))
        for check in limits.checks:
            assert check.failed[0] <= check.doubtful[0] < check.doubtful[1] <= check.failed[1]
        aligned = next(check for check in limits.checks if check.key == "sharpness_aligned")
        assert limits.confident >= aligned.doubtful[0], "a doubtful match is tried again from another start"
