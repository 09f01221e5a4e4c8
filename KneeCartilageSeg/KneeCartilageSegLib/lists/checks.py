"""Check the files that a list names, before any work starts: everything that is wrong, at once.

A short list is read completely. Of a long one, that would take hours in which nobody can be sure of anything: there the
headers are read, which takes a moment and finds what is wrong with names, formats and grids. Its images are read when
it is their turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Callable, Optional

import numpy as np
import SimpleITK as sitk

from ..dicom.volumes import folder_volume
from ..errors import InputError, Problem, either
from ..files import files_named, is_folder, split_name
from ..images.files import READABLE, image_checksum, read_grid, read_image
from ..images.grid import Grid, doubtful_size
from ..reference_files import ReferenceFiles
from ..runs.executor import WorkerThreads
from ..tissue import Tissue

Place = tuple[Optional[Path], Optional[int]]  # a list and a line of it, if there is one


Finding = tuple[str, str]  # what is wrong with a file, and the remedy


MASK_EXTENSIONS = (*READABLE, ".seg.nrrd")
"""The formats in which people save masks, those that they have corrected above all."""

_MINIMUM_SIZE = 8  # voxels; fewer leave nothing to smooth and sample
READ_AT_ONCE = 100  # images; at a seventh of a second each, nobody waits for long


@dataclass(frozen=True)
class _Checked:
    """What reading some files told."""

    checksums: dict[Path, str]
    findings: list[Finding]


def check_files(
    images: Mapping[Path, Place],
    references: Mapping[ReferenceFiles, Place],
    jobs: int,
    progress: Callable[[int, int], None],
    at_most: int | None = None,
) -> tuple[dict[Path, str], list[Problem]]:
    """The checksums of images without masks and of images with masks, and what is wrong with them.

    :param images: with the place that a problem is reported at.
    :param references: likewise.
    :param jobs: how many are read at once.
    :param progress: called with the number of images read and their total.
    :param at_most: if there are more, only their headers are read, and they have no checksums. Images with masks are
        still read completely if these alone are not more.
    """
    read_references = at_most is None or len(references) <= at_most
    read_images = at_most is None or len(images) + len(references) <= at_most
    check_image = _check_image if read_images else _check_header
    check_reference = _check_reference if read_references else _check_reference_headers
    checks = [partial(check_image, path) for path in images]
    checks += [partial(check_reference, files.image, files.masks) for files in references]
    places = [*images.values(), *references.values()]
    checksums: dict[Path, str] = {}
    problems: list[Problem] = []
    with WorkerThreads(jobs) as pool:
        for done, (place, checked) in enumerate(zip(places, pool.map(lambda check: check(), checks)), start=1):
            checksums.update(checked.checksums)
            problems += [Problem(message, remedy, *place) for message, remedy in checked.findings]
            progress(done, len(checks))
    return checksums, problems


def _check_image(path: Path) -> _Checked:
    image, checked = _read(path)
    if image is not None:
        checked.findings.extend(_content_findings(path, image))
    return checked


def _check_reference(path: Path, masks: tuple[tuple[Tissue, Path], ...]) -> _Checked:
    image, checked = _read(path)
    if image is not None:
        checked.findings.extend(_content_findings(path, image))
    sizes: dict[Tissue, int] = {}
    for tissue, mask_path in masks:
        mask, mask_checked = _read(mask_path)
        checked.checksums.update(mask_checked.checksums)
        checked.findings.extend(mask_checked.findings)
        if mask is not None:
            sizes[tissue] = int(np.count_nonzero(sitk.GetArrayViewFromImage(mask)))
            checked.findings.extend(_mask_findings(mask_path, mask))
        if mask is not None and image is not None:
            checked.findings.extend(_geometry_findings(mask_path, Grid.of(mask), path, Grid.of(image)))
    if not checked.findings:
        checked.findings.extend(_swap_findings(dict(masks), sizes))
    return checked


def _swap_findings(masks: Mapping[Tissue, Path], sizes: Mapping[Tissue, int]) -> list[Finding]:
    """A femur is many times as large as its cartilage."""
    if len(sizes) < len(Tissue) or sizes[Tissue.CARTILAGE] <= sizes[Tissue.FEMUR]:
        return []
    femur, cartilage = masks[Tissue.FEMUR], masks[Tissue.CARTILAGE]
    message = f"the cartilage '{cartilage}' is larger than the femur '{femur.name}'"
    return [(message, "Check whether the two masks have been swapped")]


def _check_header(path: Path) -> _Checked:
    return _look_at(path)[1]


def _check_reference_headers(path: Path, masks: tuple[tuple[Tissue, Path], ...]) -> _Checked:
    grid, checked = _look_at(path)
    for _, mask_path in masks:
        mask_grid, mask_checked = _look_at(mask_path)
        checked.findings.extend(mask_checked.findings)
        if mask_grid is not None and grid is not None:
            checked.findings.extend(_geometry_findings(mask_path, mask_grid, path, grid))
    return checked


def _look_at(path: Path) -> tuple[Grid | None, _Checked]:
    """Where the voxels of an image lie, or why it is not one, as far as headers tell."""
    try:
        if is_folder(path):
            folder_volume(path)
            return None, _Checked({}, [])
        grid = read_grid(path)
    except (InputError, OSError) as error:
        return None, _Checked({}, _unreadable(path, error))
    findings = _grid_findings(path, grid)
    return (None if findings else grid), _Checked({}, findings)


def _read(path: Path) -> tuple[sitk.Image | None, _Checked]:
    """The image and its checksum, or why it is not one."""
    try:
        image = read_image(path)
        findings = _grid_findings(path, Grid.of(image))
        digest = image_checksum(path)
    except (InputError, OSError) as error:
        return None, _Checked({}, _unreadable(path, error))
    return (None, _Checked({}, findings)) if findings else (image, _Checked({path: digest}, []))


def _unreadable(path: Path, error: InputError | OSError) -> list[Finding]:
    if isinstance(error, OSError):
        return [(f"'{path}' cannot be read ({error})", "Check the disk and the file's permissions")]
    return [(p.message if str(path) in p.message else f"'{path}': {p.message}", p.remedy) for p in error.problems]


def _grid_findings(path: Path, grid: Grid) -> list[Finding]:
    doubt = doubtful_size(grid)
    if doubt:
        return [(f"'{path}': {doubt}", "Correct the voxel size in its header")]
    fewest = int(min(grid.size))
    if fewest < _MINIMUM_SIZE:
        message = f"'{path}' has only {fewest} voxels along one axis"
        return [(message, f"Save the whole volume: {_MINIMUM_SIZE} voxels are the least")]
    return []


def _content_findings(path: Path, image: sitk.Image) -> list[Finding]:
    values = sitk.GetArrayViewFromImage(image)
    lowest, highest = values.min(), values.max()
    if not (np.isfinite(lowest) and np.isfinite(highest)):
        finite = values[np.isfinite(values)]
        if not finite.size:
            return [(f"'{path}' holds no numbers: every voxel is NaN or infinite", "Check how it was made")]
        lowest, highest = finite.min(), finite.max()
    if lowest == highest:
        return [(f"'{path}' is empty: every voxel is {lowest}", "Check how it was made")]
    return []


def _mask_findings(path: Path, mask: sitk.Image) -> list[Finding]:
    values = sitk.GetArrayViewFromImage(mask)
    inside = values[values != 0]
    if not inside.size:
        return [(f"'{path}' is an empty mask", "Segment the reference knee first")]
    lowest, highest = inside.min(), inside.max()
    if lowest != highest or not np.isfinite(lowest):
        message = f"'{path}' holds several values, from {lowest:g} to {highest:g}, where a mask holds one besides 0"
        return [(message, "Save the one structure by itself, and threshold probabilities")]
    if inside.size == values.size:
        return [(f"'{path}' covers the whole image: no voxel is 0", "Segment the reference knee first")]
    return []


def _geometry_findings(mask_path: Path, mask_grid: Grid, path: Path, grid: Grid) -> list[Finding]:
    if mask_grid.coincides_with(grid):
        return []
    message = f"'{mask_path}' is not on the grid of its image ({mask_grid.difference(grid)})"
    return [(message, f"Resample the mask to the grid of '{path.name}', or correct the header that is wrong")]


def input_error(problems: Iterable[Problem]) -> InputError:
    """An error with each problem once, in the order of the lists."""
    return InputError(sorted(dict.fromkeys(problems), key=lambda problem: (str(problem.file or ""), problem.line or 0)))


def two_masks(path: Path) -> list[Finding]:
    """Whether a mask is there in another format, too: nobody can know which of them counts."""
    found = files_named(split_name(path)[0], path.parent, MASK_EXTENSIONS)
    if len(found) < 2:
        return []
    message = f"which mask counts, {either([one.name for one in found])}? Both are in '{path.parent}'"
    return [(message, "Move those away that do not count")]
