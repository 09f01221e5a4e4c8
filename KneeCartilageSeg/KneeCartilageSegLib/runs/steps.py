"""The steps that the work on one knee goes through: they are reported, and a cancel stops it at the next one."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Cancelled
from ..registration.stages import Stage
from .events import Step
from .workplace import Workplace

READING_STEP, MASKS_STEP, CHECKS_STEP, WRITING_STEP = "reading", "masks", "checks", "writing"

# How the time of a knee is spread over its steps, roughly; for progress bars only.
_WEIGHTS = {"f_spline": 4.0, "fc_spline": 6.0, MASKS_STEP: 2.0, WRITING_STEP: 4.0}


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
        weights = [_WEIGHTS.get(name, 1.0) for name in self._steps]
        fraction = sum(weights[: self._steps.index(step)]) / sum(weights)
        self._workplace.send(Step(self._name, step, round(fraction, 3), self._reference))
