"""The command ``knee-cartilage-seg``: a door to the library for cohorts and scripts."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from . import __version__
from .commands.running import PROGRAM, run_parsed
from .commands.streams import patient_streams

COMMANDS = (
    "prepare",
    "reference",
    "segment",
    "status",
    "contact_sheet",
    "find_reference",
    "pick_seeds",
    "quality",
    "measure",
    "change",
    "fit_map",
    "export_nnunet",
    "parameters",
    "engine",
    "demo",
)
"""The modules of the commands."""

_DESCRIPTION = """\
Atlas-based segmentation of femur and femoral cartilage in knee MR.

  knee-cartilage-seg prepare dicom/* --out preprocessed
  knee-cartilage-seg segment image_list_newsubject.txt --modality newsubject
  knee-cartilage-seg find-reference image_list_findReference.txt --pick 5 --copy-to reference/newsubject
  knee-cartilage-seg quality image_list_quality.txt --plots plots
  knee-cartilage-seg measure segmented --csv thickness.csv --pictures pictures
  knee-cartilage-seg demo

Each command explains itself: knee-cartilage-seg segment --help
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    :param arguments: without the program's name; None takes the command line's.
    :return: exit status, see :func:`.commands.running.run_parsed`.
    """
    with patient_streams():
        return _run(sys.argv[1:] if arguments is None else arguments)


def make_parser(commands: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """What reads the command line.

    :param commands: the modules of the commands that it reads, with their options.
    """
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in commands:
        command_module(command).add_parser(subparsers)
    return parser


def needed(arguments: Sequence[str]) -> Sequence[str]:
    """The modules of the commands that arguments ask for: one, which saves the time to load the others, or all."""
    named = tuple(name for name in COMMANDS if name.replace("_", "-") in arguments[:1])
    return named or COMMANDS


def command_module(name: str) -> ModuleType:
    """The module of a command."""
    return import_module(f"{__package__}.commands.{name}")


def _run(arguments: Sequence[str]) -> int:
    args = make_parser(needed(arguments)).parse_args(arguments)
    # Schedulers and Slicer end a process with SIGTERM: that is a cancel as much as Ctrl-C.
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        return run_parsed(args)
    finally:
        # For programs that call this function; None: somebody set it who is not Python.
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
