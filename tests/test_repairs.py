"""Issues are said once, and fixed by the flows that Home Assistant offers for them."""

from collections.abc import Awaitable, Callable
import json
from pathlib import Path
from typing import Any

from homeassistant.components.notify import DOMAIN as NOTIFY
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.files import File
from custom_components.acupressure_mat.session.record import Record

from .disk import no_space
from .home import Home, Lamp, add_mat, coordinator_of, routine

LOST = "device_missing_bedtime_light.bed"
STUCK = "diffuser_on_switch.diffuser"
FIX = "/api/repairs/issues/fix"

type Answer = dict[str, Any]
type Fix = Callable[..., Awaitable[Answer]]


@pytest.fixture
async def fix(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Fix:
    """Return what goes through the dialog of an issue, as a browser does."""
    for component in (DOMAIN, "repairs"):
        assert await async_setup_component(hass, component, {})
    client = await hass_client()

    async def go(issue_id: str, *answers: Answer) -> Answer:
        response = await client.post(
            FIX, json={"handler": DOMAIN, "issue_id": issue_id}
        )
        shown: Answer = await response.json()
        for answer in answers:
            response = await client.post(f"{FIX}/{shown['flow_id']}", json=answer)
            shown = await response.json()
        return shown

    return go


def issues(hass: HomeAssistant) -> list[str]:
    """Return the issues that are said of mats."""
    return [issue for domain, issue in ir.async_get(hass).issues if domain == DOMAIN]


def say_again(hass: HomeAssistant, issue: ir.IssueEntry) -> None:
    """Have an issue that was settled meanwhile, as a dialog has that is still open."""
    assert issue.severity is not None
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue.issue_id,
        data=issue.data,
        is_fixable=True,
        severity=issue.severity,
        translation_key=issue.translation_key or "",
        translation_placeholders=issue.translation_placeholders,
    )


def choose(option: str) -> Answer:
    return {"next_step_id": option}


# -- gone ----------------------------------------------------------------------


async def with_a_lamp_gone(hass: HomeAssistant, home: Home) -> MockConfigEntry:
    entry = await add_mat(hass, routine(music={"media": None}))
    er.async_get(hass).async_remove("light.bed")
    await home.settle()
    await home.start()
    await home.wait(minutes=22)
    return entry


async def test_it_is_said_after_a_session_that_missed_it(
    hass: HomeAssistant, home: Home
) -> None:
    """With the routine's name; a device that is only off the network is none."""
    home.plug.vanish()
    await with_a_lamp_gone(hass, home)
    assert issues(hass) == [LOST]
    issue = ir.async_get(hass).issues[DOMAIN, LOST]
    assert issue.translation_placeholders == {"entity": "light.bed", "owner": "Bedtime"}


async def test_its_mat_is_removed(hass: HomeAssistant, home: Home) -> None:
    """With whoever named it, or could not be saved, the issue is gone."""
    room = routine("Evening", lights={"lights": ["light.gone"]}, music={"media": None})
    ben = await add_mat(hass, room, title="Ben's mat", person="person.nobody")
    await with_a_lamp_gone(hass, home)
    with no_space():
        await coordinator_of(ben).journal.save()
    assert set(issues(hass)) == {
        LOST,
        "device_missing_evening_light.gone",
        f"mat_misses_{ben.entry_id}_person.nobody",
        f"not_saved_{ben.entry_id}",
    }
    await hass.config_entries.async_remove(ben.entry_id)
    await home.settle()
    assert issues(hass) == [LOST]


async def test_another_is_chosen(hass: HomeAssistant, home: Home, fix: Fix) -> None:
    """In the field of the set-up; the next session uses it, and the issue is gone."""
    await home.add(Lamp("Desk", home.evening))
    await with_a_lamp_gone(hass, home)
    form = await fix(LOST)
    # Whoever only opens the dialog has chosen nothing yet.
    assert form["step_id"] == "choose"
    (field,) = form["data_schema"]
    assert field["selector"]["entity"]["domain"] == ["light", "group"]
    assert not field["selector"]["entity"]["multiple"]
    assert (await fix(LOST, {"entity": "light.desk"}))["type"] == "create_entry"
    await home.settle()
    assert issues(hass) == []
    await home.wait(minutes=6)
    await home.start()
    assert home.level("light.desk") == 12


async def test_none_is_chosen(hass: HomeAssistant, home: Home, fix: Fix) -> None:
    """The routine goes on without it."""
    entry = await with_a_lamp_gone(hass, home)
    await fix(LOST, {})
    await home.settle()
    assert entry.subentries["bedtime"].data["lights"]["lights"] == []
    assert issues(hass) == []


@pytest.mark.parametrize(
    ("chosen", "mistake"),
    [
        ("light.nowhere", "entity_not_found"),
        ("light.ours", "entity_is_ours"),
    ],
)
async def test_what_cannot_be_chosen(
    hass: HomeAssistant, home: Home, fix: Fix, chosen: str, mistake: str
) -> None:
    """The dialog says so and stays open."""
    await with_a_lamp_gone(hass, home)
    er.async_get(hass).async_get_or_create(
        "light", DOMAIN, "ours", suggested_object_id="ours"
    )
    form = await fix(LOST, {"entity": chosen})
    assert form["errors"] == {"entity": mistake}
    assert issues(hass) == [LOST]


async def test_its_routine_is_gone_too(
    hass: HomeAssistant, home: Home, fix: Fix
) -> None:
    """The dialog says so instead of failing."""
    entry = await with_a_lamp_gone(hass, home)
    issue = ir.async_get(hass).issues[DOMAIN, LOST]
    hass.config_entries.async_remove_subentry(entry, "bedtime")
    say_again(hass, issue)
    result = await fix(LOST)
    assert (result["type"], result["reason"]) == ("abort", "owner_gone")


async def test_the_routine_was_changed_while_the_dialog_was_open(
    hass: HomeAssistant, home: Home, fix: Fix
) -> None:
    """Nothing is left to fix, and nothing is broken by it."""
    entry = await with_a_lamp_gone(hass, home)
    bedtime = entry.subentries["bedtime"]
    data = {**bedtime.data, "lights": {**bedtime.data["lights"], "lights": []}}
    issue = ir.async_get(hass).issues[DOMAIN, LOST]
    hass.config_entries.async_update_subentry(entry, bedtime, data=data)
    await home.settle()
    assert issues(hass) == []
    say_again(hass, issue)
    assert (await fix(LOST))["type"] == "create_entry"
    assert entry.subentries["bedtime"].data == data


@pytest.mark.parametrize(
    ("part", "field", "gone", "instead"),
    [
        ("schedule", "sensor", "sensor.alarm", "sensor.other"),
        ("schedule", "mat_sensor", "binary_sensor.mat", "binary_sensor.other"),
        ("session", "start_script", "script.tea", "scene.other"),
        ("session", "end_script", "scene.dark", "script.other"),
        ("music", "player", "media_player.old", "media_player.radio"),
        ("diffuser", "diffusers", "switch.old", "fan.other"),
    ],
)
async def test_whatever_a_routine_names(
    hass: HomeAssistant,
    home: Home,
    fix: Fix,
    part: str,
    field: str,
    gone: str,
    instead: str,
) -> None:
    """A schedule whose sensor is gone would never be due again, and nobody knew."""
    hass.states.async_set(instead, "on")
    many = field == "diffusers"
    changes: dict[str, Any] = {part: {field: [gone] if many else gone, "media": None}}
    chosen = routine(**changes)
    entry = await add_mat(hass, chosen)
    issue = f"device_missing_bedtime_{gone}"
    assert issues(hass) == [issue]
    await fix(issue, {"entity": instead})
    await home.settle()
    assert entry.subentries["bedtime"].data[part][field] == (
        [instead] if many else instead
    )
    assert issues(hass) == []


async def test_the_player_of_the_music_alone(
    hass: HomeAssistant, home: Home, fix: Fix
) -> None:
    """The media browser names one, too; what was chosen on it stays chosen."""
    media = {
        "entity_id": "media_player.old",
        "media_content_id": "calm",
        "media_content_type": "music",
    }
    entry = await add_mat(hass, routine(music={"player": None, "media": media}))
    issue = "device_missing_bedtime_media_player.old"
    await fix(issue, {"entity": "media_player.radio"})
    await home.settle()
    assert entry.subentries["bedtime"].data["music"]["media"] == {
        **media,
        "entity_id": "media_player.radio",
    }


async def test_a_player_that_plays_no_part(hass: HomeAssistant, home: Home) -> None:
    """Music that was found on an old player is played on the one that was chosen."""
    media = {
        "entity_id": "media_player.old",
        "media_content_id": "calm",
        "media_content_type": "music",
    }
    await add_mat(hass, routine(music={"player": "media_player.radio", "media": media}))
    assert issues(hass) == []


@pytest.mark.parametrize(
    ("field", "gone", "instead"),
    [
        ("person", "person.anna", "person.ben"),
        ("sleep_sensor", "sensor.old_watch", "sensor.watch"),
        ("heart_rate_sensor", "sensor.old_watch", "sensor.watch"),
        ("notify", "notify.old_phone", "notify.new_phone"),
        ("notify", "notify.old_phone", None),
    ],
)
async def test_whatever_a_mat_names(
    hass: HomeAssistant,
    home: Home,
    fix: Fix,
    field: str,
    gone: str,
    instead: str | None,
) -> None:
    """A reminder that reaches nobody is found out before bedtime."""
    if instead is not None:
        about = {"friendly_name": "New", "state_class": "measurement"}
        hass.states.async_set(instead, "known", about)
    entry = await add_mat(hass, **{field: gone})
    issue = f"mat_misses_{entry.entry_id}_{gone}"
    assert issues(hass) == [issue]
    await fix(issue, {} if instead is None else {"entity": instead})
    await home.settle()
    assert entry.data.get(field) == instead
    assert issues(hass) == []


async def test_a_sensor_of_sleep_without_statistics_is_no_substitute(
    hass: HomeAssistant, home: Home, fix: Fix
) -> None:
    """Nights off the mat would never be known."""
    hass.states.async_set("sensor.word", "well")
    entry = await add_mat(hass, sleep_sensor="sensor.old_watch")
    issue = f"mat_misses_{entry.entry_id}_sensor.old_watch"
    form = await fix(issue, {"entity": "sensor.word"})
    assert form["errors"] == {"entity": "sleep_no_statistics"}
    assert issues(hass) == [issue]


async def test_the_mat_was_changed_while_the_dialog_was_open(
    hass: HomeAssistant, home: Home, fix: Fix
) -> None:
    """What was chosen in the set-up meanwhile stays chosen."""
    entry = await add_mat(hass, person="person.anna")
    issue = ir.async_get(hass).issues[
        DOMAIN, f"mat_misses_{entry.entry_id}_person.anna"
    ]
    hass.states.async_set("person.ben", "home")
    data = {**entry.data, "person": "person.ben"}
    hass.config_entries.async_update_entry(entry, data=data)
    await home.settle()
    assert issues(hass) == []
    say_again(hass, issue)
    assert (await fix(issue.issue_id))["type"] == "create_entry"
    assert entry.data["person"] == "person.ben"


async def test_an_action_to_notify_with_is_no_entity(
    hass: HomeAssistant, home: Home
) -> None:
    """And is there all the same."""
    hass.services.async_register(NOTIFY, "mobile_app_phone", lambda _call: None)
    await add_mat(hass, notify="notify.mobile_app_phone")
    assert issues(hass) == []


async def test_each_day_is_looked_again(hass: HomeAssistant, home: Home) -> None:
    """Nobody presses a button when a sensor goes."""
    hass.states.async_set("sensor.alarm", "2026-11-23T05:30:00+00:00")
    await add_mat(hass, routine(schedule={"sensor": "sensor.alarm"}))
    hass.states.async_remove("sensor.alarm")
    await home.wait(hours=8)
    assert issues(hass) == ["device_missing_bedtime_sensor.alarm"]


# -- a diffuser that stays on --------------------------------------------------


async def with_a_stuck_diffuser(hass: HomeAssistant, home: Home) -> MockConfigEntry:
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=3)
    home.plug.deaf = True
    await home.finish()
    await home.wait(minutes=3)
    assert issues(hass) == [STUCK]
    return entry


async def test_it_is_tried_again(hass: HomeAssistant, home: Home, fix: Fix) -> None:
    """Somebody freed the plug."""
    await with_a_stuck_diffuser(hass, home)
    menu = await fix(STUCK)
    assert menu["menu_options"] == ["try_again", "it_is_off"]
    assert menu["description_placeholders"] == {"entity": "Diffuser"}
    home.plug.deaf = False
    await fix(STUCK, choose("try_again"))
    await home.wait(seconds=10)
    assert not home.is_on("switch.diffuser")
    assert issues(hass) == []


async def test_tried_again_in_vain(hass: HomeAssistant, home: Home, fix: Fix) -> None:
    """It is said once more, not taken for fixed."""
    await with_a_stuck_diffuser(hass, home)
    tries = len(home.evening.commands("switch.diffuser"))
    await fix(STUCK, choose("try_again"))
    assert issues(hass) == []
    await home.wait(minutes=2)
    assert len(home.evening.commands("switch.diffuser")) > tries
    assert issues(hass) == [STUCK]


async def test_it_is_off_at_the_plug(hass: HomeAssistant, home: Home, fix: Fix) -> None:
    """One that was thrown away is not waited for until the end of time."""
    entry = await with_a_stuck_diffuser(hass, home)
    home.plug.vanish()
    await fix(STUCK, choose("it_is_off"))
    await home.wait(minutes=5)
    assert issues(hass) == []
    assert not list(coordinator_of(entry).rooms)
    # Nor is it commanded when it comes back: somebody may have put a lamp there.
    told = len(home.evening.commands("switch.diffuser"))
    home.plug.appear()
    await home.wait(minutes=2)
    assert len(home.evening.commands("switch.diffuser")) == told


@pytest.mark.parametrize("option", ["try_again", "it_is_off"])
async def test_nobody_holds_it_any_more(
    hass: HomeAssistant, home: Home, fix: Fix, option: str
) -> None:
    """An issue that is left over can be put away all the same."""
    entry = await with_a_stuck_diffuser(hass, home)
    await hass.config_entries.async_unload(entry.entry_id)
    assert (DOMAIN, STUCK) in ir.async_get(hass).issues
    await fix(STUCK, choose(option))
    assert issues(hass) == []


# -- files that were set aside -------------------------------------------------


def set_aside(hass: HomeAssistant, entry: MockConfigEntry, text: str) -> Path:
    """Put a file where one that cannot be read is kept, and say so."""
    folder = Path(hass.config.path(STORAGE_DIR))
    folder.mkdir(exist_ok=True)
    path = folder / f"{DOMAIN}.{entry.entry_id}.2026-10.aside"
    path.write_text(text)
    File(hass, entry.entry_id)._say("journal_set_aside", path.name)
    return path


def record_of(day: int) -> dict[str, Any]:
    return Record.from_dict(
        {
            "id": f"record-{day}",
            "started_at": f"2026-10-{day:02}T20:00:00+02:00",
            "ended_at": f"2026-10-{day:02}T20:15:00+02:00",
            "elapsed": 900,
        }
    ).as_dict()


async def test_what_was_set_aside_comes_back(
    hass: HomeAssistant, home: Home, fix: Fix, tmp_path: Path
) -> None:
    """After an update can read it; what the journal has by now is left as it is."""
    hass.config.config_dir = str(tmp_path)
    entry = await add_mat(hass)
    records = [record_of(1), record_of(2), {"id": "no record"}]
    text = json.dumps({"version": 1, "data": {"records": records}})
    path = set_aside(hass, entry, text)
    corrected = Record.from_dict(record_of(2)).noted("corrected since")
    await coordinator_of(entry).practice.async_add(corrected)
    issue = f"journal_set_aside_{entry.entry_id}"
    menu = await fix(issue)
    assert menu["description_placeholders"] == {"file": path.name}
    assert (await fix(issue, choose("bring_back")))["type"] == "create_entry"
    assert [r.notes for r in await home.records(entry)] == [None, "corrected since"]
    assert issues(hass) == []
    # Deleted later, a record does not come back with the next file.
    assert path.with_name(f"{path.name}.brought_back").read_text() == text
    assert not path.exists()


async def test_what_was_brought_back_before_is_kept_as_well(
    hass: HomeAssistant, home: Home, fix: Fix, tmp_path: Path
) -> None:
    """It may hold more than this version can read; the next file has its name again."""
    hass.config.config_dir = str(tmp_path)
    entry = await add_mat(hass)
    texts = {
        json.dumps({"version": 1, "data": {"records": [record_of(day)]}})
        for day in (1, 2, 3)
    }
    for text in texts:
        set_aside(hass, entry, text)
        await fix(f"journal_set_aside_{entry.entry_id}", choose("bring_back"))
    kept = await hass.async_add_executor_job(
        lambda: {file.read_text() for file in tmp_path.rglob("*.brought_back*")}
    )
    assert kept == texts
    assert len(await home.records(entry)) == 3


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"data": {"records": 3}}'])
async def test_it_still_cannot_be_read(
    hass: HomeAssistant, home: Home, fix: Fix, tmp_path: Path, text: str
) -> None:
    """The file stays, and so does the issue."""
    hass.config.config_dir = str(tmp_path)
    entry = await add_mat(hass)
    path = set_aside(hass, entry, text)
    issue = f"journal_set_aside_{entry.entry_id}"
    result = await fix(issue, choose("bring_back"))
    assert (result["type"], result["reason"]) == ("abort", "nothing_readable")
    assert path.exists()
    assert issues(hass) == [issue]


async def test_there_is_no_space_to_bring_it_back(
    hass: HomeAssistant, home: Home, fix: Fix, tmp_path: Path
) -> None:
    """The file stays for the next try, and the dialog says what is in the way."""
    hass.config.config_dir = str(tmp_path)
    entry = await add_mat(hass)
    text = json.dumps({"version": 1, "data": {"records": [record_of(1)]}})
    path = set_aside(hass, entry, text)

    issue = f"journal_set_aside_{entry.entry_id}"
    with no_space():
        result = await fix(issue, choose("bring_back"))
    assert (result["type"], result["reason"]) == ("abort", "not_saved")
    assert path.exists()
    assert issue in issues(hass)


async def test_it_is_left_where_it_is(
    hass: HomeAssistant, home: Home, fix: Fix, tmp_path: Path
) -> None:
    """And nobody hears of it any more."""
    hass.config.config_dir = str(tmp_path)
    entry = await add_mat(hass)
    path = set_aside(hass, entry, "{}")
    await fix(f"journal_set_aside_{entry.entry_id}", choose("leave"))
    assert issues(hass) == []
    assert path.exists()


async def test_its_mat_is_not_loaded(
    hass: HomeAssistant, home: Home, fix: Fix, tmp_path: Path
) -> None:
    """There is no journal to bring it back to."""
    hass.config.config_dir = str(tmp_path)
    entry = await add_mat(hass)
    set_aside(hass, entry, "{}")
    await hass.config_entries.async_unload(entry.entry_id)
    result = await fix(f"journal_set_aside_{entry.entry_id}", choose("bring_back"))
    assert (result["type"], result["reason"]) == ("abort", "mat_not_loaded")


async def test_records_that_cannot_be_read_are_taken_note_of(
    hass: HomeAssistant, home: Home, fix: Fix
) -> None:
    """A later version reads them by itself; until then nobody has to see it again."""
    entry = await add_mat(hass)
    File(hass, entry.entry_id, "2026-10").say_unread(2)
    issue = f"journal_unread_{entry.entry_id}"
    form = await fix(issue)
    assert form["step_id"] == "confirm"
    assert form["description_placeholders"]["file"].endswith("2026-10")
    await fix(issue, {})
    assert issues(hass) == []
