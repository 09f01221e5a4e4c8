"""``python -m KneeCartilageSegLib`` is the command ``knee-cartilage-seg``.

SimpleITK and scipy take a second to load. Who presses Ctrl-C by then is answered as at any other time.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

_CANCELLED = 130


def main() -> int:
    """Load the command line, and run it; its exit status."""
    try:
        before = signal.getsignal(signal.SIGINT)
        if before is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, _leave)
        from . import commandline

        for command in commandline.needed(sys.argv[1:]):
            commandline.command_module(command)
        signal.signal(signal.SIGINT, before)
        status = commandline.main()
        # All is done but for Python's own end, which a second Ctrl-C would turn into a death by signal.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return status
    except KeyboardInterrupt:
        _leave()


def _leave(*_: object) -> NoReturn:
    # At once: an exception inside an import may be swallowed, or end as another one. Nothing has begun.
    os.write(2, b"cancelled\n")
    os._exit(_CANCELLED)


if __name__ == "__main__":
    sys.exit(main())
