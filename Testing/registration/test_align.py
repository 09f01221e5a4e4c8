"""The linear alignment, and that trying the other side beside it changes nothing; with a stand-in for elastix."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.errors import EngineError, ImagesRefused, KneeError
from KneeCartilageSegLib.registration.align import RegistrationJob, align_linear
from KneeCartilageSegLib.registration.limits import Limits
from KneeCartilageSegLib.registration.parameterfiles import read_parameter_files
from KneeCartilageSegLib.registration.reference import Reference
from KneeCartilageSegLib.registration.side import Side
from KneeCartilageSegLib.registration.stages import STAGES, Modality
from KneeCartilageSegLib.runs.beside import Beside
from KneeCartilageSegLib.tissue import Tissue
from still_study import StillElastix, distance, make_texture, on_grid

pytestmark = pytest.mark.usefixtures("quick_preparation")

ALWAYS, NEVER = Limits((), 0.0), Limits((), np.inf)  # when a match is sharp
# The folders of the other side from the first start, of the first start, and of all of the other side.
BESIDE = {"beside", "beside_mirrored"}
FIRST = {"start1", "start1_mirrored"} | BESIDE
RIVALS = {"rival", "rival_mirrored"} | BESIDE


class Elastix(StillElastix):
    """Answers with a translation by nothing, unless it fails.

    :param failing: the folders of starts from which it does.
    """

    def __init__(self, failing=(), error=None):
        super().__init__()
        self.failing, self.error = failing, error

    def register(self, registration):
        path = super().register(registration)
        if not self.failing.isdisjoint(registration.output.parts):
            raise self.error
        return path


class Knee:
    """A reference with a texture, and the same image, or its mirror image, to be aligned with it."""

    def __init__(self, folder, other_side=False):
        self.folder = folder
        masks = {Tissue.FEMUR: distance() < 16, Tissue.CARTILAGE: abs(distance() - 19) < 3}
        masks = {tissue: sitk.Cast(on_grid(mask), sitk.sitkUInt8) for tissue, mask in masks.items()}
        texture = make_texture()
        (folder / "prepared").mkdir()
        self.reference = Reference(texture, masks, folder / "prepared")
        self.moving = on_grid(sitk.GetArrayFromImage(texture)[:, :, ::-1]) if other_side else texture

    def align(self, name, limits, threads, failing=frozenset(), error=None, **changes):
        """What came of it, and the elastix of the own thread."""
        folder = self.folder / name
        folder.mkdir()
        own = Elastix(failing, error)
        modality = changes.pop("modality", Modality.NEW_SUBJECT)
        parameters = read_parameter_files(modality)
        job = RegistrationJob(self.reference, self.moving, modality, parameters, own, folder, **changes)
        with Beside(threads, lambda: Elastix(failing, error)) as beside:
            submit = beside.submit_registration if threads else None
            aligned = align_linear(job, STAGES[modality], limits, submit)
        assert aligned.job.engine is own
        return aligned

    def tried(self, name):
        return {path.name for path in (self.folder / name).iterdir()}


@pytest.mark.parametrize(
    ("side", "limits", "other_side", "refused"),
    [
        (Side.AUTO, ALWAYS, False, set()),
        (Side.AUTO, ALWAYS, True, set()),
        (Side.AUTO, NEVER, False, set()),
        (Side.AUTO, NEVER, True, set()),
        (Side.SAME, ALWAYS, True, set()),
        (Side.SAME, NEVER, False, set()),
        (Side.AUTO, ALWAYS, False, FIRST),
        (Side.SAME, NEVER, False, FIRST),
        (Side.AUTO, ALWAYS, False, RIVALS),
        (Side.SAME, NEVER, False, RIVALS),
    ],
)
def test_the_other_side_beside_changes_nothing(tmp_path, side, limits, other_side, refused):
    knee = Knee(tmp_path, other_side)
    error = ImagesRefused("the images do not overlap")
    one, two = (
        knee.align(name, limits, threads, refused, error, side=side) for name, threads in (("one", 0), ("two", 1))
    )
    assert two.measurements == one.measurements
    assert (two.job.reference is knee.reference) == (one.job.reference is knee.reference)
    assert np.array_equal(two.alignment.chain.affine()[0], one.alignment.chain.affine()[0])
    assert np.array_equal(two.alignment.chain.affine()[1], one.alignment.chain.affine()[1])
    assert not BESIDE & knee.tried("one")
    if side is Side.AUTO and limits is ALWAYS and not refused:
        assert (one.measurements["mirrored"] == 1) == other_side
        assert knee.tried("two") == {"start1", "beside_mirrored"}


def test_nothing_is_begun_beside_that_nobody_asks_for(tmp_path):
    """The scans of a multimodal session are of one side."""
    knee = Knee(tmp_path)
    knee.align("one", ALWAYS, 1, modality=Modality.MULTIMODAL)
    assert knee.tried("one") == {"start1"}


def test_an_elastix_that_fails_beside_is_heard_of(tmp_path):
    with pytest.raises(EngineError, match="no memory"):
        Knee(tmp_path).align("one", ALWAYS, 1, BESIDE, EngineError("no memory"))


def test_an_elastix_that_fails_beside_in_vain_is_not(tmp_path):
    """Of two sides that are tried from the same start, each is the other's rival."""
    aligned = Knee(tmp_path).align("one", NEVER, 1, BESIDE, EngineError("no memory"))
    assert aligned.measurements["starts"] > 1


def test_a_place_that_cannot_be_found_is_no_place(tmp_path):
    class Everything:
        def isdisjoint(self, parts):
            return False

    with pytest.raises(KneeError, match="do not overlap"):
        Knee(tmp_path).align("one", ALWAYS, 1, Everything(), ImagesRefused("the images do not overlap"))
