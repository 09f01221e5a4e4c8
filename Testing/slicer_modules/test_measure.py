"""Measuring in the module KneeCartilageSeg: the surface, its colors, and the table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from KneeCartilageSegLib.measurement.regions import REGIONS
from KneeCartilageSegLib.phantom import KneeParameters, make_knee, write_knee

pytest_plugins = ["slicer_testbed.plugin"]

MODULE = Path(__file__).parents[2] / "KneeCartilageSeg" / "KneeCartilageSeg.py"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    knee = make_knee(KneeParameters.reduced(1.5, subject=4))
    return write_knee(knee, tmp_path_factory.mktemp("knee"), "knee")


@pytest.fixture
def panel(slicer_app):
    slicer_app.load_modules(MODULE)
    return slicer_app.show_module("KneeCartilageSeg")


@pytest.fixture
def segmentation(panel, files):
    from KneeCartilageSegLib.slicer_support.run import load_segmented
    from KneeCartilageSegLib.slicer_support.tasks import run_now
    from KneeCartilageSegLib.tissue import Tissue

    image, femur, cartilage = files
    return run_now(load_segmented(image, {Tissue.FEMUR: femur, Tissue.CARTILAGE: cartilage}))[1]


def test_button_measures_the_chosen_segmentation(slicer_app, panel, segmentation):
    import slicer.util

    ui = panel.ui
    ui.measuredSelector.setCurrentNode(segmentation)
    assert ui.measureButton.enabled
    ui.measureButton.click()
    slicer_app.wait_until(lambda: ui.measuredTextLabel.text not in ("", "Measuring ..."), 60)
    assert "Mean thickness" in ui.measuredTextLabel.text
    (table,) = (
        node for node in slicer.util.getNodesByClass("vtkMRMLTableNode") if node.GetName() in ui.measuredTextLabel.text
    )
    assert table.GetNumberOfRows() == len(REGIONS)
    assert table.GetColumnUnitLabel("volume_mm3") == "mm3"
    assert table.GetTable().GetColumnByName("side").GetValue(0) == "right"


def test_surface_lies_on_the_bone_and_holds_the_thickness_of_the_table(panel, segmentation):
    from slicer.util import arrayFromModelPoints
    from vtk.util.numpy_support import vtk_to_numpy

    measurement, model, table = panel.logic.measure(segmentation)
    points = arrayFromModelPoints(model) * [-1, -1, 1]
    surface = measurement.surface
    np.testing.assert_allclose(points.mean(axis=0), surface.bone.points[surface.covered].mean(axis=0), atol=0.5)
    thickness = vtk_to_numpy(model.GetPolyData().GetPointData().GetArray("thickness_mm"))
    greatest = table.GetTable().GetColumnByName("thickness_max_mm").GetValue(0)
    assert float(f"{thickness.max():.4g}") == greatest
    display = model.GetDisplayNode()
    assert display.GetScalarVisibility()
    assert display.GetActiveScalarName() == "thickness_mm"
    assert display.GetScalarRange() == (0.0, 4.0)
    again = panel.logic.measure(segmentation)
    assert (again[1], again[2]) == (model, table), "measuring again replaces what was there"


def test_segmentation_without_cartilage_is_refused(slicer_app, panel):
    import slicer

    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Nothing")
    panel.ui.measuredSelector.setCurrentNode(empty)
    panel.ui.measureButton.click()
    slicer_app.wait_until(lambda: "no segment whose name says cartilage" in panel.ui.measuredTextLabel.text, 10)


@pytest.mark.parametrize(
    ("femur", "cartilage"), [("Femur", "Femoral cartilage"), ("Femur", "Femurknorpel"), ("knee_f", "knee_fc")]
)
def test_segments_are_found_by_their_names_in_the_language_of_the_user(panel, monkeypatch, femur, cartilage):
    """The German name of the femoral cartilage holds the femur's, and no word of the English one."""
    import slicer
    from KneeCartilageSegLib.slicer_support import volumes
    from KneeCartilageSegLib.tissue import Tissue

    german = {"Femur": "Femur", "Femoral cartilage": "Femurknorpel"}
    monkeypatch.setattr(volumes, "_", lambda text: german.get(text, text))
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode")
    for segment_id, name in (("c", cartilage), ("f", femur)):
        node.GetSegmentation().AddEmptySegment(segment_id, name)
    assert volumes.guess_segment(node, Tissue.CARTILAGE) == "c"
    assert volumes.guess_segment(node, Tissue.FEMUR) == "f"
