"""Runs the measurements and prints their table.

`--quick` takes few samples: its numbers mean nothing, its table is complete.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
import sys
import time
import traceback

from . import clock, growth, imports, journals, load, screen
from .home import Bench, furnished
from .measure import (
    FULL,
    QUICK,
    Measurement,
    Scale,
    machine,
    say,
    table,
    write,
    write_docs,
)
from .taps import taps

type Part = Callable[[Scale], Awaitable[list[Measurement]]]
type PartAtHome = Callable[[Bench, Scale], Awaitable[list[Measurement]]]

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"

# In the order of the table. Those at home share one; the last of them move its clock.
AT_HOME: dict[str, PartAtHome] = {
    "taps": taps,
    "devices": growth.many_devices,
    "set-up": growth.set_up,
    "slices": load.slices,
    "many taps": load.many_taps,
    "card": screen.card,
    "many mats": load.many_mats,
    "start": growth.start_with_records,
    "clock": clock.simulated,
}
ALONE: dict[str, Part] = {
    "imports": imports.measure,
    "journals": journals.measure,
}


class Run:
    """What was measured, part by part; one that fails takes no other with it."""

    def __init__(self, scale: Scale) -> None:
        """Measure nothing yet."""
        self.measured: list[Measurement] = []
        self.failed: list[str] = []
        self._scale = scale

    async def alone(self, names: list[str]) -> None:
        """Run parts that need no home."""
        for name in names:
            await self._part(name, ALONE[name](self._scale))

    async def at_home(self, names: list[str]) -> None:
        """Run parts in one home; after one that failed, in another."""
        left = list(names)
        while left:
            say("a home is furnished")
            async with furnished(self._scale) as bench:
                while left:
                    name = left.pop(0)
                    if not await self._part(name, AT_HOME[name](bench, self._scale)):
                        break

    async def _part(self, name: str, work: Awaitable[list[Measurement]]) -> bool:
        say(name)
        try:
            self.measured += await work
        except Exception:  # noqa: BLE001 - half an hour of other numbers is worth more
            traceback.print_exc()
            self.failed.append(name)
            return False
        return True


async def measure(scale: Scale, only: list[str]) -> Run:
    """Measure all parts, or some."""
    run = Run(scale)
    await run.at_home([name for name in AT_HOME if name in only])
    await run.alone([name for name in ALONE if name in only])
    say("done")
    return run


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
    parts = [*AT_HOME, *ALONE]
    parser.add_argument(
        "--only", action="append", choices=parts, help="one part; may be repeated"
    )
    parser.add_argument(
        "--skip", action="append", choices=parts, default=[], help="all parts but this"
    )
    options = parser.parse_args()
    scale = QUICK if options.quick else FULL
    chosen = [part for part in options.only or parts if part not in options.skip]
    run = asyncio.run(measure(scale, chosen))
    print(machine())
    print(table(run.measured))
    write(options.json, run.measured)
    if options.docs:
        write_docs(PAGE, run.measured, run.failed)
    if run.failed:
        sys.exit(f"not measured: {', '.join(run.failed)}")


if __name__ == "__main__":
    main()
