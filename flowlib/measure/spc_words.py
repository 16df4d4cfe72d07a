"""
What does this chart show, and what does it not show? The charts of `spc`, in plain words.

First what the points show; then, in paragraphs of their own, what to expect against a
target and what the chart cannot say, how its limits were set where that is not from all
points, and what to know before it is relied on. Each sentence has 20 words or fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core.checks import shown
from flowlib.measure.spc_series import day

if TYPE_CHECKING:
    from flowlib.measure.spc import RunChart
    from flowlib.measure.spc_chart import ControlChart

__all__ = ["TRIAL", "control_chart", "expected", "just_meets", "latest", "run_chart"]

TRIAL = "These are trial limits: fewer than 12 points stand behind them."

# Two numbers closer than this share of the larger differ only by rounding.
NO_MORE = 1e-12

_VERDICTS = {
    "improvement": "The latest point is a sign of improvement",
    "concern": "The latest point is a cause for concern",
    "neutral": "The latest point is unusual",
}
_EXPECTED = {
    "pass": "The usual variation meets the target of {} every time.",
    "fail": "The usual variation misses the target of {} every time.",
    "at_the_limit": "The usual variation meets the target of {} every time, with no room to spare.",
    "hit_or_miss": "The usual variation meets the target of {} at some times and misses it at others.",
}


def control_chart(chart: ControlChart, unit: str) -> str:
    """Short paragraphs on a control chart: what it shows, what to expect, and how its limits were set."""
    unusual = int((chart.points["signal"] != "").sum())
    ghosts = int(chart.points["ghost"].sum())
    ends = f"{_number(chart.lpl)} to {_number(chart.upl, unit)}"
    shows = [
        latest(chart, unit),
        _others(unusual, len(chart.points) - ghosts),
        f"{_usual(chart)} from {ends}, around a {chart.centre} of {_number(chart.mean, unit)}.",
    ]
    limits = [
        expected(chart, unit),
        TRIAL if chart.trial else "",
        "The chart does not say why points are unusual."
        if unusual
        else "The chart does not say whether the usual level is good enough.",
    ]
    return _paragraphs(
        shows, limits, [_redrawn(chart), _frozen(chart), _screened(chart)], [_ghosted(ghosts), _warned(chart)]
    )


def run_chart(chart: RunChart, unit: str) -> str:
    """Two short paragraphs on a run chart."""
    if chart.useful <= chart.longest_run_limit and chart.crossings_limit == 0:
        lie = f"{chart.useful} of the {len(chart.points)} points {'lies' if chart.useful == 1 else 'lie'}"
        few = f"Only {lie} off the median of {_number(chart.median, unit)}: too few to judge."
        return _paragraphs([few], ["The chart does not say whether anything changed."])
    line = f"The line crosses the median of {_number(chart.median, unit)} {_times(chart.crossings)}"
    shows = [
        "The points vary in a way that chance alone seldom gives."
        if chart.signal
        else "The points vary around their median as chance would have it.",
        f"The longest run has {chart.longest_run} points; more than {chart.longest_run_limit} is unusual.",
        f"{line}; fewer than {chart.crossings_limit} is unusual.",
    ]
    limits = "The chart does not say why, or from when." if chart.signal else "A small change may still be hidden."
    return _paragraphs(shows, [limits])


def _usual(chart: ControlChart) -> str:
    """Whose limits the sentence gives: they may differ from point to point, and from segment to segment."""
    segments = chart.points["segment"]
    segment = chart.points.loc[segments == segments.iloc[-1], "upl"]
    if segment.max() > segment.min():
        return "At the latest size, usual points lie"
    return "In the latest segment, usual points lie" if segments.iloc[-1] else "Usual points lie"


def _redrawn(chart: ControlChart) -> str:
    """From where the last limits hold, and how many were drawn before them."""
    segments = chart.points["segment"]
    count = int(segments.iloc[-1])
    if count == 0:
        return ""
    x = chart.points["x"][segments == count].iloc[0]
    place = day(x) if isinstance(x, pd.Timestamp) else f"position {x}"
    return f"The limits were drawn afresh {_times(count)}{', last' if count > 1 else ''} from {place}."


def _frozen(chart: ControlChart) -> str:
    """Which points alone set the limits."""
    if chart.baseline is None:
        return ""
    largest = int(chart.points["segment"].value_counts().max())
    if largest <= chart.baseline:
        return ""
    where = " of each segment" if chart.points["segment"].iloc[-1] else ""
    return f"The limits are frozen: the first {chart.baseline} points{where} set them, and later ones do not."


def _screened(chart: ControlChart) -> str:
    """Whether large jumps were looked for when the limits were set."""
    return "Any unusually large jump between two points is left out of the limits." if chart.screened else ""


def latest(chart: ControlChart, unit: str = "") -> str:
    """
    What the last point that counts shows, and by which rule, in one sentence.

    >>> from flowlib.measure.spc import xmr
    >>> latest(xmr([1, 2] * 6 + [40], improvement="down"), "days")
    'The latest point is a cause for concern: it is above the upper limit of 15.32 days.'
    """
    counted = chart.points[~chart.points["ghost"]]
    told = _latest(chart, unit, counted)
    return told.replace("The latest point", "The last point that counts") if chart.points["ghost"].iloc[-1] else told


def expected(chart: ControlChart, unit: str = "") -> str:
    """
    What to expect against the target, in one sentence; nothing without a target and a direction.

    >>> from flowlib.measure.spc import xmr
    >>> expected(xmr([1, 2] * 9, improvement="up", target=9), "days")
    'The usual variation misses the target of 9 days every time.'
    """
    if chart.assurance is None:
        return ""
    return _EXPECTED["at_the_limit" if just_meets(chart) else chart.assurance].format(
        _number(chart.target or 0.0, unit)
    )


def just_meets(chart: ControlChart) -> bool:
    """
    Whether all usual points meet the target, and the furthest of them only just.

    >>> from flowlib.measure.spc import c_chart
    >>> just_meets(c_chart([0] * 12, improvement="down", target=0))
    True
    """
    if chart.assurance != "hit_or_miss" or chart.target is None:
        return False
    furthest = chart.lpl if chart.improvement == "up" else chart.upl
    return abs(furthest - chart.target) <= NO_MORE * max(abs(furthest), abs(chart.target))


def _latest(chart: ControlChart, unit: str, counted: pd.DataFrame) -> str:
    """What the last of the points that count shows, as if no other followed it."""
    last, before = counted.iloc[-1], counted.iloc[-2]
    if chart.variation == "common":
        return "The latest point is usual variation: no rule marks it."
    above = last["y"] > last["mean"]
    reasons = {
        "outside": f"it is {'above the upper' if above else 'below the lower'} limit of"
        f" {_number(last['upl'] if above else last['lpl'], unit)}",
        "trend": f"the last 7 points {'rise' if last['y'] > before['y'] else 'fall'}",
        "two_in_three": f"2 of the last 3 points are near the {'upper' if above else 'lower'} limit",
        "four_in_five": f"4 of the last 5 points are far {'above' if above else 'below'} the {chart.centre}",
        "shift": _shift(chart, counted, "above" if above else "below"),
    }
    return f"{_VERDICTS[chart.variation]}: {reasons[last['signal']]}."


def _shift(chart: ControlChart, counted: pd.DataFrame, side: str) -> str:
    """A run on one side; where a preset passes over points on the line, it says so."""
    run = counted.iloc[-chart.run :]
    off = run["y"] - run["mean"] if side == "above" else run["mean"] - run["y"]
    if (off > NO_MORE * run["y"].abs().max()).all():
        return f"the last {chart.run} points are all {side} the {chart.centre}"
    return f"the last {chart.run} points off the {chart.centre} are all {side} it"


def _ghosted(ghosts: int) -> str:
    """How many points are shown and left out of the sums."""
    if ghosts == 0:
        return ""
    one = ghosts == 1
    return f"{ghosts} {'point is' if one else 'points are'} ghosted: shown, but left out of the lines and the rules."


def _warned(chart: ControlChart) -> str:
    """Where the cautions stand, unless the paragraph above has said the only one."""
    count = len(chart.cautions)
    if count == int(chart.trial):
        return ""
    return f"Before you rely on this chart, read its {'caution' if count == 1 else f'{count} cautions'}."


def _others(unusual: int, count: int) -> str:
    """How many points any rule marks."""
    if unusual == 0:
        return f"None of the {count} points is unusual."
    return f"In all, {unusual} of the {count} points {'is' if unusual == 1 else 'are'} unusual."


def _number(number: float, unit: str = "") -> str:
    """A number to 4 figures, with its unit."""
    return f"{shown(float(f'{number:.4g}'))} {unit}".rstrip()


def _paragraphs(*paragraphs: list[str]) -> str:
    """Sentences into paragraphs, without those that have nothing to say."""
    joined = [" ".join(sentence for sentence in sentences if sentence) for sentences in paragraphs]
    return "\n\n".join(paragraph for paragraph in joined if paragraph)


def _times(count: int) -> str:
    """How often, in words that agree with the number."""
    return "once" if count == 1 else f"{count} times"
