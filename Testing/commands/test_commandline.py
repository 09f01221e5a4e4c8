"""The command ``knee-cartilage-seg``: help, refusals, checks, progress, cancelling. Registrations are not run here."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from KneeCartilageSegLib import __version__, commandline
from KneeCartilageSegLib.commands import segment
from KneeCartilageSegLib.commands.reporting import PeopleReporter
from KneeCartilageSegLib.elastix import discovery
from KneeCartilageSegLib.elastix.discovery import EngineChoice
from KneeCartilageSegLib.errors import EngineError
from KneeCartilageSegLib.lists.imagelist import SEGMENTATION_SPEC, read_image_list
from KneeCartilageSegLib.quality.pairs import read_quality_list
from KneeCartilageSegLib.registration.limits import default_limits
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.runs.events import Step
from KneeCartilageSegLib.segmentation import study_files
from KneeCartilageSegLib.segmentation.outcome import Outcome, Status
from KneeCartilageSegLib.segmentation.review import Decision
from KneeCartilageSegLib.segmentation.summary import case_end
from tiny_study import mask_image, new_subject_study, snapshot, write_image, write_list

LIBRARY = Path(commandline.__file__).parents[1]
IMAGES = "01_DESS_01_prep.mha", "02_DESS_01_prep.mha", "03_DESS_01_prep.mha"
NAMES = ["segment", "quality", "demo"]


@pytest.fixture
def study(tmp_path) -> Path:
    return new_subject_study(tmp_path, *IMAGES)


@pytest.fixture
def engine(monkeypatch) -> EngineChoice:
    """An elastix that is found, whatever is asked of it."""
    choice = EngineChoice("elastix 5.2.0 (/opt/elastix)", "5.2.0", Path("/opt/elastix"))
    monkeypatch.setattr(segment, "find_engine", lambda *_, **__: choice)
    return choice


def run(*arguments) -> int:
    return commandline.main([str(argument) for argument in arguments])


def run_segment(path: Path, *options, modality: str = "newsubject") -> int:
    return run("segment", path, "--modality", modality, *options)


# ---------------------------------------------------------------------------------------------------------------------
# Help


def help_of(capsys, *command) -> str:
    with pytest.raises(SystemExit) as caught:
        run(*command, "--help")
    assert caught.value.code == 0
    return capsys.readouterr().out


def test_help_names_the_commands(capsys):
    text = help_of(capsys)
    assert all(f"    {name} " in text for name in NAMES)
    assert "knee-cartilage-seg segment image_list_newsubject.txt --modality newsubject" in text


@pytest.mark.parametrize("name", NAMES)
def test_help_of_each_command_fits_and_explains_every_argument(capsys, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "100")
    text = help_of(capsys, name)
    assert f"usage: knee-cartilage-seg {name}" in text
    assert max(map(len, text.splitlines())) <= 120
    command = commandline.command_module(name.replace("-", "_"))
    arguments = command.add_parser(argparse.ArgumentParser().add_subparsers())._actions
    assert len(arguments) > 1
    assert [argument.dest for argument in arguments if not argument.help] == []


def test_the_list_that_segment_teaches_can_be_read(capsys, tmp_path):
    lines = [
        line.strip() for line in help_of(capsys, "segment").splitlines() if line.startswith(("  ./", "  r ", "  m "))
    ]
    images = read_image_list(write_list(tmp_path / "list.txt", *lines), SEGMENTATION_SPEC)
    assert not images.problems
    assert [entry.letter for entry in images.entries] == ["r", "m", "m"]


def test_help_names_modalities_outputs_and_exit_status(capsys):
    text = help_of(capsys, "segment")
    for word in [
        *(modality.value for modality in Modality),
        "provenance",
        "summary",
        "registered/",
        "exit status",
        "130",
    ]:
        assert word in text


def test_version(capsys):
    with pytest.raises(SystemExit) as caught:
        run("--version")
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"knee-cartilage-seg {__version__}\n"


def test_the_library_is_a_command_too():
    answer = subprocess.run(
        [sys.executable, "-m", "KneeCartilageSegLib", "segment"],
        cwd=LIBRARY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert "the following arguments are required: LIST" in answer.stderr


# ---------------------------------------------------------------------------------------------------------------------
# Input that has to be corrected: exit status 2, everything at once, nothing written


def refusal(capsys, folder: Path, *arguments) -> list[str]:
    """The lines that a command prints when it refuses its input, and writes nothing."""
    before = snapshot(folder)
    assert run(*arguments) == 2
    assert snapshot(folder) == before
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    return printed.err.splitlines()


def test_a_bad_list(study, tmp_path, capsys):
    (tmp_path / "preprocessed" / IMAGES[0]).write_bytes(b"no image")
    (tmp_path / "preprocessed" / IMAGES[2]).unlink()
    write_image(mask_image(value=0), tmp_path / "reference" / "newsubject" / "reference_fc.mha")
    with open(study, "a", encoding="utf-8") as file:
        file.write(f"q {IMAGES[1]}\nm {IMAGES[1]}\n")
    lines = refusal(capsys, tmp_path, "segment", study, "--modality", "newsubject", "--progress", "none")
    expected = [
        (3, "reference_fc.mha' is an empty mask", "Segment the reference knee first"),
        (4, "cannot be read as an image", "Write or copy the file again"),
        (6, f"'{IMAGES[2]}' is not in", "Correct the name, or put the file there"),
        (7, "unknown letter 'q'", "Start the line with 'r ' or 'm '"),
        (8, "listed twice; the first time in line 5", "Remove one of the two lines"),
    ]
    assert len(lines) == len(expected)
    for text, (line, message, remedy) in zip(lines, expected):
        assert text.startswith(f"{study}:{line}: ")
        assert message in text
        assert remedy in text


def test_list_parameters_limits_and_summary_at_once(study, tmp_path, capsys):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "rigid.txt").write_text("(Transform\n", encoding="utf-8")
    (tmp_path / "preprocessed" / IMAGES[1]).unlink()
    options = ["--parameters", tmp_path / "own", "--limit", "beauty=1:", "--summary", tmp_path / "none" / "s.csv"]
    lines = refusal(capsys, tmp_path, "segment", study, "--modality", "newsubject", *options)
    assert len(lines) == 4
    assert "there is no measurement 'beauty'" in lines[0]
    assert f"{tmp_path / 'own' / 'rigid.txt'}:1: elastix cannot read" in lines[1]
    assert lines[2].startswith(f"{study}:5: ")
    assert f"the folder '{tmp_path / 'none'}' does not exist. Create it" in lines[3]


def test_missing_list(tmp_path, capsys):
    (line,) = refusal(capsys, tmp_path, "segment", tmp_path / "list.txt", "--modality", "newsubject")
    assert line == f"{tmp_path / 'list.txt'}: the image list does not exist. Check its path."


@pytest.mark.parametrize("modality", ["longitudinal", "multimodal"])
def test_a_baseline_that_was_not_segmented(study, tmp_path, capsys, modality):
    path = write_list(tmp_path / "list.txt", "reference/x", "preprocessed", f"r {IMAGES[0]}", f"m {IMAGES[1]}")
    lines = refusal(capsys, tmp_path, "segment", path, "--modality", modality)
    assert len(lines) == 2
    assert all(line.startswith(f"{path}:3: ") and "as newsubject first" in line for line in lines)


@pytest.mark.parametrize("name", [IMAGES[0], "../image_list_newsubject.txt", "../reference/newsubject/reference_f.mha"])
def test_a_summary_that_would_overwrite_an_input(study, tmp_path, capsys, engine, name):
    summary = tmp_path / "preprocessed" / name
    (line,) = refusal(capsys, tmp_path, "segment", study, "--modality", "newsubject", "--summary", summary)
    assert f"--summary {summary} would overwrite" in line
    assert "Choose another name" in line


def test_unknown_limit(study, tmp_path, capsys, engine):
    for options in ([], ["--check"]):
        arguments = ["--modality", "newsubject", "--limit", "beauty=1:2", "--limit", "charm=1:", *options]
        lines = refusal(capsys, tmp_path, "segment", study, *arguments)
        assert ["'beauty'" in lines[0], "'charm'" in lines[1]] == [True, True]
        assert all(check.key in lines[0] for check in default_limits(Modality.NEW_SUBJECT).checks)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--jobs", "0"], "'0' is not a whole number of 1 or more"),
        (["--threads", "two"], "'two' is not a whole number"),
        (["--jobs", "-3"], "'-3' is not a whole number"),
        (["--limit", "folding_f"], "not of the form KEY=LOW:HIGH"),
        (["--limit", "folding_f=1"], "not of the form KEY=LOW:HIGH"),
        (["--limit", "folding_f=a:b"], "'a:b' is not of the form LOW:HIGH"),
        (["--limit", "folding_f=2:1"], "no number lies in '2:1'"),
        (["--limit", "folding_f=nan:1"], "no number lies in 'nan:1'"),
        (["--progress", "dots"], "invalid choice: 'dots'"),
    ],
)
def test_wrong_options(study, tmp_path, capsys, options, message):
    before = snapshot(tmp_path)
    with pytest.raises(SystemExit) as caught:
        run_segment(study, *options)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err
    assert snapshot(tmp_path) == before


def test_modality_has_to_be_given(study, tmp_path, capsys):
    (line,) = refusal(capsys, tmp_path, "segment", study)
    assert "a list needs --modality" in line
    assert "'newsubject' or 'longitudinal' or 'multimodal'" in line


# ---------------------------------------------------------------------------------------------------------------------
# Only the command that is asked for is loaded


def test_what_is_asked_for_is_what_is_needed():
    for name in commandline.COMMANDS:
        assert list(commandline.needed([name.replace("_", "-"), "--help"])) == [name]


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version", "segment"], ["segmen"], ["contact_sheet"]])
def test_what_is_no_command_needs_all_of_them(arguments):
    assert commandline.needed(arguments) == commandline.COMMANDS


def test_a_command_that_does_not_exist_is_told_of_all_that_do(capsys):
    with pytest.raises(SystemExit) as caught:
        run("segmen")
    assert caught.value.code == 2
    told = capsys.readouterr().err
    assert [name for name in commandline.COMMANDS if f"'{name.replace('_', '-')}'" not in told] == []


def test_others_are_not_loaded():
    script = (
        "import sys\n"
        "from KneeCartilageSegLib import commandline\n"
        "commandline.main(['parameters'])\n"
        "print([name for name in commandline.COMMANDS if f'KneeCartilageSegLib.commands.{name}' in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=LIBRARY, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "['parameters']"


# ---------------------------------------------------------------------------------------------------------------------
# elastix that is not there, or is none


def test_no_elastix_anywhere(study, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(discovery, "package_is_installed", lambda: False)
    monkeypatch.setenv("PATH", str(tmp_path))
    (line,) = refusal(capsys, tmp_path, "segment", study, "--modality", "newsubject")
    for text in ("error: no usable elastix was found", "SlicerElastix", "pip install itk-elastix"):
        assert text in line


@pytest.mark.parametrize("name", ["", "absent", "folder/elastix"])
def test_no_elastix_where_the_user_says(study, tmp_path, capsys, name):
    (line,) = refusal(capsys, tmp_path, "segment", study, "--modality", "newsubject", "--engine", tmp_path / name)
    assert f"there is no elastix program at '{tmp_path / name}" in line


@pytest.mark.skipif(os.name != "posix", reason="writes a shell script")
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo hello", "does not answer like elastix: hello"),
        ("exit 3", "does not answer like elastix: no answer"),
        ("echo elastix version: 5.1.0; exit 127", "does not answer like elastix"),
    ],
)
def test_a_program_that_is_no_elastix(study, tmp_path, capsys, script, message):
    program = write_program(tmp_path / "elastix", script)
    (line,) = refusal(capsys, tmp_path, "segment", study, "--modality", "newsubject", "--engine", program)
    assert message in line


class Spare:
    """An elastix that waits."""

    closed = 0

    def close(self):
        self.closed += 1


def test_an_elastix_that_waits_ends_with_the_command_if_nobody_needs_it(study, engine, fake_run):
    spare = Spare()
    engine.spare.append(spare)
    run_segment(study, "--progress", "none")
    assert spare.closed == 1


def test_an_elastix_that_waits_ends_if_the_input_is_refused(study, tmp_path, capsys, engine):
    spare = Spare()
    engine.spare.append(spare)
    (tmp_path / "preprocessed" / IMAGES[0]).write_bytes(b"")
    refusal(capsys, tmp_path, "segment", study, "--modality", "newsubject")
    assert spare.closed == 1


def test_an_elastix_that_waits_ends_on_ctrl_c_during_the_check(study, monkeypatch, engine):
    def interrupt(*_):
        raise KeyboardInterrupt

    spare = Spare()
    engine.spare.append(spare)
    monkeypatch.setattr(segment, "read_cases", interrupt)
    assert run_segment(study) == 130
    assert spare.closed == 1


@pytest.mark.parametrize(
    ("options", "kept"), [([], True), (["--check"], False), (["--scheduler", "tcp://localhost:1"], False)]
)
def test_only_what_registers_here_keeps_the_elastix_that_was_tried(study, monkeypatch, options, kept):
    asked = []

    def find(wanted, parameter_maps, keep):
        asked.append(keep)
        raise EngineError("no elastix today")

    monkeypatch.setattr(segment, "find_engine", find)
    assert run_segment(study, *options) == 2
    assert asked == [kept]


@pytest.mark.skipif(os.name != "posix", reason="writes a shell script")
def test_an_elastix_that_lacks_a_component_is_passed_over_in_clear_words(study, tmp_path, capsys, monkeypatch):
    said = "The following component could not be created: SimilarityTransform"
    write_program(
        tmp_path / "elastix", f'[ "$1" = --version ] && echo elastix version: 5.0.1 && exit\necho {said}; exit 1'
    )
    monkeypatch.setattr(discovery, "package_is_installed", lambda: False)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    lines = refusal(capsys, tmp_path, "segment", study, "--modality", "newsubject")
    assert "no usable elastix was found" in lines[0]
    assert "passed over: elastix 5.0.1" in lines[1]
    assert "was built without the component SimilarityTransform" in lines[1]


def write_program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


# ---------------------------------------------------------------------------------------------------------------------
# --check


def test_check_writes_nothing(study, tmp_path, capsys, engine):
    before = snapshot(tmp_path)
    assert run_segment(study, "--check", "--out", tmp_path / "new") == 0
    assert snapshot(tmp_path) == before
    assert capsys.readouterr().out == f"3 images are usable; registration would use {engine.name}\n"


def test_check_refuses_what_a_run_would_refuse(study, tmp_path, capsys, engine):
    (tmp_path / "preprocessed" / IMAGES[0]).write_bytes(b"")
    (line,) = refusal(capsys, tmp_path, "segment", study, "--modality", "newsubject", "--check")
    assert line.startswith(f"{study}:4: ")


def test_check_looks_for_elastix_with_the_parameters_of_the_run(study, monkeypatch, capsys):
    asked = []

    def find(wanted, parameter_maps, keep):
        asked.append((wanted, [parameters["Transform"][0] for parameters in parameter_maps]))
        raise EngineError("no elastix today")

    monkeypatch.setattr(segment, "find_engine", find)
    assert run_segment(study, "--check", "--engine", "/my/elastix") == 2
    assert "error: no elastix today" in capsys.readouterr().err
    assert asked[0][0] == "/my/elastix"
    assert {"EulerTransform", "SimilarityTransform"} < set(asked[0][1])


def test_check_for_programs_leaves_standard_output_to_events(study, capsys, engine):
    assert run_segment(study, "--check", "--progress", "json") == 0
    printed = capsys.readouterr()
    events = [json.loads(line) for line in printed.out.splitlines()]
    assert [event["event"] for event in events] == ["checking"] * 4 + ["checked"]
    assert (len(events[-1]["names"]), events[-1]["engine"]) == (3, engine.name)
    assert "3 images are usable" in printed.err


def test_problems_for_programs(study, tmp_path, capsys):
    (tmp_path / "preprocessed" / IMAGES[0]).write_bytes(b"")
    with open(study, "a", encoding="utf-8") as file:
        file.write("x\n")
    assert run_segment(study, "--progress", "json") == 2
    printed = capsys.readouterr()
    events = [json.loads(line) for line in printed.out.splitlines()]
    problems = [event for event in events if event["event"] == "problem_found"]
    assert [(problem["file"], problem["line"]) for problem in problems] == [(str(study), 4), (str(study), 7)]
    assert all(problem["message"] and problem["remedy"] for problem in problems)
    assert len(printed.err.splitlines()) == 2


# ---------------------------------------------------------------------------------------------------------------------
# Progress and summary


class FakeRun:
    """A run whose first image is segmented, whose second is rejected and whose third fails."""

    made: FakeRun

    def __init__(self, cases, checksums, settings, progress, workers):
        self.cases, self.checksums, self.settings, self.progress = cases, checksums, settings, progress
        self.outcomes: tuple[Outcome, ...] = ()
        FakeRun.made = self

    def start(self):
        first, second, third = self.cases
        first.record.parent.mkdir(parents=True, exist_ok=True)
        record = {"seconds": {"total": 12.34}, "measurements": {"volume_f": 90000.5}}
        outputs = {"outputs": {f"segmented/{first.name}_f.mha": "0"}}
        flags = {"flags": {"folding_f": "folding of the femur 0.2, expected at most 0.01: look"}}
        self.progress(Step(first.name, "reading", 0.0))
        self.progress(Step(first.name, "f_rigid", 0.333))
        self.outcomes = (
            Outcome(first, Status.SEGMENTED, {**record, **outputs}),
            Outcome(second, Status.REJECTED, {**record, **flags}, "folding of the femur"),
            Outcome(third, Status.FAILED, message="elastix says: no"),
        )
        for outcome in self.outcomes:
            self.progress(case_end(outcome))

    def wait(self, timeout=None):
        return True


@pytest.fixture
def fake_run(monkeypatch, engine) -> type[FakeRun]:
    monkeypatch.setattr(segment, "Run", FakeRun)
    return FakeRun


def test_progress_for_programs(study, tmp_path, capsys, fake_run):
    assert run_segment(study, "--progress", "json") == 1
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[:4] == [{"event": "checking", "done": n, "total": 4} for n in (1, 2, 3, 4)]
    assert events.pop(4)["event"] == "planned"
    roots = [name[: -len(".mha")] for name in IMAGES]
    assert events[4] == {"event": "start", "names": roots}
    assert events[5] == {"event": "step", "name": roots[0], "step": "reading", "fraction": 0.0, "reference": ""}
    assert events[6] == {"event": "step", "name": roots[0], "step": "f_rigid", "fraction": 0.333, "reference": ""}
    end = {key: events[7][key] for key in ("event", "name", "status", "message", "flags", "moving")}
    assert end == {
        "event": "case_end",
        "name": roots[0],
        "status": "segmented",
        "message": "",
        "flags": {},
        "moving": str(tmp_path / "preprocessed" / IMAGES[0]),
    }
    assert (events[7]["row"]["seconds"], events[7]["row"]["volume_f"]) == (12.34, 90000.5)
    assert [event["status"] for event in events[7:10]] == ["segmented", "rejected", "failed"]
    assert "folding_f" in events[8]["flags"]
    assert (events[9]["message"], events[9]["row"]["seconds"]) == ("elastix says: no", None)
    assert events[10:] == [{"event": "finish", "statuses": ["segmented", "rejected", "failed"], "needs_review": []}]


def test_progress_for_people_without_a_terminal(study, tmp_path, capsys, fake_run):
    assert run_segment(study, "--no-pictures") == 1
    printed = capsys.readouterr()
    plan, *lines = printed.err.splitlines()
    assert re.match(r"\d+ knees? at once, .*: \d+ cores?, .* per knee", plan)
    assert lines == [
        "01_DESS_01_prep: segmented in 12 s",
        "02_DESS_01_prep: rejected",
        "  folding of the femur",
        "03_DESS_01_prep: failed",
        "  elastix says: no",
        "1 segmented, 1 rejected, 1 failed; none needs review",
    ]
    assert printed.out == f"summary: {tmp_path / 'segmented' / 'image_list_newsubject_summary.csv'}\n"


def test_contact_sheet_beside_the_summary_shows_all_knees(study, tmp_path, capsys, fake_run, monkeypatch):
    monkeypatch.setattr(study_files, "can_draw", lambda: True)
    summary = tmp_path / "tables" / "summary.csv"
    summary.parent.mkdir()
    assert run_segment(study, "--summary", summary) == 1
    assert f"contact sheet: {summary.with_name('index.html')}\n" in capsys.readouterr().out
    page = summary.with_name("index.html").read_text()
    places = [
        page.index(f"<bdi>{name}_DESS_01_prep</bdi>") for name in ("03", "02", "01")
    ]  # failed, rejected, segmented
    assert places == sorted(places)
    assert run_segment(study, "--out", tmp_path / "other", "--no-pictures") == 1
    assert not (tmp_path / "other" / "segmented" / "index.html").exists()


def test_contact_sheet_does_not_replace_another_page(study, tmp_path, capsys, engine, monkeypatch):
    monkeypatch.setattr(study_files, "can_draw", lambda: True)
    page = tmp_path / "segmented" / "index.html"
    page.parent.mkdir()
    page.write_text("my lab's page")
    lines = refusal(capsys, tmp_path, "segment", study, "--modality", "newsubject")
    assert len(lines) == 1
    assert "index.html' is no contact sheet" in lines[0]
    assert "--no-pictures" in lines[0]


def test_pictures_without_matplotlib_are_refused_if_they_were_asked_for(study, tmp_path, capsys, engine, monkeypatch):
    monkeypatch.setattr(study_files, "can_draw", lambda: False)
    lines = refusal(capsys, tmp_path, "segment", study, "--modality", "newsubject", "--pictures")
    assert len(lines) == 1
    assert "matplotlib" in lines[0]


def test_contact_sheet_of_what_is_there(tmp_path, capsys):
    study = new_subject_study(tmp_path, *IMAGES)
    assert run("contact-sheet", study, "--modality", "newsubject", "--progress", "none") == 0
    page = (tmp_path / "segmented" / "index.html").read_text()
    assert page.count("<td>not started</td>") == len(IMAGES)
    assert run("contact-sheet", tmp_path / "missing.txt", "--modality", "newsubject") == 2


# ---------------------------------------------------------------------------------------------------------------------
# Images without a list, and the list for a comparison


def test_images_without_a_list(study, tmp_path, capsys, engine, fake_run):
    images = [tmp_path / "preprocessed" / name for name in IMAGES]
    reference = tmp_path / "reference" / "newsubject"
    out = tmp_path / "results"
    assert run("segment", *images, "--reference", reference, "-o", out, "--no-pictures") == 1
    assert capsys.readouterr().out == f"summary: {out / 'segmented' / 'images_summary.csv'}\n"
    with open(out / "segmented" / "images_summary.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["image"] for row in rows] == list(IMAGES)
    assert run("segment", images[0], images[0], "--reference", reference, "-o", out, "--check") == 0
    assert run("segment", *images, "--references", reference, "-o", out, "--check") == 0
    assert capsys.readouterr().out.startswith("1 images are usable")


def test_what_is_wrong_without_a_list_is_said_at_once(study, tmp_path, capsys, engine):
    reference = tmp_path / "reference" / "newsubject"
    image = tmp_path / "preprocessed" / IMAGES[0]
    other = write_image(mask_image(), tmp_path / "elsewhere" / IMAGES[0])
    out = ["-o", tmp_path / "results"]
    lines = refusal(capsys, tmp_path, "segment", image, tmp_path / "no.mha", other, "--reference", reference, *out)
    assert len(lines) == 2
    assert f"'{tmp_path / 'no.mha'}' does not exist" in "".join(lines)
    assert f"'{other}' and '{image}' would have the same results" in "".join(lines)
    assert "-o" in refusal(capsys, tmp_path, "segment", image, "--reference", reference)[0]
    assert "does not exist" in refusal(capsys, tmp_path, "segment", image, "--reference", tmp_path / "no", *out)[0]
    longitudinal = refusal(
        capsys, tmp_path, "segment", image, "--reference", reference, *out, "--modality", "longitudinal"
    )
    assert "new subjects" in longitudinal[0]
    lines = refusal(capsys, tmp_path, "segment", study, study)
    assert "--reference" in lines[0]
    assert "--modality" in lines[1]


def test_quality_list_has_the_masks_that_have_a_truth_and_names_the_others(study, tmp_path, capsys, fake_run):
    segmented, truth = tmp_path / "segmented", tmp_path / "my truth"
    for name in ("01_DESS_01_prep_f", "01_DESS_01_prep_fc"):
        write_image(mask_image(), segmented / f"{name}.mha")
    write_image(mask_image(), truth / "01_DESS_01_groundTruth_fc.nii.gz")
    options = "--no-pictures", "--write-quality-list", truth
    assert run_segment(study, *options) == 1
    printed = capsys.readouterr()
    assert f"note: no ground truth in '{truth}' for 01_DESS_01_prep_f.mha\n" in printed.err
    path = segmented / "image_list_newsubject_quality.txt"
    assert f"list for quality: {path}\n" in printed.out
    (pair,) = read_quality_list(path)
    assert (pair.segmentation, pair.truth) == (
        segmented / "01_DESS_01_prep_fc.mha",
        truth / "01_DESS_01_groundTruth_fc.nii.gz",
    )
    write_image(mask_image(), truth / "01_DESS_01_prep_f.mha")
    assert run_segment(study, *options) == 1
    assert len(read_quality_list(path)) == 2
    path.write_text("my notes\n")
    capsys.readouterr()
    assert "would be replaced" in refusal(capsys, tmp_path, "segment", study, "--modality", "newsubject", *options)[0]
    absent = refusal(
        capsys, tmp_path, "segment", study, "--modality", "newsubject", "--write-quality-list", tmp_path / "none"
    )
    assert "does not exist" in absent[0]


def test_no_progress(study, capsys, fake_run):
    assert run_segment(study, "--progress", "none") == 1
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_fits_the_terminal_and_tells_how_far_it_is(study, monkeypatch, fake_run):
    monkeypatch.setenv("COLUMNS", "60")
    terminal = Terminal()
    monkeypatch.setitem(segment.REPORTERS, "bars", lambda: PeopleReporter(terminal))
    run_segment(study)
    drawn = [text.replace("\033[K", "").split("\n")[0] for text in terminal.getvalue().split("\r") if "[" in text]
    bars = [text for text in drawn if text.startswith("[")]
    assert max(map(len, bars)) < 60
    assert bars[0].endswith("checking input 1/4")
    assert any("0/3  01_DESS_01_prep: f_rigid"[:20] in bar for bar in bars)
    assert bars[-1].startswith("[########################] 3/3")


def test_summary(study, tmp_path, fake_run):
    summary = tmp_path / "mine.csv"
    run_segment(study, "--summary", summary, "--progress", "none")
    with open(summary, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["image"], row["status"]) for row in rows] == list(zip(IMAGES, ["segmented", "rejected", "failed"]))
    assert (rows[0]["seconds"], rows[0]["volume_f"]) == ("12.34", "90000")  # four significant digits
    assert (rows[2]["seconds"], rows[2]["message"]) == ("", "elastix says: no")
    assert rows[1]["flags"].startswith("folding of the femur")


def test_options_reach_the_run(study, tmp_path, fake_run, engine):
    options = ["--jobs", "3", "--threads", "5", "--time-limit", "2.5", "--no-registered", "--force"]
    options += ["--out", tmp_path / "out"]
    key = default_limits(Modality.NEW_SUBJECT).checks[0].key
    run_segment(study, *options, "--limit", f"{key}=0.25:")
    made = FakeRun.made
    settings = made.settings
    assert (settings.jobs, settings.threads, settings.keep_registered, settings.force) == (3, 5, False, True)
    assert settings.time_limit == 2.5
    assert settings.engine is engine
    assert settings.limits.checks[0].failed == (0.25, float("inf"))
    assert {case.output for case in made.cases} == {tmp_path / "out"}
    assert set(made.checksums) == {path for case in made.cases for path in case.inputs.values()}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--scheduler", "tcp://node1:8786", "--jobs", "3"], "--jobs is for this computer"),
        (["--tls-key", "key.pem"], "--tls-key is for a cluster"),
        (["--scheduler", "tls://node1:8786", "--tls-cert", "absent.pem"], "--tls-cert: there is no file 'absent.pem'"),
    ],
)
def test_options_of_a_cluster_that_make_no_sense(study, capsys, fake_run, options, expected):
    assert run_segment(study, *options) == 2
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize("limit", ["0", "-1", "soon", "nan", "inf"])
def test_a_time_limit_is_a_number_of_minutes(study, capsys, limit):
    with pytest.raises(SystemExit):
        run_segment(study, f"--time-limit={limit}")
    assert f"'{limit}' is not a number of minutes" in capsys.readouterr().err


@pytest.mark.parametrize("named", [IMAGES[1], IMAGES[1][: -len(".mha")]])
def test_force_takes_names(study, fake_run, named):
    run_segment(study, "--force", named)
    settings = FakeRun.made.settings
    assert (settings.force, settings.replaced) == (False, {IMAGES[1][: -len(".mha")]})


def test_force_refuses_names_that_are_not_in_the_list(study, tmp_path, capsys, engine):
    (line,) = refusal(capsys, tmp_path, "segment", study, "--modality", "newsubject", "--force", IMAGES[0], "knee9")
    assert "there is no knee 'knee9' in the list" in line


@pytest.mark.parametrize(
    ("flags", "decision", "status", "last"),
    [
        ({}, None, 0, "2 segmented, 1 edited; none needs review"),
        ({"scale": "scale 2, expected"}, None, 3, f"2 segmented, 1 edited; 1 needs review: {IMAGES[0][:-4]}"),
        ({"scale": "scale 2, expected"}, Decision.ACCEPTED, 0, "2 segmented, 1 edited; none needs review"),
        ({}, Decision.CORRECT, 3, f"2 segmented, 1 edited; 1 needs review: {IMAGES[0][:-4]}"),
    ],
)
def test_exit_status_and_last_line_tell_flagged_from_clean(
    study, monkeypatch, capsys, fake_run, flags, decision, status, last
):
    def start(self):
        self.cases[0].record.parent.mkdir(parents=True)
        first = Outcome(self.cases[0], Status.SEGMENTED, {"flags": flags}, decision=decision)
        self.outcomes = (first, Outcome(self.cases[1], Status.SEGMENTED), Outcome(self.cases[2], Status.EDITED))

    monkeypatch.setattr(FakeRun, "start", start)
    assert run_segment(study) == status
    assert capsys.readouterr().err.splitlines()[-1] == last


def test_exit_status_is_0_if_all_are_segmented(study, monkeypatch, fake_run):
    def start(self):
        self.cases[0].record.parent.mkdir(parents=True)
        statuses = (Status.SEGMENTED, Status.UNCHANGED, Status.UNCHANGED)
        self.outcomes = tuple(Outcome(case, status) for case, status in zip(self.cases, statuses))

    monkeypatch.setattr(FakeRun, "start", start)
    assert run_segment(study) == 0


def test_a_disk_error_is_no_input_error(study, monkeypatch, capsys, fake_run):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(study_files, "write_summary", full)
    assert run_segment(study, "--progress", "none") == 1
    assert "error: [Errno 28] No space left on device" in capsys.readouterr().err


# ---------------------------------------------------------------------------------------------------------------------
# Cancelling

# Answers like elastix, passes the check, and then sleeps in the first registration.
SLEEPING_ELASTIX = """
[ "$1" = --version ] && echo 'elastix version: 5.2.0' && exit
while [ $# -gt 0 ]; do
  [ "$1" = -f ] && fixed="$2"
  [ "$1" = -out ] && out="$2"
  shift
done
case "$fixed" in *probe.mha) touch "$out/TransformParameters.0.txt"; exit 0;; esac
echo $$ > "$PIDS/$$"
exec sleep 600
"""


def start_segment(path: Path, *options) -> subprocess.Popen:
    command = [sys.executable, "-m", "KneeCartilageSegLib", "segment", path, "--modality", "newsubject", *options]
    environment = {**os.environ, "PIDS": str(path.parent / "pids"), "TMPDIR": str(path.parent / "tmp")}
    for folder in ("pids", "tmp"):
        (path.parent / folder).mkdir()
    return subprocess.Popen(
        list(map(str, command)),
        cwd=LIBRARY,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(condition, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("arguments", [["parameters"], ["status", "missing.txt", "--modality", "newsubject"]])
def test_who_calls_the_command_line_keeps_his_own_answer_to_sigterm(arguments, capsys):
    def own(*_):
        pass

    before = signal.signal(signal.SIGTERM, own)
    try:
        run(*arguments)
        assert signal.getsignal(signal.SIGTERM) is own
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.skipif(os.name != "posix", reason="signals and a shell script")
@pytest.mark.parametrize(
    ("sent", "jobs", "threads"),
    [(signal.SIGINT, 2, 1), (signal.SIGTERM, 2, 1), (signal.SIGINT, 1, 2)],
    ids=["ctrl-c", "sigterm", "ctrl-c, other side beside"],
)
def test_cancelling_stops_registrations_begins_none_and_leaves_nothing_half_written(
    study, tmp_path, sent, jobs, threads
):
    """The registrations would take longer than the test waits for the command's end."""
    program = write_program(tmp_path / "elastix", SLEEPING_ELASTIX)
    before = snapshot(tmp_path)
    process = start_segment(study, "--engine", program, "--jobs", jobs, "--threads", threads, "--progress", "json")
    pids = tmp_path / "pids"
    try:
        wait_for(lambda: process.poll() is not None or len(list(pids.iterdir())) == 2)
        assert process.poll() is None, process.communicate()
        process.send_signal(sent)
        out, err = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in err
    assert len(list(pids.iterdir())) == 2
    wait_for(lambda: not any(is_alive(int(path.name)) for path in pids.iterdir()))
    assert json.loads(out.splitlines()[-1]) == {"event": "finish", "statuses": ["cancelled"] * 3, "needs_review": []}
    after = snapshot(tmp_path)
    assert {name: after[name] for name in before} == before
    new = {name for name in after if name not in before and not name.startswith(("pids", "tmp"))}
    seen = {name for name in new if "/." not in name} - {"segmented/index.html"}
    assert seen == {"segmented", "segmented/image_list_newsubject_summary.csv"}
    assert all(name.endswith(".lock") for name in new if "/." in name)
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="kills")
def test_what_a_killed_run_has_left_among_temporary_files_is_cleared_by_the_next(study, tmp_path, monkeypatch):
    program = write_program(tmp_path / "elastix", SLEEPING_ELASTIX)
    process = start_segment(study, "--engine", program, "--jobs", 1, "--threads", 1)
    pids, temporary = tmp_path / "pids", tmp_path / "tmp"
    try:
        wait_for(lambda: process.poll() is not None or list(pids.iterdir()))
        assert process.poll() is None, process.communicate()
        process.kill()
        process.communicate()
        assert list(temporary.iterdir())
        monkeypatch.setattr(tempfile, "tempdir", str(temporary))
        assert run_segment(study, "--engine", program, "--check") == 0
        assert list(temporary.iterdir()) == []
    finally:
        process.kill()
        for path in pids.iterdir():
            with suppress(ProcessLookupError):
                os.kill(int(path.name), signal.SIGKILL)


def test_cancelling_before_anything_was_made(study, tmp_path, monkeypatch, capsys, engine):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(segment, "read_cases", interrupt)
    before = snapshot(tmp_path)
    assert run_segment(study) == 130
    assert snapshot(tmp_path) == before
    assert capsys.readouterr().err == "cancelled\n"


def test_cancelling_before_the_first_image(study, tmp_path, monkeypatch, capsys, engine):
    class Interrupted(FakeRun):
        def start(self):
            self.outcomes = tuple(Outcome(case, Status.CANCELLED, message="cancelled") for case in self.cases)
            self.cancelled = False

        def wait(self, timeout=None):
            if not self.cancelled:
                raise KeyboardInterrupt
            return True

        def cancel(self):
            self.cancelled = True

    monkeypatch.setattr(segment, "Run", Interrupted)
    assert run_segment(study, "--progress", "none") == 130
    assert (tmp_path / "segmented" / "image_list_newsubject_summary.csv").is_file()


# ---------------------------------------------------------------------------------------------------------------------
# The other commands' refusals


def test_quality_refuses_a_bad_list(tmp_path, capsys):
    for folder in ("segmented", "truth"):
        write_image(mask_image(), tmp_path / folder / "a.mha")
    path = write_list(tmp_path / "list.txt", "segmented", "truth", "s a.mha", "g b.mha", "m a.mha", "s c.mha")
    lines = refusal(capsys, tmp_path, "quality", path)
    assert {line.split(": ", 1)[0] for line in lines} == {f"{path}:{number}" for number in (4, 5, 6)}
