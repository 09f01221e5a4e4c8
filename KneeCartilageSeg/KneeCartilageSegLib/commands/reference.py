"""``knee-cartilage-seg reference``: make a reference of any label map."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..preparation.labelmaps import PRESETS, Labels
from ..preparation.pairs import find_pairs
from ..preparation.reference import MadeReference, check_references, make_reference, plan_references
from ..tissue import Tissue
from .arguments import file_name, positive

_SIDE_UNKNOWN = """\
  whether it is a left or a right knee is not known: neither a DICOM header, nor the image's name, nor its place in the
  scanner says so. Give --side left or --side right to have it in the record; 'segment' finds out for each knee whether
  it has to be mirrored"""

_DESCRIPTION = """\
Make a reference, the segmented knee that others are segmented with, of an image and its label map: from a public data
set, a network, Slicer, or a corrected mask of this tool.

LABELMAP and IMAGE are two files (IMAGE may be a folder with a DICOM series), or two folders of label maps and images of
the same names. Of two folders, each pair becomes a reference; several can be fused.

Checked before anything is written: the label map lies on the image's grid, the femur is one piece, the cartilage lies
on it and is not larger; and which knee it is, by the scanner's header, the file's name, or its place in the scanner.
Specks are left out and named.
"""

_EPILOG = """\
presets:
{presets}

examples:
  knee-cartilage-seg reference labels.nii.gz knee.nii.gz --femur 1 --cartilage 2 --out reference/newsubject
  knee-cartilage-seg reference labelsTr imagesTr --preset oaizib-cm --out reference/newsubject
  knee-cartilage-seg reference segmented/01_prep_f.mha preprocessed/01_prep.mha --preset ours --out reference/newsubject

written: NAME.mha, NAME_f.mha (femur), NAME_fc.mha (cartilage) and NAME_reference.json (what they were made of).
exit status: 0 all references are there, 1 some could not be written, 2 the input has to be corrected and nothing was
written, 130 cancelled.
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to ``argparse``'s subparsers."""
    presets = "\n".join(f"  {name:10} {preset.description}" for name, preset in PRESETS.items())
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "reference",
        help="make a reference of any label map",
        description=_DESCRIPTION,
        epilog=_EPILOG.format(presets=presets),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("labelmap", metavar="LABELMAP", type=Path, help="label map, or a folder of them")
    parser.add_argument("image", metavar="IMAGE", type=Path, help="its image, or the folder of the images")
    parser.add_argument("--preset", choices=PRESETS, help="what the values in the label map mean, see below")
    parser.add_argument(
        "--femur", metavar="N", nargs="+", type=positive, help="label value of the femur; several are joined"
    )
    parser.add_argument(
        "--cartilage", metavar="N", nargs="+", type=positive, help="label value of the femoral cartilage"
    )
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="the reference folder")
    parser.add_argument("--name", metavar="NAME", type=file_name, help="of one reference (default: reference)")
    parser.add_argument("--side", choices=("left", "right"), help="which knee it is, if the files do not tell")
    parser.add_argument("--check", action="store_true", help="only check")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Make the references.

    :raises InputError: if the input or an output is not usable; nothing was written then.
    """
    labels = _labels(args)
    pairs = find_pairs(args.labelmap, args.image, separate=args.preset == "ours")
    plans = plan_references(pairs, labels, args.out, args.name)
    sides = check_references(plans, args.side)
    if args.check:
        print(f"{len(plans)} references can be made")
        return 0
    results = [_report(make_reference(plan, side)) for plan, side in sides.items()]
    return 0 if not any(result.error for result in results) else 1


def _labels(args: argparse.Namespace) -> Labels:
    """What the label values mean.

    :raises InputError: if that was not said, or said twice.
    """
    if args.preset is not None and (args.femur or args.cartilage):
        raise InputError(
            [Problem("--preset says the label values, and so do --femur and --cartilage", "Leave one out")]
        )
    if args.preset is not None:
        return PRESETS[args.preset].labels
    if not (args.femur and args.cartilage):
        remedy = "Give them with --femur and --cartilage, or choose a --preset"
        raise InputError([Problem("which label values are femur and femoral cartilage was not said", remedy)])
    return Labels(tuple(args.femur), tuple(args.cartilage))


def _report(result: MadeReference) -> MadeReference:
    if result.error:
        print(f"{result.image.name}: {result.error}", file=sys.stderr, flush=True)
        return result
    sizes = result.record["volumes_mm3"]
    side = result.record["side"]
    knee = f"{side} knee ({result.record['side_from']})" if side else "side not known"
    femur, cartilage = (sizes[tissue.value] / 1000 for tissue in Tissue)
    print(f"{result.image}: {knee}, femur {femur:.1f} cm3, femoral cartilage {cartilage:.1f} cm3")
    if not side:
        print(_SIDE_UNKNOWN)
    for note in result.record["notes"]:
        print(f"  {note}")
    return result
