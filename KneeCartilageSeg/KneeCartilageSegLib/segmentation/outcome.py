"""How the segmentation of a knee has ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from ..tissue import Tissue
from .cases import REJECTED, SEGMENTED, Case


class Status(Enum):
    """How a case ended."""

    SEGMENTED = "segmented"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    KEPT = "kept"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def good(self) -> bool:
        """Whether there is a segmentation of this case's input that passed its checks."""
        return self in (Status.SEGMENTED, Status.UNCHANGED)


@dataclass(frozen=True)
class Outcome:
    """How a case ended, and its provenance record if it has one.

    :param message: why, if it did not end well.
    """

    case: Case
    status: Status
    record: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""

    @property
    def flags(self) -> Mapping[str, str]:
        """The measurements that are outside their limits, with text for the user."""
        return self.record.get("flags", {})

    @property
    def masks(self) -> dict[Tissue, Path]:
        """The masks that lie where results of this status go."""
        folder = REJECTED if self.status is Status.REJECTED else SEGMENTED
        paths = {tissue: self.case.mask(tissue, folder) for tissue in Tissue}
        return {tissue: path for tissue, path in paths.items() if path.is_file()}


def outcome_of_record(case: Case, record: Mapping[str, Any], status: Status) -> Outcome:
    """The outcome of a case that has a record; that of a rejected one says why it was."""
    reason = "; ".join(record["flags"].values()) if status is Status.REJECTED else ""
    return Outcome(case, status, record, reason)
