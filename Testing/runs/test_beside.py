"""Work beside a knee's own thread."""

from __future__ import annotations

import threading

import pytest
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


def test_nothing_to_do():
    with Beside(2, lambda: None) as beside:
        assert beside.map_registrations(lambda value, engine: value, ()) == []


def test_at_its_end_what_runs_is_waited_for():
    done = []
    with Beside(1, lambda: None) as beside:
        beside.submit(lambda: done.append(1))
    assert done in ([1], [])
    assert not any(thread.name.startswith("KneeCartilageSeg worker") for thread in threading.enumerate())
