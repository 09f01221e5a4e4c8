"""Failure detection: measurements that tell a registration that went right from one that went wrong.

The main one is the *sharpness* of the match: mutual information of the two images inside the dilated reference mask,
divided by its mean after shifting the moving image by 8 mm along each axis, both ways. Where two knees lie on each
other a shift destroys the match; where they do not, a shift changes nothing. It needs no common contrast and no
constant of the scanner. Other measurements catch what it cannot see: folding, an implausible size, a mask that leaves
the image.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from .stages import Modality


@dataclass(frozen=True)
class Check:
    """A measurement that is compared with limits.

    :param key: its name in files.
    :param title: its name for people.
    :param unit: mm, 1 for a ratio.
    :param doubtful: interval outside which a result should be looked at.
    :param failed: interval outside which a result is rejected.
    :param meaning: what a value outside says, for the user.
    """

    key: str
    title: str
    unit: str
    doubtful: tuple[float, float]
    failed: tuple[float, float]
    meaning: str


@dataclass(frozen=True)
class Flag:
    """A measurement outside its limits.

    :param failed: the result is rejected; otherwise it should be looked at.
    :param text: for the user, with the measured value and the limit.
    """

    key: str
    failed: bool
    text: str


@dataclass(frozen=True)
class _Sharpness:
    """Limits of the sharpness, which depends on how alike two images can be: doubtful and failed below."""

    confident: float
    aligned: tuple[float, float]
    femur: tuple[float, float]
    cartilage: tuple[float, float]


# Measured on knees rendered from real anatomies, 8 people and 2 follow-ups (right | wrong: other side, wrong start,
# other person). New subject: aligned 2.26 to 2.65 | 1.65 to 1.87 other side, 1.10 to 1.49 wrong start. Longitudinal:
# 3.29 to 3.39 | 2.55 other person. Multimodal: 2.38 to 2.44 | 1.64 other person, 1.06 wrong start.
_SHARPNESS = {
    Modality.NEW_SUBJECT: _Sharpness(2.1, (1.9, 1.4), (2.4, 1.7), (3.4, 2.2)),
    Modality.LONGITUDINAL: _Sharpness(2.8, (2.6, 1.5), (2.8, 1.8), (3.6, 2.2)),
    Modality.MULTIMODAL: _Sharpness(2.1, (1.9, 1.35), (1.9, 1.35), (1.9, 1.35)),
}
_WRONG_PLACE = "the knees do not lie on each other"
_WHOSE = {
    Modality.NEW_SUBJECT: f"{_WRONG_PLACE}, or the images are too different",
    Modality.LONGITUDINAL: f"{_WRONG_PLACE}, or are not the same person's",
    Modality.MULTIMODAL: f"{_WRONG_PLACE}, or are not the same person's",
}


def default_limits(modality: Modality) -> Limits:
    """The limits that results of a modality are judged by."""
    sharpness, whose = _SHARPNESS[modality], _WHOSE[modality]
    return Limits(
        (
            _at_least("sharpness_aligned", "match after alignment", sharpness.aligned, whose),
            _at_least("sharpness_f", "match at the femur", sharpness.femur, whose),
            _at_least("sharpness_fc", "match at the cartilage", sharpness.cartilage, whose),
            _at_most(
                "side",
                "match of the mirrored knee",
                "1",
                (1.0, 1.08),
                "a knee of the other side: use a reference of its side",
            ),
            Check("scale", "scale", "1", (0.75, 1.35), (0.6, 1.6), "knees do not differ that much in size"),
            _at_most("rotation", "rotation", "degree", (35, 60), "knees do not lie that differently in the scanner"),
            _at_least("inside_f", "femur inside the image", (0.6, 0.3), "the image shows only part of the femur"),
            _at_least(
                "inside_fc", "cartilage inside the image", (0.95, 0.6), "the image shows only part of the cartilage"
            ),
            Check("growth_f", "femur volume", "1", (0.75, 1.35), (0.5, 2), "implausible beside the reference's"),
            Check("growth_fc", "cartilage volume", "1", (0.5, 1.8), (0.3, 3), "implausible beside the reference's"),
            _at_most("folding_f", "folded part of the femur", "1", (0.005, 0.05), "the transform is not one to one"),
            _at_most(
                "folding_fc", "folded part of the cartilage", "1", (0.005, 0.05), "the transform is not one to one"
            ),
            _at_most(
                "residual_f_p95", "error of the inverse, femur", "mm", (1, 5), "the transform could not be inverted"
            ),
            _at_most(
                "residual_fc_p95",
                "error of the inverse, cartilage",
                "mm",
                (0.5, 2),
                "the transform could not be inverted",
            ),
        ),
        sharpness.confident,
    )


def _at_least(key: str, title: str, limits: tuple[float, float], meaning: str) -> Check:
    return Check(key, title, "1", (limits[0], np.inf), (limits[1], np.inf), meaning)


def _at_most(key: str, title: str, unit: str, limits: tuple[float, float], meaning: str) -> Check:
    return Check(key, title, unit, (0, limits[0]), (0, limits[1]), meaning)


@dataclass(frozen=True)
class Limits:
    """What a result is judged by.

    :param checks: the measurements that are judged.
    :param confident: a sharpness after the linear stages from which no other start is tried.
    """

    checks: tuple[Check, ...]
    confident: float

    def with_failed(self, intervals: Mapping[str, tuple[float, float]]) -> Limits:
        """The same with other intervals, by key, outside which a result is rejected."""
        checks = (replace(check, failed=intervals.get(check.key, check.failed)) for check in self.checks)
        return replace(self, checks=tuple(checks))


def judge(measurements: Mapping[str, float], limits: Limits) -> list[Flag]:
    """The measurements that lie outside their limits. A measurement that is missing is not judged."""
    found = []
    for check in limits.checks:
        value = measurements.get(check.key)
        if value is None:
            continue
        failed, doubtful = _outside(value, check.failed), _outside(value, check.doubtful)
        if failed or doubtful:
            limit = _interval(check.failed if failed else check.doubtful)
            unit = "" if check.unit == "1" else f" {check.unit}"
            text = f"{check.title} {value:.3g}{unit}, expected {limit}{unit}: {check.meaning}"
            found.append(Flag(check.key, failed, text))
    return found


def _outside(value: float, interval: tuple[float, float]) -> bool:
    return not interval[0] <= value <= interval[1]


def _interval(interval: tuple[float, float]) -> str:
    low, high = interval
    if np.isinf(high):
        return f"at least {low:g}"
    return f"at most {high:g}" if np.isinf(low) or low == 0 else f"{low:g} to {high:g}"


CHECKED_KEYS = tuple(check.key for check in default_limits(Modality.NEW_SUBJECT).checks)
