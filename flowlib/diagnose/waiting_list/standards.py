"""
What list goes with a waiting standard? Several standards on one basis.

A standard says what share of people wait no longer than a limit. Where waits are
exponential, a share s within the limit means that the limit is F mean waits, with
F = -ln(1 - s). Mean wait and list size follow. Then the waits so far of those on a steady
list have the same spread as finished waits, so it holds for either way of counting.

Sources of the standards stand with each. Standards change: check the year. Priorities P1
to P4 are those of the R package NHSRwaitinglist (calc_priority_to_target).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pandas as pd

from flowlib.core.checks import Refusal, need, positive, share, shown
from flowlib.core.durations import Duration, days, hours, weeks
from flowlib.diagnose.waiting_list.units import HOURS_A_WEEK, in_100, rate, times_in_weeks

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PRIORITIES", "STANDARDS", "Standard", "factor_for", "share_over", "standards_table"]

NUFFIELD = "Nuffield Trust, How are the different targets being missed in England? (2019)"

PRIORITIES: Final[Mapping[str, Duration]] = MappingProxyType(
    {"P1": days(7), "P2": days(28), "P3": days(84), "P4": days(365)}
)


@dataclass(frozen=True)
class Standard:
    """A share of people who are to wait no longer than a limit."""

    name: str
    limit: Duration  # a length of time
    share_within: float  # 0 to 1
    source: str  # where the share is stated, with its year

    @property
    def factor(self) -> float:
        """
        How many mean waits the limit is, where waits are exponential.

        >>> round(STANDARDS["4 hours"].factor, 2)
        3.0
        """
        return factor_for(self.share_within)

    @property
    def mean_wait_weeks(self) -> float:
        """
        Mean wait, in weeks, that just meets the standard where waits are exponential.

        >>> round(STANDARDS["18 weeks"].mean_wait_weeks, 2)
        7.13
        """
        return float(self.limit) / HOURS_A_WEEK / self.factor

    def list_size(self, demand: float) -> float:
        """
        People on a list that just meets the standard, with *demand* in people a week.

        >>> round(STANDARDS["18 weeks"].list_size(100))
        713
        """
        return rate("The demand", demand) * self.mean_wait_weeks

    def sentence(self, demand: float) -> str:
        """What the standard asks of a list with this *demand*, in people a week."""
        wait = self.mean_wait_weeks
        mean = f"{shown(wait)} weeks" if wait >= 1 else f"{shown(wait * HOURS_A_WEEK)} hours"
        return (
            f"{self.name}: {in_100(self.share_within)} are to wait no longer than that."
            f" The mean wait must then be at most {mean}, a list of about {shown(round(self.list_size(demand), 1))}."
        )


STANDARDS: Final[Mapping[str, Standard]] = MappingProxyType(
    {
        one.name: one
        for one in (
            Standard("18 weeks", weeks(18), 0.92, f"Referral to treatment: {NUFFIELD}"),
            Standard(
                "28 days",
                days(28),
                0.75,
                "Cancer, faster diagnosis: 75% in answer to parliamentary question 91291, and in the King's Fund of"
                " June 2024; a rise to 80% by March 2026 was announced",
            ),
            Standard("62 days", days(62), 0.85, f"Cancer, referral to first treatment: {NUFFIELD}"),
            Standard("4 hours", hours(4), 0.95, f"Accident and emergency, arrival to leaving: {NUFFIELD}"),
        )
    }
)


def factor_for(share_within: float) -> float:
    """
    How many mean waits the limit must be, so that a share of people (0 to 1) wait no longer.

    For exponential waits it is -ln(1 - share).

    >>> round(factor_for(0.92), 2), round(factor_for(0.982), 1)
    (2.53, 4.0)
    """
    part = share("The share within the limit", share_within)
    need(0 < part < 1, f"The share within the limit must be above 0 and below 1; {shown(part)} came.")
    return -math.log1p(-part)


def share_over(mean_wait: float, target: float) -> float:
    """
    Share of people (0 to 1) who wait longer than the *target*, where waits are exponential.

    Both are weeks, or both are lengths of time: one beside the other is refused.

    >>> round(share_over(13, 52), 3)
    0.018
    """
    wait, limit = times_in_weeks({"The mean wait": mean_wait, "The target": target})
    return math.exp(-limit / positive("The mean wait", wait, "weeks"))


def standards_table(demand: float, standards: Mapping[str, Standard] = STANDARDS) -> pd.DataFrame:
    """
    Each standard on one basis, for a *demand* in people a week.

    Columns: `standard`, `limit_weeks`, `share_within`, `factor`, `mean_wait_weeks`,
    `list_size` (people) and `source`.

    >>> standards_table(100)["list_size"].round(1).tolist()
    [712.7, 288.5, 466.9, 0.8]
    """
    if not standards:
        raise Refusal("There are no standards to show. Give at least one.")
    return pd.DataFrame(
        {
            "standard": name,
            "limit_weeks": float(one.limit) / HOURS_A_WEEK,
            "share_within": one.share_within,
            "factor": one.factor,
            "mean_wait_weeks": one.mean_wait_weeks,
            "list_size": one.list_size(demand),
            "source": one.source,
        }
        for name, one in standards.items()
    )
