"""Coroutines between Slicer's events, with what takes long and touches no node in a thread.

A coroutine here awaits :func:`in_thread` (reading and writing files: SimpleITK does not hold Python's lock meanwhile),
:func:`pause` or other coroutines, and touches nodes between its awaits, in Slicer's main thread. Qt's timers drive it;
asyncio would need an event loop of its own beside Qt's.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import qt

if TYPE_CHECKING:
    from typing import ParamSpec

    Parameters = ParamSpec("Parameters")

Value = TypeVar("Value")

_POLL = 10  # ms


class _InThread(Generic[Value]):
    """What a coroutine hands to whatever drives it: a function to be called elsewhere."""

    def __init__(self, function: Callable[[], Value]):
        self._function = function

    def __await__(self) -> Generator[Callable[[], Value], Value, Value]:
        return (yield self._function)


async def in_thread(
    function: Callable[Parameters, Value], *arguments: Parameters.args, **named: Parameters.kwargs
) -> Value:
    """Call a function in a thread while Slicer sees to its events; return its value, or raise what it raises."""
    return await _InThread(partial(function, *arguments, **named))


async def pause() -> None:
    """Let Slicer see to its events."""
    await in_thread(lambda: None)


def run_now(work: Coroutine[Any, Any, Value]) -> Value:
    """Do all of it, one after the other; return its value."""
    resume = partial(work.send, None)
    while True:
        try:
            function = resume()
        except StopIteration as end:
            return end.value
        try:
            resume = partial(work.send, function())
        except Exception as error:
            resume = partial(work.throw, error)


class Task:
    """Does the work bit by bit.

    :param on_end: called with its value.
    :param on_error: called with the exception that ended it.
    """

    def __init__(
        self,
        work: Coroutine[Any, Any, Value],
        on_end: Callable[[Value], None],
        on_error: Callable[[Exception], None],
    ):
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


class TaskQueue:
    """Does one work after the other.

    :param on_error: called with the exception that ended one of them; the next ones are done.
    """

    def __init__(self, on_error: Callable[[Exception], None]):
        self._on_error = on_error
        self._waiting: deque[Coroutine[Any, Any, Any]] = deque()
        self._task: Task | None = None

    @property
    def active(self) -> bool:
        """Whether there is anything to do."""
        return self._task is not None

    def add(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do this when its turn comes."""
        self._waiting.append(work)
        if self._task is None:
            self._next()

    def close(self) -> None:
        """Do no more."""
        for work in self._waiting:
            work.close()
        self._waiting.clear()
        if self._task is not None:
            self._task.close()
            self._task = None

    def _next(self) -> None:
        self._task = None
        if self._waiting:
            self._task = Task(self._waiting.popleft(), lambda _value: self._next(), self._failed)

    def _failed(self, error: Exception) -> None:
        self._next()
        self._on_error(error)
