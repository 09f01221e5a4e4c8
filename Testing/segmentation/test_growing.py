"""The summary of a run that is under way."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from KneeCartilageSegLib.reference_files import ReferenceFiles
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.runs.events import Note
from KneeCartilageSegLib.segmentation import growing
from KneeCartilageSegLib.segmentation.cases import Case
from KneeCartilageSegLib.segmentation.growing import GrowingSummary
from KneeCartilageSegLib.segmentation.outcome import Outcome, Status
from KneeCartilageSegLib.segmentation.summary import case_end, write_summary

NAMES = ("a", "b, c", "d")


@pytest.fixture
def cases(tmp_path):
    reference = ReferenceFiles(Path("reference.mha"), ())
    return [Case(Modality.NEW_SUBJECT, tmp_path / f"{name}.mha", (reference,), tmp_path) for name in NAMES]


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(growing, "_PAUSE", 0)
    monkeypatch.setattr(growing, "_SHARE", float("inf"))


def outcome(case, status=Status.SEGMENTED, **measurements):
    return Outcome(case, status, {"measurements": measurements, "flags": {}})


def statuses(path):
    with open(path, newline="") as file:
        return [(row["image"], row["status"]) for row in csv.DictReader(file)]


def test_rows_appear_in_the_order_of_the_list_and_events_go_on(tmp_path, cases):
    path, heard = tmp_path / "summary.csv", []
    send = GrowingSummary(path, cases).following(heard.append)
    send(Note("begun"))
    assert not path.exists()
    ends = [case_end(outcome(case)) for case in reversed(cases)]
    send(ends[0])
    assert statuses(path) == [("d.mha", "segmented")]
    send(ends[1])
    send(ends[2])
    assert statuses(path) == [(f"{name}.mha", "segmented") for name in NAMES]
    assert heard == [Note("begun"), *ends]


def test_it_is_the_file_that_is_written_at_the_end(tmp_path, cases):
    outcomes = [outcome(case, volume_f=number / 3, residual_f_mean=float("nan")) for number, case in enumerate(cases)]
    send = GrowingSummary(tmp_path / "growing.csv", cases).following(lambda event: None)
    for one in outcomes:
        send(case_end(one))
    write_summary(tmp_path / "summary.csv", outcomes)
    assert (tmp_path / "growing.csv").read_bytes() == (tmp_path / "summary.csv").read_bytes()


def test_knees_that_have_not_ended_keep_their_rows(tmp_path, cases):
    path = tmp_path / "summary.csv"
    write_summary(path, [outcome(case, volume_f=5.0) for case in cases])
    before = path.read_text().splitlines()
    GrowingSummary(path, cases).following(lambda event: None)(case_end(outcome(cases[1], Status.REJECTED)))
    after = path.read_text().splitlines()
    assert [old == new for old, new in zip(before, after)] == [True, True, False, True]
    assert statuses(path)[1] == ("b, c.mha", "rejected")


@pytest.mark.parametrize("content", ["", "image,status\na.mha,good\n", "\0", "\udcff"])
def test_a_file_of_another_kind_is_not_taken_over(tmp_path, cases, content):
    path = tmp_path / "summary.csv"
    path.write_bytes(content.encode(errors="surrogateescape"))
    GrowingSummary(path, cases).following(lambda event: None)(case_end(outcome(cases[0])))
    assert statuses(path) == [("a.mha", "segmented")]


def test_a_full_disk_is_left_to_the_end(tmp_path, cases):
    GrowingSummary(tmp_path / "absent" / "summary.csv", cases).following(lambda event: None)(
        case_end(outcome(cases[0]))
    )
    assert not (tmp_path / "absent").exists()
