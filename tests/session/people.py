"""Synthetic people with a known truth, to measure insights against.

A person's pain wanders from day to day; ratings are rounded to whole points and carry an
error of their own. What lying down relieves is known, and so is what each arm adds.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
import math
from random import Random

from custom_components.acupressure_mat.session.insights import WorstPain
from custom_components.acupressure_mat.session.record import Record
from custom_components.acupressure_mat.session.routine import Surface

from .records import moment, record

FIRST = date(2026, 1, 5)
ARMS: dict[str, tuple[str, ...]] = {
    "duration": ("10", "15", "20", "30"),
    "time": ("morning", "evening"),
    "surface": ("bed", "couch", "floor"),
}


class Wander:
    """Values around zero that follow each other: an AR(1) process."""

    def __init__(self, random: Random, spread: float, follow: float) -> None:
        """Start anywhere."""
        self._random, self._follow = random, follow
        self._kick = spread * math.sqrt(1 - follow * follow)
        self._value = random.gauss(0, spread)

    def step(self) -> float:
        """Return the next value."""
        self._value = self._follow * self._value + self._random.gauss(0, self._kick)
        return self._value


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who they are, in points of pain; by default nothing helps and nothing differs."""

    pain: float = 5.0
    # How the pain wanders from day to day, and how much a day follows the last.
    spread: float = 1.2
    follow: float = 0.5
    # The same for what a session relieves.
    relief: float = 0.0
    relief_spread: float = 0.7
    relief_follow: float = 0.3
    # How much of the pain of the hour a session takes away besides.
    share: float = 0.0
    # The error of a rating.
    error: float = 0.6
    # By how much the pain, and the relief, change by themselves in a year.
    pain_a_year: float = 0.0
    relief_a_year: float = 0.0
    # How much worse the evenings are than the mornings.
    evening: float = 0.0
    # What an arm relieves more than the others.
    adds: dict[str, float] = field(default_factory=dict)
    # How the arms are chosen: by turns, longer as the plan grows, longer when it hurts.
    chooses: str = "turns"
    # The chance of a session on a day, and that it is rated.
    practises: float = 0.85
    rates: float = 0.9

    def year(self, random: Random, days: int = 364) -> list[Record]:
        """Return the records of a year."""
        pain = Wander(random, self.spread, self.follow)
        relief = Wander(random, self.relief_spread, self.relief_follow)
        records = []
        for day in range(days):
            part = day / 364
            hurts = self.pain + self.pain_a_year * part + pain.step()
            eases = self.relief + self.relief_a_year * part + relief.step()
            arms = self._arms(random, part, hurts)
            if random.random() > self.practises:
                continue
            hurts += self.evening if arms["time"] == "evening" else 0
            eases += sum(self.adds.get(arm, 0) for arm in arms.values())
            eases += self.share * hurts
            rated = random.random() < self.rates
            records.append(
                record(
                    _start(day, arms["time"]),
                    float(arms["duration"]),
                    surface=Surface(arms["surface"]),
                    before=self._rating(random, hurts) if rated else None,
                    after=self._rating(random, hurts - eases) if rated else None,
                )
            )
        return records

    def _arms(self, random: Random, part: float, hurts: float) -> dict[str, str]:
        arms = {question: random.choice(arms) for question, arms in ARMS.items()}
        if self.chooses == "plan":
            arms["duration"] = ARMS["duration"][min(3, int(part * 4))]
        elif self.chooses == "bad days":
            worse = hurts + random.gauss(0, 0.5) - self.pain
            arms["duration"] = ARMS["duration"][
                min(3, max(0, round(1.5 + worse / self.spread)))
            ]
        return arms

    def _rating(self, random: Random, value: float) -> int:
        return min(10, max(0, round(value + random.gauss(0, self.error))))

    def worst_pains(self, random: Random, days: int = 364) -> list[WorstPain]:
        """Return the worst pain of each day."""
        pain = Wander(random, self.spread, self.follow)
        return [
            WorstPain(
                day=FIRST + timedelta(days=day),
                pain=self._rating(
                    random, self.pain + self.pain_a_year * day / 364 + pain.step()
                ),
            )
            for day in range(days)
            if random.random() < self.rates
        ]

    def nights(
        self,
        random: Random,
        records: list[Record],
        mat_adds: float = 0,
        days: int = 364,
    ) -> dict[date, float]:
        """Return a sleep score for each night, around 75 and as a week goes."""
        wander = Wander(random, 6, self.follow)
        evenings = {r.started_at.date() for r in records if r.started_at.hour >= 18}
        nights: dict[date, float] = {}
        for day in range(days):
            evening = FIRST + timedelta(days=day)
            score = 75 + wander.step() + random.gauss(0, 4)
            nights[evening] = round(score + (mat_adds if evening in evenings else 0))
        return nights


def _start(day: int, part: str) -> datetime:
    at = time(7, 30) if part == "morning" else time(21, 30)
    return moment(f"{FIRST + timedelta(days=day)} {at}")
