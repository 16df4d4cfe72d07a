"""
Which shares and rates of a first model may be shown?

An exact share of 48 people tells how many of them went each way, and an exact rate over a
known time tells how many came. So the shares, rates and intervals of real people are worked out
again from the counts as they are shown: to the nearest 5, and missing where a count is hidden.
"""

from __future__ import annotations

from math import isnan, nan
from typing import TYPE_CHECKING

from flowlib.core.privacy import known_of, rounded_share
from flowlib.mapping.arrivals import poisson_interval
from flowlib.mapping.intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["as_counted"]

Numbers = tuple[float, float, float]  # an estimate, and the ends of its 95% interval
NONE: Numbers = (nan, nan, nan)


def as_counted(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """
    The table "routing" or "arrivals" of a `FirstModel` with the shares or rates of its counts as shown; others as is.

    >>> import pandas as pd
    >>> routes = pd.DataFrame({"people": [43, 5], "of": [48, 48], "share": [43 / 48, 5 / 48]})
    >>> as_counted("routing", routes)["share"].tolist()
    [0.9, nan]
    """
    if name not in BY_TABLE:
        return table
    estimate, of_one = BY_TABLE[name]
    found = [of_one(row) for _, row in table.iterrows()]
    return table.assign(
        **dict(zip((estimate, "lower_95_ci", "upper_95_ci"), zip(*found, strict=True), strict=True) if found else {})
    )


def _share(row: pd.Series) -> Numbers:
    """A share of the people, and Wilson's interval of it."""
    share, of = rounded_share(row["people"], row["of"]), known_of(row["of"])
    return NONE if isnan(share) else (share, *wilson(share * of, of))


def _rate(row: pd.Series) -> Numbers:
    """People a day, and the Poisson interval of it, as far as people come in bursts."""
    count = known_of(row["people"])
    if isnan(count):
        return NONE
    low, high = poisson_interval(count, row["bursts"])
    each = row["per_day"] / row["people"]
    return count * each, low * each, high * each


BY_TABLE: dict[str, tuple[str, Callable[[pd.Series], Numbers]]] = {
    "routing": ("share", _share),
    "arrivals": ("per_day", _rate),
}
