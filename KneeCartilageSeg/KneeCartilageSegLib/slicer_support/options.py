"""How to run: what the panel and the logic hand on to the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..registration.side import Side
from ..registration.stages import Modality


@dataclass(frozen=True)
class RunOptions:
    """Options of ``knee-cartilage-seg segment``; the defaults are the command line's own.

    :param engine: the elastix program or its folder; None finds one.
    :param output: the folder for the results; None is beside the images.
    :param threads: for each knee; 0 chooses.
    :param jobs: knees at once; 0 chooses.
    :param time_limit: minutes after which a knee fails; 0 is none.
    :param keep_registered: also write registered images and transforms.
    :param parameters: a folder with elastix parameter files of the user.
    :param limits: intervals outside which a result is rejected, by measurement.
    :param redo: redo what is finished, and replace masks that were edited.
    :param side: of new subjects; images of the other modalities are of their reference's side.
    :param references: a folder whose segmented knees are references of new subjects, besides the others.
    :param references_at_most: how many references to fuse for each knee, those that match best; 0 is all.
    """

    engine: Path | None = None
    output: Path | None = None
    threads: int = 0
    jobs: int = 0
    time_limit: int = 0
    keep_registered: bool = True
    parameters: Path | None = None
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    redo: bool = False
    side: Side = Side.AUTO
    references: Path | None = None
    references_at_most: int = 0


def segment_arguments(list_file: Path, modality: Modality, options: RunOptions) -> list[str]:
    """The arguments of the command line for an image list."""
    values = {
        "--engine": options.engine,
        "--out": options.output,
        "--threads": options.threads or None,
        "--jobs": options.jobs or None,
        "--time-limit": options.time_limit or None,
        "--parameters": options.parameters,
        "--references": options.references,
        "--references-at-most": options.references_at_most or None,
        "--side": options.side.value if modality is Modality.NEW_SUBJECT else None,
    }
    arguments = ["segment", str(list_file), "--modality", modality.value, "--progress", "json", "--attached"]
    arguments += [f"{option}={value}" for option, value in values.items() if value is not None]
    arguments += [f"--limit={key}={_interval(*bounds)}" for key, bounds in options.limits.items()]
    arguments += ["--no-registered"] if not options.keep_registered else []
    return [*arguments, "--force"] if options.redo else arguments


def status_arguments(list_file: Path, modality: Modality, options: RunOptions) -> list[str]:
    """The arguments of the command line for what earlier runs of an image list have left."""
    values = {
        "--out": options.output,
        "--references": options.references,
        "--references-at-most": options.references_at_most or None,
        "--parameters": options.parameters,
        "--side": options.side.value if modality is Modality.NEW_SUBJECT else None,
    }
    arguments = ["status", str(list_file), "--modality", modality.value, "--progress", "json"]
    return arguments + [f"{option}={value}" for option, value in values.items() if value is not None]


@dataclass(frozen=True)
class EngineQuestion:
    """What an elastix is wanted for.

    :param engine: the elastix program or its folder; None finds one.
    :param modality: whose stages it has to run.
    :param parameters: a folder with elastix parameter files of the user.
    """

    engine: Path | None
    modality: Modality
    parameters: Path | None


def engine_arguments(question: EngineQuestion) -> list[str]:
    """The arguments of the command line that tell which elastix is used."""
    values = {"--engine": question.engine, "--parameters": question.parameters}
    arguments = ["engine", f"--modality={question.modality.value}"]
    return arguments + [f"{option}={value}" for option, value in values.items() if value is not None]


def _interval(low: float, high: float) -> str:
    # Written so that the command line reads back the very same numbers.
    return f"{'' if low == float('-inf') else repr(low)}:{'' if high == float('inf') else repr(high)}"
