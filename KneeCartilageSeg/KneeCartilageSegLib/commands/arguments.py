"""What the commands' arguments have in common: their types, and the files that are written."""

from __future__ import annotations

import _thread
import argparse
import contextlib
import math
import os
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ..elastix.discovery import AUTOMATIC, PACKAGE
from ..errors import Problem
from ..files import longest_name
from ..outputs import Kind, replacing_problem
from ..runs.background import LocalWorkers, MakeWorkers
from ..runs.cluster import Scheduler, cluster_workers
from ..runs.timelimit import DEFAULT_MINUTES

_READ_SIZE = 1024
_ROOM_FOR_RECORDS = 16  # bytes, for the ends of the names of records beside csv files


def positive(text: str) -> int:
    """A whole number of 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of 1 or more")
    return int(text)


def jobs(text: str) -> int | None:
    """A number of jobs; None for ``auto``."""
    return None if text == "auto" else positive(text)


def minutes(text: str) -> float:
    """A time above 0."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of minutes")
    return value


def file_name(text: str) -> str:
    """The name of a file without a folder, as every system takes it."""
    if not text or any(character in text for character in '/\\:*?"<>|') or text.startswith("."):
        raise argparse.ArgumentTypeError(f"'{text}' is not a file name")
    return text


def natural(text: str) -> int:
    """A whole number of 0 or more that numpy takes as a seed."""
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 to {2**32 - 1}")
    return int(text)


def interval(text: str) -> tuple[str, tuple[float, float]]:
    """``KEY=LOW:HIGH``; a bound that is left out is infinite."""
    key, separator, bounds = text.partition("=")
    low, colon, high = bounds.partition(":")
    if not (separator and colon):
        raise argparse.ArgumentTypeError(f"'{text}' is not of the form KEY=LOW:HIGH")
    try:
        values = float(low) if low else -math.inf, float(high) if high else math.inf
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{bounds}' is not of the form LOW:HIGH") from None
    if not values[0] <= values[1]:
        raise argparse.ArgumentTypeError(f"no number lies in '{bounds}'")
    return key, values


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Add ``--engine``, for :func:`..elastix.discovery.find_engine`."""
    parser.add_argument(
        "--engine",
        metavar="E",
        default=AUTOMATIC,
        help=f"'{PACKAGE}', the path of an elastix program, or '{AUTOMATIC}': the first that can run the stages",
    )


def add_work(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the options that say who does the work: ``--jobs``, ``--threads``, ``--time-limit``, ``--scheduler``.

    :param what: is done, for example "knees".
    """
    parser.add_argument(
        "--jobs", metavar="N", type=jobs, help=f"{what} at once; auto, the default, goes by cores and memory"
    )
    parser.add_argument(
        "--threads",
        metavar="N",
        type=positive,
        help="cores for each of them: one for elastix, the others for all else; with several references, how many of "
        "these are registered at once (default: the cores, divided by --jobs; on a cluster 1)",
    )
    parser.add_argument(
        "--time-limit",
        metavar="MINUTES",
        type=minutes,
        default=DEFAULT_MINUTES,
        help="stop and report what takes longer, and go on with the others (default: %(default)g)",
    )
    cluster = parser.add_argument_group("on a cluster (see Documentation/how-to/cluster.md)")
    cluster.add_argument(
        "--scheduler", metavar="ADDRESS", help="let the workers of Dask's scheduler work: tls://HOST:8786, tcp://..."
    )
    cluster.add_argument("--tls-ca-file", metavar="F", type=Path, help="certificate of the cluster's authority")
    cluster.add_argument("--tls-cert", metavar="F", type=Path, help="your certificate for the cluster")
    cluster.add_argument("--tls-key", metavar="F", type=Path, help="its key")


def work_problems(args: argparse.Namespace) -> list[Problem]:
    """What is wrong with the options of :func:`add_work`."""
    certificates = {"--tls-ca-file": args.tls_ca_file, "--tls-cert": args.tls_cert, "--tls-key": args.tls_key}
    given = {option: path for option, path in certificates.items() if path is not None}
    if args.scheduler is None:
        return [Problem(f"{option} is for a cluster", "Name its scheduler, too (--scheduler)") for option in given]
    problems = []
    if args.jobs is not None:
        problems.append(Problem("--jobs is for this computer", "On a cluster, start as many workers as you want"))
    missing = [(option, path) for option, path in given.items() if not path.is_file()]
    problems += [Problem(f"{option}: there is no file '{path}'", "Correct its path") for option, path in missing]
    return problems


def make_workers(args: argparse.Namespace, paths: Iterable[Path]) -> MakeWorkers:
    """Those who do the work, by the options of :func:`add_work`: this computer's threads, or a cluster.

    :param paths: files and folders that every worker has to see.
    """
    if args.scheduler is None:
        return LocalWorkers
    scheduler = Scheduler(args.scheduler, args.tls_ca_file, args.tls_cert, args.tls_key)
    return cluster_workers(scheduler, tuple(path.absolute() for path in paths))


def add_attached(parser: argparse.ArgumentParser) -> None:
    """Add ``--attached``, with which :func:`cancel_when_input_ends` is to be called."""
    parser.add_argument(
        "--attached",
        action="store_true",
        help="cancel when standard input ends: for programs that start this one, which may die",
    )


def cancel_when_input_ends(stop: Callable[[], None] = lambda: None) -> None:
    """Interrupt the main thread, as Ctrl-C does, when standard input ends after something was read from it.

    It ends when the program that holds it closes it, or dies; that works on Windows and through launchers as well,
    where no signal arrives. Where nothing was read, nobody holds it.

    :param stop: called after that, in another thread: ends what the main thread may be waiting for, which no such
        interrupt does.
    """

    def wait() -> None:
        # Not sys.stdin, whose lock a thread must not hold when Python ends.
        with contextlib.suppress(OSError, ValueError):
            descriptor = sys.stdin.fileno()
            if os.read(descriptor, _READ_SIZE):
                while os.read(descriptor, _READ_SIZE):
                    pass
                _thread.interrupt_main()
                stop()

    threading.Thread(target=wait, daemon=True).start()


def output_problems(outputs: Mapping[str, tuple[Path | None, Kind]], inputs: Mapping[Path, str]) -> list[Problem]:
    """What would keep files from being written, or make them overwrite something else than earlier files of their kind.

    :param outputs: the file to write and its kind, by the option that names it; None if it was not asked for.
    :param inputs: what lies at a path that is read, for example ``"the list"``.
    """
    problems = []
    taken = {path.resolve(): what for path, what in inputs.items()}
    for option, (path, kind) in outputs.items():
        if path is None:
            continue
        target = path.resolve()
        if target in taken:
            problems.append(Problem(f"{option} {path} would overwrite {taken[target]}", "Choose another name"))
        elif len(os.fsencode(target.name)) + _ROOM_FOR_RECORDS > longest_name(target.parent):
            problems.append(Problem(f"{option} {path}: the name is too long", "Shorten it"))
        elif target.is_dir():
            problems.append(Problem(f"{option} {path} is a folder", "Give the name of a file in it"))
        elif not target.parent.is_dir():
            remedy = "Create it, or correct the path"
            problems.append(Problem(f"{option} {path}: the folder '{target.parent}' does not exist", remedy))
        else:
            problems += replacing_problem(f"{option} {path}", target, kind)
        taken[target] = f"the output of {option}"
    return problems


def folder_problems(option: str, folder: Path | None, names: Iterable[str], kind: Kind) -> list[Problem]:
    """What would keep files from being written to a folder, or make them overwrite something else.

    :param option: that names the folder.
    :param folder: None if it was not asked for; is made if it does not exist.
    :param names: of the files.
    """
    if folder is None or not folder.exists():
        return []
    if not folder.is_dir():
        return [Problem(f"{option} {folder} is a file", "Give the name of a folder")]
    paths = (folder / name for name in names)
    return [problem for path in paths for problem in replacing_problem(f"{option}: '{path}'", path, kind)]
