"""What this computer lets this process have, and how many knees at once that is enough for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20
_KEPT_FREE = 0.1  # of the memory that is available
_NO_LIMIT = 1 << 60  # bytes; what the older kind of control groups has where there is no limit
_GROUPS, _OWN_GROUPS, _MEMORY = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup"), Path("/proc/meminfo")


@dataclass(frozen=True)
class Machine:
    """What there is.

    :param cores: that this process may use.
    :param memory: bytes that are available; None if there is no telling.
    """

    cores: int
    memory: int | None = None


@dataclass(frozen=True)
class Plan:
    """How the work is spread.

    :param jobs: knees at once.
    :param threads: for each of them.
    :param reason: for the user.
    """

    jobs: int
    threads: int
    reason: str


def this_machine() -> Machine:
    """What this process may have: by its affinity and by the limits of its control group, which batch systems and
    containers set."""
    limits = list(_free_memory_of_groups())
    with suppress(OSError, StopIteration, ValueError, IndexError):
        line = next(line for line in _MEMORY.read_text().splitlines() if line.startswith("MemAvailable:"))
        limits.append(1024 * int(line.split()[1]))
    if not limits and hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        limits.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return Machine(cores(), min(limits, default=None))


def cores() -> int:
    """How many cores this process may use."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([allowed, *(int(share) for share in _cores_of_groups())]))


def plan(cases: int, machine: Machine, need: float, jobs: int | None = None, threads: int | None = None) -> Plan:
    """How many knees at once, and threads for each, use a machine best; what is given is kept.

    :param cases: knees that there are.
    :param need: bytes that one knee takes.
    """
    by_cores = max(1, machine.cores // 2)
    by_memory = by_cores if machine.memory is None else max(1, int((1 - _KEPT_FREE) * machine.memory / need))
    chosen = jobs or max(1, min(cases, by_cores, by_memory))
    each = threads or max(1, machine.cores // chosen)
    return Plan(chosen, each, _reason(cases, machine, need, chosen, each, by_memory < by_cores))


def _reason(cases: int, machine: Machine, need: float, jobs: int, threads: int, short: bool) -> str:
    knees = "1 knee" if jobs == 1 else f"{jobs} knees"
    each = "1 thread" if threads == 1 else f"{threads} threads"
    memory = "unknown memory" if machine.memory is None else f"{_gigabytes(machine.memory)} of memory available"
    why = "; memory is the limit" if short and jobs < cases else ""
    there = f"{machine.cores} cores" if machine.cores > 1 else "1 core"
    return f"{knees} at once, {each} each: {there}, {memory}, about {_gigabytes(need)} per knee{why}"


def _gigabytes(amount: float) -> str:
    return f"{amount / 1e9:.1f} GB"


def _cores_of_groups() -> Iterator[float]:
    """The shares of processor time that the control groups of this process may use, in cores."""
    for folder in _group_folders(""):
        with suppress(OSError, ValueError):
            quota, period = (folder / "cpu.max").read_text().split()
            yield max(1.0, int(quota) / int(period))
    for folder in _group_folders("cpu"):
        with suppress(OSError, ValueError):
            share, of = (int((folder / f"cpu.cfs_{name}_us").read_text()) for name in ("quota", "period"))
            if share > 0:
                yield max(1.0, share / of)


def _free_memory_of_groups() -> Iterator[int]:
    """What the control groups of this process leave it of memory, bytes."""
    files = {
        "": ("memory.max", "memory.current", "inactive_file"),
        "memory": ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    }
    for controller, (limit, usage, given_back) in files.items():
        for folder in _group_folders(controller):
            with suppress(OSError, ValueError):
                most = int((folder / limit).read_text())  # "max" without a limit
                if most < _NO_LIMIT:
                    facts = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
                    used = int((folder / usage).read_text()) - int(facts.get(given_back, 0))
                    yield max(0, most - used)


def _group_folders(controller: str) -> Iterator[Path]:
    """The folders of a control group and of those that it is part of.

    :param controller: of the older kind of groups; empty for the newer kind.
    """
    with suppress(OSError):
        for line in _OWN_GROUPS.read_text().splitlines():
            _, controllers, own = line.split(":", 2)
            if controller in controllers.split(","):
                root = _GROUPS / controller
                path = root / own.lstrip("/")
                yield from (folder for folder in (path, *path.parents) if folder == root or root in folder.parents)
