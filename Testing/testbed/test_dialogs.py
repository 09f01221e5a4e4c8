"""Dialogs in the test bed: answered as the test said, refused when nobody expected them."""

from __future__ import annotations

import pytest

pytest_plugins = ["slicer_testbed.plugin"]


def test_message_boxes_get_the_queued_answers(dialogs):
    import qt
    import slicer.util

    dialogs.expect_message("Overwrite", qt.QMessageBox.Cancel)
    dialogs.expect_message("Delete", qt.QMessageBox.Yes)
    dialogs.expect_message("disk is full", qt.QMessageBox.Ok)
    dialogs.expect_message("Really", qt.QMessageBox.No)
    assert not slicer.util.confirmOkCancelDisplay("Overwrite 3 masks?")
    assert slicer.util.confirmYesNoDisplay("Delete?")
    slicer.util.mainWindow().show()
    slicer.util.errorDisplay("The disk is full.", detailedText="mask.mha")
    assert qt.QMessageBox.question(None, "Quit", "Really?") == qt.QMessageBox.No
    assert [shown.kind for shown in dialogs.shown] == ["message"] * 4
    assert "mask.mha" in dialogs.shown[2].text


def test_file_dialogs_return_paths(dialogs, tmp_path):
    import ctk
    import qt

    dialogs.expect_file("image list", tmp_path / "list.txt")
    dialogs.expect_file("images", [tmp_path / "a.mha", tmp_path / "b.mha"])
    dialogs.expect_file("Output", "")
    dialogs.expect_file("Select a directory", tmp_path)
    assert qt.QFileDialog.getOpenFileName(None, "Select an image list") == str(tmp_path / "list.txt")
    assert len(qt.QFileDialog.getOpenFileNames(None, "Select images")) == 2
    assert qt.QFileDialog.getExistingDirectory(None, "Output folder") == ""
    edit = ctk.ctkPathLineEdit()
    edit.filters = ctk.ctkPathLineEdit.Dirs
    edit.browse()
    assert edit.currentPath == str(tmp_path)


def test_own_dialog_is_driven_by_the_test(dialogs):
    import qt

    def fill_in(dialog):
        dialog.findChild(qt.QLineEdit, "field").text = "knee 7"
        return qt.QDialog.Accepted

    dialog = qt.QDialog()
    dialog.windowTitle = "Rename"
    field = qt.QLineEdit(dialog)
    field.name = "field"
    dialogs.expect_dialog("Rename", fill_in)
    assert dialog.exec_() == qt.QDialog.Accepted
    assert field.text == "knee 7"


def test_unexpected_wrong_and_missing_dialogs_are_problems(dialogs):
    import qt
    import slicer.util
    from slicer_testbed.dialogs import UnexpectedDialog

    with pytest.raises(UnexpectedDialog, match="Unexpected message dialog"):
        slicer.util.confirmOkCancelDisplay("Overwrite?")
    dialogs.expect_message("Delete", qt.QMessageBox.Ok)
    with pytest.raises(UnexpectedDialog, match="Expected a message dialog matching 'Delete'"):
        slicer.util.confirmOkCancelDisplay("Overwrite?")
    with pytest.raises(UnexpectedDialog, match="no button"):
        qt.QMessageBox.question(None, "", "Delete?", qt.QMessageBox.Yes | qt.QMessageBox.No)
    dialogs.expect_file("never", "x")
    problems = dialogs.problems()
    assert len(problems) == 4
    assert "did not come" in problems[-1]
    dialogs.reset()


def test_fixture_fails_the_test_for_an_unexpected_dialog_in_a_slot(pytester_folder):
    result = pytester_folder("""
        def test_slot(slicer_app):
            import qt, slicer.util
            button = qt.QPushButton()
            button.connect("clicked()", lambda: slicer.util.confirmOkCancelDisplay("Really?"))
            button.click()

        def test_clean(slicer_app):
            pass
    """)
    assert "Unexpected message dialog: " in result
    assert "2 passed, 1 error" in result


@pytest.fixture
def pytester_folder(tmp_path):
    """Runs a test file in a pytest of its own and returns its output."""
    import os
    import subprocess
    import sys
    import textwrap
    from pathlib import Path

    def run(source):
        pytest.importorskip("slicer")
        file = tmp_path / "test_inner.py"
        file.write_text('pytest_plugins = ["slicer_testbed.plugin"]\n' + textwrap.dedent(source))
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        command = [sys.executable, "-m", "pytest", "-q", "--rootdir", str(tmp_path), str(file)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path).stdout

    return run


def test_tests_skip_themselves_without_slicer_core(pytester_folder):
    result = pytester_folder("""
        import importlib.util
        real = importlib.util.find_spec
        importlib.util.find_spec = lambda name, *rest: None if name == "slicer" else real(name, *rest)

        def test_anything(slicer_app):
            raise AssertionError
    """)
    assert "1 skipped" in result


def test_extensions_manager_records_installations(slicer_app):
    import slicer

    model = slicer.app.extensionsManagerModel()
    assert not model.isExtensionInstalled("SlicerElastix")
    assert model.installExtensionFromServer("SlicerElastix")
    assert slicer_app.extensions.requested == ["SlicerElastix"]
    slicer_app.extensions.succeeds = False
    assert not model.installExtensionFromServer("SlicerANTs")
    assert slicer_app.extensions.installed == {"SlicerElastix"}
