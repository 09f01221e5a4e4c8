"""The benchmark: its pure parts, and one run of it on tiny digital knees."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from benchmark import (
    commandline,
    elastix_log,
    knees,
    machine,
    processes,
    profiled,
    profiling,
    rendering,
    responsiveness,
    running,
    scaling,
    tables,
)
from benchmark.agreement import agreement, concordance, rms_variation
from benchmark.checkouts import ROOT, Checkout, distinct, find_checkout
from benchmark.errors import BenchmarkError
from benchmark.published import published
from benchmark.scoring import score, score_names
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.elastix.package import package_is_installed
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.segmentation.cases import read_cases
from KneeCartilageSegLib.tissue import Tissue
from tiny_study import snapshot, write_knee

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the benchmark measures through Linux's /proc")

NAMES = ("s01_dess", "s02_dess", "s02_t2", "s10_dess", "l01_00m_dess", "l01_36m_dess", "l01_96m_dess")


# ---------------------------------------------------------------------------------------------------------------------
# Thickness and volume beside the truth


def test_concordance_is_that_of_lin():
    """By hand: means 2 and 3, variances 2/3, covariance 2/3: 2 * 2/3 / (4/3 + 1)."""
    assert concordance([1, 2, 3], [2, 3, 4]) == pytest.approx(4 / 7)
    assert concordance([1, 2, 3], [1, 2, 3]) == pytest.approx(1)
    assert concordance([3, 2, 1], [1, 2, 3]) == pytest.approx(-1)


def test_variation_is_the_root_mean_square_over_the_pairs():
    """By hand: the standard deviation of 9 and 11 is sqrt(2), 14.1 % of their mean; 5 and 5 do not vary."""
    assert rms_variation([9, 5], [11, 5]) == pytest.approx(100 * (2 / 10**2 / 2) ** 0.5)


def test_masks_are_measured_beside_their_truths(tmp_path, capsys):
    for subject in (1, 2):
        knee = phantom.make_knee(phantom.KneeParameters.reduced(2.0, subject=subject))
        phantom.write_knee(knee, tmp_path / "truth", f"s0{subject}_dess_prep")
        phantom.write_knee(knee, tmp_path / "ours" / f"s0{subject}" / "segmented", f"s0{subject}_dess_prep")
    phantom.write_knee(knee, tmp_path / "ours" / "rejected", "s01_dess_prep")
    folders = [str(tmp_path / "truth"), "--measure", str(tmp_path / "ours")]
    assert commandline.main([*folders, "--out", str(tmp_path / "out")]) == 0
    frame = pd.read_csv(tmp_path / "out" / "measurements.csv")
    assert set(frame["knee"]) == {"s01_dess_prep", "s02_dess_prep"}
    assert (frame["volume_mm3_ours"] == frame["volume_mm3_true"]).all()
    found = agreement(frame)
    assert (found["n"] == 2).all()
    assert found["volume CCC"].to_numpy() == pytest.approx(1)
    assert found["volume RMS CV"].to_numpy() == pytest.approx(0)
    assert (
        found.loc["femur", "thickness least"] < found.loc["femur", "thickness"] < found.loc["femur", "thickness most"]
    )
    frame["volume_mm3_ours"] *= 1.1
    assert agreement(frame)["volume diff."].to_numpy() == pytest.approx(10)
    assert "lateral_posterior" in capsys.readouterr().out
    assert commandline.main([str(tmp_path / "truth"), "--measure", str(tmp_path / "out")]) == 2
    assert "has a truth of its name" in capsys.readouterr().err


# ---------------------------------------------------------------------------------------------------------------------
# Knees


@pytest.fixture
def folder(tmp_path) -> Path:
    """Knees as make_knees.py names them, of which one lacks its masks."""
    path = tmp_path / "knees with truth"
    for seed, name in enumerate(NAMES):
        write_knee(path, f"{name}_prep.mha", seed=seed)
    (path / "s03_dess_prep.mha").touch()
    return path


def couples(trials):
    return [(trial.modality.value, trial.reference.knee, trial.moving.path.name) for trial in trials]


def test_trials_are_found_by_the_names_of_the_files(folder):
    assert couples(knees.find_trials(folder, "s01")) == [
        ("newsubject", "s01", "s02_dess_prep.mha"),
        ("newsubject", "s01", "s10_dess_prep.mha"),
        ("longitudinal", "l01_00m", "l01_36m_dess_prep.mha"),
        ("longitudinal", "l01_00m", "l01_96m_dess_prep.mha"),
        ("multimodal", "s02", "s02_t2_prep.mha"),
    ]


def test_trials_can_be_chosen(folder):
    chosen = knees.find_trials(folder, "s10", [Modality.NEW_SUBJECT, Modality.MULTIMODAL], ["s02"])
    assert couples(chosen) == [
        ("newsubject", "s10", "s02_dess_prep.mha"),
        ("multimodal", "s02", "s02_t2_prep.mha"),
    ]


def test_unknown_knees_and_empty_folders_are_refused(folder, tmp_path):
    with pytest.raises(BenchmarkError, match="s03"):
        knees.find_trials(folder, "s01", knees=["s02", "s03"])
    with pytest.raises(BenchmarkError, match="--render"):
        knees.find_trials(tmp_path, "s01")


@pytest.mark.parametrize("modality", list(Modality))
def test_a_study_is_what_the_command_line_reads_and_leaves_the_knees_alone(folder, tmp_path, modality):
    before = snapshot(folder)
    trials = knees.find_trials(folder, "s01", [modality])
    cases, _ = read_cases(knees.write_study(tmp_path / "study", trials), modality)
    assert [(case.references[0].image.name, case.moving.name) for case in cases] == [
        (trial.reference.path.name, trial.moving.path.name) for trial in trials
    ]
    assert all(tmp_path / "study" in case.output.parents or case.output == tmp_path / "study" for case in cases)
    assert snapshot(folder) == before


def test_fused_trials_use_all_references_but_the_knee_itself(folder, tmp_path):
    trials = knees.find_fused_trials(folder, ["s01", "s02", "s10"], folder)
    found = {trial.moving.path.name: [scan.knee for scan in trial.references] for trial in trials}
    assert found == {
        "s01_dess_prep.mha": ["s02", "s10"],
        "s02_dess_prep.mha": ["s01", "s10"],
        "s10_dess_prep.mha": ["s01", "s02"],
    }
    path = knees.write_study(tmp_path / "study", trials[:1], tmp_path / "kept")
    (case,), _ = read_cases(path, Modality.NEW_SUBJECT)
    assert [files.image.parent for files in case.references] == [tmp_path / "kept"] * 2


def test_fused_trials_of_another_folder_are_of_any_contrast(folder, tmp_path):
    (tmp_path / "t2").mkdir()
    for path in folder.glob("s02_t2_prep*"):
        (tmp_path / "t2" / path.name).symlink_to(path)
    (trial,) = knees.find_fused_trials(tmp_path / "t2", ["s01", "s02"], folder)
    assert (trial.moving.contrast, [scan.knee for scan in trial.references]) == ("t2", ["s01"])
    with pytest.raises(BenchmarkError, match="s77"):
        knees.find_fused_trials(folder, ["s01", "s77"], folder)


def test_scores_compare_with_the_masks_beside_the_image(folder, tmp_path):
    scan = next(scan for scan in knees.find_scans(folder) if scan.knee == "s02")
    perfect = score(folder, scan)
    assert set(perfect) == {*score_names(), "cartilage_truth_mm3", "femur_truth_mm3"}
    assert perfect["cartilage_dice"] == 1
    assert perfect["femur_asd_mm"] == 0
    scan.mask(Tissue.FEMUR).replace(tmp_path / scan.mask(Tissue.CARTILAGE).name)
    (folder / scan.mask(Tissue.FEMUR).name).symlink_to(tmp_path / scan.mask(Tissue.CARTILAGE).name)
    larger = score(tmp_path, scan)  # the femur's mask in place of the cartilage's, and none of the femur
    assert set(larger) == {name for name in perfect if name.startswith("cartilage")}
    assert larger["cartilage_volume_similarity"] > 0


FAKE_MAKE_KNEES = """
import argparse, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--out", type=pathlib.Path)
parser.add_argument("--contrast")
parser.add_argument("--seed", type=int)
parser.add_argument("--subjects", nargs="*")
args = parser.parse_args()
args.out.mkdir(exist_ok=True)
for name in args.subjects:
    (args.out / f"{name}_{args.contrast}_prep_fc.mha").write_text(str(args.seed))
"""


def test_only_missing_knees_are_rendered(tmp_path):
    script = tmp_path / "shared" / "make_knees.py"
    for name in ("s01", "s02", "l01_00m"):
        label_map = script.parent / "labels" / f"{name}.nii.gz"
        label_map.parent.mkdir(parents=True, exist_ok=True)
        label_map.touch()
    script.write_text(FAKE_MAKE_KNEES)
    folder = tmp_path / "knees"
    folder.mkdir()
    (folder / "s01_dess_prep_fc.mha").write_text("mine")
    rendering.render_missing(folder, script, ("--seed", "8"))
    assert {path.name[: -len("_prep_fc.mha")]: path.read_text() for path in folder.iterdir()} == {
        "s01_dess": "mine",
        "s02_dess": "8",
        "l01_00m_dess": "8",
        "s02_t2": "8",
    }
    with pytest.raises(BenchmarkError, match="after --render"):
        rendering.render_missing(folder, tmp_path / "nowhere.py")
    (folder / "s02_t2_prep_fc.mha").unlink()
    with pytest.raises(BenchmarkError, match="failed"):
        rendering.render_missing(folder, script, ("--nonsense",))


# ---------------------------------------------------------------------------------------------------------------------
# Processes and machine

BUSY = """
import json, subprocess, sys, time
print(json.dumps({"event": "begin"}), flush=True)
child = subprocess.Popen([sys.executable, "-c", "x = bytearray(80 << 20); import time; time.sleep(0.5)"])
x = bytearray(40 << 20)
end = time.process_time() + 0.2
while time.process_time() < end:
    pass
child.wait()
print("oh", file=sys.stderr)
sys.exit(3)
"""


def test_a_process_is_observed_with_its_children():
    seen = processes.observe([sys.executable, "-c", BUSY], {})
    assert seen.exit_status == 3
    assert seen.errors == "oh\n"
    assert [event["event"] for event in seen.events] == ["begin"]
    assert 0 < seen.events[0]["seconds"] < seen.seconds
    assert seen.seconds > 0.5
    assert 0.2 < seen.cpu_seconds < seen.seconds
    assert 40 < seen.memory.main < 80 < seen.memory.worker < 120 < seen.memory.tree < 200


def test_the_machine_is_described():
    assert re.search(r"\d+ cores, [\d.]+ GiB; .*Python 3\.\d+.*SimpleITK 2\.", str(machine.this_machine()))


def test_noise_is_told():
    assert machine.noise(0.1, 0.05) == ""
    assert "1.50" in machine.noise(1.5, 0.05)
    assert "0.60 cores" in machine.noise(0.1, 0.6)


# ---------------------------------------------------------------------------------------------------------------------
# Results and tables


def observation(seconds: float, *events: tuple[str, float]) -> processes.Observation:
    listed = tuple(
        {"event": name if name in ("start", "finish") else "step", "step": name, "seconds": at} for name, at in events
    )
    return processes.Observation(0, 0.0, seconds, 2 * seconds, 0.0, processes.Memory(700, 300, 900), listed, "")


def test_steps_add_up_to_the_whole():
    seen = observation(20.0, ("start", 2.0), ("reading", 2.5), ("f_rigid", 3.0), ("writing", 15.0), ("finish", 18.0))
    steps = running.step_seconds(seen, {"f_rigid": 5.0, "masks": 4.0, "total": 16.0})
    assert steps == {
        "start-up": 2.0,
        "reading": 0.5,
        "f_rigid": 5.0,
        "masks": 4.0,
        "writing": 3.0,
        "other": pytest.approx(5.5),
    }
    assert sum(steps.values()) == pytest.approx(20.0)


def test_what_the_record_says_of_a_step_counts():
    seen = observation(20.0, ("start", 2.0), ("reading", 2.5), ("f_rigid", 3.0))
    assert running.step_seconds(seen, {"reading": 0.25, "total": 9.0})["reading"] == 0.25


def make_result(
    checkout: str, seconds: float, repeat: int, dice: float, knee: str = "s02", truth: float = 10747.2
) -> running.Result:
    scan = knees.Scan(Path(f"{knee}_dess_prep.mha"), knee, knee, None, "dess")
    trial = knees.Trial(Modality.NEW_SUBJECT, scan, scan)
    scores = {**dict.fromkeys(score_names(), 0.5), "cartilage_dice": dice, "cartilage_truth_mm3": truth}
    seen = observation(seconds)
    return running.Result(checkout, trial, repeat, seen, "segmented", "elastix", 1, {"other": seconds}, scores)


def make_rows(checkout: str, seconds: list[float], dice: float, knee: str = "s02") -> list[dict]:
    return [make_result(checkout, value, repeat, dice, knee).row() for repeat, value in enumerate(seconds, start=1)]


def test_medians_are_compared_with_the_published_tool():
    rows = make_rows("B", [10.0, 30.0, 11.0], 0.85) + make_rows("B", [9.0], 0.9, knee="s99")
    results = tables.medians(tables.to_frame(rows)).loc["B"]
    assert results.loc[("newsubject", "s02"), "seconds"] == 11.0
    row = tables.summary(results).loc["newsubject"]
    assert (row["knees"], row["compared"]) == (2, 1)
    assert row["seconds"] == 10.0
    assert row["times faster"] == pytest.approx(389 / 11)
    assert row["worst knee"] == pytest.approx(0.85 - 0.823)
    assert re.search(r"s02 +cartilage 0\.850 +0\.823 +\+0\.027", tables.score_table(results))
    assert re.search(r"s99 +cartilage 0\.900 +- +- ", tables.score_table(results))


def test_another_knee_of_the_same_name_is_not_compared_with_the_published_tool():
    rows = [make_result("B", 10.0, 1, 0.85, truth=10900.0).row()]
    results = tables.medians(tables.to_frame(rows)).loc["B"]
    assert tables.summary(results).loc["newsubject", "compared"] == 0
    assert re.search(r"s02 +cartilage 0\.850 +- +- ", tables.score_table(results))


def test_checkouts_are_compared_by_medians():
    rows = make_rows("A", [20.0, 22.0, 90.0], 0.8) + make_rows("B", [10.0, 11.0, 12.0], 0.85)
    frame = tables.comparison(tables.medians(tables.to_frame(rows)), "A", "B")
    own = frame.loc[("newsubject", "s02")]
    assert own["A/B"] == 2.0
    assert own["B-A cartilage_dice"] == pytest.approx(0.05)
    assert "mean" in tables.comparison_table(tables.medians(tables.to_frame(rows)), "A", "B")


def test_published_figures_have_our_columns():
    row = make_rows("B", [10.0], 0.85)[0]
    assert set(published().columns) <= set(row)
    assert published().loc[("longitudinal", "l01_36m"), "cartilage_asd_mm"] == 0.181


def test_scaling_keeps_the_cores_busy():
    assert scaling.settings_to_compare(2, cores=2) == [(1, 1), (1, 2), (2, 1)]
    assert scaling.settings_to_compare(6, cores=8) == [(1, 1), (1, 8), (2, 4), (4, 2), (6, 1)]


def test_checkouts_are_told_apart():
    own = find_checkout(ROOT)
    assert own.label.startswith(f"{ROOT.name}@")
    assert [checkout.label for checkout in distinct([own, own])] == [f"{own.label} (A)", f"{own.label} (B)"]
    with pytest.raises(BenchmarkError, match="no checkout"):
        find_checkout(Path(__file__).parent)


# ---------------------------------------------------------------------------------------------------------------------
# Profile

LOG = """\
Reading images took 3 ms.
Initialization of all components (before registration) took: 20 ms.
Preparation of the image pyramids took: 100 ms.
Setting the fixed masks took: 2 ms.
Elastix initialization of all components (for this resolution) took: 5 ms.
Initialization of AdvancedMattesMutualInformation metric took: 8 ms.
  Computing the Jacobian terms took 4.000000s
Automatic parameter estimation took 4.10s
1:ItNr\t2:Metric\t3a:Time\t3b:StepSize\t4:||Gradient||\tTime[ms]
0\t-0.514994\t0.000000\t802.451994\t0.011289\t4110.0
1\t-0.528855\t0.000000\t802.451994\t0.011310\t890.0
Time spent in resolution 0 (ITK initialization and iterating): 5.01
Time spent on saving the results, applying the final transform etc.: 30 ms.
"""


def test_elastix_log_is_read():
    times = elastix_log.read_times(LOG)
    assert times.parts == {
        "components, masks, metric": pytest.approx(0.038),
        "pyramids": 0.1,
        "saving": 0.03,
        "step size estimation": 4.1,
        "iterations": pytest.approx(0.9),
    }
    assert (times.jacobian, times.resolutions, times.iterations) == (4.0, (5.01,), 2)


def test_profile_adds_up_to_the_whole():
    samples = {
        ("commands.segment.run", "commands.segment._checked_input"): 1.0,
        ("segmentation.work._segment", "elastix.package.register"): 6.0,
        ("segmentation.work._segment", "images.backward.__init__", "[SimpleITK.InvertDisplacementField]"): 2.0,
        ("segmentation.work._segment", "registration.starts.starts", "registration.match.match"): 0.5,
        ("news.what_is_this",): 0.25,
    }
    registrations = tuple(
        profiling.TimedRegistration(name, 6.0, elastix_log.read_times(LOG)) for name in ("f_rigid", "probe 0")
    )
    profile = profiling.Profile(observation(10.5), {"start-up: imports": 0.5}, samples, registrations)
    found = profiling.time_by_category(profile).set_index("where")["seconds"]
    assert found["sum"] == pytest.approx(10.5)
    assert found["reading and checking all input"] == 1.0
    assert found["elastix: step size estimation"] == 4.1
    assert found["elastix: reading files and what its log leaves out"] == pytest.approx(6.0 - 5.168)
    assert found["inversion"] == 2.0
    assert found["search for a start"] == 0.5
    assert found["unexplained: news.what_is_this"] == 0.25
    assert found["unexplained: between the samples"] == pytest.approx(0.25)


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in profiling.RULES])
def test_rules_of_the_profile_name_functions_that_there_are(pattern):
    """After renaming a function or file of the library, correct ``profiling.RULES``."""
    library = ROOT / "KneeCartilageSeg" / "KneeCartilageSegLib"
    functions = [
        f"{path.relative_to(library).with_suffix('').as_posix().replace('/', '.')}.{name}"
        for path in library.rglob("*.py")
        for name in re.findall(r"^ *def (\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert any(profiling.fnmatch(function, pattern) for function in functions)


def test_samples_of_perf_are_counted_by_component():
    lines = [
        "  12 7f01 itk::ImageRandomSamplerSparseMask<itk::Image<float, 3u> >::Callback (/x/_ElastixPython.abi3.so)",
        "  12 7f02 itk::RecursiveBSplineTransform<double, 3u, 3u>::TransformPoint (/x/_ElastixPython.abi3.so)",
        "  12 7f03 [unknown] (/x/_ElastixPython.abi3.so)",
        "  12 7f04 __memset_avx512 (/usr/lib/libc.so.6)",
        "  12 ffff clear_page_erms ([kernel.kallsyms])",
        "  11 7f05 PyEval (/usr/bin/python3.11)",
        "nonsense",
    ]
    assert profiling.count_components(lines) == {
        "drawing samples": 1,
        "transform and its Jacobian": 1,
        "functions without a name": 1,
        "library libc": 1,
        "the system": 1,
    }


def test_stack_sampler_names_the_library_functions_and_what_they_call():
    sampler = profiled.StackSampler(Path(knees.__file__).parent)
    assert tuple(sampler._names(sys._getframe())) == ()
    inside = Path(__file__)
    sampler = profiled.StackSampler(inside.parent)
    names = tuple(sampler._names(sys._getframe()))
    assert names[-1] == "test_benchmark.test_stack_sampler_names_the_library_functions_and_what_they_call"
    called = re.sub("a", lambda match: " ".join(sampler._names(sys._getframe())), "a")
    assert called.endswith("test_benchmark.<lambda>")


# ---------------------------------------------------------------------------------------------------------------------
# All of it


@pytest.fixture(scope="module")
def phantoms(tmp_path_factory) -> Path:
    """One knee in two contrasts: the quickest modality."""
    path = tmp_path_factory.mktemp("phantoms")
    knee = phantom.KneeParameters.reduced(2.5, subject=1)
    moved = knee.changed(contrast="t2", acquisition=1, rotation=(2.0, -1.0, 2.0), translation=(2.0, -2.0, 1.0))
    phantom.write_knee(phantom.make_knee(knee), path, "s01_dess_prep")
    phantom.write_knee(phantom.make_knee(moved), path, "s01_t2_prep")
    return path


# ---------------------------------------------------------------------------------------------------------------------
# Event loop


def test_long_calls_are_told_with_their_line_and_waiting_is_not(monkeypatch):
    ticks = iter(range(1000))
    monkeypatch.setattr(time, "thread_time", lambda: float(next(ticks)))
    found: dict[str, float] = {}
    sys.setprofile(responsiveness._long_calls(found))
    try:
        sorted([3, 1, 2])
        time.sleep(0)
    finally:
        sys.setprofile(None)
    (call,) = [name for name in found if "setprofile" not in name]
    assert call.startswith("sorted (test_benchmark.py:")
    assert found[call] == 1000


def test_what_a_user_would_notice_is_marked():
    watched = [
        responsiveness.Watched("show", 99.6),
        responsiveness.Watched("open", 320.4, {"load": 300.0, "add": 20.0}),
    ]
    frame = pd.DataFrame([each.row() for each in watched]).assign(rendered_ms=[120.0, float("nan")])
    first, second = responsiveness.responsiveness_table(frame).splitlines()[1:]
    assert first.split()[:4] == ["show", "100", "120", "!"]
    assert second.split() == ["open", "320", "!", "load", "300", "ms;", "add", "20", "ms"]


@pytest.mark.skipif(not package_is_installed(), reason="needs itk-elastix")
def test_benchmark_of_a_knee(phantoms, tmp_path):
    pytest.importorskip("matplotlib")
    before = snapshot(phantoms)
    # From elsewhere, as a user starts it.
    command = [sys.executable, str(ROOT / "Testing" / "benchmark"), str(phantoms), "--out", "out"]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    frame = pd.read_csv(tmp_path / "out" / "results.csv")
    assert list(frame["status"]) == ["segmented"]
    assert (frame["cartilage_dice"] > 0.6).all()
    assert (frame["cartilage_asd_mm"] < 1.0).all()
    assert frame[tables.step_columns(frame)].sum(axis=1).tolist() == pytest.approx(frame["seconds"].tolist())
    assert (frame["s:f_rigid"] > 0).all()
    assert (frame["worker_mib"] > 50).all()
    assert (tmp_path / "out" / "results.png").stat().st_size > 10_000
    assert "load" in finished.stdout
    assert snapshot(phantoms) == before


def test_checkouts_take_turns(phantoms, tmp_path, monkeypatch, capsys):
    pytest.importorskip("matplotlib")
    turns = []

    def pretend(checkout, trial, repeat, options, kept):
        turns.append((checkout.label[-3:], repeat))
        seconds = 10.0 if checkout.label.endswith("(A)") else 5.0
        result = make_result(checkout.label, seconds, repeat, 0.8)
        return dataclasses.replace(result, trial=trial)

    monkeypatch.setattr(commandline, "warm_up", lambda checkout, trial: None)
    monkeypatch.setattr(commandline, "run_trial", pretend)
    assert commandline.main([str(phantoms), "--compare", str(ROOT), "--out", str(tmp_path / "out")]) == 0
    assert turns == [(checkout, repeat) for repeat in (1, 2, 3) for checkout in ("(A)", "(B)")]
    assert re.search(r"multimodal +s01 +10\.00 +5\.00 +2\.00", capsys.readouterr().out)
    assert len(pd.read_csv(tmp_path / "out" / "results.csv")) == 6


@pytest.mark.skipif(not package_is_installed(), reason="needs itk-elastix")
def test_profile_of_a_knee_is_explained(phantoms):
    (trial,) = knees.find_trials(phantoms, "none")
    profile = profiling.profile_knee(find_checkout(ROOT), trial, ())
    assert {registration.name for registration in profile.registrations} >= {"probe 0", "start1/f_rigid"}
    found = profiling.time_by_category(profile).set_index("where")["seconds"]
    assert found["sum"] == pytest.approx(profile.observation.seconds)
    assert found["elastix: iterations"] > 0
    unexplained = found[found.index.str.startswith("unexplained")].abs().sum()
    assert unexplained < 0.1 * profile.observation.seconds


def test_failures_are_told_in_the_words_of_the_command_line(phantoms, capsys):
    assert commandline.main([str(phantoms), "--options", "--engine /nowhere/elastix"]) == 2
    assert re.search(r"error: .* refused s01_t2_prep: .*/nowhere/elastix", capsys.readouterr().err)


def test_a_checkout_runs_its_own_library(tmp_path):
    checkout = Checkout(tmp_path, "mine")
    package = tmp_path / "KneeCartilageSeg" / "KneeCartilageSegLib"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text('import sys; print("{\\"event\\": \\"" + sys.argv[1] + "\\"}")')
    seen = processes.observe(checkout.command("hello"), checkout.environment)
    assert [event["event"] for event in seen.events] == ["hello"]
    assert find_checkout(tmp_path).root == tmp_path.resolve()
    assert dataclasses.replace(find_checkout(tmp_path), label="") == Checkout(tmp_path.resolve(), "")
