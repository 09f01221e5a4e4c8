"""Pairs of a segmentation and its ground truth: read from a list and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import SimpleITK as sitk

from ..errors import InputError, Problem
from ..files import as_on_disk, is_file, is_folder, split_name, why_no_file
from ..images.files import read_grid, read_image
from ..images.grid import Grid, doubtful_size
from ..lists.imagelist import (
    QUALITY_SPEC,
    Entry,
    EntryPair,
    ImageList,
    missing_folders,
    pair_entries,
    read_image_list,
    repeated_entries,
)
from .space import check_same_space


@dataclass(frozen=True)
class QualityPair:
    """A segmentation and its ground truth.

    :param name: name in tables and plots.
    :param segmentation: the file, or the image itself.
    :param truth: the same.
    :param line: of the segmentation in its list, if there is one.
    """

    name: str
    segmentation: Path | sitk.Image
    truth: Path | sitk.Image
    line: int | None = None


def read_quality_list(path: str | Path) -> tuple[QualityPair, ...]:
    """Read a list of pairs and check, from the files' headers, that they can be compared.

    :param path: text file, see :mod:`.lists.imagelist` and above; each ``s`` has one ``g``, right below it. A ground
        truth may serve several segmentations.
    :return: the pairs in the order of the list. The subject is the segmentation's name, without extension if that is
        enough to tell it from the others.
    :raises InputError: with everything that is wrong: with the list, the folders, missing or unreadable files, images
        that are not 3-D masks, pairs that lie in different spaces (:func:`.quality.space.check_same_space`).
    """
    images = read_image_list(Path(path), QUALITY_SPEC)
    pairs, problems = pair_entries(images)
    problems += images.problems
    problems += missing_folders(images)
    problems += repeated_entries(images)
    problems += _second_truths(images, pairs)
    problems += _file_problems(images, pairs)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    subjects = [_subject(pair.first) for pair in pairs]
    return tuple(
        QualityPair(
            subject if subjects.count(subject) == 1 else pair.first.name,
            _file(images, pair.first),
            _file(images, pair.second),
            pair.first.line,
        )
        for subject, pair in zip(subjects, pairs)
    )


def read_mask(path: str | Path) -> sitk.Image:
    """Read a mask.

    :raises InputError: if it does not exist, cannot be read, or ends too early.
    """
    path = Path(path)
    _read_grid(path)  # by the header alone, which is fast, and says more
    return read_image(path)


def _subject(entry: Entry) -> str:
    # With its subfolder, if it has one: knee.mha may be there for each visit.
    return Path(entry.name).with_name(split_name(entry.name)[0]).as_posix()


def _file(images: ImageList, entry: Entry) -> Path:
    return as_on_disk(images.folder(entry) / entry.name)


def _second_truths(images: ImageList, pairs: Sequence[EntryPair]) -> list[Problem]:
    return [
        images.problem(
            pair.second.line,
            f"'g {pair.second.name}' is the second ground truth of 's {pair.first.name}' (line {pair.first.line})",
            "Put the 's' line that it belongs to before it, or remove it",
        )
        for before, pair in zip(pairs, pairs[1:])
        if before.first is pair.first
    ]


def _file_problems(images: ImageList, pairs: Sequence[EntryPair]) -> list[Problem]:
    """What is wrong with the files, those that have no partner included."""
    if len(images.folders) < len(QUALITY_SPEC.folders):
        return []
    problems = []
    grids: dict[int, Grid] = {}
    for entry in images.entries:
        if not is_folder(images.folder(entry)):
            continue
        try:
            grids[entry.line] = _read_grid(_file(images, entry))
        except InputError as error:
            problems += _at_entry(images, entry, error)
    for pair in pairs:
        if pair.first.line in grids and pair.second.line in grids:
            try:
                check_same_space(grids[pair.first.line], grids[pair.second.line])
            except InputError as error:
                names = f"'{pair.first.name}' and '{pair.second.name}'"
                problems += [
                    images.problem(pair.second.line, f"{names}: {p.message}", p.remedy) for p in error.problems
                ]
    return problems


def _at_entry(images: ImageList, entry: Entry, error: InputError) -> list[Problem]:
    return [
        images.problem(entry.line, f"'{entry.letter} {entry.name}': {problem.message}", problem.remedy)
        for problem in error.problems
    ]


def _read_grid(path: Path) -> Grid:
    if not is_file(path):
        raise InputError([Problem(*why_no_file(path, f"there is no file '{path}'"))])
    grid = read_grid(path)
    doubt = doubtful_size(grid)
    if doubt:
        raise InputError([Problem(f"'{path}': {doubt}", "Correct the voxel size in its header")])
    return grid
