"""
Do the intervals of a comparison with other sites hold the truth as often as they say?

Part of `python -m benchmarks.coverage`. Each site has a level of its own, each date a
luck that all sites share, and each site noise whose neighbours resemble each other. In
the rows called "growing" the effect grows by 0.3 with each date since the change, which
a regression with one effect for all dates gets wrong when sites change on several dates.

The ways: `clustered` is that regression (a level a site, a level a date, one effect) with
errors clustered by site and Student's t of one degree of freedom a site, less one;
`flowlib` is the interval of `difference_in_differences`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS

from flowlib.change.effect.sites import average_effect
from flowlib.change.effect.sites_panel import Panel

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SEED = 2026
DATES = 24
NEVER = DATES
MADE = 300
CORRELATIONS = (0.0, 0.4, 0.8)
# When each site changes, by position among the dates.
DESIGNS = {
    "one date": [
        [12] * 4 + [NEVER] * 4, [12] * 3 + [NEVER] * 9, [12] * 9 + [NEVER] * 3, [12] + [NEVER] * 23,
    ],
    "three dates": [[8] * 3 + [12] * 3 + [16] * 3 + [NEVER] * 3],
    "three dates, growing": [[8] * 3 + [12] * 3 + [16] * 3 + [NEVER] * 3],
}  # fmt: skip
GROWTH = {"three dates, growing": 0.3}


def made_up(rng: np.random.Generator, first: list[int], correlation: float, growth: float) -> tuple[Floats, Floats]:
    """Values of each site at each date, and the true effect in each cell."""
    sites = len(first)
    values = rng.normal(size=(sites, DATES))
    for at in range(1, DATES):
        values[:, at] = correlation * values[:, at - 1] + math.sqrt(1 - correlation**2) * values[:, at]
    values += 3 * rng.normal(size=(sites, 1)) + 2 * rng.normal(size=(1, DATES))
    since = np.arange(DATES) - np.array(first)[:, np.newaxis]
    effect = np.where(since >= 0, growth * since, 0.0)
    return values + effect, effect


def long_table(values: Floats, first: list[int]) -> tuple[pd.DataFrame, dict[str, pd.Timestamp]]:
    """The same as a table of one row a site and date, and when each site changed."""
    sites, count = values.shape
    dates = pd.date_range("2024-01-01", periods=count, freq="MS")
    names = [f"site {at:02d}" for at in range(sites)]
    table = pd.DataFrame({"site": np.repeat(names, count), "date": np.tile(dates, sites), "y": values.ravel()})
    return table, {name: dates[at] for name, at in zip(names, first, strict=True) if at < count}


def by_clusters(values: Floats, first: list[int]) -> tuple[float, float]:
    """The interval of a regression with a level a site, a level a date and one effect, clustered by site."""
    sites = len(first)
    site, date = np.repeat(np.arange(sites), DATES), np.tile(np.arange(DATES), sites)
    changed = (date >= np.array(first)[site]).astype(float)
    levels = [np.equal.outer(site, np.arange(sites)), np.equal.outer(date, np.arange(1, DATES))]
    model = np.column_stack([changed, *(one.astype(float) for one in levels)])
    clusters = {"groups": site, "df_correction": True}
    fitted = OLS(values.ravel(), model).fit(cov_type="cluster", cov_kwds=clusters, use_t=True)
    low, high = fitted.conf_int()[0]
    return float(low), float(high)


def by_flowlib(values: Floats, first: list[int]) -> tuple[float, float]:
    """The interval of the average effect in `difference_in_differences`, without its tables."""
    names = tuple(f"site {at:02d}" for at in range(len(first)))
    dates = pd.date_range("2024-01-01", periods=values.shape[1], freq="MS")
    found = average_effect(Panel(names, dates, values, np.array(first), ()), 0.95)
    return found.low, found.high


WAYS: dict[str, Callable[[Floats, list[int]], tuple[float, float]]] = {"clustered": by_clusters, "flowlib": by_flowlib}


def held(way: str, first: list[int], correlation: float, *, growth: float = 0.0, made: int = MADE) -> float:
    """Share of tables whose interval holds the true average effect over changed sites and dates."""
    rng = np.random.default_rng([SEED, len(first), sum(first), round(100 * correlation), round(100 * growth)])
    found = 0
    for _ in range(made):
        values, effect = made_up(rng, first, correlation, growth)
        low, high = WAYS[way](values, first)
        changed = np.arange(DATES) >= np.array(first)[:, np.newaxis]
        found += low <= effect[changed].mean() <= high
    return found / made


def site_rows() -> list[dict[str, object]]:
    """Coverage of comparisons: each way, each design."""
    cases = [
        (way, name, first, one) for way in WAYS for name in DESIGNS for first in DESIGNS[name] for one in CORRELATIONS
    ]
    return [
        {"study": "sites", "way": way, "size": len(first), "changed": sum(at < DATES for at in first),
         "correlation": one, "effect": name, "made": MADE,
         "held": held(way, first, one, growth=GROWTH.get(name, 0.0))}
        for way, name, first, one in cases
    ]  # fmt: skip
