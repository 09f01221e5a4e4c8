"""What the panel shows, as it is kept in the scene."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

from slicer import vtkMRMLScalarVolumeNode, vtkMRMLSegmentationNode
from slicer.i18n import tr as _
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper

from ..measurement.orientation import Side as MeasurementSide
from ..measurement.relaxometry import DEFAULT_RANGE
from ..measurement.thickness import Definition
from ..registration.side import Side
from ..registration.stages import Modality
from ..tissue import Tissue
from .cartilage import MeasureOptions
from .change import ChangeOptions
from .limits_table import own_limits
from .node_input import NodeInput, ReferenceNodes, references_of
from .options import EngineQuestion, RunOptions
from .slicer_elastix import slicer_elastix_folder
from .volumes import MaskNode, MaskSource


class ModalityChoice(enum.Enum):
    """The three modalities, as a user chooses among them."""

    NEW_SUBJECT = Modality.NEW_SUBJECT.value
    LONGITUDINAL = Modality.LONGITUDINAL.value
    MULTIMODAL = Modality.MULTIMODAL.value

    def label(self) -> str:
        return {
            ModalityChoice.NEW_SUBJECT: _("New subject"),
            ModalityChoice.LONGITUDINAL: _("Longitudinal"),
            ModalityChoice.MULTIMODAL: _("Multimodal"),
        }[self]

    def description(self) -> str:
        """A sentence for the user."""
        return {
            ModalityChoice.NEW_SUBJECT: _("Any knee; the reference is another person's knee that is segmented."),
            ModalityChoice.LONGITUDINAL: _("A follow-up; the reference is the same knee's segmented baseline."),
            ModalityChoice.MULTIMODAL: _(
                "Another sequence of the session; the reference is the same knee's segmented high-resolution image."
            ),
        }[self]


class SideChoice(enum.Enum):
    """Of which side the knees are, as a user chooses."""

    AUTO = Side.AUTO.value
    SAME = Side.SAME.value
    LEFT = Side.LEFT.value
    RIGHT = Side.RIGHT.value

    def label(self) -> str:
        return {
            SideChoice.AUTO: _("Automatic"),
            SideChoice.SAME: _("Same as the reference"),
            SideChoice.LEFT: _("Left knees"),
            SideChoice.RIGHT: _("Right knees"),
        }[self]


class KneeChoice(enum.Enum):
    """Which knee it is that is measured, compared or becomes a reference, as a user chooses."""

    AUTO = "auto"
    LEFT = MeasurementSide.LEFT.value
    RIGHT = MeasurementSide.RIGHT.value

    def label(self) -> str:
        return {
            KneeChoice.AUTO: _("Automatic"),
            KneeChoice.LEFT: _("Left knee"),
            KneeChoice.RIGHT: _("Right knee"),
        }[self]


class DefinitionChoice(enum.Enum):
    """How thickness is measured, as a user chooses."""

    NORMAL = Definition.NORMAL.value
    NEAREST_NEIGHBOR = Definition.NEAREST_NEIGHBOR.value

    def label(self) -> str:
        return {
            DefinitionChoice.NORMAL: _("Along the bone's normal (3D)"),
            DefinitionChoice.NEAREST_NEIGHBOR: _("Nearest neighbor (pyKNEEr)"),
        }[self]


@parameterNodeWrapper
class KneeCartilageSegParameterNode:
    """What the panel shows, kept in the scene. Empty texts are paths that were not chosen.

    :param limits: the user's own limits, see :class:`LimitsTable`.
    """

    modality: ModalityChoice
    side: SideChoice
    fromNodes: bool = False
    listFile: str
    outputFolder: str
    movingVolumes: list[vtkMRMLScalarVolumeNode]
    referenceVolume: vtkMRMLScalarVolumeNode
    femurMask: MaskNode
    femurSegment: str
    cartilageMask: MaskNode
    cartilageSegment: str
    furtherReferences: list[vtkMRMLSegmentationNode]
    referenceFolder: str
    referencesAtMost: Annotated[int, WithinRange(0, 99)] = 0
    measuredSegmentation: vtkMRMLSegmentationNode
    measuredSide: KneeChoice
    definition: DefinitionChoice
    measuredMap: vtkMRMLScalarVolumeNode
    mapLow: float = DEFAULT_RANGE[0]
    mapHigh: float = DEFAULT_RANGE[1]
    visitsListFile: str
    firstVisit: vtkMRMLScalarVolumeNode
    firstMasks: vtkMRMLSegmentationNode
    secondVisit: vtkMRMLScalarVolumeNode
    secondMasks: vtkMRMLSegmentationNode
    visitsSide: KneeChoice
    changeTableFile: str
    madeSegmentation: vtkMRMLSegmentationNode
    madeFemur: str
    madeCartilage: str
    madeVolume: vtkMRMLScalarVolumeNode
    madeSide: KneeChoice
    madeName: str
    madeFolder: str
    workingFolder: str
    elastixFolder: str
    parameterFolder: str
    jobs: Annotated[int, WithinRange(0, 64)] = 0
    threads: Annotated[int, WithinRange(0, 64)] = 0
    timeLimit: Annotated[int, WithinRange(0, 1440)] = 0
    keepRegistered: bool = True
    labelmaps: bool = False
    showDisagreement: bool = False
    redo: bool = False
    limits: list[str]


def modality_of(parameters: KneeCartilageSegParameterNode) -> Modality:
    """The modality that is chosen."""
    return Modality(parameters.modality.value)


def may_have_several(parameters: KneeCartilageSegParameterNode) -> bool:
    """Whether several references can be fused: follow-ups and other sequences have their own knee as reference."""
    return modality_of(parameters) is Modality.NEW_SUBJECT


def options_of(parameters: KneeCartilageSegParameterNode) -> RunOptions:
    """How to run."""
    several = may_have_several(parameters)
    return RunOptions(
        engine=_path(parameters.elastixFolder) or slicer_elastix_folder(),
        output=None if parameters.fromNodes else _path(parameters.outputFolder),
        threads=parameters.threads,
        jobs=parameters.jobs,
        time_limit=parameters.timeLimit,
        keep_registered=parameters.keepRegistered,
        parameters=_path(parameters.parameterFolder),
        limits=own_limits(modality_of(parameters), parameters.limits),
        redo=parameters.redo,
        side=Side(parameters.side.value),
        references=_path(parameters.referenceFolder) if several else None,
        references_at_most=parameters.referencesAtMost if several else 0,
    )


def measure_options_of(parameters: KneeCartilageSegParameterNode) -> MeasureOptions:
    """How to measure."""
    return MeasureOptions(
        side=_side(parameters.measuredSide),
        definition=Definition(parameters.definition.value),
        map_volume=parameters.measuredMap,
        map_range=(parameters.mapLow, parameters.mapHigh),
    )


def change_options_of(parameters: KneeCartilageSegParameterNode) -> ChangeOptions:
    """How to measure the change between two visits."""
    return ChangeOptions(
        engine=_path(parameters.elastixFolder) or slicer_elastix_folder(),
        parameters=_path(parameters.parameterFolder),
        threads=parameters.threads,
        side=_side(parameters.visitsSide),
        table=_path(parameters.changeTableFile),
    )


def _side(chosen: KneeChoice) -> MeasurementSide | None:
    return None if chosen is KneeChoice.AUTO else MeasurementSide(chosen.value)


def engine_question_of(parameters: KneeCartilageSegParameterNode) -> EngineQuestion:
    """What an elastix is wanted for."""
    options = options_of(parameters)
    return EngineQuestion(options.engine, modality_of(parameters), options.parameters)


def nodes_of(parameters: KneeCartilageSegParameterNode) -> NodeInput:
    """The nodes to segment."""
    masks = {
        Tissue.FEMUR: MaskSource(parameters.femurMask, parameters.femurSegment),
        Tissue.CARTILAGE: MaskSource(parameters.cartilageMask, parameters.cartilageSegment),
    }
    first = ReferenceNodes(parameters.referenceVolume, masks)
    further = (
        ReferenceNodes.of_segmentation(segmentation)
        for segmentation in (parameters.furtherReferences if may_have_several(parameters) else ())
        if segmentation is not None and segmentation is not parameters.femurMask
    )
    moving = tuple(volume for volume in parameters.movingVolumes if volume is not None)
    references = references_of(first, further, options_of(parameters).references)
    return NodeInput(modality_of(parameters), moving, references)


def _path(text: str) -> Path | None:
    return Path(text) if text else None
