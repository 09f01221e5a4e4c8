"""Failure detection: measurements that tell a registration that went right from one that went wrong.

The main one is the *sharpness* of the match: mutual information of the two images inside the dilated reference mask,
relative to its mean after shifting the moving image by 8 mm along each axis, both ways (:mod:`.registration.match`).
Where two knees lie on each other a shift destroys the match; where they do not, a shift changes nothing. It needs no
common contrast and no constant of the scanner. The mutual information itself has a floor: below it the image tells too
little about the knee, however sharp that little is. Other measurements catch what these cannot see: folding, an
implausible size, a mask that leaves the image.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from enum import Flag as EnumFlag

import numpy as np

from ..errors import InputError, Problem
from ..i18n import marked as _
from ..tissue import Tissue
from .stages import Modality

Interval = tuple[float, float]


class Use(EnumFlag):
    """Where a measurement is used."""

    SUMMARY = auto()
    SEGMENTATION_LIMITS = auto()
    SEARCH_LIMITS = auto()


@dataclass(frozen=True)
class Bounds:
    """The limits of a measurement.

    :param doubtful: interval outside which a result should be looked at.
    :param failed: interval outside which a result is rejected.
    :param meaning: what a value outside says, for the user.
    """

    doubtful: Interval
    failed: Interval
    meaning: str


@dataclass(frozen=True)
class Measurement:
    """Something that is measured of every registration.

    :param key: its name in files; never translated.
    :param title: its name in tables.
    :param unit: mm, mm3, s, degree, nat, gray for gray values, or 1 for a ratio.
    :param description: what it is, for people.
    :param use: where it is used.
    :param phrase: its name in a sentence.
    :param bounds: its limits by modality, if it is judged.
    :param tissue: the only one whose mask it says something about; None if it is about the place of the whole knee.
    """

    key: str
    title: str
    unit: str
    description: str
    use: Use = Use.SUMMARY
    phrase: str = ""
    bounds: Mapping[Modality, Bounds] = field(default_factory=dict)
    tissue: Tissue | None = None


def _at_least(doubtful: float, failed: float, meaning: str) -> Bounds:
    return Bounds((doubtful, np.inf), (failed, np.inf), meaning)


def _at_most(doubtful: float, failed: float, meaning: str) -> Bounds:
    return Bounds((0, doubtful), (0, failed), meaning)


def _always(bounds: Bounds) -> dict[Modality, Bounds]:
    return dict.fromkeys(Modality, bounds)


_WRONG_PLACE = "the knees do not lie on each other"
_WHOSE = {
    Modality.NEW_SUBJECT: f"{_WRONG_PLACE}, or the images are too different",
    Modality.LONGITUDINAL: f"{_WRONG_PLACE}, or are not the same person's",
    Modality.MULTIMODAL: f"{_WRONG_PLACE}, or are not the same person's",
}


def _sharpness(new_subject: Interval, longitudinal: Interval, multimodal: Interval) -> dict[Modality, Bounds]:
    """Limits of a sharpness, which depend on how alike two images can be: doubtful and failed below."""
    below = zip(Modality, (new_subject, longitudinal, multimodal))
    return {modality: _at_least(*limits, _WHOSE[modality]) for modality, limits in below}


# A sharpness after the linear stages from which no other start is tried.
_CONFIDENT = {Modality.NEW_SUBJECT: 1.6, Modality.LONGITUDINAL: 2.2, Modality.MULTIMODAL: 1.7}

_JUDGED = Use.SUMMARY | Use.SEGMENTATION_LIMITS
_EVERYWHERE = _JUDGED | Use.SEARCH_LIMITS

# Nats. Images of nothing but noise have 0.015, the bias of a histogram of 16 x 16 bins from 8000 points (15 * 15 over
# 2 * 8000 is expected); matches of good images have 0.15 and more.
_TELLING = _at_least(
    0.06, 0.03, "the image tells too little about the knee: too much noise, or hardly any tissue where the knee is"
)

# In 17 sets of five references (15 people, doubled noise, another contrast) it was 0.96 to 1.00 for the cartilage.
_OUTLIER = _at_least(
    0.85, 0.0, "one reference's mask is not where all others say: look at it, and take it out if it is wrong"
)

# The limits of the sharpness were measured on knees rendered from real anatomies (right | wrong). New subject, 20
# people: aligned 1.63 to 2.29 | 1.31 to 1.63 as the other side, 1.06 to 1.18 from a wrong start; femur 2.46 to 2.95,
# cartilage 4.60 to 6.07. Those of the side likewise: 0.57 to 0.81. Those of the overlap: 0.95 to 0.98 in 56 pairs of 8
# people, with and without a third of the image cut off; 0.57 with the femur mask of another person. A knee of the other
# side has 0.96: that is what "side" is for.
MEASUREMENTS = (
    Measurement("seconds", _("Time"), "s", _("time that the segmentation took")),
    Measurement("volume_f", _("Femur volume"), "mm3", _("volume of the femur mask")),
    Measurement("volume_fc", _("Cartilage volume"), "mm3", _("volume of the femoral cartilage mask")),
    Measurement(
        "sharpness_aligned",
        _("Match after alignment"),
        "1",
        _("sharpness of the match after the linear stages"),
        _EVERYWHERE,
        "match after alignment",
        _sharpness((1.4, 1.25), (2.05, 1.35), (1.55, 1.22)),
    ),
    Measurement(
        "sharpness_f",
        _("Match at the femur"),
        "1",
        _("sharpness of the match in the dilated femur mask"),
        _EVERYWHERE,
        "match at the femur",
        _sharpness((1.95, 1.45), (2.25, 1.55), (1.55, 1.22)),
    ),
    Measurement(
        "sharpness_fc",
        _("Match at the cartilage"),
        "1",
        _("sharpness of the match in the dilated cartilage mask"),
        _JUDGED,
        "match at the cartilage",
        _sharpness((2.5, 1.75), (2.65, 1.75), (1.55, 1.22)),
        tissue=Tissue.CARTILAGE,
    ),
    Measurement(
        "information_f",
        _("Information at the femur"),
        "nat",
        _("mutual information in the dilated femur mask"),
        _EVERYWHERE,
        "information at the femur",
        _always(_TELLING),
    ),
    Measurement(
        "information_fc",
        _("Information at the cartilage"),
        "nat",
        _("mutual information in the dilated cartilage mask"),
        _JUDGED,
        "information at the cartilage",
        _always(_TELLING),
        tissue=Tissue.CARTILAGE,
    ),
    Measurement(
        "gray_low_f",
        _("Lowest gray value"),
        "gray",
        _("lower end of the range that gray values were clipped to, without the bias of the coil"),
    ),
    Measurement("gray_high_f", _("Highest gray value"), "gray", _("upper end of that range, from where the femur is")),
    Measurement(
        "clipped_f",
        _("Clipped gray values"),
        "1",
        _("share of the voxels round the femur that lie outside the range: they are taken for no tissue"),
        _EVERYWHERE,
        "clipped gray values",
        _always(_at_most(0.1, 1.0, "many voxels hold no tissue, but fits that ran away, markers or noise")),
    ),
    Measurement("starts", _("Starts"), "1", _("how many starts were tried")),
    Measurement(
        "mirrored", _("Mirrored"), "1", _("1 if the reference was mirrored, for a knee of the other side; else 0")
    ),
    Measurement(
        "side",
        _("Other side"),
        "1",
        _("match of the reference as the other side, relative to that as it was used"),
        _EVERYWHERE,
        "match as the other side",
        _always(_at_most(0.9, 1.08, "a knee of the other side than was expected, or one that either side matches")),
    ),
    Measurement(
        "scale",
        _("Scale"),
        "1",
        _("size of the knee relative to the reference"),
        _EVERYWHERE,
        "scale",
        _always(Bounds((0.75, 1.35), (0.6, 1.6), "knees do not differ that much in size")),
    ),
    Measurement(
        "rotation",
        _("Rotation"),
        "degree",
        _("rotation against the reference"),
        _EVERYWHERE,
        "rotation",
        _always(_at_most(35, 60, "knees do not lie that differently in the scanner")),
    ),
    Measurement(
        "inside_f",
        _("Femur inside"),
        "1",
        _("share of the reference femur's surroundings inside the image"),
        _EVERYWHERE,
        "femur inside the image",
        _always(_at_least(0.6, 0.3, "the image shows only part of the femur")),
        tissue=Tissue.FEMUR,
    ),
    Measurement(
        "inside_fc",
        _("Cartilage inside"),
        "1",
        _("share of the reference cartilage's surroundings inside the image"),
        _JUDGED,
        "cartilage inside the image",
        _always(_at_least(0.75, 0.5, "the image shows only part of the cartilage")),
        tissue=Tissue.CARTILAGE,
    ),
    Measurement(
        "growth_f",
        _("Femur growth"),
        "1",
        _("femur volume relative to the scaled reference's"),
        _JUDGED,
        "femur volume",
        _always(Bounds((0.75, 1.35), (0.5, 2), "implausible beside the reference's")),
        tissue=Tissue.FEMUR,
    ),
    Measurement(
        "growth_fc",
        _("Cartilage growth"),
        "1",
        _("cartilage volume relative to the scaled reference's"),
        _JUDGED,
        "cartilage volume",
        _always(Bounds((0.5, 1.8), (0.3, 3), "implausible beside the reference's")),
        tissue=Tissue.CARTILAGE,
    ),
    Measurement("residual_f_mean", _("Inverse residual femur"), "mm", _("mean error of the inverse in the femur")),
    Measurement(
        "residual_f_p95",
        _("Inverse residual femur 95 %"),
        "mm",
        _("95th percentile of the error of the inverse in the femur"),
        _JUDGED,
        "error of the inverse, femur",
        _always(_at_most(1, 5, "the transform could not be inverted")),
        tissue=Tissue.FEMUR,
    ),
    Measurement(
        "residual_f_max", _("Inverse residual femur max"), "mm", _("largest error of the inverse in the femur")
    ),
    Measurement(
        "residual_fc_mean", _("Inverse residual cartilage"), "mm", _("mean error of the inverse in the cartilage")
    ),
    Measurement(
        "residual_fc_p95",
        _("Inverse residual cartilage 95 %"),
        "mm",
        _("95th percentile of the error of the inverse in the cartilage"),
        _JUDGED,
        "error of the inverse, cartilage",
        _always(_at_most(0.8, 2, "the transform could not be inverted")),
        tissue=Tissue.CARTILAGE,
    ),
    Measurement(
        "residual_fc_max", _("Inverse residual cartilage max"), "mm", _("largest error of the inverse in the cartilage")
    ),
    Measurement(
        "folding_f",
        _("Folding femur"),
        "1",
        _("share of the femur in which the transform folds space"),
        _EVERYWHERE,
        "folded part of the femur",
        _always(_at_most(0.005, 0.05, "the transform is not one to one")),
        tissue=Tissue.FEMUR,
    ),
    Measurement(
        "folding_fc",
        _("Folding cartilage"),
        "1",
        _("share of the cartilage in which the transform folds space"),
        _JUDGED,
        "folded part of the cartilage",
        _always(_at_most(0.005, 0.05, "the transform is not one to one")),
        tissue=Tissue.CARTILAGE,
    ),
    Measurement(
        "overlap_f",
        _("Femur on femur"),
        "1",
        _("share of the reference's femur that comes to lie in the femur mask of the knee"),
        Use.SEARCH_LIMITS,
        "femur on femur",
        _always(_at_least(0.9, 0.75, f"{_WRONG_PLACE}, or one of the femur masks is wrong")),
    ),
    Measurement(
        "local_fc",
        _("Local match"),
        "1",
        _("correlation of predicted and real gray values round the cartilage's surface, in the mean"),
    ),
    Measurement(
        "mismatch_fc",
        _("Mismatch"),
        "1",
        _("share of the cartilage's surface round which that correlation is below 0.7"),
    ),
    Measurement(
        "expected_dice",
        _("Expected Dice"),
        "1",
        _("estimate of the Dice coefficient of the cartilage mask and an expert's"),
        _JUDGED,
        "expected Dice",
        _always(_at_least(0.75, 0.3, "parts of the cartilage match badly, or have another shape than the reference's")),
        tissue=Tissue.CARTILAGE,
    ),
    Measurement("references", _("References"), "1", _("references that were fused; none if there was only one")),
    Measurement(
        "agreement_f", _("Agreement femur"), "1", _("mean Dice of each reference's own femur mask and the fused one")
    ),
    Measurement(
        "agreement_fc",
        _("Agreement cartilage"),
        "1",
        _("mean Dice of each reference's own cartilage mask and the fused one"),
    ),
    Measurement(
        "outlier_f",
        _("Outlier femur"),
        "1",
        _("least agreement of any reference with the fused femur, relative to the median of all"),
        _JUDGED,
        "agreement of one reference, femur",
        _always(_OUTLIER),
        tissue=Tissue.FEMUR,
    ),
    Measurement(
        "outlier_fc",
        _("Outlier cartilage"),
        "1",
        _("least agreement of any reference with the fused cartilage, relative to the median of all"),
        _JUDGED,
        "agreement of one reference, cartilage",
        _always(_OUTLIER),
        tissue=Tissue.CARTILAGE,
    ),
    Measurement(
        "automatic_dice_f",
        _("Dice with automatic femur"),
        "1",
        _("of a corrected femur mask: Dice with the automatic one"),
    ),
    Measurement(
        "automatic_dice_fc",
        _("Dice with automatic cartilage"),
        "1",
        _("of a corrected cartilage mask: Dice with the automatic one"),
    ),
)
"""What is measured, in the order of the summary."""


# Where the knees do not lie on each other, these are not what is wrong, but follow from it.
_PLACES = ("sharpness_aligned", "sharpness_f", "sharpness_fc")
_CONSEQUENCES = tuple(
    one.key
    for one in MEASUREMENTS
    if one.bounds and one.key not in (*_PLACES, "inside_f", "inside_fc", "information_f", "information_fc", "clipped_f")
)


def measurements_for(use: Use) -> tuple[Measurement, ...]:
    """The measurements of a use, in the order of the table."""
    return tuple(measurement for measurement in MEASUREMENTS if measurement.use & use)


def keys_of(use: Use) -> tuple[str, ...]:
    """The keys of the measurements of a use."""
    return tuple(measurement.key for measurement in measurements_for(use))


# An expected Dice coefficient. Where the knees lie on each other, less may be expected of cartilage in another contrast
# than there is (0.37 and 0.41 in two T1-like knees whose masks had 0.75); where that is doubtful, too, they do not (a
# knee turned by 90 degrees: 0.33; other people's scans as the same person's: 0.29 and 0.39).
_WRONG_IF_DOUBTFUL = 0.4


@dataclass(frozen=True)
class Check:
    """A measurement that is compared with limits.

    :param key: its name in files.
    :param title: its name in a sentence.
    :param unit: mm, 1 for a ratio.
    :param doubtful: interval outside which a result should be looked at.
    :param failed: interval outside which a result is rejected.
    :param meaning: what a value outside says, for the user.
    """

    key: str
    title: str
    unit: str
    doubtful: Interval
    failed: Interval
    meaning: str
    tissue: Tissue | None = None


@dataclass(frozen=True)
class Flag:
    """A measurement outside its limits.

    :param failed: the masks that it is about are wrong; otherwise they should be looked at.
    :param text: for the user, with the measured value and the limit.
    :param tissue: the only one whose mask it is about; None for all.
    """

    key: str
    failed: bool
    text: str
    tissue: Tissue | None = None


class Verdict(Enum):
    """What the flags say about the mask of a tissue."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    FAILED = "failed"


@dataclass(frozen=True)
class Limits:
    """What a result is judged by.

    :param checks: the measurements that are judged.
    :param confident: a sharpness after the linear stages from which no other start is tried.
    """

    checks: tuple[Check, ...]
    confident: float

    def with_failed(self, intervals: Mapping[str, Interval]) -> Limits:
        """The same with other intervals, by key, outside which a result is rejected.

        :raises InputError: if there is no such measurement.
        """
        keys = {check.key for check in self.checks}
        remedy = f"Choose from {', '.join(sorted(keys))}"
        unknown = [key for key in intervals if key not in keys]
        if unknown:
            raise InputError([Problem(f"there is no measurement '{key}' with limits", remedy) for key in unknown])
        checks = tuple(
            # Whoever sets a limit wants it to reject the knee, whichever mask it is about.
            replace(check, failed=intervals[check.key], tissue=None) if check.key in intervals else check
            for check in self.checks
        )
        return replace(self, checks=checks)


def default_limits(modality: Modality, use: Use = Use.SEGMENTATION_LIMITS) -> Limits:
    """The limits that results of a modality are judged by, or the registrations of a search."""
    checks = tuple(
        Check(one.key, one.phrase, one.unit, bounds.doubtful, bounds.failed, bounds.meaning, one.tissue)
        for one in measurements_for(use)
        for bounds in [one.bounds[modality]]
    )
    return Limits(checks, _CONFIDENT[modality])


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
            found.append(Flag(check.key, failed, text, check.tissue))
    if any(flag.key in _PLACES for flag in found) and measurements.get("expected_dice", 1.0) < _WRONG_IF_DOUBTFUL:
        found = [replace(flag, failed=True) if flag.key == "expected_dice" else flag for flag in found]
    if any(flag.failed and flag.key in _PLACES for flag in found):
        return [flag for flag in found if flag.key not in _CONSEQUENCES]
    return found


def verdict(flags: Iterable[Flag], tissue: Tissue) -> Verdict:
    """What flags say about the mask of a tissue."""
    own = [flag for flag in flags if flag.tissue in (None, tissue)]
    if any(flag.failed for flag in own):
        return Verdict.FAILED
    return Verdict.DOUBTFUL if own else Verdict.GOOD


def rejects(flags: Iterable[Flag]) -> bool:
    """Whether a knee is rejected: its cartilage is what it was segmented for."""
    return verdict(flags, Tissue.CARTILAGE) is Verdict.FAILED


def _outside(value: float, interval: tuple[float, float]) -> bool:
    return not interval[0] <= value <= interval[1]


def _interval(interval: tuple[float, float]) -> str:
    low, high = interval
    if np.isinf(high):
        return f"at least {low:g}"
    return f"at most {high:g}" if np.isinf(low) or low == 0 else f"{low:g} to {high:g}"
