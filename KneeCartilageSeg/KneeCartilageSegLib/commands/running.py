"""Wait for work in the background, and end it well on Ctrl-C or SIGTERM."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn, Protocol

PATIENCE = 1.0  # seconds to wait for running filters after a cancel


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
