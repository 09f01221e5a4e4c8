"""The qMRML widgets that our modules use, by their public headers; they follow the real MRML scene of slicer-core."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import shiboken6
import slicer
import vtk

from .qt_standin import QtCore, QtGui, QtWidgets, custom_widgets, forwarded_property, standin, stored_property


def _observe(subject: Any, events: list[Any], widget: Any, method: str) -> list[Callable[[], None]]:
    """Call ``widget.<method>()`` on VTK events, as long as the widget lives. Returns what ends the observation."""
    reference = weakref.ref(widget)

    def call(*_arguments: Any) -> None:
        alive = reference()
        if alive is not None and shiboken6.isValid(alive):
            getattr(alive, method)()

    tags = [subject.AddObserver(event, call) for event in events]
    return [lambda tag=tag: subject.RemoveObserver(tag) for tag in tags]


def _observe_leaving_nodes(scene: Any, widget: Any) -> Callable[[], None]:
    """Call ``widget._node_leaves(node)``, as long as the widget lives. Returns what ends the observation."""
    reference = weakref.ref(widget)

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def call(_scene: Any, _event: str, node: Any) -> None:
        alive = reference()
        if alive is not None and shiboken6.isValid(alive):
            alive._node_leaves(node)

    tag = scene.AddObserver(slicer.vtkMRMLScene.NodeAboutToBeRemovedEvent, call, -10.0)
    return lambda: scene.RemoveObserver(tag)


class _SceneWidget:
    """``mrmlScene()`` and ``setMRMLScene()``: what all qMRML widgets share."""

    _scene: Any = None
    _stop_observing: tuple[Callable[[], None], ...] = ()
    _scene_events: tuple[str, ...] = ()

    def mrmlScene(self) -> Any:
        return self._scene

    def setMRMLScene(self, scene: Any) -> None:
        if scene is self._scene:
            return
        for stop in self._stop_observing:
            stop()
        self._scene = scene
        events = [getattr(slicer.vtkMRMLScene, name) for name in self._scene_events]
        self._stop_observing = tuple(_observe(scene, events, self, "_scene_changed")) if scene is not None else ()
        self._scene_changed()
        self.mrmlSceneChanged.emit(scene)

    def _scene_changed(self) -> None:
        """The scene was set, or one of ``_scene_events`` came."""


@standin
class qMRMLWidget(_SceneWidget, QtWidgets.QWidget):
    """The top widget of a module's .ui file."""

    mrmlSceneChanged = QtCore.Signal(object)


# ---------------------------------------------------------------- node selectors


@standin
class qMRMLNodeComboBox(_SceneWidget, QtWidgets.QWidget):
    """A combo box of the scene's nodes of some classes; without "None" it always has a current node if there is one.

    If the current node leaves the scene, the row stays, as in Slicer: the next node becomes current, or else the last.
    """

    mrmlSceneChanged = QtCore.Signal(object)
    currentNodeChanged = QtCore.Signal((object,), (bool,))
    currentNodeIDChanged = QtCore.Signal(str)
    nodeActivated = QtCore.Signal(object)
    nodeAdded = QtCore.Signal(object)
    nodeAddedByUser = QtCore.Signal(object)

    _scene_events = ("NodeAddedEvent", "NodeRemovedEvent", "EndBatchProcessEvent", "EndCloseEvent", "EndImportEvent")
    _leaving_id: str | None = None

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._ids: list[str | None] = []
        self._current_id: str | None = None
        self._actions: list[Callable[[], None]] = []
        self._attributes: dict[tuple[str, str], str | None] = {}
        self._stop_observing_names: dict[str, Callable[[], None]] = {}
        self._combo = self._make_combo()
        self._combo.setMinimumContentsLength(8)
        self._combo.setSizePolicy(QtWidgets.QSizePolicy.Expanding, QtWidgets.QSizePolicy.Fixed)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._combo)
        self._combo.connect("activated(int)", self._activated)
        self._refresh()

    def _make_combo(self) -> Any:
        return QtWidgets.QComboBox()

    # ------------------------------------------------------------ which nodes

    def nodes(self) -> list[Any]:
        scene = self.mrmlScene()
        if scene is None:
            return []
        every = (scene.GetNthNode(index) for index in range(scene.GetNumberOfNodes()))
        return [node for node in every if node.GetID() != self._leaving_id and self._accepts(node)]

    def _accepts(self, node: Any) -> bool:
        if node.GetHideFromEditors() and not self.showHidden:
            return False
        return any(self._accepts_as(node, class_name) for class_name in self.nodeTypes)

    def _accepts_as(self, node: Any, class_name: str) -> bool:
        if node.GetClassName() != class_name:
            if not (self.showChildNodeTypes and node.IsA(class_name)):
                return False
            if any(node.IsA(hidden) for hidden in self.hideChildNodeTypes):
                return False
        return all(
            self._has_attribute(node, name, value)
            for (type_, name), value in self._attributes.items()
            if type_ == class_name
        )

    @staticmethod
    def _has_attribute(node: Any, name: str, value: str | None) -> bool:
        found = node.GetAttribute(name)
        return found is not None and value in (None, found)

    def addAttribute(self, node_type: str, name: str, value: Any = None) -> None:
        self._attributes[(node_type, name)] = None if value is None else str(value)
        self._refresh()

    def removeAttribute(self, node_type: str, name: str) -> None:
        self._attributes.pop((node_type, name), None)
        self._refresh()

    def nodeCount(self) -> int:
        return len(self.nodes())

    def nodeFromIndex(self, index: int) -> Any:
        nodes = self.nodes()
        return nodes[index] if 0 <= index < len(nodes) else None

    # ------------------------------------------------------------ following the scene

    def setMRMLScene(self, scene: Any) -> None:
        if scene is not self.mrmlScene():
            super().setMRMLScene(scene)
            if scene is not None:
                self._stop_observing += (_observe_leaving_nodes(scene, self),)

    def _node_leaves(self, node: Any) -> None:
        """Slicer's model drops a node's row when the node is about to be removed, after everybody else was told."""
        if not self.mrmlScene().IsClosing():
            self._leaving_id = node.GetID()
            self._scene_changed()
            self._leaving_id = None

    def _scene_changed(self) -> None:
        if self.mrmlScene() is None or not self.mrmlScene().IsBatchProcessing():
            self._refresh()

    def _refresh(self) -> None:
        nodes = self.nodes()
        known, row = set(self._ids), self._ids.index(self._current_id) if self._current_id in self._ids else 0
        self._ids = ([None] if self.noneEnabled else []) + [node.GetID() for node in nodes]
        self._observe_names(nodes)
        self._fill_combo(nodes)
        self._combo.enabled = self.mrmlScene() is not None
        self._choose(self._current_id if self._current_id in self._ids else self._id_in_row(row))
        for node in nodes:
            if node.GetID() not in known:
                self.nodeAdded.emit(node)

    def _id_in_row(self, row: int) -> str | None:
        return self._ids[min(row, len(self._ids) - 1)] if self._ids else None

    def _fill_combo(self, nodes: list[Any]) -> None:
        self._combo.clear()
        if self.noneEnabled:
            self._combo.addItem(self.noneDisplay)
        self._combo.addItems([node.GetName() or "" for node in nodes])
        self._actions = []
        if self.addEnabled:
            self._add_action(f"Create new {self._type_label()}", self._add_node_by_user)
        if self.removeEnabled:
            self._add_action("Delete current", self.removeCurrentNode)

    def _add_action(self, text: str, action: Callable[[], None]) -> None:
        if not self._actions:
            self._combo.insertSeparator(self._combo.count)
        self._combo.addItem(text)
        self._actions.append(action)

    def _type_label(self) -> str:
        return self.nodeTypes[0].replace("vtkMRML", "").replace("Node", "") if self.nodeTypes else "node"

    def _observe_names(self, nodes: list[Any]) -> None:
        ids = {node.GetID() for node in nodes}
        for gone in set(self._stop_observing_names) - ids:
            self._stop_observing_names.pop(gone)()
        for node in nodes:
            if node.GetID() not in self._stop_observing_names:
                (stop,) = _observe(node, [vtk.vtkCommand.ModifiedEvent], self, "_names_changed")
                self._stop_observing_names[node.GetID()] = stop

    def _names_changed(self) -> None:
        for index, node_id in enumerate(self._ids):
            node = self.mrmlScene().GetNodeByID(node_id) if node_id else None
            if node is not None:
                self._combo.setItemText(index, node.GetName() or "")

    # ------------------------------------------------------------ the current node

    def _choose(self, node_id: str | None) -> None:
        self._combo.setCurrentIndex(self._ids.index(node_id) if node_id in self._ids else -1)
        if node_id == self._current_id:
            return
        self._current_id = node_id
        node = self.currentNode()
        self.currentNodeChanged._overload(object).emit(node)
        self.currentNodeChanged._overload(bool).emit(node is not None)
        self.currentNodeIDChanged.emit(node_id or "")

    def _activated(self, index: int) -> None:
        """The user chose an entry: a node, or one of the actions below the separator."""
        if index < len(self._ids):
            self._choose(self._ids[index])
            self.nodeActivated.emit(self.currentNode())
        else:
            self._choose(self._current_id)
            self._actions[index - len(self._ids) - 1]()

    def _add_node_by_user(self) -> None:
        self.nodeAddedByUser.emit(self.addNode())

    def currentNode(self) -> Any:
        scene = self.mrmlScene()
        return scene.GetNodeByID(self._current_id) if scene is not None and self._current_id else None

    def setCurrentNode(self, node: Any) -> None:
        if node is not None and not isinstance(node, (str, slicer.vtkMRMLNode)):
            raise ValueError(f"setCurrentNode does not accept {node!r}.")
        self.setCurrentNodeID(node.GetID() if isinstance(node, slicer.vtkMRMLNode) else node)

    def setCurrentNodeID(self, node_id: str | None) -> None:
        self._choose(node_id if node_id in self._ids else None)

    def setCurrentNodeIndex(self, index: int) -> None:
        self.setCurrentNode(self.nodeFromIndex(index))

    def addNode(self, node_type: str = "") -> Any:
        class_name = node_type or self.nodeTypes[0]
        name = self.mrmlScene().GenerateUniqueName(self.baseName or self._type_label())
        node = self.mrmlScene().AddNewNodeByClass(class_name, name)
        for (type_, attribute), value in self._attributes.items():
            if type_ == class_name:
                node.SetAttribute(attribute, value or "")
        self._refresh()
        if self.selectNodeUponCreation:
            self.setCurrentNode(node)
        return node

    def removeCurrentNode(self) -> None:
        if self.currentNode() is not None:
            self.mrmlScene().RemoveNode(self.currentNode())

    def comboBox(self) -> Any:
        """Not in Slicer's public interface: for tests that choose as a user does."""
        return self._combo

    currentNodeID = QtCore.Property(
        str, lambda self: self._current_id or "", lambda self, node_id: self.setCurrentNodeID(node_id)
    )
    nodeTypes = stored_property("QStringList", "nodeTypes", [], changed="_refresh")
    hideChildNodeTypes = stored_property("QStringList", "hideChildNodeTypes", [], changed="_refresh")
    showHidden = stored_property(bool, "showHidden", False, changed="_refresh")
    showChildNodeTypes = stored_property(bool, "showChildNodeTypes", True, changed="_refresh")
    noneEnabled = stored_property(bool, "noneEnabled", False, changed="_refresh")
    addEnabled = stored_property(bool, "addEnabled", True, changed="_refresh")
    removeEnabled = stored_property(bool, "removeEnabled", True, changed="_refresh")
    editEnabled = stored_property(bool, "editEnabled", False)
    renameEnabled = stored_property(bool, "renameEnabled", False)
    selectNodeUponCreation = stored_property(bool, "selectNodeUponCreation", True)
    noneDisplay = stored_property(str, "noneDisplay", "None", changed="_refresh")
    baseName = stored_property(str, "baseName", "")


class _CheckableCombo(QtWidgets.QComboBox):
    """Shows the names of the checked entries, as ctkCheckableComboBox does."""

    def paintEvent(self, _event: Any) -> None:
        model = self.model()
        items = [model.item(row) for row in range(model.rowCount())]
        option = QtWidgets.QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = ", ".join(i.text() for i in items if i.checkState() == QtCore.Qt.Checked)
        painter = QtWidgets.QStylePainter(self)
        painter.drawComplexControl(QtWidgets.QStyle.CC_ComboBox, option)
        painter.drawControl(QtWidgets.QStyle.CE_ComboBoxLabel, option)
        painter.end()


@standin
class qMRMLCheckableNodeComboBox(qMRMLNodeComboBox):
    """A combo box whose nodes can be checked; nodes are unchecked at first."""

    checkedNodesChanged = QtCore.Signal()

    _checked: frozenset[str] = frozenset()
    _filling = False

    def _make_combo(self) -> Any:
        return _CheckableCombo()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._combo.model().connect("itemChanged(QStandardItem*)", self._item_changed)

    def _fill_combo(self, nodes: list[Any]) -> None:
        self._filling = True
        super()._fill_combo(nodes)
        for index, node_id in enumerate(self._ids):
            item = self._combo.model().item(index)
            item.setCheckable(True)
            item.setCheckState(_check_state(node_id in self._checked))
        self._filling = False
        self._set_checked(self._checked & {node.GetID() for node in nodes})

    def _item_changed(self, item: Any) -> None:
        if not self._filling and item.row() < len(self._ids):
            node_id = {self._ids[item.row()]}
            checked = item.checkState() == QtCore.Qt.Checked
            self._set_checked(self._checked | node_id if checked else self._checked - node_id)

    def _set_checked(self, checked: frozenset[str]) -> None:
        if checked != self._checked:
            self._checked = checked
            self.checkedNodesChanged.emit()

    def checkedNodes(self) -> tuple[Any, ...]:
        return tuple(node for node in self.nodes() if node.GetID() in self._checked)

    def uncheckedNodes(self) -> tuple[Any, ...]:
        return tuple(node for node in self.nodes() if node.GetID() not in self._checked)

    def allChecked(self) -> bool:
        return not self.uncheckedNodes()

    def noneChecked(self) -> bool:
        return not self.checkedNodes()

    def checkState(self, node: Any) -> Any:
        return _check_state(node is not None and node.GetID() in self._checked)

    def setCheckState(self, node: Any, state: Any) -> None:
        self._combo.model().item(self._ids.index(node.GetID())).setCheckState(QtCore.Qt.CheckState(state))

    def check(self, node: Any) -> None:
        self.setCheckState(node, QtCore.Qt.Checked)

    def uncheck(self, node: Any) -> None:
        self.setCheckState(node, QtCore.Qt.Unchecked)


def _check_state(checked: bool) -> Any:
    return QtCore.Qt.Checked if checked else QtCore.Qt.Unchecked


@standin
class qMRMLSegmentSelectorWidget(_SceneWidget, QtWidgets.QWidget):
    """A segmentation node and one of its segments."""

    mrmlSceneChanged = QtCore.Signal(object)
    currentNodeChanged = QtCore.Signal((object,), (bool,))
    currentSegmentChanged = QtCore.Signal(str)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._stop_observing_segments: list[Callable[[], None]] = []
        self._segment_id = ""
        self._nodes = qMRMLNodeComboBox()
        self._nodes.nodeTypes = ["vtkMRMLSegmentationNode"]
        self._nodes.addEnabled = False
        self._nodes.removeEnabled = False
        self._segments = QtWidgets.QComboBox()
        self._layout = QtWidgets.QBoxLayout(QtWidgets.QBoxLayout.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self._nodes)
        self._layout.addWidget(self._segments)
        self._nodes.connect("currentNodeChanged(vtkMRMLNode*)", self._node_changed)
        self._segments.connect("currentIndexChanged(int)", self._segment_changed)

    def _scene_changed(self) -> None:
        self._nodes.setMRMLScene(self.mrmlScene())

    def _node_changed(self, node: Any) -> None:
        for stop in self._stop_observing_segments:
            stop()
        self._stop_observing_segments = []
        if node is not None:
            names = ("SegmentAdded", "SegmentRemoved", "SegmentModified")
            events = [getattr(slicer.vtkSegmentation, name) for name in names]
            self._stop_observing_segments = _observe(node.GetSegmentation(), events, self, "_fill_segments")
        self._fill_segments()
        self.currentNodeChanged._overload(object).emit(node)
        self.currentNodeChanged._overload(bool).emit(node is not None)

    def _fill_segments(self) -> None:
        """As in Slicer: a segment of the ID that was current before is shown and nothing is emitted; otherwise the
        first segment is chosen. Without segments the ID stays what it was."""
        node = self.currentNode()
        self._segments.blockSignals(True)
        self._segments.clear()
        ids = node.GetSegmentation().GetSegmentIDs() if node is not None else ()
        if ids and self.noneEnabled:
            self._segments.addItem("None", "")
        for segment_id in ids:
            self._segments.addItem(node.GetSegmentation().GetSegment(segment_id).GetName(), segment_id)
        restored = self._segments.findData(self._segment_id)
        self._segments.setCurrentIndex(restored)
        self._segments.blockSignals(False)
        if ids and restored < 0:
            self._segments.setCurrentIndex(1 if self.noneEnabled else 0)

    def _segment_changed(self) -> None:
        if self.currentNode() is not None:
            self._segment_id = self._segments.currentData
            self.currentSegmentChanged.emit(self._segment_id)

    def currentNode(self) -> Any:
        return self._nodes.currentNode()

    def currentNodeID(self) -> str:
        return self._nodes.currentNodeID

    def setCurrentNode(self, node: Any) -> None:
        self._nodes.setCurrentNode(node)

    def setCurrentNodeID(self, node_id: str) -> None:
        self._nodes.setCurrentNodeID(node_id)

    def currentSegmentID(self) -> str:
        return self._segment_id

    def setCurrentSegmentID(self, segment_id: str) -> None:
        index = self._segments.findData(segment_id)
        if index >= 0:  # an unknown ID changes nothing
            self._segments.setCurrentIndex(index)

    def _set_horizontal(self, horizontal: bool) -> None:
        directions = QtWidgets.QBoxLayout
        self._layout.setDirection(directions.LeftToRight if horizontal else directions.TopToBottom)

    def _show_node_selector(self) -> None:
        self._nodes.setVisible(self.segmentationNodeSelectorVisible)

    def _set_none_enabled(self, enabled: bool) -> None:
        self._nodes.noneEnabled = enabled
        self._fill_segments()

    noneEnabled = QtCore.Property(bool, lambda self: self._nodes.noneEnabled, _set_none_enabled)
    editEnabled = forwarded_property(bool, "editEnabled", "_nodes")
    segmentationNodeSelectorVisible = stored_property(
        bool, "segmentationNodeSelectorVisible", True, changed="_show_node_selector"
    )
    horizontalLayout = QtCore.Property(
        bool, lambda self: self._layout.direction() == QtWidgets.QBoxLayout.LeftToRight, _set_horizontal
    )


# ---------------------------------------------------------------- tables


@standin
class qMRMLTableView(QtWidgets.QTableView):
    """Shows a table node; the first row shows the column names unless it is locked (then the header does)."""

    mrmlSceneChanged = QtCore.Signal(object)
    selectionChanged = QtCore.Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._scene: Any = None
        self._node: Any = None
        self._view_node: Any = None
        self._stop_observing: list[Callable[[], None]] = []
        self._stop_observing_view: list[Callable[[], None]] = []
        self._model = QtGui.QStandardItemModel(self)
        self.setModel(self._model)
        self.selectionModel().connect("selectionChanged(QItemSelection,QItemSelection)", self._emit_selection_changed)

    def _emit_selection_changed(self) -> None:
        self.selectionChanged.emit()

    def mrmlScene(self) -> Any:
        return self._scene

    def setMRMLScene(self, scene: Any) -> None:
        self._scene = scene
        self.mrmlSceneChanged.emit(scene)

    def mrmlTableNode(self) -> Any:
        return self._node

    def setMRMLTableNode(self, node: Any) -> None:
        for stop in self._stop_observing:
            stop()
        self._node = node
        self._stop_observing = []
        if node is not None:
            self._stop_observing = _observe(node, [vtk.vtkCommand.ModifiedEvent], self, "_refresh")
        self._refresh()

    def mrmlTableViewNode(self) -> Any:
        return self._view_node

    def setMRMLTableViewNode(self, view_node: Any) -> None:
        for stop in self._stop_observing_view:
            stop()
        self._view_node = view_node
        self._stop_observing_view = _observe(view_node, [vtk.vtkCommand.ModifiedEvent], self, "_follow_view_node")
        self._follow_view_node()

    def _follow_view_node(self) -> None:
        if self._view_node.GetTableNode() is not self._node:
            self.setMRMLTableNode(self._view_node.GetTableNode())

    def _refresh(self) -> None:
        model, table = self._model, self._node.GetTable() if self._node is not None else None
        model.clear()
        if table is None:
            return
        names = [table.GetColumnName(column) or "" for column in range(table.GetNumberOfColumns())]
        if self.firstRowLocked:
            model.setHorizontalHeaderLabels([self._heading(name) for name in names])
        else:
            model.appendRow([QtGui.QStandardItem(name) for name in names])
        for row in range(table.GetNumberOfRows()):
            cells = [table.GetValue(row, column).ToString() for column in range(len(names))]
            model.appendRow([QtGui.QStandardItem(cell) for cell in cells])

    def _heading(self, column: str) -> str:
        unit = self._node.GetColumnUnitLabel(column)
        title = self._node.GetColumnTitle(column) or column
        return f"{title} [{unit}]" if unit else title

    def _lock_first_row(self, locked: bool) -> None:
        if self._node is not None:
            self._node.SetUseColumnTitleAsColumnHeader(locked)

    firstRowLocked = QtCore.Property(
        bool, lambda self: self._node is not None and self._node.GetUseColumnTitleAsColumnHeader(), _lock_first_row
    )


def install() -> None:
    """Offer the widgets as ``slicer.qMRML...``, where Slicer has them."""
    for name, cls in custom_widgets.items():
        if name.startswith("qMRML"):
            setattr(slicer, name, cls)
