"""The machine that a benchmark ran on, and whether it was quiet."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

_QUIET_LOAD = 0.5  # of the last minute, before anything of the benchmark ran
_QUIET_CORES = 0.15  # used by other programs during a run


@dataclass(frozen=True)
class Machine:
    """What decides about seconds, apart from the code."""

    processor: str
    cores: int
    memory: float
    system: str
    versions: str

    def __str__(self) -> str:
        return f"{self.processor}, {self.cores} cores, {self.memory:.1f} GiB; {self.system}; {self.versions}"


def this_machine() -> Machine:
    """The machine, with the versions of what computes (elastix as a program says its own; see the results)."""
    model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = [f"{name} {_version(name)}" for name in ("SimpleITK", "itk-elastix", "numpy", "scipy")]
    return Machine(
        model[1] if model else platform.machine(),
        len(os.sched_getaffinity(0)),
        memory,
        platform.platform(),
        ", ".join([f"Python {platform.python_version()}", *packages]),
    )


def load() -> float:
    """The mean number of programs that wanted a core during the last minute."""
    return os.getloadavg()[0]


def noise(load_before: float, other_cores: float) -> str:
    """A warning if the machine was not quiet, or nothing.

    :param load_before: :func:`load` before anything ran.
    :param other_cores: the largest number of cores that other programs used during one of the runs.
    """
    reasons = []
    if load_before > _QUIET_LOAD:
        reasons.append(f"its load was {load_before:.2f} before the benchmark began")
    if other_cores > _QUIET_CORES:
        reasons.append(f"other programs used up to {other_cores:.2f} cores during a run")
    if not reasons:
        return ""
    return f"WARNING: the machine is not quiet ({'; '.join(reasons)}): trust ratios within this run, not seconds"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "is not installed"
