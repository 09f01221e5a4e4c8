"""The phantom's parameters, and the functions that make a knee and write it to files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk

from ..files import atomic_path
from ..images.files import itk_name
from .anatomy import SHAPE_MODES, WEAR_CENTERS, KneeAnatomy, Label
from .rendering import SIGNAL, render, scan

Vector = tuple[float, float, float]

IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)

GRID_MIDDLE: Vector = (0.0, 4.0, -3.0)
"""Physical point (LPS, mm) in the middle of a grid whose origin is not given: the knee fills the field of view."""


@dataclass(frozen=True)
class KneeParameters:
    """Everything that decides what a digital knee looks like. The defaults give a right knee on the grid of the
    Osteoarthritis Initiative's DESS. Physical space is LPS, in mm.

    :param subject: seed of the person. What is not given below is drawn from it, and so are tibia, patella, bending
        of the knee, thickness of the cartilage, soft tissue and texture.
    :param shape: shape of the femur: one number per entry of :data:`SHAPE_MODES`, in standard deviations from the mean
        knee (zeros: the mean knee). None draws it from the subject, independent normal numbers within +-2.
    :param size: scale of the person, 1 is the mean. None draws it from the subject (standard deviation 0.04).
    :param wear: mm of femoral cartilage lost in the middle of one region: the same person at a later visit.
    :param wear_region: ``medial`` or ``lateral`` (weight-bearing part of that condyle) or ``trochlea``.
    :param laterality: ``right`` or ``left``; a left knee is the mirror image (physical x changes sign), before the
        pose is applied.
    :param rotation: degrees about the physical x, y and z axes, as in ``sitk.Euler3DTransform``, about the knee's
        own origin.
    :param translation: mm, of the knee's own origin; zero is the physical origin.
    :param contrast: ``dess`` or ``t2``.
    :param noise: standard deviation of the Rician noise, in parts of the full scale of 1000.
    :param bias: the coil's sensitivity varies within a factor of exp(-bias) to exp(bias).
    :param acquisition: seed of noise and bias field, together with the subject: the same person scanned again.
    :param grid: number of voxels along i, j, k.
    :param spacing: mm along i, j, k.
    :param direction: direction cosines, row by row, as in SimpleITK.
    :param origin: physical point of the first voxel; None puts the middle of the grid at :data:`GRID_MIDDLE`.
    :raises ValueError: for values that make no knee.
    """

    subject: int = 0
    shape: tuple[float, ...] | None = None
    size: float | None = None
    wear: float = 0.0
    wear_region: str = "medial"
    laterality: str = "right"
    rotation: Vector = (0.0, 0.0, 0.0)
    translation: Vector = (0.0, 0.0, 0.0)
    contrast: str = "dess"
    noise: float = 0.025
    bias: float = 0.15
    acquisition: int = 0
    grid: tuple[int, int, int] = (160, 384, 384)
    spacing: Vector = (0.7, 0.3646, 0.3646)
    direction: tuple[float, ...] = IDENTITY
    origin: Vector | None = None

    def __post_init__(self) -> None:
        for name, allowed in (
            ("wear_region", sorted(WEAR_CENTERS)),
            ("laterality", ["left", "right"]),
            ("contrast", sorted(SIGNAL)),
        ):
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} is {getattr(self, name)!r}. Use one of: {', '.join(allowed)}.")
        for name in ("subject", "acquisition", "wear", "noise", "bias"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}. Use zero or a positive number.")
        if self.shape is not None and len(self.shape) != len(SHAPE_MODES):
            raise ValueError(f"shape has {len(self.shape)} numbers. Give {len(SHAPE_MODES)}, one per shape mode.")
        if self.size is not None and not 0.5 < self.size < 2:
            raise ValueError(f"size is {self.size}. Use a scale near 1, between 0.5 and 2.")
        if min(self.spacing) <= 0 or min(self.grid) < 1:
            raise ValueError(f"grid {self.grid} and spacing {self.spacing}: both must be positive.")
        if not np.allclose(self._axes() @ self._axes().T, np.eye(3), atol=1e-6):
            raise ValueError(f"direction {self.direction} is not orthonormal. Give nine direction cosines, by rows.")

    @classmethod
    def reduced(cls, spacing: float = 1.25, **values: Any) -> KneeParameters:
        """A knee on cubic voxels of ``spacing`` mm over the same field of view: quick, for tests."""
        extent = (cls.grid[i] * cls.spacing[i] for i in range(3))
        i, j, k = (int(round(length / spacing)) for length in extent)
        return cls(grid=(i, j, k), spacing=(spacing, spacing, spacing), **values)

    def changed(self, **values: Any) -> KneeParameters:
        """The same with some parameters replaced: the same person in another scan, say."""
        return replace(self, **values)

    def resolved(self) -> KneeParameters:
        """The same with ``shape``, ``size`` and ``origin`` drawn or computed where they were None."""
        rng = np.random.default_rng((self.subject, 1))
        size, *shape = np.clip(rng.standard_normal(1 + len(SHAPE_MODES)), -2, 2).tolist()
        first = np.array(GRID_MIDDLE) - self._axes() @ ((np.array(self.grid) - 1) * self.spacing / 2)
        return replace(
            self,
            shape=tuple(shape) if self.shape is None else self.shape,
            size=1 + 0.04 * size if self.size is None else self.size,
            origin=(float(first[0]), float(first[1]), float(first[2])) if self.origin is None else self.origin,
        )

    def knee_to_physical(self) -> sitk.AffineTransform:
        """Maps points of the knee frame of this person (mm, see :mod:`.anatomy`) to physical space."""
        degrees = (float(np.deg2rad(angle)) for angle in self.rotation)
        pose = sitk.Euler3DTransform((0.0, 0.0, 0.0), *degrees, self.translation)
        mirror = np.diag([-1.0 if self.laterality == "left" else 1.0, 1.0, 1.0])
        matrix = np.reshape(pose.GetMatrix(), (3, 3)) @ mirror
        return sitk.AffineTransform(matrix.ravel().tolist(), self.translation)

    def _axes(self) -> np.ndarray:
        return np.reshape(self.direction, (3, 3))

    def _index_to_knee(self) -> np.ndarray:
        inverse = self.knee_to_physical().GetInverse()
        origin = inverse.TransformPoint(self.resolved().origin)
        turned = np.reshape(sitk.AffineTransform(inverse).GetMatrix(), (3, 3)) @ self._axes()
        return np.column_stack([turned * np.array(self.spacing), origin])


@dataclass(frozen=True)
class Knee:
    """A digital knee; all four images lie on one grid.

    :param image: MR, int16.
    :param femur: 1 in the femur (cortex and marrow), uint8.
    :param femoral_cartilage: 1 in the femoral cartilage, uint8.
    :param labels: values of :class:`Label`, uint8. A voxel has the label of the tissue at its center.
    :param parameters: what it was made from, with nothing left to be drawn.
    """

    image: sitk.Image
    femur: sitk.Image
    femoral_cartilage: sitk.Image
    labels: sitk.Image
    parameters: KneeParameters


def make_knee(parameters: KneeParameters | None = None) -> Knee:
    """The digital knee with these parameters; the same parameters give the same voxels.

    Takes about a second on a reduced grid, and about ten seconds and 0.5 GB of memory on the full one.
    """
    known = (parameters or KneeParameters()).resolved()
    assert known.shape is not None
    assert known.size is not None
    assert known.origin is not None
    anatomy = KneeAnatomy(known.subject, known.shape, known.wear / known.size, known.wear_region)
    signal, labels = render(
        anatomy, known.subject, known.size, known.contrast, known.grid, known.spacing, known._index_to_knee()
    )
    seed = (known.subject, known.acquisition, sorted(SIGNAL).index(known.contrast), 4)
    image = scan(signal, known.noise, known.bias, seed)

    def on_grid(array: np.ndarray) -> sitk.Image:
        made = sitk.GetImageFromArray(array)
        made.SetOrigin(known.origin)
        made.SetSpacing(known.spacing)
        made.SetDirection(known.direction)
        return made

    return Knee(
        image=on_grid(image),
        femur=on_grid((labels == Label.FEMUR).astype(np.uint8)),
        femoral_cartilage=on_grid((labels == Label.FEMORAL_CARTILAGE).astype(np.uint8)),
        labels=on_grid(labels),
        parameters=known,
    )


def write_knee(knee: Knee, folder: str | Path, root: str) -> tuple[Path, Path, Path]:
    """Write image and masks as ``<root>.mha``, ``<root>_f.mha`` and ``<root>_fc.mha`` (compressed) into ``folder``.

    The folder is made when it is missing. Files of these names are replaced, each only when its successor is complete.

    :returns: the three paths: image, femur, femoral cartilage.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    image, femur, cartilage = folder / f"{root}.mha", folder / f"{root}_f.mha", folder / f"{root}_fc.mha"
    for path, content in ((femur, knee.femur), (cartilage, knee.femoral_cartilage), (image, knee.image)):
        with atomic_path(path) as temporary:
            sitk.WriteImage(content, itk_name(temporary), True)
    return image, femur, cartilage
