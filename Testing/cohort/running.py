"""Segment the cohort with a command of its own, disturbed or not, and look at what it leaves."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from KneeCartilageSegLib.files import checksum

from .knees import Cohort

_LIBRARY = Path(__file__).parents[2] / "KneeCartilageSeg"


@dataclass(frozen=True)
class Result:
    """What a command has left.

    :param exit_status: of the command; negative if it was killed.
    :param seconds: that it took, start-up counted.
    :param rows: of the summary, by knee.
    :param masks: SHA-256 checksums by file name.
    :param left: temporary files and locks that are left.
    """

    exit_status: int
    seconds: float
    rows: Mapping[str, Mapping[str, str]]
    masks: Mapping[str, str]
    left: tuple[str, ...]

    @property
    def case_seconds(self) -> float:
        """Of work on one knee, on average, as the records have it."""
        times = [float(row["seconds"]) for row in self.rows.values() if row["seconds"]]
        return sum(times) / max(1, len(times))


def start(cohort: Cohort, output: Path, options: Sequence[str]) -> subprocess.Popen:
    """Start the command, in a session of its own."""
    command = [sys.executable, "-m", "KneeCartilageSegLib", "segment", str(cohort.list_file), "--out", str(output)]
    command += ["--modality", "newsubject", "--engine", "itk-elastix", "--parameters", str(cohort.parameters)]
    command += ["--threads", "1", "--no-registered", "--no-pictures", "--progress", "json", *options]
    environment = {**os.environ, "PYTHONPATH": str(_LIBRARY)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True, start_new_session=True)


def follow(
    process: subprocess.Popen, cohort: Cohort, output: Path, ended: Callable[[int], Any] = lambda count: None
) -> Result:
    """Wait for the end of a command.

    :param ended: called with the number of knees that have ended, each time when one has.
    """
    begun, count = time.monotonic(), 0
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] == "case_end":
            count += 1
            ended(count)
    status = process.wait()
    return look_at(cohort, output, status, time.monotonic() - begun)


def look_at(cohort: Cohort, output: Path, exit_status: int = 0, seconds: float = 0.0) -> Result:
    """What lies in an output folder."""
    folder = output / "segmented"
    with open(folder / f"{cohort.list_file.stem}_summary.csv", newline="", encoding="utf-8") as file:
        rows = {row["image"].split(".")[0]: row for row in csv.DictReader(file)}
    masks = {
        path.name: checksum(path) for place in ("segmented", "rejected") for path in (output / place).glob("*.mha")
    }
    left = tuple(sorted(str(path.relative_to(output)) for path in output.rglob(".*")))
    return Result(exit_status, seconds, rows, masks, left)


def faults(cohort: Cohort, output: Path, result: Result) -> list[str]:
    """What is missing, half written or not what its record says."""
    found = [f"{name}: no row" for name in cohort.names if name not in result.rows]
    found += [f"{name} is left" for name in result.left]
    for name, row in result.rows.items():
        if row["status"] not in ("segmented", "unchanged", "rejected"):
            found.append(f"{name}: {row['status']} ({row['message']})")
            continue
        record = json.loads((output / "segmented" / f"{name}_provenance.json").read_text(encoding="utf-8"))
        wrong = [mask for mask, digest in record["outputs"].items() if result.masks.get(Path(mask).name) != digest]
        found += [f"{name}: '{mask}' is not what the record says" for mask in wrong]
        if len(record["outputs"]) != 2:
            found.append(f"{name}: {len(record['outputs'])} masks")
    return found
