"""What a search for a reference leaves on the disk: the table of distances, the record, the reference in its place."""

from __future__ import annotations

import math
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ..csv_files import write_csv
from ..errors import InputError, Problem
from ..files import TEMPORARY_PREFIX, checksum, move_into_place
from ..images.files import read_image, write_image
from ..records import origin
from ..registration.fields import SPACING
from ..tissue import Tissue
from .dataset import DataSet, Member
from .femur import FEMUR_STAGES
from .search import Search
from .study import Evaluation, StudyResult

DISTANCE_COLUMNS = (
    "seed",
    "iteration",
    "reference",
    "image",
    "distance_mm",
    "is_reference",
    "nearest",
    "status",
    "flags",
)

DEFAULT_FOLDER = "referenceStudy"

FORMAT = "KneeCartilageSeg reference study 1"
_SUFFIX = ".mha"


def default_folder(data: DataSet) -> Path:
    """Where the results of a search go: beside the folder of the data set."""
    return data.folder.parent / DEFAULT_FOLDER


def default_cache(folder: Path) -> Path:
    """Where the registrations of a search are kept.

    :param folder: where its results go.
    """
    return folder / "registrations"


def write_distances(path: Path, studies: Sequence[StudyResult]) -> None:
    """Write the distance of every knee from the mean in every iteration as csv; empty if its registration failed."""
    write_csv(path, DISTANCE_COLUMNS, study_rows(studies))


def study_rows(studies: Iterable[StudyResult]) -> Iterator[dict[str, Any]]:
    """One row per knee, iteration and study: the values of :data:`DISTANCE_COLUMNS`."""
    for study in studies:
        for number, evaluation in enumerate(study.evaluations, start=1):
            for row in distance_rows(evaluation):
                yield {"seed": study.seed, "iteration": number, **row}


def distance_rows(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    """The rows of a reference: the values of :data:`DISTANCE_COLUMNS` but the first two.

    The first row is the reference's own, also if it is not one of the knees.
    """
    reference = evaluation.reference
    for image in dict.fromkeys([reference, *evaluation.distances, *evaluation.failed]):
        yield {
            "reference": reference,
            "image": image,
            "distance_mm": evaluation.distance if image == reference else evaluation.distances.get(image),
            "is_reference": int(image == reference),
            "nearest": int(image == evaluation.nearest),
            "status": "failed" if image in evaluation.failed else "used",
            "flags": evaluation.failed.get(image) or evaluation.doubts.get(image, ""),
        }


def make_search_record(search: Search, checksums: Mapping[Path, str], engine: str) -> dict[str, Any]:
    """The provenance record of a search: what it was made from, by what, and all that it found.

    :param checksums: of the files of the data set.
    :param engine: the name of the elastix, with version.
    """
    settings, data, conclusion = search.settings, search.data, search.conclusion
    return {
        "format": FORMAT,
        **origin(),
        "engine": engine,
        "recommended": conclusion.recommended,
        "agree": conclusion.agree,
        "sentence": conclusion.sentence,
        "notes": list(data.notes),
        "field": settings.field.value,
        "point_spacing": SPACING,
        "max_iterations": settings.max_iterations,
        "registrations": vars(search.counts),
        "studies": [_describe(study) for study in search.studies],
        "members": list(data.names),
        "inputs": {
            knee.name: {
                "image": {"file": str(knee.image), "sha256": checksums[knee.image]},
                "femur": {"file": str(knee.femur), "sha256": checksums[knee.femur]},
            }
            for knee in data.knees.values()
        },
        "stages": [stage.facts for stage in FEMUR_STAGES],
        "parameters": {stage.parameter_file: settings.parameters[stage.parameter_file] for stage in FEMUR_STAGES},
        "threads": settings.threads,
        "cache": str(settings.cache),
        "limits": {
            check.key: {"doubtful": _bounds(check.doubtful), "failed": _bounds(check.failed)}
            for check in settings.limits.checks
        },
    }


def _bounds(interval: tuple[float, float]) -> list[float | None]:
    """JSON has no infinity."""
    return [bound if math.isfinite(bound) else None for bound in interval]


def place_reference(member: Member, folder: Path, force: bool = False, inputs: Iterable[Path] = ()) -> list[Path]:
    """Copy a knee's image and masks to where segmentation looks for its reference: ``reference.mha``,
    ``reference_f.mha`` and, if the knee has a cartilage mask, ``reference_fc.mha``.

    Files in other formats are converted.

    :param folder: is made if it does not exist.
    :param force: replace another reference that is there.
    :param inputs: images and masks that are never replaced.
    :return: the files, the image last.
    :raises InputError: if another reference or one of the inputs is there; nothing was changed then.
    :raises OSError: if something could not be written.
    """
    folder = Path(os.path.abspath(folder))
    folder.mkdir(parents=True, exist_ok=True)
    sources = {f"reference_{Tissue.FEMUR.value}{_SUFFIX}": member.femur}
    if member.cartilage is not None:
        sources[f"reference_{Tissue.CARTILAGE.value}{_SUFFIX}"] = member.cartilage
    sources[f"reference{_SUFFIX}"] = member.image
    names = [f"reference{end}{_SUFFIX}" for end in ("", "_f", "_fc")]
    kept = {os.path.realpath(path) for path in inputs}
    with ExitStack() as cleared:
        staged = {folder / name: _stage(source, folder, cleared) for name, source in sources.items()}
        others = [path for name in names if (path := folder / name).is_file() and not _same(path, staged.get(path))]
        in_use = [path for path in others if not path.is_symlink() and os.path.realpath(path) in kept]
        if in_use:
            raise InputError(
                [Problem(f"'{path}' is an image or mask of the data set", "Name another folder") for path in in_use]
            )
        if others and not force:
            message = f"'{folder}' holds another reference: {', '.join(path.name for path in others)}"
            raise InputError([Problem(message, "Name another folder, or replace it (--force)")])
        # The image first: an interruption leaves no reference, and never one with the masks of another. Of a link only
        # the link is removed, not what it leads to.
        for path in sorted(others, key=lambda path: path.name != names[0]):
            path.unlink()
        for target, path in staged.items():
            move_into_place(path, target)
    return list(staged)


def _stage(source: Path, folder: Path, cleared: ExitStack) -> Path:
    """A copy as .mha under a temporary name."""
    target = folder / f"{TEMPORARY_PREFIX}{os.getpid()}-{secrets.token_hex(6)}{_SUFFIX}"
    cleared.callback(target.unlink, missing_ok=True)
    if source.suffix.lower() == _SUFFIX:
        target.write_bytes(source.read_bytes())
    else:
        write_image(read_image(source), target)
    return target


def _same(path: Path, other: Path | None) -> bool:
    return other is not None and checksum(path) == checksum(other)


def _describe(study: StudyResult) -> dict[str, Any]:
    return {
        "seed": study.seed,
        "ending": study.ending.value,
        "references": list(study.references),
        "cycle": list(study.cycle),
        "recommended": study.recommended,
        "distance": study.distance,
        "sentence": study.sentence,
        "iterations": [
            {
                "reference": evaluation.reference,
                "distance": evaluation.distance,
                "nearest": evaluation.nearest,
                "distances": dict(evaluation.distances),
                "failed": dict(evaluation.failed),
                "doubts": dict(evaluation.doubts),
            }
            for evaluation in study.evaluations
        ],
    }
