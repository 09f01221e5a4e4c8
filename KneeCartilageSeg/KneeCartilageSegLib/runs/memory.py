"""How much memory the work on one knee takes, by the size of its images."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..files import is_file
from ..images.files import read_grid

_BASE = 3.0e8  # bytes
_PER_VOXEL = 35.0  # bytes
_PER_FURTHER_REFERENCE = 10.0  # bytes per voxel
_FULL_SIZE = 384 * 384 * 160  # voxels
_LOOKED_AT = 3


def memory_per_knee(images: Iterable[Path], references: int = 1) -> float:
    """Bytes that the work on one knee takes at most, this process and its elastix together.

    :param images: of the knees; the largest files of them decide.
    :param references: how many are fused.
    """
    voxels = max(map(_voxels, _largest(images)), default=_FULL_SIZE)
    return _BASE + voxels * (_PER_VOXEL + _PER_FURTHER_REFERENCE * (references - 1))


def _largest(images: Iterable[Path]) -> list[Path]:
    sizes = {path: path.stat().st_size for path in set(images) if is_file(path)}
    return sorted(sizes, key=lambda path: -sizes[path])[:_LOOKED_AT]


def _voxels(path: Path) -> int:
    with suppress(InputError, OSError):
        return int(np.prod(read_grid(path).size))
    return _FULL_SIZE
