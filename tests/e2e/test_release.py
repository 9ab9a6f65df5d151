"""What users install: the zip of a release, alone and over the version before."""

import asyncio
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path

import aiohttp
import pytest

from scripts.lib import release

from .conftest import Boot
from .home_assistant import DOMAIN, REPOSITORY
from .mat import Mat, Routine
from .mosquitto import Broker
from .mqtt_room import MqttRoom
from .release import KNOWN, Bedroom, Kept, releases

# Of the kept session so much is left when Home Assistant starts with the new version.
LEFT = timedelta(seconds=40)


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the zip that scripts/release is about to hand out, or one like it."""
    if made := os.environ.get("RELEASE_ZIP"):
        return Path(made)
    to = tmp_path_factory.mktemp("dist") / release.zip_name(REPOSITORY)
    release.build(REPOSITORY, to)
    return to


async def test_the_zip_installs_into_a_fresh_home_assistant(
    boot: Boot, zipped: Path
) -> None:
    """A file that git does not know, or a folder too deep, shows only here."""
    async with boot({"frontend": {}}, zipped=zipped) as home:
        manifest = await home.client.call("manifest/get", integration=DOMAIN)
        assert manifest["version"] == release.version(REPOSITORY)
        assert not manifest["is_built_in"]
        mat = await Mat.add(home.client, "Anna")
        routine = await mat.add_routine("Evening", "bedtime", {})
        await routine.start(minutes=5)
        await home.client.wait_for_state(await mat.entity("sensor.phase"), "prepare")
        await routine.perform("stop_session", reason="mistake")
        await home.client.wait_for_state(await mat.entity("sensor.phase"), "idle")
        for part in ("acupressure-mat.js", "bell.wav"):
            assert await _serves(home.url, part)
        assert home.errors_of_ours() == []


async def _serves(url: str, part: str) -> bool:
    """Return whether a file of the frontend can be had."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{url}/{DOMAIN}/{part}") as response,
    ):
        return response.status == 200


@pytest.mark.parametrize("kept", releases(), ids=lambda kept: kept.version)
async def test_a_session_goes_on_with_the_new_version(
    boot: Boot, zipped: Path, broker: Broker, room: MqttRoom, kept: Kept
) -> None:
    """An update comes when somebody else is at home, also while one lies on the mat.

    The session, the room as it was before it and the journal are all on disk, in the
    words of the version that wrote them.
    """
    bedroom = Bedroom.of(room)
    # As the session left them.
    bedroom.lamp.move(is_on=True, brightness=31, kelvin=2200)
    bedroom.diffuser.move(is_on=True)
    async with boot(zipped=zipped) as home:
        await broker.add_to(home.client)
        await room.appear_in(home.client)
        await home.wait_for_storage("core.config_entries", "mqtt")
        await home.wait_for_storage("core.entity_registry", bedroom.lamp.entity_id)
        await home.stop()
        started_at = datetime.now(UTC) - kept.length + LEFT
        kept.put_into(home, started_at)
        await home.start()

        mat = Mat(home.client, kept.entry["entry_id"], None)
        routine = Routine(home.client, kept.session["routine"]["id"])
        switch = await routine.entity("switch.session")
        assert home.client.state(switch).state == "on"
        told = home.client.state(await mat.entity("sensor.finishes_at")).state
        ends = started_at + kept.length
        assert abs(datetime.fromisoformat(told) - ends) < timedelta(seconds=1)

        listed = await home.client.call("config/entity_registry/list")
        ours = [
            [item["entity_id"].partition(".")[0], item["unique_id"]]
            for item in listed
            if item["platform"] == DOMAIN
        ]
        assert [entity for entity in kept.entities if entity not in ours] == []

        await routine.wait_for("completed", time_limit=60)
        await home.client.wait_for_state(await mat.entity("sensor.phase"), "idle")
        async with asyncio.timeout(15):
            while bedroom.diffuser.is_on or bedroom.lamp.glow.brightness != 200:
                await asyncio.sleep(0.1)
        answer = await home.client.action(
            f"{DOMAIN}.get_records", config_entry_id=mat.entry_id, returns=True
        )
        minutes = sorted(record["elapsed"] / 60 for record in answer["records"])
        assert minutes == [1, *sorted(known for _, known, _ in KNOWN)]
        assert home.errors_of_ours() == []
