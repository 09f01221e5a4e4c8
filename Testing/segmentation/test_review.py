"""The review: who has said what about a knee, written by several people at once."""

from __future__ import annotations

import csv
import threading

import pytest
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.segmentation.review import (
    COLUMNS,
    REVIEW_FILE,
    Decision,
    read_decisions,
    read_reviews,
    write_review,
)


def test_the_last_word_about_a_knee_counts_and_keeps_who_and_when(tmp_path):
    write_review(tmp_path, '膝, "a"', Decision.REJECTED, "twisted,\nreally", who="ann")
    write_review(tmp_path, "b", Decision.ACCEPTED, who="bob")
    written = write_review(tmp_path, '膝, "a"', Decision.CORRECT, "rim", who="cid")
    found = read_reviews(tmp_path)
    assert found['膝, "a"'] == written
    assert (written.decision, written.comment, written.who) == (Decision.CORRECT, "rim", "cid")
    assert written.when.endswith("+00:00")
    assert read_decisions(tmp_path) == {'膝, "a"': Decision.CORRECT, "b": Decision.ACCEPTED}
    write_review(tmp_path, "b", None, "look again")
    assert read_decisions(tmp_path) == {'膝, "a"': Decision.CORRECT}
    assert read_reviews(tmp_path)["b"].comment == "look again"
    with open(tmp_path / REVIEW_FILE, encoding="utf-8", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == ['膝, "a"', "b"]


def test_what_people_have_added_by_hand_is_kept(tmp_path):
    (tmp_path / REVIEW_FILE).write_text("knee,grade,review\na.mha,3,accept\nb,1,\na,4,reject\n", encoding="utf-8-sig")
    write_review(tmp_path, "a", Decision.ACCEPTED, "fine", who="ann")
    with open(tmp_path / REVIEW_FILE, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["knee"], row["grade"], row["review"], row["comment"]) for row in rows] == [
        ("b", "1", "", ""),
        ("a", "4", "accepted", "fine"),
    ]


def test_a_review_that_cannot_be_read_is_not_replaced(tmp_path):
    path = tmp_path / REVIEW_FILE
    path.write_bytes("name;decision\nkn\xe9;accepted\n".encode("latin-1"))
    before = path.read_bytes()
    with pytest.raises(InputError, match="cannot be read"):
        write_review(tmp_path, "a", Decision.ACCEPTED)
    assert path.read_bytes() == before


def test_people_who_click_at_the_same_time_lose_nothing(tmp_path):
    def click(person):
        for number in range(8):
            write_review(tmp_path, f"{person}{number}", Decision.ACCEPTED, who=person)

    people = [threading.Thread(target=click, args=(person,)) for person in "abc"]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(read_reviews(tmp_path)) == sorted(f"{person}{number}" for person in "abc" for number in range(8))
    assert [path.name for path in tmp_path.iterdir()] == [REVIEW_FILE]
    with open(tmp_path / REVIEW_FILE, encoding="utf-8") as file:
        assert file.readline().strip().split(",") == list(COLUMNS)
