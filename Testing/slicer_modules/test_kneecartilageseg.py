"""The module KneeCartilageSeg, driven like a person would, on digital knees with real elastix."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.commandline import main
from KneeCartilageSegLib.demo_data import (
    IMAGE_FOLDER,
    LISTS,
    REFERENCE_FOLDER,
    TRUTH_FOLDER,
    write_demo,
)
from KneeCartilageSegLib.elastix.package import package_is_installed
from KneeCartilageSegLib.registration.parameterfiles import PARAMETER_FOLDER
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.runs.events import CaseEnd, read_event
from KneeCartilageSegLib.segmentation.cases import SEGMENTED
from KneeCartilageSegLib.tissue import Tissue
from panel_user import User, texts_of_column
from slicer_testbed.python_packages import all_installed

pytest_plugins = ["slicer_testbed.plugin"]

needs_elastix = pytest.mark.skipif(not package_is_installed(), reason="needs itk-elastix")

MODULE = Path(__file__).parents[2] / "KneeCartilageSeg" / "KneeCartilageSeg.py"
# mm; with voxels of this size a knee takes a few seconds. The pictures in Screenshots/ are this file's, with
# KNEE_TEST_SPACING=0.8 SLICER_TESTBED_SCREENSHOTS=folder in the environment.
SPACING = float(os.environ.get("KNEE_TEST_SPACING", "2.0"))
BASELINE, SECOND, FOLLOW_UP, CONTRAST = "01_DESS_01_prep", "02_DESS_01_prep", "01_DESS_02_prep", "01_T2_01_prep"
KNEES = {Modality.NEW_SUBJECT: [BASELINE, SECOND], Modality.LONGITUDINAL: [FOLLOW_UP], Modality.MULTIMODAL: [CONTRAST]}


@pytest.fixture(scope="module")
def made_knees(tmp_path_factory) -> Path:
    """The demo's images and lists; the baseline counts as segmented: its true masks lie where those would."""
    folder = tmp_path_factory.mktemp("knees")
    write_demo(folder, spacing=SPACING)
    for modality in (Modality.LONGITUDINAL, Modality.MULTIMODAL):
        reference = folder / "reference" / modality.value
        reference.mkdir()
        for tissue in Tissue:
            shutil.copy(folder / TRUTH_FOLDER / f"{BASELINE}_{tissue.value}.mha", reference)
    return folder


@pytest.fixture
def knees(made_knees, tmp_path) -> Path:
    """The same in a folder of the test's own, with a space in its name."""
    return Path(shutil.copytree(made_knees, tmp_path / "my knees"))


@pytest.fixture(scope="module")
def light(tmp_path_factory) -> Path:
    """Parameter files that are quickly done with: few iterations, and a coarse grid. For pictures, the real ones."""
    if SPACING < 1:
        return PARAMETER_FOLDER
    folder = tmp_path_factory.mktemp("parameters")
    for path in PARAMETER_FOLDER.glob("*.txt"):
        text = re.sub(r"\((MaximumNumberOfIterations) \d+\)", r"(\1 30)", path.read_text())
        text = re.sub(r"\((NumberOfSpatialSamples) \d+\)", r"(\1 1000)", text)
        text = re.sub(r"\((FinalGridSpacingInPhysicalUnits) .*\)", r"(\1 12 12 12)", text)
        (folder / path.name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def finished(made_knees, light, tmp_path_factory) -> Callable[[Modality], Path]:
    """Makes the same, segmented from the command line: once for each modality."""
    folders: dict[Modality, Path] = {}

    def segmented(modality):
        if modality not in folders:
            folder = tmp_path_factory.mktemp("finished") / "my knees"
            folders[modality] = Path(shutil.copytree(made_knees, folder))
            with all_installed():
                assert main(command(folder, modality, light)) in (0, 3)  # 3: coarse knees may be flagged
        return folders[modality]

    return segmented


@pytest.fixture
def segment(finished, knees) -> Callable[[Modality], Path]:
    """Lays these results among the knees of a test: what runs there has nothing left to do."""
    return lambda modality: Path(shutil.copytree(finished(modality), knees, dirs_exist_ok=True))


class KneeUser(User):
    """Somebody who segments knees."""

    def choose_list(self, path, modality=Modality.NEW_SUBJECT):
        self.choose_modality(modality)
        super().choose_list(path)

    def choose_modality(self, modality):
        choices = type(self.panel.parameters.modality)
        self.ui.modalityComboBox.currentIndex = list(choices).index(choices(modality.value))

    def choose_nodes(self, moving, reference, mask, modality=Modality.NEW_SUBJECT):
        self.choose_modality(modality)
        self.ui.inputTabs.currentIndex = 1
        for volume in moving:
            self.ui.movingSelector.check(volume)
        self.ui.referenceSelector.setCurrentNode(reference)
        self.ui.femurMaskSelector.setCurrentNode(mask)

    def click_knee(self, knee):
        self.ui.kneesTable.cellClicked.emit(self.column(0).index(knee), 0)
        self.wait_for_views()

    def column(self, number):
        return texts_of_column(self.ui.kneesTable, number)


def start(bed, parameters) -> KneeUser:
    """Show the panel, with parameter files."""
    user = KneeUser(bed, bed.show_module("KneeCartilageSeg"))
    user.ui.parameterFolderEdit.currentPath = str(parameters)
    return user


@pytest.fixture
def user(slicer_app, light) -> KneeUser:
    slicer_app.load_modules(MODULE)
    # In Slicer the views are there before a knee is shown; here they are made when they are first needed.
    slicer_app.app.layoutManager().threeDWidget(0).threeDView().forceRender()
    return start(slicer_app, light)


def masks_in(folder) -> dict[str, np.ndarray]:
    return {path.name: sitk.GetArrayFromImage(sitk.ReadImage(str(path))) for path in sorted(folder.glob("*_f*.*"))}


def segment_array(segmentation, tissue, volume) -> np.ndarray:
    import slicer.util

    segment = segmentation.GetSegmentation().GetNthSegmentID(list(Tissue).index(tissue))
    return slicer.util.arrayFromSegmentBinaryLabelmap(segmentation, segment, volume)


def dice(first, second) -> float:
    return 2 * np.count_nonzero((first != 0) & (second != 0)) / (np.count_nonzero(first) + np.count_nonzero(second))


def read(path) -> np.ndarray:
    return sitk.GetArrayFromImage(sitk.ReadImage(str(path)))


def nodes_of_class(name):
    import slicer.util

    return slicer.util.getNodesByClass(name)


# ---------------------------------------------------------------------------------------------------------------------
# Runs on image lists


@needs_elastix
@pytest.mark.real_process
def test_list_is_segmented_and_shown(user, knees, finished, light, screenshots, screenshot_folder, tmp_path):
    """Choose, Apply, watch, look; and the command line and the console give the same voxels."""
    modality = Modality.MULTIMODAL
    list_file = knees / LISTS[modality]
    user.choose_list(list_file, modality)
    user.wait_for_apply()
    assert user.column(0) == KNEES[modality]
    assert user.problems == []
    steps = []
    user.panel.knees.show_step = lambda knee, step, fraction, show=user.panel.knees.show_step: (
        steps.append((knee, step, fraction)),
        show(knee, step, fraction),
    )
    user.apply()
    user.bed.wait_until(lambda: steps)
    assert "of" in user.reason
    assert user.ui.progressBar.visible
    user.wait_for_end()
    assert [step for knee, step, _ in steps if knee == CONTRAST][:2] == ["reading", "f_rigid"]
    check_shown(user, knees, modality)
    screenshots.window("KneeCartilageSeg", screenshot_folder / f"list-{modality.value}.png")
    user.panel.logic.segmentList(list_file, modality, console_options(light, tmp_path / "console"))
    from_panel = {name: mask for name, mask in masks_in(knees / SEGMENTED).items() if CONTRAST in name}
    for others in (masks_in(finished(modality) / SEGMENTED), masks_in(tmp_path / "console" / SEGMENTED)):
        for name, mask in from_panel.items():
            np.testing.assert_array_equal(mask, others[name])


@needs_elastix
@pytest.mark.parametrize("modality", [Modality.NEW_SUBJECT, Modality.LONGITUDINAL])
def test_list_that_is_segmented_is_shown(user, segment, modality, screenshots, screenshot_folder):
    """The panel asks for what the command line was asked for: nothing is left to do."""
    knees = segment(modality)
    before = masks_in(knees / SEGMENTED)
    user.choose_list(knees / LISTS[modality], modality)
    user.wait_for_apply()
    assert user.column(0) == KNEES[modality]
    user.apply()
    user.wait_for_end()
    assert {result.status.value for result in user.panel.run.results.values()} == {"unchanged"}
    check_shown(user, knees, modality)
    for name, mask in masks_in(knees / SEGMENTED).items():
        np.testing.assert_array_equal(mask, before[name])
    screenshots.window("KneeCartilageSeg", screenshot_folder / f"list-{modality.value}.png")


def check_shown(user, knees, modality) -> None:
    """All knees are segmented, and what is shown is what was written."""
    import slicer

    assert re.match(r"Done\. \d+ segmented, \d+ need review", user.reason)
    assert user.column(1) == ["segmented"] * len(KNEES[modality])
    user.click_knee(KNEES[modality][-1])
    (segmentation,) = [
        node for node in nodes_of_class("vtkMRMLSegmentationNode") if node.GetDisplayNode().GetVisibility()
    ]
    volume = slicer.app.layoutManager().sliceWidget("Red").sliceLogic().GetBackgroundLayer().GetVolumeNode()
    assert volume.GetName() == KNEES[modality][-1]
    for tissue in Tissue:
        written = read(knees / SEGMENTED / f"{KNEES[modality][-1]}_{tissue.value}.mha")
        np.testing.assert_array_equal(segment_array(segmentation, tissue, volume), written)


def console_options(parameters, output=None):
    from KneeCartilageSegLib.slicer_support.options import RunOptions

    return RunOptions(parameters=parameters, output=output, jobs=1, keep_registered=False)


def terminology(segment) -> str:
    import slicer
    import vtk

    value = vtk.reference("")
    assert segment.GetTag(slicer.vtkSegment.GetTerminologyEntryTagName(), value)
    return str(value)


@needs_elastix
def test_result_nodes_are_complete(user, segment):
    import slicer

    knees = segment(Modality.MULTIMODAL)
    user.choose_list(knees / LISTS[Modality.MULTIMODAL], Modality.MULTIMODAL)
    user.ui.labelmapsCheckBox.checked = True
    user.apply()
    user.wait_for_end()
    (segmentation,) = nodes_of_class("vtkMRMLSegmentationNode")
    (volume,) = [n for n in nodes_of_class("vtkMRMLScalarVolumeNode") if n.GetClassName() == "vtkMRMLScalarVolumeNode"]
    segments = segmentation.GetSegmentation()
    femur, cartilage = (segments.GetNthSegment(number) for number in (0, 1))
    assert (femur.GetName(), cartilage.GetName()) == ("Femur", "Femoral cartilage")
    assert femur.GetColor() != cartilage.GetColor()
    assert "SCT^71341001^Femur" in terminology(femur)
    assert "SCT^309312004^Cartilage" in terminology(cartilage)
    assert segmentation.GetNodeReference(segmentation.GetReferenceImageGeometryReferenceRole()) is volume
    assert segments.ContainsRepresentation("Closed surface")
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    item = hierarchy.GetItemByDataNode(segmentation)
    assert hierarchy.GetItemParent(item) == hierarchy.GetItemByDataNode(volume)
    labelmaps = nodes_of_class("vtkMRMLLabelMapVolumeNode")
    for tissue, labelmap in zip(Tissue, labelmaps):
        written = read(knees / SEGMENTED / f"{CONTRAST}_{tissue.value}.mha")
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(labelmap), written)
    (table,) = nodes_of_class("vtkMRMLTableNode")
    with open(knees / SEGMENTED / f"{Path(LISTS[Modality.MULTIMODAL]).stem}_summary.csv", newline="") as file:
        (row,) = csv.DictReader(file)
    assert table.GetTable().GetNumberOfColumns() == len(row)
    volumes = table.GetTable().GetColumnByName("volume_fc")
    assert volumes.GetClassName() == "vtkDoubleArray"
    # Both are read by people.
    assert volumes.GetValue(0) == float(f"{float(row['volume_fc']):.4g}") > 0
    assert table.GetColumnUnitLabel("volume_fc") == "mm3"
    assert table.GetColumnTitle("volume_fc") == "Cartilage volume"
    assert np.isnan(table.GetTable().GetColumnByName("side").GetValue(0))


@needs_elastix
def test_knees_of_an_earlier_session_are_shown(user, segment):
    """From the list alone: nothing has to be run again."""
    knees = segment(Modality.MULTIMODAL)
    user.choose_list(knees / LISTS[Modality.MULTIMODAL], Modality.MULTIMODAL)
    user.bed.wait_until(lambda: user.column(1) == ["segmented"])
    user.click_knee(CONTRAST)
    assert len(nodes_of_class("vtkMRMLSegmentationNode")) == 1
    user.click_knee(CONTRAST)
    assert len(nodes_of_class("vtkMRMLSegmentationNode")) == 1, "it was loaded already"
    results = user.panel.logic.listResults(knees / LISTS[Modality.MULTIMODAL], Modality.MULTIMODAL)
    assert list(results) == [CONTRAST]
    user.wait_for_apply()
    assert "with results: 1" in user.reason


def command(knees, modality, parameters, *more) -> list[str]:
    arguments = ["segment", str(knees / LISTS[modality]), "--modality", modality.value, "--progress", "none"]
    return [*arguments, "--parameters", str(parameters), "--jobs", "1", "--no-pictures", *more]


@needs_elastix
def test_rejected_knee_stands_out(user, segment):
    """The limits table makes any result a rejected one."""
    knees = segment(Modality.MULTIMODAL)
    user.choose_list(knees / LISTS[Modality.MULTIMODAL], Modality.MULTIMODAL)
    table = user.ui.limitsTable
    row = next(row for row in range(table.rowCount) if "match at the cartilage" in table.item(row, 0).text())
    table.item(row, 1).setText("1000")
    assert user.panel.parameters.limits == ["multimodal/sharpness_fc=1000:"]
    user.apply()
    user.wait_for_end()
    assert user.column(1) == ["rejected: do not use"]
    item = user.ui.kneesTable.item(0, 1)
    assert item.font().bold()
    assert "match at the cartilage" in item.toolTip()
    assert not (knees / SEGMENTED / f"{CONTRAST}_fc.mha").exists()
    assert "1 need review" in user.reason
    table.item(row, 1).setText("nonsense")
    assert user.panel.parameters.limits == []
    assert table.item(row, 1).text() != "nonsense"


# ---------------------------------------------------------------------------------------------------------------------
# Runs on nodes


@pytest.fixture
def scene(slicer_app, knees):
    """Volumes of the demo as nodes, the masks of the reference as one segmentation."""
    import slicer

    class Scene:
        def volume(self, root, folder=IMAGE_FOLDER):
            return slicer.util.loadVolume(str(knees / folder / f"{root}.mha"))

        def segmentation(self, root="reference", folder=REFERENCE_FOLDER):
            node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Masks")
            node.CreateDefaultDisplayNodes()
            for name, suffix in (("Femoral cartilage", "fc"), ("Femur bone", "f")):
                labelmap = self.labelmap(root, suffix, folder)
                slicer.modules.segmentations.logic().ImportLabelmapToSegmentationNode(labelmap, node)
                node.GetSegmentation().GetNthSegment(node.GetSegmentation().GetNumberOfSegments() - 1).SetName(name)
                slicer.mrmlScene.RemoveNode(labelmap)
            return node

        def labelmap(self, root, suffix, folder=TRUTH_FOLDER):
            return slicer.util.loadLabelVolume(str(knees / folder / f"{root}_{suffix}.mha"))

        def transform(self, *nodes, degrees=20.0, shift=(30.0, -20.0, 10.0)):
            import vtk

            turned = vtk.vtkTransform()
            turned.Translate(*shift)
            turned.RotateWXYZ(degrees, 0.3, 0.5, 0.8)
            node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "Turned")
            node.SetMatrixTransformToParent(turned.GetMatrix())
            for moved in nodes:
                moved.SetAndObserveTransformNodeID(node.GetID())
            return node

    return Scene()


@needs_elastix
def test_nodes_are_segmented_new_subject(user, scene, light, tmp_path, screenshots, screenshot_folder, capsys):
    """Two knees and a segmentation; the working folder can be run from the command line."""
    moving = [scene.volume(BASELINE), scene.volume(SECOND)]
    reference, masks = scene.volume("reference", REFERENCE_FOLDER), scene.segmentation()
    user.choose_nodes(moving, reference, masks)
    assert user.ui.cartilageMaskSelector.currentNode() is masks
    segments = masks.GetSegmentation()
    assert segments.GetSegment(user.ui.femurSegmentSelector.currentSegmentID()).GetName() == "Femur bone"
    assert segments.GetSegment(user.ui.cartilageSegmentSelector.currentSegmentID()).GetName() == "Femoral cartilage"
    user.ui.workingFolderEdit.currentPath = str(tmp_path)
    user.wait_for_apply()
    screenshots.panel("KneeCartilageSeg", screenshot_folder / "nodes-panel.png")
    user.ui.keepRegisteredCheckBox.checked = False
    user.apply()
    user.wait_for_end()
    assert user.column(1) == ["segmented", "segmented"]
    names = [node.GetName() for node in nodes_of_class("vtkMRMLSegmentationNode")]
    assert names == ["Masks", f"{BASELINE} segmentation", f"{SECOND} segmentation"]
    (list_file,) = (tmp_path / "KneeCartilageSeg").glob("image_list_*.txt")
    before = masks_in(list_file.parent / SEGMENTED)
    arguments = [
        "segment",
        str(list_file),
        "--modality",
        "newsubject",
        "--parameters",
        str(light),
        "--progress",
        "json",
        "--no-registered",
    ]
    capsys.readouterr()
    assert main(arguments) in (0, 3)
    events = map(read_event, capsys.readouterr().out.splitlines())
    ended = {event.name: event.status for event in events if isinstance(event, CaseEnd)}
    assert ended == {BASELINE: "unchanged", SECOND: "unchanged"}, "it is asked for the same"
    for knee, volume, segmentation in zip((BASELINE, SECOND), moving, nodes_of_class("vtkMRMLSegmentationNode")[1:]):
        for tissue in Tissue:
            written = before[f"{knee}_{tissue.value}.nrrd"]
            np.testing.assert_array_equal(segment_array(segmentation, tissue, volume), written)
    user.click_knee(BASELINE)
    shown = [node.GetName() for node in nodes_of_class("vtkMRMLSegmentationNode") if node.GetDisplayVisibility()]
    assert shown == [f"{BASELINE} segmentation"]


@needs_elastix
def test_nodes_are_segmented_longitudinal_in_turned_scans(user, scene, knees):
    """Both visits under transforms of their own; the mask lies on the follow-up's own grid and moves with it."""
    follow_up, baseline = scene.volume(FOLLOW_UP), scene.volume(BASELINE)
    femur, cartilage = scene.labelmap(BASELINE, "f"), scene.labelmap(BASELINE, "fc")
    scene.transform(follow_up, degrees=8.0)
    scene.transform(baseline, femur, cartilage, degrees=-6.0, shift=(10.0, 15.0, -5.0))
    user.choose_nodes([follow_up], baseline, femur, Modality.LONGITUDINAL)
    user.ui.cartilageMaskSelector.setCurrentNode(cartilage)
    user.ui.keepRegisteredCheckBox.checked = False
    user.apply()
    user.wait_for_end()
    (segmentation,) = nodes_of_class("vtkMRMLSegmentationNode")
    assert segmentation.GetParentTransformNode() is follow_up.GetParentTransformNode()
    truth = read(knees / TRUTH_FOLDER / f"{FOLLOW_UP}_f.mha")
    assert dice(segment_array(segmentation, Tissue.FEMUR, follow_up), truth) > 0.9


@needs_elastix
def test_nodes_are_segmented_multimodal(user, scene, knees):
    from KneeCartilageSegLib.slicer_support.session import session_folder

    shutil.rmtree(session_folder())  # an earlier test's, which has no Slicer any more that would delete it
    contrast, image = scene.volume(CONTRAST), scene.volume(BASELINE)
    masks = scene.segmentation(BASELINE, TRUTH_FOLDER)
    user.choose_nodes([contrast], image, masks, Modality.MULTIMODAL)
    user.ui.keepRegisteredCheckBox.checked = False
    user.apply()
    user.wait_for_end()
    truth = read(knees / TRUTH_FOLDER / f"{CONTRAST}_f.mha")
    assert dice(segment_array(nodes_of_class("vtkMRMLSegmentationNode")[1], Tissue.FEMUR, contrast), truth) > 0.9
    working_files = session_folder()
    assert (working_files / "KneeCartilageSeg" / SEGMENTED / f"{CONTRAST}_fc.nrrd").is_file()
    user.bed.close_slicer()
    assert not working_files.exists()


def shown_segment(user, name) -> str:
    selector = getattr(user.ui, f"{name}SegmentSelector")
    shown = selector.currentNode().GetSegmentation().GetSegment(selector.currentSegmentID())
    return shown.GetName()


def chosen_segment(user, name) -> str:
    """The segment that the parameters name: what a run would take."""
    parameters = user.panel.parameters
    segmentation = getattr(parameters, f"{name}Mask").GetSegmentation()
    return segmentation.GetSegment(getattr(parameters, f"{name}Segment")).GetName()


def test_segment_that_is_shown_is_the_segment_that_is_taken(user, scene):
    """The selectors have chosen a segmentation and its first segment long before the user chooses a mask."""
    import slicer

    masks = scene.segmentation()
    assert user.panel.parameters.femurSegment == "", "nobody has chosen the selectors' own segmentation"
    user.ui.femurMaskSelector.setCurrentNode(masks)
    assert user.ui.cartilageMaskSelector.currentNode() is masks
    assert [chosen_segment(user, name) for name in ("femur", "cartilage")] == ["Femur bone", "Femoral cartilage"]
    assert [shown_segment(user, name) for name in ("femur", "cartilage")] == ["Femur bone", "Femoral cartilage"]
    other = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Other")
    other.GetSegmentation().AddEmptySegment("Tibia", "Tibia")
    user.ui.femurMaskSelector.setCurrentNode(other)
    assert chosen_segment(user, "femur") == shown_segment(user, "femur") == "Tibia"
    user.ui.femurMaskSelector.setCurrentNode(masks)
    assert chosen_segment(user, "femur") == shown_segment(user, "femur") == "Femur bone"
    masks.GetSegmentation().RemoveSegment(user.panel.parameters.femurSegment)
    assert chosen_segment(user, "femur") == shown_segment(user, "femur") == "Femoral cartilage"


def test_segmentation_whose_segments_come_later(user):
    import slicer

    masks = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Masks")
    user.ui.inputTabs.currentIndex = 1
    user.ui.femurMaskSelector.setCurrentNode(masks)
    user.wait_for_refusal("'Masks' has no segment that is known to be the femur")
    masks.GetSegmentation().AddEmptySegment("Femur", "Femur")
    assert chosen_segment(user, "femur") == shown_segment(user, "femur") == "Femur"


def test_mask_that_was_deleted_is_replaced_by_no_other(user, scene):
    """Slicer's selectors jump to a neighbour of the node that leaves."""
    import slicer

    reference, other = (scene.volume(root, REFERENCE_FOLDER) for root in ("reference", "reference"))
    masks, labelmap = scene.segmentation(), scene.labelmap("reference", "f", REFERENCE_FOLDER)
    user.ui.inputTabs.currentIndex = 1
    user.ui.referenceSelector.setCurrentNode(reference)
    user.ui.femurMaskSelector.setCurrentNode(masks)
    slicer.mrmlScene.RemoveNode(masks)
    slicer.mrmlScene.RemoveNode(reference)
    parameters = user.panel.parameters
    assert (parameters.femurMask, parameters.cartilageMask, parameters.referenceVolume) == (None, None, None)
    selectors = user.ui.femurMaskSelector, user.ui.cartilageMaskSelector, user.ui.referenceSelector
    assert [selector.currentNode() for selector in selectors] == [None, None, None]
    user.wait_for_refusal("No femur mask is chosen")
    user.ui.femurMaskSelector.setCurrentNode(labelmap)
    slicer.mrmlScene.RemoveNode(other)
    assert parameters.femurMask is labelmap


@needs_elastix
def test_inputs_that_are_changed_back_can_be_applied(user, knees):
    """Within the delay of the check, and from one tab to the other and back."""
    user.choose_list(knees / LISTS[Modality.NEW_SUBJECT])
    user.wait_for_apply()
    for change, back in (
        (lambda: user.choose_list(knees / "other.txt"), lambda: user.choose_list(knees / LISTS[Modality.NEW_SUBJECT])),
        (lambda: setattr(user.ui.inputTabs, "currentIndex", 1), lambda: setattr(user.ui.inputTabs, "currentIndex", 0)),
    ):
        change()
        back()
        user.wait_for_apply()
        assert "Ready" in user.reason


def test_side_of_new_subjects_is_chosen(user):
    """The combo box, the parameter and the command line say the same; other modalities have no choice."""
    from KneeCartilageSegLib.slicer_support.options import segment_arguments
    from KneeCartilageSegLib.slicer_support.parameters import options_of

    combo = user.ui.sideComboBox
    list_file = Path("list.txt")
    assert [combo.itemText(i) for i in range(combo.count)] == [
        "Automatic", "Same as the reference", "Left knees", "Right knees",
    ]  # fmt: skip
    parameters = user.panel.logic.getParameterNode()
    assert "--side=auto" in segment_arguments(list_file, Modality.NEW_SUBJECT, options_of(parameters))
    combo.currentIndex = 2
    parameters = user.panel.logic.getParameterNode()
    assert "--side=left" in segment_arguments(list_file, Modality.NEW_SUBJECT, options_of(parameters))
    assert combo.enabled
    user.ui.modalityComboBox.currentIndex = 1
    assert not combo.enabled
    arguments = segment_arguments(list_file, Modality.LONGITUDINAL, options_of(user.panel.logic.getParameterNode()))
    assert not [argument for argument in arguments if argument.startswith("--side")]


def test_time_limit_reaches_the_command_line(user):
    from KneeCartilageSegLib.slicer_support.options import segment_arguments
    from KneeCartilageSegLib.slicer_support.parameters import options_of

    def arguments():
        options = options_of(user.panel.logic.getParameterNode())
        return segment_arguments(Path("list.txt"), Modality.NEW_SUBJECT, options)

    assert user.ui.timeLimitSpinBox.text == "no limit"
    assert not [argument for argument in arguments() if argument.startswith("--time-limit")]
    user.ui.timeLimitSpinBox.value = 5
    assert "--time-limit=5" in arguments()


@needs_elastix
def test_saved_scene_brings_the_panel_back(user, scene, knees, tmp_path):
    import slicer

    contrast, image = scene.volume(CONTRAST), scene.volume(BASELINE)
    masks = scene.segmentation(BASELINE, TRUTH_FOLDER)
    user.choose_nodes([contrast], image, masks, Modality.MULTIMODAL)
    user.ui.threadsSpinBox.value = 3
    user.ui.keepRegisteredCheckBox.checked = False
    user.ui.workingFolderEdit.currentPath = str(tmp_path / "work")
    user.ui.listFileEdit.currentPath = str(knees / LISTS[Modality.MULTIMODAL])
    scene_file = str(tmp_path / "scene.mrb")
    assert slicer.util.saveScene(scene_file)
    slicer.mrmlScene.Clear(0)
    user.bed.process_events(50)
    assert user.ui.threadsSpinBox.value == 0
    assert user.ui.workingFolderEdit.currentPath == ""
    assert user.ui.modalityComboBox.currentText == "New subject"
    slicer.util.loadScene(scene_file)
    assert user.ui.threadsSpinBox.value == 3
    assert not user.ui.keepRegisteredCheckBox.checked
    assert user.ui.modalityComboBox.currentText == "Multimodal"
    assert user.ui.inputTabs.currentIndex == 1
    assert user.ui.workingFolderEdit.currentPath == str(tmp_path / "work")
    assert user.ui.listFileEdit.currentPath == str(knees / LISTS[Modality.MULTIMODAL])
    assert [node.GetName() for node in user.ui.movingSelector.checkedNodes()] == [CONTRAST]
    assert user.ui.referenceSelector.currentNode().GetName() == BASELINE
    assert user.ui.femurMaskSelector.currentNode().GetName() == "Masks"
    segments = user.ui.femurMaskSelector.currentNode().GetSegmentation()
    assert segments.GetSegment(user.ui.femurSegmentSelector.currentSegmentID()).GetName() == "Femur bone"
    user.wait_for_apply()


def test_transforms_are_applied_to_what_is_written_only(scene, slicer_app):
    """Linear ones move the grid, others resample; a segment comes on the reference's grid, wherever both lie."""
    import slicer
    from KneeCartilageSegLib.slicer_support.volumes import MaskSource, on_grid, segment_image, volume_image

    volume, masks = scene.volume("reference", REFERENCE_FOLDER), scene.segmentation()
    before, plain = slicer.util.arrayFromVolume(volume).copy(), volume_image(volume)
    segment = masks.GetSegmentation().GetNthSegmentID(1)
    mask = MaskSource(masks, segment)
    femur = on_grid(segment_image(mask), plain)
    transform = scene.transform(volume, masks)
    moved = volume_image(volume)
    moved_femur = on_grid(segment_image(mask), moved)
    np.testing.assert_array_equal(sitk.GetArrayFromImage(moved), before)
    np.testing.assert_array_equal(sitk.GetArrayFromImage(moved_femur), sitk.GetArrayFromImage(femur))
    matrix = slicer.util.arrayFromTransformMatrix(transform)
    index = (12, 34, 5)
    lps = np.array(plain.TransformIndexToPhysicalPoint(index))
    expected = (matrix @ [-lps[0], -lps[1], lps[2], 1])[:3] * (-1, -1, 1)
    np.testing.assert_allclose(moved.TransformIndexToPhysicalPoint(index), expected, atol=1e-6)
    # Only the volume is turned: the segmentation stays where the scene shows it.
    masks.SetAndObserveTransformNodeID(None)
    apart = on_grid(segment_image(mask), moved)
    expected_mask = sitk.Resample(femur, moved, sitk.Transform(), sitk.sitkNearestNeighbor)
    assert dice(sitk.GetArrayFromImage(apart), sitk.GetArrayFromImage(expected_mask)) > 0.97
    nonlinear = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLBSplineTransformNode")
    volume.SetAndObserveTransformNodeID(nonlinear.GetID())
    number = slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode")
    assert volume_image(volume).GetSize() == plain.GetSize()
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") == number
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(volume), before)


# ---------------------------------------------------------------------------------------------------------------------
# Cancel, close, quit


def processes() -> list[str]:
    """The command lines of this process's children that are ours."""
    listed = subprocess.run(["ps", "-A", "-o", "ppid=,args="], capture_output=True, text=True, check=True).stdout
    ours = (line.strip().partition(" ") for line in listed.splitlines())
    return [args for parent, _, args in ours if parent == str(os.getpid()) and "KneeCartilageSegLib" in args]


def start_slow_run(user, knees, tmp_path):
    """A run that would take minutes; returns when the registration is at work."""
    slow = tmp_path / "slow"
    slow.mkdir()
    for path in PARAMETER_FOLDER.glob("*.txt"):
        text = re.sub(r"\((MaximumNumberOfIterations) \d+\)", r"(\1 100000)", path.read_text())
        (slow / path.name).write_text(text)
    user.ui.parameterFolderEdit.currentPath = str(slow)
    if not user.panel.parameters.fromNodes:
        user.choose_list(knees / LISTS[Modality.NEW_SUBJECT])
    user.apply()
    user.bed.wait_until(lambda: user.ui.progressBar.value > 0)


def finished_files(folder) -> list[str]:
    """What lies among the results, but for the contact sheet, which is there with matplotlib."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.parent.name == SEGMENTED)
    return [path.name for path in paths if path.name != "index.html"]


@pytest.mark.real_process
@needs_elastix
def test_cancel_works_at_once_and_is_no_failure(user, knees, tmp_path):
    start_slow_run(user, knees, tmp_path)
    user.ui.cancelButton.click()
    assert "Cancelling" in user.reason
    user.bed.wait_until(lambda: not user.panel.running)
    assert "Cancelled" in user.reason
    assert "ailed" not in user.reason + "".join(user.column(1))
    assert user.column(1) == ["cancelled", "not started"]
    assert finished_files(knees) == [f"{Path(LISTS[Modality.NEW_SUBJECT]).stem}_summary.csv"]
    assert not list(knees.glob(".tmp-*"))
    assert not nodes_of_class("vtkMRMLSegmentationNode")
    assert user.ui.applyButton.enabled


@pytest.mark.real_process
@needs_elastix
def test_closing_the_scene_cancels_a_run_on_nodes(user, scene, knees, tmp_path):
    import slicer

    user.choose_nodes([scene.volume(BASELINE)], scene.volume("reference", REFERENCE_FOLDER), scene.segmentation())
    start_slow_run(user, knees, tmp_path)
    slicer.mrmlScene.Clear(0)
    user.bed.wait_until(lambda: not user.panel.running)
    assert "Cancelled" in user.reason
    assert not nodes_of_class("vtkMRMLTableNode")


@pytest.mark.real_process
@needs_elastix
def test_closing_the_scene_does_not_disturb_a_run_on_a_list(user, knees):
    import slicer

    user.choose_list(knees / LISTS[Modality.MULTIMODAL], Modality.MULTIMODAL)
    user.ui.keepRegisteredCheckBox.checked = False
    user.apply()
    user.bed.wait_until(lambda: user.ui.progressBar.value > 0)
    slicer.mrmlScene.Clear(0)
    user.bed.leave_module()
    user.bed.process_events(100)
    user.bed.show_module("KneeCartilageSeg")
    user.wait_for_end()
    assert (knees / SEGMENTED / f"{CONTRAST}_fc.mha").is_file()
    user.click_knee(CONTRAST)
    assert len(nodes_of_class("vtkMRMLSegmentationNode")) == 1


@pytest.mark.real_process
@needs_elastix
def test_closing_slicer_ends_the_run(user, knees, tmp_path):
    start_slow_run(user, knees, tmp_path)
    assert processes()
    user.bed.close_slicer()
    assert processes() == []
    assert not list(knees.glob(".tmp-*"))


# ---------------------------------------------------------------------------------------------------------------------
# Refusals


def test_panel_opens_on_an_empty_scene(user):
    assert user.reason == "Choose an image list."
    assert not user.ui.applyButton.enabled
    user.ui.inputTabs.currentIndex = 1
    user.wait_for_refusal("No volume to segment is chosen")
    for missing in ("No reference volume", "No femur mask", "No cartilage mask"):
        assert missing in user.reason


@pytest.mark.parametrize("modality", ["newsubject", "longitudinal", "multimodal"])
def test_modalities_are_explained(user, modality):
    user.choose_modality(Modality(modality))
    sentence = user.ui.modalityDescriptionLabel.text
    assert sentence.endswith(".")
    assert sentence == user.ui.modalityComboBox.itemData(user.ui.modalityComboBox.currentIndex, 3)  # Qt.ToolTipRole


@needs_elastix
def test_all_problems_of_a_list_are_shown_with_their_lines(user, knees):
    (knees / "bad.txt").write_text(
        f"./{REFERENCE_FOLDER}\n./{IMAGE_FOLDER}\nr reference.mha\nm nobody.mha\nx what.mha\nm {BASELINE}.mha\n"
    )
    user.choose_list(knees / "bad.txt")
    user.wait_for_refusal("problems: 2")
    user.bed.wait_until(lambda: not user.panel.check.busy)
    assert [problem.partition(":")[0] for problem in user.problems] == ["Line 4", "Line 5"]
    assert "'nobody.mha' is not in" in user.problems[0]
    assert user.column(0) == ["nobody", BASELINE]
    assert "is not in" in user.column(1)[0]
    user.choose_list(knees / LISTS[Modality.NEW_SUBJECT])
    user.wait_for_apply()
    assert user.problems == []


def test_missing_list_is_refused(user, knees):
    user.choose_list(knees / "missing.txt")
    user.wait_for_refusal("problems: 1")
    assert "does not exist" in user.problems[0]


def test_wrong_nodes_are_refused(user, scene):
    import slicer

    reference, masks = scene.volume("reference", REFERENCE_FOLDER), scene.segmentation()
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Empty")
    user.choose_nodes([reference, empty], reference, masks)
    user.wait_for_refusal("is its own reference")
    assert "'Empty' is empty" in user.reason
    user.ui.cartilageSegmentSelector.setCurrentSegmentID(user.ui.femurSegmentSelector.currentSegmentID())
    user.wait_for_refusal("Femur and cartilage mask are the same")
    sheared = scene.transform(reference)
    matrix = np.eye(4)
    matrix[0, 1] = 0.5
    sheared.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(matrix))
    user.ui.movingSelector.uncheck(empty)
    user.wait_for_refusal("is sheared by its transform")


@pytest.mark.real_process
def test_panel_opens_without_elastix(slicer_app, light, monkeypatch, knees, dialogs):
    """It says so, and offers to install SlicerElastix."""
    import qt

    slicer_app.load_modules(MODULE)
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.setenv("PYTHONPATH", str(knees))
    (knees / "sitecustomize.py").write_text("import sys\nsys.modules.update(itk=None, pandas=None, matplotlib=None)\n")
    user = start(slicer_app, light)
    user.wait_for_refusal("No usable elastix")
    assert "no usable elastix was found" in user.ui.engineStatusLabel.text
    dialogs.expect_message("Restart Slicer now", qt.QMessageBox.No)
    user.ui.installElastixButton.click()
    assert slicer_app.extensions.requested == ["SlicerElastix"]
    slicer_app.extensions.succeeds = False
    dialogs.expect_message("could not be installed", qt.QMessageBox.Ok)
    user.ui.installElastixButton.click()
    slicer_app.expected_error(Exception)


def test_slicer_elastix_comes_first(user, monkeypatch, tmp_path):
    """Its folder is handed to the command line; a folder that the user names goes before it."""
    import types

    from KneeCartilageSegLib.slicer_support.parameters import options_of

    logic = types.SimpleNamespace(getElastixBinDir=lambda: str(tmp_path))
    monkeypatch.setitem(sys.modules, "Elastix", types.SimpleNamespace(ElastixLogic=lambda: logic))
    assert options_of(user.panel.parameters).engine == tmp_path
    user.ui.elastixFolderEdit.currentPath = "/opt/elastix"
    assert options_of(user.panel.parameters).engine == Path("/opt/elastix")


# ---------------------------------------------------------------------------------------------------------------------
# Console and sample data


@needs_elastix
def test_logic_example_runs(slicer_app):
    """The example in the class's documentation, as it stands there, by the module's own test."""
    import slicer

    slicer_app.load_modules(MODULE)
    slicer.modules.KneeCartilageSegInstance.runTest()


def test_console_refuses_wrong_input(slicer_app, scene, knees):
    from KneeCartilageSegLib.errors import InputError

    slicer_app.load_modules(MODULE)
    logic = sys.modules["KneeCartilageSeg"].KneeCartilageSegLogic()
    with pytest.raises(InputError, match="no volume to segment"):
        logic.segmentNodes([], scene.volume("reference", REFERENCE_FOLDER), scene.segmentation())
    (knees / "bad.txt").write_text("./nowhere\n./preprocessed\nm nobody.mha\n")
    with pytest.raises(InputError, match=r"bad\.txt:1: .*nowhere"):
        logic.segmentList(knees / "bad.txt", Modality.NEW_SUBJECT)


def test_sample_data_need_no_download(slicer_app, monkeypatch):
    import KneeCartilageSegLib.slicer_support.sample as sample

    slicer_app.load_modules(MODULE)
    monkeypatch.setattr(sample.make_sample, "__defaults__", (None, SPACING))
    knee, reference, segmentation = slicer_app.click_sample("KneePhantom")
    assert (knee.GetName(), reference.GetName()) == (BASELINE, "reference")
    assert segmentation.GetSegmentation().GetNumberOfSegments() == 2


# ---------------------------------------------------------------------------------------------------------------------
# As it is installed


@needs_elastix
@pytest.mark.skipif(not shutil.which("cmake"), reason="needs cmake")
def test_installed_module_runs(tmp_path, segment, light):
    """From the flat folder that CMake installs, in a Python that does not see the source tree."""
    knees = segment(Modality.MULTIMODAL)
    root, prefix = MODULE.parents[1], tmp_path / "installed"
    configure = ["cmake", "-S", root, "-B", tmp_path / "build", f"-DSlicer_DIR={root / 'Testing' / 'cmake-standin'}"]
    for arguments in ([*configure, f"-DCMAKE_INSTALL_PREFIX={prefix}"], ["cmake", "--install", tmp_path / "build"]):
        subprocess.run(arguments, check=True, capture_output=True)
    folder = prefix / "lib" / "Slicer-5.8" / "qt-scripted-modules"
    (tmp_path / "drive.py").write_text(_DRIVE_INSTALLED)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(root / "Testing")])}
    arguments = [tmp_path / "drive.py", folder / MODULE.name, knees / LISTS[Modality.MULTIMODAL], light]
    finished = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines()[-1] == f"['segmented'] {folder / 'KneeCartilageSegLib' / '__init__.py'}"


_DRIVE_INSTALLED = """
import sys
from slicer_testbed.application import start

module, list_file, parameters = sys.argv[1:]
bed = start()
bed.load_modules(module)
panel = bed.show_module("KneeCartilageSeg")
panel.ui.parameterFolderEdit.currentPath = parameters
panel.ui.modalityComboBox.currentIndex = 2
panel.ui.listFileEdit.currentPath = list_file
bed.wait_until(lambda: panel.ui.applyButton.enabled)
panel.ui.applyButton.click()
bed.wait_until(lambda: not panel.running and not panel.loading)
import KneeCartilageSegLib
print([panel.ui.kneesTable.item(0, 1).text()], KneeCartilageSegLib.__file__)
bed.close_slicer()
assert bed.problems() == []
"""
