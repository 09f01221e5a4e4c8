"""The knees with truth in a folder, and what can be segmented with what.

The files are named as ``../shared/knees/make_knees.py`` names them: ``s02_dess_prep.mha`` with its masks
``s02_dess_prep_f.mha`` (femur) and ``s02_dess_prep_fc.mha`` (femoral cartilage), ``l01_36m_dess_prep.mha`` for a visit
after 36 months, ``s02_t2_prep.mha`` for another contrast. Each mask is the truth, and the reference's mask as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from KneeCartilageSegLib.lists.imagelist import write_image_list
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.tissue import Tissue

from .errors import BenchmarkError

HIGH_RESOLUTION = "dess"
_NAME = re.compile(r"(?P<knee>(?P<person>.+?)(_(?P<months>\d+)m)?)_(?P<contrast>[^_]+)_prep\.mha")


@dataclass(frozen=True)
class Scan:
    """An image with true masks.

    :param knee: names the knee at its visit, for example ``s02`` or ``l01_36m``.
    :param months: of the visit after the first; None for knees that were seen once.
    """

    path: Path
    knee: str
    person: str
    months: int | None
    contrast: str

    def mask(self, tissue: Tissue) -> Path:
        """The true mask of a tissue."""
        return self.path.with_name(f"{self.path.stem}_{tissue.value}.mha")

    @property
    def files(self) -> tuple[Path, ...]:
        """The image and its masks."""
        return (self.path, *(self.mask(tissue) for tissue in Tissue))


@dataclass(frozen=True)
class Trial:
    """A knee to segment, and the one whose masks are used for it.

    :param others: further references, whose masks are fused with those of the first.
    """

    modality: Modality
    reference: Scan
    moving: Scan
    others: tuple[Scan, ...] = ()

    @property
    def references(self) -> tuple[Scan, ...]:
        return (self.reference, *self.others)


def find_scans(folder: Path) -> list[Scan]:
    """All images of a folder that have both true masks, by name."""
    scans = []
    for path in sorted(folder.glob("*.mha")):
        match = _NAME.fullmatch(path.name)
        if match:
            months = None if match["months"] is None else int(match["months"])
            scans.append(Scan(path, match["knee"], match["person"], months, match["contrast"]))
    return [scan for scan in scans if all(file.is_file() for file in scan.files)]


def find_trials(
    folder: Path, reference: str, modalities: Collection[Modality] = tuple(Modality), knees: Collection[str] = ()
) -> list[Trial]:
    """What can be segmented with what, by modality and name.

    :param reference: the knee that is the reference of new subjects.
    :param knees: only these; none means all.
    :raises BenchmarkError: if there is nothing to segment, or no knee of a name in ``knees``.
    """
    scans = find_scans(folder)
    found = [*_new_subjects(scans, reference), *_follow_ups(scans), *_second_contrasts(scans)]
    trials = [trial for trial in found if trial.modality in modalities and (not knees or trial.moving.knee in knees)]
    unknown = set(knees) - {trial.moving.knee for trial in trials}
    if unknown:
        raise BenchmarkError(f"nothing to segment is called {', '.join(sorted(unknown))} in '{folder}'")
    if not trials:
        raise BenchmarkError(
            f"'{folder}' holds no knees with truth to segment with '{reference}' or with an earlier visit: "
            "give the folder of make_knees.py's output, or --render to make them"
        )
    return trials


def find_fused_trials(
    folder: Path, references: Sequence[str], reference_folder: Path, knees: Collection[str] = ()
) -> list[Trial]:
    """Each knee of a folder as a new subject with several references, of which it is never one itself.

    :param references: the knees that are references.
    :param reference_folder: where they are; if it is another folder, knees of any contrast are new subjects.
    :param knees: only these; none means all.
    :raises BenchmarkError: if there is nothing to segment, or no reference of a name.
    """
    known = {scan.knee: scan for scan in find_scans(reference_folder) if scan.contrast == HIGH_RESOLUTION}
    absent = set(references) - set(known)
    if absent:
        raise BenchmarkError(f"no knee with truth is called {', '.join(sorted(absent))} in '{reference_folder}'")
    same = folder.resolve() == reference_folder.resolve()
    trials = []
    for scan in find_scans(folder):
        own = [known[name] for name in references if known[name].person != scan.person]
        wanted = scan.knee in knees if knees else scan.months is None
        if wanted and own and not (same and scan.contrast != HIGH_RESOLUTION):
            trials.append(Trial(Modality.NEW_SUBJECT, own[0], scan, tuple(own[1:])))
    if not trials:
        raise BenchmarkError(f"'{folder}' holds no other knee to segment with {', '.join(references)}")
    return trials


def write_study(folder: Path, trials: Sequence[Trial], kept: Path | None = None) -> Path:
    """Link the images of trials of one modality into a new study; the image list of it.

    :param folder: is made. The inputs are linked, so they are read where they are and never written to.
    :param kept: a folder for the references in place of the study's own: what is kept beside them serves other trials.
    """
    modality = trials[0].modality
    reference, preprocessed = f"reference/{modality.value}", "preprocessed"
    reference_folder = kept or folder / reference
    for trial in trials:
        for scan in trial.references:
            _link(scan.files, reference_folder)
        _link([trial.moving.path], folder / preprocessed)
    groups = [
        (*(("r", scan.path.name) for scan in trial.references), ("m", trial.moving.path.name)) for trial in trials
    ]
    entries = list(dict.fromkeys(entry for group in groups for entry in group))
    path = folder / f"image_list_{modality.value}.txt"
    first = str(kept.resolve()) if kept else f"./{reference}"
    write_image_list(path, [first, f"./{preprocessed}/"], entries)
    return path


def _link(files: Collection[Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        link = folder / file.name
        if not link.is_symlink():
            link.symlink_to(file.resolve())


def _new_subjects(scans: Sequence[Scan], reference: str) -> list[Trial]:
    seen_once = {scan.knee: scan for scan in scans if scan.months is None and scan.contrast == HIGH_RESOLUTION}
    if reference not in seen_once:
        return []
    others = (scan for knee, scan in seen_once.items() if knee != reference)
    return [Trial(Modality.NEW_SUBJECT, seen_once[reference], scan) for scan in others]


def _follow_ups(scans: Sequence[Scan]) -> list[Trial]:
    visits: dict[str, list[tuple[int, Scan]]] = {}
    for scan in scans:
        if scan.months is not None and scan.contrast == HIGH_RESOLUTION:
            visits.setdefault(scan.person, []).append((scan.months, scan))
    trials = []
    for own in visits.values():
        (_, first), *later = sorted(own, key=lambda visit: visit[0])
        trials += [Trial(Modality.LONGITUDINAL, first, scan) for _, scan in later]
    return trials


def _second_contrasts(scans: Sequence[Scan]) -> list[Trial]:
    first = {scan.knee: scan for scan in scans if scan.contrast == HIGH_RESOLUTION}
    others = (scan for scan in scans if scan.contrast != HIGH_RESOLUTION and scan.knee in first)
    return [Trial(Modality.MULTIMODAL, first[scan.knee], scan) for scan in others]
