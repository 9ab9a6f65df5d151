"""Runs the measurements and prints their table.

`--quick` takes few samples: its numbers mean nothing, its table is complete.
"""

import argparse
import asyncio
from pathlib import Path
import time

from . import imports, journals, load
from .home import furnished
from .measure import Measurement, machine, table, write, write_docs
from .taps import Taps, many_devices, recorder_rows, reloads

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


async def measure(*, quick: bool) -> list[Measurement]:
    """Return all measurements, in the order of the table."""
    times = 2 if quick else 20
    saves = await journals.saves(max(times, 20))
    async with furnished() as bench:
        taps = list(await Taps(bench, saves).sample(times))
        rows = await recorder_rows(bench)
        more = [
            rows,
            await reloads(bench, times),
            await many_devices(bench, times, 20 if quick else 100),
            await load.slices(bench, times),
            *await load.many_taps(bench, 20 if quick else 1000),
            *await load.many_mats(bench, *((3, 2) if quick else (20, 5))),
        ]
    kept = await journals.measure(times, 4_000 if quick else journals.RECORDS)
    return [*taps, *more, load.card(), imports.measure(1 if quick else 5), *kept]


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="scripts/benchmark", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few samples")
    parser.add_argument(
        "--json",
        type=Path,
        default=RESULTS / f"{time.strftime('%Y-%m-%d-%H%M%S')}.json",
        help="where the numbers go",
    )
    parser.add_argument(
        "--docs", action="store_true", help=f"put the table into docs/{PAGE.name} too"
    )
    options = parser.parse_args()
    measurements = asyncio.run(measure(quick=options.quick))
    print(machine())
    print(table(measurements))
    write(options.json, measurements)
    if options.docs:
        write_docs(PAGE, measurements)


if __name__ == "__main__":
    main()
