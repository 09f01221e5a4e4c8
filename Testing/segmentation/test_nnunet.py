"""``export-nnunet``: which knees are good enough to learn from, and the folder that nnU-Net reads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from dicom_files import write_series
from KneeCartilageSegLib import commandline
from KneeCartilageSegLib.files import checksum
from KneeCartilageSegLib.images.files import image_checksum
from KneeCartilageSegLib.images.grid import Grid
from KneeCartilageSegLib.records import write_json
from KneeCartilageSegLib.reference_files import ReferenceFiles
from KneeCartilageSegLib.registration.parameterfiles import read_parameter_files
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.segmentation.cases import REJECTED, SEGMENTED, Case
from KneeCartilageSegLib.segmentation.record import make_record
from KneeCartilageSegLib.tissue import Tissue
from tiny_study import gray_image, mask_image, snapshot, write_image

PARAMETERS = read_parameter_files(Modality.NEW_SUBJECT)


def run(*arguments) -> int:
    return commandline.main(["export-nnunet", *map(str, arguments)])


def add_knee(
    study: Path, name: str, status: str = "segmented", flags: dict | None = None, image: Path | None = None
) -> Case:
    """A knee as a run leaves it; its image is written if it is not given."""
    number = len(list(study.rglob("*_provenance.json")))
    moving = image or write_image(gray_image(number), study / "preprocessed" / f"{name}.mha")
    case = Case(Modality.NEW_SUBJECT, moving, (ReferenceFiles(moving, ()),), study)
    folder = REJECTED if status == "rejected" else SEGMENTED
    masks = {tissue: case.mask(tissue, folder) for tissue in Tissue}
    write_image(mask_image(), masks[Tissue.FEMUR])
    write_image(mask_image(first=8), masks[Tissue.CARTILAGE])
    facts = {"status": status, "flags": flags or {}, "measurements": {}}
    record = make_record(case, "key", {moving: image_checksum(moving)}, PARAMETERS, facts)
    outputs = {f"{path.parent.name}/{path.name}": checksum(path) for path in masks.values()}
    case.record.parent.mkdir(exist_ok=True)
    write_json(case.record, {**record, "outputs": outputs})
    return case


def edit(case: Case) -> None:
    write_image(mask_image(first=9), case.mask(Tissue.CARTILAGE))


def exported(study: Path, *options) -> list[str]:
    """The knees that are written."""
    out = study / "Dataset501_Knee"
    assert run(study, "--out", out, *options) == 0
    return sorted(path.name for path in (out / "labelsTr").iterdir())


def refusal(capsys, study: Path, *options) -> str:
    before = snapshot(study)
    assert run(study, "--out", study / "Dataset501_Knee", *options) == 2
    assert snapshot(study) == before
    return capsys.readouterr().err


def test_the_folder_is_what_nnunet_reads(tmp_path):
    add_knee(tmp_path, "01_DESS_01_prep")
    write_series(gray_image(7), tmp_path / "preprocessed" / "02 DESS")
    add_knee(tmp_path, "02 DESS", image=tmp_path / "preprocessed" / "02 DESS")
    assert exported(tmp_path, "--channel", "DESS") == ["01_DESS_01.nii.gz", "02_DESS.nii.gz"]
    out = tmp_path / "Dataset501_Knee"
    assert json.loads((out / "dataset.json").read_text()) == {
        "channel_names": {"0": "DESS"},
        "labels": {"background": 0, "femur": 1, "cartilage": 2},
        "numTraining": 2,
        "file_ending": ".nii.gz",
        "overwrite_image_reader_writer": "SimpleITKIO",
    }
    assert sorted(path.name for path in (out / "imagesTr").iterdir()) == [
        "01_DESS_01_0000.nii.gz",
        "02_DESS_0000.nii.gz",
    ]
    for name, seed in (("01_DESS_01", 0), ("02_DESS", 7)):
        image, labels = (
            sitk.ReadImage(str(out / path)) for path in (f"imagesTr/{name}_0000.nii.gz", f"labelsTr/{name}.nii.gz")
        )
        assert Grid.of(image).coincides_with(Grid.of(gray_image()))
        assert (image.GetSpacing(), image.GetOrigin(), image.GetDirection()) == (
            labels.GetSpacing(),
            labels.GetOrigin(),
            labels.GetDirection(),
        )
        np.testing.assert_array_equal(sitk.GetArrayFromImage(image), sitk.GetArrayFromImage(gray_image(seed)))
        femur, cartilage = (sitk.GetArrayFromImage(mask_image(first)) for first in (4, 8))
        np.testing.assert_array_equal(sitk.GetArrayFromImage(labels), np.where(cartilage, 2, femur))
    assert b"Doe" not in b"".join(path.read_bytes() for path in (out / "imagesTr").iterdir())


def test_flagged_and_rejected_knees_are_left_out_and_edited_ones_are_in(tmp_path, capsys):
    add_knee(tmp_path, "good")
    add_knee(tmp_path, "bad", status="rejected")
    add_knee(tmp_path, "doubtful", flags={"folding_f": "folds"})
    edit(add_knee(tmp_path, "corrected", flags={"folding_f": "folds"}))
    edit(add_knee(tmp_path, "saved", status="rejected"))
    write_image(mask_image(), tmp_path / "segmented" / "saved_f.mha")
    assert exported(tmp_path) == ["corrected.nii.gz", "good.nii.gz", "saved.nii.gz"]
    output = capsys.readouterr()
    assert "corrected: edited by hand" in output.out
    assert "left out: doubtful: needs review (folds)" in output.err
    assert "left out: bad: rejected" in output.err
    labels = sitk.ReadImage(str(tmp_path / "Dataset501_Knee" / "labelsTr" / "corrected.nii.gz"))
    cartilage = sitk.GetArrayFromImage(mask_image(first=9)) != 0
    np.testing.assert_array_equal(sitk.GetArrayFromImage(labels) == 2, cartilage)


def test_flagged_knees_can_be_included(tmp_path):
    add_knee(tmp_path, "doubtful", flags={"folding_f": "folds"})
    assert exported(tmp_path, "--include-flagged") == ["doubtful.nii.gz"]


def test_the_review_decides(tmp_path):
    for name in ("a", "b", "c", "d"):
        add_knee(tmp_path, name, flags={} if name in "bc" else {"folding_f": "folds"})
    review = "name,decision,comment\na,accepted,fine\nb,accepted,\nb,rejected,no\nc,correct,rim\nd,,later\n"
    (tmp_path / "segmented" / "review.csv").write_text(review, encoding="utf-8")
    assert exported(tmp_path) == ["a.nii.gz"]


def test_a_decision_that_is_none_is_named(tmp_path, capsys):
    add_knee(tmp_path, "a")
    (tmp_path / "segmented" / "review.csv").write_text("name,decision\na,perhaps\n", encoding="utf-8")
    assert "review.csv:2: 'perhaps' is no decision. Write accepted, rejected, correct" in refusal(capsys, tmp_path)


def test_everything_that_is_wrong_is_said_at_once(tmp_path, capsys):
    add_knee(tmp_path, "moved").moving.unlink()
    write_image(gray_image(99), add_knee(tmp_path, "changed").moving)
    add_knee(tmp_path, "half").mask(Tissue.FEMUR).unlink()
    write_image(mask_image() * 0, add_knee(tmp_path, "emptied").mask(Tissue.CARTILAGE))
    write_image(mask_image(size=20), add_knee(tmp_path, "resized").mask(Tissue.CARTILAGE))
    add_knee(tmp_path, "damaged").record.write_text("{")
    text = refusal(capsys, tmp_path)
    for part in (
        "moved.mha' is not there any more",
        "changed.mha' has changed since it was segmented",
        "a mask of 'half' is missing",
        "emptied_fc.mha' is an empty mask",
        "resized_fc.mha' is not on the grid of its image",
        "damaged_provenance.json' is damaged",
    ):
        assert part in text


def test_an_image_that_was_moved_with_its_study_is_found(tmp_path):
    add_knee(tmp_path / "here", "a")
    (tmp_path / "here").rename(tmp_path / "there")
    assert exported(tmp_path / "there") == ["a.nii.gz"]


@pytest.mark.parametrize("name", ["Knees", "Dataset1_Knee", "Dataset501"])
def test_a_name_that_nnunet_does_not_understand_is_refused(tmp_path, capsys, name):
    add_knee(tmp_path, "a")
    assert run(tmp_path, "--out", tmp_path / name) == 2
    assert "DatasetNNN_Name" in capsys.readouterr().err


def test_an_existing_folder_is_not_overwritten(tmp_path, capsys):
    add_knee(tmp_path, "a")
    exported(tmp_path)
    assert "Dataset501_Knee' exists" in refusal(capsys, tmp_path)


def test_a_folder_without_results_is_named(tmp_path, capsys):
    assert "holds no record of a segmentation" in refusal(capsys, tmp_path)


def test_no_knee_that_is_good_enough_is_named_with_the_reasons(tmp_path, capsys):
    add_knee(tmp_path, "bad", status="rejected")
    assert "no knee is finished and accepted (bad: rejected)" in refusal(capsys, tmp_path)


def test_check_writes_nothing(tmp_path, capsys):
    add_knee(tmp_path, "a")
    before = snapshot(tmp_path)
    assert run(tmp_path, "--out", tmp_path / "Dataset501_Knee", "--check") == 0
    assert snapshot(tmp_path) == before
    assert "a: segmented" in capsys.readouterr().out


def test_what_a_network_predicts_is_compared_as_ours_are(tmp_path, capsys):
    add_knee(tmp_path, "01_prep")
    exported(tmp_path)
    (tmp_path / "Dataset501_Knee" / "labelsTr").rename(tmp_path / "predicted")
    lines = "./predicted", "./segmented", "s 01.nii.gz", "g 01_prep_fc.mha"
    (tmp_path / "list.txt").write_text("\n".join(lines), encoding="utf-8")
    assert commandline.main(["quality", str(tmp_path / "list.txt"), "--labels", "2:1"]) == 0
    assert re.search(r"^Dice +1 +1\.000", capsys.readouterr().out, re.M)
