"""Show how a segmentation and the truth differ: both as outlines, and what was missed, is extra or agrees, in slices
and 3D, at the worst place.

Only one pair is in the scene at a time: its nodes, and an image that was loaded for it, make room for the next ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import slicer
from KneeCartilageSegLib.colors import BLUE, GREEN, SKY_BLUE, VERMILION, YELLOW, rgb
from KneeCartilageSegLib.errors import KneeError
from KneeCartilageSegLib.files import checksum
from KneeCartilageSegLib.images.files import read_image
from KneeCartilageSegLib.images.grid import Grid
from KneeCartilageSegLib.quality.difference import Difference, find_difference
from KneeCartilageSegLib.quality.metrics import LabelChoice, SurfaceError
from KneeCartilageSegLib.slicer_support.surfaces import CONVERSION, closed_surface
from KneeCartilageSegLib.slicer_support.tasks import in_thread, pause
from KneeCartilageSegLib.slicer_support.views import in_scene, look_at, show_only, shows_slices_and_surface
from KneeCartilageSegLib.slicer_support.volumes import MaskPart, add_volume, find_volume, oriented_image
from slicer.i18n import tr as _

_VIEW = "KneeCartilageSeg.PairView"  # attribute of the nodes that show a pair
_LPS_TO_RAS = np.array([-1.0, -1.0, 1.0])
_FIELD_OF_VIEW = 70.0  # mm; so much of a slice is seen around the worst error

# They stand out from gray values.
SEGMENTATION, TRUTH = YELLOW, SKY_BLUE
MISSED, EXTRA, AGREED = BLUE, VERMILION, GREEN
_FILL = {MISSED: 0.7, EXTRA: 0.7, AGREED: 0.4}  # opacity in slices: gray values have to stay readable
_SOLID = {MISSED: 1.0, EXTRA: 1.0, AGREED: 0.35}  # opacity in 3D


@dataclass(frozen=True)
class PairFiles:
    """What is needed to show a pair.

    :param title: what the user calls it.
    :param label: which voxels are shown.
    :param volume: the image's volume node, if it is in the scene.
    :param image: the image's file otherwise; None if there is none.
    :param checksums: of segmentation and truth when they were compared; None where that is not known.
    """

    title: str
    segmentation: Path
    truth: Path
    label: LabelChoice
    volume: Any = None
    image: Path | None = None
    checksums: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True)
class PairView:
    """The nodes that show a pair.

    :param volume: the image; None if there is none.
    :param outlines: segmentation node with the segments Segmentation and Truth.
    :param difference: segmentation node with the segments Missed, Extra and Agreed.
    :param mark: markups node at the worst error; None if there is none.
    :param place: the place to look at (mm, RAS): of the worst error, if there is one.
    """

    volume: Any
    outlines: Any
    difference: Any
    mark: Any
    place: np.ndarray


def is_view_node(node: Any) -> bool:
    """Whether a node was made to show a pair."""
    return node.GetAttribute(_VIEW) is not None


def legend() -> str:
    """What the colors mean; rich text."""
    lines = {SEGMENTATION: _("Segmentation"), TRUTH: _("Ground truth")}
    areas = {MISSED: _("missed"), EXTRA: _("extra"), AGREED: _("agreed")}
    marks = [f"<span style='color:{color}'>━</span> {text}" for color, text in lines.items()]
    marks += [f"<span style='color:{color}'>■</span> {text}" for color, text in areas.items()]
    return " &nbsp; ".join(marks)


async def load_pair(files: PairFiles) -> PairView:
    """Load what shows a pair, in place of the pair that was shown before.

    :raises KneeError: if the masks are no longer there, or have changed so that they cannot be compared.
    """
    difference, place = await in_thread(_read_difference, files)
    segments = await in_thread(_make_segments, difference)
    volume = files.volume
    if volume is not None and volume.GetScene() is None:
        raise KneeError(_("the image of '{title}' is no longer in the scene").format(title=files.title))
    if volume is None and files.image is not None:
        volume = find_volume(files.image)
        if volume is None:
            image = await in_thread(read_image, files.image)
            volume = await add_volume(files.image, image)
            volume.SetAttribute(_VIEW, files.title)
    await _remove_view(volume)
    if not in_scene(volume):
        raise KneeError(_("the scene was closed"))
    colored = _add_difference(files.title, volume, segments)
    await pause()
    if not in_scene(volume, colored):
        raise KneeError(_("the scene was closed"))
    outlines = _add_outlines(files.title, volume, segments)  # which are drawn above what was added before
    mark = _add_mark(difference.worst_error, place)
    return PairView(volume, outlines, colored, mark, place)


async def show_pair(view: PairView) -> None:
    """Bring a pair into view; without a window (scripts) only the nodes are prepared."""
    show_only(view.outlines, view.difference)
    await pause()
    manager = slicer.app.layoutManager()
    if manager is None or not in_scene(view.volume, view.outlines, view.difference):
        return
    if not shows_slices_and_surface(manager):
        manager.setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView)
    slicer.util.setSliceViewerLayers(background=view.volume, foreground=None, label=None)
    for name in manager.sliceViewNames():
        node = manager.sliceWidget(name).mrmlSliceNode()
        if view.volume is not None:
            node.RotateToVolumePlane(view.volume)
        width, height, depth = node.GetFieldOfView()
        zoom = _FIELD_OF_VIEW / min(width, height)
        node.SetFieldOfView(width * zoom, height * zoom, depth)
        node.JumpSliceByCentering(*view.place.tolist())
    await pause()
    if not in_scene(view.difference):
        return
    bounds = np.zeros(6)
    view.difference.GetRASBounds(bounds)
    if view.mark is not None:
        look_at(manager, view.difference, (view.place - (bounds[::2] + bounds[1::2]) / 2).tolist())
    else:
        look_at(manager, view.difference)


def _read_difference(files: PairFiles) -> tuple[Difference, np.ndarray]:
    """The difference, and the place to look at (mm, RAS)."""
    for path, digest in zip((files.segmentation, files.truth), files.checksums):
        if not path.is_file():
            message = _("'{title}' can no longer be shown, as '{path}' is gone: press Apply to compare it again")
            raise KneeError(message.format(title=files.title, path=path))
        if digest is not None and checksum(path) != digest:
            message = _("'{path}' has changed since it was compared: press Apply to compare it again")
            raise KneeError(message.format(path=path))
    difference = find_difference(read_image(files.segmentation), read_image(files.truth), files.label)
    return difference, difference.place * _LPS_TO_RAS


@dataclass(frozen=True)
class _Segment:
    part: MaskPart
    surface: Any = None


def _make_segments(difference: Difference) -> dict[str, _Segment]:
    """By color; touches no node."""
    matrix = _ijk_to_ras(difference.region)
    outlines = {SEGMENTATION: difference.segmentation, TRUTH: difference.truth}
    differences = {MISSED: difference.missed, EXTRA: difference.extra, AGREED: difference.agreed}
    segments = {color: _Segment(_part(mask, matrix)) for color, mask in outlines.items()}
    for color, mask in differences.items():
        part = _part(mask, matrix)
        segments[color] = _Segment(part, closed_surface(part.array, part.first, _vtk_matrix(part)))
    return segments


def _part(mask: np.ndarray, matrix: np.ndarray) -> MaskPart:
    return MaskPart(mask.astype(np.uint8), np.zeros(3, int), mask.shape[::-1], matrix)


def _vtk_matrix(part: MaskPart) -> Any:
    return slicer.util.vtkMatrixFromArray(part.matrix)


def _ijk_to_ras(region: Grid) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, :3] = _LPS_TO_RAS[:, None] * region.matrix
    matrix[:3, 3] = _LPS_TO_RAS * region.origin
    return matrix


async def _remove_view(volume: Any) -> None:
    """Remove the nodes of the pair that was shown before, one by one, but not the image that stays."""
    nodes = [slicer.mrmlScene.GetNthNode(i) for i in range(slicer.mrmlScene.GetNumberOfNodes())]
    for node in nodes:
        if in_scene(node) and is_view_node(node) and node is not volume:
            display = node.GetDisplayNode()
            slicer.mrmlScene.RemoveNode(node)
            if display is not None and display.GetScene() is not None:
                slicer.mrmlScene.RemoveNode(display)
            await pause()


def _add_outlines(title: str, volume: Any, segments: Mapping[str, _Segment]) -> Any:
    names = {SEGMENTATION: _("Segmentation"), TRUTH: _("Truth")}
    node = _add_segmentation(_("{title} outlines").format(title=title), volume, names, segments)
    display = node.GetDisplayNode()
    display.SetVisibility2DFill(False)
    display.SetVisibility2DOutline(True)
    display.SetVisibility3D(False)
    display.SetSliceIntersectionThickness(2)
    return node


def _add_difference(title: str, volume: Any, segments: Mapping[str, _Segment]) -> Any:
    names = {MISSED: _("Missed"), EXTRA: _("Extra"), AGREED: _("Agreed")}
    node = _add_segmentation(_("{title} difference").format(title=title), volume, names, segments)
    display = node.GetDisplayNode()
    display.SetVisibility2DFill(True)
    display.SetVisibility2DOutline(False)
    display.SetVisibility3D(True)
    for number, color in enumerate(names):
        segment = node.GetSegmentation().GetNthSegmentID(number)
        display.SetSegmentOpacity2DFill(segment, _FILL[color])
        display.SetSegmentOpacity3D(segment, _SOLID[color])
    return node


def _add_segmentation(name: str, volume: Any, names: Mapping[str, str], segments: Mapping[str, _Segment]) -> Any:
    representations = slicer.vtkSegmentationConverter
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", name)
    node.SetAttribute(_VIEW, name)
    node.CreateDefaultDisplayNodes()
    if volume is not None:
        node.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    for parameter, value in CONVERSION.items():
        node.GetSegmentation().SetConversionParameter(parameter, value)
    labelmap = representations.GetSegmentationBinaryLabelmapRepresentationName()
    for color, title in names.items():
        made = segments[color]
        segment = slicer.vtkSegment()
        segment.SetName(title)
        segment.SetColor(*rgb(color))
        segment.AddRepresentation(labelmap, oriented_image(made.part, _vtk_matrix(made.part)))
        if made.surface is not None:
            surface = representations.GetSegmentationClosedSurfaceRepresentationName()
            segment.AddRepresentation(surface, made.surface)
        node.GetSegmentation().AddSegment(segment)
    node.GetDisplayNode().SetPreferredDisplayRepresentationName2D(labelmap)
    return node


def _add_mark(worst: SurfaceError | None, place: np.ndarray) -> Any:
    if worst is None:
        return None
    text = _("{distance} mm missed") if worst.missed else _("{distance} mm extra")
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsFiducialNode", _("Worst error"))
    node.SetAttribute(_VIEW, node.GetName())
    node.CreateDefaultDisplayNodes()
    node.AddControlPoint(*place.tolist(), text.format(distance=f"{worst.distance:.1f}"))
    node.SetLocked(True)
    display = node.GetDisplayNode()
    display.SetGlyphType(display.CrossDot2D)
    display.SetGlyphScale(2.0)
    display.SetTextScale(3.0)
    for set_color in (display.SetColor, display.SetSelectedColor):
        set_color(1.0, 1.0, 1.0)
    return node
