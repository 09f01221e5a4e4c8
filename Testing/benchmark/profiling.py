"""Where the seconds of one knee go, in tables that add up to the whole."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pandas as pd

from .checkouts import Checkout
from .elastix_log import ITERATIONS, STEP_SIZE, ElastixTimes, read_times
from .errors import BenchmarkError
from .knees import Trial, write_study
from .processes import Observation, observe
from .running import failure_text, segment_command

ELASTIX = "elastix"

RULES: tuple[tuple[str, str], ...] = (
    ("elastix.*.register", ELASTIX),
    ("elastix.package.*", "starting and ending elastix's process"),
    ("elastix.*", "finding elastix"),
    ("registration.starts.*", "search for a start"),
    ("segmentation.segment._measure_residuals", "checks"),
    ("images.transforms.folding", "checks"),
    ("segmentation.segment._measure_tissue", "checks"),
    ("registration.limits.*", "checks"),
    ("registration.match.*", "checks"),
    ("registration.references.*", "reading the reference again"),
    ("registration.*", "preparing images for elastix"),
    ("images.backward.*", "inversion"),
    ("images.warping.*", "warping masks"),
    ("segmentation.carrying.*", "warping masks"),
    ("fusion.*", "fusion"),
    ("segmentation.links.*", "references to each other, without elastix"),
    ("segmentation.registered.warp_to_reference", "warping images to the reference"),
    ("images.files.write_image", "writing: compress, write, read back"),
    ("segmentation.results.publish", "writing: checksums, moving into place, record"),
    ("segmentation.registered.*", "writing: compress, write, read back"),
    ("segmentation.results.*", "writing: compress, write, read back"),
    ("segmentation.record.*", "fingerprints and earlier results"),
    ("commands.segment._checked_input", "reading and checking all input"),
    ("segmentation.resume.*", "fingerprints and earlier results"),
    ("segmentation.work.*", "reading the moving image again, and the rest of the run"),
    ("commands.running.*", "waiting for the run to begin or end"),
    ("commands.segment.run", "waiting for elastix's probe, and the rest of the command"),
)
"""What a stack belongs to: the first of these whose pattern one of its functions has (:mod:`fnmatch`)."""

_FREQUENCY = 199  # samples a second; a prime, so as not to run in step with anything
_PERF = ("perf", "record", "-q", "-e", "cpu-clock", "-F", str(_FREQUENCY), "-o")
_SAMPLE = re.compile(r"^\s*(?P<pid>\d+)\s+[0-9a-f]+ (?P<symbol>.+) \((?P<file>[^()]*)\)$")
_ELASTIX_FILE = re.compile(r"elastix", re.IGNORECASE)

_UNKNOWN = "other code of elastix"
_COMPONENTS = (
    ("step size estimation", r"ComputeJacobianTerms|^vnl_"),
    ("drawing samples", r"Sampler|MersenneTwister|ImageSample"),
    # The joint histogram is an image of two dimensions.
    ("metric", r"Metric|MutualInformation|ParzenWindow|Limiter|Image<double, 2u>"),
    ("transform and its Jacobian", r"Transform|InterpolationWeight|BSpline\w*Kernel|GridRegion"),
    ("interpolation of the moving image", r"Interpolat|BSplineDecomposition"),
    ("pyramids and smoothing", r"Pyramid|Gaussian|NeighborhoodOperator|Shrink|Resample"),
    ("optimizer", r"Optimizer|GradientDescent"),
    ("functions without a name", r"^\[unknown\]$"),
)


@dataclass(frozen=True)
class TimedRegistration:
    """One registration by elastix.

    :param name: of its folder: ``fc_spline``, ``start1/f_rigid``, ``rival/f_rigid``, ``probe 0``.
    :param seconds: until the answer was there.
    """

    name: str
    seconds: float
    times: ElastixTimes

    @property
    def is_probe(self) -> bool:
        """Whether it only tried what elastix can do; that happens while the input is being read."""
        return self.name.startswith("probe")


@dataclass(frozen=True)
class Profile:
    """Where the time of one knee went.

    :param observation: as for any knee; its seconds are what everything adds up to.
    :param outside: seconds before and after the library's own code ran, by what that was.
    :param samples: seconds by stack of the thread that worked on the knee.
    """

    observation: Observation
    outside: Mapping[str, float]
    samples: Mapping[tuple[str, ...], float]
    registrations: tuple[TimedRegistration, ...]


def profile_knee(checkout: Checkout, trial: Trial, options: Sequence[str]) -> Profile:
    """Segment a knee, watched from inside.

    :raises BenchmarkError: if it ends without a result.
    """
    with tempfile.TemporaryDirectory(prefix="knee-benchmark-") as temporary:
        output = Path(temporary) / "profile.json"
        arguments = _arguments(trial, Path(temporary), options)
        command = checkout.command(str(output), *arguments, module="benchmark.profiled")
        observation = observe(command, checkout.environment)
        if not output.is_file():
            raise BenchmarkError(failure_text(trial.moving.knee, checkout, observation))
        content = json.loads(output.read_text())
    return _profile(observation, content)


def classify(stack: Sequence[str]) -> str:
    """What a stack of functions belongs to, by :data:`RULES`; or the innermost of them, if nobody knows."""
    for pattern, category in RULES:
        if any(fnmatch(name, pattern) for name in stack):
            return category
    return f"unexplained: {stack[-1]}" if stack else "unexplained: outside the library"


def time_by_category(profile: Profile) -> pd.DataFrame:
    """Seconds by category, with elastix's own parts in place of the waiting for it; they add up to the whole."""
    seconds = defaultdict(float, profile.outside)
    for stack, value in profile.samples.items():
        seconds[classify(stack)] += value
    waited = seconds.pop(ELASTIX, 0.0)
    told: defaultdict[str, float] = defaultdict(float)
    for registration in profile.registrations:
        if not registration.is_probe:
            for part, value in registration.times.parts.items():
                told[f"{ELASTIX}: {part}"] += value
    seconds.update(told)
    seconds[f"{ELASTIX}: reading files and what its log leaves out"] = waited - sum(told.values())
    seconds["unexplained: between the samples"] = profile.observation.seconds - sum(seconds.values())
    return _with_share(seconds, profile.observation.seconds, "where")


def time_by_call(profile: Profile, count: int = 15) -> pd.DataFrame:
    """The innermost functions of the library that took longest, with what they called (in brackets)."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for stack, value in profile.samples.items():
        seconds[" ".join(stack[-2:])] += value
    largest = sorted(seconds, key=lambda call: seconds[call], reverse=True)[:count]
    return _with_share({call: seconds[call] for call in largest}, profile.observation.seconds, "innermost functions")


def registration_table(profile: Profile) -> pd.DataFrame:
    """Each registration: seconds, iterations and how long one takes, step size estimation, pyramids, resolutions."""
    rows = []
    for registration in profile.registrations:
        times = registration.times
        rows.append(
            {
                "registration": registration.name,
                "seconds": registration.seconds,
                **times.parts,
                "of the estimation: Jacobian": times.jacobian,
                "iterations run": times.iterations,
                "ms an iteration": 1000 * times.parts[ITERATIONS] / max(1, times.iterations),
                "seconds by resolution": " ".join(f"{seconds:.2f}" for seconds in times.resolutions),
            }
        )
    return pd.DataFrame(rows).rename(columns={STEP_SIZE: "estimation"})


def elastix_components(checkout: Checkout, trial: Trial, options: Sequence[str]) -> pd.DataFrame:
    """Processor time of elastix's processes by component, sampled by Linux's ``perf`` in a run of its own.

    Functions are assigned by name (the package has the names of its C++ functions), each with its own time only, so
    that what a component calls in the C library counts there.

    :raises BenchmarkError: if there is no ``perf``, or it may not be used.
    """
    if shutil.which("perf") is None:
        raise BenchmarkError("--perf needs Linux's perf (Debian: apt-get install linux-perf)")
    with tempfile.TemporaryDirectory(prefix="knee-benchmark-") as temporary:
        samples = Path(temporary) / "perf.data"
        command = checkout.command(*_arguments(trial, Path(temporary), options))
        observation = observe([*_PERF, str(samples), "--", *command], checkout.environment)
        listed = subprocess.run(
            ["perf", "script", "-i", str(samples), "-F", "pid,ip,sym,dso"], capture_output=True, text=True, check=False
        )
    if listed.returncode != 0:
        raise BenchmarkError(f"perf failed: {observation.errors.strip()} {listed.stderr.strip()}")
    counts = count_components(listed.stdout.splitlines())
    cpu = {name: count / _FREQUENCY for name, count in counts.items()}
    return _with_share(cpu, sum(cpu.values()), "component", "CPU s")


def count_components(lines: Iterable[str]) -> Counter[str]:
    """Samples by component, of the processes that had elastix's library loaded and ran in it.

    :param lines: of ``perf script -F pid,ip,sym,dso``.
    """
    samples = [match for match in map(_SAMPLE.match, lines) if match]
    workers = {sample["pid"] for sample in samples if _ELASTIX_FILE.search(sample["file"])}
    return Counter(_component(sample) for sample in samples if sample["pid"] in workers)


def _component(sample: re.Match[str]) -> str:
    if not _ELASTIX_FILE.search(sample["file"]):
        kernel = sample["file"].startswith("[")
        return "the system" if kernel else f"library {Path(sample['file']).name.split('.')[0]}"
    found = (name for name, pattern in _COMPONENTS if re.search(pattern, sample["symbol"]))
    return next(found, _UNKNOWN)


def _arguments(trial: Trial, temporary: Path, options: Sequence[str]) -> list[str]:
    list_file = write_study(temporary / "study", [trial])
    return segment_command(list_file, trial, temporary / "output", options)


def _profile(observation: Observation, content: Mapping[str, Any]) -> Profile:
    outside = {
        "start-up: interpreter": content["begun"] - observation.begun,
        "start-up: imports": content["imported"] - content["begun"],
        "end of the process": observation.begun + observation.seconds - content["ended"],
    }
    registrations = (
        TimedRegistration(_name(Path(entry["folder"])), entry["seconds"], read_times(entry["log"]))
        for entry in content["registrations"]
    )
    samples = {tuple(entry["stack"]): entry["seconds"] for entry in content["samples"]}
    return Profile(observation, outside, samples, tuple(registrations))


def _name(folder: Path) -> str:
    if folder.parent.name.startswith("knee-cartilage-seg-"):
        return f"probe {folder.name}"
    return folder.name if folder.parent.name.startswith("tmp") else f"{folder.parent.name}/{folder.name}"


def _with_share(seconds: Mapping[str, float], whole: float, title: str, unit: str = "seconds") -> pd.DataFrame:
    """A table, the largest first, with a sum at its end."""
    frame = pd.DataFrame({title: list(seconds), unit: list(seconds.values())}).sort_values(unit, ascending=False)
    total = pd.DataFrame({title: ["sum"], unit: [frame[unit].sum()]})
    frame = pd.concat([frame, total], ignore_index=True)
    frame["%"] = 100 * frame[unit] / whole
    return frame
