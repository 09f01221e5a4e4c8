"""The provenance record of a comparison: what was compared, how, by what, and all that came out; and its files.

It is plain JSON. Missing measurements are null in it, and numbers have full precision, so that
:func:`results_of_record` gives back the very results that were written.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..files import checksum
from ..images.files import image_checksum
from ..records import origin, write_json
from .compare import PairQuality
from .metrics import (
    METRICS,
    LabelChoice,
    LabelQuality,
    SurfaceError,
    label_choice,
)
from .pairs import QualityPair
from .tables import (
    summarize,
    table_rows,
    write_distances_csv,
    write_overlap_csv,
    write_summary_csv,
)

_FORMAT = "KneeCartilageSeg quality 1"
_RECORD_END = "_record.json"

Record = Mapping[str, Any]


def record_head(labels: Iterable[LabelChoice | int | str], tolerance: float) -> dict[str, Any]:
    """The part of a record that is known before the comparison."""
    return {
        "format": _FORMAT,
        **origin(),
        "parameters": {"labels": [str(label_choice(label)) for label in labels], "tolerance_mm": float(tolerance)},
    }


def record_entry(pair: QualityPair, result: PairQuality, known: MutableMapping[Path, str]) -> dict[str, Any]:
    """The part of a record about one pair: its files with their checksums (SHA-256), and what came out.

    :param known: checksums that were computed before; new ones are added.
    """
    inputs = {role: _describe_input(getattr(pair, role), known) for role in ("segmentation", "truth")}
    labels = [_label_entry(quality) for quality in result.labels]
    return {"subject": result.name, **inputs, "labels": labels, "error": result.error}


def results_of_record(record: Record) -> list[PairQuality]:
    """What came out, in the order of the pairs."""
    return [result_of_entry(entry) for entry in record["pairs"]]


def result_of_entry(entry: Mapping[str, Any]) -> PairQuality:
    """What came out for a pair, from :func:`record_entry`."""
    return PairQuality(entry["subject"], tuple(_label_quality(label) for label in entry["labels"]), entry["error"])


def record_beside(csv_file: Path) -> Path:
    """Where the record of a csv file lies."""
    return csv_file.with_name(f"{csv_file.stem}{_RECORD_END}")


def write_quality_record(record: Record, csv_files: Iterable[Path]) -> list[Path]:
    """Write the record beside csv files, last of all: one in each folder, named after its first csv file.

    :return: the records.
    """
    by_folder: dict[Path, list[Path]] = {}
    for path in csv_files:
        by_folder.setdefault(path.resolve().parent, []).append(path)
    written = []
    for paths in by_folder.values():
        outputs = {path.name: checksum(path) for path in paths}
        write_json(record_beside(paths[0]), {**record, "outputs": outputs})
        written.append(record_beside(paths[0]))
    return written


def export_files(folder: Path, name: str) -> list[Path]:
    """The files that :func:`export_results` writes, the record last."""
    csv_files = [folder / f"{name}_{what}.csv" for what in ("overlap", "distances", "summary")]
    return [*csv_files, record_beside(csv_files[0])]


def export_results(record: Record, folder: Path, name: str) -> list[Path]:
    """Write overlap, distances and summary as csv, and the record beside them. Existing files are replaced.

    :param name: of the data set; the files' names start with it.
    :return: the files.
    :raises InputError: if the folder does not exist.
    :raises OSError: if a file cannot be written, for example because it is open in a spreadsheet program.
    """
    if not folder.is_dir():
        raise InputError([Problem(f"the folder '{folder}' does not exist", "Choose another one")])
    results = results_of_record(record)
    *csv_files, record_file = export_files(folder, name)
    overlap, distances, summary = csv_files
    write_overlap_csv(results, overlap)
    write_distances_csv(results, distances)
    write_summary_csv(summarize(results), summary)
    write_quality_record(record, csv_files)
    return [*csv_files, record_file]


def is_quality_record(content: Any) -> bool:
    """Whether what was read from a JSON file is a record of ours."""
    return isinstance(content, Mapping) and content.get("format") == _FORMAT


def _describe_input(source: Any, known: MutableMapping[Path, str]) -> dict[str, Any]:
    if not isinstance(source, Path):
        return {"file": "", "sha256": None}
    if source not in known:
        try:
            known[source] = image_checksum(source)
        except OSError:  # it failed for that; its error says so
            return {"file": str(source), "sha256": None}
    return {"file": str(source), "sha256": known[source]}


def _label_entry(quality: LabelQuality) -> dict[str, Any]:
    values = {metric.key: _number_or_none(getattr(quality, metric.key)) for metric in METRICS}
    worst = quality.worst_error
    return {
        "label": [quality.label.segmentation, quality.label.truth],
        **values,
        "tolerance": quality.tolerance,
        "worst_error": worst and {**vars(worst), "position": list(worst.position)},
        "note": quality.note,
    }


def _label_quality(entry: Mapping[str, Any]) -> LabelQuality:
    values = {metric.key: math.nan if entry[metric.key] is None else entry[metric.key] for metric in METRICS}
    worst = entry["worst_error"]
    return LabelQuality(
        label=LabelChoice(*entry["label"]),
        **values,
        tolerance=entry["tolerance"],
        worst_error=worst and SurfaceError(tuple(worst["position"]), worst["distance"], worst["missed"]),
        note=entry["note"],
    )


def _number_or_none(value: float) -> float | None:
    return None if math.isnan(value) else value


def clipboard_text(results: Sequence[PairQuality]) -> str:
    """The results as tab separated text for a spreadsheet: a heading, then a row for each pair and label.

    Numbers have full precision and a decimal point; a missing one is an empty cell.
    """
    rows = table_rows(results)
    lines = [list(rows[0]) if rows else [], *([_cell(value) for value in row.values()] for row in rows)]
    return "".join("\t".join(line) + "\n" for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(value)
    return " ".join(str(value).split())
