"""The range of tissue's gray values, whatever else an image holds."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.images.gray import GrayRange, gray_range, gray_range_of_image
from KneeCartilageSegLib.images.masks import dilate
from KneeCartilageSegLib.images.regions import mask_points
from KneeCartilageSegLib.phantom import KneeParameters


@pytest.fixture(scope="module")
def knee():
    return phantom.make_knee(KneeParameters.reduced(1.5, subject=2))


@pytest.fixture(scope="module")
def points(knee):
    return mask_points(dilate(knee.femur, 8.0), 4000)


@pytest.fixture(scope="module")
def clean(knee, points):
    return gray_range(knee.image, points)


def with_values(image, change):
    """The image with its values (float64, z y x) changed by a function of them and of a random number for each."""
    values = sitk.GetArrayFromImage(image).astype(np.float64)
    changed = sitk.GetImageFromArray(change(values, np.random.default_rng(5).random(values.shape)))
    changed.CopyInformation(image)
    return changed


def slab(values, _):
    values[: len(values) // 3] = 4095
    return values


NO_TISSUE = {
    "bound of a fit": lambda values, chance: np.where(chance < 0.01, 4000, values),
    "wild": lambda values, chance: np.where(chance < 0.002, 1e6, np.where(chance > 0.998, -1e5, values)),
    "hot voxels": lambda values, chance: np.where(chance < 0.001, chance * 1e9, values),
    "a third is a marker": lambda values, chance: np.where(chance < 0.3, 4095, values),
    "markers on both sides": lambda values, chance: np.where(
        chance < 0.1, 30000, np.where(chance > 0.9, -3000, values)
    ),
    "NaN": lambda values, chance: np.where(chance < 0.3, np.nan, values),
    "infinite": lambda values, chance: np.where(chance < 0.05, np.inf, np.where(chance > 0.95, -np.inf, values)),
}


@pytest.mark.parametrize("change", NO_TISSUE.values(), ids=NO_TISSUE)
def test_values_that_are_no_tissue_do_not_move_the_range(knee, points, clean, change):
    found = gray_range(with_values(knee.image, change), points)
    width = clean.high - clean.low
    assert found.low == pytest.approx(clean.low, abs=0.1 * width)
    assert found.high == pytest.approx(clean.high, abs=0.1 * width)


def test_clipped_share_is_that_of_the_values(knee, points, clean):
    third = gray_range(with_values(knee.image, NO_TISSUE["a third is a marker"]), points)
    assert clean.clipped < 0.02
    assert third.clipped == pytest.approx(0.3 + 0.7 * clean.clipped, abs=0.02)


def test_coherent_marker_is_no_tissue(knee, points, clean):
    """A third of the slices, femur and all: what is left has no fluid and a little less of everything."""
    found = gray_range(with_values(knee.image, slab), points)
    assert found.high < 1.2 * clean.high
    assert found.high > 0.6 * clean.high


def test_air_outside_the_knee_does_not_count(knee, points, clean):
    found = gray_range(
        with_values(knee.image, lambda values, chance: np.where(values < 60, 1e5 * chance, values)), points
    )
    assert found.high < 1.5 * clean.high


@pytest.mark.parametrize(("scale", "offset"), [(1e30, 0), (1e-6, 0), (1, -5000), (1e200, 1e203), (1, 4e9)])
def test_range_follows_scale_and_offset(knee, points, clean, scale, offset):
    found = gray_range(with_values(knee.image, lambda values, _: values * scale + offset), points)
    assert (found.low - offset) / scale == pytest.approx(clean.low, rel=1e-3)
    assert (found.high - offset) / scale == pytest.approx(clean.high, rel=1e-3)


def test_wide_integers_do_not_overflow(knee, points, clean):
    """Contrasts of a few hundred on an offset that single precision would round to multiples of 256."""
    offset = 4_000_000_000
    image = sitk.GetImageFromArray((sitk.GetArrayFromImage(knee.image).astype(np.int64) + offset).astype(np.uint32))
    image.CopyInformation(knee.image)
    found = gray_range(image, points)
    assert found.low - offset == pytest.approx(clean.low, abs=1e-3)
    expected = sitk.GetArrayFromImage(clean.apply(knee.image))
    assert np.allclose(sitk.GetArrayFromImage(found.apply(image)), expected, atol=1e-3)


def test_apply_clips_and_scales():
    values = np.array([[[-1e9, 10.0, 15.0, 20.0, 1e9, np.nan, np.inf, -np.inf]]])
    image = sitk.GetImageFromArray(values)
    image.SetSpacing((0.5, 2.0, 3.0))
    scaled = GrayRange(10.0, 20.0, 0.0).apply(image)
    assert sitk.GetArrayFromImage(scaled).ravel().tolist() == [0, 0, 500, 1000, 1000, 0, 1000, 0]
    assert scaled.GetSpacing() == image.GetSpacing()
    assert np.array_equal(sitk.GetArrayFromImage(image), values, equal_nan=True), "the image itself is left alone"


def test_image_without_noise_has_a_range(knee, points):
    """Every region has one value, as markers have."""
    found = gray_range(knee.labels, points)
    assert found.high > found.low


def test_points_outside_give_the_range_of_the_whole_image(knee, points):
    assert gray_range(knee.image, points + 1e4) == gray_range_of_image(knee.image)


@pytest.mark.parametrize("value", [0, 7, np.nan])
def test_constant_image_has_a_range_all_the_same(value):
    image = sitk.Image(12, 12, 12, sitk.sitkFloat32) + value
    found = gray_range_of_image(image)
    assert found.high > found.low
    assert np.isfinite(sitk.GetArrayFromImage(found.apply(image))).all()
