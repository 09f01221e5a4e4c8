"""Scores of a knee's masks against the truth, by the library's own :mod:`KneeCartilageSegLib.quality.metrics`."""

from __future__ import annotations

from pathlib import Path

import SimpleITK as sitk
from KneeCartilageSegLib.quality.metrics import compare
from KneeCartilageSegLib.tissue import Tissue

from .knees import Scan

TISSUES = {Tissue.CARTILAGE: "cartilage", Tissue.FEMUR: "femur"}

SCORES = {
    "dice": "dice",
    "average_distance": "asd_mm",
    "hausdorff_95": "hd95_mm",
    "volume_similarity": "volume_similarity",
}
"""Names in tables by the attribute of ``metrics.LabelQuality``: Dice, average surface distance (mm), 95 % Hausdorff
distance (mm), volume similarity."""


TRUTH = "truth_mm3"
"""The name of the truth's volume."""


def score_names() -> list[str]:
    """The names of all scores, such as ``cartilage_dice``."""
    return [f"{tissue}_{score}" for tissue in TISSUES.values() for score in SCORES.values()]


def score(folder: Path, scan: Scan) -> dict[str, float]:
    """The scores of the masks of a scan, by the names of :func:`score_names`, and the truth's volume of each; empty if
    there are no masks.

    :param folder: of the masks, named like the true ones.
    """
    scores = {}
    for tissue, name in TISSUES.items():
        path = folder / scan.mask(tissue).name
        if path.is_file():
            (quality,) = compare(sitk.ReadImage(str(path)), sitk.ReadImage(str(scan.mask(tissue))))
            scores.update({f"{name}_{column}": getattr(quality, key) for key, column in SCORES.items()})
            scores[f"{name}_{TRUTH}"] = quality.truth_volume
    return scores
