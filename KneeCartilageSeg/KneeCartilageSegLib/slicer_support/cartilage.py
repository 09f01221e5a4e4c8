"""Thickness of the cartilage of a segmentation in the scene: a colored surface with a scalar bar, and a table."""

from __future__ import annotations

from typing import Any

import slicer
import vtk
from slicer.i18n import tr as _

from ..errors import InputError, Problem
from ..measurement.knee import KneeMeasurement, measure_knee
from ..measurement.models import THICKNESS, thickness_model
from ..measurement.orientation import Side
from ..measurement.tables import COLUMNS, table_rows
from ..tissue import Tissue
from .columns import describe, lock, measurements, texts
from .legend import show_legend
from .result_nodes import named_node, table_node
from .tasks import in_thread
from .volumes import MaskSource, guess_segment, on_grid, segment_image

SHOWN_RANGE = (0.0, 4.0)  # mm, of the colors
_COLORS = "vtkMRMLColorTableNodeFileViridis.txt"


async def measure_segmentation(segmentation: Any, side: Side | None = None) -> tuple[KneeMeasurement, Any, Any]:
    """Measure the femoral cartilage of a segmentation node.

    Its segments are found by their names; without a femur the bare bone is not known.

    :param side: which knee it is, if that is known.
    :return: the measurement, the model node with the thickness, and the table node.
    :raises InputError: if there is no cartilage, or it cannot be measured.
    """
    cartilage_id = guess_segment(segmentation, Tissue.CARTILAGE)
    if not cartilage_id:
        message = _("'{name}' has no segment whose name says cartilage").format(name=segmentation.GetName())
        raise InputError([Problem(message, _("Name the segment of the femoral cartilage so"))])
    cartilage = segment_image(MaskSource(segmentation, cartilage_id))
    femur_id = guess_segment(segmentation, Tissue.FEMUR)
    femur = on_grid(segment_image(MaskSource(segmentation, femur_id)), cartilage) if femur_id else None
    measurement = await in_thread(measure_knee, cartilage, femur, side)
    name = segmentation.GetName()
    return measurement, show_thickness(measurement, name), fill_table(measurement, name)


def show_thickness(measurement: KneeMeasurement, name: str) -> Any:
    """A model node with the thickness as colors and a scalar bar; one of an earlier measurement is replaced."""
    node = named_node("vtkMRMLModelNode", _("{name} thickness").format(name=name))
    node.SetAndObservePolyData(_in_ras(thickness_model(measurement)))
    if node.GetDisplayNode() is None:
        node.CreateDefaultDisplayNodes()
    display = node.GetDisplayNode()
    display.SetActiveScalarName(THICKNESS)
    display.SetAndObserveColorNodeID(_COLORS)
    display.SetScalarRangeFlag(slicer.vtkMRMLDisplayNode.UseManualScalarRange)
    display.SetScalarRange(*SHOWN_RANGE)
    display.SetScalarVisibility(True)
    display.SetBackfaceCulling(False)
    show_legend(node, _("Thickness (mm)"))
    return node


def fill_table(measurement: KneeMeasurement, name: str) -> Any:
    """A table node with one row per region: numbers with four digits, units in the column properties."""
    node = table_node(_("{name} cartilage").format(name=name))
    rows = table_rows(name, measurement)
    modifying = node.StartModify()
    node.RemoveAllColumns()
    for key in COLUMNS:
        values = [row[key] for row in rows]
        unit = next((unit for unit in ("mm3", "mm2", "mm") if key.endswith(f"_{unit}")), "")
        node.AddColumn(measurements(key, values) if unit else texts(key, values))
        describe(node, key, _titles().get(key, key), unit=unit)
    lock(node)
    node.EndModify(modifying)
    return node


def _titles() -> dict[str, str]:
    return {
        "knee": _("Knee"),
        "side": _("Side"),
        "region": _("Region"),
        "volume_mm3": _("Volume"),
        "thickness_mean_mm": _("Mean thickness"),
        "thickness_sd_mm": _("Standard deviation of thickness"),
        "thickness_min_mm": _("Least thickness"),
        "thickness_max_mm": _("Greatest thickness"),
        "thickness_total_mean_mm": _("Mean thickness, bare bone as 0"),
        "covered_area_mm2": _("Covered bone area"),
        "denuded_area_mm2": _("Bare bone area"),
        "total_area_mm2": _("Total bone area"),
        "definition": _("Definition of thickness"),
        "note": _("Note"),
    }


def _in_ras(polydata: Any) -> Any:
    to_ras = vtk.vtkTransform()
    to_ras.Scale(-1.0, -1.0, 1.0)
    transformed = vtk.vtkTransformPolyDataFilter()
    transformed.SetInputData(polydata)
    transformed.SetTransform(to_ras)
    transformed.Update()
    return transformed.GetOutput()
