"""Measuring the knee that files hold: masks that are none, and maps on grids of their own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.measurement.inputs import find_knees
from KneeCartilageSegLib.measurement.measure import measure_files
from KneeCartilageSegLib.phantom import KneeParameters, make_knee, write_knee


@pytest.fixture(scope="module")
def knee():
    return make_knee(KneeParameters.reduced(2.0, subject=4))


@pytest.fixture(scope="module")
def files(knee, tmp_path_factory):
    (found,) = find_knees([write_knee(knee, tmp_path_factory.mktemp("knee"), "knee")[2]]).knees
    return found


def written(path, image):
    sitk.WriteImage(image, str(path))
    return path


def test_labelmap_of_several_tissues_is_refused(knee, files, tmp_path):
    """As a whole it would be measured as cartilage of 6 mm."""
    labels = sitk.Cast(knee.femur, sitk.sitkUInt8) + 3 * sitk.Cast(knee.femoral_cartilage, sitk.sitkUInt8)
    several = replace(files, cartilage=written(tmp_path / "all_fc.nii.gz", labels))
    with pytest.raises(
        InputError, match=r"all_fc\.nii\.gz' is no mask of one tissue: it holds several values \(1, 3\)"
    ):
        measure_files(several)
    with pytest.raises(InputError, match=r"\(1, 3\)"):
        measure_files(replace(files, femur=several.cartilage))


def test_gray_values_and_nan_are_no_mask(knee, files, tmp_path):
    gray = replace(files, cartilage=written(tmp_path / "gray_fc.mha", sitk.Cast(knee.image, sitk.sitkInt16)))
    with pytest.raises(InputError, match=r"several values \(.*, \.\.\.\)"):
        measure_files(gray)
    voxels = sitk.GetArrayFromImage(knee.femoral_cartilage).astype(np.float32)
    voxels[0, 0, 0] = np.nan
    image = sitk.GetImageFromArray(voxels)
    image.CopyInformation(knee.femoral_cartilage)
    with pytest.raises(InputError, match="nan"):
        measure_files(replace(files, cartilage=written(tmp_path / "nan_fc.nrrd", image)))


@pytest.mark.parametrize("value", [2, 255])
def test_any_one_value_is_a_mask(knee, files, tmp_path, value):
    other = written(tmp_path / "other_fc.mha", sitk.Cast(knee.femoral_cartilage, sitk.sitkUInt8) * value)
    assert measure_files(replace(files, cartilage=other)).measurement.whole == measure_files(files).measurement.whole
