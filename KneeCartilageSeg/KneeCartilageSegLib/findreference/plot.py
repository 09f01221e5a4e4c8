"""The convergence plot as a PNG file (matplotlib, imported only when it is made)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..colors import SERIES
from ..files import atomic_path
from ..lists.names import short_name
from .study import StudyResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DPI = 150
"""Okabe and Ito's colors, which color-blind readers can tell apart."""
_MARKERS = "osD^vP"
_LINES = ("-", "--", ":")


def write_convergence_plot(path: Path, studies: Sequence[StudyResult], recommended: str | None = None) -> None:
    """Write :func:`plot_convergence` as PNG; a file of that name is replaced.

    :raises ImportError: if matplotlib is not installed.
    """
    figure = plot_convergence(studies, recommended)
    with atomic_path(path) as temporary:
        figure.savefig(temporary, dpi=_DPI)


def plot_convergence(studies: Sequence[StudyResult], recommended: str | None = None) -> Figure:
    """How far the reference of each iteration is from the mean knee: a line for each seed, each point with the name of
    its reference.

    :param recommended: the reference to mark.
    :return: a figure that belongs to no window.
    """
    # Figure and not pyplot: pyplot keeps figures alive, and opens windows where there is a screen.
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(7.5, 4.8), layout="constrained")
    axes = figure.subplots()
    named: set[tuple[int, str]] = set()
    for number, study in enumerate(studies):
        color, marker = SERIES[number % len(SERIES)], _MARKERS[number % len(_MARKERS)]
        line = _LINES[number // len(SERIES) % len(_LINES)]
        distances = [evaluation.distance for evaluation in study.evaluations]
        iterations = range(1, len(distances) + 1)
        label = f"seed {short_name(study.seed)}: {study.ending.value}"
        axes.plot(iterations, distances, marker=marker, linestyle=line, color=color, label=label, alpha=0.8)
        for iteration, evaluation in zip(iterations, study.evaluations):
            if (iteration, evaluation.reference) not in named:  # studies that meet go on together
                named.add((iteration, evaluation.reference))
                axes.annotate(
                    short_name(evaluation.reference),
                    (iteration, evaluation.distance),
                    textcoords="offset points",
                    xytext=(6, 6),
                    fontsize="small",
                    parse_math=False,  # a dollar sign is part of a name
                    fontweight="bold" if evaluation.reference == recommended else "normal",
                )
    axes.set_xlabel("iteration")
    axes.set_ylabel("distance of the reference from the mean (mm)")
    axes.set_title("Convergence of the reference", loc="left")
    axes.margins(x=0.12, y=0.1)  # room for the names
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", alpha=0.3)
    if studies:
        for text in axes.legend(fontsize="small", frameon=False).get_texts():
            text.set_parse_math(False)
    return figure
