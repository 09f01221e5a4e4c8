"""Columns of table nodes."""

from __future__ import annotations

from typing import Any

import vtk


def numbers(name: str, values: Any) -> Any:
    """A column of numbers as they are; a missing one is NaN."""
    return _filled(vtk.vtkDoubleArray(), name, values)


def measurements(name: str, values: Any) -> Any:
    """A column of numbers to be read, with :func:`four_digits`; a missing one is NaN.

    Slicer's table view has no number format: it shows up to six digits of what is in the node. All digits are in the
    records and csv files.
    """
    return numbers(name, map(four_digits, values))


def four_digits(value: float) -> float:
    """A number rounded to four significant digits."""
    return float(f"{value:.4g}")


def texts(name: str, values: Any) -> Any:
    """A column of texts."""
    return _filled(vtk.vtkStringArray(), name, values)


def _filled(array: Any, name: str, values: Any) -> Any:
    array.SetName(name)
    for value in values:
        array.InsertNextValue(value)
    return array


def describe(node: Any, column: str, title: str, description: str = "", unit: str = "") -> None:
    """Set the properties of a column that has been added to a table node.

    :param title: without the unit, which Slicer adds in brackets.
    """
    node.SetColumnTitle(column, title)
    if description:
        node.SetColumnDescription(column, description)
    if unit:
        node.SetColumnUnitLabel(column, unit)


def lock(node: Any) -> None:
    """Show the titles of a table node's columns as its heading, and let nobody type in it."""
    node.SetUseColumnTitleAsColumnHeader(True)
    node.SetLocked(True)
