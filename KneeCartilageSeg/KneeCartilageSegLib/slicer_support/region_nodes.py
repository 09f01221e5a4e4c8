"""The regions of a measured cartilage as segments: one for each part, named and colored."""

from __future__ import annotations

from typing import Any

import numpy as np
import SimpleITK as sitk
import slicer
from slicer.i18n import tr as _

from ..colors import BLUE, GREEN, ORANGE, PURPLE, SKY_BLUE, VERMILION, YELLOW, rgb
from ..images.regions import bounding_box
from ..measurement.knee import KneeMeasurement
from ..measurement.regions import Part, Region
from .result_nodes import named_node
from .views import look_at
from .volumes import MaskPart, image_matrix, oriented_image

# Medial warm, lateral cold.
COLORS = {
    Part.TROCHLEA: GREEN,
    Part.MEDIAL_CENTRAL_EXTERNAL: VERMILION,
    Part.MEDIAL_CENTRAL_CENTRAL: ORANGE,
    Part.MEDIAL_CENTRAL_INTERNAL: YELLOW,
    Part.MEDIAL_POSTERIOR: "#8c3a00",
    Part.LATERAL_CENTRAL_INTERNAL: SKY_BLUE,
    Part.LATERAL_CENTRAL_CENTRAL: BLUE,
    Part.LATERAL_CENTRAL_EXTERNAL: "#003f66",
    Part.LATERAL_POSTERIOR: PURPLE,
}
_FILL = 0.5  # opacity


def region_titles() -> dict[str, str]:
    """The names of the regions, by their keys."""
    return {
        "femur": _("Whole femoral cartilage"),
        "trochlea": _("Trochlea"),
        "medial_central": _("Medial, weight-bearing"),
        "medial_central_external": _("Medial, weight-bearing, external third"),
        "medial_central_central": _("Medial, weight-bearing, central third"),
        "medial_central_internal": _("Medial, weight-bearing, internal third"),
        "medial_posterior": _("Medial, posterior"),
        "lateral_central": _("Lateral, weight-bearing"),
        "lateral_central_external": _("Lateral, weight-bearing, external third"),
        "lateral_central_central": _("Lateral, weight-bearing, central third"),
        "lateral_central_internal": _("Lateral, weight-bearing, internal third"),
        "lateral_posterior": _("Lateral, posterior"),
    }


def indented(title: str) -> str:
    """A region's title as it stands below that of the region that it is part of: "Medial, weight-bearing, external
    third" is the external third."""
    parts = title.split(", ")
    return title if len(parts) < 3 else f"    {parts[-1]}"


def segment_id(part: Part) -> str:
    """The ID of a part's segment: the key of the region that it is."""
    return part.name.lower()


def add_region_segments(measurement: KneeMeasurement, name: str) -> Any:
    """A segmentation node with a segment for each part of the cartilage; one of an earlier measurement is replaced."""
    node = named_node("vtkMRMLSegmentationNode", _("{name} regions").format(name=name))
    if node.GetDisplayNode() is None:
        node.CreateDefaultDisplayNodes()
    segments = node.GetSegmentation()
    segments.RemoveAllSegments()
    matrix = slicer.util.vtkMatrixFromArray(image_matrix(measurement.labels))
    labels = sitk.GetArrayViewFromImage(measurement.labels)
    first, size = bounding_box(measurement.labels)
    x, y, z = (slice(start, start + length) for start, length in zip(first, size))
    titles = region_titles()
    for part in Part:
        inside = (labels[z, y, x] == part).astype(np.uint8)
        if not inside.any():
            continue
        segment = slicer.vtkSegment()
        segment.SetName(titles[segment_id(part)])
        segment.SetColor(*rgb(COLORS[part]))
        kind = slicer.vtkSegmentationConverter.GetSegmentationBinaryLabelmapRepresentationName()
        segment.AddRepresentation(
            kind, oriented_image(MaskPart(inside, first, measurement.labels.GetSize(), np.eye(4)), matrix)
        )
        segments.AddSegment(segment, segment_id(part))
    display = node.GetDisplayNode()
    display.SetVisibility3D(False)  # there is the surface with the thickness
    display.SetOpacity2DFill(_FILL)
    return node


def show_region(measurement: KneeMeasurement, node: Any, region: Region) -> None:
    """Show only one region of the segmentation, in slices through its middle and from its side in 3D."""
    display = node.GetDisplayNode()
    segments = node.GetSegmentation()
    node.SetDisplayVisibility(True)
    for number in range(segments.GetNumberOfSegments()):
        identity = segments.GetNthSegmentID(number)
        display.SetSegmentVisibility(identity, identity in {segment_id(part) for part in region.parts})
    manager = slicer.app.layoutManager()
    middle = _middle(measurement, region)
    if manager is None or middle is None:
        return
    point, outwards = middle
    for name in ("Red", "Yellow", "Green"):
        if name in manager.sliceViewNames():
            manager.sliceWidget(name).mrmlSliceNode().JumpSliceByCentering(*point.tolist())
    look_at(manager, node, outwards.tolist())


def _middle(measurement: KneeMeasurement, region: Region) -> tuple[np.ndarray, np.ndarray] | None:
    """The point of a region's bone surface in its middle, and the mean normal there (RAS); None if it is empty."""
    surface = measurement.surface
    chosen = np.isin(measurement.parts, region.parts) & surface.covered
    if not chosen.any():
        return None
    points, normals = surface.bone.points[chosen], surface.normals[chosen]
    nearest = int(np.argmin(np.linalg.norm(points - np.median(points, axis=0), axis=1)))
    to_ras = np.array([-1.0, -1.0, 1.0])
    return points[nearest] * to_ras, normals.mean(axis=0) * to_ras
