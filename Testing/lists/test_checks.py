"""Checks of the files of long lists, by their headers."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
import tiny_study
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.files import checksum
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.segmentation.cases import read_cases

NAMES = ("01.mha", "02.mha", "03.mha")


@pytest.fixture
def study(tmp_path):
    return tiny_study.new_subject_study(tmp_path, *NAMES)


def read(study, at_most):
    return read_cases(study, Modality.NEW_SUBJECT, read_at_most=at_most)


def problems(study, at_most):
    with pytest.raises(InputError) as error:
        read(study, at_most)
    return [(problem.line, problem.message) for problem in error.value.problems]


def damage(path):
    """Change the last bytes of the compressed voxels: the header stays as it is."""
    content = path.read_bytes()
    path.write_bytes(content[:-20] + bytes(20))


def test_of_a_long_list_only_the_references_are_read(study):
    folder = study.parent
    cases, checksums = read(study, 3)
    assert set(checksums) == set(cases[0].references[0].inputs().values())
    assert all(digest == checksum(path) for path, digest in checksums.items())
    damage(folder / "preprocessed" / "02.mha")
    assert read(study, 3)[0] == cases
    assert "02.mha" in problems(study, 4)[0][1]


def test_references_of_a_long_list_of_couples_are_not_read_either(tmp_path):
    for name in NAMES:
        tiny_study.write_knee(tmp_path / "reference", f"r{name}")
        tiny_study.write_image(tiny_study.gray_image(), tmp_path / "preprocessed" / name)
    lines = [line for name in NAMES for line in (f"r r{name}", f"m {name}")]
    path = tiny_study.write_list(tmp_path / "list.txt", "./reference", "./preprocessed", *lines)
    cases, checksums = read_cases(path, Modality.LONGITUDINAL, read_at_most=2)
    assert (len(cases), checksums) == (3, {})
    tiny_study.write_image(tiny_study.mask_image(size=18), tmp_path / "reference" / "r02_fc.mha")
    with pytest.raises(InputError, match=r"r02_fc\.mha' is not on the grid of its image \(size \(18, 18, 18\)"):
        read_cases(path, Modality.LONGITUDINAL, read_at_most=2)


def test_headers_tell_all_that_they_can_at_once(study):
    images = study.parent / "preprocessed"
    sitk.WriteImage(tiny_study.gray_image(), str(images / "01.mha"), False)
    with open(images / "01.mha", "r+b") as file:
        file.truncate(5000)
    tiny_study.write_image(tiny_study.gray_image(size=4), images / "02.mha")
    far = tiny_study.gray_image()
    far.SetSpacing((1000.0, 1000.0, 1000.0))
    tiny_study.write_image(far, images / "03.mha")
    found = problems(study, 0)
    assert [line for line, _ in found] == [4, 5, 6]
    assert all(text in message for text, (_, message) in zip(("shorter", "only 4 voxels", "too large"), found))


def test_a_vector_image_is_refused_by_its_header(study):
    image = sitk.GetImageFromArray(np.ones((16, 16, 16, 3), np.float32), isVector=True)
    tiny_study.write_image(tiny_study.place(image), study.parent / "preprocessed" / "02.mha")
    assert problems(study, 0) == problems(study, None)


def test_masks_that_were_swapped(study):
    """Otherwise the femur would come out as cartilage, with a good match."""
    folder = study.parent / "reference" / "newsubject"
    femur, cartilage = folder / "reference_f.mha", folder / "reference_fc.mha"
    spare = folder / "spare.mha"
    femur.rename(spare)
    cartilage.rename(femur)
    spare.rename(cartilage)
    ((_, problem),) = problems(study, None)
    assert "is larger than the femur 'reference_f.mha'" in problem
