"""Several references in the panel: a folder of segmented knees, or knees of the scene; with a stand-in for elastix."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.commandline import main
from KneeCartilageSegLib.commands import engine, segment
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.segmentation.cases import read_cases
from KneeCartilageSegLib.tissue import Tissue
from panel_user import User, texts_of_column
from slicer_testbed.python_packages import all_installed
from still_study import StillElastix, Study, make_texture
from tiny_study import write_list

pytest_plugins = ["slicer_testbed.plugin"]

MODULE = Path(__file__).parents[2] / "KneeCartilageSeg" / "KneeCartilageSeg.py"
NAMES = {Tissue.FEMUR: "Femur", Tissue.CARTILAGE: "Femoral cartilage"}


@pytest.fixture(autouse=True)
def _still_elastix(monkeypatch):
    for command in (engine, segment):
        monkeypatch.setattr(command, "find_engine", lambda *_question, **_how: StillElastix())


@pytest.fixture(scope="module")
def texture():
    return make_texture()


@pytest.fixture
def study(tmp_path, texture):
    """References r0 to r2 in a folder, and a list of knees that names none of them."""
    study = Study(tmp_path / "study", texture, thickness=3.0)
    write_list(study.folder / "list.txt", "./nowhere", ".", "m knee.mha")
    return study


@pytest.fixture
def user(slicer_app):
    slicer_app.load_modules(MODULE)
    slicer_app.app.layoutManager().threeDWidget(0).threeDView().forceRender()
    return User(slicer_app, slicer_app.show_module("KneeCartilageSeg"))


@pytest.fixture(scope="module")
def commanded(texture, tmp_path_factory):
    """The folder of a knee that was segmented from the command line."""
    study = Study(tmp_path_factory.mktemp("command") / "study", texture, thickness=3.0)
    write_list(study.folder / "list.txt", "./nowhere", ".", "m knee.mha")
    arguments = ["segment", str(study.folder / "list.txt"), "--modality=newsubject", "--progress=none", "--jobs=1"]
    with pytest.MonkeyPatch.context() as patch, all_installed():
        patch.setattr(segment, "find_engine", lambda *_question, **_how: StillElastix())
        assert main([*arguments, f"--references={study.folder / 'references'}"]) in (0, 3)
    return study.folder.parent


@pytest.fixture
def by_command(commanded):
    """The masks of the knee by tissue, segmented from the command line."""
    return masks_in(commanded)


def masks_in(output, extension=".mha"):
    paths = {tissue: output / "segmented" / f"knee_{tissue.value}{extension}" for tissue in Tissue}
    return {tissue: sitk.GetArrayFromImage(sitk.ReadImage(str(path))) for tissue, path in paths.items()}


def assert_same(masks, others):
    for tissue in Tissue:
        assert masks[tissue].any()
        np.testing.assert_array_equal(masks[tissue], others[tissue])


def reference_nodes(study, number):
    """The volume of a reference, and a segmentation that was drawn on it."""
    import slicer

    files = study.references[number]
    volume = slicer.util.loadVolume(str(files.image))
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", f"{volume.GetName()} by hand")
    node.CreateDefaultDisplayNodes()
    node.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    for tissue, path in files.masks:
        labelmap = slicer.util.loadLabelVolume(str(path))
        slicer.modules.segmentations.logic().ImportLabelmapToSegmentationNode(labelmap, node)
        segments = node.GetSegmentation()
        segments.GetNthSegment(segments.GetNumberOfSegments() - 1).SetName(NAMES[tissue])
        slicer.mrmlScene.RemoveNode(labelmap)
    return volume, node


def choose_nodes(user, study, references):
    """The knee and references of the scene: the first as usual, the others as further ones."""
    import slicer

    knee = slicer.util.loadVolume(str(study.folder / "knee.mha"))
    user.ui.inputTabs.currentIndex = 1
    user.ui.movingSelector.check(knee)
    if references:
        volume, segmentation = references[0]
        user.ui.referenceSelector.setCurrentNode(volume)
        user.ui.femurMaskSelector.setCurrentNode(segmentation)
    for _volume, segmentation in references[1:]:
        user.ui.furtherReferencesSelector.check(segmentation)
    user.ui.workingFolderEdit.currentPath = str(study.folder.parent / "work")
    return knee


def work_of(study):
    return study.folder.parent / "work" / "KneeCartilageSeg"


def test_a_folder_of_references_gives_the_command_lines_masks(user, study, by_command):
    from KneeCartilageSegLib.slicer_support.options import RunOptions

    user.choose_list(study.folder / "list.txt")
    user.wait_for_refusal(r"problems: \d")
    folder = study.folder / "references"
    user.ui.referenceFolderEdit.currentPath = str(folder)
    user.bed.wait_until(lambda: user.ui.referenceFolderStatusLabel.text == "Segmented knees in this folder: 3")
    user.apply()
    user.wait_for_end()
    assert_same(masks_in(study.folder.parent), by_command)
    assert user.panel.run.results["knee"].row["references"] == 3
    user.bed.wait_until(lambda: user.panel.review.ui.reviewTable.rowCount == 1)
    list_file, logic = study.folder / "list.txt", user.panel.logic
    results = logic.segmentList(list_file, Modality.NEW_SUBJECT, RunOptions(references=folder))
    assert results["knee"].status.value == "unchanged", "the console asks for the same"
    assert list(logic.listResults(list_file, Modality.NEW_SUBJECT, referenceFolder=folder)) == ["knee"]


def test_fewer_references_are_used_if_so_many_are_asked_for(user, study):
    user.choose_list(study.folder / "list.txt")
    user.ui.referenceFolderEdit.currentPath = str(study.folder / "references")
    user.ui.referencesAtMostSpinBox.value = 2
    user.apply()
    user.wait_for_end()
    assert user.panel.run.results["knee"].row["references"] == 2


def test_several_references_of_the_scene_give_the_command_lines_masks(user, study, by_command):
    references = [reference_nodes(study, number) for number in range(3)]
    knee = choose_nodes(user, study, references)
    user.apply()
    user.wait_for_end()
    assert_same(masks_in(work_of(study), ".nrrd"), by_command)
    work, further = work_of(study).parent, [segmentation for _volume, segmentation in references]
    written = (work_of(study) / "segmented" / "knee_f.nrrd").stat().st_mtime_ns
    (segmentation,) = user.panel.logic.segmentNodes([knee], furtherReferences=further, workingFolder=work)
    assert segmentation.GetName() == "knee segmentation"
    assert (work_of(study) / "segmented" / "knee_f.nrrd").stat().st_mtime_ns == written, "the console asks for the same"


def test_a_folder_alone_is_enough_for_knees_of_the_scene(user, study, played):
    choose_nodes(user, study, [])
    user.wait_for_refusal("No reference volume is chosen")
    user.ui.referenceFolderEdit.currentPath = str(study.folder / "references")
    user.ui.referencesAtMostSpinBox.value = 5
    user.apply()
    user.bed.wait_until(lambda: played.runs)
    arguments = played.runs[0].arguments
    assert f"--references={study.folder / 'references'}" in arguments
    assert "--references-at-most=5" in arguments
    cases, _checksums = read_cases(Path(arguments[1]), Modality.NEW_SUBJECT, references=study.folder / "references")
    assert [len(case.references) for case in cases] == [3]
    played.runs[0].end()
    user.wait_for_end()


def test_further_references_are_checked(user, study):
    import slicer

    first, second = (reference_nodes(study, number) for number in range(2))
    knee = choose_nodes(user, study, [first, second])
    user.wait_for_apply()
    segmentation = second[1]
    segmentation.GetSegmentation().GetNthSegment(1).SetName("Something")
    user.ui.referencesAtMostSpinBox.value = 3  # whatever makes the panel look again
    user.wait_for_refusal("'r1 by hand' has no segment that is known to be the femoral cartilage")
    segmentation.GetSegmentation().GetNthSegment(1).SetName("Cartilage")
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(knee)
    user.ui.referencesAtMostSpinBox.value = 4
    user.wait_for_refusal("'knee' is its own reference")
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(first[0])
    user.ui.referencesAtMostSpinBox.value = 5
    user.wait_for_refusal("'r0' is a reference twice")
    segmentation.SetNodeReferenceID(segmentation.GetReferenceImageGeometryReferenceRole(), None)
    user.ui.referencesAtMostSpinBox.value = 6
    user.wait_for_refusal("does not say of which volume it is the segmentation. Choose its source volume")
    slicer.mrmlScene.RemoveNode(segmentation)
    user.wait_for_apply()


def test_only_new_subjects_have_several(user, study):
    from KneeCartilageSegLib.slicer_support.parameters import nodes_of, options_of

    choose_nodes(user, study, [reference_nodes(study, number) for number in range(2)])
    user.ui.referenceFolderEdit.currentPath = str(study.folder / "references")
    user.ui.referencesAtMostSpinBox.value = 2
    assert user.ui.referencesCollapsibleButton.visible
    parameters = user.panel.parameters
    assert len(nodes_of(parameters).references) == 2
    user.ui.modalityComboBox.currentIndex = 1
    assert not user.ui.referencesCollapsibleButton.visible
    assert len(nodes_of(parameters).references) == 1
    options = options_of(parameters)
    assert (options.references, options.references_at_most) == (None, 0)
    user.ui.modalityComboBox.currentIndex = 0
    user.ui.inputTabs.currentIndex = 0
    assert not user.ui.furtherReferencesSelector.visible


def test_a_folder_without_knees_says_so(user, tmp_path):
    user.ui.referencesCollapsibleButton.collapsed = False
    user.ui.referenceFolderEdit.currentPath = str(tmp_path)
    user.bed.wait_until(lambda: "has both masks beside it" in user.ui.referenceFolderStatusLabel.text)


# ---------------------------------------------------------------------------------------------------------------------
# Where they disagree


def overlay():
    """The volume node in the foreground of the slices."""
    import slicer

    return slicer.app.layoutManager().sliceWidget("Red").sliceLogic().GetForegroundLayer().GetVolumeNode()


@pytest.fixture
def segmented(user, commanded, tmp_path):
    """A list whose knee is segmented already, with its map of disagreement, in the panel."""
    folder = Path(shutil.copytree(commanded, tmp_path / "segmented"))
    user.choose_list(folder / "study" / "list.txt")
    user.ui.referenceFolderEdit.currentPath = str(folder / "study" / "references")
    user.bed.wait_until(lambda: texts_of_column(user.ui.kneesTable, 0) == ["knee"])
    user.bed.wait_until(lambda: texts_of_column(user.ui.kneesTable, 1)[0].startswith("segmented"))
    return folder


def ijk_to_ras(volume):
    import slicer
    import vtk

    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    return slicer.util.arrayFromVTKMatrix(matrix)


@pytest.fixture
def _legends(slicer_app, monkeypatch):
    """The scalar bars of Slicer's module Colors, which the test bed has no other use for."""
    import slicer

    slicer.mrmlScene.RegisterNodeClass(slicer.vtkMRMLColorLegendDisplayNode())
    add_legend = slicer.vtkSlicerColorLogic.AddDefaultColorLegendDisplayNode
    logic = slicer.modules.colors.logic()
    monkeypatch.setattr(logic, "AddDefaultColorLegendDisplayNode", add_legend, raising=False)


def click_knee(user):
    user.ui.kneesTable.cellClicked.emit(0, 0)
    user.wait_for_views()


@pytest.mark.usefixtures("_legends")
def test_where_references_disagree_is_shown_over_the_slices(user, segmented, screenshots, screenshot_folder):
    import slicer

    assert not user.ui.disagreementCheckBox.visible
    click_knee(user)
    assert user.ui.disagreementCheckBox.visible
    assert overlay() is None
    user.ui.disagreementCheckBox.checked = True
    user.wait_for_views()
    node, volume = overlay(), slicer.util.getNode("knee")
    assert node.GetName() == "knee disagreement"
    file = segmented / "segmented" / "knee_disagreement.mha"
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(node), sitk.GetArrayFromImage(sitk.ReadImage(str(file))))
    np.testing.assert_allclose(ijk_to_ras(node), ijk_to_ras(volume))
    display = node.GetDisplayNode()
    assert (display.GetWindowLevelMin(), display.GetWindowLevelMax()) == (0, 50)
    assert (display.GetApplyThreshold(), display.GetLowerThreshold(), display.GetUpperThreshold()) == (1, 1, 50)
    (legend,) = slicer.util.getNodesByClass("vtkMRMLColorLegendDisplayNode")
    assert legend.GetTitleText() == "References disagree (%)"
    composite = slicer.app.layoutManager().sliceWidget("Red").sliceLogic().GetSliceCompositeNode()
    assert 0.3 < composite.GetForegroundOpacity() < 0.9
    pixels = screenshots.slice_view("Red", screenshot_folder / "disagreement.png").astype(int)
    assert np.count_nonzero(pixels[..., 0] > pixels[..., 2] + 60) > 100, "nothing is colored"
    screenshots.window("KneeCartilageSeg", screenshot_folder / "disagreement-window.png")
    click_knee(user)
    assert overlay() is node, "it is loaded already"
    user.ui.disagreementCheckBox.checked = False
    user.wait_for_views()
    assert overlay() is None
    assert [one.GetName() for one in slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")] == ["knee"]
    assert not slicer.util.getNodesByClass("vtkMRMLColorLegendDisplayNode")


def test_the_review_shows_it_too(user, segmented):
    review = user.panel.review
    user.bed.wait_until(lambda: review.ui.reviewTable.rowCount == 1)
    review.ui.reviewCollapsibleButton.collapsed = False
    review.ui.reviewTable.cellClicked.emit(0, 0)
    user.wait_for_views()
    review.ui.reviewDisagreementCheckBox.checked = True
    user.wait_for_views()
    assert overlay().GetName() == "knee disagreement"
    assert user.ui.disagreementCheckBox.checked


def test_the_overlay_of_a_knee_of_the_scene_lies_where_the_knee_does(user, segmented):
    """Under the parent transform of its volume."""
    import slicer
    import vtk
    from KneeCartilageSegLib.slicer_support.disagreement import show_disagreement
    from KneeCartilageSegLib.slicer_support.tasks import run_now

    volume = slicer.util.loadVolume(str(segmented / "study" / "knee.mha"))
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    moved = vtk.vtkTransform()
    moved.Translate(10, 20, 30)
    transform.SetMatrixTransformToParent(moved.GetMatrix())
    volume.SetAndObserveTransformNodeID(transform.GetID())
    node = run_now(show_disagreement(volume, segmented / "segmented" / "knee_disagreement.mha"))
    assert node.GetParentTransformNode() is transform
    first, second = np.zeros(6), np.zeros(6)
    node.GetRASBounds(first)
    volume.GetRASBounds(second)
    np.testing.assert_allclose(first, second)


def test_a_knee_of_one_reference_has_no_check_box(user, segmented):
    (segmented / "segmented" / "knee_disagreement.mha").unlink()
    user.ui.disagreementCheckBox.checked = True
    click_knee(user)
    assert not user.ui.disagreementCheckBox.visible
    assert overlay() is None
