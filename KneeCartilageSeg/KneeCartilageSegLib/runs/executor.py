"""Threads as an executor: the interface of :mod:`concurrent.futures`, behind which there may be a cluster as well."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Executor, Future
from typing import Any, Callable

THREAD_NAME = "KneeCartilageSeg worker"


class WorkerThreads(Executor):
    """Threads that work off a queue.

    Unlike those of :class:`concurrent.futures.ThreadPoolExecutor` they are daemons, so that a program that ends does
    not wait for a SimpleITK filter.

    :param count: how many threads there are at most.
    :param rest: called in a thread that has nothing to do, before it waits or ends.
    """

    def __init__(self, count: int, rest: Callable[[], None] = lambda: None):
        self._count, self._rest = count, rest
        self._queue: deque[tuple[Future, Callable[[], Any]]] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._living = self._waiting = 0  # threads

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> Future:
        """Call a function in one of the threads.

        :raises RuntimeError: after :meth:`shutdown`.
        """
        return self._enqueue(self._queue.append, lambda: fn(*args, **kwargs))

    def submit_first(self, fn: Callable[[], Any]) -> Future:
        """Call a function in one of the threads, before all others that wait.

        :raises RuntimeError: after :meth:`shutdown`.
        """
        return self._enqueue(self._queue.appendleft, fn)

    def _enqueue(self, put: Callable[[tuple[Future, Callable[[], Any]]], None], call: Callable[[], Any]) -> Future:
        future: Future = Future()
        with self._changed:
            if self._closed:
                raise RuntimeError("cannot begin anything after the end")
            if self._waiting <= len(self._queue) and self._living < self._count:
                # If the system has no more threads, nothing is in the queue and nobody waits for its end.
                threading.Thread(target=self._work, name=THREAD_NAME, daemon=True).start()
                self._living += 1
            put((future, call))
            self._changed.notify()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Begin nothing more that is not in the queue.

        :param wait: for the end of what was begun.
        :param cancel_futures: also clear the queue.
        """
        with self._changed:
            self._closed = True
            dropped = [future for future, _ in self._queue] if cancel_futures else []
            self._changed.notify_all()
        for future in dropped:
            future.cancel()
        # Not by joining the threads: after a Ctrl-C in join, Python 3.9 to 3.12 take a thread that runs on for ended.
        with self._changed:
            while wait and self._living:
                self._changed.wait()

    def _work(self) -> None:
        try:
            while True:
                taken = self._take()
                if taken is None:
                    return
                _do(*taken)
                del taken  # or what it holds would live until there is something else to do
        finally:
            self._rest()
            with self._changed:
                self._living -= 1
                self._changed.notify_all()

    def _take(self) -> tuple[Future, Callable[[], Any]] | None:
        """The next of the queue, or nothing at the end."""
        with self._changed:
            if self._queue:
                return self._queue.popleft()
        self._rest()
        with self._changed:
            self._waiting += 1
            while not self._queue and not self._closed:
                self._changed.wait()
            self._waiting -= 1
            return self._queue.popleft() if self._queue else None


def _do(future: Future, call: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = call()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
