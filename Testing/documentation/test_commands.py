"""Every command of the documentation works.

All are parsed. Those of the pages in ``RUN`` are run, in order, in one folder with coarse digital knees. What registers
knees runs with few iterations on the first page; on the others it only checks its input (``--check``), as one
registration of a kind is enough. ``PLACEHOLDERS`` are for the reader to fill in, so such commands are parsed only.
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
from KneeCartilageSegLib.commands import demo, segment
from KneeCartilageSegLib.elastix.package import package_is_installed
from KneeCartilageSegLib.images.regions import center
from KneeCartilageSegLib.registration import align
from KneeCartilageSegLib.tissue import Tissue
from tiny_study import write_image

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SPACING = 3.0
FIRST = "Documentation/tutorial/command-line.md"
RUN = (
    FIRST,
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
PLACEHOLDERS = re.compile(r"(^|[/=])[A-Z][A-Z_]+\b|\.\.\.")

# Other programs, which are not ours to test. Whatever is not here has to be added, with what is checked of it below.
OTHER_PROGRAMS = {"apptainer", "cd", "cmake", "docker", "git", "pre-commit", "python", "sbatch", "source", "squeue"}
OTHER_PROGRAMS |= {"dask", "srun", "twine", "export", "scancel", "sacct"}

COMMANDS = [command for page in pages() for block in blocks_of(page) for command in commands_of(block)]
IDS = [f"{command.block.place} {' '.join(command.words[:2])}" for command in COMMANDS]


def parse(words: tuple[str, ...]) -> argparse.Namespace:
    return commandline.make_parser().parse_args(words)


@pytest.mark.parametrize("command", COMMANDS, ids=IDS)
def test_command_is_one_that_there_is(command):
    program, *arguments = command.words
    if program == PROGRAM:
        parse(tuple(arguments))
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
    known = {option for parser in _parsers() for option in parser._option_string_actions}
    known |= set(re.findall(r'"(--[a-z-]+)"', "".join(map(_text, (ROOT / "Testing").rglob("*.py")))))
    foreign = {"--no-splash", "--strict", "--clean", "--no-main-window", "--user", "--rm"}
    unknown = {
        f"{page.relative_to(ROOT)}: {option}"
        for page in pages()
        for text in re.findall(r"`([^`\n]+)`", _text(page))
        if text.startswith(("--", *(f"{name} " for name in _names()), f"{PROGRAM} "))
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)
        if option not in known | foreign
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
    actions = commandline.make_parser()._actions
    return list(next(action for action in actions if isinstance(action, argparse._SubParsersAction)).choices.values())


def _names() -> list[str]:
    return [parser.prog.split()[-1] for parser in _parsers()]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# ---------------------------------------------------------------------------------------------------------------------
# They run


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """A folder with what the pages speak of, besides the demo's knees, which the first page makes."""
    folder = tmp_path_factory.mktemp("desk") / "demo"
    knees = {n: phantom.make_knee(phantom.KneeParameters.reduced(SPACING, subject=n)) for n in (1, 2, 3)}
    for name in ("01_DESS_01", "02_DESS_01"):
        write_series(knees[2].image, folder / "dicom" / name)
    write_image(knees[1].labels, folder / "labels.nii.gz")
    write_image(knees[1].image, folder / "knee.nii.gz")
    for n, knee in knees.items():
        for part in ("labelsTr", "imagesTr"):
            (folder / part).mkdir(exist_ok=True)
        write_image(knee.labels, folder / "labelsTr" / f"knee{n}.nii.gz")
        write_image(knee.image, folder / "imagesTr" / f"knee{n}_0000.nii.gz")
        for place, name in ((folder / "atlas", f"atlas{n}"), (folder / "findReference", f"subject{n}_prep")):
            place.mkdir(exist_ok=True)
            phantom.write_knee(knee, place, name)
    study = "\n".join(["./findReference", "r subject2_prep.mha", *(f"m subject{n}_prep.mha" for n in knees)])
    (folder / "image_list_findReference.txt").write_text(study)
    return folder


@pytest.fixture(scope="module")
def quick():
    """Few iterations and coarse knees: what the commands are is tested here, not how well they segment."""
    patch = pytest.MonkeyPatch()
    read = segment.read_parameter_files
    few = {"MaximumNumberOfIterations": ("40",), "NumberOfJacobianMeasurements": ("300",)}
    patch.setattr(
        segment, "read_parameter_files", lambda *given: {name: {**own, **few} for name, own in read(*given).items()}
    )
    # One start for each: matches that are poor after so few iterations would have all of them tried.
    patch.setattr(align, "starts", lambda reference, moving, *_: iter([center(moving) - center(reference)]))
    patch.setattr(demo, "SPACING", SPACING)
    yield
    patch.undo()


def runs(command: Command) -> bool:
    return command.words[0] == PROGRAM and not any(PLACEHOLDERS.search(word) for word in command.words[1:])


def arguments_of(command: Command, page: str) -> list[str]:
    """As a shell gives them, and with what keeps later pages short."""
    words = [name for word in command.words[1:] for name in (sorted(glob.glob(word)) or [word])]
    return [*words, "--check"] if page != FIRST and words[0] in REGISTERING and "--check" not in words else words


@pytest.mark.skipif(not package_is_installed(), reason="itk-elastix is not installed")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", RUN)
def test_the_page_s_commands_run(name, desk, quick, monkeypatch, capsys):
    if not (ROOT / name).exists():
        pytest.fail(f"{name} is gone: correct RUN")
    page_commands = [command for block in blocks_of(ROOT / name) for command in commands_of(block) if runs(command)]
    if name == "README.md":
        _fresh_references(desk)
    monkeypatch.chdir(desk.parent if name == FIRST else desk)
    for command in page_commands:
        if command.words[1] == "demo" and name != FIRST:
            continue
        status = commandline.main(arguments_of(command, name))
        captured = capsys.readouterr()
        # With so few iterations knees may be rejected (1); an input that cannot be used (2) is the page's fault.
        allowed = (0, 1) if command.words[1] in REGISTERING else (0,)
        assert status in allowed, f"{command.block.place}: {command.text}\n{captured.out}{captured.err}"
        if command.words[1] == "demo":
            monkeypatch.chdir(desk)


def _fresh_references(desk: Path) -> None:
    """README makes a reference where the demo's lies."""
    for tissue in ("", *(f"_{tissue.value}" for tissue in Tissue)):
        (desk / "reference" / "newsubject" / f"reference{tissue}.mha").unlink(missing_ok=True)
    shutil.rmtree(desk / "results", ignore_errors=True)
