"""Saving corrected masks where they belong, as the panel does; with a stand-in for elastix."""

from __future__ import annotations

import json

import numpy as np
import pytest
import SimpleITK as sitk
from fake_study import REJECT_ALL, SPACING, Study
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.files import checksum
from KneeCartilageSegLib.runs.locks import try_lock
from KneeCartilageSegLib.segmentation import correction
from KneeCartilageSegLib.segmentation.correction import save_correction
from KneeCartilageSegLib.segmentation.outcome import Status
from KneeCartilageSegLib.tissue import Tissue

pytestmark = pytest.mark.usefixtures("quick_preparation")


@pytest.fixture
def study(tmp_path):
    return Study(tmp_path, roots="a")


def corrected(case, tissue=Tissue.CARTILAGE, folder="segmented", voxel=(3, 3, 3)):
    image = sitk.ReadImage(str(case.mask(tissue, folder)))
    image[voxel] = 1
    return image


def same(path, image):
    return np.array_equal(sitk.GetArrayFromImage(sitk.ReadImage(str(path))), sitk.GetArrayFromImage(image) != 0)


def test_a_correction_is_saved_with_its_record_and_stays(study):
    study.run()
    (case,) = study.cases
    automatic = {tissue: case.mask(tissue).read_bytes() for tissue in Tissue}
    mask = corrected(case) * 7  # any value but 0 is inside
    outcome = save_correction(case, {Tissue.CARTILAGE: mask}, "filled the notch")
    assert outcome.status is Status.EDITED
    assert same(case.mask(Tissue.CARTILAGE), mask)
    assert case.mask(Tissue.FEMUR).read_bytes() == automatic[Tissue.FEMUR]
    assert case.automatic(Tissue.CARTILAGE).read_bytes() == automatic[Tissue.CARTILAGE]
    record = json.loads(case.correction_record.read_text())
    assert record["comment"] == "filled the notch"
    assert record["masks"] == {tissue.value: checksum(case.mask(tissue)) for tissue in Tissue}
    assert record["image"] == checksum(case.moving)
    assert 0.9 < record["measurements"]["automatic_dice_fc"] < 1
    assert not (study.output / "replaced").exists(), "automatic/ holds what was replaced"
    assert study.hidden() == []
    again = study.run()["a"]
    assert (again.status, again.record["measurements"]) == (Status.EDITED, record["measurements"])
    assert json.loads(case.correction_record.read_text()) == record


def test_an_earlier_correction_is_not_lost(study):
    study.run()
    (case,) = study.cases
    save_correction(case, {Tissue.CARTILAGE: corrected(case)}, "first")
    first = case.mask(Tissue.CARTILAGE).read_bytes()
    save_correction(case, {Tissue.CARTILAGE: corrected(case, voxel=(5, 5, 5))}, "second")
    (folder,) = study.replaced("a")
    assert (folder / "a_fc.mha").read_bytes() == first
    assert json.loads((folder / "a_correction.json").read_text())["comment"] == "first"
    assert json.loads(case.correction_record.read_text())["comment"] == "second"


def test_masks_of_a_rejected_knee_get_their_place_among_the_good_ones(study):
    study.run(limits=REJECT_ALL)
    (case,) = study.cases
    outcome = save_correction(case, {Tissue.CARTILAGE: corrected(case, folder="rejected")})
    assert outcome.status is Status.EDITED
    assert outcome.masks == {tissue: case.mask(tissue) for tissue in Tissue}
    assert outcome.record["measurements"]["automatic_dice_f"] == 1
    assert not list((study.output / "rejected").iterdir())
    assert study.run(limits=REJECT_ALL)["a"].status is Status.EDITED


def test_results_of_an_earlier_version_get_their_automatic_copy_then(study):
    study.run()
    (case,) = study.cases
    for path in (study.output / "automatic").iterdir():
        path.unlink()
    outcome = save_correction(case, {Tissue.CARTILAGE: corrected(case)})
    assert 0.9 < outcome.record["measurements"]["automatic_dice_fc"] < 1


def test_a_knee_that_elastix_could_not_do_is_drawn_by_hand(study):
    """There is no record of a segmentation: only both masks together can be saved."""
    (case,) = study.cases
    masks = {tissue: sitk.ReadImage(str(path)) for tissue, path in case.references[0].masks}
    with pytest.raises(InputError, match="no femur mask yet"):
        save_correction(case, {Tissue.CARTILAGE: masks[Tissue.CARTILAGE]})
    assert not (study.output / "segmented").exists()
    assert save_correction(case, masks).status is Status.EDITED
    assert study.run()["a"].status is Status.EDITED
    with open(case.correction_record) as file:
        assert json.load(file)["measurements"].keys() == {"volume_f", "volume_fc"}


@pytest.mark.parametrize(
    ("how", "message"), [("empty", "empty"), ("other grid", "not on the grid"), ("running", "run")]
)
def test_what_cannot_be_saved_changes_nothing(study, how, message):
    study.run()
    (case,) = study.cases
    mask = corrected(case)
    mask = {"empty": mask * 0, "other grid": mask[1:]}.get(how, mask)
    before = study.written()
    with try_lock(case.lock if how == "running" else study.folder / "other.lock"):
        with pytest.raises(InputError, match=message):
            save_correction(case, {Tissue.CARTILAGE: mask})
        assert {name: text for name, text in study.written().items() if not name.endswith(".lock")} == before


@pytest.mark.parametrize("moves", range(4))
def test_a_disk_that_fails_never_loses_a_mask(study, monkeypatch, moves):
    study.run()
    (case,) = study.cases
    save_correction(case, {Tissue.CARTILAGE: corrected(case)}, "first")
    first = case.mask(Tissue.CARTILAGE).read_bytes()
    second = {tissue: corrected(case, tissue, voxel=(5, 5, 5)) for tissue in Tissue}
    left = [moves]

    def failing(name):
        original = getattr(correction, name)

        def limited(*args):
            if not left[0]:
                raise OSError(28, "No space left on device")
            left[0] -= 1
            return original(*args)

        return limited

    with monkeypatch.context() as patched:
        for name in ("copy_into_place", "move_into_place", "write_json"):
            patched.setattr(correction, name, failing(name))
        with pytest.raises(OSError, match="No space left"):
            save_correction(case, second)
    masks = [path.read_bytes() for path in study.output.rglob("a_fc.mha")]
    assert first in masks
    assert all(case.mask(tissue).is_file() for tissue in Tissue)
    assert study.hidden() == []
    assert study.run()["a"].status is Status.EDITED


def test_the_volume_is_that_of_the_corrected_mask(study):
    study.run()
    (case,) = study.cases
    mask = corrected(case)
    row = save_correction(case, {Tissue.CARTILAGE: mask})
    voxels = int((sitk.GetArrayFromImage(mask) != 0).sum())
    assert row.record["measurements"]["volume_fc"] == pytest.approx(voxels * SPACING**3)
