"""Headers of NIfTI-1 files: ``.nii``, ``.nii.gz``, or ``.hdr`` with ``.img``.

The fields and the two frames are those of nifti1.h (https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h).
"""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Callable

import numpy as np

from .headers import Damaged, Data, Header, opened, positive_numbers

HEADER_BYTES = 348
_NIFTI_2_BYTES = 540
_BITS = {
    **{2: 8, 4: 16, 8: 32, 16: 32, 32: 64, 64: 64, 128: 24, 256: 8, 512: 16, 768: 32},
    **{1024: 64, 1280: 64, 1536: 128, 1792: 128, 2048: 256, 2304: 32},
}
_UNITS = {0: 1.0, 1: 1000.0, 2: 1.0, 3: 0.001}  # mm; 0 is unknown, taken for mm as ITK does
_RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def looks_like_nifti(start: bytes) -> bool:
    """Whether a file that starts so (after inflation) is NIfTI, or Analyze 7.5, whose header has the same size."""
    return len(start) >= 4 and any(
        struct.unpack(f"{order}i", start[:4])[0] in (HEADER_BYTES, _NIFTI_2_BYTES) for order in "<>"
    )


def read_nifti_header(path: Path) -> Header:
    """The header of a NIfTI-1 file.

    :raises Damaged: if it makes no sense, or is of another kind.
    :raises OSError, EOFError, zlib.error: if it cannot be read.
    """
    with opened(path) as file:
        raw = file.read(HEADER_BYTES)
    order = next((o for o in "<>" if len(raw) >= 4 and struct.unpack(f"{o}i", raw[:4])[0] == HEADER_BYTES), None)
    if order is None:
        if looks_like_nifti(raw):
            raise Damaged("it is NIfTI-2, which ITK cannot read", "Save it as NIfTI-1, .mha or .nrrd")
        raise Damaged("it has no NIfTI header")
    if len(raw) < HEADER_BYTES:
        raise Damaged("it ends within its header")
    magic = raw[344:348]
    if magic not in (b"n+1\0", b"ni1\0"):
        raise Damaged("it is no NIfTI file; an Analyze 7.5 file would not say which side is left")

    def fields(form: str, offset: int) -> tuple:
        return struct.unpack_from(order + form, raw, offset)

    dimensions = fields("8h", 40)
    if not 1 <= dimensions[0] <= 7 or min(dimensions[1 : dimensions[0] + 1]) < 1:
        raise Damaged(f"its size is {dimensions[1 : max(2, dimensions[0] + 1)]}")
    size = dimensions[1 : dimensions[0] + 1]
    while len(size) > 3 and size[-1] == 1:
        size = size[:-1]
    datatype, bits = fields("2h", 70)
    if _BITS.get(datatype) != bits:
        raise Damaged(f"its type ({datatype}) and its number of bits ({bits}) disagree or are unknown")
    edges = positive_numbers(fields("3f", 80), "its voxel size (pixdim)")
    if not all(math.isfinite(value) for value in fields("2f", 112)):
        raise Damaged("the scale of its values (scl_slope, scl_inter) is not a number")
    frames = _frames(fields, edges) if len(size) == 3 else {}
    return Header("NIfTI-1", size, bits // 8, _data(path, magic, fields("f", 108)[0]), frames, sheared=False)


def _data(path: Path, magic: bytes, offset: float) -> Data:
    single = magic == b"n+1\0"
    # nifti1.h: the voxels of a single file start at a multiple of 16, after the header.
    if not math.isfinite(offset) or offset % 16 or offset < 0 or (single and offset < HEADER_BYTES):
        raise Damaged(f"its voxels are said to start at byte {offset:g}")
    place = path if single else _voxel_file(path)
    with open(place, "rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    return Data(place, int(offset), "gzip" if compressed else "")


def _voxel_file(header: Path) -> Path:
    """The file with the voxels of a pair, whichever of the two was named."""
    stem = header.name[: header.name.lower().rindex(".hdr")]
    ends = (".img", ".IMG", ".img.gz")
    found = next((path for end in ends if (path := header.with_name(stem + end)).is_file()), None)
    if found is None:
        raise Damaged(f"its voxels are missing: there is no file '{stem}.img' beside it")
    return found


def _frames(fields: Callable[[str, int], tuple], edges: list[float]) -> dict[str, np.ndarray]:
    """The frames that the header states, in mm, LPS."""
    (qform_code, sform_code), units = fields("2h", 252), fields("B", 123)[0] & 7
    scale = _UNITS.get(units)
    if scale is None:
        raise Damaged(f"its unit of length ({units}) is unknown")
    frames = {}
    if qform_code > 0:
        frames["qform"] = _qform(fields("6f", 256), fields("f", 76)[0], edges)
    if sform_code > 0:
        frames["sform"] = np.vstack([np.reshape(fields("12f", 280), (3, 4)), [0, 0, 0, 1]])
    if list(frames) == ["sform"]:
        frames["voxel size (pixdim)"] = _with_edges(frames["sform"], edges)
    return {name: np.diag([scale, scale, scale, 1]) @ _RAS_TO_LPS @ frame for name, frame in frames.items()}


def _qform(values: tuple, handedness: float, edges: list[float]) -> np.ndarray:
    b, c, d, *offset = values
    a = math.sqrt(max(0.0, 1 - b * b - c * c - d * d))
    rotation = np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ]
    )
    frame = np.eye(4)
    frame[:3, :3] = rotation * edges * np.array([1, 1, -1 if handedness < 0 else 1])
    frame[:3, 3] = offset
    return frame


def _with_edges(frame: np.ndarray, edges: list[float]) -> np.ndarray:
    """A frame with the lengths of its axes replaced."""
    replaced = frame.copy()
    lengths = np.linalg.norm(frame[:3, :3], axis=0)
    if lengths.all():
        replaced[:3, :3] *= np.array(edges) / lengths
    return replaced
