"""Verdicts against the truth: does the product know which of its results are good?

Knees as they are and altered ones, references of right and wrong people, one of eight references and several: each is
segmented, and what is said of it (segmented, flagged or rejected; the expected Dice coefficient of the cartilage)
stands beside the true Dice coefficient. See ``python Testing/benchmark --verdicts``.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import SimpleITK as sitk
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.tissue import Tissue

from .alterations import (
    Alteration,
    Knee,
    bias,
    blurred,
    crop,
    noise,
    nothing_but_noise,
    shape,
    thick_slices,
    turned,
    void,
)
from .checkouts import Checkout
from .errors import BenchmarkError
from .knees import HIGH_RESOLUTION, Scan, Trial, find_scans
from .running import run_trial

BAD, GOOD = 0.6, 0.75
"""Cartilage Dice below which a result must be flagged or rejected, and above which it should be neither."""

_ALTERATIONS: Mapping[str, Alteration] = {
    "noise2": noise(2.0),
    "noise3": noise(3.0),
    "biasx": bias(2, 4.0),
    "biasy": bias(1, 4.0),
    "biasz": bias(0, 4.0),
    "cropx": crop(0.6, 0),
    "cropy": crop(0.6, 1),
    "cropz": crop(0.6, 2),
    "slices4": thick_slices(4),
    "slices6": thick_slices(6),
    "void8": void(8.0),
    "void15": void(15.0),
    "void25": void(25.0),
    "void40": void(40.0),
    "shape3": shape(3.0),
    "shape6": shape(6.0),
    "turned90": turned(90.0),
    "blurred": blurred(0.8),
    "none": nothing_but_noise,
}

# A knee and what is done to it, with one of these as its only reference.
_SINGLE_REFERENCES = ("s01", "s02", "s03", "s04", "s05", "s06", "s07", "s08")
_SINGLE = """
    s02 s03 s04 s05 s06 s07 s08 d01 d02 d03 d04 d05 d06 d07 d08 d09 d10
    s02-noise2 d05-noise2 s03-noise3 d04-noise3 d09-noise3
    s02-biasx d04-biasx s06-biasy d10-biasy s03-biasz d07-biasz
    s04-cropx d02-cropx d10-cropy s07-cropy s05-cropz d06-cropz
    s05-slices4 d03-slices4 s07-slices6 d08-slices6 s02-slices6
    s08-void8 d01-void8 s03-void15 d05-void15 s06-void25 d02-void25 s04-void40 d07-void40
    s02-shape3 d06-shape3 s06-shape6 d01-shape6
    s05-turned90 d08-turned90 s03-blurred d09-blurred s04-none
"""
_SEVERAL = """
    s02-noise2 d09-noise2 d04-noise3 s06-biasy d04-biasx s05-slices6 d03-slices4 d10-cropx s08-void15 d05-void25
    s02-void40 s06-shape6 d01-shape3 d08-turned90
"""
_SEVERAL_REFERENCES = ("s01", "s03", "s07")
# Knee, and whose scan the reference is: one of the same person, or of another.
_OTHER_CONTRAST = ("s02", "s03", "s04", "s05", "d09")
_OTHERS = [("s02", "s03"), ("s03", "s05"), ("s04", "d09"), ("s05", "s02"), ("d09", "s04")]
_FOLLOW_UPS = [("l01_00m", "l01_36m"), ("l02_00m", "l02_96m")]
_OTHERS_FOLLOW_UPS = [("l01_00m", "s04"), ("l02_00m", "d03"), ("s02", "l01_36m")]


@dataclass(frozen=True)
class VerdictCase:
    """A knee whose verdict is compared with the truth.

    :param options: of ``knee-cartilage-seg segment``.
    """

    name: str
    trial: Trial
    options: tuple[str, ...] = field(default=())


def find_cases(folder: Path, second: Path, made: Path) -> list[VerdictCase]:
    """All cases; altered knees are made if they do not exist.

    :param folder: knees with truth.
    :param second: those of another contrast.
    :param made: a folder for altered knees.
    :raises BenchmarkError: if a knee is missing.
    """
    known = {scan.knee: scan for scan in find_scans(folder) if scan.contrast == HIGH_RESOLUTION}
    other = {scan.knee: scan for scan in find_scans(second) if scan.contrast != HIGH_RESOLUTION}
    wanted = {name.partition("-")[0] for name in (_SINGLE + _SEVERAL).split()} | set(_SINGLE_REFERENCES)
    wanted |= {knee for pair in (*_OTHERS, *_FOLLOW_UPS, *_OTHERS_FOLLOW_UPS) for knee in pair}
    missing = [f"{knee}_{HIGH_RESOLUTION}" for knee in sorted(wanted - set(known))]
    missing += [f"{knee}_t2" for knee in _OTHER_CONTRAST if knee not in other]
    if missing:
        raise BenchmarkError(f"knees are missing: {', '.join(missing)}; make them with make_knees.py")

    def new_subject(name: str, *references: str) -> Trial:
        first, *others = (known[reference] for reference in references)
        return Trial(Modality.NEW_SUBJECT, first, _scan(name, known, made), tuple(others))

    several = [[one for one in _SEVERAL_REFERENCES if not name.startswith(one)] for name in _SEVERAL.split()]
    return [
        *(VerdictCase(name, new_subject(name, _single_reference(name))) for name in _SINGLE.split()),
        *(
            VerdictCase(f"t2:{knee}", Trial(Modality.NEW_SUBJECT, known["s01"], other[knee]))
            for knee in _OTHER_CONTRAST
        ),
        *(VerdictCase(f"{name}/{len(own)}", new_subject(name, *own)) for name, own in zip(_SEVERAL.split(), several)),
        *(
            VerdictCase(f"multimodal:{knee}", Trial(Modality.MULTIMODAL, known[knee], other[knee]))
            for knee in _OTHER_CONTRAST
        ),
        *(
            VerdictCase(f"multimodal:{own}<-{whose}", Trial(Modality.MULTIMODAL, known[own], other[whose]))
            for own, whose in _OTHERS
        ),
        *(
            VerdictCase(f"longitudinal:{then}<-{now}", Trial(Modality.LONGITUDINAL, known[then], known[now]))
            for then, now in (*_FOLLOW_UPS, *_OTHERS_FOLLOW_UPS)
        ),
    ]


def _single_reference(name: str) -> str:
    """A reference for a knee, another person, and not the same for all: what is said must hold with any of them."""
    others = [reference for reference in _SINGLE_REFERENCES if not name.startswith(reference)]
    return others[zlib.crc32(name.encode()) % len(others)]


def _scan(name: str, known: Mapping[str, Scan], folder: Path) -> Scan:
    """A knee of a name such as s02 or s02-noise2."""
    knee, _, how = name.partition("-")
    scan = known[knee]
    if not how:
        return scan
    altered = Scan(folder / f"{name}_{HIGH_RESOLUTION}_prep.mha", name, scan.person, None, HIGH_RESOLUTION)
    if not all(path.is_file() for path in altered.files):
        _make(scan, _ALTERATIONS[how], altered)
    return altered


def _make(scan: Scan, alteration: Alteration, target: Scan) -> None:
    masks = {tissue: sitk.ReadImage(str(scan.mask(tissue))) for tissue in Tissue}
    rng = np.random.default_rng(zlib.crc32(target.knee.encode()))
    knee = alteration(Knee(sitk.ReadImage(str(scan.path)), masks), rng)
    target.path.parent.mkdir(parents=True, exist_ok=True)
    sitk.WriteImage(knee.image, str(target.path), True)
    for tissue, mask in knee.masks.items():
        sitk.WriteImage(mask, str(target.mask(tissue)), True)


def measure_verdicts(
    checkout: Checkout, cases: Sequence[VerdictCase], out: Path, options: Sequence[str] = ()
) -> pd.DataFrame:
    """Segment all cases, one after the other; a row each, also in ``verdicts.csv`` as it grows.

    :param out: for the table and for the results, which stay.
    """
    rows: list[dict[str, Any]] = []
    for case in cases:
        output = out / "results" / _file_name(case.name)
        kept = out / "references" if case.trial.others else None
        try:
            result = run_trial(checkout, case.trial, 1, (*case.options, *options), kept, output)
        except BenchmarkError as error:
            rows.append({"case": case.name, "status": "failed", "flags": str(error)[:200]})
            print(f"{case.name}: {error}", flush=True)
        else:
            rows.append({"case": case.name, **result.row(), **{f"m:{k}": v for k, v in result.measurements.items()}})
            dice = result.scores.get("cartilage_dice", float("nan"))
            print(f"{case.name}: Dice {dice:.3f}, {result.status}, {' '.join(result.flags)}", flush=True)
        pd.DataFrame(rows).to_csv(out / "verdicts.csv", index=False)
    return pd.DataFrame(rows)


def _file_name(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name)


def verdict_table(frame: pd.DataFrame) -> str:
    """Each case, the worst first, and what is missed or doubted without reason."""
    judged = frame[frame["cartilage_dice"].notna()].sort_values("cartilage_dice")
    raised = (judged["status"] != "segmented") | (judged["flags"].fillna("") != "")
    bad, good = judged["cartilage_dice"] < BAD, judged["cartilage_dice"] > GOOD
    shown = judged[["case", "cartilage_dice", "expected_dice", "status", "flags"]]
    lines = [shown.to_string(index=False, float_format="{:.3f}".format), ""]
    lines.append(f"{len(frame)} cases, {int(bad.sum())} below {BAD}: missed {_names(judged, bad & ~raised)}")
    share = (good & raised).sum() / max(1, good.sum())
    lines.append(f"{int(good.sum())} above {GOOD}: {share:.1%} false alarms, {_names(judged, good & raised)}")
    both = judged[["cartilage_dice", "expected_dice"]].dropna()
    if len(both) > 2:
        correlation = both.corr(method="spearman").iloc[0, 1]
        error = (both["cartilage_dice"] - both["expected_dice"]).abs()
        lines.append(f"expected and true Dice: Spearman {correlation:.2f}, mean error {error.mean():.3f}")
    return "\n".join(lines)


def _names(frame: pd.DataFrame, chosen: pd.Series) -> str:
    return ", ".join(frame.loc[chosen, "case"]) or "none"
