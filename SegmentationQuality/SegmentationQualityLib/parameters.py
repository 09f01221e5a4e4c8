"""What the panel SegmentationQuality shows, as it is kept in the scene."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import slicer.util
from KneeCartilageSegLib.quality.metrics import DEFAULT_TOLERANCE_MM, METRICS, Metric
from KneeCartilageSegLib.slicer_support.volumes import MaskNode, MaskSource
from slicer import vtkMRMLScalarVolumeNode, vtkMRMLTextNode
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper

from .nodes import PairNodes
from .options import QualityOptions, parse_labels
from .result_nodes import PlotChoice


@parameterNodeWrapper
class SegmentationQualityParameterNode:
    """What the panel shows, kept in the scene. Empty texts are paths that were not chosen.

    :param segmentations: of the pairs of the scene; their segments, truths and images are in lists of the same length.
    :param metric: key of the metric that is plotted.
    :param listRecord: the record of the last comparison of a list.
    :param sceneRecord: the record of the last comparison of nodes.
    """

    fromNodes: bool = False
    listFile: str
    imagesFolder: str
    segmentations: list[MaskNode]
    segmentationSegments: list[str]
    truths: list[MaskNode]
    truthSegments: list[str]
    volumes: list[vtkMRMLScalarVolumeNode]
    labels: str
    tolerance: Annotated[float, WithinRange(0, 100)] = DEFAULT_TOLERANCE_MM
    jobs: Annotated[int, WithinRange(0, 64)] = 0
    metric: str = METRICS[0].key
    plot: PlotChoice
    listRecord: vtkMRMLTextNode
    sceneRecord: vtkMRMLTextNode


def quality_options_of(parameters: SegmentationQualityParameterNode) -> QualityOptions:
    """How to compare.

    :raises ValueError: if the labels make no sense.
    """
    return QualityOptions(parse_labels(parameters.labels), parameters.tolerance, parameters.jobs)


def metric_of(parameters: SegmentationQualityParameterNode) -> Metric:
    """The metric that is plotted."""
    return next((metric for metric in METRICS if metric.key == parameters.metric), METRICS[0])


def pairs_of(parameters: SegmentationQualityParameterNode) -> list[PairNodes]:
    """The pairs of the scene that are chosen; nodes that were removed from the scene are missing in them."""
    segmentations = map(MaskSource, parameters.segmentations, parameters.segmentationSegments)
    truths = map(MaskSource, parameters.truths, parameters.truthSegments)
    return [PairNodes(*found) for found in zip(segmentations, truths, parameters.volumes)]


def choose_pairs(parameters: Any, pairs: Sequence[PairNodes]) -> None:
    """Choose other pairs of the scene."""
    with slicer.util.NodeModify(parameters.parameterNode):
        parameters.segmentations = [pair.segmentation.node for pair in pairs]
        parameters.segmentationSegments = [pair.segmentation.segment for pair in pairs]
        parameters.truths = [pair.truth.node for pair in pairs]
        parameters.truthSegments = [pair.truth.segment for pair in pairs]
        parameters.volumes = [pair.volume for pair in pairs]
