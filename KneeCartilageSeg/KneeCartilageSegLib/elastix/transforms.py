"""Read and write the transform parameter files of elastix."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Callable

import numpy as np
import SimpleITK as sitk

from ..errors import EngineError, InputError
from ..files import why_not_written
from .parameters import ParameterMap, read_parameters, write_parameters

NO_TRANSFORM = "NoInitialTransform"  # the name of an initial transform where there is none


def read_transform(path: Path) -> sitk.Transform:
    """One transform parameter file of elastix as a SimpleITK transform, without its initial transform.

    :raises EngineError: if its kind of transform has no counterpart in SimpleITK, or it is not whole.
    """
    parameters = _whole(path)
    kind = parameters["Transform"][0]
    if kind not in _READERS:
        known = ", ".join(sorted(_READERS))
        raise EngineError(f"{path}: the transform {kind} cannot be used here; in the parameter file choose {known}")
    return _READERS[kind](parameters)


def _whole(path: Path) -> ParameterMap:
    """What a transform parameter file holds. elastix does not notice that a disk is full, and leaves a part of it.

    :raises EngineError: if it is not whole.
    """
    try:
        parameters = read_parameters(path)
        count = int(parameters["NumberOfParameters"][0])
        if "Transform" in parameters and len(parameters["TransformParameters"]) == count:
            return parameters
    except (InputError, KeyError, ValueError, IndexError):
        pass
    raise EngineError(f"elastix has not written '{path}' whole: {why_not_written(path)}")


def _floats(parameters: ParameterMap, key: str) -> list[float]:
    return [float(value) for value in parameters[key]]


def _translation(parameters: ParameterMap) -> sitk.Transform:
    return sitk.TranslationTransform(3, _floats(parameters, "TransformParameters"))


def _euler(parameters: ParameterMap) -> sitk.Transform:
    values = _floats(parameters, "TransformParameters")
    transform = sitk.Euler3DTransform(_floats(parameters, "CenterOfRotationPoint"), *values[:3], values[3:])
    transform.SetComputeZYX(parameters.get("ComputeZYX", ("false",))[0] == "true")
    return transform


def _similarity(parameters: ParameterMap) -> sitk.Transform:
    transform = sitk.Similarity3DTransform()
    transform.SetCenter(_floats(parameters, "CenterOfRotationPoint"))
    transform.SetParameters(_floats(parameters, "TransformParameters"))
    return transform


def _affine(parameters: ParameterMap) -> sitk.Transform:
    values = _floats(parameters, "TransformParameters")
    return sitk.AffineTransform(values[:9], values[9:], _floats(parameters, "CenterOfRotationPoint"))


def _bspline(parameters: ParameterMap) -> sitk.Transform:
    if parameters.get("UseCyclicTransform", ("false",))[0] == "true":
        raise EngineError('a cyclic B-spline transform cannot be used here: set (UseCyclicTransform "false")')
    order = int(parameters.get("BSplineTransformSplineOrder", ("3",))[0])
    size = [int(n) for n in parameters["GridSize"]]
    values = np.array(parameters["TransformParameters"], dtype=float).reshape(3, *size[::-1])
    # elastix lists a direction matrix column by column, SimpleITK row by row.
    direction = np.reshape(_floats(parameters, "GridDirection"), (3, 3)).T.ravel().tolist()
    coefficients = []
    for component in values:
        image = sitk.GetImageFromArray(component)
        image.SetSpacing(_floats(parameters, "GridSpacing"))
        image.SetDirection(direction)
        image.SetOrigin(_floats(parameters, "GridOrigin"))
        coefficients.append(image)
    return sitk.BSplineTransform(coefficients, order)


_READERS: dict[str, Callable[[ParameterMap], sitk.Transform]] = {
    "TranslationTransform": _translation,
    "EulerTransform": _euler,
    "SimilarityTransform": _similarity,
    "AffineTransform": _affine,
    "BSplineTransform": _bspline,
    "RecursiveBSplineTransform": _bspline,
}


def write_translation(path: Path, translation: np.ndarray) -> None:
    """Write a translation (3, mm, LPS)."""
    _write_start(path, "TranslationTransform", translation)


def write_affine(path: Path, matrix: np.ndarray, offset: np.ndarray) -> None:
    """Write an affine transform: matrix (3 x 3) times a point, and an offset (3, mm, LPS)."""
    _write_start(path, "AffineTransform", [*matrix.ravel(), *offset], {"CenterOfRotationPoint": ("0.0", "0.0", "0.0")})


def write_reflection(path: Path, x: float) -> None:
    """Write the reflection in the sagittal plane at ``x`` (mm, LPS)."""
    matrix = np.diag((-1.0, 1.0, 1.0)).ravel()
    _write_start(path, "AffineTransform", [*matrix, 0.0, 0.0, 0.0], {"CenterOfRotationPoint": (repr(x), "0.0", "0.0")})


def _write_start(path: Path, kind: str, values: Iterable[float], more: ParameterMap | None = None) -> None:
    parameters = tuple(repr(float(value)) for value in values)
    write_parameters(
        path,
        {
            "Transform": (kind,),
            "NumberOfParameters": (str(len(parameters)),),
            "TransformParameters": parameters,
            **(more or {}),
            **initial_transform(NO_TRANSFORM),
            "HowToCombineTransforms": ("Compose",),
            "FixedImageDimension": ("3",),
            "MovingImageDimension": ("3",),
            "FixedInternalImagePixelType": ("float",),
            "MovingInternalImagePixelType": ("float",),
            "UseDirectionCosines": ("true",),
        },
    )


def initial_transform(name: str) -> ParameterMap:
    """Name the transform parameter file to start from; the key's name changed between elastix 5.0 and 5.1."""
    return {"InitialTransformParametersFileName": (name,), "InitialTransformParameterFileName": (name,)}
