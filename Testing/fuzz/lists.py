"""Damaged image lists of all modules: refused by line, or understood as what they still say."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
from KneeCartilageSegLib.errors import InputError, Problem
from KneeCartilageSegLib.findreference.dataset import read_data_set
from KneeCartilageSegLib.quality.pairs import read_quality_list
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.segmentation.cases import read_cases
from tiny_study import gray_image, mask_image, write_image, write_knee, write_masks

from .mutations import mutate

KNEES = ("01_DESS_prep.mha", "02 DESS (left).mha", "M\u00fcller.mha")


def make_study(folder: Path) -> dict[str, bytes]:
    """A study whose lists can be damaged.

    :return: the lists of the three modules that are good, by their names.
    """
    write_knee(folder / "reference")
    for seed, name in enumerate(KNEES):
        write_image(gray_image(seed + 1), folder / "knees" / name)
        write_masks(folder / "knees", name)
        write_image(mask_image(), folder / "truth" / name)
    masks = [name.replace(".mha", "_f.mha") for name in KNEES]
    pairs = [line for mask, name in zip(masks, KNEES) for line in (f's "{mask}"', f'g "{name}"')]
    quoted = [f'm "{name}"' for name in KNEES]
    texts = {
        "segment.txt": ["./reference", "./knees", "r reference.mha", *quoted],
        "search.txt": ["./knees", f"r {KNEES[0]}", *quoted],
        "quality.txt": ["./knees", "./truth", *pairs],
    }
    return {name: ("\n".join(lines) + "\n").encode() for name, lines in texts.items()}


def fuzz_list(study: Path, lists: dict[str, bytes], number: int) -> str:
    """Damage a list and read it, with all files that it names.

    :param study: the folder of :func:`make_study`.
    :param lists: its answer.
    :return: what is wrong with how it was understood; empty if nothing is.
    """
    random = np.random.default_rng(number)
    name = sorted(lists)[number % len(lists)]
    damaged = mutate(lists[name], random)
    path = study / name
    path.write_bytes(damaged)
    try:
        files = _read(name, path)
    except InputError as error:
        return "" if all(map(_is_complete, error.problems)) else f"a problem without a place or a remedy: {error}"
    text = unicodedata.normalize("NFC", damaged.decode("utf-8-sig").replace("\\", "/"))
    strangers = [file.name for file in files if unicodedata.normalize("NFC", file.name) not in text]
    return f"uses {strangers}, which the list does not name" if strangers else ""


def _read(name: str, path: Path) -> list[Path]:
    """The files that a list names, but for masks that are found by their image's name."""
    if name == "segment.txt":
        cases, _ = read_cases(path, Modality.NEW_SUBJECT)
        return [file for case in cases for file in (case.moving, *(reference.image for reference in case.references))]
    if name == "search.txt":
        data, _ = read_data_set([path])
        return [knee.image for knee in (*data.members, *data.seeds)]
    return [Path(str(file)) for pair in read_quality_list(path) for file in (pair.segmentation, pair.truth)]


def _is_complete(problem: Problem) -> bool:
    return problem.file is not None and bool(problem.message) and bool(problem.remedy)
