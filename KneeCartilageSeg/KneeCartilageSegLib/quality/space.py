"""Two masks in one space: whether they can be compared where they are, and the grid on which they are."""

from __future__ import annotations

import math

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

from ..errors import InputError, Problem
from ..images.grid import SAME_PLACE_VOXELS, Grid, box_corners

_LEAST_SHARED_PART = 0.5
"""Two images of different size are in the same space if at least this part of the smaller one lies in the larger."""

_MOST_PARTS = 8
"""Into how many parts the edge of a voxel is divided at most, to make voxels that divide those of the other grid."""

_MOST_VOXELS = 2**28
"""Of the common grid round both masks: 256 MB for each of them."""

_OFF_THE_EDGE = np.array([1.0, 0.7, 0.4]) * 1e-3
"""Voxels in the patient's directions (x, y, z). By so much places are moved that may lie where voxels meet, so that
the nearest voxel there is the same in whatever order the voxels are stored."""


def check_same_space(segmentation: Grid, truth: Grid) -> str:
    """Whether two masks can be compared where they are; what has to be done for it, in words.

    - Same size: both are taken for masks of one scan, which then have to lie in the same place. If the voxels coincide
      to a tenth of a voxel (headers are rounded) they are compared one by one. If the images fill the same place but
      are stored in another order or orientation (LPS and RAS, a flipped axis), the voxels are matched. Anything else,
      such as a shifted origin or a left-right flip, is refused: most often one file lost its header, and whether the
      header or the voxels are right is for the user to say. Half a voxel is already as large as the errors to be
      measured.
    - Different size: both are put on a common grid, see :func:`common_grid`, if at least half of the smaller image lies
      in the larger one.

    :return: a note if the grids differ, or nothing if the voxels can be compared one by one.
    :raises InputError: if the masks lie in different spaces.
    """
    if sorted(segmentation.size) == sorted(truth.size):
        if segmentation.coincides_with(truth):
            return ""
        offsets = np.linalg.norm(segmentation.corners[:, None] - truth.corners[None], axis=2)
        if offsets.min(axis=1).max() <= SAME_PLACE_VOXELS * min(truth.spacing):
            return "the segmentation is stored in another orientation; its voxels were matched with the truth's"
        raise _different_spaces(segmentation, truth, "have the same size, but do not lie in the same place")
    shared = _shared_part(segmentation, truth)
    if shared < _LEAST_SHARED_PART:
        raise _different_spaces(segmentation, truth, f"share only {100 * shared:.0f} % of the smaller one")
    common, exact = common_grid(segmentation, truth)
    how = "which divide the voxels of both" if exact else "where the nearest voxel of each counts"
    edges = " x ".join(f"{edge:.4g}" for edge in common.spacing)
    return (
        f"the masks lie on different grids, {_grid_text(segmentation)} (segmentation) and {_grid_text(truth)} (truth); "
        f"they were compared on voxels of {edges} mm, {how}"
    )


def common_grid(segmentation: Grid, truth: Grid) -> tuple[Grid, bool]:
    """A grid on which both masks can be compared: the truth's, its voxels divided along each axis.

    Where the edges of the voxels of both grids lie on the edges of such parts (grids of a whole ratio, of 3 to 2, or
    shifted by half a voxel), no voxel of it lies in two voxels of either mask, and the comparison is exact. Along other
    axes, and where the grids are turned against each other, the parts are about as fine as the finer of the two grids.
    In either case the same places are compared in whatever order the axes of the two masks are stored.

    :return: the grid, and whether the comparison is exact.
    """
    steps = np.linalg.solve(truth.matrix, segmentation.matrix)  # a step of the segmentation, in voxels of the truth
    axes = np.abs(steps).argmax(axis=1)
    edges = np.abs(steps[np.arange(3), axes])
    off_axis = steps.copy()
    off_axis[np.arange(3), axes] = 0
    parallel = sorted(axes) == [0, 1, 2] and np.abs(off_axis * segmentation.size).max() <= SAME_PLACE_VOXELS
    first_edges = truth.indices(segmentation.points(box_corners(np.full(3, -0.5), segmentation.size - 0.5))).min(axis=0)
    parts, exact = [], parallel
    for axis in range(3):
        found = _dividing(edges[axis], first_edges[axis] + 0.5, segmentation.size[axes[axis]]) if parallel else None
        exact = exact and found is not None
        parts.append(found or min(_MOST_PARTS, max(1, round(1 / edges[axis]))))
    divided = np.array(parts)
    origin = truth.points(0.5 / divided - 0.5)
    return Grid(truth.size * divided, origin, truth.spacing / divided, truth.direction), bool(exact)


def on_common_region(segmentation: sitk.Image, truth: sitk.Image) -> tuple[Grid, np.ndarray, np.ndarray, list[str]]:
    """The labels of both masks in the part of their common grid, continued if need be, that holds all foreground.

    :return: that part of the grid, the labels of segmentation and truth on it (z, y, x), and what a reader should know.
    :raises InputError: if an image is not 3-D and scalar, holds fractions, or both are not in the same space.
    """
    grids = Grid.of(segmentation), Grid.of(truth)
    note = check_same_space(*grids)
    notes = [note] if note else []
    common, exact = common_grid(*grids) if note else (grids[1], True)
    first, size = _common_box(segmentation, truth, common)
    if np.any(first < 0) or np.any(first + size > common.size):
        notes.append("the segmentation reaches beyond the truth's image, which counts as extra")
    if math.prod(size.tolist()) > _MOST_VOXELS:
        remedy = "Resample one of the masks to the other's grid in Slicer (Resample Scalar/Vector/DWI Volume)"
        raise InputError([Problem(f"the grids are too different for a common one ({note})", remedy)])
    region = Grid(size, common.points(first), common.spacing, common.direction)
    off = np.zeros(3) if exact else _OFF_THE_EDGE * min(common.spacing)
    return region, _labels_on(region, segmentation, off), _labels_on(region, truth, off), notes


def _dividing(edge: float, first: float, count: int) -> int | None:
    """Into how few parts voxels have to be divided so that those of another grid consist of whole parts.

    :param edge: of the other grid's voxels, in voxels.
    :param first: where the first of them begins, in voxels from the beginning of a voxel.
    :param count: how many of them there are.
    :return: None if there is no such number, to a tenth of a part at the other grid's end.
    """
    for parts in range(1, _MOST_PARTS + 1):
        begin, length = first * parts, edge * parts
        drift = abs(length - round(length)) * count
        if round(length) >= 1 and abs(begin - round(begin)) + drift <= SAME_PLACE_VOXELS:
            return parts
    return None


def _different_spaces(segmentation: Grid, truth: Grid, what: str) -> InputError:
    message = f"segmentation and truth {what} (segmentation: {segmentation}; truth: {truth})"
    remedy = (
        "If they show the same scan, one header is wrong: copy origin, spacing and direction from the scan to both "
        "masks; otherwise resample one to the other's grid in Slicer (Resample Scalar/Vector/DWI Volume)"
    )
    return InputError([Problem(message, remedy)])


def _extent_in(grid: Grid, first: np.ndarray, size: np.ndarray, other: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest continuous index of another grid that a box of voxels, edges included, reaches."""
    corners = other.indices(grid.points(box_corners(first - 0.5, first + size - 0.5)))
    return corners.min(axis=0), corners.max(axis=0)


def _shared_part(segmentation: Grid, truth: Grid) -> float:
    lower, upper = _extent_in(segmentation, np.zeros(3), segmentation.size, truth)
    shared = np.minimum(upper, truth.size - 0.5) - np.maximum(lower, -0.5)
    if shared.min() <= 0:
        return 0.0
    return float(np.prod(shared) / min(np.prod(upper - lower), np.prod(truth.size)))


def _foreground_box(image: sitk.Image) -> tuple[np.ndarray, np.ndarray] | None:
    """First index and size (x, y, z) of the box that holds all voxels other than 0; None if there is none."""
    values = sitk.GetArrayViewFromImage(image)
    if not np.issubdtype(values.dtype, np.integer) and not np.array_equal(values, np.rint(values)):
        remedy = "Labels are whole numbers: threshold probabilities first"
        raise InputError([Problem("the mask holds fractions", remedy)])
    found = ndimage.find_objects((values != 0).view(np.uint8))
    if not found:
        return None
    first, stop = (np.array([getattr(edge, end) for edge in reversed(found[0])]) for end in ("start", "stop"))
    return first, stop - first


def _common_box(segmentation: sitk.Image, truth: sitk.Image, common: Grid) -> tuple[np.ndarray, np.ndarray]:
    """First index (may be negative) and size of the box on the common grid that holds the foreground of both."""
    boxes = []
    for image in (truth, segmentation):
        box = _foreground_box(image)
        if box is not None:
            lower, upper = _extent_in(Grid.of(image), *box, common)
            first = np.ceil(lower - SAME_PLACE_VOXELS).astype(int)
            boxes.append((first, np.maximum(np.floor(upper + SAME_PLACE_VOXELS).astype(int) - first + 1, 1)))
    if not boxes:
        return np.zeros(3, int), np.ones(3, int)
    first = np.min([first for first, _ in boxes], axis=0)
    return first, np.max([first + size for first, size in boxes], axis=0) - first


def _labels_on(region: Grid, image: sitk.Image, off: np.ndarray) -> np.ndarray:
    """Array (z, y, x) of the labels of the voxels that the centers of a region's voxels lie in; 0 outside the image.

    Where the image's own grid is the region's but for rounding in the header, this is a copy.

    :param off: moves all centers (3, mm, LPS).
    """
    resampled = sitk.Resample(
        image,
        region.size.tolist(),
        sitk.Transform(),
        sitk.sitkNearestNeighbor,
        (region.origin + off).tolist(),
        region.spacing.tolist(),
        region.direction.ravel().tolist(),
        0.0,
    )
    return sitk.GetArrayFromImage(resampled)


def _grid_text(grid: Grid) -> str:
    size = " x ".join(str(n) for n in grid.size)
    return f"{size} voxels of {' x '.join(f'{s:.4g}' for s in grid.spacing)} mm"
