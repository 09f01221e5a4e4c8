"""Plots of segmentation quality, as PNG files (matplotlib, imported only when plots are made)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..colors import SERIES
from ..files import atomic_path
from ..lists.names import shortened
from .compare import PairQuality
from .metrics import METRICS, Metric
from .tables import labels_of, values_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DISTANCES_PLOT = "distances.png"
"""Name of the plot of average and standard deviation of the surface distances."""

_DPI = 150
_INCHES_PER_SUBJECT = 0.13
_MOST_SUBJECTS_NAMED = 120
"""With more subjects their names would be too small to read."""


def plot_names() -> list[str]:
    """The names of the files that :func:`write_plots` writes."""
    return [*(f"{metric.key}.png" for metric in METRICS), DISTANCES_PLOT]


def write_plots(results: Sequence[PairQuality], folder: str | Path) -> list[Path]:
    """Write a PNG for each metric (``dice.png`` and so on), and the distances with their standard deviation.

    :param folder: is created if it does not exist; plots of the same name in it are replaced.
    :return: the files.
    :raises ImportError: if matplotlib is not installed.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    figures = {f"{metric.key}.png": plot_metric(results, metric) for metric in METRICS}
    figures[DISTANCES_PLOT] = plot_distances(results)
    for name, figure in figures.items():
        with atomic_path(folder / name) as temporary:
            figure.savefig(temporary, dpi=_DPI)
    return [folder / name for name in figures]


def plot_metric(results: Sequence[PairQuality], metric: Metric) -> Figure:
    """The values of a metric for each subject, and beside them their distribution.

    :return: a figure that belongs to no window; left the subjects in their order, a color for each label; right a box
        for each label (median, quartiles, whiskers to the last value within 1.5 times the box) with all values.
    """
    labels = labels_of(results)
    widths = _subjects_width(results), 1.6 + 0.7 * len(labels)
    figure = _figure(sum(widths))
    axes, distribution = figure.subplots(1, 2, sharey=True, width_ratios=widths)
    for i, label in enumerate(labels):
        values = np.array(values_of(results, metric, label))
        axes.plot(_positions(results, i, len(labels)), values, "o", color=_color(i), markersize=5, label=_legend(label))
        _draw_distribution(distribution, values, i)
    axes.set_ylabel(metric.heading)
    axes.set_title(metric.title, loc="left")
    _finish_subjects(axes, results, metric)
    distribution.set_xticks(range(len(labels)), [_legend(label) for label in labels])
    distribution.set_xlim(-0.7, max(len(labels), 1) - 0.3)
    distribution.set_title(_counts(results, metric), loc="left", fontsize="small")
    distribution.grid(axis="y", alpha=0.3)
    return figure


def plot_distances(results: Sequence[PairQuality]) -> Figure:
    """The average surface distance of each subject, with its standard deviation as error bar."""
    labels = labels_of(results)
    figure = _figure(_subjects_width(results))
    axes = figure.subplots()
    by_key = {metric.key: metric for metric in METRICS}
    average, std = by_key["average_distance"], by_key["distance_std"]
    for i, label in enumerate(labels):
        positions = _positions(results, i, len(labels))
        means, errors = (np.array(values_of(results, metric, label)) for metric in (average, std))
        axes.bar(positions, means, 0.8 / len(labels), color=_color(i), alpha=0.45, label=_legend(label))
        # A distance is not negative, so neither is the end of its error bar.
        axes.errorbar(positions, means, (np.minimum(errors, means), errors), fmt="o", color=_color(i), markersize=4)
    axes.set_ylabel(f"{average.heading}, mean and std")
    axes.set_title(average.title, loc="left")
    axes.set_ylim(bottom=0)
    _finish_subjects(axes, results, average)
    return figure


def distribution_bins(results: Sequence[PairQuality], metric: Metric) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """A histogram of a metric with the same bins for all labels.

    :return: the edges of the bins (one more than there are bins; none without values), and how many pairs lie in each
        bin, by label. Missing values are left out.
    """
    values = {label: np.array(values_of(results, metric, label)) for label in labels_of(results)}
    present = {label: found[~np.isnan(found)] for label, found in values.items()}
    together = np.concatenate([np.zeros(0), *present.values()])
    if not len(together):
        return np.zeros(0), {label: np.zeros(0, int) for label in present}
    if np.ptp(together) == 0:
        # numpy would take a range of 1 around it, which may be impossible for the metric.
        edges = np.array([together[0], together[0]])
        return edges, {label: np.array([len(found)]) for label, found in present.items()}
    edges = np.histogram_bin_edges(together, "sturges")
    return edges, {label: np.histogram(found, edges)[0] for label, found in present.items()}


def _figure(width: float) -> Figure:
    # Figure and not pyplot: pyplot keeps figures alive, and opens windows where there is a screen.
    from matplotlib.figure import Figure

    return Figure(figsize=(width + 0.8, 4.8), layout="constrained")


def _subjects_width(results: Sequence[PairQuality]) -> float:
    """In inches."""
    return max(5.0, _INCHES_PER_SUBJECT * min(len(results), _MOST_SUBJECTS_NAMED))


def _positions(results: Sequence[PairQuality], number: int, count: int) -> np.ndarray:
    """Of the values of one of several labels, side by side around the subject's own position."""
    return np.arange(len(results)) + 0.8 * ((number + 0.5) / count - 0.5)


def _draw_distribution(axes: Axes, values: np.ndarray, number: int) -> None:
    present = values[~np.isnan(values)]
    if not len(present):
        return
    axes.boxplot(present, positions=[number], widths=0.6, showfliers=False, manage_ticks=False)
    spread = np.random.default_rng(0).uniform(-0.18, 0.18, len(present))
    axes.plot(number + spread, present, "o", color=_color(number), markersize=3.5, alpha=0.6)


def _finish_subjects(axes: Axes, results: Sequence[PairQuality], metric: Metric) -> None:
    """Subjects' names, crosses for those without a value (so that a gap is not overlooked), and the legend."""
    missing = np.flatnonzero([_is_missing(result, metric) for result in results])
    if len(missing):
        bottom, heights = axes.get_xaxis_transform(), np.full(len(missing), 0.02)
        axes.plot(missing, heights, "x", color="#888888", transform=bottom, clip_on=False, label="missing")
    axes.set_xlim(-0.7, max(len(results), 1) - 0.3)
    axes.grid(axis="y", alpha=0.3)
    if len(results) > _MOST_SUBJECTS_NAMED:
        axes.set_xlabel("subject, in the order of the list")
    else:
        axes.set_xticks(range(len(results)), [shortened(result.name) for result in results], parse_math=False)
        axes.tick_params(axis="x", labelrotation=90, labelsize=7)
    handles, names = axes.get_legend_handles_labels()
    if len(names) > 1 or len(missing):
        axes.legend(
            handles,
            names,
            loc="lower right",
            bbox_to_anchor=(1, 1),
            borderaxespad=0.2,
            ncols=len(names),
            fontsize="small",
            frameon=False,
        )


def _is_missing(result: PairQuality, metric: Metric) -> bool:
    return bool(result.error) or any(math.isnan(getattr(quality, metric.key)) for quality in result.labels)


def _counts(results: Sequence[PairQuality], metric: Metric) -> str:
    counts = [np.count_nonzero(~np.isnan(values_of(results, metric, label))) for label in labels_of(results)]
    return f"n = {', '.join(map(str, counts))}" if counts else ""


def _color(number: int) -> str:
    return SERIES[number % len(SERIES)]


def _legend(label: str) -> str:
    return "all" if label == "any" else f"label {label}"
