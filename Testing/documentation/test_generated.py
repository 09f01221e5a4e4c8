"""The parts of the site that are made from the code."""

from __future__ import annotations

import re
import sys

import pytest
from documentation.pages import ROOT
from KneeCartilageSegLib.commandline import COMMANDS
from KneeCartilageSegLib.measurement.tables import COLUMNS
from KneeCartilageSegLib.registration.expectation import expected_dice
from KneeCartilageSegLib.registration.limits import MEASUREMENTS
from KneeCartilageSegLib.registration.stages import Modality

sys.path.insert(0, str(ROOT / ".ci" / "docs"))
import generated

DOCUMENTATION = ROOT / "Documentation"


def test_every_part_is_on_a_page_and_every_page_asks_for_parts_that_there_are():
    asked = {
        name
        for page in DOCUMENTATION.rglob("*.md")
        for name in re.findall(r"<!-- generated: ([\w-]+) -->", page.read_text(encoding="utf-8"))
    }
    assert asked == set(generated.PARTS)


def test_what_stands_in_between_is_replaced():
    filled = generated.fill("a\n<!-- generated: map-columns -->\nold\n<!-- end -->\nb")
    assert "old" not in filled
    assert "`median_ms`" in filled
    assert filled.startswith("a\n")
    assert filled.endswith("\nb")


def test_a_part_that_there_is_not_is_an_error():
    with pytest.raises(KeyError):
        generated.fill("<!-- generated: nothing --><!-- end -->")


def test_help_of_every_command_does_not_depend_on_the_terminal(monkeypatch):
    text = generated.commands()
    assert len(re.findall(r"^## ", text, re.M)) == len(COMMANDS)
    monkeypatch.setenv("COLUMNS", "40")
    assert generated.commands() == text


def test_limits_are_those_of_the_code():
    rows = dict(re.findall(r"^\| `(\w+)` (\|.*)$", generated.measurements(), re.M))
    assert list(rows) == [one.key for one in MEASUREMENTS]
    assert rows["scale"].endswith("| below 0.75, above 1.35 | below 0.6, above 1.6 |")
    assert rows["clipped_f"].endswith("| above 0.1 |  |")
    assert "new subject: below 1.4<br>longitudinal: below 2.05<br>multimodal: below 1.55" in rows["sharpness_aligned"]


def test_every_measurement_has_its_formula():
    """Besides the table that is made from the code."""
    page = (DOCUMENTATION / "explanation" / "definitions.md").read_text(encoding="utf-8")
    assert [one.key for one in MEASUREMENTS if f"`{one.key}`" not in page] == []


def test_points_of_the_expected_dice_are_those_of_the_code():
    """Curve by curve: the first row has the local match, the second the Dice coefficient."""
    page = (DOCUMENTATION / "explanation" / "definitions.md").read_text(encoding="utf-8")
    tables = re.findall(r"`local_fc` \|(.+)\|\n\|[-|]+\|\n\| Dice \|(.+)\|", page)
    assert len(tables) == 2
    for modality, rows in zip((Modality.NEW_SUBJECT, Modality.MULTIMODAL), tables):
        for local, dice in zip(*([float(cell) for cell in row.split("|")] for row in rows)):
            assert expected_dice(modality, local) == pytest.approx(dice)


def test_every_column_of_the_thickness_table_is_defined():
    page = (DOCUMENTATION / "explanation" / "definitions.md").read_text(encoding="utf-8")
    measured = [column for column in COLUMNS if re.search(r"_mm\d?$", column)]
    assert [column for column in measured if f"`{column}`" not in page] == []
