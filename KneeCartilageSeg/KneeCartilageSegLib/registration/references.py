"""The reference knees of a run: each is read and prepared once, however many knees are registered to it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Callable

import SimpleITK as sitk

from ..errors import KneeError
from ..files import checksum
from ..reference_files import ReferenceFiles
from .reference import Reference


class References:
    """Reads and prepares each reference when it is first needed, and forgets it after its last use.

    :param checksums: of all files, when they were checked.
    :param uses: the files of the reference of each use to come.
    """

    def __init__(self, checksums: Mapping[Path, str], uses: Iterable[ReferenceFiles] = ()):
        self._checksums = checksums
        self._uses: Counter[ReferenceFiles] = Counter(uses)
        self._loaded: dict[ReferenceFiles, Reference] = {}
        self._locks = {files: threading.Lock() for files in self._uses}
        self._folder = Path(tempfile.mkdtemp(prefix="knee-cartilage-seg-"))

    def expect(self, files: ReferenceFiles, count: int) -> None:
        """Further uses will come."""
        with self._locks.setdefault(files, threading.Lock()):
            self._uses[files] += count

    @contextlib.contextmanager
    def use(self, files: ReferenceFiles) -> Iterator[Callable[[], Reference]]:
        """One of the uses; the value gives the reference, and is called only if the reference is needed."""
        try:
            yield lambda: self._get(files)
        finally:
            with self._locks[files]:
                self._uses[files] -= 1
                if not self._uses[files]:
                    self._loaded.pop(files, None)

    def close(self) -> None:
        """Delete the working files."""
        shutil.rmtree(self._folder, ignore_errors=True)  # a thread may still write there after a cancel

    def _get(self, files: ReferenceFiles) -> Reference:
        with self._locks[files]:
            if files not in self._loaded:
                read = {tissue: read_unchanged(path, self._checksums) for tissue, path in files.masks}
                folder = Path(tempfile.mkdtemp(dir=self._folder))
                self._loaded[files] = Reference(read_unchanged(files.image, self._checksums), read, folder)
            return self._loaded[files]


def read_unchanged(path: Path, checksums: Mapping[Path, str]) -> sitk.Image:
    """Read an image that was checked before, perhaps hours ago.

    :param checksums: of the files, when they were checked: records and results are kept under them.
    :raises KneeError: if it is another file by now.
    """
    image = sitk.ReadImage(str(path))
    if checksum(path) != checksums[path]:
        raise KneeError(f"'{path}' has changed since it was checked; run the command again")
    return image
