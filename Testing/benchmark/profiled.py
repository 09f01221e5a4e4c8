"""The command line, watched from inside: ``python -m benchmark.profiled OUTPUT ARGUMENTS``.

Writes to OUTPUT, as JSON, where its time went: what the interpreter and the imports took, a sample of the stack of the
thread that works on the knee every few milliseconds, and every registration with elastix's log. Everything else is as
in ``knee-cartilage-seg ARGUMENTS``.
"""

from __future__ import annotations

import json
import sys
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Callable

_INTERVAL = 0.004  # seconds
_RUN_MODULES = ("segmentation.work",)  # what only the threads that work on knees have on their stacks

Stack = tuple[str, ...]


class StackSampler(threading.Thread):
    """Looks at the working thread's stack until it is stopped.

    A sample stands for the time since the sample before it. Many filters hold Python's lock: the sampler gets its turn
    right after one has ended, with its caller still on the stack, so their time goes where it belongs.
    """

    def __init__(self, library: Path):
        super().__init__(daemon=True)
        self._library = str(library)
        self._main = threading.get_ident()
        self._stopped = threading.Event()
        self.seconds: defaultdict[Stack, float] = defaultdict(float)

    def run(self) -> None:
        last = time.perf_counter()
        while not self._stopped.is_set():
            self._stopped.wait(_INTERVAL)
            stack = self._working_stack()
            now = time.perf_counter()
            self.seconds[stack] += now - last
            last = now

    def stop(self) -> None:
        """End, with one last sample."""
        self._stopped.set()
        self.join()

    def _working_stack(self) -> Stack:
        stacks = {ident: tuple(self._names(frame)) for ident, frame in sys._current_frames().items()}
        for ident, stack in stacks.items():
            if ident not in (self._main, self.ident) and any(name.rpartition(".")[0] in _RUN_MODULES for name in stack):
                return stack
        return stacks.get(self._main, ())

    def _names(self, frame: FrameType) -> Iterator[str]:
        """The library's functions on a stack, the outermost first, as ``module.function``; and what the innermost of
        them is calling, if that is not the library's, in brackets."""
        codes = [current.f_code for current, _ in traceback.walk_stack(frame)]
        inside = [code.co_filename.startswith(self._library) for code in codes]
        for code, own in zip(reversed(codes), reversed(inside)):
            if own:
                module = code.co_filename[len(self._library) + 1 : -len(".py")].replace("/", ".")
                yield f"{module}.{code.co_name}"
        if any(inside) and not inside[0]:
            called = codes[inside.index(True) - 1]
            yield f"[{Path(called.co_filename).stem}.{called.co_name}]"


def timed(register: Callable[..., Path], registrations: list[dict[str, Any]]) -> Callable[..., Path]:
    """An engine's ``register`` that notes what it did: folder, seconds, elastix's log."""

    def register_and_note(engine: Any, registration: Any) -> Path:
        begun = time.perf_counter()
        try:
            return register(engine, registration)
        finally:
            seconds = time.perf_counter() - begun
            log = registration.log_file
            text = log.read_text(errors="replace") if log.is_file() else ""
            registrations.append({"folder": str(registration.output), "seconds": seconds, "log": text})

    return register_and_note


def main() -> int:
    """Run the command line and write where its time went."""
    begun = time.perf_counter()
    output, *arguments = sys.argv[1:]
    import KneeCartilageSegLib
    from KneeCartilageSegLib import commandline
    from KneeCartilageSegLib.elastix.executable import ExecutableEngine
    from KneeCartilageSegLib.elastix.package import PackageEngine

    registrations: list[dict[str, Any]] = []
    for engine in (ExecutableEngine, PackageEngine):
        engine.register = timed(engine.register, registrations)  # type: ignore[method-assign]
    imported = time.perf_counter()
    sampler = StackSampler(Path(KneeCartilageSegLib.__file__).parent)
    sampler.start()
    status = commandline.main(arguments)
    sampler.stop()
    times = {"begun": begun, "imported": imported, "ended": time.perf_counter()}
    samples = [{"stack": stack, "seconds": seconds} for stack, seconds in sampler.seconds.items()]
    Path(output).write_text(json.dumps({**times, "samples": samples, "registrations": registrations}))
    return status


if __name__ == "__main__":
    sys.exit(main())
