"""The reference knees of a run: each is read and prepared once, however many knees are registered to it."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Callable

import SimpleITK as sitk

from ..errors import KneeError
from ..files import atomic_path
from ..images.bias import even
from ..images.files import image_checksum, read_image, write_image
from ..reference_files import ReferenceFiles
from ..scratch import Scratch
from .reference import Reference

_EVEN = "even.mha"


class References:
    """Reads and prepares each reference when it is needed, and forgets it when another one is used and nobody needs it.

    What is used in turn (one reference for many knees, all knees of a data set one reference after the other) is read
    once; a list in which each knee has its own reference never holds more of them than are used at once, and one.
    """

    def __init__(self) -> None:
        self._users: Counter[ReferenceFiles] = Counter()
        self._loaded: dict[ReferenceFiles, Reference] = {}
        self._loading: dict[ReferenceFiles, threading.Lock] = {}
        self._lock = threading.Lock()
        self._scratch: Scratch | None = None

    @contextlib.contextmanager
    def use(
        self, files: ReferenceFiles, checksums: Mapping[Path, str], kept: Path | None = None
    ) -> Iterator[Callable[[], Reference]]:
        """Use a reference for as long as the block runs.

        :param checksums: of its files, when they were checked.
        :param kept: a folder in which what is prepared outlives the run, named by all that decides about it; it is made
            when the reference is read. None: it is forgotten with the reference.
        :return: gives the reference; to be called only if it is needed.
        """
        with self._lock:
            self._users[files] += 1
            for other in [known for known in self._loaded if known != files and not self._users[known]]:
                del self._loaded[other]
        try:
            yield lambda: self._get(files, checksums, kept)
        finally:
            with self._lock:
                self._users[files] -= 1

    def close(self) -> None:
        """Forget all, and delete the working files."""
        with self._lock:
            self._loaded.clear()
            scratch, self._scratch = self._scratch, None
        if scratch is not None:
            scratch.close()

    def _get(self, files: ReferenceFiles, checksums: Mapping[Path, str], kept: Path | None) -> Reference:
        with self._lock:
            loading = self._loading.setdefault(files, threading.Lock())
        with loading:
            with self._lock:
                if files in self._loaded:
                    return self._loaded[files]
            masks = {tissue: read_unchanged(path, checksums) for tissue, path in files.masks}
            image = _read_even(files.image, checksums, kept)
            reference = Reference(image, masks, kept or self._new_folder())
            with self._lock:
                self._loaded[files] = reference
            return reference

    def _new_folder(self) -> Path:
        with self._lock:
            if self._scratch is None:
                self._scratch = Scratch()
            return Path(tempfile.mkdtemp(dir=self._scratch.path))


def _read_even(path: Path, checksums: Mapping[Path, str], kept: Path | None) -> sitk.Image:
    """The image of a reference without its bias."""
    if kept is None:
        return even(read_unchanged(path, checksums))
    kept.mkdir(parents=True, exist_ok=True)
    known = kept / _EVEN
    if not known.is_file():
        image = even(read_unchanged(path, checksums))
        with atomic_path(known) as temporary:
            write_image(image, temporary)
        return image
    return read_image(known, verified=True)


def read_unchanged(path: Path, checksums: Mapping[Path, str]) -> sitk.Image:
    """Read an image that was checked before, perhaps hours ago.

    :param checksums: of the files, when they were checked: records and results are kept under them.
    :raises KneeError: if it is another file by now.
    """
    image = read_image(path, verified=True)
    if image_checksum(path) != checksums[path]:
        raise KneeError(f"'{path}' has changed since it was checked; run the command again")
    return image
