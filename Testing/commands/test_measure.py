"""The commands measure and fit-map: what they write, and what they refuse."""

from __future__ import annotations

import csv
import json
import shutil

import numpy as np
import pytest
import SimpleITK as sitk
from dicom_files import write_series
from KneeCartilageSegLib.commandline import main
from KneeCartilageSegLib.csv_files import significant
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.lists.imagelist import SEGMENTATION_SPEC, read_image_list
from KneeCartilageSegLib.measurement.inputs import find_knees
from KneeCartilageSegLib.measurement.regions import REGIONS, Part
from KneeCartilageSegLib.phantom import KneeParameters, make_knee, write_knee
from pydicom.uid import generate_uid
from tiny_study import write_list


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two knees, right and left, with masks and a map each."""
    place = tmp_path_factory.mktemp("measured")
    for name, side in (("right", "right"), ("left", "left")):
        knee = make_knee(KneeParameters.reduced(1.5, subject=4, laterality=side))
        write_knee(knee, place / "masks", f"{name}_prep")
        t2 = sitk.Cast(knee.image * 0 + 42, sitk.sitkFloat32)
        sitk.WriteImage(t2, str(place / f"{name}_T2.mha"))
    return place


def rows_of(path):
    with open(path, newline="") as stream:
        return list(csv.DictReader(stream))


def test_folder_of_masks(folder, tmp_path, capsys):
    options = ["--csv", str(tmp_path / "t.csv"), "--regions", str(tmp_path / "r"), "--surfaces", str(tmp_path / "s")]
    assert main(["measure", str(folder / "masks"), *options, "--pictures", str(tmp_path / "p")]) == 0
    rows = rows_of(tmp_path / "t.csv")
    assert [(row["knee"], row["region"]) for row in rows] == [
        (knee, region.key) for knee in ("left_prep", "right_prep") for region in REGIONS
    ]
    assert [row["side"] for row in rows[:: len(REGIONS)]] == ["left", "right"]
    left, right = rows[0], rows[len(REGIONS)]
    assert float(left["volume_mm3"]) == pytest.approx(float(right["volume_mm3"]), rel=0.01)
    assert 1.5 < float(right["thickness_mean_mm"]) < 2.5
    mask = sitk.ReadImage(str(folder / "masks/right_prep_fc.mha"))
    regions = sitk.ReadImage(str(tmp_path / "r/right_prep_regions.nii.gz"))
    assert regions.GetSize() == mask.GetSize()
    voxels = sitk.GetArrayFromImage(regions)
    assert np.array_equal(voxels > 0, sitk.GetArrayFromImage(mask) > 0)
    posterior = next(row for row in rows[len(REGIONS) :] if row["region"] == "medial_posterior")
    volume = np.count_nonzero(voxels == Part.MEDIAL_POSTERIOR) * 1.5**3
    assert posterior["volume_mm3"] == significant(volume)
    record = json.loads((tmp_path / "t_record.json").read_text())
    assert len(record["knees"][1]["inputs"]["femur"]["sha256"]) == 64
    assert (tmp_path / "p/left_prep_thickness.png").stat().st_size > 10_000
    assert "right_prep" in capsys.readouterr().out


def test_surface_holds_the_thickness_of_the_row(folder, tmp_path):
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkIOXML import vtkXMLPolyDataReader

    mask = folder / "masks/right_prep_fc.mha"
    assert main(["measure", str(mask), "--csv", str(tmp_path / "t.csv"), "--surfaces", str(tmp_path)]) == 0
    reader = vtkXMLPolyDataReader()
    reader.SetFileName(str(tmp_path / "right_prep_thickness.vtp"))
    reader.Update()
    thickness = vtk_to_numpy(reader.GetOutput().GetPointData().GetArray("thickness_mm"))
    row = rows_of(tmp_path / "t.csv")[0]
    assert significant(float(thickness.max())) == row["thickness_max_mm"]
    assert thickness.mean() == pytest.approx(float(row["thickness_mean_mm"]), abs=0.1)


def test_list_with_maps(folder, tmp_path):
    (folder / "list.txt").write_text(
        "./masks\nm right_prep_fc.mha\nv ../right_T2.mha\nm left_prep_fc.mha\n", encoding="utf-8"
    )
    assert main(["measure", str(folder / "list.txt"), "--map-csv", str(tmp_path / "t2.csv")]) == 0
    rows = rows_of(tmp_path / "t2.csv")
    assert len(rows) == 3 * len(REGIONS)
    assert {(row["knee"], row["map"], row["mean_ms"]) for row in rows} == {("right_prep", "right_T2", "42")}
    assert {row["layer"] for row in rows} == {"all", "deep", "superficial"}


@pytest.fixture(scope="module")
def study(folder, tmp_path_factory):
    """A study as runs and people leave it: two knees segmented, one rejected, and one rejected in the review."""
    place = tmp_path_factory.mktemp("study")
    (place / "preprocessed").mkdir()
    (place / "rejected").mkdir()
    shutil.copytree(folder / "masks", place / "segmented")
    shutil.copy(folder / "masks/left_prep_fc.mha", place / "rejected/poor_prep_fc.mha")
    shutil.copy(folder / "masks/left_prep_fc.mha", place / "segmented/reviewed_prep_fc.mha")
    (place / "segmented/review.csv").write_text("name,decision\nreviewed_prep,rejected\n", encoding="utf-8")
    return place


def test_list_of_a_segmentation_names_the_masks_that_it_has_left(study, tmp_path, capsys):
    names = ["right_prep", "left_prep", "poor_prep", "reviewed_prep", "later_prep"]
    write_list(study / "list.txt", "nowhere", "preprocessed", "r reference.mha", *(f"m {name}.mha" for name in names))
    assert main(["measure", str(study / "list.txt"), "--csv", str(tmp_path / "t.csv")]) == 1
    assert [row["knee"] for row in rows_of(tmp_path / "t.csv")[:: len(REGIONS)]] == ["right_prep", "left_prep"]
    said = capsys.readouterr().err
    assert "left out: 'poor_prep' was rejected\n" in said
    assert "left out: 'reviewed_prep' was rejected in the review\n" in said
    assert "left out: 'later_prep' has no mask in" in said


def test_where_the_segmentations_are_can_be_given(study, tmp_path):
    write_list(study / "elsewhere.txt", "reference", str(tmp_path), "r reference.mha", "m left_prep.mha")
    with pytest.raises(InputError, match="has no mask"):
        find_knees([study / "elsewhere.txt"])
    (knee,) = find_knees([study / "elsewhere.txt"], output=study).knees
    assert knee.femur == study / "segmented/left_prep_f.mha"


def test_multimodal_list_with_a_map_and_the_echoes_of_one(study, tmp_path):
    shape = sitk.ReadImage(str(study / "segmented/left_prep_fc.mha"))
    for number, name in enumerate(("echo1", "echo 2", "echo3"), start=1):
        echo = sitk.Cast(shape * 0 + 1, sitk.sitkFloat32) * 900 * float(np.exp(-10 * number / 35.0))
        echo[0, 0, 0] = 0
        sitk.WriteImage(echo, str(study / f"preprocessed/{name}.mha"))
    write_record(study / "preprocessed/echo3", 30)
    sitk.WriteImage(sitk.Cast(shape * 0 + 51, sitk.sitkFloat32), str(study / "preprocessed/T2.mha"))
    images = write_list(
        study / "image_list_multimodal.txt",
        "reference",
        "preprocessed",
        "r first.mha",
        "m right_prep.mha",
        "v T2.mha",
        "r second.mha",
        "m left_prep.mha",
        "e echo1.mha 10",
        "e 'echo 2.mha'  20.0",
        "e echo3.mha",
    )
    command = ["measure", str(images), "--map-csv", str(tmp_path / "t2.csv"), "--fitted-maps", str(tmp_path / "maps")]
    assert main(command) == 0
    found = rows_of(tmp_path / "t2.csv")
    whole = {row["map"]: row for row in found if (row["region"], row["layer"]) == ("femur", "all")}
    assert (whole["T2"]["knee"], whole["T2"]["mean_ms"]) == ("right_prep", "51")
    assert whole["left_prep_map"]["mean_ms"] == "35"
    fitted = sitk.ReadImage(str(tmp_path / "maps/left_prep_map.nii.gz"))
    assert fitted.GetSize() == shape.GetSize()
    record = json.loads((tmp_path / "t2_record.json").read_text())
    assert [echo["ms"] for echo in record["knees"][1]["echoes"]] == [10, 20, 30]
    assert main(command) == 0, "its own maps are replaced"
    sitk.WriteImage(shape, str(tmp_path / "maps/left_prep_map.nii.gz"))
    assert main(command) == 2, "a map of somebody else's is not"


def test_other_commands_pass_over_maps_and_echoes_of_a_list(study):
    lines = ["reference", "preprocessed", "r reference.mha", "m left_prep.mha", "v T2.mha", "e echo1.mha 10"]
    images = read_image_list(write_list(study / "maps.txt", *lines), SEGMENTATION_SPEC)
    assert not images.problems
    assert [entry.letter for entry in images.entries] == ["r", "m"]


def test_echoes_without_a_time_or_alone_are_refused(study, capsys):
    write_list(study / "echoes.txt", "a", "segmented", "m left_prep.mha", "e left_prep_f.mha", "e none.mha 3")
    assert main(["measure", str(study / "echoes.txt"), "--out", str(study), "--map-csv", str(study / "m.csv")]) == 2
    said = capsys.readouterr().err
    assert f"echoes.txt:3: the echo time of '{study / 'segmented/left_prep_f.mha'}' is not known" in said
    assert "echoes.txt:3: a decay needs two echoes" in said
    assert "echoes.txt:5: there is no file" in said
    assert not (study / "m.csv").exists()


def test_lists_of_a_search_and_of_a_comparison(study, tmp_path):
    """The images of a data set have their masks beside them; of pairs, both masks are measured, but not the femur's."""
    masks = shutil.copytree(study / "segmented", tmp_path / "masks")
    (masks / "right_prep_fc.mha").rename(masks / "right_fc.mha")
    lines = ["r left_prep.mha", "m left_prep.mha", "m right_prep.mha", "m no.mha"]
    found = find_knees([write_list(tmp_path / "search.txt", "masks", *lines)])
    assert [knee.name for knee in found.knees] == ["left_prep", "right"]
    assert found.left_out == ("'no.mha' has no mask of femoral cartilage beside it",)
    pairs = ["s left_prep_fc.mha", "g left_prep_fc.mha", "s left_prep_f.mha", "g left_prep_f.mha"]
    found = find_knees([write_list(tmp_path / "quality.txt", "masks", str(study / "segmented"), *pairs)])
    assert [knee.name for knee in found.knees] == ["masks_left_prep", "segmented_left_prep"]


def test_side_can_be_given(folder, tmp_path, capsys):
    mask = str(folder / "masks/right_prep_fc.mha")
    assert main(["measure", mask, "--side", "left", "--csv", str(tmp_path / "t.csv")]) == 0
    assert {row["side"] for row in rows_of(tmp_path / "t.csv")} == {"left"}
    assert "shape of the trochlea is that of a right knee" in capsys.readouterr().err


def test_bad_input_is_named_at_once_and_nothing_is_written(folder, tmp_path, capsys):
    (tmp_path / "list.txt").write_text(f"{folder}/masks\nv map.mha\nm none_fc.mha\nm left_prep_fc.mha\nv none.mha\n")
    assert main(["measure", str(tmp_path / "list.txt"), "--csv", str(tmp_path / "no/t.csv")]) == 2
    errors = capsys.readouterr().err
    for expected in (
        "list.txt:2: 'v map.mha' has no 'm' line",
        "list.txt:3: there is no file",
        "list.txt:5: there is no",
    ):
        assert expected in errors
    assert main(["measure", str(tmp_path)]) == 2
    assert "holds no mask" in capsys.readouterr().err
    mask = str(folder / "masks/left_prep_fc.mha")
    assert main(["measure", mask, mask, "--map-csv", str(tmp_path / "m.csv")]) == 2
    assert "named twice" in capsys.readouterr().err
    assert main(["measure", mask, "--csv", mask]) == 2
    assert "overwrite" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["list.txt"]


def test_knee_that_fails_does_not_keep_others_from_being_measured(folder, tmp_path, capsys):
    empty = sitk.ReadImage(str(folder / "masks/left_prep_fc.mha")) * 0
    sitk.WriteImage(empty, str(tmp_path / "empty_fc.mha"))
    inputs = [str(tmp_path / "empty_fc.mha"), str(folder / "masks/left_prep_fc.mha")]
    assert main(["measure", *inputs, "--csv", str(tmp_path / "t.csv")]) == 1
    assert "empty: FAILED" in capsys.readouterr().err
    assert {row["knee"] for row in rows_of(tmp_path / "t.csv")} == {"left_prep"}


def test_names_tell_files_of_the_same_name_apart(tmp_path):
    paths = [tmp_path / place / "knee_fc.mha" for place in ("a/segmented", "b/segmented", "b/other")]
    for path in paths:
        path.parent.mkdir(parents=True)
        sitk.WriteImage(sitk.Image(50, 50, 50, sitk.sitkUInt8), str(path))
    names = [knee.name for knee in find_knees(paths).knees]
    assert names == ["a_segmented_knee", "b_segmented_knee", "other_knee"]


def test_without_femur_and_regions(folder, tmp_path):
    mask = str(folder / "masks/right_prep_fc.mha")
    options = ["--without-femur", "--without-regions", "--csv", str(tmp_path / "t.csv")]
    assert main(["measure", mask, *options, "--pictures", str(tmp_path)]) == 0
    (row,) = rows_of(tmp_path / "t.csv")
    assert row["denuded_area_mm2"] == row["thickness_total_mean_mm"] == ""
    assert row["region"] == "femur"


def write_record(image, time):
    record = {"format": "KneeCartilageSeg preparation 1", "scan": {"echo_time_ms": time}}
    image.with_name(f"{image.name}_preparation.json").write_text(json.dumps(record))


def test_map_is_fitted_to_the_echoes_of_a_dicom_folder(tmp_path):
    series = generate_uid()
    for number, time in enumerate((10, 20, 30), start=1):
        array = np.full((8, 9, 10), 900 * np.exp(-time / 40.0)).round().astype(np.int16)
        array[0, 0, 0] = 0
        tags = {"EchoTime": time, "EchoNumbers": number, "SeriesInstanceUID": series}
        write_series(sitk.GetImageFromArray(array), tmp_path / "dicom", start=f"E{number}", **tags)
    out = tmp_path / "map.mha"
    assert main(["fit-map", str(tmp_path / "dicom"), "--out", str(out)]) == 0
    assert sitk.ReadImage(str(out))[3, 3, 3] == pytest.approx(40, rel=0.01)
    assert [echo["ms"] for echo in json.loads((tmp_path / "map_record.json").read_text())["echoes"]] == [10, 20, 30]


def echoes(folder, times):
    paths = []
    for number, time in enumerate(times):
        signal = np.full((5, 6, 7), 900 * np.exp(-time / 40.0), np.float32)
        signal[..., 0] = 1.0
        paths.append(folder / f"echo{number}_prep.mha")
        sitk.WriteImage(sitk.GetImageFromArray(signal), str(paths[-1]))
    return [str(path) for path in paths]


def test_map_is_fitted(tmp_path):
    times = [10, 20, 30]
    out = tmp_path / "knee_T2.nii.gz"
    given = ["--times", *map(str, times)]
    assert main(["fit-map", *echoes(tmp_path, times), *given, "--out", str(out)]) == 0
    found = sitk.GetArrayFromImage(sitk.ReadImage(str(out)))
    np.testing.assert_allclose(found[..., 1:], 40, rtol=1e-4)
    assert not found[..., 0].any()
    quality = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "knee_T2_quality.nii.gz")))
    np.testing.assert_allclose(quality[..., 1:], 1, atol=1e-6)


def test_echo_times_come_from_the_records_of_prepare(tmp_path, capsys):
    times = [10, 20, 30]
    paths = echoes(tmp_path, times)
    assert main(["fit-map", *paths, "--out", str(tmp_path / "map.mha")]) == 2
    assert capsys.readouterr().err.count("is not known") == 3
    for number, time in enumerate(times):
        write_record(tmp_path / f"echo{number}_prep", time)
    assert main(["fit-map", *paths, "--out", str(tmp_path / "map.mha")]) == 0
    assert sitk.ReadImage(str(tmp_path / "map.mha"))[3, 3, 3] == pytest.approx(40, rel=1e-4)


@pytest.mark.parametrize(
    ("value", "text"),
    [(11799.93, "11800"), (2.07546, "2.075"), (0.0012345, "0.001234"), (0.0, "0"), (-3.0, "-3"), (99.999, "100")],
)
def test_four_significant_digits(value, text):
    assert significant(value) == text
