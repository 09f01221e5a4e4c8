"""A picture of a knee with the outlines of its masks, to see at a glance whether a segmentation is right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from ..files import atomic_path
from ..images.gray import gray_range_of_image
from ..images.regions import bounding_box, crop
from ..tissue import Tissue

_MARGIN = 14.0  # mm round the masks
_PIXEL = 0.4  # mm


def write_overlay(path: Path, image: sitk.Image, masks: Mapping[Tissue, sitk.Image], title: str = "") -> None:
    """Write a PNG: three sagittal, one coronal and one axial slice through the cartilage, masks as outlines.

    The views have the radiologist's orientation (superior up, anterior left in sagittal slices, the patient's right on
    the left), whatever the image's own axes, and true proportions.

    :param masks: on the image's grid.
    :raises ValueError: if the masks are empty.
    :raises ImportError: if matplotlib is not installed (``pip install matplotlib``).
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    volume, layers = _upright(image, masks)
    window = gray_range_of_image(sitk.GetImageFromArray(volume))
    figure = Figure(figsize=(15, 4.2), facecolor="black", layout="constrained")
    axes = figure.subplots(1, 5)
    for axis, (name, cut) in zip(axes, _cuts(layers[Tissue.CARTILAGE])):
        axis.imshow(cut(volume), cmap="gray", vmin=window.low, vmax=window.high, interpolation="bilinear")
        for tissue, layer in layers.items():
            if cut(layer).any():
                axis.contour(cut(layer), levels=[0.5], colors=tissue.color, linewidths=1.2)
        axis.set_title(name, color="white", fontsize=10)
        axis.set_axis_off()
    handles = [Line2D([], [], color=tissue.color, label=tissue.title) for tissue in layers]
    legend = figure.legend(handles=handles, loc="outside lower center", ncols=2, facecolor="black", edgecolor="black")
    for text in legend.get_texts():
        text.set_color("white")
    figure.suptitle(title, color="white", parse_math=False)  # a dollar sign is part of a name
    with atomic_path(path) as temporary:
        FigureCanvasAgg(figure).print_png(str(temporary))


def _upright(image: sitk.Image, masks: Mapping[Tissue, sitk.Image]) -> tuple[np.ndarray, dict[Tissue, np.ndarray]]:
    """Image and masks as arrays with axes superior to inferior, anterior to posterior, right to left, in _PIXEL mm."""
    together = masks[Tissue.FEMUR] | masks[Tissue.CARTILAGE]
    region = sitk.DICOMOrient(crop(image, *bounding_box(together), margin=_MARGIN), "LPS")
    size = [max(1, round(n * spacing / _PIXEL)) for n, spacing in zip(region.GetSize(), region.GetSpacing())]
    origin, direction = region.GetOrigin(), region.GetDirection()

    def resample(source: sitk.Image, interpolator: int) -> np.ndarray:
        spacing = (_PIXEL,) * 3
        resampled = sitk.Resample(source, size, sitk.Transform(), interpolator, origin, spacing, direction)
        return sitk.GetArrayFromImage(resampled)[::-1]

    layers = {tissue: resample(mask, sitk.sitkNearestNeighbor) for tissue, mask in masks.items()}
    return resample(image, sitk.sitkLinear), layers


def _cuts(cartilage: np.ndarray) -> list:
    """Names and functions that cut a slice out of an array: through both condyles, the notch, and across."""
    planes = [np.flatnonzero(cartilage.any(axis=tuple({0, 1, 2} - {axis}))) for axis in range(3)]
    low, high = planes[2][0], planes[2][-1]
    sagittal = [round(low + part * (high - low)) for part in (0.22, 0.5, 0.78)]
    coronal = round(planes[1][0] + 0.7 * (planes[1][-1] - planes[1][0]))
    axial = round(planes[0][0] + 0.35 * (planes[0][-1] - planes[0][0]))
    cuts = [("sagittal", lambda array, i=i: array[:, :, i]) for i in sagittal]
    return [*cuts, ("coronal", lambda array: array[:, coronal]), ("axial", lambda array: array[axial])]
