"""Left and right: as which side a reference is used for a knee, and of which side a segmented knee is."""

from __future__ import annotations

from enum import Enum

import numpy as np
import SimpleITK as sitk

from ..images.regions import mask_points

# Percent of the cartilage. The trochlea is its front, and the backs of the condyles are its back.
_FRONT, _BACK = 15.0, 97.0
_NOTCH = 3.0  # mm beside the middle: between the condyles
_POINTS = 20_000
# Of the distance of the condyles. Measured: 0.10 to 0.31 in 20 people, arthritic knees among them.
_LEAST_OFFSET = 0.05


UNKNOWN_SIDE = "the cartilage of the reference does not tell whether it is a left or a right knee"


class Side(Enum):
    """The side of the knees to segment; the value is the word of the command line.

    ``AUTO``: whichever the match says; ``SAME``: that of the reference. ``LEFT`` and ``RIGHT`` are sides of the body.
    """

    AUTO = "auto"
    SAME = "same"
    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The other side of the body; only of left and right."""
        return {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}[self]


def side_of(cartilage: sitk.Image) -> Side | None:
    """Of which side a knee is, from its femoral cartilage; None if there is no telling.

    The trochlea lies lateral of the middle between the condyles, whose backs tell how the femur is turned. The frame of
    the image has to be the patient's: where a header has lost it, the answer means nothing.

    :param cartilage: mask of the femoral cartilage, in a frame in which the femur points up to 45 degrees.
    """
    points = mask_points(cartilage, _POINTS)
    offset = points[:, 0] - np.median(points[:, 0])
    condyles = [points[offset < -_NOTCH], points[offset > _NOTCH]]
    if min(len(condyle) for condyle in condyles) < _POINTS // 100:
        return None
    backs = [condyle[condyle[:, 1] >= np.percentile(condyle[:, 1], _BACK), :2].mean(axis=0) for condyle in condyles]
    across = backs[1] - backs[0]  # from the patient's right to the left
    width = float(np.linalg.norm(across))
    relative = points[:, :2] - np.mean(backs, axis=0)
    left, front = relative @ across / width, relative @ (across[1], -across[0]) / width
    trochlea = float(left[front >= np.percentile(front, 100 - _FRONT)].mean())
    if abs(trochlea) < _LEAST_OFFSET * width:
        return None
    return Side.LEFT if trochlea > 0 else Side.RIGHT
