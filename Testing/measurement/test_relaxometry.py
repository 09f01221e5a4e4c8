"""Relaxation times: fits of decays that are known, and their values in regions and layers."""

from __future__ import annotations

import math

import numpy as np
import pytest
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.images.grid import Grid
from KneeCartilageSegLib.measurement.decay import LONGEST_MS, fit_decay, fit_signals
from KneeCartilageSegLib.measurement.knee import measure_knee
from KneeCartilageSegLib.measurement.relaxometry import Layer, map_statistics
from shells import RADIUS, shell

TIMES = np.array([6.3, 12.6, 18.9, 25.2, 31.6, 37.9, 44.2, 50.5])
CENTER = np.array([40.0, -20.0, 7.0])


def decays(count=4000, seed=1):
    random = np.random.default_rng(seed)
    t2, amplitude = random.uniform(15, 100, count), random.uniform(100, 3000, count)
    return t2, amplitude, amplitude[:, None] * np.exp(-TIMES / t2[:, None])


def test_decays_without_noise_are_recovered():
    t2, amplitude, signal = decays()
    found_t2, found_amplitude, quality = fit_signals(signal, TIMES)
    np.testing.assert_allclose(found_t2, t2, rtol=1e-6)
    np.testing.assert_allclose(found_amplitude, amplitude, rtol=1e-6)
    assert quality.min() > 1 - 1e-9


def test_noisy_decays_are_recovered_to_1_percent_on_average():
    t2, amplitude, signal = decays()
    noisy = signal + np.random.default_rng(2).normal(0, 0.01, signal.shape) * amplitude[:, None]
    found, _, quality = fit_signals(noisy, TIMES)
    assert np.mean(found / t2 - 1) == pytest.approx(0, abs=0.01)
    assert np.median(np.abs(found / t2 - 1)) < 0.03
    assert np.median(quality) > 0.99


def test_fit_is_that_of_least_squares():
    """Not of the logarithms, which noise bends: no small change of the result fits better."""
    _, amplitude, signal = decays(200)
    noisy = np.maximum(signal + np.random.default_rng(3).normal(0, 0.05, signal.shape) * amplitude[:, None], 1.0)
    time, start, _ = fit_signals(noisy, TIMES)

    def cost(a, t):
        return np.sum((noisy - a[:, None] * np.exp(-TIMES / t[:, None])) ** 2, axis=1)

    free = (time < 0.99 * LONGEST_MS) & (time > 1)
    assert free.mean() > 0.9
    for a, t in ((1.003, 1), (0.997, 1), (1, 1.003), (1, 0.997), (1.002, 0.998)):
        assert np.all(cost(start * a, time * t)[free] >= cost(start, time)[free] * (1 - 1e-9))


def test_signals_that_do_not_decay_run_to_a_bound_and_not_to_nonsense():
    signal = np.array([np.linspace(50, 100, 8), np.zeros(8), np.full(8, 7.0), [900, 0, 0, 0, 0, 0, 0, 0]])
    found = fit_signals(signal, TIMES)
    assert np.isfinite(found).all()
    assert found[0, 0] == pytest.approx(LONGEST_MS)
    assert found[0, 3] < 3


OBLIQUE = oblique(0.2, 0.1, -0.3)


def image_of(array, direction=OBLIQUE):
    image = sitk.GetImageFromArray(array)
    image.SetSpacing((0.5, 0.6, 3.0))
    image.SetDirection(direction)
    image.SetOrigin((5.0, -3.0, 2.0))
    return image


def test_map_lies_on_the_grid_of_the_echoes_whose_order_does_not_matter():
    t2 = np.random.default_rng(4).uniform(20, 80, (4, 9, 8))
    amplitude = np.where(np.arange(8) < 3, 2.0, 1000.0) * np.ones_like(t2)
    echoes = [image_of((amplitude * np.exp(-time / t2)).astype(np.float32)) for time in TIMES]
    fit = fit_decay(echoes, TIMES)
    assert Grid.of(fit.time).coincides_with(Grid.of(echoes[0]))
    found = sitk.GetArrayFromImage(fit.time)
    np.testing.assert_allclose(found[..., 3:], t2[..., 3:], rtol=1e-3)
    assert not found[..., :3].any(), "the background is masked"
    reordered = fit_decay(echoes[::-1], TIMES[::-1].tolist())
    np.testing.assert_allclose(sitk.GetArrayFromImage(reordered.time), found)


def test_series_that_are_none_are_refused():
    echo = image_of(np.ones((4, 9, 8), np.float32))
    other = image_of(np.ones((4, 9, 8), np.float32), oblique(0.0, 0.1, 0.0))
    with pytest.raises(InputError, match="two echoes"):
        fit_decay([echo], [10])
    with pytest.raises(InputError, match="another grid"):
        fit_decay([echo, other], [10, 20])
    with pytest.raises(InputError, match="different"):
        fit_decay([echo, echo], [10, 10])


@pytest.fixture(scope="module")
def measured():
    bone, cartilage = shell("sphere", 3.0, (0.5, 0.5, 0.5), oblique(0.3, -0.2, 0.5))
    return measure_knee(cartilage, bone, regions=False)


def layered_map(spacing, direction, deep=30.0, superficial=50.0):
    """A map with one value in the inner half of the shell and another one in its outer half, on a grid of its own."""
    image = sitk.Image([int(40 / s) for s in spacing], sitk.sitkFloat32)
    image.SetSpacing(spacing)
    image.SetDirection(direction)
    middle = image.TransformContinuousIndexToPhysicalPoint([n / 2 for n in image.GetSize()])
    image.SetOrigin((CENTER - middle).tolist())
    grid = Grid.of(image)
    points = grid.points(np.argwhere(np.ones(image.GetSize()[::-1]))[:, ::-1].astype(float))
    distance = np.linalg.norm(points - CENTER, axis=1) - RADIUS
    values = np.where(distance < 1.5, deep, superficial).reshape(image.GetSize()[::-1])
    made = sitk.GetImageFromArray(values.astype(np.float32))
    made.CopyInformation(image)
    return made


@pytest.mark.parametrize("spacing", [(0.5, 0.5, 0.5), (0.4, 0.4, 2.0)])
def test_layers_are_told_apart_on_the_grid_of_the_map(measured, spacing):
    found = {s.layer: s for s in map_statistics(layered_map(spacing, oblique(0.1, 0.2, 0.0)), measured)}
    assert found[Layer.DEEP].median == 30
    assert found[Layer.SUPERFICIAL].median == 50
    assert found[Layer.DEEP].mean == pytest.approx(30, abs=1.0)
    assert found[Layer.SUPERFICIAL].mean == pytest.approx(50, abs=1.0)
    assert found[Layer.ALL].voxels == found[Layer.DEEP].voxels + found[Layer.SUPERFICIAL].voxels
    volume = 4 / 3 * math.pi * ((RADIUS + 3) ** 3 - RADIUS**3)
    assert found[Layer.ALL].voxels * np.prod(spacing) == pytest.approx(volume, rel=0.03)


def test_values_outside_the_range_are_left_out_and_counted(measured):
    image = layered_map((0.5, 0.5, 0.5), oblique(0.1, 0.2, 0.0))
    values = sitk.GetArrayFromImage(image)
    wild = np.random.default_rng(5).random(values.shape) < 0.1
    values[wild] = np.random.default_rng(6).choice([np.nan, -200, 4000, 0], wild.sum())
    dirty = sitk.GetImageFromArray(values)
    dirty.CopyInformation(image)
    clean, found = (map_statistics(each, measured)[0] for each in (image, dirty))
    assert found.left_out + found.voxels == clean.voxels
    assert found.left_out == pytest.approx(0.1 * clean.voxels, rel=0.1)
    assert found.mean == pytest.approx(clean.mean, abs=0.5)
    strict = map_statistics(image, measured, (40, 150))[0]
    assert (strict.mean, strict.std) == (50, 0)


def test_map_elsewhere_is_refused(measured):
    image = layered_map((1.0, 1.0, 1.0), oblique(0.0, 0.0, 0.0))
    image.SetOrigin((500.0, 0.0, 0.0))
    with pytest.raises(InputError, match="no voxel of the map"):
        map_statistics(image, measured)
