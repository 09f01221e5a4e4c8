"""The steps that the work on one knee goes through: they are reported, and a cancel stops it at the next one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Callable

from ..errors import Cancelled
from ..registration.stages import Stage

READING_STEP, MASKS_STEP, CHECKS_STEP, WRITING_STEP = "reading", "masks", "checks", "writing"

# How the time of a knee is spread over its steps, roughly; for progress bars only.
_WEIGHTS = {"f_spline": 4.0, "fc_spline": 6.0, MASKS_STEP: 2.0, WRITING_STEP: 4.0}


class WorkSteps:
    """Reports the steps of the work on a knee, and stops it at the next one after a cancel.

    :param stages: its registration stages, which come after reading.
    :param last: the steps after them.
    :param report: called with the name of each step as it begins, and the fraction (0 to 1) that is done before it.
    """

    def __init__(
        self,
        stages: Sequence[Stage],
        last: Sequence[str],
        report: Callable[[str, float], None],
        cancelled: threading.Event,
    ):
        self._steps = [READING_STEP, *(stage.name for stage in stages), *last]
        self._report, self._cancelled = report, cancelled

    def begin(self, step: str) -> None:
        """A step begins.

        :raises Cancelled: after a cancel.
        """
        if self._cancelled.is_set():
            raise Cancelled("cancelled")
        weights = [_WEIGHTS.get(name, 1.0) for name in self._steps]
        self._report(step, sum(weights[: self._steps.index(step)]) / sum(weights))
