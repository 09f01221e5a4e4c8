"""DICOM files of images, as scanners write them, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import SimpleITK as sitk
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import EnhancedMRImageStorage, ExplicitVRLittleEndian, MRImageStorage, generate_uid

BIRTH_DATE = "19610203"
_PATIENT = {
    "PatientName": "Doe^Jane",
    "PatientBirthDate": BIRTH_DATE,
    "PatientID": "4711",
    "Modality": "MR",
    "SeriesDescription": "SAG DESS",
    "SpecificCharacterSet": "ISO_IR 192",
}


def write_series(
    image: sitk.Image,
    folder: Path,
    *,
    start: str = "IM",
    rescale: Sequence[tuple[float, float]] = ((1, 0),),
    **tags: Any,
) -> list[Path]:
    """Write an image slice by slice; the files' names count against the slices' positions.

    :param start: of the files' names.
    :param rescale: slope and intercept of the slices, in turn; the files hold what gives the image's values again.
    :param tags: other values of attributes, by their DICOM keyword.
    :return: the files, in the order of the slices.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shared = {"SeriesInstanceUID": generate_uid(), "StudyInstanceUID": generate_uid(), "SeriesNumber": 5, **tags}
    array = sitk.GetArrayFromImage(image)
    paths = []
    for number, plane in enumerate(array):
        slope, intercept = rescale[number % len(rescale)]
        data = _header(plane.shape, MRImageStorage, shared)
        data.InstanceNumber = number + 1
        data.ImagePositionPatient = _texts(image.TransformIndexToPhysicalPoint((0, 0, number)))
        data.ImageOrientationPatient = _texts(_axes(image))
        data.PixelSpacing = _texts(image.GetSpacing()[1::-1])
        data.SliceThickness = f"{image.GetSpacing()[2]:.6g}"
        data.RescaleSlope, data.RescaleIntercept = f"{slope:.8g}", f"{intercept:.8g}"
        data.PixelData = np.rint((plane - intercept) / slope).astype(np.int16).tobytes()
        paths.append(folder / f"{start}{len(array) - number:04d}")
        _save(data, paths[-1])
    return paths


def write_enhanced(
    images: Sequence[sitk.Image],
    path: Path,
    *,
    echo_times: Sequence[float] = (5.0,),
    slopes: Sequence[float] = (1.0,),
    leave_out: Sequence[int] = (),
) -> Path:
    """Write images of one grid, one per echo, into one file, echo after echo within each place, the last place first.

    :param slopes: of the frames, in turn.
    :param leave_out: numbers of slices that are missing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    frames, planes = [], []
    for number in reversed(range(images[0].GetDepth())):
        for image, echo in zip(images, echo_times):
            if number not in leave_out:
                slope = slopes[len(frames) % len(slopes)]
                planes.append(np.rint(sitk.GetArrayViewFromImage(image)[number] / slope))
                frames.append(_frame(image.TransformIndexToPhysicalPoint((0, 0, number)), echo, slope))
    first = images[0]
    data = _header(planes[0].shape, EnhancedMRImageStorage, {"SeriesInstanceUID": generate_uid(), "SeriesNumber": 5})
    data.NumberOfFrames = len(frames)
    measures = _dataset(PixelSpacing=_texts(first.GetSpacing()[1::-1]), SliceThickness=first.GetSpacing()[2])
    orientation = _dataset(ImageOrientationPatient=_texts(_axes(first)))
    shared = _dataset(PixelMeasuresSequence=[measures], PlaneOrientationSequence=[orientation])
    data.SharedFunctionalGroupsSequence = [shared]
    data.PerFrameFunctionalGroupsSequence = frames
    data.PixelData = np.array(planes).astype(np.int16).tobytes()
    _save(data, path)
    return path


def change(path: Path, **tags: Any) -> None:
    """Set attributes of a file."""
    data = pydicom.dcmread(path)
    for keyword, value in tags.items():
        setattr(data, keyword, value)
    data.save_as(path)


def _frame(position: Sequence[float], echo: float, slope: float) -> Dataset:
    return _dataset(
        PlanePositionSequence=[_dataset(ImagePositionPatient=_texts(position))],
        MREchoSequence=[_dataset(EffectiveEchoTime=echo)],
        PixelValueTransformationSequence=[_dataset(RescaleSlope=slope, RescaleIntercept=0, RescaleType="US")],
    )


def _header(shape: tuple[int, ...], storage: str, tags: dict[str, Any]) -> Dataset:
    data = _dataset(
        Rows=shape[0],
        Columns=shape[1],
        SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2",
        BitsAllocated=16,
        BitsStored=16,
        HighBit=15,
        PixelRepresentation=1,
        SOPClassUID=storage,
        SOPInstanceUID=generate_uid(),
        **{**_PATIENT, **tags},
    )
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = storage, data.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta = meta
    return data


def _dataset(**values: Any) -> Dataset:
    data = Dataset()
    for keyword, value in values.items():
        setattr(data, keyword, value)
    return data


def _save(data: Dataset, path: Path) -> None:
    data.save_as(path, enforce_file_format=True)


def _axes(image: sitk.Image) -> np.ndarray:
    direction = np.reshape(image.GetDirection(), (3, 3))
    return np.concatenate([direction[:, 0], direction[:, 1]])


def _texts(values: Sequence[float]) -> list[str]:
    return [f"{value:.10f}"[:16] for value in values]
