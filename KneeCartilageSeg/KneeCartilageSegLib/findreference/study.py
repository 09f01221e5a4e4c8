"""The convergence study: which knee of a data set is closest to their mean, and so makes the best reference?

It starts from a seed as reference. All knees are registered to the reference, and the knee whose displacement field is
closest to the mean field is the next reference. The study has converged when that is the reference itself.

Nothing here registers: :mod:`.findreference.search` does, and answers each reference that a study asks for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from ..errors import KneeError
from ..registration.fields import distances

MAX_ITERATIONS = 10

# A mean of fewer knees, or of less than half of them, is not the data set's.
_FEWEST_KNEES = 3
_FEWEST_SHARE = 0.5


class NoEvaluation(KneeError):
    """A reference cannot be evaluated; the message says why."""


class Ending(Enum):
    """How a study ended."""

    CONVERGED = "converged"
    CYCLE = "cycle"
    STOPPED = "stopped"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Evaluation:
    """All knees seen from one reference.

    :param reference: its name.
    :param distance: of the reference's own field, which is zero everywhere, from the mean field: how far the reference
        is from the mean knee, mm.
    :param distances: of each knee's field from the mean field, mm; without those whose registration failed. The
        reference is among them if it is one of the knees.
    :param failed: why the other knees' registrations failed, by name.
    :param doubts: what should be looked at in those that did not fail, by name.
    """

    reference: str
    distance: float
    distances: Mapping[str, float]
    failed: Mapping[str, str] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)

    @property
    def nearest(self) -> str:
        """The knee that is closest to the mean. Of several, the reference, or else the first."""
        return min(self.distances, key=lambda name: (self.distances[name], name != self.reference))


def evaluate(
    reference: str,
    knees: Sequence[str],
    fields: Mapping[str, np.ndarray],
    failed: Mapping[str, str],
    doubts: Mapping[str, str],
) -> Evaluation:
    """The distance of each knee from their mean, seen from a reference.

    :param knees: the names of all knees of the data set; the reference need not be one of them.
    :param fields: the displacement field of each knee but the reference whose registration did not fail (n x 3, mm).
    :param failed: why the others failed.
    :param doubts: about those that did not.
    :raises NoEvaluation: if too many failed for a mean.
    """
    usable = len(fields) + (reference in knees)
    if not fields or usable < max(_FEWEST_KNEES, _FEWEST_SHARE * len(knees)):
        raise NoEvaluation(
            f"with '{reference}' as reference {len(failed)} of {len(knees)} knees could not be registered, "
            "which leaves too few for a mean"
        )
    zero = np.zeros_like(next(iter(fields.values())))
    found = distances({name: zero if name == reference else fields[name] for name in knees if name not in failed})
    return Evaluation(reference, found.reference, found.knees, failed, doubts)


@dataclass(frozen=True)
class StudyResult:
    """What came of a study.

    :param evaluations: of each reference, in the order in which they were visited.
    :param cycle: the references that follow each other for ever, in their order.
    :param recommended: the converged reference; in a cycle, or if the study was stopped, the reference with the lowest
        distance (:attr:`Evaluation.distance`) in the cycle, or of all that were visited. None if there is none.
    :param message: why it failed.
    """

    seed: str
    ending: Ending
    evaluations: tuple[Evaluation, ...]
    cycle: tuple[str, ...] = ()
    recommended: str | None = None
    message: str = ""

    @property
    def references(self) -> tuple[str, ...]:
        """The references that were visited."""
        return tuple(evaluation.reference for evaluation in self.evaluations)

    @property
    def distance(self) -> float | None:
        """The distance of the recommended reference from the mean, mm."""
        known = {evaluation.reference: evaluation.distance for evaluation in self.evaluations}
        return None if self.recommended is None else known[self.recommended]

    @property
    def sentence(self) -> str:
        """The result in words."""
        count = len(self.evaluations)
        iterations = f"{count} iteration{'s' * (count != 1)}"
        said = {
            Ending.CONVERGED: f"converged to '{self.recommended}' after {iterations}",
            Ending.CYCLE: f"runs in a cycle ({' -> '.join([*self.cycle, *self.cycle[:1]])}), in which "
            f"'{self.recommended}' is closest to the mean",
            Ending.STOPPED: f"had not converged after {iterations}; of the references visited '{self.recommended}' is "
            "closest to the mean",
            Ending.FAILED: f"ended without a result: {self.message}",
            Ending.CANCELLED: "cancelled",
        }[self.ending]
        if self.ending is Ending.STOPPED and self.recommended is None:
            said = f"had not converged after {iterations}, and visited no knee of the data set"
        return f"seed '{self.seed}': {said}"


class Study:
    """A study from one seed: it names the reference that is to be evaluated next, until it has its result.

    :param seed: name of the first reference; it need not be one of the knees, but then it is not recommended.
    :param knees: the names of all knees of the data set.
    :param max_iterations: how many references are visited at most.
    """

    def __init__(self, seed: str, knees: Sequence[str], max_iterations: int = MAX_ITERATIONS):
        self.seed = seed
        self.result: StudyResult | None = None
        self._knees, self._max_iterations = knees, max_iterations
        self._visited: list[Evaluation] = []

    @property
    def visited(self) -> tuple[Evaluation, ...]:
        """The evaluations so far, in their order."""
        return tuple(self._visited)

    def next_reference(self, evaluation: Evaluation | NoEvaluation) -> str | None:
        """Go on with the evaluation of the latest reference, which is the seed at first.

        :param evaluation: or why there is none.
        :return: the next reference to evaluate; None at the end of the study, when it has its :attr:`result`.
        """
        if isinstance(evaluation, NoEvaluation):
            self.result = self._result(Ending.FAILED, message=str(evaluation))
            return None
        self._visited.append(evaluation)
        self.result = self._end()
        return evaluation.nearest if self.result is None else None

    def _end(self) -> StudyResult | None:
        """The result, if the study is over with the latest evaluation."""
        latest = self._visited[-1]
        names = [visited.reference for visited in self._visited]
        if latest.nearest == latest.reference:
            return self._result(Ending.CONVERGED, recommended=latest.reference)
        if latest.nearest in names:
            cycle = self._visited[names.index(latest.nearest) :]
            members = tuple(visited.reference for visited in cycle)
            return self._result(Ending.CYCLE, members, _closest(cycle, self._knees))
        if len(names) >= self._max_iterations:
            return self._result(Ending.STOPPED, recommended=_closest(self._visited, self._knees))
        return None

    def _result(
        self, ending: Ending, cycle: tuple[str, ...] = (), recommended: str | None = None, message: str = ""
    ) -> StudyResult:
        return StudyResult(self.seed, ending, self.visited, cycle, recommended, message)


def _closest(visited: Sequence[Evaluation], knees: Sequence[str]) -> str | None:
    candidates = [evaluation for evaluation in visited if evaluation.reference in knees]
    if not candidates:
        return None
    return min(candidates, key=lambda evaluation: evaluation.distance).reference


@dataclass(frozen=True)
class Conclusion:
    """What the studies from all seeds say together.

    :param recommended: the reference that most studies recommend; of those with as many votes, the one with the lowest
        distance. None if there is none. A vote weighs more than a distance, because a reference is always seen as a
        little too close to the mean: its own field is exactly zero, those of the others have errors.
    :param agree: whether every study recommends it.
    :param sentence: the recommendation in words.
    """

    recommended: str | None
    agree: bool
    sentence: str


def conclude(studies: Sequence[StudyResult]) -> Conclusion:
    """The recommendation of all studies."""
    votes = Counter(result.recommended for result in studies if result.recommended is not None)
    if not votes:
        return Conclusion(None, False, "No reference can be recommended.")
    found = {result.recommended: result for result in studies if result.recommended is not None}
    best = min(found, key=lambda name: (-votes[name], found[name].distance))
    what = f"Use '{best}' as reference: {found[best].distance:.3f} mm from the mean of the data set"
    agreement = "; ".join([_votes(votes, best, len(studies)), *_reservations(studies)])
    return Conclusion(best, votes[best] == len(studies), f"{what}; {agreement}.")


def _reservations(studies: Sequence[StudyResult]) -> Iterator[str]:
    """What speaks against relying on the studies, in words."""
    cycles = {result.cycle for result in studies if result.ending is Ending.CYCLE}
    for cycle in sorted(cycles):
        yield f"a study ran in a cycle ({' -> '.join([*cycle, cycle[0]])})"
    stopped = sum(result.ending is Ending.STOPPED for result in studies)
    if stopped:
        yield f"{stopped} of {len(studies)} studies had not converged at the last iteration that was allowed"


def _votes(votes: Mapping[str, int], best: str, seeds: int) -> str:
    """How the seeds agree, in words."""
    if votes[best] == seeds:
        return "the seed led to it" if seeds == 1 else f"all {seeds} seeds led to it"
    others = [f"{count} to '{name}'" for name, count in votes.items() if name != best]
    without = seeds - sum(votes.values())
    others += [f"{without} to none"] if without else []
    return f"{votes[best]} of {seeds} seeds led to it, {', '.join(others)}"
