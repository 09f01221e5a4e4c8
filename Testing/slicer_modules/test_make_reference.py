"""The section Make a reference of the module KneeCartilageSeg: a segmentation of the scene becomes a reference."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.commandline import main
from KneeCartilageSegLib.phantom import KneeParameters, make_knee, write_knee
from KneeCartilageSegLib.tissue import Tissue
from panel_user import User

pytest_plugins = ["slicer_testbed.plugin"]

MODULE = Path(__file__).parents[2] / "KneeCartilageSeg" / "KneeCartilageSeg.py"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Image, femur mask and cartilage mask of a digital knee."""
    folder = tmp_path_factory.mktemp("knee")
    write_knee(make_knee(KneeParameters.reduced(3.0, subject=1)), folder, "knee")
    return folder / "knee.mha", {tissue: folder / f"knee_{tissue.value}.mha" for tissue in Tissue}


class Maker(User):
    """Somebody who makes a reference."""

    def load(self, files, names=("Bone", "Cartilage")):
        """The knee as nodes: its volume, and a segmentation that was drawn on it."""
        import slicer

        image, masks = files
        volume = slicer.util.loadVolume(str(image))
        node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Drawn")
        node.CreateDefaultDisplayNodes()
        node.SetReferenceImageGeometryParameterFromVolumeNode(volume)
        for name, path in zip(names, masks.values()):
            labelmap = slicer.util.loadLabelVolume(str(path))
            slicer.modules.segmentations.logic().ImportLabelmapToSegmentationNode(labelmap, node)
            segments = node.GetSegmentation()
            segments.GetNthSegment(segments.GetNumberOfSegments() - 1).SetName(name)
            slicer.mrmlScene.RemoveNode(labelmap)
        return volume, node

    def make(self, segmentation, folder):
        self.ui.madeSegmentationSelector.setCurrentNode(segmentation)
        self.ui.madeFolderEdit.currentPath = str(folder)
        self.ui.makeReferenceButton.click()
        self.wait_for_views()
        return self.ui.madeTextLabel.text


@pytest.fixture
def user(slicer_app):
    slicer_app.load_modules(MODULE)
    return Maker(slicer_app, slicer_app.show_module("KneeCartilageSeg"))


def read(path):
    image = sitk.ReadImage(str(path))
    return image.GetOrigin(), image.GetSpacing(), image.GetDirection(), sitk.GetArrayFromImage(image)


def assert_same(folder, other, name="knee"):
    for end in ("", *(f"_{tissue.value}" for tissue in Tissue)):
        *geometry, voxels = read(folder / f"{name}{end}.mha")
        *others, expected = read(other / f"{name}{end}.mha")
        np.testing.assert_allclose(np.hstack(geometry), np.hstack(others), atol=1e-6)
        np.testing.assert_array_equal(voxels, expected)


def test_the_panel_makes_what_the_command_makes(user, files, tmp_path, screenshots, screenshot_folder):
    image, masks = files
    assert (
        main(["reference", str(masks[Tissue.FEMUR]), str(image), "--preset=ours", "--name=knee", f"--out={tmp_path}"])
        == 0
    )
    volume, segmentation = user.load(files)
    assert not user.ui.makeReferenceButton.enabled
    said = user.make(segmentation, tmp_path / "atlas")
    assert user.ui.madeVolumeSelector.currentNode() is volume
    assert said.startswith("knee.mha is made: ")
    assert_same(tmp_path / "atlas", tmp_path)
    record = json.loads((tmp_path / "atlas" / "knee_reference.json").read_text())
    by_command = json.loads((tmp_path / "knee_reference.json").read_text())
    for key in ("side", "volumes_mm3", "cartilage_on_bone", "notes"):
        assert record[key] == by_command[key]
    user.ui.makeReferenceCollapsibleButton.collapsed = False
    screenshots.panel("KneeCartilageSeg", screenshot_folder / "make-reference.png")


def test_a_new_reference_is_one_of_the_folder(user, files, tmp_path):
    volume, segmentation = user.load(files)
    (tmp_path / "atlas").mkdir()
    user.ui.referenceFolderEdit.currentPath = str(tmp_path / "atlas")
    user.bed.wait_until(lambda: "has both masks" in user.ui.referenceFolderStatusLabel.text)
    user.make(segmentation, tmp_path / "atlas")
    user.bed.wait_until(lambda: user.ui.referenceFolderStatusLabel.text == "Segmented knees in this folder: 1")


def test_a_reference_is_made_again_of_its_own_knee_only(user, files, tmp_path):
    import slicer

    volume, segmentation = user.load(files)
    assert "is made" in user.make(segmentation, tmp_path)
    assert "is made" in user.make(segmentation, tmp_path)
    slicer.util.updateVolumeFromArray(volume, slicer.util.arrayFromVolume(volume) + 1)
    assert "was made of another knee" in user.make(segmentation, tmp_path)
    user.ui.madeNameEdit.text = "another knee"
    user.ui.madeSideComboBox.currentIndex = 1
    assert user.make(segmentation, tmp_path).startswith("another_knee.mha is made: left knee")


def test_segments_that_are_no_knee_are_refused(user, files, tmp_path):
    _volume, segmentation = user.load(files)
    segments = segmentation.GetSegmentation()
    user.make(segmentation, tmp_path / "atlas")
    bone, cartilage = (segments.GetNthSegmentID(number) for number in range(2))
    assert (user.panel.parameters.madeFemur, user.panel.parameters.madeCartilage) == (bone, cartilage)
    user.ui.madeFemurSelector.setCurrentSegmentID(cartilage)
    assert "Femur and cartilage mask are the same" in user.make(segmentation, tmp_path / "other")
    user.ui.madeCartilageSelector.setCurrentSegmentID(bone)
    said = user.make(segmentation, tmp_path / "other")
    assert "the two are probably swapped" in said or "pieces" in said
    assert "--" not in said
    assert "KneeCartilageSeg-reference" not in said
    assert not (tmp_path / "other").exists()


def test_files_of_others_are_never_replaced(user, files, tmp_path):
    _volume, segmentation = user.load(files)
    (tmp_path / "knee_f.mha").write_bytes(files[1][Tissue.FEMUR].read_bytes())
    said = user.make(segmentation, tmp_path)
    assert "exists, and is not what an earlier 'reference' wrote there" in said
    assert not (tmp_path / "knee.mha").exists()


def test_the_console_makes_it_too(user, files, tmp_path):
    from KneeCartilageSegLib.errors import InputError

    _volume, segmentation = user.load(files, ("Segment_1", "Segment_2"))
    logic = sys.modules["KneeCartilageSeg"].KneeCartilageSegLogic()
    with pytest.raises(InputError, match="no segment that is known to be the femur"):
        logic.makeReference(segmentation, tmp_path)
    ids = [segmentation.GetSegmentation().GetNthSegmentID(number) for number in range(2)]
    image = logic.makeReference(segmentation, tmp_path, "atlas1", segments=dict(zip(Tissue, ids)))
    assert image == tmp_path / "atlas1.mha"
    assert (tmp_path / "atlas1_fc.mha").is_file()
