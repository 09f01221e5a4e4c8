"""transformix of the itk-elastix package as a program, for tests: run as a script in a process of its own.

    python transformix_points.py POINT_FILE IMAGE FOLDER TRANSFORM_FILE...

For each transform file, writes outputpoints.txt and the warped image result.mha into a folder in FOLDER that has the
transform file's name without .txt.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np


def write_points(path: Path, points: np.ndarray) -> None:
    """A point file of transformix (n x 3, mm)."""
    lines = [" ".join(repr(value) for value in point) for point in np.asarray(points, float).tolist()]
    path.write_text("\n".join(["point", str(len(lines)), *lines]) + "\n")


def read_output_points(path: Path) -> np.ndarray:
    """The mapped points (n x 3, mm) of an outputpoints.txt."""
    found = re.findall(r"OutputPoint = \[([^\]]*)\]", path.read_text())
    return np.array([[float(value) for value in point.split()] for point in found])


def main(point_file: str, image_file: str, folder: str, *transform_files: str) -> None:
    import itk.itkImageFileReaderPython as reader_module
    import itk.itkImageFileWriterPython as writer_module
    import itk.itkMetaImageIOPython as meta_image
    import itk.itkTransformixFilterPython as transformix_module

    reader = reader_module.itkImageFileReaderIF3_New()
    reader.SetImageIO(meta_image.itkMetaImageIO.New())
    reader.SetFileName(image_file)
    reader.Update()
    for transform_file in transform_files:
        output = Path(folder) / Path(transform_file).stem
        output.mkdir()
        transformix = transformix_module.itkTransformixFilterIF3_New()
        transformix.SetMovingImage(reader.GetOutput())
        transformix.SetTransformParameterFileName(transform_file)
        transformix.SetFixedPointSetFileName(point_file)
        transformix.SetOutputDirectory(str(output))
        transformix.Update()
        writer = writer_module.itkImageFileWriterIF3.New()
        writer.SetImageIO(meta_image.itkMetaImageIO.New())
        writer.SetInput(transformix.GetOutput())
        writer.SetFileName(str(output / "result.mha"))
        writer.Update()


if __name__ == "__main__":
    main(*sys.argv[1:])
