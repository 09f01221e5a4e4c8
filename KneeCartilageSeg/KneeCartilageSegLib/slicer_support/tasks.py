"""Work in small steps between Slicer's events, with what takes long and touches no node in a thread.

Such work is a generator: it yields functions that can run in a thread (reading and writing files: SimpleITK does not
hold Python's lock meanwhile), gets their values, and touches nodes between its yields.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from typing import Any

import qt

_POLL = 10  # ms

Work = Generator[Callable[[], Any], Any, Any]


def run_now(work: Work) -> Any:
    """Do all of it, one after the other; return its value."""
    result = None
    while True:
        try:
            function = work.send(result)
        except StopIteration as end:
            return end.value
        result = function()


class Steps:
    """Does the work bit by bit.

    :param on_end: called with its value.
    :param on_error: called with the exception that ended it.
    """

    def __init__(self, work: Work, on_end: Callable[[Any], None], on_error: Callable[[Exception], None]):
        self._work, self._on_end, self._on_error = work, on_end, on_error
        self._thread: _Thread | None = None
        self.active = True
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.connect("timeout()", self._go_on)
        self._timer.start(0)

    def close(self) -> None:
        """Do no more of it. What runs in a thread is left to end by itself."""
        self.active = False
        self._timer.stop()
        self._work.close()

    def _go_on(self) -> None:
        if self._thread is not None:
            # Slicer's main thread holds Python's lock; waiting gives it away.
            self._thread.join(_POLL / 1000)
            if self._thread.is_alive():
                self._timer.start(_POLL)
                return
        try:
            function = self._advance()
        except StopIteration as end:
            self.active = False
            self._on_end(end.value)
        except Exception as error:
            self.active = False
            self._on_error(error)
        else:
            self._thread = _Thread(function)
            self._thread.start()
            self._timer.start(_POLL)

    def _advance(self) -> Callable[[], Any]:
        thread, self._thread = self._thread, None
        if thread is not None and thread.error is not None:
            return self._work.throw(thread.error)
        return self._work.send(None if thread is None else thread.value)


class _Thread(threading.Thread):
    """A thread that keeps what its function returned or raised."""

    def __init__(self, function: Callable[[], Any]):
        super().__init__(daemon=True)
        self._function = function
        self.value: Any = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.value = self._function()
        except Exception as error:
            self.error = error


def nothing() -> None:
    """To be yielded where Slicer should only see to its events."""
