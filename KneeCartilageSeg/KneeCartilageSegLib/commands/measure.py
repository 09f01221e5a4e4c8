"""``knee-cartilage-seg measure``: thickness, areas and volume of femoral cartilage, and values of maps in it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..errors import InputError, KneeError, Problem
from ..files import atomic_path, split_name
from ..images.files import image_checksum, write_image
from ..measurement.echoes import echo_records
from ..measurement.inputs import KneeFiles, find_knees
from ..measurement.knee import KneeMeasurement
from ..measurement.map_files import MapFiles
from ..measurement.measure import measure_files
from ..measurement.orientation import Side
from ..measurement.regions import REGIONS, Part
from ..measurement.relaxometry import DEFAULT_RANGE
from ..measurement.tables import COLUMNS, format_table, map_columns, map_rows, table_rows, without_nan, write_rows
from ..measurement.thickness import Definition
from ..outputs import LABEL_MAP, PICTURE, SURFACE, record, replacing_problem, table
from ..records import versions, write_json
from .arguments import folder_problems, output_problems

_FORMAT = "KneeCartilageSeg measurements 1"
_SHOWN = ("knee", "side", "volume_mm3", "thickness_mean_mm", "thickness_sd_mm", "thickness_total_mean_mm")

_DESCRIPTION = """\
Measure femoral cartilage: volume, thickness, covered and bare bone area, by region.

MASKS are masks of femoral cartilage (NAME_fc.mha), or folders that hold some. The femur mask NAME_f.mha beside it is
used if there is one.

LIST is a text file (.txt). Any image list of this program is read: of 'segment', the masks of its m lines are measured,
corrected or not, and knees that were rejected or have none are named and left out; of 'find-reference', the masks
beside the images; of 'quality', both masks of each pair. A list of masks has their folder, then one mask per line (m):

  ./segmented
  m subject1_prep_fc.mha
  v ../maps/subject1_T2.mha
  m subject2_T2_prep_fc.mha
  e ../preprocessed/subject2_T2_echo1_prep.mha
  e ../preprocessed/subject2_T2_echo2_prep.mha 25.2

In all but those of 'quality', a knee's line may be followed by maps (v) whose values in that cartilage are wanted, and
by the echoes (e) of a series to which a map is fitted, as 'fit-map' does. Echo times are in ms; without one, that of
DICOM files counts, in whose place 'prepare' wrote it beside its images. Other commands pass over v and e lines.
"""

_EPILOG = """\
thickness: along the normal of the bone's surface to where the cartilage ends, between the voxels, on the mask's own
grid, oblique or not (as Williams et al. 2010). --definition nearest-neighbor measures as pyKNEEr did, between voxels.
Names of the columns, after Eckstein et al. 2006:
  thickness_mean_mm        ThCcAB.Me, over the bone that cartilage covers
  thickness_total_mean_mm  ThCtAB.Me, bare bone counted as 0
  denuded_area_mm2         bare bone that cartilage surrounds; a loss that reaches the rim cannot be told from bone that
                           never was covered. Without a femur mask this and ThCtAB.Me are not known (empty).
A mean is over the bone's area. Measurements have four significant digits.

regions (Wirth and Eckstein 2008; the number is that in region masks and pictures):
{regions}

The side is that of the DICOM files if 'prepare' recorded it, or told by the trochlea, whose lateral part is the larger
one; --side sets it.

examples:
  knee-cartilage-seg measure segmented --csv thickness.csv --pictures pictures
  knee-cartilage-seg measure knee_fc.nii.gz --side left --surfaces surfaces --regions regions
  knee-cartilage-seg measure list.txt --map-csv t2.csv --map-range 1:120 --fitted-maps maps
  knee-cartilage-seg measure image_list_multimodal.txt --csv thickness.csv

Beside the csv file lies a record of what was measured (NAME_record.json). Masks are never changed.
exit status: 0 all was measured, 1 some knees failed or have no mask, or a file could not be written, 2 the input has to
be corrected, 130 cancelled.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    regions = "\n".join(f"  {region.key:26}{_numbers(region.parts):12}{region.title}" for region in REGIONS)
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "measure",
        help="thickness, areas and volume of femoral cartilage, and T2 in it",
        description=_DESCRIPTION,
        epilog=_EPILOG.format(regions=regions),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("inputs", metavar="LIST|MASKS", type=Path, nargs="+", help="a list, masks or folders")
    parser.add_argument("--csv", metavar="F", type=Path, help="write one row per knee and region")
    parser.add_argument("--pictures", metavar="DIR", type=Path, help="write the unrolled thickness maps there (PNG)")
    parser.add_argument("--surfaces", metavar="DIR", type=Path, help="write the coloured surfaces there (.vtp)")
    parser.add_argument("--regions", metavar="DIR", type=Path, help="write masks of the regions there (.nii.gz)")
    parser.add_argument("-o", "--out", metavar="DIR", type=Path, help="where segmented/ is, as for segment")
    parser.add_argument("--fitted-maps", metavar="DIR", type=Path, help="write maps that were fitted to echoes there")
    parser.add_argument("--map-csv", metavar="F", type=Path, help="write the maps' values by region and layer")
    parser.add_argument(
        "--map-range",
        metavar="LOW:HIGH",
        type=_range,
        default=DEFAULT_RANGE,
        help="map values that count; others are left out and counted (default: {:g}:{:g})".format(*DEFAULT_RANGE),
    )
    parser.add_argument("--map-unit", metavar="U", default="ms", help="unit of the maps' values (default: %(default)s)")
    parser.add_argument("--side", choices=[side.value for side in Side], help="all knees are of this side")
    parser.add_argument(
        "--definition",
        choices=[definition.value for definition in Definition],
        default=Definition.NORMAL.value,
        help="of the thickness (default: %(default)s)",
    )
    parser.add_argument("--without-femur", action="store_true", help="do not use femur masks")
    parser.add_argument("--without-regions", action="store_true", help="measure each mask only as a whole")
    parser.add_argument("--check", action="store_true", help="only check the input")
    parser.set_defaults(run=run)
    return parser


@dataclass
class _Results:
    """What was found so far."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    map_rows: list[dict[str, Any]] = field(default_factory=list)
    knees: list[dict[str, Any]] = field(default_factory=list)
    failed: int = 0


def run(args: argparse.Namespace) -> int:
    """Measure, print and write what was asked for.

    :return: 0, or 1 if a knee failed or a file could not be written.
    :raises InputError: if the input or an output is not usable; nothing was measured or written then.
    """
    found = find_knees(args.inputs, not args.without_femur, args.out)
    knees = found.knees
    problems = _output_problems(args, knees)
    if problems:
        raise InputError(problems)
    for text in found.left_out:
        print(f"left out: {text}", file=sys.stderr)
    if args.check:
        print(f"{len(knees)} knees can be measured")
        return 1 if found.left_out else 0
    for folder in _folders(args):
        folder.mkdir(parents=True, exist_ok=True)
    results = _Results()
    for knee in knees:
        try:
            _measure(knee, args, results)
        except (KneeError, OSError) as error:
            results.failed += 1
            print(f"{knee.name}: FAILED: {error}", file=sys.stderr, flush=True)
    print(format_table([row for row in results.rows if row["region"] == REGIONS[0].key], _SHOWN))
    written = [
        _write(args.csv, lambda path: write_rows(results.rows, COLUMNS, path)),
        _write(args.map_csv, lambda path: write_rows(results.map_rows, map_columns(args.map_unit), path)),
        _write(_record_beside(args.csv or args.map_csv), lambda path: write_json(path, _record(args, results))),
    ]
    return 0 if all(written) and not results.failed and not found.left_out else 1


def _measure(knee: KneeFiles, args: argparse.Namespace, results: _Results) -> None:
    """Measure a knee, and write its own files."""
    measured = measure_files(
        knee,
        None if args.side is None else Side(args.side),
        Definition(args.definition),
        not args.without_regions,
        args.map_range,
    )
    measurement = measured.measurement
    rows = table_rows(knee.name, measurement)
    for note in measurement.orientation.notes if measurement.orientation else ():
        print(f"{knee.name}: note: {note}", file=sys.stderr, flush=True)
    _write_files(knee.name, measurement, args)
    if measured.fit is not None and args.fitted_maps is not None:
        _map_files(knee, args.fitted_maps).write(measured.fit, knee.echoes)
    found = [row for name, values in measured.maps for row in map_rows(knee.name, name, values, args.map_unit)]
    results.rows += rows
    results.map_rows += found
    about: dict[str, Any] = {"knee": knee.name, "inputs": _checksums(knee), "rows": rows, "map_rows": found}
    if knee.echoes:
        about["echoes"] = echo_records(knee.echoes)
    results.knees.append(about)


def _map_files(knee: KneeFiles, folder: Path) -> MapFiles:
    return MapFiles(folder / f"{knee.name}_map.nii.gz")


def _write_files(name: str, measurement: KneeMeasurement, args: argparse.Namespace) -> None:
    from ..measurement.models import write_model
    from ..measurement.unrolled import write_unrolled

    if args.pictures is not None:
        write_unrolled(measurement, name, args.pictures / f"{name}_thickness.png")
    if args.surfaces is not None:
        write_model(measurement, args.surfaces / f"{name}_thickness.vtp")
    if args.regions is not None:
        with atomic_path(args.regions / f"{name}_regions.nii.gz") as temporary:
            write_image(measurement.labels, temporary)


def _output_problems(args: argparse.Namespace, knees: Sequence[KneeFiles]) -> list[Problem]:
    inputs = {path: "the list" for path in args.inputs if path.is_file()}
    for knee in knees:
        echoes = [echo.path for echo in knee.echoes]
        read = [path for path in (knee.cartilage, knee.femur, *knee.maps, *echoes) if path]
        inputs.update(dict.fromkeys(read, "an image that is read"))
    thickness, maps = (
        table("a table of thickness", COLUMNS[:2]),
        table("a table of maps", map_columns(args.map_unit)[:2]),
    )
    problems = output_problems({"--csv": (args.csv, thickness), "--map-csv": (args.map_csv, maps)}, inputs)
    beside = _record_beside(args.csv or args.map_csv)
    if beside is not None:
        problems += replacing_problem(f"the record '{beside}'", beside, record("a record of measurements", _FORMAT))
    kinds = {
        "--pictures": (args.pictures, "thickness.png", PICTURE),
        "--surfaces": (args.surfaces, "thickness.vtp", SURFACE),
        "--regions": (args.regions, "regions.nii.gz", LABEL_MAP),
    }
    for option, (folder, end, kind) in kinds.items():
        problems += folder_problems(option, folder, (f"{knee.name}_{end}" for knee in knees), kind)
    if args.fitted_maps is not None:
        problems += folder_problems("--fitted-maps", args.fitted_maps, (), PICTURE)
        for knee in knees:
            problems += _map_files(knee, args.fitted_maps).problems("--fitted-maps")
    if args.pictures is not None and not _has_matplotlib():
        problems.append(Problem("--pictures needs matplotlib, which is not installed", "Run 'pip install matplotlib'"))
    if args.map_csv is not None and not any(knee.maps or knee.echoes for knee in knees):
        remedy = "Add 'v' lines with maps, or 'e' lines with echoes, to a list"
        problems.append(Problem("--map-csv: no map is named", remedy))
    if args.fitted_maps is not None and not any(knee.echoes for knee in knees):
        problems.append(Problem("--fitted-maps: no echo is named", "Add 'e' lines with echoes to a list"))
    if args.map_csv is None and any(knee.maps or (knee.echoes and args.fitted_maps is None) for knee in knees):
        problems.append(Problem("the list names maps or echoes", "Say with --map-csv where their values go"))
    return problems


def _folders(args: argparse.Namespace) -> list[Path]:
    options = args.pictures, args.surfaces, args.regions, args.fitted_maps
    return [folder for folder in options if folder is not None]


def _has_matplotlib() -> bool:
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        return False
    return True


def _record(args: argparse.Namespace, results: _Results) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "written": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "command": sys.argv,
        "versions": versions(),
        "definition": args.definition,
        "side": args.side,
        "map_range": args.map_range,
        "knees": without_nan(results.knees),
    }


def _record_beside(csv_file: Path | None) -> Path | None:
    return None if csv_file is None else csv_file.with_name(f"{split_name(csv_file)[0]}_record.json")


def _checksums(knee: KneeFiles) -> dict[str, dict[str, str]]:
    files = {"cartilage": knee.cartilage, "femur": knee.femur, **{path.name: path for path in knee.maps}}
    return {
        role: {"file": str(path), "sha256": image_checksum(path)} for role, path in files.items() if path is not None
    }


def _write(path: Path | None, write: Callable[[Path], object]) -> bool:
    if path is None:
        return True
    try:
        write(path)
    except OSError as error:
        print(f"'{path}' was not written: {error}", file=sys.stderr)
        return False
    print(f"written: {path}")
    return True


def _range(text: str) -> tuple[float, float]:
    low, colon, high = text.partition(":")
    try:
        values = float(low), float(high)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not of the form LOW:HIGH") from None
    if not (colon and values[0] < values[1]):
        raise argparse.ArgumentTypeError(f"'{text}': LOW has to be less than HIGH")
    return values


def _numbers(parts: Sequence[Part]) -> str:
    return "all" if len(parts) == len(Part) else ", ".join(str(int(part)) for part in parts)
