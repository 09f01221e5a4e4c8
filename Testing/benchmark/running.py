"""Segment one knee through the command line, in a process of its own, and measure everything about it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from KneeCartilageSegLib.segmentation.cases import REJECTED, SEGMENTED

from .checkouts import Checkout
from .errors import BenchmarkError
from .knees import Trial, write_study
from .processes import Observation, observe
from .scoring import score

STARTUP, OTHER = "start-up", "other"

_LAST_STEP = "writing"
# Steps that the command line reports as they begin, and the record may leave out.
_REPORTED_STEPS = ("reading", _LAST_STEP)
_INPUT_HAS_TO_BE_CORRECTED = 2


@dataclass(frozen=True)
class Result:
    """One knee, segmented once.

    :param repeat: its number, from 1.
    :param status: as the command line calls it; "rejected" has scores too.
    :param starts: how many starts were tried.
    :param steps: seconds of each step; their sum is that of the observation.
    :param scores: see :mod:`.scoring`.
    :param measurements: those of the provenance record.
    :param flags: the measurements outside their limits.
    """

    checkout: str
    trial: Trial
    repeat: int
    observation: Observation
    status: str
    engine: str
    starts: int
    steps: Mapping[str, float]
    scores: Mapping[str, float]
    measurements: Mapping[str, float] = field(default_factory=dict)
    flags: tuple[str, ...] = ()

    def row(self) -> dict[str, Any]:
        """As a row of the table; seconds of steps begin with ``s:``."""
        observation = self.observation
        return {
            "checkout": self.checkout,
            "modality": self.trial.modality.value,
            "knee": self.trial.moving.knee,
            "references": len(self.trial.references),
            "repeat": self.repeat,
            "status": self.status,
            "flags": " ".join(self.flags),
            "expected_dice": self.measurements.get("expected_dice"),
            "seconds": observation.seconds,
            "cpu_seconds": observation.cpu_seconds,
            "main_mib": observation.memory.main,
            "worker_mib": observation.memory.worker,
            "tree_mib": observation.memory.tree,
            **self.scores,
            "other_cores": observation.other_cores,
            "starts": self.starts,
            "engine": self.engine,
            **{f"s:{step}": seconds for step, seconds in self.steps.items()},
        }


def segment_command(list_file: Path, trial: Trial, output: Path, options: Sequence[str]) -> list[str]:
    """The arguments of ``knee-cartilage-seg``, with events on standard output."""
    modality = ["--modality", trial.modality.value]
    return ["segment", str(list_file), *modality, "--out", str(output), "--progress", "json", *options]


def run_trial(
    checkout: Checkout,
    trial: Trial,
    repeat: int,
    options: Sequence[str] = (),
    kept: Path | None = None,
    output: Path | None = None,
) -> Result:
    """Segment a knee in a temporary study.

    :param options: further options of ``knee-cartilage-seg segment``.
    :param kept: see :func:`.knees.write_study`.
    :param output: a folder for its results; None if they need not stay.
    :raises BenchmarkError: if it ends without a result.
    """
    with tempfile.TemporaryDirectory(prefix="knee-benchmark-") as temporary:
        output = output or Path(temporary) / "output"
        list_file = write_study(Path(temporary) / "study", [trial], kept)
        command = checkout.command(*segment_command(list_file, trial, output, options))
        observation = observe(command, checkout.environment)
        name = trial.moving.path.stem
        record_file = output / SEGMENTED / f"{name}_provenance.json"
        if not record_file.is_file():
            raise BenchmarkError(failure_text(name, checkout, observation))
        # Not by the library's reader: another checkout's record may be in another format.
        record = json.loads(record_file.read_text(encoding="utf-8"))
        folder = output / (REJECTED if record["status"] == "rejected" else SEGMENTED)
        return Result(
            checkout.label,
            trial,
            repeat,
            observation,
            record["status"],
            record["engine"]["name"],
            round(record["measurements"].get("starts", 1)),
            step_seconds(observation, record["seconds"]),
            score(folder, trial.moving),
            record["measurements"],
            tuple(record["flags"]),
        )


def warm_up(checkout: Checkout, trial: Trial) -> None:
    """Let Python compile the library, and the system read it and elastix, so that the first knee is like the others.

    :raises BenchmarkError: if the checkout cannot segment the knee.
    """
    with tempfile.TemporaryDirectory(prefix="knee-benchmark-") as temporary:
        list_file = write_study(Path(temporary) / "study", [trial])
        command = segment_command(list_file, trial, Path(temporary) / "output", ["--check"])
        observation = observe(checkout.command(*command), checkout.environment)
        if observation.exit_status != 0:
            raise BenchmarkError(failure_text(trial.moving.path.stem, checkout, observation))


def step_seconds(observation: Observation, recorded: Mapping[str, float]) -> dict[str, float]:
    """Seconds by step, which add up to the whole.

    "start-up" lasts until the run of the knee begins: interpreter, imports, check of all input, probe of elastix. The
    steps of the provenance record come next; "other" is what no step accounts for: stages from starts that were not
    taken, the side check (if the record does not name them), the summary, the end of the process.

    :param recorded: ``seconds`` of the provenance record.
    """
    reported = _reported_steps(observation.events)
    steps = {STARTUP: _begin_of_run(observation.events), **reported, **recorded}
    steps.pop("total", None)
    steps[_LAST_STEP] = steps.pop(_LAST_STEP, 0.0)
    return {**steps, OTHER: observation.seconds - sum(steps.values())}


def failure_text(name: str, checkout: Checkout, observation: Observation) -> str:
    """Why there is no result, in the words of the command line."""
    said = [str(event["message"]) for event in observation.events if event.get("message")]
    words = "; ".join(said) or observation.errors.strip() or "nothing"
    verb = "refused" if observation.exit_status == _INPUT_HAS_TO_BE_CORRECTED else "failed to segment"
    return f"{checkout.label} {verb} {name}: {words}"


def _begin_of_run(events: Sequence[Mapping[str, Any]]) -> float:
    return next((event["seconds"] for event in events if event["event"] == "start"), 0.0)


def _reported_steps(events: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Seconds from each event that begins one of the reported steps to the event after it."""
    following = zip(events, events[1:])
    return {
        event["step"]: after["seconds"] - event["seconds"]
        for event, after in following
        if event.get("step") in _REPORTED_STEPS
    }
