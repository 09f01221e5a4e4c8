"""A limit for the time that the work on one knee may take: what hangs must not hold up the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

from ..elastix.discovery import EngineChoice
from ..elastix.engine import Engine
from ..errors import KneeError
from ..reference_files import ReferenceFiles
from ..registration.reference import Reference
from .events import Event
from .workplace import Workplace

DEFAULT_MINUTES = 60.0
"""The slowest knee of the benchmark takes 25 s with two threads. One thread (2 times), all other starting positions (3
times), ten references (5 times) and a computer that is five times as slow add up to an hour."""

Result = TypeVar("Result")


class TimeLimitError(KneeError):
    """The work took longer than it may."""


def limited(workplace: Workplace, minutes: float | None, work: Callable[[Workplace], Result]) -> Result:
    """Do the work in the workplace, for as long as it may take.

    At the limit elastix is killed, and the work ends at its next step; only a filter of SimpleITK cannot be stopped.

    :param minutes: None for no limit.
    :raises TimeLimitError: if it took longer.
    """
    if minutes is None:
        return work(workplace)
    watched = _Watched(workplace)
    timer = threading.Timer(60 * minutes, watched.expire)
    timer.daemon = True
    timer.start()
    try:
        return work(watched)
    except Exception as error:
        if not watched.expired or workplace.cancelled:
            raise
        message = f"stopped after {minutes:g} minutes: look at the image, or allow more time (--time-limit)"
        raise TimeLimitError(message) from error
    finally:
        timer.cancel()
        if watched.expired:
            workplace.rest()  # the killed elastix is not to be used again


class _Watched:
    """A workplace whose work can be stopped without the user's having asked for it."""

    def __init__(self, workplace: Workplace):
        self._workplace = workplace
        self._engines: set[Engine] = set()
        self._lock = threading.Lock()
        self.expired = False

    @property
    def cancelled(self) -> bool:
        """Whether the work is to stop."""
        return self.expired or self._workplace.cancelled

    def send(self, event: Event) -> None:
        """Tell whoever listens."""
        self._workplace.send(event)

    def engine(self, choice: EngineChoice, threads: int) -> Engine:
        """An elastix of this thread's own."""
        engine = self._workplace.engine(choice, threads)
        with self._lock:
            self._engines.add(engine)
            if self.expired:
                engine.cancel()
        return engine

    def reference(
        self, files: ReferenceFiles, checksums: Mapping[Path, str], kept: Path | None = None
    ) -> AbstractContextManager[Callable[[], Reference]]:
        """A reference for as long as the block runs."""
        return self._workplace.reference(files, checksums, kept)

    def aside(self, module: str, question: Mapping[str, Any] | None = None) -> None:
        """Ask for something that nobody waits for."""
        self._workplace.aside(module, question)

    def rest(self) -> None:
        """This thread has nothing to do for now."""
        self._workplace.rest()

    def holding(self, clear: Callable[[], None]) -> AbstractContextManager[None]:
        """While the block runs, something temporary is there."""
        return self._workplace.holding(clear)

    def expire(self) -> None:
        """The time is over."""
        with self._lock:
            self.expired = True
            for engine in self._engines:
                engine.cancel()
