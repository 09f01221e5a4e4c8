"""The quality of many segmentations: from an image list to results, tables and csv files.

A list names the folder of the segmentations, the folder of the ground truth, and one pair after the other::

    ./segmented
    ./segmented_groundTruth
    s subject1_prep_fc.mha
    g subject1_groundTruth_fc.mha
    s subject2_prep_fc.mha
    g subject2_groundTruth_fc.mha

In Python::

    results = compare_pairs(read_quality_list("image_list_quality.txt"))
    write_overlap_csv(results, "overlap.csv")
    frame = to_dataframe(results)

What is measured is defined in :mod:`.quality.metrics`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import SimpleITK as sitk

from ..errors import Cancelled, KneeError
from ..images.files import last_line
from .metrics import (
    DEFAULT_TOLERANCE_MM,
    LabelChoice,
    LabelQuality,
    compare,
    label_choice,
)
from .pairs import QualityPair, read_mask

"""The folders at the top of a list."""
_MOST_JOBS = 4
"""Pairs at a time unless asked for more: each takes about 0.2 GB at 384 x 384 x 160 voxels, and reading files
becomes no faster with more."""
_CANCEL_SECONDS = 0.1
"""How often to look whether the user wants to stop."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PairQuality:
    """What came out for a pair.

    :param name: as in the pair.
    :param labels: one for each label that was compared; empty if the pair failed.
    :param error: why it failed, with what to do about it; empty if it did not.
    """

    name: str
    labels: tuple[LabelQuality, ...]
    error: str = ""


def compare_pairs(
    pairs: Sequence[QualityPair],
    labels: Iterable[LabelChoice | int | str] = (),
    tolerance: float = DEFAULT_TOLERANCE_MM,
    jobs: int | None = None,
    progress: Callable[[PairQuality, int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[PairQuality]:
    """Compare many pairs, several at a time. A pair that fails does not stop the others.

    :param labels: see :func:`.quality.metrics.compare`.
    :param tolerance: of the surface Dice, mm.
    :param jobs: pairs at a time; None: :func:`default_jobs`.
    :param progress: called with each result as it comes, how many there are now, and how many there will be; in the
        thread that called this function.
    :param cancelled: asked ten times a second, in the same thread, whether to stop.
    :return: one result for each pair, in the order of the pairs.
    :raises Cancelled: if ``cancelled`` said so. The results so far went to ``progress``.
    :raises ValueError: if a label or the tolerance makes no sense.
    """
    choices = [label_choice(label) for label in labels]
    if not tolerance >= 0:
        raise ValueError(f"the tolerance must be 0 mm or more, not {tolerance}")
    # Threads and not processes: SimpleITK and scipy's trees let other threads run, and images need not be copied.
    executor = ThreadPoolExecutor(max_workers=jobs or default_jobs())
    try:
        futures = [executor.submit(_compare_pair, pair, choices, tolerance) for pair in pairs]
        pending: set[Future[PairQuality]] = set(futures)
        while pending:
            if cancelled is not None and cancelled():
                raise Cancelled("the comparison was cancelled")
            done, pending = wait(pending, _CANCEL_SECONDS, FIRST_COMPLETED)
            for number, future in enumerate(done, start=1 + len(futures) - len(pending) - len(done)):
                if progress is not None:
                    progress(future.result(), number, len(futures))
    finally:
        executor.shutdown(cancel_futures=True)
    return [future.result() for future in futures]


def default_jobs() -> int:
    """How many pairs to compare at a time on this computer."""
    return min(_MOST_JOBS, os.cpu_count() or 1)


def _compare_pair(pair: QualityPair, choices: Sequence[LabelChoice], tolerance: float) -> PairQuality:
    try:
        return PairQuality(pair.name, compare(_image(pair.segmentation), _image(pair.truth), choices, tolerance))
    except KneeError as error:
        return PairQuality(pair.name, (), " ".join(str(error).split()))
    except Exception as error:
        # Whatever it is, the other pairs' results are worth having.
        logger.exception("comparing %s failed", pair.name)
        return PairQuality(pair.name, (), f"{type(error).__name__}: {last_line(error)}")


def _image(source: Path | sitk.Image) -> sitk.Image:
    return source if isinstance(source, sitk.Image) else read_mask(source)
