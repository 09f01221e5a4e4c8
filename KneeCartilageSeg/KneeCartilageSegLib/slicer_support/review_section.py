"""The section of the panel in which people look at the knees of a list, decide about them, and correct them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import qt
import SimpleITK as sitk
import slicer
from slicer.i18n import tr as _

from ..errors import KneeError
from ..segmentation.cases import Case, find_cases
from ..segmentation.correction import save_correction
from ..segmentation.drafts import find_draft, remove_draft, write_draft
from ..segmentation.outcome import Outcome
from ..segmentation.ranking import NOT_STARTED, shown_status, worst_first
from ..segmentation.resume import recorded_outcome
from ..segmentation.review import Decision, Review, read_reviews, write_review
from ..segmentation.summary import case_end
from ..tissue import Tissue
from .dicom_export import name_maker
from .knees_table import ATTENTION, set_columns, stand_title, table_item
from .parameters import modality_of, options_of
from .result_nodes import KneeResult
from .run import load_knee, load_segmented
from .segment_editor import open_segment_editor
from .tasks import in_thread, pause
from .views import in_scene, show_knee
from .volumes import MaskSource, find_volume, guess_segment, keep_masks, mask_image, segment_names

_KNEE, _STATE, _DICE, _DECISION, _COMMENT = range(5)
_DRAFT_INTERVAL, _FILL_DELAY = 60_000, 200  # ms
_KEYS = (
    ("Ctrl+Up", "previous"),
    ("Ctrl+Down", "next"),
    ("Ctrl+Shift+A", "accept"),
    ("Ctrl+Shift+R", "reject"),
    ("Ctrl+Shift+C", "correct"),
)

logger = logging.getLogger(__name__)


class ReviewSection:
    """A table of the list's knees, worst first; decisions and comments are kept in ``review.csv`` at each click.

    The next knee is loaded while one looks at the present one. What is drawn in the Segment Editor is kept as a draft
    every minute and when the panel goes, until it is saved as a correction.

    :param panel: a :class:`.panel.Panel` whose ``source`` has the results of the list's knees.
    :param widget: of ``Review.ui``.
    """

    def __init__(self, panel: Any, widget: Any):
        self._panel = panel
        self.ui = slicer.util.childWidgetVariables(widget)
        self._list: tuple | None = None  # list file, modality, output folder and folder of references
        self._cases: dict[str, Case] = {}
        self._reviews: dict[str, Review] = {}
        self._order: list[str] = []  # the knees of the rows
        self._filled: dict[str, tuple] | None = None  # what the rows were sorted by
        self._places: dict[str, tuple] = {}  # of knees that were decided about, what they were sorted by before
        self._current = ""
        self._nodes: dict[str, tuple[Any, Any]] = {}  # volume and segmentation, by knee
        self._own: set[str] = set()  # knees whose volumes were loaded here
        self._drawn: set[str] = set()  # knees that were changed and not saved
        self._kept: set[str] = set()  # of them, those whose drafts have all that was drawn
        self._columns()
        buttons = {
            "previous": lambda: self._go(-1),
            "next": lambda: self._go(1),
            "accept": lambda: self._decide(Decision.ACCEPTED),
            "reject": lambda: self._decide(Decision.REJECTED),
            "correct": lambda: self._decide(Decision.CORRECT),
            "edit": self._edit,
            "saveCorrection": lambda: panel.startTask("reviewSave", self._save(self._current)),
            "restoreDraft": lambda: panel.startTask("reviewKnee", self._restore(self._current)),
        }
        for name, method in buttons.items():
            getattr(self.ui, f"{name}Button").connect("clicked(bool)", method)
        self._shortcuts = [self._shortcut(widget, key, buttons[name]) for key, name in _KEYS]
        self.ui.commentEdit.connect("editingFinished()", self._commented)
        self._fill_timer = qt.QTimer()
        self._fill_timer.setSingleShot(True)
        self._fill_timer.setInterval(_FILL_DELAY)
        self._fill_timer.connect("timeout()", self._fill)
        self._timer = qt.QTimer()
        self._timer.setInterval(_DRAFT_INTERVAL)
        self._timer.connect("timeout()", self._keep_drafts)
        self._timer.start()
        self._enable()

    # ------------------------------------------------------------ the list

    def show(self, parameters: Any) -> None:
        """Follow the parameters."""
        options = options_of(parameters)
        listed = None if parameters.fromNodes or not parameters.listFile else Path(parameters.listFile)
        key = (listed, modality_of(parameters), options.output, options.references) if listed is not None else None
        if key == self._list:
            return
        self._list, self._cases, self._reviews, self._places, self._current = key, {}, {}, {}, ""
        self._fill()
        if key is not None:
            self._panel.startTask("review", self._read(*key))

    def refresh(self) -> None:
        """The results of knees have changed, perhaps many times in a second."""
        if not self._fill_timer.active:
            self._fill_timer.start()

    async def _read(self, listed: Path, modality: Any, output: Path | None, references: Path | None) -> None:
        try:
            cases, _problems = await in_thread(find_cases, listed, modality, output, references)
            self._cases = {case.name: case for case in cases}
            self._reviews = await in_thread(read_reviews, self._folder) if cases else {}
        except (KneeError, OSError) as error:
            self._say(str(error), True)
        self._fill()

    @property
    def _folder(self) -> Path:
        return next(iter(self._cases.values())).record.parent

    @property
    def _results(self) -> Mapping[str, KneeResult]:
        source = self._panel.sources[False]
        return source.results if source is not None else {}

    # ------------------------------------------------------------ the table

    def _columns(self) -> None:
        table = self.ui.reviewTable
        titles = [_("Knee"), _("State"), _("Dice"), _("Decision"), _("Comment")]
        set_columns(table, titles, _COMMENT)
        table.connect("cellClicked(int,int)", lambda row, _column: self.choose(self._order[row]))
        table.connect("cellActivated(int,int)", lambda row, _column: self.choose(self._order[row]))

    def _fill(self) -> None:
        keys = {
            name: self._places.get(name) or worst_first(self._status(name), self._row(name)) for name in self._cases
        }
        if keys == self._filled:
            return
        self._filled = keys
        self._order = sorted(keys, key=lambda name: (keys[name], name.casefold()))
        self.ui.reviewTable.setRowCount(0)
        self.ui.reviewTable.setRowCount(len(self._order))
        for name in self._order:
            self._show_row(name)
        if self._current in self._order:
            self.ui.reviewTable.selectRow(self._order.index(self._current))
        reviewed = sum(review.decision is not None for review in self._reviews.values())
        if self._order and not self._current:
            self._say(_("Knees: {number}, reviewed: {reviewed}.").format(number=len(self._order), reviewed=reviewed))
        self._enable()

    def _show_row(self, name: str) -> None:
        row, status = self._order.index(name), self._status(name)
        result, review = self._results.get(name), self._reviews.get(name)
        color = ATTENTION if result is not None and result.flagged else ""
        dice = self._row(name).get("expected_dice")
        decision = review.decision if review is not None else None
        said = f"{review.who} {review.when}".strip() if review is not None else ""
        comment = review.comment if review is not None else ""
        texts = (
            (name, str(self._cases[name].moving)),
            (stand_title(status), result.remarks if result is not None else ""),
            ("" if dice is None else f"{dice:.3f}", _("the Dice coefficient to be expected")),
            (decision_text(decision), said),
            (comment, comment),
        )
        for column, (text, tip) in enumerate(texts):
            item = table_item(text, tip, color if column == _STATE else "")
            self.ui.reviewTable.setItem(row, column, item)

    def _status(self, name: str) -> str:
        result = self._results.get(name)
        if result is not None:
            return shown_status(result.status.value, result.needs_review)
        source = self._panel.sources[False]
        standing = source.standings.get(name) if source is not None else None
        return standing.stand if standing is not None else NOT_STARTED

    def _row(self, name: str) -> Mapping[str, Any]:
        result = self._results.get(name)
        return result.row if result is not None else {}

    # ------------------------------------------------------------ one knee

    def choose(self, name: str) -> None:
        """Show a knee."""
        self._current = name
        self.ui.reviewTable.selectRow(self._order.index(name))
        review = self._reviews.get(name)
        self.ui.commentEdit.setText(review.comment if review is not None else "")
        self._enable()
        self._panel.startTask("reviewKnee", self._show_knee(name))

    def _go(self, step: int) -> None:
        if not self._order:
            return
        row = self._order.index(self._current) + step if self._current in self._order else 0
        if 0 <= row < len(self._order):
            self.choose(self._order[row])

    async def _show_knee(self, name: str) -> None:
        result = self._results.get(name)
        if result is None or not result.masks:
            remarks = result.remarks if result is not None else ""
            self._say(_("{knee}: there is no segmentation. {remarks}").format(knee=name, remarks=remarks), True)
            return
        self._say(_("Loading {knee} ...").format(knee=name))
        volume, segmentation = await self._load(name)
        await show_knee(volume, segmentation)
        await self._panel.overlay.show_over(volume, result.disagreement)
        draft = await in_thread(find_draft, self._cases[name])
        remarks = result.remarks or _("no flags")
        text = _("{knee} ({row} of {number}): {remarks}")
        row = self._order.index(name) + 1
        self._say(text.format(knee=name, row=row, number=len(self._order), remarks=remarks), bool(result.flags))
        if draft and name not in self._drawn:
            self._say(_("{knee}: there is a correction that was not saved (Restore draft).").format(knee=name), True)
        self._enable(bool(draft))
        following = self._order[row] if row < len(self._order) else ""
        await self._remove_others(name, following)
        result = self._results.get(following)
        if result is not None and result.masks:
            _volume, ahead = await self._load(following)
            ahead.SetDisplayVisibility(False)

    async def _load(self, name: str) -> tuple[Any, Any]:
        """The nodes of a knee; those that are there are taken as they are."""
        known = self._nodes.get(name)
        if known is not None and in_scene(*known):
            return known
        result = self._results[name]
        if find_volume(result.moving) is None:
            self._own.add(name)
        return self._take(name, *await load_knee(result))

    def _take(self, name: str, volume: Any, segmentation: Any) -> tuple[Any, Any]:
        self._nodes[name] = volume, segmentation
        changed = slicer.vtkSegmentation.SourceRepresentationModified
        self._panel.addObserver(segmentation.GetSegmentation(), changed, lambda *_: self._changed(name, segmentation))
        return volume, segmentation

    def _changed(self, name: str, segmentation: Any) -> None:
        if self._nodes.get(name, (None, None))[1] is segmentation:
            self._drawn.add(name)
            self._kept.discard(name)
            self._enable()

    async def _remove_others(self, *names: str) -> None:
        """Remove the nodes of knees that were shown before, unless somebody has drawn in them."""
        for name in [name for name in self._nodes if name not in names and name not in self._drawn]:
            volume, segmentation = self._nodes.pop(name)
            for node in (segmentation, *((volume,) if name in self._own else ())):
                if in_scene(node):
                    display = node.GetDisplayNode()
                    slicer.mrmlScene.RemoveNode(node)
                    if display is not None and display.GetScene() is not None:
                        slicer.mrmlScene.RemoveNode(display)
                    await pause()
            self._own.discard(name)

    # ------------------------------------------------------------ decisions

    def _decide(self, decision: Decision) -> None:
        if self._current:
            self._write(self._current, decision, self.ui.commentEdit.text)

    def _commented(self) -> None:
        review = self._reviews.get(self._current) or Review(None)
        if self._current and self.ui.commentEdit.text != review.comment:
            self._write(self._current, review.decision, self.ui.commentEdit.text)

    def _write(self, name: str, decision: Decision | None, comment: str) -> None:
        # Not in the background: a click must be on the disk whatever comes next. It is a small file.
        with slicer.util.tryWithErrorDisplay(_("The review could not be written.")):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_review(self._folder, name, decision, comment)
            before, self._reviews = self._reviews, read_reviews(self._folder)  # with what others said meanwhile
            for shown in self._order:
                if self._reviews.get(shown) != before.get(shown):
                    # A row that jumped would make "Next" show knees again, or leave some out.
                    self._places.setdefault(shown, worst_first(self._status(shown), self._row(shown)))
                    self._keep(shown, recorded_outcome(self._cases[shown]))
                    self._show_row(shown)

    def _keep(self, name: str, outcome: Outcome | None) -> None:
        """Take note of how a knee stands by now; None if it has no result."""
        source = self._panel.sources[False]
        if outcome is not None and source is not None:
            source.results[name] = KneeResult.from_event(case_end(outcome))
            self._panel.knees.show_result(source.results[name])

    # ------------------------------------------------------------ corrections

    def _edit(self) -> None:
        open_segment_editor(*self._nodes[self._current])

    async def _save(self, name: str) -> None:
        self._say(_("Saving the correction of {knee} ...").format(knee=name))
        case, (_volume, segmentation) = self._cases[name], self._nodes[name]
        self._kept.add(name)
        outcome = await in_thread(save_correction, case, self._masks(name), self.ui.commentEdit.text)
        await in_thread(remove_draft, case)
        self._keep(name, outcome)
        keep_masks(segmentation, outcome.masks)
        name_maker(segmentation, outcome.status)
        if name in self._kept:  # nothing was drawn meanwhile
            self._drawn.discard(name)
        self._write(name, Decision.CORRECT, self.ui.commentEdit.text)
        self._show_row(name)
        self._say(_("The correction of {knee} is saved.").format(knee=name))
        self._enable()

    async def _restore(self, name: str) -> None:
        draft = find_draft(self._cases[name])
        volume, segmentation = await load_segmented(self._results[name].moving, draft)
        _volume, before = self._nodes[name]
        self._take(name, volume, segmentation)
        slicer.mrmlScene.RemoveNode(before)
        self._drawn.add(name)
        self._kept.add(name)
        await show_knee(volume, segmentation)
        self._say(_("{knee}: the draft, which is not saved as a correction yet.").format(knee=name), True)
        self._enable()

    def _masks(self, name: str) -> dict[Tissue, sitk.Image]:
        volume, segmentation = self._nodes[name]
        segments, names = segmentation.GetSegmentation(), segment_names()
        masks = {}
        for tissue in Tissue:
            segment = segments.GetSegmentIdBySegmentName(names[tissue]) or guess_segment(segmentation, tissue)
            if not segment:
                raise KneeError(
                    _("{node} has no segment '{name}'").format(node=segmentation.GetName(), name=names[tissue])
                )
            masks[tissue] = mask_image(MaskSource(segmentation, segment), volume)
        return masks

    def _keep_drafts(self) -> None:
        if self._drawn - self._kept:
            self._panel.startTask("reviewDrafts", self._write_drafts())

    async def _write_drafts(self) -> None:
        for name in self._drawn - self._kept:
            self._kept.add(name)
            await in_thread(write_draft, self._cases[name], self._masks(name))

    def keep_drafts_now(self) -> None:
        """Keep what was drawn and not saved: the panel is left, the scene is closed, or Slicer quits."""
        for name in self._drawn - self._kept:
            try:
                if in_scene(*self._nodes[name]):
                    write_draft(self._cases[name], self._masks(name))
                    self._kept.add(name)
            except (KneeError, OSError):
                logger.exception("the draft of %s could not be kept", name)

    def close(self) -> None:
        """The panel goes."""
        self._timer.stop()
        self._fill_timer.stop()
        self.keep_drafts_now()

    def forget_nodes(self) -> None:
        """The scene is about to be closed."""
        self.keep_drafts_now()
        self._nodes, self._own, self._drawn, self._kept = {}, set(), set(), set()
        self._current = ""

    # ------------------------------------------------------------ the rest

    def _enable(self, has_draft: bool = False) -> None:
        chosen, shown = bool(self._current), self._current in self._nodes
        enabled = {
            "previous": bool(self._order),
            "next": bool(self._order),
            **dict.fromkeys(("accept", "reject", "correct"), chosen),
            "edit": shown,
            "saveCorrection": shown and self._current in self._drawn,
            "restoreDraft": shown and has_draft and self._current not in self._drawn,
        }
        for name, value in enabled.items():
            getattr(self.ui, f"{name}Button").setEnabled(value)
        self.ui.commentEdit.setEnabled(chosen)

    def _say(self, text: str, is_problem: bool = False) -> None:
        self.ui.reviewLabel.setText(text)
        self.ui.reviewLabel.setStyleSheet(f"color: {ATTENTION}" if is_problem else "")

    @staticmethod
    def _shortcut(widget: Any, key: str, method: Any) -> Any:
        shortcut = qt.QShortcut(widget)
        shortcut.setKey(qt.QKeySequence(key))
        shortcut.connect("activated()", method)
        return shortcut


def decision_text(decision: Decision | None) -> str:
    """What was decided, in the user's language; empty if nothing was."""
    if decision is None:
        return ""
    return {
        Decision.ACCEPTED: _("accepted"),
        Decision.REJECTED: _("rejected"),
        Decision.CORRECT: _("correct"),
    }[decision]
