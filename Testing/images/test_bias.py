"""The bias of a coil, and images without it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.images.bias import even


def biased(image: sitk.Image, factor: float = 4.0) -> sitk.Image:
    """Gray values that grow along the last axis by a factor."""
    values = sitk.GetArrayFromImage(image).astype(float)
    ramp = np.geomspace(factor**-0.5, factor**0.5, values.shape[0])[:, None, None]
    result = sitk.GetImageFromArray((values * ramp).astype(sitk.GetArrayViewFromImage(image).dtype))
    result.CopyInformation(image)
    return result


def slope(image: sitk.Image, like: sitk.Image) -> float:
    """How many times greater the gray values are at one end than at the other, relative to those of another image."""
    values, other = sitk.GetArrayFromImage(image).astype(float), sitk.GetArrayFromImage(like).astype(float)
    third = len(values) // 3
    ends = [
        values[part][other[part] > 100].mean() / other[part][other[part] > 100].mean()
        for part in (slice(0, third), slice(-third, None))
    ]
    return ends[1] / ends[0]


def test_bias_is_divided_out(reference_knee):
    image = biased(reference_knee.image)
    before, after = slope(image, reference_knee.image), slope(even(image), reference_knee.image)
    assert before > 2
    assert after == pytest.approx(1, abs=0.35)


def test_grid_and_input_stay(reference_knee):
    before = sitk.GetArrayFromImage(reference_knee.image)
    result = even(reference_knee.image)
    assert result.GetDirection() == reference_knee.image.GetDirection()
    assert result.GetOrigin() == reference_knee.image.GetOrigin()
    assert (sitk.GetArrayViewFromImage(reference_knee.image) == before).all()


def test_mean_stays(reference_knee):
    before, after = (
        sitk.GetArrayFromImage(image).astype(float) for image in (reference_knee.image, even(reference_knee.image))
    )
    tissue = before > 100
    assert after[tissue].mean() == pytest.approx(before[tissue].mean(), rel=0.1)


def test_values_that_are_no_tissue_do_not_matter(reference_knee):
    """Otherwise one hot voxel would be all that N4 sees."""
    values = sitk.GetArrayFromImage(biased(reference_knee.image)).astype(np.float32)
    places = np.random.default_rng(1).random(values.shape) < 0.001
    values[places] = 1e30
    image = sitk.GetImageFromArray(values)
    image.CopyInformation(reference_knee.image)
    result = sitk.GetArrayFromImage(even(image))
    clean = sitk.GetArrayFromImage(even(biased(reference_knee.image)))
    tissue = ~places & (clean > 100)
    assert np.median(np.abs(result[tissue] / clean[tissue] - 1)) < 0.1


@pytest.mark.parametrize("offset", [-500, 100])
def test_offset_is_no_signal(reference_knee, offset):
    """Only what is above it is divided: air stays air."""
    image = sitk.Cast(biased(reference_knee.image), sitk.sitkInt16) + offset
    result = sitk.GetArrayFromImage(even(image)).astype(float)
    assert np.isfinite(result).all()
    assert even(image).GetPixelID() == sitk.sitkInt16


@pytest.mark.parametrize("pixel", [sitk.sitkUInt8, sitk.sitkInt16, sitk.sitkUInt16, sitk.sitkFloat32, sitk.sitkFloat64])
def test_every_pixel_type(reference_knee, pixel):
    image = sitk.Cast(sitk.RescaleIntensity(reference_knee.image, 0, 200), pixel)
    assert slope(even(image), image) == pytest.approx(1, abs=0.35)


def test_nothing_to_find():
    image = sitk.Image([40, 40, 40], sitk.sitkInt16)
    assert (sitk.GetArrayFromImage(even(image)) == 0).all()


def test_same_result_every_time(reference_knee):
    """N4's sums depend on the number of threads."""
    results = [sitk.GetArrayFromImage(even(biased(reference_knee.image))) for _ in range(2)]
    usual = sitk.ProcessObject.GetGlobalDefaultNumberOfThreads()
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(3)
    try:
        results.append(sitk.GetArrayFromImage(even(biased(reference_knee.image))))
        assert sitk.ProcessObject.GetGlobalDefaultNumberOfThreads() == 3
    finally:
        sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(usual)
    assert all((result == results[0]).all() for result in results[1:])


def test_one_at_a_time(monkeypatch):
    """Several N4 at once give other sums now and then."""
    running, most = [], []

    class SlowN4(sitk.N4BiasFieldCorrectionImageFilter):
        def Execute(self, image, mask):
            running.append(self)
            time.sleep(0.02)
            most.append(len(running))
            result = super().Execute(image, mask)
            running.remove(self)
            return result

    monkeypatch.setattr(sitk, "N4BiasFieldCorrectionImageFilter", SlowN4)
    image = sitk.GetImageFromArray(np.random.default_rng(1).normal(500, 50, (24, 24, 24)).astype(np.float32))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(even, [image] * 4))
    assert most == [1] * 4
