"""The contact sheet: ``index.html`` with the pictures of all knees, worst first, for a look at a whole cohort.

One file beside its pictures, which opens from any disk or file share: nothing is loaded from elsewhere. It works
without JavaScript; with it, it can be sorted and filtered. The sheet of a folder shows all lists that were segmented
there.
"""

from __future__ import annotations

import html
import json
import math
import os
import re
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable
from urllib.parse import quote

from .. import __version__
from ..csv_files import significant
from ..errors import Problem
from ..files import atomic_path, is_file
from ..runs.events import CaseEnd, Event, Note, Start
from ..runs.locks import try_lock
from .pictures import picture_file, thickness_file, thumbnail_file
from .ranking import NOT_STARTED, shown_status, worst_first
from .summary import COLUMNS

SHEET_FILE = "index.html"

_FORM = '<meta name="generator" content="KneeCartilageSeg contact sheet 1">'
_HEAD = 1024  # characters, in which a sheet says that it is one
_PARTS = Path(__file__).parents[1] / "ContactSheet"
# What tells good knees from others; everything else is in the summary.
_SHOWN = ("expected_dice", "sharpness_aligned", "sharpness_f", "sharpness_fc", "volume_fc", "seconds")
_NUMBERS = tuple(column for column in COLUMNS if column.key in _SHOWN)
_ROW = re.compile(r'^<tr data-list="(?P<list>[^"]*)" data-order="(?P<order>[^"]*)"')
_MAP = "thickness of "
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CLASSES = {"failed": "bad", "rejected": "bad", "segmented": "good", "edited": "good"}
_OPEN = (NOT_STARTED, "cancelled", "running")
_WITHOUT_MASKS = ("failed", "missing mask", "missing file", "problem in the list")
# While a run lasts the sheet is written again after so many seconds, or so many times what writing it takes.
_PAUSE, _PATIENCE = 10.0, 50.0
_WAIT_FOR_OTHERS = 5.0  # seconds, for another run that is writing the sheet


@dataclass(frozen=True)
class SheetKnee:
    """A knee as the sheet shows it.

    :param status: for people, see :func:`.ranking.shown_status`.
    :param row: its row of the summary, as far as there is one.
    """

    name: str
    status: str
    row: Mapping[str, Any]


def is_replaceable_sheet(path: Path) -> bool:
    """Whether a sheet may be written: nothing is there, or a sheet."""
    if not path.exists():
        return True
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return _FORM in file.read(_HEAD)
    except OSError:
        return False


def sheet_problems(path: Path, otherwise: str) -> list[Problem]:
    """Why a sheet may not be written.

    :param otherwise: what else can be done.
    """
    if is_replaceable_sheet(path):
        return []
    return [Problem(f"'{path}' is no contact sheet, and would be replaced by one", f"Move it away, or {otherwise}")]


class ContactSheet:
    """The knees of one list in the contact sheet of a folder.

    It listens to the events of a run (:meth:`send`) and is written again and again while that lasts.

    :param path: of the sheet.
    :param list_file: the list; for people, and to tell its knees from those of other lists in the same sheet.
    :param pictures: the folder of the pictures.
    """

    def __init__(self, path: Path, list_file: Path, pictures: Path):
        self.path = path
        self._list = _relative(list_file, path.parent)
        self._pictures = pictures
        self._rows: dict[str, _Row] = {}
        self._cells: dict[str, str] = {}  # of the pictures that there are
        self._lock = threading.Lock()
        self._next = 0.0

    def send(self, event: Event) -> None:
        """Hear an event of a run."""
        if isinstance(event, Start):
            for name in event.names:
                self.add(SheetKnee(name, NOT_STARTED, {}))
        elif isinstance(event, CaseEnd):
            self.add(SheetKnee(event.name, shown_status(event.status, event.needs_review), event.row))

    def add(self, knee: SheetKnee) -> None:
        """Show a knee, in place of what was known about it."""
        self._rows[knee.name] = _row(knee, self._list)

    def write_sometimes(self) -> None:
        """Write the sheet if the last time is long enough ago, and nobody else is writing it.

        :raises OSError: if that fails.
        """
        if time.monotonic() < self._next or not self._lock.acquire(blocking=False):
            return
        try:
            begun = time.monotonic()
            self._write_locked(0.0)
            ended = time.monotonic()
            self._next = ended + max(_PAUSE, _PATIENCE * (ended - begun))
        finally:
            self._lock.release()

    def write(self) -> None:
        """Write the sheet.

        :raises OSError: if that fails.
        """
        with self._lock:
            self._write_locked(_WAIT_FOR_OTHERS)

    def _write_locked(self, patience: float) -> None:
        lock = self.path.with_name(f".{self.path.name}.lock")
        until = time.monotonic() + patience
        while True:
            with try_lock(lock) as free:
                if free:
                    self._write()
                    return
            if time.monotonic() >= until:
                return  # they will write it once more at their end
            time.sleep(0.05)

    def _write(self) -> None:
        if not is_replaceable_sheet(self.path):
            raise FileExistsError(f"'{self.path}' is no contact sheet of ours: move it away")
        rows = [(row.order, self._line(name, row)) for name, row in tuple(self._rows.items())]
        rows += _rows_of_other_lists(self.path, _text(self._list))
        rows.sort()
        lines = [line for _, line in rows]
        with atomic_path(self.path) as temporary, open(temporary, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in (*_beginning(lines), *lines, *_end()))

    def _line(self, name: str, row: _Row) -> str:
        return f'{row.before}<td class="picture">{self._picture(name, row)}</td>{row.after}'

    def _picture(self, name: str, row: _Row) -> str:
        if name in self._cells:
            return self._cells[name]
        if not (row.has_masks and is_file(thumbnail_file(self._pictures, name))):
            return "<span>no picture</span>"
        here = self.path.parent
        large, small = (_url(file(self._pictures, name), here) for file in (picture_file, thumbnail_file))
        image = f'<img loading="lazy" width="420" height="91" src="{small}" alt="masks of {_text(name)}">'
        self._cells[name] = f'<a href="{large}">{image}</a>{self._thickness(name)}'
        return self._cells[name]

    def _thickness(self, name: str) -> str:
        """The unrolled thickness map, if one was drawn since the masks were."""
        map_file, picture = thickness_file(self._pictures, name), picture_file(self._pictures, name)
        if not (is_file(map_file) and is_file(picture)) or map_file.stat().st_mtime_ns < picture.stat().st_mtime_ns:
            return ""
        url = _url(map_file, self.path.parent)
        image = f'<img loading="lazy" width="82" height="91" src="{url}" alt="{_MAP}{_text(name)}">'
        return f'<a href="{url}">{image}</a>'


@dataclass(frozen=True)
class _Row:
    """A row of the sheet.

    :param order: a key to sort rows by.
    :param has_masks: whether there may be a picture.
    :param before: what stands before the cell of the picture.
    :param after: what stands behind it.
    """

    order: list
    has_masks: bool
    before: str
    after: str


def _row(knee: SheetKnee, list_name: str) -> _Row:
    order = [*worst_first(knee.status, knee.row), _clean(knee.name).casefold()]
    look = _CLASSES.get(knee.status, "open" if knee.status in _OPEN else "doubt")
    said = [str(knee.row[key]) for key in ("flags", "message") if knee.row.get(key)]
    if knee.row.get("review"):
        said.insert(0, f"review: {knee.row['review']}")
    remarks = "<br>".join(map(_text, said))
    numbers = "".join(f"<td>{_number(knee.row.get(one.key))}</td>" for one in _NUMBERS)
    return _Row(
        order,
        knee.status not in (*_OPEN, *_WITHOUT_MASKS),
        f'<tr data-list="{_text(list_name)}" data-order="{html.escape(json.dumps(order))}" class="{look}">',
        f'<th scope="row"><bdi>{_text(knee.name)}</bdi><small><bdi>{_text(list_name)}</bdi></small></th>'
        f"<td>{_text(knee.status)}</td><td>{remarks}</td>{numbers}</tr>",
    )


def write_while_running(sheet: ContactSheet, send: Callable[[Event], None]) -> Callable[[Event], None]:
    """What hands a run's events on and keeps the sheet up to date; a sheet that cannot be written is told once."""
    told = threading.Event()

    def handed_on(event: Event) -> None:
        send(event)
        sheet.send(event)
        if not isinstance(event, CaseEnd):
            return
        try:
            sheet.write_sometimes()
        except OSError as error:
            if not told.is_set():
                told.set()
                send(Note(f"the contact sheet could not be written: {error}"))

    return handed_on


def _rows_of_other_lists(path: Path, own: str) -> list[tuple[list, str]]:
    """The rows of other lists in a sheet with the same columns, with their keys."""
    with suppress(OSError, ValueError):
        lines = path.read_text(encoding="utf-8").split("\n")
        if _heading() in lines:
            found = ((line, _ROW.match(line)) for line in lines)
            others = [(match["order"], line) for line, match in found if match and match["list"] != own]
            return [(json.loads(html.unescape(order)), line) for order, line in others]
    return []


def _beginning(lines: Sequence[str]) -> Iterable[str]:
    style = (_PARTS / "style.css").read_text(encoding="utf-8")
    lists = dict.fromkeys(match["list"] for match in map(_ROW.match, lines) if match)
    yield "<!DOCTYPE html>"
    yield f'<html lang="en"><head><meta charset="utf-8">{_FORM}'
    yield '<meta name="viewport" content="width=device-width">'
    yield (
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' file:; "
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">"
    )
    yield f"<title>{len(lines)} knees</title>"
    yield f"<style>\n{style}</style></head>"
    maps = any(_MAP in line for line in lines)
    yield f'<body class="{"one-list" if len(lists) == 1 else "lists"}{" maps" if maps else ""}">'
    yield f"<header><h1>{len(lines)} knees, worst first</h1>"
    yield f"<p>{', '.join(f'<bdi>{one}</bdi>' for one in lists)}. Written {time.strftime('%Y-%m-%d %H:%M')} by "
    yield f"KneeCartilageSeg {html.escape(__version__)}. All measurements are in the summaries (csv).</p>"
    yield '<div class="tools" hidden><label>Search <input type="search" id="search"></label>'
    yield '<span id="shown" role="status"></span></div></header>'
    yield f'<table style="--numbers: {len(_NUMBERS)}">'
    yield _heading()
    yield "<tbody>"


def _heading() -> str:
    words = "".join(f'<th scope="col">{title}</th>' for title in ("Picture", "Knee", "Status", "Flags and message"))
    numbers = "".join(
        f'<th scope="col" class="number" title="{_text(one.description)}">{_text(one.title)}{_unit(one.unit)}</th>'
        for one in _NUMBERS
    )
    return f"<thead><tr>{words}{numbers}</tr></thead>"


def _unit(unit: str) -> str:
    return "" if unit in ("", "1") else f"<small>{_text(unit)}</small>"


def _end() -> Iterable[str]:
    script = (_PARTS / "script.js").read_text(encoding="utf-8")
    yield "</tbody></table>"
    yield f"<script>\n{script}</script></body></html>"


def _number(value: Any) -> str:
    return significant(value) if isinstance(value, (int, float)) and math.isfinite(value) else ""


def _text(text: str) -> str:
    """A text for HTML, in one line."""
    return html.escape(_clean(text))


def _clean(text: str) -> str:
    """A text without what cannot be written or would change the text round it: control characters, broken names."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


def _url(path: Path, folder: Path) -> str:
    """A link to a file, relative to a folder, whatever its name."""
    return html.escape(quote(os.fsencode(_relative(path, folder).replace(os.sep, "/")), safe="/"))


def _relative(path: Path, folder: Path) -> str:
    try:
        return os.path.relpath(path, folder)
    except ValueError:  # another disk on Windows
        return str(path)
