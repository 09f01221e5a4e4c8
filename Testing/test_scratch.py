"""Temporary folders, and what processes that were killed have left of theirs."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from KneeCartilageSegLib import scratch
from KneeCartilageSegLib.scratch import PREFIX, Scratch, clear_leftovers

needs_posix = pytest.mark.skipif(os.name != "posix", reason="elsewhere nothing is cleared but by the process itself")

PROGRAM = """
import sys
from KneeCartilageSegLib.scratch import Scratch
folder = Scratch()
(folder.path / "work").mkdir()
(folder.path / "work" / "image.mha").write_text("voxels")
print(folder.path, flush=True)
sys.stdin.readline()
folder.close()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch) -> Path:
    """The folder for temporary files, of this process and of those that it starts."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@contextmanager
def another_process():
    """A process that has such a folder, and the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        yield process, Path(process.stdout.readline().strip())
    finally:
        process.kill()
        process.communicate()


def test_it_is_gone_at_the_end_of_its_context(temporary):
    with Scratch() as folder:
        (folder / "file").write_text("x")
        (folder / "inner").mkdir()
        assert folder.parent == temporary
    assert list(temporary.iterdir()) == []


def test_it_may_be_closed_twice_and_after_somebody_has_removed_it(temporary):
    folder = Scratch()
    shutil.rmtree(folder.path)
    folder.close()
    folder.close()
    assert list(temporary.iterdir()) == []


@needs_posix
def test_what_a_killed_process_has_left_is_cleared_and_nothing_else():
    with another_process() as (killed, left), another_process() as (living, kept), Scratch() as own:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert left.is_dir()
        with Scratch() as another:
            assert not left.exists()
            assert (kept / "work" / "image.mha").is_file()
            assert own.is_dir()
            assert another.is_dir()
        living.communicate("\n")
        assert living.returncode == 0
        assert not kept.exists()


@needs_posix
@pytest.mark.parametrize("foreign", ["user", "computer", "older version", "link", "file"])
def test_what_is_not_known_to_be_left_stays(temporary, foreign, monkeypatch):
    with another_process() as (killed, left):
        killed.kill()
        killed.wait()
        elsewhere = temporary / "elsewhere"
        if foreign == "user":
            monkeypatch.setattr(os, "getuid", lambda: left.stat().st_uid + 1)
        if foreign == "computer":
            monkeypatch.setattr(socket, "gethostname", lambda: "another")
        if foreign == "older version":
            (left / ".in-use").unlink()
        if foreign == "link":
            left.rename(elsewhere)
            left.symlink_to(elsewhere)
        if foreign == "file":
            shutil.rmtree(left)
            left.write_text("x")
        before = sorted(temporary.rglob("*"))
        clear_leftovers()
        assert sorted(temporary.rglob("*")) == before


@needs_posix
def test_on_a_disk_without_locks_nothing_is_cleared(temporary, monkeypatch):
    def refuse(*_):
        raise OSError("no locks available")

    with monkeypatch.context() as patch:
        patch.setattr(scratch.fcntl, "flock", refuse)
        with Scratch() as folder:
            assert list(folder.iterdir()) == []
            clear_leftovers()
            assert folder.is_dir()
        assert list(temporary.iterdir()) == []


@needs_posix
def test_what_a_thread_still_writes_is_found_later(temporary, monkeypatch):
    folder = Scratch()
    (folder.path / "work").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        folder.close()
    assert folder.path.is_dir()
    clear_leftovers()
    assert [path for path in temporary.iterdir() if path.name.startswith(PREFIX)] == []
