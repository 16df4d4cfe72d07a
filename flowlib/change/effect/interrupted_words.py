"""
What does an interrupted series show, and what does it not? In plain words.

First what the points show; then how sure that is and what the series cannot tell; last
what to bear in mind. Each sentence has 20 words or fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from flowlib.change.effect.estimate import paragraphs, span, told
from flowlib.change.effect.spacing import gap_sentence
from flowlib.measure.spc_series import day

if TYPE_CHECKING:
    from flowlib.change.effect.estimate import Estimate
    from flowlib.change.effect.interrupted import Autocorrelation, Interrupted
    from flowlib.change.effect.interrupted_model import Layout, Waves
    from flowlib.measure.spc_rules import Floats

__all__ = ["cautions", "interrupted", "sure"]

SHORT = 36  # points; with fewer, and neighbours strongly alike, intervals hold too rarely (data/coverage.csv)
STRONG = 0.6  # correlation of neighbours, estimated, beyond which intervals hold too rarely
UNLIKELY = 0.01  # chance below which what is left over is told
FAR = 4  # standard deviations
BAD = 1.5  # standard deviations, of the mean of the last points before the change: about 1 in 200 by chance alone
LAST = 3  # points just before the change
YEAR = {"month": 12, "week": 52, "day": 7}  # a natural cycle, in steps
ASK = {"month": "season=12", "week": "season=52", "day": 'season="weekday"'}


def interrupted(found: Interrupted, unit: str) -> str:
    """Short paragraphs on an interrupted series."""
    limits = [
        f"Ranges made like this hold the truth about {sure(found.confidence)}.",
        "This does not show why: something else may have changed at the same time.",
        "The line from before is assumed to go on as it was.",
    ]
    return paragraphs([_step(found, unit), _trend(found, unit), _now(found, unit)], limits, list(found.cautions))


def sure(confidence: float) -> str:
    """
    How often intervals hold, in words.

    >>> sure(0.95), sure(0.999)
    ('95 times in 100', '999 times in 1,000')
    """
    of = 100 if abs(confidence * 100 - round(confidence * 100)) < 1e-9 else 1000  # noqa: PLR2004 - rounding
    return f"{round(confidence * of)} times in {of:,}"


def _step(found: Interrupted, unit: str) -> str:
    """The step, and whether the data leave open that there was none."""
    at = f"At the change on {day(found.change)}"
    if not found.step.differs:
        return f"{at} no step shows: it may lie {_between(found.step, unit)}."
    way = "rises" if found.step.value > 0 else "falls"
    return f"{at} the level {way} by {told(abs(found.step.value), unit)} ({_sizes(found.step)})."


def _trend(found: Interrupted, unit: str) -> str:
    """The change of trend, and whether the data leave open that there was none."""
    change = found.trend_change
    if not change.differs:
        return f"The trend may be the same after it: the difference lies {_between(change, unit)} a {found.each}."
    way = "up" if change.value > 0 else "down"
    by = told(abs(change.value), unit)
    return f"After it the trend turns {way} by {by} a {found.each} ({_sizes(change)})."


def _now(found: Interrupted, unit: str) -> str:
    """Where the last point stands against where it would have been."""
    now = found.effect_now
    last = f"By {day(found.table['x'].iloc[-1])}"
    if not now.differs:
        end = "anything changed" if found.improvement is None else "it worked"
        return f"{last} the difference lies {_between(now, unit)}, so we cannot say that {end}."
    way = "higher" if now.value > 0 else "lower"
    verdict = {None: "", True: ": better", False: ": worse"}[found.improved]
    return f"{last} it is {told(abs(now.value), unit)} {way} than expected ({_sizes(now)}){verdict}."


def _between(found: Estimate, unit: str) -> str:
    return span(found.low, found.high, unit)


def _sizes(found: Estimate) -> str:
    """The interval of a change whose direction is known, as sizes."""
    low, high = sorted((abs(found.low), abs(found.high)))
    return span(low, high)


def cautions(
    laid: Layout,
    away: Floats,
    left: Floats,
    auto: Autocorrelation,
    improvement: str | None,
    season: Waves,
) -> tuple[str, ...]:
    """
    What to bear in mind before believing it.

    For each point that counts, *away* is how far it lies from the lines, in the unit of the
    values, and *left* is what it has beyond that of its neighbour, in standard deviations.
    """
    found = [
        gap_sentence(laid.time.missing),
        _uneven(laid),
        _aside(laid),
        _narrow(laid, auto),
        _depends(laid, left, auto, season),
        _return(laid, away, improvement),
        _far(laid, left),
        _long(laid),
    ]
    return tuple(one for one in found if one)


def _uneven(laid: Layout) -> str:
    return "" if laid.time.even else "The points are not evenly spaced, so time was counted in days."


def _aside(laid: Layout) -> str:
    count = int((~laid.used).sum())
    if not count:
        return ""
    points = "The first point" if count == 1 else f"The first {count} points"
    return f"{points} after the change {'was' if count == 1 else 'were'} set aside as bedding-in."


def _narrow(laid: Layout, auto: Autocorrelation) -> str:
    """Where intervals were measured to hold less often than they say."""
    count = int(laid.used.sum())
    if auto.value > STRONG:
        return (
            "Each point is strongly like the one before it. "
            f"The true ranges may be wider: {count} such points tell little."
        )
    if count < SHORT:
        return f"There are only {count} points. If each is strongly like the one before, the true ranges are wider."
    return ""


def _depends(laid: Layout, left: Floats, auto: Autocorrelation, season: Waves) -> str:
    """A pattern in time that the model leaves over."""
    cycle = YEAR.get(laid.time.step, 0)
    if season is None and 0 < 2 * cycle <= left.size and not laid.time.missing and laid.used.all():
        alike = float(left[cycle:] @ left[:-cycle] / (left @ left))
        if alike > 2 / np.sqrt(left.size):
            told_of = "a week" if cycle == YEAR["day"] else "a year"
            return f"Points {told_of} apart resemble each other. Ask again with {ASK[laid.time.step]}."
    if auto.left_over < UNLIKELY:
        return "The points keep a pattern in time that the lines do not explain. The true ranges may be wider."
    return ""


def _return(laid: Layout, away: Floats, improvement: str | None) -> str:
    """Whether the change came just when things were unusually bad; without a direction, unusually high or low."""
    before = int((~laid.after).sum())
    apart = float(away[before - LAST : before].mean())
    sides = {"down": ("bad", ""), "up": ("", "bad"), None: ("high", "low")}[improvement]
    how = sides[0] if apart > 0 else sides[1]
    if abs(apart) < BAD * away.std() or not how:
        return ""
    return (
        f"The points just before the change were unusually {how}. Some of what followed may be a return to the usual."
    )


def _far(laid: Layout, left: Floats) -> str:
    far = np.flatnonzero(np.abs(left) > FAR)
    if not far.size:
        return ""
    return f"The point of {day(laid.x[laid.used][far[0]])} lies far from the lines, and one such point can move them."


def _long(laid: Layout) -> str:
    """The line from before is carried on further than it was drawn."""
    before, after = -laid.since[0], laid.since[-1]
    return "The line from before is carried on for longer than it was measured." if after > before else ""
