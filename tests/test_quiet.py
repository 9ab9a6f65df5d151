"""Nobody is on the mat: then nothing is written, and nothing waits but the next day."""

from collections import Counter

from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers import entity_registry as er

from .home import Home, add_mat, routine, timers


async def test_an_idle_day_writes_nothing_and_sets_no_timers(home: Home) -> None:
    """A tick a minute would be 1,440 writes a day on somebody's memory card."""
    entry = await add_mat(
        home.hass, *(routine(f"Routine {number}") for number in range(5))
    )
    await home.wait(minutes=1)
    ours = {
        entity.entity_id
        for entity in er.async_entries_for_config_entry(
            er.async_get(home.hass), entry.entry_id
        )
    }
    assert len(ours) > 5 * 3
    written: Counter[str] = Counter()

    @callback
    def count(event: Event[EventStateChangedData]) -> None:
        if event.data["entity_id"] in ours:
            written[event.data["entity_id"]] += 1

    home.hass.bus.async_listen("state_changed", count)
    await home.wait(hours=24)
    assert written == {}
    # The day boundary, and the evening from which on a streak may be at risk.
    assert len(timers(home.hass)) == 1, timers(home.hass)


async def test_only_the_new_day_is_written_after_a_session(home: Home) -> None:
    """The minutes of today are those of yesterday from the day boundary on."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=30)
    written: Counter[str] = Counter()

    @callback
    def count(event: Event[EventStateChangedData]) -> None:
        if "anna_s_mat" in event.data["entity_id"]:
            written[event.data["entity_id"]] += 1

    home.hass.bus.async_listen("state_changed", count)
    await home.wait(hours=24)
    assert home.state("sensor.anna_s_mat_minutes_today") == "0.0"
    assert max(written.values()) == 1
    assert "sensor.anna_s_mat_minutes_today" in written
    assert "sensor.anna_s_mat_phase" not in written
    assert len(timers(home.hass)) == 1, timers(home.hass)
