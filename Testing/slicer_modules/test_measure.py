"""Measuring in the module KneeCartilageSeg: the surface, its colors, and the table."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.images.grid import Grid
from KneeCartilageSegLib.measurement.regions import REGIONS, Part
from KneeCartilageSegLib.phantom import KneeParameters, make_knee, write_knee
from panel_user import texts_of_column

pytest_plugins = ["slicer_testbed.plugin"]

LAYOUT = 20826  # of the unrolled map beside the knee
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
    slicer_app.wait_until(lambda: ui.measuredTextLabel.text not in ("", "Measuring ..."))
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

    nodes = panel.logic.measure(segmentation)
    measurement, model, table = nodes.measurement, nodes.model, nodes.table
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
    assert (again.model, again.table) == (model, table), "measuring again replaces what was there"
    assert (again.regions, again.unrolled.thickness) == (nodes.regions, nodes.unrolled.thickness)


class Legend:
    """What Slicer's colors module makes for a model: MRML without the application has none."""

    def __init__(self, node):
        self.node, self.title, self.visible = node, "", False

    def SetTitleText(self, text):
        self.title = text

    def SetVisibility(self, visible):
        self.visible = visible


def test_surface_and_unrolled_map_have_a_scalar_bar_each(panel, segmentation, monkeypatch):
    import slicer

    legends = []

    def add_legend(node):
        legends.append(Legend(node))
        return legends[-1]

    logic = SimpleNamespace(AddDefaultColorLegendDisplayNode=add_legend)
    monkeypatch.setattr(slicer.modules, "colors", SimpleNamespace(logic=lambda: logic))
    nodes = panel.logic.measure(segmentation)
    assert [legend.node for legend in legends] == [nodes.model, nodes.unrolled.thickness]
    assert all((legend.title, legend.visible) == ("Thickness (mm)", True) for legend in legends)


def test_regions_are_segments_with_names_and_colors_where_the_cartilage_is(panel, segmentation):
    import slicer
    from KneeCartilageSegLib.slicer_support.volumes import MaskSource, segment_image

    nodes = panel.logic.measure(segmentation)
    segments = nodes.regions.GetSegmentation()
    found = [segments.GetNthSegment(number) for number in range(segments.GetNumberOfSegments())]
    assert len({segment.GetName() for segment in found}) == len({segment.GetColor() for segment in found}) == len(Part)
    labels = nodes.measurement.labels
    voxels = sitk.GetArrayViewFromImage(labels)
    for part, name in ((Part.TROCHLEA, "Trochlea"), (Part.LATERAL_POSTERIOR, "Lateral, posterior")):
        assert segments.GetSegment(part.name.lower()).GetName() == name
        mask = segment_image(MaskSource(nodes.regions, part.name.lower()))
        assert sitk.GetArrayViewFromImage(mask).sum() == np.count_nonzero(voxels == part)
        assert np.array_equal(points_in(mask, 1), points_in(labels, part))
    assert slicer.util.getNode(nodes.regions.GetName()) is nodes.regions


def test_map_is_measured_in_the_range_that_is_chosen(slicer_app, panel, segmentation, files):
    import slicer.util

    volume = slicer.util.loadVolume(str(files[0]))
    volume.SetName("T2")
    slicer.util.updateVolumeFromArray(volume, np.full(slicer.util.arrayFromVolume(volume).shape, 42.0))
    ui = panel.ui
    assert not ui.mapLowSpinBox.enabled
    ui.measuredSelector.setCurrentNode(segmentation)
    ui.measuredMapSelector.setCurrentNode(volume)
    assert (ui.mapLowSpinBox.value, ui.mapHighSpinBox.value) == (1, 150)
    measure(slicer_app, ui)
    assert texts_of_column(ui.regionsTable, 4) == ["42"] * len(REGIONS)
    ui.mapHighSpinBox.value = 40
    measure(slicer_app, ui)
    assert texts_of_column(ui.regionsTable, 4) == [""] * len(REGIONS)
    table = slicer.util.getNode(f"{segmentation.GetName()} map values").GetTable()
    assert table.GetColumnByName("voxels").GetValue(0) == 0
    mask = sitk.GetArrayFromImage(sitk.ReadImage(str(files[2])))
    assert table.GetColumnByName("left_out_voxels").GetValue(0) == np.count_nonzero(mask)


def measure(slicer_app, ui):
    ui.measuredTextLabel.text = ""
    ui.measureButton.click()
    slicer_app.wait_until(lambda: ui.measuredTextLabel.text not in ("", "Measuring ..."))
    slicer_app.wait_until(lambda: slicer_app_layout() == LAYOUT)


def slicer_app_layout():
    import slicer

    return slicer.app.layoutManager().layout


def test_side_and_definition_can_be_chosen(slicer_app, panel, segmentation):
    import slicer.util

    ui = panel.ui
    ui.measuredSelector.setCurrentNode(segmentation)
    measure(slicer_app, ui)
    along_normals = float(texts_of_column(ui.regionsTable, 2)[0])
    assert ui.regionsTable.isColumnHidden(4)
    ui.measuredSideComboBox.currentText = "Left knee"
    ui.definitionComboBox.currentText = "Nearest neighbor (pyKNEEr)"
    measure(slicer_app, ui)
    assert "shape of the trochlea is that of a right knee" in ui.measuredTextLabel.text
    assert float(texts_of_column(ui.regionsTable, 2)[0]) < along_normals - 0.3
    table = slicer.util.getNode(f"{segmentation.GetName()} cartilage").GetTable()
    assert table.GetColumnByName("side").GetValue(0) == "left"
    assert table.GetColumnByName("definition").GetValue(0) == "nearest-neighbor"


def test_row_of_the_table_shows_its_region(slicer_app, panel, segmentation):
    import slicer
    import slicer.util

    ui = panel.ui
    ui.measuredSelector.setCurrentNode(segmentation)
    measure(slicer_app, ui)
    regions = slicer.util.getNode(f"{segmentation.GetName()} regions")
    labels = slicer.util.getNode(f"{segmentation.GetName()} unrolled regions")
    assert set(np.unique(slicer.util.arrayFromVolume(labels))) == {0, *Part}
    row = [region.key for region in REGIONS].index("medial_posterior")
    assert ui.regionsTable.item(row, 0).text() == "Medial, posterior"
    ui.regionsTable.cellClicked.emit(row, 0)
    display = regions.GetDisplayNode()
    identities = regions.GetSegmentation().GetSegmentIDs()
    assert [one for one in identities if display.GetSegmentVisibility(one)] == ["medial_posterior"]
    assert set(np.unique(slicer.util.arrayFromVolume(labels))) == {0, Part.MEDIAL_POSTERIOR}
    manager = slicer.app.layoutManager()
    mask = segment_points(regions, "medial_posterior")
    for name, axis in (("Red", 2), ("Green", 1), ("Yellow", 0)):
        matrix = manager.sliceWidget(name).mrmlSliceNode().GetSliceToRAS()
        place = matrix.GetElement(axis, 3)
        assert mask[:, axis].min() < place < mask[:, axis].max(), name
    ui.regionsTable.cellClicked.emit(0, 0)
    assert all(display.GetSegmentVisibility(one) for one in identities)
    slicer.mrmlScene.Clear()
    ui.regionsTable.cellClicked.emit(row, 0)  # nothing is left to show


def segment_points(node, identity):
    """Where the voxels of a segment are, mm (RAS)."""
    from KneeCartilageSegLib.slicer_support.volumes import MaskSource, segment_image

    return points_in(segment_image(MaskSource(node, identity)), 1) * [-1, -1, 1]


def points_in(image, value):
    """Where the voxels of a value are, mm (LPS), sorted."""
    inside = np.argwhere(sitk.GetArrayViewFromImage(image) == value)[:, ::-1].astype(float)
    return np.unique(Grid.of(image).points(inside).round(3), axis=0)


def test_unrolled_map_stands_in_a_view_of_its_own(slicer_app, panel, segmentation):
    """Front up, the patient's right on the left; its colors are those of the surface."""
    import slicer
    import slicer.util

    nodes = panel.logic.measure(segmentation)
    nodes.unrolled.show()
    composite = slicer.app.layoutManager().sliceWidget("Unrolled").sliceLogic().GetSliceCompositeNode()
    assert composite.GetBackgroundVolumeID() == nodes.unrolled.thickness.GetID()
    assert composite.GetLabelVolumeID() == nodes.unrolled.regions.GetID()
    values = slicer.util.arrayFromVolume(nodes.unrolled.thickness)[0]
    mean = nodes.measurement.whole.thickness.mean
    assert values[values >= 0].mean() == pytest.approx(mean, abs=0.15)
    display = nodes.unrolled.thickness.GetDisplayNode()
    assert (display.GetWindowLevelMin(), display.GetWindowLevelMax()) == nodes.model.GetDisplayNode().GetScalarRange()
    parts = slicer.util.arrayFromVolume(nodes.unrolled.regions)[0]
    to_ras = slicer.util.arrayFromVTKMatrix(ijk_to_ras(nodes.unrolled.thickness))

    def middle(part):
        row, column = np.argwhere(parts == part).mean(axis=0)
        return (to_ras @ [column, row, 0, 1])[:2]

    trochlea, medial, lateral = map(middle, (Part.TROCHLEA, Part.MEDIAL_POSTERIOR, Part.LATERAL_POSTERIOR))
    assert trochlea[1] > max(medial[1], lateral[1]) + 20
    assert lateral[0] > medial[0] + 20, "of a right knee, lateral is on the patient's right"


def ijk_to_ras(volume):
    import vtk

    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    return matrix


def test_pictures_of_the_measurement(slicer_app, panel, segmentation, screenshots, screenshot_folder):
    """They are to be looked at: surface, unrolled map with its regions, and slices with the regions."""
    ui = panel.ui
    ui.measuredSelector.setCurrentNode(segmentation)
    measure(slicer_app, ui)
    unrolled = screenshots.slice_view("Unrolled", screenshot_folder / "unrolled.png", (500, 500))
    assert len(np.unique(unrolled.reshape(-1, 3), axis=0)) > 30
    surface = screenshots.three_d_view(screenshot_folder / "surface.png", (600, 500)).reshape(-1, 3).astype(int)
    assert np.any(surface[:, 1] > surface[:, [0, 2]].max(axis=1) + 100), "green, as the thickness in its middle range"
    screenshots.slice_views(screenshot_folder / "slices.png", (400, 400))
    ui.measureCollapsibleButton.collapsed = False
    screenshots.panel("KneeCartilageSeg", screenshot_folder / "panel.png")
    ui.regionsTable.cellClicked.emit([region.key for region in REGIONS].index("lateral_posterior"), 0)
    screenshots.three_d_view(screenshot_folder / "region.png", (600, 500))
    screenshots.slice_views(screenshot_folder / "region_slices.png", (400, 400))
    screenshots.slice_view("Unrolled", screenshot_folder / "region_unrolled.png", (500, 500))


def test_segmentation_without_cartilage_is_refused(slicer_app, panel):
    import slicer

    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Nothing")
    panel.ui.measuredSelector.setCurrentNode(empty)
    panel.ui.measureButton.click()
    slicer_app.wait_until(lambda: "no segment whose name says cartilage" in panel.ui.measuredTextLabel.text)


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
