"""A lock on a file name, so that two runs in one folder never work on the same knee.

The operating system drops it when its process ends, however that happens: no stale lock is ever left.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from .workplace import Workplace


@contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Hold the lock while the block runs; the value tells whether it was free. The file is removed afterwards.

    :param path: the lock file, in an existing folder.
    """
    file = _open_locked(path)
    try:
        yield file is not None
    finally:
        if file is not None:
            path.unlink(missing_ok=True) if os.name == "posix" else None
            file.close()


@contextmanager
def locked_folder(lock: Path, folder: Path, workplace: Workplace) -> Iterator[Path | None]:
    """Hold a lock while the block runs, and have an empty folder for everything temporary, which is removed afterwards.

    :param lock: the lock file, in an existing folder.
    :param folder: whose own folder may not exist yet.
    :return: the folder; None if another run holds the lock.
    """
    with try_lock(lock) as free:
        if not free:
            yield None
            return

        def clear() -> None:
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlink(missing_ok=True)

        with workplace.holding(clear):
            shutil.rmtree(folder, ignore_errors=True)  # left behind by a run that was killed
            folder.mkdir(parents=True)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)


def _open_locked(path: Path) -> IO | None:
    while True:
        file = open(path, "a")  # noqa: SIM115 (it stays open as long as the lock is held)
        if not _lock(file):
            file.close()
            return None
        # The one who held the lock before may have removed the file after we opened it.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        file.close()


if os.name == "posix":
    import fcntl

    def _lock(file: IO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

else:
    import msvcrt

    def _lock(file: IO) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
