"""The digital knee: plausible, exact, reproducible, and the same anatomy on every grid."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.phantom import KneeParameters, Label
from scipy import ndimage

SPACING = 1.4
OBLIQUE = tuple(np.reshape(sitk.Euler3DTransform((0, 0, 0), 0.1, -0.15, 0.2).GetMatrix(), 9).tolist())
NEIGHBORS = np.ones((3, 3, 3))
MEAN_SHAPE = (0.0,) * len(phantom.SHAPE_MODES)

# mm3, smallest and largest of the expert segmentations of ten Osteoarthritis Initiative knees at twelve visits (femur
# and femoral cartilage) or eight knees (the rest), whose fields of view cut the shafts at about the phantom's heights.
EXPERT_VOLUMES = {
    Label.FEMUR: (140_397, 230_983),
    Label.FEMORAL_CARTILAGE: (8_125, 17_689),
    Label.TIBIA: (101_044, 164_900),
    Label.TIBIAL_CARTILAGE: (3_455, 6_444),
    Label.PATELLA: (13_609, 28_804),
    Label.PATELLAR_CARTILAGE: (2_262, 5_509),
}


@functools.cache
def make(**values):
    """A knee on a small grid; the same one again for the same values."""
    return phantom.make_knee(KneeParameters.reduced(SPACING, **values))


def array(image):
    return sitk.GetArrayFromImage(image)


def volume(knee, label):
    """mm3."""
    return np.count_nonzero(array(knee.labels) == label) * float(np.prod(knee.labels.GetSpacing()))


def dice(first, second):
    return 2 * np.count_nonzero(first & second) / (np.count_nonzero(first) + np.count_nonzero(second))


def labels_at_same_anatomy(knee, other):
    """The labels of ``other`` at the voxels of ``knee``, looked up at the same points of the knee frame."""
    to_other = sitk.CompositeTransform(
        [other.parameters.knee_to_physical(), knee.parameters.knee_to_physical().GetInverse()]
    )
    outside = 255
    return array(sitk.Resample(other.labels, knee.labels, to_other, sitk.sitkNearestNeighbor, outside))


def deep_air(*knees):
    """Voxels so far from the skin that nothing but noise is in them."""
    air = np.all([array(knee.labels) == Label.AIR for knee in knees], axis=0)
    return ndimage.binary_erosion(air, NEIGHBORS, iterations=2)


@pytest.fixture(scope="module")
def knee():
    return make()


def test_same_parameters_give_same_voxels(knee):
    again = phantom.make_knee(KneeParameters.reduced(SPACING))
    for name in ("image", "femur", "femoral_cartilage", "labels"):
        assert np.array_equal(array(getattr(knee, name)), array(getattr(again, name))), name


def test_parameters_of_a_knee_make_it_again():
    drawn = make(subject=4)
    assert drawn.parameters.shape is not None
    assert np.array_equal(array(drawn.image), array(phantom.make_knee(drawn.parameters).image))


def test_images_lie_on_one_grid_with_their_pixel_types(knee):
    assert knee.image.GetPixelID() == sitk.sitkInt16
    for image in (knee.femur, knee.femoral_cartilage, knee.labels):
        assert image.GetPixelID() == sitk.sitkUInt8
        assert image.GetSize() == knee.image.GetSize()
        assert image.GetOrigin() == knee.image.GetOrigin()


@pytest.mark.parametrize("subject", range(4))
def test_masks_are_exact_disjoint_and_connected(subject):
    knee = make(subject=subject)
    labels, femur, cartilage = array(knee.labels), array(knee.femur) > 0, array(knee.femoral_cartilage) > 0
    assert np.array_equal(femur, labels == Label.FEMUR)
    assert np.array_equal(cartilage, labels == Label.FEMORAL_CARTILAGE)
    assert not (femur & cartilage).any()
    assert ndimage.label(femur)[1] == 1
    assert ndimage.label(cartilage, NEIGHBORS)[1] == 1
    assert ndimage.label(femur | cartilage, NEIGHBORS)[1] == 1
    # a layer: no voxel of cartilage is farther from bone than the thickest cartilage and a voxel's diagonal
    assert (ndimage.distance_transform_edt(~femur, SPACING)[cartilage]).max() < 3.2 + SPACING * 3**0.5
    assert not (ndimage.binary_dilation(femur) & (labels == Label.TIBIA)).any()


@pytest.mark.parametrize("label", EXPERT_VOLUMES, ids=lambda label: label.name)
def test_volume_of_the_mean_knee_is_that_of_a_knee(label):
    smallest, largest = EXPERT_VOLUMES[label]
    assert smallest < volume(make(shape=MEAN_SHAPE, size=1.0), label) < largest


@pytest.mark.parametrize("subject", range(1, 5))
def test_volumes_of_people_are_plausible(subject):
    knee = make(subject=subject)
    for label, (smallest, largest) in EXPERT_VOLUMES.items():
        assert 0.8 * smallest < volume(knee, label) < 1.2 * largest, label.name


def test_tissues_have_the_contrast_of_their_sequence():
    def means(contrast):
        knee = make(contrast=contrast, noise=0, bias=0)
        return [array(knee.image)[array(knee.labels) == label].mean() for label in (2, 11, 1, 8)]

    cartilage, muscle, femur, meniscus = means("dess")
    assert cartilage > muscle > femur
    assert muscle > meniscus
    cartilage, muscle, femur, meniscus = means("t2")
    assert cartilage > femur > muscle > meniscus


def test_left_knee_is_the_mirror_image_of_the_right_one():
    right, left = (make(subject=2, laterality=side, noise=0, bias=0) for side in ("right", "left"))
    assert np.array_equal(array(left.labels), array(right.labels)[:, :, ::-1])
    assert np.abs(array(left.image).astype(int) - array(right.image)[:, :, ::-1]).max() <= 1
    assert not np.array_equal(array(right.labels), array(left.labels))


def test_lateral_side_of_the_right_knee_is_on_the_patients_right(knee):
    fibula = np.argwhere(array(knee.labels) == Label.FIBULA).mean(axis=0)[::-1]
    femur = np.argwhere(array(knee.labels) == Label.FEMUR).mean(axis=0)[::-1]
    patella = np.argwhere(array(knee.labels) == Label.PATELLA).mean(axis=0)[::-1]
    assert knee.labels.TransformContinuousIndexToPhysicalPoint(fibula.tolist())[0] < -20
    assert patella[1] < femur[1]
    assert fibula[2] < femur[2]


@pytest.mark.parametrize(
    "change",
    [
        {"direction": OBLIQUE},
        {"spacing": (2.0, 0.9, 1.3), "grid": (60, 170, 118)},
        {"rotation": (6.0, -4.0, 8.0), "translation": (3.0, -4.0, 0.0)},
        {"laterality": "left", "rotation": (0.0, 5.0, 10.0), "direction": OBLIQUE},
    ],
    ids=lambda change: "+".join(change),
)
def test_anatomy_does_not_depend_on_grid_and_pose(knee, change):
    other = phantom.make_knee(knee.parameters.changed(**{"origin": None, **change}))
    labels, mapped = array(knee.labels), labels_at_same_anatomy(knee, other)
    seen = mapped != 255
    assert seen.mean() > 0.6
    # tolerances: nearest neighbors, up to half a voxel of either grid away, of a bone and of a layer of 1.5 voxels
    assert dice((labels == Label.FEMUR) & seen, mapped == Label.FEMUR) > 0.96
    assert dice((labels == Label.FEMORAL_CARTILAGE) & seen, mapped == Label.FEMORAL_CARTILAGE) > 0.7
    for label, tolerance in ((Label.FEMORAL_CARTILAGE, 0.04), (Label.PATELLA, 0.02)):
        assert volume(other, label) == pytest.approx(volume(knee, label), rel=tolerance)


def test_translation_by_whole_voxels_moves_the_voxels(knee):
    moved = make(translation=(0.0, 0.0, 2 * SPACING))
    assert np.mean(array(moved.labels)[2:] == array(knee.labels)[:-2]) > 0.9999


def test_thick_slice_is_the_average_of_thin_ones_and_has_the_label_of_the_middle_one():
    thick = make(noise=0, bias=0).parameters.changed(grid=(25, 100, 100), spacing=(3 * SPACING, SPACING, SPACING))
    thick = thick.changed(origin=None).resolved()
    x, y, z = thick.origin
    thin = thick.changed(grid=(75, 100, 100), spacing=(SPACING,) * 3, origin=(x - SPACING, y, z))
    thick, thin = phantom.make_knee(thick), phantom.make_knee(thin)
    assert np.array_equal(array(thick.labels), array(thin.labels)[:, :, 1::3])
    average = array(thin.image).reshape(100, 100, 25, 3).mean(axis=3)
    assert np.abs(array(thick.image) - average).max() < 2


def test_wear_takes_femoral_cartilage_and_nothing_else(knee):
    for region, middle in phantom.WEAR_CENTERS.items():
        worn = make(wear=1.5, wear_region=region)
        before, after = array(knee.labels), array(worn.labels)
        changed = np.argwhere(before != after)
        assert volume(worn, Label.FEMORAL_CARTILAGE) < 0.985 * volume(knee, Label.FEMORAL_CARTILAGE)
        assert np.all(before[before != after] == Label.FEMORAL_CARTILAGE)
        where = knee.labels.TransformContinuousIndexToPhysicalPoint(changed.mean(axis=0)[::-1].tolist())
        assert np.linalg.norm(np.subtract(where, middle)) < 8


def test_noise_and_bias_are_as_asked_for():
    clean = array(make(noise=0, bias=0).image).astype(float)
    noisy = array(make(noise=0.04, bias=0).image).astype(float)
    bright, air = clean > 400, clean == 0
    assert (noisy - clean)[bright].std() == pytest.approx(40, rel=0.05)
    assert noisy[air].mean() == pytest.approx(40 * np.sqrt(np.pi / 2), rel=0.02)  # Rayleigh
    biased = array(make(noise=0, bias=0.3).image)
    ratio = biased[bright] / clean[bright]
    assert np.exp(-0.31) < ratio.min() < 0.97
    assert 1.03 < ratio.max() < np.exp(0.31)


def test_scanning_again_changes_the_noise_but_not_the_knee(knee):
    again = make(acquisition=1)
    assert np.array_equal(array(again.labels), array(knee.labels))
    air = deep_air(knee, again)
    assert abs(np.corrcoef(array(knee.image)[air], array(again.image)[air])[0, 1]) < 0.05


def test_people_differ_in_shape_tissue_and_noise(knee):
    other = make(subject=1)
    assert 0.5 < dice(array(knee.femur) > 0, array(other.femur) > 0) < 0.97
    fat = (array(knee.labels) == Label.FAT) & (array(other.labels) == Label.FAT)
    assert abs(np.corrcoef(array(knee.image)[fat], array(other.image)[fat])[0, 1]) < 0.15
    air = deep_air(knee, other)
    assert abs(np.corrcoef(array(knee.image)[air], array(other.image)[air])[0, 1]) < 0.05


def test_shape_and_size_alone_decide_on_the_femur():
    femurs = [array(make(subject=subject, shape=MEAN_SHAPE, size=1.0).femur) for subject in (5, 6)]
    assert np.array_equal(*femurs)


@pytest.mark.parametrize("mode", range(len(phantom.SHAPE_MODES)), ids=lambda i: phantom.SHAPE_MODES[i].name)
def test_each_shape_mode_moves_the_femur_to_both_sides_of_the_mean(mode):
    def femur(deviations):
        shape = [0.0] * len(phantom.SHAPE_MODES)
        shape[mode] = deviations
        return array(make(shape=tuple(shape), size=1.0).femur) > 0

    low, mean, high = femur(-2), femur(0), femur(2)
    apart = 1 - dice(low, high)
    assert apart > 0.004
    assert apart > 1 - dice(low, mean)
    assert apart > 1 - dice(mean, high)


def test_files_hold_the_knee(tmp_path, knee):
    paths = phantom.write_knee(knee, tmp_path / "preprocessed", "01_DESS_01_prep")
    assert [path.name for path in paths] == [
        "01_DESS_01_prep.mha",
        "01_DESS_01_prep_f.mha",
        "01_DESS_01_prep_fc.mha",
    ]
    assert sorted(path.name for path in (tmp_path / "preprocessed").iterdir()) == [path.name for path in paths]
    for path, image in zip(paths, (knee.image, knee.femur, knee.femoral_cartilage)):
        read = sitk.ReadImage(str(path))
        assert read.GetPixelID() == image.GetPixelID()
        assert np.array_equal(array(read), array(image))
        assert np.allclose(read.GetOrigin(), image.GetOrigin())


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"laterality": "both"}, "left, right"),
        ({"contrast": "ct"}, "dess, t2"),
        ({"wear_region": "hip"}, "lateral, medial, trochlea"),
        ({"shape": (0.0, 1.0)}, "shape has 2 numbers"),
        ({"noise": -1.0}, "noise"),
        ({"size": 0.0}, "size"),
        ({"spacing": (1.0, 0.0, 1.0)}, "positive"),
        ({"direction": (1.0,) * 9}, "orthonormal"),
    ],
    ids=str,
)
def test_impossible_parameters_are_refused_with_the_remedy(values, message):
    with pytest.raises(ValueError, match=message):
        KneeParameters(**values)


def test_parameters_cannot_be_changed_in_place():
    with pytest.raises(dataclasses.FrozenInstanceError):
        KneeParameters().noise = 0.0
