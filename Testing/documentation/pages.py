"""The project's Markdown pages, and what stands in them: code blocks, commands, links."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "knee-cartilage-seg"
SHELLS = {"bash", "console", "sh", "shell"}

_FENCE = re.compile(r"^( *)(`{3,})(\w*)\s*$")
_LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")
_VARIABLE = re.compile(r"[A-Za-z_]\w*=")
_CODE = re.compile(r"`[^`\n]+`")


@dataclass(frozen=True)
class Block:
    """A code block.

    :param language: of a fence; empty for an indented block.
    :param line: of its first line, from 1.
    """

    page: Path
    language: str
    line: int
    lines: tuple[str, ...]

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


@dataclass(frozen=True)
class Command:
    """A command line of a page, as a shell splits it."""

    block: Block
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        return shlex.join(self.words)


def pages() -> list[Path]:
    """README, contribution guide, documentation and what lies beside the code; not what tools leave."""
    skipped = {".venv", "build", "demo", "node_modules", ".git", ".pytest_cache", ".github"}
    found = [path for path in ROOT.rglob("*.md") if not skipped & set(path.relative_to(ROOT).parts)]
    return sorted(found)


def blocks_of(page: Path) -> list[Block]:
    """Fenced and indented code blocks, in order."""
    lines = page.read_text(encoding="utf-8").split("\n")
    found, number = [], 0
    while number < len(lines):
        fence = _FENCE.match(lines[number])
        if fence:
            end = next(i for i in range(number + 1, len(lines)) if lines[i].strip() == fence.group(2))
            found.append(Block(page, fence.group(3) or "text", number + 2, tuple(lines[number + 1 : end])))
            number = end + 1
        elif lines[number].startswith("    ") and (number == 0 or not lines[number - 1].strip()):
            end = next((i for i in range(number, len(lines)) if _ends(lines[i])), len(lines))
            found.append(Block(page, "", number + 1, tuple(lines[number:end])))
            number = end
        else:
            number += 1
    return found


def _ends(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("    ")


def commands_of(block: Block) -> list[Command]:
    """The commands of a shell block; of other blocks, lines that call this program."""
    text = "\n".join(line.strip().removeprefix("$ ") for line in block.lines)
    lines = text.replace("\\\n", " ").split("\n")
    if block.language not in SHELLS:
        lines = [line for line in lines if line.startswith(f"{PROGRAM} ")]
    split = [_without_variables(shlex.split(line, comments=True)) for line in lines]
    return [Command(block, words) for words in split if words]


def _without_variables(words: list[str]) -> tuple[str, ...]:
    """A command without the settings of the environment before it."""
    first = next((number for number, word in enumerate(words) if not _VARIABLE.match(word)), len(words))
    return tuple(words[first:])


def links_of(page: Path) -> list[str]:
    """What a page links to: addresses and paths."""
    text = page.read_text(encoding="utf-8")
    for block in blocks_of(page):
        text = text.replace("\n".join(block.lines), "")
    return _LINK.findall(_CODE.sub("", text))
