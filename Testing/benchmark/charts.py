"""The benchmark as a picture: seconds by step, cartilage Dice and surface distance of each knee."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from .published import NAME, published_for
from .tables import step_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKS = "os^v"
_ABOVE: dict[str, Any] = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0)}


def write_chart(results: pd.DataFrame, path: Path) -> None:
    """Write a chart of medians (see :func:`.tables.medians`) as PNG.

    Beside each bar stands how many times faster that is than the published tool, where it has figures.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(15, 2 + 0.35 * len(results)), layout="constrained")
    seconds, dice, distance = figure.subplots(1, 3, width_ratios=[2, 1, 1])
    _draw_seconds(seconds, results)
    _draw_scores(dice, results, "cartilage_dice", "cartilage Dice")
    _draw_scores(distance, results, "cartilage_asd_mm", "cartilage, surface distance (mm)")
    dice.legend(**_ABOVE)
    figure.savefig(path, dpi=110)


def _draw_seconds(axes: Axes, results: pd.DataFrame) -> None:
    several = results.index.get_level_values("checkout").nunique() > 1
    names = [f"{modality} {knee}" + (f" {checkout}" if several else "") for checkout, modality, knee in results.index]
    left = pd.Series(0.0, results.index)
    for number, column in enumerate(step_columns(results)):
        color = f"C{number % 10}"
        hatch = "///" if number >= 10 else None
        axes.barh(range(len(names)), results[column], left=left, color=color, hatch=hatch, label=column[2:])
        left += results[column].clip(lower=0)
    faster = published_for(results)["seconds"] / results["seconds"]
    for position, (own, ratio) in enumerate(zip(results["seconds"], faster)):
        if pd.notna(ratio):
            axes.text(own, position, f" {ratio:.1f} x", va="center")
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlim(right=1.15 * results["seconds"].max())
    axes.set_xlabel(f"seconds; beside: times faster than {NAME}")
    axes.legend(fontsize="small", ncols=6, **_ABOVE)


def _draw_scores(axes: Axes, results: pd.DataFrame, column: str, title: str) -> None:
    knees = list(dict.fromkeys(f"{modality} {knee}" for _, modality, knee in results.index))
    for mark, (checkout, own) in zip(_MARKS, results.groupby(level="checkout", sort=False)):
        places = [knees.index(f"{modality} {knee}") for _, modality, knee in own.index]
        axes.plot(own[column], places, mark, label=checkout)
    theirs = published_for(results)[column]
    places = [knees.index(f"{modality} {knee}") for _, modality, knee in results.index]
    axes.plot(theirs, places, "x", color="black", label=NAME)
    axes.set_yticks(range(len(knees)), knees)
    axes.invert_yaxis()
    axes.set_xlabel(title)
    axes.grid(axis="x", alpha=0.3)
