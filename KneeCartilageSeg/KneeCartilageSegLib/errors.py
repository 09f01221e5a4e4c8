"""The errors that reach a user: each says what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class KneeError(Exception):
    """Base of all errors that this library raises on purpose; the message is meant for the user."""


class Cancelled(KneeError):
    """The user asked to stop. Not a failure."""


class EngineError(KneeError):
    """elastix is missing, lacks a component, or stopped with an error."""


class ImagesRefused(EngineError):
    """elastix stopped because of the images, not of the computer it runs on: it would again."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the input.

    :param message: what is wrong, without the file's name and line.
    :param remedy: what the user can do about it.
    :param file: the file that has to be corrected (an image list, or an image given directly).
    :param line: line number in that file, counted from 1.
    """

    message: str
    remedy: str
    file: Path | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = "" if self.file is None else f"{self.file}: " if self.line is None else f"{self.file}:{self.line}: "
        return f"{place}{self.message}. {self.remedy}."


class InputError(KneeError, ValueError):
    """The input is not usable. Holds every :class:`Problem` that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple:
        return (InputError, (self.problems,))


@contextmanager
def collecting(problems: list[Problem]) -> Iterator[None]:
    """Add the problems of an InputError to those that are known already."""
    try:
        yield
    except InputError as error:
        problems += error.problems


def either(names: Iterable) -> str:
    return " or ".join(f"'{name}'" for name in names)
