"""What is said, when, and with which numbers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
import json
import math
from random import Random
from statistics import fmean

from hypothesis import given, strategies as st
import pytest

from custom_components.acupressure_mat.session.comparison import (
    Comparison,
    Question,
    _Case,
    _differences,
    compare,
    duration_arm,
    sleep,
    surface_arm,
    time_arm,
)
from custom_components.acupressure_mat.session.estimate import (
    correlation,
    estimate,
    probability_above_zero,
)
from custom_components.acupressure_mat.session.insights import (
    SENTENCES,
    Insights,
    WorstPain,
    heart_rate,
    insights,
    mean_relief,
    relief,
    worst_pain,
)
from custom_components.acupressure_mat.session.record import Ratings, Record
from custom_components.acupressure_mat.session.routine import Surface
from custom_components.acupressure_mat.session.session import Outcome, Reason

from .people import FIRST, Person
from .records import moment, record


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def rated(*pains: tuple[int | None, int | None], **fields: object) -> list[Record]:
    """Return a session a day, with pain before and after."""
    return [
        record(f"{day(n)}", before=before, after=after, **fields)  # type: ignore[arg-type]
        for n, (before, after) in enumerate(pains)
    ]


def by_turns(
    arms: tuple[dict[str, object], dict[str, object]],
    reliefs: tuple[list[int], list[int]],
    count: int,
) -> list[Record]:
    """Return two arms day about, with what relieves them, over and over."""
    return [
        record(
            f"{day(n)} {arms[n % 2].get('at', '21:00')}",
            float(arms[n % 2].get("minutes", 20)),  # type: ignore[arg-type]
            before=6,
            after=6 - reliefs[n % 2][n // 2 % len(reliefs[n % 2])],
            surface=arms[n % 2].get("surface"),
        )
        for n in range(2 * count)
    ]


# -- relief ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pains", "sentence"),
    [
        ([], "relief_too_early"),
        ([(6, 3)] * 7, "relief_too_early"),
        ([(6, 4)] * 8, "relief_clearly_better"),
        ([(6, 4), (6, 5)] * 10, "relief_slightly_better"),
        # a third of little pain is much, if it is a point
        ([(3, 2)] * 12, "relief_clearly_better"),
        ([(9, 8)] * 12, "relief_slightly_better"),
        # 15 % is slight, if it is half a point
        ([(4, 3), (4, 4), (4, 3)] * 20, "relief_slightly_better"),
        ([(1, 1), (1, 1), (1, 0)] * 40, "relief_no_clear_change"),
        ([(9, 9), (9, 9), (9, 8)] * 40, "relief_no_clear_change"),
        # ... and 15 % it is
        ([(4, 3), (4, 3), (4, 3), (4, 4), (4, 4)] * 12, "relief_slightly_better"),
        # two points, and yet it may be chance
        ([(9, 2), (5, 8), (8, 3), (6, 6)] * 2, "relief_no_clear_change"),
        ([(5, 5)] * 20, "relief_no_clear_change"),
        ([(0, 0)] * 20, "relief_no_clear_change"),
        ([(4, 5)] * 12, "relief_slightly_worse"),
        ([(0, 1)] * 12, "relief_slightly_worse"),
        ([(3, 6)] * 12, "relief_clearly_worse"),
    ],
)
def test_what_is_said_of_relief(pains: list[tuple[int, int]], sentence: str) -> None:
    """Clearly at 2 points or 33 %, slightly at 1 point or 15 %, and never by chance."""
    assert relief(rated(*pains)).sentence == sentence


def test_relief_comes_with_its_numbers() -> None:
    """Mean, share, count, interval and method: what the sentence rests on."""
    change = relief(rated(*[(6, 4), (6, 5), (5, 2), (7, 5)] * 4))
    assert (change.mean, change.count, change.method) == (2, 16, "mean")
    assert change.share == pytest.approx(1 / 3)
    assert change.low is not None
    assert change.high is not None
    assert 1.4 < change.low < 2 < change.high < 2.6


def test_two_equal_drops_are_as_sure_as_rounding_lets_them_be() -> None:
    """Of each drop both ends are rounded."""
    change = relief(rated((6, 4), (7, 5)))
    assert (change.low, change.high) == estimate(
        [2.0, 2.0], least_variance=2 / 12
    ).interval()


def test_no_answer_is_no_zero() -> None:
    """Who rates once in a while is judged by those sessions alone."""
    pains: list[tuple[int | None, int | None]] = [(6, 4), (None, 4), (6, None)]
    change = relief(rated(*pains, (None, None)))
    assert (change.mean, change.count) == (2, 1)
    assert (change.low, change.high) == (None, None)
    assert relief([]).mean is None


def test_lost_sessions_tell_nothing() -> None:
    """Nobody saw how they ended."""
    lost = rated(*[(6, 2)] * 20, outcome=Outcome.LOST)
    assert relief(lost).count == 0
    assert compare([*lost, *rated((6, 2), minutes=30)], Question.DURATION) == ()


# -- worst pain ----------------------------------------------------------------------


def pains_of(*pains: int) -> list[WorstPain]:
    return [WorstPain(day=day(n), pain=pain) for n, pain in enumerate(pains)]


@pytest.mark.parametrize(
    ("pains", "sentence"),
    [
        ([], "worst_pain_too_early"),
        ([5], "worst_pain_too_early"),
        ([7, 7, 7, 3, 3, 3], "worst_pain_too_early"),
        ([9] * 7 + [6] * 7 + [1] * 7, "worst_pain_too_early"),
        ([9] * 8 + [6] * 8 + [1] * 8, "worst_pain_clearly_better"),
        ([7, 8, 7, 6, 7] * 6 + [4, 5, 4, 3, 4] * 6, "worst_pain_clearly_better"),
        ([8, 9, 8, 8, 9] * 6 + [7, 7, 8, 7, 7] * 6, "worst_pain_slightly_better"),
        ([3, 4, 3, 4, 3] * 6 + [6, 7, 6, 6, 7] * 6, "worst_pain_clearly_worse"),
        ([8, 5, 6, 9, 7] * 12, "worst_pain_no_clear_change"),
        # One bad fortnight at the beginning is no trend.
        ([5] * 60 + [9] * 3, "worst_pain_no_clear_change"),
    ],
)
def test_what_is_said_of_the_worst_pain(pains: list[int], sentence: str) -> None:
    """Of the days, whatever single sessions relieved."""
    assert worst_pain(pains_of(*pains)).sentence == sentence


def test_worst_pain_comes_with_its_numbers() -> None:
    """Days in any order; the share is of the first third."""
    answers = pains_of(*[8] * 20, *[7] * 20, *[6] * 20)
    change = worst_pain(answers[::-1])
    assert (change.mean, change.share, change.count) == (2, 0.25, 60)
    assert change.method == "first_and_last_third"
    assert change.low is not None
    assert change.low > 1.5


def test_a_trend_supposes_that_days_follow_each_other() -> None:
    """By a half, which weighs as much as forty days; the middle third tells of it, too."""
    first, middle, last = [7, 8, 9] * 4, [6, 9, 6] * 4, [5, 4, 3] * 4
    change = worst_pain(pains_of(*first, *middle, *last))
    rho = correlation(first, middle, last, supposed=0.5, weight=40)
    before, after = (
        estimate(part, rho, least_variance=1 / 12) for part in (first, last)
    )
    assert (change.low, change.high) == before.minus(after).interval()


def test_six_days_have_two_at_either_end() -> None:
    """Their difference is told, if not yet what it means."""
    assert worst_pain(pains_of(7, 7, 7, 3, 3, 3)).mean == 4
    assert worst_pain(pains_of(7, 7, 7, 3, 3)).mean is None


def test_relief_and_trend_are_told_apart() -> None:
    """A trial found relief after each session and no change over weeks."""
    told = insights(rated(*[(7, 4)] * 40), pains_of(*[7, 8, 6, 7] * 15))
    assert told.relief.sentence == "relief_clearly_better"
    assert told.worst_pain.sentence == "worst_pain_no_clear_change"


@pytest.mark.parametrize("pain", [-1, 11, 4.5, None, "4"])
def test_worst_pain_is_0_to_10(pain: object) -> None:
    """Stored by hand or by a newer version: refused, not averaged."""
    with pytest.raises(ValueError, match="WorstPain"):
        WorstPain.from_dict({"day": "2026-01-05", "pain": pain})


def test_worst_pain_survives_the_disk() -> None:
    """A day and a number."""
    for pain in (0, 10):
        answer = WorstPain(day=FIRST, pain=pain)
        assert WorstPain.from_dict(json.loads(json.dumps(answer.as_dict()))) == answer


# -- heart rate ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drops", "sentence"),
    [
        ([4] * 7, "heart_rate_too_early"),
        ([4] * 8, "heart_rate_lower"),
        ([4, 6, 5, 3] * 5, "heart_rate_lower"),
        ([-4, -6, -5, -3] * 5, "heart_rate_higher"),
        ([4, -6, 5, -3] * 5, "heart_rate_no_clear_change"),
    ],
)
def test_what_is_said_of_the_heart_rate(drops: list[int], sentence: str) -> None:
    """Slower or faster, never good or bad."""
    records = [
        record(f"{day(n)}", heart_rate_before=70.0, heart_rate_after=70.0 - drop)
        for n, drop in enumerate(drops)
    ]
    # A watch that was taken off, and one that was put on late.
    half = [
        record(f"{day(90)}", heart_rate_before=70.0),
        record(f"{day(91)}", heart_rate_after=60.0),
    ]
    change = heart_rate([*records, *half, *rated((5, 5))])
    assert (change.sentence, change.count) == (sentence, len(drops))
    assert change.mean == fmean(drops)
    assert change.share is None


# -- comparisons -----------------------------------------------------------------------

TEN: dict[str, object] = {"minutes": 10}
TWENTY: dict[str, object] = {"minutes": 20}
MORNING: dict[str, object] = {"at": "07:30"}


@pytest.mark.parametrize(
    ("minutes", "arm"),
    [
        (5, None),
        (8, "10"),
        (12, "10"),
        (13, "15"),
        (17, "15"),
        (18, "20"),
        (24, "20"),
        (25, "30"),
        (40, "30"),
        (45, None),
        (60, None),
    ],
)
def test_which_duration_a_session_speaks_for(minutes: int, arm: str | None) -> None:
    """The nearest of 10, 15, 20 and 30; what is far from all speaks for none."""
    assert duration_arm(record("2026-01-05", minutes)) == arm


def test_a_session_speaks_for_what_was_asked() -> None:
    """Stopped after ten of thirty because it hurt: no praise of thirty, nor of ten."""
    asked = timedelta(minutes=30)
    stopped = record("2026-01-05", 10, reason=Reason.PAIN, asked=asked)
    assert duration_arm(stopped) == "30"


@pytest.mark.parametrize(
    ("at", "arm"),
    [
        ("03:59", "evening"),
        ("04:00", "morning"),
        ("11:59", "morning"),
        ("12:00", None),
        ("17:59", None),
        ("18:00", "evening"),
    ],
)
def test_which_time_a_session_speaks_for(at: str, arm: str | None) -> None:
    """Local time; the afternoon is neither."""
    assert time_arm(record(f"2026-01-05 {at}")) == arm


def test_an_unknown_surface_speaks_for_none() -> None:
    """Noted by hand."""
    assert surface_arm(record("2026-01-05")) is None
    assert surface_arm(record("2026-01-05", surface=Surface.BED)) == "bed"


@pytest.mark.parametrize(
    ("question", "arms", "names"),
    [
        (Question.DURATION, (TEN, TWENTY), ("10", "20")),
        (Question.TIME, (MORNING, {}), ("morning", "evening")),
        (
            Question.SURFACE,
            ({"surface": Surface.BED}, {"surface": Surface.FLOOR}),
            ("bed", "floor"),
        ),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_what_helped_more(
    question: Question,
    arms: tuple[dict[str, object], dict[str, object]],
    names: tuple[str, str],
    swapped: bool,
) -> None:
    """Two points more, by turns for two months: said, with all it rests on."""
    reliefs = ([0, 1, 2], [3, 3, 2])
    records = by_turns(arms, reliefs[::-1] if swapped else reliefs, 30)
    (found,) = compare(records, question)
    assert found.sentence == f"{question}_helped_more"
    assert (found.less, found.more) == (names[::-1] if swapped else names)
    assert (found.count_more, found.count_less, found.pairs) == (30, 30, 30)
    assert found.mean_more == pytest.approx(8 / 3)
    assert found.mean_less == 1
    assert found.difference == pytest.approx(5 / 3)
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < 5 / 3 < found.high
    assert found.probability is not None
    assert found.probability > 0.99
    assert found.method == "pairs"


@pytest.mark.parametrize(
    ("count", "answer"),
    [(7, "too_early"), (8, "no_clear_difference"), (30, "helped_more")],
)
def test_below_eight_sessions_an_arm_it_is_too_early(count: int, answer: str) -> None:
    """However large the difference; above, the probability is told before the claim."""
    records = by_turns((TEN, TWENTY), ([0, 1], [3, 2]), count)
    (found,) = compare(records, Question.DURATION)
    assert found.sentence == f"duration_{answer}"
    assert (found.probability is None) == (answer == "too_early")
    assert found.mean_more is not None


@pytest.mark.parametrize(
    ("count", "arms", "answer"),
    [
        # Fourteen in a row: 225 to 1. Enough for the one question about mornings,
        # not for each of six about durations.
        (14, ({}, MORNING), "time_helped_more"),
        (14, (TEN, TWENTY), "duration_no_clear_difference"),
        (16, (TEN, TWENTY), "duration_helped_more"),
        (10, ({}, MORNING), "time_no_clear_difference"),
    ],
)
def test_who_asks_more_needs_more_evidence(
    count: int, arms: tuple[dict[str, object], dict[str, object]], answer: str
) -> None:
    """Three questions share the three per cent, and the pairs of arms a question's."""
    records = by_turns(arms, ([1], [3]), count)
    told = insights(records)
    (found,) = told.durations + told.times
    assert found.sentence == answer


@pytest.mark.parametrize(("one", "answer"), [(8, "too_far_apart"), (7, "too_early")])
def test_both_arms_need_eight_sessions(one: int, answer: str) -> None:
    """Eight and eight that cannot be compared; more of the other does not help."""
    records = [
        *(record(f"{day(n)}", 10, before=6, after=6) for n in range(one)),
        *(record(f"{day(n + 60)}", 20, before=6, after=6) for n in range(8)),
    ]
    (found,) = compare(records, Question.DURATION)
    assert found.sentence == f"duration_{answer}"


def test_what_a_comparison_of_pain_rests_on() -> None:
    """Eight pairs, always two and a half points: no certainty, for all are rounded.

    The sceptic takes a difference for about one point, and a scatter of two.
    """
    records = by_turns((TEN, TWENTY), ([0, 1], [3, 3]), 8)
    (found,) = compare(records, Question.DURATION)
    differences = [3.0, 2.0] * 4
    low, high = estimate(differences, least_variance=4 / 12).interval()
    assert (found.low, found.high) == (low, high)
    assert found.probability == probability_above_zero(differences, doubt=1, typical=2)
    records = by_turns((TEN, TWENTY), ([0], [3]), 8)
    (found,) = compare(records, Question.DURATION)
    assert (found.low, found.high) == estimate(
        [3.0] * 8, least_variance=4 / 12
    ).interval()


def test_half_a_point_less_is_less_and_none_is_neither() -> None:
    """The one that is ahead is named first; of equal ones the first."""
    (found,) = compare(by_turns((TEN, TWENTY), ([1, 2], [1]), 10), Question.DURATION)
    assert (found.more, found.difference) == ("10", 0.5)
    (found,) = compare(by_turns((TEN, TWENTY), ([1], [1]), 10), Question.DURATION)
    assert (found.more, found.difference, found.probability) == ("10", 0, 0.5)


def test_arms_of_different_months_are_not_compared() -> None:
    """A plan that grew while the pain eased would else have proved long sessions."""
    first = [record(f"{day(n)}", 10, before=6, after=6) for n in range(60)]
    then = [record(f"{day(n)}", 20, before=6, after=2) for n in range(80, 140)]
    (found,) = compare(first + then, Question.DURATION)
    assert found.sentence == "duration_too_far_apart"
    assert (found.count_more, found.count_less, found.pairs) == (60, 60, 0)
    assert found.probability is None


def test_good_days_are_not_compared_with_bad_ones() -> None:
    """More pain leaves more to relieve, whatever one lies on."""
    records = [
        record(f"{day(n)}", 20 if n % 2 else 10, before=8 if n % 2 else 4, after=3)
        for n in range(60)
    ]
    (found,) = compare(records, Question.DURATION)
    assert found.sentence == "duration_too_far_apart"


@pytest.mark.parametrize(("other", "pairs"), [(4, 1), (8, 1), (3, 0), (9, 0)])
def test_two_points_apart_is_alike(other: int, pairs: int) -> None:
    """At the beginning of either; what they come to may differ by anything."""
    records = [
        record(f"{day(0)}", 10, before=6, after=6),
        record(f"{day(1)}", 20, before=other, after=0),
    ]
    (found,) = compare(records, Question.DURATION)
    assert found.pairs == pairs


def test_each_session_is_in_one_pair() -> None:
    """Twenty evenings beside one morning are one pair, not twenty."""
    records = [
        *rated(*[(6, 3)] * 20),
        record(f"{day(0)} 07:00", before=6, after=6),
    ]
    (found,) = compare(records, Question.TIME)
    assert (found.pairs, found.count_more, found.count_less) == (1, 1, 20)


def test_the_nearest_makes_the_pair() -> None:
    """Of several that wait, the last; the others are left for who comes next."""
    cases = [
        _Case(timedelta(days=at), arm, value)
        for at, arm, value in (
            (0, "a", 1.0),
            (3, "a", 5.0),
            (4, "b", 2.0),
            (5, "b", 0.0),
        )
    ]
    assert _differences(cases[:3], "a", "b") == [3.0]
    assert _differences(cases, "b", "a") == [-3.0, -1.0]


def test_pairs_are_of_a_week() -> None:
    """Seven days apart is near, at any time of day; a second more is not."""
    week, first = timedelta(days=7), moment("2026-01-05 21:00")
    starts = [first + timedelta(seconds=n * 1237) for n in range(70)]
    for start, gap, pairs in [
        *((start, week, 1) for start in starts),
        (first, week + timedelta(seconds=1), 0),
    ]:
        records = [
            record(start, 10, before=6, after=6),
            record(start + gap, 20, before=6, after=6),
        ]
        (found,) = compare(records, Question.DURATION)
        assert found.pairs == pairs


def test_the_surest_comes_first() -> None:
    """What is shown alone must be what is known best."""
    records = [
        record(f"{day(n)}", minutes, before=7, after=7 - relieved)
        for n in range(160)
        for minutes, relieved in [[(10, n % 2), (20, 3 + n // 4 % 2), (30, 2)][n % 3]]
    ]
    found = compare(records, Question.DURATION)
    assert {(c.more, c.less) for c in found} == {
        ("20", "10"),
        ("20", "30"),
        ("30", "10"),
    }
    assert (found[0].more, found[0].less) == ("20", "10")
    claims = [c.sentence == "duration_helped_more" for c in found]
    assert claims == sorted(claims, reverse=True)


def test_a_claim_comes_before_what_is_only_probable_and_that_before_nothing() -> None:
    """Of those that claim nothing the most probable first, and last whatever has none."""
    records = [
        *by_turns((TEN, TWENTY), ([1], [3]), 20),
        # Next year: thirty minutes beside fifteen, now better and now worse.
        *(
            record(
                f"{day(400 + n)}",
                (15, 30)[n % 2],
                before=6,
                after=(5, 4, 5, 6, 5, 4)[n % 6],
            )
            for n in range(24)
        ),
    ]
    found = compare(records, Question.DURATION)
    assert {found[0].more, found[0].less} == {"10", "20"}
    assert {found[1].more, found[1].less} == {"15", "30"}
    assert [c.probability is None for c in found] == [False, False, *[True] * 4]
    assert [c.sentence for c in found[:3]] == [
        "duration_helped_more",
        "duration_no_clear_difference",
        "duration_too_far_apart",
    ]


def test_the_order_of_records_does_not_matter() -> None:
    """Pairs are made in the order of time, not of the file."""
    records = Person().year(Random(7), days=90)
    shuffled = Random(1).sample(records, len(records))
    assert insights(shuffled) == insights(records)


def test_the_more_probable_comes_before_the_more_often_tried() -> None:
    """While neither is sure."""
    records = [
        *by_turns((TEN, TWENTY), ([1], [3]), 8),
        *(
            record(
                f"{day(400 + n)}", (15, 30)[n % 2], before=6, after=(5, 4)[n // 2 % 2]
            )
            for n in range(24)
        ),
    ]
    first, second = compare(records, Question.DURATION)[:2]
    assert ({first.more, first.less}, first.pairs) == ({"10", "20"}, 8)
    assert ({second.more, second.less}, second.pairs) == ({"15", "30"}, 12)


# -- sleep -----------------------------------------------------------------------------


def sleep_of(mat: list[float], other: list[float], count: int) -> Comparison | None:
    """Return what is said of nights by turns with and without the mat."""
    nights = {
        day(n): (mat, other)[n % 2][n // 2 % len((mat, other)[n % 2])]
        for n in range(2 * count)
    }
    return sleep(nights, [record(f"{day(n)}") for n in range(0, 2 * count, 2)])


@pytest.mark.parametrize(
    ("mat", "other", "count", "sentence"),
    [
        ([80, 82], [70, 71], 7, "sleep_too_early"),
        ([80, 82], [70, 71], 30, "sleep_higher"),
        ([6.5, 7.0], [7.5, 8.5], 30, "sleep_higher"),
        ([75, 70, 80], [74, 81, 70], 30, "sleep_no_clear_difference"),
        ([75], [75], 30, "sleep_no_clear_difference"),
    ],
)
def test_what_is_said_of_sleep(
    mat: list[float], other: list[float], count: int, sentence: str
) -> None:
    """Higher on these nights or on those, in any unit; never that the mat did it."""
    found = sleep_of(mat, other, count)
    assert found is not None
    assert found.sentence == sentence
    if sentence == "sleep_higher":
        assert found.more == ("mat" if fmean(mat) > fmean(other) else "no_mat")


def test_nights_come_with_their_numbers() -> None:
    """How many of each, their means, and how sure."""
    found = sleep_of([80, 82], [70, 71], 20)
    assert found is not None
    assert (found.count_more, found.count_less, found.pairs) == (20, 20, 20)
    assert (found.mean_more, found.mean_less) == (81, 70.5)
    assert found.difference == pytest.approx(10.5, abs=0.3)
    assert found.probability is not None
    assert found.probability > 0.99


def test_the_sceptic_of_sleep_has_the_unit_of_its_sensor() -> None:
    """Differences are thought to scatter as they do, and to be half of that."""
    differences = [10.0, 20.0] * 4
    found = sleep_of([80, 90], [70], 8)
    assert found is not None
    scatter = math.sqrt(fmean(d * d for d in differences))
    assert found.probability == probability_above_zero(
        differences, doubt=scatter / 2, typical=scatter
    )
    # A sensor does not round as people do.
    found = sleep_of([80], [70], 8)
    assert found is not None
    assert (found.low, found.high) == (10, 10)


@pytest.mark.parametrize(
    ("count", "answer"), [(10, "no_clear_difference"), (11, "higher")]
)
def test_the_one_question_about_sleep_has_all_of_its_doubt(
    count: int, answer: str
) -> None:
    """Ten nights in a row are 32 to 1; 34 it takes."""
    found = sleep_of([80], [70], count)
    assert found is not None
    assert found.sentence == f"sleep_{answer}"


def test_only_an_evening_on_the_mat_makes_a_mat_night() -> None:
    """A morning, or half a minute, has no night; one after midnight has the last."""
    nights = {day(n): 70.0 + n for n in range(4)}
    records = [
        record(f"{day(0)} 07:00"),
        record(f"{day(1)} 21:00", 0.5, reason=Reason.PAIN),
        record(f"{day(3)} 00:20"),
    ]
    found = sleep(nights, records)
    assert found is not None
    assert (found.more, found.less) == ("mat", "no_mat")
    assert (found.mean_more, found.count_more, found.count_less) == (72, 1, 3)


def test_without_nights_of_both_kinds_nothing_is_said() -> None:
    """No sensor, or the mat every evening."""
    assert sleep({}, []) is None
    assert sleep({day(0): 70.0}, []) is None
    assert sleep({day(0): 70.0}, [record(f"{day(0)}")]) is None


# -- all together ------------------------------------------------------------------------


def test_all_at_once() -> None:
    """What get_insights returns, as JSON data."""
    random = Random(11)
    person = Person(relief=2, pain=6, adds={"20": 1}, pain_a_year=-3)
    records = person.year(random)
    told = insights(records, person.worst_pains(random), person.nights(random, records))
    assert told.relief.sentence == "relief_clearly_better"
    assert told.worst_pain.sentence.endswith("better")
    assert len(told.durations) == 6
    assert (len(told.times), len(told.surfaces)) == (1, 3)
    assert told.sleep is not None
    data = json.loads(json.dumps(told.as_dict()))
    assert data["relief"]["sentence"] == "relief_clearly_better"
    assert data["durations"][0]["more"] == told.durations[0].more


def test_of_nothing_nothing_is_said() -> None:
    """A new mat."""
    told = insights([])
    assert told == Insights(
        relief=relief([]), worst_pain=worst_pain([]), heart_rate=heart_rate([])
    )
    assert {told.relief.sentence, told.worst_pain.sentence} == {
        "relief_too_early",
        "worst_pain_too_early",
    }


def sentences(told: Insights) -> set[str]:
    """Return every sentence that was said."""
    comparisons = [*told.durations, *told.times, *told.surfaces]
    comparisons += [told.sleep] if told.sleep else []
    changes = [told.relief, told.worst_pain, told.heart_rate]
    return {c.sentence for c in comparisons} | {c.sentence for c in changes}


ratings = st.none() | st.integers(0, 10)
any_records = st.lists(
    st.builds(
        lambda at, minutes, before, after, surface, heart, outcome: replace(
            record(moment("2026-01-05") + timedelta(hours=at), minutes),
            ratings=Ratings(pain_before=before, pain_after=after),
            surface=surface,
            heart_rate_before=heart,
            heart_rate_after=60.0,
            outcome=outcome,
        ),
        st.integers(0, 2000),
        st.integers(0, 60),
        ratings,
        ratings,
        st.sampled_from([None, *Surface]),
        st.none() | st.floats(30, 200),
        st.sampled_from([Outcome.COMPLETED, Outcome.LOST, Outcome.STOPPED]),
    ),
    max_size=80,
)
any_nights = st.dictionaries(
    st.dates(FIRST, day(60)), st.floats(-1e6, 1e6), max_size=60
)


@given(
    any_records,
    st.lists(st.integers(0, 10), max_size=60).map(lambda p: pains_of(*p)),
    any_nights,
)
def test_whatever_was_recorded_each_statement_holds_together(
    records: list[Record], pains: list[WorstPain], nights: dict[date, float]
) -> None:
    """No error, no unknown sentence, no number outside of what it can be."""
    told = insights(records, pains, nights)
    assert sentences(told) <= SENTENCES
    json.dumps(told.as_dict())
    for change in (told.relief, told.worst_pain, told.heart_rate):
        if change.low is not None and change.high is not None:
            assert change.mean is not None
            assert change.low <= change.mean <= change.high
    for each in (*told.durations, *told.times, *told.surfaces):
        assert each.pairs <= min(each.count_more, each.count_less)
        if each.probability is not None:
            assert 0.5 <= each.probability <= 1
            assert each.pairs >= 8
            assert each.low is not None
            assert each.high is not None
            assert each.difference is not None
            assert each.low <= each.difference <= each.high


def test_many_records_are_no_burden() -> None:
    """Twenty thousand in half a year: the work grows as they do, not as their square."""
    start = datetime(2026, 1, 5, tzinfo=UTC)
    arms = ((10, Surface.BED), (20, Surface.FLOOR), (30, Surface.COUCH))
    records = [
        record(
            start + timedelta(minutes=15 * n),
            arms[n % 3][0],
            surface=arms[n % 3][1],
            before=n % 11,
            after=n % 7,
        )
        for n in range(20_000)
    ]
    told = insights(records)
    assert told.relief.count == 20_000
    assert told.times[0].pairs > 100


def test_mean_relief_is_of_those_that_told_both_and_of_no_older_ones() -> None:
    """Two weeks; zero is an answer, a pain told once is none, worse counts as worse."""
    since = moment("2026-01-05 21:00")
    records = [
        record("2026-01-04", before=9, after=0),
        record("2026-01-05", before=6, after=3),
        record("2026-01-06", before=4, after=4),
        record("2026-01-07", before=2, after=5),
        record("2026-01-08", before=8),
        record("2026-01-09"),
        record("2026-01-10", before=5, after=3),
    ]
    assert mean_relief(records, since) == 0.5
    assert mean_relief(records[4:6], since) is None
    assert mean_relief([], since) is None
