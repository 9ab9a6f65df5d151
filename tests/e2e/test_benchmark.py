"""`scripts/benchmark` in short: whether it works, never how fast anything was."""

import asyncio
import json
import math
from pathlib import Path
import sys

import pytest

from .home_assistant import REPOSITORY

HEADS = ["measurement", "ours", "reference", "is", "ratio", "goal", ""]


@pytest.mark.timeout(300)
async def test_the_benchmark_prints_a_whole_table_and_its_counts_hold(
    tmp_path: Path,
) -> None:
    """A benchmark that nobody runs rots; times on a busy machine mean nothing."""
    numbers = tmp_path / "numbers.json"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks", "--quick", "--json", numbers),
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    lines = [line for line in printed.decode().splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert rows[0] == HEADS
    assert all(len(row) == len(HEADS) for row in rows)
    measured = {m["name"]: m for m in json.loads(numbers.read_text())["measurements"]}
    assert [row[0] for row in rows[2:]] == list(measured)
    # A time may come out below nothing where two medians of a busy machine differ.
    assert all(math.isfinite(m["ours"]) for m in measured.values())
    # Counts are the same on every machine.
    assert 10 < measured["recorder rows of a session with all its phases"]["ours"] <= 40
    assert measured["records of those taps"]["ours"] == 0
    assert measured["lamps left dim by those taps"]["ours"] == 0
    assert measured["lamps left dim by those sessions"]["ours"] == 0
    assert 5_000 < measured["card, gzipped"]["ours"] <= 30_000
    (written,) = (m for name, m in measured.items() if name.startswith("bytes written"))
    assert written["is_met"]
