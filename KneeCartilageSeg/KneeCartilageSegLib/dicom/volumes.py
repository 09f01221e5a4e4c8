"""3-D images in DICOM files: slices grouped by series and echo, sorted by their place, and checked for gaps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from ..errors import InputError, Problem
from ..files import checksum
from .slices import (
    ACQUISITION,
    BITS,
    DESCRIPTION,
    ECHO_NUMBER,
    ECHO_TIME,
    IMAGE_TYPE,
    IMAGES_IN_ACQUISITION,
    INSTANCE,
    SERIES,
    SERIES_NUMBER,
    SIGNED,
    TIME_POINT,
    Headers,
    Slice,
    dicom_files,
    numbers,
    read_headers,
)

FEWEST_SLICES = 8
"""A series with fewer is a localizer or a picture, no volume: nothing could be smoothed and sampled in it."""

_SAME_AXES = 1e-3  # difference of direction cosines; headers round them to four digits and more
_SAME_SPACING = 1e-3  # of it
_SAME_POSITION = 1e-3  # mm
_GAP = 0.05  # of the distance between slices; headers round positions to a hundredth of a mm
_SHEAR_VOXELS = 0.1  # of a voxel; slices that shift sideways by more are no rectangular grid
_NAMED_AT_MOST = 3  # places of one kind that a message names


@dataclass(frozen=True)
class Volume:
    """A 3-D image in DICOM files.

    :param slices: sorted along the normal of their plane.
    :param part: what tells it from others of its series: ``echo1``, ``phase``; empty if it is all of it.
    :param notes: what the user should know about it.
    """

    slices: tuple[Slice, ...]
    part: str = ""
    notes: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """Its files, each once."""
        return tuple(dict.fromkeys(slice.path for slice in self.slices))

    @property
    def series(self) -> str:
        """The UID of its series."""
        return self.slices[0].tag(SERIES)

    @property
    def series_number(self) -> str:
        return self.slices[0].tag(SERIES_NUMBER)

    @property
    def title(self) -> str:
        """What to call it when talking to a user."""
        series = " ".join(filter(None, ["series", self.series_number]))
        description = self.slices[0].tag(DESCRIPTION)
        return " ".join(filter(None, [series, f"({description})" if description else "", self.part]))

    @property
    def echo_time(self) -> float | None:
        """ms, or None if the header does not say."""
        found = numbers(self.slices[0].tag(ECHO_TIME))
        return found[0] if found else None

    @property
    def distances(self) -> np.ndarray:
        """The places of the slices along their normal, mm."""
        return np.array([slice.position for slice in self.slices]) @ self.slices[0].normal


@dataclass(frozen=True)
class Found:
    """The volumes in some files, what is wrong with others, and what was passed over."""

    volumes: tuple[Volume, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    headers: Headers


def find_volumes(paths: Iterable[Path], series: Collection[str] = ()) -> Found:
    """The volumes in DICOM files, as far as their headers tell.

    :param series: the numbers of the series that are wanted; none means all.
    """
    headers = read_headers(paths)
    volumes: list[Volume] = []
    problems, notes = [*headers.problems], [*headers.notes]
    wanted = [slice for slice in headers.slices if not series or slice.tag(SERIES_NUMBER) in series]
    for slices in _classes(wanted, lambda slice: slice.tag(SERIES)).values():
        try:
            volumes += _series_volumes(slices, notes)
        except InputError as error:
            problems += error.problems
    return Found(tuple(volumes), tuple(problems), tuple(notes), headers)


def instance_uids(folder: Path) -> tuple[str, ...]:
    """The SOP instance UIDs of the files of :func:`folder_volume`, in the order of its slices.

    :raises InputError: as :func:`folder_volume`.
    """
    return tuple(dict.fromkeys(slice.tag(INSTANCE) for slice in folder_volume(folder).slices))


def folder_volume(folder: Path) -> Volume:
    """The one volume in a folder that an image list names in place of a file.

    :raises InputError: if there is none, several, or something is wrong with it.
    """
    found = find_volumes(dicom_files(folder))
    if found.problems:
        raise InputError(found.problems)
    if not found.volumes:
        passed = f" ({'; '.join(found.notes)})" if found.notes else ""
        message = f"the folder '{folder}' holds no DICOM series of {FEWEST_SLICES} slices or more{passed}"
        raise InputError([Problem(message, "Name an image file, or a folder with one DICOM series")])
    if len(found.volumes) > 1:
        titles = ", ".join(volume.title for volume in found.volumes)
        message = f"the folder '{folder}' holds {len(found.volumes)} images: {titles}"
        remedy = (
            f"Run 'knee-cartilage-seg prepare {folder} --out preprocessed' and name one of the files that it writes"
        )
        raise InputError([Problem(message, remedy)])
    return found.volumes[0]


def volume_checksum(volume: Volume) -> str:
    """SHA-256 over the contents of a volume's files, whatever they are called."""
    digests = sorted(checksum(path) for path in volume.files)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def read_volume(volume: Volume) -> sitk.Image:
    """The gray values of a volume in the scanner's frame (LPS), slope and intercept applied.

    :return: of the type of the files where that holds every value, otherwise float32; without any text of the headers.
    :raises InputError: if a file cannot be read.
    """
    try:
        image = _read_file_series(volume) if volume.slices[0].frame is None else _read_frames(volume)
    except RuntimeError as error:
        message = f"{volume.title}, '{volume.files[0].name}' to '{volume.files[-1].name}', cannot be read"
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        remedy = "Copy the files again; in a compression that is not known here, export them uncompressed"
        raise InputError([Problem(f"{message} ({lines[-1]})", remedy, volume.files[0].parent)]) from error
    first, distances = volume.slices[0], volume.distances
    step = (distances[-1] - distances[0]) / (len(distances) - 1)
    image.SetOrigin(first.position)
    image.SetSpacing((*first.spacing, float(step)))
    image.SetDirection(np.column_stack([first.axes[:3], first.axes[3:], first.normal]).ravel().tolist())
    for key in image.GetMetaDataKeys():
        image.EraseMetaData(key)
    return image


def _read_file_series(volume: Volume) -> sitk.Image:
    reader = sitk.ImageSeriesReader()
    reader.SetImageIO("GDCMImageIO")
    reader.SetFileNames([str(slice.path) for slice in volume.slices])
    forms = {(slice.rescale, slice.tag(BITS), slice.tag(SIGNED)) for slice in volume.slices}
    # The reader takes the type of the first file for all, and cuts off what it does not hold.
    if len(forms) > 1 or any(value != round(value) for value in volume.slices[0].rescale):
        reader.SetOutputPixelType(sitk.sitkFloat32)
    return reader.Execute()


def _read_frames(volume: Volume) -> sitk.Image:
    """The frames of multi-frame files, each with its own slope and intercept."""
    arrays = {path: _stored_values(path, volume) for path in volume.files}
    planes = [arrays[slice.path][slice.frame] for slice in volume.slices]
    if all(slice.rescale == (1.0, 0.0) for slice in volume.slices):
        return sitk.GetImageFromArray(np.stack(planes))
    rescaled = [plane * slice.rescale[0] + slice.rescale[1] for plane, slice in zip(planes, volume.slices)]
    return sitk.GetImageFromArray(np.stack(rescaled).astype(np.float32))


def _stored_values(path: Path, volume: Volume) -> np.ndarray:
    """The values in a multi-frame file without the rescaling of its first frame, which SimpleITK applies to all."""
    array = sitk.GetArrayFromImage(sitk.ReadImage(str(path), imageIO="GDCMImageIO"))
    slope, intercept = next(slice.rescale_of_file for slice in volume.slices if slice.path == path)
    return array if (slope, intercept) == (1.0, 0.0) else np.rint((array - intercept) / slope)


def _series_volumes(slices: Sequence[Slice], notes: list[str]) -> list[Volume]:
    """The volumes of one series.

    :raises InputError: if its slices make none.
    """
    grids = _grids(slices)
    title = Volume(tuple(slices)).title
    if max(map(len, grids)) < FEWEST_SLICES:
        count = f"{len(slices)} slices" if len(slices) > 1 else "one slice"
        notes.append(f"passed over: {title} with {count} (a localizer or single pictures)")
        return []
    if len(grids) > 1:
        raise _series_error(slices, f"{title} mixes slices of {len(grids)} kinds: {_describe(grids)}", _SEPARATE)
    unique, copies = _without_copies(grids[0])
    volumes = [_sorted(part, name) for name, part in _parts(unique)]
    problems = [problem for volume in volumes for problem in _problems(volume)]
    if not problems:
        problems += _unequal_parts(volumes)
    if problems:
        raise InputError(problems)
    volume_notes = (*copies, *_count_notes(volumes))
    return [replace(volume, notes=volume_notes) for volume in volumes]


_SEPARATE = "Put the files of the image that you want in a folder of their own"


def _series_error(slices: Sequence[Slice], message: str, remedy: str) -> InputError:
    return InputError([Problem(message, remedy, slices[0].path.parent)])


def _classes(slices: Iterable[Slice], key: Callable[[Slice], Hashable]) -> dict[Hashable, list[Slice]]:
    found: dict[Hashable, list[Slice]] = {}
    for slice in slices:
        found.setdefault(key(slice), []).append(slice)
    return found


def _grids(slices: Iterable[Slice]) -> list[list[Slice]]:
    """Slices of the same size, voxels and orientation together; the most first."""
    groups: list[list[Slice]] = []
    for slice in slices:
        group = next((group for group in groups if _same_plane(slice, group[0])), None)
        if group is None:
            groups.append([slice])
        else:
            group.append(slice)
    return sorted(groups, key=len, reverse=True)


def _same_plane(one: Slice, other: Slice) -> bool:
    return (
        one.size == other.size
        and np.allclose(one.axes, other.axes, atol=_SAME_AXES)
        and np.allclose(one.spacing, other.spacing, rtol=1e-3)
    )


def _describe(grids: Sequence[Sequence[Slice]]) -> str:
    texts = []
    for group in grids[:_NAMED_AT_MOST]:
        columns, rows = group[0].size
        across, down = group[0].spacing
        plane = "xyz"[int(np.argmax(np.abs(group[0].normal)))]
        texts.append(f"{len(group)} of {columns} x {rows} voxels of {across:.4g} x {down:.4g} mm across {plane}")
    return ", ".join(texts) + (" and others" if len(grids) > _NAMED_AT_MOST else "")


def _without_copies(slices: Sequence[Slice]) -> tuple[list[Slice], list[str]]:
    """The slices without files that are copies of another, and a note about those."""
    unique: list[Slice] = []
    notes = []
    for same in _classes(slices, lambda slice: (slice.tag(INSTANCE), slice.frame)).values():
        kept = {checksum(slice.path): slice for slice in reversed(same)} if len(same) > 1 else {"": same[0]}
        unique += kept.values()
        for slice in same:
            if slice not in kept.values():
                notes.append(f"left out: '{slice.path.name}', a copy of '{next(iter(kept.values())).path.name}'")
    return unique, notes


def _parts(slices: Sequence[Slice]) -> list[tuple[str, list[Slice]]]:
    """The slices of each image of a series, with what tells it from the others.

    Echoes are always images of their own; otherwise a series is divided only if several slices lie in one place, by
    the first attribute that tells them apart.
    """
    echoes = sorted(_classes(slices, _echo).items())
    parts = [("" if len(echoes) == 1 else f"echo{i}", found) for i, (_, found) in enumerate(echoes, start=1)]
    return [(f"{name}{end}", found) for name, part in parts for end, found in _divided(part, bool(name))]


def _echo(slice: Slice) -> tuple[float, str]:
    times = numbers(slice.tag(ECHO_TIME))
    return (round(times[0], 3) if times else 0.0), slice.tag(ECHO_NUMBER)


def _divided(slices: Sequence[Slice], named: bool) -> list[tuple[str, list[Slice]]]:
    if not _share_places(slices):
        return [("", list(slices))]
    for key, word in ((IMAGE_TYPE, "type"), (TIME_POINT, "time"), (ACQUISITION, "acquisition")):
        classes = _classes(slices, partial(_tag, key))
        if len(classes) > 1 and not any(_share_places(part) for part in classes.values()):
            start = "_" if named else ""
            names = _type_names(list(classes)) if key == IMAGE_TYPE else _numbered(classes, word)
            return [(f"{start}{name}", part) for name, part in zip(names, classes.values())]
    return [("", list(slices))]


def _tag(key: str, slice: Slice) -> str:
    return slice.tag(key)


def _type_names(types: Sequence[Hashable]) -> list[str]:
    """The words of each image type that others lack: ``M`` and ``P`` name magnitude and phase images."""
    words = [str(text).split("\\") for text in types]
    names = []
    for number, own in enumerate(words):
        others = [set(word) for i, word in enumerate(words) if i != number]
        distinct = [word for word in own if not all(word in other for other in others)]
        names.append("".join(c for c in "-".join(distinct).lower() if c.isalnum() or c == "-") or f"type{number + 1}")
    return names if len(set(names)) == len(names) else [f"type{i + 1}" for i in range(len(names))]


def _numbered(classes: Iterable[Hashable], word: str) -> list[str]:
    texts = [str(key) for key in classes]
    order = sorted(texts, key=lambda text: (numbers(text) or (0.0,), text))
    return [f"{word}{order.index(text) + 1}" for text in texts]


def _share_places(slices: Sequence[Slice]) -> bool:
    places = np.sort([float(np.dot(slice.position, slices[0].normal)) for slice in slices])
    return bool(len(places) > 1 and np.diff(places).min() < _SAME_POSITION)


def _sorted(slices: Sequence[Slice], part: str) -> Volume:
    normal = slices[0].normal
    return Volume(tuple(sorted(slices, key=lambda slice: float(np.dot(slice.position, normal)))), part)


def _problems(volume: Volume) -> list[Problem]:
    """What keeps sorted slices from being a rectangular grid; the first reason is enough."""
    folder = volume.slices[0].path.parent
    for check in (_too_few, _without_place, _in_one_place, _unequal_steps, _sheared):
        message, remedy = check(volume)
        if message:
            return [Problem(f"{volume.title}: {message}", remedy, folder)]
    return []


_Finding = tuple[str, str]  # message and remedy; no message if all is well
_COPY_ALL = "Copy the whole series from the scanner or the archive"


def _too_few(volume: Volume) -> _Finding:
    count = len(volume.slices)
    return (f"only {count} slices" if count < FEWEST_SLICES else ""), _COPY_ALL


def _without_place(volume: Volume) -> _Finding:
    damaged = next((one for one in volume.slices if not np.isfinite(one.position).all()), None)
    return ("" if damaged is None else f"the place of {damaged.name} is damaged"), _COPY_ALL


def _in_one_place(volume: Volume) -> _Finding:
    twice = np.flatnonzero(np.diff(volume.distances) < _SAME_POSITION)
    pairs = [f"{volume.slices[i].name} and {volume.slices[i + 1].name}" for i in twice[:_NAMED_AT_MOST]]
    more = f" and {twice.size - _NAMED_AT_MOST} more pairs" if twice.size > _NAMED_AT_MOST else ""
    message = f"two slices in one place: {', '.join(pairs)}{more}" if twice.size else ""
    return message, "Remove the slices that do not belong to the series"


def _unequal_steps(volume: Volume) -> _Finding:
    steps = np.diff(volume.distances)
    gaps = np.flatnonzero(np.abs(steps - np.median(steps)) > _GAP * np.median(steps))
    return (_describe_gaps(volume, steps, gaps) if gaps.size else ""), _COPY_ALL


def _sheared(volume: Volume) -> _Finding:
    shift = _sideways(volume)
    if shift <= _SHEAR_VOXELS * min(volume.slices[0].spacing):
        return "", ""
    message = f"the slices are sheared: they shift sideways by {shift:.3g} mm from the first to the last"
    return message, "Load the series in Slicer, which resamples it to a rectangular grid, and save it from there"


def _describe_gaps(volume: Volume, steps: np.ndarray, gaps: np.ndarray) -> str:
    step = float(np.median(steps))
    in_steps = steps[gaps] / step
    whole = bool(np.all(np.abs(in_steps - np.round(in_steps)) < _GAP) and np.round(in_steps).min() > 1)
    missing = int(np.sum(np.round(in_steps) - 1))
    what = f"{missing} slice{'s are' if missing > 1 else ' is'} missing" if whole else "slices are not equally spaced"
    places = [
        f"{steps[i]:.4g} mm between {volume.slices[i].name} and {volume.slices[i + 1].name}"
        for i in gaps[:_NAMED_AT_MOST]
    ]
    more = f" and {gaps.size - _NAMED_AT_MOST} more places" if gaps.size > _NAMED_AT_MOST else ""
    return f"{what}: {', '.join(places)}{more}, where others are {step:.4g} mm apart"


def _sideways(volume: Volume) -> float:
    """How far slices lie beside the line along the first one's normal, mm at most."""
    offsets = np.array([slice.position for slice in volume.slices]) - volume.slices[0].position
    normal = volume.slices[0].normal
    return float(np.linalg.norm(offsets - np.outer(offsets @ normal, normal), axis=1).max())


def _unequal_parts(volumes: Sequence[Volume]) -> list[Problem]:
    """Echoes with different numbers of slices: of the shorter ones, some are missing at an end."""
    most = max(len(volume.slices) for volume in volumes)
    return [
        Problem(
            f"{volume.title}: {len(volume.slices)} slices, where other images of the series have {most}",
            _COPY_ALL,
            volume.slices[0].path.parent,
        )
        for volume in volumes
        if len(volume.slices) < most
    ]


def _count_notes(volumes: Sequence[Volume]) -> list[str]:
    """Whether the header promises more slices: some may be missing at an end, which no gap would show."""
    promised = numbers(volumes[0].slices[0].tag(IMAGES_IN_ACQUISITION))
    count = sum(len(volume.slices) for volume in volumes)
    if not promised or volumes[0].slices[0].frame is not None or promised[0] <= count:
        return []
    return [f"the header says {promised[0]:.0f} images, {count} are here: some may be missing at the ends"]
