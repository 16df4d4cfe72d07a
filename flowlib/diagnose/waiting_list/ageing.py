"""
How will the waits on a list grow older, month by month?

A plain compartment model. People stand in bins of whole months waited; the last bin holds
all who have waited that long or longer. In each month a share of those on their way into a
bin leave (treated, or removed for another reason); the rest are one month older. People
whose clock starts in a month, and who do not leave in it, are in bin 0 at its end.

The shares are fitted to snapshots at the ends of past months: people who arrived in the
bin over all months, against those who could have. Snapshots cannot tell a treatment from
another removal, so there is one share for both. The R package NHSRtt
(nhs-bnssg-analytics, GitHub) keeps similar bins, splits the two with counts of treatments,
and meets the same trouble: people who join part way through look like a share below 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.checks import need, shown
from flowlib.diagnose.waiting_list.history import History, read_history, read_starts
from flowlib.diagnose.waiting_list.units import people, whole_months

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Ageing", "AgeingForecast", "AgeingTrial", "fit_ageing", "try_ageing"]

ROUNDING = 1e-9  # a share this close to 0 is 0: the rest is a computer's rounding
FEWEST = 2  # snapshots, for one month of change


@dataclass(frozen=True)
class AgeingForecast:
    """A list in bins of months waited, projected forward."""

    table: pd.DataFrame  # month, months_waited (the last bin: so many or more), people at the month's end
    totals: pd.DataFrame  # month, people (at its end), clock_starts and left (people in that month)

    def sentence(self) -> str:
        """What the projection shows, in words."""
        first, last = self.totals.iloc[0], self.totals.iloc[-1]
        before = first["people"] - first["clock_starts"] + first["left"]
        return (
            f"By the end of {last['month'].strftime('%B %Y')} the list goes from {_round(before)}"
            f" to about {_round(last['people'])} people, if people go on leaving it as they did."
        )


@dataclass(frozen=True)
class Ageing:
    """The share of each bin that leaves in a month, and the list that it starts from."""

    shares: pd.DataFrame  # months_waited, left_share (0 to 1, a month), could_arrive and arrived (people, all months)
    last_month: pd.Period  # of the history
    months: int  # months of change that the shares were fitted to
    mean_clock_starts: float  # people a month, over those months
    _last: Floats = field(repr=False, compare=False)  # people in each bin at the end of the last month

    @property
    def joined_late(self) -> list[int]:
        """Bins into which more people came than could have grown older; their share is set to 0."""
        late = self.shares["arrived"] > self.shares["could_arrive"] * (1 + ROUNDING)
        return [int(one) for one in self.shares.loc[late, "months_waited"]]

    def project(self, months: int, clock_starts: float | Sequence[float] | None = None) -> AgeingForecast:
        """
        The list at the end of each of so many *months* after the last snapshot.

        *clock_starts* is people a month: one number, or a number for each month; left
        out, it is the mean of the months fitted.

        >>> snapshots = pd.DataFrame({"month": ["2026-01", "2026-01", "2026-02", "2026-02"]})
        >>> snapshots = snapshots.assign(months_waited=[0, 1, 0, 1], people=[80, 20, 90, 50])
        >>> model = fit_ageing(snapshots, pd.DataFrame({"month": ["2026-02"], "clock_starts": [100]}))
        >>> model.project(1, 100).table["people"].tolist()
        [90.0, 70.0]
        """
        length = whole_months("The number of months", months)
        starts = _starts(self.mean_clock_starts if clock_starts is None else clock_starts, length)
        bins, rows, totals = self._last, [], []
        staying = 1 - self.shares["left_share"].to_numpy()
        for step, joined in enumerate(starts, 1):
            could = _older(bins, joined)
            bins = could * staying
            month = self.last_month + step
            rows.append(bins)
            totals.append((month, bins.sum(), joined, could.sum() - bins.sum()))
        table = _long([self.last_month + step for step in range(1, length + 1)], np.array(rows))
        return AgeingForecast(table, pd.DataFrame(totals, columns=["month", "people", "clock_starts", "left"]))

    def sentence(self) -> str:
        """What was fitted, in words, with what does not fit."""
        told = f"The shares come from {self.months} month{'' if self.months == 1 else 's'} of change."
        late = self.joined_late
        if late:
            bins = ", ".join(str(one) for one in late)
            told += (
                f" More people than could have grown older stand at months_waited {bins}, so some joined part way."
                " There, nobody is taken to leave."
            )
        return told


@dataclass(frozen=True)
class AgeingTrial:
    """The projection tried on months held back, beside the last list repeated."""

    totals: pd.DataFrame  # month, observed, forecast, naive, error and naive_error (people, forecast less observed)
    bins: pd.DataFrame  # month, months_waited, observed, forecast, naive (people)
    model: Ageing  # fitted to the months before
    starts_known: bool  # whether the clock starts of the months held back were used

    @property
    def mean_error(self) -> float:
        """Mean size of the projection's error in the whole list, people."""
        return float(self.totals["error"].abs().mean())

    @property
    def mean_naive_error(self) -> float:
        """Mean size of the error of the last list repeated, people."""
        return float(self.totals["naive_error"].abs().mean())

    def sentence(self) -> str:
        """How far off the projection was, and whether it beats the last list repeated."""
        number = len(self.totals)
        better = self.mean_error < self.mean_naive_error
        end = "So it helps here." if better else "So it is no better here than the last list repeated."
        return (
            f"Over the last {number} month{'' if number == 1 else 's'}, held back, the projection was"
            f" {_round(self.mean_error)} people off on average."
            f" The last list repeated was {_round(self.mean_naive_error)} off. {end}"
        )


def fit_ageing(snapshots: pd.DataFrame, clock_starts: pd.DataFrame) -> Ageing:
    """
    The share of each bin that leaves in a month, from snapshots of a list.

    *snapshots* has columns `month` ("2026-04", or a date in it), `months_waited` (0, 1, 2
    and so on; the last is so many or more) and `people` at the month's end.
    *clock_starts* has columns `month` and `clock_starts` (people who joined in it).

    >>> snapshots = pd.DataFrame({"month": ["2026-01", "2026-01", "2026-02", "2026-02"]})
    >>> snapshots = snapshots.assign(months_waited=[0, 1, 0, 1], people=[80, 20, 90, 50])
    >>> starts = pd.DataFrame({"month": ["2026-02"], "clock_starts": [100]})
    >>> fit_ageing(snapshots, starts).shares["left_share"].tolist()
    [0.1, 0.5]
    """
    return _fit(read_history(snapshots), clock_starts)


def try_ageing(
    snapshots: pd.DataFrame, clock_starts: pd.DataFrame, *, hold_back: int = 3, starts_known: bool = False
) -> AgeingTrial:
    """
    The model fitted without the last months, and tried on them.

    *hold_back* months are kept out of the fit. The clock starts of those months count as
    not known, and are taken at their mean before; with *starts_known* they are used,
    which shows the ageing alone. The tables are as for `fit_ageing`.

    >>> snapshots = pd.DataFrame({"month": ["2026-01", "2026-01", "2026-02", "2026-02", "2026-03", "2026-03"]})
    >>> snapshots = snapshots.assign(months_waited=[0, 1, 0, 1, 0, 1], people=[80, 20, 90, 50, 70, 60])
    >>> starts = pd.DataFrame({"month": ["2026-02", "2026-03"], "clock_starts": [100, 80]})
    >>> try_ageing(snapshots, starts, hold_back=1).totals["error"].tolist()  # people: 160 forecast, 130 seen
    [30.0]
    """
    history = read_history(snapshots)
    held = whole_months("The number of months held back", hold_back)
    most = len(history.months) - FEWEST
    need(
        held <= most,
        f"There are {len(history.months)} monthly snapshots and the fit needs {FEWEST}; {held} were to be held back."
        f" Hold back {most} or fewer, or bring more months.",
    )
    early = History(history.months[:-held], history.people[:-held])
    model = _fit(early, clock_starts)
    later = list(history.months[-held:])
    starts = read_starts(clock_starts, later).tolist() if starts_known else None
    forecast = model.project(held, starts)
    observed, naive = history.people[-held:], np.tile(early.people[-1], (held, 1))
    bins = _long(later, observed).rename(columns={"people": "observed"})
    bins = bins.assign(forecast=forecast.table["people"], naive=naive.ravel())
    totals = pd.DataFrame({"month": later, "observed": observed.sum(axis=1), "forecast": forecast.totals["people"]})
    totals = totals.assign(naive=naive.sum(axis=1))
    errors = {"error": totals["forecast"] - totals["observed"], "naive_error": totals["naive"] - totals["observed"]}
    return AgeingTrial(totals.assign(**errors), bins, model, starts_known)


def _fit(history: History, clock_starts: pd.DataFrame) -> Ageing:
    need(
        len(history.months) >= FEWEST,
        f"The fit needs {FEWEST} monthly snapshots or more; {len(history.months)} came. Bring more months.",
    )
    starts = read_starts(clock_starts, list(history.months[1:]))
    could = np.array([_older(row, joined) for row, joined in zip(history.people[:-1], starts, strict=True)]).sum(axis=0)
    arrived = history.people[1:].sum(axis=0)
    raw = np.divide(could - arrived, could, out=np.full(len(could), np.nan), where=could > 0)
    # A bin that nobody could have reached has no share of its own: it takes that of the bin before.
    filled = pd.Series(raw).ffill().fillna(0.0).clip(lower=0.0)
    shares = pd.DataFrame(
        {
            "months_waited": np.arange(len(could)),
            "left_share": filled.to_numpy(),
            "could_arrive": could,
            "arrived": arrived,
        }
    )
    return Ageing(shares, history.months[-1], len(history.months) - 1, float(starts.mean()), history.people[-1])


def _older(bins: Floats, joined: float) -> Floats:
    """People who could stand in each bin a month on, if nobody left; the last bin keeps its own."""
    could = np.append(joined, bins[:-1])
    could[-1] += bins[-1]
    return could


def _starts(value: float | Sequence[float], months: int) -> list[float]:
    if not hasattr(value, "__len__") or isinstance(value, str):
        return [people("The clock starts", value)] * months
    given = np.atleast_1d(np.asarray(value)).tolist()
    numbers = [people(f"The clock starts of month {place}", one) for place, one in enumerate(given, 1)]
    need(
        len(numbers) == months,
        f"There are {len(numbers)} clock starts and {months} months. Give one number, or one for each month.",
    )
    return numbers


def _long(months: list[pd.Period], people_in: Floats) -> pd.DataFrame:
    bins = people_in.shape[1]
    return pd.DataFrame(
        {
            "month": [month for month in months for _ in range(bins)],
            "months_waited": np.tile(np.arange(bins), len(months)),
            "people": people_in.ravel(),
        }
    )


def _round(number: float) -> str:
    return shown(round(number))
