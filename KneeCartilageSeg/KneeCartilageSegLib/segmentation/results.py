"""Write the results of a case: masks, what :mod:`.registered` has written beside them, and the provenance record.

Everything is written and verified in the case's working folder first, on the disk where it belongs. Then it is moved
into place, file by file, and the record last of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..files import checksum, copy_into_place, move_into_place
from ..images.files import write_image
from ..records import write_json
from ..tissue import Tissue
from .cases import REJECTED, SEGMENTED, Case
from .correction import set_aside
from .record import mask_files, write_pending
from .registered import RegisteredFiles
from .segment import Segmentation

_RECORD_COPY = "provenance.json"


def registered_record(case: Case) -> Path:
    """The record in the folder of the registered images: without it, they are not complete."""
    return case.registered / _RECORD_COPY


@dataclass(frozen=True)
class StagedFiles:
    """Results that are written and verified, but not yet in their place.

    :param masks: where each mask lies now, by where it goes.
    :param registered: likewise for what goes to ``registered/``.
    """

    masks: Mapping[Path, Path]
    registered: Mapping[Path, Path]


def stage_results(case: Case, result: Segmentation, registered: RegisteredFiles, staging: Path) -> StagedFiles:
    """Write the masks to the case's working folder.

    A result that failed its checks is to go to ``rejected/``, where no later step takes it for a segmentation.

    :param registered: what is to go to ``registered/``; it is waited for.
    :param staging: the case's working folder.
    :raises OSError: if something could not be written.
    """
    folder = REJECTED if result.failed else SEGMENTED
    masks = {}
    for tissue in Tissue:
        target = case.mask(tissue, folder)
        masks[target] = staging / target.name
        write_image(result.masks[tissue], masks[target], like=case.moving)
    if result.disagreement is not None:
        target = case.disagreement(folder)
        masks[target] = staging / target.name
        write_image(result.disagreement, masks[target], like=case.moving)
    return StagedFiles(masks, {case.registered / path.name: path for path in registered.finish()})


def publish(case: Case, files: StagedFiles, record: Mapping[str, Any]) -> dict[str, Any]:
    """Move staged results into place, and write the record last. Other masks that are there are set aside before.

    Should that be interrupted, the pending record tells that the files which were moved already are ours.

    :param record: from :func:`.segmentation.record.make_record`.
    :return: the record with the checksums of the masks.
    """
    outputs = {f"{target.parent.name}/{target.name}": checksum(path) for target, path in files.masks.items()}
    complete = {**record, "outputs": outputs}
    pending = case.pending_record
    moves = {**files.registered, **files.masks}
    copies = {case.automatic(tissue): path for tissue in Tissue for path in _masks_of(case, tissue, files)}
    for folder in {pending.parent, *(target.parent for target in (*moves, *copies))}:
        folder.mkdir(parents=True, exist_ok=True)
    write_pending(case, complete)
    if files.registered:
        registered_record(case).unlink(missing_ok=True)
    # All of them first: an interruption must not leave a new mask beside an old one.
    set_aside(case, [path for name, path in mask_files(case).items() if _differs(path, outputs.get(name))])
    for target, path in copies.items():
        copy_into_place(path, target)
    for target, path in moves.items():
        move_into_place(path, target)
    if files.registered:
        write_json(registered_record(case), complete)
    write_json(case.record, complete)
    for path in (pending, case.correction_record, case.failure_record):
        path.unlink(missing_ok=True)
    return complete


def _masks_of(case: Case, tissue: Tissue, files: StagedFiles) -> list[Path]:
    places = [case.mask(tissue, folder) for folder in (SEGMENTED, REJECTED)]
    return [files.masks[place] for place in places if place in files.masks]


def _differs(path: Path, digest: str | None) -> bool:
    return path.is_file() and checksum(path) != digest
