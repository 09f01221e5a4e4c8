"""Cases: which knee is segmented with which reference, and where its results go.

A case is what an image list, the scene of Slicer or a script boils down to. Everything that could be wrong with its
files is found here, before any work starts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Callable

import numpy as np
import SimpleITK as sitk

from .errors import InputError, Problem
from .imagelist import Entry, ImageList, Pair, missing_folders, pair_entries, read_image_list, repeated_entries
from .images import geometry_difference, read_image
from .modality import Modality, Tissue

# The formats that SimpleITK both reads and writes with one 3-D image in one file.
EXTENSIONS = (".mha", ".nii.gz", ".nii", ".nrrd")

SEGMENTED, REGISTERED, REJECTED = "segmented", "registered", "rejected"

Finding = tuple[Path, str, str]  # a file, what is wrong with it, and the remedy

_FOLDERS = ("reference folder", "folder of the preprocessed images")
_MINIMUM_SIZE = 8  # voxels; fewer leave nothing to smooth and sample


@dataclass(frozen=True)
class Case:
    """One knee to segment.

    :param modality: what it is in relation to its reference.
    :param moving: the image to segment.
    :param reference: the segmented reference image.
    :param reference_masks: the reference's masks, on its grid.
    :param output: the folder in which ``segmented/``, ``registered/`` and ``rejected/`` lie.
    :param line: where the image list names the moving image, if there is a list.
    """

    modality: Modality
    moving: Path
    reference: Path
    reference_masks: tuple[tuple[Tissue, Path], ...]
    output: Path
    line: int | None = None

    @property
    def root(self) -> str:
        """The name of the moving image without its extension: it names all results."""
        return split_name(self.moving)[0]

    @property
    def inputs(self) -> dict[str, Path]:
        """All files that are read, by their role."""
        masks = {f"reference_{tissue.value}": path for tissue, path in self.reference_masks}
        return {"moving": self.moving, "reference": self.reference, **masks}

    def mask(self, tissue: Tissue, folder: str = SEGMENTED) -> Path:
        """Where the mask of a tissue is written, in the format of the moving image."""
        return self.output / folder / f"{self.root}_{tissue.value}{split_name(self.moving)[1]}"

    @property
    def record(self) -> Path:
        """The provenance record, written last: a case without it is not finished."""
        return self.output / SEGMENTED / f"{self.root}_provenance.json"

    @property
    def registered(self) -> Path:
        """The folder of the registered images, transform parameter files and logs."""
        return self.output / REGISTERED / self.root


def split_name(path: Path) -> tuple[str, str]:
    """The name of an image file without extension, and the extension: ``.nii.gz`` counts as one."""
    name = Path(path).name
    extension = next((e for e in EXTENSIONS if name.lower().endswith(e)), Path(name).suffix)
    return name[: len(name) - len(extension)], name[len(name) - len(extension) :]


def cases_from_list(path: Path, modality: Modality, output: Path | None = None) -> list[Case]:
    """The cases of an image list; their files exist, but were not opened: see :func:`check_cases`.

    :param output: where ``segmented/`` and ``registered/`` go; by default beside the folder of the preprocessed
        images.
    :raises InputError: with everything that is wrong with the list.
    """
    images = read_image_list(path, _FOLDERS, "rm")
    if len(images.folders) < len(_FOLDERS):
        raise InputError(images.problems)
    pairs, pair_problems = pair_entries(images, "r", "m")
    problems = [*images.problems, *_missing_folders(images, modality), *pair_problems]
    problems += repeated_entries(images, "m")
    finder = _Finder(images, modality, output)
    references: dict[Entry, tuple | None] = {}
    cases = []
    for pair in pairs:
        if pair.first not in references:
            references[pair.first] = finder.reference(pair.first, problems)
        moving = finder.moving(pair, problems)
        reference = references[pair.first]
        if moving is not None and reference is not None:
            image, masks = reference
            cases.append(Case(modality, moving, image, masks, finder.output, pair.second.line))
    problems += _colliding_outputs(cases, images.problem)
    if problems:
        raise InputError(sorted(set(problems), key=lambda problem: problem.line or 0))
    return cases


def check_cases(
    cases: Sequence[Case],
    list_file: Path | None = None,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[Path, str]:
    """Read every file of the cases once.

    :param list_file: the image list that names them, for the messages.
    :param progress: called with the number of files read and their total.
    :return: the SHA-256 checksum of each file.
    :raises InputError: with every file that is corrupt or not a 3-D scalar image, and every mask that is empty or not
        on its image's grid.
    """
    images = list(dict.fromkeys(case.moving for case in cases))
    references = list(dict.fromkeys((case.reference, case.reference_masks) for case in cases))
    checks = [partial(_check_image, path) for path in images]
    checks += [partial(_check_reference, image, masks) for image, masks in references]
    lines = {path: case.line for case in reversed(cases) for path in case.inputs.values()}
    checksums: dict[Path, str] = {}
    problems: list[Problem] = []
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        for done, checked in enumerate(pool.map(lambda check: check(), checks), start=1):
            checksums.update(checked.checksums)
            problems += [
                Problem(message, remedy, list_file, lines[path])
                for path, message, remedy in checked.findings
            ]
            progress(done, len(checks))
    if problems:
        raise InputError(sorted(set(problems), key=lambda problem: problem.line or 0))
    return checksums


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


class _Finder:
    """Finds the files that the entries of a list name."""

    def __init__(self, images: ImageList, modality: Modality, output: Path | None):
        self.images = images
        self.output = Path(output).absolute() if output else images.folders[1].path.parent
        reference, preprocessed = (folder.path for folder in images.folders)
        alone = modality is Modality.NEW_SUBJECT
        self.image_folders = [reference] if alone else [reference, preprocessed]
        self.mask_folders = [reference] if alone else [reference, self.output / SEGMENTED]
        self.preprocessed = preprocessed

    def reference(self, entry: Entry, problems: list[Problem]) -> tuple | None:
        image = _first_file(folder / entry.name for folder in self.image_folders)
        if image is None:
            remedy = "Correct the name, or put the file there"
            looked = _either(self.image_folders)
            problems.append(self.images.problem(entry.line, f"the reference '{entry.name}' is not in {looked}", remedy))
            return None
        masks = []
        for tissue in Tissue:
            path = self._mask(image, tissue)
            if path is None:
                problems.append(self._mask_problem(entry, image, tissue))
            else:
                masks.append((tissue, path))
        return (image, tuple(masks)) if len(masks) == len(Tissue) else None

    def moving(self, pair: Pair, problems: list[Problem]) -> Path | None:
        entry = pair.second
        path = self.preprocessed / entry.name
        if not self.preprocessed.is_dir():
            return None  # reported once, with the folder's line
        if not path.is_file():
            message, remedy = (
                f"'{entry.name}' is not in '{self.preprocessed}'",
                "Correct the name, or put the file there",
            )
        elif not path.name.lower().endswith(EXTENSIONS):
            message, remedy = (
                f"'{entry.name}' is in a format that cannot be written",
                f"Save it as {_either(EXTENSIONS)}",
            )
        else:
            return path
        problems.append(self.images.problem(entry.line, message, remedy))
        return None

    def _mask(self, image: Path, tissue: Tissue) -> Path | None:
        root, extension = split_name(image)
        extensions = dict.fromkeys((extension, *EXTENSIONS))
        return _first_file(folder / f"{root}_{tissue.value}{e}" for folder in self.mask_folders for e in extensions)

    def _mask_problem(self, entry: Entry, image: Path, tissue: Tissue) -> Problem:
        root, extension = split_name(image)
        what = {Tissue.FEMUR: "femur mask", Tissue.CARTILAGE: "femoral cartilage mask"}[tissue]
        name = f"{root}_{tissue.value}{extension}"
        message = f"the {what} '{name}' of the reference is not in {_either(self.mask_folders)}"
        remedy = "Put it there"
        if len(self.mask_folders) > 1:
            remedy = f"Segment '{entry.name}' as newsubject first, or put its mask there"
        return self.images.problem(entry.line, message, remedy)


@dataclass(frozen=True)
class _Checked:
    """What reading some files told."""

    checksums: dict[Path, str]
    findings: list[Finding]


def _check_image(path: Path) -> _Checked:
    image, findings = _read(path)
    return _Checked({path: checksum(path)}, findings if image is None else _content_findings(path, image))


def _check_reference(path: Path, masks: tuple[tuple[Tissue, Path], ...]) -> _Checked:
    image, findings = _read(path)
    if image is not None:
        findings = _content_findings(path, image)
    checksums = {file: checksum(file) for file in (path, *(mask_path for _, mask_path in masks))}
    for _, mask_path in masks:
        mask, mask_findings = _read(mask_path)
        findings += mask_findings
        if mask is None or image is None:
            continue
        difference = geometry_difference(mask, image)
        if difference:
            remedy = f"Resample the mask to the grid of '{path.name}'"
            findings.append((mask_path, f"'{mask_path}' is not on the grid of its image ({difference})", remedy))
        if not sitk.GetArrayViewFromImage(mask).any():
            findings.append((mask_path, f"'{mask_path}' is an empty mask", "Segment the reference knee first"))
    return _Checked(checksums, findings)


def _read(path: Path) -> tuple[sitk.Image | None, list[Finding]]:
    """The image, or why it is not one."""
    try:
        image = read_image(path)
    except InputError as error:
        return None, [(path, problem.message, problem.remedy) for problem in error.problems]
    if image.GetDimension() != 3:
        return None, [(path, f"'{path}' has {image.GetDimension()} dimensions", "Save one 3-D volume in a file")]
    if image.GetNumberOfComponentsPerPixel() != 1 or "complex" in image.GetPixelIDTypeAsString():
        return None, [(path, f"'{path}' has several values a voxel", "Save it as a scalar (gray) image")]
    if min(image.GetSize()) < _MINIMUM_SIZE:
        message = f"'{path}' has only {min(image.GetSize())} voxels along one axis"
        return None, [(path, message, "Save the whole volume")]
    return image, []


def _content_findings(path: Path, image: sitk.Image) -> list[Finding]:
    values = sitk.GetArrayViewFromImage(image)
    lowest, highest = values.min(), values.max()
    if not (np.isfinite(lowest) and np.isfinite(highest)):
        return [(path, f"'{path}' holds values that are not numbers (NaN or infinite)", "Replace them, for example with 0")]
    if lowest == highest:
        return [(path, f"'{path}' is empty: every voxel is {lowest}", "Check how it was made")]
    return []


def _missing_folders(images: ImageList, modality: Modality) -> list[Problem]:
    problems = missing_folders(images, _FOLDERS)
    if modality is Modality.NEW_SUBJECT:
        return problems
    # The reference may be found where an earlier run left it, so nobody has to make a folder for it.
    return [problem for problem in problems if problem.line != images.folders[0].line]


def _colliding_outputs(cases: Sequence[Case], problem: Callable[..., Problem]) -> list[Problem]:
    """Cases that would write over each other's results, or over somebody's input."""
    problems = []
    inputs = {path for case in cases for path in case.inputs.values()}
    roots: dict[str, Case] = {}
    for case in cases:
        first = roots.setdefault(case.root.casefold(), case)
        if first.moving != case.moving:
            message = f"'{case.moving.name}' and '{first.moving.name}' (line {first.line}) would have the same results"
            problems.append(problem(case.line, message, "Rename one of the two images"))
        for path in sorted(inputs.intersection(case.mask(tissue) for tissue in Tissue)):
            message = f"the result for '{case.moving.name}' would overwrite '{path}', which this list reads"
            problems.append(problem(case.line, message, "An image cannot be segmented with itself as reference"))
    return problems


def _first_file(paths: Iterable[Path]) -> Path | None:
    return next((path for path in paths if path.is_file()), None)


def _either(names: Iterable) -> str:
    return " or ".join(f"'{name}'" for name in names)
