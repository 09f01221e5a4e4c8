"""From the anatomy to voxels: the label map, and the MR image with its partial volume, texture, bias and noise."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import ndimage

from .anatomy import KneeAnatomy, Material
from .shapes import Array, Points

FULL_SCALE = 1000.0
"""Grey value of a signal of 1."""

SIGNAL: dict[str, dict[Material, float]] = {
    "dess": {
        Material.MARROW: 0.20,
        Material.CORTEX: 0.05,
        Material.CARTILAGE: 0.64,
        Material.MENISCUS: 0.13,
        Material.TENDON: 0.09,
        Material.FLUID: 0.95,
        Material.MUSCLE: 0.36,
        Material.FAT: 0.22,
        Material.SKIN: 0.30,
        Material.VESSEL: 0.62,
    },
    "t2": {
        Material.MARROW: 0.34,
        Material.CORTEX: 0.05,
        Material.CARTILAGE: 0.46,
        Material.MENISCUS: 0.08,
        Material.TENDON: 0.06,
        Material.FLUID: 1.00,
        Material.MUSCLE: 0.19,
        Material.FAT: 0.46,
        Material.SKIN: 0.24,
        Material.VESSEL: 0.08,
    },
}
"""Relative signal of the tissues. ``dess``: double echo steady state with water excitation, as in the Osteoarthritis
Initiative (Peterfy et al., Osteoarthritis Cartilage 2008;16:1433). ``t2``: a T2-weighted fast spin echo without fat
suppression, as CubeQuant, in which blood that flows has no signal."""

_SLAB_VOXELS = 120_000  # few enough for the arrays of a slab to stay in the processor's cache
_LONGEST_SAMPLE = 2.0  # a voxel is cut into samples no longer than this many times its shortest edge


class Grain:
    """Random texture fixed to the anatomy: a periodic lattice of smoothed noise, mean 0.

    :param cell: lattice constant in mm, along x, y and z; the grains are about three cells long.
    :param blur: mm, standard deviation of the smoothing by the voxel: large voxels average the texture away.
    """

    _CELLS = 96
    _SIGMA = 1.2

    def __init__(self, rng: np.random.Generator, cell: Sequence[float], blur: float):
        noise = rng.standard_normal((self._CELLS,) * 3, dtype=np.float32)
        sigma = [float(np.hypot(self._SIGMA, blur / size)) for size in cell]
        unit = (2 * np.sqrt(np.pi) * self._SIGMA) ** 1.5  # restores the variance that a filter without blur takes
        self._lattice = (ndimage.gaussian_filter(noise, sigma, mode="wrap") * np.float32(unit)).ravel()
        self._cell = cell

    def __call__(self, points: Points) -> Array:
        i, j, k = (
            (c * np.float32(1 / size) + np.float32(1e4 * self._CELLS)).astype(np.int64) % self._CELLS
            for c, size in zip(points, self._cell)
        )
        return self._lattice[(i * self._CELLS + j) * self._CELLS + k]


class _Textures:
    """How the signal of each tissue varies within it, in parts of its signal."""

    def __init__(self, subject: int, blur: float):
        rng = np.random.default_rng((subject, 3))
        trabeculae = Grain(rng, (0.45, 0.45, 0.6), blur)
        marrow_patches = Grain(rng, (2.5, 2.5, 2.5), blur)
        fibers = Grain(rng, (0.9, 0.9, 5.0), blur)
        lobules = Grain(rng, (0.9, 0.9, 0.9), blur)
        self._grains: dict[Material, tuple[tuple[float, Grain], ...]] = {
            Material.MARROW: ((0.16, trabeculae), (0.10, marrow_patches)),
            Material.CARTILAGE: ((0.06, lobules), (0.07, marrow_patches)),
            Material.MUSCLE: ((0.10, fibers), (0.06, marrow_patches)),
            Material.FAT: ((0.10, lobules), (0.07, marrow_patches)),
            Material.MENISCUS: ((0.15, lobules),),
        }

    def of(self, material: Material, points: Points) -> Array:
        """Factor on the tissue's signal at the points."""
        factor = np.ones_like(points[0])
        for strength, grain in self._grains.get(material, ()):
            factor += np.float32(strength) * grain(points)
        return factor


def _paint(
    anatomy: KneeAnatomy, points: Points, size: float, edge: float, signal: dict[Material, float], textures: _Textures
) -> tuple[Array, Array]:
    """Signal and label at the points (flat arrays, mm in the knee frame of this person).

    Each structure covers what lies beneath by the part of the voxel that it fills, taken as that of a plane surface
    at the structure's distance; the label is that of the uppermost structure that contains the point.
    """
    value = np.zeros_like(points[0])
    label = np.zeros(value.shape, np.uint8)
    mean = tuple(c / np.float32(size) for c in points)
    leg = anatomy.leg((mean[0], mean[1], mean[2]))
    inside = np.flatnonzero(leg * size < edge / 2)
    x, y, z = (c[inside] for c in mean)
    bright, what = value[inside], label[inside]
    for layer in anatomy.layers((x, y, z), leg[inside]):
        distance = layer.distance * np.float32(size)
        touched = np.flatnonzero(distance < edge / 2)
        if not touched.size:
            continue
        near = distance[touched]
        where = (x[touched], y[touched], z[touched])
        level = np.float32(signal[layer.material]) * textures.of(layer.material, where)
        if layer.shade is not None:
            level *= layer.shade[touched]
        bright[touched] += np.minimum(0.5 - near / np.float32(edge), 1) * (level - bright[touched])
        what[touched[near < 0]] = layer.label
    value[inside], label[inside] = bright, what
    return value, label


def _samples(spacing: Sequence[float]) -> list[tuple[float, float, float]]:
    """Where a voxel is sampled: offsets from its center in voxels, an odd number along every axis."""
    shortest = min(spacing)
    numbers = [int(np.ceil(s / shortest / _LONGEST_SAMPLE)) | 1 for s in spacing]
    steps = [[(i + 0.5) / n - 0.5 for i in range(n)] for n in numbers]
    return [(i, j, k) for i, j, k in itertools.product(*steps)]


def _slabs(shape: tuple[int, int, int]) -> Iterator[slice]:
    planes = max(1, _SLAB_VOXELS // (shape[1] * shape[2]))
    return (slice(start, min(start + planes, shape[0])) for start in range(0, shape[0], planes))


def render(
    anatomy: KneeAnatomy,
    subject: int,
    size: float,
    contrast: str,
    grid: tuple[int, int, int],
    spacing: Sequence[float],
    index_to_knee: Array,
) -> tuple[Array, Array]:
    """The ideal image (float32, signal without bias and noise) and the label map (uint8), both of shape z, y, x.

    :param size: scale of the person.
    :param grid: number of voxels along x, y, z.
    :param spacing: mm along x, y, z.
    :param index_to_knee: 3x4 matrix from continuous voxel indices (x, y, z) to mm in the knee frame.
    """
    shape = (grid[2], grid[1], grid[0])
    samples = _samples(spacing)
    edge = float(np.prod(spacing) / len(samples)) ** (1 / 3)
    textures = _Textures(subject, 0.3 * edge)
    value = np.zeros(shape, np.float32)
    label = np.zeros(shape, np.uint8)
    matrix = np.asarray(index_to_knee, np.float64)
    for slab in _slabs(shape):
        k, j, i = np.meshgrid(np.arange(slab.start, slab.stop), *map(np.arange, shape[1:]), indexing="ij", sparse=True)
        for offset in samples:
            points = tuple(
                (row[0] * (i + offset[0]) + row[1] * (j + offset[1]) + row[2] * (k + offset[2]) + row[3])
                .astype(np.float32)
                .ravel()
                for row in matrix
            )
            bright, what = _paint(anatomy, (points[0], points[1], points[2]), size, edge, SIGNAL[contrast], textures)
            value[slab] += bright.reshape(value[slab].shape) / np.float32(len(samples))
            if not any(offset):
                label[slab] = what.reshape(label[slab].shape)
    return value, label


def scan(signal: Array, noise: float, bias: float, seed: Sequence[int]) -> Array:
    """The image (int16) that the scanner makes of the ideal one: uneven coil sensitivity, then Rician noise.

    :param noise: standard deviation of the noise in each of the two channels, in parts of :data:`FULL_SCALE`
        (Gudbjartsson and Patz, Magn Reson Med 1995;34:910).
    :param bias: the sensitivity varies within exp(-bias) and exp(bias), as a polynomial of second degree.
    """
    rng = np.random.default_rng(tuple(seed))
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n, dtype=np.float32) for n in signal.shape), indexing="ij", sparse=True)
    a = rng.uniform(-1, 1, 8).astype(np.float32)
    a /= np.abs(a).sum()
    out = np.empty(signal.shape, np.int16)
    for slab in _slabs((signal.shape[0], signal.shape[1], signal.shape[2])):
        h = z[slab]
        field = (
            a[0] * h + a[1] * y + a[2] * x + a[3] * h * h + a[4] * y * y + a[5] * x * x + a[6] * y * x + a[7] * h * y
        )
        true = signal[slab] * np.exp(np.float32(2 * bias) * np.clip(field, -0.5, 0.5))
        real, imaginary = rng.standard_normal((2, *true.shape), dtype=np.float32) * np.float32(noise)
        magnitude = np.hypot(true + real, imaginary) * np.float32(FULL_SCALE)
        out[slab] = np.clip(np.rint(magnitude), 0, np.iinfo(np.int16).max)
    return out
