"""3-D images in DICOM files: voxels and places are those of the image that was written, and faults are named."""

from __future__ import annotations

import os
import shutil
import sys

import numpy as np
import pytest
import SimpleITK as sitk
from dicom_files import change, write_enhanced, write_series
from grids import oblique
from KneeCartilageSegLib.dicom.slices import dicom_files
from KneeCartilageSegLib.dicom.volumes import find_volumes, folder_volume, read_volume, volume_checksum
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.images.grid import Grid


def scan(seed: int = 0, size: tuple[int, int, int] = (10, 9, 12), spacing=(0.365, 0.4, 0.7)) -> sitk.Image:
    """Noise on an oblique grid, int16."""
    array = np.random.default_rng(seed).integers(0, 2000, size[::-1]).astype(np.int16)
    image = sitk.GetImageFromArray(array)
    image.SetSpacing(spacing)
    image.SetOrigin((-51.25, 12.5, 33.0))
    image.SetDirection(oblique(0.1, -0.2, 1.3))
    return image


def volumes(folder):
    found = find_volumes(dicom_files(folder))
    assert found.problems == ()
    return found.volumes


def problems(folder) -> str:
    found = find_volumes(dicom_files(folder))
    assert found.volumes == ()
    return " | ".join(map(str, found.problems))


def assert_same(image: sitk.Image, expected: sitk.Image, tolerance: float = 0.0):
    assert Grid.of(image).coincides_with(Grid.of(expected))
    difference = sitk.GetArrayFromImage(image).astype(float) - sitk.GetArrayFromImage(expected)
    assert np.abs(difference).max() <= tolerance


def test_a_series_is_sorted_by_position_not_by_name_and_lies_where_the_scanner_put_it(tmp_path):
    write_series(scan(), tmp_path)
    (volume,) = volumes(tmp_path)
    image = read_volume(volume)
    assert_same(image, scan())
    assert image.GetPixelID() == sitk.sitkInt16
    assert image.GetMetaDataKeys() == ()
    np.testing.assert_allclose(image.GetDirection(), scan().GetDirection(), atol=1e-8)


def test_two_series_in_one_folder_are_two_images(tmp_path):
    write_series(scan(1), tmp_path, start="A", SeriesNumber=5)
    write_series(scan(2, (7, 8, 9)), tmp_path, start="B", SeriesNumber=6)
    found = {volume.series_number: volume for volume in volumes(tmp_path)}
    assert_same(read_volume(found["5"]), scan(1))
    assert_same(read_volume(found["6"]), scan(2, (7, 8, 9)))


def test_each_echo_is_an_image_in_the_order_of_echo_times(tmp_path):
    for number, time in enumerate((20.0, 10.0, 100.0)):
        write_series(scan(number), tmp_path, start=f"E{number}", SeriesInstanceUID="1.2.3", EchoTime=time)
    found = volumes(tmp_path)
    assert [(volume.part, volume.echo_time) for volume in found] == [("echo1", 10), ("echo2", 20), ("echo3", 100)]
    for volume, seed in zip(found, (1, 0, 2)):
        assert_same(read_volume(volume), scan(seed))


def test_magnitude_and_phase_in_one_series_are_two_images(tmp_path):
    for seed, kind in enumerate("MP"):
        write_series(
            scan(seed), tmp_path, start=kind, SeriesInstanceUID="1.2.3", ImageType=["ORIGINAL", "PRIMARY", kind]
        )
    assert sorted(volume.part for volume in volumes(tmp_path)) == ["m", "p"]


@pytest.mark.parametrize("rescale", [((2, -100),), ((0.5, 3),), ((1, 0), (2, 0)), ((1, 0), (0.25, -7))])
def test_slope_and_intercept_of_each_slice_are_applied(tmp_path, rescale):
    write_series(scan(), tmp_path, rescale=rescale)
    (volume,) = volumes(tmp_path)
    assert_same(read_volume(volume), scan(), tolerance=max(slope for slope, _ in rescale) / 2)


def test_slopes_that_differ_do_not_overflow_the_type_of_the_first_slice(tmp_path):
    bright = sitk.Cast(scan(), sitk.sitkFloat32) * 40  # up to 80,000
    write_series(bright, tmp_path, rescale=((40, 0), (80, 0)))
    (volume,) = volumes(tmp_path)
    assert sitk.GetArrayFromImage(read_volume(volume)).max() > 70000


def test_a_missing_slice_is_named_with_its_neighbors(tmp_path):
    files = write_series(scan(), tmp_path)
    files[5].unlink()
    text = problems(tmp_path)
    assert "series 5 (SAG DESS): 1 slice is missing: 1.4 mm between" in text
    assert f"'{files[4].name}'" in text
    assert f"'{files[6].name}'" in text
    assert "others are 0.7 mm apart" in text


def test_slices_that_are_not_equally_spaced_are_named(tmp_path):
    files = write_series(scan(), tmp_path)
    moved = np.array(scan().TransformContinuousIndexToPhysicalPoint((0, 0, 11.3)))
    change(files[11], ImagePositionPatient=[f"{value:.6f}" for value in moved])
    assert "slices are not equally spaced: 0.91 mm between" in problems(tmp_path)


def test_two_different_slices_in_one_place_are_named(tmp_path):
    files = write_series(scan(), tmp_path)
    shutil.copy(files[3], tmp_path / "again")
    change(tmp_path / "again", SOPInstanceUID="1.2.3.4")
    text = problems(tmp_path)
    assert "two slices in one place" in text
    assert "'again'" in text
    assert f"'{files[3].name}'" in text


def test_a_copy_of_a_file_is_left_out_with_a_note(tmp_path):
    files = write_series(scan(), tmp_path)
    shutil.copy(files[3], tmp_path / "copy of it")
    (volume,) = volumes(tmp_path)
    assert_same(read_volume(volume), scan())
    assert len(volume.notes) == 1
    assert "copy of" in volume.notes[0]


@pytest.mark.parametrize("other", [scan(1, (20, 18, 12)), scan(1, spacing=(0.5, 0.4, 0.7))], ids=["size", "spacing"])
def test_slices_of_two_kinds_under_one_series_are_named(tmp_path, other):
    write_series(scan(), tmp_path, start="A", SeriesInstanceUID="1.2.3")
    write_series(other, tmp_path, start="B", SeriesInstanceUID="1.2.3")
    text = problems(tmp_path)
    assert "mixes slices of 2 kinds: 12 of 10 x 9 voxels" in text


def test_a_localizer_is_passed_over(tmp_path):
    for number, angle in enumerate((0.0, 1.5)):
        image = scan(number, (10, 9, 3))
        image.SetDirection(oblique(angle, 0, 0))
        write_series(image, tmp_path, start=f"L{number}", SeriesInstanceUID="1.2.3", SeriesNumber=1)
    write_series(scan(), tmp_path)
    found = find_volumes(dicom_files(tmp_path))
    assert [volume.series_number for volume in found.volumes] == ["5"]
    assert "passed over: series 1 (SAG DESS) with 6 slices" in found.notes[0]


def test_an_echo_that_is_shorter_than_the_others_is_named(tmp_path):
    write_series(scan(0), tmp_path, start="A", SeriesInstanceUID="1.2.3", EchoTime=10)
    files = write_series(scan(1), tmp_path, start="B", SeriesInstanceUID="1.2.3", EchoTime=20)
    files[-1].unlink()  # at the end, where it leaves no gap
    assert "echo2: 11 slices, where other images of the series have 12" in problems(tmp_path)


def test_a_header_that_promises_more_images_is_noted(tmp_path):
    files = write_series(scan(), tmp_path, ImagesInAcquisition=12)
    files[-1].unlink()
    (volume,) = volumes(tmp_path)
    assert "the header says 12 images, 11 are here" in volume.notes[0]


def test_sheared_slices_are_refused(tmp_path):
    files = write_series(scan(), tmp_path)
    for number, file in enumerate(files):
        place = np.array(scan().TransformIndexToPhysicalPoint((0, 0, number)))
        place += 0.1 * number * np.reshape(scan().GetDirection(), (3, 3))[:, 0]
        change(file, ImagePositionPatient=[f"{value:.6f}" for value in place])
    assert "the slices are sheared: they shift sideways by 1.1 mm" in problems(tmp_path)


def test_a_truncated_slice_is_a_problem_not_a_file_of_another_kind(tmp_path):
    files = write_series(scan(), tmp_path)
    files[0].write_bytes(files[0].read_bytes()[:-60])
    found = find_volumes(dicom_files(tmp_path))
    assert f"'{files[0]}' is a DICOM image that cannot be read" in found.problems[0].message


def test_other_files_in_the_folder_do_no_harm(tmp_path):
    write_series(scan(), tmp_path / "deep" / "down")
    (tmp_path / "notes.txt").write_text("a knee")
    (tmp_path / "DICOMDIR").write_bytes(b"\0" * 128 + b"DICM")
    (tmp_path / ".hidden").write_bytes(b"\0" * 128 + b"DICM")
    (volume,) = volumes(tmp_path)
    assert len(volume.slices) == 12


# ---------------------------------------------------------------------------------------------------------------------
# Enhanced multi-frame files


def test_frames_are_sorted_divided_by_echo_and_rescaled_each_by_its_own_slope(tmp_path):
    write_enhanced([scan(1), scan(2)], tmp_path / "file", echo_times=(5.0, 30.0), slopes=(1.0, 0.5, 2.0))
    first, second = volumes(tmp_path)
    assert [first.echo_time, second.echo_time] == [5, 30]
    assert_same(read_volume(first), scan(1), tolerance=1.0)
    assert_same(read_volume(second), scan(2), tolerance=1.0)


def test_frames_without_rescaling_keep_their_type(tmp_path):
    write_enhanced([scan(1)], tmp_path / "file")
    (volume,) = volumes(tmp_path)
    assert_same(read_volume(volume), scan(1))
    assert read_volume(volume).GetPixelID() == sitk.sitkInt16


def test_a_missing_frame_is_named(tmp_path):
    write_enhanced([scan(1)], tmp_path / "file", leave_out=[4])
    assert "1 slice is missing: 1.4 mm between frame 8 of 'file' and frame 7 of 'file'" in problems(tmp_path)


def test_without_pydicom_frames_are_refused_not_guessed(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pydicom", None)
    write_enhanced([scan(1)], tmp_path / "file")
    assert "needs pydicom. Run 'pip install pydicom'" in problems(tmp_path)


# ---------------------------------------------------------------------------------------------------------------------
# A folder in place of a file


def test_a_folder_with_one_series_is_an_image(tmp_path):
    write_series(scan(), tmp_path)
    assert_same(read_volume(folder_volume(tmp_path)), scan())


def test_a_folder_with_several_images_says_which_and_what_to_do(tmp_path):
    for number, time in enumerate((10.0, 20.0)):
        write_series(scan(number), tmp_path, start=f"E{number}", SeriesInstanceUID="1.2.3", EchoTime=time)
    with pytest.raises(
        InputError, match=r"2 images: series 5 \(SAG DESS\) echo1, .* echo2.*Run 'knee-cartilage-seg prepare"
    ):
        folder_volume(tmp_path)


def test_a_folder_without_a_series_says_so(tmp_path):
    with pytest.raises(InputError, match="no DICOM series of 8 slices or more"):
        folder_volume(tmp_path)


def test_the_checksum_is_that_of_the_contents_whatever_the_files_are_called(tmp_path):
    files = write_series(scan(), tmp_path)
    before = volume_checksum(folder_volume(tmp_path))
    files[0].rename(tmp_path / "another name")
    assert volume_checksum(folder_volume(tmp_path)) == before
    change(tmp_path / "another name", PatientWeight=80)
    assert volume_checksum(folder_volume(tmp_path)) != before


def test_a_name_that_is_not_utf_8_is_named(tmp_path):
    folder = tmp_path / os.fsdecode(b"kn\xe9e")
    write_series(scan(), tmp_path / "series")
    (tmp_path / "series").rename(folder)
    found = find_volumes(dicom_files(folder))
    assert "characters that are not UTF-8" in found.problems[0].message
