"""Drafts of corrections: masks that somebody was drawing when the program was closed.

They lie in ``drafts/`` beside ``segmented/``, where nothing takes them for results, until the correction is saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import SimpleITK as sitk

from ..files import atomic_path
from ..images.files import write_image
from ..tissue import Tissue
from .cases import Case

DRAFTS = "drafts"


def draft_files(case: Case) -> dict[Tissue, Path]:
    """Where the drafts of a knee's masks lie."""
    return {tissue: case.mask(tissue, DRAFTS) for tissue in Tissue}


def find_draft(case: Case) -> dict[Tissue, Path]:
    """The drafts of a knee's masks, all of them; empty if there is none."""
    files = draft_files(case)
    return files if all(path.is_file() for path in files.values()) else {}


def write_draft(case: Case, masks: Mapping[Tissue, sitk.Image]) -> None:
    """Keep masks that are being drawn.

    :param masks: all of them, on the grid of the image.
    :raises OSError: if they cannot be written.
    """
    for tissue, path in draft_files(case).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(path) as temporary:
            write_image(sitk.Cast(masks[tissue] != 0, sitk.sitkUInt8), temporary, like=case.moving)


def remove_draft(case: Case) -> None:
    """The correction was saved, or is not wanted any more."""
    for path in draft_files(case).values():
        path.unlink(missing_ok=True)
