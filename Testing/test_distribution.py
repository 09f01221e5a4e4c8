"""What users install: wheel and source distribution."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from KneeCartilageSegLib import __version__

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "KneeCartilageSeg" / "KneeCartilageSegLib"
NAME = f"knee_cartilage_seg-{__version__}"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, Path]:
    """Wheel, which is built from the sdist, and sdist."""
    pytest.importorskip("build")
    folder = tmp_path_factory.mktemp("dist")
    # Without isolation nothing is downloaded.
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return folder / f"{NAME}-py3-none-any.whl", folder / f"{NAME}.tar.gz"


def test_wheel_has_the_library_and_nothing_else(built):
    with zipfile.ZipFile(built[0]) as wheel:
        names = {name for name in wheel.namelist() if not name.startswith(f"{NAME}.dist-info/")}
        metadata = wheel.read(f"{NAME}.dist-info/METADATA").decode()
        licences = [name for name in wheel.namelist() if name.endswith("LICENSE.txt")]
    files = {path.relative_to(LIBRARY.parent).as_posix() for path in LIBRARY.rglob("*") if path.is_file()}
    assert names == {name for name in files if "__pycache__" not in name}
    assert f"Version: {__version__}" in metadata
    assert len(licences) == 1


def test_sdist_has_what_the_wheel_is_made_from_and_no_leftovers(built):
    with tarfile.open(built[1]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE.txt"} <= names
    assert [name for name in names if name.startswith((".venv", "build/", "demo/"))] == []


@pytest.mark.skipif("KNEE_TEST_INSTALL" not in os.environ, reason="downloads; set KNEE_TEST_INSTALL=1 to run it")
@pytest.mark.timeout(1800)
def test_wheel_works_in_a_clean_environment(built, tmp_path):
    """``pip install knee-cartilage-seg[elastix]`` from the wheel, and a digital knee segmented with it."""
    folder = "Scripts" if os.name == "nt" else "bin"
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}

    def run(*command: str) -> str:
        finished = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout

    run(sys.executable, "-m", "venv", str(tmp_path / "clean"))
    python, program = (str(tmp_path / "clean" / folder / name) for name in ("python", "knee-cartilage-seg"))
    run(python, "-m", "pip", "install", "--quiet", f"{built[0]}[elastix]")
    assert __version__ in run(program, "--version")
    assert "itk-elastix" in run(program, "engine")
    run(program, "demo", "--images-only", "--out", "demo", "--spacing", "2")
    run(
        program,
        "segment",
        "demo/preprocessed/01_DESS_01_prep.mha",
        "--reference",
        "demo/reference/newsubject",
        "-o",
        "out",
    )
    assert list((tmp_path / "out").rglob("*_fc.mha"))
