"""Where cartilage is gone from its surface down by more than an edge can be followed.

There the second image differs from the first all the way from the joint's surface to the floor of the lesion, whatever
has taken the place of the cartilage, and though its edge may never have shown, where cartilage lies on cartilage. The
difference has to be larger than those that the images show within cartilage everywhere else, to reach the surface, and
the image with the mask has to look like cartilage there, the other not. Its depth is that of half the difference.

What has been gained is not looked for: whether something new that looks like cartilage is cartilage, no gray value
tells. With masks of both visits it is the loss from the second to the first.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from .profiles import Profiles

_SMOOTHED = 3  # rounds over the neighbors
_SMOOTHED_PEAKS = 30
_OUTLYING = 5.0  # robust standard deviations of the difference within the cartilage
_LEAST_DIFFERENCE = 0.12  # of the value of cartilage
_FROM_BONE_MM, _BEFORE_SURFACE_MM = 0.4, 0.7  # where the difference within the cartilage is told
_BEYOND_SURFACE_MM, _SURFACE_MM = 0.3, 0.6
_BRIDGED = 5  # positions
_LIKER = 0.5  # the difference from cartilage must be less than this part of that of the other image
_LEAST_DEPTH_MM = 0.6  # edges are followed as far
_LEAST_AREA_MM2 = 8.0


def find_lesions(profiles: Profiles) -> np.ndarray:
    """How much cartilage is gone at each line (n, mm; 0 where its edge is to be followed)."""
    first, second = (profiles.neighborhood.smooth(values, _SMOOTHED) for values in profiles.values)
    positions, surface, level = profiles.positions, profiles.thickness[:, None], profiles.level()
    difference = np.abs(second - first)
    within = (positions > _FROM_BONE_MM) & (positions < surface - _BEFORE_SURFACE_MM)
    usual = 1.4826 * float(np.median(difference[within]))
    least = max(_OUTLYING * usual, _LEAST_DIFFERENCE * level)
    looked = (positions > _FROM_BONE_MM) & (positions < surface + _BEYOND_SURFACE_MM)
    strongest = np.where(looked, difference, 0).argmax(axis=1)
    row = np.arange(len(difference))
    peak = difference[row, strongest]
    floor, top = _extent(difference, strongest, least)
    depth = profiles.thickness - positions[floor]
    off = [np.abs(values[row, strongest] - level) for values in (first, second)]
    gone = (peak > least) & (depth > _LEAST_DEPTH_MM) & (off[0] < _LIKER * off[1])
    gone &= positions[top] > profiles.thickness - _SURFACE_MM
    gone &= peak > _beside(profiles, np.where(gone, peak, 0)) / 2
    patches = profiles.neighborhood.patches(gone)
    large = np.bincount(patches, profiles.areas) > _LEAST_AREA_MM2
    return np.where(gone & large[patches], np.minimum(depth, profiles.thickness), 0.0)


def _extent(difference: np.ndarray, strongest: np.ndarray, least: float) -> tuple[np.ndarray, np.ndarray]:
    """The columns (n each) of the floor of a lesion and of its top.

    Fluid and what is darker than cartilage may lie in it on one another, and the difference change its sign between
    them. So it goes on over short gaps, and its floor is at half of the peak that comes first from below.
    """
    inside = ndimage.binary_closing(difference > least / 2, np.ones((1, _BRIDGED)))
    low, top = _run(inside, strongest)
    columns = np.arange(difference.shape[1])
    left, right = (np.roll(difference, shift, axis=1) for shift in (1, -1))
    peaks = (difference >= left) & (difference >= right) & (difference > least) & (columns >= low[:, None])
    first = peaks.argmax(axis=1)
    height = difference[np.arange(len(first)), first]
    return _run(difference > height[:, None] / 2, first)[0], top


def _run(inside: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first and the last column of the run of columns inside (n x m, bool) that holds a column (n) of each row."""
    columns = np.arange(inside.shape[1])
    below = np.where(~inside & (columns < at[:, None]), columns, -1).max(axis=1) + 1
    above = np.where(~inside & (columns > at[:, None]), columns, inside.shape[1]).min(axis=1) - 1
    return below, above


def _beside(profiles: Profiles, peak: np.ndarray) -> np.ndarray:
    """The peaks of the lines around each line, each counted as much as it is high: beside a lesion, where its
    difference is only smeared, that of the lesion."""
    squares, peaks = profiles.neighborhood.smooth(np.stack([peak**2, peak], axis=1), _SMOOTHED_PEAKS).T
    return squares / np.maximum(peaks, np.finfo(float).tiny)
