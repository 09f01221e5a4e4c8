"""elastix parameter files: ``(Key "text")`` or ``(Key 1 2.5)``, one a line, comments after ``//``.

Both the parameter files that steer a registration and the ``TransformParameters.*.txt`` that elastix writes have this
form (elastix manual 5.x, section 3.3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ..errors import InputError, Problem

ParameterMap = dict[str, tuple[str, ...]]

_LINE = re.compile(r'^\(\s*(?P<key>\w+)\s*(?P<values>(?:"[^"]*"|[^"()])*)\)$')
_VALUE = re.compile(r'"([^"]*)"|(\S+)')
_COMMENT = re.compile(r'//(?=(?:[^"]*"[^"]*")*[^"]*$).*$')
_NUMBER = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")


def read_parameters(path: Path) -> ParameterMap:
    """Read a parameter file; all values are kept as text.

    :raises InputError: naming each line that elastix would not understand.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(f"the parameter file cannot be read ({error})", "Check its path", path)
        raise InputError([problem]) from error
    values: ParameterMap = {}
    problems = []
    for number, line in enumerate(lines, start=1):
        text = _COMMENT.sub("", line).strip()
        if not text:
            continue
        match = _LINE.match(text)
        if match is None:
            remedy = 'Write it as (Key "text") or (Key 1 2 3)'
            problems.append(Problem(f"elastix cannot read the parameter '{text}'", remedy, path, number))
        elif match["key"] in values:
            remedy = "Remove one of the two lines"
            problems.append(Problem(f"the parameter {match['key']} is given twice", remedy, path, number))
        else:
            values[match["key"]] = tuple(quoted or bare for quoted, bare in _VALUE.findall(match["values"]))
    if problems:
        raise InputError(problems)
    return values


def write_parameters(path: Path, parameters: Mapping[str, tuple[str, ...]]) -> None:
    """Write a parameter file: numbers bare, everything else in quotes."""
    lines = [f"({key} {' '.join(_format(value) for value in values)})\n" for key, values in parameters.items()]
    Path(path).write_text("".join(lines), encoding="utf-8")


def _format(value: str) -> str:
    return value if _NUMBER.match(value) else f'"{value}"'
