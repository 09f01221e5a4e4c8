"""Which knees to look at first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .outcome import Status

NOT_STARTED = "not started"
NEEDS_REVIEW = "needs review"

_WORST_FIRST = (
    Status.FAILED.value,
    Status.REJECTED.value,
    Status.KEPT.value,
    NEEDS_REVIEW,
    Status.SEGMENTED.value,
    Status.UNCHANGED.value,
    "edited",
    Status.CANCELLED.value,
    NOT_STARTED,
)
_EXPECTED, _MATCH = "expected_dice", "sharpness_aligned"


def shown_status(status: str, flags: str) -> str:
    """The status of a knee for people: one that was segmented and has flags is to be looked at.

    :param flags: as in the summary; empty if there are none.
    """
    good = status in (Status.SEGMENTED.value, Status.UNCHANGED.value)
    if good and flags:
        return NEEDS_REVIEW
    return Status.SEGMENTED.value if good else status


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
