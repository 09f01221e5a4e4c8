"""Runs over many cases: resuming, kept masks, verdicts, cancel, crashes; with a stand-in for elastix, in seconds."""

from __future__ import annotations

import csv
import dataclasses
import errno
import itertools
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import types
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from fake_study import ANYTHING, REJECT_ALL, SHAPE, SPACING, Study, limits, on_grid
from KneeCartilageSegLib import files
from KneeCartilageSegLib.errors import EngineError
from KneeCartilageSegLib.files import checksum
from KneeCartilageSegLib.registration.limits import Check, Limits, judge
from KneeCartilageSegLib.registration.reference import Reference
from KneeCartilageSegLib.registration.side import Side
from KneeCartilageSegLib.registration.stages import STAGES, Modality
from KneeCartilageSegLib.runs import locks, timelimit
from KneeCartilageSegLib.runs.background import LocalWorkers
from KneeCartilageSegLib.runs.events import Note, Step
from KneeCartilageSegLib.runs.executor import THREAD_NAME
from KneeCartilageSegLib.runs.locks import try_lock
from KneeCartilageSegLib.runs.workplace import LocalWorkplace
from KneeCartilageSegLib.segmentation import correction, registered, results, segment, work
from KneeCartilageSegLib.segmentation.outcome import Status, exit_status
from KneeCartilageSegLib.segmentation.run import Run
from KneeCartilageSegLib.segmentation.summary import case_end, write_summary
from KneeCartilageSegLib.tissue import Tissue

pytestmark = pytest.mark.usefixtures("quick_preparation")


def record(case):
    return json.loads(case.record.read_text())


def as_json(content):
    return json.loads(json.dumps(dict(content)))


def all_are(status, statuses):
    return set(statuses.values()) == {status}


def assert_whole(study, root):
    """The results of an image are all there, and are those of its record."""
    case = study.case(root)
    read = record(case)
    names = {f"{folder}/{root}_{tissue.value}{study.extension}" for folder in ("segmented",) for tissue in Tissue}
    assert set(read["outputs"]) == names
    for name, digest in read["outputs"].items():
        assert checksum(study.output / name) == digest
    assert json.loads((case.registered / "provenance.json").read_text()) == read
    transforms = sorted(case.registered.glob("TransformParameters.*.txt"))
    assert len(transforms) == len(STAGES[study.modality]) + 1
    assert not (study.output / "rejected").exists() or not list((study.output / "rejected").glob(f"{root}_*"))


@pytest.fixture(autouse=True)
def scratch(monkeypatch, tmp_path_factory):
    """Where working files go that do not lie in the output folder: simulated crashes leave them behind."""
    folder = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def study(tmp_path):
    return Study(tmp_path)


# What a run writes


def test_first_run_segments_everything(study):
    outcomes = study.run()
    assert all(outcome.status is Status.SEGMENTED for outcome in outcomes.values())
    for root in "ab":
        assert_whole(study, root)
        for tissue in Tissue:
            mask = sitk.ReadImage(str(study.case(root).mask(tissue)))
            reference = sitk.ReadImage(str(study.folder / f"reference_{tissue.value}.mha"))
            overlap = sitk.LabelOverlapMeasuresImageFilter()
            overlap.Execute(mask, reference)
            assert overlap.GetDiceCoefficient() > 0.9
            assert mask.GetPixelID() == sitk.sitkUInt8
    assert study.hidden() == []
    assert study.fakes.started == study.fakes.closed == 1


@pytest.mark.parametrize("modality", Modality)
def test_every_stage_leaves_image_transform_and_log(tmp_path, modality):
    study = Study(tmp_path, roots=["a"], modality=modality)
    assert study.statuses() == {"a": Status.SEGMENTED}
    names = {stage.name for stage in STAGES[modality]}
    expected = {f"{name}.mha" for name in names} | {f"elastix.{name}.log" for name in names}
    expected |= {f"TransformParameters.{name}.txt" for name in names | {"start"}} | {"provenance.json"}
    assert {path.name for path in study.case("a").registered.iterdir()} == expected


@pytest.mark.parametrize("extension", [".nii.gz", ".nrrd", ".nii"])
def test_results_have_the_format_of_the_image(tmp_path, extension):
    study = Study(tmp_path, roots=["knee.v2"], extension=extension)
    assert study.statuses() == {"knee.v2": Status.SEGMENTED}
    assert_whole(study, "knee.v2")
    assert (study.output / "registered" / "knee.v2" / f"f_rigid{extension}").is_file()


def test_record_tells_what_the_result_was_made_from(study):
    outcome = study.run(threads=3)["a"]
    case = study.case("a")
    read = json.loads(case.record.read_text(), parse_constant=pytest.fail)
    assert read == as_json(outcome.record)
    assert read["inputs"] == {role: {"file": str(path), "sha256": checksum(path)} for role, path in case.inputs.items()}
    assert set(read["inputs"]) == {"moving", "reference", "reference_f", "reference_fc"}
    assert read["engine"] == {"name": "fake elastix 1.2", "version": "1.2", "threads": 3}
    assert {"KneeCartilageSeg", "Python", "SimpleITK", "numpy", "scipy"} <= set(read["versions"])
    assert read["parameters"]["multimodal_rigid.txt"]["Transform"] == ["EulerTransform"]
    assert [stage["name"] for stage in read["stages"]] == ["f_rigid"]
    assert read["modality"] == "multimodal"
    assert read["status"] == "segmented"
    assert read["seconds"]["total"] > 0
    assert {"volume_f", "volume_fc", "residual_f_max", "folding_f", "sharpness_aligned"} <= set(read["measurements"])


@pytest.mark.parametrize("changes", [{}, {"force": True}, {"limits": REJECT_ALL}, {"keep_registered": False}])
def test_inputs_are_not_touched(study, changes):
    def state():
        files = sorted(path for path in study.folder.iterdir() if path.is_file())
        return [(path, path.stat().st_mtime_ns, checksum(path)) for path in files]

    before = state()
    study.run(**changes)
    study.run(**changes)
    assert state() == before


def test_two_jobs_write_the_same_files_as_one(tmp_path):
    one, two = (Study(tmp_path / name, roots="abcde") for name in ("one", "two"))
    assert all_are(Status.SEGMENTED, one.statuses())
    assert all_are(Status.SEGMENTED, two.statuses(jobs=2))
    assert one.results() == two.results()
    assert two.fakes.started == two.fakes.closed == 2
    assert two.hidden() == []


def test_progress_of_a_case_rises_to_its_end(study):
    heard = []
    started = study.start(progress=heard.append)
    assert started.wait(120)
    for name, outcome in zip("ab", started.outcomes):
        *steps, end = (event for event in heard if event.name == name)
        assert [step.fraction for step in steps] == sorted(step.fraction for step in steps)
        assert [step.step for step in steps] == ["reading", "f_rigid", "masks", "checks", "writing"]
        assert all(0 <= step.fraction < 1 for step in steps)
        assert end == case_end(outcome)


def test_pictures_are_drawn_of_what_is_new_or_has_none_and_change_no_mask(study, tmp_path):
    pytest.importorskip("matplotlib")
    plain = Study(tmp_path / "plain")
    plain.run()
    notes = []
    run = study.start(notes.append, pictures=True)
    assert run.wait(120)
    pictures = study.output / "pictures"
    names = {"a.png", "a.small.jpg", "b.png", "b.small.jpg"}
    assert {path.name for path in pictures.iterdir()} == names
    results = study.results()
    assert {name: results[name] for name in plain.results() if "log" not in name} == {
        name: content for name, content in plain.results().items() if "log" not in name
    }
    (pictures / "b.png").unlink()
    before = (pictures / "a.png").stat().st_mtime_ns
    assert all_are(Status.UNCHANGED, study.statuses(pictures=True))
    assert {path.name for path in pictures.iterdir()} == names
    assert (pictures / "a.png").stat().st_mtime_ns == before
    assert not [event for event in notes if isinstance(event, Note)]


def test_a_picture_that_cannot_be_drawn_fails_no_knee(study):
    pytest.importorskip("matplotlib")
    notes = []
    (study.output / "pictures").write_text("a file where the folder would be")
    run = study.start(notes.append, pictures=True)
    assert run.wait(120)
    assert {outcome.status for outcome in run.outcomes} == {Status.SEGMENTED}
    messages = [event.message for event in notes if isinstance(event, Note)]
    assert len(messages) == 2
    assert all(message.startswith("the picture of ") for message in messages)


def test_working_files_outside_the_output_folder_are_deleted(study, scratch):
    study.run()
    assert list(scratch.iterdir()) == []


class Processes(LocalWorkers):
    """A stand-in for a cluster: functions and values go to another process, events do not come back."""

    def __init__(self, jobs, send):
        super().__init__(jobs, send)
        self.pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"))

    def submit(self, function, *values):
        return self.pool.submit(work_there, function, *values)

    def close(self):
        self.pool.shutdown()
        super().close()


def work_there(function, *values):
    place = LocalWorkplace()
    try:
        return function(*values, place)
    finally:
        place.rest()
        place.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the test's own classes reach other processes by fork only")
def test_other_processes_write_the_same_files(tmp_path):
    one, other = (Study(tmp_path / name, roots="abc") for name in ("here", "there"))
    assert all_are(Status.SEGMENTED, one.statuses())
    checksums = {path: checksum(path) for case in other.cases for path in case.inputs.values()}
    heard = []
    started = Run(other.cases, checksums, other.settings(jobs=2), heard.append, Processes)
    started.start()
    assert started.wait(120)
    assert [outcome.status for outcome in started.outcomes] == [Status.SEGMENTED] * 3
    assert sorted(event.name for event in heard) == ["a", "b", "c"]
    assert one.results() == other.results()
    assert other.hidden() == []


# Resuming


def test_second_run_does_nothing_and_reports_everything(study, tmp_path):
    first = study.start()
    assert first.wait(120)
    write_summary(tmp_path / "first.csv", first.outcomes)
    before = {path: path.stat().st_mtime_ns for path in study.output.rglob("*") if path.is_file()}
    second = study.start()
    assert second.wait(120)
    write_summary(tmp_path / "second.csv", second.outcomes)
    assert [outcome.status for outcome in second.outcomes] == [Status.UNCHANGED] * 2
    assert study.fakes.calls == []
    assert study.fakes.started == 1
    assert {path: path.stat().st_mtime_ns for path in study.output.rglob("*") if path.is_file()} == before
    with open(tmp_path / "first.csv") as old, open(tmp_path / "second.csv") as new:
        for was, now in zip(csv.DictReader(old), csv.DictReader(new)):
            assert now.pop("status") == "unchanged"
            assert was.pop("status") == "segmented"
            assert was == now
            assert float(now["volume_fc"]) > 0


def test_changed_image_is_redone_and_no_other(study):
    study.run()
    before = study.written()
    study.write_moving("b", 99)
    assert study.statuses() == {"a": Status.UNCHANGED, "b": Status.SEGMENTED}
    assert study.fakes.roots() == {"b"}
    after = study.written()
    assert {name for name in before if before[name] != after[name]} >= {"segmented/b_provenance.json"}
    assert {name for name in before if "/a" in name and before[name] != after[name]} == set()
    assert_whole(study, "b")


def test_changed_reference_mask_redoes_all(study):
    study.run()
    path = study.folder / "reference_fc.mha"
    mask = sitk.ReadImage(str(path))
    mask[12, 4, 9] = 1
    study.write(path, mask)
    assert all_are(Status.SEGMENTED, study.statuses())
    assert record(study.case("a"))["inputs"]["reference_fc"]["sha256"] == checksum(path)
    assert all_are(Status.UNCHANGED, study.statuses())


def test_changed_parameters_redo_all(study):
    study.run()
    before = study.results()
    study.shift = "6"
    assert all_are(Status.SEGMENTED, study.statuses())
    assert study.results()["segmented/a_f.mha"] != before["segmented/a_f.mha"]
    study.shift = "0"
    assert all_are(Status.SEGMENTED, study.statuses())
    assert study.results() == before


def test_image_that_is_touched_or_moved_is_not_redone(study):
    study.run()
    os.utime(study.folder / "a.mha")
    study.folder = study.folder.rename(study.folder.with_name("moved"))
    study.output = study.folder / "out"
    study.reference = study.folder / "reference.mha"
    study.cases = [study.case(root) for root in "ab"]
    assert all_are(Status.UNCHANGED, study.statuses())


@pytest.mark.parametrize("lost", ["a_f.mha", "a_fc.mha", "a_provenance.json"])
def test_lost_file_is_made_again(study, lost):
    study.run()
    before = study.results()
    (study.output / "segmented" / lost).unlink()
    if lost.endswith("json"):  # nothing says any more that the masks are ours
        assert study.statuses() == {"a": Status.KEPT, "b": Status.UNCHANGED}
    else:
        assert study.statuses() == {"a": Status.SEGMENTED, "b": Status.UNCHANGED}
        assert_whole(study, "a")
    assert study.results() == before


def test_registered_files_are_added_when_they_are_wanted_later(study):
    assert all_are(Status.SEGMENTED, study.statuses(keep_registered=False))
    assert not (study.output / "registered").exists()
    assert all_are(Status.UNCHANGED, study.statuses(keep_registered=False))
    masks = study.results()
    assert all_are(Status.SEGMENTED, study.statuses())
    assert_whole(study, "a")
    assert masks.items() <= study.results().items()
    assert all_are(Status.UNCHANGED, study.statuses(keep_registered=False))


def test_registered_files_of_an_earlier_input_are_not_taken_for_those_of_this_one(study):
    study.run()
    study.write_moving("a", 42)
    assert study.statuses(keep_registered=False) == {"a": Status.SEGMENTED, "b": Status.UNCHANGED}
    old = json.loads((study.case("a").registered / "provenance.json").read_text())
    assert old["key"] != record(study.case("a"))["key"]
    assert study.statuses() == {"a": Status.SEGMENTED, "b": Status.UNCHANGED}
    assert_whole(study, "a")


def test_force_redoes_everything(study):
    study.run()
    assert all_are(Status.SEGMENTED, study.statuses(force=True))
    assert study.fakes.roots() == {"a", "b"}


# Masks that are not ours to overwrite


def edit(path):
    image = sitk.ReadImage(str(path))
    image[3, 3, 3] = 1
    sitk.WriteImage(image, str(path), True)
    return path.read_bytes()


@pytest.mark.parametrize("tissue", Tissue)
def test_foreign_masks_are_kept_and_named(study, tissue):
    path = study.case("a").mask(tissue)
    path.parent.mkdir()
    path.write_bytes(b"drawn by hand")
    outcomes = study.run()
    assert [outcomes[root].status for root in "ab"] == [Status.KEPT, Status.SEGMENTED]
    assert str(path.parent) in outcomes["a"].message
    assert "--force a" in outcomes["a"].message
    assert path.read_bytes() == b"drawn by hand"
    assert study.fakes.roots() == {"b"}
    assert not study.case("a").record.exists()
    assert study.statuses(force=True) == {"a": Status.KEPT, "b": Status.SEGMENTED}
    assert study.statuses(replaced=frozenset("a")) == {"a": Status.SEGMENTED, "b": Status.UNCHANGED}
    assert_whole(study, "a")
    (folder,) = study.replaced("a")
    assert (folder / path.name).read_bytes() == b"drawn by hand"


@pytest.mark.parametrize("change", ["nothing", "image", "parameters", "limits", "force", "modality"])
def test_edited_masks_count_and_stay_whatever_else_changes(study, change):
    study.run()
    content = edit(study.case("a").mask(Tissue.CARTILAGE))
    before = {name: content for name, content in study.written().items() if "/a" in name}
    if change == "image":
        study.write_moving("a", 77)
    if change == "parameters":
        study.shift = "6"
    if change == "modality":
        study.modality = Modality.LONGITUDINAL
        study.cases = [study.case(root) for root in "ab"]
    changes = {"limits": {"limits": REJECT_ALL}, "force": {"force": True}}.get(change, {})
    outcome = study.run(**changes)["a"]
    assert outcome.status is Status.EDITED
    assert outcome.status.good
    assert outcome.needs_review == (change == "image")
    assert exit_status([outcome]) == (3 if change == "image" else 0)
    assert "--force" not in case_end(outcome).message
    after = {name: content for name, content in study.written().items() if "/a" in name}
    assert after.items() >= before.items()
    assert after.keys() - before.keys() == {"segmented/a_correction.json"}
    assert outcome.masks == {tissue: study.case("a").mask(tissue) for tissue in Tissue}
    named = study.run(replaced=frozenset("a"))["a"]
    assert named.status is Status.SEGMENTED
    assert study.case("a").mask(Tissue.CARTILAGE).read_bytes() != content
    (folder,) = study.replaced("a")
    assert (folder / "a_fc.mha").read_bytes() == content
    assert (folder / "a_provenance.json").read_bytes() == before["segmented/a_provenance.json"]
    assert (folder / "a_correction.json").is_file()
    assert not study.case("a").correction_record.exists()
    assert_whole(study, "a")


def test_edited_masks_are_measured_anew_and_compared_with_the_automatic_ones(study, tmp_path):
    study.run()
    case = study.case("a")
    before = sitk.ReadImage(str(case.mask(Tissue.CARTILAGE)))
    edited = sitk.Image(before)
    count = int(sitk.GetArrayViewFromImage(before).sum())
    edited[3, 3, 3] = 1
    sitk.WriteImage(edited, str(case.mask(Tissue.CARTILAGE)), True)
    outcome = study.run()["a"]
    row = case_end(outcome).row
    assert row["volume_fc"] == pytest.approx((count + 1) * SPACING**3)
    assert row["automatic_dice_fc"] == pytest.approx(2 * count / (2 * count + 1))
    assert row["automatic_dice_f"] == 1
    assert row["sharpness_fc"] is None
    write_summary(tmp_path / "summary.csv", [outcome])
    with open(tmp_path / "summary.csv") as file:
        (written,) = csv.DictReader(file)
    assert (written["status"], written["flags"], written["message"]) == ("edited", "", "")
    assert written["automatic_dice_fc"] == f"{2 * count / (2 * count + 1):.4f}".rstrip("0")


def test_an_edit_is_measured_once_and_again_after_the_next_edit(study, monkeypatch):
    study.run()
    case = study.case("a")
    edit(case.mask(Tissue.CARTILAGE))
    first = study.run()["a"]
    with monkeypatch.context() as patched:
        patched.setattr(correction, "read_image", None)  # which would fail
        assert study.run()["a"] == first
    image = sitk.ReadImage(str(case.mask(Tissue.CARTILAGE)))
    image[4, 4, 4] = 1
    sitk.WriteImage(image, str(case.mask(Tissue.CARTILAGE)), True)
    again = study.run()["a"].record["measurements"]
    assert again["volume_fc"] == first.record["measurements"]["volume_fc"] + SPACING**3


def test_an_edit_that_is_taken_back_is_the_automatic_result_again(study):
    study.run()
    case = study.case("a")
    edit(case.mask(Tissue.FEMUR))
    assert study.statuses()["a"] is Status.EDITED
    shutil.copyfile(case.automatic(Tissue.FEMUR), case.mask(Tissue.FEMUR))
    assert study.statuses()["a"] is Status.UNCHANGED


def test_an_edit_of_a_result_without_an_automatic_copy_has_a_volume_and_no_overlap(study):
    """As of results of earlier versions."""
    study.run()
    shutil.rmtree(study.output / "automatic")
    edit(study.case("a").mask(Tissue.CARTILAGE))
    row = case_end(study.run()["a"]).row
    assert row["volume_fc"] > 0
    assert (row["automatic_dice_fc"], row["automatic_dice_f"]) == (None, 1)


def spoil(path, how):
    image = sitk.ReadImage(str(path))
    if how == "empty":
        sitk.WriteImage(image * 0, str(path), True)
    if how == "other grid":
        sitk.WriteImage(image[1:], str(path), True)
    if how == "cut off":
        path.write_bytes(path.read_bytes()[:-20])
    if how == "lost":
        path.unlink()


@pytest.mark.parametrize("how", ["empty", "other grid", "cut off", "lost"])
def test_an_edited_mask_that_cannot_be_used_is_named_and_kept(study, how):
    study.run()
    edit(study.case("a").mask(Tissue.FEMUR))
    path = study.case("a").mask(Tissue.CARTILAGE)
    spoil(path, how)
    before = study.results()
    outcomes = study.run()
    assert (outcomes["a"].status, outcomes["b"].status) == (Status.KEPT, Status.UNCHANGED)
    assert Tissue.CARTILAGE.title in outcomes["a"].message or path.name in outcomes["a"].message
    assert "--force" not in outcomes["a"].message
    assert study.results() == before
    assert exit_status(outcomes.values()) == 1


def test_rejected_masks_that_somebody_puts_among_the_good_ones_are_good(study):
    study.run(limits=REJECT_ALL)
    case = study.case("a")
    for tissue in Tissue:
        shutil.move(case.mask(tissue, "rejected"), case.mask(tissue))
    outcomes = study.run(limits=REJECT_ALL)
    assert (outcomes["a"].status, outcomes["b"].status) == (Status.EDITED, Status.REJECTED)
    assert outcomes["a"].record["measurements"]["automatic_dice_fc"] == 1


def test_rejected_masks_that_are_corrected_where_they_lie_do_not_count_yet(study):
    study.run(limits=REJECT_ALL)
    edit(study.case("a").mask(Tissue.CARTILAGE, "rejected"))
    before = study.results()
    outcome = study.run(limits=REJECT_ALL)["a"]
    assert outcome.status is Status.KEPT
    assert str(study.case("a").mask(Tissue.FEMUR)) in outcome.message
    assert study.results() == before


def test_what_is_replaced_is_kept_with_its_date(study):
    study.run()
    first = study.results()
    for number, shift in enumerate("69", start=1):
        study.shift = shift
        study.run()
        assert len(study.replaced("a")) == number
    folder = study.replaced("a")[0]
    assert folder.name.startswith(time.strftime("%Y-"))
    assert {path.name for path in folder.iterdir()} == {"a_f.mha", "a_fc.mha", "a_provenance.json"}
    assert (folder / "a_f.mha").read_bytes() == first["segmented/a_f.mha"]


def test_force_that_brings_the_same_voxels_replaces_nothing(study):
    study.run()
    assert all_are(Status.SEGMENTED, study.statuses(force=True))
    assert not (study.output / "replaced").exists()


@pytest.mark.parametrize("change", ["nothing", "image", "parameters", "force"])
@pytest.mark.parametrize("decision", ["accepted", "rejected", "correct"])
def test_reviewed_knees_stay_as_they_are(study, change, decision):
    study.run()
    (study.output / "segmented" / "review.csv").write_text(f'image,status,comment\na.mha,{decision},"so, so"\n')
    before = study.results()
    if change == "image":
        study.write_moving("a", 77)
    if change == "parameters":
        study.shift = "6"
    outcomes = study.run(force=change == "force")
    expected = Status.REJECTED if decision == "rejected" else Status.UNCHANGED
    assert outcomes["a"].status is expected
    assert outcomes["a"].masks == {tissue: study.case("a").mask(tissue) for tissue in Tissue}
    assert outcomes["a"].needs_review == (decision == "correct")
    assert outcomes["b"].status is (Status.UNCHANGED if change in ("nothing", "image") else Status.SEGMENTED)
    assert {name: content for name, content in study.results().items() if "/a" in name} == {
        name: content for name, content in before.items() if "/a" in name
    }
    if change == "parameters" and decision == "accepted":
        assert "changed since" in outcomes["a"].message
    study.shift = "9"
    assert study.run(replaced=frozenset("a"))["a"].status is Status.SEGMENTED
    assert study.replaced("a")


def test_an_accepted_knee_needs_no_review_any_more(study):
    doubtful = Limits((Check("growth_f", "femur growth", "1", (5, 6), ANYTHING, "look"),), 0.0)
    outcomes = study.run(limits=doubtful)
    assert outcomes["a"].needs_review
    assert exit_status(outcomes.values()) == 3
    (study.output / "segmented" / "review.csv").write_text("name,decision\na,accepted\nb,accepted\nb,\n")
    outcomes = study.run(limits=doubtful)
    assert [outcomes[root].needs_review for root in "ab"] == [False, True]


def test_a_review_that_cannot_be_read_protects_everything(study):
    study.run()
    study.shift = "6"
    (study.output / "segmented" / "review.csv").write_text("name,decision\na,maybe\n")
    before = study.results()
    outcomes = study.run(force=True)
    assert all(outcome.status is Status.FAILED for outcome in outcomes.values())
    assert "'maybe' is no decision" in outcomes["a"].message
    assert study.results().items() >= before.items()


def test_masks_of_another_modality_are_kept(study):
    study.run()
    before = study.written()
    study.modality = Modality.LONGITUDINAL
    study.cases = [study.case(root) for root in "ab"]
    outcome = study.run()["a"]
    assert outcome.status is Status.KEPT
    assert "another modality" in outcome.message
    assert study.written() == before
    assert all_are(Status.KEPT, study.statuses(force=True))
    assert all_are(Status.SEGMENTED, study.statuses(replaced=frozenset("ab")))


def test_masks_that_appear_while_the_case_runs_are_kept(study):
    def draw(event):
        if isinstance(event, Step) and (event.name, event.step) == ("a", "writing"):
            study.case("a").mask(Tissue.FEMUR).write_bytes(b"drawn by hand")

    started = study.start(progress=draw)
    assert started.wait(120)
    assert [outcome.status for outcome in started.outcomes] == [Status.KEPT, Status.SEGMENTED]
    assert study.case("a").mask(Tissue.FEMUR).read_bytes() == b"drawn by hand"


# Verdicts


def test_rejected_masks_are_set_apart_and_not_tried_again(study):
    outcomes = study.run(limits=REJECT_ALL)
    assert all(outcome.status is Status.REJECTED and not outcome.status.good for outcome in outcomes.values())
    assert "femur growth" in outcomes["a"].message
    assert "5 to 6" in outcomes["a"].message
    assert {path.name for path in (study.output / "rejected").iterdir()} == {
        f"{root}_{tissue.value}.mha" for root in "ab" for tissue in Tissue
    }
    assert {path.name for path in (study.output / "segmented").iterdir()} == {
        f"{root}_provenance.json" for root in "ab"
    }
    before = study.written()
    again = study.run(limits=REJECT_ALL)
    assert [again[root].status for root in "ab"] == [Status.REJECTED] * 2
    assert again["a"].message == outcomes["a"].message
    assert study.fakes.calls == []
    assert study.written() == before


def test_only_the_knee_that_failed_is_rejected(study):
    study.fakes.shifts["b"] = "40"
    inside = Check("inside_fc", "cartilage inside", "1", ANYTHING, (0.9, 1), "the image shows a part only")
    outcomes = study.run(limits=Limits((inside,), 0.0))
    assert [outcomes[root].status for root in "ab"] == [Status.SEGMENTED, Status.REJECTED]
    assert_whole(study, "a")


@pytest.mark.parametrize("first", [limits(), REJECT_ALL])
@pytest.mark.parametrize("why", ["limits", "image and limits", "force"])
def test_another_verdict_moves_the_masks(study, first, why):
    second = REJECT_ALL if first is not REJECT_ALL else limits()
    study.run(limits=first)
    if "image" in why:
        study.write_moving("a", 31)
        study.write_moving("b", 32)
    statuses = study.statuses(limits=second, force=why == "force")
    full, empty = ("rejected", "segmented") if second is REJECT_ALL else ("segmented", "rejected")
    assert all_are(Status.REJECTED if second is REJECT_ALL else Status.SEGMENTED, statuses)
    assert len(list((study.output / full).glob("*.mha"))) == 4
    assert list((study.output / empty).glob("*.mha")) == []
    assert set(record(study.case("a"))["outputs"]) == {f"{full}/a_f.mha", f"{full}/a_fc.mha"}
    assert study.statuses(limits=second) == statuses or all_are(Status.UNCHANGED, study.statuses(limits=second))
    assert study.fakes.calls == []


# Cases that go wrong


@pytest.mark.parametrize(
    "error",
    [
        EngineError("elastix says: no"),
        OSError(28, "No space left on device"),
        RuntimeError("sitk"),
        ValueError("the mask is empty"),
        KeyError("GridSize"),
        MemoryError(),
        ZeroDivisionError("division by zero"),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_one_bad_image_does_not_stop_the_others(tmp_path, error, jobs):
    study = Study(tmp_path, roots="abc")
    study.fakes.broken["a"] = error
    outcomes = study.run(jobs=jobs)
    assert [outcomes[root].status for root in "abc"] == [Status.FAILED, Status.SEGMENTED, Status.SEGMENTED]
    assert (str(error) or "MemoryError") in outcomes["a"].message
    assert [name for name in study.written() if "/a" in name] == ["segmented/a_failure.json"]
    assert json.loads(study.case("a").failure_record.read_text())["message"] == outcomes["a"].message
    assert study.hidden() == []
    study.fakes.broken.clear()
    assert study.statuses() == {"a": Status.SEGMENTED, "b": Status.UNCHANGED, "c": Status.UNCHANGED}
    assert not study.case("a").failure_record.exists()


def test_image_that_vanishes_during_the_run_fails_alone(study):
    def lose(event):
        (study.folder / "b.mha").unlink(missing_ok=True)

    started = study.start(progress=lose)
    assert started.wait(120)
    assert [outcome.status for outcome in started.outcomes] == [Status.SEGMENTED, Status.FAILED]
    assert "b.mha" in started.outcomes[1].message


def test_engine_that_does_not_start_is_a_failure_and_no_cancel(study):
    study.fakes.refused = EngineError("no elastix")
    outcomes = study.run(jobs=2)
    assert [outcomes[root].status for root in "ab"] == [Status.FAILED] * 2
    assert "no elastix" in outcomes["a"].message
    assert study.hidden() == []


def test_a_failure_keeps_the_earlier_result(study):
    study.run()
    before = study.written()
    study.shift = "6"
    study.fakes.broken["a"] = EngineError("elastix says: no")
    assert study.statuses() == {"a": Status.FAILED, "b": Status.SEGMENTED}
    assert {name: content for name, content in study.written().items() if "/a" in name and "failure" not in name} == {
        name: content for name, content in before.items() if "/a" in name
    }


def test_output_folder_that_is_a_file(study):
    study.output.rmdir()
    study.output.write_text("a file")
    outcomes = study.run()
    assert all(outcome.status is Status.FAILED for outcome in outcomes.values())
    assert str(study.output) in outcomes["a"].message
    assert study.output.read_text() == "a file"


@pytest.fixture
def read_only(tmp_path):
    """A folder in which nothing can be written, not even by root."""
    folder = tmp_path / "read-only"
    folder.mkdir()
    if os.name != "posix":
        pytest.skip("needs POSIX permissions")
    if os.geteuid() != 0:
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)
        return
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=1m", "none", str(folder)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("root may write everywhere here, and may not mount a read-only folder")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_read_only_output_folder(study, read_only):
    study.cases = [dataclasses.replace(case, output=read_only) for case in study.cases]
    outcomes = study.run()
    assert all(outcome.status is Status.FAILED for outcome in outcomes.values())
    assert str(read_only) in outcomes["a"].message
    assert list(read_only.iterdir()) == []


@pytest.mark.parametrize("extension", [".mha", ".nii"])
def test_disk_that_drops_what_is_written_is_noticed(tmp_path, monkeypatch, extension):
    """ITK does not notice a full disk, nor that it reads half a NIfTI file."""
    study = Study(tmp_path, extension=extension)
    write = sitk.WriteImage

    def write_half(image, path, *options):
        write(image, path, *options)
        if path.endswith(f"a_fc{extension}"):
            os.truncate(path, Path(path).stat().st_size * 2 // 5)

    monkeypatch.setattr(sitk, "WriteImage", write_half)
    outcomes = study.run()
    assert [outcomes[root].status for root in "ab"] == [Status.FAILED, Status.SEGMENTED]
    assert "could not be written" in outcomes["a"].message
    assert [name for name in study.written() if "/a" in name] == ["segmented/a_failure.json"]


def test_a_knee_on_which_elastix_hangs_is_reported_and_the_others_go_on(study, monkeypatch):
    minutes = iter([0.02, 60])  # the others have time, also on a machine that is busy
    monkeypatch.setattr(work, "limited", lambda place, _minutes, do: timelimit.limited(place, next(minutes), do))
    study.fakes.hanging.add("a")
    outcomes = study.run(time_limit=0.02)
    assert {name: outcome.status for name, outcome in outcomes.items()} == {"a": Status.FAILED, "b": Status.SEGMENTED}
    assert outcomes["a"].message.startswith("stopped after 0.02 minutes")
    assert [path.name for path in study.output.glob("*/a*")] == ["a_failure.json"]
    study.fakes.hanging.clear()
    monkeypatch.setattr(work, "limited", timelimit.limited)
    assert study.statuses() == {"a": Status.SEGMENTED, "b": Status.UNCHANGED}


def unread(study, **changes):
    """A run of a long list, of which only headers were read; the outcomes by root."""
    started = Run(study.cases, {}, study.settings(**changes))
    started.start()
    assert started.wait(120)
    return {outcome.case.name: outcome for outcome in started.outcomes}


def test_files_that_were_not_read_before_are_read_when_it_is_their_turn(study):
    study.write(study.folder / "a.mha", on_grid(np.zeros(SHAPE, np.float32)))
    outcomes = unread(study)
    assert {name: outcome.status for name, outcome in outcomes.items()} == {"a": Status.FAILED, "b": Status.SEGMENTED}
    assert "a.mha' is empty: every voxel is 0" in outcomes["a"].message
    assert study.fakes.roots() == {"b"}
    study.write_moving("a", 0)
    assert study.statuses() == {"a": Status.SEGMENTED, "b": Status.UNCHANGED}
    assert all_are(Status.UNCHANGED, {name: outcome.status for name, outcome in unread(study).items()})


def test_a_reference_that_was_not_read_before_is_checked_too(study):
    study.write(study.folder / "reference_fc.mha", on_grid(np.zeros(SHAPE, np.uint8)))
    messages = {outcome.message for outcome in unread(study).values()}
    assert len(messages) == 1
    assert "reference_fc.mha' is an empty mask" in messages.pop()
    assert study.fakes.calls == []


# Cancel


@pytest.mark.parametrize("step", ["reading", "f_rigid", "masks", "checks", "writing"])
def test_cancel_at_any_step_leaves_nothing(study, step):
    started = None

    def cancel(event):
        if isinstance(event, Step) and event.step == step:
            started.cancel()

    checksums = {path: checksum(path) for case in study.cases for path in case.inputs.values()}
    started = Run(study.cases, checksums, study.settings(), cancel)
    started.start()
    assert started.wait(120)
    # Writing cannot be stopped half-way any more without need: the first case may end.
    expected = [Status.SEGMENTED if step == "writing" else Status.CANCELLED, Status.CANCELLED]
    assert [outcome.status for outcome in started.outcomes] == expected
    assert not any(outcome.status is Status.FAILED for outcome in started.outcomes)
    assert study.hidden() == []
    if step != "writing":
        assert study.written() == {}
    assert all(status.good for status in study.statuses().values())


def test_cancel_stops_a_registration(study):
    study.fakes.blocking = True
    started = study.start(jobs=2)
    while len(study.fakes.calls) < 2:
        time.sleep(0.01)
    started.cancel()
    assert started.wait(120)
    assert [outcome.status for outcome in started.outcomes] == [Status.CANCELLED] * 2
    assert study.written() == {}
    assert study.hidden() == []
    assert study.fakes.closed == 2


@pytest.mark.parametrize(
    ("hanging", "calls"), [({"start1"}, 3), ({"beside_mirrored"}, 3), ({"start1", "beside_mirrored"}, 2)]
)
def test_nothing_begins_after_a_cancel(tmp_path, hanging, calls):
    """These registrations end by a cancel only: that the run ends is the proof that it has reached them."""
    study = Study(tmp_path, modality=Modality.NEW_SUBJECT)
    study.fakes.hanging |= hanging
    steps = []
    started = study.start(lambda event: steps.append(event) if isinstance(event, Step) else None, threads=2)
    while len(study.fakes.calls) < calls:  # of two linear stages from two starts
        time.sleep(0.01)
    before = len(steps)
    started.cancel()
    assert started.wait(120)
    assert len(study.fakes.calls) == calls
    assert len(steps) == before
    assert [outcome.status for outcome in started.outcomes] == [Status.CANCELLED] * 2
    assert study.written() == {}
    assert study.hidden() == []
    assert study.fakes.closed == study.fakes.started == 2
    assert [thread.name for thread in threading.enumerate() if thread.name == THREAD_NAME] == []


def test_a_knee_that_fails_does_not_wait_for_the_other_side(tmp_path):
    study = Study(tmp_path, roots=["a"], modality=Modality.NEW_SUBJECT)
    study.fakes.hanging.add("beside_mirrored")
    study.fakes.broken["a"] = EngineError("elastix says: no")
    outcome = study.run(threads=2, time_limit=None)["a"]
    assert (outcome.status, outcome.message) == (Status.FAILED, "elastix says: no")
    assert study.hidden() == []
    assert study.fakes.forgotten == 0
    assert study.fakes.closed == study.fakes.started


def test_the_time_limit_is_for_the_other_side_too(tmp_path):
    study = Study(tmp_path, roots=["a"], modality=Modality.NEW_SUBJECT)
    study.fakes.hanging.add("beside_mirrored")
    outcome = study.run(threads=2, time_limit=0.02)["a"]
    assert outcome.status is Status.FAILED
    assert outcome.message.startswith("stopped after 0.02 minutes")
    assert study.hidden() == []
    assert study.fakes.closed == study.fakes.started
    study.fakes.hanging.clear()
    assert study.statuses(threads=2) == {"a": Status.SEGMENTED}


def test_a_full_disk_beside_is_the_knees_failure(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    for module, name in ((segment, "measure_residual"), (registered, "write_image")):
        study = Study(tmp_path / name, roots=["a"], modality=Modality.NEW_SUBJECT)
        with monkeypatch.context() as patch:
            patch.setattr(module, name, full)
            outcome = study.run(threads=2)["a"]
        assert outcome.status is Status.FAILED
        assert "No space left" in outcome.message
        assert study.hidden() == []
        assert [path for path in study.written() if not path.endswith("a_failure.json")] == []


@pytest.mark.parametrize(
    ("modality", "side", "threads"),
    [
        (Modality.NEW_SUBJECT, Side.AUTO, 2),
        (Modality.NEW_SUBJECT, Side.AUTO, 4),
        (Modality.NEW_SUBJECT, Side.LEFT, 2),
        (Modality.NEW_SUBJECT, Side.RIGHT, 2),
        (Modality.LONGITUDINAL, Side.AUTO, 2),
        (Modality.MULTIMODAL, Side.AUTO, 2),
    ],
)
def test_further_threads_change_nothing(tmp_path, monkeypatch, modality, side, threads):
    monkeypatch.setattr(Reference, "side", Side.LEFT)  # a ball has none
    study = Study(tmp_path, roots=["a"], modality=modality)
    one = study.run(side=side)["a"]
    alone = study.results()
    two = study.run(side=side, threads=threads, force=True)["a"]
    assert study.results() == alone
    assert two.record["measurements"] == one.record["measurements"]


def test_cancel_keeps_what_was_finished_before(study):
    study.run()
    before = study.written()
    study.fakes.blocking = True
    started = study.start(force=True)
    while not study.fakes.calls:
        time.sleep(0.01)
    started.cancel()
    assert started.wait(120)
    assert study.written() == before


def test_abandon_clears_away_what_a_running_filter_still_needs(study):
    study.fakes.blocking = True
    started = study.start()
    while not study.fakes.calls:
        time.sleep(0.01)
    started.abandon()
    assert study.hidden() == []
    started.cancel()
    assert started.wait(120)
    assert study.hidden() == []


def test_abandon_leaves_the_work_of_another_run_alone(study):
    study.fakes.blocking = True
    other = study.twin()
    other.fakes.blocking = True
    started = study.start()
    while not study.fakes.calls:
        time.sleep(0.01)
    waiting = other.start()
    while not other.fakes.calls:
        time.sleep(0.01)
    assert study.hidden() == [".tmp-a", ".tmp-b", "segmented/.a.lock", "segmented/.b.lock"]
    waiting.abandon()
    assert study.hidden() == [".tmp-a", "segmented/.a.lock"]
    for ended in (waiting, started):
        ended.cancel()
        assert ended.wait(120)
    assert study.hidden() == []


# Two runs at once


def test_two_runs_share_the_work(tmp_path):
    study = Study(tmp_path, roots="abcdef")
    other = study.twin()
    study.fakes.seconds = other.fakes.seconds = 0.1
    runs = [study.start(), other.start()]
    assert all(started.wait(120) for started in runs)
    for case in study.cases:
        assert_whole(study, case.name)
    assert sorted(study.fakes.calls + other.fakes.calls) == [(root, "f_rigid") for root in "abcdef"]
    assert study.fakes.calls
    assert other.fakes.calls
    for mine, theirs in zip(*(started.outcomes for started in runs)):
        assert {mine.status, theirs.status} == {Status.SEGMENTED, Status.UNCHANGED}
        assert as_json(mine.record) == as_json(theirs.record)
    assert study.hidden() == []


def test_waiting_for_another_run_costs_no_computer(study, monkeypatch):
    tried = []

    def counted(path):
        tried.append(path.name)
        return try_lock(path)

    monkeypatch.setattr(locks, "try_lock", counted)
    folder = study.output / "segmented"
    folder.mkdir()
    with try_lock(folder / ".a.lock"), try_lock(folder / ".b.lock"):
        begun = time.monotonic()
        started = study.start(jobs=2)
        assert not started.wait(1)
        assert study.fakes.calls == []
        assert len(tried) < 30 * (time.monotonic() - begun)
    assert started.wait(120)
    assert [outcome.status for outcome in started.outcomes] == [Status.SEGMENTED] * 2


def test_cancel_while_waiting_for_another_run(study):
    folder = study.output / "segmented"
    folder.mkdir()
    with try_lock(folder / ".a.lock"), try_lock(folder / ".b.lock"):
        started = study.start()
        assert not started.wait(0.3)
        started.cancel()
        assert started.wait(120)
    assert [outcome.status for outcome in started.outcomes] == [Status.CANCELLED] * 2


# Crashes in the middle of publishing


class Crash(OSError):
    """The process is dead, or the disk is gone."""


class Disk:
    """Moves files into place until it does so no more.

    :param moves: how many moves succeed.
    :param dead: whether cleaning up fails as well, as after kill -9; otherwise only the move fails, as with a file that
        another program holds.
    """

    def __init__(self, monkeypatch, moves, dead):
        self.moves, self.dead, self.crashed = moves, dead, False
        replace, unlink, rmtree = os.replace, Path.unlink, shutil.rmtree

        def limited_replace(source, target):
            if self.moves == 0:
                self.crashed = True
                raise Crash(5, "crash")
            self.moves -= 1
            replace(source, target)

        def living_unlink(path, *args, **kwargs):
            if not (self.crashed and self.dead) or path.name.endswith(".lock"):
                unlink(path, *args, **kwargs)

        def living_rmtree(path, *args, **kwargs):
            if not (self.crashed and self.dead):
                rmtree(path, *args, **kwargs)

        monkeypatch.setattr(os, "replace", limited_replace)
        monkeypatch.setattr(Path, "unlink", living_unlink)
        monkeypatch.setattr(shutil, "rmtree", living_rmtree)


def crash_after(study, moves, dead, **changes):
    """Run until a crash after so many moves; whether it came to that."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        disk = Disk(monkeypatch, moves, dead)
        statuses = study.statuses(**changes)
    assert disk.crashed == (Status.FAILED in statuses.values())
    return disk.crashed


def nothing(study):
    """The first run of a folder."""


def other_parameters(study):
    study.run()
    study.shift = "6"


def another_verdict(study):
    study.run(limits=REJECT_ALL)


def masks_only(study):
    study.run(keep_registered=False)


@pytest.fixture
def quick(monkeypatch):
    """Segments at once, so that a hundred crashes take seconds; masks and registered files are lines of text."""
    made = itertools.count()

    def segment(job, limits, linked, at_most, beside, keep):
        keep(job.reference, job.parameters["multimodal_rigid.txt"]["FakeShift"])
        measurements = {"growth_f": 1.0}
        flags = judge(measurements, limits)
        return types.SimpleNamespace(
            measurements=measurements,
            flags=flags,
            failed=any(flag.failed for flag in flags),
            seconds={},
            reference=job.reference,
            contributions=(),
            shift=job.parameters["multimodal_rigid.txt"]["FakeShift"],
        )

    class RegisteredFiles:
        def __init__(self, folder, *_):
            self.folder, self.names = folder, []
            folder.mkdir()

        def write(self, reference, alignment):
            self.names = ["TransformParameters.start.txt", "TransformParameters.f_rigid.txt", "f_rigid.mha"]

    def stage_results(case, result, registered, staging):
        # Like elastix with several threads: never the same twice.
        content = f"{next(made)} of {result.shift}"
        masks = {case.mask(tissue, "rejected" if result.failed else "segmented"): tissue.value for tissue in Tissue}
        kept = {case.registered / name: name for name in registered.names}
        for name in [*masks.values(), *kept.values()]:
            (staging / name).write_text(content)
        places = [{target: staging / name for target, name in group.items()} for group in (masks, kept)]
        return results.StagedFiles(*places)

    monkeypatch.setattr(work, "align_linear", lambda job, stages, limits, submit: job)
    monkeypatch.setattr(work, "segment", segment)
    monkeypatch.setattr(work, "stage_results", stage_results)
    monkeypatch.setattr(work, "RegisteredFiles", RegisteredFiles)
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.mark.parametrize("dead", [True, False], ids=["killed", "refused"])
@pytest.mark.parametrize("before", [nothing, other_parameters, another_verdict, masks_only])
def test_crash_while_publishing_is_finished_by_the_next_run(quick, tmp_path, before, dead):
    for moves in itertools.count():
        study = Study(tmp_path / str(moves), roots="a")
        before(study)
        if not crash_after(study, moves, dead):
            break
        outcome = study.run()["a"]
        assert outcome.status is Status.SEGMENTED, f"after {moves} moves: {outcome.message}"
        assert_whole(study, "a")
        assert_one_result(study)
        left = [name for name in study.hidden() if ".tmp-" not in Path(name).name]
        assert left == [], f"after {moves} moves"
        assert study.statuses() == {"a": Status.UNCHANGED}
    # Pending record, 3 registered files, 2 masks and their copies, 2 records; and an earlier result that is set aside.
    assert moves == {nothing: 10}.get(before, 13)


def test_two_crashes_in_a_row(quick, tmp_path):
    """Each run was to write other masks, and two of them were interrupted."""
    for first, second in itertools.product((1, 4, 6, 9, 10), (0, 1, 5, 8, 9)):
        study = Study(tmp_path / f"{first}-{second}", roots="a")
        study.run()
        study.shift = "6"
        assert crash_after(study, first, dead=True)
        study.shift = "-6"
        assert crash_after(study, second, dead=True)
        study.shift = "9"
        outcome = study.run()["a"]
        assert outcome.status is Status.SEGMENTED, f"after {first} and {second} moves: {outcome.message}"
        assert_whole(study, "a")
        assert_one_result(study)


@pytest.mark.parametrize("moves", range(13))
@pytest.mark.parametrize("keep_registered", [True, False])
def test_registered_files_of_two_results_are_never_mixed(quick, study, moves, keep_registered):
    """A crash in a run with other parameters, then back to the first ones, with or without registered files."""
    study.run()
    study.shift = "6"
    assert crash_after(study, moves, dead=True)
    study.shift = "0"
    study.run(keep_registered=keep_registered)
    study.run()
    assert_whole(study, "a")
    assert len({path.read_text() for path in study.case("a").registered.glob("*.txt")}) == 1


def assert_one_result(study):
    """All files that the stand-in made are of one and the same segmentation."""
    files = [study.output / name for name in study.results() if Path(name).suffix != ".json" and "/." not in f"/{name}"]
    assert len({path.read_text() for path in files}) == 1


def test_crash_does_not_make_foreign_masks_ours(study):
    path = study.case("a").mask(Tissue.CARTILAGE)
    path.parent.mkdir()
    path.write_bytes(b"drawn by hand")
    assert crash_after(study, 1, dead=True, replaced=frozenset("a"))
    assert study.statuses()["a"] is Status.KEPT
    assert path.read_bytes() == b"drawn by hand"


def test_edit_after_a_crash_is_kept(study):
    study.run()
    study.shift = "6"
    assert crash_after(study, 11, dead=True)
    content = edit(study.case("a").mask(Tissue.FEMUR))
    assert study.statuses()["a"] is Status.KEPT  # the other mask is missing
    assert study.case("a").mask(Tissue.FEMUR).read_bytes() == content


def test_record_that_cannot_be_read_leaves_the_masks_alone(study):
    study.run()
    study.case("a").record.write_text("{")
    before = study.results()
    assert study.statuses() == {"a": Status.KEPT, "b": Status.UNCHANGED}
    assert study.results() == before


def test_working_folder_of_a_killed_run_is_cleared(study):
    old = study.case("a").working_folder
    (old / "registered").mkdir(parents=True)
    (old / "a_f.mha").write_text("half a mask")
    assert all_are(Status.SEGMENTED, study.statuses())
    assert study.hidden() == []


def test_elastix_that_outlives_a_killed_run_does_not_write_into_the_next(study):
    """Its folder has gone: none but that of what is kept has the same name."""
    folders = []

    def remember(event):
        if isinstance(event, Step) and event.step == "masks":
            folders.append(
                {path.name for path in study.case(event.name).working_folder.iterdir() if path.is_dir()}
                - {"registered"}
            )

    study.cases = study.cases[:1]
    for _ in range(2):
        assert study.start(progress=remember, force=True).wait(120)
    assert folders[0].isdisjoint(folders[1])


# Locks and files

HOLDER = """
import sys, time
from pathlib import Path
from KneeCartilageSegLib.runs.locks import try_lock
from KneeCartilageSegLib.runs.workplace import LocalWorkplace
with try_lock(Path(sys.argv[1])) as free:
    print("free" if free else "taken", flush=True)
    sys.stdin.read()
"""


def hold(path):
    """Another process that holds the lock, and what it says of it."""
    library = str(Path(work.__file__).parents[2])
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": library},
    )
    return holder, holder.stdout.readline().strip()


@pytest.mark.parametrize("end", ["released", "killed"])
def test_lock_between_processes(tmp_path, end):
    path = tmp_path / ".knee.lock"
    holder, said = hold(path)
    with holder:
        assert said == "free"
        with try_lock(path) as free:
            assert not free
        assert path.exists()
        if end == "killed":
            holder.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        else:
            holder.stdin.close()
        holder.wait()
    with try_lock(path) as free:
        assert free
        other, said = hold(path)
        other.communicate()
        assert said == "taken"
    assert list(tmp_path.iterdir()) == []


def test_lock_file_that_its_last_holder_removes_while_we_lock_it(tmp_path, monkeypatch):
    """What we hold then is a file without a name, which keeps nobody out."""
    path, lock, removed = tmp_path / ".knee.lock", locks._lock, []

    def lock_late(file):
        if not removed:
            path.unlink()
            removed.append(path)
        return lock(file)

    monkeypatch.setattr(locks, "_lock", lock_late)
    with try_lock(path) as free:
        assert free
        assert path.exists()
        with try_lock(path) as again:
            assert not again
    assert removed


def test_lock_keeps_threads_apart(tmp_path):
    path, inside = tmp_path / ".knee.lock", []

    def take(_):
        most = 0
        for _ in range(200):
            with try_lock(path) as free:
                if free:
                    inside.append(1)
                    most = max(most, len(inside))
                    inside.pop()
        return most

    with ThreadPoolExecutor(4) as pool:
        assert max(pool.map(take, range(4))) == 1
    assert list(tmp_path.iterdir()) == []


def test_lock_is_released_after_an_error(tmp_path):
    with pytest.raises(ValueError, match="inside"), try_lock(tmp_path / ".knee.lock"):
        raise ValueError("inside")
    with try_lock(tmp_path / ".knee.lock") as free:
        assert free


def test_moving_into_place_keeps_a_symbolic_link(tmp_path):
    target, link, new = tmp_path / "target", tmp_path / "link", tmp_path / "new"
    target.write_text("old")
    link.symlink_to(target)
    new.write_text("new")
    files.move_into_place(new, link)
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert not new.exists()
