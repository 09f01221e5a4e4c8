"""What people have decided about segmented knees: ``review.csv`` beside the summary."""

from __future__ import annotations

import csv
import functools
from enum import Enum
from pathlib import Path

from ..errors import InputError, Problem
from ..files import split_name
from ..images.files import EXTENSIONS

REVIEW_FILE = "review.csv"
_NAME_COLUMNS = ("name", "knee", "image")
_DECISION_COLUMNS = ("status", "decision", "review", "verdict")


class Decision(Enum):
    """What was decided about a knee; the value is how it is written."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CORRECT = "correct"  # is to be, or was, corrected by hand


_WORDS = {
    **{decision.value: decision for decision in Decision},
    "accept": Decision.ACCEPTED,
    "reject": Decision.REJECTED,
    "corrected": Decision.CORRECT,
}


def read_decisions(folder: Path) -> dict[str, Decision]:
    """The latest decision about each knee of a folder of segmentations, by its name; empty if there is no review.

    A knee is named with or without the extension of its image. A later row that decides nothing takes a decision back.

    :raises InputError: if the review cannot be read, or holds a decision that is none.
    """
    path = folder / REVIEW_FILE
    try:
        state = path.stat()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _unreadable(path, error) from error
    # Asked for before each of ten thousand knees, while people may be writing it.
    return _read(path, (state.st_mtime_ns, state.st_size, state.st_ino))


@functools.lru_cache(maxsize=8)
def _read(path: Path, _version: tuple[int, ...]) -> dict[str, Decision]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, error) from error
    name, decision = (_column(rows, columns) for columns in (_NAME_COLUMNS, _DECISION_COLUMNS))
    if rows and not (name and decision):
        message = f"the review has no column '{_NAME_COLUMNS[0]}' or no column '{_DECISION_COLUMNS[0]}'"
        raise InputError([Problem(message, "Name its columns in the first line", path, 1)])
    problems, found = [], {}
    for line, row in enumerate(rows, start=2):
        knee, text = _knee(row[name] or ""), (row[decision] or "").strip().lower()
        if text in _WORDS:
            found[knee] = _WORDS[text]
        elif text:
            remedy = f"Write {', '.join(known.value for known in Decision)}, or nothing"
            problems.append(Problem(f"'{row[decision]}' is no decision", remedy, path, line))
        else:
            found.pop(knee, None)
    if problems:
        raise InputError(problems)
    return found


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError([Problem(f"the review cannot be read ({error})", "Save it as csv (UTF-8)", path)])


def _knee(name: str) -> str:
    return split_name(name)[0] if name.lower().endswith(EXTENSIONS) else name


def _column(rows: list[dict[str, str]], names: tuple[str, ...]) -> str:
    known = rows[0] if rows else {}
    return next((name for name in names if name in known), "")
