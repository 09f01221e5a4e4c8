"""The command line of the cohort.

    python Testing/cohort                      200 knees: on this computer, on a cluster, on a cluster with kills
    python Testing/cohort --knees 20 --nodes 4

Makes digital knees, and segments them three times: by ``--jobs N``; by a local cluster of N worker processes; and by
such a cluster of which a worker is killed after every 10 knees, and in the middle the command itself, which is then
given again. Every knee has to have a row and masks that are those of its record, bit for bit the same all three times,
and nothing temporary may be left. Linux and macOS.
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .knees import Cohort, make_cohort
from .nodes import Killer, local_nodes
from .running import Result, faults, follow, look_at, start


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cohort.

    :return: exit status: 0, or 1 if anything was lost or differs.
    """
    parser = argparse.ArgumentParser(
        prog="python Testing/cohort", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--knees", metavar="N", type=int, default=200, help="default: %(default)s")
    parser.add_argument("--nodes", metavar="N", type=int, default=2, help="workers (default: %(default)s)")
    parser.add_argument("--every", metavar="N", type=int, default=10, help="knees between kills (default: %(default)s)")
    parser.add_argument("--spacing", metavar="MM", type=float, default=4.0, help="of the voxels (default: %(default)s)")
    parser.add_argument("--folder", metavar="DIR", type=Path, help="keep knees and results here")
    args = parser.parse_args(arguments)
    if args.folder is not None:
        args.folder.mkdir(parents=True, exist_ok=True)
        return _run(args, args.folder)
    with tempfile.TemporaryDirectory(prefix="knee-cohort-") as folder:
        return _run(args, Path(folder))


def _run(args: argparse.Namespace, folder: Path) -> int:
    cohort = make_cohort(folder, args.knees, args.spacing)
    outputs = {name: folder / name for name in ("disturbed", "cluster", "jobs")}
    results: dict[str, Result] = {}
    with local_nodes(args.nodes) as nodes:
        where = ["--scheduler", nodes.scheduler_address]
        results["disturbed"] = disturbed_run(cohort, outputs["disturbed"], nodes, args.every)
        results["cluster"] = follow(start(cohort, outputs["cluster"], where), cohort, outputs["cluster"])
        _tell("cluster", results["cluster"], args)
    alone = ["--jobs", str(args.nodes)]
    results["jobs"] = follow(start(cohort, outputs["jobs"], alone), cohort, outputs["jobs"])
    _tell(f"--jobs {args.nodes}", results["jobs"], args)
    found = [f"{name}: {fault}" for name, result in results.items() for fault in faults(cohort, outputs[name], result)]
    found += [
        f"{name}: '{mask}' differs from that of --jobs"
        for name, result in results.items()
        for mask in sorted(results["jobs"].masks.keys() | result.masks.keys())
        if results["jobs"].masks.get(mask) != result.masks.get(mask)
    ]
    print("\n".join(found) or f"{args.knees} knees three times: nothing is lost, and all masks are the same")
    return 1 if found else 0


def disturbed_run(cohort: Cohort, output: Path, nodes: object, every: int) -> Result:
    """Segment the cohort while workers are killed, and in the middle the command itself, which is then given again."""
    where = ["--scheduler", nodes.scheduler_address]  # type: ignore[attr-defined]
    killer = Killer(nodes, every)
    middle = len(cohort.names) // 2
    process = start(cohort, output, where)

    def disturb(ended: int) -> None:
        killer(ended)
        if ended == middle:
            os.killpg(process.pid, signal.SIGKILL)

    first = follow(process, cohort, output, disturb)
    second = follow(start(cohort, output, where), cohort, output, killer)
    print(
        f"disturbed: {killer.kills} workers killed; the command killed after {len(first.rows)} knees "
        f"({first.seconds:.0f} s), and given again ({second.seconds:.0f} s)",
        flush=True,
    )
    return look_at(cohort, output, second.exit_status, first.seconds + second.seconds)


def _tell(what: str, result: Result, args: argparse.Namespace) -> None:
    each = args.nodes * result.seconds / args.knees
    print(
        f"{what}: {len(result.rows)} rows in {result.seconds:.0f} s, {60 * args.knees / result.seconds:.1f} knees per "
        f"minute; {result.case_seconds:.2f} s of work and {each - result.case_seconds:.2f} s besides per knee",
        flush=True,
    )
