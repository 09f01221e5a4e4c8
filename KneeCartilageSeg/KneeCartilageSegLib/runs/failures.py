"""What becomes of an exception in the work on one of many knees: the one place where that is decided."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ..errors import Cancelled, EngineError, KneeError
from ..images.files import last_line

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """Why the work on something has no result.

    :param message: for the user, in one line unless elastix said more.
    :param cancelled: whether the user asked to stop, which is no failure.
    :param of_engine: whether elastix failed, for a reason that has nothing to do with the images.
    """

    message: str
    cancelled: bool = False
    of_engine: bool = False


def attempt(what: str, work: Callable[[], Result], cancelled: Callable[[], bool] = lambda: False) -> Result | Failure:
    """The result of the work, or why there is none: whatever it is, the other knees are worth the trouble.

    :param what: is done, for the log: "segmenting knee7".
    :param cancelled: whether the user has asked to stop, so that a failure may only be that elastix was killed.
    """
    try:
        return work()
    except Exception as error:
        failure = Failure("cancelled", cancelled=True) if cancelled() else failure_of(error)
        if not failure.cancelled and not _is_expected(error):
            logger.exception("%s failed", what)
        return failure


def failure_of(error: Exception) -> Failure:
    """What an exception means."""
    if isinstance(error, Cancelled):
        return Failure("cancelled", cancelled=True)
    if isinstance(error, RuntimeError):  # SimpleITK's
        return Failure(last_line(error))
    if _is_expected(error):
        return Failure(str(error) or type(error).__name__, of_engine=isinstance(error, EngineError))
    return Failure(f"{type(error).__name__}: {error}")


def _is_expected(error: Exception) -> bool:
    return isinstance(error, (KneeError, OSError, MemoryError, RuntimeError))
