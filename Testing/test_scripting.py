"""The library's face for scripts, and the README's example of it; with a stand-in for elastix."""

from __future__ import annotations

import argparse
import inspect
import os
import re
import subprocess
import sys
import threading
import types
from pathlib import Path

import KneeCartilageSegLib
import KneeCartilageSegLib.commands.find_reference as find_reference_command
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib import (
    InputError,
    change_list,
    compare_list,
    find_reference,
    measure_cartilage,
    phantom,
    scripting,
    segment_images,
    segment_list,
)
from KneeCartilageSegLib.commands import change, measure, quality, segment
from KneeCartilageSegLib.elastix.parameters import write_parameters
from KneeCartilageSegLib.runs.events import CaseEnd, Checking, PairEnd, RegistrationEnd, Step
from KneeCartilageSegLib.runs.executor import THREAD_NAME
from KneeCartilageSegLib.segmentation import study_files
from tiny_study import write_list

KNEES, DATA_SET = "image_list_newsubject.txt", "image_list_findReference.txt"
ROOT = Path(__file__).resolve().parent.parent


class Identity:
    """An elastix that finds all knees in the right place, which they are here; and the choice of it."""

    name, version, kind, executable = "identity 1", "1", "elastix", None

    def start(self, threads):
        return self

    def register(self, registration):
        registration.log_file.write_text("nothing to do\n")
        write_parameters(
            registration.transform_file,
            {
                "Transform": ("TranslationTransform",),
                "NumberOfParameters": ("3",),
                "TransformParameters": ("0", "0", "0"),
            },
        )
        return registration.transform_file

    def cancel(self):
        pass

    def close(self):
        pass


@pytest.fixture(scope="module")
def knees():
    """Scans of one knee with other noise, so that its masks fit all of them."""
    parameters = phantom.KneeParameters.reduced(2.0, subject=1)
    return [phantom.make_knee(parameters.changed(acquisition=number)) for number in range(4)]


@pytest.fixture
def study(knees, tmp_path, monkeypatch, quick_preparation):
    """The lists of the README in the current folder."""

    def write(folder, name, knee, image=True):
        folder.mkdir(parents=True, exist_ok=True)
        masks = {
            f"{name.replace('_prep', '')}_f": knee.femur,
            f"{name.replace('_prep', '')}_fc": knee.femoral_cartilage,
        }
        for root, content in {**({name: knee.image} if image else {}), **masks}.items():
            sitk.WriteImage(content, str(folder / f"{root}.mha"))

    write(tmp_path / "reference", "reference", knees[0])
    for number, knee in enumerate(knees[1:], start=1):
        write(tmp_path / "findReference", f"k{number}_prep", knee)
        write(tmp_path / "truth", f"k{number}", knee, image=False)
        (tmp_path / "preprocessed").mkdir(exist_ok=True)
        sitk.WriteImage(knee.image, str(tmp_path / "preprocessed" / f"k{number}.mha"))
    names = ["k1", "k2", "k3"]
    write_list(
        tmp_path / "image_list_findReference.txt", "findReference", "r k1_prep.mha", *(f"m {n}_prep.mha" for n in names)
    )
    write_list(
        tmp_path / "image_list_newsubject.txt",
        "reference",
        "preprocessed",
        "r reference.mha",
        *(f"m {n}.mha" for n in names),
    )
    pairs = [line for n in names for line in (f"s {n}_fc.mha", f"g {n}_fc.mha")]
    write_list(tmp_path / "image_list_quality.txt", "segmented", "truth", *pairs)
    monkeypatch.setattr(scripting, "find_engine", lambda *_: Identity())
    monkeypatch.setattr(study_files, "can_draw", lambda: False)  # a process for each picture takes seconds
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_example_of_the_documentation_runs(study, capsys):
    text = (ROOT / "Documentation" / "reference" / "python.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"# Python\n\n```python\n(.*?)```", text, re.DOTALL)
    exec(compile(code, "python.md", "exec"), {})
    printed = capsys.readouterr().out
    assert re.search(r"Use as reference: k\d_prep\n", printed)
    assert all(f"\nk{number} segmented \n" in printed for number in (1, 2, 3))
    assert "Step(name='k1', step='f_rigid'" in printed
    table = printed[printed.index("subjects") :].splitlines()[1:]
    assert [line.split()[1] for line in table] == ["k1_fc", "k2_fc", "k3_fc"]
    assert all(float(line.split()[2]) > 0.9 for line in table)


def test_results_of_a_segmentation(study):
    heard = []
    results = segment_list(KNEES, "newsubject", jobs=2, progress=heard.append)
    assert results.good
    assert [outcome.case.name for outcome in results] == ["k1", "k2", "k3"]
    assert all(path.parent == study / "segmented" for outcome in results for path in outcome.masks.values())
    assert {type(event) for event in heard} == {Checking, Step, CaseEnd}
    frame = results.to_dataframe()
    assert list(frame["status"]) == ["segmented"] * 3
    assert frame.attrs["units"]["volume_fc"] == "mm3"
    assert (frame["volume_fc"] > 1000).all()
    again = segment_list(study / KNEES, "newsubject")
    assert [outcome.status.value for outcome in again] == ["unchanged"] * 3


def test_progress_is_told_in_the_thread_of_the_caller_and_no_thread_is_left(study):
    threads = set()
    segment_list(KNEES, "newsubject", progress=lambda event: threads.add(threading.current_thread()))
    assert threads == {threading.current_thread()}
    assert not any(thread.name == THREAD_NAME for thread in threading.enumerate())


def test_an_error_of_the_progress_function_ends_the_run(study):
    def stop(event):
        if isinstance(event, CaseEnd):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        segment_list(KNEES, "newsubject", jobs=1, progress=stop)
    assert not any(thread.name == THREAD_NAME for thread in threading.enumerate())
    assert not list(study.glob(".tmp-*"))


def test_files_of_a_run_are_those_of_the_command(study, monkeypatch):
    """Summary, pictures, contact sheet and the list for a comparison, in one run over one knee."""
    monkeypatch.setattr(study_files, "can_draw", lambda: True)
    write_list(study / "one.txt", "reference", "preprocessed", "r reference.mha", "m k1.mha")
    heard = []
    options = {"summary": study / "own.csv", "pictures": True, "write_quality_list": study / "truth"}
    segment_list("one.txt", "newsubject", **options, progress=heard.append)
    assert "k1.mha,segmented" in (study / "own.csv").read_text(encoding="utf-8")
    assert (study / "pictures" / "k1.png").is_file()
    assert "pictures/k1.small.jpg" in (study / "index.html").read_text(encoding="utf-8")
    assert len(compare_list(study / "segmented" / "one_quality.txt")) == 2
    (study / "own.csv").write_text("my results\n", encoding="utf-8")
    with pytest.raises(InputError, match="would replace a file that is not"):
        segment_list("one.txt", "newsubject", **options)


def test_images_without_a_list(study):
    images = [study / "preprocessed" / "k2.mha", "preprocessed/k3.mha"]
    results = segment_images(images, study / "reference", study / "out", keep_registered=False, jobs=1)
    assert [outcome.status.value for outcome in results] == ["segmented"] * 2
    assert (study / "out" / "segmented" / "images_summary.csv").is_file()
    redone = segment_images(images, "reference", "out", keep_registered=False, force=["k3"])
    assert [outcome.status.value for outcome in redone] == ["unchanged", "segmented"]
    with pytest.raises(InputError, match=r"no knee 'k9'"):
        segment_images(images, "reference", "out", force=["k9"])


def test_results_of_a_search(study):
    heard = []
    results = find_reference(DATA_SET, max_iterations=3, progress=heard.append)
    assert results.recommended.name == results.conclusion.recommended
    assert results.recommended.image.parent == study / "findReference"
    assert sum(isinstance(event, RegistrationEnd) for event in heard) == results.counts.run > 0
    frame = results.to_dataframe()
    assert set(frame["image"]) == {"k1_prep", "k2_prep", "k3_prep"}
    assert frame["distance_mm"].notna().all()
    assert find_reference([DATA_SET], max_iterations=3).counts.run == 0


def test_results_of_a_comparison(study):
    segment_list(KNEES, "newsubject", keep_registered=False)
    heard = []
    results = compare_list("image_list_quality.txt", labels=[1], progress=heard.append)
    assert [pair.name for pair in results] == ["k1_fc", "k2_fc", "k3_fc"]
    assert [(event.done, event.total) for event in heard if isinstance(event, PairEnd)] == [(1, 3), (2, 3), (3, 3)]
    assert list(results.to_dataframe()["dice_coeff"]) == [pair.labels[0].dice for pair in results]
    assert results.summary[0].n == 3


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: segment_list("gone.txt", "newsubject"), "does not exist"),
        (
            lambda: segment_list(KNEES, "newsubject", limits={"dice": (1, 2)}),
            "no measurement 'dice'",
        ),
        (
            lambda: find_reference(DATA_SET, limits={"volume_f": (1, 2)}),
            "no measurement 'volume_f'",
        ),
        (lambda: find_reference(DATA_SET, pick=9), "9 seeds"),
        (lambda: compare_list("image_list_quality.txt"), "does not exist"),  # nothing is segmented yet
    ],
)
def test_bad_input_is_refused_before_any_work(study, call, words):
    with pytest.raises(InputError, match=words):
        call()
    assert not (study / "segmented").exists()


# How an option is called in Python, where it is called otherwise.
RENAMED = {"out": "output", "limit": "limits", "no_registered": "keep_registered", "reference": "reference"}
RENAMED |= {"labels": "labels", "without_femur": "femur", "without_regions": "regions"}
# What only a command has, and why.
NOT_IN_PYTHON = {
    "help": "inspect.getdoc",
    "check": "nothing is written if the input is not usable: InputError",
    "attached": "for programs that start the command",
    "tls_ca_file": "a Scheduler has it",
    "tls_cert": "a Scheduler has it",
    "tls_key": "a Scheduler has it",
}
FRAME = "a frame's to_csv, from to_dataframe()"
OWN = {
    segment_list: {"reference": "segment_images"},
    segment_images: {"modality": "new subjects", "references": "the folder of the reference may hold several"},
    find_reference: {"out": FRAME, "copy_to": "the files of .recommended", "force": "for --copy-to"},
    compare_list: {**dict.fromkeys(("overlap_csv", "distances_csv", "summary_csv"), FRAME), "plots": "a frame's plot"},
    measure_cartilage: {
        **dict.fromkeys(("csv", "map_csv", "map_unit"), FRAME),
        **dict.fromkeys(("pictures", "surfaces", "fitted_maps"), "of each .measurement, by the library"),
    },
    change_list: {"csv": FRAME, "progress": "each pair is a list of its own, if somebody wants to watch"},
}
DOORS = [
    (segment, segment_list),
    (segment, segment_images),
    (find_reference_command, find_reference),
    (quality, compare_list),
    (measure, measure_cartilage),
    (change, change_list),
]


@pytest.mark.parametrize(("command", "function"), DOORS, ids=[function.__name__ for _, function in DOORS])
def test_what_a_command_can_do_python_can_do(command, function):
    parsers = argparse.ArgumentParser().add_subparsers()
    options = {
        action.dest
        for action in command.add_parser(parsers)._actions
        if action.option_strings and action.dest not in {*NOT_IN_PYTHON, *OWN[function]}
    }
    parameters = set(inspect.signature(function).parameters)
    assert not {*OWN[function]} & parameters - {"reference", "references"}
    assert {RENAMED.get(option, option) for option in options} - parameters == set()


def test_cartilage_is_measured(study):
    write_list(study / "masks.txt", "truth", "m k1_fc.mha", "v ../preprocessed/k1.mha", "m k2_fc.mha")
    results = measure_cartilage("masks.txt", map_range=(-1e9, 1e9))
    frame = results.to_dataframe()
    assert list(frame["knee"].unique()) == ["k1", "k2"]
    assert frame["volume_mm3"][0] == results.knees[0].measurement.whole.volume > 1000
    assert set(results.maps_to_dataframe()["map"]) == {"k1"}
    whole = measure_cartilage(study / "truth", regions=False, femur=False)
    assert [len(knee.measurement.regions) for knee in whole] == [1, 1, 1]


def test_public_names_are_there_documented_and_typed():
    assert {"segment_list", "find_reference", "compare_list"} <= set(KneeCartilageSegLib.__all__)
    for name in KneeCartilageSegLib.__all__:
        public = getattr(KneeCartilageSegLib, name)
        assert inspect.getdoc(public)
        if isinstance(public, types.FunctionType):
            signature = inspect.signature(public)
            annotations = [*(one.annotation for one in signature.parameters.values()), signature.return_annotation]
            assert inspect.Signature.empty not in annotations
    with pytest.raises(AttributeError, match="nonsense"):
        KneeCartilageSegLib.nonsense  # noqa: B018
    assert (Path(KneeCartilageSegLib.__file__).parent / "py.typed").is_file()


def test_importing_the_library_loads_nothing_heavy():
    code = "import sys, KneeCartilageSegLib; print({'numpy', 'scipy', 'SimpleITK'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "KneeCartilageSeg")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "set()"
