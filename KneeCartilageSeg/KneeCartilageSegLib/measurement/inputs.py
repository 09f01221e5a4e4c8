"""What is to be measured: masks, their femur masks and maps, from a list, from folders or from files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..dicom.volumes import folder_volume
from ..errors import InputError, Problem
from ..files import first_file, split_name
from ..images.files import EXTENSIONS, read_grid, result_name
from ..images.grid import doubtful_size
from ..lists.checks import two_masks
from ..lists.imagelist import (
    MEASURED_STUDY_SPEC,
    MEASUREMENT_SPEC,
    QUALITY_SPEC,
    Entry,
    ImageList,
    missing_folders,
    read_list_of_kinds,
    repeated_entries,
)
from ..lists.names import short_name
from ..segmentation.cases import REJECTED, SEGMENTED
from ..segmentation.review import Decision, read_decisions
from ..tissue import Tissue
from .echoes import Echo, find_echoes, series_problems, with_time

LIST_EXTENSION = ".txt"
_CARTILAGE_ENDING = f"_{Tissue.CARTILAGE.value}"
_FEMUR_ENDING = f"_{Tissue.FEMUR.value}"
_TIME = re.compile(r"(?P<name>.+?)\s+(?P<time>\d+(\.\d*)?)$")


@dataclass(frozen=True)
class KneeFiles:
    """The files of a knee to measure.

    :param name: in tables and of files.
    :param cartilage: mask of the femoral cartilage.
    :param femur: mask of the femur; None if there is none.
    :param maps: aligned volumes, such as T2 maps, whose values in the cartilage are wanted.
    :param echoes: an aligned series, to which a map is to be fitted.
    """

    name: str
    cartilage: Path
    femur: Path | None
    maps: tuple[Path, ...] = ()
    echoes: tuple[Echo, ...] = ()


@dataclass(frozen=True)
class FoundKnees:
    """The knees to measure.

    :param left_out: why knees that were named cannot be measured, one sentence for each: they are not segmented, or
        their masks are not to be used.
    """

    knees: tuple[KneeFiles, ...]
    left_out: tuple[str, ...] = ()


@dataclass
class _Search:
    """What is being found.

    :param found: without the knees' final names and femur masks.
    :param output: the folder of ``segmented/``, if the user named it.
    """

    output: Path | None
    found: list[KneeFiles]
    left_out: list[str]
    problems: list[Problem]


def find_knees(inputs: Sequence[Path], with_femur: bool = True, output: Path | None = None) -> FoundKnees:
    """Find the masks to measure, and check them by their headers.

    :param inputs: lists (``.txt``), masks, and folders, of which every mask ``NAME_fc`` is taken. The femur mask of
        ``NAME_fc.mha`` is ``NAME_f.mha`` beside it. Lists are those of any command:

        - of masks (``m``), in one folder;
        - of images to segment (``r``, ``m``): the masks of the ``m`` lines, in ``segmented/``;
        - of a data set (``r``, ``m``), in one folder: the masks beside its images;
        - of segmentations and ground truth (``s``, ``g``): both, but no masks of the femur.

        Below an ``m`` line, ``v`` lines name maps of the same knee and ``e`` lines the echoes of a series, with their
        times in ms behind their names unless DICOM files or ``prepare`` tell them.
    :param with_femur: False leaves the femur masks out.
    :param output: of lists of images to segment: the folder that holds ``segmented/``; beside the images by default.
    :raises InputError: with everything that is wrong.
    """
    search = _Search(output, [], [], [])
    for path in inputs:
        if path.suffix.lower() == LIST_EXTENSION:
            _add_list(path, search)
        elif path.is_dir():
            _add_folder(path, search)
        else:
            search.found.append(_unnamed(path))
            search.problems += _file_problems(path)
    paths = [knee.cartilage for knee in search.found]
    problems = [*search.problems, *_repeated(paths), *_in_two_formats(paths, with_femur)]
    if not (problems or paths):
        problems = [Problem(text, "Segment the knees first") for text in search.left_out]
    if problems:
        raise InputError(problems)
    knees = (
        replace(knee, name=name, femur=_femur_beside(knee.cartilage) if with_femur else None)
        for name, knee in zip(_names(paths), search.found)
    )
    return FoundKnees(tuple(knees), tuple(search.left_out))


def _unnamed(cartilage: Path) -> KneeFiles:
    return KneeFiles("", cartilage, None)


def _add_list(path: Path, search: _Search) -> None:
    images = read_list_of_kinds(path, (MEASUREMENT_SPEC, MEASURED_STUDY_SPEC, QUALITY_SPEC))
    reading = images.spec is not MEASURED_STUDY_SPEC  # the reference's masks are measured with its own list
    absent = [problem for problem in missing_folders(images) if reading or problem.line != images.folders[0].line]
    search.problems += [*images.problems, *absent, *repeated_entries(images)]
    if len(images.folders) < len(images.spec.folders) or absent:
        return
    if images.spec is QUALITY_SPEC:
        _add_pairs(images, search)
        return
    has_references = any(entry.letter == "r" for entry in images.entries)
    lines: dict[int, int] = {}  # of the knees in what was found
    latest: int | None = None  # whose maps follow; None: of one that is left out
    begun = False
    for entry in images.entries:
        if entry.letter in "ve" and not begun:
            message = f"'{entry.letter} {entry.name}' has no 'm' line above it"
            search.problems.append(images.problem(entry.line, message, "Put the 'm' line of its mask before it"))
        elif entry.letter in "ve" and latest is not None:
            search.found[latest] = _with_values(search.found[latest], images, entry, search.problems)
        elif entry.letter == "m" or (entry.letter == "r" and images.spec is MEASUREMENT_SPEC):
            begun, latest = True, _add_knee(images, entry, has_references, search)
            if latest is not None:
                lines.setdefault(latest, entry.line)
    for number, line in lines.items():
        echoes = search.found[number].echoes
        remedy = "Write it behind the echo's name, in ms: 'e echo.mha 12.6'"
        found = series_problems(echoes, remedy) if echoes else []
        search.problems += [images.problem(line, problem.message, problem.remedy) for problem in found]


def _add_knee(images: ImageList, entry: Entry, has_references: bool, search: _Search) -> int | None:
    """Find the mask of an entry; where it stands in what was found, or None if it is left out."""
    path = images.folders[-1].path / entry.name
    if images.spec is MEASURED_STUDY_SPEC:
        mask = _segmented(result_name(path)[0], search.output or images.folders[-1].path.parent, search.left_out)
    else:
        mask = _mask_beside(path) or (None if has_references else path)
        if mask is None:
            search.left_out.append(f"'{entry.name}' has no mask of femoral cartilage beside it")
    if mask is None:
        return None
    known = [knee.cartilage for knee in search.found]
    if has_references and mask in known:  # a seed of a data set, which is one of its images
        return known.index(mask)
    search.problems += _file_problems(mask, images, entry.line)
    search.found.append(_unnamed(mask))
    return len(search.found) - 1


def _add_pairs(images: ImageList, search: _Search) -> None:
    """Both masks of each pair, each once; those of the femur are no cartilage."""
    for entry in images.entries:
        path = images.folder(entry) / entry.name
        if split_name(path)[0].endswith(_FEMUR_ENDING) or path in [knee.cartilage for knee in search.found]:
            continue
        search.problems += _file_problems(path, images, entry.line)
        search.found.append(_unnamed(path))


def _segmented(name: str, output: Path, left_out: list[str]) -> Path | None:
    """The mask that a run has left for an image; None if there is none to be used, and why is noted.

    :raises InputError: if there is a review that cannot be read.
    """
    folder = output / SEGMENTED
    mask = _mask_named(name, folder)
    if read_decisions(folder).get(name) is Decision.REJECTED:
        left_out.append(f"'{name}' was rejected in the review")
        return None
    if mask is None:
        rejected = _mask_named(name, output / REJECTED) is not None
        left_out.append(f"'{name}' {'was rejected' if rejected else f'has no mask in {folder}'}")
    return mask


def _mask_beside(image: Path) -> Path | None:
    name = result_name(image)[0]
    return _mask_named(name, image.parent) or _mask_named(short_name(name), image.parent)


def _mask_named(name: str, folder: Path) -> Path | None:
    return first_file(folder / f"{name}{_CARTILAGE_ENDING}{extension}" for extension in EXTENSIONS)


def _with_values(knee: KneeFiles, images: ImageList, entry: Entry, problems: list[Problem]) -> KneeFiles:
    """The knee with what a ``v`` or an ``e`` line names."""
    folder = images.folders[-1].path
    if entry.letter == "v":
        path = folder / entry.name
        problems += _file_problems(path, images, entry.line)
        return replace(knee, maps=(*knee.maps, path))
    path, time = _path_and_time(folder, entry.name)
    try:
        echoes = find_echoes(path)
        return replace(knee, echoes=(*knee.echoes, *(echoes if time is None else with_time(echoes, time))))
    except InputError as error:
        problems += [images.problem(entry.line, problem.message, problem.remedy) for problem in error.problems]
        return knee


def _path_and_time(folder: Path, text: str) -> tuple[Path, float | None]:
    match = _TIME.match(text)
    if match is None or (folder / text).exists():
        return folder / text, None
    return folder / match["name"].strip("\"'"), float(match["time"])


def _add_folder(folder: Path, search: _Search) -> None:
    names = (f"*{_CARTILAGE_ENDING}{extension}" for extension in EXTENSIONS)
    masks = sorted(path for name in names for path in folder.glob(name) if not path.name.startswith("."))
    if not masks:
        remedy = f"Name the masks, or give a folder with files such as knee{_CARTILAGE_ENDING}.mha"
        search.problems.append(Problem(f"the folder '{folder}' holds no mask of femoral cartilage", remedy))
    for mask in masks:
        search.problems += _file_problems(mask)
        search.found.append(_unnamed(mask))


def _file_problems(path: Path, images: ImageList | None = None, line: int | None = None) -> list[Problem]:
    """Why an image file, or a folder with one DICOM series, cannot be measured, as far as its header tells."""
    listed = None if images is None else images.path
    if not path.exists():
        return [Problem(f"there is no file '{path}'", "Correct the name", listed, line)]
    try:
        if path.is_dir():
            folder_volume(path)
            return []
        doubt = doubtful_size(read_grid(path))
    except InputError as error:
        return [
            Problem(p.message if str(path) in p.message else f"'{path}': {p.message}", p.remedy, listed, line)
            for p in error.problems
        ]
    return [Problem(f"'{path}': {doubt}", "Correct its header", listed, line)] if doubt else []


def _repeated(paths: Iterable[Path]) -> list[Problem]:
    seen: set[Path] = set()
    problems = []
    for path in map(Path.resolve, paths):
        if path in seen:
            problems.append(Problem(f"'{path}' is named twice", "Name it once"))
        seen.add(path)
    return problems


def _in_two_formats(paths: Iterable[Path], with_femur: bool) -> list[Problem]:
    masks = [mask for path in paths for mask in (path, _femur_beside(path) if with_femur else None) if mask is not None]
    return [Problem(*found) for found in dict.fromkeys(found for mask in masks for found in two_masks(mask))]


def _names(paths: Sequence[Path]) -> list[str]:
    """The files' names without ending; with as much of their folders as tells them apart."""
    roots = [split_name(path)[0] for path in paths]
    roots = [root[: -len(_CARTILAGE_ENDING)] if root.endswith(_CARTILAGE_ENDING) else root for root in roots]
    names = list(roots)
    folders = [path.resolve().parent.parts[1:] for path in paths]
    for count in range(1, max(map(len, folders), default=0) + 1):
        alike = {name for name in names if names.count(name) > 1}
        names = [
            "_".join((*parts[-count:], root)) if name in alike else name
            for name, parts, root in zip(names, folders, roots)
        ]
    return names


def _femur_beside(cartilage: Path) -> Path | None:
    root, _ = split_name(cartilage)
    if not root.endswith(_CARTILAGE_ENDING):
        return None
    stem = root[: -len(_CARTILAGE_ENDING)]
    candidates = (cartilage.with_name(f"{stem}{_FEMUR_ENDING}{extension}") for extension in EXTENSIONS)
    return next((path for path in candidates if path.is_file()), None)
