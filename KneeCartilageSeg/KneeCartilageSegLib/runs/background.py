"""A run over many knees in the background: by threads or on a cluster, cancellable, side by side with other runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Executor, Future
from typing import Any, Generic, Protocol, TypeVar

from .events import Event
from .executor import WorkerThreads
from .failures import Failure, failure_of
from .workplace import LocalWorkplace

_WAIT_FOR_OTHER_RUN = 0.2  # seconds

Item = TypeVar("Item")
Result = TypeVar("Result")


class Workers(Protocol):
    """Those who do the work."""

    def submit(self, function: Callable, *values: Any) -> Future:
        """Call a function with values that can be pickled and a :class:`.runs.workplace.Workplace` as the last one."""

    def cancel(self) -> None:
        """Stop what is being done, within a second or two."""

    def abandon(self) -> None:
        """Clear the working files away while work is still being done; only right before the process ends."""

    def close(self) -> None:
        """Everything is done."""


MakeWorkers = Callable[[int, Callable[[Event], None]], Workers]


class LocalWorkers:
    """Threads of this process, each with an elastix of its own.

    :param jobs: how many work at once.
    :param send: called with each event of the work, from several threads.
    """

    def __init__(self, jobs: int, send: Callable[[Event], None] = lambda event: None):
        self._workplace = LocalWorkplace(send, jobs)
        self._executor: Executor = WorkerThreads(jobs, self._workplace.rest)

    def submit(self, function: Callable, *values: Any) -> Future:
        """Call a function with values and the workplace."""
        return self._executor.submit(function, *values, self._workplace)

    def cancel(self) -> None:
        """Stop: kills elastix; a filter that is running ends within a second or two."""
        self._workplace.cancel()

    def abandon(self) -> None:
        """Clear the working files away while threads still run."""
        self._workplace.abandon()

    def close(self) -> None:
        """Wait for the threads, and clear up."""
        self._executor.shutdown()
        self._workplace.close()


class BackgroundRun(Generic[Item, Result]):
    """Work on many items, each by a function that is submitted to the workers.

    The function's result is None if another run is at work on the item: then it is tried again later.

    :param workers: who do the work; they belong to the run.
    """

    def __init__(self, workers: Workers):
        self._workers = workers
        self._futures: set[Future] = set()
        self._busy: list[Item] = []
        self._retry: threading.Timer | None = None
        self._open = 0  # items that have not ended
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._cancelled = False

    def _submit(self, item: Item) -> Future:
        """Submit the work on an item to the workers."""
        raise NotImplementedError

    def _end(self, item: Item, result: Result) -> None:
        """An item has ended; called from the workers' threads. It may :meth:`_add` more."""
        raise NotImplementedError

    def _failure(self, item: Item, failure: Failure) -> Result:
        """The result of an item whose workers failed, for example since their computer is gone."""
        raise NotImplementedError

    def _begin(self, items: Iterable[Item]) -> None:
        """Begin in the background."""
        with self._lock:
            self._open += 1  # so that it does not end before all items are submitted
        self._add(items)
        self._close_one()

    def _add(self, items: Iterable[Item]) -> None:
        """Work on further items, after those that there are."""
        for item in items:
            with self._lock:
                if self._cancelled:
                    return
                self._open += 1
            self._submit_again(item)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end; False if it has not come within ``timeout`` seconds."""
        if not self._ended.wait(timeout):
            return False
        self._workers.close()
        return True

    def cancel(self) -> None:
        """Stop: kills elastix, begins nothing more; a filter that is running ends within a second or two."""
        with self._lock:
            self._cancelled = True
            futures, busy = tuple(self._futures), len(self._busy)
            self._busy.clear()
            if self._retry is not None:
                self._retry.cancel()
        self._workers.cancel()
        for future in futures:
            future.cancel()
        for _ in range(busy):
            self._close_one()

    def abandon(self) -> None:
        """Clear the working files away while work is still being done; only right before the process ends."""
        self._workers.abandon()

    def _submit_again(self, item: Item) -> None:
        try:
            future = self._submit(item)
        except Exception as error:
            future = Future()
            future.set_exception(error)
        with self._lock:
            self._futures.add(future)
            cancelled = self._cancelled
        if cancelled:
            future.cancel()
        future.add_done_callback(lambda done: self._done(item, done))

    def _done(self, item: Item, future: Future) -> None:
        with self._lock:
            self._futures.discard(future)
        try:
            result = future.result()
        except CancelledError:
            self._close_one()
            return
        except Exception as error:
            result = self._failure(item, failure_of(error))
        if result is None and self._put_off(item):
            return
        try:
            if result is not None:
                self._end(item, result)
        finally:
            self._close_one()

    def _put_off(self, item: Item) -> bool:
        """Try an item again in a moment; False after a cancel."""
        with self._lock:
            if self._cancelled:
                return False
            self._busy.append(item)
            if self._retry is None:
                self._retry = threading.Timer(_WAIT_FOR_OTHER_RUN, self._try_again)
                self._retry.daemon = True
                self._retry.start()
            return True

    def _try_again(self) -> None:
        with self._lock:
            items, self._busy, self._retry = self._busy, [], None
        for item in items:
            self._submit_again(item)

    def _close_one(self) -> None:
        with self._lock:
            self._open -= 1
            if not self._open:
                self._ended.set()
