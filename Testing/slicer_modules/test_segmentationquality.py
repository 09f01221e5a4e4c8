"""The module SegmentationQuality, driven like a person would, on small masks and on digital knees."""

from __future__ import annotations

import csv
import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.commandline import main
from KneeCartilageSegLib.quality.compare import compare_pairs
from KneeCartilageSegLib.quality.metrics import METRICS
from KneeCartilageSegLib.quality.pairs import read_quality_list
from KneeCartilageSegLib.quality.tables import table_rows
from panel_user import User, texts_of_column
from tiny_study import write_list

pytest_plugins = ["slicer_testbed.plugin"]

ROOT = Path(__file__).parents[2]
MODULE = ROOT / "SegmentationQuality" / "SegmentationQuality.py"
# mm; voxels of the digital knees. The picture in Screenshots/ is this file's, with
# KNEE_TEST_SPACING=0.8 SLICER_TESTBED_SCREENSHOTS=folder in the environment.
KNEE_SPACING = float(os.environ.get("KNEE_TEST_SPACING", "2.0"))
SIZE = (40, 36, 32)  # x, y, z
SPACING = (0.5, 0.6, 0.8)
SUBJECTS = ("knee1_prep_fc", "knee2_prep_fc", "knee3_prep_fc")
DIRECTION = np.reshape(sitk.Euler3DTransform((0, 0, 0), 0.2, -0.3, 0.4).GetMatrix(), 9).tolist()


def ball(radius=7.0, value=1, center=(20, 18, 16), dtype=np.uint8) -> sitk.Image:
    """A ball (radius in mm) on an oblique grid."""
    offsets = (np.indices(SIZE[::-1])[::-1].T - np.array(center)) * SPACING
    distances = np.linalg.norm(offsets, axis=-1).T
    array = (distances <= radius) * value
    return place(sitk.GetImageFromArray(array.astype(dtype)))


def place(image) -> sitk.Image:
    image.SetSpacing(SPACING)
    image.SetOrigin((-30, 12, 55))
    image.SetDirection(DIRECTION)
    return image


def bumped() -> sitk.Image:
    """A ball with a spike of known length: the worst error is at its tip."""
    image = ball()
    for x in range(20, 39):
        image[x, 18, 16] = 1
    return image


TIP = (38, 18, 16)


@pytest.fixture
def study(tmp_path) -> Path:
    """A list of three pairs with truth stored as 255: with a spike, too small, perfect; an image for the first."""
    folder = tmp_path / "my study"
    masks = {"knee1": bumped(), "knee2": ball(6.0), "knee3": ball()}
    for name in ("segmented", "groundTruth", "preprocessed"):
        (folder / name).mkdir(parents=True)
    for knee, mask in masks.items():
        sitk.WriteImage(mask, folder / "segmented" / f"{knee}_prep_fc.mha", True)
        sitk.WriteImage(ball(value=255), folder / "groundTruth" / f"{knee}_groundTruth_fc.mha", True)
    gray = sitk.Cast(sitk.SmoothingRecursiveGaussian(sitk.Cast(ball(value=200), sitk.sitkFloat32), 1), sitk.sitkInt16)
    sitk.WriteImage(gray, folder / "preprocessed" / "knee1_prep.mha", True)
    return write_pairs(folder, *((f"{knee}_prep_fc.mha", f"{knee}_groundTruth_fc.mha") for knee in masks))


def write_pairs(folder, *pairs, name="quality.txt") -> Path:
    lines = [line for mask, truth in pairs for line in (f"s {mask}", f"g {truth}")]
    return write_list(folder / name, "./segmented", "./groundTruth", *lines)


class QualityUser(User):
    """Somebody who compares masks."""

    def choose_mask(self, row, column, title):
        self.bed.wait_until(lambda: title in self.titles(row, column))
        selector, number = self.ui.pairsTable.cellWidget(row, column), self.titles(row, column).index(title)
        selector.setCurrentIndex(number)
        selector.activated.emit(number)

    def titles(self, row, column):
        selector = self.ui.pairsTable.cellWidget(row, column)
        return [selector.itemText(index) for index in range(selector.count)]

    def chosen_masks(self):
        table = self.ui.pairsTable
        return [tuple(table.cellWidget(row, c).currentText for c in range(3)) for row in range(table.rowCount)]

    def compare(self):
        self.apply()
        self.wait_for_end()

    def click_pair(self, row):
        self.ui.resultsTable.cellClicked.emit(row, 0)
        self.wait_for_views()

    def column(self, heading):
        table = self.ui.resultsTable
        headings = [table.horizontalHeaderItem(number).text() for number in range(table.columnCount)]
        return texts_of_column(table, headings.index(heading))

    @property
    def comparison(self):
        return self.panel.source


@pytest.fixture
def user(slicer_app) -> QualityUser:
    slicer_app.load_modules(MODULE)
    # In Slicer the views are there before a pair is shown; here they are made when they are first needed.
    slicer_app.app.layoutManager().threeDWidget(0).threeDView().forceRender()
    return QualityUser(slicer_app, slicer_app.show_module("SegmentationQuality"))


def nodes_of_class(name):
    import slicer.util

    return slicer.util.getNodesByClass(name)


def column_of(node, name) -> list:
    array = node.GetTable().GetColumnByName(name)
    return [array.GetValue(row) for row in range(array.GetNumberOfValues())]


def segments(node) -> dict[str, int]:
    """The number of voxels of each segment."""
    import slicer

    found = {}
    for segment_id in node.GetSegmentation().GetSegmentIDs():
        labelmap = slicer.vtkOrientedImageData()
        node.GetBinaryLabelmapRepresentation(segment_id, labelmap)
        from vtk.util.numpy_support import vtk_to_numpy

        name = node.GetSegmentation().GetSegment(segment_id).GetName()
        found[name] = int(np.count_nonzero(vtk_to_numpy(labelmap.GetPointData().GetScalars())))
    return found


def shown_segmentations() -> list:
    return [node for node in nodes_of_class("vtkMRMLSegmentationNode") if node.GetDisplayVisibility()]


def slice_point() -> np.ndarray:
    """The point (RAS) in which the three slices meet."""
    import slicer

    planes = []
    for name in ("Red", "Yellow", "Green"):
        matrix = slicer.app.layoutManager().sliceWidget(name).mrmlSliceNode().GetSliceToRAS()
        normal = [matrix.GetElement(row, 2) for row in range(3)]
        origin = [matrix.GetElement(row, 3) for row in range(3)]
        planes.append((normal, np.dot(normal, origin)))
    return np.linalg.solve([normal for normal, _ in planes], [offset for _, offset in planes])


def ras(image, index) -> np.ndarray:
    return np.array(image.TransformIndexToPhysicalPoint(index)) * (-1, -1, 1)


def rows_of(path) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


# ---------------------------------------------------------------------------------------------------------------------
# Lists


@pytest.mark.real_process
def test_list_is_compared_and_shown(user, study, screenshots, screenshot_folder, tmp_path):
    """Choose, Apply, watch, look; and the command line gives the same numbers."""
    import slicer

    user.choose_list(study)
    user.wait_for_apply()
    assert user.column("Pair") == list(SUBJECTS)
    assert user.reason == "Pairs: 3. Ready."
    assert not user.ui.exportButton.enabled
    user.apply()
    user.bed.wait_until(lambda: user.ui.progressBar.value > 0)
    user.wait_for_end()
    assert user.reason == "Done. Compared: 3, failed: 0. Click a pair to see it."
    assert user.column("State") == ["ok"] * 3
    assert user.column("Dice")[2] == "1.000"

    nodes = user.comparison.nodes
    csv_files = {option: tmp_path / f"{option}.csv" for option in ("overlap", "distances", "summary")}
    assert main(["quality", str(study), *(f"--{o}-csv={p}" for o, p in csv_files.items() if o != "x")]) == 0
    for option in ("overlap", "distances"):
        rows = rows_of(csv_files[option])
        for metric in METRICS:
            if metric.column in rows[0]:
                expected = [float(f"{float(row[metric.column]):.4g}") for row in rows]
                assert column_of(nodes.table, metric.column) == expected
                assert nodes.table.GetTable().GetColumnByName(metric.column).GetClassName() == "vtkDoubleArray"
    assert column_of(nodes.table, "subjects") == list(SUBJECTS)
    assert nodes.table.GetColumnUnitLabel("mean_distances") == "mm"
    summary = rows_of(csv_files["summary"])
    for name in ("n", "missing", "mean", "std", "median", "min", "max"):
        assert column_of(nodes.summary, name) == [float(f"{float(row[name]):.4g}") for row in summary]

    # The plot of the chosen metric, in the plot view
    chart = slicer.app.layoutManager().plotWidget(0).mrmlPlotViewNode().GetPlotChartNode()
    (series,) = (chart.GetNthPlotSeriesNode(i) for i in range(chart.GetNumberOfPlotSeriesNodes()))
    table = series.GetTableNode()
    dice = [result.labels[0].dice for result in user.comparison.results.values()]
    assert column_of(table, series.GetXColumnName()) == dice
    assert column_of(table, series.GetLabelColumnName()) == list(SUBJECTS)
    screenshots.plot_view(screenshot_folder / "SegmentationQuality-each-pair.png")
    user.ui.plotComboBox.currentIndex = 1
    user.ui.metricComboBox.setCurrentIndex([metric.key for metric in METRICS].index("hausdorff"))
    user.ui.metricComboBox.activated.emit(user.ui.metricComboBox.currentIndex)
    user.ui.showPlotButton.click()
    chart = slicer.app.layoutManager().plotWidget(0).mrmlPlotViewNode().GetPlotChartNode()
    assert chart.GetXAxisTitle() == "Hausdorff distance (mm)"
    series = chart.GetNthPlotSeriesNode(0)
    assert sum(column_of(series.GetTableNode(), series.GetYColumnName())) == 3
    screenshots.plot_view(screenshot_folder / "SegmentationQuality-distribution.png")
    values = [result.labels[0].hausdorff for result in user.comparison.results.values()]
    assert f"median {np.median(values):.2f}" in user.ui.summaryLabel.text
    screenshots.window("SegmentationQuality", screenshot_folder / "SegmentationQuality-list.png")


def test_row_shows_its_pair_at_the_worst_error(user, study):
    import slicer

    user.choose_list(study)
    user.compare()
    user.click_pair(0)
    difference, outlines = shown_segmentations()
    truth, mask = sitk.GetArrayFromImage(ball()), sitk.GetArrayFromImage(bumped())
    assert segments(difference) == {
        "Missed": 0,
        "Extra": int((mask - truth).sum()),
        "Agreed": int(truth.sum()),
    }
    assert segments(outlines) == {"Segmentation": int(mask.sum()), "Truth": int(truth.sum())}
    display = outlines.GetDisplayNode()
    assert display.GetVisibility2DOutline()
    assert not display.GetVisibility2DFill()
    colors = [outlines.GetSegmentation().GetNthSegment(n).GetColor() for n in (0, 1)]
    assert np.linalg.norm(np.subtract(*colors)) > 0.5
    np.testing.assert_allclose(slice_point(), ras(ball(), TIP), atol=1e-4)
    volume = slicer.app.layoutManager().sliceWidget("Red").sliceLogic().GetBackgroundLayer().GetVolumeNode()
    assert volume.GetName() == "knee1_prep"
    (mark,) = nodes_of_class("vtkMRMLMarkupsFiducialNode")
    quality = user.comparison.results[SUBJECTS[0]].labels[0]
    assert mark.GetNthControlPointLabel(0) == f"{quality.hausdorff:.1f} mm extra"

    user.click_pair(1)  # smaller, and without an image
    assert len(nodes_of_class("vtkMRMLSegmentationNode")) == 2, "one pair at a time"
    assert nodes_of_class("vtkMRMLScalarVolumeNode") == []
    missed, extra, agreed = segments(shown_segmentations()[0]).values()
    assert missed > 0 == extra < agreed
    assert nodes_of_class("vtkMRMLSegmentationDisplayNode") == [n.GetDisplayNode() for n in shown_segmentations()]
    assert len(nodes_of_class("vtkMRMLMarkupsDisplayNode")) == 1
    user.click_pair(2)  # perfect: nothing to jump to
    assert nodes_of_class("vtkMRMLMarkupsDisplayNode") == []
    np.testing.assert_allclose(slice_point(), ras(ball(), (20, 18, 16)), atol=1e-4)


def test_digital_knees_are_compared_and_shown(user, tmp_path, screenshots, screenshot_folder):
    """Masks of realistic size and shape, bent a little, with their MR images."""
    import slicer

    list_file = user.panel.logic.makeSample(tmp_path / "knees", KNEE_SPACING)
    user.choose_list(list_file)
    user.compare()
    results = list(user.comparison.results.values())
    assert len(results) == 4
    lowest = min(results, key=lambda result: result.labels[0].dice)
    assert 0.5 < lowest.labels[0].dice < 0.95
    volume = slicer.app.layoutManager().sliceWidget("Red").sliceLogic().GetBackgroundLayer().GetVolumeNode()
    assert volume.GetName() == lowest.name.removesuffix("_fc")
    place = np.array(lowest.labels[0].worst_error.position) * (-1, -1, 1)
    np.testing.assert_allclose(slice_point(), place, atol=1e-4)
    user.click_pair(1)
    screenshots.window("SegmentationQuality", screenshot_folder / "SegmentationQuality.png", (440, 435))


def test_images_are_taken_from_the_folder_that_the_user_names(user, study):
    import slicer

    folder = study.parent / "elsewhere"
    shutil.move(study.parent / "preprocessed", folder)
    user.choose_list(study)
    user.compare()
    user.click_pair(0)
    assert nodes_of_class("vtkMRMLScalarVolumeNode") == []
    user.ui.imagesFolderEdit.currentPath = str(folder)
    user.click_pair(0)
    assert slicer.util.getNode("knee1_prep")


def test_results_are_exported_and_copied(user, study, tmp_path, dialogs):
    import qt
    import slicer

    sitk.WriteImage(ball(value=0), study.parent / "segmented" / "knee2_prep_fc.mha")
    user.choose_list(study)
    user.compare()
    folder = tmp_path / "exported"
    folder.mkdir()
    dialogs.expect_file("folder for the csv", folder)
    user.ui.exportButton.click()
    by_hand = tmp_path / "by hand"
    by_hand.mkdir()
    arguments = ["quality", str(study), f"--overlap-csv={by_hand / 'overlap.csv'}"]
    assert main([*arguments, f"--distances-csv={by_hand / 'distances.csv'}"]) == 0
    for name in ("overlap", "distances"):
        assert (folder / f"quality_{name}.csv").read_text() == (by_hand / f"{name}.csv").read_text()
    header = (folder / "quality_overlap.csv").read_text().splitlines()[0]
    assert header.startswith("subjects,dice_coeff,jaccard_coeff,volume_similarity,")
    (record,) = (json.loads(path.read_text()) for path in folder.glob("*_record.json"))
    assert len(record["pairs"]) == 3
    assert len(record["pairs"][0]["truth"]["sha256"]) == 64
    assert record["parameters"]["tolerance_mm"] == 1.0
    dialogs.expect_file("folder for the csv", folder)
    dialogs.expect_message("Replace them", qt.QMessageBox.Cancel)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    user.ui.exportButton.click()
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before

    user.ui.copyButton.click()
    pasted = list(csv.DictReader(slicer.app.clipboard().text().splitlines(), delimiter="\t"))
    written = rows_of(folder / "quality_distances.csv")
    assert [row["mean_distances"] for row in pasted] == [row["mean_distances"] for row in written]
    assert pasted[1]["mean_distances"] == ""
    assert float(pasted[0]["dice_coeff"]) == user.comparison.results[SUBJECTS[0]].labels[0].dice


def test_missing_values_are_shown_as_missing(user, study, screenshots, screenshot_folder):
    """An empty mask has no distances: not 0, not infinity."""
    sitk.WriteImage(ball(value=0), study.parent / "segmented" / "knee2_prep_fc.mha")
    user.choose_list(study)
    user.compare()
    assert user.column("Dice")[1] == "0.000"
    assert user.column("ASSD (mm)")[1] == "missing"
    assert user.column("State")[1] == "note"
    assert "segmentation is empty" in user.ui.resultsTable.item(1, 5).toolTip()
    table = user.comparison.nodes.table
    assert math.isnan(column_of(table, "mean_distances")[1])
    row = column_of(user.comparison.nodes.summary, "metric").index("Average surface distance")
    assert column_of(user.comparison.nodes.summary, "missing")[row] == 1
    user.ui.metricComboBox.setCurrentIndex([metric.key for metric in METRICS].index("average_distance"))
    user.ui.metricComboBox.activated.emit(user.ui.metricComboBox.currentIndex)
    assert "missing: 1" in user.ui.summaryLabel.text
    user.click_pair(1)
    assert segments(shown_segmentations()[0])["Missed"] == int((sitk.GetArrayFromImage(ball()) != 0).sum())
    np.testing.assert_allclose(slice_point(), ras(ball(), (20, 18, 16)), atol=1e-4)
    screenshots.panel("SegmentationQuality", screenshot_folder / "SegmentationQuality-missing.png")


def test_label_5_is_compared_with_label_1(user, study):
    """The segmentation holds the cartilage as 5, and something else as 2."""
    mask = ball(value=5)
    for x in range(4):
        mask[x, 0, 0] = 2
    sitk.WriteImage(mask, study.parent / "segmented" / "knee3_prep_fc.mha")
    sitk.WriteImage(ball(), study.parent / "groundTruth" / "knee3_groundTruth_fc.mha")
    user.choose_list(write_pairs(study.parent, ("knee3_prep_fc.mha", "knee3_groundTruth_fc.mha"), name="labels.txt"))
    user.ui.labelsLineEdit.text = "5:1, 2:1"
    user.compare()
    assert user.column("Label") == ["5:1", "2:1"]
    assert user.column("Dice") == ["1.000", "0.000"]
    user.click_pair(1)
    assert segments(shown_segmentations()[0])["Extra"] == 4
    for text, complaint in (("0", "'0' is not a label"), ("1 1", "named twice"), ("one", "is not a label")):
        user.ui.labelsLineEdit.text = text
        user.wait_for_refusal(complaint)


def test_forty_pairs(user, study):
    """At once, with the event loop free."""
    names = []
    for number in range(40):
        names.append((f"many{number:02}_fc.mha", "knee1_groundTruth_fc.mha"))
        sitk.WriteImage(ball(5 + number / 20), study.parent / "segmented" / names[-1][0], True)
    list_file = write_pairs(study.parent, *names, name="many.txt")
    user.choose_list(list_file)
    user.compare()
    assert user.column("State") == ["ok"] * 40
    expected = compare_pairs(read_quality_list(list_file))
    dice = [result.labels[0].dice for result in user.comparison.results.values()]
    assert dice == [result.labels[0].dice for result in expected]


def test_all_problems_of_a_list_are_shown_with_their_lines(user, study):
    """A missing truth, a shifted origin, a flipped direction, a file that is no image."""
    folder = study.parent / "segmented"
    shifted, flipped = ball(), ball()
    shifted.SetOrigin((-30, 12, 58))
    flipped.SetDirection((np.reshape(DIRECTION, (3, 3)) * (-1, 1, 1)).ravel().tolist())
    sitk.WriteImage(shifted, folder / "shifted.mha")
    sitk.WriteImage(flipped, folder / "flipped.mha")
    (folder / "text.mha").write_text("no image")
    truth = "knee1_groundTruth_fc.mha"
    pairs = [("knee1_prep_fc.mha", "nobody.mha"), ("shifted.mha", truth), ("flipped.mha", truth), ("text.mha", truth)]
    user.choose_list(write_pairs(study.parent, *pairs, name="bad.txt"))
    user.wait_for_refusal("problems: 4")
    assert [problem.partition(":")[0] for problem in user.problems] == ["Line 4", "Line 6", "Line 8", "Line 9"]
    for problem, text in zip(user.problems, ("there is no file", "same place", "same place", "cannot be read")):
        assert text in problem
    assert user.column("State") == ["to be corrected"] * 4
    user.choose_list(study)
    user.wait_for_apply()
    assert user.problems == []
    user.choose_list(study.with_name("nowhere.txt"))
    user.wait_for_refusal("problems: 1")
    assert "does not exist" in user.problems[0]


def test_a_pair_that_fails_stands_out_and_the_others_are_compared(user, study):
    user.choose_list(study)
    user.wait_for_apply()
    damaged = study.parent / "segmented" / "knee2_prep_fc.mha"
    sitk.WriteImage(sitk.ReadImage(str(damaged)), str(damaged), True)  # its damage shows only when voxels are read
    damaged.write_bytes(damaged.read_bytes()[:-20])
    user.compare()
    assert user.column("State") == ["ok", "failed", "ok"]
    assert user.reason == "Done. Compared: 2, failed: 1. Click a pair to see it."
    user.click_pair(1)
    assert "cannot be read" in user.reason


def test_inputs_that_are_changed_back_can_be_applied(user, study):
    """Within the delay of the check: a label that is mistyped and deleted, a tab that is left and shown again."""
    user.choose_list(study)
    user.wait_for_apply()
    for widget, name, value, before in (
        (user.ui.labelsLineEdit, "text", "x", ""),
        (user.ui.inputTabs, "currentIndex", 1, 0),
        (user.ui.listFileEdit, "currentPath", "", str(study)),
    ):
        setattr(widget, name, value)
        assert not user.ui.applyButton.enabled
        setattr(widget, name, before)
        user.wait_for_apply()
        assert "Ready" in user.reason


def test_run_that_failed_can_be_started_again(user, study):
    """What it failed for, a file that was not there, is no input of the panel."""
    user.choose_list(study)
    user.wait_for_apply()
    mask = study.parent / "segmented" / "knee2_prep_fc.mha"
    mask.rename(mask.with_suffix(".moved"))
    user.compare()
    assert user.reason.startswith("Failed: ")
    mask.with_suffix(".moved").rename(mask)
    user.compare()
    assert user.reason.startswith("Done.")


def test_list_with_a_new_name_shows_no_old_results(user, study):
    user.choose_list(study)
    user.compare()
    sitk.WriteImage(ball(3), study.parent / "segmented" / "other.mha")
    other = write_pairs(study.parent, ("other.mha", "knee1_groundTruth_fc.mha"), name="other.txt")
    user.choose_list(other)
    user.wait_for_apply()
    assert (user.column("Pair"), user.column("Dice")) == (["other"], [""])
    user.choose_list(study)
    user.wait_for_apply()
    assert "compared: 3" in user.reason


def test_masks_that_have_changed_are_not_shown_with_old_numbers(user, study):
    user.choose_list(study)
    user.compare()
    sitk.WriteImage(ball(4), study.parent / "segmented" / "knee2_prep_fc.mha")
    user.click_pair(1)
    assert "has changed since it was compared" in user.reason
    write_pairs(
        study.parent,
        ("knee1_prep_fc.mha", "knee2_groundTruth_fc.mha"),
        ("knee3_prep_fc.mha", "knee3_groundTruth_fc.mha"),
    )
    user.panel.enter()
    user.wait_for_apply()
    assert user.column("Dice") == ["", "1.000"]
    assert "Pairs: 2, compared: 1" in user.reason


# ---------------------------------------------------------------------------------------------------------------------
# Nodes


@pytest.fixture
def scene(slicer_app, study):
    """The study's masks as nodes."""
    import slicer

    class Scene:
        def labelmap(self, name, folder="segmented"):
            return slicer.util.loadLabelVolume(str(study.parent / folder / f"{name}.mha"))

        def segmentation(self, name, *labelmaps):
            node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", name)
            node.CreateDefaultDisplayNodes()
            for title, labelmap in labelmaps:
                slicer.modules.segmentations.logic().ImportLabelmapToSegmentationNode(labelmap, node)
                number = node.GetSegmentation().GetNumberOfSegments() - 1
                node.GetSegmentation().GetNthSegment(number).SetName(title)
                slicer.mrmlScene.RemoveNode(labelmap)
            return node

        def transform(self, *nodes):
            import vtk

            turned = vtk.vtkTransform()
            turned.Translate(30, -20, 10)
            turned.RotateWXYZ(25, 0.3, 0.5, 0.8)
            node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "Turned")
            node.SetMatrixTransformToParent(turned.GetMatrix())
            for moved in nodes:
                moved.SetAndObserveTransformNodeID(node.GetID())
            return slicer.util.arrayFromTransformMatrix(node)

    return Scene()


def test_nodes_are_paired_by_name_and_compared(user, scene, study, screenshots, screenshot_folder):
    """The same numbers as the list's; the image is the scene's."""
    import slicer

    volume = slicer.util.loadVolume(str(study.parent / "preprocessed" / "knee1_prep.mha"))
    for knee in ("knee1", "knee2", "knee3"):
        scene.labelmap(f"{knee}_prep_fc")
        scene.labelmap(f"{knee}_groundTruth_fc", "groundTruth")
    user.ui.inputTabs.currentIndex = 1
    user.wait_for_refusal("There is no pair")
    user.ui.pairByNameButton.click()
    assert user.chosen_masks() == [
        ("knee1_prep_fc", "knee1_groundTruth_fc", "knee1_prep"),
        ("knee2_prep_fc", "knee2_groundTruth_fc", "none"),
        ("knee3_prep_fc", "knee3_groundTruth_fc", "none"),
    ]
    user.wait_for_apply()
    screenshots.panel("SegmentationQuality", screenshot_folder / "SegmentationQuality-nodes.png")
    user.compare()
    user.bed.process_events(100)
    assert user.reason == "Done. Compared: 3, failed: 0. Click a pair to see it."
    expected = table_rows(compare_pairs(read_quality_list(study)))
    for metric in METRICS:
        # Slicer keeps an oblique direction times the spacing, and divides it again: the last digit may differ.
        results = user.comparison.results.values()
        values = [getattr(quality, metric.key) for result in results for quality in result.labels]
        assert values == pytest.approx([row[metric.column] for row in expected], rel=1e-12), metric.key
    user.click_pair(0)
    shown = slicer.app.layoutManager().sliceWidget("Red").sliceLogic().GetBackgroundLayer().GetVolumeNode()
    assert shown is volume
    np.testing.assert_allclose(slice_point(), ras(ball(), TIP), atol=1e-4)
    user.click_pair(1)
    assert volume.GetScene() is slicer.mrmlScene, "it is the user's"
    assert user.chosen_masks()[0][0] == "knee1_prep_fc"


def test_segments_are_compared(user, scene, study, dialogs):
    """Of segmentation nodes, under a transform; small segments are compared where they lie, without a fuss."""
    mask = scene.segmentation("knee1 segmentation", ("Femoral cartilage", scene.labelmap("knee1_prep_fc")))
    truth = scene.segmentation("knee1 manual", ("fc", scene.labelmap("knee1_groundTruth_fc", "groundTruth")))
    matrix = scene.transform(mask, truth)
    user.ui.inputTabs.currentIndex = 1
    user.ui.pairByNameButton.click()
    assert user.chosen_masks() == [("knee1 segmentation / Femoral cartilage", "knee1 manual / fc", "none")]
    user.compare()
    (quality,) = user.comparison.results["knee1_segmentation_Femoral_cartilage"].labels
    expected = compare_pairs(read_quality_list(study))[0].labels[0]
    for metric in METRICS:
        assert getattr(quality, metric.key) == pytest.approx(getattr(expected, metric.key), rel=1e-9), metric.key
    assert quality.note == ""
    place = (matrix @ [*ras(ball(), TIP), 1])[:3]
    np.testing.assert_allclose(slice_point(), place, atol=1e-4)
    user.ui.labelsLineEdit.text = "2"
    user.wait_for_refusal("is a segment, which is label 1, and not 2")


def test_a_segment_is_compared_with_a_labelmap(user, scene, study):
    scene.labelmap("knee2_prep_fc")
    scene.segmentation("Reader", ("Mine", scene.labelmap("knee2_groundTruth_fc", "groundTruth")))
    user.ui.inputTabs.currentIndex = 1
    user.ui.addPairButton.click()
    user.choose_mask(0, 0, "knee2_prep_fc")
    user.wait_for_refusal("no ground truth is chosen")
    user.choose_mask(0, 1, "Reader / Mine")
    user.compare()
    (quality,) = user.comparison.results["knee2_prep_fc"].labels
    assert quality.dice == compare_pairs(read_quality_list(study))[1].labels[0].dice
    scene.labelmap("knee1_groundTruth_fc", "groundTruth")
    user.choose_mask(0, 1, "knee1_groundTruth_fc")
    user.wait_for_apply()
    assert user.column("Dice") == [""], "it was that of another truth"


def test_wrong_nodes_are_refused(user, scene, study, dialogs):
    import qt
    import slicer

    mask = scene.labelmap("knee1_prep_fc")
    truth = scene.labelmap("knee1_groundTruth_fc", "groundTruth")
    user.ui.inputTabs.currentIndex = 1
    user.ui.addPairButton.click()
    user.wait_for_refusal("Pair 1: no segmentation is chosen")
    user.choose_mask(0, 0, "knee1_prep_fc")
    user.choose_mask(0, 1, "knee1_prep_fc")
    user.wait_for_refusal("is its own ground truth")
    user.choose_mask(0, 1, "knee1_groundTruth_fc")
    user.wait_for_apply()
    user.ui.addPairButton.click()
    user.choose_mask(1, 0, "knee1_prep_fc")
    user.choose_mask(1, 1, "knee1_groundTruth_fc")
    user.wait_for_refusal("Pair 2 is the same as pair 1")
    user.ui.pairsTable.selectRow(1)
    user.ui.removePairsButton.click()
    user.wait_for_apply()
    truth.SetOrigin(3, 4, 5)
    user.panel.enter()
    user.wait_for_refusal("do not lie in the same place")
    slicer.mrmlScene.RemoveNode(mask)
    user.wait_for_refusal("no segmentation is chosen")
    dialogs.expect_message("No further pair", qt.QMessageBox.Ok)
    user.ui.pairByNameButton.click()


# ---------------------------------------------------------------------------------------------------------------------
# Scene, cancel, close


def test_saved_scene_brings_the_panel_back(user, scene, study, tmp_path):
    """With the results; pairs of a list can be shown again, those of nodes after another Apply."""
    import slicer

    scene.labelmap("knee1_prep_fc")
    scene.segmentation("knee1 manual", ("fc", scene.labelmap("knee1_groundTruth_fc", "groundTruth")))
    user.ui.inputTabs.currentIndex = 1
    user.ui.pairByNameButton.click()
    user.compare()
    user.choose_list(study)
    user.ui.toleranceSpinBox.value = 0.5
    user.ui.labelsLineEdit.text = ""
    user.compare()
    scene_file = str(tmp_path / "scene.mrb")
    assert slicer.util.saveScene(scene_file)
    slicer.mrmlScene.Clear(0)
    user.bed.process_events(50)
    assert user.ui.listFileEdit.currentPath == ""
    assert user.ui.toleranceSpinBox.value == 1.0
    assert user.column("Pair") == []
    slicer.util.loadScene(scene_file)
    assert user.ui.listFileEdit.currentPath == str(study)
    assert user.ui.toleranceSpinBox.value == 0.5
    user.wait_for_apply()
    assert user.column("Dice")[2] == "1.000"
    user.click_pair(0)
    assert len(shown_segmentations()) == 2
    user.ui.inputTabs.currentIndex = 1
    user.wait_for_apply()
    assert user.chosen_masks() == [("knee1_prep_fc", "knee1 manual / fc", "none")]
    assert user.column("State") == ["ok"]


def start_slow_run(user, study):
    """A run that would take a minute; returns when some pairs are compared."""
    large = sitk.ConstantPad(ball(), (60, 60, 60), (60, 60, 60))
    array = sitk.GetArrayFromImage(large)
    array[20:-20, 20:-20, 20:-20] = np.random.default_rng(0).random(tuple(n - 40 for n in array.shape)) < 0.5
    noise = sitk.GetImageFromArray(array)
    noise.CopyInformation(large)
    sitk.WriteImage(noise, study.parent / "groundTruth" / "large.mha")
    pairs = [("knee1_prep_fc.mha", "knee1_groundTruth_fc.mha")]
    for number in range(20):
        name = f"large{number}.mha"
        os.link(study.parent / "groundTruth" / "large.mha", study.parent / "segmented" / name)
        pairs.append((name, "large.mha"))
    write_pairs(study.parent, *pairs)
    user.choose_list(study)
    user.panel.enter()
    user.apply()
    user.bed.wait_until(lambda: user.ui.progressBar.value > 0)


def processes() -> list[str]:
    """The command lines of this process's children that are ours."""
    listed = subprocess.run(["ps", "-A", "-o", "ppid=,args="], capture_output=True, text=True, check=True).stdout
    ours = (line.strip().partition(" ") for line in listed.splitlines())
    return [args for parent, _, args in ours if parent == str(os.getpid()) and "KneeCartilageSegLib" in args]


@pytest.mark.real_process
def test_cancel_is_no_failure_and_keeps_what_was_compared(user, study):
    user.choose_list(study)
    user.compare()
    complete = user.comparison.nodes.table
    user.ui.applyButton.click()
    user.ui.cancelButton.click()
    user.bed.wait_until(lambda: not user.panel.running)
    assert "Cancelled. Pairs that were compared: 0." in user.reason
    assert user.ui.copyButton.enabled, "the earlier comparison is still there"
    start_slow_run(user, study)
    user.ui.cancelButton.click()
    user.bed.wait_until(lambda: not user.panel.running)
    assert column_of(complete, "subjects") == list(SUBJECTS), "what was finished is not overwritten"
    assert user.comparison.nodes.table.GetName() == "quality (cancelled): quality"
    assert not json.loads(user.comparison.nodes.record.GetText())["complete"]
    assert "Cancelled. Pairs that were compared:" in user.reason
    assert "ailed" not in user.reason + "".join(user.column("State"))
    assert user.column("State")[0] == "ok"
    assert user.column("State")[-1] == "not compared"
    assert user.comparison.nodes.table.GetTable().GetNumberOfRows() >= 1
    assert user.ui.applyButton.enabled


@pytest.mark.real_process
def test_closing_slicer_ends_the_run(user, study):
    start_slow_run(user, study)
    assert processes()
    user.bed.close_slicer()
    assert processes() == []


@pytest.mark.real_process
def test_closing_the_scene_cancels_a_run_on_nodes(user, scene):
    import slicer

    scene.labelmap("knee1_prep_fc")
    scene.labelmap("knee1_groundTruth_fc", "groundTruth")
    user.ui.inputTabs.currentIndex = 1
    user.ui.pairByNameButton.click()
    user.apply()
    slicer.mrmlScene.Clear(0)
    user.bed.wait_until(lambda: not user.panel.running)
    assert not nodes_of_class("vtkMRMLTableNode")
    assert user.ui.pairsTable.rowCount == 0


@pytest.mark.real_process
def test_leaving_the_module_does_not_disturb_a_run(user, study):
    user.choose_list(study)
    user.apply()
    user.bed.leave_module()
    user.bed.wait_until(lambda: not user.panel.running)
    user.bed.show_module("SegmentationQuality")
    user.wait_for_apply()
    assert user.column("State") == ["ok"] * 3
    assert user.panel.parameters.listRecord is user.comparison.nodes.record
    user.click_pair(0)
    assert len(shown_segmentations()) == 2


def test_panel_opens_on_an_empty_scene(user):
    assert user.reason == "Choose a list of pairs."
    assert not user.ui.applyButton.enabled
    assert not user.ui.showPlotButton.enabled


# ---------------------------------------------------------------------------------------------------------------------
# Console, and as it is installed


def test_logic_example_runs(slicer_app):
    """The example in the class's documentation, as it stands there, by the module's own test."""
    import slicer

    slicer_app.load_modules(MODULE)
    slicer.modules.SegmentationQualityInstance.runTest()


def test_console_refuses_wrong_input(slicer_app, scene, study):
    from KneeCartilageSegLib.errors import InputError

    slicer_app.load_modules(MODULE)
    logic = sys.modules["SegmentationQuality"].SegmentationQualityLogic()
    with pytest.raises(InputError, match="there is no pair"):
        logic.compareNodes()
    both = scene.segmentation(
        "Both", ("a", scene.labelmap("knee1_prep_fc")), ("b", scene.labelmap("knee1_groundTruth_fc", "groundTruth"))
    )
    with pytest.raises(InputError, match="'Both' has 2 segments"):
        logic.compareNodes([(both, both)])
    first, second = both.GetSegmentation().GetSegmentIDs()
    run = logic.compareNodes([((both, first), (both, second))])
    assert len(run.rows) == run.nodes.table.GetTable().GetNumberOfRows() == 1
    with pytest.raises(InputError, match=r"bad\.txt:1: .*nowhere"):
        logic.compareList(write_list(study.with_name("bad.txt"), "./nowhere", "./groundTruth", "s a.mha", "g b.mha"))


@pytest.mark.skipif(not shutil.which("cmake"), reason="needs cmake")
def test_installed_module_runs(tmp_path, study):
    """From the flat folder that CMake installs, in a Python that does not see the source tree, without pandas."""
    prefix = tmp_path / "installed"
    configure = ["cmake", "-S", ROOT, "-B", tmp_path / "build", f"-DSlicer_DIR={ROOT / 'Testing' / 'cmake-standin'}"]
    for arguments in ([*configure, f"-DCMAKE_INSTALL_PREFIX={prefix}"], ["cmake", "--install", tmp_path / "build"]):
        subprocess.run(arguments, check=True, capture_output=True)
    folder = prefix / "lib" / "Slicer-5.8" / "qt-scripted-modules"
    (tmp_path / "drive.py").write_text(_DRIVE_INSTALLED)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "Testing")])}
    arguments = [sys.executable, tmp_path / "drive.py", folder / MODULE.name, study]
    ended = subprocess.run(arguments, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    said, library = ended.stdout.splitlines()[-2:]
    assert said == "Done. Compared: 3, failed: 0. Click a pair to see it."
    assert library == str(folder / "KneeCartilageSegLib" / "__init__.py")


_DRIVE_INSTALLED = """
import sys
from slicer_testbed.application import start

sys.modules.update(pandas=None, itk=None)
module, list_file = sys.argv[1:]
bed = start()
bed.load_modules(module)
panel = bed.show_module("SegmentationQuality")
panel.ui.listFileEdit.currentPath = list_file
bed.wait_until(lambda: panel.ui.applyButton.enabled)
panel.ui.applyButton.click()
bed.wait_until(lambda: not panel.running and not panel.loading)
import KneeCartilageSegLib
print(panel.ui.reasonLabel.text)
print(KneeCartilageSegLib.__file__)
bed.close_slicer()
assert bed.problems() == []
"""
