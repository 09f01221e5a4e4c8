"""Which label map belongs to which image, one pair or a folder of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, Problem
from ..files import first_file, split_name
from ..images.files import EXTENSIONS
from ..lists.checks import two_masks
from .sources import INPUTS

_CHANNEL = re.compile(r"_\d{4}$")  # of nnU-Net's images
# What names say about the kind of a file, and not about the knee
_IMAGE_KINDS = {"image", "images", "img"}
_MAP_KINDS = {"label", "labels", "labelmap", "mask", "masks", "seg", "segmentation", "f"}
_FEMUR_END, _CARTILAGE_END = "_f", "_fc"


@dataclass(frozen=True)
class LabeledImage:
    """An image and its label map.

    :param image: the file, or a folder with one DICOM series.
    :param femur: the label map, or the mask of the femur.
    :param cartilage: the same label map, or the mask of the cartilage.
    :param name: of the image, without what its name says about its kind.
    """

    image: Path
    femur: Path
    cartilage: Path
    name: str


def find_pairs(labelmap: Path, image: Path, separate: bool = False) -> list[LabeledImage]:
    """The pair of a label map and an image, or the pairs in two folders.

    In folders, what is left of two names without words such as *image*, *label*, *mask* and nnU-Net's ``_0000`` has to
    be the same. Images without a label map are left out.

    :param separate: the label maps are masks of the femur, ``NAME_f``, with ``NAME_fc`` beside them.
    :raises InputError: if something is missing, or does not belong to one other.
    """
    missing = [path for path in (labelmap, image) if not path.exists()]
    if missing:
        raise InputError([Problem(f"'{path}' does not exist", "Correct the path") for path in missing])
    if labelmap.is_dir():
        return _folder_pairs(labelmap, image, separate)
    pair = _pair(labelmap, image, separate)
    if isinstance(pair, Problem):
        raise InputError([pair])
    return [pair]


def _folder_pairs(labelmaps: Path, images: Path, separate: bool) -> list[LabeledImage]:
    if not images.is_dir():
        remedy = "Name two folders, or two files"
        raise InputError([Problem(f"'{labelmaps}' is a folder of label maps, and '{images}' no folder", remedy)])
    maps, candidates = _image_files(labelmaps), _image_files(images)
    if separate:
        maps = [path for path in maps if split_name(path)[0].endswith(_FEMUR_END)]
        candidates = [path for path in candidates if not split_name(path)[0].endswith((_FEMUR_END, _CARTILAGE_END))]
    elif labelmaps.resolve() == images.resolve():
        maps = [path for path in maps if _MAP_KINDS & set(_words(path))]
        candidates = [path for path in candidates if path not in maps]
    pairs: list[LabeledImage] = []
    problems = [] if maps else [Problem(f"there is no label map in '{labelmaps}'", "Correct the path")]
    for path in maps:
        fitting = [image for image in candidates if _key(image) == _key(path)]
        if len(fitting) == 1:
            pair = _pair(path, fitting[0], separate)
            pairs += [pair] if isinstance(pair, LabeledImage) else []
            problems += [pair] if isinstance(pair, Problem) else []
            continue
        what = f"{len(fitting)} images" if fitting else "no image"
        remedy = "Give both the same name, but for '_0000' or words such as 'image' and 'label'"
        problems.append(Problem(f"{what} in '{images}' for the label map '{path.name}'", remedy))
    if problems:
        raise InputError(problems)
    return pairs


def _pair(labelmap: Path, image: Path, separate: bool) -> LabeledImage | Problem:
    name = _CHANNEL.sub("", image.name if image.is_dir() else split_name(image)[0])
    if not separate:
        return LabeledImage(image, labelmap, labelmap, name)
    stem, extension = split_name(labelmap)
    if not stem.endswith(_FEMUR_END):
        message = f"'{labelmap.name}' is no femur mask of this tool: those end in '{_FEMUR_END}'"
        return Problem(message, "Name the femur mask, or leave '--preset ours' out")
    start = stem[: -len(_FEMUR_END)]
    ends = dict.fromkeys((extension, *EXTENSIONS))
    cartilage = first_file(labelmap.with_name(f"{start}{_CARTILAGE_END}{end}") for end in ends)
    if cartilage is None:
        message = f"the cartilage mask '{start}{_CARTILAGE_END}{extension}' is not beside '{labelmap.name}'"
        return Problem(message, "Put it there")
    for message, remedy in (*two_masks(labelmap), *two_masks(cartilage)):
        return Problem(message, remedy)
    return LabeledImage(image, labelmap, cartilage, name)


def _image_files(folder: Path) -> list[Path]:
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return [path for path in paths if path.name.lower().endswith(INPUTS)]


def _key(path: Path) -> list[str]:
    return [word for word in _words(path) if word not in _MAP_KINDS | _IMAGE_KINDS]


def _words(path: Path) -> list[str]:
    return re.findall(r"[^\W_]+", _CHANNEL.sub("", split_name(path)[0]).lower())
