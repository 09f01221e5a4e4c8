"""Registrations of the convergence study, kept so that no pair of knees is ever registered twice.

A folder of small files, two a registration, named by what decides about its result: the content of the images and
masks, the parameters, the elastix. Studies from other seeds, later runs and runs at the same time share it. Nothing in
it ever has to be cleared away because it is out of date; all of it may be deleted, which costs time only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..elastix.discovery import EngineChoice
from ..elastix.parameters import ParameterMap
from ..files import TEMPORARY_PREFIX, checksum, move_into_place
from ..records import write_json
from ..registration.fields import SPACING
from ..registration.limits import Limits
from ..registration.side import Side
from ..runs.locks import locked_folder
from ..runs.workplace import Workplace
from ..segmentation.record import ALGORITHM
from .femur import FEMUR_STAGES, FemurMap

# Raised with every change of the study's part of the library that gives other points or another form of these files.
_FORMAT = "KneeCartilageSeg femur map 2"


@dataclass(frozen=True)
class KeptRegistration:
    """A registration that was run.

    :param measurements: of the registration; none if elastix refused the images.
    :param error: why elastix refused the images.
    :param seconds: that it took.
    """

    key: str
    measurements: Mapping[str, float]
    error: str
    seconds: float


def pair_key(
    inputs: Mapping[str, str],
    parameters: Mapping[str, ParameterMap],
    engine: EngineChoice,
    limits: Limits,
    side: Side = Side.AUTO,
) -> str:
    """A fingerprint of all that decides about the result of a registration.

    :param inputs: the SHA-256 checksums of reference, reference_f, moving and moving_f.
    :param side: that was asked for.
    """
    content = {
        "format": _FORMAT,
        "algorithm": ALGORITHM,
        "inputs": dict(inputs),
        "stages": [repr(stage) for stage in FEMUR_STAGES],
        "parameters": {stage.parameter_file: parameters[stage.parameter_file] for stage in FEMUR_STAGES},
        "engine": [engine.kind, engine.version],
        "confident": limits.confident,
        "spacing": SPACING,
        "side": side.value,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


class MapCache:
    """The folder of the registrations.

    :param folder: is made when something is written.
    """

    def __init__(self, folder: Path):
        self.folder = Path(folder)

    def find(self, key: str) -> KeptRegistration | None:
        """A registration that was run, or None; one whose files are damaged counts as none."""
        try:
            facts = json.loads(self._facts_file(key).read_text(encoding="utf-8"))
            whole = facts["format"] == _FORMAT and (not facts["points"] or facts["points"] == self._digest(key))
            return KeptRegistration(key, facts["measurements"], facts["error"], facts["seconds"]) if whole else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def points(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        """The points of a registration and where they are mapped to, each n x 3 (mm, LPS)."""
        points, mapped = np.load(self._points_file(key), allow_pickle=False).astype(float)
        return points, mapped

    @contextmanager
    def working_folder(self, key: str, workplace: Workplace) -> Iterator[Path | None]:
        """An empty folder on the same disk for everything temporary of a registration; None if another run has it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked_folder(self.folder / f".{key}.lock", self.folder / f"{TEMPORARY_PREFIX}{key}", workplace) as folder:
            yield folder

    def keep(
        self, key: str, result: FemurMap, seconds: float, story: Mapping[str, Any], work: Path
    ) -> KeptRegistration:
        """Keep a registration. Single precision moves no point by more than 0.0001 mm.

        :param story: for people: which files were registered by what.
        :param work: its working folder.
        """
        staged = work / self._points_file(key).name
        np.save(staged, np.stack([result.points, result.mapped]).astype(np.float32), allow_pickle=False)
        move_into_place(staged, self._points_file(key))
        return self._write(KeptRegistration(key, dict(result.measurements), "", seconds), self._digest(key), story)

    def keep_refusal(self, key: str, error: str, seconds: float, story: Mapping[str, Any]) -> KeptRegistration:
        """Keep that elastix refused the images."""
        return self._write(KeptRegistration(key, {}, error, seconds), "", story)

    def _write(self, entry: KeptRegistration, digest: str, story: Mapping[str, Any]) -> KeptRegistration:
        write_json(self._facts_file(entry.key), {"format": _FORMAT, **vars(entry), "points": digest, **story})
        return entry

    def _facts_file(self, key: str) -> Path:
        return self.folder / f"{key}.json"

    def _points_file(self, key: str) -> Path:
        return self.folder / f"{key}.npy"

    def _digest(self, key: str) -> str:
        return checksum(self._points_file(key))
