"""A view of an image's voxels is only good while the image is there: what is freed may crash, or be read as voxels."""

from __future__ import annotations

import ast
from pathlib import Path

import KneeCartilageSegLib

ROOT = Path(KneeCartilageSegLib.__file__).parents[2]
FOLDERS = ("KneeCartilageSeg", "FindReference", "SegmentationQuality", "Testing")


def views_of_nothing(source: str) -> list[int]:
    """The lines in which something views an image that no name holds."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    views = [call for call in calls if getattr(call.func, "attr", "") == "GetArrayViewFromImage"]
    return [view.lineno for view in views if any(isinstance(part, ast.Call) for part in view.args)]


def test_what_is_found():
    assert views_of_nothing("sitk.GetArrayViewFromImage(sitk.Abs(image)).max()") == [1]
    assert views_of_nothing("sitk.GetArrayViewFromImage(image).max()") == []
    assert views_of_nothing("sitk.GetArrayFromImage(sitk.Abs(image)).max()") == []


def test_every_view_has_an_image_that_a_name_holds():
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    assert len(paths) > 200
    found = {path.name: views_of_nothing(path.read_text(encoding="utf-8")) for path in paths}
    assert {name: lines for name, lines in found.items() if lines} == {}
