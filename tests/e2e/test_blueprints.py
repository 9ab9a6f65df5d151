"""Each blueprint, imported by its link, filled in and run by a real Home Assistant."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web
import pytest
import pytest_asyncio

from .client import Client, Json
from .conftest import Boot
from .home_assistant import REPOSITORY, HomeAssistant
from .mat import Mat, Routine
from .process import free_port

# The tests of this file share one home.
pytestmark = pytest.mark.xdist_group("blueprints")

FOLDER = REPOSITORY / "blueprints" / "automation" / "acupressure_mat"
QUICK = {"prepare": {"seconds": 0}, "after": {"seconds": 1}}
BUTTON = "event.bedside_button"
TV = "media_player.tv"


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[str]:
    """Serve a folder as the repository's pages do, and return its address."""
    app = web.Application()
    app.router.add_static("/", folder)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


@dataclass
class House:
    """Two mats with a routine each, so that two evenings go on at the same time."""

    home: HomeAssistant
    anna: Mat
    bedtime: Routine
    ben: Mat
    stretching: Routine

    @property
    def client(self) -> Client:
        """Return the connection to the home."""
        return self.home.client

    async def use(self, name: str, **inputs: object) -> None:
        """Import a blueprint by its link, and make an automation from it."""
        async with served(FOLDER) as address:
            imported = await self.client.call(
                "blueprint/import", url=f"{address}/{name}.yaml"
            )
        assert imported["validation_errors"] is None
        assert imported["blueprint"]["metadata"]["name"].startswith("Acupressure mat:")
        path = f"acupressure_mat/{name}.yaml"
        await self.client.call(
            "blueprint/save", domain="automation", path=path, yaml=imported["raw_data"]
        )
        await self.client.request(
            "POST",
            f"/api/config/automation/config/{name}",
            {"alias": name, "use_blueprint": {"path": path, "input": inputs}},
        )
        await self.client.wait_for_state(f"automation.{name}", "on")

    async def is_(self, entity_id: str, state: str, *, time_limit: float = 10) -> None:
        """Return as soon as an entity is in a state."""
        await self.client.wait_for_state(entity_id, state, time_limit=time_limit)

    async def tell(self, entity_id: str, state: str, **attributes: object) -> None:
        """Let a device of the home tell something."""
        await self.client.request(
            "POST",
            f"/api/states/{entity_id}",
            {"state": state, "attributes": attributes},
        )


@pytest_asyncio.fixture(scope="module")
async def house(boot: Boot) -> AsyncIterator[House]:
    """Return a house with two people in it."""
    counters: Json = {"reminded": {}, "night": {}}
    async with boot({"counter": counters, "tag": {}}) as home:
        anna = await Mat.add(home.client, "Anna")
        bedtime = await anna.add_routine("Bedtime", "bedtime", QUICK)
        ben = await Mat.add(home.client, "Ben")
        stretching = await ben.add_routine("Stretching", "after_work", QUICK)
        yield House(home, anna, bedtime, ben, stretching)
        assert not home.errors_of_ours()


def count(name: str) -> list[dict[str, object]]:
    """Return the actions that a person fills in: count up."""
    return [
        {
            "action": "counter.increment",
            "target": {"entity_id": f"counter.{name}"},
        }
    ]


async def test_no_blueprint_is_left_out() -> None:
    """A new one has to be imported and run here, too."""
    assert {file.stem for file in FOLDER.glob("*.yaml")} == {
        "bedside_button",
        "nfc_tag",
        "remind_until_done",
        "sleep_mode",
        "tv_off",
    }


async def test_the_bedside_button(house: House) -> None:
    """Press to start, pause and resume; twice for more; hold to end."""
    switch = await house.stretching.entity("switch.session")
    phase = await house.ben.entity("sensor.phase")
    duration = await house.ben.entity("sensor.duration")
    await house.use("bedside_button", session=switch, button=BUTTON)
    await house.tell(BUTTON, "unknown")
    presses = 0

    async def press(kind: str) -> None:
        nonlocal presses
        presses += 1
        moment = datetime.now(ZoneInfo("UTC")) + timedelta(microseconds=presses)
        await house.tell(BUTTON, moment.isoformat(), event_type=kind)

    await press("single")
    await house.is_(switch, "on")
    length = float(house.client.state(duration).state)
    await press("double_press")
    await house.client.wait_for(
        "five minutes more",
        lambda states: float(states[duration].state) == length + 5,
    )
    await press("press")
    await house.is_(phase, "paused")
    await press("press")
    await house.is_(phase, "settle")
    await press("hold")
    await house.is_(switch, "off")


async def test_the_tag(house: House) -> None:
    """Once to start, once more to end."""
    switch = await house.stretching.entity("switch.session")
    await house.use("nfc_tag", session=switch, tag="on-the-mat")
    for state in ("on", "off"):
        await house.client.request(
            "POST", "/api/events/tag_scanned", {"tag_id": "on-the-mat"}
        )
        await house.is_(switch, state)


async def test_an_evening_of_two(house: House) -> None:
    """Anna is reminded, and goes to sleep after it; Ben's TV has gone off."""
    bedtime = await house.bedtime.entity("switch.session")
    stretching = await house.stretching.entity("switch.session")
    await house.tell(TV, "on")
    await house.use(
        "tv_off",
        session=stretching,
        minutes_today=await house.ben.entity("sensor.minutes_today"),
        tv=TV,
        after="00:00:00",
        before="23:59:59",
    )
    await house.use(
        "sleep_mode",
        session=await house.bedtime.entity("event.session"),
        wait={"seconds": 1},
        night=count("night"),
    )
    zone = ZoneInfo("Europe/Vienna")
    soon = datetime.now(zone) + timedelta(seconds=3)
    await house.use(
        "remind_until_done",
        minutes_today=await house.anna.entity("sensor.minutes_today"),
        at=f"{soon:%H:%M:%S}",
        every={"seconds": 2},
        times=3,
        remind=count("reminded"),
    )
    await house.tell(TV, "off")
    await house.is_("counter.reminded", "1")
    await house.is_("counter.reminded", "2")
    await house.bedtime.start(minutes=1)
    # A minute on the mat for her, and a minute without a TV for him.
    await house.is_(bedtime, "off", time_limit=75)
    await house.is_(stretching, "on", time_limit=15)
    assert house.client.state("counter.night").state == "0"
    await house.is_("counter.night", "1")
    await asyncio.sleep(3)
    assert house.client.state("counter.night").state == "1"
    assert house.client.state("counter.reminded").state in "23"
