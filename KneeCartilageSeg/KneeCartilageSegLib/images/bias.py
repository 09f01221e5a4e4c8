"""The bias of a coil, which is more sensitive to what lies near it: found by N4 on a coarse grid, in a second or two.

N4: Tustison et al., IEEE TMI 2010, https://doi.org/10.1109/TMI.2010.2046908.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import numpy as np
import SimpleITK as sitk

from .gray import gray_range_of_image
from .grid import Grid
from .regions import shrink

# mm. A coil's sensitivity changes over centimeters; on a digital knee, finer grids took longer (6 s at 4 mm, 1.4 s at
# 8 mm) and left more of a strong field.
GRID_SPACING = 8.0
_ITERATIONS = (50, 50, 50)  # per level of resolution: control points halve their distance at each
_CONVERGENCE = 1e-3
_ONE_THREAD = threading.Lock()


def correct_bias(image: sitk.Image) -> tuple[sitk.Image, float]:
    """Divide out the smooth field of sensitivity that N4 finds in all that is brighter than air, by two thresholds of
    Otsu. With one threshold dark tissue is left out, and with it half of the field.

    :param image: 3-D, scalar, values of 0 and more.
    :return: the corrected image, of the same type and with the same mean inside the mask, and how much the field
        varies there: its 95th percentile divided by its 5th.
    """
    field, variation = _log_field(shrink(sitk.Cast(image, sitk.sitkFloat32), GRID_SPACING))
    return _as_image(_divided(image, 0.0, field), sitk.GetArrayViewFromImage(image).dtype, image), variation


def even(image: sitk.Image) -> sitk.Image:
    """A copy of an image without its bias, for registration and its checks.

    Rendered knees whose gray values grow fourfold along an axis were segmented with Dice 0.71 as they are and 0.81 and
    0.83 like this, others with 0.82 and 0.82 (five knees, one reference). Values that are no tissue do not decide
    about the field, see :mod:`.images.gray`. An image in which N4 finds nothing stays as it is.

    :param image: 3-D, scalar.
    :return: int16 if the image holds whole numbers that fit, else float32.
    """
    values = sitk.GetArrayViewFromImage(image)
    gray = gray_range_of_image(image)
    # Sensitivity multiplies the signal, which is 0 in the air; not so in maps that have an offset.
    nothing = 0.0 if np.nanmin(values) >= 0 else gray.low
    coarse = shrink(gray.apply(image), GRID_SPACING) - float(gray.scaled(nothing))
    try:
        field, _ = _log_field(coarse)
    except RuntimeError:
        return image
    corrected = _divided(image, nothing, field)
    limits = np.iinfo(np.int16)
    fits = corrected.min() >= limits.min and corrected.max() <= limits.max
    whole = np.issubdtype(values.dtype, np.integer)
    return _as_image(corrected, np.dtype(np.int16 if whole and fits else np.float32), image)


def _log_field(coarse: sitk.Image) -> tuple[sitk.Image, float]:
    """The logarithm of the field, with mean 0 where there is tissue, and how much the field varies there.

    :param coarse: an image in voxels of about :data:`GRID_SPACING`, 0 where there is no signal.
    :raises RuntimeError: if N4 fails, or there is nothing to find.
    """
    mask = sitk.OtsuMultipleThresholds(coarse, 2) > 0
    if not sitk.GetArrayViewFromImage(mask).any():
        raise RuntimeError("there is no tissue to find a bias in")
    # N4 takes logarithms.
    positive = sitk.Maximum(coarse, 1e-3 * float(sitk.GetArrayViewFromImage(coarse).max()))
    n4 = sitk.N4BiasFieldCorrectionImageFilter()
    n4.SetMaximumNumberOfIterations(_ITERATIONS)
    n4.SetConvergenceThreshold(_CONVERGENCE)
    with _one_thread():
        n4.Execute(positive, mask)
        field = n4.GetLogBiasFieldAsImage(coarse)
    inside = sitk.GetArrayViewFromImage(field)[sitk.GetArrayViewFromImage(mask) != 0]
    low, high = np.percentile(inside, [5, 95])
    return field - float(inside.mean()), float(np.exp(high - low))


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """The sums of the filters inside N4 depend on the number of threads, for which they ask nobody but this. And one N4
    at a time: of eight threads that ran 25 each at once, some gave other sums."""
    with _ONE_THREAD:
        usual = sitk.ProcessObject.GetGlobalDefaultNumberOfThreads()
        sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
        try:
            yield
        finally:
            sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(usual)


def _divided(image: sitk.Image, nothing: float, field: sitk.Image) -> np.ndarray:
    """The gray values (float32, z x y x x) of an image whose signal, above a value that means nothing, is divided by a
    field.

    :param field: its logarithm, on a coarse grid of the same direction. Interpolated: its own splines take a minute at
        full size. Beyond the outermost centers it is continued.
    """
    gain = np.exp(-sitk.GetArrayViewFromImage(field)).astype(np.float32)
    along_z, along_y, along_x = (_interpolation(image, field, axis) for axis in (2, 1, 0))
    values = sitk.GetArrayViewFromImage(image)
    divided = np.empty(values.shape, np.float32)
    for weights, own, target in zip(along_z, values, divided):
        layer = along_y @ np.tensordot(weights, gain, 1) @ along_x.T
        target[:] = (own - np.float32(nothing)) * layer + np.float32(nothing)
    return divided


def _interpolation(image: sitk.Image, coarse: sitk.Image, axis: int) -> np.ndarray:
    """The weights (n x m) of m layers of a coarse image in n of another, whose axes are parallel."""
    steps = np.zeros((image.GetSize()[axis], 3))
    steps[:, axis] = np.arange(len(steps))
    places = Grid.of(coarse).indices(Grid.of(image).points(steps))[:, axis]
    layers = np.eye(coarse.GetSize()[axis], dtype=np.float32)
    return np.stack([np.interp(places, np.arange(len(layers)), layer) for layer in layers], axis=1).astype(np.float32)


def _as_image(values: np.ndarray, dtype: np.dtype, like: sitk.Image) -> sitk.Image:
    """Gray values as an image of a type, on the grid of another: rounded and clipped, if the type is of integers."""
    if np.issubdtype(dtype, np.integer):
        limits = np.iinfo(dtype)
        values = np.clip(np.rint(values, out=values), limits.min, limits.max, out=values)
    image = sitk.GetImageFromArray(values.astype(dtype, copy=False))
    image.CopyInformation(like)
    return image
