"""How long Slicer's event loop stands still while a user works, and how soon a run ends that is told to.

The panels run in the test bed, on nodes of full size, with views that render as they change. Times in which Qt could
not work are given with the calls that took most of them: where that is a call into Slicer or VTK, the panel can only
avoid to make it.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import SimpleITK as sitk
from KneeCartilageSegLib.tissue import Tissue

from .checkouts import ROOT, Checkout
from .knees import Trial

LIMIT_MS = 100.0
"""What a user does not notice (Nielsen, Usability Engineering, 1993)."""

_LONG_CALL_MS = 20.0
_WAITS = ("processEvents", "sendPostedEvents", "click", "emit", "join", "sleep", "generator.send")  # for others


@dataclass
class Watched:
    """What happened while a user did something.

    :param longest_ms: the longest time in which Qt could not work, in ms.
    :param calls: calls of compiled functions that took long: ms, by function and the line that made them.
    """

    action: str
    longest_ms: float = 0.0
    calls: dict[str, float] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """For :func:`responsiveness_table`."""
        worst = sorted(self.calls.items(), key=lambda call: -call[1])[:2]
        return {
            "action": self.action,
            "longest_ms": round(self.longest_ms),
            "calls": "; ".join(f"{name} {ms:.0f} ms" for name, ms in worst),
        }


def measure_responsiveness(checkout: Checkout, trial: Trial, repeats: int) -> pd.DataFrame:
    """Use the panels, and tell for how long they did not answer.

    :return: one row for each action: ``action``, ``longest_ms`` and ``rendered_ms`` (medians of the repeats, without
        and with views that render), and ``calls`` (with them).
    """
    found: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
    with tempfile.TemporaryDirectory(prefix="responsiveness-") as folder:
        for live, rows in found.items():
            for repeat in range(repeats):
                own = Path(folder) / f"{live}-{repeat}"
                own.mkdir()
                rows += [watched.row() for watched in _use_panels(trial, own, live)]
        found[False].append(_interrupt(checkout, trial, own).row())
    still, rendered = (pd.DataFrame(rows).groupby("action", sort=False) for rows in found.values())
    table = still[["longest_ms"]].median().join(rendered[["longest_ms"]].median(), rsuffix="_rendered")
    return table.join(rendered[["calls"]].first()).reset_index().rename(columns={"longest_ms_rendered": "rendered_ms"})


def _use_panels(trial: Trial, folder: Path, live: bool) -> Iterator[Watched]:
    from slicer_testbed.application import start

    bed = start()
    bed.reset()
    manager = bed.app.layoutManager()
    views = [manager.sliceWidget(name).sliceView() for name in manager.sliceViewNames()]
    for view in [*views, manager.threeDWidget(0).threeDView()]:
        view.forceRender()  # in Slicer they are there before a knee is shown
        if live and not view.is_live:
            view.go_live()
    list_file, pairs = _write_study(trial, folder)
    yield from _segment(bed, list_file)
    yield from _compare(bed, pairs)
    bed.unload_modules()


def _segment(bed: Any, list_file: Path) -> Iterator[Watched]:
    import slicer

    bed.load_modules(ROOT / "KneeCartilageSeg" / "KneeCartilageSeg.py")
    with _watch(bed, "open the module Knee Cartilage Segmentation") as opened:
        panel = bed.show_module("KneeCartilageSeg")
    yield opened
    ui = panel.ui
    with _watch(bed, "leave it and come back") as entered:
        bed.leave_module()
        bed.show_module("KneeCartilageSeg")
    yield entered
    with _watch(bed, "choose an image list") as chosen:
        ui.listFileEdit.currentPath = str(list_file)
        bed.wait_until(lambda: ui.applyButton.enabled, 600)
    yield chosen
    for action in ("show a knee", "show it again"):
        with _watch(bed, action) as shown:
            ui.kneesTable.cellClicked.emit(0, 0)
            bed.wait_until(lambda: not panel.loading, 600)
        yield shown
    (segmentation,) = slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
    volume = slicer.util.getNode("knee")
    reference = slicer.modules.volumes.logic().CloneVolume(slicer.mrmlScene, volume, "reference")
    ui.inputTabs.currentIndex = 1
    ui.movingSelector.check(volume)
    ui.referenceSelector.setCurrentNode(reference)
    ui.femurMaskSelector.setCurrentNode(segmentation)
    bed.wait_until(lambda: ui.applyButton.enabled, 600)
    with _watch(bed, "Apply on nodes, and Cancel") as applied:
        ui.applyButton.click()
        bed.wait_until(lambda: not panel.run.exporting, 600)
        ui.cancelButton.click()
        bed.wait_until(lambda: not panel.running, 600)
    yield applied


def _compare(bed: Any, pairs: Path) -> Iterator[Watched]:
    bed.load_modules(ROOT / "SegmentationQuality" / "SegmentationQuality.py")
    panel = bed.show_module("SegmentationQuality")
    with _watch(bed, "choose a list of pairs") as chosen:
        panel.ui.listFileEdit.currentPath = str(pairs)
        bed.wait_until(lambda: panel.ui.applyButton.enabled, 600)
    yield chosen
    with _watch(bed, "compare, plot, and show the pair") as compared:
        panel.ui.applyButton.click()
        bed.wait_until(lambda: not panel.running and not panel.loading, 600)
    yield compared
    with _watch(bed, "show the pair again") as shown:
        panel.ui.resultsTable.cellClicked.emit(0, 0)
        bed.wait_until(lambda: not panel.loading, 600)
    yield shown


def _write_study(trial: Trial, folder: Path) -> tuple[Path, Path]:
    """A list of the knee with its true masks as results, and a list of pairs: those, and grown by a voxel."""
    _link(trial.reference.path, folder / "reference" / "reference.mha")
    _link(trial.moving.path, folder / "preprocessed" / "knee.mha")
    for tissue in Tissue:
        _link(trial.reference.mask(tissue), folder / "reference" / f"reference_{tissue.value}.mha")
        _link(trial.moving.mask(tissue), folder / "segmented" / f"knee_{tissue.value}.mha")
    (folder / "grown").mkdir()
    grown = sitk.BinaryDilate(sitk.ReadImage(str(trial.moving.mask(Tissue.CARTILAGE))) != 0, [1, 1, 1])
    sitk.WriteImage(grown, str(folder / "grown" / "knee_fc.mha"), True)
    list_file, pairs = folder / "list.txt", folder / "pairs.txt"
    list_file.write_text("./reference\n./preprocessed\nr reference.mha\nm knee.mha\n")
    pairs.write_text("./grown\n./segmented\ns knee_fc.mha\ng knee_fc.mha\n")
    return list_file, pairs


def _link(path: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    target.symlink_to(path.resolve())


def _interrupt(checkout: Checkout, trial: Trial, folder: Path) -> Watched:
    """Ctrl+C while elastix registers: how long until the command has ended."""
    options = ["--modality", "newsubject", "--out", str(folder / "out"), "--progress", "json"]
    arguments = checkout.command("segment", str(folder / "list.txt"), *options)
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(arguments, env=checkout.environment, **pipes) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if b"f_similarity" in line:
                break
        begun = time.perf_counter()
        process.send_signal(signal.SIGINT)
        process.wait()
    return Watched("Ctrl+C on the command line", 1000 * (time.perf_counter() - begun))


@contextlib.contextmanager
def _watch(bed: Any, action: str) -> Iterator[Watched]:
    from slicer_testbed.event_loop import EventLoopWatch

    watched = Watched(action)
    live = bed.app.layoutManager().threeDWidget(0).threeDView().is_live
    sys.setprofile(_long_calls(watched.calls) if live else None)  # it takes a little time itself
    try:
        with EventLoopWatch() as watch:
            yield watched
            bed.process_events(300)  # what is drawn and looked up afterwards
    finally:
        sys.setprofile(None)
    watched.longest_ms = watch.longest_gap_ms


def _long_calls(found: dict[str, float]) -> Callable[[Any, str, Any], None]:
    """For :func:`sys.setprofile`: keep the compiled functions that took long, but for those that wait for events.

    In processor time of this thread, which is cheap to ask for: drawing in software also keeps others busy.
    """
    begun: list[float] = []

    def profile(frame: Any, event: str, function: Any) -> None:
        if event == "c_call":
            begun.append(time.thread_time())
        elif event in ("c_return", "c_exception") and begun:
            ms = 1000 * (time.thread_time() - begun.pop())
            name = getattr(function, "__qualname__", str(function))
            if ms > _LONG_CALL_MS and not name.endswith(_WAITS):
                line = f"{name} ({Path(frame.f_code.co_filename).name}:{frame.f_lineno})"
                found[line] = max(ms, found.get(line, 0.0))

    return profile


def responsiveness_table(frame: pd.DataFrame) -> str:
    """For the screen, with what is longer than :data:`LIMIT_MS` marked."""
    marked = {
        name: ["" if pd.isna(ms) else f"{ms:.0f}{' !' if ms > LIMIT_MS else ''}" for ms in frame[name]]
        for name in ("longest_ms", "rendered_ms")
    }
    shown = frame.assign(**marked).fillna("")
    return shown.to_string(index=False, max_colwidth=None)
