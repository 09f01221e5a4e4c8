"""A folder for what this process needs while it runs, in the system's folder for temporary files.

A process that is killed cannot clear up. Whoever makes such a folder next removes what killed processes have left: the
folder holds a file that its process has locked, and the system drops that lock when the process ends, however it does.
"""

from __future__ import annotations

import os
import shutil
import socket
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

PREFIX = "knee-cartilage-seg-"
_IN_USE = ".in-use"


class Scratch:
    """A new folder, which is removed at the end of the context, or by :meth:`close`.

    :attribute path: the folder.
    """

    def __init__(self) -> None:
        clear_leftovers()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = _locked(self.path / _IN_USE)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        """Remove the folder; what a thread is still writing there stays for :func:`clear_leftovers`."""
        _remove(self.path)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def clear_leftovers() -> None:
    """Remove the folders of this user's processes on this computer that have ended without doing so.

    Those of other computers, which may share the disk, and of disks without locks stay: there is no telling.
    """
    if os.name != "posix":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            _clear(folder)


def _clear(folder: Path) -> None:
    status = folder.lstat()  # a link that somebody else has put there leads anywhere
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        return
    lock = os.open(folder / _IN_USE, os.O_RDWR | os.O_NOFOLLOW)
    try:
        # It is written with the lock held: who can read it and gets the lock knows that its process has ended.
        if os.read(lock, 1 << 10) == _owner():
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(folder)
    finally:
        os.close(lock)


def _remove(folder: Path) -> None:
    with suppress(OSError):
        left = [path for path in folder.iterdir() if path.name != _IN_USE]
        for path in left:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
        # Without the lock, what is left would never be found.
        if not any(path.exists() for path in left):
            shutil.rmtree(folder)


def _owner() -> bytes:
    return socket.gethostname().encode()


def _locked(path: Path) -> int | None:
    """The handle of a locked file; None, and no file, where there are no locks."""
    if os.name != "posix":
        return None
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.write(handle, _owner())
    except OSError:
        os.close(handle)
        path.unlink(missing_ok=True)
        return None
    return handle


if os.name == "posix":
    import fcntl
