"""Two images of one knee, registered to each other in both directions alike, halfway between them.

A registration of one image to the other does not treat them alike: only one of the two is interpolated, which smooths
it, samples are drawn in the frame of the other, and what is noise to it makes what it carries smaller on the mean. Of
two renderings of one anatomy with other surroundings, the cartilage's volume came out several percent smaller in
whichever image it was carried to. Here the rigid motion between the images is halved, both are interpolated once, on a
grid in the middle, and registered there in both directions with the same parameters. What is carried is carried both
ways: by the registration of its own image to the other, and by the inverse of that of the other to its own. The mean of
both does not prefer either image (compare Reuter et al., Within-subject template estimation for unbiased longitudinal
image analysis, NeuroImage 61:1402, 2012, and Freeborough and Fox, The boundary shift integral, IEEE TMI 16:623, 1997,
who average both directions for the same reason).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from ..elastix.engine import Engine, Registration
from ..elastix.parameters import ParameterMap
from ..elastix.transforms import read_transform
from ..images.files import write_working_image
from ..images.gray import gray_range
from ..images.grid import Grid
from ..images.masks import dilate
from ..images.regions import bounding_box, crop, mask_points
from ..images.sampling import sample_channels
from ..images.transforms import coarse_grid, displacement_field
from ..registration.stages import Stage
from .motion import Motion

_MARGIN_MM = 12.0  # of the images that is kept round the mask: its dilation, and no sample near an edge
_FIELD_SPACING_MM = 0.6  # a quarter of the control points' distance or less
_BETWEEN_VOXELS = 0.25  # so that the own image is interpolated as the other is
_INVERSION_ROUNDS = 12
_LEAST_GROWTH = 0.05  # where a registration folds
_POINTS = 8000


@dataclass(frozen=True)
class Carried:
    """What became of points of the one image in the other, in the frame midway and without the rigid motion.

    :param displacement: of each point (n x 3, mm).
    :param growth: the determinant of the Jacobian there: how many times larger a small volume is in the other image.
    """

    displacement: np.ndarray
    growth: np.ndarray


class Midway:
    """The way of points from one image to the other.

    :param half: half of the rigid motion from the one to the other.
    :param forth: the registration of the one to the other, midway.
    :param back: that of the other to the one.
    """

    def __init__(self, half: Motion, forth: _Field, back: _Field):
        self.half = half
        self._forth = forth
        self._back = back

    def carry(self, points: np.ndarray) -> tuple[Carried, Carried]:
        """Carry points (n x 3, mm, LPS) of the one image to the other: by the registration of the one to the other, and
        by the inverse of that of the other to the one."""
        start = self.half.points(points)
        end = self._back.origin_of(start)
        there = Carried(self._forth.displacement(start), self._forth.growth(start))
        return there, Carried(end - start, 1 / self._back.growth(end))


class _Field:
    """A transform near the identity, sampled on a grid."""

    def __init__(self, transform: sitk.Transform, region: sitk.Image):
        nodes = coarse_grid(region, _FIELD_SPACING_MM)
        self._grid = Grid.of(nodes)
        vectors = sitk.GetArrayFromImage(displacement_field(transform, nodes))
        self._channels = np.ascontiguousarray(np.moveaxis(vectors, -1, 0), np.float32)
        # Of each component along z, y, x; to be along the patient's axes they are multiplied by the inverse matrix.
        slopes = np.stack([np.stack(np.gradient(channel)[::-1], -1) for channel in self._channels], -2)
        jacobian = slopes @ np.linalg.inv(self._grid.matrix).astype(np.float32)
        determinant = np.linalg.det(jacobian + np.eye(3, dtype=np.float32))
        self._determinant = np.maximum(determinant, _LEAST_GROWTH)

    def displacement(self, points: np.ndarray) -> np.ndarray:
        return sample_channels(self._channels, self._grid.indices(points))

    def growth(self, points: np.ndarray) -> np.ndarray:
        return sample_channels(self._determinant[None], self._grid.indices(points))[:, 0]

    def origin_of(self, points: np.ndarray) -> np.ndarray:
        """Where points come from: fixed-point iteration (Chen et al., Med Phys 2008, doi 10.1118/1.2816107)."""
        found = points
        for _ in range(_INVERSION_ROUNDS):
            found = points - self.displacement(found)
        return found


def find_midway(
    images: tuple[sitk.Image, sitk.Image],
    mask: sitk.Image,
    motion: Motion,
    stage: Stage,
    parameters: Mapping[str, ParameterMap],
    engine: Engine,
    folder: Path,
) -> Midway:
    """Register two images to each other, in both directions.

    :param images: without their bias, see :func:`..images.bias.even`.
    :param mask: what is to be carried, on the grid of the first image.
    :param motion: from the first image to the second, right to a millimeter.
    :param stage: its parameter file and dilation are used.
    :param parameters: elastix parameters by parameter file name.
    :param folder: an existing, empty folder for working files.
    :raises EngineError: if elastix fails.
    :raises Cancelled: if the engine was cancelled.
    """
    half = motion.half()
    region = _moved(crop(mask, *bounding_box(mask), _MARGIN_MM), half)
    inside = sitk.Resample(mask != 0, region, half.inverse().transform(), sitk.sitkNearestNeighbor)
    near = dilate(inside, stage.dilation)
    points = mask_points(near, _POINTS)
    files = folder / "first.mha", folder / "second.mha"
    for image, way, file in zip(images, (half.inverse(), half), files):
        moved = sitk.Resample(
            image, region, way.transform(), sitk.sitkBSpline, 0.0, sitk.sitkFloat32, useNearestNeighborExtrapolator=True
        )
        write_working_image(gray_range(moved, points).apply(moved), file)
    mask_file = folder / "mask.mha"
    write_working_image(near, mask_file)
    fields = []
    for name, (fixed, moving) in (("forth", files), ("back", files[::-1])):
        output = folder / name
        output.mkdir()
        registration = Registration(fixed, moving, parameters[stage.parameter_file], output, mask_file)
        fields.append(_Field(read_transform(engine.register(registration)), region))
    return Midway(half, *fields)


def _moved(image: sitk.Image, motion: Motion) -> sitk.Image:
    """The grid of an image after a motion, and a fraction of a voxel further."""
    grid = Grid.of(image)
    moved = sitk.Image(image.GetSize(), sitk.sitkUInt8)
    moved.SetSpacing(image.GetSpacing())
    moved.SetOrigin(motion.points(grid.points(np.full((1, 3), _BETWEEN_VOXELS)))[0].tolist())
    moved.SetDirection(motion.directions(np.reshape(image.GetDirection(), (3, 3)).T).T.ravel().tolist())
    return moved
