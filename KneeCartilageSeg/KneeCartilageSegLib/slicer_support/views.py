"""Show a segmented knee: slices through the cartilage with outline and fill, and both surfaces in 3D."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import vtk_to_numpy

from ..tissue import Tissue
from .tasks import pause
from .volumes import guess_segment, segment_names

_FILL = {Tissue.FEMUR: 0.12, Tissue.CARTILAGE: 0.35}  # opacity; the cartilage's gray values have to stay readable
_FIELD_OF_VIEW = 130.0  # mm; the condyles and what is next to them
_LOOK_FROM = (0.35, 0.8, -0.5)  # RAS; from the front and below, where trochlea and condyles are seen
_SLICE_VIEWS = ("Red", "Yellow", "Green")


async def show_knee(volume: Any, segmentation: Any) -> None:
    """Bring a knee into view: its volume, its outlines, the slices through its cartilage, its surfaces in 3D.

    Other segmentations are hidden, not removed. Without a window (scripts) only the nodes are prepared.
    """
    show_only(segmentation)
    _style(segmentation)
    await pause()
    manager = slicer.app.layoutManager()
    if manager is None or not in_scene(volume, segmentation):
        return
    if not shows_slices_and_surface(manager):
        manager.setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView)
    slicer.util.setSliceViewerLayers(background=volume, foreground=None, label=None)
    cartilage = _points(segmentation, Tissue.CARTILAGE)
    points = cartilage if len(cartilage) else _points(segmentation, Tissue.FEMUR)
    if len(points):
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        _center_slices(manager, volume, best_point(cartilage) if len(cartilage) else middle, middle)
        await pause()
        if in_scene(volume, segmentation):
            look_at(manager, segmentation)


async def load_and_show(source: Any, name: str) -> None:
    """Bring a knee into view, whose nodes are loaded if they are not there.

    :param source: where it is, such as a :class:`.run.SegmentationRun`.
    """
    volume, segmentation = await source.load(name)
    await show_knee(volume, segmentation)


def in_scene(*nodes: Any) -> bool:
    """Whether nodes are still there, after others had a turn."""
    return all(node is None or node.GetScene() is not None for node in nodes)


def best_point(points: np.ndarray) -> np.ndarray:
    """A point (RAS, mm) such that the three slices through it show much cartilage.

    Left to right, it lies where the sagittal slice has most of it: in a condyle, not in the notch between them.

    :param points: n x 3, spread over the cartilage's surface.
    """
    counts, edges = np.histogram(points[:, 0], bins=24)
    largest = int(np.argmax(counts))
    return np.array([(edges[largest] + edges[largest + 1]) / 2, *np.median(points[:, 1:], axis=0)])


def _points(segmentation: Any, tissue: Tissue) -> np.ndarray:
    """Points (n x 3, RAS, mm) of a tissue's surface, where the scene shows it."""
    segment_id = _segment_id(segmentation, tissue)
    surface = segmentation.GetClosedSurfaceInternalRepresentation(segment_id) if segment_id else None
    if surface is None or surface.GetNumberOfPoints() == 0:
        return np.zeros((0, 3))
    to_world = vtk.vtkGeneralTransform()
    slicer.vtkMRMLTransformNode.GetTransformBetweenNodes(segmentation.GetParentTransformNode(), None, to_world)
    filtered = vtk.vtkTransformPolyDataFilter()
    filtered.SetInputData(surface)
    filtered.SetTransform(to_world)
    filtered.Update()
    return vtk_to_numpy(filtered.GetOutput().GetPoints().GetData()).astype(float)


def _segment_id(segmentation: Any, tissue: Tissue) -> str:
    """The segment of the name that ours have, or else the one that a user most likely means; empty if there is none."""
    own = segmentation.GetSegmentation().GetSegmentIdBySegmentName(segment_names()[tissue])
    return own or guess_segment(segmentation, tissue)


def show_only(*segmentations: Any) -> None:
    """Hide all other segmentations."""
    for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode"):
        node.SetDisplayVisibility(node in segmentations)


def _style(segmentation: Any) -> None:
    display = segmentation.GetDisplayNode()
    display.SetVisibility2DFill(True)
    display.SetVisibility2DOutline(True)
    display.SetVisibility3D(True)
    for tissue, opacity in _FILL.items():
        segment_id = _segment_id(segmentation, tissue)
        if segment_id:
            display.SetSegmentOpacity2DFill(segment_id, opacity)
            display.SetSegmentOpacity2DOutline(segment_id, 1.0)


def shows_slices_and_surface(manager: Any) -> bool:
    """Whether the layout has the three slices and a 3D view."""
    return set(_SLICE_VIEWS) <= set(manager.sliceViewNames()) and manager.threeDViewCount > 0


def _center_slices(manager: Any, volume: Any, point: np.ndarray, middle: np.ndarray) -> None:
    for name in manager.sliceViewNames():
        widget = manager.sliceWidget(name)
        node = widget.mrmlSliceNode()
        node.RotateToVolumePlane(volume)
        widget.sliceLogic().FitSliceToBackground()
        width, height, depth = node.GetFieldOfView()
        zoom = min(1.0, _FIELD_OF_VIEW / min(width, height))
        node.SetFieldOfView(width * zoom, height * zoom, depth)
        node.JumpSliceByCentering(*middle.tolist())
        node.JumpSliceByOffsetting(*point.tolist())


def look_at(manager: Any, segmentation: Any, direction: Sequence[float] = _LOOK_FROM) -> None:
    """Turn the cameras of all 3D views to a segmentation.

    :param direction: from its middle to the camera, RAS; it is turned a little towards the usual one, since right above
        a camera would not know where up is.
    """
    bounds = np.zeros(6)
    segmentation.GetRASBounds(bounds)
    middle, radius = (bounds[::2] + bounds[1::2]) / 2, np.linalg.norm(bounds[1::2] - bounds[::2]) / 2
    usual = np.array(_LOOK_FROM) / np.linalg.norm(_LOOK_FROM)
    towards_camera = np.array(direction) / max(np.linalg.norm(direction), 1e-6) + 0.2 * usual
    towards_camera /= np.linalg.norm(towards_camera)
    for index in range(manager.threeDViewCount):
        view = manager.threeDWidget(index).threeDView()
        view.resetFocalPoint()
        camera = slicer.modules.cameras.logic().GetViewActiveCameraNode(view.mrmlViewNode())
        distance = radius / np.sin(np.deg2rad(camera.GetViewAngle() / 2))
        camera.SetFocalPoint(*middle.tolist())
        camera.SetPosition(*(middle + distance * towards_camera).tolist())
        camera.SetViewUp(0, 0, 1)
        camera.ResetClippingRange()
