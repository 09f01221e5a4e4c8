"""Transforms: elastix's parameter files as SimpleITK transforms, their composition, inverse and Jacobian.

All transforms map points of the fixed image (the reference knee) to points of the moving image, in mm, in the patient's
LPS frame, as elastix and ITK define them. A registration in stages is a :class:`Chain`; it is never applied by
resampling an image several times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from .regions import bounding_box, crop

JACOBIAN_SPACING = 2.0  # mm; finer than the grid of any B-spline in use

# mm; the displacement field that is inverted has a third of the spacing of the finest B-spline, within these bounds.
_INVERSION_SPACING = (0.6, 2.0)
_INVERSION_ITERATIONS = 40
_INVERSION_TOLERANCE = 0.02  # voxels of the field, at the worst of them


@dataclass(frozen=True)
class Chain:
    """Transforms in the order in which they are applied to a point of the fixed image."""

    transforms: tuple[sitk.Transform, ...]

    def composite(self) -> sitk.Transform:
        """The whole chain as one transform."""
        return compose(self.transforms)

    def split(self) -> tuple[Chain, Chain]:
        """The linear transforms at the start of the chain, which have a closed inverse, and the rest."""
        count = 0
        while count < len(self.transforms) and self.transforms[count].IsLinear():
            count += 1
        return Chain(self.transforms[:count]), Chain(self.transforms[count:])

    def affine(self) -> tuple[np.ndarray, np.ndarray]:
        """Matrix (3 x 3) and offset (3, mm) of all linear transforms of the chain, one after the other."""
        linear = compose([transform for transform in self.transforms if transform.IsLinear()])
        offset, *corners = map_points(linear, np.vstack([np.zeros(3), np.eye(3)]))
        return (np.array(corners) - offset).T, offset


@dataclass(frozen=True)
class Inverse:
    """The inverse of a chain: maps points of the moving image to points of the fixed image.

    :param transform: the inverse as one transform.
    :param deformation: displacement field (mm, LPS) of the part that was inverted numerically; None if there is none.
    """

    transform: sitk.Transform
    deformation: sitk.Image | None


@dataclass(frozen=True)
class Residual:
    """How far from its start a point lands that is mapped forth and back, in mm."""

    mean: float
    percentile95: float
    maximum: float


def compose(transforms: Sequence[sitk.Transform]) -> sitk.Transform:
    """One transform that applies the given ones in their order."""
    # SimpleITK applies the transform that was added last first.
    return sitk.CompositeTransform(list(reversed(transforms))) if transforms else sitk.Transform(3, sitk.sitkIdentity)


def displacement_field(transform: sitk.Transform, grid: sitk.Image) -> sitk.Image:
    """The displacement (mm, LPS) of a transform at the voxel centres of an image, as float64 vectors."""
    return sitk.TransformToDisplacementField(
        transform, sitk.sitkVectorFloat64, grid.GetSize(), grid.GetOrigin(), grid.GetSpacing(), grid.GetDirection()
    )


def coarse_grid(region: sitk.Image, spacing: float) -> sitk.Image:
    """An empty image with about ``spacing`` mm voxels that covers another and reaches one voxel beyond it."""
    size = np.asarray(region.GetSize())
    extent = size * np.asarray(region.GetSpacing())
    coarse_size = np.maximum(np.ceil(extent / spacing).astype(int), 1) + 2
    coarse_spacing = extent / (coarse_size - 2)
    first = (0.5 * coarse_spacing / np.asarray(region.GetSpacing()) - 0.5) - coarse_spacing / region.GetSpacing()
    grid = sitk.Image([int(n) for n in coarse_size], sitk.sitkUInt8)
    grid.SetOrigin(region.TransformContinuousIndexToPhysicalPoint([float(index) for index in first]))
    grid.SetSpacing([float(s) for s in coarse_spacing])
    grid.SetDirection(region.GetDirection())
    return grid


def invert(chain: Chain, region: sitk.Image) -> Inverse:
    """The inverse of a chain in a region of the moving image.

    Linear transforms are inverted exactly. The rest is inverted as one displacement field by fixed-point iteration
    (Chen et al., Med Phys 2008, https://doi.org/10.1118/1.2816107, as in ITK's InvertDisplacementFieldImageFilter), on
    a grid that follows the finest B-spline; :func:`measure_residual` tells how well that went.

    :param region: an image whose grid covers the points that will be mapped back.
    """
    linear, deformable = chain.split()
    exact = [transform.GetInverse() for transform in reversed(linear.transforms)]
    if not deformable.transforms:
        return Inverse(compose(exact), None)
    field = displacement_field(deformable.composite(), coarse_grid(region, field_spacing(deformable)))
    inverse_field = sitk.InvertDisplacementField(
        field,
        maximumNumberOfIterations=_INVERSION_ITERATIONS,
        maxErrorToleranceThreshold=_INVERSION_TOLERANCE,
        # The filter stops when either is reached, and the mean is small early where only a part is deformed.
        meanErrorToleranceThreshold=0.0,
        enforceBoundaryCondition=False,
    )
    numerical = sitk.DisplacementFieldTransform(sitk.Image(inverse_field))
    return Inverse(compose([numerical, *exact]), inverse_field)


def field_spacing(deformable: Chain) -> float:
    """Spacing (mm) of a displacement field that stands for these transforms."""
    splines = [transform for transform in deformable.transforms if isinstance(transform, sitk.BSplineTransform)]
    sizes = [np.divide(s.GetTransformDomainPhysicalDimensions(), s.GetTransformDomainMeshSize()) for s in splines]
    finest = min((float(size.min()) for size in sizes), default=0.0)
    return float(np.clip(finest / 3, *_INVERSION_SPACING))


def measure_residual(chain: Chain, inverse: Inverse, points: np.ndarray) -> Residual:
    """Map points of the fixed image forth and back.

    :param points: n x 3, mm, LPS.
    """
    there_and_back = compose([chain.composite(), inverse.transform])
    distances = np.linalg.norm(map_points(there_and_back, points) - points, axis=1)
    return Residual(float(distances.mean()), float(np.percentile(distances, 95)), float(distances.max()))


def map_points(transform: sitk.Transform, points: np.ndarray) -> np.ndarray:
    """Points (n x 3, mm, LPS) mapped by a transform."""
    return np.array([transform.TransformPoint(point) for point in np.asarray(points, float).tolist()])


def folding(chain: Chain, mask: sitk.Image) -> float:
    """The share of a mask (on the fixed image's grid) in which the chain folds space: Jacobian determinant below 0."""
    grid = coarse_grid(crop(mask, *bounding_box(mask)), JACOBIAN_SPACING)
    inside = sitk.GetArrayFromImage(sitk.Resample(mask, grid, sitk.Transform(), sitk.sitkNearestNeighbor)) != 0
    # ITK's filter takes derivatives along the grid's axes, but components along the patient's: let them be the same.
    axes = sitk.AffineTransform(grid.GetDirection(), (0.0, 0.0, 0.0))
    grid.SetOrigin(axes.GetInverse().TransformPoint(grid.GetOrigin()))
    grid.SetDirection(np.eye(3).ravel().tolist())
    field = displacement_field(compose([axes, chain.composite(), axes.GetInverse()]), grid)
    determinant = sitk.GetArrayFromImage(sitk.DisplacementFieldJacobianDeterminant(field))
    return float((determinant[inside] <= 0).mean()) if inside.any() else 0.0


def pose(chain: Chain) -> dict[str, float]:
    """Scale (1: none) and rotation (degrees) of the linear part of a chain."""
    linear = chain.split()[0].composite()
    corners = map_points(linear, np.vstack([np.zeros(3), np.eye(3)]))
    matrix = (corners[1:] - corners[0]).T
    scale = float(np.cbrt(np.linalg.det(matrix)))
    cosine = (np.trace(matrix) / scale - 1) / 2
    return {"scale": scale, "rotation": float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))}
