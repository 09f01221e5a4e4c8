"""The metrics of segmentation quality: against cases worked out by hand, SimpleITK's filters and surface-distance."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.phantom import KneeParameters, make_knee
from KneeCartilageSegLib.quality.metrics import (
    ANY_LABEL,
    METRICS,
    LabelChoice,
    LabelQuality,
    compare,
    label_choice,
)
from scipy import ndimage

SPACING = (0.7, 0.365, 0.4)
OBLIQUE = (0.8, -0.6, 0.0, 0.6, 0.8, 0.0, 0.0, 0.0, 1.0)
DISTANCES = [metric.key for metric in METRICS if metric.surface and metric.unit == "mm"]


def image(array, spacing=SPACING, origin=(-12.0, 30.0, 5.0), direction=(1, 0, 0, 0, 1, 0, 0, 0, 1)) -> sitk.Image:
    """An image of an array that is indexed x, y, z."""
    result = sitk.GetImageFromArray(np.ascontiguousarray(np.asarray(array).T))
    result.SetSpacing(spacing)
    result.SetOrigin(origin)
    result.SetDirection(direction)
    return result


def cube(first, size, grid=(30, 28, 26), value=1) -> np.ndarray:
    array = np.zeros(grid, np.uint8)
    array[tuple(slice(f, f + s) for f, s in zip(first, size))] = value
    return array


def noise_blob(seed: int, grid=(40, 44, 36)) -> np.ndarray:
    """An irregular shape of some thousand voxels, clear of the image's edge: smooth noise in a ball, cut at a level."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=grid), 3)
    distance = np.linalg.norm(np.indices(grid).T - (np.array(grid) - 1) / 2, axis=-1).T
    blob = np.zeros(grid, np.uint8)
    inside = (slice(2, -2),) * 3
    blob[inside] = (noise / noise.std() - (distance / 11) ** 2 > -0.8)[inside]
    return blob


def curved_shell(shift=(0.0, 0.0, 0.0), thickness=2.4, grid=(40, 70, 60)) -> np.ndarray:
    """Part of a shell of 9 mm radius, as thin and curved as cartilage."""
    x, y, z = (np.moveaxis(np.indices(grid), 0, -1) * SPACING - np.array([14, 12, 12]) - shift).transpose(3, 0, 1, 2)
    distance = np.sqrt(x**2 + y**2 + z**2)
    return ((abs(distance - 9) < thickness / 2) & (y > -3) & (abs(x) < 7)).astype(np.uint8)


def assert_equal(first: LabelQuality, second: LabelQuality, keys=None, tolerance=1e-9):
    for key in keys or [metric.key for metric in METRICS]:
        assert getattr(first, key) == pytest.approx(getattr(second, key), abs=tolerance, nan_ok=True), key


REAL_PAIRS = {
    "blobs": (noise_blob(1), noise_blob(2)),
    "blob and its erosion": (ndimage.binary_erosion(noise_blob(3)).astype(np.uint8), noise_blob(3)),
    "shells 0.6 mm apart": (curved_shell((0.3, 0.5, 0.2)), curved_shell()),
    "shells of different thickness": (curved_shell(thickness=1.5), curved_shell(thickness=3.0)),
}
uses_surface_distance = pytest.mark.filterwarnings("ignore::DeprecationWarning:surface_distance")
real_pairs = pytest.mark.parametrize("pair", REAL_PAIRS.values(), ids=REAL_PAIRS.keys())


@pytest.fixture(scope="module")
def knees():
    """A knee, and the same knee a little elsewhere with a thinner cartilage."""
    grid = {"subject": 1, "grid": (120, 190, 170), "spacing": (0.8, 0.6, 0.6)}
    changed = KneeParameters(wear=0.8, translation=(0.7, -0.9, 0.5), **grid)
    return make_knee(changed), make_knee(KneeParameters(**grid))


# ---------------------------------------------------------------------------------------------------------------------
# By hand


def test_shifted_cubes():
    # 10 x 8 x 6 voxels, shifted by 4 along x: 6 of 10 layers are shared.
    quality = compare(image(cube((5, 5, 5), (10, 8, 6))), image(cube((9, 5, 5), (10, 8, 6))))[0]
    assert quality.dice == pytest.approx(0.6)
    assert quality.jaccard == pytest.approx(6 / 14)
    assert quality.volume_similarity == 0
    assert quality.sensitivity == quality.precision == pytest.approx(0.6)
    assert quality.segmentation_volume == quality.truth_volume == pytest.approx(10 * 8 * 6 * 0.7 * 0.365 * 0.4)
    assert quality.hausdorff == pytest.approx(4 * 0.7)
    assert quality.worst_error.distance == quality.hausdorff


def test_cube_in_cube_has_other_volume_sensitivity_and_precision():
    small, large = cube((8, 8, 8), (4, 4, 4)), cube((6, 6, 6), (8, 8, 8))
    quality = compare(image(small), image(large))[0]
    assert quality.volume_similarity == pytest.approx(2 * (64 - 512) / (64 + 512))
    assert (quality.sensitivity, quality.precision) == (64 / 512, 1)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_two_voxels_have_the_distance_of_their_centers_in_mm(axis):
    first, second = [10, 10, 10], [10, 10, 10]
    second[axis] += 5
    quality = compare(image(cube(first, (1, 1, 1))), image(cube(second, (1, 1, 1))))[0]
    for key in set(DISTANCES) - {"distance_std"}:
        assert getattr(quality, key) == pytest.approx(5 * SPACING[axis])
    assert quality.distance_std == 0
    assert quality.dice == 0
    assert "do not overlap" in quality.note


def test_pooled_mean_and_deviation():
    # One voxel against two, 1 and 3 voxels away along y: distances 1 | 1, 3 voxels, of which n, not n - 1, is taken.
    truth = cube((10, 11, 10), (1, 1, 1)) + cube((10, 13, 10), (1, 1, 1))
    quality = compare(image(cube((10, 10, 10), (1, 1, 1))), image(truth))[0]
    y = SPACING[1]
    assert quality.distance_to_truth == pytest.approx(1 * y)
    assert quality.distance_from_truth == pytest.approx(2 * y)
    assert quality.average_distance == pytest.approx(5 / 3 * y)
    assert quality.distance_std == pytest.approx(np.std([1, 1, 3]) * y)
    assert quality.hausdorff_95 == pytest.approx(np.percentile([1, 3], 95) * y)


def test_surface_dice_counts_the_distance_of_the_tolerance_itself():
    masks = image(cube((10, 10, 10), (1, 1, 1))), image(cube((10, 13, 10), (1, 1, 1)))
    distance = 3 * SPACING[1]
    assert compare(*masks, tolerance=distance)[0].surface_dice == 1
    assert compare(*masks, tolerance=distance - 1e-3)[0].surface_dice == 0
    # Ten times 0.1 mm is 1 mm, wherever the image lies and however that is rounded.
    first, second = cube((10, 10, 10), (1, 1, 1)), cube((10, 10, 20), (1, 1, 1))
    for origin in (0.2, 14.6, 126.8):
        masks = [image(array, spacing=(1, 1, 0.1), origin=(0, 0, origin)) for array in (first, second)]
        assert compare(*masks, tolerance=1.0)[0].surface_dice == 1


@pytest.mark.parametrize(("gap", "expected"), [(0.6, 0.6), (1.5, 1.5), (3.0, 3.0)])
def test_concentric_spheres(gap, expected):
    # The surface voxels of a ball lie up to half a voxel's diagonal (0.44 mm) inside its surface and the nearest one is
    # taken, so that no distance is off by more than that, and the mean only falls short, not beyond.
    points = np.moveaxis(np.indices((44, 82, 76)), 0, -1) * SPACING
    distance = np.linalg.norm(points - (15.2, 15.1, 15.3), axis=-1)
    quality = compare(image((distance < 10).astype(np.uint8)), image((distance < 10 + gap).astype(np.uint8)))[0]
    half_diagonal = np.linalg.norm(SPACING) / 2
    assert expected - half_diagonal < quality.average_distance <= expected
    assert abs(quality.hausdorff - expected) < 2 * half_diagonal
    assert quality.volume_similarity == pytest.approx(
        2 * (10**3 - (10 + gap) ** 3) / (10**3 + (10 + gap) ** 3), abs=0.01
    )


def test_a_mask_cut_off_by_the_image_has_a_surface_there():
    # Two shafts, one ends at the image's edge, one a voxel before it: the error is that voxel, not the shaft's radius.
    whole, short = cube((3, 3, 0), (20, 20, 26)), cube((3, 3, 1), (20, 20, 25))
    assert compare(image(short), image(whole))[0].hausdorff == pytest.approx(SPACING[2])


def test_images_that_are_full_have_surfaces():
    full = image(np.ones((5, 6, 7), np.uint8))
    assert compare(full, full)[0].surface_dice == 1


def test_the_worst_error_is_where_the_masks_differ_most():
    truth = cube((5, 5, 5), (10, 10, 10))
    extra = truth.copy()
    extra[10, 10, 22] = 1
    for direction in ((1, 0, 0, 0, 1, 0, 0, 0, 1), OBLIQUE):
        masks = image(extra, direction=direction), image(truth, direction=direction)
        position = masks[0].TransformIndexToPhysicalPoint((10, 10, 22))
        found, missed = compare(*masks)[0].worst_error, compare(*reversed(masks))[0].worst_error
        assert found.position == missed.position == pytest.approx(position)
        assert found.distance == missed.distance == pytest.approx(8 * SPACING[2])
        assert (found.missed, missed.missed) == (False, True)


def test_identical_masks_are_perfect():
    quality = compare(image(noise_blob(1)), image(noise_blob(1)))[0]
    perfect = {"dice", "jaccard", "sensitivity", "precision", "surface_dice"}
    assert {getattr(quality, key) for key in perfect} == {1}
    assert {getattr(quality, key) for key in [*DISTANCES, "volume_similarity"]} == {0}
    assert quality.worst_error is None
    assert quality.note == ""


# ---------------------------------------------------------------------------------------------------------------------
# Empty masks


def test_both_empty_agree():
    empty = image(np.zeros((5, 6, 7), np.uint8))
    quality = compare(empty, empty)[0]
    assert (quality.dice, quality.jaccard, quality.sensitivity, quality.precision, quality.surface_dice) == (1,) * 5
    assert {getattr(quality, key) for key in [*DISTANCES, "volume_similarity"]} == {0}
    assert quality.note == "both masks are empty"


def test_one_empty_has_no_distance():
    empty, full = image(np.zeros((30, 28, 26), np.uint8)), image(cube((5, 5, 5), (3, 3, 3)))
    missed, extra = compare(empty, full)[0], compare(full, empty)[0]
    for quality in (missed, extra):
        assert (quality.dice, quality.jaccard, quality.surface_dice) == (0, 0, 0)
        assert all(math.isnan(getattr(quality, key)) for key in DISTANCES)
        assert quality.worst_error is None
    assert (missed.volume_similarity, extra.volume_similarity) == (-2, 2)
    assert (missed.sensitivity, extra.precision) == (0, 0)
    assert math.isnan(missed.precision)
    assert math.isnan(extra.sensitivity)
    assert missed.note == "the segmentation is empty"
    assert extra.note == "the truth is empty"


# ---------------------------------------------------------------------------------------------------------------------
# Against others


@real_pairs
def test_overlap_is_that_of_simpleitk(pair):
    quality = compare(*map(image, pair))[0]
    theirs = sitk.LabelOverlapMeasuresImageFilter()
    theirs.Execute(*map(image, pair))
    # Both divide the same whole numbers: only the last bits may differ.
    assert quality.dice == pytest.approx(theirs.GetDiceCoefficient(1), rel=1e-14)
    assert quality.jaccard == pytest.approx(theirs.GetJaccardCoefficient(1), rel=1e-14)
    assert quality.volume_similarity == pytest.approx(theirs.GetVolumeSimilarity(1), rel=1e-14)
    assert 1 - quality.sensitivity == pytest.approx(theirs.GetFalseNegativeError(1), rel=1e-12, abs=1e-14)


@real_pairs
def test_distances_are_those_of_simpleitks_filters(pair):
    quality = compare(*map(image, pair))[0]
    distances = []
    for mask, other in (pair, pair[::-1]):
        contour = sitk.GetArrayFromImage(sitk.LabelContour(image(mask))) != 0
        mapped = sitk.SignedMaurerDistanceMap(image(other), squaredDistance=False, useImageSpacing=True)
        distances.append(abs(sitk.GetArrayFromImage(mapped))[contour])
    both = np.concatenate(distances)
    expected = {
        "average_distance": both.mean(),
        "distance_std": both.std(),
        "distance_to_truth": distances[0].mean(),
        "distance_from_truth": distances[1].mean(),
        "hausdorff": both.max(),
        "hausdorff_95": max(np.percentile(d, 95) for d in distances),
    }
    # The filter's distances are float32.
    assert {key: getattr(quality, key) for key in expected} == pytest.approx(expected, rel=1e-5)


@real_pairs
def test_hausdorff_is_not_below_that_of_simpleitks_filter(pair):
    # The filter's is of the filled masks: a surface inside the other mask is at distance 0 from it.
    quality = compare(*map(image, pair))[0]
    theirs = sitk.HausdorffDistanceImageFilter()
    theirs.Execute(*map(image, pair))
    assert quality.hausdorff >= theirs.GetHausdorffDistance() - 1e-4


def test_hausdorff_of_shifted_masks_is_that_of_simpleitks_filter():
    # The farthest voxel lies outside the other mask here, where both definitions agree.
    masks = image(cube((5, 5, 5), (10, 8, 6))), image(cube((9, 6, 7), (10, 8, 6)))
    theirs = sitk.HausdorffDistanceImageFilter()
    theirs.Execute(*masks)
    assert compare(*masks)[0].hausdorff == pytest.approx(theirs.GetHausdorffDistance(), rel=1e-5)


def assert_close_to_surface_distance(segmentation: np.ndarray, truth: np.ndarray, spacing) -> None:
    """Compare with the package surface-distance (arrays x, y, z)."""
    import surface_distance

    quality = compare(image(segmentation, spacing), image(truth, spacing), tolerance=1.0)[0]
    segmentation, truth = segmentation.astype(bool), truth.astype(bool)
    theirs = surface_distance.compute_surface_distances(truth, segmentation, spacing)
    from_truth, to_truth = surface_distance.compute_average_surface_distance(theirs)
    areas = theirs["surfel_areas_pred"].sum(), theirs["surfel_areas_gt"].sum()
    # Its surface elements lie between voxels, so that no distance differs by more than a voxel's diagonal. They are
    # weighted by area, and in the mean what lies outside and what lies inside the other mask nearly cancel out.
    diagonal = np.linalg.norm(spacing)
    pooled = np.average([to_truth, from_truth], weights=areas)
    assert quality.average_distance == pytest.approx(pooled, abs=0.11 * diagonal)
    assert quality.distance_to_truth == pytest.approx(to_truth, abs=diagonal / 4)
    assert quality.distance_from_truth == pytest.approx(from_truth, abs=diagonal / 4)
    for percent, key in ((100, "hausdorff"), (95, "hausdorff_95")):
        robust = surface_distance.compute_robust_hausdorff(theirs, percent)
        assert getattr(quality, key) == pytest.approx(robust, abs=diagonal)
    surface_dice = surface_distance.compute_surface_dice_at_tolerance(theirs, 1.0)
    assert quality.surface_dice == pytest.approx(surface_dice, abs=0.05)
    assert quality.dice == pytest.approx(surface_distance.compute_dice_coefficient(truth, segmentation))


@uses_surface_distance
@real_pairs
def test_distances_are_close_to_those_of_surface_distance(pair):
    assert_close_to_surface_distance(*pair, SPACING)


@uses_surface_distance
@pytest.mark.parametrize("mask", ["femur", "femoral_cartilage"])
def test_distances_of_knees_are_close_to_those_of_surface_distance(mask, knees):
    masks = [getattr(knee, mask) for knee in knees]
    arrays = [sitk.GetArrayFromImage(image).T for image in masks]
    assert_close_to_surface_distance(*arrays, masks[0].GetSpacing())


# ---------------------------------------------------------------------------------------------------------------------
# What must not matter


@given(seed=st.integers(0, 10**6), fraction=st.floats(0.0, 0.6))
@settings(max_examples=40, deadline=None)
def test_relations_of_the_metrics(seed, fraction):
    rng = np.random.default_rng(seed)
    first, second = (rng.random((6, 7, 5)) < fraction for _ in range(2))
    forth = compare(image(first.astype(np.uint8)), image(second.astype(np.uint8)))[0]
    back = compare(image(second.astype(np.uint8)), image(first.astype(np.uint8)))[0]
    symmetric = ["dice", "jaccard", "average_distance", "distance_std", "hausdorff", "hausdorff_95", "surface_dice"]
    assert_equal(forth, back, symmetric)
    assert forth.volume_similarity == -back.volume_similarity
    assert forth.sensitivity == pytest.approx(back.precision, nan_ok=True)
    assert forth.distance_to_truth == pytest.approx(back.distance_from_truth, nan_ok=True)
    assert forth.jaccard == pytest.approx(forth.dice / (2 - forth.dice))
    if not math.isnan(forth.hausdorff):
        assert forth.average_distance <= forth.hausdorff
        assert forth.hausdorff_95 <= forth.hausdorff


@given(axes=st.permutations([0, 1, 2]), flips=st.tuples(*[st.booleans()] * 3))
@settings(max_examples=20, deadline=None)
def test_orientation_in_which_the_segmentation_is_stored_does_not_matter(axes, flips):
    segmentation, truth = (image(array, direction=OBLIQUE) for array in REAL_PAIRS["blobs"])
    stored = sitk.Flip(sitk.PermuteAxes(segmentation, axes), flips)
    assert_equal(compare(stored, truth)[0], compare(segmentation, truth)[0])


def test_size_of_the_image_does_not_matter():
    segmentation, truth = map(image, REAL_PAIRS["shells 0.6 mm apart"])
    padded = [sitk.ConstantPad(mask, [9, 3, 14], [2, 8, 5]) for mask in (segmentation, truth)]
    assert_equal(compare(*padded)[0], compare(segmentation, truth)[0])


def test_spacing_counts():
    arrays = REAL_PAIRS["blobs"]
    small, large = (compare(*(image(array, np.array(SPACING) * scale) for array in arrays))[0] for scale in (1, 2.0))
    for key in DISTANCES:
        assert getattr(large, key) == pytest.approx(2 * getattr(small, key))
    assert large.segmentation_volume == pytest.approx(8 * small.segmentation_volume)


def test_inputs_are_not_changed():
    masks = [image(array) for array in REAL_PAIRS["blobs"]]
    before = [sitk.Hash(mask) for mask in masks]
    compare(*masks, labels=[1])
    assert [sitk.Hash(mask) for mask in masks] == before


# ---------------------------------------------------------------------------------------------------------------------
# Labels


@pytest.mark.parametrize("pixel_type", [np.uint8, np.int16, np.uint16, np.int32, np.float32, np.float64])
def test_any_value_is_foreground(pixel_type):
    segmentation, truth = REAL_PAIRS["blobs"]
    expected = compare(image(segmentation), image(truth))[0]
    values = {np.dtype(np.uint8): 255, np.dtype(np.int16): -3}.get(np.dtype(pixel_type), 255)
    quality = compare(image(segmentation.astype(pixel_type) * 5), image(truth.astype(pixel_type) * pixel_type(values)))[
        0
    ]
    assert quality == expected


def test_label_5_against_label_1():
    segmentation, truth = REAL_PAIRS["blobs"]
    other = cube((0, 0, 0), (4, 4, 4), segmentation.shape, value=9)
    expected = compare(image(segmentation), image(truth))[0]
    quality = compare(image(5 * segmentation + other), image(truth + other), labels=["5:1"])[0]
    assert quality.label == LabelChoice(5, 1)
    assert_equal(quality, expected)


def test_several_labels_in_one_pass():
    first, second = noise_blob(1), noise_blob(2)
    segmentation, truth = np.where(first, 1, second * 2).astype(np.uint8), np.where(second, 2, first).astype(np.uint8)
    qualities = compare(image(segmentation), image(truth), labels=[1, 2, 7])
    for quality, value in zip(qualities[:2], (1, 2)):
        alone = compare(image((segmentation == value).astype(np.uint8)), image((truth == value).astype(np.uint8)))[0]
        assert quality.label == LabelChoice(value, value)
        assert_equal(quality, alone)
    assert qualities[2].note == "label 7 is in neither mask"
    assert "labels 1, 2 were taken as one" in compare(image(segmentation), image(truth))[0].note


@pytest.mark.parametrize(
    ("text", "choice", "shown"),
    [(3, LabelChoice(3, 3), "3"), ("5:1", LabelChoice(5, 1), "5:1"), (ANY_LABEL, ANY_LABEL, "any")],
)
def test_label_choice(text, choice, shown):
    assert label_choice(text) == choice
    assert str(choice) == shown


@pytest.mark.parametrize("text", ["0", "cartilage", "1:2:3", "1.5", ":"])
def test_no_label(text):
    with pytest.raises(ValueError, match="is not a label"):
        label_choice(text)


def test_fractions_are_refused():
    with pytest.raises(InputError, match="fractions"):
        compare(image(noise_blob(1) * np.float32(0.3)), image(noise_blob(1)))


def test_negative_tolerance_is_refused():
    with pytest.raises(ValueError, match="tolerance"):
        compare(image(noise_blob(1)), image(noise_blob(1)), tolerance=-1)


# ---------------------------------------------------------------------------------------------------------------------
# Space


def test_rounded_headers_are_the_same_grid():
    segmentation, truth = REAL_PAIRS["shells 0.6 mm apart"]
    spacing = (0.7, 0.3645833432674408, 0.3645833432674408)
    expected = compare(image(segmentation, spacing), image(truth, spacing))[0]
    rounded = image(segmentation, (0.7, 0.3646, 0.3646), origin=(-12.00001, 30.0, 5.0))
    assert compare(rounded, image(truth, spacing))[0] == expected


@pytest.mark.parametrize("shift", [0.2, 3 * SPACING[1], 8.0, 1000.0])
def test_shifted_origin_is_refused(shift):
    with pytest.raises(InputError, match="do not lie in the same place") as caught:
        compare(image(noise_blob(1), origin=(-12.0, 30.0 + shift, 5.0)), image(noise_blob(1)))
    assert f"{30 + shift:g}" in str(caught.value)
    assert "copy origin, spacing and direction" in str(caught.value)


def test_left_right_flipped_direction_is_refused():
    flipped = image(noise_blob(1), direction=(-1, 0, 0, 0, 1, 0, 0, 0, 1))
    with pytest.raises(InputError, match="do not lie in the same place"):
        compare(flipped, image(noise_blob(1)))


def test_lost_spacing_is_refused():
    with pytest.raises(InputError, match="do not lie in the same place"):
        compare(image(noise_blob(1), spacing=(1, 1, 1)), image(noise_blob(1)))


def test_images_of_different_size_that_hardly_overlap_are_refused():
    with pytest.raises(InputError, match="share only 0 %"):
        compare(image(noise_blob(1), origin=(400, 0, 0)), image(np.pad(noise_blob(1), 1)))


@pytest.mark.parametrize("direction", [(1, 0, 0, 0, 1, 0, 0, 0, 1), OBLIQUE])
def test_crops_give_the_numbers_of_the_whole(direction):
    masks = [image(array, direction=direction) for array in REAL_PAIRS["shells 0.6 mm apart"]]
    statistics = sitk.LabelShapeStatisticsImageFilter()
    crops = []
    for mask in masks:
        statistics.Execute(mask)
        box = statistics.GetBoundingBox(1)
        crops.append(sitk.RegionOfInterest(mask, box[3:], box[:3]))
    expected = compare(*masks)[0]
    for segmentation, truth in ((crops[0], masks[1]), (masks[0], crops[1]), crops):
        quality = compare(segmentation, truth)[0]
        assert_equal(quality, expected)
        assert "which divide the voxels of both" in quality.note
    # The segmentation reaches beyond a truth that was cropped to its own foreground: that is not forgotten.
    assert "reaches beyond" in compare(masks[0], crops[1])[0].note


def test_finer_segmentation_is_compared_on_its_own_grid():
    truth = image(curved_shell())
    fine = sitk.Expand(truth, [3, 3, 3], sitk.sitkNearestNeighbor)
    quality = compare(fine, truth)[0]
    assert quality.dice == 1
    assert quality.hausdorff == 0
    assert "120 x 210 x 180 voxels" in quality.note


def test_images_that_are_not_masks_are_refused():
    flat = sitk.Image(10, 10, sitk.sitkUInt8)
    with pytest.raises(InputError, match="2 dimensions"):
        compare(flat, flat)
    colors = sitk.Image([5, 5, 5], sitk.sitkVectorUInt8, 3)
    with pytest.raises(InputError, match="vectors"):
        compare(colors, colors)


def test_metrics_describe_all_measurements():
    described = {metric.key for metric in METRICS}
    fields = {field.name for field in dataclasses.fields(LabelQuality)}
    assert described == fields - {"label", "tolerance", "worst_error", "note"}
    assert len({metric.column for metric in METRICS}) == len({metric.title for metric in METRICS}) == len(METRICS)
