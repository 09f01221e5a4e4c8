"""A study of tiny images (16 voxels along each axis) in the documented folders, for tests of lists and files.

Nothing can be registered with them; for that there is the phantom.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import SimpleITK as sitk

SIZE = 16
_DIRECTION = (0.0, 0.1, 0.995, 1.0, 0.0, 0.0, 0.0, 0.995, -0.1)


def place(image: sitk.Image) -> sitk.Image:
    """The image in an oblique scanner frame."""
    image.SetSpacing((0.365, 0.365, 0.7))
    image.SetOrigin((-62.5, 31.25, 104.0))
    matrix, _ = np.linalg.qr(np.array(_DIRECTION).reshape(3, 3))
    image.SetDirection(matrix.ravel().tolist())
    return image


def gray_image(seed: int = 0, size: int = SIZE) -> sitk.Image:
    """Noise, int16."""
    values = np.random.default_rng(seed).integers(0, 1000, (size, size, size))
    return place(sitk.GetImageFromArray(values.astype(np.int16)))


def mask_image(first: int = 4, value: int = 1, size: int = SIZE) -> sitk.Image:
    """A box, uint8."""
    array = np.zeros((size, size, size), np.uint8)
    array[first:-4, 4:-4, 4:-4] = value
    return place(sitk.GetImageFromArray(array))


def write_image(image: sitk.Image, path: Path) -> Path:
    """Write an image; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sitk.WriteImage(image, path, True)
    return path


def write_knee(folder: Path, name: str = "reference.mha", masks: Path | None = None, seed: int = 0) -> None:
    """Write an image and its masks, by default beside it."""
    write_image(gray_image(seed), folder / name)
    write_masks(folder if masks is None else masks, name)


def write_masks(folder: Path, name: str) -> None:
    """Write the masks that belong to an image of this name."""
    root, extension = name.split(".", 1)
    write_image(mask_image(), folder / f"{root}_f.{extension}")
    write_image(mask_image(first=8), folder / f"{root}_fc.{extension}")


def write_list(path: Path, *lines: str) -> Path:
    """Write an image list."""
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def new_subject_study(folder: Path, *moving: str) -> Path:
    """Write a reference and images to segment with it; the list of them."""
    write_knee(folder / "reference" / "newsubject")
    for seed, name in enumerate(moving, start=1):
        write_image(gray_image(seed), folder / "preprocessed" / name)
    lines = ["./reference/newsubject", "./preprocessed/", "r reference.mha", *(f"m {name}" for name in moving)]
    return write_list(folder / "image_list_newsubject.txt", *lines)


def snapshot(folder: Path) -> dict[str, str]:
    """All files and folders below a folder, with what is in them and when it was written."""
    return {str(path.relative_to(folder)): _state(path) for path in sorted(folder.rglob("*"))}


def _state(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return f"{path.stat().st_mtime_ns} {digest}"
