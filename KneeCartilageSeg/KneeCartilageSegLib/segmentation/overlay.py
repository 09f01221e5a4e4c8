"""A picture of a knee with the outlines of its masks, to see at a glance whether a segmentation is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import SimpleITK as sitk

from .. import __version__
from ..files import atomic_path
from ..images.gray import gray_range_of_image
from ..images.regions import bounding_box, crop
from ..tissue import Tissue

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

SIGNATURE = "KneeCartilageSeg"
"""What all pictures say near their beginning about who made them."""

THUMBNAIL_WIDTH = 600  # pixels

_MARGIN = 14.0  # mm round the masks
_PIXEL = 0.4  # mm
_JPEG_QUALITY = 80
# Name of each slice, the axis that it is perpendicular to (0: head to foot, 1: front to back, 2: right to left), and
# where along the cartilage it lies: through both condyles, the notch, and across.
_SLICES = (("sagittal", 2, 0.22), ("sagittal", 2, 0.5), ("sagittal", 2, 0.78), ("coronal", 1, 0.7), ("axial", 0, 0.35))


@dataclass(frozen=True)
class _Slice:
    """A slice through a knee, upright and with square pixels.

    :param gray: rows by columns, in the image's own gray values.
    :param layers: 1 in the tissue, 0 outside.
    """

    name: str
    gray: np.ndarray
    layers: Mapping[Tissue, np.ndarray]


def write_overlay(
    path: Path, image: sitk.Image, masks: Mapping[Tissue, sitk.Image], title: str = "", thumbnail: Path | None = None
) -> None:
    """Write a PNG: three sagittal, one coronal and one axial slice through the cartilage, masks as outlines.

    The views have the radiologist's orientation (superior up, anterior left in sagittal slices, the patient's right on
    the left), whatever the image's own axes, and true proportions.

    :param masks: on the image's grid.
    :param thumbnail: where a small JPEG goes, without the texts.
    :raises ValueError: if the masks are empty.
    :raises ImportError: if matplotlib is not installed (``pip install matplotlib``).
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    slices, low, high = _slices(image, masks)
    figure = Figure(figsize=(15, 4.2), facecolor="black", layout="constrained")
    for axis, one in zip(figure.subplots(1, len(slices)), slices):
        axis.imshow(one.gray, cmap="gray", vmin=low, vmax=high, interpolation="bilinear")
        for tissue, layer in one.layers.items():
            if layer.any():
                axis.contour(layer, levels=[0.5], colors=tissue.color, linewidths=1.2)
        axis.set_title(one.name, color="white", fontsize=10)
        axis.set(xticks=[], yticks=[])  # or the layout measures the numbers that are not shown
        axis.set_axis_off()
    handles = [Line2D([], [], color=tissue.color, label=tissue.title) for tissue in masks]
    legend = figure.legend(handles=handles, loc="outside lower center", ncols=2, facecolor="black", edgecolor="black")
    for text in legend.get_texts():
        text.set_color("white")
    figure.suptitle(title, color="white", parse_math=False)  # a dollar sign is part of a name
    canvas = FigureCanvasAgg(figure)
    with atomic_path(path) as temporary:
        canvas.print_png(str(temporary), metadata={"Software": f"{SIGNATURE} {__version__}"})
    if thumbnail is not None:
        _write_thumbnail(thumbnail, canvas)


def _write_thumbnail(path: Path, canvas: FigureCanvasAgg) -> None:
    from PIL import Image  # comes with matplotlib

    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    boxes = [axis.get_window_extent() for axis in canvas.figure.axes]
    top, bottom = (round(pixels.shape[0] - edge) for edge in (max(b.y1 for b in boxes), min(b.y0 for b in boxes)))
    left, right = round(min(box.x0 for box in boxes)), round(max(box.x1 for box in boxes))
    picture = Image.fromarray(np.ascontiguousarray(pixels[top:bottom, left:right]))
    small = picture.resize((THUMBNAIL_WIDTH, max(1, round(picture.height * THUMBNAIL_WIDTH / picture.width))))
    with atomic_path(path) as temporary:
        small.save(temporary, quality=_JPEG_QUALITY, comment=f"{SIGNATURE} {__version__}".encode())


def _slices(image: sitk.Image, masks: Mapping[Tissue, sitk.Image]) -> tuple[list[_Slice], float, float]:
    """The slices, and the gray values that are to be black and white."""
    box = bounding_box(masks[Tissue.FEMUR] | masks[Tissue.CARTILAGE])
    region = sitk.DICOMOrient(crop(image, *box, margin=_MARGIN), "LPS")
    cartilage = sitk.DICOMOrient(crop(masks[Tissue.CARTILAGE], *box, margin=_MARGIN), "LPS")
    first, size = bounding_box(cartilage)
    window = gray_range_of_image(region)
    cuts = []
    for name, axis, part in _SLICES:
        # Images have x, y, z; the slices' axes are counted from head to foot, which is -z.
        along = 2 - axis
        share = 1 - part if along == 2 else part
        plane = _plane(region, along, float(first[along] + share * (size[along] - 1)))
        gray = _cut(image, plane, axis, sitk.sitkLinear)
        layers = {tissue: _cut(mask, plane, axis, sitk.sitkNearestNeighbor) for tissue, mask in masks.items()}
        cuts.append(_Slice(name, gray, layers))
    return cuts, window.low, window.high


def _plane(region: sitk.Image, axis: int, index: float) -> dict[str, Any]:
    """The grid of one slice through a region, perpendicular to one of its axes."""
    spacing, size = np.array(region.GetSpacing()), np.array(region.GetSize())
    pixels = np.maximum(1, np.round(size * spacing / _PIXEL)).astype(int)
    pixels[axis] = 1
    start = np.zeros(3)
    start[axis] = index
    return {
        "size": pixels.tolist(),
        "outputOrigin": region.TransformContinuousIndexToPhysicalPoint(start.tolist()),
        "outputSpacing": (_PIXEL,) * 3,
        "outputDirection": region.GetDirection(),
    }


def _cut(image: sitk.Image, plane: Mapping[str, Any], axis: int, interpolator: int) -> np.ndarray:
    """A slice of an image, head up or front up."""
    array = sitk.GetArrayFromImage(sitk.Resample(image, interpolator=interpolator, **plane))
    return np.squeeze(array[::-1], axis)
