"""
How many weeks until a real change of this size would show?

Ask before the test, so that nobody stops too early or waits for what cannot be seen. The
answer comes from the team's own series. Many pasts and futures like it are drawn, with
and without the change, and each is looked at every week by the rules that will be used
(`weeks_seen`). How weeks are drawn, and why so, stands in `weeks_series`.

Two chances go together. One is that a real change has been seen by a week. The other is
that, with no change at all, an improvement has been marked by then. Looking longer, or
more often, raises both.

Assumed: the baseline is steady, the change comes at once and stays, and weeks go on
varying as they did. Where the change works its way in, see `simulated`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from flowlib.change.effect import weeks_words as words
from flowlib.change.effect.weeks_seen import FIRST_LOOK, NEVER, first_by_model, first_on_chart
from flowlib.change.effect.weeks_series import Habit, as_list, habit
from flowlib.core import checks
from flowlib.measure.spc import PRESETS, xmr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["METHODS", "Look", "WeeksToSee", "look", "weeks_to_see"]

METHODS = ("xmr", "model")
EVERY = ("day", "week", "month")
FEWEST_RUNS, MOST_RUNS = 100, 20_000
MOST_WEEKS = 520  # ten years


@dataclass(frozen=True)
class Look:
    """How a chart is looked at, checked."""

    improvement: str
    method: str
    preset: str
    chance: float
    longest: int
    every: str

    @property
    def better(self) -> int:
        """1 where more is better, -1 where less is."""
        return 1 if self.improvement == "up" else -1

    def first(self, before: Floats, later: Floats) -> NDArray[np.int64]:
        """The week in which each series (a row) first shows an improvement; 0: it does not."""
        if self.method == "model":
            return first_by_model(before, later, better=self.better)
        return first_on_chart(before, later, better=self.better, preset=self.preset)

    def judged(self, before: Floats, changed: Floats, unchanged: Floats, *, steady: bool) -> WeeksToSee:
        """The answer from many series: runs by points *before*, and by weeks after, with the change and without."""
        weeks = np.arange(1, changed.shape[1] + 1)
        real, false = (_by(self.first(before, later), weeks) for later in (changed, unchanged))
        errors = [np.sqrt(share * (1 - share) / len(before)) for share in (real, false)]
        table = pd.DataFrame({"week": weeks, "seen_real": real, "seen_by_chance": false})
        table = table.assign(se_real=errors[0], se_by_chance=errors[1])
        table = table.assign(mean_with=changed.mean(axis=0), mean_without=unchanged.mean(axis=0))
        reached = np.flatnonzero(real >= self.chance)
        return WeeksToSee(
            weeks=int(weeks[reached[0]]) if reached.size else None,
            by_week=table,
            baseline_mean=float(before.mean()),
            change=float(changed.mean() - unchanged.mean()),
            baseline_points=before.shape[1],
            runs=len(before),
            steady=steady,
            look=self,
        )


@dataclass(frozen=True, eq=False)
class WeeksToSee:
    """When a change would show, and how often a chart would show one that is not there."""

    weeks: int | None  # by this week it has been seen with the chance asked for; None: not within the longest
    # A row a week: week, seen_real, seen_by_chance (0 to 1, by that week), se_real, se_by_chance (their
    # standard errors from the number of runs), mean_with, mean_without (in the unit of the values).
    by_week: pd.DataFrame
    baseline_mean: float
    change: float  # of the mean, in the unit of the values; below 0 is a fall
    baseline_points: int
    runs: int
    steady: bool  # no rule marks a point of the baseline
    look: Look

    @property
    def chance(self) -> float:
        """The chance asked for, 0 to 1."""
        return self.look.chance

    @property
    def method(self) -> str:
        """How it is looked at: "xmr" or "model"."""
        return self.look.method

    @property
    def preset(self) -> str:
        """Whose rules the chart follows."""
        return self.look.preset

    @property
    def false_alarms(self) -> float:
        """Share (0 to 1) of charts with no change that mark an improvement by then."""
        by = self.weeks or self.look.longest
        return float(self.by_week["seen_by_chance"].iloc[by - 1])

    def sentence(self, what: str = "", unit: str = "", *, supposing: str = "") -> str:
        """
        The answer in plain words: *what* names the measure ("wait"), *unit* follows its numbers.

        *supposing* says the change in your own words: "Home First stays fall to 23.5 days".
        """
        return words.weeks_to_see(self, what, unit, supposing)


def weeks_to_see(
    baseline: Iterable[object],
    *,
    improvement: Literal["up", "down"],
    change: float | None = None,
    percent: float | None = None,
    after: ArrayLike | None = None,
    method: Literal["xmr", "model"] = "xmr",
    preset: Literal["mdc", "nhsr"] = "mdc",
    chance: float = 0.8,
    longest: int = 104,
    runs: int = 2000,
    seed: int = 0,
    every: Literal["day", "week", "month"] = "week",
) -> WeeksToSee:
    """
    The weeks until a change shows with so much *chance*, from the team's own *baseline*.

    *baseline* is at least 12 numbers in time order, one a week (or *every* day or month);
    the "weeks" of the result are then days or months. Say the change in one of three ways:

    * *change*: a step of the mean, in the unit of the values; below 0 is a fall;
    * *percent*: the same as so many in 100 of the baseline's mean;
    * *after*: values from a simulated redesign on the team's own scale. Runs by weeks,
      used as they stand; or one series of 12 or more, from which weeks are drawn as from
      the baseline.

    *method* is "xmr", a chart with the limits from before held and the four rules of
    *preset*; or "model", a segmented regression (see `weeks_seen`). *chance* is above 0
    and below 1, *longest* the weeks that you would wait at most (up to 520), and *runs*
    from 100 to 20,000.

    Refuses a missing value, too few points, a baseline that never varies, and a change of
    the mean that is no improvement, or that takes it below 0 where the baseline never is.

    >>> waits = [71, 78, 69, 80, 74, 66, 77, 75, 82, 70, 73, 79, 68, 76, 72, 74]
    >>> found = weeks_to_see(waits, change=-14, improvement="down", runs=500)
    >>> found.weeks
    4
    """
    asked = look(improvement, method, preset, chance, longest, every)
    runs, seed = checks.whole("runs", runs, FEWEST_RUNS), checks.whole("seed", seed)
    checks.need(runs <= MOST_RUNS, f"runs can be {MOST_RUNS:,} at most; {runs:,} came.")
    came = as_list(baseline)
    usual = habit(came)
    step = _step(asked, usual.mean, change, percent, given=after is not None)
    rng = np.random.default_rng(seed)
    future = None if after is None else _future(after, asked, runs, rng)
    _need_possible(asked, usual, usual.mean + step if future is None else float(np.mean(np.asarray(after, float))))
    asked = asked if future is None else replace(asked, longest=future.shape[1])
    drawn = usual.drawn(rng, runs, usual.points + asked.longest)
    before, unchanged = drawn[:, : usual.points], drawn[:, usual.points :]
    made = asked.judged(
        before, unchanged + step if future is None else future, unchanged, steady=not _unusual(came, preset)
    )
    settled = step if future is None else float(future.mean()) - usual.mean
    return replace(made, baseline_mean=usual.mean, change=settled)


def look(improvement: object, method: object, preset: object, chance: object, longest: object, every: object) -> Look:
    """How a chart is looked at, once each word and number is checked."""
    checks.choice("direction of improvement", improvement, ["up", "down"])
    checks.choice("method", method, METHODS)
    checks.choice("preset", preset, PRESETS)
    checks.choice("unit of time", every, EVERY)
    wanted = checks.share("chance", chance)
    checks.need(0 < wanted < 1, f"chance must be above 0 and below 1; {checks.shown(wanted)} came. 0.8 is usual.")
    most = checks.whole("longest", longest, FIRST_LOOK if method == "model" else 1)
    checks.need(most <= MOST_WEEKS, f"longest can be {MOST_WEEKS} at most; {most:,} came.")
    return Look(str(improvement), str(method), str(preset), wanted, most, str(every))


def _step(asked: Look, mean: float, change: object, percent: object, *, given: bool) -> float:
    """The step of the mean, in its unit; NaN where the values after it are *given*."""
    ways = (change is not None) + (percent is not None) + given
    checks.need(ways == 1, f"Say the change in one way: change, percent or after; {ways} came.")
    if given:
        return math.nan
    if percent is not None:
        checks.need(mean > 0, f"percent needs a baseline with a mean above 0; this one has {checks.shown(mean)}.")
    step = checks.finite("change", change) if percent is None else mean * checks.finite("percent", percent) / 100
    word, sign = ("below", "fall") if asked.better < 0 else ("above", "rise")
    checks.need(
        asked.better * step > 0,
        f"An improvement is a {sign} here, so the change must be {word} 0; {checks.shown(step)} came.",
    )
    return step


def _need_possible(asked: Look, usual: Habit, mean: float) -> None:
    """Refuse a mean after the change that is no better, or that is below 0 where no value of the baseline is."""
    sign, ends = "fall" if asked.better < 0 else "rise", f"{checks.shown(usual.mean)} to {checks.shown(mean)}"
    checks.need(
        asked.better * (mean - usual.mean) > 0,
        f"An improvement is a {sign} here, but the mean goes from {ends}. Check improvement, or the values after.",
    )
    checks.need(
        mean >= 0 or usual.least < 0,
        f"The change would take the mean from {ends}, and the baseline is never below 0. Ask for a smaller change.",
    )


def _future(after: ArrayLike, asked: Look, runs: int, rng: np.random.Generator) -> Floats:
    """Values after a redesign, runs by weeks: rows of a table as they stand, or drawn from one series."""
    try:
        values = np.asarray(after, dtype=float)
    except (TypeError, ValueError):
        values = np.full((1, 1), math.nan)
    checks.need(
        values.ndim in {1, 2} and values.size and np.isfinite(values).all(),
        "after must be numbers, none missing: one series, or a table of runs by weeks.",
    )
    if values.ndim == 1:
        return habit(values).drawn(rng, runs, asked.longest)
    fewest = FIRST_LOOK if asked.method == "model" else 1
    checks.need(
        values.shape[1] >= fewest, f"after must have {fewest} weeks or more in each run; {values.shape[1]} came."
    )
    rows = np.arange(runs) if len(values) >= runs else rng.integers(len(values), size=runs)
    return np.asarray(values[rows, : asked.longest])


def _unusual(values: list[object], preset: str) -> bool:
    """Whether a rule marks any point of the baseline."""
    return bool((xmr(values, preset=preset).points["signal"] != "").any())


def _by(first: NDArray[np.int64], weeks: NDArray[np.int64]) -> Floats:
    """Share of series that have shown it by each week."""
    return np.asarray(((first[:, None] != NEVER) & (first[:, None] <= weeks)).mean(axis=0))
