"""Writing files so that a crash, a full disk or a cancel never leaves one that looks finished."""

from __future__ import annotations

import errno
import functools
import hashlib
import itertools
import logging
import os
import secrets
import shutil
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Callable

TEMPORARY_PREFIX = ".tmp-"

UNSUPPORTED = (errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL, errno.ENOLCK)
"""How disks of networks and clusters refuse what they cannot do: locks, or to say when a file is safe."""

_LONGEST_NAME = 255  # bytes, on nearly every disk
_ROOM = 1 << 22  # bytes; a disk with less is as good as full: no image fits

logger = logging.getLogger(__name__)


def made_folder(target: Path, make: Callable[[Path], None]) -> Path:
    """A folder that is there whole or not at all.

    :param target: in an existing folder.
    :param make: fills the folder that it is given, if the target is not there yet; of several processes that do so at
        once, the first one's is kept.
    :return: the target.
    """
    if target.is_dir():
        return target
    staged = temporary_beside(target)
    staged.mkdir()
    try:
        make(staged)
        staged.rename(target)
    except OSError:
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return target


@contextmanager
def atomic_path(target: str | Path) -> Iterator[Path]:
    """A temporary path to write to, which becomes ``target`` when the block ends without an exception.

    ::

        with atomic_path("knee_fc.nii.gz") as temporary:
            sitk.WriteImage(mask, temporary)

    The temporary lies in the target's folder (so that moving it is one step of the file system) and has the target's
    extension (so that writers which look at it choose the right format). Its name is hidden, starts with
    :data:`TEMPORARY_PREFIX` and is unique, also among threads and computers that share the folder. Its content is on
    the disk before it replaces the target. After an exception, KeyboardInterrupt included, it is gone and the target
    is as it was. A target that is a symbolic link stays one: the file that it points to is replaced.

    An existing target is replaced; whether that is wanted is for the caller to decide. The format must be one file:
    ``.mhd``, which names a second file, is not.

    :raises FileNotFoundError: if the target's folder does not exist (before anything is written), or if the block
        wrote nothing to the temporary.
    :raises IsADirectoryError: if the target is a folder (before anything is written).
    :raises OSError: if the file cannot be moved into place, for example because another program on Windows holds it.
    """
    final = Path(os.path.realpath(target))
    if not final.parent.is_dir():
        raise FileNotFoundError(f"cannot write '{target}': the folder '{final.parent}' does not exist")
    if final.is_dir():
        raise IsADirectoryError(f"cannot write '{target}': it is a folder")
    # Without the target's stem: with it, the name could become longer than file systems allow.
    temporary = temporary_beside(final)
    try:
        yield temporary
        if not temporary.is_file():
            raise FileNotFoundError(f"nothing was written for '{target}'")
        move_into_place(temporary, final)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def move_into_place(path: Path, target: Path) -> None:
    """Move a complete file to its place in one step, when its content is on the disk.

    An existing target is replaced; one that is a symbolic link stays one. If the place is on another disk, behind a
    link or a mount, the file is copied to that disk first: there it takes its place in one step, too.

    :raises OSError: if that is not possible; both files are as they were.
    """
    final = Path(os.path.realpath(target))
    _flush_to_disk(path)
    try:
        os.replace(path, final)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy_into_place(path, final)
        path.unlink()
    _flush_folder(final.parent)


def copy_into_place(path: Path, target: Path) -> None:
    """Copy a file to its place, which receives the copy in one step.

    :raises OSError: if that is not possible; the target is as it was.
    """
    final = Path(os.path.realpath(target))
    copy = temporary_beside(final)
    try:
        shutil.copyfile(path, copy)
        _flush_to_disk(copy)
        os.replace(copy, final)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise


def dated_folder(parent: Path) -> Path:
    """A new folder that is named after this moment, by the clock on the wall: ``2026-11-27_20.45.01``."""
    parent.mkdir(parents=True, exist_ok=True)
    name = f"{datetime.now():%Y-%m-%d_%H.%M.%S}"
    for ending in itertools.chain([""], (f"_{number}" for number in itertools.count(2))):
        folder = parent / f"{name}{ending}"
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise AssertionError("there are always further numbers")


def temporary_beside(final: Path) -> Path:
    """A path in the same folder that nothing has: hidden, and with the number of this process in it, so that what it
    leaves when it is killed can be told (see :func:`.runs.locks.clear_temporaries`)."""
    return final.with_name(f"{TEMPORARY_PREFIX}{os.getpid()}-{secrets.token_hex(6)}{split_name(final)[1]}")


def split_name(path: str | Path) -> tuple[str, str]:
    """The name of a file without folder and extension, and the extension.

    ``x/01_DESS_01_prep.nii.gz`` gives ``01_DESS_01_prep`` and ``.nii.gz``. Other dots stay in the name:
    ``knee.v2.mha`` gives ``knee.v2`` and ``.mha``.
    """
    path = Path(path)
    extension = "".join(path.suffixes[-2:]) if path.suffix.lower() == ".gz" else path.suffix
    return path.name[: len(path.name) - len(extension)], extension


def _flush_to_disk(path: Path) -> None:
    # Windows flushes only handles that are open for writing.
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise
        _warn_once(f"the disk of '{path.parent}' cannot say when a file is safe: a power failure may lose new ones")
    finally:
        os.close(handle)


@functools.cache
def _warn_once(text: str) -> None:
    logger.warning("%s", text)


def _flush_folder(folder: Path) -> None:
    # Windows cannot open folders; some network file systems refuse to flush them. The file itself is complete by now.
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def first_file(paths: Iterable[Path]) -> Path | None:
    """The first of the files that exists, named as it is on the disk."""
    return next((found for path in paths if is_file(found := as_on_disk(path))), None)


def files_named(root: str, folder: Path, extensions: Iterable[str]) -> list[Path]:
    """The files of a folder that have a name and any of the extensions, in capital letters or not; by name."""
    wanted = {unicodedata.normalize("NFC", f"{root}{extension}").casefold() for extension in extensions}
    return [folder / name for name in _names_in(folder) if unicodedata.normalize("NFC", name).casefold() in wanted]


def files_in(folder: Path) -> list[Path]:
    """What is in a folder, by name; nothing if it does not exist."""
    return [folder / name for name in _names_in(folder)]


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def is_file(path: Path) -> bool:
    """Whether there is such a file; False also where the system refuses to say."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether there is such a folder; False also where the system refuses to say."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def as_on_disk(path: Path) -> Path:
    """The path as it is written on the disk, if it only differs in how characters are composed.

    An umlaut may be one character or two, and macOS, its archives and shares have the other one than keyboards make.
    """
    try:
        if os.path.lexists(path) or not path.name or str(path).isascii():
            return path
        folder = as_on_disk(path.parent)
        wanted = unicodedata.normalize("NFC", path.name)
        found = (name for name in os.listdir(folder) if unicodedata.normalize("NFC", name) == wanted)
        return folder / next(found, path.name)
    except (OSError, ValueError):
        return path


def longest_name(folder: Path) -> int:
    """How many bytes the name of a file in a folder may have; the folder need not exist yet."""
    existing = next((parent for parent in (folder, *folder.parents) if is_folder(parent)), None)
    if existing is None or not hasattr(os, "pathconf"):
        return _LONGEST_NAME
    try:
        return os.pathconf(existing, "PC_NAME_MAX")
    except (OSError, ValueError):
        return _LONGEST_NAME


def why_not_written(path: Path) -> str:
    """Why a file could not be written whole, as far as that can be seen."""
    folder = next((parent for parent in path.parents if is_folder(parent)), path.parent)
    try:
        full = shutil.disk_usage(folder).free < _ROOM
    except OSError:
        full = False
    return f"the disk of '{folder}' is full" if full else "is the disk full?"


def why_no_file(path: Path, absent: str) -> tuple[str, str]:
    """Why a path is no file that can be read, and the remedy.

    :param absent: what to say if there is nothing of that name.
    """
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return absent, "Correct the name, or put the file there"
    except PermissionError as error:
        return f"'{path}' cannot be reached ({error.strerror})", "Change the permissions of its folder"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return f"the system refuses the name '{path.name}' ({reason})", "Shorten or correct the name"
    if stat.S_ISDIR(mode):
        remedy = "Name an image file; 'knee-cartilage-seg prepare' makes one of a folder of DICOM files"
        return f"'{path}' is a folder, not an image", remedy
    return f"'{path}' is no file that can be read", "Name an image file"
