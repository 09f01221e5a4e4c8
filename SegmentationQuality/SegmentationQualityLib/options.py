"""How to compare: what the panel and the logic hand on to the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from KneeCartilageSegLib.quality.metrics import DEFAULT_TOLERANCE_MM, LabelChoice, label_choice


@dataclass(frozen=True)
class QualityOptions:
    """Options of ``knee-cartilage-seg quality``; the defaults are the command line's own.

    :param labels: which voxels to compare; none: any value but 0.
    :param tolerance: of the surface Dice, mm.
    :param jobs: pairs at once; 0 chooses.
    """

    labels: tuple[LabelChoice, ...] = ()
    tolerance: float = DEFAULT_TOLERANCE_MM
    jobs: int = 0


def quality_options(
    labels: Iterable[LabelChoice | int | str] = (), tolerance: float = DEFAULT_TOLERANCE_MM, jobs: int = 0
) -> QualityOptions:
    """Options as a script names them.

    :param labels: see :func:`..metrics.label_choice`.
    :raises ValueError: if a label makes no sense.
    """
    return QualityOptions(tuple(map(label_choice, labels)), float(tolerance), jobs)


def parse_labels(text: str) -> tuple[LabelChoice, ...]:
    """Labels as a user writes them: ``1 2``, ``1, 2`` or ``5:1``; nothing is any value but 0.

    :raises ValueError: if one is none, or comes twice.
    """
    labels = tuple(label_choice(word) for word in re.split(r"[\s,;]+", text.strip()) if word)
    twice = sorted({str(label) for label in labels if labels.count(label) > 1})
    if twice:
        raise ValueError(f"label {', '.join(twice)} is named twice")
    return labels


def quality_arguments(list_file: Path, options: QualityOptions) -> list[str]:
    """The arguments of the command line for a list of pairs."""
    arguments = ["quality", str(list_file), "--progress", "json", "--attached", f"--tolerance={options.tolerance!r}"]
    arguments += [f"--jobs={options.jobs}"] if options.jobs else []
    return [*arguments, "--labels", *map(str, options.labels)] if options.labels else arguments
