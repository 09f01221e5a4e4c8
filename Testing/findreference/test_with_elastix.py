"""Finding the reference of digital knees with the real elastix: the most average one, in spite of a knee of the other
side, of kill -9 and of Ctrl-C."""

from __future__ import annotations

import contextlib
import csv
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.elastix.package import package_is_installed
from KneeCartilageSegLib.registration.parameterfiles import PARAMETER_FOLDER, read_parameter_files
from KneeCartilageSegLib.registration.stages import Modality

pytestmark = [
    pytest.mark.skipif(not package_is_installed(), reason="itk-elastix is not installed"),
    pytest.mark.skipif(os.name != "posix", reason="kills and interrupts as POSIX does"),
]

LIBRARY = Path(phantom.__file__).parents[2]
SPACING = 2.0
MEAN = "k0_prep"
# Shape modes and size around the mean knee, whose deviations add up to nothing; other people's soft tissue and poses.
KNEES = {
    MEAN: {"subject": 3},
    "k1_prep": {"subject": 5, "modes": {0: 2.0, 1: 1.0}, "size": 1.05},
    "k2_prep": {"subject": 6, "modes": {0: -1.0, 1: 1.0, 2: 1.8}, "size": 0.96},
    "k3_prep": {"subject": 7, "modes": {0: -1.0, 1: -2.0, 2: -1.8}, "size": 0.99},
}
NAMES = tuple(KNEES)
LEFT = "left_prep"


def parameters(number, subject, modes=None, size=1.0, **values):
    shape = [0.0] * len(phantom.SHAPE_MODES)
    for mode, deviation in (modes or {}).items():
        shape[mode] = deviation
    pose = {"rotation": (3 * number, -2 * number, 2), "translation": (2 * number, -number, 3)}
    return phantom.KneeParameters.reduced(SPACING, subject=subject, shape=tuple(shape), size=size, **{**pose, **values})


def test_the_mean_knee_is_the_mean_by_construction():
    for mode in range(3):
        assert sum(knee.get("modes", {}).get(mode, 0) for knee in KNEES.values()) == pytest.approx(0)
    assert sum(knee.get("size", 1.0) for knee in KNEES.values()) == pytest.approx(len(KNEES))


class DataSet:
    """The knees in their folder, and a cache that all tests share."""

    def __init__(self, folder):
        self.folder = folder
        self.cache = folder / "cache"
        images = folder / "findReference"
        left = {"subject": 3, "laterality": "left"}
        for number, (name, values) in enumerate({**KNEES, LEFT: left}.items()):
            phantom.write_knee(phantom.make_knee(parameters(number, **values)), images, name)
        self.parameters = self._hasty()

    def _hasty(self):
        """Parameter files with few iterations, which are enough for these knees."""
        own = self.folder / "parameters"
        own.mkdir()
        values = {"MaximumNumberOfIterations": 40, "NumberOfSpatialSamples": 1500, "NumberOfResolutions": 2}
        for name in read_parameter_files(Modality.NEW_SUBJECT):
            lines = (PARAMETER_FOLDER / name).read_text().splitlines()
            kept = [line for line in lines if not any(f"({key} " in line for key in values)]
            (own / name).write_text("\n".join([*kept, *(f"({key} {value})" for key, value in values.items())]))
        return own

    def list(self, name, seeds, members=NAMES):
        path = self.folder / name
        lines = ["./findReference", *(f"r {seed}.mha" for seed in seeds), *(f"m {member}.mha" for member in members)]
        path.write_text("\n".join(lines))
        return path

    def command(self, output, lists, *options, cache=None):
        return Command(self, output, lists, "--cache", str(cache or self.cache), *options)


class Command:
    """``knee-cartilage-seg find-reference`` in a process group of its own, as a terminal starts it."""

    def __init__(self, data, output, lists, *options):
        command = [sys.executable, "-m", "KneeCartilageSegLib", "find-reference", *map(str, lists)]
        command += ["--engine", "itk-elastix", "--threads", "1", "--progress", "json", "--out", str(output)]
        self.process = subprocess.Popen(
            [*command, "--parameters", str(data.parameters), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(LIBRARY), "TMPDIR": str(data.folder)},
        )
        self.events = []
        self.errors = ""
        self._threads = [threading.Thread(target=read) for read in (self._read_events, self._read_errors)]
        for thread in self._threads:
            thread.start()

    def _read_events(self):
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def _read_errors(self):
        self.errors = self.process.stderr.read()

    def of(self, kind):
        return [event for event in tuple(self.events) if event["event"] == kind]

    def await_events(self, kind, count):
        while self.process.poll() is None and len(self.of(kind)) < count:
            time.sleep(0.005)
        assert len(self.of(kind)) >= count, self.errors

    def end(self, timeout=150):
        status = self.process.wait(timeout)
        for thread in self._threads:
            thread.join(10)
        self.process.stdout.close()
        self.process.stderr.close()
        return status

    def registered(self):
        """The pairs that this command has registered."""
        return [(end["reference"], end["name"]) for end in self.of("registration_end") if not end["known"]]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return DataSet(tmp_path_factory.mktemp("knees"))


@pytest.fixture(scope="module")
def found(data):
    """The events of a search from all seeds."""
    output = data.folder / "all"
    command = data.command(output, [data.list("all.txt", NAMES)], "--jobs", "2")
    assert command.end() == 0, command.errors
    return command


def test_study_finds_the_most_average_knee_from_every_seed(found):
    studies = found.of("study_end")
    assert {study["seed"] for study in studies} == set(NAMES)
    assert {(study["ending"], study["recommended"]) for study in studies} == {("converged", MEAN)}
    (finish,) = found.of("search_end")
    assert (finish["recommended"], finish["agree"]) == (MEAN, True)


def test_the_mean_knee_is_closest_to_the_mean_whatever_the_reference(found):
    for event in found.of("iteration_end"):
        others = [distance for name, distance in event["distances"].items() if name != MEAN]
        assert event["distances"][MEAN] < min(others), event
        assert event["failed"] == {}


def test_every_pair_was_registered_once(found):
    registered = found.registered()
    assert sorted(registered) == sorted(set(registered))
    visited = {reference for study in found.of("study_end") for reference in study["references"]}
    assert set(registered) == {pair for pair in itertools.permutations(NAMES, 2) if pair[0] in visited}
    counts = found.of("search_end")[0]["registrations"]
    assert counts["distinct"] == counts["run"] == len(registered)
    assert counts["asked"] == sum(3 * len(study["references"]) for study in found.of("study_end")) > counts["distinct"]


def test_knee_of_the_other_side_is_compared_by_its_mirror_image(data, found, tmp_path):
    """It has the shape of the mean knee, mirrored."""
    path = data.list("both.txt", [MEAN], [*NAMES, LEFT])
    command = data.command(tmp_path, [path], "--max-iterations", "1")
    command.end()
    assert set(command.registered()) == {(MEAN, LEFT)}, command.errors  # the others are known
    evaluation = command.of("iteration_end")[0]
    assert evaluation["failed"] == {}
    right = [distance for name, distance in evaluation["distances"].items() if name not in (MEAN, LEFT)]
    assert evaluation["distances"][LEFT] < min(right)


def test_knee_of_the_other_side_is_left_out_and_named(data, found, tmp_path):
    path = data.list("left.txt", [MEAN], [*NAMES, LEFT])
    command = data.command(tmp_path, [path], "--side", "same")
    assert command.end() == 1, command.errors
    evaluation = command.of("iteration_end")[0]
    assert set(evaluation["failed"]) == {LEFT}
    assert "other side" in evaluation["failed"][LEFT]
    before = next(event for event in found.of("iteration_end") if event["reference"] == MEAN)
    assert evaluation["distances"] == pytest.approx(before["distances"])
    assert command.of("search_end")[0]["recommended"] == MEAN
    with open(tmp_path / "left_distances.csv") as file:
        assert [row["image"] for row in csv.DictReader(file) if row["status"] == "failed"] == [LEFT]


def hidden(folder):
    return sorted(path.name for path in folder.rglob(".*"))


def test_kill_9_and_the_same_command_again(data, found, tmp_path):
    """Nothing that was finished is registered again, and the result is that of an undisturbed run."""
    cache = tmp_path / "cache"
    lists = [data.list("kill.txt", [MEAN])]
    command = data.command(tmp_path / "out", lists, "--jobs", "2", cache=cache)
    command.await_events("registration_end", 1)
    command.process.kill()
    command.end()
    registered = command.registered()
    finished = len([path for path in cache.glob("*.json") if not path.name.startswith(".")])
    # Between the end of a registration and its event there is a moment.
    assert len(registered) <= finished <= len(registered) + 2
    assert not list((tmp_path / "out").glob("*.*"))
    last = data.command(tmp_path / "out", lists, "--jobs", "2", cache=cache)
    assert last.end() == 0, last.errors
    assert len(last.of("registration_end")) == len(last.registered()) + sum(
        end["known"] for end in last.of("registration_end")
    )
    assert sum(end["known"] for end in last.of("registration_end")) == finished
    assert not set(last.registered()) & set(registered)
    # Facts that were just being written may be left beside their place, hidden; nothing else.
    assert [name for name in hidden(tmp_path) if not name.endswith(".json")] == []
    expected = next(study for study in found.of("study_end") if study["seed"] == MEAN)
    same = last.of("study_end")[0]
    assert same["references"] == expected["references"]
    assert same["distance"] == pytest.approx(expected["distance"], abs=1e-6)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_interrupt_ends_soon_and_leaves_nothing(data, tmp_path, number):
    cache = tmp_path / "cache"
    command = data.command(tmp_path / "out", [data.list("stop.txt", ["k2_prep"])], "--jobs", "2", cache=cache)
    command.await_events("step", 4)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(command.process.pid, number)
    assert command.end() == 130, command.errors
    assert "Traceback" not in command.errors
    assert hidden(tmp_path) == []
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").glob("*.*"))
    assert command.of("finish") == []
