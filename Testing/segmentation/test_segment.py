"""Segmenting digital knees with the real elastix: how well, on which grids, and what is rejected.

The B-splines get few iterations here, so the bounds are lower than what the default parameters reach.
"""

from __future__ import annotations

import dataclasses
import json
import unittest.mock
from collections.abc import Callable

import numpy as np
import pytest
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.elastix.package import PackageEngine, package_is_installed
from KneeCartilageSegLib.errors import EngineError, ImagesRefused
from KneeCartilageSegLib.files import checksum
from KneeCartilageSegLib.phantom import KneeParameters
from KneeCartilageSegLib.reference_files import ReferenceFiles
from KneeCartilageSegLib.registration import align as alignment
from KneeCartilageSegLib.registration.limits import default_limits
from KneeCartilageSegLib.registration.parameterfiles import read_parameter_files
from KneeCartilageSegLib.registration.reference import Reference
from KneeCartilageSegLib.registration.side import Side
from KneeCartilageSegLib.registration.stages import STAGES, Modality
from KneeCartilageSegLib.segmentation.cases import Case
from KneeCartilageSegLib.segmentation.outcome import Status
from KneeCartilageSegLib.segmentation.run import Run
from KneeCartilageSegLib.segmentation.work import Settings
from KneeCartilageSegLib.tissue import Tissue

pytestmark = pytest.mark.skipif(not package_is_installed(), reason="itk-elastix is not installed")

SPACING = 1.5
FEW = {"MaximumNumberOfIterations": ("60",), "NumberOfSpatialSamples": ("4000",)}
POSE = {"rotation": (4, -3, 5), "translation": (6, -4, 5)}
LEFT = {"laterality": "left"}
MIRRORED_POSE = {"rotation": (4, 3, -5), "translation": (-6, -4, 5)}
SAGITTAL = (0, 0, 1, 1, 0, 0, 0, -1, 0)  # rows run from head to foot, as many scanners write them


def knee(**values):
    return phantom.make_knee(KneeParameters.reduced(SPACING, **values))


def noise(shape_of):
    """Nothing but noise, on the grid of an image."""
    values = np.random.default_rng(3).normal(300, 60, shape_of.GetSize()[::-1]).astype(np.int16)
    image = sitk.GetImageFromArray(values)
    image.CopyInformation(shape_of)
    return image


def upper_part(image):
    """The thigh: no cartilage."""
    i, j, k = image.GetSize()
    return sitk.RegionOfInterest(image, (i, j, int(0.3 * k)), (0, 0, k - int(0.3 * k)))


def without_position(image):
    """The same with another origin: the header of a file that came through a format without a frame."""
    moved = sitk.Image(image)
    moved.SetOrigin((500, -800, 1200))
    return moved


NEW, MULTI, LONG = Modality.NEW_SUBJECT, Modality.MULTIMODAL, Modality.LONGITUDINAL


@dataclasses.dataclass(frozen=True)
class Pair:
    """A moving knee and how it is related to its reference, which is subject 0.

    :param change: what is done to its image, and to its true masks if they stay on its grid.
    """

    modality: Modality
    moving: dict
    extension: str = ".mha"
    reference: dict = dataclasses.field(default_factory=dict)
    change: Callable = lambda image: image


GOOD = {
    "oblique, in NIfTI": Pair(NEW, {"subject": 2, "direction": oblique(0.15, -0.2, 0.25), **POSE}, ".nii.gz"),
    "left with left, without position": Pair(
        NEW, {"subject": 3, **LEFT, **MIRRORED_POSE}, ".nrrd", reference=LEFT, change=without_position
    ),
    "left with right": Pair(NEW, {"subject": 5, **LEFT}),
    "follow-up": Pair(LONG, {"acquisition": 1, "wear": 1.0, "direction": SAGITTAL, **POSE}),
    "other sequence": Pair(MULTI, {"acquisition": 1, "contrast": "t2", "direction": oblique(0.2, 0.1, -0.1), **POSE}),
    "other sequence, without position": Pair(
        MULTI, {"acquisition": 2, "contrast": "t2", **POSE}, change=without_position
    ),
}
HOPELESS = {
    "follow-up of the other side": Pair(LONG, {"acquisition": 1, **LEFT}),
    "thigh": Pair(NEW, {"subject": 1}, change=upper_part),
    "noise": Pair(MULTI, {}, change=noise),
}


class Engines:
    """One engine for all runs, so that itk-elastix is loaded once; like an EngineChoice."""

    def __init__(self):
        self.engine = PackageEngine(2)

    def start(self, threads):
        return self

    def __getattr__(self, name):
        return getattr(self.engine, name)

    def close(self):
        """The fixture does."""


@dataclasses.dataclass(frozen=True)
class Result:
    """What came of a pair."""

    case: Case
    outcome: object
    image: sitk.Image
    truth: phantom.Knee

    def mask(self, tissue, folder="segmented"):
        return sitk.ReadImage(str(self.case.mask(tissue, folder)))

    @property
    def story(self):
        return json.dumps([self.outcome.message, self.outcome.record.get("measurements")], indent=1)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What came of a pair, by its name; each is segmented once, when it is asked for."""
    folder = tmp_path_factory.mktemp("segmentation")
    engines, references, known = Engines(), {}, {}

    def reference(values):
        key = tuple(values.items())
        if key not in references:
            references[key] = phantom.write_knee(knee(**values), folder, f"reference{len(references)}")
        return references[key]

    def segmented(name):
        if name not in known:
            pair = {**GOOD, **HOPELESS}[name]
            image, femur, cartilage = reference(pair.reference)
            truth = knee(**pair.moving)
            path = folder / f"{name.replace(' ', '_')}{pair.extension}"
            sitk.WriteImage(pair.change(truth.image), str(path))
            masks = ((Tissue.FEMUR, femur), (Tissue.CARTILAGE, cartilage))
            case = Case(pair.modality, path, (ReferenceFiles(image, masks),), folder / "out")
            known[name] = Result(case, segment(case, engines), sitk.ReadImage(str(path)), truth)
        return known[name]

    yield segmented
    engines.engine.close()


def segment(case, engines):
    parameters = {
        name: {**values, **FEW} if "bspline" in name else values
        for name, values in read_parameter_files(case.modality).items()
    }
    settings = Settings(engines, parameters, default_limits(case.modality))
    run = Run([case], {path: checksum(path) for path in case.inputs.values()}, settings)
    run.start()
    assert run.wait(200)
    return run.outcomes[0]


def same_grid(image, other, extension=".mha"):
    """Whether the grids are the same; NIfTI's headers have single precision, and directions as quaternions."""
    tolerance = 1e-5 if extension.startswith(".nii") else 0.0
    return image.GetSize() == other.GetSize() and all(
        np.allclose(mine, theirs, rtol=0, atol=tolerance)
        for mine, theirs in (
            (image.GetOrigin(), other.GetOrigin()),
            (image.GetSpacing(), other.GetSpacing()),
            (image.GetDirection(), other.GetDirection()),
        )
    )


@pytest.mark.parametrize("name", GOOD)
def test_good_pair_is_segmented(results, name):
    result = results(name)
    assert result.outcome.status is Status.SEGMENTED, result.story
    overlaps = {
        Tissue.FEMUR: dice(result.mask(Tissue.FEMUR), result.truth.femur),
        Tissue.CARTILAGE: dice(result.mask(Tissue.CARTILAGE), result.truth.femoral_cartilage),
    }
    assert overlaps[Tissue.FEMUR] > 0.96, result.story
    assert overlaps[Tissue.CARTILAGE] > 0.74, result.story


def dice(mask, truth):
    """Voxel by voxel: files and headers move the frame a little, or, for some pairs, a lot."""
    first, second = (sitk.GetArrayViewFromImage(image) != 0 for image in (mask, truth))
    return 2 * np.count_nonzero(first & second) / (np.count_nonzero(first) + np.count_nonzero(second))


@pytest.mark.parametrize("name", GOOD)
def test_masks_lie_on_the_own_grid_of_the_image(results, name):
    result = results(name)
    for tissue in Tissue:
        mask = result.mask(tissue)
        assert same_grid(mask, result.image, GOOD[name].extension)
        assert mask.GetPixelID() == sitk.sitkUInt8
        assert set(np.unique(sitk.GetArrayViewFromImage(mask))) == {0, 1}
        path = result.case.mask(tissue)
        assert path.name.endswith(f"_{tissue.value}{GOOD[name].extension}")
        assert path.stat().st_size < mask.GetNumberOfPixels() / 10  # compressed


@pytest.mark.parametrize("name", GOOD)
def test_registered_images_lie_on_the_grid_of_the_reference(results, name):
    result = results(name)
    reference = sitk.ReadImage(str(result.case.references[0].image))
    images = sorted(result.case.registered.glob(f"f*{GOOD[name].extension}"))
    assert images
    for path in images:
        assert same_grid(sitk.ReadImage(str(path)), reference, GOOD[name].extension), path


def test_splines_bring_the_warped_image_closer_to_the_reference(results):
    result = results("oblique, in NIfTI")
    reference = sitk.GetArrayFromImage(sitk.ReadImage(str(result.case.references[0].image))).astype(float)
    cartilage = sitk.ReadImage(str(dict(result.case.references[0].masks)[Tissue.CARTILAGE]))
    around = sitk.GetArrayFromImage(sitk.BinaryDilate(cartilage, (2, 2, 2))) != 0
    alike = {}
    for name in ("f_rigid", "f_similarity", "f_spline", "fc_spline"):
        warped = sitk.GetArrayFromImage(sitk.ReadImage(str(result.case.registered / f"{name}.nii.gz")))
        alike[name] = np.corrcoef(reference[around], warped[around])[0, 1]
    assert alike["f_spline"] > max(alike["f_rigid"], alike["f_similarity"]), alike
    assert alike["fc_spline"] > alike["f_spline"], alike
    assert alike["fc_spline"] > 0.85, alike


def test_another_start_is_tried_when_the_first_fails(results):
    """In the frame of the scanner, where images of one session should lie on each other, there is nothing."""
    assert results("other sequence").outcome.record["measurements"]["starts"] == 1
    assert results("other sequence, without position").outcome.record["measurements"]["starts"] == 2


def test_measurements_of_a_good_pair_are_complete(results):
    measured = results("oblique, in NIfTI").outcome.record["measurements"]
    assert all(np.isfinite(value) for value in measured.values())
    judged = {check.key for check in default_limits(NEW).checks}
    assert judged - set(measured) <= {"side", "outlier_f", "outlier_fc"}


@pytest.mark.parametrize("name", HOPELESS)
def test_hopeless_pair_is_rejected(results, name):
    result = results(name)
    assert result.outcome.status in (Status.REJECTED, Status.FAILED), result.story
    assert result.outcome.message
    for tissue in Tissue:
        assert not result.case.mask(tissue).exists()
    if result.outcome.status is Status.REJECTED:
        assert same_grid(result.mask(Tissue.FEMUR, "rejected"), result.image)
        assert any(character.isdigit() for character in result.outcome.message)  # the measurement that shows it


def test_hopeless_pair_was_tried_from_several_starts(results):
    outcome = results("noise").outcome
    assert outcome.status is Status.FAILED or outcome.record["measurements"]["starts"] > 3


def test_follow_up_of_the_other_side_is_named_as_such(results):
    outcome = results("follow-up of the other side").outcome
    assert "a knee of the other side" in outcome.flags["side"]
    assert outcome.record["side"] == {"asked": "auto", "reference": "as it is", "knee": "right"}


@pytest.mark.parametrize("name", GOOD)
def test_side_is_found_and_recorded(results, name):
    record = results(name).outcome.record
    mirrored = name == "left with right"
    used = "mirrored" if mirrored else "as it is"
    knee = "left" if name.startswith("left") else "right"
    assert record["side"] == {"asked": "auto", "reference": used, "knee": knee}
    assert record["measurements"]["mirrored"] == mirrored
    assert record["measurements"].get("side", 0) < 0.9, "as a knee of the other side it matches worse"


def test_a_crash_does_not_switch_the_side_check_off(monkeypatch, tmp_path, reference_knee):
    """Only images that cannot lie on each other say that the knee is none of the other side."""
    masks = {Tissue.FEMUR: reference_knee.femur}
    (tmp_path / "reference").mkdir()
    reference = Reference(reference_knee.image, masks, tmp_path / "reference")
    register = unittest.mock.Mock(side_effect=lambda job, stages, start: start)
    monkeypatch.setattr(alignment, "register", register)
    stages = STAGES[LONG][:1]
    for error in (EngineError("exit code -9"), ImagesRefused("no overlap")):

        def fails_mirrored(job, stages, start, error=error):
            if job.reference.original is not None:
                raise error
            return start

        register.side_effect = fails_mirrored
        folder = tmp_path / type(error).__name__
        folder.mkdir()
        job = alignment.RegistrationJob(reference, reference_knee.image, LONG, {}, None, folder)
        if isinstance(error, ImagesRefused):
            assert alignment.align(job, stages, default_limits(LONG)).measurements["side"] == 0
        else:
            with pytest.raises(EngineError):
                alignment.align(job, stages, default_limits(LONG))


@pytest.mark.parametrize(
    ("asked", "modality", "laterality", "used"),
    [
        (Side.SAME, NEW, "right", ["right"]),
        (Side.AUTO, NEW, "right", ["right", "left"]),
        (Side.LEFT, NEW, "right", ["left"]),
        (Side.RIGHT, NEW, "right", ["right"]),
        (Side.RIGHT, NEW, "left", ["right"]),
        (Side.AUTO, LONG, "right", ["right"]),
        (Side.AUTO, MULTI, "left", ["left"]),
    ],
)
def test_reference_is_used_as_the_sides_that_are_asked_for(tmp_path, asked, modality, laterality, used):
    own = phantom.make_knee(KneeParameters.reduced(2.5, laterality=laterality))
    reference = Reference(own.image, {Tissue.CARTILAGE: own.femoral_cartilage}, tmp_path)
    job = alignment.RegistrationJob(reference, own.image, modality, {}, None, tmp_path, side=asked)
    assert [side.reference.side.value for side in alignment._sides(job)] == used
