"""``knee-cartilage-seg pick-seeds``: draw the images that convergence studies start from."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..findreference.dataset import find_data_set
from ..lists.imagelist import DATA_SET_SPEC, ImageList, read_image_list, write_image_list
from .arguments import natural, positive

_DESCRIPTION = """\
Draw seeds for find-reference from the images (m) of a list, reproducibly and without replacement.

The names are printed. With --lists, a list for each seed is written as well: LIST_1.txt, LIST_2.txt and so on.
(find-reference --pick draws the same seeds by itself.)
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "pick-seeds",
        help="draw the images that find-reference starts from",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("list", metavar="LIST", type=Path, help="text file with the images, as for find-reference")
    parser.add_argument("--pick", metavar="N", type=positive, required=True, help="how many to draw")
    parser.add_argument(
        "--seed", metavar="S", type=natural, default=0, help="random seed; the same S draws the same knees (default: 0)"
    )
    parser.add_argument("--lists", metavar="DIR", type=Path, help="existing folder for a list for each seed")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Draw, print and write.

    :raises InputError: if the list is not usable, or a list to write exists with another content.
    """
    data = find_data_set([args.list], args.pick, args.seed)
    images = read_image_list(args.list, DATA_SET_SPEC)
    by_path = {_path(images, entry.name): entry.name for entry in images.entries if entry.letter == "m"}
    names = [by_path[seed.image] for seed in data.seeds]
    if args.lists is not None:
        _write_lists(args.lists, images, names)
    print("\n".join(names))
    return 0


def _path(images: ImageList, name: str) -> Path:
    return Path(os.path.abspath(images.folders[0].path / name))


def _write_lists(folder: Path, images: ImageList, seeds: Sequence[str]) -> None:
    targets = [folder / f"{images.path.stem}_{number}.txt" for number in range(1, len(seeds) + 1)]
    problems = [Problem(f"--lists: '{path}' exists", "Name another folder") for path in targets if path.exists()]
    if not folder.is_dir():
        problems.append(Problem(f"--lists: the folder '{folder}' does not exist", "Create it, or correct the path"))
    if problems:
        raise InputError(problems)
    members = [("m", entry.name) for entry in images.entries if entry.letter == "m"]
    for target, seed in zip(targets, seeds):
        write_image_list(target, [images.folders[0].path], [("r", seed), *members])
