"""Where elastix's seconds go, as it says itself in its log."""

from __future__ import annotations

import re
from dataclasses import dataclass

PYRAMIDS, STEP_SIZE, ITERATIONS = "pyramids", "step size estimation", "iterations"
COMPONENTS, SAVING = "components, masks, metric", "saving"

_MILLISECONDS = (
    (COMPONENTS, r"^(?:Reading images|Initialization of|Elastix initialization of|Setting the) .*took:? (\d+) ms"),
    (PYRAMIDS, r"^Preparation of the image pyramids took: (\d+) ms"),
    (SAVING, r"^Time spent on saving the results.*: (\d+) ms"),
)
# Says what is inside a resolution's time
_WITHIN_RESOLUTION = r"^(?:Initialization of \w+ metric|Setting the \w+ masks) took: (\d+) ms"
_STEP_SIZE = r"^Automatic parameter estimation took ([\d.]+)s"
_JACOBIAN = r"^\s*Computing the Jacobian terms took ([\d.]+)s"
_RESOLUTION = r"^Time spent in resolution \d+ .*: ([\d.]+)"
_ITERATION = r"^\d+\t.*\t([\d.]+)$"


@dataclass(frozen=True)
class ElastixTimes:
    """Times of one registration.

    :param parts: seconds by part.
    :param jacobian: seconds of the step size estimation that went into the Jacobian terms.
    :param resolutions: seconds of each resolution, everything in it.
    :param iterations: how many there were in all resolutions.
    """

    parts: dict[str, float]
    jacobian: float
    resolutions: tuple[float, ...]
    iterations: int


def read_times(log: str) -> ElastixTimes:
    """The times in an elastix log (5.x).

    The iterations' are those of the resolutions less what the resolutions spent on other parts: drawing samples, the
    metric with its derivative, and the optimizer's step are not told apart.
    """
    parts = {part: sum(_numbers(pattern, log)) / 1000 for part, pattern in _MILLISECONDS}
    parts[STEP_SIZE] = sum(_numbers(_STEP_SIZE, log))
    resolutions = tuple(_numbers(_RESOLUTION, log))
    within = parts[STEP_SIZE] + sum(_numbers(_WITHIN_RESOLUTION, log)) / 1000
    parts[ITERATIONS] = max(0.0, sum(resolutions) - within)
    return ElastixTimes(parts, sum(_numbers(_JACOBIAN, log)), resolutions, len(_numbers(_ITERATION, log)))


def _numbers(pattern: str, log: str) -> list[float]:
    return [float(text) for text in re.findall(pattern, log, re.MULTILINE)]
