"""The command line with the real elastix, in bad circumstances: killed, interrupted, run twice at once, on a full disk.

Whatever happens, no file looks finished that is not, and the next run brings the same voxels as one without trouble.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.elastix.package import package_is_installed
from KneeCartilageSegLib.files import checksum
from KneeCartilageSegLib.registration.limits import default_limits
from KneeCartilageSegLib.registration.stages import Modality

pytestmark = [
    pytest.mark.skipif(not package_is_installed(), reason="itk-elastix is not installed"),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes in /proc"),
]

ROOTS = "k1", "k2", "k3"
LIBRARY = Path(phantom.__file__).parents[2]
MARK = "KNEE_CARTILAGE_SEG_TEST"
# These tests are not about the quality of the match, which voxels of 2 mm make coarse.
NO_LIMITS = [f"--limit={check.key}=:" for check in default_limits(Modality.MULTIMODAL).checks]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A reference knee and three scans of it with another sequence: one stage, a second or two a knee."""
    folder = tmp_path_factory.mktemp("study")
    knee = phantom.KneeParameters.reduced(2.0)
    phantom.write_knee(phantom.make_knee(knee), folder / "reference", "reference")
    (folder / "preprocessed").mkdir()
    for number, root in enumerate(ROOTS, start=1):
        pose = {"rotation": (3.0 * number, -2, 4), "translation": (5, 3.0 * number, -6)}
        scan = phantom.make_knee(knee.changed(contrast="t2", acquisition=number, **pose))
        sitk.WriteImage(scan.image, str(folder / "preprocessed" / f"{root}.mha"), True)
    lines = ["./reference", "./preprocessed", "r reference.mha", *(f"m {root}.mha" for root in ROOTS)]
    (folder / "list.txt").write_text("\n".join(lines))
    (folder / "one.txt").write_text("\n".join(lines[:-2]))
    return folder


class Command:
    """``knee-cartilage-seg segment`` in a process group of its own, as a terminal starts it.

    Pictures, which processes of their own draw, take longer than all the rest.
    """

    def __init__(self, study, output, *options, modality="multimodal", images="list.txt", pictures=False, **popen):
        self.mark = uuid.uuid4().hex
        self.output = Path(output)
        command = [sys.executable, "-m", "KneeCartilageSegLib", "segment", str(study / images)]
        command += ["--modality", modality, "--engine", "itk-elastix", "--jobs", "1", "--threads", "1"]
        command += [] if pictures else ["--no-pictures"]
        self.process = subprocess.Popen(
            [*command, "--progress", "json", "--out", str(output), *NO_LIMITS, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Its own folder for temporary files: a process that is killed leaves some.
            env={**os.environ, "PYTHONPATH": str(LIBRARY), "TMPDIR": str(study), MARK: self.mark},
            **popen,
        )
        self.events = []
        self.errors = ""
        # Always emptied, so that the command never waits for us.
        self._threads = [threading.Thread(target=read) for read in (self._read_events, self._read_errors)]
        for thread in self._threads:
            thread.start()

    def _read_events(self):
        with contextlib.suppress(ValueError):  # a test has closed it
            for line in self.process.stdout:
                self.events.append(json.loads(line))

    def _read_errors(self):
        self.errors = self.process.stderr.read()

    def await_step(self, step):
        """Wait for an event of this name, or for an image's step; False if the command ends before.

        The end of an image for which there was nothing to do does not count.
        """

        def awaited(event):
            return step in (event["event"], event.get("step")) and event.get("status") != "unchanged"

        while self.process.poll() is None:
            if any(awaited(event) for event in tuple(self.events)):
                return True
            time.sleep(0.002)
        return False

    def end(self, timeout=120):
        """Wait for its end; the exit status."""
        status = self.process.wait(timeout)
        for thread in self._threads:
            thread.join(10)
        self.process.stdout.close()
        self.process.stderr.close()
        return status

    def signal(self, number):
        """What a terminal does on Ctrl-C: the whole process group gets it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def processes(self):
        """The processes that it has started, and itself, as far as they live."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                if state != "Z" and f"{MARK}={self.mark}".encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
        return found

    def wait_until_all_have_ended(self):
        deadline = time.monotonic() + 120
        while self.processes():
            assert time.monotonic() < deadline, "an orphan survives"
            time.sleep(0.02)


def run(study, output, **options):
    command = Command(study, output, **options)
    assert command.end() == 0, command.errors
    return command


def masks(output):
    """The voxels of all masks, by file name."""
    paths = sorted((output / "segmented").glob("*.mha"))
    return {path.name: sitk.GetArrayFromImage(sitk.ReadImage(str(path))) for path in paths}


def assert_same_voxels(output, expected):
    found = masks(output)
    assert found.keys() == expected.keys()
    for name, voxels in expected.items():
        assert np.array_equal(found[name], voxels), name


def assert_nothing_lies(output, expected):
    """What is there under its final name is complete."""
    for path in (output / "segmented").glob("*.mha"):
        assert np.array_equal(sitk.GetArrayFromImage(sitk.ReadImage(str(path))), expected[path.name]), path
    for path in (output / "segmented").glob("*_provenance.json"):
        record = json.loads(path.read_text())
        assert len(record["outputs"]) == 2
        for name, digest in record["outputs"].items():
            assert checksum(output / name) == digest
    for path in (output / "registered").glob("*/*.mha"):
        sitk.ReadImage(str(path))
    for path in (output / "registered").glob("*/provenance.json"):
        assert len(list(path.parent.glob("TransformParameters.*.txt"))) == 2


def of_first(expected):
    return {name: voxels for name, voxels in expected.items() if name.startswith(ROOTS[0])}


def hidden(output):
    return sorted(str(path.relative_to(output)) for path in output.rglob(".*"))


def finished(output):
    return {path.name.partition("_")[0] for path in (output / "segmented").glob("*_provenance.json")}


@pytest.fixture(scope="module")
def undisturbed(study, tmp_path_factory):
    """The voxels of a run without trouble."""
    output = tmp_path_factory.mktemp("undisturbed")
    command = run(study, output)
    assert finished(output) == set(ROOTS)
    assert hidden(output) == []
    assert command.processes() == []
    expected = masks(output)
    assert len(expected) == 2 * len(ROOTS)
    assert all(0 < voxels.sum() < voxels.size for voxels in expected.values())
    return expected


def test_kill_9_at_random_moments(study, undisturbed, tmp_path):
    chance = random.Random(20)
    # Two of the moments lie in the short time in which files are moved into place.
    moments = ["checking", "f_rigid", "writing", "reading", "writing", "case_end"]
    chance.shuffle(moments)
    for step in moments:
        command = Command(study, tmp_path, pictures=True)
        assert command.await_step(step), command.errors
        time.sleep(chance.uniform(0, 0.12 if step in ("writing", "case_end") else 0.5))
        command.process.kill()
        command.end()
        command.wait_until_all_have_ended()
        assert_nothing_lies(tmp_path, undisturbed)
    last = run(study, tmp_path, pictures=True)  # which writes the sheet, and clears its lock away
    assert set(last.events[-1]["statuses"]) <= {"segmented", "unchanged"}
    assert finished(tmp_path) == set(ROOTS)
    assert_nothing_lies(tmp_path, undisturbed)
    assert_same_voxels(tmp_path, undisturbed)
    # A JSON file of a few hundred bytes may be left beside its place, hidden; nothing else.
    assert [name for name in hidden(tmp_path) if not name.endswith((".json", ".pending"))] == []


@pytest.mark.parametrize(
    ("number", "step"),
    [
        (signal.SIGINT, "checking"),
        (signal.SIGINT, "f_rigid"),
        (signal.SIGTERM, "f_rigid"),
        (signal.SIGINT, "writing"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_interrupt_ends_soon_and_leaves_nothing(study, undisturbed, tmp_path, number, step):
    command = Command(study, tmp_path, pictures=True)
    assert command.await_step(step), command.errors
    time.sleep(0.3 if step != "writing" else 0.0)
    command.signal(number)
    assert command.end() == 130, command.errors
    command.wait_until_all_have_ended()
    assert "Traceback" not in command.errors
    assert hidden(tmp_path) == []
    assert_nothing_lies(tmp_path, undisturbed)
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    if step != "writing":
        assert left <= {"list_summary.csv", "index.html"}
    if left:
        with open(tmp_path / "segmented" / "list_summary.csv") as file:
            assert "failed" not in {row["status"] for row in csv.DictReader(file)}


def test_interrupt_in_filters_of_simpleitk(tmp_path):
    """The inversion of a B-spline cannot be stopped: the command does not wait for it."""
    folder = tmp_path / "study"
    knee = phantom.KneeParameters.reduced(1.5)
    phantom.write_knee(phantom.make_knee(knee), folder / "reference", "reference")
    (folder / "preprocessed").mkdir()
    other = phantom.make_knee(knee.changed(subject=1))
    sitk.WriteImage(other.image, str(folder / "preprocessed" / "k1.mha"))
    (folder / "list.txt").write_text("./reference\n./preprocessed\nr reference.mha\nm k1.mha\n")
    command = Command(folder, tmp_path / "out", "--parameters", hasty(tmp_path), modality="newsubject")
    assert command.await_step("masks"), command.errors
    command.signal(signal.SIGINT)
    time.sleep(0.2)
    command.signal(signal.SIGINT)  # people press twice
    assert command.end() == 130, command.errors
    command.wait_until_all_have_ended()
    assert "Traceback" not in command.errors
    assert hidden(tmp_path / "out") == []
    assert {path.name for path in (tmp_path / "out").rglob("*") if path.is_file()} <= {
        "list_summary.csv",
        "index.html",
    }


def hasty(folder):
    """Parameter files that take a moment, and register badly."""
    own = folder / "parameters"
    own.mkdir()
    for path in (LIBRARY / "KneeCartilageSegLib" / "ElastixParameters").glob("*.txt"):
        replaced = {"MaximumNumberOfIterations": 20, "NumberOfSpatialSamples": 500}
        lines = [line for line in path.read_text().splitlines() if not any(key in line for key in replaced)]
        (own / path.name).write_text("\n".join([*lines, *(f"({key} {value})" for key, value in replaced.items())]))
    return str(own)


def test_two_runs_at_once_share_the_work(study, undisturbed, tmp_path):
    commands = [Command(study, tmp_path, "--summary", str(tmp_path / f"{n}.csv")) for n in range(2)]
    assert [command.end() for command in commands] == [0, 0], [command.errors for command in commands]
    ends = [event for command in commands for event in command.events if event["event"] == "case_end"]
    for root in ROOTS:
        statuses = sorted(event["status"] for event in ends if event["name"] == root)
        assert statuses == ["segmented", "unchanged"], root
    # A knee may be aligned from several starts.
    begun = [name for c in commands for name in {e["name"] for e in c.events if e.get("step") == "f_rigid"}]
    assert sorted(begun) == sorted(ROOTS)
    assert all("f_rigid" in {event.get("step") for event in command.events} for command in commands)
    assert_same_voxels(tmp_path, undisturbed)
    assert_nothing_lies(tmp_path, undisturbed)
    assert hidden(tmp_path) == []


def test_listener_that_leaves_does_not_stop_the_work(study, undisturbed, tmp_path):
    command = Command(study, tmp_path, images="one.txt")
    assert command.await_step("reading")
    command.process.stdout.close()
    command.end()
    assert_same_voxels(tmp_path, of_first(undisturbed))
    assert hidden(tmp_path) == []


# A full disk


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of its own, and a function that sets its size in kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)]
    if shutil.which("mount") is None or os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a small disk, and not in every container")
    yield folder, lambda size: subprocess.run(["mount", "-o", f"remount,size={size}k", str(folder)], check=True)
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder, leave):
    """Make a file grow until the disk is full but for so many bytes."""
    disk = os.statvfs(folder)
    # What others have written since may be more than what it leaves.
    with contextlib.suppress(OSError), open(folder / "ballast", "ab") as file:
        file.write(bytes(max(0, disk.f_bavail * disk.f_frsize - leave)))


def fill_before_masks(command, output):
    assert command.await_step("checks")
    fill(output, 0)


def fill_before_registered_images(command, output):
    """They are written as soon as elastix has ended, which leaves room as its working files go."""
    while command.process.poll() is None:
        if any(name.endswith(".log") for _, _, names in os.walk(output) for name in names):
            fill(output, 60_000)
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("kilobytes", "fill_up"),
    [(600, None), (4000, fill_before_masks), (4000, fill_before_registered_images)],
    ids=["working files", "masks", "registered images"],
)
def test_full_disk(study, undisturbed, small_disk, kilobytes, fill_up):
    """The disk fills up in ever later steps."""
    output, resize = small_disk
    resize(kilobytes)
    command = Command(study, output, images="one.txt")
    if fill_up is not None:
        fill_up(command, output)
    status = command.end()
    said = command.errors + json.dumps(command.events)
    assert status == 1, said
    assert "Traceback" not in command.errors
    assert "disk" in said.lower() or "space" in said.lower(), said
    failed = [event for event in command.events if event.get("status") == "failed"]
    assert {event["name"] for event in failed} == {ROOTS[0]}
    assert all("\n" not in event["message"] for event in failed), failed
    assert finished(output) == set()
    assert masks(output) == {}
    assert hidden(output) == []
    (output / "ballast").unlink(missing_ok=True)
    resize(64_000)
    run(study, output, images="one.txt")
    assert finished(output) == {ROOTS[0]}
    assert_same_voxels(output, of_first(undisturbed))


def test_file_size_limit(study, undisturbed, tmp_path):
    """A quota, where nobody may mount a disk: no file may be larger than 100 kB."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    command = Command(study, tmp_path, images="one.txt", preexec_fn=limit)
    assert command.end() == 1
    assert {event["status"] for event in command.events if event["event"] == "case_end"} == {"failed"}
    assert "Traceback" not in command.errors
    assert masks(tmp_path) == {}
    assert finished(tmp_path) == set()
    assert hidden(tmp_path) == []
    run(study, tmp_path, images="one.txt")
    assert_same_voxels(tmp_path, of_first(undisturbed))
