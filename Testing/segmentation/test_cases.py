"""Cases: what an image list comes to, where references are found, and every way in which files can be wrong."""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib import phantom
from KneeCartilageSegLib.errors import InputError, Problem
from KneeCartilageSegLib.lists import checks
from KneeCartilageSegLib.phantom import KneeParameters
from KneeCartilageSegLib.reference_files import ReferenceFiles
from KneeCartilageSegLib.registration.side import Side
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.segmentation.cases import Case, check_cases, read_cases, side_problems
from KneeCartilageSegLib.tissue import Tissue
from tiny_study import (
    gray_image,
    mask_image,
    new_subject_study,
    place,
    snapshot,
    write_image,
    write_knee,
    write_list,
    write_masks,
)

COUPLED = (Modality.MULTIMODAL, Modality.LONGITUDINAL)
NEW, BASELINE, FOLLOW_UP = Modality.NEW_SUBJECT, "01_BL_prep.mha", "01_FU_prep.mha"


@pytest.fixture
def study(tmp_path) -> Path:
    """The list of a study of two new subjects."""
    return new_subject_study(tmp_path, "01_DESS_01_prep.mha", "02_DESS_01_prep.mha")


def problems_of(path: Path, modality: Modality = NEW, output: Path | None = None) -> list[Problem]:
    """What is wrong with a list; looking for it changes nothing."""
    before = snapshot(path.parent)
    with pytest.raises(InputError) as caught:
        read_cases(path, modality, output)
    assert snapshot(path.parent) == before
    problems = list(caught.value.problems)
    assert all(problem.file == path and problem.message and problem.remedy for problem in problems)
    return problems


def only_problem(path: Path, line: int, message: str, remedy: str = "", modality: Modality = NEW, **options) -> None:
    """Assert that a list has one problem, and that it names the line and the remedy."""
    (problem,) = problems_of(path, modality, **options)
    assert (problem.line, str(problem).startswith(f"{path}:{line}: ")) == (line, True)
    assert message in problem.message
    assert remedy in problem.remedy


def add(path: Path, *lines: str) -> None:
    with open(path, "a", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in lines)


# ---------------------------------------------------------------------------------------------------------------------
# What a list comes to


def test_new_subjects(study, tmp_path):
    cases, checksums = read_cases(study, NEW)
    folder = tmp_path / "reference" / "newsubject"
    assert [case.moving.name for case in cases] == ["01_DESS_01_prep.mha", "02_DESS_01_prep.mha"]
    assert [case.line for case in cases] == [4, 5]
    first = cases[0]
    assert first.inputs == {
        "moving": tmp_path / "preprocessed" / "01_DESS_01_prep.mha",
        "reference": folder / "reference.mha",
        "reference_f": folder / "reference_f.mha",
        "reference_fc": folder / "reference_fc.mha",
    }
    assert first.output == tmp_path
    assert first.mask(Tissue.CARTILAGE) == tmp_path / "segmented" / "01_DESS_01_prep_fc.mha"
    assert first.mask(Tissue.FEMUR) == tmp_path / "segmented" / "01_DESS_01_prep_f.mha"
    assert first.registered == tmp_path / "registered" / "01_DESS_01_prep"
    assert set(checksums) == {path for case in cases for path in case.inputs.values()}
    assert checksums[first.moving] == hashlib.sha256(first.moving.read_bytes()).hexdigest()


@pytest.mark.parametrize("folder", ["./preprocessed/", "preprocessed", "preprocessed/.", "a/../preprocessed//"])
def test_outputs_lie_beside_the_preprocessed_images_however_they_are_written(study, tmp_path, folder):
    study.write_text(study.read_text(encoding="utf-8").replace("./preprocessed/", folder), encoding="utf-8")
    assert {case.output for case in read_cases(study, NEW)[0]} == {tmp_path}


def test_paths_are_relative_to_the_list(study, tmp_path, monkeypatch):
    (tmp_path / "lists").mkdir()
    moved = tmp_path / "lists" / study.name
    moved.write_text(study.read_text(encoding="utf-8").replace("./", "../"), encoding="utf-8")
    expected = read_cases(study, NEW)[0]
    monkeypatch.chdir(tmp_path / "preprocessed")
    assert read_cases(moved, NEW)[0] == expected
    assert read_cases(Path("../lists") / study.name, NEW)[0] == expected


def test_output_folder_of_the_users_choice(study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for output in (Path("elsewhere"), tmp_path / "elsewhere", Path("reference/../elsewhere/")):
        assert read_cases(study, NEW, output)[0][0].output == tmp_path / "elsewhere"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("root", ["reference", "07_best_knee", "knee.v2"])
def test_any_name_of_the_reference(tmp_path, root):
    write_knee(tmp_path / "ref", "x.mha")
    for suffix in ("", "_f", "_fc"):
        (tmp_path / "ref" / f"x{suffix}.mha").rename(tmp_path / "ref" / f"{root}{suffix}.mha")
    write_image(gray_image(1), tmp_path / "pre" / "01.mha")
    path = write_list(tmp_path / "list.txt", "ref", "pre", f"r {root}.mha", "m 01.mha")
    assert read_cases(path, NEW)[0][0].references[0].masks == (
        (Tissue.FEMUR, tmp_path / "ref" / f"{root}_f.mha"),
        (Tissue.CARTILAGE, tmp_path / "ref" / f"{root}_fc.mha"),
    )


@pytest.mark.parametrize("extension", ["mha", "nii.gz", "nii", "nrrd"])
def test_formats(tmp_path, extension):
    write_knee(tmp_path / "ref", f"reference.{extension}")
    write_image(gray_image(1), tmp_path / "pre" / f"a.b.{extension}")
    path = write_list(tmp_path / "list.txt", "ref", "pre", f"r reference.{extension}", f"m a.b.{extension}")
    (case,), _ = read_cases(path, NEW)
    assert case.name == "a.b"
    assert case.mask(Tissue.CARTILAGE).name == f"a.b_fc.{extension}"
    assert [mask.name for _, mask in case.references[0].masks] == [f"reference_{t}.{extension}" for t in ("f", "fc")]


def test_formats_may_be_mixed(tmp_path):
    write_image(gray_image(), tmp_path / "ref" / "reference.nrrd")
    write_image(mask_image(), tmp_path / "ref" / "reference_f.nii.gz")
    write_image(mask_image(8), tmp_path / "ref" / "reference_fc.mha")
    write_image(gray_image(1), tmp_path / "pre" / "01.nii.gz")
    (case,), _ = read_cases(write_list(tmp_path / "list.txt", "ref", "pre", "r reference.nrrd", "m 01.nii.gz"), NEW)
    assert [mask.name for _, mask in case.references[0].masks] == ["reference_f.nii.gz", "reference_fc.mha"]
    assert case.mask(Tissue.FEMUR).name == "01_f.nii.gz"


def test_masks_of_a_reference_in_two_formats_are_named(tmp_path):
    write_knee(tmp_path / "ref", "reference.nrrd")
    write_image(mask_image(), tmp_path / "ref" / "reference_f.mha")
    write_image(gray_image(1), tmp_path / "pre" / "01.mha")
    with pytest.raises(InputError, match=r"which mask counts, 'reference_f.mha' or 'reference_f.nrrd'"):
        read_cases(write_list(tmp_path / "list.txt", "ref", "pre", "r reference.nrrd", "m 01.mha"), NEW)


def test_results_of_upper_case_names_can_be_written(tmp_path):
    write_knee(tmp_path / "ref")
    write_image(gray_image(1), tmp_path / "pre" / "KNEE.nii.gz").rename(tmp_path / "pre" / "KNEE.NII.GZ")
    (case,), _ = read_cases(write_list(tmp_path / "list.txt", "ref", "pre", "r reference.mha", "m KNEE.NII.GZ"), NEW)
    write_image(mask_image(), case.mask(Tissue.FEMUR))
    assert case.mask(Tissue.FEMUR).name == "KNEE_f.nii.gz"


# ---------------------------------------------------------------------------------------------------------------------
# References of multimodal and longitudinal lists


def follow_up_list(folder: Path, *lines: str) -> Path:
    write_image(gray_image(5), folder / "preprocessed" / FOLLOW_UP)
    lines = lines or (f"r {BASELINE}", f"m {FOLLOW_UP}")
    return write_list(folder / "list.txt", "./reference/longitudinal", "./preprocessed/", *lines)


def files_of_reference(path: Path, modality: Modality, output: Path | None = None) -> list[Path]:
    (case,), _ = read_cases(path, modality, output)
    return [case.references[0].image, *(mask for _, mask in case.references[0].masks)]


@pytest.mark.parametrize("modality", COUPLED)
def test_reference_that_was_copied_as_documented(tmp_path, modality):
    folder = tmp_path / "reference" / "longitudinal"
    write_knee(folder, BASELINE)
    expected = [folder / BASELINE, folder / "01_BL_prep_f.mha", folder / "01_BL_prep_fc.mha"]
    assert files_of_reference(follow_up_list(tmp_path), modality) == expected


@pytest.mark.parametrize("modality", COUPLED)
@pytest.mark.parametrize("folder_exists", [False, True])
@pytest.mark.parametrize("name", [BASELINE, "01_BL_prep.nii.gz", "01_BL_prep.nrrd"])
def test_reference_where_the_earlier_run_left_it(tmp_path, modality, folder_exists, name):
    write_knee(tmp_path / "preprocessed", name, masks=tmp_path / "segmented")
    if folder_exists:
        (tmp_path / "reference" / "longitudinal").mkdir(parents=True)
    path = follow_up_list(tmp_path, f"r {name}", f"m {FOLLOW_UP}")
    root, extension = name.split(".", 1)
    masks = [tmp_path / "segmented" / f"{root}_{tissue}.{extension}" for tissue in ("f", "fc")]
    assert files_of_reference(path, modality) == [tmp_path / "preprocessed" / name, *masks]


def test_what_was_copied_comes_before_what_is_found(tmp_path):
    write_knee(tmp_path / "preprocessed", BASELINE, masks=tmp_path / "segmented")
    folder = tmp_path / "reference" / "longitudinal"
    write_knee(folder, BASELINE)
    assert {path.parent for path in files_of_reference(follow_up_list(tmp_path), Modality.LONGITUDINAL)} == {folder}


def test_half_of_the_reference_was_copied(tmp_path):
    write_knee(tmp_path / "reference" / "longitudinal", BASELINE, masks=tmp_path / "segmented")
    found = files_of_reference(follow_up_list(tmp_path), Modality.LONGITUDINAL)
    assert [path.parent.name for path in found] == ["longitudinal", "segmented", "segmented"]


@pytest.mark.parametrize("masks", ["segmented", "results/segmented"])
def test_masks_are_found_although_results_go_elsewhere(tmp_path, masks):
    write_knee(tmp_path / "preprocessed", BASELINE, masks=tmp_path / masks)
    found = files_of_reference(follow_up_list(tmp_path), Modality.LONGITUDINAL, tmp_path / "results")
    assert {path.parent for path in found[1:]} == {tmp_path / masks}


def test_new_subjects_take_nothing_from_an_earlier_run(tmp_path):
    write_knee(tmp_path / "preprocessed", "reference.mha", masks=tmp_path / "segmented")
    path = new_subject_study(tmp_path, "01.mha")
    for tissue in ("f", "fc"):
        (tmp_path / "reference" / "newsubject" / f"reference_{tissue}.mha").unlink()
    assert [problem.line for problem in problems_of(path)] == [3, 3]
    only_problem(
        write_list(tmp_path / "b.txt", "preprocessed", "reference", "r 1.mha", "m newsubject/reference.mha"),
        3,
        "'1.mha' is not in",
    )


def test_couples(tmp_path):
    for number in (1, 2):
        name = f"{number}_BL.mha"
        write_knee(tmp_path / "preprocessed", name, masks=tmp_path / "segmented", seed=number)
    for name in ("1_FU1.mha", "1_FU2.mha", "2_FU.mha"):
        write_image(gray_image(9), tmp_path / "preprocessed" / name)
    path = follow_up_list(tmp_path, "r 1_BL.mha", "m 1_FU1.mha", "m 1_FU2.mha", "r 2_BL.mha", "m 2_FU.mha")
    cases, _ = read_cases(path, Modality.LONGITUDINAL)
    assert [(case.references[0].image.name, case.name) for case in cases] == [
        ("1_BL.mha", "1_FU1"),
        ("1_BL.mha", "1_FU2"),
        ("2_BL.mha", "2_FU"),
    ]


@pytest.mark.parametrize("modality", COUPLED)
def test_reference_that_is_nowhere(tmp_path, modality):
    path = follow_up_list(tmp_path)
    (problem,) = problems_of(path, modality)
    assert problem.line == 3
    for folder in (tmp_path / "reference" / "longitudinal", tmp_path / "preprocessed"):
        assert str(folder) in problem.message


@pytest.mark.parametrize("modality", COUPLED)
def test_reference_that_was_not_segmented_yet(tmp_path, modality):
    write_image(gray_image(), tmp_path / "preprocessed" / BASELINE)
    femur, cartilage = problems_of(follow_up_list(tmp_path), modality)
    assert femur.line == cartilage.line == 3
    assert "femur mask '01_BL_prep_f.mha'" in femur.message
    assert "femoral cartilage mask '01_BL_prep_fc.mha'" in cartilage.message
    assert str(tmp_path / "segmented") in cartilage.message
    assert f"Segment '{BASELINE}' as newsubject first" in cartilage.remedy


def test_rejected_masks_are_no_reference(tmp_path):
    write_knee(tmp_path / "preprocessed", BASELINE, masks=tmp_path / "rejected")
    (problem,) = problems_of(follow_up_list(tmp_path), Modality.LONGITUDINAL)
    assert "was segmented, but its segmentation was rejected" in problem.message


# ---------------------------------------------------------------------------------------------------------------------
# What is wrong with a list


def test_missing_files_and_folders(study, tmp_path):
    (tmp_path / "preprocessed" / "02_DESS_01_prep.mha").unlink()
    only_problem(study, 5, "'02_DESS_01_prep.mha' is not in", "Correct the name")
    (tmp_path / "reference" / "newsubject" / "reference_fc.mha").unlink()
    assert [problem.line for problem in problems_of(study)] == [3, 5]
    (tmp_path / "reference" / "newsubject" / "reference.mha").unlink()
    assert "the reference 'reference.mha' is not in" in problems_of(study)[0].message


@pytest.mark.parametrize(("folder", "line"), [("./reference/newsubject", 1), ("./preprocessed/", 2)])
def test_a_missing_folder_is_one_problem(study, tmp_path, folder, line):
    study.write_text(study.read_text(encoding="utf-8").replace(folder, "missing"), encoding="utf-8")
    only_problem(study, line, f"'{tmp_path / 'missing'}' does not exist", f"'{tmp_path}'")


def test_missing_preprocessed_folder_of_a_coupled_list(tmp_path):
    path = write_list(tmp_path / "list.txt", "reference", "pre", f"r {BASELINE}", f"m {FOLLOW_UP}")
    only_problem(path, 2, "does not exist", modality=Modality.LONGITUDINAL)


def test_only_a_folder_is_there(tmp_path):
    only_problem(write_list(tmp_path / "list.txt", "ref", "r a.mha", "m b.mha"), 2, "where the folder", "first lines")


@pytest.mark.parametrize(
    ("lines", "line", "message", "remedy"),
    [
        (["x 03.mha"], 6, "unknown letter 'x'", "Start the line with 'r ' or 'm '"),
        (["m 01_DESS_01_prep.mha"], 6, "listed twice; the first time in line 4", "Remove one of the two"),
        ([r"m .\01_DESS_01_prep.mha"], 6, "listed twice; the first time in line 4", "Remove one of the two"),
        (["m 03.mha"], 6, "'03.mha' is not in", "put the file there"),
        (["m sub"], 6, "holds no DICOM series", "a folder with one DICOM series"),
        (["m notes.txt"], 6, "cannot be written", "'.mha' or '.nii.gz'"),
    ],
)
def test_lines(study, tmp_path, lines, line, message, remedy):
    (tmp_path / "preprocessed" / "sub").mkdir()
    (tmp_path / "preprocessed" / "notes.txt").write_text("no image", encoding="utf-8")
    add(study, *lines)
    only_problem(study, line, message, remedy)


def test_the_same_file_by_another_name(study, tmp_path):
    add(study, f"m {tmp_path / 'preprocessed' / '01_DESS_01_prep.mha'}")
    only_problem(study, 6, "would have the same results")


def test_order_of_the_letters(tmp_path):
    write_knee(tmp_path / "ref")
    write_image(gray_image(1), tmp_path / "pre" / "01.mha")
    path = write_list(tmp_path / "list.txt", "ref", "pre", "m 01.mha", "r reference.mha")
    before, alone = problems_of(path)
    assert (before.line, alone.line) == (3, 4)
    assert "'m 01.mha' has no 'r' line above it" in before.message
    assert "no 'm' line follows 'r reference.mha'" in alone.message


@pytest.mark.parametrize("modality", COUPLED)
def test_reference_without_moving_image_between_couples(tmp_path, modality):
    write_knee(tmp_path / "preprocessed", BASELINE, masks=tmp_path / "segmented")
    write_knee(tmp_path / "preprocessed", "02_BL.mha", masks=tmp_path / "segmented")
    path = follow_up_list(tmp_path, "r 02_BL.mha", f"r {BASELINE}", f"m {FOLLOW_UP}")
    only_problem(path, 3, "no 'm' line follows 'r 02_BL.mha'", "Add the 'm' lines", modality)


def test_references_of_new_subjects_below_an_image_are_taken_for_a_mistake(study, tmp_path):
    write_knee(tmp_path / "reference" / "newsubject", "other.mha")
    write_image(gray_image(7), tmp_path / "preprocessed" / "03.mha")
    add(study, "r other.mha", "m 03.mha")
    only_problem(study, 6, "'r other.mha' is a second reference", "longitudinal or multimodal (--modality)")


def several_references(tmp_path, *names):
    """A list with several references above its images."""
    for number, name in enumerate(names):
        write_knee(tmp_path / "ref", name, seed=number)
    for number, name in enumerate(("01.mha", "02.mha")):
        write_image(gray_image(10 + number), tmp_path / "pre" / name)
    entries = (*(f"r {name}" for name in names), "m 01.mha", "m 02.mha")
    return write_list(tmp_path / "list.txt", "ref", "pre", *entries)


def test_several_references_above_the_images_belong_to_each_of_them(tmp_path):
    cases, checksums = read_cases(several_references(tmp_path, "a.mha", "b.mha", "c.mha"), NEW, at_most=2)
    for case in cases:
        assert [files.image.name for files in case.references] == ["a.mha", "b.mha", "c.mha"]
        assert case.at_most == 2
        assert set(case.inputs) == {
            "moving",
            *(f"reference{n}{mask}" for n in ("", "2", "3") for mask in ("", "_f", "_fc")),
        }
        assert set(case.inputs.values()) <= set(checksums)


def test_what_is_wrong_with_one_of_several_references_is_named(tmp_path):
    path = several_references(tmp_path, "a.mha", "b.mha")
    (tmp_path / "ref" / "b_fc.mha").unlink()
    only_problem(path, 4, "'b_fc.mha' of the reference is not in", "Put it there")


class TestFolderOfReferences:
    @pytest.fixture
    def folder(self, tmp_path):
        for number, name in enumerate(("a.mha", "b.nii.gz", "without_masks.mha")):
            write_knee(tmp_path / "atlas", name, seed=number)
        (tmp_path / "atlas" / "without_masks_fc.mha").unlink()
        return tmp_path / "atlas"

    def images(self, tmp_path, *entries):
        write_image(gray_image(9), tmp_path / "pre" / "01.mha")
        return write_list(tmp_path / "list.txt", "ref", "pre", *entries)

    def test_all_knees_with_masks_are_references(self, tmp_path, folder):
        (case,), checksums = read_cases(self.images(tmp_path, "m 01.mha"), NEW, references=folder)
        assert [files.image.name for files in case.references] == ["a.mha", "b.nii.gz"]
        assert folder / "b_fc.nii.gz" in checksums

    def test_they_come_after_those_of_the_list_and_each_counts_once(self, tmp_path, folder):
        write_knee(tmp_path / "ref", "mine.mha", seed=7)
        path = self.images(tmp_path, "r mine.mha", f"r {folder / 'b.nii.gz'}", "m 01.mha")
        for mask in ("_f", "_fc"):
            (tmp_path / "ref" / f"b{mask}.nii.gz").write_bytes((folder / f"b{mask}.nii.gz").read_bytes())
        (case,), _ = read_cases(path, NEW, references=folder)
        assert [files.image.name for files in case.references][:2] == ["mine.mha", "b.nii.gz"]

    def test_a_knee_is_not_its_own_reference(self, tmp_path, folder):
        path = write_list(tmp_path / "list.txt", "ref", "atlas", "m a.mha", "m b.nii.gz")
        cases, _ = read_cases(path, NEW, tmp_path / "out", references=folder)
        assert [[files.image.name for files in case.references] for case in cases] == [["b.nii.gz"], ["a.mha"]]

    def test_the_only_knee_has_no_reference(self, tmp_path, folder):
        (folder / "b_f.nii.gz").unlink()
        path = write_list(tmp_path / "list.txt", "ref", "atlas", "m a.mha")
        with pytest.raises(InputError, match="the only reference"):
            read_cases(path, NEW, tmp_path / "out", references=folder)

    @pytest.mark.parametrize(
        ("modality", "name", "message"),
        [
            (NEW, "nowhere", "does not exist"),
            (NEW, "pre", "has both masks"),
            (Modality.LONGITUDINAL, "atlas", "is for new subjects"),
        ],
    )
    def test_unusable(self, tmp_path, folder, modality, name, message):
        path = self.images(tmp_path, "m 01.mha")
        with pytest.raises(InputError, match=message):
            read_cases(path, modality, references=tmp_path / name)


def test_an_entry_without_partner_is_looked_at_too(study):
    study.write_text("reference/newsubject\npreprocessed\nm 9.mha\nr 8.mha\n", encoding="utf-8")
    assert [(problem.line, "is not in" in problem.message) for problem in problems_of(study)] == [
        (3, False),
        (3, True),
        (4, False),
        (4, True),
    ]


# ---------------------------------------------------------------------------------------------------------------------
# Outputs


@pytest.mark.parametrize("other", ["sub/01_DESS_01_prep.mha", "01_DESS_01_prep.nii.gz", "01_dess_01_PREP.mha"])
def test_two_images_with_the_same_results(study, tmp_path, other):
    write_image(gray_image(7), tmp_path / "preprocessed" / other)
    add(study, f"m {other}")
    only_problem(study, 6, "(line 4) would have the same results", "Rename one")


@pytest.mark.parametrize("modality", COUPLED)
def test_an_image_is_its_own_reference(tmp_path, modality):
    write_knee(tmp_path / "preprocessed", BASELINE, masks=tmp_path / "segmented")
    path = follow_up_list(tmp_path, f"r {BASELINE}", f"m {BASELINE}")
    only_problem(path, 4, f"'{BASELINE}' is its own reference", "Name the image", modality)


def test_an_image_whose_copy_is_its_own_reference(tmp_path):
    write_knee(tmp_path / "preprocessed", BASELINE, masks=tmp_path / "segmented")
    write_image(gray_image(0), tmp_path / "reference" / "longitudinal" / BASELINE)
    path = follow_up_list(tmp_path, f"r {BASELINE}", f"m {BASELINE}")
    found = problems_of(path, Modality.LONGITUDINAL)
    assert [problem.line for problem in found] == [4, 4]
    assert f"would overwrite '{tmp_path / 'segmented' / '01_BL_prep_f.mha'}'" in found[0].message


def test_results_that_would_overwrite_the_reference_of_others(tmp_path):
    names = "01_BL.mha", "01_FU1.mha"
    for name in names:
        write_knee(tmp_path / "preprocessed", name, masks=tmp_path / "segmented")
    path = follow_up_list(tmp_path, "r 01_BL.mha", "m 01_FU1.mha", "r 01_FU1.mha", f"m {FOLLOW_UP}")
    found = problems_of(path, Modality.LONGITUDINAL)
    assert [problem.line for problem in found] == [4, 4]
    assert all("would overwrite" in problem.message and "--out" in problem.remedy for problem in found)


def test_results_that_would_overwrite_another_image_of_the_list(tmp_path):
    write_knee(tmp_path / "ref")
    write_image(gray_image(1), tmp_path / "segmented" / "01.mha")
    write_image(gray_image(2), tmp_path / "segmented" / "01_f.mha")
    path = write_list(tmp_path / "list.txt", "ref", "segmented", "r reference.mha", "m 01.mha", "m 01_f.mha")
    only_problem(path, 4, f"would overwrite '{tmp_path / 'segmented' / '01_f.mha'}'", "--out")


@pytest.mark.skipif(os.name != "posix", reason="Windows needs a right to make symbolic links")
def test_results_that_would_overwrite_an_input_behind_a_link(study, tmp_path):
    write_image(mask_image(), tmp_path / "real" / "segmented" / "02_DESS_01_prep_f.mha")
    reference = tmp_path / "reference" / "newsubject" / "reference_f.mha"
    reference.unlink()
    reference.symlink_to(tmp_path / "real" / "segmented" / "02_DESS_01_prep_f.mha")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    only_problem(study, 5, "would overwrite", output=tmp_path / "link")


@pytest.mark.parametrize("folder", ["/", "/preprocessed", "//", "/a/.."])
def test_results_never_go_to_the_root_of_the_file_system(study, folder):
    study.write_text(study.read_text(encoding="utf-8").replace("./preprocessed/", folder), encoding="utf-8")
    found = [problem for problem in problems_of(study) if "root of the file system" in problem.message]
    assert [problem.line for problem in found] == [2]
    assert "--out" in found[0].remedy


@pytest.mark.parametrize("blocked", ["out", "out/segmented", "out/registered"])
def test_results_cannot_go_where_a_file_is(study, tmp_path, blocked):
    (tmp_path / blocked).parent.mkdir(exist_ok=True)
    (tmp_path / blocked).write_text("a file", encoding="utf-8")
    only_problem(study, 2, f"'{tmp_path / blocked}', which is a file", "--out", output=tmp_path / "out")


def test_results_cannot_go_below_a_file(study, tmp_path):
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    only_problem(study, 2, "which is a file", "--out", output=tmp_path / "file" / "below" / "out")


def test_results_cannot_go_where_nobody_may_write(study, tmp_path, monkeypatch):
    (tmp_path / "share").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path / "share")
    only_problem(study, 2, f"'{tmp_path / 'share'}' is write-protected", output=tmp_path / "share" / "new" / "out")
    assert read_cases(study, NEW, tmp_path / "elsewhere")


# ---------------------------------------------------------------------------------------------------------------------
# Files that are not what they should be


def gray_with(value: float) -> sitk.Image:
    image = sitk.Cast(gray_image(), sitk.sitkFloat32)
    image[3, 4, 5] = value
    return image


BAD_IMAGES = {
    "4-D": (lambda: sitk.JoinSeries([gray_image(1), gray_image(2)]), "has 4 dimensions", "one 3-D volume"),
    "2-D": (lambda: sitk.Image(16, 16, sitk.sitkInt16), "has 2 dimensions", "one 3-D volume"),
    "vector": (lambda: sitk.Compose([gray_image(1), gray_image(2)]), "colors, vectors", "one value a voxel"),
    "RGB": (lambda: sitk.Compose([mask_image()] * 3), "colors, vectors", "one value a voxel"),
    "complex": (
        lambda: sitk.RealAndImaginaryToComplex(gray_with(1), gray_with(2)),
        "colors, vectors",
        "one value a voxel",
    ),
    "nothing but NaN": (lambda: gray_with(np.nan) * np.nan, "holds no numbers", "how it was made"),
    "constant but for NaN": (lambda: gray_with(np.nan) * 0 + 7, "every voxel is 7", "how it was made"),
    "constant": (lambda: place(sitk.Image(16, 16, 16, sitk.sitkInt16) + 7), "every voxel is 7", "how it was made"),
    "tiny": (lambda: gray_image(size=4), "only 4 voxels along one axis", "whole volume"),
    "one slice": (lambda: gray_image()[:, :, 3:4], "only 1 voxels along one axis", "whole volume"),
}
BAD_MASKS = {
    "empty": (lambda: mask_image(value=0), "is an empty mask", "Segment the reference knee first"),
    "full": (lambda: mask_image() * 0 + 1, "covers the whole image", "Segment the reference knee first"),
    "two labels": (lambda: mask_image() + mask_image(8), "several values, from 1 to 2", "one structure by itself"),
    "probabilities": (lambda: sitk.SmoothingRecursiveGaussian(mask_image(), 0.5), "several values", "threshold"),
    "NaN": (lambda: sitk.Cast(mask_image(), sitk.sitkFloat32) * np.nan, "several values", "threshold"),
    "other size": (lambda: mask_image(size=17), "size (17, 17, 17) and (16, 16, 16)", "Resample the mask to the grid"),
    "shifted by half a voxel": (lambda: moved(0.5), "origin (", "Resample the mask to the grid of 'reference.mha'"),
    "flipped": (lambda: sitk.Flip(mask_image(), [True, False, False]), "direction (", "correct the header"),
    "other spacing": (lambda: stretched(1.02), "spacing (0.3723", "Resample the mask to the grid"),
    "no header": (
        lambda: sitk.GetImageFromArray(sitk.GetArrayFromImage(mask_image())),
        "spacing (1, 1, 1) and (0.365, 0.365, 0.7), origin (0, 0, 0) and (-62.5, 31.25, 104), direction",
        "correct the header",
    ),
    "RGB": (lambda: sitk.Compose([mask_image()] * 3), "colors, vectors", "labelmap"),
    "4-D": (lambda: sitk.JoinSeries([mask_image(), mask_image()]), "has 4 dimensions", "one 3-D volume"),
}


def moved(voxels: float) -> sitk.Image:
    mask = mask_image()
    mask.SetOrigin(mask.TransformContinuousIndexToPhysicalPoint((voxels, 0, 0)))
    return mask


def stretched(factor: float) -> sitk.Image:
    mask = mask_image()
    mask.SetSpacing((0.365 * factor, 0.365, 0.7))
    return mask


@pytest.mark.parametrize("name", BAD_IMAGES)
def test_bad_moving_images(study, tmp_path, name):
    make, message, remedy = BAD_IMAGES[name]
    path = write_image(make(), tmp_path / "preprocessed" / "02_DESS_01_prep.mha")
    only_problem(study, 5, message, remedy)
    assert str(path) in problems_of(study)[0].message


@pytest.mark.parametrize("name", BAD_IMAGES)
def test_bad_reference_images(study, tmp_path, name):
    make, message, remedy = BAD_IMAGES[name]
    write_image(make(), tmp_path / "reference" / "newsubject" / "reference.mha")
    only_problem(study, 3, message, remedy)


@pytest.mark.parametrize("name", BAD_MASKS)
@pytest.mark.parametrize("tissue", ["f", "fc"])
def test_bad_masks(study, tmp_path, name, tissue):
    make, message, remedy = BAD_MASKS[name]
    path = write_image(make(), tmp_path / "reference" / "newsubject" / f"reference_{tissue}.mha")
    only_problem(study, 3, message, remedy)
    assert str(path) in problems_of(study)[0].message


def test_masks_may_hold_any_one_value_and_headers_may_be_rounded(study, tmp_path):
    folder = tmp_path / "reference" / "newsubject"
    write_image(sitk.Cast(moved(0.05), sitk.sitkFloat32) * 255, folder / "reference_f.mha")
    sitk.WriteImage(mask_image(8, value=3), folder / "reference_fc.nii.gz")
    (folder / "reference_fc.mha").unlink()
    assert len(read_cases(study, NEW)[0]) == 2


@pytest.mark.parametrize("extension", ["mha", "nii.gz", "nrrd"])
@pytest.mark.parametrize("role", ["moving", "reference", "reference_f", "reference_fc"])
@pytest.mark.parametrize("damage", ["text", "empty", "a quarter", "half", "last byte missing", "bit flipped"])
def test_corrupt_files(tmp_path, extension, role, damage):
    write_knee(tmp_path / "ref", f"reference.{extension}")
    write_image(gray_image(1), tmp_path / "pre" / f"01.{extension}")
    path = write_list(tmp_path / "list.txt", "ref", "pre", f"r reference.{extension}", f"m 01.{extension}")
    (case,), _ = read_cases(path, NEW)
    corrupt(case.inputs[role], damage)
    only_problem(path, 4 if role == "moving" else 3, "cannot be read as an image (", "Write or copy the file again")
    assert str(case.inputs[role]) in problems_of(path)[0].message


def corrupt(file: Path, damage: str) -> None:
    content = bytearray(file.read_bytes())
    content[-20] ^= 0x10 if damage == "bit flipped" else 0
    kept = {
        "empty": 0,
        "a quarter": len(content) // 4,
        "half": len(content) // 2,
        "last byte missing": len(content) - 1,
    }
    file.write_bytes(b"this is no image" if damage == "text" else content[: kept.get(damage, len(content))])


@pytest.mark.parametrize("extension", ["mha", "nii", "nrrd"])
@pytest.mark.parametrize("missing", [1, 1000])
def test_truncated_files_that_are_not_compressed(study, tmp_path, extension, missing):
    file = tmp_path / "preprocessed" / f"03.{extension}"
    sitk.WriteImage(gray_image(3), file, False)
    add(study, f"m 03.{extension}")
    assert len(read_cases(study, NEW)[0]) == 3
    file.write_bytes(file.read_bytes()[:-missing])
    only_problem(study, 6, "cannot be read as an image", "copy the file again")


@pytest.mark.parametrize("name", ["03.mha", "03.nrrd"])
def test_a_header_that_promises_more_than_there_is(study, tmp_path, name):
    file = write_image(gray_image(3), tmp_path / "preprocessed" / name)
    add(study, f"m {name}")
    content = file.read_bytes()
    assert b"16 16 16" in content
    file.write_bytes(content.replace(b"16 16 16", b"16 16 19"))
    only_problem(study, 6, "cannot be read as an image", "copy the file again")


def test_a_file_that_may_not_be_read(study, monkeypatch):
    def refuse(path):
        if Path(path).name == "02_DESS_01_prep.mha":
            raise PermissionError(13, "Permission denied", str(path))
        return "0"

    monkeypatch.setattr(checks, "image_checksum", refuse)
    only_problem(study, 5, "Permission denied", "permissions")


# ---------------------------------------------------------------------------------------------------------------------
# All at once


def test_all_problems_of_list_and_files_at_once_in_the_order_of_the_list(tmp_path):
    write_knee(tmp_path / "ref", "a.mha")
    write_image(mask_image(value=0), tmp_path / "ref" / "a_f.mha")
    corrupt(tmp_path / "ref" / "a_fc.mha", "half")
    write_image(gray_with(np.nan) * np.nan, tmp_path / "pre" / "nan.mha")
    write_image(gray_image(1), tmp_path / "pre" / "good.mha")
    corrupt(write_image(gray_image(1), tmp_path / "pre" / "early.mha"), "text")
    path = write_list(
        tmp_path / "list.txt",
        "ref",
        "pre",
        "m early.mha",  # 3: before its reference, and corrupt
        "r a.mha",  # 4: one mask empty, one corrupt
        "m nan.mha",  # 5
        "m good.mha",
        "x good.mha",  # 7
        "m absent.mha",  # 8
        "m good.mha",  # 9: again
        "r b.mha",  # 10: absent, second reference, nobody's
    )
    found = [(problem.line, problem.message) for problem in problems_of(path)]
    expected = [
        (3, "no 'r' line above"),
        (3, "cannot be read"),
        (4, "empty mask"),
        (4, "cannot be read"),
        (5, "no numbers"),
        (7, "unknown letter"),
        (8, "is not in"),
        (9, "listed twice"),
        (10, "no 'm' line"),
        (10, "is not in"),
        (10, "second reference"),
    ]
    assert [line for line, _ in found] == [line for line, _ in expected]
    for line, text in expected:
        assert any(text in message for number, message in found if number == line), (line, text)


def test_images_are_read_although_the_reference_has_no_masks(study, tmp_path):
    (tmp_path / "reference" / "newsubject" / "reference_f.mha").unlink()
    corrupt(tmp_path / "preprocessed" / "02_DESS_01_prep.mha", "half")
    write_image(mask_image(size=17), tmp_path / "reference" / "newsubject" / "reference_fc.mha")
    assert [problem.line for problem in problems_of(study)] == [3, 3, 5]


def test_a_reference_of_many_is_reported_once(tmp_path):
    path = new_subject_study(tmp_path, *(f"{number}.mha" for number in range(4)))
    corrupt(tmp_path / "reference" / "newsubject" / "reference.mha", "half")
    only_problem(path, 3, "cannot be read")


def test_a_reference_of_several_couples_is_reported_where_it_comes_first(tmp_path):
    write_knee(tmp_path / "preprocessed", BASELINE, masks=tmp_path / "segmented")
    corrupt(tmp_path / "preprocessed" / BASELINE, "half")
    write_image(gray_image(6), tmp_path / "preprocessed" / "02.mha")
    path = follow_up_list(tmp_path, f"r {BASELINE}", f"m {FOLLOW_UP}", f"r {BASELINE}", "m 02.mha")
    only_problem(path, 3, "cannot be read", modality=Modality.LONGITUDINAL)


def test_every_file_is_read_once_and_progress_counts_them(study, monkeypatch):
    read, steps = [], []
    original = checks.read_image
    monkeypatch.setattr(checks, "read_image", lambda path: read.append(path) or original(path))
    _, checksums = read_cases(study, NEW, jobs=3, progress=lambda done, total: steps.append((done, total)))
    assert sorted(read) == sorted(checksums)
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_an_error_survives_a_process_boundary(study):
    add(study, "x 1.mha", "m 3.mha")
    with pytest.raises(InputError) as caught:
        read_cases(study, NEW)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert copy.problems == caught.value.problems
    assert str(copy) == str(caught.value)


# ---------------------------------------------------------------------------------------------------------------------
# Cases that come from elsewhere than a list


def test_cases_without_a_list(study, tmp_path):
    cases, checksums = read_cases(study, NEW)
    alone = [Case(NEW, case.moving, case.references, tmp_path) for case in cases]
    assert check_cases(alone) == checksums
    corrupt(alone[0].moving, "half")
    write_masks(tmp_path / "reference" / "newsubject", "reference.mha")
    write_image(mask_image(value=0), alone[0].references[0].masks[1][1])
    with pytest.raises(InputError) as caught:
        check_cases(alone)
    messages = [str(problem) for problem in caught.value.problems]
    assert len(messages) == 2
    assert messages[0].startswith(f"'{alone[0].moving}' cannot be read")
    assert "reference_fc.mha' is an empty mask. Segment" in messages[1]


# ---- Left and right ----


def side_case(modality, cartilage):
    return Case(
        modality, Path("m.mha"), (ReferenceFiles(Path("r.mha"), ((Tissue.CARTILAGE, cartilage),)),), Path("out")
    )


def test_side_of_the_body_needs_a_reference_that_tells_its_own(tmp_path):
    knee = phantom.make_knee(KneeParameters.reduced(2.5, subject=1))
    _, _, told = phantom.write_knee(knee, tmp_path, "told")
    untold = tmp_path / "untold_fc.mha"
    sitk.WriteImage(mask_image(), str(untold))
    cases = [side_case(Modality.NEW_SUBJECT, told), side_case(Modality.NEW_SUBJECT, untold)]
    for side in (Side.AUTO, Side.SAME):
        assert side_problems(cases, Modality.NEW_SUBJECT, side) == []
    (problem,) = side_problems(cases, Modality.NEW_SUBJECT, Side.LEFT)
    assert problem.file == untold
    assert "does not tell whether it is a left or a right knee" in problem.message
    assert side_problems(cases[:1], Modality.NEW_SUBJECT, Side.RIGHT) == []


def test_side_of_the_body_is_no_question_for_the_same_knee():
    (problem,) = side_problems([side_case(Modality.LONGITUDINAL, Path("r_fc.mha"))], Modality.LONGITUDINAL, Side.LEFT)
    assert "longitudinal images are of the same knee" in problem.message


# ---------------------------------------------------------------------------------------------------------------------
# Names and disks


def test_a_list_and_a_disk_that_compose_characters_differently(tmp_path):
    name = "M\u00fcller_prep.mha"
    path = new_subject_study(tmp_path, unicodedata.normalize("NFD", name))
    path.write_text(unicodedata.normalize("NFC", path.read_text(encoding="utf-8")), encoding="utf-8")
    cases, _ = read_cases(path, NEW)
    assert cases[0].moving.name == unicodedata.normalize("NFD", name)


@pytest.mark.parametrize("letters", [235, 250])
def test_names_whose_results_would_be_too_long(tmp_path, letters):
    path = new_subject_study(tmp_path, "k" * (letters - 4) + ".mha")
    only_problem(path, 4, "names of its results would have up to", "Shorten it")


def test_long_names_are_counted_in_bytes(tmp_path):
    path = new_subject_study(tmp_path, "\u819d" * 80 + ".mha")
    only_problem(path, 4, "names of its results would have up to", "Shorten it")


@pytest.mark.parametrize(
    ("name", "message"), [("k" * 300 + ".mha", "refuses the name"), ("a\0b.mha", "refuses the name")]
)
def test_names_that_the_system_refuses_keep_their_line(study, name, message):
    add(study, f"m {name}")
    only_problem(study, 6, message, "Shorten or correct")


def test_results_behind_a_link_that_leads_nowhere(study, tmp_path):
    (tmp_path / "segmented").symlink_to(tmp_path / "gone")
    with pytest.raises(InputError, match=r"txt:2: .* is a link to what does not exist.*--out"):
        read_cases(study, NEW)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such names")
def test_folders_that_are_not_utf8(study, tmp_path):
    only_problem(study, 2, "not UTF-8", "Rename", output=tmp_path / "M\udcfcller")


def test_voxel_sizes_in_other_units(study, tmp_path):
    image = gray_image(7)
    image.SetSpacing([1000 * value for value in image.GetSpacing()])
    write_image(image, tmp_path / "preprocessed" / "m.mha")
    add(study, "m m.mha")
    only_problem(study, 6, "too large for a knee", "Correct the voxel size")
