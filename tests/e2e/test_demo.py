"""The first thing that a stranger runs."""

import asyncio
import os
from pathlib import Path
import signal

from .home_assistant import REPOSITORY

DEMO = REPOSITORY / "scripts" / "demo"


def left_in(folder: Path) -> list[Path]:
    """Return what the demo left where it may throw things away."""
    return list(folder.iterdir())


async def start(*arguments: str, folder: Path) -> asyncio.subprocess.Process:
    """Start the demo with a folder of its own for what it throws away."""
    return await asyncio.create_subprocess_exec(
        DEMO,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"},
    )


async def test_it_shows_a_whole_session_and_ends_by_itself(tmp_path: Path) -> None:
    """A demo that fails, hangs or leaves something behind is worse than none."""
    demo = await start("--once", folder=tmp_path)
    async with asyncio.timeout(180):
        output, errors = await demo.communicate()
    text = output.decode()
    assert demo.returncode == 0, text + errors.decode()
    # No colours and no redrawing where nobody watches.
    assert "\x1b" not in text
    words = [line.split() for line in text.splitlines() if line[:2].isdigit()]
    phases = ["prepare", "settle", "rest", "wind", "after"]
    assert [line[1] for line in words if line[1] in phases] == phases
    shown = {" ".join(line[1:]) for line in words}
    assert {"session started", "session completed", "Diffuser on", "Diffuser off"} <= (
        shown
    )
    assert any("Bedside lamp 80 % 3500 K → 15 % 2200 K" in line for line in shown)
    journal, room = text.split("In the journal")[1].split("The room now")
    assert "Bedtime" in journal
    assert "completed" in journal
    assert "all followed" in journal
    assert room.split("\n")[1:5] == [
        "  Bedside lamp   off",
        "  Ceiling light  off",
        "  Diffuser       off",
        "  Speaker        off",
    ]
    assert left_in(tmp_path) == []


async def test_ctrl_c_in_mid_session_cleans_up(tmp_path: Path) -> None:
    """An impatient stranger must not be left with a Home Assistant in the background."""
    demo = await start(folder=tmp_path)
    assert demo.stdout
    seen = b""
    async with asyncio.timeout(60):
        while b"Diffuser       on" not in seen:
            line = await demo.stdout.readline()
            assert line, seen.decode()
            seen += line
    (folder,) = left_in(tmp_path)
    demo.send_signal(signal.SIGINT)
    async with asyncio.timeout(15):
        _, errors = await demo.communicate()
    assert demo.returncode == 130
    assert b"Traceback" not in errors
    assert left_in(tmp_path) == []
    running = await asyncio.create_subprocess_exec(
        "pgrep", "-f", folder.name, stdout=asyncio.subprocess.DEVNULL
    )
    assert await running.wait() == 1, "Home Assistant runs on"
