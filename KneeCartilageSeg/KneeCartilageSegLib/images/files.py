"""Read and write image files, whole or not at all; a folder with one DICOM series counts as a file."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable

import numpy as np
import SimpleITK as sitk

from ..dicom.volumes import folder_volume, read_volume, volume_checksum
from ..errors import InputError, Problem
from ..files import checksum, is_file, is_folder, split_name, why_no_file, why_not_written
from .grid import SAME_PLACE_VOXELS, Grid
from .headers import Damaged, Header, check_complete, check_header, corner_distance, opened, voxel_edges
from .metaimage import read_metaimage_header
from .nifti import HEADER_BYTES, looks_like_nifti, read_nifti_header
from .nrrd import read_nrrd_header
from .numerals import decimal_points

# The formats that SimpleITK both reads and writes with one 3-D image in one file.
EXTENSIONS = (".mha", ".nii.gz", ".nii", ".nrrd")

_ITK_ORIGIN = re.compile(r"^(sitk::ERROR|ITK ERROR): (\w+\(0x[0-9a-f]+\): )?")
_REMEDY = "Write or copy the file again, as .mha, .nrrd or .nii.gz"
_FORMATS: dict[str, tuple[Callable[[Path], Header], tuple[str, ...]]] = {
    "NRRD": (read_nrrd_header, (".nrrd", ".nhdr")),
    "NIfTI": (read_nifti_header, (".nii", ".nii.gz", ".hdr", ".img")),
    "MetaImage": (read_metaimage_header, (".mha", ".mhd")),
}
READABLE = tuple(extension for _, extensions in _FORMATS.values() for extension in extensions)
"""All extensions of images that can be read."""


def read_image(path: Path, verified: bool = False) -> sitk.Image:
    """Read an image, and make sure that it is all there and lies where its header says.

    What SimpleITK does not tell is checked first, see :mod:`.images.headers`: before memory is asked for, in files of
    one part and of two, whatever the locale.

    :param path: an image file, or a folder with one DICOM series.
    :param verified: it was read before and has not changed: compressed voxels are not counted again.
    :raises InputError: if it cannot be read, is damaged, ends too early, or its header contradicts itself.
    """
    path = Path(path)
    if is_folder(path):
        return read_volume(folder_volume(path))
    header = _checked_header(path)
    if not verified:
        with _refusing(path):
            check_complete(header)
    try:
        with decimal_points():
            image = sitk.ReadImage(itk_name(path))
    except RuntimeError as error:
        raise unreadable(path, error) from error
    _check_place(path, header, image)
    return image


def read_grid(path: Path) -> Grid:
    """Where the voxels of an image file lie, by its header; no voxel is read.

    :raises InputError: as :func:`read_image`, but for damaged voxels; or if it is not 3-D and scalar.
    """
    path = Path(path)
    header = _checked_header(path)
    if not header.data.compression:  # then the length of the file tells
        with _refusing(path):
            check_complete(header)
    reader = sitk.ImageFileReader()
    reader.SetFileName(itk_name(path))
    try:
        with decimal_points():
            reader.ReadImageInformation()
    except RuntimeError as error:
        raise unreadable(path, error) from error
    _check_place(path, header, reader)
    return Grid.of(reader)


def image_checksum(path: Path) -> str:
    """SHA-256 of an image; of one that is in several files (two parts, a DICOM series in a folder), of all.

    :raises InputError: if a folder does not hold one DICOM series.
    """
    if path.is_dir():
        return volume_checksum(folder_volume(path))
    try:
        data = _header(path).data.path
    except (Damaged, EOFError, zlib.error):
        data = path
    if data == path or not data.is_file():
        return checksum(path)
    return hashlib.sha256(f"{checksum(path)} {checksum(data)}".encode()).hexdigest()


def itk_name(path: Path) -> str:
    """The name of a file for ITK.

    :raises InputError: if it is not UTF-8; ITK's Python layer would end the whole process.
    """
    name = os.fspath(path)
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        remedy = "Rename the file or folder"
        raise InputError([Problem(f"the name '{path}' has characters that are not UTF-8", remedy)]) from None
    return name


def result_name(path: Path) -> tuple[str, str]:
    """What the results of an image are called without an extension, and their extension, in small letters.

    Results of a DICOM series are named after its folder, and are ``.mha`` files.
    """
    if not path.name.lower().endswith(EXTENSIONS):
        return path.name, EXTENSIONS[0]
    name, extension = split_name(path)
    return name, extension.lower()  # ITK writes no upper-case ones


def extension_for(image: sitk.Image, extension: str) -> str:
    """The extension, or that of a format that holds the grid of an image whose axes are not perpendicular."""
    if not _is_nifti(Path(f"x{extension}")) or Grid.of(image).perpendicular:
        return extension
    return EXTENSIONS[0]


def unreadable(path: Path, reason: object) -> InputError:
    """The error for a file that is not an image."""
    text = last_line(reason)
    if text.startswith("Reason:"):  # MetaImage's, which is that of an earlier error
        text = "the file is damaged or shorter than its header says"
    return InputError([Problem(f"'{path}' cannot be read as an image ({text})", _REMEDY)])


def last_line(reason: object) -> str:
    """What matters of an error message: SimpleITK's begin with lines about its own source code."""
    lines = [line.strip() for line in str(reason).splitlines() if line.strip()]
    return _ITK_ORIGIN.sub("", lines[-1]).rstrip(".") if lines else type(reason).__name__


def write_image(image: sitk.Image, path: Path, like: Path | None = None) -> None:
    """Write an image, compressed, and make sure that it is all there.

    :param like: the file of an image on the same grid. If both are NIfTI, all that its header says about where the
        voxels lie is taken over, so that programs which go by either of its two frames agree about both images.
    :raises InputError: if the name is not UTF-8, or files of this format cannot hold the image's grid.
    :raises OSError: if what is on the disk is not what was written; ITK does not notice a full disk by itself.
    """
    path, name = Path(path), itk_name(path)
    if image.GetDimension() == 3 and extension_for(image, split_name(path)[1]) != split_name(path)[1]:
        message = f"'{path}' cannot be written: its axes are not perpendicular, which ITK's NIfTI files cannot hold"
        raise InputError([Problem(message, "Use .mha or .nrrd")])
    try:
        with decimal_points():
            sitk.WriteImage(image, name, True)
        if like is not None and _is_nifti(path) and _is_nifti(like) and is_file(like):
            _copy_frames(like, path)
        written = read_image(path, verified=True)  # its voxels are compared below
        complete = np.array_equal(
            sitk.GetArrayViewFromImage(written), sitk.GetArrayViewFromImage(image), equal_nan=True
        )
        complete = complete and _frame_distance(_frame(written), image) <= _tolerance(image)
    except InputError as error:
        raise OSError(
            f"'{path}' could not be written whole: {why_not_written(path)} ({error.problems[0].message})"
        ) from error
    except RuntimeError as error:
        raise OSError(f"'{path}' could not be written: {why_not_written(path)} ({last_line(error)})") from error
    if not complete:
        raise OSError(f"'{path}' could not be written whole: {why_not_written(path)}")


def write_working_image(image: sitk.Image, path: Path) -> None:
    """Write an image for elastix: not compressed, .mha.

    :raises OSError: if it is not all there, as on a full disk.
    """
    name = itk_name(path)
    try:
        with decimal_points():
            sitk.WriteImage(image, name)
        header = _checked_header(path)
        with _refusing(path):
            check_complete(header)
    except InputError as error:
        raise OSError(f"'{path}' could not be written whole: {why_not_written(path)}") from error
    except RuntimeError as error:
        raise OSError(f"'{path}' could not be written: {why_not_written(path)} ({last_line(error)})") from error


def _checked_header(path: Path) -> Header:
    itk_name(path)
    if not is_file(path):
        raise InputError([Problem(*why_no_file(path, f"there is no file '{path}'"))])
    with _refusing(path):
        header = _header(path)
        check_header(path, header)
    return header


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """What goes wrong while a file is looked at, as an InputError."""
    try:
        yield
    except Damaged as error:
        message = f"'{path}' cannot be read as an image ({error})"
        raise InputError([Problem(message, error.remedy or _REMEDY)]) from error
    except PermissionError as error:
        message = f"'{path}' may not be read by this user ({error.strerror})"
        raise InputError([Problem(message, "Change the file's permissions")]) from error
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, error) from error


def _header(path: Path) -> Header:
    """The header of a file, whose format its content tells, not its name.

    :raises Damaged: if it makes no sense, the format is unknown, or the name is that of another format.
    """
    name = path.name.lower()
    if name.endswith(".img"):
        path = next((p for end in (".hdr", ".HDR") if (p := path.with_name(path.name[:-4] + end)).is_file()), path)
    with open(path, "rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    with opened(path) as file:
        form = _format(file.read(1024))
    if form is None:
        what = next((form for form, (_, ends) in _FORMATS.items() if name.endswith(ends)), None)
        if what is None:
            known = ", ".join(READABLE)
            raise Damaged(f"of its format nobody could tell whether it is complete; known are {known}")
        raise Damaged(f"its content is not that of a {what} file")
    read, extensions = _FORMATS[form]
    if not name.endswith(extensions):
        remedy = f"Let its name end in {' or '.join(extensions)}"
        raise Damaged(f"by its content it is a {form} file, by its name it is not", remedy)
    if compressed and name.endswith(".nii"):
        raise Damaged("it is compressed, which its name does not say", "Let its name end in .nii.gz")
    if compressed and form != "NIfTI":
        raise Damaged(f"it is a {form} file that was compressed as a whole", "Unpack it, for example with gunzip")
    return read(path)


def _format(start: bytes) -> str | None:
    if start.startswith(b"NRRD"):
        return "NRRD"
    if looks_like_nifti(start):
        return "NIfTI"
    first = start.split(b"=")[0].strip()
    return "MetaImage" if first.isalnum() and b"=" in start and first.isascii() else None


def _is_nifti(path: Path) -> bool:
    return path.name.lower().endswith((".nii", ".nii.gz"))


def _check_place(path: Path, header: Header, read: sitk.Image | sitk.ImageFileReader) -> None:
    """Whether ITK has understood the header.

    :raises InputError: if not.
    """
    if len(header.size) != 3 or read.GetDimension() != 3:
        return
    size = tuple(read.GetSize())
    frame = next(iter(header.frames.values()), None)
    if size == header.size and (frame is None or _frame_distance(frame, read) <= _tolerance(read)):
        return
    message = f"'{path}' is not read as its header says: size {size}, spacing {read.GetSpacing()}"
    raise InputError([Problem(message, "Save it again as .mha or .nii.gz")])


def _frame(image: sitk.Image | sitk.ImageFileReader) -> np.ndarray:
    frame = np.eye(4)
    frame[:3, :3] = np.reshape(image.GetDirection(), (3, 3)) * image.GetSpacing()
    frame[:3, 3] = image.GetOrigin()
    return frame


def _frame_distance(frame: np.ndarray, image: sitk.Image | sitk.ImageFileReader) -> float:
    """How far apart a frame and an image put the corners of the image, mm."""
    return corner_distance(frame, _frame(image), image.GetSize())


def _tolerance(image: sitk.Image | sitk.ImageFileReader) -> float:
    return SAME_PLACE_VOXELS * float(voxel_edges(_frame(image)).min())


def _copy_frames(source: Path, target: Path) -> None:
    """Give a NIfTI file that ITK has written the voxel size, unit and frames of another one, bit by bit."""
    with opened(source) as file:
        given = file.read(HEADER_BYTES)
    order = "<" if struct.unpack("<i", given[:4])[0] == HEADER_BYTES else ">"
    with opened(target) as file:
        content = bytearray(file.read())
    for form, offset in (("4f", 76), ("B", 123), ("2h18f", 252)):
        values: tuple[Any, ...] = struct.unpack_from(order + form, given, offset)
        struct.pack_into("<" + form, content, offset, *values)
    with opened(target) as file:
        compressed = isinstance(file, gzip.GzipFile)
    target.write_bytes(gzip.compress(bytes(content), 6, mtime=0) if compressed else bytes(content))
