"""A run of the command line on an image list or on nodes, with what has become of each knee."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..dicom.volumes import instance_uids
from ..errors import KneeError
from ..images.files import read_image
from ..runs.events import CaseEnd, Event, KneeStanding
from ..tissue import Tissue
from .command_run import CommandRun
from .dicom_export import name_instances, name_maker
from .result_nodes import KneeResult, table_node, write_table
from .tasks import in_thread, pause
from .volumes import (
    add_labelmaps,
    add_segmentation,
    add_volume,
    find_segmentation,
    find_volume,
    read_mask,
)


class SegmentationRun(CommandRun):
    """A run of segmentations: progress while it lasts, results and nodes afterwards.

    :param name: names the table of results; empty for none.
    :param volumes: for a run on nodes, the volume nodes by the name of their knee.
    :param labelmaps: also load labelmap nodes.
    :param callbacks: of :class:`CommandRun`.
    """

    def __init__(
        self, name: str, volumes: Mapping[str, Any] | None = None, labelmaps: bool = False, **callbacks: Any
    ) -> None:
        super().__init__(of_nodes=volumes is not None, **callbacks)
        self.name = name
        self.results: dict[str, KneeResult] = {}
        self.standings: dict[str, KneeStanding] = {}  # of a look at what earlier runs have left
        self.table: Any = None
        self._volumes = volumes
        self._labelmaps = labelmaps

    async def load(self, knee: str) -> tuple[Any, Any]:
        """The volume and segmentation nodes of a knee, see :func:`load_knee`."""
        volume = None if self._volumes is None else self._volumes[knee]
        return await load_knee(self.results[knee], volume, self._labelmaps)

    def _take_note(self, event: Event) -> None:
        if isinstance(event, CaseEnd):
            result = KneeResult.from_event(event)
            self.results[result.name] = result
        elif isinstance(event, KneeStanding):
            self.standings[event.name] = event
        super()._take_note(event)

    def _scene_closes(self, scene: Any, event: str) -> None:
        self.name = ""  # a table would belong to knees that are gone
        super()._scene_closes(scene, event)

    def _ended(self) -> None:
        if self.results and self.name:
            self.table = table_node(self.name)
            write_table(self.table, self.results.values())
        super()._ended()


async def load_knee(result: KneeResult, volume: Any = None, labelmaps: bool = False) -> tuple[Any, Any]:
    """Load the volume and segmentation nodes of a knee, unless they are in the scene already.

    :param volume: the volume node that was segmented; None loads it from its file.
    :param labelmaps: also load labelmap nodes.
    :return: the two nodes.
    :raises KneeError: if the knee has no masks, or its volume node is gone.
    """
    if not result.masks:
        raise KneeError(result.message or f"'{result.name}' has not been segmented")
    volume, segmentation = await load_segmented(result.moving, result.masks, volume, labelmaps)
    name_maker(segmentation, result.status)
    return volume, segmentation


async def load_segmented(
    image: Path, masks: Mapping[Tissue, Path], volume: Any = None, labelmaps: bool = False
) -> tuple[Any, Any]:
    """Load an image and its masks as volume and segmentation nodes, unless they are in the scene already.

    Parameters, value and errors are those of :func:`load_knee`.
    """
    if volume is None:
        volume = find_volume(image)
        if volume is None:
            volume = await add_volume(image, await in_thread(read_image, image, verified=True))
            if image.is_dir():
                name_instances(volume, await in_thread(instance_uids, image))
            await pause()
    segmentation = find_segmentation(volume, masks)
    if segmentation is None:
        parts = {}
        for tissue, path in masks.items():
            parts[tissue] = await in_thread(read_mask, path)
        segmentation = await add_segmentation(volume, masks, parts)
        if labelmaps:
            await pause()
            add_labelmaps(volume, parts)
    return volume, segmentation
