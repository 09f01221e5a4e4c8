"""Between the widgets of a panel and its parameters: what Slicer's parameterNodeWrapper cannot connect, or not well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, get_origin

import ctk
import qt
import slicer
import vtk
from slicer.parameterNodeWrapper import GuiConnector, SlicerParameterNamePropertyName, createGuiConnector


class Connection:
    """Shows parameters in the widgets that name one in their ``.ui`` file (``SlicerParameterName``), and follows these.

    In place of the wrapper's ``connectGui``: in Slicer 5.8 and 5.10 its ``disconnectGui`` leaves an observer behind, so
    that a panel gets slower each time that it is entered.

    :param parameters: a parameterNodeWrapper.
    :param ui: from ``slicer.util.childWidgetVariables``.
    :param on_changed: called when a parameter has changed, after the widgets have followed.
    :param setters: how parameters take what their widgets show, where others have to follow: functions of the
        parameters and the value.
    """

    def __init__(
        self,
        parameters: Any,
        ui: Any,
        on_changed: Callable[[], None],
        setters: Mapping[str, Callable[[Any, Any], None]] | None = None,
    ):
        self._parameters, self._on_changed, self._setters = parameters, on_changed, setters or {}
        self._updating = False
        self._connectors = _connectors(parameters, ui)
        self._show()
        for name, connector in self._connectors.items():
            connector.onChanged(partial(self._take, name))
        self._observer = parameters.AddObserver(vtk.vtkCommand.ModifiedEvent, self._parameters_changed)

    def close(self) -> None:
        """Connect no more."""
        self._parameters.RemoveObserver(self._observer)
        for connector in self._connectors.values():
            connector.onChanged(None)

    def _take(self, name: str) -> None:
        if not self._updating:
            value = self._connectors[name].read()
            if name in self._setters:
                self._setters[name](self._parameters, value)
            else:
                setattr(self._parameters, name, value)

    def _parameters_changed(self, _caller: Any, _event: str) -> None:
        if not self._updating:
            self._show()
            self._on_changed()

    def _show(self) -> None:
        self._updating = True
        try:
            for name, connector in self._connectors.items():
                connector.write(getattr(self._parameters, name))
        finally:
            self._updating = False


def _connectors(parameters: Any, ui: Any) -> Mapping[str, GuiConnector]:
    widgets = {widget.property(SlicerParameterNamePropertyName): widget for widget in vars(ui).values()}
    return {name: _connector(widget, parameters.dataType(name)) for name, widget in widgets.items() if name}


def _connector(widget: Any, datatype: Any) -> GuiConnector:
    # Registering them with Slicer would register them once more at each reload.
    for own in (PathConnector, TextConnector, TabConnector, CheckedNodesConnector):
        if own.canRepresent(widget, datatype):
            return own.create(widget, datatype)
    return createGuiConnector(widget, datatype)


class _WidgetConnector(GuiConnector):
    """A connector of one widget, which says that it has changed with one signal."""

    signal = ""

    def __init__(self, widget: Any):
        super().__init__()
        self._widget = widget

    @classmethod
    def create(cls, widget: Any, datatype: Any) -> GuiConnector:
        return cls(widget)

    def widget(self) -> Any:
        return self._widget

    def _connect(self) -> None:
        self._widget.connect(self.signal, self._changed)

    def _disconnect(self) -> None:
        self._widget.disconnect(self.signal, self._changed)

    def _changed(self, *_values: Any) -> None:
        self.changed()


class PathConnector(_WidgetConnector):
    """A path field and a text.

    Its own ``currentPathChanged`` is silent when the field is cleared, or its text ends as no name filter says: the
    parameter would keep a path that is no longer shown.
    """

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return datatype is str and isinstance(widget, ctk.ctkPathLineEdit)

    def _connect(self) -> None:
        self._widget.comboBox().connect("editTextChanged(QString)", self._changed)

    def _disconnect(self) -> None:
        self._widget.comboBox().disconnect("editTextChanged(QString)", self._changed)

    def read(self) -> str:
        return self._widget.currentPath

    def write(self, value: str) -> None:
        if self._widget.currentPath != value:
            self._widget.currentPath = value


class TextConnector(_WidgetConnector):
    """A text field and a text.

    Slicer 5.8's own writes the text that was just typed back into the field, and the cursor jumps to its end.
    """

    signal = "textChanged(QString)"

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return datatype is str and isinstance(widget, qt.QLineEdit)

    def read(self) -> str:
        return self._widget.text

    def write(self, value: str) -> None:
        if self._widget.text != value:
            self._widget.text = value


class TabConnector(_WidgetConnector):
    """Two tabs, and whether the second one is shown."""

    signal = "currentChanged(int)"

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return datatype is bool and isinstance(widget, qt.QTabWidget)

    def read(self) -> bool:
        return self._widget.currentIndex == 1

    def write(self, value: bool) -> None:
        self._widget.setCurrentIndex(int(value))


class CheckedNodesConnector(_WidgetConnector):
    """A selector with checkable nodes, and a list of nodes."""

    signal = "checkedNodesChanged()"

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return get_origin(datatype) is list and isinstance(widget, slicer.qMRMLCheckableNodeComboBox)

    def read(self) -> list:
        return list(self._widget.checkedNodes())

    def write(self, value: Any) -> None:
        for index in range(self._widget.nodeCount()):
            node = self._widget.nodeFromIndex(index)
            self._widget.setCheckState(node, qt.Qt.Checked if node in value else qt.Qt.Unchecked)


def forget_node(parameters: Any, node: Any) -> None:
    """Take a node that is about to leave the scene out of the parameters that name one node.

    In time, because a selector whose node has left shows another one, and hands that to its parameter.
    """
    with slicer.util.NodeModify(parameters.parameterNode):
        for name in parameters.allParameters:
            if getattr(parameters, name) is node:
                setattr(parameters, name, None)
