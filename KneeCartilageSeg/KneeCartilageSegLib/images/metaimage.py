"""Headers of MetaImage files: ``.mha``, or ``.mhd`` with a data file (https://itk.org/Wiki/ITK/MetaIO/Documentation)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO

import numpy as np

from .headers import Damaged, Data, Header, check_keys, numbers, positive_numbers, sizes

_HEADER_BYTES = 1 << 20
_BYTES = {"CHAR": 1, "SHORT": 2, "INT": 4, "LONG": 4, "LONG_LONG": 8, "FLOAT": 4, "DOUBLE": 8}
_PLACES = ("Offset", "Position", "Origin")
_AXES = ("TransformMatrix", "Rotation", "Orientation")
_EDGES = ("ElementSpacing", "ElementSize")
_KNOWN = (
    *(*_PLACES, *_AXES, *_EDGES),
    *("ObjectType", "ObjectSubType", "NDims", "DimSize", "BinaryData", "BinaryDataByteOrderMSB", "ElementByteOrderMSB"),
    *("CompressedData", "CompressedDataSize", "CompressionLevel", "CenterOfRotation", "AnatomicalOrientation"),
    *("ElementType", "ElementDataFile", "ElementNumberOfChannels", "ElementMin", "ElementMax", "HeaderSize"),
    *("Comment", "Name", "ID", "ParentID", "Color", "Modality", "SequenceID", "TransformType", "DistanceUnits"),
    *("AcquisitionDate", "AcquisitionTime", "StudyID", "SeriesID", "ImagePosition"),
    *("ElementToIntensityFunctionSlope", "ElementToIntensityFunctionOffset"),
)
_SIDES = ("RL", "AP", "IS")
_SAME_AXIS = 0.5  # cosine; of axes in between, nobody can say what the letters should be


def read_metaimage_header(path: Path) -> Header:
    """The header of a MetaImage file.

    :raises Damaged: if it makes no sense, or keeps the voxels in a way whose completeness nobody could tell.
    :raises OSError: if it cannot be read.
    """
    with open(path, "rb") as file:
        values, length = _read(file)
    check_keys(values, _KNOWN)
    size = sizes(_needed(values, "DimSize"), "DimSize")
    if values.get("NDims") != str(len(size)):
        raise Damaged(f"NDims is {values.get('NDims', 'missing')}, but DimSize has {len(size)} numbers")
    if _flag(values, "BinaryData", "True") is False:
        raise Damaged("its voxels are written as text (BinaryData = False)")
    channels = values.get("ElementNumberOfChannels", "1")
    if not channels.isdecimal() or int(channels) < 1:
        raise Damaged(f"ElementNumberOfChannels is {channels}")
    frames = _frames(values) if len(size) == 3 else {}
    return Header("MetaImage", size, _voxel_bytes(values) * int(channels), _data(path, values, length), frames)


def _read(file: IO[bytes]) -> tuple[dict[str, str], int]:
    """Keys and values, and the number of bytes of the header."""
    values: dict[str, str] = {}
    while True:
        line = file.readline(_HEADER_BYTES)
        key, separator, value = line.decode("utf-8", "replace").partition("=")
        key, value = key.strip(), value.strip()
        if not line or file.tell() > _HEADER_BYTES:
            raise Damaged("its header has no end (ElementDataFile)")
        if not separator:  # a text of several lines that some program has added
            continue
        if values.setdefault(key, value) != value and key in _KNOWN:
            raise Damaged(f"{key} is given twice: '{values[key]}' and '{value}'")
        if key == "ElementDataFile":
            return values, file.tell()


def _needed(values: Mapping[str, str], key: str) -> str:
    if key not in values:
        raise Damaged(f"the line {key} is missing in its header")
    return values[key]


def _flag(values: Mapping[str, str], key: str, default: str) -> bool:
    text = values.get(key, default).lower()
    if text not in ("true", "false", "1", "0"):
        raise Damaged(f"{key} is '{values[key]}', neither True nor False")
    return text in ("true", "1")


def _voxel_bytes(values: Mapping[str, str]) -> int:
    kind = _needed(values, "ElementType").upper()
    name = kind.replace("MET_", "", 1).replace("_ARRAY", "")
    name = name[1:] if name.startswith("U") else name
    if not kind.startswith("MET_") or name not in _BYTES:
        raise Damaged(f"ElementType '{values['ElementType']}' is unknown")
    return _BYTES[name]


def _data(path: Path, values: Mapping[str, str], header_bytes: int) -> Data:
    name = values["ElementDataFile"]
    compressed = _flag(values, "CompressedData", "False")
    for key in ("BinaryDataByteOrderMSB", "ElementByteOrderMSB"):
        _flag(values, key, "False")
    if name.upper() == "LOCAL":
        return Data(path, None if compressed else 0, "zlib" if compressed else "", header_bytes)
    if not name or name.upper().startswith("LIST") or "%" in name:
        raise Damaged(f"its voxels lie in several files or in none (ElementDataFile = {name})")
    skipped = values.get("HeaderSize", "0")
    if skipped not in ("0", "-1") and not skipped.isdecimal():
        raise Damaged(f"HeaderSize is '{skipped}'")
    offset = None if skipped == "-1" else 0
    kind = "zlib" if compressed else ""
    return Data(path.parent / name, offset, kind, 0 if skipped == "-1" else int(skipped))


def _frames(values: Mapping[str, str]) -> dict[str, np.ndarray]:
    given = [key for key in _EDGES if key in values]
    if not given:
        raise Damaged("the voxel size is missing in its header (ElementSpacing)")
    edges = {key: positive_numbers(numbers(values[key], 3, key), key) for key in given}
    axes = {key: numbers(values[key], 9, key) for key in _AXES if key in values} or {"": np.eye(3).ravel().tolist()}
    places = {key: numbers(values[key], 3, key) for key in _PLACES if key in values} or {"": [0.0] * 3}
    frames = {}
    for keys in _each_once(list(edges), list(axes), list(places)):
        name = " and ".join(key for key in keys if key)
        frames[name] = _frame(edges[keys[0]], axes[keys[1]], places[keys[2]])
    first = next(iter(frames))
    letters = values.get("AnatomicalOrientation", "")
    mirrored = _as_anatomical(frames[first], letters) if "TransformMatrix" in values else None
    if mirrored is not None:
        frames[f"AnatomicalOrientation ({letters})"] = mirrored
    return frames


def _each_once(*choices: list[str]) -> list[tuple[str, ...]]:
    """The first of all choices together, then each of the others with the firsts."""
    first = [names[0] for names in choices]
    others = [[*first[:i], name, *first[i + 1 :]] for i, names in enumerate(choices) for name in names[1:]]
    return [tuple(first), *map(tuple, others)]


def _frame(edges: list[float], axes: list[float], place: list[float]) -> np.ndarray:
    frame = np.eye(4)
    frame[:3, :3] = np.reshape(axes, (3, 3)).T * edges  # MetaImage lists a direction matrix column by column
    frame[:3, 3] = place
    return frame


def _as_anatomical(frame: np.ndarray, letters: str) -> np.ndarray | None:
    """The frame with its axes turned as AnatomicalOrientation says; None if it says the same, or nothing.

    ITK names where the axes come from (RAI for LPS axes), others where they lead to; either is the same here.
    """
    rows = [next((i for i, pair in enumerate(_SIDES) if letter in pair), -1) for letter in letters.upper()]
    edges = np.linalg.norm(frame[:3, :3], axis=0)
    if sorted(rows) != [0, 1, 2] or not edges.all():
        return None
    axes = np.zeros((3, 3))
    for column, (row, letter) in enumerate(zip(rows, letters.upper())):
        axes[row, column] = 1 if letter == _SIDES[row][0] else -1
    cosines = (frame[:3, :3] / edges * axes).sum(axis=0)
    if cosines.min() > _SAME_AXIS or cosines.max() < -_SAME_AXIS:
        return None
    turned = frame.copy()
    turned[:3, :3] = axes * edges
    return turned
