"""One registration of the convergence study, from files to the cache: a function of plain values, for a thread or a
cluster."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..elastix.discovery import EngineChoice
from ..elastix.parameters import ParameterMap
from ..errors import ImagesRefused
from ..images.bias import even
from ..records import versions
from ..registration.align import RegistrationJob
from ..registration.fields import Field
from ..registration.limits import Limits, judge
from ..registration.references import read_unchanged
from ..registration.side import Side
from ..registration.stages import Modality
from ..runs.failures import Failure, attempt
from ..runs.steps import CHECKS_STEP, READING_STEP, WorkSteps
from ..runs.timelimit import DEFAULT_MINUTES, limited
from ..runs.workplace import Workplace
from .cache import KeptRegistration, MapCache, pair_key
from .dataset import Member
from .femur import FEMUR_STAGES, map_femur
from .study import MAX_ITERATIONS

REGISTERED, KNOWN, FAILED = "registered", "known", "failed"


@dataclass(frozen=True)
class KneePair:
    """A registration that a study asks for.

    :param reference: the name of the reference.
    :param name: that of the knee which is registered to it.
    """

    reference: str
    name: str


@dataclass(frozen=True)
class PairOutcome:
    """How a registration ended.

    :param status: :data:`REGISTERED`, :data:`KNOWN` (it was registered before) or :data:`FAILED`.
    :param known: whether it was registered before, also if it failed.
    :param message: why it failed.
    :param flags: the measurements that are outside their limits, with text for the user.
    :param key: of the registration in the cache; empty if it is not there.
    :param fatal: whether it failed for a reason that has nothing to do with the images, such as a full disk.
    :param cancelled: whether it was cancelled.
    """

    status: str
    known: bool = False
    message: str = ""
    flags: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    seconds: float = 0.0
    fatal: bool = False
    cancelled: bool = False


_ADVICE = (
    "Look at the image and its femur mask: take the knee out of the list if they do not belong together or show too "
    "little of the femur; if they are good, let it count (--limit)"
)


@dataclass(frozen=True)
class SearchSettings:
    """How to search.

    :param engine: the elastix to use.
    :param parameters: elastix parameters by parameter file name, those of new subjects.
    :param limits: what registrations are judged by, see :func:`.findreference.femur.search_limits`.
    :param cache: the folder of the registrations.
    :param jobs: how many registrations at once; each takes about one gigabyte of memory.
    :param threads: how many threads each of them may use.
    :param max_iterations: of each study.
    :param field: what is compared.
    :param side: ``AUTO`` compares knees of the other side than a reference's by their mirror image, ``SAME`` leaves
        them out.
    :param time_limit: minutes that a registration may take; None for no limit.
    """

    engine: EngineChoice
    parameters: Mapping[str, ParameterMap]
    limits: Limits
    cache: Path
    jobs: int = 1
    threads: int = 1
    max_iterations: int = MAX_ITERATIONS
    field: Field = Field.SIZE_AND_SHAPE
    side: Side = Side.AUTO
    time_limit: float | None = DEFAULT_MINUTES


@dataclass(frozen=True)
class PairFiles:
    """The files of a registration.

    :param checksums: of all of them, when they were checked.
    """

    reference: Member
    moving: Member
    checksums: Mapping[Path, str]

    @property
    def inputs(self) -> dict[str, Path]:
        """The files by their role."""
        return {
            "reference": self.reference.image,
            "reference_f": self.reference.femur,
            "moving": self.moving.image,
            "moving_f": self.moving.femur,
        }

    @property
    def pair(self) -> KneePair:
        """The names of the two knees."""
        return KneePair(self.reference.name, self.moving.name)


def register_pair(files: PairFiles, settings: SearchSettings, workplace: Workplace) -> PairOutcome | None:
    """Register a knee to a reference, unless that is known; whatever goes wrong is the outcome.

    :return: the outcome, or None if another run is at work on it.
    """
    outcome = attempt(
        f"registering {files.moving.name} to {files.reference.name}",
        lambda: limited(workplace, settings.time_limit, lambda place: _register_locked(files, settings, place)),
        lambda: workplace.cancelled,
    )
    return failed_outcome(outcome) if isinstance(outcome, Failure) else outcome


def failed_outcome(failure: Failure) -> PairOutcome:
    """The outcome of a registration that has no result."""
    # Not the images' fault: a mean without this knee would be another study's.
    remedy = "; run the command again: what is registered is kept" if failure.of_engine else ""
    return PairOutcome(FAILED, message=f"{failure.message}{remedy}", fatal=True, cancelled=failure.cancelled)


def _register_locked(files: PairFiles, settings: SearchSettings, workplace: Workplace) -> PairOutcome | None:
    inputs = {role: files.checksums[path] for role, path in files.inputs.items()}
    key = pair_key(inputs, settings.parameters, settings.engine, settings.limits, settings.side)
    cache = MapCache(settings.cache)
    with cache.working_folder(key, workplace) as folder:
        if folder is None:
            return None
        known = cache.find(key)
        return _judged(known or _register(files, key, settings, workplace, folder), known is not None, settings.limits)


def _register(
    files: PairFiles, key: str, settings: SearchSettings, workplace: Workplace, folder: Path
) -> KeptRegistration:
    begun = time.perf_counter()
    cache, moving, pair = MapCache(settings.cache), files.moving, files.pair
    steps = WorkSteps(workplace, FEMUR_STAGES, [CHECKS_STEP], pair.name, pair.reference)
    with workplace.reference(files.reference.files, files.checksums) as reference:
        steps.begin(READING_STEP)
        engine = workplace.engine(settings.engine, settings.threads)
        image = even(read_unchanged(moving.image, files.checksums))
        femur = read_unchanged(moving.femur, files.checksums)
        # A name of its own: an elastix that outlives a killed run must not write into this one.
        work = Path(tempfile.mkdtemp(dir=folder))
        job = RegistrationJob(
            reference(),
            image,
            Modality.NEW_SUBJECT,
            settings.parameters,
            engine,
            work,
            steps.begin,
            settings.side,
        )
        story = _story(files, engine.name, settings.threads)
        try:
            result = map_femur(job, femur, settings.limits)
        except ImagesRefused as error:
            return cache.keep_refusal(key, str(error), time.perf_counter() - begun, story)
    return cache.keep(key, result, time.perf_counter() - begun, story, work)


def _story(files: PairFiles, engine: str, threads: int) -> dict[str, Any]:
    inputs = {role: {"file": str(path), "sha256": files.checksums[path]} for role, path in files.inputs.items()}
    return {
        "reference": files.reference.name,
        "image": files.moving.name,
        "inputs": inputs,
        "engine": engine,
        "threads": threads,
        "versions": versions(),
    }


def _judged(kept: KeptRegistration, known: bool, limits: Limits) -> PairOutcome:
    """The verdict on a registration. Other limits, another verdict."""
    flags = judge(kept.measurements, limits)
    texts = {flag.key: flag.text for flag in flags}
    reason = kept.error or "; ".join(flag.text for flag in flags if flag.failed)
    reason = f"{reason}. {_ADVICE}" if reason else ""
    status = FAILED if reason else KNOWN if known else REGISTERED
    return PairOutcome(status, known, reason, texts, kept.key, kept.seconds)
