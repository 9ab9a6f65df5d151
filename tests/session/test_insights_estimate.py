"""The statistics: against tables, closed forms and what must hold by arithmetic."""

from itertools import product
import math
from random import Random
from statistics import NormalDist, fmean, stdev

import pytest

from custom_components.acupressure_mat.session.estimate import (
    ROUNDING,
    Estimate,
    correlation,
    estimate,
    evidence,
    probability_above_zero,
    t_cdf,
    t_quantile,
)

from .people import Wander


@pytest.mark.parametrize(
    ("df", "p95", "p975", "p995"),
    [
        (1, 6.314, 12.706, 63.657),
        (2, 2.920, 4.303, 9.925),
        (3, 2.353, 3.182, 5.841),
        (5, 2.015, 2.571, 4.032),
        (7, 1.895, 2.365, 3.499),
        (10, 1.812, 2.228, 3.169),
        (30, 1.697, 2.042, 2.750),
        (120, 1.658, 1.980, 2.617),
    ],
)
def test_students_t_is_that_of_the_tables(
    df: int, p95: float, p975: float, p995: float
) -> None:
    """Every statistics book prints these."""
    assert t_quantile(0.95, df) == pytest.approx(p95, abs=6e-4)
    assert t_quantile(0.975, df) == pytest.approx(p975, abs=6e-4)
    assert t_quantile(0.995, df) == pytest.approx(p995, abs=6e-4)
    assert t_cdf(t_quantile(0.51, df), df) == pytest.approx(0.51)


@pytest.mark.parametrize("t", [-400, -3, -1, -0.1, 0, 0.1, 1, 3, 400])
def test_students_t_where_it_has_a_closed_form(t: float) -> None:
    """One degree of freedom is Cauchy's, two are algebraic, many are normal."""
    assert t_cdf(t, 1) == pytest.approx(0.5 + math.atan(t) / math.pi)
    assert t_cdf(t, 2) == pytest.approx(0.5 + t / 2 / math.sqrt(2 + t * t))
    assert t_cdf(t, 1e7) == pytest.approx(NormalDist().cdf(t), abs=1e-6)
    assert t_cdf(t, 3.7) + t_cdf(-t, 3.7) == pytest.approx(1)


def test_students_t_at_the_ends() -> None:
    """What is beyond doubt must not end in an error of arithmetic."""
    assert (t_cdf(-math.inf, 5), t_cdf(math.inf, 5)) == (0, 1)
    assert t_cdf(1e200, 5) == 1


def test_independent_values_have_the_interval_of_the_books() -> None:
    """Mean and Student's t of the standard error, when nothing follows anything."""
    values = [3.0, -1.0, 2.0, 2.0, 0.0, 4.0, 1.0, 1.0]
    found = estimate(values, 0, least_variance=0)
    reach = 2.3646 * stdev(values) / math.sqrt(8)
    assert found.mean == fmean(values)
    assert found.interval() == pytest.approx(
        (found.mean - reach, found.mean + reach), abs=1e-3
    )


def test_few_quantiles_are_enough() -> None:
    """Degrees of freedom that nobody could tell apart share one."""
    one, other = (Estimate(mean=0, error=1, df=df, count=9) for df in (7.96, 8.04))
    assert one.interval() == other.interval()


def test_one_value_tells_nothing_of_its_error() -> None:
    """Two do, however much the second follows the first."""
    assert estimate([3.0], least_variance=1).error == math.inf
    two = estimate([3.0, 1.0], 0.8, least_variance=0)
    assert two.error == pytest.approx(math.sqrt(2 / (2 - 1) / 2))
    assert estimate([3.0, 1.0, 2.0], 0.8, least_variance=0).df == 1


def test_rounding_is_an_error_of_its_own() -> None:
    """Whatever was rounded to a whole point was anywhere in it."""
    within = [n / 1000 - 0.5 for n in range(1001)]
    assert pytest.approx(fmean(x * x for x in within), rel=0.01) == ROUNDING


def test_values_that_follow_each_other_are_worth_fewer() -> None:
    """Thirty evenings of one long mood are not thirty answers."""
    values = [float(n % 5) for n in range(30)]
    errors = [estimate(values, rho, least_variance=0).error for rho in (0, 0.3, 0.6)]
    assert errors == sorted(errors)
    assert errors[2] > 1.9 * errors[0]


def test_an_error_by_hand() -> None:
    """Ten values worth five: their scatter shows only eight ninths of the true one."""
    values = [0.0, 2.0] * 5
    found = estimate(values, 1 / 3, least_variance=0)
    assert found.error == pytest.approx(math.sqrt(10 / (10 - 10 / 5) / 5))
    assert found.df == pytest.approx(4)
    assert found.count == 10


@pytest.mark.parametrize("count", [2, 3, 8])
def test_equal_answers_are_no_certainty(count: int) -> None:
    """Three times two points of relief: each may have been 1.6 or 2.4."""
    low, high = estimate([2.0] * count, least_variance=1 / 6).interval()
    assert low < 1.75
    assert high > 2.25


@pytest.mark.parametrize(("follow", "about"), [(0.0, 0.0), (0.3, 0.3), (0.6, 0.6)])
def test_correlation_is_found(follow: float, about: float) -> None:
    """In a year of values, and in pieces of it that have a mean each."""
    wander = Wander(Random(5), 1, follow)
    values = [wander.step() for _ in range(1000)]
    assert correlation(values) == pytest.approx(about, abs=0.06)
    raised = [value + 100 for value in values[500:]]
    assert correlation(values[:500], raised) == pytest.approx(about, abs=0.06)


def test_correlation_of_few_values_is_what_is_supposed() -> None:
    """Three values say nothing of it, equal ones neither."""
    assert correlation([1.0, 1.0, 1.0]) == pytest.approx(0.2, abs=0.1)
    assert correlation([1.0, 1.0], supposed=0.5, weight=40) == pytest.approx(
        0.5, abs=0.05
    )
    up_and_down = [0.0, 1.0] * 50
    assert correlation(up_and_down) == 0
    assert correlation([float(n) for n in range(100)]) == 0.8


def test_a_correlation_by_hand() -> None:
    """Of four values: a quarter, seven sixteenths for their fewness, then drawn."""
    values = [0.0, 0.0, 1.0, 1.0]
    corrected = 1 / 4 + (1 + 3 / 4) / 4
    assert correlation(values) == pytest.approx((4 * corrected + 10 * 0.2) / 14)
    assert correlation(values, supposed=0.5, weight=40) == pytest.approx(
        (4 * corrected + 40 * 0.5) / 44
    )


def test_a_difference_has_the_errors_of_both() -> None:
    """Welch: of equal ones the degrees of freedom add up."""
    one = Estimate(mean=5, error=0.3, df=10, count=11)
    other = Estimate(mean=3, error=0.4, df=10, count=11)
    found = one.minus(other)
    assert (found.mean, found.count) == (2, 22)
    assert found.error == pytest.approx(0.5)
    assert one.minus(one).df == pytest.approx(20)
    assert 10 < found.df < 20


# -- evidence ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "sizes",
    [(1, 1, 1, 1, 1, 1), (3, 0, 1, 2, 0.5, 7), (0, 0, 4, 0.1, 100, 2)],
    ids=str,
)
def test_nobody_can_expect_to_win_when_signs_are_a_coins_toss(
    sizes: tuple[float, ...],
) -> None:
    """Averaged over every way the coins can fall it is one: exactly, for any sizes.

    The whole promise of at most 5 % false claims rests on this.
    """
    fortunes = [
        evidence([sign * size for sign, size in zip(signs, sizes, strict=True)])
        for signs in product((-1, 1), repeat=len(sizes))
    ]
    assert fmean(fortunes) == pytest.approx(1)


def test_no_look_wins_in_expectation_either() -> None:
    """Whatever happened so far, the next toss changes the fortune by nothing on average.

    This, a martingale, is what allows to look after each session.
    """
    so_far = [1.0, -2.0, 0.0, 3.0, 3.0]
    now = evidence(so_far)
    for size in (0.0, 0.3, 2.0, 50.0):
        won_and_lost = evidence([*so_far, size]) + evidence([*so_far, -size])
        assert won_and_lost / 2 == pytest.approx(now)


def test_evidence_grows_with_every_difference_of_one_sign() -> None:
    """Either sign; none without differences."""
    assert evidence([]) == evidence([0.0] * 50) == 1
    assert evidence([1.0] * 8) < 60 < evidence([1.0] * 12)
    assert evidence([-1.0] * 12) == pytest.approx(evidence([1.0] * 12))


def test_evidence_by_hand() -> None:
    """Two tosses: what was staked on the first size, and on the second of four times it.

    The typical size of 1 and 4 is the root of 17 halves.
    """
    sizes = 1, 4 / math.sqrt(17 / 2)
    fortunes = [
        math.prod(math.exp(sign * stake * s) / math.cosh(stake * s) for s in sizes)
        for stake in (0.2, 0.4, 0.8)
        for sign in (-1, 1)
    ]
    assert evidence([1.0, 4.0]) == pytest.approx(fmean(fortunes))


def test_larger_differences_weigh_more() -> None:
    """Three evenings much better and three a little worse are no draw."""
    assert evidence([3, -1, 3, -1, 3, -1] * 4) > 10 * evidence([1, -1] * 12)


def test_evidence_knows_no_unit() -> None:
    """Hours or seconds of sleep: the same."""
    hours = [0.5, -0.25, 1.0, 0.75, 0.0, 0.5]
    seconds = [3600 * value for value in hours]
    assert evidence(seconds) == pytest.approx(evidence(hours))


def test_a_hundred_thousand_differences_are_no_overflow() -> None:
    """Somebody will import them. Three of six bets win all that can be won."""
    assert evidence([1.0] * 100_000) == pytest.approx(math.exp(100) / 2)


# -- probability -------------------------------------------------------------------


def test_probability_is_sceptical() -> None:
    """Little or scattered evidence stays near one half, much of it does not."""

    def of(values: list[float]) -> float:
        return probability_above_zero(values, doubt=1, typical=2)

    assert of([0.0] * 8) == 0.5
    assert 0.5 < of([1.0, -1.0] * 4 + [1.0]) < 0.65
    # By hand: noise 16 / 7 / 4, drawn by 1 / (1 + 4 / 7): t of 1.055 with df 7.
    assert of([1.0] * 4) == pytest.approx(0.837, abs=1e-3)
    assert probability_above_zero([1.0] * 9, doubt=0.01, typical=2) < 0.53
    assert of([1.0] * 100) > 0.999
    assert of([1.0] * 9) + of([-1.0] * 9) == pytest.approx(1)
    assert probability_above_zero([0.0], doubt=1, typical=0) == 0.5


def test_a_probability_by_hand() -> None:
    """A sceptic who doubts by two, and has seen four values that scatter by three."""
    noise = 4 * 9 / 7 / 4
    drawn = 4 / (4 + noise)
    assert probability_above_zero([1.0] * 4, doubt=2, typical=3) == pytest.approx(
        t_cdf(math.sqrt(drawn / noise), 7)
    )


def test_probability_means_what_it_says() -> None:
    """Among people drawn as the sceptic supposes, nine of ten 90 % are right."""
    random = Random(3)
    said = []
    for _ in range(3000):
        truth = random.gauss(0, 1)
        values = [random.gauss(truth, 2) for _ in range(12)]
        chance = probability_above_zero(values, doubt=1, typical=2)
        said.append((max(chance, 1 - chance), (truth > 0) == (chance > 0.5)))
    for low, high in ((0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1)):
        group = [(chance, right) for chance, right in said if low <= chance < high]
        right = fmean(right for _, right in group)
        assert right == pytest.approx(fmean(chance for chance, _ in group), abs=0.04)
