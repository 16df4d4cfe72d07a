"""
What does a comparison with other sites show, and what does it rest on? In plain words.

First what the points show and how sure that is; then whether the sites moved alike
before, what has to hold, and what to bear in mind. Each sentence has 20 words or fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowlib.change.effect.estimate import paragraphs, span, told
from flowlib.change.effect.interrupted_words import sure
from flowlib.measure.spc_series import day

if TYPE_CHECKING:
    from flowlib.change.effect.estimate import Estimate
    from flowlib.change.effect.sites import Comparison
    from flowlib.change.effect.sites_panel import Panel
    from flowlib.change.effect.sites_weights import Pair

__all__ = ["assumes", "before_check", "cautions", "comparison"]


def comparison(found: Comparison, unit: str) -> str:
    """Short paragraphs on a comparison with other sites."""
    return paragraphs(
        [_effect(found, unit), _sure(found, unit)],
        [_with_whom(found), before_check(found.placebo, unit)],
        ["This rests on what nobody can check here.", *found.assumes],
        list(found.cautions),
    )


def before_check(placebo: Estimate | None, unit: str = "") -> str:
    """Whether the sites moved alike before the change."""
    if placebo is None:
        return "There are too few dates before the change to check that the sites moved alike."
    made_up = f"A made-up change half way through the dates before gives {told(placebo.value, unit)}"
    if not placebo.known:
        return f"{made_up}. With so few sites nobody can say whether that is chance."
    shows = "the sites already moved apart" if placebo.differs else "no difference in movement shows"
    return f"Before the change {shows}. {made_up} ({span(placebo.low, placebo.high)})."


def assumes(effect: Estimate, *, several: bool) -> tuple[str, ...]:
    """What has to hold for the effect, and for its interval."""
    found = [
        "Without the change, all these sites would have moved alike.",
        "No site changed anything early because the change was coming.",
        "The change at one site did nothing to the others.",
        "Nothing else happened only at the sites that changed.",
    ]
    if several:
        found.append("A site that had changed stayed changed.")
    if effect.known:
        found.append("For the range: all sites vary alike. It is for these sites; others may differ.")
    return tuple(found)


def cautions(read: Panel, pairs: list[Pair], effect: Estimate, placebo: Estimate | None) -> tuple[str, ...]:
    """What to bear in mind before believing it."""
    found = [_few(read, effect), _apart(placebo), _last(read, pairs), _later(read), _one(read, effect)]
    return tuple(one for one in found if one)


def _effect(found: Comparison, unit: str) -> str:
    """How large the effect is."""
    sites = "the site that changed, it" if found.changed == 1 else f"the {found.changed} sites that changed, it"
    value = found.effect.value
    way = "higher" if value > 0 else "lower"
    amount = f"{told(abs(value), unit)} {way}" if value else "no different"
    return f"At {sites} is {amount} than the other sites lead us to expect."


def _sure(found: Comparison, unit: str) -> str:
    """How sure that is."""
    effect = found.effect
    if not effect.known:
        return "Nobody can say how far chance alone would reach here."
    between = f"The data leave open anything {span(effect.low, effect.high, unit)}"
    end = "" if effect.differs else ", so we cannot say that it worked"
    return f"{between}{end}. Ranges made like this hold the truth about {sure(found.confidence)}."


def _with_whom(found: Comparison) -> str:
    if found.dates_of_change == 1:
        return ""
    return "They changed on several dates, so each was compared with sites that had not changed by then."


def _few(read: Panel, effect: Estimate) -> str:
    if effect.known:
        return ""
    return f"{len(read.sites)} sites, changed like this, are too few for a range that can be trusted; none is given."


def _apart(placebo: Estimate | None) -> str:
    apart = placebo is not None and placebo.differs
    return "The sites moved apart before the change, so do not rely on this comparison." if apart else ""


def _last(read: Panel, pairs: list[Pair]) -> str:
    """Dates at which every site had changed."""
    last = max(pair.at for pair in pairs)
    if last == len(read.dates) - 1:
        return ""
    return f"By {day(read.dates[last + 1])} every site had changed, so later dates have nothing to be compared with."


def _later(read: Panel) -> str:
    if not read.later:
        return ""
    names = ", ".join(f'"{name}"' for name in read.later)
    return f"After the last date came the change at {names}, so it counts as unchanged here."


def _one(read: Panel, effect: Estimate) -> str:
    """A single changed site."""
    alone = int((read.first < len(read.dates)).sum()) == 1
    return "Only one site changed: what else was special about it counts as effect." if alone and effect.known else ""
