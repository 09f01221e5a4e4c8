"""What MkDocs does besides its own work: see mkdocs.yml."""

from __future__ import annotations

import html
import posixpath
import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).resolve().parent), str(ROOT / "KneeCartilageSeg")]

import generated  # noqa: E402
from KneeCartilageSegLib import REPOSITORY  # noqa: E402

SECTIONS = {
    "Tutorials": "tutorial",
    "How to": "how-to",
    "Explanations": "explanation",
    "Reference": "reference",
    "Development": "development",
}
_PICTURES = "Screenshots"
_LINK = re.compile(r"(?<=\]\()(\.\./[^)\s#]+)")
_ROLE = re.compile(r":(?:mod|func|class|data|attr|meth):<code>[.~]*([^<]*)</code>")


def on_config(config: Any) -> Any:
    """Order the pages: a page that is added to a section's folder is in the menu."""
    folder = Path(config.docs_dir)
    config.repo_url = REPOSITORY
    config.nav = ["index.md"]
    for title, name in SECTIONS.items():
        config.nav.append(
            {title: [page.relative_to(folder).as_posix() for page in sorted((folder / name).glob("*.md"))]}
        )
    return config


def on_files(files: Any, config: Any) -> Any:
    """Add the pictures, which lie outside the folder of the pages."""
    for picture in sorted((ROOT / _PICTURES).glob("*.png")):
        files.append(File.generated(config, f"{_PICTURES}/{picture.name}", abs_src_path=str(picture)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Put in what is generated; lead links that leave the folder of the pages to the pictures and to the repository."""
    folder = posixpath.dirname(page.file.src_uri)

    def target(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, match.group(1)))
        if not path.startswith("../"):
            return match.group(1)
        path = path[3:]
        if path.startswith(f"{_PICTURES}/"):
            return posixpath.relpath(path, folder or ".")
        return f"{config.repo_url}/blob/main/{path}" if (ROOT / path).exists() else match.group(1)

    return _LINK.sub(target, generated.fill(markdown))


def on_page_content(content: str, page: Any, config: Any, files: Any) -> str:
    """Docstrings name modules and functions by Sphinx roles: leave the names."""
    return _ROLE.sub(lambda match: f"<code>{html.escape(match.group(1), quote=False)}</code>", content)
