"""Segmentations, truths and images are recognized by their names."""

from __future__ import annotations

import json

import pytest
from KneeCartilageSegLib.lists.names import find_image, image_by_name, pair_by_name


def pairs(*names) -> list[tuple[str, str]]:
    return [(names[segmentation], names[truth]) for segmentation, truth in pair_by_name(names)]


@pytest.mark.parametrize(
    ("segmentation", "truth"),
    [
        ("subject1_prep_fc", "subject1_groundTruth_fc"),  # as in workflow.txt
        ("01_DESS_01_prep_fc", "01_DESS_01_prep_fc_truth"),
        ("knee", "knee_truth"),
        ("knee", "Truth knee"),
        ("knee-fc", "KNEE gt fc"),
        ("kneeAuto", "kneeManual"),
        ("visit2Auto", "visit2Manual"),
        ("knee segmentation / Femoral cartilage", "knee_manual_fc"),
        ("knee segmentation / Femur", "knee gold standard / femur"),
        ("knee_mask", "knee expert labelmap"),
        ("Knie_Größe_fc", "Knie_Größe_truth_fc"),
        # One of the two does not name the tissue
        ("knee_fc", "knee_truth"),
        ("knee", "knee_truth_fc"),
        ("segmentation", "truth"),
    ],
)
def test_pair_is_found(segmentation, truth):
    assert pairs(segmentation, truth) == pairs(truth, segmentation) == [(segmentation, truth)]


@pytest.mark.parametrize(
    "names",
    [
        ("knee1_fc", "knee2_truth_fc"),
        ("knee_f", "knee_truth_fc"),
        ("knee_01_fc", "knee_02_truth_fc"),
        ("knee_fc", "knee_fc_2"),  # neither is a truth
        ("knee_truth", "knee_manual"),  # both are
        ("knee_fc", "knee_reader1_truth_fc"),
        ("knee_fc", "knee_truth_fc", "knee_manual_fc"),  # which of the two readers?
        ("knee_fc", "knee_f", "knee_truth"),  # of which tissue?
        ("untruthful", "knee"),
        (),
    ],
)
def test_no_pair_is_better_than_a_wrong_one(names):
    assert pairs(*names) == []


def test_many_names_in_any_order():
    names = [f"{n:02}_DESS_01_prep_{tissue}" for n in range(5) for tissue in ("f", "fc")]
    truths = [name.replace("prep", "groundTruth") for name in names]
    found = pairs(*truths[::-1], *names)
    assert found == list(zip(names, truths))


def test_several_segmentations_have_one_truth():
    found = pairs("knee_fc", "knee_auto_fc", "knee_truth_fc")
    assert found == [("knee_fc", "knee_truth_fc"), ("knee_auto_fc", "knee_truth_fc")]


@pytest.mark.parametrize(
    ("mask", "images", "expected"),
    [
        ("01_DESS_01_prep_fc", ["02_DESS_01_prep", "01_DESS_01_prep"], 1),
        ("01_DESS_01_prep segmentation / Femoral cartilage", ["01_DESS_01"], 0),
        ("01_DESS_01_prep_fc", ["01_DESS", "01_DESS_02_prep"], None),
        ("knee_fc", ["knee", "knee_prep"], None),  # which?
        ("fc", ["", "prep"], None),
    ],
)
def test_image_is_found_by_name(mask, images, expected):
    assert image_by_name(mask, images) == expected


def test_image_file_is_found_where_it_usually_lies(tmp_path):
    mask = tmp_path / "segmented" / "knee_prep_fc.mha"
    for name in ("segmented", "preprocessed", "elsewhere"):
        (tmp_path / name).mkdir()
    mask.touch()
    assert find_image(mask) is None
    beside, preprocessed = tmp_path / "segmented" / "knee_prep.nii.gz", tmp_path / "preprocessed" / "knee_prep.mha"
    preprocessed.touch()
    assert find_image(mask) == preprocessed
    beside.touch()
    assert find_image(mask) == beside
    assert find_image(mask, tmp_path / "elsewhere") is None
    assert find_image(mask, tmp_path / "preprocessed") == preprocessed
    named = tmp_path / "elsewhere" / "scan.nrrd"
    record = tmp_path / "segmented" / "knee_prep_provenance.json"
    record.write_text(json.dumps({"inputs": {"moving": {"file": str(named)}}}))
    assert find_image(mask) == beside, "what the record names is gone"
    named.touch()
    assert find_image(mask) == named
    record.write_text("[]")
    assert find_image(mask) == beside


def test_mask_without_ending_is_not_its_own_image(tmp_path):
    (tmp_path / "knee.mha").touch()
    assert find_image(tmp_path / "knee.mha") is None
