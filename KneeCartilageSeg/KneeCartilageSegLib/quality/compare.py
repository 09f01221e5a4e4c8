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

import queue
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import SimpleITK as sitk

from ..errors import Cancelled, InputError, Problem
from ..runs.background import BackgroundRun, LocalWorkers
from ..runs.executor import WorkerThreads
from ..runs.failures import Failure, attempt, failure_of
from ..runs.machine import cores
from ..runs.workplace import Workplace
from .metrics import (
    ANY_LABEL,
    DEFAULT_TOLERANCE_MM,
    LabelChoice,
    LabelQuality,
    chosen_voxels,
    compare,
    label_choice,
)
from .pairs import QualityPair, read_mask
from .space import on_common_region

_MOST_JOBS = 4
"""Pairs at a time unless asked for more: each takes about 0.2 GB at 384 x 384 x 160 voxels, and reading files
becomes no faster with more."""
_CANCEL_SECONDS = 0.1
"""How often to look whether the user wants to stop."""


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
    comparison = _Comparison(pairs, choices, tolerance, jobs or default_jobs())
    comparison.start()
    found: dict[int, PairQuality] = {}
    try:
        while len(found) < len(pairs):
            if cancelled is not None and cancelled():
                raise Cancelled("the comparison was cancelled")
            with suppress(queue.Empty):
                number, result = comparison.results.get(timeout=_CANCEL_SECONDS)
                found[number] = result
                if progress is not None:
                    progress(result, len(found), len(pairs))
    finally:
        if len(found) < len(pairs):
            comparison.cancel()
        comparison.wait()
    return [found[number] for number in range(len(pairs))]


def check_pairs(
    pairs: Sequence[QualityPair], labels: Iterable[LabelChoice | int | str] = (), jobs: int | None = None
) -> list[tuple[QualityPair | None, Problem]]:
    """What :func:`compare_pairs` will say about the masks: all are read, and put on their common grids.

    :param labels: see :func:`.quality.metrics.compare`.
    :return: what is wrong, with the pair that it is wrong with; None if a label is in no mask at all.
    """
    choices = [label_choice(label) for label in labels]
    found: list[tuple[QualityPair | None, Problem]] = []
    present: set[LabelChoice] = set()
    with WorkerThreads(jobs or default_jobs()) as threads:
        for pair, checked in zip(pairs, threads.map(lambda pair: _check_pair(pair, choices), pairs)):
            found += [(pair, problem) for problem in checked[0]]
            present |= checked[1]
    if not found:
        found += [(None, absent_label(choice)) for choice in choices if choice not in present]
    return found


def absent_label(label: LabelChoice) -> Problem:
    """That a label is in no mask at all."""
    return Problem(f"label {label} is in none of the masks", "Correct the labels (--labels)")


def absent_labels(results: Sequence[PairQuality]) -> list[LabelChoice]:
    """The labels that were asked for and are in no mask of pairs that did not fail."""
    qualities = [quality for result in results for quality in result.labels]
    asked = dict.fromkeys(quality.label for quality in qualities if quality.label != ANY_LABEL)
    there = {q.label for q in qualities if q.segmentation_volume or q.truth_volume}
    return [label for label in asked if label not in there]


def _check_pair(pair: QualityPair, choices: Sequence[LabelChoice]) -> tuple[list[Problem], set[LabelChoice]]:
    """What is wrong with a pair, and which of the labels it holds."""
    try:
        _, *masks, _ = on_common_region(_image(pair.segmentation), _image(pair.truth))
    except InputError as error:
        return list(error.problems), set()
    except (OSError, RuntimeError, MemoryError) as error:
        return [Problem(failure_of(error).message, "Check the files")], set()
    wanted = {choice: (choice.segmentation, choice.truth) for choice in choices}
    there = {
        choice
        for choice, values in wanted.items()
        if any(chosen_voxels(mask, value).any() for mask, value in zip(masks, values))
    }
    return [], there


def default_jobs() -> int:
    """How many pairs to compare at a time on this computer."""
    return min(_MOST_JOBS, cores())


class _Comparison(BackgroundRun[int, PairQuality]):
    """Compares pairs in threads and not in processes: SimpleITK and scipy's trees let other threads run, and images
    need not be copied.

    :attribute results: number of a pair and what came out, as they come.
    """

    def __init__(self, pairs: Sequence[QualityPair], choices: Sequence[LabelChoice], tolerance: float, jobs: int):
        super().__init__(LocalWorkers(jobs))
        self.results: queue.SimpleQueue[tuple[int, PairQuality]] = queue.SimpleQueue()
        self._pairs, self._choices, self._tolerance = pairs, choices, tolerance

    def start(self) -> None:
        """Begin in the background."""
        self._begin(range(len(self._pairs)))

    def _submit(self, item: int) -> Future:
        return self._workers.submit(compare_pair, self._pairs[item], self._choices, self._tolerance)

    def _end(self, item: int, result: PairQuality) -> None:
        self.results.put((item, result))

    def _failure(self, item: int, failure: Failure) -> PairQuality:
        return failed_pair(self._pairs[item], failure)


def compare_pair(
    pair: QualityPair, choices: Sequence[LabelChoice], tolerance: float, workplace: Workplace
) -> PairQuality:
    """Compare a pair; whatever goes wrong is in its result.

    :param choices: see :func:`.quality.metrics.compare`.
    :param tolerance: of the surface Dice, mm.
    """
    labels = attempt(
        f"comparing {pair.name}",
        lambda: compare(_image(pair.segmentation), _image(pair.truth), choices, tolerance),
        lambda: workplace.cancelled,
    )
    return failed_pair(pair, labels) if isinstance(labels, Failure) else PairQuality(pair.name, labels)


def failed_pair(pair: QualityPair, failure: Failure) -> PairQuality:
    """The result of a pair that could not be compared."""
    return PairQuality(pair.name, (), " ".join(failure.message.split()))


def _image(source: Path | sitk.Image) -> sitk.Image:
    return source if isinstance(source, sitk.Image) else read_mask(source)
