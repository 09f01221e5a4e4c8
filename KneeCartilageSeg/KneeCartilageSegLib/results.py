"""Write the results of a case: masks, registered images, transform parameter files, logs and the provenance record.

Everything is written and verified in the case's working folder first, on the disk where it belongs. Then it is moved
into place, file by file, and the record last of all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import SimpleITK as sitk

from .cases import REGISTERED, REJECTED, SEGMENTED, Case, checksum, split_name
from .elastix.parameters import read_parameters, write_parameters
from .files import TEMPORARY_PREFIX, atomic_path
from .images import corners, crop_to_image, crop_to_points, paste, write_image
from .modality import Stage, Tissue
from .provenance import mask_files, pending_record, write_json
from .registration import Alignment, Reference, initial_transform
from .segmentation import Segmentation
from .transforms import Chain, coarse_grid, compose, displacement_field, map_points

RECORD_COPY = "provenance.json"
START_FILE = "TransformParameters.start.txt"

# Between the nodes of a displacement field with this spacing (mm), a cubic B-spline with 3.5 mm or more between its
# control points differs from linear interpolation by less than 0.05 mm.
_FIELD_SPACING = 1.2


def working_folder(case: Case) -> Path:
    """An empty folder for everything temporary of a case; call it while holding the case's lock."""
    folder = working_path(case)
    shutil.rmtree(folder, ignore_errors=True)  # left behind by a run that was killed
    folder.mkdir(parents=True)
    return folder


def working_path(case: Case) -> Path:
    """Where the working folder of a case lies."""
    return case.output / f"{TEMPORARY_PREFIX}{case.root}"


def write_results(
    case: Case,
    reference: Reference,
    moving: sitk.Image,
    result: Segmentation,
    record: Mapping[str, Any],
    keep_registered: bool,
    staging: Path,
) -> dict[str, Any]:
    """Write everything and return the record with the checksums of the masks.

    A result that failed its checks goes to ``rejected/``, where no later step takes it for a segmentation.

    :param record: from :func:`.provenance.make_record`.
    :param keep_registered: also write the registered images and transforms.
    :param staging: the case's working folder.
    :raises OSError: if something could not be written; nothing of an earlier result has been replaced then.
    """
    folder = REJECTED if result.failed else SEGMENTED
    masks = {}
    for tissue in Tissue:
        target = case.mask(tissue, folder)
        masks[target] = staging / target.name
        write_image(result.masks[tissue], masks[target])
    outputs = {f"{folder}/{target.name}": checksum(path) for target, path in masks.items()}
    complete = {**record, "outputs": outputs}
    files = dict(masks)
    if keep_registered:
        registered = staging / REGISTERED
        registered.mkdir()
        write_registered(registered, reference, moving, result.alignment, split_name(case.moving)[1])
        write_json(registered / RECORD_COPY, complete)
        files.update({case.registered / path.name: path for path in sorted(registered.iterdir())})
    _publish(case, files, complete)
    return complete


def write_registered(
    folder: Path, reference: Reference, moving: sitk.Image, alignment: Alignment, extension: str
) -> None:
    """Write, for each stage, the moving image warped to the reference, the transform parameter file and elastix's log.

    A warped image has the reference's grid. Its values are interpolated linearly. It is zero outside the box round the
    dilated mask of its stage, since outside the registration knows nothing.
    """
    previous = _copy_transform(alignment.files[0], folder / START_FILE, "NoInitialTransform", reference.image)
    for number, result in enumerate(alignment.stages, start=1):
        name = result.stage.name
        target = folder / f"TransformParameters.{name}.txt"
        previous = _copy_transform(result.transform_file, target, previous, reference.image)
        shutil.copyfile(result.log_file, folder / f"elastix.{name}.log")
        warped = warp_to_reference(reference, moving, alignment.chain_after(number), result.stage)
        write_image(warped, folder / f"{name}{extension}")


def warp_to_reference(reference: Reference, moving: sitk.Image, chain: Chain, stage: Stage) -> sitk.Image:
    """The moving image on the reference's grid, in the box round the dilated mask of a stage."""
    region = crop_to_image(reference.image, sitk.ReadImage(str(reference.prepared(stage).mask)))
    warped = sitk.Resample(moving, region, _fast(chain, moving, region), sitk.sitkLinear, 0.0, moving.GetPixelID())
    return paste(warped, reference.image)


def _fast(chain: Chain, moving: sitk.Image, region: sitk.Image) -> sitk.Transform:
    """The chain with everything but its linear part sampled as one displacement field."""
    linear, deformable = chain.split()
    if not deformable.transforms:
        return chain.composite()
    target = crop_to_points(moving, map_points(linear.composite(), corners(region)), 2 * _FIELD_SPACING)
    field = displacement_field(deformable.composite(), coarse_grid(target, _FIELD_SPACING))
    return compose([*linear.transforms, sitk.DisplacementFieldTransform(field)])


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


def _publish(case: Case, files: Mapping[Path, Path], record: Mapping[str, Any]) -> None:
    """Move files into place; should that be interrupted, the pending record tells that they are ours."""
    pending = pending_record(case)
    for folder in {pending.parent, *(target.parent for target in files)}:
        folder.mkdir(parents=True, exist_ok=True)
    write_json(pending, record)
    for target, path in files.items():
        with atomic_path(target) as temporary:
            os.replace(path, temporary)
    for name, path in mask_files(case).items():
        if name not in record["outputs"]:
            path.unlink(missing_ok=True)  # the masks of an earlier result with another verdict
    write_json(case.record, record)
    pending.unlink()
