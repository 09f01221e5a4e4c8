"""The summary of a run: a row an image, with units, for csv, screen and table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..files import atomic_path
from ..runs.events import CaseEnd
from .outcome import Outcome


@dataclass(frozen=True)
class Column:
    """A column of the summary.

    :param key: its name in the csv file; never translated.
    :param title: its heading for people.
    :param unit: mm, mm3, s, degree or 1; empty for text.
    """

    key: str
    title: str
    unit: str
    description: str


_TEXT_COLUMNS = (
    Column("image", "Image", "", "the segmented image"),
    Column("status", "Status", "", "segmented, unchanged, rejected, kept, failed or cancelled"),
)
_NUMBER_COLUMNS = (
    Column("seconds", "Time", "s", "time that the segmentation took"),
    Column("volume_f", "Femur volume", "mm3", "volume of the femur mask"),
    Column("volume_fc", "Cartilage volume", "mm3", "volume of the femoral cartilage mask"),
    Column("sharpness_aligned", "Match after alignment", "1", "sharpness of the match after the linear stages"),
    Column("sharpness_f", "Match at the femur", "1", "sharpness of the match in the dilated femur mask"),
    Column("sharpness_fc", "Match at the cartilage", "1", "sharpness of the match in the dilated cartilage mask"),
    Column("starts", "Starts", "1", "how many starts were tried"),
    Column("side", "Other side", "1", "match of the mirrored image relative to that of the image"),
    Column("scale", "Scale", "1", "size of the knee relative to the reference"),
    Column("rotation", "Rotation", "degree", "rotation against the reference"),
    Column("inside_f", "Femur inside", "1", "share of the reference femur's surroundings inside the image"),
    Column("inside_fc", "Cartilage inside", "1", "share of the reference cartilage's surroundings inside the image"),
    Column("growth_f", "Femur growth", "1", "femur volume relative to the scaled reference's"),
    Column("growth_fc", "Cartilage growth", "1", "cartilage volume relative to the scaled reference's"),
    Column("residual_f_mean", "Inverse residual femur", "mm", "mean error of the inverse in the femur"),
    Column("residual_f_p95", "Inverse residual femur 95 %", "mm", "95th percentile"),
    Column("residual_f_max", "Inverse residual femur max", "mm", "maximum"),
    Column("residual_fc_mean", "Inverse residual cartilage", "mm", "mean error of the inverse in the cartilage"),
    Column("residual_fc_p95", "Inverse residual cartilage 95 %", "mm", "95th percentile"),
    Column("residual_fc_max", "Inverse residual cartilage max", "mm", "maximum"),
    Column("folding_f", "Folding femur", "1", "share of the femur in which the transform folds space"),
    Column("folding_fc", "Folding cartilage", "1", "share of the cartilage in which the transform folds space"),
)
_LAST_COLUMNS = (
    Column("flags", "Flags", "", "measurements outside their limits"),
    Column("message", "Message", "", "why it did not end well"),
)
COLUMNS = (*_TEXT_COLUMNS, *_NUMBER_COLUMNS, *_LAST_COLUMNS)


def summary_rows(outcomes: Iterable[Outcome]) -> list[dict[str, str | float | None]]:
    """A row for each case: the values of :data:`COLUMNS` by key, None where there is none."""
    return [_row(outcome) for outcome in outcomes]


def write_summary(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write the summary as csv, with full precision; empty where there is no value."""
    with atomic_path(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [column.key for column in COLUMNS])
        writer.writeheader()
        writer.writerows(summary_rows(outcomes))


def case_end(outcome: Outcome) -> CaseEnd:
    """The event that tells how a case ended."""
    return CaseEnd(
        outcome.case.name,
        outcome.status.value,
        outcome.message,
        dict(outcome.flags),
        str(outcome.case.moving),
        {tissue.value: str(path) for tissue, path in outcome.masks.items()},
        _row(outcome),
    )


def _row(outcome: Outcome) -> dict[str, str | float | None]:
    measurements = dict(outcome.record.get("measurements", {}))
    if "seconds" in outcome.record:
        measurements["seconds"] = outcome.record["seconds"]["total"]
    return {
        "image": outcome.case.moving.name,
        "status": outcome.status.value,
        **{column.key: measurements.get(column.key) for column in _NUMBER_COLUMNS},
        "flags": "; ".join(outcome.flags.values()),
        "message": outcome.message,
    }
