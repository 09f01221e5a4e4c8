"""The unrolled thickness map in a slice view of its own, with the outlines of the regions."""

from __future__ import annotations

from typing import Any

import numpy as np
import slicer
from slicer.i18n import tr as _

from ..colors import rgb
from ..measurement.knee import KneeMeasurement
from ..measurement.regions import Part, Region, in_region
from ..measurement.unrolled import PIXEL_MM, Unrolled, unroll
from .legend import show_legend
from .region_nodes import COLORS, region_titles, segment_id
from .result_nodes import named_node

VIEW = "Unrolled"
LAYOUT = 20826  # Slicer's own are below 1000
SHOWN_RANGE = (0.0, 4.0)  # mm, of the colors
_COLORS = "vtkMRMLColorTableNodeFileViridis.txt", "vtkMRMLColorTableNodeRainbow"
_NOTHING = -1.0  # mm; where there is neither cartilage nor bare bone, which is not shown
_ASIDE_MM = -5000.0  # where no slice of a knee meets it
_SLICE = (
    '<item><view class="vtkMRMLSliceNode" singletontag="{tag}">'
    '<property name="orientation" action="default">{orientation}</property>'
    '<property name="viewlabel" action="default">{label}</property>'
    '<property name="viewcolor" action="default">{color}</property></view></item>'
)


def thickness_colors() -> str:
    """The ID of the color table of thickness. MRML without the application has none of those that are files."""
    return next(identity for identity in _COLORS if slicer.mrmlScene.GetNodeByID(identity) is not None)


def _layout() -> str:
    surface = '<item><view class="vtkMRMLViewNode" singletontag="1"/></item>'
    unrolled = _SLICE.format(tag=VIEW, orientation="Axial", label="U", color="#7F7F7F")
    slices = "".join(
        _SLICE.format(tag=tag, orientation=orientation, label=tag[0], color=color)
        for tag, orientation, color in (
            ("Red", "Axial", "#F34A33"),
            ("Green", "Coronal", "#6EB04B"),
            ("Yellow", "Sagittal", "#EDD54C"),
        )
    )
    rows = "".join(f'<item><layout type="horizontal">{row}</layout></item>' for row in (surface + unrolled, slices))
    return f'<layout type="vertical" split="true">{rows}</layout>'


class UnrolledNodes:
    """The nodes of an unrolled map: its thickness (scalar volume) and its regions (labelmap).

    They lie in an axial plane far from the knee: the front of the knee up, the patient's right on the left.
    """

    def __init__(self, measurement: KneeMeasurement, name: str):
        unrolled = unroll(measurement)
        self._parts = unrolled.parts
        self.thickness = named_node("vtkMRMLScalarVolumeNode", _("{name} unrolled thickness").format(name=name))
        values = np.nan_to_num(unrolled.thickness, nan=_NOTHING).astype(np.float32)
        _fill(self.thickness, values, unrolled)
        display = self.thickness.GetDisplayNode()
        display.SetAndObserveColorNodeID(thickness_colors())
        display.SetAutoWindowLevel(False)
        display.SetWindowLevelMinMax(*SHOWN_RANGE)
        display.SetAutoThreshold(False)
        display.SetThreshold(_NOTHING / 2, float(max(values.max(), SHOWN_RANGE[1])))
        display.SetApplyThreshold(True)
        display.SetInterpolate(False)
        show_legend(self.thickness, _("Thickness (mm)"))
        self.regions = named_node("vtkMRMLLabelMapVolumeNode", _("{name} unrolled regions").format(name=name))
        self._unrolled = unrolled
        self.show_region(None)
        self.regions.GetDisplayNode().SetAndObserveColorNodeID(_region_colors().GetID())

    def show_region(self, region: Region | None) -> None:
        """Outline one region; None outlines all parts."""
        shown = self._parts if region is None else np.where(in_region(self._parts, region), self._parts, 0)
        _fill(self.regions, shown.astype(np.uint8), self._unrolled)

    def show(self) -> None:
        """Show the map in its view, beside the knee; without a window nothing happens."""
        manager = slicer.app.layoutManager()
        if manager is None:
            return
        layout = manager.layoutLogic().GetLayoutNode()
        if not layout.IsLayoutDescription(LAYOUT):
            layout.AddLayoutDescription(LAYOUT, _layout())
        manager.setLayout(LAYOUT)
        widget = manager.sliceWidget(VIEW)
        composite = widget.sliceLogic().GetSliceCompositeNode()
        composite.SetLinkedControl(False)  # its volume is nothing for the other views
        composite.SetBackgroundVolumeID(self.thickness.GetID())
        composite.SetForegroundVolumeID(None)
        composite.SetLabelVolumeID(self.regions.GetID())
        composite.SetLabelOpacity(1.0)
        node = widget.mrmlSliceNode()
        node.SetOrientationToAxial()
        node.SetUseLabelOutline(True)
        widget.sliceLogic().FitSliceToBackground()


def _fill(node: Any, array: np.ndarray, unrolled: Unrolled) -> None:
    """Put a flat map into a volume node (RAS)."""
    slicer.util.updateVolumeFromArray(node, array[None])
    left, _right, _bottom, top = unrolled.extent
    matrix = np.diag([-PIXEL_MM, -PIXEL_MM, 1.0, 1.0])
    matrix[:3, 3] = -(left + PIXEL_MM / 2), -(top + PIXEL_MM / 2), _ASIDE_MM
    node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(matrix))
    if node.GetDisplayNode() is None:
        node.CreateDefaultDisplayNodes()


def _region_colors() -> Any:
    """The color table of the regions: a color and a name for each number."""
    node = named_node("vtkMRMLColorTableNode", _("Regions of the femoral cartilage"))
    node.SetTypeToUser()
    node.SetNumberOfColors(max(Part) + 1)
    node.SetColor(0, "background", 0.0, 0.0, 0.0, 0.0)
    titles = region_titles()
    for part in Part:
        node.SetColor(int(part), titles[segment_id(part)], *rgb(COLORS[part]), 1.0)
    return node
