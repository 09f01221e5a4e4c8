"""Measure the knee that files hold."""

from __future__ import annotations

from dataclasses import dataclass

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
    :raises InputError: if the masks cannot be read or measured, or a map does not lie where they do.
    """
    femur = None if files.femur is None else read_image(files.femur)
    known = _recorded_side(files) if side is None else side
    measurement = measure_knee(read_image(files.cartilage), femur, known, definition, regions)
    images = [(split_name(path)[0], read_image(path)) for path in files.maps]
    fit = fit_echoes(files.echoes) if files.echoes else None
    if fit is not None:
        images.append((f"{files.name}_map", fit.time))
    maps = tuple((name, map_statistics(image, measurement, map_range)) for name, image in images)
    return MeasuredKnee(files, measurement, maps, fit)


def _recorded_side(files: KneeFiles) -> Side | None:
    image = find_image(files.cartilage)
    side = None if image is None else recorded_side(image)
    return None if side is None else Side(side)
