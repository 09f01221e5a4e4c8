"""Measurements as rows and csv files: one row per knee and region, units in the columns' names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..csv_files import significant, write_csv
from .change import KneeChange
from .knee import KneeMeasurement
from .relaxometry import LayerStatistics

COLUMNS = (
    "knee",
    "side",
    "region",
    "volume_mm3",
    "thickness_mean_mm",
    "thickness_sd_mm",
    "thickness_min_mm",
    "thickness_max_mm",
    "thickness_total_mean_mm",
    "covered_area_mm2",
    "denuded_area_mm2",
    "total_area_mm2",
    "definition",
    "note",
)
"""``thickness_total_mean_mm`` is ThCtAB.Me of Eckstein et al. 2006, ``thickness_mean_mm`` ThCcAB.Me."""

CHANGE_COLUMNS = (
    "first",
    "second",
    "region",
    "volume_mm3",
    "volume_change_mm3",
    "volume_error_mm3",
    "volume_change_percent",
    "volume_error_percent",
    "thickness_mm",
    "thickness_change_mm",
    "thickness_error_mm",
    "seen_percent",
    "disagreement_percent",
)
"""``volume_mm3`` and ``thickness_mm`` are means of both visits, errors are standard errors."""

_DIGITS = 4


def table_rows(name: str, measurement: KneeMeasurement) -> list[dict[str, Any]]:
    """A knee's measurements, one row per region; the columns are :data:`COLUMNS`, what is not known is NaN."""
    orientation = measurement.orientation
    side = "" if orientation is None else orientation.side.value
    note = "" if orientation is None else "; ".join(orientation.notes)
    rows = []
    for found in measurement.regions:
        over = found.thickness
        values = (
            found.volume,
            over.mean,
            over.std,
            over.minimum,
            over.maximum,
            over.mean_total,
            over.covered_area,
            over.denuded_area,
            over.total_area,
        )
        row = (name, side, found.region.key, *values, measurement.definition.value, note)
        rows.append(dict(zip(COLUMNS, row)))
    return rows


def change_rows(first: str, second: str, change: KneeChange) -> list[dict[str, Any]]:
    """The change from one visit to another, one row per region; the columns are :data:`CHANGE_COLUMNS`."""
    return [
        dict(
            zip(
                CHANGE_COLUMNS,
                (
                    first,
                    second,
                    found.region.key,
                    found.volume,
                    found.volume_change,
                    found.volume_error,
                    found.volume_percent,
                    found.volume_percent_error,
                    found.thickness,
                    found.thickness_change,
                    found.thickness_error,
                    100 * found.seen,
                    found.disagreement,
                ),
            )
        )
        for found in change.regions
    ]


def map_columns(unit: str) -> tuple[str, ...]:
    """The columns of :func:`map_rows`."""
    values = (f"{name}_{unit}" if unit else name for name in ("mean", "sd", "median"))
    return ("knee", "map", "region", "layer", *values, "voxels", "left_out_voxels")


def map_rows(name: str, map_name: str, statistics: Iterable[LayerStatistics], unit: str) -> list[dict[str, Any]]:
    """Values of a map in a knee's cartilage, one row per region and layer."""
    return [
        dict(
            zip(
                map_columns(unit),
                (name, map_name, s.region.key, s.layer.value, s.mean, s.std, s.median, s.voxels, s.left_out),
            )
        )
        for s in statistics
    ]


def write_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], path: str | Path) -> None:
    """Write rows as csv; measurements have four significant digits, an unknown one is an empty cell.

    :raises OSError: as :func:`..csv_files.write_csv`.
    """
    write_csv(path, columns, ({column: _cell(row[column]) for column in columns} for row in rows))


def without_nan(value: Any) -> Any:
    """Rows for records: JSON has no NaN, what is not known is null."""
    if isinstance(value, dict):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_nan(item) for item in value]
    return None if isinstance(value, float) and value != value else value


def format_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Rows as a text table for the screen."""
    cells = [list(columns), *([_cell(row[column]) for column in columns] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip() for line in cells)


def _cell(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    return significant(value)
