"""``knee-cartilage-seg engine``: which elastix would be used."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..elastix.discovery import find_engine
from ..registration.parameterfiles import read_parameter_files
from ..registration.stages import Modality
from .arguments import add_engine

_DESCRIPTION = """\
Find the elastix that would register the knees, and try it on a tiny image with the parameter files of a modality, or of
all. An elastix that lacks a component serves the modalities that do not need it.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "engine", help="say which elastix would be used", description=_DESCRIPTION
    )
    add_engine(parser)
    parser.add_argument("--modality", choices=[modality.value for modality in Modality], help="default: all")
    parser.add_argument("--parameters", metavar="DIR", type=Path, help="a folder with your own elastix parameter files")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Print name, version and place of the elastix.

    :raises EngineError: if there is none that works.
    :raises InputError: if parameter files cannot be used.
    """
    modalities = [Modality(args.modality)] if args.modality else list(Modality)
    parameters = {
        name: values
        for modality in modalities
        for name, values in read_parameter_files(modality, args.parameters).items()
    }
    print(find_engine(args.engine, parameters.values()).name)
    return 0
