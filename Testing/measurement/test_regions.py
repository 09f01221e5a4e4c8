"""Regions lie where they belong, whatever the side, the grid and the pose."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.images.grid import Grid
from KneeCartilageSegLib.measurement.knee import measure_knee
from KneeCartilageSegLib.measurement.orientation import Side
from KneeCartilageSegLib.measurement.regions import REGIONS, Part
from KneeCartilageSegLib.phantom import KneeParameters, make_knee

PARAMETERS = KneeParameters.reduced(1.25, subject=4, direction=oblique(0.1, -0.15, 0.2))


@pytest.fixture(scope="module")
def knee():
    return make_knee(PARAMETERS)


@pytest.fixture(scope="module")
def measurement(knee):
    return measure_knee(knee.femoral_cartilage, knee.femur)


def by_region(measurement, value):
    return {found.region.key: value(found) for found in measurement.regions}


def volumes(measurement):
    return by_region(measurement, lambda found: found.volume)


def middle(mask: sitk.Image, *parts: Part) -> np.ndarray:
    chosen = np.isin(sitk.GetArrayViewFromImage(mask), parts)
    return Grid.of(mask).points(np.argwhere(chosen)[:, ::-1].astype(float)).mean(axis=0)


def transformed(image: sitk.Image, matrix: np.ndarray) -> sitk.Image:
    """The same voxels, elsewhere in the patient."""
    moved = sitk.Image(image)
    moved.SetDirection((matrix @ np.reshape(image.GetDirection(), (3, 3))).ravel().tolist())
    moved.SetOrigin((matrix @ image.GetOrigin()).tolist())
    return moved


def test_regions_of_a_right_knee_lie_where_anatomy_has_them(measurement):
    """LPS: medial of a right knee is towards +x, the front towards -y."""
    assert measurement.orientation.side is Side.RIGHT
    medial = middle(measurement.labels, Part.MEDIAL_CENTRAL_CENTRAL)
    lateral = middle(measurement.labels, Part.LATERAL_CENTRAL_CENTRAL)
    trochlea = middle(measurement.labels, Part.TROCHLEA)
    posterior = middle(measurement.labels, Part.MEDIAL_POSTERIOR, Part.LATERAL_POSTERIOR)
    assert medial[0] > lateral[0] + 30
    assert trochlea[1] < medial[1] - 10
    assert posterior[1] > medial[1] + 10
    for side, sign in (("MEDIAL", 1), ("LATERAL", -1)):
        thirds = [
            middle(measurement.labels, Part[f"{side}_CENTRAL_{third}"])[0]
            for third in ("INTERNAL", "CENTRAL", "EXTERNAL")
        ]
        assert np.all(sign * np.diff(thirds) > 3)


def test_parts_make_up_the_whole(measurement, knee):
    found = volumes(measurement)
    whole = found["femur"]
    assert whole == pytest.approx(np.count_nonzero(sitk.GetArrayViewFromImage(knee.femoral_cartilage)) * 1.25**3)
    assert whole == pytest.approx(
        sum(
            found[k] for k in ("trochlea", "medial_central", "medial_posterior", "lateral_central", "lateral_posterior")
        )
    )
    thirds = [found[f"medial_central_{third}"] for third in ("external", "central", "internal")]
    assert found["medial_central"] == pytest.approx(sum(thirds))
    areas = by_region(measurement, lambda found: found.thickness.covered_area)
    for third in ("external", "central", "internal"):
        assert areas[f"lateral_central_{third}"] == pytest.approx(areas["lateral_central"] / 3, rel=0.02)


def test_weight_bearing_part_ends_at_60_percent_of_the_condyle(measurement):
    orientation, surface = measurement.orientation, measurement.surface
    back = surface.bone.points @ orientation.posterior - orientation.notch_posterior
    central = np.isin(measurement.parts, [p for p in Part if p.name.startswith("MEDIAL_CENTRAL")])
    posterior = measurement.parts == Part.MEDIAL_POSTERIOR
    assert back[central].min() == pytest.approx(0, abs=1)
    assert back[central].max() == pytest.approx(0.6 * back[posterior].max(), abs=1)
    assert back[posterior].min() >= back[central].max()


def test_mirrored_knee_is_a_left_one_with_the_same_regions(knee, measurement):
    mirror = np.diag([-1.0, 1.0, 1.0])
    left = measure_knee(transformed(knee.femoral_cartilage, mirror), transformed(knee.femur, mirror))
    assert left.orientation.side is Side.LEFT
    assert volumes(left) == pytest.approx(volumes(measurement), rel=0.02)
    assert middle(left.labels, Part.MEDIAL_POSTERIOR)[0] < middle(left.labels, Part.LATERAL_POSTERIOR)[0]


def test_order_of_the_voxels_does_not_matter(knee, measurement):
    """The same image with its axes in another order and direction."""
    masks = [
        sitk.Flip(sitk.PermuteAxes(mask, (2, 0, 1)), (True, False, True))
        for mask in (knee.femoral_cartilage, knee.femur)
    ]
    assert volumes(measure_knee(*masks)) == pytest.approx(volumes(measurement), rel=0.02)


@pytest.mark.parametrize("angles", [(0.15, 0.0, 0.0), (0.0, 0.2, -0.3), (-0.1, -0.15, 0.25)])
def test_knee_that_lies_otherwise_in_the_scanner(knee, measurement, angles):
    """Turned about its long axis and sideways nothing changes; bent, the planes of the scanner cut it elsewhere."""
    turn = np.reshape(oblique(*angles), (3, 3))
    found = measure_knee(*(transformed(mask, turn) for mask in (knee.femoral_cartilage, knee.femur)))
    assert found.orientation.side is Side.RIGHT
    tolerance = 0.05 if not angles[0] else 0.3
    assert volumes(found) == pytest.approx(volumes(measurement), rel=tolerance)


def test_lost_frame_is_found_from_the_anatomy(knee, measurement):
    """As if a converter had turned the patient round: the front is where the back should be."""
    turn = np.diag([-1.0, -1.0, 1.0])
    found = measure_knee(*(transformed(mask, turn) for mask in (knee.femoral_cartilage, knee.femur)))
    assert found.orientation.side is Side.RIGHT
    assert volumes(found) == pytest.approx(volumes(measurement), rel=0.02)
    assert "frame" in found.orientation.notes[0]


def test_given_side_decides(knee, measurement):
    found = measure_knee(knee.femoral_cartilage, knee.femur, side=Side.LEFT)
    assert volumes(found)["medial_central"] == pytest.approx(volumes(measurement)["lateral_central"], rel=0.01)
    assert "right knee" in found.orientation.notes[0]
    again = measure_knee(knee.femoral_cartilage, knee.femur, side=Side.RIGHT)
    assert volumes(again) == volumes(measurement)
    assert not again.orientation.notes


def test_without_femur_mask(knee, measurement):
    found = measure_knee(knee.femoral_cartilage)
    assert found.orientation.side is Side.RIGHT
    assert found.whole.thickness.mean == pytest.approx(measurement.whole.thickness.mean, abs=0.1)
    assert found.whole.thickness.covered_area == pytest.approx(measurement.whole.thickness.covered_area, rel=0.1)


def test_worn_cartilage_is_thinner_where_it_is_worn(measurement):
    worn_knee = make_knee(dataclasses.replace(PARAMETERS, wear=1.0, wear_region="medial"))
    worn = measure_knee(worn_knee.femoral_cartilage, worn_knee.femur)
    before, after = (by_region(found, lambda f: f.thickness.mean_total) for found in (measurement, worn))
    assert after["medial_central"] < before["medial_central"] - 0.15
    assert after["lateral_central"] == pytest.approx(before["lateral_central"], abs=0.05)


RADIUS = 20.0  # mm


def curled_knee(side: Side, spacing: float = 1.2, notch: float = 60) -> tuple[sitk.Image, sitk.Image]:
    """Cartilage 2.5 mm thick on a femur that is a cylinder, so that regions are angles round it: 0 in front, 90 at the
    bottom, 180 at the back. The condyles curl forward again above their posterior ends, up to 260 degrees.

    :param notch: the angle where it begins.
    """
    radius = RADIUS
    x, y, z = np.meshgrid(*(np.arange(-n, n + 0.1, spacing) for n in (42, 28, 28)), indexing="ij")
    angle = (np.degrees(np.arctan2(-z, -y)) + 100) % 360 - 100
    from_axis = np.hypot(y, z)
    lateral = -x if side is Side.RIGHT else x
    trochlea = (lateral > -30) & (lateral < 38) & (angle > -40) & (angle <= notch)
    condyles = (((lateral > 12) & (lateral < 36)) | ((lateral < -12) & (lateral > -33))) & (angle > notch)
    condyles &= angle < 260
    cartilage = (trochlea | condyles) & (from_axis > radius) & (from_axis < radius + 2.5)
    femur = (from_axis <= radius) & (np.abs(x) < 39)
    images = []
    for mask in (cartilage, femur):
        image = sitk.GetImageFromArray(mask.T.astype(np.uint8))
        image.SetSpacing((spacing,) * 3)
        image.SetOrigin((-42.0, -28.0, -28.0))
        images.append(image)
    return images[0], images[1]


@pytest.mark.parametrize("side", list(Side))
def test_condyle_that_curls_forward_stays_posterior(side):
    """By its coordinate alone, what lies above the posterior end would be weight-bearing."""
    found = measure_knee(*curled_knee(side))
    assert found.orientation.side is side
    points = found.surface.bone.points
    angle = (np.degrees(np.arctan2(-points[:, 2], -points[:, 1])) + 100) % 360 - 100
    posterior = np.isin(found.parts, (Part.MEDIAL_POSTERIOR, Part.LATERAL_POSTERIOR))
    central = (found.parts > 0) & ~posterior & (found.parts != Part.TROCHLEA)
    assert angle[posterior].max() == pytest.approx(260, abs=5)
    assert angle[posterior].min() == pytest.approx(angle[central].max(), abs=5)
    # Where -cos(angle) is 60 % of the way from the notch, at 60 degrees, to the back.
    border = np.degrees(np.arccos(-(0.6 * (1 + np.cos(np.radians(60))) - np.cos(np.radians(60)))))
    assert angle[central].max() == pytest.approx(border, abs=5)
    assert angle[found.parts == Part.TROCHLEA].max() == pytest.approx(60, abs=3)
    medial = 1 if side is Side.RIGHT else -1
    assert np.all(medial * points[found.parts == Part.MEDIAL_POSTERIOR][:, 0] > 10)


@pytest.mark.parametrize("notch", [50, 60])
@pytest.mark.parametrize("spacing", [0.8, 1.2])
def test_notch_begins_where_the_cartilage_between_the_condyles_ends(spacing, notch):
    """Half a voxel in front of that, at most, on its own and when it lies oblique in its grid."""
    end = -RADIUS * np.cos(np.radians(notch))
    masks = curled_knee(Side.RIGHT, spacing, notch)
    orientation = measure_knee(*masks).orientation
    assert orientation.notch_posterior == pytest.approx(end, abs=0.55)
    assert abs(orientation.notch_medial) < 0.5
    turn = np.reshape(oblique(0.0, 0.1, -0.2), (3, 3))
    turned = measure_knee(*(transformed(mask, turn) for mask in masks)).orientation
    assert turned.notch_posterior == pytest.approx(end, abs=0.7)


def without(knee, measurement, *parts: Part) -> sitk.Image:
    left = ~np.isin(sitk.GetArrayViewFromImage(measurement.labels), parts)
    image = sitk.GetImageFromArray(sitk.GetArrayFromImage(knee.femoral_cartilage) * left.astype(np.uint8))
    image.CopyInformation(knee.femoral_cartilage)
    return image


def test_region_whose_cartilage_is_gone_is_bare_and_the_others_stay(knee, measurement):
    """The third is cut out of the condyle down to the bone, which the rest of it surrounds."""
    worn = measure_knee(without(knee, measurement, Part.MEDIAL_CENTRAL_CENTRAL), knee.femur)
    assert worn.orientation.notch_posterior == pytest.approx(measurement.orientation.notch_posterior, abs=0.2)
    areas = by_region(measurement, lambda found: found.thickness.covered_area)
    bare = by_region(worn, lambda found: found.thickness.denuded_area)
    assert bare["medial_central_central"] == pytest.approx(areas["medial_central_central"], rel=0.15)
    assert bare["lateral_central"] == bare["trochlea"] == 0
    assert volumes(worn)["medial_central_central"] < 0.1 * volumes(measurement)["medial_central_central"]
    assert volumes(worn)["lateral_central"] == pytest.approx(volumes(measurement)["lateral_central"], rel=0.02)


def test_cartilage_in_two_pieces(knee, measurement):
    """Without trochlea both condyles stand alone; they keep their sides and their parts."""
    apart = measure_knee(without(knee, measurement, Part.TROCHLEA), knee.femur, side=Side.RIGHT)
    found, before = volumes(apart), volumes(measurement)
    for key in ("medial_central", "medial_posterior", "lateral_central", "lateral_posterior"):
        assert found[key] == pytest.approx(before[key], rel=0.1), key


def test_what_is_no_whole_cartilage_is_refused(knee):
    """A part of it, a slice of it, or a mask of everything would get regions that mean nothing."""
    cartilage = knee.femoral_cartilage
    half = cartilage.GetSize()[2] // 2
    for part in (cartilage[:, :, half : half + 1], cartilage[:, :, half + 8 :]):
        with pytest.raises(InputError, match=r"mm long in one direction|no intercondylar notch"):
            measure_knee(part)
    with pytest.raises(InputError, match="no intercondylar notch"):
        measure_knee(sitk.Cast(knee.image * 0 + 1, sitk.sitkUInt8))


def test_left_knee_in_an_oblique_frame():
    """As the phantom makes one, not as the mirror image of a right one; medial is towards -x."""
    parameters = dataclasses.replace(PARAMETERS, laterality="left", direction=oblique(-0.2, 0.1, 0.15))
    knee = make_knee(parameters)
    found = measure_knee(knee.femoral_cartilage, knee.femur)
    assert found.orientation.side is Side.LEFT
    medial, lateral = (middle(found.labels, Part[f"{side}_CENTRAL_CENTRAL"]) for side in ("MEDIAL", "LATERAL"))
    assert medial[0] < lateral[0] - 30
    assert middle(found.labels, Part.TROCHLEA)[1] < medial[1] - 10
    assert middle(found.labels, Part.LATERAL_POSTERIOR)[1] > lateral[1] + 10


def test_regions_have_names_of_their_own():
    assert len({region.key for region in REGIONS}) == len(REGIONS)
    assert {part for region in REGIONS[1:] for part in region.parts} == set(Part)
