"""Two images of a knee on the same lines through its cartilage, on one scale of gray values.

Two scans differ in gain and contrast, and what bends the scale of gray values moves every blurred edge: the middle
between two tissues is another value then. So values of both images are brought to a common scale in the middle between
theirs, by what does not change, the bone and the cartilage but for its surface: v' = exp(m + (log v - l) s), with l and
s chosen for each image so that means and standard deviations of the logarithms agree. These are two numbers only. To
match all quantiles of the values hides half of an edge's shift, as some of the values are those of the edge. What coils
leave of a difference in gain is divided out by the values in the middle of the cartilage around.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from .lines import STEP_MM, Lines, Neighborhood, window
from .motion import Motion

_BEFORE_MM, _BEYOND_MM = 1.8, 2.2  # of the bone's and of the joint's surface
_STATIC_BEYOND_MM = 0.5  # within the joint's surface
_QUANTILES = np.linspace(0.02, 0.98, 97)
_LEAST_SHARE = 0.02  # of the median, as there is no logarithm of 0
_SMOOTHED_STATIC = 3
_SMOOTHED_GAIN, _GAIN_FITS = 300, 3
_OUTLYING_GAIN = 0.25  # logarithm, of Tukey's biweight
_CORE = np.array([0.4, 0.6, 0.8, 1.0])  # from 0.2 mm above the bone to 0.7 mm below the joint
_CORE_FROM_MM, _CORE_BEFORE_MM, _LEAST_CORE_MM = 0.2, 0.9, 0.3


@dataclass(frozen=True)
class Profiles:
    """Gray values of two images on the same lines from the bone through the cartilage.

    :param values: of both, n x m each.
    :param positions: of the values on the lines, from the bone's surface outwards (m, mm).
    :param thickness: of the cartilage there, smooth (n, mm).
    :param areas: of the bone that the lines stand for (n, mm2).
    :param neighborhood: of the lines.
    """

    values: tuple[np.ndarray, np.ndarray]
    positions: np.ndarray
    thickness: np.ndarray
    areas: np.ndarray
    neighborhood: Neighborhood

    @classmethod
    def of(
        cls,
        images: tuple[sitk.Image, sitk.Image],
        motion: Motion,
        points: np.ndarray,
        normals: np.ndarray,
        thickness: np.ndarray,
        areas: np.ndarray,
        neighborhood: Neighborhood,
    ) -> Profiles:
        """The profiles of two images, on one scale.

        :param motion: of the bone, from the first image to the second.
        :param points: of the bone's surface in the first image (n x 3, mm, LPS).
        :param normals: unit vectors out of the bone (n x 3).
        """
        reach = float(thickness.max()) + _BEYOND_MM
        positions = np.arange(-_BEFORE_MM, reach + STEP_MM / 2, STEP_MM)
        moved, turned = motion.points(points), motion.directions(normals)
        first = Lines(images[0], points, reach).values(points, normals, positions)
        second = Lines(images[1], moved, reach).values(moved, turned, positions)
        scaled = _one_scale(first, second, positions < thickness[:, None] - _STATIC_BEYOND_MM, neighborhood)
        return cls(scaled, positions, thickness, areas, neighborhood)._evened()

    def windows(self, centers: np.ndarray, positions: np.ndarray, rounds: int) -> list[np.ndarray]:
        """The values of both images at positions (mm) round centers on the lines (n x 2, one for each image), as means
        of neighboring lines."""
        return [
            self.neighborhood.smooth(window(values, self.positions[0], center, positions), rounds)
            for values, center in zip(self.values, centers.T)
        ]

    def cores(self) -> list[np.ndarray]:
        """The mean value in the middle of the cartilage on each line, in both images."""
        deep = np.maximum(self.thickness - _CORE_BEFORE_MM, _LEAST_CORE_MM)[:, None] * _CORE + _CORE_FROM_MM
        nowhere = np.zeros(len(deep))
        return [window(values, self.positions[0], nowhere, deep).mean(axis=1) for values in self.values]

    def level(self) -> float:
        """The value of cartilage."""
        return float(np.median(self.cores()))

    def _evened(self) -> Profiles:
        """Without what coils have left of a difference in gain."""
        first, second = (np.maximum(core, _LEAST_SHARE * np.median(core)) for core in self.cores())
        ratio = np.log(first / second)
        # A lesion is no difference in gain.
        gain = np.full(len(ratio), np.median(ratio))
        for _ in range(_GAIN_FITS):
            weights = self.areas * np.clip(1 - ((ratio - gain) / _OUTLYING_GAIN) ** 2, 0, None) ** 2
            near = self.neighborhood.smooth(np.stack([weights * ratio, weights], axis=1), _SMOOTHED_GAIN)
            gain = near[:, 0] / np.maximum(near[:, 1], np.finfo(np.float32).tiny)
        half = np.exp(gain / 2)[:, None].astype(np.float32)
        values = self.values[0] / half, self.values[1] * half
        return Profiles(values, self.positions, self.thickness, self.areas, self.neighborhood)


def _one_scale(
    first: np.ndarray, second: np.ndarray, static: np.ndarray, neighborhood: Neighborhood
) -> tuple[np.ndarray, np.ndarray]:
    """Values of two images on the scale in the middle between them, by the places (n x m, bool) that do not change."""
    least = [_LEAST_SHARE * float(np.median(values[static])) for values in (first, second)]
    smooth = [neighborhood.smooth(values, _SMOOTHED_STATIC)[static] for values in (first, second)]
    logs = [np.log(np.maximum(np.quantile(values, _QUANTILES), low)) for values, low in zip(smooth, least)]
    middle, spread = np.mean(logs), np.sqrt(logs[0].std() * logs[1].std())
    scaled = [
        np.exp(middle + (np.log(np.maximum(values, low)) - log.mean()) * (spread / log.std())).astype(np.float32)
        for values, low, log in zip((first, second), least, logs)
    ]
    return scaled[0], scaled[1]
