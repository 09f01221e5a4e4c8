"""Work that nobody waits for: done in processes of low priority, so that it costs the run as little as possible.

What such work is about (a picture) is worth less than the knees: it never holds one up, and when it fails, crashes or
hangs, that is told and nothing else happens.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Callable

from .executor import WorkerThreads

_LIBRARY_FOLDER = Path(__file__).resolve().parents[2]
_LONGEST = 600.0  # seconds for one piece of work; a picture takes one or two, and much longer on a busy computer
# A tenth of what elastix gets where both want the same core. With the least (19) a picture could take minutes, and all
# would be left for the end of the run.
_NICE = 10
_BELOW_NORMAL = 0x4000  # the same on Windows


class Aside:
    """Processes that answer questions, a line of JSON each, when the computer has nothing better to do.

    :param module: the program: it reads a question from each line of standard input and writes an answer to standard
        output, with the key ``error``; see :func:`answer_questions`.
    :param count: how many processes there are at most; each is started when there is work for it, or will be.
    :param failed: called with the question and what went wrong, from the threads that talk to the processes.
    """

    def __init__(self, module: str, count: int, failed: Callable[[Mapping[str, Any], str], None]):
        self._module, self._failed = module, failed
        self._threads = WorkerThreads(count)
        self._own = threading.local()
        self._processes: list[subprocess.Popen] = []
        self._open: set[Future] = set()
        self._lock = threading.Lock()
        self._cancelled = False

    def expect(self) -> None:
        """There will be a question: the process that answers it may start, if none has nothing to do."""
        if not self._open:
            self._begin(self._process)

    def submit(self, question: Mapping[str, Any]) -> None:
        """Ask, and go on."""
        future = self._begin(self._ask, question)
        if future is not None:
            self._open.add(future)
            future.add_done_callback(self._open.discard)

    @property
    def waiting(self) -> int:
        """How many questions have no answer yet."""
        return len(self._open)

    def close(self) -> None:
        """Wait for all answers, and end the processes."""
        self._threads.shutdown()
        for process in self._processes:
            _end(process)

    def cancel(self) -> None:
        """End at once, whatever has no answer."""
        with self._lock:
            self._cancelled = True
            for process in self._processes:
                process.terminate()  # so that it leaves nothing half written
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _begin(self, work: Callable, *values: Any) -> Future | None:
        with self._lock:  # between a look at it and the work, a cancel would end the threads
            return None if self._cancelled else self._threads.submit(work, *values)

    def _ask(self, question: Mapping[str, Any]) -> None:
        try:
            error = self._answer(question)
        except Exception as problem:  # whatever it is, the knees go on
            error = str(problem) or type(problem).__name__
        if error and not self._cancelled:
            self._failed(question, error)

    def _answer(self, question: Mapping[str, Any]) -> str:
        process = self._process()
        if process is None:
            return ""
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Timer(_LONGEST, process.kill)
        late.daemon = True
        late.start()
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        finally:
            late.cancel()
        return json.loads(line)["error"] if line else f"its process ended ({process.wait()})"

    def _process(self) -> subprocess.Popen | None:
        """This thread's process, which is started if there is none, or if it has died; None after a cancel."""
        process: subprocess.Popen | None = getattr(self._own, "process", None)
        if process is not None and process.poll() is None:
            return process
        with self._lock:
            if self._cancelled:
                return None
            self._own.process = _start(self._module)
            self._processes.append(self._own.process)
            return self._own.process


def _start(module: str) -> subprocess.Popen:
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join([str(_LIBRARY_FOLDER), *filter(None, [environment.get("PYTHONPATH")])])
    environment["ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"] = "1"
    return subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
        # A Ctrl-C in the terminal goes to the whole group: the run, not the terminal, ends this process.
        start_new_session=True,
        creationflags=_BELOW_NORMAL if os.name == "nt" else 0,
    )


def _end(process: subprocess.Popen) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(OSError):  # if it is dead already, that is what we want
        process.stdin.close()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def answer_questions(answer: Callable[[dict[str, Any]], None], load: Callable[[], None] = lambda: None) -> int:
    """The program of such a process; it ends when its input ends.

    :param answer: does the work; whatever it raises is the answer's ``error``.
    :param load: called before the first question; what it raises, the answers will.
    :return: exit status.
    """
    if hasattr(os, "nice"):
        os.nice(_NICE)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    # What libraries print must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with contextlib.suppress(Exception):
        load()
    for line in sys.stdin:
        try:
            answer(json.loads(line))
            error = ""
        except Exception as problem:
            error = str(problem) or type(problem).__name__
        try:
            print(json.dumps({"error": error}), file=answers, flush=True)
        except BrokenPipeError:
            return 0
    return 0
