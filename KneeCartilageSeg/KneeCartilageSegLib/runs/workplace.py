"""What the work on a knee finds where it runs: this computer, or one of a cluster."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Callable, Protocol

from ..elastix.discovery import EngineChoice
from ..elastix.engine import Engine
from ..reference_files import ReferenceFiles
from ..registration.reference import Reference
from ..registration.references import References
from .aside import Aside
from .events import Event, Note

_MANY = 5  # questions that are waited for at the end without a word


class Workplace(Protocol):
    """What the functions that work on one knee are given besides plain values."""

    @property
    def cancelled(self) -> bool:
        """Whether the user has asked to stop."""

    def send(self, event: Event) -> None:
        """Tell whoever listens; called from several threads."""

    def engine(self, choice: EngineChoice, threads: int) -> Engine:
        """An elastix of this thread's own, which is started for the first work that needs it.

        :raises EngineError: if it cannot be started.
        """

    def reference(
        self, files: ReferenceFiles, checksums: Mapping[Path, str], kept: Path | None = None
    ) -> AbstractContextManager[Callable[[], Reference]]:
        """A reference for as long as the block runs, see :meth:`.registration.references.References.use`."""

    def aside(self, module: str, question: Mapping[str, Any] | None = None) -> None:
        """Ask for something that nobody waits for, see :class:`.runs.aside.Aside`.

        :param question: None if it is not known yet; what answers it may start.
        """

    def rest(self) -> None:
        """The thread that calls this has nothing to do for now."""

    def holding(self, clear: Callable[[], None]) -> AbstractContextManager[None]:
        """While the block runs, something temporary is there that ``clear`` clears away if the process has to end."""


class LocalWorkplace:
    """The workplace that the threads of a process share.

    :param send: called with each event, from several threads.
    :param jobs: how many threads work on knees.
    """

    def __init__(self, send: Callable[[Event], None] = lambda event: None, jobs: int = 1):
        self._send = send
        self._jobs = jobs
        self._asides: dict[str, Aside] = {}
        self._references = References()
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._own = threading.local()
        self._engines: list[Engine] = []
        self._held: dict[object, Callable[[], None]] = {}

    @property
    def cancelled(self) -> bool:
        """Whether the user has asked to stop."""
        return self._cancelled.is_set()

    def send(self, event: Event) -> None:
        """Tell whoever listens."""
        self._send(event)

    def engine(self, choice: EngineChoice, threads: int) -> Engine:
        """An elastix of this thread's own.

        :raises EngineError: if it cannot be started.
        """
        engine: Any = getattr(self._own, "engine", None)
        if engine is None:
            engine = self._own.engine = choice.start(threads)
            with self._lock:
                self._engines.append(engine)
            if self.cancelled:
                engine.cancel()
        return engine

    def reference(
        self, files: ReferenceFiles, checksums: Mapping[Path, str], kept: Path | None = None
    ) -> AbstractContextManager[Callable[[], Reference]]:
        """A reference for as long as the block runs."""
        return self._references.use(files, checksums, kept)

    def aside(self, module: str, question: Mapping[str, Any] | None = None) -> None:
        """Ask for something that nobody waits for; that it failed is told by a :class:`.runs.events.Note`."""
        with self._lock:
            if self.cancelled:  # nobody would end its process
                return
            if module not in self._asides:
                self._asides[module] = Aside(module, self._jobs, self._note_failure)
        if question is None:
            self._asides[module].expect()
        else:
            self._asides[module].submit(question)

    @contextmanager
    def holding(self, clear: Callable[[], None]) -> Iterator[None]:
        """While the block runs, :meth:`abandon` clears away what is there."""
        key = object()
        self._held[key] = clear
        try:
            yield
        finally:
            del self._held[key]

    def rest(self) -> None:
        """This thread has nothing to do: its elastix ends, as it holds memory. The next work starts another one."""
        engine: Any = getattr(self._own, "engine", None)
        if engine is None:
            return
        self._own.engine = None
        with self._lock:
            self._engines.remove(engine)
        engine.close()

    def cancel(self) -> None:
        """Stop: kills elastix; the work ends at its next step."""
        self._cancelled.set()
        with self._lock:
            for engine in self._engines:
                engine.cancel()
            for aside in self._asides.values():
                aside.cancel()

    def abandon(self) -> None:
        """Clear the working files away while threads still run; only right before the process ends."""
        for clear in tuple(self._held.values()):
            clear()
        for aside in self._asides.values():
            aside.cancel()
        self._references.close()

    def close(self) -> None:
        """No thread is at work any more: end what is left of elastix, and clear up; what was asked aside is awaited."""
        with self._lock:
            engines, self._engines = self._engines, []
        for engine in engines:
            engine.close()
        self._references.close()
        waiting = sum(aside.waiting for aside in self._asides.values())
        if waiting > _MANY:
            self._send(Note(f"{waiting} pictures are still being drawn"))
        for aside in self._asides.values():
            aside.close()

    def _note_failure(self, question: Mapping[str, Any], error: str) -> None:
        self._send(Note(f"the picture of {question['title']} could not be drawn: {error}"))
