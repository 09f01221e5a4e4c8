"""Writing files so that a crash, a full disk or a cancel never leaves one that looks finished."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

TEMPORARY_PREFIX = ".tmp-"


@contextmanager
def atomic_path(target: str | Path) -> Iterator[Path]:
    """A temporary path to write to, which becomes ``target`` when the block ends without an exception.

    ::

        with atomic_path("knee_fc.nii.gz") as temporary:
            sitk.WriteImage(mask, temporary)

    The temporary lies in the target's folder (so that moving it is one step of the file system) and has the target's
    suffixes (so that writers which look at them choose the right format). Its name is hidden, starts with
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
    name = f"{TEMPORARY_PREFIX}{os.getpid()}-{secrets.token_hex(6)}{''.join(final.suffixes)}"
    temporary = final.with_name(name)
    try:
        yield temporary
        if not temporary.is_file():
            raise FileNotFoundError(f"nothing was written for '{target}'")
        move_into_place(temporary, final)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def move_into_place(path: Path, target: Path) -> None:
    """Move a complete file to its place on the same disk in one step, when its content is on the disk.

    An existing target is replaced; one that is a symbolic link stays one.

    :raises OSError: if that is not possible; both files are as they were.
    """
    final = Path(os.path.realpath(target))
    _flush_to_disk(path)
    os.replace(path, final)
    _flush_folder(final.parent)


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
    finally:
        os.close(handle)


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
    return next((path for path in paths if path.is_file()), None)
