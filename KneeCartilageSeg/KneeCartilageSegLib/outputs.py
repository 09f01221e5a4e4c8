"""What may be written: where nothing is yet, or in place of an earlier file of the same kind; nothing else is replaced.

A file is recognized by its content, not by its name. One that cannot be recognized is somebody's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import SimpleITK as sitk

from .errors import KneeError, Problem
from .images.files import read_image
from .records import read_json, replaceable

_HEAD = 4096  # bytes, in which a file says what it is
_PNG = b"\x89PNG\r\n\x1a\n"
_PAINTERS = (b"Matplotlib", b"KneeCartilageSeg")


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    :param title: what it is called, for the user: "a summary of segmentations".
    :param recognizes: whether an existing file is of this kind.
    """

    title: str
    recognizes: Callable[[Path], bool]


def replacing_problem(what: str, path: Path, kind: Kind) -> list[Problem]:
    """Why a file may not be written; nothing if nothing is there, or a file of the same kind.

    :param what: names it for the user, for example an option with its value.
    """
    try:
        if not path.exists() or (path.is_file() and kind.recognizes(path)):
            return []
    except OSError as error:
        return [Problem(f"{what} cannot be looked at ({error})", "Choose another name")]
    return [Problem(f"{what} would replace a file that is not {kind.title}", "Choose another name, or move it away")]


def table(title: str, columns: Iterable[str]) -> Kind:
    """A csv file whose heading begins with these columns."""
    beginning = ",".join(columns)
    return Kind(title, lambda path: _head(path).startswith(beginning.encode()) or not path.stat().st_size)


def record(title: str, form: str) -> Kind:
    """A record of ours: JSON with this format."""
    return Kind(title, lambda path: read_json(path, form) is not None)


def recorded(title: str, record_file: Path, form: str) -> Kind:
    """A file that is exactly what a record beside it says was written there; for images, which look like any other."""
    return Kind(title, lambda path: replaceable(path, record_file, form))


def _is_picture(path: Path) -> bool:
    head = _head(path)
    return head.startswith(_PNG) and any(painter in head for painter in _PAINTERS)


def _is_surface(path: Path) -> bool:
    head = _head(path)
    return b'<VTKFile type="PolyData"' in head and b'Name="thickness' in head


def _is_label_map(path: Path) -> bool:
    try:
        image = read_image(path)
    except (KneeError, OSError):
        return False
    return image.GetPixelID() == sitk.sitkUInt8 and sitk.GetArrayViewFromImage(image).max() > 1


PICTURE = Kind("a plot of this tool", _is_picture)
SURFACE = Kind("a surface with thickness", _is_surface)
LABEL_MAP = Kind("a map of regions", _is_label_map)


def _head(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(_HEAD).removeprefix(b"\xef\xbb\xbf")
