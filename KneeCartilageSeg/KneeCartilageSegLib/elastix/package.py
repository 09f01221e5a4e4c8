"""elastix as the itk-elastix package, in a process of its own.

The package holds Python's global lock for a whole registration and cannot be interrupted, so it runs in
:mod:`.worker`: started once (loading it takes most of a second), it serves many registrations, and killing it cancels.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import threading
from importlib import metadata
from pathlib import Path

from ..errors import Cancelled, EngineError
from .engine import Registration, error_from_log, prepare

_LIBRARY_FOLDER = Path(__file__).resolve().parents[2]


def package_is_installed() -> bool:
    """Whether this Python has itk-elastix; does not load it."""
    return importlib.util.find_spec("itk") is not None and _package_version() is not None


class PackageEngine:
    """Runs itk-elastix in a process that is started with the engine.

    :param threads: how many threads elastix may use.
    :raises EngineError: if the package is not installed.
    """

    def __init__(self, threads: int = 1):
        version = _package_version()
        if version is None:
            raise EngineError("itk-elastix is not installed: pip install itk-elastix")
        self.threads = threads
        self.version = version
        self.name = f"itk-elastix {version}"
        self._cancelled = False
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = self._start()

    def register(self, registration: Registration) -> Path:
        prepare(registration)
        with self._lock:
            if self._cancelled:
                raise Cancelled("cancelled")
            if self._process is None or self._process.poll() is not None:
                self.close()
                self._process = self._start()
        answer = self._ask(registration)
        if self._cancelled:
            raise Cancelled("cancelled")
        log = registration.log_file.read_text(errors="replace") if registration.log_file.is_file() else ""
        if answer is None:
            exit_code = self._process.wait()
            raise error_from_log(log or "its process died", exit_code)
        if answer["error"] or not registration.transform_file.is_file():
            raise error_from_log(f"{log}\n{answer['error']}", 1)
        return registration.transform_file

    def cancel(self) -> None:
        with self._lock:
            self._cancelled = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        if self._process is None:
            return
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):  # if it is dead already, that is what we want
            self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _start(self) -> subprocess.Popen:
        environment = dict(os.environ)
        paths = [str(_LIBRARY_FOLDER), *filter(None, [environment.get("PYTHONPATH")])]
        environment["PYTHONPATH"] = os.pathsep.join(paths)
        # Not by elastix's SetNumberOfThreads: with it, two threads and two metrics crash
        # (https://github.com/InsightSoftwareConsortium/ITKElastix/issues/160).
        environment["ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"] = str(self.threads)
        return subprocess.Popen(
            [sys.executable, "-m", "KneeCartilageSegLib.elastix.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
            # A Ctrl-C in the terminal goes to the whole group: the engine, not the terminal, ends its worker.
            start_new_session=True,
        )

    def _ask(self, registration: Registration) -> dict | None:
        """The worker's answer, or None if it died."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        question = {
            "fixed": str(registration.fixed),
            "moving": str(registration.moving),
            "fixed_mask": _text(registration.fixed_mask),
            "moving_mask": _text(registration.moving_mask),
            "initial_transform": _text(registration.initial_transform),
            "parameters": str(registration.parameter_file),
            "output": str(registration.output),
            "log": registration.log_file.name,
        }
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except (OSError, ValueError):
            return None
        return json.loads(line) if line else None


def _package_version() -> str | None:
    try:
        return metadata.version("itk-elastix")
    except metadata.PackageNotFoundError:
        return None


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
