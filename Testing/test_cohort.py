"""A few knees on a local cluster with kills: the short version of Testing/cohort."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cohort.commandline import disturbed_run
from cohort.knees import make_cohort
from cohort.nodes import local_nodes
from cohort.running import faults, follow, start
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.elastix.package import package_is_installed
from KneeCartilageSegLib.lists.imagelist import write_image_list

pytest.importorskip("distributed")

pytestmark = [
    pytest.mark.skipif(not package_is_installed(), reason="itk-elastix is not installed"),
    pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does"),
    pytest.mark.timeout(1200),  # real registrations in three processes at once, on a machine that may be busy
]

KNEES = 4
LIBRARY = Path(phantom.__file__).parents[2]


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return make_cohort(tmp_path_factory.mktemp("cohort"), KNEES, spacing=4.0)


@pytest.fixture(scope="module")
def nodes():
    with local_nodes(2) as local:
        yield local


@pytest.fixture(scope="module")
def alone(cohort):
    """What one knee at a time gives."""
    output = cohort.list_file.parent / "alone"
    result = follow(start(cohort, output, ["--jobs", "1"]), cohort, output)
    assert faults(cohort, output, result) == []
    assert "segmented" in {row["status"] for row in result.rows.values()}
    return result


def test_a_cluster_with_kills_loses_nothing_and_gives_the_same_masks(cohort, nodes, alone):
    output = cohort.list_file.parent / "disturbed"
    result = disturbed_run(cohort, output, nodes, every=2)
    assert faults(cohort, output, result) == []
    assert result.exit_status == alone.exit_status
    assert set(result.rows) == set(cohort.names)
    assert result.masks == alone.masks


def test_eight_at_once_give_the_same_masks(cohort, alone):
    output = cohort.list_file.parent / "eight"
    result = follow(start(cohort, output, ["--jobs", "8"]), cohort, output)
    assert faults(cohort, output, result) == []
    assert result.masks == alone.masks


def test_runs_of_their_own_in_one_folder_give_the_same_masks(cohort, alone):
    output = cohort.list_file.parent / "shared"
    processes = [start(cohort, output, ["--jobs", "1"]) for _ in range(3)]
    results = [follow(process, cohort, output) for process in processes]
    assert [result.exit_status for result in results] == [alone.exit_status] * 3
    assert faults(cohort, output, results[-1]) == []
    assert results[-1].masks == alone.masks


def find_reference(cohort, output, *options):
    """What find-reference prints, and its table of distances."""
    path = cohort.list_file.parent / "data_set.txt"
    members = [f"{name}.mha" for name in cohort.names[:3]]
    write_image_list(path, ["./preprocessed"], [("r", members[0]), *(("m", member) for member in members)])
    command = [sys.executable, "-m", "KneeCartilageSegLib", "find-reference", str(path), "--out", str(output)]
    command += ["--parameters", str(cohort.parameters), "--engine", "itk-elastix", "--threads", "1", *options]
    environment = {**os.environ, "PYTHONPATH": str(LIBRARY)}
    answer = subprocess.run(command, capture_output=True, text=True, env=environment)
    with open(output / "data_set_distances.csv", newline="") as file:
        return answer.stdout.splitlines()[:2], list(csv.reader(file))


def test_a_search_for_the_reference_is_the_same_on_the_cluster(cohort, nodes):
    folder = cohort.list_file.parent
    there = find_reference(cohort, folder / "found_there", "--scheduler", nodes.scheduler_address)
    here = find_reference(cohort, folder / "found_here", "--jobs", "1")
    assert there == here
    assert len(here[1]) > 3
