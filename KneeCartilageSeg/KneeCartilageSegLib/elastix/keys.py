"""The names of the parameters that elastix knows: it passes over all others without a word."""

from __future__ import annotations

import difflib
import functools
import re
from pathlib import Path

_FILE = Path(__file__).with_name("keys.txt")
# elastix looks for a component's own parameter first: its kind and number stand before the name.
_OF_COMPONENT = re.compile(
    r"(?:Registration|FixedImagePyramid|MovingImagePyramid|ImageSampler|Interpolator|Metric|Optimizer"
    r"|ResampleInterpolator|Resampler|Transform)\d+(?P<key>[A-Z]\w*)"
)
_OF_METRICS = ("Weight", "Use", "RelativeWeight")  # only ever with the number of a metric
_OF_RESOLUTIONS = re.compile(r"Impact[A-Za-z]+\d+")  # the metric Impact numbers its parameters by resolution
_ALIKE = 0.7  # of 1


@functools.cache
def known_keys() -> frozenset[str]:
    """The names in elastix 4.9 to 5.3, without those that have a number in them."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def is_known(key: str) -> bool:
    """Whether elastix reads a parameter of this name."""
    own = _OF_COMPONENT.fullmatch(key)
    if own is not None and (own["key"] in known_keys() or own["key"] in _OF_METRICS):
        return True
    return key in known_keys() or _OF_RESOLUTIONS.fullmatch(key) is not None


def nearest_key(key: str) -> str | None:
    """The known name that was probably meant."""
    return nearest(key, known_keys())


def nearest(text: str, known: frozenset[str]) -> str | None:
    """The one of several names that another one was probably meant to be; upper and lower case do not count."""
    folded = {name.casefold(): name for name in sorted(known)}
    found = difflib.get_close_matches(text.casefold(), folded, 1, _ALIKE)
    return folded[found[0]] if found else None
