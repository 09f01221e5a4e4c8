"""Implicit shapes: signed distances in mm, negative inside, on arrays of points.

Distances are first-order exact at the surface (unit gradient there), which is what partial volume and layers of
a given thickness need; far from the surface, they are only monotonic. The smooth combinations follow I. Quilez,
"distance functions" and "smooth minimum" (iquilezles.org/articles/distfunctions, /smin).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union

import numpy as np

Array = np.ndarray
Points = tuple[Array, Array, Array]
"""Coordinates x, y, z in mm, three arrays of one shape (float32)."""
Number = Union[float, Array]


def smooth_union(a: Array, b: Array, fillet: float) -> Array:
    """Union of two shapes, whose crease is filled over about ``fillet`` mm."""
    blend = np.clip(fillet - np.abs(a - b), 0, None)
    return np.minimum(a, b) - blend * blend * (0.25 / fillet)


def smooth_intersection(a: Array, b: Array, fillet: float) -> Array:
    """Intersection of two shapes, whose edge is rounded over about ``fillet`` mm."""
    return -smooth_union(-a, -b, fillet)


def round_intersection(a: Array, b: Array, radius: float) -> Array:
    """Intersection of two shapes, whose edge is a fillet of ``radius`` mm."""
    a, b = a + radius, b + radius
    return np.minimum(np.maximum(a, b), 0) + np.hypot(np.maximum(a, 0), np.maximum(b, 0)) - radius


def ellipse(u: Array, v: Array, a: Number, b: Number) -> Array:
    """Ellipse with half axes ``a`` and ``b`` mm, its distance to first order (G. Taubin, IEEE PAMI 13:1115, 1991)."""
    u, v = u / a, v / b
    level = np.hypot(u, v)
    return level * (level - 1) / (np.hypot(u / a, v / b) + np.float32(1e-6))


def squared_ellipse(u: Array, v: Array, a: Number, b: Number) -> Array:
    """Between ellipse and rectangle (exponent 3), half axes ``a`` and ``b`` mm, its distance as in :func:`ellipse`."""
    u, v = np.abs(u / a), np.abs(v / b)
    level = np.cbrt(u * u * u + v * v * v)
    return level * level * (level - 1) / (np.hypot(u * u / a, v * v / b) + np.float32(1e-6))


def ellipsoid(points: Points, center: Sequence[float], half_axes: Sequence[float]) -> Array:
    """Ellipsoid with its axes along the coordinates, its distance to first order (see :func:`ellipse`)."""
    level: Number = np.float32(0)
    slope: Number = np.float32(1e-12)
    for coordinate, middle, half in zip(points, center, half_axes):
        u = (coordinate - np.float32(middle)) * np.float32(1 / half)
        level = level + u * u
        slope = slope + u * u * np.float32(half**-2)
    level = np.sqrt(level)
    return level * (level - 1) / np.sqrt(slope)


def band(
    points: Points, start: Sequence[float], end: Sequence[float], radii: Sequence[float], flat: float = 1
) -> Array:
    """A round-ended bar from ``start`` to ``end`` whose radius goes from ``radii[0]`` to ``radii[1]`` mm.

    :param flat: widens the bar along x by this factor: a band (tendon) instead of a cord.
    """
    x, y, z = (coordinate - np.float32(first) for coordinate, first in zip(points, start))
    ax, ay, az = (float(last - first) for first, last in zip(start, end))
    along = np.clip((x * ax + y * ay + z * az) * (1 / (ax * ax + ay * ay + az * az)), 0, 1)
    x, y, z = (x - ax * along) * (1 / flat), y - ay * along, z - az * along
    return np.sqrt(x * x + y * y + z * z) - (radii[0] + (radii[1] - radii[0]) * along)


class Waves:
    """A smooth random field: a sum of plane waves, mean 0, standard deviation 1.

    :param length: the shortest wavelength in mm; the longest is twice that.
    """

    def __init__(self, rng: np.random.Generator, length: float, number: int = 7):
        heading = rng.normal(size=(number, 3))
        heading /= np.linalg.norm(heading, axis=1, keepdims=True)
        self._wave = (heading * (2 * np.pi / (length * rng.uniform(1, 2, (number, 1))))).astype(np.float32)
        self._phase = rng.uniform(0, 2 * np.pi, number).astype(np.float32)

    def __call__(self, points: Points) -> Array:
        x, y, z = points
        total = np.zeros_like(x)
        for (kx, ky, kz), phase in zip(self._wave, self._phase):
            total += np.sin(x * kx + y * ky + z * kz + phase)
        return total * np.float32(np.sqrt(2 / len(self._phase)))
