"""
What must a reader know before relying on this chart? Cautions, one plain sentence each.

A chart's rules assume points that are enough, independent of each other, even in spread
and fine in steps. Each caution looks at one of these, says what it sees, and what to do.
None changes a line or a signal. Where a test decides, its level is 1 in 100: of charts
of pure chance (normal, independent, 24 to 60 points), no more than about 1 in 50 gets
that caution. All tests use the points that count, each less the mean of its segment.

* Trial limits: fewer than 12 points that count set a segment's limits (NHS Making Data Count).
* A baseline that is longer than its segment, so that nothing is frozen.
* Neighbours alike: autocorrelation at lag 1, against its mean and variance by chance
  (Moran 1948, Some theorems on time series II, Biometrika 35, 255-260). It narrows the
  limits: at 0.5, chance alone marks 87 of 100 charts of 36 points by "mdc", and not 26.
* Rhythm by weekday (daily, 28 points or more) or by month (monthly, 24 or more): Kruskal
  and Wallis's test by its F approximation, good for small groups (Iman and Davenport
  1976, Communications in Statistics A5(14), 1335-1348).
* Coarse steps: at most 3 possible ranges, 0 among them, lie within the upper range limit
  (Wheeler, The problem of chunky data, Quality Digest, July 2023).
* Skewness: D'Agostino's test (1970, Biometrika 57, 679-681), and more than 1 either way;
  points outside a limit are left out, since the rules mark those anyway.
* Wider than chance: sigma z of a p, u or c chart (Laney), whose variance by chance is 0.826
  over the number of ranges (Cryer and Ryan 1990, J. Quality Technology 22(3), 187-192).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import fdtrc, ndtri

from flowlib.core.checks import shown
from flowlib.measure import spc_rules as rules
from flowlib.measure.spc_gaps import apart, missing
from flowlib.measure.spc_series import day

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from flowlib.measure.spc_rules import Flags, Floats, Limits, PointLimits, Sides
    from flowlib.measure.spc_series import Series

__all__ = ["COUNTED", "EVERY", "LEVEL", "RARE", "TRIAL_BELOW", "cautions"]

# With fewer points than this in a segment, limits are "trial limits"; NHS Making Data Count.
TRIAL_BELOW = 12
# Chance that a test warns where there is nothing to see.
LEVEL = 0.01
DAYS, MONTHS = 28, 24  # points from which a rhythm is looked for: four weeks, two years
COARSE = 3  # so many possible ranges, or fewer, are too coarse; Wheeler
STRONG = 1.0  # skewness beyond which a shape is called strongly skewed
RANGES = 0.826  # variance of the mean range over d2, times the number of ranges; Cryer and Ryan

# Which cautions make sense for measures, for counts and shares, and for gaps between events.
RARE = ("trial", "baseline", "alike")
COUNTED = ("gaps", "trial", "baseline", "alike", "rhythm", "ties")
EVERY = (*COUNTED, "coarse", "skewed", "below_zero")


@dataclass(frozen=True)
class _Seen:
    """A chart as the tests see it: its points that count, in order."""

    series: Series
    lines: Sequence[Limits | PointLimits]
    y: Floats
    off: Floats  # from the mean of the point's own segment, in sigmas where each point has its own
    segment: Sides
    inside: Flags  # not marked as outside a limit
    steady: bool  # no point differs from another of its segment
    baseline: int | None  # first points of each segment that set its limits

    @property
    def last(self) -> Limits | PointLimits:
        """Lines of the last segment."""
        return self.lines[-1]


def cautions(
    series: Series,
    lines: Sequence[Limits | PointLimits],
    *,
    outside: Flags | None = None,
    asking: Collection[str] = EVERY,
    baseline: int | None = None,
) -> tuple[str, ...]:
    """
    What to know about a *series* with one set of *lines* a segment, the gravest first; nothing to know gives ().

    *baseline* is how many first points of each segment set its lines; None is all.
    *outside* marks the points beyond a limit. *asking* names the cautions that make sense:
    `EVERY` for measures, `COUNTED` for counts and shares, `RARE` for gaps between events,
    and "wide" where chance alone is taken to set the limits. Charts have them already:

    >>> from flowlib.measure.spc import xmr
    >>> for caution in xmr([3, 5, 4, 6, 2, 7, 4]).cautions:
    ...     print(caution)
    The chart has 7 points that count: its limits are on trial until there are 12.
    The lower limit is -3.108, yet no value is below 0: read it as 0 if none can be.
    """
    seen = _see(series, lines, outside, baseline)
    return tuple(sentence for name, look in _ASKED.items() if name in asking for sentence in look(seen))


def _see(series: Series, lines: Sequence[Limits | PointLimits], outside: Flags | None, baseline: int | None) -> _Seen:
    """The points that count, and how far each lies from the mean of its segment."""
    off, steady = np.zeros(series.y.size), True
    segment = np.zeros(series.y.size, dtype=np.int64)
    for number, (part, line) in enumerate(zip(series.segments, lines, strict=True)):
        counts = series.counts[part]
        from_line = series.y[part] - series.y[part][counts].mean()
        steady = steady and bool((np.abs(from_line[counts]) <= line.rounding).all())
        if isinstance(line, rules.PointLimits):
            from_line = (series.y[part] - line.mean) / np.where(line.sigma > 0, line.sigma, 1.0)
        off[part], segment[part] = from_line - from_line[counts].mean(), number
    at = series.counts
    inside = np.ones(int(at.sum()), dtype=bool) if outside is None else ~outside[at]
    return _Seen(series, lines, series.y[at], off[at], segment[at], inside, steady, baseline)


def _trial(seen: _Seen) -> Iterator[str]:
    """Each segment with too few points behind its limits."""
    for name, part in _segments(seen):
        counts = seen.series.counts[part]
        size, behind = int(counts.sum()), int(counts[: seen.baseline].sum())
        if size < TRIAL_BELOW:
            yield f"{name} has {size} points that count: its limits are on trial until there are {TRIAL_BELOW}."
        elif behind < TRIAL_BELOW:
            yield f"{name} has {behind} baseline points left: fewer than {TRIAL_BELOW}, so its limits are on trial."


def _baseline(seen: _Seen) -> Iterator[str]:
    """Each segment that is shorter than the baseline asked for."""
    for name, part in _segments(seen):
        size = part.stop - part.start
        if seen.baseline is not None and size < seen.baseline:
            yield f"{name} has {size} points, fewer than its baseline of {seen.baseline}: all set its limits."


def _segments(seen: _Seen) -> list[tuple[str, slice]]:
    """Each segment as it stands at the head of a sentence, and where it lies."""
    first = [seen.series.x[start] for start in seen.series.starts]
    places = [f"from {day(x)}" if isinstance(x, pd.Timestamp) else f"from position {x}" for x in first]
    names = [f"The segment {place}" for place in places] if len(first) > 1 else ["The chart"]
    return list(zip(names, seen.series.segments, strict=True))


def _gaps(seen: _Seen) -> Iterator[str]:
    """Dates that a regular chart leaves out, by name."""
    dates = missing(seen.series.x)
    if not dates:
        return
    count, named = len(dates), 3 if len(dates) <= 3 else 2  # noqa: PLR2004 - so that the sentence stays short
    more = f" and {count - named:,} more" if count > named else ""
    told = f"{', '.join(dates[:named])}{more}"
    what, found = ("point is", "it") if count == 1 else ("points are", "them")
    yield f"{count:,} {what} missing ({told}): find {found}, or note why."


def _alike(seen: _Seen) -> Iterator[str]:
    """Points that resemble, or turn against, the one before."""
    if seen.steady or seen.y.size < TRIAL_BELOW:
        return
    together = seen.segment[1:] == seen.segment[:-1]
    off = seen.off / np.abs(seen.off).max()  # so that no square is too small for a computer
    found = float((off[1:] * off[:-1])[together].sum() / (off**2).sum())
    low, high = _by_chance(np.bincount(seen.segment))
    if found > high:
        yield (
            f"Neighbouring points are alike ({found:.2f}; by chance up to {high:.2f}),"
            " which raises false alarms: ask what carries over."
        )
    elif found < low:
        yield (
            f"Points rise and fall by turns ({found:.2f}; by chance down to {low:.2f}),"
            " which hides signals: look for two sources."
        )


def _by_chance(sizes: Sides) -> tuple[float, float]:
    """The lowest and highest autocorrelation that chance gives to segments of these *sizes*."""
    total = int(sizes.sum())
    centre = -float(((sizes - 1) / sizes).sum()) / float((sizes - 1).sum())
    width = float(ndtri(1 - LEVEL / 2)) * (total - 2) / (total * math.sqrt(total - 1))
    return centre - width, centre + width


def _rhythm(seen: _Seen) -> Iterator[str]:
    """Weekdays, or months of the year, that differ."""
    step = apart(seen.series.x)
    when = seen.series.x[seen.series.counts]
    if step == "day" and seen.y.size >= DAYS and _differ(seen.off, when.day_of_week.to_numpy()):
        high, low = _extremes(seen.off, when.day_name().to_numpy())
        yield (
            f"Weekdays differ more than chance allows ({high} highest, {low} lowest):"
            " chart whole weeks, or each weekday by itself."
        )
    elif step == "month" and seen.y.size >= MONTHS and _differ(seen.off, when.month.to_numpy()):
        high, low = _extremes(seen.off, when.month_name().to_numpy())
        yield (
            f"Months differ more than chance allows ({high} highest, {low} lowest):"
            " compare each with the same month before."
        )


def _differ(off: Floats, group: Sides) -> bool:
    """Whether groups differ, by an analysis of variance of the ranks."""
    _, place, ties = np.unique(off, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]
    _, group = np.unique(group, return_inverse=True)
    sizes = np.bincount(group)
    means = np.bincount(group, weights=ranks) / sizes
    between, within = float((sizes * (means - ranks.mean()) ** 2).sum()), float(((ranks - means[group]) ** 2).sum())
    ways, rest = sizes.size - 1, ranks.size - sizes.size
    if ways < 1 or rest < 1 or between == 0:
        return False
    return within == 0 or float(fdtrc(ways, rest, between / ways / (within / rest))) < LEVEL


def _extremes(off: Floats, names: np.ndarray) -> tuple[str, str]:
    """The groups with the highest and the lowest mean."""
    means = pd.Series(off).groupby(names).mean()
    return str(means.idxmax()), str(means.idxmin())


def _ties(seen: _Seen) -> Iterator[str]:
    """One value that most points share."""
    values, counts = np.unique(seen.y, return_counts=True)
    most = int(counts.max())
    if 2 * most <= seen.y.size:
        return
    value = shown(float(f"{values[counts.argmax()]:.4g}"))
    if values.size == 1:
        yield f"All {most} points are {value}: check that the measure can vary."
    else:
        what = "chart the time between events, with t_chart" if value == "0" else "find out why, or measure more finely"
        yield f"{most} of the {seen.y.size} points are {value}: {what}."


def _coarse(seen: _Seen) -> Iterator[str]:
    """Steps between possible values that are too large for the limits."""
    steps = np.diff(np.unique(seen.y))
    steps = steps[steps > seen.last.rounding]
    if isinstance(seen.last, rules.PointLimits) or not steps.size or any(_ties(seen)):
        return
    step = float(steps.min())
    if rules.SCREEN * seen.last.spread >= COARSE * step:
        return
    yield (
        f"Values come in steps of {shown(float(f'{step:.4g}'))}, too coarse for these limits:"
        " measure more finely, or count over longer periods."
    )


def _skewed(seen: _Seen) -> Iterator[str]:
    """A strongly lopsided shape."""
    off = seen.off[seen.inside]
    if seen.steady or off.size < TRIAL_BELOW:
        return
    skew = _skewness(off)
    if abs(skew) <= STRONG or abs(_unusual_skew(skew, off.size)) <= ndtri(1 - LEVEL / 2):
        return
    few, most = ("high", "low") if skew > 0 else ("low", "high")
    yield f"Most values are {most} and a few very {few}: expect false alarms among the {few} ones, and try medians."


def _skewness(off: Floats) -> float:
    """Third moment about the mean, over the cube of the standard deviation."""
    centred = off - off.mean()
    largest = float(np.abs(centred).max())
    if largest == 0:
        return 0.0
    centred = centred / largest
    return float((centred**3).mean()) / math.sqrt(float((centred**2).mean())) ** 3


def _unusual_skew(skew: float, points: int) -> float:
    """How unusual a skewness of so many points is for a normal shape, as a standard normal number (D'Agostino)."""
    n = float(points)
    y = skew * math.sqrt((n + 1) * (n + 3) / (6 * (n - 2)))
    beta = 3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9))
    w_squared = math.sqrt(2 * (beta - 1)) - 1
    return math.asinh(y / math.sqrt(2 / (w_squared - 1))) / math.sqrt(0.5 * math.log(w_squared))


def _below_zero(seen: _Seen) -> Iterator[str]:
    """A lower limit that no value of this kind may reach."""
    lower = float(np.min(seen.last.lower))
    if lower >= -seen.last.rounding or float(seen.y.min()) < 0:
        return
    low = shown(float(f"{lower:.4g}"))
    yield f"The lower limit is {low}, yet no value is below 0: read it as 0 if none can be."


def _wide(seen: _Seen) -> Iterator[str]:
    """More variation between points than chance alone gives to such sizes."""
    together = seen.segment[1:] == seen.segment[:-1]
    ranges = np.abs(np.diff(seen.off))[together]
    found = float(ranges.mean()) / rules.D2_PAIRS
    if seen.steady or found <= 1 + float(ndtri(1 - LEVEL / 2)) * math.sqrt(RANGES / ranges.size):
        return
    yield (
        f"Points vary {shown(round(found, 1))} times as much as chance alone makes them:"
        " use p_prime_chart, u_prime_chart or xmr."
    )


# The gravest first.
_ASKED: dict[str, Callable[[_Seen], Iterator[str]]] = {
    "gaps": _gaps,
    "trial": _trial,
    "baseline": _baseline,
    "wide": _wide,
    "alike": _alike,
    "rhythm": _rhythm,
    "ties": _ties,
    "coarse": _coarse,
    "skewed": _skewed,
    "below_zero": _below_zero,
}
