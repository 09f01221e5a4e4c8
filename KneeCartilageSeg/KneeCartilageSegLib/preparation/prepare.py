"""Prepare images for segmentation: one ``NAME_prep.mha`` for each, in the scanner's frame, and a record beside it.

Nothing is turned, mirrored, rescaled or smoothed: registration needs none of it. What an earlier run has made from the
same files in the same way is left as it is.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import SimpleITK as sitk

from ..dicom.identity import Identity
from ..dicom.slices import DESCRIPTION, IMAGE_LATERALITY, LATERALITY, Slice, numbers
from ..errors import InputError, KneeError, Problem
from ..files import atomic_path, checksum
from ..images.bias import correct_bias
from ..images.files import write_image
from ..images.grid import Grid
from ..records import origin, read_json, replaceable, write_json
from .sources import PREPARED, Source, Sources, find_sources

FORMAT = "KneeCartilageSeg preparation 1"
_RECORD_END = "_preparation.json"
_EXTENSION = ".mha"

# What the record says about the scan, by the tags of the header; none of them tells who the patient is.
_SCAN_TEXTS = {
    "modality": "0008|0060",
    "description": DESCRIPTION,
    "protocol": "0018|1030",
    "sequence": "0018|0024",
    "manufacturer": "0008|0070",
    "model": "0008|1090",
}
_SCAN_NUMBERS = {
    "field_strength_t": "0018|0087",
    "repetition_time_ms": "0018|0080",
    "flip_angle_degree": "0018|1314",
    "slice_thickness_mm": "0018|0050",
}
_SIDES = {"L": "left", "R": "right"}


@dataclass(frozen=True)
class Prepared:
    """How the preparation of an image ended.

    :param path: the prepared image.
    :param record: of its preparation; empty if that failed.
    :param unchanged: an earlier run has made the same.
    :param error: why it failed.
    """

    source: Source
    path: Path
    record: dict[str, Any]
    unchanged: bool = False
    error: str = ""


def check_sources(
    paths: Sequence[Path],
    out: Path,
    name: str | None = None,
    series: Sequence[str] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Sources:
    """What can be prepared, after every image was read once.

    :param paths: see :func:`.preparation.sources.find_sources`, likewise ``name`` and ``series``.
    :param out: the folder that the results go to; it is made when they are written.
    :param progress: called with the number of images read and their total.
    :raises InputError: with everything that is wrong.
    """
    found = find_sources(paths, name, series, results=out)
    problems = [*found.problems, *_output_problems(found.sources, out)]
    for done, source in enumerate(found.sources, start=1):
        try:
            source.read()
        except InputError as error:
            problems += [_located(problem, source) for problem in error.problems]
        progress(done, len(found.sources))
    if problems:
        raise InputError(problems)
    return found


def prepare(source: Source, out: Path, identity: Identity, bias_correction: bool = False) -> Prepared:
    """Prepare an image that was checked by :func:`check_sources`.

    :param out: the folder that the results go to.
    :param identity: finds what must not get into the record.
    :param bias_correction: see :func:`.images.bias.correct_bias`.
    """
    path, record_path = result_paths(source, out)
    digest = source.checksum
    key = hashlib.sha256(json.dumps([FORMAT, digest, bias_correction]).encode()).hexdigest()
    earlier = read_json(record_path, FORMAT)
    if earlier and earlier.get("key") == key and path.is_file() and earlier["outputs"] == {path.name: checksum(path)}:
        return Prepared(source, path, earlier, unchanged=True)
    try:
        image = source.read()
        variation = None
        if bias_correction:
            image, variation = correct_bias(image)
        out.mkdir(parents=True, exist_ok=True)
        with atomic_path(path) as temporary:
            write_image(image, temporary)
            record = _record(source, image, identity, variation)
            record.update({"key": key, "outputs": {path.name: checksum(temporary)}})
            record["source"]["sha256"] = digest
            # First: an image without its record would be taken for somebody else's.
            write_json(record_path, record)
    except (KneeError, OSError, RuntimeError, MemoryError) as error:
        return Prepared(source, path, {}, error=str(error) or type(error).__name__)
    return Prepared(source, path, record)


def result_paths(source: Source, out: Path) -> tuple[Path, Path]:
    """Where the image and its record go."""
    return out / f"{source.name}{PREPARED}{_EXTENSION}", out / f"{source.name}{PREPARED}{_RECORD_END}"


def recorded_side(image: Path) -> str | None:
    """``left`` or ``right``, if the header of the DICOM files that an image was prepared from said so."""
    record = read_json(image.with_name(f"{image.name[: -len(_EXTENSION)]}{_RECORD_END}"), FORMAT)
    return record.get("side") if record else None


def _output_problems(sources: Sequence[Source], out: Path) -> list[Problem]:
    if out.exists() and not out.is_dir():
        return [Problem(f"--out {out} is a file", "Give the name of a folder")]
    problems = []
    inputs = {file.resolve() for source in sources for file in source.files}
    for source in sources:
        path, record = result_paths(source, out)
        if path.resolve() in inputs:
            problems.append(Problem(f"'{path}' would overwrite a file that is read", "Name another folder with --out"))
        elif not replaceable(path, record, FORMAT):
            message = f"'{path}' exists, and is not what an earlier 'prepare' wrote there"
            problems.append(Problem(message, "Name another folder with --out, or move the file away"))
        elif record.exists():
            problems += _record_problems(source, path, record)
    return problems


def _record_problems(source: Source, path: Path, record: Path) -> list[Problem]:
    earlier = read_json(record, FORMAT)
    if earlier is None:
        message = f"'{record}', where the record goes, is something else"
        return [Problem(message, "Name another folder with --out, or move the file away")]
    if path.exists() and earlier["source"]["fingerprint"] != source.fingerprint:
        message = f"'{path}' was made of something else than '{source.place}'"
        return [Problem(message, "Name another folder with --out, or another name with --name")]
    return []


def _located(problem: Problem, source: Source) -> Problem:
    """A problem that names its file."""
    if problem.file is not None or str(source.place) in problem.message:
        return problem
    return Problem(f"'{source.place}': {problem.message}", problem.remedy)


def _record(source: Source, image: sitk.Image, identity: Identity, variation: float | None) -> dict[str, Any]:
    grid = Grid.of(image)
    first = None if source.volume is None else source.volume.slices[0]
    return {
        "format": FORMAT,
        **origin(),
        "command": [identity.clean(argument) for argument in sys.argv],
        "source": {
            "place": identity.clean(str(source.place)),
            "fingerprint": source.fingerprint,
            "files": len(source.files),
            "form": "image file" if first is None else "DICOM",
        },
        "scan": None if source.volume is None or first is None else _scan(source, first, identity),
        "side": None if first is None else _side(first),
        "grid": {name: getattr(grid, name).ravel().tolist() for name in ("size", "spacing", "origin", "direction")},
        "bias_correction": None if variation is None else {"method": "N4", "variation": variation},
        "notes": [identity.clean(note) for note in source.notes],
    }


def _scan(source: Source, first: Slice, identity: Identity) -> dict[str, Any]:
    assert source.volume is not None
    texts = {key: identity.clean(_readable(first.tag(tag))) or None for key, tag in _SCAN_TEXTS.items()}
    values = {key: next(iter(numbers(first.tag(tag))), None) for key, tag in _SCAN_NUMBERS.items()}
    return {
        "series_number": source.volume.series_number or None,
        "part": source.volume.part or None,
        "slices": len(source.volume.slices),
        "echo_time_ms": source.volume.echo_time,
        **texts,
        **values,
    }


def _readable(text: str) -> str:
    """Bytes of a header that were no text in the reader's eyes, as far as they can be shown."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _side(first: Slice) -> str | None:
    return _SIDES.get((first.tag(LATERALITY) or first.tag(IMAGE_LATERALITY)).upper())
