"""The summary while a run lasts: whoever opens it sees the knees that have ended so far."""

from __future__ import annotations

import csv
import io
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable

from ..csv_files import cells
from ..files import atomic_path
from ..runs.events import CaseEnd, Event
from .cases import Case
from .summary import COLUMNS, as_written

_PAUSE = 2.0  # seconds between two writes, at least
_SHARE = 0.02  # of the time that may be spent on writing

_KEYS = [column.key for column in COLUMNS]


class GrowingSummary:
    """Writes the rows of the knees that have ended, in the order of the list, every few seconds.

    Knees that have not ended keep the row that they have from an earlier run. A disk that is full is nobody's concern
    until the end, when all is written once more.

    :param path: of the summary, whose folder may not exist yet.
    """

    def __init__(self, path: Path, cases: Sequence[Case]):
        self._path = path
        self._images = [case.moving.name for case in cases]
        self._lines = _earlier_lines(path)  # as text: a tenth of what the values would take
        self._next = 0.0
        self._lock = threading.Lock()

    def following(self, send: Callable[[Event], None]) -> Callable[[Event], None]:
        """What takes events on, and writes down how knees have ended."""

        def follow(event: Event) -> None:
            send(event)
            if isinstance(event, CaseEnd):
                self._add(event)

        return follow

    def _add(self, event: CaseEnd) -> None:
        with self._lock:
            self._lines[event.row["image"]] = _line(as_written(event.row))
            begun = time.monotonic()
            if begun < self._next:
                return
            with suppress(OSError):
                self._write()
            took = time.monotonic() - begun
            self._next = begun + took + max(_PAUSE, took / _SHARE)

    def _write(self) -> None:
        with atomic_path(self._path) as temporary, open(temporary, "w", encoding="utf-8", newline="") as file:
            file.write(_line(dict(zip(_KEYS, _KEYS))))
            file.writelines(self._lines[image] for image in self._images if image in self._lines)


def _earlier_lines(path: Path) -> dict[str, str]:
    """The rows of a summary that an earlier run has written, by image; nothing if it is of another version."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            return {row["image"]: _line(row) for row in reader} if reader.fieldnames == _KEYS else {}
    except (OSError, ValueError, csv.Error):
        return {}


def _line(row: Mapping[str, Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells(_KEYS, row))
    return text.getvalue()
