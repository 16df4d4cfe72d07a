"""
In which week does each of many series first show that it got better?

Two ways of looking, each at all series at once. Both look again every week, at what is
known by then: a shift is seen in its seventh week, though a chart then marks it from its
first.

The chart (`first_on_chart`) holds the limits from before the change and asks the four
rules of Making Data Count, as `before_after` does.

The model (`first_by_model`) is a segmented regression with two levels, before and after,
and no trend. Its errors resemble their neighbours by a share that nobody knows, weighed as
`serial` does for `interrupted_series`. It has shown a change once the 95% interval of the
step leaves out 0 on the better side, from week 4 on. Every look can raise a false alarm,
and nothing is taken off for looking often: how many come of it is simulated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr

from flowlib.change.effect.serial import GRID, whitened
from flowlib.measure.spc_many import lines_many, signals_many
from flowlib.measure.spc_rules import RUN_LENGTH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Weeks = NDArray[np.int64]

__all__ = ["FIRST_LOOK", "NEVER", "chance_of_a_fall", "first_by_model", "first_on_chart"]

NEVER = 0  # the week in which a series that shows nothing does so
FIRST_LOOK = 4  # weeks after the change that the model needs
OUTER = 0.975  # of the weight on one side of 0, where a 95% interval just leaves it out
TRIED = GRID[2::5]  # the correlations that are weighed: every fifth of those of `serial`
NEGLIGIBLE = 1e-9  # a correlation with less weight than this is left out
AT_ONCE = 250  # series worked out together, so that they fit a processor's fast memory


def first_on_chart(before: Floats, later: Floats, *, better: int, preset: str = "mdc") -> Weeks:
    """
    The first week of *later* by which a chart with limits from *before* shows an improvement; 0: none.

    Both are series by points. *better* is 1 where more is better, -1 where less is.

    >>> usual = np.array([[9.0, 11.0] * 6])
    >>> first_on_chart(usual, np.array([[9.0, 11.0, 2.0]]), better=-1).tolist()
    [3]
    >>> first_on_chart(usual, np.array([[9.0, 9.5] * 4]), better=-1).tolist()  # the seventh in a row
    [7]
    """
    lines = lines_many(before, preset=preset)
    found = np.full(len(later), NEVER)
    left = np.arange(len(later))
    for week in range(1, later.shape[1] + 1):
        # A pattern that this week completes began in the last 7, and so did any that it is weighed against.
        recent = later[left, max(0, week - 2 * RUN_LENGTH + 1) : week]
        directions = signals_many(recent, lines.of(left))[1]
        shown = (directions[:, -RUN_LENGTH:] == better).any(axis=1)
        found[left[shown]] = week
        left = left[~shown]
    return found


def first_by_model(before: Floats, later: Floats, *, better: int) -> Weeks:
    """
    The first week of *later*, from week 4 on, by which the model shows an improvement; 0: none.

    *before*, *later* and *better* are as for `first_on_chart`.

    >>> usual = np.array([[9.0, 11.0, 10.0, 10.0] * 4])
    >>> first_by_model(usual, np.array([[2.0, 1.0] * 3]), better=-1).tolist()
    [4]
    """
    share = np.concatenate(
        [chance_of_a_fall(before[at : at + AT_ONCE], later[at : at + AT_ONCE]) for at in range(0, len(later), AT_ONCE)]
    )
    shown = (share if better < 0 else 1 - share) > OUTER
    shown[:, : FIRST_LOOK - 1] = False
    return np.where(shown.any(axis=1), shown.argmax(axis=1) + 1, NEVER)


def chance_of_a_fall(before: Floats, later: Floats) -> Floats:
    """
    How much of the weight the model puts on a step below 0, at each week: series by weeks, 0 to 1.

    It is `SerialFit.below` of the step, for all series and weeks at once: what a week adds
    to the normal equations is added up.
    """
    n, weeks = before.shape[1], later.shape[1]
    y = np.concatenate([before, later], axis=1).T - before.mean(axis=1)
    model = np.ones((n + weeks, 2))
    model[:n, 1] = 0.0
    freedom = np.arange(n + 1, n + weeks + 1) - 2
    parts = [_given(y, model, correlation, freedom) for correlation in TRIED]
    likely, away = (np.stack(part) for part in zip(*parts, strict=True))
    weight = np.exp(likely - likely.max(axis=0))
    falls = np.zeros_like(away)
    stdtr(freedom[:, None], away, out=falls, where=weight > NEGLIGIBLE)
    return np.asarray(((weight * falls).sum(axis=0) / weight.sum(axis=0)).T)


def _given(y: Floats, model: Floats, correlation: float, freedom: Weeks) -> tuple[Floats, Floats]:
    """Of one *correlation*: its likelihood (a logarithm), and errors from the step up to 0; weeks by series."""
    since, fade = len(y) - len(freedom), np.full((1, len(y) - 1), correlation)
    x, v = whitened(model, fade)[0], whitened(y, fade)[0]
    gram = np.cumsum(x[:, :, None] * x[:, None, :], axis=0)[since:]
    inverse = np.linalg.inv(gram)
    ones, steps = (np.cumsum(x[:, [term]] * v, axis=0)[since:] for term in (0, 1))
    level = inverse[:, [0], 0] * ones + inverse[:, [0], 1] * steps
    step = inverse[:, [1], 0] * ones + inverse[:, [1], 1] * steps
    left = np.cumsum(v**2, axis=0)[since:] - level * ones - step * steps
    many = freedom[:, None]
    likely = -0.5 * ((many + 1) * np.log1p(-(correlation**2)) + np.linalg.slogdet(gram)[1][:, None])
    return np.asarray(likely - 0.5 * many * np.log(left)), np.asarray(-step / np.sqrt(left / many * inverse[:, [1], 1]))
