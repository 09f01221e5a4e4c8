"""How to search for a reference: what the panel and the logic hand on to the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from KneeCartilageSegLib.findreference.study import MAX_ITERATIONS
from KneeCartilageSegLib.registration.fields import Field
from KneeCartilageSegLib.registration.side import Side


@dataclass(frozen=True)
class StudyOptions:
    """Options of ``knee-cartilage-seg find-reference``; the defaults are the command line's own.

    :param pick: draw so many seeds; None starts from those that are named.
    :param seed: of the draw.
    :param field: what is compared.
    :param side: auto compares left and right knees, same leaves out those of the other side than the reference's.
    :param engine: the elastix program or its folder; None finds one.
    :param output: the folder for the results; None is beside the data set.
    :param cache: the folder for the registrations, which other studies may share; None is in that of the results.
    :param threads: for each registration; 0 chooses.
    :param jobs: registrations at once; 0 chooses.
    :param parameters: a folder with elastix parameter files of the user.
    """

    max_iterations: int = MAX_ITERATIONS
    pick: int | None = None
    seed: int = 0
    field: Field = Field.SIZE_AND_SHAPE
    side: Side = Side.AUTO
    engine: Path | None = None
    output: Path | None = None
    cache: Path | None = None
    threads: int = 0
    jobs: int = 0
    parameters: Path | None = None


def study_arguments(lists: Sequence[Path], options: StudyOptions) -> list[str]:
    """The arguments of the command line for the lists of a data set."""
    values = {
        "--max-iterations": options.max_iterations,
        "--field": options.field.value,
        "--side": options.side.value,
        "--pick": options.pick,
        "--seed": options.seed if options.pick is not None else None,
        "--engine": options.engine,
        "--out": options.output,
        "--cache": options.cache,
        "--threads": options.threads or None,
        "--jobs": options.jobs or None,
        "--parameters": options.parameters,
    }
    arguments = ["find-reference", *map(str, lists), "--progress", "json", "--attached"]
    return arguments + [f"{option}={value}" for option, value in values.items() if value is not None]
