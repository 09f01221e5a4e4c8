"""Run a command, wait for its work in the background, and end it well on Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import NoReturn, Protocol

from ..errors import Cancelled, InputError, KneeError

PROGRAM = "knee-cartilage-seg"
PATIENCE = 1.0  # seconds to wait for running filters after a cancel


def run_command(command: ModuleType, arguments: Sequence[str]) -> int:
    """Run one command as the command line does.

    :param command: a module of :mod:`.commands` with ``add_parser``.
    :param arguments: with the command's own name as the first one.
    :return: exit status, see :func:`run_parsed`.
    """
    parser = argparse.ArgumentParser(prog=PROGRAM)
    command.add_parser(parser.add_subparsers(required=True))
    return run_parsed(parser.parse_args(arguments))


def run_parsed(args: argparse.Namespace) -> int:
    """Run the command that was parsed, and tell what went wrong on standard error.

    :return: exit status: 0 all went well, 1 something did not (and is named), 2 the input has to be corrected and
        nothing was done, 130 cancelled.
    """
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
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


class Background(Protocol):
    """Work in the background."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end; False if it has not come within ``timeout`` seconds."""

    def cancel(self) -> None:
        """Stop it."""

    def abandon(self) -> None:
        """Clear the working files away while it still runs."""


def wait_or_cancel(work: Background) -> bool:
    """Wait for the end of the work; True if it was cancelled."""
    try:
        while not work.wait(0.2):
            pass
    except KeyboardInterrupt:
        work.cancel()
        return True
    return False


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ignore further signals: a second Ctrl-C must not keep a run from clearing up after the first."""
    numbers = signal.SIGINT, signal.SIGTERM
    handlers = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, handlers):
            signal.signal(number, handler)


def leave(work: Background) -> NoReturn:
    """End the process after a cancel although a filter that cannot be interrupted is still running."""
    work.abandon()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(130)
