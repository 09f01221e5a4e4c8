"""What is to be prepared: images in files and in DICOM series, each with a name for its result."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import SimpleITK as sitk

from ..dicom.identity import Identity
from ..dicom.slices import SERIES_NUMBER, dicom_files
from ..dicom.volumes import Found, Volume, find_volumes, read_volume, volume_checksum
from ..errors import Problem
from ..files import checksum, split_name
from ..images.files import READABLE, read_image
from ..images.grid import Grid

INPUTS = tuple(extension for extension in READABLE if extension != ".img")
"""Extensions of image files; of those that are in two files, that of the header."""

PREPARED = "_prep"
"""The end of the names of prepared images, which image lists and the reader of data sets know."""


@dataclass(frozen=True)
class Source:
    """An image to prepare.

    :param place: the file, or the folder that the DICOM files lie in.
    :param name: of the result, without its ending.
    :param volume: what is in DICOM files; None for an image file.
    """

    place: Path
    name: str
    volume: Volume | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are read."""
        return (self.place,) if self.volume is None else self.volume.files

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know about it."""
        return () if self.volume is None else self.volume.notes

    @property
    def fingerprint(self) -> str:
        """What tells it from other sources, whatever it holds; it does not tell where it lies."""
        text = os.path.realpath(self.place) if self.volume is None else f"{self.volume.series} {self.volume.part}"
        return hashlib.sha256(os.fsencode(text)).hexdigest()

    @property
    def checksum(self) -> str:
        """SHA-256 over the contents of all files that are read."""
        return checksum(self.place) if self.volume is None else volume_checksum(self.volume)

    def read(self) -> sitk.Image:
        """The image, 3-D and scalar, without the texts of its header.

        :raises InputError: if it is no such image, or cannot be read.
        """
        if self.volume is not None:
            return read_volume(self.volume)
        image = read_image(self.place)
        Grid.of(image)
        for key in image.GetMetaDataKeys():
            image.EraseMetaData(key)
        return image


@dataclass(frozen=True)
class Sources:
    """All that was found.

    :param problems: what has to be corrected before any of it is prepared.
    :param notes: what was passed over.
    :param identity: finds in texts what would tell who the patients are.
    """

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    identity: Identity


def find_sources(
    paths: Sequence[Path], name: str | None = None, series: Collection[str] = (), results: Path | None = None
) -> Sources:
    """The images in files and folders.

    :param paths: image files, DICOM files, and folders that hold either, at any depth.
    :param name: of the result, if it is not to be named after its file or folder; there must be one series, then.
    :param series: the numbers of the DICOM series to prepare; none means all.
    :param results: a folder that is passed over inside others: that of the results.
    """
    problems = [Problem(f"'{path}' does not exist", "Correct the path") for path in paths if not path.exists()]
    listed = [path for path in paths if path.is_file()]
    folders = [path for path in paths if path.is_dir()]
    inside = [file for folder in folders for file in _files_below(folder, results)]
    files = list(dict.fromkeys([*listed, *inside]))
    plain = [file for file in files if file.name.lower().endswith(INPUTS)]
    found = find_volumes((file for file in files if file not in set(plain)), series)
    identity = Identity(found.headers.tags)
    problems += [*found.problems, *_unknown_series(series, found)]
    sources = [Source(file, _stem(file)) for file in plain] + _named(found.volumes, set(listed), identity)
    if name is not None:
        sources, misfits = _renamed(sources, name)
        problems += misfits
    if not sources and not problems:
        passed = f" ({'; '.join(found.notes)})" if found.notes else ""
        message = f"no image was found in {', '.join(f'{str(path)!r}' for path in paths)}{passed}"
        problems.append(Problem(message, "Name DICOM files, a folder of them, or images in a format that can be read"))
    problems += _same_names(sources) + _identifying(sources, identity)
    return Sources(tuple(sources), tuple(problems), found.notes, identity)


def _files_below(folder: Path, results: Path | None) -> list[Path]:
    """All files below a folder but for those in a folder of results below it."""
    files = dicom_files(folder)
    if results is None or folder.resolve() not in results.resolve().parents:
        return files
    return [file for file in files if results.resolve() not in file.resolve().parents]


def _stem(path: Path) -> str:
    name = split_name(path)[0]
    return name[: -len(PREPARED)] if name.lower().endswith(PREPARED) else name


def _named(volumes: Sequence[Volume], listed: Collection[Path], identity: Identity) -> list[Source]:
    """Each volume with the name of its folder (of its file, if that was named), its series' number and its part."""
    places = [_place(volume, listed) for volume in volumes]
    names = [_stem(place) if place.is_file() else place.name for place in places]
    names = [_pseudonym(volume) if identity.shows_in(name) else name for name, volume in zip(names, volumes)]
    series = {(name, volume.series) for name, volume in zip(names, volumes)}
    shared = Counter(name for name, _ in series)
    sources = []
    for place, name, volume in zip(places, names, volumes):
        ends = [f"s{volume.series_number or '0'}"] if shared[name] > 1 else []
        sources.append(Source(place, "_".join([name, *ends, *filter(None, [volume.part])]), volume))
    return sources


def _place(volume: Volume, listed: Collection[Path]) -> Path:
    if len(volume.files) == 1 and volume.files[0] in listed:
        return volume.files[0]
    return Path(os.path.abspath(os.path.commonpath([file.parent for file in volume.files])))


def _pseudonym(volume: Volume) -> str:
    """A name that tells nothing, the same at every run, for a folder that is named after a patient."""
    return f"knee-{hashlib.sha256(volume.series.encode()).hexdigest()[:8]}"


def _renamed(sources: Sequence[Source], name: str) -> tuple[list[Source], list[Problem]]:
    series = {source.place if source.volume is None else source.volume.series for source in sources}
    if len(series) > 1:
        message = f"--name {name} is for one image or series, and {len(series)} were found"
        return list(sources), [Problem(message, "Choose one with --series, or leave --name out")]
    stem = name[: -len(PREPARED)] if name.lower().endswith(PREPARED) else name
    parts = ["" if source.volume is None else source.volume.part for source in sources]
    return [replace(source, name="_".join(filter(None, [stem, part]))) for source, part in zip(sources, parts)], []


def _unknown_series(series: Collection[str], found: Found) -> list[Problem]:
    known = {slice.tag(SERIES_NUMBER) for slice in found.headers.slices}
    remedy = f"Choose from {', '.join(sorted(known))}" if known else "Leave --series out: these files have no series"
    return [Problem(f"there is no series {number}", remedy) for number in series if number not in known]


def _same_names(sources: Sequence[Source]) -> list[Problem]:
    first: dict[str, Source] = {}
    problems = []
    for source in sources:
        other = first.setdefault(source.name.casefold(), source)
        if other is not source:
            message = f"'{source.place}' and '{other.place}' would both become '{source.name}{PREPARED}.mha'"
            problems.append(Problem(message, "Rename one of the two, or prepare them one at a time with --name"))
    return problems


def _identifying(sources: Sequence[Source], identity: Identity) -> list[Problem]:
    """Names that the user has chosen, of files or by --name, that hold the name of a patient."""
    return [
        Problem(f"the name '{source.name}' holds the name or birth date of a patient", "Choose another one with --name")
        for source in sources
        if identity.shows_in(source.name)
    ]
