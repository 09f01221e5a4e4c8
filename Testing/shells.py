"""Shells of known thickness around solids, as masks: what the thickness of cartilage is tested on."""

from __future__ import annotations

from typing import Callable

import numpy as np
import SimpleITK as sitk

RADIUS = 10.0
HALF_AXES = np.array([12.0, 10.0, 9.0])

Distance = Callable[[np.ndarray], np.ndarray]


def from_sphere(points: np.ndarray) -> np.ndarray:
    return np.linalg.norm(points, axis=1) - RADIUS


def from_cylinder(points: np.ndarray) -> np.ndarray:
    return np.hypot(points[:, 1], points[:, 2]) - RADIUS


def from_ellipsoid(points: np.ndarray) -> np.ndarray:
    """Distance to the nearest point of the ellipsoid, negative inside, by Newton's method on its Lagrange multiplier
    (started outside the root, from where it converges); +-9 where it is far."""
    level = np.linalg.norm(points / HALF_AXES, axis=1)
    distance = np.where(level < 1, -9.0, 9.0)
    near = np.abs(level - 1) * HALF_AXES.max() < 5
    near &= level > 0.6
    q = points[near]
    multiplier = -(HALF_AXES.min() ** 2) + HALF_AXES.min() * np.abs(q[:, 2])
    multiplier = np.maximum(multiplier, np.max(HALF_AXES * np.abs(q) - HALF_AXES**2, axis=1))
    for _ in range(12):
        sums = HALF_AXES**2 + multiplier[:, None]
        value = np.sum((HALF_AXES * q / sums) ** 2, axis=1) - 1
        slope = np.sum(-2 * (HALF_AXES * q) ** 2 / sums**3, axis=1)
        multiplier = multiplier - value / slope
    closest = HALF_AXES**2 * q / (HALF_AXES**2 + multiplier[:, None])
    distance[near] = np.sign(level[near] - 1) * np.linalg.norm(q - closest, axis=1)
    return distance


SOLIDS: dict[str, Distance] = {"sphere": from_sphere, "cylinder": from_cylinder, "ellipsoid": from_ellipsoid}


def shell(
    solid: str, thickness: float, spacing: tuple[float, ...], direction: tuple[float, ...]
) -> tuple[sitk.Image, sitk.Image]:
    """A solid, and a shell of a thickness (mm) around it; the cylinder is 30 mm long, its shell 16 mm.

    :return: both masks on a grid of this spacing and direction, whose voxels lie anyhow.
    """
    matrix = np.reshape(direction, (3, 3)) * spacing
    half = np.ceil((HALF_AXES.max() + thickness + 3) * (1.3 if solid == "cylinder" else 1.0) / np.array(spacing))
    size = (2 * half).astype(int)
    origin = np.array([40.13, -20.05, 7.21]) - matrix @ half
    points = np.indices(size[::-1])[::-1].reshape(3, -1).T @ matrix.T + origin - [40.0, -20.0, 7.0]
    distance = SOLIDS[solid](points)
    inner, outer = distance <= 0, (distance > 0) & (distance <= thickness)
    if solid == "cylinder":
        inner &= np.abs(points[:, 0]) < 15
        outer &= np.abs(points[:, 0]) < 8

    def mask(inside: np.ndarray) -> sitk.Image:
        image = sitk.GetImageFromArray(inside.reshape(size[::-1]).astype(np.uint8))
        image.SetSpacing(spacing)
        image.SetDirection(direction)
        image.SetOrigin(origin.tolist())
        return image

    return mask(inner), mask(outer)
