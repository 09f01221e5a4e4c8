"""The change of cartilage between two visits in the scene, or between those of a list: what ``change`` measures.

What comes out is a table node, and the table (csv) and the record that the command writes.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slicer.i18n import tr as _

from ..errors import InputError, Problem
from ..lists.imagelist import write_image_list
from ..measurement.orientation import Side
from ..measurement.tables import CHANGE_COLUMNS
from ..runs.events import Event, VisitsEnd
from .columns import describe, lock, measurements, texts
from .command_run import CommandRun
from .node_input import ReferenceNodes, check_reference, export_reference
from .result_nodes import table_node
from .tasks import in_thread
from .volumes import geometry_problems, knee_names, volume_image, write_volume

_LIST = "image_list_longitudinal.txt"
_FIRST, _SECOND = "first", "second"  # folders
_TEXTS = CHANGE_COLUMNS[:3]


@dataclass(frozen=True)
class ChangeOptions:
    """How to measure a change; the defaults are the command line's own.

    :param engine: the elastix program or its folder; None finds one.
    :param parameters: a folder with elastix parameter files of the user.
    :param threads: for elastix; 0 takes all cores.
    :param side: which knees they are; None lets their anatomy tell.
    :param table: the csv file; None: ``change.csv`` beside the list.
    """

    engine: Path | None = None
    parameters: Path | None = None
    threads: int = 0
    side: Side | None = None
    table: Path | None = None


@dataclass(frozen=True)
class VisitNodes:
    """Two visits of a knee in the scene.

    :param first: the first visit: a volume node, and the masks that were drawn on it.
    :param second: the volume node of the second visit.
    :param second_masks: its masks, if it has any: what is measured with either is averaged then.
    """

    first: ReferenceNodes
    second: Any
    second_masks: ReferenceNodes | None = None


def visits_of(first: Any, masks: Any, second: Any, second_masks: Any = None) -> VisitNodes:
    """Two visits, from volume and segmentation nodes; the segments are found by their names."""
    others = None if second_masks is None else _of(second, second_masks)
    return VisitNodes(ReferenceNodes(first, {}) if masks is None else _of(first, masks), second, others)


def _of(volume: Any, segmentation: Any) -> ReferenceNodes:
    return ReferenceNodes(volume, ReferenceNodes.of_segmentation(segmentation).masks, segmentation)


def check_visits(visits: VisitNodes) -> None:
    """See whether two visits can be compared, as far as their voxels need not be looked at.

    :raises InputError: with everything that is missing or contradictory.
    """
    problems = []
    if visits.first.volume is None:
        problems.append(Problem(_("no volume of the first visit is chosen"), _("Choose the knee that has masks")))
    else:
        problems += _problems(visits.first)
    if visits.second is None:
        problems.append(Problem(_("no volume of the second visit is chosen"), _("Choose the same knee, scanned again")))
    elif visits.second is visits.first.volume:
        message = _("'{name}' is both visits").format(name=visits.second.GetName())
        problems.append(Problem(message, _("Choose another volume for one of them")))
    elif visits.second_masks is not None:
        problems += _problems(visits.second_masks)
    else:
        problems += geometry_problems(visits.second)
    if problems:
        raise InputError(problems)


def _problems(visit: ReferenceNodes) -> Sequence[Problem]:
    try:
        check_reference(visit)
    except InputError as error:
        return error.problems
    return ()


async def export_visits(visits: VisitNodes, folder: Path) -> Path:
    """Write two visits that were checked to files, as they lie in the scene, with an image list.

    :param folder: receives ``first/``, ``second/`` and the list; what an earlier call has put there is replaced.
    :return: the path of the list.
    """
    for name in (_FIRST, _SECOND):  # masks of an earlier second visit would be found and used
        await in_thread(shutil.rmtree, folder / name, ignore_errors=True)
    first, second = knee_names((visits.first.volume, visits.second))
    await export_reference(visits.first, folder / _FIRST, first)
    if visits.second_masks is not None:
        await export_reference(visits.second_masks, folder / _SECOND, second)
    else:
        await in_thread(write_volume, volume_image(visits.second), folder / _SECOND / f"{second}.nrrd")
    entries = [("r", f"{first}.nrrd"), ("m", f"{second}.nrrd")]
    write_image_list(folder / _LIST, [f"./{_FIRST}", f"./{_SECOND}"], entries)
    return folder / _LIST


def change_arguments(list_file: Path, options: ChangeOptions) -> list[str]:
    """The arguments of the command line for a list of visits."""
    values = {
        "--csv": options.table or default_table(list_file),
        "--engine": options.engine,
        "--parameters": options.parameters,
        "--threads": options.threads or None,
        "--side": options.side.value if options.side is not None else None,
    }
    arguments = ["change", str(list_file), "--progress", "json", "--attached"]
    return arguments + [f"{option}={value}" for option, value in values.items() if value is not None]


def default_table(list_file: Path) -> Path:
    """The csv file of a list for which the user has named none."""
    return list_file.with_name("change.csv")


class ChangeRun(CommandRun):
    """A measurement of change in the background: progress while it lasts, a table node afterwards.

    :param name: names the table node.
    :param of_nodes: whether the visits are nodes; the measurement is cancelled when the scene closes, then.
    :param callbacks: of :class:`.command_run.CommandRun`.
    """

    def __init__(self, name: str, of_nodes: bool = False, **callbacks: Any) -> None:
        super().__init__(of_nodes=of_nodes, **callbacks)
        self.name = name
        self.rows: list[dict[str, Any]] = []
        self.failed: dict[str, str] = {}  # why, by knee
        self.notes: list[str] = []
        self.file: Path | None = None  # the csv file, once it is known
        self.table: Any = None
        self._scene_is_gone = False

    def begin(self, list_file: Path, options: ChangeOptions) -> None:
        """Start with a list; returns at once."""
        self.start(self.arguments(list_file, options))

    def arguments(self, list_file: Path, options: ChangeOptions) -> list[str]:
        """Those of the command line; the csv file is known from here on."""
        self.file = options.table or default_table(list_file)
        return change_arguments(list_file, options)

    def _take_note(self, event: Event) -> None:
        if isinstance(event, VisitsEnd):
            self.rows += [_row(row) for row in event.rows]
            self.notes += event.notes
            if event.message:
                self.failed[event.name] = event.message
        super()._take_note(event)

    def _scene_closes(self, scene: Any, event: str) -> None:
        self._scene_is_gone = True  # a table would belong to knees that are gone
        super()._scene_closes(scene, event)

    def _ended(self) -> None:
        if self.rows and not self._scene_is_gone:
            self.table = fill_change_table(self.rows, self.name)
        super()._ended()


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: math.nan if row[key] is None else row[key] for key in CHANGE_COLUMNS}


def fill_change_table(rows: Sequence[Mapping[str, Any]], name: str) -> Any:
    """A table node with one row per knee and region; one of an earlier measurement is replaced."""
    node = table_node(_("{name}: change (experimental)").format(name=name))
    titles = {
        "first": _("First visit"),
        "second": _("Second visit"),
        "region": _("Region"),
        "volume_mm3": _("Volume, mean of both visits"),
        "volume_change_mm3": _("Change of volume"),
        "volume_error_mm3": _("Standard error of the change of volume"),
        "volume_change_percent": _("Change of volume"),
        "volume_error_percent": _("Standard error of the change of volume"),
        "thickness_mm": _("Thickness, mean of both visits"),
        "thickness_change_mm": _("Change of thickness"),
        "thickness_error_mm": _("Standard error of the change of thickness"),
        "seen_percent": _("Edge seen"),
        "disagreement_percent": _("Disagreement of both masks"),
    }
    modifying = node.StartModify()
    node.RemoveAllColumns()
    for key in CHANGE_COLUMNS:
        values = [row[key] for row in rows]
        node.AddColumn(texts(key, values) if key in _TEXTS else measurements(key, values))
        describe(node, key, titles[key], unit=_unit(key))
    lock(node)
    node.EndModify(modifying)
    return node


def _unit(column: str) -> str:
    units = {"mm3": "mm3", "mm": "mm", "percent": "%"}
    return next((unit for end, unit in units.items() if column.endswith(f"_{end}")), "")
