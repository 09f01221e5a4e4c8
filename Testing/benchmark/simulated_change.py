"""How well ``knee-cartilage-seg change`` measures a change that is known.

    python Testing/benchmark/simulated_change.py FILE.csv --knees s05 d09 --losses 0 1 3 5 --focal

Anatomies are label maps of real knees, gray values are simulated by ``../shared/knees/make_knees.py``. Each knee is
seen at two visits, in poses of their own, with noise, bias field and contrast (gain and gamma) of their own. At the
second, the cartilage is thinner: by a percentage of its volume, everywhere in proportion to its thickness, or with
--focal by 60 % within 6 mm of the middle of the medial weight-bearing part. Voxels are lost in parts: their gray value
is mixed from that of the cartilage and that of what would lie there without it, before the point spread.

--tissue same  textures and surroundings are those of the anatomy at both visits, where the cartilage is not lost
--tissue new   these are drawn anew, too: other marrow, fluid, menisci and muscles. A visit differs more from the other
               than real ones of one person do

Written: one row per knee, loss, seed and way (and region, for a focal lesion), appended to FILE.csv as soon as it is
measured; what is in there is not measured again. Ways: "forth" with the masks of the first visit; with --back also
"back", where the visits are exchanged and the masks are those of the thinner cartilage, and "both" with both masks.
Changes are those from the first to the second of the pair measured, in percent of the mean of both. --table prints a
summary of FILE.csv and measures nothing.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import itertools
import resource
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk
from scipy import ndimage
from scipy.spatial import cKDTree

HERE = Path(__file__).resolve().parent
MAKE_KNEES = HERE.parents[2] / "shared" / "knees" / "make_knees.py"
MARGIN_MM = 14.0
FEMUR, CARTILAGE, FEMUR_LESION = 1, 2, 7
ROTATION, TRANSLATION_MM = 0.05, 4.0  # radians; at most, of each visit
GAIN, GAMMA = 1.25, 0.9  # of the second visit
POINT_SPREAD = 0.45  # voxels, as in make_knees.py
FOCAL_DEPTH, FOCAL_RADIUS_MM, FOCAL_REGION = 0.6, 6.0, "medial_central_central"
FOCAL = "focal"
MOST = 6.0  # percent; what is behind is drawn for a loss as large as this

KEYS = ("knee", "tissue", "noise", "seed", "loss", "way", "region")
VALUES = (
    "true_percent",
    "percent",
    "percent_error",
    "true_mm",
    "mm",
    "mm_error",
    "seen_percent",
    "disagreement_percent",
    "cpu_seconds",
)


class Quiet(np.random.Generator):
    """Random numbers for textures, without bias field and noise."""

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        return 0.0 if size is None else np.zeros(size)


class Unspread:
    """scipy.ndimage without the point spread."""

    def __getattr__(self, name: str) -> Any:
        return getattr(ndimage, name)

    def gaussian_filter(self, values: np.ndarray, sigma: float, **options: Any) -> np.ndarray:
        return values if sigma == POINT_SPREAD else ndimage.gaussian_filter(values, sigma, **options)


@dataclass(frozen=True)
class Visit:
    """An image, and the anatomy in it."""

    image: sitk.Image
    labels: sitk.Image

    def masks(self) -> dict[Any, sitk.Image]:
        from KneeCartilageSegLib.tissue import Tissue

        values = {Tissue.FEMUR: (FEMUR, FEMUR_LESION), Tissue.CARTILAGE: (CARTILAGE,)}
        return {tissue: mask_of(self.labels, *labels) for tissue, labels in values.items()}


@dataclass(frozen=True)
class Loss:
    """What is lost of an anatomy.

    :param shares: of each voxel (z, y, x; 0 to 1).
    :param thinner: by how much the cartilage is thinner at each covered point of the bone, in parts of its thickness.
    """

    shares: np.ndarray
    thinner: np.ndarray


class Anatomy:
    """A label map and the measurement of its cartilage."""

    def __init__(self, labels: sitk.Image):
        from KneeCartilageSegLib.images.grid import Grid
        from KneeCartilageSegLib.measurement.knee import measure_knee
        from KneeCartilageSegLib.measurement.lines import Neighborhood

        self.labels = labels
        self.array = sitk.GetArrayFromImage(labels)
        self.measured = measure_knee(mask_of(labels, CARTILAGE), mask_of(labels, FEMUR, FEMUR_LESION))
        surface = self.measured.surface
        covered = surface.covered & np.isfinite(self.measured.thickness)
        self.points, normals = surface.bone.points[covered], surface.normals[covered]
        self.areas, self.parts = surface.areas[covered], self.measured.parts[covered]
        self.exact = self.measured.thickness[covered]
        self.thickness = np.maximum(Neighborhood(surface.bone, covered).smooth(self.exact, 10), 0.3)
        self.voxels = np.argwhere(self.array == CARTILAGE)
        places = Grid.of(labels).points(self.voxels[:, ::-1].astype(float))
        self.nearest = cKDTree(self.points).query(places)[1]
        normals = normals[self.nearest]
        self.heights = np.einsum("ij,ij->i", places - self.points[self.nearest], normals)
        # How far a voxel reaches along the normal.
        self.extents = np.abs(normals @ Grid.of(labels).matrix).max(axis=1)

    def thinned(self, percent: float) -> Loss:
        """Everywhere by the same part of the thickness, so that the volume falls by a percentage."""
        low, high = 0.0, 0.5
        for _ in range(30):
            middle = (low + high) / 2
            loss = self._loss(np.full(len(self.points), middle))
            low, high = (middle, high) if loss.shares.sum() < percent / 100 * len(self.voxels) else (low, middle)
        # Of the thickness, it is less than of the volume, as the outer side is larger.
        part = percent / 100 * self.volume / np.sum(self._outer_areas() * self.exact)
        return Loss(loss.shares, np.full(len(self.points), part))

    def focal(self) -> Loss:
        """In a disk of the weight-bearing part."""
        from KneeCartilageSegLib.measurement.regions import REGIONS, in_region

        region = next(region for region in REGIONS if region.key == FOCAL_REGION)
        middle = self.points[in_region(self.parts, region)].mean(axis=0)
        distance = np.linalg.norm(self.points - middle, axis=1)
        distance -= distance.min()
        return self._loss(FOCAL_DEPTH * np.clip(FOCAL_RADIUS_MM + 0.5 - distance, 0, 1))

    @cached_property
    def volume(self) -> float:
        """mm3"""
        return len(self.voxels) * float(np.prod(self.labels.GetSpacing()))

    def without(self, loss: Loss) -> sitk.Image:
        """The labels without all voxels that lose anything."""
        array = np.where(loss.shares > 0, 0, self.array).astype(self.array.dtype)
        return like(array, self.labels)

    def left(self, loss: Loss) -> sitk.Image:
        """The labels without the voxels that lose more than half."""
        return like(np.where(loss.shares > 0.5, 0, self.array).astype(self.array.dtype), self.labels)

    def truth(self, loss: Loss, region: Any) -> tuple[float, float]:
        """The change of a region: of the volume, in percent of the mean of both, and of the mean thickness (mm)."""
        from KneeCartilageSegLib.measurement.regions import in_region

        inside = in_region(sitk.GetArrayViewFromImage(self.measured.labels), region)
        before, lost = inside.sum(), loss.shares[inside].sum()
        points = in_region(self.parts, region)
        thinner = np.average((loss.thinner * self.exact)[points], weights=self.areas[points])
        return float(-200 * lost / (2 * before - lost)), -float(thinner)

    def _loss(self, parts: np.ndarray) -> Loss:
        thickness, parts_of_voxels = self.thickness[self.nearest], parts[self.nearest]
        above = self.heights + self.extents / 2 - (1 - parts_of_voxels) * thickness
        shares = np.zeros(self.array.shape, np.float32)
        shares[tuple(self.voxels.T)] = np.where(parts_of_voxels > 0, np.clip(above / self.extents, 0, 1), 0)
        # Up to the middle of the staircase nothing is lost of voxels that only stand out from a smooth surface.
        still = np.clip((self.heights + self.extents / 2 - thickness) / self.extents, 0, 1)
        shares[tuple(self.voxels.T)] -= np.where(parts_of_voxels > 0, still, 0)
        return Loss(np.clip(shares, 0, 1), parts)

    def _outer_areas(self) -> np.ndarray:
        from KneeCartilageSegLib.measurement.change import area_growth

        surface = self.measured.surface
        covered = surface.covered & np.isfinite(self.measured.thickness)
        return self.areas * area_growth(surface.bone, covered, surface.normals[covered], self.thickness)


class Person:
    """A knee that can be scanned as often as one likes."""

    def __init__(self, maker: Any, knee: str, labels: sitk.Image, tissue: str, noise: float, seed: int):
        self._maker, self._tissue, self._noise = maker, tissue, noise
        self.anatomy = Anatomy(labels)
        self._seed = seed + zlib.crc32(knee.encode()) % 10**6
        self._drawn: dict[tuple[str, int], np.ndarray] = {}
        self.most = self.anatomy.thinned(MOST)

    def visit(self, number: int, loss: Loss | None, focal: bool = False) -> Visit:
        """A scan; whatever is random in it follows from the number."""
        values, labels = self._values("whole", number), self.anatomy.labels
        if loss is not None:
            behind = self._values(
                FOCAL if focal else "thin", number, self.anatomy.without(loss if focal else self.most)
            )
            values = values + loss.shares * (behind - values)
            labels = self.anatomy.left(loss)
        rng = np.random.default_rng((self._seed, number))
        center = labels.TransformContinuousIndexToPhysicalPoint([n / 2 for n in labels.GetSize()])
        angles, shift = rng.uniform(-ROTATION, ROTATION, 3), rng.uniform(-TRANSLATION_MM, TRANSLATION_MM, 3)
        pose = sitk.Euler3DTransform(center, *angles.tolist(), shift.tolist())
        still = like(ndimage.gaussian_filter(values, POINT_SPREAD), labels)
        image = sitk.Resample(still, labels, pose, sitk.sitkBSpline, 0.0)
        moved = sitk.Resample(labels, labels, pose, sitk.sitkNearestNeighbor, 0)
        return Visit(scanned(image, rng, self._noise, *((GAIN, GAMMA) if number else (1.0, 1.0))), moved)

    def _values(self, what: str, number: int, labels: sitk.Image | None = None) -> np.ndarray:
        """Gray values before the point spread."""
        drawn = number if self._tissue == "new" else 0
        if (what, drawn) not in self._drawn:
            rng = Quiet(np.random.PCG64(self._seed + 31 * drawn))
            image = self._maker.render(self.anatomy.labels if labels is None else labels, rng)
            self._drawn[what, drawn] = sitk.GetArrayFromImage(image).astype(np.float32)
        return self._drawn[what, drawn]


def main() -> int:
    sys.path[:1] = [str(HERE.parents[1] / "KneeCartilageSeg")]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv", type=Path, metavar="FILE.csv", help="rows are appended to it")
    parser.add_argument("--make-knees", type=Path, default=MAKE_KNEES, help="the program; label maps lie beside it")
    parser.add_argument("--knees", nargs="+", default=["s02", "d04"])
    parser.add_argument("--losses", nargs="*", type=float, default=[0.0, 1.0, 3.0, 5.0], help="percent of the volume")
    parser.add_argument("--focal", action="store_true", help="a focal lesion as well")
    parser.add_argument("--tissue", choices=["new", "same"], default="same")
    parser.add_argument("--back", action="store_true", help="also with the visits exchanged, and both ways")
    parser.add_argument("--noise", type=float, default=1.0, help="times as much noise")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--table", action="store_true", help="print a summary of FILE.csv")
    args = parser.parse_args()
    if args.table:
        summarize(read_rows(args.csv))
    else:
        measure(args)
    return 0


def measure(args: argparse.Namespace) -> None:
    """Measure what is not in the table yet."""
    from KneeCartilageSegLib.elastix.package import PackageEngine
    from KneeCartilageSegLib.registration.parameterfiles import read_parameter_files
    from KneeCartilageSegLib.registration.stages import Modality
    from KneeCartilageSegLib.runs.machine import cores

    maker = load(args.make_knees)
    engine, parameters = PackageEngine(cores()), read_parameter_files(Modality.LONGITUDINAL)
    done = {tuple(row[key] for key in KEYS[:-1]) for row in read_rows(args.csv)}
    for knee, seed in itertools.product(args.knees, args.seeds):
        labels = crop(sitk.ReadImage(str(args.make_knees.parent / "labels" / f"{knee}.nii.gz")))
        person = Person(maker, knee, labels, args.tissue, args.noise, seed)
        for loss in [f"{loss:g}" for loss in args.losses] + [FOCAL] * args.focal:
            ways = ("forth", "back", "both") if args.back else ("forth",)
            keys = {way: (knee, args.tissue, str(args.noise), str(seed), loss, way) for way in ways}
            if done.issuperset(keys.values()):
                continue
            pair, lost = visits(person, loss)
            changes, seconds = compare(pair, args.back, engine, parameters)
            rows = []
            for way in ways:
                sign = -1 if way == "back" else 1
                for found in changes[way].regions if loss == FOCAL else changes[way].regions[:1]:
                    volume, thickness = person.anatomy.truth(lost, found.region) if lost else (0.0, 0.0)
                    values = (
                        sign * volume,
                        found.volume_percent,
                        found.volume_percent_error,
                        sign * thickness,
                        found.thickness_change,
                        found.thickness_error,
                        100 * found.seen,
                        found.disagreement,
                        seconds,
                    )
                    rows.append((*keys[way], found.region.key, *(f"{value:.4f}" for value in values)))
            append(args.csv, rows)
    engine.close()


def compare(pair: tuple[Visit, Visit], back: bool, engine: Any, parameters: Any) -> tuple[dict[str, Any], float]:
    """The changes by each way, and CPU seconds for one of them."""
    from KneeCartilageSegLib.images.bias import even
    from KneeCartilageSegLib.measurement.change import mean_change
    from KneeCartilageSegLib.measurement.visits import compare_images

    began = cpu_seconds()
    first, second = (even(visit.image) for visit in pair)
    changes = {"forth": compare_images(first, pair[0].masks(), second, engine, parameters)}
    seconds = cpu_seconds() - began
    if back:
        changes["back"] = compare_images(second, pair[1].masks(), first, engine, parameters)
        exchanged = compare_images(second, pair[1].masks(), first, engine, parameters, masked_first=False)
        changes["both"] = mean_change(changes["forth"], exchanged)
    return changes, seconds


def visits(person: Person, loss: str) -> tuple[tuple[Visit, Visit], Loss | None]:
    """Two visits, and what was lost between them."""
    if loss == FOCAL:
        lost: Loss | None = person.anatomy.focal()
    else:
        lost = person.anatomy.thinned(float(loss)) if float(loss) else None
    number = 1 + (999 if loss == FOCAL else round(10 * float(loss)))
    return (person.visit(0, None), person.visit(number, lost, loss == FOCAL)), lost


def load(path: Path) -> Any:
    """make_knees.py, without its point spread."""
    spec = importlib.util.spec_from_file_location("make_knees", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    vars(module)["ndi"] = Unspread()
    return module


def crop(labels: sitk.Image) -> sitk.Image:
    from KneeCartilageSegLib.images.regions import bounding_box
    from KneeCartilageSegLib.images.regions import crop as cut

    return cut(labels, *bounding_box(labels == CARTILAGE), MARGIN_MM)


def mask_of(labels: sitk.Image, *values: int) -> sitk.Image:
    return like(np.isin(sitk.GetArrayViewFromImage(labels), values).astype(np.uint8), labels)


def like(array: np.ndarray, image: sitk.Image) -> sitk.Image:
    made = sitk.GetImageFromArray(array)
    made.CopyInformation(image)
    return made


def scanned(image: sitk.Image, rng: np.random.Generator, noise: float, gain: float, gamma: float) -> sitk.Image:
    """With gain, gamma, bias field and Rician noise as make_knees.py has them."""
    values = gain * np.clip(sitk.GetArrayFromImage(image) / 1000, 0, 4) ** gamma
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n, dtype=np.float32) for n in values.shape), indexing="ij", sparse=True)
    a = rng.uniform(-0.16, 0.16, 6)
    values *= np.exp(a[0] * z + a[1] * y + a[2] * x + a[3] * z**2 + a[4] * y**2 + a[5] * y * x)
    sigma = noise * gain * rng.uniform(0.018, 0.032)
    real, imaginary = (sigma * rng.standard_normal(values.shape, np.float32) for _ in range(2))
    return like(np.clip(1000 * np.hypot(values + real, imaginary), 0, 4000).astype(np.int16), image)


def cpu_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def read_rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with open(path, newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def append(path: Path, rows: Sequence[Sequence[str]]) -> None:
    new = not path.exists()
    with open(path, "a", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerows([[*KEYS, *VALUES]] * new + list(rows))


def summarize(rows: Sequence[dict[str, str]]) -> None:
    """Print the errors over all knees of each kind of pair, and the coefficient of variation where nothing changed."""
    print("| tissue | noise | loss | way | region | pairs | true, % | found - true, % | true, mm | found - true, mm |")
    print("|" + "---|" * 10)
    kinds = sorted({tuple(row[key] for key in ("tissue", "noise", "loss", "way", "region")) for row in rows})
    for kind in kinds:
        chosen = [row for row in rows if tuple(row[k] for k in ("tissue", "noise", "loss", "way", "region")) == kind]
        true, found, true_mm, mm = (
            np.array([float(row[name]) for row in chosen]) for name in ("true_percent", "percent", "true_mm", "mm")
        )
        percent, length = (found - true, 2), (mm - true_mm, 4)
        errors = [f"{e.mean():+.{n}f} ± {e.std(ddof=len(e) > 1):.{n}f}" for e, n in (percent, length)]
        shown = (*kind, len(chosen), f"{true.mean():.2f}", errors[0], f"{true_mm.mean():.3f}", errors[1])
        print("| " + " | ".join(map(str, shown)) + " |")
        if kind[2] == "0":
            print(f"RMS CV of the volume {np.sqrt(np.mean(found**2) / 2):.2f} %")


if __name__ == "__main__":
    sys.exit(main())
