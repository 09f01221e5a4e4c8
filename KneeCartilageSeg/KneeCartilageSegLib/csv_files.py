"""Write csv files: all have the same form."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .files import atomic_path

_DIGITS = 4  # that people read; no measurement is better


def write_csv(path: str | Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a table: UTF-8, commas, lines that end with a line feed; numbers with full precision.

    An existing file is replaced in one step.

    :param columns: the heading.
    :param rows: by column; a value that is missing, None or NaN is an empty cell. Other keys are left out.
    :raises OSError: if the file cannot be written, for example because it is open in a spreadsheet program.
    """
    with atomic_path(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(cells(columns, row) for row in rows)


def cells(columns: Sequence[str], row: Mapping[str, Any]) -> list[Any]:
    """The cells of a row, as :func:`write_csv` writes them."""
    return [_cell(row.get(column)) for column in columns]


def significant(value: float) -> str:
    """A number with four significant digits, never in scientific notation; one that is missing (NaN) is empty."""
    if math.isnan(value):
        return ""
    if value == 0 or math.isinf(value):
        return f"{value:g}"
    decimals = _DIGITS - 1 - math.floor(math.log10(abs(value)))
    text = f"{round(value, decimals):.{max(decimals, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _cell(value: Any) -> Any:
    return "" if value is None or value != value else value
