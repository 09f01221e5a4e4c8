"""The command ``knee-cartilage-seg``: a door to the library for cohorts and scripts."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from . import __version__
from .commands import (
    demo,
    engine,
    find_reference,
    pick_seeds,
    prepare,
    quality,
    reference,
    segment,
    status,
)
from .errors import Cancelled, InputError, KneeError

COMMANDS = (prepare, reference, segment, status, find_reference, pick_seeds, quality, engine, demo)

_DESCRIPTION = """\
Atlas-based segmentation of femur and femoral cartilage in knee MR.

  knee-cartilage-seg prepare dicom/* --out preprocessed
  knee-cartilage-seg segment image_list_newsubject.txt --modality newsubject
  knee-cartilage-seg find-reference image_list_findReference.txt --pick 5 --copy-to reference/newsubject
  knee-cartilage-seg quality image_list_quality.txt --plots plots
  knee-cartilage-seg demo

Each command explains itself: knee-cartilage-seg segment --help
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    :param arguments: without the program's name; None takes the command line's.
    :return: exit status: 0 all went well, 1 something did not (and is named), 2 the input has to be corrected and
        nothing was done, 130 cancelled.
    """
    parser = argparse.ArgumentParser(
        prog="knee-cartilage-seg", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parser(subparsers)
    args = parser.parse_args(arguments)
    # Schedulers and Slicer end a process with SIGTERM: that is a cancel as much as Ctrl-C.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return args.run(args)
    except InputError as error:
        print("\n".join(str(problem) for problem in error.problems), file=sys.stderr)
        return 2
    except (KeyboardInterrupt, Cancelled):
        print("cancelled", file=sys.stderr)
        return 130
    except KneeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
