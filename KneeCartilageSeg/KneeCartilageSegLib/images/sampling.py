"""Images and fields at points between their voxels."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

from .regions import points_to_indices


def sample(image: sitk.Image, points: np.ndarray, outside: float = np.nan) -> np.ndarray:
    """An image at points (n x 3, mm, LPS), linear, as float32; within a voxel's half of its edge, the value there.

    :param outside: the value of points beyond the image.
    """
    indices = points_to_indices(image, points)[:, ::-1].T
    array = sitk.GetArrayViewFromImage(image)
    values = ndimage.map_coordinates(array, indices, np.float32, order=1, mode="nearest")
    last = np.array(array.shape)[:, None] - 0.5
    values[((indices < -0.5) | (indices > last)).any(axis=0)] = outside
    return values


def sample_channels(channels: np.ndarray, indices: np.ndarray) -> np.ndarray:
    """Several arrays on one grid at continuous indices, linear; beyond the grid the value at its edge.

    :param channels: m x z x y x x.
    :param indices: n x 3, x y z.
    :return: n x m.
    """
    coordinates = indices[:, ::-1].T
    values = [ndimage.map_coordinates(channel, coordinates, order=1, mode="nearest") for channel in channels]
    return np.stack(values, axis=1)
