"""What a worker of a cluster does: the work that it is handed, in a workplace that all its threads share.

A workplace is made by the first work of a run, and closed when the run ends, or when nothing has come for a minute: a
run whose own computer is gone says no goodbye.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Callable

from ..errors import KneeError
from ..records import versions
from .events import Event, write_event
from .workplace import LocalWorkplace

_PATIENCE = 60.0  # seconds; elastix and the references are kept so long for the next knee
_LOOK = 0.05  # seconds

_EXACT = ("KneeCartilageSeg", "SimpleITK", "numpy", "scipy")  # with others, masks might differ
_places: dict[str, _Place] = {}
_cancelled: set[str] = set()
_guard = threading.Lock()


@dataclass(frozen=True)
class Facts:
    """What has to be the same on all computers of a run.

    :param versions: of what computes, by name.
    :param unseen: files of those that were asked for, which the computer does not see.
    """

    versions: Mapping[str, str]
    unseen: tuple[str, ...] = ()


def facts(paths: Sequence[str] = ()) -> Facts:
    """Those of this computer.

    :param paths: files and folders that the work needs.
    """
    known = versions()
    return Facts({name: known[name] for name in _EXACT}, tuple(path for path in paths if not os.path.exists(path)))


def differences(wanted: Facts, found: Facts) -> str:
    """In words, what keeps a computer from taking part; empty if nothing does."""
    other = [
        f"has {name} {found.versions.get(name, 'not installed')} in place of {version}"
        for name, version in wanted.versions.items()
        if found.versions.get(name) != version
    ]
    return "; ".join([*other, *(f"does not see '{path}'" for path in found.unseen[:1])])


def perform(run: str, wanted: Facts, function: Callable, values: Sequence[Any]) -> Any:
    """Call a function with values and this worker's workplace for a run.

    :param wanted: what has to be the same as where the run was begun.
    :raises KneeError: if it is not.
    """
    different = differences(wanted, facts())
    if different:
        raise KneeError(
            f"the worker {_worker().address} {different}: install the same there, and run the command again"
        )
    with _place(run) as workplace:
        # After a cancel nobody waits for an answer any more.
        return None if workplace.cancelled else function(*values, workplace)


def cancel(run: str) -> None:
    """Stop a run's work: kills elastix; the rest ends at its next step."""
    with _guard:
        _cancelled.add(run)
        place = _places.get(run)
    if place is not None:
        place.workplace.cancel()


async def leave(run: str, patience: float) -> None:
    """A run has ended: wait until its work on this worker has, and clear up.

    :param patience: seconds to wait at most.
    """
    end = time.monotonic() + patience
    while (place := _places.get(run)) is not None and place.busy and time.monotonic() < end:
        await asyncio.sleep(_LOOK)
    await asyncio.to_thread(_close, run)


class _Place:
    """The workplace of a run, and how many threads are at work in it."""

    def __init__(self, run: str) -> None:
        worker = _worker()
        self.workplace = LocalWorkplace(lambda event: _tell(worker, run, event))
        self.busy = 0
        self.left_at = time.monotonic()


@contextmanager
def _place(run: str) -> Iterator[LocalWorkplace]:
    with _guard:
        place = _places.get(run)
        if place is None:
            place = _places[run] = _Place(run)
            threading.Thread(target=_watch, args=(run,), daemon=True).start()
        place.busy += 1
        if run in _cancelled:
            place.workplace.cancel()
    try:
        yield place.workplace
    finally:
        with _guard:
            place.busy -= 1
            place.left_at = time.monotonic()


def _watch(run: str) -> None:
    """Close a workplace in which nothing has happened for a while."""
    while (place := _places.get(run)) is not None:
        if not place.busy and time.monotonic() - place.left_at > _PATIENCE:
            _close(run)
        time.sleep(1.0)


def _close(run: str) -> None:
    with _guard:
        place = _places.get(run)
        if place is None or place.busy:
            return
        del _places[run]
    place.workplace.close()


def _worker() -> Any:
    from distributed import get_worker

    return get_worker()


def _tell(worker: Any, topic: str, event: Event) -> None:
    worker.log_event(topic, write_event(event))
