"""The process in which itk-elastix runs: a registration a line on standard input, an answer a line on standard output.

Started by :class:`.package.PackageEngine`. It ends when its input ends, also in the middle of a registration, so it
does not outlive its parent, however that dies.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def main() -> int:
    # elastix prints on the process's standard output; ours has to stay clean for the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    tools = _load()
    for line in sys.stdin:
        try:
            with _ended_by_end_of_input():
                _register(tools, json.loads(line))
            answer = {"error": ""}
        except Exception as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), file=answers, flush=True)
    return 0


@contextmanager
def _ended_by_end_of_input() -> Iterator[None]:
    """Let the system end this process, busy or not, when its parent's end of the input closes.

    Nothing is sent to a worker that is busy, so the only thing that can happen to its input is that it ends. Linux then
    sends SIGIO, which ends a process; elsewhere the worker ends after its registration.
    """
    if sys.platform != "linux":
        yield
        return
    import fcntl

    flags = fcntl.fcntl(0, fcntl.F_GETFL)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, flags | os.O_ASYNC)
    try:
        yield
    finally:
        fcntl.fcntl(0, fcntl.F_SETFL, flags)


def _load() -> dict[str, Any]:
    """The wrapped classes that are needed. `from itk import ...` would load a hundred modules and take ten seconds."""
    import itk.elxParameterObjectPython as parameter_object
    import itk.itkElastixRegistrationMethodPython as method
    import itk.itkImageFileReaderPython as reader
    import itk.itkMetaImageIOPython as meta_image

    return {
        "method": method.itkElastixRegistrationMethodIF3IF3_New,
        "parameters": parameter_object.elastixParameterObject_New,
        "image": reader.itkImageFileReaderIF3_New,
        "mask": reader.itkImageFileReaderIUC3_New,
        "io": meta_image.itkMetaImageIO.New,
    }


def _register(tools: dict[str, Any], question: dict[str, Any]) -> None:
    def read(kind: str, path: str) -> Any:
        reader = tools[kind]()
        reader.SetImageIO(tools["io"]())
        reader.SetFileName(path)
        reader.Update()
        return reader.GetOutput()

    parameters = tools["parameters"]()
    parameters.ReadParameterFile(question["parameters"])
    elastix = tools["method"]()
    elastix.SetFixedImage(read("image", question["fixed"]))
    elastix.SetMovingImage(read("image", question["moving"]))
    if question["fixed_mask"]:
        elastix.SetFixedMask(read("mask", question["fixed_mask"]))
    if question["moving_mask"]:
        elastix.SetMovingMask(read("mask", question["moving_mask"]))
    if question["initial_transform"]:
        elastix.SetInitialTransformParameterFileName(question["initial_transform"])
    elastix.SetParameterObject(parameters)
    elastix.SetOutputDirectory(question["output"])
    elastix.SetLogFileName(question["log"])
    elastix.LogToFileOn()
    elastix.LogToConsoleOff()
    elastix.UpdateLargestPossibleRegion()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        sys.exit(0)  # nobody waits for the answer any more
