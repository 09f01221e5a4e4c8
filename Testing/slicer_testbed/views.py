"""``slicer.app.layoutManager()``: slice, 3D, table and plot views of the layout.

The layout, view nodes, slice logics and displayable managers are slicer-core's; the views render offscreen, each when
it is first looked at. In Slicer the views are Qt widgets; here they are plain objects with the methods that modules
call. The table view is the qMRMLTableView stand-in; a plot view has no window (see screenshots.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import vtk_to_numpy

from .plot_view import PlotView
from .qmrml_standin import qMRMLTableView
from .qt_standin import QtCore

SLICE_MANAGERS = (
    "vtkMRMLModelSliceDisplayableManager",
    "vtkMRMLCrosshairDisplayableManager",
    "vtkMRMLOrientationMarkerDisplayableManager",
    "vtkMRMLRulerDisplayableManager",
    "vtkMRMLSegmentationsDisplayableManager2D",
    "vtkMRMLMarkupsDisplayableManager",
    "vtkMRMLTransformsDisplayableManager2D",
    "vtkMRMLColorLegendDisplayableManager",
)
THREE_D_MANAGERS = (
    "vtkMRMLCameraDisplayableManager",
    "vtkMRMLViewDisplayableManager",
    "vtkMRMLModelDisplayableManager",
    "vtkMRMLThreeDReformatDisplayableManager",
    "vtkMRMLCrosshairDisplayableManager3D",
    "vtkMRMLOrientationMarkerDisplayableManager",
    "vtkMRMLRulerDisplayableManager",
    "vtkMRMLSegmentationsDisplayableManager3D",
    "vtkMRMLMarkupsDisplayableManager",
    "vtkMRMLTransformsDisplayableManager3D",
    "vtkMRMLColorLegendDisplayableManager",
)
DEFAULT_SIZE = (400, 400)


class _RenderedView:
    """An offscreen window with the displayable managers of one view node."""

    def __init__(self, application_logic: Any, node: Any, factory_class: Any, managers: tuple[str, ...]) -> None:
        self._application_logic = application_logic
        self._node = node
        self._factory_class = factory_class
        self._managers = managers
        self._window: Any = None
        self._render_timer: Any = None

    def _realize(self) -> Any:
        """Make the window when it is first needed: that takes a few tenths of a second."""
        if self._window is None:
            self._renderer = vtk.vtkRenderer()
            self._window = vtk.vtkRenderWindow()
            self._window.SetOffScreenRendering(1)
            self._window.SetMultiSamples(0)
            self._window.AddRenderer(self._renderer)
            self._interactor = vtk.vtkRenderWindowInteractor()
            self._interactor.SetRenderWindow(self._window)
            self._interactor.Initialize()
            self._window.SetSize(*DEFAULT_SIZE)
            self._add_own_actors()
            self._add_displayable_managers()
        return self._window

    def _add_own_actors(self) -> None:
        """What the view itself draws, below the displayable managers' actors."""

    def _add_displayable_managers(self) -> None:
        factory = self._factory_class.GetInstance()
        factory.SetMRMLApplicationLogic(self._application_logic)
        for name in self._managers:
            if not factory.IsDisplayableManagerRegistered(name):
                factory.RegisterDisplayableManager(name)
        self._group = slicer.vtkMRMLDisplayableManagerGroup()
        self._group.SetRenderer(self._renderer)
        self._group.Initialize(factory, self._renderer)
        self._group.SetMRMLDisplayableNode(self._node)

    def renderWindow(self) -> Any:
        return self._realize()

    def interactor(self) -> Any:
        self._realize()
        return self._interactor

    def scheduleRender(self) -> None:
        """Nobody looks at the window between two screenshots, unless it is live."""
        if self._render_timer is not None and not self._render_timer.active:
            self._render_timer.start(0)

    @property
    def is_live(self) -> bool:
        """Whether it renders whenever something has changed."""
        return self._render_timer is not None

    def go_live(self) -> None:
        """From now on render whenever something has changed, each view in an event of its own, as in Slicer."""
        self._realize()
        self._render_timer = QtCore.QTimer()
        self._render_timer.setSingleShot(True)
        self._render_timer.connect("timeout()", self.forceRender)
        self._group.AddObserver(vtk.vtkCommand.UpdateEvent, lambda *_: self.scheduleRender())

    def forceRender(self) -> None:
        self._realize().Render()

    def _pixels(self, size: tuple[int, int]) -> np.ndarray:
        """What the view shows: uint8, (height, width, 3), first row on top."""
        window = self._realize()
        window.SetSize(*size)
        self.forceRender()
        grabber = vtk.vtkWindowToImageFilter()
        grabber.SetInput(window)
        grabber.ReadFrontBufferOff()
        grabber.Update()
        image = grabber.GetOutput()
        width, height, _ = image.GetDimensions()
        return vtk_to_numpy(image.GetPointData().GetScalars()).reshape(height, width, -1)[::-1, :, :3].copy()


class SliceView(_RenderedView):
    """``sliceWidget.sliceView()``."""

    def __init__(self, application_logic: Any, logic: Any) -> None:
        super().__init__(
            application_logic, logic.GetSliceNode(), slicer.vtkMRMLSliceViewDisplayableManagerFactory, SLICE_MANAGERS
        )
        self._logic = logic

    def mrmlSliceNode(self) -> Any:
        return self._node

    def _add_own_actors(self) -> None:
        # Added before the displayable managers, or half-transparent overlays blend with black instead of the image.
        self._renderer.GetActiveCamera().ParallelProjectionOn()
        self._mapper = vtk.vtkImageMapper()
        self._mapper.SetColorWindow(255)
        self._mapper.SetColorLevel(127.5)
        self._image_actor = vtk.vtkActor2D()
        self._image_actor.SetMapper(self._mapper)
        self._image_actor.GetProperty().SetDisplayLocationToBackground()
        self._renderer.AddViewProp(self._image_actor)

    def forceRender(self) -> None:
        self._realize()
        image = self._logic.GetImageDataConnection()
        self._mapper.SetInputConnection(image)
        self._image_actor.SetVisibility(image is not None)
        super().forceRender()

    def go_live(self) -> None:
        super().go_live()
        self._logic.AddObserver(vtk.vtkCommand.ModifiedEvent, lambda *_: self.scheduleRender())

    def _pixels(self, size: tuple[int, int]) -> np.ndarray:
        self._logic.ResizeSliceNode(*size)
        return super()._pixels(size)


class ThreeDView(_RenderedView):
    """``threeDWidget.threeDView()``."""

    def __init__(self, application_logic: Any, node: Any) -> None:
        super().__init__(application_logic, node, slicer.vtkMRMLThreeDViewDisplayableManagerFactory, THREE_D_MANAGERS)

    def mrmlViewNode(self) -> Any:
        return self._node

    def resetFocalPoint(self) -> None:
        """Turn the camera to the middle of what is shown; its distance and direction stay."""
        self._realize()
        bounds = self._renderer.ComputeVisiblePropBounds()
        if bounds[0] <= bounds[1]:
            camera = self._renderer.GetActiveCamera()
            shift = [(bounds[2 * i] + bounds[2 * i + 1]) / 2 - camera.GetFocalPoint()[i] for i in range(3)]
            camera.SetPosition(*(p + s for p, s in zip(camera.GetPosition(), shift)))
            camera.SetFocalPoint(*(f + s for f, s in zip(camera.GetFocalPoint(), shift)))
            self._renderer.ResetCameraClippingRange()

    def resetCamera(self) -> None:
        self._realize()
        self._renderer.ResetCamera()
        self._renderer.ResetCameraClippingRange()


class SliceWidget:
    """``layoutManager.sliceWidget("Red")``."""

    def __init__(self, application_logic: Any, logic: Any) -> None:
        self._logic = logic
        self._view = SliceView(application_logic, logic)

    def sliceLogic(self) -> Any:
        return self._logic

    def mrmlSliceNode(self) -> Any:
        return self._logic.GetSliceNode()

    def sliceView(self) -> SliceView:
        return self._view

    def fitSliceToBackground(self) -> None:
        self._logic.FitSliceToBackground()


class ThreeDWidget:
    """``layoutManager.threeDWidget(0)``."""

    def __init__(self, application_logic: Any, node: Any) -> None:
        self._view = ThreeDView(application_logic, node)

    def threeDView(self) -> ThreeDView:
        return self._view

    def mrmlViewNode(self) -> Any:
        return self._view.mrmlViewNode()


class TableWidget:
    """``layoutManager.tableWidget(0)``."""

    def __init__(self, node: Any) -> None:
        self._view = qMRMLTableView()
        self._view.setMRMLScene(slicer.mrmlScene)
        self._view.setMRMLTableViewNode(node)

    def tableView(self) -> Any:
        return self._view

    def mrmlTableViewNode(self) -> Any:
        return self._view.mrmlTableViewNode()


class PlotWidget:
    """``layoutManager.plotWidget(0)``."""

    def __init__(self, node: Any) -> None:
        self._view = PlotView(node)

    def plotView(self) -> PlotView:
        return self._view

    def mrmlPlotViewNode(self) -> Any:
        return self._view.mrmlPlotViewNode()


class LayoutManager:
    """Follows the layout node: a widget for every view that the current layout shows."""

    def __init__(self, application_logic: Any, scene: Any) -> None:
        self._application_logic = application_logic
        self._scene = scene
        self._layout_logic = slicer.vtkMRMLLayoutLogic()
        self._layout_logic.SetMRMLScene(scene)
        self._layout_node = self._layout_logic.GetLayoutNode()
        self._widgets: dict[str, Any] = {}
        self._mapped: list[Any] = []
        self._following = False
        self._layout_node.AddObserver(vtk.vtkCommand.ModifiedEvent, lambda *_: self._follow_layout())
        self._follow_layout()

    # ------------------------------------------------------------ Slicer's interface

    @property
    def layout(self) -> int:
        return self._layout_node.GetViewArrangement()

    @layout.setter
    def layout(self, layout: int) -> None:
        self.setLayout(layout)

    def setLayout(self, layout: int) -> None:
        self._layout_node.SetViewArrangement(layout)

    def layoutLogic(self) -> Any:
        return self._layout_logic

    def sliceViewNames(self) -> tuple[str, ...]:
        return tuple(node.GetLayoutName() for node in self._mapped if node.IsA("vtkMRMLSliceNode"))

    def sliceWidget(self, name: str) -> SliceWidget | None:
        node = self._scene.GetSingletonNode(name, "vtkMRMLSliceNode")
        return self._widgets.get(node.GetID()) if node is not None else None

    def mrmlSliceLogics(self) -> Any:
        return self._application_logic.GetSliceLogics()

    @property
    def threeDViewCount(self) -> int:
        return len(self._shown("vtkMRMLViewNode"))

    def threeDWidget(self, index: int) -> ThreeDWidget | None:
        return self._shown_widget("vtkMRMLViewNode", index)

    @property
    def tableViewCount(self) -> int:
        return len(self._shown("vtkMRMLTableViewNode"))

    def tableWidget(self, index: int) -> TableWidget | None:
        return self._shown_widget("vtkMRMLTableViewNode", index)

    @property
    def plotViewCount(self) -> int:
        return len(self._shown("vtkMRMLPlotViewNode"))

    def plotWidget(self, index: int) -> PlotWidget | None:
        return self._shown_widget("vtkMRMLPlotViewNode", index)

    def resetSliceViews(self) -> None:
        for name in self.sliceViewNames():
            logic = self.sliceWidget(name).sliceLogic()
            logic.FitSliceToBackground()
            logic.SnapSliceOffsetToIJK()

    def resetThreeDViews(self) -> None:
        for node in self._shown("vtkMRMLViewNode"):
            view = self._widgets[node.GetID()].threeDView()
            view.resetFocalPoint()
            view.resetCamera()

    # ------------------------------------------------------------ following the layout

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and name != "layout":
            raise AttributeError(f"'{name}' does not exist on qSlicerLayoutManager.")
        super().__setattr__(name, value)

    def _shown(self, class_name: str) -> list[Any]:
        return [node for node in self._mapped if node.GetClassName() == class_name]

    def _shown_widget(self, class_name: str, index: int) -> Any:
        nodes = self._shown(class_name)
        return self._widgets[nodes[index].GetID()] if 0 <= index < len(nodes) else None

    def _follow_layout(self) -> None:
        if self._following:
            return
        self._following = True
        try:
            views = self._layout_logic.GetViewNodes()
            nodes = [views.GetItemAsObject(index) for index in range(views.GetNumberOfItems())]
            for node in self._mapped:
                node.SetMappedInLayout(int(node in nodes))
            for node in nodes:
                node.SetMappedInLayout(1)
                if node.GetID() not in self._widgets:
                    self._widgets[node.GetID()] = self._make_widget(node)
            self._mapped = nodes
        finally:
            self._following = False

    def _make_widget(self, node: Any) -> Any:
        logic = self._application_logic
        if node.IsA("vtkMRMLSliceNode"):
            return SliceWidget(logic, self._make_slice_logic(node))
        if node.IsA("vtkMRMLViewNode"):
            return ThreeDWidget(logic, node)
        return TableWidget(node) if node.IsA("vtkMRMLTableViewNode") else PlotWidget(node)

    def _make_slice_logic(self, node: Any) -> Any:
        logic = slicer.vtkMRMLSliceLogic()
        logic.SetMRMLApplicationLogic(self._application_logic)
        self.mrmlSliceLogics().AddItem(logic)
        logic.SetMRMLScene(self._scene)
        logic.SetSliceNode(node)
        logic.ResizeSliceNode(*DEFAULT_SIZE)
        return logic
