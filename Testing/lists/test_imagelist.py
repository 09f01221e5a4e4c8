"""Image lists: what is read from them, and what is wrong with them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.lists.imagelist import (
    SEGMENTATION_SPEC,
    Entry,
    ImageList,
    missing_folders,
    pair_entries,
    read_image_list,
    repeated_entries,
)
from tiny_study import write_list

PLAIN = "./reference/newsubject\n./preprocessed/\nr reference.mha\nm 01_DESS_01_prep.mha\n"


def read(path: Path, content: str | bytes) -> ImageList:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_image_list(path, SEGMENTATION_SPEC)


def meaning(images: ImageList) -> tuple:
    """What a list says, without the lines on which it says it."""
    folders = [os.path.relpath(folder.path, images.path.parent) for folder in images.folders]
    return folders, [(entry.letter, entry.name) for entry in images.entries], images.problems


EXPECTED = (
    [os.path.join("reference", "newsubject"), "preprocessed"],
    [("r", "reference.mha"), ("m", "01_DESS_01_prep.mha")],
    (),
)


# ---------------------------------------------------------------------------------------------------------------------
# Generous in what is read


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PLAIN, id="as documented"),
        pytest.param(PLAIN.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(PLAIN.replace("\n", "\r"), id="CR"),
        pytest.param(PLAIN[:-1], id="no line end at the end"),
        pytest.param(b"\xef\xbb\xbf" + PLAIN.encode(), id="byte order mark"),
        pytest.param("\n \n" + PLAIN.replace("\n", "\n\n\t\n") + "\n\n", id="blank lines"),
        pytest.param(PLAIN.replace("r ", "r\t").replace("m ", "m \t  "), id="tabs"),
        pytest.param("".join(f"  {line}  \n" for line in PLAIN.splitlines()), id="indented, trailing blanks"),
        pytest.param("# knees\n" + PLAIN.replace("\n", "  # a comment\n") + "#m 02.mha\n", id="comments"),
        pytest.param(PLAIN.replace("\n", "\t#it's a comment\n"), id="comments with an apostrophe"),
        pytest.param("".join(f"[{n}] {line}\n" for n, line in enumerate(PLAIN.splitlines(), 1)), id="[3] prefix"),
        pytest.param("".join(f"  [{n}]{line}\n" for n, line in enumerate(PLAIN.splitlines(), 9)), id="[12]prefix"),
        pytest.param(PLAIN.replace("preprocessed/", "preprocessed"), id="no trailing slash"),
        pytest.param(PLAIN.replace("newsubject", "newsubject/"), id="trailing slash"),
        pytest.param(PLAIN.replace("./", ""), id="bare folder names"),
        pytest.param(PLAIN.replace("r r", "R r").replace("m 0", "M 0"), id="upper case"),
        pytest.param(
            PLAIN.replace("./preprocessed/", '"./preprocessed/"').replace("r r", "r 'r", 1).replace("e.mha", "e.mha'"),
            id="quotes",
        ),
        pytest.param(PLAIN.replace("/", "\\"), id="backslashes in folders"),
        pytest.param(PLAIN.replace("./preprocessed/", "reference/../preprocessed/."), id="detour"),
    ],
)
def test_ways_to_write_the_same_list(tmp_path, content):
    assert meaning(read(tmp_path / "list.txt", content)) == EXPECTED


def test_lines_are_counted_as_an_editor_does(tmp_path):
    images = read(tmp_path / "list.txt", "# study\n\n[1] ref\r\n\r\npre\r\n\r\nr a.mha\n# more\nm b.mha\n")
    assert [folder.line for folder in images.folders] == [3, 5]
    assert [entry.line for entry in images.entries] == [7, 9]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("m visit 1/knee left.mha", "visit 1/knee left.mha"),
        (r"m visit1\knee.mha", "visit1/knee.mha"),
        ('m "knee #1.mha" # the first', "knee #1.mha"),
        ("m knee#1.mha #2", "knee#1.mha"),
        ("m O'Brien.mha  # it's 'his'", "O'Brien.mha"),
        ("m 'tis.mha", "'tis.mha"),
        ("m Knie_\u00e4\u00f6\u00fc_\u819d.nii.gz", "Knie_\u00e4\u00f6\u00fc_\u819d.nii.gz"),
        ("m [3].mha", "[3].mha"),
        ("m m.mha", "m.mha"),
    ],
)
def test_names(tmp_path, text, name):
    images = read(tmp_path / "list.txt", PLAIN + text + "\n")
    assert images.entries[-1] == Entry("m", name, 5)
    assert not images.problems


def test_folders_are_relative_to_the_list_and_not_to_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "study").mkdir()
    monkeypatch.chdir(tmp_path)
    write_list(Path("study/list.txt"), "./ref", str(tmp_path / "elsewhere"), "r a.mha", "m b.mha")
    folders = read_image_list(Path("study/list.txt"), SEGMENTATION_SPEC).folders
    assert [folder.path for folder in folders] == [tmp_path / "study" / "ref", tmp_path / "elsewhere"]


def test_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    images = read(tmp_path / "list.txt", "~/ref\n~nobody-of-this-name/x\nr a.mha\nm b.mha\n")
    assert images.folders[0].path == tmp_path / "ref"
    assert images.folders[1].path == tmp_path / "~nobody-of-this-name" / "x"


# ---------------------------------------------------------------------------------------------------------------------
# Strict in what is accepted


@pytest.mark.parametrize(
    ("content", "line", "message", "remedy"),
    [
        ("", None, "the list is empty", "Write the reference folder and the folder of the preprocessed images"),
        ("# only a comment\n\n", None, "the list is empty", "in its first lines"),
        ("./reference\n", None, "the folder of the preprocessed images is missing", "at the top"),
        ("./reference\n./preprocessed\n", None, "names no image", "m image.mha"),
        ("./reference\nr a.mha\nm b.mha\n", 2, "names an image ('r a.mha') where the folder of the pre", "first lines"),
        ("R a.mha\nm b.mha\n", 1, "where the reference folder should be", "first lines"),
        (PLAIN + "x 02.mha\n", 5, "unknown letter 'x'", "Start the line with 'r ' or 'm '"),
        (PLAIN + "s 02.mha\n", 5, "unknown letter 's'", "and the name of an image"),
        (PLAIN + "02_DESS_01_prep.mha\n", 5, "cannot make sense of '02_DESS_01_prep.mha'", "Start the line with"),
        (PLAIN + "[5] etc.\n", 5, "cannot make sense of 'etc.'", "Start the line with"),
        (PLAIN + "m\n", 5, "cannot make sense of 'm'", "the name of an image"),
        (PLAIN + "m:02.mha\n", 5, "cannot make sense of 'm:02.mha'", "Start the line with"),
    ],
)
def test_syntax(tmp_path, content, line, message, remedy):
    (problem,) = read(tmp_path / "list.txt", content).problems
    assert (problem.file, problem.line) == (tmp_path / "list.txt", line)
    assert message in problem.message
    assert remedy in problem.remedy


def test_a_list_is_usable_as_far_as_it_goes(tmp_path):
    images = read(tmp_path / "list.txt", PLAIN + "x 1.mha\nm 02.mha\nnonsense\nm 03.mha\n")
    assert [entry.line for entry in images.entries] == [3, 4, 6, 8]
    assert [problem.line for problem in images.problems] == [5, 7]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (PLAIN.encode("utf-16"), "cannot be read"),
        ("m Kn\u00f6chel.mha".encode("latin-1"), "cannot be read"),
        (bytes(range(256)), "cannot be read"),
        (None, "does not exist"),
    ],
)
def test_files_that_are_no_text(tmp_path, content, message):
    if content is not None:
        (tmp_path / "list.txt").write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_image_list(tmp_path / "list.txt", SEGMENTATION_SPEC)
    (problem,) = caught.value.problems
    assert problem.file == tmp_path / "list.txt"
    assert message in problem.message
    assert problem.remedy


def test_a_folder_is_no_list(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_image_list(tmp_path, SEGMENTATION_SPEC)


def test_a_problem_names_file_line_and_remedy(tmp_path):
    (problem,) = read(tmp_path / "list.txt", PLAIN + "x 02.mha\n").problems
    expected = "list.txt:5: unknown letter 'x'. Start the line with 'r ' or 'm ' and the name of an image."
    assert str(problem) == str(tmp_path / expected)


# ---------------------------------------------------------------------------------------------------------------------
# Couples


def couples(tmp_path: Path, *lines: str) -> tuple[list, list]:
    images = read_image_list(write_list(tmp_path / "list.txt", "a", "b", *lines), SEGMENTATION_SPEC)
    pairs, problems = pair_entries(images)
    names = [(pair.first.name, pair.second.name) for pair in pairs]
    return names, [(problem.line, problem.message) for problem in problems]


def test_one_reference_serves_many(tmp_path):
    assert couples(tmp_path, "r a.mha", "m 1.mha", "m 2.mha") == ([("a.mha", "1.mha"), ("a.mha", "2.mha")], [])


def test_couples(tmp_path):
    found = couples(tmp_path, "r a.mha", "m 1.mha", "r b.mha", "m 2.mha", "m 3.mha", "r a.mha", "m 4.mha")
    assert found == ([("a.mha", "1.mha"), ("b.mha", "2.mha"), ("b.mha", "3.mha"), ("a.mha", "4.mha")], [])


def test_entries_without_partner(tmp_path):
    names, problems = couples(tmp_path, "m 1.mha", "m 2.mha", "r a.mha", "r b.mha", "m 3.mha", "r c.mha")
    assert names == [("b.mha", "3.mha")]
    assert problems == [
        (3, "'m 1.mha' has no 'r' line above it"),
        (4, "'m 2.mha' has no 'r' line above it"),
        (5, "no 'm' line follows 'r a.mha'"),
        (8, "no 'm' line follows 'r c.mha'"),
    ]


@pytest.mark.parametrize("again", ["m 1.mha", "m ./1.mha", "M  x/../1.mha", r"m .\1.mha", 'm "1.mha"'])
def test_an_image_is_listed_twice(tmp_path, again):
    lines = ["r a.mha", "m 1.mha", "m 2.mha", again, "r a.mha", "m 1_2.mha"]
    images = read_image_list(write_list(tmp_path / "list.txt", "a", "b", *lines), SEGMENTATION_SPEC)
    (problem,) = repeated_entries(images)
    assert problem.line == 6
    assert "listed twice; the first time in line 4" in problem.message
    assert problem.remedy


def test_missing_folders(tmp_path):
    (tmp_path / "ref").mkdir()
    (tmp_path / "pre").write_text("a file", encoding="utf-8")
    images = read(tmp_path / "list.txt", "# x\nref\npre\nr a.mha\nm b.mha\n")
    (problem,) = missing_folders(images)
    assert problem.line == 3
    assert f"the folder of the preprocessed images '{tmp_path / 'pre'}' does not exist" in problem.message
    assert str(tmp_path) in problem.remedy


def test_one_name_composed_in_two_ways_is_listed_twice(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("./\n./\nr r.mha\nm M\u00fcller.mha\nm Mu\u0308ller.mha\n", encoding="utf-8")
    (problem,) = repeated_entries(read_image_list(path, SEGMENTATION_SPEC))
    assert problem.line == 5
