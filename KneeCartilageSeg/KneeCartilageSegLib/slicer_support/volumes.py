"""From nodes of the scene to files, and from files to nodes.

What is written lies where the scene shows it: parent transforms are applied to what is written, never to the nodes.
What is loaded lies on its volume's own grid and under the same parent transform.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

import numpy as np
import SimpleITK as sitk
import slicer
import vtk
from slicer.i18n import tr as _
from vtk.util.numpy_support import get_vtk_array_type, numpy_to_vtk, vtk_to_numpy

from ..colors import rgb
from ..errors import KneeError, Problem
from ..files import atomic_path, split_name
from ..images.files import itk_name, read_image
from ..images.grid import Grid
from ..images.numerals import decimal_points
from ..images.regions import bounding_box
from ..tissue import Tissue
from .surfaces import CONVERSION, closed_surface
from .tasks import in_thread

_FILE = "KneeCartilageSeg.File"  # attribute of a volume: the file that it was read from
_MASKS = "KneeCartilageSeg.Masks"  # attribute of a segmentation: the files that it was read from
_VOLUME_ROLE = "KneeCartilageSeg.Volume"
_ORTHONORMAL = 1e-3  # deviation that ITK's file formats round away

# Both are in this terminology of Slicer; its general anatomy list has no femur. "Cartilage" is DICOM CID 7166 (SNOMED
# CT 309312004, cartilage tissue), of the region femur. SNOMED's 61496007 (articular cartilage) is in none of them.
_TERMINOLOGY = "Segmentation category and type - DICOM master list"
_REGIONS = "Anatomic codes - DICOM master list"
_FEMUR = "SCT^71341001^Femur"
_TERMS = {
    Tissue.FEMUR: f"{_TERMINOLOGY}~SCT^123037004^Anatomical Structure~{_FEMUR}~^^~{_REGIONS}~^^~^^",
    Tissue.CARTILAGE: f"{_TERMINOLOGY}~SCT^85756007^Tissue~SCT^309312004^Cartilage~^^~{_REGIONS}~{_FEMUR}~^^",
}

#: A mask of the scene as parameter of a panel. Slicer takes no abstract type here, None has to be among the types, and
#: Slicer 5.8 does not know ``|``.
MaskNode = Union[slicer.vtkMRMLLabelMapVolumeNode, slicer.vtkMRMLSegmentationNode, None]

_WINDOW = (1, 99.5)  # percentiles of the gray values that are shown as black and white
_SPARSE = 4  # every so many voxels along each axis tell the percentiles


@dataclass(frozen=True)
class MaskSource:
    """A mask in the scene: a labelmap volume node, or a segment of a segmentation node.

    :param segment: the segment's ID; empty for a labelmap.
    """

    node: Any
    segment: str = ""


def segment_names() -> dict[Tissue, str]:
    """The names of the segments, in the user's language."""
    return {Tissue.FEMUR: _("Femur"), Tissue.CARTILAGE: _("Femoral cartilage")}


# ---------------------------------------------------------------- from nodes to files


def geometry_problems(volume: Any) -> list[Problem]:
    """What keeps a volume node from being written as an image."""
    name, image = volume.GetName(), volume.GetImageData()
    if image is None or image.GetNumberOfPoints() == 0:
        return [Problem(_("'{name}' is empty").format(name=name), _("Load its image again"))]
    if image.GetNumberOfScalarComponents() != 1:
        message = _("'{name}' is a color image").format(name=name)
        return [Problem(message, _("Choose a volume with one gray value a voxel"))]
    if not _is_orthonormal(_directions(_ijk_to_ras(volume))[0]):
        message = _("'{name}' is sheared by its transform").format(name=name)
        return [Problem(message, _("Harden the transform and resample the volume"))]
    return []


def knee_names(volumes: Iterable[Any], name: Callable[[str], str] = str) -> dict[str, Any]:
    """Volume nodes by names that are fit for files, and unique.

    :param name: makes the name of a knee from that of its node.
    """
    named: dict[str, Any] = {}
    for volume in volumes:
        named[unused_name(name(file_name(volume)), named)] = volume
    return named


def volume_image(volume: Any) -> sitk.Image:
    """A volume node as image (LPS), where the scene shows it."""
    with _resampled_by_transform(volume) as shown:
        image = sitk.GetImageFromArray(slicer.util.arrayFromVolume(shown))
        _set_geometry(image, _ijk_to_ras(shown))
    return image


def mask_image(source: MaskSource, reference: Any) -> sitk.Image:
    """A mask as image (LPS), where the scene shows it.

    :param reference: the volume node on whose grid a segment is given; a labelmap has a grid of its own.
    """
    if not is_segmentation(source.node):
        return volume_image(source.node)
    return on_grid(segment_image(source), volume_image(reference))


def grid_of(volume: Any) -> Grid:
    """The grid (LPS) of a volume node, where the scene shows it; of transforms, the linear ones."""
    ijk_to_ras = _ijk_to_ras(volume)
    directions, spacing = _directions(ijk_to_ras)
    ras_to_lps = np.diag([-1.0, -1.0, 1.0])
    size = np.array(volume.GetImageData().GetDimensions())
    return Grid(size, ras_to_lps @ ijk_to_ras[:3, 3], spacing, ras_to_lps @ directions)


def segment_image(source: MaskSource) -> sitk.Image:
    """A segment as mask (uint8, LPS) on a grid that is just large enough, where the scene shows it."""
    labelmap = slicer.vtkOrientedImageData()
    source.node.CreateBinaryLabelmapRepresentation()
    source.node.GetBinaryLabelmapRepresentation(source.segment, labelmap)
    if labelmap.IsEmpty():
        return sitk.Image(1, 1, 1, sitk.sitkUInt8)
    slicer.vtkSlicerSegmentationsModuleLogic.ApplyParentTransformToOrientedImageData(source.node, labelmap)
    first, shape = labelmap.GetExtent()[::2], labelmap.GetDimensions()[::-1]
    voxels = vtk_to_numpy(labelmap.GetPointData().GetScalars()).reshape(shape)
    image = sitk.GetImageFromArray((voxels != 0).astype(np.uint8))
    matrix = vtk.vtkMatrix4x4()
    labelmap.GetImageToWorldMatrix(matrix)
    ijk_to_ras = slicer.util.arrayFromVTKMatrix(matrix)
    ijk_to_ras[:3, 3] += ijk_to_ras[:3, :3] @ first
    _set_geometry(image, ijk_to_ras)
    return image


def on_grid(mask: sitk.Image, reference: sitk.Image) -> sitk.Image:
    """A mask on the grid of an image; touches no node."""
    return sitk.Resample(mask, reference, sitk.Transform(), sitk.sitkNearestNeighbor)


def guess_segment(segmentation: Any, tissue: Tissue) -> str:
    """The ID of the segment that is most likely a tissue, by its name; empty if none is."""
    own = {one: title.lower() for one, title in segment_names().items()}
    cartilage = (own[Tissue.CARTILAGE], "cartilage", "_fc")
    wanted = cartilage if tissue is Tissue.CARTILAGE else (own[Tissue.FEMUR], "femur", "bone", "_f")
    segments = segmentation.GetSegmentation()
    for word in wanted:
        for segment_id in segments.GetSegmentIDs():
            name = segments.GetSegment(segment_id).GetName().lower()
            # "Femoral cartilage" names the femur, too; in German so does "Femurknorpel", and "knee_fc" holds "_f".
            if word in name and (tissue is Tissue.CARTILAGE or not any(other in name for other in cartilage)):
                return segment_id
    return ""


def is_segmentation(node: Any) -> bool:
    """Whether a mask is to be taken from the segments of a node."""
    return node.IsA("vtkMRMLSegmentationNode")


def file_name(node: Any) -> str:
    """The name of a node, fit for a file."""
    return fit_for_file(node.GetName())


def fit_for_file(name: str) -> str:
    """A name without what names of files had better not hold."""
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or "knee"


def unused_name(name: str, taken: Mapping[str, Any]) -> str:
    """The name, with a number behind it if it is taken; case does not count."""
    folded = {other.casefold() for other in taken}
    candidates = [name, *(f"{name}_{number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in candidates if candidate.casefold() not in folded)


def write_volume(image: sitk.Image, path: Path, compress: bool = False) -> None:
    """Write an image; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as temporary, decimal_points():
        sitk.WriteImage(image, itk_name(temporary), compress)


@contextmanager
def _resampled_by_transform(volume: Any) -> Any:
    """The volume itself, or a copy with its parent transform hardened if that is not linear."""
    transform = volume.GetParentTransformNode()
    if transform is None or transform.IsTransformToWorldLinear():
        yield volume
        return
    copy = slicer.modules.volumes.logic().CloneVolume(slicer.mrmlScene, volume, volume.GetName())
    try:
        copy.SetAndObserveTransformNodeID(transform.GetID())
        copy.HardenTransform()
        yield copy
    finally:
        slicer.mrmlScene.RemoveNode(copy)


def _ijk_to_ras(volume: Any) -> np.ndarray:
    """4 x 4, from voxel indices to where the scene shows the volume (RAS, mm); of transforms, the linear ones."""
    own = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(own)
    transform = volume.GetParentTransformNode()
    if transform is not None and transform.IsTransformToWorldLinear():
        to_world = vtk.vtkMatrix4x4()
        transform.GetMatrixTransformToWorld(to_world)
        vtk.vtkMatrix4x4.Multiply4x4(to_world, own, own)
    return slicer.util.arrayFromVTKMatrix(own)


def _directions(ijk_to_ras: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Direction cosines (3 x 3, by columns) and spacing."""
    spacing = np.linalg.norm(ijk_to_ras[:3, :3], axis=0)
    return ijk_to_ras[:3, :3] / spacing, spacing


def _is_orthonormal(directions: np.ndarray) -> bool:
    return bool(np.allclose(directions.T @ directions, np.eye(3), atol=_ORTHONORMAL))


def _set_geometry(image: sitk.Image, ijk_to_ras: np.ndarray) -> None:
    directions, spacing = _directions(ijk_to_ras)
    ras_to_lps = np.diag([-1.0, -1.0, 1.0])
    # Slicer keeps the inverse of this matrix: rounding to a picometer restores what the file said.
    image.SetSpacing(np.round(spacing, 9).tolist())
    image.SetOrigin(np.round(ras_to_lps @ ijk_to_ras[:3, 3], 9).tolist())
    image.SetDirection((ras_to_lps @ directions).ravel().tolist())


# ---------------------------------------------------------------- from files to nodes


@dataclass(frozen=True)
class MaskPart:
    """The part of a mask, or of another image of small whole numbers, that is not empty.

    :param array: uint8, (z, y, x).
    :param first: index (x, y, z) of its first voxel in the whole mask.
    :param size: of the whole mask, in voxels (x, y, z).
    :param matrix: IJK to RAS of the whole mask, 4 x 4.
    """

    array: np.ndarray
    first: np.ndarray
    size: tuple[int, ...]
    matrix: np.ndarray


def read_mask(path: Path) -> MaskPart:
    """Read a mask; touches no node."""
    mask = read_image(path)
    array = sitk.GetArrayViewFromImage(mask)
    first, size = bounding_box(mask) if array.any() else (np.zeros(3, int), np.ones(3, int))
    x, y, z = (slice(start, start + length) for start, length in zip(first, size))
    return MaskPart(array[z, y, x].astype(np.uint8), first, mask.GetSize(), image_matrix(mask))


def find_volume(path: Path) -> Any:
    """The volume node in the scene that was loaded from a file, or None."""
    for node in slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode"):
        storage = node.GetStorageNode()
        loaded_from = node.GetAttribute(_FILE) or (storage.GetFileName() if storage is not None else None)
        if loaded_from and Path(loaded_from) == path:
            return node
    return None


async def add_volume(path: Path, image: sitk.Image) -> Any:
    """A volume node for an image that was read from a file.

    It has no storage node: saving the scene must never write to the user's image.

    :return: the node.
    """
    voxels, window = await in_thread(_voxels_and_window, image)
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", split_name(path)[0])
    node.SetAttribute(_FILE, str(path))
    node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(image_matrix(image)))
    # Slicer's automatic window would look at every voxel, for a fifth of a second.
    display = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeDisplayNode")
    display.SetAndObserveColorNodeID("vtkMRMLColorTableNodeGrey")
    display.SetAutoWindowLevel(False)
    display.SetWindowLevelMinMax(*window)
    node.SetAndObserveDisplayNodeID(display.GetID())
    node.SetAndObserveImageData(voxels)
    return node


def _voxels_and_window(image: sitk.Image) -> tuple[Any, tuple[float, float]]:
    """The voxels of an image as a volume node keeps them, and the gray values to show; touches no node.

    Tens of megabytes are copied in a thread: numpy does not hold Python's lock meanwhile.
    """
    array = sitk.GetArrayViewFromImage(image)
    voxel_type = (
        np.dtype(np.float64) if array.dtype in (np.int64, np.uint64) else array.dtype
    )  # Slicer has no integers of 64 bits
    voxels = vtk.vtkImageData()
    voxels.SetDimensions(image.GetSize())
    voxels.AllocateScalars(get_vtk_array_type(voxel_type), image.GetNumberOfComponentsPerPixel())
    vtk_to_numpy(voxels.GetPointData().GetScalars()).reshape(array.shape)[...] = array
    low, high = np.percentile(array[::_SPARSE, ::_SPARSE, ::_SPARSE], _WINDOW).tolist()
    return voxels, (low, high)


def find_segmentation(volume: Any, masks: Mapping[Tissue, Path]) -> Any:
    """The segmentation node that was loaded from these masks for this volume, if they have not changed since."""
    for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode"):
        if node.GetNodeReference(_VOLUME_ROLE) is volume and node.GetAttribute(_MASKS) == _fingerprint(masks):
            return node
    return None


async def add_segmentation(volume: Any, masks: Mapping[Tissue, Path], parts: Mapping[Tissue, MaskPart]) -> Any:
    """Add a segmentation node with the segments Femur and Femoral cartilage.

    It lies on the volume's grid, under its parent transform, and under the volume in the subject hierarchy.

    :param volume: the volume node that was segmented.
    :param masks: the files that the masks were read from.
    :return: the node.
    :raises KneeError: if the volume is gone meanwhile.
    """
    surfaces = {}
    for tissue, part in parts.items():
        matrix = _local_matrix(part, volume)
        surfaces[tissue] = await in_thread(closed_surface, part.array, part.first, matrix)
    if not slicer.mrmlScene.IsNodePresent(volume):
        raise KneeError(_("the volume '{name}' is no longer in the scene").format(name=volume.GetName()))
    name = slicer.mrmlScene.GenerateUniqueName(_("{volume} segmentation").format(volume=volume.GetName()))
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", name)
    node.SetAttribute(_MASKS, _fingerprint(masks))
    node.SetNodeReferenceID(_VOLUME_ROLE, volume.GetID())
    _place_like(node, volume)
    node.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    node.CreateDefaultDisplayNodes()
    segmentation = node.GetSegmentation()
    for parameter, value in CONVERSION.items():
        segmentation.SetConversionParameter(parameter, value)
    for tissue, part in parts.items():
        segmentation.AddSegment(_segment(tissue, oriented_image(part, _local_matrix(part, volume)), surfaces[tissue]))
    return node


def _segment(tissue: Tissue, labelmap: Any, surface: Any) -> Any:
    segment = slicer.vtkSegment()
    segment.SetName(segment_names()[tissue])
    segment.SetColor(*rgb(tissue.color))
    segment.SetTag(segment.GetTerminologyEntryTagName(), _TERMS[tissue])
    representations = slicer.vtkSegmentationConverter
    segment.AddRepresentation(representations.GetSegmentationBinaryLabelmapRepresentationName(), labelmap)
    segment.AddRepresentation(representations.GetSegmentationClosedSurfaceRepresentationName(), surface)
    return segment


def add_labelmaps(volume: Any, parts: Mapping[Tissue, MaskPart]) -> list[Any]:
    """A labelmap volume node for each mask, on the volume's grid."""
    nodes = []
    for tissue, part in parts.items():
        name = slicer.mrmlScene.GenerateUniqueName(f"{volume.GetName()} {segment_names()[tissue]}")
        node = add_beside(volume, part, "vtkMRMLLabelMapVolumeNode", name)
        node.CreateDefaultDisplayNodes()
        nodes.append(node)
    return nodes


def add_beside(volume: Any, part: MaskPart, class_name: str, name: str) -> Any:
    """A volume node on the grid of another one, under its parent transform and in its place of the hierarchy.

    :param part: its voxels; the rest are 0.
    """
    node = slicer.mrmlScene.AddNewNodeByClass(class_name, name)
    whole = np.zeros(part.size[::-1], np.uint8)
    z, y, x = (slice(start, start + n) for start, n in zip(part.first[::-1], part.array.shape))
    whole[z, y, x] = part.array
    slicer.util.updateVolumeFromArray(node, whole)
    node.SetIJKToRASMatrix(_local_matrix(part, volume))
    _place_like(node, volume)
    return node


def keep_masks(segmentation: Any, masks: Mapping[Tissue, Path]) -> None:
    """A segmentation is what these files hold by now, as if it had been loaded from them."""
    segmentation.SetAttribute(_MASKS, _fingerprint(masks))


def _fingerprint(masks: Mapping[Tissue, Path]) -> str:
    return "\n".join(f"{path} {path.stat().st_mtime_ns}" for path in masks.values())


def _place_like(node: Any, volume: Any) -> None:
    """Put a node under the volume's parent transform, and under the volume in the subject hierarchy."""
    transform = volume.GetParentTransformNode()
    if transform is not None and transform.IsTransformToWorldLinear():
        node.SetAndObserveTransformNodeID(transform.GetID())
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    item, parent = hierarchy.GetItemByDataNode(node), hierarchy.GetItemByDataNode(volume)
    if item and parent:
        hierarchy.SetItemParent(item, parent)


def _local_matrix(part: MaskPart, volume: Any) -> Any:
    """The IJK to RAS matrix of a mask in the frame of its volume node's parent transform."""
    matrix = vtk.vtkMatrix4x4()
    transform = volume.GetParentTransformNode()
    if transform is not None and not transform.IsTransformToWorldLinear():
        return slicer.util.vtkMatrixFromArray(part.matrix)  # it was segmented where the transform shows it
    volume.GetIJKToRASMatrix(matrix)
    return matrix


def image_matrix(image: sitk.Image) -> np.ndarray:
    """The IJK to RAS matrix (4 x 4) of an image."""
    lps_to_ras = np.diag([-1.0, -1.0, 1.0])
    matrix = np.eye(4)
    matrix[:3, :3] = lps_to_ras @ np.reshape(image.GetDirection(), (3, 3)) * np.array(image.GetSpacing())
    matrix[:3, 3] = lps_to_ras @ image.GetOrigin()
    return matrix


def oriented_image(part: MaskPart, ijk_to_ras: Any) -> Any:
    """A mask as Slicer's segmentations keep it."""
    last = part.first + part.array.shape[::-1] - 1
    image = slicer.vtkOrientedImageData()
    image.SetExtent(*(int(n) for pair in zip(part.first, last) for n in pair))
    image.GetPointData().SetScalars(numpy_to_vtk(part.array.ravel(), deep=True))
    image.SetGeometryFromImageToWorldMatrix(ijk_to_ras)
    return image
