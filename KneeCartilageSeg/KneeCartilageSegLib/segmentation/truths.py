"""The list for a comparison with ground truth, from the masks that were written and the truths of a folder."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, Problem
from ..files import split_name
from ..images.files import EXTENSIONS
from ..lists.imagelist import QUALITY_SPEC, read_image_list, write_image_list
from ..lists.names import pair_by_name
from .outcome import Outcome


@dataclass(frozen=True)
class TruthPairs:
    """Masks and their ground truth.

    :param pairs: mask and truth.
    :param missing: masks without a truth.
    """

    pairs: tuple[tuple[Path, Path], ...]
    missing: tuple[Path, ...]


def find_truths(outcomes: Iterable[Outcome], folder: Path) -> TruthPairs:
    """The ground truth of each mask of the knees whose segmentation is good.

    A truth has the mask's own name, in any format, or belongs to it by the rule of
    :func:`.lists.names.pair_by_name`, by which it need not say that it is a truth, as it lies in a folder of them.

    :raises OSError: if the folder cannot be read.
    """
    masks = [path for outcome in outcomes if outcome.status.good for path in outcome.masks.values()]
    truths = sorted(path for path in folder.iterdir() if path.name.lower().endswith(EXTENSIONS))
    same = {_folded(path): path for path in reversed(truths)}
    found = {mask: same[_folded(mask)] for mask in masks if _folded(mask) in same}
    others = [mask for mask in masks if mask not in found]
    names = [split_name(mask)[0] for mask in others] + [f"{split_name(truth)[0]} truth" for truth in truths]
    for mask, truth in pair_by_name(names):
        if mask < len(others) <= truth:
            found[others[mask]] = truths[truth - len(others)]
    return TruthPairs(
        tuple((mask, found[mask]) for mask in masks if mask in found),
        tuple(mask for mask in masks if mask not in found),
    )


def write_truth_list(path: Path, pairs: Sequence[tuple[Path, Path]]) -> None:
    """Write the list that ``quality`` reads.

    :param pairs: mask and truth; all masks lie in one folder, and so do all truths.
    """
    folders = [_relative(pairs[0][0].parent, path.parent), _relative(pairs[0][1].parent, path.parent)]
    write_image_list(path, folders, [(letter, one.name) for pair in pairs for letter, one in zip("sg", pair)])


def truth_list_problems(path: Path, folder: Path) -> list[Problem]:
    """Why the list of pairs with the truths of a folder cannot be written."""
    problems = []
    if not folder.is_dir():
        problems.append(Problem(f"the folder of the ground truth '{folder}' does not exist", "Correct its path"))
    if path.exists() and not _is_truth_list(path):
        remedy = "Move it away, or do without the list (--write-quality-list)"
        problems.append(Problem(f"'{path}' is no list of segmentations and truths, and would be replaced", remedy))
    return problems


def _is_truth_list(path: Path) -> bool:
    try:
        images = read_image_list(path, QUALITY_SPEC)
    except InputError:
        return False
    return not images.problems


def _folded(path: Path) -> str:
    return unicodedata.normalize("NFC", split_name(path)[0]).casefold()


def _relative(path: Path, folder: Path) -> Path:
    try:
        return Path(os.path.relpath(path, folder))
    except ValueError:  # another disk on Windows
        return path.absolute()
