"""Names and birth dates of patients are found in texts as people write them."""

from __future__ import annotations

import pytest
from KneeCartilageSegLib.dicom.identity import Identity


def identity(name: str = "Müller^Jörg-Åke^^Dr", born: str = "19610203") -> Identity:
    return Identity([{"0010|0010": name, "0010|0030": born}, {}])


@pytest.mark.parametrize(
    "text",
    [
        "/data/mueller/knee",
        "MULLER_01",
        "01-Müller",
        "Mu\u0308ller",  # as macOS writes it
        "joerg",
        "x_1961-02-03",
        "knee 3.2.1961",
        "610203_DESS",
        "knee19610203",
        "akeJORG",
    ],
)
def test_names_and_dates_are_found(text):
    assert identity().shows_in(text)
    assert identity().clean(text) == "(withheld)"


@pytest.mark.parametrize("text", ["01_DESS_01", "/data/mill/knee", "0161020399", "2.1961", "cake"])
def test_other_texts_stay(text):
    assert not identity().shows_in(text)
    assert identity().clean(text) == text


def test_a_short_name_is_found_as_a_word_only():
    assert identity("Li^Ann").shows_in("knee_li_01")
    assert not identity("Li^Ann").shows_in("cartilage_scan")


def test_bytes_that_simpleitk_could_not_decode_are_read_as_latin_1():
    assert identity("M\udcfcller").shows_in("mueller")


@pytest.mark.parametrize("name", ["Anonymous", "9000798", "OAI01^R2", "", "PHANTOM"])
def test_codes_and_placeholders_are_no_names(name):
    known = identity(name, "")
    assert not any(known.shows_in(text) for text in ("anonymous_phantom", "9000798_R", "oai01"))
