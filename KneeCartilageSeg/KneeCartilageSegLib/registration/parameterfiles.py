"""The elastix parameter files: ours, or the user's own in their place."""

from __future__ import annotations

from pathlib import Path

from ..elastix.parameters import ParameterMap, read_parameters
from ..errors import InputError, Problem
from .stages import STAGES, Modality

PARAMETER_FOLDER = Path(__file__).parents[1] / "ElastixParameters"

# What the pipeline relies on: it composes stages, and it resamples by itself.
_REQUIRED = {
    "FixedImageDimension": ("3",),
    "MovingImageDimension": ("3",),
    "FixedInternalImagePixelType": ("float",),
    "MovingInternalImagePixelType": ("float",),
    "UseDirectionCosines": ("true",),
    "HowToCombineTransforms": ("Compose",),
    "WriteResultImage": ("false",),
    "ErodeMask": ("false",),
}
# elastix writes its result with six digits otherwise, which moves points by up to 0.0001 mm.
_PRECISION = {"DefaultOutputPrecision": ("12",)}
_NEEDED = ("Transform", "Metric", "Optimizer")


def read_parameter_files(modality: Modality, folder: Path | None = None) -> dict[str, ParameterMap]:
    """The parameters of all stages of a modality, by parameter file name.

    :param folder: a folder with own files; a file that is not in it is taken from ours.
    :raises InputError: for each file that elastix could not read or that the pipeline cannot use.
    """
    problems: list[Problem] = []
    if folder is not None and not Path(folder).is_dir():
        raise InputError([Problem(f"the parameter folder '{folder}' does not exist", "Correct its path")])
    names = [stage.parameter_file for stage in STAGES[modality]]
    if folder is not None and not any((Path(folder) / name).is_file() for name in names):
        remedy = f"Put at least one of {', '.join(names)} there"
        raise InputError([Problem(f"the parameter folder '{folder}' holds no parameter file of ours", remedy)])
    files: dict[str, ParameterMap] = {}
    for name in dict.fromkeys(names):
        own = None if folder is None else Path(folder) / name
        path = own if own is not None and own.is_file() else PARAMETER_FOLDER / name
        try:
            parameters = read_parameters(path)
        except InputError as error:
            problems += error.problems
            continue
        problems += _unusable(path, parameters)
        files[name] = {**parameters, **_REQUIRED, **_PRECISION}
    if problems:
        raise InputError(problems)
    return files


def _unusable(path: Path, parameters: ParameterMap) -> list[Problem]:
    problems = [
        Problem(f'({key} "{" ".join(parameters[key])}") cannot be used', f'It has to be "{values[0]}"', path)
        for key, values in _REQUIRED.items()
        if key in parameters and set(parameters[key]) != set(values)  # elastix takes a value for each resolution
    ]
    missing = [key for key in _NEEDED if not parameters.get(key)]
    return problems + [Problem(f"the parameter {key} is missing", "Add it", path) for key in missing]
