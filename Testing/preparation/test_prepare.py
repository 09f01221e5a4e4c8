"""``prepare``: from DICOM series and image files to images that a list can name, which tell nobody's name."""

from __future__ import annotations

import json

import numpy as np
import pytest
import SimpleITK as sitk
from dicom_files import BIRTH_DATE, change, write_enhanced, write_series
from grids import oblique
from KneeCartilageSegLib import commandline, phantom
from KneeCartilageSegLib.images.grid import Grid
from KneeCartilageSegLib.preparation.prepare import recorded_side
from tiny_study import gray_image, snapshot, write_image


def run(*arguments) -> int:
    return commandline.main(["prepare", *map(str, arguments)])


@pytest.fixture(scope="module")
def knee() -> sitk.Image:
    """A digital knee on an oblique grid of thick slices."""
    parameters = phantom.KneeParameters.reduced(4.0, subject=3, direction=oblique(0.1, -0.15, 0.2))
    return phantom.make_knee(parameters).image


def assert_same(path, expected: sitk.Image):
    image = sitk.ReadImage(str(path))
    assert Grid.of(image).coincides_with(Grid.of(expected))
    np.testing.assert_array_equal(sitk.GetArrayViewFromImage(image), sitk.GetArrayViewFromImage(expected))


def record_of(path) -> dict:
    return json.loads(path.with_name(f"{path.stem}_preparation.json").read_text(encoding="utf-8"))


def test_each_series_becomes_an_image_in_the_scanners_frame(tmp_path, knee, capsys):
    write_series(knee, tmp_path / "dicom" / "01_DESS_01", Laterality="R", EchoTime=16.3)
    write_series(knee + 1, tmp_path / "dicom" / "02_DESS_01", Laterality="L")
    out = tmp_path / "preprocessed"
    assert run(tmp_path / "dicom", "--out", out) == 0
    assert_same(out / "01_DESS_01_prep.mha", knee)
    assert_same(out / "02_DESS_01_prep.mha", knee + 1)
    assert recorded_side(out / "01_DESS_01_prep.mha") == "right"
    assert recorded_side(out / "02_DESS_01_prep.mha") == "left"
    record = record_of(out / "01_DESS_01_prep.mha")
    assert record["scan"]["echo_time_ms"] == 16.3
    assert record["scan"]["slices"] == record["source"]["files"] == knee.GetDepth()
    assert "01_DESS_01_prep.mha" in capsys.readouterr().out


def test_series_in_one_folder_are_told_apart_by_their_numbers_and_echoes(tmp_path, knee):
    write_series(knee, tmp_path / "exam", start="A", SeriesNumber=4)
    for number, time in enumerate((10.0, 20.0)):
        write_series(knee + number, tmp_path / "exam", start=f"E{number}", SeriesInstanceUID="1.2.3", EchoTime=time)
    assert run(tmp_path / "exam", "--out", tmp_path / "out") == 0
    names = sorted(path.name for path in (tmp_path / "out").glob("*.mha"))
    assert names == ["exam_s4_prep.mha", "exam_s5_echo1_prep.mha", "exam_s5_echo2_prep.mha"]
    assert_same(tmp_path / "out" / "exam_s5_echo2_prep.mha", knee + 1)


def test_one_series_of_an_exam_can_be_chosen_and_named(tmp_path, knee):
    write_series(knee, tmp_path / "exam", start="A", SeriesNumber=4)
    write_series(knee + 1, tmp_path / "exam", start="B", SeriesNumber=7)[3].unlink()
    assert run(tmp_path / "exam", "--series", 4, "--name", "01_DESS_01", "--out", tmp_path / "out") == 0
    assert [path.name for path in (tmp_path / "out").glob("*.mha")] == ["01_DESS_01_prep.mha"]


def test_a_multi_frame_file_is_named_after_itself_if_it_was_named(tmp_path, knee):
    file = write_enhanced([knee], tmp_path / "knee 7.dcm")
    assert run(file, "--out", tmp_path / "out") == 0
    assert_same(tmp_path / "out" / "knee 7_prep.mha", knee)


@pytest.mark.parametrize("name", ["knee.nii.gz", "knee_prep.nrrd", "knee.v2_PREP.mha"])
def test_image_files_are_prepared_too(tmp_path, name):
    image = gray_image()
    image.SetMetaData("descrip", "Jane Doe")
    write_image(image, tmp_path / name.lower()).replace(tmp_path / name)
    assert run(tmp_path / name, "--out", tmp_path / "out") == 0
    (path,) = (tmp_path / "out").glob("*_prep.mha")
    assert path.name in ("knee_prep.mha", "knee.v2_prep.mha")
    assert_same(path, gray_image())
    assert b"Jane" not in path.read_bytes()
    assert recorded_side(path) is None


def test_no_name_nor_birth_date_gets_into_files_or_file_names(tmp_path, knee):
    folder = tmp_path / "Jane Doe 1961-02-03"
    write_series(knee, folder, PatientName="Doe^Jäne", ProtocolName="doe knee", SeriesDescription="DESS")
    out = tmp_path / "out"
    assert run(folder, "--out", out) == 0
    paths = sorted(out.iterdir())
    assert [path.name[:5] for path in paths] == ["knee-", "knee-"]
    for path in paths:
        content = path.read_bytes().lower() + path.name.lower().encode()
        for secret in (b"doe", b"jane", BIRTH_DATE.encode(), b"1961-02-03", "jäne".encode(), b"j\\u00e4ne"):
            assert secret not in content
    record = record_of(next(out.glob("*.mha")))
    assert record["source"]["place"] == record["scan"]["protocol"] == "(withheld)"
    assert record["scan"]["description"] == "DESS"
    assert run(folder, "--out", out) == 0  # under the same name
    assert sorted(out.iterdir()) == paths


def test_a_chosen_name_that_tells_the_patients_is_refused(tmp_path, knee, capsys):
    write_series(knee, tmp_path / "exam")
    assert run(tmp_path / "exam", "--name", "doe_left", "--out", tmp_path / "out") == 2
    assert "holds the name or birth date of a patient" in capsys.readouterr().err


def test_a_second_run_changes_nothing_and_another_image_replaces_the_earlier_one(tmp_path, knee, capsys):
    files = write_series(knee, tmp_path / "dicom")
    run(tmp_path / "dicom", "--out", tmp_path / "out")
    before = snapshot(tmp_path / "out")
    assert run(tmp_path / "dicom", "--out", tmp_path / "out") == 0
    assert snapshot(tmp_path / "out") == before
    assert "unchanged" in capsys.readouterr().out
    change(files[0], RescaleIntercept="5")
    assert run(tmp_path / "dicom", "--out", tmp_path / "out") == 0
    assert snapshot(tmp_path / "out") != before


def test_results_inside_the_folder_of_the_sources_are_no_sources(tmp_path, knee):
    write_series(knee, tmp_path / "DESS")
    for _ in range(2):
        assert run(tmp_path, "--out", tmp_path / "preprocessed") == 0
    assert [path.name for path in (tmp_path / "preprocessed").glob("*.mha")] == ["DESS_prep.mha"]


def test_a_single_slice_is_no_image(tmp_path, knee, capsys):
    assert run(write_series(knee, tmp_path / "DESS")[0], "--out", tmp_path / "out") == 2
    assert "no image was found in" in capsys.readouterr().err


def test_the_image_of_another_knee_is_not_replaced(tmp_path, knee, capsys):
    for exam in ("a", "b"):
        write_series(knee, tmp_path / exam / "DESS")
    assert run(tmp_path / "a", "--out", tmp_path / "out") == 0
    before = snapshot(tmp_path / "out")
    assert run(tmp_path / "b", "--out", tmp_path / "out") == 2
    assert "DESS_prep.mha' was made of something else than" in capsys.readouterr().err
    assert snapshot(tmp_path / "out") == before


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_written(tmp_path, knee, capsys):
    write_series(knee, tmp_path / "gap")[3].unlink()
    write_series(knee, tmp_path / "fine")
    write_image(gray_image(), tmp_path / "damaged.mha").write_bytes(b"ObjectType = Image\n")
    out = tmp_path / "out"
    write_image(gray_image(), out / "fine_prep.mha")
    before = snapshot(tmp_path)
    status = run(tmp_path / "gap", tmp_path / "fine", tmp_path / "damaged.mha", tmp_path / "absent", "--out", out)
    text = capsys.readouterr().err
    assert status == 2
    assert snapshot(tmp_path) == before
    assert len(text.splitlines()) == 4
    for part in (
        "1 slice is missing",
        "damaged.mha' cannot be read",
        "absent' does not exist",
        "is not what an earlier",
    ):
        assert part in text


def test_an_input_is_never_overwritten(tmp_path, capsys):
    path = write_image(gray_image(), tmp_path / "knee_prep.mha")
    before = snapshot(tmp_path)
    assert run(path, "--out", tmp_path) == 2
    assert "would overwrite a file that is read" in capsys.readouterr().err
    assert snapshot(tmp_path) == before


def test_check_writes_nothing(tmp_path, knee, capsys):
    write_series(knee, tmp_path / "exam")
    before = snapshot(tmp_path)
    assert run(tmp_path / "exam", "--check", "--out", tmp_path / "out") == 0
    assert "exam_prep.mha: from series 5 (SAG DESS)" in capsys.readouterr().out
    assert snapshot(tmp_path) == before


def test_two_images_of_one_name_are_named(tmp_path, knee, capsys):
    write_series(knee, tmp_path / "a" / "DESS")
    write_image(gray_image(), tmp_path / "dess.nii")
    assert run(tmp_path / "a", tmp_path / "dess.nii", "--out", tmp_path / "out") == 2
    assert "would both become 'DESS_prep.mha'" in capsys.readouterr().err


def test_an_unknown_series_is_named(tmp_path, knee, capsys):
    write_series(knee, tmp_path / "exam")
    assert run(tmp_path / "exam", "--series", 9, "--out", tmp_path / "out") == 2
    assert "there is no series 9. Choose from 5." in capsys.readouterr().err


# ---------------------------------------------------------------------------------------------------------------------
# Bias correction


def biased(image: sitk.Image) -> sitk.Image:
    axes = [np.linspace(-1, 1, n) for n in image.GetSize()[::-1]]
    z, y, x = np.meshgrid(*axes, indexing="ij")
    field = np.exp(0.6 * x + 0.3 * y * z)
    array = np.rint(sitk.GetArrayFromImage(image) * field).astype(np.int16)
    made = sitk.GetImageFromArray(array)
    made.CopyInformation(image)
    return made


def spread(image: sitk.Image, truth: sitk.Image) -> float:
    """Standard deviation of the logarithm of the ratio of two images inside the knee."""
    values, true = (sitk.GetArrayFromImage(one).astype(float) for one in (image, truth))
    inside = true > 200
    return float(np.std(np.log((values[inside] + 1) / true[inside])))


def test_bias_correction_is_off_by_default_and_flattens_a_field(tmp_path, knee):
    image = biased(knee)
    path = write_image(image, tmp_path / "knee.mha")
    run(path, "--out", tmp_path / "plain")
    run(path, "--bias-correction", "--out", tmp_path / "corrected")
    assert_same(tmp_path / "plain" / "knee_prep.mha", image)
    assert record_of(tmp_path / "plain" / "knee_prep.mha")["bias_correction"] is None
    corrected = sitk.ReadImage(str(tmp_path / "corrected" / "knee_prep.mha"))
    assert Grid.of(corrected).coincides_with(Grid.of(knee))
    assert corrected.GetPixelID() == sitk.sitkInt16
    assert spread(corrected, knee) < 0.5 * spread(image, knee)
    record = record_of(tmp_path / "corrected" / "knee_prep.mha")["bias_correction"]
    assert record["method"] == "N4"
    assert record["variation"] > 1.5
