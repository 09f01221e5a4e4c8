"""How the references of a knee lie to each other: registered once, and kept with them.

Each is registered to the **most central** one, whose femur is closest in shape to the mean of all, by the stages that
the femur guides. Which one that is comes from registering all of them to any one of them first: followed back from
there, their femurs have a displacement field each (see :mod:`.registration.fields`).

The folder of the registrations lies beside the first reference, and holds what is prepared of each reference, too: its
image without bias, smoothed masks, fixed images. What is in it is named by what decides about it, so it is never out of
date, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..elastix.discovery import EngineChoice
from ..elastix.engine import Engine
from ..elastix.parameters import ParameterMap, read_parameters, write_parameters
from ..elastix.transforms import NO_TRANSFORM, initial_transform, read_transform
from ..errors import Cancelled
from ..images.backward import Backward
from ..images.regions import bounding_box, crop, points_inside
from ..images.transforms import Chain
from ..records import read_json, write_json
from ..reference_files import ReferenceFiles
from ..registration.align import RegistrationJob, align
from ..registration.fields import common_support, displacement, distances, femur_points
from ..registration.limits import Limits
from ..registration.reference import Reference
from ..registration.stages import STAGES, Modality, last_stage
from ..runs.beside import Beside
from ..runs.locks import clear_temporaries, locked_folder, try_lock
from ..runs.workplace import Workplace
from ..tissue import Tissue
from .carrying import Linked
from .cases import Case
from .record import ALGORITHM

FOLDER = "between_references"

_FORMAT = "KneeCartilageSeg between references 1"
_SHARED = STAGES[Modality.NEW_SUBJECT][: last_stage(STAGES[Modality.NEW_SUBJECT], Tissue.FEMUR)]
_FIELD_MARGIN = 10.0  # mm
_STORY = "link.json"
_WAIT = 0.2  # seconds


@dataclass(frozen=True)
class Between:
    """The references of a knee, and how to register them to each other.

    :param files: of each reference.
    :param references: their images and masks.
    :param checksums: of all files.
    :param parameters: elastix parameters by parameter file name.
    :param folder: of the registrations; is made when something is kept.
    """

    files: Sequence[ReferenceFiles]
    references: Sequence[Reference]
    checksums: Mapping[Path, str]
    parameters: Mapping[str, ParameterMap]
    engine: EngineChoice
    limits: Limits
    folder: Path
    workplace: Workplace

    def most_central(self, beside: Beside) -> int:
        """The number of the reference whose femur is closest to the mean of all."""
        path = self.folder / f"{self._key(*range(len(self.files)))}.json"
        known = read_json(path, _FORMAT)
        if known is not None:
            return known["central"]
        others = range(1, len(self.files))
        rated = distances(_fields(self.references[0], self.links(0, others, beside))).knees
        central = int(min(rated, key=lambda number: rated[number]))
        self.folder.mkdir(parents=True, exist_ok=True)
        story = {self.files[int(number)].image.name: distance for number, distance in rated.items()}
        write_json(path, {"format": _FORMAT, "central": central, "distances": story})
        return central

    def links(self, to: int, numbers: Sequence[int], beside: Beside) -> dict[int, Linked]:
        """How references lie to one of them, by their numbers.

        :raises EngineError: if elastix fails.
        :raises Cancelled: if the user has asked to stop.
        """
        found = beside.map_registrations(lambda number, engine: self._link(number, to, engine), numbers)
        return dict(zip(numbers, found))

    def _link(self, number: int, to: int, engine: Engine) -> Linked:
        key = self._key(number, to)
        while not self._kept(key).is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            lock, work = self.folder / f".{key}.lock", self.folder / f".{key}.tmp"
            with locked_folder(lock, work, self.workplace) as folder:
                if folder is not None and not self._kept(key).is_dir():
                    self._register(number, to, key, engine, folder)
            if self.workplace.cancelled:
                raise Cancelled("cancelled")
            if folder is None:
                time.sleep(_WAIT)  # another run is at work on it
        story = read_json(self._kept(key) / _STORY, _FORMAT) or {}
        files = tuple(sorted(self._kept(key).glob("*.txt")))
        return Linked(self.references[number], files, story.get("mirrored", False))

    def _register(self, number: int, to: int, key: str, engine: Engine, folder: Path) -> None:
        reference, other = self.references[number], self.references[to]
        # One of its own: what is prepared for this, its mirror image above all, need not stay in memory for the knees.
        prepared = folder / "prepared"
        prepared.mkdir()
        own = Reference(reference.image, {Tissue.FEMUR: reference.masks[Tissue.FEMUR]}, prepared)
        job = RegistrationJob(own, other.image, Modality.NEW_SUBJECT, self.parameters, engine, folder)
        aligned = align(job, _SHARED, self.limits)
        staged = folder / "kept"
        staged.mkdir()
        for position, path in enumerate(aligned.alignment.files):
            parameters = {**read_parameters(path), **initial_transform(NO_TRANSFORM)}
            write_parameters(staged / f"TransformParameters.{position}.txt", parameters)
        story = {
            "from": self.files[number].image.name,
            "to": self.files[to].image.name,
            "mirrored": aligned.job.reference.original is not None,
            "measurements": dict(aligned.measurements),
        }
        write_json(staged / _STORY, {"format": _FORMAT, **story})
        os.replace(staged, self._kept(key))

    def _kept(self, key: str) -> Path:
        return self.folder / key

    def _key(self, *numbers: int) -> str:
        """A fingerprint of all that decides about how references lie to each other."""
        inputs = [[self.checksums[path] for path in self._inputs(number)] for number in numbers]
        content = {
            "format": _FORMAT,
            "algorithm": ALGORITHM,
            "inputs": inputs,
            "stages": [repr(stage) for stage in _SHARED],
            "parameters": {stage.parameter_file: self.parameters[stage.parameter_file] for stage in _SHARED},
            "engine": [self.engine.kind, self.engine.version],
            "confident": self.limits.confident,
        }
        return _fingerprint(content)

    def _inputs(self, number: int) -> list[Path]:
        """The files of a reference that decide: the cartilage mask does not."""
        files = self.files[number]
        return [files.image, *(path for tissue, path in files.masks if tissue is Tissue.FEMUR)]


def between_folder(case: Case) -> Path:
    """Where the registrations between the references are kept: with them, or with the results if that is read-only."""
    beside = case.references[0].image.parent
    return (beside if os.access(beside, os.W_OK) else case.output) / FOLDER


def clear_leftovers(folder: Path) -> None:
    """Remove what processes that were killed have left in a folder of registrations between references."""
    for place in (folder, *folder.glob("prepared_*"), *folder.glob("prepared_*/mirrored")):
        clear_temporaries(place)
    for work in folder.glob(".*.tmp"):
        with suppress(OSError), try_lock(work.with_suffix(".lock")) as free:
            if free:
                shutil.rmtree(work, ignore_errors=True)


def prepared_name(checksums: Sequence[str]) -> str:
    """A name for a folder of what is prepared of a reference, in the folder of the registrations.

    :param checksums: of its files.
    """
    content = {"format": _FORMAT, "algorithm": ALGORITHM, "inputs": list(checksums)}
    return f"prepared_{_fingerprint(content)}"


def _fingerprint(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def _fields(first: Reference, links: Mapping[int, Linked]) -> dict[str, np.ndarray]:
    """The displacement fields of references in the frame of the first, by number, where all of them are seen.

    A reference that shows too little of the femur for that is left out.

    :param links: how the others lie to the first.
    """
    mask = first.masks[Tissue.FEMUR]
    points = femur_points(mask)
    region = crop(first.image, *bounding_box(mask), margin=_FIELD_MARGIN)
    mapped = {"0": points}
    for number, link in links.items():
        followed = Backward(Chain(tuple(read_transform(path) for path in link.files)), region).rough(points)
        used = link.reference.mirrored() if link.mirrored else link.reference
        followed[~points_inside(used.image, followed)] = np.nan
        mapped[str(number)] = followed
    seen, left_out = common_support(mapped)
    kept = {number: followed[seen] for number, followed in mapped.items() if number not in left_out}
    return {number: displacement(points[seen], followed) for number, followed in kept.items()}
