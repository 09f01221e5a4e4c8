"""The part of the panels that looks for elastix, with programs that only say what they lack."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from KneeCartilageSegLib.registration.parameterfiles import PARAMETER_FOLDER
from KneeCartilageSegLib.registration.stages import Modality

pytest_plugins = ["slicer_testbed.plugin"]
pytestmark = [
    pytest.mark.real_process,
    pytest.mark.skipif(os.name != "posix", reason="the programs are shell scripts"),
]

ROOT = Path(__file__).parents[2]
LACKS_SIMILARITY = """#!/bin/sh
[ "$1" = --version ] && echo "elastix version: 5.0.1" && exit
echo x >> "$SEARCHES"
while [ $# -gt 0 ]; do
  [ "$1" = -p ] && parameters="$2"
  [ "$1" = -out ] && out="$2"
  shift
done
grep -q SimilarityTransform "$parameters" && echo "ERROR: SimilarityTransform was not found" && exit 1
touch "$out/TransformParameters.0.txt"
"""


@pytest.fixture
def searches(tmp_path, monkeypatch):
    """An elastix without SimilarityTransform on the PATH, no package; says how often elastix was tried."""
    (tmp_path / "bin").mkdir()
    write_program(tmp_path / "bin" / "elastix")
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules.update(itk=None)\n")
    log = tmp_path / "searches"
    monkeypatch.setenv("SEARCHES", str(log))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    return lambda: len(log.read_text().splitlines()) if log.exists() else 0


def write_program(path):
    path.write_text(LACKS_SIMILARITY)
    path.chmod(0o755)


@pytest.fixture(params=["KneeCartilageSeg", "FindReference"])
def module(request):
    return request.param


def show(bed, module):
    bed.load_modules(ROOT / module / f"{module}.py")
    panel = bed.show_module(module)
    wait_for_answer(bed, panel)
    return panel


def wait_for_answer(bed, panel):
    bed.wait_until(lambda: not panel.engine.busy)


def choose(panel, modality):
    panel.ui.modalityComboBox.currentIndex = list(Modality).index(modality)


def test_elastix_is_looked_for_once(slicer_app, searches, module):
    """And not whenever the module is entered."""
    show(slicer_app, module)
    before = searches()
    assert before > 0
    for _ in range(5):
        slicer_app.leave_module()
        panel = slicer_app.show_module(module)
        assert not panel.engine.busy
        assert "SimilarityTransform" in panel.ui.engineStatusLabel.text
    slicer_app.process_events(300)
    assert searches() == before


def test_elastix_without_a_component_serves_what_does_not_need_it(slicer_app, searches, tmp_path):
    panel = show(slicer_app, "KneeCartilageSeg")
    assert "No usable elastix" in panel.whyNotApply()
    assert panel.ui.installElastixButton.visible
    for modality in (Modality.LONGITUDINAL, Modality.MULTIMODAL):
        choose(panel, modality)
        wait_for_answer(slicer_app, panel)
        assert "elastix 5.0.1" in panel.ui.engineStatusLabel.text
        assert panel.whyNotApply() == "Choose an image list."
        assert not panel.ui.installElastixButton.visible
    before = searches()
    choose(panel, Modality.NEW_SUBJECT)
    assert not panel.engine.busy, "that is known"
    assert "No usable elastix" in panel.whyNotApply()
    assert searches() == before

    own = tmp_path / "own"
    own.mkdir()
    text = (PARAMETER_FOLDER / "similarity.txt").read_text()
    (own / "similarity.txt").write_text(text.replace("SimilarityTransform", "AffineTransform"))
    panel.ui.parameterFolderEdit.currentPath = str(own)
    wait_for_answer(slicer_app, panel)
    assert panel.whyNotApply() == "Choose an image list.", "with these parameter files it will do"
    (own / "similarity.txt").write_text(text)
    slicer_app.leave_module()
    slicer_app.show_module("KneeCartilageSeg")
    wait_for_answer(slicer_app, panel)
    assert "No usable elastix" in panel.whyNotApply(), "the file has changed"


def test_elastix_that_comes_later_is_found(slicer_app, searches, tmp_path, module):
    """By its path, or where it is looked for: then a search is due."""
    (tmp_path / "bin" / "elastix").unlink()
    panel = show(slicer_app, module)
    assert "No usable elastix" in panel.whyNotApply()
    assert searches() == 0
    write_program(tmp_path / "bin" / "elastix")
    slicer_app.leave_module()
    slicer_app.show_module(module)
    wait_for_answer(slicer_app, panel)
    before = searches()
    assert before > 0
    (tmp_path / "other").mkdir()
    write_program(tmp_path / "other" / "elastix")
    panel.ui.elastixFolderEdit.currentPath = str(tmp_path / "other")
    wait_for_answer(slicer_app, panel)
    assert searches() > before
    assert str(tmp_path / "other") in panel.ui.engineStatusLabel.text


def test_parameter_files_that_cannot_be_read_are_not_elastix_fault(slicer_app, searches, tmp_path, module):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "rigid.txt").write_text("(Transform")
    panel = show(slicer_app, module)
    panel.ui.parameterFolderEdit.currentPath = str(tmp_path / "own")
    wait_for_answer(slicer_app, panel)
    assert "rigid.txt" in panel.ui.engineStatusLabel.text
    assert "elastix" not in panel.whyNotApply()
