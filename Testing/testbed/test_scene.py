"""The test bed's scene and views: node selectors, subject hierarchy, files, tables and pictures of real rendering."""

from __future__ import annotations

import numpy as np
import pytest

pytest_plugins = ["slicer_testbed.plugin"]

FEMUR_COLOR = (1.0, 0.0, 0.0)


@pytest.fixture
def knee(slicer_app):
    """A volume of 40 x 30 x 20 voxels with a bright box, and a segmentation of the box."""
    import slicer
    import slicer.util

    voxels = np.full((20, 30, 40), 60, np.int16)
    voxels[5:15, 8:22, 10:30] = 200
    volume = slicer.util.addVolumeFromArray(voxels, name="Knee")
    volume.CreateDefaultDisplayNodes()
    volume.GetDisplayNode().SetAutoWindowLevel(False)
    volume.GetDisplayNode().SetWindowLevelMinMax(0, 255)
    segmentation = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Mask")
    segmentation.CreateDefaultDisplayNodes()
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    segment = segmentation.GetSegmentation().AddEmptySegment("Femur", "Femur", FEMUR_COLOR)
    mask = (voxels > 100).astype(np.uint8)
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, segmentation, segment, volume)
    return volume, segmentation, segment


def _selector(**properties):
    import slicer

    selector = slicer.qMRMLNodeComboBox()
    selector.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    for name, value in properties.items():
        setattr(selector, name, value)
    selector.setMRMLScene(slicer.mrmlScene)
    return selector


def _add(class_name, name):
    import slicer

    return slicer.mrmlScene.AddNewNodeByClass(class_name, name)


def test_node_selector_follows_the_scene(slicer_app):
    import slicer

    selector, changes, validity = _selector(), [], []
    selector.connect("currentNodeChanged(vtkMRMLNode*)", lambda node: changes.append(node and node.GetName()))
    selector.connect("currentNodeChanged(bool)", validity.append)
    assert selector.currentNode() is None
    first, second = _add("vtkMRMLScalarVolumeNode", "First"), _add("vtkMRMLScalarVolumeNode", "Second")
    assert selector.currentNode() is first, "without a None entry the first node is chosen"
    selector.setCurrentNode(second)
    second.SetName("Renamed")
    assert selector.comboBox().currentText == "Renamed"
    slicer.mrmlScene.RemoveNode(second)
    assert selector.currentNode() is first
    slicer.mrmlScene.Clear(0)
    assert selector.currentNodeID == ""
    assert changes == ["First", "Second", "First", None]
    assert validity == [True, True, True, False]


def test_node_selector_filters(slicer_app):
    labelmap, hidden = _add("vtkMRMLLabelMapVolumeNode", "Label"), _add("vtkMRMLScalarVolumeNode", "Hidden")
    volume = _add("vtkMRMLScalarVolumeNode", "Volume")
    hidden.SetHideFromEditors(True)
    volume.SetAttribute("Knee", "left")
    hidden.Modified()
    with_none = _selector(noneEnabled=True)
    assert with_none.currentNode() is None
    assert with_none.nodes() == [labelmap, volume]
    assert _selector(showChildNodeTypes=False).nodes() == [volume]
    assert _selector(hideChildNodeTypes=["vtkMRMLLabelMapVolumeNode"]).nodes() == [volume]
    assert _selector(showHidden=True).nodes() == [labelmap, hidden, volume]
    by_attribute = _selector()
    by_attribute.addAttribute("vtkMRMLScalarVolumeNode", "Knee", "left")
    assert by_attribute.nodes() == [volume]


def test_user_creates_and_deletes_nodes_with_the_selector(slicer_app):
    selector, added = _selector(baseName="Mask", noneEnabled=True), []
    selector.connect("nodeAddedByUser(vtkMRMLNode*)", added.append)
    combo = selector.comboBox()
    combo.activated.emit(combo.findText("Create new ScalarVolume"))
    assert selector.currentNode() is added[0]
    assert added[0].GetName() == "Mask"
    combo.activated.emit(combo.findText("Delete current"))
    assert selector.nodeCount() == 0


def test_deleted_selector_stops_observing(slicer_app):
    selector = _selector()
    selector.delete()
    _add("vtkMRMLScalarVolumeNode", "Later")


def test_checkable_selector(slicer_app):
    import qt
    import slicer

    selector, changes = slicer.qMRMLCheckableNodeComboBox(), []
    selector.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    selector.connect("checkedNodesChanged()", lambda: changes.append(len(selector.checkedNodes())))
    selector.setMRMLScene(slicer.mrmlScene)
    nodes = [_add("vtkMRMLScalarVolumeNode", name) for name in "abc"]
    selector.check(nodes[0])
    selector.setCheckState(nodes[2], qt.Qt.Checked)
    assert selector.checkedNodes() == (nodes[0], nodes[2])
    _add("vtkMRMLScalarVolumeNode", "d")
    slicer.mrmlScene.RemoveNode(nodes[0])
    assert selector.checkedNodes() == (nodes[2],)
    selector.uncheck(nodes[2])
    assert selector.noneChecked()
    assert changes[:2] == [1, 2]
    assert changes[-1] == 0


def test_segment_selector_chooses_by_itself(knee):
    """Nodes and segments; what was current before is restored in silence, and an ID without a segment stays."""
    import slicer

    _, segmentation, segment = knee
    selector, changes = slicer.qMRMLSegmentSelectorWidget(), []
    selector.connect("currentSegmentChanged(QString)", changes.append)
    selector.setMRMLScene(slicer.mrmlScene)
    assert selector.currentNode() is segmentation
    assert selector.currentSegmentID() == segment
    segmentation.GetSegmentation().AddEmptySegment("Cartilage", "Femoral cartilage")
    assert changes == [segment], "its own segment is restored after the others have changed, and nothing is emitted"
    selector.setCurrentSegmentID("Cartilage")
    segmentation.GetSegmentation().RemoveSegment("Cartilage")
    assert changes == [segment, "Cartilage", segment]
    selector.setCurrentSegmentID("NoSuchSegment")
    assert selector.currentSegmentID() == segment
    other = _add("vtkMRMLSegmentationNode", "Other")
    other.GetSegmentation().AddEmptySegment(segment, "The same ID")
    selector.setCurrentNode(other)
    assert changes == [segment, "Cartilage", segment], "the other node has a segment of that ID"
    for node in (segmentation, other):
        slicer.mrmlScene.RemoveNode(node)
    assert (selector.currentNode(), selector.currentSegmentID()) == (None, segment)


@pytest.mark.parametrize(("removed", "then"), [("a", "b"), ("b", "c"), ("c", "b")])
def test_selector_jumps_to_a_neighbour_of_a_node_that_leaves(slicer_app, removed, then):
    """Also a selector that could show None; who wants that has to choose it before the node leaves."""
    import slicer

    nodes = {name: _add("vtkMRMLScalarVolumeNode", name) for name in "abc"}
    selector, seen = slicer.qMRMLNodeComboBox(), []
    selector.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    selector.noneEnabled = True
    selector.setMRMLScene(slicer.mrmlScene)
    selector.setCurrentNode(nodes[removed])
    selector.connect("currentNodeChanged(vtkMRMLNode*)", lambda node: seen.append(node and node.GetName()))
    slicer.mrmlScene.RemoveNode(nodes[removed])
    assert seen == [then]
    about_to_leave = slicer.vtkMRMLScene.NodeAboutToBeRemovedEvent
    tag = slicer.mrmlScene.AddObserver(about_to_leave, lambda *_: selector.setCurrentNode(None))
    slicer.mrmlScene.RemoveNode(nodes[then])
    slicer.mrmlScene.RemoveObserver(tag)
    assert selector.currentNode() is None


def test_subject_hierarchy_items_come_go_and_are_saved(knee, tmp_path):
    import slicer.util

    # A view looks up a node's parents while the scene is loaded: it must find them.
    slicer.app.layoutManager().threeDWidget(0).threeDView().forceRender()
    volume, segmentation, _ = knee
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    item = hierarchy.GetItemByDataNode(segmentation)
    assert hierarchy.GetItemOwnerPluginName(item) == "Segmentations"
    hierarchy.SetItemParent(item, hierarchy.GetItemByDataNode(volume))
    table = _add("vtkMRMLTableNode", "Results")
    assert hierarchy.GetItemByDataNode(table)
    slicer.mrmlScene.RemoveNode(table)
    assert hierarchy.GetNumberOfItems() == 2
    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.util.loadScene(str(tmp_path / "scene.mrb"), {"clear": True})
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    item = hierarchy.GetItemByDataNode(slicer.util.getNode("Mask"))
    assert hierarchy.GetItemName(hierarchy.GetItemParent(item)) == "Knee"
    assert hierarchy.GetNumberOfItems() == 2


def test_files_are_loaded_by_slicer_util(knee, tmp_path):
    import slicer.util

    volume, segmentation, _ = knee
    for node, name in ((volume, "knee.nii.gz"), (segmentation, "mask.seg.nrrd")):
        assert slicer.util.saveNode(node, str(tmp_path / name))
    loaded = slicer.util.loadVolume(str(tmp_path / "knee.nii.gz"), {"show": False})
    assert np.array_equal(slicer.util.arrayFromVolume(loaded), slicer.util.arrayFromVolume(volume))
    assert slicer.util.loadLabelVolume(str(tmp_path / "knee.nii.gz")).IsA("vtkMRMLLabelMapVolumeNode")
    again = slicer.util.loadSegmentation(str(tmp_path / "mask.seg.nrrd"))
    assert again.GetSegmentation().GetSegment("Femur").GetColor() == FEMUR_COLOR
    with pytest.raises(RuntimeError, match="Failed to load"):
        slicer.util.loadVolume(str(tmp_path / "nothing.nrrd"))


def test_terminology_tags_are_saved(knee, tmp_path):
    import slicer.util

    _, segmentation, segment = knee
    tag = slicer.vtkSegment.GetTerminologyEntryTagName()
    femur = "~SCT^123037004^Anatomical Structure~SCT^71341001^Femur~^^~Anatomic codes~^^~^^"
    segmentation.GetSegmentation().GetSegment(segment).SetTag(tag, femur)
    slicer.util.saveNode(segmentation, str(tmp_path / "mask.seg.nrrd"))
    again = slicer.util.loadSegmentation(str(tmp_path / "mask.seg.nrrd"))
    assert femur == _tag(again.GetSegmentation().GetSegment(segment), tag)


def _tag(segment, name):
    import vtk

    value = vtk.reference("")
    segment.GetTag(name, value)
    return str(value)


def test_slices_and_3d_view_show_volume_and_segmentation(slicer_app, knee, screenshots, screenshot_folder):
    import slicer.util

    volume, segmentation, _ = knee
    segmentation.GetDisplayNode().SetOpacity2DFill(0.5)
    slicer.util.setSliceViewerLayers(background=volume, fit=True)
    slicer.util.resetSliceViews()
    red = screenshots.slice_view("Red").astype(int)
    outside, inside = _near(red, 60, 60, 60), _near(red, 228, 100, 100)
    outline = (red[..., 0] > 240) & (red[..., 1:].max(axis=-1) < 60)
    assert outside > 10_000, "the volume is not shown"
    assert inside > 10_000, "the fill is not blended with the image"
    assert 200 < outline.sum() < 5_000, "the outline is not shown"
    slicer.mrmlScene.Modified()
    pictures = screenshots.slice_views(screenshot_folder / "testbed-slices.png")
    assert pictures.shape == (400, 1200, 3)
    assert all(_near(view.astype(int), 228, 100, 100) > 3_000 for view in np.hsplit(pictures, 3))
    _check_3d_view(segmentation, screenshots, screenshot_folder)


def _check_3d_view(segmentation, screenshots, folder):
    import slicer

    view = slicer.app.layoutManager().threeDWidget(0).threeDView()
    before = screenshots.three_d_view().astype(int)
    assert _reddish(before) == 0
    assert segmentation.CreateClosedSurfaceRepresentation()
    view.resetFocalPoint()
    view.resetCamera()
    # Other tests may have left things in the view that are further away than the segmentation.
    camera = slicer.modules.cameras.logic().GetViewActiveCameraNode(view.mrmlViewNode())
    bounds = np.zeros(6)
    segmentation.GetRASBounds(bounds)
    camera.SetFocalPoint(*(bounds[::2] + bounds[1::2]) / 2)
    camera.SetPosition(*((bounds[::2] + bounds[1::2]) / 2 + (0, 80, 0)))
    camera.ResetClippingRange()
    after = screenshots.three_d_view(folder / "testbed-3d.png").astype(int)
    assert _reddish(after) > 5_000


def _near(pixels, *color):
    return int((abs(pixels - np.array(color)).max(axis=-1) <= 14).sum())


def _reddish(pixels):
    return int(((pixels[..., 0] > 100) & (pixels[..., 1:].max(axis=-1) < pixels[..., 0] / 2)).sum())


def test_layouts_and_tables(slicer_app, screenshots, screenshot_folder):
    import slicer

    manager, layouts = slicer.app.layoutManager(), slicer.vtkMRMLLayoutNode
    assert sorted(manager.sliceViewNames()) == ["Green", "Red", "Yellow"]
    assert (manager.threeDViewCount, manager.tableViewCount, manager.plotViewCount) == (1, 0, 0)
    manager.setLayout(layouts.SlicerLayoutFourUpPlotTableView)
    assert (manager.threeDViewCount, manager.tableViewCount, manager.plotViewCount) == (0, 1, 1)
    assert manager.sliceWidget("Red").mrmlSliceNode().IsMappedInLayout()
    table = _results_table()
    slicer.app.applicationLogic().GetSelectionNode().SetActiveTableID(table.GetID())
    slicer.app.applicationLogic().PropagateTableSelection()
    view = manager.tableWidget(0).tableView()
    assert view.mrmlTableNode() is table
    assert view.model().index(0, 1).data() == "Dice"
    view.setFirstRowLocked(True)
    assert view.model().index(0, 1).data() == "0.5"
    clicked = []
    view.connect("selectionChanged()", lambda: clicked.append(view.selectionModel().currentIndex.row()))
    view.selectRow(2)
    assert clicked == [2]
    view.resize(400, 200)
    assert screenshots.widget(view, screenshot_folder / "testbed-table.png").std() > 5


def _results_table():
    import vtk

    node = _add("vtkMRMLTableNode", "Results")
    names, dice, number = vtk.vtkStringArray(), vtk.vtkDoubleArray(), vtk.vtkDoubleArray()
    for column, name in ((names, "Knee"), (dice, "Dice"), (number, "Number")):
        column.SetName(name)
        node.AddColumn(column)
    for index, value in enumerate((0.5, 0.875, 0.75)):
        names.InsertNextValue(f"Knee {index + 1}")
        dice.InsertNextValue(value)
        number.InsertNextValue(index + 1)
    node.Modified()
    return node


def test_plot_is_shown_and_drawn(slicer_app, screenshots, screenshot_folder):
    import slicer

    series = _add("vtkMRMLPlotSeriesNode", "Dice")
    series.SetAndObserveTableNodeID(_results_table().GetID())
    series.SetXColumnName("Number")
    series.SetYColumnName("Dice")
    series.SetPlotType(series.PlotTypeScatter)
    series.SetColor(0.0, 0.0, 1.0)
    chart = _add("vtkMRMLPlotChartNode", "Chart")
    chart.SetTitle("Overlap")
    chart.AddAndObservePlotSeriesNodeID(series.GetID())
    slicer.modules.plots.logic().ShowChartInLayout(chart)
    assert slicer.app.layoutManager().plotWidget(0).mrmlPlotViewNode().GetPlotChartNodeID() == chart.GetID()
    picture = screenshots.plot_view(screenshot_folder / "testbed-plot.png").astype(int)
    assert _near(picture, 0, 0, 255) > 100


def _shown_range(view, axis_id):
    view.renderWindow().Render()
    axis = view.chart().GetAxis(axis_id)
    return [axis.GetUnscaledMinimum(), axis.GetUnscaledMaximum()]


def _shown_series(plot_type):
    """A plot view, and the table and the series that it shows."""
    import slicer

    table, series = _results_table(), _add("vtkMRMLPlotSeriesNode", "Dice")
    series.SetAndObserveTableNodeID(table.GetID())
    series.SetXColumnName("Number")
    series.SetYColumnName("Dice")
    series.SetLabelColumnName("Knee")
    series.SetPlotType(getattr(series, plot_type))
    chart = _add("vtkMRMLPlotChartNode", "Chart")
    chart.AddAndObservePlotSeriesNodeID(series.GetID())
    slicer.modules.plots.logic().ShowChartInLayout(chart)
    return slicer.app.layoutManager().plotWidget(0).plotView(), table, series, chart


def test_plot_is_not_rescaled_when_its_values_change(slicer_app):
    import vtk

    view, table, _, chart = _shown_series("PlotTypeScatter")
    assert _shown_range(view, vtk.vtkAxis.LEFT) == pytest.approx([0.5, 0.9])
    table.GetTable().GetColumnByName("Dice").SetValue(0, 40.0)
    table.Modified()
    assert _shown_range(view, vtk.vtkAxis.LEFT) == pytest.approx([0.5, 0.9])
    view.fitToContent()
    assert _shown_range(view, vtk.vtkAxis.LEFT)[1] == 40
    chart.SetYAxisRangeAuto(False)
    chart.SetYAxisRange(-1, 50)
    assert _shown_range(view, vtk.vtkAxis.LEFT) == [-1, 50]


def test_bars_without_an_x_column_count_from_zero(slicer_app):
    import vtk

    view, *_ = _shown_series("PlotTypeBar")
    assert _shown_range(view, vtk.vtkAxis.BOTTOM)[0] < 0
    labels = view.chart().GetAxis(vtk.vtkAxis.BOTTOM).GetTickLabels()
    assert "1" in [labels.GetValue(n) for n in range(labels.GetNumberOfValues())]


def test_a_line_of_one_point_is_complained_about(slicer_app):
    view, table, *_ = _shown_series("PlotTypeScatter")
    view.renderWindow().Render()
    assert slicer_app.complaints == []
    for row in (2, 1):
        table.RemoveRow(row)
    view.renderWindow().Render()
    assert "<2 points" in slicer_app.complaints[0]
    slicer_app.complaints.clear()


def test_table_view_shows_titles_with_units(slicer_app):
    import qt
    import slicer

    node, view = _results_table(), slicer.qMRMLTableView()
    node.SetColumnTitle("Dice", "Overlap")
    node.SetColumnUnitLabel("Dice", "mm")
    node.SetUseColumnTitleAsColumnHeader(True)
    view.setMRMLTableNode(node)
    assert [view.model().headerData(n, qt.Qt.Horizontal) for n in range(2)] == ["Knee", "Overlap [mm]"]


def test_window_picture(slicer_app, knee, screenshots, screenshot_folder):
    from pathlib import Path

    import slicer.util

    slicer_app.load_modules(Path(__file__).parents[1] / "slicer_testbed" / "sample" / "TestBedSample.py")
    slicer_app.show_module("TestBedSample")
    slicer.util.setSliceViewerLayers(background=knee[0], fit=True)
    picture = screenshots.window("TestBedSample", screenshot_folder / "testbed-window.png")
    assert picture.shape[0] >= 800
    assert picture.shape[1] == 460 + 800
