"""Progress of a comparison: lines for people, a line of JSON an event for programs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TextIO

from ..errors import Problem
from ..quality.compare import PairQuality
from ..quality.pairs import QualityPair
from ..quality.tables import format_result
from .progress import EventStream


class QualityReporter(Protocol):
    """Tells how a comparison goes."""

    def refused(self, problems: Sequence[Problem]) -> None:
        """The input cannot be used."""

    def checked(self, pairs: Sequence[QualityPair]) -> None:
        """The input can be used."""

    def started(self, head: Mapping[str, Any]) -> None:
        """The comparison begins; given is the head of its record."""

    def compared(self, result: PairQuality, entry: Mapping[str, Any], done: int, total: int) -> None:
        """A pair was compared; given are its result and its entry in the record."""

    def ended(self) -> None:
        """All pairs were compared."""


class QualityLines:
    """A line or two for each pair, on standard error."""

    def refused(self, problems: Sequence[Problem]) -> None:
        pass

    def checked(self, pairs: Sequence[QualityPair]) -> None:
        pass

    def started(self, head: Mapping[str, Any]) -> None:
        pass

    def compared(self, result: PairQuality, entry: Mapping[str, Any], done: int, total: int) -> None:
        print(f"[{done}/{total}] {format_result(result)}", file=sys.stderr, flush=True)

    def ended(self) -> None:
        pass


class QualityJsonLines:
    """One event a line on standard output: problem, pairs, start, end (of a pair) and finish."""

    def __init__(self, stream: TextIO | None = None):
        self._events = EventStream(stream or sys.stdout)

    def refused(self, problems: Sequence[Problem]) -> None:
        self._events.write_problems(problems)

    def checked(self, pairs: Sequence[QualityPair]) -> None:
        self._events.write("pairs", subjects=[pair.name for pair in pairs])

    def started(self, head: Mapping[str, Any]) -> None:
        self._events.write("start", head=dict(head))

    def compared(self, result: PairQuality, entry: Mapping[str, Any], done: int, total: int) -> None:
        self._events.write("end", entry=dict(entry), done=done, total=total)

    def ended(self) -> None:
        self._events.write("finish")


class QualitySilence(QualityLines):
    """No progress at all."""

    def compared(self, result: PairQuality, entry: Mapping[str, Any], done: int, total: int) -> None:
        pass


QUALITY_REPORTERS = {"lines": QualityLines, "json": QualityJsonLines, "none": QualitySilence}
