"""A comparison in the background, or one that a scene has kept: its results, its nodes, and its pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from KneeCartilageSegLib.errors import KneeError
from KneeCartilageSegLib.lists.names import find_image
from KneeCartilageSegLib.quality.compare import PairQuality
from KneeCartilageSegLib.quality.metrics import METRICS, Metric
from KneeCartilageSegLib.quality.record import result_of_entry
from KneeCartilageSegLib.quality.tables import table_rows
from KneeCartilageSegLib.runs.events import Checked, ComparisonStart, Event, PairEnd
from KneeCartilageSegLib.slicer_support.command_run import CommandRun
from slicer.i18n import tr as _

from .difference_view import PairFiles, PairView, load_pair
from .nodes import PairNodes
from .result_nodes import (
    QualityNodes,
    name_of_record,
    read_record_node,
    update_quality_nodes,
    volume_of_record,
)


class Comparison:
    """What came out of a comparison.

    :param name: of the data set; names the nodes.
    :param record: see :mod:`..quality_record`.
    :param volumes: the volume nodes of the images, by name, as far as they are in the scene.
    :param pairs: what was compared, by name, if that is known and was in the scene.
    """

    def __init__(
        self,
        name: str,
        record: Mapping[str, Any],
        volumes: Mapping[str, Any] | None = None,
        pairs: Mapping[str, PairNodes] | None = None,
    ) -> None:
        self.name = name
        self.record = dict(record)
        self.nodes: QualityNodes | None = None
        self._volumes = dict(volumes or {})
        self._pairs = dict(pairs or {})

    @classmethod
    def from_node(cls, node: Any) -> Comparison | None:
        """The comparison that a scene has kept; None if the node holds none."""
        record = read_record_node(node) if node is not None else None
        if record is None:
            return None
        volumes = {entry["subject"]: volume_of_record(node, n) for n, entry in enumerate(record["pairs"])}
        return cls(name_of_record(node), record, volumes)

    @property
    def results(self) -> dict[str, PairQuality]:
        """What came out for each pair, in the order of the pairs."""
        return {entry["subject"]: result_of_entry(entry) for entry in self.record["pairs"]}

    @property
    def labels(self) -> list[str]:
        """The labels that were compared; ``any`` if none was chosen."""
        return list(self.record["parameters"]["labels"]) or ["any"]

    def is_of_files(self, name: str, files: tuple[Path | None, Path | None]) -> bool:
        """Whether there is a result of a pair, and it is that of these files."""
        entry = self._entry(name)
        return entry is not None and files == (Path(entry["segmentation"]["file"]), Path(entry["truth"]["file"]))

    def is_of_nodes(self, name: str, pair: PairNodes) -> bool:
        """Whether there is a result of a pair, and it is that of these nodes, as far as that is known."""
        compared = self._pairs.get(name, pair)
        same = (compared.segmentation, compared.truth) == (pair.segmentation, pair.truth)
        return self._entry(name) is not None and same

    def _entry(self, name: str) -> Mapping[str, Any] | None:
        return next((entry for entry in self.record["pairs"] if entry["subject"] == name), None)

    def update_nodes(self, metric: Metric = METRICS[0]) -> QualityNodes:
        """Make the nodes, or bring them up to date: those of the plots show a metric."""
        volumes = [self._volumes.get(entry["subject"]) for entry in self.record["pairs"]]
        self.nodes = update_quality_nodes(self.name, self.record, volumes, metric)
        return self.nodes

    async def load(self, name: str, label: int = 0, images: Path | None = None) -> PairView:
        """What shows a pair, see :func:`.pair_view.load_pair`.

        :param label: the number of the label among those of the pair.
        :param images: the folder of the images of listed pairs; None looks where they usually are.
        :raises KneeError: if the pair failed, or is not there.
        """
        entry = self._entry(name)
        if entry is None:
            raise KneeError(_("'{name}' was not compared").format(name=name))
        result = result_of_entry(entry)
        if result.error:
            raise KneeError(f"{name}: {result.error}")
        quality = result.labels[label]
        segmentation, truth = Path(entry["segmentation"]["file"]), Path(entry["truth"]["file"])
        title = (
            name if str(quality.label) == "any" else _("{name} label {label}").format(name=name, label=quality.label)
        )
        volume = self._volumes.get(name)
        image = None if name in self._volumes else find_image(segmentation, images)
        checksums = entry["segmentation"]["sha256"], entry["truth"]["sha256"]
        return await load_pair(PairFiles(title, segmentation, truth, quality.label, volume, image, checksums))


class QualityRun(CommandRun):
    """A comparison in the background: progress while it lasts, its :class:`Comparison` from its start.

    :param name: of the data set; names the nodes.
    :param pairs: for a run on nodes, the pairs by the names that they have in the results.
    :param callbacks: of :class:`.command_run.CommandRun`.
    """

    def __init__(self, name: str, pairs: Mapping[str, PairNodes] | None = None, **callbacks: Any) -> None:
        super().__init__(of_nodes=pairs is not None, **callbacks)
        volumes = {name: pair.volume for name, pair in (pairs or {}).items()}
        self.comparison = Comparison(name, {"parameters": {"labels": []}, "pairs": []}, volumes, pairs)
        self.metric = METRICS[0]
        self._names: Sequence[str] = ()
        self._scene_is_gone = False

    @property
    def names(self) -> Sequence[str]:
        """The names of the pairs, once they are known."""
        return self._names

    @property
    def results(self) -> dict[str, PairQuality]:
        """What came out for each pair by now."""
        return self.comparison.results

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The results as rows, one for each pair and label, see :func:`..quality.tables.table_rows`."""
        return table_rows(self.results.values())

    @property
    def nodes(self) -> QualityNodes | None:
        """The record, the tables and the plots, once it has ended."""
        return self.comparison.nodes

    def _take_note(self, event: Event) -> None:
        record = self.comparison.record
        if isinstance(event, Checked):
            self._names = event.names
        elif isinstance(event, ComparisonStart):
            self.comparison.record = {**event.head, "pairs": []}
        elif isinstance(event, PairEnd):
            places = {name: number for number, name in enumerate(self._names)}
            pairs = [*record["pairs"], event.entry]
            record["pairs"] = sorted(pairs, key=lambda entry: places[entry["subject"]])
            record["complete"] = len(pairs) == len(places)
        super()._take_note(event)

    def _scene_closes(self, scene: Any, event: str) -> None:
        self._scene_is_gone = True  # nodes would belong to masks that are gone
        super()._scene_closes(scene, event)

    def _ended(self) -> None:
        if self.results and not self._scene_is_gone:
            if not self.comparison.record["complete"]:  # the nodes of an earlier run that came to its end stay
                self.comparison.name = _("{name} (cancelled)").format(name=self.comparison.name)
            self.comparison.update_nodes(self.metric)
        super()._ended()
