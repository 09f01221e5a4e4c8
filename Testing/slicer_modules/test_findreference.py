"""The module FindReference, driven like a person would, on digital knees with real elastix.

Where elastix adds nothing, the events of its command line are played by the test.
"""

from __future__ import annotations

import csv
import json
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.commandline import main
from KneeCartilageSegLib.elastix.package import package_is_installed
from KneeCartilageSegLib.lists.imagelist import write_image_list
from KneeCartilageSegLib.registration.parameterfiles import PARAMETER_FOLDER, read_parameter_files
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.runs.events import (
    IterationEnd,
    Note,
    ReferenceStart,
    RegistrationEnd,
    SearchEnd,
    SearchStart,
    Step,
    StudyEnd,
)
from KneeCartilageSegLib.tissue import Tissue
from panel_user import User, texts_of_column
from tiny_study import write_knee, write_list

pytest_plugins = ["slicer_testbed.plugin"]

needs_elastix = pytest.mark.skipif(not package_is_installed(), reason="needs itk-elastix")

ROOT = Path(__file__).parents[2]
MODULE, SISTER = (ROOT / name / f"{name}.py" for name in ("FindReference", "KneeCartilageSeg"))
# mm; with voxels of this size and hasty parameters a registration takes a second. The picture in Screenshots/ is this
# file's, with KNEE_TEST_SPACING=0.9 SLICER_TESTBED_SCREENSHOTS=folder in the environment.
SPACING = float(os.environ.get("KNEE_TEST_SPACING", "2.0"))
KNEES = ("k1_prep", "k2_prep", "k3_prep")
SEED = KNEES[1]
DISTANCES, CONVERGENCE = "study_distances.csv", "study_reference.json"


@pytest.fixture(scope="module")
def made_study(tmp_path_factory) -> Path:
    """Three people's knees with their masks, a list with one seed, and hasty parameter files."""
    folder = tmp_path_factory.mktemp("knees")
    for number, name in enumerate(KNEES):
        pose = {"rotation": (3 * number, -2 * number, 2), "translation": (2 * number, -number, 3)}
        parameters = phantom.KneeParameters.reduced(SPACING, subject=(1, 7, 4)[number], **pose)
        phantom.write_knee(phantom.make_knee(parameters), folder / "findReference", name)
    entries = [("r", f"{SEED}.mha"), *(("m", f"{name}.mha") for name in KNEES)]
    write_image_list(folder / "study.txt", ["./findReference"], entries)
    _write_parameters(folder / "hasty", {"MaximumNumberOfIterations": 30, "NumberOfSpatialSamples": 1000})
    _write_parameters(folder / "unhurried", {"MaximumNumberOfIterations": 300, "NumberOfSpatialSamples": 1000})
    _write_parameters(folder / "slow", {"MaximumNumberOfIterations": 100000})
    return folder


def _write_parameters(folder, values):
    quick = {"NumberOfResolutions": 2, "NumberOfJacobianMeasurements": 300, **values}
    values = {} if SPACING < 1 else quick  # pictures are of real results
    folder.mkdir()
    for name in read_parameter_files(Modality.NEW_SUBJECT):
        lines = (PARAMETER_FOLDER / name).read_text().splitlines()
        kept = [line for line in lines if not any(f"({key} " in line for key in values)]
        (folder / name).write_text("\n".join([*kept, *(f"({key} {value})" for key, value in values.items())]))


@pytest.fixture
def study(made_study, tmp_path) -> Path:
    """The same in a folder of the test's own, with a space in its name."""
    return Path(shutil.copytree(made_study, tmp_path / "my knees"))


@pytest.fixture(scope="module")
def finished(made_study, tmp_path_factory) -> Path:
    """The results of the command line: all registrations to all knees are known."""
    if not package_is_installed():
        pytest.skip("needs itk-elastix")
    output = tmp_path_factory.mktemp("finished") / "referenceStudy"
    arguments = ["find-reference", str(made_study / "study.txt"), "--pick", "3", "--progress", "none", "--jobs", "2"]
    assert main([*arguments, "--out", str(output), "--parameters", str(made_study / "hasty")]) == 0
    return output


class StudyUser(User):
    """Somebody who looks for a reference."""

    def add_lists(self, *paths):
        self.bed.dialogs.expect_file("image lists", paths)
        self.ui.addListsButton.click()

    def choose_nodes(self, *volumes):
        self.ui.inputTabs.currentIndex = 1
        for volume in volumes:
            self.ui.volumesSelector.check(volume)

    def check_seeds(self, *knees, checked=True):
        import qt

        for knee in knees:
            item = self.ui.kneesTable.item(self.column(0).index(knee), 0)
            assert item.flags() & qt.Qt.ItemIsUserCheckable
            item.setCheckState(qt.Qt.Checked if checked else qt.Qt.Unchecked)

    @property
    def seeds(self):
        import qt

        rows = [self.ui.kneesTable.item(row, 0) for row in range(self.ui.kneesTable.rowCount)]
        return [item.text() for item in rows if item.checkState() == qt.Qt.Checked]

    def click_distance_of(self, knee):
        self.ui.distancesTable.cellClicked.emit(self.distances(0).index(knee), 0)
        self.wait_for_views()

    def column(self, number):
        return texts_of_column(self.ui.kneesTable, number)

    def distances(self, number):
        return texts_of_column(self.ui.distancesTable, number)

    @property
    def result(self):
        return self.ui.resultLabel.text if self.ui.resultsCollapsibleButton.visible else ""


def start(bed, study) -> StudyUser:
    """Show the panel, with hasty parameter files."""
    user = StudyUser(bed, bed.show_module("FindReference"))
    user.ui.parameterFolderEdit.currentPath = str(study / "hasty")
    return user


@pytest.fixture
def user(slicer_app, study) -> StudyUser:
    slicer_app.load_modules(SISTER, MODULE)
    # In Slicer the views are there before a knee is shown; here they are made when they are first needed.
    slicer_app.app.layoutManager().threeDWidget(0).threeDView().forceRender()
    return start(slicer_app, study)


def nodes_of_class(name):
    import slicer.util

    return slicer.util.getNodesByClass(name)


def shown_volume():
    import slicer

    return slicer.app.layoutManager().sliceWidget("Red").sliceLogic().GetBackgroundLayer().GetVolumeNode()


def shown_segmentation():
    (node,) = [n for n in nodes_of_class("vtkMRMLSegmentationNode") if n.GetDisplayVisibility()]
    return node


def series(chart) -> dict:
    """What a reader sees in the chart: by the titles of its series, the points (iteration, distance, label)."""
    found = {}
    for index in range(chart.GetNumberOfPlotSeriesNodes()):
        node = chart.GetNthPlotSeriesNode(index)
        table = node.GetTableNode().GetTable()
        names = (node.GetXColumnName(), node.GetYColumnName(), node.GetLabelColumnName())
        columns = [table.GetColumnByName(name) for name in names]
        points = [tuple(column.GetValue(row) for column in columns) for row in range(table.GetNumberOfRows())]
        found[node.GetName()] = [point for point in dict.fromkeys(points) if not math.isnan(point[1])]
    return found


def table_values(node, column) -> list:
    array = node.GetTable().GetColumnByName(column)
    return [array.GetValue(row) for row in range(array.GetNumberOfValues())]


# ---------------------------------------------------------------------------------------------------------------------
# Studies with elastix


@pytest.mark.real_process
@needs_elastix
def test_list_is_searched_and_shown(user, study, finished, screenshots, screenshot_folder, dialogs):
    """Choose, check the seeds, Apply, watch the plot grow, look, use; another run finds the same."""
    import slicer

    user.add_lists(study / "study.txt")
    user.wait_for_apply()
    assert user.column(0) == list(KNEES)
    assert user.seeds == [SEED]
    user.check_seeds(*KNEES)
    assert "seeds: 3. Ready" in user.reason
    shutil.copytree(finished / "registrations", study / "cache")
    forget_one_registration(study / "cache")
    user.ui.cacheFolderEdit.currentPath = str(study / "cache")
    grown = []
    show_result = user.panel.showResult
    user.panel.showResult = lambda: (grown.append(number_of_points(user.panel.run.chart)), show_result())
    user.apply()
    user.bed.wait_until(lambda: user.ui.progressBar.value > 0)
    assert re.search(r"Registrations: \d of \d that are needed so far; known before: \d", user.reason)
    user.wait_for_end()
    assert json.loads((finished / CONVERGENCE).read_text())["recommended"] == user.panel.run.found.recommended
    expected = json.loads((study / "referenceStudy" / CONVERGENCE).read_text())
    total = sum(len(each["iterations"]) for each in expected["studies"])
    assert [number for number in grown if number] == sorted(number for number in grown if number)
    assert set(grown) >= {1, total}
    assert "Registrations run: 1, known before: 5, failed: 0" in user.reason
    assert expected["sentence"].replace("'", "&#x27;") in user.result
    recommended = expected["recommended"]
    assert [row for row, state in zip(KNEES, user.column(1 + 1)) if state == "recommended"] == [recommended]

    chart, table = user.panel.run.chart, user.panel.run.table
    for each in expected["studies"]:
        points = [(i + 1, step["distance"], step["reference"][:2]) for i, step in enumerate(each["iterations"])]
        path = " > ".join(point[2] for point in points)
        shown = series(chart)[f"{path} ({each['ending']})"]
        assert [point[::2] for point in shown] == [point[::2] for point in points]
        np.testing.assert_allclose([point[1] for point in shown], [point[1] for point in points], atol=1e-9)
    assert slicer.app.layoutManager().plotWidget(0).mrmlPlotViewNode().GetPlotChartNode() is chart
    with open(study / "referenceStudy" / DISTANCES, newline="") as file:
        for row in csv.DictReader(file):
            value = table_values(table, row["reference"])[KNEES.index(row["image"])]
            assert value == pytest.approx(float(row["distance_mm"]), rel=1e-3)
    assert table.GetColumnUnitLabel(recommended) == "mm"

    assert shown_volume().GetName() == recommended
    assert shown_segmentation().GetSegmentation().GetNumberOfSegments() == 2
    screenshots.window("FindReference", screenshot_folder / "FindReference-list.png", (440, 545))
    screenshots.plot_view(screenshot_folder / "FindReference-plot.png")
    other = next(knee for knee in KNEES if knee != recommended)
    user.click_distance_of(other[:2])
    assert shown_volume().GetName() == other

    # The reference is placed and chosen; another one that is there is only replaced if the user says so.
    place = study / "reference" / "newsubject"
    write_knee(place)
    before = (place / "reference.mha").read_bytes()
    import qt

    dialogs.expect_message(r"' holds another reference: [^(]*Replace it\?$", qt.QMessageBox.Cancel)
    use_reference(user)
    assert (place / "reference.mha").read_bytes() == before
    dialogs.expect_message("holds another reference.*Replace", qt.QMessageBox.Ok)
    use_reference(user)
    user.bed.wait_until(lambda: slicer.util.selectedModule() == "KneeCartilageSeg")
    assert (place / "reference.mha").read_bytes() == (study / "findReference" / f"{recommended}.mha").read_bytes()
    chosen = slicer.modules.KneeCartilageSegWidget.ui
    assert chosen.inputTabs.currentIndex == 1
    assert chosen.referenceSelector.currentNode().GetName() == "reference"
    segments = chosen.femurMaskSelector.currentNode().GetSegmentation()
    assert chosen.cartilageMaskSelector.currentNode() is chosen.femurMaskSelector.currentNode()
    assert segments.GetSegment(chosen.femurSegmentSelector.currentSegmentID()).GetName() == "Femur"
    assert segments.GetSegment(chosen.cartilageSegmentSelector.currentSegmentID()).GetName() == "Femoral cartilage"


def forget_one_registration(cache):
    record = sorted(cache.glob("*.json"))[0]
    for path in cache.glob(f"{record.stem}.*"):
        path.unlink()


def number_of_points(chart) -> int:
    return sum(map(len, series(chart).values())) if chart is not None else 0


def use_reference(user):
    user.ui.useButton.click()
    user.bed.wait_until(lambda: not user.panel.loading)


@pytest.mark.real_process
@needs_elastix
def test_cancelled_study_goes_on(user, study):
    user.ui.parameterFolderEdit.currentPath = str(study / "unhurried")  # the second pair must not end too soon
    user.ui.maxIterationsSpinBox.value = 1
    user.add_lists(study / "study.txt")
    user.apply()
    user.bed.wait_until(lambda: user.panel.run.found.registrations)
    user.ui.cancelButton.click()
    assert "Cancelling" in user.reason
    user.bed.wait_until(lambda: not user.panel.running)
    assert "Cancelled" in user.reason
    assert "ailed" not in user.reason + "".join(user.column(2))
    kept = len(user.panel.run.found.registrations)
    assert f"kept: {kept}" in user.reason
    assert not list((study / "referenceStudy").glob("*.*"))
    user.apply()
    user.wait_for_end()
    run, known = (int(re.search(rf"{word}: (\d+)", user.reason)[1]) for word in ("run", "known before"))
    assert known >= kept > 0
    assert run + known == 2


# ---------------------------------------------------------------------------------------------------------------------
# Studies on nodes


@pytest.fixture
def scene(slicer_app, study):
    """The knees as nodes: masks as labelmaps, as segments, and without cartilage."""
    import slicer

    class Scene:
        def __init__(self):
            self.volumes = [slicer.util.loadVolume(str(study / "findReference" / f"{name}.mha")) for name in KNEES]
            for suffix in ("f", "fc"):
                self.labelmap(KNEES[0], suffix)
            self.segmentation = self.make_segmentation(KNEES[1])
            self.labelmap(KNEES[2], "f")

        def labelmap(self, name, suffix):
            return slicer.util.loadLabelVolume(str(study / "findReference" / f"{name}_{suffix}.mha"))

        def make_segmentation(self, name):
            node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", f"{name[:2]} segmentation")
            node.CreateDefaultDisplayNodes()
            for title, suffix in (("Femoral cartilage", "fc"), ("Femur bone", "f")):
                labelmap = self.labelmap(name, suffix)
                slicer.modules.segmentations.logic().ImportLabelmapToSegmentationNode(labelmap, node)
                node.GetSegmentation().GetNthSegment(node.GetSegmentation().GetNumberOfSegments() - 1).SetName(title)
                slicer.mrmlScene.RemoveNode(labelmap)
            return node

    return Scene()


def masks(user):
    table = user.ui.kneesTable
    return [table.cellWidget(row, 1).currentText for row in range(table.rowCount)]


@needs_elastix
def test_nodes_are_searched(user, scene, tmp_path, screenshots, screenshot_folder, dialogs):
    """Masks are found by name; seeds are drawn; the result is a node, and the reference of the other module."""
    import slicer
    from KneeCartilageSegLib.findreference.seeds import pick_seeds

    user.choose_nodes(*scene.volumes)
    user.ui.workingFolderEdit.currentPath = str(tmp_path)
    user.bed.wait_until(lambda: len(user.column(0)) == 3)
    assert masks(user) == ["k1_prep_f", "k2 segmentation / Femur bone", "k3_prep_f"]
    user.wait_for_refusal("No seed is chosen")
    user.ui.seedChoiceComboBox.currentIndex = 1
    user.ui.pickSpinBox.value = 1
    user.ui.seedSpinBox.value = 4
    user.ui.maxIterationsSpinBox.value = 1
    user.wait_for_apply()
    assert [name[:2] for name in user.seeds] == pick_seeds(["k1", "k2", "k3"], 1, 4)
    screenshots.panel("FindReference", screenshot_folder / "FindReference-nodes-panel.png")
    before = len(nodes_of_class("vtkMRMLSegmentationNode"))
    user.apply()
    assert not user.ui.kneesTable.cellWidget(0, 1).enabled
    user.wait_for_end()
    record = json.loads(
        (tmp_path / "FindReference" / "referenceStudy" / "image_list_findReference_reference.json").read_text()
    )
    recommended = record["recommended"]
    assert record["sentence"].replace("'", "&#x27;") in user.result
    assert shown_volume() is scene.volumes[["k1", "k2", "k3"].index(recommended)]
    # The user's own segmentation is shown; a labelmap becomes one.
    for name, own in (("k2", True), ("k3", False)):
        user.click_distance_of(name)
        assert (shown_segmentation() is scene.segmentation) == own
        surface = slicer.vtkSegmentationConverter.GetSegmentationClosedSurfaceRepresentationName()
        segments = shown_segmentation().GetSegmentation()
        femur = next(
            segments.GetSegment(i) for i in segments.GetSegmentIDs() if "Femur" in segments.GetSegment(i).GetName()
        )
        assert femur.GetRepresentation(surface).GetNumberOfPoints() > 100
    assert len(nodes_of_class("vtkMRMLSegmentationNode")) <= before + 2
    screenshots.window("FindReference", screenshot_folder / "FindReference-nodes.png", (440, 520))

    use_recommended(user, scene, recommended, dialogs)


def use_recommended(user, scene, recommended, dialogs):
    import qt
    import slicer

    if recommended == "k3":
        dialogs.expect_message("no cartilage mask", qt.QMessageBox.Ok)
    use_reference(user)
    chosen = slicer.modules.KneeCartilageSegWidget.parameters
    assert slicer.util.selectedModule() == "KneeCartilageSeg"
    assert chosen.fromNodes
    assert chosen.referenceVolume is scene.volumes[["k1", "k2", "k3"].index(recommended)]
    expected = {"k1": ("k1_prep_f", "k1_prep_fc"), "k2": ("k2 segmentation",) * 2, "k3": ("k3_prep_f", None)}
    names = [mask and mask.GetName() for mask in (chosen.femurMask, chosen.cartilageMask)]
    assert tuple(names) == expected[recommended]


# ---------------------------------------------------------------------------------------------------------------------
# Events that are played


def begin(user, study, played):
    """Begin a study on a list."""
    user.add_lists(study / "study.txt")
    user.apply()
    (command,) = played.runs
    command.play(SearchStart(KNEES, ("k1_prep", "k3_prep"), 10))
    return command


def iteration(command, seed, number, reference, distances, failed=None):
    nearest = min(distances, key=distances.get)
    own = distances[reference]
    command.play(IterationEnd(seed, number, reference, own, nearest, distances, failed or {}, {}))


def test_plot_grows_and_failed_knees_stand_out(played, user, study, screenshots, screenshot_folder):
    command = begin(user, study, played)
    command.play(Note("'k3_prep' cannot be recommended"))
    command.play(ReferenceStart("k1_prep", 2))
    command.play(Step("k2_prep", "f_spline", 0.5, "k1_prep"))
    assert user.ui.progressBar.value == 25
    assert user.ui.kneesTable.cellWidget(1, 2).format == "to k1: Registering the femur"
    command.play(RegistrationEnd("k1_prep", "k2_prep", "registered", True, "", {}, 1.0))
    why = "the knees are of different sides"
    command.play(RegistrationEnd("k1_prep", "k3_prep", "failed", False, why, {}, 1.0))
    assert user.column(2) == ["", "registered to k1 before", "failed to register to k1: left out"]
    assert user.ui.kneesTable.item(2, 2).font().bold()
    assert user.ui.kneesTable.item(2, 2).toolTip() == why
    assert "Registrations: 2 of 2" in user.reason
    assert "known before: 1" in user.reason
    iteration(command, "k1_prep", 1, "k1_prep", {"k1_prep": 1.5, "k2_prep": 1.25}, {"k3_prep": why})
    chart = user.panel.run.chart
    assert series(chart) == {"k1 ...": [(1, 1.5, "k1")], "k3 ...": []}
    iteration(command, "k1_prep", 2, "k2_prep", {"k1_prep": 1.0, "k2_prep": 0.5, "k3_prep": 2.0})
    iteration(command, "k3_prep", 1, "k3_prep", {"k1_prep": 1.0, "k2_prep": 1.25, "k3_prep": 3.0})
    assert series(chart) == {"k1 > k2 ...": [(1, 1.5, "k1"), (2, 0.5, "k2")], "k3 ...": [(1, 3.0, "k3")]}
    assert chart.GetYAxisRange()[0] == 0
    assert chart.GetYAxisRange()[1] > 3
    cycle = "k1_prep", "k2_prep"
    command.play(StudyEnd("k1_prep", "cycle", (), cycle, "k2_prep", 0.5, "seed 'k1': in a cycle"))
    command.play(StudyEnd("k3_prep", "failed", (), (), None, None, "seed 'k3': too few"))
    assert list(series(chart)) == ["k1 > k2 (cycle)", "k3 (failed)"]

    table = user.panel.run.table
    assert table_values(table, "image") == list(KNEES)
    assert table_values(table, "k1_prep")[:2] == [1.5, 1.25]
    assert np.isnan(table_values(table, "k1_prep")[2])
    assert table_values(table, "remarks") == ["", "", f"failed with reference k1_prep: {why}"]
    assert (table.GetColumnUnitLabel("k2_prep"), table.GetColumnTitle("k2_prep")) == ("mm", "k2")
    assert user.distances(1) == ["1.50 (ref.)", "1.25", "failed"]
    assert user.ui.distancesTable.item(2, 1).toolTip() == why
    assert [user.ui.distancesTable.item(row, 1).font().bold() for row in range(3)] == [False, True, True]
    screenshots.panel("FindReference", screenshot_folder / "FindReference-running.png")

    counts = {"asked": 4, "distinct": 4, "run": 3, "known": 1, "failed": 1, "seconds": 3.0}
    command.play(SearchEnd("k2_prep", False, "Use 'k2_prep'.", counts))
    command.end()
    user.wait_for_views()
    assert "<b>Use &#x27;k2_prep&#x27;.</b>" in user.result
    assert "failed: 1" in user.reason
    assert "&#x27;k3_prep&#x27; cannot be recommended" in user.result
    assert user.column(2) == ["", "recommended", "failed to register to k1: left out"]
    assert "registered to k1 before" not in user.column(2)
    assert shown_volume().GetName() == "k2_prep"
    for node_class in ("vtkMRMLPlotChartNode", "vtkMRMLPlotSeriesNode"):
        assert len(nodes_of_class(node_class)) == {"vtkMRMLPlotChartNode": 1, "vtkMRMLPlotSeriesNode": 2}[node_class]


def test_study_without_a_result_says_why(played, user, study):
    command = begin(user, study, played)
    command.play(StudyEnd("k1_prep", "failed", (), (), None, None, "too few are left"))
    counts = {"asked": 2, "distinct": 2, "run": 2, "known": 0, "failed": 2, "seconds": 3.0}
    command.play(SearchEnd(None, False, "No reference can be recommended.", counts))
    command.end()
    assert "No reference was found" in user.reason
    assert "too few are left" in user.result
    assert not user.ui.useButton.enabled
    assert user.ui.applyButton.enabled


def test_seeds_that_the_user_checked_reach_the_command_line(played, user, study):
    user.add_lists(study / "study.txt")
    user.wait_for_apply()
    user.check_seeds("k1_prep")
    user.check_seeds(SEED, checked=False)
    user.ui.fieldComboBox.currentIndex = 1
    assert user.ui.fieldDescriptionLabel.text == "The reference will be a knee of average shape, whatever its size."
    user.ui.sideComboBox.currentIndex = 1
    user.ui.maxIterationsSpinBox.value = 5
    user.ui.cacheFolderEdit.currentPath = str(study / "cache")
    user.apply()
    arguments = played.runs[-1].arguments
    assert {"--field=shape", "--side=same", "--max-iterations=5", f"--cache={study / 'cache'}", "--jobs=1"} <= set(
        arguments
    )
    written = Path(arguments[1])
    assert (written.name, written.parent != study) == ("study.txt", True)
    names = [line.split()[-1] for line in written.read_text().splitlines() if line.startswith("r ")]
    assert names == ["k1_prep.mha"]
    assert (study / "study.txt").read_text().count("\nr ") == 1
    played.runs[-1].end(130)
    user.ui.seedChoiceComboBox.currentIndex = 1
    user.ui.pickSpinBox.value = 2
    user.apply()
    assert {"--pick=2", "--seed=0"} <= set(played.runs[-1].arguments)


def test_closing_the_scene_does_not_disturb_a_run_on_a_list(played, user, study):
    """Its plot is made anew."""
    import slicer

    command = begin(user, study, played)
    iteration(command, "k1_prep", 1, "k1_prep", {"k1_prep": 1.5, "k2_prep": 1.25})
    slicer.mrmlScene.Clear(0)
    user.bed.leave_module()
    iteration(command, "k1_prep", 2, "k2_prep", {"k1_prep": 1.0, "k2_prep": 0.5})
    assert number_of_points(user.panel.run.chart) == 2
    user.bed.show_module("FindReference")
    assert user.panel.running
    assert user.ui.cancelButton.enabled
    user.ui.cancelButton.click()
    assert "Cancelled" in user.reason


def test_closing_the_scene_cancels_a_run_on_nodes(played, user, scene):
    import slicer

    user.choose_nodes(*scene.volumes)
    user.bed.wait_until(lambda: len(user.column(0)) == 3)
    user.check_seeds("k1_prep")
    user.apply()
    user.bed.wait_until(lambda: played.runs)
    slicer.mrmlScene.Clear(0)
    assert not user.panel.running
    user.bed.process_events(20)
    assert not nodes_of_class("vtkMRMLPlotChartNode")


def processes() -> list[str]:
    """The command lines of this process's children that are ours."""
    listed = subprocess.run(["ps", "-A", "-o", "ppid=,args="], capture_output=True, text=True, check=True).stdout
    ours = (line.strip().partition(" ") for line in listed.splitlines())
    return [args for parent, _, args in ours if parent == str(os.getpid()) and "KneeCartilageSegLib" in args]


@pytest.mark.real_process
@needs_elastix
def test_closing_slicer_ends_the_run(user, study):
    user.ui.parameterFolderEdit.currentPath = str(study / "slow")
    user.add_lists(study / "study.txt")
    user.apply()
    user.bed.wait_until(lambda: user.ui.progressBar.value > 0)
    assert processes()
    user.bed.close_slicer()
    assert processes() == []
    assert not list((study / "referenceStudy").glob("**/.*"))


# ---------------------------------------------------------------------------------------------------------------------
# Earlier sessions


@needs_elastix
def test_result_of_an_earlier_session_is_shown(user, study, finished):
    """From the lists alone: nothing has to be run again."""
    shutil.copytree(finished, study / "referenceStudy")
    user.add_lists(study / "study.txt")
    user.wait_for_apply()
    record = json.loads((finished / CONVERGENCE).read_text())
    assert record["sentence"].replace("'", "&#x27;") in user.result
    user.click_distance_of("k2")
    assert shown_volume().GetName() == "k2_prep"
    user.ui.showPlotButton.click()
    (chart,) = nodes_of_class("vtkMRMLPlotChartNode")
    assert number_of_points(chart) == sum(len(each["iterations"]) for each in record["studies"])
    user.ui.fieldComboBox.currentIndex = 1
    user.bed.wait_until(lambda: not user.result)
    assert user.ui.fieldComboBox.currentText == "Shape only"


def test_saved_scene_brings_the_panel_back(played, user, scene, study, tmp_path):
    import slicer

    user.add_lists(study / "study.txt")
    user.choose_nodes(*scene.volumes)
    user.bed.wait_until(lambda: len(user.column(0)) == 3)
    user.check_seeds("k3_prep")
    user.ui.maxIterationsSpinBox.value = 7
    user.ui.fieldComboBox.currentIndex = 1
    user.ui.workingFolderEdit.currentPath = str(tmp_path / "work")
    selector = user.ui.kneesTable.cellWidget(0, 1)
    selector.setCurrentIndex(selector.findText("k1_prep_fc"))
    selector.activated.emit(selector.currentIndex)
    user.wait_for_apply()
    scene_file = str(tmp_path / "scene.mrb")
    assert slicer.util.saveScene(scene_file)
    slicer.mrmlScene.Clear(0)
    user.bed.process_events(50)
    assert user.ui.maxIterationsSpinBox.value == 10
    assert user.ui.listsWidget.count == 0
    assert user.ui.inputTabs.currentIndex == 0
    slicer.util.loadScene(scene_file)
    assert user.ui.maxIterationsSpinBox.value == 7
    assert user.ui.fieldComboBox.currentText == "Shape only"
    assert user.ui.workingFolderEdit.currentPath == str(tmp_path / "work")
    assert user.ui.listsWidget.item(0).toolTip() == str(study / "study.txt")
    assert user.ui.inputTabs.currentIndex == 1
    user.wait_for_apply()
    assert [node.GetName() for node in user.ui.volumesSelector.checkedNodes()] == list(KNEES)
    assert masks(user) == ["k1_prep_fc", "k2 segmentation / Femur bone", "k3_prep_f"]
    assert user.seeds == ["k3_prep"]


# ---------------------------------------------------------------------------------------------------------------------
# Refusals


def test_panel_opens_on_an_empty_scene(played, user):
    assert user.reason == "Add an image list."
    assert not user.ui.applyButton.enabled
    assert user.result == ""
    user.ui.inputTabs.currentIndex = 1
    user.wait_for_refusal("0 knees are chosen; a mean needs 3")
    assert "No seed is chosen" in user.reason


@needs_elastix
def test_all_problems_of_a_list_are_shown_with_their_lines(user, study):
    lines = ["./findReference", "r k1_prep.mha", "m k1_prep.mha", "m nobody.mha", "x what.mha", "m k3_prep.mha"]
    (study / "findReference" / "k3_prep_f.mha").unlink()
    user.add_lists(write_list(study / "bad.txt", *lines), study / "missing.txt")
    user.wait_for_refusal("problems: 4")
    places = sorted(problem.partition(":")[0] for problem in user.problems if problem.startswith("Line"))
    assert places == ["Line 4", "Line 5", "Line 6"]
    assert any("does not exist" in problem for problem in user.problems)
    assert any("'nobody.mha' is not in" in problem for problem in user.problems)
    assert user.column(0) == ["k1_prep", "nobody", "k3_prep"]
    assert "is not in" in user.column(2)[1]
    assert "femur mask" in user.column(2)[2]
    user.ui.removeListsButton.click()
    user.wait_for_refusal("Add an image list")
    assert user.problems == []


def test_list_without_a_seed_is_checked_with_the_seed_of_the_user(played, user, study):
    text = (study / "study.txt").read_text()
    (study / "study.txt").write_text(re.sub(r"^r .*\n", "", text, flags=re.M))
    user.add_lists(study / "study.txt")
    user.wait_for_apply()
    assert not any("--pick" in argument for argument in played.checks[-1])
    user.check_seeds("k2_prep")
    user.wait_for_apply()
    assert "--pick=1" in played.checks[-1]
    user.apply()
    written = Path(played.runs[-1].arguments[1])
    assert "r k2_prep.mha" in written.read_text()


def test_inputs_that_are_changed_back_can_be_applied(played, user, study):
    """Within the delay of the check: a tab that is left and shown again, a folder that is typed and deleted."""
    user.add_lists(study / "study.txt")
    user.wait_for_apply()
    for widget, name, value, before in (
        (user.ui.inputTabs, "currentIndex", 1, 0),
        (user.ui.parameterFolderEdit, "currentPath", "/nowhere", user.ui.parameterFolderEdit.currentPath),
        (user.ui.maxIterationsSpinBox, "value", 7, user.ui.maxIterationsSpinBox.value),
    ):
        setattr(widget, name, value)
        setattr(widget, name, before)
        user.wait_for_apply()
        assert "Ready" in user.reason


def test_wrong_nodes_are_refused(played, user, scene):
    import slicer

    user.choose_nodes(*scene.volumes[:2])
    user.wait_for_refusal("2 knees are chosen")
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Empty")
    user.choose_nodes(empty)
    user.wait_for_refusal("'Empty' is empty")
    assert "'Empty' has no femur mask" in user.reason
    user.ui.volumesSelector.uncheck(empty)
    user.choose_nodes(scene.volumes[2])
    user.bed.wait_until(lambda: len(user.column(0)) == 3)
    selector = user.ui.kneesTable.cellWidget(0, 1)
    selector.setCurrentIndex(selector.findText("k3_prep_f"))
    selector.activated.emit(selector.currentIndex)
    user.wait_for_refusal("'k3_prep_f' is the femur mask of several knees")
    user.ui.seedChoiceComboBox.currentIndex = 1
    user.ui.pickSpinBox.value = 4
    user.wait_for_refusal("4 seeds cannot be drawn from 3 knees")


@pytest.mark.parametrize(
    ("mask", "tissue"),
    [
        ("knee_f", Tissue.FEMUR),
        ("knee_prep_f", Tissue.FEMUR),
        ("Knee femur", Tissue.FEMUR),
        ("knee_prep-femur", Tissue.FEMUR),
        ("knee_fc", Tissue.CARTILAGE),
        ("knee_prep femoral cartilage", Tissue.CARTILAGE),
        ("knee2_f", None),
        ("knee_prep", None),
        ("my knee_f", None),
    ],
)
def test_masks_are_found_by_name(slicer_app, mask, tissue):
    import slicer
    from FindReferenceLib.nodes import match_mask

    volume = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "knee_prep")
    labelmap = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", mask)
    found = {each for each in Tissue if match_mask(volume, each).node is labelmap}
    assert found == ({tissue} if tissue else set())


@pytest.mark.real_process
def test_panel_opens_without_elastix(slicer_app, study, monkeypatch, dialogs):
    """It says so, and offers to install SlicerElastix; pandas is not needed either."""
    import qt

    slicer_app.load_modules(MODULE)
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.setenv("PYTHONPATH", str(study))
    (study / "sitecustomize.py").write_text("import sys\nsys.modules.update(itk=None, pandas=None, matplotlib=None)\n")
    user = start(slicer_app, study)
    user.wait_for_refusal("No usable elastix")
    dialogs.expect_message("Restart Slicer now", qt.QMessageBox.No)
    user.ui.installElastixButton.click()
    assert slicer_app.extensions.requested == ["SlicerElastix"]


# ---------------------------------------------------------------------------------------------------------------------
# Console, and as it is installed


@needs_elastix
def test_logic_example_runs(slicer_app):
    """The example in the class's documentation, as it stands there, by the module's own test."""
    import slicer

    slicer_app.load_modules(SISTER, MODULE)
    slicer.modules.FindReferenceInstance.runTest()


def test_console_refuses_wrong_input(slicer_app, scene, study):
    from KneeCartilageSegLib.errors import InputError

    slicer_app.load_modules(MODULE)
    logic = sys.modules["FindReference"].FindReferenceLogic()
    with pytest.raises(InputError, match="2 knees are chosen"):
        logic.findReferenceAmongNodes(scene.volumes[:2], seeds=scene.volumes[:1])
    with pytest.raises(InputError, match="no femur mask"):
        logic.findReferenceAmongNodes(scene.volumes, [None, scene.segmentation, None], scene.volumes[:1])
    with pytest.raises(InputError, match=r"bad\.txt:1: .*nowhere"):
        logic.findReference([write_list(study / "bad.txt", "./nowhere", "r a.mha", "m a.mha")])


@needs_elastix
@pytest.mark.skipif(not shutil.which("cmake"), reason="needs cmake")
def test_installed_module_runs(tmp_path, study, finished):
    """From the flat folder that CMake installs, in a Python that does not see the source tree."""
    prefix = tmp_path / "installed"
    configure = ["cmake", "-S", ROOT, "-B", tmp_path / "build", f"-DSlicer_DIR={ROOT / 'Testing' / 'cmake-standin'}"]
    for arguments in ([*configure, f"-DCMAKE_INSTALL_PREFIX={prefix}"], ["cmake", "--install", tmp_path / "build"]):
        subprocess.run(arguments, check=True, capture_output=True)
    folder = prefix / "lib" / "Slicer-5.8" / "qt-scripted-modules"
    (tmp_path / "drive.py").write_text(_DRIVE_INSTALLED)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "Testing")])}
    arguments = [folder / MODULE.name, study / "study.txt", study / "hasty", finished / "registrations"]
    ended = subprocess.run(
        [sys.executable, tmp_path / "drive.py", *arguments],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    said, library = ended.stdout.splitlines()[-2:]
    assert "Registrations run: 0, known before:" in said
    assert library == str(folder / "KneeCartilageSegLib" / "__init__.py")


_DRIVE_INSTALLED = """
import sys
from slicer_testbed.application import start

module, list_file, parameters, cache = sys.argv[1:]
bed = start()
bed.load_modules(module)
panel = bed.show_module("FindReference")
panel.ui.parameterFolderEdit.currentPath = parameters
panel.ui.cacheFolderEdit.currentPath = cache
bed.dialogs.expect_file("image lists", [list_file])
panel.ui.addListsButton.click()
bed.wait_until(lambda: panel.ui.applyButton.enabled)
panel.ui.applyButton.click()
bed.wait_until(lambda: not panel.running and not panel.loading)
import KneeCartilageSegLib
print(panel.ui.reasonLabel.text.splitlines()[0])
print(KneeCartilageSegLib.__file__)
bed.close_slicer()
assert bed.problems() == []
"""
