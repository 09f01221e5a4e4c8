"""A knee that several references draw differently, all of them registered perfectly by a stand-in for elastix."""

from __future__ import annotations

import json
import threading

import numpy as np
import SimpleITK as sitk
from KneeCartilageSegLib.elastix.parameters import write_parameters
from KneeCartilageSegLib.files import checksum
from KneeCartilageSegLib.reference_files import ReferenceFiles
from KneeCartilageSegLib.registration.limits import Limits
from KneeCartilageSegLib.registration.parameterfiles import read_parameter_files
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.segmentation.cases import Case
from KneeCartilageSegLib.segmentation.links import FOLDER
from KneeCartilageSegLib.segmentation.outcome import Status
from KneeCartilageSegLib.segmentation.run import Run
from KneeCartilageSegLib.segmentation.work import Settings
from KneeCartilageSegLib.tissue import Tissue

SHAPE = 28, 30, 32
SPACING = 2.0
RADII = 14.0, 16.0, 18.0  # of the femur in the references, mm; the cartilage is a shell round it


class StillElastix:
    """Answers every registration with a translation by nothing, like an EngineChoice and its engine."""

    name, version, kind = "still elastix 1.0", "1.0", "still"

    def __init__(self):
        self.calls = []
        self._lock = threading.Lock()

    def start(self, threads):
        return self

    def register(self, registration):
        with self._lock:
            self.calls.append(registration.output.name)
        registration.log_file.write_text("still\n")
        values = {
            "Transform": ("TranslationTransform",),
            "NumberOfParameters": ("3",),
            "TransformParameters": ("0", "0", "0"),
        }
        write_parameters(registration.transform_file, values)
        return registration.transform_file

    def cancel(self):
        """Nothing runs."""

    def close(self):
        """There is no process."""


def make_texture():
    """A knee that shows a texture: the same in all images, as if they had been registered perfectly."""
    values = np.random.default_rng(5).normal(500, 100, SHAPE)
    return sitk.SmoothingRecursiveGaussian(on_grid(values), 2.0)


def on_grid(values):
    image = sitk.GetImageFromArray(np.asarray(values, np.float32))
    image.SetSpacing([SPACING] * 3)
    image.SetOrigin((-30, 20, 5))
    return image


def distance():
    """To a point left of the middle, so that the other side can be told from this one."""
    indices = np.indices(SHAPE) - (np.array(SHAPE) / 2 - 0.5 - (0, 0, 1.5))[:, None, None, None]
    return SPACING * np.sqrt((indices**2).sum(axis=0))


class Study:
    """Three references that draw the same knee differently, and images of it to segment."""

    def __init__(self, folder, texture, mirrored=(), thickness=6.0):
        self.folder, self.engine, self.thickness = folder, StillElastix(), thickness
        (folder / "references").mkdir(parents=True)
        self.references = [
            self._reference(texture, number, radius, number in mirrored) for number, radius in enumerate(RADII)
        ]
        sitk.WriteImage(texture, str(folder / "knee.mha"))
        sitk.WriteImage(texture, str(folder / "other.mha"))

    def _reference(self, texture, number, radius, mirrored):
        path = self.folder / "references" / f"r{number}.mha"
        step, half = -1 if mirrored else 1, self.thickness / 2
        sitk.WriteImage(on_grid(sitk.GetArrayFromImage(texture)[:, :, ::step] + number), str(path))
        masks = {Tissue.FEMUR: distance() < radius, Tissue.CARTILAGE: abs(distance() - radius - half) < half}
        files = []
        for tissue, inside in masks.items():
            mask = path.with_name(f"r{number}_{tissue.value}.mha")
            sitk.WriteImage(sitk.Cast(on_grid(inside[:, :, ::step]), sitk.sitkUInt8), str(mask))
            files.append((tissue, mask))
        return ReferenceFiles(path, tuple(files))

    def case(self, name="knee", count=3, at_most=None):
        references = tuple(self.references[:count])
        return Case(Modality.NEW_SUBJECT, self.folder / f"{name}.mha", references, self.folder / "out", None, at_most)

    def run(self, *cases, threads=1, confident=0.0, checks=(), **settings):
        parameters = read_parameter_files(Modality.NEW_SUBJECT)
        checksums = {path: checksum(path) for case in cases for path in case.inputs.values()}
        self.engine.calls.clear()
        run = Run(
            cases, checksums, Settings(self.engine, parameters, Limits(checks, confident), 1, threads, **settings)
        )
        run.start()
        assert run.wait(900)
        for outcome in run.outcomes:
            assert outcome.status in (Status.SEGMENTED, Status.UNCHANGED), outcome.message
        return run.outcomes

    def kept(self):
        """The registrations between the references, by where they lie: from, to."""
        stories = (json.loads(path.read_text()) for path in (self.folder / "references" / FOLDER).glob("*/link.json"))
        return sorted((story["from"], story["to"]) for story in stories)

    def prepared(self, pattern):
        """The files that were prepared of the references."""
        return sorted((self.folder / "references" / FOLDER).glob(f"prepared_*/**/{pattern}"))
