"""What is to be measured: masks, their femur masks and maps, from a list, from folders or from files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, Problem
from ..files import split_name
from ..images.files import EXTENSIONS, read_grid
from ..images.grid import doubtful_size
from ..lists.checks import two_masks
from ..lists.imagelist import MEASUREMENT_SPEC, ImageList, missing_folders, read_image_list, repeated_entries
from ..tissue import Tissue

LIST_EXTENSION = ".txt"
_CARTILAGE_ENDING = f"_{Tissue.CARTILAGE.value}"
_FEMUR_ENDING = f"_{Tissue.FEMUR.value}"


@dataclass(frozen=True)
class KneeFiles:
    """The files of a knee to measure.

    :param name: in tables and of files.
    :param cartilage: mask of the femoral cartilage.
    :param femur: mask of the femur; None if there is none.
    :param maps: aligned volumes, such as T2 maps, whose values in the cartilage are wanted.
    """

    name: str
    cartilage: Path
    femur: Path | None
    maps: tuple[Path, ...] = ()


def find_knees(inputs: Sequence[Path], with_femur: bool = True) -> tuple[KneeFiles, ...]:
    """Find the masks to measure, and check them by their headers.

    :param inputs: lists (``.txt``), masks, and folders, of which every mask ``NAME_fc`` is taken. In a list, ``m``
        lines name masks of femoral cartilage, and ``v`` lines below one name maps of the same knee. The femur mask of
        ``NAME_fc.mha`` is ``NAME_f.mha`` beside it.
    :param with_femur: False leaves the femur masks out.
    :raises InputError: with everything that is wrong.
    """
    problems: list[Problem] = []
    found: list[tuple[Path, tuple[Path, ...]]] = []
    for path in inputs:
        if path.suffix.lower() == LIST_EXTENSION:
            found += _of_list(path, problems)
        elif path.is_dir():
            found += _of_folder(path, problems)
        else:
            found.append((path, ()))
            problems += _file_problems(path)
    problems += _repeated([path for path, _ in found])
    problems += _in_two_formats([path for path, _ in found], with_femur)
    if problems:
        raise InputError(problems)
    return tuple(
        KneeFiles(name, path, _femur_beside(path) if with_femur else None, maps)
        for name, (path, maps) in zip(_names([path for path, _ in found]), found)
    )


def _of_list(path: Path, problems: list[Problem]) -> list[tuple[Path, tuple[Path, ...]]]:
    images = read_image_list(path, MEASUREMENT_SPEC)
    found: list[tuple[Path, tuple[Path, ...]]] = []
    problems += [*images.problems, *missing_folders(images), *repeated_entries(images)]
    if not images.folders or not images.folders[0].path.is_dir():
        return []
    for entry in images.entries:
        file = images.folders[0].path / entry.name
        problems += _file_problems(file, images, entry.line)
        if entry.letter == "m":
            found.append((file, ()))
        elif found:
            mask, maps = found[-1]
            found[-1] = mask, (*maps, file)
        else:
            remedy = "Put the 'm' line of its mask before it"
            problems.append(images.problem(entry.line, f"'v {entry.name}' has no 'm' line above it", remedy))
    return found


def _of_folder(folder: Path, problems: list[Problem]) -> list[tuple[Path, tuple[Path, ...]]]:
    names = (f"*{_CARTILAGE_ENDING}{extension}" for extension in EXTENSIONS)
    masks = sorted(path for name in names for path in folder.glob(name) if not path.name.startswith("."))
    if not masks:
        remedy = f"Name the masks, or give a folder with files such as knee{_CARTILAGE_ENDING}.mha"
        problems.append(Problem(f"the folder '{folder}' holds no mask of femoral cartilage", remedy))
    for mask in masks:
        problems += _file_problems(mask)
    return [(mask, ()) for mask in masks]


def _file_problems(path: Path, images: ImageList | None = None, line: int | None = None) -> list[Problem]:
    listed = None if images is None else images.path
    if not path.is_file():
        return [Problem(f"there is no file '{path}'", "Correct the name", listed, line)]
    try:
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
