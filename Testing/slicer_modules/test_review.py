"""The section Review of the module KneeCartilageSeg: looking, deciding, correcting, and a Slicer that closes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.files import checksum
from KneeCartilageSegLib.phantom import KneeParameters, make_knee, write_knee
from KneeCartilageSegLib.records import write_json
from KneeCartilageSegLib.registration.parameterfiles import read_parameter_files
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.segmentation.cases import find_cases
from KneeCartilageSegLib.segmentation.drafts import find_draft
from KneeCartilageSegLib.segmentation.record import case_key, make_record, note_failure
from KneeCartilageSegLib.segmentation.review import Decision, read_decisions, read_reviews, write_review
from KneeCartilageSegLib.segmentation.summary import COLUMNS
from KneeCartilageSegLib.tissue import Tissue
from tiny_study import write_list

pytest_plugins = ["slicer_testbed.plugin"]

MODULE = Path(__file__).parents[2] / "KneeCartilageSeg" / "KneeCartilageSeg.py"
# mm; the picture in Screenshots/ is this file's, with 0.8 and SLICER_TESTBED_SCREENSHOTS=folder in the environment.
SPACING = float(os.environ.get("KNEE_TEST_SPACING", "3.0"))
KNEES = "good", "doubtful", "bad", "waiting"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A list of four knees as a run elsewhere would have left them. All are the same, and true masks count as ours."""
    folder = tmp_path_factory.mktemp("cohort")
    files = write_knee(make_knee(KneeParameters.reduced(SPACING, subject=1)), folder / "reference", "reference")
    for name in KNEES:
        for path in files[:1] if name == "waiting" else files:
            target = folder / ("images" if path is files[0] else "segmented")
            target.mkdir(exist_ok=True)
            shutil.copy(path, target / path.name.replace("reference", name))
    lines = ["./reference", "./images", "r reference.mha", *(f"m {name}.mha" for name in KNEES)]
    write_list(folder / "list.txt", *lines)
    return folder


@pytest.fixture
def cohort(made, tmp_path):
    folder = Path(shutil.copytree(made, tmp_path / "cohort"))
    parameters = read_parameter_files(Modality.NEW_SUBJECT)
    cases, problems = find_cases(folder / "list.txt", Modality.NEW_SUBJECT)
    assert not problems
    flags = {"doubtful": {"sharpness_aligned": "match after alignment 1.5, expected at least 1.6"}}
    dice = {"good": 0.91, "doubtful": 0.88, "bad": 0.72}
    for case in cases[:3]:
        checksums = {path: checksum(path) for path in case.inputs.values()}
        facts = {
            "status": "segmented",
            "seconds": {"total": 12.0},
            "measurements": {"sharpness_aligned": 2 * dice[case.name], "expected_dice": dice[case.name]},
            "flags": flags.get(case.name, {}),
        }
        record = make_record(case, case_key(case, checksums, parameters), checksums, parameters, facts)
        outputs = {f"segmented/{case.mask(tissue).name}": checksum(case.mask(tissue)) for tissue in Tissue}
        write_json(case.record, {**record, "outputs": outputs})
    return {case.name: case for case in cases}


class Reviewer:
    """Somebody in front of the section."""

    def __init__(self, bed, panel):
        self.bed, self.panel, self.ui = bed, panel, panel.review.ui
        self.ui.reviewCollapsibleButton.collapsed = False

    def open(self, cohort):
        self.panel.ui.listFileEdit.currentPath = str(cohort["good"].output / "list.txt")
        self.bed.wait_until(lambda: self.column(1).count("not started") == 1 and len(self.column(0)) == 4)

    def column(self, number):
        table = self.ui.reviewTable
        return [table.item(row, number).text() for row in range(table.rowCount)]

    def choose(self, name):
        self.ui.reviewTable.cellClicked.emit(self.column(0).index(name), 0)
        self.wait()

    def wait(self):
        self.bed.wait_until(lambda: not self.panel.loading)

    def draw(self, name):
        """Add a block to the cartilage, as the Segment Editor would."""
        import slicer

        segmentation = self.panel.review._nodes[name][1]
        segment = segmentation.GetSegmentation().GetSegmentIdBySegmentName("Femoral cartilage")
        labelmap = slicer.vtkOrientedImageData()
        segmentation.GetBinaryLabelmapRepresentation(segment, labelmap)
        voxels = slicer.vtkOrientedImageData()
        voxels.DeepCopy(labelmap)
        array = np.frombuffer(voxels.GetPointData().GetScalars(), np.uint8)
        array[: array.size // 20] = 1
        voxels.Modified()
        logic = slicer.vtkSlicerSegmentationsModuleLogic
        assert logic.SetBinaryLabelmapToSegment(voxels, segmentation, segment)

    @property
    def shown(self):
        import slicer.util

        nodes = slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
        return [node.GetName() for node in nodes if node.GetDisplayNode().GetVisibility()]


@pytest.fixture
def reviewer(slicer_app):
    slicer_app.load_modules(MODULE)
    slicer_app.app.layoutManager().threeDWidget(0).threeDView().forceRender()
    return Reviewer(slicer_app, slicer_app.show_module("KneeCartilageSeg"))


@pytest.mark.real_process
def test_worst_first_next_and_previous_and_the_next_one_is_loaded_ahead(slicer_app, reviewer, cohort):
    import slicer.util

    reviewer.open(cohort)
    assert reviewer.column(0) == ["doubtful", "bad", "good", "waiting"]
    if "expected_dice" in {column.key for column in COLUMNS}:
        assert reviewer.column(2) == ["0.880", "0.720", "0.910", ""]
    reviewer.ui.nextButton.click()
    reviewer.wait()
    assert reviewer.shown == ["doubtful segmentation"]
    assert "match after alignment" in reviewer.ui.reviewLabel.text
    assert slicer.util.getNode("bad segmentation") is not None
    reviewer.panel.review._shortcuts[1].activated.emit()
    reviewer.wait()
    assert reviewer.shown == ["bad segmentation"]
    names = {node.GetName() for node in slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")}
    assert names == {"bad", "good"}, "knees that were looked at do not stay in memory"
    for _ in range(3):
        reviewer.ui.nextButton.click()
        reviewer.wait()
    assert "waiting: there is no segmentation" in reviewer.ui.reviewLabel.text
    reviewer.ui.previousButton.click()
    reviewer.wait()
    assert reviewer.shown == ["good segmentation"]


def test_each_click_is_on_the_disk_and_what_others_say_is_shown(reviewer, cohort, screenshots, screenshot_folder):
    folder = cohort["good"].record.parent
    reviewer.open(cohort)
    reviewer.choose("bad")
    reviewer.ui.commentEdit.setText("twisted")
    reviewer.ui.rejectButton.click()
    assert read_decisions(folder) == {"bad": Decision.REJECTED}
    reviewer.panel.review.refresh()  # as results do that arrive meanwhile
    reviewer.bed.wait_until(lambda: not reviewer.panel.review._fill_timer.active)
    assert reviewer.column(0) == ["doubtful", "bad", "good", "waiting"], "no row jumps when one decides about it"
    write_review(folder, "doubtful", Decision.ACCEPTED, "looks fine", who="ann")
    reviewer.choose("good")
    reviewer.ui.acceptButton.click()
    assert reviewer.column(3) == ["accepted", "rejected", "accepted", ""]
    assert reviewer.column(4) == ["looks fine", "twisted", "", ""]
    reviewer.ui.commentEdit.setText("sharp")
    reviewer.ui.commentEdit.editingFinished.emit()
    said = read_reviews(folder)["good"]
    assert (said.decision, said.comment) == (Decision.ACCEPTED, "sharp")
    reviewer.wait()
    reviewer.bed.wait_until(lambda: "Checking" not in reviewer.panel.ui.reasonLabel.text)
    screenshots.window("KneeCartilageSeg", screenshot_folder / "review.png")


def test_a_flagged_knee_that_was_accepted_needs_no_review(reviewer, cohort):
    reviewer.open(cohort)
    table, row = reviewer.panel.ui.kneesTable, KNEES.index("doubtful")
    assert table.item(row, 1).text() == "segmented, needs review"
    assert table.item(row, 1).font().bold()
    reviewer.choose("doubtful")
    reviewer.ui.acceptButton.click()
    assert table.item(row, 1).text() == "segmented, accepted"
    assert not table.item(row, 1).font().bold()
    assert reviewer.column(1)[reviewer.column(0).index("doubtful")] == "segmented"
    results = reviewer.panel.sources[False].results
    assert [name for name, result in results.items() if result.flagged] == []
    reviewer.ui.rejectButton.click()
    assert [name for name, result in results.items() if result.flagged] == ["doubtful"]


def test_accepted_knees_do_not_count_as_waiting_after_a_run(reviewer, cohort):
    from KneeCartilageSegLib.runs.events import CaseEnd
    from KneeCartilageSegLib.slicer_support.result_nodes import KneeResult

    flags, said = {"side": "look"}, []
    ends = [CaseEnd(name, "unchanged", "", flags, "", {}, {}, needs) for name, needs in (("a", True), ("b", False))]
    results = {end.name: KneeResult.from_event(end) for end in ends}
    reviewer.panel.say = lambda text, is_problem=False: said.append((text, is_problem))
    reviewer.panel.showDone(SimpleNamespace(results=results))
    assert said[0] == ("Done. 2 segmented, 1 need review. Click a knee to see it.", True)


def test_where_knees_without_a_result_stand_is_shown(reviewer, cohort):
    note_failure(cohort["waiting"], "no match was found")
    cohort["bad"].mask(Tissue.CARTILAGE).unlink()
    reviewer.panel.ui.listFileEdit.currentPath = str(cohort["good"].output / "list.txt")
    table = reviewer.panel.ui.kneesTable
    states = {"good": "segmented", "doubtful": "segmented, needs review", "bad": "missing mask", "waiting": "failed"}
    reviewer.bed.wait_until(
        lambda: [table.item(row, 1) and table.item(row, 1).text() for row in range(4)] == list(states.values()), 60
    )
    assert "no match was found" in table.item(3, 1).toolTip()
    reviewer.bed.wait_until(lambda: reviewer.column(1) == ["failed", "missing mask", "needs review", "segmented"])


def test_folder_and_contact_sheet_are_opened(reviewer, cohort, monkeypatch):
    import qt

    opened = []
    monkeypatch.setattr(qt, "QDesktopServices", SimpleNamespace(openUrl=lambda url: opened.append(url.toLocalFile())))
    folder = cohort["good"].record.parent
    (folder / "index.html").write_text("a sheet")
    assert not reviewer.panel.ui.openFolderButton.enabled
    reviewer.open(cohort)
    reviewer.panel.ui.openFolderButton.click()
    reviewer.panel.ui.openSheetButton.click()
    assert opened == [str(folder), str(folder / "index.html")]


def test_edit_opens_the_segment_editor_on_the_knee(reviewer, cohort, monkeypatch):
    from KneeCartilageSegLib.slicer_support import review_section

    opened = []
    monkeypatch.setattr(review_section, "open_segment_editor", lambda *nodes: opened.append(nodes))
    reviewer.open(cohort)
    reviewer.choose("good")
    reviewer.ui.editButton.click()
    ((volume, segmentation),) = opened
    assert (volume.GetName(), segmentation.GetName()) == ("good", "good segmentation")


def test_a_correction_is_saved_where_it_belongs(reviewer, cohort):
    case = cohort["good"]
    before = sitk.ReadImage(str(case.mask(Tissue.CARTILAGE)))
    reviewer.open(cohort)
    reviewer.choose("good")
    assert not reviewer.ui.saveCorrectionButton.enabled
    reviewer.draw("good")
    reviewer.ui.saveCorrectionButton.click()
    reviewer.wait()
    after = sitk.ReadImage(str(case.mask(Tissue.CARTILAGE)))
    assert (after.GetSize(), after.GetOrigin()) == (before.GetSize(), before.GetOrigin())
    counts = [np.count_nonzero(sitk.GetArrayViewFromImage(image)) for image in (before, after)]
    assert counts[1] > counts[0]
    assert reviewer.column(1)[reviewer.column(0).index("good")] == "edited"
    assert read_decisions(case.record.parent) == {"good": Decision.CORRECT}
    assert not reviewer.ui.saveCorrectionButton.enabled
    assert find_draft(case) == {}


def test_what_was_drawn_is_not_lost_when_slicer_closes(slicer_app, reviewer, cohort):
    case = cohort["good"]
    before = checksum(case.mask(Tissue.CARTILAGE))
    reviewer.open(cohort)
    reviewer.choose("good")
    reviewer.draw("good")
    slicer_app.close_slicer()
    assert checksum(case.mask(Tissue.CARTILAGE)) == before
    draft = find_draft(case)
    assert checksum(draft[Tissue.CARTILAGE]) != before
    slicer_app.load_modules(MODULE)
    again = Reviewer(slicer_app, slicer_app.show_module("KneeCartilageSeg"))
    again.open(cohort)
    again.choose("good")
    assert "not saved" in again.ui.reviewLabel.text
    again.ui.restoreDraftButton.click()
    again.wait()
    again.ui.saveCorrectionButton.click()
    again.wait()
    assert find_draft(case) == {}
    drawn, saved = (sitk.ReadImage(str(path)) for path in (case.mask(Tissue.CARTILAGE), case.mask(Tissue.CARTILAGE)))
    assert np.count_nonzero(sitk.GetArrayViewFromImage(saved)) == np.count_nonzero(sitk.GetArrayViewFromImage(drawn))
    assert checksum(case.mask(Tissue.CARTILAGE)) != before
