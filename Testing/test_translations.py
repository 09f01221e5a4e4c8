"""The panels' texts are all translated, and Qt finds the translations where Slicer asks for them."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".ci"))
import translations  # noqa: E402

LANGUAGES = {language: path for language, path in translations.files().items() if language != "en-US"}


@pytest.fixture(scope="module")
def texts() -> translations.Texts:
    return translations.source_texts()


def test_texts_are_found_in_python_and_ui_files_in_the_contexts_of_slicer(texts):
    assert ("KneeCartilageSeg", "Knee Cartilage Segmentation") in texts
    assert ("KneeCartilageSeg", "Reference knee:") in texts  # .ui
    assert ("slicer_support.volumes", "Femoral cartilage") in texts
    assert ("registration.stages", "Registering the femur") in texts


def test_names_of_classes_and_parameters_are_not_for_translators(texts):
    ours = {text for _, text in texts}
    assert [text for text in ours if text.startswith(("vtkMRML", "*."))] == []
    assert not ours & {"modality", "listFile", "outputFolder", "tolerance"}


def test_template_is_up_to_date(texts):
    assert translations.read_ts(translations.FOLDER / "KneeCartilageSeg_en-US.ts").keys() == texts.keys(), (
        "run .ci/translations.py"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated(language, texts):
    assert translations.problems_of(texts, translations.read_ts(LANGUAGES[language])) == []


def test_problems_of_a_translation_are_named():
    texts = {("a", "{n} knees"): "", ("a", "See <a>it</a>"): "", ("b", "Apply"): ""}
    found = translations.problems_of(
        texts, {("a", "{n} knees"): "{m} Knie", ("a", "See <a>it</a>"): "Siehe", ("b", "x"): "y"}
    )
    assert sorted(found) == [
        "a: other placeholders: {n} knees | {m} Knie",
        "a: other tags: See <a>it</a> | Siehe",
        "b: gone: x",
        "b: not translated: Apply",
    ]


def test_files_are_read_as_they_were_written(tmp_path):
    texts = {("a", "1 < 2 & '3' \"4\"\n{n}"): "x.py", ("b", "Apply"): "y.py"}
    known = {("a", "1 < 2 & '3' \"4\"\n{n}"): "übersetzt <b> {n}", ("b", "Apply"): ""}
    (tmp_path / "x.ts").write_text(translations.format_ts(texts, known, "de"), encoding="utf-8")
    assert translations.read_ts(tmp_path / "x.ts") == known


# In a process of its own: the test bed of Slicer has to be the first to import PySide6 in a process.
_TRANSLATE = """
import json, sys
from PySide6.QtCore import QTranslator

translator = QTranslator()
assert translator.load(sys.argv[1])
print(json.dumps([translator.translate(*key) for key in json.load(sys.stdin)]))
"""


def test_qt_translates(tmp_path, texts):
    if importlib.util.find_spec("PySide6") is None:
        pytest.skip("needs PySide6")
    lrelease = shutil.which("pyside6-lrelease", path=str(Path(sys.executable).parent)) or shutil.which("lrelease")
    if lrelease is None:
        pytest.skip("Qt's lrelease is not installed")
    compiled = tmp_path / "KneeCartilageSeg_de.qm"
    command = [lrelease, str(LANGUAGES["de"]), "-qm", str(compiled)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    translated = subprocess.run(
        [sys.executable, "-c", _TRANSLATE, str(compiled)], input=json.dumps(list(texts)), capture_output=True, text=True
    )
    assert translated.returncode == 0, translated.stderr
    # Qt takes line feeds and spaces as they are; every text must come back as it was translated.
    expected = translations.read_ts(LANGUAGES["de"])
    assert dict(zip(texts, json.loads(translated.stdout))) == expected
