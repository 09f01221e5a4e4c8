"""Which segmentation belongs to which ground truth, and to which image, by their names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..files import is_file, split_name

_TRUTH = {"truth", "groundtruth", "gt", "manual", "expert", "gold", "goldstandard"}
_SEGMENTATION = {"segmentation", "segmented", "segment", "seg", "auto", "automatic", "predicted", "prediction", "pred"}
_IGNORED = {"prep", "mask", "label", "labels", "labelmap", "result", "ground", "standard"}
_TISSUES = {"f", "fc", "t", "tc", "p", "pc"}
# What people write for the endings that pyKNEEr gives to masks
_SYNONYMS = (
    ("femoral cartilage", "fc"),
    ("tibial cartilage", "tc"),
    ("patellar cartilage", "pc"),
    ("femur", "f"),
    ("tibia", "t"),
    ("patella", "p"),
    ("ground truth", "groundtruth"),
    ("gold standard", "goldstandard"),
)
_CAMEL_CASE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_EXTENSIONS = (".mha", ".nrrd", ".nii.gz", ".nii", ".mhd")
_IMAGE_FOLDERS = (".", "../preprocessed", "..", "../images")


def pair_by_name(names: Sequence[str]) -> list[tuple[int, int]]:
    """Find the ground truth of each segmentation.

    A name is taken apart at spaces, punctuation and changes from lower to upper case; case does not count otherwise. It
    is that of a truth if it has one of the words *truth*, *groundTruth*, *gt*, *manual*, *expert*, *gold* (standard).
    What is left of it without these words, without those that only say that it is a mask (*segmentation*, *auto*,
    *prediction*, *mask*, *label* and the like) and without pyKNEEr's *prep* has to be the same in both: subject, visit,
    and the tissue. *Femoral cartilage* is the same as ``fc``, *femur* as ``f``.

    ================================================  ================================================
    segmentation                                      truth
    ================================================  ================================================
    ``01_DESS_01_prep_fc``                            ``01_DESS_01_groundTruth_fc``
    ``knee7``                                         ``knee7_truth``
    ``01 segmentation / Femoral cartilage``           ``01_manual_fc``
    ================================================  ================================================

    A truth that names no tissue, or a segmentation that names none, is paired with the only one that agrees with it
    otherwise. Several segmentations may have one truth. A segmentation for which several truths come into question
    (two readers, say) is not paired: a wrong pair is worse than none.

    :param names: of segmentations and truths together.
    :return: indices of segmentation and truth, in the order of the segmentations.
    """
    words = [_words(name) for name in names]
    truths = [index for index, found in enumerate(words) if _TRUTH & set(found)]
    pairs = {}
    for index, found in enumerate(words):
        if index not in truths:
            candidates = _matching(found, truths, words) or _matching_without_tissue(index, truths, words)
            if len(candidates) == 1:
                pairs[index] = candidates[0]
    return list(pairs.items())


def image_by_name(mask: str, images: Sequence[str]) -> int | None:
    """Find the image that a mask was drawn on, by the rule of :func:`pair_by_name` without the tissue.

    :return: its index, or None if none fits, or several do.
    """
    wanted = _without_tissue(_words(mask))
    found = [index for index, name in enumerate(images) if wanted and _key(_words(name)) == wanted]
    return found[0] if len(found) == 1 else None


def find_image(mask: Path, folder: Path | None = None) -> Path | None:
    """Find the file of the image that a mask of a study was drawn on.

    It is named in the provenance record beside the mask, or has the mask's name without ``_fc`` or ``_f`` and lies
    beside the mask, in the folder above, or in ``preprocessed/`` or ``images/`` beside the mask's folder.

    :param folder: look only there.
    """
    root = split_name(mask)[0]
    root = re.sub(r"_(fc|f|tc|t|pc|p)$", "", root)
    folders = [folder] if folder is not None else [mask.parent / place for place in _IMAGE_FOLDERS]
    candidates = [place / f"{root}{extension}" for place in folders for extension in _EXTENSIONS]
    recorded = [] if folder is not None else _recorded_image(mask.parent / f"{root}_provenance.json")
    found = next((path for path in (*recorded, *candidates) if is_file(path) and path != mask), None)
    return None if found is None else found.resolve()


def _recorded_image(record: Path) -> list[Path]:
    try:
        return [Path(json.loads(record.read_text(encoding="utf-8"))["inputs"]["moving"]["file"])]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _words(name: str) -> list[str]:
    text = " ".join(re.findall(r"[^\W_]+", _CAMEL_CASE.sub(" ", name))).lower()
    for phrase, word in _SYNONYMS:
        text = re.sub(rf"\b{phrase}\b", word, text)
    return text.split()


def _key(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in _TRUTH | _SEGMENTATION | _IGNORED)


def _without_tissue(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in _key(words) if word not in _TISSUES)


def _matching(words: Iterable[str], among: Iterable[int], all_words: Sequence[list[str]]) -> list[int]:
    return [index for index in among if _key(all_words[index]) == _key(words)]


def _matching_without_tissue(segmentation: int, truths: Sequence[int], all_words: Sequence[list[str]]) -> list[int]:
    """Truths that agree but for the tissue, which one of the two does not name; none if another segmentation might."""
    wanted = _without_tissue(all_words[segmentation])
    alike = [index for index, words in enumerate(all_words) if _without_tissue(words) == wanted]
    found = [index for index in alike if index in truths]
    others = [index for index in alike if index not in truths and index != segmentation]
    named = [_key(all_words[index]) != wanted for index in (segmentation, *found)]
    return found if wanted and not others and not all(named) else []


def shortened(name: str, most: int = 32) -> str:
    """A name of at most so many characters: its beginning tells subjects apart, its end visits and masks."""
    return name if len(name) <= most else f"{name[: most // 2 - 1]}\N{HORIZONTAL ELLIPSIS}{name[-most // 2 :]}"


def short_name(name: str) -> str:
    """The name of a knee without the ending that all have."""
    return name[: -len("_prep")] if name.lower().endswith("_prep") and len(name) > len("_prep") else name
