"""Commands go first; then all of it is told, once and in order."""

from typing import Any, override

from homeassistant.core import Event, EventStateChangedData, callback

from custom_components.acupressure_mat.session.session import Reason, Source

from .home import Home, Lamp, add_mat, coordinator_of, routine


def told_of(home: Home) -> list[str]:
    """Return what will be told of the routine: its switch, and what happened."""
    told: list[str] = []

    @callback
    def hear(event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        if new is not None and new.entity_id == "switch.bedtime_session":
            told.append(new.state)
        elif new is not None and new.entity_id == "event.bedtime_session_event":
            told.append(new.attributes["event_type"])

    home.hass.bus.async_listen("state_changed", hear)
    return told


async def test_commands_are_given_before_anything_is_told(home: Home) -> None:
    """Two dozen states, written first, would hold up the bytes to the lamp."""
    entry = await add_mat(home.hass)
    told = told_of(home)
    home.evening.told.clear()
    coordinator_of(entry).async_start("bedtime", source=Source.USER)
    assert home.evening.commands("light.bed") != []
    assert told == []
    await coordinator_of(entry).happenings.async_told()
    assert told == ["on", "started", "phase_started"]


async def test_an_action_returns_when_its_change_can_be_seen(home: Home) -> None:
    """The next step of a script may ask whether the session runs."""
    await add_mat(home.hass)
    for domain, action, state in (
        ("switch", "turn_on", "on"),
        ("switch", "turn_off", "off"),
        ("acupressure_mat", "start_session", "on"),
        ("acupressure_mat", "stop_session", "off"),
    ):
        await home.hass.services.async_call(
            domain, action, {"entity_id": "switch.bedtime_session"}, blocking=True
        )
        assert home.state("switch.bedtime_session") == state


async def test_two_changes_at_one_moment_are_both_told(home: Home) -> None:
    """Neither is swallowed by the other, and the first comes first."""
    entry = await add_mat(home.hass)
    told = told_of(home)
    coordinator = coordinator_of(entry)
    coordinator.async_start("bedtime", source=Source.USER)
    coordinator.async_stop(Reason.PAIN)
    await coordinator.happenings.async_told()
    assert told[:3] == ["on", "started", "phase_started"]
    assert told[3:5] == ["off", "stopped"]


class Contrary(Lamp):
    """A lamp that is switched off by hand at the very moment it is commanded."""

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self.evening.note(self.entity_id, "on")
        self.by_hand(on=False)


async def test_a_hand_at_the_moment_of_the_command_wins(home: Home) -> None:
    """It is heard while the command is still being given: nobody asks once more."""
    await home.add(Contrary("Contrary", home.evening))
    await add_mat(home.hass, routine(lights={"lights": ["light.contrary"]}))
    await home.start()
    await home.wait(minutes=2)
    assert home.evening.commands("light.contrary") == ["on"]
    assert home.state("light.contrary") == "off"
