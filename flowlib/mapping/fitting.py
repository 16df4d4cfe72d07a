"""
How long do things take, as a named distribution, when some of them have not ended yet?

Each kind is fitted by maximum likelihood, in which a stay that has not ended counts as
at least so long (D. Cox and D. Oakes, "Analysis of Survival Data", 1984, chapter 3). The
best has the lowest AICc (N. Sugiura, Communications in Statistics A7, 1978). Its fit is
the largest distance between its curve and that of Kaplan and Meier (J. American
Statistical Association 53, 1958), over how unsure the latter is there (W. Hall and J.
Wellner, Biometrika 67, 1980); without open stays it is that of Kolmogorov. Chance alone
makes 0.9 to 1.1 over the root of the number of stays, for curves whose numbers were fitted
(M. Stephens, J. American Statistical Association 69, 1974). Where no kind is near enough,
the measured times stand.

The 95% interval of the mean is symmetric on the scale of the logarithm, with Student's
t, from the curvature of the likelihood (for log-normal times: U. Olsson, J. Statistics
Education 13, 2005). Where waits are part of the time, stays of one week are alike, and
it is widened by the design effect of weeks (L. Kish, "Survey Sampling", 1965). It holds
the interval of every kind that is as good as the best, because with few visits nobody
can tell which kind it is (K. Burnham and D. Anderson, "Model Selection and Multimodel
Inference", 2002, section 2.6). Hours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy import FEWEST
from flowlib.core.variation import Constant
from flowlib.mapping.intervals import CONFIDENCE
from flowlib.mapping.lengths import lasting
from flowlib.mapping.likelihoods import Tried, tried

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.variation import Distribution

    Floats = NDArray[np.float64]

__all__ = ["NEAR", "Fitted", "fit_lengths"]

NEAR = 0.02  # a curve is of use where it is never further from the measured one than 2 people in 100
BY_CHANCE = 1.1  # over the root of the number ended; 5 in 100 exponential samples are further off (Stephens, 1974)
FEWEST_WEEKS = 4
ROUNDED_TO = (24.0, 1 / 60)  # hours: times that are dates, or that show minutes
SLIP, SLIP_DECIMALS = 1e-6, 6  # hours: times of a table are as fine as a microsecond
AS_GOOD = 2.0  # an AICc no more than this above the lowest has "substantial" support (Burnham and Anderson)


@dataclass(frozen=True)
class Fitted:
    """Times as a distribution, with how near it is and how sure its mean is."""

    distribution: Distribution
    mean: float  # hours
    lower_95_ci: float  # of the mean, hours; NaN where nothing varies enough to say
    upper_95_ci: float
    table: pd.DataFrame  # distribution, mean_hours, cv, aicc, distance (0 to 1), fit; the best of the named ones first
    ended: int  # visits
    still: int  # visits that have not ended

    @property
    def kind(self) -> str:
        """The kind of distribution, such as "Gamma"."""
        return type(self.distribution).__name__

    @property
    def aicc(self) -> float:
        """The lowest of the named kinds, or infinity where none could be fitted."""
        known = self.table["aicc"].dropna()
        return float(known.iloc[0]) if len(known) else math.inf

    @property
    def fit(self) -> str:
        """How near the chosen distribution is: "close" (as near as chance makes), "near", or "as measured"."""
        if self.kind in {"Empirical", "Constant"}:
            return "as measured"
        return str(self.table["fit"].iloc[0])

    def sentence(self) -> str:
        """
        The mean, its interval and the shape in plain words.

        >>> fit_lengths(np.full(20, 1.5)).sentence()
        'The mean is 1.5 hours. All the times are the same.'
        """
        mean = f"The mean is {checks.shown(self.mean)} hours"
        if self.kind == "Constant":
            return f"{mean}. All the times are the same."
        sure = f"{mean} (95% interval {checks.shown(self.lower_95_ci)} to {checks.shown(self.upper_95_ci)})."
        if self.kind == "Empirical":
            return f"{sure} No named shape is near enough, so the measured times are used."
        return f"{sure} A {self.kind} shape is a {self.fit} fit."


def fit_lengths(ended: Floats, so_far: Floats | None = None, *, weeks: NDArray[np.int64] | None = None) -> Fitted:
    """
    The distribution of lengths, hours, of which some have *ended* and others have come *so_far*.

    *weeks* says in which week each of the ended began, where those of one week are alike
    (a wait is part of them). Tries exponential, log-normal, gamma and Weibull. Raises a
    `Refusal` where fewer than 8 have ended, or one is below 0.

    >>> from flowlib import Gamma
    >>> made = fit_lengths(Gamma(mean=30, cv=0.5).ppf((np.arange(400) + 0.5) / 400))
    >>> made.kind, round(made.mean), made.fit
    ('Gamma', 30, 'close')
    """
    got, cut = (np.asarray([] if one is None else one, dtype=np.float64) for one in (ended, so_far))
    checks.need(len(got) >= FEWEST, f"Fewer than {FEWEST} visits have both a begin and an end, too few to describe.")
    checks.need(
        np.isfinite(got).all() and np.isfinite(cut).all() and min(got.min(), cut.min(initial=0)) >= 0,
        "Lengths must be 0 hours or more, and known. Correct the times that run backwards.",
    )
    if got.max() - got.min() <= SLIP and not (cut > got.max()).any():
        same = float(np.round(got[0], SLIP_DECIMALS))
        return Fitted(Constant(same), same, same, same, _table([], [], 0), len(got), len(cut))
    fine = _as_fine(got)
    found = tried(fine, cut) if fine.min() > 0 else []
    curve = _curve(fine, cut) if found else None
    distances = [_distance(one.distribution, *curve) for one in found] if curve else []
    by_chance = BY_CHANCE / (len(got) + len(cut)) ** 0.5
    table = _table(found, distances, by_chance)
    wider = _design_effect(got, weeks) ** 0.5
    if found and distances[0] <= max(NEAR, by_chance):
        best = found[0].distribution
        as_good = [one for one in found if one.aicc - found[0].aicc <= AS_GOOD]
        ends = np.asarray([_interval(one.distribution.mean, wider * one.spread, len(got)) for one in as_good])
        return Fitted(best, best.mean, float(ends.min()), float(ends.max()), table, len(got), len(cut))
    mean, spread = _measured_mean(got, cut)
    low, high = _interval(mean, wider * spread / mean if mean else 0.0, len(got))
    return Fitted(lasting(got, cut), mean, low, high, table, len(got), len(cut))


def _as_fine(hours: Floats) -> Floats:
    """
    Lengths in whole minutes, or in whole days, spread evenly over what was rounded off; others as they are.

    Between two clocks that show minutes 8 minutes are 7.5 to 8.5, and 0 up to a half.
    """
    unit = next((one for one in ROUNDED_TO if np.abs(hours / one - np.round(hours / one)).max() < SLIP / one), None)
    if unit is None:
        return hours
    order = np.argsort(hours, kind="stable")
    parts = np.round(hours[order] / unit)
    _, first, many = np.unique(parts, return_index=True, return_counts=True)
    share = (np.arange(len(parts)) - np.repeat(first, many) + 0.5) / np.repeat(many, many)
    made = np.empty_like(hours)
    made[order] = unit * np.where(parts == 0, share / 2, parts - 0.5 + share)
    return made


def _curve(ended: Floats, so_far: Floats) -> tuple[Floats, Floats, Floats]:
    """Lengths, the share that goes on after each (Kaplan-Meier), and how unsure that is (1 where none is cut short)."""
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    curve = stats.ecdf(stats.CensoredData(uncensored=ended, right=so_far)).sf
    lengths, staying = np.asarray(curve.quantiles), np.asarray(curve.probabilities)
    over, at_risk = _over(lengths, ended, so_far)
    with np.errstate(divide="ignore", invalid="ignore"):
        unsure = staying * (1 + (len(ended) + len(so_far)) * np.cumsum(over / (at_risk * (at_risk - over))))
    return lengths, staying, unsure


def _over(lengths: Floats, ended: Floats, so_far: Floats) -> tuple[Floats, Floats]:
    """How many stays end at each length, and how many last so long or longer."""
    over = np.bincount(np.searchsorted(lengths, ended), minlength=len(lengths)).astype(np.float64)
    before = np.searchsorted(np.sort(np.concatenate([ended, so_far])), lengths)
    return over, len(ended) + len(so_far) - before.astype(np.float64)


def _distance(of: Distribution, lengths: Floats, staying: Floats, unsure: Floats) -> float:
    """The furthest that the two curves are apart; where few are left to say, a distance counts for less."""
    share = 1 - of.cdf(lengths)
    before, unsure_before = np.append(1.0, staying[:-1]), np.append(1.0, unsure[:-1])
    unsure = np.where(np.isfinite(unsure), unsure, unsure_before)  # the last stay has ended
    return float(np.maximum(np.abs(share - staying) / unsure, np.abs(share - before) / unsure_before).max())


def _measured_mean(ended: Floats, so_far: Floats) -> tuple[float, float]:
    """The mean below the measured curve, and its standard error (Cox and Oakes, section 4.3: Greenwood's)."""
    if not len(so_far):
        return float(ended.mean()), float(ended.std(ddof=1) / len(ended) ** 0.5)
    lengths, staying, _ = _curve(ended, so_far)
    before = np.append(1.0, staying[:-1])
    beyond = (np.diff(lengths, prepend=0.0) * before)[::-1].cumsum()[::-1]  # area from each length's step to the end
    after = np.append(beyond[1:], 0.0)
    over, at_risk = _over(lengths, ended, so_far)
    parts = after**2 * over / np.maximum(at_risk * (at_risk - over), 1)
    return float(beyond[0]), float(parts.sum() ** 0.5)


def _interval(mean: float, spread: float, many: int) -> tuple[float, float]:
    from scipy import stats  # noqa: PLC0415

    wide = float(stats.t.ppf((1 + CONFIDENCE) / 2, many - 1)) * spread
    return mean * math.exp(-wide), mean * math.exp(wide)


def _design_effect(ended: Floats, weeks: NDArray[np.int64] | None) -> float:
    """How many times as uncertain the mean is as that of stays that are not alike by week; 1 or more."""
    if weeks is None:
        return 1.0
    codes = np.unique(weeks, return_inverse=True)[1]
    groups = int(codes.max()) + 1
    if groups < FEWEST_WEEKS:
        return 1.0
    sums = np.bincount(codes, weights=ended - ended.mean())
    clustered = groups / (groups - 1) * float((sums**2).sum())
    return max(1.0, clustered / float(((ended - ended.mean()) ** 2).sum()))


def _table(found: list[Tried], distances: list[float], by_chance: float) -> pd.DataFrame:
    made = []
    for one, distance in zip(found, distances, strict=True):
        word = "close" if distance <= by_chance else "near" if distance <= NEAR else "poor"
        of = one.distribution
        made.append((one.name, of.mean, of.cv, one.aicc, distance, word))
    return pd.DataFrame(made, columns=["distribution", "mean_hours", "cv", "aicc", "distance", "fit"])
