"""The summary of a run: one row per image, with units, for csv, screen and table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..csv_files import significant, write_csv
from ..errors import Problem
from ..i18n import marked as _
from ..outputs import replacing_problem, table
from ..registration.limits import Use, measurements_for
from ..runs.events import CaseEnd
from .cases import Case
from .outcome import Outcome

_NAMED = 3  # images, in a message


@dataclass(frozen=True)
class Column:
    """A column of the summary.

    :param key: its name in the csv file; never translated.
    :param title: its heading for people.
    :param unit: mm, mm3, s, nat, degree or 1; empty for text.
    """

    key: str
    title: str
    unit: str
    description: str


_TEXT_COLUMNS = (
    Column("image", _("Image"), "", _("the segmented image")),
    Column("status", _("Status"), "", _("segmented, unchanged, edited, rejected, kept, failed or cancelled")),
)
_NUMBER_COLUMNS = tuple(Column(one.key, one.title, one.unit, one.description) for one in measurements_for(Use.SUMMARY))
_LAST_COLUMNS = (
    Column("review", _("Review"), "", _("what people decided (review.csv): accepted, rejected or correct")),
    Column("flags", _("Flags"), "", _("measurements outside their limits")),
    Column("message", _("Message"), "", _("why it did not end well")),
)
COLUMNS = (*_TEXT_COLUMNS, *_NUMBER_COLUMNS, *_LAST_COLUMNS)
SUMMARY = table("a summary of segmentations", [column.key for column in _TEXT_COLUMNS])


def other_list_problems(path: Path, cases: Sequence[Case]) -> list[Problem]:
    """Why the summary may not be written where it goes by default: it is that of another list of the same name.

    That is one which has no knee in common with this list. A list that has grown or shrunk is the same list.
    """
    problems = replacing_problem(f"the summary '{path}'", path, SUMMARY)
    if problems or not path.exists():
        return problems
    images = _images_of(path)
    if not images or images & {case.moving.name for case in cases}:
        return []
    some = ", ".join(sorted(images)[:_NAMED]) + (", ..." if len(images) > _NAMED else "")
    message = f"'{path}' is the summary of another list of this name, with {some}"
    return [Problem(message, "Name another file for this one (--summary), or rename the list")]


def _images_of(path: Path) -> set[str]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return {row["image"] for row in csv.DictReader(file) if row.get("image")}
    except (OSError, ValueError, csv.Error):
        return set()


def summary_rows(outcomes: Iterable[Outcome]) -> list[dict[str, str | float | None]]:
    """A row for each case: the values of :data:`COLUMNS` by key, None where there is none."""
    return [_row(outcome) for outcome in outcomes]


def write_summary(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write the summary as csv; numbers have four significant digits, those of the records have all."""
    write_csv(path, [column.key for column in COLUMNS], map(as_written, summary_rows(outcomes)))


def as_written(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it stands in the file."""
    return {key: _cell(value) for key, value in row.items()}


def describe_columns() -> list[tuple[str, str]]:
    """For people: the columns, each with what it holds and its unit."""
    units = {"": "", "1": "", "gray": " (gray value)"}
    return [(one.key, f"{one.description}{units.get(one.unit, f' ({one.unit})')}") for one in COLUMNS]


def _cell(value: str | float | None) -> str | None:
    return significant(value) if isinstance(value, (int, float)) else value


def case_end(outcome: Outcome) -> CaseEnd:
    """The event that tells how a case ended."""
    return CaseEnd(
        outcome.case.name,
        outcome.status.value,
        outcome.message,
        dict(outcome.flags),
        str(outcome.case.moving),
        {tissue.value: str(path) for tissue, path in outcome.masks.items()},
        _row(outcome),
        outcome.needs_review,
        str(outcome.disagreement or ""),
    )


def _row(outcome: Outcome) -> dict[str, str | float | None]:
    measurements = dict(outcome.record.get("measurements", {}))
    if "seconds" in outcome.record:
        measurements["seconds"] = outcome.record["seconds"].get("total")
    return {
        "image": outcome.case.moving.name,
        "status": outcome.status.value,
        **{column.key: measurements.get(column.key) for column in _NUMBER_COLUMNS},
        "review": outcome.decision.value if outcome.decision else "",
        "flags": "; ".join(outcome.flags.values()),
        "message": outcome.message,
    }
