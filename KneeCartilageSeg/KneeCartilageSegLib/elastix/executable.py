"""elastix as a program: SlicerElastix's, the one on the PATH, or one that the user names."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from pathlib import Path

from ..errors import Cancelled, EngineError
from .engine import Registration, error_from_log, prepare


class ExecutableEngine:
    """Runs the elastix program, one process a registration.

    :param path: the elastix program.
    :param threads: how many threads elastix may use.
    """

    def __init__(self, path: Path, threads: int = 1):
        self.path = Path(path)
        self.threads = threads
        self.version = executable_version(self.path)
        self.name = f"elastix {self.version} ({self.path})"
        self._process: subprocess.Popen | None = None
        self._cancelled = False
        self._lock = threading.Lock()

    def register(self, registration: Registration) -> Path:
        prepare(registration)
        with self._lock:
            if self._cancelled:
                raise Cancelled("cancelled")
            self._process = subprocess.Popen(
                self._command(registration),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment_for(self.path),
            )
        output, _ = self._process.communicate()
        if self._cancelled:
            raise Cancelled("cancelled")
        if self._process.returncode != 0 or not registration.transform_file.is_file():
            raise error_from_log(output.decode(errors="replace"), self._process.returncode)
        return registration.transform_file

    def cancel(self) -> None:
        with self._lock:
            self._cancelled = True
            if self._process is not None and self._process.poll() is None:
                self._process.kill()

    def close(self) -> None:
        """Nothing outlives a registration."""

    def _command(self, registration: Registration) -> list[str]:
        options = {
            "-f": registration.fixed,
            "-m": registration.moving,
            "-fMask": registration.fixed_mask,
            "-mMask": registration.moving_mask,
            "-t0": registration.initial_transform,
            "-p": registration.parameter_file,
            "-out": registration.output,
            "-threads": self.threads,
        }
        given = [(option, str(value)) for option, value in options.items() if value is not None]
        return [str(self.path), *(word for pair in given for word in pair)]


def executable_version(path: Path) -> str:
    """The version that an elastix program reports, for example ``5.1.0``.

    :raises EngineError: if it cannot be run or does not answer like elastix.
    """
    try:
        answer = subprocess.run(
            [str(path), "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            env=environment_for(path),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(f"'{path}' cannot be run as elastix ({error})") from error
    text = (answer.stdout + answer.stderr).decode(errors="replace")
    match = re.search(r"elastix version:?\s*([\d.]+)", text)
    if answer.returncode != 0 or match is None:
        raise EngineError(f"'{path}' does not answer like elastix: {text.strip()[:200] or 'no answer'}")
    return match[1].rstrip(".")


def environment_for(path: Path) -> dict[str, str]:
    """This process's environment, with the program's own libraries first.

    elastix is shipped with its libraries beside it or in ``../lib``, where the loader does not look by itself.
    """
    environment = dict(os.environ)
    folder = Path(path).absolute().parent
    libraries = [str(folder), str(folder.parent / "lib")]
    variable = {"nt": "PATH"}.get(os.name, "LD_LIBRARY_PATH")
    environment[variable] = os.pathsep.join([*libraries, *filter(None, [environment.get(variable)])])
    return environment
