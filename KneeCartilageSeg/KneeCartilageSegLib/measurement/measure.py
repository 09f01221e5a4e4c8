"""Measure the knee that files hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from ..errors import InputError, Problem
from ..files import split_name
from ..images.files import read_image
from ..lists.names import find_image
from ..preparation.prepare import recorded_side
from .decay import DecayFit
from .echoes import fit_echoes
from .inputs import KneeFiles
from .knee import KneeMeasurement, measure_knee
from .orientation import Side
from .relaxometry import DEFAULT_RANGE, LayerStatistics, map_statistics
from .thickness import Definition

_SHOWN_VALUES = 5


@dataclass(frozen=True)
class MeasuredKnee:
    """What was measured of a knee.

    :param maps: values of each map, by its name.
    :param fit: the map that was fitted to its echoes; None if there are none.
    """

    files: KneeFiles
    measurement: KneeMeasurement
    maps: tuple[tuple[str, list[LayerStatistics]], ...]
    fit: DecayFit | None


def measure_files(
    files: KneeFiles,
    side: Side | None = None,
    definition: Definition = Definition.NORMAL,
    regions: bool = True,
    map_range: tuple[float, float] = DEFAULT_RANGE,
) -> MeasuredKnee:
    """Measure a knee, and its maps.

    :param side: None takes what ``prepare`` found in the DICOM files, or lets the anatomy tell.
    :param regions: False measures the cartilage only as a whole.
    :param map_range: values of the maps that count.
    :raises InputError: if the masks cannot be read or measured, one holds several labels, or a map lies elsewhere.
    """
    femur = None if files.femur is None else _read_mask(files.femur)
    known = _recorded_side(files) if side is None else side
    measurement = measure_knee(_read_mask(files.cartilage), femur, known, definition, regions)
    images = [(split_name(path)[0], read_image(path)) for path in files.maps]
    fit = fit_echoes(files.echoes) if files.echoes else None
    if fit is not None:
        images.append((f"{files.name}_map", fit.time))
    maps = tuple((name, map_statistics(image, measurement, map_range)) for name, image in images)
    return MeasuredKnee(files, measurement, maps, fit)


def _read_mask(path: Path) -> sitk.Image:
    mask = read_image(path)
    voxels = sitk.GetArrayViewFromImage(mask)
    if not np.all((voxels == 0) | (voxels == voxels.max())):
        values = np.unique(voxels)
        labels = [f"{value:g}" for value in values[values != 0]]
        shown = ", ".join(labels if len(labels) <= _SHOWN_VALUES else [*labels[:_SHOWN_VALUES], "..."])
        message = f"'{path}' is no mask of one tissue: it holds several values ({shown})"
        raise InputError([Problem(message, "Write one that is 0 outside and has one value inside")])
    return mask


def _recorded_side(files: KneeFiles) -> Side | None:
    image = find_image(files.cartilage)
    side = None if image is None else recorded_side(image)
    return None if side is None else Side(side)
