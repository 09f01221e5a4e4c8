"""Export segmented knees as a training folder of nnU-Net (version 2).

Its format: https://github.com/MIC-DKFZ/nnUNet/blob/master/documentation/dataset_format.md
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk

from ..errors import InputError, Problem, collecting
from ..files import checksum, temporary_beside
from ..images.files import EXTENSIONS, image_checksum, read_image, write_image
from ..images.grid import Grid
from ..lists.names import find_image, short_name
from ..records import origin, write_json
from ..runs.locks import clear_temporaries
from ..tissue import Tissue
from .cases import SEGMENTED
from .outcome import Status
from .record import read_record
from .review import Decision, read_decisions

LABELS = {"background": 0, "femur": 1, "cartilage": 2}
FORMAT = "KneeCartilageSeg nnU-Net export 1"
_RECORD_END = "_provenance.json"
_FOLDER_NAME = re.compile(r"Dataset\d{3}_\w+")
_ENDING = ".nii.gz"


@dataclass(frozen=True)
class TrainingKnee:
    """A knee that is good enough to learn from.

    :param name: in the training folder.
    :param image: the file, or a folder with a DICOM series.
    :param masks: by tissue.
    :param reason: why it is good enough: segmented, edited by hand, accepted.
    """

    name: str
    image: Path
    masks: dict[Tissue, Path]
    reason: str


@dataclass(frozen=True)
class TrainingSet:
    """The knees of an export, and those that were left out, with the reason."""

    knees: tuple[TrainingKnee, ...]
    left_out: dict[str, str]


def find_training_knees(folders: Sequence[Path], include_flagged: bool = False) -> TrainingSet:
    """The finished and accepted knees in folders of segmentations.

    A knee is in if its segmentation passed all checks, was edited by hand, or was accepted in the review; out if it was
    rejected, is to be corrected and was not, or is flagged and nobody has looked at it.

    :param folders: ``segmented/``, or the folder that it lies in.
    :param include_flagged: take flagged knees that nobody has reviewed.
    :raises InputError: with everything that is wrong: no knee, a record without its image or masks, an image that has
        changed since, masks that are none or lie elsewhere, two knees of one name.
    """
    problems: list[Problem] = []
    knees: list[TrainingKnee] = []
    left_out: dict[str, str] = {}
    found = [(folder, record) for given in folders for folder, record in _records(given, problems)]
    decisions: dict[Path, dict[str, Decision]] = {}
    for folder in dict.fromkeys(folder for folder, _ in found):
        with collecting(problems):
            decisions[folder] = read_decisions(folder)
    for folder, path in found:
        name = path.name[: -len(_RECORD_END)]
        with collecting(problems):
            decision = decisions.get(folder, {}).get(name)
            knee = _knee(path, name, decision, include_flagged, left_out)
            knees += [] if knee is None else [knee]
    problems += _same_names(knees)
    if not knees and not problems:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in left_out.items())
        problems.append(Problem(f"no knee is finished and accepted ({reasons})", "Segment and review them first"))
    if problems:
        raise InputError(problems)
    return TrainingSet(tuple(knees), left_out)


def check_target(folder: Path) -> None:
    """See whether a training folder can be written.

    :raises InputError: if it exists and is not empty, or has a name that nnU-Net does not understand.
    """
    problems = []
    if not _FOLDER_NAME.fullmatch(folder.name):
        message = f"'{folder.name}' is no name of a data set of nnU-Net"
        problems.append(
            Problem(message, "Call it DatasetNNN_Name with three digits, such as Dataset501_FemoralCartilage")
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        problems.append(Problem(f"'{folder}' exists", "Choose another name, or move it away: it is not overwritten"))
    if problems:
        raise InputError(problems)


def write_training_set(
    training: TrainingSet,
    folder: Path,
    channel: str = "MRI",
    progress: Callable[[TrainingKnee], None] = lambda knee: None,
) -> None:
    """Write a training folder whole or not at all.

    :param folder: one that :func:`check_target` has accepted.
    :param channel: what nnU-Net calls the kind of the images; all names but "CT" and a few others have the gray values
        of each image normalized by themselves.
    :param progress: called with each knee that is written.
    :raises OSError: if it cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    clear_temporaries(folder.parent)
    staging = temporary_beside(folder)
    try:
        (staging / "imagesTr").mkdir(parents=True)
        (staging / "labelsTr").mkdir()
        for knee in training.knees:
            image = _without_texts(read_image(knee.image))
            write_image(image, staging / "imagesTr" / f"{knee.name}_0000{_ENDING}")
            write_image(_labelmap(knee, image), staging / "labelsTr" / f"{knee.name}{_ENDING}")
            progress(knee)
        write_json(staging / "dataset.json", _description(training, channel))
        write_json(staging / "knees.json", _record(training))
        if folder.exists():
            folder.rmdir()
        os.rename(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _records(given: Path, problems: list[Problem]) -> list[tuple[Path, Path]]:
    """The records in a folder of segmentations, each with that folder."""
    folder = given / SEGMENTED if (given / SEGMENTED).is_dir() else given
    found = sorted(folder.glob(f"*{_RECORD_END}")) if folder.is_dir() else []
    if not found:
        message = f"'{given}' holds no record of a segmentation (NAME{_RECORD_END})"
        problems.append(Problem(message, f"Name a folder '{SEGMENTED}', or the one that it lies in"))
    return [(folder, path) for path in found]


def _knee(
    path: Path, name: str, decision: Decision | None, include_flagged: bool, left_out: dict[str, str]
) -> TrainingKnee | None:
    """A knee, or None with the reason in ``left_out``.

    :raises InputError: if its files cannot be used.
    """
    record = read_record(path)
    if record is None:
        remedy = "Remove it, or segment the knee again"
        raise InputError([Problem(f"'{path}' is damaged, or is of another version", remedy)])
    masks = _masks(path.parent, name)
    edited = len(masks) == len(Tissue) and _edited(record, masks)
    reason = _why_out(record, decision, edited, include_flagged)
    if not reason and len(masks) < len(Tissue):
        remedy = "Segment the knee again, or remove its record"
        raise InputError([Problem(f"a mask of '{name}' is missing in '{path.parent}'", remedy)])
    if reason:
        left_out[name] = reason
        return None
    image = _image(record, masks)
    _check_masks(image, masks)
    good = "edited by hand" if edited else "accepted" if decision is Decision.ACCEPTED else "segmented"
    return TrainingKnee(_identifier(name), image, masks, good)


def _why_out(record: dict[str, Any], decision: Decision | None, edited: bool, include_flagged: bool) -> str:
    """Why a knee is not good enough; empty if it is."""
    if decision is Decision.REJECTED:
        return "rejected in the review"
    if edited or decision is Decision.ACCEPTED:
        return ""
    if decision is Decision.CORRECT:
        return "is to be corrected"
    if record["status"] != Status.SEGMENTED.value:
        return record["status"]
    flags = "; ".join(record.get("flags", {}).values())
    return f"needs review ({flags})" if flags and not include_flagged else ""


def _masks(folder: Path, name: str) -> dict[Tissue, Path]:
    found = {}
    for tissue in Tissue:
        places = [folder / f"{name}_{tissue.value}{extension}" for extension in EXTENSIONS]
        present = [path for path in places if path.is_file()]
        if len(present) > 1:
            message = f"'{present[0]}' and '{present[1].name}' are both there"
            raise InputError([Problem(message, "Remove the one that does not count")])
        if present:
            found[tissue] = present[0]
    return found


def _edited(record: dict[str, Any], masks: dict[Tissue, Path]) -> bool:
    """Whether somebody has changed a mask since this tool wrote it."""
    outputs = record.get("outputs", {})
    return any(outputs.get(f"{path.parent.name}/{path.name}") != checksum(path) for path in masks.values())


def _image(record: dict[str, Any], masks: dict[Tissue, Path]) -> Path:
    """The image that the masks were made for, where it was or near the masks."""
    recorded = record["inputs"]["moving"]
    path = Path(recorded["file"])
    if not path.exists():
        near = find_image(masks[Tissue.FEMUR])
        if near is None:
            remedy = "Put it back, or into 'preprocessed' beside the folder of the masks"
            raise InputError([Problem(f"the image '{path}' is not there any more", remedy)])
        path = near
    if image_checksum(path) != recorded["sha256"]:
        message = f"'{path}' has changed since it was segmented"
        raise InputError([Problem(message, "Segment it again, or put the former image back")])
    return path


def _check_masks(image: Path, masks: dict[Tissue, Path]) -> None:
    grid = Grid.of(read_image(image, verified=True))
    problems: list[Problem] = []
    for path in masks.values():
        with collecting(problems):
            mask = read_image(path)
            if not Grid.of(mask).coincides_with(grid):
                message = f"'{path}' is not on the grid of its image ({Grid.of(mask).difference(grid)})"
                problems.append(Problem(message, f"Resample it to the grid of '{image.name}'"))
            elif not sitk.GetArrayViewFromImage(mask).any():
                problems.append(Problem(f"'{path}' is an empty mask", "Segment or correct the knee again"))
    if problems:
        raise InputError(problems)


def _identifier(name: str) -> str:
    """The name of a knee in letters that nnU-Net's file names allow."""
    return re.sub(r"[^\w.-]+", "_", short_name(name))


def _same_names(knees: Sequence[TrainingKnee]) -> list[Problem]:
    first: dict[str, TrainingKnee] = {}
    problems = []
    for knee in knees:
        other = first.setdefault(knee.name.casefold(), knee)
        if other is not knee:
            message = f"'{knee.image}' and '{other.image}' would both become '{knee.name}'"
            problems.append(Problem(message, "Rename one of the two, or export them apart"))
    return problems


def _labelmap(knee: TrainingKnee, image: sitk.Image) -> sitk.Image:
    """Femur and cartilage in one map, on the very grid of the image; where both are, it is cartilage."""
    femur, cartilage = (sitk.GetArrayFromImage(read_image(knee.masks[tissue])) != 0 for tissue in Tissue)
    labels = np.where(cartilage, LABELS["cartilage"], np.where(femur, LABELS["femur"], LABELS["background"]))
    made = sitk.GetImageFromArray(labels.astype(np.uint8))
    made.CopyInformation(image)
    return made


def _without_texts(image: sitk.Image) -> sitk.Image:
    for key in image.GetMetaDataKeys():
        image.EraseMetaData(key)
    return image


def _description(training: TrainingSet, channel: str) -> dict[str, Any]:
    return {
        "channel_names": {"0": channel},
        "labels": LABELS,
        "numTraining": len(training.knees),
        "file_ending": _ENDING,
        "overwrite_image_reader_writer": "SimpleITKIO",
    }


def _record(training: TrainingSet) -> dict[str, Any]:
    return {
        "format": FORMAT,
        **origin(),
        "knees": {
            knee.name: {
                "image": {"file": str(knee.image), "sha256": image_checksum(knee.image)},
                "masks": {
                    tissue.value: {"file": str(path), "sha256": checksum(path)} for tissue, path in knee.masks.items()
                },
                "reason": knee.reason,
            }
            for knee in training.knees
        },
        "left_out": training.left_out,
    }
