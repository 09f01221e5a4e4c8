"""The workers of a Dask cluster, in place of this computer's threads.

Dask hands the work out, starts it again elsewhere when a worker dies (``distributed.scheduler.allowed-failures`` says
how often), and brings events and results back. What is left to do here: to look at the workers before anything is
begun, to keep the scheduler's queue short, to cancel, and to begin again what was lost with a scheduler.

Files go by the disk that all computers share, under the same paths; see Documentation/how-to/cluster.md.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Callable

from ..errors import KneeError
from . import cluster_worker
from .background import MakeWorkers
from .cluster_worker import Facts, differences, facts
from .events import Event, Note, Planned, read_event

CONNECT, RECONNECT = 20.0, 180.0  # seconds until a scheduler counts as absent, and one that was there as gone
_PAUSE = 1.0  # seconds between two attempts
# seconds that workers have to answer, and to finish what nobody waits for (pictures); one that was stopped never does
_ANSWER, _FAREWELL = 5.0, 120.0
# At 7 kB for each, the scheduler holds 7 MB; enough for one that starts workers by what waits (dask-jobqueue's adapt).
_AT_ONCE = 1000


@dataclass(frozen=True)
class Scheduler:
    """Where the scheduler of a cluster is, and how to prove that one belongs to it.

    :param address: ``tcp://HOST:PORT``, ``tls://HOST:PORT``, or the path of the file that ``dask scheduler
        --scheduler-file`` writes.
    :param ca_file: certificate of the authority that has signed the others (PEM); without these three, Dask's own
        configuration counts.
    :param certificate: of this computer (PEM).
    :param key: of this computer (PEM).
    """

    address: str
    ca_file: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    @property
    def encrypted(self) -> bool:
        """Whether strangers are kept out by TLS, as far as the address tells."""
        return self.address.startswith("tls://") or self.ca_file is not None

    def connect(self, timeout: float) -> Any:
        """A client of Dask.

        :param timeout: seconds.
        :raises KneeError: if Dask is not installed, or nobody answers.
        """
        try:
            from distributed import Client, Security
        except ImportError as error:
            raise KneeError(f"a cluster needs Dask ({error}): pip install 'knee-cartilage-seg[cluster]'") from error
        files = {"tls_ca_file": self.ca_file, "tls_client_cert": self.certificate, "tls_client_key": self.key}
        given = {name: str(path) for name, path in files.items() if path is not None}
        where = {"address": self.address} if "://" in self.address else {"scheduler_file": self.address}
        try:
            security = Security(require_encryption=True, **given) if given else None
            ask = partial(Client, **where, security=security, timeout=timeout, set_as_default=False)
            return _patiently(ask, timeout)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            message = f"the scheduler '{self.address}' does not answer ({error or type(error).__name__})"
            raise KneeError(f"{message}. Check the address, that it runs, and its certificates (--tls-...)") from error


def _patiently(ask: Callable[[], Any], timeout: float) -> Any:
    until = time.monotonic() + timeout
    while True:
        try:
            return ask()
        except AssertionError as error:
            # So Dask says that a thread of its own has not started within ten seconds.
            if time.monotonic() > until:
                raise TimeoutError("this computer is too busy to ask it") from error


@dataclass(eq=False)
class _Task:
    """Work that has not ended.

    :param answer: what it will give.
    :param flight: Dask's future, while the cluster has it.
    """

    function: Callable
    values: Sequence[Any]
    answer: Future = field(default_factory=Future)
    flight: Any = None


class ClusterWorkers:
    """The workers of a cluster, see :class:`.background.Workers`.

    :param send: called with each event of the work.
    :param paths: files and folders that every worker has to see.
    :raises KneeError: if the scheduler does not answer, or a worker cannot take part.
    """

    def __init__(self, scheduler: Scheduler, send: Callable[[Event], None], paths: Sequence[Path] = ()):
        self._scheduler, self._send = scheduler, send
        self._run = f"knee-cartilage-seg-{secrets.token_hex(8)}"
        self._facts = facts()
        self._waiting: deque[_Task] = deque()
        self._flying: set[_Task] = set()
        self._lock = threading.RLock()
        self._over = self._cancelled = False
        self._client: Any = self._connect(CONNECT)
        try:
            _check_workers(self._client, self._facts, paths)
        except BaseException:
            self._client.close()
            raise
        send(Planned(_plan(self._client.nthreads(), scheduler)))

    def submit(self, function: Callable, *values: Any) -> Future:
        """Call a function with values that can be pickled, and the workplace where it runs."""
        task = _Task(function, values)
        with self._lock:
            self._waiting.append(task)
        self._launch()
        return task.answer

    def cancel(self) -> None:
        """Stop: kills elastix on all workers; filters that run end within a second or two."""
        self._cancelled = True
        client, flights = self._give_up()
        if client is not None:
            with suppress(Exception):  # it may be that the scheduler is gone, and with it the work
                client.cancel(flights, force=True)
            _ask(client, _ANSWER, cluster_worker.cancel, self._run)

    def abandon(self) -> None:
        """Nothing: the workers clear up after themselves."""

    def close(self) -> None:
        """Let the workers clear up, and leave."""
        client, _ = self._give_up()
        with self._lock:
            self._client = None
        if client is not None:
            _ask(client, _ANSWER if self._cancelled else _FAREWELL, cluster_worker.leave, self._run, _ANSWER)
            with suppress(Exception):
                client.close(timeout=_ANSWER)

    def _give_up(self) -> tuple[Any, list[Any]]:
        with self._lock:
            self._over = True
            flights = [task.flight for task in self._flying if task.flight is not None]
            self._waiting.clear()
            self._flying.clear()
            return self._client, flights

    def _connect(self, timeout: float) -> Any:
        client = self._scheduler.connect(timeout)
        client.subscribe_topic(self._run, self._hear)
        return client

    def _hear(self, message: tuple[float, str]) -> None:
        event = read_event(message[1])
        if event is not None:
            self._send(event)

    def _launch(self) -> None:
        """Hand the cluster what waits, as far as its queue has room."""
        while True:
            with self._lock:
                client = self._client
                if client is None or not self._waiting or len(self._flying) >= _AT_ONCE:
                    return
                task = self._waiting.popleft()
                self._flying.add(task)
            try:
                # Not pure: the same call may be made again.
                flight = client.submit(
                    cluster_worker.perform, self._run, self._facts, task.function, task.values, pure=False
                )
            except Exception as error:
                if client is self._client:
                    self._end(task, error=error)
                continue  # otherwise it waits for another scheduler by now
            task.flight = flight
            flight.add_done_callback(lambda done, task=task: self._landed(task, done))

    def _landed(self, task: _Task, flight: Any) -> None:
        with self._lock:
            if task not in self._flying or task.flight is not flight:
                return  # cancelled, or begun again
        try:
            result = flight.result()
        except Exception as error:
            if flight.status == "error":  # the work's own
                self._end(task, error=error)
            else:
                self._begin_again(flight.client)
        else:
            self._end(task, result)
        self._launch()

    def _end(self, task: _Task, result: Any = None, error: Exception | None = None) -> None:
        with self._lock:
            self._flying.discard(task)
            task.flight = None  # which lets the cluster forget it
        if not task.answer.set_running_or_notify_cancel():
            return
        if error is None:
            task.answer.set_result(result)
        else:
            task.answer.set_exception(_explained(error))

    def _begin_again(self, client: Any) -> None:
        """The scheduler is gone, and all that it knew: wait for another one at its address."""
        with self._lock:
            if self._over or client is not self._client:
                return
            self._client = None
            self._waiting.extendleft(self._flying)
            self._flying.clear()
        self._send(Note(f"the scheduler '{self._scheduler.address}' is gone; waiting for it to come back"))
        threading.Thread(target=self._reconnect, args=(client,), daemon=True).start()

    def _reconnect(self, old: Any) -> None:
        with suppress(Exception):
            old.close(timeout=_ANSWER)
        end = time.monotonic() + RECONNECT
        while not self._over:
            try:
                client = self._connect(CONNECT)
            except KneeError as error:
                if time.monotonic() > end:
                    self._fail(error)
                    return
                time.sleep(_PAUSE)
                continue
            if not self._take(client):
                client.close()
                return
            self._send(Note(f"the scheduler '{self._scheduler.address}' is back"))
            self._launch()
            return

    def _take(self, client: Any) -> bool:
        """Go on with a client, unless all is over."""
        with self._lock:
            if not self._over:
                self._client = client
            return not self._over

    def _fail(self, error: Exception) -> None:
        with self._lock:
            tasks = tuple(self._waiting)
            self._waiting.clear()
        for task in tasks:
            self._end(task, error=error)


def cluster_workers(scheduler: Scheduler, paths: Sequence[Path] = ()) -> MakeWorkers:
    """What makes the workers of a run.

    :param paths: files and folders that every worker has to see.
    """
    return lambda jobs, send: ClusterWorkers(scheduler, send, paths)


def _plan(threads: Mapping[str, int], scheduler: Scheduler) -> str:
    """In words: who will do the work, and whether strangers could."""
    there = f"a cluster of {len(threads)} workers, {sum(threads.values())} knees at once"
    if scheduler.encrypted or "://localhost" in scheduler.address or "://127." in scheduler.address:
        return there
    return f"{there}; its scheduler is open: whoever reaches it runs code as you (see how-to/cluster.md)"


def _check_workers(client: Any, wanted: Facts, paths: Sequence[Path]) -> None:
    """Look at the workers that there are; those that come or answer later look at themselves.

    :raises KneeError: with each worker that cannot take part, and why.
    """
    found = _ask(client, _FAREWELL, facts, [str(path) for path in paths])
    different = {
        address: differences(wanted, one) if isinstance(one, Facts) else f"has no KneeCartilageSeg ({one})"
        for address, one in found.items()
        if not isinstance(one, OSError)  # it is gone
    }
    texts = [f"the worker {address} {text}" for address, text in different.items() if text]
    if texts:
        remedy = "Install the same on all computers, and keep the files on a disk that all see under the same path"
        raise KneeError("\n".join([*texts, remedy]))


def _ask(client: Any, patience: float, function: Callable, *values: Any) -> dict[str, Any]:
    """Call a function on all workers.

    :param patience: seconds to wait for the answers of all.
    :return: the answers, or exceptions, by worker; empty if not all have answered.
    """
    answers: dict[str, Any] = {}

    def ask() -> None:
        with suppress(Exception):
            answers.update(client.run(function, *values, on_error="return"))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(patience)
    return dict(answers)


def _explained(error: Exception) -> Exception:
    """An error of Dask's in words for the user."""
    from distributed import KilledWorker

    if not isinstance(error, KilledWorker):
        return error
    return KneeError(
        f"every worker that began it died, the last of them {error.last_worker.address}: give workers more memory, or "
        "fewer knees at once (--nthreads 1), and run the command again"
    )
