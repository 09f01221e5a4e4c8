"""Messages of the library are shown in panels, too, which have no options: they leave out what stands in brackets."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import KneeCartilageSegLib
import pytest

LIBRARY = Path(KneeCartilageSegLib.__file__).parent
# What panels run, and what that tells; other packages are only reached from the command line.
PACKAGES = ("lists", "images", "elastix", "registration", "fusion", "runs", "findreference", "quality", "segmentation")


def texts(path: Path) -> list[ast.Constant]:
    """The texts of a module without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [constant for constant in constants if id(constant) not in documentation]


@pytest.mark.parametrize("package", PACKAGES)
def test_options_stand_in_brackets(package):
    named = [
        f"{path.name}, line {text.lineno}: {text.value}"
        for path in sorted((LIBRARY / package).glob("*.py"))
        for text in texts(path)
        if is_message(text.value) and re.search(r"(?<![\w-])--[a-z]", re.sub(r"\(--[^)]*\)?", "", text.value))
    ]
    assert named == []


def is_message(text: str) -> bool:
    """Whether it is for people: neither an argument of a program, which has no blanks, nor HTML."""
    return " " in text.strip() and not text.startswith("<")
