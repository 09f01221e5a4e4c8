"""Find an elastix that can run the parameter files at hand."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import EngineError
from .engine import Engine, check_engine
from .executable import ExecutableEngine
from .package import PackageEngine, package_is_installed
from .parameters import ParameterMap

PACKAGE, PROGRAM = "itk-elastix", "elastix"
AUTOMATIC = "auto"


@dataclass(frozen=True)
class EngineChoice:
    """An elastix that was found and can run what is asked of it.

    :param name: for people and records, with version and place.
    :param version: elastix's version, or the package's.
    :param executable: the elastix program; None is the itk-elastix package.
    :param spare: started and tried, for whoever needs one first: loading the package takes most of a second. It is
        closed with the choice, if nobody does.
    """

    name: str
    version: str
    executable: Path | None = None
    spare: list[Engine] = field(default_factory=list, compare=False, repr=False)

    def __reduce__(self) -> tuple[type[EngineChoice], tuple[str, str, Path | None]]:
        # For the computers of a cluster.
        return EngineChoice, (self.name, self.version, self.executable)

    @property
    def kind(self) -> str:
        """Which of the two ways to run elastix it is, without version and place."""
        return PROGRAM if self.executable is not None else PACKAGE

    def start(self, threads: int) -> Engine:
        """An engine of one's own; close it when done.

        :raises EngineError: if it cannot be started, or is of another version by now, as on another computer.
        """
        engine = self._spare() if threads == 1 else None
        if engine is not None:
            return engine
        engine = _start(self.executable, threads)
        if engine.version != self.version:
            engine.close()
            raise EngineError(f"'{engine.name}' is not the {self.name} that the run was begun with: install the same")
        return engine

    def close(self) -> None:
        """End the spare, if nobody has needed one."""
        engine = self._spare()
        if engine is not None:
            engine.close()

    def _spare(self) -> Engine | None:
        with contextlib.suppress(IndexError):  # another thread has taken it
            return self.spare.pop()
        return None


def find_engine(
    wanted: str = AUTOMATIC,
    parameter_maps: Iterable[ParameterMap] = (),
    candidates: Iterable[Path] = (),
    keep: bool = False,
) -> EngineChoice:
    """Choose the elastix to use.

    :param wanted: the path of an elastix program or of its folder, "itk-elastix", or "auto": the first that works of
        ``candidates``, the itk-elastix package and the elastix on the PATH.
    :param parameter_maps: what it has to be able to run; each is tried on a tiny image.
    :param candidates: programs to look at first; in Slicer, SlicerElastix's.
    :param keep: the one that was tried, for the first who starts one; for programs that close the choice.
    :raises EngineError: if there is none, with what was looked at and why it was passed over.
    """
    maps = list(parameter_maps)
    if wanted == PACKAGE:
        return _try(None, maps, keep)
    if wanted != AUTOMATIC:
        return _try(_program(Path(wanted)), maps, keep)
    passed_over = []
    for program in _automatic(candidates):
        try:
            return _try(program, maps, keep)
        except EngineError as error:
            passed_over.append(str(error))
    reasons = "".join(f"\n  passed over: {reason}" for reason in passed_over)
    raise EngineError(
        "no usable elastix was found. In Slicer, install the extension SlicerElastix; elsewhere, "
        f"'pip install itk-elastix', or name an elastix program (5.1 or later){reasons}"
    )


def _automatic(candidates: Iterable[Path]) -> list[Path | None]:
    programs: list[Path | None] = [Path(path) for path in candidates]
    if package_is_installed():
        programs.append(None)
    on_path = shutil.which("elastix")
    return [*programs, Path(on_path)] if on_path else programs


def _program(path: Path) -> Path:
    if path.is_dir():
        path = next((path / name for name in ("elastix", "elastix.exe") if (path / name).is_file()), path / "elastix")
    found = path if path.is_file() else shutil.which(str(path))
    if found is None:
        raise EngineError(f"there is no elastix program at '{path}'")
    return Path(found)


def _try(executable: Path | None, maps: list[ParameterMap], keep: bool) -> EngineChoice:
    with contextlib.ExitStack() as stack:
        engine = _start(executable, threads=1)
        stack.callback(engine.close)
        check_engine(engine, maps)
        if keep:
            stack.pop_all()
    return EngineChoice(engine.name, engine.version, executable, [engine] if keep else [])


def _start(executable: Path | None, threads: int) -> Engine:
    return PackageEngine(threads) if executable is None else ExecutableEngine(executable, threads)
