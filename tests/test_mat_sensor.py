"""Who lies down starts the session; who gets up pauses it; a hand always wins."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.acupressure_mat.session.session import (
    Outcome,
    Reason,
    Session,
    Source,
)

from .home import Home, add_mat, coordinator_of, routine
from .test_renames import register, rename

SENSOR = "binary_sensor.mat"
RENAMED = "binary_sensor.bed_mat"
WATCHED = {"mat_sensor": SENSOR}


async def tell(home: Home, state: str | None, **attributes: str) -> None:
    """Let the sensor tell something; None removes it."""
    if state is None:
        home.hass.states.async_remove(SENSOR)
    else:
        home.hass.states.async_set(SENSOR, state, attributes)
    await home.settle()


async def mat(
    home: Home, state: str | None = "off", kind: str = "custom", **attributes: str
) -> MockConfigEntry:
    """Add a mat with a sensor in such a state."""
    await tell(home, state, **attributes)
    return await add_mat(home.hass, routine(schedule=WATCHED, kind=kind))


def session_of(entry: MockConfigEntry) -> Session | None:
    return coordinator_of(entry).session


def paused(entry: MockConfigEntry) -> bool:
    """Return whether the session that runs is paused."""
    session = session_of(entry)
    assert session is not None
    return session.is_paused


async def lie_down(home: Home) -> None:
    await tell(home, "on")
    await home.wait(seconds=10)


# -- lying down ----------------------------------------------------------------


async def test_lying_down_starts_the_session(home: Home) -> None:
    """After ten seconds, and the session says where it came from."""
    entry = await mat(home)
    await tell(home, "on")
    await home.wait(seconds=9)
    assert session_of(entry) is None
    await home.wait(seconds=1)
    session = session_of(entry)
    assert session is not None
    assert session.source is Source.SENSOR


async def test_sitting_down_for_a_moment_starts_nothing(home: Home) -> None:
    """Nor does a sensor that flickers."""
    entry = await mat(home)
    for _ in range(6):
        await tell(home, "on")
        await home.wait(seconds=7)
        await tell(home, "off")
        await home.wait(seconds=2)
    await home.wait(minutes=10)
    assert session_of(entry) is None


@pytest.mark.parametrize("before", ["unavailable", "unknown", None, "on"])
async def test_who_lies_there_already_starts_nothing(
    home: Home, before: str | None
) -> None:
    """Home Assistant or the sensor came back at night: nobody just lay down."""
    entry = await mat(home, before)
    await lie_down(home)
    assert session_of(entry) is None
    await tell(home, "off")
    await home.wait(seconds=31)
    await lie_down(home)
    assert session_of(entry) is not None


async def test_a_gap_in_between_is_no_lying_down(home: Home) -> None:
    """Off, out of reach, on: it may have been on for hours."""
    entry = await mat(home)
    await tell(home, "unavailable")
    await lie_down(home)
    assert session_of(entry) is None


@pytest.mark.parametrize(
    ("person", "starts"), [("home", True), ("not_home", False), ("unknown", True)]
)
async def test_somebody_else_on_the_mat_starts_nothing(
    home: Home, person: str, starts: bool
) -> None:
    """Its person is away: it is the cat."""
    home.hass.states.async_set("person.anna", person)
    await tell(home, "off")
    entry = await add_mat(home.hass, routine(schedule=WATCHED), person="person.anna")
    await lie_down(home)
    assert (session_of(entry) is not None) is starts


async def test_of_several_routines_the_one_of_this_time_starts(home: Home) -> None:
    """One bed, two routines: it is ten in the evening."""
    await tell(home, "off")
    entry = await add_mat(
        home.hass,
        routine("Morning", schedule=WATCHED, kind="morning"),
        routine("Bedtime", schedule=WATCHED),
    )
    await lie_down(home)
    session = session_of(entry)
    assert session is not None
    assert session.routine.name == "Bedtime"


# -- getting up ----------------------------------------------------------------


async def test_getting_up_pauses_and_coming_back_resumes(home: Home) -> None:
    """Half a minute is no getting up; a little more is."""
    entry = await mat(home)
    await lie_down(home)
    await home.wait(minutes=6)
    await tell(home, "off")
    await home.wait(seconds=29)
    assert not paused(entry)
    await home.wait(seconds=2)
    assert paused(entry)
    await home.wait(minutes=2)
    await tell(home, "on")
    await home.wait(seconds=9)
    assert paused(entry)
    await home.wait(seconds=1)
    assert not paused(entry)


async def test_turning_over_pauses_nothing(home: Home) -> None:
    """The sensor loses them for a moment, again and again."""
    entry = await mat(home)
    await lie_down(home)
    for _ in range(10):
        await tell(home, "off")
        await home.wait(seconds=20)
        await tell(home, "on")
        await home.wait(seconds=5)
    assert not paused(entry)


async def test_staying_away_ends_the_session(home: Home) -> None:
    """After five minutes, with the minutes that were done."""
    entry = await mat(home)
    await lie_down(home)
    await home.wait(minutes=6)
    await tell(home, "off")
    await home.wait(minutes=4, seconds=59)
    assert paused(entry)
    await home.wait(seconds=1)
    assert session_of(entry) is None
    (record,) = await home.records(entry)
    assert (record.outcome, record.reason) == (Outcome.STOPPED, Reason.INTERRUPTED)
    assert record.elapsed == timedelta(minutes=5, seconds=30)


@pytest.mark.parametrize("blip", ["on", "unavailable"])
async def test_who_only_sits_down_to_take_their_shoes_stays_away(
    home: Home, blip: str
) -> None:
    """It is no coming back; nor is a sensor that is lost for a moment."""
    entry = await mat(home)
    await lie_down(home)
    await home.wait(minutes=6)
    await tell(home, "off")
    await home.wait(minutes=1)
    await tell(home, blip)
    await home.wait(seconds=5)
    await tell(home, "off")
    await home.wait(minutes=4, seconds=59)
    assert paused(entry)
    await home.wait(seconds=1)
    (record,) = await home.records(entry)
    assert (record.outcome, record.reason) == (Outcome.STOPPED, Reason.INTERRUPTED)


async def test_started_by_hand_it_waits_for_them_to_lie_down(home: Home) -> None:
    """Who has not lain down yet has not got up."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=10)
    assert not paused(entry)
    await lie_down(home)
    await tell(home, "off")
    await home.wait(seconds=31)
    assert paused(entry)


async def test_who_got_up_before_the_start_did_not_leave_it(home: Home) -> None:
    """They sat up from the bed, tapped start, and are on their way back."""
    entry = await mat(home, "on")
    await tell(home, "off")
    await home.wait(seconds=5)
    await home.start()
    await home.wait(minutes=1)
    assert not paused(entry)


async def test_a_sensor_out_of_reach_pauses_nothing(home: Home) -> None:
    """An empty battery is nobody getting up."""
    entry = await mat(home)
    await lie_down(home)
    await tell(home, "unavailable")
    await home.wait(minutes=10)
    assert not paused(entry)
    await tell(home, None)
    await home.wait(minutes=5)
    assert not paused(entry)


async def test_a_sensor_lost_while_they_are_away_ends_nothing(home: Home) -> None:
    """Nobody can tell whether they came back; a pause has its own end."""
    entry = await mat(home)
    await lie_down(home)
    await home.wait(minutes=6)
    await tell(home, "off")
    await home.wait(minutes=1)
    await tell(home, "unavailable")
    await home.wait(minutes=10)
    assert paused(entry)


# -- a hand wins ---------------------------------------------------------------


async def test_stopped_by_hand_it_stays_so_until_they_got_up(home: Home) -> None:
    """Still lying there, the sensor flickers: nothing starts."""
    entry = await mat(home)
    await lie_down(home)
    await home.do("stop_session", reason="mistake")
    await tell(home, "off")
    await home.wait(seconds=20)
    await lie_down(home)
    await home.wait(minutes=1)
    assert session_of(entry) is None
    await tell(home, "off")
    await home.wait(seconds=31)
    await lie_down(home)
    assert session_of(entry) is not None


async def test_started_and_stopped_by_hand_it_stays_so(home: Home) -> None:
    """They lay down during a session of their own."""
    entry = await mat(home)
    await home.start()
    await lie_down(home)
    await home.do("stop_session", reason="mistake")
    await tell(home, "off")
    await home.wait(seconds=5)
    await lie_down(home)
    assert session_of(entry) is None


async def test_paused_by_hand_it_is_not_resumed(home: Home) -> None:
    """They pause, get up and come back; and staying away does not end it either."""
    entry = await mat(home)
    await lie_down(home)
    await home.wait(minutes=6)
    await home.do("pause_session")
    await tell(home, "off")
    await home.wait(minutes=6)
    assert paused(entry)
    await lie_down(home)
    assert paused(entry)


async def test_resumed_by_hand_it_runs_without_the_sensor(home: Home) -> None:
    """It says that nobody is there; the hand knows better."""
    entry = await mat(home)
    await lie_down(home)
    await home.wait(minutes=6)
    await tell(home, "off")
    await home.wait(seconds=31)
    await home.do("resume_session")
    await home.wait(minutes=10)
    assert not paused(entry)


# -- again ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "later", "starts"),
    [
        pytest.param("bedtime", {"hours": 5}, False, id="back to bed at night"),
        pytest.param("bedtime", {"hours": 13}, True, id="the next evening"),
        pytest.param("after_work", {"minutes": 30}, False, id="still on the couch"),
        pytest.param("after_work", {"hours": 2}, True, id="once more the same day"),
    ],
)
async def test_after_a_session_it_rests(
    home: Home, kind: str, later: dict[str, float], starts: bool
) -> None:
    """A bed is lain on for other things, too."""
    entry = await mat(home, kind=kind)
    await lie_down(home)
    await home.wait(minutes=30)
    assert len(await home.records(entry)) == 1
    await tell(home, "off")
    await home.wait(**later)
    await lie_down(home)
    assert (session_of(entry) is not None) is starts


async def test_a_vibration_sensor_only_starts(home: Home) -> None:
    """Whoever lies still does not shake it."""
    entry = await mat(home, device_class="vibration")
    await tell(home, "on", device_class="vibration")
    await home.wait(seconds=10)
    assert session_of(entry) is not None
    await tell(home, "off", device_class="vibration")
    await home.wait(minutes=10)
    assert not paused(entry)
    await home.do("stop_session", reason="mistake")
    await tell(home, "on", device_class="vibration")
    await home.wait(seconds=10)
    assert session_of(entry) is None


async def test_after_a_restart_getting_up_still_pauses(home: Home) -> None:
    """They lay there all the time."""
    entry = await mat(home)
    await lie_down(home)
    await home.wait(minutes=6)
    await home.restart(entry)
    await tell(home, "off")
    await home.wait(seconds=31)
    assert paused(entry)


@pytest.mark.parametrize(
    ("before", "after"), [(5, 30), (31, 5)], ids=["before the pause", "in it"]
)
async def test_who_is_away_while_the_mat_is_loaded_anew_comes_back(
    home: Home, before: int, after: int
) -> None:
    """They got up to change the routine: it waits for them as it would have."""
    entry = await mat(home)
    await lie_down(home)
    await home.wait(minutes=6)
    await tell(home, "off")
    await home.wait(seconds=before)
    assert await home.hass.config_entries.async_reload(entry.entry_id)
    await home.wait(seconds=after)
    assert paused(entry)
    await lie_down(home)
    assert not paused(entry)


async def rename_sensor(home: Home, state: str | None) -> None:
    """Give the sensor another entity id, under which it tells its state, or not yet."""
    home.hass.states.async_remove(SENSOR)
    rename(home.hass, SENSOR, RENAMED)
    if state is not None:
        home.hass.states.async_set(RENAMED, state)
    await home.settle()


@pytest.mark.parametrize("there", [True, False], ids=["at once", "later"])
async def test_who_is_away_while_the_sensor_is_renamed_comes_back(
    home: Home, there: bool
) -> None:
    """A pause that nobody owned, and that ended the session in the end."""
    register(home.hass, SENSOR)
    entry = await mat(home)
    await lie_down(home)
    await home.wait(minutes=5)
    await tell(home, "off")
    await home.wait(seconds=31)
    assert paused(entry)
    await rename_sensor(home, "off" if there else None)
    await home.wait(minutes=1)
    assert paused(entry)
    home.hass.states.async_set(RENAMED, "on")
    await home.wait(seconds=10)
    assert not paused(entry)


async def test_who_stays_away_from_a_renamed_sensor_left(home: Home) -> None:
    """Its minutes are told as interrupted, not as a pause that was forgotten."""
    register(home.hass, SENSOR)
    entry = await mat(home)
    await lie_down(home)
    await home.wait(minutes=5)
    await tell(home, "off")
    await home.wait(seconds=31)
    await rename_sensor(home, "off")
    await home.wait(minutes=6)
    assert session_of(entry) is None
    (record,) = await home.records(entry)
    assert record.reason is Reason.INTERRUPTED


async def test_a_pause_by_hand_stays_one_when_the_sensor_is_renamed(
    home: Home,
) -> None:
    """Somebody's own pause, ended by a sensor with a new name."""
    register(home.hass, SENSOR)
    entry = await mat(home)
    await lie_down(home)
    await home.wait(minutes=5)
    coordinator_of(entry).async_pause()
    await tell(home, "off")
    await rename_sensor(home, "off")
    await home.wait(minutes=1)
    home.hass.states.async_set(RENAMED, "on")
    await home.wait(seconds=10)
    assert paused(entry)


async def test_resumed_by_hand_before_the_mat_is_loaded_anew_it_runs_on(
    home: Home,
) -> None:
    """Without the sensor, as it did before."""
    entry = await mat(home)
    await lie_down(home)
    await home.wait(minutes=6)
    await tell(home, "off")
    await home.wait(minutes=1)
    await home.do("resume_session")
    assert await home.hass.config_entries.async_reload(entry.entry_id)
    await home.wait(minutes=1)
    assert not paused(entry)


async def test_who_leaves_while_the_mat_is_loaded_anew_left(home: Home) -> None:
    """Five minutes later the session is over."""
    entry = await mat(home)
    await lie_down(home)
    await home.wait(minutes=6)
    await tell(home, "off")
    await home.wait(minutes=1)
    assert await home.hass.config_entries.async_reload(entry.entry_id)
    await home.wait(minutes=5)
    assert session_of(entry) is None
    (record,) = await home.records(entry)
    assert (record.outcome, record.reason) == (Outcome.STOPPED, Reason.INTERRUPTED)


async def test_an_unloaded_mat_waits_for_nothing(home: Home) -> None:
    """They just lay down, and the mat is disabled."""
    entry = await mat(home)
    await tell(home, "on")
    await home.wait(seconds=5)
    await home.hass.config_entries.async_unload(entry.entry_id)
    await home.wait(minutes=1)
    assert not home.evening.told
