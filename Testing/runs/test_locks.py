"""Locks, on disks with all kinds of them and with none."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from KneeCartilageSegLib.runs import locks
from KneeCartilageSegLib.runs.locks import try_lock

fcntl = pytest.importorskip("fcntl")

_HOLD = """
import errno, sys
from pathlib import Path
import fcntl
def refuse(*_):
    raise OSError(errno.ENOSYS, "no")
for name in sys.argv[2:]:
    setattr(fcntl, name, refuse)
from KneeCartilageSegLib.runs.locks import try_lock
with try_lock(Path(sys.argv[1])) as free:
    print(free, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(params=[(), ("flock",), ("flock", "lockf")], ids=lambda lacking: " and ".join(lacking) or "nothing")
def lacking(request, monkeypatch):
    """What the disk lacks."""

    def refuse(*_):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    for name in request.param:
        monkeypatch.setattr(fcntl, name, refuse)
    monkeypatch.setattr(locks, "_said", set())
    return request.param


def other_process(path, lacking) -> subprocess.Popen:
    command = [sys.executable, "-c", _HOLD, str(path), *lacking]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_one_at_a_time_among_processes_and_threads(tmp_path, lacking):
    path = tmp_path / ".knee.lock"
    holder = other_process(path, lacking)
    assert holder.stdout.readline() == "True\n"
    with try_lock(path) as free:
        assert not free
    holder.communicate("\n")
    with try_lock(path) as free:
        assert free
        found = []

        def try_too():
            with try_lock(path) as also:
                found.append(also)

        thread = threading.Thread(target=try_too)
        thread.start()
        thread.join()
        assert found == [False]
    assert os.listdir(tmp_path) == []


def test_a_process_that_was_killed_keeps_nobody_out(tmp_path, lacking):
    path = tmp_path / ".knee.lock"
    holder = other_process(path, lacking)
    assert holder.stdout.readline() == "True\n"
    holder.kill()
    holder.communicate()
    with try_lock(path) as free:
        assert free


def test_what_is_weaker_is_said_once(tmp_path, lacking, caplog):
    for name in ("a", "b"):
        with try_lock(tmp_path / name) as free:
            assert free
    assert len(caplog.records) == (1 if lacking else 0)


@pytest.mark.parametrize(("age", "free"), [(0, False), (3600, True)])
def test_a_file_of_another_computer_counts_as_long_as_it_is_touched(tmp_path, monkeypatch, age, free):
    def refuse(*_):
        raise OSError(errno.EOPNOTSUPP, "no")

    monkeypatch.setattr(fcntl, "flock", refuse)
    monkeypatch.setattr(fcntl, "lockf", refuse)
    owner = tmp_path / "knee.lock.owner"
    owner.write_text(json.dumps({"host": f"not {socket.gethostname()}", "process": 1}))
    touched = owner.stat().st_mtime - age
    os.utime(owner, (touched, touched))
    with try_lock(tmp_path / "knee.lock") as found:
        assert found is free
    assert owner.exists() is not free


def test_other_errors_are_errors(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(fcntl, "flock", fail)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)), try_lock(tmp_path / "knee.lock"):
        pass


@pytest.mark.skipif(os.name != "posix", reason="asks for processes by number")
def test_temporaries_of_processes_that_have_ended_are_cleared(tmp_path, ended_process):
    names = {
        "old": f".tmp-{ended_process}-aaaa.csv",
        "young": f".tmp-{ended_process}-bbbb.csv",
        "own": f".tmp-{os.getpid()}-cccc.csv",
        "other": ".tmp-knee",
        "result": "list_summary.csv",
    }
    for name in names.values():
        (tmp_path / name).write_text("x")
    for name in names:
        if name != "young":
            os.utime(tmp_path / names[name], (1, 1))
    locks.clear_temporaries(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {names[name] for name in names if name != "old"}


_KILLED_WHILE_IT_FILLS = """
import os, sys
from pathlib import Path
from KneeCartilageSegLib.files import made_folder

def fill(folder):
    (folder / "half").write_text("x")
    os.kill(os.getpid(), 9)

made_folder(Path(sys.argv[1]), fill)
"""


@pytest.mark.skipif(os.name != "posix", reason="asks for processes by number")
def test_folders_that_killed_processes_were_filling_are_cleared(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(Path(locks.__file__).parents[2])}
    subprocess.run([sys.executable, "-c", _KILLED_WHILE_IT_FILLS, str(tmp_path / "made")], env=environment)
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".tmp-")
    assert [path.name for path in left.iterdir()] == ["half"]
    locks.clear_temporaries(tmp_path)
    assert left.is_dir(), "a computer that shares the folder may be filling it"
    os.utime(left, (1, 1))
    locks.clear_temporaries(tmp_path)
    assert not left.exists()
