"""With SLICER_SOURCE the panels' tests run on Slicer's own Python files; this says whether they did."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["slicer_testbed.plugin"]

SOURCE = os.environ.get("SLICER_SOURCE", "")
OWN = ("slicer.parameterNodeWrapper", "slicer.ScriptedLoadableModule", "slicer.i18n", "slicer.util", "SampleData")
TESTING = Path(__file__).parents[1]

needs_source = pytest.mark.skipif(
    not SOURCE, reason=f"SLICER_SOURCE names no checkout of Slicer: stand-ins took the place of {', '.join(OWN)}"
)

_FILES = "import sys; print([sys.modules[name].__file__ for name in sys.argv[1:]])"
_START = "from slicer_testbed.application import start; start(); "


@needs_source
@pytest.mark.parametrize("name", OWN)
def test_panels_run_on_slicers_own_files(slicer_app, name):
    assert Path(SOURCE) in Path(sys.modules[name].__file__).parents


@needs_source
def test_processes_that_start_the_test_bed_run_on_them_too():
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTING), os.environ.get("PYTHONPATH", "")])}
    arguments = [sys.executable, "-c", _START + _FILES, *OWN]
    ended = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1].count(SOURCE) == len(OWN)


def test_folder_that_is_no_checkout_is_refused(tmp_path, monkeypatch):
    slicer_source = pytest.importorskip("slicer_testbed.slicer_source", exc_type=ImportError)
    monkeypatch.setenv("SLICER_SOURCE", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"is no checkout of Slicer: it lacks Base/Python/slicer/util\.py, "):
        slicer_source.checkout()
