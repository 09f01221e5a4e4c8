"""How much memory a knee takes, by its image."""

from __future__ import annotations

import pytest
import tiny_study
from KneeCartilageSegLib.runs.memory import memory_per_knee

GIGABYTE = 1e9


def test_the_largest_image_decides_and_references_add_to_it(tmp_path):
    paths = [tiny_study.write_image(tiny_study.gray_image(size=size), tmp_path / f"{size}.mha") for size in (16, 64)]
    small, both = memory_per_knee(paths[:1]), memory_per_knee(paths)
    assert both - small == pytest.approx(38 * (64**3 - 16**3))
    assert memory_per_knee(paths, references=5) > both + 0.4 * GIGABYTE


def test_what_cannot_be_read_counts_as_a_knee_of_full_size(tmp_path):
    (tmp_path / "x.mha").write_text("no image")
    for paths in ([], [tmp_path], [tmp_path / "x.mha"]):
        assert memory_per_knee(paths) == pytest.approx(1.35 * GIGABYTE, rel=0.01)
