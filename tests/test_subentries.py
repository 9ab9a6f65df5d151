"""What stored data of forms means."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.acupressure_mat import subentries
from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.session.plan import Experience, Plan
from custom_components.acupressure_mat.session.practice import Vacation
from custom_components.acupressure_mat.session.routine import (
    BodyArea,
    EndPolicy,
    Kind,
    Media,
    Routine,
    Surface,
)

from .home import subentry

FULL: dict[str, Any] = {
    "kind": "morning",
    "area": "bedroom",
    "lights": {
        "lights": ["light.bed", "light.shelf"],
        "brightness": 14.6,
        "color_temp": 2300.0,
        "fade": {"minutes": 1, "seconds": 30},
        "only_dim": False,
        "lights_end": "off",
    },
    "diffuser": {"diffusers": ["switch.diffuser"], "cap": 12.0, "interval": 3.0},
    "music": {
        "player": "media_player.radio",
        "media": {
            "entity_id": "media_player.other",
            "media_content_id": "media-source://media_source/local/calm.mp3",
            "media_content_type": "audio/mpeg",
            "metadata": {"title": "Calm"},
        },
        "volume": 25.0,
        "fade_in": 10.0,
        "fade_out": 30.0,
        "keep_playing": 20.0,
        "music_end": "keep",
    },
    "speech": {
        "speaker": "tts.voice",
        "speech_player": "media_player.shelf",
        "cues": True,
        "ask_aloud": True,
    },
    "session": {
        "duration": 25.0,
        "surface": "floor",
        "body_area": "feet",
        "bell": True,
        "start_script": "script.start",
        "end_script": "script.end",
    },
    "phases": {
        "prepare": {"seconds": 30},
        "settle": {"minutes": 4},
        "wind_down": {"hours": 0, "minutes": 1, "seconds": 0},
        "after": {"minutes": 10},
    },
}


def read(data: dict[str, Any], name: str = "Dawn") -> Routine:
    return subentries.routine(subentry(data, name, id="01DAWN"))


def test_every_field_of_the_form_reaches_the_routine() -> None:
    """Each value differs from its default, so none can be forgotten unseen."""
    assert read(FULL) == Routine(
        id="01DAWN",
        name="Dawn",
        kind=Kind.MORNING,
        duration=timedelta(minutes=25),
        surface=Surface.FLOOR,
        body_area=BodyArea.FEET,
        prepare=timedelta(seconds=30),
        settle=timedelta(minutes=4),
        wind_down=timedelta(minutes=1),
        after=timedelta(minutes=10),
        lights=("light.bed", "light.shelf"),
        brightness=15,
        color_temp=2300,
        fade=timedelta(seconds=90),
        only_dim=False,
        lights_end=EndPolicy.OFF,
        diffusers=("switch.diffuser",),
        cap=timedelta(minutes=12),
        interval=timedelta(minutes=3),
        player="media_player.radio",
        media=Media(
            content_id="media-source://media_source/local/calm.mp3",
            content_type="audio/mpeg",
        ),
        volume=0.25,
        fade_in=timedelta(seconds=10),
        fade_out=timedelta(seconds=30),
        keep_playing=timedelta(minutes=20),
        bell=True,
        start_script="script.start",
        end_script="script.end",
        music_end=EndPolicy.KEEP,
        speaker="tts.voice",
        speech_player="media_player.shelf",
        cues=True,
        ask_aloud=True,
    )


EMPTY_SECTIONS: dict[str, dict[str, Any]] = {
    part: {} for part in ("lights", "diffuser", "music", "session", "phases")
}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"kind": "custom", **EMPTY_SECTIONS}, id="a form left empty"),
        pytest.param({}, id="no form at all"),
    ],
)
def test_what_is_left_empty_is_as_the_domain_has_it(data: dict[str, Any]) -> None:
    """Two sets of defaults would drift apart; the forms have none of their own."""
    assert read(data) == Routine(id="01DAWN", name="Dawn")


@pytest.mark.parametrize("kind", list(Kind))
def test_proposals_can_be_saved_as_they_are(kind: Kind) -> None:
    """A form submitted untouched is a routine of the kind, without devices."""
    routine = read({"kind": kind.value, **subentries.PROPOSALS[kind]})
    assert routine.kind is kind
    assert routine.devices == ()
    assert routine.duration is None
    bare = Routine(id="", name="")
    for name in ("prepare", "settle", "wind_down", "after", "cap", "interval"):
        assert getattr(routine, name) == getattr(bare, name), name


@pytest.mark.parametrize(
    ("kind", "lights_end", "only_dim"),
    [
        (Kind.BEDTIME, EndPolicy.OFF, True),
        (Kind.AFTER_WORK, EndPolicy.RESTORE, True),
        (Kind.MORNING, EndPolicy.RESTORE, False),
        (Kind.CUSTOM, EndPolicy.RESTORE, True),
    ],
)
def test_bedtime_ends_dark_and_a_morning_may_become_bright(
    kind: Kind, lights_end: EndPolicy, *, only_dim: bool
) -> None:
    """What the design promises of each kind."""
    routine = read({"kind": kind.value, **subentries.PROPOSALS[kind]})
    assert (routine.lights_end, routine.only_dim) == (lights_end, only_dim)
    assert routine.music_end is lights_end


def test_the_media_browser_knows_the_player() -> None:
    """Whoever picks music on a player and leaves the player empty means that one."""
    music = {k: v for k, v in FULL["music"].items() if k != "player"}
    assert read({**FULL, "music": music}).player == "media_player.other"


@pytest.mark.parametrize("volume", [0, 0.0])
def test_silence_is_a_volume(volume: float) -> None:
    """0 is set, not left empty."""
    assert read({"music": {"volume": volume}}).volume == 0
    assert read({"music": {}}).volume is None


def test_dark_is_a_brightness() -> None:
    """0 is set, not left empty."""
    assert read({"lights": {"brightness": 0}}).brightness == 0


def test_numbers_as_text_are_numbers() -> None:
    """Home Assistant's own check of a duration passes them on as they came."""
    phases = {"settle": {"minutes": "2", "seconds": "30"}}
    assert read({"phases": phases}).settle == timedelta(minutes=2, seconds=30)


def test_no_field_of_a_routine_is_out_of_reach() -> None:
    """A new field of Routine must be in the form, and in the test above."""
    bare = Routine(id="01DAWN", name="Dawn")
    full = read(FULL)
    untouched = {
        f.name
        for f in fields(Routine)
        if getattr(full, f.name) == getattr(bare, f.name)
    }
    assert untouched == {"id", "name"}


# -- the mat -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "minutes"),
    [
        pytest.param({}, 5, id="nothing known is new"),
        pytest.param({"experience": "new"}, 5, id="new begins with 5 minutes"),
        pytest.param({"experience": "some"}, 10, id="some begins with 10"),
        pytest.param({"experience": "used_to_it"}, 20, id="used to it with 20"),
        pytest.param(
            {"experience": "used_to_it", "cap": 8}, 8, id="never over the cap"
        ),
    ],
)
def test_the_first_session_is_as_long_as_experience_says(
    data: dict[str, Any], minutes: int
) -> None:
    """A newcomer who is sent to the mat for 15 minutes does not come back."""
    entry = MockConfigEntry(domain=DOMAIN, data=data)
    assert subentries.default_duration(entry) == timedelta(minutes=minutes)


def test_what_a_person_never_said() -> None:
    """Plan and streak are on, five days a week are the goal, 40 minutes the cap."""
    entry = MockConfigEntry(domain=DOMAIN)
    assert subentries.plan(entry) == Plan(
        experience=Experience.NEW,
        cap=timedelta(minutes=40),
        boundary=timedelta(hours=4),
    )
    assert subentries.goal(entry) == 5
    assert subentries.wants_streak(entry)
    assert subentries.vacations(entry) == ()
    assert subentries.sleep_sensor(entry) is None
    assert subentries.heart_rate_sensor(entry) is None
    assert subentries.person(entry) is None
    assert subentries.notify(entry) is None


def test_what_a_person_said() -> None:
    """Numbers come from sliders as floats."""
    data = {
        "experience": "some",
        "cap": 25.0,
        "goal": 3.0,
        "streak": False,
        "day_boundary": "00:00",
        "sleep_sensor": "sensor.sleep",
        "heart_rate_sensor": "sensor.heart",
        "person": "person.anna",
        "notify": "notify.phone",
    }
    entry = MockConfigEntry(domain=DOMAIN, data=data)
    assert subentries.plan(entry) == Plan(
        experience=Experience.SOME, cap=timedelta(minutes=25), boundary=timedelta(0)
    )
    assert subentries.goal(entry) == 3
    assert not subentries.wants_streak(entry)
    assert subentries.sleep_sensor(entry) == "sensor.sleep"
    assert subentries.heart_rate_sensor(entry) == "sensor.heart"
    assert subentries.person(entry) == "person.anna"
    assert subentries.notify(entry) == "notify.phone"


def test_without_a_plan() -> None:
    """Off means off: nothing is proposed, and a session is as long as at the start."""
    entry = MockConfigEntry(domain=DOMAIN, data={"plan": False})
    assert subentries.plan(entry) is None
    assert subentries.default_duration(entry) == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("data", "vacations"),
    [
        pytest.param({}, (), id="none"),
        pytest.param(
            {"vacation_from": "2026-12-20", "vacation_until": "2027-01-03"},
            (Vacation(first=date(2026, 12, 20), last=date(2027, 1, 3)),),
            id="two weeks",
        ),
        pytest.param(
            {"vacation_from": "2026-12-20"},
            (Vacation(first=date(2026, 12, 20), last=None),),
            id="until further notice",
        ),
    ],
)
def test_vacations(data: dict[str, Any], vacations: tuple[Vacation, ...]) -> None:
    """Days off that were announced."""
    entry = MockConfigEntry(domain=DOMAIN, data=data)
    assert subentries.vacations(entry) == vacations


@pytest.mark.parametrize(
    ("data", "hours"),
    [
        ({}, 4),
        ({"day_boundary": "00:00:00"}, 0),
        ({"day_boundary": "05:30"}, 5.5),
        # Passes Home Assistant's check of a time, but is no ISO time.
        ({"day_boundary": "3:15:36"}, 3.26),
    ],
)
def test_a_day_begins_when_the_person_says(data: dict[str, Any], hours: float) -> None:
    """An entry that the form accepted must load."""
    entry = MockConfigEntry(domain=DOMAIN, data=data)
    assert subentries.boundary(entry) == timedelta(hours=hours)


@pytest.mark.parametrize("removed", [False, True])
async def test_the_area_of_a_routine(hass: HomeAssistant, *, removed: bool) -> None:
    """An area that was removed since is no area."""
    registry = ar.async_get(hass)
    area = registry.async_create("Bedroom")
    dawn = subentry({"area": area.id})
    if removed:
        registry.async_delete(area.id)
    assert subentries.area_name(hass, dawn) == (None if removed else "Bedroom")
