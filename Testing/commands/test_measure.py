"""The commands measure and fit-map: what they write, and what they refuse."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.commandline import main
from KneeCartilageSegLib.csv_files import significant
from KneeCartilageSegLib.measurement.inputs import find_knees
from KneeCartilageSegLib.measurement.regions import REGIONS, Part
from KneeCartilageSegLib.phantom import KneeParameters, make_knee, write_knee


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
    names = [knee.name for knee in find_knees(paths)]
    assert names == ["a_segmented_knee", "b_segmented_knee", "other_knee"]


def test_without_femur_and_regions(folder, tmp_path):
    mask = str(folder / "masks/right_prep_fc.mha")
    options = ["--without-femur", "--without-regions", "--csv", str(tmp_path / "t.csv")]
    assert main(["measure", mask, *options, "--pictures", str(tmp_path)]) == 0
    (row,) = rows_of(tmp_path / "t.csv")
    assert row["denuded_area_mm2"] == row["thickness_total_mean_mm"] == ""
    assert row["region"] == "femur"


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
        record = {"format": "KneeCartilageSeg preparation 1", "scan": {"echo_time_ms": time}}
        (tmp_path / f"echo{number}_prep_preparation.json").write_text(json.dumps(record))
    assert main(["fit-map", *paths, "--out", str(tmp_path / "map.mha")]) == 0
    assert sitk.ReadImage(str(tmp_path / "map.mha"))[3, 3, 3] == pytest.approx(40, rel=1e-4)


@pytest.mark.parametrize(
    ("value", "text"),
    [(11799.93, "11800"), (2.07546, "2.075"), (0.0012345, "0.001234"), (0.0, "0"), (-3.0, "-3"), (99.999, "100")],
)
def test_four_significant_digits(value, text):
    assert significant(value) == text
