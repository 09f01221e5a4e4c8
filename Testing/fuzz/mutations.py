"""What happens to bytes on disks, in mails, and in the hands of people and programs."""

from __future__ import annotations

import re

import numpy as np

_NUMBER = re.compile(rb"-?\d+(\.\d+)?")
_NUMBERS = (b"0", b"-1", b"1e30", b"nan", b"inf", b"99999999999", b"0,5", b"0.001", b"1000", b"")
_TEXTS = (
    b"\0",
    b"\xff\xfe",
    b"\n",
    b"\r\n",
    b" ",
    b"%s",
    b"=",
    b":",
    b"../",
    b"\\",
    b'"',
    b"#",
    300 * b"k",
    b"\xcc\x88",
)


def mutate(content: bytes, random: np.random.Generator) -> bytes:
    """A copy with one to three mutations."""
    for _ in range(random.integers(1, 4)):
        content = _MUTATIONS[random.integers(len(_MUTATIONS))](content, random)
    return content


def _place(content: bytes, random: np.random.Generator) -> int:
    return int(random.integers(len(content))) if content else 0


def _flip_bit(content: bytes, random: np.random.Generator) -> bytes:
    changed, place = bytearray(content), _place(content, random)
    changed[place : place + 1] = bytes(byte ^ (1 << random.integers(8)) for byte in changed[place : place + 1])
    return bytes(changed)


def _replace_byte(content: bytes, random: np.random.Generator) -> bytes:
    place = _place(content, random)
    return content[:place] + random.bytes(1) + content[place + 1 :]


def _delete(content: bytes, random: np.random.Generator) -> bytes:
    place = _place(content, random)
    return content[:place] + content[place + int(random.integers(1, 9)) :]


def _insert(content: bytes, random: np.random.Generator) -> bytes:
    place = _place(content, random)
    return content[:place] + _TEXTS[random.integers(len(_TEXTS))] + content[place:]


def _cut(content: bytes, random: np.random.Generator) -> bytes:
    return content[: _place(content, random)]


def _change_number(content: bytes, random: np.random.Generator) -> bytes:
    found = list(_NUMBER.finditer(content))
    if not found:
        return content
    match = found[random.integers(len(found))]
    return content[: match.start()] + _NUMBERS[random.integers(len(_NUMBERS))] + content[match.end() :]


def _move_line(content: bytes, random: np.random.Generator) -> bytes:
    lines = content.splitlines(keepends=True)
    if len(lines) < 2:
        return content
    line = lines[random.integers(len(lines))]
    if random.integers(3):  # lost; otherwise doubled
        lines.remove(line)
    if random.integers(2):
        lines.insert(int(random.integers(len(lines) + 1)), line)
    return b"".join(lines)


_MUTATIONS = (_flip_bit, _replace_byte, _delete, _insert, _cut, _change_number, _move_line)
