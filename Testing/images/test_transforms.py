"""Our transforms against transformix, their inverse, and what is measured on them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
import transformix_points
from grids import oblique
from KneeCartilageSegLib.elastix.package import package_is_installed
from KneeCartilageSegLib.elastix.parameters import read_parameters, write_parameters
from KneeCartilageSegLib.elastix.transforms import initial_transform, read_transform
from KneeCartilageSegLib.errors import EngineError
from KneeCartilageSegLib.images.backward import Backward, measure_residual
from KneeCartilageSegLib.images.regions import (
    bounding_box,
    corners,
    crop,
    crop_to_image,
    crop_to_points,
    mask_points,
    mirror_points,
    points_inside,
)
from KneeCartilageSegLib.images.transforms import (
    Chain,
    coarse_grid,
    compose,
    folding,
    map_points,
    pose,
)
from KneeCartilageSegLib.registration.align import start_from
from KneeCartilageSegLib.runs.beside import at_once
from KneeCartilageSegLib.segmentation import registered
from KneeCartilageSegLib.tissue import Tissue

PROGRAM = shutil.which("transformix")
STAGES = ("f_rigid", "f_similarity", "f_spline", "fc_spline")
PRINTED = 1e-6  # mm; transformix prints points with six digits

needs_package = pytest.mark.skipif(not package_is_installed(), reason="itk-elastix is not installed")


def read_chain(paths):
    return Chain(tuple(read_transform(path) for path in paths))


needs_program = pytest.mark.skipif(PROGRAM is None, reason="there is no transformix on the PATH")


def image(size=(40, 44, 36), spacing=(2.0, 1.5, 2.5), angles=(0.2, -0.1, 0.3), origin=(-30.0, 12.0, 55.0)):
    """An empty image on an oblique grid."""
    grid = sitk.Image(list(size), sitk.sitkUInt8)
    grid.SetSpacing(spacing)
    grid.SetDirection(oblique(*angles))
    grid.SetOrigin(origin)
    return grid


def points_in(grid, count=300, inset=0.15):
    """Random points (mm) in an image, a part of its size away from its border."""
    size = np.array(grid.GetSize())
    rng = np.random.default_rng(0)
    indices = rng.uniform(inset * size, (1 - inset) * size, (count, 3))
    matrix = np.reshape(grid.GetDirection(), (3, 3)) * grid.GetSpacing()
    return indices @ matrix.T + grid.GetOrigin()


def run_transformix(transform_files, points, folder, cwd, moving=None):
    """By transform file's name: the points mapped by transformix of itk-elastix, and the image that it warped."""
    folder.mkdir(parents=True)
    transformix_points.write_points(folder / "points.txt", points)
    moving_file = folder / "moving.mha"
    sitk.WriteImage(sitk.Cast(image() if moving is None else moving, sitk.sitkFloat32), moving_file)
    subprocess.run(
        [sys.executable, transformix_points.__file__, folder / "points.txt", moving_file, folder, *transform_files],
        cwd=cwd,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    outputs = {path.stem: folder / path.stem for path in transform_files}
    return {
        name: (transformix_points.read_output_points(output / "outputpoints.txt"), output / "result.mha")
        for name, output in outputs.items()
    }


# ---- Every kind of transform, on an oblique grid ----

GRID = {
    "Size": ("40", "44", "36"),
    "Index": ("0", "0", "0"),
    "Spacing": ("2", "1.5", "2.5"),
    "Origin": ("-30", "12", "55"),
    "Direction": tuple(repr(v) for v in np.reshape(image().GetDirection(), (3, 3)).T.ravel().tolist()),
}
COMMON = {
    **GRID,
    **initial_transform("NoInitialTransform"),
    "HowToCombineTransforms": ("Compose",),
    "FixedImageDimension": ("3",),
    "MovingImageDimension": ("3",),
    "FixedInternalImagePixelType": ("float",),
    "MovingInternalImagePixelType": ("float",),
    "UseDirectionCosines": ("true",),
    "ResampleInterpolator": ("FinalBSplineInterpolator",),
    "FinalBSplineInterpolationOrder": ("1",),
    "Resampler": ("DefaultResampler",),
    "ResultImageFormat": ("mhd",),
    "ResultImagePixelType": ("float",),
    "DefaultPixelValue": ("0",),
}
CENTERED = {"CenterOfRotationPoint": ("3.5", "-7.25", "12")}
AFFINE = ("1.1", "0.05", "-0.02", "0.03", "0.9", "0.1", "-0.04", "0.02", "1.05", "3", "-4", "5")


def spline(kind, order, amplitude=3.0):
    """A random B-spline of elastix that reaches beyond the image on all sides."""
    size, spacing = (9, 8, 10), (14.0, 15.0, 13.0)
    middle = image().TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in image().GetSize()])
    matrix = np.reshape(image().GetDirection(), (3, 3))
    origin = np.array(middle) - matrix @ ((np.array(size) - 1) * spacing / 2)
    values = np.random.default_rng(order).uniform(-amplitude, amplitude, 3 * int(np.prod(size)))
    return {
        "Transform": (kind,),
        "TransformParameters": tuple(repr(value) for value in values.tolist()),
        "GridSize": tuple(str(n) for n in size),
        "GridIndex": ("0", "0", "0"),
        "GridSpacing": tuple(repr(s) for s in spacing),
        "GridOrigin": tuple(repr(o) for o in origin.tolist()),
        "GridDirection": GRID["Direction"],
        "BSplineTransformSplineOrder": (str(order),),
        "UseCyclicTransform": ("false",),
    }


KINDS = {
    "translation": {"Transform": ("TranslationTransform",), "TransformParameters": ("6", "-5", "7.5")},
    "rigid": {
        "Transform": ("EulerTransform",),
        "TransformParameters": ("0.3", "-0.2", "0.4", "5", "-6", "7"),
        "ComputeZYX": ("false",),
        **CENTERED,
    },
    "rigid ZYX": {
        "Transform": ("EulerTransform",),
        "TransformParameters": ("0.3", "-0.2", "0.4", "5", "-6", "7"),
        "ComputeZYX": ("true",),
        **CENTERED,
    },
    "similarity": {
        "Transform": ("SimilarityTransform",),
        "TransformParameters": ("0.1", "-0.2", "0.15", "5", "-6", "7", "1.15"),
        **CENTERED,
    },
    "affine": {"Transform": ("AffineTransform",), "TransformParameters": AFFINE, **CENTERED},
    "linear B-spline": spline("BSplineTransform", 1),
    "quadratic B-spline": spline("BSplineTransform", 2),
    "cubic B-spline": spline("BSplineTransform", 3),
    "recursive B-spline": spline("RecursiveBSplineTransform", 3),
}


def write_transform(folder, values, name="TransformParameters.0.txt", initial="NoInitialTransform"):
    path = folder / name
    count = {"NumberOfParameters": (str(len(values["TransformParameters"])),)}
    write_parameters(path, {**COMMON, **count, **values, **initial_transform(initial)})
    return path


@pytest.fixture(scope="module")
def kinds_by_transformix(tmp_path_factory):
    if not package_is_installed():
        pytest.skip("itk-elastix is not installed")
    folder = tmp_path_factory.mktemp("kinds")
    files = [write_transform(folder, values, f"{name}.txt") for name, values in KINDS.items()]
    mapped = run_transformix(files, points_in(image()), folder / "out", "/")
    return {path.stem: (path, mapped[path.stem][0]) for path in files}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_maps_points_as_transformix_does(kinds_by_transformix, name):
    path, expected = kinds_by_transformix[name]
    mapped = map_points(read_transform(path), points_in(image()))
    assert np.abs(mapped - points_in(image())).max() > 1
    assert np.abs(mapped - expected).max() < PRINTED


def test_order_of_euler_angles_matters(tmp_path):
    """Otherwise the test above could not tell whether ComputeZYX is read."""
    chains = [read_transform(write_transform(tmp_path, KINDS[name], f"{name}.txt")) for name in ("rigid", "rigid ZYX")]
    first, second = (map_points(transform, points_in(image())) for transform in chains)
    assert np.abs(first - second).max() > 1


def test_unknown_kind_is_refused_with_what_can_be_used(tmp_path):
    path = write_transform(tmp_path, {**KINDS["rigid"], "Transform": ("SplineKernelTransform",)})
    with pytest.raises(EngineError, match=r"SplineKernelTransform cannot be used here; .* choose AffineTransform, "):
        read_transform(path)
    path = write_transform(tmp_path, {**KINDS["cubic B-spline"], "UseCyclicTransform": ("true",)})
    with pytest.raises(EngineError, match="cyclic"):
        read_transform(path)


# ---- A whole registration, exported ----


def write_registered(folder, reference, pair):
    files = registered.RegisteredFiles(folder, pair.moving.image, ".mha", at_once)
    early = replace(pair.alignment, files=pair.alignment.files[:3], stages=pair.alignment.stages[:2])
    for alignment in (early, pair.alignment):  # as the registration goes on
        files.write(reference, alignment)
    assert len(files.finish()) == len(list(folder.iterdir()))


@pytest.fixture(scope="module")
def exported(registered_pair, tmp_path_factory):
    """The folder that RegisteredFiles has filled, moved to where it was not written."""
    written = tmp_path_factory.mktemp("before") / "registered"
    pair = registered_pair
    write_registered(written, pair.reference, pair)
    moved = tmp_path_factory.mktemp("after") / "moved registered"
    written.rename(moved)
    return moved


@pytest.fixture(scope="module")
def by_transformix(registered_pair, exported, tmp_path_factory):
    """What transformix makes of the exported chain, started elsewhere, at points of the femur and far from it."""
    pair = registered_pair
    femur = mask_points(pair.reference.masks[Tissue.FEMUR], 500)
    points = np.vstack([femur, points_in(pair.reference.image, inset=-0.2)])
    files = [exported / f"TransformParameters.{name}.txt" for name in STAGES]
    folder = tmp_path_factory.mktemp("transformix") / "out"
    return points, run_transformix(files, points, folder, "/", pair.moving.image)


class TestExportedChain:
    """What lies in ``registered/`` works with transformix, wherever the folder went."""

    @pytest.mark.parametrize("count", range(1, 5))
    def test_points_are_transformix_s(self, registered_pair, exported, by_transformix, count):
        points, outputs = by_transformix
        expected, _ = outputs[f"TransformParameters.{STAGES[count - 1]}"]
        mapped = map_points(registered_pair.alignment.chain_after(count).composite(), points)
        assert np.abs(mapped - expected).max() < PRINTED
        read = read_chain([exported / f"TransformParameters.{name}.txt" for name in ("start", *STAGES[:count])])
        assert np.abs(mapped - map_points(read.composite(), points)).max() < 1e-9

    @pytest.mark.parametrize("count", range(1, 5))
    def test_voxels_are_transformix_s(self, registered_pair, exported, by_transformix, count):
        pair, name = registered_pair, STAGES[count - 1]
        chain = pair.alignment.chain_after(count)
        warped = sitk.ReadImage(by_transformix[1][f"TransformParameters.{name}"][1])
        ours = sitk.ReadImage(exported / f"{name}.mha")
        assert ours.GetPixelID() == pair.moving.image.GetPixelID()
        assert (ours.GetSize(), ours.GetOrigin()) == (warped.GetSize(), pytest.approx(warped.GetOrigin()))
        assert ours.GetDirection() == pytest.approx(warped.GetDirection())
        # In the outer half voxel of the moving image the two extrapolate differently.
        inside = sitk.Image(pair.moving.image.GetSize(), sitk.sitkUInt8) + 1
        inside.CopyInformation(pair.moving.image)
        kept = sitk.Resample(sitk.BinaryErode(inside, [1] * 3, sitk.sitkBox, 0, 1, False), ours, chain.composite())
        within = (sitk.GetArrayFromImage(kept) == 1) & filled_region(pair, count)
        difference = np.abs(sitk.GetArrayFromImage(ours) - sitk.GetArrayFromImage(warped))[within]
        assert within.mean() > 0.05
        # Gray values are 0 to 1000, rounded to whole numbers. With B-splines, the displacement between the nodes of
        # the field is interpolated: measured 0.4 in the mean and 4 at the 99th percentile.
        mean, high = (0.26, 0.51) if chain.composite().IsLinear() else (0.6, 8)
        assert difference.mean() < mean
        assert np.percentile(difference, 99) < high

    def test_of_a_mirrored_reference_starts_on_the_reference_as_it_is(self, registered_pair, tmp_path):
        """The chain maps points of the mirror image; transformix is given points of the reference."""
        pair = registered_pair
        mirrored = pair.reference.mirrored()
        written = tmp_path / "registered"
        write_registered(written, mirrored, pair)
        points = mask_points(pair.reference.masks[Tissue.FEMUR], 200)
        file = written / "TransformParameters.fc_spline.txt"
        outputs = run_transformix([file], points, tmp_path / "out", "/", pair.moving.image)
        mapped, image = outputs["TransformParameters.fc_spline"]
        expected = pair.alignment.chain.composite()
        assert np.abs(map_points(expected, mirror_points(points, pair.reference.mirror_plane)) - mapped).max() < PRINTED
        ours, warped = sitk.ReadImage(written / "fc_spline.mha"), sitk.ReadImage(image)
        assert ours.GetOrigin() == pytest.approx(pair.reference.image.GetOrigin())
        assert ours.GetDirection() == pytest.approx(pair.reference.image.GetDirection())
        filled = sitk.GetArrayFromImage(ours) > 50
        difference = np.abs(sitk.GetArrayFromImage(ours) - sitk.GetArrayFromImage(warped))[filled]
        assert filled.mean() > 0.005
        assert difference.mean() < 1

    def test_names_are_relative(self, exported):
        names = {path.name for path in exported.glob("TransformParameters.*.txt")}
        assert len(names) == 5
        for path in exported.glob("TransformParameters.*.txt"):
            values = read_parameters(path)
            for key in ("InitialTransformParametersFileName", "InitialTransformParameterFileName"):
                assert values[key][0] in (names - {path.name}) | {"NoInitialTransform"}

    @needs_program
    def test_older_transformix_works_in_the_folder(self, exported, tmp_path):
        """Before elastix 5.2, relative names are looked up in the working folder, not beside the file
        (https://github.com/SuperElastix/elastix/pull/907)."""
        chain = read_chain([exported / f"TransformParameters.{name}.txt" for name in ("start", "f_rigid")])
        grid = sitk.ReadImage(exported / "f_rigid.mha")
        transformix_points.write_points(tmp_path / "points.txt", points_in(grid))
        subprocess.run(
            [PROGRAM, "-tp", "TransformParameters.f_rigid.txt", "-def", tmp_path / "points.txt", "-out", tmp_path],
            cwd=exported,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        expected = transformix_points.read_output_points(tmp_path / "outputpoints.txt")
        assert np.abs(map_points(chain.composite(), points_in(grid)) - expected).max() < PRINTED


def filled_region(pair, count):
    """Where the warped image of a stage is filled, on the reference's grid."""
    stage = pair.alignment.stages[count - 1].stage
    mask = sitk.ReadImage(pair.reference.prepared(stage).mask)
    region = crop_to_image(pair.reference.image, crop(mask, *bounding_box(mask)))
    one = sitk.Image(region.GetSize(), sitk.sitkUInt8) + 1
    one.CopyInformation(region)
    return sitk.GetArrayFromImage(registered.paste(one, pair.reference.image)) == 1


def test_fast_field_differs_little_from_the_exact_chain(registered_pair):
    pair = registered_pair
    for count in (3, 4):
        chain = pair.alignment.chain_after(count)
        stage = pair.alignment.stages[count - 1].stage
        points = pair.reference.prepared(stage).points
        region = crop_to_points(pair.reference.image, points, 0.0)
        exact = map_points(chain.composite(), points)
        fast = map_points(registered._fast(chain, region), points)
        difference = np.linalg.norm(exact - fast, axis=1)
        assert difference.mean() < 0.05
        assert difference.max() < 0.3


def test_many_points_are_mapped_as_each_of_them(registered_pair):
    """In the middle, at the edge of the B-splines, where they end, and far away."""
    chain = registered_pair.alignment.chain
    edges = [
        [*np.linspace(0.9, 1.1, 7), *(n - 2 + np.linspace(-0.1, 0.1, 7)), -5.0, n + 5.0]
        for n in chain.transforms[-1].GetCoefficientImages()[0].GetSize()
    ]
    grid = chain.transforms[-1].GetCoefficientImages()[0]
    indices = np.stack(np.meshgrid(*edges, indexing="ij"), -1).reshape(-1, 3)
    points = [grid.TransformContinuousIndexToPhysicalPoint(index) for index in indices.tolist()]
    points += mask_points(registered_pair.reference.masks[Tissue.FEMUR], 300).tolist()
    flat = sitk.BSplineTransform(3, 2)
    flat.SetParameters(np.linspace(-1, 1, len(flat.GetParameters())).tolist())
    for transform in (*chain.transforms, chain.composite(), flat, compose([])):
        each = np.array([transform.TransformPoint(point) for point in points])
        assert np.abs(map_points(transform, np.array(points)) - each).max() < 1e-9
    assert map_points(chain.composite(), np.empty((0, 3))).shape == (0, 3)


def test_start_is_a_translation(tmp_path):
    start = start_from(np.array([3.0, -4.5, 1e-7]), tmp_path)
    assert map_points(start.chain.composite(), [[1, 2, 3]])[0] == pytest.approx([4, -2.5, 3.0000001], abs=1e-12)
    assert map_points(read_transform(start.files[0]), [[1, 2, 3]])[0] == pytest.approx([4, -2.5, 3.0000001], abs=1e-12)


# ---- Inverse, folding, pose: on transforms that are known ----


REGION = crop(image(), (9, 10, 8), (22, 24, 20))
"""In which the known deformations are inverted."""


def linear_chain(tmp_path):
    names = ("translation", "rigid ZYX", "similarity", "affine")
    return read_chain([write_transform(tmp_path, KINDS[name], f"{name}.txt") for name in names])


def bump(height, width=12.0):
    """A displacement along x that rises by ``height`` mm around the middle of an image: known everywhere.

    Its derivative is at most 0.858 height / width, so it folds space where that is over 1.
    """
    grid = coarse_grid(image(), 1.0)
    middle = np.array(image().TransformContinuousIndexToPhysicalPoint([20.0, 22.0, 18.0]))
    points = mask_points(grid == 0, grid.GetNumberOfPixels())
    rise = height * np.exp(-((points - middle) ** 2).sum(axis=1) / width**2)
    field = np.zeros((*grid.GetSize()[::-1], 3))
    field[..., 0] = rise.reshape(field.shape[:3])
    result = sitk.GetImageFromArray(field, isVector=True)
    result.CopyInformation(grid)
    return sitk.DisplacementFieldTransform(result)


class TestBackward:
    """The way back is exact where it has a closed form, and numerical elsewhere."""

    def test_of_linear_transforms_is_exact(self, tmp_path):
        chain = linear_chain(tmp_path)
        backward = Backward(chain, image())
        assert measure_residual(chain, backward, points_in(image())).maximum < 1e-9
        assert np.array_equal(backward.rough(points_in(image())), backward.map(points_in(image())))

    def test_of_splines(self, tmp_path):
        """Displacements of up to 3 mm on a 14 mm lattice."""
        paths = [write_transform(tmp_path, KINDS[name], f"{name}.txt") for name in ("translation", "cubic B-spline")]
        chain = read_chain(paths)
        points = points_in(image(), inset=0.25)
        residual = measure_residual(chain, Backward(chain, image()), points)
        assert residual.mean < 0.03
        assert residual.maximum < 0.1

    def test_of_a_known_deformation(self):
        """The inverse moves each point back along x by the solution of x + f(x) = y, found by bisection."""
        deformation = bump(6.0)
        backward = Backward(Chain((deformation,)), REGION)
        points = points_in(REGION, inset=0.2)
        low, high = points.copy(), points.copy()
        low[:, 0] -= 10
        for _ in range(50):
            middle = (low + high) / 2
            beyond = (map_points(deformation, middle)[:, 0] > points[:, 0])[:, None]
            low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
        distances = np.linalg.norm(backward.map(points) - low, axis=1)
        assert distances.max() < 0.1

    @pytest.mark.parametrize("half", [0, 1], ids=["from outside", "to outside"])
    def test_of_a_region_that_an_image_cuts_off(self, half):
        """What lies at the cut comes from beyond it, or is moved there."""
        chain = Chain((bump(12.0),))
        size = [REGION.GetSize()[0] // 2, *REGION.GetSize()[1:]]
        region = crop(REGION, (half * size[0], 0, 0), size)
        points = points_in(region, inset=0.0)
        sources = Backward(chain, region).map(points)
        assert np.linalg.norm(map_points(chain.composite(), sources) - points, axis=1).max() < 0.3

    @pytest.mark.parametrize("height", [400.0, 1e6, np.nan])
    def test_of_a_registration_that_failed_takes_no_more_memory_than_of_others(self, height, monkeypatch):
        """It is no use, and is rejected; but not since there is no memory for it."""
        inverted = []

        def invert(field, **_):
            inverted.append(field.GetNumberOfPixels())
            return field

        monkeypatch.setattr(sitk, "InvertDisplacementField", invert)
        for one in (12.0, height):
            Backward(Chain((bump(one),)), REGION)
        assert inverted[1] < 4 * inverted[0]

    def test_of_a_real_registration(self, registered_pair):
        """In few large voxels; steps of the optimizer as long as these left 0.20 and 0.78 mm."""
        pair = registered_pair
        chain = pair.alignment.chain_after(4)
        points = mask_points(pair.reference.masks[Tissue.CARTILAGE], 500)
        mapped = map_points(chain.composite(), points)
        backward = Backward(chain, crop_to_points(pair.moving.image, mapped, 6.0))
        residual = measure_residual(chain, backward, points[points_inside(pair.moving.image, mapped)])
        assert residual.mean < 0.1
        assert residual.percentile95 < 0.3

    def test_of_a_folding_deformation_has_a_large_residual(self):
        folded = Chain((bump(25.0),))
        residual = measure_residual(folded, Backward(folded, REGION), points_in(REGION))
        assert residual.maximum > 3

    def test_the_order_of_linear_and_other_transforms_does_not_matter(self, tmp_path):
        """As in a chain that goes by another reference: pose, shape, pose, shape."""
        names = "translation", "cubic B-spline", "rigid ZYX"
        transforms = read_chain([write_transform(tmp_path, KINDS[name], f"{name}.txt") for name in names]).transforms
        chain = Chain((*transforms, bump(3.0)))
        points = points_in(image(), inset=0.35)
        mapped = map_points(chain.composite(), points)
        region = sitk.Image(np.ceil(np.ptp(mapped, axis=0) + 20).astype(int).tolist(), sitk.sitkUInt8)
        region.SetOrigin((mapped.min(axis=0) - 10).tolist())
        assert measure_residual(chain, Backward(chain, region), points).mean < 0.05


def place(size, start):
    """An empty image of 10 mm voxels."""
    result = sitk.Image([size] * 3, sitk.sitkUInt8)
    result.SetSpacing([10.0] * 3)
    result.SetOrigin([float(start)] * 3)
    return result


EVERYWHERE = place(100, -500)


class TestFolding:
    def mask(self):
        array = np.zeros(image().GetSize()[::-1], np.uint8)
        array[6:-6, 6:-6, 6:-6] = 1
        mask = sitk.GetImageFromArray(array)
        mask.CopyInformation(image())
        return mask

    @pytest.mark.parametrize("height", [0.0, 6.0, 12.0])
    def test_none(self, height):
        assert folding(Chain((bump(height),)), self.mask(), EVERYWHERE) == 0

    def test_outside_the_moving_image_nothing_is_held(self):
        """As at the top of a shaft, where the image ends."""
        assert folding(Chain((bump(30.0),)), self.mask(), EVERYWHERE) > 0
        assert folding(Chain((bump(30.0),)), self.mask(), place(10, 900)) == 0

    def test_share_of_the_mask(self):
        """The part of the mask in which 1 + df/dx is negative, from the formula."""
        height, width = 25.0, 12.0
        points = mask_points(self.mask(), 10**9)
        middle = np.array(image().TransformContinuousIndexToPhysicalPoint([20.0, 22.0, 18.0]))
        away = points - middle
        slope = -2 * away[:, 0] / width**2 * height * np.exp(-(away**2).sum(axis=1) / width**2)
        expected = (1 + slope <= 0).mean()
        assert expected > 0.01
        assert folding(Chain((bump(height, width),)), self.mask(), EVERYWHERE) == pytest.approx(expected, rel=0.1)

    def test_mirroring_folds_everything(self):
        mirror = sitk.AffineTransform([-1, 0, 0, 0, 1, 0, 0, 0, 1], (0, 0, 0))
        assert folding(Chain((mirror,)), self.mask(), EVERYWHERE) == 1


def test_pose_of_a_chain(tmp_path):
    rigid = sitk.VersorRigid3DTransform((0, 0.6, 0.8), np.deg2rad(25.0), (3, 4, 5), (10, 20, 30))
    similarity = sitk.Similarity3DTransform()
    similarity.SetScale(1.12)
    chain = Chain((sitk.TranslationTransform(3, (1, 2, 3)), rigid, similarity, read_transform_of(tmp_path)))
    assert pose(chain) == {"scale": pytest.approx(1.12), "rotation": pytest.approx(25.0)}
    assert pose(Chain(())) == {"scale": 1, "rotation": 0}


def read_transform_of(tmp_path, name="cubic B-spline"):
    return read_transform(write_transform(tmp_path, KINDS[name]))


def test_compose_applies_the_first_transform_first():
    shift = sitk.TranslationTransform(3, (10, 0, 0))
    double = sitk.ScaleTransform(3, (2, 2, 2))
    assert compose([shift, double]).TransformPoint((1, 0, 0)) == (22, 0, 0)
    assert compose([]).TransformPoint((1, 2, 3)) == (1, 2, 3)


@pytest.mark.parametrize("spacing", [0.7, 1.2, 5.0, 200.0])
def test_coarse_grid_covers_its_region_and_a_voxel_more(spacing):
    region = image((21, 33, 9), (0.7, 0.36, 3.0))
    grid = coarse_grid(region, spacing)
    assert grid.GetDirection() == region.GetDirection()
    assert all(s <= spacing + 1e-9 for s in grid.GetSpacing())
    outer = np.array(
        [
            region.TransformContinuousIndexToPhysicalPoint([-0.5] * 3),
            region.TransformContinuousIndexToPhysicalPoint([n - 0.5 for n in region.GetSize()]),
        ]
    )
    indices = transforms_indices(grid, outer)
    assert indices[0] == pytest.approx([0.5] * 3)
    assert indices[1] == pytest.approx([n - 1.5 for n in grid.GetSize()])
    assert points_inside(grid, corners(region)).all()


def transforms_indices(grid, points):
    return np.array([grid.TransformPhysicalPointToContinuousIndex(point) for point in points.tolist()])
