"""The provenance record beside every result: what it was made from, by what, and how well that went.

The record is a JSON file. It is written last, so a knee without one is not finished; it holds the checksums of what was
written, so that a mask which somebody has corrected by hand is recognized and never overwritten.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from ..elastix.parameters import ParameterMap
from ..files import checksum
from ..records import origin, read_json, write_json
from ..registration.side import Side
from ..registration.stages import STAGES, Modality
from ..tissue import Tissue
from .cases import PROVENANCE, REJECTED, SEGMENTED, Case

# Raised with every change of the library that gives other voxels for the same input: older results are then redone.
ALGORITHM = 6
FUSION = 2  # likewise, of what concerns several references only

CORRECTION_FORMAT = "KneeCartilageSeg correction 1"
_FAILURE_FORMAT = "KneeCartilageSeg failure 1"
_EARLIER = "earlier"  # in a pending record: checksums of the masks of ours that it replaces


class ResultState(Enum):
    """What lies where the results of a case go."""

    NEW = "nothing that counts"
    FINISHED = "a result of these inputs and parameters"
    STALE = "a result of other inputs or parameters"
    FOREIGN = "masks that this tool did not write"
    EDITED = "masks that were changed since this tool wrote them"
    OTHER_MODALITY = "masks of another modality"
    DAMAGED = "masks whose record is damaged"


def case_key(
    case: Case, checksums: Mapping[Path, str], parameters: Mapping[str, ParameterMap], side: Side = Side.AUTO
) -> str:
    """A fingerprint of all that decides about the voxels of a case's result.

    :param side: that was asked for.

    The engine is left out: all give the same result within their tolerance, and a study may move to another computer.
    """
    stages = STAGES[case.modality]
    content: dict[str, Any] = {
        "algorithm": ALGORITHM,
        "modality": case.modality.value,
        "inputs": {role: checksums[path] for role, path in sorted(case.inputs.items())},
        "stages": [repr(stage) for stage in stages],
        "parameters": {name: parameters[name] for name in sorted({stage.parameter_file for stage in stages})},
        "side": side.value if case.modality is Modality.NEW_SUBJECT else Side.SAME.value,
    }
    if len(case.references) > 1:
        content["fusion"] = [FUSION, case.at_most]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def make_record(
    case: Case,
    key: str,
    checksums: Mapping[Path, str],
    parameters: Mapping[str, ParameterMap],
    outcome: Mapping[str, Any],
) -> dict[str, Any]:
    """A record without its outputs, which :func:`write_record` is given.

    :param outcome: status, engine, seconds, measurements and flags.
    """
    stages = STAGES[case.modality]
    return {
        "format": PROVENANCE,
        "key": key,
        **origin(),
        "modality": case.modality.value,
        "inputs": {role: {"file": str(path), "sha256": checksums[path]} for role, path in case.inputs.items()},
        "stages": [stage.facts for stage in stages],
        "parameters": {stage.parameter_file: parameters[stage.parameter_file] for stage in stages},
        **outcome,
    }


def read_record(path: Path) -> dict[str, Any] | None:
    """The provenance record of a result, or None if there is none, or one that is damaged."""
    record = read_json(path, PROVENANCE)
    return record if record is not None and _is_whole(record) else None


def _is_whole(record: Mapping[str, Any]) -> bool:
    """Whether a record holds what is asked of it; a hand or a disk may have changed it."""
    texts = (record.get("key"), record.get("modality"), record.get("status"))
    named_tables = {name: record.get(name) for name in ("inputs", "outputs", "measurements", "flags")}
    tables = {name: table for name, table in named_tables.items() if isinstance(table, dict)}
    if not all(isinstance(text, str) for text in texts) or len(tables) < len(named_tables):
        return False
    inputs, outputs, measurements, flags = tables.values()
    described = all(isinstance(one, dict) and isinstance(one.get("file"), str) for one in inputs.values())
    hashed = described and all(isinstance(one.get("sha256"), str) for one in inputs.values())
    numbers = all(isinstance(value, (int, float)) for value in measurements.values())
    named = all(isinstance(value, str) for value in (*outputs.values(), *flags.values()))
    return hashed and numbers and named and isinstance(record.get("seconds", {}), dict)


@functools.lru_cache(maxsize=8)
def _record_of_version(path: Path, modified: int) -> dict[str, Any]:
    """A record; whoever looks at several things in one reads it once."""
    return read_record(path) or {}


class StoredRecord(Mapping):
    """The provenance record of a result, read from its file whenever it is looked at: ten thousand of them in memory
    would take half a gigabyte.

    :param path: its file; without one, the record is empty.
    """

    def __init__(self, path: Path):
        self._path = path

    def __getitem__(self, key: str) -> Any:
        return self._read()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def _read(self) -> dict[str, Any]:
        try:
            return _record_of_version(self._path, self._path.stat().st_mtime_ns)
        except OSError:
            return {}


def write_pending(case: Case, record: Mapping[str, Any]) -> None:
    """Say what will be moved into place, without forgetting what earlier runs, or a crash in one, have put there."""
    earlier = {name: sorted(digests) for name, digests in _our_masks(case).items()}
    write_json(case.pending_record, {**record, _EARLIER: earlier})


def note_failure(case: Case, message: str) -> None:
    """Keep why a case could not be segmented, as far as the disk lets us."""
    with contextlib.suppress(OSError):
        write_json(case.failure_record, {"format": _FAILURE_FORMAT, **origin(), "message": message})


def noted_failure(case: Case) -> str:
    """Why the last run could not segment a case; empty if it could, or none has tried."""
    return str((read_json(case.failure_record, _FAILURE_FORMAT) or {}).get("message", ""))


def state_of(case: Case, key: str) -> ResultState:
    """What lies where the results of a case go.

    :param key: from :func:`case_key`.
    """
    record = read_record(case.record)
    state = state_by_masks(case, record)
    if state is not ResultState.FINISHED or record is None:
        return state
    return ResultState.FINISHED if record["key"] == key else ResultState.STALE


def state_by_masks(case: Case, record: Mapping[str, Any] | None) -> ResultState:
    """The same whatever inputs and parameters are: never stale.

    :param record: of the case, from :func:`read_record`.
    """
    files = mask_files(case)
    present = {name: checksum(path) for name, path in files.items() if path.is_file()}
    masks = {name: digest for name, digest in present.items() if not name.endswith(case.disagreement().name)}
    ours = _our_masks(case)
    if any(digest not in ours.get(name, ()) for name, digest in masks.items()):
        if record is not None or read_json(case.correction_record, CORRECTION_FORMAT) is not None:
            return ResultState.EDITED
        return ResultState.DAMAGED if case.record.exists() else ResultState.FOREIGN
    if record is None:
        return ResultState.NEW
    if masks and record["modality"] != case.modality.value:
        return ResultState.OTHER_MODALITY
    outputs = record["outputs"]
    complete = all(name in present for name in outputs)
    same = masks == {name: digest for name, digest in outputs.items() if name in masks}
    return ResultState.FINISHED if complete and same else ResultState.NEW


def _our_masks(case: Case) -> dict[str, set[str]]:
    """The checksums of all versions of each mask that we wrote, or were writing when a run was interrupted."""
    record, pending = read_record(case.record) or {}, read_record(case.pending_record) or {}
    ours = {name: set(digests) for name, digests in pending.get(_EARLIER, {}).items()}
    for outputs in (record.get("outputs", {}), pending.get("outputs", {})):
        for name, digest in outputs.items():
            ours.setdefault(name, set()).add(digest)
    return ours


def mask_files(case: Case) -> dict[str, Path]:
    """All places where masks of a case, and what belongs to them, may lie, by name relative to the output folder."""
    folders = SEGMENTED, REJECTED
    paths = [case.mask(tissue, folder) for folder in folders for tissue in Tissue]
    paths += [case.disagreement(folder) for folder in folders]
    return {f"{path.parent.name}/{path.name}": path for path in paths}
