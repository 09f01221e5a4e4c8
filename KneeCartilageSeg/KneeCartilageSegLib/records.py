"""Records: JSON files that say what was made, from what, by which versions."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import SimpleITK as sitk

from . import __version__
from .files import atomic_path, checksum


def versions() -> dict[str, str]:
    """The versions of everything that computes."""
    return {
        "KneeCartilageSeg": __version__,
        "Python": platform.python_version(),
        "SimpleITK": sitk.Version.VersionString(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "system": platform.platform(),
    }


def origin() -> dict[str, Any]:
    """What all records begin with: when they were written, by which command and which versions."""
    return {
        "written": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "command": sys.argv,
        "versions": versions(),
    }


def read_json(path: Path, form: str) -> dict[str, Any] | None:
    """A record of a format (its key "format"), or None if there is none that can be read."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("format") == form else None


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON file in one step."""
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def replaceable(path: Path, record: Path, form: str) -> bool:
    """Whether a file may be written: nothing is there, or exactly what a record says that this tool wrote there.

    :param record: the record beside it, whose ``outputs`` are SHA-256 checksums by file name.
    :param form: its format.
    """
    if not path.exists():
        return True
    outputs = (read_json(record, form) or {}).get("outputs", {})
    return path.is_file() and outputs.get(path.name) == checksum(path)
