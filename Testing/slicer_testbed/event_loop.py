"""Measures for how long Qt's event loop was blocked: that is how long a user's click had to wait."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from .qt_standin import QtCore


class EventLoopWatch:
    """Context manager: ``longest_gap_ms`` is the longest time between two ticks of a 10 ms timer.

    The timer ticks only while the test lets Qt work (``bed.wait_until``), and the time before the first and after
    the last tick counts too. The best possible value is the interval. Time in which this thread could have run, but the
    system let other programs run instead, does not count where it is known (Linux).
    """

    INTERVAL_MS = 10

    def __init__(self) -> None:
        self.longest_gap_ms = 0.0
        self._timer: Any = QtCore.QTimer()
        self._timer.setTimerType(QtCore.Qt.PreciseTimer)
        self._timer.setInterval(self.INTERVAL_MS)
        self._timer.connect("timeout()", self._tick)

    def __enter__(self) -> EventLoopWatch:
        self._last = clock()
        self._timer.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._timer.stop()
        self._tick()

    def _tick(self) -> None:
        now = clock()
        self.longest_gap_ms = max(self.longest_gap_ms, 1000 * (now - self._last))
        self._last = now


def clock() -> float:
    """Seconds on a clock that stands still while this thread waits for a processor."""
    return time.perf_counter() - _seconds_without_processor()


def _seconds_without_processor() -> float:
    try:  # the second figure: nanoseconds spent on a run queue
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0
