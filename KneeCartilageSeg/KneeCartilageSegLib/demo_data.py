"""An embedded example: digital knees with image lists for all three modalities and for their quality.

Reference, new subjects, follow-up and second contrast are made by :mod:`.phantom`; the exact masks are the truth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import phantom
from .lists.imagelist import write_image_list
from .registration.stages import Modality
from .segmentation.cases import SEGMENTED
from .tissue import Tissue

LISTS = {modality: f"image_list_{modality.value}.txt" for modality in Modality}
QUALITY_LIST = "image_list_quality.txt"

REFERENCE_FOLDER, IMAGE_FOLDER, TRUTH_FOLDER = "reference/newsubject", "preprocessed", "segmented_groundTruth"

SPACING = 0.8  # mm; coarse enough for a quick demo, fine enough for three voxels across cartilage
_THICK = 3.0  # mm, slices of the second contrast


@dataclass(frozen=True)
class DemoKnee:
    """A knee of the demo: the name of its image and its anatomy and scan."""

    name: str
    parameters: phantom.KneeParameters


def demo_knees(spacing: float = SPACING) -> dict[Modality, list[DemoKnee]]:
    """The knees that are segmented with each modality: two people, a follow-up and a second contrast of the first.

    :param spacing: voxel size, mm.
    """
    first = phantom.KneeParameters.reduced(spacing, subject=4, rotation=(3.0, -2.0, 4.0), translation=(3.0, -4.0, 5.0))
    second = phantom.KneeParameters.reduced(spacing, subject=7, rotation=(-2.0, 4.0, 1.0), translation=(-4.0, 2.0, 3.0))
    follow_up = first.changed(wear=0.8, acquisition=1, rotation=(-2.0, 3.0, 0.0), translation=(-3.0, 2.0, -2.0))
    grid = (round(first.grid[0] * spacing / _THICK), *first.grid[1:])
    contrast = first.changed(contrast="t2", acquisition=2, grid=grid, spacing=(_THICK, spacing, spacing), origin=None)
    return {
        Modality.NEW_SUBJECT: [DemoKnee("01_DESS_01_prep", first), DemoKnee("02_DESS_01_prep", second)],
        Modality.LONGITUDINAL: [DemoKnee("01_DESS_02_prep", follow_up)],
        Modality.MULTIMODAL: [DemoKnee("01_T2_01_prep", contrast)],
    }


def write_demo(folder: Path, progress: Callable[[str], None] = lambda name: None, spacing: float = SPACING) -> None:
    """Write the demo's images, reference, ground truth and lists; what is there already is left as it is.

    :param progress: called with the name of each knee before it is made.
    :param spacing: voxel size, mm.
    """
    folder = Path(folder)
    reference = DemoKnee("reference", phantom.KneeParameters.reduced(spacing, subject=1))
    _write_knee(reference, folder / REFERENCE_FOLDER, folder / REFERENCE_FOLDER, progress)
    knees = demo_knees(spacing)
    for knee in (knee for group in knees.values() for knee in group):
        _write_knee(knee, folder / IMAGE_FOLDER, folder / TRUTH_FOLDER, progress)
    for modality, group in knees.items():
        baseline = "reference.mha" if modality is Modality.NEW_SUBJECT else f"{knees[Modality.NEW_SUBJECT][0].name}.mha"
        place = REFERENCE_FOLDER if modality is Modality.NEW_SUBJECT else f"reference/{modality.value}"
        entries = [("r", baseline), *(("m", f"{knee.name}.mha") for knee in group)]
        write_image_list(folder / LISTS[modality], [f"./{place}", f"./{IMAGE_FOLDER}/"], entries)
    masks = [f"{knee.name}_{Tissue.CARTILAGE.value}.mha" for group in knees.values() for knee in group]
    pairs = [(letter, mask) for mask in masks for letter in "sg"]
    write_image_list(folder / QUALITY_LIST, [f"./{SEGMENTED}", f"./{TRUTH_FOLDER}"], pairs)


def _write_knee(knee: DemoKnee, images: Path, masks: Path, progress: Callable[[str], None]) -> None:
    if (images / f"{knee.name}.mha").is_file():
        return
    progress(knee.name)
    made = phantom.make_knee(knee.parameters)
    written = phantom.write_knee(made, masks, knee.name)
    if images != masks:
        images.mkdir(parents=True, exist_ok=True)
        written[0].replace(images / written[0].name)
