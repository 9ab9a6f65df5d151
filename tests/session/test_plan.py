"""How long the next session should be."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.acupressure_mat.session.plan import (
    Experience,
    Level,
    NextDuration,
    Plan,
    Progress,
    Tip,
    Why,
    advance,
    is_good,
    is_hard,
    next_duration,
    recommend,
    replay,
)
from custom_components.acupressure_mat.session.record import Record
from custom_components.acupressure_mat.session.routine import Surface
from custom_components.acupressure_mat.session.session import Outcome, Reason
from scripts.lib.practice_figures import PICTURE, picture

from .plan_years import YEARS, live
from .records import record

FIRST = date(2026, 11, 2)
NEW = Plan()
MINUTE = timedelta(minutes=1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def sessions(*minutes: float, **fields: object) -> list[Record]:
    """Return sessions of so many minutes, a day each."""
    return [
        record(f"{day(n)}", length, **fields)  # type: ignore[arg-type]
        for n, length in enumerate(minutes)
    ]


def at(minutes: float, surface: Surface = Surface.BED, good: int = 0) -> Progress:
    """Return the progress of somebody who was on the mat on the day before FIRST."""
    level = Level(surface=surface, duration=minutes * MINUTE, good=good)
    return Progress(levels=(level,), why=Why.STEADY, surface=surface, day=day(-1))


def after(progress: Progress, *records: Record, plan: Plan = NEW) -> NextDuration:
    """Return what the plan says on the day after these."""
    for each in records:
        progress = advance(progress, each, plan)
    assert progress.day is not None
    return recommend(progress, plan, progress.day + timedelta(days=1))


# -- where it begins -------------------------------------------------------------


@pytest.mark.parametrize(
    ("experience", "minutes"),
    [(Experience.NEW, 5), (Experience.SOME, 10), (Experience.USED_TO_IT, 20)],
)
def test_experience_decides_the_start(experience: Experience, minutes: int) -> None:
    """Nobody new begins with twenty minutes, nobody used to it with five."""
    said = next_duration([], Plan(experience=experience), FIRST)
    assert said == NextDuration(duration=minutes * MINUTE, why=Why.FIRST_SESSION)
    assert said.minutes == minutes


def test_the_cap_holds_from_the_first_session_on() -> None:
    """A person who may lie ten minutes starts with ten, however used to it."""
    plan = Plan(experience=Experience.USED_TO_IT, cap=10 * MINUTE)
    assert next_duration([], plan, FIRST).minutes == 10


@pytest.mark.parametrize("minutes", [0, 4.9, 60.1, 600])
def test_a_cap_that_cannot_be_is_refused(minutes: float) -> None:
    """Sixty at the most, whatever was stored."""
    with pytest.raises(ValueError, match="cap"):
        Plan(cap=minutes * MINUTE)


# -- what a session does -----------------------------------------------------------


@pytest.mark.parametrize(
    ("session", "judged"),
    [
        ({}, "good"),
        ({"before": 3, "after": 2}, "good"),
        ({"before": 3, "after": 4}, "good"),
        ({"after": 4}, "good"),
        ({"before": 9}, "good"),
        # Much pain is not the mat's doing when there was more before ...
        ({"before": 8, "after": 7}, "good"),
        # ... as much as before is no reason to go on to more ...
        ({"before": 6, "after": 6}, "neither"),
        # ... and more than before, or nobody knows, is.
        ({"before": 5, "after": 6}, "hard"),
        ({"before": 0, "after": 5}, "hard"),
        ({"after": 5}, "hard"),
        ({"reason": Reason.PAIN}, "hard"),
        ({"reason": Reason.DISCOMFORT, "before": 5, "after": 1}, "hard"),
        ({"reason": Reason.DIZZINESS}, "hard"),
        ({"reason": Reason.NUMBNESS}, "hard"),
        ({"reason": Reason.ENOUGH}, "neither"),
        ({"reason": Reason.INTERRUPTED, "before": 5, "after": 1}, "neither"),
        ({"outcome": Outcome.LOST}, "neither"),
    ],
    ids=str,
)
def test_good_hard_or_neither(session: dict[str, object], judged: str) -> None:
    """The person is told why their minutes change; the reason has to be theirs."""
    done = record("2026-11-02", **session)  # type: ignore[arg-type]
    assert (is_good(done), is_hard(done)) == (judged == "good", judged == "hard")


@pytest.mark.parametrize(
    ("level", "needed", "then"),
    [(5, 3, 6), (9, 3, 10), (10, 3, 12), (18, 3, 20), (20, 5, 22), (39, 5, 40)],
)
def test_good_sessions_lengthen_it_by_small_steps(
    level: int, needed: int, then: int
) -> None:
    """Not one sooner: a step says which evenings earned it."""
    *most, _ = done = sessions(*[level] * needed)
    early = after(at(level), *most)
    assert (early.minutes, early.why) == (level, Why.STEADY)
    assert early.placeholders == {"good": needed - 1, "needed": needed}
    said = after(at(level), *done)
    assert said.minutes == then
    assert said.why is (Why.AT_CAP if then == 40 else Why.STEP_UP)


def test_the_step_is_told_once() -> None:
    """The evening after it is the level like any other."""
    said = after(at(10), *sessions(10, 10, 10, 12))
    assert (said.minutes, said.why) == (12, Why.STEADY)
    assert said.placeholders == {"good": 1, "needed": 3}


@pytest.mark.parametrize("cap", [5, 15, 40, 60])
def test_it_stops_at_the_cap(cap: int) -> None:
    """For good, and says so."""
    plan = Plan(cap=cap * MINUTE)
    said = after(at(cap), *sessions(*[cap] * 30), plan=plan)
    assert (said.minutes, said.why) == (cap, Why.AT_CAP)


def test_a_cap_that_is_lowered_holds_at_once() -> None:
    """And what the person had above it does not hide a hard session."""
    lower = Plan(cap=20 * MINUTE)
    assert recommend(at(40), lower, FIRST).minutes == 20
    hard = record(f"{FIRST}", 20, reason=Reason.PAIN)
    assert after(at(40), hard, plan=lower).minutes == 18


@pytest.mark.parametrize(
    "hard",
    [{"reason": Reason.PAIN, "minutes": 2}, {"before": 3, "after": 6}],
    ids=["stopped for pain", "more pain afterwards"],
)
def test_a_hard_session_makes_the_next_shorter(hard: dict[str, object]) -> None:
    """By two minutes, with the way to have it softer, and the count starts anew."""
    done = record(f"{FIRST}", **({"minutes": 20} | hard))  # type: ignore[arg-type]
    progress = advance(at(20, good=4), done, NEW)
    said = recommend(progress, NEW, day(1))
    assert (said.minutes, said.why, said.tip) == (
        18,
        Why.AFTER_HARD_SESSION,
        Tip.SOFT_PATH,
    )
    assert progress.levels[0].good == 0
    easy = advance(progress, record(f"{day(1)}", 18), NEW)
    assert recommend(easy, NEW, day(2)).tip is None


def test_it_is_never_shorter_than_five_minutes() -> None:
    """However often it hurt."""
    said = after(at(8), *sessions(*[8] * 9, reason=Reason.PAIN))
    assert (said.minutes, said.tip) == (5, Tip.SOFT_PATH)


def test_a_first_session_that_hurt_is_remembered() -> None:
    """There is nothing below five minutes, but the tip is due."""
    said = next_duration([record(f"{FIRST}", 1, reason=Reason.PAIN)], NEW, day(1))
    assert (said.minutes, said.why, said.tip) == (
        5,
        Why.AFTER_HARD_SESSION,
        Tip.SOFT_PATH,
    )


def test_lost_sessions_tell_nothing() -> None:
    """Home Assistant was down: nobody knows how it was."""
    lost = record(f"{FIRST}", 20, outcome=Outcome.LOST)
    progress = advance(at(20), lost, NEW)
    assert replace(progress, until=None) == at(20)
    assert next_duration([lost], NEW, day(1)).why is Why.FIRST_SESSION


@pytest.mark.parametrize("minutes", [5, 19])
def test_a_shorter_session_than_planned_changes_nothing(minutes: int) -> None:
    """Chosen by hand, skipped to the end: well done, but no proof of more."""
    said = after(at(20, good=4), *sessions(*[minutes] * 10))
    assert (said.minutes, said.why) == (20, Why.STEADY)
    assert said.placeholders == {"good": 4, "needed": 5}


def test_a_longer_session_than_planned_counts_as_one() -> None:
    """Once forty minutes by hand do not make forty the plan."""
    assert after(at(10), *sessions(40)).minutes == 10
    assert after(at(10), *sessions(40, 40, 40)).minutes == 12


def test_seconds_do_not_matter() -> None:
    """A session that was noted as 9:40 was one of ten minutes."""
    assert after(at(10), *sessions(9.67, 9.67, 9.67)).minutes == 12
    assert after(at(10), *sessions(9.5, 9.5, 9.5)).minutes == 12
    assert after(at(10), *sessions(9.49, 9.49, 9.49)).minutes == 10


def test_pain_as_high_as_before_is_no_step() -> None:
    """Neither a reason to go on to more nor one for less."""
    said = after(at(20, good=4), *sessions(20, 20, before=6, after=6))
    assert (said.minutes, said.why) == (20, Why.STEADY)
    assert said.placeholders == {"good": 4, "needed": 5}


# -- gaps ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "days_off", "minutes"),
    [
        (20, 0, 20),
        (20, 6, 20),  # every Monday is practice, not a gap
        (20, 7, 15),
        (20, 13, 15),
        (20, 14, 10),
        (20, 400, 5),
        (7, 7, 5),
        (5, 70, 5),
    ],
)
def test_a_gap_steps_back(level: int, days_off: int, minutes: int) -> None:
    """Five minutes for each whole week, down to where they began."""
    said = recommend(at(level), NEW, day(days_off))
    assert said.minutes == minutes
    if days_off >= 7:
        assert (said.why, said.placeholders) == (Why.AFTER_GAP, {"days": days_off + 1})


def test_a_gap_takes_nobody_below_their_experience() -> None:
    """Used to it is used to it, but a level below the start is not raised by a gap."""
    plan = Plan(experience=Experience.USED_TO_IT)
    assert recommend(at(40), plan, day(300)).minutes == 20
    assert recommend(at(12), plan, day(300)).minutes == 12


def test_what_was_said_after_a_gap_is_where_it_goes_on() -> None:
    """The first session back neither wins the old level nor loses twice."""
    back = record(f"{day(14)}", 10)
    progress = advance(at(20, good=4), back, NEW)
    said = recommend(progress, NEW, day(15))
    assert (said.minutes, said.why) == (10, Why.STEADY)
    assert said.placeholders == {"good": 1, "needed": 3}


def test_the_tip_outlives_a_gap() -> None:
    """Who stayed away because it hurt needs it most."""
    hurt = advance(at(20), record(f"{FIRST}", 3, reason=Reason.PAIN), NEW)
    said = recommend(hurt, NEW, day(10))
    assert (said.minutes, said.why, said.tip) == (13, Why.AFTER_GAP, Tip.SOFT_PATH)


# -- surface ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "surface", "minutes", "why"),
    [
        (Surface.BED, Surface.BED, 20, Why.STEADY),
        (Surface.BED, Surface.COUCH, 15, Why.HARDER_SURFACE),
        (Surface.BED, Surface.FLOOR, 10, Why.HARDER_SURFACE),
        (Surface.COUCH, Surface.FLOOR, 15, Why.HARDER_SURFACE),
        (Surface.FLOOR, Surface.BED, 20, Why.STEADY),
        (Surface.FLOOR, None, 20, Why.STEADY),
    ],
)
def test_a_harder_surface_steps_back(
    known: Surface, surface: Surface | None, minutes: int, why: Why
) -> None:
    """Twenty minutes in bed are no twenty minutes on the floor."""
    said = recommend(at(20, known), NEW, FIRST, surface)
    assert (said.minutes, said.why) == (minutes, why)


def test_without_a_surface_it_is_the_last_one_s() -> None:
    """Good sessions on the floor count where they were done."""
    said = recommend(at(20, Surface.FLOOR, good=3), NEW, FIRST)
    assert said.placeholders == {"good": 3, "needed": 5}


def test_two_surfaces_by_turns_keep_a_level_each() -> None:
    """Mornings on the floor must not shorten the evenings in bed, nor the reverse."""
    progress = at(30)
    for n in range(6):
        floor = recommend(progress, NEW, day(n), Surface.FLOOR)
        done = record(f"{day(n)} 07:00", floor.minutes, surface=Surface.FLOOR)
        progress = advance(progress, done, NEW)
        bed = recommend(progress, NEW, day(n), Surface.BED)
        assert (bed.minutes, floor.minutes) == ((30, 20) if n < 5 else (32, 22))
        done = record(f"{day(n)} 21:00", bed.minutes, surface=Surface.BED)
        progress = advance(progress, done, NEW)


def test_the_reason_is_that_of_the_surface() -> None:
    """A step on the floor is none in bed, where nothing changed."""
    progress = at(30)
    floor = sessions(20, 20, 20, 20, 20, surface=Surface.FLOOR)
    progress = replay(floor, NEW, progress)
    said = recommend(progress, NEW, day(5), Surface.FLOOR)
    assert (said.minutes, said.why) == (22, Why.HARDER_SURFACE)
    said = recommend(progress, NEW, day(5), Surface.BED)
    assert (said.minutes, said.why) == (30, Why.STEADY)


def test_a_hard_session_shortens_the_next_on_any_surface() -> None:
    """The skin that hurts is the same."""
    progress = at(20, Surface.FLOOR)
    hard = record(f"{FIRST}", 20, surface=Surface.BED, reason=Reason.PAIN)
    progress = advance(progress, hard, NEW)
    for surface in Surface:
        assert recommend(progress, NEW, day(1), surface).minutes == 18


def test_an_unknown_surface_is_taken_for_the_mildest() -> None:
    """What was noted by hand must not count as practice on the floor."""
    progress = advance(Progress(), record(f"{FIRST}", 20), NEW)
    assert progress.surface is Surface.BED


# -- folding -----------------------------------------------------------------------

sessions_ = st.builds(
    record,
    st.integers(0, 120).map(lambda n: f"{day(n)}"),
    st.sampled_from([0, 3, 5, 10, 20, 40, 60]),
    reason=st.sampled_from([None, None, None, Reason.PAIN, Reason.ENOUGH]),
    outcome=st.sampled_from([Outcome.COMPLETED, Outcome.COMPLETED, Outcome.LOST]),
    before=st.sampled_from([None, 3, 6]),
    after=st.sampled_from([None, 2, 4, 7]),
    surface=st.sampled_from([None, *Surface]),
)
histories = st.lists(sessions_, max_size=60)
plans = st.builds(
    Plan,
    experience=st.sampled_from(Experience),
    cap=st.integers(5, 60).map(lambda n: n * MINUTE),
)


@given(histories, plans, plans, st.integers(0, 400), st.sampled_from([None, *Surface]))
def test_always_from_five_minutes_to_the_cap(
    records: list[Record], plan: Plan, then: Plan, on: int, surface: Surface | None
) -> None:
    """Whatever happened, and whatever the person changes afterwards."""
    progress = replay(records, plan)
    for each in (plan, then):
        said = recommend(progress, each, day(on), surface)
        assert 5 * MINUTE <= said.duration <= each.cap
        assert said.duration == said.minutes * MINUTE


@given(histories, plans, st.integers(0, 60))
def test_a_checkpoint_says_the_same_as_all_records(
    records: list[Record], plan: Plan, cut: int
) -> None:
    """Two months of records and what came before them are as good as ten years."""
    records = list({r.started_at: r for r in records}.values())
    records.sort(key=lambda r: r.started_at)
    checkpoint = replay(records[:cut], plan)
    whole = replay(records, plan)
    assert replay(records[cut:], plan, checkpoint) == whole
    assert replay(records[max(0, cut - 5) :], plan, checkpoint) == whole


@given(histories, plans)
def test_record_by_record_is_all_at_once(records: list[Record], plan: Plan) -> None:
    """A session that ends takes one step; an edit replays."""
    progress = Progress()
    for each in sorted(records, key=lambda r: (r.started_at, r.id)):
        progress = advance(progress, each, plan)
    assert replay(records[::-1], plan) == progress


@given(histories, plans)
def test_progress_survives_the_disk(records: list[Record], plan: Plan) -> None:
    """Equal, not similar."""
    progress = replay(records, plan)
    assert Progress.from_dict(json.loads(json.dumps(progress.as_dict()))) == progress


@given(histories, plans, sessions_)
def test_a_hard_session_never_lengthens_it(
    records: list[Record], plan: Plan, last: Record
) -> None:
    """Two minutes less than the plan would have said, or five."""
    progress = replay(records, plan)
    last = replace(
        last,
        started_at=last.started_at + timedelta(days=121),
        outcome=Outcome.STOPPED,
        reason=Reason.NUMBNESS,
    )
    today = last.started_at.date()
    for surface in Surface:
        before = recommend(progress, plan, today, surface).duration
        now = recommend(advance(progress, last, plan), plan, today, surface).duration
        if progress.levels or last.surface in (None, Surface.BED):
            assert now <= max(5 * MINUTE, before - 2 * MINUTE)


def test_what_the_checkpoint_knows_is_not_counted_again() -> None:
    """Whoever replays a month too many must not have two steps for one evening."""
    records = sessions(10, 10)
    checkpoint = replay(records, NEW, at(10))
    assert checkpoint.levels[0].good == 2
    assert replay(records, NEW, checkpoint) == checkpoint


def test_what_lies_before_a_lost_session_is_settled_too() -> None:
    """A month that is edited after it was settled changes no plan."""
    lost = record(f"{day(5)}", 20, outcome=Outcome.LOST)
    checkpoint = replay([lost], NEW, at(20))
    assert replay(sessions(20, 20), NEW, checkpoint) == checkpoint


def test_two_records_of_one_moment_both_count() -> None:
    """Two mats were noted for the same minute; replaying must not lose one."""
    twins = [record(f"{FIRST}", 5), record(f"{FIRST}", 5)]
    assert replay(twins, NEW).levels[0].good == 2


def test_other_experience_starts_anew() -> None:
    """What was before does not count any more; what comes after does."""
    plan = Plan(experience=Experience.USED_TO_IT)
    old, new = record(f"{FIRST}", 5, reason=Reason.PAIN), record(f"{day(2)}", 20)
    progress = Progress(until=record(f"{day(1)}").started_at)
    assert recommend(replay([old], plan, progress), plan, day(2)).minutes == 20
    assert replay([old, new], plan, progress).levels[0].good == 1


# -- a year ----------------------------------------------------------------------

TABLES: dict[str, list[tuple[int, int, str]]] = {
    "good": [
        (0, 5, "first_session"),
        (3, 6, "step_up"),
        (15, 10, "step_up"),
        (30, 20, "step_up"),
        (55, 30, "step_up"),
        (79, 38, "steady"),
        (80, 40, "at_cap"),
        (363, 40, "at_cap"),
    ],
    "bad": [
        (0, 5, "first_session"),
        (35, 22, "step_up"),
        (37, 20, "after_hard_session"),
        (38, 20, "steady"),
        (40, 18, "after_hard_session"),
        (55, 8, "after_hard_session"),
        (58, 9, "step_up"),
        (91, 26, "step_up"),
        (112, 12, "after_hard_session"),
        (259, 32, "step_up"),
        (280, 18, "after_hard_session"),
        (363, 30, "steady"),
    ],
    "patchy": [
        (0, 5, "first_session"),
        (27, 9, "step_up"),
        (55, 16, "step_up"),
        (63, 11, "after_gap"),
        (70, 6, "after_gap"),
        (71, 6, "steady"),
        (125, 18, "step_up"),
        (210, 10, "after_gap"),
        (271, 22, "steady"),
        (341, 24, "steady"),
        (363, 18, "step_up"),
    ],
    "abandoned": [
        (0, 5, "first_session"),
        (30, 20, "step_up"),
        (60, 32, "step_up"),
        (66, 32, "step_up"),
        (67, 27, "after_gap"),
        (102, 5, "after_gap"),
        (180, 5, "after_gap"),
        (181, 5, "steady"),
        (195, 10, "step_up"),
        (260, 40, "at_cap"),
    ],
}


@pytest.mark.parametrize("year", YEARS)
def test_a_year_with_a_plan(year: str) -> None:
    """Days by number, what the plan says on them, and why."""
    evenings = live(NEW, YEARS[year])
    said = [(e.day, e.said.minutes, e.said.why.value) for e in evenings]
    assert [said[n] for n, _, _ in TABLES[year]] == TABLES[year]


@pytest.mark.parametrize("year", YEARS)
def test_no_year_has_a_jump(year: str) -> None:
    """Two minutes up, two down after a hard one, five for a week away."""
    minutes = [e.said.minutes for e in live(NEW, YEARS[year])]
    steps = {b - a for a, b in pairwise(minutes)}
    assert steps <= {2, 1, 0, -2, -5}


def test_the_picture_in_the_docs_is_of_this_plan() -> None:
    """Whoever changes a rule makes the picture anew: scripts/practice-figures."""
    assert PICTURE.read_text() == picture()


def test_the_first_reviews_come_before_half_an_hour() -> None:
    """After the 14 days of the trials a new person lies about ten minutes."""
    evenings = live(NEW, YEARS["good"])
    assert [evenings[n].said.minutes for n in (14, 21, 28)] == [9, 14, 18]
