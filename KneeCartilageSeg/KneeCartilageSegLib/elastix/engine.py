"""The interface to elastix: one registration in, one transform parameter file out.

Two implementations give the same results: :mod:`.executable` (the elastix program) and :mod:`.package` (the
itk-elastix package, in a process of its own). :mod:`.discovery` finds what there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import SimpleITK as sitk

from ..errors import EngineError, ImagesRefused
from ..images.files import write_working_image
from ..scratch import Scratch
from .parameters import ParameterMap, write_parameters

TRANSFORM_FILE = "TransformParameters.0.txt"
LOG_FILE = "elastix.log"
PARAMETER_FILE = "Parameters.txt"


@dataclass(frozen=True)
class Registration:
    """One call of elastix.

    :param fixed: file of the fixed image, MetaImage (.mha), float, not compressed.
    :param moving: file of the moving image, likewise.
    :param parameters: the parameters, as :func:`.parameters.read_parameters` returns them.
    :param output: an existing, empty folder that receives ``TransformParameters.0.txt`` and ``elastix.log``.
    :param fixed_mask: file of a mask on the fixed image's grid, uint8: samples are drawn inside it.
    :param moving_mask: file of a mask on the moving image's grid, uint8.
    :param initial_transform: a transform parameter file to start from; elastix composes its result with it.
    """

    fixed: Path
    moving: Path
    parameters: Mapping[str, tuple]
    output: Path
    fixed_mask: Path | None = None
    moving_mask: Path | None = None
    initial_transform: Path | None = None

    @property
    def parameter_file(self) -> Path:
        """Where the parameters are written for elastix to read."""
        return self.output / PARAMETER_FILE

    @property
    def log_file(self) -> Path:
        return self.output / LOG_FILE

    @property
    def transform_file(self) -> Path:
        return self.output / TRANSFORM_FILE


class Engine(Protocol):
    """Runs registrations, one at a time. One engine serves one thread; :meth:`cancel` may come from another."""

    name: str
    version: str

    def register(self, registration: Registration) -> Path:
        """Run elastix and return the transform parameter file that it wrote.

        :raises EngineError: with elastix's own error line and a hint.
        :raises Cancelled: if :meth:`cancel` was called.
        """

    def cancel(self) -> None:
        """Kill the registration that runs, and refuse further ones."""

    def close(self) -> None:
        """End the engine's process, if it has one."""


def check_engine(engine: Engine, parameter_maps: Iterable[ParameterMap]) -> None:
    """Let an engine run each parameter map for one iteration on a tiny image, to learn before the work starts
    whether it has the components that they name.

    :raises EngineError: naming the component or parameter that the engine refuses.
    """
    with Scratch() as folder:
        image, mask = folder / "probe.mha", folder / "mask.mha"
        write_working_image(_probe_image(), image)
        write_working_image(_probe_image() > 20, mask)
        for number, parameters in enumerate(parameter_maps):
            output = folder / str(number)
            output.mkdir()
            try:
                engine.register(Registration(image, image, _probe_parameters(parameters), output, mask))
            except EngineError as error:
                transform = " ".join(parameters.get("Transform", ("without Transform",)))
                raise EngineError(f"{engine.name} cannot run the {transform} stage: {error}") from error


def error_from_log(log: str, exit_code: int) -> EngineError:
    """An error that holds elastix's own explanation and, where we know one, a hint.

    :param log: what elastix wrote.
    """
    kind = ImagesRefused if any(text in log for text, _ in _ABOUT_IMAGES) else EngineError
    return kind(". ".join(part for part in (_own_words(log, exit_code), _hint(log)) if part))


_COMPONENT = re.compile(r"The following component could not be created: (\S+)")
_DESCRIPTION = re.compile(r"^\s*Description:\s*(.+)$", re.MULTILINE)
_ITK_ORIGIN = re.compile(r"^(ITK ERROR: |itk::ERROR: |ERROR: |\w+\((0x)?[0-9a-fA-F]+\): )*")
_ERROR = re.compile(r"^(?:ERROR:?|Error:|ITK ERROR:)\s*(.+)$", re.MULTILINE)

_ABOUT_IMAGES = (
    ("Too many samples map outside moving image buffer", "The images do not overlap enough where the mask lies"),
    ("not able to sample", "The mask is empty or lies outside the image"),
    ("Could not draw enough", "The mask is too small for the number of samples"),
)
_ABOUT_THE_COMPUTER = (
    ("No space left on device", "The disk is full"),
    ("Failed to allocate memory", "There is not enough memory: run fewer images in parallel"),
    ("bad_alloc", "There is not enough memory: run fewer images in parallel"),
)


def _own_words(log: str, exit_code: int) -> str:
    component = _COMPONENT.search(log)
    if component:
        return (
            f"this elastix was built without the component {component[1]}; use SlicerElastix, elastix 5.1 or later "
            "from its own site, or the itk-elastix package"
        )
    descriptions = _DESCRIPTION.findall(log) or _ERROR.findall(log)
    if descriptions:
        return f"elastix says: {_ITK_ORIGIN.sub('', descriptions[0]).strip().rstrip('.')}"
    last = log.strip().splitlines()[-1:] or ["nothing"]
    return f"elastix stopped with exit code {exit_code}; the last it said was: {last[0].strip().rstrip('.')}"


def _hint(log: str) -> str:
    return next((hint for text, hint in _ABOUT_IMAGES + _ABOUT_THE_COMPUTER if text in log), "")


def prepare(registration: Registration) -> None:
    """Write the parameter file that both implementations read."""
    write_parameters(registration.parameter_file, registration.parameters)


def _probe_image() -> sitk.Image:
    # 5 mm voxels: large enough for any grid spacing, structured enough for any metric.
    axis = np.linspace(-1, 1, 24)
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    image = sitk.GetImageFromArray((100 * np.exp(-3 * (x**2 + y**2 + 2 * z**2)) + 5 * x * y).astype(np.float32))
    image.SetSpacing((5.0, 5.0, 5.0))
    return image


def _probe_parameters(parameters: ParameterMap) -> ParameterMap:
    shortened = {
        "NumberOfResolutions": ("1",),
        "MaximumNumberOfIterations": ("1",),
        "NumberOfSpatialSamples": ("200",),
        "NumberOfJacobianMeasurements": ("50",),
        "WriteResultImage": ("false",),
    }
    per_resolution = ("Schedule", "GridSpacing", "NumberOfHistogramBins", "Weight", "SampleRegionSize", "SP_")
    kept = {key: values for key, values in parameters.items() if not any(part in key for part in per_resolution)}
    return {**kept, **shortened}
