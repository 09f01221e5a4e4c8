"""The section of the panel that makes a reference of a segmentation: a knee with which others are segmented."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import SimpleITK as sitk
import slicer
from slicer.i18n import tr as _

from ..errors import InputError, KneeError, Problem
from ..preparation.labelmaps import PRESETS
from ..preparation.pairs import find_pairs
from ..preparation.reference import MadeReference, check_references, make_reference, plan_references
from ..tissue import Tissue
from .command_run import problem_text
from .knees_table import ATTENTION
from .node_input import ReferenceNodes, check_reference, export_reference
from .parameters import KneeChoice
from .segment_field import SegmentField
from .tasks import in_thread
from .volumes import MaskSource, file_name, fit_for_file, volume_image


async def make_reference_of(nodes: ReferenceNodes, folder: Path, name: str, side: str | None) -> MadeReference:
    """Make a reference of a segmented knee of the scene, as the command ``reference`` does.

    :param folder: the reference folder.
    :param name: of the reference; empty: that of its volume.
    :param side: ``left`` or ``right``, if the user says so.
    :raises InputError: with everything that is wrong with the segments, or with what is in the way in the folder.
    :raises KneeError: if it could not be written.
    """
    check_reference(nodes)
    name = fit_for_file(name) if name else file_name(nodes.volume)
    # The record names the files that a reference was made of, and one that was made of others is not replaced: the same
    # voxels have to be the same files, also in another session.
    digest = await in_thread(_digest, volume_image(nodes.volume))
    working = Path(slicer.app.temporaryPath, f"KneeCartilageSeg-reference-{digest}")
    try:
        image = await export_reference(nodes, working, name)
        return await in_thread(_make, image, folder, name, side)
    except InputError as error:
        shown = _("the segmentation")
        texts = [Problem(one.message.replace(f"'{working}", f"'{shown}"), one.remedy) for one in error.problems]
        raise InputError(texts) from None
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _make(image: Path, folder: Path, name: str, side: str | None) -> MadeReference:
    femur = image.with_name(f"{name}_{Tissue.FEMUR.value}{image.suffix}")
    pairs = find_pairs(femur, image, separate=True)
    ((plan, found),) = check_references(plan_references(pairs, PRESETS["ours"].labels, folder, name), side).items()
    made = make_reference(plan, found)
    if made.error:
        raise KneeError(made.error)
    return made


def _digest(image: sitk.Image) -> str:
    geometry = repr((image.GetOrigin(), image.GetSpacing(), image.GetDirection()))
    return hashlib.sha256(geometry.encode() + sitk.GetArrayViewFromImage(image).tobytes()).hexdigest()[:16]


class MakeReferenceSection:
    """Makes a reference of what the parameters ``made...`` name, in the background.

    :param ui: of the panel.
    :param segments: the fields of femur and cartilage, in the order of :class:`.tissue.Tissue`.
    :param start: does work in the background, under a name; see :meth:`.panel.Panel.startTask`.
    :param on_made: called when there is a new reference.
    """

    def __init__(
        self,
        ui: Any,
        segments: Sequence[SegmentField],
        start: Callable[[str, Coroutine[Any, Any, None]], None],
        on_made: Callable[[], None],
    ):
        self._ui, self._segments, self._start, self._on_made = ui, segments, start, on_made
        self._parameters: Any = None
        ui.makeReferenceButton.connect("clicked(bool)", self._clicked)

    def show(self, parameters: Any) -> None:
        """Follow the parameters."""
        self._parameters = parameters
        shown = [field.show() for field in self._segments]
        if any(shown):
            parameters.madeVolume = ReferenceNodes.of_segmentation(parameters.madeSegmentation).volume
        complete = parameters.madeSegmentation is not None and parameters.madeVolume is not None
        self._ui.makeReferenceButton.setEnabled(complete and bool(parameters.madeFolder))

    def _clicked(self) -> None:
        chosen = self._parameters
        segments = {Tissue.FEMUR: chosen.madeFemur, Tissue.CARTILAGE: chosen.madeCartilage}
        masks = {tissue: MaskSource(chosen.madeSegmentation, segment) for tissue, segment in segments.items()}
        nodes = ReferenceNodes(chosen.madeVolume, masks, chosen.madeSegmentation)
        side = None if chosen.madeSide is KneeChoice.AUTO else chosen.madeSide.value
        self._start("reference", self._make(nodes, Path(chosen.madeFolder), chosen.madeName, side))

    async def _make(self, nodes: ReferenceNodes, folder: Path, name: str, side: str | None) -> None:
        self._say(_("Checking and writing ..."))
        try:
            made = await make_reference_of(nodes, folder, name, side)
        except InputError as error:
            self._say("\n".join(map(problem_text, error.problems)), True)
        except (KneeError, OSError) as error:
            self._say(str(error), True)
        else:
            self._say(_made_text(made))
            self._on_made()

    def _say(self, text: str, is_problem: bool = False) -> None:
        self._ui.madeTextLabel.setText(text)
        self._ui.madeTextLabel.setStyleSheet(f"color: {ATTENTION}" if is_problem else "")


def _made_text(made: MadeReference) -> str:
    sides = {"left": _("left knee"), "right": _("right knee")}
    side = sides.get(made.record["side"], _("nothing tells whether it is a left or a right knee"))
    femur, cartilage = (made.record["volumes_mm3"][tissue.value] / 1000 for tissue in Tissue)
    text = _("{image} is made: {side}, femur {femur:.1f} ml, cartilage {cartilage:.1f} ml. Its folder can be used now.")
    said = text.format(image=made.image.name, side=side, femur=femur, cartilage=cartilage)
    return "\n".join([said, *made.record["notes"]])
