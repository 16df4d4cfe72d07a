"""
How long do people stay, and how much time does a log cover?

Lengths are hours. People who are still there have stayed at least so long: leaving
them out would make stays look short exactly when people wait longest (E. L. Kaplan and
P. Meier, J. American Statistical Association 53, 1958). People who joined before the
log began are in it only if still there when it began, so their stays are long ones:
lengths are those of stays that began while the log was kept.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.eventlog import TIMES
from flowlib.core.privacy import FEWEST
from flowlib.core.variation import Constant, Distribution, Empirical

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog

__all__ = ["hours_covered", "lasting", "median_length", "runs_in", "stay_lengths"]

SHARES = 400  # points of the curve kept when stays that have not ended are allowed for
ROUNDING = 1e-12  # of a share that a product of chances has reached
QUARTER_HOUR = "15min"  # every time zone's hours and days begin on one


def stay_lengths(log: EventLog, step: str, *, with_wait: bool = False) -> Distribution:
    """
    How long people hold a place at *step*: from beginning to giving it up, hours.

    `with_wait=True` counts from joining the queue instead. Of stays that began while
    the log was kept; those that have not ended count as at least so long, because
    without them the long ones near its end would be missing. A step with one time a
    visit, in a log that has more elsewhere, takes no time. Raises a `Refusal` where
    fewer than 8 visits have a begin and an end.
    """
    rows = log.visits[log.visits["step"] == checks.choice("step", step, log.steps, where="in the log")]
    if _instants(rows):
        checks.need(
            not _instants(log.visits),
            "This log holds one time for each visit, so it does not say how long people stay at a step. "
            "Bring a file with a begin and an end.",
        )
        return Constant(0.0)
    first, second = ("arrived", "started") if with_wait else ("started", "arrived")
    begin = rows[first] if rows[first].notna().any() else rows[second]
    if with_wait:
        begin = begin.fillna(rows["started"])  # some are seen at once, and only that is written down
    here = rows["outcome"] == "still_here"
    end = rows["left"].fillna(rows["finished"].where(~here))  # who is blocked has finished, and keeps the place
    held = rows["outcome"] != "turned_away" if with_wait else ~rows["outcome"].isin(["turned_away", "gave_up"])
    held &= begin >= log.observed[0]  # false where there is no begin
    ended = (end - begin)[held & end.notna()]
    checks.need(
        len(ended) >= FEWEST,
        f'Fewer than {FEWEST} visits to "{step}" have both a begin and an end, too few to describe.',
    )
    so_far = (log.observed[1] - begin)[held & end.isna() & here]
    return lasting(_in_hours(ended), _in_hours(so_far))


def lasting(ended: NDArray[np.float64], so_far: NDArray[np.float64]) -> Distribution:
    """
    The lengths, hours, of which some have *ended* and the others have come *so_far* (Kaplan-Meier).

    Where the longest have not ended, they are taken to end now: no curve says more.

    >>> import numpy as np
    >>> lasting(np.array([1.0, 3.0, 8.0]), np.array([])).mean
    4.0
    """
    if not len(so_far):
        return Empirical(ended)
    lengths, reached = _reached(ended, so_far)
    shares = (np.arange(SHARES) + 0.5) / SHARES
    return Empirical(lengths[np.minimum(np.searchsorted(reached, shares), len(lengths) - 1)])


def median_length(hours: pd.Series, still_here: pd.Series) -> float:
    """The median length when those still here count as at least so long; NaN where it is not reached."""
    if not still_here.any():
        return float(hours.median())
    if still_here.all():
        return math.nan
    lengths, reached = _reached(hours[~still_here].to_numpy(), hours[still_here].to_numpy())
    place = int(np.searchsorted(reached, 0.5 - ROUNDING))
    return float(lengths[place]) if place < len(lengths) else math.nan


def hours_covered(log: EventLog, by: str) -> pd.Series:
    """
    Hours that *log* covers in each "hour" of the day (0 to 23) or "weekday" (0 is Monday), over all its runs.

    A log of ten days holds some weekdays twice and the others once; rates need to know.
    """
    checks.choice("part of time", by, ("hour", "weekday"))
    first, last = (moment.tz_convert("UTC") for moment in log.observed)
    edges = pd.date_range(first.floor(QUARTER_HOUR), last.ceil(QUARTER_HOUR), freq=QUARTER_HOUR)
    hours = edges.to_series().clip(first, last).diff().iloc[1:] / pd.Timedelta(hours=1)
    local = edges[:-1].tz_convert(log.observed[0].tz)
    found = hours.groupby(local.hour if by == "hour" else local.day_of_week).sum()
    return found.reindex(range(24 if by == "hour" else 7), fill_value=0.0) * runs_in(log)


def runs_in(log: EventLog) -> int:
    """How many times over the log shows its window: the runs of a simulation, else 1."""
    return max(int(log.frame["run"].nunique()), 1) if "run" in log.frame else 1


def _instants(rows: pd.DataFrame) -> bool:
    """Whether the visits have one and the same of the four times, and no other."""
    return int(rows[list(TIMES)].notna().any().sum()) == 1


def _reached(
    ended: NDArray[np.float64], so_far: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lengths, and the share that ends by each."""
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    curve = stats.ecdf(stats.CensoredData(uncensored=ended, right=so_far)).cdf
    return curve.quantiles, curve.probabilities


def _in_hours(lengths: pd.Series) -> NDArray[np.float64]:
    return np.asarray(lengths.dt.total_seconds() / 3600, dtype=np.float64)
