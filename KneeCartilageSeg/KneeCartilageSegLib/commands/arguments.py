"""What the commands' arguments have in common: their types, and the files that are written."""

from __future__ import annotations

import _thread
import argparse
import contextlib
import math
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from ..elastix.discovery import AUTOMATIC, PACKAGE
from ..errors import Problem
from ..files import longest_name

_READ_SIZE = 1024
_ROOM_FOR_RECORDS = 16  # bytes, for the ends of the names of records beside csv files


def positive(text: str) -> int:
    """A whole number of 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of 1 or more")
    return int(text)


def file_name(text: str) -> str:
    """The name of a file without a folder, as every system takes it."""
    if not text or any(character in text for character in '/\\:*?"<>|') or text.startswith("."):
        raise argparse.ArgumentTypeError(f"'{text}' is not a file name")
    return text


def natural(text: str) -> int:
    """A whole number of 0 or more that numpy takes as a seed."""
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 to {2**32 - 1}")
    return int(text)


def interval(text: str) -> tuple[str, tuple[float, float]]:
    """``KEY=LOW:HIGH``; a bound that is left out is infinite."""
    key, separator, bounds = text.partition("=")
    low, colon, high = bounds.partition(":")
    if not (separator and colon):
        raise argparse.ArgumentTypeError(f"'{text}' is not of the form KEY=LOW:HIGH")
    try:
        values = float(low) if low else -math.inf, float(high) if high else math.inf
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{bounds}' is not of the form LOW:HIGH") from None
    if not values[0] <= values[1]:
        raise argparse.ArgumentTypeError(f"no number lies in '{bounds}'")
    return key, values


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Add ``--engine``, for :func:`..elastix.discovery.find_engine`."""
    parser.add_argument(
        "--engine",
        metavar="E",
        default=AUTOMATIC,
        help=f"'{PACKAGE}', the path of an elastix program, or '{AUTOMATIC}': the first that can run the stages",
    )


def add_attached(parser: argparse.ArgumentParser) -> None:
    """Add ``--attached``, with which :func:`cancel_when_input_ends` is to be called."""
    parser.add_argument(
        "--attached",
        action="store_true",
        help="cancel when standard input ends: for programs that start this one, which may die",
    )


def cancel_when_input_ends() -> None:
    """Interrupt the main thread, as Ctrl-C does, when standard input ends after something was read from it.

    It ends when the program that holds it closes it, or dies; that works on Windows and through launchers as well,
    where no signal arrives. Where nothing was read, nobody holds it.
    """

    def wait() -> None:
        # Not sys.stdin, whose lock a thread must not hold when Python ends.
        with contextlib.suppress(OSError, ValueError):
            descriptor = sys.stdin.fileno()
            if os.read(descriptor, _READ_SIZE):
                while os.read(descriptor, _READ_SIZE):
                    pass
                _thread.interrupt_main()

    threading.Thread(target=wait, daemon=True).start()


def output_problems(outputs: Mapping[str, Path | None], inputs: Mapping[Path, str]) -> list[Problem]:
    """What would keep files from being written, or make them overwrite something else.

    :param outputs: the file to write by the option that names it; None if it was not asked for.
    :param inputs: what lies at a path that is read, for example ``"the list"``.
    """
    problems = []
    taken = {path.resolve(): what for path, what in inputs.items()}
    for option, path in outputs.items():
        if path is None:
            continue
        target = path.resolve()
        if target in taken:
            problems.append(Problem(f"{option} {path} would overwrite {taken[target]}", "Choose another name"))
        elif len(os.fsencode(target.name)) + _ROOM_FOR_RECORDS > longest_name(target.parent):
            problems.append(Problem(f"{option} {path}: the name is too long", "Shorten it"))
        elif target.is_dir():
            problems.append(Problem(f"{option} {path} is a folder", "Give the name of a file in it"))
        elif not target.parent.is_dir():
            remedy = "Create it, or correct the path"
            problems.append(Problem(f"{option} {path}: the folder '{target.parent}' does not exist", remedy))
        taken[target] = f"the output of {option}"
    return problems
