"""Where two masks differ, and where to look first, on oblique and on different grids."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.quality.difference import find_difference
from KneeCartilageSegLib.quality.metrics import compare

SIZE = (20, 18, 16)


def box(first, stop, value=1, spacing=(0.5, 0.7, 1.1), size=SIZE) -> sitk.Image:
    array = np.zeros(size[::-1], np.uint8)
    x, y, z = (slice(*bounds) for bounds in zip(first, stop))
    array[z, y, x] = value
    image = sitk.GetImageFromArray(array)
    image.SetSpacing(spacing)
    image.SetDirection(oblique(0.3, -0.2, 0.5))
    image.SetOrigin((-20, 35, 60))
    return image


def points(difference, mask) -> set[tuple[float, ...]]:
    """The centers of the voxels of a mask."""
    found = difference.region.points(np.argwhere(mask)[:, ::-1])
    return {tuple(point) for point in found.round(6).tolist()}


def expected_points(image, indices) -> set[tuple[float, ...]]:
    return {tuple(np.round(image.TransformIndexToPhysicalPoint(index), 6).tolist()) for index in indices}


def box_indices(first, stop):
    return [tuple(int(n) + f for n, f in zip(i, first)) for i in np.ndindex(*np.subtract(stop, first))]


def test_voxels_are_sorted_where_they_lie():
    truth, mask = box((4, 4, 4), (8, 8, 8)), box((6, 4, 4), (10, 8, 8), value=7)
    difference = find_difference(mask, truth)
    assert points(difference, difference.agreed) == expected_points(truth, box_indices((6, 4, 4), (8, 8, 8)))
    assert points(difference, difference.missed) == expected_points(truth, box_indices((4, 4, 4), (6, 8, 8)))
    assert points(difference, difference.extra) == expected_points(truth, box_indices((8, 4, 4), (10, 8, 8)))


def test_worst_error_is_that_of_the_metrics():
    truth, mask = box((4, 4, 4), (8, 8, 8)), box((4, 4, 4), (8, 8, 8))
    mask[15, 6, 6] = 1
    difference = find_difference(mask, truth)
    (quality,) = compare(mask, truth)
    assert difference.worst_error == quality.worst_error
    assert not difference.worst_error.missed
    np.testing.assert_allclose(difference.place, truth.TransformIndexToPhysicalPoint((15, 6, 6)), atol=1e-9)
    assert difference.worst_error.distance == pytest.approx(8 * 0.5)
    missed = find_difference(truth, mask)
    assert missed.worst_error.missed
    np.testing.assert_allclose(missed.place, difference.place)


def test_labels_are_chosen():
    truth, mask = box((4, 4, 4), (8, 8, 8), value=1), box((4, 4, 4), (8, 8, 8), value=5)
    mask[1, 1, 1] = 2
    difference = find_difference(mask, truth, "5:1")
    assert np.array_equal(difference.segmentation, difference.truth)
    assert find_difference(mask, truth, "2:1").extra.sum() == 1
    assert find_difference(mask, truth).extra.sum() == 1


def test_segmentation_on_a_finer_grid_of_the_same_space():
    """Each voxel is that of the truth's grid; the worst error is where it is in the patient."""
    truth = box((4, 4, 4), (8, 8, 8))
    fine = sitk.Resample(
        truth, [40, 36, 32], sitk.Transform(), sitk.sitkNearestNeighbor,
        truth.TransformContinuousIndexToPhysicalPoint((-0.25, -0.25, -0.25)), (0.25, 0.35, 0.55), truth.GetDirection(),
    )  # fmt: skip
    difference = find_difference(fine, truth)
    assert not difference.missed.any()
    assert not difference.extra.any()
    index = fine.TransformPhysicalPointToIndex(truth.TransformIndexToPhysicalPoint((14, 6, 6)))
    fine[index[0] : index[0] + 2, index[1] : index[1] + 2, index[2] : index[2] + 2] = 1
    place = find_difference(fine, truth).place
    assert np.linalg.norm(place - truth.TransformIndexToPhysicalPoint((14, 6, 6))) < 0.7


@pytest.mark.parametrize("empty", ["segmentation", "truth", "both", "none"])
def test_there_is_a_place_to_look_without_a_worst_error(empty):
    full, nothing = box((4, 5, 6), (9, 10, 11)), box((0, 0, 0), (0, 0, 0))
    truth = nothing if empty in ("truth", "both") else full
    mask = nothing if empty in ("segmentation", "both") else full
    difference = find_difference(mask, truth)
    assert difference.worst_error is None
    middle = (0, 0, 0) if empty == "both" else (6, 7, 8)
    np.testing.assert_allclose(difference.place, full.TransformIndexToPhysicalPoint(middle), atol=1e-9)


def test_different_spaces_are_refused():
    shifted = box((4, 4, 4), (8, 8, 8))
    shifted.SetOrigin((0, 0, 0))
    with pytest.raises(InputError, match="same place"):
        find_difference(shifted, box((4, 4, 4), (8, 8, 8)))
