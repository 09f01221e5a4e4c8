"""Work that nobody waits for: its processes answer, fail, crash and are cancelled without anybody noticing."""

from __future__ import annotations

import os
import time

import pytest
from KneeCartilageSegLib.runs import aside
from KneeCartilageSegLib.runs.aside import Aside
from KneeCartilageSegLib.runs.workplace import LocalWorkplace

PROGRAM = """
import os, sys, time
from pathlib import Path
from KneeCartilageSegLib.runs.aside import answer_questions

def answer(question):
    what = question["do"]
    print("noise on standard output")
    if what == "crash":
        os._exit(3)
    if what == "hang":
        Path(question["file"]).write_text("hanging")
        time.sleep(60)
    if what == "fail":
        raise ValueError("cannot")
    with open(question["file"], "a") as file:
        file.write(f"{os.getpid()} {os.nice(0)}\\n")

sys.exit(answer_questions(answer))
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "aside_program.py").write_text(PROGRAM)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "aside_program"


def test_failures_and_crashes_are_told_and_the_rest_is_done(module, tmp_path):
    told = []
    file = tmp_path / "answers"
    asked = Aside(module, 1, lambda question, error: told.append((question["do"], error)))
    for what in ("write", "fail", "write", "crash", "write"):
        asked.submit({"do": what, "file": str(file)})
    asked.close()
    assert told == [("fail", "cannot"), ("crash", "its process ended (3)")]
    processes = [line.split() for line in file.read_text().splitlines()]
    assert len(processes) == 3
    assert processes[0] == processes[1] != processes[2]
    assert {nice for _, nice in processes} == {str(min(19, os.nice(0) + 10))}
    assert asked.waiting == 0


def test_cancel_ends_what_hangs_without_a_word(module, tmp_path):
    told = []
    file = tmp_path / "begun"
    place = LocalWorkplace(told.append)
    for name in ("begun", "never"):
        place.aside(module, {"do": "hang", "file": str(tmp_path / name), "title": name})
    while not file.exists():
        time.sleep(0.01)
    place.cancel()
    place.close()
    place.aside(module, {"do": "write", "file": str(tmp_path / "late")})
    place.close()
    assert told == []
    assert {path.name for path in tmp_path.iterdir()} == {"aside_program.py", "begun"} | (
        {"__pycache__"} if (tmp_path / "__pycache__").exists() else set()
    )


def test_what_is_expected_starts_one_process_which_answers(module, tmp_path, monkeypatch):
    started = []
    start = aside._start
    monkeypatch.setattr(aside, "_start", lambda module: started.append(start(module)) or started[-1])
    file = tmp_path / "answers"
    expecting = Aside(module, 1, lambda question, error: pytest.fail(error))
    for _ in range(3):
        expecting.expect()
    expecting.submit({"do": "write", "file": str(file)})
    expecting.expect()
    expecting.close()
    (process,) = started
    assert file.read_text().split()[0] == str(process.pid)
    assert process.returncode == 0


def test_what_is_expected_ends_without_a_question(module, monkeypatch):
    started = []
    start = aside._start
    monkeypatch.setattr(aside, "_start", lambda module: started.append(start(module)) or started[-1])
    place = LocalWorkplace()
    place.aside(module)
    place.close()
    assert [process.returncode for process in started] == [0]


@pytest.mark.parametrize("question", [None, {"do": "write"}], ids=["expected", "asked"])
def test_nothing_starts_after_a_cancel(module, monkeypatch, question):
    monkeypatch.setattr(aside, "_start", lambda module: pytest.fail("a process was started"))
    place = LocalWorkplace(lambda event: pytest.fail(str(event)))
    place.cancel()
    place.aside(module, question)
    place.close()


def test_a_process_that_cannot_start_is_told_of_when_there_is_a_question(monkeypatch):
    def start(module):
        raise OSError("no more processes")

    monkeypatch.setattr(aside, "_start", start)
    told = []
    expecting = Aside("module", 1, lambda question, error: told.append((question, error)))
    expecting.expect()
    assert told == []
    expecting.submit({"knee": 7})
    expecting.close()
    assert told == [({"knee": 7}, "no more processes")]


def test_failure_is_a_note_of_the_run(module):
    told = []
    place = LocalWorkplace(told.append)
    place.aside(module, {"do": "fail", "title": "knee7"})
    place.close()
    assert [note.message for note in told] == ["the picture of knee7 could not be drawn: cannot"]
