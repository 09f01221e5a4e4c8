"""Thickness of the cartilage of a segmentation in the scene: a colored surface with a scalar bar, and a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import slicer
import vtk
from slicer.i18n import tr as _

from ..errors import InputError, Problem
from ..measurement.knee import KneeMeasurement, measure_knee
from ..measurement.models import THICKNESS, thickness_model
from ..measurement.orientation import Side
from ..measurement.relaxometry import DEFAULT_RANGE, Layer, LayerStatistics, map_statistics
from ..measurement.tables import COLUMNS, map_columns, map_rows, table_rows
from ..measurement.thickness import Definition
from ..tissue import Tissue
from .columns import describe, lock, measurements, texts
from .legend import show_legend
from .region_nodes import add_region_segments
from .result_nodes import named_node, table_node
from .tasks import in_thread
from .unrolled_view import SHOWN_RANGE, UnrolledNodes, thickness_colors
from .volumes import MaskSource, guess_segment, on_grid, segment_image, volume_image


@dataclass(frozen=True)
class MeasureOptions:
    """How to measure.

    :param side: which knee it is; None lets its anatomy tell.
    :param definition: of the thickness.
    :param map_volume: a volume node whose values in the cartilage are wanted, such as a T2 map.
    :param map_range: the values of the map that count.
    """

    side: Side | None = None
    definition: Definition = Definition.NORMAL
    map_volume: Any = None
    map_range: tuple[float, float] = DEFAULT_RANGE


@dataclass(frozen=True)
class MeasuredNodes:
    """What was measured, and the nodes that show it; those of an earlier measurement were replaced.

    :param model: the bone's surface under the cartilage, colored by thickness.
    :param table: one row per region.
    :param regions: a segmentation with one segment per part.
    :param unrolled: the unrolled thickness map.
    :param map_table: values of the map, one row per region and layer; None without a map.
    :param map_means: mean of the map in each region, by the region's key; empty without a map.
    """

    measurement: KneeMeasurement
    model: Any
    table: Any
    regions: Any
    unrolled: UnrolledNodes
    map_table: Any
    map_means: Mapping[str, float]


async def measure_segmentation(segmentation: Any, options: MeasureOptions | None = None) -> MeasuredNodes:
    """Measure the femoral cartilage of a segmentation node.

    Its segments are found by their names; without a femur the bare bone is not known.

    :raises InputError: if there is no cartilage, it cannot be measured, or no voxel of the map lies in it.
    """
    options = options or MeasureOptions()
    cartilage_id = guess_segment(segmentation, Tissue.CARTILAGE)
    if not cartilage_id:
        message = _("'{name}' has no segment whose name says cartilage").format(name=segmentation.GetName())
        raise InputError([Problem(message, _("Name the segment of the femoral cartilage so"))])
    cartilage = segment_image(MaskSource(segmentation, cartilage_id))
    femur_id = guess_segment(segmentation, Tissue.FEMUR)
    femur = on_grid(segment_image(MaskSource(segmentation, femur_id)), cartilage) if femur_id else None
    image = None if options.map_volume is None else volume_image(options.map_volume)
    name = segmentation.GetName()
    map_name = "" if image is None else options.map_volume.GetName()
    measurement = await in_thread(measure_knee, cartilage, femur, options.side, options.definition)
    found = [] if image is None else await in_thread(map_statistics, image, measurement, options.map_range)
    return MeasuredNodes(
        measurement,
        show_thickness(measurement, name),
        fill_table(measurement, name),
        add_region_segments(measurement, name),
        UnrolledNodes(measurement, name),
        None if image is None else fill_map_table(found, name, map_name),
        {one.region.key: one.mean for one in found if one.layer is Layer.ALL},
    )


def show_thickness(measurement: KneeMeasurement, name: str) -> Any:
    """A model node with the thickness as colors and a scalar bar; one of an earlier measurement is replaced."""
    node = named_node("vtkMRMLModelNode", _("{name} thickness").format(name=name))
    node.SetAndObservePolyData(_in_ras(thickness_model(measurement)))
    if node.GetDisplayNode() is None:
        node.CreateDefaultDisplayNodes()
    display = node.GetDisplayNode()
    display.SetActiveScalarName(THICKNESS)
    display.SetAndObserveColorNodeID(thickness_colors())
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


def fill_map_table(found: Sequence[LayerStatistics], name: str, map_name: str) -> Any:
    """A table node with the values of a map, one row per region and layer."""
    node = table_node(_("{name} map values").format(name=name))
    rows = map_rows(name, map_name, found, "")
    titles = {
        "knee": _("Knee"),
        "map": _("Map"),
        "region": _("Region"),
        "layer": _("Layer"),
        "mean": _("Mean"),
        "sd": _("Standard deviation"),
        "median": _("Median"),
        "voxels": _("Voxels"),
        "left_out_voxels": _("Voxels left out"),
    }
    modifying = node.StartModify()
    node.RemoveAllColumns()
    for key in map_columns(""):
        values = [row[key] for row in rows]
        node.AddColumn(texts(key, values) if isinstance(values[0], str) else measurements(key, map(float, values)))
        describe(node, key, titles[key])
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
