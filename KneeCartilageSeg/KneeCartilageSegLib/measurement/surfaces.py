"""The two surfaces of the cartilage: where it meets the bone, and where it meets the joint.

Both are smooth surfaces of thick bodies, so that smoothing away the staircase of the voxels does not thin the thin
cartilage between them: the bone's is that of the femur, the joint's that of femur and cartilage together. With F and C
the shares of femur and cartilage at a place (the masks, smoothed by a Gaussian), the bone surface is where F = 1/2 and
the outer surface is where F + C = 1/2. On the bone surface the other half is cartilage or something else; it is
covered where most of that is cartilage, C > 1/4. Where there is no cartilage both surfaces are one.

Masks that overlap: the cartilage counts, so that it is measured as it was drawn. Masks with a gap between them (drawn
or warped by themselves): what lies between femur and cartilage counts as femur.

Without a femur mask, what the cartilage surrounds stands for the femur: all that lies nearer to the axis of a cylinder
through the cartilage, see :func:`_inside_of`. Then there is no bone surface but where cartilage covers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import SimpleITK as sitk
from scipy import ndimage
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ..errors import InputError, Problem
from ..images.grid import Grid
from .meshes import Mesh, isosurface, need_vtk
from .orientation import cylinder_axis, fit_circle, plane_of

SMOOTHING_VOXELS = 0.7
"""Standard deviation of the Gaussian along each axis, in voxels: enough for a binary mask's surface to lose its
staircase (at 0.5 terraces are left); analytic shells come out best between 0.6 and 0.9."""

_MARGIN_MM = 4.0  # of bone around the cartilage that is kept: more than smoothing and the search for gaps reach
_LARGEST_GAP_MM = 2.0
_FEW = 6  # voxels, whose middle tells the direction to a mask better than the nearest does
_OPPOSITE = -0.4  # cosine; beside the rim, where the cartilage ends on the bone, both directions are at right angles
_NORMAL_SMOOTHING_MM = 1.0  # of the bone, for its normals: their direction must not follow single voxels
_COVERED_SHARE = 0.25
_BEYOND_RIM_MM = 3.0
_LEAST_PIECE_MM3 = 15.0  # of cartilage; smaller ones are slips of the brush and islands of a registration


@dataclass(frozen=True)
class JointSurface:
    """The bone's surface under and around the cartilage, and the cartilage's outer surface.

    :param bone: the bone's surface.
    :param normals: for each of its n points the unit normal, out of the bone (n x 3, LPS).
    :param solid: share of bone and cartilage together (z, y, x, 0 to 1); the outer surface is where it is 1/2.
    :param grid: where the values of ``solid`` lie.
    :param covered: for each point of ``bone`` whether cartilage covers it.
    :param axis: about which the cartilage lies like part of a tube (3, unit, LPS): :func:`.orientation.cylinder_axis`.
    :param has_femur: whether a femur mask was given; if not, only the covered part of ``bone`` means something.
    """

    bone: Mesh
    normals: np.ndarray
    solid: np.ndarray
    grid: Grid
    covered: np.ndarray
    axis: np.ndarray
    has_femur: bool

    @cached_property
    def areas(self) -> np.ndarray:
        """The area of smooth bone that each of its points stands for (n, mm2).

        Triangles follow what smoothing has left of the voxels' staircase: their own areas are up to 6 % too large. So
        each counts as large as it is seen along the normals of its points, which are those of a smoother bone.
        """
        return self.bone.areas_along(self.normals)

    @cached_property
    def enclosed(self) -> np.ndarray:
        """For each point of ``bone`` whether it lies bare in a hole of the cartilage, surrounded by it on all sides.

        A loss that reaches the rim of the joint surface cannot be told from bone that never had any cartilage.
        """
        bare = ~self.covered
        enclosed = np.zeros(len(self.covered), bool)
        if not self.has_femur or not bare.any():
            return enclosed
        graph = self.bone.neighbors[bare][:, bare]
        count, piece = connected_components(graph, directed=False)
        indices = self.grid.indices(self.bone.points[bare])
        at_edge = np.any((indices < 1) | (indices > self.grid.size - 2), axis=1)
        # What reaches the end of the region goes on to the shaft; so does what is larger than all cartilage.
        open_ = np.bincount(piece, self.areas[bare], count) > self.areas[self.covered].sum()
        open_[piece[at_edge]] = True
        enclosed[bare] = ~open_[piece]
        return enclosed


def joint_surface(cartilage: sitk.Image, femur: sitk.Image | None = None) -> JointSurface:
    """The surfaces between which the thickness of the cartilage is measured.

    :param cartilage: mask of the femoral cartilage; any value but 0 is inside.
    :param femur: mask of the femur on the same grid.
    :raises InputError: if a mask is empty, or the masks lie on different grids or nowhere near each other.
    :raises KneeError: if vtk is not installed.
    """
    need_vtk()
    region, inside, bone, axis = _arrays(cartilage, femur)
    sigma = [SMOOTHING_VOXELS] * 3
    bone_share = ndimage.gaussian_filter(bone.astype(np.float32), sigma, truncate=4)
    cartilage_share = ndimage.gaussian_filter(inside.astype(np.float32), sigma, truncate=4)
    mesh = isosurface(bone_share, 0.5, region)
    covered = interpolate(cartilage_share, region, mesh.points) > _COVERED_SHARE
    if not covered.any():
        message = "the cartilage does not touch the femur"
        raise InputError([Problem(message, "Check that both masks are those of the same knee")])
    solid = bone_share + cartilage_share
    normals = _normals(mesh, bone, region)
    return JointSurface(mesh, normals, solid, region, covered, axis, femur is not None)


def interpolate(values: np.ndarray, grid: Grid, points: np.ndarray) -> np.ndarray:
    """Values (z, y, x) of a grid at points (n x 3, mm, LPS), linear in between, continued beyond its edge."""
    return ndimage.map_coordinates(values, grid.indices(points)[:, ::-1].T, order=1, mode="nearest")


def _normals(mesh: Mesh, bone: np.ndarray, grid: Grid) -> np.ndarray:
    """The direction in which the smoothed bone decreases fastest, at each point of its surface."""
    sigma = np.maximum(_NORMAL_SMOOTHING_MM / grid.spacing[::-1], SMOOTHING_VOXELS)
    smoothed = ndimage.gaussian_filter(bone.astype(np.float32), sigma, truncate=3)
    at = grid.indices(mesh.points)[:, ::-1].T
    steps = np.eye(3)[::-1, :, None]  # x, y, z, of indices z, y, x
    ahead, behind = (
        [ndimage.map_coordinates(smoothed, at + sign * step, order=1, mode="nearest") for step in steps]
        for sign in (1, -1)
    )
    # The gradient in mm: that in voxels times the inverse of the grid's matrix.
    normals = (np.array(behind) - np.array(ahead)).T @ np.linalg.inv(grid.matrix)
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), np.finfo(float).tiny)


def _arrays(cartilage: sitk.Image, femur: sitk.Image | None) -> tuple[Grid, np.ndarray, np.ndarray, np.ndarray]:
    """The part of the grid around the cartilage, and both masks on it (z, y, x), and the cartilage's axis.

    Where the image ends, the femur goes on.
    """
    grid = Grid.of(cartilage)
    inside = sitk.GetArrayViewFromImage(cartilage) != 0
    first, stop = _box(inside)
    margin = np.ceil(_MARGIN_MM * grid.reach[::-1]).astype(int)
    lower, upper = np.maximum(first - margin, 0), np.minimum(stop + margin, inside.shape)
    cut = tuple(slice(a, b) for a, b in zip(lower, upper))
    # A margin that the image does not have is a copy of its edge: a bone that the image cuts off has no surface there.
    padding = list(zip(lower - (first - margin), (stop + margin) - upper))
    inside = _without_specks(np.pad(inside[cut], padding), grid)
    origin = grid.points((first - margin)[None, ::-1].astype(float))[0]
    region = Grid(np.array(inside.shape[::-1]), origin, grid.spacing, grid.direction)
    axis = cylinder_axis(inside, region)
    if femur is None:
        around = _inside_of(inside, region, axis)
        return region, inside, around | _gap(inside, around, region), axis
    _check_grids(grid, Grid.of(femur))
    bone = np.pad(sitk.GetArrayViewFromImage(femur)[cut] != 0, padding, mode="edge") & ~inside
    return region, inside, bone | _gap(inside, bone, region), axis


def _check_grids(grid: Grid, femur: Grid) -> None:
    if not femur.coincides_with(grid):
        message = f"the masks of femur and cartilage lie on different grids ({femur.difference(grid)})"
        raise InputError([Problem(message, "Give masks of the same image, or measure without the femur")])


def _box(inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last index (behind it) of what is inside.

    :raises InputError: if nothing is.
    """
    ranges = [np.flatnonzero(inside.any(axis=tuple({0, 1, 2} - {axis}))) for axis in range(3)]
    if not ranges[0].size:
        raise InputError([Problem("the mask of the cartilage is empty", "Give a mask with the femoral cartilage")])
    return np.array([r[0] for r in ranges]), np.array([r[-1] + 1 for r in ranges])


def _without_specks(inside: np.ndarray, grid: Grid) -> np.ndarray:
    """Without pieces so small that no thickness can be told; the largest always stays."""
    pieces, count = ndimage.label(inside, np.ones((3, 3, 3)))
    if count < 2:
        return inside
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    kept = sizes * grid.voxel_volume >= _LEAST_PIECE_MM3
    kept[np.argmax(sizes)] = True
    return kept[pieces]


def _gap(inside: np.ndarray, bone: np.ndarray, grid: Grid) -> np.ndarray:
    """Voxels of neither mask that lie between the two: seen from them, both are near, and in opposite directions."""
    reach = np.ceil(_LARGEST_GAP_MM * grid.reach[::-1]).astype(int)
    near = _grown(inside, reach) & _grown(bone, reach) & ~inside & ~bone
    beside = _grown(near, np.ones(3, int))
    candidates, cartilage_edge, bone_edge = (np.argwhere(m) for m in (near, inside & beside, bone & beside))
    if not (len(candidates) and len(cartilage_edge) and len(bone_edge)):
        return np.zeros_like(near)
    points = grid.points(candidates[:, ::-1])
    to_cartilage, distance = _towards(cartilage_edge, points, grid)
    to_bone, other_distance = _towards(bone_edge, points, grid)
    between = np.sum(to_cartilage * to_bone, axis=1) < _OPPOSITE
    between &= distance + other_distance <= _LARGEST_GAP_MM + grid.spacing.max()
    near[tuple(candidates[~between].T)] = False
    return near


def _towards(voxels: np.ndarray, points: np.ndarray, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors from points to the middle of the nearest few of some voxels (indices z, y, x), and the distance of
    the nearest."""
    centers = grid.points(voxels[:, ::-1])
    distances, nearest = cKDTree(centers).query(points, k=list(range(1, min(_FEW, len(centers)) + 1)))
    offsets = centers[nearest].mean(axis=1) - points
    lengths = np.linalg.norm(offsets, axis=1, keepdims=True)
    return offsets / np.where(lengths > 0, lengths, 1.0), distances[:, 0]


def _grown(mask: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """The box-shaped neighborhood of a mask (voxels, z y x)."""
    return ndimage.maximum_filter(mask.view(np.uint8), [2 * int(n) + 1 for n in reach]).view(bool)


def _inside_of(inside: np.ndarray, grid: Grid, axis: np.ndarray) -> np.ndarray:
    """What the cartilage surrounds, in place of a femur mask.

    The cartilage lies around the medial-lateral axis of the femur like part of a tube. In cylinder coordinates about
    that axis (position along it, angle, radius) it is a sheet over position and angle, and what has a smaller radius
    than the sheet is inside.
    """
    points = grid.points(np.argwhere(inside)[:, ::-1].astype(float))
    first, second = plane_of(axis)
    center, middle_radius = fit_circle(points @ np.stack([first, second], axis=1))
    along, u, v = (_linear(inside.shape, grid, direction) for direction in (axis, first, second))
    u, v = u - np.float32(center[0]), v - np.float32(center[1])
    # Bins as large as a voxel, so that a sheet of voxels leaves few of them empty.
    step = grid.spacing.max()
    rows = np.floor((along - along.min()) / step).astype(np.int32)
    count = max(8, int(2 * np.pi * middle_radius / step))
    columns = np.floor(np.arctan2(v, u) * (count / (2 * np.pi))).astype(np.int32) % count
    bins, radius = rows * count + columns, np.hypot(u, v)
    sheet = np.full((int(rows.max()) + 1, count), -np.inf, np.float32)
    np.maximum.at(sheet.reshape(-1), bins[inside], -radius[inside])
    smallest = -_continued(sheet, int(np.ceil(_BEYOND_RIM_MM / step))).ravel()[bins]
    return (radius < smallest) & np.isfinite(smallest) & ~inside


def _continued(sheet: np.ndarray, reach: int) -> np.ndarray:
    """Fill what is not finite within a reach (bins) of what is, with the nearest value; the second axis is a circle."""
    padded = np.pad(sheet, ((0, 0), (reach, reach)), mode="wrap")
    distance, nearest = ndimage.distance_transform_edt(~np.isfinite(padded), return_indices=True)
    filled = np.where(distance <= reach, padded[tuple(nearest)], padded)
    return filled[:, reach : filled.shape[1] - reach]


def _linear(shape: tuple[int, ...], grid: Grid, direction: np.ndarray) -> np.ndarray:
    """The position along a direction (mm) of each voxel (z, y, x; float32)."""
    steps = direction @ grid.matrix
    z, y, x = np.ogrid[tuple(slice(n) for n in shape)]
    return (steps[0] * x + steps[1] * y + steps[2] * z + direction @ grid.origin).astype(np.float32)
