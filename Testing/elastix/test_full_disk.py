"""A disk that gets full while elastix writes: elastix does not notice, and leaves a part of its result."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib import files
from KneeCartilageSegLib.elastix.transforms import read_transform, write_translation
from KneeCartilageSegLib.errors import EngineError
from KneeCartilageSegLib.images.files import write_image, write_working_image


@pytest.fixture
def full(monkeypatch):
    """A disk without room."""
    monkeypatch.setattr(files.shutil, "disk_usage", lambda folder: SimpleNamespace(free=0))


@pytest.mark.parametrize("kept", [0.0, 0.2, 0.3, 0.5, 0.9])
def test_a_part_of_a_transform_is_none(tmp_path, full, kept):
    path = tmp_path / "TransformParameters.0.txt"
    write_translation(path, np.array([1.25, -2.5, 3.75]))
    assert read_transform(path).GetParameters() == (1.25, -2.5, 3.75)
    content = path.read_bytes()
    path.write_bytes(content[: int(kept * len(content))])
    if kept < 0.9:
        with pytest.raises(EngineError, match=f"whole: the disk of '{tmp_path}' is full"):
            read_transform(path)


@pytest.mark.parametrize("write", [write_image, write_working_image])
def test_a_part_of_an_image_is_none(tmp_path, full, monkeypatch, write):
    real = sitk.WriteImage

    def write_half(image, path, *compress):
        real(image, path, *compress)
        with open(path, "r+b") as file:
            file.truncate(200)

    monkeypatch.setattr(sitk, "WriteImage", write_half)
    with pytest.raises(OSError, match=f"the disk of '{tmp_path}' is full"):
        write(sitk.Image(20, 20, 20, sitk.sitkFloat32), tmp_path / "k.mha")
