"""Headers of NRRD files: ``.nrrd``, or ``.nhdr`` with a data file (http://teem.sourceforge.net/nrrd/format.html)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from .headers import Damaged, Data, Header, check_keys, numbers, positive_numbers, sizes

_HEADER_BYTES = 1 << 20
_BYTES = {
    **dict.fromkeys(("signed char", "int8", "int8_t", "uchar", "unsigned char", "uint8", "uint8_t"), 1),
    **dict.fromkeys(("short", "short int", "signed short", "signed short int", "int16", "int16_t"), 2),
    **dict.fromkeys(("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"), 2),
    **dict.fromkeys(("int", "signed int", "int32", "int32_t", "uint", "unsigned int", "uint32", "uint32_t"), 4),
    **dict.fromkeys(("longlong", "long long", "long long int", "signed long long", "signed long long int"), 8),
    **dict.fromkeys(("int64", "int64_t", "ulonglong", "unsigned long long", "unsigned long long int"), 8),
    **dict.fromkeys(("uint64", "uint64_t", "double"), 8),
    "float": 4,
}
_KNOWN = (
    *("type", "dimension", "sizes", "encoding", "endian", "space", "space dimension", "space directions"),
    *("space origin", "space units", "measurement frame", "spacings", "thicknesses", "kinds", "units", "labels"),
    *("centers", "centerings", "axis mins", "axismins", "axis maxs", "axismaxs", "data file", "datafile", "content"),
    *("line skip", "lineskip", "byte skip", "byteskip", "min", "max", "old min", "oldmin", "old max", "oldmax"),
    *("block size", "blocksize", "number", "sample units", "sampleunits"),
)
_VECTOR = re.compile(r"\(([^()]*)\)")
_SIGNS = {  # by which ITK turns the axes of a space to LPS
    **dict.fromkeys(("left-posterior-superior", "lps"), (1, 1, 1)),
    **dict.fromkeys(("right-anterior-superior", "ras"), (-1, -1, 1)),
    **dict.fromkeys(("left-anterior-superior", "las"), (1, -1, 1)),
}
_MILLIMETERS = ("mm", "millimeter", "millimeters", "millimetre", "millimetres", "")


def read_nrrd_header(path: Path) -> Header:
    """The header of a NRRD file.

    :raises Damaged: if it makes no sense, or keeps the voxels in a way whose completeness nobody could tell.
    :raises OSError: if it cannot be read.
    """
    values, length = _read(path)
    check_keys(values, _KNOWN)
    size = sizes(_needed(values, "sizes"), "sizes")
    if values.get("dimension") != str(len(size)):
        raise Damaged(f"dimension is {values.get('dimension', 'missing')}, but sizes has {len(size)} numbers")
    kind = " ".join(_needed(values, "type").lower().split())
    if kind not in _BYTES:
        raise Damaged(f"the type '{kind}' is unknown")
    frames = _frames(values) if len(size) == 3 else {}
    return Header("NRRD", size, _BYTES[kind], _data(path, values, length), frames)


def _read(path: Path) -> tuple[dict[str, str], int]:
    """Fields and values, and the number of bytes of the header."""
    values: dict[str, str] = {}
    with open(path, "rb") as file:
        file.readline(_HEADER_BYTES)  # the magic, which was seen
        while True:
            line = file.readline(_HEADER_BYTES)
            if file.tell() > _HEADER_BYTES:
                raise Damaged("its header has no end")
            text = line.decode("utf-8", "replace").strip()
            if not text:  # an empty line, or the end of a .nhdr
                return values, file.tell()
            if text.startswith("#") or ":=" in text:
                continue
            key, separator, value = text.partition(":")
            key, value = " ".join(key.lower().split()), value.strip()
            if not separator:
                raise Damaged(f"its header has a line '{text[:60]}'")
            if values.setdefault(key, value) != value:
                raise Damaged(f"'{key}' is given twice: '{values[key]}' and '{value}'")


def _needed(values: Mapping[str, str], key: str) -> str:
    if key not in values:
        raise Damaged(f"the field '{key}' is missing in its header")
    return values[key]


def _data(path: Path, values: Mapping[str, str], header_bytes: int) -> Data:
    encoding = _needed(values, "encoding").lower()
    if encoding not in ("raw", "gzip", "gz"):
        raise Damaged(f"its voxels are encoded as '{encoding}'; only raw and gzip can be checked")
    kind = _needed(values, "type").lower()
    if _BYTES.get(" ".join(kind.split())) != 1 and values.get("endian", "").lower() not in ("little", "big"):
        raise Damaged(f"endian is {values.get('endian', 'missing')}, neither little nor big")
    if values.get("line skip", values.get("lineskip", "0")) != "0":
        raise Damaged("its voxels lie behind lines of text (line skip)")
    name = values.get("data file", values.get("datafile", ""))
    if name.upper().startswith("LIST") or "%" in name:
        raise Damaged(f"its voxels lie in several files (data file: {name})")
    skip = values.get("byte skip", values.get("byteskip", "0"))
    if not skip.lstrip("-").isdecimal() or int(skip) < -1:
        raise Damaged(f"byte skip is '{skip}'")
    compression = "" if encoding == "raw" else "gzip"
    offset = None if skip == "-1" else int(skip)
    return Data(path.parent / name if name else path, offset, compression, 0 if name else header_bytes)


def _frames(values: Mapping[str, str]) -> dict[str, np.ndarray]:
    directions = values.get("space directions")
    if directions is None:
        axes = np.diag(_edges(values, "spacings"))
    else:
        axes = np.array(_vectors(directions, "space directions")).T
        if "none" in directions.lower() or axes.shape != (3, 3):
            raise Damaged(f"space directions '{directions}' are not three vectors")
    for unit in re.findall(r'"([^"]*)"', values.get("space units", "")):
        if unit.strip().lower() not in _MILLIMETERS:
            raise Damaged(f"its space units are '{unit}'; ITK takes them for mm")
    space = values.get("space", "").lower()
    signs = np.diag(_SIGNS.get(space, (1, 1, 1)))
    frame = np.eye(4)
    frame[:3, :3] = signs @ axes
    origin = _origin(values)
    frames = {"space directions" if directions is not None else "spacings": frame}
    frame[:3, 3] = signs @ origin
    lengths = np.linalg.norm(axes, axis=0)
    if directions is not None and "spacings" in values and lengths.all():
        other = frame.copy()
        other[:3, :3] *= np.array(_edges(values, "spacings")) / lengths
        frames["spacings"] = other
    return frames


def _edges(values: Mapping[str, str], key: str) -> list[float]:
    return positive_numbers(numbers(_needed(values, key), 3, key), key)


def _origin(values: Mapping[str, str]) -> list[float]:
    if "space origin" in values:
        (origin,) = _vectors(values["space origin"], "space origin")[:1] or [[math.nan]]
        if len(origin) != 3:
            raise Damaged(f"space origin '{values['space origin']}' is not a vector")
        return origin
    mins = values.get("axis mins", values.get("axismins", ""))
    if "space directions" not in values and mins and "nan" not in mins.lower():
        return numbers(mins, 3, "axis mins")
    return [0.0] * 3


def _vectors(text: str, what: str) -> list[list[float]]:
    return [numbers(vector.replace(",", " "), 3, what) for vector in _VECTOR.findall(text)]
