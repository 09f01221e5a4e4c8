"""Measuring a change in the module KneeCartilageSeg: what it hands to the command, and what it shows of the answer."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.measurement.regions import REGIONS
from KneeCartilageSegLib.measurement.tables import CHANGE_COLUMNS
from KneeCartilageSegLib.measurement.visits import find_second_masks
from KneeCartilageSegLib.phantom import KneeParameters, make_knee, write_knee
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.runs.events import Checking, Finish, ProblemFound, Start, Step, VisitsEnd
from KneeCartilageSegLib.segmentation.cases import read_cases
from KneeCartilageSegLib.tissue import Tissue
from panel_user import texts_of_column

pytest_plugins = ["slicer_testbed.plugin"]

MODULE = Path(__file__).parents[2] / "KneeCartilageSeg" / "KneeCartilageSeg.py"


@pytest.fixture(scope="module")
def visits(tmp_path_factory):
    """Image, femur and cartilage of a knee at two visits."""
    folder = tmp_path_factory.mktemp("visits")
    first = KneeParameters.reduced(2.5, subject=4)
    second = first.changed(acquisition=1, translation=(2.0, 1.0, -1.0))
    return [write_knee(make_knee(knee), folder, name) for knee, name in ((first, "knee 1"), (second, "knee 2"))]


@pytest.fixture
def panel(slicer_app):
    slicer_app.load_modules(MODULE)
    return slicer_app.show_module("KneeCartilageSeg")


@pytest.fixture
def nodes(panel, visits):
    """Volume and segmentation node of both visits."""
    from KneeCartilageSegLib.slicer_support.run import load_segmented
    from KneeCartilageSegLib.slicer_support.tasks import run_now

    return [
        run_now(load_segmented(image, {Tissue.FEMUR: femur, Tissue.CARTILAGE: cartilage}))
        for image, femur, cartilage in visits
    ]


def rows(first="knee_1", second="knee_2"):
    """A change of -2 % and -34 micrometers everywhere; the thirds are too small to have an error."""
    values = {
        "volume_mm3": 12345.678,
        "volume_change_mm3": -246.9,
        "volume_error_mm3": 123.4,
        "volume_change_percent": -2.0,
        "volume_error_percent": 1.0,
        "thickness_mm": 2.1,
        "thickness_change_mm": -0.034,
        "thickness_error_mm": 0.012,
        "seen_percent": 87.654,
        "disagreement_percent": 0.4,
    }
    small = dict.fromkeys(key for key in values if "error" in key)
    found = []
    for region in REGIONS:
        third = small if region.key.count("_") == 2 else {}
        found.append({"first": first, "second": second, "region": region.key, **values, **third})
    return tuple(found)


def choose(panel, nodes, second_masks=False):
    ui = panel.ui
    (_first, masks), (second, others) = nodes
    ui.firstMasksSelector.setCurrentNode(masks)
    ui.secondVisitSelector.setCurrentNode(second)
    if second_masks:
        ui.secondMasksSelector.setCurrentNode(others)
    return ui


def started(slicer_app, ui, played):
    """The process of the command that a click starts."""
    before = len(played.runs)
    ui.compareButton.click()
    slicer_app.wait_until(lambda: len(played.runs) > before)
    return played.runs[-1]


def test_nodes_are_written_as_a_list_that_the_command_takes(slicer_app, panel, nodes, visits, played, tmp_path):
    panel.parameters.workingFolder = str(tmp_path)
    ui = choose(panel, nodes, second_masks=True)
    assert ui.firstVisitSelector.currentNode() is nodes[0][0], "the volume that the masks were drawn on"
    ui.visitsSideComboBox.currentText = "Left knee"
    process = started(slicer_app, ui, played)
    folder = tmp_path / "KneeCartilageSeg change"
    command, list_file, *options = process.arguments
    assert (command, Path(list_file)) == ("change", folder / "image_list_longitudinal.txt")
    assert f"--csv={folder / 'change.csv'}" in options
    assert {"--side=left", "--attached"} <= set(options)
    ((case,), _) = read_cases(Path(list_file), Modality.LONGITUDINAL)
    written = [case.references[0].image, *dict(case.references[0].masks).values()]
    for path, original in zip(written, visits[0]):
        image, expected = sitk.ReadImage(str(path)), sitk.ReadImage(str(original))
        assert np.allclose(image.GetOrigin(), expected.GetOrigin(), atol=1e-3)
        assert np.array_equal(sitk.GetArrayFromImage(image), sitk.GetArrayFromImage(expected))
    assert set(find_second_masks(case)) == set(Tissue)
    process.end(130)
    ui.secondMasksSelector.setCurrentNode(None)
    started(slicer_app, ui, played)
    assert not find_second_masks(case), "masks that were not chosen this time would be used"


def test_what_is_told_is_shown(slicer_app, panel, nodes, played, screenshots, screenshot_folder):
    import slicer

    ui = choose(panel, nodes)
    ui.changeCollapsibleButton.collapsed = False
    assert "experimental" in ui.changeCollapsibleButton.text
    process = started(slicer_app, ui, played)
    assert ui.cancelCompareButton.enabled
    assert not ui.compareButton.enabled
    process.play(Checking(1, 2))
    assert ui.changeTextLabel.text == "Reading the images: 1 of 2"
    process.play(Start(("knee_2",)))
    process.play(Step("knee_2", "f_rigid", 0.25))
    assert ui.changeTextLabel.text == "knee_2: Aligning ..."
    assert ui.changeProgressBar.value == 25
    process.play(VisitsEnd("knee_2", rows(), notes=("the image's frame does not fit the anatomy, which was believed",)))
    process.play(Finish())
    process.end()
    assert not ui.cancelCompareButton.enabled
    assert ui.compareButton.enabled
    said = ui.changeTextLabel.text
    assert said.startswith("Experimental")
    assert "change.csv" in said
    assert "frame does not fit" in said
    shown = ui.changeTable
    assert shown.isColumnHidden(0)
    assert texts_of_column(shown, 1)[:2] == ["Whole femoral cartilage", "Trochlea"]
    assert texts_of_column(shown, 1)[3].strip() == "external third"
    assert set(texts_of_column(shown, 2)) == {"-2.0 ± 1.0", "-2.0"}
    assert texts_of_column(shown, 3)[0] == "-34 ± 12"
    assert texts_of_column(shown, 4)[0] == "88"
    node = slicer.util.getNode("knee 2: change (experimental)")
    table = node.GetTable()
    assert [table.GetColumnName(number) for number in range(table.GetNumberOfColumns())] == list(CHANGE_COLUMNS)
    assert table.GetNumberOfRows() == len(REGIONS)
    assert table.GetColumnByName("volume_mm3").GetValue(0) == 12350
    assert np.isnan(table.GetColumnByName("volume_error_mm3").GetValue(3))
    assert node.GetColumnUnitLabel("thickness_change_mm") == "mm"
    screenshots.panel("KneeCartilageSeg", screenshot_folder / "change.png")


def test_a_list_of_visits_takes_the_place_of_nodes(slicer_app, panel, nodes, played, tmp_path):
    import slicer

    ui = choose(panel, nodes)
    list_file = tmp_path / "follow-ups.txt"
    ui.visitsListFileEdit.currentPath = str(list_file)
    assert not ui.firstVisitSelector.enabled
    assert ui.compareButton.enabled
    ui.changeTableFileEdit.currentPath = str(tmp_path / "out.csv")
    process = started(slicer_app, ui, played)
    assert process.arguments[:2] == ["change", str(list_file)]
    assert f"--csv={tmp_path / 'out.csv'}" in process.arguments
    process.play(Start(("b", "d", "f")))
    process.play(VisitsEnd("b", rows("a", "b")))
    process.play(VisitsEnd("d", rows("c", "d")))
    process.play(VisitsEnd("f", message="the two images do not match"))
    process.play(Finish())
    process.end(1)
    assert "f: the two images do not match" in ui.changeTextLabel.text
    assert not ui.changeTable.isColumnHidden(0)
    assert set(texts_of_column(ui.changeTable, 0)) == {"a → b", "c → d"}
    table = slicer.util.getNode("follow-ups: change (experimental)")
    assert table.GetNumberOfRows() == 2 * len(REGIONS)


def test_problems_of_a_list_are_named(slicer_app, panel, played, tmp_path):
    ui = panel.ui
    ui.visitsListFileEdit.currentPath = str(tmp_path / "list.txt")
    process = started(slicer_app, ui, played)
    process.play(ProblemFound("'b.mha' is not there", "Correct the name", str(tmp_path / "list.txt"), 4))
    process.end(2)
    assert "Line 4: 'b.mha' is not there. Correct the name." in ui.changeTextLabel.text
    assert not ui.changeTable.visible


def test_cancel_leaves_no_table(slicer_app, panel, nodes, played):
    import slicer

    ui = choose(panel, nodes)
    process = started(slicer_app, ui, played)
    process.play(Step("knee_2", "f_rigid", 0.25))
    ui.cancelCompareButton.click()
    slicer_app.wait_until(lambda: ui.changeTextLabel.text == "Cancelled.")
    assert ui.compareButton.enabled
    assert not [node for node in slicer.util.getNodesByClass("vtkMRMLTableNode") if "change" in node.GetName()]


def test_closing_the_scene_cancels_visits_of_the_scene(slicer_app, panel, nodes, played):
    import slicer

    ui = choose(panel, nodes)
    process = started(slicer_app, ui, played)
    process.play(VisitsEnd("knee_2", rows()))
    slicer.mrmlScene.Clear()
    slicer_app.wait_until(lambda: not panel.change.running)
    assert not slicer.util.getNodesByClass("vtkMRMLTableNode")


def test_visits_that_cannot_be_compared_are_refused(panel, nodes, played):
    import slicer

    ui = choose(panel, nodes)
    ui.secondVisitSelector.setCurrentNode(nodes[0][0])
    ui.compareButton.click()
    assert "'knee 1' is both visits" in ui.changeTextLabel.text
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Nothing")
    ui.secondVisitSelector.setCurrentNode(nodes[1][0])
    ui.firstMasksSelector.setCurrentNode(empty)
    ui.compareButton.click()
    said = ui.changeTextLabel.text
    assert "no segment that is known to be the femur" in said
    assert "no segment that is known to be the femoral cartilage" in said
    assert not played.runs


def test_the_console_measures_too(panel, nodes, played, monkeypatch):
    import slicer
    from KneeCartilageSegLib.errors import InputError, KneeError
    from KneeCartilageSegLib.slicer_support.change import ChangeRun

    logic = sys.modules["KneeCartilageSeg"].KneeCartilageSegLogic()
    (first, masks), (second, _others) = nodes
    with pytest.raises(InputError, match="no volume of the second visit"):
        logic.measureChange(first, masks, None)

    def answer(event):
        def wait(run):
            while run.exporting:
                slicer.app.processEvents()
            process = played.runs[-1]
            process.play(event)
            process.end(1 if event.message else 0)

        return wait

    monkeypatch.setattr(ChangeRun, "wait", answer(VisitsEnd("knee_2", rows())))
    assert logic.measureChange(first, masks, second).GetNumberOfRows() == len(REGIONS)
    monkeypatch.setattr(ChangeRun, "wait", answer(VisitsEnd("knee_2", message="the two images do not match")))
    with pytest.raises(KneeError, match="knee_2: the two images do not match"):
        logic.measureChange(first, masks, second)
