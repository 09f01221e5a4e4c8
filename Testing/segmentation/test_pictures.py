"""Pictures of knees: which are drawn, and that they are drawn aside."""

from __future__ import annotations

import os

import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.runs.aside import Aside
from KneeCartilageSegLib.segmentation.overlay import THUMBNAIL_WIDTH
from KneeCartilageSegLib.segmentation.pictures import PAINTER, Picture
from KneeCartilageSegLib.tissue import Tissue

pytest.importorskip("matplotlib")


@pytest.fixture
def picture(moving_knee, tmp_path):
    """Of a knee with an oblique grid."""
    images = {"": moving_knee.image, "_f": moving_knee.femur, "_fc": moving_knee.femoral_cartilage}
    for suffix, image in images.items():
        sitk.WriteImage(image, str(tmp_path / f"knee{suffix}.mha"))
    masks = {tissue: tmp_path / f"knee_{tissue.value}.mha" for tissue in Tissue}
    return Picture("$knee$ 膝", tmp_path / "pictures", tmp_path / "knee.mha", masks)


def drawn(*pictures):
    told = []
    aside = Aside(PAINTER, 1, lambda question, error: told.append(error))
    for one in pictures:
        aside.submit(one.question())
    aside.close()
    return told


def test_picture_is_drawn_once_and_again_when_a_mask_has_changed(picture):
    assert picture.missing
    assert drawn(picture) == []
    assert not picture.missing
    pixels = sitk.GetArrayFromImage(sitk.ReadImage(str(picture.thumbnail))).astype(int)
    assert pixels.shape[1] == THUMBNAIL_WIDTH
    assert (pixels[..., 2] - pixels[..., 0] > 80).sum() > 50  # the cartilage's outline is cyan
    later = picture.file.stat().st_mtime_ns + 10**9
    os.utime(picture.masks[Tissue.CARTILAGE], ns=(later, later))
    assert picture.missing
    picture.masks[Tissue.FEMUR].unlink()
    assert not Picture(picture.name, picture.folder, picture.image, {Tissue.CARTILAGE: picture.image}).missing


def test_other_peoples_pictures_are_left_alone(picture):
    picture.folder.mkdir()
    picture.file.write_bytes(b"\x89PNG holiday")
    assert not picture.missing


def test_a_knee_that_cannot_be_drawn_is_told(picture):
    picture.masks[Tissue.CARTILAGE].write_bytes(b"damaged")
    (error,) = drawn(picture)
    assert "knee_fc.mha" in error
    assert not picture.file.exists()
