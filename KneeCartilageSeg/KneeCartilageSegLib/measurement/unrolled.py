"""The thickness map unrolled: the bone's surface as a flat sheet, from the trochlea's top down and back up behind.

The horizontal axis is the position from side to side, the vertical axis the way round the medial-lateral axis, both in
mm. Needs matplotlib.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import ndimage

from ..errors import KneeError
from ..files import atomic_path
from .knee import KneeMeasurement
from .orientation import Side, fit_circle, plane_of
from .regions import Part

PIXEL_MM = 0.5
_LARGEST_GAP_PIXELS = 3

_THICKEST_SHOWN_MM = 4.0
_COLORS = "viridis"


@dataclass(frozen=True)
class Unrolled:
    """Flat maps of a knee's cartilage; rows from the front of the knee to its back, columns from its right to its left.

    :param thickness: mm (rows x columns); 0 on bare bone that cartilage surrounds, NaN elsewhere without cartilage.
    :param parts: :class:`.regions.Part` of each pixel, 0 where there is none.
    :param extent: positions of the edges in mm: left, right, bottom and top, as matplotlib has it.
    """

    thickness: np.ndarray
    parts: np.ndarray
    extent: tuple[float, float, float, float]


def unroll(measurement: KneeMeasurement) -> Unrolled:
    """Flatten the bone's surface round the circle that fits it best from the side."""
    surface = measurement.surface
    shown = surface.covered | surface.enclosed
    points = surface.bone.points[shown]
    across, first, second = _axes(measurement)
    flat = points @ np.stack([first, second], axis=1)
    center, radius = fit_circle(flat)
    # From the bottom of the knee, so that the seam lies where the shaft is.
    angle = np.arctan2((flat - center)[:, 0], (flat - center)[:, 1])
    columns, left = _pixels(points @ across)
    rows, top = _pixels(angle * radius)
    values = np.where(surface.enclosed[shown], 0.0, measurement.thickness[shown])
    weights = surface.areas[shown]
    shape = rows.max() + 1, columns.max() + 1
    place = rows * shape[1] + columns
    area = np.bincount(place, weights, shape[0] * shape[1])
    total = np.bincount(place, weights * np.nan_to_num(values), shape[0] * shape[1])
    thickness = np.divide(total, area, out=np.zeros_like(total), where=area > 0)
    parts = np.zeros(shape[0] * shape[1], np.uint8)
    parts[place] = measurement.parts[shown]
    extent = (left, left + shape[1] * PIXEL_MM, top + shape[0] * PIXEL_MM, top)
    return Unrolled(*_without_gaps(area.reshape(shape) > 0, thickness.reshape(shape), parts.reshape(shape)), extent)


def _without_gaps(seen: np.ndarray, thickness: np.ndarray, parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both maps, with pixels that no point fell into, though points lie around them, filled from the nearest."""
    padded = np.pad(seen, _LARGEST_GAP_PIXELS)
    inner = slice(_LARGEST_GAP_PIXELS, -_LARGEST_GAP_PIXELS)
    filled = ndimage.binary_closing(padded, iterations=_LARGEST_GAP_PIXELS)[inner, inner]
    nearest = tuple(ndimage.distance_transform_edt(~seen, return_distances=False, return_indices=True))
    return np.where(filled, thickness[nearest], np.nan), np.where(filled, parts[nearest], 0)


def write_unrolled(measurement: KneeMeasurement, name: str, path: str | Path) -> None:
    """Write the unrolled map as a picture (PNG).

    :raises KneeError: if matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise KneeError("pictures need matplotlib, which is not installed. Run 'pip install matplotlib'.") from error
    unrolled = unroll(measurement)
    figure = Figure(figsize=(7.2, 8.0), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    shown = axes.imshow(
        unrolled.thickness,
        extent=unrolled.extent,
        vmin=0,
        vmax=_THICKEST_SHOWN_MM,
        cmap=_COLORS,
        interpolation="nearest",
        aspect="equal",
    )
    figure.colorbar(shown, ax=axes, label="thickness (mm)", extend="max")
    if measurement.orientation is not None:
        _draw_regions(axes, unrolled)
    statistics = measurement.whole.thickness
    left, right = _sides(measurement)
    axes.set_title(
        f"{name}{_side_title(measurement)}\nmean {statistics.mean:.2f} mm, "
        f"volume {measurement.whole.volume:.0f} mm³, area {statistics.covered_area:.0f} mm²"
    )
    axes.set_xlabel(f"{left}  ←  mm  →  {right}")
    axes.set_ylabel("back  ←  mm round the femur  →  front")
    with atomic_path(path) as temporary:
        figure.savefig(temporary, dpi=110)


def _axes(measurement: KneeMeasurement) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The patient's left, and posterior and inferior of the knee (unit vectors, LPS)."""
    orientation = measurement.orientation
    if orientation is not None:
        across = orientation.medial * (1.0 if orientation.side is Side.RIGHT else -1.0)
        return across, orientation.posterior, -orientation.superior
    axis = measurement.surface.axis
    first, second = plane_of(axis)
    normals = measurement.surface.normals[measurement.surface.covered]
    areas = measurement.surface.areas[measurement.surface.covered]
    down = np.array([areas @ (normals @ first), areas @ (normals @ second)])
    down /= np.linalg.norm(down)
    return axis, -down[1] * first + down[0] * second, down[0] * first + down[1] * second


def _pixels(positions: np.ndarray) -> tuple[np.ndarray, float]:
    """The pixel of each position (mm), and the position of the first pixel's edge."""
    first = float(np.floor(positions.min() / PIXEL_MM) * PIXEL_MM)
    return ((positions - first) / PIXEL_MM).astype(int), first


def _draw_regions(axes, unrolled: Unrolled) -> None:  # type: ignore[no-untyped-def]
    left, right, bottom, top = unrolled.extent
    rows, columns = unrolled.parts.shape
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = top + (np.arange(rows) + 0.5) * (bottom - top) / rows
    for part in Part:
        inside = unrolled.parts == part
        if inside.sum() < 2:
            continue
        axes.contour(x, y, inside.astype(float), levels=[0.5], colors="white", linewidths=0.8)
        row, column = (int(np.median(place)) for place in np.nonzero(inside))
        axes.annotate(str(int(part)), (x[column], y[row]), color="white", ha="center", va="center", fontsize=9)


def _sides(measurement: KneeMeasurement) -> tuple[str, str]:
    if measurement.orientation is None:
        return "one side", "other side"
    return ("lateral", "medial") if measurement.orientation.side is Side.RIGHT else ("medial", "lateral")


def _side_title(measurement: KneeMeasurement) -> str:
    return "" if measurement.orientation is None else f", {measurement.orientation.side.value} knee"
