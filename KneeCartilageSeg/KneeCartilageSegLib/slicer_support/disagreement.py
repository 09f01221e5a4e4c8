"""Where several references disagree: their map as a colored overlay of the slices, with a scalar bar."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import slicer
from slicer.i18n import tr as _

from ..colors import ORANGE, VERMILION, YELLOW, rgb
from .legend import show_legend
from .result_nodes import named_node
from .tasks import in_thread
from .volumes import add_beside, read_mask

SHOWN_RANGE = (0.0, 50.0)  # percent of the votes that are outvoted; more than half cannot be
_SHOWN_FROM = 1.0  # percent; where nothing is outvoted, nothing covers the image
_OPACITY = 0.6
_COLORS = (YELLOW, ORANGE, VERMILION)  # from little to much, darker and darker
_SHADES = 256
_MAP = "KneeCartilageSeg.Disagreement"  # attribute of a volume: its file, and when that was written
_VOLUME_ROLE = "KneeCartilageSeg.Volume"


async def show_disagreement(volume: Any, path: Path) -> Any:
    """Lay a map of disagreement over the slices of its volume; those of other knees are removed.

    :param path: the file of the map: percent of the votes that were outvoted, 0 to 50, on the volume's grid.
    :return: the volume node of the map.
    """
    source = f"{path} {path.stat().st_mtime_ns}"
    for node in _maps():
        if node.GetAttribute(_MAP) != source or node.GetNodeReference(_VOLUME_ROLE) is not volume:
            _remove(node)
    node = next(iter(_maps()), None)
    if node is None:
        part = await in_thread(read_mask, path)
        name = _("{volume} disagreement").format(volume=volume.GetName())
        node = add_beside(volume, part, "vtkMRMLScalarVolumeNode", name)
        node.SetAttribute(_MAP, source)
        node.SetNodeReferenceID(_VOLUME_ROLE, volume.GetID())
        _color(node)
    slicer.util.setSliceViewerLayers(foreground=node, foregroundOpacity=_OPACITY)
    return node


def hide_disagreement() -> None:
    """Take the map away."""
    for node in _maps():
        _remove(node)


def _maps() -> list[Any]:
    nodes = slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")
    return [node for node in nodes if node.GetAttribute(_MAP)]


def _remove(node: Any) -> None:
    slicer.util.setSliceViewerLayers(foreground=None)
    displays = [node.GetNthDisplayNode(number) for number in range(node.GetNumberOfDisplayNodes())]
    for removed in (node, *filter(None, displays)):
        slicer.mrmlScene.RemoveNode(removed)


def _color(node: Any) -> None:
    display = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeDisplayNode")
    display.SetAndObserveColorNodeID(_color_table().GetID())
    display.SetAutoWindowLevel(False)
    display.SetWindowLevelMinMax(*SHOWN_RANGE)
    display.SetThreshold(_SHOWN_FROM, SHOWN_RANGE[1])
    display.SetApplyThreshold(True)
    display.SetInterpolate(False)
    node.SetAndObserveDisplayNodeID(display.GetID())
    show_legend(node, _("References disagree (%)"))


def _color_table() -> Any:
    table = named_node("vtkMRMLColorTableNode", _("Disagreement of references"))
    if table.GetNumberOfColors() != _SHADES:
        table.SetTypeToUser()
        table.SetNumberOfColors(_SHADES)
        stops = np.array([rgb(color) for color in _COLORS])
        places = np.linspace(0, len(stops) - 1, _SHADES)
        for number, place in enumerate(places):
            shade = [np.interp(place, range(len(stops)), stops[:, channel]) for channel in range(3)]
            table.SetColor(number, *shade, 1.0)
    return table
