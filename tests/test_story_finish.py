"""«Switching off deleted everything».

Baby Buddy #40, #81, #87, #96; Medito #450: off deletes, partial minutes are refused.
"""

from typing import Any, override

from homeassistant.components.light import ColorMode, LightEntityFeature
import pytest

from .home import Home, Lamp, add_mat, coordinator_of, routine


async def test_off_finishes_and_keeps(home: Home) -> None:
    """Twelve of twenty minutes are twelve minutes."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=13)
    await home.finish()
    (record,) = await home.records(entry)
    assert (record.outcome, record.reason, record.minutes) == ("stopped", "enough", 12)
    assert home.level("light.bed") == 80
    assert not home.is_on("media_player.radio")
    assert float(home.state("sensor.anna_s_mat_minutes_today")) == 12


@pytest.mark.parametrize("seconds", [5, 90])
async def test_a_mistaken_tap_is_undone_and_leaves_nothing(
    home: Home, seconds: int
) -> None:
    """In prepare or the first minute; whatever the routine says of its end."""
    entry = await add_mat(
        home.hass, routine(lights={"lights_end": "off"}, music={"music_end": "off"})
    )
    await home.start()
    await home.wait(seconds=seconds)
    await home.finish()
    assert await home.records(entry) == []
    assert home.level("light.bed") == 80
    assert home.state("media_player.radio") == "idle"


async def test_a_double_tap_starts_one_session(home: Home) -> None:
    """Off and on of a nervous finger, or a tap and a voice at once."""
    entry = await add_mat(home.hass)
    await home.start()
    first = coordinator_of(entry).session
    await home.start()
    assert coordinator_of(entry).session is first
    assert home.evening.commands("switch.diffuser") == ["on"]


async def test_stopped_for_pain_there_is_light_to_get_up_by(home: Home) -> None:
    """Brighter than before if need be, at once, and never a mistake."""
    home.lamp.by_hand(brightness=26)
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=30)
    await home.do("stop_session", reason="pain")
    assert home.level("light.bed") == 30
    assert not home.is_on("media_player.radio")
    assert not home.is_on("switch.diffuser")
    (record,) = await home.records(entry)
    assert record.reason == "pain"
    await home.wait(minutes=6)
    assert home.level("light.bed") == 10


async def test_started_again_in_after_nothing_flickers(home: Home) -> None:
    """The lamp goes from one session to the next, and back to what it first was."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=22)
    told = len(home.evening.commands("light.bed"))
    await home.start()
    commands = home.evening.commands("light.bed")[told:]
    assert commands == ["on {'brightness': 31, 'color_temp_kelvin': 2200}"]
    assert home.evening.commands("media_player.radio").count("play calm") == 2
    await home.wait(minutes=30)
    assert home.level("light.bed") == 80


async def test_skipped_from_phase_to_phase_it_completes(home: Home) -> None:
    """Skipping never ends in a gap that waits for ever (Irrigation-V5 #230)."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=3)
    for phase in ("rest", "wind_down", "after", "idle"):
        await home.do("skip_phase")
        assert home.state("sensor.anna_s_mat_phase") == phase
    (record,) = await home.records(entry)
    assert (record.outcome, record.minutes) == ("completed", 2)
    assert home.level("light.bed") == 80


async def test_a_bedtime_ends_in_the_dark(home: Home) -> None:
    """With a level that the bulb may well remember."""
    await add_mat(
        home.hass,
        routine(lights={"brightness": 3, "lights_end": "off"}),
    )
    await home.start()
    await home.wait(minutes=15)
    await home.finish()
    assert not home.is_on("light.bed")
    assert home.lamp.brightness == 26


async def test_a_lamp_that_was_off_is_not_put_off(home: Home) -> None:
    """Somebody sleeps beside it, and relays click."""
    home.lamp.by_hand(on=False)
    await add_mat(home.hass, routine(lights={"lights_end": "off"}))
    await home.start()
    await home.wait(minutes=30)
    assert home.evening.commands("light.bed") == []


async def test_a_lamp_that_was_off_is_left_with_a_level_to_read_by(home: Home) -> None:
    """The session had it at a glimmer, and the next press of its button is a hand's."""
    home.lamp.by_hand(on=False)
    await add_mat(home.hass, routine(lights={"brightness": 3, "only_dim": False}))
    await home.start()
    await home.wait(minutes=15)
    assert home.level("light.bed") == 3
    await home.finish()
    assert not home.is_on("light.bed")
    assert home.lamp.brightness == 26


async def test_rehearsed_the_whole_routine_plays_and_leaves_nothing(
    home: Home,
) -> None:
    """Half a minute, then as if nothing had been."""
    entry = await add_mat(home.hass, routine(lights={"lights_end": "off"}))
    await home.do("rehearse_session", duration={"seconds": 52})
    assert home.is_on("switch.diffuser")
    await home.wait(seconds=20)
    assert home.level("light.bed") == 12
    await home.wait(seconds=50)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert home.state("media_player.radio") == "idle"
    assert await home.records(entry) == []
    assert home.state("event.bedtime_session_event") == "unknown"


def color_mode_of(home: Home) -> str:
    state = home.hass.states.get("light.bed")
    assert state is not None
    return str(state.attributes["color_mode"])


async def test_a_coloured_glow_gets_its_colour_back(home: Home) -> None:
    """As bright as before in the end, it was still white and taken for put back."""
    await add_mat(home.hass)
    home.lamp._attr_color_mode = ColorMode.HS
    home.lamp._attr_hs_color = (30.0, 60.0)
    home.lamp.by_hand(brightness=40)
    await home.start()
    await home.wait(minutes=19)
    assert color_mode_of(home) == "color_temp"
    await home.wait(minutes=15)
    assert color_mode_of(home) == "hs"
    assert home.lamp.hs_color == (30.0, 60.0)


async def test_a_lamp_that_flickers_like_a_candle_gets_its_effect_back(
    home: Home,
) -> None:
    """Also when the calm light of the session was no brighter and no other colour."""

    class Candle(Lamp):
        _attr_effect_list = ["candle", "off"]

        @override
        async def async_turn_on(self, **kwargs: Any) -> None:
            self._attr_effect = kwargs.get("effect", "off")
            await super().async_turn_on(**kwargs)

    lamp = Candle("Candle", home.evening, brightness=31)
    lamp._attr_supported_features = LightEntityFeature.EFFECT
    lamp._attr_effect = "candle"
    lamp._attr_color_temp_kelvin = 2200
    await home.add(lamp)
    only = {"lights": ["light.candle"], "only_dim": False}
    await add_mat(home.hass, routine(lights=only))
    await home.start()
    await home.wait(minutes=3)
    await home.do("pause_session")
    assert lamp.effect == "off"
    await home.do("resume_session")
    assert home.level("light.candle") == 12
    await home.finish()
    assert lamp.effect == "candle"
    assert home.level("light.candle") == 12
