"""Work for the workers of a cluster, which have to be able to import it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from KneeCartilageSegLib.runs.events import Note


def double(number, workplace):
    workplace.send(Note(f"doubling {number}"))
    return 2 * number


def fail(number, workplace):
    raise ValueError(f"{number} is no good")


def die_at_first(number, folder, workplace):
    """Kill the worker unless that has happened to this number before."""
    mark = Path(folder) / f"died{number}"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die(number, workplace):
    os.kill(os.getpid(), signal.SIGKILL)


def wait_for_cancel(number, folder, workplace):
    begun = Path(folder) / f"begun{number}"
    begun.touch()
    while not workplace.cancelled:
        time.sleep(0.01)
    begun.rename(begun.with_name(f"ended{number}"))
    return number


def slow(number, folder, workplace):
    (Path(folder) / f"begun{number}").touch()
    time.sleep(0.5)
    return number
