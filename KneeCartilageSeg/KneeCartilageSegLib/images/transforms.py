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
from scipy import ndimage

from .grid import Grid
from .regions import bounding_box, crop, points_inside, points_to_indices

JACOBIAN_SPACING = 2.0  # mm; finer than the grid of any B-spline in use

_CUBIC = 3

# mm; a displacement field in place of a chain has a third of the spacing of the finest B-spline, within these bounds.
_FIELD_SPACING = (0.6, 2.0)


@dataclass(frozen=True)
class Chain:
    """Transforms in the order in which they are applied to a point of the fixed image."""

    transforms: tuple[sitk.Transform, ...]

    def composite(self) -> sitk.Transform:
        """The whole chain as one transform."""
        return compose(self.transforms)

    def affine(self) -> tuple[np.ndarray, np.ndarray]:
        """Matrix (3 x 3) and offset (3, mm) of all linear transforms of the chain, one after the other."""
        linear = compose([transform for transform in self.transforms if transform.IsLinear()])
        offset, *corners = map_points(linear, np.vstack([np.zeros(3), np.eye(3)]))
        return (np.array(corners) - offset).T, offset


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


def field_spacing(chain: Chain) -> float:
    """Spacing (mm) of a displacement field that stands for a chain or its inverse: it follows the finest B-spline."""
    splines = [transform for transform in chain.transforms if isinstance(transform, sitk.BSplineTransform)]
    sizes = [np.divide(s.GetTransformDomainPhysicalDimensions(), s.GetTransformDomainMeshSize()) for s in splines]
    finest = min((float(size.min()) for size in sizes), default=0.0)
    return float(np.clip(finest / 3, *_FIELD_SPACING))


def map_points(transform: sitk.Transform, points: np.ndarray) -> np.ndarray:
    """Points (n x 3, mm, LPS) mapped by a transform, exactly.

    Linear transforms and cubic B-splines are applied to all points at once, five times as fast as one after the other.
    """
    points = np.asarray(points, float).reshape(-1, 3)
    if isinstance(transform, sitk.CompositeTransform):
        for number in reversed(range(transform.GetNumberOfTransforms())):
            points = map_points(transform.GetNthTransform(number), points)
        return points
    if transform.IsLinear():
        offset, *corners = (np.array(transform.TransformPoint(point)) for point in np.eye(4, 3, -1).tolist())
        return points @ (np.array(corners) - offset) + offset
    if isinstance(transform, sitk.BSplineTransform) and transform.GetOrder() == _CUBIC:
        return _map_by_spline(transform, points)
    return np.array([transform.TransformPoint(point) for point in points.tolist()]).reshape(-1, 3)


def _map_by_spline(transform: sitk.BSplineTransform, points: np.ndarray) -> np.ndarray:
    """As ITK does it: beyond the last control points but one the transform moves nothing."""
    coefficients = transform.GetCoefficientImages()
    indices = points_to_indices(coefficients[0], points)
    inside = np.all((indices >= 1) & (indices <= np.array(coefficients[0].GetSize()) - 2), axis=1)
    moved = points.copy()
    places = indices[inside, ::-1].T
    for axis, component in enumerate(coefficients):
        values = sitk.GetArrayViewFromImage(component)
        moved[inside, axis] += ndimage.map_coordinates(values, places, order=_CUBIC, mode="nearest", prefilter=False)
    return moved


def folding(chain: Chain, mask: sitk.Image, moving: sitk.Image) -> float:
    """The share of a mask (on the fixed image's grid) in which the chain folds space: Jacobian determinant below 0.

    :param moving: what is mapped to places outside this image is left out: there nothing held the transform.
    """
    grid = coarse_grid(crop(mask, *bounding_box(mask)), JACOBIAN_SPACING)
    inside = sitk.GetArrayFromImage(sitk.Resample(mask, grid, sitk.Transform(), sitk.sitkNearestNeighbor)) != 0
    # ITK's filter takes derivatives along the grid's axes, but components along the patient's: let them be the same.
    axes = sitk.AffineTransform(grid.GetDirection(), (0.0, 0.0, 0.0))
    grid.SetOrigin(axes.GetInverse().TransformPoint(grid.GetOrigin()))
    grid.SetDirection(np.eye(3).ravel().tolist())
    field = displacement_field(compose([axes, chain.composite(), axes.GetInverse()]), grid)
    nodes = np.argwhere(inside)[:, ::-1]
    mapped = Grid.of(grid).points(nodes) + sitk.GetArrayViewFromImage(field)[inside]
    inside[inside] = points_inside(moving, map_points(axes, mapped))
    determinant = sitk.GetArrayFromImage(sitk.DisplacementFieldJacobianDeterminant(field))
    return float((determinant[inside] <= 0).mean()) if inside.any() else 0.0


def pose(chain: Chain) -> dict[str, float]:
    """Scale (1: none) and rotation (degrees) of the linear transforms of a chain."""
    matrix, _ = chain.affine()
    scale = float(np.cbrt(np.linalg.det(matrix)))
    cosine = (np.trace(matrix) / scale - 1) / 2
    return {"scale": scale, "rotation": float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))}
