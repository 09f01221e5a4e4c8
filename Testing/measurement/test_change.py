"""The change between two visits, where it is known: a shell round an ellipsoid, thinned by a tenth of a voxel, by a
whole one, and in one place, in scans with noise, bias, gain, pose and grid of their own.

It has a quarter of the area of a femur's cartilage, and on a third of it no edge where it ends. What is wanted of that,
0.5 points and 0.01 mm, is reached.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.errors import KneeError
from KneeCartilageSegLib.measurement.change import KneeChange, mean_change, measure_change
from KneeCartilageSegLib.measurement.knee import measure_knee
from KneeCartilageSegLib.measurement.lines import Lines, Neighborhood
from KneeCartilageSegLib.measurement.motion import Motion, refine
from KneeCartilageSegLib.measurement.shifts import refusal
from scipy.spatial.transform import Rotation
from scipy.special import ndtr
from shells import from_ellipsoid

SPACING = (0.7, 0.5, 0.5)
BLUR_MM = 0.3
THICKNESS_MM = 2.0
BONE, SHELL, MUSCLE, FLUID = 120.0, 600.0, 330.0, 900.0
LESION_MM, LESION_RADIUS_MM = 1.2, 4.5
POSE = Motion(Rotation.from_rotvec((0.06, -0.04, 0.05)).as_matrix(), np.array([2.3, -1.2, 0.8]))
AT_REST = Motion(np.eye(3), np.zeros(3))
# As a registration of whole images leaves it.
ROUGH = Motion(Rotation.from_rotvec(np.radians([0.4, -0.3, 0.4])).as_matrix(), np.array([0.25, -0.2, 0.2]))


def without_edge(points: np.ndarray) -> np.ndarray:
    """A third of the shell, where something as bright as cartilage lies on it, 1.2 mm thick."""
    return points[:, 0] > 4


def in_lesion(points: np.ndarray) -> np.ndarray:
    """A disk of the shell, which reaches from where its edge shows to where it does not."""
    return np.linalg.norm(points - [4, 11, 5], axis=1) < LESION_RADIUS_MM


class Visit:
    """A scan of the shell, with its masks."""

    def __init__(self, thickness: float, motion: Motion, seed: int, gain: float = 1.0, lesion: bool = False):
        rng = np.random.default_rng(seed)
        size = np.array([46, 64, 64])
        self.thickness, self.motion = thickness, motion
        self.origin = rng.uniform(-0.4, 0.4, 3) - (size - 1) * SPACING / 2
        indices = np.indices(size[::-1])[::-1].reshape(3, -1).T
        scanned = indices * SPACING + self.origin
        points = (scanned - motion.offset) @ motion.matrix
        distance = from_ellipsoid(points)
        outside = np.where(points[:, 1] + points[:, 2] > 0, FLUID, MUSCLE)
        signal = BONE + (SHELL - BONE) * ndtr(distance / BLUR_MM)
        film = without_edge(points)
        end = np.where(film, THICKNESS_MM + 1.2, thickness)
        signal += (outside - SHELL) * ndtr((distance - end) / BLUR_MM)
        if lesion:
            floor = THICKNESS_MM - LESION_MM
            filled = ndtr((distance - floor) / BLUR_MM) * (1 - ndtr((distance - THICKNESS_MM) / BLUR_MM))
            signal += np.where(in_lesion(points), (MUSCLE - SHELL) * filled, 0)
            thickness = np.where(in_lesion(points), floor, thickness)
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

    def motion_to(self, other: Visit) -> Motion:
        matrix = other.motion.matrix @ self.motion.matrix.T
        return Motion(matrix @ ROUGH.matrix, other.motion.offset + matrix @ (ROUGH.offset - self.motion.offset))


@functools.cache
def measured(visit: Visit):
    return measure_knee(visit.cartilage, visit.femur, regions=False)


def change(masked: Visit, other: Visit, masked_first: bool = True) -> KneeChange:
    """The change between two visits by the masks of the one."""
    return measure_change((masked.image, other.image), measured(masked), masked.motion_to(other), masked_first)


@pytest.fixture(scope="module")
def first():
    return Visit(THICKNESS_MM, AT_REST, seed=1)


def percent_lost(thickness: float) -> float:
    """Of the volume of the shell, when it is left so thick; of the mean of both."""
    step = 0.4
    steps = np.arange(-15, 15, step)
    distance = from_ellipsoid(np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3))
    inner, now, before = (np.clip((level - distance) / step + 0.5, 0, 1).sum() for level in (0, thickness, 2.0))
    return float(200 * (before - now) / (before + now - 2 * inner))


def test_nothing_changes_in_a_new_scan(first):
    whole = change(first, Visit(THICKNESS_MM, POSE, seed=2, gain=1.3)).whole
    assert abs(whole.volume_percent) < 0.5
    assert abs(whole.thickness_change) < 0.01
    assert abs(whole.volume_percent) < 3 * whole.volume_percent_error
    assert whole.volume_percent_error < 1
    assert whole.lesion_volume == 0
    assert 0.4 < whole.seen < 0.7


def test_a_loss_of_a_tenth_of_a_voxel_is_found_whichever_visit_comes_first(first):
    other = Visit(THICKNESS_MM * 0.97, POSE, seed=4, gain=1.3)
    forth, back = change(first, other), change(other, first, masked_first=False)
    for found in (forth.whole, back.whole):
        assert found.volume_percent == pytest.approx(-percent_lost(other.thickness), abs=0.5)
        assert found.thickness_change == pytest.approx(-0.06, abs=0.01)
    assert forth.whole.thickness == pytest.approx(THICKNESS_MM * 0.985, abs=0.05)
    exchanged = change(first, other, masked_first=False)
    assert exchanged.whole.volume_change == -forth.whole.volume_change
    mean = mean_change(forth, back).whole
    assert mean.volume_change == pytest.approx((forth.whole.volume_change + back.whole.volume_change) / 2)
    difference = forth.whole.volume_change - back.whole.volume_change
    assert mean.disagreement == pytest.approx(100 * difference / mean.volume)
    assert np.isnan(forth.whole.disagreement)


def test_a_loss_of_half_a_millimeter_is_found(first):
    whole = change(first, Visit(THICKNESS_MM - 0.5, POSE, seed=5, gain=1.3)).whole
    assert whole.thickness_change == pytest.approx(-0.5, abs=0.05)
    assert whole.volume_percent == pytest.approx(-percent_lost(THICKNESS_MM - 0.5), abs=2)


def test_a_focal_lesion_is_found_where_it_is_and_by_the_masks_of_either_visit(first):
    other = Visit(THICKNESS_MM, POSE, seed=6, gain=1.3, lesion=True)
    forth, back = change(first, other), change(other, first, masked_first=False)
    surface = forth.measurement.surface
    found, covered = forth.thickness, np.isfinite(forth.thickness)
    inside = in_lesion(surface.bone.points + THICKNESS_MM / 2 * surface.normals) & covered
    assert np.median(found[inside]) == pytest.approx(-LESION_MM, abs=0.3)
    assert np.abs(found[~inside & covered]).mean() < 0.05
    lost = LESION_MM * surface.areas[inside].sum() / surface.areas[covered].sum()
    assert forth.whole.lesion_thickness == pytest.approx(-lost, rel=0.35)
    # Its own mask does not tell what is gone from it, and that of the other visit does.
    assert back.whole.lesion_volume == 0
    mean = mean_change(forth, back).whole
    assert mean.lesion_volume == forth.whole.lesion_volume
    assert mean.thickness_change == pytest.approx(-lost, rel=0.35)


@pytest.mark.parametrize(("thickness", "said"), [(1.9, "voxels are too large"), (2.4, "does not show alike")])
def test_where_no_edge_shows_it_is_said_whether_the_voxels_are_to_blame(thickness, said):
    assert said in str(refusal(np.full(10, thickness), blur=0.5))


def test_images_without_an_edge_of_the_cartilage_are_refused(first):
    other = Visit(THICKNESS_MM, AT_REST, seed=3)
    outside = sitk.GetArrayViewFromImage(other.femur) == 0
    values = np.where(outside, np.float32(SHELL), sitk.GetArrayViewFromImage(other.image))
    flat = sitk.GetImageFromArray(values)
    flat.CopyInformation(other.image)
    other.image = flat
    with pytest.raises(KneeError, match="edge of the cartilage does not show"):
        change(first, other)


@pytest.fixture(scope="module")
def bone(first):
    """The lines of the first scan: themselves, where they begin, their normals, areas and neighborhood."""
    measurement = measure_knee(first.cartilage, first.femur, regions=False)
    surface, covered = measurement.surface, measurement.surface.covered
    points, normals, areas = surface.bone.points[covered], surface.normals[covered], surface.areas[covered]
    return Lines(first.image, points), points, normals, areas, Neighborhood(surface.bone, covered)


def test_motion_of_the_bone_is_found(first, bone):
    own, points, normals, areas, neighborhood = bone
    other = Visit(THICKNESS_MM * 0.97, POSE, seed=5, gain=1.3)
    about = first.motion_to(other)
    found = refine(about, own, Lines(other.image, about.points(points)), points, normals, areas, neighborhood)
    error = found.points(points) - POSE.points(points)
    assert np.abs(np.einsum("ij,ij->i", error, POSE.directions(normals))).mean() < 0.02


def test_images_that_do_not_match_are_refused(first, bone):
    own, points, normals, areas, neighborhood = bone
    size = first.image.GetSize()
    noise = sitk.GetImageFromArray(np.random.default_rng(0).normal(0, 1, size[::-1]).astype(np.float32))
    noise.CopyInformation(first.image)
    with pytest.raises(KneeError, match="does not show"):
        refine(AT_REST, own, Lines(noise, points), points, normals, areas, neighborhood)
