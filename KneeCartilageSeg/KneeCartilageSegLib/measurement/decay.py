"""Relaxation times from a series of echoes: a mono-exponential decay S(t) = A exp(-t / T), fitted in each voxel.

It begins with the straight line through log S, weighted by S^2 as noise of equal size at all echoes asks for, and goes
on with least squares of S itself by the Levenberg-Marquardt method (Marquardt 1963), in all voxels at once. T is T2 for
a multi-echo spin echo series and T1rho for a series of spin-lock times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from ..errors import InputError, Problem
from ..images.grid import Grid

LONGEST_MS = 1000.0
"""The bound of the fitted time: no tissue of the knee but fluid comes near it."""

_SHORTEST_MS = 0.5
_BACKGROUND_PART = 0.3  # of Otsu's level, which parts bright tissue from dark; cartilage can be dark
_ITERATIONS = 30
_CHUNK = 1 << 17  # voxels fitted at a time, so that memory stays small
_SMALL = 1e-12
_CONVERGED = 1e-6  # relative change of the sum of squares


@dataclass(frozen=True)
class DecayFit:
    """Maps on the grid of the echoes (float32).

    :param time: relaxation time, in the unit of the echo times (ms); 0 in the background.
    :param amplitude: signal at time 0.
    :param quality: R2, the part of the signal's variation over the echoes that the fit explains; 1 is perfect.
    """

    time: sitk.Image
    amplitude: sitk.Image
    quality: sitk.Image


def fit_decay(echoes: Sequence[sitk.Image], times: Sequence[float], threshold: float | None = None) -> DecayFit:
    """Fit the decay in each voxel that is not background.

    :param echoes: images of one grid, one per echo.
    :param times: their echo times, ms.
    :param threshold: a voxel whose first echo is not above is background; None finds it by Otsu's method (1979).
    :raises InputError: if there are fewer than two echoes, their times are not positive and different, or their grids
        differ.
    """
    _check(echoes, times)
    order = np.argsort(times)
    echoes, sorted_times = [echoes[i] for i in order], np.sort(np.asarray(times, float))
    arrays = [sitk.GetArrayViewFromImage(echo) for echo in echoes]
    level = _otsu(echoes[0]) if threshold is None else threshold
    inside = np.argwhere((arrays[0] > level).ravel())[:, 0]
    maps = np.zeros((3, arrays[0].size), np.float32)
    for start in range(0, len(inside), _CHUNK):
        chosen = inside[start : start + _CHUNK]
        signal = np.stack([array.ravel()[chosen] for array in arrays], axis=1).astype(float)
        maps[:, chosen] = fit_signals(signal, sorted_times)
    return DecayFit(*(_like(echoes[0], values) for values in maps))


def fit_signals(signal: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Time, amplitude and R2 (3 x n) of signals (n x echoes) at increasing times (echoes)."""
    amplitude, rate = _straight_line(signal, times)
    amplitude, rate = _least_squares(signal, times, amplitude, rate)
    residual = signal - amplitude[:, None] * np.exp(-rate[:, None] * times)
    variation = np.sum((signal - signal.mean(axis=1, keepdims=True)) ** 2, axis=1)
    quality = 1 - np.sum(residual**2, axis=1) / np.maximum(variation, _SMALL)
    return np.stack([1 / rate, amplitude, quality])


def _straight_line(signal: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Amplitude and rate of the weighted line through the logarithms; a signal of 0 or less has no weight."""
    positive = np.maximum(signal, _SMALL)
    weight = np.where(signal > 0, positive**2, 0.0)
    total = np.maximum(weight.sum(axis=1), _SMALL)
    logs = np.log(positive)
    mean_time, mean_log = weight @ times / total, np.sum(weight * logs, axis=1) / total
    offset = times - mean_time[:, None]
    spread = np.maximum(np.sum(weight * offset**2, axis=1), _SMALL)
    rate = -np.sum(weight * offset * (logs - mean_log[:, None]), axis=1) / spread
    rate = np.clip(rate, 1 / LONGEST_MS, 1 / _SHORTEST_MS)
    return np.exp(np.minimum(mean_log + rate * mean_time, 80.0)), rate


def _least_squares(
    signal: np.ndarray, times: np.ndarray, amplitude: np.ndarray, rate: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    amplitude, rate = amplitude.copy(), rate.copy()
    running = np.arange(len(signal))
    damping = np.full(len(signal), 1e-3)
    cost = _cost(signal, times, amplitude, rate)
    for _ in range(_ITERATIONS):
        s, a, r, d = signal[running], amplitude[running], rate[running], damping[running]
        step_a, step_r = _step(s, times, a, r, d)
        new_a, new_r = a + step_a, np.clip(r + step_r, 1 / LONGEST_MS, 1 / _SHORTEST_MS)
        new_cost = _cost(s, times, new_a, new_r)
        better = new_cost <= cost[running]
        change = np.abs(cost[running] - new_cost) / np.maximum(cost[running], _SMALL)
        accepted = running[better]
        amplitude[accepted], rate[accepted], cost[accepted] = new_a[better], new_r[better], new_cost[better]
        damping[running] = np.clip(np.where(better, d / 10, d * 10), 1e-9, 1e9)
        running = running[~(better & (change < _CONVERGED)) & (damping[running] < 1e9)]
        if not running.size:
            break
    return amplitude, rate


def _step(
    signal: np.ndarray, times: np.ndarray, amplitude: np.ndarray, rate: np.ndarray, damping: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The step of amplitude and rate: the damped normal equations, two by two."""
    decay = np.exp(-rate[:, None] * times)
    by_rate = -amplitude[:, None] * times * decay
    residual = signal - amplitude[:, None] * decay
    aa, rr, ar = (np.sum(x * y, axis=1) for x, y in ((decay, decay), (by_rate, by_rate), (decay, by_rate)))
    ga, gr = np.sum(decay * residual, axis=1), np.sum(by_rate * residual, axis=1)
    aa, rr = aa * (1 + damping), rr * (1 + damping)
    determinant = np.maximum(aa * rr - ar**2, np.finfo(float).tiny)
    return (rr * ga - ar * gr) / determinant, (aa * gr - ar * ga) / determinant


def _cost(signal: np.ndarray, times: np.ndarray, amplitude: np.ndarray, rate: np.ndarray) -> np.ndarray:
    return np.sum((signal - amplitude[:, None] * np.exp(-rate[:, None] * times)) ** 2, axis=1)


def _check(echoes: Sequence[sitk.Image], times: Sequence[float]) -> None:
    problems = []
    if len(echoes) < 2:
        problems.append(Problem("a decay needs two echoes or more", "Give all images of the series"))
    if len(echoes) != len(times):
        problems.append(Problem(f"there are {len(echoes)} images and {len(times)} times", "Give one time per image"))
    if len(set(times)) != len(times) or not all(0 < time < float("inf") for time in times):
        problems.append(Problem("the echo times have to be different, and above 0", "Give them in ms"))
    grids = [Grid.of(echo) for echo in echoes]
    problems += [
        Problem(f"image {number} lies on another grid than image 1 ({grid.difference(grids[0])})", "Give one series")
        for number, grid in enumerate(grids[1:], start=2)
        if not grid.coincides_with(grids[0])
    ]
    if problems:
        raise InputError(problems)


def _otsu(image: sitk.Image) -> float:
    otsu = sitk.OtsuThresholdImageFilter()
    otsu.Execute(sitk.Cast(image, sitk.sitkFloat32))
    return float(otsu.GetThreshold()) * _BACKGROUND_PART


def _like(image: sitk.Image, values: np.ndarray) -> sitk.Image:
    made = sitk.GetImageFromArray(values.reshape(image.GetSize()[::-1]))
    made.CopyInformation(image)
    return made
