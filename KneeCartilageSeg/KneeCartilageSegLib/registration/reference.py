"""Register a moving knee to a reference knee: the stages of a modality, run by elastix, composed into one chain."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from ..images.files import write_working_image
from ..images.masks import dilate
from ..images.regions import (
    bounding_box,
    crop,
    mask_points,
    missing_margin,
    shrink,
)
from ..tissue import Tissue
from .match import MatchSampler
from .stages import Stage

# Voxels kept around the dilated mask of the fixed image, mm, so that smoothing and interpolation do not see an edge.
_FIXED_MARGIN = 6.0
_POINT_COUNT = 8000

MATCH_SPACING = 0.75  # mm; both images are averaged down to this voxel size for measuring how well they match


@dataclass(frozen=True)
class FixedInput:
    """What a stage needs of the reference.

    :param image: file of the fixed image, cropped round the dilated mask.
    :param mask: file of the dilated mask.
    :param points: n x 3 (mm, LPS), spread over the dilated mask.
    """

    image: Path
    mask: Path
    points: np.ndarray


class Reference:
    """A reference knee with its masks, prepared for registration once and shared by all knees of a run.

    :param image: the reference image, 3-D scalar.
    :param masks: its femur and cartilage mask on the same grid, non-zero inside.
    :param folder: an existing folder for the working files; they may be deleted with the reference.
    """

    def __init__(self, image: sitk.Image, masks: Mapping[Tissue, sitk.Image], folder: Path):
        self.image = image
        self.masks = dict(masks)
        self._folder = Path(folder)
        self._prepared: dict[tuple, FixedInput] = {}
        self._samplers: dict[tuple, MatchSampler] = {}
        self._lock = threading.RLock()

    def prepared(self, stage: Stage) -> FixedInput:
        """The input of a stage, made when it is first asked for."""
        key = _input_key(stage)
        with self._lock:
            if key not in self._prepared:
                self._prepared[key] = self._prepare(stage)
            return self._prepared[key]

    def sampler(self, stage: Stage) -> MatchSampler:
        """What measures the match inside the dilated mask of a stage, made when it is first asked for."""
        key = _input_key(stage)
        with self._lock:
            if key not in self._samplers:
                self._samplers[key] = MatchSampler(shrink(self.image, MATCH_SPACING), self.prepared(stage).points)
            return self._samplers[key]

    def _prepare(self, stage: Stage) -> FixedInput:
        mask = self.masks[stage.tissue]
        first, size = bounding_box(mask)
        margin = stage.dilation + _FIXED_MARGIN
        share = shrink(sitk.Cast(crop(mask, first, size, margin) != 0, sitk.sitkFloat32), stage.spacing)
        dilated = dilate(share >= 0.5, stage.dilation)
        image = shrink(sitk.Cast(crop(self.image, first, size, margin), sitk.sitkFloat32), stage.spacing)
        # A B-spline ends where the fixed image ends, in a jump. Bone goes on beyond the image, and the jump must not
        # come to lie in it: elsewhere the crop's margin keeps it away, at the image's border this does.
        lower, upper = missing_margin(self.image, first, size, margin, image.GetSpacing())
        image = sitk.ZeroFluxNeumannPad(image, lower, upper)
        dilated = sitk.ConstantPad(dilated, lower, upper, 0)
        name = "_".join(str(part) for part in (stage.tissue.value, stage.dilation, stage.spacing))
        files = self._folder / f"fixed_{name}.mha", self._folder / f"mask_{name}.mha"
        write_working_image(image, files[0])
        write_working_image(dilated, files[1])
        return FixedInput(*files, mask_points(dilated, _POINT_COUNT))


def _input_key(stage: Stage) -> tuple:
    return stage.tissue, stage.dilation, stage.spacing
