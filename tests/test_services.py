"""Actions on routines: the right ones, and an error in words for every wrong one."""

from typing import Any

from homeassistant.auth.models import Group
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import area_registry as ar, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.session.session import Reason, Source

from .home import Home, add_mat, coordinator_of, routine
from .targets import WAYS, target

BEDTIME = {"entity_id": "switch.bedtime_session"}
MINUTES_5 = {"duration": {"minutes": 5}}

ACTIONS: dict[str, dict[str, Any]] = {
    "start_session": {},
    "pause_session": {},
    "resume_session": {},
    "extend_session": MINUTES_5,
    "skip_phase": {},
    "stop_session": {},
    "rehearse_session": {"duration": {"seconds": 30}},
}
ON_RUNNING = [name for name in ACTIONS if not name.startswith(("start", "rehearse"))]


async def act(
    hass: HomeAssistant,
    action: str,
    target: dict[str, Any] = BEDTIME,
    context: Context | None = None,
    **data: Any,
) -> None:
    await hass.services.async_call(
        DOMAIN, action, {**target, **data}, blocking=True, context=context
    )


async def refused(
    hass: HomeAssistant, action: str, target: dict[str, Any] = BEDTIME, **data: Any
) -> ServiceValidationError:
    """Return the refusal of an action; a person must be able to read it."""
    with pytest.raises(ServiceValidationError) as refusal:
        await act(hass, action, target, **{**ACTIONS[action], **data})
    assert refusal.value.translation_domain == DOMAIN
    return refusal.value


@pytest.fixture
async def mat(hass: HomeAssistant, home: Home) -> MockConfigEntry:
    """Return Anna's mat with two routines."""
    return await add_mat(hass, routine("Bedtime"), routine("Morning"))


@pytest.fixture
async def running(hass: HomeAssistant, home: Home, mat: MockConfigEntry) -> None:
    """Be a minute and a half into a bedtime session of 20 minutes."""
    await act(hass, "start_session")
    await home.wait(seconds=90)


def device_id_of(hass: HomeAssistant, entity_id: str) -> str:
    entity = er.async_get(hass).async_get(entity_id)
    assert entity is not None
    assert entity.device_id is not None
    return entity.device_id


# -- what they do --------------------------------------------------------------


def test_all_are_tested(hass: HomeAssistant, mat: MockConfigEntry) -> None:
    """A new action on routines belongs into the tables here."""
    targeted = {
        name
        for name, service in hass.services.async_services_for_domain(DOMAIN).items()
        if service.schema is not None and _takes_target(service.schema)
    }
    assert targeted == set(ACTIONS)


def _takes_target(schema: Any) -> bool:
    try:
        schema({"entity_id": "switch.x", **MINUTES_5})
    except vol.Invalid as err:
        return "entity_id" not in str(err)
    return True


async def test_start_with_a_duration(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry
) -> None:
    """The duration asked for holds, and for this session only."""
    await act(hass, "start_session", duration="00:12:30")
    session = coordinator_of(mat).session
    assert session is not None
    assert session.planned.total_seconds() == 12.5 * 60
    assert home.state("number.bedtime_next_duration") == "20.0"


async def test_start_without_a_duration(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry
) -> None:
    """The routine knows how long."""
    await act(hass, "start_session")
    session = coordinator_of(mat).session
    assert session is not None
    assert session.planned.total_seconds() == 20 * 60


@pytest.mark.usefixtures("running")
async def test_pause_resume_extend_skip_stop(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry
) -> None:
    """Each does what its name says, on the session that runs."""
    await act(hass, "pause_session")
    assert home.state("sensor.anna_s_mat_phase") == "paused"
    await act(hass, "resume_session")
    assert home.state("sensor.anna_s_mat_phase") == "settle"
    await act(hass, "extend_session", duration={"minutes": 5})
    assert home.state("sensor.anna_s_mat_session_duration") == "25.0"
    await act(hass, "skip_phase")
    assert home.state("sensor.anna_s_mat_phase") == "rest"
    await home.wait(minutes=2)
    await act(hass, "stop_session", reason="dizziness")
    await home.settle()
    (record,) = await home.records(mat)
    assert record.reason is Reason.DIZZINESS


@pytest.mark.usefixtures("running")
async def test_stop_without_a_reason_was_enough(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry
) -> None:
    """Nobody has to explain."""
    await home.wait(minutes=5)
    await act(hass, "stop_session")
    await home.settle()
    (record,) = await home.records(mat)
    assert record.reason is Reason.ENOUGH


async def test_skip_in_after_releases_the_room(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry
) -> None:
    """The session is over, and still somebody may want the light back now."""
    await act(hass, "start_session")
    await home.wait(minutes=22)
    assert home.state("sensor.anna_s_mat_phase") == "after"
    await act(hass, "skip_phase")
    await home.settle()
    assert home.state("sensor.anna_s_mat_phase") == "idle"
    assert home.level("light.bed") == 80


async def test_rehearse_plays_everything_and_keeps_nothing(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry
) -> None:
    """The whole evening in half a minute, diffuser off and light back at the end."""
    await act(hass, "rehearse_session", duration={"seconds": 30})
    await home.wait(seconds=15)
    assert home.level("light.bed") == 12
    assert home.is_on("switch.diffuser")
    await home.wait(seconds=25)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert await home.records(mat) == []


@pytest.mark.parametrize(
    ("user_id", "parent_id", "source"),
    [
        pytest.param(True, None, Source.USER, id="a person who taps"),
        pytest.param(False, None, Source.AUTOMATION, id="nobody in particular"),
        pytest.param(True, "01PARENT", Source.AUTOMATION, id="a script of a person"),
    ],
)
async def test_who_started_is_derived(
    hass: HomeAssistant,
    mat: MockConfigEntry,
    hass_admin_user: MockUser,
    *,
    user_id: bool,
    parent_id: str | None,
    source: Source,
) -> None:
    """The source is read from the context; nobody can claim to be another."""
    context = Context(
        user_id=hass_admin_user.id if user_id else None, parent_id=parent_id
    )
    await act(hass, "start_session", context=context)
    session = coordinator_of(mat).session
    assert session is not None
    assert session.source is source


# -- the target ----------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
async def test_a_target_of_each_sort(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry, way: str
) -> None:
    """Whatever points at the switch means the routine."""
    await act(hass, "start_session", target(hass, BEDTIME["entity_id"], way))
    assert home.state("switch.bedtime_session") == "on"
    assert home.state("switch.morning_session") == "off"


async def test_other_devices_of_an_area_are_passed_over(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry
) -> None:
    """A bedroom has lamps; a target by area is no mistake because of them."""
    area = ar.async_get(hass).async_create("Bedroom")
    for entity_id in ("light.bed", "switch.diffuser", "switch.bedtime_session"):
        er.async_get(hass).async_update_entity(entity_id, area_id=area.id)
    await act(hass, "start_session", {"area_id": area.id})
    assert home.state("switch.bedtime_session") == "on"


@pytest.mark.parametrize(
    "entity_id",
    [
        pytest.param("light.bed", id="a lamp"),
        pytest.param("switch.diffuser", id="a switch, but none of ours"),
        pytest.param("event.bedtime_session_event", id="ours, but not the switch"),
        pytest.param("switch.nowhere", id="nothing at all"),
    ],
)
@pytest.mark.usefixtures("mat")
async def test_a_wrong_entity_is_an_error(hass: HomeAssistant, entity_id: str) -> None:
    """Home Assistant's own resolution would do nothing, in silence."""
    for action in ACTIONS:
        refusal = await refused(hass, action, {"entity_id": entity_id})
        assert refusal.translation_key == "wrong_target", action
        assert refusal.translation_placeholders == {"entity": entity_id}


async def test_one_wrong_entity_spoils_the_call(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry
) -> None:
    """Half a call would be half done; nothing is."""
    refusal = await refused(
        hass, "start_session", {"entity_id": [BEDTIME["entity_id"], "light.bed"]}
    )
    assert refusal.translation_key == "wrong_target"
    assert home.state("switch.bedtime_session") == "off"


@pytest.mark.parametrize("sort", ["device_id", "area_id", "floor_id", "label_id"])
@pytest.mark.usefixtures("mat")
async def test_a_target_that_does_not_exist(hass: HomeAssistant, sort: str) -> None:
    """An area that was deleted since must not turn an automation into silence."""
    for action in ACTIONS:
        refusal = await refused(hass, action, {sort: "gone"})
        assert refusal.translation_key == "target_not_found", action
        assert refusal.translation_placeholders == {"target": "gone"}


@pytest.mark.usefixtures("mat")
async def test_a_target_without_a_routine(hass: HomeAssistant) -> None:
    """The mat's own device is near, but starts nothing; an empty area neither."""
    kitchen = ar.async_get(hass).async_create("Kitchen")
    targets = (
        {"area_id": kitchen.id},
        {"device_id": device_id_of(hass, "button.anna_s_mat_pause")},
        {"entity_id": "none"},
        {"entity_id": "all"},
    )
    for action in ACTIONS:
        for given in targets:
            refusal = await refused(hass, action, given)
            assert refusal.translation_key == "no_target", (action, given)


@pytest.mark.usefixtures("mat")
async def test_no_target_at_all(hass: HomeAssistant) -> None:
    """Home Assistant's own check of actions already asks for one."""
    for action, data in ACTIONS.items():
        with pytest.raises(vol.Invalid, match="entity_id"):
            await act(hass, action, {}, **data)


@pytest.mark.parametrize("action", ["start_session", "rehearse_session"])
async def test_several_routines_of_one_mat(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry, action: str
) -> None:
    """Which one was meant? Starting the first by chance would be worse than asking."""
    both = {"entity_id": ["switch.bedtime_session", "switch.morning_session"]}
    refusal = await refused(hass, action, both)
    assert refusal.translation_key == "several_routines"
    assert coordinator_of(mat).session is None


async def test_several_routines_of_which_one_runs(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry, running: None
) -> None:
    """Stop what runs in the bedroom: there is nothing to ask."""
    both = {"entity_id": ["switch.bedtime_session", "switch.morning_session"]}
    await act(hass, "pause_session", both)
    assert home.state("sensor.anna_s_mat_phase") == "paused"


@pytest.mark.usefixtures("running")
async def test_a_mat_that_is_not_loaded(
    hass: HomeAssistant, mat: MockConfigEntry
) -> None:
    """The actions exist whether or not a mat is loaded, and say so."""
    assert await hass.config_entries.async_unload(mat.entry_id)
    for action in ACTIONS:
        refusal = await refused(hass, action)
        assert refusal.translation_key == "mat_not_loaded"
        assert refusal.translation_placeholders == {"mat": "Anna's mat"}


async def test_a_switch_left_over_from_a_removed_routine(
    hass: HomeAssistant, mat: MockConfigEntry
) -> None:
    """The registry may know an entity longer than the mat knows the routine."""
    for config_entry in (mat, None):
        ghost = er.async_get(hass).async_get_or_create(
            "switch", DOMAIN, f"gone_{config_entry}", config_entry=config_entry
        )
        refusal = await refused(hass, "start_session", {"entity_id": ghost.entity_id})
        assert refusal.translation_key == "wrong_target"


# -- two mats ------------------------------------------------------------------


@pytest.fixture
async def other_mat(hass: HomeAssistant, mat: MockConfigEntry) -> MockConfigEntry:
    """Return Ben's mat, beside Anna's."""
    return await add_mat(hass, routine("Siesta"), title="Ben's mat")


TWO_MATS = {"entity_id": ["switch.bedtime_session", "switch.siesta_session"]}


@pytest.mark.usefixtures("other_mat")
async def test_two_mats_start_together(hass: HomeAssistant, home: Home) -> None:
    """Two people, one tap."""
    await act(hass, "start_session", TWO_MATS)
    assert home.state("switch.bedtime_session") == "on"
    assert home.state("switch.siesta_session") == "on"


@pytest.mark.usefixtures("other_mat", "running")
async def test_one_mat_that_refuses_holds_up_no_other(
    hass: HomeAssistant, home: Home
) -> None:
    """Anna lies there already: Ben's session starts, and the refusal is told."""
    refusal = await refused(hass, "start_session", TWO_MATS)
    assert refusal.translation_key == "already_running"
    assert home.state("switch.siesta_session") == "on"

    await act(hass, "pause_session")
    refusal = await refused(hass, "pause_session", TWO_MATS)
    assert refusal.translation_key == "already_paused"
    assert home.state("sensor.ben_s_mat_phase") == "paused"


# -- who may -------------------------------------------------------------------


def user_who_may(hass: HomeAssistant, *entity_ids: str) -> MockUser:
    """Return a user who may control these entities and nothing else."""
    policy = {
        "entities": {"entity_ids": {e: {POLICY_CONTROL: True} for e in entity_ids}}
    }
    user = MockUser(groups=[Group(name=None, policy=policy)])
    return user.add_to_hass(hass)


async def test_a_user_who_may_not(hass: HomeAssistant, mat: MockConfigEntry) -> None:
    """Registered by us, the actions check themselves what platform actions would."""
    user = user_who_may(hass, "light.bed")
    for action, data in ACTIONS.items():
        with pytest.raises(Unauthorized) as refusal:
            await act(hass, action, context=Context(user_id=user.id), **data)
        assert refusal.value.entity_id == "switch.bedtime_session"
    assert coordinator_of(mat).session is None


async def test_a_user_who_may(hass: HomeAssistant, mat: MockConfigEntry) -> None:
    """No more than the switch itself is needed."""
    user = user_who_may(hass, "switch.bedtime_session")
    await act(hass, "start_session", context=Context(user_id=user.id))
    assert coordinator_of(mat).session is not None


async def test_a_user_who_may_one_of_two(
    hass: HomeAssistant, home: Home, other_mat: MockConfigEntry
) -> None:
    """All of the target or nothing."""
    user = user_who_may(hass, "switch.bedtime_session")
    with pytest.raises(Unauthorized):
        await act(hass, "start_session", TWO_MATS, Context(user_id=user.id))
    assert home.state("switch.bedtime_session") == "off"


async def test_a_user_who_is_gone(hass: HomeAssistant, mat: MockConfigEntry) -> None:
    """A token may outlive its user."""
    with pytest.raises(UnknownUser):
        await act(hass, "start_session", context=Context(user_id="gone"))


# -- wrong values and wrong moments --------------------------------------------


DURATIONS: dict[str, Any] = {
    "negative": {"minutes": -5},
    "none": 0,
    "as long as a duration can be": {"days": 999999999, "hours": 23, "minutes": 59},
    "more than a number of days holds": {"days": 1e12},
    "for ever": "inf",
    "since for ever": -1e300,
}


async def test_start_with_a_duration_out_of_range(
    hass: HomeAssistant, mat: MockConfigEntry
) -> None:
    """Each is refused in words, and none becomes a session of another length."""
    for what, duration in {
        **DURATIONS,
        "just under a minute": {"seconds": 59},
        "just over an hour": {"minutes": 60, "seconds": 1},
        "20 seconds, meant as minutes": "20",
    }.items():
        refusal = await refused(hass, "start_session", duration=duration)
        assert refusal.translation_key == "duration_out_of_range", what
        assert refusal.translation_placeholders == {"minimum": "1", "maximum": "60"}
        assert coordinator_of(mat).session is None, what


@pytest.mark.usefixtures("running")
async def test_extend_by_a_duration_out_of_range(
    hass: HomeAssistant, home: Home
) -> None:
    """It neither shortens the session nor makes it longer than an hour."""
    over_an_hour = {"minutes": 40, "seconds": 1}
    for what, duration in {**DURATIONS, "over an hour in all": over_an_hour}.items():
        refusal = await refused(hass, "extend_session", duration=duration)
        assert refusal.translation_key == "duration_out_of_range", what
        assert home.state("sensor.anna_s_mat_session_duration") == "20.0", what


async def test_rehearse_out_of_range(hass: HomeAssistant, mat: MockConfigEntry) -> None:
    """From 5 seconds, so that devices can follow, to 5 minutes."""
    for what, duration in {
        **DURATIONS,
        "a bit too short": {"seconds": 4.9},
        "a bit too long": {"minutes": 5, "seconds": 1},
    }.items():
        refusal = await refused(hass, "rehearse_session", duration=duration)
        assert refusal.translation_key == "rehearsal_out_of_range", what
        assert refusal.translation_placeholders == {"minimum": "5", "maximum": "300"}
        assert coordinator_of(mat).session is None, what


@pytest.mark.usefixtures("mat")
async def test_what_no_form_offers_is_refused(hass: HomeAssistant) -> None:
    """Fields that are wrong, missing or unknown never reach a session."""
    for action, data in (
        ("start_session", {"duration": "soon"}),
        ("start_session", {"duration": {"lightyears": 1}}),
        ("start_session", {"source": "voice"}),
        ("extend_session", {}),
        ("rehearse_session", {}),
        ("stop_session", {"reason": "boredom"}),
    ):
        with pytest.raises(vol.Invalid):
            await hass.services.async_call(
                DOMAIN, action, {**BEDTIME, **data}, blocking=True
            )


@pytest.mark.usefixtures("mat")
async def test_nothing_runs(hass: HomeAssistant) -> None:
    """Idle, every change says that there is nothing to change."""
    for action in ON_RUNNING:
        refusal = await refused(hass, action)
        assert refusal.translation_key == "not_running", action


@pytest.mark.usefixtures("running")
async def test_another_routine_runs(hass: HomeAssistant, home: Home) -> None:
    """Stopping the morning must not stop the bedtime session."""
    for action in ON_RUNNING:
        refusal = await refused(hass, action, {"entity_id": "switch.morning_session"})
        assert refusal.translation_key == "not_running", action
        assert home.state("sensor.anna_s_mat_phase") == "settle"


@pytest.mark.usefixtures("running")
async def test_the_session_is_over(hass: HomeAssistant, home: Home) -> None:
    """In `after` the room is still held, but there is no session to change."""
    await home.wait(minutes=20)
    for action in ON_RUNNING:
        if action != "skip_phase":
            refusal = await refused(hass, action)
            assert refusal.translation_key == "not_running", action


@pytest.mark.usefixtures("running")
async def test_start_while_one_runs(hass: HomeAssistant, home: Home) -> None:
    """One session a mat; the sentence names the one that runs."""
    for action in ("start_session", "rehearse_session"):
        for entity_id in ("switch.bedtime_session", "switch.morning_session"):
            refusal = await refused(hass, action, {"entity_id": entity_id})
            assert refusal.translation_key == "already_running"
            assert refusal.translation_placeholders == {"routine": "Bedtime"}
    assert home.state("switch.bedtime_session") == "on"


@pytest.mark.usefixtures("running")
async def test_pause_twice_and_resume_twice(hass: HomeAssistant) -> None:
    """A double tap is told, and changes nothing."""
    assert (await refused(hass, "resume_session")).translation_key == "not_paused"
    await act(hass, "pause_session")
    assert (await refused(hass, "pause_session")).translation_key == "already_paused"


async def test_every_refusal_can_be_read(
    hass: HomeAssistant, mat: MockConfigEntry
) -> None:
    """The sentence reaches the person with the names in it, not as a bare key."""
    refusal = await refused(hass, "start_session", {"entity_id": "light.bed"})
    assert "light.bed is not the session switch of a routine" in str(refusal)
