"""Masks are dilated in mm and smoothed without loss."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.images.masks import SMOOTHING, dilate, smooth
from KneeCartilageSegLib.phantom import KneeParameters


def on_grid(array, spacing=(1.0, 1.0, 1.0), direction=None, origin=(0.0, 0.0, 0.0)):
    image = sitk.GetImageFromArray(np.asarray(array, np.uint8))
    image.SetSpacing(spacing)
    image.SetOrigin(origin)
    if direction is not None:
        image.SetDirection(direction)
    return image


def array(image):
    return sitk.GetArrayFromImage(image) != 0


@pytest.fixture(scope="module")
def knee():
    """All of the femoral cartilage inside the image; the shaft of the femur is cut by it."""
    parameters = KneeParameters(
        subject=1, grid=(140, 190, 190), spacing=(0.7, 0.6, 0.6), direction=oblique(0.1, 0.2, -0.1)
    )
    return phantom.make_knee(parameters)


class TestDilate:
    def test_single_voxel_on_anisotropic_voxels(self):
        """By hand: voxels of 1 x 2 x 3 mm, all whose centers are within 3 mm of the one in the middle."""
        mask = np.zeros((5, 7, 9))
        mask[2, 3, 4] = 1
        expected = np.zeros((5, 7, 9))
        expected[2, 3, 1:8] = 1  # 3 voxels of 1 mm either way
        expected[2, 2, 2:7] = expected[2, 4, 2:7] = 1  # 2 mm away: sqrt(9 - 4) = 2.2 mm
        expected[1, 3, 4] = expected[3, 3, 4] = 1  # 3 mm away
        assert np.array_equal(array(dilate(on_grid(mask, (1.0, 2.0, 3.0)), 3.0)), expected)

    @pytest.mark.parametrize("distance", [0.0, 0.3])
    def test_less_than_a_voxel_changes_nothing(self, knee, distance):
        assert np.array_equal(array(dilate(knee.femur, distance)), array(knee.femur))

    def test_any_label_is_inside_and_the_grid_stays(self):
        mask = np.zeros((9, 9, 9))
        mask[4, 4, 4] = 7
        image = on_grid(mask, (0.5, 0.5, 0.5), oblique(0.1, 0.2, 0.3), (5.0, 6.0, 7.0))
        dilated = dilate(image, 1.0)
        assert (dilated.GetOrigin(), dilated.GetDirection()) == (image.GetOrigin(), image.GetDirection())
        assert dilated.GetPixelID() == sitk.sitkUInt8
        assert array(dilated).sum() == 33  # lattice points within 2 voxels


class TestSmooth:
    @pytest.mark.parametrize("sigma", [0.2, SMOOTHING, 1.0])
    @pytest.mark.parametrize("tissue", ["femur", "femoral_cartilage"])
    def test_threshold_keeps_the_number_of_voxels(self, knee, tissue, sigma):
        mask = getattr(knee, tissue)
        smoothed, threshold = smooth(sitk.Cast(mask, sitk.sitkFloat32), sigma)
        assert array(smoothed > threshold).sum() == pytest.approx(array(mask).sum(), rel=0.01)

    @pytest.mark.parametrize("spacing", [0.2, 0.4, 1.0, 3.0])
    def test_threshold_keeps_the_surface(self, spacing):
        """A box, whose surface is in the middle between two voxels: half way between inside and outside, but for what
        its edges lose. With large voxels many thresholds keep the number of voxels, but not the surface."""
        mask = np.zeros((40, 40, 40))
        mask[5:35, 5:35, 5:35] = 1
        _, threshold = smooth(sitk.Cast(on_grid(mask, (spacing,) * 3), sitk.sitkFloat32))
        assert threshold == pytest.approx(0.5, abs=0.05)

    def test_mask_without_an_outside(self):
        smoothed, threshold = smooth(sitk.Cast(on_grid(np.ones((6, 6, 6))), sitk.sitkFloat32))
        assert array(smoothed > threshold).all()
