"""The thickness map as a coloured surface: a file that Slicer and ParaView show with a scalar bar."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..files import atomic_path
from .knee import KneeMeasurement
from .meshes import to_polydata

THICKNESS = "thickness_mm"
REGION = "region"


def thickness_model(measurement: KneeMeasurement) -> Any:
    """The bone's surface under the cartilage as ``vtkPolyData``, in mm (LPS).

    Its points have the array :data:`THICKNESS` (0 on bare bone that cartilage surrounds), which is the active one, and
    :data:`REGION`, the number of their :class:`.regions.Part`.
    """
    from vtkmodules.util.numpy_support import numpy_to_vtk

    surface = measurement.surface
    enclosed = surface.enclosed
    mesh, kept = surface.bone.part(surface.covered | enclosed)
    polydata = to_polydata(mesh)
    values = np.where(enclosed, 0.0, measurement.thickness)[kept]
    for name, content in ((THICKNESS, values.astype(np.float32)), (REGION, measurement.parts[kept])):
        array = numpy_to_vtk(np.ascontiguousarray(content), deep=True)
        array.SetName(name)
        polydata.GetPointData().AddArray(array)
    polydata.GetPointData().SetActiveScalars(THICKNESS)
    return polydata


def write_model(measurement: KneeMeasurement, path: str | Path) -> None:
    """Write :func:`thickness_model` as a ``.vtp`` file (LPS, as Slicer reads them).

    :raises OSError: if it cannot be written.
    """
    from vtkmodules.vtkIOXML import vtkXMLPolyDataWriter

    writer = vtkXMLPolyDataWriter()
    writer.SetInputData(thickness_model(measurement))
    with atomic_path(path) as temporary:
        writer.SetFileName(str(temporary))
        if not writer.Write():
            raise OSError(f"'{path}' could not be written")
