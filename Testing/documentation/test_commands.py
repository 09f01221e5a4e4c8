"""Every command of the documentation works.

All are parsed. Those of the pages in ``RUN`` are run, in order, in a folder with coarse digital knees and their masks;
what registers knees only checks its input and its elastix (``--check``), as registration has tests of its own. Commands
with ``PLACEHOLDERS``, which are for the reader to fill in, are parsed only.
"""

from __future__ import annotations

import argparse
import ast
import glob
import re
import shutil
import sys
from pathlib import Path

import pytest
from dicom_files import write_series
from documentation.pages import PROGRAM, ROOT, Command, blocks_of, commands_of, pages
from KneeCartilageSegLib import commandline, phantom
from KneeCartilageSegLib.commands import contact_sheet
from KneeCartilageSegLib.demo_data import TRUTH_FOLDER, write_demo
from KneeCartilageSegLib.elastix.package import package_is_installed
from KneeCartilageSegLib.segmentation.cases import SEGMENTED
from tiny_study import write_image

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SPACING = 3.0
RUN = (
    "Documentation/tutorial/command-line.md",
    "Documentation/how-to/corrections.md",
    "Documentation/how-to/dicom.md",
    "Documentation/how-to/find-reference.md",
    "Documentation/how-to/left-knees.md",
    "Documentation/how-to/modalities.md",
    "Documentation/how-to/quality.md",
    "Documentation/how-to/reference.md",
    "Documentation/how-to/several-references.md",
    "Documentation/how-to/troubleshooting.md",
    "README.md",
)
REGISTERING = {"segment", "find-reference"}
MAKING = {"prepare", "reference"}
# It exports what has the record of a registration; its own test runs it.
PARSED_ONLY = {"export-nnunet"}
PLACEHOLDERS = re.compile(r"(^|[/=])[A-Z][A-Z_]+\b|\.\.\.")

# Other programs, which are not ours to test. Whatever is not here has to be added, with what is checked of it below.
OTHER_PROGRAMS = {"apptainer", "cd", "cmake", "docker", "git", "pre-commit", "python", "sbatch", "source", "squeue"}
OTHER_PROGRAMS |= {"dask", "export", "head", "sacct", "scancel", "srun", "tail", "twine"}

COMMANDS = [command for page in pages() for block in blocks_of(page) for command in commands_of(block)]
IDS = [f"{command.block.place} {' '.join(command.words[:2])}" for command in COMMANDS]


PARSER = commandline.make_parser()


@pytest.mark.parametrize("command", COMMANDS, ids=IDS)
def test_command_is_one_that_there_is(command):
    program, *arguments = command.words
    if program == PROGRAM:
        PARSER.parse_args([word for word in arguments if word != "..."])
    elif program == "make":
        targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
        assert {word for word in arguments if "=" not in word} <= targets
    elif program.endswith("pip") or arguments[:2] == ["-m", "pip"]:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        extras = [name for word in arguments for names in re.findall(r"\[(.*)\]", word) for name in names.split(",")]
        assert set(extras) <= set(project["optional-dependencies"])
    elif program.endswith("python"):
        scripts = [word for word in arguments if word.startswith("Testing/")]
        assert [script for script in scripts if not (ROOT / script.partition("::")[0]).exists()] == []
    else:
        assert program in OTHER_PROGRAMS, f"{command.block.place}: what is checked of '{program}'?"


def test_options_in_the_text_exist():
    parsers = _parsers()
    ours = ("--", f"{PROGRAM} ", *(f"{parser.prog.split()[-1]} " for parser in parsers))
    known = {option for parser in parsers for option in parser._option_string_actions}
    known |= set(re.findall(r'"(--[a-z-]+)"', "".join(map(_text, (ROOT / "Testing").rglob("*.py")))))
    known |= {"--memory-limit"}  # of dask worker
    unknown = {
        f"{page.relative_to(ROOT)}: {option}"
        for page in pages()
        for text in re.findall(r"`([^`\n]+)`", _text(page))
        if text.startswith(ours)
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)
        if option not in known
    }
    assert sorted(unknown) == []


def test_python_snippets_are_python():
    snippets = [block for page in pages() for block in blocks_of(page) if block.language == "python"]
    assert snippets
    for block in snippets:
        tree = ast.parse("\n".join(block.lines))
        imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        for node in imported:
            if node.module == "KneeCartilageSegLib":
                import KneeCartilageSegLib

                assert {alias.name for alias in node.names} <= set(KneeCartilageSegLib.__all__), block.place


def _parsers() -> list[argparse.ArgumentParser]:
    return list(
        next(action for action in PARSER._actions if isinstance(action, argparse._SubParsersAction)).choices.values()
    )


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# ---------------------------------------------------------------------------------------------------------------------
# They run


@pytest.fixture(scope="module")
def furnished(tmp_path_factory) -> Path:
    """A folder with what the pages speak of: the demo's knees, their masks as if segmented, DICOM files, label maps."""
    folder = tmp_path_factory.mktemp("furnished") / "demo"
    write_demo(folder, spacing=SPACING)
    shutil.copytree(folder / TRUTH_FOLDER, folder / SEGMENTED)
    knees = {n: phantom.make_knee(phantom.KneeParameters.reduced(SPACING, subject=n)) for n in (1, 2, 3)}
    for name in ("01_DESS_01", "02_DESS_01"):
        write_series(knees[2].image, folder / "dicom" / name)
    write_image(knees[1].labels, folder / "labels.nii.gz")
    write_image(knees[1].image, folder / "knee.nii.gz")
    for n, knee in knees.items():
        write_image(knee.labels, folder / "labelsTr" / f"knee{n}.nii.gz")
        write_image(knee.image, folder / "imagesTr" / f"knee{n}_0000.nii.gz")
        for place, name in ((folder / "atlas", f"atlas{n}"), (folder / "findReference", f"subject{n}_prep")):
            place.mkdir(exist_ok=True)
            phantom.write_knee(knee, place, name)
    study = "\n".join(["./findReference", "r subject2_prep.mha", *(f"m subject{n}_prep.mha" for n in knees)])
    (folder / "image_list_findReference.txt").write_text(study)
    rows = [f"{path.name.removesuffix('_fc.mha')},accepted" for path in (folder / SEGMENTED).glob("*_fc.mha")]
    (folder / SEGMENTED / "review.csv").write_text("\n".join(["name,decision", *rows]))
    return folder


def runs(command: Command) -> bool:
    if command.words[0] != PROGRAM or command.words[1] in PARSED_ONLY:
        return False
    return not any(PLACEHOLDERS.search(word) for word in command.words[1:])


def arguments_of(command: Command) -> list[str]:
    """As a shell gives them; what registers knees only checks."""
    words = [name for word in command.words[1:] for name in (sorted(glob.glob(word)) or [word])]
    return [*words, "--check"] if words[0] in REGISTERING and "--check" not in words else words


def make_room(arguments: list[str]) -> None:
    """What a command makes is not there yet when a newcomer runs it."""
    if arguments[0] in MAKING and "--out" in arguments:
        shutil.rmtree(arguments[arguments.index("--out") + 1], ignore_errors=True)


@pytest.mark.skipif(not package_is_installed(), reason="itk-elastix is not installed")
@pytest.mark.parametrize("name", RUN)
def test_the_commands_of_the_page_run(name, furnished, tmp_path, monkeypatch, capsys):
    desk = tmp_path / "demo"
    shutil.copytree(furnished, desk)
    monkeypatch.chdir(desk)
    monkeypatch.setattr(contact_sheet, "can_draw", lambda: False)  # pictures have tests of their own
    tried = [command for block in blocks_of(ROOT / name) for command in commands_of(block) if runs(command)]
    assert tried
    for command in tried:
        arguments = arguments_of(command)
        if arguments[0] == "demo":
            continue  # it made the folder
        make_room(arguments)
        status = commandline.main(arguments)
        captured = capsys.readouterr()
        # Masks that lie there without a record are "kept", which status tells from what was segmented.
        assert status == 0 or arguments[0] == "status", (
            f"{command.block.place}: {command.text}\n{captured.out}{captured.err}"
        )
