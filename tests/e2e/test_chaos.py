"""Kills at random moments: whatever happens, the home ends up right.

CHAOS_SEED=n plays the same campaign again, CHAOS_KILLS=n sets how many kills it has,
CHAOS_ROUND=n plays one round of it alone.
"""

from contextlib import AsyncExitStack
import os
import secrets

import pytest

from .chaos import campaign
from .conftest import Boot
from .mosquitto import Broker

SHORT_SEED, SHORT_KILLS = 7, 2


async def test_two_kills_leave_the_home_right(boot: Boot, broker: Broker) -> None:
    """The long campaign runs by name only; this keeps it from rotting."""
    async with AsyncExitStack() as stack:
        home = await stack.enter_async_context(boot())
        chaos = await campaign(stack, home, broker)
        await chaos.run(SHORT_SEED, SHORT_KILLS, print, short=True)
    assert chaos.findings == []
    assert chaos.kills == SHORT_KILLS


@pytest.mark.chaos
@pytest.mark.timeout(7200)
async def test_fifty_kills_leave_the_home_right(
    boot: Boot, broker: Broker, capsys: pytest.CaptureFixture[str]
) -> None:
    """A moment that nobody thought of is where the diffuser stays on for the night."""
    seed = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(10_000))
    kills = int(os.environ.get("CHAOS_KILLS") or 50)
    only = int(os.environ.get("CHAOS_ROUND") or 0) or None

    def report(line: str) -> None:
        with capsys.disabled():
            print(line, flush=True)

    async with AsyncExitStack() as stack:
        home = await stack.enter_async_context(boot())
        chaos = await campaign(stack, home, broker)
        await chaos.run(seed, kills, report, only=only)
        report(
            f"{chaos.kills} kills in {chaos.rows[-1].round} rounds,"
            f" {len(chaos.findings)} findings (CHAOS_SEED={seed})"
        )
    assert chaos.findings == []
    assert chaos.kills == kills or only
