"""The reference knees of a run: each is read and prepared once, however many knees are registered to it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Callable

import SimpleITK as sitk

from ..errors import KneeError
from ..images.bias import even
from ..images.files import image_checksum, read_image
from ..reference_files import ReferenceFiles
from .reference import Reference


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
        self._folder: Path | None = None

    @contextlib.contextmanager
    def use(self, files: ReferenceFiles, checksums: Mapping[Path, str]) -> Iterator[Callable[[], Reference]]:
        """Use a reference for as long as the block runs.

        :param checksums: of its files, when they were checked.
        :return: gives the reference; to be called only if it is needed.
        """
        with self._lock:
            self._users[files] += 1
            for other in [known for known in self._loaded if known != files and not self._users[known]]:
                del self._loaded[other]
        try:
            yield lambda: self._get(files, checksums)
        finally:
            with self._lock:
                self._users[files] -= 1

    def close(self) -> None:
        """Forget all, and delete the working files."""
        with self._lock:
            self._loaded.clear()
            folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)  # a thread may still write there after a cancel

    def _get(self, files: ReferenceFiles, checksums: Mapping[Path, str]) -> Reference:
        with self._lock:
            loading = self._loading.setdefault(files, threading.Lock())
        with loading:
            with self._lock:
                if files in self._loaded:
                    return self._loaded[files]
            masks = {tissue: read_unchanged(path, checksums) for tissue, path in files.masks}
            reference = Reference(even(read_unchanged(files.image, checksums)), masks, self._new_folder())
            with self._lock:
                self._loaded[files] = reference
            return reference

    def _new_folder(self) -> Path:
        with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="knee-cartilage-seg-"))
            return Path(tempfile.mkdtemp(dir=self._folder))


def read_unchanged(path: Path, checksums: Mapping[Path, str]) -> sitk.Image:
    """Read an image that was checked before, perhaps hours ago.

    :param checksums: of the files, when they were checked: records and results are kept under them.
    :raises KneeError: if it is another file by now.
    """
    image = read_image(path, verified=True)
    if image_checksum(path) != checksums[path]:
        raise KneeError(f"'{path}' has changed since it was checked; run the command again")
    return image
