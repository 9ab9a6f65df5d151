"""Practice as a person sees it: a card of statistics, the calendar's page, a restart."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from .client import CallError, Client, Disconnected, Json
from .conftest import Boot
from .home_assistant import DOMAIN
from .mat import Mat

VIENNA = ZoneInfo("Europe/Vienna")
HOUR = timedelta(hours=1)

type Rows = dict[datetime, tuple[float, float]]


async def card(client: Client, name: str, since: datetime) -> Rows:
    """Return what a statistics card draws: each hour's change, and the sum."""
    found = await client.call(
        "recorder/statistics_during_period",
        start_time=since.isoformat(),
        statistic_ids=[name],
        period="hour",
        types=["change", "sum"],
    )
    return {
        datetime.fromtimestamp(row["start"] / 1000, UTC): (
            round(row["change"], 3),
            round(row["sum"], 3),
        )
        for row in found.get(name, [])
    }


async def becomes(
    client: Client, name: str, since: datetime, right: Callable[[Rows], bool]
) -> Rows:
    """Return the rows as soon as they are right: the recorder has its own pace."""
    rows: Rows = {}
    try:
        async with asyncio.timeout(20):
            while not right(rows := await card(client, name, since)):
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise AssertionError(f"{name}: {rows}") from None
    return rows


async def test_statistics_and_calendar_follow_every_change_of_a_record(
    boot: Boot,
) -> None:
    """Entered across an hour, practised, corrected, deleted, and after a restart."""
    async with boot() as home:
        client = home.client
        anna = await Mat.add(client, "Anna")
        bedtime = await anna.add_routine(
            "Bedtime", "bedtime", {"prepare": {"seconds": 0}}
        )
        calendar = await anna.entity("calendar.journal")
        mat_id = anna.entry_id.lower()
        minutes, sessions = (
            f"{DOMAIN}:{mat_id}_{key}" for key in ("minutes", "sessions")
        )
        # Yesterday, from ten to eleven until ten past, and this morning by calendar.
        noon = datetime.now(VIENNA).replace(hour=12, minute=0, second=0, microsecond=0)
        evening = (noon - timedelta(days=1)).replace(hour=22, minute=50)
        earlier = (noon - timedelta(days=2)).replace(hour=8)
        since = (noon - timedelta(days=4)).astimezone(UTC)
        ten = evening.replace(minute=0).astimezone(UTC)

        added = await client.action(
            f"{DOMAIN}.add_record",
            returns=True,
            start=evening.isoformat(),
            duration={"minutes": 20},
        )
        record_id = added["record"]["id"]
        await client.call(
            "calendar/event/create",
            entity_id=calendar,
            event={
                "dtstart": earlier.replace(tzinfo=None).isoformat(),
                "dtend": (earlier + HOUR / 4).replace(tzinfo=None).isoformat(),
                "summary": "Bedtime",
            },
        )
        eight = earlier.astimezone(UTC)
        entered = {eight: (15, 15), ten: (10, 25), ten + HOUR: (10, 35)}
        # The recorder writes row by row, and may be asked in between.
        await becomes(client, minutes, since, lambda rows: rows == entered)

        # A session of a minute, as it is practised.
        await bedtime.start(minutes=1)
        done = await bedtime.wait_for("completed", time_limit=90)
        rows = await becomes(
            client, minutes, since, lambda rows: [*rows.values()][-1][1] > 35.9
        )
        assert [*rows.values()][-1][1] == 36
        rows = await becomes(client, sessions, since, lambda rows: len(rows) == 3)
        assert [sum_ for _, sum_ in rows.values()] == [1, 2, 3]

        # Corrected: it was over before eleven, and ten minutes longer.
        await client.action(
            f"{DOMAIN}.update_record",
            record_id=record_id,
            start=evening.replace(minute=15).isoformat(),
            duration={"minutes": 30},
        )
        corrected = {eight: (15, 15), ten: (30, 45), ten + HOUR: (0, 45)}
        await becomes(
            client,
            minutes,
            since,
            lambda rows: rows | corrected == rows and [*rows.values()][-1][1] == 46,
        )

        # Deleted where the calendar shows it.
        shown = await events(client, calendar, since)
        assert [event["summary"] for event in shown] == [
            "Bedtime",
            "Session",
            "Bedtime",
        ]
        ended = datetime.fromisoformat(shown[-1]["end"])
        assert abs(ended - done.at) < timedelta(seconds=2)
        await client.call("calendar/event/delete", entity_id=calendar, uid=record_id)
        rows = await becomes(
            client,
            minutes,
            since,
            lambda rows: rows[ten] == (0, 15) and [*rows.values()][-1][1] == 16,
        )
        assert len(await events(client, calendar, since)) == 2

        # As anybody finds it who adds a card, and the same after a restart.
        known = {
            each["statistic_id"]: each
            for each in await client.call("recorder/list_statistic_ids")
        }
        assert known[minutes]["name"] == "Anna: minutes"
        assert known[minutes]["statistics_unit_of_measurement"] == "min"
        assert known[sessions]["has_sum"]
        await home.stop()
        await home.start()
        assert await card(client, minutes, since) == rows

        # And nothing of it is left when the mat goes.
        await client.request(
            "DELETE", f"/api/config/config_entries/entry/{anna.entry_id}"
        )
        await becomes(client, minutes, since, lambda rows: not rows)
        known = await client.call("recorder/list_statistic_ids")
        assert not [each for each in known if each["source"] == DOMAIN]
        assert not list((home.folder / ".storage").glob(f"{DOMAIN}.{anna.entry_id}*"))


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_a_journal_that_is_too_large_for_one_message_comes_in_portions(
    boot: Boot,
) -> None:
    """As docs/actions.md says; each with the line of names, one of them twice.

    Home Assistant hangs up on a message of more than 4 MB, and its REST API refuses
    one of more than 16: nothing of it arrives, and the connection is there again.
    """
    first = datetime(2026, 1, 1, 6, tzinfo=UTC)
    notes = "prickly, then warm; " * 90
    rows = [
        f"{(first + number * HOUR).isoformat()},10,{notes}" for number in range(3000)
    ]

    def table(some: list[str]) -> str:
        return "\n".join(["start,minutes,notes", *some])

    async with boot() as home:
        client = home.client
        await Mat.add(client, "Anna")

        async def total() -> int:
            found = await client.action(
                f"{DOMAIN}.get_records", returns=True, period="all"
            )
            return int(found["total"])

        async def bring_in(**given: Any) -> tuple[int, int]:
            answer = await client.action(
                f"{DOMAIN}.import_records", returns=True, time_limit=60, **given
            )
            assert answer["skipped"] == []
            return answer["imported"], answer["imported_days"]

        few = {"csv": table(rows[:1]), "worst_pain": {"2026-01-01": 7}}
        assert await bring_in(**few) == (1, 1)
        # The answer of an export is what is brought in elsewhere, as it is.
        for form in ("csv", "json"):
            out = await client.action(
                f"{DOMAIN}.export_records", returns=True, format=form
            )
            assert out["worst_pain"] == {"2026-01-01": 7}
            assert await bring_in(**out) == (1, 1)
        assert await total() == 1

        whole = table(rows)
        assert len(whole) > 5_000_000
        with pytest.raises((Disconnected, ConnectionError)):
            await client.action(f"{DOMAIN}.import_records", csv=whole)
        await client.connect()
        with pytest.raises(CallError) as refused:
            await client.request(
                "POST", f"/api/services/{DOMAIN}/import_records", {"csv": whole * 4}
            )
        assert refused.value.code == "413"
        assert await total() == 1

        for some in (rows[2000:], rows[:1000], rows[1000:2000], rows[:1000]):
            assert await bring_in(csv=table(some)) == (1000, 0)
        assert await total() == 3000
        assert not home.errors_of_ours()


async def events(client: Client, calendar: str, since: datetime) -> list[Json]:
    """Return what a calendar card shows from then until tomorrow."""
    answer = await client.action(
        "calendar.get_events",
        calendar,
        returns=True,
        start_date_time=since.isoformat(),
        duration={"days": 5},
    )
    found: list[Json] = answer[calendar]["events"]
    return found
