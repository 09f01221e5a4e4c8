"""A study whose knees a stand-in for elastix registers at once: for tests of runs, and of what people correct."""

from __future__ import annotations

import dataclasses
import threading
import time

import numpy as np
import SimpleITK as sitk
from KneeCartilageSegLib.elastix.parameters import write_parameters
from KneeCartilageSegLib.errors import Cancelled
from KneeCartilageSegLib.files import checksum
from KneeCartilageSegLib.reference_files import ReferenceFiles
from KneeCartilageSegLib.registration.limits import Check, Limits
from KneeCartilageSegLib.registration.parameterfiles import read_parameter_files
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.segmentation.cases import Case
from KneeCartilageSegLib.segmentation.run import Run
from KneeCartilageSegLib.segmentation.work import Settings
from KneeCartilageSegLib.tissue import Tissue

SHAPE = 20, 22, 24  # k, j, i
SPACING = 3.0
ANYTHING = (-np.inf, np.inf)


class FakeElastix:
    """Answers every registration at once with a translation; the parameter ``FakeShift`` (mm) says which."""

    name, version = "fake elastix 1.2", "1.2"

    def __init__(self, fakes):
        self.fakes = fakes
        self.cancelled = threading.Event()

    def register(self, registration):
        root = next(part for part in registration.output.parts if part.startswith(".tmp-"))[len(".tmp-") :]
        self.fakes.calls.append((root, registration.output.name))
        time.sleep(self.fakes.seconds)
        if self.fakes.blocking or not self.fakes.hanging.isdisjoint((root, registration.output.parent.name)):
            self.fakes.forgotten += not self.cancelled.wait(120)
        if self.cancelled.is_set():
            raise Cancelled("cancelled")
        if root in self.fakes.broken:
            raise self.fakes.broken[root]
        shift = registration.parameters.get("FakeShift", ("0",))[0]
        values = (self.fakes.shifts.get(root, shift), "0", "0")
        registration.log_file.write_text("fake\n")
        write_parameters(
            registration.transform_file,
            {"Transform": ("TranslationTransform",), "NumberOfParameters": ("3",), "TransformParameters": values},
        )
        return registration.transform_file

    def cancel(self):
        self.cancelled.set()

    def close(self):
        self.fakes.closed += 1


class Fakes:
    """Starts fake engines, like an EngineChoice, and knows what they were asked to do.

    :attribute calls: root of the image and name of the stage.
    :attribute broken: the exception that each root's registration raises.
    :attribute hanging: the roots, or folders of starts, whose registration does not end until it is cancelled.
    :attribute forgotten: how many of these nobody has cancelled.
    :attribute shifts: mm along x, by root, instead of the parameter's.
    """

    def __init__(self):
        self.calls, self.broken, self.shifts = [], {}, {}
        self.hanging = set()
        self.blocking = False
        self.seconds = 0.0
        self.started = self.closed = self.forgotten = 0
        self.refused = None

    def start(self, threads):
        if self.refused is not None:
            raise self.refused
        self.started += 1
        return FakeElastix(self)

    def roots(self):
        return {root for root, _ in self.calls}


class Study:
    """A folder with a reference knee and moving images, and what is needed to run it."""

    def __init__(self, folder, roots=("a", "b"), extension=".mha", modality=Modality.MULTIMODAL):
        self.folder, self.extension, self.modality = folder, extension, modality
        self.output = folder / "out"
        self.output.mkdir(parents=True)
        self.reference = folder / f"reference{extension}"
        texture = np.random.default_rng(5).normal(500, 100, SHAPE)
        self.write(self.reference, sitk.SmoothingRecursiveGaussian(on_grid(texture), 1.5))
        k, j, i = np.indices(SHAPE)
        distance = SPACING * np.sqrt((k - 9) ** 2 + (j - 11) ** 2 + (i - 12) ** 2)
        masks = {Tissue.FEMUR: distance < 15, Tissue.CARTILAGE: (distance >= 15) & (distance < 20) & (j < 10)}
        for tissue, mask in masks.items():
            self.write(folder / f"reference_{tissue.value}{extension}", on_grid(mask.astype(np.uint8)))
        for number, root in enumerate(roots):
            self.write_moving(root, number)
        self.cases = [self.case(root) for root in roots]
        self.fakes = Fakes()
        self.shift = "0"

    def twin(self):
        """The same study with other engines, for a second run at the same time."""
        other = Study.__new__(Study)
        other.__dict__.update(self.__dict__, fakes=Fakes())
        return other

    def write(self, path, image):
        sitk.WriteImage(image, str(path))

    def write_moving(self, root, number):
        """The reference with other noise."""
        array = sitk.GetArrayFromImage(sitk.ReadImage(str(self.reference)))
        noise = np.random.default_rng((7, number)).normal(0, 5, SHAPE)
        self.write(self.folder / f"{root}{self.extension}", on_grid(array + noise))

    def case(self, root):
        masks = tuple((tissue, self.folder / f"reference_{tissue.value}{self.extension}") for tissue in Tissue)
        return Case(
            self.modality,
            self.folder / f"{root}{self.extension}",
            (ReferenceFiles(self.reference, masks),),
            self.output,
        )

    def settings(self, **changes):
        parameters = read_parameter_files(self.modality)
        shifted = {name: {**values, "FakeShift": (self.shift,)} for name, values in parameters.items()}
        settings = Settings(self.fakes, shifted, limits(), 1, 1)
        return dataclasses.replace(settings, **changes)

    def start(self, progress=lambda event: None, **changes):
        self.fakes.calls.clear()
        checksums = {path: checksum(path) for case in self.cases for path in case.inputs.values()}
        started = Run(self.cases, checksums, self.settings(**changes), progress)
        started.start()
        return started

    def run(self, **changes):
        """The outcomes by root."""
        started = self.start(**changes)
        assert started.wait(120)
        return {outcome.case.name: outcome for outcome in started.outcomes}

    def statuses(self, **changes):
        return {root: outcome.status for root, outcome in self.run(**changes).items()}

    def written(self):
        """The content of all files below the output folder, by relative name."""
        return {
            str(path.relative_to(self.output)): path.read_bytes() for path in self.output.rglob("*") if path.is_file()
        }

    def results(self):
        """The same, without what differs between two runs of the same: times in records, and what went before."""
        return {
            name: content
            for name, content in self.written().items()
            if not (name.endswith("provenance.json") or name.startswith("replaced/"))
        }

    def replaced(self, root):
        """The folders of what was replaced, the latest last."""
        return sorted((self.output / "replaced" / root).glob("*"))

    def hidden(self):
        return sorted(str(p.relative_to(self.output)) for p in self.output.rglob(".*"))


def on_grid(array):
    image = sitk.GetImageFromArray(np.asarray(array, np.uint8 if array.dtype == np.uint8 else np.float32))
    image.SetSpacing([SPACING] * 3)
    image.SetOrigin((-30, 5, 12))
    return image


def limits(growth=ANYTHING):
    check = Check("growth_f", "femur growth", "1", ANYTHING, growth, "the femur has another size")
    return Limits((check,), 0.0)


REJECT_ALL = limits(growth=(5, 6))
