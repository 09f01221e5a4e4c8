"""Headers of image files, read by this library itself: what an image file claims, and whether that can be true.

ITK takes much on trust: it reads a damaged voxel size as 1 mm, chooses one of two frames that contradict each other,
asks for whatever memory a header claims, fills up a data file that is too short with zeros, and its NRRD reader takes
the decimal point from the locale of the program. So every file is looked at here first, and ITK's answer is compared
with what was found. Formats that are not known here are refused: nobody could tell whether they are complete.
"""

from __future__ import annotations

import gzip
import math
import os
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

import numpy as np

from ..errors import InputError, Problem
from .grid import SAME_PLACE_VOXELS, box_corners

MOST_VOXELS = 2**30
"""1024 x 1024 x 1024: several times the largest knee scans."""

_INFLATION = 1100
"""Deflate shrinks nothing to less than 1 / 1032."""

_BLOCK = 1 << 16
"""Bytes that are inflated at once: at most 70 MB, whatever they hold."""

_SHORTEST_KEY = 5


@dataclass(frozen=True)
class Data:
    """Where the voxels of an image are.

    :param path: the file that holds them, the header's own or another one.
    :param offset: bytes before them, after inflation for gzip, before it for zlib; None if they are the file's end.
    :param compression: ``""``, ``"gzip"`` (the stream of the whole rest of the file), or ``"zlib"``.
    :param skipped: bytes before a gzip stream.
    """

    path: Path
    offset: int | None
    compression: str = ""
    skipped: int = 0


@dataclass(frozen=True)
class Header:
    """What a header claims.

    :param format: its name, for people.
    :param size: voxels along each axis.
    :param voxel_bytes: bytes per voxel, all components together.
    :param data: where the voxels are.
    :param frames: where the voxels lie by each statement of the header, by the statement's name: 4 x 4, takes an index
        (x, y, z) to mm, LPS. Those that claim nothing are missing; none for an image that is not 3-D.
    :param sheared: whether ITK reads this format if the axes are not perpendicular.
    """

    format: str
    size: tuple[int, ...]
    voxel_bytes: int
    data: Data
    frames: Mapping[str, np.ndarray] = field(default_factory=dict)
    sheared: bool = True

    @property
    def data_bytes(self) -> int:
        return math.prod(self.size) * self.voxel_bytes


class Damaged(Exception):
    """A file that is no image, or not a whole one; the message says why, without the file's name.

    :param remedy: what helps, if it is not to write the file again.
    """

    def __init__(self, message: str, remedy: str = ""):
        super().__init__(message)
        self.remedy = remedy


def check_header(path: Path, header: Header) -> None:
    """Whether a header contradicts itself or its file.

    Compressed voxels are not read, see :func:`check_complete`.

    :raises Damaged: if it claims an impossible size, or more voxels than the file can hold.
    :raises InputError: if its frames disagree, or ITK could not read them.
    """
    _check_size(header)
    findings = _frame_findings(header)
    if findings:
        raise InputError(Problem(f"'{path}': {message}", remedy) for message, remedy in findings)


def check_complete(header: Header) -> None:
    """Whether the file holds as many bytes of voxels as its header says; compressed ones are inflated to see that.

    :raises Damaged: if not.
    :raises OSError, EOFError, zlib.error: if it cannot be read.
    """
    missing = header.data_bytes - _data_length(header)
    if missing > 0:
        name, total = header.data.path.name, header.data_bytes
        raise Damaged(f"'{name}' is shorter than its header says: {missing} of {total} bytes are missing")
    # Bytes that fill up a block are nobody's mistake; a whole slice that the header does not know is.
    if -missing >= math.prod(sorted(header.size)[:2]) * header.voxel_bytes:
        claim = f"{' x '.join(map(str, header.size))} voxels of {header.voxel_bytes} bytes"
        raise Damaged(f"it holds {-missing} bytes more than its header says ({claim}): size or type is wrong")


def corner_distance(first: np.ndarray, second: np.ndarray, size: Iterable[int]) -> float:
    """How far apart two frames (4 x 4) put the corners of an image: the largest distance, mm."""
    corners = box_corners(np.zeros(3), np.array(tuple(size)) - 1)
    apart = np.c_[corners, np.ones(len(corners))] @ (first - second).T
    return float(np.linalg.norm(apart[:, :3], axis=1).max())


def voxel_edges(frame: np.ndarray) -> np.ndarray:
    """The lengths (3, mm) of a voxel's edges in a frame (4 x 4)."""
    return np.linalg.norm(frame[:3, :3], axis=0)


def shear(frame: np.ndarray) -> float:
    """By how many degrees the axes of a frame (4 x 4) are away from perpendicular, at most."""
    axes = frame[:3, :3] / voxel_edges(frame)
    cosines = (axes.T @ axes)[np.triu_indices(3, 1)]
    return float(np.degrees(np.arcsin(np.clip(np.abs(cosines).max(), 0, 1))))


def positive_numbers(values: Iterable[float], what: str) -> list[float]:
    """The values, if they can be voxel sizes.

    :raises Damaged: if one of them is not finite or not positive.
    """
    numbers = list(values)
    if not all(math.isfinite(value) and value > 0 for value in numbers):
        raise Damaged(f"{what} is {' '.join(f'{value:g}' for value in numbers)}, which is no voxel size")
    return numbers


def numbers(text: str, count: int, what: str) -> list[float]:
    """Numbers of a text header, with a decimal point whatever the locale.

    :raises Damaged: if they are not so many finite numbers.
    """
    try:
        values = [float(word) for word in text.split()]
    except ValueError:
        values = []
    if len(values) != count or not all(map(math.isfinite, values)):
        raise Damaged(f"{what} '{text}' is not {count} numbers")
    return values


def sizes(text: str, what: str) -> tuple[int, ...]:
    """Numbers of voxels of a text header.

    :raises Damaged: if they are not positive whole numbers.
    """
    words = text.split()
    if not words or not all(word.isascii() and word.isdecimal() and int(word) > 0 for word in words):
        raise Damaged(f"{what} '{text}' is not a number of voxels for each axis")
    return tuple(int(word) for word in words)


def check_keys(found: Iterable[str], known: Iterable[str]) -> None:
    """A key that is one character away from one that counts, and is missing, is a damaged one.

    Other unknown keys are somebody's own.

    :raises Damaged: naming both.
    """
    keys = {key.lower(): key for key in found}
    missing = {name.lower(): name for name in known if name.lower() not in keys and len(name) >= _SHORTEST_KEY}
    unknown = set(keys).difference(name.lower() for name in known)
    for key in sorted(unknown):
        meant = [name for text, name in missing.items() if _one_apart(key, text)]
        if meant:
            raise Damaged(f"there is a line '{keys[key]}' where '{meant[0]}' is expected")


def _one_apart(first: str, second: str) -> bool:
    """Whether one character was replaced, added or lost, or two neighbors were exchanged."""
    start = len(os.path.commonprefix([first, second]))
    first, second = first[start:], second[start:]
    end = len(os.path.commonprefix([first[::-1], second[::-1]]))
    first, second = first[: len(first) - end], second[: len(second) - end]
    return max(len(first), len(second)) == 1 or (len(first) == 2 and first == second[::-1])


def opened(path: Path) -> IO[bytes]:
    """A file, or what it holds if it is compressed by gzip."""
    with open(path, "rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path, "rb")) if compressed else open(path, "rb")


def _check_size(header: Header) -> None:
    claim = f"{' x '.join(map(str, header.size))} voxels of {header.voxel_bytes} bytes"
    path = header.data.path
    if math.prod(header.size) > MOST_VOXELS:
        raise Damaged(f"its header claims {claim}, more than any knee scan has")
    if not path.is_file():
        raise Damaged(f"its voxels are missing: there is no file '{path}'", "Copy the file that holds them, too")
    if path.stat().st_size * (_INFLATION if header.data.compression else 1) < header.data_bytes:
        raise Damaged(f"'{path.name}' is shorter than its header says: {claim}")


def _frame_findings(header: Header) -> list[tuple[str, str]]:
    findings = []
    names = list(header.frames)
    for name, frame in header.frames.items():
        if not np.isfinite(frame).all() or abs(np.linalg.det(frame[:3, :3])) < 1e-12:
            return [(f"its {name} gives the voxels no place", "Correct the header, or write the file again")]
    for name in names[1:]:
        first, other = header.frames[names[0]], header.frames[name]
        apart = corner_distance(first, other, header.size)
        if apart > SAME_PLACE_VOXELS * voxel_edges(first).min():
            message = f"its {names[0]} and its {name} disagree, by {apart:.3g} mm at the image's corners"
            findings.append((message, f"Find out which is right, and correct the other{_HOW.get(header.format, '')}"))
    if not header.sheared:
        findings += _shear_findings(header)
    return findings


_HOW = {
    "NIfTI-1": " (with nibabel's set_qform and set_sform, or FSL's fslorient -copyqform2sform or -copysform2qform)",
}

# ITK's own tolerance is a little wider; a corner of a knee scan moves by less than 0.02 mm.
_MOST_SHEAR = 0.006


def _shear_findings(header: Header) -> list[tuple[str, str]]:
    for name, frame in header.frames.items():
        angle = shear(frame)
        if angle > _MOST_SHEAR:
            message = (
                f"the axes of its {name} are not perpendicular, by {angle:.3g} degrees, which ITK cannot read here"
            )
            remedy = (
                "Resample it to perpendicular axes, or save it as .nrrd or .mha, which may be sheared; if the shear is "
                f"a mistake, correct the {name}"
            )
            return [(message, remedy)]
    return []


def _data_length(header: Header) -> int:
    """How many bytes of voxels there are."""
    data = header.data
    if not data.compression:
        length = data.path.stat().st_size - data.skipped
        return header.data_bytes if data.offset is None and length >= header.data_bytes else length - (data.offset or 0)
    with open(data.path, "rb") as file:
        file.seek(data.skipped)
        if data.compression == "zlib":
            return _inflated_length(file)
        with gzip.GzipFile(fileobj=file) as stream:
            return sum(iter(lambda: len(stream.read(1 << 22)), 0)) - (data.offset or 0)


def _inflated_length(file: IO[bytes]) -> int:
    """Number of bytes of a zlib stream, whose checksum is verified.

    :raises zlib.error: if it is damaged.
    """
    inflate = zlib.decompressobj()
    length = sum(len(inflate.decompress(block)) for block in iter(lambda: file.read(_BLOCK), b""))
    return length if inflate.eof else 0
