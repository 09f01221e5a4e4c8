"""Cases: which knee is segmented with which reference, and where its results go.

A case is what an image list, the scene of Slicer or a script boils down to. Everything that could be wrong with its
files is found here, before any work starts.
"""

from __future__ import annotations

import functools
import itertools
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable

from ..errors import InputError, Problem, either
from ..files import (
    TEMPORARY_PREFIX,
    as_on_disk,
    files_in,
    files_named,
    first_file,
    is_file,
    is_folder,
    longest_name,
    split_name,
    why_no_file,
)
from ..images.files import EXTENSIONS, itk_name, read_image, result_name
from ..lists.checks import MASK_EXTENSIONS, check_files, input_error, two_masks
from ..lists.imagelist import (
    SEGMENTATION_SPEC,
    Entry,
    ImageList,
    list_of_images,
    missing_folders,
    pair_entries,
    read_image_list,
    repeated_entries,
)
from ..records import read_json
from ..reference_files import ReferenceFiles
from ..registration.side import UNKNOWN_SIDE, Side, side_of
from ..registration.stages import Modality
from ..tissue import Tissue
from .review import Decision, read_decisions

PROVENANCE = "KneeCartilageSeg provenance 1"
SEGMENTED, REGISTERED, REJECTED = "segmented", "registered", "rejected"
AUTOMATIC, REPLACED = "automatic", "replaced"
_REJECTED_REMEDY = f"Look at its masks: correct them and save them in '{SEGMENTED}', or leave the knee out"


@dataclass(frozen=True)
class Case:
    """One knee to segment.

    :param modality: what it is in relation to its reference.
    :param moving: the image to segment.
    :param references: the segmented knees that it is registered to; one, unless several are fused.
    :param output: the folder in which ``segmented/``, ``registered/`` and ``rejected/`` lie.
    :param line: where the image list names the moving image, if there is a list.
    :param at_most: how many of the references are fused, those that match best; None for all.
    """

    modality: Modality
    moving: Path
    references: tuple[ReferenceFiles, ...]
    output: Path
    line: int | None = None
    at_most: int | None = None

    @property
    def name(self) -> str:
        """The name of the moving image without its extension: it names all results."""
        return result_name(self.moving)[0]

    @property
    def extension(self) -> str:
        """The extension of all images that are written: the moving image's."""
        return result_name(self.moving)[1]

    @property
    def inputs(self) -> dict[str, Path]:
        """All files that are read, by their role."""
        files = {"moving": self.moving, **self.references[0].inputs()}
        for number, reference in enumerate(self.references[1:], start=2):
            files.update(reference.inputs(f"reference{number}"))
        return files

    def mask(self, tissue: Tissue, folder: str = SEGMENTED) -> Path:
        """Where the mask of a tissue is written, in the format of the moving image."""
        return self.output / folder / f"{self.name}_{tissue.value}{self.extension}"

    def disagreement(self, folder: str = SEGMENTED) -> Path:
        """Where the map is written of where several references disagree."""
        return self.output / folder / f"{self.name}_disagreement{self.extension}"

    @property
    def record(self) -> Path:
        """The provenance record, written last: a case without it is not finished."""
        return self.output / SEGMENTED / f"{self.name}_provenance.json"

    @property
    def correction_record(self) -> Path:
        """What is known about masks that somebody has corrected."""
        return self.output / SEGMENTED / f"{self.name}_correction.json"

    @property
    def failure_record(self) -> Path:
        """Why the last run could not segment it; there only until a run can."""
        return self.output / SEGMENTED / f"{self.name}_failure.json"

    @property
    def lock(self) -> Path:
        """Held by the run that is at work on the case."""
        return self.record.with_name(f".{self.name}.lock")

    @property
    def working_folder(self) -> Path:
        """For everything temporary; who holds the lock may clear it."""
        return self.output / f"{TEMPORARY_PREFIX}{self.name}"

    def automatic(self, tissue: Tissue) -> Path:
        """A copy of the mask as this tool wrote it: most programs overwrite the mask that they correct."""
        return self.mask(tissue, AUTOMATIC)

    @property
    def replaced(self) -> Path:
        """The folder of what was replaced, with a folder for each time."""
        return self.output / REPLACED / self.name

    @property
    def pending_record(self) -> Path:
        """The record of results that are being moved into place; left behind only by a crash in that moment.

        Of all files of a case, it has the longest name.
        """
        return self.record.with_name(f".{self.record.name}.pending")

    @property
    def registered(self) -> Path:
        """The folder of the registered images, transform parameter files and logs."""
        return self.output / REGISTERED / self.name


@dataclass(frozen=True)
class ListedKnee:
    """A knee that a list names to be segmented.

    :param case: None if a file is missing without which it cannot be segmented.
    :param problems: what is wrong with it.
    """

    name: str
    line: int
    case: Case | None
    problems: tuple[Problem, ...] = ()


def read_cases(
    source: Path | Sequence[Path],
    modality: Modality,
    output: Path | None = None,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
    references: Path | None = None,
    at_most: int | None = None,
    read_at_most: int | None = None,
) -> tuple[list[Case], dict[Path, str]]:
    """The cases of an image list. Every file that the list names is read once, to see whether it can be used.

    :param source: the list, or the images themselves, with ``output`` and ``references``.
    :param output: where ``segmented/`` and ``registered/`` go; by default beside the folder of the preprocessed
        images.
    :param jobs: how many files are read at once.
    :param progress: called with the number of files read and their total.
    :param references: a folder, of which all knees that have their masks are references of new subjects, besides those
        that the list names. A knee is never its own reference.
    :param at_most: how many of its references to fuse for each knee; None for all.
    :param read_at_most: if there are more images, only their headers are read, see :func:`.lists.checks.check_files`.
    :return: the cases, and the SHA-256 checksum of each of their files that was read.
    :raises InputError: with everything that is wrong with the list and its files.
    """
    listed = _list(source, modality, output, references, at_most)
    named = {
        files: (listed.images.path, entry.line)
        for entry, files in reversed(listed.references.items())
        if files is not None
    }
    checksums, unusable = check_files(
        {
            image: (listed.images.path, entry.line)
            for entry, image in reversed(listed.moving.items())
            if image is not None
        },
        {**dict.fromkeys(listed.further, (None, None)), **named},
        jobs,
        progress,
        read_at_most,
    )
    problems, cases = listed.problems + unusable, listed.cases
    if not listed.images.is_file:  # its lines are nowhere to be seen
        problems = [Problem(problem.message, problem.remedy) for problem in problems]
        cases = [replace(case, line=None) for case in cases]
    if problems:
        raise input_error(problems)
    return cases, checksums


def find_cases(
    path: Path, modality: Modality, output: Path | None = None, references: Path | None = None
) -> tuple[list[Case], list[Problem]]:
    """The cases of an image list whose files exist, and what is wrong with it as far as no image has to be read.

    For a look at what earlier runs have left; a run needs :func:`read_cases`.

    :raises InputError: if the list cannot be read, or lacks its folders.
    """
    listed = _list(path, modality, output, references)
    return listed.cases, listed.problems


def find_knees(
    path: Path,
    modality: Modality,
    output: Path | None = None,
    references: Path | None = None,
    at_most: int | None = None,
) -> tuple[list[ListedKnee], list[Problem]]:
    """All knees that an image list names to be segmented, whatever is wrong with them; and what is wrong with the list
    besides.

    :param references: see :func:`read_cases`, as ``at_most``.
    :raises InputError: if the list cannot be read, or lacks its folders.
    """
    listed = _list(path, modality, output, references, at_most)
    cases = {case.line: case for case in listed.cases}
    pairs = {entry: group for group, entry in _groups(listed.images, modality, bool(listed.further))[0]}
    told: set[Problem] = set()
    knees = []
    for entry in (entry for entry in listed.images.entries if entry.letter == "m"):
        lines = {entry.line}
        if entry.line not in cases:
            lines |= {reference.line for reference in pairs.get(entry, ())}
        problems = tuple(problem for problem in listed.problems if problem.line in lines)
        told.update(problems)
        knees.append(ListedKnee(result_name(Path(entry.name))[0], entry.line, cases.get(entry.line), problems))
    return knees, [problem for problem in listed.problems if problem not in told]


def check_cases(
    cases: Sequence[Case],
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[Path, str]:
    """Read every file of cases that come from elsewhere than an image list once.

    :param jobs: how many files are read at once.
    :param progress: called with the number of files read and their total.
    :return: the SHA-256 checksum of each file.
    :raises InputError: with every file that is corrupt or not a 3-D scalar image, and every mask that is empty or not
        on its image's grid.
    """
    images = {case.moving: (None, case.line) for case in cases}
    references = {reference: (None, case.line) for case in cases for reference in case.references}
    checksums, problems = check_files(images, references, jobs, progress)
    if problems:
        raise input_error(problems)
    return checksums


def side_problems(cases: Sequence[Case], modality: Modality, side: Side) -> list[Problem]:
    """Why cases that were checked cannot be segmented as knees of a side."""
    if side in (Side.AUTO, Side.SAME):
        return []
    if modality is not Modality.NEW_SUBJECT:
        message = f"side {side.value}: {modality.value} images are of the same knee as their reference"
        return [Problem(message, "Let it be found (--side auto)")]
    masks = {path for case in cases for files in case.references for t, path in files.masks if t is Tissue.CARTILAGE}
    unknown = sorted(path for path in masks if side_of(read_image(path)) is None)
    return [Problem(f"side {side.value}: {UNKNOWN_SIDE}", "Let it be found (--side auto)", path) for path in unknown]


@dataclass(frozen=True)
class _Listed:
    """What a list names, before any image was read."""

    images: ImageList
    references: dict[Entry, ReferenceFiles | None]
    further: tuple[ReferenceFiles, ...]
    moving: dict[Entry, Path | None]
    cases: list[Case]
    problems: list[Problem]


def _list(
    source: Path | Sequence[Path],
    modality: Modality,
    output: Path | None,
    folder: Path | None = None,
    at_most: int | None = None,
) -> _Listed:
    images = _images(source, folder)
    if len(images.folders) < len(SEGMENTATION_SPEC.folders):
        raise InputError(images.problems)
    further, problems = find_references(folder, modality) if folder is not None else ((), [])
    finder = _CaseFinder(images, modality, output, needs_folder=not further)
    references = {entry: finder.reference(entry) for entry in images.entries if entry.letter == "r"}
    moving = {entry: finder.moving(entry) for entry in images.entries if entry.letter == "m"}
    further_places = [os.path.realpath(files.image) for files in further]
    groups, ungrouped = _groups(images, modality, bool(further))
    cases = []
    for group, entry in groups:
        own = [references[one] for one in group]
        image = moving[entry]
        named = [files for files in own if files is not None and len(files.masks) == len(Tissue)]
        if image is None or len(named) < len(own):
            continue
        own_place = os.path.realpath(image) if further else ""
        others = (files for files, place in zip(further, further_places) if place != own_place)
        together = tuple(dict.fromkeys([*named, *others]))
        if together:
            cases.append(Case(modality, image, together, finder.output, entry.line, at_most))
        else:
            message = f"'{entry.name}' is the only reference, and a knee cannot be its own"
            problems.append(images.problem(entry.line, message, f"Put other segmented knees into '{folder}'"))
    repeated = repeated_entries(images)
    repeated_lines = {problem.line for problem in repeated}
    listed_once = [case for case in cases if case.line not in repeated_lines]
    problems += [*ungrouped, *images.problems, *finder.problems, *repeated, *_second_references(images, modality)]
    problems += _output_problems(images, finder.output) + _colliding_outputs(images, listed_once)
    problems += _long_names(images, listed_once) + _other_formats(images, finder.output, listed_once)
    return _Listed(images, references, further, moving, cases, problems)


def _images(source: Path | Sequence[Path], references: Path | None) -> ImageList:
    if isinstance(source, Path):
        return read_image_list(source, SEGMENTATION_SPEC)
    assert references is not None
    return list_of_images(source, references)


def find_references(folder: Path, modality: Modality) -> tuple[tuple[ReferenceFiles, ...], list[Problem]]:
    """All knees of a folder that have their masks beside them, by name, and what is wrong with the folder."""
    if modality is not Modality.NEW_SUBJECT:
        remedy = "Do without the folder of references (--references): the list names the earlier image of each knee"
        return (), [Problem(f"a folder of references is for new subjects, not for {modality.value}", remedy)]
    if not folder.is_dir():
        return (), [Problem(f"the folder of references '{folder}' does not exist", "Correct its path")]
    found: list[ReferenceFiles] = []
    problems: list[Problem] = []
    for image in sorted(path for path in folder.iterdir() if path.name.lower().endswith(EXTENSIONS)):
        root, own = split_name(image)
        extensions = dict.fromkeys((own, *EXTENSIONS))
        masks = {t: first_file(folder / f"{root}_{t.value}{extension}" for extension in extensions) for t in Tissue}
        present = tuple((tissue, mask) for tissue, mask in masks.items() if mask is not None)
        problems += [Problem(*found) for _, mask in present for found in two_masks(mask)]
        if len(present) == len(Tissue):
            found.append(ReferenceFiles(Path(os.path.abspath(image)), present))
    if found:
        return tuple(found), problems
    suffixes = either(tuple(f"_{tissue.value}" for tissue in Tissue))
    message = f"no image in '{folder}' has both masks beside it"
    return (), [Problem(message, f"Masks are named like their image, with {suffixes} before the extension")]


def _groups(
    images: ImageList, modality: Modality, has_further: bool
) -> tuple[list[tuple[tuple[Entry, ...], Entry]], list[Problem]]:
    """The references of each image to segment, and what is wrong with the order of the lines.

    :param has_further: whether there are references that the list does not name.
    """
    pairs, problems = pair_entries(images)
    if modality is not Modality.NEW_SUBJECT:
        return [((pair.first,), pair.second) for pair in pairs], problems
    together = _first_references(images)
    following = {entry.line for entry in together[:-1]}
    alone = has_further and not together
    knees = [
        entry
        for entry in images.entries
        if entry.letter == "m" and (alone or (together and entry.line > together[-1].line))
    ]
    if alone:
        following |= {entry.line for entry in knees}
    remaining = [problem for problem in problems if problem.line not in following]
    return [(together, entry) for entry in knees], remaining


def _first_references(images: ImageList) -> tuple[Entry, ...]:
    """The ``r`` entries of a list that follow each other first."""
    below = itertools.dropwhile(lambda entry: entry.letter != "r", images.entries)
    return tuple(itertools.takewhile(lambda entry: entry.letter == "r", below))


class _CaseFinder:
    """Finds the files that the entries of a list name, and notes what is missing."""

    def __init__(self, images: ImageList, modality: Modality, output: Path | None, needs_folder: bool = True):
        reference, preprocessed = (folder.path for folder in images.folders)
        beside = preprocessed.parent
        alone = modality is Modality.NEW_SUBJECT
        self.images = images
        self.output = Path(os.path.abspath(output)) if output else beside
        self.preprocessed = preprocessed
        # After a new subject, nobody has to copy the reference to a folder of its own, nor to make that folder.
        self.image_folders = [reference] if alone else [reference, preprocessed]
        earlier = dict.fromkeys([reference, self.output / SEGMENTED, beside / SEGMENTED])
        self.mask_folders = [reference] if alone else list(earlier)
        absent = missing_folders(images)
        needed = alone and (needs_folder or any(entry.letter == "r" for entry in images.entries))
        self.problems = [problem for problem in absent if needed or problem.line != images.folders[0].line]

    def reference(self, entry: Entry) -> ReferenceFiles | None:
        """The image of an ``r`` line and those of its masks that there are."""
        places = (_path(folder, entry) for folder in self.image_folders)
        image = next((path for path in places if is_file(path) or is_folder(path)), None)
        if image is None:
            if is_folder(self.image_folders[-1]):  # otherwise it was reported once, with the folder's line
                absent = f"the reference '{entry.name}' is not in {either(self.image_folders)}"
                self._note(entry, *why_no_file(_path(self.image_folders[0], entry), absent))
            return None
        masks = ((tissue, path) for tissue in Tissue for path in self._mask(entry, image, tissue))
        return ReferenceFiles(image, tuple(masks))

    def moving(self, entry: Entry) -> Path | None:
        """The image of an ``m`` line."""
        path = _path(self.preprocessed, entry)
        if is_folder(path):  # with a DICOM series, as reading it will show
            return path
        if not is_file(path):
            if is_folder(self.preprocessed):
                absent = "does not exist" if Path(entry.name).is_absolute() else f"is not in '{self.preprocessed}'"
                self._note(entry, *why_no_file(path, f"'{entry.name}' {absent}"))
            return None
        if not path.name.lower().endswith(EXTENSIONS):
            message = f"'{entry.name}' is in a format that cannot be written"
            self._note(entry, message, f"Save it as {either(EXTENSIONS)}")
            return None
        return path

    def _mask(self, entry: Entry, image: Path, tissue: Tissue) -> list[Path]:
        """The mask of a reference, or nothing."""
        root, extension = result_name(image)
        extensions = dict.fromkeys((extension, *EXTENSIONS))
        names = [f"{root}_{tissue.value}{e}" for e in extensions]
        path = first_file(folder / name for folder in self.mask_folders for name in names)
        if path is not None:
            for message, remedy in (*two_masks(path), *self._why_rejected(path, root)):
                self._note(entry, message, remedy)
            return [path]
        rejected = self._rejected(root)
        if rejected is not None:
            message = f"'{entry.name}' was segmented, but its segmentation was rejected{rejected}"
            self._note(entry, message, _REJECTED_REMEDY)
            return []
        message = f"the {tissue.title} mask '{names[0]}' of the reference is not in {either(self.mask_folders)}"
        alone = len(self.mask_folders) == 1
        remedy = "Put it there" if alone else f"Segment '{entry.name}' as newsubject first, or put its mask there"
        self._note(entry, message, remedy)
        return []

    def _rejected(self, root: str) -> str | None:
        """Why a reference was rejected when it was segmented, with a colon before it; None if it was not."""
        for folder in dict.fromkeys((self.output, self.preprocessed.parent)):
            if files_named(f"{root}_{Tissue.FEMUR.value}", folder / REJECTED, EXTENSIONS):
                flags = (read_json(folder / SEGMENTED / f"{root}_provenance.json", PROVENANCE) or {}).get("flags")
                return f": {'; '.join(map(str, flags.values()))}" if isinstance(flags, dict) and flags else ""
        return None

    def _why_rejected(self, mask: Path, root: str) -> list[tuple[str, str]]:
        """Whether people have rejected the reference, whose mask an earlier run has written."""
        if mask.parent.name != SEGMENTED or read_decisions(mask.parent).get(root) is not Decision.REJECTED:
            return []
        return [(f"the segmentation of '{root}' was rejected in the review", _REJECTED_REMEDY)]

    def _note(self, entry: Entry, message: str, remedy: str) -> None:
        self.problems.append(self.images.problem(entry.line, message, remedy))


def _second_references(images: ImageList, modality: Modality) -> list[Problem]:
    """What is wrong with references further down in a list for new subjects, most likely one for another modality."""
    if modality is not Modality.NEW_SUBJECT:
        return []
    first = _first_references(images)
    remedy = (
        "Name all references of new subjects above the images: they are fused. Others need a list of their own; "
        "lists of couples are longitudinal or multimodal (--modality)"
    )
    return [
        images.problem(entry.line, f"'r {entry.name}' is a second reference below an image", remedy)
        for entry in images.entries
        if entry.letter == "r" and entry not in first
    ]


def _output_problems(images: ImageList, output: Path) -> list[Problem]:
    """What would keep results from being written to the output folder."""
    line, remedy = images.folders[1].line, "Name another folder for the results (--out)"
    if output == Path(output.anchor):
        return [images.problem(line, f"the results would go to the root of the file system, '{output}'", remedy)]
    try:
        itk_name(output)
    except InputError as error:
        return [images.problem(line, problem.message, problem.remedy) for problem in error.problems]
    names = SEGMENTED, REGISTERED, REJECTED, AUTOMATIC, REPLACED
    folders = [output, *(output / name for name in names)]
    existing = next(folder for folder in (output, *output.parents) if os.path.lexists(folder))
    reasons = (_unwritable(folder) for folder in dict.fromkeys([existing, *folders]))
    return [images.problem(line, f"the results cannot be written{reason}", remedy) for reason in reasons if reason]


def _unwritable(folder: Path) -> str:
    """Why nothing can be written to a folder; empty if it can, or if it does not exist yet."""
    if not os.path.lexists(folder):
        return ""
    if not os.path.exists(folder):
        return f": '{folder}' is a link to what does not exist"
    if not is_folder(folder):
        return f" to '{folder}', which is a file"
    return "" if os.access(folder, os.W_OK | os.X_OK) else f": '{folder}' is write-protected"


def _long_names(images: ImageList, cases: Sequence[Case]) -> list[Problem]:
    """Cases whose results would get names that are too long for the disk."""
    problems = []
    for case in cases:
        length = len(os.fsencode(case.pending_record.name))
        limit = longest_name(case.record.parent)
        if length > limit:
            message = (
                f"the name '{case.moving.name}' is too long: the names of its results would have up to {length} bytes, "
                f"and the disk takes {limit}"
            )
            problems.append(images.problem(case.line, message, "Shorten it"))
    return problems


def _colliding_outputs(images: ImageList, cases: Sequence[Case]) -> list[Problem]:
    """Cases that would write over each other's results, or over somebody's input."""
    problems = []
    real = _real_paths()
    inputs = {real(path) for path in {path for case in cases for path in case.inputs.values()}}
    names: dict[str, Case] = {}
    for case in cases:
        if real(case.moving) in {real(reference.image) for reference in case.references}:
            message = f"'{case.moving.name}' is its own reference"
            problems.append(images.problem(case.line, message, "Name the image that was segmented before as reference"))
            continue
        first = names.setdefault(unicodedata.normalize("NFC", case.name).casefold(), case)
        if first is not case:
            both = f"'{case.moving.name}' and '{first.moving.name}' (line {first.line})"
            if not images.is_file:
                both = f"'{case.moving}' and '{first.moving}'"
            message = f"{both} would have the same results"
            problems.append(images.problem(case.line, message, "Rename one of the two images"))
        for path in sorted(inputs.intersection(map(real, _files_written(case)))):
            message = f"the result for '{case.moving.name}' would overwrite '{path}', which this list reads"
            remedy = "Name another folder for the results (--out), or split the list and run its parts in turn"
            problems.append(images.problem(case.line, message, remedy))
    return problems


def _real_paths() -> Callable[[Path], str]:
    """What tells the real path of files; of each folder it is looked up once, which counts with ten thousand files."""
    folder = functools.lru_cache(maxsize=None)(os.path.realpath)

    def real(path: Path) -> str:
        joined = os.path.join(folder(path.parent), path.name)
        return os.path.realpath(joined) if os.path.islink(joined) else joined

    return real


def _other_formats(images: ImageList, output: Path, cases: Sequence[Case]) -> list[Problem]:
    """Masks in other formats than a run writes them: somebody's correction, which would be passed over."""
    problems = []
    for folder in (SEGMENTED, REJECTED):
        present = _by_mask(output / folder)
        for case in cases if present else ():
            for path in (case.mask(tissue, folder) for tissue in Tissue):
                found = present.get(unicodedata.normalize("NFC", split_name(path)[0]).casefold(), ())
                others = [other for other in found if other.name.casefold() != path.name.casefold()]
                if others:
                    problems.append(_other_format(images, case, path, others))
    return problems


def _other_format(images: ImageList, case: Case, path: Path, others: Sequence[Path]) -> Problem:
    names = either([path.name, *(other.name for other in others)])
    if is_file(path):
        message = f"which mask counts, {names}? Both are in '{path.parent}'"
        remedy = f"Save the one that counts as '{path.name}', and move the other away"
    else:
        message = f"'{others[0]}' is a mask in another format than that of its image"
        remedy = f"Save it as '{path.name}', or move it away"
    return images.problem(case.line, message, remedy)


def _by_mask(folder: Path) -> dict[str, list[Path]]:
    """The files of a folder that may be masks, by their names without extension."""
    found: dict[str, list[Path]] = {}
    ends = sorted(MASK_EXTENSIONS, key=len, reverse=True)
    for path in files_in(folder):
        name = unicodedata.normalize("NFC", path.name).casefold()
        end = next((end for end in ends if name.endswith(end)), None)
        if end is not None:
            found.setdefault(name[: -len(end)], []).append(path)
    return found


def _files_written(case: Case) -> list[Path]:
    folders = SEGMENTED, REJECTED
    masks = [case.mask(tissue, folder) for folder in (*folders, AUTOMATIC) for tissue in Tissue]
    return masks + [case.disagreement(folder) for folder in folders]


def _path(folder: Path, entry: Entry) -> Path:
    return as_on_disk(Path(os.path.abspath(folder / entry.name)))
