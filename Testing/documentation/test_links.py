"""Links of the documentation lead somewhere."""

from __future__ import annotations

import re

import pytest
from documentation.pages import ROOT, links_of, pages

IDS = [page.relative_to(ROOT).as_posix() for page in pages()]


def anchor(heading: str) -> str:
    """As GitHub and MkDocs make it of a heading."""
    words = re.sub(r"[^\w\s-]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)|`", r"\1", heading)).strip().lower()
    return re.sub(r"\s", "-", words)


def anchors(text: str) -> set[str]:
    return {anchor(heading) for heading in re.findall(r"^#+ (.*)$", text, re.M)}


def test_anchors_are_those_of_github():
    assert anchors("# Two words, and `code`\n## [A link](x.md)\n### 2. Load\n") == {
        "two-words-and-code",
        "a-link",
        "2-load",
    }


@pytest.mark.parametrize("page", pages(), ids=IDS)
def test_relative_links_lead_to_files_and_headings(page):
    broken = []
    for link in links_of(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            broken.append(link)
        elif heading and heading not in anchors(target.read_text(encoding="utf-8")):
            broken.append(f"{link} (no such heading)")
    assert broken == []


def test_addresses_are_https(record_property):
    """They are listed in the report, not opened: a test must not depend on other people's servers."""
    addresses = sorted({link for page in pages() for link in links_of(page) if re.match(r"[a-z]+:", link)})
    record_property("addresses", " ".join(addresses))
    assert addresses
    assert [address for address in addresses if not address.startswith(("https://", "mailto:"))] == []


def test_every_picture_is_shown_somewhere():
    linked = {(page.parent / link).resolve() for page in pages() for link in links_of(page) if link.endswith(".png")}
    pictures = {path.resolve() for path in (ROOT / "Screenshots").glob("*.png")}
    assert sorted(path.name for path in pictures - linked) == []
