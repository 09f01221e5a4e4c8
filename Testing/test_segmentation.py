"""Segmenting digital knees with the real elastix: how well, on which grids, and what is rejected.

The B-splines get a fifth of their iterations, so the bounds are lower than what the default parameters reach.
"""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.cases import Case, checksum
from KneeCartilageSegLib.elastix.package import PackageEngine, package_is_installed
from KneeCartilageSegLib.failure import default_limits
from KneeCartilageSegLib.modality import Modality, Tissue
from KneeCartilageSegLib.parameterfiles import read_parameter_files
from KneeCartilageSegLib.phantom import KneeParameters
from KneeCartilageSegLib.run import Run, Settings, Status

pytestmark = pytest.mark.skipif(not package_is_installed(), reason="itk-elastix is not installed")

SPACING = 1.5
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


NEW, MULTI, LONG = Modality.NEW_SUBJECT, Modality.MULTIMODAL, Modality.LONGITUDINAL


@dataclasses.dataclass(frozen=True)
class Pair:
    """A moving knee and how it is related to its reference, which is subject 0.

    :param change: what is done to its image.
    """

    modality: Modality
    moving: dict
    extension: str = ".mha"
    reference: dict = dataclasses.field(default_factory=dict)
    change: object = None


GOOD = {
    "another person": Pair(NEW, {"subject": 5, **POSE}),
    "oblique, in NIfTI": Pair(NEW, {"subject": 2, "direction": oblique(0.15, -0.2, 0.25), **POSE}, ".nii.gz"),
    "header without position": Pair(NEW, {"subject": 4, "origin": (500, -800, 1200)}, ".nrrd"),
    "off the middle": Pair(NEW, {"subject": 3, "translation": (10, 20, 32)}),
    "left with left": Pair(NEW, {"subject": 3, "laterality": "left", **MIRRORED_POSE}, reference={**LEFT}),
    "follow-up": Pair(LONG, {"acquisition": 1, "wear": 1.0, "direction": SAGITTAL, **POSE}),
    "other sequence": Pair(
        MULTI, {"acquisition": 1, "contrast": "t2", "rotation": (2, -3, 1), "translation": (3, 2, 4)}
    ),
}
HOPELESS = {
    "left with right": Pair(NEW, {"subject": 5, **LEFT}),
    "noise": Pair(NEW, {"subject": 1}, change=noise),
    "thigh": Pair(NEW, {"subject": 1}, change=upper_part),
    "follow-up of the other knee": Pair(LONG, {"acquisition": 1, **LEFT}),
    "other sequence of another person": Pair(MULTI, {"subject": 6, "contrast": "t2"}),
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
            moving = pair.change(truth.image) if pair.change else truth.image
            path = folder / f"{name.replace(' ', '_')}{pair.extension}"
            sitk.WriteImage(moving, str(path))
            masks = ((Tissue.FEMUR, femur), (Tissue.CARTILAGE, cartilage))
            case = Case(pair.modality, path, image, masks, folder / "out")
            known[name] = Result(case, segment(case, engines), sitk.ReadImage(str(path)), truth)
        return known[name]

    yield segmented
    engines.engine.close()


def segment(case, engines):
    parameters = {
        name: {**values, "MaximumNumberOfIterations": ("100",)} if "bspline" in name else values
        for name, values in read_parameter_files(case.modality).items()
    }
    settings = Settings(engines, parameters, default_limits(case.modality))
    run = Run([case], {path: checksum(path) for path in case.inputs.values()}, settings)
    run.start()
    assert run.wait(200)
    return run.outcomes[0]


def same_grid(image, other):
    return (
        image.GetSize() == other.GetSize()
        and image.GetOrigin() == other.GetOrigin()
        and image.GetSpacing() == other.GetSpacing()
        and image.GetDirection() == other.GetDirection()
    )


@pytest.mark.parametrize("name", GOOD)
def test_good_pair_is_segmented(results, name):
    result = results(name)
    assert result.outcome.status is Status.SEGMENTED, result.story
    for tissue, truth, least in (
        (Tissue.FEMUR, result.truth.femur, 0.96),
        (Tissue.CARTILAGE, result.truth.femoral_cartilage, 0.72),
    ):
        assert dice_of(result.mask(tissue), truth) > least, (tissue, result.story)


def dice_of(mask, truth):
    overlap = sitk.LabelOverlapMeasuresImageFilter()
    overlap.Execute(mask, truth)
    return overlap.GetDiceCoefficient()


@pytest.mark.parametrize("name", GOOD)
def test_masks_lie_on_the_own_grid_of_the_image(results, name):
    result = results(name)
    for tissue in Tissue:
        mask = result.mask(tissue)
        assert same_grid(mask, result.image)
        assert mask.GetPixelID() == sitk.sitkUInt8
        assert set(np.unique(sitk.GetArrayViewFromImage(mask))) == {0, 1}
        path = result.case.mask(tissue)
        assert path.name.endswith(f"_{tissue.value}{GOOD[name].extension}")
        assert path.stat().st_size < mask.GetNumberOfPixels() / 10  # compressed


@pytest.mark.parametrize("name", GOOD)
def test_registered_images_lie_on_the_grid_of_the_reference(results, name):
    result = results(name)
    reference = sitk.ReadImage(str(result.case.reference))
    images = sorted(result.case.registered.glob(f"f*{GOOD[name].extension}"))
    assert images
    for path in images:
        warped = sitk.ReadImage(str(path))
        if GOOD[name].extension.startswith(".nii"):  # NIfTI headers have single precision
            assert warped.GetSize() == reference.GetSize()
            assert np.allclose(warped.GetOrigin(), reference.GetOrigin(), atol=1e-4)
            assert np.allclose(warped.GetDirection(), reference.GetDirection(), atol=1e-6)
        else:
            assert same_grid(warped, reference), path


def test_warped_images_come_closer_to_the_reference_with_each_stage(results):
    """In the femur, where all stages work: the knee of another person looks more and more like the reference."""
    result = results("another person")
    reference = sitk.GetArrayFromImage(sitk.ReadImage(str(result.case.reference))).astype(float)
    masks = dict(result.case.reference_masks)
    around = sitk.GetArrayFromImage(sitk.BinaryDilate(sitk.ReadImage(str(masks[Tissue.CARTILAGE])), (2, 2, 2))) != 0
    alike = []
    for name in ("f_rigid", "f_similarity", "f_spline", "fc_spline"):
        warped = sitk.GetArrayFromImage(sitk.ReadImage(str(result.case.registered / f"{name}.mha")))
        alike.append(np.corrcoef(reference[around], warped[around])[0, 1])
    assert alike == sorted(alike)
    assert alike[-1] > alike[0] + 0.2


def test_knee_without_position_in_its_header_is_found(results):
    measured = results("header without position").outcome.record["measurements"]
    assert measured["inside_fc"] > 0.99


def test_measurements_of_a_good_pair_are_complete(results):
    measured = results("another person").outcome.record["measurements"]
    assert all(np.isfinite(value) for value in measured.values())
    judged = {check.key for check in default_limits(NEW).checks}
    assert judged - set(measured) <= {"side"}


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


def test_knee_of_the_other_side_is_named_as_such(results):
    assert "side" in results("left with right").outcome.flags
