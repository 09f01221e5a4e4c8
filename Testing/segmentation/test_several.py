"""Several references for one knee: fused, registered to each other once, recorded; with a stand-in for elastix."""

from __future__ import annotations

import os
import shutil

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.files import checksum
from KneeCartilageSegLib.registration.limits import Limits, default_limits
from KneeCartilageSegLib.registration.parameterfiles import read_parameter_files
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.runs.locks import try_lock
from KneeCartilageSegLib.segmentation.links import FOLDER
from KneeCartilageSegLib.segmentation.outcome import Status
from KneeCartilageSegLib.segmentation.run import Run
from KneeCartilageSegLib.segmentation.study_files import StudyFiles
from KneeCartilageSegLib.segmentation.work import Settings
from KneeCartilageSegLib.tissue import Tissue
from still_study import RADII, SHAPE, SPACING, Study, distance, make_texture, on_grid

pytestmark = pytest.mark.usefixtures("quick_preparation")


@pytest.fixture(scope="module")
def texture():
    return make_texture()


@pytest.fixture
def study(tmp_path, texture):
    return Study(tmp_path, texture)


def voxels(path):
    return sitk.GetArrayFromImage(sitk.ReadImage(str(path)))


def test_the_fused_masks_are_what_most_references_say(study):
    case = study.case()
    study.run(case)
    femur, cartilage = (voxels(case.mask(tissue)) == 1 for tissue in (Tissue.FEMUR, Tissue.CARTILAGE))
    assert np.mean(femur == (distance() < RADII[1])) > 0.99
    assert np.mean(cartilage == (np.abs(distance() - RADII[1] - 3) < 3)) > 0.98


@pytest.mark.parametrize("mirrored", [{1}, {0, 1}, {0, 1, 2}])
def test_references_of_both_sides_are_mixed_freely(tmp_path, texture, mirrored):
    study = Study(tmp_path, texture, mirrored)
    case = study.case()
    study.run(case)
    assert np.mean((voxels(case.mask(Tissue.FEMUR)) == 1) == (distance() < RADII[1])) > 0.99


def test_where_references_disagree_is_kept_beside_the_masks(study):
    case = study.case()
    study.run(case)
    image = sitk.ReadImage(str(case.disagreement()))
    assert (image.GetOrigin(), image.GetSpacing(), image.GetSize()) == ((-30, 20, 5), (SPACING,) * 3, SHAPE[::-1])
    percent = voxels(case.disagreement())
    assert set(np.unique(percent)) == {0, 33}
    assert (percent[np.abs(distance() - RADII[1]) < 1] == 33).mean() > 0.9
    assert not percent[distance() < RADII[0] - 3].any()


def test_the_record_tells_which_references_were_used_with_which_weight(study):
    (outcome,) = study.run(study.case())
    used = outcome.record["references"]
    assert sorted(one["file"] for one in used) == [str(files.image) for files in study.references]
    for tissue in Tissue:
        assert sum(one["weights"][tissue.value] for one in used) == pytest.approx(1)
    measured = outcome.record["measurements"]
    assert measured["references"] == 3
    assert 0.7 < measured["agreement_fc"] < measured["agreement_f"] < 1
    assert set(outcome.record["inputs"]) >= {"reference", "reference2", "reference3_fc"}


def judged_outliers():
    return tuple(check for check in default_limits(Modality.NEW_SUBJECT).checks if check.key.startswith("outlier"))


@pytest.mark.parametrize("tissue", Tissue)
def test_a_reference_whose_mask_lies_elsewhere_is_named(study, tissue):
    wrong = dict(study.references[2].masks)[tissue]
    moved = sitk.ReadImage(str(wrong))
    sitk.WriteImage(sitk.Cast(on_grid(np.roll(sitk.GetArrayFromImage(moved), 6, axis=1)), sitk.sitkUInt8), str(wrong))
    (outcome,) = study.run(study.case(), checks=judged_outliers())
    assert outcome.status is Status.SEGMENTED
    assert list(outcome.flags) == [f"outlier_{tissue.value}"]
    assert str(study.references[2].image) in outcome.flags[f"outlier_{tissue.value}"]
    agreement = {one["file"]: one["agreement"][tissue.value] for one in outcome.record["references"]}
    assert min(agreement, key=agreement.get) == str(study.references[2].image)


def test_references_that_draw_differently_are_no_outliers(study):
    (outcome,) = study.run(study.case(), checks=judged_outliers())
    assert not outcome.flags
    assert 0.85 < outcome.record["measurements"]["outlier_f"] < 1


def test_of_two_references_neither_is_an_outlier(study):
    (outcome,) = study.run(study.case(count=2), checks=judged_outliers())
    assert "outlier_fc" not in outcome.record["measurements"]


def test_each_reference_costs_one_cartilage_stage(study):
    study.run(study.case())
    study.run(study.case("other"))
    assert study.engine.calls.count("fc_spline") == 3
    assert study.engine.calls.count("f_spline") == 1


def test_references_are_registered_to_the_most_central_one_once(study):
    study.run(study.case())
    kept = study.kept()
    assert {to for _, to in kept} >= {"r0.mha"}
    assert len(kept) in (2, 4)  # to the first, and, if that is another one, to the most central
    study.run(study.case("other"), study.case(), force=True)
    assert study.kept() == kept
    assert study.engine.calls.count("f_spline") == 2  # one a knee


@pytest.mark.parametrize(("confident", "strange_is_first"), [(0.0, True), (100.0, False)])
def test_a_knee_that_matches_the_most_central_one_badly_is_registered_to_the_likeliest(
    study, confident, strange_is_first
):
    noise = np.random.default_rng(1).normal(size=SHAPE)
    strange = study.references[0].image
    sitk.WriteImage(on_grid(noise), str(strange))
    (outcome,) = study.run(study.case(count=2), confident=confident)
    first = outcome.record["references"][0]["file"]
    assert (first == str(strange)) is strange_is_first
    assert len(outcome.record["references"]) == 2


def test_what_is_prepared_of_them_is_kept_and_gives_the_same_masks(study):
    case = study.case()
    study.run(case)
    before = {path: (path.stat().st_mtime_ns, voxels(path)) for path in study.prepared("*.mha")}
    masks = [voxels(path) for path in map(case.mask, Tissue)]
    assert {path.name for path in before} >= {"even.mha", "image.mha", "mask.mha", "smoothed.mha"}
    study.run(case, force=True)
    assert {path: path.stat().st_mtime_ns for path in study.prepared("*.mha")} == {p: m for p, (m, _) in before.items()}
    shutil.rmtree(study.folder / "references" / FOLDER)
    study.run(case, force=True)
    assert all((voxels(path) == values).all() for path, (_, values) in before.items())
    assert all((voxels(path) == mask).all() for path, mask in zip(map(case.mask, Tissue), masks))


@pytest.mark.skipif(os.name != "posix", reason="asks for processes by number")
def test_what_killed_runs_have_left_with_the_references_is_cleared_at_the_end_of_a_run(study, ended_process):
    case = study.case()
    outcomes = study.run(case)
    folder = study.folder / "references" / FOLDER
    prepared = next(path for path in folder.glob("prepared_*"))
    (prepared / "mirrored").mkdir(exist_ok=True)
    left = [place / f".tmp-{ended_process}-0" for place in (folder, prepared, prepared / "mirrored")]
    for path in (*left, folder / ".gone.tmp", folder / ".busy.tmp"):
        (path / "kept").mkdir(parents=True)
        os.utime(path, (1, 1))
    before = {path for path in folder.rglob("*") if not any(part.startswith(".") for part in path.parts)}
    with try_lock(folder / ".busy.lock"):
        StudyFiles(None, [case], wants_pictures=False).growing(lambda event: None).finish(outcomes)
        hidden = {path.name for path in folder.rglob(".*")}
    assert hidden == {".busy.lock", ".busy.tmp"}
    assert {path for path in folder.rglob("*") if not any(part.startswith(".") for part in path.parts)} == before


def test_of_one_reference_nothing_is_kept(study):
    study.run(study.case(count=1))
    assert not (study.folder / "references" / FOLDER).exists()


def test_they_are_registered_again_when_a_file_changes(study, texture):
    study.run(study.case())
    before = len(study.kept())
    sitk.WriteImage(texture * 1.5, str(study.references[2].image))
    study.run(study.case())
    assert len(study.kept()) > before
    assert study.engine.calls.count("fc_spline") == 3


def test_nothing_is_done_again_when_nothing_has_changed(study):
    study.run(study.case())
    (outcome,) = study.run(study.case())
    assert outcome.status is Status.UNCHANGED
    assert not study.engine.calls
    (again,) = study.run(study.case(at_most=2))
    assert again.status is Status.SEGMENTED


def test_only_the_best_are_used_if_so_many_are_asked_for(study):
    (outcome,) = study.run(study.case(at_most=2))
    assert len(outcome.record["references"]) == 2
    assert study.engine.calls.count("fc_spline") == 2


def test_one_reference_has_nothing_to_fuse_and_leaves_no_map_of_before(study):
    study.run(study.case())
    case = study.case(count=1)
    (outcome,) = study.run(case)
    assert not case.disagreement().exists()
    assert "agreement_fc" not in outcome.record["measurements"]
    (only,) = outcome.record["references"]
    assert only["weights"] == {"f": 1.0, "fc": 1.0}


def test_one_reference_is_not_registered_to_anything(study):
    study.run(study.case(count=1))
    assert not (study.folder / "references" / FOLDER).exists()


def test_threads_change_nothing_but_the_time(study):
    case = study.case()
    masks = []
    for threads in (1, 3):
        study.run(case, threads=threads, force=True)
        masks.append([voxels(path) for path in (*map(case.mask, Tissue), case.disagreement())])
    for first, second in zip(*masks):
        np.testing.assert_array_equal(first, second)


def test_an_edited_map_is_kept(study):
    case = study.case()
    study.run(case)
    edited = sitk.ReadImage(str(case.disagreement())) + 1
    sitk.WriteImage(edited, str(case.disagreement()))
    run = Run([case], {path: checksum(path) for path in case.inputs.values()}, settings_of(study))
    run.start()
    assert run.wait(900)
    assert run.outcomes[0].status is Status.UNCHANGED
    kept = sitk.ReadImage(str(case.disagreement()))
    assert (sitk.GetArrayViewFromImage(kept) == sitk.GetArrayViewFromImage(edited)).all()


def settings_of(study):
    return Settings(study.engine, read_parameter_files(Modality.NEW_SUBJECT), Limits((), 0.0))
