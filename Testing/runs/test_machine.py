"""What a computer gives, and how many knees at once that is for."""

from __future__ import annotations

import pytest
from KneeCartilageSegLib.runs import machine
from KneeCartilageSegLib.runs.machine import Machine, plan, this_machine

GIGABYTE = 1e9


@pytest.mark.parametrize(
    ("cases", "there", "given", "expected"),
    [
        (10, Machine(8, int(64e9)), (None, None), (4, 2)),
        (2, Machine(8, int(64e9)), (None, None), (2, 4)),
        (10, Machine(8, int(2.5e9)), (None, None), (2, 4)),  # 10 % stay free
        (10, Machine(8, int(0.5e9)), (None, None), (1, 8)),
        (10, Machine(8), (None, None), (4, 2)),
        (10, Machine(1, int(64e9)), (None, None), (1, 1)),
        (10, Machine(8, int(2e9)), (6, None), (6, 1)),
        (10, Machine(8, int(64e9)), (None, 1), (4, 1)),
        (0, Machine(8, int(64e9)), (None, None), (1, 8)),
    ],
)
def test_jobs_and_threads_by_cores_and_memory(cases, there, given, expected):
    chosen = plan(cases, there, GIGABYTE, *given)
    assert (chosen.jobs, chosen.threads) == expected


def test_the_reason_says_what_was_looked_at():
    assert plan(10, Machine(8, int(2.5e9)), GIGABYTE).reason == (
        "2 knees at once, 4 threads each: 8 cores, 2.5 GB of memory available, about 1.0 GB per knee; "
        "memory is the limit"
    )
    assert plan(1, Machine(1), 1.5e9).reason == (
        "1 knee at once, 1 thread each: 1 core, unknown memory, about 1.5 GB per knee"
    )


@pytest.fixture
def system(tmp_path, monkeypatch):
    """A made-up /proc and /sys: 8 GB are available, and no group has a limit."""
    monkeypatch.setattr(machine, "_GROUPS", tmp_path / "groups")
    monkeypatch.setattr(machine, "_OWN_GROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(machine, "_MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(machine.os, "sched_getaffinity", lambda pid: set(range(16)), raising=False)
    (tmp_path / "cgroup").write_text("0::/\n")
    (tmp_path / "meminfo").write_text("MemTotal: 16000000 kB\nMemAvailable: 8000000 kB\n")
    return tmp_path


def write(folder, **values):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in values.items():
        (folder / name.replace("__", ".")).write_text(text)


def test_without_limits(system):
    assert this_machine() == Machine(16, 8000000 * 1024)


def test_a_job_of_slurm_in_a_group_of_the_newer_kind(system):
    (system / "cgroup").write_text("0::/slurm/job_7/step_0\n")
    job = system / "groups" / "slurm" / "job_7"
    write(job / "step_0", memory__max="max", memory__current="5", cpu__max="max 100000", memory__stat="")
    write(
        job,
        memory__max="4000000000",
        memory__current="1500000000",
        memory__stat="anon 1000000000\ninactive_file 500000000\n",
        cpu__max="250000 100000",
    )
    assert this_machine() == Machine(2, 3000000000)


def test_a_container_in_groups_of_the_older_kind(system):
    (system / "cgroup").write_text("4:memory:/docker/7\n2:cpu,cpuacct:/docker/7\n0::/\n")
    # A container sees its own group as the root.
    write(
        system / "groups" / "memory",
        memory__limit_in_bytes="2000000000",
        memory__usage_in_bytes="500000000",
        memory__stat="total_inactive_file 0\n",
    )
    write(system / "groups" / "cpu", cpu__cfs_quota_us="400000", cpu__cfs_period_us="100000")
    assert this_machine() == Machine(4, 1500000000)


def test_groups_without_a_limit(system):
    (system / "cgroup").write_text("4:memory:/\n2:cpu,cpuacct:/\n0::/\n")
    write(system / "groups" / "memory", memory__limit_in_bytes="9223372036854771712", memory__stat="")
    write(system / "groups" / "cpu", cpu__cfs_quota_us="-1", cpu__cfs_period_us="100000")
    assert this_machine() == Machine(16, 8000000 * 1024)
