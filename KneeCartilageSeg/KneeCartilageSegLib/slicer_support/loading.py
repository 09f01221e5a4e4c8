"""Loads knees into the scene one after the other, while Slicer stays usable."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from .tasks import Steps, Work


class KneeLoader:
    """A queue of knees to load.

    :param on_error: called with the exception if a knee could not be loaded; the next ones are tried.
    """

    def __init__(self, on_error: Callable[[Exception], None]):
        self._on_error = on_error
        self._waiting: deque[tuple[Work, Callable[..., Work] | None]] = deque()
        self._steps: Steps | None = None
        self._then: Callable[..., Work] | None = None

    @property
    def active(self) -> bool:
        """Whether there are knees to load."""
        return self._steps is not None

    def add(self, work: Work, then: Callable[..., Work] | None = None) -> None:
        """Load a knee when its turn comes.

        :param work: from :func:`.runs.load_knee`.
        :param then: makes the work that is done next, from what the first one has returned: its volume and segmentation
            nodes.
        """
        self._waiting.append((work, then))
        if self._steps is None:
            self._next()

    def close(self) -> None:
        """Load no more."""
        self._waiting.clear()
        if self._steps is not None:
            self._steps.close()
            self._steps = None

    def _next(self) -> None:
        self._steps = None
        if self._waiting:
            work, self._then = self._waiting.popleft()
            self._steps = Steps(work, self._loaded, self._failed)

    def _loaded(self, nodes: tuple[Any, Any]) -> None:
        if self._then is None:
            self._next()
        else:
            self._steps = Steps(self._then(*nodes), lambda _: self._next(), self._failed)

    def _failed(self, error: Exception) -> None:
        self._next()
        self._on_error(error)
