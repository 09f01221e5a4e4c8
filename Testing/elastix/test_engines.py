"""elastix behind its interface: both engines keep one contract, and each survives what can happen to its process."""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib.elastix import discovery
from KneeCartilageSegLib.elastix.discovery import AUTOMATIC, PACKAGE, find_engine
from KneeCartilageSegLib.elastix.engine import Registration, check_engine, error_from_log
from KneeCartilageSegLib.elastix.executable import ExecutableEngine, environment_for, executable_version
from KneeCartilageSegLib.elastix.package import PackageEngine, package_is_installed
from KneeCartilageSegLib.elastix.parameters import read_parameters, write_parameters
from KneeCartilageSegLib.elastix.transforms import initial_transform, read_transform
from KneeCartilageSegLib.errors import Cancelled, EngineError, InputError
from KneeCartilageSegLib.images.regions import mask_points
from KneeCartilageSegLib.images.transforms import compose, map_points
from KneeCartilageSegLib.registration.align import start_from
from KneeCartilageSegLib.registration.parameterfiles import read_parameter_files
from KneeCartilageSegLib.registration.stages import Modality

PROGRAM = shutil.which("elastix")
CENTER = (5.0, -20.0, 40.0)  # mm, of the part of the scene that is registered
SHIFT = 5.0  # mm, how far each half of the scene moves in the tests of masks

needs_package = pytest.mark.skipif(not package_is_installed(), reason="itk-elastix is not installed")
needs_program = pytest.mark.skipif(PROGRAM is None, reason="there is no elastix program on the PATH")
needs_posix = pytest.mark.skipif(os.name != "posix", reason="uses signals and shell scripts")


# ---- A scene of soft blobs, whose transform is known ----


def grid(size, spacing, direction):
    """An empty image with its middle at CENTER."""
    image = sitk.Image([size] * 3, sitk.sitkFloat32)
    image.SetSpacing([spacing] * 3)
    image.SetDirection(direction)
    middle = np.array(image.TransformContinuousIndexToPhysicalPoint([(size - 1) / 2] * 3))
    image.SetOrigin((np.array(CENTER) - middle).tolist())
    return image


def filled(image, function):
    """An image with the values of a function of its voxels' points (n x 3, mm)."""
    points = mask_points(image == 0, image.GetNumberOfPixels())
    values = np.asarray(function(points), np.float32).reshape(image.GetSize()[::-1])
    result = sitk.GetImageFromArray(values)
    result.CopyInformation(image)
    return result


def blobs(seed=0, count=40, reach=48.0):
    rng = np.random.default_rng(seed)
    middles = CENTER + rng.uniform(-reach, reach, (count, 3))
    widths, heights = rng.uniform(6, 12, count), rng.uniform(40, 100, count)

    def value(points):
        return sum(
            height * np.exp(-((points - middle) ** 2).sum(axis=1) / (2 * width**2))
            for middle, width, height in zip(middles, widths, heights)
        )

    return value


FIXED_GRID = grid(40, 3.0, oblique(0.1, -0.15, 0.2))
MOVING_GRID = grid(50, 3.0, oblique(-0.1, 0.05, 0.1))


def ball(image, radius=42.0):
    return sitk.Cast(filled(image, lambda points: np.linalg.norm(points - CENTER, axis=1) < radius), sitk.sitkUInt8)


def half(image, side):
    """The part of an image to one side (-1 or 1) of the middle, with a gap between the two."""
    return sitk.Cast(filled(image, lambda points: side * (points[:, 0] - CENTER[0]) > 6), sitk.sitkUInt8)


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """Files of the moving image, of a mask on the fixed grid, and the points where results are compared."""
    folder = tmp_path_factory.mktemp("scene")
    sitk.WriteImage(filled(MOVING_GRID, blobs()), folder / "moving.mha")
    sitk.WriteImage(ball(FIXED_GRID), folder / "mask.mha")
    return folder


def fixed_image(scene, name, transform):
    """The file of the fixed image that a transform maps onto the moving one."""
    path = scene / f"fixed_{name}.mha"
    if not path.is_file():
        moving = blobs()
        sitk.WriteImage(filled(FIXED_GRID, lambda points: moving(map_points(transform, points))), path)
    return path


def true_transforms():
    rigid = sitk.Euler3DTransform(CENTER, 0.12, -0.08, 0.1, (4.0, -6.0, 5.0))
    affine = sitk.AffineTransform([1.06, 0.03, -0.02, 0.02, 0.95, 0.04, 0.0, -0.03, 1.04], (3.0, 4.0, -5.0), CENTER)
    lattice = sitk.BSplineTransformInitializer(MOVING_GRID, [3] * 3)
    coefficients = np.random.default_rng(1).uniform(-8, 8, lattice.GetNumberOfParameters())
    lattice.SetParameters(coefficients.tolist())
    return {
        "TranslationTransform": sitk.TranslationTransform(3, (6.0, -5.0, 7.0)),
        "EulerTransform": rigid,
        "AffineTransform": affine,
        "BSplineTransform": lattice,
        "RecursiveBSplineTransform": lattice,
    }


TRUE = true_transforms()

COMMON = {
    "FixedImageDimension": ("3",),
    "MovingImageDimension": ("3",),
    "FixedInternalImagePixelType": ("float",),
    "MovingInternalImagePixelType": ("float",),
    "UseDirectionCosines": ("true",),
    "Registration": ("MultiResolutionRegistration",),
    "FixedImagePyramid": ("FixedRecursiveImagePyramid",),
    "MovingImagePyramid": ("MovingRecursiveImagePyramid",),
    "NumberOfResolutions": ("2",),
    "Metric": ("AdvancedMattesMutualInformation",),
    "ImageSampler": ("RandomCoordinate",),
    "NewSamplesEveryIteration": ("true",),
    "NumberOfSpatialSamples": ("1500",),
    "Interpolator": ("LinearInterpolator",),
    "Optimizer": ("AdaptiveStochasticGradientDescent",),
    "MaximumNumberOfIterations": ("150",),
    "NumberOfJacobianMeasurements": ("300",),
    "AutomaticScalesEstimation": ("true",),
    "AutomaticTransformInitialization": ("false",),
    "HowToCombineTransforms": ("Compose",),
    "ErodeMask": ("false",),
    "Resampler": ("DefaultResampler",),
    "ResampleInterpolator": ("FinalBSplineInterpolator",),
    "FinalBSplineInterpolationOrder": ("1",),
    "DefaultPixelValue": ("0",),
    "WriteResultImage": ("false",),
    "DefaultOutputPrecision": ("12",),
}


def parameters(transform, **changed):
    spline = {"FinalGridSpacingInPhysicalUnits": ("30",)} if "BSpline" in transform else {}
    return {**COMMON, "Transform": (transform,), **spline, **changed}


def job(scene, folder, transform, fixed=None, **changed):
    folder.mkdir(parents=True, exist_ok=True)
    fixed = fixed or fixed_image(scene, transform, TRUE[transform])
    return Registration(fixed, scene / "moving.mha", parameters(transform, **changed), folder, scene / "mask.mha")


def endless(scene, folder):
    """A registration that takes minutes."""
    return job(scene, folder, "EulerTransform", MaximumNumberOfIterations=("1000000",))


def points():
    return mask_points(ball(FIXED_GRID), 500)


def mean_error(transform, expected):
    """mm, mean over the mask."""
    return float(np.linalg.norm(map_points(transform, points()) - map_points(expected, points()), axis=1).mean())


def make_engine(kind, threads=1):
    if kind == "package":
        return PackageEngine(threads)
    assert PROGRAM is not None
    return ExecutableEngine(Path(PROGRAM), threads)


ENGINES = [pytest.param("package", marks=needs_package), pytest.param("executable", marks=needs_program)]


@contextlib.contextmanager
def running(engine, registration):
    """A registration in another thread, in the middle of its iterations; yields the list that receives its outcome."""
    outcome: list = []

    def register():
        try:
            outcome.append(engine.register(registration))
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=register)
    thread.start()
    wait_until(lambda: outcome or "Computing" in log_text(registration), "elastix began to work")
    try:
        yield outcome
        thread.join(10)
        assert not thread.is_alive()
    finally:
        engine.cancel()
        thread.join()


def log_text(registration):
    return registration.log_file.read_text(errors="replace") if registration.log_file.is_file() else ""


def wait_until(condition, what, seconds=120.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s until {what}"
        time.sleep(0.02)


def is_running(pid):
    """Whether a process exists and is more than an entry that nobody has asked about."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="module", params=ENGINES)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def engine(kind):
    engine = make_engine(kind)
    yield engine
    engine.close()


class TestContract:
    """What holds for every engine."""

    # mm, mean over the mask; voxels are 3 mm. Measured: 0.03, 0.04, 0.06 and 0.36.
    @pytest.mark.parametrize(
        ("transform", "tolerance"),
        [
            ("TranslationTransform", 0.08),
            ("EulerTransform", 0.08),
            ("AffineTransform", 0.2),
            ("BSplineTransform", 0.6),
            ("RecursiveBSplineTransform", 0.6),
        ],
    )
    def test_recovers_a_known_transform(self, engine, scene, tmp_path, transform, tolerance):
        registration = job(scene, tmp_path, transform)
        result = engine.register(registration)
        assert result == registration.transform_file
        error = mean_error(read_transform(result), TRUE[transform])
        assert error < tolerance < mean_error(sitk.Transform(), TRUE[transform]) / 4

    def test_result_is_composed_with_the_initial_transform(self, engine, scene, tmp_path):
        """A rigid stage, and a B-spline that starts from it: together they are the true transform."""
        true = compose([TRUE["EulerTransform"], TRUE["BSplineTransform"]])
        fixed = fixed_image(scene, "composed", true)
        first = engine.register(job(scene, tmp_path / "first", "EulerTransform", fixed))
        second = replace(job(scene, tmp_path / "second", "RecursiveBSplineTransform", fixed), initial_transform=first)
        both = compose([read_transform(first), read_transform(engine.register(second))])
        assert mean_error(both, true) < 0.6 < mean_error(read_transform(first), true)

    def test_starts_from_the_initial_transform(self, engine, scene, tmp_path):
        """From 90 mm away only the start can help."""
        far = sitk.TranslationTransform(3, (90.0, 0.0, 0.0))
        true = compose([far, TRUE["TranslationTransform"]])
        moving = sitk.ReadImage(str(scene / "moving.mha"))
        moving.SetOrigin((np.array(moving.GetOrigin()) + far.GetOffset()).tolist())
        sitk.WriteImage(moving, tmp_path / "far.mha")
        without = replace(job(scene, tmp_path / "without", "TranslationTransform"), moving=tmp_path / "far.mha")
        start = start_from(np.array(far.GetOffset()), tmp_path)
        started = replace(without, output=tmp_path / "with", initial_transform=start.files[-1])
        started.output.mkdir()
        result = compose([*start.chain.transforms, read_transform(engine.register(started))])
        assert mean_error(result, true) < 0.08
        try:
            lost = read_transform(engine.register(without))
        except EngineError:
            return
        assert mean_error(lost, true) > 20

    @pytest.mark.parametrize("which", ["fixed", "moving"])
    @pytest.mark.parametrize("side", [-1, 1])
    def test_masks_choose_what_is_registered(self, engine, halves, tmp_path, which, side):
        """Each half of the scene has moved its own way: outward."""
        registration = Registration(
            halves / "fixed.mha", halves / "moving.mha", parameters("TranslationTransform"), tmp_path
        )
        registration = replace(registration, **{f"{which}_mask": halves / f"{which}_{side}.mha"})
        found = read_transform(engine.register(registration)).TransformPoint((0.0, 0.0, 0.0))
        assert found[0] == pytest.approx(side * SHIFT, abs=1.0)

    def test_log_and_parameters_lie_beside_the_result(self, engine, scene, tmp_path):
        registration = job(scene, tmp_path, "TranslationTransform")
        engine.register(registration)
        assert "Final metric value" in log_text(registration)
        assert read_parameters(registration.parameter_file) == registration.parameters
        assert not list(tmp_path.glob("result*")), "no time is spent on a resampled image"

    def test_same_seed_and_threads_give_the_same_numbers(self, kind, scene, tmp_path):
        engine = make_engine(kind, threads=2)
        try:
            results = [
                read_parameters(engine.register(job(scene, tmp_path / str(n), "EulerTransform")))["TransformParameters"]
                for n in range(2)
            ]
        finally:
            engine.close()
        assert results[0] == results[1]

    def test_images_that_do_not_overlap(self, engine, scene, tmp_path):
        far = start_from(np.array([500.0, 0.0, 0.0]), tmp_path).files[-1]
        registration = replace(job(scene, tmp_path / "out", "EulerTransform"), initial_transform=far)
        with pytest.raises(EngineError, match=r"elastix says: .*(outside moving image buffer).*do not overlap enough"):
            engine.register(registration)

    def test_unknown_component_is_named(self, engine, scene, tmp_path):
        broken = job(scene, tmp_path, "EulerTransform", Metric=("NoSuchMetric",))
        with pytest.raises(EngineError, match=r"without the component NoSuchMetric; use SlicerElastix"):
            engine.register(broken)

    def test_broken_parameter_is_explained_in_elastix_words(self, engine, scene, tmp_path):
        broken = job(scene, tmp_path, "EulerTransform", MaximumNumberOfIterations=("many",))
        with pytest.raises(EngineError, match=r'elastix says: Casting .* "MaximumNumberOfIterations" failed'):
            engine.register(broken)

    def test_missing_image_is_named(self, engine, scene, tmp_path):
        lost = replace(job(scene, tmp_path, "EulerTransform"), fixed=tmp_path / "not_there.mha")
        with pytest.raises(EngineError, match=r"not_there\.mha"):
            engine.register(lost)

    def test_works_after_an_error(self, engine, scene, tmp_path):
        with pytest.raises(EngineError):
            engine.register(job(scene, tmp_path / "broken", "EulerTransform", Metric=("NoSuchMetric",)))
        assert engine.register(job(scene, tmp_path / "good", "TranslationTransform")).is_file()

    def test_two_metrics_on_two_threads(self, kind, scene, tmp_path):
        """Crashes itk-elastix when its number of threads is set in the way it offers for that."""
        penalty = {
            "Registration": ("MultiMetricMultiResolutionRegistration",),
            "Metric": ("AdvancedMattesMutualInformation", "TransformBendingEnergyPenalty"),
            "Metric1Weight": ("0.1",),
            "MaximumNumberOfIterations": ("5",),
        }
        engine = make_engine(kind, threads=2)
        try:
            assert engine.register(job(scene, tmp_path, "BSplineTransform", **penalty)).is_file()
        finally:
            engine.close()

    @needs_posix
    def test_cancel_ends_it(self, kind, scene, tmp_path):
        engine = make_engine(kind)
        with running(engine, endless(scene, tmp_path / "long")) as outcome:
            pid = engine._process.pid
            engine.cancel()
            wait_until(lambda: outcome, "the registration ended")
        assert isinstance(outcome[0], Cancelled)
        wait_until(lambda: not is_running(pid), "the process is gone")
        with pytest.raises(Cancelled):
            engine.register(job(scene, tmp_path / "next", "TranslationTransform"))
        engine.close()

    def test_closing_twice_is_harmless(self, kind):
        engine = make_engine(kind)
        engine.close()
        engine.close()

    def test_runs_the_stages_that_it_has_the_components_for(self, engine):
        """Debian's elastix 5.0.1 lacks the similarity transform."""
        check_engine(engine, read_parameter_files(Modality.LONGITUDINAL).values())
        check_engine(engine, read_parameter_files(Modality.MULTIMODAL).values())


@pytest.fixture(scope="module")
def halves(tmp_path_factory):
    """A scene whose two halves move in opposite directions along x, with a mask of each half on each grid."""
    folder = tmp_path_factory.mktemp("halves")
    still = blobs(seed=3)

    def fixed(points):
        sides = np.sign(points[:, :1] - CENTER[0])
        return still(points + sides * SHIFT * np.array([1.0, 0.0, 0.0]))

    sitk.WriteImage(filled(FIXED_GRID, fixed), folder / "fixed.mha")
    sitk.WriteImage(filled(MOVING_GRID, still), folder / "moving.mha")
    for side in (-1, 1):
        sitk.WriteImage(half(FIXED_GRID, side), folder / f"fixed_{side}.mha")
        sitk.WriteImage(half(MOVING_GRID, side), folder / f"moving_{side}.mha")
    return folder


@needs_package
@needs_program
@pytest.mark.parametrize("transform", ["EulerTransform", "RecursiveBSplineTransform"])
def test_engines_agree(scene, tmp_path, transform):
    """With the same parameters and seed, elastix 5.0 and 5.3 differ by rounding: measured 3e-10 mm."""
    results = []
    for kind in ("package", "executable"):
        engine = make_engine(kind)
        results.append(read_transform(engine.register(job(scene, tmp_path / kind, transform))))
        engine.close()
    assert mean_error(*results) < 1e-6


@needs_package
@needs_posix
class TestPackageProcess:
    """The process in which the package runs."""

    @pytest.fixture
    def engine(self):
        engine = PackageEngine()
        yield engine
        engine.close()

    def test_serves_many_registrations(self, engine, scene, tmp_path):
        pid = engine._process.pid
        quick = {"MaximumNumberOfIterations": ("20",), "NumberOfResolutions": ("1",)}
        results = [engine.register(job(scene, tmp_path / str(n), "EulerTransform", **quick)) for n in range(25)]
        assert engine._process.pid == pid
        assert len({read_parameters(path)["TransformParameters"] for path in results}) == 1

    def test_is_started_anew_when_it_was_killed(self, engine, scene, tmp_path):
        pid = engine._process.pid
        os.kill(pid, signal.SIGKILL)
        engine._process.wait()
        assert engine.register(job(scene, tmp_path, "TranslationTransform")).is_file()
        assert engine._process.pid != pid

    def test_killed_in_the_middle_of_a_registration(self, engine, scene, tmp_path):
        with running(engine, endless(scene, tmp_path / "long")) as outcome:
            os.kill(engine._process.pid, signal.SIGKILL)
        assert isinstance(outcome[0], EngineError)
        assert "-9" in str(outcome[0])

    @pytest.mark.parametrize("busy", [False, True])
    def test_dies_with_its_parent(self, scene, tmp_path, busy):
        if busy and sys.platform != "linux":
            pytest.skip("elsewhere the worker ends after its registration")
        registration = endless(scene, tmp_path / "long")
        script = (
            "import pickle, sys, time\n"
            "from KneeCartilageSegLib.elastix.package import PackageEngine\n"
            "engine = PackageEngine()\n"
            "print(engine._process.pid, flush=True)\n"
            f"{busy} and engine.register(pickle.load(open(sys.argv[1], 'rb')))\n"
            "time.sleep(60)\n"
        )
        pickled = tmp_path / "job.pickle"
        pickled.write_bytes(pickle.dumps(registration))
        parent = subprocess.Popen(
            [sys.executable, "-c", script, str(pickled)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert parent.stdout is not None
        try:
            worker = int(parent.stdout.readline())
            if busy:
                wait_until(lambda: "Computing" in log_text(registration), "elastix began to work")
            assert is_running(worker)
        finally:
            parent.kill()
            parent.wait()
            parent.stdout.close()
        wait_until(lambda: not is_running(worker), "the worker is gone")


def fake_elastix(folder, version="5.0.1", says="", exit_code=0):
    """A program that answers like elastix, and that says something when it is to register."""
    path = folder / "elastix"
    path.write_text(
        f'#!/bin/sh\nif [ "$1" = --version ]; then echo "elastix version: {version}"; exit 0; fi\n'
        f"echo '{says}'\nexit {exit_code}\n"
    )
    path.chmod(0o755)
    return path


NO_SIMILARITY = "Description: ITK ERROR: The following component could not be created: SimilarityTransform"


@needs_posix
class TestDiscovery:
    """Which elastix is taken."""

    @pytest.fixture
    def new_subject(self):
        return list(read_parameter_files(Modality.NEW_SUBJECT).values())

    def test_program_without_a_component_is_refused_in_clear_words(self, tmp_path, new_subject):
        program = fake_elastix(tmp_path, says=NO_SIMILARITY, exit_code=1)
        with pytest.raises(EngineError, match=r"elastix 5\.0\.1 .*cannot run the .* without the component Similarity"):
            find_engine(str(program), new_subject)

    @needs_program
    def test_real_program_without_a_component(self, new_subject):
        if executable_version(Path(PROGRAM)) != "5.0.1":
            pytest.skip("only Debian's elastix 5.0.1 is known to lack one")
        with pytest.raises(EngineError, match=r"cannot run the SimilarityTransform stage: .*5\.1 or later"):
            find_engine(str(PROGRAM), new_subject)
        assert find_engine(str(PROGRAM), read_parameter_files(Modality.LONGITUDINAL).values()).version == "5.0.1"

    @needs_package
    def test_program_without_a_component_is_passed_over(self, tmp_path, new_subject):
        program = fake_elastix(tmp_path, says=NO_SIMILARITY, exit_code=1)
        choice = find_engine(AUTOMATIC, new_subject, candidates=[program])
        assert choice.executable is None
        assert choice.name.startswith("itk-elastix ")

    @needs_package
    def test_choice_starts_an_engine(self):
        choice = find_engine(PACKAGE)
        engine = choice.start(threads=2)
        try:
            assert (engine.name, engine.version, engine.threads) == (choice.name, choice.version, 2)
        finally:
            engine.close()

    @pytest.fixture
    def started(self, monkeypatch):
        """The engines that were started; they do nothing."""
        engines = []

        class Engine:
            name, version = "engine 1.0", "1.0"

            def __init__(self, threads):
                self.threads, self.closed = threads, 0
                engines.append(self)

            def close(self):
                self.closed += 1

        monkeypatch.setattr(discovery, "PackageEngine", Engine)
        return engines

    def test_one_that_is_not_kept_is_closed(self, started):
        choice = find_engine(PACKAGE)
        assert [engine.closed for engine in started] == [1]
        assert choice.start(1) is started[1]

    def test_one_that_is_kept_is_used_once(self, started):
        choice = find_engine(PACKAGE, keep=True)
        assert choice.start(1) is started[0]
        assert choice.start(1) is started[1]
        choice.close()
        assert [engine.closed for engine in started] == [0, 0]

    def test_one_that_is_kept_is_never_used_with_another_number_of_threads(self, started):
        choice = find_engine(PACKAGE, keep=True)
        assert choice.start(2) is started[1]
        assert [engine.threads for engine in started] == [1, 2]
        assert choice.start(1) is started[0]

    def test_one_that_is_kept_and_not_needed_ends_with_the_choice(self, started):
        choice = find_engine(PACKAGE, keep=True)
        for _ in range(2):
            choice.close()
        assert [engine.closed for engine in started] == [1]
        assert choice.start(1) is started[1]

    def test_one_that_is_refused_is_not_kept(self, started, monkeypatch):
        def refuse(engine, parameter_maps):
            raise EngineError("lacks all")

        monkeypatch.setattr(discovery, "check_engine", refuse)
        with pytest.raises(EngineError, match="lacks all"):
            find_engine(PACKAGE, keep=True)
        assert [engine.closed for engine in started] == [1]

    def test_other_computers_get_the_choice_without_the_engine(self, started):
        choice = find_engine(PACKAGE, keep=True)
        sent = pickle.loads(pickle.dumps(choice))
        assert (sent, hash(sent), sent.kind) == (choice, hash(choice), choice.kind)
        assert sent.start(1) is started[1]
        assert choice.start(1) is started[0]

    def test_nothing_usable_lists_what_was_passed_over(self, tmp_path, monkeypatch, new_subject):
        monkeypatch.setattr(discovery, "package_is_installed", lambda: False)
        monkeypatch.setattr(shutil, "which", lambda name: None)
        program = fake_elastix(tmp_path, says=NO_SIMILARITY, exit_code=1)
        with pytest.raises(EngineError, match=r"(?s)SlicerElastix.*pip install itk-elastix.*passed over: .*Similarity"):
            find_engine(AUTOMATIC, new_subject, candidates=[program])

    def test_folder_of_a_program_will_do(self, tmp_path):
        fake_elastix(tmp_path, "5.2.0")
        choice = find_engine(str(tmp_path))
        assert (choice.version, choice.executable) == ("5.2.0", tmp_path / "elastix")

    def test_missing_program(self, tmp_path):
        with pytest.raises(EngineError, match="there is no elastix program at"):
            find_engine(str(tmp_path / "elastix"))

    def test_program_that_is_not_elastix(self, tmp_path):
        with pytest.raises(EngineError, match="does not answer like elastix: .*Python"):
            executable_version(Path(sys.executable))
        program = tmp_path / "elastix"
        program.write_text("no program at all")
        program.chmod(0o755)
        with pytest.raises(EngineError, match="cannot be run as elastix"):
            executable_version(program)
        with pytest.raises(EngineError, match="cannot be run as elastix"):
            executable_version(tmp_path / "missing")

    def test_program_that_writes_nothing_is_an_error(self, tmp_path, scene):
        """Exit code 0 is not enough."""
        engine = ExecutableEngine(fake_elastix(tmp_path, says="all is well"))
        with pytest.raises(EngineError, match="exit code 0; the last it said was: all is well"):
            engine.register(job(scene, tmp_path / "out", "EulerTransform"))

    def test_libraries_beside_the_program_are_found(self, tmp_path, monkeypatch):
        monkeypatch.setenv("LD_LIBRARY_PATH", "/else/where")
        paths = environment_for(tmp_path / "bin" / "elastix")["LD_LIBRARY_PATH"].split(os.pathsep)
        assert paths == [str(tmp_path / "bin"), str(tmp_path / "lib"), "/else/where"]


@pytest.mark.parametrize(
    ("log", "message"),
    [
        ("Location\n  Description: ITK ERROR: Mattes(0x7f1): ERROR: a. \n  Description: b", "elastix says: a"),
        ("ERROR: the file does not exist.", "elastix says: the file does not exist"),
        ("blah\nError: bad_alloc", "elastix says: bad_alloc. There is not enough memory: run fewer images in parallel"),
        ("first\nlast\n\n", "elastix stopped with exit code 3; the last it said was: last"),
        ("", "elastix stopped with exit code 3; the last it said was: nothing"),
    ],
)
def test_error_from_log(log, message):
    assert str(error_from_log(log, 3)) == message


class TestParameters:
    """Parameter files, as elastix reads them."""

    def test_reads_what_elastix_reads(self, tmp_path):
        path = tmp_path / "p.txt"
        path.write_text(
            '\ufeff// (Metric "None")\n(Metric "A" "B")  // two\n\n( Path "a // b (c)" )\n(Numbers 1 -2.5 1e-05)\n'
        )
        assert read_parameters(path) == {
            "Metric": ("A", "B"),
            "Path": ("a // b (c)",),
            "Numbers": ("1", "-2.5", "1e-05"),
        }

    def test_all_errors_are_reported_with_their_lines(self, tmp_path):
        path = tmp_path / "p.txt"
        path.write_text('(Metric "A")\n(Metric "B")\nMetric "C"\n(Metric "D"\n')
        with pytest.raises(InputError) as error:
            read_parameters(path)
        assert [problem.line for problem in error.value.problems] == [2, 3, 4]

    def test_writes_what_it_read(self, tmp_path):
        values = {"Text": ("a b", "", "true"), "Numbers": ("1", "-2.50", "1e-05", ".5"), "Not": ("nan", "1.2.3")}
        write_parameters(tmp_path / "p.txt", values)
        assert read_parameters(tmp_path / "p.txt") == values
        assert '(Numbers 1 -2.50 1e-05 .5)\n(Not "nan" "1.2.3")' in (tmp_path / "p.txt").read_text()


def test_initial_transform_has_the_names_of_all_versions():
    """elastix up to 5.0 writes and reads one, later versions the other."""
    assert initial_transform("a.txt") == {
        "InitialTransformParametersFileName": ("a.txt",),
        "InitialTransformParameterFileName": ("a.txt",),
    }
