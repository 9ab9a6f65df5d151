"""`scripts/benchmark` in short: whether it works, never how fast anything was."""

import asyncio
import json
import math
from pathlib import Path
import re
import sys
from typing import Any

import pytest

from benchmarks.measure import BEGIN, END, HEADS, Measurement, write_docs

from .home_assistant import REPOSITORY

type Measured = dict[str, dict[str, Any]]


async def measured(folder: Path, *parts: str) -> Measured:
    """Run parts of the benchmark as a person would; return what it wrote."""
    numbers = folder / "numbers.json"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks", "--quick", "--json", str(numbers), *parts),
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    lines = [line for line in printed.decode().splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert rows[0] == list(HEADS)
    assert all(len(row) == len(HEADS) for row in rows)
    found = {m["name"]: m for m in json.loads(numbers.read_text())["measurements"]}
    assert [row[0] for row in rows[2:]] == list(found)
    # A time may come out below nothing where two medians of a busy machine differ.
    assert all(math.isfinite(m["ours"]) for m in found.values())
    return found


def the(found: Measured, name: str) -> dict[str, Any]:
    """Return the one measurement whose name begins like this."""
    (one,) = (m for key, m in found.items() if key.startswith(name))
    return one


@pytest.mark.timeout(300)
async def test_the_benchmark_prints_a_whole_table_and_its_counts_hold(
    tmp_path: Path,
) -> None:
    """A benchmark that nobody runs rots; times on a busy machine mean nothing."""
    found = await measured(tmp_path, "--skip", "card")
    # Counts are the same on every machine.
    assert 10 < the(found, "recorder rows of a default session")["ours"] <= 40
    assert the(found, "states written while idle for 1 hours, after set")["ours"] == 0
    assert the(found, "timers that wait")["ours"] == 1
    # A busy machine leaves steps out, but it stays a fade.
    assert 0.2 < the(found, "fade of 10 lights over 10 min")["ratio"] <= 1
    assert the(found, "records of those taps")["ours"] == 0
    assert the(found, "lamps left dim by those taps")["ours"] == 0
    assert the(found, "lamps left dim by those sessions")["ours"] == 0
    assert the(found, "bytes written by it")["is_met"]


@pytest.mark.browser
@pytest.mark.timeout(300)
async def test_the_card_is_measured_in_a_browser(tmp_path: Path) -> None:
    """Its size is the same on every machine, what it costs to run is not."""
    found = await measured(tmp_path, "--only", "card")
    assert 5_000 < the(found, "card, gzipped")["ours"] <= 30_000
    assert the(found, "card of a running session")["reference"] > 0


def test_the_page_says_what_was_measured_and_what_was_not(tmp_path: Path) -> None:
    """Whoever reads only the page must not take what is missing for met."""
    page = tmp_path / "page.md"
    page.write_text(f"# Speed\n\n{BEGIN}\n\nof old\n\n{END}\n\nMore.\n", "utf-8")
    write_docs(
        page,
        [
            Measurement(name="quick", ours=2, reference=2, goal=1.1),
            Measurement(name="slow", ours=3, reference=2, goal=1.1),
        ],
        ["taps"],
    )
    text = page.read_text("utf-8")
    assert text.startswith("# Speed\n\n")
    assert text.endswith("\n\nMore.\n")
    assert "of old" not in text
    assert "Of 2 goals, 1 were met. Not measured: taps." in text
    assert re.search(r"\| quick .* 1\.00 .* met +\|", text)
    assert re.search(r"\| slow .* 1\.50 .* missed \|", text)
