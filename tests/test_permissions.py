"""Who writes to Assist, or lets an agent act, may do what they may do elsewhere."""

from typing import Any

from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.coordinator import SessionCoordinator
from custom_components.acupressure_mat.language import Command
from custom_components.acupressure_mat.session.session import (
    HEALTH_REASONS,
    Session,
    Source,
)

from .home import Home, add_mat, coordinator_of
from .speech import LANGUAGES, bare, listen, say, speech
from .test_llm import Agent

REFUSED = speech("en").language.answer("not_allowed", {})
MOVES = (
    "pause my session",
    "five more minutes on the mat",
    "skip this phase of my session",
    "stop my mat session",
)


@pytest.fixture
async def mat(hass: HomeAssistant, home: Home) -> SessionCoordinator:
    """Return a mat with one routine, in a home that listens."""
    await listen(hass)
    return coordinator_of(await add_mat(hass, bare("Bedtime", "bedtime")))


@pytest.fixture
async def session(home: Home, mat: SessionCoordinator) -> Session:
    """Return a session that has run for three minutes."""
    mat.async_start("bedtime", source=Source.USER)
    await home.wait(minutes=3)
    assert mat.session is not None
    return mat.session


async def in_group(hass: HomeAssistant, group_id: str) -> MockUser:
    """Return a user of one of Home Assistant's own groups."""
    group = await hass.auth.async_get_group(group_id)
    assert group is not None
    return MockUser(groups=[group]).add_to_hass(hass)


@pytest.fixture
async def guest(hass: HomeAssistant) -> MockUser:
    """Return a user who may look at everything and change nothing."""
    return await in_group(hass, GROUP_ID_READ_ONLY)


def who_may(hass: HomeAssistant, **entities: str) -> MockUser:
    """Return a user who may do one thing with each of these entities, no more."""
    user = MockUser(groups=[], name="child").add_to_hass(hass)
    ids = {name.replace("__", "."): {may: True} for name, may in entities.items()}
    user.mock_policy({"entities": {"entity_ids": ids}})
    return user


class Sent(Agent):
    """An agent that acts for a user."""

    def __init__(
        self, hass: HomeAssistant, user: MockUser, language: str = "en"
    ) -> None:
        super().__init__(hass, language)
        self.context.context = Context(user_id=user.id)


# -- what is said --------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
async def test_who_may_only_look_is_told_so_in_their_language(
    hass: HomeAssistant, home: Home, guest: MockUser, code: str
) -> None:
    """A guest who starts the bedroom by typing."""
    await hass.config.async_update(language=code)
    await listen(hass)
    its = speech(code)
    mat = coordinator_of(
        await add_mat(hass, bare(its.routine, "bedtime"), title=its.mat)
    )
    for command in (Command.START, Command.PAIN):
        text = next(s.text for s in its.sentences if s.command is command)
        heard = await say(hass, text, language=code, user_id=guest.id)
        assert heard == its.language.answer("not_allowed", {})
    assert mat.session is None
    assert mat.practice.pain(None) is None


@pytest.mark.parametrize("text", MOVES)
async def test_who_may_only_look_changes_no_session(
    hass: HomeAssistant,
    mat: SessionCoordinator,
    session: Session,
    guest: MockUser,
    text: str,
) -> None:
    """A guest who ends somebody's rest by typing."""
    assert await say(hass, text, user_id=guest.id) == REFUSED
    assert mat.session is session


async def test_who_may_only_look_resumes_nothing(
    hass: HomeAssistant, mat: SessionCoordinator, session: Session, guest: MockUser
) -> None:
    """Somebody who got up, and whose time runs again."""
    mat.async_pause()
    assert await say(hass, "resume my session", user_id=guest.id) == REFUSED
    assert mat.session is not None
    assert mat.session.is_paused


async def test_who_may_only_look_skips_nothing_of_after(
    hass: HomeAssistant, home: Home, mat: SessionCoordinator, guest: MockUser
) -> None:
    """The light to get up by, put out by somebody else."""
    mat.async_start("bedtime", source=Source.USER)
    await home.wait(minutes=22)
    assert mat.phase == "after"
    skip = "skip this phase of my session"
    assert await say(hass, skip, user_id=guest.id) == REFUSED
    assert mat.phase == "after"
    assert await say(hass, skip) == "Done."


async def test_who_may_look_hears_what_goes_on(
    hass: HomeAssistant, mat: SessionCoordinator, session: Session, guest: MockUser
) -> None:
    """A refusal of what the dashboard shows anyway."""
    left = await say(hass, "how long is left on the mat", user_id=guest.id)
    assert left == "Eighteen minutes left."
    week = await say(hass, "how was my mat week", user_id=guest.id)
    assert week == "You were not on the mat yet this week."


@pytest.mark.parametrize("text", ["how long is left on the mat", "how was my mat week"])
async def test_who_may_not_look_hears_nothing(
    hass: HomeAssistant, mat: SessionCoordinator, session: Session, text: str
) -> None:
    """A mat that was hidden from a child, and speaks to them."""
    user = who_may(hass, light__bed="read")
    assert await say(hass, text, user_id=user.id) == REFUSED


@pytest.mark.parametrize("known", [True, False], ids=["a user", "nobody known"])
async def test_who_may_is_obeyed_and_so_is_a_satellite(
    hass: HomeAssistant, home: Home, mat: SessionCoordinator, known: bool
) -> None:
    """A satellite has no user: whoever stands before it is at home."""
    user_id = (await in_group(hass, GROUP_ID_USER)).id if known else None
    assert await say(hass, "my mat pain is four", user_id=user_id) == "Noted, pain 4."
    await say(hass, "start my mat session", user_id=user_id)
    assert mat.session is not None
    await home.wait(minutes=3)
    for text in ("pause my session", "resume my session", *MOVES[1:]):
        assert await say(hass, text, user_id=user_id) != REFUSED
    assert mat.session is None


async def test_no_more_is_needed_than_what_is_changed(
    hass: HomeAssistant, mat: SessionCoordinator
) -> None:
    """A child who may use the mat and nothing else."""
    user = who_may(hass, switch__bedtime_session="control")
    assert await say(hass, "my mat pain is four", user_id=user.id) == REFUSED
    await say(hass, "start my mat session", user_id=user.id)
    assert mat.session is not None
    user = who_may(hass, number__anna_s_mat_pain_now="control")
    assert await say(hass, "my mat pain is four", user_id=user.id) == "Noted, pain 4."


async def test_a_user_who_is_gone_is_refused(
    hass: HomeAssistant, mat: SessionCoordinator
) -> None:
    """A token may outlive its user."""
    assert await say(hass, "start my mat session", user_id="gone") == REFUSED
    assert mat.session is None


async def test_without_its_switch_only_who_may_all_may_start(
    hass: HomeAssistant, mat: SessionCoordinator
) -> None:
    """Somebody deleted the entity: that opens no door."""
    er.async_get(hass).async_remove("switch.bedtime_session")
    user = who_may(hass, switch__bedtime_session="control")
    assert await say(hass, "start my mat session", user_id=user.id) == REFUSED
    user = await in_group(hass, GROUP_ID_USER)
    await say(hass, "start my mat session", user_id=user.id)
    assert mat.session is not None


# -- it hurts ------------------------------------------------------------------


async def test_whoever_says_that_it_hurts_is_heard(
    hass: HomeAssistant, mat: SessionCoordinator, session: Session, guest: MockUser
) -> None:
    """Somebody in pain who is told to ask an administrator."""
    heard = await say(hass, "stop, it hurts", user_id=guest.id)
    assert heard == speech("en").language.answer("pain", {})
    assert mat.data is not None
    assert mat.data.reason == "pain"


@pytest.mark.parametrize("reason", sorted(HEALTH_REASONS))
async def test_an_agent_ends_what_hurts_for_everybody(
    hass: HomeAssistant,
    mat: SessionCoordinator,
    session: Session,
    guest: MockUser,
    reason: str,
) -> None:
    """The same, by a model."""
    assert (await Sent(hass, guest).do("stop_session", reason=reason))["advice"]
    assert mat.data is not None
    assert mat.data.reason == reason


@pytest.mark.parametrize("reason", sorted(HEALTH_REASONS))
async def test_a_tap_on_it_hurts_ends_it_for_everybody(
    hass: HomeAssistant,
    mat: SessionCoordinator,
    session: Session,
    guest: MockUser,
    reason: str,
) -> None:
    """The card on a tablet on the wall, which may only look."""
    await hass.services.async_call(
        DOMAIN,
        "stop_session",
        {"entity_id": "switch.bedtime_session", "reason": reason},
        blocking=True,
        context=Context(user_id=guest.id),
    )
    assert mat.data is not None
    assert mat.data.reason == reason


# -- agents --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("start_session", {}),
        ("pause_session", {}),
        ("resume_session", {}),
        ("extend_session", {"minutes": 5}),
        ("stop_session", {}),
        ("stop_session", {"reason": "mistake"}),
        ("rate", {"pain": 4}),
        ("rate", {"relaxation": 4}),
    ],
)
async def test_an_agent_may_what_its_user_may(
    hass: HomeAssistant,
    mat: SessionCoordinator,
    session: Session,
    guest: MockUser,
    tool: str,
    arguments: dict[str, Any],
) -> None:
    """A model that is talked into what its user may not."""
    german = Sent(hass, guest, "de")
    refused = speech("de").language.answer("not_allowed", {})
    assert await german.fail(tool, **arguments) == refused
    assert mat.session is session


async def test_an_agent_keeps_all_of_a_rating_or_nothing(
    hass: HomeAssistant, mat: SessionCoordinator
) -> None:
    """Half a rating, told as none."""
    user = who_may(hass, number__anna_s_mat_pain_now="control")
    agent = Sent(hass, user)
    assert await agent.fail("rate", pain=4, relaxation=4) == REFUSED
    assert mat.practice.pain(None) is None
    assert await agent.do("rate", pain=4) == {"kept": {"pain": 4}}


async def test_an_agent_tells_who_may_look(
    hass: HomeAssistant, mat: SessionCoordinator, session: Session, guest: MockUser
) -> None:
    """A refusal of what the dashboard shows anyway."""
    agent = Sent(hass, guest)
    (told,) = (await agent.do("status"))["mats"]
    assert told["routine"] == "Bedtime"
    assert (await agent.do("week"))["mat"] == "Anna's mat"


async def test_an_agent_tells_of_mats_that_its_user_may_see(
    hass: HomeAssistant, mat: SessionCoordinator, session: Session
) -> None:
    """The parents' evening, told to a child who has a mat of their own."""
    await add_mat(hass, bare("Nap", "custom"), title="Ben's mat")
    agent = Sent(hass, who_may(hass, switch__nap_session="read"))
    mats = (await agent.do("status"))["mats"]
    assert mats == [{"mat": "Ben's mat", "running": False}]
    stranger = Sent(hass, who_may(hass, light__bed="read"))
    assert await stranger.fail("status") == REFUSED
    assert await stranger.fail("week") == REFUSED


async def test_an_agent_obeys_who_may(
    hass: HomeAssistant, mat: SessionCoordinator
) -> None:
    """An ordinary user, refused."""
    agent = Sent(hass, await in_group(hass, GROUP_ID_USER))
    await agent.do("start_session")
    await agent.do("pause_session")
    await agent.do("resume_session")
    await agent.do("extend_session", minutes=5)
    assert await agent.do("stop_session") == {"stopped": True}
