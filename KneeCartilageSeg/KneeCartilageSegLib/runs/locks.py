"""A lock on a file name, so that two runs in one folder never work on the same knee.

The operating system drops it when its process ends, however that happens: no stale lock is ever left. Where the disk
has no locks of that kind (some of clusters and networks), the next best is used, and what is weaker is said once.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import IO, Any

from ..files import TEMPORARY_PREFIX, UNSUPPORTED
from .workplace import Workplace

# Seconds, that summaries and records take at most, and each file of a folder.
_WRITTEN_WITHIN, _FILLED_WITHIN = 5.0, 600.0
_HEARTBEAT, _DEAD_AFTER = 30.0, 600.0  # seconds; computers that share a disk may have clocks that differ

logger = logging.getLogger(__name__)
_own: set[str] = set()  # what this process has locked: record locks do not keep out threads of the same process
_guard = threading.Lock()
_said: set[str] = set()


@contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Hold the lock while the block runs; the value tells whether it was free. The file is removed afterwards.

    :param path: the lock file, in an existing folder.
    """
    with _claimed(os.path.realpath(path)) as free, ExitStack() as held:
        yield free and _lock_file(path, held)


def holder_of(path: Path) -> dict[str, Any] | None:
    """Who holds a lock: ``host``, ``process`` and ``since`` (ISO 8601, UTC), as far as known; None if nobody does.

    Nothing is changed, and nobody has to wait.
    """
    owner = path.with_name(f"{path.name}.owner")
    if owner.exists() and not _is_abandoned(owner):
        return _read_holder(owner)
    with _guard:
        own = os.path.realpath(path) in _own
    if own:  # whose lock could be lost by opening its file
        return _this_process()
    try:
        with open(path, "rb") as file:
            return _read_holder(path) if _is_locked(file) else None
    except OSError:
        return None


def _this_process() -> dict[str, Any]:
    return {"host": socket.gethostname(), "process": os.getpid()}


def _write_holder(file: IO) -> None:
    # Windows does not let others read a locked file.
    with suppress(OSError):
        file.truncate(0)
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        json.dump({**_this_process(), "since": now}, file)
        file.flush()


def _read_holder(path: Path) -> dict[str, Any]:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return holder if isinstance(holder, dict) else {}


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


@contextmanager
def _claimed(name: str) -> Iterator[bool]:
    """Whether no other thread of this process has claimed the name."""
    with _guard:
        free = name not in _own
        _own.add(name)
    try:
        yield free
    finally:
        if free:
            _own.discard(name)


def _lock_file(path: Path, held: ExitStack) -> bool:
    """Whether the lock was free; it is held until the stack ends."""
    try:
        file = _open_locked(path)
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise
        _say_once(f"the disk of '{path.parent}' has no locks: a run that is killed may keep others waiting for minutes")
        return _own_file(path.with_name(f"{path.name}.owner"), held)
    if file is None:
        return False
    held.callback(file.close)
    _write_holder(file)
    if os.name == "posix":
        held.callback(path.unlink, missing_ok=True)
    return True


def _open_locked(path: Path) -> IO | None:
    while True:
        file = open(path, "a")  # noqa: SIM115 (it stays open as long as the lock is held)
        try:
            locked = _lock(file)
        except OSError:
            file.close()
            path.unlink(missing_ok=True)
            raise
        if not locked:
            file.close()
            return None
        # The one who held the lock before may have removed the file after we opened it.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        file.close()


def _own_file(path: Path, held: ExitStack) -> bool:
    """A lock that is nothing but a file of ours, which says who made it and is touched as long as he lives."""
    if _is_abandoned(path):
        path.unlink(missing_ok=True)
    try:
        with open(path, "x", encoding="utf-8") as file:
            json.dump({**_this_process(), "since": datetime.now(timezone.utc).isoformat(timespec="seconds")}, file)
    except FileExistsError:
        return False
    ended = threading.Event()
    threading.Thread(target=_keep_fresh, args=(path, ended), daemon=True).start()
    held.callback(path.unlink, missing_ok=True)
    held.callback(ended.set)
    return True


def _keep_fresh(path: Path, ended: threading.Event) -> None:
    while not ended.wait(_HEARTBEAT):
        with suppress(OSError):
            os.utime(path)


def clear_temporaries(folder: Path) -> None:
    """Remove what processes of this computer that were killed while they wrote a file or folder have left in a folder.

    Those of other computers cannot be asked; what they write is young.
    """
    if os.name != "posix":
        return
    for path in folder.glob(f"{TEMPORARY_PREFIX}*"):
        process = path.name[len(TEMPORARY_PREFIX) :].partition("-")[0]
        with suppress(OSError):
            is_folder = path.is_dir()
            old = time.time() - path.stat().st_mtime > (_FILLED_WITHIN if is_folder else _WRITTEN_WITHIN)
            if not (old and process.isdigit() and _has_ended(int(process))):
                continue
            if is_folder:
                shutil.rmtree(path)
            else:
                path.unlink()


def _is_abandoned(path: Path) -> bool:
    """Whether the process that made a lock file has ended."""
    try:
        age = time.time() - path.stat().st_mtime
        owner = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False  # gone, or just being written
    if age > _DEAD_AFTER or owner["process"] == os.getpid():  # whose threads have claimed it otherwise
        return True
    if owner["host"] != socket.gethostname() or os.name != "posix":
        return False
    return _has_ended(owner["process"])


def _has_ended(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is somebody else's
        pass
    return False


def _say_once(text: str) -> None:
    with _guard:
        known = text in _said
        _said.add(text)
    if not known:
        logger.warning("%s", text)


if os.name == "posix":
    import fcntl

    def _lock(file: IO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                raise
            return _lock_record(file)
        return True

    def _is_locked(file: IO) -> bool:
        for lock in (fcntl.flock, fcntl.lockf):
            try:
                lock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError):
                return True
            except OSError:
                continue
            return False
        return False

    def _lock_record(file: IO) -> bool:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        folder = os.path.dirname(file.name)
        _say_once(f"the disk of '{folder}' has no flock: runs on several computers may not see each other's locks")
        return True

else:
    import msvcrt

    def _lock(file: IO) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True

    def _is_locked(file: IO) -> bool:
        if not _lock(file):
            return True
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]
        return False
