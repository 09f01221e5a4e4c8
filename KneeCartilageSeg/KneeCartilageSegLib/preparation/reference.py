"""Make a reference, an image with masks of femur and femoral cartilage, of any label map."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk

from ..errors import InputError, KneeError, Problem, collecting
from ..files import atomic_path, checksum
from ..images.files import image_checksum, read_image, write_image
from ..images.grid import Grid
from ..records import origin, read_json, replaceable, write_json
from ..tissue import Tissue
from .labelmaps import KneeMasks, Labels, absent_values, check_grid, check_knee, select
from .pairs import LabeledImage
from .prepare import recorded_side

FORMAT = "KneeCartilageSeg reference 1"
_RECORD_END = "_reference.json"
_EXTENSION = ".mha"
_SIDE_WORDS = {"left": "left", "lt": "left", "l": "left", "right": "right", "rt": "right", "r": "right"}

# mm. A scanner counts x from the patient's right to left, from the middle of the magnet; a knee that lies this far to a
# side of it is that side's. In eight OAI knees, all of them right, the femur lies 55 to 70 mm to the right.
_BESIDE_THE_MIDDLE = 30.0


@dataclass(frozen=True)
class Side:
    """Which knee it is.

    :param value: ``left``, ``right``, or None if nothing tells.
    :param source: what tells.
    """

    value: str | None
    source: str


@dataclass(frozen=True)
class MadeReference:
    """How the making of a reference ended.

    :param image: the reference image; its masks and its record lie beside it.
    :param record: empty if it failed.
    :param error: why it failed.
    """

    image: Path
    record: dict[str, Any]
    error: str = ""


@dataclass(frozen=True)
class ReferencePlan:
    """A reference to make.

    :param folder: where it goes.
    :param name: of its image.
    """

    pair: LabeledImage
    labels: Labels
    folder: Path
    name: str

    @property
    def image(self) -> Path:
        return self.folder / f"{self.name}{_EXTENSION}"

    @property
    def record(self) -> Path:
        return self.folder / f"{self.name}{_RECORD_END}"

    def mask(self, tissue: Tissue) -> Path:
        return self.folder / f"{self.name}_{tissue.value}{_EXTENSION}"

    @property
    def inputs(self) -> dict[str, Path]:
        """All files that are read, by their role."""
        files = {"image": self.pair.image, "femur": self.pair.femur, "cartilage": self.pair.cartilage}
        return {role: Path(os.path.abspath(path)) for role, path in files.items()}

    @property
    def outputs(self) -> tuple[Path, ...]:
        """All files that are written but the record."""
        return (self.image, *(self.mask(tissue) for tissue in Tissue))


def plan_references(
    pairs: Sequence[LabeledImage], labels: Labels, folder: Path, name: str | None
) -> list[ReferencePlan]:
    """What will be written where.

    :param folder: where the references go; it is made when they are written.
    :param name: of a single reference; several have the names of their images.
    :raises InputError: if outputs would replace what this tool did not write there.
    """
    names = [pair.name for pair in pairs] if len(pairs) > 1 else [name or "reference"]
    plans = [ReferencePlan(pair, labels, folder, given) for pair, given in zip(pairs, names)]
    problems = []
    if name is not None and len(pairs) > 1:
        message = f"--name {name} is for one reference, and there are {len(pairs)}"
        problems.append(Problem(message, "Leave it out: they get the names of their images"))
    if folder.exists() and not folder.is_dir():
        problems.append(Problem(f"--out {folder} is a file", "Give the name of a folder"))
    inputs = {path.resolve() for pair in pairs for path in (pair.image, pair.femur, pair.cartilage)}
    for plan in plans:
        problems += _output_problems(plan, inputs)
    problems += _same_names(plans)
    if problems:
        raise InputError(problems)
    return plans


def read_plan(plan: ReferencePlan) -> tuple[sitk.Image, KneeMasks]:
    """The image and the masks of a reference, checked.

    :raises InputError: with what is wrong with them; each problem names its file.
    """
    image = _read(plan.pair.image)
    sources = {Tissue.FEMUR: plan.pair.femur, Tissue.CARTILAGE: plan.pair.cartilage}
    labelmaps = {path: _read(path) for path in dict.fromkeys(sources.values())}
    problems: list[Problem] = []
    masks = {}
    for path, labelmap in labelmaps.items():
        with collecting(problems), _naming(path):
            check_grid(labelmap, image)
    for tissue, path in sources.items():
        with collecting(problems), _naming(path):
            masks[tissue] = select(labelmaps[path], plan.labels.of(tissue), tissue)
    if problems:
        raise InputError(problems)
    for mask in masks.values():
        mask.CopyInformation(image)  # the same to a tenth of a voxel
    absent = {
        value for tissue, path in sources.items() for value in absent_values(labelmaps[path], plan.labels.of(tissue))
    }
    notes = [f"the label map has no voxel of {value}" for value in sorted(absent)]
    with _naming(plan.pair.femur):
        knee = check_knee(masks[Tissue.FEMUR], masks[Tissue.CARTILAGE])
    return image, replace(knee, notes=(*notes, *knee.notes))


def check_references(plans: Sequence[ReferencePlan], given: str | None = None) -> dict[ReferencePlan, Side]:
    """See whether references can be made, and which knee each is.

    :param given: ``left`` or ``right``, if the user says so.
    :raises InputError: with everything that is wrong, see :func:`read_plan` and :func:`find_side`.
    """
    sides: dict[ReferencePlan, Side] = {}
    problems: list[Problem] = []
    for plan in plans:
        with collecting(problems):
            _, knee = read_plan(plan)
            sides[plan] = find_side(plan, knee.masks[Tissue.FEMUR], given)
    if problems:
        raise InputError(problems)
    return sides


def find_side(plan: ReferencePlan, femur: sitk.Image, given: str | None = None) -> Side:
    """Which knee it is: as given, or by the scanner's header, the name, or where it lies in the scanner.

    :param femur: its mask.
    :param given: ``left`` or ``right``, if the user says so.
    :raises InputError: if two of these disagree, and nothing was given.
    """
    if given is not None:
        return Side(given, "given")
    places = {
        "the scanner's header": recorded_side(plan.pair.image),
        f"the name '{plan.pair.image.name}'": _side_in_name(plan.pair.image.name),
        "where it lies in the scanner": _side_in_scanner(femur),
    }
    told = {source: side for source, side in places.items() if side is not None}
    if len(set(told.values())) > 1:
        texts = ", but ".join(f"{source} says {side}" for source, side in told.items())
        remedy = "Say which it is (--side left or --side right)"
        raise InputError([Problem(f"'{plan.pair.image}': {texts}", remedy)])
    return next((Side(side, source) for source, side in told.items()), Side(None, "nothing tells"))


def make_reference(plan: ReferencePlan, side: Side) -> MadeReference:
    """Write a reference that was checked: image, masks and record."""
    try:
        image, knee = read_plan(plan)
        plan.folder.mkdir(parents=True, exist_ok=True)
        contents = {plan.image: image, **{plan.mask(tissue): mask for tissue, mask in knee.masks.items()}}
        with contextlib.ExitStack() as stack:
            staged = {path: stack.enter_context(atomic_path(path)) for path in contents}
            for path, content in contents.items():
                write_image(content, staged[path])
            outputs = {path.name: checksum(temporary) for path, temporary in staged.items()}
            record = {**_record(plan, image, knee, side), "outputs": outputs}
            # Before the files are in their place: without it they would be taken for somebody else's.
            write_json(plan.record, record)
    except (KneeError, OSError, RuntimeError, MemoryError) as error:
        return MadeReference(plan.image, {}, str(error) or type(error).__name__)
    return MadeReference(plan.image, record)


def _output_problems(plan: ReferencePlan, inputs: set[Path]) -> list[Problem]:
    problems = []
    for path in plan.outputs:
        if path.resolve() in inputs:
            message = f"'{path}' would overwrite a file that is read"
            problems.append(Problem(message, "Choose another name (--name) or folder (--out)"))
        elif not replaceable(path, plan.record, FORMAT):
            message = f"'{path}' exists, and is not what an earlier 'reference' wrote there"
            problems.append(Problem(message, "Choose another name (--name) or folder (--out), or move the file away"))
    earlier = read_json(plan.record, FORMAT)
    if earlier is None and plan.record.exists():
        message = f"'{plan.record}', where the record goes, is something else"
        problems.append(Problem(message, "Choose another name (--name) or folder (--out)"))
    if earlier is not None and not problems and plan.image.exists():
        files = {role: entry["file"] for role, entry in earlier["inputs"].items()}
        if files != {role: str(path) for role, path in plan.inputs.items()}:
            message = f"'{plan.image}' was made of another knee, '{files['image']}'"
            problems.append(Problem(message, "Choose another name (--name) or folder (--out), or remove it"))
    return problems


def _same_names(plans: Sequence[ReferencePlan]) -> list[Problem]:
    first: dict[str, ReferencePlan] = {}
    problems = []
    for plan in plans:
        other = first.setdefault(plan.name.casefold(), plan)
        if other is not plan:
            message = f"'{plan.pair.image}' and '{other.pair.image}' would both become '{plan.image.name}'"
            problems.append(Problem(message, "Rename one of the two"))
    return problems


def _read(path: Path) -> sitk.Image:
    """An image of one value per voxel, without the texts of its header.

    :raises InputError: if it is none; the problems name the file.
    """
    image = read_image(path)
    with _naming(path):
        Grid.of(image)
    for key in image.GetMetaDataKeys():
        image.EraseMetaData(key)
    return image


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Have problems name the file that they are about."""
    try:
        yield
    except InputError as error:
        named = [Problem(f"'{path}': {problem.message}", problem.remedy) for problem in error.problems]
        raise InputError(named) from None


def _side_in_name(name: str) -> str | None:
    found = {_SIDE_WORDS[word] for word in re.findall(r"[^\W_]+", name.lower()) if word in _SIDE_WORDS}
    return found.pop() if len(found) == 1 else None


def _side_in_scanner(femur: sitk.Image) -> str | None:
    """The side that a knee far from the middle of the magnet is on; x (LPS) grows towards the patient's left."""
    indices = np.argwhere(sitk.GetArrayViewFromImage(femur))[:, ::-1].mean(axis=0)
    x = femur.TransformContinuousIndexToPhysicalPoint(indices.tolist())[0]
    return None if abs(x) < _BESIDE_THE_MIDDLE else "left" if x > 0 else "right"


def _record(plan: ReferencePlan, image: sitk.Image, knee: KneeMasks, side: Side) -> dict[str, Any]:
    grid = Grid.of(image)
    return {
        "format": FORMAT,
        **origin(),
        "inputs": {role: {"file": str(path), "sha256": image_checksum(path)} for role, path in plan.inputs.items()},
        "labels": {"femur": plan.labels.femur, "cartilage": plan.labels.cartilage},
        "side": side.value,
        "side_from": side.source,
        "grid": {name: getattr(grid, name).ravel().tolist() for name in ("size", "spacing", "origin", "direction")},
        "volumes_mm3": {tissue.value: size for tissue, size in knee.volumes.items()},
        "cartilage_on_bone": knee.contact,
        "notes": list(knee.notes),
    }
