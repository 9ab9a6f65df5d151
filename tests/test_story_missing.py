"""«One lamp was offline, so nothing happened».

Scheduler #350, Alarmo #377: one unavailable device cancels the rest, or everything
waits for it.
"""

from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.acupressure_mat.environment.device import Device
from custom_components.acupressure_mat.environment.light import Light
from custom_components.acupressure_mat.environment.player import Player

from .home import Home, Lamp, add_mat, coordinator_of, routine


async def test_with_everything_offline_it_starts_all_the_same(home: Home) -> None:
    """The person lies down; the record names what did not come along."""
    for device in (home.lamp, home.plug, home.radio):
        device.vanish()
    entry = await add_mat(home.hass)
    await home.start()
    assert home.is_on("switch.bedtime_session")
    await home.wait(minutes=22)
    (record,) = await home.records(entry)
    assert set(record.failed) == {
        "light.bed",
        "switch.diffuser",
        "media_player.radio",
    }


async def test_without_any_device_it_starts_too(home: Home) -> None:
    """A routine is useful with nothing but a name."""
    entry = await add_mat(
        home.hass,
        routine(
            lights={"lights": []},
            diffuser={"diffusers": []},
            music={"player": None, "media": None},
        ),
    )
    await home.start()
    await home.wait(minutes=22)
    assert home.evening.told == []
    assert len(await home.records(entry)) == 1


async def test_a_lamp_that_comes_late_joins(home: Home) -> None:
    """And goes back to how it was when it came."""
    home.lamp.vanish()
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=5)
    home.lamp.present = True
    home.lamp.by_hand(brightness=153)
    await home.settle()
    assert home.level("light.bed") == 12
    await home.wait(minutes=30)
    assert home.level("light.bed") == 60


async def test_a_lamp_that_is_loaded_only_later_joins_too(home: Home) -> None:
    """Just after a start there may not even be such an entity."""
    entry = await add_mat(home.hass, routine(lights={"lights": ["light.later"]}))
    await home.start()
    await home.wait(minutes=2)
    lamp = Lamp("Later", home.evening, brightness=153)
    await home.add(lamp)
    assert home.level("light.later") == 12
    await home.wait(minutes=30)
    assert home.level("light.later") == 60
    (record,) = await home.records(entry)
    assert record.failed == ("light.later",)


async def test_a_lamp_that_is_lost_in_the_middle_gets_what_it_missed(
    home: Home,
) -> None:
    """Gone in rest, back in winding down: as that is, then as it was before all."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=10)
    home.lamp.vanish()
    await home.wait(minutes=9, seconds=30)
    home.lamp.appear()
    await home.settle()
    assert home.level("light.bed") == 22
    await home.wait(minutes=30)
    assert home.level("light.bed") == 80
    (record,) = await home.records(entry)
    assert record.failed == ("light.bed",)


async def test_a_device_that_hangs_delays_nobody(home: Home) -> None:
    """Commands run beside each other; the slow one is given up and told of once."""
    home.lamp.slow = 3600
    entry = await add_mat(home.hass)
    await home.start()
    assert home.is_on("switch.diffuser")
    assert home.is_on("media_player.radio")
    await home.wait(minutes=3)
    await home.finish()
    await home.wait(minutes=2)
    (record,) = await home.records(entry)
    assert record.failed == ("light.bed",)


@pytest.mark.parametrize("floor", [0, 56])
async def test_a_lamp_that_hangs_at_first_comes_on_dim_and_goes_off_again(
    home: Home, floor: int
) -> None:
    """Asked once more it was as bright as ever, taken for a hand's, and stayed on."""
    lamp = home.lamp
    lamp.floor = floor
    lamp.by_hand(on=False, brightness=204)
    await add_mat(home.hass, routine(lights={"only_dim": False}))
    levels: set[int | None] = set()
    home.hass.bus.async_listen(
        "state_changed",
        lambda event: (
            levels.add(event.data["new_state"].attributes["brightness"])
            if event.data["entity_id"] == "light.bed"
            else None
        ),
    )
    lamp.slow = 3600
    await home.start()
    await home.wait(seconds=11)
    assert not home.is_on("light.bed")
    lamp.slow = 0
    await home.wait(minutes=2)
    assert home.is_on("light.bed")
    assert lamp.color_temp_kelvin == 2200
    assert levels == {floor or 31}
    await home.wait(minutes=30)
    assert not home.is_on("light.bed")


async def test_a_device_that_raises_is_asked_again_and_told_of_once(
    home: Home,
) -> None:
    """In the event, in the record, and not once per phase."""
    home.lamp.broken = True
    events = []
    home.hass.bus.async_listen(
        "state_changed",
        lambda event: (
            events.append(event.data["new_state"].attributes.get("event_type"))
            if event.data["entity_id"] == "event.bedtime_session_event"
            else None
        ),
    )
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=22)
    assert events.count("device_failed") == 1
    (record,) = await home.records(entry)
    assert record.failed == ("light.bed",)


async def test_a_bulb_that_takes_only_half_of_a_command_gets_two(home: Home) -> None:
    """Colour first, then brightness, when both at once did not do."""

    class Halved(Lamp):
        async def async_turn_on(self, **kwargs: object) -> None:
            if "brightness" in kwargs:
                kwargs.pop("color_temp_kelvin", None)
            await super().async_turn_on(**kwargs)

    lamp = Halved("Half", home.evening)
    await home.add(lamp)
    await add_mat(home.hass, routine(lights={"lights": ["light.half"]}))
    await home.start()
    await home.wait(seconds=10)
    assert lamp.color_temp_kelvin == 2200
    assert home.level("light.half") == 12


async def test_a_lamp_that_cannot_dim_is_simply_left_on(home: Home) -> None:
    """It is on; that is all it can be."""
    await home.add(Lamp("Plain", home.evening, dims=False))
    await add_mat(home.hass, routine(lights={"lights": ["light.plain"]}))
    await home.start()
    await home.wait(minutes=30)
    assert home.is_on("light.plain")


async def test_a_lamp_that_cannot_dim_is_asked_once_and_not_in_steps(
    home: Home,
) -> None:
    """Its relay would click twice a second."""
    await home.add(Lamp("Plain", home.evening, dims=False, transition=False))
    plain = {"lights": ["light.plain"], "fade": {"seconds": 30}}
    await add_mat(home.hass, routine(lights=plain))
    await home.start()
    await home.wait(minutes=1)
    assert home.evening.commands("light.plain") == ["on {}"]


async def test_a_device_renamed_in_mid_session_goes_on(
    hass: HomeAssistant, home: Home
) -> None:
    """Under its new name it is dimmed, switched off and put back."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=5)
    registry = er.async_get(hass)
    registry.async_update_entity("light.bed", new_entity_id="light.reading")
    registry.async_update_entity("switch.diffuser", new_entity_id="switch.scent")
    await home.settle()
    assert coordinator_of(entry).session is not None
    await home.wait(minutes=15)
    assert home.level("light.reading") == 22
    await home.wait(minutes=15)
    assert home.level("light.reading") == 80
    assert not home.is_on("switch.scent")


async def test_renamed_twice_every_cue_that_follows_reaches_it(
    hass: HomeAssistant, home: Home
) -> None:
    """Pause, resume, a kill and the end, for lamp, plug and player alike."""
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=5)
    registry = er.async_get(hass)
    names = {"light": "bed", "switch": "diffuser", "media_player": "radio"}
    for new in ("first", "second"):
        for domain, old in names.items():
            registry.async_update_entity(
                f"{domain}.{old}", new_entity_id=f"{domain}.{new}"
            )
            names[domain] = new
        await home.settle()
        await home.do("pause_session")
        assert home.level(f"light.{new}") == 22
        assert not home.is_on(f"switch.{new}")
        assert not home.is_on(f"media_player.{new}")
        await home.do("resume_session")
        assert home.level(f"light.{new}") == 12
        assert home.is_on(f"switch.{new}")
        assert home.is_on(f"media_player.{new}")
    await home.restart(entry)
    assert home.level("light.second") == 12
    await home.wait(minutes=15)
    assert home.level("light.second") == 22
    await home.wait(minutes=15)
    assert home.level("light.second") == 80
    assert not home.is_on("switch.second")
    assert home.radio.volume_level == 0.6
    (record,) = await home.records(entry)
    assert record.failed == ()


async def test_a_device_removed_in_mid_session_is_no_trouble(
    hass: HomeAssistant, home: Home
) -> None:
    """The others are put back; nothing waits for what is gone."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=5)
    er.async_get(hass).async_remove("light.bed")
    await home.settle()
    await home.wait(minutes=30)
    assert not home.is_on("switch.diffuser")
    assert not home.is_on("media_player.radio")
    assert len(await home.records(entry)) == 1
    assert not list(coordinator_of(entry).rooms)


async def test_a_lamp_that_is_gone_at_the_end_is_put_back_when_it_returns(
    home: Home,
) -> None:
    """The network was down for a minute; the lamp would have stayed dim for good."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=25)
    home.lamp.vanish()
    home.radio.vanish()
    await home.wait(minutes=5)
    assert list(coordinator_of(entry).rooms)
    home.lamp.appear()
    home.radio.appear()
    await home.wait(minutes=1)
    assert home.level("light.bed") == 80
    assert home.radio.volume_level == 0.6
    assert not list(coordinator_of(entry).rooms)


async def test_a_lamp_that_returns_switched_off_stays_off(home: Home) -> None:
    """Somebody went to it meanwhile."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=25)
    home.lamp.vanish()
    await home.wait(minutes=5)
    home.lamp.present = True
    home.lamp.by_hand(on=False)
    await home.wait(minutes=1)
    assert not home.is_on("light.bed")


async def test_a_lamp_that_returns_hours_later_is_left_as_it_is(home: Home) -> None:
    """Nobody wants to be woken by it."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=25)
    home.lamp.vanish()
    await home.wait(minutes=40)
    assert not list(coordinator_of(entry).rooms)
    home.lamp.appear()
    await home.wait(minutes=1)
    assert home.level("light.bed") == 22


async def test_a_lamp_that_is_gone_is_taken_over_by_the_next_session(
    home: Home,
) -> None:
    """And goes back to how it was before the first."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=25)
    home.lamp.vanish()
    await home.wait(minutes=2)
    await home.start()
    await home.wait(minutes=1)
    # The first waits for it no longer.
    assert len(list(coordinator_of(entry).rooms)) == 1
    home.lamp.appear()
    await home.wait(minutes=1)
    assert home.level("light.bed") == 12
    await home.wait(minutes=30)
    assert home.level("light.bed") == 80


async def test_a_lamp_that_tells_its_level_in_words_keeps_nobody_waiting(
    home: Home,
) -> None:
    """Whatever it makes of what it is asked, the session begins and ends."""
    home.hass.states.async_set("light.odd", "on", {"brightness": "204"})
    lights = {"lights": ["light.odd", "light.bed"]}
    entry = await add_mat(home.hass, routine(lights=lights))
    await home.start()
    assert home.level("light.bed") == 12
    await home.wait(minutes=30)
    assert home.level("light.bed") == 80
    (record,) = await home.records(entry)
    assert record.failed == ("light.odd",)


@pytest.mark.parametrize("kind", [Light, Player])
async def test_a_device_that_nobody_foresaw_holds_up_no_other(
    home: Home, kind: type[Device], caplog: pytest.LogCaptureFixture
) -> None:
    """The session goes on and ends, the rest of the room with it; the log says more."""
    entry = await add_mat(home.hass)
    with patch.object(kind, "target", side_effect=ZeroDivisionError):
        await home.start()
        assert home.is_on("switch.diffuser")
        await home.wait(minutes=30)
    (record,) = await home.records(entry)
    broken = {Light: "light.bed", Player: "media_player.radio"}[kind]
    assert (record.minutes, record.failed) == (20, (broken,))
    assert not home.is_on("switch.diffuser")
    assert f"{broken} could not be asked" in caplog.text
    caplog.clear()
