"""The files of a fitted map: the map, its quality and amplitude, and what they were made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import Problem
from ..files import atomic_path, checksum, split_name
from ..images.files import write_image
from ..outputs import Kind, record, recorded, replacing_problem
from ..records import versions, write_json
from .decay import DecayFit
from .echoes import Echo, echo_records

FORMAT = "KneeCartilageSeg map 1"


@dataclass(frozen=True)
class MapFiles:
    """The files of a map.

    :param map: that of the relaxation times; the others lie beside it.
    """

    map: Path

    @property
    def images(self) -> dict[str, Path]:
        """The images, by the attribute of :class:`.decay.DecayFit` that they hold."""
        return {"time": self.map, "quality": self._beside("quality"), "amplitude": self._beside("amplitude")}

    @property
    def record(self) -> Path:
        """What they were made from, and their checksums."""
        return self.map.with_name(f"{split_name(self.map)[0]}_record.json")

    @property
    def kind(self) -> Kind:
        """The images, as earlier ones are recognized."""
        return recorded("a map that this command wrote", self.record, FORMAT)

    def problems(self, what: str) -> list[Problem]:
        """What would be replaced that is no earlier file of the same kind.

        :param what: for the user, the option that named the map.
        """
        kind, ours = self.kind, record("a record of a map", FORMAT)
        images = [(f"{what}: '{path}'", path, kind) for path in self.images.values()]
        wanted = [*images, (f"the record '{self.record}'", self.record, ours)]
        return [problem for named, path, as_kind in wanted for problem in replacing_problem(named, path, as_kind)]

    def write(self, fit: DecayFit, echoes: Sequence[Echo], threshold: float | None = None) -> None:
        """Write the images and the record.

        :param threshold: the background's, if the user gave it.
        :raises OSError: if one could not be written.
        """
        for key, path in self.images.items():
            with atomic_path(path) as temporary:
                write_image(getattr(fit, key), temporary)
        written = {path.name: checksum(path) for path in self.images.values()}
        head = {"format": FORMAT, "versions": versions(), "outputs": written}
        write_json(self.record, {**head, "echoes": echo_records(echoes), "threshold": threshold})

    def _beside(self, ending: str) -> Path:
        root, extension = split_name(self.map)
        return self.map.with_name(f"{root}_{ending}{extension}")
