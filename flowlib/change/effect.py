"""
We tried it. Did it work?

Two points prove nothing: the two months either side of any date differ. A chart with
limits from before the change tells usual variation from a signal, and says in which
week the signal came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.measure.spc import ControlChart, xmr

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BeforeAfter", "before_after"]

FEWEST_BEFORE = 12  # points, for limits that can be trusted


@dataclass(frozen=True)
class BeforeAfter:
    """A measure before and after a dated change."""

    chart: ControlChart  # limits drawn afresh at the change
    held: ControlChart  # limits from before the change, kept
    change: Any  # the date of the change
    before: float  # mean
    after: float  # mean
    signal_at: Any  # the first point after the change that the old limits cannot explain; None where there is none
    improved: bool | None  # None: no signal

    def sentence(self, unit: str = "") -> str:
        """Whether it worked, in plain words, and what that does not prove."""
        of = f" {unit}" if unit else ""
        told = f"The average was {self.before:.1f}{of} before the change and {self.after:.1f}{of} after it."
        if self.signal_at is None:
            return f"{told} The points after it stay within the usual variation, so we cannot say that it worked."
        when = (
            f"{self.signal_at:%d %B %Y}".lstrip("0")
            if isinstance(self.signal_at, pd.Timestamp)
            else str(self.signal_at)
        )
        way = "an improvement" if self.improved else "a change for the worse"
        return (
            f"{told} From {when} the points show {way} that the usual variation cannot explain. "
            "It came with the change; what else changed then?"
        )


def before_after(
    values: Sequence[float],
    dates: Sequence[Any],
    change: Any,  # noqa: ANN401 - a date in any form that pandas reads
    *,
    improvement: Literal["up", "down"] = "down",
    preset: Literal["mdc", "nhsr"] = "mdc",
) -> BeforeAfter:
    """
    The measure before and after *change*, by the same rules (XmR, Making Data Count).

    Needs at least 12 points before and 2 after. The first chart draws its limits
    afresh at the change; the second keeps those from before, and the first signal on
    it after the change is `signal_at`.
    """
    x = pd.Series(pd.to_datetime(pd.Series(list(dates))))
    moment = pd.Timestamp(change)
    before = int((x < moment).sum())
    after = len(x) - before
    checks.need(
        before >= FEWEST_BEFORE and after >= 2,  # noqa: PLR2004 - limits need two points
        f"There are {before} points before the change and {after} from it on; "
        f"at least {FEWEST_BEFORE} before and 2 after are needed.",
    )
    numbers = np.asarray(list(values), dtype=float)
    fresh = xmr(numbers, x, improvement=improvement, rebase=[before], preset=preset)
    held = xmr(numbers, x, improvement=improvement, baseline=before, preset=preset)
    later = held.points.iloc[before:]
    signals = later[later["verdict"].isin(["improvement", "concern"])]
    first = signals["x"].iloc[0] if len(signals) else None
    improved = bool(signals["verdict"].iloc[0] == "improvement") if len(signals) else None
    means = float(numbers[:before].mean()), float(numbers[before:].mean())
    return BeforeAfter(fresh, held, moment, *means, first, improved)
