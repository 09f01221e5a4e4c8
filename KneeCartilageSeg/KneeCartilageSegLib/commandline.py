"""The command ``knee-cartilage-seg``: a door to the library for cohorts and scripts."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Sequence

from . import __version__
from .commands import (
    change,
    contact_sheet,
    demo,
    engine,
    export_nnunet,
    find_reference,
    fit_map,
    measure,
    parameters,
    pick_seeds,
    prepare,
    quality,
    reference,
    segment,
    status,
)
from .commands.running import PROGRAM, run_parsed
from .commands.streams import patient_streams

COMMANDS = (
    prepare,
    reference,
    segment,
    status,
    contact_sheet,
    find_reference,
    pick_seeds,
    quality,
    measure,
    change,
    fit_map,
    export_nnunet,
    parameters,
    engine,
    demo,
)

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
        return _run(arguments)


def make_parser() -> argparse.ArgumentParser:
    """What reads the command line: all commands with their options."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parser(subparsers)
    return parser


def _run(arguments: Sequence[str] | None) -> int:
    args = make_parser().parse_args(arguments)
    # Schedulers and Slicer end a process with SIGTERM: that is a cancel as much as Ctrl-C.
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        return run_parsed(args)
    finally:
        # For programs that call this function; None: somebody set it who is not Python.
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
