"""Read and write image files, whole or not at all."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
import SimpleITK as sitk

from ..errors import InputError, Problem

_ITK_ORIGIN = re.compile(r"^(sitk::ERROR|ITK ERROR): (\w+\(0x[0-9a-f]+\): )?")


def read_image(path: Path) -> sitk.Image:
    """Read an image, and make sure that it is all there.

    SimpleITK fills up truncated NIfTI files without a word, so those are checked for their length; and it takes
    damaged compressed voxels of .mha and .nrrd for good, so their checksum is verified.

    :raises InputError: if it cannot be read, is damaged or ends too early.
    """
    try:
        image = sitk.ReadImage(str(path))
        complete = _is_complete(Path(path), image)
    except (RuntimeError, OSError, EOFError, zlib.error) as error:
        raise unreadable(path, error) from error
    if not complete:
        raise unreadable(path, "the file is shorter than its header says")
    return image


def unreadable(path: Path, reason: object) -> InputError:
    """The error for a file that is not an image."""
    text = last_line(reason)
    if text.startswith("Reason:"):  # MetaImage's, which is that of an earlier error
        text = "the file is damaged or shorter than its header says"
    message = f"'{path}' cannot be read as an image ({text})"
    return InputError([Problem(message, "Write or copy the file again, as .mha, .nrrd or .nii.gz")])


def last_line(reason: object) -> str:
    """What matters of an error message: SimpleITK's begin with lines about its own source code."""
    lines = [line.strip() for line in str(reason).splitlines() if line.strip()]
    return _ITK_ORIGIN.sub("", lines[-1]).rstrip(".") if lines else type(reason).__name__


def _is_complete(path: Path, image: sitk.Image) -> bool:
    name = path.name.lower()
    with open(path, "rb") as file:
        if name.endswith((".nii", ".nii.gz")):
            voxel_bytes = image.GetNumberOfPixels() * int(image.GetMetaData("bitpix")) // 8
            length = _length(gzip.GzipFile(fileobj=file)) if name.endswith(".gz") else path.stat().st_size
            return length >= float(image.GetMetaData("vox_offset")) + voxel_bytes
        if not name.endswith((".mha", ".nrrd")) or not _skip_header(file):
            return True
        length = _length(gzip.GzipFile(fileobj=file)) if name.endswith(".nrrd") else _inflated_length(file)
        return length >= sitk.GetArrayViewFromImage(image).nbytes


def _skip_header(file: BinaryIO) -> bool:
    """Read the header of a .mha or .nrrd file; True if compressed voxels follow in the same file."""
    compressed = False
    for line in file:
        text = line.replace(b" ", b"").strip().lower()
        if text.startswith(b"datafile:"):
            return False
        compressed = compressed or text in (b"compresseddata=true", b"encoding:gzip", b"encoding:gz")
        if text in (b"", b"elementdatafile=local"):  # the last line of a .nrrd and of a .mha header
            return compressed
    return False


def _length(stream: gzip.GzipFile) -> int:
    return sum(iter(lambda: len(stream.read(1 << 22)), 0))


def _inflated_length(file: BinaryIO) -> int:
    """Number of bytes of a zlib stream, whose checksum is verified.

    :raises zlib.error: if it is damaged.
    """
    inflate = zlib.decompressobj()
    length = sum(len(inflate.decompress(block)) for block in iter(lambda: file.read(1 << 20), b""))
    return length if inflate.eof else 0


def write_image(image: sitk.Image, path: Path) -> None:
    """Write an image, compressed, and make sure that it is all there.

    :raises OSError: if what is on the disk is not what was written; ITK does not notice a full disk by itself.
    """
    try:
        sitk.WriteImage(image, str(path), True)
        written = sitk.ReadImage(str(path))
        complete = np.array_equal(sitk.GetArrayViewFromImage(written), sitk.GetArrayViewFromImage(image))
    except RuntimeError as error:
        raise OSError(f"'{path}' could not be written ({last_line(error)})") from error
    if not complete:
        raise OSError(f"'{path}' could not be written whole: is the disk full?")


# The formats that SimpleITK both reads and writes with one 3-D image in one file.
EXTENSIONS = (".mha", ".nii.gz", ".nii", ".nrrd")
