"""A scripted LLM agent that does with a mat what people ask it to."""

from datetime import timedelta
from typing import Any

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import llm
from homeassistant.util import dt as dt_util
import probatio
import pytest

from custom_components.acupressure_mat.coordinator import SessionCoordinator
from custom_components.acupressure_mat.llm import async_get_tools
from custom_components.acupressure_mat.session.record import Ratings
from custom_components.acupressure_mat.session.routine import Kind
from custom_components.acupressure_mat.session.session import Source

from .disk import no_space
from .home import Home, add_mat, coordinator_of
from .session.records import record
from .speech import bare, listen, speech

TOOLS = {
    "start_session",
    "pause_session",
    "resume_session",
    "extend_session",
    "stop_session",
    "status",
    "rate",
    "week",
}


class Agent:
    """An agent that gets its tools from Home Assistant and calls what it is told to."""

    def __init__(self, hass: HomeAssistant, language: str = "en") -> None:
        self.hass = hass
        self.context = llm.LLMContext(
            platform="scripted",
            context=Context(),
            language=language,
            assistant="conversation",
            device_id=None,
        )

    async def api(self) -> llm.APIInstance:
        """Return what Home Assistant offers to an agent."""
        return await llm.async_get_api(self.hass, llm.LLM_API_ASSIST, self.context)

    async def tools(self) -> dict[str, llm.Tool]:
        """Return our tools by their short names."""
        prefix = "acupressure_mat__"
        return {
            tool.name.removeprefix(prefix): tool
            for tool in (await self.api()).tools
            if tool.name.startswith(prefix)
        }

    async def call(self, tool: str, **arguments: Any) -> llm.ToolResult:
        """Call a tool, as the model that stands behind an agent would."""
        result = await (await self.api()).async_call_tool(
            llm.ToolInput(f"acupressure_mat__{tool}", arguments)
        )
        await self.hass.async_block_till_done()
        return result

    async def do(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Return what a tool tells when all goes well."""
        result = await self.call(tool, **arguments)
        assert not result.error, result.data
        return dict(result.data)

    async def fail(self, tool: str, **arguments: Any) -> str:
        """Return in which words a tool refuses."""
        result = await self.call(tool, **arguments)
        assert result.error, result.data
        return str(result.data["error"])


@pytest.fixture
async def agent(hass: HomeAssistant, home: Home) -> Agent:
    """Return an agent of a home that listens."""
    await listen(hass)
    return Agent(hass)


@pytest.fixture
async def mat(hass: HomeAssistant, agent: Agent) -> SessionCoordinator:
    """Return a mat with two routines."""
    entry = await add_mat(
        hass, bare("Bedtime", "bedtime"), bare("Wake up", "morning"), goal=3
    )
    return coordinator_of(entry)


async def test_a_session_by_an_agent(
    home: Home, agent: Agent, mat: SessionCoordinator
) -> None:
    """Each tool once, in the order of an evening."""
    assert await agent.do("status") == {
        "mats": [{"mat": "Anna's mat", "running": False}]
    }
    assert await agent.do("rate", pain=6) == {"kept": {"pain": 6}}
    told = await agent.do("start_session", minutes=12)
    assert told["routine"] == "Bedtime"
    assert told["minutes_left"] == 12
    assert mat.session is not None
    assert mat.session.source is Source.VOICE
    await home.wait(minutes=3)
    assert (await agent.do("pause_session"))["paused"]
    assert not (await agent.do("resume_session"))["paused"]
    assert (await agent.do("extend_session", minutes=5))["planned_minutes"] == 17
    assert await agent.do("status") == {
        "mats": [
            {
                "mat": "Anna's mat",
                "running": True,
                "routine": "Bedtime",
                "phase": "settle",
                "paused": False,
                "planned_minutes": 17,
                "minutes_left": 15,
            }
        ]
    }
    assert await agent.do("stop_session") == {"stopped": True}
    assert not (await agent.do("status"))["mats"][0]["running"]
    await home.settle()
    assert await agent.do("rate", pain=2, relaxation=8, notes="warm") == {
        "kept": {"pain": 2, "relaxation": 8, "notes": "warm"}
    }
    assert mat.practice.last is not None
    ratings = mat.practice.last.ratings
    assert (ratings.pain_before, ratings.pain_after) == (6, 2)
    assert ratings.relaxation == 8
    week = await agent.do("week")
    assert (week["minutes"], week["days"], week["goal_days"]) == (2, 1, 3)


async def test_sleep_is_that_after_the_evening(
    home: Home, agent: Agent, mat: SessionCoordinator
) -> None:
    """Told after a session in the morning; what else is told is of that one."""
    evening = record(dt_util.now(), 20, kind=Kind.BEDTIME)
    await mat.practice.async_add(evening)
    await home.wait(hours=9)
    morning = record(dt_util.now(), 10, kind=Kind.MORNING)
    await mat.practice.async_add(morning)
    await home.wait(minutes=11)
    told = {"sleep": 8, "relaxation": 5}
    assert await agent.do("rate", **told) == {"kept": told}
    night, dawn = mat.practice.recent
    assert (night.ratings, dawn.ratings) == (Ratings(sleep=8), Ratings(relaxation=5))
    await home.wait(hours=6)
    await agent.do("rate", sleep=3)
    assert mat.practice.recent[1].ratings == Ratings(relaxation=5, sleep=3)


@pytest.mark.parametrize("reason", ["pain", "dizziness", "numbness", "discomfort"])
async def test_a_complaint_ends_at_once_and_returns_the_advice(
    hass: HomeAssistant,
    home: Home,
    agent: Agent,
    mat: SessionCoordinator,
    reason: str,
) -> None:
    """An advice that the model makes up."""
    await agent.do("start_session", routine="Wake up")
    await home.wait(minutes=2)
    told = await Agent(hass, "de").do("stop_session", reason=reason)
    key = "pain" if reason == "discomfort" else reason
    assert told["advice"] == speech("de").language.answer(key, {})
    assert mat.data is not None
    assert mat.data.reason == reason


async def test_refusals_come_back_as_words_in_the_persons_language(
    hass: HomeAssistant, agent: Agent, mat: SessionCoordinator
) -> None:
    """A traceback in the ears of somebody on a mat."""
    german = Agent(hass, "de-CH")
    assert await german.fail("pause_session") == "Es läuft keine Sitzung."
    assert await agent.fail("stop_session", reason="pain") == "No session is running."
    assert await agent.fail("stop_session") == "No session is running."
    assert await agent.fail("stop_session", routine="Wake up") == (
        "Wake up is not running."
    )
    refusal = await agent.fail("rate", tension=4)
    assert refusal.startswith("There is no session to rate")
    await mat.practice.async_add(record(dt_util.now() - timedelta(days=1)))
    with no_space():
        refusal = await german.fail("rate", tension=4)
    assert refusal.startswith("Das konnte nicht auf den Datenträger geschrieben werden")
    await agent.do("start_session")
    assert await agent.fail("start_session") == "Bedtime is running already."
    assert await Agent(hass, "fi").fail("resume_session") == "It is not paused."
    assert await agent.fail("extend_session", minutes=50) == (
        "A session lasts from 1 to 60 minutes."
    )
    assert mat.session is not None


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("start_session", {"minutes": 0}),
        ("start_session", {"minutes": "soon"}),
        ("start_session", {"routine": "Nap"}),
        ("start_session", {"speed": 3}),
        ("stop_session", {"reason": "boredom"}),
        ("extend_session", {}),
        ("rate", {"pain": 11}),
        ("week", {"mat": "Ben's mat"}),
    ],
)
async def test_what_a_model_makes_up_is_refused(
    hass: HomeAssistant,
    agent: Agent,
    mat: SessionCoordinator,
    tool: str,
    arguments: dict[str, Any],
) -> None:
    """A routine that does not exist, started as another one."""
    assert await agent.fail(tool, **arguments)
    assert mat.session is None


async def test_what_is_unclear_comes_back_as_a_choice(
    hass: HomeAssistant, home: Home, agent: Agent, mat: SessionCoordinator
) -> None:
    """A model that picks somebody's mat."""
    ben = coordinator_of(
        await add_mat(hass, bare("Ben's nap", "custom"), title="Ben's mat")
    )
    result = await agent.call("start_session")
    assert result.error
    assert result.data["choices"] == ["Bedtime", "Wake up", "Ben's nap"]
    result = await agent.call("week")
    assert result.data["choices"] == ["Anna's mat", "Ben's mat"]
    await agent.do("start_session", routine="Ben's nap")
    assert ben.session is not None
    assert mat.session is None
    assert (await agent.do("week", mat="Ben's mat"))["mat"] == "Ben's mat"


async def test_only_what_is_exposed_is_known(
    hass: HomeAssistant, agent: Agent, mat: SessionCoordinator
) -> None:
    """A bedroom that is run by an agent it was hidden from."""
    tools = await agent.tools()
    assert tools.keys() == TOOLS
    assert async_get_tools(hass, agent.context, "homeassistant") is None
    ben = coordinator_of(
        await add_mat(hass, bare("Ben's nap", "custom"), title="Ben's mat")
    )
    for hidden in ("switch.bedtime_session", "switch.ben_s_nap_session"):
        async_expose_entity(hass, "conversation", hidden, False)
    assert await agent.do("rate", pain=3)
    assert (mat.practice.pain(None), ben.practice.pain(None)) == (3, None)
    tools = await agent.tools()
    assert tools.keys() == TOOLS
    assert await agent.fail("start_session", routine="Bedtime")
    assert (await agent.do("start_session"))["routine"] == "Wake up"
    async_expose_entity(hass, "conversation", "switch.wake_up_session", False)
    assert await agent.tools() == {}
    assert "acupressure_mat" not in (await agent.api()).api_prompt


async def test_tools_describe_themselves(
    hass: HomeAssistant, agent: Agent, mat: SessionCoordinator
) -> None:
    """A tool that Home Assistant reports, or that a model cannot be told of."""
    for key, tool in (await agent.tools()).items():
        assert tool.integration == "acupressure_mat"
        assert tool.title
        assert tool.description
        assert not tool.annotations.destructive
        assert not tool.annotations.open_world
        assert tool.annotations.read_only == (key in ("status", "week"))
        schema = probatio.to_openapi(
            tool.parameters, custom_serializer=llm.selector_serializer
        )
        assert schema["type"] == "object"
        named = "mat" if key in ("rate", "week") else "routine"
        assert schema["properties"][named]["enum"]
    assert "acupressure_mat__stop_session" in (await agent.api()).api_prompt
    other = await llm.async_get_api(hass, llm.LLM_API_ASSIST, agent.context)
    assert len({tool.name for tool in other.tools}) == len(other.tools)


async def test_what_a_tool_did_can_be_seen_at_once(
    hass: HomeAssistant, agent: Agent, mat: SessionCoordinator
) -> None:
    """A model that looks at the home after its call, and starts once more."""
    switch = "switch.bedtime_session"
    assert hass.states.is_state(switch, "off")
    api = await agent.api()
    for tool, arguments, state in (
        ("start_session", {"routine": "Bedtime"}, "on"),
        ("stop_session", {"reason": "pain"}, "off"),
    ):
        await api.async_call_tool(llm.ToolInput(f"acupressure_mat__{tool}", arguments))
        assert hass.states.is_state(switch, state)
