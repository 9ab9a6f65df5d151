"""What the journal of a mat comes to: totals, streak, plan, and the pain that is told."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from . import subentries
from .const import LOGGER, MINUTE
from .journal import Data, Journal, month_of
from .session.codec import to_dict
from .session.insights import Insights, WorstPain, insights
from .session.plan import NextDuration, Progress, recommend, replay
from .session.practice import Streak, Totals, day_of, time_on_mat, week_of
from .session.record import Record
from .session.routine import PhaseName, Surface
from .session.session import Session, SessionError

# Pain that is told so long before a start is the pain before it.
BEFORE = timedelta(minutes=60)
# Pain that is told so long after the end is the pain after it.
AFTER = timedelta(hours=12)
RELIEF_DAYS = timedelta(days=14)

type Listener = Callable[[str, dict[str, Any]], None]
# Called with the records that were changed: as they were, and as they are now.
type Changed = Callable[[tuple[Record, ...], tuple[Record, ...]], None]


class Practice:
    """Keeps up with the journal; every change of a record goes through here.

    Changes raise SessionError with key `record_not_found`, `no_session_to_rate`,
    `pain_not_now`.
    """

    def __init__(self, hass: HomeAssistant, entry: Any, journal: Journal) -> None:
        """Prepare; nothing is known before `async_load`."""
        self.hass = hass
        self.entry = entry
        self.journal = journal
        journal.practice = self._as_data
        self.boundary = subentries.boundary(entry)
        self.totals = Totals(boundary=self.boundary)
        self.on_changed: list[Changed] = []
        # Records of this month and the last, in order of time.
        self.recent: tuple[Record, ...] = ()
        self._progress = Progress()
        # The progress before the months that are in memory, and the first of these.
        self._checkpoint = Progress()
        self._from: str | None = None
        self._experience = subentries.experience(entry)
        self._pain: tuple[int, datetime] | None = None
        self._heart_rate: float | None = None
        self._worst_pain: WorstPain | None = None
        self._listeners: list[Listener] = []

    # -- disk ------------------------------------------------------------------

    def _as_data(self) -> Data:
        return {
            "totals": self.totals.as_dict(),
            "checkpoint": self._checkpoint.as_dict(),
            "from": self._from,
            "experience": self._experience,
            "pain": None
            if self._pain is None
            else [self._pain[0], self._pain[1].isoformat()],
            "heart_rate": self._heart_rate,
        }

    async def async_load(self) -> None:
        """Take over what was known, and heal it where the records say otherwise."""
        stored = self.journal.stored_practice
        try:
            self.totals = Totals.from_dict(stored.get("totals", {}))
            self._checkpoint = Progress.from_dict(stored.get("checkpoint", {}))
        except ValueError as err:
            LOGGER.warning("What the journal comes to is counted anew: %s", err)
            stored = {}
        self._from = stored.get("from")
        self._heart_rate = stored.get("heart_rate")
        pain = stored.get("pain")
        moment = dt_util.parse_datetime(str(pain[1])) if pain else None
        self._pain = (int(pain[0]), moment) if pain and moment else None
        if stored.get("experience", self._experience) != self._experience:
            # The person thought better of where they stand: the plan begins anew.
            self._checkpoint = Progress(until=dt_util.utcnow())
        known = {f"{row.month:%Y-%m}" for row in self.totals.months}
        if self.totals.boundary != self.boundary or known != set(self.journal.months):
            await self._async_count_anew()
        await self._async_begin_month()

    async def _async_count_anew(self) -> None:
        self.totals = Totals(boundary=self.boundary)
        for month in self.journal.months:
            await self._async_count(month)
            self.journal.forget()

    async def _async_count(self, month: str) -> None:
        """Let the totals of a month be those of its records."""
        records = await self.journal.async_records([month])
        first = date.fromisoformat(f"{month}-01")
        self.totals = await self.hass.async_add_executor_job(
            self.totals.replace_month, first, records
        )

    async def _async_begin_month(self) -> None:
        """Hold this month and the last in memory; settle the plan of those before."""
        today = dt_util.now()
        kept = (month_of(today.replace(day=1) - timedelta(days=1)), month_of(today))
        plan = subentries.plan(self.entry)
        before = [m for m in self.journal.months if m < kept[0]]
        for month in before:
            if plan is not None and month >= (self._from or ""):
                records = await self.journal.async_records([month])
                self._checkpoint = await self.hass.async_add_executor_job(
                    replay, records, plan, self._checkpoint
                )
        self._from = kept[0]
        self.journal.forget(*kept)
        for month in kept:
            if month in self.journal.months:
                await self._async_count(month)
            worst = (await self.journal.async_month(month)).worst_pain
            if (pain := worst.get(self.today.isoformat())) is not None:
                self._worst_pain = WorstPain(day=self.today, pain=pain)
        await self._async_remember()

    async def _async_remember(self) -> None:
        """Hold the recent records, and the progress that they make."""
        months = [month for month in self.journal.months if month >= (self._from or "")]
        self.recent = tuple(await self.journal.async_records(months))
        plan = subentries.plan(self.entry)
        if plan is not None:
            self._progress = replay(self.recent, plan, self._checkpoint)

    async def async_begin_day(self) -> None:
        """Count what depends on the day, when one begins."""
        if self._from is not None and self._from < month_of(
            dt_util.now().replace(day=1) - timedelta(days=1)
        ):
            await self._async_begin_month()

    # -- what it comes to ------------------------------------------------------

    @property
    def today(self) -> date:
        """The day it is, by the mat's day boundary."""
        return day_of(dt_util.now(), self.boundary)

    @property
    def last(self) -> Record | None:
        """The latest record; None when there is none of these two months."""
        return self.recent[-1] if self.recent else None

    @property
    def minutes_today(self) -> float:
        """Minutes on the mat today."""
        return time_on_mat(self.recent, self.today, self.today, self.boundary) / MINUTE

    @property
    def minutes_week(self) -> float:
        """Minutes on the mat since Monday."""
        today = self.today
        return time_on_mat(self.recent, week_of(today), today, self.boundary) / MINUTE

    @property
    def days_this_week(self) -> int:
        """Days with practice since Monday."""
        return self.totals.days_in_week(self.today)

    @property
    def streak(self) -> Streak | None:
        """The streak; None if the person wants none."""
        if not subentries.wants_streak(self.entry):
            return None
        return self.totals.streak(self.today, subentries.vacations(self.entry))

    def plan(self, surface: Surface | None = None) -> NextDuration | None:
        """Return how long the next session should be; None if no plan is wanted."""
        plan = subentries.plan(self.entry)
        if plan is None:
            return None
        return recommend(self._progress, plan, self.today, surface)

    @property
    def pain_relief(self) -> float | None:
        """The mean drop of pain in the last two weeks; None without an answer."""
        since = dt_util.utcnow() - RELIEF_DAYS
        drops = [
            record.ratings.relief
            for record in self.recent
            if record.started_at >= since and record.ratings.relief is not None
        ]
        return sum(drops) / len(drops) if drops else None

    async def async_read(self, months: Iterable[str]) -> list[Record]:
        """Return the records of these months, in order of time."""
        records = await self.journal.async_records(months)
        self._let_go()
        return records

    async def async_insights(self, nights: dict[date, float] | None = None) -> Insights:
        """Return what the whole journal tells; reads all of it."""
        records = await self.journal.async_records(self.journal.months)
        worst = [
            WorstPain(day=date.fromisoformat(day), pain=pain)
            for month in self.journal.months
            for day, pain in (await self.journal.async_month(month)).worst_pain.items()
        ]
        self._let_go()
        return await self.hass.async_add_executor_job(
            insights, records, worst, nights, self.boundary
        )

    def _let_go(self) -> None:
        """Hold no more in memory than usual."""
        self.journal.forget(
            *(m for m in self.journal.months if m >= (self._from or ""))
        )

    # -- changes ---------------------------------------------------------------

    async def async_add(self, record: Record) -> None:
        """Keep one more record, or replace the one of the same id."""
        await self.async_change((), (record,))

    async def async_change(self, old: Iterable[Record], new: Iterable[Record]) -> None:
        """Let records be as they are now; everything derived follows at once."""
        old, new = tuple(old), tuple(new)
        was = (self.plan(), self.days_this_week, self.streak)
        # What replaces a record must be written before the old one goes.
        await self.journal.async_put(*new)
        kept = {(record.id, month_of(record.started_at)) for record in new}
        for record in old:
            if (record.id, month_of(record.started_at)) not in kept:
                await self.journal.async_drop(record)
        for month in sorted({month_of(r.started_at) for r in (*old, *new)}):
            await self._async_count(month)
        await self._async_remember()
        self._let_go()
        self.journal.save()
        for changed in list(self.on_changed):
            changed(old, new)
        self._tell_progress(*was)

    def _tell_progress(
        self, plan: NextDuration | None, days: int, streak: Streak | None
    ) -> None:
        """Tell of what the change of a record brought."""
        now = self.plan()
        if plan and now and now.minutes != plan.minutes:
            self._tell("plan_changed", minutes=now.minutes, why=now.why)
        goal = subentries.goal(self.entry)
        if days < goal <= self.days_this_week:
            self._tell("goal_reached", days=self.days_this_week, goal=goal)
        reached = self.streak
        if streak and reached and reached.days > streak.days:
            self._tell("streak_reached", days=reached.days)

    async def async_find(self, record_id: str) -> Record:
        """Return a record; SessionError `record_not_found` if there is none."""
        record = await self.journal.async_find(record_id)
        if record is None:
            raise SessionError("record_not_found", record=record_id)
        return record

    async def async_rate(
        self, record_id: str | None = None, *, notes: str | None = None, **ratings: int
    ) -> Record:
        """Rate a session, by default the last one; what is not told stays."""
        if record_id is not None:
            old = await self.async_find(record_id)
        elif self.last is not None:
            old = self.last
        else:
            raise SessionError("no_session_to_rate")
        new = old.rated(**ratings)
        if notes is not None:
            new = new.noted(notes)
        await self.async_change([old], [new])
        self._tell("rated", record_id=new.id, **to_dict(new.ratings))
        return new

    # -- pain ------------------------------------------------------------------

    def pain(self, session: Session | None) -> int | None:
        """Return the pain that was told and waits to be used."""
        if self._pain is None or (session is not None and not _may_tell(session)):
            return None
        value, at = self._pain
        since = session.started_at if session else dt_util.utcnow()
        return value if at >= since - BEFORE else None

    async def async_set_pain(self, value: int, session: Session | None) -> None:
        """Take the pain of now: after a session that ended, else before the next."""
        if session is not None and not _may_tell(session):
            raise SessionError("pain_not_now")
        last, now = self.last, dt_util.utcnow()
        if (
            session is None
            and last is not None
            and last.ratings.pain_after is None
            and timedelta(0) <= now - last.ended_at <= AFTER
        ):
            await self.async_rate(last.id, pain_after=value)
            return
        self._pain = (value, now)
        await self.journal.save()

    def take(self, session: Session, record: Record) -> Record:
        """Return the record with what was told before its session began."""
        pain, self._pain = self._pain, None
        if pain is not None and pain[1] >= session.started_at - BEFORE:
            return record.rated(pain_before=pain[0])
        return record

    @property
    def worst_pain(self) -> int | None:
        """The worst pain of today; None while it was not told."""
        worst = self._worst_pain
        return worst.pain if worst is not None and worst.day == self.today else None

    async def async_set_worst_pain(self, value: int) -> None:
        """Take the worst pain of today."""
        self._worst_pain = WorstPain(day=self.today, pain=value)
        month = f"{self.today:%Y-%m}"
        kept = await self.journal.async_month(month)
        kept.worst_pain[self.today.isoformat()] = value
        await self.journal.async_save_month(month)
        self.journal.save()

    # -- what it tells ---------------------------------------------------------

    @callback
    def async_listen(self, listener: Listener) -> CALLBACK_TYPE:
        """Call the listener with type and data of what happens in the practice."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _tell(self, happening: str, **data: Any) -> None:
        for listener in list(self._listeners):
            listener(happening, {"mat": self.entry.title, **data})


def _may_tell(session: Session) -> bool:
    """Return whether the pain before it may still be told: until it is on the mat."""
    return session.phase(dt_util.utcnow()) is PhaseName.PREPARE
