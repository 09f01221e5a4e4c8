"""``knee-cartilage-seg engine``: which elastix would be used."""

from __future__ import annotations

import argparse
from typing import Any

from ..elastix.discovery import find_engine
from ..registration.parameterfiles import read_parameter_files
from ..registration.stages import Modality
from .arguments import add_engine

_DESCRIPTION = """\
Find the elastix that would register the knees, and try it on a tiny image with the parameter files of all modalities.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "engine", help="say which elastix would be used", description=_DESCRIPTION
    )
    add_engine(parser)
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Print name, version and place of the elastix.

    :raises EngineError: if there is none that works.
    """
    parameters = {name: values for modality in Modality for name, values in read_parameter_files(modality).items()}
    print(find_engine(args.engine, parameters.values()).name)
    return 0
