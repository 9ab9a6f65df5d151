"""Setting up a routine by its forms, as a person does."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from homeassistant.components.media_player import MediaPlayerEntityFeature
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
import pytest

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.subentries import routine

from .forms import (
    ABOUT,
    EMPTY_ROOM,
    FULL_ROOM,
    add_scripts,
    answer,
    begin_routine,
    routine_of,
    shown,
)
from .home import Home, add_mat, changed, coordinator_of, routine as stored


@pytest.fixture(autouse=True)
def scripts(hass: HomeAssistant) -> None:
    """Have a script and a scene in the home."""
    add_scripts(hass)


@pytest.mark.parametrize(
    ("kind", "lights", "ends", "volume"),
    [
        ("bedtime", (12, 2200, True), ("off", "off"), 20),
        ("after_work", (35, 2700, True), ("restore", "restore"), 30),
        ("morning", (80, 4500, False), ("restore", "restore"), 30),
        ("custom", (35, 2700, True), ("restore", "restore"), 30),
    ],
)
async def test_each_kind_has_its_own_proposals(
    hass: HomeAssistant,
    home: Home,
    kind: str,
    lights: tuple[int, int, bool],
    ends: tuple[str, str],
    volume: int,
) -> None:
    """Bedtime ends in the dark; a morning may become brighter than it was."""
    entry = await add_mat(hass)
    form = await begin_routine(hass, entry)
    form = await answer(hass, form, {"kind": kind, "name": "New"})

    room = shown(form)

    assert (
        tuple(room["lights"][k] for k in ("brightness", "color_temp", "only_dim"))
        == lights
    )
    assert (room["lights"]["lights_end"], room["music"]["music_end"]) == ends
    assert room["music"]["volume"] == volume
    assert room["diffuser"] == {"diffusers": [], "cap": 30, "interval": 0}
    assert room["session"] == {"surface": "bed", "body_area": "back", "bell": False}
    assert room["phases"] == {
        "prepare": {"hours": 0, "minutes": 1, "seconds": 0},
        "settle": {"hours": 0, "minutes": 3, "seconds": 0},
        "wind_down": {"hours": 0, "minutes": 2, "seconds": 0},
        "after": {"hours": 0, "minutes": 5, "seconds": 0},
    }
    result = await answer(hass, form, room)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_only_kind_and_name_are_needed(hass: HomeAssistant, home: Home) -> None:
    """A routine without devices is useful: it guides and counts."""
    entry = await add_mat(hass)
    form = await begin_routine(hass, entry)
    form = await answer(hass, form, {"kind": "custom", "name": "Lunch"})

    result = await answer(hass, form, EMPTY_ROOM)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert routine(routine_of(entry, "Lunch")).devices == ()
    assert hass.states.get("switch.lunch_session") is not None


async def test_a_routine_appears_in_its_area(hass: HomeAssistant, home: Home) -> None:
    """So that an action on the bedroom finds it."""
    area = ar.async_get(hass).async_create("Bedroom")
    entry = await add_mat(hass)
    form = await begin_routine(hass, entry)
    form = await answer(hass, form, {**ABOUT, "name": "Nap", "area": area.id})
    await answer(hass, form, EMPTY_ROOM)
    assert area_of(hass, entry, "Nap") == area.id


def device_of(
    hass: HomeAssistant, entry: ConfigEntry[Any], title: str
) -> dr.DeviceEntry:
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, routine_of(entry, title).subentry_id), entry.entry_id
    )
    assert isinstance(device, dr.DeviceEntry)
    return device


def area_of(hass: HomeAssistant, entry: ConfigEntry[Any], title: str) -> str | None:
    return device_of(hass, entry, title).area_id


async def test_a_lamp_that_cannot_dim_is_welcome(
    hass: HomeAssistant, home: Home
) -> None:
    """It is simply switched; the form must not insist on brightness."""
    hass.states.async_set("light.plain", "on", {"supported_color_modes": ["onoff"]})
    entry = await add_mat(hass)
    form = await answer(
        hass, await begin_routine(hass, entry), {**ABOUT, "name": "Nap"}
    )
    result = await answer(
        hass,
        form,
        {**EMPTY_ROOM, "lights": {"lights": ["light.plain"], "brightness": 10}},
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("name", "proposal"),
    [
        pytest.param(" BEDTIME", "Anna's mat's BEDTIME", id="one of this mat"),
        pytest.param("Morning", "Anna's mat's Morning", id="one of another mat"),
        pytest.param("Nap", "Nap 2", id="one whose first proposal is taken too"),
        pytest.param("Bedtime!", "Anna's mat's Bedtime!", id="one that sounds alike"),
    ],
)
async def test_a_name_is_refused_with_a_proposal(
    hass: HomeAssistant, home: Home, name: str, proposal: str
) -> None:
    """Two switches of one name confuse voice, on whatever mats they are."""
    await add_mat(hass, stored("Morning"), stored("Nap"), title="Ben's mat")
    entry = await add_mat(hass, stored("Bedtime"), stored("Anna's mat's Nap"))
    form = await begin_routine(hass, entry)

    form = await answer(hass, form, {"kind": "morning", "name": name})

    assert (form["step_id"], form["errors"]) == ("user", {"name": "name_taken"})
    assert shown(form) == {"kind": "morning", "name": proposal}
    form = await answer(hass, form, {"kind": "morning", "name": proposal})
    result = await answer(hass, form, EMPTY_ROOM)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_names_that_nobody_can_say_need_only_be_others(
    hass: HomeAssistant, home: Home
) -> None:
    """Voice has nothing to take for one another; a card has."""
    entry = await add_mat(hass, stored("\N{CRESCENT MOON}"))
    form = await begin_routine(hass, entry)
    form = await answer(hass, form, {**ABOUT, "name": "\N{CRESCENT MOON}"})
    assert form["errors"] == {"name": "name_taken"}
    form = await answer(hass, form, {**ABOUT, "name": "\N{BLACK SUN WITH RAYS}"})
    assert form["step_id"] == "room"


@pytest.mark.parametrize(
    ("language", "kind", "name"),
    [
        ("en", "bedtime", "Bedtime"),
        ("en", "after_work", "After work"),
        ("de", "morning", "Morgen"),
        ("pl", "bedtime", "Przed snem"),
    ],
)
@pytest.mark.parametrize("given", [{}, {"name": " "}], ids=["none", "blanks"])
async def test_a_routine_without_a_name_has_that_of_its_kind(
    hass: HomeAssistant,
    home: Home,
    language: str,
    kind: str,
    name: str,
    given: dict[str, str],
) -> None:
    """Who has one of each kind has nothing to add; in the language of the home."""
    hass.config.language = language
    entry = await add_mat(hass, stored("Nap"))
    form = await answer(hass, await begin_routine(hass, entry), {"kind": kind, **given})
    result = await answer(hass, form, EMPTY_ROOM)
    assert result["title"] == name


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("de", "Abends von Anna's mat"),
        ("es-419", "Abends de Anna's mat"),
        ("pl", "Abends, Anna's mat"),
    ],
)
async def test_a_name_is_proposed_in_the_language_of_the_home(
    hass: HomeAssistant, home: Home, language: str, name: str
) -> None:
    """An 's in between is no German, and voice would have to say it."""
    hass.config.language = language
    entry = await add_mat(hass, stored("Abends"))
    form = await begin_routine(hass, entry)
    form = await answer(hass, form, {"kind": "bedtime", "name": "Abends"})
    assert form["errors"] == {"name": "name_taken"}
    assert shown(form)["name"] == name


async def test_the_name_of_a_kind_may_be_taken_or_say_nothing(
    hass: HomeAssistant, home: Home
) -> None:
    """Then one has to be found that voice can tell from the others."""
    entry = await add_mat(hass, stored("Bedtime"))
    form = await begin_routine(hass, entry)
    form = await answer(hass, form, {"kind": "custom"})
    assert (form["step_id"], form["errors"]) == ("user", {"name": "name_empty"})
    form = await answer(hass, form, {"kind": "bedtime"})
    assert (form["step_id"], form["errors"]) == ("user", {"name": "name_taken"})
    assert shown(form) == {"kind": "bedtime", "name": "Anna's mat's Bedtime"}


async def test_a_name_taken_while_the_room_is_chosen(
    hass: HomeAssistant, home: Home
) -> None:
    """Two windows must not make two routines of one name."""
    entry = await add_mat(hass)
    form = await answer(
        hass, await begin_routine(hass, entry), {**ABOUT, "name": "Nap"}
    )
    await add_mat(hass, stored("Nap"), title="Ben's mat")

    form = await answer(hass, form, EMPTY_ROOM)

    assert (form["step_id"], form["errors"]) == ("user", {"name": "name_taken"})
    assert shown(form)["name"] == "Anna's mat's Nap"


@pytest.mark.parametrize(
    ("part", "mistake", "key", "placeholders"),
    [
        pytest.param(
            "lights",
            {"lights": ["light.bed", "light.gone"]},
            "entity_not_found",
            {"entity": "light.gone", "limit": ""},
            id="a lamp that does not exist",
        ),
        pytest.param(
            "diffuser",
            {"diffusers": ["switch.gone"]},
            "entity_not_found",
            {"entity": "switch.gone", "limit": ""},
            id="a diffuser that does not exist",
        ),
        pytest.param(
            "music",
            {"player": "media_player.gone"},
            "entity_not_found",
            {"entity": "media_player.gone", "limit": ""},
            id="a player that does not exist",
        ),
        pytest.param(
            "speech",
            {"speaker": "tts.gone"},
            "entity_not_found",
            {"entity": "tts.gone", "limit": ""},
            id="a voice that does not exist",
        ),
        pytest.param(
            "speech",
            {"speech_player": "media_player.gone"},
            "entity_not_found",
            {"entity": "media_player.gone", "limit": ""},
            id="a player for the voice that does not exist",
        ),
        pytest.param(
            "speech",
            {"ask_aloud": True},
            "cannot_listen",
            {"entity": "", "limit": ""},
            id="a question without anybody to ask it",
        ),
        pytest.param(
            "session",
            {"start_script": "script.gone"},
            "entity_not_found",
            {"entity": "script.gone", "limit": ""},
            id="a script that does not exist",
        ),
        pytest.param(
            "session",
            {"end_script": "scene.gone"},
            "entity_not_found",
            {"entity": "scene.gone", "limit": ""},
            id="a scene that does not exist",
        ),
        pytest.param(
            "diffuser",
            {"diffusers": ["switch.bedtime_session"]},
            "entity_is_ours",
            {"entity": "switch.bedtime_session", "limit": ""},
            id="the switch of a session taken for a diffuser",
        ),
        pytest.param(
            "diffuser",
            {"diffusers": ["switch.diffuser"], "cap": 0},
            "cap_zero",
            {"entity": "", "limit": ""},
            id="a diffuser that may never be on",
        ),
        pytest.param(
            "lights",
            {"fade": {"minutes": 10, "seconds": 1}},
            "fade_too_long",
            {"entity": "", "limit": "10"},
            id="a fade over 10 minutes",
        ),
        pytest.param(
            "phases",
            {"prepare": {"minutes": 6}},
            "prepare_too_long",
            {"entity": "", "limit": "5"},
            id="prepare over 5 minutes",
        ),
        pytest.param(
            "phases",
            # Numbers as text, which Home Assistant's own form check lets pass.
            {"settle": {"minutes": "16"}},
            "settle_too_long",
            {"entity": "", "limit": "15"},
            id="settle over 15 minutes",
        ),
        pytest.param(
            "phases",
            {"wind_down": {"hours": 1}},
            "wind_down_too_long",
            {"entity": "", "limit": "15"},
            id="wind_down over 15 minutes",
        ),
        pytest.param(
            "phases",
            {"after": {"days": 1}},
            "after_too_long",
            {"entity": "", "limit": "30"},
            id="after over 30 minutes",
        ),
    ],
)
async def test_a_mistake_in_the_room_is_named_and_the_form_goes_on(
    hass: HomeAssistant,
    home: Home,
    part: str,
    mistake: dict[str, Any],
    key: str,
    placeholders: dict[str, str],
) -> None:
    """Each has its own sentence, with what is meant in it, and nothing is lost."""
    entry = await add_mat(hass)
    form = await answer(
        hass, await begin_routine(hass, entry), {**ABOUT, "name": "Nap"}
    )

    form = await answer(hass, form, changed(FULL_ROOM, {part: mistake}))

    assert (form["step_id"], form["errors"]) == ("room", {part: key})
    assert form["description_placeholders"] == placeholders
    assert shown(form) == changed(FULL_ROOM, {part: mistake})
    result = await answer(hass, form, FULL_ROOM)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert dict(routine_of(entry, "Nap").data) == {"kind": "bedtime", **FULL_ROOM}


@pytest.mark.parametrize(
    ("speech", "music", "key"),
    [
        pytest.param({"speaker": "tts.voice"}, {}, "speech_nowhere", id="no player"),
        pytest.param(
            {"speaker": "tts.voice"},
            {"player": "media_player.radio"},
            None,
            id="on the player of the music",
        ),
        pytest.param(
            {"speaker": "tts.voice", "speech_player": "media_player.radio"},
            {},
            None,
            id="on a player of its own",
        ),
        pytest.param(
            {"speaker": "tts.voice", "ask_aloud": True},
            {"player": "media_player.radio"},
            "cannot_listen",
            id="text-to-speech has no ears",
        ),
        pytest.param(
            {"speaker": "assist_satellite.announcing", "ask_aloud": True},
            {},
            "cannot_listen",
            id="a satellite that only announces",
        ),
        pytest.param(
            {"speaker": "assist_satellite.bedroom", "ask_aloud": True},
            {},
            None,
            id="a satellite that can listen",
        ),
    ],
)
async def test_a_voice_needs_what_it_speaks_with(
    hass: HomeAssistant,
    home: Home,
    speech: dict[str, Any],
    music: dict[str, Any],
    key: str | None,
) -> None:
    """Chosen and never heard, or asking without waiting for an answer."""
    hass.states.async_set("tts.voice", "unknown")
    hass.states.async_set(
        "assist_satellite.announcing", "idle", {"supported_features": 1}
    )
    hass.states.async_set("assist_satellite.bedroom", "idle", {"supported_features": 3})
    entry = await add_mat(hass)
    form = await answer(
        hass, await begin_routine(hass, entry), {**ABOUT, "name": "Nap"}
    )
    room = changed(EMPTY_ROOM, {"speech": speech, "music": music})
    form = await answer(hass, form, room)
    if key is not None:
        assert form["errors"] == {"speech": key}
        return
    assert form["type"] is FlowResultType.CREATE_ENTRY
    assert routine_of(entry, "Nap").data["speech"] == {
        "cues": False,
        "ask_aloud": False,
        **speech,
    }


@pytest.mark.parametrize(
    ("kind", "cues"), [("bedtime", False), ("morning", True), ("custom", True)]
)
async def test_nobody_is_talked_out_of_their_sleep(
    hass: HomeAssistant, home: Home, kind: str, cues: bool
) -> None:
    """What the form proposes: cues, but for bedtime."""
    entry = await add_mat(hass)
    about = {"kind": kind, "name": "Nap"}
    form = await answer(hass, await begin_routine(hass, entry), about)
    assert shown(form)["speech"] == {"cues": cues, "ask_aloud": False}


async def test_the_media_browser_may_name_the_player(
    hass: HomeAssistant, home: Home
) -> None:
    """Music that was found on a player plays there; so that one has to exist, too."""
    entry = await add_mat(hass)
    form = await answer(
        hass, await begin_routine(hass, entry), {**ABOUT, "name": "Nap"}
    )
    media = {"media_content_id": "calm", "media_content_type": "music"}

    gone = {"media": {"entity_id": "media_player.gone", **media}}
    form = await answer(hass, form, {**EMPTY_ROOM, "music": gone})
    assert form["errors"] == {"music": "entity_not_found"}
    assert form["description_placeholders"]["entity"] == "media_player.gone"
    here = {"media": {"entity_id": "media_player.radio", **media}}
    await answer(hass, form, {**EMPTY_ROOM, "music": here})

    assert routine(routine_of(entry, "Nap")).player == "media_player.radio"


@pytest.mark.parametrize(
    ("music", "player"),
    [
        pytest.param(
            {"player": "media_player.radio", "media": "media_player.radio"},
            "media_player.radio",
            id="as it was shown",
        ),
        pytest.param(
            {"media": "media_player.radio"},
            None,
            id="the player taken out of its field",
        ),
        pytest.param(
            {"media": "media_player.tv"},
            "media_player.tv",
            id="another one opened to browse",
        ),
        pytest.param(
            {"player": "media_player.radio", "media": "media_player.tv"},
            "media_player.radio",
            id="another one opened to browse, and the player still there",
        ),
        pytest.param({"media": None}, None, id="taken out of both"),
    ],
)
async def test_the_player_is_chosen_once_and_can_be_browsed_at_once(
    hass: HomeAssistant, home: Home, music: dict[str, str | None], player: str | None
) -> None:
    """Media that were only looked for are none: playing them would be an error."""
    hass.states.async_set("media_player.tv", "off")
    hass.states.async_set(
        "media_player.radio",
        "off",
        {"supported_features": MediaPlayerEntityFeature.BROWSE_MEDIA},
    )
    entry = await add_mat(hass)
    about = {"kind": "custom", "name": "Nap"}
    form = await answer(hass, await begin_routine(hass, entry), about)
    await answer(hass, form, {**EMPTY_ROOM, "music": {"player": "media_player.radio"}})
    form = await answer(hass, await begin_routine(hass, entry, "Nap"), about)
    unknown = {"media_content_id": "", "media_content_type": ""}
    assert shown(form)["music"]["media"] == {
        "entity_id": "media_player.radio",
        **unknown,
    }

    opened = music["media"]
    media = {**unknown, **({"entity_id": opened} if opened else {})}
    await answer(hass, form, {**EMPTY_ROOM, "music": {**music, "media": media}})

    kept = routine(routine_of(entry, "Nap"))
    assert (kept.player, kept.media) == (player, None)


async def test_a_player_that_cannot_be_browsed_is_left_closed(
    hass: HomeAssistant, home: Home
) -> None:
    """Open, it would ask for a content id, which nobody knows by heart."""
    hass.states.async_set("media_player.radio", "off", {"supported_features": 0})
    entry = await add_mat(hass)
    about = {"kind": "custom", "name": "Nap"}
    form = await answer(hass, await begin_routine(hass, entry), about)
    music = {"player": "media_player.radio"}
    await answer(hass, form, {**EMPTY_ROOM, "music": music})

    form = await answer(hass, await begin_routine(hass, entry, "Nap"), about)

    assert shown(form)["music"]["player"] == "media_player.radio"
    assert "media" not in shown(form)["music"]


async def test_without_a_diffuser_its_cap_does_not_matter(
    hass: HomeAssistant, home: Home
) -> None:
    """The message offers to remove the diffuser; that has to help."""
    entry = await add_mat(hass)
    form = await answer(
        hass, await begin_routine(hass, entry), {**ABOUT, "name": "Nap"}
    )
    room = {**EMPTY_ROOM, "diffuser": {"diffusers": [], "cap": 0}}
    assert (await answer(hass, form, room))["type"] is FlowResultType.CREATE_ENTRY


async def test_limits_themselves_are_allowed(hass: HomeAssistant, home: Home) -> None:
    """The longest phase is no mistake, and neither is one of no length."""
    entry = await add_mat(hass)
    form = await answer(
        hass, await begin_routine(hass, entry), {**ABOUT, "name": "Nap"}
    )
    phases = {
        "prepare": {"minutes": 5},
        "settle": {"minutes": 15},
        "wind_down": {"seconds": 0},
        "after": {"minutes": 30},
    }
    room = {**EMPTY_ROOM, "phases": phases, "lights": {"fade": {"minutes": 10}}}
    assert (await answer(hass, form, room))["type"] is FlowResultType.CREATE_ENTRY
    made = routine(routine_of(entry, "Nap"))
    assert (made.prepare, made.wind_down) == (timedelta(minutes=5), timedelta(0))


@pytest.mark.parametrize(
    "room",
    [
        pytest.param({"lights": {"lights": ["cover.blind"]}}, id="a blind as a lamp"),
        pytest.param({"lights": {"brightness": 101}}, id="brighter than full"),
        pytest.param({"phases": {"settle": {"minutes": -1}}}, id="a negative phase"),
        pytest.param({"session": {"duration": 61}}, id="longer than an hour"),
        pytest.param({"session": {"duration": 4}}, id="shorter than 5 minutes"),
        pytest.param({"music": {"volume": -1}}, id="quieter than silence"),
    ],
)
async def test_what_no_form_offers_is_refused(
    hass: HomeAssistant, home: Home, room: dict[str, Any]
) -> None:
    """Selectors bound what a person can choose, and also what a script can send."""
    entry = await add_mat(hass)
    form = await answer(
        hass, await begin_routine(hass, entry), {**ABOUT, "name": "Nap"}
    )
    with pytest.raises(InvalidData):
        await answer(hass, form, {**EMPTY_ROOM, **room})


# -- changing a routine --------------------------------------------------------


async def test_changing_shows_what_is_set_and_nothing_else(
    hass: HomeAssistant, home: Home
) -> None:
    """What was left empty must not be filled by the proposals of the kind."""
    entry = await add_mat(hass, stored("Bedtime", lights={"brightness": 33}))
    subentry = routine_of(entry)
    room = {k: dict(v) for k, v in subentry.data.items() if isinstance(v, Mapping)}
    del room["lights"]["color_temp"]
    hass.config_entries.async_update_subentry(
        entry, subentry, data={"kind": "bedtime", **room}
    )
    await hass.async_block_till_done()

    form = await begin_routine(hass, entry, "Bedtime")
    assert form["step_id"] == "user"
    assert shown(form) == {"kind": "bedtime", "name": "Bedtime"}
    form = await answer(hass, form, {"kind": "morning", "name": "Bedtime"})

    assert shown(form)["lights"] == room["lights"]
    assert shown(form)["music"] == {**room["music"], "keep_playing": 0}
    assert shown(form)["session"]["duration"] == 20


async def test_changing_a_routine_that_runs(hass: HomeAssistant, home: Home) -> None:
    """The session goes on as it began; the next one is as changed."""
    entry = await add_mat(hass)
    await hass.services.async_call(
        "switch", "turn_on", {"entity_id": "switch.bedtime_session"}, blocking=True
    )
    await home.wait(minutes=6)
    before = hass.states.get("switch.bedtime_session")
    assert before is not None
    told = list(home.evening.told)

    form = await begin_routine(hass, entry, "Bedtime")
    form = await answer(hass, form, {**ABOUT, "name": "Evening"})
    result = await answer(hass, form, FULL_ROOM)
    await home.settle()

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    # Our own sentence, since it tells what becomes of the session.
    assert result.get("translation_domain") is None
    after = hass.states.get("switch.bedtime_session")
    assert after is not None
    assert (after.state, after.attributes["finishes_at"]) == (
        "on",
        before.attributes["finishes_at"],
    )
    assert after.attributes["phases"] == before.attributes["phases"]
    assert home.evening.told == told
    assert [subentry.title for subentry in entry.subentries.values()] == ["Evening"]
    await home.wait(minutes=21)
    assert coordinator_of(entry).session is None
    assert home.level("light.bed") == 80
    next_minutes = hass.states.get("number.bedtime_next_duration")
    assert next_minutes is not None
    assert float(next_minutes.state) == 25


async def test_changing_the_area_moves_the_routine(
    hass: HomeAssistant, home: Home
) -> None:
    """A suggested area counts for new devices only, so it is moved explicitly."""
    registry = ar.async_get(hass)
    bedroom, study = registry.async_create("Bedroom"), registry.async_create("Study")
    entry = await add_mat(hass, stored("Bedtime"), stored("Nap"))
    assert area_of(hass, entry, "Bedtime") is None

    for area in (bedroom.id, study.id):
        form = await begin_routine(hass, entry, "Bedtime")
        form = await answer(hass, form, {**ABOUT, "area": area})
        await answer(hass, form, FULL_ROOM)
        assert area_of(hass, entry, "Bedtime") == area
        assert area_of(hass, entry, "Nap") is None
    assert shown(await begin_routine(hass, entry, "Bedtime"))["area"] == study.id
    form = await answer(hass, await begin_routine(hass, entry, "Bedtime"), ABOUT)
    await answer(hass, form, FULL_ROOM)

    assert area_of(hass, entry, "Bedtime") is None
    assert area_of(hass, entry, "Nap") is None


async def test_a_routine_moved_by_hand_stays_there(
    hass: HomeAssistant, home: Home
) -> None:
    """Changing the brightness is no reason to move a device back."""
    area = ar.async_get(hass).async_create("Attic")
    entry = await add_mat(hass)
    device = device_of(hass, entry, "Bedtime")
    dr.async_get(hass).async_update_device(device.id, area_id=area.id)

    form = await answer(hass, await begin_routine(hass, entry, "Bedtime"), ABOUT)
    await answer(hass, form, FULL_ROOM)

    assert area_of(hass, entry, "Bedtime") == area.id


async def test_a_change_may_not_take_the_name_of_another(
    hass: HomeAssistant, home: Home
) -> None:
    """Renaming is a way to two switches of one name, too."""
    entry = await add_mat(hass, stored("Bedtime"), stored("Morning"))
    form = await begin_routine(hass, entry, "Bedtime")
    form = await answer(hass, form, {**ABOUT, "name": "morning"})
    assert form["errors"] == {"name": "name_taken"}


async def test_a_change_with_a_device_that_is_gone(
    hass: HomeAssistant, home: Home
) -> None:
    """The lamp was thrown away: the form says so, and it can be left out."""
    entry = await add_mat(hass)
    er.async_get(hass).async_remove("media_player.radio")
    await hass.async_block_till_done()
    form = await answer(hass, await begin_routine(hass, entry, "Bedtime"), ABOUT)
    form = await answer(hass, form, shown(form))
    assert form["errors"] == {"music": "entity_not_found"}
    room = shown(form)
    del room["music"]["player"], room["music"]["media"]
    result = await answer(hass, form, room)
    assert result["type"] is FlowResultType.ABORT
    assert routine(routine_of(entry)).player is None


@pytest.mark.parametrize("deleted", ["mat", "routine"])
@pytest.mark.parametrize("then", ["save", "try_it"])
@pytest.mark.parametrize("filled_in", [0, 1, 2])
async def test_what_is_deleted_meanwhile_is_not_changed(
    hass: HomeAssistant, home: Home, filled_in: int, then: str, deleted: str
) -> None:
    """In another window, at whichever form: it is said, and nothing comes back."""
    entry = await add_mat(hass)
    result = await begin_routine(hass, entry, "Bedtime")
    flows = hass.config_entries.subentries
    answers: list[dict[str, Any]] = [ABOUT, EMPTY_ROOM, {"next_step_id": then}]
    for data in answers[:filled_in]:
        result = await flows.async_configure(result["flow_id"], data)
    if deleted == "mat":
        await hass.config_entries.async_remove(entry.entry_id)
    else:
        hass.config_entries.async_remove_subentry(entry, "bedtime")
    await hass.async_block_till_done()
    result = await flows.async_configure(result["flow_id"], answers[filled_in])
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "gone"
    assert not entry.subentries or deleted == "mat"


async def test_no_routine_is_added_to_a_mat_that_is_deleted_meanwhile(
    hass: HomeAssistant, home: Home
) -> None:
    """Saved, it would belong to nothing."""
    entry = await add_mat(hass)
    form = await begin_routine(hass, entry)
    form = await answer(hass, form, {**ABOUT, "name": "Morning"})
    await hass.config_entries.async_remove(entry.entry_id)
    result = await answer(hass, form, EMPTY_ROOM)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "gone")
