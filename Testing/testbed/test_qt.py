"""The test bed's ``qt``: PythonQt's conventions, and what PythonQt refuses."""

from __future__ import annotations

import sys

import pytest

pytest_plugins = ["slicer_testbed.plugin"]


@pytest.fixture
def qt(slicer_app):
    import qt

    return qt


def test_properties_are_attributes(qt):
    label = qt.QLabel("Knee")
    assert label.text == "Knee"
    label.text = "Femur"
    label.setText(label.text + "!")
    assert (label.text, label.enabled, label.isEnabled()) == ("Femur!", True, True)
    bar = qt.QProgressBar()
    bar.value = 25
    assert (bar.value, bar.text) == (25, "25%")
    widget = qt.QWidget()
    widget.setObjectName("outer")
    label.setParent(widget)
    label.name = "inner"
    assert widget.inner is label
    assert (widget.name, label.className()) == ("outer", "QLabel")
    widget.setProperty("SlicerParameterName", "mode")
    assert widget.SlicerParameterName == "mode"


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("label.txet = 'a'", AttributeError),
        ("label.txet", AttributeError),
        ("label.width = 5", AttributeError),
        ("label.text()", TypeError),
        ("label.setText(text='a')", TypeError),
        ("label.text = object()", ValueError),
        ("label.setText(1)", TypeError),
        ("qt.QLabel(text='a')", TypeError),
        ("button.connect('clicked(int)', print)", ValueError),
        ("button.connect('cliked()', print)", ValueError),
        ("button.connect('clicked()', None)", TypeError),
        ("button.connect(button.clicked, print)", TypeError),
        ("qt.QComboBox().connect('currentNodeChanged(vtkMRMLNode*)', print)", ValueError),
        ("qt.QDialog().exec()", AttributeError),
        ("qt.QInputDialog.getText(None, 'a', 'b')", NotImplementedError),
        ("qt.QFileDialog.getOpenFileName(parent=None)", TypeError),
        ("qt.Signal", AttributeError),
        ("qt.Slot", AttributeError),
        ("qt.Property", AttributeError),
        ("qt.QtCore", AttributeError),
        ("path.currentPath = pathlib.Path('/tmp')", ValueError),
        ("path.currentPath('/tmp')", TypeError),
        ("path.curentPath = '/tmp'", AttributeError),
        ("path.connect('currentPathChanged()', print)", ValueError),
        ("path.setCurrentPath(path='/tmp')", TypeError),
        ("selector.nodeTypes = 'vtkMRMLModelNode'", ValueError),
        ("selector.noneEnabled = 'yes'", ValueError),
        ("selector.addAttribute(nodeType='a', name='b')", TypeError),
        ("selector.setCurrentNode(3)", ValueError),
        ("selector.connect('currentNodeChanged(PyObject)', print)", ValueError),
        ("ctk.ctkNoSuchWidget", AttributeError),
        ("slicer.qMRMLNoSuchWidget", AttributeError),
        ("slicer.app.noSuchMethod()", AttributeError),
        ("slicer.app.layoutManager().layuot = 3", AttributeError),
        ("slicer.modules.nosuchmodule", AttributeError),
        ("slicer.modules.volumes.widgetRepresentation()", NotImplementedError),
        ("slicer.util.getModule('NoSuchModule')", RuntimeError),
    ],
)
def test_what_slicer_refuses_is_refused(qt, statement, error):
    import pathlib

    import ctk
    import slicer.util

    names = {
        "qt": qt,
        "ctk": ctk,
        "slicer": slicer,
        "pathlib": pathlib,
        "label": qt.QLabel(),
        "button": qt.QPushButton(),
        "path": ctk.ctkPathLineEdit(),
        "selector": slicer.qMRMLNodeComboBox(),
    }
    with pytest.raises(error):
        exec(statement, names)


def test_signals_pass_as_many_arguments_as_the_slot_takes(qt):
    button = qt.QPushButton()
    button.checkable = True
    got = []
    slots = [lambda: got.append(()), lambda checked: got.append(checked), lambda *a: got.append(a)]
    for slot in slots:
        button.connect("clicked(bool)", slot)
    button.clicked.connect(slots[1])
    button.click()
    assert got == [(), True, (True,), True]
    assert button.disconnect("clicked(bool)", slots[0])
    assert not button.disconnect("clicked(bool)", slots[0])
    got.clear()
    button.click()
    assert got == [False, (False,), False]


def test_path_field_emits_acceptable_paths_only(qt):
    """Not when it is cleared, nor for endings that its filters lack; the combo box in it tells every change."""
    import ctk

    field, paths, texts, valid = ctk.ctkPathLineEdit(), [], [], []
    field.connect("currentPathChanged(QString)", paths.append)
    field.connect("validInputChanged(bool)", valid.append)
    field.comboBox().connect("editTextChanged(QString)", texts.append)
    field.currentPath = "/no/such/folder"
    field.currentPath = ""
    assert (paths, valid) == (["/no/such/folder"], [True, False])
    field.nameFilters = ["Lists (*.txt *.lst)", "*"]
    for path in ("list.csv", "list.lst", "list.txt"):
        field.currentPath = path
    assert paths[1:] == ["list.lst", "list.txt"]
    assert texts == ["/no/such/folder", "", "list.csv", "list.lst", "list.txt"]


def test_cpp_slots_and_own_subclasses(qt, slicer_app):
    button, target = qt.QPushButton(), qt.QCheckBox()
    button.connect("clicked()", target.toggle)
    button.click()
    assert target.checked
    qt.QTimer.singleShot(0, target.toggle)
    slicer_app.wait_until(lambda: not target.checked)

    class Counter(qt.QObject):
        def __init__(self):
            super().__init__()
            self.count = 0

    counter = Counter()
    counter.count += 1
    assert counter.count == 1


def test_enums_are_ints(qt):
    box = qt.QCheckBox()
    box.checked = True
    assert box.checkState() == 2 == qt.Qt.Checked
    assert qt.QProcess().state() == 0


def test_error_in_a_slot_fails_the_test(qt, slicer_app):
    button = qt.QPushButton()
    button.connect("clicked()", lambda: button.txet)
    button.click()
    assert "AttributeError" in slicer_app.problems()[0]
    assert "txet" in str(slicer_app.expected_error(AttributeError))
    with pytest.raises(AssertionError, match="No uncaught ValueError"):
        slicer_app.expected_error(ValueError)


def test_error_in_a_scene_observer_fails_the_test(slicer_app):
    import slicer

    def observer(caller, event):
        raise KeyError("knee")

    tag = slicer.mrmlScene.AddObserver(slicer.mrmlScene.StartSaveEvent, observer)
    slicer.mrmlScene.InvokeEvent(slicer.mrmlScene.StartSaveEvent)
    slicer.mrmlScene.RemoveObserver(tag)
    assert isinstance(slicer_app.expected_error(KeyError), KeyError)


UI = """<ui version="4.0"><class>Form</class><widget class="{top}" name="Form"><layout class="QVBoxLayout" name="box">
<item><widget class="QLabel" name="label"><property name="{property}"><string>a</string></property></widget></item>
</layout></widget><connections>{connection}</connections></ui>"""
CONNECTION = (
    "<connection><sender>Form</sender><signal>mrmlSceneChanged(vtkMRMLScene*)</signal>"
    "<receiver>{receiver}</receiver><slot>{slot}</slot></connection>"
)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"top": "qMRMLNoSuchWidget"}, "qMRMLNoSuchWidget"),
        ({"property": "txet"}, "txet"),
        ({"connection": CONNECTION.format(receiver="nobody", slot="show()")}, "nobody"),
        ({"connection": CONNECTION.format(receiver="label", slot="setMRMLScene(vtkMRMLScene*)")}, "setMRMLScene"),
        ({"top": "QWidget", "connection": CONNECTION.format(receiver="label", slot="show()")}, "mrmlSceneChanged"),
    ],
)
def test_ui_file_with_an_error_is_refused(slicer_app, tmp_path, fields, message):
    import slicer.util

    file = tmp_path / "Form.ui"
    file.write_text(UI.format(**{"top": "qMRMLWidget", "property": "text", "connection": ""}))
    assert slicer.util.loadUI(str(file)).label.text == "a"
    file.write_text(UI.format(**{"top": "qMRMLWidget", "property": "text", "connection": "", **fields}))
    with pytest.raises((RuntimeError, AttributeError, ValueError), match=message):
        slicer.util.loadUI(str(file))


def test_ui_file_with_plain_qt_widgets(slicer_app, tmp_path):
    import slicer.util

    file = tmp_path / "Plain.ui"
    file.write_text("""<ui version="4.0"><class>Plain</class><widget class="QWidget" name="Plain">
        <layout class="QVBoxLayout" name="box"><item><widget class="QTabWidget" name="tabs">
        <widget class="QWidget" name="list"><attribute name="title"><string>Image list</string></attribute>
        <layout class="QGridLayout" name="grid">
        <item row="0" column="0"><widget class="QRadioButton" name="newSubject">
          <property name="checked"><bool>true</bool></property>
          <attribute name="buttonGroup"><string notr="true">modality</string></attribute></widget></item>
        <item row="1" column="0"><widget class="QRadioButton" name="longitudinal">
          <attribute name="buttonGroup"><string notr="true">modality</string></attribute></widget></item>
        <item row="2" column="0"><widget class="QTableWidget" name="contents">
          <column><property name="text"><string>Line</string></property></column></widget></item>
        </layout></widget>
        <widget class="QWidget" name="nodes"><attribute name="title"><string>Nodes</string></attribute></widget>
        </widget></item>
        <item><widget class="Line" name="line">
          <property name="orientation"><enum>Qt::Horizontal</enum></property></widget></item>
        <item><widget class="QPlainTextEdit" name="log">
        <property name="maximumBlockCount"><number>500</number></property>
        <property name="readOnly"><bool>true</bool></property></widget></item>
        </layout></widget><buttongroups><buttongroup name="modality"/></buttongroups></ui>""")
    ui = slicer.util.childWidgetVariables(slicer.util.loadUI(str(file)))
    ui.longitudinal.checked = True
    assert not ui.newSubject.checked
    ui.tabs.currentIndex = 1
    assert ui.tabs.tabText(0) == "Image list"
    ui.log.appendPlainText("stage 1")
    assert ui.log.plainText == "stage 1"
    assert ui.contents.columnCount == 1


def test_process_reports_output_and_exit_code(qt, slicer_app):
    process, lines, codes = qt.QProcess(), [], []
    process.setProcessChannelMode(qt.QProcess.MergedChannels)
    process.connect("readyRead()", lambda: lines.append(process.readAll().data().decode()))
    process.connect("finished(int,QProcess::ExitStatus)", lambda *result: codes.append(result))
    process.start(sys.executable, ["-c", "print('stage 1 of 2'); raise SystemExit(3)"])
    slicer_app.wait_until(lambda: codes)
    assert "".join(lines).strip() == "stage 1 of 2"
    assert codes == [(3, qt.QProcess.NormalExit)]


def test_process_can_be_killed(qt, slicer_app):
    process, ends = qt.QProcess(), []
    process.connect("finished(int,QProcess::ExitStatus)", lambda code, status: ends.append(status))
    process.start(sys.executable, ["-c", "import time; time.sleep(60)"])
    assert process.waitForStarted(60000)
    process.kill()
    slicer_app.wait_until(lambda: ends)
    assert ends == [qt.QProcess.CrashExit]
    assert process.state() == qt.QProcess.NotRunning


def test_event_loop_watch_measures_a_blocked_loop(slicer_app, qt):
    import time

    from slicer_testbed.event_loop import EventLoopWatch

    with EventLoopWatch() as idle:
        slicer_app.process_events(150)
    with EventLoopWatch() as blocked:
        qt.QTimer.singleShot(20, lambda: time.sleep(0.3))
        slicer_app.process_events(150)
    assert idle.longest_gap_ms < blocked.longest_gap_ms
    assert blocked.longest_gap_ms >= 300


def test_settings_are_the_tests_own(qt, slicer_app):
    import slicer.util

    assert slicer.util.settingsValue("KneeCartilageSeg/ElastixPath", "none") == "none"
    slicer.app.settings().setValue("KneeCartilageSeg/ElastixPath", "/usr/bin")
    assert slicer.util.settingsValue("KneeCartilageSeg/ElastixPath", "none") == "/usr/bin"
    assert qt.QSettings().fileName().startswith(slicer.app.temporaryPath)
