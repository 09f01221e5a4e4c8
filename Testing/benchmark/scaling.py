"""Several knees at once: how far the command line's ``--jobs`` uses the cores."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from .checkouts import Checkout
from .errors import BenchmarkError
from .knees import Trial, write_study
from .processes import observe
from .running import failure_text, segment_command


def settings_to_compare(most_jobs: int, cores: int) -> list[tuple[int, int]]:
    """Numbers of jobs and of threads each: one core, all cores for one knee, then more and more knees at once."""
    jobs = [count for count in (1, *range(2, most_jobs + 1)) if count == most_jobs or count & (count - 1) == 0]
    return list(dict.fromkeys([(1, 1), *((count, max(1, cores // count)) for count in jobs)]))


def measure_scaling(
    checkout: Checkout, trials: Sequence[Trial], most_jobs: int, repeats: int, options: Sequence[str]
) -> list[dict[str, Any]]:
    """Segment the same knees with several settings, one list each; one row per setting and repeat.

    :param trials: of one modality.
    :raises BenchmarkError: if a knee fails.
    """
    cores = len(os.sched_getaffinity(0))
    return [
        {"jobs": jobs, "threads": threads, "repeat": repeat, **_run(checkout, trials, jobs, threads, options)}
        for repeat in range(1, repeats + 1)
        for jobs, threads in settings_to_compare(most_jobs, cores)
    ]


def scaling_table(rows: Sequence[dict[str, Any]], knees: int) -> pd.DataFrame:
    """Medians by setting; ``speed-up`` compares with one knee at a time on one core (1 job of 1 thread)."""
    frame = pd.DataFrame(list(rows)).groupby(["jobs", "threads"], sort=False).median().drop(columns="repeat")
    frame.insert(1, "seconds a knee", frame["seconds"] / knees)
    frame.insert(2, "speed-up", frame["seconds"].iloc[0] / frame["seconds"])
    return frame.reset_index()


def _run(
    checkout: Checkout, trials: Sequence[Trial], jobs: int, threads: int, options: Sequence[str]
) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="knee-benchmark-") as temporary:
        list_file = write_study(Path(temporary) / "study", trials)
        limits = ["--jobs", str(jobs), "--threads", str(threads), *options]
        command = segment_command(list_file, trials[0], Path(temporary) / "output", limits)
        observation = observe(checkout.command(*command), checkout.environment)
    finish = [event["statuses"] for event in observation.events if event["event"] == "finish"]
    if not finish or not set(finish[0]) <= {"segmented", "rejected"}:
        raise BenchmarkError(failure_text("the knees", checkout, observation))
    return {
        "seconds": observation.seconds,
        "cpu_seconds": observation.cpu_seconds,
        "tree_mib": observation.memory.tree,
        "other_cores": observation.other_cores,
    }
