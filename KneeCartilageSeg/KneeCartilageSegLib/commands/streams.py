"""Standard output and error that neither end a run nor lose its results, whoever reads them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any, TextIO, cast


class PatientStream:
    """A stream whose reader may go away (``| head``), whose disk may be full, or whose encoding lacks characters.

    Results are on the disk before they are told, and telling goes on in silence where nobody can be told any more.

    :param stream: the stream to write to.
    """

    def __init__(self, stream: TextIO):
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text; characters that the encoding lacks as escapes."""
        try:
            self._stream.write(text)
        except UnicodeEncodeError:
            encoding = self._stream.encoding or "ascii"
            self.write(text.encode(encoding, "backslashreplace").decode(encoding))
        except OSError:
            self._give_up()
        return len(text)

    def flush(self) -> None:
        """Write what was kept back."""
        try:
            self._stream.flush()
        except OSError:
            self._give_up()

    def _give_up(self) -> None:
        # The descriptor, too: Python flushes its own stream when it ends, and would fail then.
        nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (it takes the stream's place)
        with contextlib.suppress(OSError, ValueError):
            os.dup2(nowhere.fileno(), self._stream.fileno())
        self._stream = nowhere


@contextlib.contextmanager
def patient_streams() -> Iterator[None]:
    """Let standard output and error be patient while the block runs."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (stream and cast(TextIO, PatientStream(stream)) for stream in before)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        sys.stdout, sys.stderr = before
