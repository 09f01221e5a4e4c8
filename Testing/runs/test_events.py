"""Events survive the way through a line of JSON, and nothing else is taken for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from KneeCartilageSegLib.errors import Problem
from KneeCartilageSegLib.runs.events import (
    CaseEnd,
    Checked,
    Checking,
    ComparisonStart,
    Event,
    Finish,
    IterationEnd,
    KneeStanding,
    Note,
    PairEnd,
    Planned,
    ProblemFound,
    ReferenceStart,
    RegistrationEnd,
    SearchCancelled,
    SearchEnd,
    SearchStart,
    Start,
    Step,
    StudyEnd,
    VisitsEnd,
    read_event,
    write_event,
)

EVENTS = [
    Checking(3, 10),
    ProblemFound.of(Problem("'a.mha' is not there", "Correct the name", Path("list.txt"), 4)),
    ProblemFound.of(Problem("something is wrong", "Think")),
    Note("the seeds are drawn"),
    Checked(("a", "b"), "elastix 5.2"),
    Checked(()),
    Planned("2 knees at once, 1 thread each"),
    KneeStanding("a", "changed input", "a.mha", 3),
    Start(("a", "Größe 2")),
    SearchStart(("a", "b", "c"), ("a",), 10),
    ComparisonStart(("a",), {"format": "x", "parameters": {"labels": ["1", "2"]}}),
    Step("a", "f_rigid", 0.333),
    Step("a", "f_rigid", 0.333, "b"),
    CaseEnd("a", "segmented", "", {"side": "look"}, "/x/a.mha", {"f": "/y/a_f.mha"}, {"volume_f": 1.5, "message": ""}),
    CaseEnd("a", "segmented", "", {}, "/x/a.mha", {}, {}, True, "/y/a_disagreement.mha"),
    ReferenceStart("b", 4),
    RegistrationEnd("b", "a", "failed", True, "no", {}, 1.25),
    IterationEnd("b", 1, "b", 0.1 + 0.2, "a", {"a": 1e-17}, {"c": "why"}, {}),
    StudyEnd("b", "cycle", ("b", "a"), ("a",), None, None, "seed 'b': runs in a cycle"),
    SearchCancelled(),
    SearchEnd("a", True, "Use 'a'", {"asked": 8}, "/x/a.mha", "/x/a_f.mha", None, {"plot": None}),
    PairEnd({"subject": "a", "labels": [{"label": [1, 1]}]}, 1, 3),
    VisitsEnd("a", ({"first": "b", "second": "a", "volume_error_mm3": None},), notes=("the side is not sure",)),
    VisitsEnd("a", message="the two images do not match"),
    Finish(("segmented", "failed")),
    Finish(),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_is_read_as_it_was_written(event):
    line = write_event(event)
    assert "\n" not in line
    assert read_event(line) == event


def test_all_kinds_of_events_are_tried_here():
    assert {type(event) for event in EVENTS} == set(Event.__subclasses__())


@pytest.mark.parametrize(
    "line",
    ["", "elastix 5.2", "12", "[]", "{}", '{"event": "unknown"}', '{"event": "step"}', '{"event": ["step"]}', "null"],
)
def test_what_is_no_event_is_not_taken_for_one(line):
    assert read_event(line) is None


def test_what_a_newer_version_adds_is_left_out():
    content = {**json.loads(write_event(Note("hello"))), "color": "red"}
    assert read_event(json.dumps(content)) == Note("hello")
