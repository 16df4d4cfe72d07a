"""
How often does a chart of nothing but chance raise an alarm? Each preset, at four lengths.

`python -m benchmarks.false_alarms` deals 100,000 series of each kind of chance and of each
length, charts each with every preset, and counts the charts with any mark, the charts that
each rule marks, and the points marked. Chance is normal, skewed as waits are (lognormal,
exponential), or remembers the point before (each point is so much of the one before it,
and the rest new). The seed is fixed, so the figures in `data/false_alarms.csv` come out
again. A rule's own share does not ask whether another rule marks the same point.

Run charts of points that do not remember are not dealt but counted: half the points lie
on each side of their median, and each order of highs and lows is as likely as another.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import log_ndtr

from flowlib.measure.spc_presets import RULES
from flowlib.measure.spc_rules import NEAR, SCREEN
from flowlib.measure.spc_runs import chance_limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flowlib.measure.spc_presets import Preset
    from flowlib.measure.spc_rules import Flags, Floats

LENGTHS = (12, 24, 36, 120)
SERIES = 100_000
AT_ONCE = 10_000  # series held in memory
TABLE = Path(__file__).parents[1] / "data" / "false_alarms.csv"

LOGNORMAL = {"lognormal_0.5": 0.5, "lognormal_1": 1.0}  # coefficient of variation
MEMORY = {"memory_0.3": 0.3, "memory_0.6": 0.6}  # correlation of a point with the one before it
DATA = ("normal", *LOGNORMAL, "exponential", *MEMORY)
SIGNALS = ("outside", "trend", "two_in_three", "four_in_five", "shift")  # in order of precedence
RUN_CHART = "run_chart"


def dealt(data: str, points: int, *, series: int = SERIES, seed: int = 2026) -> Iterator[Floats]:
    """Series of chance, some at a time; one *seed* gives every kind of *data* the same luck."""
    rng = np.random.default_rng([seed, points])
    for begin in range(0, series, AT_ONCE):
        luck = rng.standard_normal((min(AT_ONCE, series - begin), points))
        if data in LOGNORMAL:
            yield np.exp(np.sqrt(np.log(1 + LOGNORMAL[data] ** 2)) * luck)
        elif data == "exponential":
            yield -log_ndtr(-luck)
        elif data in MEMORY:
            yield _remembering(luck, MEMORY[data])
        else:
            yield luck


def marks(y: Floats, preset: str) -> dict[str, Flags]:
    """The points that each rule of a preset marks, series by points; no two values may be equal."""
    rule = RULES[preset]
    centred = y - y.mean(axis=1, keepdims=True)
    side, sigmas = np.sign(centred), 3 * centred / (rule.limit * _spread(y, screen=rule.screen))
    found = {"outside": np.abs(sigmas) > 3}  # noqa: PLR2004 - the three of three sigma
    if rule.trend:
        same_way = np.abs(_sums(np.sign(np.diff(y, axis=1)), rule.trend - 1)) == rule.trend - 1
        found["trend"] = _widened(same_way, rule.trend)
    if rule.two_in_three == "inside":
        near = (np.abs(sigmas) > NEAR) & ~found["outside"]
        windows = (_sums(near, 3) > 1) & (np.abs(_sums(side, 3)) == 3)  # noqa: PLR2004 - two in three
        found["two_in_three"] = _widened(windows, 3) & near
    elif rule.two_in_three == "beyond_too":
        found["two_in_three"] = _completed(np.where(np.abs(sigmas) > NEAR, side, 0), 2, 3)
    if rule.four_in_five:
        found["four_in_five"] = _completed(np.where(np.abs(sigmas) > 1, side, 0), 4, 5)
    found["shift"] = _shift(side, rule)
    return found


def alarms(preset: str, data: str, points: int, *, series: int = SERIES, seed: int = 2026) -> dict[str, float]:
    """Share of charts with any mark, of charts with each rule's, and of points marked."""
    charts: dict[str, int] = {}
    every_point = 0
    for y in dealt(data, points, series=series, seed=seed):
        found = marks(y, preset)
        found["charts_marked"] = np.logical_or.reduce(list(found.values()))
        every_point += int(found["charts_marked"].sum())
        for name, flags in found.items():
            charts[name] = charts.get(name, 0) + int(flags.any(axis=1).sum())
    return {name: count / series for name, count in charts.items()} | {"points_marked": every_point / series / points}


def run_chart_alarms(data: str, points: int, *, series: int = SERIES, seed: int = 2026) -> dict[str, float]:
    """Share of run charts with any signal, with a run too long, and with too few crossings."""
    longest, fewest = chance_limits(points)
    found = np.zeros(3, dtype=int)
    for y in dealt(data, points, series=series, seed=seed):
        side = np.sign(y - np.median(y, axis=1, keepdims=True))
        long = (np.abs(_sums(side, longest + 1)) == longest + 1).any(axis=1)
        few = (np.diff(side, axis=1) != 0).sum(axis=1) < fewest
        found += np.array([(long | few).sum(), long.sum(), few.sum()])
    return dict(zip(("charts_marked", "shift", "crossings"), found / series, strict=True))


def run_chart_chance(points: int) -> dict[str, Fraction]:
    """What `run_chart_alarms` finds where no point remembers: every order counted, *points* even."""
    half = points // 2
    longest, fewest = chance_limits(points)
    all_orders = comb(points, half)
    quiet = _orders(half, longest, fewest)
    return {
        "charts_marked": 1 - Fraction(quiet, all_orders),
        "shift": 1 - Fraction(_orders(half, longest, 1), all_orders),
        "crossings": 1 - Fraction(_orders(half, half, fewest), all_orders),
    }


def compositions(total: int, parts: int, largest: int) -> int:
    """Ways to write *total* as so many whole parts from 1 to *largest*, in order."""
    over = range(parts + 1)
    return sum(
        (-1) ** j * comb(parts, j) * comb(total - j * largest - 1, parts - 1) for j in over if total > j * largest
    )


def _orders(half: int, longest: int, fewest: int) -> int:
    """Orders of so many highs and as many lows, no run longer than *longest*, at least *fewest* crossings."""
    ways = [0, *(compositions(half, parts, longest) for parts in range(1, half + 2))]
    runs = range(max(fewest + 1, 2), 2 * half + 1)
    return sum(2 * ways[(number + 1) // 2] * ways[number // 2] for number in runs)


def _remembering(luck: Floats, share: float) -> Floats:
    """Each point *share* of the one before it, and the rest new; the spread stays 1."""
    y = luck.copy()
    for at in range(1, y.shape[1]):
        y[:, at] = share * y[:, at - 1] + np.sqrt(1 - share**2) * luck[:, at]
    return y


def _spread(y: Floats, *, screen: bool) -> Floats:
    """Mean moving range of each series, after any screening."""
    ranges = np.abs(np.diff(y, axis=1))
    mean = ranges.mean(axis=1, keepdims=True)
    if not screen:
        return np.asarray(mean)
    return np.asarray(ranges.mean(axis=1, keepdims=True, where=ranges < SCREEN * mean))


def _sums(numbers: Floats | Flags, window: int) -> Floats:
    """Sum of each window of so many points, by the place where it begins."""
    so_far = np.cumsum(np.pad(numbers.astype(np.int16), ((0, 0), (1, 0))), axis=1, dtype=np.int16)
    return np.asarray(so_far[:, window:] - so_far[:, :-window])


def _widened(windows: Flags, length: int) -> Flags:
    """Every point of each window that was found."""
    marked = np.zeros((windows.shape[0], windows.shape[1] + length - 1), dtype=bool)
    for offset in range(length):
        marked[:, offset : windows.shape[1] + offset] |= windows
    return marked


def _completed(zone: Floats, needed: int, window: int) -> Flags:
    """Points that complete a pattern: so many of a window in the zone on one side, this point among them."""
    marked = np.zeros(zone.shape, dtype=bool)
    for side in (-1, 1):
        there = zone == side
        marked[:, window - 1 :] |= (_sums(there, window) >= needed) & there[:, window - 1 :]
    return marked


def _shift(side: Floats, rule: Preset) -> Flags:
    """Points of a long run on one side of the mean."""
    length = chance_limits(side.shape[1])[0] + 1 if rule.shift == "by_chance" else rule.shift
    if rule.marks == "last_point":
        return _completed(side, length, length)
    return _widened(np.abs(_sums(side, length)) == length, length)


def rows() -> Iterator[dict[str, object]]:
    """One row of the table for each preset, kind of chance and length."""
    for preset in (*RULES, RUN_CHART):
        for data in DATA:
            for points in LENGTHS:
                exact = preset == RUN_CHART and data not in MEMORY
                if preset != RUN_CHART:
                    found = alarms(preset, data, points)
                elif exact:
                    found = {name: float(share) for name, share in run_chart_chance(points).items()}
                else:
                    found = run_chart_alarms(data, points)
                share = found["charts_marked"]
                error = 0.0 if exact else (share * (1 - share) / SERIES) ** 0.5
                kind = {"preset": preset, "data": data, "points": points, "series": 0 if exact else SERIES}
                yield kind | {"charts_marked": share, "standard_error": error} | found


def main() -> None:
    """Write the table."""
    columns = ["preset", "data", "points", "series", "charts_marked", "standard_error"]
    table = pd.DataFrame(rows(), columns=[*columns, *SIGNALS, "crossings", "points_marked"])
    table.round(4).to_csv(TABLE, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
