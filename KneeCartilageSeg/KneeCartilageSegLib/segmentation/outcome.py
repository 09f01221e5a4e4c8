"""How the segmentation of a knee has ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from ..tissue import Tissue
from .cases import REJECTED, SEGMENTED, Case
from .review import Decision


class Status(Enum):
    """How a case ended."""

    SEGMENTED = "segmented"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    REJECTED = "rejected"
    KEPT = "kept"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def good(self) -> bool:
        """Whether there is a segmentation of this case's input that passed its checks, or that somebody corrected."""
        return self in (Status.SEGMENTED, Status.UNCHANGED, Status.EDITED)


@dataclass(frozen=True)
class Outcome:
    """How a case ended, and its record if it has one.

    :param record: of its provenance; of masks that were corrected, that of the correction.
    :param message: why, if it did not end well.
    :param decision: what people have decided about it.
    """

    case: Case
    status: Status
    record: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""
    decision: Decision | None = None

    @property
    def flags(self) -> Mapping[str, str]:
        """The measurements that are outside their limits, with text for the user."""
        return self.record.get("flags", {})

    @property
    def needs_review(self) -> bool:
        """Whether there is a segmentation that somebody should look at."""
        waiting = self.decision is Decision.CORRECT and self.status is not Status.EDITED
        return self.status.good and (waiting or (bool(self.flags) and self.decision is not Decision.ACCEPTED))

    @property
    def masks(self) -> dict[Tissue, Path]:
        """The masks that lie where results of this status go."""
        # What people reject stays where it is.
        folders = (REJECTED, SEGMENTED) if self.status is Status.REJECTED else (SEGMENTED,)
        found = ({tissue: self.case.mask(tissue, folder) for tissue in Tissue} for folder in folders)
        present = ({tissue: path for tissue, path in paths.items() if path.is_file()} for paths in found)
        return next((paths for paths in present if paths), {})

    @property
    def disagreement(self) -> Path | None:
        """The map of where its references disagree, which lies beside masks that were fused of several."""
        paths = (self.case.disagreement(mask.parent.name) for mask in self.masks.values())
        return next((path for path in paths if path.is_file()), None)


def outcome_of_record(
    case: Case, record: Mapping[str, Any], status: Status, decision: Decision | None = None
) -> Outcome:
    """The outcome of a case that has a record; that of a rejected one says why it was."""
    flags = record["flags"]
    # What only raised doubt did not reject it; records of earlier versions do not tell.
    reasons = [flags[key] for key in record.get("failed", ()) if key in flags] or list(flags.values())
    reason = "; ".join(reasons) if status is Status.REJECTED else ""
    return Outcome(case, status, record, reason, decision)


def exit_status(outcomes: Iterable[Outcome]) -> int:
    """What a command that segments ends with.

    :return: 0 every knee has a segmentation that passed its checks or that somebody corrected or accepted, 3 likewise,
        but some need review, 1 some have none.
    """
    ended = tuple(outcomes)
    if not all(outcome.status.good for outcome in ended):
        return 1
    return 3 if any(outcome.needs_review for outcome in ended) else 0
