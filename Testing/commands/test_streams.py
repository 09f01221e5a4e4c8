"""Readers that go away, disks of logs that are full, code pages: results are on the disk all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

COMMAND = [sys.executable, "-m", "KneeCartilageSegLib", "quality", "list.txt"]


@pytest.fixture
def pairs(tmp_path) -> Path:
    """A folder with a list of forty pairs: more lines than a pipe holds before it notices that nobody reads."""
    values = np.zeros((16, 16, 16), np.uint8)
    values[4:12, 4:12, 4:12] = 1
    sitk.WriteImage(sitk.GetImageFromArray(values), str(tmp_path / "g.mha"))
    lines = ["./", "./"]
    for number in range(40):
        name = 20 * "kn\u00e9e" + f"{number}.mha"
        (tmp_path / name).write_bytes((tmp_path / "g.mha").read_bytes())
        lines += [f"s {name}", "g g.mha"]
    (tmp_path / "list.txt").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def rows(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines()) - 1


@pytest.mark.skipif(os.name != "posix", reason="a pipe of a shell")
def test_a_reader_that_goes_away_loses_no_file(pairs):
    command = " ".join(f"'{word}'" for word in [*COMMAND, "--overlap-csv", "o.csv", "--distances-csv", "d.csv"])
    ended = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} 2>&1 | head -1"], cwd=pairs, capture_output=True, text=True
    )
    assert ended.stdout.startswith("[1/40]")
    assert ended.stderr == ""
    assert ended.returncode == 0
    assert rows(pairs / "o.csv") == rows(pairs / "d.csv") == 40


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device that is always full")
def test_a_full_disk_of_the_log_loses_no_file(pairs):
    with open("/dev/full", "w") as full:
        ended = subprocess.run([*COMMAND, "--overlap-csv", "o.csv"], cwd=pairs, stdout=full, stderr=full)
    assert ended.returncode == 0
    assert rows(pairs / "o.csv") == 40


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp932"])
def test_a_code_page_without_the_characters_of_a_name(pairs, encoding):
    name = "kol\u0142o\u81dd\U0001f9b5.csv"
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    ended = subprocess.run([*COMMAND, "--overlap-csv", name], cwd=pairs, capture_output=True, env=environment)
    assert ended.returncode == 0
    assert b"Traceback" not in ended.stderr
    assert b"\\U0001f9b5.csv" in ended.stdout
    assert rows(pairs / name) == 40


def test_names_of_outputs_that_are_too_long(pairs):
    ended = subprocess.run([*COMMAND, "--overlap-csv", "k" * 245 + ".csv"], cwd=pairs, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "the name is too long. Shorten it." in ended.stderr
