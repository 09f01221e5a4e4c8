"""The change between two visits, where it is known: a shell round an ellipsoid, thinned by a tenth of a voxel, in scans
with noise, bias, gain, pose and grid of their own."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.errors import KneeError
from KneeCartilageSegLib.measurement.change import mean_change, measure_change
from KneeCartilageSegLib.measurement.knee import KneeMeasurement, measure_knee
from KneeCartilageSegLib.measurement.motion import Motion
from scipy.special import ndtr
from shells import from_ellipsoid

SPACING = (0.7, 0.5, 0.5)
BLUR_MM = 0.3
THICKNESS_MM = 2.0
BONE, CARTILAGE, MUSCLE, FLUID = 120.0, 600.0, 330.0, 900.0
POSE = Motion.of(sitk.Euler3DTransform((0.0, 0.0, 0.0), 0.06, -0.04, 0.05, (2.3, -1.2, 0.8)))
AT_REST = Motion(np.eye(3), np.zeros(3))


class Visit:
    """A scan of the shell, with its masks."""

    def __init__(self, thickness: float, motion: Motion, seed: int, gain: float = 1.0):
        rng = np.random.default_rng(seed)
        size = np.array([46, 64, 64])
        self.origin = rng.uniform(-0.4, 0.4, 3) - (size - 1) * SPACING / 2
        indices = np.indices(size[::-1])[::-1].reshape(3, -1).T
        scanned = indices * SPACING + self.origin
        points = (scanned - motion.offset) @ motion.matrix  # of the body at rest: the inverse of a rotation
        distance = from_ellipsoid(points)
        outside = np.where(points[:, 1] + points[:, 2] > 0, FLUID, MUSCLE)
        signal = BONE + (CARTILAGE - BONE) * ndtr(distance / BLUR_MM)
        signal += (outside - CARTILAGE) * ndtr((distance - thickness) / BLUR_MM)
        bias = np.exp(scanned @ rng.uniform(-0.008, 0.008, 3))
        noisy = gain * (signal * bias + rng.normal(0, 25, len(signal)))
        self.image = self.on_grid(noisy.astype(np.float32), size)
        self.femur = self.on_grid((distance <= 0).astype(np.uint8), size)
        self.cartilage = self.on_grid(((distance > 0) & (distance <= thickness)).astype(np.uint8), size)

    def on_grid(self, values: np.ndarray, size: np.ndarray) -> sitk.Image:
        image = sitk.GetImageFromArray(values.reshape(size[::-1]))
        image.SetSpacing(SPACING)
        image.SetOrigin(self.origin.tolist())
        return image

    def measured(self) -> KneeMeasurement:
        return measure_knee(self.cartilage, self.femur, regions=False)


def about(motion: Motion) -> Motion:
    """As a registration of whole images leaves it."""
    return motion.after(np.radians([0.4, -0.3, 0.4]), np.array([0.25, -0.2, 0.2]), np.zeros(3))


def inverse(motion: Motion) -> Motion:
    return Motion(motion.matrix.T, -motion.matrix.T @ motion.offset)


@pytest.fixture(scope="module")
def first():
    return Visit(THICKNESS_MM, AT_REST, seed=1)


@pytest.fixture(scope="module")
def measured(first):
    return first.measured()


def followed(first, measured, percent: float, seed: int, **options):
    """The change to a visit with the shell thinner by about a percentage of its volume."""
    thinner = THICKNESS_MM * (1 - percent / 100)
    other = Visit(thinner, POSE, seed, gain=1.3)
    return measure_change(first.image, measured, other.image, about(POSE), **options)


def volume_of_shell(thickness: float) -> float:
    """Of voxels that are cut by its surfaces, the part inside."""
    step = 0.4
    steps = np.arange(-15, 15, step)
    distance = from_ellipsoid(np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3))
    inner, outer = (np.clip((level - distance) / step + 0.5, 0, 1).sum() for level in (0.0, thickness))
    return float((outer - inner) * step**3)


def test_nothing_changes_in_a_new_scan(first, measured):
    whole = [followed(first, measured, 0, seed).whole for seed in (2, 3)]
    for found in whole:
        assert abs(found.volume_percent) < 0.5
        assert abs(found.thickness_change) < 0.01
        assert abs(found.volume_percent) < 4 * found.volume_percent_error + 0.1
        assert found.volume_percent_error < 1
    assert whole[0].seen > 0.8


def test_a_loss_of_a_tenth_of_a_voxel_is_found(first, measured):
    percent = 3.0
    before, after = (volume_of_shell(THICKNESS_MM * (1 - p / 100)) for p in (0.0, percent))
    found = followed(first, measured, percent, seed=4).whole
    assert found.volume_percent == pytest.approx(200 * (after - before) / (after + before), abs=0.5)
    assert found.thickness_change == pytest.approx(-THICKNESS_MM * percent / 100, abs=0.01)
    assert found.volume == pytest.approx((before + after) / 2, rel=0.02)


def test_exchanged_visits_turn_the_sign_and_nothing_else(first, measured):
    other = Visit(THICKNESS_MM * 0.97, POSE, seed=4, gain=1.3)
    other_measured = other.measured()

    def change(masked_first: bool, sign: int):
        """With the masks of one visit, as the first or second of the two."""
        if masked_first == (sign > 0):
            return measure_change(first.image, measured, other.image, about(POSE), masked_first)
        return measure_change(other.image, other_measured, first.image, about(inverse(POSE)), masked_first)

    forth, back = (change(True, sign).whole for sign in (1, -1))
    assert back.volume_percent == pytest.approx(-forth.volume_percent, abs=0.3)
    assert back.thickness_change == pytest.approx(-forth.thickness_change, abs=0.006)
    means = [mean_change(change(True, sign), change(False, sign)).whole for sign in (1, -1)]
    assert means[0].volume_percent == pytest.approx(-means[1].volume_percent, rel=1e-9)
    assert means[0].thickness_change == pytest.approx(-means[1].thickness_change, rel=1e-9)
    assert means[0].volume == pytest.approx(means[1].volume, rel=1e-9)
    assert means[0].thickness_change == pytest.approx(-0.06, abs=0.01)


def test_motion_of_the_bone_is_found(first, measured):
    found = followed(first, measured, 3.0, seed=5).motion
    points = measured.surface.bone.points
    error = found.points(points) - POSE.points(points)
    along = np.einsum("ij,ij->i", error, POSE.directions(measured.surface.normals))
    assert np.abs(along).mean() < 0.02


def test_images_that_do_not_match_are_refused(first, measured):
    size = first.image.GetSize()
    noise = sitk.GetImageFromArray(np.random.default_rng(0).normal(0, 1, size[::-1]).astype(np.float32))
    noise.CopyInformation(first.image)
    with pytest.raises(KneeError, match="does not show"):
        measure_change(first.image, measured, noise, AT_REST)
