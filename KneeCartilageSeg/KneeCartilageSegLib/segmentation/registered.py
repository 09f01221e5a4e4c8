"""What is kept of a registration: for each stage, the moving image warped to the reference, the transform parameter
file and elastix's log.

A warped image has the reference's grid, and the extension if files of that format can have it. Its values are
interpolated linearly. It is zero outside the box round the dilated mask of its stage, since outside the registration
knows nothing.

The knee of the other side is mirrored when it is warped: its image and the chain of transforms belong to the reference
as it is, not to its mirror image. The chain then begins with a reflection.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import SimpleITK as sitk

from ..elastix.parameters import read_parameters, write_parameters
from ..elastix.transforms import NO_TRANSFORM, initial_transform, write_reflection
from ..images.files import extension_for, read_image, write_image
from ..images.regions import bounding_box, crop, crop_to_image, paste
from ..images.transforms import Chain, coarse_grid, displacement_field, field_spacing
from ..registration.align import Alignment
from ..registration.reference import Reference
from ..registration.stages import Stage

START_FILE = "TransformParameters.start.txt"
MIRROR_FILE = "TransformParameters.mirror.txt"

_LARGE_NUMBERS = (sitk.sitkFloat64, sitk.sitkInt32, sitk.sitkUInt32, sitk.sitkInt64, sitk.sitkUInt64)


class RegisteredFiles:
    """Writes what is kept of a registration, each stage while later ones run.

    :param folder: for the files; is made.
    :param moving: the image as it is.
    :param extension: of the image's file.
    :param submit: begins something, perhaps in another thread.
    """

    def __init__(self, folder: Path, moving: sitk.Image, extension: str, submit: Callable[[Callable[[], Any]], Future]):
        self._folder, self._moving, self._extension, self._submit = folder, moving, extension, submit
        self._writing: list[Future] = []
        folder.mkdir()

    def write(self, reference: Reference, alignment: Alignment) -> None:
        """Begin to write the stages of a registration that was not there when this was called last.

        :param reference: as it was used: as it is, or mirrored.
        """
        written = max(0, len(self._writing) - 1)
        if not self._writing:
            self._writing.append(self._submit(partial(_write_start, self._folder, reference, alignment)))
        for number in range(written + 1, len(alignment.stages) + 1):
            write = partial(_write_stage, self._folder, reference, self._moving, alignment, number, self._extension)
            self._writing.append(self._submit(write))

    def finish(self) -> list[Path]:
        """Wait until everything is written; the files.

        :raises OSError: if something could not be written.
        """
        for writing in self._writing:
            writing.result()
        return sorted(self._folder.iterdir())


def _write_start(folder: Path, reference: Reference, alignment: Alignment) -> None:
    previous = NO_TRANSFORM
    if reference.original is not None:
        write_reflection(folder / MIRROR_FILE, reference.original.mirror_plane)
        _copy_transform(folder / MIRROR_FILE, folder / MIRROR_FILE, previous, reference.original.image)
        previous = MIRROR_FILE
    _copy_transform(alignment.files[0], folder / START_FILE, previous, _grid(reference))


def _write_stage(
    folder: Path, reference: Reference, moving: sitk.Image, alignment: Alignment, number: int, extension: str
) -> None:
    """
    :param number: of the stage, from 1.
    """
    result, grid = alignment.stages[number - 1], _grid(reference)
    name = result.stage.name
    previous = _transform_file(alignment.stages[number - 2].stage) if number > 1 else START_FILE
    _copy_transform(result.transform_file, folder / _transform_file(result.stage), previous, grid)
    shutil.copyfile(result.log_file, folder / f"elastix.{name}.log")
    warped = warp_to_reference(reference, moving, alignment.chain_after(number), result.stage)
    warped.CopyInformation(grid)
    write_image(warped, folder / f"{name}{extension_for(grid, extension)}")


def _grid(reference: Reference) -> sitk.Image:
    return (reference.original or reference).image


def _transform_file(stage: Stage) -> str:
    return f"TransformParameters.{stage.name}.txt"


def warp_to_reference(reference: Reference, moving: sitk.Image, chain: Chain, stage: Stage) -> sitk.Image:
    """The moving image on the reference's grid, in the box round the dilated mask of a stage."""
    mask = read_image(reference.prepared(stage).mask)
    region = crop_to_image(reference.image, crop(mask, *bounding_box(mask)))
    transform = _fast(chain, region)
    # Half the memory, where single precision holds every gray value.
    precise = sitk.sitkFloat64 if moving.GetPixelID() in _LARGE_NUMBERS else sitk.sitkFloat32
    warped = sitk.Resample(moving, region, transform, sitk.sitkLinear, 0.0, precise)
    if moving.GetPixelID() not in (sitk.sitkFloat32, sitk.sitkFloat64):
        warped = sitk.Round(warped)  # a cast cuts off, which would make values smaller by half on the average
    return paste(sitk.Cast(warped, moving.GetPixelID()), reference.image)


def _fast(chain: Chain, region: sitk.Image) -> sitk.Transform:
    """The chain as one displacement field over a region of the reference."""
    transform = chain.composite()
    if transform.IsLinear():
        return transform
    return sitk.DisplacementFieldTransform(displacement_field(transform, coarse_grid(region, field_spacing(chain))))


def _copy_transform(source: Path, target: Path, initial: str, grid: sitk.Image) -> None:
    """Copy a transform parameter file so that transformix resamples onto a grid and the folder can be moved."""
    parameters = read_parameters(source)
    geometry = {
        "Size": grid.GetSize(),
        "Index": (0, 0, 0),
        "Spacing": grid.GetSpacing(),
        "Origin": grid.GetOrigin(),
        # elastix lists a direction matrix column by column.
        "Direction": tuple(grid.GetDirection()[3 * column + row] for row in range(3) for column in range(3)),
    }
    parameters.update({key: tuple(repr(value) for value in values) for key, values in geometry.items()})
    write_parameters(target, {**parameters, **initial_transform(initial)})
