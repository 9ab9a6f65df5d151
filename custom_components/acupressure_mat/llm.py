"""What LLM agents may do with a mat: what people can by voice, told as data."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, override

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.homeassistant import async_should_expose
from homeassistant.components.llm import LLMTools
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from .commands import (
    async_readable,
    async_refusal,
    async_running,
    async_tell_pain,
    minutes_left,
    week_of,
)
from .const import DOMAIN, MINUTE
from .coordinator import SessionCoordinator
from .files import NotSaved
from .language import Language, async_language
from .meant import Choice, Meant, Unclear, area_of_speaker, choices
from .notifications import NIGHT
from .permissions import async_check_journal, async_check_pain, async_check_routine
from .session.record import WORST
from .session.routine import Kind
from .session.session import HEALTH_REASONS, Reason, SessionError, Source

LOOK = ToolAnnotations(
    read_only=True, destructive=False, idempotent=True, open_world=False
)
# Nothing here destroys anything: a session that is stopped stays in the journal.
CHANGE = ToolAnnotations(destructive=False, open_world=False)

MINUTES = vol.All(vol.Coerce(float), vol.Range(min=1, max=60))
POINTS = vol.All(vol.Coerce(int), vol.Range(min=0, max=WORST))

PROMPT = (
    "Acupressure mat: when somebody says, while a session runs, that it hurts or that"
    f" they feel dizzy or numb, call {DOMAIN}__stop_session with that reason at once,"
    " without asking back, and tell them the advice that it returns. Make no medical"
    " claims about the mat."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an agent asks for, in whose name and language."""

    meant: Meant
    # What the tool's parameters made of its arguments.
    data: Mapping[str, Any]
    context: Context | None
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class MatToolDescription:
    """A tool, and what it does."""

    key: str
    title: str
    description: str
    do: Callable[[Asked], Awaitable[JsonObjectType]]
    # What it may be given besides the name of what is meant.
    parameters: Mapping[vol.Marker, Any] = field(default_factory=dict)
    annotations: ToolAnnotations = CHANGE
    # Whether it is about the mat, whichever the routine.
    of_mat: bool = False


class MatTool(Tool):
    """One of the table below, for the routines that are exposed to an agent."""

    integration = DOMAIN

    def __init__(self, description: MatToolDescription, exposed: list[Choice]) -> None:
        """Let the agent name only what it may know of."""
        self.tool_description = description
        self.name = f"{DOMAIN}__{description.key}"
        self.title = description.title
        self.description = description.description
        self.annotations = description.annotations
        what = "mat" if description.of_mat else "routine"
        names = {c.coordinator.name if description.of_mat else c.name for c in exposed}
        named = vol.Optional(what, description="Only if the person named one")
        self.parameters = vol.Schema(
            {named: vol.In(sorted(names)), **description.parameters}
        )

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Do it; what goes wrong is told in the person's language."""
        language = await async_language(hass, llm_context.language)
        try:
            data = self.parameters(tool_input.tool_args)
            asked = Asked(
                meant=_meant(hass, data, llm_context),
                data=data,
                context=llm_context.context,
                language=language,
            )
            told = await self.tool_description.do(asked)
            await asked.meant.async_told()
            return ToolResult(data=told)
        except vol.Invalid as error:
            return _failed(str(error))
        except (SessionError, NotSaved) as error:
            return _failed(await async_refusal(hass, language, error))
        except Unauthorized:
            return _failed(language.answer("not_allowed", {}))
        except Unclear as unclear:
            return _failed("Ask the person which one", choices=list(unclear.names))


def _failed(error: str, **more: Any) -> ToolResult:
    return ToolResult(data={"error": error, **more}, error=True)


def _exposed(hass: HomeAssistant, assistant: str) -> list[Choice]:
    """Return the routines whose switch an assistant may use."""
    registry = er.async_get(hass)
    exposed = []
    for choice in choices(hass):
        unique_id = f"{choice.id}_session"
        entity_id = registry.async_get_entity_id("switch", DOMAIN, unique_id)
        if entity_id and async_should_expose(hass, assistant, entity_id):
            exposed.append(choice)
    return exposed


def _meant(hass: HomeAssistant, data: Mapping[str, Any], context: LLMContext) -> Meant:
    """Return what is meant by what an agent named, or did not name."""
    exposed = tuple(_exposed(hass, context.assistant))
    routine_id = mat_id = None
    for choice in exposed:
        if choice.name == data.get("routine"):
            routine_id = choice.id
        if choice.coordinator.name == data.get("mat"):
            mat_id = choice.coordinator.config_entry.entry_id
    return Meant(
        hass=hass,
        routines=exposed,
        routine_id=routine_id,
        mat_id=mat_id,
        user_id=context.context.user_id if context.context else None,
        area_id=area_of_speaker(hass, context.device_id),
    )


# -- what the tools do ---------------------------------------------------------


def _state(coordinator: SessionCoordinator) -> JsonObjectType:
    """Return what there is to tell of a mat now."""
    session = coordinator.session
    if session is None:
        return {"mat": coordinator.name, "running": False}
    return {
        "mat": coordinator.name,
        "running": True,
        "routine": session.routine.name,
        "phase": session.phase(dt_util.utcnow()),
        "paused": session.is_paused,
        "planned_minutes": round(session.planned / MINUTE),
        "minutes_left": minutes_left(session),
    }


async def _start(asked: Asked) -> JsonObjectType:
    choice, minutes = asked.meant.routine(), asked.data.get("minutes")
    await async_check_routine(asked.meant.hass, asked.context, choice.id)
    choice.coordinator.async_start(
        choice.id,
        None if minutes is None else timedelta(minutes=minutes),
        source=Source.VOICE,
        context=asked.context,
    )
    return _state(choice.coordinator)


async def _pause(asked: Asked) -> JsonObjectType:
    coordinator = await async_running(asked.meant, asked.context)
    coordinator.async_pause()
    return _state(coordinator)


async def _resume(asked: Asked) -> JsonObjectType:
    coordinator = await async_running(asked.meant, asked.context)
    coordinator.async_resume()
    return _state(coordinator)


async def _extend(asked: Asked) -> JsonObjectType:
    coordinator = await async_running(asked.meant, asked.context)
    coordinator.async_extend(timedelta(minutes=asked.data["minutes"]))
    return _state(coordinator)


async def _stop(asked: Asked) -> JsonObjectType:
    reason = Reason(asked.data["reason"])
    if reason not in HEALTH_REASONS:
        (await async_running(asked.meant, asked.context)).async_stop(reason)
        return {"stopped": True}
    # Whoever tells that it hurts is asked for no permission.
    hurting = asked.meant.hurting()
    if not hurting:
        raise SessionError("not_running")
    for coordinator in hurting:
        coordinator.async_stop(reason)
    advice = Reason.PAIN if reason is Reason.DISCOMFORT else reason
    return {"stopped": True, "advice": asked.language.answer(advice, {})}


async def _status(asked: Asked) -> JsonObjectType:
    readable = await async_readable(asked.meant, asked.context)
    return {"mats": [_state(coordinator) for coordinator in readable]}


async def _rate(asked: Asked) -> JsonObjectType:
    coordinator, ratings = asked.meant.mat(), dict(asked.data)
    ratings.pop("mat", None)
    pain, kept = ratings.pop("pain", None), dict(ratings)
    if pain is not None:
        await async_check_pain(coordinator, asked.context)
    if ratings:
        await async_check_journal(coordinator, asked.context, POLICY_CONTROL)
    if pain is not None:
        await async_tell_pain(coordinator, pain)
        kept["pain"] = pain
    sleep = ratings.pop("sleep", None)
    if sleep is not None:
        night = _of_last_night(coordinator)
        await coordinator.practice.async_rate(night, notes=None, sleep=sleep)
    if ratings:
        await coordinator.practice.async_rate(**ratings)
    return {"kept": kept}


def _of_last_night(coordinator: SessionCoordinator) -> str | None:
    """Return the session that somebody slept after; None leaves it to the last one.

    Who tells in the morning may have been on the mat again by then.
    """
    since = dt_util.utcnow() - NIGHT
    return next(
        (
            record.id
            for record in reversed(coordinator.practice.recent)
            if record.kind is Kind.BEDTIME and record.ended_at >= since
        ),
        None,
    )


async def _week(asked: Asked) -> JsonObjectType:
    coordinator = asked.meant.mat()
    await async_check_journal(coordinator, asked.context, POLICY_READ)
    week, streak = week_of(coordinator), coordinator.practice.streak
    told: JsonObjectType = {
        "mat": coordinator.name,
        "minutes": week.minutes,
        "days": week.days,
        "goal_days": week.goal,
    }
    if streak is not None:
        told["streak_days"] = streak.days
    return told


def _points(what: str) -> vol.Optional:
    return vol.Optional(what, description="0 to 10")


TOOLS = (
    MatToolDescription(
        key="start_session",
        title="Start acupressure mat session",
        description=(
            "Starts a session on the acupressure mat; lights, diffuser and music of its"
            " routine follow by themselves. Give minutes only if the person did."
        ),
        parameters={vol.Optional("minutes", description="Time on the mat"): MINUTES},
        do=_start,
    ),
    MatToolDescription(
        key="pause_session",
        title="Pause acupressure mat session",
        description="Pauses the session; after 15 minutes it ends by itself.",
        do=_pause,
    ),
    MatToolDescription(
        key="resume_session",
        title="Resume acupressure mat session",
        description="Lets the paused session go on.",
        do=_resume,
    ),
    MatToolDescription(
        key="extend_session",
        title="Extend acupressure mat session",
        description="Lets the session that runs last so many minutes longer.",
        parameters={vol.Required("minutes", description="How much longer"): MINUTES},
        do=_extend,
    ),
    MatToolDescription(
        key="stop_session",
        title="Stop acupressure mat session",
        description=(
            "Ends the session at once and keeps it in the journal. The reason is enough"
            " unless the person said another; pain, dizziness, numbness and discomfort"
            " return an advice to tell them."
        ),
        parameters={
            vol.Optional("reason", default=Reason.ENOUGH.value): vol.In(
                [reason.value for reason in Reason]
            )
        },
        do=_stop,
    ),
    MatToolDescription(
        key="status",
        title="Acupressure mat status",
        description="Tells what runs on the acupressure mats and how long is left.",
        annotations=LOOK,
        do=_status,
    ),
    MatToolDescription(
        key="rate",
        title="Rate acupressure mat session",
        description=(
            "Keeps what the person tells: pain now (before lying down or after getting"
            " up), tension, relaxation, how they slept after the last session, notes."
            " Give only what they told."
        ),
        parameters={
            _points("pain"): POINTS,
            _points("tension"): POINTS,
            _points("relaxation"): POINTS,
            _points("sleep"): POINTS,
            vol.Optional("notes"): str,
        },
        of_mat=True,
        do=_rate,
    ),
    MatToolDescription(
        key="week",
        title="Acupressure mat week",
        description="Tells minutes and days on the mat since Monday, with the goal.",
        annotations=LOOK,
        of_mat=True,
        do=_week,
    ),
)


@callback
def async_get_tools(
    hass: HomeAssistant, llm_context: LLMContext, api_id: str
) -> LLMTools | None:
    """Return the tools; None unless a routine's switch is exposed to the assistant."""
    if api_id != LLM_API_ASSIST:
        return None
    exposed = _exposed(hass, llm_context.assistant)
    if not exposed:
        return None
    tools: list[Tool] = [MatTool(description, exposed) for description in TOOLS]
    return LLMTools(tools=tools, prompt=PROMPT)
