"""What somebody finds who opens the panel KneeCartilageSeg for the first time."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from panel_user import User

pytest_plugins = ["slicer_testbed.plugin"]

MODULE = Path(__file__).parents[2] / "KneeCartilageSeg" / "KneeCartilageSeg.py"


@pytest.fixture
def user(slicer_app):
    slicer_app.load_modules(MODULE)
    slicer_app.app.layoutManager().threeDWidget(0).threeDView().forceRender()
    return User(slicer_app, slicer_app.show_module("KneeCartilageSeg"))


def click(user, link):
    assert f"href='{link}" in user.ui.hintLabel.text
    user.ui.hintLabel.linkActivated.emit(link)


def test_the_sample_is_one_click_and_apply_away(user, monkeypatch, screenshots, screenshot_folder):
    import KneeCartilageSegLib.slicer_support.sample as sample

    monkeypatch.setattr(sample.make_sample, "__defaults__", (None, 3.0))
    assert user.ui.hintLabel.visible
    screenshots.panel("KneeCartilageSeg", screenshot_folder / "hint.png")
    click(user, "sample")
    assert not user.ui.hintLabel.visible
    user.wait_for_apply()
    parameters = user.panel.parameters
    assert parameters.fromNodes
    assert [node.GetName() for node in parameters.movingVolumes] == ["01_DESS_01_prep"]
    assert parameters.femurMask is parameters.cartilageMask


def test_a_reference_and_the_tutorial_are_one_click_away(user, monkeypatch):
    import qt

    opened = []
    monkeypatch.setattr(qt, "QDesktopServices", SimpleNamespace(openUrl=lambda url: opened.append(url.toString())))
    click(user, "reference")
    assert not user.ui.makeReferenceCollapsibleButton.collapsed
    click(user, "https")
    assert opened == ["https"]


def test_who_has_chosen_something_needs_no_hint(user, tmp_path):
    user.choose_list(tmp_path / "list.txt")
    assert not user.ui.hintLabel.visible
    user.choose_list("")
    assert user.ui.hintLabel.visible
