"""Statistics for few, rounded, self-rated values that follow each other.

Nothing here knows mats; insights.py says what the numbers mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
import math
from statistics import fmean

# Rounding to whole points leaves an error of this variance in a rating, in the
# difference of two twice as much. Two equal answers are no certainty.
ROUNDING = 1 / 12
# Of how a value follows the one before, nothing above this is believed.
MOST_CORRELATION = 0.8
# Stakes of the bets, in typical differences. Measured: docs/adr on false claims.
STAKES = (0.2, 0.4, 0.8)


def t_cdf(t: float, df: float) -> float:
    """Return the chance that Student's t with `df` degrees of freedom is below `t`.

    By the regularised incomplete beta function (Abramowitz & Stegun 26.5.27).
    """
    tail = _beta(df / 2, 0.5, df / (df + t * t)) / 2
    return 1 - tail if t > 0 else tail


def _beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b).

    By its continued fraction (DLMF 8.17.22), evaluated with Lentz's method.
    """
    if not 0 < x < 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(b, a, 1 - x)
    log_front = (
        math.lgamma(a + b)
        - math.lgamma(a)
        - math.lgamma(b)
        + a * math.log(x)
        + b * math.log1p(-x)
    )
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    fraction, change, m = d, 0.0, 0
    while abs(change - 1) > 1e-12 and m < 300:
        m += 1
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            c, d = 1 + term / c, 1 / (1 + term * d)
            change = c * d
            fraction *= change
    return math.exp(log_front) * fraction / a


@cache
def t_quantile(p: float, df: float) -> float:
    """Return the value below which Student's t falls with chance `p`, above 0.5."""
    low, high = 0.0, 1.0
    while t_cdf(high, df) < p:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if t_cdf(middle, df) < p else (low, middle)
    return high


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean, and how sure it is."""

    mean: float
    # Standard error of the mean, with its degrees of freedom.
    error: float
    df: float
    count: int

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return Student's interval around the mean."""
        # Rounded, so that few quantiles are ever computed.
        reach = t_quantile((1 + level) / 2, round(self.df, 1)) * self.error
        return self.mean - reach, self.mean + reach

    def minus(self, other: Estimate) -> Estimate:
        """Return the difference of two independent means, after Welch (1947)."""
        a, b = self.error**2, other.error**2
        return Estimate(
            mean=self.mean - other.mean,
            error=math.sqrt(a + b),
            df=(a + b) ** 2 / (a * a / self.df + b * b / other.df),
            count=self.count + other.count,
        )


def correlation(
    *series: Sequence[float], supposed: float = 0.2, weight: int = 10
) -> float:
    """Return how much a value follows the one before it, 0 to 0.8.

    Lag-1 autocorrelation of the series together, each around its own mean, corrected
    for the bias of few values (Marriott & Pope 1954). Few say little about it, so it is
    drawn to what is supposed, which weighs as much as so many values.
    """
    products = squares = 0.0
    count = 0
    for values in series:
        mean = fmean(values)
        rest = [value - mean for value in values]
        products += sum(a * b for a, b in pairwise(rest))
        squares += sum(value * value for value in rest)
        count += len(values)
    raw = products / squares if squares else 0.0
    corrected = raw + (1 + 3 * raw) / count
    drawn = (count * corrected + weight * supposed) / (count + weight)
    return min(max(drawn, 0.0), MOST_CORRELATION)


def estimate(
    values: Sequence[float], rho: float | None = None, *, least_variance: float
) -> Estimate:
    """Return the mean of values that may follow each other.

    With correlation `rho` they are worth n (1 - rho) / (1 + rho) independent ones
    (Bayley & Hammersley 1946), which also corrects their variance.
    """
    count, mean = len(values), fmean(values)
    rho = correlation(values) if rho is None else rho
    worth = max(count * (1 - rho) / (1 + rho), min(count, 2.0))
    squares = sum((value - mean) ** 2 for value in values)
    # Not all of the scatter shows when values follow each other; of one, none does.
    shown = count - count / worth
    variance = max(squares / shown, least_variance) if count > 1 else math.inf
    return Estimate(
        mean=mean, error=math.sqrt(variance / worth), df=worth - 1, count=count
    )


def evidence(differences: Sequence[float]) -> float:
    """Return by how much a gambler against "no difference" has multiplied the stake.

    If it is a coin's toss which of two comes out higher, each difference may as well
    have the other sign. Whoever bets on the sign at fair odds, staking more on larger
    differences, cannot expect to win: e^(s d) / cosh(s d) is 1 on average. By Ville's
    inequality the fortune ever reaches N with a chance of at most 1 in N, however often
    one looks (Ramdas et al. 2023, Game-theoretic statistics and safe anytime-valid
    inference; the symmetric case goes back to de la Pena 1999). The fortune here is
    split evenly over stakes of three sizes on either sign. Differences are measured in
    their typical size so far; their sizes tell nothing of the signs.
    """
    logs = dict.fromkeys((s for stake in STAKES for s in (stake, -stake)), 0.0)
    squares = 0.0
    for count, difference in enumerate(differences, start=1):
        squares += difference * difference
        if not difference:
            continue
        size = difference / math.sqrt(squares / count)
        for stake in logs:
            logs[stake] += math.log(2) - math.log1p(math.exp(-2 * stake * size))
    # What is beyond all doubt needs no larger number.
    return fmean(math.exp(min(log, 100)) for log in logs.values())


def probability_above_zero(
    differences: Sequence[float], *, doubt: float, typical: float
) -> float:
    """Return how probable it is that the true mean of differences is above zero.

    Bayes with a sceptic's prior: true differences are around 0 with standard deviation
    `doubt`, which draws few or scattered values to one half. The variance is estimated
    as if four values of standard deviation `typical` had been seen before. Normal
    likelihood; with the variance unknown the answer is Student's (Gelman et al.,
    Bayesian Data Analysis, sections 2.5 and 3.2, with the prior's weight taken at the
    estimated variance).
    """
    count, mean = len(differences), fmean(differences)
    squares = sum((value - mean) ** 2 for value in differences) + 4 * typical**2
    df = count + 3
    noise = squares / df / count
    if not noise:
        return 0.5
    shrink = doubt**2 / (doubt**2 + noise)
    return t_cdf(mean * math.sqrt(shrink / noise), df)
