"""How a routine wants the room."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from custom_components.acupressure_mat.session.routine import (
    Cue,
    EndPolicy,
    PhaseName,
    Routine,
    switched,
)

BEDTIME = Routine(
    id="bedtime",
    name="Bedtime",
    lights=("light.bed", "light.bed"),
    diffusers=("switch.diffuser",),
    player="media_player.bed",
    brightness=12,
    color_temp=2200,
)


def lamp(percent: int | None, **attributes: object) -> Cue:
    """Return a lamp as found: off at 0, without brightness at None."""
    if percent is None:
        return Cue(entity_id="light.bed", state="on")
    if percent == 0:
        return Cue(entity_id="light.bed", state="off")
    return Cue(
        entity_id="light.bed",
        state="on",
        attributes={"brightness": round(percent * 2.55), **attributes},
    )


@pytest.mark.parametrize(
    ("before", "phase", "how", "points"),
    [
        pytest.param(80, "prepare", {}, 12, id="a bright lamp dims to the cue"),
        pytest.param(80, "rest", {}, 12, id="and stays there"),
        pytest.param(
            80, "wind_down", {}, 22, id="it comes up by ten points at the end"
        ),
        pytest.param(80, "after", {}, 22, id="and stays up to get up by"),
        pytest.param(16, "wind_down", {}, 16, id="but never above what it was"),
        pytest.param(80, "rest", {"paused": True}, 22, id="a pause lifts it by ten"),
        pytest.param(16, "rest", {"paused": True}, 16, id="nor does a pause exceed"),
        pytest.param(12, "rest", {}, None, id="a lamp already as dim is left"),
        pytest.param(5, "wind_down", {}, None, id="a lamp dimmer still is left"),
        pytest.param(0, "rest", {}, None, id="a lamp that is off is left"),
        pytest.param(
            None, "rest", {}, 12, id="one that cannot dim is asked all the same"
        ),
        pytest.param(
            80, "after", {"safe": True}, 80, id="safe light keeps a bright lamp"
        ),
        pytest.param(5, "after", {"safe": True}, 30, id="safe light lifts a dim one"),
        pytest.param(0, "after", {"safe": True}, 30, id="safe light comes on"),
    ],
)
def test_light_by_phase(
    before: int | None, phase: str, how: dict[str, bool], points: int | None
) -> None:
    """The table of the design: dim, lift a little, never brighter than before."""
    cue = BEDTIME.light(lamp(before), PhaseName(phase), **how)
    assert (cue and cue.points) == points


@pytest.mark.parametrize(
    ("before", "phase", "how", "points"),
    [
        pytest.param(0, "rest", {}, 12, id="a lamp that is off comes on"),
        pytest.param(5, "rest", {}, 12, id="a dimmer one comes up"),
        pytest.param(0, "wind_down", {}, 12, id="and is not lifted further"),
        pytest.param(0, "rest", {"paused": True}, 22, id="a pause lifts it, as asked"),
    ],
)
def test_light_that_may_come_on(
    before: int, phase: str, how: dict[str, bool], points: int
) -> None:
    """Without `only_dim` the cue is what the person asked for."""
    routine = replace(BEDTIME, only_dim=False)
    cue = routine.light(lamp(before), PhaseName(phase), **how)
    assert cue is not None
    assert cue.points == points


def test_a_pause_asks_no_more_of_a_lamp_than_it_has() -> None:
    """A brightness above 255 would be refused, and the lamp stay dark."""
    bright = replace(BEDTIME, only_dim=False, brightness=95)
    cue = bright.light(lamp(50), PhaseName.REST, paused=True)
    assert cue is not None
    assert cue.attributes["brightness"] == 255


@pytest.mark.parametrize(
    ("cue", "points"),
    [
        (Cue(entity_id="light.bed", state="off", attributes={"brightness": 200}), 0),
        (Cue(entity_id="light.bed", state="unavailable"), 0),
        (Cue(entity_id="light.bed", state="on"), 100),
        (Cue(entity_id="light.bed", state="on", attributes={"brightness": 255}), 100),
        (Cue(entity_id="light.bed", state="on", attributes={"brightness": 129}), 51),
        (Cue(entity_id="light.bed", state="on", attributes={"brightness": 0}), 0),
    ],
    ids=str,
)
def test_brightness_in_percent(cue: Cue, points: int) -> None:
    """Whatever is compared in the rules above is compared in these."""
    assert cue.points == points


def test_light_warms_with_its_brightness() -> None:
    """One cue, so that a bulb gets one command."""
    cue = BEDTIME.light(lamp(80), PhaseName.REST)
    assert cue == Cue(
        entity_id="light.bed",
        state="on",
        attributes={"brightness": 31, "color_temp_kelvin": 2200},
    )


def test_colour_alone_leaves_brightness_and_nothing_leaves_the_lamp() -> None:
    """Every field is optional: what is empty is not touched."""
    warm = replace(BEDTIME, brightness=None)
    cue = warm.light(lamp(80), PhaseName.REST)
    assert cue is not None
    assert cue.attributes == {"color_temp_kelvin": 2200}
    assert warm.light(lamp(0), PhaseName.REST) is None
    empty = replace(warm, color_temp=None)
    assert empty.light(lamp(80), PhaseName.REST) is None


def test_brightness_alone_leaves_the_colour() -> None:
    """A lamp that the person likes in red stays red, only dimmer."""
    cue = replace(BEDTIME, color_temp=None).light(lamp(80), PhaseName.REST)
    assert cue is not None
    assert cue.attributes == {"brightness": 31}


def test_zero_brightness_is_off() -> None:
    """Zero on the slider means dark, not the faintest glow."""
    cue = replace(BEDTIME, brightness=0).light(lamp(80), PhaseName.REST)
    assert cue == Cue(entity_id="light.bed", state="off")


def test_one_percent_is_not_off() -> None:
    """Rounded to zero, the lamp would go out."""
    cue = replace(BEDTIME, brightness=1).light(lamp(80), PhaseName.REST)
    assert cue is not None
    assert cue.attributes["brightness"] == 3


def test_devices_are_named_once() -> None:
    """A lamp chosen twice must not be commanded twice."""
    assert BEDTIME.devices == ("light.bed", "switch.diffuser", "media_player.bed")
    assert Routine(id="bare", name="Bare").devices == ()


@pytest.mark.parametrize("which", ["light.bed", "switch.diffuser", "media_player.bed"])
def test_a_renamed_device_is_followed_wherever_it_stands(which: str) -> None:
    """Renamed in mid-session, a diffuser must still be found to be switched off."""
    renamed = BEDTIME.renamed(which, "light.new")
    assert renamed.devices == tuple(
        "light.new" if device == which else device for device in BEDTIME.devices
    )
    assert renamed.renamed("light.new", which) == BEDTIME
    bare = Routine(id="bare", name="Bare")
    assert bare.renamed("light.bed", "light.new") == bare
    assert bare.renamed("None", "light.new").player is None


@pytest.mark.parametrize(
    "field", ["speaker", "speech_player", "start_script", "end_script"]
)
def test_whatever_it_names_may_get_another_id(field: str) -> None:
    """A voice or a scene that is renamed in mid-session is still found at its end."""
    old: dict[str, Any] = {field: "any.old"}
    new: dict[str, Any] = {field: "any.new"}
    named = replace(BEDTIME, **old)
    assert named.renamed("any.old", "any.new") == replace(BEDTIME, **new)
    assert named.renamed("any.other", "any.new") == named


def test_what_it_speaks_with_is_named_apart_from_the_room() -> None:
    """A voice is no device to be put back; one without a player is a voice, too."""
    spoken = replace(BEDTIME, speaker="tts.home", speech_player="media_player.hall")
    assert spoken.voices == ("tts.home", "media_player.hall")
    assert spoken.devices == BEDTIME.devices
    assert replace(BEDTIME, speaker="assist_satellite.bed").voices == (
        "assist_satellite.bed",
    )
    assert BEDTIME.voices == ()


def test_switched_asks_nothing_more() -> None:
    """Attributes of a lamp make no sense for its off."""
    assert switched(lamp(80), on=False) == Cue(entity_id="light.bed", state="off")
    assert switched(lamp(80), on=True) == Cue(entity_id="light.bed", state="on")


def test_what_nobody_chose_is_safe_and_quiet() -> None:
    """Nothing shines, smells or sounds unasked, and all of it ends by itself."""
    bare = Routine(id="bare", name="Bare")
    found = {field.name: getattr(bare, field.name) for field in fields(bare)}
    assert {name: v for name, v in found.items() if isinstance(v, timedelta)} == {
        "prepare": timedelta(seconds=60),
        "settle": timedelta(minutes=3),
        "wind_down": timedelta(minutes=2),
        "after": timedelta(minutes=5),
        "fade": timedelta(seconds=10),
        "cap": timedelta(minutes=30),
        "interval": timedelta(0),
        "fade_in": timedelta(seconds=20),
        "fade_out": timedelta(seconds=60),
        "keep_playing": timedelta(0),
    }
    assert [name for name, value in found.items() if value is True] == ["only_dim"]
    assert bare.devices == bare.voices == ()
    assert {bare.lights_end, bare.music_end} == {EndPolicy.RESTORE}


def test_a_routine_survives_the_disk_and_takes_new_defaults() -> None:
    """Only what differs from a default is stored."""
    assert Routine.from_dict(BEDTIME.as_dict()) == BEDTIME
    assert "fade" not in BEDTIME.as_dict()
    newer = BEDTIME.as_dict() | {"aurora": True}
    assert Routine.from_dict(newer) == BEDTIME


@pytest.mark.parametrize(
    "damage",
    [
        {"id": 7},
        {"name": None},
        {"kind": "breakfast"},
        {"prepare": "soon"},
        {"prepare": True},
        {"prepare": float("nan")},
        {"prepare": float("inf")},
        {"lights": "light.bed"},
        {"brightness": 12.5},
        {"only_dim": 1},
        {"media": "calm"},
        {"media": {"content_id": "calm"}},
        {"volume": "loud"},
    ],
    ids=str,
)
def test_damaged_data_is_refused(damage: dict[str, object]) -> None:
    """A half-read routine would command the wrong thing at night."""
    with pytest.raises(ValueError, match=r"."):
        Routine.from_dict(BEDTIME.as_dict() | damage)


def test_end_policy_reads_as_stored() -> None:
    """The stored words are the form's options."""
    assert [policy.value for policy in EndPolicy] == ["restore", "keep", "off"]
