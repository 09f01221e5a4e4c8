"""How well ``knee-cartilage-seg change`` measures a change that is known.

    python Testing/benchmark/simulated_change.py --knees s02 d04 --losses 0 3

Anatomies are label maps of real knees, gray values are simulated by ``../shared/knees/make_knees.py``. Each knee is
seen at two visits, in poses of their own. At the second, the cartilage is thinner by a percentage of its volume, taken
from its outer side in proportion to its thickness, voxel by voxel.

--tissue new   everything but the label map is drawn anew: noise, bias field, textures, fluid, menisci, muscles. A visit
               differs more from the other than real ones do.
--tissue same  textures and surroundings stay with the anatomy; noise, bias field, gain and gamma differ.

Printed: one row per knee and loss with the change of the volume (percent) and of the mean thickness (mm) that were put
in, were found, and their standard errors; with --back also with the visits exchanged. 40 CPU seconds a row.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk
from scipy.spatial import cKDTree

HERE = Path(__file__).resolve().parent
MAKE_KNEES = HERE.parents[2] / "shared" / "knees" / "make_knees.py"
MARGIN_MM = 14.0
FEMUR, CARTILAGE, FEMUR_LESION = 1, 2, 7
ROTATION, TRANSLATION_MM = 0.05, 4.0  # radians; at most, of each visit
GAIN, GAMMA = 1.25, 0.9  # of the second visit, --tissue same


class Quiet(np.random.Generator):
    """Random numbers for textures, without bias field and noise."""

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        return 0.0 if size is None else np.zeros(size)


@dataclass(frozen=True)
class Visit:
    """An image, and where the anatomy lies in it: points of the image to points of the label map."""

    image: sitk.Image
    labels: sitk.Image
    pose: sitk.Transform

    def mask(self, *values: int) -> sitk.Image:
        found = np.isin(sitk.GetArrayViewFromImage(self.labels), values).astype(np.uint8)
        mask = sitk.GetImageFromArray(found)
        mask.CopyInformation(self.labels)
        return mask


def main() -> int:
    sys.path[:1] = [str(HERE.parents[1] / "KneeCartilageSeg")]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--make-knees", type=Path, default=MAKE_KNEES, help="the program; label maps lie beside it")
    parser.add_argument("--knees", nargs="+", default=["s02", "d04"])
    parser.add_argument("--losses", nargs="+", type=float, default=[0.0, 3.0], help="percent of the volume")
    parser.add_argument("--tissue", choices=["new", "same"], default="new")
    parser.add_argument("--back", action="store_true", help="also with the visits exchanged")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    maker = load(args.make_knees)
    print("| knee | way | put in, % | found, % | error, % | found, mm | error, mm | seen, % |\n|" + "---|" * 8)
    for knee in args.knees:
        labels = crop(sitk.ReadImage(str(args.make_knees.parent / "labels" / f"{knee}.nii.gz")))
        seed = args.seed + zlib.crc32(knee.encode()) % 10**6
        first = visit(maker, labels, seed, 0, args.tissue)
        for number, loss in enumerate(args.losses, start=1):
            second = visit(maker, thinned(labels, loss) if loss else labels, seed, number, args.tissue)
            report(knee, "forth", -loss, first, second)
            if args.back:
                report(knee, "back", loss, second, first)
    return 0


def load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("make_knees", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def crop(labels: sitk.Image) -> sitk.Image:
    from KneeCartilageSegLib.images.regions import bounding_box
    from KneeCartilageSegLib.images.regions import crop as cut

    return cut(labels, *bounding_box(labels == CARTILAGE), MARGIN_MM)


def thinned(labels: sitk.Image, percent: float) -> sitk.Image:
    """Without the outermost voxels of the cartilage, by their height over the bone in parts of its thickness."""
    from KneeCartilageSegLib.images.grid import Grid
    from KneeCartilageSegLib.measurement.edges import Neighborhood

    measured = measure(Visit(labels, labels, sitk.Transform()))
    surface, covered = measured.surface, measured.surface.covered & np.isfinite(measured.thickness)
    thickness = Neighborhood(surface.bone, covered).smooth(measured.thickness[covered], 10)
    array = sitk.GetArrayFromImage(labels)
    voxels = np.argwhere(array == CARTILAGE)
    points = Grid.of(labels).points(voxels[:, ::-1].astype(float))
    nearest = cKDTree(surface.bone.points[covered]).query(points)[1]
    offsets = points - surface.bone.points[covered][nearest]
    height = np.einsum("ij,ij->i", offsets, surface.normals[covered][nearest]) / np.maximum(thickness[nearest], 0.3)
    lost = voxels[np.argsort(-height)[: round(percent / 100 * len(voxels))]]
    array[tuple(lost.T)] = 0
    made = sitk.GetImageFromArray(array)
    made.CopyInformation(labels)
    return made


def visit(maker: Any, labels: sitk.Image, seed: int, number: int, tissue: str) -> Visit:
    rng = np.random.default_rng((seed, number))
    center = labels.TransformContinuousIndexToPhysicalPoint([n / 2 for n in labels.GetSize()])
    angles, shift = rng.uniform(-ROTATION, ROTATION, 3), rng.uniform(-TRANSLATION_MM, TRANSLATION_MM, 3)
    pose = sitk.Euler3DTransform(center, *angles.tolist(), shift.tolist())
    moved = sitk.Resample(labels, labels, pose, sitk.sitkNearestNeighbor, 0)
    if tissue == "new":
        return Visit(maker.render(moved, seed + 31 * number), moved, pose)
    still = maker.render(labels, Quiet(np.random.PCG64(seed)))
    image = sitk.Resample(sitk.Cast(still, sitk.sitkFloat32), labels, pose, sitk.sitkBSpline, 0.0)
    return Visit(scanned(image, rng, *((GAIN, GAMMA) if number else (1.0, 1.0))), moved, pose)


def scanned(image: sitk.Image, rng: np.random.Generator, gain: float, gamma: float) -> sitk.Image:
    """With gain, gamma, bias field and Rician noise as make_knees.py has them."""
    values = gain * np.clip(sitk.GetArrayFromImage(image) / 1000, 0, 4) ** gamma
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n, dtype=np.float32) for n in values.shape), indexing="ij", sparse=True)
    a = rng.uniform(-0.16, 0.16, 6)
    values *= np.exp(a[0] * z + a[1] * y + a[2] * x + a[3] * z**2 + a[4] * y**2 + a[5] * y * x)
    sigma = gain * rng.uniform(0.018, 0.032)
    real, imaginary = (sigma * rng.standard_normal(values.shape, np.float32) for _ in range(2))
    made = sitk.GetImageFromArray(np.clip(1000 * np.hypot(values + real, imaginary), 0, 4000).astype(np.int16))
    made.CopyInformation(image)
    return made


def measure(one: Visit) -> Any:
    from KneeCartilageSegLib.measurement.knee import measure_knee

    return measure_knee(one.mask(CARTILAGE), one.mask(FEMUR, FEMUR_LESION))


def report(knee: str, way: str, put_in: float, first: Visit, second: Visit) -> None:
    """Measure from where a registration of whole images would leave it, and print a row."""
    from KneeCartilageSegLib.measurement.change import measure_change
    from KneeCartilageSegLib.measurement.motion import Motion

    measured = measure(first)
    motion = Motion.of(sitk.CompositeTransform([second.pose.GetInverse(), first.pose]))
    middle = measured.surface.bone.points.mean(axis=0)
    motion = motion.after(np.radians([0.2, -0.25, 0.2]), np.array([0.2, -0.2, 0.15]), middle)
    whole = measure_change(first.image, measured, second.image, motion).whole
    print(
        f"| {knee} | {way} | {put_in:+.1f} | {whole.volume_percent:+.2f} | {whole.volume_percent_error:.2f} "
        f"| {whole.thickness_change:+.4f} | {whole.thickness_error:.4f} | {100 * whole.seen:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
