"""What the journal of a mat comes to: totals, streak, plan, and the pain that is told."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from . import subentries
from .const import LOGGER, MINUTE
from .files import Data
from .journal import Journal, first_of, let_go, moment_of, month_before, month_of
from .past import Past, Streaks, stored_rows
from .session.codec import to_dict
from .session.insights import Insights, WorstPain, insights, mean_relief
from .session.plan import NextDuration, Plan, Progress, advance, recommend, replay
from .session.practice import Streak, Totals, day_of, time_on_mat, week_of
from .session.record import Record
from .session.routine import Surface
from .session.session import Session, SessionError
from .statistics import Statistics
from .told import Told, may_tell
from .turns import Turns

RELIEF_DAYS = timedelta(days=14)
# What insights look at.
INSIGHT_DAYS = timedelta(days=366)

type Listener = Callable[[str, dict[str, Any]], None]
# Called with records as they were and as they are; none when told pain got too old.
type Changed = Callable[[Sequence[Record], Sequence[Record]], None]


class Practice:
    """Keeps up with the journal; every change of a record goes through here.

    Changes happen one after the other. They raise SessionError with key
    `record_not_found`, `no_session_to_rate`, `pain_not_now`, `mat_not_loaded`, and
    NotSaved, after which nothing has changed.
    """

    def __init__(self, hass: HomeAssistant, entry: Any, journal: Journal) -> None:
        """Prepare; nothing is known before `async_load`."""
        self.hass = hass
        self.entry = entry
        self.journal = journal
        journal.practice = self._as_data
        self.boundary = subentries.boundary(entry)
        self.totals = Totals(boundary=self.boundary)
        # When a record was added, changed or deleted last; None since the start.
        self.changed_at: datetime | None = None
        self.on_changed: list[Changed] = []
        # Records of this month and the last, in order of time.
        self.recent: tuple[Record, ...] = ()
        self._statistics = Statistics(hass, entry.entry_id, entry.title, journal)
        self._experience = subentries.experience(entry)
        # Followed also while no plan is wanted, for whoever wants it again.
        cap = subentries.cap(entry)
        self._plan = Plan(experience=self._experience, cap=cap, boundary=self.boundary)
        self._progress = Progress()
        # Nothing before that moment counts for the plan.
        self._since: datetime | None = None
        # The progress before the months that are in memory, and the first of these.
        self._checkpoint = Progress()
        self._from = ""
        self._past = Past(journal)
        self._streaks = Streaks()
        self.told = Told(hass, entry, self._say_changed)
        self._listeners: list[Listener] = []
        self.turns = Turns(entry.title, journal)

    # -- disk ------------------------------------------------------------------

    def _as_data(self) -> Data:
        return {
            "totals": self._latest().as_dict(),
            "checkpoint": self._checkpoint.as_dict(),
            "from": self._from,
            "experience": self._experience,
            "since": None if self._since is None else self._since.isoformat(),
            **self.told.as_data(),
        }

    def _latest(self) -> Totals:
        """Return the totals of the recent months."""
        return self.totals.split(first_of(self._from))[1] if self._from else self.totals

    async def async_load(self) -> None:
        """Take over what was known, and heal it where the records say otherwise."""
        stored = self.journal.stored_practice
        begun = stored.get("from")
        try:
            rows = stored_rows(self.journal, self.boundary)
            self._checkpoint = Progress.from_dict(stored.get("checkpoint", {}))
        except ValueError as err:
            LOGGER.warning("What the journal comes to is counted anew: %s", err)
            rows, begun = None, None
            self._checkpoint = Progress(until=moment_of(stored.get("since")))
        self._from = begun if isinstance(begun, str) else ""
        self.told.load(stored)
        self._since = moment_of(stored.get("since"))
        if stored.get("experience", self._experience) != self._experience:
            # The person thought better of where they stand: the plan begins anew.
            self._since = dt_util.utcnow()
            self._checkpoint = Progress(until=self._since)
        known = set(self.journal.months)
        uncounted = known if rows is None else self.journal.uncounted
        self.totals = Totals(
            boundary=self.boundary,
            months=tuple(row for row in rows or () if month_of(row.month) in known),
        )
        async with self.turns.lock:
            for month in sorted(uncounted):
                await self._async_count(month)
            await self._async_begin_month()

    async def _async_count(self, month: str) -> None:
        """Let the totals of a month be those of its records."""
        self.totals = await self.journal.async_made(
            [month], partial(self.totals.replace_month, first_of(month))
        )

    async def _async_begin_month(self) -> None:
        """Hold this month and the last in memory; settle the plan of those before."""
        now = dt_util.now()
        kept = (month_before(now), month_of(now))
        for month in self.journal.months:
            if self._from <= month < kept[0]:
                self._checkpoint = await self.journal.async_made(
                    [month],
                    partial(replay, plan=self._plan, checkpoint=self._checkpoint),
                )
        self._from = kept[0]
        self.journal.hold(self._from)
        for month in sorted({*kept}.intersection(self.journal.months)):
            await self._async_count(month)
        await self._async_remember()
        await self._past.async_settle(self.totals, self._from)

    async def _async_remember(self) -> None:
        """Hold the recent records, and the progress that they make."""
        months = [month for month in self.journal.months if month >= self._from]
        self.recent = tuple(await self.journal.async_records(months))
        self._progress = await self.hass.async_add_executor_job(
            replay, self.recent, self._plan, self._checkpoint
        )

    async def _async_follow(self, gone: list[Record], new: Sequence[Record]) -> None:
        """Remember what changed: a session that has just ended is one step more."""
        if not gone and len(new) == 1:
            (record,) = new
            month = month_of(record.started_at)
            kept = (await self.journal.async_month(month)).records[record.id]
            if month >= self._from and self._is_latest(kept):
                self.recent = (*self.recent, kept)
                self._progress = advance(self._progress, kept, self._plan)
                return
        await self._async_remember()

    def _is_latest(self, record: Record) -> bool:
        """Return whether all that is known comes before this record."""
        last, until = self.last, self._progress.until
        return (last is None or last.started_at < record.started_at) and (
            until is None or until < record.started_at
        )

    async def async_begin_day(self) -> None:
        """Count what depends on the day, when one begins."""
        if self._from != month_before(dt_util.now()):
            async with self.turns.lock:
                await self._async_begin_month()
            self.journal.save()

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
        day = self.today
        return time_on_mat(self.recent, week_of(day), day, self.boundary) / MINUTE

    @property
    def days_this_week(self) -> int:
        """Days with practice since Monday."""
        return self.totals.days_in_week(self.today)

    @property
    def streak(self) -> Streak | None:
        """The streak; None if the person wants none."""
        if not subentries.wants_streak(self.entry):
            return None
        vacations = subentries.vacations(self.entry)
        return self._streaks.streak(self.totals, self.today, vacations, self._from)

    def plan(self, surface: Surface | None = None) -> NextDuration | None:
        """Return how long the next session should be; None if no plan is wanted."""
        if subentries.plan(self.entry) is None:
            return None
        return recommend(self._progress, self._plan, self.today, surface)

    @property
    def pain_relief(self) -> float | None:
        """The mean drop of pain in the last two weeks; None without an answer."""
        return mean_relief(self.recent, dt_util.utcnow() - RELIEF_DAYS)

    async def async_settled(self) -> None:
        """Return once what happened up to now is in the journal, if it can be written."""
        async with self.turns.lock:
            pass

    async def async_insights(self, nights: dict[date, float] | None = None) -> Insights:
        """Return what the records of a year tell."""
        first = month_of(self.today - INSIGHT_DAYS)
        months = [month for month in self.journal.months if month >= first]
        worst = await self.journal.async_worst_pain(months)
        told = partial(
            insights, worst_pains=worst, nights=nights, boundary=self.boundary
        )
        return await self.journal.async_made(months, told)

    # -- changes ---------------------------------------------------------------

    async def async_add(self, record: Record) -> None:
        """Keep one more record, or replace the one of the same id."""
        await self.async_change((), (record,))

    async def async_change(self, old: Iterable[Record], new: Iterable[Record]) -> None:
        """Let records be as they are now; everything derived follows at once."""
        async with self.turns.change():
            await self._async_change(tuple(old), tuple(new))

    async def async_delete(self, record_id: str) -> None:
        """Forget a record; SessionError `record_not_found` if there is none."""
        async with self.turns.change():
            await self._async_change((await self.async_find(record_id),), ())

    async def async_edit(
        self, record_id: str, edit: Callable[[Record], Record]
    ) -> Record:
        """Change a record as it is by then, and return it as it is now."""
        async with self.turns.change():
            old = await self.async_find(record_id)
            new = edit(old)
            await self._async_change((old,), (new,))
        return new

    async def async_import(
        self, records: Iterable[Record], worst: Iterable[WorstPain] = ()
    ) -> None:
        """Keep these; what has the id of a record, or is of the same day, is replaced."""
        new = await self.hass.async_add_executor_job(lambda: {r.id: r for r in records})
        async with self.turns.change():
            old = await self.journal.async_of(new)
            gone = await self._async_change(old, [*new.values()], worst, anew=True)
        await self.hass.async_add_executor_job(let_go, old, new, gone)

    async def _async_change(
        self,
        old: Sequence[Record],
        new: Sequence[Record],
        worst: Iterable[WorstPain] = (),
        *,
        anew: bool = False,
    ) -> list[Record]:
        """Return the records that are not, or not as they were."""
        was = (self.plan(), self.days_this_week, self.streak)
        # What really was there counts: a record that is written again after a kill
        # must not count twice.
        gone, months = await self.journal.async_change(old, new, worst)
        for month in months:
            await self._async_count(month)
        if anew:
            # What was brought in from long ago counts for the plan, too.
            self._checkpoint, self._from = Progress(until=self._since), ""
        # Also where a clock was months ahead at the start, and is right by now.
        if self._from != month_before(dt_util.now()):
            await self._async_begin_month()
        else:
            await self._async_follow(gone, new)
            await self._past.async_settle(self.totals, self._from)
        self.journal.save()
        await self._statistics.async_follow(gone, new, self.totals)
        self.changed_at = dt_util.utcnow()
        self._say_changed(gone, new)
        self._tell_progress(*was)
        return gone

    def _say_changed(
        self, old: Sequence[Record] = (), new: Sequence[Record] = ()
    ) -> None:
        for changed in list(self.on_changed):
            changed(old, new)

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
        if streak and (reached := self.streak) and reached.days > streak.days:
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
        async with self.turns.change():
            old = self.last if record_id is None else await self.async_find(record_id)
            if old is None:
                raise SessionError("no_session_to_rate")
            return await self._async_rate(old, notes=notes, **ratings)

    async def _async_rate(
        self, old: Record, *, notes: str | None = None, **ratings: int
    ) -> Record:
        new = old.rated(**ratings)
        if notes is not None:
            new = new.noted(notes)
        await self._async_change((old,), (new,))
        self._tell("rated", record_id=new.id, **to_dict(new.ratings))
        return new

    # -- pain ------------------------------------------------------------------

    def pain(self, session: Session | None) -> int | None:
        """Return the pain that was told and waits to be used."""
        return self.told.pain(session)

    async def async_set_pain(self, value: int, session: Session | None) -> None:
        """Take the pain of now: after a session that ended, else before the next."""
        if session is not None and not may_tell(session):
            raise SessionError("pain_not_now")
        async with self.turns.change():
            last = self.last
            if session is None and last is not None and self.told.is_after(last):
                await self._async_rate(last, pain_after=value)
                self.told.after(last)
                return
            self.told.before(value)
            await self.journal.save()

    @property
    def worst_pain(self) -> int | None:
        """The worst pain of today; None while it was not told."""
        return self.journal.worst_pain(self.today)

    async def async_set_worst_pain(self, value: int) -> None:
        """Take the worst pain of today."""
        async with self.turns.change():
            worst = [WorstPain(day=self.today, pain=value)]
            await self.journal.async_change((), (), worst)
            self.journal.save()

    # -- what follows it -------------------------------------------------------

    async def async_check_statistics(self) -> None:
        """Let the recorder's statistics be those of the journal."""
        # Sessions are not held up by whatever the recorder has to do.
        while known := await self._statistics.async_known(self.totals):
            async with self.turns.lock:
                if await self._statistics.async_check(self.totals, known):
                    return

    @callback
    def async_listen(self, listener: Listener) -> CALLBACK_TYPE:
        """Call the listener with type and data of what happens in the practice."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _tell(self, happening: str, **data: Any) -> None:
        for listener in list(self._listeners):
            listener(happening, {"mat": self.entry.title, **data})
