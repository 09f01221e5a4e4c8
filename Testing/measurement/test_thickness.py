"""Thickness, areas and volume of cartilage whose measures are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.measurement.knee import measure_knee
from KneeCartilageSegLib.measurement.surfaces import joint_surface
from KneeCartilageSegLib.measurement.thickness import Definition
from shells import RADIUS, shell

IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
OBLIQUE = oblique(0.3, -0.2, 0.5)
OAI = (0.365, 0.365, 0.7)


def measured(solid, thickness, spacing=OAI, direction=OBLIQUE, femur=True, **options):
    bone, cartilage = shell(solid, thickness, spacing, direction)
    return measure_knee(cartilage, bone if femur else None, regions=False, **options).whole


@pytest.mark.parametrize(
    ("spacing", "direction"),
    [(OAI, IDENTITY), (OAI, OBLIQUE), ((0.7, 0.365, 0.365), OBLIQUE)],
    ids=["straight", "oblique", "oblique, slices along x"],
)
@pytest.mark.parametrize("thickness", [0.8, 2.3])
@pytest.mark.parametrize("solid", ["sphere", "cylinder", "ellipsoid"])
def test_thickness_at_the_voxels_of_the_osteoarthritis_initiative(solid, thickness, spacing, direction):
    found = measured(solid, thickness, spacing, direction).thickness
    assert found.mean == pytest.approx(thickness, abs=0.05)
    assert found.std < 0.25


@pytest.mark.parametrize(
    ("spacing", "error"), [((0.7, 0.7, 0.7), 0.05), ((1.0, 1.0, 1.0), 0.07), ((0.4, 0.4, 1.5), 0.1)]
)
def test_error_grows_slowly_with_the_voxels(spacing, error):
    for solid in ("sphere", "ellipsoid"):
        assert measured(solid, 2.0, spacing).thickness.mean == pytest.approx(2.0, abs=error)


@pytest.mark.parametrize("spacing", [OAI, (0.5, 0.5, 0.5), (1.0, 1.0, 1.0), (0.4, 0.4, 1.5)])
def test_area_of_a_sphere_is_that_of_a_smooth_one(spacing):
    """Triangles that follow the voxels' staircase have an area of up to 4 % more."""
    assert measured("sphere", 2.0, spacing).thickness.covered_area == pytest.approx(4 * math.pi * RADIUS**2, rel=0.015)


def test_volume_of_a_sphere():
    found = measured("sphere", 2.0)
    assert found.volume == pytest.approx(4 / 3 * math.pi * ((RADIUS + 2) ** 3 - RADIUS**3), rel=0.005)
    assert found.thickness.denuded_area == 0
    assert found.thickness.mean_total == pytest.approx(found.thickness.mean)


def test_left_handed_grid_measures_the_same():
    bone, cartilage = shell("ellipsoid", 2.0, OAI, IDENTITY)
    flipped = [sitk.Flip(mask, (True, False, False)) for mask in (cartilage, bone)]
    assert np.linalg.det(np.reshape(flipped[0].GetDirection(), (3, 3))) < 0
    straight, mirrored = measure_knee(cartilage, bone, regions=False), measure_knee(*flipped, regions=False)
    assert mirrored.whole.thickness.mean == pytest.approx(straight.whole.thickness.mean, abs=1e-3)
    assert mirrored.whole.volume == pytest.approx(straight.whole.volume)


def test_without_femur_mask_the_inside_of_the_tube_stands_for_the_bone():
    found = measured("cylinder", 2.0, femur=False).thickness
    assert found.mean == pytest.approx(2.0, abs=0.05)
    assert found.covered_area == pytest.approx(2 * math.pi * RADIUS * 16, rel=0.08)
    assert math.isnan(found.denuded_area)
    assert math.isnan(found.mean_total)


def with_hole(cartilage: sitk.Image, radius: float) -> sitk.Image:
    """The shell of a sphere or cylinder without what lies within a radius of the line through its middle along z."""
    array = sitk.GetArrayFromImage(cartilage)
    indices = np.argwhere(array)
    points = np.array([cartilage.TransformIndexToPhysicalPoint(index[::-1].tolist()) for index in indices])
    hole = (np.hypot(points[:, 0] - 40, points[:, 1] + 20) < radius) & (points[:, 2] > 7)
    array[tuple(indices[hole].T)] = 0
    image = sitk.GetImageFromArray(array)
    image.CopyInformation(cartilage)
    return image


def test_hole_down_to_the_bone_is_denuded_and_counts_as_zero():
    bone, cartilage = shell("sphere", 2.0, OAI, OBLIQUE)
    radius = 4.0
    found = measure_knee(with_hole(cartilage, radius), bone, regions=False).whole.thickness
    cap = 2 * math.pi * RADIUS**2 * (1 - math.sqrt(1 - (radius / RADIUS) ** 2))
    assert found.denuded_area == pytest.approx(cap, rel=0.1)
    assert found.total_area == pytest.approx(4 * math.pi * RADIUS**2, rel=0.04)
    assert found.mean == pytest.approx(2.0, abs=0.05)
    assert found.mean_total == pytest.approx(found.mean * found.covered_area / found.total_area)


def test_bone_beyond_the_rim_is_not_denuded():
    assert measured("cylinder", 2.0).thickness.denuded_area == 0


def test_gap_between_the_masks_is_filled_and_overlap_is_cartilage():
    bone, cartilage = shell("sphere", 2.0, (0.5, 0.5, 0.5), OBLIQUE)
    grown = sitk.BinaryDilate(bone, [1, 1, 1])
    shrunk = sitk.BinaryErode(bone, [1, 1, 1])
    straight, overlapping, apart = (
        measure_knee(cartilage, mask, regions=False).whole for mask in (bone, grown, shrunk)
    )
    assert overlapping.thickness.mean == pytest.approx(straight.thickness.mean, abs=0.01)
    assert apart.thickness.mean == pytest.approx(straight.thickness.mean, abs=0.1)
    assert apart.thickness.covered_area == pytest.approx(straight.thickness.covered_area, rel=0.01)


def test_specks_are_no_cartilage_to_measure():
    bone, cartilage = shell("sphere", 2.0, (0.5, 0.5, 0.5), IDENTITY)
    speckled = sitk.Image(cartilage)
    speckled[2, 2, 2] = 1
    found, clean = (measure_knee(mask, bone, regions=False).whole.thickness for mask in (speckled, cartilage))
    assert found.mean == pytest.approx(clean.mean, abs=1e-4)
    assert found.covered_area == pytest.approx(clean.covered_area, rel=1e-4)


def test_bone_that_the_image_cuts_off_has_no_surface_there():
    bone, cartilage = shell("cylinder", 2.0, (0.5, 0.5, 0.5), IDENTITY)
    whole = measure_knee(cartilage, bone, regions=False).whole.thickness
    first = next(i for i in range(bone.GetSize()[0]) if sitk.GetArrayViewFromImage(cartilage)[:, :, i].any())
    cut = [
        sitk.RegionOfInterest(m, [m.GetSize()[0] - 2 * first, *m.GetSize()[1:]], [first, 0, 0])
        for m in (cartilage, bone)
    ]
    found = measure_knee(*cut, regions=False).whole.thickness
    assert found.mean == pytest.approx(whole.mean, abs=0.01)
    assert found.covered_area == pytest.approx(whole.covered_area, rel=0.02)


def test_nearest_neighbor_of_pykneer_lacks_a_voxel():
    """Measured between centers of voxels, it comes out thinner by about one of them."""
    found = measured("sphere", 2.5, (0.5, 0.5, 0.5), IDENTITY, definition=Definition.NEAREST_NEIGHBOR).thickness
    assert 1.7 < found.mean < 2.3


def test_masks_that_do_not_fit_are_refused():
    bone, cartilage = shell("sphere", 2.0, (1.0, 1.0, 1.0), IDENTITY)
    with pytest.raises(InputError, match="empty"):
        measure_knee(cartilage * 0, bone)
    shifted = sitk.Image(bone)
    shifted.SetOrigin((0.0, 0.0, 0.0))
    with pytest.raises(InputError, match="different grids"):
        measure_knee(cartilage, shifted)
    with pytest.raises(InputError, match="does not touch"):
        measure_knee(cartilage, bone * 0)
    with pytest.raises(InputError, match="no intercondylar notch"):
        measure_knee(cartilage, bone)


def test_surface_normals_point_out_of_the_bone():
    bone, cartilage = shell("sphere", 2.0, (0.7, 0.4, 0.5), OBLIQUE)
    surface = joint_surface(cartilage, bone)
    radial = surface.bone.points - [40, -20, 7]
    radial /= np.linalg.norm(radial, axis=1, keepdims=True)
    assert np.sum(surface.normals * radial, axis=1).min() > 0.98
