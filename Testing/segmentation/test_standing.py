"""Where the knees of a list stand: ``status`` on results of a stand-in for elastix."""

from __future__ import annotations

import json
import shutil

import pytest
import SimpleITK as sitk
from fake_study import REJECT_ALL, Study
from KneeCartilageSegLib.commandline import main
from KneeCartilageSegLib.commands import status as status_command
from KneeCartilageSegLib.registration.limits import Check, Limits
from KneeCartilageSegLib.runs.locks import holder_of, try_lock
from KneeCartilageSegLib.segmentation import record
from KneeCartilageSegLib.tissue import Tissue

pytestmark = pytest.mark.usefixtures("quick_preparation")

DOUBTFUL = Limits((Check("growth_f", "femur growth", "1", (5, 6), (0, 9), "look"),), 0.0)


@pytest.fixture
def study(tmp_path, monkeypatch):
    made = Study(tmp_path)
    write_list(made, "a", "b")
    monkeypatch.setattr(status_command, "read_parameter_files", lambda *_: made.settings().parameters)
    return made


def write_list(study, *names):
    lines = [".", ".", *(line for name in names for line in ("r reference.mha", f"m {name}.mha"))]
    (study.folder / "list.txt").write_text("\n".join(lines))


def status(study, capsys, *options):
    """Exit status, and the words of each knee."""
    arguments = ["status", study.folder / "list.txt", "--modality", "multimodal", "--out", study.output, *options]
    answer = main([str(one) for one in arguments])
    return answer, capsys.readouterr()


def stands(study, capsys, modality="multimodal"):
    arguments = ["status", study.folder / "list.txt", "--modality", modality, "--out", study.output, "--json"]
    answer = main([str(one) for one in arguments])
    content = json.loads(capsys.readouterr().out)
    return answer, {knee["name"]: knee["status"] for knee in content["knees"]}, content


def test_nothing_is_done_yet(study, capsys):
    answer, printed = status(study, capsys)
    assert answer == 1
    assert printed.out.splitlines()[:3] == ["a  not started", "b  not started", "2 knees: 2 not started"]
    assert "not known" in printed.out.splitlines()[3]


def test_all_is_done(study, capsys):
    study.run()
    answer, printed = status(study, capsys)
    assert (answer, printed.out.splitlines()) == (0, ["a  segmented", "b  segmented", "2 knees: 2 segmented"])


def test_what_is_left_and_how_long_that_takes(study, capsys):
    study.run()
    shutil.copy(study.folder / "a.mha", study.folder / "c.mha")
    write_list(study, "a", "b", "c")
    answer, found, content = stands(study, capsys)
    assert (answer, found) == (1, {"a": "segmented", "b": "segmented", "c": "not started"})
    assert content["counts"] == {"segmented": 2, "not started": 1}
    assert content["to_segment"] == 1
    assert content["remaining_seconds"] == pytest.approx(sum(knee["seconds"] or 0 for knee in content["knees"]) / 2)


def test_flagged_rejected_failed_and_edited_knees(study, capsys):
    study.run(limits=DOUBTFUL)
    assert stands(study, capsys)[:2] == (3, {"a": "needs review", "b": "needs review"})
    (study.output / "segmented" / "review.csv").write_text("name,status\na,accepted\nb,rejected\n")
    assert stands(study, capsys)[:2] == (1, {"a": "segmented", "b": "rejected"})
    (study.output / "segmented" / "review.csv").unlink()
    image = sitk.ReadImage(str(study.cases[0].mask(Tissue.CARTILAGE)))
    image[3, 3, 3] = 1
    sitk.WriteImage(image, str(study.cases[0].mask(Tissue.CARTILAGE)))
    before = study.written()
    answer, found, content = stands(study, capsys)
    assert (answer, found) == (3, {"a": "edited", "b": "needs review"})
    assert "Dice with the automatic masks: femur 1" in content["knees"][0]["detail"]
    assert study.written() == before
    study.fakes.broken["b"] = ValueError("no luck")
    study.run(force=True)
    assert stands(study, capsys)[:2] == (1, {"a": "edited", "b": "failed"})


def test_knees_that_were_rejected_by_their_measurements(study, capsys):
    study.run(limits=REJECT_ALL)
    answer, found, content = stands(study, capsys)
    assert (answer, found) == (1, {"a": "rejected", "b": "rejected"})
    assert "femur growth" in content["knees"][0]["detail"]


def swap(study):
    """A file that keeps its time."""
    (study.folder / "b.mha").rename(study.folder / "old.mha")
    shutil.copy2(study.folder / "a.mha", study.folder / "b.mha")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (swap, "changed input"),
        (lambda study: study.write_moving("b", 9), "changed input"),
        (lambda study: (study.folder / "b.mha").unlink(), "missing file"),
        (lambda study: study.cases[1].mask(Tissue.FEMUR).unlink(), "missing mask"),
        (lambda study: study.cases[1].mask(Tissue.FEMUR).write_bytes(b"no image"), "kept"),
        (lambda study: study.cases[1].record.write_text('{"format": "KneeCartilageSeg provenance 1"}'), "kept"),
        (lambda study: study.cases[1].record.write_text("{"), "kept"),
        (lambda study: shutil.copy(study.cases[1].mask(Tissue.FEMUR), study.output / "segmented/b_f.nrrd"), "problem"),
    ],
)
def test_what_is_wrong_with_one_knee_does_not_hide_the_others(study, capsys, change, expected):
    study.run()
    change(study)
    answer, found, _ = stands(study, capsys)
    assert answer == 1
    assert found["a"] == "segmented"
    assert found["b"].startswith(expected)


def test_results_of_another_modality(study, capsys):
    study.run()
    answer, found, content = stands(study, capsys, "longitudinal")
    assert (answer, found) == (1, {"a": "kept", "b": "kept"})
    assert "another modality" in content["knees"][0]["detail"]


def test_a_changed_reference_concerns_all(study, capsys):
    study.run()
    path = study.folder / "reference_fc.mha"
    mask = sitk.ReadImage(str(path))
    mask[12, 4, 9] = 1
    study.write(path, mask)
    assert stands(study, capsys)[1] == {"a": "changed input", "b": "changed input"}


def test_results_of_other_parameters_are_outdated_as_a_run_would_find(study, capsys):
    study.run()
    (study.output / "segmented" / "review.csv").write_text("name,status\nb,accepted\n")
    study.shift = "3.0"
    answer, found, content = stands(study, capsys)
    assert (answer, found) == (1, {"a": "outdated", "b": "segmented"})
    assert "other parameters (multimodal_rigid.txt" in content["knees"][0]["detail"]
    assert content["to_segment"] == 1
    assert content["knees"][0]["masks"], "the earlier result is still there"
    assert {name: outcome.status.value for name, outcome in study.run().items()} == {"a": "segmented", "b": "unchanged"}
    assert stands(study, capsys)[0] == 0


def test_results_of_an_earlier_version_are_outdated(study, capsys, monkeypatch):
    study.run()
    monkeypatch.setattr(record, "ALGORITHM", -1)
    _, found, content = stands(study, capsys)
    assert found == {"a": "outdated", "b": "outdated"}
    assert "made by another version" in content["knees"][0]["detail"]


def test_a_knee_that_a_run_is_at_work_on(study, capsys):
    study.run()
    with try_lock(study.cases[1].lock):
        _, found, content = stands(study, capsys)
    assert found == {"a": "segmented", "b": "running"}
    assert content["knees"][1]["run"]["process"] > 0
    study.cases[1].lock.write_text("left behind by a run that was killed")
    assert stands(study, capsys)[1] == {"a": "segmented", "b": "segmented"}


def test_who_holds_a_lock_is_seen_by_others_and_asking_does_not_take_it(tmp_path):
    path = tmp_path / ".a.lock"
    assert holder_of(path) is None
    with try_lock(path) as free:
        assert free
        assert holder_of(path)
    path.write_text("")
    assert holder_of(path) is None
    assert path.exists()


def test_an_older_summary_is_not_lost_to_a_wrong_modality(study, capsys):
    study.run()
    for options in ([], ["--force"]):
        arguments = ["segment", study.folder / "list.txt", "--modality", "longitudinal", "--out", study.output]
        assert main([str(one) for one in [*arguments, *options]]) == 2
        assert "Choose that modality (--modality multimodal)" in capsys.readouterr().err
