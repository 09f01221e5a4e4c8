"""The workers of a cluster: real processes of Dask, which are killed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import cluster_work
import pytest
from KneeCartilageSegLib.errors import KneeError
from KneeCartilageSegLib.runs import cluster, cluster_worker
from KneeCartilageSegLib.runs.background import BackgroundRun
from KneeCartilageSegLib.runs.cluster import ClusterWorkers, Scheduler
from KneeCartilageSegLib.runs.events import Note

distributed = pytest.importorskip("distributed")

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does"),
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.timeout(900),  # processes of Dask start slowly on a busy machine
]


@pytest.fixture(scope="module")
def nodes():
    with distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as local:
        yield local


class Work(BackgroundRun):
    def __init__(self, address, function, *values, paths=()):
        self.heard = []
        scheduler = address if isinstance(address, Scheduler) else Scheduler(address)
        super().__init__(ClusterWorkers(scheduler, self.heard.append, paths))
        self.function, self.values, self.results = function, values, {}

    def start(self, numbers):
        self._begin(numbers)
        return self

    def _submit(self, item):
        return self._workers.submit(self.function, item, *self.values)

    def _end(self, item, result):
        self.results[item] = result

    def _failure(self, item, failure):
        return failure.message


def await_files(folder, name, count):
    deadline = time.monotonic() + 300
    while len(list(folder.glob(name))) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_results_errors_and_events_come_back(nodes):
    run = Work(nodes.scheduler_address, cluster_work.double).start(range(20))
    assert run.wait(800)
    assert run.results == {number: 2 * number for number in range(20)}
    first, *others = run.heard
    assert re.match(r"a cluster of \d workers, \d knees at once$", first.message)
    assert sorted(event.message for event in others) == sorted(f"doubling {number}" for number in range(20))
    failing = Work(nodes.scheduler_address, cluster_work.fail).start([1])
    assert failing.wait(120)
    assert failing.results == {1: "ValueError: 1 is no good"}


def test_what_a_killed_worker_had_is_done_by_another(nodes, tmp_path):
    run = Work(nodes.scheduler_address, cluster_work.die_at_first, str(tmp_path)).start(range(3))
    assert run.wait(800)
    assert run.results == {number: number for number in range(3)}
    assert len(list(tmp_path.iterdir())) == 3


def test_work_that_kills_every_worker_is_given_up_and_says_why(nodes):
    run = Work(nodes.scheduler_address, cluster_work.die).start([1])
    assert run.wait(800)
    assert "every worker that began it died" in run.results[1]
    assert "more memory" in run.results[1]


def test_cancel_reaches_the_workers_and_waits_for_their_end(nodes, tmp_path):
    with nodes.get_client() as client:  # those that the tests above have killed come back
        client.wait_for_workers(2)
    run = Work(nodes.scheduler_address, cluster_work.wait_for_cancel, str(tmp_path)).start(range(10))
    await_files(tmp_path, "begun*", 2)
    run.cancel()
    assert run.wait(800)
    assert run.results == {}
    assert len(list(tmp_path.glob("ended*"))) == 2
    assert not list(tmp_path.glob("begun*"))


def test_a_worker_without_the_files_is_named(nodes, tmp_path):
    with pytest.raises(KneeError, match="does not see '.*nowhere'"):
        Work(nodes.scheduler_address, cluster_work.double, paths=[tmp_path, tmp_path / "nowhere"])


def test_another_version_is_refused(nodes, monkeypatch):
    monkeypatch.setitem(cluster_worker.versions.__globals__, "__version__", "7.0")
    with pytest.raises(KneeError, match=r"has KneeCartilageSeg .* in place of 7\.0"):
        Work(nodes.scheduler_address, cluster_work.double)


def test_nobody_at_the_address(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT", 0.5)
    with pytest.raises(KneeError, match=r"the scheduler 'tcp://127\.0\.0\.1:9' does not answer"):
        Work("tcp://127.0.0.1:9", cluster_work.double)


def dask(kind, *options):
    quiet = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "distributed.cli.dask_" + kind, *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=quiet)


@pytest.fixture
def unused_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture
def certificates(tmp_path):
    """An authority, and a certificate that it has signed: the commands of Documentation/how-to/cluster.md."""
    names = ("ca.key", "ca.pem", "node.key", "node.csr", "node.pem")
    ca_key, ca, key, request, certificate = (tmp_path / name for name in names)
    new = ("-newkey", "rsa:2048", "-nodes")
    openssl("req", "-x509", *new, "-days", 1, "-subj", "/CN=my knees", "-keyout", ca_key, "-out", ca)
    openssl("req", *new, "-subj", "/CN=node", "-keyout", key, "-out", request)
    signing = ("-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-days", 1)
    openssl("x509", "-req", "-in", request, *signing, "-out", certificate)
    return ca, certificate, key


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates")
def test_a_closed_scheduler_talks_to_those_with_a_certificate_only(certificates, unused_port, monkeypatch):
    address = f"tls://127.0.0.1:{unused_port}"
    ca, certificate, key = certificates
    options = ["--no-dashboard", "--tls-ca-file", str(ca), "--tls-cert", str(certificate), "--tls-key", str(key)]
    place = ["--host", "127.0.0.1", "--port", str(unused_port), "--protocol", "tls"]
    started = [dask("scheduler", *place, *options), dask("worker", address, "--nthreads", "1", *options)]
    try:
        run = Work(Scheduler(address, ca, certificate, key), cluster_work.double).start([1, 2])
        assert run.wait(800)
        assert run.results == {1: 2, 2: 4}
        monkeypatch.setattr(cluster, "CONNECT", 3.0)
        for stranger in (Scheduler(address), Scheduler(address.replace("tls", "tcp"))):
            with pytest.raises(KneeError, match="does not answer"):
                Work(stranger, cluster_work.double)
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_a_computer_too_busy_to_start_a_thread_is_asked_again(nodes, monkeypatch):
    def busy_at_first(*arguments, **options):
        asked.append(arguments)
        if len(asked) == 1:
            raise AssertionError  # as Dask does if its event loop has not started within ten seconds
        return client(*arguments, **options)

    asked, client = [], distributed.Client
    monkeypatch.setattr(distributed, "Client", busy_at_first)
    run = Work(nodes.scheduler_address, cluster_work.double).start([4])
    assert run.wait(800)
    # More often if it loses its scheduler on a busy computer.
    assert len(asked) >= 2
    assert run.results == {4: 8}


def test_a_scheduler_that_comes_back_gets_the_rest(tmp_path, unused_port):
    address = f"tcp://127.0.0.1:{unused_port}"

    def begin():
        started.append(dask("scheduler", "--host", "127.0.0.1", "--port", str(unused_port), "--no-dashboard"))
        started.append(dask("worker", address, "--nthreads", "1", "--no-dashboard"))

    started = []
    try:
        begin()
        run = Work(address, cluster_work.slow, str(tmp_path)).start(range(6))
        await_files(tmp_path, "begun*", 2)
        for process in started:
            process.send_signal(signal.SIGKILL)
        begin()
        assert run.wait(800)
        assert run.results == {number: number for number in range(6)}
        notes = [event.message for event in run.heard if isinstance(event, Note)]
        assert [note.split(" is ")[1].split(";")[0] for note in notes] == ["gone", "back"]
    finally:
        for process in started:
            process.kill()
            process.wait()
