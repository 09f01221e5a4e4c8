"""How much memory the work on one knee takes, by the size of its images."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..files import is_file
from ..images.files import read_grid

# Measured, this process and elastix together: 0.45 GB with voxels of 4 mm, 1.34 GB for 384 x 384 x 160 of them.
_BASE, _PER_VOXEL = 4.5e8, 38.0  # bytes
# Of a further reference: its image, its masks as they are and smoothed, and their votes; and a second elastix beside.
_PER_FURTHER_VOXEL, _BESIDE = 10.0, 4.5e8  # bytes
_FULL_SIZE = 384 * 384 * 160  # voxels
_LOOKED_AT = 3


def memory_per_knee(images: Iterable[Path], references: int = 1) -> float:
    """Bytes that the work on one knee takes at most, this process and its elastix together.

    :param images: of the knees; the largest files of them decide.
    :param references: how many are fused.
    """
    voxels = max(map(_voxels, _largest(images)), default=_FULL_SIZE)
    further = references - 1
    return _BASE + voxels * (_PER_VOXEL + _PER_FURTHER_VOXEL * further) + (_BESIDE if further else 0.0)


def _largest(images: Iterable[Path]) -> list[Path]:
    sizes = {path: path.stat().st_size for path in set(images) if is_file(path)}
    return sorted(sizes, key=lambda path: -sizes[path])[:_LOOKED_AT]


def _voxels(path: Path) -> int:
    with suppress(InputError, OSError):
        return int(np.prod(read_grid(path).size))
    return _FULL_SIZE
