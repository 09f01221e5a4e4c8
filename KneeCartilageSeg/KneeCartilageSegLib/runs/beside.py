"""Work that a knee's own thread hands to further threads, so that two cores are busy with one knee."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

from ..elastix.engine import Engine
from .executor import WorkerThreads

Value = TypeVar("Value")
Result = TypeVar("Result")


class Beside:
    """Threads beside that of a knee, each with an elastix of its own; with none, the knee's own thread does the work.

    Use it as a context: at its end nothing more is begun, and what runs is waited for. If it ends by an exception, the
    registrations of these threads are stopped: nobody will ask for them.

    :param count: of the threads.
    :param engine: gives the elastix of the thread that calls it.
    :param rest: called in a thread that has nothing to do.
    """

    def __init__(self, count: int, engine: Callable[[], Engine], rest: Callable[[], None] = lambda: None):
        self.count = count
        self._engine = engine
        self._threads = WorkerThreads(count, rest) if count else None
        self._engines: list[Engine] = []  # of these threads
        self._failed = False
        self._lock = threading.Lock()

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        if self._threads is None:
            return
        if kind is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._stop()
        self._threads.shutdown(cancel_futures=True)

    def submit(self, work: Callable[[], Result]) -> Future[Result]:
        """Begin something that needs no elastix."""
        if self._threads is not None:
            return self._threads.submit(work)
        return at_once(work)

    def submit_registration(self, work: Callable[[Engine], Result]) -> Future[Result]:
        """Begin something that needs an elastix, before what waits and needs none: that fills the gaps."""
        if self._threads is not None:
            return self._threads.submit_first(lambda: work(self._engine_beside()))
        return at_once(lambda: work(self._engine()))

    def map(self, work: Callable[[Value], Result], values: Iterable[Value]) -> list[Result]:
        """Do something that needs no elastix for several values; the knee's own thread takes part."""
        return self._map(self.submit, lambda: work, values)

    def map_registrations(self, work: Callable[[Value, Engine], Result], values: Iterable[Value]) -> list[Result]:
        """Do something that needs an elastix for several values; the knee's own thread takes part."""

        def begin() -> Callable[[Value], Result]:
            engine = self._engine()
            return lambda value: work(value, engine)

        return self._map(lambda turns: self.submit_registration(lambda _: turns()), begin, values)

    def _engine_beside(self) -> Engine:
        engine = self._engine()
        with self._lock:
            self._engines.append(engine)
            if self._failed:
                engine.cancel()
        return engine

    def _stop(self) -> None:
        with self._lock:
            self._failed = True
            for engine in self._engines:
                engine.cancel()

    def _map(
        self,
        submit: Callable[[Callable[[], None]], Future[None]],
        begin: Callable[[], Callable[[Value], Result]],
        values: Iterable[Value],
    ) -> list[Result]:
        """
        :param submit: begins the turns of a thread.
        :param begin: called in each thread that takes part; gives what it does with a value.
        """
        waiting = deque(enumerate(values))
        results: dict[int, Result] = {}

        def take_turns() -> None:
            work = begin()
            for number, value in _taken(waiting):
                try:
                    results[number] = work(value)
                except BaseException:
                    waiting.clear()  # the others need not go on
                    raise

        others = [submit(take_turns) for _ in range(min(self.count, len(waiting) - 1))]
        take_turns()
        for other in others:
            other.result()
        return [results[number] for number in sorted(results)]


def at_once(work: Callable[[], Result]) -> Future[Result]:
    """Do something now, in this thread."""
    done: Future[Result] = Future()
    done.set_result(work())
    return done


def _taken(waiting: deque[Value]) -> Iterator[Value]:
    """Values, each taken by one of several threads."""
    while True:
        try:
            value = waiting.popleft()
        except IndexError:
            return
        yield value
