"""What the DICOM SEG exporter for Slicer needs of our segmentations; itself (QuantitativeReporting) it is not here, but
dcmqi, by which it writes, is tried if it is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from dicom_files import write_series
from KneeCartilageSegLib.phantom import KneeParameters, make_knee, write_knee
from KneeCartilageSegLib.segmentation.outcome import Status
from KneeCartilageSegLib.tissue import Tissue

pytest_plugins = ["slicer_testbed.plugin"]

TERMINOLOGIES = Path(os.environ.get("SLICER_SOURCE", ""), "Modules", "Loadable", "Terminologies", "Resources")
TYPES, REGIONS = "Segmentation category and type - DICOM master list", "Anatomic codes - DICOM master list"
CODES = {
    "Femur": (("SCT", "123037004", "Anatomical Structure"), ("SCT", "71341001", "Femur"), None),
    "Femoral cartilage": (
        ("SCT", "85756007", "Tissue"),
        ("SCT", "309312004", "Cartilage"),
        ("SCT", "71341001", "Femur"),
    ),
}


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    """A knee as DICOM series, and masks of it."""
    folder = tmp_path_factory.mktemp("series")
    knee = make_knee(KneeParameters.reduced(4.0, subject=1))
    write_knee(knee, folder, "knee")
    write_series(sitk.Cast(knee.image, sitk.sitkInt16), folder / "dicom")
    return folder


@pytest.fixture
def result(slicer_app, series, tmp_path):
    """A function that gives the result of the knee, with a status."""
    from KneeCartilageSegLib.slicer_support.result_nodes import KneeResult

    folder = Path(shutil.copytree(series, tmp_path / "knees"))
    masks = {tissue: folder / f"knee_{tissue.value}.mha" for tissue in Tissue}
    return lambda status=Status.SEGMENTED: KneeResult("dicom", status, folder / "dicom", masks, {}, "", {})


def uids_of(folder):
    """By the places of the slices."""
    reader = sitk.ImageFileReader()
    found = {}
    for path in folder.iterdir():
        reader.SetFileName(str(path))
        reader.LoadPrivateTagsOn()
        reader.ReadImageInformation()
        found[reader.GetOrigin()] = reader.GetMetaData("0008|0018").strip("\0 ")
    return found


def load(result, volume=None):
    from KneeCartilageSegLib.slicer_support.run import load_knee
    from KneeCartilageSegLib.slicer_support.tasks import run_now

    return run_now(load_knee(result, volume))


def segments_of(segmentation):
    segments = segmentation.GetSegmentation()
    return [segments.GetNthSegment(number) for number in range(segments.GetNumberOfSegments())]


def tag(segment, name):
    import vtk

    value = vtk.reference("")
    return str(value) if segment.GetTag(name, value) else None


def reference_of(segmentation):
    return segmentation.GetNodeReference(segmentation.GetReferenceImageGeometryReferenceRole())


def test_a_volume_that_slicer_loaded_from_dicom_stays_the_geometry_reference(result):
    """With the instances that Slicer's import has named; masks come out on its grid, as the exporter makes them."""
    import slicer
    import slicer.util
    import vtk

    volume = slicer.util.loadVolume(str(result().masks[Tissue.FEMUR].with_name("knee.mha")))
    volume.SetAttribute("DICOM.instanceUIDs", "1.2.3 1.2.4")
    _volume, segmentation = load(result(), volume)
    assert reference_of(segmentation) is volume
    assert volume.GetAttribute("DICOM.instanceUIDs") == "1.2.3 1.2.4"
    for tissue, name in zip(Tissue, CODES):
        ids = vtk.vtkStringArray()
        ids.InsertNextValue(segmentation.GetSegmentation().GetSegmentIdBySegmentName(name))
        merged = slicer.vtkOrientedImageData()
        segmentation.GenerateMergedLabelmapForAllSegments(merged, 0, None, ids)
        node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode")
        assert slicer.modules.segmentations.logic().CreateLabelmapVolumeFromOrientedImageData(merged, node)
        written = sitk.GetArrayFromImage(sitk.ReadImage(str(result().masks[tissue])))
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(node) != 0, written != 0)


def test_a_dicom_series_of_a_list_names_its_instances_in_the_order_of_the_slices(result):
    volume, segmentation = load(result())
    assert reference_of(segmentation) is volume
    named = volume.GetAttribute("DICOM.instanceUIDs").split()
    by_place = uids_of(result().moving)
    image = sitk.ReadImage(str(result().masks[Tissue.FEMUR]))
    places = [image.TransformIndexToPhysicalPoint((0, 0, number)) for number in range(image.GetDepth())]
    expected = [min(by_place, key=lambda place: np.linalg.norm(np.subtract(place, wanted))) for wanted in places]
    assert len(named) == image.GetDepth()
    assert named in ([by_place[place] for place in expected], [by_place[place] for place in expected[::-1]])


def test_segments_have_names_terms_and_say_who_made_them(result):
    _volume, segmentation = load(result())
    assert [segment.GetName() for segment in segments_of(segmentation)] == list(CODES)
    for segment in segments_of(segmentation):
        assert tag(segment, "DICOM.SegmentAlgorithmType") == "AUTOMATIC"
        assert tag(segment, "DICOM.SegmentAlgorithmName") == "KneeCartilageSeg"
        category, kind, region = CODES[segment.GetName()]
        parts = tag(segment, segment.GetTerminologyEntryTagName()).split("~")
        assert (parts[0], parts[4]) == (TYPES, REGIONS)
        assert parts[1:3] == ["^".join(category), "^".join(kind)]
        assert parts[5] == ("^".join(region) if region else "^^")


@pytest.mark.parametrize(
    ("status", "said"), [(Status.EDITED, "SEMIAUTOMATIC"), (Status.KEPT, None), (Status.UNCHANGED, "AUTOMATIC")]
)
def test_corrected_masks_are_not_called_automatic(result, status, said):
    for before in (Status.SEGMENTED, status):  # the same nodes, loaded again
        _volume, segmentation = load(result(before))
    assert {tag(segment, "DICOM.SegmentAlgorithmType") for segment in segments_of(segmentation)} == {said}


def coded(words):
    return dict(zip(("CodingSchemeDesignator", "CodeValue", "CodeMeaning"), words.split("^")))


@pytest.mark.skipif(not shutil.which("itkimage2segimage"), reason="needs dcmqi (pip install dcmqi)")
def test_dcmqi_writes_a_dicom_seg_of_what_our_segments_say(result, tmp_path):
    """By the library that the exporter uses, with our terms and makers, and back: the same voxels and terms."""
    made = result()
    _volume, segmentation = load(made)
    attributes = []
    for segment in segments_of(segmentation):
        _context, category, kind, _modifier, _regions, region, *_ = tag(
            segment, segment.GetTerminologyEntryTagName()
        ).split("~")
        attributes.append(
            {
                "labelID": 1,
                "SegmentLabel": segment.GetName(),
                "SegmentAlgorithmType": tag(segment, "DICOM.SegmentAlgorithmType"),
                "SegmentAlgorithmName": tag(segment, "DICOM.SegmentAlgorithmName"),
                "SegmentedPropertyCategoryCodeSequence": coded(category),
                "SegmentedPropertyTypeCodeSequence": coded(kind),
                **({"AnatomicRegionSequence": coded(region)} if region.strip("^") else {}),
            }
        )
    described = {"ContentCreatorName": "Nobody", "SeriesDescription": "Knee", "SeriesNumber": "300"}
    described.update(InstanceNumber="1", segmentAttributes=[[one] for one in attributes])
    (tmp_path / "meta.json").write_text(json.dumps(described))
    (tmp_path / "back").mkdir()
    images = ",".join(str(path) for path in made.masks.values())
    there = ["itkimage2segimage", "--inputDICOMDirectory", made.moving, "--inputImageList", images]
    there += ["--inputMetadata", tmp_path / "meta.json", "--outputDICOM", tmp_path / "seg.dcm"]
    back = [
        "segimage2itkimage",
        "--inputDICOM",
        tmp_path / "seg.dcm",
        "--outputDirectory",
        tmp_path / "back",
        "-t",
        "nrrd",
    ]
    for command in (there, back):
        subprocess.run([str(word) for word in command], check=True, capture_output=True)
    read = json.loads((tmp_path / "back" / "meta.json").read_text())["segmentAttributes"]
    for number, (path, expected) in enumerate(zip(made.masks.values(), attributes), start=1):
        mask = sitk.ReadImage(str(path))
        found = sitk.ReadImage(str(tmp_path / "back" / f"{number}.nrrd")) != 0
        found = sitk.Resample(found, mask, sitk.Transform(), sitk.sitkNearestNeighbor)
        np.testing.assert_array_equal(sitk.GetArrayFromImage(found) != 0, sitk.GetArrayFromImage(mask) != 0)
        (said,) = read[number - 1]
        assert {key: said[key] for key in expected if key != "labelID"} == {
            key: value for key, value in expected.items() if key != "labelID"
        }


@pytest.mark.skipif(not TERMINOLOGIES.is_dir(), reason="SLICER_SOURCE names no checkout with Slicer's terminologies")
def test_terms_are_in_slicers_own_terminologies():
    types = json.loads((TERMINOLOGIES / "SegmentationCategoryTypeModifier-DICOM-Master.json").read_text())
    regions = json.loads((TERMINOLOGIES / "AnatomicRegionAndModifier-DICOM-Master.json").read_text())
    assert types["SegmentationCategoryTypeContextName"] == TYPES
    assert regions["AnatomicContextName"] == REGIONS
    places = {code(one) for one in regions["AnatomicCodes"]["AnatomicRegion"]}
    kinds = {
        code(category): {code(kind) for kind in category["Type"]} for category in types["SegmentationCodes"]["Category"]
    }
    for category, kind, region in CODES.values():
        assert kind in kinds[category]
        assert region is None or region in places


def code(entry):
    return entry["CodingSchemeDesignator"], entry["CodeValue"], entry["CodeMeaning"]
