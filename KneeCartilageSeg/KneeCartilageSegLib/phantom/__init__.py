"""A digital knee: MR image and exact masks of a knee that has never been scanned, for the demo and the tests.

>>> from KneeCartilageSegLib import phantom
>>> knee = phantom.make_knee(phantom.KneeParameters.reduced(subject=3, laterality="left"))
>>> phantom.write_knee(knee, "preprocessed", "03_DESS_01_prep")

Different subjects are different people. The anatomy (:mod:`.anatomy`) is defined continuously in space and sampled
(:mod:`.rendering`) at the voxels of any grid, so that one person at other voxel sizes or in other poses has the same
anatomy.
"""

from .anatomy import SHAPE_MODES, WEAR_CENTERS, Label, ShapeMode
from .knee import GRID_MIDDLE, Knee, KneeParameters, make_knee, write_knee

__all__ = [
    "GRID_MIDDLE",
    "SHAPE_MODES",
    "WEAR_CENTERS",
    "Knee",
    "KneeParameters",
    "Label",
    "ShapeMode",
    "make_knee",
    "write_knee",
]
