"""Results as tables: medians over the repeats, beside the published tool's figures, and one checkout beside another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from KneeCartilageSegLib.registration.stages import Modality

from .published import NAME, published_for
from .scoring import SCORES, TISSUES, score_names

KNEE = ["modality", "knee"]
_PERFORMANCE = ["seconds", "cpu_seconds", "main_mib", "worker_mib", "tree_mib"]
_SUMMARY_FORMATS = {
    **dict.fromkeys(("knees", "compared", "tree MiB"), "{:.0f}"),
    **dict.fromkeys(("seconds", "CPU s", "times faster"), "{:.1f}"),
    **dict.fromkeys(("diff. Dice", "worst knee", "diff. ASD"), "{:+.3f}"),
}
_MODALITIES = [modality.value for modality in Modality]


def to_frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Rows of results, with the modalities in the order of the workflow and the columns of steps last."""
    frame = pd.DataFrame(list(rows))
    frame["modality"] = pd.Categorical(frame["modality"], _MODALITIES, ordered=True)
    return frame[sorted(frame.columns, key=lambda column: column.startswith("s:"))]


def medians(frame: pd.DataFrame) -> pd.DataFrame:
    """The median over the repeats of every number, by checkout, modality and knee; a step that was not run has 0 s."""
    steps = step_columns(frame)
    numbers = frame.fillna(dict.fromkeys(steps, 0.0))
    return numbers.groupby(["checkout", *KNEE], observed=True, sort=False).median(numeric_only=True)


def step_columns(frame: pd.DataFrame) -> list[str]:
    """The columns with the seconds of steps."""
    return [column for column in frame.columns if column.startswith("s:")]


def time_table(results: pd.DataFrame) -> str:
    """Seconds, seconds by step, and memory of one checkout's medians, by knee."""
    steps = step_columns(results)
    shown = results[[*_PERFORMANCE[:2], *steps, *_PERFORMANCE[2:]]]
    formats = {column: "{:.0f}" if column.endswith("mib") else "{:.2f}" for column in shown.columns}
    titles = {
        column: column.removeprefix("s:").replace("_mib", " MiB").replace("cpu_seconds", "CPU s") for column in shown
    }
    return _text(shown, formats, titles)


def score_table(results: pd.DataFrame) -> str:
    """Scores of one checkout's medians by knee and mask, beside those of the published tool and the differences."""
    theirs = published_for(results)
    rows = []
    for (modality, knee), own in results.iterrows():
        for tissue in TISSUES.values():
            row: dict[str, Any] = {"modality": modality, "knee": knee, "mask": tissue}
            for name in SCORES.values():
                value, other = own.get(f"{tissue}_{name}"), theirs.loc[(modality, knee), f"{tissue}_{name}"]
                row.update({name: value, f"{NAME} {name}": other, f"diff. {name}": value - other})
            rows.append(row)
    frame = pd.DataFrame(rows).set_index(["modality", "knee", "mask"])
    return _text(frame, {name: "{:+.3f}" if "diff" in name else "{:.3f}" for name in frame.columns})


def summary_table(results: pd.DataFrame) -> str:
    """By modality, the means over the knees of one checkout's medians, and over those with published figures the
    comparison with the published tool: how many times faster, and the mean differences of the cartilage's scores."""
    return _text(summary(results), _SUMMARY_FORMATS, decimals=3)


def summary(results: pd.DataFrame) -> pd.DataFrame:
    """The numbers of :func:`summary_table`."""
    rows = {}
    for modality, own in results.groupby(level="modality", observed=True):
        other = published_for(own).dropna(how="all")
        both = own.loc[other.index]
        difference = both["cartilage_dice"] - other["cartilage_dice"]
        rows[modality] = {
            "knees": len(own),
            "seconds": own["seconds"].mean(),
            "CPU s": own["cpu_seconds"].mean(),
            "tree MiB": own["tree_mib"].max(),
            "cart. Dice": own["cartilage_dice"].mean(),
            "cart. ASD mm": own["cartilage_asd_mm"].mean(),
            "femur Dice": own["femur_dice"].mean(),
            "compared": len(both),
            "times faster": other["seconds"].mean() / both["seconds"].mean(),
            "diff. Dice": difference.mean(),
            "worst knee": difference.min(),
            "diff. ASD": (both["cartilage_asd_mm"] - other["cartilage_asd_mm"]).mean(),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("modality")


def comparison(results: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Two checkouts by knee: seconds, their ratio (above 1: the second is faster), memory, differences of scores."""
    a, b = results.loc[first], results.loc[second]
    frame = pd.DataFrame(index=a.index)
    frame["A s"], frame["B s"] = a["seconds"], b["seconds"]
    frame["A/B"] = a["seconds"] / b["seconds"]
    frame["A/B CPU"] = a["cpu_seconds"] / b["cpu_seconds"]
    for name in ("tree_mib", *score_names()):
        frame[f"B-A {name}"] = b[name] - a[name]
    return frame


def comparison_table(results: pd.DataFrame, first: str, second: str) -> str:
    """The numbers of :func:`comparison`, and their means by modality."""
    frame = comparison(results, first, second)
    means = frame.groupby(level="modality", observed=True).mean()
    means.index = pd.MultiIndex.from_product([means.index, ["mean"]], names=KNEE)
    formats = {name: "{:+.4f}" for name in frame.columns if name.startswith("B-A")}
    return _text(pd.concat([frame, means]), {**formats, "B-A tree_mib": "{:+.0f}"})


def agreement_table(frame: pd.DataFrame) -> str:
    """Thickness and volume by region beside the truth, see :func:`.agreement.agreement`."""
    formats = {"n": "{:.0f}", "volume RMS CV": "{:.1f}", "thickness RMS CV": "{:.1f}"}
    formats.update(dict.fromkeys(("volume", "volume least", "volume most"), "{:.0f}"))
    formats.update(dict.fromkeys(("volume diff.", "volume SD"), "{:+.1f}"))
    formats.update(dict.fromkeys(("thickness diff.", "thickness SD"), "{:+.2f}"))
    units = {"volume": ("mm3", "%"), "thickness": ("mm", "mm")}
    titles = {name: f"{name} {unit}" for name, (unit, _) in units.items()}
    for name, (_, unit) in units.items():
        mark = " " if name == "thickness" else ""  # two columns must not have one name
        titles |= {f"{name} least": f"from{mark}", f"{name} most": f"to{mark}", f"{name} diff.": f"diff. {unit}"}
        titles |= {f"{name} SD": f"SD {unit}", f"{name} RMS CV": f"RMS CV %{mark}", f"{name} CCC": f"CCC{mark}"}
    return _text(frame, formats, titles)


def _text(frame: pd.DataFrame, formats: dict[str, str], titles: dict[str, str] | None = None, decimals: int = 2) -> str:
    """A frame as text: numbers by format, what is missing as a dash."""
    default = f"{{:.{decimals}f}}"
    shown = pd.DataFrame(
        {
            column: [formats.get(column, default).format(value) if pd.notna(value) else "-" for value in frame[column]]
            for column in frame.columns
        },
        index=frame.index,
    )
    return shown.rename(columns=titles or {}).reset_index().to_string(index=False)
