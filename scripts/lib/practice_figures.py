"""The picture and the table of docs/practice.md."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import groupby
from pathlib import Path
from statistics import median
import sys
from typing import Any

from custom_components.acupressure_mat.session.plan import Plan, is_hard
from tests.session.measure import (
    DIFFERS,
    NOTHING_DIFFERS,
    Case,
    Claims,
    covered,
    first_change,
    helped_more,
    pairs_covered,
    sleep_claim,
    textbook,
    trend_covered,
)
from tests.session.people import Person
from tests.session.plan_years import DAYS, YEARS, Evening, live

DOCS = Path(__file__).parents[2] / "docs"
PICTURE = DOCS / "practice-plan.svg"
PAGE = DOCS / "practice.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

# -- the picture -------------------------------------------------------------------

TITLES = {
    "good": "Good: every evening, always well",
    "bad": "Bad: every evening; after five good weeks three in which each third one is too much",
    "patchy": "Patchy: three a week, two weeks off after every eight",
    "abandoned": "Abandoned: 60 days, then nothing for 120, then daily again",
}
LEFT, TOP, WIDTH, HEIGHT, GAP = 44, 30, 728, 88, 52
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; }
  .small { font-size: 11px; fill: #57606a; }
  .grid { stroke: #d0d7de; stroke-width: 1; }
  .done { fill: #8250df; opacity: .3; }
  .plan { fill: none; stroke: #8250df; stroke-width: 1.8; }
  .hard { fill: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .small { fill: #9da7b3; }
    .grid { stroke: #3d444d; }
    .done { fill: #b083f0; }
    .plan { stroke: #b083f0; }
    .hard { fill: #f0883e; }
  }
"""


HEAD = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{width}} {{height}}" role="img">
<title>Four years with a plan</title>
<desc>Minutes that the plan says on each day of a year, for good, bad, patchy and
abandoned practice. docs/practice.md tells them in words.</desc>
<style>{STYLE.replace("{", "{{").replace("}", "}}")}</style>"""


def picture() -> str:
    """Return the four years as an SVG that reads in light and dark."""
    height = TOP + len(YEARS) * (HEIGHT + GAP) - 22
    panels = [
        panel(TITLES[name], live(Plan(), how), TOP + n * (HEIGHT + GAP))
        for n, (name, how) in enumerate(YEARS.items())
    ]
    return "\n".join(
        (HEAD.format(width=LEFT + WIDTH + 12, height=height), *panels, "</svg>\n")
    )


def runs(values: Iterable[float]) -> Iterable[tuple[int, int, float]]:
    """Yield how long each value lasts: first day, day after the last, value."""
    day = 0
    for value, same in groupby(values):
        first, day = day, day + len(list(same))
        yield first, day, value


def panel(title: str, evenings: Sequence[Evening], top: int) -> str:
    """Return one year: the plan's line, what was done under it, hard sessions below."""

    def x(day: float) -> float:
        return round(LEFT + day / DAYS * WIDTH, 1)

    def y(minutes: float) -> float:
        return round(top + HEIGHT * (1 - minutes / 40), 1)

    parts = [f'<text class="title" x="{LEFT}" y="{top - 10}">{title}</text>']
    parts += [
        f'<line class="grid" x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y(minutes)}"'
        f' y2="{y(minutes)}"/><text class="small" x="{LEFT - 8}"'
        f' y="{y(minutes) + 4}" text-anchor="end">{minutes}</text>'
        for minutes in (0, 10, 20, 40)
    ]
    parts += [
        f'<text class="small" x="{x(week * 7)}" y="{top + HEIGHT + 22}"'
        f' text-anchor="middle">week {week}</text>'
        for week in range(4, 52, 8)
    ]
    done = "".join(
        f"M{x(first)} {y(0)}V{y(minutes)}H{x(end)}V{y(0)}z"
        for first, end, minutes in runs(
            e.record.minutes if e.record else 0 for e in evenings
        )
        if minutes
    )
    said = "".join(
        f"V{y(minutes)}H{x(end)}"
        for _, end, minutes in runs(e.said.minutes for e in evenings)
    )
    parts += [
        f'<path class="done" d="{done}"/>',
        f'<path class="plan" d="M{x(0)} {y(0)}{said}"/>',
    ]
    parts += [
        f'<circle class="hard" cx="{x(e.day + 0.5)}" cy="{top + HEIGHT + 6}" r="2"/>'
        for e in evenings
        if e.record and is_hard(e.record)
    ]
    return "\n".join(parts)


# -- the table ---------------------------------------------------------------------


def share(right: int, of: int) -> str:
    """Return a percentage, with one decimal where it matters."""
    percent = 100 * right / of if of else 0
    return f"{percent:.1f} %" if percent < 10 else f"{percent:.0f} %"


def false_ones(case: Case, claims: Claims) -> bool:
    """Return whether anything was claimed that is not so."""
    return bool(set(claims) - case.true)


class Campaign:
    """Asks the same of many people, on all processors."""

    def __init__(self, pool: ProcessPoolExecutor, people: int) -> None:
        """Ask so many people of each kind."""
        self._pool, self._people = pool, people

    def ask[T](self, question: Callable[[int], T], times: int = 1) -> list[T]:
        """Return everyone's answer."""
        seeds = range(self._people * times)
        return list(self._pool.map(question, seeds, chunksize=10))

    def tables(self) -> Iterable[str]:
        """Yield the lines of all tables."""
        yield f"{self._people} people of each kind, a year each, a look every week."
        yield from self.false_comparisons()
        yield from self.true_comparisons()
        yield from self.changes()
        yield from self.coverage()

    def false_comparisons(self) -> Iterable[str]:
        """Yield how often something is said to help that does not."""
        yield "\n**Nothing differs: who is ever told that something helped more?**\n"
        yield "| a person who … | told falsely | with the textbook's rule, durations alone |"
        yield "| --- | ---: | ---: |"
        for case in NOTHING_DIFFERS:
            ours = self.ask(partial(helped_more, case))
            theirs = self.ask(partial(textbook, case))
            yield f"| {case.label} | {_part(ours)} | {_part(theirs)} |"

    def true_comparisons(self) -> Iterable[str]:
        """Yield how often, and when, it is said what does help."""
        yield "\n**Something differs: who is told, and when?**\n"
        yield "| truth | told in 3 months | in 6 | in 12 | told something false besides |"
        yield "| --- | ---: | ---: | ---: | ---: |"
        for case in DIFFERS:
            all_claims = self.ask(partial(helped_more, case))
            first = [
                min((w for c, w in claims.items() if c in case.true), default=99)
                for claims in all_claims
            ]
            by = [
                share(sum(w <= weeks for w in first), len(first))
                for weeks in (13, 26, 52)
            ]
            wrong = sum(false_ones(case, claims) for claims in all_claims)
            yield f"| {case.label} | {' | '.join(by)} | {share(wrong, len(first))} |"

    def changes(self) -> Iterable[str]:
        """Yield how often, and when, a change is called one."""
        yield "\n**Changes**\n"
        yield "| truth | told of a change in a year | in which week (median) |"
        yield "| --- | ---: | ---: |"
        rows: list[tuple[str, str, Person]] = [
            ("no relief", "relief", Person()),
            ("no relief, in moods that last", "relief", Person(relief_follow=0.6)),
            ("1 point of relief", "relief", Person(relief=1)),
            ("2 points of relief", "relief", Person(relief=2)),
            (
                "worst pain wanders (0.3 from day to day)",
                "worst_pain",
                Person(follow=0.3),
            ),
            ("worst pain wanders (0.5)", "worst_pain", Person()),
            ("worst pain wanders (0.7)", "worst_pain", Person(follow=0.7)),
            (
                "worst pain falls by 2.5 points a year",
                "worst_pain",
                Person(pain_a_year=-2.5),
            ),
            (
                "worst pain falls by 4 points a year",
                "worst_pain",
                Person(pain_a_year=-4),
            ),
            ("heart rate wanders", "heart_rate", Person()),
        ]
        for label, what, person in rows:
            told = self.ask(partial(first_change, what, person))
            yield f"| {label} | {_part(told)} | {_week(told)} |"
        for label, adds in (("sleep wanders", 0), ("nights score 3 of 75 higher", 3)):
            told = self.ask(partial(sleep_claim, adds=adds))
            yield f"| {label} | {_part(told)} | {_week(told)} |"

    def coverage(self) -> Iterable[str]:
        """Yield how often the 95 % intervals hold the truth."""
        yield "\n**How often a 95 % interval holds the truth**\n"
        yield "| interval | shortest | | | longest |"
        yield "| --- | ---: | ---: | ---: | ---: |"
        for follow in (0.0, 0.3, 0.5):
            cells = [
                f"{_part(self.ask(partial(covered, follow, n), 5))} of {n} sessions"
                for n in (8, 15, 30, 100)
            ]
            yield f"| relief, sessions follow each other by {follow} | {' | '.join(cells)} |"
        cells = []
        for weeks in (6, 12, 26, 52):
            said = self.ask(partial(pairs_covered, 1.0, weeks))
            known = [held for held in said if held is not None]
            cells.append(f"{_part(known)} in {weeks} weeks")
        yield f"| difference of two arms, truly 1 point | {' | '.join(cells)} |"
        cells = [
            f"{_part(self.ask(partial(trend_covered, days), 3))} of {days} days"
            for days in (30, 60, 120, 364)
        ]
        yield f"| trend of the worst pain, which has none | {' | '.join(cells)} |"


def _part(answers: Sequence[Any]) -> str:
    return share(sum(map(bool, answers)), len(answers))


def _week(told: Sequence[tuple[int, str] | None]) -> str:
    weeks = [answer[0] for answer in told if answer]
    return f"{median(weeks):.0f}" if len(weeks) > len(told) / 2 else "–"


def main(arguments: Sequence[str]) -> None:
    """Write the picture, and the table if that is asked for."""
    PICTURE.write_text(picture())
    if arguments[:1] == ["measure"]:
        people = int(arguments[1]) if len(arguments) > 1 else 300
        with ProcessPoolExecutor() as pool:
            table = "\n".join(Campaign(pool, people).tables())
        before, _, rest = PAGE.read_text().partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n{table}\n\n{END}{after}")


if __name__ == "__main__":
    main(sys.argv[1:])
