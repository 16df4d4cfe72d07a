"""
Is this share, or this rate, unusual for so few people? Charts of things counted.

`p_chart` is for shares (4-hour breaches out of attendances), `u_chart` for rates (falls
out of bed days) and `c_chart` for plain counts where the chance of one stays the same.
Limits follow each point's own size: few people, wide limits. Where many thousands stand
behind each point those limits are too narrow, because places and days differ, so
`p_prime_chart` and `u_prime_chart` widen them by the variation between points (Laney).

Shares are from 0 to 1 and no limit is drawn outside that. Rates are per one of the sizes.

Sources: Montgomery (2009), Introduction to Statistical Quality Control, 6th edition,
sections 7.2 and 7.3; Laney (2002), Improved control charts for attributes, Quality
Engineering 14(4), 531-537.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from flowlib.core.checks import Refusal, need, shown
from flowlib.measure import spc_rules as rules
from flowlib.measure.spc_cautions import COUNTED
from flowlib.measure.spc_chart import ControlChart, asked, drawn
from flowlib.measure.spc_marks import not_negative, of_share
from flowlib.measure.spc_numbers import several
from flowlib.measure.spc_series import read_series

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flowlib.measure.spc_chart import Asked
    from flowlib.measure.spc_rules import Floats
    from flowlib.measure.spc_series import Series

    Kind = Literal["share", "rate"]

__all__ = ["c_chart", "p_chart", "p_prime_chart", "u_chart", "u_prime_chart", "whole_counts"]


def p_chart(
    counts: Iterable[object],
    sizes: Iterable[object],
    dates: Iterable[object] | None = None,
    *,
    improvement: Literal["up", "down"] | None = None,
    target: object = None,
    rebase: object = (),
    baseline: int | None = None,
    preset: str = "mdc",
    ghost: object = (),
    notes: Mapping[Any, str] | None = None,
) -> ControlChart:
    """
    Chart of shares: *counts* out of *sizes*, one of each a point, from 0 to 1.

    The other parameters are as for `spc.xmr`, and so are the rules.

    >>> chart = p_chart([12, 15, 8, 10, 4, 7], [50] * 6)
    >>> round(chart.mean, 4), round(chart.upl, 4)
    (0.1867, 0.352)
    """
    options = asked(improvement, target, baseline, preset, notes=notes)
    return _chart("share", _ratio(counts, sizes, dates, rebase, ghost, "share"), options, laney=False)


def p_prime_chart(
    counts: Iterable[object],
    sizes: Iterable[object],
    dates: Iterable[object] | None = None,
    *,
    improvement: Literal["up", "down"] | None = None,
    target: object = None,
    rebase: object = (),
    baseline: int | None = None,
    preset: str = "mdc",
    ghost: object = (),
    notes: Mapping[Any, str] | None = None,
) -> ControlChart:
    """
    Laney's chart of shares, for large sizes: limits take in the variation between points.

    >>> chart = p_prime_chart([480, 520, 450, 530], [1000] * 4)
    >>> round(chart.upl - chart.mean, 3)  # a plain p chart has 0.047
    0.168
    """
    options = asked(improvement, target, baseline, preset, notes=notes)
    return _chart("share", _ratio(counts, sizes, dates, rebase, ghost, "share"), options, laney=True)


def u_chart(
    counts: Iterable[object],
    sizes: Iterable[object],
    dates: Iterable[object] | None = None,
    *,
    improvement: Literal["up", "down"] | None = None,
    target: object = None,
    rebase: object = (),
    baseline: int | None = None,
    preset: str = "mdc",
    ghost: object = (),
    notes: Mapping[Any, str] | None = None,
) -> ControlChart:
    """
    Chart of rates: *counts* per one of *sizes* (bed days, thousands of bed days, visits).

    >>> chart = u_chart([10, 12, 8, 14, 10, 16], [5] * 6)
    >>> round(chart.mean, 3), round(chart.lpl, 3), round(chart.upl, 3)
    (2.333, 0.284, 4.383)
    """
    options = asked(improvement, target, baseline, preset, notes=notes)
    return _chart("rate", _ratio(counts, sizes, dates, rebase, ghost, "rate"), options, laney=False)


def u_prime_chart(
    counts: Iterable[object],
    sizes: Iterable[object],
    dates: Iterable[object] | None = None,
    *,
    improvement: Literal["up", "down"] | None = None,
    target: object = None,
    rebase: object = (),
    baseline: int | None = None,
    preset: str = "mdc",
    ghost: object = (),
    notes: Mapping[Any, str] | None = None,
) -> ControlChart:
    """
    Laney's chart of rates, for large sizes: limits take in the variation between points.

    >>> chart = u_prime_chart([480, 520, 450, 530], [1000] * 4)
    >>> round(chart.upl - chart.mean, 3)
    0.168
    """
    options = asked(improvement, target, baseline, preset, notes=notes)
    return _chart("rate", _ratio(counts, sizes, dates, rebase, ghost, "rate"), options, laney=True)


def c_chart(
    counts: Iterable[object],
    dates: Iterable[object] | None = None,
    *,
    improvement: Literal["up", "down"] | None = None,
    target: object = None,
    rebase: object = (),
    baseline: int | None = None,
    preset: str = "mdc",
    ghost: object = (),
    notes: Mapping[Any, str] | None = None,
) -> ControlChart:
    """
    Chart of plain counts, where each point has the same chance of one.

    >>> chart = c_chart([21, 24, 16, 12, 15, 5, 28])
    >>> round(chart.mean, 2), round(chart.lpl, 2), round(chart.upl, 2)
    (17.29, 4.81, 29.76)
    """
    options = asked(improvement, target, baseline, preset, notes=notes)
    came = several(counts, "A chart needs several counts, one a point")
    return _chart("rate", _ratio(came, [1] * len(came), dates, rebase, ghost, "rate"), options, laney=False)


def _ratio(
    counts: Iterable[object],
    sizes: Iterable[object],
    dates: Iterable[object] | None,
    rebase: object,
    ghost: object,
    kind: Kind,
) -> tuple[Series, Floats, Floats]:
    """Counts in the order of the chart, where each segment starts, and their sizes in that order."""
    above = several(counts, "A chart needs several counts, one a point")
    below = several(sizes, "A chart needs several sizes, one a count")
    need(len(above) == len(below), f"Each count needs its size; {len(above)} counts and {len(below)} sizes came.")
    count = whole_counts(above)
    size = read_series(below, None).y
    _check_sizes(count, size, kind)
    series = read_series(range(len(above)), dates, rebase, ghost)
    order = series.y.astype(np.int64)
    return replace(series, y=count[order] / size[order]), count[order], size[order]


def whole_counts(counts: list[object]) -> Floats:
    """*counts* as numbers; the first that is not a whole number of 0 or more is refused, with its row."""
    numbers = read_series(counts, None).y
    for row in np.flatnonzero((numbers < 0) | (numbers != np.floor(numbers)))[:1]:
        raise Refusal(
            f"The count at position {row} (counting from 0) must be a whole number, 0 or more;"
            f" {shown(numbers[row])} came. Correct it, or leave that point out."
        )
    return numbers


def _check_sizes(counts: Floats, sizes: Floats, kind: Kind) -> None:
    """Refuse, with its row, the first size that is 0 or less, or smaller than its count of a share."""
    for row in np.flatnonzero((sizes <= 0) | ((counts > sizes) & (kind == "share")))[:1]:
        place = f"at position {row} (counting from 0)"
        need(
            sizes[row] > 0,
            f"The size {place} must be above 0; {shown(sizes[row])} came. Leave that point out, or correct its size.",
        )
        raise Refusal(
            f"The count {place} must be no more than its size; {shown(counts[row])} of {shown(sizes[row])} came."
            " Correct one of them, or use u_chart for rates."
        )


def _chart(kind: Kind, ratio: tuple[Series, Floats, Floats], options: Asked, *, laney: bool) -> ControlChart:
    """The chart of a ratio, its limits from each segment's own points."""
    series, counts, sizes = ratio
    lines = []
    for part in series.segments:
        base = series.base(part, options.baseline)
        mean = float(counts[base].sum() / sizes[base].sum())
        sigma = np.sqrt(mean * (1 - mean if kind == "share" else 1.0) / sizes)
        if laney:
            sigma = sigma * _between(series.y[base] - mean, sigma[base], screen=options.screen)
        rounding = rules.ROUNDING * float(series.y[part].max())
        lines.append(rules.PointLimits(mean, sigma[part], rounding, ceiling=1.0 if kind == "share" else np.inf))
    return drawn(
        series,
        lines,
        options,
        asking=COUNTED if laney else (*COUNTED, "wide"),
        target=of_share if kind == "share" else not_negative,
        screens=laney,
    )


def _between(differences: Floats, sigma: Floats, *, screen: bool) -> float:
    """Laney's sigma z: how much wider points vary than chance alone would make them."""
    if not sigma.all():  # every count is 0, or every one of a share is its size: nothing varies
        return 1.0
    return rules.limits(differences / sigma, screen=screen).spread / rules.D2_PAIRS
