"""What people have decided about segmented knees: ``review.csv`` beside the summary."""

from __future__ import annotations

import csv
import functools
import getpass
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path

from ..csv_files import write_csv
from ..errors import InputError, Problem
from ..files import split_name
from ..images.files import EXTENSIONS
from ..runs.locks import try_lock

REVIEW_FILE = "review.csv"
_NAME_COLUMNS = ("name", "knee", "image")
_DECISION_COLUMNS = ("decision", "status", "review", "verdict")


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


COLUMNS = ("name", "decision", "comment", "who", "when")
"""Of the review, as it is written; columns that somebody has added are kept."""

_PATIENCE = 10.0  # seconds, for others who are writing


@dataclass(frozen=True)
class Review:
    """What somebody has said about a knee.

    :param decision: None if none was made, or if it was taken back.
    :param who: has said it.
    :param when: ISO 8601, with the offset from UTC; empty if that is not known.
    """

    decision: Decision | None
    comment: str = ""
    who: str = ""
    when: str = ""


def read_reviews(folder: Path) -> dict[str, Review]:
    """What was said last about each knee of a folder of segmentations, by its name; empty if there is no review.

    :raises InputError: as :func:`read_decisions`.
    """
    decisions = read_decisions(folder)
    _, rows = _rows(folder / REVIEW_FILE)
    name = _column(rows, _NAME_COLUMNS)
    found = {}
    for row in rows:
        knee = _knee(row[name] or "")
        found[knee] = Review(decisions.get(knee), *(row.get(column) or "" for column in COLUMNS[2:]))
    return found


def write_review(
    folder: Path, name: str, decision: Decision | None, comment: str = "", who: str | None = None
) -> Review:
    """Keep what somebody says about a knee, in place of what was said before.

    What others have written meanwhile is kept: the file is read again while nobody else may write it.

    :param who: None for the user of this computer.
    :raises InputError: if the review that is there cannot be read, or somebody else is writing it all the time.
    :raises OSError: if it cannot be written, for example because it is open in a spreadsheet program.
    """
    review = Review(decision, comment, _user() if who is None else who, _now())
    path = folder / REVIEW_FILE
    until = time.monotonic() + _PATIENCE
    while True:
        with try_lock(path.with_name(f".{path.name}.lock")) as free:
            if free:
                _write_row(folder, name, review)
                return review
        if time.monotonic() > until:
            raise InputError([Problem("somebody else is writing the review", "Try again in a moment", path)])
        time.sleep(0.02)


def _write_row(folder: Path, name: str, review: Review) -> None:
    read_decisions(folder)  # or what cannot be read would be lost
    path = folder / REVIEW_FILE
    columns, rows = _rows(path)
    key = _column(rows, _NAME_COLUMNS) or COLUMNS[0]
    decided = _column(rows, _DECISION_COLUMNS) or COLUMNS[1]
    said = dict(zip(COLUMNS[2:], (review.comment, review.who, review.when)))
    row = {key: name, decided: review.decision.value if review.decision else "", **said}
    same = [number for number, other in enumerate(rows) if _knee(other[key] or "") == name]
    if same:
        rows[same[-1]] = {**rows[same[-1]], **row}
    else:
        rows.append(row)
    written = dict.fromkeys([*columns, key, decided, *said])
    write_csv(path, list(written), [other for number, other in enumerate(rows) if number not in same[:-1]])


def _rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The columns and rows of a review that can be read."""
    if not path.exists():
        return [], []
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restkey="")
        rows = [{column: value for column, value in row.items() if column} for row in reader]
        return [column for column in reader.fieldnames or () if column], rows


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # nobody the system knows
        return ""


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
