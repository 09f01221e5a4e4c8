"""Run hundreds of damaged files in processes of their own, so that one that dies or hangs is only one."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

from .headers import fuzz_header
from .lists import fuzz_list, make_study

_CHUNK = 25
_SECONDS = 30  # for each; a loaded computer needs one


def main() -> int:
    """Damage, read, and tell what went wrong.

    :return: exit status: 1 if anything did.
    """
    parser = argparse.ArgumentParser(description="Read hundreds of damaged headers and image lists.")
    parser.add_argument("--count", type=int, default=250, help="headers, and as many lists (default: %(default)s)")
    parser.add_argument("--first", type=int, default=0, help="the first number: each stands for one damage")
    parser.add_argument("--here", action="store_true", help="in this process; one failure ends it")
    args = parser.parse_args()
    numbers = range(args.first, args.first + args.count)
    if args.here:
        failures = fuzz(numbers)
        print("\n".join(failures), end="\n" if failures else "")
        return int(bool(failures))
    failed = sum(_run_apart(numbers[start : start + _CHUNK]) for start in range(0, len(numbers), _CHUNK))
    print(f"{2 * len(numbers)} damaged files, {failed} of {-(-len(numbers) // _CHUNK)} processes with failures")
    return int(bool(failed))


def fuzz(numbers: range) -> list[str]:
    """Damage a header and a list for each number; what went wrong, with the number."""
    failures = []
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        study = Path(folder) / "study"
        lists = make_study(study)
        for number in numbers:
            own = Path(folder) / str(number)
            own.mkdir()
            failures += _attempt(f"header {number}", partial(fuzz_header, own, number))
            failures += _attempt(f"list {number}", partial(fuzz_list, study, lists, number))
    return failures


def _attempt(what: str, call: Callable[[], str]) -> list[str]:
    try:
        wrong = call()
    except Exception:
        wrong = traceback.format_exc()
    return [f"{what}: {wrong}"] if wrong else []


def _run_apart(numbers: range) -> bool:
    """Whether anything went wrong with these numbers; what, is printed."""
    arguments = ["--here", "--first", str(numbers.start), "--count", str(len(numbers))]
    command = [sys.executable, str(Path(__file__).parent), *arguments]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS * len(numbers))
    except subprocess.TimeoutExpired:
        print(f"{numbers.start} to {numbers.stop - 1}: hangs")
        return True
    if ended.returncode:
        print(f"{numbers.start} to {numbers.stop - 1}: exit status {ended.returncode}\n{ended.stdout}{ended.stderr}")
    return ended.returncode != 0
