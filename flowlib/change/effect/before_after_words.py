"""
What do the points before and after a change show, and how often does chance show as much? In plain words.

Each sentence has 20 words or fewer. Without a direction of improvement nothing is called
better or worse: values go higher or lower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowlib.change.effect.estimate import FIGURES, paragraphs
from flowlib.change.effect.weeks_words import one_in
from flowlib.core.checks import shown
from flowlib.measure.spc_series import day

if TYPE_CHECKING:
    from flowlib.change.effect.before_after import BeforeAfter

__all__ = ["before_after"]

MOST_FIGURES = 6  # of a mean; where two are still alike, they are told as alike
NEARLY_ALL = 0.95  # share of charts from which they are told as nearly every one


def before_after(made: BeforeAfter, unit: str) -> str:
    """The two means, what the first signal shows, how often chance gives one, and what it does not prove."""
    before, after = _apart(made.before, made.after)
    of = f" {unit}" if unit else ""
    told = f"The average was {before}{of} before the change and {after}{of} after it."
    if made.signal_at is None:
        end = "anything changed" if made.improvement is None else "it worked"
        return f"{told} The points after it stay within the usual variation, so we cannot say that {end}."
    shows = [
        told,
        f"From {day(made.signal_at)} the rules of the chart mark {_way(made)}.",
        "Later points show the contrary too: keep looking." if made.both_ways else "",
    ]
    return paragraphs(shows, [_by_chance(made.by_chance), "It came with the change; what else changed then?"])


def _way(made: BeforeAfter) -> str:
    """What the first signal shows."""
    if made.improved is None:
        return "higher values" if made.higher else "lower values"
    return "an improvement" if made.improved else "a change for the worse"


def _by_chance(share: float) -> str:
    """How often the rules mark points when nothing has changed."""
    told = "nearly every chart" if share >= NEARLY_ALL else f"about {one_in(share, 'chart')}"
    return f"Chance alone gives some mark, up or down, on {told.replace('about fewer', 'fewer')}."


def _apart(before: float, after: float) -> tuple[str, str]:
    """Two means to three figures, or to as many as show that they differ."""
    for figures in range(FIGURES, MOST_FIGURES + 1):
        ends = [shown(float(f"{mean:.{figures}g}")) for mean in (before, after)]
        if ends[0] != ends[1]:
            return ends[0], ends[1]
    return shown(float(f"{before:.{FIGURES}g}")), shown(float(f"{after:.{FIGURES}g}"))
