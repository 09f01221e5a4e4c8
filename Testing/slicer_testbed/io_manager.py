"""``slicer.app.coreIOManager()``: file reading and writing by slicer-core's storage nodes and module logics.

In Slicer, readers and writers are Qt plugins of the modules. These are the ones that ``slicer.util.loadVolume``,
``loadLabelVolume``, ``loadSegmentation``, ``loadTable``, ``loadScene``, ``saveNode`` and ``saveScene`` reach.
"""

from __future__ import annotations

import os
from typing import Any

import slicer

#: Ending of the file name -> type of file, the first that fits; everything else is a volume.
_FILE_TYPES = (
    ((".seg.nrrd", ".seg.nhdr"), "SegmentationFile"),
    ((".mrb", ".mrml"), "SceneFile"),
    ((".csv", ".tsv"), "TableFile"),
    ((".h5", ".tfm"), "TransformFile"),
)
_NODE_CLASSES = {
    "SegmentationFile": "vtkMRMLSegmentationNode",
    "TableFile": "vtkMRMLTableNode",
    "TransformFile": "vtkMRMLTransformNode",
}


class CoreIOManager:
    """Reads and writes files."""

    def __init__(self, application_logic: Any) -> None:
        self._application_logic = application_logic

    def fileType(self, filename: Any) -> str:
        name = str(filename).lower()
        return next((type_ for endings, type_ in _FILE_TYPES if name.endswith(endings)), "VolumeFile")

    def loadNodes(self, file_type: str, properties: dict[str, Any], loaded: Any = None, messages: Any = None) -> bool:
        filename = properties["fileName"]
        if not os.path.isfile(filename):
            return False
        if file_type == "SceneFile":
            return _load_scene(filename, bool(properties.get("clear", False)))
        name = properties.get("name") or os.path.basename(filename).split(".")[0]
        if file_type == "VolumeFile":
            node = self._load_volume(filename, name, properties)
        elif file_type == "SegmentationFile" and self.fileType(filename) == "VolumeFile":
            node = _load_labelmap_as_segmentation(filename, name)
        else:
            node = _load_by_storage_node(_NODE_CLASSES[file_type], filename, name)
        if node is not None and loaded is not None:
            loaded.AddItem(node)
        return node is not None

    def _load_volume(self, filename: str, name: str, properties: dict[str, Any]) -> Any:
        labelmap = bool(properties.get("labelmap", False))
        node = slicer.modules.volumes.logic().AddArchetypeVolume(filename, name, 1 if labelmap else 0)
        if node is not None and properties.get("show", True):
            selection = self._application_logic.GetSelectionNode()
            (selection.SetActiveLabelVolumeID if labelmap else selection.SetActiveVolumeID)(node.GetID())
            self._application_logic.PropagateVolumeSelection()
        return node

    def fileWriterFileType(self, node: Any, _extension: str = "") -> str:
        return "NodeFile"

    def saveNodes(self, file_type: str, properties: dict[str, Any], messages: Any = None) -> bool:
        filename = str(properties["fileName"])
        if file_type == "SceneFile":
            return _save_scene(filename)
        node = slicer.mrmlScene.GetNodeByID(properties["nodeID"])
        node.AddDefaultStorageNode(filename)
        storage = node.GetStorageNode()
        storage.SetFileName(filename)
        storage.SetUseCompression(int(properties.get("useCompression", 1)))
        return bool(storage.WriteData(node))


def _load_scene(filename: str, clear: bool) -> bool:
    scene = slicer.mrmlScene
    if clear:  # not while reading: the subject hierarchy that is read would find no other to be merged into
        scene.Clear(False)
    if filename.lower().endswith(".mrb"):
        return bool(scene.ReadFromMRB(filename, False))
    scene.SetURL(filename)
    return bool(scene.Import())


def _save_scene(filename: str) -> bool:
    scene = slicer.mrmlScene
    if filename.lower().endswith(".mrb"):
        return bool(scene.WriteToMRB(filename))
    if not filename.lower().endswith(".mrml"):
        raise NotImplementedError("The test bed saves a scene as .mrb or .mrml only.")
    scene.SetURL(filename)
    scene.SetRootDirectory(os.path.dirname(filename))
    return bool(scene.Commit())


def _load_by_storage_node(class_name: str, filename: str, name: str) -> Any:
    node = slicer.mrmlScene.AddNewNodeByClass(class_name, slicer.mrmlScene.GenerateUniqueName(name))
    node.AddDefaultStorageNode(filename)
    if not node.GetStorageNode().ReadData(node):
        slicer.mrmlScene.RemoveNode(node)
        return None
    if isinstance(node, slicer.vtkMRMLDisplayableNode):
        node.CreateDefaultDisplayNodes()
    return node


def _load_labelmap_as_segmentation(filename: str, name: str) -> Any:
    labelmap = slicer.modules.volumes.logic().AddArchetypeVolume(filename, name, 1)
    if labelmap is None:
        return None
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", slicer.mrmlScene.GenerateUniqueName(name))
    node.CreateDefaultDisplayNodes()
    slicer.modules.segmentations.logic().ImportLabelmapToSegmentationNode(labelmap, node)
    slicer.mrmlScene.RemoveNode(labelmap)
    return node
