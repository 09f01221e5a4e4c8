"""The steps that the work on one knee goes through: they are reported, and a cancel stops it at the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import Cancelled
from ..i18n import marked as _
from ..registration.stages import STAGES, Stage
from .events import Step
from .workplace import Workplace

READING_STEP, MASKS_STEP, CHECKS_STEP, WRITING_STEP = "reading", "masks", "checks", "writing"
OTHER_REFERENCES = "other references"  # what carrying over several takes longer than one


@dataclass(frozen=True)
class WorkStep:
    """A step of the work on a knee.

    :param title: its name for people.
    :param weight: how long it takes, relative to the others; for progress bars only.
    """

    title: str
    weight: float = 1.0


STEPS = {
    READING_STEP: WorkStep(_("Reading")),
    **{stage.name: WorkStep(stage.title, stage.weight) for stages in STAGES.values() for stage in stages},
    MASKS_STEP: WorkStep(_("Warping the masks"), 2.0),
    CHECKS_STEP: WorkStep(_("Checking the result")),
    WRITING_STEP: WorkStep(_("Writing"), 4.0),
}
"""All steps by the names that events have for them: the registration stages, and what comes before and after them."""


class WorkSteps:
    """Reports the steps of the work on a knee, and stops it at the next one after a cancel.

    :param workplace: where the work is done: it is told of each :class:`.runs.events.Step`.
    :param stages: its registration stages, which come after reading.
    :param last: the steps after them.
    :param name: of the knee.
    :param reference: the name of the reference that it is registered to, in a search.
    """

    def __init__(
        self, workplace: Workplace, stages: Sequence[Stage], last: Sequence[str], name: str, reference: str = ""
    ):
        self._workplace = workplace
        self._steps = [READING_STEP, *(stage.name for stage in stages), *last]
        self._name, self._reference = name, reference

    def begin(self, step: str) -> None:
        """A step begins.

        :raises Cancelled: after a cancel.
        """
        if self._workplace.cancelled:
            raise Cancelled("cancelled")
        weights = [STEPS[name].weight for name in self._steps]
        fraction = sum(weights[: self._steps.index(step)]) / sum(weights)
        self._workplace.send(Step(self._name, step, round(fraction, 3), self._reference))
