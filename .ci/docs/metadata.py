"""The address of the repository, which stands in CMakeLists.txt; every other place that has it is compared by a test."""

from __future__ import annotations

import re
from pathlib import Path


def homepage(root: Path) -> str:
    """The repository's address.

    :raises ValueError: if CMakeLists.txt does not have it.
    """
    text = (root / "CMakeLists.txt").read_text(encoding="utf-8")
    found = re.search(r'set\(EXTENSION_HOMEPAGE "([^"]+)"\)', text)
    if not found:
        raise ValueError("CMakeLists.txt does not set EXTENSION_HOMEPAGE")
    return found.group(1)
