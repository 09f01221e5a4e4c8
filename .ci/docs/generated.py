"""Parts of pages that are made from the code, so that they cannot go stale.

A page says where with ``<!-- generated: NAME -->``. What stands from there to ``<!-- end -->`` is for those who read
the page without the site, and is replaced.
"""

from __future__ import annotations

import argparse
import math
import os
import re
from collections.abc import Callable, Iterable, Sequence
from unittest import mock

from KneeCartilageSegLib.commandline import make_parser
from KneeCartilageSegLib.findreference.results import DISTANCE_COLUMNS
from KneeCartilageSegLib.measurement.tables import CHANGE_COLUMNS, map_columns
from KneeCartilageSegLib.measurement.tables import COLUMNS as MEASURE_COLUMNS
from KneeCartilageSegLib.quality.metrics import METRICS
from KneeCartilageSegLib.registration.limits import MEASUREMENTS, Bounds, Interval, Measurement
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.segmentation.review import COLUMNS as REVIEW_COLUMNS
from KneeCartilageSegLib.segmentation.summary import COLUMNS as SUMMARY_COLUMNS

_PART = re.compile(r"<!-- generated: ([\w-]+) -->.*?<!-- end -->", re.DOTALL)
_WIDTH = "100"


def fill(markdown: str) -> str:
    """A page with its generated parts.

    :raises KeyError: if the page asks for a part that there is not.
    """
    return _PART.sub(lambda match: PARTS[match.group(1)](), markdown)


def commands() -> str:
    """The help of every command."""
    subparsers = next(action for action in make_parser()._actions if isinstance(action, argparse._SubParsersAction))
    with mock.patch.dict(os.environ, {"COLUMNS": _WIDTH}):
        helps = {name: parser.format_help() for name, parser in subparsers.choices.items()}
    return "\n".join(f"## {name}\n\n```text\n{text}```\n" for name, text in helps.items())


def measurements() -> str:
    """What is measured of every registration, with its limits."""
    rows = [
        (f"`{one.key}`", _unit(one.unit), one.description, _limits(one, "doubtful"), _limits(one, "failed"))
        for one in MEASUREMENTS
    ]
    return _table(("measurement", "unit", "what it is", "flagged", "rejected"), rows)


def metrics() -> str:
    """What a comparison with ground truth gives."""
    rows = [(f"`{one.column}`", one.title, _unit(one.unit), one.description) for one in METRICS]
    return _table(("column", "name", "unit", "definition"), rows)


def summary_columns() -> str:
    """The columns of a run's summary."""
    rows = [(f"`{one.key}`", one.title, _unit(one.unit), one.description) for one in SUMMARY_COLUMNS]
    return _table(("column", "name", "unit", "what it is"), rows)


def distance_columns() -> str:
    """The columns of the distances of a search for a reference."""
    return _list(DISTANCE_COLUMNS)


def thickness_columns() -> str:
    """The columns of the measurements of cartilage."""
    return _list(MEASURE_COLUMNS)


def change_columns() -> str:
    """The columns of changes between visits."""
    return _list(CHANGE_COLUMNS)


def review_columns() -> str:
    """The columns of review.csv."""
    return _list(REVIEW_COLUMNS)


def map_value_columns() -> str:
    """The columns of the values of maps."""
    return _list(map_columns("ms"))


PARTS: dict[str, Callable[[], str]] = {
    "commands": commands,
    "measurements": measurements,
    "metrics": metrics,
    "summary-columns": summary_columns,
    "distance-columns": distance_columns,
    "thickness-columns": thickness_columns,
    "change-columns": change_columns,
    "review-columns": review_columns,
    "map-columns": map_value_columns,
}


def _list(columns: Iterable[str]) -> str:
    return ", ".join(f"`{column}`" for column in columns)


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit.replace("mm3", "mm³")


def _limits(measurement: Measurement, kind: str) -> str:
    """One interval if it is that of all modalities, else one for each."""
    texts = {modality: _outside(bounds, kind) for modality, bounds in measurement.bounds.items()}
    if len(set(texts.values())) <= 1:
        return next(iter(texts.values()), "")
    return "<br>".join(f"{_MODALITIES[modality]}: {text}" for modality, text in texts.items())


_MODALITIES = {
    Modality.NEW_SUBJECT: "new subject",
    Modality.LONGITUDINAL: "longitudinal",
    Modality.MULTIMODAL: "multimodal",
}


def _outside(bounds: Bounds, kind: str) -> str:
    low, high = interval = getattr(bounds, kind)
    parts = [f"below {low:g}"] if low > 0 else []
    if high < math.inf and not _never_above(interval):
        parts.append(f"above {high:g}")
    return ", ".join(parts)


def _never_above(interval: Interval) -> bool:
    """A share is at most 1."""
    return interval == (0, 1.0)
