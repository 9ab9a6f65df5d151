"""What the commands of voice do, and the words in which they are answered."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from . import subentries
from .const import DOMAIN, MINUTE
from .coordinator import SessionCoordinator
from .files import NotSaved
from .language import Command, Language
from .meant import Meant, Unclear, kind_at
from .permissions import async_check_journal, async_check_pain, async_check_routine
from .session.record import WORST
from .session.routine import Kind
from .session.session import Outcome, Reason, Session, SessionError, Source

# The key of an answer, and what it mentions.
type Answer = tuple[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said, taken apart."""

    command: Command
    # Why to stop, when something hurts.
    reason: Reason | None
    # What was said, plain and without names.
    text: str
    heard_in: Language
    answered_in: Language
    context: Context
    meant: Meant

    def duration(self) -> timedelta | None:
        """Return the time that was said, however long; None if none was."""
        minutes = self.heard_in.minutes(self.text)
        return None if minutes is None else timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """How somebody's week has been so far."""

    minutes: int
    days: int
    goal: int


def minutes_left(session: Session) -> int:
    """Return how many minutes on the mat are left; 0 is less than one."""
    remaining = session.remaining(dt_util.utcnow())
    return 0 if remaining < MINUTE else round(remaining / MINUTE)


async def async_running(
    meant: Meant,
    context: Context | None,
    policy: str = POLICY_CONTROL,
    *,
    after: bool = False,
) -> SessionCoordinator:
    """Return the mat whose session is meant; `after` counts where asked for.

    Raises Unauthorized unless the user of a context may do this with the session.
    """
    coordinator = meant.running(after=after)
    session = coordinator.data
    assert session is not None
    await async_check_routine(meant.hass, context, session.routine.id, policy)
    return coordinator


async def async_readable(
    meant: Meant, context: Context | None
) -> list[SessionCoordinator]:
    """Return the mats of which the user of a context may know what goes on.

    Raises Unauthorized if there are mats, and that is none of them.
    """
    readable: dict[SessionCoordinator, None] = {}
    refusal: Unauthorized | None = None
    for choice in meant.routines:
        session = choice.coordinator.session
        routine_id = choice.id if session is None else session.routine.id
        try:
            await async_check_routine(meant.hass, context, routine_id, POLICY_READ)
        except Unauthorized as err:
            refusal = err
        else:
            readable[choice.coordinator] = None
    if refusal is not None and not readable:
        raise refusal
    return list(readable)


async def async_tell_pain(coordinator: SessionCoordinator, points: int | None) -> None:
    """Keep the pain that somebody feels now, 0 to 10."""
    if points is None or not 0 <= points <= WORST:
        raise SessionError("pain_out_of_range")
    await coordinator.practice.async_set_pain(points, coordinator.session)
    coordinator.async_update_listeners()


def week_of(coordinator: SessionCoordinator) -> Week:
    """Return the week of a mat, from its Monday until now."""
    return Week(
        minutes=round(coordinator.practice.minutes_week),
        days=coordinator.practice.days_this_week,
        goal=subentries.goal(coordinator.config_entry),
    )


async def async_refusal(
    hass: HomeAssistant, language: Language, error: SessionError | NotSaved
) -> str:
    """Return in words why something cannot be done."""
    if isinstance(error, NotSaved):
        error = SessionError("not_saved")
    if error.key in language.data["answers"]:
        return language.answer(error.key, error.placeholders)
    sentences = await async_get_translations(
        hass, language.code, "exceptions", [DOMAIN]
    )
    sentence = sentences[f"component.{DOMAIN}.exceptions.{error.key}.message"]
    return sentence.format(**error.placeholders)


async def async_obey(hass: HomeAssistant, said: Said) -> str:
    """Do what somebody said, and return what they hear.

    Whoever writes to Assist is a user, and may say what they may do elsewhere.
    """
    language = said.answered_in
    try:
        key, values = await DOING[said.command](said)
        await said.meant.async_told()
    except (SessionError, NotSaved) as error:
        return await async_refusal(hass, language, error)
    except Unauthorized:
        return language.answer("not_allowed", {})
    except Unclear as unclear:
        example = language.example(said.command, language.short(unclear.names[0]))
        choice = {"names": language.listed(unclear.names), "example": example}
        return language.answer("which", choice)
    night = kind_at(dt_util.now()) is Kind.BEDTIME
    return language.answer(key, values, night=night)


def _left(said: Said, coordinator: SessionCoordinator) -> dict[str, str]:
    session = coordinator.session
    assert session is not None
    return {"minutes": said.answered_in.form("minutes", minutes_left(session))}


async def _start(said: Said) -> Answer:
    choice = said.meant.routine()
    await async_check_routine(said.meant.hass, said.context, choice.id)
    choice.coordinator.async_start(
        choice.id, said.duration(), source=Source.VOICE, context=said.context
    )
    return "started", {"routine": choice.name, **_left(said, choice.coordinator)}


async def _pause(said: Said) -> Answer:
    coordinator = await async_running(said.meant, said.context)
    coordinator.async_pause()
    return "paused", _left(said, coordinator)


async def _resume(said: Said) -> Answer:
    coordinator = await async_running(said.meant, said.context)
    coordinator.async_resume()
    return "resumed", _left(said, coordinator)


async def _extend(said: Said) -> Answer:
    coordinator = await async_running(said.meant, said.context)
    coordinator.async_extend(said.duration() or timedelta(0))
    return "extended", _left(said, coordinator)


async def _tell_left(said: Said) -> Answer:
    coordinator = await async_running(said.meant, said.context, POLICY_READ)
    session = coordinator.session
    paused = session is not None and session.is_paused
    return "left_paused" if paused else "left", _left(said, coordinator)


async def _skip(said: Said) -> Answer:
    coordinator = await async_running(said.meant, said.context, after=True)
    coordinator.async_skip_phase()
    if coordinator.session is None:
        return "released", {}
    return "skipped", _left(said, coordinator)


async def _stop(said: Said) -> Answer:
    if said.reason is not None:
        # Whoever says that it hurts is asked for no permission.
        for coordinator in said.meant.hurting():
            coordinator.async_stop(said.reason)
        return said.reason, {}
    coordinator = await async_running(said.meant, said.context)
    session, now = coordinator.session, dt_util.utcnow()
    assert session is not None
    coordinator.async_stop()
    if session.stop(now).outcome(now) is Outcome.MISTAKE:
        return "mistake", {}
    minutes = round(session.elapsed(now) / MINUTE)
    return "stopped", {"minutes": said.answered_in.form("minutes", minutes)}


async def _tell_pain(said: Said) -> Answer:
    points = said.heard_in.points(said.text)
    mat = said.meant.mat()
    await async_check_pain(mat, said.context)
    await async_tell_pain(mat, points)
    return "rated", {"number": str(points)}


async def _tell_week(said: Said) -> Answer:
    mat = said.meant.mat()
    await async_check_journal(mat, said.context, POLICY_READ)
    language, week = said.answered_in, week_of(mat)
    if not week.days:
        return "week_none", {}
    key = "week_reached" if week.days >= week.goal else "week"
    goal = {"goal": language.spelled(week.goal), "goal_digits": str(week.goal)}
    return key, {
        "minutes": language.form("minutes", week.minutes),
        "days": language.form("days", week.days),
        "days_of": language.form("days_of", week.days, **goal),
    }


DOING: dict[Command, Callable[[Said], Awaitable[Answer]]] = {
    Command.START: _start,
    Command.PAUSE: _pause,
    Command.RESUME: _resume,
    Command.EXTEND: _extend,
    Command.LEFT: _tell_left,
    Command.SKIP: _skip,
    Command.STOP: _stop,
    Command.PAIN: _tell_pain,
    Command.WEEK: _tell_week,
}
