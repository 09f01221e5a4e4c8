"""The library for scripts: the path of a list in, results out.

The functions do what the commands of the same names do, and go on where an earlier run has stopped. All of them take a
``progress`` function, which is called with each event (:mod:`.runs.events`) in the thread that called them. Ctrl-C
stops the work within a second or two; what is finished is kept.
"""

from __future__ import annotations

import queue
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from .elastix.discovery import AUTOMATIC, find_engine
from .elastix.parameters import ParameterMap
from .errors import InputError, KneeError
from .findreference.dataset import Member, read_data_set
from .findreference.femur import FEMUR_STAGES, search_limits
from .findreference.pairs import SearchSettings
from .findreference.results import DISTANCE_COLUMNS, default_cache, default_folder, study_rows
from .findreference.search import Counts, Search
from .findreference.study import MAX_ITERATIONS, Conclusion, StudyResult
from .lists.checks import READ_AT_ONCE
from .measurement.inputs import find_knees
from .measurement.measure import MeasuredKnee, measure_files
from .measurement.orientation import Side as MeasuredSide
from .measurement.relaxometry import DEFAULT_RANGE
from .measurement.tables import CHANGE_COLUMNS, change_rows, map_columns, map_rows, table_rows
from .measurement.tables import COLUMNS as MEASURE_COLUMNS
from .measurement.thickness import Definition
from .measurement.visits import MODALITY as VISITS
from .measurement.visits import PARAMETER_FILES as VISITS_FILES
from .measurement.visits import VisitPair, compare_visits
from .outputs import replacing_problem
from .quality.compare import PairQuality, compare_pairs
from .quality.metrics import DEFAULT_TOLERANCE_MM, LabelChoice
from .quality.pairs import read_quality_list
from .quality.record import record_entry
from .quality.tables import MetricSummary, summarize, to_dataframe
from .registration.fields import Field
from .registration.limits import default_limits
from .registration.parameterfiles import read_parameter_files
from .registration.side import Side
from .registration.stages import Modality
from .runs.background import BackgroundRun, LocalWorkers, MakeWorkers
from .runs.cluster import Scheduler, cluster_workers
from .runs.events import Checking, Event, PairEnd
from .runs.machine import cores, plan, this_machine
from .runs.memory import memory_per_knee
from .runs.timelimit import DEFAULT_MINUTES
from .segmentation.cases import read_cases, side_problems
from .segmentation.outcome import Outcome
from .segmentation.resume import chosen_names, occupied_problems
from .segmentation.run import Run
from .segmentation.study_files import StudyFiles
from .segmentation.summary import COLUMNS, SUMMARY, summary_rows
from .segmentation.work import Settings

if TYPE_CHECKING:
    import pandas

Progress = Callable[[Event], Any]

_LOOK = 0.1  # seconds between two looks at a run


@dataclass(frozen=True)
class SegmentationResults:
    """What came of the knees of a list.

    :param outcomes: of each knee, in the order of the list: status, masks, flags, record.
    """

    outcomes: tuple[Outcome, ...]

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.outcomes)

    def __len__(self) -> int:
        return len(self.outcomes)

    @property
    def good(self) -> bool:
        """Whether there is a segmentation of every knee that passed its checks."""
        return all(outcome.status.good for outcome in self.outcomes)

    def to_dataframe(self) -> pandas.DataFrame:
        """One row per knee: status, volumes and quality of the match; the units are in ``attrs["units"]``.

        :raises ImportError: if pandas is not installed.
        """
        import pandas

        frame = pandas.DataFrame(summary_rows(self.outcomes), columns=[column.key for column in COLUMNS])
        frame.attrs["units"] = {column.key: column.unit for column in COLUMNS}
        return frame


@dataclass(frozen=True)
class ReferenceResults:
    """What came of a search for a reference.

    :param conclusion: what the studies say together.
    :param recommended: the knee that makes the best reference; None if there is none.
    :param studies: from each seed.
    :param counts: numbers of registrations.
    """

    conclusion: Conclusion
    recommended: Member | None
    studies: tuple[StudyResult, ...]
    counts: Counts

    def to_dataframe(self) -> pandas.DataFrame:
        """One row per knee, iteration and seed: the distance of the knee from the mean, mm.

        :raises ImportError: if pandas is not installed.
        """
        import pandas

        return pandas.DataFrame(list(study_rows(self.studies)), columns=list(DISTANCE_COLUMNS))


@dataclass(frozen=True)
class QualityResults:
    """What came of a comparison with ground truth.

    :param pairs: the quality of each pair, in the order of the list.
    """

    pairs: tuple[PairQuality, ...]

    def __iter__(self) -> Iterator[PairQuality]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    @property
    def summary(self) -> list[MetricSummary]:
        """Mean, standard deviation, median and range of each metric, for each label."""
        return summarize(self.pairs)

    def to_dataframe(self) -> pandas.DataFrame:
        """One row per pair and label; the units are in ``attrs["units"]``.

        :raises ImportError: if pandas is not installed.
        """
        return to_dataframe(self.pairs)


@dataclass(frozen=True)
class ChangeResults:
    """What has changed in the knees of a list.

    :param pairs: of visits, in the order of the list.
    """

    pairs: tuple[VisitPair, ...]

    def __iter__(self) -> Iterator[VisitPair]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def to_dataframe(self) -> pandas.DataFrame:
        """One row per pair and region; the units are in the columns' names.

        :raises ImportError: if pandas is not installed.
        """
        import pandas

        rows = [row for pair in self.pairs for row in change_rows(pair.first, pair.second, pair.change)]
        return pandas.DataFrame(rows, columns=list(CHANGE_COLUMNS))


@dataclass(frozen=True)
class MeasurementResults:
    """What was measured of knees.

    :param knees: those that could be measured.
    :param left_out: why knees of a list were left out: they have no mask, or it was rejected.
    :param failed: why knees could not be measured, by name.
    """

    knees: tuple[MeasuredKnee, ...]
    left_out: tuple[str, ...]
    failed: Mapping[str, str]

    def __iter__(self) -> Iterator[MeasuredKnee]:
        return iter(self.knees)

    def __len__(self) -> int:
        return len(self.knees)

    def to_dataframe(self) -> pandas.DataFrame:
        """One row per knee and region; the units are in the columns' names.

        :raises ImportError: if pandas is not installed.
        """
        import pandas

        rows = [row for knee in self.knees for row in table_rows(knee.files.name, knee.measurement)]
        return pandas.DataFrame(rows, columns=list(MEASURE_COLUMNS))

    def maps_to_dataframe(self, unit: str = "ms") -> pandas.DataFrame:
        """One row per knee, map, region and layer.

        :param unit: of the maps' values.
        :raises ImportError: if pandas is not installed.
        """
        import pandas

        named = [(knee.files.name, name, values) for knee in self.knees for name, values in knee.maps]
        rows = [row for knee, name, values in named for row in map_rows(knee, name, values, unit)]
        return pandas.DataFrame(rows, columns=list(map_columns(unit)))


def segment_list(
    list_file: str | Path,
    modality: Modality | str,
    *,
    output: str | Path | None = None,
    engine: str = AUTOMATIC,
    parameters: str | Path | None = None,
    limits: Mapping[str, tuple[float, float]] | None = None,
    jobs: int | None = None,
    threads: int | None = None,
    keep_registered: bool = True,
    force: bool | Iterable[str] = False,
    side: Side | str = Side.AUTO,
    references: str | Path | None = None,
    references_at_most: int | None = None,
    summary: str | Path | None = None,
    pictures: bool | None = None,
    write_quality_list: str | Path | None = None,
    time_limit: float | None = DEFAULT_MINUTES,
    scheduler: Scheduler | str | None = None,
    progress: Progress = lambda event: None,
) -> SegmentationResults:
    """Segment femur and femoral cartilage in the knees of an image list.

    Masks, records, summary, pictures and contact sheet are written as the command ``segment`` writes them; what is
    finished is not done again.

    :param list_file: the image list, see :mod:`.lists.imagelist`.
    :param modality: ``newsubject``, ``longitudinal`` or ``multimodal``.
    :param output: where ``segmented/`` and ``registered/`` go; beside the folder of the images by default.
    :param engine: the path of an elastix program, ``itk-elastix``, or ``auto``: the first that works.
    :param parameters: a folder with elastix parameter files of your own.
    :param limits: intervals outside which a result is rejected, by measurement, see
        :data:`.registration.limits.MEASUREMENTS`.
    :param jobs: how many knees at once; by default, as cores and memory allow.
    :param threads: how many threads for each; all cores by default, on a cluster 1.
    :param keep_registered: also write registered images and transforms.
    :param force: True redoes what is finished, but for what people have corrected, drawn or reviewed; names of knees
        redo these whatever is there. What is replaced is moved to ``replaced/``.
    :param side: of new subjects: ``auto``, ``same`` as the reference, ``left`` or ``right``.
    :param references: a folder of segmented knees, which are references of new subjects besides those of the list.
    :param references_at_most: how many references to fuse for each knee, those that match best; all by default.
    :param summary: where the summary (csv) goes; ``segmented/LIST_summary.csv`` by default.
    :param pictures: draw every knee, and write the contact sheet; by default if matplotlib is installed.
    :param write_quality_list: a folder with true masks, for which the list of :func:`compare_list` is written.
    :param time_limit: minutes that a knee may take; None for no limit.
    :param scheduler: of a cluster whose workers do the work (Documentation/how-to/cluster.md).
    :return: the outcome of each knee; one that failed does not stop the others.
    :raises InputError: with everything that is wrong with the list and its files; nothing was written then.
    :raises EngineError: if there is no elastix that works.
    """
    given = _path(output), cores(), _checking(progress), _path(references), references_at_most, READ_AT_ONCE
    cases, checksums = read_cases(Path(list_file), Modality(modality), *given)
    options = _SegmentOptions(
        engine, parameters, limits, jobs, threads, keep_registered, force, Side(side), time_limit, scheduler
    )
    files = StudyFiles(Path(list_file), cases, _path(summary), pictures, _path(write_quality_list))
    return _segment(files, checksums, options, progress)


def segment_images(
    images: Iterable[str | Path],
    reference: str | Path,
    output: str | Path,
    *,
    engine: str = AUTOMATIC,
    parameters: str | Path | None = None,
    limits: Mapping[str, tuple[float, float]] | None = None,
    jobs: int | None = None,
    threads: int | None = None,
    keep_registered: bool = True,
    force: bool | Iterable[str] = False,
    side: Side | str = Side.AUTO,
    references_at_most: int | None = None,
    summary: str | Path | None = None,
    pictures: bool | None = None,
    write_quality_list: str | Path | None = None,
    time_limit: float | None = DEFAULT_MINUTES,
    scheduler: Scheduler | str | None = None,
    progress: Progress = lambda event: None,
) -> SegmentationResults:
    """Segment femur and femoral cartilage in images that no list names: new subjects.

    The other parameters are those of :func:`segment_list`.

    :param images: files, or folders with one DICOM series each.
    :param reference: the folder with the reference and its masks; of several, all are fused.
    :param output: where ``segmented/`` and ``registered/`` go.
    :raises InputError: with everything that is wrong with the images; nothing was written then.
    :raises EngineError: if there is no elastix that works.
    """
    paths = [Path(image) for image in images]
    given = _path(output), cores(), _checking(progress), Path(reference), references_at_most, READ_AT_ONCE
    cases, checksums = read_cases(paths, Modality.NEW_SUBJECT, *given)
    options = _SegmentOptions(
        engine, parameters, limits, jobs, threads, keep_registered, force, Side(side), time_limit, scheduler
    )
    files = StudyFiles(None, cases, _path(summary), pictures, _path(write_quality_list))
    return _segment(files, checksums, options, progress)


@dataclass(frozen=True)
class _SegmentOptions:
    """The parameters that :func:`segment_list` and :func:`segment_images` share."""

    engine: str
    parameters: str | Path | None
    limits: Mapping[str, tuple[float, float]] | None
    jobs: int | None
    threads: int | None
    keep_registered: bool
    force: bool | Iterable[str]
    side: Side
    time_limit: float | None
    scheduler: Scheduler | str | None


def _segment(
    files: StudyFiles, checksums: Mapping[Path, str], options: _SegmentOptions, progress: Progress
) -> SegmentationResults:
    cases, force = files.cases, options.force
    modality = cases[0].modality
    judged = default_limits(modality).with_failed(options.limits or {})
    maps = _parameter_files(modality, options.parameters)
    names, problems = chosen_names(cases, () if isinstance(force, bool) else force)
    problems += [*side_problems(cases, modality, options.side), *occupied_problems(cases, names), *files.problems()]
    if files.chosen_summary is not None:
        problems += replacing_problem(f"the summary '{files.summary}'", files.summary, SUMMARY)
    if problems:
        raise InputError(problems)
    most = max(len(case.references) if case.at_most is None else case.at_most for case in cases)
    need = memory_per_knee((case.moving for case in cases), most)
    jobs, threads = _jobs_and_threads(len(cases), need, options.jobs, options.threads, options.scheduler)
    settings = Settings(
        find_engine(options.engine, maps.values()),
        maps,
        judged,
        jobs,
        threads,
        options.keep_registered,
        force is True,
        options.side,
        options.time_limit,
        files.pictures,
        names,
    )
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    growing = files.growing(events.put)
    run = Run(cases, checksums, settings, growing.send, _workers(options.scheduler, cases[0].inputs.values()))
    run.start()
    try:
        _follow(run, events, progress)
    finally:
        growing.finish(run.outcomes)
    while not events.empty():
        progress(events.get())
    return SegmentationResults(run.outcomes)


def find_reference(
    lists: str | Path | Iterable[str | Path],
    *,
    pick: int | None = None,
    seed: int = 0,
    field: Field | str = Field.SIZE_AND_SHAPE,
    max_iterations: int = MAX_ITERATIONS,
    cache: str | Path | None = None,
    engine: str = AUTOMATIC,
    parameters: str | Path | None = None,
    limits: Mapping[str, tuple[float, float]] | None = None,
    jobs: int | None = None,
    threads: int | None = None,
    side: Side | str = Side.AUTO,
    time_limit: float | None = DEFAULT_MINUTES,
    scheduler: Scheduler | str | None = None,
    progress: Progress = lambda event: None,
) -> ReferenceResults:
    """Find the knee of a data set that makes the best reference: the one whose shape is closest to the mean of all.

    Registrations are kept in the cache, and not done again.

    :param lists: one image list of the data set or several, see :mod:`.findreference.dataset`.
    :param pick: draw so many seeds from the images, whatever seeds the lists name.
    :param seed: of the draw.
    :param field: what is compared: ``size-and-shape`` or ``shape``.
    :param max_iterations: of each study.
    :param cache: the folder of the registrations; ``referenceStudy/registrations`` beside the folder of the data set by
        default, where the command ``find-reference`` keeps them as well.
    :param engine: the path of an elastix program, ``itk-elastix``, or ``auto``: the first that works.
    :param parameters: a folder with elastix parameter files of your own.
    :param limits: intervals outside which a registration is left out, by measurement.
    :param jobs: how many registrations at once; by default, as cores and memory allow.
    :param threads: how many threads for each; all cores by default, on a cluster 1.
    :param side: ``auto`` compares knees of the other side than a reference's by their mirror image, ``same`` leaves
        them out.
    :param time_limit: minutes that a registration may take; None for no limit.
    :param scheduler: of a cluster whose workers do the work (Documentation/how-to/cluster.md).
    :raises InputError: with everything that is wrong with the lists and their files.
    :raises EngineError: if there is no elastix that works.
    """
    paths = [Path(lists)] if isinstance(lists, (str, Path)) else [Path(path) for path in lists]
    judged = search_limits().with_failed(limits or {})
    maps = _parameter_files(Modality.NEW_SUBJECT, parameters)
    data, checksums = read_data_set(paths, pick, seed, cores(), _checking(progress))
    found = find_engine(engine, [maps[stage.parameter_file] for stage in FEMUR_STAGES])
    kept = _path(cache) or default_cache(default_folder(data))
    need = memory_per_knee(member.image for member in data.members)
    jobs, threads = _jobs_and_threads(len(data.members), need, jobs, threads, scheduler)
    settings = SearchSettings(
        found, maps, judged, kept.absolute(), jobs, threads, max_iterations, Field(field), Side(side), time_limit
    )
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    search = Search(data, checksums, settings, events.put, _workers(scheduler, [data.members[0].image]))
    search.start()
    _follow(search, events, progress)
    conclusion = search.conclusion
    recommended = None if conclusion.recommended is None else data.knees[conclusion.recommended]
    return ReferenceResults(conclusion, recommended, search.studies, search.counts)


def compare_list(
    list_file: str | Path,
    *,
    labels: Iterable[LabelChoice | int | str] = (),
    tolerance: float = DEFAULT_TOLERANCE_MM,
    jobs: int | None = None,
    progress: Progress = lambda event: None,
) -> QualityResults:
    """Compare segmentations with their ground truth.

    :param list_file: the list of the pairs, see :mod:`.quality.pairs`.
    :param labels: which voxels to compare, see :func:`.quality.metrics.compare`; any value but 0 by default.
    :param tolerance: of the surface Dice, mm.
    :param jobs: how many pairs at once.
    :return: the quality of each pair; one that failed does not stop the others.
    :raises InputError: with everything that is wrong with the list and its masks.
    :raises ValueError: if a label or the tolerance makes no sense.
    """
    pairs = read_quality_list(list_file)
    by_name = {pair.name: pair for pair in pairs}

    def tell(result: PairQuality, done: int, total: int) -> None:
        progress(PairEnd(record_entry(by_name[result.name], result, {}), done, total))

    return QualityResults(tuple(compare_pairs(pairs, labels, tolerance, jobs, tell)))


def _jobs_and_threads(
    cases: int, need: float, jobs: int | None, threads: int | None, scheduler: Scheduler | str | None
) -> tuple[int, int]:
    if scheduler is not None:
        return 1, threads or 1
    chosen = plan(cases, this_machine(), need, jobs, threads)
    return chosen.jobs, chosen.threads


def _workers(scheduler: Scheduler | str | None, paths: Iterable[Path]) -> MakeWorkers:
    if scheduler is None:
        return LocalWorkers
    known = scheduler if isinstance(scheduler, Scheduler) else Scheduler(scheduler)
    return cluster_workers(known, tuple(path.absolute() for path in paths))


def change_list(
    list_file: str | Path,
    *,
    engine: str = AUTOMATIC,
    parameters: str | Path | None = None,
    threads: int | None = None,
    side: MeasuredSide | str | None = None,
) -> ChangeResults:
    """Measure how femoral cartilage has changed between two visits, see :mod:`.measurement.change`.

    :param list_file: a longitudinal list; the knee of an ``r`` line has masks, that of an ``m`` line needs none.
    :param engine: the path of an elastix program, ``itk-elastix``, or ``auto``: the first that works.
    :param parameters: a folder with elastix parameter files of your own.
    :param threads: for elastix; all cores by default.
    :param side: ``left`` or ``right``; None lets the anatomy tell.
    :raises InputError: with everything that is wrong with the list and its files.
    :raises EngineError: if there is no elastix that works, or it fails.
    :raises KneeError: if two images do not match.
    """
    maps = _parameter_files(VISITS, parameters)
    known = None if side is None else MeasuredSide(side)
    cases, _ = read_cases(Path(list_file), VISITS, jobs=cores())
    running = find_engine(engine, [maps[name] for name in VISITS_FILES]).start(threads or cores())
    try:
        return ChangeResults(tuple(compare_visits(case, running, maps, known) for case in cases))
    finally:
        running.close()


def measure_cartilage(
    inputs: str | Path | Iterable[str | Path],
    *,
    output: str | Path | None = None,
    side: MeasuredSide | str | None = None,
    definition: Definition | str = Definition.NORMAL,
    femur: bool = True,
    regions: bool = True,
    map_range: tuple[float, float] = DEFAULT_RANGE,
) -> MeasurementResults:
    """Measure femoral cartilage: thickness, areas and volume by region, and values of maps in it.

    :param inputs: an image list, a mask, a folder, or several of them, see :func:`.measurement.inputs.find_knees`.
    :param output: of lists of images to segment: the folder that holds ``segmented/``.
    :param side: ``left`` or ``right``; None takes that of the DICOM files, or lets the anatomy tell.
    :param definition: of the thickness, ``normal`` or ``nearest-neighbor``.
    :param femur: whether to use the femur masks beside those of the cartilage.
    :param regions: False measures each mask only as a whole.
    :param map_range: values of maps that count.
    :return: the measurements; a knee that cannot be measured does not stop the others.
    :raises InputError: with everything that is wrong with the input.
    """
    paths = [Path(inputs)] if isinstance(inputs, (str, Path)) else [Path(path) for path in inputs]
    found = find_knees(paths, femur, _path(output))
    known = None if side is None else MeasuredSide(side)
    measured: list[MeasuredKnee] = []
    failed: dict[str, str] = {}
    for knee in found.knees:
        try:
            measured.append(measure_files(knee, known, Definition(definition), regions, map_range))
        except (KneeError, OSError) as error:
            failed[knee.name] = str(error)
    return MeasurementResults(tuple(measured), found.left_out, failed)


def _checking(progress: Progress) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        progress(Checking(done, total))

    return tell


def _parameter_files(modality: Modality, folder: str | Path | None) -> dict[str, ParameterMap]:
    return read_parameter_files(modality, _path(folder))


def _path(path: str | Path | None) -> Path | None:
    return None if path is None else Path(path)


def _follow(run: BackgroundRun, events: queue.SimpleQueue[Event], progress: Progress) -> None:
    """Wait for the end of a run, and call ``progress`` in this thread."""
    try:
        ended = False
        while not ended:
            ended = run.wait(_LOOK)
            while not events.empty():
                progress(events.get())
    except BaseException:
        run.cancel()
        run.wait()
        raise
