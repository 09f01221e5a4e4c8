"""Searching for a reference: lists, cache, failures, cancel, files and command line; registration is made up here."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.commandline import main
from KneeCartilageSegLib.commands import find_reference
from KneeCartilageSegLib.commands.reporting import PeopleReporter
from KneeCartilageSegLib.errors import Cancelled, EngineError, ImagesRefused, InputError
from KneeCartilageSegLib.files import checksum
from KneeCartilageSegLib.findreference import pairs as findreference
from KneeCartilageSegLib.findreference import results as findreference_files
from KneeCartilageSegLib.findreference.dataset import DataSet, Member, check_data_set, read_data_set
from KneeCartilageSegLib.findreference.femur import FemurMap, search_limits
from KneeCartilageSegLib.findreference.pairs import SearchSettings
from KneeCartilageSegLib.findreference.plot import plot_convergence
from KneeCartilageSegLib.findreference.results import DISTANCE_COLUMNS, place_reference
from KneeCartilageSegLib.findreference.search import Counts, Search
from KneeCartilageSegLib.findreference.study import Ending
from KneeCartilageSegLib.registration import references
from KneeCartilageSegLib.registration.fields import Field
from KneeCartilageSegLib.registration.parameterfiles import read_parameter_files
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.runs.events import RegistrationEnd
from tiny_study import gray_image, mask_image, snapshot, write_image, write_list

pytestmark = pytest.mark.usefixtures("quick_preparation")

NAMES = tuple(f"{letter}_prep" for letter in "abcde")
# In three ways of stretching, mm at one standard deviation; "a" is close to the mean.
SHAPES = {
    "a_prep": (0.1, 0, 0.1),
    "b_prep": (3, 0, 1),
    "c_prep": (-3, 1, 0),
    "d_prep": (0, 2, -2),
    "e_prep": (0, -3, 1),
}
GOOD = {"sharpness_aligned": 2.5, "sharpness_f": 3.5, "overlap_f": 0.97, "inside_f": 1.0, "folding_f": 0.0, "side": 0.7}


class FakeEngines:
    """Like an EngineChoice."""

    name, version, kind, executable = "fake elastix 1.2", "1.2", "elastix", None

    def __init__(self):
        self.started = self.closed = 0

    def start(self, threads):
        self.started += 1
        return FakeEngine(self)


class FakeEngine:
    name = FakeEngines.name

    def __init__(self, engines):
        self.engines = engines
        self.cancelled = threading.Event()

    def cancel(self):
        self.cancelled.set()

    def close(self):
        self.engines.closed += 1


class FakeRegistration:
    """Stands in for map_femur: knees are stretched boxes of points in different poses."""

    def __init__(self):
        self.calls = []
        self.names = {}  # by what is in the image
        self.shapes = dict(SHAPES)
        self.measurements = {}  # of a pair, which differ from good ones
        self.errors = {}  # that a pair raises
        self.blocking = False

    def know(self, image, name):
        self.names[_content(image)] = name

    def __call__(self, knee, femur, limits):
        pair = self.names[_content(knee.reference.image)], self.names[_content(knee.moving)]
        self.calls.append(pair)
        knee.progress("f_rigid")
        if self.blocking:
            knee.engine.cancelled.wait(120)
        if knee.engine.cancelled.is_set():
            raise Cancelled("cancelled")
        knee.progress("checks")
        if pair in self.errors:
            raise self.errors[pair]
        difference = np.subtract(self.shapes[pair[1]], self.shapes[pair[0]])
        axes = np.linspace(-1, 1, 5)
        points = np.stack(np.meshgrid(axes, axes, axes), axis=-1).reshape(-1, 3) * 40
        pose = sitk.Euler3DTransform((1, 2, 3), 0.1 * len(pair[1]), -0.2, 0.1, (5, 6, 7))
        mapped = np.array([pose.TransformPoint(p) for p in (points * (1 + difference / 40)).tolist()])
        return FemurMap(points, mapped, {**GOOD, **self.measurements.get(pair, {})})


def _content(image):
    return sitk.GetArrayFromImage(image).tobytes()


class Study:
    """A data set in the documented folder, with its list."""

    def __init__(self, folder, registration):
        self.folder = folder / "findReference"
        for seed, name in enumerate(NAMES):
            root = name[: -len("_prep")]
            registration.know(gray_image(seed), name)
            write_image(gray_image(seed), self.folder / f"{name}.mha")
            write_image(mask_image(), self.folder / f"{root}_f.mha")
            write_image(mask_image(first=8), self.folder / f"{root}_fc.mha")
        self.list = self.write("list.txt")
        self.output = folder / "referenceStudy"
        self.engines = FakeEngines()

    def write(self, name, seeds=("b_prep",), members=NAMES, *more):
        lines = ["./findReference", *(f"r {seed}.mha" for seed in seeds), *(f"m {member}.mha" for member in members)]
        return write_list(self.folder.parent / name, *lines, *more)

    def search(self, lists=None, progress=lambda event: None, **changes):
        data, checksums = read_data_set(lists or [self.list])
        parameters = read_parameter_files(Modality.NEW_SUBJECT)
        settings = SearchSettings(self.engines, parameters, search_limits(), self.output / "registrations")
        return Search(data, checksums, dataclasses.replace(settings, **changes), progress)

    def run(self, lists=None, **changes):
        search = self.search(lists, **changes)
        search.start()
        assert search.wait(120)
        return search


@pytest.fixture
def registration(monkeypatch):
    fake = FakeRegistration()
    monkeypatch.setattr(findreference, "map_femur", fake)
    return fake


@pytest.fixture
def study(tmp_path, registration):
    return Study(tmp_path, registration)


def problems_of(*lists, **options):
    with pytest.raises(InputError) as caught:
        read_data_set(lists, **options)
    return [
        (problem.file.name if problem.file else None, problem.line, problem.message)
        for problem in caught.value.problems
    ]


def expect_problem(found, name, line, words):
    assert any(entry[:2] == (name, line) and words in entry[2] for entry in found), found


# Lists


def test_documented_list_is_read(study):
    data, checksums = read_data_set([study.list])
    assert data.names == NAMES
    assert [seed.name for seed in data.seeds] == ["b_prep"]
    assert data.members[0].femur.name == "a_f.mha"
    assert data.members[0].cartilage.name == "a_fc.mha"
    assert set(checksums) == {path for member in data.members for path in (member.image, member.femur)}
    assert data.notes == ()


def test_other_spellings_are_understood(study):
    text = "\ufeff[1] ./findReference\r\n\r\n# the seed\r\n[2] R 'b_prep.mha'\r\n" + "".join(
        f"  M\t{name}.mha\r\n" for name in NAMES
    )
    study.list.write_bytes(text.encode("utf-8"))
    assert read_data_set([study.list])[0].names == NAMES


def test_mask_may_be_named_like_a_segmented_one_or_have_another_format(study):
    (study.folder / "a_f.mha").rename(study.folder / "a_prep_f.mha")
    sitk.WriteImage(mask_image(), str(study.folder / "b_f.nii.gz"))
    (study.folder / "b_f.mha").unlink()
    members = read_data_set([study.list])[0].members
    assert [member.femur.name for member in members[:2]] == ["a_prep_f.mha", "b_f.nii.gz"]


def test_several_lists_are_several_seeds_of_one_data_set(study):
    lists = [
        study.write(f"{seed}.txt", [f"{seed}_prep"], NAMES[::step]) for seed, step in (("b", 1), ("d", -1), ("a", 1))
    ]
    data, _ = read_data_set(lists)
    assert data.names == NAMES
    assert [seed.name for seed in data.seeds] == ["b_prep", "d_prep", "a_prep"]


def test_one_list_may_have_several_seeds(study):
    data, _ = read_data_set([study.write("two.txt", ["d_prep", "a_prep"])])
    assert [seed.name for seed in data.seeds] == ["d_prep", "a_prep"]


def test_seed_that_is_no_image_of_the_list_is_allowed_but_said(study):
    data, _ = read_data_set([study.write("other.txt", ["b_prep"], [name for name in NAMES if name != "b_prep"])])
    assert data.notes == ("the seed 'b_prep' is not among the m images: it cannot be recommended",)
    assert [seed.name for seed in data.seeds] == ["b_prep"]


def test_seeds_are_drawn_instead_of_those_of_the_list(study):
    data, _ = read_data_set([study.list], pick=3, seed=4)
    assert len({seed.name for seed in data.seeds}) == 3
    assert any("ignored" in note for note in data.notes)
    without = study.write("without.txt", [])
    assert read_data_set([without], pick=3, seed=4)[0].seeds == data.seeds
    reordered = study.write("reordered.txt", [], NAMES[::-1])
    assert read_data_set([reordered], pick=3, seed=4)[0].seeds == data.seeds


def test_all_problems_are_reported_at_once_with_their_lines(study):
    for name, content in (("empty", mask_image(value=0)), ("labels", mask_image()), ("grid", mask_image())):
        write_image(gray_image(len(name) + 20), study.folder / f"{name}_prep.mha")
        write_image(content, study.folder / f"{name}_f.mha")
    labels = sitk.GetArrayFromImage(mask_image())
    labels[6, 6, 6] = 7
    image = sitk.GetImageFromArray(labels)
    image.CopyInformation(mask_image())
    write_image(image, study.folder / "labels_f.mha")
    shifted = mask_image()
    shifted.SetOrigin((0, 0, 0))
    write_image(shifted, study.folder / "grid_f.mha")
    write_image(gray_image(30), study.folder / "bare_prep.mha")
    shutil.copy(study.folder / "a_prep.mha", study.folder / "copy_prep.mha")
    write_image(mask_image(), study.folder / "copy_f.mha")
    (study.folder / "broken_prep.mha").write_bytes((study.folder / "a_prep.mha").read_bytes()[:900])
    write_image(mask_image(), study.folder / "broken_f.mha")
    members = [
        *NAMES,
        "missing_prep",
        "empty_prep",
        "labels_prep",
        "grid_prep",
        "bare_prep",
        "copy_prep",
        "broken_prep",
        "a_prep",
    ]
    path = study.write("bad.txt", ["gone_prep"], members, "x what.mha")
    found = problems_of(path)
    expected = {
        2: "'gone_prep.mha' is not in",
        8: "'missing_prep.mha' is not in",
        9: "is an empty mask",
        10: "holds several values",
        11: "is not on the grid of its image",
        12: "femur mask of 'bare_prep.mha' is missing: there is no 'bare_f.mha' or 'bare_prep_f.mha'",
        13: "'copy_prep.mha' has the same content as 'a_prep.mha'",
        14: "cannot be read as an image",
        15: "'a_prep.mha' is listed twice",
        16: "unknown letter 'x'",
    }
    for line, words in expected.items():
        expect_problem(found, "bad.txt", line, words)
    assert len(found) == len(expected), found
    assert [entry[1] for entry in found] == sorted(entry[1] for entry in found)


def test_lists_of_different_data_sets_are_refused(study):
    other = study.write("other.txt", ["d_prep"], NAMES[:-1])
    found = problems_of(study.list, other)
    expect_problem(found, "other.txt", None, "'e_prep.mha' of 'list.txt' is missing")
    found = problems_of(other, study.list)
    expect_problem(found, "list.txt", 7, "'e_prep.mha' is not an image of 'other.txt'")


def test_a_seed_is_named_once(study):
    found = problems_of(study.list, study.write("again.txt"))
    expect_problem(found, "again.txt", 2, "'b_prep.mha' is already named in another list")
    found = problems_of(study.write("twice.txt", ["b_prep", "b_prep"]))
    expect_problem(found, "twice.txt", 3, "listed twice")


def test_list_without_a_seed(study):
    expect_problem(problems_of(study.write("none.txt", [])), "none.txt", None, "names no seed")


def test_fewer_than_three_images(study):
    expect_problem(problems_of(study.write("two.txt", ["a_prep"], NAMES[:2])), "two.txt", None, "has 2 images")


def test_more_seeds_than_images(study):
    expect_problem(problems_of(study.list, pick=6), None, None, "6 seeds cannot be drawn from 5")


def test_images_of_one_name_in_two_folders(study):
    write_image(gray_image(40), study.folder / "sub" / "a_prep.mha")
    write_image(mask_image(), study.folder / "sub" / "a_f.mha")
    found = problems_of(study.write("same.txt", ["b_prep"], [*NAMES, "sub/a_prep"]))
    expect_problem(found, "same.txt", 8, "have the same name")


@pytest.mark.parametrize(
    "text", ["", "./nowhere\nr a.mha\nm a.mha\nm b.mha\nm c.mha\n", "r a_prep.mha\nm a_prep.mha\n"]
)
def test_hopeless_lists(study, text):
    study.list.write_text(text)
    assert problems_of(study.list)


def test_data_set_of_a_script_is_checked(study):
    members = tuple(Member(study.folder / f"{n}.mha", study.folder / f"{n[0]}_f.mha") for n in NAMES)
    assert len(check_data_set(DataSet(members, members[:1]))) == 10
    with pytest.raises(InputError, match=r"2 images(.|\n)*no seed"):
        check_data_set(DataSet(members[:2], ()))


# Searching


def test_search_finds_the_most_average_knee_from_every_seed(study, registration):
    lists = [study.write(f"{name}.txt", [name]) for name in NAMES]
    search = study.run(lists, jobs=2)
    assert [result.seed for result in search.studies] == list(NAMES)
    assert {result.recommended for result in search.studies} == {"a_prep"}
    assert {result.ending for result in search.studies} == {Ending.CONVERGED}
    assert search.conclusion.agree
    center = np.mean(list(SHAPES.values()), axis=0)
    spread = 40 * np.sqrt(np.mean(np.linspace(-1, 1, 5) ** 2)) / 40  # mm at the points for 1 mm of stretch
    for result in search.studies:
        for evaluation in result.evaluations:
            expected = {name: spread * np.linalg.norm(shape - center) for name, shape in SHAPES.items()}
            assert evaluation.distances == pytest.approx(expected, abs=1e-3)  # single precision, and poses
    assert study.engines.started == study.engines.closed


def test_each_pair_is_registered_once_for_all_seeds(study, registration):
    lists = [study.write(f"{name}.txt", [name]) for name in NAMES]
    search = study.run(lists)
    assert len(registration.calls) == len(set(registration.calls)) == 20
    assert search.counts == Counts(36, 20, 20, 0, 0, search.counts.seconds)  # 4 seeds need 2 references


def test_nothing_is_registered_again(study, registration):
    study.run()
    first = snapshot(study.output)
    registration.calls.clear()
    search = study.run([study.write("c.txt", ["c_prep"])])
    assert {reference for reference, _ in registration.calls} == {"c_prep"}  # "a" is known
    assert (search.counts.run, search.counts.known) == (4, 4)
    registration.calls.clear()
    engines = study.engines.started
    again = study.run(field=Field.SHAPE)
    assert registration.calls == []
    assert study.engines.started == engines
    assert (again.counts.run, again.counts.known) == (0, 8)
    assert first.items() <= snapshot(study.output).items() | {("registrations", first["registrations"])}


def touch_image(study):
    write_image(gray_image(99), study.folder / "e_prep.mha")
    return {}


def touch_mask(study):
    write_image(mask_image(first=5), study.folder / "e_f.mha")
    return {}


def other_version(study):
    study.engines.version = "1.3"
    return {}


def other_parameters(study):
    parameters = read_parameter_files(Modality.NEW_SUBJECT)
    return {"parameters": {name: {**own, "NumberOfResolutions": ("2",)} for name, own in parameters.items()}}


def only_cartilage_parameters(study):
    parameters = read_parameter_files(Modality.NEW_SUBJECT)
    return {"parameters": {**parameters, "cartilage_bspline.txt": {"Transform": ("None",)}}}


@pytest.mark.parametrize(
    ("change", "repeated"),
    [(touch_image, 2), (touch_mask, 2), (other_version, 8), (other_parameters, 8), (only_cartilage_parameters, 0)],
)
def test_what_a_registration_depends_on(study, registration, change, repeated):
    registration.know(gray_image(99), "e_prep")
    study.run()
    registration.calls.clear()
    search = study.run(**change(study))
    assert len(registration.calls) == repeated
    assert search.counts.known == 8 - repeated


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: os.truncate(path, 100)])
@pytest.mark.parametrize("extension", ["json", "npy"])
def test_damaged_registrations_are_done_again(study, registration, damage, extension):
    study.run()
    damage(sorted((study.output / "registrations").glob(f"*.{extension}"))[3])
    registration.calls.clear()
    assert study.run().conclusion.recommended == "a_prep"
    assert len(registration.calls) == 1


def test_registrations_take_little_space(study):
    study.run()
    names = [path.name for path in (study.output / "registrations").iterdir()]
    assert len(names) == 16
    assert not [name for name in names if name.startswith(".")]


def test_failed_registrations_are_left_out_named_and_known(study, registration):
    bad = [("b_prep", "c_prep"), ("a_prep", "c_prep")]
    registration.measurements.update(dict.fromkeys(bad, {"side": 1.4}))
    for _ in range(2):
        search = study.run()
        evaluations = search.studies[0].evaluations
        assert [set(evaluation.failed) for evaluation in evaluations] == [{"c_prep"}] * len(evaluations)
        assert "other side" in evaluations[0].failed["c_prep"]
        assert search.counts.failed == len(evaluations)
    assert len(registration.calls) == len(set(registration.calls))


def test_other_limits_give_another_verdict_without_a_registration(study, registration):
    study.run()
    registration.calls.clear()
    strict = search_limits().with_failed({"sharpness_f": (9, np.inf)})
    search = study.run(limits=strict)
    assert registration.calls == []
    assert search.studies[0].ending is Ending.FAILED
    assert search.conclusion.recommended is None


def test_doubts_are_told(study, registration):
    registration.measurements["b_prep", "d_prep"] = {"overlap_f": 0.85}
    evaluation = study.run().studies[0].evaluations[0]
    assert "femur on femur 0.85" in evaluation.doubts["d_prep"]
    assert "d_prep" in evaluation.distances


def test_images_that_elastix_refuses_are_not_tried_again(study, registration):
    registration.errors["b_prep", "c_prep"] = ImagesRefused("elastix says: too many samples map outside")
    failed = study.run().studies[0].evaluations[0].failed
    assert {name: text[:12] for name, text in failed.items()} == {"c_prep": "elastix says"}
    registration.calls.clear()
    registration.errors.clear()
    assert set(study.run().studies[0].evaluations[0].failed) == {"c_prep"}
    assert registration.calls == []


def test_an_input_that_changes_after_its_check_ends_the_study(study, registration):
    """What is registered is kept under the checksums of the check: of another image it must not be."""
    search = study.search()
    original = (study.folder / "c_prep.mha").read_bytes()
    write_image(gray_image(5), study.folder / "c_prep.mha")
    search.start()
    assert search.wait(120)
    assert "c_prep.mha' has changed since it was checked" in search.studies[0].sentence
    (study.folder / "c_prep.mha").write_bytes(original)
    registration.calls.clear()
    assert study.run().conclusion.recommended == "a_prep"
    assert ("b_prep", "c_prep") in registration.calls


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space left"), MemoryError(), ValueError("a bug"), EngineError("elastix: exit code -9")],
)
def test_trouble_with_the_computer_ends_a_study_instead_of_changing_it(study, registration, error, caplog):
    registration.errors["b_prep", "c_prep"] = error
    search = study.run([study.list, study.write("d.txt", ["d_prep"])])
    first, second = search.studies
    assert (first.ending, first.recommended) == (Ending.FAILED, None)
    assert "'c_prep' to 'b_prep'" in first.sentence
    assert second.recommended == "a_prep"  # needs no registration to "b"
    registration.errors.clear()
    registration.calls.clear()
    assert study.run().conclusion.recommended == "a_prep"
    assert registration.calls == [("b_prep", "c_prep")]


def test_seed_outside_the_data_set(study, registration):
    outside = study.write("out.txt", ["b_prep"], [name for name in NAMES if name != "b_prep"])
    search = study.run([outside])
    assert search.studies[0].references[0] == "b_prep"
    assert "b_prep" not in search.studies[0].evaluations[0].distances
    assert search.counts.asked == 4 + 3 * (len(search.studies[0].references) - 1)


def test_cancel_ends_soon_and_keeps_what_is_finished(study, registration):
    ended = threading.Event()

    def block(event):
        if isinstance(event, RegistrationEnd):
            registration.blocking = True
            ended.set()

    search = study.search(progress=block)
    search.start()
    assert ended.wait(120)
    time.sleep(0.1)
    search.cancel()
    assert search.wait(120)
    assert search.studies[0].ending is Ending.CANCELLED
    assert search.conclusion.recommended is None
    assert len(list((study.output / "registrations").glob("*.json"))) == 1
    assert not list((study.output / "registrations").glob(".*"))
    registration.blocking = False
    registration.calls.clear()
    assert study.run().counts.known == 1


def test_knees_are_registered_without_their_bias_which_is_found_once(study, registration, monkeypatch):
    for module in (findreference, references):
        monkeypatch.setattr(module, "even", lambda image: image + 1000)
    registration.names.clear()
    for seed, name in enumerate(NAMES):
        registration.know(gray_image(seed) + 1000, name)
    assert study.run().conclusion.recommended == "a_prep"


def test_two_searches_at_once_share_the_work(study, registration):
    searches = [study.search(jobs=2), study.search([study.write("c.txt", ["c_prep"])], jobs=2)]
    for search in searches:
        search.start()
    assert all(search.wait(120) for search in searches)
    assert all(search.conclusion.recommended == "a_prep" for search in searches)
    assert len(registration.calls) == len(set(registration.calls)) == 12


def test_working_files_of_the_references_are_deleted(study, monkeypatch, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    study.run()
    assert list(scratch.iterdir()) == []


# The command


@pytest.fixture
def command(study, monkeypatch):
    monkeypatch.setattr(find_reference, "find_engine", lambda *_: study.engines)

    def run(*arguments):
        return main(["find-reference", *map(str, arguments)])

    return run


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def test_command_writes_table_record_and_plot(study, command, capsys):
    assert command(study.list, study.write("d.txt", ["d_prep"])) == 0
    table = rows(study.output / "list_distances.csv")
    assert tuple(table[0]) == DISTANCE_COLUMNS
    assert len(table) == 4 * 5  # two references for each seed
    assert {row["seed"] for row in table} == {"b_prep", "d_prep"}
    first = [row for row in table if (row["seed"], row["iteration"]) == ("b_prep", "1")]
    assert [row["image"] for row in first if row["is_reference"] == "1"] == ["b_prep"]
    nearest = min(first, key=lambda row: float(row["distance_mm"]))
    assert [row["image"] for row in first if row["nearest"] == "1"] == [nearest["image"]] == ["a_prep"]
    record = json.loads((study.output / "list_reference.json").read_text())
    assert (record["recommended"], record["agree"], record["field"]) == ("a_prep", True, "size-and-shape")
    assert record["registrations"]["asked"] == 16
    assert record["registrations"]["distinct"] == 12
    assert record["inputs"]["a_prep"]["image"]["sha256"] == checksum(study.folder / "a_prep.mha")
    assert record["engine"] == "fake elastix 1.2"
    assert set(record["parameters"]) == {"rigid.txt", "similarity.txt", "femur_bspline.txt"}
    assert [one["references"] for one in record["studies"]] == [["b_prep", "a_prep"], ["d_prep", "a_prep"]]
    own = record["studies"][0]["iterations"][1]
    assert own["distance"] == own["distances"]["a_prep"] == record["studies"][0]["distance"]
    assert float(next(r["distance_mm"] for r in table if r["reference"] == r["image"] == "a_prep")) == own["distance"]
    width, height = sitk.ReadImage(str(study.output / "list_convergence.png")).GetSize()
    assert min(width, height) > 500
    printed = capsys.readouterr()
    assert printed.out.splitlines()[0].startswith("Use 'a_prep' as reference: ")
    assert "all 2 seeds led to it" in printed.out
    assert "12 registrations served 16" in printed.out
    assert "seed b_prep, iteration 1: reference b_prep" in printed.err
    assert sorted(path.name for path in study.output.iterdir()) == [
        "list_convergence.png",
        "list_distances.csv",
        "list_reference.json",
        "registrations",
    ]


@pytest.mark.skipif(os.name != "posix", reason="asks for processes by number")
def test_what_killed_processes_have_left_is_cleared(study, command, ended_process):
    left = [folder / f".tmp-{ended_process}-0.json" for folder in (study.output, study.output / "registrations")]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{")
        os.utime(path, (1, 1))
    assert command(study.list) == 0
    assert not any(path.exists() for path in left)


def test_plot_has_a_line_for_each_seed_and_a_name_at_each_point(study):
    search = study.run([study.list, study.write("d.txt", ["d_prep"])])
    axes = plot_convergence(search.studies, "a_prep").axes[0]
    lines = {line.get_label(): line.get_xydata().tolist() for line in axes.get_lines()}
    assert len(lines) == 2
    for result in search.studies:
        expected = [[number, one.distance] for number, one in enumerate(result.evaluations, start=1)]
        assert expected in list(lines.values())
    assert sorted(text.get_text() for text in axes.texts) == ["a", "b", "d"]
    assert "mm" in axes.get_ylabel()


def test_progress_for_programs(study, command, capsys):
    assert command(study.list, "--progress", "json", "--jobs", "1") == 0
    printed = capsys.readouterr()
    events = [json.loads(line) for line in printed.out.splitlines()]
    assert [event["done"] for event in events[:5]] == [1, 2, 3, 4, 5]
    assert events[5] == {"event": "search_start", "names": list(NAMES), "seeds": ["b_prep"], "max_iterations": 10}
    assert events[6] == {"event": "reference_start", "reference": "b_prep", "registrations": 4}
    assert events[7] == {"event": "step", "name": "a_prep", "step": "reading", "fraction": 0.0, "reference": "b_prep"}
    ends = [event for event in events if event["event"] == "registration_end"]
    assert [event["status"] for event in ends] == ["registered"] * 8
    iterations = [event for event in events if event["event"] == "iteration_end"]
    assert [(one["iteration"], one["reference"], one["nearest"]) for one in iterations] == [
        (1, "b_prep", "a_prep"),
        (2, "a_prep", "a_prep"),
    ]
    assert set(iterations[0]["distances"]) == set(NAMES)
    concluded = next(event for event in events if event["event"] == "study_end")
    assert (concluded["ending"], concluded["recommended"]) == ("converged", "a_prep")
    finish = events[-2]
    assert (finish["event"], finish["recommended"], finish["agree"]) == ("search_end", "a_prep", True)
    assert events[-1]["event"] == "finish"
    assert (finish["image"], finish["cartilage"]) == tuple(str(study.folder / n) for n in ("a_prep.mha", "a_fc.mha"))
    assert all(Path(path).is_file() for path in finish["files"].values())
    assert finish["registrations"]["run"] == 8


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_shows_what_is_going_on(study, command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "70")
    terminal = Terminal()
    monkeypatch.setitem(find_reference.REPORTERS, "bars", lambda: PeopleReporter(terminal))
    assert command(study.list, "--jobs", "1") == 0
    drawn = [line.split("\n")[-1] for line in terminal.getvalue().split("\r\033[K")]
    bars = [line for line in drawn if line.startswith("[")]
    assert max(map(len, bars)) < 70
    assert any("a_prep to b_prep: f_rigid" in line for line in bars)
    assert any("4/4" in line for line in bars)
    assert any("5/8" in line for line in bars)  # the second reference


def test_problems_for_programs(study, command, capsys):
    bad = study.write("bad.txt", ["b_prep"], [*NAMES, "gone"])
    assert command(bad, "--progress", "json") == 2
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    problem = next(event for event in events if event["event"] == "problem_found")
    assert (problem["file"], problem["line"]) == (str(bad), 8)
    assert not study.output.exists()


def test_check_only_checks(study, command, capsys, registration):
    assert command(study.list, "--check") == 0
    assert "5 images are usable" in capsys.readouterr().out
    assert registration.calls == []
    assert not study.output.exists()


def test_a_knee_that_is_left_out_is_named_and_makes_the_status_1(study, command, capsys, registration):
    registration.measurements.update({(name, "c_prep"): {"side": 1.4} for name in NAMES})
    assert command(study.list) == 1
    printed = capsys.readouterr()
    assert printed.out.startswith("Use '")
    assert "c_prep to b_prep: failed, left out" in printed.err
    assert "other side" in printed.err
    failed = [row for row in rows(study.output / "list_distances.csv") if row["status"] == "failed"]
    assert {(row["image"], row["distance_mm"]) for row in failed} == {("c_prep", "")}
    assert all("other side" in row["flags"] for row in failed)


def test_limits_can_be_set(study, command, registration, capsys):
    assert command(study.list, "--limit", "sharpness_f=9:") == 1
    assert capsys.readouterr().out.startswith("No reference can be recommended")
    assert command(study.list, "--limit", "volume_fc=9:") == 2
    assert "no measurement 'volume_fc'" in capsys.readouterr().err


def test_out_cache_iterations_and_field(study, command, tmp_path):
    out, cache = tmp_path / "x" / "out", tmp_path / "cache"
    assert command(study.list, "--out", out, "--cache", cache, "--max-iterations", 1, "--field", "shape") == 0
    record = json.loads((out / "list_reference.json").read_text())
    assert (record["studies"][0]["ending"], record["field"]) == ("stopped", "shape")
    assert len(list(cache.glob("*.npy"))) == 4
    assert not (out / "registrations").exists()
    assert not study.output.exists()


def test_without_matplotlib_there_is_no_plot(study, command, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert command(study.list) == 0
    assert not (study.output / "list_convergence.png").exists()
    assert (study.output / "list_reference.json").exists()


def test_inputs_are_not_touched(study, command, tmp_path):
    before = snapshot(study.folder)
    command(study.list, "--copy-to", tmp_path / "reference")
    assert snapshot(study.folder) == before


def test_a_cancelled_search_leaves_an_old_result_alone(study, command, monkeypatch, capsys):
    assert command(study.list, "--max-iterations", 1) == 0
    before = snapshot(study.output)

    def cancelled(search):
        search.cancel()
        return True

    monkeypatch.setattr(find_reference, "wait_or_cancel", cancelled)
    assert command(study.list) == 130
    assert "the same command goes on from here" in capsys.readouterr().err
    after = snapshot(study.output)
    assert {name: after[name] for name in before if "registrations" not in name} == {
        name: state for name, state in before.items() if "registrations" not in name
    }


# The reference in its place


def test_reference_is_placed_for_segmentation(study, command, tmp_path, capsys):
    target = tmp_path / "reference" / "newsubject"
    assert command(study.list, "--copy-to", target) == 0
    copies = {"reference.mha": "a_prep.mha", "reference_f.mha": "a_f.mha", "reference_fc.mha": "a_fc.mha"}
    assert {path.name for path in target.iterdir()} == set(copies)
    for name, source in copies.items():
        assert (target / name).read_bytes() == (study.folder / source).read_bytes()
    assert f"placed in '{target}'" in capsys.readouterr().err
    before = snapshot(target)
    assert command(study.list, "--copy-to", target) == 0  # the same again
    assert snapshot(target).keys() == before.keys()


def test_missing_cartilage_mask_is_said(study, command, tmp_path, capsys):
    (study.folder / "a_fc.mha").unlink()
    assert command(study.list, "--copy-to", tmp_path / "reference") == 0
    assert "no cartilage mask" in capsys.readouterr().err
    assert not (tmp_path / "reference" / "reference_fc.mha").exists()


def test_other_reference_is_not_replaced_unasked(study, command, tmp_path, capsys, registration):
    target = tmp_path / "reference"
    write_image(gray_image(77), target / "reference.mha")
    write_image(mask_image(), target / "reference_fc.mha")
    (study.folder / "a_fc.mha").unlink()
    before = snapshot(target)
    assert command(study.list, "--copy-to", target) == 2
    assert "reference.mha' belongs to another reference" in capsys.readouterr().err
    assert registration.calls == []
    assert snapshot(target) == before
    assert command(study.list, "--copy-to", target, "--force") == 0
    assert (target / "reference.mha").read_bytes() == (study.folder / "a_prep.mha").read_bytes()
    assert not (target / "reference_fc.mha").exists()  # it was the other reference's


def test_another_member_that_was_placed_before_is_not_replaced_unasked(study, command, tmp_path, capsys):
    target = tmp_path / "reference"
    place_reference(read_data_set([study.list])[0].members[3], target)
    before = snapshot(target)
    assert command(study.list, "--copy-to", target) == 1
    assert "holds another reference" in capsys.readouterr().err
    assert {**snapshot(target)} == before
    assert (study.output / "list_reference.json").exists()


def test_placing_never_touches_the_data_set(study, command, tmp_path, capsys):
    """Neither through a link nor where a member has the reference's name."""
    target = tmp_path / "reference"
    target.mkdir()
    (target / "reference.mha").symlink_to(study.folder / "d_prep.mha")
    before = snapshot(study.folder)
    assert command(study.list, "--copy-to", target, "--force") == 0
    assert snapshot(study.folder) == before
    assert not (target / "reference.mha").is_symlink()
    shutil.copy(study.folder / "e_prep.mha", study.folder / "reference.mha")
    shutil.copy(study.folder / "e_f.mha", study.folder / "reference_f.mha")
    (study.folder / "e_prep.mha").unlink()
    names = ["reference", *(name for name in NAMES if name != "e_prep")]
    before = snapshot(study.folder)
    assert command(study.write("own.txt", ["b_prep"], names), "--copy-to", study.folder, "--force") == 1
    assert "is an image or mask of the data set" in capsys.readouterr().err
    assert snapshot(study.folder) == before


def test_a_damaged_cartilage_mask_is_reported_before_the_study(study, command, tmp_path, registration, capsys):
    (study.folder / "a_fc.mha").write_bytes(b"no image")
    assert command(study.list, "--copy-to", tmp_path / "reference") == 2
    assert "a_fc.mha" in capsys.readouterr().err
    assert registration.calls == []


def test_an_interrupted_replacement_leaves_no_mixed_reference(study, tmp_path, monkeypatch):
    members = read_data_set([study.list])[0].members
    target = tmp_path / "reference"
    place_reference(members[3], target)
    moves = []

    def fails_at_second(path, final):
        moves.append(final)
        if len(moves) == 2:
            raise OSError(28, "No space left on device")
        shutil.move(path, final)

    monkeypatch.setattr(findreference_files, "move_into_place", fails_at_second)
    with pytest.raises(OSError, match="No space left"):
        place_reference(members[0], target, force=True)
    assert not (target / "reference.mha").exists()


def test_formats_with_voxels_in_another_file_are_refused(study):
    """Their checksum would not tell when voxels change."""
    image = sitk.ReadImage(str(study.folder / "e_prep.mha"))
    (study.folder / "e_prep.mha").unlink()
    sitk.WriteImage(image, str(study.folder / "e_prep.mhd"))
    list_file = study.folder.parent / "mhd.txt"
    list_file.write_text(study.list.read_text().replace("e_prep.mha", "e_prep.mhd"))
    assert any("cannot be used" in message for _, _, message in problems_of(list_file))


def test_reference_in_another_format_is_converted(study, tmp_path):
    sitk.WriteImage(gray_image(0), str(study.folder / "z_prep.nii.gz"))
    member = Member(study.folder / "z_prep.nii.gz", study.folder / "a_f.mha")
    place_reference(member, tmp_path / "reference")
    placed = sitk.ReadImage(str(tmp_path / "reference" / "reference.mha"))
    assert _content(placed) == _content(gray_image(0))
    assert placed.GetSpacing() == pytest.approx(gray_image(0).GetSpacing())
    place_reference(member, tmp_path / "reference")


def test_a_full_disk_places_nothing(study, tmp_path, monkeypatch):
    member = read_data_set([study.list])[0].members[0]

    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        place_reference(member, tmp_path / "reference")
    assert list((tmp_path / "reference").iterdir()) == []


# pick-seeds


def test_pick_seeds_prints_and_writes_lists(study, tmp_path, capsys):
    folder = tmp_path / "lists"
    folder.mkdir()
    arguments = ["pick-seeds", str(study.list), "--pick", "3", "--seed", "4"]
    assert main([*arguments, "--lists", str(folder)]) == 0
    names = capsys.readouterr().out.split()
    lists = sorted(folder.iterdir())
    assert [path.name for path in lists] == ["list_1.txt", "list_2.txt", "list_3.txt"]
    data, _ = read_data_set(lists)
    assert [f"{seed.name}.mha" for seed in data.seeds] == names
    assert data.names == NAMES
    assert data.seeds == read_data_set([study.list], pick=3, seed=4)[0].seeds
    assert main([*arguments, "--lists", str(folder)]) == 2  # they exist
    assert main(["pick-seeds", str(study.list), "--pick", "6"]) == 2
