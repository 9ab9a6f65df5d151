"""Home Assistant's states as cues, and when two of them are the same in practice."""

from typing import Any

from homeassistant.core import HomeAssistant, State
import pytest

from custom_components.acupressure_mat.environment.cues import (
    between,
    cue_of,
    is_near,
    is_there,
    light_between,
    members,
    within_reach,
)
from custom_components.acupressure_mat.session.routine import Cue

BED = "light.bed"


def lamp(state: str, **attributes: Any) -> Cue:
    """Return a lamp as it is or should be."""
    return Cue(entity_id=BED, state=state, attributes=attributes)


def shining(brightness: float | None = None, **colour: Any) -> Cue:
    """Return a lamp that is on, and tells no brightness if that is None."""
    level = {} if brightness is None else {"brightness": brightness}
    return lamp("on", **level, **colour)


OFF = lamp("off")


# -- how a device is -----------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "there"),
    [("on", True), ("off", True), ("unavailable", False), ("unknown", False)],
)
def test_a_device_that_does_not_answer_is_not_there(state: str, there: bool) -> None:
    """Nor one that does not exist."""
    assert is_there(State(BED, state)) is there
    assert not is_there(None)


PUT_BACK = {
    "light": {
        "brightness": 204,
        "color_mode": "hs",
        "color_temp_kelvin": 2700,
        "hs_color": (30, 80),
        "rgb_color": (255, 180, 90),
        "rgbw_color": (255, 180, 90, 10),
        "rgbww_color": (255, 180, 90, 10, 20),
        "xy_color": (0.5, 0.4),
        "effect": "candle",
    },
    "fan": {"percentage": 33, "preset_mode": "breeze"},
    "humidifier": {"humidity": 45, "mode": "sleep"},
    "media_player": {
        "volume_level": 0.4,
        "is_volume_muted": False,
        "source": "radio",
    },
    "switch": {},
}


@pytest.mark.parametrize("domain", PUT_BACK)
def test_what_can_be_put_back_is_kept_and_nothing_else(domain: str) -> None:
    """A cover of an album on the disk of a restart would be of no use."""
    kept = PUT_BACK[domain]
    told = {**kept, "friendly_name": "Bed", "entity_picture": "/cover.jpg"}
    entity_id = f"{domain}.bed"
    assert cue_of(State(entity_id, "on", told)) == Cue(
        entity_id=entity_id, state="on", attributes=kept
    )


def test_what_a_device_does_not_say_is_not_kept() -> None:
    """None is how a lamp that is off tells its brightness."""
    cue = cue_of(State(BED, "off", {"brightness": None, "effect": None}))
    assert cue == lamp("off")


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"brightness": "204"}, {"brightness": 204}),
        ({"brightness": 127.5}, {"brightness": 127.5}),
        ({"brightness": "bright"}, {}),
        ({"brightness": float("nan")}, {}),
        ({"brightness": 0}, {"brightness": 0}),
        ({"color_temp_kelvin": 0}, {}),
        ({"color_temp_kelvin": "warm", "brightness": 31}, {"brightness": 31}),
        ({"hs_color": "red"}, {}),
        ({"hs_color": (None, None)}, {}),
        ({"hs_color": (30, 80.5)}, {"hs_color": (30, 80.5)}),
    ],
)
def test_what_is_no_number_is_not_told(
    told: dict[str, Any], kept: dict[str, Any]
) -> None:
    """Whoever counted with it would hold up the room, and the end of the session."""
    assert cue_of(State(BED, "on", told)) == lamp("on", **kept)


@pytest.mark.parametrize(
    ("domain", "attribute"),
    [
        ("light", "brightness"),
        ("light", "color_temp_kelvin"),
        ("light", "hs_color"),
        ("light", "rgb_color"),
        ("light", "rgbw_color"),
        ("light", "rgbww_color"),
        ("light", "xy_color"),
        ("fan", "percentage"),
        ("humidifier", "humidity"),
        ("media_player", "volume_level"),
    ],
)
def test_each_number_of_each_device_is_checked(domain: str, attribute: str) -> None:
    """Words are kept where words belong, and nowhere else."""
    told = {**PUT_BACK[domain], attribute: "high"}
    kept = cue_of(State(f"{domain}.bed", "on", told)).attributes
    assert kept.keys() == PUT_BACK[domain].keys() - {attribute}


def test_groups_are_the_devices_behind_them(hass: HomeAssistant) -> None:
    """In the order in which they are named, each once, also where groups go round."""
    for entity_id, inner in {
        "group.room": ("light.corner", "light.all"),
        "light.all": ["light.shelf", "light.all", "light.bed"],
        "light.corner": (),
        "light.bed": None,
    }.items():
        hass.states.async_set(entity_id, "on", {"entity_id": inner})
    asked = ("light.shelf", "group.room", "light.new", "light.bed")
    assert members(hass, asked) == [
        "light.shelf",
        "light.corner",
        "light.bed",
        "light.new",
    ]


def test_groups_that_name_each_other_come_to_an_end(hass: HomeAssistant) -> None:
    """Nobody's session fails to start for that, nor for a member that is no name."""
    for entity_id, inner in {
        "group.room": ["light.corner", "group.all"],
        "group.all": ["group.room", None, "light.bed"],
    }.items():
        hass.states.async_set(entity_id, "on", {"entity_id": inner})
    assert members(hass, ("group.room", "light.new")) == [
        "light.corner",
        "light.bed",
        "light.new",
    ]


def test_members_that_are_words_are_none(hass: HomeAssistant) -> None:
    """Some lights keep an id of their maker's there; it is no group of letters."""
    hass.states.async_set(BED, "on", {"entity_id": "0x00158d"})
    assert members(hass, (BED,)) == [BED]


# -- what a bulb can do --------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "told", "shown"),
    [
        (2200, {"min": 2700, "max": 6500}, 2700),
        (2200, {"min": 2000, "max": 6500}, 2200),
        (6500, {"min": 2000, "max": 5000}, 5000),
        (2200, {"min": None, "max": None}, 2200),
        (2200, {"min": "2700", "max": "cold"}, 2700),
        (2200, {}, 2200),
        (2200, {"min": 2700}, 2700),
        (6500, {"max": 5000}, 5000),
    ],
)
def test_a_white_is_as_warm_as_the_bulb_can(
    asked: int, told: dict[str, int | str | None], shown: int
) -> None:
    """It would refuse the rest, or be asked again and again for what it cannot show."""
    ends = {f"{end}_color_temp_kelvin": kelvin for end, kelvin in told.items()}
    cue = shining(31, color_temp_kelvin=asked)
    assert within_reach(cue, State(BED, "on", ends)) == shining(
        31, color_temp_kelvin=shown
    )


def test_without_a_white_or_a_bulb_all_is_within_reach() -> None:
    """Nothing is known that would have to be changed."""
    bulb = State(BED, "on", {"min_color_temp_kelvin": 2700})
    assert within_reach(shining(31), bulb) == shining(31)
    warm = shining(31, color_temp_kelvin=2200)
    assert within_reach(warm, None) == warm


# -- the same in practice ------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "asked", "near"),
    [
        (31, 31, True),
        (34, 31, True),
        (28, 31, True),
        (35, 31, False),
        (27, 31, False),
        (None, 31, True),
        (31, None, True),
        (0, 31, False),
    ],
)
def test_brightness_is_near(found: int | None, asked: int | None, near: bool) -> None:
    """A bulb that counts in percent, or to 254, gives a little less back."""
    assert is_near("brightness", shining(found), shining(asked)) is near


@pytest.mark.parametrize(
    ("found", "asked", "near"),
    [
        # 256 and 250 mireds.
        (3906.25, 4000, True),
        (4000, 3906.25, True),
        # 493 mireds, 506.6 and 500.
        (2028, 2000, False),
        (1974, 2000, False),
        (1980, 2000, True),
        (None, 2000, True),
        (2000, None, True),
    ],
)
def test_white_is_near(found: float | None, asked: float | None, near: bool) -> None:
    """Bulbs count in mireds: 20 K are much at 2,000 K and nothing at 6,500 K."""
    is_, wanted = (
        shining(31, **({} if kelvin is None else {"color_temp_kelvin": kelvin}))
        for kelvin in (found, asked)
    )
    assert is_near("color_temp_kelvin", is_, wanted) is near


@pytest.mark.parametrize(
    ("value", "ends", "is_between"),
    [
        (5, (4, 6), True),
        (5, (6, 4), True),
        (3, (4, 6), True),
        (7, (4, 6), True),
        (2.5, (4, 6), False),
        (7.5, (4, 6), False),
        (3, (4, None), True),
        (5, (None, 4), True),
        (6, (None, 4), False),
        (99, (None, None), True),
        (0.5, (0, None), True),
        (1.5, (None, 0), False),
    ],
)
def test_between(
    value: float, ends: tuple[float | None, float | None], is_between: bool
) -> None:
    """Give or take one here; an end that is not known limits nothing."""
    assert between(value, *ends, by=1) is is_between


WHITE, WARM = {"color_temp_kelvin": 4000}, {"color_temp_kelvin": 2200}
RED, GREEN = {"hs_color": (2, 90)}, {"hs_color": (120, 90)}


@pytest.mark.parametrize(
    ("found", "origin", "wanted", "on_its_way"),
    [
        pytest.param(OFF, shining(204), shining(31), False, id="off between two on"),
        pytest.param(shining(99), OFF, OFF, False, id="on between two off"),
        pytest.param(OFF, shining(204), OFF, True, id="off at last"),
        pytest.param(OFF, OFF, shining(31), True, id="not on yet"),
        pytest.param(shining(100), shining(204), shining(31), True, id="half way"),
        pytest.param(shining(207), shining(204), shining(31), True, id="rounded up"),
        pytest.param(shining(28), shining(204), shining(31), True, id="rounded down"),
        pytest.param(shining(208), shining(204), shining(31), False, id="brighter"),
        pytest.param(shining(27), shining(204), shining(31), False, id="dimmer"),
        pytest.param(shining(5), shining(204), OFF, True, id="on its way to off"),
        pytest.param(shining(5), OFF, shining(204), True, id="on its way from off"),
        pytest.param(shining(208), OFF, shining(204), False, id="beyond, from off"),
        pytest.param(shining(), shining(204), shining(31), True, id="level untold"),
        pytest.param(shining(99), shining(), shining(), True, id="no level asked"),
        pytest.param(
            shining(99, **WHITE), shining(204), shining(31, **WARM), False, id="white"
        ),
        pytest.param(
            shining(99, **RED), shining(204, **GREEN), shining(31), False, id="red"
        ),
    ],
)
def test_a_lamp_is_on_its_way(
    found: Cue, origin: Cue, wanted: Cue, on_its_way: bool
) -> None:
    """What lies on the way is our own doing; all else is a hand's."""
    assert light_between(found, origin, wanted) is on_its_way


@pytest.mark.parametrize(
    ("found", "origin", "wanted", "on_its_way"),
    [
        pytest.param(3000, 4000, 2200, True, id="between"),
        pytest.param(3000, 2200, 4000, True, id="the other way"),
        pytest.param(4090, 4000, 2200, True, id="rounded"),
        pytest.param(4200, 4000, 2200, False, id="whiter"),
        pytest.param(3906.25, 4000, None, True, id="six mireds warmer"),
        pytest.param(4000, 3906.25, None, True, id="six mireds whiter"),
        pytest.param(2175, 4000, 2200, True, id="rounded to warm"),
        pytest.param(2150, 4000, 2200, False, id="warmer"),
        pytest.param(2200, None, 2200, True, id="as asked"),
        pytest.param(4000, None, 2200, False, id="not as asked"),
        pytest.param(4000, 4000, None, True, id="no white asked"),
        pytest.param(2200, 4000, None, False, id="no white asked, another found"),
        pytest.param(None, 4000, 2200, True, id="nothing told"),
    ],
)
def test_a_white_is_on_its_way(
    found: float | None, origin: float | None, wanted: float | None, on_its_way: bool
) -> None:
    """In mireds, as bulbs count."""
    cues = (
        shining(99, **({} if kelvin is None else {"color_temp_kelvin": kelvin}))
        for kelvin in (found, origin, wanted)
    )
    assert light_between(*cues) is on_its_way


@pytest.mark.parametrize(
    ("found", "origin", "wanted", "on_its_way"),
    [
        pytest.param((12, 80), (2, 90), None, True, id="ten degrees, ten points"),
        pytest.param((2, 100), (2, 90), None, True, id="ten points more"),
        pytest.param((13, 90), (2, 90), None, False, id="eleven degrees"),
        pytest.param((2, 79), (2, 90), None, False, id="eleven points"),
        pytest.param((2, 101), (2, 90), None, False, id="eleven points more"),
        pytest.param((352, 90), (2, 90), None, True, id="round the circle"),
        pytest.param((351, 90), (2, 90), None, False, id="too far round the circle"),
        pytest.param((2, 90), (352, 90), None, True, id="round it the other way"),
        pytest.param((120, 90), (2, 90), (118, 90), True, id="at one of two"),
        pytest.param((60, 90), (2, 90), (118, 90), False, id="at neither"),
        pytest.param((60, 90), None, None, True, id="no colour known"),
        pytest.param(None, (2, 90), None, True, id="no colour told"),
    ],
)
def test_a_colour_is_where_it_was(
    found: tuple[int, int] | None,
    origin: tuple[int, int] | None,
    wanted: tuple[int, int] | None,
    on_its_way: bool,
) -> None:
    """Bulbs round their hue; a person who wants green wants something else."""
    cues = (
        shining(99, **({} if hue is None else {"hs_color": hue}))
        for hue in (found, origin, wanted)
    )
    assert light_between(*cues) is on_its_way


@pytest.mark.parametrize(
    ("found", "origin", "wanted"),
    [
        pytest.param({"hs_color": (30, 70)}, RED, WARM, id="a white as a hue"),
        pytest.param({**WHITE, "hs_color": (30, 20)}, GREEN, {}, id="a hue of a white"),
    ],
)
def test_a_white_may_look_like_a_colour(
    found: dict[str, Any], origin: dict[str, Any], wanted: dict[str, Any]
) -> None:
    """Colour bulbs tell of a hue of their own for it; that proves no hand."""
    cues = (shining(99, **colour) for colour in (found, origin, wanted))
    assert light_between(*cues)
