"""Of which side a knee is, by the shape of its cartilage."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from grids import oblique
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.images.regions import mirror
from KneeCartilageSegLib.phantom import KneeParameters
from KneeCartilageSegLib.registration.side import Side, side_of


@pytest.mark.parametrize("laterality", ["left", "right"])
@pytest.mark.parametrize(
    "values",
    [
        {"subject": 1},
        {"subject": 2, "direction": oblique(0.2, -0.15, 0.25)},
        {"subject": 5, "direction": (0, 0, 1, 1, 0, 0, 0, -1, 0)},
    ],
)
def test_side_of_the_body(laterality, values):
    cartilage = phantom.make_knee(KneeParameters.reduced(2.5, laterality=laterality, **values)).femoral_cartilage
    side = side_of(cartilage)
    assert side is Side(laterality)
    assert side_of(mirror(cartilage, -30.0)) is side.other


def test_rather_no_side_than_the_wrong_one():
    """A knee with hardly any difference between its sides, turned in the scanner."""
    for rotation in ((8, -6, 15), (0, -6, 0)):
        own = KneeParameters.reduced(2.5, subject=3, laterality="left", rotation=rotation)
        assert side_of(phantom.make_knee(own).femoral_cartilage) in (Side.LEFT, None)


def test_shape_without_sides_tells_none():
    z, y, x = np.mgrid[-30:31, -30:31, -30:31]
    shell = sitk.GetImageFromArray(((x**2 + y**2 + z**2 < 28**2) & (x**2 + y**2 + z**2 > 25**2)).astype(np.uint8))
    assert side_of(shell) is None
    rod = sitk.GetImageFromArray(((x**2 + y**2 < 4) & (abs(z) < 25)).astype(np.uint8))
    assert side_of(rod) is None
