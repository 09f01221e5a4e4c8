"""The slices in DICOM files: where each lies and what it shows, from the headers alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from ..errors import Problem

MAGIC = b"DICM"
_MAGIC_OFFSET = 128
_IMAGE_IO = "GDCMImageIO"
_NOT_READ = {"DICOMDIR"}
_META_LENGTH = 2048  # bytes; the file meta information, which names the kind of the file, lies within

# Storage classes (DICOM PS3.4, table B.5-1) whose files hold an image of a scanner: MR, CT and their enhanced forms.
_SCANNER_CLASS = re.compile(rb"1\.2\.840\.10008\.5\.1\.4\.1\.1\.(?:2|2\.1|2\.2|4|4\.1|4\.3|4\.4)\x00?(?![.0-9])")

# What of a header is read; of these, dicom.identity takes the names, and nothing else may be written anywhere.
STUDY, SERIES, INSTANCE = "0020|000d", "0020|000e", "0008|0018"
SERIES_NUMBER, DESCRIPTION, IMAGE_TYPE = "0020|0011", "0008|103e", "0008|0008"
POSITION, ORIENTATION, PIXEL_SPACING = "0020|0032", "0020|0037", "0028|0030"
ROWS, COLUMNS, SAMPLES, FRAMES = "0028|0010", "0028|0011", "0028|0002", "0028|0008"
BITS, SIGNED, SLOPE, INTERCEPT = "0028|0100", "0028|0103", "0028|1053", "0028|1052"
ECHO_TIME, ECHO_NUMBER, TIME_POINT, ACQUISITION = "0018|0081", "0018|0086", "0020|0100", "0020|0012"
NUMBER, IMAGES_IN_ACQUISITION = "0020|0013", "0020|1002"
LATERALITY, IMAGE_LATERALITY = "0020|0060", "0020|0062"


@dataclass(frozen=True)
class Slice:
    """One slice, in a file of its own or in one with many.

    :param frame: its number in the file, from 0; None in a file of its own.
    :param size: columns and rows.
    :param spacing: mm between columns and between rows.
    :param axes: direction cosines (LPS) along which the columns and the rows are counted, six numbers.
    :param position: the center of the first voxel, mm (LPS).
    :param rescale: slope and intercept, which take stored values to gray values.
    :param rescale_of_file: those that SimpleITK applies to the whole file.
    :param tags: of the file's header, by ``group|element`` in hexadecimal digits; of the frame, where there are many.
    """

    path: Path
    frame: int | None
    size: tuple[int, int]
    spacing: tuple[float, float]
    axes: tuple[float, ...]
    position: tuple[float, float, float]
    rescale: tuple[float, float]
    rescale_of_file: tuple[float, float]
    tags: Mapping[str, str] = field(compare=False, repr=False)

    @property
    def name(self) -> str:
        """What to call it when talking to a user."""
        return f"'{self.path.name}'" if self.frame is None else f"frame {self.frame + 1} of '{self.path.name}'"

    @property
    def normal(self) -> np.ndarray:
        """The unit vector (LPS) at a right angle to the slice."""
        normal = np.cross(self.axes[:3], self.axes[3:])
        return normal / np.linalg.norm(normal)

    def tag(self, key: str) -> str:
        """The text of a tag; empty if there is none."""
        return self.tags.get(key, "")


@dataclass
class Headers:
    """What the headers of some files told.

    :param slices: in no particular order.
    :param notes: what was passed over, for the user.
    :param problems: what has to be corrected.
    :param tags: of every file, those that were passed over included.
    """

    slices: list[Slice] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    tags: list[Mapping[str, str]] = field(default_factory=list)


def dicom_files(folder: Path) -> list[Path]:
    """All files below a folder that may be DICOM: not the hidden ones, nor a directory of the medium."""
    found = []
    for parent, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(parent, name) for name in sorted(names) if not name.startswith(".") and name not in _NOT_READ]
    return found


def is_dicom(path: Path) -> bool:
    """Whether a file says that it is DICOM."""
    try:
        with open(path, "rb") as file:
            file.seek(_MAGIC_OFFSET)
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def read_headers(paths: Iterable[Path]) -> Headers:
    """The slices in files, whatever else lies among them.

    Reports, screenshots and pictures in color are passed over with a note, what is no DICOM without one; an image of
    a scanner that cannot be read is a problem, since the slice would be missing.
    """
    headers = Headers()
    without_place, unreadable = [], []
    for path in paths:
        if not _is_utf8(path):  # ITK's Python layer would end the whole process
            message = f"the name '{path}' has characters that are not UTF-8"
            headers.problems.append(Problem(message, "Rename the file or folder"))
            continue
        tags = _tags(path)
        if tags is None:
            if _is_scanner_image(path):
                message = (
                    f"'{path}' is a DICOM image that cannot be read: it is damaged, or shorter than its header says"
                )
                headers.problems.append(Problem(message, "Copy it again from the scanner or the archive"))
            elif is_dicom(path):
                unreadable.append(path)
            continue
        headers.tags.append(tags)
        if int(tags.get(SAMPLES) or 1) != 1:
            without_place.append(path)
        elif int(tags.get(FRAMES) or 1) > 1 or not tags.get(POSITION):
            _add_frames(path, tags, headers, without_place)
        elif len(numbers(tags.get(ORIENTATION, ""))) != 6:
            without_place.append(path)
        else:
            headers.slices.append(_slice(path, tags))
    _note(headers, unreadable, "without an image (reports and the like)")
    _note(headers, without_place, "in color or without a place in the scanner (screenshots and the like)")
    return headers


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _note(headers: Headers, paths: list[Path], what: str) -> None:
    if paths:
        count = f"{len(paths)} files" if len(paths) > 1 else "a file"
        headers.notes.append(f"passed over: {count} {what}, such as '{paths[0].name}'")


def _tags(path: Path) -> dict[str, str] | None:
    """The header of a file, or None if there is none or no image below it."""
    reader = sitk.ImageFileReader()
    reader.SetImageIO(_IMAGE_IO)
    reader.SetFileName(str(path))
    try:
        reader.ReadImageInformation()
    except RuntimeError:
        return None
    return {key: reader.GetMetaData(key).strip(" \x00") for key in reader.GetMetaDataKeys()}


def _is_scanner_image(path: Path) -> bool:
    if not is_dicom(path):
        return False
    with open(path, "rb") as file:
        return _SCANNER_CLASS.search(file.read(_META_LENGTH)) is not None


def _add_frames(path: Path, tags: Mapping[str, str], headers: Headers, without_place: list[Path]) -> None:
    from .frames import read_frames

    try:
        frames = read_frames(path, tags)
    except ImportError:
        message = f"'{path}' holds several slices in one file, and reading their places needs pydicom"
        headers.problems.append(Problem(message, "Run 'pip install pydicom', or export the series one slice per file"))
        return
    if frames:
        headers.slices += frames
    else:
        without_place.append(path)


def _slice(path: Path, tags: Mapping[str, str]) -> Slice:
    rows, columns = numbers(tags.get(PIXEL_SPACING, "")) or (1.0, 1.0)
    rescale = _number(tags.get(SLOPE), 1.0), _number(tags.get(INTERCEPT), 0.0)
    return Slice(
        path,
        None,
        (int(tags[COLUMNS]), int(tags[ROWS])),
        (columns, rows),
        numbers(tags.get(ORIENTATION, "")),
        as_point(numbers(tags[POSITION])),
        rescale,
        rescale,
        tags,
    )


def numbers(text: str) -> tuple[float, ...]:
    """The numbers of a DICOM text with backslashes between; none if it holds anything else."""
    try:
        return tuple(float(part) for part in text.split("\\")) if text else ()
    except ValueError:
        return ()


def as_point(values: tuple[float, ...]) -> tuple[float, float, float]:
    """Three numbers, or NaN where there are not as many."""
    return (values[0], values[1], values[2]) if len(values) == 3 else (np.nan, np.nan, np.nan)


def _number(text: str | None, otherwise: float) -> float:
    found = numbers(text or "")
    return found[0] if found else otherwise
