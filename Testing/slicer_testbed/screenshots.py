"""Pictures of what a user would see: the module panel, slice and 3D views, plots, and all of it together.

Every function returns the picture as uint8 array (height, width, 3), first row on top, and writes a PNG if it gets a
path. Panels are Qt's own drawing; views are rendered offscreen by VTK, with Slicer's displayable managers or as a VTK
chart.
"""

from __future__ import annotations

import os
from typing import Any, Union

import numpy as np
import slicer
import slicer.util
import vtk
from vtk.util.numpy_support import numpy_to_vtk

from .qt_standin import QtGui
from .views import DEFAULT_SIZE

#: Where the PNG goes; None for no file.
Target = Union[str, "os.PathLike[str]", None]


class Screenshots:
    """``bed.screenshots`` (fixture ``screenshots``)."""

    def __init__(self, bed: Any) -> None:
        self._bed = bed

    def panel(self, name: str, path: Target = None, width: int = 460) -> np.ndarray:
        """The panel of a module at its full height, whether it is the selected module or not."""
        representation = slicer.util.getModule(name).widgetRepresentation()
        self._bed.process_events()
        selected = slicer.util.selectedModule() == name
        window = slicer.util.mainWindow() if selected else representation
        window.resize(width, max(representation.sizeHint.height(), 100))
        self._bed.process_events()
        return _saved(_widget_pixels(representation), path)

    def widget(self, widget: Any, path: Target = None) -> np.ndarray:
        """Any widget at its present size, for instance a table view."""
        return _saved(_widget_pixels(widget), path)

    def slice_view(self, name: str = "Red", path: Target = None, size: tuple[int, int] = DEFAULT_SIZE) -> np.ndarray:
        """One slice view of the layout."""
        self._bed.process_events()
        return _saved(slicer.app.layoutManager().sliceWidget(name).sliceView()._pixels(size), path)

    def slice_views(self, path: Target = None, size: tuple[int, int] = DEFAULT_SIZE) -> np.ndarray:
        """Red, Yellow and Green side by side."""
        return _saved(np.hstack([self.slice_view(name, None, size) for name in ("Red", "Yellow", "Green")]), path)

    def three_d_view(self, path: Target = None, size: tuple[int, int] = DEFAULT_SIZE) -> np.ndarray:
        """The first 3D view of the layout."""
        self._bed.process_events()
        return _saved(slicer.app.layoutManager().threeDWidget(0).threeDView()._pixels(size), path)

    def window(self, name: str, path: Target = None, size: tuple[int, int] = DEFAULT_SIZE) -> np.ndarray:
        """The panel at the left and the views at the right, as Slicer's window shows them: four-up, or with a plot."""
        views = self._views_with_plot(size) if slicer.app.layoutManager().plotViewCount else self._four_up(size)
        panel = self.panel(name)
        height = max(panel.shape[0], views.shape[0])
        return _saved(np.hstack([_padded(panel, height, 239), _padded(views, height, 0)]), path)

    def _four_up(self, size: tuple[int, int]) -> np.ndarray:
        upper = [self.slice_view("Red", None, size), self.three_d_view(None, size)]
        lower = [self.slice_view("Green", None, size), self.slice_view("Yellow", None, size)]
        return np.vstack([np.hstack(upper), np.hstack(lower)])

    def _views_with_plot(self, size: tuple[int, int]) -> np.ndarray:
        """The conventional layout with a plot: the surface and the plot above three slices."""
        wide = (size[0] * 3 // 2, size[1])
        upper = [self.three_d_view(None, wide), self.plot_view(None, wide)]
        lower = [self.slice_view(name, None, size) for name in ("Red", "Green", "Yellow")]
        return np.vstack([np.hstack(upper), np.hstack(lower)])

    def plot_view(self, path: Target = None, size: tuple[int, int] = (600, 500)) -> np.ndarray:
        """The first plot view of the layout."""
        self._bed.process_events()
        return _saved(slicer.app.layoutManager().plotWidget(0).plotView()._pixels(size), path)


def _saved(pixels: np.ndarray, path: Target) -> np.ndarray:
    if path is not None:
        image = vtk.vtkImageData()
        image.SetDimensions(pixels.shape[1], pixels.shape[0], 1)
        image.GetPointData().SetScalars(numpy_to_vtk(pixels[::-1].reshape(-1, 3), deep=True))
        writer = vtk.vtkPNGWriter()
        writer.SetInputData(image)
        writer.SetFileName(os.fspath(path))
        writer.Write()
    return pixels


def _padded(pixels: np.ndarray, height: int, gray: int) -> np.ndarray:
    return np.pad(pixels, ((0, height - pixels.shape[0]), (0, 0), (0, 0)), constant_values=gray)


def _widget_pixels(widget: Any) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QtGui.QImage.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()
