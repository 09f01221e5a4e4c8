"""The demo's data and pictures; that the whole demo runs is seen by `make demo`."""

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib import demo_data as demo
from KneeCartilageSegLib.lists.imagelist import QUALITY_SPEC, read_image_list
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.segmentation.cases import SEGMENTED, find_cases
from KneeCartilageSegLib.segmentation.overlay import write_overlay
from KneeCartilageSegLib.tissue import Tissue


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo")
    demo.write_demo(path)
    return path


def test_lists_name_knees_that_are_there(folder):
    cases, problems = find_cases(folder / demo.LISTS[Modality.NEW_SUBJECT], Modality.NEW_SUBJECT)
    assert not problems
    assert [case.name for case in cases] == ["01_DESS_01_prep", "02_DESS_01_prep"]


@pytest.mark.parametrize("modality", [Modality.LONGITUDINAL, Modality.MULTIMODAL])
def test_other_modalities_only_wait_for_the_masks_of_the_first(folder, modality):
    _, problems = find_cases(folder / demo.LISTS[modality], modality)
    assert {("01_DESS_01_prep_f" in p.message, "01_DESS_01_prep_fc" in p.message) for p in problems} == {
        (True, False),
        (True, True),
    }


def test_every_segmented_knee_has_a_truth(folder):
    images = read_image_list(folder / demo.QUALITY_LIST, QUALITY_SPEC)
    truths = [folder / demo.TRUTH_FOLDER / entry.name for entry in images.entries if entry.letter == "g"]
    assert len(truths) == 4
    assert all(sitk.GetArrayFromImage(sitk.ReadImage(str(path))).any() for path in truths)
    assert images.folders[0].path == folder / SEGMENTED


def test_second_contrast_is_another_scan_of_the_same_knee(folder):
    thick = sitk.ReadImage(str(folder / demo.IMAGE_FOLDER / "01_T2_01_prep.mha"))
    assert max(thick.GetSpacing()) == pytest.approx(3.0)


def test_what_is_there_already_is_left_alone(folder):
    image = folder / demo.IMAGE_FOLDER / "01_DESS_01_prep.mha"
    before = image.stat().st_mtime_ns
    made = []
    demo.write_demo(folder, made.append)
    assert made == []
    assert image.stat().st_mtime_ns == before


def test_overlay_shows_both_outlines(folder, tmp_path):
    image = sitk.ReadImage(str(folder / demo.IMAGE_FOLDER / "01_DESS_01_prep.mha"))
    truth = folder / demo.TRUTH_FOLDER
    masks = {tissue: sitk.ReadImage(str(truth / f"01_DESS_01_prep_{tissue.value}.mha")) for tissue in Tissue}
    write_overlay(tmp_path / "knee.png", image, masks, "knee")
    pixels = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "knee.png")))[..., :3].astype(int)
    for color in (tissue.color for tissue in Tissue):
        expected = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)])
        close = np.abs(pixels - expected).max(axis=-1) < 30
        assert close.sum() > 300


def test_overlay_of_empty_masks_is_refused(folder, tmp_path):
    image = sitk.ReadImage(str(folder / demo.IMAGE_FOLDER / "01_DESS_01_prep.mha"))
    empty = sitk.Image(image.GetSize(), sitk.sitkUInt8)
    empty.CopyInformation(image)
    with pytest.raises(ValueError, match="empty"):
        write_overlay(tmp_path / "knee.png", image, dict.fromkeys(Tissue, empty))
    assert list(tmp_path.iterdir()) == []
