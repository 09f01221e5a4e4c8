"""All csv files have one form."""

from __future__ import annotations

import math

import pytest
from KneeCartilageSegLib.csv_files import write_csv


def test_a_table_is_written_byte_for_byte(tmp_path):
    path = tmp_path / "table.csv"
    rows = [
        {"name": "Größe, 1", "value": 0.1 + 0.2, "left out": 1},
        {"name": 'says "no"', "value": math.nan},
        {"value": None},
        {"name": "", "value": 0},
    ]
    write_csv(path, ["name", "value"], rows)
    expected = 'name,value\n"Größe, 1",0.30000000000000004\n"says ""no""",\n,\n,0\n'
    assert path.read_bytes() == expected.encode("utf-8")


def test_a_row_that_cannot_be_made_leaves_the_old_table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old", encoding="utf-8")

    def rows():
        yield {"name": "a"}
        raise KeyError("value")

    with pytest.raises(KeyError):
        write_csv(path, ["name"], rows())
    assert path.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["table.csv"]
