"""Register a moving knee to a reference knee: the stages of a modality, run by elastix, composed into one chain."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import SimpleITK as sitk

from ..files import made_folder
from ..images.files import write_working_image
from ..images.gray import gray_range, gray_range_of_image
from ..images.masks import dilate
from ..images.regions import (
    bounding_box,
    center,
    crop,
    mask_points,
    mirror,
    missing_margin,
    shrink,
)
from ..images.warping import SoftMask
from ..tissue import Tissue
from .local_match import LocalSampler
from .match import MatchSampler
from .side import Side, side_of
from .stages import Stage

# Voxels kept around the dilated mask of the fixed image, mm, so that smoothing and interpolation do not see an edge.
_FIXED_MARGIN = 6.0
_POINT_COUNT = 8000
WHOLE_SPACING = 2.8  # mm
_IMAGE, _MASK, _POINTS = "image.mha", "mask.mha", "points.npy"

Value = TypeVar("Value")


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

    :param image: the reference image, 3-D scalar, see :func:`.images.bias.even`.
    :param masks: its femur and cartilage mask on the same grid, non-zero inside.
    :param folder: an existing folder for what is prepared. What is there already, of the same image and masks, is used;
        it may be deleted with the reference.
    :param original: the knee as it is, if this one is its mirror image.
    """

    def __init__(
        self,
        image: sitk.Image,
        masks: Mapping[Tissue, sitk.Image],
        folder: Path,
        original: Reference | None = None,
    ):
        self.image = image
        self.masks = dict(masks)
        self.original = original
        self._folder = Path(folder)
        self._made: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    @property
    def mirror_plane(self) -> float:
        """The x (mm, LPS) of the sagittal plane through the middle of the image, in which it is mirrored."""
        return float(center(self.image)[0])

    @property
    def side(self) -> Side | None:
        """Of which side the knee is, by its cartilage; None if there is no telling, see :func:`.side.side_of`."""
        return side_of(self.masks[Tissue.CARTILAGE]) if Tissue.CARTILAGE in self.masks else None

    def mirrored(self) -> Reference:
        """The same knee as one of the other side, made when it is first asked for: it has the same voxels in a mirrored
        frame, so that a knee and its mirror image are registered alike."""
        if self.original is not None:
            return self.original

        def make() -> Reference:
            folder = self._folder / "mirrored"
            folder.mkdir(exist_ok=True)
            masks = {tissue: mirror(mask, self.mirror_plane) for tissue, mask in self.masks.items()}
            return Reference(mirror(self.image, self.mirror_plane), masks, folder, self)

        return self._once("mirrored", make)

    def preparations(
        self, stages: Sequence[Stage], spacings: Mapping[Tissue, float | None]
    ) -> list[Callable[[], object]]:
        """What makes all that registration by these stages will ask for, and the warp of masks averaged to these
        spacings (mm), in the order in which they will."""
        return [
            *(partial(self.prepared, stage) for stage in stages),
            *(partial(self.soft_mask, tissue, spacing) for tissue, spacing in spacings.items()),
            self.local_sampler,
            *(partial(self.sampler, stage) for stage in stages if stage.margin is not None),
        ]

    def prepared(self, stage: Stage) -> FixedInput:
        """The input of a stage, made when it is first asked for."""
        key = _input_key(stage)
        name = "_".join(str(part) for part in key)
        return self._once(("input", *key), lambda: self._fixed(name, lambda: self._prepare(stage)))

    def whole(self) -> FixedInput:
        """The whole image in voxels of about :data:`WHOLE_SPACING`, made when it is first asked for."""
        return self._once("whole", lambda: self._fixed("whole", self._prepare_whole))

    def sampler(self, stage: Stage) -> MatchSampler:
        """What measures the match inside the dilated mask of a stage, made when it is first asked for."""
        key = ("sampler", *_input_key(stage))
        return self._once(key, lambda: MatchSampler(self.image, self.prepared(stage).points))

    def local_sampler(self) -> LocalSampler:
        """What measures the match round each point of the cartilage, made when it is first asked for."""
        return self._once("local", lambda: LocalSampler(self.image, self.masks[Tissue.CARTILAGE]))

    def soft_mask(self, tissue: Tissue, spacing: float | None = None) -> SoftMask:
        """A mask that is ready to be warped, made when it is first asked for.

        :param spacing: average it down to about this voxel size (mm).
        """
        return self._once(("soft", tissue, spacing), lambda: self._soft(tissue, spacing))

    def _once(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What ``make`` gives, from the first thread that asks for it. Others wait for that, but for nothing else."""
        with self._lock:
            own = self._locks.setdefault(key, threading.Lock())
        with own:
            if key not in self._made:
                self._made[key] = make()
            return self._made[key]

    def _soft(self, tissue: Tissue, spacing: float | None) -> SoftMask:
        folder = self._folder / f"soft_{tissue.value}_{spacing}"
        if folder.is_dir():
            return SoftMask.read(folder)
        soft = SoftMask.of(self.masks[tissue], spacing)
        made_folder(folder, soft.write)
        return soft

    def _fixed(self, name: str, make: Callable[[], tuple[sitk.Image, sitk.Image, np.ndarray]]) -> FixedInput:
        """The input of a name.

        :param make: gives image, mask and points, if they are not there.
        """

        def fill(folder: Path) -> None:
            image, mask, points = make()
            write_working_image(image, folder / _IMAGE)
            write_working_image(mask, folder / _MASK)
            np.save(folder / _POINTS, points)

        folder = made_folder(self._folder / f"fixed_{name}", fill)
        return FixedInput(folder / _IMAGE, folder / _MASK, np.load(folder / _POINTS))

    def _prepare(self, stage: Stage) -> tuple[sitk.Image, sitk.Image, np.ndarray]:
        mask = self.masks[stage.tissue]
        first, size = bounding_box(mask)
        margin = stage.dilation + _FIXED_MARGIN
        share = shrink(sitk.Cast(crop(mask, first, size, margin) != 0, sitk.sitkFloat32), stage.spacing)
        dilated = dilate(share >= 0.5, stage.dilation)
        points = mask_points(dilated, _POINT_COUNT)
        tissue = gray_range(self.image, points).apply(crop(self.image, first, size, margin))
        image = shrink(tissue, stage.spacing)
        # A B-spline ends where the fixed image ends, in a jump. Bone goes on beyond the image, and the jump must not
        # come to lie in it: elsewhere the crop's margin keeps it away, at the image's border this does.
        lower, upper = missing_margin(self.image, first, size, margin, image.GetSpacing())
        image = sitk.ZeroFluxNeumannPad(image, lower, upper)
        dilated = sitk.ConstantPad(dilated, lower, upper, 0)
        return image, dilated, points

    def _prepare_whole(self) -> tuple[sitk.Image, sitk.Image, np.ndarray]:
        image = whole_image(self.image)
        mask = sitk.Image(image.GetSize(), sitk.sitkUInt8) + 1
        mask.CopyInformation(image)
        return image, mask, mask_points(mask, _POINT_COUNT)


def whole_image(image: sitk.Image) -> sitk.Image:
    """An image for aligning whole images: clipped to the range of its gray values, in voxels of about
    :data:`WHOLE_SPACING`."""
    return shrink(gray_range_of_image(image).apply(image), WHOLE_SPACING)


def _input_key(stage: Stage) -> tuple:
    return stage.tissue.value, stage.dilation, stage.spacing
