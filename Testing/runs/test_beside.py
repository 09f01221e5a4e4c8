"""Work beside a knee's own thread."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

import pytest
from KneeCartilageSegLib.errors import Cancelled
from KneeCartilageSegLib.runs.beside import Beside


def name_of_thread():
    return threading.current_thread().name


def test_without_threads_all_is_done_at_once_in_the_own_thread():
    with Beside(0, name_of_thread) as beside:
        future = beside.submit(name_of_thread)
        assert future.done()
        assert future.result() == name_of_thread()
        assert beside.map_registrations(lambda value, engine: (value, engine), "ab") == [
            ("a", name_of_thread()),
            ("b", name_of_thread()),
        ]


def test_the_own_thread_takes_part_and_the_order_stays():
    meeting = threading.Barrier(2, timeout=120)

    def work(value, engine):
        if value < 2:
            meeting.wait()  # only if two threads are at work
        return value, engine

    with Beside(1, threading.get_ident) as beside:
        results = beside.map_registrations(work, range(6))
    assert [value for value, _ in results] == list(range(6))
    assert threading.get_ident() in {engine for _, engine in results}
    assert len({engine for _, engine in results}) == 2


@pytest.mark.parametrize("count", [0, 2])
def test_an_error_ends_it(count):
    begun = []

    def work(value, engine):
        begun.append(value)
        raise ValueError(value)

    with Beside(count, lambda: None) as beside, pytest.raises(ValueError, match="[0-2]"):
        beside.map_registrations(work, range(50))
    assert len(begun) <= count + 1


class Engine:
    """Its registrations last until they are cancelled."""

    def __init__(self):
        self.begun, self.cancelled = threading.Event(), threading.Event()

    def register(self):
        self.begun.set()
        assert self.cancelled.wait(120)
        raise Cancelled("cancelled")

    def cancel(self):
        self.cancelled.set()


def test_nobody_waits_for_registrations_beside_what_failed():
    engines = []

    def start():
        engines.append(Engine())
        return engines[-1]

    with suppress(KeyError), Beside(1, start) as beside:
        running = beside.submit_registration(Engine.register)
        while not (engines and engines[0].begun.is_set()):
            time.sleep(0.01)
        waiting = beside.submit_registration(Engine.register)
        raise KeyError
    assert isinstance(running.exception(), Cancelled)
    assert waiting.cancelled()
    assert len(engines) == 1


def test_an_engine_that_starts_while_the_others_are_stopped_is_stopped():
    """And that of the own thread is not: the next knee needs it."""
    own, asked, release, engines = threading.get_ident(), threading.Event(), threading.Event(), {}

    def start():
        thread = threading.get_ident()
        if thread != own:
            asked.set()
            assert release.wait(120)
        engines[thread == own] = Engine()
        return engines[thread == own]

    class Failing(Beside):
        def _stop(self):
            super()._stop()
            release.set()

    with suppress(KeyError), Failing(1, start) as beside:
        beside.map_registrations(lambda value, engine: value, [1])
        late = beside.submit_registration(Engine.register)
        assert asked.wait(120)
        raise KeyError
    assert isinstance(late.exception(), Cancelled)
    assert engines[False].cancelled.is_set()
    assert not engines[True].cancelled.is_set()


def test_registrations_come_before_what_fills_the_gaps():
    order, begun, release = [], threading.Event(), threading.Event()

    def busy():
        begun.set()
        assert release.wait(120)

    with Beside(1, lambda: None) as beside:
        beside.submit(busy)
        assert begun.wait(120)
        waiting = [beside.submit(lambda number=number: order.append(number)) for number in (1, 2)]
        beside.submit_registration(lambda engine: order.append("registration"))
        release.set()
        for future in waiting:
            future.result(120)
    assert order == ["registration", 1, 2]


def test_nothing_to_do():
    with Beside(2, lambda: None) as beside:
        assert beside.map_registrations(lambda value, engine: value, ()) == []


def test_at_its_end_what_runs_is_waited_for():
    done = []
    with Beside(1, lambda: None) as beside:
        beside.submit(lambda: done.append(1))
    assert done in ([1], [])
    assert not any(thread.name.startswith("KneeCartilageSeg worker") for thread in threading.enumerate())
