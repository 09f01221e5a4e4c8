"""What the panel FindReference shows, as it is kept in the scene."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated, Any

import slicer.util
from KneeCartilageSegLib.findreference.study import MAX_ITERATIONS
from KneeCartilageSegLib.registration.fields import Field
from KneeCartilageSegLib.registration.side import Side
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.slicer_support.options import EngineQuestion
from KneeCartilageSegLib.slicer_support.slicer_elastix import slicer_elastix_folder
from KneeCartilageSegLib.slicer_support.volumes import MaskNode, MaskSource
from KneeCartilageSegLib.tissue import Tissue
from slicer import vtkMRMLScalarVolumeNode
from slicer.i18n import tr as _
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper

from .nodes import StudyInput, match_mask
from .options import StudyOptions


class FieldChoice(enum.Enum):
    """What is compared, as a user chooses."""

    SIZE_AND_SHAPE = Field.SIZE_AND_SHAPE.value
    SHAPE = Field.SHAPE.value

    def label(self) -> str:
        return {FieldChoice.SIZE_AND_SHAPE: _("Size and shape"), FieldChoice.SHAPE: _("Shape only")}[self]

    def description(self) -> str:
        """A sentence for the user."""
        return {
            FieldChoice.SIZE_AND_SHAPE: _("The reference will be a knee of average size and average shape."),
            FieldChoice.SHAPE: _("The reference will be a knee of average shape, whatever its size."),
        }[self]


class SeedChoice(enum.Enum):
    """Where the seeds come from."""

    CHECKED = "checked"
    DRAWN = "drawn"

    def label(self) -> str:
        return {SeedChoice.CHECKED: _("Checked in the table"), SeedChoice.DRAWN: _("Drawn at random")}[self]


class SideChoice(enum.Enum):
    """Which knees are compared, as a user chooses."""

    AUTO = Side.AUTO.value
    SAME = Side.SAME.value

    def label(self) -> str:
        return {SideChoice.AUTO: _("Left and right knees"), SideChoice.SAME: _("Knees of the reference's side")}[self]


@parameterNodeWrapper
class FindReferenceParameterNode:
    """What the panel shows, kept in the scene. Empty texts are paths that were not chosen.

    :param listSeeds: the names of the seeds that the user checked; empty are those of the lists.
    :param volumes: the knees of the scene; their masks and segments are in lists of the same length.
    """

    fromNodes: bool = False
    lists: list[str]
    listSeeds: list[str]
    outputFolder: str
    volumes: list[vtkMRMLScalarVolumeNode]
    masks: list[MaskNode]
    segments: list[str]
    seedVolumes: list[vtkMRMLScalarVolumeNode]
    workingFolder: str
    seedChoice: SeedChoice
    pick: Annotated[int, WithinRange(1, 99)] = 3
    seed: Annotated[int, WithinRange(0, 999999)] = 0
    maxIterations: Annotated[int, WithinRange(1, 100)] = MAX_ITERATIONS
    field: FieldChoice
    side: SideChoice
    jobs: Annotated[int, WithinRange(0, 64)] = 0
    threads: Annotated[int, WithinRange(0, 64)] = 0
    elastixFolder: str
    parameterFolder: str
    cacheFolder: str
    referenceFolder: str


def study_options_of(parameters: FindReferenceParameterNode) -> StudyOptions:
    """How to search."""
    return StudyOptions(
        max_iterations=parameters.maxIterations,
        pick=parameters.pick if parameters.seedChoice is SeedChoice.DRAWN else None,
        seed=parameters.seed,
        field=Field(parameters.field.value),
        side=Side(parameters.side.value),
        engine=_path(parameters.elastixFolder) or slicer_elastix_folder(),
        output=None if parameters.fromNodes else _path(parameters.outputFolder),
        cache=_path(parameters.cacheFolder),
        threads=parameters.threads,
        jobs=parameters.jobs,
        parameters=_path(parameters.parameterFolder),
    )


def engine_question_of(parameters: FindReferenceParameterNode) -> EngineQuestion:
    """What an elastix is wanted for: knees are registered as new subjects."""
    options = study_options_of(parameters)
    return EngineQuestion(options.engine, Modality.NEW_SUBJECT, options.parameters)


def study_of(parameters: FindReferenceParameterNode) -> StudyInput:
    """The knees of the scene that are chosen; those that were removed from the scene are left out."""
    chosen = zip(parameters.volumes, parameters.masks, parameters.segments)
    masks = {volume: MaskSource(mask, segment) for volume, mask, segment in chosen if volume is not None}
    return StudyInput(masks, tuple(volume for volume in parameters.seedVolumes if volume in masks))


def choose_volumes(parameters: FindReferenceParameterNode, volumes: list) -> None:
    """Choose other knees of the scene. Masks that were chosen stay, missing ones are found by name."""
    known = study_of(parameters).masks
    _choose(parameters, {volume: known.get(volume, MaskSource(None)) for volume in volumes})


def choose_mask(parameters: FindReferenceParameterNode, volume: Any, mask: MaskSource) -> None:
    """Choose the femur mask of a knee of the scene."""
    _choose(parameters, {**study_of(parameters).masks, volume: mask})


def _choose(parameters: Any, masks: dict) -> None:
    sources = [mask if mask.node is not None else match_mask(volume, Tissue.FEMUR) for volume, mask in masks.items()]
    chosen = StudyInput(dict(zip(masks, sources)), study_of(parameters).seeds)
    if chosen == study_of(parameters) and len(masks) == len(parameters.volumes):
        return
    with slicer.util.NodeModify(parameters.parameterNode):
        parameters.volumes = list(masks)
        parameters.masks = [source.node for source in sources]
        parameters.segments = [source.segment for source in sources]


def _path(text: str) -> Path | None:
    return Path(text) if text else None
