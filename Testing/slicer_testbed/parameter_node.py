"""``slicer.parameterNodeWrapper``: typed attributes on a vtkMRMLScriptedModuleNode, and their connection to widgets.

Written from Slicer's documentation (developer guide, "Parameter nodes"): supported types, defaults, validators and
GUI connection. Supported here is what our modules use: int, float, str, bool, enum.Enum, pathlib.Path, MRML nodes,
unions of MRML nodes, lists of these, ``Annotated`` with validators and ``Default``; anything else is refused when the
class is made. How the values are stored in the node is the test bed's own affair, and so is that values are not cached
(Slicer's cache is refreshed by the node's ModifiedEvent: no difference is seen from outside). It refuses what Slicer
5.8 to 5.13 refuse: abstract node types at a selector, a union without None, a union written with ``|``.
"""

from __future__ import annotations

import abc
import dataclasses
import enum
import functools
import logging
import pathlib
import types
import typing
import weakref
from collections.abc import Callable, Iterable, MutableSequence
from typing import Any

import slicer
import slicer.util
import vtk

from .ctk_standin import ctkComboBox, ctkDoubleSpinBox, ctkPathLineEdit, ctkSliderWidget
from .qmrml_standin import qMRMLNodeComboBox
from .qt_standin import QtWidgets

PROPERTY_NAME = "SlicerParameterName"


# ---------------------------------------------------------------- annotations


class Validator:
    """Base class: ``validate`` raises ValueError for a value that the parameter must not have."""

    def validate(self, value: Any) -> None:
        raise NotImplementedError


class NotNone(Validator):
    def validate(self, value: Any) -> None:
        if value is None:
            raise ValueError("Value must not be None.")


class IsInstance(Validator):
    def __init__(self, class_type: Any) -> None:
        self.class_type = class_type

    def validate(self, value: Any) -> None:
        if value is not None and not isinstance(value, self.class_type):
            raise TypeError(f"Value must be of type {self.class_type}, is {value!r}.")


class Minimum(Validator):
    def __init__(self, minimum: float) -> None:
        self.minimum = minimum

    def validate(self, value: Any) -> None:
        if value < self.minimum:
            raise ValueError(f"Value must be at least {self.minimum}, is {value!r}.")


class Maximum(Validator):
    def __init__(self, maximum: float) -> None:
        self.maximum = maximum

    def validate(self, value: Any) -> None:
        if value > self.maximum:
            raise ValueError(f"Value must be at most {self.maximum}, is {value!r}.")


class WithinRange(Validator):
    def __init__(self, minimum: float, maximum: float) -> None:
        self.minimum, self.maximum = minimum, maximum

    def validate(self, value: Any) -> None:
        if not self.minimum <= value <= self.maximum:
            raise ValueError(f"Value must be within range [{self.minimum}, {self.maximum}], is {value!r}.")


class Choice(Validator):
    def __init__(self, choices: Iterable[Any]) -> None:
        self.choices = list(choices)

    def validate(self, value: Any) -> None:
        if value not in self.choices:
            raise ValueError(f"Value must be one of {self.choices}, is {value!r}.")


class Default:
    """``Default(value)`` or ``Default(generator=function)``."""

    def __init__(self, value: Any = None, *, generator: Callable[[], Any] | None = None) -> None:
        self._generator = generator or (lambda: value)

    def value(self) -> Any:
        return self._generator()


@dataclasses.dataclass
class Decimals:
    value: int


@dataclasses.dataclass
class SingleStep:
    value: float


# ---------------------------------------------------------------- how values are kept in the node


class _TextStorage:
    """A value kept as text."""

    def __init__(
        self, to_text: Callable[[Any], str], from_text: Callable[[str], Any], default: Any, validators: list[Validator]
    ) -> None:
        self._to_text, self._from_text = to_text, from_text
        self.default, self.validators = default, [NotNone(), *validators]

    def is_in(self, node: Any, name: str) -> bool:
        return node.HasParameter(name)

    def read(self, node: Any, name: str) -> Any:
        return self._from_text(node.GetParameter(name))

    def write(self, node: Any, name: str, value: Any) -> None:
        node.SetParameter(name, self._to_text(value))

    def remove(self, node: Any, name: str) -> None:
        node.UnsetParameter(name)


class _NodeStorage:
    """A MRML node kept as node reference: it survives saving, and becomes None when the node leaves the scene."""

    def __init__(self, class_type: type | tuple[type, ...]) -> None:
        self.default: None = None
        self.validators: list[Validator] = [IsInstance(class_type)]

    def is_in(self, node: Any, name: str) -> bool:
        return node.HasParameter(name)

    def read(self, node: Any, name: str) -> Any:
        return node.GetNodeReference(name)

    def write(self, node: Any, name: str, value: Any) -> None:
        node.SetParameter(name, "node")
        node.SetNodeReferenceID(name, value.GetID() if value is not None else None)

    def remove(self, node: Any, name: str) -> None:
        node.UnsetParameter(name)
        node.SetNodeReferenceID(name, None)


class _NodeUnionStorage(_NodeStorage):
    """A node of one of several types, or None if that is one of them, too."""

    def __init__(self, alternatives: tuple[type, ...]) -> None:
        super().__init__(alternatives)
        self.validators = [_OneOf(alternatives)]


class _OneOf(Validator):
    """Slicer looks for the alternative that can store the value; for None there has to be one, too."""

    def __init__(self, alternatives: tuple[type, ...]) -> None:
        self.alternatives = alternatives

    def validate(self, value: Any) -> None:
        if not isinstance(value, self.alternatives):
            raise TypeError(f"Unable to write value '{value}' of type '{type(value)}'")


class _ListStorage:
    """A list: its length and its elements. A node that left the scene leaves None behind, as in Slicer."""

    def __init__(self, element: Any) -> None:
        self._element = element
        self.default: list[Any] = []
        self.validators = [NotNone(), IsInstance((list, tuple, ObservedList))]

    def is_in(self, node: Any, name: str) -> bool:
        return node.HasParameter(f"{name}.length")

    def _length(self, node: Any, name: str) -> int:
        return int(node.GetParameter(f"{name}.length") or 0)

    def read(self, node: Any, name: str) -> Any:
        return ObservedList(
            self, node, name, [self._element.read(node, f"{name}.{i}") for i in range(self._length(node, name))]
        )

    def write(self, node: Any, name: str, value: Any) -> None:
        for element in value:
            _validate(self._element.validators, element)
        for index in range(len(value), self._length(node, name)):
            self._element.remove(node, f"{name}.{index}")
        for index, element in enumerate(value):
            self._element.write(node, f"{name}.{index}", element)
        node.SetParameter(f"{name}.length", str(len(value)))


class ObservedList(MutableSequence):
    """A list parameter as it is read: changes of it go to the node. No ``+`` and ``*``, as in Slicer."""

    def __init__(self, storage: _ListStorage, node: Any, name: str, elements: list[Any]) -> None:
        self._storage, self._node, self._name, self._elements = storage, node, name, elements

    def _save(self) -> None:
        with slicer.util.NodeModify(self._node):
            self._storage.write(self._node, self._name, self._elements)

    def __len__(self) -> int:
        return len(self._elements)

    def __getitem__(self, index: Any) -> Any:
        return self._elements[index]

    def __setitem__(self, index: Any, value: Any) -> None:
        self._elements[index] = value
        self._save()

    def __delitem__(self, index: Any) -> None:
        del self._elements[index]
        self._save()

    def insert(self, index: int, value: Any) -> None:
        self._elements.insert(index, value)
        self._save()

    def __eq__(self, other: object) -> bool:
        return self._elements == (other._elements if isinstance(other, ObservedList) else other)

    def __repr__(self) -> str:
        return f"ObservedList({self._elements})"


def _storage_of(hint: Any) -> Any:
    type_, annotations = _split(hint)
    validators = [a for a in annotations if isinstance(a, Validator)]
    storage = _storage_of_plain(type_)
    storage.validators = [*storage.validators, *validators]
    return storage


def _storage_of_plain(type_: Any) -> Any:
    if typing.get_origin(type_) is list:
        return _ListStorage(_storage_of(typing.get_args(type_)[0]))
    if _is_union(type_):
        return _NodeUnionStorage(typing.get_args(type_))
    if not isinstance(type_, type):
        raise TypeError(f"The parameter type {type_} is not supported by the test bed.")
    if issubclass(type_, slicer.vtkMRMLNode):
        return _NodeStorage(type_)
    if issubclass(type_, enum.Enum):
        return _TextStorage(lambda e: e.name, lambda text: type_[text], next(iter(type_)), [IsInstance(type_)])
    if type_ is bool:
        return _TextStorage(str, lambda text: text == "True", False, [IsInstance(bool)])
    if type_ is float:
        return _TextStorage(repr, float, 0.0, [IsInstance((float, int))])
    if type_ is pathlib.Path:
        return _TextStorage(str, pathlib.Path, pathlib.Path(), [IsInstance(pathlib.Path)])
    if type_ in (int, str):
        return _TextStorage(str, type_, type_(), [IsInstance(type_)])
    raise TypeError(f"The parameter type {type_} is not supported by the test bed.")


def _is_union(type_: Any) -> bool:
    """Whether it is a union of node classes and perhaps None."""
    if isinstance(type_, getattr(types, "UnionType", ())):
        raise TypeError(f"Slicer 5.8 does not take '{type_}': write typing.Union[..., None].")
    alternatives = typing.get_args(type_) if typing.get_origin(type_) is typing.Union else ()
    return bool(alternatives) and all(_is_node(a) or a is type(None) for a in alternatives)


def _is_node(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, slicer.vtkMRMLNode)


def _node_types(type_: Any) -> list[str]:
    """The class names of a node type or union; Slicer makes an instance of each: an abstract class is a TypeError."""
    alternatives = typing.get_args(type_) if _is_union(type_) else (type_,)
    return [alternative().GetClassName() for alternative in alternatives if _is_node(alternative)]


def _split(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """``Annotated[type, ...]`` as type and annotations."""
    return (hint.__origin__, hint.__metadata__) if hasattr(hint, "__metadata__") else (hint, ())


def _validate(validators: list[Validator], value: Any) -> None:
    for validator in validators:
        validator.validate(value)


# ---------------------------------------------------------------- the wrapper


class _Parameter:
    """One attribute of a wrapper class (a descriptor)."""

    def __init__(self, name: str, hint: Any, has_value: bool, value: Any) -> None:
        self.name, self.unalteredType, self.storage = name, hint, _storage_of(hint)
        unused = [a for a in _split(hint)[1] if not isinstance(a, (Validator, Default))]
        if unused:
            logging.warning(f"Unused annotations: {unused}")
        defaults = [a for a in _split(hint)[1] if isinstance(a, Default)]
        self._default = Default(value) if has_value else (defaults or [Default(self.storage.default)])[0]

    def default(self) -> Any:
        return self._default.value()

    def __get__(self, wrapper: Any, _owner: Any = None) -> Any:
        return self if wrapper is None else self.storage.read(wrapper.parameterNode, self.name)

    def __set__(self, wrapper: Any, value: Any) -> None:
        _validate(self.storage.validators, value)
        with slicer.util.NodeModify(wrapper.parameterNode):
            self.storage.write(wrapper.parameterNode, self.name, value)


class _Wrapper:
    """What ``@parameterNodeWrapper`` adds to a class."""

    allParameters: dict[str, _Parameter] = {}

    def __init__(self, parameterNode: Any) -> None:
        self.parameterNode = parameterNode
        self._connections: dict[int, dict[str, GuiConnector]] = {}
        self._next_tag = 0
        self._observer_tag: int | None = None
        self._updating_gui = False
        for name, parameter in self.allParameters.items():
            if not parameter.storage.is_in(parameterNode, name):
                setattr(self, name, parameter.default())

    def __del__(self) -> None:
        """Python's garbage collector would clear the observer's function while the scene still has the node."""
        if self._observer_tag is not None:
            self.RemoveObserver(self._observer_tag)

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and name != "parameterNode" and name not in self.allParameters:
            raise AttributeError(f"{type(self).__name__} has no parameter '{name}' (a plain attribute is not saved).")
        super().__setattr__(name, value)

    def default(self, name: str) -> Any:
        return self._checked(name).default()

    def dataType(self, name: str) -> Any:
        return self._checked(name).unalteredType

    def getValue(self, name: str) -> Any:
        return getattr(self, self._checked(name).name)

    def setValue(self, name: str, value: Any) -> None:
        setattr(self, self._checked(name).name, value)

    def _checked(self, name: str) -> _Parameter:
        if name not in self.allParameters:
            raise ValueError(f"There is no parameter '{name}', only {list(self.allParameters)}.")
        return self.allParameters[name]

    def StartModify(self) -> int:
        return self.parameterNode.StartModify()

    def EndModify(self, was_modifying: int) -> int:
        return self.parameterNode.EndModify(was_modifying)

    def Modified(self) -> None:
        self.parameterNode.Modified()

    def AddObserver(self, event: Any, callback: Callable[..., None], priority: float = 0.0) -> int:
        return self.parameterNode.AddObserver(event, callback, priority)

    def RemoveObserver(self, tag: int) -> None:
        self.parameterNode.RemoveObserver(tag)

    # ------------------------------------------------------------ widgets

    def connectGui(self, gui: Any) -> int:
        """Connect the widgets of ``gui`` (a widget, or what childWidgetVariables returns) that name a parameter."""
        is_widget = isinstance(gui, QtWidgets.QWidget)
        widgets = gui.findChildren(QtWidgets.QWidget) if is_widget else vars(gui).values()
        named = {widget.property(PROPERTY_NAME): widget for widget in widgets if widget.property(PROPERTY_NAME)}
        return self.connectParametersToGui(named)

    def connectParametersToGui(self, mapping: dict[str, Any]) -> int:
        hints = {name: self._checked(name).unalteredType for name in mapping}
        connectors = {
            name: widget if isinstance(widget, GuiConnector) else createGuiConnector(widget, hints[name])
            for name, widget in mapping.items()
        }
        tag = self._next_tag
        self._next_tag += 1
        self._connections[tag] = connectors
        for name, connector in connectors.items():
            connector.write(self.getValue(name))
            connector.onChanged(functools.partial(self._gui_changed, name, connector))
        if self._observer_tag is None:
            self._observer_tag = self.AddObserver(vtk.vtkCommand.ModifiedEvent, _weak_update(self))
        return tag

    def disconnectGui(self, tag: int | None) -> None:
        for connector in self._connections.pop(tag, {}).values():
            connector.onChanged(None)

    def _gui_changed(self, name: str, connector: GuiConnector) -> None:
        if not self._updating_gui:
            self.setValue(name, connector.read())

    def _update_gui(self) -> None:
        if self._updating_gui:
            return
        self._updating_gui = True
        try:
            for connectors in list(self._connections.values()):
                for name, connector in connectors.items():
                    connector.write(self.getValue(name))
        finally:
            self._updating_gui = False


def _weak_update(wrapper: _Wrapper) -> Callable[..., None]:
    """The observer must not hold the wrapper, or the wrapper would never go."""
    reference = weakref.ref(wrapper)

    def update(*_arguments: Any) -> None:
        alive = reference()
        if alive is not None:
            alive._update_gui()

    return update


def parameterNodeWrapper(cls: type) -> type:
    """Class decorator: the annotated attributes become parameters that are kept in a vtkMRMLScriptedModuleNode."""
    hints = typing.get_type_hints(cls, include_extras=True)
    reserved = [name for name in hints if hasattr(_Wrapper, name) or name == "parameterNode"]
    if reserved:
        raise ValueError(f"These names are reserved in a parameterNodeWrapper: {reserved}")
    parameters = {
        name: _Parameter(name, hint, hasattr(cls, name), getattr(cls, name, None)) for name, hint in hints.items()
    }
    members = {"__module__": cls.__module__, "__doc__": cls.__doc__, "allParameters": parameters}
    return type(cls.__name__, (_Wrapper, cls), {**members, **parameters})


def isParameterNodeWrapper(class_or_object: Any) -> bool:
    return isinstance(class_or_object, _Wrapper) or (
        isinstance(class_or_object, type) and issubclass(class_or_object, _Wrapper)
    )


# ---------------------------------------------------------------- widget <-> parameter


class GuiConnector(abc.ABC):
    """Base class of what stands between a widget and a parameter; modules can have their own."""

    def __init__(self) -> None:
        self._callback: Callable[[], None] | None = None

    @staticmethod
    @abc.abstractmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        """Whether this class can connect the widget to a parameter of this (perhaps annotated) type."""

    @staticmethod
    @abc.abstractmethod
    def create(widget: Any, datatype: Any) -> GuiConnector:
        """Make a connector."""

    def onChanged(self, callback: Callable[[], None] | None) -> None:
        """Call ``callback`` when the widget changes; None ends it."""
        self._callback = callback
        if callback is None:
            self._disconnect()
        else:
            self._connect()

    def changed(self) -> None:
        """To be called when the widget has changed."""
        if self._callback is not None:
            self._callback()

    @abc.abstractmethod
    def _connect(self) -> None: ...

    @abc.abstractmethod
    def _disconnect(self) -> None: ...

    @abc.abstractmethod
    def widget(self) -> Any: ...

    @abc.abstractmethod
    def read(self) -> Any: ...

    @abc.abstractmethod
    def write(self, value: Any) -> None: ...


_registered_connectors: list[type[GuiConnector]] = []


def parameterNodeGuiConnector(cls: type[GuiConnector]) -> type[GuiConnector]:
    """Class decorator: ``connectGui`` takes this connector where Slicer's own do not fit."""
    _registered_connectors.append(cls)
    return cls


class _Connector(GuiConnector):
    """Reads and writes one widget property; some widgets are prepared from the parameter's annotations."""

    def __init__(self, widget: Any, signal: str, property_name: str) -> None:
        super().__init__()
        self._widget, self._signal, self._property = widget, signal, property_name

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        raise NotImplementedError("See createGuiConnector()")

    @staticmethod
    def create(widget: Any, datatype: Any) -> GuiConnector:
        raise NotImplementedError("See createGuiConnector()")

    def _connect(self) -> None:
        if self._signal:
            self._widget.connect(self._signal, self.changed)

    def _disconnect(self) -> None:
        if self._signal:
            self._widget.disconnect(self._signal, self.changed)

    def widget(self) -> Any:
        return self._widget

    def read(self) -> Any:
        return getattr(self._widget, self._property)

    def write(self, value: Any) -> None:
        setattr(self._widget, self._property, value)


class _PathConnector(_Connector):
    def read(self) -> pathlib.Path:
        return pathlib.Path(self._widget.currentPath)

    def write(self, value: pathlib.Path) -> None:
        self._widget.currentPath = str(value)


class _TextEditConnector(_Connector):
    def read(self) -> str:
        return self._widget.toPlainText()

    def write(self, value: str) -> None:
        self._widget.setPlainText(value)


class _NodeConnector(_Connector):
    """The selector offers the nodes of the parameter's types, whatever its .ui file says."""

    def __init__(self, widget: Any, type_: Any) -> None:
        super().__init__(widget, "currentNodeChanged(vtkMRMLNode*)", "")
        widget.nodeTypes = _node_types(type_)

    def read(self) -> Any:
        return self._widget.currentNode()

    def write(self, value: Any) -> None:
        self._widget.setCurrentNode(value)


class _ChoiceConnector(_Connector):
    """A combo box that is filled with the possible values."""

    def __init__(self, widget: Any, choices: list[tuple[str, Any]]) -> None:
        super().__init__(widget, "currentIndexChanged(int)", "currentIndex")
        self._values = [value for _, value in choices]
        widget.clear()
        widget.addItems([label for label, _ in choices])

    def read(self) -> Any:
        return self._values[self._widget.currentIndex]

    def write(self, value: Any) -> None:
        self._widget.currentIndex = self._values.index(value)


#: (parameter types, widget classes, connector, signal, property), for what needs no preparation.
_PLAIN_CONNECTORS: tuple[tuple[tuple[type, ...], tuple[type, ...], type[_Connector], str, str], ...] = (
    ((bool,), (QtWidgets.QCheckBox, QtWidgets.QPushButton), _Connector, "toggled(bool)", "checked"),
    ((str,), (QtWidgets.QLineEdit,), _Connector, "textChanged(QString)", "text"),
    ((str,), (QtWidgets.QTextEdit,), _TextEditConnector, "textChanged()", ""),
    ((str,), (QtWidgets.QLabel,), _Connector, "", "text"),
    ((pathlib.Path,), (ctkPathLineEdit,), _PathConnector, "currentPathChanged(QString)", "currentPath"),
)
_SLIDERS = (QtWidgets.QSlider, ctkSliderWidget)
_WIDEST_RANGE = {int: (-(2**31), 2**31 - 1), float: (float("-inf"), float("inf"))}


def createGuiConnector(widget: Any, hint: Any) -> GuiConnector:
    """The documentation's table "Available connectors"; a pair that is not in it is refused."""
    type_, annotations = _split(hint)
    widget_type = type(widget)
    for types_, widget_types, connector, signal, property_name in _PLAIN_CONNECTORS:
        if type_ in types_ and widget_type in widget_types:
            return connector(widget, signal, property_name)
    if widget_type is qMRMLNodeComboBox and (_is_node(type_) or _is_union(type_)):
        return _NodeConnector(widget, type_)
    if widget_type in (QtWidgets.QComboBox, ctkComboBox):
        return _ChoiceConnector(widget, _choices(type_, annotations))
    if type_ is int and widget_type in (QtWidgets.QSpinBox, QtWidgets.QSlider):
        _limit(widget, type_, annotations)
        return _Connector(widget, "valueChanged(int)", "value")
    if type_ is float and widget_type in (QtWidgets.QDoubleSpinBox, ctkSliderWidget, ctkDoubleSpinBox):
        _limit(widget, type_, annotations)
        return _Connector(widget, "valueChanged(double)", "value")
    for registered in _registered_connectors:
        if registered.canRepresent(widget, hint):
            return registered.create(widget, hint)
    raise RuntimeError(f"No connection from parameter type {type_} to widget {widget_type.__name__} '{widget.name}'.")


def _choices(type_: Any, annotations: tuple[Any, ...]) -> list[tuple[str, Any]]:
    if isinstance(type_, type) and issubclass(type_, enum.Enum):
        return [(member.label() if hasattr(type_, "label") else member.name, member) for member in type_]
    for annotation in annotations:
        if isinstance(annotation, Choice) and type_ in (int, float, str, bool):
            return [(str(choice), choice) for choice in annotation.choices]
    raise RuntimeError(f"A combo box needs an enum, or int, float, str or bool with Choice; not {type_}.")


def _limit(widget: Any, type_: type, annotations: tuple[Any, ...]) -> None:
    """Without validators Slicer opens the widget's range as far as it goes, and refuses a slider."""
    low, high = _WIDEST_RANGE[type_]
    for annotation in annotations:
        low = getattr(annotation, "minimum", low)
        high = getattr(annotation, "maximum", high)
        if isinstance(annotation, Decimals):
            widget.decimals = annotation.value
        elif isinstance(annotation, SingleStep):
            widget.singleStep = annotation.value
    if isinstance(widget, _SLIDERS) and (low, high) != tuple(map(_finite, (low, high))):
        raise RuntimeError(
            f"The slider '{widget.name}' needs a parameter with minimum and maximum, which is unbounded."
        )
    widget.minimum, widget.maximum = low, high


def _finite(limit: float) -> float | None:
    return None if limit in (-(2**31), 2**31 - 1, float("-inf"), float("inf")) else limit


def build_module() -> types.ModuleType:
    """The module ``slicer.parameterNodeWrapper``."""
    module = types.ModuleType("slicer.parameterNodeWrapper", "Stand-in for Slicer's module of this name.")
    public = [
        parameterNodeWrapper,
        isParameterNodeWrapper,
        Validator,
        NotNone,
        IsInstance,
        Minimum,
        Maximum,
        WithinRange,
        Choice,
        Default,
        Decimals,
        SingleStep,
        ObservedList,
        GuiConnector,
        createGuiConnector,
        parameterNodeGuiConnector,
    ]
    for member in public:
        setattr(module, member.__name__, member)
    module.SlicerParameterNamePropertyName = PROPERTY_NAME
    module.__all__ = [member.__name__ for member in public]
    return module
