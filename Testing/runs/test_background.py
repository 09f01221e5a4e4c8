"""The executor, the run in the background and the error ladder, with work that is made up."""

from __future__ import annotations

import multiprocessing
import sys
import threading
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from pathlib import Path

import pytest
from KneeCartilageSegLib.errors import Cancelled, EngineError, InputError, Problem
from KneeCartilageSegLib.runs import background
from KneeCartilageSegLib.runs.background import BackgroundRun, LocalWorkers
from KneeCartilageSegLib.runs.events import Note
from KneeCartilageSegLib.runs.executor import THREAD_NAME, WorkerThreads
from KneeCartilageSegLib.runs.failures import Failure, attempt
from KneeCartilageSegLib.runs.workplace import LocalWorkplace


def living():
    return [thread for thread in threading.enumerate() if thread.name == THREAD_NAME]


# Threads


def test_results_and_exceptions_come_back():
    with WorkerThreads(2) as threads:
        assert list(threads.map(str, range(20))) == [str(number) for number in range(20)]
        future = threads.submit(int, "x")
        with pytest.raises(ValueError, match="'x'"):
            future.result()
        assert threads.submit(int, "ff", base=16).result() == 255
    assert living() == []


def test_no_more_threads_than_asked_for_and_all_of_them():
    barrier = threading.Barrier(3, timeout=120)
    with WorkerThreads(3) as threads:
        places = [threads.submit(barrier.wait) for _ in range(6)]
        assert sorted(future.result() for future in places) == [0, 0, 1, 1, 2, 2]
        assert len(living()) == 3


def test_shutdown_can_drop_what_was_not_begun():
    begun, release = threading.Event(), threading.Event()

    def work():
        begun.set()
        release.wait(120)
        return "done"

    threads = WorkerThreads(1)
    first, second = threads.submit(work), threads.submit(work)
    assert begun.wait(120)
    threads.shutdown(wait=False, cancel_futures=True)
    release.set()
    assert first.result(120) == "done"
    with pytest.raises(CancelledError):
        second.result(120)
    with pytest.raises(RuntimeError):
        threads.submit(work)
    threads.shutdown()
    assert living() == []


def test_a_thread_that_waits_rests_first():
    rested = threading.Event()
    threads = WorkerThreads(1, rested.set)
    threads.submit(int, "1").result()
    assert rested.wait(120)
    threads.shutdown()


def test_what_is_submitted_first_is_next_and_starts_a_thread_as_others_do():
    order, begun, release = [], threading.Event(), threading.Event()

    def busy():
        begun.set()
        assert release.wait(120)

    with WorkerThreads(1) as threads:
        threads.submit_first(busy)
        assert begun.wait(120)
        threads.submit(order.append, 1)
        for number in (2, 3):
            threads.submit_first(lambda number=number: order.append(number))
        release.set()
    assert order == [3, 2, 1]
    with pytest.raises(RuntimeError):
        threads.submit_first(busy)


def test_a_system_without_further_threads_keeps_nobody_waiting(monkeypatch):
    def start(self):
        raise RuntimeError("can't start new thread")

    done = []
    threads = WorkerThreads(1)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        with pytest.raises(RuntimeError, match="can't start"):
            threads.submit(done.append, 1)
    threads.submit(done.append, 2)
    threads.shutdown()
    assert done == [2]


# A run


def double(number, workplace):
    """Work that another process can be given."""
    return attempt("doubling", lambda: 2 * number)


class Doubling(BackgroundRun):
    def __init__(self, workers, function=double, more=None):
        super().__init__(workers)
        self.function, self.more, self.results = function, more or {}, {}

    def start(self, numbers):
        self._begin(numbers)

    def _submit(self, item):
        return self._workers.submit(self.function, item)

    def _end(self, item, result):
        self.results[item] = result
        self._add(self.more.get(item, ()))

    def _failure(self, item, failure):
        return failure


def test_work_may_bring_more_work():
    run = Doubling(LocalWorkers(2), more={1: [10], 10: [100, 101]})
    run.start([1, 2])
    assert run.wait(120)
    assert run.results == {1: 2, 2: 4, 10: 20, 100: 200, 101: 202}
    assert living() == []


def test_nothing_to_do_ends_at_once():
    run = Doubling(LocalWorkers(2))
    run.start([])
    assert run.wait(120)


def test_what_another_run_works_on_is_tried_again(monkeypatch):
    monkeypatch.setattr(background, "_WAIT_FOR_OTHER_RUN", 0.01)
    tried = []

    def busy(number, workplace):
        tried.append(number)
        return None if number == 1 and tried.count(1) < 4 else number

    run = Doubling(LocalWorkers(1), busy)
    run.start([1, 2, 3])
    assert run.wait(120)
    assert run.results == {1: 1, 2: 2, 3: 3}
    assert tried.count(1) == 4
    assert tried.count(2) == tried.count(3) == 1


def test_cancel_while_another_run_has_everything():
    run = Doubling(LocalWorkers(1), lambda number, workplace: None)
    run.start(range(5))
    assert not run.wait(0.05)
    run.cancel()
    assert run.wait(120)
    assert run.results == {}


def test_cancel_reaches_the_work_and_begins_nothing_more():
    begun = threading.Event()

    def wait_for_cancel(number, workplace):
        begun.set()
        while not workplace.cancelled:
            pass
        return number

    run = Doubling(LocalWorkers(1), wait_for_cancel)
    run.start(range(3))
    assert begun.wait(120)
    run.cancel()
    assert run.wait(120)
    assert run.results == {0: 0}


class Processes:
    """Other workers than threads: those of a process pool, which can be told nothing."""

    def __init__(self):
        self.pool = ProcessPoolExecutor(1, multiprocessing.get_context("fork"))

    def submit(self, function, *values):
        return self.pool.submit(function, *values, None)

    def cancel(self):
        pass

    abandon = cancel

    def close(self):
        self.pool.shutdown()


@pytest.mark.skipif(sys.platform != "linux", reason="the test's own functions reach other processes by fork only")
def test_other_workers_can_stand_in():
    run = Doubling(Processes())
    run.start([1, 2, 3])
    assert run.wait(120)
    assert run.results == {1: 2, 2: 4, 3: 6}


class LostWorkers(LocalWorkers):
    """Their computer is gone."""

    def submit(self, function, *values):
        future = Future()
        future.set_exception(ConnectionError("node 7 does not answer"))
        return future


def test_workers_that_are_lost_are_a_failure():
    run = Doubling(LostWorkers(1))
    run.start([1])
    assert run.wait(120)
    assert run.results == {1: Failure("node 7 does not answer")}


# The workplace


class Engine:
    name = version = "fake"

    def __init__(self):
        self.said = []

    def cancel(self):
        self.said.append("cancel")

    def close(self):
        self.said.append("close")


class Choice:
    def __init__(self):
        self.started = []

    def start(self, threads):
        self.started.append(Engine())
        return self.started[-1]


def test_each_thread_has_an_engine_of_its_own_until_it_rests():
    place, choice = LocalWorkplace(), Choice()
    mine = place.engine(choice, 1)
    assert place.engine(choice, 1) is mine
    with WorkerThreads(1, place.rest) as threads:
        other = threads.submit(place.engine, choice, 1).result()
    assert other is not mine
    assert (mine.said, other.said) == ([], ["close"])
    place.rest()
    assert place.engine(choice, 1) is not mine


def test_cancel_reaches_engines_that_run_and_those_that_start_later():
    place, choice = LocalWorkplace(), Choice()
    mine = place.engine(choice, 1)
    place.cancel()
    with WorkerThreads(1) as threads:
        late = threads.submit(place.engine, choice, 1).result()
    assert (mine.said, late.said) == (["cancel"], ["cancel"])


def test_abandon_clears_away_what_is_held_and_nothing_else(tmp_path):
    place = LocalWorkplace()
    kept, cleared = tmp_path / "kept", tmp_path / "cleared"
    for path in (kept, cleared):
        path.touch()
    with place.holding(kept.unlink):
        pass
    with place.holding(cleared.unlink):
        place.abandon()
    assert list(tmp_path.iterdir()) == [kept]


def test_events_reach_who_listens():
    heard = []
    LocalWorkplace(heard.append).send(Note("hello"))
    assert heard == [Note("hello")]


# What becomes of exceptions


@pytest.mark.parametrize(
    ("error", "expected", "logged"),
    [
        (Cancelled("cancelled"), Failure("cancelled", cancelled=True), False),
        (EngineError("elastix: exit code -9"), Failure("elastix: exit code -9", of_engine=True), False),
        (InputError([Problem("bad", "Mend it", Path("x"), 3)]), Failure("x:3: bad. Mend it."), False),
        (OSError(28, "No space left"), Failure("[Errno 28] No space left"), False),
        (MemoryError(), Failure("MemoryError"), False),
        (RuntimeError("Exception thrown in ...\nsitk::ERROR: bad size."), Failure("bad size"), False),
        (KeyError("size"), Failure("KeyError: 'size'"), True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_exception_becomes_a_failure(error, expected, logged, caplog):
    def fail():
        raise error

    assert attempt("segmenting knee7", fail) == expected
    assert ("segmenting knee7 failed" in caplog.text) is logged


def test_after_a_cancel_every_failure_is_the_cancel(caplog):
    assert attempt("segmenting knee7", lambda: {}["size"], lambda: True) == Failure("cancelled", cancelled=True)
    assert caplog.text == ""
