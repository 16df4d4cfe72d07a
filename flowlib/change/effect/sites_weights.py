"""
Who is compared with whom, written as weights? Each effect is one weighted sum of the table.

Sites that changed on one date are a group. At each date a group is compared with the
sites that had not changed by then, and both with their own average from before the
group's change. These are the group-time averages of Callaway and Sant'Anna (2021,
Journal of Econometrics 225: 200) with sites not yet changed; their base is the last date
before the change, ours the average of all dates before it. So with one date of change
the average effect is the plain difference of differences.

A regression with a level for each site and each date also uses sites that have long
changed as a comparison. Where effects grow with time it can come out wrong, even in its
direction (Goodman-Bacon 2021, Journal of Econometrics 225: 254).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from flowlib.change.effect.sites_panel import Panel
    from flowlib.measure.spc_rules import Flags, Floats

__all__ = ["Contrast", "Pair", "by_group_and_date", "by_period", "halfway", "overall"]

FEWEST_HALVES = 4  # dates before a change that can be cut into two halves


@dataclass(frozen=True, eq=False)
class Contrast:
    """One effect as a weighted sum, and the cells of the table that it is the effect in."""

    weights: Floats  # (N, T)
    cells: Flags  # (N, T)
    sites: int  # changed sites that it rests on

    def of(self, values: Floats) -> float:
        """The effect in a table (N, T)."""
        return float((self.weights * values).sum())


@dataclass(frozen=True, eq=False)
class Pair:
    """One group at one date."""

    group: int  # position of the group's first changed date
    at: int  # position of the date
    sites: int  # in the group
    others: int  # compared with
    weights: Floats  # (N, T)

    def of(self, values: Floats) -> float:
        """The effect in a table (N, T)."""
        return float((self.weights * values).sum())


def by_group_and_date(panel: Panel) -> list[Pair]:
    """Every group at every date at which there are others to compare it with."""
    pairs = [_pair(panel, group, [at], list(range(group))) for group in panel.groups for at in range(len(panel.dates))]
    return [pair for pair in pairs if pair is not None]


def overall(panel: Panel, pairs: list[Pair]) -> Contrast:
    """The average effect over all changed sites and dates that can be compared."""
    return _mean(panel, [pair for pair in pairs if pair.at >= pair.group])


def by_period(panel: Panel, pairs: list[Pair]) -> dict[int, Contrast]:
    """The average effect so many dates after the change (before it, below zero)."""
    periods = sorted({pair.at - pair.group for pair in pairs})
    return {one: _mean(panel, [pair for pair in pairs if pair.at - pair.group == one]) for one in periods}


def halfway(panel: Panel) -> Contrast | None:
    """The effect of a made-up change, half way through the dates before each group's own; None where too few."""
    halves = [
        _pair(panel, group, list(range(group // 2, group)), list(range(group // 2)))
        for group in panel.groups
        if group >= FEWEST_HALVES
    ]
    found = [pair for pair in halves if pair is not None]
    return _mean(panel, found, halves=True) if found else None


def _pair(panel: Panel, group: int, at: list[int], base: list[int]) -> Pair | None:
    """A group, on average over the dates *at*, against its dates *base* and the sites that had not changed."""
    own = panel.first == group
    others = (panel.first > max(*at, group - 1)) & ~own
    if not others.any():
        return None
    when = np.zeros(len(panel.dates))
    when[at] += 1 / len(at)
    when[base] -= 1 / len(base)
    who = own / own.sum() - others / others.sum()
    return Pair(group, at[0], int(own.sum()), int(others.sum()), np.outer(who, when))


def _mean(panel: Panel, pairs: list[Pair], *, halves: bool = False) -> Contrast:
    """The pairs' average, each counting by its sites; with *halves* a pair is of all dates in the later half before."""
    sites = sum(pair.sites for pair in pairs)
    weights = np.sum([pair.sites * pair.weights for pair in pairs], axis=0) / sites
    cells = np.zeros(weights.shape, dtype=bool)
    for pair in pairs:
        dates = slice(pair.group // 2, pair.group) if halves else pair.at
        cells[panel.first == pair.group, dates] = True
    return Contrast(weights, cells, sum(pair.sites for pair in {pair.group: pair for pair in pairs}.values()))
