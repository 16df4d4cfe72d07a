"""
What does this chart show, and what does it not show? The charts of `spc`, in plain words.

First what the points show, then, in a second paragraph, what to expect against a
target and what the chart cannot say. Each sentence has 20 words or fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowlib.core.checks import shown

if TYPE_CHECKING:
    import pandas as pd

    from flowlib.measure.spc import RunChart
    from flowlib.measure.spc_chart import ControlChart

__all__ = ["TRIAL", "control_chart", "expected", "latest", "run_chart"]

TRIAL = "These are trial limits: fewer than 12 points stand behind them."

_VERDICTS = {
    "improvement": "The latest point is a sign of improvement",
    "concern": "The latest point is a cause for concern",
    "neutral": "The latest point is unusual",
}
_EXPECTED = {
    "pass": "The usual variation meets the target of {} every time.",
    "fail": "The usual variation misses the target of {} every time.",
    "hit_or_miss": "The usual variation meets the target of {} at some times and misses it at others.",
}


def control_chart(chart: ControlChart, unit: str) -> str:
    """Two short paragraphs on a control chart."""
    unusual = int((chart.points["signal"] != "").sum())
    ghosts = int(chart.points["ghost"].sum())
    span = f"from {_number(chart.lpl)} to {_number(chart.upl, unit)}"
    shows = [
        latest(chart, unit),
        _others(unusual, len(chart.points) - ghosts),
        f"{_usual(chart)} {span}, around a {chart.centre} of {_number(chart.mean, unit)}.",
    ]
    limits = [
        expected(chart, unit),
        TRIAL if chart.trial else "",
        "The chart does not say why points are unusual."
        if unusual
        else "The chart does not say whether the usual level is good enough.",
    ]
    return _paragraphs(shows, limits, [_ghosted(ghosts), _warned(chart)])


def run_chart(chart: RunChart, unit: str) -> str:
    """Two short paragraphs on a run chart."""
    line = f"The line crosses the median of {_number(chart.median, unit)} {_times(chart.crossings)}"
    shows = [
        "The points do not vary by chance alone: something has changed."
        if chart.signal
        else "The points vary around their median as chance would have it.",
        f"The longest run has {chart.longest_run} points; more than {chart.longest_run_limit} is unusual.",
        f"{line}; fewer than {chart.crossings_limit} is unusual.",
    ]
    limits = "The chart does not say what changed, or when." if chart.signal else "A small change may still be hidden."
    return _paragraphs(shows, [limits])


def _usual(chart: ControlChart) -> str:
    """Whose limits the sentence gives: they may differ from point to point."""
    segment = chart.points.loc[chart.points["segment"] == chart.points["segment"].iloc[-1], "upl"]
    return "At the latest size, usual points lie" if segment.max() > segment.min() else "Usual points lie"


def latest(chart: ControlChart, unit: str = "") -> str:
    """
    What the last point that counts shows, and by which rule, in one sentence.

    >>> from flowlib.measure.spc import xmr
    >>> latest(xmr([1, 2] * 6 + [40], improvement="down"), "days")
    'The latest point is a cause for concern: it is above the upper limit of 15.32 days.'
    """
    counted = chart.points[~chart.points["ghost"]]
    last, before = counted.iloc[-1], counted.iloc[-2]
    told = _latest(chart, unit, last, before)
    return told.replace("The latest point", "The last point that counts") if chart.points["ghost"].iloc[-1] else told


def expected(chart: ControlChart, unit: str = "") -> str:
    """
    What to expect against the target, in one sentence; nothing without a target and a direction.

    >>> from flowlib.measure.spc import xmr
    >>> expected(xmr([1, 2] * 9, improvement="up", target=9), "days")
    'The usual variation misses the target of 9 days every time.'
    """
    return _EXPECTED[chart.assurance].format(_number(chart.target or 0.0, unit)) if chart.assurance else ""


def _latest(chart: ControlChart, unit: str, last: pd.Series, before: pd.Series) -> str:
    """What the last point shows, as if no other followed it."""
    if chart.variation == "common":
        return "The latest point is usual variation: no rule marks it."
    above = last["y"] > last["mean"]
    reasons = {
        "outside": f"it is {'above the upper' if above else 'below the lower'} limit of"
        f" {_number(last['upl'] if above else last['lpl'], unit)}",
        "trend": f"the last 7 points {'rise' if last['y'] > before['y'] else 'fall'}",
        "two_in_three": f"2 of the last 3 points are near the {'upper' if above else 'lower'} limit",
        "four_in_five": f"4 of the last 5 points are far {'above' if above else 'below'} the {chart.centre}",
        "shift": f"the last {chart.run} points are all {'above' if above else 'below'} the {chart.centre}",
    }
    return f"{_VERDICTS[chart.variation]}: {reasons[last['signal']]}."


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
