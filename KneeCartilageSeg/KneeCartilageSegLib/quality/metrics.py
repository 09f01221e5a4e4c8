"""How well a segmentation agrees with the truth: overlap and surface distances of two masks.

:func:`compare` measures one pair; :data:`METRICS` describes what it measures (tables, csv files and plots are made
from that description).

Notation: S and G are the voxels of segmentation and ground truth, |S| their number; dS and dG are their surface voxels;
d(p, G) is the distance in mm from the surface voxel p of one mask to the surface of the other mask, G.

**Surface.** As in pyKNEEr and SimpleITK's notebook on segmentation evaluation, so that numbers can be compared with
theirs (pyKNEEr's are in voxels, these in mm). dS are the voxels of S that share a face with a voxel outside it
(``LabelContour``); each counts once. d(p, G) is the Euclidean distance from the center of p to that of the nearest
voxel of G that touches the outside of G by a face, an edge or a corner (the zero set of ``SignedMaurerDistanceMap``).
What is outside the image is outside the mask: where the image cuts off a mask, the cut is a surface. (Those filters
make no surface there; the end of a femur one slice before the edge would be compared with the sides of the shaft.)

How good the definition is: for spheres of 20 mm whose surfaces are 0.3, 0.6 and 1.5 mm apart it gives 0.17, 0.45 and
1.28 mm with DESS voxels (0.365 x 0.365 x 0.7 mm), and the area-weighted definition of surface-distance 0.16, 0.44 and
1.27: errors below a voxel are underestimated by both. MedPy and MONAI measure to the voxels that share a face with the
outside only, which gives 0.29, 0.59 and 1.40. Compare distances only if they were made with the same definition. And
read the two directed means together: where one mask lies inside the other, the inner one's distances come out smaller
than the outer one's, by up to a quarter of a voxel's diagonal; in the pooled mean that cancels out.

**Empty masks.** Neither holds a label that was asked for: all is missing (NaN), as a mistyped label must not look like
agreement. Both empty otherwise: they agree, Dice, Jaccard, sensitivity, precision and surface Dice are 1, distances and
volume similarity 0. One empty: Dice, Jaccard and surface Dice are 0, volume similarity is -2 or 2, distances are
missing (NaN), and so is whichever of sensitivity and precision would divide by zero.

**Grids.** Masks on one grid are compared voxel by voxel; others on a grid that divides the voxels of both, see
:func:`.quality.space.on_common_region`. It is continued where the segmentation reaches beyond the truth's image, so
that what lies there is not forgotten.

Sources: Taha and Hanbury, Metrics for evaluating 3D medical image segmentation, BMC Medical Imaging 15:29, 2015 (TH);
Heimann et al., Comparison and evaluation of methods for liver segmentation from CT, IEEE TMI 28:1251, 2009 (He);
Nikolov et al., Clinically applicable segmentation of head and neck anatomy, JMIR 23:e26151, 2021 (N);
Maier-Hein et al., Metrics reloaded, Nature Methods 21:195, 2024 (MR).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from scipy import ndimage
from scipy.spatial import cKDTree

from ..i18n import marked as _
from ..images.grid import Grid
from .space import on_common_region

DEFAULT_TOLERANCE_MM = 1.0
"""Tolerance of the surface Dice: about the diagonal of a DESS voxel (0.37 x 0.37 x 0.7 mm), the finest that the image
can tell apart in every direction."""

_ROUNDING_MM = 1e-6
"""A distance that exceeds the tolerance by less is within it: sums of spacings are not exact."""


@dataclass(frozen=True)
class Metric:
    """Description of one measurement.

    :param key: the attribute of :class:`LabelQuality` that holds it.
    :param column: its name in csv files and data frames.
    :param title: its name in tables and plots.
    :param unit: ``"mm"``, ``"mm3"`` or empty.
    :param surface: True if it compares surfaces, False if it counts voxels.
    :param description: what it means, in a sentence or two.
    """

    key: str
    column: str
    title: str
    unit: str
    surface: bool
    description: str

    @property
    def heading(self) -> str:
        """Title with unit, for a column or an axis."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


METRICS: tuple[Metric, ...] = (
    Metric(
        "dice",
        "dice_coeff",
        _("Dice"),
        "",
        False,
        _(
            "Voxels in both masks, relative to the mean size of the two: 2|S n G| / (|S| + |G|). 1 is perfect, 0 is no "
            "overlap. Thin structures have lower values for the same error in mm."
        ),
    ),
    Metric(
        "jaccard",
        "jaccard_coeff",
        _("Jaccard"),
        "",
        False,
        _(
            "Voxels in both masks, relative to those in either: |S n G| / |S u G|. 1 is perfect. Equals "
            "Dice / (2 - Dice)."
        ),
    ),
    Metric(
        "volume_similarity",
        "volume_similarity",
        _("Volume similarity"),
        "",
        False,
        _(
            "Relative difference of the volumes: 2(|S| - |G|) / (|S| + |G|). 0 is perfect; negative is too small a "
            "segmentation, positive too large."
        ),
    ),
    Metric(
        "sensitivity",
        "sensitivity",
        _("Sensitivity"),
        "",
        False,
        _("Part of the truth that was found: |S n G| / |G|. 1 means that nothing was missed."),
    ),
    Metric(
        "precision",
        "precision",
        _("Precision"),
        "",
        False,
        _("Part of the segmentation that is right: |S n G| / |S|. 1 means that nothing is extra."),
    ),
    Metric(
        "segmentation_volume",
        "segmentation_volume_mm3",
        _("Segmentation volume"),
        "mm3",
        False,
        _("Number of the segmentation's voxels times the volume of a voxel."),
    ),
    Metric(
        "truth_volume",
        "truth_volume_mm3",
        _("Truth volume"),
        "mm3",
        False,
        _("Number of the truth's voxels times the volume of a voxel."),
    ),
    Metric(
        "average_distance",
        "mean_distances",
        _("Average surface distance"),
        "mm",
        True,
        _(
            "Mean distance between the surfaces, both directions pooled: the average symmetric surface distance "
            "(ASSD). 0 is perfect."
        ),
    ),
    Metric(
        "distance_std",
        "stddev_distances",
        _("Standard deviation of surface distance"),
        "mm",
        True,
        _("Standard deviation of the distances that the average is taken of (all of them, so n and not n - 1)."),
    ),
    Metric(
        "distance_to_truth",
        "mean_distance_to_truth",
        _("Mean distance to truth"),
        "mm",
        True,
        _("Mean distance from the segmentation's surface to the truth's. Grows with what is extra."),
    ),
    Metric(
        "distance_from_truth",
        "mean_distance_from_truth",
        _("Mean distance from truth"),
        "mm",
        True,
        _("Mean distance from the truth's surface to the segmentation's. Grows with what was missed."),
    ),
    Metric(
        "hausdorff",
        "hausdorff",
        _("Hausdorff distance"),
        "mm",
        True,
        _("The largest distance from either surface to the other. A single stray voxel decides it."),
    ),
    Metric(
        "hausdorff_95",
        "hausdorff_95",
        _("95 % Hausdorff distance"),
        "mm",
        True,
        _(
            "95th percentile of the distances from one surface to the other, the larger of the two directions. Robust "
            "against a few stray voxels."
        ),
    ),
    Metric(
        "surface_dice",
        "surface_dice",
        _("Surface Dice"),
        "",
        True,
        _("Part of both surfaces that lies within the tolerance of the other one. 1 is perfect at that tolerance."),
    ),
)


_DISTANCE_KEYS = tuple(metric.key for metric in METRICS if metric.surface and metric.unit == "mm")


@dataclass(frozen=True)
class LabelChoice:
    """Which voxels are compared: a value of the segmentation with a value of the truth; None is any non-zero value."""

    segmentation: int | None = None
    truth: int | None = None

    def __str__(self) -> str:
        if self.segmentation is None and self.truth is None:
            return "any"
        if self.segmentation == self.truth:
            return str(self.truth)
        return ":".join("any" if value is None else str(value) for value in (self.segmentation, self.truth))


ANY_LABEL = LabelChoice()


def label_choice(label: LabelChoice | int | str) -> LabelChoice:
    """A choice of label as a user writes it: ``3`` for both masks, ``"5:1"`` for 5 in the segmentation, 1 in the truth.

    :raises ValueError: if it is neither, or 0, which is the background.
    """
    if isinstance(label, LabelChoice):
        return label
    values = [_label_value(text) for text in str(label).split(":")]
    if len(values) > 2:
        raise ValueError(f"'{label}' is not a label; write 3, or 5:1 for 5 in the segmentation and 1 in the truth")
    return LabelChoice(values[0], values[-1])


@dataclass(frozen=True)
class SurfaceError:
    """Where the surfaces are farthest apart.

    :param position: center of the surface voxel, x, y, z in mm, LPS.
    :param distance: from there to the other surface, in mm.
    :param missed: True if it is on the truth's surface (the segmentation falls short of it or misses it there), False
        if it is on the segmentation's.
    """

    position: tuple[float, float, float]
    distance: float
    missed: bool


@dataclass(frozen=True)
class LabelQuality:
    """The measurements of one label of one pair; :data:`METRICS` describes them, the module their notation.

    :param label: what was compared.
    :param dice: 2|S n G| / (|S| + |G|), 0 to 1 (Dice 1945; TH).
    :param jaccard: |S n G| / |S u G|, 0 to 1 (Jaccard 1912; TH).
    :param volume_similarity: 2(|S| - |G|) / (|S| + |G|), -2 to 2, signed as in SimpleITK's
        LabelOverlapMeasuresImageFilter and pyKNEEr; negative for under-segmentation. (TH takes half its absolute
        value from 1.)
    :param sensitivity: |S n G| / |G|, 0 to 1; also called recall (TH).
    :param precision: |S n G| / |S|, 0 to 1; also called positive predictive value (TH).
    :param segmentation_volume: mm3.
    :param truth_volume: mm3.
    :param average_distance: average symmetric surface distance in mm: (sum over p in dS of d(p, G) + sum over q in
        dG of d(q, S)) / (|dS| + |dG|) (He; MR).
    :param distance_std: population standard deviation (divided by n) of those |dS| + |dG| distances, in mm, as
        pyKNEEr's.
    :param distance_to_truth: mean over p in dS of d(p, G), mm.
    :param distance_from_truth: mean over q in dG of d(q, S), mm.
    :param hausdorff: max(max over p in dS of d(p, G), max over q in dG of d(q, S)), mm (Huttenlocher 1993; TH).
    :param hausdorff_95: the same with the 95th percentile (linear interpolation) in place of the two inner maxima, mm
        (MR; MONAI and surface-distance take the maximum of the directions too, MedPy pools them).
    :param surface_dice: (number of p in dS with d(p, G) <= t + number of q in dG with d(q, S) <= t) /
        (|dS| + |dG|), 0 to 1 (N, who weight by area; by voxels in MR, normalized surface distance).
    :param tolerance: t of the surface Dice, mm.
    :param worst_error: where the Hausdorff distance was found; None if the surfaces agree or one is missing.
    :param note: what a reader of the numbers should know, such as that the grids differed; often empty.
    """

    label: LabelChoice
    dice: float
    jaccard: float
    volume_similarity: float
    sensitivity: float
    precision: float
    segmentation_volume: float
    truth_volume: float
    average_distance: float
    distance_std: float
    distance_to_truth: float
    distance_from_truth: float
    hausdorff: float
    hausdorff_95: float
    surface_dice: float
    tolerance: float
    worst_error: SurfaceError | None
    note: str


def compare(
    segmentation: sitk.Image,
    truth: sitk.Image,
    labels: Iterable[LabelChoice | int | str] = (),
    tolerance: float = DEFAULT_TOLERANCE_MM,
) -> tuple[LabelQuality, ...]:
    """Compare a segmentation with the truth.

    :param segmentation: 3-D scalar image; 0 is background.
    :param truth: the same.
    :param labels: see :func:`label_choice`; none: any value but 0 is foreground, in both.
    :param tolerance: of the surface Dice, in mm.
    :return: one for each label, in their order; one if no labels were given.
    :raises InputError: if an image is not 3-D and scalar, holds fractions, or both are not in the same space.
    """
    if not tolerance >= 0:
        raise ValueError(f"the tolerance must be 0 mm or more, not {tolerance}")
    choices = [label_choice(label) for label in labels] or [ANY_LABEL]
    region, mine, true, notes = on_common_region(segmentation, truth)
    return tuple(_label_quality(mine, true, choice, region, tolerance, notes) for choice in choices)


def _label_value(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value == 0:
        raise ValueError(f"'{text}' is not a label; labels are whole numbers other than 0")
    return value


def _label_quality(
    segmentation: np.ndarray,
    truth: np.ndarray,
    choice: LabelChoice,
    region: Grid,
    tolerance: float,
    notes: Sequence[str],
) -> LabelQuality:
    notes = [
        *notes,
        *_merged_note("segmentation", segmentation, choice.segmentation),
        *_merged_note("truth", truth, choice.truth),
    ]
    segmentation, truth = chosen_voxels(segmentation, choice.segmentation), chosen_voxels(truth, choice.truth)
    n_segmentation, n_truth = int(segmentation.sum()), int(truth.sum())
    n_shared = int((segmentation & truth).sum())
    voxel = float(abs(np.linalg.det(region.matrix)))
    surface_values, worst_error = _surface_measures(segmentation, truth, region, tolerance)
    overlap = _overlap(n_segmentation, n_truth, n_shared)
    if choice != ANY_LABEL and not n_segmentation and not n_truth:
        overlap, surface_values = (dict.fromkeys(values, math.nan) for values in (overlap, surface_values))
    return LabelQuality(
        label=choice,
        segmentation_volume=n_segmentation * voxel,
        truth_volume=n_truth * voxel,
        **overlap,
        **surface_values,
        tolerance=float(tolerance),
        worst_error=worst_error,
        note="; ".join([*notes, *_empty_note(choice, n_segmentation, n_truth, n_shared)]),
    )


def chosen_voxels(labels: np.ndarray, label: int | None) -> np.ndarray:
    """The mask of a label; None is any value but 0."""
    return labels != 0 if label is None else labels == label


def _merged_note(what: str, labels: np.ndarray, label: int | None) -> list[str]:
    present = np.unique(labels[labels != 0]) if label is None else ()
    if len(present) < 2:
        return []
    return [f"the {what}'s labels {', '.join(f'{value:.0f}' for value in present)} were taken as one"]


def _empty_note(choice: LabelChoice, n_segmentation: int, n_truth: int, n_shared: int) -> list[str]:
    if n_shared:
        return []
    if n_segmentation and n_truth:
        return ["the masks do not overlap: check that both show the same knee"]
    if n_segmentation or n_truth:
        return [f"the {'truth' if n_segmentation else 'segmentation'} is empty"]
    return ["both masks are empty"] if choice == ANY_LABEL else [f"label {choice} is in neither mask"]


def _overlap(n_segmentation: int, n_truth: int, n_shared: int) -> dict[str, float]:
    total = n_segmentation + n_truth
    if not total:
        return {"dice": 1.0, "jaccard": 1.0, "volume_similarity": 0.0, "sensitivity": 1.0, "precision": 1.0}
    return {
        "dice": 2 * n_shared / total,
        "jaccard": n_shared / (total - n_shared),
        "volume_similarity": 2 * (n_segmentation - n_truth) / total,
        "sensitivity": n_shared / n_truth if n_truth else math.nan,
        "precision": n_shared / n_segmentation if n_segmentation else math.nan,
    }


_TOUCHING = np.ones((3, 3, 3), bool)
"""Voxels that share a face, an edge or a corner; scipy's default is a face."""


def _surface_measures(
    segmentation: np.ndarray, truth: np.ndarray, region: Grid, tolerance: float
) -> tuple[dict[str, float], SurfaceError | None]:
    """What the surfaces of two masks (z, y, x) tell, by the names of the attributes; and where they differ most."""
    if not segmentation.any() or not truth.any():
        both_empty = not segmentation.any() and not truth.any()
        distances = dict.fromkeys(_DISTANCE_KEYS, 0.0 if both_empty else math.nan)
        return {**distances, "surface_dice": float(both_empty)}, None
    points = [region.points(_border(mask)) for mask in (segmentation, truth)]
    to_truth, from_truth = _distances(points[0], truth, region), _distances(points[1], segmentation, region)
    both = np.concatenate([to_truth, from_truth])
    values = {
        "average_distance": both.mean(),
        "distance_std": both.std(),
        "distance_to_truth": to_truth.mean(),
        "distance_from_truth": from_truth.mean(),
        "hausdorff": both.max(),
        "hausdorff_95": max(np.percentile(to_truth, 95), np.percentile(from_truth, 95)),
        "surface_dice": np.mean(both <= tolerance + _ROUNDING_MM),
    }
    return {key: float(value) for key, value in values.items()}, _worst_error(np.concatenate(points), to_truth, both)


def worst_surface_error(segmentation: np.ndarray, truth: np.ndarray, region: Grid) -> SurfaceError | None:
    """Where the surfaces of two masks (z, y, x) on a grid are farthest apart; None if they agree or one is empty."""
    return _surface_measures(segmentation, truth, region, DEFAULT_TOLERANCE_MM)[1]


def _worst_error(points: np.ndarray, to_truth: np.ndarray, both: np.ndarray) -> SurfaceError | None:
    worst = int(both.argmax())
    if both[worst] == 0:
        return None
    x, y, z = points[worst].tolist()
    return SurfaceError((x, y, z), float(both[worst]), missed=worst >= len(to_truth))


def _border(mask: np.ndarray, neighbors: np.ndarray | None = None) -> np.ndarray:
    """Indices (n x 3, x y z) of the voxels of a mask (z, y, x) that have a neighbor outside it."""
    return np.argwhere(mask & ~ndimage.binary_erosion(mask, neighbors))[:, ::-1]


def _distances(points: np.ndarray, mask: np.ndarray, region: Grid) -> np.ndarray:
    """From each of the points (n x 3, mm) to the surface of a mask."""
    # A tree of the surface's points is exact, and several times faster than a distance map of the box. On a lattice,
    # splitting at the middle of the box makes as good a tree as sorting does, in half the time.
    tree = cKDTree(region.points(_border(mask, _TOUCHING)), balanced_tree=False, compact_nodes=False)
    return tree.query(points)[0]
