"""Activity: what Home Assistant itself shows of a session, past and live."""

from datetime import UTC, datetime

from .client import Client, Json
from .conftest import Boot
from .home_assistant import DOMAIN
from .mat import Mat

LAST = "Anna ended Bedtime after 1 min because it hurt. Good decision"


async def shown(client: Client, since: str, *entity_ids: str) -> list[Json]:
    """Return the lines of some entities in Activity, or of all."""
    where: Json = {"entity_ids": entity_ids} if entity_ids else {}
    events: list[Json] = await client.call(
        "logbook/get_events", start_time=since, **where
    )
    return events


def sentences(lines: list[Json]) -> list[str]:
    """Return our lines of them, as a person reads them."""
    return [
        f"{line['name']} {line['message']}"
        for line in lines
        if line.get("domain") == DOMAIN
    ]


async def test_a_session_is_told_once(boot: Boot) -> None:
    """Live, later, and at the sensor that says who is on the mat."""
    async with boot() as home:
        client = home.client
        mat = await Mat.add(client, "Anna")
        bedtime = await mat.add_routine(
            "Bedtime", "bedtime", {"prepare": {"seconds": 0}}
        )
        sensor = await mat.entity("binary_sensor.session")
        event = await bedtime.entity("event.session")
        now = datetime.now(UTC).isoformat()
        async with client.events("logbook/event_stream", start_time=now) as live:
            await bedtime.start(minutes=5)
            await bedtime.perform("stop_session", reason="pain")
            await live.wait_for(lambda told: LAST in sentences(told["events"]))
        # The recorder writes once a second.
        everything: list[Json] = []
        while LAST not in sentences(everything):
            everything = await shown(client, now)
        expected = ["Anna started Bedtime: 5 min", LAST]
        assert sentences(everything) == expected
        here = await shown(client, now, sensor)
        assert sentences(here) == expected
        # Beside them only that somebody was there.
        assert [line["state"] for line in here if "state" in line] == ["on", "off"]
        # The event entity has its own line for each, and there is no other for it.
        lines = await shown(client, now, event)
        assert [line["attributes"]["event_type"] for line in lines] == [
            "started",
            "phase_started",
            "stopped",
            "phase_started",
        ]
        assert home.errors_of_ours() == []
