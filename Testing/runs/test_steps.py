"""The table of steps, and the progress that follows from it."""

from __future__ import annotations

import pytest
from KneeCartilageSegLib.errors import Cancelled
from KneeCartilageSegLib.registration.stages import STAGES, Modality
from KneeCartilageSegLib.runs.events import Step
from KneeCartilageSegLib.runs.steps import STEPS, WorkSteps
from KneeCartilageSegLib.runs.workplace import LocalWorkplace


def test_progress_follows_the_weights():
    heard = []
    steps = WorkSteps(
        LocalWorkplace(heard.append), STAGES[Modality.LONGITUDINAL], ["masks", "checks", "writing"], "knee"
    )
    for step in ("reading", "f_rigid", "f_spline", "fc_spline", "masks", "checks", "writing"):
        steps.begin(step)
    total = 1 + 1 + 4 + 6 + 2 + 1 + 4
    done = [0, 1, 2, 6, 12, 14, 15]
    assert heard == [Step("knee", event.step, round(n / total, 3)) for event, n in zip(heard, done)]


def test_a_cancel_stops_the_work_at_its_next_step():
    place = LocalWorkplace()
    steps = WorkSteps(place, STAGES[Modality.MULTIMODAL], ["checks"], "knee", "reference")
    steps.begin("reading")
    place.cancel()
    with pytest.raises(Cancelled):
        steps.begin("f_rigid")


def test_every_stage_has_a_title_and_leaves_it_out_of_records():
    for stage in (stage for stages in STAGES.values() for stage in stages):
        assert STEPS[stage.name].title
        assert set(stage.facts) == {"name", "parameter_file", "tissue", "dilation", "spacing", "margin"}
        assert stage.title not in repr(stage)  # finished results are recognized by it
