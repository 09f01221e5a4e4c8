"""The cohort: digital knees on a coarse grid, their list, and parameter files with few iterations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.elastix.parameters import read_parameters, write_parameters
from KneeCartilageSegLib.lists.imagelist import write_image_list
from KneeCartilageSegLib.registration.parameterfiles import PARAMETER_FOLDER, read_parameter_files
from KneeCartilageSegLib.registration.stages import Modality

_HASTY = {
    "MaximumNumberOfIterations": ("12",),
    "NumberOfSpatialSamples": ("500",),
    "NumberOfResolutions": ("1",),
    "NumberOfJacobianMeasurements": ("100",),
}
_PEOPLE = 20  # then the same people again, in another pose and scan


@dataclass(frozen=True)
class Cohort:
    """Where the cohort lies.

    :param names: of its knees.
    """

    list_file: Path
    parameters: Path
    names: tuple[str, ...]


def make_cohort(folder: Path, count: int, spacing: float) -> Cohort:
    """Make the cohort; knees that are there already stay.

    :param spacing: voxel size, mm.
    """
    names = tuple(f"{number:04d}_prep" for number in range(count))
    _make(folder / "reference", "reference", phantom.KneeParameters.reduced(spacing, subject=1))
    for number, name in enumerate(names):
        _make(folder / "preprocessed", name, _parameters(number, spacing))
    entries = [("r", "reference.mha"), *(("m", f"{name}.mha") for name in names)]
    write_image_list(folder / "list.txt", ["./reference", "./preprocessed"], entries)
    return Cohort(folder / "list.txt", _hasty_parameters(folder / "parameters"), names)


def _parameters(number: int, spacing: float) -> phantom.KneeParameters:
    turn, person = divmod(number, _PEOPLE)
    pose = {"rotation": (number % 5 - 2.0, number % 3 - 1.0, 1.0), "translation": (number % 7 - 3.0, 1.0, -1.0)}
    return phantom.KneeParameters.reduced(spacing, subject=2 + person, acquisition=turn, **pose)


def _make(folder: Path, name: str, parameters: phantom.KneeParameters) -> None:
    if not (folder / f"{name}.mha").is_file():
        phantom.write_knee(phantom.make_knee(parameters), folder, name)


def _hasty_parameters(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name in read_parameter_files(Modality.NEW_SUBJECT):
        own = read_parameters(PARAMETER_FOLDER / name)
        write_parameters(folder / name, {**own, **{key: value for key, value in _HASTY.items() if key in own}})
    return folder
