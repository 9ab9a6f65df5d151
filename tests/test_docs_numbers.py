"""Numbers that pages and forms give in words are those of the code."""

from datetime import UTC, datetime, timedelta
import re

import pytest

from custom_components.acupressure_mat import (
    mat_sensor,
    phone,
    reminders,
    services,
    subentries,
    told,
    try_it,
)
from custom_components.acupressure_mat.const import EXTENSION
from custom_components.acupressure_mat.environment import device, fades, light, sounds
from custom_components.acupressure_mat.meant import kind_at
from custom_components.acupressure_mat.session import (
    comparison,
    insights,
    plan,
    practice,
    routine,
    session,
)
from custom_components.acupressure_mat.session.routine import Kind

from .source import INTEGRATION, read_json

DOCS = INTEGRATION.parents[1] / "docs"
WORDS = {1: "one", 2: "two", 3: "three", 5: "five", 12: "twelve"}


def minutes(length: timedelta) -> int:
    return round(length / timedelta(minutes=1))


def seconds(length: timedelta) -> int:
    return round(length / timedelta(seconds=1))


def hours(length: timedelta) -> int:
    return round(length / timedelta(hours=1))


def text_of(page: str) -> str:
    return (DOCS / f"{page}.md").read_text(encoding="utf-8")


START = {experience: minutes(length) for experience, length in plan.START.items()}
STEPS = [(minutes(below), needed, minutes(by)) for below, needed, by in plan.STEPS]
SOME, MOST = (minutes(m) for m in (routine.MIN_DURATION, routine.MAX_DURATION))
BEGIN, END = phone.NIGHT
REHEARSAL = (
    f"from {seconds(services.SHORTEST_REHEARSAL)} seconds"
    f" to {minutes(services.LONGEST_REHEARSAL)} minutes"
)
BEGINNING = (
    f"{START[plan.Experience.NEW]} minutes if you are new,"
    f" {START[plan.Experience.SOME]} with some experience,"
    f" {START[plan.Experience.USED_TO_IT]} if you are used to it"
)
GROWTH = (
    f"below {STEPS[0][0]} minutes by {WORDS[STEPS[0][2]]} for {WORDS[STEPS[0][1]]} of"
    f" them, below {STEPS[1][0]} by {WORDS[STEPS[1][2]]} for {WORDS[STEPS[1][1]]},"
    f" from {STEPS[1][0]} on by {WORDS[STEPS[2][2]]} for {WORDS[STEPS[2][1]]}"
)

# What a page says, as the code has it.
SAID = [
    # -- sessions
    ("limitations", f"A session lasts from {SOME} to {MOST} minutes"),
    ("voice", f"Sessions last from {SOME} to {MOST} minutes"),
    ("entities", f"After {minutes(session.PAUSE_LIMIT)} minutes of pause it ends"),
    ("entities", f"{WORDS[minutes(EXTENSION)].capitalize()} minutes more"),
    ("practice", f"paused for more than {minutes(session.PAUSE_LIMIT)} minutes"),
    ("setup", f"in {seconds(try_it.LENGTH)} seconds in your room"),
    ("actions", REHEARSAL),
    # -- the room
    ("setup", f"come up by {routine.RAISE} points of 100"),
    ("safety", f"The light comes up to {routine.SAFE} %"),
    ("safety", f"for {WORDS[minutes(session.SAFE_LIGHT)]} minutes at least"),
    ("limitations", f"and for up to {seconds(light.LONG_FADE)} seconds"),
    ("limitations", f"{WORDS[round(timedelta(seconds=1) / fades.PACE)]} a second"),
    ("restarts", f"more than {minutes(device.STALE)} minutes after its end"),
    ("speech", f"goes down to {sounds.BELOW_A_VOICE * 100:.0f} %"),
    # -- plan
    ("practice", BEGINNING),
    ("practice", GROWTH),
    ("practice", f"never less than {minutes(plan.SHORTEST)} minutes"),
    ("practice", f"your cap ({minutes(plan.CAP)} unless you change it"),
    ("practice", f"the pain afterwards was {plan.HARD} of 10 at most"),
    ("practice", f"The next is {minutes(plan.RELENT)} minutes shorter"),
    ("practice", f"steps back by {minutes(plan.STEP_BACK)} minutes"),
    ("practice", f"starts {minutes(plan.STEP_BACK)} minutes lower"),
    # -- days
    ("practice", f"{hours(practice.BOUNDARY):02}:00 local time unless you change it"),
    ("practice", f"only from {hours(practice.EVENING)}:00 on"),
    ("practice", f"({subentries.DEFAULT_GOAL} days a week unless you change it)"),
    # -- pain
    ("entities", f"up to {minutes(told.BEFORE)} minutes before a session"),
    ("entities", f"within {hours(told.AFTER)} hours after one"),
    ("notifications", f"nobody answers for {WORDS[hours(told.AFTER)]} hours"),
    # -- insights
    ("practice", f"at {insights.CLEAR[0]:.0f} points or {insights.CLEAR[1]:.0%}"),
    ("practice", f"at {insights.SLIGHT[0]:.0f} point or {insights.SLIGHT[1]:.0%}"),
    ("practice", f"the {insights.CERTAIN:.1%} interval"),
    (
        "practice",
        f"{comparison.FEWEST} sessions, or {comparison.FEWEST * 3} days, must be rated",
    ),
    ("practice", f"at most {comparison.NEAR.days} days apart"),
    ("practice", f"about the same pain ({comparison.ALIKE} points)"),
    ("practice", f"at most {comparison.FALSE_CLAIMS * 100:.0f} in 100"),
    ("practice", f"*higher* is said at {1 / comparison.FALSE_CLAIMS:.0f}"),
    # -- what comes by itself
    ("notifications", f"from {BEGIN.hour}:00 to {END.hour}:00"),
    ("notifications", f"In {minutes(reminders.LATER)} min"),
    ("setup", f"staying away for {minutes(mat_sensor.LEFT)} minutes ends it"),
    ("setup", f"at bedtime within {hours(mat_sensor.NIGHT)}"),
]


@pytest.mark.parametrize(("page", "phrase"), SAID)
def test_a_page_says_what_the_code_does(page: str, phrase: str) -> None:
    """A number that was changed in one place only."""
    # A share is written with a space before its sign.
    assert re.sub(r"(?<=\d)%", " %", phrase) in text_of(page)


def test_times_of_day_are_those_by_which_a_routine_is_chosen() -> None:
    """Whoever speaks at ten past eleven is asked, not guessed at."""
    kinds = read_json("translations/en.json")["selector"]["kind"]["options"]
    spans = re.findall(r"\*([\w ]+)\* from (\d+):00 to (\d+):00", text_of("voice"))
    assert len(spans) == 3
    by_hour: dict[int, str] = {}
    for name, begin, end in spans:
        for hour in range(int(begin), int(end) + (24 if int(end) < int(begin) else 0)):
            by_hour[hour % 24] = name
    for hour in range(24):
        kind = kind_at(datetime(2026, 11, 20, hour, 30, tzinfo=UTC))
        assert by_hour.get(hour) == (kinds[kind] if kind else None)
    bedtime = next(span for span in spans if span[0] == kinds[Kind.BEDTIME])
    assert f"from {bedtime[1]}:00 to {bedtime[2]}:00, the answers" in text_of("voice")
