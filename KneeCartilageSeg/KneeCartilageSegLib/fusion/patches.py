"""Patches of voxels: their size, blocks of an array with what lies round them, and sums over patches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

Box = tuple[slice, ...]  # along z, y, x
Radius = tuple[int, ...]  # voxels along z, y, x

_PATCH_MM = 0.5
_SEARCH_MM = 0.75
_LARGEST = 2  # voxels; the cost grows with the cube
_THICK = 2.5  # times the smallest edge of a voxel
TILE = (16, 32, 32)


def patch_radius(spacing: Sequence[float]) -> Radius:
    """Half the size of a patch in voxels, for voxels of a size in mm: 1, 1, 1 for 0.365, 0.365, 0.7."""
    return _radius(_PATCH_MM, spacing)


def search_radius(spacing: Sequence[float]) -> Radius:
    """How far a better match is looked for, in voxels, for voxels of a size in mm: 2, 2, 1 for 0.365, 0.365, 0.7."""
    return _radius(_SEARCH_MM, spacing)


def _radius(reach: float, spacing: Sequence[float]) -> Radius:
    # The next of thick slices is too far away to be compared with: there it is one slice.
    thick = _THICK * min(spacing)
    return tuple(0 if size > thick else min(_LARGEST, max(1, round(reach / size))) for size in spacing)


def offsets(radius: Radius) -> np.ndarray:
    """All steps (n x 3) of at most a radius along each axis, in the order of memory."""
    return np.array(list(np.ndindex(*(2 * r + 1 for r in radius)))) - radius


def tiles(wanted: np.ndarray) -> Iterator[Box]:
    """Boxes that cover the true voxels of an array, without overlap, none larger than some thousand voxels."""
    for first in np.ndindex(*(-(-size // step) for size, step in zip(wanted.shape, TILE))):
        lower = [index * step for index, step in zip(first, TILE)]
        found = np.nonzero(wanted[tuple(slice(low, low + step) for low, step in zip(lower, TILE))])
        if len(found[0]):
            yield tuple(slice(low + int(on.min()), low + int(on.max()) + 1) for low, on in zip(lower, found))


def block(array: np.ndarray, box: Box, halo: Radius) -> np.ndarray:
    """A copy of a box of an array with a margin of voxels; beyond the array its edge is repeated."""
    indices = (
        np.clip(np.arange(part.start - margin, part.stop + margin), 0, size - 1)
        for part, margin, size in zip(box, halo, array.shape)
    )
    return array[np.ix_(*indices)]


def box_sum(array: np.ndarray, radius: Radius) -> np.ndarray:
    """The sum over the patch round each voxel; smaller by the radius on each side."""
    for axis, reach in enumerate(radius):
        count = array.shape[axis] - 2 * reach
        parts = [_along(array, axis, step, count) for step in range(2 * reach + 1)]
        array = parts[0] + parts[1] if reach else array
        for part in parts[2:]:
            array += part
    return array


def _along(array: np.ndarray, axis: int, start: int, count: int) -> np.ndarray:
    """A view of ``count`` layers of an array."""
    return array[(slice(None),) * axis + (slice(start, start + count),)]
