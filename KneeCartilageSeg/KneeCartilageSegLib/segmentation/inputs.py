"""The input files of a case that were not read before its work begins: those of a long list."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..images.files import image_checksum
from ..lists.checks import check_files, input_error
from .cases import Case


def input_checksums(case: Case, known: Mapping[Path, str]) -> dict[Path, str]:
    """The SHA-256 checksums of all files of a case.

    :param known: of those that were read before.
    :raises InputError, OSError: if a file cannot be read.
    """
    return {path: known[path] if path in known else image_checksum(path) for path in case.inputs.values()}


def check_unread(case: Case, known: Mapping[Path, str]) -> None:
    """Read the files of a case that were not read before, to see whether they can be used.

    :param known: the checksums of those that were.
    :raises InputError: with everything that is wrong with them.
    """
    images = {} if case.moving in known else {case.moving: (None, None)}
    references = {files: (None, None) for files in case.references if not known.keys() >= set(files.inputs().values())}
    _, problems = check_files(images, references, 1, lambda done, total: None)
    if problems:
        raise input_error(problems)
