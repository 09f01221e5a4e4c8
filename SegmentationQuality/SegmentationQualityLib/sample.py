"""Digital knees with imperfect segmentations, as a data set to compare."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import SimpleITK as sitk
from KneeCartilageSegLib.demo_data import QUALITY_LIST, TRUTH_FOLDER
from KneeCartilageSegLib.images.files import read_image
from KneeCartilageSegLib.lists.imagelist import QUALITY_SPEC, read_image_list
from KneeCartilageSegLib.segmentation.cases import SEGMENTED
from KneeCartilageSegLib.slicer_support.sample import make_sample
from KneeCartilageSegLib.slicer_support.volumes import write_volume

_SHIFT = 0.8  # mm; standard deviation of how far a point of the surface is off
_SMOOTH = 9.0  # mm; over so much of the surface it is off in the same direction


def make_quality_sample(folder: Path | None = None, spacing: float = 1.0) -> Path:
    """Make digital knees whose segmentations are their true masks, bent a little; what is there is left as it is.

    :param folder: None is a temporary folder.
    :param spacing: voxel size, mm.
    :return: the list of pairs.
    :raises KneeError: if the files cannot be written.
    """
    folder = make_sample(folder, spacing)
    list_file = folder / QUALITY_LIST
    entries = read_image_list(list_file, QUALITY_SPEC).entries
    for number, entry in enumerate(entry for entry in entries if entry.letter == "s"):
        path = folder / SEGMENTED / entry.name
        if not path.is_file():
            write_volume(bent(read_image(folder / TRUTH_FOLDER / entry.name), number), path)
    return list_file


def bent(mask: sitk.Image, seed: int) -> sitk.Image:
    """A mask whose surface is off by about a millimeter here and there."""
    random = np.random.default_rng(seed)
    coarse = [max(4, round(n * s / _SMOOTH)) for n, s in zip(mask.GetSize(), mask.GetSpacing())]
    transform = sitk.BSplineTransformInitializer(mask, coarse)
    transform.SetParameters(random.normal(0, 2 * _SHIFT, len(transform.GetParameters())).tolist())
    return sitk.Resample(mask, mask, transform, sitk.sitkNearestNeighbor)
