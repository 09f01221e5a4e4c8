"""What a run reports about its knees, read from its events; and the table node that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import slicer

from ..runs.events import CaseEnd
from ..segmentation.outcome import Status
from ..segmentation.summary import COLUMNS
from ..tissue import Tissue
from .columns import describe, lock, measurements, texts
from .command_run import without_options
from .words import translated


@dataclass(frozen=True)
class KneeResult:
    """How a knee ended.

    :param name: the name of its image without extension.
    :param moving: the image that was segmented.
    :param masks: the files of its masks; empty if there are none.
    :param flags: measurements outside their limits, with text for the user.
    :param message: why it did not end well.
    :param row: its row of the summary, by the columns' keys.
    :param needs_review: whether it has a segmentation that somebody should look at, and nobody has accepted.
    :param disagreement: the file of the map of where its references disagree, if there is one.
    """

    name: str
    status: Status
    moving: Path
    masks: Mapping[Tissue, Path]
    flags: Mapping[str, str]
    message: str
    row: Mapping[str, Any]
    needs_review: bool = False
    disagreement: Path | None = None

    @classmethod
    def from_event(cls, event: CaseEnd) -> KneeResult:
        """From the event that tells its end."""
        masks = {Tissue(key): Path(path) for key, path in event.masks.items()}
        status, moving = Status(event.status), Path(event.moving)
        message, disagreement = without_options(event.message), Path(event.disagreement) if event.disagreement else None
        return cls(event.name, status, moving, masks, event.flags, message, event.row, event.needs_review, disagreement)

    @property
    def flagged(self) -> bool:
        """Whether somebody should look at it, or it has no segmentation that can be used."""
        return self.needs_review or not self.status.good

    @property
    def remarks(self) -> str:
        """What there is to say about it, a remark a line."""
        return "\n".join(self.flags.values()) or self.message


def write_table(node: Any, results: Iterable[KneeResult]) -> None:
    """Fill a table node with one row per knee: numbers as numbers with four digits, missing ones as NaN, units in the
    column properties.

    The columns' names are those of the summary's csv file and not translated; their titles are.
    """
    rows = [result.row for result in results]
    modifying = node.StartModify()
    node.RemoveAllColumns()
    for column in COLUMNS:
        values = [row.get(column.key) for row in rows]
        if column.unit:
            numbers = [float("nan") if value is None else value for value in values]
            node.AddColumn(measurements(column.key, numbers))
        else:
            node.AddColumn(texts(column.key, [value or "" for value in values]))
        unit = "" if column.unit == "1" else column.unit
        describe(node, column.key, translated(column.title), translated(column.description), unit)
    lock(node)
    node.EndModify(modifying)


def table_node(name: str) -> Any:
    """The table node of this name that an earlier run made, or else a new one."""
    return named_node("vtkMRMLTableNode", name)


def named_node(class_name: str, name: str) -> Any:
    """The node of a class that an earlier run made under this name, or else a new one."""
    nodes = slicer.util.getNodesByClass(class_name)
    found = next((node for node in nodes if node.GetAttribute("KneeCartilageSeg.Results") == name), None)
    if found is None:
        found = slicer.mrmlScene.AddNewNodeByClass(class_name, name)
        found.SetAttribute("KneeCartilageSeg.Results", name)
    return found
