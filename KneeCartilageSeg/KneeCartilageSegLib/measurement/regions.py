"""The regions of the femoral cartilage.

The trochlea is all that lies in front of the notch. Behind its anterior end the cartilage is parted into the two
condyles at the notch's middle, and each condyle into the central, weight-bearing part, which reaches back to 60 % of
the way to the condyle's posterior end, and the posterior part. Each central part has three thirds of equal bone area
from side to side: external (at the rim of the knee), central, and internal (at the notch). After Wirth and Eckstein, A
technique for regional analysis of femorotibial cartilage thickness based on quantitative magnetic resonance imaging,
IEEE TMI 27:737, 2008; that their thirds (33 %) are of bone area is a reading of descriptions by others, of whom some
take the width (see Documentation/explanation/definitions.md). Names after Eckstein et al. 2006.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import SimpleITK as sitk
from scipy.spatial import cKDTree

from ..images.grid import Grid
from .orientation import Orientation
from .surfaces import JointSurface

CENTRAL_SHARE = 0.6


class Part(IntEnum):
    """The smallest parts, which do not overlap; the value is that of the voxels in a mask of regions."""

    TROCHLEA = 1
    MEDIAL_CENTRAL_EXTERNAL = 2
    MEDIAL_CENTRAL_CENTRAL = 3
    MEDIAL_CENTRAL_INTERNAL = 4
    MEDIAL_POSTERIOR = 5
    LATERAL_CENTRAL_INTERNAL = 6
    LATERAL_CENTRAL_CENTRAL = 7
    LATERAL_CENTRAL_EXTERNAL = 8
    LATERAL_POSTERIOR = 9


@dataclass(frozen=True)
class Region:
    """A region that is measured.

    :param key: its name in tables.
    :param title: its name for people.
    :param parts: what it consists of.
    """

    key: str
    title: str
    parts: tuple[Part, ...]


_MEDIAL_CENTRAL = (Part.MEDIAL_CENTRAL_EXTERNAL, Part.MEDIAL_CENTRAL_CENTRAL, Part.MEDIAL_CENTRAL_INTERNAL)
_LATERAL_CENTRAL = (Part.LATERAL_CENTRAL_EXTERNAL, Part.LATERAL_CENTRAL_CENTRAL, Part.LATERAL_CENTRAL_INTERNAL)

WHOLE = Region("femur", "whole femoral cartilage", tuple(Part))

REGIONS: tuple[Region, ...] = (
    WHOLE,
    Region("trochlea", "trochlea", (Part.TROCHLEA,)),
    Region("medial_central", "medial condyle, weight-bearing", _MEDIAL_CENTRAL),
    Region("medial_central_external", "medial condyle, weight-bearing, external third", _MEDIAL_CENTRAL[:1]),
    Region("medial_central_central", "medial condyle, weight-bearing, central third", _MEDIAL_CENTRAL[1:2]),
    Region("medial_central_internal", "medial condyle, weight-bearing, internal third", _MEDIAL_CENTRAL[2:]),
    Region("medial_posterior", "medial condyle, posterior", (Part.MEDIAL_POSTERIOR,)),
    Region("lateral_central", "lateral condyle, weight-bearing", _LATERAL_CENTRAL),
    Region("lateral_central_external", "lateral condyle, weight-bearing, external third", _LATERAL_CENTRAL[:1]),
    Region("lateral_central_central", "lateral condyle, weight-bearing, central third", _LATERAL_CENTRAL[1:2]),
    Region("lateral_central_internal", "lateral condyle, weight-bearing, internal third", _LATERAL_CENTRAL[2:]),
    Region("lateral_posterior", "lateral condyle, posterior", (Part.LATERAL_POSTERIOR,)),
)


def parts_of_surface(surface: JointSurface, orientation: Orientation) -> np.ndarray:
    """The :class:`Part` of each point of the bone's surface (n, uint8); 0 where there is neither cartilage nor a hole
    in it."""
    measured = surface.covered | surface.enclosed
    points, areas = surface.bone.points[measured], surface.areas[measured]
    back = points @ orientation.posterior - orientation.notch_posterior
    height = points @ orientation.superior
    towards_medial = points @ orientation.medial - orientation.notch_medial
    parts = np.full(len(points), Part.TROCHLEA, np.uint8)
    sides = ((1.0, _MEDIAL_CENTRAL, Part.MEDIAL_POSTERIOR), (-1.0, _LATERAL_CENTRAL, Part.LATERAL_POSTERIOR))
    for sign, central_parts, posterior_part in sides:
        outwards = sign * towards_medial
        condyle = (back >= 0) & (outwards >= 0)
        if not condyle.any():
            continue
        end = np.flatnonzero(condyle)[np.argmax(back[condyle])]
        # Above its posterior end the condyle curls forward again.
        central = condyle & (back <= CENTRAL_SHARE * back[end]) & (height < height[end])
        parts[condyle] = posterior_part
        parts[central] = _thirds(outwards[central], areas[central], central_parts)
    found = np.zeros(len(surface.covered), np.uint8)
    found[measured] = parts
    return found


def _thirds(outwards: np.ndarray, areas: np.ndarray, parts: tuple[Part, ...]) -> np.ndarray:
    """Thirds of equal area from the outside in."""
    order = np.argsort(-outwards, kind="stable")
    share = np.cumsum(areas[order]) / areas.sum()
    thirds = np.empty(len(outwards), np.uint8)
    thirds[order] = np.array(parts, np.uint8)[np.minimum((3 * share).astype(int), 2)]
    return thirds


def region_mask(cartilage: sitk.Image, surface: JointSurface, parts: np.ndarray) -> sitk.Image:
    """The cartilage with the :class:`Part` of each voxel: that of the nearest point of the bone under the cartilage.

    :param parts: of :func:`parts_of_surface`.
    :return: uint8 on the grid of ``cartilage``, 0 outside.
    """
    inside = sitk.GetArrayViewFromImage(cartilage) != 0
    voxels = Grid.of(cartilage).points(np.argwhere(inside)[:, ::-1].astype(float))
    labels = np.zeros(inside.shape, np.uint8)
    nearest = cKDTree(surface.bone.points[surface.covered]).query(voxels)[1]
    labels[inside] = parts[surface.covered][nearest]
    mask = sitk.GetImageFromArray(labels)
    mask.CopyInformation(cartilage)
    return mask


def in_region(parts: np.ndarray, region: Region) -> np.ndarray:
    """Which of some parts (any shape) belong to a region."""
    table = np.zeros(max(Part) + 1, bool)
    table[list(region.parts)] = True
    return table[parts]
