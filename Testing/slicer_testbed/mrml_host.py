"""The part of Slicer's start-up that needs no window: one real MRML scene with Slicer's own logics around it.

Everything here is slicer-core's own code; this file only puts the pieces together in the order in which the
application does. The one stand-in is :class:`SubjectHierarchyPlugins`: in Slicer, Qt plugins add an item to the
subject hierarchy for every data node; slicer-core has the hierarchy, but not the plugins.
"""

from __future__ import annotations

from typing import Any

import slicer
import vtk

#: Module name -> class of its logic, as ``slicer.modules.<name in lower case>.logic()`` gives them in Slicer.
MODULE_LOGICS = {
    "Colors": "vtkMRMLColorLogic",
    "Volumes": "vtkSlicerVolumesLogic",
    "Terminologies": "vtkSlicerTerminologiesModuleLogic",
    "Segmentations": "vtkSlicerSegmentationsModuleLogic",
    "SubjectHierarchy": "vtkSlicerSubjectHierarchyModuleLogic",
    "Models": "vtkSlicerModelsLogic",
    "Tables": "vtkSlicerTablesLogic",
    "Texts": "vtkSlicerTextsLogic",
    "Transforms": "vtkSlicerTransformLogic",
    "Plots": "vtkSlicerPlotsLogic",
    "Markups": "vtkSlicerMarkupsLogic",
    "Cameras": "vtkSlicerCamerasModuleLogic",
    "Units": "vtkSlicerUnitsLogic",
}

#: The terminologies logic looks for Slicer's terminology files as soon as it gets a scene; the wheel has none.
_LOGICS_WITHOUT_SCENE = ("Terminologies",)

#: Classes that a subject hierarchy plugin of Slicer's core owns, and the plugin's name.
_PLUGIN_OF_CLASS = (
    ("vtkMRMLLabelMapVolumeNode", "LabelMaps"),
    ("vtkMRMLScalarVolumeNode", "Volumes"),
    ("vtkMRMLSegmentationNode", "Segmentations"),
    ("vtkMRMLModelNode", "Models"),
    ("vtkMRMLTableNode", "Tables"),
    ("vtkMRMLPlotChartNode", "Plots"),
    ("vtkMRMLPlotSeriesNode", "Plots"),
    ("vtkMRMLTransformNode", "Transforms"),
    ("vtkMRMLTextNode", "Texts"),
    ("vtkMRMLMarkupsNode", "Markups"),
)


class MrmlHost:
    """A MRML scene, its application logic and the logics of the core modules."""

    def __init__(self, temporary_path: str) -> None:
        self.scene = slicer.vtkMRMLScene()
        self.application_logic = slicer.vtkSlicerApplicationLogic()
        self.logics: dict[str, Any] = {}
        self._add_crosshair()
        self._set_up_application_logic(temporary_path)
        self._set_up_remote_cache(temporary_path)
        self._set_up_module_logics()
        self.subject_hierarchy_plugins = SubjectHierarchyPlugins(self.scene)

    def _add_crosshair(self) -> None:
        crosshair = slicer.vtkMRMLCrosshairNode()
        crosshair.SetCrosshairName("default")
        self.scene.AddNode(crosshair)

    def _set_up_application_logic(self, temporary_path: str) -> None:
        logic = self.application_logic
        logic.SetMRMLScene(self.scene)
        logic.GetColorLogic().SetMRMLScene(self.scene)
        logic.GetColorLogic().AddDefaultColorNodes()
        logic.SetSliceLogics(vtk.vtkCollection())
        logic.SetViewLogics(vtk.vtkCollection())
        logic.SetTemporaryPath(temporary_path)
        slicer.vtkMRMLSliceNode.AddDefaultSliceOrientationPresets(self.scene, True)

    def _set_up_remote_cache(self, temporary_path: str) -> None:
        """Reading a .mrb needs a data IO manager with a cache directory."""
        self._cache = slicer.vtkCacheManager()
        self._cache.SetRemoteCacheDirectory(temporary_path)
        self._data_io = slicer.vtkDataIOManager()
        self._data_io.SetCacheManager(self._cache)
        self.scene.SetDataIOManager(self._data_io)
        self.scene.SetCacheManager(self._cache)

    def _set_up_module_logics(self) -> None:
        """All logics are made known before any gets the scene: display nodes look for the colors logic at once."""
        for name, class_name in MODULE_LOGICS.items():
            logic = getattr(slicer, class_name)()
            self.application_logic.SetModuleLogic(name, logic)
            self.logics[name] = logic
        for name, logic in self.logics.items():
            logic.SetMRMLApplicationLogic(self.application_logic)
            if name not in _LOGICS_WITHOUT_SCENE:
                logic.SetMRMLScene(self.scene)

    def clear(self) -> None:
        """Close the scene as File / Close scene does: singleton nodes (views, selection) stay."""
        self.scene.Clear(False)


class SubjectHierarchyPlugins:
    """Adds and removes subject hierarchy items as Slicer's plugins do, for the node classes of ``_PLUGIN_OF_CLASS``.

    Not done: the virtual items of segments below their segmentation.
    """

    def __init__(self, scene: Any) -> None:
        self._scene = scene
        scene.AddObserver(slicer.vtkMRMLScene.NodeAddedEvent, self._node_added)
        scene.AddObserver(slicer.vtkMRMLScene.NodeAboutToBeRemovedEvent, self._node_about_to_be_removed)
        scene.AddObserver(slicer.vtkMRMLScene.EndCloseEvent, self._scene_closed)
        # Before the views, as in Slicer: they look for a node's parents in a loop that has no end if some are missing.
        scene.AddObserver(slicer.vtkMRMLScene.EndImportEvent, self._scene_imported, 1.0)

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _node_added(self, scene: Any, _event: str, node: Any) -> None:
        # An imported scene brings its own items: nodes without one get theirs when the import has ended.
        if not scene.IsImporting():
            self._add_item(node)

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _node_about_to_be_removed(self, scene: Any, _event: str, node: Any) -> None:
        if scene.IsClosing() or _plugin_of(node) is None:
            return
        hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
        item = hierarchy.GetItemByDataNode(node)
        if item:
            hierarchy.RemoveItem(item, False, False)

    def _scene_closed(self, scene: Any, _event: str) -> None:
        # There has to be a hierarchy that an imported one can be merged into.
        slicer.vtkMRMLSubjectHierarchyNode.ResolveSubjectHierarchy(scene)

    def _scene_imported(self, scene: Any, _event: str) -> None:
        slicer.vtkMRMLSubjectHierarchyNode.ResolveSubjectHierarchy(scene)
        for index in range(scene.GetNumberOfNodes()):
            self._add_item(scene.GetNthNode(index))

    def _add_item(self, node: Any) -> None:
        plugin = _plugin_of(node)
        if plugin is None or node.GetHideFromEditors():
            return
        hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(self._scene)
        if hierarchy.GetItemByDataNode(node) == hierarchy.GetInvalidItemID():
            item = hierarchy.CreateItem(hierarchy.GetSceneItemID(), node)
            hierarchy.SetItemOwnerPluginName(item, plugin)


def _plugin_of(node: Any) -> str | None:
    if node is None:
        return None
    return next((plugin for class_name, plugin in _PLUGIN_OF_CLASS if node.IsA(class_name)), None)
