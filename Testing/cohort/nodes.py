"""A local cluster of real processes, some of which are killed."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


@contextmanager
def local_nodes(count: int) -> Iterator[Any]:
    """Dask's scheduler in this process, and workers in processes of their own, which are started again if they die."""
    from distributed import LocalCluster

    with LocalCluster(count, threads_per_worker=1, dashboard_address=None, silence_logs=50) as nodes:
        yield nodes


class Killer:
    """Kills a worker after every so many knees, with a signal that nobody can hear (SIGKILL).

    :param every: knees.
    """

    def __init__(self, nodes: Any, every: int, seed: int = 0):
        self._nodes, self._every = nodes, every
        self._random = random.Random(seed)
        self.kills = 0

    def __call__(self, ended: int) -> None:
        """So many knees have ended."""
        if ended % self._every:
            return
        pids = [nanny.pid for nanny in self._nodes.workers.values() if nanny.pid]
        with suppress(ProcessLookupError, IndexError):  # it is being started again
            os.kill(self._random.choice(pids), signal.SIGKILL)
            self.kills += 1
