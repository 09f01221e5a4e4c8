"""Images keep their place in the patient, on oblique grids too, and files are read and written whole."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.images.files import read_image, write_image
from KneeCartilageSegLib.images.regions import (
    bounding_box,
    center,
    corners,
    covering,
    crop,
    crop_to_image,
    crop_to_points,
    mask_points,
    mirror,
    mirror_points,
    paste,
    points_inside,
    points_to_indices,
    shrink,
    shrink_factors,
    subdivide,
)

SIZE = (12, 15, 18)
DIRECTIONS = {
    "identity": oblique(0, 0, 0),
    "oblique": oblique(0.2, -0.3, 0.4),
    "sagittal": (0, 0, 1, 1, 0, 0, 0, -1, 0),
}


@pytest.fixture(params=DIRECTIONS)
def ramp(request):
    """An image whose value at every point is linear in the point's coordinates: its place can be read off it."""
    image = sitk.Image(SIZE, sitk.sitkFloat64)
    image.SetSpacing((0.7, 0.4, 1.5))
    image.SetDirection(DIRECTIONS[request.param])
    image.SetOrigin((-10.0, 20.0, 33.0))
    values = value_at(mask_points(image == 0, image.GetNumberOfPixels()))
    result = sitk.GetImageFromArray(values.reshape(SIZE[::-1]))
    result.CopyInformation(image)
    return result


def value_at(points):
    return np.asarray(points) @ [1.0, 100.0, 10000.0]


def assert_in_place(image):
    """Every voxel has the value that belongs to its point."""
    indices = np.argwhere(np.ones(image.GetSize()))
    points = [image.TransformIndexToPhysicalPoint(index) for index in indices.tolist()]
    values = [image[index] for index in indices.tolist()]
    assert values == pytest.approx(value_at(points), rel=1e-9, abs=1e-6)


def test_crop_keeps_everything_in_place(ramp):
    part = crop(ramp, (3, 4, 5), (4, 5, 6))
    assert part.GetSize() == (4, 5, 6)
    assert_in_place(part)


def test_margin_is_in_mm_and_ends_at_the_border(ramp):
    part = crop(ramp, (3, 4, 5), (4, 5, 6), margin=1.4)
    # 1.4 mm are 2, 4 and 1 voxels of 0.7, 0.4 and 1.5 mm.
    assert part.GetSize() == (4 + 2 * 2, 5 + 2 * 4, 6 + 2 * 1)
    assert_in_place(part)
    assert crop(ramp, (3, 4, 5), (4, 5, 6), margin=1000).GetSize() == ramp.GetSize()
    assert_in_place(crop(ramp, (-5, 20, 3), (3, 3, 3)))


def test_crop_to_points_holds_them(ramp):
    points = mask_points(ramp != 0, 10**9)[100:110]
    part = crop_to_points(ramp, points, 0.0)
    assert points_inside(part, points).all()
    assert_in_place(part)
    assert part.GetNumberOfPixels() < ramp.GetNumberOfPixels()
    again = crop_to_image(ramp, part)
    assert points_inside(again, corners(part)).all()
    assert np.subtract(again.GetSize(), part.GetSize()).max() <= 2, "rounding may add a voxel on each side"
    assert_in_place(again)


def test_paste_undoes_crop(ramp):
    part = crop(ramp, (3, 4, 5), (4, 5, 6))
    whole = paste(part, ramp)
    assert (whole.GetOrigin(), whole.GetDirection()) == (ramp.GetOrigin(), ramp.GetDirection())
    array = np.zeros(SIZE[::-1])
    array[5:11, 4:9, 3:7] = sitk.GetArrayFromImage(ramp)[5:11, 4:9, 3:7]
    assert np.array_equal(sitk.GetArrayFromImage(whole), array)


def test_covering_holds_both_and_keeps_everything_in_place():
    """Two boxes of one oblique lattice become images of the same grid; an image that covers already stays."""
    whole = sitk.Image([20, 18, 16], sitk.sitkUInt8)
    whole.SetSpacing((0.5, 0.7, 1.1))
    whole.SetDirection(oblique(0.2, -0.4, 0.3))
    whole.SetOrigin((-7, 20, 3))
    whole[9, 8, 7] = 1
    first, second = whole[2:12, 3:10, 4:9], whole[8:18, 6:15, 5:14]
    one, other = covering(first, second), covering(second, first)
    assert one.GetSize() == other.GetSize() == (16, 12, 10)
    np.testing.assert_allclose(one.GetOrigin(), other.GetOrigin(), atol=1e-9)
    np.testing.assert_array_equal(sitk.GetArrayFromImage(one), sitk.GetArrayFromImage(other))
    point = whole.TransformIndexToPhysicalPoint((9, 8, 7))
    assert one[one.TransformPhysicalPointToIndex(point)] == 1
    assert covering(whole, first).GetSize() == whole.GetSize()


def test_shrink_averages_in_place(ramp):
    assert shrink_factors(ramp, 1.5) == (2, 3, 1)
    small = shrink(ramp, 1.5)
    assert small.GetSize() == (6, 5, 18)
    assert small.GetSpacing() == pytest.approx((1.4, 1.2, 1.5))
    assert_in_place(small)
    assert shrink(ramp, None) is ramp
    assert shrink(ramp, 0.3) is ramp


def test_subdivide_fills_the_same_space(ramp):
    fine = subdivide(ramp, (3, 1, 4))
    assert fine.GetSize() == (36, 15, 72)
    filled = sitk.Resample(ramp, fine, sitk.Transform(), sitk.sitkLinear, 0.0, sitk.sitkFloat64)
    back = sitk.BinShrink(filled, (3, 1, 4))
    assert back.GetOrigin() == pytest.approx(ramp.GetOrigin())
    assert back.GetSpacing() == pytest.approx(ramp.GetSpacing())
    assert_in_place(back[1:-1, :, 1:-1])
    assert subdivide(ramp, (1, 1, 1)) is ramp


def test_mirror_turns_left_to_right(ramp):
    mirrored = mirror(ramp, 7.0)
    x, y, z = ramp.TransformIndexToPhysicalPoint((2, 3, 4))
    assert mirrored.TransformIndexToPhysicalPoint((2, 3, 4)) == pytest.approx((14.0 - x, y, z))
    assert mirror_points(np.array([[x, y, z]]), 7.0) == pytest.approx(np.array([[14.0 - x, y, z]]))
    assert np.array_equal(sitk.GetArrayFromImage(mirrored), sitk.GetArrayFromImage(ramp))
    again = mirror(mirrored, 7.0)
    assert again.GetOrigin() == pytest.approx(ramp.GetOrigin())
    assert again.GetDirection() == pytest.approx(ramp.GetDirection())


def test_points_and_indices(ramp):
    index = np.array([[2.25, 3.5, 4.75]])
    point = np.array([ramp.TransformContinuousIndexToPhysicalPoint(index[0].tolist())])
    assert points_to_indices(ramp, point) == pytest.approx(index)
    edges = [[-0.49, 0, 0], [-0.51, 0, 0], [0, 14.49, 0], [0, 0, 17.51]]
    points = np.array([ramp.TransformContinuousIndexToPhysicalPoint([float(i) for i in edge]) for edge in edges])
    assert points_inside(ramp, points).tolist() == [True, False, True, False]
    assert center(ramp) == pytest.approx(corners(ramp).mean(axis=0))


def test_mask_points_are_the_voxels_of_the_mask(ramp):
    mask = sitk.Image(SIZE, sitk.sitkUInt8)
    mask.CopyInformation(ramp)
    mask[2, 3, 4] = 1
    mask[5, 6, 7] = 200
    expected = [mask.TransformIndexToPhysicalPoint(index) for index in ((2, 3, 4), (5, 6, 7))]
    assert mask_points(mask, 100) == pytest.approx(np.array(expected))
    first, size = bounding_box(mask)
    assert (first.tolist(), size.tolist()) == ([2, 3, 4], [4, 4, 4])
    assert len(mask_points(ramp != 0, 100)) == pytest.approx(100, abs=5)


def test_empty_mask_has_no_bounding_box():
    with pytest.raises(ValueError, match="the mask is empty"):
        bounding_box(sitk.Image(SIZE, sitk.sitkUInt8))


# ---- Files ----


def noise():
    return sitk.GetImageFromArray(np.random.default_rng(0).integers(0, 1000, (20, 21, 22)).astype(np.int16))


@pytest.mark.parametrize("name", ["k.mha", "k.nrrd", "k.nii", "k.nii.gz"])
@pytest.mark.parametrize("compressed", [False, True])
class TestFiles:
    def path(self, tmp_path, name, compressed):
        path = tmp_path / name
        sitk.WriteImage(noise(), path, compressed)
        return path

    def test_whole_file_is_read(self, tmp_path, name, compressed):
        image = read_image(self.path(tmp_path, name, compressed))
        assert np.array_equal(sitk.GetArrayFromImage(image), sitk.GetArrayFromImage(noise()))

    @pytest.mark.parametrize("kept", [0.0, 0.3, 0.99])
    def test_truncated_file_is_refused(self, tmp_path, name, compressed, kept):
        path = self.path(tmp_path, name, compressed)
        content = path.read_bytes()
        path.write_bytes(content[: int(kept * len(content))])
        with pytest.raises(
            InputError, match=rf"(?s){name}' cannot be read as an image \(.*Write or copy the file again"
        ):
            read_image(path)


def test_gz_that_was_cut_before_it_was_packed_is_refused(tmp_path):
    sitk.WriteImage(noise(), tmp_path / "whole.nii")
    (tmp_path / "k.nii.gz").write_bytes(gzip.compress((tmp_path / "whole.nii").read_bytes()[:-100]))
    with pytest.raises(InputError, match="shorter than its header says"):
        read_image(tmp_path / "k.nii.gz")


def test_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"not_there\.mha"):
        read_image(tmp_path / "not_there.mha")


class TestWriting:
    @pytest.mark.parametrize("name", ["k.mha", "k.nrrd", "k.nii.gz"])
    def test_what_was_written_can_be_read(self, tmp_path, name):
        write_image(noise(), tmp_path / name)
        assert np.array_equal(sitk.GetArrayFromImage(read_image(tmp_path / name)), sitk.GetArrayFromImage(noise()))

    @pytest.mark.parametrize("name", ["k.mha", "k.nrrd", "k.nii.gz"])
    def test_full_disk_is_noticed(self, tmp_path, monkeypatch, name):
        """ITK reports nothing when the disk fills up: the file is short."""
        real = sitk.WriteImage

        def write(image, path, compressed):
            real(image, path, compressed)
            with open(path, "r+b") as file:
                file.truncate(1000)

        monkeypatch.setattr(sitk, "WriteImage", write)
        with pytest.raises(OSError, match=name):
            write_image(noise(), tmp_path / name)

    def test_file_of_zeros_is_noticed(self, tmp_path, monkeypatch):
        real = sitk.WriteImage
        monkeypatch.setattr(sitk, "WriteImage", lambda image, *rest: real(image * 0, *rest))
        with pytest.raises(OSError, match=r"is the disk full\?"):
            write_image(noise(), tmp_path / "k.mha")

    def test_missing_folder(self, tmp_path):
        with pytest.raises(OSError, match="not_there"):
            write_image(noise(), tmp_path / "not_there" / "k.mha")
