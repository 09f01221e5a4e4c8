"""Grids for tests."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk


def oblique(*angles: float) -> tuple[float, ...]:
    """Direction cosines of a grid turned by angles (rad) about x, y and z; unlike their transpose."""
    return tuple(np.reshape(sitk.Euler3DTransform((0, 0, 0), *angles).GetMatrix(), 9).tolist())
