"""Thickness and volume by region, of masks beside those of their truths.

Masks are found by name in a folder at any depth (``NAME_fc``, with ``NAME_f`` beside it if there is one), truths of the
same name in the folder of truths. One row per region: mean and range of the truths, the difference (ours minus truth:
mean and standard deviation over the knees), the root mean square coefficient of variation (Glüer et al., Accurate
assessment of precision errors, Osteoporosis International 5:262, 1995), and Lin's concordance (Lin, A concordance
correlation coefficient to evaluate reproducibility, Biometrics 45:255, 1989), which is 1 only if each measurement is
that of the truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from KneeCartilageSegLib.errors import KneeError
from KneeCartilageSegLib.files import split_name
from KneeCartilageSegLib.images.files import EXTENSIONS, read_image
from KneeCartilageSegLib.measurement.inputs import find_knees
from KneeCartilageSegLib.measurement.knee import measure_knee
from KneeCartilageSegLib.measurement.orientation import Side
from KneeCartilageSegLib.measurement.tables import table_rows
from KneeCartilageSegLib.measurement.thickness import Definition

from .errors import BenchmarkError

VALUES = {"volume_mm3": "volume", "thickness_mean_mm": "thickness"}


def concordance(found: Sequence[float], true: Sequence[float]) -> float:
    """Lin's concordance correlation coefficient."""
    x, y = np.asarray(found, float), np.asarray(true, float)
    covariance = np.mean((x - x.mean()) * (y - y.mean()))
    spread = x.var() + y.var() + (x.mean() - y.mean()) ** 2
    return float(2 * covariance / spread) if spread else float("nan")


def rms_variation(found: Sequence[float], true: Sequence[float]) -> float:
    """The root mean square of the coefficients of variation of pairs, in percent."""
    x, y = np.asarray(found, float), np.asarray(true, float)
    variation = np.abs(x - y) / np.sqrt(2) / ((x + y) / 2)  # the standard deviation of two numbers, by their mean
    return float(100 * np.sqrt(np.mean(variation**2)))


def find_pairs(masks: Path, truths: Path, names: Iterable[str] = ()) -> dict[str, tuple[Path, Path]]:
    """Mask and truth of each knee, by the knee's name.

    :param names: only knees whose names begin with one of these.
    :raises BenchmarkError: if there is none, or several masks have the same name.
    """
    ends = tuple(f"_fc{extension}" for extension in EXTENSIONS)
    found: dict[str, list[Path]] = {}
    for path in sorted(path for path in masks.rglob("*") if path.name.endswith(ends) and "rejected" not in path.parts):
        if "automatic" not in path.parts and "replaced" not in path.parts:
            found.setdefault(split_name(path)[0], []).append(path)
    true = {split_name(path)[0]: path for path in truths.iterdir() if path.name.endswith(ends)}
    wanted = tuple(names)
    pairs = {}
    for name, paths in found.items():
        if name not in true or (wanted and not name.startswith(wanted)):
            continue
        if len(paths) > 1:
            raise BenchmarkError(f"several masks are called {name}: {paths[0]}, {paths[1]}")
        pairs[name.removesuffix("_fc")] = paths[0], true[name]
    if not pairs:
        raise BenchmarkError(f"no mask in '{masks}' has a truth of its name in '{truths}'")
    return pairs


def measure_pairs(pairs: Mapping[str, tuple[Path, Path]], definition: Definition = Definition.NORMAL) -> pd.DataFrame:
    """Measure masks and truths: one row per knee and region, with the columns of ``measure --csv``, ours and true.

    Both are measured as knees of the side that the truth's anatomy tells.
    """
    rows = []
    for name, (mask, truth) in pairs.items():
        try:
            true = _measure(truth, None, definition)
            own = _measure(mask, Side(true[0]["side"]), definition)
        except KneeError as error:
            print(f"{name}: {error}", flush=True)
            continue
        for ours, theirs in zip(own, true):
            values = {f"{key}_{whose}": row[key] for key in VALUES for whose, row in (("ours", ours), ("true", theirs))}
            rows.append({"knee": name, "region": ours["region"], **values})
        print(f"{name}: measured", flush=True)
    return pd.DataFrame(rows)


def _measure(mask: Path, side: Side | None, definition: Definition) -> list[dict]:
    (knee,) = find_knees([mask]).knees
    femur = None if knee.femur is None else read_image(knee.femur)
    return table_rows(knee.name, measure_knee(read_image(knee.cartilage), femur, side, definition))


def agreement(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per region, from the rows of :func:`measure_pairs`; volumes differ in percent, thickness in mm."""
    rows = []
    for region, of_region in frame.groupby("region", sort=False):
        row = {"region": region}
        for key, title in VALUES.items():
            both = of_region[[f"{key}_ours", f"{key}_true"]].dropna()
            ours, true = both.iloc[:, 0], both.iloc[:, 1]
            difference = 100 * (ours / true - 1) if title == "volume" else ours - true
            row.update(
                {
                    "n": len(both),
                    f"{title}": true.mean(),
                    f"{title} least": true.min(),
                    f"{title} most": true.max(),
                    f"{title} diff.": difference.mean(),
                    f"{title} SD": difference.std(),
                    f"{title} RMS CV": rms_variation(ours, true),
                    f"{title} CCC": concordance(ours, true),
                }
            )
        rows.append(row)
    return pd.DataFrame(rows).set_index("region")
