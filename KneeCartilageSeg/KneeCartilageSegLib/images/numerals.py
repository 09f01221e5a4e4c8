"""Numbers in the headers of images, whatever locale the program has set that this library runs in."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NUMERIC_MASK = {"linux": 1 << 1, "darwin": 1 << 4}  # LC_NUMERIC_MASK of <locale.h>


@contextmanager
def decimal_points() -> Iterator[None]:
    """Let C code that is called in the block, in this thread, read and write numbers with a decimal point.

    A Qt program sets the user's locale, and with it the decimal comma of half the world; ITK's NRRD reader then takes
    1.7 for 1. Other threads keep their locale. Where that is not possible (Windows), nothing changes: headers that were
    misread are recognized, see :func:`.files.read_image`.
    """
    mask = _NUMERIC_MASK.get(sys.platform)
    if mask is None:
        yield
        return
    library = ctypes.CDLL(None)
    for name, arguments in (("newlocale", 3), ("uselocale", 1), ("duplocale", 1), ("freelocale", 1)):
        function = getattr(library, name)
        function.restype = ctypes.c_void_p
        function.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p] if arguments == 3 else [ctypes.c_void_p]
    before = library.uselocale(None)
    with_points = library.newlocale(mask, b"C", library.duplocale(before))
    if not with_points:
        yield
        return
    library.uselocale(with_points)
    try:
        yield
    finally:
        library.uselocale(before)
        library.freelocale(with_points)
