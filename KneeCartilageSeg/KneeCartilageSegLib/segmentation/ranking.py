"""Which knees to look at first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .outcome import Status
from .standing import Stand

NOT_STARTED = Stand.NOT_STARTED.value
NEEDS_REVIEW = Stand.NEEDS_REVIEW.value

_WORST_FIRST = (
    Status.FAILED.value,
    Status.REJECTED.value,
    Stand.PROBLEM.value,
    Stand.MISSING_FILE.value,
    Stand.MISSING_MASK.value,
    Stand.CHANGED_INPUT.value,
    Stand.OUTDATED.value,
    Status.KEPT.value,
    NEEDS_REVIEW,
    Status.SEGMENTED.value,
    Status.EDITED.value,
    Stand.RUNNING.value,
    Status.CANCELLED.value,
    NOT_STARTED,
)
_EXPECTED, _MATCH = "expected_dice", "sharpness_aligned"


def shown_status(status: str, needs_review: bool) -> str:
    """The status of a knee for people, as :class:`.standing.Stand` names it.

    :param status: a value of :class:`.outcome.Status`.
    :param needs_review: whether somebody should look at its segmentation.
    """
    if status in (Status.SEGMENTED.value, Status.UNCHANGED.value):
        return NEEDS_REVIEW if needs_review else Status.SEGMENTED.value
    return status


def worst_first(status: str, row: Mapping[str, Any]) -> tuple[int, float, float]:
    """A key to sort knees by: those without a segmentation, then those with flags, then by the Dice to be expected.

    :param status: from :func:`shown_status`.
    :param row: of the summary.
    """
    rank = _WORST_FIRST.index(status) if status in _WORST_FIRST else _WORST_FIRST.index(NEEDS_REVIEW)
    return rank, _number(row.get(_EXPECTED)), _number(row.get(_MATCH))


def _number(value: Any) -> float:
    """A measurement; one that is missing comes last."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return math.inf
    return math.inf if math.isnan(number) else number
