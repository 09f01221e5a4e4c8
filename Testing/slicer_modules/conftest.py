"""Which processes the panels start in these tests."""

from __future__ import annotations

import pytest
from panel_user import InProcess, PlayedProcess


@pytest.fixture(autouse=True)
def _processes(request, monkeypatch):
    """None but in tests that are marked ``real_process``; those that take ``played`` play events.

    Pictures of knees are drawn by a process, too, and take longer than a hasty registration.
    """
    if "slicer_app" not in request.fixturenames or request.node.get_closest_marker("real_process"):
        return
    request.getfixturevalue("slicer_app")
    from KneeCartilageSegLib.segmentation import study_files
    from KneeCartilageSegLib.slicer_support import process

    played = "played" in request.fixturenames
    PlayedProcess.runs.clear()
    PlayedProcess.checks.clear()
    monkeypatch.setattr(process, "new_process", PlayedProcess if played else InProcess)
    monkeypatch.setattr(study_files, "can_draw", lambda: False)


@pytest.fixture
def played() -> type[PlayedProcess]:
    """The processes that were started: their events are played by the test."""
    return PlayedProcess
