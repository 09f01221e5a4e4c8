"""How good a cartilage mask may be expected to be: an estimate of its Dice coefficient with an expert's mask.

Calibrated with ``Testing/benchmark --verdicts`` on rendered knees of twenty people, as they are and altered (noise,
bias, crops, thick slices, voids, other shapes), where the truth is known. It tells good results from doubtful ones; on
patients, whose experts differ by some percent, it is no measurement.
"""

from __future__ import annotations

import numpy as np

from .stages import Modality

# Mean local correlation (see :mod:`.local_match`) and the Dice coefficient of knees that had it, between which the
# estimate is linear.
_SAME_CONTRAST = (
    (0.0, 0.0),
    (0.30, 0.20),
    (0.55, 0.45),
    (0.65, 0.66),
    (0.71, 0.765),
    (0.77, 0.815),
    (0.82, 0.845),
    (1.0, 0.9),
)
# Own scans in another sequence had 0.51 to 0.59 and Dice 0.89 to 0.91, other people's at most 0.21 and 0.36.
_OTHER_CONTRAST = ((0.0, 0.0), (0.10, 0.30), (0.20, 0.46), (0.35, 0.70), (0.45, 0.82), (0.55, 0.90), (1.0, 0.93))
_CURVES = {
    Modality.NEW_SUBJECT: _SAME_CONTRAST,
    Modality.LONGITUDINAL: _SAME_CONTRAST,
    Modality.MULTIMODAL: _OTHER_CONTRAST,
}
_FUSED = 0.05  # what fusion adds to the mean of its references


def expected_dice(modality: Modality, local: float, references: int = 1) -> float:
    """The expected Dice coefficient of a cartilage mask, 0 to 1.

    :param local: mean local correlation, of several references in the mean.
    :param references: how many were fused.
    """
    correlations, coefficients = np.transpose(_CURVES[modality])
    expected = float(np.interp(local, correlations, coefficients))
    return expected + _FUSED if references > 1 and expected > 0 else expected
