"""Make the knees with truth that a folder lacks, with ``../shared/knees/make_knees.py``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .errors import BenchmarkError
from .knees import HIGH_RESOLUTION

MAKE_KNEES = Path(__file__).resolve().parents[3] / "shared" / "knees" / "make_knees.py"

_SECOND_CONTRAST = "t2"
_MULTIMODAL_KNEES = ("s02", "s03", "s04")  # those of issue 6


def render_missing(folder: Path, make_knees: Path, options: tuple[str, ...] = ()) -> None:
    """Render every label map beside ``make_knees.py`` in DESS, and the multimodal knees in the second contrast.

    What is in the folder already is left as it is. Takes half a minute a knee.

    :param options: further options of ``make_knees.py``, such as ``--seed 8``.
    :raises BenchmarkError: if it fails.
    """
    if not make_knees.is_file():
        raise BenchmarkError(f"'{make_knees}' does not exist: give the path of make_knees.py after --render")
    label_maps = (make_knees.parent / "labels").glob("*.nii.gz")
    knees = sorted(path.name.removesuffix(".nii.gz") for path in label_maps)
    second = [knee for knee in knees if knee in _MULTIMODAL_KNEES]
    for contrast, wanted in ((HIGH_RESOLUTION, knees), (_SECOND_CONTRAST, second)):
        # The cartilage mask is written last.
        missing = [knee for knee in wanted if not (folder / f"{knee}_{contrast}_prep_fc.mha").is_file()]
        if missing:
            command = [sys.executable, str(make_knees), "--out", str(folder), "--contrast", contrast, *options]
            if subprocess.run([*command, "--subjects", *missing], check=False).returncode != 0:
                raise BenchmarkError("make_knees.py failed: what it said stands above")
