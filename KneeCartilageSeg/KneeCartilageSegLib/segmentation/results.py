"""Write the results of a case: masks, registered images, transform parameter files, logs and the provenance record.

Everything is written and verified in the case's working folder first, on the disk where it belongs. Then it is moved
into place, file by file, and the record last of all.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import SimpleITK as sitk

from ..elastix.parameters import read_parameters, write_parameters
from ..elastix.transforms import NO_TRANSFORM, initial_transform, write_reflection
from ..files import checksum, copy_into_place, move_into_place
from ..images.files import extension_for, read_image, write_image
from ..images.regions import crop_to_image, paste
from ..images.transforms import Chain, coarse_grid, displacement_field
from ..records import write_json
from ..registration.align import Alignment
from ..registration.reference import Reference
from ..registration.stages import Stage
from ..tissue import Tissue
from .cases import REGISTERED, REJECTED, SEGMENTED, Case
from .correction import set_aside
from .record import mask_files, write_pending
from .segment import Segmentation

_RECORD_COPY = "provenance.json"
START_FILE = "TransformParameters.start.txt"
MIRROR_FILE = "TransformParameters.mirror.txt"

_LARGE_NUMBERS = (sitk.sitkFloat64, sitk.sitkInt32, sitk.sitkUInt32, sitk.sitkInt64, sitk.sitkUInt64)
# mm. Between the nodes of a displacement field, B-splines differ from linear interpolation: in a test, by 0.004 mm in
# the mean and 0.02 mm at most where the control points are 8 mm apart, by 0.02 and 0.13 mm where they are 2.5 mm apart.
_FIELD_SPACING = 0.8


def registered_record(case: Case) -> Path:
    """The record in the folder of the registered images: without it, they are not complete."""
    return case.registered / _RECORD_COPY


@dataclass(frozen=True)
class StagedFiles:
    """Results that are written and verified, but not yet in their place.

    :param masks: where each mask lies now, by where it goes.
    :param registered: likewise for what goes to ``registered/``.
    """

    masks: Mapping[Path, Path]
    registered: Mapping[Path, Path]


def stage_results(
    case: Case, moving: sitk.Image, result: Segmentation, keep_registered: bool, staging: Path
) -> StagedFiles:
    """Write all results to the case's working folder.

    A result that failed its checks is to go to ``rejected/``, where no later step takes it for a segmentation.

    :param moving: the case's image, as it is.
    :param keep_registered: also write the registered images and transforms.
    :param staging: the case's working folder.
    :raises OSError: if something could not be written.
    """
    folder = REJECTED if result.failed else SEGMENTED
    masks = {}
    for tissue in Tissue:
        target = case.mask(tissue, folder)
        masks[target] = staging / target.name
        write_image(result.masks[tissue], masks[target], like=case.moving)
    if result.disagreement is not None:
        target = case.disagreement(folder)
        masks[target] = staging / target.name
        write_image(result.disagreement, masks[target], like=case.moving)
    registered = staging / REGISTERED
    registered.mkdir()
    if keep_registered:
        write_registered(registered, result.reference, moving, result.alignment, case.extension)
    return StagedFiles(masks, {case.registered / path.name: path for path in sorted(registered.iterdir())})


def publish(case: Case, files: StagedFiles, record: Mapping[str, Any]) -> dict[str, Any]:
    """Move staged results into place, and write the record last. Other masks that are there are set aside before.

    Should that be interrupted, the pending record tells that the files which were moved already are ours.

    :param record: from :func:`.segmentation.record.make_record`.
    :return: the record with the checksums of the masks.
    """
    outputs = {f"{target.parent.name}/{target.name}": checksum(path) for target, path in files.masks.items()}
    complete = {**record, "outputs": outputs}
    pending = case.pending_record
    moves = {**files.registered, **files.masks}
    copies = {case.automatic(tissue): path for tissue in Tissue for path in _masks_of(case, tissue, files)}
    for folder in {pending.parent, *(target.parent for target in (*moves, *copies))}:
        folder.mkdir(parents=True, exist_ok=True)
    write_pending(case, complete)
    if files.registered:
        registered_record(case).unlink(missing_ok=True)
    # All of them first: an interruption must not leave a new mask beside an old one.
    set_aside(case, [path for name, path in mask_files(case).items() if _differs(path, outputs.get(name))])
    for target, path in copies.items():
        copy_into_place(path, target)
    for target, path in moves.items():
        move_into_place(path, target)
    if files.registered:
        write_json(registered_record(case), complete)
    write_json(case.record, complete)
    for path in (pending, case.correction_record, case.failure_record):
        path.unlink(missing_ok=True)
    return complete


def _masks_of(case: Case, tissue: Tissue, files: StagedFiles) -> list[Path]:
    places = [case.mask(tissue, folder) for folder in (SEGMENTED, REJECTED)]
    return [files.masks[place] for place in places if place in files.masks]


def _differs(path: Path, digest: str | None) -> bool:
    return path.is_file() and checksum(path) != digest


def write_registered(
    folder: Path, reference: Reference, moving: sitk.Image, alignment: Alignment, extension: str
) -> None:
    """Write, for each stage, the moving image warped to the reference, the transform parameter file and elastix's log.

    A warped image has the reference's grid, and the extension if files of that format can have it. Its values are
    interpolated linearly. It is zero outside the box round the dilated mask of its stage, since outside the
    registration knows nothing.

    The knee of the other side is mirrored when it is warped: its image and the chain of transforms belong to the
    reference as it is, not to its mirror image. The chain then begins with a reflection.
    """
    previous = NO_TRANSFORM
    if reference.original is not None:
        write_reflection(folder / MIRROR_FILE, reference.original.mirror_plane)
        previous = _copy_transform(folder / MIRROR_FILE, folder / MIRROR_FILE, previous, reference.original.image)
    grid = (reference.original or reference).image
    extension = extension_for(grid, extension)
    previous = _copy_transform(alignment.files[0], folder / START_FILE, previous, grid)
    for number, result in enumerate(alignment.stages, start=1):
        name = result.stage.name
        target = folder / f"TransformParameters.{name}.txt"
        previous = _copy_transform(result.transform_file, target, previous, grid)
        shutil.copyfile(result.log_file, folder / f"elastix.{name}.log")
        warped = warp_to_reference(reference, moving, alignment.chain_after(number), result.stage)
        warped.CopyInformation(grid)
        write_image(warped, folder / f"{name}{extension}")


def warp_to_reference(reference: Reference, moving: sitk.Image, chain: Chain, stage: Stage) -> sitk.Image:
    """The moving image on the reference's grid, in the box round the dilated mask of a stage."""
    region = crop_to_image(reference.image, read_image(reference.prepared(stage).mask))
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
    return sitk.DisplacementFieldTransform(displacement_field(transform, coarse_grid(region, _FIELD_SPACING)))


def _copy_transform(source: Path, target: Path, initial: str, grid: sitk.Image) -> str:
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
    return target.name
