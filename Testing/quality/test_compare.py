"""The quality of many segmentations: lists, results, files, plots and the command."""

from __future__ import annotations

import argparse
import csv
import dataclasses
import hashlib
import json
import math
import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib import files
from KneeCartilageSegLib.commands import quality as command
from KneeCartilageSegLib.errors import Cancelled, InputError
from KneeCartilageSegLib.files import atomic_path, split_name
from KneeCartilageSegLib.quality.compare import PairQuality, compare_pairs
from KneeCartilageSegLib.quality.metrics import METRICS
from KneeCartilageSegLib.quality.pairs import QualityPair, read_mask, read_quality_list
from KneeCartilageSegLib.quality.plots import distribution_bins
from KneeCartilageSegLib.quality.record import (
    clipboard_text,
    export_files,
    export_results,
    result_of_entry,
    results_of_record,
)
from KneeCartilageSegLib.quality.tables import (
    format_summary,
    summarize,
    table_rows,
    to_dataframe,
    write_distances_csv,
    write_overlap_csv,
    write_summary_csv,
)
from KneeCartilageSegLib.runs.executor import THREAD_NAME


def ball(radius=6.0, value=1, empty=False, size=(24, 26, 28)) -> sitk.Image:
    indices = np.indices(size[::-1]) - 12.0
    array = (np.linalg.norm(indices, axis=0) < radius) * (0 if empty else value)
    image = sitk.GetImageFromArray(array.astype(np.uint8))
    image.SetSpacing((0.7, 0.365, 0.365))
    image.SetOrigin((-12, 30, 5))
    return image


@pytest.fixture
def study(tmp_path) -> Path:
    """A list of three pairs: perfect, too small, empty."""
    for folder in ("segmented", "truth"):
        (tmp_path / folder).mkdir()
    for number, mask in enumerate((ball(), ball(5), ball(empty=True)), start=1):
        sitk.WriteImage(mask, tmp_path / "segmented" / f"subject{number}_prep_fc.mha")
        sitk.WriteImage(ball(value=255), tmp_path / "truth" / f"subject{number}_truth_fc.mha")
    pairs = "".join(f"s subject{n}_prep_fc.mha\ng subject{n}_truth_fc.mha\n" for n in (1, 2, 3))
    (tmp_path / "list.txt").write_text(f"./segmented\n./truth/\n{pairs}", encoding="utf-8")
    return tmp_path / "list.txt"


def problems_of(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(InputError) as caught:
        read_quality_list(path)
    assert all(problem.remedy and problem.file == path for problem in caught.value.problems)
    return [(problem.line, problem.message) for problem in caught.value.problems]


def add_lines(path: Path, *lines: str) -> None:
    with open(path, "a", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in lines)


def rows_of(path: Path) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


# ---------------------------------------------------------------------------------------------------------------------
# Lists


def test_list_gives_pairs(study):
    pairs = read_quality_list(study)
    assert [pair.name for pair in pairs] == ["subject1_prep_fc", "subject2_prep_fc", "subject3_prep_fc"]
    assert pairs[1].segmentation == study.parent / "segmented" / "subject2_prep_fc.mha"
    assert pairs[1].truth == study.parent / "truth" / "subject2_truth_fc.mha"


def test_subject_tells_visits_apart_and_a_truth_serves_several(study):
    (study.parent / "segmented" / "visit1").mkdir()
    sitk.WriteImage(ball(), study.parent / "segmented" / "visit1" / "subject1_prep_fc.nii.gz")
    add_lines(study, "s visit1/subject1_prep_fc.nii.gz", "g subject1_truth_fc.mha")
    assert read_quality_list(study)[-1].name == "visit1/subject1_prep_fc"


def test_all_problems_of_a_list_at_once(study):
    folder = study.parent / "segmented"
    (folder / "text.mha").write_text("this is no image", encoding="utf-8")
    sitk.WriteImage(sitk.Image(4, 4, sitk.sitkUInt8), folder / "flat.mha")
    sitk.WriteImage(sitk.Image([4, 4, 4], sitk.sitkVectorUInt8, 3), folder / "color.mha")
    shifted = ball()
    shifted.SetOrigin((0, 0, 0))
    sitk.WriteImage(shifted, folder / "shifted.mha")
    add_lines(
        study,
        "s absent.mha",  # 9
        "g subject1_truth_fc.mha",
        "s subject1_prep_fc.mha",  # 11, listed before
        "g subject1_truth_fc.mha",
        "g subject2_truth_fc.mha",  # 13, a second one
        "s text.mha",  # 14
        "g subject1_truth_fc.mha",
        "s flat.mha",  # 16
        "g subject1_truth_fc.mha",
        "s color.mha",  # 18
        "g absent_truth.mha",  # 19
        "s shifted.mha",  # 20
        "g subject1_truth_fc.mha",
        "x subject3_prep_fc.mha",  # 22
        "s subject3_prep_fc.mha",  # 23, listed before and without truth
    )
    expected = [
        (9, "there is no file"),
        (11, "listed twice"),
        (13, "second ground truth"),
        (14, "cannot be read as an image"),
        (16, "2 dimensions"),
        (18, "vectors"),
        (19, "there is no file"),
        (21, "do not lie in the same place"),
        (22, "unknown letter"),
        (23, "no 'g' line follows"),
        (23, "listed twice"),
    ]
    found = sorted(problems_of(study))
    assert [line for line, _ in found] == [line for line, _ in expected]
    for (_, message), (line, text) in zip(sorted(found), expected):
        assert text in message or line == 23


def test_truth_without_segmentation(tmp_path):
    for name in ("segmented", "truth"):
        (tmp_path / name).mkdir()
    sitk.WriteImage(ball(), tmp_path / "truth" / "a.mha")
    (tmp_path / "list.txt").write_text("segmented\ntruth\ng a.mha\n", encoding="utf-8")
    assert [(line, "no 's' line above" in message) for line, message in problems_of(tmp_path / "list.txt")] == [
        (3, True)
    ]


def test_missing_folder_is_one_problem_and_hides_no_other(study):
    text = study.read_text(encoding="utf-8").replace("./truth/", "./groundTruth")
    study.write_text(text.replace("subject2_prep", "subject9_prep"), encoding="utf-8")
    found = problems_of(study)
    assert [line for line, _ in found] == [2, 5]
    assert "groundTruth' does not exist" in found[0][1]


@pytest.mark.parametrize(
    ("text", "message"), [("", "is empty"), ("./segmented\n", "is missing"), ("a\nb\n", "no image")]
)
def test_lists_that_end_early(tmp_path, text, message):
    (tmp_path / "list.txt").write_text(text, encoding="utf-8")
    assert message in " ".join(message for _, message in problems_of(tmp_path / "list.txt"))


def test_missing_list(tmp_path):
    assert problems_of(tmp_path / "list.txt") == [(None, "the image list does not exist")]


# ---------------------------------------------------------------------------------------------------------------------
# Reading


@pytest.mark.parametrize("name", ["m.mha", "m.nii", "m.nii.gz", "m.nrrd"])
@pytest.mark.parametrize("kept", [0.99, 0.7])
def test_truncated_files_are_refused(tmp_path, name, kept):
    sitk.WriteImage(ball(), tmp_path / name)
    assert sitk.Hash(read_mask(tmp_path / name)) == sitk.Hash(ball())
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(InputError, match="cannot be read as an image"):
        read_mask(tmp_path / name)


# ---------------------------------------------------------------------------------------------------------------------
# Comparing


def test_results_are_in_the_order_of_the_list(study):
    results = compare_pairs(read_quality_list(study))
    assert [result.name for result in results] == ["subject1_prep_fc", "subject2_prep_fc", "subject3_prep_fc"]
    perfect, small, empty = (result.labels[0] for result in results)
    assert perfect.dice == 1
    assert small.volume_similarity < -0.4
    assert empty.dice == 0
    assert math.isnan(empty.average_distance)


def test_a_bad_pair_does_not_stop_the_others(study):
    pairs = read_quality_list(study)
    damage(Path(pairs[0].segmentation))
    Path(pairs[2].truth).unlink()
    results = compare_pairs(pairs, jobs=2)
    assert [bool(result.error) for result in results] == [True, False, True]
    assert "cannot be read as an image" in results[0].error
    assert "there is no file" in results[2].error
    assert "\n" not in results[0].error


def test_unexpected_errors_are_results_too(study, monkeypatch):
    def fail(*_):
        raise MemoryError

    monkeypatch.setattr("KneeCartilageSegLib.quality.compare.compare", fail)
    assert {result.error for result in compare_pairs(read_quality_list(study))} == {"MemoryError"}


def test_forty_pairs_at_once_equal_one_at_a_time(study):
    pairs = [
        dataclasses.replace(pair, name=f"{pair.name}_{n}") for n in range(14) for pair in read_quality_list(study)
    ][:40]
    seen = []
    results = compare_pairs(pairs, jobs=8, progress=lambda result, done, total: seen.append((result, done, total)))
    assert repr(results) == repr(compare_pairs(pairs, jobs=1))
    assert [done for _, done, _ in seen] == list(range(1, 41))
    assert {total for _, _, total in seen} == {40}
    assert {result.name for result, _, _ in seen} == {pair.name for pair in pairs}


def test_images_are_compared_without_files():
    results = compare_pairs([QualityPair("node", ball(), ball(value=3))], labels=["1:3"])
    assert results[0].labels[0].dice == 1


def test_cancel_keeps_what_was_reported(study):
    pairs = [*read_quality_list(study)] * 20
    reported = []
    with pytest.raises(Cancelled):
        compare_pairs(
            pairs, jobs=1, progress=lambda *result: reported.append(result), cancelled=lambda: len(reported) > 2
        )
    assert 3 <= len(reported) < len(pairs)


def test_interrupt_does_not_wait_for_the_pairs_to_come(study, monkeypatch):
    compared = []

    def interrupt(*_):
        raise KeyboardInterrupt

    def count(*_):
        compared.append(1)
        time.sleep(0.01)
        return ()

    monkeypatch.setattr("KneeCartilageSegLib.quality.compare.compare", count)
    with pytest.raises(KeyboardInterrupt):
        compare_pairs([*read_quality_list(study)] * 100, jobs=1, progress=interrupt)
    assert 1 <= len(compared) < 100
    assert not any(thread.name == THREAD_NAME for thread in threading.enumerate())


def test_no_pairs():
    assert compare_pairs([]) == []
    assert summarize([]) == []


@pytest.mark.parametrize("wrong", [{"labels": [0]}, {"tolerance": -1}, {"tolerance": math.nan}])
def test_wrong_parameters_are_told_before_any_work(study, wrong):
    with pytest.raises(ValueError, match=r"label|tolerance"):
        compare_pairs(read_quality_list(study), progress=pytest.fail, **wrong)


# ---------------------------------------------------------------------------------------------------------------------
# Tables


@pytest.fixture
def results(study) -> list[PairQuality]:
    return [*compare_pairs(read_quality_list(study)), PairQuality("subject4_prep_fc", (), "no file. Correct the name.")]


def test_overlap_csv(results, tmp_path):
    write_overlap_csv(results, tmp_path / "overlap.csv")
    header = (tmp_path / "overlap.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.startswith("subjects,dice_coeff,jaccard_coeff,volume_similarity,")
    assert "label" not in header
    rows = rows_of(tmp_path / "overlap.csv")
    assert [float(row["dice_coeff"]) for row in rows[:3]] == [result.labels[0].dice for result in results[:3]]
    assert rows[2]["precision"] == ""
    assert rows[2]["note"] == "the segmentation is empty"
    assert (rows[3]["dice_coeff"], rows[3]["status"], rows[3]["note"]) == ("", "failed", "no file. Correct the name.")


def test_distances_csv_has_full_precision_and_empty_cells(results, tmp_path):
    write_distances_csv(results, tmp_path / "distances.csv")
    header = (tmp_path / "distances.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.startswith("subjects,mean_distances,stddev_distances,")
    rows = rows_of(tmp_path / "distances.csv")
    assert rows[1]["mean_distances"] == repr(results[1].labels[0].average_distance)
    assert rows[1]["tolerance_mm"] == "1.0"
    assert rows[2]["mean_distances"] == rows[2]["hausdorff"] == ""


def test_label_column_behind(study, tmp_path):
    results = compare_pairs(read_quality_list(study)[:1], labels=["1:255", 7])
    write_overlap_csv(results, tmp_path / "overlap.csv")
    rows = rows_of(tmp_path / "overlap.csv")
    assert [(row["subjects"], row["label"]) for row in rows] == [
        ("subject1_prep_fc", "1:255"),
        ("subject1_prep_fc", "7"),
    ]
    assert list(rows[0])[:4] == ["subjects", "dice_coeff", "jaccard_coeff", "volume_similarity"]


def test_dataframe(results):
    pandas = pytest.importorskip("pandas")
    frame = to_dataframe(results)
    assert list(frame.columns) == list(table_rows(results)[0])
    assert pandas.api.types.is_float_dtype(frame["hausdorff_95"])
    assert frame["mean_distances"].isna().tolist() == [False, False, True, True]
    assert frame.attrs["units"]["mean_distances"] == "mm"
    assert list(to_dataframe([]).columns) == list(frame.columns)


def test_summary_leaves_out_what_is_missing(results, tmp_path):
    summaries = {summary.metric.key: summary for summary in summarize(results)}
    assert list(summaries) == [metric.key for metric in METRICS]
    distances = [result.labels[0].average_distance for result in results[:2]]
    found = summaries["average_distance"]
    assert (found.n, found.missing) == (2, 2)
    assert found.mean == found.median == pytest.approx(np.mean(distances))
    assert found.std == pytest.approx(np.std(distances, ddof=1))
    assert (found.minimum, found.maximum) == (min(distances), max(distances))
    assert (summaries["dice"].n, summaries["dice"].missing) == (3, 1)
    write_summary_csv(summaries.values(), tmp_path / "summary.csv")
    rows = rows_of(tmp_path / "summary.csv")
    assert float(rows[0]["mean"]) == summaries["dice"].mean
    assert rows[0]["metric"] == "dice_coeff"


def test_summary_of_one_pair_has_no_deviation(results):
    dice = summarize(results[1:2])[0]
    assert dice.mean == dice.minimum == results[1].labels[0].dice
    assert math.isnan(dice.std)
    assert "missing" in format_summary([dice])


# ---------------------------------------------------------------------------------------------------------------------
# Plots


def test_plots(results, tmp_path):
    pytest.importorskip("matplotlib")
    from KneeCartilageSegLib.quality import plots as quality_plots

    written = quality_plots.write_plots(results, tmp_path / "new" / "plots")
    assert {path.name for path in written} == {f"{metric.key}.png" for metric in METRICS} | {"distances.png"}
    assert sorted((tmp_path / "new" / "plots").iterdir()) == sorted(written)
    images = [sitk.GetArrayFromImage(sitk.ReadImage(path)) for path in written]
    assert all(min(image.shape[:2]) > 400 and len(np.unique(image)) > 10 for image in images)


def test_plot_shows_the_values_and_what_is_missing(results):
    pytest.importorskip("matplotlib")
    from KneeCartilageSegLib.quality.plots import plot_metric

    metric = next(metric for metric in METRICS if metric.key == "average_distance")
    axes, distribution = plot_metric(results, metric).axes
    values, missing = axes.lines
    assert values.get_ydata()[:2].tolist() == [result.labels[0].average_distance for result in results[:2]]
    assert missing.get_xdata().tolist() == [2, 3]
    assert axes.get_ylabel() == "Average surface distance (mm)"
    assert distribution.get_title(loc="left") == "n = 2"


def test_distribution_leaves_out_what_is_missing(results):
    by_key = {metric.key: metric for metric in METRICS}
    edges, counts = distribution_bins(results, by_key["hausdorff"])
    values = [result.labels[0].hausdorff for result in results[:2]]
    assert (edges[0], edges[-1]) == (min(values), max(values))
    assert counts["any"].sum() == 2
    edges, counts = distribution_bins(results[:1], by_key["dice"])
    assert edges.tolist() == [1.0, 1.0]
    assert counts["any"].tolist() == [1]
    assert distribution_bins([], by_key["dice"])[1] == {}


@pytest.mark.parametrize("count", [0, 1, 130])
def test_any_number_of_subjects_can_be_plotted(results, count):
    pytest.importorskip("matplotlib")
    from KneeCartilageSegLib.quality.plots import plot_distances, plot_metric

    many = [dataclasses.replace(results[n % 4], name=f"s{n}") for n in range(count)]
    for figure in (plot_metric(many, METRICS[0]), plot_distances(many)):
        figure.canvas.draw()
        assert figure.get_size_inches().max() < 25


# ---------------------------------------------------------------------------------------------------------------------
# The command


def run(*arguments) -> int:
    parser = argparse.ArgumentParser(prog="knee-cartilage-seg")
    command.add_parser(parser.add_subparsers())
    args = parser.parse_args(["quality", *map(str, arguments)])
    return args.run(args)


def test_command(study, tmp_path, capsys):
    names = "--overlap-csv", "--distances-csv", "--summary-csv"
    outputs = [tmp_path / f"{name}.csv" for name in names]
    options = [text for pair in zip(names, outputs) for text in pair]
    assert run(study, *options, "--plots", tmp_path / "plots", "--jobs", 2, "--tolerance", 0.5) == 0
    assert [len(rows_of(path)) for path in outputs] == [3, 3, len(METRICS)]
    assert (tmp_path / "plots" / "dice.png").is_file()
    printed = capsys.readouterr()
    assert "Average surface distance (mm)" in printed.out
    assert "[3/3]" in printed.err
    assert rows_of(outputs[1])[0]["tolerance_mm"] == "0.5"


def damage(path: Path) -> None:
    """Let a mask be one whose damage shows only when its voxels are read."""
    sitk.WriteImage(sitk.ReadImage(str(path)), str(path), True)
    path.write_bytes(path.read_bytes()[:-20])


def test_command_with_a_failed_pair(study, tmp_path, capsys):
    damage(tmp_path / "segmented" / "subject1_prep_fc.mha")
    assert run(study, "--overlap-csv", tmp_path / "o.csv") == 1
    assert [row["status"] for row in rows_of(tmp_path / "o.csv")] == ["failed", "ok", "ok"]
    assert "1 of 3 pairs failed" in capsys.readouterr().err


def test_command_refuses_to_overwrite_its_input(study, tmp_path):
    truth = tmp_path / "truth" / "subject1_truth_fc.mha"
    before = truth.read_bytes(), study.read_bytes()
    with pytest.raises(InputError) as caught:
        run(study, "--overlap-csv", truth, "--distances-csv", study, "--summary-csv", tmp_path / "none" / "s.csv")
    assert [problem.message.split()[0] for problem in caught.value.problems] == [
        "--overlap-csv",
        "--distances-csv",
        "--summary-csv",
    ]
    with pytest.raises(InputError, match="would overwrite the output of --overlap-csv"):
        run(study, "--overlap-csv", tmp_path / "a.csv", "--distances-csv", tmp_path / "truth" / ".." / "a.csv")
    assert (truth.read_bytes(), study.read_bytes()) == before


def test_an_output_that_cannot_be_written_does_not_lose_the_others(study, tmp_path, monkeypatch, capsys):
    def fail(*_):
        raise PermissionError("open in another program")

    monkeypatch.setattr(command, "write_overlap_csv", fail)
    assert run(study, "--overlap-csv", tmp_path / "o.csv", "--distances-csv", tmp_path / "d.csv") == 1
    assert len(rows_of(tmp_path / "d.csv")) == 3
    assert "open in another program" in capsys.readouterr().err


def test_record_beside_the_csv_files_says_what_was_compared_how_and_by_what(study, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    outputs = [
        "--overlap-csv",
        tmp_path / "o.csv",
        "--summary-csv",
        tmp_path / "s.csv",
        "--distances-csv",
        other / "d.csv",
    ]
    assert run(study, *outputs, "--labels", "1:255", "--tolerance", 0.5) == 0
    record = json.loads((tmp_path / "o_record.json").read_text(encoding="utf-8"))
    assert not (tmp_path / "s_record.json").exists()
    assert record["versions"]["SimpleITK"] == sitk.Version.VersionString()
    assert record["parameters"] == {"labels": ["1:255"], "tolerance_mm": 0.5}
    assert record["written"][:2] == "20"
    for entry, pair in zip(record["pairs"], read_quality_list(study)):
        for role in ("segmentation", "truth"):
            path = getattr(pair, role)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            assert entry[role] == {"file": str(path), "sha256": digest}
    for folder, names in ((tmp_path, {"o.csv", "s.csv"}), (other, {"d.csv"})):
        (path,) = folder.glob("*_record.json")
        written = json.loads(path.read_text(encoding="utf-8"))["outputs"]
        assert written == {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    assert "Infinity" not in (tmp_path / "o_record.json").read_text()
    assert "NaN" not in (tmp_path / "o_record.json").read_text()


def test_record_gives_the_results_back(study, tmp_path):
    """An empty mask, which has missing values, and a failed pair included."""
    damage(tmp_path / "segmented" / "subject1_prep_fc.mha")
    assert run(study, "--overlap-csv", tmp_path / "o.csv") == 1
    record = json.loads((tmp_path / "o_record.json").read_text(encoding="utf-8"))
    expected = compare_pairs(read_quality_list(study))
    assert repr(results_of_record(record)) == repr(expected)
    assert [tuple(entry[role]["file"] for role in ("segmentation", "truth")) for entry in record["pairs"]] == [
        (str(pair.segmentation), str(pair.truth)) for pair in read_quality_list(study)
    ]
    files_written = export_results(record, tmp_path, "study")
    assert files_written == export_files(tmp_path, "study")
    assert files_written[0].read_text() == (tmp_path / "o.csv").read_text()


def test_record_replaces_records_only(study, tmp_path):
    mine = tmp_path / "o_record.json"
    mine.write_text('{"my": "notes"}')
    with pytest.raises(InputError, match="is something else"):
        run(study, "--overlap-csv", tmp_path / "o.csv")
    assert mine.read_text() == '{"my": "notes"}'
    mine.unlink()
    for _ in range(2):
        assert run(study, "--overlap-csv", tmp_path / "o.csv") == 0


def test_events_for_programs(study, capsys):
    assert run(study, "--progress", "json", "--jobs", 1) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == [
        "checked",
        "comparison_start",
        "pair_end",
        "pair_end",
        "pair_end",
        "finish",
    ]
    assert events[0]["names"] == [f"subject{n}_prep_fc" for n in (1, 2, 3)]
    assert events[1]["head"]["parameters"]["tolerance_mm"] == 1.0
    results = {event["entry"]["subject"]: result_of_entry(event["entry"]) for event in events[2:5]}
    expected = compare_pairs(read_quality_list(study))
    assert repr([results[result.name] for result in expected]) == repr(expected)
    assert [(event["done"], event["total"]) for event in events[2:5]] == [(1, 3), (2, 3), (3, 3)]


def test_check_says_what_the_comparison_would_say(study, tmp_path):
    damage(tmp_path / "segmented" / "subject1_prep_fc.mha")
    fractions = tmp_path / "segmented" / "subject2_prep_fc.mha"
    sitk.WriteImage(sitk.Cast(sitk.ReadImage(str(fractions)), sitk.sitkFloat32) * 0.3, str(fractions))
    with pytest.raises(InputError) as caught:
        run(study, "--check")
    lines = study.read_text().splitlines()
    wrong = [(lines[problem.line - 1], problem.message) for problem in caught.value.problems]
    assert [line for line, _ in wrong] == ["s subject1_prep_fc.mha", "s subject2_prep_fc.mha"]
    assert "cannot be read as an image" in wrong[0][1]
    assert "fractions" in wrong[1][1]


def test_a_label_in_none_of_the_masks_is_an_error(study, tmp_path, capsys):
    with pytest.raises(InputError, match="label 7 is in none of the masks"):
        run(study, "--check", "--labels", "7")
    assert run(study, "--labels", "1", "7", "--overlap-csv", tmp_path / "o.csv") == 1
    assert "label 7 is in none of the masks" in capsys.readouterr().err
    rows = rows_of(tmp_path / "o.csv")
    assert {row["dice_coeff"] for row in rows if row["label"] == "7"} == {""}


def test_check_compares_nothing(study, tmp_path, capsys):
    assert run(study, "--check", "--overlap-csv", tmp_path / "o.csv") == 0
    assert "3 pairs can be compared" in capsys.readouterr().out
    assert not (tmp_path / "o.csv").exists()
    add_lines(study, "s absent.mha", "g subject1_truth_fc.mha")
    with pytest.raises(InputError):
        run(study, "--check", "--progress", "json")
    (event,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (event["event"], event["line"]) == ("problem_found", 9)


def test_clipboard_text_pastes_into_a_spreadsheet(study):
    results = compare_pairs(read_quality_list(study))
    rows = list(csv.DictReader(clipboard_text(results).splitlines(), delimiter="\t"))
    assert len(rows) == 3
    assert float(rows[1]["dice_coeff"]) == results[1].labels[0].dice
    assert rows[2]["hausdorff"] == ""
    assert "," not in rows[1]["dice_coeff"]


def test_same_name_with_different_extensions_stays_apart(study):
    sitk.WriteImage(ball(3), study.parent / "segmented" / "subject1_prep_fc.nii.gz")
    add_lines(study, "s subject1_prep_fc.nii.gz", "g subject1_truth_fc.mha")
    subjects = [pair.name for pair in read_quality_list(study)]
    assert subjects == ["subject1_prep_fc.mha", "subject2_prep_fc", "subject3_prep_fc", "subject1_prep_fc.nii.gz"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--labels", "1", "x"], "'x' is not a label"),
        (["--jobs", "0"], "1 or more"),
        (["--tolerance", "-1"], "0 mm or more"),
    ],
)
def test_wrong_options(study, options, message, capsys):
    with pytest.raises(SystemExit, match="2"):
        run(study, *options)
    assert message in capsys.readouterr().err


def test_help_teaches(capsys):
    with pytest.raises(SystemExit, match="0"):
        run("--help")
    text = capsys.readouterr().out
    assert "s subject1_prep_fc.mha\n" in text
    assert all(metric.description in " ".join(text.split()) for metric in METRICS)
    assert max(map(len, text.splitlines())) <= 120


# ---------------------------------------------------------------------------------------------------------------------
# Files


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("mask.nii.gz", ".nii.gz"),
        ("a.b.mha", ".mha"),
        ("x" * 250 + ".csv", ".csv"),
        ("a." + "x" * 240 + ".mha", ".mha"),
    ],
)
def test_atomic_path(tmp_path, name, extension):
    target = tmp_path / name
    with atomic_path(target) as temporary:
        assert temporary.parent == tmp_path
        assert temporary.name.startswith(".tmp-")
        assert temporary.name.endswith(extension)
        assert len(temporary.name) < 100
        temporary.write_text("new", encoding="utf-8")
        assert not target.exists()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert target.read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_exception_leaves_the_target_as_it_was(tmp_path, error):
    target = tmp_path / "a.csv"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(error), atomic_path(target) as temporary:  # noqa: PT012
        temporary.write_text("half", encoding="utf-8")
        raise error
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert target.read_text(encoding="utf-8") == "old"


def test_a_full_disk_at_the_last_moment_leaves_nothing(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"), atomic_path(tmp_path / "a.csv") as temporary:
        temporary.write_text("content", encoding="utf-8")
    assert list(tmp_path.iterdir()) == []


def test_nothing_written_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing was written"), atomic_path(tmp_path / "a.csv") as temporary:
        assert not temporary.exists()
    assert list(tmp_path.iterdir()) == []


def test_targets_that_cannot_be(tmp_path):
    with pytest.raises(FileNotFoundError, match="does not exist"), atomic_path(tmp_path / "none" / "a.csv"):
        pytest.fail("the block must not run")
    with pytest.raises(IsADirectoryError), atomic_path(tmp_path):
        pytest.fail("the block must not run")


def test_writers_in_threads_do_not_disturb_each_other(tmp_path):
    def write(number):
        with atomic_path(tmp_path / "a.csv") as temporary:
            temporary.write_text(str(number) * 1000, encoding="utf-8")
            time.sleep(0.01)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    content = (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert len(content) == 1000
    assert len(set(content)) == 1
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(os.name != "posix", reason="Windows needs a right to make symbolic links")
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.csv").write_text("old", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to("real.csv")
    with atomic_path(tmp_path / "link.csv") as temporary:
        temporary.write_text("new", encoding="utf-8")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("x/01_DESS_01_prep.mha", ("01_DESS_01_prep", ".mha")),
        ("a.nii.gz", ("a", ".nii.gz")),
        ("A.NII.GZ", ("A", ".NII.GZ")),
        ("knee.v2.mha", ("knee.v2", ".mha")),
        ("knee.v2.nii.gz", ("knee.v2", ".nii.gz")),
        ("bare", ("bare", "")),
        ("x.y/bare", ("bare", "")),
    ],
)
def test_split_name(name, parts):
    assert split_name(name) == parts
