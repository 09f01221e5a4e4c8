"""What is known about a search for a reference: from the events of a run, or from the record that one has left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from KneeCartilageSegLib.findreference.pairs import FAILED
from KneeCartilageSegLib.findreference.study import Evaluation
from KneeCartilageSegLib.runs.events import (
    Event,
    IterationEnd,
    Note,
    ReferenceStart,
    RegistrationEnd,
    SearchEnd,
    SearchStart,
    Step,
    StudyEnd,
)


@dataclass
class SeedStudy:
    """How far the study from a seed is.

    :param evaluations: of the references that were visited, in their order.
    :param ending: a value of :class:`..study.Ending`; empty while it lasts.
    :param sentence: the result in words.
    """

    seed: str
    evaluations: list[Evaluation] = field(default_factory=list)
    ending: str = ""
    recommended: str | None = None
    sentence: str = ""


@dataclass(frozen=True)
class EndedRegistration:
    """How the registration of a knee to a reference ended.

    :param known: whether it was not run, because it was known.
    :param failed: whether it failed; the message says why.
    """

    reference: str
    name: str
    known: bool
    failed: bool
    message: str


class StudyState:
    """The studies from all seeds, their registrations, and in the end the recommendation.

    The attribute ``field`` is only known from a record: a value of :class:`..fields.Field`.
    """

    def __init__(self) -> None:
        self.images: tuple[str, ...] = ()
        self.studies: dict[str, SeedStudy] = {}
        self.notes: list[str] = []
        self.field = ""
        self.summary: Mapping[str, Any] = {}
        self.registrations: dict[tuple[str, str], EndedRegistration] = {}
        self.expected = 0
        self._fractions: dict[tuple[str, str], float] = {}

    @classmethod
    def from_record(cls, path: Path) -> StudyState:
        """What an earlier run has found.

        :raises OSError, ValueError, KeyError, TypeError: if the file cannot be read or is something else.
        """
        record = json.loads(path.read_text(encoding="utf-8"))
        state = cls()
        state.images, state.field = tuple(record["members"]), record["field"]
        state.notes = list(record["notes"])
        for study in record["studies"]:
            found = SeedStudy(study["seed"], [], study["ending"], study["recommended"], study["sentence"])
            found.evaluations = [_evaluation(iteration) for iteration in study["iterations"]]
            state.studies[found.seed] = found
        keys = ("recommended", "agree", "sentence", "registrations")
        state.summary = {key: record[key] for key in keys}
        return state

    @property
    def recommended(self) -> str | None:
        """The knee that should be the reference, once that is known."""
        return self.summary.get("recommended")

    @property
    def has_news(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.summary) or bool(self.references)

    @property
    def references(self) -> dict[str, Evaluation]:
        """The references that were visited, from whatever seed, in the order of the seeds."""
        return {found.reference: found for study in self.studies.values() for found in study.evaluations}

    @property
    def known(self) -> int:
        """How many registrations did not have to be run."""
        return sum(registration.known for registration in self.registrations.values())

    @property
    def progress(self) -> float:
        """The fraction (0 to 1) that is done of the registrations which are known to be needed."""
        return sum(self._fractions.values()) / self.expected if self.expected else 0.0

    def take(self, event: Event) -> None:
        """Take note of an event."""
        if isinstance(event, SearchStart):
            self.images = event.names
            self.studies = {seed: SeedStudy(seed) for seed in event.seeds}
        elif isinstance(event, Note):
            self.notes.append(event.message)
        elif isinstance(event, ReferenceStart):
            self.expected += event.registrations
        elif isinstance(event, Step):
            self._fractions[event.reference, event.name] = event.fraction
        elif isinstance(event, RegistrationEnd):
            pair = event.reference, event.name
            self._fractions[pair] = 1.0
            self.registrations[pair] = EndedRegistration(*pair, event.known, event.status == FAILED, event.message)
        elif isinstance(event, IterationEnd):
            self.studies[event.seed].evaluations.append(_evaluation(vars(event)))
        elif isinstance(event, StudyEnd):
            study = self.studies[event.seed]
            study.ending, study.recommended, study.sentence = event.ending, event.recommended, event.sentence
        elif isinstance(event, SearchEnd):
            self.summary = vars(event)


def _evaluation(values: Mapping[str, Any]) -> Evaluation:
    return Evaluation(*(values[key] for key in ("reference", "distance", "distances", "failed", "doubts")))
