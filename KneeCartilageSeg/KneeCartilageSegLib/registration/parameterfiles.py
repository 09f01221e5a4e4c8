"""The elastix parameter files: ours, or the user's own in their place."""

from __future__ import annotations

import re
from pathlib import Path

from ..elastix.keys import is_known, nearest, nearest_key
from ..elastix.parameters import ParameterMap, read_parameters
from ..errors import InputError, Problem
from ..files import atomic_path
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
    if folder is not None:
        problems += _misnamed(Path(folder))
        if not problems and not any((Path(folder) / name).is_file() for name in names):
            remedy = f"Put at least one of {', '.join(dict.fromkeys(names))} there"
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
        problems += _unusable(path, parameters) + _unknown(path, parameters)
        files[name] = {**parameters, **_REQUIRED, **_PRECISION}
    if problems:
        raise InputError(problems)
    return files


def parameter_file_names(modality: Modality | None = None) -> tuple[str, ...]:
    """The names of the parameter files of a modality, or of all."""
    chosen = Modality if modality is None else (modality,)
    return tuple(dict.fromkeys(stage.parameter_file for one in chosen for stage in STAGES[one]))


def export_parameter_files(folder: Path, modality: Modality | None = None) -> tuple[Path, ...]:
    """Write our parameter files, with their comments, to be edited and given back.

    :param folder: is made if it is not there.
    :param modality: whose files; None for all.
    :return: the files; those that were there already, unchanged, included.
    :raises InputError: if another file of such a name is there; nothing was written then.
    """
    ours = {folder / name: (PARAMETER_FOLDER / name).read_bytes() for name in parameter_file_names(modality)}
    problems = [
        Problem(f"'{path}' is there already, and is not ours", "Name another folder, so that nobody's changes are lost")
        for path, content in ours.items()
        if path.exists() and not (path.is_file() and path.read_bytes() == content)
    ]
    if problems:
        raise InputError(problems)
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in ours.items():
        with atomic_path(path) as temporary:
            temporary.write_bytes(content)
    return tuple(ours)


def _misnamed(folder: Path) -> list[Problem]:
    """Files that look like parameter files and would not be used."""
    known = frozenset(parameter_file_names())
    problems = []
    for path in sorted(folder.iterdir()):
        meant = nearest(path.name, known)
        is_text = path.suffix.lower() == ".txt"
        if path.name in known or path.name.startswith(".") or not (is_text or (meant and not path.suffix)):
            continue
        remedy = f"Call it {meant}" if meant else f"Parameter files are called {', '.join(sorted(known))}"
        problems.append(Problem("no parameter file has this name: it would not be used", remedy, path))
    return problems


def _unknown(path: Path, parameters: ParameterMap) -> list[Problem]:
    """Parameters that elastix would pass over without a word."""
    problems = []
    for key in parameters:
        if is_known(key):
            continue
        meant = nearest_key(key)
        remedy = f"Write {meant}, or remove it" if meant else "Correct or remove it"
        problems.append(Problem(f"elastix knows no parameter {key}", remedy, path, _line_of(path, key)))
    return problems


def _line_of(path: Path, key: str) -> int | None:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    beginning = re.compile(rf"\s*\(\s*{re.escape(key)}\b")
    return next((number for number, line in enumerate(lines, start=1) if beginning.match(line)), None)


def _unusable(path: Path, parameters: ParameterMap) -> list[Problem]:
    problems = [
        Problem(f'({key} "{" ".join(parameters[key])}") cannot be used', f'It has to be "{values[0]}"', path)
        for key, values in _REQUIRED.items()
        if key in parameters and set(parameters[key]) != set(values)  # elastix takes a value for each resolution
    ]
    missing = [key for key in _NEEDED if not parameters.get(key)]
    return problems + [Problem(f"the parameter {key} is missing", "Add it", path) for key in missing]
