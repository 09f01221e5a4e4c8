"""Masks that somebody has corrected: save them where they belong, and measure them.

A mask that is not what this tool wrote has been corrected, in whatever program. It counts as it is: its volume and its
overlap with the automatic mask are measured, and kept in ``NAME_correction.json`` beside the record. The automatic mask
lies in ``automatic/`` since it was made: most programs overwrite the file that they correct, so that there would be
nothing to compare with otherwise.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk

from ..errors import InputError, Problem, collecting
from ..files import checksum, copy_into_place, dated_folder, is_folder, move_into_place
from ..images.files import image_checksum, read_grid, read_image, write_image
from ..images.grid import Grid
from ..images.masks import volume
from ..records import origin, read_json, write_json
from ..runs.locks import try_lock
from ..tissue import Tissue
from .cases import REJECTED, SEGMENTED, Case
from .outcome import Outcome, Status
from .record import CORRECTION_FORMAT, read_record

_IMAGE_FLAG = "image"


def save_correction(case: Case, masks: Mapping[Tissue, sitk.Image], comment: str = "") -> Outcome:
    """Save corrected masks where a knee's masks belong, with the record of the correction.

    What they replace is kept in ``replaced/``, unless ``automatic/`` holds it. Masks of a knee that was rejected get
    their place among the good ones. At no moment is a mask missing.

    :param masks: on the grid of the image; any value but 0 is inside. One that is left out stays as it is.
    :param comment: for the record.
    :return: the outcome of the knee from now on.
    :raises InputError: if a mask cannot be used, the knee has no masks, or a run is at work on it. Nothing was changed
        then.
    :raises OSError: if something could not be written.
    """
    current = _current_masks(case)
    problems = _grid_problems(case, masks)
    problems += [
        Problem(f"'{case.name}' has no {tissue.title} mask yet", "Save both masks at once", case.moving)
        for tissue in Tissue
        if tissue not in masks and tissue not in current
    ]
    if problems:
        raise InputError(problems)
    for folder in (case.record.parent, case.automatic(Tissue.FEMUR).parent):
        folder.mkdir(parents=True, exist_ok=True)
    with try_lock(case.lock) as free:
        if not free:
            message = f"a run is segmenting '{case.name}' right now"
            raise InputError([Problem(message, "Save the correction again when it has ended")])
        # Should this process be killed, the next run clears it away.
        staging = case.working_folder
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir()
        try:
            _replace_masks(case, masks, current, staging)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        image = image_checksum(case.moving)
        write_json(case.correction_record, _describe(case, image, comment))
        return corrected_outcome(case, image)


def corrected_outcome(case: Case, current_image: str | None = None, write: bool = True) -> Outcome:
    """The outcome of a case with masks that somebody has changed.

    :param current_image: SHA-256 of its image; None if that is not known.
    :param write: keep what is measured, so that it is not measured again as long as the masks stay as they are.
    """
    absent = [case.mask(tissue) for tissue in Tissue if not case.mask(tissue).is_file()]
    if absent:
        message = f"a mask was corrected, but there is no '{absent[0]}': save both masks there, so that they count"
        return Outcome(case, Status.KEPT, message=message)
    known = read_json(case.correction_record, CORRECTION_FORMAT) or {}
    image, comment = known.get("image") or _segmented_image(case), known.get("comment", "")
    if known.get("masks") != _digests(case) or not isinstance(known.get("measurements"), dict):
        try:
            known = _describe(case, image, comment)
        except InputError as error:
            message = f"a corrected mask cannot be used: {' '.join(str(problem) for problem in error.problems)}"
            return Outcome(case, Status.KEPT, message=message)
        if write:
            with contextlib.suppress(OSError):  # it will be measured again
                write_json(case.correction_record, known)
    flags = {}
    if None not in (image, current_image) and image != current_image:
        flags[_IMAGE_FLAG] = "the image has changed since the masks were corrected: see whether they still fit"
    return Outcome(case, Status.EDITED, {**known, "flags": flags})


def set_aside(case: Case, paths: Iterable[Path], copies: bool = False) -> Path | None:
    """Move files that are to be replaced to a folder of this moment in ``replaced/``, with copies of their records.

    :param paths: of masks of the case; those that do not exist are passed over.
    :param copies: leave the files where they are, too.
    :return: the folder; None if there was nothing to move.
    """
    existing = [path for path in paths if path.is_file()]
    if not existing:
        return None
    folder = dated_folder(case.replaced)
    for path in existing:
        target = folder / path.name
        target = folder / f"{path.parent.name}_{path.name}" if target.exists() else target
        (copy_into_place if copies else move_into_place)(path, target)
    for record in (case.record, case.correction_record):
        if record.is_file():
            copy_into_place(record, folder / record.name)
    return folder


def _replace_masks(
    case: Case, masks: Mapping[Tissue, sitk.Image], current: Mapping[Tissue, Path], staging: Path
) -> None:
    staged = {}
    for tissue, mask in masks.items():
        staged[tissue] = staging / case.mask(tissue).name
        write_image(sitk.Cast(mask != 0, sitk.sitkUInt8), staged[tissue], like=case.moving)
    outputs = (read_record(case.record) or {}).get("outputs", {})
    replaced = [path for tissue, path in current.items() if tissue in masks or path.parent.name == REJECTED]
    nowhere_else = []
    for tissue, path in current.items():
        digest, kept = checksum(path), case.automatic(tissue)
        if digest == outputs.get(f"{path.parent.name}/{path.name}"):
            if not kept.is_file() or checksum(kept) != digest:
                copy_into_place(path, kept)
        elif path in replaced:
            nowhere_else.append(path)
    set_aside(case, nowhere_else, copies=True)
    for tissue in Tissue:
        if tissue in staged:
            move_into_place(staged[tissue], case.mask(tissue))
        elif current[tissue] != case.mask(tissue):
            move_into_place(current[tissue], case.mask(tissue))
    for tissue in Tissue:
        case.mask(tissue, REJECTED).unlink(missing_ok=True)


def _current_masks(case: Case) -> dict[Tissue, Path]:
    places = {tissue: (case.mask(tissue, SEGMENTED), case.mask(tissue, REJECTED)) for tissue in Tissue}
    found = {tissue: next((path for path in paths if path.is_file()), None) for tissue, paths in places.items()}
    return {tissue: path for tissue, path in found.items() if path is not None}


def _describe(case: Case, image: str | None, comment: str) -> dict[str, Any]:
    """The record of a correction.

    :param image: SHA-256 of the image that the masks were corrected on.
    :raises InputError: if a mask cannot be used.
    """
    problems: list[Problem] = []
    masks = {}
    for tissue in Tissue:
        with collecting(problems):
            masks[tissue] = read_image(case.mask(tissue))
    problems += _grid_problems(case, masks)
    if problems:
        raise InputError(problems)
    return {
        "format": CORRECTION_FORMAT,
        **origin(),
        "image": image,
        "comment": comment,
        "masks": _digests(case),
        "measurements": {key: value for tissue in Tissue for key, value in _measure(case, tissue, masks[tissue])},
    }


def _measure(case: Case, tissue: Tissue, mask: sitk.Image) -> list[tuple[str, float]]:
    found = [(f"volume_{tissue.value}", volume(mask))]
    automatic = _automatic(case, tissue)
    if automatic is not None and Grid.of(automatic).coincides_with(Grid.of(mask)):
        found.append((f"automatic_dice_{tissue.value}", _dice(mask, automatic)))
    return found


def _automatic(case: Case, tissue: Tissue) -> sitk.Image | None:
    """The mask that was corrected, if it is still known."""
    outputs = (read_record(case.record) or {}).get("outputs", {})
    digests = {outputs.get(f"{folder}/{case.mask(tissue).name}") for folder in (SEGMENTED, REJECTED)} - {None}
    places = (case.automatic(tissue), case.mask(tissue), case.mask(tissue, REJECTED))
    return next((read_image(path) for path in places if path.is_file() and checksum(path) in digests), None)


def _dice(mask: sitk.Image, other: sitk.Image) -> float:
    one, two = (sitk.GetArrayViewFromImage(image) != 0 for image in (mask, other))
    return 2 * np.count_nonzero(one & two) / (np.count_nonzero(one) + np.count_nonzero(two))


def _grid_problems(case: Case, masks: Mapping[Tissue, sitk.Image]) -> list[Problem]:
    grid = Grid.of(read_image(case.moving)) if is_folder(case.moving) else read_grid(case.moving)
    problems = []
    for tissue, mask in masks.items():
        if not Grid.of(mask).coincides_with(grid):
            message = f"the {tissue.title} mask is not on the grid of its image ({Grid.of(mask).difference(grid)})"
            problems.append(Problem(message, f"Resample it to the grid of '{case.moving.name}'"))
        elif not sitk.GetArrayViewFromImage(mask).any():
            problems.append(Problem(f"the {tissue.title} mask is empty", "Draw it, or leave it out"))
    return problems


def _digests(case: Case) -> dict[str, str]:
    return {tissue.value: checksum(case.mask(tissue)) for tissue in Tissue}


def _segmented_image(case: Case) -> str | None:
    """SHA-256 of the image that was segmented automatically."""
    return (read_record(case.record) or {}).get("inputs", {}).get("moving", {}).get("sha256")
