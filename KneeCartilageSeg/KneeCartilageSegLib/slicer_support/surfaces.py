"""Surfaces of masks for 3D views, made in a thread while Slicer stays usable.

Slicer makes them itself when they are first shown, in the main thread: for a femur that takes a tenth of a second.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import vtk
from vtk.util.numpy_support import numpy_to_vtk

# What Slicer shall do when a segment is edited later: surface nets with their own smoothing look like its default, and
# take a sixth of the time.
CONVERSION = {"Conversion method": "1", "SurfaceNets smoothing": "1", "Smoothing factor": "0.8"}


def closed_surface(array: np.ndarray, first: np.ndarray, ijk_to_ras: Any) -> Any:
    """The surface of a mask (vtkPolyData, RAS, mm) as Slicer's conversion with :data:`CONVERSION` makes it.

    :param array: a part of a mask that holds all of it, (z, y, x).
    :param first: index (x, y, z) of the part's first voxel.
    :param ijk_to_ras: vtkMatrix4x4 of the mask.
    """
    image = vtk.vtkImageData()
    image.SetDimensions(*(n + 2 for n in array.shape[::-1]))
    image.SetOrigin(*(float(n) - 1 for n in first))
    # The empty border closes the surface where the mask ends.
    image.GetPointData().SetScalars(numpy_to_vtk(np.pad(array, 1).ravel(), deep=True))
    nets = vtk.vtkSurfaceNets3D()
    nets.SetInputData(image)
    nets.SetValue(0, 1)
    nets.SetOutputMeshTypeToTriangles()
    # Update, not its outputs' first use, is what gives Python's lock away.
    nets.Update()
    to_ras = vtk.vtkTransform()
    to_ras.SetMatrix(ijk_to_ras)
    transformed = vtk.vtkTransformPolyDataFilter()
    transformed.SetInputData(nets.GetOutput())
    transformed.SetTransform(to_ras)
    transformed.Update()
    return transformed.GetOutput()
