"""A search for a reference in the background, with its plot, its table, and its knees."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from KneeCartilageSegLib.errors import KneeError
from KneeCartilageSegLib.findreference.dataset import Member, find_data_set
from KneeCartilageSegLib.runs.events import Event, IterationEnd, StudyEnd
from KneeCartilageSegLib.slicer_support.charts import show_chart
from KneeCartilageSegLib.slicer_support.command_run import CommandRun
from KneeCartilageSegLib.slicer_support.process import State
from KneeCartilageSegLib.slicer_support.run import load_segmented
from KneeCartilageSegLib.slicer_support.volumes import MaskSource, guess_segment, is_segmentation
from KneeCartilageSegLib.tissue import Tissue
from slicer.i18n import tr as _

from .nodes import StudyInput, match_mask, show_mask, study_file
from .result_nodes import update_study_nodes
from .state import StudyState


class StudyKnees:
    """The knees of a data set, wherever they are: files of lists, or nodes of the scene.

    :param lists: the image lists of knees that are files.
    :param nodes: the knees of the scene.
    :param folder: for knees of the scene, where they were written for the search.
    """

    def __init__(self, lists: Sequence[Path] = (), nodes: StudyInput | None = None, folder: Path | None = None) -> None:
        self.nodes = nodes
        self._lists = tuple(lists)
        self._folder = folder

    @property
    def members(self) -> dict[str, Member]:
        """The files of the knees by name.

        :raises InputError: if the lists or their files have changed so that they cannot be used any more.
        """
        return find_data_set(self._lists, pick=1).knees

    async def load(self, name: str) -> tuple[Any, Any]:
        """The volume and segmentation nodes of a knee, which are loaded if they are not there.

        :raises KneeError: if there is no such knee, or its nodes are gone.
        """
        if self.nodes is None:
            members = self.members
            if name not in members:
                raise KneeError(_("'{name}' is not in the lists").format(name=name))
            member = members[name]
            return await load_segmented(member.image, mask_files(member))
        volume = self.nodes.knees[name]
        mask = self.nodes.masks[volume]
        if volume.GetScene() is None or mask.node is None or mask.node.GetScene() is None:
            raise KneeError(_("'{name}' or its mask is no longer in the scene").format(name=name))
        if is_segmentation(mask.node):
            return volume, await show_mask(mask)
        if self._folder is None:
            raise KneeError(_("'{name}' can be shown once it was written for a search").format(name=name))
        files = {Tissue.FEMUR: study_file(self._folder, name, Tissue.FEMUR)}
        return await load_segmented(study_file(self._folder, name), files, volume)

    def has_cartilage(self, name: str) -> bool:
        """Whether a knee has a mask of its femoral cartilage, too, which segmentation needs."""
        if self.nodes is None:
            return self.members[name].cartilage is not None
        return self.cartilage_node(name).node is not None

    def femur_node(self, name: str) -> MaskSource:
        """The femur mask of a knee of the scene."""
        assert self.nodes is not None
        return self.nodes.masks[self.nodes.knees[name]]

    def cartilage_node(self, name: str) -> MaskSource:
        """The mask of the femoral cartilage of a knee of the scene, by its name; without a node if there is none."""
        assert self.nodes is not None
        femur = self.femur_node(name)
        segment = guess_segment(femur.node, Tissue.CARTILAGE) if is_segmentation(femur.node) else ""
        if segment and segment != femur.segment:
            return MaskSource(femur.node, segment)
        return match_mask(self.nodes.knees[name], Tissue.CARTILAGE)


def mask_files(member: Member) -> dict[Tissue, Path]:
    """The masks of a knee: its femur, and its cartilage if there is one."""
    masks = {Tissue.FEMUR: member.femur}
    if member.cartilage is not None:
        masks[Tissue.CARTILAGE] = member.cartilage
    return masks


class StudyRun(CommandRun):
    """A search in the background: its state, its nodes, and its knees.

    :param name: names the plot and the table.
    :param knees: the knees of the data set.
    :param callbacks: of :class:`.command_run.CommandRun`.
    """

    def __init__(self, name: str, knees: StudyKnees, **callbacks: Any) -> None:
        super().__init__(of_nodes=knees.nodes is not None, **callbacks)
        self.name = name
        self.knees = knees
        self.found = StudyState()
        self.chart: Any = None
        self.table: Any = None
        self._scene_is_gone = False

    def _take_note(self, event: Event) -> None:
        self.found.take(event)
        if isinstance(event, (IterationEnd, StudyEnd)) and not self._scene_is_gone and self.state is State.RUNNING:
            self._update_nodes()
        super()._take_note(event)

    def show_plot(self) -> None:
        """Show the convergence plot, also if its nodes were removed from the scene meanwhile."""
        self._update_nodes()
        show_chart(self.chart)

    def _update_nodes(self) -> None:
        first = self.chart is None or self.chart.GetScene() is None
        self.chart, self.table = update_study_nodes(self.name, self.found)
        if first:
            show_chart(self.chart)

    def _scene_closes(self, scene: Any, event: str) -> None:
        self._scene_is_gone = True  # plot and table would belong to knees that are gone
        super()._scene_closes(scene, event)
