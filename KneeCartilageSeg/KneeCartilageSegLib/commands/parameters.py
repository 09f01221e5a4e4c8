"""``knee-cartilage-seg parameters``: the elastix parameter files, to read or to edit."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..registration.parameterfiles import export_parameter_files, parameter_file_names
from ..registration.stages import STAGES, Modality

_DESCRIPTION = """\
Name the elastix parameter files that are used, or write them to a folder: edit there what you like, remove what you do
not change, and give the folder to 'segment' or 'find-reference' with --parameters.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "parameters", help="write the elastix parameter files, to edit them", description=_DESCRIPTION
    )
    parser.add_argument("--export", metavar="DIR", type=Path, help="where to write them; nothing is ever replaced")
    modalities = [modality.value for modality in Modality]
    parser.add_argument("--modality", choices=modalities, help="only those of one modality (default: all)")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Write or name the files.

    :raises InputError: if other files of these names are there.
    """
    modality = None if args.modality is None else Modality(args.modality)
    if args.export is not None:
        for path in export_parameter_files(args.export, modality):
            print(path)
        return 0
    for name in parameter_file_names(modality):
        used = [one.value for one in Modality if name in {stage.parameter_file for stage in STAGES[one]}]
        print(f"{name}: {', '.join(used)}")
    return 0
