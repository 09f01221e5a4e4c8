"""Outputs replace earlier files of their kind, and nothing else."""

from __future__ import annotations

import csv

import pytest
from KneeCartilageSegLib.commandline import main
from KneeCartilageSegLib.measurement.tables import COLUMNS as THICKNESS_COLUMNS
from KneeCartilageSegLib.segmentation.summary import COLUMNS
from tiny_study import mask_image, new_subject_study, write_image, write_list


def refused(capsys, *arguments):
    assert main([str(one) for one in arguments]) == 2
    return capsys.readouterr().err


@pytest.fixture
def pairs(tmp_path):
    for folder in ("segmented", "truth"):
        write_image(mask_image(), tmp_path / folder / "a_fc.mha")
    write_image(mask_image(), tmp_path / "other" / "b_fc.mha")
    return write_list(tmp_path / "list.txt", "segmented", "truth", "s a_fc.mha", "g a_fc.mha")


@pytest.mark.parametrize("option", ["--overlap-csv", "--distances-csv", "--summary-csv"])
def test_a_table_does_not_replace_a_mask_nor_another_table(pairs, tmp_path, capsys, option):
    mask = tmp_path / "other" / "b_fc.mha"
    before = mask.read_bytes()
    assert "would replace a file that is not" in refused(capsys, "quality", pairs, option, mask)
    assert mask.read_bytes() == before
    target = tmp_path / "table.csv"
    target.write_text("patient,diagnosis\n1,secret\n")
    refused(capsys, "quality", pairs, option, target)
    assert target.read_text().startswith("patient")
    target.unlink()
    for _ in range(2):
        assert main(["quality", str(pairs), option, str(target)]) == 0


def test_plots_do_not_replace_photographs(pairs, tmp_path, capsys):
    pytest.importorskip("matplotlib")
    photograph = tmp_path / "plots" / "dice.png"
    photograph.parent.mkdir()
    photograph.write_bytes(b"\x89PNG\r\n\x1a\n of a knee")
    assert "is not a plot of this tool" in refused(capsys, "quality", pairs, "--plots", photograph.parent)
    photograph.unlink()
    for _ in range(2):
        assert main(["quality", str(pairs), "--plots", str(photograph.parent)]) == 0


def test_the_record_of_a_comparison_is_written_before_the_plots(pairs, tmp_path, monkeypatch):
    from KneeCartilageSegLib.commands import quality

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(quality, "_write_plots", killed)
    table = tmp_path / "overlap.csv"
    assert main(["quality", str(pairs), "--overlap-csv", str(table), "--plots", str(tmp_path / "plots")]) == 130
    assert table.exists()
    assert (tmp_path / "overlap_record.json").exists()


def test_thickness_does_not_replace_other_things(tmp_path, capsys):
    mask = write_image(mask_image(), tmp_path / "segmented" / "a_fc.mha")
    other = write_image(mask_image(), tmp_path / "b_fc.mha")
    assert "would replace" in refused(capsys, "measure", mask, "--csv", other)
    (tmp_path / "t_record.json").write_text("{}")
    assert "record" in refused(capsys, "measure", mask, "--csv", tmp_path / "t.csv")
    (tmp_path / "t_record.json").unlink()
    with open(tmp_path / "t.csv", "w", newline="") as file:
        csv.writer(file).writerow(THICKNESS_COLUMNS)
    assert main(["measure", str(mask), "--csv", str(tmp_path / "t.csv"), "--check"]) == 0


def test_a_map_does_not_replace_an_image(tmp_path, capsys):
    from tiny_study import gray_image

    echoes = [write_image(gray_image(seed), tmp_path / f"{seed}.mha") for seed in range(2)]
    other = write_image(gray_image(5), tmp_path / "knee.mha")
    assert "would replace" in refused(capsys, "fit-map", *echoes, "--times", 10, 20, "--out", other)
    for _ in range(2):
        assert main([*map(str, ["fit-map", *echoes, "--times", 10, 20, "--out", tmp_path / "T2.mha"])]) == 0


def test_a_summary_replaces_a_summary_of_its_own_list(tmp_path, capsys):
    study = new_subject_study(tmp_path, "a.mha")
    summary = tmp_path / "segmented" / "image_list_newsubject_summary.csv"
    summary.parent.mkdir()
    arguments = ["segment", study, "--modality", "newsubject", "--check", "--engine", "none"]
    for content, message in (
        ("my notes\n", "not a summary of segmentations"),
        ("image,status\nother1.mha,segmented\nother2.mha,segmented\n", "summary of another list"),
    ):
        summary.write_text(content)
        assert message in refused(capsys, *arguments)
    for content in ("image,status\na.mha,segmented\nother.mha,segmented\n", "image,status\n", ""):
        summary.write_text(content)
        assert "summary" not in refused(capsys, *arguments)  # but for lack of elastix


def test_masks_in_two_formats_are_named_before_work(tmp_path, capsys):
    study = new_subject_study(tmp_path, "a.mha")
    arguments = ["segment", study, "--modality", "newsubject", "--check", "--engine", "none"]
    for name in ("a_fc.nrrd", "a_fc.seg.nrrd", "A_f.NII.GZ", "a_f.mhd"):
        for folder in ("segmented", "rejected"):
            path = tmp_path / folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"mask")
            assert f"{study}:4: " in (error := refused(capsys, *arguments))
            assert name in error
            path.unlink()
    write_image(mask_image(first=8), tmp_path / "reference" / "newsubject" / "reference_fc.nrrd")
    assert "which mask counts, 'reference_fc.mha' or 'reference_fc.nrrd'?" in refused(capsys, *arguments)


def test_the_help_explains_every_column(capsys):
    with pytest.raises(SystemExit):
        main(["segment", "--help"])
    printed = capsys.readouterr().out
    for column in COLUMNS:
        assert f"  {column.key} " in printed
        assert column.description in printed


@pytest.mark.parametrize("review", [False, True])
def test_a_rejected_baseline_is_called_so(tmp_path, capsys, review):
    from tiny_study import gray_image, write_masks

    for name in ("a.mha", "a_t2.mha"):
        write_image(gray_image(), tmp_path / "preprocessed" / name)
    write_masks(tmp_path / ("segmented" if review else "rejected"), "a.mha")
    (tmp_path / "segmented").mkdir(exist_ok=True)
    if review:
        (tmp_path / "segmented" / "review.csv").write_text("name,status\na,rejected\n")
    study = write_list(tmp_path / "list.txt", "reference", "preprocessed", "r a.mha", "m a_t2.mha")
    error = refused(capsys, "segment", study, "--modality", "multimodal", "--check", "--engine", "none")
    assert f"{study}:3: " in error
    assert "rejected" in error
    assert "segment 'a.mha' as newsubject first" not in error.lower()
