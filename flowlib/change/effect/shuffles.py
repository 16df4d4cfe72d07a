"""
Could so large a difference come from which sites happened to change?

The dates of change are dealt out among the sites in every other way, and the effect is
worked out each time: if chance alone chose who changed, the real way would stand out no
more than any other. An effect is left open when, with that effect taken out, the real
way is not among the most extreme 5 in 100. The interval holds the effects left open
(Fisher's randomisation test, turned round; Rosenbaum 2002, Observational Studies, 2nd
edition, section 2.6; for differences in differences with few sites, MacKinnon and Webb
2020, Journal of Econometrics 218: 435).

Nothing is assumed of how a site's months hang together. It is assumed that sites vary
alike; where the change does more at one site than at another, the interval is for the
average of the sites that changed, and somewhat wide.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np

from flowlib.change.effect.estimate import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from flowlib.change.effect.sites_weights import Contrast
    from flowlib.measure.spc_rules import Floats

__all__ = ["deals", "interval", "ways"]

ALL_UP_TO = 5_000  # ways that are all tried; of more, so many are drawn
SAME = 1e-9  # two ways that move the effect alike


def ways(roles: NDArray[np.int64]) -> int:
    """
    In how many ways the dates of change (one a site) can be dealt out.

    >>> ways(np.array([5, 5, 9, 9]))
    6
    """
    count = math.factorial(roles.size)
    for same in np.unique(roles, return_counts=True)[1]:
        count //= math.factorial(int(same))
    return count


def deals(roles: NDArray[np.int64], seed: int = 0) -> NDArray[np.int64]:
    """
    Ways to deal the sites' dates of change out again, the real way first: (ways, N) of whose date each site has.

    All of them where they are 5,000 or fewer; else 5,000, drawn by *seed*.
    """
    real = np.arange(roles.size)
    if ways(roles) > ALL_UP_TO:
        luck = np.random.default_rng(seed)
        drawn = luck.permuted(np.tile(real, (ALL_UP_TO - 1, 1)), axis=1)
        return np.vstack([real, drawn])
    every = np.array(list(_dealt(roles)))
    is_real = (roles[every] == roles).all(axis=1)
    return np.vstack([real, every[~is_real]])


def interval(contrast: Contrast, values: Floats, profile: Floats, dealt: NDArray[np.int64], level: float) -> Estimate:
    """
    The effect in *values* (N, T), with the effects that the shuffles leave open.

    *profile* (N, T) is what the change did in each cell, as far as is known: it is taken
    out before dates are dealt out again, so that real effects do not pass for chance.
    """
    value = contrast.of(values)
    around = contrast.of(profile)
    low, high = _left_open(contrast, values - profile, dealt, level)
    return Estimate(value, around + low, around + high) if math.isfinite(low + high) else _unknown(value)


def _left_open(contrast: Contrast, values: Floats, dealt: NDArray[np.int64], level: float) -> tuple[float, float]:
    """
    The lowest and highest effects that the shuffles leave open; infinite where nothing ends them.

    Dealt out in way k, the effect is A, and falls by B for each unit of effect taken out.
    The real way, T, falls by 1. Way k is as extreme as the real one, |A - B x| >= |T - x|,
    from x = (T - A) / (1 - B) to (T + A) / (1 + B).
    """
    sites = values.shape[0]
    cell = dealt * sites + np.arange(sites)  # whose weights, on whose values
    effect = (contrast.weights @ values.T).take(cell).sum(axis=1)
    moved = (contrast.weights @ contrast.cells.T.astype(float)).take(cell).sum(axis=1)
    real = effect[0]
    bounded = np.abs(moved) < 1 - SAME  # the rest move as the real way does, and end nothing
    one = (real - effect) / np.where(bounded, 1 - moved, 1.0)
    other = (real + effect) / np.where(bounded, 1 + moved, 1.0)
    low = np.where(bounded, np.minimum(one, other), -np.inf)
    high = np.where(bounded, np.maximum(one, other), np.inf)
    place = math.floor((1 - level) * dealt.shape[0] + SAME)
    return float(np.sort(low)[place]), float(np.sort(high)[::-1][place])


def _unknown(value: float) -> Estimate:
    return Estimate(value, math.nan, math.nan)


def _dealt(roles: NDArray[np.int64]) -> Iterator[list[int]]:
    """Every different way to give the sites each other's dates."""
    holders = [np.flatnonzero(roles == one).tolist() for one in np.unique(roles)]

    def give(free: list[int], left: list[list[int]]) -> Iterator[dict[int, int]]:
        if not left:
            yield {}
            return
        for chosen in itertools.combinations(free, len(left[0])):
            rest = [site for site in free if site not in chosen]
            for more in give(rest, left[1:]):
                yield dict(zip(chosen, left[0], strict=True)) | more

    for given in give(list(range(roles.size)), holders):
        yield [given[site] for site in range(roles.size)]
