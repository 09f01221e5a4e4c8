"""Run a command under observation: time, processor time, and memory of all its processes (Linux)."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SAMPLING_INTERVAL = 0.05  # seconds
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Memory:
    """Peaks of resident memory, MiB (of 2^20 bytes).

    :param main: of the process that was started, as the system recorded it (VmHWM).
    :param worker: likewise, of the largest of the processes that it started: elastix.
    :param tree: of the sum over all processes at one moment, sampled every 50 ms from /proc. Pages that processes
        share (libraries) are counted for each of them.
    """

    main: float
    worker: float
    tree: float


@dataclass(frozen=True)
class Observation:
    """How a command went.

    :param begun: when it was started, in seconds of ``time.perf_counter`` (one clock for all processes on Linux).
    :param seconds: from its start to its end, the start of the interpreter included.
    :param cpu_seconds: of all its processes, user and system.
    :param other_cores: how many cores all other programs of the machine used meanwhile, on average.
    :param events: what it printed, a line of JSON each, with the seconds since its start under ``seconds``.
    :param errors: what it wrote to standard error.
    """

    exit_status: int
    begun: float
    seconds: float
    cpu_seconds: float
    other_cores: float
    memory: Memory
    events: tuple[Mapping[str, Any], ...]
    errors: str


def observe(command: Sequence[str], environment: Mapping[str, str]) -> Observation:
    """Run a command that prints lines of JSON, and wait for its end. One at a time in a process."""
    with tempfile.TemporaryFile("w+", errors="replace") as errors:
        cpu_begun, busy_begun, begun = _cpu_of_children(), _busy_seconds(), time.perf_counter()
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        with process, _MemorySampler(process.pid) as sampler:
            assert process.stdout is not None
            events = [{**json.loads(line), "seconds": time.perf_counter() - begun} for line in process.stdout]
            exit_status = process.wait()
        seconds = time.perf_counter() - begun
        cpu_seconds = _cpu_of_children() - cpu_begun
        others = (_busy_seconds() - busy_begun - cpu_seconds) / seconds
        errors.seek(0)
        return Observation(
            exit_status, begun, seconds, cpu_seconds, max(0.0, others), sampler.memory, tuple(events), errors.read()
        )


class _MemorySampler:
    """Looks at a process and its descendants until it is left."""

    def __init__(self, pid: int):
        self._pid = pid
        self._highest: dict[int, int] = {}  # kB, of each process so far
        self._tree = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _MemorySampler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def memory(self) -> Memory:
        """What was seen so far."""
        others = [highest for pid, highest in self._highest.items() if pid != self._pid]
        return Memory(self._highest.get(self._pid, 0) / 1024, max(others, default=0) / 1024, self._tree / 1024)

    def _watch(self) -> None:
        while not self._ended.wait(_SAMPLING_INTERVAL):
            self._look()

    def _look(self) -> None:
        own_words = _command_line(self._pid)
        resident = 0
        for pid in _family(self._pid):
            # Right after a fork, a child is its parent's copy, memory and all.
            if pid != self._pid and _command_line(pid) == own_words:
                continue
            status = _status(pid)
            resident += status.get("VmRSS", 0)
            self._highest[pid] = max(self._highest.get(pid, 0), status.get("VmHWM", 0))
        self._tree = max(self._tree, resident)


def _family(pid: int) -> list[int]:
    """A process and its descendants, as far as they live."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(word) for task in tasks for word in (task / "children").read_text().split()]
    except OSError:
        return [pid]
    return [pid, *(descendant for child in children for descendant in _family(child))]


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _status(pid: int) -> dict[str, int]:
    """The memory lines of a process's status, kB; empty if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return {key: int(rest.split()[0]) for key, _, rest in (line.partition(":") for line in lines) if key[:2] == "Vm"}


def _cpu_of_children() -> float:
    """Processor seconds of all processes that this one started and has waited for, and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _busy_seconds() -> float:
    """Processor seconds that all programs on the machine's cores have used since it was started (proc(5))."""
    user, nice, system, _, _, irq, softirq, *_ = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return sum(map(int, (user, nice, system, irq, softirq))) / _TICKS
