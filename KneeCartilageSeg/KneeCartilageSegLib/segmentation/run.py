"""Run many cases: in parallel, resuming what is finished, cancellable, with progress.

One bad knee does not stop the others. A second run of the same cases skips what is finished and unchanged; two runs at
once in one folder share the work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Callable

from ..runs.background import BackgroundRun, LocalWorkers, MakeWorkers
from ..runs.events import Event
from ..runs.failures import Failure
from .cases import Case
from .outcome import Outcome, Status
from .record import note_failure
from .resume import light
from .summary import case_end
from .work import Settings, failed_outcome, segment_case


class Run(BackgroundRun[int, Outcome]):
    """A run over cases.

    :param cases: checked by :func:`.segmentation.cases.read_cases` or :func:`.segmentation.cases.check_cases`.
    :param checksums: of their files, as these functions return them.
    :param progress: called with each event, from the run's threads.
    :param workers: makes those who do the work, from their number and the function that is called with each event.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        checksums: Mapping[Path, str],
        settings: Settings,
        progress: Callable[[Event], None] = lambda event: None,
        workers: MakeWorkers = LocalWorkers,
    ):
        super().__init__(workers(max(1, min(settings.jobs, len(cases))), progress))
        self.cases = tuple(cases)
        self.settings = settings
        self._checksums = checksums
        self._progress = progress
        self._outcomes: dict[int, Outcome] = {}

    def start(self) -> None:
        """Begin in the background."""
        self._begin(range(len(self.cases)))

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How the cases ended, in their order; those that have not are cancelled."""
        return tuple(
            self._outcomes.get(number, Outcome(case, Status.CANCELLED, message="cancelled"))
            for number, case in enumerate(self.cases)
        )

    def _submit(self, item: int) -> Future:
        case = self.cases[item]
        checksums = {path: self._checksums[path] for path in case.inputs.values() if path in self._checksums}
        return self._workers.submit(segment_case, case, checksums, self.settings)

    def _end(self, item: int, result: Outcome) -> None:
        self._outcomes[item] = light(result)
        self._progress(case_end(result))

    def _failure(self, item: int, failure: Failure) -> Outcome:
        if not failure.cancelled:
            note_failure(self.cases[item], failure.message)
        return failed_outcome(self.cases[item], failure)
