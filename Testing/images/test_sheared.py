"""Images whose axes are not perpendicular: a gantry tilt, a sheared affine."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.images.grid import Grid
from KneeCartilageSegLib.images.masks import dilate, volume
from KneeCartilageSegLib.images.regions import bounding_box, crop, missing_margin
from KneeCartilageSegLib.quality.metrics import compare

SPACING = (0.5, 0.75, 1.25)
TILTED = (1, 0, 0, 0, 1, np.sin(0.5), 0, 0, np.cos(0.5))
SKEWED = (0.8, 0.6, 0, 0.6, 0.8, 0, 0, 0, 1)


def block(axes: tuple[float, ...], size: int = 40, first: int = 15, length: int = 10) -> sitk.Image:
    values = np.zeros((size,) * 3, np.uint8)
    values[(slice(first, first + length),) * 3] = 1
    mask = sitk.GetImageFromArray(values)
    mask.SetSpacing(SPACING)
    mask.SetOrigin((3, -4, 5))
    mask.SetDirection(axes)
    return mask


@pytest.mark.parametrize(("axes", "share"), [(TILTED, np.cos(0.5)), (SKEWED, 0.28)])
def test_volume_is_that_of_the_cells(axes, share):
    assert volume(block(axes)) == pytest.approx(1000 * np.prod(SPACING) * share)


@pytest.mark.parametrize("axes", [TILTED, SKEWED])
@pytest.mark.parametrize("distance", [0.9, 3.0])
def test_dilation_is_by_mm_in_every_direction(axes, distance):
    mask = block(axes)
    grid = Grid.of(mask)
    indices = np.argwhere(np.ones(mask.GetSize(), bool))
    inside = grid.points(np.argwhere(sitk.GetArrayFromImage(mask).T))
    points = grid.points(indices)
    nearest = np.concatenate(
        [np.linalg.norm(part[:, None] - inside[None], axis=2).min(axis=1) for part in np.array_split(points, 400)]
    )
    expected = (nearest <= distance).reshape(mask.GetSize()).T
    found = dilate(mask, distance)
    assert np.array_equal(sitk.GetArrayFromImage(found), expected)
    assert Grid.of(found).coincides_with(grid)


def test_nothing_dilated_is_nothing():
    assert volume(dilate(block(TILTED) > 1, 2.0)) == 0


@pytest.mark.parametrize("axes", [TILTED, SKEWED])
def test_a_margin_holds_all_that_is_near(axes):
    """Points within the margin lie in the crop, or in what was found to be missing at the image's border."""
    mask, margin = block(axes, size=80, first=35), 4.0
    first, size = bounding_box(mask)
    cropped = crop(mask, first, size, margin)
    grid = Grid.of(cropped)
    directions = np.random.default_rng(0).normal(size=(2000, 3))
    near = Grid.of(mask).points(np.argwhere(sitk.GetArrayFromImage(mask).T))[::7]
    reached = near[:, None] + margin * (directions / np.linalg.norm(directions, axis=1, keepdims=True))[None, ::20]
    indices = grid.indices(reached.reshape(-1, 3))
    assert (indices >= -0.5).all()
    assert (indices <= grid.size - 0.5).all()
    tight = block(axes, size=10, first=0)
    lower, upper = missing_margin(tight, (0, 0, 0), (10, 10, 10), margin, SPACING)
    assert np.all(np.array(lower) >= np.ceil(margin * grid.reach) - 1)
    assert lower == upper


def test_quality_agrees_about_volumes_and_distances():
    mask, other = block(TILTED), block(TILTED, first=16)
    (found,) = compare(mask, other)
    assert found.segmentation_volume == pytest.approx(volume(mask))
    step = np.reshape(TILTED, (3, 3)) @ SPACING
    assert found.hausdorff <= np.linalg.norm(step) + 1e-9
