"""What a run tells while it lasts: the one protocol between the work, the command line, Slicer and scripts.

An event is a frozen dataclass of plain values. :func:`write_event` writes it as a line of JSON, whose key ``event`` is
the name of its class in small letters (``case_end``), and :func:`read_event` reads it back.

A run of segmentations sends :class:`Checking` for each file that is read, then either a :class:`ProblemFound` for each
problem, or :class:`Checked` if it was only to check, or :class:`Start`, :class:`Step` and :class:`CaseEnd` for each
knee, and :class:`Finish`. A search for a reference has registrations in place of knees, a comparison has pairs, and a
measurement of change has pairs of visits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ..errors import Problem


@dataclass(frozen=True)
class Event:
    """Something that a run tells."""


@dataclass(frozen=True)
class Checking(Event):
    """So many of the input's files were read."""

    done: int
    total: int


@dataclass(frozen=True)
class ProblemFound(Event):
    """Something is wrong with the input; see :class:`.errors.Problem`."""

    message: str
    remedy: str
    file: str | None = None
    line: int | None = None

    @classmethod
    def of(cls, problem: Problem) -> ProblemFound:
        """The event for a problem."""
        file = None if problem.file is None else str(problem.file)
        return cls(problem.message, problem.remedy, file, problem.line)


@dataclass(frozen=True)
class Note(Event):
    """Something that the user should know."""

    message: str


@dataclass(frozen=True)
class Planned(Event):
    """How the work will be spread, and why."""

    message: str


@dataclass(frozen=True)
class Checked(Event):
    """The input can be used.

    :param names: of the knees or pairs.
    :param engine: the elastix that can run it, if one is needed.
    """

    names: tuple[str, ...]
    engine: str = ""


@dataclass(frozen=True)
class Start(Event):
    """A run of segmentations, or a measurement of change, begins.

    :param names: of the knees.
    """

    names: tuple[str, ...]


@dataclass(frozen=True)
class SearchStart(Event):
    """A search for a reference begins.

    :param names: of the knees.
    :param seeds: the references that it starts from.
    :param max_iterations: of each study.
    """

    names: tuple[str, ...]
    seeds: tuple[str, ...]
    max_iterations: int


@dataclass(frozen=True)
class ComparisonStart(Event):
    """A comparison begins.

    :param names: of the pairs.
    :param head: of its record, see :func:`.quality.record.record_head`.
    """

    names: tuple[str, ...]
    head: Mapping[str, Any]


@dataclass(frozen=True)
class Step(Event):
    """The next step of the work on a knee begins.

    :param name: of the knee.
    :param step: a key of :data:`.runs.steps.STEPS`.
    :param fraction: of the work on the knee that is done, 0 to 1.
    :param reference: the name of the reference that it is registered to, in a search.
    """

    name: str
    step: str
    fraction: float
    reference: str = ""


@dataclass(frozen=True)
class CaseEnd(Event):
    """The work on a knee has ended.

    :param status: a value of :class:`.segmentation.outcome.Status`.
    :param message: why it did not end well.
    :param flags: the measurements that are outside their limits, with text for the user.
    :param moving: the file of its image.
    :param masks: the files of its masks by tissue.
    :param row: its row of the summary, see :func:`.segmentation.summary.summary_rows`.
    :param needs_review: whether there is a segmentation that somebody should look at.
    :param disagreement: the file of the map of where its references disagree; empty if there is none.
    """

    name: str
    status: str
    message: str
    flags: Mapping[str, str]
    moving: str
    masks: Mapping[str, str]
    row: Mapping[str, Any]
    needs_review: bool = False
    disagreement: str = ""


@dataclass(frozen=True)
class KneeStanding(Event):
    """Where a knee of a list stands, whether or not a run has come to it.

    :param stand: a value of :class:`.segmentation.standing.Stand`.
    :param detail: for people: why, since when, what is missing.
    :param line: of the list.
    """

    name: str
    stand: str
    detail: str = ""
    line: int | None = None


@dataclass(frozen=True)
class ReferenceStart(Event):
    """A search begins with a reference.

    :param registrations: how many knees are to be registered to it.
    """

    reference: str
    registrations: int


@dataclass(frozen=True)
class RegistrationEnd(Event):
    """The registration of a knee to a reference has ended; see :class:`.findreference.search.PairOutcome`.

    :param known: whether it was registered before.
    :param seconds: that it took.
    """

    reference: str
    name: str
    status: str
    known: bool
    message: str
    flags: Mapping[str, str]
    seconds: float


@dataclass(frozen=True)
class IterationEnd(Event):
    """A study has evaluated a reference; see :class:`.findreference.study.Evaluation`.

    :param seed: that the study started from.
    :param iteration: counted from 1.
    """

    seed: str
    iteration: int
    reference: str
    distance: float
    nearest: str
    distances: Mapping[str, float]
    failed: Mapping[str, str]
    doubts: Mapping[str, str]


@dataclass(frozen=True)
class StudyEnd(Event):
    """A study has ended; see :class:`.findreference.study.StudyResult`.

    :param ending: a value of :class:`.findreference.study.Ending`.
    :param sentence: the result in words.
    """

    seed: str
    ending: str
    references: tuple[str, ...]
    cycle: tuple[str, ...]
    recommended: str | None
    distance: float | None
    sentence: str


@dataclass(frozen=True)
class SearchCancelled(Event):
    """A search was cancelled: what is registered is kept."""


@dataclass(frozen=True)
class SearchEnd(Event):
    """A search has ended; see :class:`.findreference.study.Conclusion`.

    :param image: the file of the recommended knee, and likewise its masks; None if there is none.
    :param registrations: numbers of registrations, see :class:`.findreference.search.Counts`.
    :param files: what was written, by ``distances``, ``plot`` and ``record``.
    """

    recommended: str | None
    agree: bool
    sentence: str
    registrations: Mapping[str, Any]
    image: str | None = None
    femur: str | None = None
    cartilage: str | None = None
    files: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class PairEnd(Event):
    """A pair was compared.

    :param entry: its entry in the record, see :func:`.quality.record.record_entry`.
    :param done: how many pairs were compared by now.
    :param total: how many there are.
    """

    entry: Mapping[str, Any]
    done: int
    total: int


@dataclass(frozen=True)
class VisitsEnd(Event):
    """The work on a knee's two visits has ended.

    :param name: of the knee.
    :param rows: its rows of the table, see :func:`.measurement.tables.change_rows`; None is a number that is not known.
    :param message: why there are none.
    :param notes: what the user should know, in sentences.
    """

    name: str
    rows: tuple[Mapping[str, Any], ...] = ()
    message: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finish(Event):
    """All is done and written.

    :param statuses: how the knees ended, in their order.
    :param needs_review: the names of those that have a segmentation which somebody should look at.
    """

    statuses: tuple[str, ...] = ()
    needs_review: tuple[str, ...] = ()


def write_event(event: Event) -> str:
    """An event as a line of JSON, without the end of the line."""
    return json.dumps({"event": _kind(type(event)), **asdict(event)})


def read_event(line: str) -> Event | None:
    """The event that a line holds, or None if it holds something else.

    What a newer version has added to an event is left out.
    """
    try:
        content = json.loads(line)
        kind = _KINDS[content["event"]]
        known = {one.name for one in fields(kind)}
        return kind(**{key: _tuple(value) for key, value in content.items() if key in known})
    except (ValueError, KeyError, TypeError):
        return None


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _kind(event: type[Event]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


_KINDS = {_kind(event): event for event in Event.__subclasses__()}
