"""Checkouts of the repository: where their library is, and how to run its command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import BenchmarkError

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Checkout:
    """A checkout of the repository.

    :param label: folder and commit, with a star if files differ from the commit.
    """

    root: Path
    label: str

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment, in which Python finds the checkout's library before any that is installed."""
        paths = (self.root / "KneeCartilageSeg", ROOT / "Testing")  # the latter for this package
        return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}

    def command(self, *arguments: str, module: str = "KneeCartilageSegLib") -> list[str]:
        """The command line ``knee-cartilage-seg ARGUMENTS`` of the checkout, with this process's Python.

        :param module: to run in place of the command line.
        """
        return [sys.executable, "-m", module, *arguments]


def find_checkout(root: Path) -> Checkout:
    """A checkout, after making sure that its library is the one that runs.

    :raises BenchmarkError: if there is no library, or Python takes another one.
    """
    checkout = Checkout(root.resolve(), f"{root.resolve().name}@{_commit(root)}")
    ask = "import KneeCartilageSegLib; print(KneeCartilageSegLib.__file__)"
    answer = subprocess.run(
        [sys.executable, "-c", ask], env=checkout.environment, capture_output=True, text=True, check=False
    )
    if not answer.stdout.startswith(str(checkout.root)):
        found = answer.stdout.strip() or answer.stderr.strip()
        raise BenchmarkError(f"'{root}' is no checkout whose library this Python would run; it finds: {found}")
    return checkout


def distinct(checkouts: Sequence[Checkout]) -> list[Checkout]:
    """The checkouts with labels that differ, if need be by their order: A, B."""
    if len({checkout.label for checkout in checkouts}) == len(checkouts):
        return list(checkouts)
    return [Checkout(own.root, f"{own.label} ({letter})") for own, letter in zip(checkouts, "ABCDEFGH")]


def _commit(root: Path) -> str:
    command = ["git", "-C", str(root), "describe", "--always", "--dirty=*", "--exclude=*"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or "no commit"
