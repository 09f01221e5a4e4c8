"""Image files with damaged headers: refused by name, or read as what the header still says."""

from __future__ import annotations

import gzip
import re
import struct
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.images.files import read_grid, read_image
from KneeCartilageSegLib.images.grid import Grid

from .mutations import mutate

FORMATS = ("mha", "mhd", "nrrd", "nhdr", "nii", "nii.gz", "hdr")
SIZE, SPACING = (24, 20, 16), (0.5, 0.75, 1.25)
_NIFTI_BYTES = 348


def fuzz_header(folder: Path, number: int) -> str:
    """Damage the header of an image and read it.

    :param folder: an existing folder of this number's own.
    :return: what is wrong with how it was read; empty if nothing is.
    """
    random = np.random.default_rng(number)
    extension = FORMATS[number % len(FORMATS)]
    path = folder / f"knee.{extension}"
    image = _image(random)
    sitk.WriteImage(image, str(path), bool(number % 2))
    content = path.read_bytes()
    if extension == "nii.gz":
        content = gzip.decompress(content)
    header = _header_bytes(content, extension)
    damaged = mutate(content[:header], random) + content[header:]
    path.write_bytes(gzip.compress(damaged) if extension == "nii.gz" else damaged)
    try:
        grid = read_grid(path)
        read = read_image(path)
    except InputError as error:
        text = str(error)
        return "" if str(path) in text or "3-D" in text or "one value" in text else f"does not name the file: {text}"
    if not Grid.of(read).coincides_with(grid):
        return f"the header alone says {grid}, reading {Grid.of(read)}"
    if damaged == content or extension in ("nii", "nii.gz", "hdr"):
        return _judge_nifti(damaged, grid) if damaged != content else _judge_same(image, read)
    return _judge_text(damaged[: _header_bytes(damaged, extension)], grid)


def _image(random: np.random.Generator) -> sitk.Image:
    image = sitk.GetImageFromArray(random.integers(0, 999, SIZE[::-1]).astype(np.int16))
    image.SetSpacing(SPACING)
    image.SetOrigin((3.0, -40.0, 25.0))
    image.SetDirection(oblique(0.2, -0.1, 0.3))
    return image


def _header_bytes(content: bytes, extension: str) -> int:
    if extension in ("nii", "nii.gz", "hdr"):
        return _NIFTI_BYTES
    if extension in ("mhd", "nhdr"):
        return len(content)
    end = re.search(rb"ElementDataFile[^\n]*\n" if extension == "mha" else rb"\n\r?\n", content)
    return end.end() if end else min(len(content), 600)


def _judge_same(image: sitk.Image, read: sitk.Image) -> str:
    same = np.array_equal(sitk.GetArrayFromImage(read), sitk.GetArrayFromImage(image))
    return "" if same and Grid.of(read).coincides_with(Grid.of(image)) else "an undamaged file is read wrong"


def _judge_nifti(content: bytes, grid: Grid) -> str:
    """Whether size, voxel size and one of the frames are those of the fields; fields that say nothing are refused."""
    order = "<" if struct.unpack_from("<i", content)[0] == _NIFTI_BYTES else ">"
    size = struct.unpack_from(f"{order}3h", content, 42)
    edges = np.abs(struct.unpack_from(f"{order}3f", content, 80))
    units = {1: 1000.0, 3: 0.001}.get(content[123] & 7, 1.0)
    if tuple(grid.size) != size:
        return f"size {grid.size} where the header says {size}"
    if not np.allclose(grid.spacing, edges * units, rtol=1e-3):
        return f"voxel size {grid.spacing} where the header says {edges} times {units}"
    codes = struct.unpack_from(f"{order}2h", content, 252)
    offsets = []
    if codes[0] > 0:
        offsets.append(struct.unpack_from(f"{order}3f", content, 268))
    if codes[1] > 0:
        rows = np.reshape(struct.unpack_from(f"{order}12f", content, 280), (3, 4))
        offsets.append(tuple(rows[:, 3]))
    for offset in offsets:
        if not np.allclose(np.array(offset) * (-units, -units, units), grid.origin, atol=0.1 * min(grid.spacing)):
            return f"origin {grid.origin} where the header says {offsets}"
    return ""


def _judge_text(header: bytes, grid: Grid) -> str:
    """Whether size and voxel size stand in the header as they were read."""
    text = header.decode("utf-8", "replace")
    sizes = re.findall(r"^\s*(?:DimSize\s*=|sizes\s*:)\s*(.*?)\s*$", text, re.MULTILINE)
    if " ".join(map(str, grid.size)) not in {" ".join(found.split()) for found in sizes}:
        return f"size {grid.size} where the header says {sizes}"
    if not any(np.allclose(grid.spacing, edges, rtol=1e-6) for edges in _stated_edges(text)):
        return f"voxel size {grid.spacing} where the header says {_stated_edges(text)}"
    return ""


def _stated_edges(text: str) -> list[np.ndarray]:
    found = []
    for numbers in re.findall(r"^\s*(?:Element(?:Spacing|Size)\s*=|spacings\s*:)\s*(.*?)\s*$", text, re.MULTILINE):
        found.append(np.array([float(number) for number in numbers.split()]))
    for vectors in re.findall(r"^\s*space directions\s*:\s*(.*?)\s*$", text, re.MULTILINE | re.IGNORECASE):
        rows = [[float(n) for n in vector.split(",")] for vector in re.findall(r"\(([^()]*)\)", vectors)]
        found.append(np.linalg.norm(rows, axis=1))
    return [edges for edges in found if edges.shape == (3,)]
