"""Masks and gray values are warped back without loss."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.images.backward import Backward
from KneeCartilageSegLib.images.masks import volume
from KneeCartilageSegLib.images.regions import center, crop, mask_points, subdivide
from KneeCartilageSegLib.images.transforms import Chain
from KneeCartilageSegLib.images.warping import SURE, SoftMask, mask_of, warp_gray, warp_vote
from KneeCartilageSegLib.phantom import KneeParameters

IDENTITY = sitk.Transform(3, sitk.sitkIdentity)


def on_grid(array, spacing=(1.0, 1.0, 1.0), direction=None, origin=(0.0, 0.0, 0.0)):
    image = sitk.GetImageFromArray(np.asarray(array, np.uint8))
    image.SetSpacing(spacing)
    image.SetOrigin(origin)
    if direction is not None:
        image.SetDirection(direction)
    return image


def array(image):
    return sitk.GetArrayFromImage(image) != 0


def dice(first, second):
    return 2 * np.count_nonzero(array(first) & array(second)) / (array(first).sum() + array(second).sum())


def grid(size, spacing, middle, direction):
    """An empty image with its middle at a point."""
    image = sitk.Image(list(size), sitk.sitkUInt8)
    image.SetSpacing(spacing)
    image.SetDirection(direction)
    image.SetOrigin((np.asarray(middle) - center(image)).tolist())
    return image


@pytest.fixture(scope="module")
def knee():
    """All of the femoral cartilage inside the image; the shaft of the femur is cut by it."""
    parameters = KneeParameters(
        subject=1, grid=(140, 190, 190), spacing=(0.7, 0.6, 0.6), direction=oblique(0.1, 0.2, -0.1)
    )
    return phantom.make_knee(parameters)


def warp(mask, transform, region):
    """A mask on the grid of a region, whose points a transform maps to points of the mask."""
    return mask_of(warp_vote(SoftMask.of(mask), backward(transform, region), region) > 0, region)


def backward(transform, region):
    return Backward(Chain((transform.GetInverse(),)), region)


class TestWarp:
    @pytest.mark.parametrize(("tissue", "least"), [("femur", 0.995), ("femoral_cartilage", 0.97)])
    def test_identity_gives_the_same_mask(self, knee, tissue, least):
        mask = getattr(knee, tissue)
        warped = warp(mask, IDENTITY, knee.image)
        assert dice(warped, mask) > least
        assert volume(warped) == pytest.approx(volume(mask), rel=0.01)

    @pytest.mark.parametrize("axis", [0, 1, 2])
    def test_half_a_voxel_away(self, knee, axis):
        """The copy has the volume (measured: 2.8 to 4.6 % more) and lies between the mask and the mask one voxel on."""
        mask = knee.femoral_cartilage
        steps = np.zeros(3)
        steps[axis] = 0.5
        shift = np.array(mask.TransformContinuousIndexToPhysicalPoint(steps.tolist())) - mask.GetOrigin()
        warped = warp(mask, sitk.TranslationTransform(3, shift.tolist()), knee.image)
        assert volume(warped) == pytest.approx(volume(mask), rel=0.06)
        before, after = array(mask), np.roll(array(mask), -1, axis=2 - axis)
        around = array(sitk.BinaryDilate(on_grid(before | after), [1] * 3, sitk.sitkBox))
        assert not (array(warped) & ~around).any()
        assert dice(warped, mask) == pytest.approx(dice(warped, on_grid_of(after, mask)), abs=0.02)

    def test_other_oblique_grid(self, knee):
        """There, and the anatomy stays where it was in the patient."""
        target = grid((180, 220, 220), (0.6, 0.6, 0.6), center(knee.image), oblique(-0.3, 0.2, 0.4))
        warped = warp(knee.femoral_cartilage, IDENTITY, target)
        assert (warped.GetSize(), warped.GetOrigin()) == (target.GetSize(), target.GetOrigin())
        assert (warped.GetSpacing(), warped.GetDirection()) == (target.GetSpacing(), target.GetDirection())
        assert warped.GetPixelID() == sitk.sitkUInt8
        assert set(np.unique(sitk.GetArrayFromImage(warped))) == {0, 1}
        expected = sitk.Resample(knee.femoral_cartilage, target, IDENTITY, sitk.sitkNearestNeighbor)
        assert volume(warped) == pytest.approx(volume(expected), rel=0.04)
        assert dice(warped, expected) > 0.93

    @pytest.mark.parametrize("axis", [0, 1, 2])
    def test_thick_slices_keep_the_volume(self, knee, axis):
        """Slices of 3 mm, thicker than the cartilage. Measured: 2.2 to 3.0 % less."""
        mask = knee.femoral_cartilage
        spacing, size = list(mask.GetSpacing()), list(mask.GetSize())
        size[axis], spacing[axis] = int(size[axis] * spacing[axis] / 3.0), 3.0
        thick = grid(size, spacing, center(mask), mask.GetDirection())
        assert volume(warp(mask, IDENTITY, thick)) == pytest.approx(volume(mask), rel=0.05)

    def test_large_cubic_voxels_keep_the_volume(self, knee):
        target = grid((50, 60, 60), (2.0, 2.0, 2.0), center(knee.image), oblique(0, 0, 0))
        warped = volume(warp(knee.femoral_cartilage, IDENTITY, target))
        assert warped == pytest.approx(volume(knee.femoral_cartilage), rel=0.05)

    def test_mask_at_the_border_of_its_image_stays_whole(self):
        """The femur's shaft is cut by the image: nothing is lost there, on a larger image neither."""
        mask = np.zeros((20, 20, 20))
        mask[:12, 4:16, 4:16] = 1
        image = on_grid(mask)
        assert np.array_equal(array(warp(image, IDENTITY, image))[:11, 5:15, 5:15], mask[:11, 5:15, 5:15] == 1)
        larger = grid((30, 30, 30), (1.0, 1.0, 1.0), center(image), image.GetDirection())
        assert volume(warp(image, IDENTITY, larger)) == pytest.approx(volume(image), rel=0.05)

    def test_surface_lies_where_it_lay(self):
        """A ball known exactly, onto a finer oblique grid: nothing grows or shrinks."""
        coarse = grid((40, 40, 40), (1.0, 1.0, 1.0), (1.0, 2.0, 3.0), oblique(0.1, 0.2, 0.3))
        fine = grid((70, 70, 70), (0.5, 0.5, 0.5), (1.0, 2.0, 3.0), oblique(-0.2, 0.3, 0.1))
        warped = warp(ball(coarse, 12.3), IDENTITY, fine)
        assert dice(warped, ball(fine, 12.3)) > 0.98
        assert volume(warped) == pytest.approx(4 / 3 * np.pi * 12.3**3, rel=0.01)

    def test_scaling_scales_the_volume(self, knee):
        mask = knee.femoral_cartilage
        half = sitk.ScaleTransform(3, (2.0, 2.0, 2.0))
        half.SetCenter(center(mask).tolist())
        fine = subdivide(crop(knee.image, (35, 47, 47), (70, 96, 96)), (2, 2, 2))
        assert volume(warp(mask, half, fine)) == pytest.approx(volume(mask) / 8, rel=0.02)


class TestVotes:
    def test_they_are_sure_away_from_the_surface_and_graded_at_it(self):
        image = grid((40, 40, 40), (0.4, 0.4, 0.4), (0, 0, 0), oblique(0, 0, 0))
        votes = warp_vote(SoftMask.of(ball(image, 5.0)), backward(IDENTITY, image), image)
        distances = np.linalg.norm(points_of(image), axis=1).reshape(votes.shape) - 5.0
        assert votes.dtype == np.int8
        assert (votes[distances < -1] == SURE).all()
        assert (votes[distances > 1] == -SURE).all()
        assert np.unique(votes[np.abs(distances) < 0.5]).size > 20
        assert np.corrcoef(votes[np.abs(distances) < 0.4], distances[np.abs(distances) < 0.4])[0, 1] < -0.95

    def test_a_mask_that_lies_elsewhere_votes_against_all(self):
        image = grid((20, 20, 20), (1, 1, 1), (0, 0, 0), oblique(0, 0, 0))
        away = sitk.TranslationTransform(3, (300.0, 0.0, 0.0))
        assert (warp_vote(SoftMask.of(ball(image, 5.0)), backward(away, image), image) == -SURE).all()


class TestGray:
    def test_values_are_interpolated_where_they_are_asked_for_and_0_elsewhere(self):
        image = sitk.GetImageFromArray(np.indices((12, 12, 12))[2].astype(np.float32))
        where = np.zeros((12, 12, 12), bool)
        where[4:8, 4:8, 4:8] = True
        shift = sitk.TranslationTransform(3, (0.25, 0.0, 0.0))
        values = warp_gray(image, backward(shift, image), image, where)
        np.testing.assert_allclose(values[5, 5, 4:8], [4.25, 5.25, 6.25, 7.25], rtol=1e-6)
        assert not values[~where].any()

    def test_a_thick_slice_shows_the_mean_of_thin_ones(self):
        thin = sitk.GetImageFromArray(
            np.repeat([0.0, 0, 0, 0, 0, 6, 6, 6, 6, 6], 64).reshape(10, 8, 8).astype(np.float32)
        )
        thick = grid((8, 8, 2), (1, 1, 5), center(thin), oblique(0, 0, 0))
        values = warp_gray(thin, backward(IDENTITY, thick), thick, np.ones((2, 8, 8), bool))
        np.testing.assert_allclose(values, np.repeat([0.0, 6.0], 64).reshape(2, 8, 8), atol=1e-6)


def points_of(image):
    return mask_points(image == 0, image.GetNumberOfPixels())


def ball(image, radius):
    indices = np.indices(image.GetSize()).reshape(3, -1).T
    matrix = np.reshape(image.GetDirection(), (3, 3)) * image.GetSpacing()
    distances = np.linalg.norm(indices @ matrix.T + image.GetOrigin() - center(image), axis=1)
    inside = (distances <= radius).reshape(image.GetSize()).transpose()
    return on_grid_of(inside, image)


def on_grid_of(values, image):
    return on_grid(values, image.GetSpacing(), image.GetDirection(), image.GetOrigin())
