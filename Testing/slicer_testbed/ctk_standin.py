"""The ``ctk`` module of the test bed: the few CTK widgets that our modules use, by their public headers."""

from __future__ import annotations

import re
import types
from typing import Any

from .qt_standin import QtCore, QtGui, QtWidgets, custom_widgets, forwarded_property, standin, stored_property

_UNLIMITED_HEIGHT = 16777215


@standin
class ctkCollapsibleButton(QtWidgets.QAbstractButton):
    """A header that folds the widget's contents away."""

    contentsCollapsed = QtCore.Signal(bool)

    def __init__(self, *arguments: Any) -> None:
        """``ctkCollapsibleButton(parent)`` or ``ctkCollapsibleButton(text, parent)``."""
        text = arguments[0] if arguments and isinstance(arguments[0], str) else ""
        super().__init__(next((a for a in arguments if isinstance(a, QtWidgets.QWidget)), None))
        self._folded: list[Any] = []
        self.setText(text)
        self.setCheckable(True)
        self.setChecked(True)
        self.setSizePolicy(QtWidgets.QSizePolicy.Preferred, QtWidgets.QSizePolicy.Preferred)
        self.setContentsMargins(0, self._header_height(), 0, 0)
        self.connect("toggled(bool)", self._fold)

    def _header_height(self) -> int:
        return self.fontMetrics().height() + 10

    def _fold(self, open_: bool) -> None:
        if open_:
            for child in self._folded:
                child.show()
            self._folded = []
        else:
            for child in self.children():
                self._hide_child(child)
        self.setMaximumHeight(_UNLIMITED_HEIGHT if open_ else self._header_height())
        self.contentsCollapsed.emit(not open_)

    def _hide_child(self, child: Any) -> None:
        if isinstance(child, QtWidgets.QWidget) and not child.isHidden():
            self._folded.append(child)
            child.hide()

    def childEvent(self, event: Any) -> None:
        if event.type() == QtCore.QEvent.ChildPolished and not self.checked:
            self._hide_child(event.child())
        super().childEvent(event)

    def paintEvent(self, _event: Any) -> None:
        option = QtWidgets.QStyleOptionButton()
        option.initFrom(self)
        option.text = f"  {'▾' if self.checked else '▸'} {self.text}"
        option.rect = QtCore.QRect(0, 0, self.width, self._header_height())
        option.state |= QtWidgets.QStyle.State_Raised
        painter = QtWidgets.QStylePainter(self)
        painter.drawControl(QtWidgets.QStyle.CE_PushButtonBevel, option)
        flags = QtCore.Qt.AlignLeft | QtCore.Qt.AlignVCenter
        painter.drawItemText(option.rect, flags, self.palette, self.enabled, option.text, QtGui.QPalette.ButtonText)
        painter.end()

    def hitButton(self, position: Any) -> bool:
        return position.y() < self._header_height()

    def _set_collapsed(self, collapsed: bool) -> None:
        self.setChecked(not collapsed)

    collapsed = QtCore.Property(bool, lambda self: not self.checked, _set_collapsed)


@standin
class ctkPathLineEdit(QtWidgets.QWidget):
    """An edit field for a file or folder, with a browse button that opens a file dialog.

    As CTK's it emits currentPathChanged for acceptable input only: any text, but not an empty one; with name filters,
    only a text with one of their endings (a filter without ending, such as ``*``, allows nothing more). What exists on
    disk does not matter.
    """

    Dirs, Files, Drives, NoSymLinks = 0x001, 0x002, 0x004, 0x008
    Readable, Writable, Executable, Hidden = 0x010, 0x020, 0x040, 0x100
    NoDotAndDotDot, NoDot, NoDotDot = 0x1000, 0x2000, 0x4000

    currentPathChanged = QtCore.Signal(str)
    validInputChanged = QtCore.Signal(bool)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._filters = self.Files | self.Dirs | self.Drives
        self._valid = False
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._combo = QtWidgets.QComboBox()
        self._combo.setEditable(True)
        self._combo.setSizePolicy(QtWidgets.QSizePolicy.Expanding, QtWidgets.QSizePolicy.Fixed)
        self._combo.setMinimumContentsLength(12)
        self._browse = QtWidgets.QToolButton()
        self._browse.setText("...")
        layout.addWidget(self._combo)
        layout.addWidget(self._browse)
        self._validator = QtGui.QRegularExpressionValidator()
        self._combo.lineEdit().setValidator(self._validator)
        self._accept_endings()
        self._combo.lineEdit().connect("textChanged(QString)", self._text_changed)
        self._browse.connect("clicked()", self.browse)

    def _text_changed(self, text: str) -> None:
        valid = self._combo.lineEdit().hasAcceptableInput()
        if valid:
            self.currentPathChanged.emit(text)
        if valid != self._valid:
            self._valid = valid
            self.validInputChanged.emit(valid)

    def _accept_endings(self) -> None:
        endings = [e for name_filter in self.nameFilters for e in re.findall(r"\*\.(\w+)", name_filter)]
        pattern = "|".join(f".*\\.{ending}?$" for ending in endings) or ".+"
        self._validator.setRegularExpression(QtCore.QRegularExpression(f"({pattern})"))

    def _current_path(self) -> str:
        return self._combo.currentText

    def _set_current_path(self, path: str) -> None:
        if not isinstance(path, str):
            raise ValueError(f"Property 'currentPath' of ctkPathLineEdit does not accept {path!r}.")
        self._combo.setEditText(path)

    def _set_filters(self, filters: int) -> None:
        self._filters = int(filters)

    def browse(self) -> None:
        """A folder dialog without ``Files``, a save dialog with ``Writable``, else an open dialog."""
        dialog = QtWidgets.QFileDialog
        caption = self.label or "Select a file to save"
        if not self._filters & self.Files:
            path = dialog.getExistingDirectory(self, self.label or "Select a directory...", self.currentPath)
        elif self._filters & self.Writable:
            path = dialog.getSaveFileName(self, caption, self.currentPath, ";;".join(self.nameFilters))
        else:
            path = dialog.getOpenFileName(
                self, self.label or "Open a file", self.currentPath, ";;".join(self.nameFilters)
            )
        if path:
            self.setCurrentPath(path)

    def _show_browse_button(self) -> None:
        self._browse.setVisible(self.showBrowseButton)

    def addCurrentPathToHistory(self) -> None:
        """The history itself is not part of the test bed: a path is offered again in this widget only."""
        if self.currentPath and self._combo.findText(self.currentPath) < 0:
            self._combo.addItem(self.currentPath)

    def comboBox(self) -> Any:
        return self._combo

    currentPath = QtCore.Property(str, _current_path, _set_current_path)
    filters = QtCore.Property(int, lambda self: self._filters, _set_filters)
    nameFilters = stored_property("QStringList", "nameFilters", [], changed="_accept_endings")
    label = stored_property(str, "label", "")
    settingKey = stored_property(str, "settingKey", "")
    showBrowseButton = stored_property(bool, "showBrowseButton", True, changed="_show_browse_button")
    showHistoryButton = stored_property(bool, "showHistoryButton", True)


class _NumberWidget(QtWidgets.QWidget):
    """What ctkSliderWidget and ctkDoubleSpinBox share: a spin box for doubles."""

    valueChanged = QtCore.Signal(float)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._spin = QtWidgets.QDoubleSpinBox()
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._spin)
        self._spin.connect("valueChanged(double)", self._value_changed)

    def _value_changed(self, value: float) -> None:
        self.valueChanged.emit(value)

    def setRange(self, minimum: float, maximum: float) -> None:
        self._spin.setRange(minimum, maximum)

    value = forwarded_property(float, "value", "_spin")
    minimum = forwarded_property(float, "minimum", "_spin")
    maximum = forwarded_property(float, "maximum", "_spin")
    singleStep = forwarded_property(float, "singleStep", "_spin")
    decimals = forwarded_property(int, "decimals", "_spin")
    suffix = forwarded_property(str, "suffix", "_spin")
    prefix = forwarded_property(str, "prefix", "_spin")


@standin
class ctkDoubleSpinBox(_NumberWidget):
    """A spin box for doubles."""


@standin
class ctkSliderWidget(_NumberWidget):
    """A slider and a spin box that show the same double."""

    _STEPS = 1000

    valueIsChanging = QtCore.Signal(float)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._slider = QtWidgets.QSlider(QtCore.Qt.Horizontal)
        self._slider.setRange(0, self._STEPS)
        self.layout().insertWidget(0, self._slider, 1)
        self._slider.connect("sliderMoved(int)", self._slider_moved)

    def _value_changed(self, value: float) -> None:
        extent = self.maximum - self.minimum
        self._slider.setValue(round(self._STEPS * (value - self.minimum) / extent) if extent else 0)
        super()._value_changed(value)

    def _slider_moved(self, position: int) -> None:
        value = self.minimum + position / self._STEPS * (self.maximum - self.minimum)
        self.valueIsChanging.emit(value)
        self._spin.setValue(value)

    tracking = forwarded_property(bool, "tracking", "_slider")
    pageStep = stored_property(float, "pageStep", 10.0)


@standin
class ctkComboBox(QtWidgets.QComboBox):
    """A combo box with a text that is shown while nothing is chosen."""

    defaultText = QtCore.Property(
        str, lambda self: self.placeholderText, lambda self, text: self.setPlaceholderText(text)
    )


@standin
class ctkMessageBox(QtWidgets.QMessageBox):
    """``slicer.util.messageBox`` shows these; see dialogs.py for how a test answers one."""


def build_module() -> types.ModuleType:
    """The module to be ``sys.modules["ctk"]``."""
    module = types.ModuleType("ctk", "Stand-in for Slicer's ctk module.")
    for name, cls in custom_widgets.items():
        if name.startswith("ctk"):
            setattr(module, name, cls)
    return module
