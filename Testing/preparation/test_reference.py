"""``reference``: from label maps to references that segmentation accepts; what cannot be one is named."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from dicom_files import write_series
from grids import oblique
from KneeCartilageSegLib import commandline, phantom
from KneeCartilageSegLib.phantom import Label
from tiny_study import gray_image, snapshot, write_image


def run(*arguments) -> int:
    return commandline.main(["reference", *map(str, arguments)])


@pytest.fixture(scope="module")
def knee() -> phantom.Knee:
    parameters = phantom.KneeParameters.reduced(3.0, subject=3, direction=oblique(0.1, -0.15, 0.2))
    return phantom.make_knee(parameters)


@pytest.fixture
def files(tmp_path, knee) -> tuple[Path, Path]:
    """A label map and its image."""
    return write_image(knee.labels, tmp_path / "labels.nii.gz"), write_image(knee.image, tmp_path / "knee.nii.gz")


def changed(labels: sitk.Image, change) -> sitk.Image:
    """A label map after a change of its array (z, y, x)."""
    array = sitk.GetArrayFromImage(labels)
    change(array)
    made = sitk.GetImageFromArray(array)
    made.CopyInformation(labels)
    return made


def array(path: Path) -> np.ndarray:
    return sitk.GetArrayFromImage(sitk.ReadImage(str(path)))


def record(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def refusal(capsys, folder: Path, *arguments) -> str:
    """What the command says when it refuses its input; it writes nothing."""
    before = snapshot(folder)
    assert run(*arguments) == 2
    assert snapshot(folder) == before
    return capsys.readouterr().err


def test_a_label_map_becomes_a_reference(tmp_path, knee, files):
    out = tmp_path / "reference" / "newsubject"
    assert run(*files, "--femur", 1, "--cartilage", 2, "--out", out) == 0
    np.testing.assert_array_equal(array(out / "reference.mha"), sitk.GetArrayFromImage(knee.image))
    np.testing.assert_array_equal(array(out / "reference_f.mha"), sitk.GetArrayFromImage(knee.femur))
    np.testing.assert_array_equal(array(out / "reference_fc.mha"), sitk.GetArrayFromImage(knee.femoral_cartilage))
    made = record(out / "reference_reference.json")
    assert made["labels"] == {"femur": [1], "cartilage": [2]}
    assert made["volumes_mm3"]["f"] == pytest.approx(27 * np.count_nonzero(array(out / "reference_f.mha")))
    assert 0.2 < made["cartilage_on_bone"] <= 1
    assert made["side"] is None  # the phantom lies in the middle of the scanner


def test_several_numbers_are_joined_and_a_preset_knows_its_numbers(tmp_path, knee, files):
    lesion = changed(
        knee.labels, lambda labels: labels.__setitem__((labels == 1) & (np.indices(labels.shape)[0] % 7 == 0), 70)
    )
    write_image(lesion, files[0])
    assert run(*files, "--femur", 1, 70, "--cartilage", 2, "--out", tmp_path / "joined") == 0
    write_image(knee.labels, files[0])
    assert run(*files, "--femur", 1, 70, "--cartilage", 2, "--out", tmp_path / "without") == 0
    assert record(tmp_path / "without" / "reference_reference.json")["notes"] == ["the label map has no voxel of 70"]
    assert run(*files, "--preset", "oaizib-cm", "--out", tmp_path / "preset") == 0
    joined, preset = (array(tmp_path / name / "reference_f.mha") for name in ("joined", "preset"))
    np.testing.assert_array_equal(joined, preset)


def test_folders_give_a_reference_for_each_pair(tmp_path, knee):
    for number in (1, 2):
        write_image(knee.labels, tmp_path / "labelsTr" / f"knee_{number:03d}.nii.gz")
        write_image(knee.image + number, tmp_path / "imagesTr" / f"knee_{number:03d}_0000.nii.gz")
    write_image(knee.image, tmp_path / "imagesTr" / "knee_003_0000.nii.gz")  # which has no label map
    out = tmp_path / "out"
    assert run(tmp_path / "labelsTr", tmp_path / "imagesTr", "--preset", "nnunet", "--out", out) == 0
    assert sorted(path.name for path in out.glob("*.mha")) == [
        f"knee_{number:03d}{end}.mha" for number in (1, 2) for end in ("", "_f", "_fc")
    ]
    np.testing.assert_array_equal(array(out / "knee_002.mha"), sitk.GetArrayFromImage(knee.image + 2))


def test_names_that_say_image_and_label_belong_together(tmp_path, knee):
    write_image(knee.labels, tmp_path / "ski" / "labels-001.nii.gz")
    write_image(knee.image, tmp_path / "ski" / "image-001.nii.gz")
    assert run(tmp_path / "ski", tmp_path / "ski", "--preset", "ski10", "--out", tmp_path / "out") == 0
    assert (tmp_path / "out" / "reference_fc.mha").is_file()


def test_masks_of_ours_become_a_reference(tmp_path, knee):
    write_image(knee.femur * 255, tmp_path / "segmented" / "01_prep_f.mha")
    write_image(knee.femoral_cartilage, tmp_path / "segmented" / "01_prep_fc.mha")
    write_image(knee.image, tmp_path / "preprocessed" / "01_prep.mha")
    names = tmp_path / "segmented" / "01_prep_f.mha", tmp_path / "preprocessed" / "01_prep.mha"
    assert run(*names, "--preset", "ours", "--out", tmp_path / "one") == 0
    assert run(tmp_path / "segmented", tmp_path / "preprocessed", "--preset", "ours", "--out", tmp_path / "all") == 0
    for path in (tmp_path / "one" / "reference_f.mha", tmp_path / "all" / "reference_f.mha"):
        np.testing.assert_array_equal(array(path), sitk.GetArrayFromImage(knee.femur))


def test_the_image_may_be_a_dicom_series(tmp_path, knee, files):
    write_series(knee.image, tmp_path / "dicom")
    assert run(files[0], tmp_path / "dicom", "--preset", "phantom", "--out", tmp_path / "out") == 0
    assert b"Doe" not in (tmp_path / "out" / "reference.mha").read_bytes()


def test_specks_are_left_out_and_named(tmp_path, knee, files, capsys):
    def add_specks(labels: np.ndarray) -> None:
        labels[1, 1, 1], labels[1, 1, 5] = Label.FEMUR, Label.FEMORAL_CARTILAGE

    write_image(changed(knee.labels, add_specks), files[0])
    assert run(*files, "--preset", "phantom", "--out", tmp_path / "out") == 0
    assert "left out of the femur: specks of 27 mm3 together" in capsys.readouterr().out
    np.testing.assert_array_equal(array(tmp_path / "out" / "reference_f.mha"), sitk.GetArrayFromImage(knee.femur))
    made = array(tmp_path / "out" / "reference_fc.mha")
    np.testing.assert_array_equal(made, sitk.GetArrayFromImage(knee.femoral_cartilage))


# ---------------------------------------------------------------------------------------------------------------------
# What cannot be a reference


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((2, 1), "there is more cartilage than bone"),
        ((1, 4), "of the cartilage does not lie on the femur"),
        ((1, 6), "of the cartilage's surface lies on the femur: it is that of another bone"),
        ((3, 2), "of the cartilage"),
        ((1, 77), "no voxel of the label map has the value 77 (--cartilage); it holds 0, 1, 2"),
    ],
    ids=["swapped", "tibial cartilage", "patellar cartilage", "tibia", "absent"],
)
def test_wrong_numbers_are_named(tmp_path, files, capsys, numbers, message):
    femur, cartilage = numbers
    text = refusal(capsys, tmp_path, *files, "--femur", femur, "--cartilage", cartilage, "--out", tmp_path / "out")
    assert f"'{files[0]}': " in text
    assert message in text


def test_a_femur_in_pieces_is_named(tmp_path, knee, files, capsys):
    middle = knee.labels.GetDepth() // 2
    cut = changed(knee.labels, lambda labels: labels.__setitem__(slice(middle, middle + 2), 0))
    write_image(cut, files[0])
    text = refusal(capsys, tmp_path, *files, "--preset", "phantom", "--out", tmp_path / "out")
    assert "the femur is in 2 pieces, of which the largest is" in text


def test_a_label_map_on_another_grid_is_named_with_the_distance(tmp_path, knee, files, capsys):
    moved = sitk.Image(knee.labels)
    moved.SetOrigin(np.add(knee.labels.GetOrigin(), (0, 0, 2.5)).tolist())
    write_image(moved, files[0])
    text = refusal(capsys, tmp_path, *files, "--preset", "phantom", "--out", tmp_path / "out")
    assert "2.5 mm apart at the corners" in text


def test_probabilities_are_refused(tmp_path, knee, files, capsys):
    write_image(sitk.Cast(knee.labels, sitk.sitkFloat32) * 0.3, files[0])
    text = refusal(capsys, tmp_path, *files, "--preset", "phantom", "--out", tmp_path / "out")
    assert "the label map holds fractions" in text


def test_all_pairs_are_checked_before_any_is_written(tmp_path, knee, capsys):
    for name, labels in {"a": knee.labels, "b": knee.labels * 0 + 1, "c": knee.labels}.items():
        write_image(labels, tmp_path / "labels" / f"{name}.mha")
        write_image(knee.image, tmp_path / "images" / f"{name}.mha")
    write_image(gray_image(), tmp_path / "images" / "c.mha")
    text = refusal(capsys, tmp_path, tmp_path / "labels", tmp_path / "images", "--preset", "phantom", "--out", tmp_path)
    assert "b.mha': no voxel of the label map has the value 2" in text
    assert "c.mha': the label map is not on the grid of its image" in text


def test_a_label_map_without_an_image_is_named(tmp_path, knee, capsys):
    write_image(knee.labels, tmp_path / "labels" / "a.mha")
    write_image(knee.image, tmp_path / "images" / "b.mha")
    text = refusal(capsys, tmp_path, tmp_path / "labels", tmp_path / "images", "--preset", "phantom", "--out", tmp_path)
    assert "no image in" in text


def test_the_numbers_have_to_be_said_once(tmp_path, files, capsys):
    out = "--out", tmp_path / "out"
    assert "was not said" in refusal(capsys, tmp_path, *files, *out)
    assert "Leave one out" in refusal(capsys, tmp_path, *files, "--preset", "ski10", "--femur", 1, *out)


def test_nothing_that_is_not_an_earlier_reference_is_replaced(tmp_path, knee, files, capsys):
    out = tmp_path / "out"
    assert run(*files, "--preset", "phantom", "--out", out) == 0
    write_image(knee.image + 7, files[1])
    assert run(*files, "--preset", "phantom", "--out", out) == 0  # which replaces its own
    other = write_image(knee.image, tmp_path / "another.mha")
    text = refusal(capsys, tmp_path, files[0], other, "--preset", "phantom", "--out", out)
    assert f"reference.mha' was made of another knee, '{files[1]}'" in text
    write_image(knee.femur * 2, out / "reference_f.mha")  # corrected by hand
    text = refusal(capsys, tmp_path, *files, "--preset", "phantom", "--out", out)
    assert "reference_f.mha' exists, and is not what an earlier 'reference' wrote there" in text
    assert run(*files, "--preset", "phantom", "--out", out, "--name", "second") == 0
    assert "would overwrite a file that is read" in refusal(
        capsys, tmp_path, files[0], out / "second.mha", "--preset", "phantom", "--out", out, "--name", "second"
    )


# ---------------------------------------------------------------------------------------------------------------------
# Left or right


def side_of(tmp_path: Path, *options) -> tuple[str | None, str]:
    out = Path(tempfile.mkdtemp(dir=tmp_path))
    assert run(*options, "--preset", "phantom", "--out", out) == 0
    made = record(out / "reference_reference.json")
    return made["side"], made["side_from"]


def moved(image: sitk.Image, x: float) -> sitk.Image:
    made = sitk.Image(image)
    made.SetOrigin(np.add(image.GetOrigin(), (x, 0, 0)).tolist())
    return made


def test_the_side_is_that_of_the_scanner_the_name_or_the_user(tmp_path, knee, files, capsys):
    assert side_of(tmp_path, *files) == (None, "nothing tells")
    said = capsys.readouterr().out
    assert "side not known" in said
    assert "Give --side left or --side right" in said
    assert side_of(tmp_path, *files, "--side", "left") == ("left", "given")
    assert "left knee (given)" in (said := capsys.readouterr().out)
    assert "--side" not in said
    labels = write_image(moved(knee.labels, 90), tmp_path / "labels.mha")
    image = write_image(moved(knee.image, 90), tmp_path / "image.mha")
    assert side_of(tmp_path, labels, image) == ("left", "where it lies in the scanner")
    right = files[1].replace(tmp_path / "knee_RIGHT.nii.gz")
    assert side_of(tmp_path, files[0], right) == ("right", "the name 'knee_RIGHT.nii.gz'")


def test_the_side_of_the_dicom_header_comes_with_the_prepared_image(tmp_path, knee, files):
    write_series(knee.image, tmp_path / "dicom" / "01", Laterality="L")
    commandline.main(["prepare", str(tmp_path / "dicom" / "01"), "--out", str(tmp_path)])
    assert side_of(tmp_path, files[0], tmp_path / "01_prep.mha") == ("left", "the scanner's header")


def test_two_sides_that_disagree_are_named(tmp_path, knee, capsys):
    labels = write_image(moved(knee.labels, 90), tmp_path / "labels.mha")
    image = write_image(moved(knee.image, 90), tmp_path / "knee_R.mha")
    text = refusal(capsys, tmp_path, labels, image, "--preset", "phantom", "--out", tmp_path / "out")
    assert "the name 'knee_R.mha' says right, but where it lies in the scanner says left" in text
    assert side_of(tmp_path, labels, image, "--side", "right") == ("right", "given")
