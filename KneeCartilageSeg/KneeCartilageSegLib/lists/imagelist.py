"""Image lists: the text files that say which images to work on.

The syntax is that of pyKNEEr (workflow.txt): one or two lines with a folder, then one image a line, with a letter
before it that says what the image is for::

    ./reference/newsubject
    ./preprocessed/
    r reference.mha
    m 01_DESS_01_prep.mha

Reading is generous: any line ends, a byte order mark, blank lines, tabs, indentation, upper-case letters, comments
(``#`` at the start of a line or after white space), quotes around a name, backslashes between folders, and a ``[3]``
before a line as the documentation prints it. What the lines mean is checked strictly, and all problems are found in one
go.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import InputError, Problem
from ..files import as_on_disk, atomic_path, is_folder

_DOCUMENTATION_NUMBER = re.compile(r"^\[\d+\]\s*")
# All up to a comment: words, of which those in quotes may hold spaces and "#".
_CONTENT = re.compile(r"""(?:\s*(?:"[^"]*"|'[^']*'|[^\s#]\S*))*""")
_ENTRY = re.compile(r"^(?P<letter>[A-Za-z])\s+(?P<name>.+)$")


@dataclass(frozen=True)
class ListSpec:
    """What the lines of a kind of image list mean.

    :param folders: what the folder lines at the top are called, in their order.
    :param letters: the letters that are allowed before an image.
    :param paired: whether each image with the second letter belongs to the latest one with the first letter above it.
    :param unique: the letters with which an image may be listed only once.
    :param passed_over: letters of lines that other commands read.
    """

    folders: tuple[str, ...]
    letters: str
    paired: bool
    unique: str
    passed_over: str = ""


_STUDY_FOLDERS = ("reference folder", "folder of the preprocessed images")
SEGMENTATION_SPEC = ListSpec(_STUDY_FOLDERS, "rm", True, "m", "ve")
DATA_SET_SPEC = ListSpec(("folder of the data set",), "rm", False, "m", "ve")
QUALITY_SPEC = ListSpec(("folder of the segmentations", "folder of the ground truth"), "sg", True, "s")
MEASUREMENT_SPEC = ListSpec(("folder of the masks",), "mver", False, "m")
MEASURED_STUDY_SPEC = ListSpec(_STUDY_FOLDERS, "rmve", False, "m")


@dataclass(frozen=True)
class FolderLine:
    """A folder of the list: its path (absolute) and the line it stands on."""

    path: Path
    line: int


@dataclass(frozen=True)
class Entry:
    """An image of the list: its letter (lower case), its name (path with ``/``), and the line it stands on."""

    letter: str
    name: str
    line: int


@dataclass(frozen=True)
class EntryPair:
    """Two entries that belong together: the latest ``first`` letter above a ``second`` letter."""

    first: Entry
    second: Entry


@dataclass(frozen=True)
class ImageList:
    """A list as it was read.

    :param spec: what its lines mean.
    :param path: the list file.
    :param folders: the folders at its top; relative ones are relative to the list file.
    :param entries: the images below, in the order of the file.
    :param problems: what is wrong with it so far; the list is usable as far as it goes.
    :param is_file: False if nobody wrote it: the images were named one by one.
    """

    spec: ListSpec
    path: Path
    folders: tuple[FolderLine, ...]
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = field(default=())
    is_file: bool = True

    def problem(self, line: int | None, message: str, remedy: str) -> Problem:
        """A problem of this list at a line (None: of the whole file)."""
        return Problem(message, remedy, self.path, line)

    def folder(self, entry: Entry) -> Path:
        """The folder of an image, in a list with a folder for each letter."""
        return self.folders[self.spec.letters.index(entry.letter)].path


def read_image_list(path: Path, spec: ListSpec) -> ImageList:
    """Read the syntax of an image list; whether its files exist is for the caller to check.

    :param path: the text file (UTF-8, with or without byte order mark).
    :param spec: what its lines mean.
    :raises InputError: if the file cannot be read as text at all. Everything else is in
        :attr:`ImageList.problems`, so that problems of the files can be reported together with it.
    """
    path, folders, letters = Path(path), spec.folders, spec.letters
    lines = _content_lines(path)
    found_folders: list[FolderLine] = []
    entries: list[Entry] = []
    problems: list[Problem] = []
    for number, text in lines[: len(folders)]:
        what = folders[len(found_folders)]
        if _looks_like_entry(text, letters + spec.passed_over):
            problems.append(
                Problem(
                    f"this line names an image ('{text}') where the {what} should be",
                    f"Write the {_enumerate(folders)} in the first lines of the list",
                    path,
                    number,
                )
            )
            break
        found_folders.append(FolderLine(_resolve(text, path.parent), number))
    for number, text in lines[len(found_folders) :]:
        match = _ENTRY.match(text)
        if match and match["letter"].lower() in spec.passed_over:
            continue
        if match and match["letter"].lower() in letters:
            entries.append(Entry(match["letter"].lower(), _path_text(match["name"]), number))
        else:
            problems.append(_unknown_line(path, number, text, letters))
    if not lines:
        problems.append(
            Problem("the list is empty", f"Write the {_enumerate(folders)} in its first lines, then the images", path)
        )
    elif len(found_folders) < len(folders) and not problems:
        problems.append(
            Problem(f"the {folders[len(found_folders)]} is missing", "Add its line at the top of the list", path)
        )
    elif not entries and not problems:
        problems.append(Problem("the list names no image", f"Add lines such as '{letters[-1]} image.mha'", path))
    return ImageList(spec, path, tuple(found_folders), tuple(entries), tuple(problems))


def read_list_of_kinds(path: Path, specs: Sequence[ListSpec]) -> ImageList:
    """Read a list that may be of several kinds: as the one in whose terms the fewest lines make no sense.

    :param specs: if several fit equally well, the first one counts.
    :raises InputError: if the file cannot be read as text at all.
    """
    return min((read_image_list(path, spec) for spec in specs), key=lambda images: len(images.problems))


def list_of_images(images: Sequence[Path], references: Path) -> ImageList:
    """Images to segment that were named one by one, as if a list had named them; each counts once.

    :param references: the folder of their references.
    """
    here = Path.cwd()
    names = dict.fromkeys(Path(os.path.normpath(path)).as_posix() for path in images)
    entries = [Entry("m", name, line) for line, name in enumerate(names, start=1)]
    folders = FolderLine(Path(os.path.abspath(references)), 0), FolderLine(here, 0)
    return ImageList(SEGMENTATION_SPEC, here / "images", folders, tuple(entries), is_file=False)


def write_image_list(path: Path, folders: Sequence[Path | str], entries: Sequence[tuple[str, str]]) -> None:
    """Write an image list that :func:`read_image_list` understands.

    :param folders: relative ones are relative to the list.
    :param entries: letter and name of each image.
    """
    lines = [_quoted(str(folder)) for folder in folders] + [f"{letter} {_quoted(name)}" for letter, name in entries]
    with atomic_path(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text or "#" in text else text


def pair_entries(images: ImageList) -> tuple[list[EntryPair], list[Problem]]:
    """Couple each entry with the second letter of a paired list with the latest one with the first letter above it.

    One may serve several (one reference for many knees, one baseline for several visits).

    :return: the pairs, and the problems: an entry that has none above it, and one that none follows.
    """
    assert images.spec.paired
    first, second = tuple(images.spec.letters)
    pairs, problems = [], []
    current: Entry | None = None
    used = True
    for entry in images.entries:
        if entry.letter == first:
            if current is not None and not used:
                problems.append(_without_partner(images, current, second))
            current, used = entry, False
        elif current is None:
            problems.append(
                images.problem(
                    entry.line,
                    f"'{entry.letter} {entry.name}' has no '{first}' line above it",
                    f"Put the '{first}' line that it belongs to before it",
                )
            )
        else:
            pairs.append(EntryPair(current, entry))
            used = True
    if current is not None and not used:
        problems.append(_without_partner(images, current, second))
    return pairs, problems


def repeated_entries(images: ImageList, letters: str | None = None) -> list[Problem]:
    """A problem for each entry that names an image which was listed before with the same letter.

    :param letters: to look at, if other ones than the unique ones of the list.
    """
    unique = images.spec.unique if letters is None else letters
    first_lines: dict = {}
    problems = []
    for entry in images.entries:
        if entry.letter not in unique:
            continue
        name = entry.letter, unicodedata.normalize("NFC", os.path.normpath(entry.name))
        if name in first_lines:
            problems.append(
                images.problem(
                    entry.line,
                    f"'{entry.name}' is listed twice; the first time in line {first_lines[name]}",
                    "Remove one of the two lines",
                )
            )
        first_lines.setdefault(name, entry.line)
    return problems


def missing_folders(images: ImageList) -> list[Problem]:
    """A problem for each folder line whose folder does not exist."""
    here = images.path.absolute().parent
    return [
        images.problem(
            folder.line,
            f"the {what} '{folder.path}' does not exist",
            f"Correct the path; a relative path is relative to the list's own folder, '{here}'",
        )
        for folder, what in zip(images.folders, images.spec.folders)
        if not is_folder(folder.path)
    ]


def _content_lines(path: Path) -> list[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError([Problem("the image list does not exist", "Check its path", path)]) from None
    except IsADirectoryError:
        raise InputError([Problem("the image list cannot be read: it is a folder", "Name a text file", path)]) from None
    except PermissionError as error:
        message = f"the image list may not be read ({error.strerror})"
        raise InputError([Problem(message, "Change its permissions", path)]) from error
    except (OSError, ValueError) as error:
        remedy = "An image list is a plain text file: save it as text (UTF-8)"
        raise InputError([Problem(f"the image list cannot be read ({error})", remedy, path)]) from error
    stripped = ((i, _strip(line)) for i, line in enumerate(text.splitlines(), start=1))
    return [(i, line) for i, line in stripped if line]


def _strip(line: str) -> str:
    content = _CONTENT.match(_DOCUMENTATION_NUMBER.sub("", line.strip()))
    return content[0].strip() if content else ""


def _path_text(text: str) -> str:
    """A path without quotes, with ``/``: one written on Windows works everywhere; no sensible name has a backslash."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    return text.replace("\\", "/")


def _resolve(text: str, base: Path) -> Path:
    return as_on_disk(Path(os.path.abspath(base / os.path.expanduser(_path_text(text)))))


def _looks_like_entry(text: str, letters: str) -> bool:
    match = _ENTRY.match(text)
    return match is not None and match["letter"].lower() in letters and "." in Path(match["name"]).name


def _unknown_line(path: Path, number: int, text: str, letters: str) -> Problem:
    known = " or ".join(f"'{letter} '" for letter in letters)
    match = _ENTRY.match(text)
    message = f"unknown letter '{match['letter']}'" if match else f"cannot make sense of '{text}'"
    return Problem(message, f"Start the line with {known} and the name of an image", path, number)


def _without_partner(images: ImageList, entry: Entry, second: str) -> Problem:
    return images.problem(
        entry.line,
        f"no '{second}' line follows '{entry.letter} {entry.name}'",
        f"Add the '{second}' lines that belong to it, or remove it",
    )


def _enumerate(names: Sequence[str]) -> str:
    return " and the ".join(names)
