"""Fixtures that are shared because they are expensive."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from grids import oblique
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.elastix.package import PackageEngine, package_is_installed
from KneeCartilageSegLib.findreference import pairs
from KneeCartilageSegLib.images.regions import center
from KneeCartilageSegLib.registration import reference, references, starts
from KneeCartilageSegLib.registration.align import Alignment, RegistrationJob, register, start_from
from KneeCartilageSegLib.registration.parameterfiles import read_parameter_files
from KneeCartilageSegLib.registration.reference import Reference
from KneeCartilageSegLib.registration.stages import STAGES, Modality
from KneeCartilageSegLib.segmentation import work
from KneeCartilageSegLib.tissue import Tissue

# What takes longest, the longest first: begun last, it would keep one of several workers busy when the others are done.
_LONG = (
    "slicer_modules/test_kneecartilageseg.py",
    "segmentation/test_robustness.py",
    "segmentation/test_segment.py",
    "test_cohort.py",
    "slicer_modules/test_findreference.py",
    "findreference/test_with_elastix.py",
    "segmentation/test_run.py",
    "slicer_modules/test_segmentationquality.py",
    "segmentation/test_several.py",
    "test_benchmark.py",
    "elastix/test_engines.py",
    "commands/test_change.py",
)


def pytest_collection_modifyitems(items):
    place = {Path(__file__).parent / name: number for number, name in enumerate(_LONG)}
    items.sort(key=lambda item: place.get(item.path, len(_LONG)))


@pytest.fixture
def ended_process() -> int:
    """The number of a process that is gone."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def quick_preparation(monkeypatch):
    """For tests in which a stand-in aligns: the search for other starts and the bias of the coil, which are tested
    elsewhere, take longer than all the rest of a run. Few points are enough, too, and no disk need be waited for."""
    monkeypatch.setattr(starts, "_SEARCH_REACH", 0)
    monkeypatch.setattr(reference, "_POINT_COUNT", 1000)
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    for module in (pairs, references, work):
        monkeypatch.setattr(module, "even", lambda image: image)


# ---- A pair of oblique knees, and one registered to the other by elastix: elastix, transforms, masks, failure ----


@pytest.fixture(scope="session")
def reference_knee() -> phantom.Knee:
    return phantom.make_knee(phantom.KneeParameters.reduced(2.0, subject=1, direction=oblique(0.1, -0.15, 0.2)))


@pytest.fixture(scope="session")
def moving_knee() -> phantom.Knee:
    """Another person, in another pose, on another oblique grid."""
    return phantom.make_knee(
        phantom.KneeParameters.reduced(
            2.0, subject=2, direction=oblique(-0.2, 0.1, -0.1), rotation=(4, -3, 5), translation=(6, -4, 5)
        )
    )


@dataclass(frozen=True)
class RegisteredPair:
    reference: Reference
    moving: phantom.Knee
    alignment: Alignment


@pytest.fixture(scope="session")
def registered_pair(reference_knee, moving_knee, tmp_path_factory) -> RegisteredPair:
    """All stages of a new subject, with few iterations: about right, which is all that tests of transforms need."""
    if not package_is_installed():
        pytest.skip("itk-elastix is not installed")
    folder: Path = tmp_path_factory.mktemp("registered")
    masks = {Tissue.FEMUR: reference_knee.femur, Tissue.CARTILAGE: reference_knee.femoral_cartilage}
    reference = Reference(reference_knee.image, masks, folder)
    quick = {"MaximumNumberOfIterations": ("60",), "NumberOfJacobianMeasurements": ("300",)}
    parameters = {name: {**own, **quick} for name, own in read_parameter_files(Modality.NEW_SUBJECT).items()}
    start = start_from(center(moving_knee.image) - center(reference_knee.image), folder)
    engine = PackageEngine()
    try:
        job = RegistrationJob(reference, moving_knee.image, Modality.NEW_SUBJECT, parameters, engine, folder)
        alignment = register(job, STAGES[Modality.NEW_SUBJECT], start)
    finally:
        engine.close()
    return RegisteredPair(reference, moving_knee, alignment)
