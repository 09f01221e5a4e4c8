"""The ``qt`` module of the test bed: the widgets are PySide6's, the conventions are PythonQt's.

PythonQt differs from PySide in what a Python attribute of a Qt object is. Here, as in PythonQt:

* every Q_PROPERTY is an attribute to read and to write (``label.text``, not ``label.text()``); ``setText()`` stays;
* ``objectName`` is also ``name``; named children and dynamic properties are attributes;
* a new attribute on a C++ object, or a write to a read-only property, is refused;
* ``connect("clicked(bool)", callable)`` takes the exact C++ signature; an unknown signal is refused; the callable
  gets as many arguments as it can take;
* keyword arguments, ``exec()``, ``Signal``, ``Slot`` and ``Property`` do not exist; enums are ints.

PySide's own classes are changed in place rather than subclassed, because widgets made in C++ (by QUiLoader) have to
behave so too, and because ``type(widget) == qt.QCheckBox`` has to hold. It is done once, by :func:`build_module`.
"""

from __future__ import annotations

import ctypes
import functools
import inspect
import os
import sys
import types
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

_ENUMS_ARE_INTS = "0x02"
if "PySide6.QtCore" in sys.modules and os.environ.get("PYSIDE6_OPTION_PYTHON_ENUM") != _ENUMS_ARE_INTS:
    raise RuntimeError("The test bed has to be started before anything else imports PySide6: enums have to be ints.")
os.environ["PYSIDE6_OPTION_PYTHON_ENUM"] = _ENUMS_ARE_INTS

import shiboken6  # noqa: E402
from PySide6 import QtCore, QtGui, QtUiTools, QtWidgets  # noqa: E402

_SOURCES = (QtCore, QtGui, QtWidgets, QtUiTools)
_CPP_MODULES = tuple(source.__name__ for source in _SOURCES)

#: What PySide offers on every object and PythonQt does not.
_HIDDEN_ATTRIBUTES = frozenset(["exec"])

_read_qt_property = QtCore.QObject.property
_write_qt_property = QtCore.QObject.setProperty
_connect_by_signature = QtCore.QObject.connect
_disconnect_connection = QtCore.QObject.disconnect
#: Class -> the attribute look-up that PySide gave it (QProcess has its own, for its static and bound startDetached).
_pyside_getattributes: dict[type, Callable[[Any, str], Any]] = {}
_python_setattr = next(c for c in QtCore.QObject.__mro__[1:] if "__setattr__" in c.__dict__).__setattr__
_MISSING = object()


def _python_getattribute(obj: Any, name: str) -> Any:
    return next(_pyside_getattributes[c] for c in type(obj).__mro__ if c in _pyside_getattributes)(obj, name)


# ---------------------------------------------------------------- properties as attributes


@functools.cache
def _property_names(cls: type) -> frozenset[str]:
    meta = cls.staticMetaObject
    return frozenset(meta.property(index).name() for index in range(meta.propertyCount()))


def _python_property(cls: type, name: str) -> Any:
    """The PySide ``Property`` of a stand-in widget, or None for a property of a C++ class."""
    found = inspect.getattr_static(cls, name, None)
    return found if isinstance(found, QtCore.Property) else None


_being_read: set[tuple[int, str]] = set()


def _read_property(obj: Any, name: str) -> Any:
    python_property = _python_property(type(obj), name)
    if python_property is not None:
        return python_property.fget(obj)
    # Shiboken looks for Python overrides of virtual getters (QProgressBar.text) on the instance: no recursion.
    key = (id(obj), name)
    if key in _being_read:
        return _python_getattribute(obj, name)
    _being_read.add(key)
    try:
        return _read_qt_property(obj, name)
    finally:
        _being_read.discard(key)


def _write_property(obj: Any, name: str, value: Any) -> None:
    python_property = _python_property(type(obj), name)
    if python_property is not None:
        if python_property.fset is None:
            raise AttributeError(f"Property '{name}' of {type(obj).__name__} is not writable.")
        python_property.fset(obj, value)
        return
    meta = type(obj).staticMetaObject  # an instance's metaObject() would die with it, and so would the class's
    if not meta.property(meta.indexOfProperty(name)).isWritable():
        raise AttributeError(f"Property '{name}' of {type(obj).__name__} is not writable.")
    if not _write_qt_property(obj, name, value):
        raise ValueError(f"Property '{name}' of {type(obj).__name__} does not accept {value!r}.")


def _dynamic_property_names(obj: Any) -> list[str]:
    return [bytes(name.data()).decode() for name in _python_getattribute(obj, "dynamicPropertyNames")()]


def _get_attribute(self: Any, name: str) -> Any:
    if name.startswith("_"):
        return _python_getattribute(self, name)
    if name in _HIDDEN_ATTRIBUTES:
        raise AttributeError(f"{type(self).__name__} has no attribute named '{name}' in PythonQt.")
    if name in _OBJECT_METHODS:
        return types.MethodType(_OBJECT_METHODS[name], self)
    if name in _property_names(type(self)):
        return _read_property(self, name)
    if name == "name":
        return _read_qt_property(self, "objectName")
    value = _get_python_attribute(self, name)
    if isinstance(value, types.BuiltinMethodType):
        return CppMethod(value)
    if isinstance(value, QtCore.SignalInstance):
        return Signal(self, name, value)
    return value


def _get_python_attribute(obj: Any, name: str) -> Any:
    try:
        return _python_getattribute(obj, name)
    except AttributeError:
        if name in _dynamic_property_names(obj):
            return _read_qt_property(obj, name)
        for child in _python_getattribute(obj, "children")():
            if _read_qt_property(child, "objectName") == name:
                return child
        raise AttributeError(f"{type(obj).__name__} has no attribute named '{name}'.") from None


def _set_attribute(self: Any, name: str, value: Any) -> None:
    cls = type(self)
    if name == "name" and name not in _property_names(cls):
        name = "objectName"
    if isinstance(value, QtCore.SignalInstance):  # PySide caches bound signals on the instance
        _python_setattr(self, name, value)
    elif name in _property_names(cls):
        _write_property(self, name, value)
    elif QUiLoader.loading and isinstance(value, QtCore.QObject) and not name.startswith("_"):
        _python_setattr(self, f"_{name}", value)  # PySide's loader keeps the children alive so; no public attribute
    elif cls.__module__ in _CPP_MODULES or (_is_standin(cls) and not name.startswith("_")):
        _set_dynamic_property(self, name, value)
    else:
        _python_setattr(self, name, value)


def _set_dynamic_property(obj: Any, name: str, value: Any) -> None:
    if name not in _dynamic_property_names(obj):
        raise AttributeError(
            f"'{name}' does not exist on {type(obj).__name__}, and new attributes on C++ objects are not allowed."
        )
    _write_qt_property(obj, name, value)


# ---------------------------------------------------------------- methods and signals


class CppMethod:
    """A bound C++ method: it takes positional arguments only, as PythonQt's do."""

    def __init__(self, method: Callable[..., Any]) -> None:
        self._method = method

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        if keywords:
            raise TypeError(f"{self._method.__name__}() takes no keyword arguments in PythonQt, got {list(keywords)}.")
        return self._method(*arguments)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CppMethod) and self._method == other._method

    def __hash__(self) -> int:
        return hash(self._method)

    def accepted_arguments(self) -> int:
        """The largest number of arguments that the slot of this name takes; 0 if it is no slot."""
        meta = type(self._method.__self__).staticMetaObject
        methods = (meta.method(index) for index in range(meta.methodCount()))
        return max(
            (m.parameterCount() for m in methods if bytes(m.name().data()).decode() == self._method.__name__), default=0
        )


class Signal:
    """A signal as attribute of its object: ``button.clicked.connect(callable)`` and ``emit()``."""

    def __init__(self, owner: Any, name: str, instance: Any) -> None:
        self._owner, self._name, self._instance = owner, name, instance

    def connect(self, slot: Callable[..., Any]) -> bool:
        return _connect_known(self._owner, self._default_signature(), slot)

    def disconnect(self, slot: Callable[..., Any]) -> bool:
        return _disconnect_known(self._owner, self._default_signature(), slot)

    def emit(self, *arguments: Any) -> None:
        self._instance.emit(*arguments)

    def _overload(self, kind: type) -> Any:
        """For the stand-ins: PySide's signal with an argument of this type."""
        return self._instance[kind]

    def _default_signature(self) -> str:
        return next(s for s in _signal_signatures(type(self._owner)) if s.split("(")[0] == self._name)


@functools.cache
def _signal_signatures(cls: type) -> tuple[str, ...]:
    meta = cls.staticMetaObject
    methods = (meta.method(index) for index in range(meta.methodCount()))
    return tuple(
        bytes(m.methodSignature().data()).decode()
        for m in methods
        if m.methodType() == QtCore.QMetaMethod.MethodType.Signal
    )


def _checked_signature(obj: Any, signature: str) -> str:
    """The signature as PySide's meta object has it (it knows MRML pointers as Python objects only)."""
    normalized = bytes(QtCore.QMetaObject.normalizedSignature(signature).data()).decode()
    arguments = [argument for argument in normalized.partition("(")[2].rstrip(")").split(",") if argument]
    known = f"{normalized.partition('(')[0]}({','.join(_meta_type(argument) for argument in arguments)})"
    if "PyObject" in normalized or known not in _signal_signatures(type(obj)):
        raise ValueError(f"{type(obj).__name__} has no signal '{signature}'.")
    return known


def _meta_type(cpp_type: str) -> str:
    return "PyObject" if cpp_type.startswith("vtk") and cpp_type.endswith("*") else cpp_type


def _fitted(slot: Callable[..., Any]) -> Callable[..., Any]:
    """PythonQt passes only as many of a signal's arguments as the callable takes."""
    limit = _positional_limit(slot)

    def call(*arguments: Any) -> None:
        slot(*arguments[:limit])

    return call


def _positional_limit(slot: Callable[..., Any]) -> int | None:
    if isinstance(slot, CppMethod):
        return slot.accepted_arguments()
    parameters = inspect.signature(slot).parameters.values()
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return None
    return sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters)


#: Address of the C++ object -> its connections made here: (signature, callable, PySide's handle).
_connections: dict[int, list[tuple[str, Callable[..., Any], Any]]] = {}


def _address(obj: Any) -> int:
    return shiboken6.getCppPointer(obj)[0]


def _connect(self: Any, signature: str, slot: Callable[..., Any], *receiver_slot: str) -> bool:
    """``connect(signal, callable)`` or ``connect(signal, receiver, slot)``, with C++ signatures."""
    if receiver_slot:
        slot = getattr(slot, receiver_slot[0].partition("(")[0])
    if not callable(slot):
        raise TypeError(f"connect('{signature}'): {slot!r} is not callable.")
    return _connect_known(self, _checked_signature(self, signature), slot)


def _connect_known(self: Any, known: str, slot: Callable[..., Any]) -> bool:
    handle = _connect_by_signature(self, QtCore.SIGNAL(known), _fitted(slot))
    address = _address(self)
    if address not in _connections:
        _connections[address] = []
        _connect_by_signature(self, QtCore.SIGNAL("destroyed()"), lambda: _connections.pop(address, None))
    _connections[address].append((known, slot, handle))
    return True


def _disconnect(self: Any, signature: str, slot: Callable[..., Any]) -> bool:
    return _disconnect_known(self, _checked_signature(self, signature), slot)


def _disconnect_known(self: Any, known: str, slot: Callable[..., Any]) -> bool:
    mine = _connections.get(_address(self), [])
    found = [entry for entry in mine if entry[0] == known and entry[1] == slot]
    for entry in found:
        _disconnect_connection(entry[2])
        mine.remove(entry)
    return bool(found)


def disconnect_all(obj: Any) -> None:
    """End every connection that was made here from signals of ``obj``."""
    for _, _, handle in _connections.pop(_address(obj), []):
        _disconnect_connection(handle)


def _class_name(self: Any) -> str:
    return type(self).staticMetaObject.className()


def _delete(self: Any) -> None:
    shiboken6.delete(self)


_OBJECT_METHODS: dict[str, Callable[..., Any]] = {
    "connect": _connect,
    "disconnect": _disconnect,
    "className": _class_name,
    "delete": _delete,
}


# ---------------------------------------------------------------- stand-in widgets of ctk and qMRML

#: Class name in a .ui file -> stand-in class.
custom_widgets: dict[str, type] = {}


def _is_standin(cls: type) -> bool:
    return "_standin" in cls.__dict__


def standin(cls: type) -> type:
    """Class decorator: a stand-in for a C++ widget. It gets ``setX()`` for each property and is known to .ui files."""
    cls._standin = True
    cpp_bases = [base for base in cls.__mro__ if base.__module__ in _CPP_MODULES]
    own_classes = cls.__mro__[: cls.__mro__.index(cpp_bases[0])]
    for name, member in [item for own_class in own_classes for item in own_class.__dict__.items()]:
        setter = f"set{name[0].upper()}{name[1:]}"
        overrides_virtual = hasattr(cpp_bases[0], name)
        if isinstance(member, QtCore.Property) and member.fset is not None and not hasattr(cls, setter):
            setattr(cls, setter, _property_setter(setter, member))
        elif inspect.isfunction(member) and not name.startswith("_") and not overrides_virtual:
            setattr(cls, name, _positional_only(getattr(cls, name)))
    custom_widgets[cls.__name__] = cls
    return cls


def _property_setter(name: str, member: Any) -> Callable[[Any, Any], None]:
    def setter(self: Any, value: Any, /) -> None:
        member.fset(self, value)

    setter.__name__ = name
    return setter


def _positional_only(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(self: Any, *arguments: Any, **keywords: Any) -> Any:
        if keywords:
            raise TypeError(f"{method.__name__}() takes no keyword arguments in PythonQt, got {list(keywords)}.")
        return method(self, *arguments)

    return call


def stored_property(kind: Any, name: str, default: Any, changed: str = "") -> Any:
    """A Q_PROPERTY that is kept in the object; the method named ``changed`` is called after it got a new value."""
    key = f"_{name}"
    python_type = {"QStringList": (list, tuple), float: (float, int)}.get(kind, kind)

    def read(self: Any) -> Any:
        return self.__dict__.get(key, default)

    def write(self: Any, value: Any) -> None:
        if not isinstance(value, python_type):
            raise ValueError(f"Property '{name}' of {type(self).__name__} does not accept {value!r}.")
        value = list(value) if kind == "QStringList" else value
        if value != read(self):
            self.__dict__[key] = value
            if changed:
                getattr(self, changed)()

    return QtCore.Property(kind, read, write)


def forwarded_property(kind: Any, name: str, inner: str, inner_name: str = "") -> Any:
    """A Q_PROPERTY that is a property of the same (or another) name of the inner widget ``self.<inner>``."""
    target = inner_name or name

    def read(self: Any) -> Any:
        return getattr(self.__dict__[inner], target)

    def write(self: Any, value: Any) -> None:
        setattr(self.__dict__[inner], target, value)

    return QtCore.Property(kind, read, write)


# ---------------------------------------------------------------- .ui files

#: Designer's name for a QFrame that has an orientation.
_DESIGNER_LINE = "Line"


class QUiLoader(QtUiTools.QUiLoader):
    """Loads .ui files with the stand-in widgets; an unknown class, property, signal or slot is refused."""

    loading = False

    def createWidget(self, class_name: str, parent: Any = None, name: str = "") -> Any:
        if class_name not in custom_widgets:
            return super().createWidget(class_name, parent, name)
        widget = custom_widgets[class_name](parent)
        widget.setObjectName(name)
        return widget

    def load(self, device: Any, parent: Any = None) -> Any:
        root = ElementTree.fromstring(bytes(device.readAll().data()))
        self._check_classes(root)
        connections = self._take_connections(root)
        buffer = QtCore.QBuffer()
        buffer.setData(ElementTree.tostring(root))
        buffer.open(QtCore.QIODevice.OpenModeFlag.ReadOnly)
        QUiLoader.loading = True
        try:
            widget = super().load(buffer, parent)
        finally:
            QUiLoader.loading = False
        if widget is None:
            return None
        self._check_properties(root, widget)
        for connection in connections:
            _make_connection(widget, *connection)
        return widget

    def _check_classes(self, root: ElementTree.Element) -> None:
        available = {*self.availableWidgets(), *custom_widgets, _DESIGNER_LINE}
        unknown = {widget.get("class", "") for widget in root.iter("widget")} - available
        if unknown:
            raise RuntimeError(f"The .ui file needs widget classes that the test bed does not have: {sorted(unknown)}")

    @staticmethod
    def _take_connections(root: ElementTree.Element) -> list[tuple[str, str, str, str]]:
        """PySide cannot make connections with MRML types: they are taken out here and made in Python."""
        parent = root.find("connections")
        if parent is None:
            return []
        root.remove(parent)
        keys = ("sender", "signal", "receiver", "slot")
        return [tuple(element.findtext(key, "") for key in keys) for element in parent]

    @staticmethod
    def _check_properties(root: ElementTree.Element, widget: Any) -> None:
        """QFormBuilder would make a misspelt property a dynamic one; Designer marks real dynamic ones stdset="0"."""
        for element in root.iter("widget"):
            if element.get("class") == _DESIGNER_LINE:
                continue
            target = _find_object(widget, element.get("name", ""))
            for prop in element.findall("property"):
                if prop.get("stdset") != "0" and prop.get("name") not in _property_names(type(target)):
                    raise RuntimeError(
                        f"{element.get('class')} '{element.get('name')}' has no property '{prop.get('name')}'."
                    )


def _find_object(root: Any, name: str) -> Any:
    if root.objectName == name:
        return root
    found = root.findChild(QtCore.QObject, name)
    if found is None:
        raise RuntimeError(f"The .ui file names an object '{name}' that it does not define.")
    return found


def _make_connection(root: Any, sender: str, signal: str, receiver: str, slot: str) -> None:
    _connect(_find_object(root, sender), signal, _find_object(root, receiver), slot)


# ---------------------------------------------------------------- the module


def _refuse_constructor_keywords(cls: type) -> None:
    original = cls.__init__

    def construct(self: Any, *arguments: Any, **keywords: Any) -> None:
        if keywords:
            raise TypeError(f"{type(self).__name__}() takes no keyword arguments in PythonQt, got {list(keywords)}.")
        original(self, *arguments)

    cls.__init__ = construct


_waiting_timers: set[Any] = set()


def _single_shot(milliseconds: int, slot: Callable[..., Any]) -> None:
    """``QTimer.singleShot``: PySide's own would call the instance's ``connect`` with PySide's arguments."""
    timer = QtCore.QTimer()
    _waiting_timers.add(timer)

    def run() -> None:
        _waiting_timers.discard(timer)
        slot()

    timer.setSingleShot(True)
    timer.connect("timeout()", run)
    timer.start(milliseconds)


def _exec(self: Any) -> Any:
    return type(self).exec(self)


def _change_pyside_in_place() -> None:
    root = QtCore.QObject
    classes = _qt_classes()  # all made before QObject changes: a class made later would not inherit the change
    for cls in classes.values():
        if not issubclass(cls, root):
            continue
        if "__getattribute__" in cls.__dict__:
            _pyside_getattributes[cls] = cls.__getattribute__
            cls.__getattribute__ = _get_attribute
        if cls is root or "__setattr__" in cls.__dict__:
            cls.__setattr__ = _set_attribute
        if "exec" in cls.__dict__:
            cls.exec_ = _exec
        _refuse_constructor_keywords(cls)
    QtCore.QTimer.singleShot = staticmethod(_single_shot)


def _qt_classes() -> dict[str, type]:
    """All classes of the four PySide modules by name (PySide makes them when they are first asked for)."""
    names = ((source, name) for source in _SOURCES for name in dir(source) if name.startswith("Q"))
    found = {name: getattr(source, name) for source, name in names}
    return {name: cls for name, cls in found.items() if isinstance(cls, type)}


def _keep_none_alive() -> None:
    """PySide 6.12 drops a reference to None with every call that returns None: before Python 3.12, where None became
    immortal, the process dies after some ten thousand calls."""
    if sys.version_info < (3, 12):
        ctypes.c_ssize_t.from_address(id(None)).value += 1 << 40


def build_module() -> types.ModuleType:
    """The module to be ``sys.modules["qt"]``. PySide's classes are changed from here on, in this whole process."""
    _keep_none_alive()
    _change_pyside_in_place()
    module = types.ModuleType("qt", "Stand-in for Slicer's qt module.")
    for name, cls in _qt_classes().items():
        setattr(module, name, cls)
    module.QUiLoader = QUiLoader
    return module
