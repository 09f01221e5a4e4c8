"""The data set of a convergence study: images with their femur masks, of which some are seeds.

The list is that of workflow.txt: a folder, the seed (r), and the images (m), among them the seed if it is a candidate::

    ./findReference
    r subject2_prep.mha
    m subject1_prep.mha
    m subject2_prep.mha
    m subject3_prep.mha

The femur mask of ``subject1_prep.mha`` is ``subject1_f.mha``, or else ``subject1_prep_f.mha``. A list may have several
seeds; several lists of the same images, with a seed each, are one data set.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from ..errors import InputError, Problem, either
from ..files import as_on_disk, first_file, is_file, is_folder, split_name, why_no_file
from ..images.files import EXTENSIONS
from ..lists.checks import Place, check_files, input_error, two_masks
from ..lists.imagelist import (
    DATA_SET_SPEC,
    Entry,
    ImageList,
    missing_folders,
    read_image_list,
    repeated_entries,
)
from ..reference_files import ReferenceFiles
from ..tissue import Tissue
from .seeds import pick_seeds

FEWEST_IMAGES = 3

_PREPROCESSED = "_prep"


@dataclass(frozen=True)
class Member:
    """A knee with its femur mask.

    :param image: the image.
    :param femur: its femur mask, on its grid.
    """

    image: Path
    femur: Path

    @property
    def name(self) -> str:
        """The name of the image without its extension."""
        return split_name(self.image)[0]

    @property
    def files(self) -> ReferenceFiles:
        """What a registration needs if the knee is its reference."""
        return ReferenceFiles(self.image, ((Tissue.FEMUR, self.femur),))

    @property
    def cartilage(self) -> Path | None:
        """The femoral cartilage mask, if there is one beside the image."""
        return first_file(_mask_names(self.image, Tissue.CARTILAGE))


@dataclass(frozen=True)
class DataSet:
    """The knees of a study.

    :param members: the knees that are averaged and may become the reference.
    :param seeds: the references to start from; one that is no member cannot be recommended.
    :param notes: what the user should know about it.
    """

    members: tuple[Member, ...]
    seeds: tuple[Member, ...]
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the members."""
        return tuple(member.name for member in self.members)

    @property
    def folder(self) -> Path:
        """The folder that all members lie in, at some depth."""
        return Path(os.path.commonpath([member.image.parent for member in self.members]))

    @property
    def knees(self) -> dict[str, Member]:
        """Members and seeds by name."""
        return {member.name: member for member in (*self.members, *self.seeds)}


def read_data_set(
    lists: Sequence[Path],
    pick: int | None = None,
    seed: int = 0,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[DataSet, dict[Path, str]]:
    """The data set of one or several lists. Every file that they name is read once, to see whether it can be used.

    :param pick: draw so many seeds from the images, whatever seeds the lists name.
    :param seed: of the draw, see :func:`.findreference.seeds.pick_seeds`.
    :param jobs: how many images are read at once.
    :param progress: called with the number of images read and their total.
    :return: the data set, and the SHA-256 checksum of each file.
    :raises InputError: with everything that is wrong with the lists and their files.
    """
    data, places, problems = _find(lists, pick, seed)
    checksums, unusable = check_files({}, places, jobs, progress)
    problems += unusable + _copies(places, checksums)
    if data is None or problems:
        raise input_error(problems)
    return data, checksums


def find_data_set(lists: Sequence[Path], pick: int | None = None, seed: int = 0) -> DataSet:
    """The same without reading the images.

    :raises InputError: with everything that is wrong as far as no image has to be read.
    """
    data, _, problems = _find(lists, pick, seed)
    if data is None or problems:
        raise input_error(problems)
    return data


def check_data_set(
    data: DataSet, jobs: int = 1, progress: Callable[[int, int], None] = lambda done, total: None
) -> dict[Path, str]:
    """Read every file of a data set that comes from elsewhere than lists once.

    :return: the SHA-256 checksum of each file.
    :raises InputError: with everything that is wrong with it.
    """
    places: dict[ReferenceFiles, Place] = {member.files: (None, None) for member in data.knees.values()}
    checksums, problems = check_files({}, places, jobs, progress)
    problems += _copies(places, checksums)
    if len(data.members) < FEWEST_IMAGES:
        problems.append(_too_few(len(data.members), None))
    if not data.seeds:
        problems.append(Problem("the data set has no seed", "Name an image to start from, or draw one"))
    if problems:
        raise input_error(problems)
    return checksums


def _find(
    lists: Sequence[Path], pick: int | None, seed: int
) -> tuple[DataSet | None, dict[ReferenceFiles, Place], list[Problem]]:
    """The data set as far as it was found, its files with the place that names each first, and the problems."""
    read, problems = _read(lists)
    members = _MemberFinder(read[0], "m") if read else None
    if members is None:
        return None, {}, problems
    problems += members.problems
    for images in read[1:]:
        problems += _differences(members, images)
    places = members.places
    seeds: dict[Path, Member] = {}
    notes = []
    if pick is None:
        for images in read:
            found = _MemberFinder(images, "r")
            known = {problem.message for problem in problems}
            problems += [problem for problem in found.problems if problem.message not in known]
            problems += _missing_seed(images) + _repeated_seeds(found, seeds)
            seeds.update(found.knees)
            places = {**found.places, **places}
    elif members.knees:
        by_name = {member.name: member for member in members.knees.values()}
        try:
            seeds = {by_name[name].image: by_name[name] for name in pick_seeds(list(by_name), pick, seed)}
        except InputError as error:
            problems += error.problems
        if any(entry.letter == "r" for images in read for entry in images.entries):
            notes.append("the seeds are drawn: the r lines of the lists are ignored")
    count = sum(entry.letter == "m" for entry in read[0].entries)
    if count < FEWEST_IMAGES and read[0].entries:
        problems.append(_too_few(count, read[0].path))
    listed = _normalized(read[0], "m")
    for image, member in seeds.items():
        if image not in listed:
            notes.append(f"the seed '{member.name}' is not among the m images: it cannot be recommended")
    problems += _same_names([*members.knees.values(), *seeds.values()], places)
    return DataSet(tuple(members.knees.values()), tuple(seeds.values()), tuple(notes)), places, problems


def _read(lists: Sequence[Path]) -> tuple[list[ImageList], list[Problem]]:
    """The lists that have a folder, and what is wrong with the syntax of all."""
    read: list[ImageList] = []
    problems: list[Problem] = []
    for path in lists:
        try:
            images = read_image_list(path, DATA_SET_SPEC)
        except InputError as error:
            problems += error.problems
            continue
        problems += [*images.problems, *missing_folders(images), *repeated_entries(images)]
        if images.folders:
            read.append(images)
    return read, problems


class _MemberFinder:
    """The knees that the entries of a letter name, and what is missing."""

    def __init__(self, images: ImageList, letter: str):
        self.images = images
        self.knees: dict[Path, Member] = {}
        self.places: dict[ReferenceFiles, Place] = {}
        self.problems: list[Problem] = []
        if not is_folder(images.folders[0].path):  # which was reported
            return
        for entry in images.entries:
            if entry.letter == letter:
                self._find(entry)

    def _find(self, entry: Entry) -> None:
        path = _path(self.images, entry)
        if not is_file(path):
            self._note(entry, *why_no_file(path, f"'{entry.name}' is not in '{self.images.folders[0].path}'"))
            return
        if not path.name.lower().endswith(EXTENSIONS):
            message = f"'{entry.name}' is in a format that cannot be used"
            self._note(entry, message, f"Save it as {either(EXTENSIONS)}")
            return
        names = _mask_names(path, Tissue.FEMUR)
        femur = first_file(names)
        if femur is None:
            places = either(dict.fromkeys(name.name for name in names if name.suffix == path.suffix) or [names[0].name])
            message = f"the femur mask of '{entry.name}' is missing: there is no {places} in '{path.parent}'"
            self._note(entry, message, "Put it there: the study compares knees inside the femur")
            return
        for message, remedy in two_masks(femur):
            self._note(entry, message, remedy)
        member = Member(path, femur)
        if path not in self.knees:
            self.knees[path] = member
            self.places[member.files] = self.images.path, entry.line

    def _note(self, entry: Entry, message: str, remedy: str) -> None:
        self.problems.append(self.images.problem(entry.line, message, remedy))


def _path(images: ImageList, entry: Entry) -> Path:
    return as_on_disk(Path(os.path.abspath(images.folders[0].path / entry.name)))


def _normalized(images: ImageList, letter: str) -> dict[Path, Entry]:
    """What the entries of a letter name, whether it exists or not."""
    return {_path(images, entry): entry for entry in images.entries if entry.letter == letter}


def _mask_names(image: Path, tissue: Tissue) -> list[Path]:
    """Where the mask of an image may lie: ``X_prep.mha`` has ``X_f.mha`` or ``X_prep_f.mha``."""
    root, extension = split_name(image)
    short = root[: -len(_PREPROCESSED)] if root.lower().endswith(_PREPROCESSED) else root
    roots, extensions = dict.fromkeys((short, root)), dict.fromkeys((extension, *EXTENSIONS))
    return [image.with_name(f"{name}_{tissue.value}{end}") for name in roots for end in extensions]


def _differences(first: _MemberFinder, images: ImageList) -> list[Problem]:
    """What keeps two lists from being of one data set."""
    mine, others = _normalized(first.images, "m"), _normalized(images, "m")
    surplus = [entry for path, entry in others.items() if path not in mine]
    missing = [entry.name for path, entry in mine.items() if path not in others]
    remedy = f"Let all lists name the same images (m) as '{first.images.path.name}', and differ in the seed (r) only"
    problems = [
        images.problem(entry.line, f"'{entry.name}' is not an image of '{first.images.path.name}'", remedy)
        for entry in surplus
    ]
    if missing:
        names = ", ".join(f"'{name}'" for name in missing)
        problems.append(images.problem(None, f"{names} of '{first.images.path.name}' is missing", remedy))
    return problems


def _missing_seed(images: ImageList) -> list[Problem]:
    if not images.entries or any(entry.letter == "r" for entry in images.entries):
        return []
    remedy = "Add a line such as 'r subject2_prep.mha', or draw seeds (--pick)"
    return [images.problem(None, "the list names no seed to start from", remedy)]


def _repeated_seeds(found: _MemberFinder, seeds: Mapping[Path, Member]) -> list[Problem]:
    repeated = repeated_entries(found.images, "r")
    for entry in found.images.entries:
        if entry.letter == "r" and _path(found.images, entry) in seeds:
            message = f"the seed '{entry.name}' is already named in another list"
            repeated.append(found.images.problem(entry.line, message, "Name each seed once"))
    return repeated


def _same_names(knees: Sequence[Member], places: Mapping[ReferenceFiles, Place]) -> list[Problem]:
    """Different images of one name, which could not be told apart in the results."""
    first: dict[str, Member] = {}
    problems = []
    for knee in knees:
        other = first.setdefault(knee.name, knee)
        if other.image != knee.image:
            message = f"'{knee.image}' and '{other.image}' have the same name"
            problems.append(Problem(message, "Rename one of the two images", *places.get(knee.files, (None, None))))
    return problems


def _copies(places: Mapping[ReferenceFiles, Place], checksums: Mapping[Path, str]) -> list[Problem]:
    """Images with the same content, which would count twice in the mean."""
    first: dict[str, Path] = {}
    problems = []
    for files, place in places.items():
        image = files.image
        other = first.setdefault(checksums[image], image) if image in checksums else image
        if other != image:
            message = f"'{image.name}' has the same content as '{other.name}': the knee would count twice"
            problems.append(Problem(message, "Remove one of the two", *place))
    return problems


def _too_few(count: int, path: Path | None) -> Problem:
    message = f"the data set has {count} image{'s' * (count != 1)}; a mean needs {FEWEST_IMAGES} at least"
    return Problem(message, "Add images (m)", path)
