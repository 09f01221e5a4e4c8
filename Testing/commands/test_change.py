"""The command change: what it writes, and what it refuses."""

from __future__ import annotations

import csv
import json
from types import SimpleNamespace

import pytest
import SimpleITK as sitk
from KneeCartilageSegLib import change_list
from KneeCartilageSegLib.commandline import main
from KneeCartilageSegLib.elastix.package import package_is_installed
from KneeCartilageSegLib.errors import Cancelled, EngineError
from KneeCartilageSegLib.lists.imagelist import write_image_list
from KneeCartilageSegLib.measurement import shifts
from KneeCartilageSegLib.measurement.regions import REGIONS
from KneeCartilageSegLib.measurement.visits import find_second_masks
from KneeCartilageSegLib.phantom import KneeParameters, make_knee, write_knee
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.runs.events import Checking, Finish, ProblemFound, Start, Step, VisitsEnd, read_event
from KneeCartilageSegLib.segmentation.cases import read_cases
from KneeCartilageSegLib.tissue import Tissue


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A knee with masks, scanned again in another pose."""
    place = tmp_path_factory.mktemp("visits")
    first = KneeParameters.reduced(1.2, subject=3)
    write_knee(make_knee(first), place / "segmented", "first_prep")
    (place / "preprocessed").mkdir()
    second = make_knee(first.changed(acquisition=1, rotation=(2.0, -1.0, 2.0), translation=(2.0, 1.0, -1.0)))
    sitk.WriteImage(second.image, str(place / "preprocessed/second_prep.mha"))
    entries = [("r", "first_prep.mha"), ("m", "second_prep.mha")]
    write_image_list(place / "list.txt", ["./segmented", "./preprocessed/"], entries)
    return place


@pytest.fixture
def coarse_film(monkeypatch):
    """The phantom's voxels are coarse, and a film of fluid lies on its cartilage everywhere: its outer edge counts."""
    monkeypatch.setattr(shifts, "_LEAST_BLURS", 1.5)
    monkeypatch.setattr(shifts, "_OFF_MM", 1.2)


@pytest.mark.skipif(not package_is_installed(), reason="itk-elastix is not installed")
def test_a_second_scan_of_one_knee_has_not_changed(study, tmp_path, capsys, coarse_film):
    assert main(["change", str(study / "list.txt"), "--csv", str(tmp_path / "change.csv")]) == 0
    with open(tmp_path / "change.csv", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["region"] for row in rows] == [region.key for region in REGIONS]
    whole = rows[0]
    assert (whole["first"], whole["second"]) == ("first_prep", "second_prep")
    assert abs(float(whole["volume_change_percent"])) < 3  # in voxels of 1.2 mm
    assert float(whole["volume_change_percent"]) == pytest.approx(
        100 * float(whole["volume_change_mm3"]) / float(whole["volume_mm3"]), rel=0.01
    )
    said = capsys.readouterr()
    assert "second_prep" in said.out
    record = json.loads((tmp_path / "change_record.json").read_text())
    pair = record["pairs"][0]
    assert set(pair["inputs"]) == {"moving", "reference", "reference_f", "reference_fc"}
    assert all(len(facts["sha256"]) == 64 for facts in pair["inputs"].values())
    assert len(pair["rows"]) == len(REGIONS)


class PlayedEngine:
    """Refuses every registration."""

    name, version = "played", "1"

    def __init__(self):
        self.calls = 0
        self.closed = False

    def register(self, registration):
        self.calls += 1
        raise EngineError("this image is refused")

    def cancel(self):
        pass

    def close(self):
        self.closed = True


@pytest.fixture
def engine(monkeypatch):
    playing = PlayedEngine()
    monkeypatch.setattr(
        "KneeCartilageSegLib.commands.change.find_engine",
        lambda *_: SimpleNamespace(name="played", start=lambda threads: playing),
    )
    return playing


def test_programs_are_told_how_far_it_is_and_why_a_pair_failed(study, engine, capsys):
    assert main(["change", str(study / "list.txt"), "--progress=json"]) == 1
    events = [read_event(line) for line in capsys.readouterr().out.splitlines()]
    assert None not in events, "standard output is for events alone"
    checked = [event for event in events if isinstance(event, Checking)]
    assert checked[-1].done == checked[-1].total
    assert events[len(checked) :] == [
        Start(("second_prep",)),
        Step("second_prep", "f_rigid", 0.0),
        VisitsEnd("second_prep", message="this image is refused"),
        Finish(),
    ]
    assert engine.closed


def test_problems_are_told_as_events(study, tmp_path, capsys):
    assert main(["change", str(study / "list.txt"), "--progress=json", "--csv", str(tmp_path / "no/change.csv")]) == 2
    events = [read_event(line) for line in capsys.readouterr().out.splitlines()]
    (problem,) = (event for event in events if isinstance(event, ProblemFound))
    assert "does not exist" in problem.message


def test_cancel_is_no_failed_pair(study, engine, monkeypatch, capsys):
    def cancelled(_registration):
        raise Cancelled("cancelled")

    monkeypatch.setattr(engine, "register", cancelled)
    assert main(["change", str(study / "list.txt"), "--progress=json"]) == 130
    said = capsys.readouterr()
    assert "visits_end" not in said.out
    assert said.err == "cancelled\n"
    assert engine.closed


def test_masks_of_the_second_visit_are_found(study):
    cases, _ = read_cases(study / "list.txt", Modality.LONGITUDINAL)
    assert find_second_masks(cases[0]) == {}
    for folder in (study / "preprocessed", study / "segmented"):
        masks = {tissue: folder / f"second_prep_{tissue.value}.nii.gz" for tissue in Tissue}
        for path in masks.values():
            path.touch()
        assert find_second_masks(cases[0]) == masks
    for folder in (study / "preprocessed", study / "segmented"):
        for tissue in Tissue:
            (folder / f"second_prep_{tissue.value}.nii.gz").unlink()


def test_check_only_looks(study, capsys):
    assert main(["change", str(study / "list.txt"), "--check"]) == 0
    assert "1 pairs of visits can be compared" in capsys.readouterr().out


def test_missing_masks_are_named(study, tmp_path, capsys):
    write_image_list(
        tmp_path / "list.txt",
        [str(study / "segmented"), str(study / "preprocessed")],
        [("r", "second_prep.mha"), ("m", "first_prep.mha")],
    )
    assert main(["change", str(tmp_path / "list.txt")]) == 2
    said = capsys.readouterr().err
    assert "second_prep_fc.mha" in said
    assert "'first_prep.mha' is not in" in said


def test_csv_is_not_written_over_an_image(study, capsys):
    assert main(["change", str(study / "list.txt"), "--csv", str(study / "segmented/first_prep_fc.mha")]) == 2
    assert "would overwrite an image of the list" in capsys.readouterr().err


def test_scripts_have_the_same_door(study):
    with pytest.raises(Exception, match="does not exist"):
        change_list(study / "no_list.txt")
