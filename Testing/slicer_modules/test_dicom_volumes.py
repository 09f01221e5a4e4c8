"""A volume that Slicer has loaded from DICOM is a volume like any other: no file of it is needed."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from dicom_files import write_series
from KneeCartilageSegLib.dicom.volumes import folder_volume, read_volume
from KneeCartilageSegLib.images.grid import Grid
from tiny_study import gray_image

pytest_plugins = ["slicer_testbed.plugin"]


def test_what_slicer_loads_is_what_prepare_reads(slicer_app, tmp_path):
    import slicer
    from KneeCartilageSegLib.slicer_support.volumes import geometry_problems, knee_names, volume_image

    files = write_series(gray_image(), tmp_path, rescale=((2, -100),))
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "5: SAG DESS / R")
    storage = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLVolumeArchetypeStorageNode")
    storage.SetFileName(str(files[0]))
    for file in files:
        storage.AddFileName(str(file))
    storage.SetSingleFile(0)
    assert storage.ReadData(node)
    assert geometry_problems(node) == []
    assert list(knee_names([node])) == ["5_SAG_DESS_R"]
    loaded, prepared = volume_image(node), read_volume(folder_volume(tmp_path))
    assert Grid.of(loaded).coincides_with(Grid.of(prepared))
    np.testing.assert_array_equal(sitk.GetArrayFromImage(loaded), sitk.GetArrayFromImage(prepared))
