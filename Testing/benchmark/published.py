"""The published tool's figures on the same knees, ``published.csv``.

pyKNEEr 0.0.6.3 with its own elastix 4.8 and parameters; reference s01 for new subjects, ``l01_00m`` for ``l01_36m``,
the DESS for the second contrast, each with the expert's masks. Knees of ``make_knees.py --frame canonical`` with its
own seed (7), one image at a time on two cores. Source: ``../shared/docs/baseline.md``, where s02 and s05 were timed
together (779 seconds). Its times were measured on another day: they are for an idea of the ratio.

``cartilage_truth_mm3`` is the volume of the true mask, measured by us: it tells whether a knee of that name is the same
anatomy. Whether it was rendered with the same seed it does not tell.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

NAME = "pyKNEEr"
_TRUTH = "cartilage_truth_mm3"
_SAME_VOLUME = 1e-3  # relative


def published() -> pd.DataFrame:
    """Seconds and scores by modality and knee, with the column names of our own results."""
    return pd.read_csv(Path(__file__).with_name("published.csv")).set_index(["modality", "knee"])


def published_for(results: pd.DataFrame) -> pd.DataFrame:
    """The figures for the knees of our results, row by row; NaN where there are none for that very anatomy.

    :param results: with modality and knee as the last two levels of the index.
    """
    theirs = published()
    knees = pd.MultiIndex.from_tuples([index[-2:] for index in results.index], names=theirs.index.names)
    found = theirs.reindex(knees).set_axis(results.index)
    same = (found[_TRUTH] / results[_TRUTH] - 1).abs() < _SAME_VOLUME
    return found.where(same)
