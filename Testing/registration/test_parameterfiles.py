"""elastix parameter files: reading, writing, ours, and the user's own in their place."""

from __future__ import annotations

from pathlib import Path

import pytest
from KneeCartilageSegLib.commands import parameters as command
from KneeCartilageSegLib.commands.running import run_command
from KneeCartilageSegLib.elastix.keys import is_known
from KneeCartilageSegLib.elastix.parameters import read_parameters, write_parameters
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.registration.parameterfiles import PARAMETER_FOLDER, parameter_file_names, read_parameter_files
from KneeCartilageSegLib.registration.stages import STAGES, Modality

NEW = Modality.NEW_SUBJECT
OWN = '(Transform "EulerTransform")\n(Metric "AdvancedMeanSquares")\n(Optimizer "StandardGradientDescent")\n'


def read(path: Path, content: str | bytes) -> dict:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_parameters(path)


def problems_of(folder: Path | None, modality: Modality = NEW) -> list[tuple]:
    with pytest.raises(InputError) as caught:
        read_parameter_files(modality, folder)
    assert all(problem.remedy for problem in caught.value.problems)
    names = [None if problem.file is None else problem.file.name for problem in caught.value.problems]
    return [(name, problem.line, problem.message) for name, problem in zip(names, caught.value.problems)]


# ---------------------------------------------------------------------------------------------------------------------
# Reading and writing


@pytest.mark.parametrize(
    ("line", "key", "values"),
    [
        ('(Metric "AdvancedMattesMutualInformation")', "Metric", ("AdvancedMattesMutualInformation",)),
        ("(GridSpacing 3.5 -2e-3 +4)", "GridSpacing", ("3.5", "-2e-3", "+4")),
        ('  ( Metric   "A"\t"B" )  ', "Metric", ("A", "B")),
        ("(NumberOfResolutions 4) // four", "NumberOfResolutions", ("4",)),
        ('(File "http://x/a b (1).txt") // "comment"', "File", ("http://x/a b (1).txt",)),
        ("(Name two words)", "Name", ("two", "words")),
    ],
)
def test_a_parameter(tmp_path, line, key, values):
    assert read(tmp_path / "p.txt", f"// {line}\n\n{line}\n") == {key: values}


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_editors(tmp_path, prefix, end):
    content = prefix + f"// ours{end}{end}(A 1){end}(B true)".encode()
    assert read(tmp_path / "p.txt", content) == {"A": ("1",), "B": ("true",)}


def test_each_line_that_elastix_would_not_understand(tmp_path):
    lines = ["(A 1)", "B 2", "(C 3", '(D "open)', "(A 2)", "(E 5) (F 6)", "(G 7)"]
    with pytest.raises(InputError) as caught:
        read(tmp_path / "p.txt", "\n".join(lines))
    problems = caught.value.problems
    assert [problem.line for problem in problems] == [2, 3, 4, 5, 6]
    assert {problem.file for problem in problems} == {tmp_path / "p.txt"}
    assert "cannot read the parameter 'B 2'" in problems[0].message
    assert "(Key 1 2 3)" in problems[0].remedy
    assert "parameter A is given twice" in problems[3].message


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_parameters(tmp_path / "absent.txt")
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "latin.txt", b'(Name "Kn\xf6chel")')


def test_what_was_written_is_read_back(tmp_path):
    parameters = {
        "Transform": ("EulerTransform",),
        "Numbers": ("1", "-2.5", "1e-12", ".5"),
        "File": ("a b/TransformParameters.0.txt",),
        "Flag": ("true",),
        "Version": ("5.1.0",),
        "Empty": ("",),
    }
    write_parameters(tmp_path / "p.txt", parameters)
    assert read_parameters(tmp_path / "p.txt") == parameters
    lines = (tmp_path / "p.txt").read_text(encoding="utf-8").splitlines()
    assert '(Transform "EulerTransform")' in lines
    assert "(Numbers 1 -2.5 1e-12 .5)" in lines
    assert '(Version "5.1.0")' in lines


# ---------------------------------------------------------------------------------------------------------------------
# Ours


@pytest.mark.parametrize("modality", Modality)
def test_our_files(modality):
    files = read_parameter_files(modality)
    assert set(files) == {stage.parameter_file for stage in STAGES[modality]}
    for parameters in files.values():
        assert parameters["UseDirectionCosines"] == ("true",)
        assert parameters["HowToCombineTransforms"] == ("Compose",)
        assert parameters["DefaultOutputPrecision"] == ("12",)


def test_the_stages_have_the_transforms_of_their_names():
    transforms = {
        name: parameters["Transform"][0]
        for modality in Modality
        for name, parameters in read_parameter_files(modality).items()
    }
    assert transforms["rigid.txt"] == transforms["multimodal_rigid.txt"] == "EulerTransform"
    assert transforms["similarity.txt"] == "SimilarityTransform"
    assert {transforms["femur_bspline.txt"], transforms["cartilage_bspline.txt"]} <= {
        "RecursiveBSplineTransform",
        "BSplineTransform",
    }


def test_every_file_that_is_shipped_belongs_to_a_stage():
    used = {stage.parameter_file for stages in STAGES.values() for stage in stages}
    assert used == {path.name for path in PARAMETER_FOLDER.glob("*.txt")}


# ---------------------------------------------------------------------------------------------------------------------
# The user's own


def test_own_file_takes_the_place_of_ours(tmp_path):
    (tmp_path / "rigid.txt").write_text(OWN, encoding="utf-8")
    ours, files = read_parameter_files(NEW), read_parameter_files(NEW, tmp_path)
    assert files["rigid.txt"]["Metric"] == ("AdvancedMeanSquares",)
    assert {name: files[name] for name in files if name != "rigid.txt"} == {
        name: ours[name] for name in ours if name != "rigid.txt"
    }


def test_own_file_is_completed_with_what_the_pipeline_needs(tmp_path):
    (tmp_path / "rigid.txt").write_text(OWN + "(DefaultOutputPrecision 6)\n", encoding="utf-8")
    parameters = read_parameter_files(NEW, tmp_path)["rigid.txt"]
    assert parameters["FixedImageDimension"] == ("3",)
    assert parameters["HowToCombineTransforms"] == ("Compose",)
    assert parameters["DefaultOutputPrecision"] == ("12",)


def test_own_file_may_give_a_value_for_each_resolution(tmp_path):
    (tmp_path / "rigid.txt").write_text(OWN + '(ErodeMask "false" "false")\n', encoding="utf-8")
    assert read_parameter_files(NEW, tmp_path)["rigid.txt"]["ErodeMask"] == ("false",)


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ('(HowToCombineTransforms "Add")', "HowToCombineTransforms", "Compose"),
        ('(UseDirectionCosines "false")', "UseDirectionCosines", "true"),
        ("(FixedImageDimension 2)", "FixedImageDimension", "3"),
        ('(FixedInternalImagePixelType "short")', "FixedInternalImagePixelType", "float"),
        ('(WriteResultImage "true")', "WriteResultImage", "false"),
        ('(ErodeMask "false" "true")', "ErodeMask", "false"),
    ],
)
def test_own_file_that_the_pipeline_cannot_use(tmp_path, line, key, value):
    (tmp_path / "rigid.txt").write_text(OWN + line, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_parameter_files(NEW, tmp_path)
    (problem,) = caught.value.problems
    assert problem.file == tmp_path / "rigid.txt"
    assert key in problem.message
    assert f'It has to be "{value}"' in problem.remedy


def test_all_problems_of_all_own_files_at_once(tmp_path):
    (tmp_path / "rigid.txt").write_text('(Transform "EulerTransform")\n(Metric)\n', encoding="utf-8")
    (tmp_path / "similarity.txt").write_text("nonsense\n\n(A 1\n", encoding="utf-8")
    (tmp_path / "femur_bspline.txt").write_text(OWN + '(ErodeMask "true")', encoding="utf-8")
    assert problems_of(tmp_path) == [
        ("rigid.txt", None, "the parameter Metric is missing"),
        ("rigid.txt", None, "the parameter Optimizer is missing"),
        ("similarity.txt", 1, "elastix cannot read the parameter 'nonsense'"),
        ("similarity.txt", 3, "elastix cannot read the parameter '(A 1'"),
        ("femur_bspline.txt", None, '(ErodeMask "true") cannot be used'),
    ]


def test_folders_that_are_none_of_ours(tmp_path):
    ((_, _, message),) = problems_of(tmp_path / "absent")
    assert "does not exist" in message
    (tmp_path / "multimodal_rigid.txt").write_text(OWN, encoding="utf-8")  # of another modality
    with pytest.raises(InputError, match=r"holds no parameter file of ours.*rigid\.txt, similarity\.txt"):
        read_parameter_files(NEW, tmp_path)


def test_a_file_of_another_modality_is_not_enough(tmp_path):
    (tmp_path / "multimodal_rigid.txt").write_text(OWN, encoding="utf-8")
    assert set(read_parameter_files(Modality.MULTIMODAL, tmp_path)) == {"multimodal_rigid.txt"}
    assert "holds no parameter file" in problems_of(tmp_path)[0][2]


# ---------------------------------------------------------------------------------------------------------------------
# Files of the user's that elastix or we would pass over


def test_files_that_would_not_be_used_are_named(tmp_path):
    for name in ("Rigid.txt", "femur_bsplines.txt", "cartilage_bspline", "notes.txt", "README.md", ".hidden.txt"):
        (tmp_path / name).write_text(OWN)
    (tmp_path / "similarity.txt").write_text(OWN)
    assert [(name, "would not be used" in message) for name, _, message in problems_of(tmp_path)] == [
        (name, True) for name in ("Rigid.txt", "cartilage_bspline", "femur_bsplines.txt", "notes.txt")
    ]
    with pytest.raises(InputError, match="Call it femur_bspline.txt"):
        read_parameter_files(NEW, tmp_path)


def test_parameters_that_elastix_does_not_know_are_named_with_the_one_that_was_meant(tmp_path):
    unknown = '// x\n(MaximumNumberOfIteration 500)\n( Foo "bar")\n(Metric0Weigth 1)\n(maximumnumberofiterations 3)\n'
    known = "(Metric0Weight 1)\n(Metric1NumberOfHistogramBins 32)\n(SP_a 1.0)\n(ImpactVoxelSize1 1)\n"
    (tmp_path / "rigid.txt").write_text(OWN + known + unknown)
    found = problems_of(tmp_path)
    assert [line for _, line, _ in found] == [9, 10, 11, 12]
    with pytest.raises(InputError) as caught:
        read_parameter_files(NEW, tmp_path)
    remedies = [problem.remedy for problem in caught.value.problems]
    assert remedies[0] == remedies[3] == "Write MaximumNumberOfIterations, or remove it"
    assert remedies[1] == "Correct or remove it"


@pytest.mark.parametrize("path", sorted(PARAMETER_FOLDER.glob("*.txt")), ids=lambda path: path.name)
def test_elastix_knows_all_parameters_of_ours(path):
    assert [key for key in read_parameters(path) if not is_known(key)] == []


def test_exported_files_can_be_given_back_and_are_never_replaced(tmp_path, capsys):
    folder = tmp_path / "mine" / "parameters"
    assert run_command(command, ["parameters", "--export", str(folder)]) == 0
    assert capsys.readouterr().out.split() == [str(folder / name) for name in parameter_file_names()]
    for modality in Modality:
        assert read_parameter_files(modality, folder) == read_parameter_files(modality)
    edited = folder / "rigid.txt"
    edited.write_text(edited.read_text().replace("(NumberOfResolutions ", "(NumberOfResolutions 1 // "))
    assert run_command(command, ["parameters", "--export", str(folder)]) == 2
    assert f"'{edited}' is there already" in capsys.readouterr().err
    assert "NumberOfResolutions 1 //" in edited.read_text()
