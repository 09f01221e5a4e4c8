"""What takes longer than it may is stopped, and the next work begins with another elastix."""

from __future__ import annotations

import threading

import pytest
from KneeCartilageSegLib.errors import Cancelled, EngineError
from KneeCartilageSegLib.runs.executor import WorkerThreads
from KneeCartilageSegLib.runs.timelimit import TimeLimitError, limited
from KneeCartilageSegLib.runs.workplace import LocalWorkplace

SHORT, LONG = 0.001, 1.0  # minutes


class Hanging:
    """An elastix that never ends unless it is killed."""

    name = version = "hanging"

    def __init__(self):
        self.killed, self.closed = threading.Event(), False

    def register(self, registration):
        assert self.killed.wait(120)
        raise Cancelled("cancelled")

    def cancel(self):
        self.killed.set()

    def close(self):
        self.closed = True


class Choice:
    def __init__(self):
        self.started = []

    def start(self, threads):
        self.started.append(Hanging())
        return self.started[-1]


def register(choice):
    return lambda place: place.engine(choice, 1).register(None)


def test_elastix_that_hangs_is_killed_and_not_used_again():
    place, choice = LocalWorkplace(), Choice()
    with pytest.raises(TimeLimitError, match=r"stopped after 0\.001 minutes: .*--time-limit"):
        limited(place, SHORT, register(choice))
    assert [engine.closed for engine in choice.started] == [True]
    assert limited(place, LONG, lambda other: other.engine(choice, 1)) is choice.started[1]
    assert not choice.started[1].killed.is_set()
    assert not place.cancelled


def test_elastix_beside_is_killed_too():
    place, choice = LocalWorkplace(), Choice()

    def work(limited_place):
        with WorkerThreads(2, limited_place.rest) as threads:
            for future in [threads.submit(register(choice), limited_place) for _ in range(2)]:
                future.result()

    with pytest.raises(TimeLimitError):
        limited(place, SHORT, work)
    assert [engine.closed for engine in choice.started] == [True, True]


def test_work_that_looks_whether_it_is_to_stop_hears_of_the_limit():
    def work(place):
        while not place.cancelled:
            pass
        raise Cancelled("cancelled")

    with pytest.raises(TimeLimitError):
        limited(LocalWorkplace(), SHORT, work)


def test_a_cancel_stays_a_cancel_and_an_error_an_error():
    place = LocalWorkplace()
    place.cancel()
    with pytest.raises(Cancelled):
        limited(place, SHORT, register(Choice()))

    def fail(place):
        raise EngineError("elastix says: no")

    with pytest.raises(EngineError, match="no"):
        limited(LocalWorkplace(), LONG, fail)
    with pytest.raises(EngineError, match="no"):
        limited(LocalWorkplace(), None, fail)


def test_what_ends_in_time_is_left_alone():
    place, choice = LocalWorkplace(), Choice()
    engine = limited(place, LONG, lambda other: other.engine(choice, 1))
    assert limited(place, None, lambda other: other.engine(choice, 1)) is engine
    assert not engine.closed
