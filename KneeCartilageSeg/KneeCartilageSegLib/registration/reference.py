"""Register a moving knee to a reference knee: the stages of a modality, run by elastix, composed into one chain."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np
import SimpleITK as sitk

from ..elastix.engine import Engine, Registration
from ..elastix.parameters import ParameterMap, write_parameters
from ..images.masks import dilate
from ..images.regions import (
    bounding_box,
    crop,
    crop_to_points,
    mask_points,
    missing_margin,
    shrink,
)
from ..images.transforms import Chain, map_points, read_transform
from .limits import MatchSampler
from .stages import Stage, Tissue

# Voxels kept around the dilated mask of the fixed image, mm, so that smoothing and interpolation do not see an edge.
_FIXED_MARGIN = 6.0
_POINT_COUNT = 8000

MATCH_SPACING = 0.75  # mm; both images are averaged down to this voxel size for measuring how well they match


@dataclass(frozen=True)
class StageResult:
    """A stage that was run: its transform parameter file, elastix's log and the seconds it took."""

    stage: Stage
    transform_file: Path
    log_file: Path
    seconds: float


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
        sitk.WriteImage(image, str(files[0]))
        sitk.WriteImage(dilated, str(files[1]))
        return FixedInput(*files, mask_points(dilated, _POINT_COUNT))


def _input_key(stage: Stage) -> tuple:
    return stage.tissue, stage.dilation, stage.spacing


@dataclass(frozen=True)
class Alignment:
    """A registration as far as it has come.

    :param chain: maps points of the reference to points of the moving image.
    :param files: the transform parameter file of each transform of the chain.
    :param stages: the stages that were run; the chain holds the start's translation before them.
    """

    chain: Chain
    files: tuple[Path, ...]
    stages: tuple[StageResult, ...] = ()

    def chain_after(self, count: int) -> Chain:
        """The chain after the first ``count`` stages."""
        return Chain(self.chain.transforms[: count + 1])


def start_from(translation: np.ndarray, folder: Path) -> Alignment:
    """A start: the reference moved by a translation (3, mm, LPS).

    :param folder: an existing folder for its transform parameter file.
    """
    path = folder / "TransformParameters.start.txt"
    _write_translation(path, translation)
    return Alignment(Chain((sitk.TranslationTransform(3, [float(value) for value in translation]),)), (path,))


def register(
    reference: Reference,
    moving: sitk.Image,
    stages: Sequence[Stage],
    parameters: Mapping[str, ParameterMap],
    start: Alignment,
    engine: Engine,
    folder: Path,
    progress: Callable[[Stage], None] = lambda stage: None,
) -> Alignment:
    """Run stages one after the other, each from the result of the one before.

    :param moving: the moving image, 3-D scalar, on any grid.
    :param parameters: the elastix parameters of each parameter file that the stages name.
    :param start: where to start; the stages are added to it.
    :param folder: an existing folder for working files; each stage gets a folder of its name in it.
    :param progress: called before each stage.
    :raises EngineError: if elastix fails.
    :raises Cancelled: if the engine was cancelled.
    """
    alignment = start
    for stage in stages:
        progress(stage)
        alignment = _run_stage(reference, moving, stage, parameters, alignment, engine, folder / stage.name)
    return alignment


def _run_stage(
    reference: Reference,
    moving: sitk.Image,
    stage: Stage,
    parameters: Mapping[str, ParameterMap],
    alignment: Alignment,
    engine: Engine,
    folder: Path,
) -> Alignment:
    begun = time.perf_counter()
    fixed = reference.prepared(stage)
    folder.mkdir()
    moving_file = folder / "moving.mha"
    sitk.WriteImage(
        _working_image(moving, stage, map_points(alignment.chain.composite(), fixed.points)), str(moving_file)
    )
    job = Registration(
        fixed.image, moving_file, parameters[stage.parameter_file], folder, fixed.mask, None, alignment.files[-1]
    )
    transform_file = engine.register(job)
    moving_file.unlink()
    chain = Chain((*alignment.chain.transforms, read_transform(transform_file)))
    result = StageResult(stage, transform_file, job.log_file, time.perf_counter() - begun)
    return Alignment(chain, (*alignment.files, transform_file), (*alignment.stages, result))


def _write_translation(path: Path, translation: np.ndarray) -> None:
    write_parameters(
        path,
        {
            "Transform": ("TranslationTransform",),
            "NumberOfParameters": ("3",),
            "TransformParameters": tuple(repr(float(value)) for value in translation),
            **initial_transform("NoInitialTransform"),
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


def _working_image(moving: sitk.Image, stage: Stage, expected: np.ndarray) -> sitk.Image:
    region = moving if stage.margin is None else crop_to_points(moving, expected, stage.margin)
    return shrink(sitk.Cast(region, sitk.sitkFloat32), stage.spacing)
