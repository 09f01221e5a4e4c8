"""How well ``knee-cartilage-seg change`` measures a change that is known.

    python Testing/benchmark/simulated_change.py --knees s02 d04 --losses 0 3

Anatomies are label maps of real knees, gray values are simulated by ``../shared/knees/make_knees.py``. Each knee is
seen at two visits, in poses of their own. At the second, the cartilage is thinner by a percentage of its volume, taken
from its outer side in proportion to its thickness, voxel by voxel.

--tissue new   everything but the label map is drawn anew: noise, bias field, textures, fluid, menisci, muscles. A visit
               differs more from the other than real ones do.
--tissue same  textures and surroundings stay with the anatomy; noise, bias field, gain and gamma differ.

Printed: one row per knee and loss with the change of the volume (percent) that was put in, the changes of the volume
and of the mean thickness (mm) that were found, and their standard errors; with --back also with the visits exchanged,
where the masks are those of the thinner cartilage. About 40 CPU seconds per row to render, and 40 to measure.
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
    """An image, and the anatomy in it."""

    image: sitk.Image
    labels: sitk.Image

    def mask(self, *values: int) -> sitk.Image:
        found = np.isin(sitk.GetArrayViewFromImage(self.labels), values).astype(np.uint8)
        mask = sitk.GetImageFromArray(found)
        mask.CopyInformation(self.labels)
        return mask


def main() -> int:
    sys.path[:1] = [str(HERE.parents[1] / "KneeCartilageSeg")]
    from KneeCartilageSegLib.elastix.package import PackageEngine
    from KneeCartilageSegLib.images.bias import even
    from KneeCartilageSegLib.measurement.visits import compare_images
    from KneeCartilageSegLib.registration.parameterfiles import read_parameter_files
    from KneeCartilageSegLib.registration.stages import Modality
    from KneeCartilageSegLib.runs.machine import cores
    from KneeCartilageSegLib.tissue import Tissue

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--make-knees", type=Path, default=MAKE_KNEES, help="the program; label maps lie beside it")
    parser.add_argument("--knees", nargs="+", default=["s02", "d04"])
    parser.add_argument("--losses", nargs="+", type=float, default=[0.0, 3.0], help="percent of the volume")
    parser.add_argument("--tissue", choices=["new", "same"], default="new")
    parser.add_argument("--back", action="store_true", help="also with the visits exchanged")
    parser.add_argument("--noise", type=float, default=1.0, help="times as much noise, --tissue same")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    maker = load(args.make_knees)
    engine, parameters = PackageEngine(cores()), read_parameter_files(Modality.LONGITUDINAL)
    print("| knee | way | put in, % | found, % | error, % | found, mm | error, mm | seen, % |\n|" + "---|" * 8)
    for knee in args.knees:
        labels = crop(sitk.ReadImage(str(args.make_knees.parent / "labels" / f"{knee}.nii.gz")))
        seed = args.seed + zlib.crc32(knee.encode()) % 10**6
        first = visit(maker, labels, seed, 0, args.tissue, args.noise)
        for number, loss in enumerate(args.losses, start=1):
            lost = thinned(labels, loss) if loss else labels
            second = visit(maker, lost, seed, number, args.tissue, args.noise)
            ways = [("forth", -loss, first, second), ("back", loss, second, first)]
            for way, put_in, masked, other in ways if args.back else ways[:1]:
                masks = {Tissue.FEMUR: masked.mask(FEMUR, FEMUR_LESION), Tissue.CARTILAGE: masked.mask(CARTILAGE)}
                change = compare_images(even(masked.image), masks, even(other.image), engine, parameters)
                report(knee, way, put_in, change.whole)
    engine.close()
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
    from KneeCartilageSegLib.measurement.knee import measure_knee

    still = Visit(labels, labels)
    measured = measure_knee(still.mask(CARTILAGE), still.mask(FEMUR, FEMUR_LESION), regions=False)
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


def visit(maker: Any, labels: sitk.Image, seed: int, number: int, tissue: str, noise: float) -> Visit:
    rng = np.random.default_rng((seed, number))
    center = labels.TransformContinuousIndexToPhysicalPoint([n / 2 for n in labels.GetSize()])
    angles, shift = rng.uniform(-ROTATION, ROTATION, 3), rng.uniform(-TRANSLATION_MM, TRANSLATION_MM, 3)
    pose = sitk.Euler3DTransform(center, *angles.tolist(), shift.tolist())
    moved = sitk.Resample(labels, labels, pose, sitk.sitkNearestNeighbor, 0)
    if tissue == "new":
        return Visit(maker.render(moved, seed + 31 * number), moved)
    still = maker.render(labels, Quiet(np.random.PCG64(seed)))
    image = sitk.Resample(sitk.Cast(still, sitk.sitkFloat32), labels, pose, sitk.sitkBSpline, 0.0)
    return Visit(scanned(image, rng, noise, *((GAIN, GAMMA) if number else (1.0, 1.0))), moved)


def scanned(image: sitk.Image, rng: np.random.Generator, noise: float, gain: float, gamma: float) -> sitk.Image:
    """With gain, gamma, bias field and Rician noise as make_knees.py has them."""
    values = gain * np.clip(sitk.GetArrayFromImage(image) / 1000, 0, 4) ** gamma
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n, dtype=np.float32) for n in values.shape), indexing="ij", sparse=True)
    a = rng.uniform(-0.16, 0.16, 6)
    values *= np.exp(a[0] * z + a[1] * y + a[2] * x + a[3] * z**2 + a[4] * y**2 + a[5] * y * x)
    sigma = noise * gain * rng.uniform(0.018, 0.032)
    real, imaginary = (sigma * rng.standard_normal(values.shape, np.float32) for _ in range(2))
    made = sitk.GetImageFromArray(np.clip(1000 * np.hypot(values + real, imaginary), 0, 4000).astype(np.int16))
    made.CopyInformation(image)
    return made


def report(knee: str, way: str, put_in: float, whole: Any) -> None:
    print(
        f"| {knee} | {way} | {put_in:+.1f} | {whole.volume_percent:+.2f} | {whole.volume_percent_error:.2f} "
        f"| {whole.thickness_change:+.4f} | {whole.thickness_error:.4f} | {100 * whole.seen:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
