"""An image list may name a folder with a DICOM series in place of a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from dicom_files import change, write_series
from KneeCartilageSegLib.errors import InputError, KneeError
from KneeCartilageSegLib.images.files import read_image
from KneeCartilageSegLib.registration.references import read_unchanged
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.segmentation.cases import read_cases
from KneeCartilageSegLib.tissue import Tissue
from tiny_study import gray_image, mask_image, write_image, write_knee, write_list


@pytest.fixture
def study(tmp_path) -> Path:
    """A list whose second line of images names a folder with a dot in its name."""
    write_knee(tmp_path / "reference" / "newsubject")
    write_image(gray_image(1), tmp_path / "preprocessed" / "01_DESS_01_prep.nii.gz")
    write_series(gray_image(2), tmp_path / "preprocessed" / "02_DESS.01")
    lines = "./reference/newsubject", "./preprocessed", "r reference.mha", "m 01_DESS_01_prep.nii.gz", "m 02_DESS.01"
    return write_list(tmp_path / "list.txt", *lines)


def test_results_are_named_after_the_folder(study):
    cases, checksums = read_cases(study, Modality.NEW_SUBJECT)
    folder = cases[1]
    assert folder.moving.is_dir()
    assert folder.name == "02_DESS.01"
    assert folder.mask(Tissue.CARTILAGE).name == "02_DESS.01_fc.mha"
    assert cases[0].mask(Tissue.CARTILAGE).name == "01_DESS_01_prep_fc.nii.gz"
    assert set(checksums) == {path for case in cases for path in case.inputs.values()}


def test_the_series_is_read_as_prepare_reads_it_and_noticed_when_it_changes(study):
    cases, checksums = read_cases(study, Modality.NEW_SUBJECT)
    image = read_unchanged(cases[1].moving, checksums)
    np.testing.assert_array_equal(sitk.GetArrayFromImage(image), sitk.GetArrayFromImage(gray_image(2)))
    np.testing.assert_allclose(image.GetOrigin(), gray_image(2).GetOrigin(), atol=1e-6)
    change(next(cases[1].moving.iterdir()), RescaleIntercept="1")
    with pytest.raises(KneeError, match="has changed since it was checked"):
        read_unchanged(cases[1].moving, checksums)


def test_what_is_wrong_with_a_series_is_reported_at_its_line(study):
    next(path for path in sorted((study.parent / "preprocessed" / "02_DESS.01").iterdir()) if "5" in path.name).unlink()
    with pytest.raises(InputError) as caught:
        read_cases(study, Modality.NEW_SUBJECT)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (study, 5)
    assert "1 slice is missing" in problem.message


def test_a_folder_without_a_series_is_reported_at_its_line(study):
    for path in (study.parent / "preprocessed" / "02_DESS.01").iterdir():
        path.unlink()
    with pytest.raises(InputError, match=r"list\.txt:5: .*holds no DICOM series"):
        read_cases(study, Modality.NEW_SUBJECT)


def test_a_baseline_may_be_a_folder_whose_masks_are_named_after_it(tmp_path):
    write_series(gray_image(1), tmp_path / "preprocessed" / "base")
    write_image(gray_image(2), tmp_path / "preprocessed" / "follow.mha")
    for tissue, first in ((Tissue.FEMUR, 4), (Tissue.CARTILAGE, 8)):
        write_image(mask_image(first), tmp_path / "segmented" / f"base_{tissue.value}.mha")
    path = write_list(tmp_path / "list.txt", "./reference/longitudinal", "./preprocessed", "r base", "m follow.mha")
    (case,), _ = read_cases(path, Modality.LONGITUDINAL)
    assert case.references[0].image == tmp_path / "preprocessed" / "base"
    assert read_image(case.references[0].image).GetSize() == gray_image().GetSize()
