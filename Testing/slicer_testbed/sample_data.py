"""The ``SampleData`` module: sources that a module registers, with file:// addresses or a function as downloader.

As in Slicer, only the button of a source calls its function (``SlicerBed.click_sample``); ``downloadSample`` does not.
"""

from __future__ import annotations

import os
import shutil
import types
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import slicer
import slicer.util


@dataclass(frozen=True)
class SampleDataSource:
    """One data set, as registered."""

    sampleName: str
    uris: list[str]
    fileNames: list[str]
    nodeNames: list[str]
    checksums: list[str]
    loadFileTypes: list[str]
    customDownloader: Callable[[Any], Any] | None
    thumbnailFileName: str | None


class SampleDataLogic:
    """Registers and downloads data sets; the registry is ``slicer.modules.sampleDataSources``, as in Slicer."""

    @staticmethod
    def registerCustomSampleDataSource(
        category: str = "Custom",
        sampleName: str | None = None,
        uris: Any = None,
        fileNames: Any = None,
        nodeNames: Any = None,
        customDownloader: Any = None,
        thumbnailFileName: str | None = None,
        loadFileTypes: Any = None,
        loadFiles: Any = None,
        loadFileProperties: Any = None,
        checksums: Any = None,
        loadFileType: Any = None,
    ) -> None:
        if not sampleName:
            raise ValueError("A sample data source needs a sampleName.")
        if thumbnailFileName and not os.path.isfile(thumbnailFileName):
            raise ValueError(f"The thumbnail of '{sampleName}' does not exist: {thumbnailFileName}")
        types_ = loadFileTypes or loadFileType
        if isinstance(uris, str):
            uris, fileNames, nodeNames, checksums, types_ = [uris], [fileNames], [nodeNames], [checksums], [types_]
        size = len(uris)  # as in Slicer also with a customDownloader: uris must not be None then, and neither fileNames
        columns = [fileNames, *(_column(value, size) for value in (nodeNames, checksums, types_))]
        if any(len(column) != size for column in columns):
            raise ValueError(f"'{sampleName}': uris, fileNames, nodeNames, checksums and types differ in length.")
        source = SampleDataSource(sampleName, list(uris), *columns, customDownloader, thumbnailFileName)
        _registry().setdefault(category, []).append(source)

    def sourceForSampleName(self, sampleName: str) -> SampleDataSource | None:
        every = (source for sources in _registry().values() for source in sources)
        return next((source for source in every if source.sampleName == sampleName), None)

    def downloadSample(self, sampleName: str) -> Any:
        return self.downloadSamples(sampleName)[0]

    def downloadSamples(self, sampleName: str) -> list[Any]:
        source = self.sourceForSampleName(sampleName)
        if source is None:
            raise RuntimeError(f"There is no sample data source named '{sampleName}'.")
        return self.downloadFromSource(source)

    def downloadFromSource(self, source: SampleDataSource) -> list[Any]:
        return [self._load(source, index) for index in range(len(source.uris))]

    @staticmethod
    def _load(source: SampleDataSource, index: int) -> Any:
        parts = urllib.parse.urlparse(source.uris[index])
        if parts.scheme != "file":
            raise RuntimeError(f"The test bed does not download: {source.uris[index]}")
        target = os.path.join(slicer.app.temporaryPath, source.fileNames[index])
        shutil.copyfile(urllib.request.url2pathname(parts.path), target)
        if source.checksums[index]:
            algorithm, digest = source.checksums[index].split(":")
            if slicer.util.computeChecksum(algorithm, target) != digest:
                raise RuntimeError(f"The checksum of {target} is not {digest}.")
        properties = {"name": source.nodeNames[index]} if source.nodeNames[index] else {}
        return slicer.util.loadNodeFromFile(target, source.loadFileTypes[index] or "VolumeFile", properties)


def _column(value: Any, size: int) -> list[Any]:
    """One value per file; a type is the same for all."""
    return list(value) if isinstance(value, (list, tuple)) else [value] * size


def _registry() -> dict[str, list[SampleDataSource]]:
    if not hasattr(slicer.modules, "sampleDataSources"):
        slicer.modules.sampleDataSources = {}
    return slicer.modules.sampleDataSources


def build_module() -> types.ModuleType:
    """The module to be ``sys.modules["SampleData"]``."""
    module = types.ModuleType("SampleData", "Stand-in for Slicer's module of this name.")
    module.SampleDataLogic = SampleDataLogic
    module.downloadSample = lambda name: SampleDataLogic().downloadSample(name)
    module.downloadSamples = lambda name: SampleDataLogic().downloadSamples(name)
    return module
