"""Threads that work off a queue, each with an elastix of its own, until it is empty or they are cancelled."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable
from typing import Callable, Generic, TypeVar

from ..elastix.discovery import EngineChoice
from ..elastix.engine import Engine

_WAIT_FOR_OTHER_RUN = 0.2  # seconds

Item = TypeVar("Item")


class Pool(Generic[Item]):
    """Threads that work off a queue.

    :param engine: the elastix to use.
    :param threads: how many threads each elastix may use.
    :param work: does one item, in one of the threads; False if another run is at work on it, so that it is to be tried
        again after the others. It may add items.
    """

    def __init__(self, engine: EngineChoice, threads: int, work: Callable[[Item, LazyEngine], bool]):
        self._choice, self._threads, self._do = engine, threads, work
        self._queue: deque[Item] = deque()
        self._engines: list[Engine] = []
        self._changed = threading.Condition()
        self._at_work = 0  # items
        self._living = 0  # threads
        self._ended = threading.Event()
        self._ended.set()
        self.cancelled = threading.Event()

    def start(self, items: Iterable[Item], jobs: int) -> None:
        """Begin in the background.

        :param jobs: how many items at once.
        """
        self._queue.extend(items)
        self._living = jobs
        self._ended.clear()
        for _ in range(jobs):
            # Daemons, so that a program that ends does not wait for a SimpleITK filter.
            threading.Thread(target=self._work_and_tell, daemon=True).start()

    def add(self, items: Iterable[Item]) -> None:
        """Add items to the end of the queue, from the work on another one."""
        with self._changed:
            self._queue.extend(items)
            self._changed.notify_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end; False if it has not come within ``timeout`` seconds."""
        # Not by joining the threads: after a Ctrl-C in join, Python 3.9 to 3.12 take a thread that runs on for ended.
        return self._ended.wait(timeout)

    def cancel(self) -> None:
        """Stop: kills elastix, begins nothing more; a filter that is running ends within a second or two."""
        self.cancelled.set()
        with self._changed:
            for engine in self._engines:
                engine.cancel()
            self._changed.notify_all()

    def _work_and_tell(self) -> None:
        try:
            self._work()
        finally:
            with self._changed:
                self._living -= 1
                if not self._living:
                    self._ended.set()

    def _work(self) -> None:
        """What each thread does: take items until there are no more."""
        engine = LazyEngine(self._start_engine, self._close_engine)
        busy = 0  # how many items in a row belong to other runs
        try:
            while True:
                taken = self._take(engine)
                if not taken:
                    return
                if self._work_on(taken[0], engine):
                    busy = 0
                    continue
                busy += 1
                if busy >= len(self._queue):
                    busy = 0
                    self.cancelled.wait(_WAIT_FOR_OTHER_RUN)
        finally:
            engine.close()

    def _take(self, engine: LazyEngine) -> tuple[Item, ...]:
        """The next item, or nothing at the end."""
        while True:
            with self._changed:
                if self.cancelled.is_set() or not (self._queue or self._at_work):
                    return ()
                if self._queue:
                    self._at_work += 1
                    return (self._queue.popleft(),)
                if not engine.started:
                    self._changed.wait()  # the work on another item may add some
                    continue
            engine.close()  # it may be long until then, and it holds memory

    def _work_on(self, item: Item, engine: LazyEngine) -> bool:
        done = True
        try:
            done = self._do(item, engine)
        finally:
            with self._changed:
                if not done:
                    self._queue.append(item)
                self._at_work -= 1
                self._changed.notify_all()
        return done

    def _start_engine(self) -> Engine:
        engine = self._choice.start(self._threads)
        with self._changed:
            self._engines.append(engine)
        if self.cancelled.is_set():
            engine.cancel()
        return engine

    def _close_engine(self, engine: Engine) -> None:
        with self._changed:
            self._engines.remove(engine)
        engine.close()


class LazyEngine:
    """A thread's engine, started for the first item that needs it."""

    def __init__(self, start: Callable[[], Engine], close: Callable[[Engine], None]):
        self._start, self._close = start, close
        self._engine: Engine | None = None

    @property
    def started(self) -> bool:
        return self._engine is not None

    def get(self) -> Engine:
        """The engine.

        :raises EngineError: if it cannot be started.
        """
        if self._engine is None:
            self._engine = self._start()
        return self._engine

    def close(self) -> None:
        """End it; another one is started when it is needed again."""
        engine, self._engine = self._engine, None
        if engine is not None:
            self._close(engine)


def default_jobs_and_threads(cases: int, jobs: int | None = None, threads: int | None = None) -> tuple[int, int]:
    """How many knees at once and threads for each use this computer best; what is given is kept."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    jobs = jobs or max(1, min(cases, cores // 2))
    return jobs, threads or max(1, cores // jobs)
