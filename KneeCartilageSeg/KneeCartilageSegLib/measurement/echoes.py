"""The echoes of a series, of which a map is fitted: where they are, and their times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import SimpleITK as sitk

from ..dicom.slices import dicom_files
from ..dicom.volumes import Volume, find_volumes, read_volume, volume_checksum
from ..errors import InputError, Problem
from ..files import split_name
from ..images.files import image_checksum, read_grid, read_image
from ..images.grid import Grid
from ..preparation.prepare import FORMAT as PREPARATION_FORMAT
from ..records import read_json
from .decay import DecayFit, fit_decay


@dataclass(frozen=True)
class Echo:
    """An image of a series.

    :param path: its file, or the folder of its DICOM files.
    :param time: echo time (or spin-lock time), ms; None if it is not known.
    :param volume: in DICOM files; None for an image file.
    """

    path: Path
    time: float | None
    volume: Volume | None = None

    @property
    def checksum(self) -> str:
        """SHA-256 of its files."""
        return image_checksum(self.path) if self.volume is None else volume_checksum(self.volume)

    def read(self) -> sitk.Image:
        """The image.

        :raises InputError: if it cannot be read.
        """
        return read_image(self.path) if self.volume is None else read_volume(self.volume)


def find_echoes(path: Path) -> tuple[Echo, ...]:
    """The echoes in an image file (one) or in a folder with DICOM series, with the times that are known.

    Known are those of DICOM files, and those that ``prepare`` wrote beside its images.

    :raises InputError: if there is no file, or the folder has no DICOM series, or an incomplete one.
    """
    if not path.is_dir():
        if not path.is_file():
            raise InputError([Problem(f"there is no file '{path}'", "Correct the name")])
        return (Echo(path, _recorded_time(path)),)
    found = find_volumes(dicom_files(path))
    if found.problems:
        raise InputError(found.problems)
    if not found.volumes:
        raise InputError([Problem(f"the folder '{path}' holds no DICOM series", "Name files, or another folder")])
    return tuple(Echo(path, volume.echo_time, volume) for volume in found.volumes)


def with_time(echoes: tuple[Echo, ...], time: float) -> tuple[Echo, ...]:
    """An echo with the time that the user gave.

    :raises InputError: if there are several echoes.
    """
    if len(echoes) == 1:
        return (replace(echoes[0], time=time),)
    message = f"'{echoes[0].path}' holds {len(echoes)} echoes, and one time is given"
    raise InputError([Problem(message, "Leave out the time: it stands in the DICOM files")])


def series_problems(echoes: Sequence[Echo], remedy: str) -> list[Problem]:
    """Why no map can be fitted to echoes, as far as that can be told without reading all of their voxels.

    :param remedy: where the user can give a time.
    """
    problems = [Problem(f"the echo time of '{echo.path}' is not known", remedy) for echo in echoes if echo.time is None]
    times = [echo.time for echo in echoes if echo.time is not None]
    if len(echoes) < 2:
        problems.append(Problem("a decay needs two echoes or more", "Name all images of the series"))
    elif len(set(times)) < len(times):
        problems.append(Problem("two echoes have the same time", "Name each echo once, with its own time"))
    files = [echo.path for echo in echoes if echo.volume is None]
    grids: list[tuple[Path, Grid]] = []
    for path in files:
        try:
            grids.append((path, read_grid(path)))
        except InputError as error:
            problems += error.problems
    for path, grid in grids[1:]:
        if not grid.coincides_with(grids[0][1]):
            message = f"'{path}' lies on another grid than '{grids[0][0].name}' ({grid.difference(grids[0][1])})"
            problems.append(Problem(message, "Name the images of one series"))
    return problems


def fit_echoes(echoes: Sequence[Echo], threshold: float | None = None) -> DecayFit:
    """Fit the map of a series whose times are known.

    :param threshold: see :func:`.decay.fit_decay`.
    :raises InputError: if an echo cannot be read, or they are no series.
    """
    times = [echo.time for echo in echoes if echo.time is not None]
    return fit_decay([echo.read() for echo in echoes], times, threshold)


def echo_records(echoes: Sequence[Echo]) -> list[dict[str, Any]]:
    """What a record says about the echoes of a map."""
    return [{"file": str(echo.path), "sha256": echo.checksum, "ms": echo.time} for echo in echoes]


def _recorded_time(path: Path) -> float | None:
    record = read_json(path.with_name(f"{split_name(path)[0]}_preparation.json"), PREPARATION_FORMAT)
    return record["scan"]["echo_time_ms"] if record and record.get("scan") else None
