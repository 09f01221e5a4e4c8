"""Surfaces as triangles. Needs vtk, which Slicer has and the extra "measure" installs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from ..errors import KneeError
from ..images.grid import Grid


@dataclass(frozen=True)
class Mesh:
    """A triangle mesh.

    :param points: n x 3, mm, LPS.
    :param triangles: m x 3, indices of points, counterclockwise seen from outside.
    """

    points: np.ndarray
    triangles: np.ndarray

    @property
    def area_vectors(self) -> np.ndarray:
        """Of each triangle (m x 3, mm2): along its normal, as long as its area."""
        first, second, third = (self.points[self.triangles[:, i]] for i in range(3))
        return np.cross(second - first, third - first) / 2

    def areas_along(self, normals: np.ndarray) -> np.ndarray:
        """The area that each point stands for (n, mm2), if triangles count as large as they are seen along the normals
        of their points.

        :param normals: of the points (n x 3, unit).
        """
        seen = np.einsum("ij,ikj->ik", self.area_vectors, normals[self.triangles]) / 3
        return np.maximum(np.bincount(self.triangles.ravel(), seen.ravel(), len(self.points)), 0.0)

    @cached_property
    def neighbors(self) -> csr_matrix:
        """Sparse n x n: which points share an edge."""
        edges = np.concatenate([self.triangles[:, [0, 1]], self.triangles[:, [1, 2]], self.triangles[:, [2, 0]]])
        ones = np.ones(2 * len(edges), np.uint8)
        rows, columns = np.concatenate([edges, edges[:, ::-1]]).T
        return coo_matrix((ones, (rows, columns)), (len(self.points),) * 2).tocsr()

    def part(self, chosen: np.ndarray) -> tuple[Mesh, np.ndarray]:
        """The triangles whose three points are all chosen (n, bool), and the indices of the points that are left."""
        triangles = self.triangles[chosen[self.triangles].all(axis=1)]
        kept, renumbered = np.unique(triangles, return_inverse=True)
        return Mesh(self.points[kept], renumbered.reshape(triangles.shape)), kept


def need_vtk() -> None:
    """Make sure that vtk is there.

    :raises KneeError: if it is not.
    """
    try:
        import vtkmodules  # noqa: F401
    except ImportError as error:
        remedy = "Run 'pip install vtk', or the command with Slicer's Python, which has it"
        raise KneeError(f"measuring cartilage needs vtk, which is not installed. {remedy}.") from error


def isosurface(values: np.ndarray, level: float, grid: Grid) -> Mesh:
    """The surface where values that are interpolated linearly reach a level.

    :param values: z, y, x; larger inside.
    :param grid: where the values lie; any affine grid, left-handed ones included.
    """
    from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D

    image = vtkImageData()
    image.SetDimensions(*(int(n) for n in grid.size))
    flat = np.ascontiguousarray(values, np.float32).ravel()
    image.GetPointData().SetScalars(numpy_to_vtk(flat))
    contour = vtkFlyingEdges3D()
    contour.SetInputData(image)
    contour.SetValue(0, level)
    contour.ComputeNormalsOff()
    contour.ComputeGradientsOff()
    contour.ComputeScalarsOff()
    contour.Update()
    output = contour.GetOutput()
    if not output.GetNumberOfPoints():
        return Mesh(np.empty((0, 3)), np.empty((0, 3), int))
    points = grid.points(vtk_to_numpy(output.GetPoints().GetData()).astype(float))
    triangles = vtk_to_numpy(output.GetPolys().GetConnectivityArray()).reshape(-1, 3).astype(int)
    return Mesh(points, triangles if np.linalg.det(grid.matrix) > 0 else triangles[:, ::-1])


def to_polydata(mesh: Mesh):  # type: ignore[no-untyped-def]
    """The mesh as ``vtkPolyData``, in its own coordinates."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData

    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(mesh.points, np.float64), deep=True))
    cells = vtkCellArray()
    offsets = np.arange(0, 3 * len(mesh.triangles) + 1, 3)
    cells.SetData(
        numpy_to_vtkIdTypeArray(offsets.astype(np.int64), deep=True),
        numpy_to_vtkIdTypeArray(np.ascontiguousarray(mesh.triangles, np.int64).ravel(), deep=True),
    )
    polydata = vtkPolyData()
    polydata.SetPoints(points)
    polydata.SetPolys(cells)
    return polydata
