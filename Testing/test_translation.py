"""Texts of the library that Slicer shows in the user's language are marked where they stand."""

from __future__ import annotations

import ast
from pathlib import Path

import KneeCartilageSegLib
from KneeCartilageSegLib.i18n import MARKED_IN
from KneeCartilageSegLib.quality.metrics import METRICS
from KneeCartilageSegLib.runs.steps import STEPS
from KneeCartilageSegLib.segmentation.summary import COLUMNS


def marked_texts() -> set[str]:
    """What Slicer's tool for translators finds: literals in ``_()``, in the modules that are looked in."""
    found = set()
    for module in MARKED_IN:
        path = Path(KneeCartilageSegLib.__file__).parent.joinpath(*module.split(".")).with_suffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                (text,) = node.args
                assert isinstance(text, ast.Constant), f"{module}, line {node.lineno}: no literal"
                found.add(text.value)
    return found


def test_every_title_and_description_is_marked():
    shown = [text for metric in METRICS for text in (metric.title, metric.description)]
    shown += [text for column in COLUMNS for text in (column.title, column.description)]
    shown += [step.title for step in STEPS.values()]
    assert len(shown) > 80
    assert set(shown) - marked_texts() == set()
